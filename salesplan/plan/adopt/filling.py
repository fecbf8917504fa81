"""Cells of a planner's own tables that the mapping asks to be filled: of whom and of what each is,
and for when. Which figure it gets is no question of this room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place
from salesplan.plan.adopt.facts import Fact, Matched, slots_of
from salesplan.plan.adopt.laying import Known, resolved
from salesplan.plan.adopt.mapping import Entry, Kept, Takes
from salesplan.plan.adopt.matching import by_table, matched
from salesplan.plan.model import Month
from salesplan.workbook.read.cells import CellValue, Grid
from salesplan.workbook.refs import parse_cell

_SHOWN = 5
"""Cells or names that a finding lists."""
_NAME = 20
"""Letters of a name; what is longer is a note below the table."""

Span = tuple[int, int]
"""The first and the last month of the plan year, from 0, both included."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell to be filled: ``takes`` says with what, ``factor`` brings its figures into the
    plan's unit, ``value`` is what it holds.
    """

    takes: Takes
    kpi: str
    unit: str
    product: str
    span: Span
    place: Place
    head: str
    value: CellValue
    factor: Decimal = Decimal(1)

    @property
    def names(self) -> tuple[object, ...]:
        """What it is known by, wherever its row and column go."""
        return (self.takes.value, self.kpi, self.unit, self.product, *self.span, self.factor)


@dataclass(frozen=True, slots=True)
class Slots:
    """The cells to be filled, and what stands in the way of others."""

    cells: tuple[Slot, ...] = ()
    findings: tuple[Finding, ...] = ()


def slots_in(kept: Kept, grids: Mapping[str, Grid], known: Known, workbook: str) -> Slots:
    """The cells that the mapping asks to be filled; none, and at no cost, where it asks for
    none. What of its tables is gone is said where they are read.
    """
    asked = [table for table in by_table(kept.entries) if _asks(table)]
    if not asked:
        return Slots()
    cells: list[Slot] = []
    findings: list[Finding] = []
    for table in matched(kept, grids, workbook, asked)[0]:
        found = _of_table(table, known, kept, workbook)
        cells += found.cells
        findings += found.findings
    return Slots(tuple(cells), tuple(findings))


def _asks(table: Iterable[Entry]) -> bool:
    return any(entry.fills for entry in table)


def _of_table(table: Matched, known: Known, kept: Kept, workbook: str) -> Slots:
    by_column: dict[int, list[Fact]] = {}
    facts = resolved(slots_of(table, workbook), known)
    for fact in facts:
        by_column.setdefault(parse_cell(fact.place.cell)[1], []).append(fact)
    cells: list[Slot] = []
    findings = _strangers(facts, known)
    for at, column in by_column.items():
        entry = table.columns[at]
        own = [fact for fact in column if fact.named.code in known.people.records_by_code]
        found = _of_column(own, entry, known, Place(workbook, kept.sheet, f"F{entry.row}"))
        cells += found.cells
        findings += found.findings
    return Slots(tuple(cells), tuple(findings))


def _of_column(facts: Sequence[Fact], entry: Entry, known: Known, row: Place) -> Slots:
    """The cells of one column; none where what it is of is not in the plan, or where several rows
    are of the same.
    """
    slots: list[Slot] = []
    for fact in facts:
        span = _span(fact.when, known.months)
        if fact.kpi not in known.kpis.records_by_code or span is None:
            return Slots((), (Finding.of("mapping-fill-unknown", row, head=entry.head),))
        slots.append(_slot(fact, entry, span))
    first: dict[tuple[object, ...], Slot] = {}
    again = [one for one in slots if first.setdefault(one.names, one) is not one]
    if again:
        cells = tuple(one.place.cell for one in again[:_SHOWN])
        told = {"head": entry.head, "cells": cells, "count": len(again)}
        return Slots((), (Finding.of("mapping-fill-twice", again[0].place, **told),))
    return Slots(tuple(slots))


def _slot(fact: Fact, entry: Entry, span: Span) -> Slot:
    product = fact.dimensions.get(Takes.PRODUCT, "")
    return Slot(
        fact.takes,
        fact.kpi,
        fact.named.code,
        product,
        span,
        fact.place,
        entry.head,
        fact.value,
        fact.factor,
    )


def _span(when: object, months: Sequence[Month]) -> Span | None:
    """The months of the plan year that a cell is for: all of them where nothing says so; None for
    another year's, or for what is no time.
    """
    if isinstance(when, (date, datetime)):
        when = Month.of(when)
    if isinstance(when, Month):
        return (months.index(when),) * 2 if when in months else None
    year = months[0].year
    if isinstance(when, tuple):
        first = 3 * (when[1] - 1)
        return (first, first + 2) if when[0] == year else None
    return (0, len(months) - 1) if when is None or when == year else None


def _strangers(facts: Iterable[Fact], known: Known) -> list[Finding]:
    """The names of rows that no unit of the plan has, said once a table."""
    rows = {
        fact.row: fact
        for fact in reversed(list(facts))
        if fact.named.code not in known.people.records_by_code and len(fact.named.text) <= _NAME
    }
    if not rows:
        return []
    told = [rows[row] for row in sorted(rows)]
    names = tuple(dict.fromkeys(one.named.text for one in told))[:_SHOWN]
    return [Finding.of("mapping-fill-unit", told[0].place, names=names, count=len(told))]
