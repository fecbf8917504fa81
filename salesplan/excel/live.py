"""An open workbook as a source of a plan: found in the running program, read in one call a sheet.

What is read is what stands in the window, saved or not.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property, partial
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from salesplan.config import load
from salesplan.dataclass import dataclass, replace
from salesplan.excel import xlwings
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.loader import Source, may_be_filled, sheets_to_read, telling_sheets
from salesplan.plan.parse_text import EPOCH_1900, EPOCH_1904
from salesplan.workbook.read.cells import CellValue, ErrorValue, Grid
from salesplan.workbook.read.listobjects import ListObject
from salesplan.workbook.read.moneyformats import symbol_of
from salesplan.workbook.zip.archive import over

Book = Any
"""An ``xw.Book``: xlwings is imported when it is needed."""

_ERRORS = frozenset(
    (
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#BUSY!",
        "#UNKNOWN!",
    )
)
_ERROR_NUMBERS = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!",
    -2146826240: "#UNKNOWN!",
    -2146826239: "#FIELD!",
    -2146826238: "#CALC!",
}
"""Errors as COM gives them: xlwings names the first seven kinds only, and Excel hands over no other
whole numbers.
"""

_FIRST_DAY = date(1900, 1, 1)


# -- finding it


def open_book(name: str | Path | None = None, *, calc: bool | None = None) -> Book:
    """The open workbook of that name or path, else the active one.

    ``calc``: look in LibreOffice Calc (True), in Excel (False), in Excel and then in Calc (None):
    whichever runs. Raises SalesplanError: exit 3 live-nothing-open, live-not-open, live-open-twice,
    and as :func:`bridge.connected`.
    """
    if name is None:
        return _active(calc)
    books = books_open(calc=calc)
    found = [book for book in books if _is_named(book, name)]
    if not found:
        raise SalesplanError(
            Finding.of(
                "live-not-open",
                Place(str(name)),
                file=Path(name).name,
                open=[book.name for book in books],
            ),
            3,
        )
    if len(found) > 1:
        raise SalesplanError(
            Finding.of("live-open-twice", Place(str(name)), file=Path(name).name), 3
        )
    return found[0]


def books_open(*, calc: bool | None = None) -> list[Book]:
    """Every workbook that is open, the programs as for :func:`open_book`. Raises SalesplanError
    where no program answers.
    """
    return list(chain.from_iterable(app.books for app in _apps(calc)))


def _apps(calc: bool | None) -> list[Any]:
    """The running programs. Raises SalesplanError that says why there is none."""
    xw = xlwings()
    excel = xw.engines["excel"] if "excel" in xw.engines.engines_by_name else None
    if calc is False and excel is None:
        raise SalesplanError(Finding.of("live-no-excel"), 2)
    found: list[Any] = []
    if excel is not None and not calc:
        xw.engines.active = excel
        found = list(excel.apps)
    if calc is False:
        return found
    from salesplan.excel.bridge import connected

    try:
        connected()
    except SalesplanError:
        if excel is None or calc:
            raise
        return found  # Excel is on this computer; that there is no LibreOffice is nothing to tell
    from salesplan.excel.calc import activate

    return [*found, *activate().apps]


def _active(calc: bool | None) -> Book:
    """The active workbook of the application whose window is the uppermost."""
    for app in _apps(calc):
        with suppress(KeyError):
            active = app.books.active
            if active.impl is not None and getattr(active.impl, "xl", True) is not None:
                return active
    raise none_open()


def none_open() -> SalesplanError:
    """What to raise where no workbook is found: none is open, or Excel's cannot be reached."""
    from salesplan.excel.hosts import excel_shown

    return SalesplanError(
        Finding.of("live-unreachable" if excel_shown() else "live-nothing-open"), 3
    )


def _is_named(book: Book, name: str | Path) -> bool:
    text = str(name)
    if book.name.casefold() != PurePosixPath(text.replace("\\", "/")).name.casefold():
        return False
    return (
        "/" not in text.replace("\\", "/")
        or native_name(book).casefold() == text.casefold()
        or location(book) == Path(text).resolve()
    )


def native_name(book: Book) -> str:
    """The workbook's full name as the program itself gives it.

    xlwings' own ``fullname`` of a book in a cloud asks a sheet of that book for folders: a received
    workbook has no say here.
    """
    if book.app.engine.name != "excel":
        return str(book.fullname)
    return str(book.api.full_name.get() if sys.platform == "darwin" else book.api.FullName)


def location(book: Book) -> Path | None:
    """Where the workbook lies on this computer; None in a cloud, or if it was never saved."""
    name = native_name(book)
    path = Path(name)
    return path.resolve() if "://" not in name and path.is_absolute() else None


