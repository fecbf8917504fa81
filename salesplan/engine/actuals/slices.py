"""Actuals by product, region, customer or channel (SPEC 4 within each slice)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain

from salesplan.dataclass import dataclass, field
from salesplan.engine.actuals.tally import Key, regions, row_parts
from salesplan.engine.exact.figures import AMOUNT_KINDS, amount, divide
from salesplan.plan.model import Actuals, Kpi, KpiKind, Month, Plan

DIMENSIONS = ("product", "region", "customer", "channel")

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice of a KPI. ``quantity`` is None unless every row of the slice gave one.

    ``numerator`` and ``denominator`` are a rate's sums; None for amounts.
    """

    value: Decimal | None = None
    quantity: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


Scope = Callable[[str, Month], bool]
"""Whether a unit's rows of a month are asked for."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one KPI with their names: a text each for one dimension, else a tuple; ``count`` of
    rows by name in order of appearance.
    """

    kind: KpiKind
    rows: Sequence[int]
    names: Sequence[Hashable]
    count: Mapping[Hashable, int]

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
    _spans: dict[tuple[str, Month, Month, Scope | None], Sequence[Key]] = field(
        default_factory=dict
    )

    def split(
        self, kpi: Kpi, dimensions: Names, first: Month, last: Month, units: Scope | None
    ) -> dict[Names, Slice]:
        """The KPI's slices over the ``units`` of each month (None: all) and the months, both ends
        included.
        """
        span = (kpi.code, first, last, units)
        if span not in self._spans:
            self._spans[span] = self._keys(kpi, first, last, units)
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

    def _keys(self, kpi: Kpi, first: Month, last: Month, units: Scope | None) -> Sequence[Key]:
        stock = kpi.kind is KpiKind.STOCK
        known = [
            key
            for key in self._by_kpi.get(kpi.code, ())
            if key[2] <= last and (units is None or units(key[1], last if stock else key[2]))
        ]
        if stock:
            newest: dict[str, Key] = {}
            for key in known:
                newest[key[1]] = max(key, newest.get(key[1], key))
            return list(newest.values())
        inside = [key for key in known if key[2] >= first]
        if kpi.kind in (KpiKind.COHORT_RATIO, KpiKind.POINT) and inside:
            latest = max(key[2] for key in inside)
            inside = [key for key in inside if key[2] == latest]
        return inside

    def _named(self, kind: KpiKind, dimensions: Names, keys: Sequence[Key]) -> _Rows:
        rows = list(chain.from_iterable(map(self.groups.__getitem__, keys)))
        columns = [self._column(dimension, keys, rows) for dimension in dimensions]
        names: Sequence[Hashable] = (
            columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
        )
        return _Rows(kind, rows, names, Counter(names))

    def _column(self, dimension: str, keys: Sequence[Key], rows: Sequence[int]) -> Sequence[str]:
        """What the rows of the keys say of the dimension; of a region where they say nothing, that
        of their unit.
        """
        column: Sequence[str] = getattr(self.plan.actuals, dimension)
        if dimension != "region":
            return list(map(column.__getitem__, rows))
        found = list[str]()
        for key in keys:
            home = self._regions.get(key[1], "")
            found.extend(column[i] or home for i in self.groups[key])
        return found


def _slices(actuals: Actuals, named: _Rows) -> dict[Hashable, Slice]:
    values = named.sums(map(actuals.value.__getitem__, named.rows))
    given = list(map(actuals.quantity.__getitem__, named.rows))
    lacking = (
        {name for name, quantity in zip(named.names, given, strict=True) if quantity is None}
        if None in given
        else frozenset()
    )
    sold = named.sums(given)
    quantities = {name: None if name in lacking else amount(sold[name]) for name in named.count}
    if named.kind in AMOUNT_KINDS:
        return {
            name: Slice(amount(values[name]), quantity) for name, quantity in quantities.items()
        }
    parts = [row_parts(actuals, named.kind, i) for i in named.rows]
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
