"""A long sheet of plain values, taken apart while it is inflated: every distinct cell is looked at
once.

A hundred thousand rows are a million cells, of which some tens of thousands differ. Here the rows
of a sheet in ordinary form become numbers of distinct cells; what those mean is calamine's to say:
it is given one column of them. Only a plain number is read here. The XML is never held as a whole,
and anything else (a formula, an error, another form) is left to
:mod:`salesplan.workbook.read.sheetscan`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import count
from operator import lt

from salesplan.dataclass import dataclass, field
from salesplan.workbook.read.sheetrewrite import MAX_ROW_GAP
from salesplan.workbook.read.sheetscan import LONG, merged, most_columns
from salesplan.workbook.refs import MAX_ROW, column_letters, column_number
from salesplan.workbook.zip.package import is_utf8

_WIDEST = 101
_AT_ONCE = 500
"""Rows that are laid into columns together."""
_LONGEST_ROW = 2**20

_CELL = (
    rb'((?: s="\d++")?+(?:/>|(?: t="(?:n|s|b|str)")?+><v>[^<]++</v></c>'
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?+>[^<]*+</t></is></c>))'
)
_REFERENCE = re.compile(rb'<c r="([A-Z]{1,2})\d')
_NUMBER = re.compile(
    rb'((?: s="\d++")?+(?: t="n")?+)><v>(-?\d++(?:\.\d*+)?+(?:[eE][-+]?\d++)?+)</v></c>'
)
_BLANK = b"/>"

Look = bytes
"""The attributes of a number's cell, which decide whether it is a date."""


@dataclass(frozen=True, slots=True)
class LongSheet:
    """The cells by column, as places in ``distinct`` (the first one is no cell at all); ``head``
    and ``tail`` stand around the rows.
    """

    head: bytes
    tail: bytes
    columns: Sequence[Sequence[int]]
    distinct: Sequence[bytes]
    numbers: Sequence[tuple[Look, float] | None]
    """Of each distinct cell that may be a plain number, its look and the number."""

    @property
    def looks(self) -> Sequence[Look]:
        """The different looks of numbers."""
        return list(dict.fromkeys(number[0] for number in self.numbers if number is not None))

    def unclear(self, plain: Collection[Look]) -> Sequence[int]:
        """The distinct cells whose meaning has to be asked for, where numbers of ``plain`` looks
        are no dates.
        """
        return [
            place
            for place, (cell, number) in enumerate(zip(self.distinct, self.numbers, strict=True))
            if not (cell.endswith(_BLANK) or (number is not None and number[0] in plain))
        ]

    @property
    def merges(self) -> tuple[str, ...]:
        """The merged ranges of the sheet."""
        return merged(self.tail)

    def one_column(self, cells: Sequence[bytes]) -> bytes:
        """The sheet with nothing but these cells, one under another."""
        rows = (
            b'<row r="%d"><c r="A%d"%s</row>' % (row, row, cell)
            for row, cell in enumerate(cells, 1)
        )
        return b"".join([self.head, *rows, self.tail])


