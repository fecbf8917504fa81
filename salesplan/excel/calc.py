"""An engine of xlwings on LibreOffice Calc: applications, workbooks, sheets and
cells over UNO.

It does what Excel does where the two differ and xlwings counts on it: a text with a leading
apostrophe is text, one with ``=`` a formula in Excel's grammar, other texts are read as if typed;
dates come as datetime, errors by their names. It attaches to the LibreOffice that listens on this
account's pipe and never starts or ends one. Members of xlwings that are not here raise
NotImplementedError from its own base classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from salesplan.dataclass import dataclass
from salesplan.excel import xlwings
from salesplan.excel.bridge import connected, load_uno
from salesplan.excel.calc_values import KNOWN_ERRORS, STANDARD, ErrorText, Formats, Look, for_calc
from salesplan.excel.documents import desktop, is_spreadsheet, spreadsheets
from salesplan.workbook.refs import MAX_COLUMN, MAX_ROW, runs
from salesplan.workbook.refs import Range as Area

xw = xlwings()
base: Any = xw.base_classes

NAME = "calc"


def activate() -> Any:
    """The engine, known to xlwings and its active one."""
    if NAME not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=engine))
    xw.engines.active = xw.engines[NAME]
    return xw.engines[NAME]


def book_of(document: Any) -> Any:
    """The ``xw.Book`` of a UNO document."""
    activate()
    return xw.Book(impl=Book(document, App(connected())))


class Engine:
    """What xlwings asks an engine: its applications, and how values go in and come out."""

    name = NAME
    type = "desktop"

    @property
    def apps(self) -> Apps:
        """The running LibreOffice, as xlwings asks for it."""
        return Apps()

    @staticmethod
    def prepare_xl_data_element(x: object, options: object) -> object:
        """A value as it is written into a cell: nothing is an empty text."""
        return "" if x is None else x

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        """Values as they come out of cells, in the types that xlwings' converters ask for; errors
        as text or nothing.
        """

        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty_as
            if isinstance(value, ErrorText):
                return str(value) if err_to_str else None
            if isinstance(value, datetime):
                return datetime_builder(
                    year=value.year,
                    month=value.month,
                    day=value.day,
                    hour=value.hour,
                    minute=value.minute,
                    second=value.second,
                    microsecond=value.microsecond,
                    tzinfo=None,
                )
            if number_builder is not None and isinstance(value, float):
                return number_builder(value)
            return value

        return [[clean(value) for value in row] for row in data]


engine = Engine()


class Apps(base.Apps):  # type: ignore[misc]
    """The one LibreOffice that listens; none where nothing does."""

    def keys(self) -> list[int]:
        return [app.pid for app in self]

    def __iter__(self) -> Iterator[App]:
        from salesplan.findings import SalesplanError

        try:
            context = connected()
        except SalesplanError as error:
            if error.finding.code != "calc-not-running":
                raise
            return
        yield App(context)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, pid: int) -> App:
        for app in self:
            if app.pid == pid:
                return app
        raise KeyError(pid)


class App(base.App):  # type: ignore[misc]
    """LibreOffice, with the settings of one of its documents (Calc keeps them by document; default:
    the active one).
    """

    engine = engine
    pid = -1
    enable_events = True
    display_alerts = True
    screen_updating = True
    """Calc has no switch for these; setting one changes nothing but what it says. (Locking its
    controllers would quieten the screen, but it unlocks the undo list at each change, and blocks
    are few.)"""

    def __init__(self, context: Any, document: Any = None) -> None:
        self.context = context
        self._document = document

    @property
    def api(self) -> Any:
        return self.context

    @cached_property
    def desktop(self) -> Any:
        return desktop(self.context)

    @property
    def document(self) -> Any:
        return self._document or self.books.active.api

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def version(self) -> str:
        reader = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.configuration.ConfigurationProvider", self.context
        )
        node = load_uno().createUnoStruct(
            "com.sun.star.beans.PropertyValue",
            Name="nodepath",
            Value="/org.openoffice.Setup/Product",
        )
        access = reader.createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationAccess", (node,)
        )
        return str(access.getByName("ooSetupVersionAboutBox"))

    @property
    def visible(self) -> bool:
        """Whether a person sees it: false for a headless one."""
        controller = self.document.getCurrentController()
        window = controller.getFrame().getContainerWindow() if controller else None
        return (
            window is not None
            and bool(window.isVisible())
            and window.getPosSize().Width > 0
            and not self._headless()
        )

    def _headless(self) -> bool:
        toolkit = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.awt.Toolkit", self.context
        )
        return bool(toolkit.getWorkArea().Width == 0)

    @property
    def selection(self) -> Any:
        found = self.document.getCurrentSelection()
        if found is None or not found.supportsService("com.sun.star.sheet.SheetCellRange"):
            return None
        area = found.getRangeAddress()
        sheet = Sheet(Book(self.document, self), self.document.getSheets().getByIndex(area.Sheet))
        return Range(sheet, area_of(area))

    def activate(self, steal_focus: bool = False) -> None:
        self.document.getCurrentController().getFrame().activate()

    @property
    def calculation(self) -> str:
        return "automatic" if self.document.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        self.document.enableAutomaticCalculation(value != "manual")

    def calculate(self) -> None:
        self.document.calculate()

    def alert(
        self, prompt: str, title: str, buttons: str | None, mode: str | None, callback: str | None
    ) -> str:
        """A message box over the document's window, with OK or (``buttons`` "yes_no") Yes and No;
        returns the answer when it is given.
        """
        window = self.document.getCurrentController().getFrame().getContainerWindow()
        constant = load_uno().getConstantByName
        asked = buttons == "yes_no"
        sign = {"critical": "ERRORBOX", "warning": "WARNINGBOX"}.get(mode or "", "INFOBOX")
        # An information box of LibreOffice has no other button than OK.
        kind = "QUERYBOX" if asked else sign
        box = window.getToolkit().createMessageBox(
            window,
            load_uno().Enum("com.sun.star.awt.MessageBoxType", kind),
            constant(f"com.sun.star.awt.MessageBoxButtons.BUTTONS_{'YES_NO' if asked else 'OK'}"),
            title or "",
            prompt or "",
        )
        answer = box.execute()
        box.dispose()
        if not asked:
            return "ok"
        return "yes" if answer == constant("com.sun.star.awt.MessageBoxResults.YES") else "no"


class Books(base.Books):  # type: ignore[misc]
    """The spreadsheets that are open."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Any:
        return self.app.desktop.getComponents()

    @property
    def active(self) -> Book:
        found = self.app.desktop.getCurrentComponent()
        if found is None or not is_spreadsheet(found):
            found = next(iter(self), None)
            if found is None:
                raise KeyError("active")
            return found
        return Book(found, self.app)

    def __call__(self, name_or_index: str | int) -> Book:
        there = list(self)
        if isinstance(name_or_index, int):
            return there[name_or_index - 1]
        for book in there:
            if book.name == name_or_index:
                return book
        raise KeyError(name_or_index)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Book]:
        return (Book(document, self.app) for document in spreadsheets(self.app.context))

    def add(self) -> Book:
        """A new workbook in a window of its own."""
        return Book(
            self.app.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ()),
            self.app,
        )

    def open(self, fullname: str, *args: object, **options: object) -> Book:
        document = self.app.desktop.loadComponentFromURL(
            Path(fullname).resolve().as_uri(), "_blank", 0, ()
        )
        if document is None:
            raise FileNotFoundError(fullname)
        return Book(document, self.app)


