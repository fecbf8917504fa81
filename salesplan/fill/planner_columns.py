"""Figures into columns of a planner's own, where their mapping asks for them.

A cell is filled where it is blank, or still says what was filled there. What a planner typed there,
be it a formula, stays, and is named.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.attainment import Attainment, completion_against, span_target
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.status import Rate
from salesplan.engine.exact.figures import WIDE
from salesplan.engine.results import Results
from salesplan.fill.edits import Edit, to_digits
from salesplan.fill.ownership import Owners
from salesplan.findings import Finding
from salesplan.plan.adopt.filling import Slot, Slots, slots_in
from salesplan.plan.adopt.laying import Known, kept_in
from salesplan.plan.adopt.mapping import Takes
from salesplan.plan.loader import Loaded, not_ours
from salesplan.plan.model import Kpi
from salesplan.workbook import memory
from salesplan.workbook.changes import CellStyle
from salesplan.workbook.memory import Remembered, identity, token
from salesplan.workbook.refs import Range, column_letters, parse_cell

_TABLE = "theirs"
"""What the workbook's memory calls these cells."""
_VALUE = {"value": 0}
_SHOWN = 5
"""Cells that a finding names."""


def into_theirs(
    loaded: Loaded, results: Results, owners: Owners, stay: Container[tuple[str, str]] = ()
) -> tuple[list[Edit], list[Finding]]:
    """The edits of the cells that the mapping asks to be filled, and what stands in their way.
    Targets of a KPI and a unit that ``stay``, for an error, stay here as well.
    """
    asked = slots_of_master(loaded)
    if not asked.cells:
        return [], list(asked.findings)
    told = [one for one in asked.cells if (one.kpi, one.unit) not in stay]
    figures = _Figures(loaded, results)
    found = [_Filled(one, figures.of(one)) for one in told]
    before = owners.memory.rows.get(_TABLE, {})
    hindered, findings = _hindered(loaded, [one for one in found if one.differs], before)
    made = [one for one in found if one.differs and one.slot.place not in hindered]
    names = {_name(one) for one in asked.cells}
    lines = {name: one for name, one in before.items() if name in names}
    lines |= {one.name: one.remembered for one in found if one.slot.place not in hindered}
    owners.lines[_TABLE] = lambda: memory.written(_TABLE, _VALUE, lines)
    return [one.edit for one in made], [*asked.findings, *findings]


def slots_of_master(loaded: Loaded) -> Slots:
    """The cells of planners' own tables that are to be filled; none in an ordinary master."""
    kept = kept_in(loaded.source.grids, loaded.path)
    if kept is None:
        return Slots()
    plan = loaded.plan
    known = Known(plan.people, plan.kpi_index, plan.settings.months)
    theirs = not_ours(loaded.source, loaded.tables)
    return slots_in(kept, theirs, known, loaded.path.name)


def _name(slot: Slot) -> str:
    return identity(slot.names)


@dataclass(frozen=True, slots=True)
class _Filled:
    """A cell, and what it is to say."""

    slot: Slot
    value: Decimal | None

    @property
    def name(self) -> str:
        return _name(self.slot)

    @property
    def differs(self) -> bool:
        there = None if self.slot.value == "" else self.slot.value
        return token(there) != token(self.value)

    @property
    def remembered(self) -> Remembered:
        return Remembered(token(self.value), _VALUE)

    @property
    def edit(self) -> Edit:
        slot = self.slot
        rate = slot.takes is Takes.FILL_ATTAINMENT
        style = CellStyle.PERCENT if rate else CellStyle.AMOUNT
        label = f"{slot.unit} · {slot.kpi}"
        place = slot.place
        return Edit(place.sheet, place.cell, slot.head, label, slot.value, self.value, None, style)


# -- what stands in the way


def _hindered(
    loaded: Loaded, found: Sequence[_Filled], before: Mapping[str, Remembered]
) -> tuple[set[object], list[Finding]]:
    """The places that cannot be filled, and why, once a column and reason."""
    places: set[object] = set()
    findings: list[Finding] = []
    for column in _by_column(found):
        reasons: dict[str, list[Slot]] = {}
        locked = _locked(loaded, column)
        for one in column:
            code = _reason(loaded, one, before, locked)
            if code:
                reasons.setdefault(code, []).append(one.slot)
        for code, slots in reasons.items():
            places |= {one.place for one in slots}
            findings.append(_told(code, slots))
    return places, findings


def _by_column(found: Iterable[_Filled]) -> list[list[_Filled]]:
    columns: dict[tuple[str, int], list[_Filled]] = {}
    for one in found:
        place = one.slot.place
        columns.setdefault((place.sheet, parse_cell(place.cell)[1]), []).append(one)
    return list(columns.values())


