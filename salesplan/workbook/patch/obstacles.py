"""What a change must not break: merged cells, array and data-table formulas, shared formulas."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

from salesplan.dataclass import dataclass
from salesplan.workbook.patch.growth import Changes
from salesplan.workbook.refs import Range, cell_ref
from salesplan.workbook.xml.cellxml import formula_element, refuse, translate
from salesplan.workbook.xml.sheetxml import CellXml, SheetXml, formula_tag
from salesplan.workbook.xml.xmlscan import (
    ATTRIBUTES,
    Edit,
    attribute,
    attributes,
    damaged,
    element,
    start_tag,
    text,
)


@dataclass(frozen=True, slots=True)
class Spread:
    """A formula that covers a range, and the offset of its start tag."""

    kind: bytes
    area: Range
    tag: bytes
    at: int


def merged(sheet: SheetXml) -> list[Range]:
    """The merged ranges of a sheet."""
    block = element(sheet.source, sheet.prefix, b"mergeCells", sheet.body.end)
    if block is None:
        return []
    tags = start_tag(sheet.prefix, b"mergeCell").finditer(
        sheet.source.mask, block.inside, block.content_end
    )
    return [Range.parse(ref.decode()) for tag in tags if (ref := attribute(tag[0], b"ref"))]


def refuse_merged(name: str, merges: list[Range], changes: Changes) -> None:
    """Raises SalesplanError for a value in a merged cell that is not the shown one (the top
    left).
    """
    rows = sorted(changes)
    for area in merges:
        for row, column in _inside(area, changes, rows):
            if (row, column) != (area.top, area.left) and not changes[row][column].blank:
                raise refuse("cell-in-merge", name, cell_ref(row, column), merged=str(area))


def freed_formulas(name: str, sheet: SheetXml, changes: Changes) -> list[Edit]:
    """Edits that give each cell its own formula where the cell that held the shared text is
    changed.

    Raises SalesplanError for a change inside an array (spilled) or data-table formula, and for a
    shared formula that cannot be written out.
    """
    edits: list[Edit] = []
    rows = sorted(changes)
    for spread in _spreads(sheet):
        hit = next(_inside(spread.area, changes, rows), None)
        if hit is None:
            continue
        if spread.kind == b"shared":
            edits += _freed(name, sheet, changes, spread)
        elif spread.kind == b"dataTable":
            raise refuse("cell-in-data-table", name, cell_ref(*hit), range=str(spread.area))
        elif not spread.area.single:
            raise refuse("cell-in-array-formula", name, cell_ref(*hit), range=str(spread.area))
    return edits


@cache
def _spread_tag(prefix: bytes) -> re.Pattern[bytes]:
    """A formula that covers a range: shared (the cell that holds the text), array or data table."""
    return re.compile(
        rb"""<%sf(?=\s)(?:[^>"']|"[^"]*"|'[^']*')*?\sref\s*=(?:%s)>"""
        % (re.escape(prefix), ATTRIBUTES)
    )


def _spreads(sheet: SheetXml) -> Iterator[Spread]:
    for match in _spread_tag(sheet.prefix).finditer(
        sheet.source.mask, sheet.body.inside, sheet.body.content_end
    ):
        found = attributes(match[0])
        yield Spread(
            found.get(b"t", (b"normal", 0, 0))[0],
            Range.parse(found[b"ref"][0].decode()),
            match[0],
            match.start(),
        )


def _inside(area: Range, changes: Changes, rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The changed cells inside the range, in order; ``rows`` are the changed rows, sorted."""
    for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]:
        for column in sorted(changes[row]):
            if area.left <= column <= area.right:
                yield row, column


def _freed(name: str, sheet: SheetXml, changes: Changes, spread: Spread) -> Iterator[Edit]:
    row = sheet.row_at(spread.at)
    master = next(
        (cell for cell in sheet.cells(row).values() if cell.start < spread.at < cell.end), None
    )
    if master is None:
        raise damaged(sheet.source.part, "<f>")
    if master.column not in changes.get(row, ()):
        return
    found = element(sheet.source, sheet.prefix, b"f", spread.at, master.end)
    formula = text(sheet.source.data[found.inside : found.content_end]) if found else ""
    number = attribute(spread.tag, b"si")
    for sibling in _siblings(sheet, changes, spread, number):
        try:
            own = translate(formula, sibling.row - row, sibling.column - master.column)
        except ValueError as problem:
            raise refuse(
                "shared-formula-fixed",
                name,
                cell_ref(row, master.column),
                other=cell_ref(sibling.row, sibling.column),
            ) from problem
        yield _own_formula(sheet, sibling, own)


def _siblings(
    sheet: SheetXml, changes: Changes, spread: Spread, number: bytes | None
) -> Iterator[CellXml]:
    for row in sheet.rows_between(spread.area.top, spread.area.bottom):
        for cell in list(sheet.cells(row).values()):
            tag = cell.formula(sheet.prefix)
            if tag is None or cell.column in changes.get(row, ()):
                continue
            if attribute(tag[0], b"t") == b"shared" and attribute(tag[0], b"si") == number:
                yield cell


def _own_formula(sheet: SheetXml, cell: CellXml, formula: str) -> Edit:
    found = element(sheet.source, sheet.prefix, b"f", cell.inside, cell.end)
    if found is None:
        raise damaged(sheet.source.part, "<f>")
    tag = formula_tag(sheet.prefix).match(sheet.source.mask, found.start)
    always = attribute(tag[0], b"ca") if tag else None
    kept = b' ca="%s"' % always if always else b""
    return found.start, found.end, formula_element(sheet.prefix, kept, formula)
