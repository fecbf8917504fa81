"""An engine of xlwings on LibreOffice Calc over UNO: the program and its workbooks. Sheets are in
:mod:`calc_sheets`, tables in :mod:`calc_tables`, cells in :mod:`calc_cells`.

It does what Excel does where the two differ and xlwings counts on it: a text with a leading
apostrophe is text, one with ``=`` a formula in Excel's grammar, other texts are read as if typed;
dates come as datetime, errors by their names. It attaches to the LibreOffice that listens on this
account's pipe and never starts or ends one. Members of xlwings that are not here raise
NotImplementedError from its own base classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from salesplan.excel import xlwings
from salesplan.excel.bridge import connected, load_uno
from salesplan.excel.calc_cells import Range, area_of
from salesplan.excel.calc_sheets import Hand, Sheet, Sheets
from salesplan.excel.calc_values import ErrorText, Formats
from salesplan.excel.documents import desktop, is_spreadsheet, spreadsheets

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

        return [list(map(clean, row)) for row in data]


engine = Engine()


class Apps(base.Apps):  # type: ignore[misc]
    """The one LibreOffice that listens; none where nothing does."""

    def keys(self) -> list[int]:
        """The process numbers of the programs that run."""
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
        """The component context of the office that is connected."""
        return self.context

    @cached_property
    def desktop(self) -> Any:
        """The office's desktop, which holds its documents."""
        return desktop(self.context)

    @property
    def document(self) -> Any:
        """The document worked on, else the one in front."""
        return self._document or self.books.active.api

    @property
    def books(self) -> Books:
        """The spreadsheets that are open."""
        return Books(self)

    @property
    def version(self) -> str:
        """The office's version, as 24.2.7.2."""
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
        """The cells selected in the document in front; None where something else is."""
        found = self.document.getCurrentSelection()
        if found is None or not found.supportsService("com.sun.star.sheet.SheetCellRange"):
            return None
        area = found.getRangeAddress()
        sheet = Sheet(Book(self.document, self), self.document.getSheets().getByIndex(area.Sheet))
        return Range(sheet, area_of(area))

    def activate(self, steal_focus: bool = False) -> None:
        """Bring the document's window to the front."""
        self.document.getCurrentController().getFrame().activate()

    @property
    def calculation(self) -> str:
        """``automatic`` or ``manual``."""
        return "automatic" if self.document.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        """Recalculate by itself, unless ``manual``."""
        self.document.enableAutomaticCalculation(value != "manual")

    def calculate(self) -> None:
        """Recalculate what has changed."""
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
        """The desktop's components."""
        return self.app.desktop.getComponents()

    @property
    def active(self) -> Book:
        """The spreadsheet in front, else the first that is open. Raises KeyError where none is."""
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
        """Open a file. Raises FileNotFoundError where the office does not."""
        document = self.app.desktop.loadComponentFromURL(
            Path(fullname).resolve().as_uri(), "_blank", 0, ()
        )
        if document is None:
            raise FileNotFoundError(fullname)
        return Book(document, self.app)


class Book(base.Book):  # type: ignore[misc]
    """A spreadsheet that is open."""

    def __init__(self, document: Any, app: App) -> None:
        self.document = document
        self._app = App(app.context, document)
        self._pages: dict[str, Any] = {}
        self.hands: dict[str, Hand] = {}
        self._database_ranges: dict[str, Any] = {}
        self.locked_steps: Any = None
        self.windows: list[Any] = []

    @property
    def api(self) -> Any:
        """Its document."""
        return self.document

    @property
    def app(self) -> App:
        """The office that it is open in."""
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
        """Its sheets."""
        return Sheets(self)

    def activate(self) -> None:
        """Bring its window to the front."""
        self._app.activate()

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save it where it is, or as an Excel workbook at ``path``."""
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
        """Close it without saving."""
        self.document.close(True)

    @cached_property
    def pages(self) -> Any:
        """Calc's own collection of the sheets."""
        return self.document.getSheets()

    def page(self, name: str) -> Any:
        """Calc's own sheet of that name. To get an object from another process costs as much as ten
        calls, so it is kept for as long as it bears the name.
        """
        with suppress(Exception):  # it was taken out of the workbook
            if name in self._pages and self._pages[name].getName() == name:
                return self._pages[name]
        self.hands.pop(name, None)
        self._pages[name] = self.pages.getByName(name)
        return self._pages[name]

    @cached_property
    def database_ranges(self) -> Any:
        """Calc's own collection of the database ranges."""
        return self.document.getPropertyValue("DatabaseRanges")

    def database_range(self, name: str) -> Any:
        """Calc's own database range, which stands for whatever has that name; kept as
        :meth:`page`.
        """
        if name not in self._database_ranges:
            self._database_ranges[name] = self.database_ranges.getByName(name)
        return self._database_ranges[name]

    @cached_property
    def null_date(self) -> date:
        """The day that counts as 0."""
        day = self.document.getPropertyValue("NullDate")
        return date(day.Year, day.Month, day.Day)

    @cached_property
    def formats(self) -> Any:
        """Its number formats."""
        return Formats(self.document)
