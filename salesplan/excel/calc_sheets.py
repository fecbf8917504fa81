"""Sheets of LibreOffice Calc for xlwings; see :mod:`calc`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from salesplan.excel import xlwings
from salesplan.excel.calc_cells import NOTE, Range, area_of, places
from salesplan.excel.calc_tables import DatabaseAreas, Tables
from salesplan.workbook.refs import MAX_COLUMN, MAX_ROW
from salesplan.workbook.refs import Range as Area

base: Any = xlwings().base_classes


class Sheets(base.Sheets):  # type: ignore[misc]
    """The sheets of a book; those that one loop gives share one look at the book's tables."""

    def __init__(self, book: Any) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        """The document's sheets."""
        return self.book.pages

    @property
    def active(self) -> Sheet:
        """The sheet in front."""
        return Sheet(self.book, self.book.document.getCurrentController().getActiveSheet())

    def __call__(self, name_or_index: str | int) -> Sheet:
        there = self.api
        if isinstance(name_or_index, int):
            return Sheet(self.book, there.getByIndex(name_or_index - 1))
        if not there.hasByName(name_or_index):
            raise KeyError(name_or_index)
        return Sheet(self.book, None, name=name_or_index)

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
        shared = DatabaseAreas(self.book)
        for index, name in enumerate(self.api.getElementNames(), 1):
            yield Sheet(self.book, None, shared, name, index)


class Sheet(base.Sheet):  # type: ignore[misc]
    """One sheet of a spreadsheet."""

    def __init__(
        self,
        book: Any,
        sheet: Any,
        areas: DatabaseAreas | None = None,
        name: str | None = None,
        index: int = 0,
    ) -> None:
        self._book = book
        self._sheet = sheet
        self._areas = areas
        self._name, self._index = name, index
        self._blocks: dict[Area, Any] = {}

    @property
    def book(self) -> Any:
        """The spreadsheet that it is of."""
        return self._book

    @property
    def sheet(self) -> Any:
        """The sheet in Calc, asked for when it is needed: a loop over names costs one call."""
        if self._sheet is None:
            self._sheet = self._book.page(self._name)
        return self._sheet

    @property
    def api(self) -> Any:
        """The office's own sheet."""
        return self.sheet

    @cached_property
    def name(self) -> str:
        """Its name."""
        return self._name or str(self.sheet.getName())

    @cached_property
    def index(self) -> int:
        """Its place among the sheets, from 1."""
        return self._index or int(self.sheet.getRangeAddress().Sheet) + 1

    def block(self, area: Area) -> Any:
        """The cells of an area; each object of another process costs as much as ten calls, so one
        that was asked for is kept.
        """
        if area not in self._blocks:
            self._blocks[area] = self._range(area)
        return self._blocks[area]

    def _range(self, area: Area) -> Any:
        return self.sheet.getCellRangeByPosition(
            area.left - 1, area.top - 1, area.right - 1, area.bottom - 1
        )

    def hand(self, area: Area) -> Any:
        """The cells of an area, to be used at once: the next one is the same object, moved, which
        costs three calls in place of ten.
        """
        return self._blocks.get(area) or self._hand.moved(area) or self._range(area)

    def look(self, area: Area) -> Any:
        """As :meth:`hand`, to be asked and not changed: one that is over the area stays there."""
        return self._blocks.get(area) or self._hand.over(area) or self.hand(area)

    @cached_property
    def _hand(self) -> Hand:
        sheet = self.book.page(self.name)  # which forgets what was kept of another one
        if self.name not in self.book.hands:
            self.book.hands[self.name] = Hand(sheet.createCursor(), self.book.document)
        return self.book.hands[self.name]  # type: ignore[no-any-return]

    @cached_property
    def noted(self) -> frozenset[tuple[int, int]]:
        """The cells with a note, row and column, asked for once."""
        areas = self.sheet.queryContentCells(NOTE).getRangeAddresses()
        return frozenset(chain.from_iterable(places(area_of(one)) for one in areas))

    @property
    def visible(self) -> bool:
        """Whether it is shown."""
        return bool(self.sheet.getPropertyValue("IsVisible"))

    @visible.setter
    def visible(self, value: bool) -> None:
        """Show or hide it."""
        self.book.before_change()
        self.sheet.setPropertyValue("IsVisible", value)

    @property
    def tables(self) -> Tables:
        """The tables on it."""
        return Tables(self, self._areas or DatabaseAreas(self.book))

    @property
    def cells(self) -> Any:
        """All of its cells."""
        return self.range((1, 1), (MAX_ROW, MAX_COLUMN))

    @property
    def used_range(self) -> Any:
        """From A1 to the last cell that is in use."""
        return Range(self, self._used()[1])

    def held(self) -> Sequence[Sequence[object]]:
        """What the cells from A1 to the last used one hold, in Calc's own types."""
        found: Sequence[Sequence[object]] = self._used()[0].getDataArray()
        return found

    def _used(self) -> tuple[Any, Area]:
        cells = self._hand.used()
        if cells is not None:
            return cells, self._hand.at
        cells = self.sheet.createCursor()
        cells.gotoEndOfUsedArea(True)
        return cells, area_of(cells.getRangeAddress())

    def range(self, cell1: Any, cell2: Any = None) -> Any:
        """The cells from one corner to the other, each a range, an address or (row, column)."""
        first, last = _area(cell1), _area(cell1 if cell2 is None else cell2)
        return Range(self, first.including(last.top, last.left).including(last.bottom, last.right))

    def delete(self) -> None:
        """Take it out of the spreadsheet."""
        self.book.before_change()
        self.book.document.getSheets().removeByName(self.name)

    def activate(self) -> None:
        """Bring it to the front."""
        self.book.document.getCurrentController().setActiveSheet(self.sheet)

    select = activate


