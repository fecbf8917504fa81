"""Planner's formulas whose stored results are older than the figures they depend on."""

from __future__ import annotations

from collections.abc import Container, Mapping

from salesplan.findings import Finding, Place
from salesplan.plan.schema import Owner, table
from salesplan.workbook.read.stored import marked, stale
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import Range, column_number
from salesplan.workbook.zip.package import Package

STALE = "stored-results-stale"

_APPENDED = frozenset(("actuals", "issues", "weekly", "caps", "checks"))
"""Tables to which salesplan adds whole rows."""


def stale_results(
    package: Package, tables: Mapping[str, FoundTable], plain: Container[str] = ()
) -> list[Finding]:
    """``stored-results-stale`` for each sheet where a planner's column holds a formula that depends
    on what salesplan fills, in a file that no program has calculated since it was filled (see
    :mod:`salesplan.workbook.read.stored`). The ``plain`` sheets are known to hold no formula."""
    if not tables or not marked(package):
        return []
    filled: list[tuple[str, str]] = []
    for key, found in tables.items():
        for column, letters in found.columns.items():
            if key in _APPENDED or table(key).column(column).owner is Owner.ENGINE:
                filled.append((found.sheet, letters))
    asked: dict[str, list[Range]] = {}
    for key, found in tables.items():
        planners = [
            letters
            for column, letters in found.columns.items()
            if table(key).column(column).owner is Owner.PLANNER
        ]
        if found.last_row >= found.first_row:
            numbers = map(column_number, planners)
            asked.setdefault(found.sheet, []).extend(
                Range(found.first_row, number, found.last_row, number) for number in numbers
            )
    return [
        Finding.of(
            STALE, Place("", sheet, cells[0]), sheet=sheet, cells=cells[:5], count=len(cells)
        )
        for sheet, cells in stale(package, filled, asked, plain).items()
    ]