@dataclass(slots=True)
class _Reader:
    """Rows as they come; the number of a cell is its place among the distinct ones, a missing
    cell's is 0.
    """

    max_area: int
    columns: list[list[int]] = field(default_factory=list)
    places: defaultdict[bytes | None, int] = field(
        default_factory=lambda: defaultdict(count(1).__next__, {None: 0})
    )
    rows: int = 0
    given: int = 0
    """Rows that the sheet lists, blank ones in between not counted."""
    pending: list[tuple[bytes | None, ...]] = field(default_factory=list)

    def match(self) -> Callable[[bytes, int], re.Match[bytes] | None]:
        """The pattern of a whole row with no more than the columns known so far."""
        letters = (column_letters(number).encode() for number in range(1, len(self.columns) + 1))
        cells = b"".join(rb'(?:<c r="%s\1"%s)?+' % (name, _CELL) for name in letters)
        return re.compile(rb'<row r="([1-9]\d{0,6}+)"[^<>]*+(?:(?<=/)>|>%s</row>)' % cells).match

    def widen(self, row: bytes) -> bool:
        """Make room for the columns of a row that did not match; False where that is not what is
        wrong, or there is no room.
        """
        width = max(
            map(column_number, (name.decode() for name in _REFERENCE.findall(row))), default=0
        )
        if (
            not len(self.columns) < width <= _WIDEST
            or not self.flush()
            or self.rows * width > self.max_area
        ):
            return False
        self.columns.extend([0] * self.rows for _ in range(width - len(self.columns)))
        return True

    def flush(self) -> bool:
        """Lay the pending rows into the columns; False where they are out of order, far away or too
        many.
        """
        if not self.pending:
            return True
        texts, *cells = zip(*self.pending, strict=True)
        numbers, before = list(map(int, texts)), self.rows
        self.given += len(numbers)
        self.rows = last = numbers[-1]
        if (
            not all(map(lt, [before, *numbers], numbers))
            or last > min(self.given + MAX_ROW_GAP, MAX_ROW)
            or last * len(self.columns) > self.max_area
        ):
            return False
        place = self.places.__getitem__
        for column, found in zip(self.columns, cells, strict=True):
            if last - before == len(numbers):
                column.extend(map(place, found))
            else:
                column.extend([0] * (last - before))
                for number, cell in zip(numbers, found, strict=True):
                    column[number - 1] = place(cell)
        self.pending.clear()
        return True


def read_long(pieces: Iterator[bytes], max_area: int) -> LongSheet | None:
    """The sheet that the pieces of XML (UTF-8) make up; None where it is not one of plain values in
    ordinary form, with no cell far away.
    """
    head = _head(pieces)
    if head is None or not is_utf8(head[0]):
        return None
    reader = _Reader(max_area)
    tail = _rows(reader, pieces, head[1])
    if tail is None or not reader.flush():
        return None
    rest = b"".join([tail, *pieces])
    if (
        b"sheetData" in rest[len(b"</sheetData>") :]
        or b"<!DOCTYPE" in head[0]
        or b"<!DOCTYPE" in rest
    ):
        return None
    if len(reader.columns) > most_columns(reader.given, max_area):
        return None
    distinct = [_BLANK if cell is None else cell for cell in reader.places]
    return LongSheet(
        head[0], rest, _used(reader, distinct), distinct, [_number(cell) for cell in distinct]
    )


def _head(pieces: Iterator[bytes]) -> tuple[bytes, bytes] | None:
    """What stands before the first row, the start of the sheet data with it, and what was read
    behind that.
    """
    head, start = b"", b"<sheetData>"
    for piece in pieces:
        head += piece
        found = head.find(b"sheetData")
        if 0 < found <= len(head) - len(start):
            end = found - 1 + len(start)
            return (head[:end], head[end:]) if head[found - 1 : end] == start else None
        if len(head) > LONG:
            return None
    return None


def _rows(reader: _Reader, pieces: Iterator[bytes], left: bytes) -> bytes | None:
    """Read row by row; gives what follows the last one, its end tag first. None where something is
    not in ordinary form.
    """
    match, at = reader.match(), 0
    while True:
        if found := match(left, at):
            reader.pending.append(found.groups())
            at = found.end()
            if len(reader.pending) == _AT_ONCE and not reader.flush():
                return None
            continue
        if left.startswith(b"</sheetData>", at):
            return left[at:]
        end = left.find(b"</row>", at)
        if end >= 0:
            if not reader.widen(left[at:end]):
                return None
            match = reader.match()
            continue
        piece = next(pieces, None)
        if piece is None or len(left) - at > _LONGEST_ROW:
            return None
        left, at = left[at:] + piece, 0


def _used(reader: _Reader, distinct: Sequence[bytes]) -> list[list[int]]:
    """The columns up to the last one with a value, and down to the last row with one."""
    blank = {place for place, cell in enumerate(distinct) if cell.endswith(_BLANK)}
    columns = reader.columns
    while columns and blank.issuperset(columns[-1]):
        columns.pop()
    last = reader.rows
    while last and all(column[last - 1] in blank for column in columns):
        last -= 1
    for column in columns:
        del column[last:]
    return columns


def _number(cell: bytes) -> tuple[Look, float] | None:
    found = _NUMBER.fullmatch(cell)
    return None if found is None else (found[1], float(found[2]))