def path_of(book: Book) -> Path:
    """A path that names the workbook: where it lies, else only its name."""
    name = native_name(book)
    return location(book) or Path(
        unquote(PurePosixPath(urlsplit(name).path if "://" in name else name).name) or book.name
    )


# -- reading it


Held = Mapping[str, Sequence[Sequence[object]]]
"""What sheets hold in the program's own types, row by row from A1; to be compared only."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An open workbook as it was read: the source of a plan, and what its sheets held then."""

    source: Source
    held: Held


def read(book: Book) -> Reading:
    """The open workbook, read: each sheet's cells in one call, from which its values are made.

    Raises SalesplanError (exit 4) sheet-too-large; (exit 2) is-a-report, is-a-handout.
    """
    names = tuple(sheet.name for sheet in book.sheets)
    _refuse_own_output(book, names)
    asked = sheets_to_read(names)
    looks = [Look(sheet) for sheet in book.sheets if asked is None or sheet.name in asked]
    objects = {
        look.sheet.name: tuple(
            sorted(_tables(look.sheet), key=lambda table: (table.range.top, table.range.left))
        )
        for look in looks
    }
    grids = {look.sheet.name: look.grid(book.name) for look in looks}
    filled = may_be_filled(grids)
    found = Source(
        path_of(book),
        names,
        grids,
        objects,
        formulas={
            look.sheet.name: look.formula_cells() for look in looks if look.sheet.name in filled
        },
        epoch=epoch_of(book),
        symbols=partial(_symbols, book),
    )
    return Reading(found, {look.sheet.name: look.held for look in looks})


def _refuse_own_output(book: Book, names: Sequence[str]) -> None:
    """A report has hundreds of merged areas, which take seconds to read: it is known before."""
    telling = telling_sheets(names)
    if not telling:
        return
    from salesplan.plan.own_output import made_from_a_master

    told = {name: grid(book.sheets[name], book.name) for name in telling}
    if (ours := made_from_a_master(told, path_of(book).name)) is not None:
        raise SalesplanError(ours, 2)


def source(book: Book) -> Source:
    """The open workbook as a source of a plan. Raises SalesplanError as :func:`read`."""
    return read(book).source


def held(sheet: Any) -> Sequence[Sequence[object]]:
    """What the cells of a sheet hold, in one call, in the program's own types."""
    if sheet.book.app.engine.name == "calc":
        return sheet.impl.held()  # type: ignore[no-any-return]
    return Look(sheet).held


def grid(sheet: Any, workbook: str) -> Grid:
    """The cells of a sheet, without its merged areas. Raises SalesplanError as :func:`read`."""
    return Look(sheet).grid(workbook, merges=False)


class Look:
    """One look at a sheet: what its cells hold is asked for once, and all else is made from it."""

    def __init__(self, sheet: Any) -> None:
        used = sheet.used_range
        self.sheet = sheet
        self._bottom = used.row + used.shape[0] - 1
        self._right = used.column + used.shape[1] - 1
        self._block = sheet.range((1, 1), (self._bottom, self._right))
        self._calc = sheet.book.app.engine.name == "calc"

    @cached_property
    def held(self) -> Sequence[Sequence[object]]:
        """The cells from A1, row by row, in the program's own types."""
        if self._calc:
            return self._block.impl.held()  # type: ignore[no-any-return]
        if sys.platform == "darwin":
            return tuple(map(tuple, self._block.options(ndim=2, err_to_str=True).value))
        return _rows(self._block.api.Value2)

    def grid(self, workbook: str, *, merges: bool = True) -> Grid:
        """The cells as the reader of files gives them; ``workbook`` is its name. Raises
        SalesplanError (exit 4) sheet-too-large.
        """
        if self._bottom * self._right > load().limits.max_live_area:
            raise over("sheet-too-large", workbook, "max_live_area", sheet=self.sheet.name)
        rows = [list(map(_cell, row)) for row in self._values()]
        return Grid(self.sheet.name, rows, merges=tuple(_merges(self._block)) if merges else ())

    def formula_cells(self) -> frozenset[tuple[int, int]]:
        """The cells that hold a formula, row and column from 1."""
        if self._calc:
            return frozenset(self._block.impl.formula_cells(self._kinds))
        found = set()
        for number, row in enumerate(_rows(self._block.formula), 1):
            for column, text in enumerate(row, 1):
                if isinstance(text, str) and text.startswith("="):
                    found.add((number, column))
        return frozenset(found)

    @cached_property
    def _kinds(self) -> Any:
        return self._block.impl.kinds(self.held)

    def _values(self) -> Sequence[Sequence[Any]]:
        if self._calc:
            return self._block.impl.values(self.held, self._kinds)  # type: ignore[no-any-return]
        values = self._block.options(ndim=2, err_to_str=True).value
        if not any(type(value) is Decimal for value in chain.from_iterable(values)):
            return values  # type: ignore[no-any-return]
        # Excel gives amounts in a currency format with four decimals only; its other property gives
        # them whole.
        return [list(map(_exact, row, bare)) for row, bare in zip(values, self.held, strict=True)]