class Book(base.Book):  # type: ignore[misc]
    def __init__(self, document: Any, app: App) -> None:
        self.document = document
        self._app = App(app.context, document)
        self.locked_steps: Any = None

    @property
    def api(self) -> Any:
        return self.document

    @property
    def app(self) -> App:
        return self._app

    @cached_property
    def name(self) -> str:
        """The file's name, else the window's title."""
        url = self.document.getURL()
        return unquote(urlsplit(url).path).rpartition("/")[2] or str(self.document.Title)

    @property
    def fullname(self) -> str:
        """The path of a file on this computer, else its address; the title where it was never
        saved.
        """
        url = self.document.getURL()
        if url.startswith("file:"):
            return str(load_uno().fileUrlToSystemPath(url))
        return url or self.name

    def before_change(self) -> None:
        """Take the lock of the undo list again, where it is to be locked: Calc lets go of it at
        many changes, and after the change that does so it would take down all others."""
        if self.locked_steps is not None and not self.locked_steps.isLocked():
            self.locked_steps.unlock()  # it counts, though it does not hold
            self.locked_steps.lock()

    @property
    def sheets(self) -> Any:
        return Sheets(self)

    def activate(self) -> None:
        self._app.activate()

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if path is None:
            self.document.store()
        else:
            kind = load_uno().createUnoStruct(
                "com.sun.star.beans.PropertyValue",
                Name="FilterName",
                Value="Calc MS Excel 2007 XML",
            )
            self.__dict__.pop("name", None)
            self.document.storeToURL(Path(path).resolve().as_uri(), (kind,))

    def close(self) -> None:
        self.document.close(True)

    @cached_property
    def null_date(self) -> date:
        """The day that counts as 0."""
        day = self.document.getPropertyValue("NullDate")
        return date(day.Year, day.Month, day.Day)

    @cached_property
    def formats(self) -> Any:
        return Formats(self.document)


