"""Actuals by product, region, customer or channel (the rules of actuals within each slice), and by
what 客户 says of their customers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from salesplan.dataclass import dataclass, field
from salesplan.engine.actuals.tally import Key, Lineages, regions, row_parts
from salesplan.engine.exact.figures import amount, divide
from salesplan.plan.model import Actuals, Kpi, KpiKind, Month, Plan

if TYPE_CHECKING:
    from salesplan.engine.actuals.mid_month_transfers import MidMonthTransfers

DIMENSIONS = ("product", "region", "customer", "channel")
"""What the rows themselves say."""
SORTED_BY: Mapping[str, str] = {"customer_type": "kind", "industry": "industry", "size": "size"}
"""What 客户 says of the customers that rows name, with the field of its record."""

Names = tuple[str, ...]


def parting_of(plan: Plan) -> MidMonthTransfers | None:
    """The months that transfers split; None, and nothing imported, where none does."""
    if not any(one.day for one in plan.transfers):
        return None
    from salesplan.engine.actuals.mid_month_transfers import MidMonthTransfers

    return MidMonthTransfers(plan, Lineages(plan))


def column_of(plan: Plan, dimension: str) -> Sequence[str]:
    """What each row of the actuals says of the dimension; "" where it says nothing, and of what
    customers are sorted by also where 客户 does not have the customer, or not the word.
    """
    if dimension not in SORTED_BY:
        column: Sequence[str] = getattr(plan.actuals, dimension)
        return column
    index, key = plan.customer_index, SORTED_BY[dimension]
    found = {name: index.one(name) for name in set(plan.actuals.customer)}
    words = {name: "" if one is None else getattr(one, key) for name, one in found.items()}
    return list(map(words.__getitem__, plan.actuals.customer))


Cut = Mapping[int, Callable[[int], int]]
"""By row, what of a figure of it is asked for."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice of a KPI. ``quantity`` is None unless every row of the slice gave one.

    ``numerator`` and ``denominator`` are a rate's sums; None for amounts.
    """

    value: Decimal | None = None
    quantity: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows are asked for: ``whole`` says whether a unit's of a month are; of months that
    transfers split (``parting``) those of the days in which it is, or is below, ``unit``.
    """

    whole: Callable[[str, Month], bool]
    unit: str = ""
    parting: MidMonthTransfers | None = field(default=None, compare=False)

    def splits(self, kpi: Kpi, key: Key) -> bool:
        """Whether of a key's rows some may be asked for, or parts of them."""
        return self.parting is not None and bool(self.parting.pieces(kpi, *key[1:]))

    def picked(self, kpi: Kpi, key: Key, rows: Sequence[int]) -> tuple[Sequence[int], Cut]:
        """The rows of such a key that are asked for, and what of each is."""
        _, code, month = key
        assert self.parting is not None
        parts = {row: self.parting.inside(kpi, code, month, row, (self.unit,)) for row in rows}
        cut = {row: part for row, part in parts.items() if part is not None}
        return list(cut), cut


class _Picked(NamedTuple):
    """Rows by their key, and the parts of those that are not asked for whole."""

    rows: dict[Key, Sequence[int]]
    cut: dict[int, Callable[[int], int]]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one KPI with their names: a text each for one dimension, else a tuple; ``count`` of
    rows by name in order of appearance.
    """

    kind: KpiKind
    rows: Sequence[int]
    names: Sequence[Hashable]
    count: Mapping[Hashable, int]
    cut: Cut

    def figures(self, column: Sequence[int | None]) -> list[int | None]:
        """What the rows say, of those that are cut their part."""
        found = list(map(column.__getitem__, self.rows))
        for at, row in enumerate(self.rows) if self.cut else ():
            figure = found[at]
            if figure is not None and row in self.cut:
                found[at] = self.cut[row](figure)
        return found

    def parts(self, actuals: Actuals) -> list[tuple[int, int] | None]:
        """The numerators and denominators, of those that are cut their part."""
        found = [row_parts(actuals, self.kind, row) for row in self.rows]
        for at, row in enumerate(self.rows) if self.cut else ():
            both, part = found[at], self.cut.get(row)
            if both is not None and part is not None:
                found[at] = (part(both[0]), part(both[1]))
        return found

    def sums(self, figures: Iterable[int | None]) -> dict[Hashable, int]:
        """The sum of each name's figures, one for each row, blank ones left out."""
        found = dict.fromkeys(self.count, 0)
        for name, figure in zip(self.names, figures, strict=True):
            if figure is not None:
                found[name] += figure
        return found