class Hand:
    """A cursor of a sheet that is moved from area to area.

    Right before each move the document is asked for something, which fails where it was closed
    meanwhile: a cursor of a document that is gone takes LibreOffice down with it when it is moved,
    or told to clear its cells.
    """

    def __init__(self, cursor: Any, document: Any) -> None:
        self._cursor = cursor
        self._document = document
        self.at = Area(1, 1, MAX_ROW, MAX_COLUMN)
        """Where it was left."""

    def moved(self, area: Area) -> Any:
        """The cursor over that area; None where it is not there, as rows or columns were put in
        or taken out meanwhile.
        """
        at, cursor = self.at, self._cursor
        columns, rows = area.right - area.left, area.bottom - area.top
        self._document.isModified()
        if (columns, rows) != (at.right - at.left, at.bottom - at.top):
            cursor.collapseToSize(columns + 1, rows + 1)
        if (area.left, area.top) != (at.left, at.top):
            cursor.gotoOffset(area.left - at.left, area.top - at.top)
        return cursor if self._looked() == area else None

    def over(self, area: Area) -> Any:
        """The cursor where it was left over that area; None where it is elsewhere."""
        return self._cursor if self.at == area else None

    def used(self) -> Any:
        """The cursor over all cells up to the last used one, as :meth:`moved`."""
        self._document.isModified()
        if (self.at.left, self.at.top) != (1, 1):
            self._cursor.gotoOffset(1 - self.at.left, 1 - self.at.top)
        self._cursor.gotoEndOfUsedArea(True)
        there = self._looked()
        return self._cursor if (there.left, there.top) == (1, 1) else None

    def _looked(self) -> Area:
        self.at = area_of(self._cursor.getRangeAddress())
        return self.at


def _area(cell: Any) -> Area:
    if isinstance(cell, tuple):
        return Area(cell[0], cell[1], cell[0], cell[1])
    return Area.parse(cell) if isinstance(cell, str) else cell.area
