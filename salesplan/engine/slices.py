"""Actuals by product, region, customer or channel (SPEC 4 within each slice)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from salesplan.engine.figures import AMOUNT_KINDS, amount, divide
from salesplan.engine.tally import Key, lineages, row_parts
from salesplan.plan.model import Kpi, KpiKind, Month, Plan

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


@dataclass(slots=True)
class _Sums:
    """Running sums of one slice, in millionths."""

    rows: int = 0
    value: int = 0
    quantity: int = 0
    counted: int = 0
    numerator: int = 0
    denominator: int = 0
    whole: int = 0

    def add(self, other: _Sums) -> None:
        self.rows += other.rows
        self.value += other.value
        self.quantity += other.quantity
        self.counted += other.counted
        self.numerator += other.numerator
        self.denominator += other.denominator
        self.whole += other.whole


_Cell = dict[Names, _Sums]
Scope = Callable[[str, Month], bool]
"""Whether a unit's rows of a month are asked for."""


@dataclass(frozen=True, slots=True)
class Slicer:
    """Slices of the grouped rows; each KPI and set of dimensions is summed once, then kept."""

    plan: Plan
    groups: Mapping[Key, Sequence[int]]
    _cubes: dict[tuple[str, Names], dict[tuple[str, Month], _Cell]] = field(default_factory=dict)

    def split(
        self, kpi: Kpi, dimensions: Names, first: Month, last: Month, units: Scope | None
    ) -> dict[Names, Slice]:
        """The KPI's slices over the ``units`` of each month (None: all) and the months, both ends included."""
        total: _Cell = {}
        for cell in self._cells(kpi, dimensions, first, last, units):
            for names, sums in cell.items():
                there = total.get(names)
                if there is None:
                    there = total[names] = _Sums()
                there.add(sums)
        return {names: _slice(kpi.kind, sums) for names, sums in total.items()}

    def first_bare(self, key: Key) -> int:
        """The first row of ``key`` that gives a rate without its parts. Raises ValueError if none does."""
        kind = self.plan.kpi_by_code[key[0]].kind
        return min(i for i in self.groups[key] if row_parts(self.plan.actuals, kind, i) is None)

    def _cells(self, kpi: Kpi, dimensions: Names, first: Month, last: Month, units: Scope | None) -> list[_Cell]:
        cube = self._cube(kpi, dimensions)
        stock = kpi.kind is KpiKind.STOCK
        known = [key for key in cube if key[1] <= last and (units is None or units(key[0], last if stock else key[1]))]
        if stock:
            newest: dict[str, Month] = {}
            for unit, month in known:
                newest[unit] = max(month, newest.get(unit, month))
            return [cube[key] for key in newest.items()]
        inside = [key for key in known if key[1] >= first]
        if kpi.kind in (KpiKind.COHORT_RATIO, KpiKind.POINT) and inside:
            latest = max(month for _, month in inside)
            inside = [key for key in inside if key[1] == latest]
        return [cube[key] for key in inside]

    def _cube(self, kpi: Kpi, dimensions: Names) -> dict[tuple[str, Month], _Cell]:
        kept = self._cubes.get((kpi.code, dimensions))
        if kept is not None:
            return kept
        regions = _regions(self.plan) if "region" in dimensions else {}
        cube: dict[tuple[str, Month], _Cell] = {}
        for (code, unit, month), rows in self.groups.items():
            if code == kpi.code:
                cube[unit, month] = self._cell(kpi.kind, dimensions, rows, regions.get(unit, ""))
        self._cubes[kpi.code, dimensions] = cube
        return cube

    def _cell(self, kind: KpiKind, dimensions: Names, rows: Sequence[int], region: str) -> _Cell:
        actuals = self.plan.actuals
        columns: list[Sequence[str]] = [getattr(actuals, name) for name in dimensions]
        homes = [region if name == "region" else "" for name in dimensions]
        values, quantities, parted = actuals.value, actuals.quantity, kind not in AMOUNT_KINDS
        cell: _Cell = {}
        for i in rows:
            names = (columns[0][i] or homes[0],) if len(columns) == 1 else tuple(column[i] or home for column, home in zip(columns, homes, strict=True))
            sums = cell.get(names)
            if sums is None:
                sums = cell[names] = _Sums()
            sums.rows += 1
            value, quantity = values[i], quantities[i]
            if value is not None:
                sums.value += value
            if quantity is not None:
                sums.quantity += quantity
                sums.counted += 1
            if parted and (both := row_parts(actuals, kind, i)) is not None:
                sums.numerator += both[0]
                sums.denominator += both[1]
                sums.whole += 1
        return cell


def _slice(kind: KpiKind, sums: _Sums) -> Slice:
    quantity = amount(sums.quantity) if sums.counted == sums.rows else None
    if kind in AMOUNT_KINDS:
        return Slice(amount(sums.value), quantity)
    if sums.whole < sums.rows:
        alone = sums.rows == 1
        return Slice(amount(sums.value) if alone else None, quantity)
    numerator, denominator = amount(sums.numerator), amount(sums.denominator)
    return Slice(divide(numerator, denominator) if denominator else None, quantity, numerator, denominator)


def _regions(plan: Plan) -> dict[str, str]:
    """Each unit's region: its own, else the nearest above it that has one."""
    own = {unit.code: unit.region for unit in plan.units}
    return {
        code: next((own[above] for above in chain if own[above]), "") for code, chain in lineages(plan).items()
    }
