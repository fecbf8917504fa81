"""New rows read back from the part that they were written into, piece by piece: a sheet of a
million rows is never held whole.

A row that is written as this program writes, and holds what it should, is taken out of the part;
what is left is looked at whole, with one row of each form. So nothing goes unread: a row that was
taken out differs from one that is left in its number and in its values alone, and these are strict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from salesplan.workbook.changes import CellChange, NewRows
from salesplan.workbook.refs import column_number
from salesplan.workbook.xml.cellxml import number_text, serial
from salesplan.workbook.xml.xmlscan import is_utf8, unescape, unescape_text

_TEXT = r"[^<&\x00-\x1f\ufffe\uffff]*(?:&(?:amp|lt|gt);[^<&\x00-\x1f\ufffe\uffff]*)*"
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]+)?"
_VALUE = (
    r'<c r="%s\2"(?: s="[0-9]+")?(?:/>|><v>('
    + _NUMBER
    + r')</v></c>| t="inlineStr"><is><t(?: xml:space="preserve")?>('
    + _TEXT
    + r")</t></is></c>)"
)
_END = "</row>"
_ROW = re.compile(r'<row r="([0-9]+)"([^<>]*)>(.*?)</row>', re.S)
_CELL = re.compile(r'<c r="([A-Z]{1,3})([0-9]+)"((?:(?!<c r=").)*)', re.S)
_FORMULA = re.compile(r"<f>[^<]*</f>")
_MOST_FORMS = 20
"""Forms of rows that are learned; the rows of any other are looked at cell by cell."""


Run = Sequence[tuple[str, ...]]
"""Rows that follow one another: of each all that is written, its number, and of each column the
number and the text in its cell, one of them or none.
"""


class ReadBack(NamedTuple):
    """What is left of a part, and the cells that are to be looked for in it."""

    rest: bytes
    unclear: Sequence[CellChange]


def read_back(pieces: Iterable[bytes], rows: NewRows, date1904: bool) -> ReadBack | None:
    """The part without those of the rows that plainly say what they should; None where that cannot
    be told piece by piece: it holds comments, or is in another encoding.

    Raises ValueError where it is no UTF-8 in the midst of rows.
    """
    reader = _Reader(rows, date1904)
    rest: list[bytes] = []
    held = b""
    for number, piece in enumerate(pieces):
        data = held + piece
        if b"<!" in data or data.find(b"<?", 0 if number else 2) >= 0:
            return None
        if not number and not is_utf8(data):
            return None
        end = data.rfind(_END.encode()) + len(_END)
        if end < len(_END):
            end = max(len(data) - len(_END), 0)
            rest.append(data[:end])
        else:
            rest.append(reader.left_of(data[:end]))
        held = data[end:]
    return ReadBack(b"".join([*rest, held]), list(reader.unclear()))


class _Reader:
    def __init__(self, rows: NewRows, date1904: bool) -> None:
        self.rows, self.date1904 = rows, date1904
        self.used = sorted(rows.used, key=lambda at: column_number(rows.columns[at][0]))
        self.gaps: set[int] = set()
        for _, columns in rows.blocks():
            self.gaps |= {at for at in self.used if None in columns[at]}
        self.form: re.Pattern[str] | None = None
        self.forms = 0
        self.models: set[int] = set()
        """Rows from which a form was learned: they are left in the part."""
        self.read: list[range] = []
        """The numbers of rows that were taken out."""
        self.serial = lru_cache(4096)(self._serial)

    def unclear(self) -> Iterator[CellChange]:
        """The changes of the rows that were not taken out."""
        at = self.rows.first
        for numbers in self.read:
            yield from self.rows.part(at, numbers.start - 1).changes()
            at = numbers.stop
        yield from self.rows.part(at, self.rows.last).changes()

    def left_of(self, block: bytes) -> bytes:
        """What is left of a block that ends with a row."""
        if block.find(b"<row") < 0:
            return block
        text = block.decode()
        parts = self._parted(text)
        if self._learned(parts):
            parts = self._parted(text)
        left: list[str] = []
        for between, run in parts:
            left.append(between)
            left += self._rows_left(run)
        return "".join(left).encode()

    def _parted(self, text: str) -> Sequence[tuple[str, Run]]:
        """The rows of the form that is known, as far as they follow one another, each time with
        what stands before them.
        """
        if self.form is None:
            return [(text, ())]
        whole = self.form.findall(text)
        if sum(len(row[0]) for row in whole) == len(text):
            return [("", whole)]
        parts: list[tuple[str, list[tuple[str, ...]]]] = [("", [])]
        at = 0
        for row in self.form.finditer(text):
            if row.start() > at:
                parts.append((text[at : row.start()], []))
            parts[-1][1].append(row.groups(""))
            at = row.end()
        return [*parts, (text[at:], [])]

    def _learned(self, parts: Sequence[tuple[str, Run]]) -> bool:
        """Whether a form was learned from the last of the rows that are in none that is known."""
        if self.forms == _MOST_FORMS:
            return False
        model = None
        for between, _ in parts:
            for row in _ROW.finditer(between):
                if self.rows.first <= int(row[1]) <= self.rows.last:
                    model = row
        if model is None:
            return False
        self.forms += 1
        form = self._form_of(model)
        if form is None or not form.fullmatch(model[0]):
            return False
        self.form = form
        self.models.add(int(model[1]))
        return True

    def _form_of(self, model: re.Match[str]) -> re.Pattern[str] | None:
        """What a row of the same form looks like: the same but for its number and its values."""
        cells: dict[int, str] = {}
        for letters, number, rest in _CELL.findall(model[3]):
            if number != model[1]:
                return None
            written = _FORMULA.sub(lambda _: f"<f>{_TEXT}</f>", re.escape(rest))
            cells[column_number(letters)] = rf'<c r="{letters}\2"{written}'
        for at in self.used:
            letters = self.rows.columns[at][0]
            cell = _VALUE % letters
            cells[column_number(letters)] = f"(?:{cell})?" if at in self.gaps else cell
        inside = "".join(cells[column] for column in sorted(cells))
        return re.compile(f'(<row r="([0-9]+)"{re.escape(model[2])}>{inside}</row>)')

    def _rows_left(self, found: Sequence[tuple[str, ...]]) -> list[str]:
        """Of rows that follow one another those that do not plainly say what they should."""
        if not found:
            return []
        written, digits, *said = zip(*found, strict=True)
        first = int(digits[0])
        numbers = range(first, first + len(digits))
        known = self.read[-1].stop if self.read else self.rows.first
        if (
            list(map(int, digits)) != list(numbers)
            or numbers.start < known
            or numbers.stop > self.rows.last + 1
        ):
            return list(written)
        wrong = {number - first for number in self.models if number in numbers}
        columns = self.rows.part(numbers.start, numbers.stop - 1).by_column
        for place, at in enumerate(self.used):
            plain, inline = said[2 * place : 2 * place + 2]
            wrong |= self._wrong(plain, inline, columns[at])
        self._take_out(numbers, sorted(wrong))
        return [written[at] for at in sorted(wrong)]

    def _take_out(self, numbers: range, wrong: Sequence[int]) -> None:
        start = numbers.start
        for at in wrong:
            if numbers[at] > start:
                self.read.append(range(start, numbers[at]))
            start = numbers[at] + 1
        if start < numbers.stop:
            self.read.append(range(start, numbers.stop))

    def _wrong(
        self, plain: Sequence[str], inline: Sequence[str], meant: Sequence[object]
    ) -> set[int]:
        """Which of a column's cells do not say what was meant."""
        there, wanted = _said(plain, inline), self._wanted(meant)
        if there == wanted:
            return set()
        pairs = enumerate(zip(there, wanted, strict=True))
        return {at for at, (one, other) in pairs if one != other}

    def _wanted(self, meant: Sequence[object]) -> list[object]:
        kinds = set(map(type, meant))
        if kinds == {str}:
            return [value or None for value in meant]
        if kinds <= {Decimal, int}:
            return list(meant)
        return [self._want(value) for value in meant]

    def _want(self, value: object) -> object:
        if value is None or value == "":
            return None
        if type(value) in (str, Decimal, int):
            return value
        return self.serial(value) if isinstance(value, date) else _OTHER

    def _serial(self, day: date) -> object:
        try:
            return Decimal(number_text(serial(day, self.date1904)))
        except ValueError:
            return _OTHER


_OTHER = object()
"""A value that is only read cell by cell."""


def _said(plain: Sequence[str], inline: Sequence[str]) -> list[object]:
    """What the cells of a column say: a number, a text, or nothing."""
    if not any(plain):
        return _texts(inline)
    numbers: list[object] = [Decimal(one) if one else None for one in plain]
    if not any(inline):
        return numbers
    return [
        text if number is None else number
        for number, text in zip(numbers, _texts(inline), strict=True)
    ]


def _texts(inline: Sequence[str]) -> list[object]:
    joined = "".join(inline)
    if "&" in joined or "_x" in joined:
        inline = [unescape_text(unescape(one)) for one in inline]
    return [one or None for one in inline]
