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
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from salesplan.config import load
from salesplan.dataclass import dataclass, replace
from salesplan.excel import xlwings
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.loader import Source, may_be_filled, sheets_to_read
from salesplan.plan.parse_text import EPOCH_1900, EPOCH_1904
from salesplan.workbook.read.cells import CellValue, ErrorValue, Grid
from salesplan.workbook.read.listobjects import ListObject
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
    return [book for app in _apps(calc) for book in app.books]


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
    """The open workbook, read; ``held`` first, so that what changes while it is read shows later.
    Raises SalesplanError as :func:`source`.
    """
    now = {sheet.name: held(sheet) for sheet in sheets_of_plan(book).values()}
    return Reading(source(book), now)


def sheets_of_plan(book: Book) -> dict[str, Any]:
    """The sheets of the workbook that a plan is read from, by name."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    asked = sheets_to_read(tuple(sheets))
    return {name: one for name, one in sheets.items() if asked is None or name in asked}


def held(sheet: Any) -> Sequence[Sequence[object]]:
    """What the cells of a sheet hold, in one call, in the program's own types."""
    used = sheet.used_range
    block = sheet.range((1, 1), (used.row + used.shape[0] - 1, used.column + used.shape[1] - 1))
    if sheet.book.app.engine.name == "calc":
        return tuple(block.api.getDataArray())
    if sys.platform == "darwin":
        return tuple(map(tuple, block.options(ndim=2, err_to_str=True).value))
    return _rows(block.api.Value2)


def source(book: Book) -> Source:
    """The open workbook as a source of a plan. Raises SalesplanError (exit 4) sheet-too-large."""
    names = tuple(sheet.name for sheet in book.sheets)
    wanted = list(sheets_of_plan(book).values())
    objects = {
        sheet.name: tuple(
            sorted(_tables(sheet), key=lambda table: (table.range.top, table.range.left))
        )
        for sheet in wanted
    }
    return Source(
        path_of(book),
        names,
        {sheet.name: grid(sheet, book.name) for sheet in wanted},
        objects,
        formulas={
            sheet.name: _formula_cells(sheet) for sheet in wanted if may_be_filled(sheet.name)
        },
        epoch=_epoch(book),
    )


def _epoch(book: Book) -> date:
    """The day that the workbook's serial numbers count from: Calc names it, Excel has two."""
    named = getattr(book.impl, "null_date", None)
    if isinstance(named, date):
        return named
    return EPOCH_1904 if getattr(book.api, "Date1904", False) is True else EPOCH_1900


def _formula_cells(sheet: Any) -> frozenset[tuple[int, int]]:
    """The cells that hold a formula, found in one call."""
    used = sheet.used_range
    given = sheet.range((1, 1), (used.row + used.shape[0] - 1, used.column + used.shape[1] - 1))
    return frozenset(
        (number, column)
        for number, row in enumerate(_rows(given.formula), 1)
        for column, text in enumerate(row, 1)
        if isinstance(text, str) and text.startswith("=")
    )


def stamped(opened: Source) -> Source:
    """The source with the SHA-256 of its cells: it is another one as soon as one of them says
    something else.
    """
    held = [(name, one.first_row, one.rows) for name, one in sorted(opened.grids.items())]
    return replace(opened, sha256=hashlib.sha256(repr(held).encode()).hexdigest())


def grid(sheet: Any, workbook: str, *, merges: bool = True) -> Grid:
    """The cells of a sheet, in one call (two where amounts are formatted as currency); its merged
    areas where they are asked for.
    """
    used = sheet.used_range
    bottom, right = used.row + used.shape[0] - 1, used.column + used.shape[1] - 1
    if bottom * right > load().limits.max_live_area:
        raise over("sheet-too-large", workbook, "max_live_area", sheet=sheet.name)
    block = sheet.range((1, 1), (bottom, right))
    values = block.options(ndim=2, err_to_str=True).value
    if any(type(value) is Decimal for row in values for value in row):
        # Excel gives amounts in a currency format with four decimals only; its other property gives
        # them whole.
        values = [
            [_exact(value, plain) for value, plain in zip(row, bare, strict=True)]
            for row, bare in zip(values, _rows(block.api.Value2), strict=True)
        ]
    rows: list[list[CellValue]] = [
        [value if value is None or type(value) is float else _cell(value) for value in row]
        for row in values
    ]
    return Grid(sheet.name, rows, merges=tuple(_merges(block)) if merges else ())


def _exact(value: Any, plain: Any) -> Any:
    return float(plain) if type(value) is Decimal else value


def _rows(values: Any) -> Sequence[Sequence[Any]]:
    return values if isinstance(values, (tuple, list)) else ((values,),)


def _cell(value: Any) -> CellValue:
    """A value as the reader of files gives it: whole days as dates, times without a day as times,
    errors apart.
    """
    if isinstance(value, datetime):
        if value.date() < _FIRST_DAY:
            return value.time()
        return value.date() if value.time() == time() else value
    if isinstance(value, str):
        return ErrorValue(value) if value in _ERRORS else value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return ErrorValue(_ERROR_NUMBERS.get(value, "#VALUE!"))
    assert value is None or isinstance(value, (bool, float, date, time))
    return value


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
