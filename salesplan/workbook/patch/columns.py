"""Columns that are put beside a table: as wide as asked for, under the conditional formats of the
column that they are like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from salesplan.workbook.changes import Beside
from salesplan.workbook.refs import Range
from salesplan.workbook.xml.sheetxml import SheetXml
from salesplan.workbook.xml.xmlscan import (
    ATTRIBUTES,
    Edit,
    attribute,
    attributes,
    element,
    with_attribute,
)

_COL = re.compile(rb"<(?:[\w.-]+:)?col(?=[\s/>])(?:%s)>" % ATTRIBUTES)
_FORMATS = re.compile(rb"<(?:[\w.-]+:)?conditionalFormatting(?=[\s/>])(?:%s)>" % ATTRIBUTES)


def beside(sheet: SheetXml, added: Sequence[Beside]) -> list[Edit]:
    """The edits that give the columns their width and the formats of their models."""
    return [*_widths(sheet, added), *_formats(sheet, added)]


def _widths(sheet: SheetXml, added: Sequence[Beside]) -> list[Edit]:
    source, prefix = sheet.source, sheet.prefix
    wanted = {one.column: one.width for one in added if one.width}
    if not wanted:
        return []
    new = {
        column: b'<%scol min="%d" max="%d" width="%d" customWidth="1"/>'
        % (prefix, column, column, width)
        for column, width in wanted.items()
    }
    block = element(source, prefix, b"cols", 0, sheet.body.start)
    if block is None or block.empty:
        inside = b"".join(new[column] for column in sorted(new))
        at = (block.start, block.end) if block else (sheet.body.start, sheet.body.start)
        return [(*at, b"<%scols>%s</%scols>" % (prefix, inside, prefix))]
    pieces = dict(new)
    for match in _COL.finditer(source.mask, block.inside, block.content_end):
        tag = source.data[match.start() : match.end()]
        first, last = (int(attribute(tag, name) or 0) for name in (b"min", b"max"))
        for left, right in _without(first, last, sorted(wanted)):
            part = with_attribute(tag, b"min", b"%d" % left)
            pieces[left] = with_attribute(part, b"max", b"%d" % right)
    inside = b"".join(pieces[column] for column in sorted(pieces))
    return [(block.inside, block.content_end, inside)]


def _without(first: int, last: int, taken: Sequence[int]) -> list[tuple[int, int]]:
    """The runs of columns from ``first`` to ``last`` that none of the ``taken`` ones is in."""
    runs, left = [], first
    for one in (one for one in taken if first <= one <= last):
        if left < one:
            runs.append((left, one - 1))
        left = one + 1
    if left <= last:
        runs.append((left, last))
    return runs


def _formats(sheet: SheetXml, added: Sequence[Beside]) -> list[Edit]:
    """A format of just the model's column is laid over the new one, too."""
    edits: list[Edit] = []
    models = [one for one in added if one.model]
    for match in _FORMATS.finditer(sheet.source.mask, sheet.body.end) if models else ():
        sqref = attributes(match[0]).get(b"sqref")
        if sqref is None:
            continue
        areas = sqref[0].decode().split()
        more = [
            str(Range(area.top, one.column, area.bottom, one.column))
            for one, area in product(models, map(_area, areas))
            if area is not None and area.left == area.right == one.model
        ]
        if more:
            start = match.start() + sqref[1]
            edits.append((start, start + len(sqref[0]), " ".join([*areas, *more]).encode()))
    return edits


def _area(given: str) -> Range | None:
    try:
        return Range.parse(given)
    except ValueError:  # #REF!, left of a rule whose cells were deleted
        return None
