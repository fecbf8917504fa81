"""Rows under all that a sheet has, as XML: they are alike but for their numbers and values, so a
block of them at a time is filled into one form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import repeat
from operator import itemgetter
from types import NoneType
from typing import NamedTuple

from salesplan.findings import SalesplanError
from salesplan.workbook.changes import NewRows
from salesplan.workbook.xml.cellxml import DIGITS, LONGEST_TEXT
from salesplan.workbook.xml.xmlscan import plain_texts

Make = Callable[[object, int], bytes]
"""What stands behind the row's number in the cell of a value and a row; nothing for no cell."""

_REPEATED = frozenset((str, date, datetime))
"""Kinds of value that are equal only where they are written alike: 1.0 and 1.00 are not."""

_NUMBERS = frozenset((Decimal, int))
_PLAIN_NUMBERS = re.compile(r"[-0-9.\n]*")
_KEPT = 4096


class Tails(dict[object, bytes]):
    """What stands behind the row's number in a column's cells, by value.

    Texts and days are kept, of which the same few stand in very many rows. Where there are more,
    plain ones are framed, as plain numbers are: what stands around the value is the same for all.
    """

    def __init__(self, make: Make, first: int, calculated: bool) -> None:
        super().__init__()
        self.make, self._first, self.calculated = make, first, calculated
        self._frames: dict[object, tuple[bytes, bytes]] = {}
        self.blank = make(None, first)
        if not calculated:
            self[None] = self.blank

    def __missing__(self, value: object) -> bytes:
        tail = self.make(value, self._first)
        if type(value) in _REPEATED and len(self) < _KEPT:
            self[value] = tail
        return tail

    def of(self, rows: range, values: Sequence[object]) -> list[bytes]:
        """The tails of the values of these rows."""
        kinds = set(map(type, values))
        if self.calculated and NoneType in kinds:
            return list(map(self.make, values, rows))
        framed = None
        if kinds <= _NUMBERS:
            framed = self._numbers(values)
        elif kinds == {str} and len(self) >= _KEPT:
            framed = self._texts(values)
        return list(map(self.__getitem__, values)) if framed is None else framed

    def _numbers(self, values: Sequence[object]) -> list[bytes] | None:
        texts = list(map(str, values))
        if not _PLAIN_NUMBERS.fullmatch("\n".join(texts)) or max(map(len, texts)) > DIGITS:
            return None
        before, behind = self._frame(1, b"1")
        written = [text if value else "0" for text, value in zip(texts, values, strict=True)]
        return [b"%s%s%s" % (before, text, behind) for text in map(str.encode, written)]

    def _texts(self, values: Sequence[object]) -> list[bytes] | None:
        texts = list(map(str, values))
        if not plain_texts(texts) or 2 * max(map(len, texts)) > LONGEST_TEXT:
            return None
        before, behind = self._frame("x", b"x")
        return [b"%s%s%s" % (before, text, behind) for text in map(str.encode, texts)]

    def _frame(self, value: object, written: bytes) -> tuple[bytes, bytes]:
        if value not in self._frames:
            before, _, behind = self.make(value, self._first).rpartition(b">%s<" % written)
            self._frames[value] = before + b">", b"<" + behind
        return self._frames[value]


class FormColumn(NamedTuple):
    """A column of the form: what its cells begin with, which of a row's values they hold (None: of
    none), and how they go on.
    """

    head: bytes
    at: int | None
    tails: Tails

    def values(self, rows: range, given: Sequence[Sequence[object]]) -> Sequence[object]:
        """Its values in a block of rows."""
        return (None,) * len(rows) if self.at is None else given[self.at]


Cells = Sequence[tuple[bytes, list[bytes]]]
"""Of each column that has a cell in a block: the head, and the tails row by row."""


class Form(NamedTuple):
    """The form of a row: its start tag before and behind its number, its cells, its end tag."""

    opening: bytes
    behind: bytes
    columns: Sequence[FormColumn]
    closing: bytes

    def prepare(self, rows: NewRows) -> None:
        """Make a cell of each kind of value, in the order of the cells: then the formats that they
        need are known.
        """
        met: set[tuple[int, type]] = set()
        for numbers, given in rows.blocks():
            first: list[tuple[int, int, object]] = []
            for at, column in enumerate(self.columns):
                first += _firsts(at, numbers, column.values(numbers, given), met)
            for row, at, value in sorted(first, key=itemgetter(0, 1)):
                self.columns[at].tails.make(value, row)

    def reached(self, rows: NewRows) -> tuple[int, int] | None:
        """The numbers of the first and the last row that has a cell."""
        if any(column.tails.blank or column.tails.calculated for column in self.columns):
            return rows.first, rows.last
        there = [row for row, values in enumerate(rows.rows, rows.first) if any(map(_is, values))]
        return (there[0], there[-1]) if there else None

    def filled(self, rows: NewRows) -> Iterator[bytes]:
        """The rows as XML, block by block; a row without any cell is left out.

        Raises SalesplanError for the first value that a cell cannot hold.
        """
        for numbers, given in rows.blocks():
            values = [column.values(numbers, given) for column in self.columns]
            try:
                made = [
                    (column.head, column.tails.of(numbers, those))
                    for column, those in zip(self.columns, values, strict=True)
                ]
            except SalesplanError:
                self._refuse(numbers, values)
                raise
            cells = [(head, tails) for head, tails in made if any(tails)]
            digits = list(map(b"%d".__mod__, numbers))
            if all(all(tails) for _, tails in cells):
                yield self._whole(digits, cells)
            else:
                yield self._with_gaps(digits, cells)

    def _whole(self, digits: Sequence[bytes], cells: Cells) -> bytes:
        """Rows that all have the same cells: the number parts what stands between them."""
        if not cells:
            return b""
        heads = [head for head, _ in cells]
        count = len(digits)
        between: list[Iterable[bytes]] = [
            repeat(self.opening, count),
            repeat(self.behind + heads[0], count),
        ]
        for (_, tails), following in zip(cells, [*heads[1:], self.closing], strict=True):
            between.append([tail + following for tail in tails])
        return b"".join(map(bytes.join, digits, zip(*between, strict=True)))

    def _with_gaps(self, digits: Sequence[bytes], cells: Cells) -> bytes:
        heads = [head for head, _ in cells]
        rows = []
        for number, *tails in zip(digits, *(tails for _, tails in cells), strict=True):
            inside = [head + number + tail for head, tail in zip(heads, tails, strict=True) if tail]
            if inside:
                rows.append(b"".join((self.opening, number, self.behind, *inside, self.closing)))
        return b"".join(rows)

    def _refuse(self, numbers: range, values: Sequence[Sequence[object]]) -> None:
        """Raise for the first of the values that a cell cannot hold, row by row."""
        for row, *those in zip(numbers, *values, strict=True):
            for column, value in zip(self.columns, those, strict=True):
                column.tails.make(value, row)


def _is(value: object) -> bool:
    return value is not None


def _firsts(
    at: int, numbers: range, values: Sequence[object], met: set[tuple[int, type]]
) -> Iterator[tuple[int, int, object]]:
    """The first value of each kind that was not met yet in the column, with its row and column; of
    moments all: midnight looks like a day.
    """
    new = {kind for kind in set(map(type, values)) if (at, kind) not in met}
    if not new:
        return
    for row, value in zip(numbers, values, strict=True):
        kind = type(value)
        if kind in new and value not in (None, ""):
            yield row, at, value
            if kind is not datetime:
                new.remove(kind)
                met.add((at, kind))
