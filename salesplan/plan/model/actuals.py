"""The actual figures, a column a field: a hundred thousand rows and more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from salesplan.findings import Place
from salesplan.plan.model.base import Month, Origin

MICRO = 1_000_000
"""Actual figures are integers in millionths of their unit: exact sums, without binary fractions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actuals:
    """The 实绩 rows, a column a field, blank text as ``""`` and blank numbers as ``None``.

    ``value``, ``quantity``, ``numerator`` and ``denominator`` are integers in millionths
    (:data:`MICRO`). ``day`` is None where only a month was given. All columns have one length.
    Rows whose date, unit, KPI or figures could not be read are left out, with a finding each,
    and their row numbers are in ``broken_rows``.
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
    broken_rows: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.month)

    def place(self, index: int, key: str = "") -> Place:
        """The cell of field ``key`` of the row at ``index``."""
        return Origin(self.workbook, self.sheet, self.rows[index], self.columns).place(key)