# -- sheets and tables


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


# -- cells: whole blocks read and written as Excel would give and take them

_VALUE, _DATETIME, _STRING, _ANNOTATION, _FORMULA = 1, 2, 4, 8, 16
"""com.sun.star.sheet.CellFlags"""

_ERROR = 4
"""com.sun.star.sheet.FormulaResult.ERROR"""

_DATE_OR_TIME, _LOGICAL = 2 | 4, 1024
"""com.sun.star.util.NumberFormat"""

_CHARACTER = 200
"""Hundredths of a millimetre of one character, about."""

_EXCEL, _CALC = 3, 0
"""com.sun.star.sheet.AddressConvention: XL_OOX and OOO"""


def area_of(address: Any) -> Area:
    """The block of a UNO range address."""
    return Area(
        address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1
    )


class Range(base.Range):  # type: ignore[misc]
    """A block of cells of one sheet."""

    options: Any = None

    def __init__(self, sheet: Sheet, area: Area) -> None:
        self._sheet = sheet
        self.area = area

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def api(self) -> Any:
        return self._uno(self.area)

    def _uno(self, area: Area) -> Any:
        return self.sheet.block(area)

    @property
    def row(self) -> int:
        return self.area.top

    @property
    def column(self) -> int:
        return self.area.left

    @property
    def shape(self) -> tuple[int, int]:
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
        text = re.sub(
            r"([A-Z]+)(\d+)",
            lambda m: f"{'$' * col_absolute}{m[1]}{'$' * row_absolute}{m[2]}",
            str(self.area),
        )
        return f"'[{self.sheet.book.name}]{self.sheet.name}'!{text}" if external else text

    @property
    def address(self) -> str:
        return self.get_address()

    def select(self) -> None:
        self.sheet.book.document.getCurrentController().select(self.api)

    # -- values

    @property
    def raw_value(self) -> list[list[Any]]:
        """The values: float, str, bool, datetime, :class:`ErrorText`; "" for a blank. A few calls,
        whatever the size.
        """
        cells = self.api
        rows = [list(row) for row in cells.getDataArray()]
        for top, left, bottom, right in self._dated(cells):
            self._turn(rows, top, left, bottom, right, self._moment)
        formulas = list(_within(self.area, cells.queryContentCells(_FORMULA)))
        if formulas:
            for place in _within(self.area, cells.queryFormulaCells(_ERROR)):
                self._lay_errors(rows, place)
        for place in (*formulas, *self._zeros_and_ones(rows)):
            self._turn_by_format(rows, place)
        return rows

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
        looks = self._looks(sorted({column for _, column in typed}))
        self._put(written, typed)
        for block, key in looks:  # Calc gives a text that reads like a number the format Text
            self._changing(block).setPropertyValue("NumberFormat", key)
        for (r, c), code in odd.items():
            if isinstance(code, Look):
                cell = self._cell(r, c)
                if cell.getPropertyValue("NumberFormat") % STANDARD == 0:
                    key = self.sheet.book.formats.key(code.code)
                    self._changing(cell).setPropertyValue("NumberFormat", key)

    def _dated(self, cells: Any) -> Iterator[tuple[int, int, int, int]]:
        return _within(self.area, cells.queryContentCells(_DATETIME))

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

    def _turn_by_format(self, rows: list[list[Any]], place: tuple[int, int, int, int]) -> None:
        """Dates, times and truth values among the cells of a block: known by their number formats
        only.
        """
        top, left, bottom, right = place
        block = self._part(top, left, bottom, right)
        key = block.getPropertyValue("NumberFormat")
        uniform = (
            [(key, [block.getRangeAddress()])]
            if key is not None
            else [
                (one.getPropertyValue("NumberFormat"), one.getRangeAddresses())
                for one in _each(block.getUniqueCellFormatRanges())
            ]
        )
        for key, addresses in uniform:
            kind = self.sheet.book.formats.kind(key)
            change = self._moment if kind & _DATE_OR_TIME else bool if kind & _LOGICAL else None
            for address in addresses if change else ():
                self._turn(rows, *_relative(self.area, area_of(address)), change)

    def _zeros_and_ones(self, rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, int, int, int]]:
        """Of each column the stretch that holds numbers 0 or 1, which may be truth values."""
        for column in range(self.shape[1]):
            hits = [
                row
                for row, cells in enumerate(rows)
                if isinstance(cells[column], float) and cells[column] in (0.0, 1.0)
            ]
            if hits:
                yield hits[0], column, hits[-1], column

    def _lay_errors(self, rows: list[list[Any]], place: tuple[int, int, int, int]) -> None:
        top, left, bottom, right = place
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                cell = self.sheet.sheet.getCellByPosition(
                    self.area.left + column - 1, self.area.top + row - 1
                )
                rows[row][column] = ErrorText(KNOWN_ERRORS.get(cell.getError(), "#VALUE!"))

    def _looks(self, columns: Sequence[int]) -> list[tuple[Any, int]]:
        """Blocks of the columns with the number format of each."""
        found = []
        for column in columns:
            block = self._part(0, column, self.shape[0] - 1, column)
            key = block.getPropertyValue("NumberFormat")
            if key is not None:
                found.append((block, key))
                continue
            for group in _each(block.getUniqueCellFormatRanges()):
                found += [
                    (self._uno(area_of(address)), group.getPropertyValue("NumberFormat"))
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
        noted = {
            (r, c)
            for top, left, bottom, right in _within(
                self.area, self.api.queryContentCells(_ANNOTATION)
            )
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }
        for top, bottom in runs(sorted(set(range(len(rows))) - {r for r, _ in noted})):
            self._changing(self._part(top, 0, bottom, len(rows[0]) - 1)).setDataArray(
                tuple(map(tuple, rows[top : bottom + 1]))
            )
        for r, c in sorted({(r, c) for r, _ in noted for c in range(len(rows[0]))} - typed.keys()):
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
        self.api.getColumns().setPropertyValue("Width", int(value * _CHARACTER))

    def _part(self, top: int, left: int, bottom: int, right: int) -> Any:
        """A block within this one, by places from 0."""
        return self._uno(
            Area(
                self.area.top + top,
                self.area.left + left,
                self.area.top + bottom,
                self.area.left + right,
            )
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
        given = self.api.getFormulaArray()
        if not any(text.startswith("=") for row in given for text in row):
            return tuple(given)
        reader, writer = (self._parser(convention) for convention in (_CALC, _EXCEL))
        origin = load_uno().createUnoStruct(
            "com.sun.star.table.CellAddress", Sheet=self.sheet.index - 1
        )
        places = _within(self.area, self.api.queryContentCells(_FORMULA))
        real = {
            (r, c)
            for top, left, bottom, right in places
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }
        rows = [list(row) for row in given]
        for r, c in real:
            origin.Row, origin.Column = self.area.top + r - 1, self.area.left + c - 1
            rows[r][c] = "=" + writer.printFormula(
                reader.parseFormula(rows[r][c].strip("{}")[1:], origin), origin
            )
        return tuple(map(tuple, rows))

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value

    def clear_contents(self) -> None:
        self._changing(self.api).clearContents(_VALUE | _DATETIME | _STRING | _FORMULA)

    # -- looks

    @property
    def number_format(self) -> str | None:
        """Excel's code of the format, None where the cells have several."""
        key = self.api.getPropertyValue("NumberFormat")
        return None if key is None else self.sheet.book.formats.code(key)

    @number_format.setter
    def number_format(self, code: str) -> None:
        key = self.sheet.book.formats.key(code)
        self._changing(self.api).setPropertyValue("NumberFormat", key)

    @property
    def color(self) -> tuple[int, int, int] | None:
        value = self.api.getPropertyValue("CellBackColor")
        return (
            None
            if value is None or value < 0
            else (value >> 16 & 255, value >> 8 & 255, value & 255)
        )

    @property
    def merge_cells(self) -> bool | None:
        """Whether the cell is merged; of several cells False or None (some are)."""
        if self.api.getIsMerged():  # tells of top left cells only
            return True if self.area.single else None
        return self.area.single and self.merge_area.area != self.area

    @property
    def merge_area(self) -> Range:
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
        source = self.api.getRangeAddress()
        height = self.shape[0]
        for top in range(target.top + height, target.bottom + 1, height):
            place = load_uno().createUnoStruct(
                "com.sun.star.table.CellAddress", source.Sheet, target.left - 1, top - 1
            )
            self._changing(self.sheet.sheet).copyRange(place, source)
        if type_ == "fill_copy":
            return
        rest = Area(target.top + height, target.left, target.bottom, target.right)
        blank = ("",) * (rest.right - rest.left + 1)
        self._changing(self._uno(rest)).setDataArray((blank,) * (rest.bottom - rest.top + 1))


def _each(container: Any) -> Iterator[Any]:
    return (container.getByIndex(index) for index in range(container.getCount()))


def _within(area: Area, ranges: Any) -> Iterator[tuple[int, int, int, int]]:
    """UNO ranges as (top, left, bottom, right) from 0 within the area."""
    addresses: Iterable[Any] = ranges.getRangeAddresses()
    return (_relative(area, area_of(address)) for address in addresses)


def _relative(area: Area, inner: Area) -> tuple[int, int, int, int]:
    return (
        inner.top - area.top,
        inner.left - area.left,
        inner.bottom - area.top,
        inner.right - area.left,
    )
