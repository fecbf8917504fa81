"""Excel as far as COM shows it, so that xlwings' own code for Windows can run where there is no
Excel.

The cells obey what Microsoft documents of ``Range.Value``: texts are read as if typed (an
apostrophe marks text), dates come as COM times, amounts in a currency format as Currency with four
decimals, errors as their numbers, blanks as None; whole numbers beyond 32 bits are refused.
``windows()`` gives xlwings' module with stand-ins for pywin32 and the Windows libraries.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

from openpyxl.formula.translate import Translator

from salesplan.workbook.read.cells import NO_RESULT, ErrorValue, Grid
from salesplan.workbook.read.listobjects import ListObject
from salesplan.workbook.refs import Range as Area

ZERO = datetime(1899, 12, 30, tzinfo=UTC)
ERRORS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
    "#SPILL!": -2146826243,
}
NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+(e[-+]?\d+)?(%?)", re.IGNORECASE)
DAY = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?")


class ComTime(datetime):
    """pywintypes.TimeType: a datetime with a time zone."""


class ComError(Exception):
    def __init__(self, hresult: int = -2147352567) -> None:
        super().__init__(hresult, "Exception occurred.", None, None)
        self.hresult = hresult


@cache
def windows() -> Any:
    """xlwings' module for Excel on Windows."""
    from salesplan.excel import xlwings

    xlwings()
    fakes = {
        name: ModuleType(name)
        for name in (
            "pywintypes",
            "win32api",
            "win32con",
            "pythoncom",
            "win32com",
            "win32com.client",
            "win32gui",
            "win32process",
            "win32timezone",
        )
    }
    fakes["pywintypes"].__dict__.update(
        TimeType=ComTime, com_error=ComError, error=ComError, IID=str
    )
    fakes["pythoncom"].__dict__.update(
        __file__="pythoncom.dll", ole_error=ComError, CoInitialize=lambda: None
    )
    for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass"):
        setattr(fakes["win32com.client"], name, type(name, (), {}))
    fakes["win32com.client"].__dict__.update(Dispatch=None, DispatchEx=None, __path__=[])
    fakes["win32com"].__dict__.update(client=fakes["win32com.client"], __path__=[])
    fakes["win32com.client.dynamic"] = ModuleType("win32com.client.dynamic")
    fakes["win32process"].__dict__["GetWindowThreadProcessId"] = lambda hwnd: (0, 4711)
    fakes["win32timezone"].__dict__["TimeZoneInfo"] = SimpleNamespace(utc=lambda: UTC)
    library = mock.MagicMock()
    with (
        mock.patch.dict(sys.modules, fakes),
        mock.patch.multiple(ctypes, create=True, oledll=library, windll=library, PyDLL=library),
        mock.patch("os.chdir"),
        mock.patch("atexit.register", lambda f: f),
    ):
        return import_module("xlwings._xlwindows")


class Cell:
    """One cell's content: ``value`` as double, str, bool or error name; its formula and format."""

    __slots__ = ("format", "formula", "value")

    def __init__(self) -> None:
        self.value: Any = None
        self.formula: str | None = None
        self.format = "General"

    def assign(self, given: Any) -> None:
        self.formula = None
        if isinstance(given, datetime):
            assert given.tzinfo is not None, "pywin32 takes no naive time"
            self.value = (given - ZERO) / timedelta(days=1)
            self._look("yyyy/m/d")
        elif isinstance(given, Decimal):
            self.value = float(given.quantize(Decimal("0.0001"), ROUND_HALF_EVEN))  # VT_CY
        elif self.format == "@" and isinstance(given, (int, float)):
            self.value = f"{given:g}"
        elif isinstance(given, bool) or given is None or isinstance(given, float):
            self.value = given
        elif isinstance(given, int):
            if abs(given) >= 2**31:
                raise ComError()  # VT_I8 is no type of Excel's
            self.value = float(given)
        elif isinstance(given, str):
            self._type(given)
        else:
            raise ComError()

    def _type(self, text: str) -> None:
        day, number = DAY.fullmatch(text), NUMBER.fullmatch(text)
        if text == "":
            self.value = None
        elif self.format == "@":
            self.value = (
                text  # whole: nothing is read as anything else, nor an apostrophe as a mark
            )
        elif text[0] == "'":
            self.value = text.removeprefix("'")
        elif text[0] in "=+-@" and not number:
            self.formula = text
            link = re.fullmatch(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)', text)
            self.value = (
                link[1].replace('""', '"') if link else text[1:] if text[1:] in ERRORS else 0.0
            )
        elif text.upper() in ("TRUE", "FALSE"):
            self.value = text.upper() == "TRUE"
        elif day:
            self.value = float(
                (date(int(day[1]), int(day[2]), int(day[3] or 1)) - ZERO.date()).days
            )
            self._look("yyyy/m/d")
        elif number:
            self.value = float(text.replace(",", "").rstrip("%")) / (100 if number[2] else 1)
        else:
            self.value = text

    def _look(self, code: str) -> None:
        if self.format == "General":
            self.format = code

    def show(self, plain: bool) -> Any:
        if isinstance(self.value, str) and self.value in ERRORS:
            return ERRORS[self.value]
        if isinstance(self.value, float) and not plain:
            if "y" in self.format:
                moment = ZERO + timedelta(days=self.value)
                return ComTime(
                    moment.year,
                    moment.month,
                    moment.day,
                    moment.hour,
                    moment.minute,
                    moment.second,
                    tzinfo=UTC,
                )
            if "¥" in self.format:
                return Decimal(repr(self.value)).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
        return self.value


