"""A worksheet part seen as rows and cells by offset: found, never rebuilt (ECMA-376 part 1,
18.3).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from functools import cache
from typing import NamedTuple

from salesplan.dataclass import dataclass
from salesplan.workbook.refs import MAX_ROW, column_letters, column_number
from salesplan.workbook.xml.xmlscan import (
    ATTRIBUTES,
    Element,
    Source,
    attribute,
    attributes,
    damaged,
    element,
    end_tag,
)

_OURS = frozenset((b"r", b"s", b"t", b"cm", b"vm"))
"""Attributes of a cell that a change decides about; cm and vm describe the old value."""

VALUE = re.compile(rb"<(?:[\w.-]+:)?(?:v|f|is)(?=[\s/>])")
"""Something inside a cell that makes it more than a format."""


@cache
def _row_tag(prefix: bytes) -> re.Pattern[bytes]:
    return re.compile(rb'<%srow(?=[\s/>])(?:\s+r="(\d+)")?(%s)>' % (re.escape(prefix), ATTRIBUTES))


@cache
def _cell(prefix: bytes) -> re.Pattern[bytes]:
    """A whole cell: its tag with reference, style and type where they stand in their usual order,
    and what it holds.
    """
    name = re.escape(prefix)
    usual = rb'(?:\s+r="(([A-Z]{1,3})\d+)")?(?:\s+s="(\d+)")?(?:\s+t="(\w+)")?'
    return re.compile(
        rb"(<%sc(?=[\s/>])%s(%s)>)(?:(?<=/>)|(.*?)</%sc\s*>)" % (name, usual, ATTRIBUTES, name),
        re.S,
    )


@cache
def formula_tag(prefix: bytes) -> re.Pattern[bytes]:
    """The start tag of a formula, in a slice of a mask."""
    return re.compile(rb"<%sf(?=[\s/>])%s>" % (re.escape(prefix), ATTRIBUTES))


class CellXml(NamedTuple):
    """One ``c`` element: its offsets, its attributes as they stand, and, masked, what it holds.

    ``others``: the attributes besides reference, style, type and those that describe the value's
    metadata, each with a leading blank. A named tuple, since a sheet has very many.
    """

    row: int
    column: int
    start: int
    inside: int
    end: int
    ref: bytes
    style_text: bytes
    kind: bytes
    others: bytes
    masked: bytes

    @property
    def style(self) -> int:
        """Index into the workbook's cell formats; 0 where none is given."""
        return int(self.style_text) if self.style_text else 0

    @property
    def filled(self) -> bool:
        """Whether it holds a value or a formula."""
        return VALUE.search(self.masked) is not None

    def formula(self, prefix: bytes) -> re.Match[bytes] | None:
        """The formula's start tag in :attr:`masked`, if it has a formula."""
        return formula_tag(prefix).search(self.masked) if self.masked else None


@dataclass(frozen=True, slots=True)
class RowXml:
    """One ``row`` element: its number, where it stands, and its start tag."""

    number: int
    at: Element
    tag: bytes


