"""Sheets and tables of the engine on LibreOffice Calc; see :mod:`calc`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from salesplan.excel import xlwings
from salesplan.excel.calc import Book
from salesplan.excel.calc_cells import Range, area_of
from salesplan.workbook.refs import MAX_COLUMN, MAX_ROW
from salesplan.workbook.refs import Range as Area

base: Any = xlwings().base_classes


class Sheets(base.Sheets):  # type: ignore[misc]
    """The sheets of a book; those that one loop gives share one look at the book's tables."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        return self.book.document.getSheets()

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.document.getCurrentController().getActiveSheet())

    def __call__(self, name_or_index: str | int) -> Sheet:
        there = self.api
        if isinstance(name_or_index, int):
            return Sheet(self.book, there.getByIndex(name_or_index - 1))
        if not there.hasByName(name_or_index):
            raise KeyError(name_or_index)
        return Sheet(self.book, there.getByName(name_or_index))

    def add(self, before: Any = None, after: Any = None, name: str | None = None) -> Sheet:
        """A new sheet of that name behind all others."""
        assert name is not None
        self.book.before_change()
        self.api.insertNewByName(name, self.api.getCount())
        return self(name)

    def __contains__(self, name: str) -> bool:
        return bool(self.api.hasByName(name))

    def __len__(self) -> int:
        return int(self.api.getCount())

    def __iter__(self) -> Iterator[Sheet]:
        there = self.api
        shared = DatabaseAreas(self.book)
        for index, name in enumerate(there.getElementNames()):
            yield Sheet(self.book, there.getByIndex(index), shared, name)


class Sheet(base.Sheet):  # type: ignore[misc]
    def __init__(
        self, book: Book, sheet: Any, areas: DatabaseAreas | None = None, name: str | None = None
    ) -> None:
        self._book = book
        self.sheet = sheet
        self._areas = areas
        self._name = name
        self._blocks: dict[Area, Any] = {}

    @property
    def book(self) -> Book:
        return self._book

    @property
    def api(self) -> Any:
        return self.sheet

    @cached_property
    def name(self) -> str:
        return self._name or str(self.sheet.getName())

    @cached_property
    def index(self) -> int:
        return int(self.sheet.getRangeAddress().Sheet) + 1

    def block(self, area: Area) -> Any:
        """The cells of an area; each object of another process costs some calls, so one that was
        asked for is kept.
        """
        if area not in self._blocks:
            self._blocks[area] = self.sheet.getCellRangeByPosition(
                area.left - 1, area.top - 1, area.right - 1, area.bottom - 1
            )
        return self._blocks[area]

    @property
    def visible(self) -> bool:
        return bool(self.sheet.getPropertyValue("IsVisible"))

    @visible.setter
    def visible(self, value: bool) -> None:
        self.book.before_change()
        self.sheet.setPropertyValue("IsVisible", value)

    @property
    def tables(self) -> Tables:
        return Tables(self, self._areas or DatabaseAreas(self.book))

    @property
    def cells(self) -> Any:
        return self.range((1, 1), (MAX_ROW, MAX_COLUMN))

    @property
    def used_range(self) -> Any:
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.getRangeAddress()
        return Range(self, Area(1, 1, end.EndRow + 1, end.EndColumn + 1))

    def range(self, cell1: Any, cell2: Any = None) -> Any:
        first, last = _area(cell1), _area(cell1 if cell2 is None else cell2)
        return Range(self, first.including(last.top, last.left).including(last.bottom, last.right))

    def delete(self) -> None:
        self.book.before_change()
        self.book.document.getSheets().removeByName(self.name)

    def activate(self) -> None:
        self.book.document.getCurrentController().setActiveSheet(self.sheet)

    select = activate


def _area(cell: Any) -> Area:
    if isinstance(cell, tuple):
        return Area(cell[0], cell[1], cell[0], cell[1])
    return Area.parse(cell) if isinstance(cell, str) else cell.area


@dataclass(frozen=True, slots=True)
class DatabaseArea:
    name: str
    area: Area
    header: bool
    totals: bool


class DatabaseAreas:
    """The database ranges of a book, which is what Excel's tables are in Calc; looked up once, when
    first asked for.
    """

    def __init__(self, book: Book) -> None:
        self._document = book.document

    @cached_property
    def _by_sheet(self) -> Mapping[int, list[DatabaseArea]]:
        found: dict[int, list[DatabaseArea]] = {}
        ranges = self._document.getPropertyValue("DatabaseRanges")
        for name in ranges.getElementNames():
            one = ranges.getByName(name)
            address = one.getDataArea()
            header, totals = (
                one.getPropertyValue("ContainsHeader"),
                one.getPropertyValue("TotalsRow"),
            )
            found.setdefault(address.Sheet, []).append(
                DatabaseArea(name, area_of(address), header, totals)
            )
        return found

    def on(self, sheet: Sheet) -> list[DatabaseArea]:
        return self._by_sheet.get(sheet.index - 1, [])


class Tables(base.Tables):  # type: ignore[misc]
    def __init__(self, sheet: Sheet, areas: DatabaseAreas) -> None:
        self._sheet = sheet
        self._areas = areas.on(sheet)

    @property
    def api(self) -> Any:
        return self._sheet.book.document.getPropertyValue("DatabaseRanges")

    def __len__(self) -> int:
        return len(self._areas)

    def __iter__(self) -> Iterator[Table]:
        return (Table(self._sheet, area) for area in self._areas)

    def __call__(self, name_or_index: str | int) -> Table:
        if isinstance(name_or_index, int):
            return Table(self._sheet, self._areas[name_or_index - 1])
        for area in self._areas:
            if area.name == name_or_index:
                return Table(self._sheet, area)
        raise KeyError(name_or_index)

    def __contains__(self, name: str) -> bool:
        return any(area.name == name for area in self._areas)


class Table(base.Table):  # type: ignore[misc]
    def __init__(self, sheet: Sheet, area: DatabaseArea) -> None:
        self._sheet = sheet
        self._area = area

    @property
    def api(self) -> Any:
        return self._sheet.book.document.getPropertyValue("DatabaseRanges").getByName(
            self._area.name
        )

    @property
    def name(self) -> str:
        return self._area.name

    display_name = name

    @property
    def parent(self) -> Sheet:
        return self._sheet

    @property
    def range(self) -> Any:
        return Range(self._sheet, self._area.area)

    @property
    def show_headers(self) -> bool:
        return self._area.header

    @property
    def show_totals(self) -> bool:
        return self._area.totals

    def resize(self, range: Any) -> None:
        self._sheet.book.before_change()
        self.api.setDataArea(range.impl.api.getRangeAddress())