@dataclass(frozen=True)
class Slicer:
    """Slices of the grouped rows; which rows a span of months means is found once, then kept."""

    plan: Plan
    groups: Mapping[Key, Sequence[int]]
    _spans: dict[tuple[str, Month, Month, Scope | None], _Picked] = field(default_factory=dict)
    _columns: dict[str, Sequence[str]] = field(default_factory=dict)

    def split(
        self, kpi: Kpi, dimensions: Names, first: Month, last: Month, units: Scope | None
    ) -> dict[Names, Slice]:
        """The KPI's slices over the ``units`` of each month (None: all) and the months, both ends
        included.
        """
        span = (kpi.code, first, last, units)
        if span not in self._spans:
            self._spans[span] = self._picked(kpi, first, last, units)
        found = _slices(self.plan.actuals, self._named(kpi.kind, dimensions, self._spans[span]))
        if len(dimensions) == 1:
            return {(name,): one for name, one in found.items()}  # type: ignore[misc]
        return found  # type: ignore[return-value]

    def first_bare(self, key: Key) -> int:
        """The first row of ``key`` that gives a rate without its parts. Raises ValueError if none
        does.
        """
        kind = self.plan.kpi_by_code[key[0]].kind
        return min(i for i in self.groups[key] if row_parts(self.plan.actuals, kind, i) is None)

    @cached_property
    def _by_kpi(self) -> Mapping[str, Sequence[Key]]:
        found: dict[str, list[Key]] = {}
        for key in self.groups:
            found.setdefault(key[0], []).append(key)
        return found

    @cached_property
    def _regions(self) -> Mapping[str, str]:
        return regions(self.plan)

    def _picked(self, kpi: Kpi, first: Month, last: Month, units: Scope | None) -> _Picked:
        """The keys with their rows."""
        found = _Picked({}, {})
        for key in self._keys(kpi, first, last, units):
            found.rows[key] = self.groups[key]
            if units is not None and units.splits(kpi, key):
                found.rows[key], cut = units.picked(kpi, key, self.groups[key])
                found.cut.update(cut)
        return found

    def _keys(self, kpi: Kpi, first: Month, last: Month, units: Scope | None) -> Sequence[Key]:
        stock = kpi.kind is KpiKind.STOCK
        known = [
            key
            for key in self._by_kpi.get(kpi.code, ())
            if key[2] <= last
            and (
                units is None
                or units.whole(key[1], last if stock else key[2])
                or units.splits(kpi, key)
            )
        ]
        if stock:
            newest: dict[str, Key] = {}
            for key in known:
                newest[key[1]] = max(key, newest.get(key[1], key))
            return list(newest.values())
        inside = [key for key in known if key[2] >= first]
        if kpi.kind.latest_counts and inside:
            latest = max(key[2] for key in inside)
            inside = [key for key in inside if key[2] == latest]
        return inside

    def _named(self, kind: KpiKind, dimensions: Names, picked: _Picked) -> _Rows:
        rows = list(chain.from_iterable(picked.rows.values()))
        columns = [self._column(dimension, picked, rows) for dimension in dimensions]
        names: Sequence[Hashable] = (
            columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
        )
        return _Rows(kind, rows, names, Counter(names), picked.cut)

    def _column(self, dimension: str, picked: _Picked, rows: Sequence[int]) -> Sequence[str]:
        """What the rows of the keys say of the dimension; of a region where they say nothing, that
        of their unit.
        """
        if dimension not in self._columns:
            self._columns[dimension] = column_of(self.plan, dimension)
        column = self._columns[dimension]
        if dimension != "region":
            return list(map(column.__getitem__, rows))
        found = list[str]()
        for key, own in picked.rows.items():
            home = self._regions.get(key[1], "")
            found.extend(column[i] or home for i in own)
        return found


def _slices(actuals: Actuals, named: _Rows) -> dict[Hashable, Slice]:
    values = named.sums(named.figures(actuals.value))
    given = named.figures(actuals.quantity)
    lacking = (
        {name for name, quantity in zip(named.names, given, strict=True) if quantity is None}
        if None in given
        else frozenset()
    )
    sold = named.sums(given)
    quantities = {name: None if name in lacking else amount(sold[name]) for name in named.count}
    if named.kind.is_amount:
        return {
            name: Slice(amount(values[name]), quantity) for name, quantity in quantities.items()
        }
    parts = named.parts(actuals)
    bare = {name for name, both in zip(named.names, parts, strict=True) if both is None}
    tops = named.sums(None if both is None else both[0] for both in parts)
    bottoms = named.sums(None if both is None else both[1] for both in parts)
    found: dict[Hashable, Slice] = {}
    for name, count in named.count.items():
        if name in bare:
            found[name] = Slice(amount(values[name]) if count == 1 else None, quantities[name])
            continue
        top, bottom = amount(tops[name]), amount(bottoms[name])
        found[name] = Slice(divide(top, bottom) if bottom else None, quantities[name], top, bottom)
    return found