class SheetXml:
    """A worksheet's XML with an index of its rows. Raises SalesplanError if it is no sane
    worksheet.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.prefix = source.prefix()
        body = element(source, self.prefix, b"sheetData")
        if body is None:
            raise damaged(source.part, "<sheetData>")
        self.body = body
        self.numbers = array("L")
        self.starts = array("Q")
        self._cells: dict[int, dict[int, CellXml]] = {}
        self._last: RowXml | None = None
        self._index()

    def row(self, number: int) -> RowXml | None:
        """The row of that number, None if the sheet has no element for it."""
        if self._last is None or self._last.number != number:
            at = bisect_left(self.numbers, number)
            if at == len(self.numbers) or self.numbers[at] != number:
                return None
            self._last = self._row(number, self.starts[at])
        return self._last

    def _row(self, number: int, start: int) -> RowXml:
        opening = _row_tag(self.prefix).match(self.source.mask, start)
        assert opening is not None
        tag, inside = opening[0], opening.end()
        if tag.endswith(b"/>"):
            return RowXml(number, Element(start, inside, inside, inside), tag)
        closing = end_tag(self.prefix, b"row").search(
            self.source.mask, inside, self.body.content_end
        )
        if closing is None:
            raise damaged(self.source.part, f"<row> {number}")
        return RowXml(number, Element(start, inside, closing.start(), closing.end()), tag)

    def row_at(self, offset: int) -> int:
        """The number of the row that holds the offset."""
        return self.numbers[bisect_right(self.starts, offset) - 1]

    def place_for(self, number: int) -> int:
        """The offset at which a row that is not there yet belongs."""
        at = bisect_left(self.numbers, number)
        return self.starts[at] if at < len(self.starts) else self.body.content_end

    def rows_between(self, first: int, last: int) -> array[int]:
        """The numbers of the rows that are there, first and last included."""
        return self.numbers[bisect_left(self.numbers, first) : bisect_right(self.numbers, last)]

    def cells(self, number: int) -> dict[int, CellXml]:
        """A row's cells by column, in their order; empty if the row is not there."""
        found = self._cells.get(number)
        if found is None:
            if len(self._cells) > 64:
                self._cells.clear()
            row = self.row(number)
            found = self._cells[number] = {} if row is None else self._read(row)
        return found

    def cell(self, number: int, column: int) -> CellXml | None:
        """One cell, None if it is not there. Its row is only read whole where the cell is not
        written in the usual form, or twice.
        """
        row = self.row(number)
        if row is None:
            return None
        mask, end = self.source.mask, row.at.content_end
        start = b'<%sc r="%s%d"' % (self.prefix, column_letters(column).encode(), number)
        at = mask.find(start, row.at.inside, end)
        found = _cell(self.prefix).match(mask, at, end) if at >= 0 else None
        if found is None or mask.find(start, found.end(), end) >= 0:
            return self.cells(number).get(column)
        return _cell_of(found, number, column)

    def has_values(self, number: int) -> bool:
        """Whether a cell of the row holds a value or a formula."""
        row = self.row(number)
        if row is None:
            return False
        return VALUE.search(self.source.mask, row.at.inside, row.at.content_end) is not None

    def _read(self, row: RowXml) -> dict[int, CellXml]:
        cells: dict[int, CellXml] = {}
        column = 0
        for match in _cell(self.prefix).finditer(
            self.source.mask, row.at.inside, row.at.content_end
        ):
            cell = _cell_of(match, row.number, column + 1)
            column = cell.column
            cells[column] = cell
        return cells

    def _index(self) -> None:
        number = 0
        for match in _row_tag(self.prefix).finditer(
            self.source.mask, self.body.inside, self.body.content_end
        ):
            told = match[1] or (attribute(match[0], b"r") if b"r" in match[2] else None)
            before, number = number, int(told) if told else number + 1
            if not before < number <= MAX_ROW:
                raise damaged(self.source.part, f"<row> {number}")
            self.numbers.append(number)
            self.starts.append(match.start())


def _cell_of(match: re.Match[bytes], row: int, column: int) -> CellXml:
    """A cell as it was matched; ``column`` is where it stands if it does not say so itself."""
    tag, ref, letters, style, kind, rest, masked = match.groups(b"")
    others = b""
    if rest.strip() not in (b"", b"/"):
        told = {name: found[0] for name, found in attributes(tag).items()}
        ref, style, kind = told.get(b"r", b""), told.get(b"s", b""), told.get(b"t", b"")
        letters = ref.rstrip(b"0123456789").replace(b"$", b"")
        others = b"".join(
            b' %s="%s"' % (name, told[name].replace(b'"', b"&quot;"))
            for name in told
            if name not in _OURS
        )
    return CellXml(
        row,
        column_number(letters.decode()) if letters else column,
        match.start(),
        match.end(1),
        match.end(),
        ref,
        style,
        kind,
        others,
        masked,
    )