def _locked(loaded: Loaded, column: Sequence[_Filled]) -> frozenset[int]:
    ask = loaded.source.locked
    if ask is None:
        return frozenset()
    places = [parse_cell(one.slot.place.cell) for one in column]
    letters = column_letters(places[0][1])
    return ask(column[0].slot.place.sheet, letters, [row for row, _ in places])


def _reason(
    loaded: Loaded, one: _Filled, before: Mapping[str, Remembered], locked: Container[int]
) -> str:
    """The code of what stands in the way of a cell; "" for nothing."""
    place = one.slot.place
    at = parse_cell(place.cell)
    merges = map(Range.parse, loaded.source.grids[place.sheet].merges)
    if any(area.holds(*at) and not area.single for area in merges):
        return "mapping-fill-merged"
    if at in loaded.source.formulas.get(place.sheet, frozenset()):
        return "mapping-fill-typed"
    was = before.get(one.name)
    blank = one.slot.value in (None, "")
    if not blank and (was is None or not was.wrote("value", one.slot.value)):
        return "mapping-fill-typed"
    return "mapping-fill-locked" if at[0] in locked else ""


def _told(code: str, slots: Sequence[Slot]) -> Finding:
    first = slots[0]
    cells = tuple(one.place.cell for one in slots[:_SHOWN])
    told = {"head": first.head, "cells": cells, "count": len(slots), "sheet": first.place.sheet}
    return Finding.of(code, first.place, **told)


# -- figures


class _Figures:
    """What each cell is to say."""

    def __init__(self, loaded: Loaded, results: Results) -> None:
        self.plan = loaded.plan
        self.results = results
        self.months = self.plan.settings.months
        self.here = self.months.index(results.month)

    def of(self, slot: Slot) -> Decimal | None:
        """The figure in the column's own unit; None for what is not known, or no number."""
        kpi = self.plan.kpi_by_code[slot.kpi]
        target, actual = self._target(slot, kpi), self._actual(slot, kpi)
        if slot.takes is Takes.FILL_ATTAINMENT:
            rate = self._rate(slot, kpi, target, actual)
            return None if rate is None else to_digits(rate)
        if slot.takes is Takes.FILL_TARGET:
            figure = target
        elif slot.takes is Takes.FILL_ACTUAL:
            figure = actual
        else:
            figure = None if target is None or actual is None else actual - target
        if figure is None:
            return None
        written = WIDE.divide(figure, slot.factor)
        return written if kpi.kind.adds_over_units else to_digits(written)

    def _target(self, slot: Slot, kpi: Kpi) -> Decimal | None:
        products = self.results.products
        if not slot.product:
            target = self.results.targets.get((slot.kpi, slot.unit))
        elif products is not None:
            target = products.targets.get((slot.kpi, slot.unit, slot.product))
        else:
            target = None
        if target is not None and slot.span == (0, len(self.months) - 1):
            return target.year if kpi.kind.adds_over_months else target.months[-1]
        return span_target(kpi, target, *slot.span)

    def _actual(self, slot: Slot, kpi: Kpi) -> Decimal | None:
        first, last = slot.span
        facts = self.results.facts
        if first > self.here or facts is None:
            return None
        last = min(last, self.here)
        if not slot.product:
            return facts.value(slot.kpi, slot.unit, self.months[first], self.months[last])
        products = self.results.products
        key = (slot.kpi, slot.unit, slot.product)
        monthly = products.monthly.get(key, ()) if products is not None else ()
        known = [one for one in monthly[first : last + 1] if one is not None]
        return sum(known, Decimal(0)) if known else None

    def _rate(
        self, slot: Slot, kpi: Kpi, target: Decimal | None, actual: Decimal | None
    ) -> Decimal | None:
        """The attainment of the whole span, by what is known of it."""
        span = _SPANS.get(slot.span[1] - slot.span[0], Span.YEAR)
        whole = span is Span.YEAR and not slot.product
        if whole:
            key = (slot.kpi, slot.unit, Span.YEAR)
            known = self.results.attainments
            return known[key].rate.value if key in known else None
        one = Attainment(slot.kpi, slot.unit, span, target, actual, None, Rate())
        return completion_against(self.plan, self.results.targets, kpi, one, target).value


_SPANS = {0: Span.MONTH, 2: Span.QUARTER}
"""Spans by how many months follow the first."""


def filled_with(
    loaded: Loaded, kpi: str, unit: str, product: str, months: Iterable[int]
) -> Iterator[Slot]:
    """The cells of planners' own tables that say something of a target: those of the months
    (numbers in the plan year), in the order of the sheets.
    """
    wanted = set(months)
    for one in slots_of_master(loaded).cells:
        of = (one.kpi, one.unit, one.product) == (kpi, unit, product)
        if of and set(range(one.span[0], one.span[1] + 1)) == wanted:
            yield one