class Range:
    def __init__(self, sheet: Sheet, area: Area) -> None:
        self.Worksheet, self.area = sheet, area
        self.Row, self.Column = area.top, area.left
        self.Rows, self.Columns = (
            SimpleNamespace(Count=area.bottom - area.top + 1),
            SimpleNamespace(Count=area.right - area.left + 1),
        )
        self.Interior = SimpleNamespace(ColorIndex=-4142)
        self.Locked = True

    def _all(self) -> list[list[Cell]]:
        rows, columns = (
            range(self.area.top, self.area.bottom + 1),
            range(self.area.left, self.area.right + 1),
        )
        return [[self.Worksheet.cell(row, column) for column in columns] for row in rows]

    def _given(self, pick: Any, blank: Any = None) -> Any:
        """What ``pick`` says of each cell, ``blank`` where there is none: most of a sheet is."""
        held, area = self.Worksheet.cells, self.area
        columns = range(area.left, area.right + 1)
        values = tuple(
            tuple(
                blank if (cell := held.get((row, column))) is None else pick(cell)
                for column in columns
            )
            for row in range(area.top, area.bottom + 1)
        )
        return values[0][0] if area.single else values

    @property
    def Value(self) -> Any:  # noqa: N802
        self.Worksheet.Parent.reads += 1
        return self._given(lambda cell: cell.show(False))

    @Value.setter
    def Value(self, data: Any) -> None:  # noqa: N802
        self.Worksheet.Parent.writes += 1
        if self.Worksheet.ProtectContents:
            raise ComError()
        for r, row in enumerate(self._all()):
            for c, cell in enumerate(row):
                cell.assign(data[r][c] if isinstance(data, (list, tuple)) else data)

    def ClearContents(self) -> None:  # noqa: N802
        for row in self._all():
            for cell in row:
                cell.assign(None)

    @property
    def Value2(self) -> Any:  # noqa: N802
        return self._given(lambda cell: cell.show(True))

    @property
    def Formula(self) -> Any:  # noqa: N802
        return self._given(
            lambda cell: cell.formula or ("" if cell.value is None else str(cell.value)), ""
        )

    @property
    def NumberFormat(self) -> str | None:  # noqa: N802
        found = {cell.format for row in self._all() for cell in row}
        return found.pop() if len(found) == 1 else None

    @NumberFormat.setter
    def NumberFormat(self, code: str) -> None:  # noqa: N802
        for row in self._all():
            for cell in row:
                cell.format = code

    @property
    def MergeCells(self) -> bool | None:  # noqa: N802
        merges = self.Worksheet.merges
        if any(
            m.holds(self.area.top, self.area.left) and m.holds(self.area.bottom, self.area.right)
            for m in merges
        ):
            return True
        return None if any(m.meets(self.area) for m in merges) else False

    @property
    def MergeArea(self) -> Range:  # noqa: N802
        found = next(
            (m for m in self.Worksheet.merges if m.holds(self.area.top, self.area.left)), self.area
        )
        return Range(self.Worksheet, found)

    def GetAddress(self, row: bool, column: bool, style: int, external: bool) -> str:  # noqa: N802
        return str(self.area)

    def Cells(self, row: int, column: int) -> Range:  # noqa: N802
        return self.Worksheet.Cells(self.area.top + row - 1, self.area.left + column - 1)

    def AutoFill(self, Destination: Range, Type: int) -> None:  # noqa: N802, N803
        assert Type in (1, 3), "a copy, or formats only"
        hidden = self.Worksheet.hidden_rows
        if self.Row in hidden:
            return
        for distance, row in enumerate(Destination._all()[1:], 1):
            if self.Row + distance in hidden:
                continue
            for cell, model in zip(row, self._all()[0], strict=True):
                cell.format = model.format
                if Type == 1:
                    cell.assign(
                        Translator(model.formula, "A1").translate_formula(f"A{1 + distance}")
                    )

    def __call__(self, row: int, column: int | None = None) -> Range:
        return self.Cells(row, column or 1)


class Tables(list[Any]):
    @property
    def Count(self) -> int:  # noqa: N802
        return len(self)

    def Item(self, key: str) -> Any:  # noqa: N802
        for table in self:
            if table.Name == key:
                return table
        raise ComError()


class Table:
    def __init__(self, sheet: Sheet, given: ListObject) -> None:
        self.Name, self.Parent, self.ShowTotals, self.ShowHeaders = (
            given.name,
            sheet,
            bool(given.totals_rows),
            True,
        )
        self.Range = Range(sheet, given.range)

    def Resize(self, target: Range) -> None:  # noqa: N802
        self.Range = target


