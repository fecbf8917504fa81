"""One sheet of an open workbook that changes: what its cells held, tables that grow, formats."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain, repeat
from types import NoneType
from typing import Any

from salesplan.excel import journal
from salesplan.excel.blocks import Block, blocks, written
from salesplan.excel.conflicts import formulas_of, meanwhile
from salesplan.excel.hosts import TEXT_FORMAT, is_calc, kept_as_text, parts_by_format, put
from salesplan.excel.live import grid
from salesplan.fill import Edit
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.loader import Loaded, Source
from salesplan.workbook.changes import CellStyle
from salesplan.workbook.read.cells import CellValue
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import Range, column_number, parse_cell

_LINE = 8
"""Characters that every column has room for in one line."""

_FORMATS = {CellStyle.PERCENT: "0.00%", CellStyle.DATE: "yyyy-mm-dd", CellStyle.AMOUNT: "#,##0.00"}


class Page:
    """One sheet that changes."""

    def __init__(self, sheet: Any, loaded: Loaded, changed: Sequence[Block]) -> None:
        self.sheet = sheet
        self.blocks = changed
        self._formats: list[tuple[Range, str, bool]] = []
        self._computed: list[Range] = []
        self.tables = [table for table in loaded.tables.values() if table.sheet == sheet.name]

    def before(self, read: Source | None = None) -> journal.Before:
        """What the cells hold: as they were ``read`` and compared just now, else as they are.
        Raises SalesplanError live-changed-meanwhile where that is not what the edits are for.
        """
        name = self.sheet.name
        known = read.grids.get(name) if read is not None else None
        now = known or grid(self.sheet, self.sheet.book.name)
        formulas = read.formulas.get(name) if read is not None else None
        cells: dict[str, tuple[Any, Any]] = {}
        for block in self.blocks:
            for edit, formula in self._with_formulas(block, formulas):
                value = now.value(*parse_cell(edit.cell))
                if value != edit.old:
                    raise meanwhile(self.sheet.book, name, edit.cell)
                cells[edit.cell] = (
                    journal.packed(value, None if formula == value else formula),
                    journal.packed(_cell_value(edit.new)),
                )
        self._computed = list(self._computed_below())
        return journal.Before(
            cells, self._table_ranges(), self._old_formats(), [str(area) for area in self._computed]
        )

    @cached_property
    def edits(self) -> Mapping[tuple[int, int], Edit]:
        """The edits, by row and column."""
        return dict(chain.from_iterable(block.placed() for block in self.blocks))

    def _with_formulas(
        self, block: Block, known: Collection[tuple[int, int]] | None
    ) -> Iterator[tuple[Edit, str | None]]:
        """The edits of a block, each with the formula in its cell; the program is asked only where
        there may be one.
        """
        area = block.area
        if known is not None and not any(area.holds(*place) for place in known):
            yield from zip(block, repeat(None))
            return
        formulas = formulas_of(self.sheet.range(str(area)))
        for row, texts in zip(block.edits, formulas, strict=True):
            yield from zip(row, texts, strict=True)

    def _table_ranges(self) -> dict[str, str]:
        return {
            table.list_object.name: table.list_object.ref
            for table, _ in self._growing()
            if table.list_object
        }

    def _old_formats(self) -> dict[str, str]:
        self._formats = self._wanted_formats()
        plain_ones = {str(area): "General" for area, _, _ in self._formats}
        return plain_ones | {str(area): TEXT_FORMAT for area, _ in self._freed()}

    def _freed(self) -> list[tuple[Range, str]]:
        """Cells of the text format in Excel that get a number, a date or a formula, which it would
        keep as a text; and the format they get."""
        found: dict[str, list[Edit]] = {}
        for block in () if is_calc(self.sheet.book) else self.blocks:
            changed = list(filter(_is_no_text, block))
            areas = kept_as_text(self.sheet.range(str(block.area))) if changed else []
            for edit in changed:
                if any(area.holds(*parse_cell(edit.cell)) for area in areas):
                    found.setdefault(_FORMATS.get(edit.style, "General"), []).append(edit)
        parts: list[tuple[Range, str]] = []
        for code, edits in found.items():
            parts += [(one.area, code) for one in blocks(edits)]
        return parts

    def write(self) -> None:
        """Put the blocks into the sheet: cells first, then tables, formats and row heights."""
        grown = self._grow()
        for area, code in self._freed():
            self.sheet.range(str(area)).number_format = code
        for block in self.blocks:
            rows = [list(map(written, row)) for row in block.edits]
            put(self.sheet.range(str(block.area)), rows)
        for area, code, bare in self._formats:
            for part in self._general(area, bare) if grown else [area]:
                self.sheet.range(str(part)).number_format = code

    def texts(self) -> set[int]:
        """The rows in which a text changes, which may ask for another height."""
        return {
            row for (row, _), edit in self.edits.items() if _is_long(edit.old) or _is_long(edit.new)
        }

    def _growing(self) -> Iterator[tuple[FoundTable, int]]:
        """The tables below whose end rows are written, with the new last row."""
        for table in self.tables:
            left, right = map(column_number, table.span)
            inside = [
                block.area
                for block in self.blocks
                if left <= block.area.left and block.area.right <= right
            ]
            last = max((area.bottom for area in inside), default=0)
            if table.end_row < last <= table.end_row + table.free_below:
                yield table, last

    def _grow(self) -> bool:
        """New rows look like the last one of the table; an Excel table reaches over them. Whether
        there are any.
        """
        growing = list(self._growing())
        for table, last in growing:
            left, right = map(column_number, table.span)
            if table.list_object is not None:
                area = table.list_object.range
                self._resize(table.list_object.name, area.down_to(last))
            if table.end_row >= table.first_row:
                model = self.sheet.range((table.end_row, left), (table.end_row, right))
                model.autofill(
                    self.sheet.range((table.end_row, left), (last, right)), "fill_formats"
                )
                self._like_the_row_above(Range(table.end_row + 1, left, last, right))
        for area in self._computed:
            whole = Range(area.top - 1, area.left, area.bottom, area.right)
            self.sheet.range((whole.top, whole.left)).autofill(
                self.sheet.range(str(whole)), "fill_copy"
            )
            self._refuse_uncomputed(area)
        return bool(growing)

    def _resize(self, name: str, area: Range) -> None:
        """Raises SalesplanError live-table-not-grown where Excel's table does not reach so far."""
        table = self.sheet.tables[name]
        table.resize(self.sheet.range(str(area)))
        if not is_calc(self.sheet.book) and table.range.get_address(False, False) != str(area):
            raise self._not_grown()

    def _like_the_row_above(self, new: Range) -> None:
        """Excel's AutoFill leaves out rows that a filter hides: give them their number formats."""
        if is_calc(self.sheet.book):
            return
        for column in range(new.left, new.right + 1):
            code = self.sheet.range((new.top - 1, column)).number_format
            for part, given in parts_by_format(
                self.sheet, Range(new.top, column, new.bottom, column)
            ):
                if given != code:
                    self.sheet.range(str(part)).number_format = code

    def _refuse_uncomputed(self, area: Range) -> None:
        """Raises SalesplanError live-table-not-grown where a new row in Excel lacks the formula of
        a column that the table computes."""
        if is_calc(self.sheet.book):
            return
        if any(None in row for row in formulas_of(self.sheet.range(str(area)))):
            raise self._not_grown()

    def _not_grown(self) -> SalesplanError:
        name = self.sheet.book.name
        place = Place(name, self.sheet.name)
        return SalesplanError(Finding.of("live-table-not-grown", place, sheet=self.sheet.name), 3)

    def _computed_below(self) -> Iterator[Range]:
        """Where the columns that an Excel table computes in each of its rows go on in the new ones;
        none of ours is among them.
        """
        for table, last in self._growing():
            if table.list_object is None or table.end_row < table.first_row:
                continue
            left, right = map(column_number, table.span)
            above = formulas_of(self.sheet.range((table.first_row, left), (table.end_row, right)))
            ours = {column for row, column in self.edits if row > table.end_row}
            for column in sorted(set(range(left, right + 1)) - ours):
                if all(row[column - left] is not None for row in above):
                    yield Range(table.end_row + 1, column, last, column)

    def _wanted_formats(self) -> list[tuple[Range, str, bool]]:
        """Number formats to be set: of rates and dates where the cells have none, of amounts where
        the cells have no look at all.
        """
        found = []
        for block in self.blocks:
            for offset in range(len(block.edits[0])):
                column = block.area.left + offset
                rows = [
                    block.area.top + index
                    for index, row in enumerate(block.edits)
                    if row[offset].new is not None and row[offset].style in _FORMATS
                ]
                if rows:
                    style = block.edits[rows[0] - block.area.top][offset].style
                    area = Range(rows[0], column, rows[-1], column)
                    bare = style is CellStyle.AMOUNT
                    found += [(part, _FORMATS[style], bare) for part in self._general(area, bare)]
        return found

    def _general(self, area: Range, bare: bool) -> list[Range]:
        """The parts of an area in General format; with ``bare`` only those without a fill."""
        block = self.sheet.range(str(area))
        code = block.number_format
        if code is None and not area.single:
            middle = (area.top + area.bottom) // 2
            return self._general(area.down_to(middle), bare) + self._general(
                Range(middle + 1, area.left, area.bottom, area.right), bare
            )
        return [area] if code == "General" and not (bare and block.color is not None) else []


def _is_no_text(edit: Edit) -> bool:
    """Whether a number, a date or a formula goes into the cell."""
    return bool(edit.formula) or not isinstance(edit.new, (str, NoneType))


def _is_long(value: object) -> bool:
    """Whether a value may need more than one line."""
    return isinstance(value, str) and (len(value) > _LINE or "\n" in value)


def _cell_value(value: Any) -> CellValue:
    """An edit's value as it will be read again."""
    return value if value is None or isinstance(value, (bool, str, date)) else float(value)
