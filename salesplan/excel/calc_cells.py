"""Cells of LibreOffice Calc for xlwings: whole blocks read and written as Excel would give and take
them; see :mod:`calc`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import chain, product
from typing import Any

from salesplan.dataclass import dataclass
from salesplan.excel import xlwings
from salesplan.excel.bridge import load_uno
from salesplan.excel.calc_values import KNOWN_ERRORS, STANDARD, ErrorText, Look, Marked, for_calc
from salesplan.workbook.refs import Range as Area
from salesplan.workbook.refs import runs

base: Any = xlwings().base_classes

_VALUE, _DATETIME, _STRING, NOTE, _FORMULA = 1, 2, 4, 8, 16
"""com.sun.star.sheet.CellFlags"""

_ERROR = 4
"""com.sun.star.sheet.FormulaResult.ERROR"""

_DATE_OR_TIME, _LOGICAL = 2 | 4, 1024
"""com.sun.star.util.NumberFormat"""

_SEVERAL = "AMBIGUOUS_VALUE"
"""com.sun.star.beans.PropertyState of cells that have several formats."""

_CHARACTER = 200
"""Hundredths of a millimetre of one character, about."""

_EXCEL, _CALC = 3, 0
"""com.sun.star.sheet.AddressConvention: XL_OOX and OOO"""


Stretch = tuple[int, int, int, int]
"""Top, left, bottom and right of cells, from 0 within a block."""


def area_of(address: Any) -> Area:
    """The block of a UNO range address."""
    return Area(
        address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1
    )


def places(area: Area) -> Iterator[tuple[int, int]]:
    """The cells of an area, row by row."""
    return product(range(area.top, area.bottom + 1), range(area.left, area.right + 1))


def _blank_as_none(value: Any) -> Any:
    return None if value == "" else value


@dataclass(frozen=True, slots=True)
class Kinds:
    """Where a block holds formulas, and where numbers that are shown as days or times."""

    formulas: Sequence[Stretch]
    moments: Sequence[Stretch]


class Range(base.Range):  # type: ignore[misc]
    """A block of cells of one sheet."""

    options: Any = None

    def __init__(self, sheet: Any, area: Area) -> None:
        self._sheet = sheet
        self.area = area

    @property
    def sheet(self) -> Any:
        """The sheet that it lies on."""
        return self._sheet

    @property
    def api(self) -> Any:
        """The office's own range."""
        return self._uno(self.area)

    def _uno(self, area: Area) -> Any:
        return self.sheet.block(area)

    @property
    def _hand(self) -> Any:
        return self.sheet.hand(self.area)

    @property
    def _cells(self) -> Any:
        """Its cells, to be asked and not changed."""
        return self.sheet.look(self.area)

    @property
    def row(self) -> int:
        """Its first row, from 1."""
        return self.area.top

    @property
    def column(self) -> int:
        """Its first column, from 1."""
        return self.area.left

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns it has."""
        return self.area.bottom - self.area.top + 1, self.area.right - self.area.left + 1

    def __len__(self) -> int:
        rows, columns = self.shape
        return rows * columns

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        top, left = self.area.top + row - 1, self.area.left + column - 1
        return Range(self.sheet, Area(top, left, top, left))

    def get_address(
        self, row_absolute: bool = True, col_absolute: bool = True, external: bool = False
    ) -> str:
        """Its address; with ``external`` the sheet's name before it."""
        text = re.sub(
            r"([A-Z]+)(\d+)",
            lambda m: f"{'$' * col_absolute}{m[1]}{'$' * row_absolute}{m[2]}",
            str(self.area),
        )
        return f"'[{self.sheet.book.name}]{self.sheet.name}'!{text}" if external else text

    @property
    def address(self) -> str:
        """Its address with ``$``: ``$A$1:$C$9``."""
        return self.get_address()

    def select(self) -> None:
        """Select it in the window."""
        self.sheet.book.document.getCurrentController().select(self.api)

    # -- values

    @property
    def raw_value(self) -> list[list[Any]]:
        """The values: float, str, bool, datetime, :class:`ErrorText`; "" for a blank. A few calls,
        whatever the size.
        """
        held = self.held()
        return self._turned(held, self.kinds(held))

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        """Write a block, or one value into every cell."""
        rows, columns = self.shape
        if not isinstance(data, (list, tuple)):
            data = [[data] * columns] * rows
        elif not data or not isinstance(data[0], (list, tuple)):
            data = [data]
        written: list[list[Any]] = []
        odd: dict[tuple[int, int], Any] = {}
        for r, row in enumerate(data):
            written.append([])
            for c, value in enumerate(row):
                plain, special = for_calc(value, self.sheet.book.null_date)
                written[-1].append(plain)
                if special is not None:
                    odd[r, c] = special
        typed = {place: text for place, text in odd.items() if isinstance(text, str)}
        texts = {c for (_, c), text in odd.items() if isinstance(text, (str, Marked))}
        looks = self._looks(sorted(texts))
        self._put(written, typed)
        for block, key in looks:  # Calc gives a text that reads like a number the format Text
            self._changing(self.sheet.hand(block)).setPropertyValue("NumberFormat", key)
        for (r, c), code in odd.items():
            if isinstance(code, Look):
                cell = self._part(r, c, r, c)
                if cell.getPropertyValue("NumberFormat") % STANDARD == 0:
                    key = self.sheet.book.formats.key(code.code)
                    self._changing(cell).setPropertyValue("NumberFormat", key)

    def held(self) -> Sequence[Sequence[object]]:
        """What the block holds, in Calc's own types."""
        found: Sequence[Sequence[object]] = self._cells.getDataArray()
        return found

    def values(self, held: Sequence[Sequence[object]], kinds: Kinds) -> list[list[Any]]:
        """What the block ``held`` in Calc's own types, as values: None for a blank; ``kinds`` is
        what :meth:`kinds` gave.
        """
        return [list(map(_blank_as_none, row)) for row in self._turned(held, kinds)]

    def kinds(self, held: Sequence[Sequence[object]]) -> Kinds:
        """What of the block that ``held`` this is a formula, a day or a time.

        Each question costs as much as ten calls, and most sheets have neither: both are asked for
        in one, and apart only where there is something.
        """
        dated = any(type(value) is float for value in chain.from_iterable(held))
        either = self._held_by(_FORMULA | _DATETIME if dated else _FORMULA)
        moments = self._held_by(_DATETIME) if dated and either else []
        if sum(map(_count, moments)) == sum(map(_count, either)):
            return Kinds([], moments)
        return Kinds(self._held_by(_FORMULA) if moments else either, moments)

    def _held_by(self, flags: int) -> list[Stretch]:
        return list(_within(self.area, self._cells.queryContentCells(flags)))

    def formula_cells(self, kinds: Kinds) -> Iterator[tuple[int, int]]:
        """The cells of its formulas, row and column on the sheet."""
        for row, column in _places(kinds.formulas):
            yield self.area.top + row, self.area.left + column

    def _turned(self, held: Sequence[Sequence[Any]], kinds: Kinds) -> list[list[Any]]:
        rows = [list(row) for row in held]
        for top, left, bottom, right in kinds.moments:
            self._turn(rows, top, left, bottom, right, self._moment)
        if kinds.formulas:
            for place in _within(self.area, self._cells.queryFormulaCells(_ERROR)):
                self._lay_errors(rows, place)
        for place in (*kinds.formulas, *self._zeros_and_ones(rows)):
            self._turn_by_format(rows, place)
        return rows

    def _turn(
        self, rows: list[list[Any]], top: int, left: int, bottom: int, right: int, change: Any
    ) -> None:
        for row in rows[top : bottom + 1]:
            for column in range(left, right + 1):
                if isinstance(row[column], float):
                    row[column] = change(row[column])

    def _moment(self, serial: float) -> datetime | float:
        try:
            exact = datetime.combine(self.sheet.book.null_date, time()) + timedelta(days=serial)
        except OverflowError:
            return serial
        return exact + timedelta(microseconds=500 - (exact.microsecond + 500) % 1000)

    def _turn_by_format(self, rows: list[list[Any]], place: Stretch) -> None:
        """Dates, times and truth values among the cells of a block: known by their number formats
        only.
        """
        top, left, bottom, right = place
        block = self._part(top, left, bottom, right)
        key = block.getPropertyValue("NumberFormat")
        uniform = (
            [(key, [place])]
            if key is not None
            else [
                (one.getPropertyValue("NumberFormat"), _within(self.area, one))
                for one in _each(block.getUniqueCellFormatRanges())
            ]
        )
        for key, stretches in uniform:
            kind = self.sheet.book.formats.kind(key)
            change: Any = bool if kind & _LOGICAL else None
            change = self._moment if kind & _DATE_OR_TIME else change
            for stretch in stretches if change else ():
                self._turn(rows, *stretch, change)

    def _zeros_and_ones(self, rows: Sequence[Sequence[Any]]) -> Iterator[Stretch]:
        """Of each column the stretch that holds numbers 0 or 1, which may be truth values."""
        for column in range(self.shape[1]):
            hits = [
                row
                for row, cells in enumerate(rows)
                if isinstance(cells[column], float) and cells[column] in (0.0, 1.0)
            ]
            if hits:
                yield hits[0], column, hits[-1], column

    def _lay_errors(self, rows: list[list[Any]], place: Stretch) -> None:
        top, left, bottom, right = place
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                cell = self.sheet.sheet.getCellByPosition(
                    self.area.left + column - 1, self.area.top + row - 1
                )
                rows[row][column] = ErrorText(KNOWN_ERRORS.get(cell.getError(), "#VALUE!"))

    def _looks(self, columns: Sequence[int]) -> list[tuple[Area, int]]:
        """Areas of the columns with the number format of each."""
        found = []
        for column in columns:
            area = self._area(0, column, self.shape[0] - 1, column)
            block = self.sheet.hand(area)
            key = block.getPropertyValue("NumberFormat")
            if key is not None:
                found.append((area, key))
                continue
            for group in _each(block.getUniqueCellFormatRanges()):
                found += [
                    (area_of(address), group.getPropertyValue("NumberFormat"))
                    for address in group.getRangeAddresses()
                ]
        return found

    def _cell(self, row: int, column: int) -> Any:
        return self.sheet.sheet.getCellByPosition(
            self.area.left + column - 1, self.area.top + row - 1
        )

    def _put(self, rows: Sequence[Sequence[Any]], typed: dict[tuple[int, int], str]) -> None:
        """Values, formulas in Excel's grammar, and texts to be read as if typed, in blocks; a cell
        with a note by itself, since Calc drops the notes of a block that is written."""
        typed = typed | self._translated(
            {place: text for place, text in typed.items() if text.startswith("=")}
        )
        top, left = self.area.top, self.area.left
        noted = {(r - top, c - left) for r, c in self.sheet.noted if self.area.holds(r, c)}
        for top, bottom in runs(sorted(set(range(len(rows))) - {r for r, _ in noted})):
            self._changing(self._part(top, 0, bottom, len(rows[0]) - 1)).setDataArray(
                tuple(map(tuple, rows[top : bottom + 1]))
            )
        beside = set(product({r for r, _ in noted}, range(len(rows[0]))))
        for r, c in sorted(beside - typed.keys()):
            cell, value = self._changing(self._cell(r, c)), rows[r][c]
            if isinstance(value, float):
                cell.setValue(value)
            else:  # clearContents would switch the undo list on again
                (cell.setString if value else cell.setFormula)(value)
        for column in sorted({c for _, c in typed}):
            for top, bottom in runs(
                sorted(r for r, c in typed if c == column and (r, c) not in noted)
            ):
                self._changing(self._part(top, column, bottom, column)).setFormulaArray(
                    tuple((typed[r, column],) for r in range(top, bottom + 1))
                )
        for r, c in noted & typed.keys():
            self._changing(self._cell(r, c)).setFormula(typed[r, c])

    def _changing(self, thing: Any) -> Any:
        """What is about to be changed."""
        self.sheet.book.before_change()
        return thing

    @property
    def column_width(self) -> float:
        """In characters, about."""
        return float(self.api.getColumns().getPropertyValue("Width")) / _CHARACTER

    @column_width.setter
    def column_width(self, value: float) -> None:
        """Set the width of its columns, in characters."""
        self.api.getColumns().setPropertyValue("Width", int(value * _CHARACTER))

    def _part(self, top: int, left: int, bottom: int, right: int) -> Any:
        """A block within this one, by places from 0, to be used at once."""
        return self.sheet.hand(self._area(top, left, bottom, right))

    def _area(self, top: int, left: int, bottom: int, right: int) -> Area:
        return Area(
            self.area.top + top,
            self.area.left + left,
            self.area.top + bottom,
            self.area.left + right,
        )

    def _translated(self, formulas: dict[tuple[int, int], str]) -> dict[tuple[int, int], str]:
        if not formulas:
            return {}
        reader, writer = (self._parser(convention) for convention in (_EXCEL, _CALC))
        origin = load_uno().createUnoStruct(
            "com.sun.star.table.CellAddress", Sheet=self.sheet.index - 1
        )
        found = {}
        for (r, c), text in formulas.items():
            origin.Row, origin.Column = self.area.top + r - 1, self.area.left + c - 1
            found[r, c] = "=" + writer.printFormula(reader.parseFormula(text[1:], origin), origin)
        return found

    def _parser(self, convention: int) -> Any:
        parser = self.sheet.book.document.createInstance("com.sun.star.sheet.FormulaParser")
        parser.setPropertyValue("CompileEnglish", True)
        parser.setPropertyValue("FormulaConvention", convention)
        return parser

    @property
    def formula(self) -> tuple[tuple[str, ...], ...]:
        """As Excel gives it: formulas in its own grammar, a constant as its text."""
        given = self._hand.getFormulaArray()
        if not any(text.startswith("=") for text in chain.from_iterable(given)):
            return tuple(given)
        reader, writer = (self._parser(convention) for convention in (_CALC, _EXCEL))
        origin = load_uno().createUnoStruct(
            "com.sun.star.table.CellAddress", Sheet=self.sheet.index - 1
        )
        rows = [list(row) for row in given]
        for r, c in _places(self._held_by(_FORMULA)):
            origin.Row, origin.Column = self.area.top + r - 1, self.area.left + c - 1
            rows[r][c] = "=" + writer.printFormula(
                reader.parseFormula(rows[r][c].strip("{}")[1:], origin), origin
            )
        return tuple(map(tuple, rows))

    @formula.setter
    def formula(self, value: Any) -> None:
        """Write formulas or values."""
        self.raw_value = value

    def clear_contents(self) -> None:
        """Empty its cells; their looks stay."""
        self._changing(self._hand).clearContents(_VALUE | _DATETIME | _STRING | _FORMULA)

    # -- looks

    def _state(self, name: str) -> str:
        return str(self._hand.getPropertyState(name).value)

    @property
    def number_format(self) -> str | None:
        """Excel's code of the format, None where the cells have several."""
        key = self._hand.getPropertyValue("NumberFormat")
        if key == 0 and len(self) > 1 and self._state("NumberFormat") == _SEVERAL:
            return None  # LibreOffice gives 0 of several formats, as of the general one
        return None if key is None else self.sheet.book.formats.code(key)

    @number_format.setter
    def number_format(self, code: str) -> None:
        """Show its numbers by Excel's format code."""
        key = self.sheet.book.formats.key(code)
        self._changing(self._hand).setPropertyValue("NumberFormat", key)

    @property
    def color(self) -> tuple[int, int, int] | None:
        """The red, green and blue of its background; None for none."""
        value = self._hand.getPropertyValue("CellBackColor")
        return (
            None
            if value is None or value < 0
            else (value >> 16 & 255, value >> 8 & 255, value & 255)
        )

    @property
    def merge_cells(self) -> bool | None:
        """Whether the cell is merged; of several cells False or None (some are)."""
        if self._cells.getIsMerged():  # tells of top left cells only
            return True if self.area.single else None
        return self.area.single and self.merge_area.area != self.area

    @property
    def merge_area(self) -> Range:
        """The merged cells that its first cell is one of, else that cell."""
        cursor = self.sheet.sheet.createCursorByRange(
            self._uno(Area(self.area.top, self.area.left, self.area.top, self.area.left))
        )
        cursor.collapseToMergedArea()
        return Range(self.sheet, area_of(cursor.getRangeAddress()))

    def autofill(self, destination: Any, type_: str) -> None:
        """The destination, whose first row this is, looks like it: ``fill_copy`` its formulas go on
        too, ``fill_formats`` it stays blank.
        """
        if type_ not in ("fill_formats", "fill_copy"):
            raise ValueError(type_)
        target = destination.impl.area
        source = self._hand.getRangeAddress()
        top = target.top + self.shape[0]
        while top <= target.bottom:  # each copy is of all rows so far
            rows = min(top - target.top, target.bottom - top + 1)
            source.EndRow = source.StartRow + rows - 1
            place = load_uno().createUnoStruct(
                "com.sun.star.table.CellAddress", source.Sheet, target.left - 1, top - 1
            )
            self._changing(self.sheet.sheet).copyRange(place, source)
            top += rows
        if type_ == "fill_copy":
            return
        rest = Area(target.top + self.shape[0], target.left, target.bottom, target.right)
        blank = ("",) * (rest.right - rest.left + 1)
        self._changing(self.sheet.hand(rest)).setDataArray((blank,) * (rest.bottom - rest.top + 1))


def _places(stretches: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    return chain.from_iterable(places(Area(*one)) for one in stretches)


def _count(stretch: Stretch) -> int:
    """How many cells it has."""
    top, left, bottom, right = stretch
    return (bottom - top + 1) * (right - left + 1)


def _each(container: Any) -> Iterator[Any]:
    return (container.getByIndex(index) for index in range(container.getCount()))


def _within(area: Area, ranges: Any) -> Iterator[Stretch]:
    """UNO ranges as (top, left, bottom, right) from 0 within the area."""
    addresses: Iterable[Any] = ranges.getRangeAddresses()
    return (_relative(area, area_of(address)) for address in addresses)


def _relative(area: Area, inner: Area) -> Stretch:
    return (
        inner.top - area.top,
        inner.left - area.left,
        inner.bottom - area.top,
        inner.right - area.left,
    )