class Sheet:
    def __init__(self, book: Workbook, grid: Grid, objects: tuple[ListObject, ...]) -> None:
        self.Parent, self.Name = book, grid.sheet
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges = [Area.parse(text) for text in grid.merges]
        self.ListObjects = Tables(Table(self, one) for one in objects)
        self.ProtectContents = False
        self.hidden_rows: set[int] = set()
        """By a filter: what fills down leaves them out."""
        self.right = max((len(row) for row in grid.rows), default=1)
        for r, row in enumerate(grid.rows, grid.first_row):
            for c, value in enumerate(row, 1):
                if value is not None:
                    self._load(self.cell(r, c), value)

    @staticmethod
    def _load(cell: Cell, value: Any) -> None:
        if isinstance(value, datetime):
            cell.value, cell.format = (
                (value.replace(tzinfo=UTC) - ZERO) / timedelta(days=1),
                "yyyy-mm-dd hh:mm",
            )
        elif isinstance(value, date):
            cell.value, cell.format = float((value - ZERO.date()).days), "yyyy-mm-dd"
        else:
            cell.value = (
                value.code
                if isinstance(value, ErrorValue)
                else 0.0
                if value is NO_RESULT
                else value
            )

    Visible = -1

    @property
    def Index(self) -> int:  # noqa: N802
        return 1 + next(i for i, one in enumerate(self.Parent.Worksheets) if one is self)

    def Move(self, Before: Sheet) -> None:  # noqa: N802, N803
        there = self.Parent.Worksheets
        there.remove(self)
        there.insert(Before.Index - 1, self)

    def Activate(self) -> None:  # noqa: N802
        self.Parent.ActiveSheet = self

    def Delete(self) -> None:  # noqa: N802
        self.Parent.Worksheets.remove(self)

    def cell(self, row: int, column: int) -> Cell:
        found = self.cells.get((row, column))
        if found is None:
            found = self.cells[row, column] = Cell()
        return found

    def Cells(self, row: int, column: int) -> Range:  # noqa: N802
        return Range(self, Area(row, column, row, column))

    def Range(self, first: Any, last: Any = None) -> Range:  # noqa: N802
        areas = [
            Area.parse(one.replace("$", "")) if isinstance(one, str) else one.area
            for one in (first, last)
            if one is not None
        ]
        return Range(self, areas[0].including(areas[-1].bottom, areas[-1].right))

    @property
    def UsedRange(self) -> Range:  # noqa: N802
        used = [place for place, cell in self.cells.items() if cell.value is not None] or [(1, 1)]
        return Range(
            self, Area(1, 1, max(row for row, _ in used), max(max(column for _, column in used), 1))
        )


class Sheets(list[Any]):
    Parent: Any = None

    @property
    def Count(self) -> int:  # noqa: N802
        return len(self)

    def __call__(self, key: Any) -> Sheet:
        for sheet in self:
            if key in (sheet.Name, sheet.Index):
                return sheet
        raise ComError()

    def Add(self, Before: Any = None, After: Any = None) -> Sheet:  # noqa: N802, N803
        made = Sheet(self[0].Parent, Grid(f"Sheet{len(self) + 1}", []), ())
        self.insert(self.index(Before) if Before else 0, made)
        made.Activate()
        return made


class Workbook:
    """A workbook open in Excel, with the cells of a file; counts the blocks that are read and
    written.
    """

    def __init__(
        self,
        full_name: str,
        name: str,
        grids: dict[str, Grid],
        objects: dict[str, tuple[ListObject, ...]],
    ) -> None:
        self.FullName, self.Name = full_name, name
        self.reads = self.writes = 0
        self.Worksheets = Sheets(
            Sheet(self, grid, tuple(objects.get(grid.sheet, ()))) for grid in grids.values()
        )
        self.Sheets = self.Worksheets
        self.Worksheets.Parent = self
        self.ActiveSheet = self.Worksheets[0]
        self.Application = SimpleNamespace(
            Hwnd=1,
            ScreenUpdating=True,
            DisplayAlerts=True,
            Interactive=True,
            EnableEvents=True,
            Calculation=-4105,
            Version="16.0",
            Workbooks=None,
        )

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.Worksheets)


def book(path: Any, full_name: str | None = None) -> Any:
    """The file as an ``xw.Book`` of xlwings' Excel engine."""
    from salesplan.excel import xlwings
    from salesplan.workbook.read.cells import read_grids
    from salesplan.workbook.read.listobjects import objects_by_sheet
    from salesplan.workbook.zip.package import open_package

    with open_package(path) as package:
        grids = read_grids(package)
        made = Workbook(
            full_name or str(path),
            (full_name or str(path)).replace("\\", "/").rpartition("/")[2],
            grids,
            objects_by_sheet(package, grids),
        )
    return xlwings().Book(impl=windows().Book(xl=made))
