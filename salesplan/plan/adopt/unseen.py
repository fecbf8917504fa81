"""Figures that are read although nobody sees them: on hidden sheets, in hidden rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from salesplan.findings import Finding
from salesplan.plan.adopt.facts import Fact
from salesplan.workbook.read.hidden import Hidden
from salesplan.workbook.refs import column_letters, parse_cell, runs

HiddenIn = Callable[[str], Hidden]
"""What is hidden in the sheet of that name."""


def unseen(tables: Iterable[Sequence[Fact]], hidden_in: HiddenIn) -> list[Finding]:
    """The hidden figures of the tables, said once a sheet."""
    by_sheet: dict[str, list[Fact]] = {}
    for facts in tables:
        for one in facts:
            if one.named.total is None:
                by_sheet.setdefault(one.place.sheet, []).append(one)
    found: list[Finding] = []
    for sheet, facts in by_sheet.items():
        found += _said(sheet, facts, hidden_in(sheet))
    return found


def _said(sheet: str, facts: Sequence[Fact], hidden: Hidden) -> list[Finding]:
    if hidden.sheet:
        told = {"sheet": sheet, "count": len(facts)}
        return [Finding.of("mapping-hidden-sheet", facts[0].place, **told)]
    if not hidden.rows and not hidden.columns:
        return []
    cells = [(one, *parse_cell(one.place.cell)) for one in facts]
    own = [cell for cell in cells if hidden.holds(*cell[1:])]
    if not own:
        return []
    rows = sorted({row for _, row, _ in own if row in hidden.rows})
    columns = sorted({at for _, row, at in own if row not in hidden.rows})
    where = [_span(str(first), str(last)) for first, last in runs(rows)]
    where += [_span(column_letters(first), column_letters(last)) for first, last in runs(columns)]
    return [Finding.of("mapping-hidden", own[0][0].place, count=len(own), where=tuple(where))]


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"
