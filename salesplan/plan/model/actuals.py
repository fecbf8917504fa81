"""The actual figures, a column a field: a hundred thousand rows and more."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Place
from salesplan.plan.model.base import Month, Origin
from salesplan.plan.model.choices import RateKind

MICRO = 1_000_000
"""Actual figures are integers in millionths of their unit: exact sums, without binary fractions."""

FIRST_LINKED = 2_000_000
"""Row numbers from here on are groups of a linked source: no sheet has so many rows."""

FIRST_RECORD = 10_000_000
"""Row numbers from here on are single records of it."""


def silent_months(months: Sequence[Month], reported: Iterable[Month]) -> tuple[Month, ...]:
    """Of a year's months those before the last that has rows, in which there is not one row."""
    told = set(reported)
    last = max((month for month in months if month in told), default=None)
    return tuple(month for month in months if last and month < last and month not in told)


FIELDS = (
    "rows",
    "day",
    "month",
    "unit",
    "kpi",
    "product",
    "region",
    "customer",
    "channel",
    "quantity",
    "value",
    "numerator",
    "denominator",
    "currency",
    "source",
    "share",
    "given",
    "cells",
)
"""The columns of :class:`Actuals`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actuals:
    """The 实绩 rows, a column a field, blank text as ``""`` and blank numbers as ``None``.

    ``value``, ``quantity``, ``numerator`` and ``denominator`` are integers in millionths
    (:data:`MICRO`). ``day`` is None where only a month was given. All columns have one length.
    ``source`` is empty in a part of a plan: only reading asks for it. Where rows are in another
    currency than their KPI, figures are what they come to in the KPI's, at the rates of ``basis``
    (:mod:`salesplan.plan.currency_conversion`); ``given`` is then the figure as typed and
    ``currency`` its code, None and "" in the other rows. In a plan without such rows ``given`` is
    empty. ``share`` is the unit's part of a figure that several share (分成), None for a whole one;
    it is empty where nothing is shared; the parts of one row have its number. Rows whose date,
    unit, KPI or figures could not be read, and those that must not count
    (:mod:`salesplan.plan.duplicates`), are left out with a finding, and their row numbers are in
    ``broken_rows``.
    """

    workbook: str = ""
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[int] = ()
    day: Sequence[date | None] = ()
    month: Sequence[Month] = ()
    unit: Sequence[str] = ()
    kpi: Sequence[str] = ()
    product: Sequence[str] = ()
    region: Sequence[str] = ()
    customer: Sequence[str] = ()
    channel: Sequence[str] = ()
    quantity: Sequence[int | None] = ()
    value: Sequence[int | None] = ()
    numerator: Sequence[int | None] = ()
    denominator: Sequence[int | None] = ()
    currency: Sequence[str] = ()
    source: Sequence[str] = ()
    share: Sequence[Fraction | None] = ()
    given: Sequence[int | None] = ()
    cells: Sequence[Place | None] = ()
    """Where each figure stands that was read in a planner's own table; empty where none was."""
    basis: RateKind = RateKind.ACTUAL
    broken_rows: frozenset[int] = frozenset()
    entered: int | None = None
    """How many of the rows were entered; those behind them are worked out from others
    (:mod:`salesplan.plan.worked_out`). None: all of them.
    """
    behind: Mapping[int, str | int] = field(default_factory=dict)
    """By row number, where records of a linked source are shown one by one: a record's key, or how
    many records a group still stands for.
    """

    def __len__(self) -> int:
        return len(self.month)

    @property
    def entered_rows(self) -> int:
        """How many rows were entered."""
        return len(self) if self.entered is None else self.entered

    @property
    def as_entered(self) -> Actuals:
        """The same without the rows that are worked out."""
        if self.entered is None:
            return self
        columns = {name: getattr(self, name)[: self.entered] for name in FIELDS}
        return replace(self, entered=None, **columns)

    def without(self, indexes: Container[int]) -> Actuals:
        """The same without the rows at these indexes, which are broken rows then."""
        kept = [index for index in range(len(self)) if index not in indexes]
        columns = {
            name: tuple(map(column.__getitem__, kept))
            for name in FIELDS
            if len(column := getattr(self, name)) == len(self)
        }
        gone = frozenset(self.rows) - frozenset(map(self.rows.__getitem__, kept))
        return replace(self, broken_rows=self.broken_rows | gone, **columns)  # type: ignore[arg-type]

    def __add__(self, other: Actuals) -> Actuals:
        """The rows of both; what a part leaves empty is blank in its rows."""
        if not len(other):
            return self
        if not len(self):
            return replace(other, broken_rows=self.broken_rows | other.broken_rows)
        columns = {name: _joined(self, other, name) for name in FIELDS}
        broken = self.broken_rows | other.broken_rows
        behind = {**self.behind, **other.behind}
        return replace(self, broken_rows=broken, behind=behind, **columns)  # type: ignore[arg-type]

    def place(self, index: int, key: str = "") -> Place:
        """The cell of field ``key`` of the row at ``index``."""
        if self.cells and (own := self.cells[index]) is not None:
            return own
        return Origin(self.workbook, self.sheet, self.rows[index], self.columns).place(key)


def _joined(first: Actuals, second: Actuals, name: str) -> Sequence[object]:
    """A column of both; one that both leave empty stays so."""
    parts = [getattr(one, name) for one in (first, second)]
    if not any(parts):
        return ()
    found: list[object] = []
    for actuals, part in zip((first, second), parts, strict=True):
        found += part or [None] * len(actuals)
    return found