def epoch_of(book: Book) -> date:
    """The day that the workbook's serial numbers count from: Calc names it, Excel has two."""
    named = getattr(book.impl, "null_date", None)
    if isinstance(named, date):
        return named
    return EPOCH_1904 if getattr(book.api, "Date1904", False) is True else EPOCH_1900


def stamped(opened: Source) -> Source:
    """The source with the SHA-256 of its cells: it is another one as soon as one of them says
    something else.
    """
    held = [(name, one.first_row, one.rows) for name, one in sorted(opened.grids.items())]
    return replace(opened, sha256=hashlib.sha256(repr(held).encode()).hexdigest())


def _exact(value: Any, plain: Any) -> Any:
    return float(plain) if type(value) is Decimal else value


def _rows(values: Any) -> Sequence[Sequence[Any]]:
    return values if isinstance(values, (tuple, list)) else ((values,),)


def _cell(value: Any) -> CellValue:
    """A value as the reader of files gives it: whole days as dates, times without a day as times,
    errors apart.
    """
    if value is None or type(value) is float:
        return value
    if isinstance(value, datetime):
        if value.date() < _FIRST_DAY:
            return value.time()
        return value.date() if value.time() == time() else value
    if isinstance(value, str):
        return ErrorValue(value) if value in _ERRORS else value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return ErrorValue(_ERROR_NUMBERS.get(value, "#VALUE!"))
    assert isinstance(value, (bool, float, date, time))
    return value


def _symbols(book: Book, name: str, letters: str, rows: Sequence[int]) -> dict[int, str]:
    """The currencies that the number formats of some rows of a column show: halved until each half
    has one format.
    """
    sheet, found = book.sheets[name], dict[int, str]()
    waiting = [(rows[0], rows[-1])]
    while waiting:
        first, last = waiting.pop()
        code = sheet.range(f"{letters}{first}:{letters}{last}").number_format
        if code is None and first < last:
            middle = (first + last) // 2
            waiting += [(first, middle), (middle + 1, last)]
        elif symbol := symbol_of(code or ""):
            found |= dict.fromkeys(range(first, last + 1), symbol)
    return found


def _tables(sheet: Any) -> Iterator[ListObject]:
    for table in sheet.tables:
        ref = table.range.get_address(False, False)
        yield ListObject(
            table.name, ref, int(bool(table.show_totals)), "", int(bool(table.show_headers))
        )


def _merges(block: Any) -> Iterable[str]:
    """The merged areas within a block: halved until each half is merged whole or not at all."""
    merged = block.merge_cells
    if merged is False:
        return ()
    rows, columns = block.shape
    if merged or rows * columns == 1:
        return (block(1, 1).merge_area.get_address(False, False),)
    if rows > 1:
        halves = (
            (block(1, 1), block(rows // 2, columns)),
            (block(rows // 2 + 1, 1), block(rows, columns)),
        )
    else:
        halves = (
            (block(1, 1), block(1, columns // 2)),
            (block(1, columns // 2 + 1), block(1, columns)),
        )
    return dict.fromkeys(
        chain.from_iterable(_merges(block.sheet.range(first, last)) for first, last in halves)
    )


# -- at rest while it is worked on


@contextmanager
def at_rest(book: Book) -> Iterator[None]:
    """Screen updating, events and automatic calculation off; each is as it was afterwards, whatever
    happens.
    """
    app = book.app
    before = {
        name: getattr(app, name) for name in ("screen_updating", "enable_events", "calculation")
    }
    quiet = {"screen_updating": False, "enable_events": False, "calculation": "manual"}
    try:
        for name, value in quiet.items():
            if before[name] != value:
                setattr(app, name, value)
        yield
    finally:
        failed: BaseException | None = None
        for name in ("calculation", "enable_events", "screen_updating"):
            try:
                if getattr(app, name) != before[name]:
                    setattr(app, name, before[name])
            except Exception as error:  # one that cannot be set must not keep the others from it
                failed = failed or error
        if failed is not None and sys.exc_info()[0] is None:
            raise failed
