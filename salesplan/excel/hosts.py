"""What an open workbook needs of its program beyond what xlwings has a word for: protection, the
undo list, a cell in edit mode.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.refs import Range, runs

_ALLOWED = (
    "AllowFormattingCells",
    "AllowFormattingColumns",
    "AllowFormattingRows",
    "AllowInsertingColumns",
    "AllowInsertingRows",
    "AllowInsertingHyperlinks",
    "AllowDeletingColumns",
    "AllowDeletingRows",
    "AllowSorting",
    "AllowFiltering",
    "AllowUsingPivotTables",
)
"""What Excel may allow on a protected sheet; put back as it was."""


TEXT_FORMAT = "@"

_SPREADSHEET, _TEXT_FRAME = 84, 61
"""com.sun.star.accessibility.AccessibleRole: the cells of a window, and the text of the one that is
being edited.
"""

_FITTED = "IsAdjustHeightEnabled"
"""Property of a document of Calc: whether rows are made as high as their texts ask for."""

_REJECTED = frozenset({-2147418111, -2146777998, -2146827284})
"""What COM says of an Excel that edits a cell or shows a dialog: RPC_E_CALL_REJECTED, VBA_E_IGNORE,
a refused setting.
"""


def is_calc(book: Any) -> bool:
    """Whether the book is open in LibreOffice Calc."""
    return bool(book.app.engine.name == "calc")


def alive(book: Any) -> bool:
    """Whether the workbook is still open."""
    try:
        if is_calc(book):
            book.api.getURL()
            return book.api.getCurrentController() is not None
        return bool(book.name)
    except Exception as error:
        return is_rejected(error)  # busy with the person, and so there


def refuse_unready(book: Any) -> None:
    """Raises SalesplanError (exit 3): live-cell-open while a cell is edited, whose new value nobody
    knows yet; live-read-only where the program lets nobody write."""
    name = book.name
    if is_calc(book):
        if edited := _edited_in_calc(book.api):
            raise SalesplanError(
                Finding.of("live-cell-open", Place(name), file=name, cell=edited), 3
            )
        if book.api.isReadonly():
            raise SalesplanError(Finding.of("live-read-only", Place(name), file=name), 3)
    elif sys.platform != "darwin" and _edited_in_excel(book.api.Application):
        raise SalesplanError(Finding.of("live-cell-open", Place(name), file=name, cell=""), 3)


def is_rejected(error: BaseException) -> bool:
    """Whether this is how COM says that Excel is busy with the person: a cell in edit mode, a
    dialog.
    """
    return getattr(error, "hresult", None) in _REJECTED


def saves_itself(book: Any) -> bool:
    """Whether Excel's AutoSave stores what changes, as in OneDrive and SharePoint."""
    if is_calc(book) or sys.platform == "darwin":
        return False
    try:
        return getattr(book.api, "AutoSaveOn", False) is True
    except Exception:  # an Excel that knows no AutoSave
        return False


def excel_shown() -> bool:
    """Whether a window of Excel stands on the screen, whoever's rights it has."""
    if sys.platform != "win32":
        return False
    import ctypes

    return bool(ctypes.windll.user32.FindWindowW("XLMAIN", None))


def turn_to(sheet: Any) -> None:
    """Make the sheet the one in front of its workbook, whose window stays where it is."""
    if is_calc(sheet.book):
        sheet.book.api.getCurrentController().setActiveSheet(sheet.api)
    elif sys.platform == "darwin":
        sheet.api.activate_object()
    else:
        sheet.api.Activate()


def put(block: Any, rows: list[list[object]]) -> None:
    """Write values into a block.

    A text goes into a cell of the text format without the apostrophe that marks it elsewhere.
    """
    marked: list[tuple[int, int]] = []
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, str) and value.startswith("'"):
                marked.append((row, column))
    areas = kept_as_text(block) if marked else []
    for row, column in marked:
        if any(area.holds(block.row + row, block.column + column) for area in areas):
            rows[row][column] = str(rows[row][column]).removeprefix("'")
    if is_calc(block.sheet.book):
        block.impl.raw_value = rows  # xlwings would first ask for each block as an object
    else:
        block.value = rows


def kept_as_text(block: Any) -> list[Range]:
    """The parts of a block in Excel whose cells have the text format.

    These keep an apostrophe as a part of the text, and a number or a formula as a text. None in
    Calc, which is handed values as what they are.
    """
    if is_calc(block.sheet.book):
        return []
    area = Range(
        block.row, block.column, block.row + block.shape[0] - 1, block.column + block.shape[1] - 1
    )
    return [part for part, code in parts_by_format(block.sheet, area) if code == TEXT_FORMAT]


def parts_by_format(sheet: Any, area: Range) -> Iterator[tuple[Range, str]]:
    """An area in parts of one number format each: halved until a part has but one."""
    code = sheet.range(str(area)).number_format
    if code is not None or area.single:
        yield area, str(code)
        return
    for half in area.halves():
        yield from parts_by_format(sheet, half)


def _edited_in_calc(document: Any) -> str:
    """The cell that is being edited in one of the document's windows; empty where none is.

    UNO has no word for it. What is read aloud to somebody who cannot see has: the text is then the
    last thing among the cells.
    """
    for controller in _each(document.getControllers()):
        with suppress(Exception):  # no window, as in a headless program
            frame = controller.getFrame()
            for cells in _cells_shown(frame.getComponentWindow().getAccessibleContext()):
                last = cells.getAccessibleChild(cells.getAccessibleChildCount() - 1)
                text = last if _speaks(last) else last.getAccessibleContext()
                if text.getAccessibleRole() == _TEXT_FRAME and not _is_shape(last):
                    return str(text.getAccessibleName()).rpartition(" ")[2] or "?"
    return ""


def _cells_shown(window: Any) -> Sequence[Any]:
    """The windows of cells: one, or several where the sheet is split, all in one part of the
    document's window.

    Each object of LibreOffice costs as much as ten calls, so the other parts are left alone, and
    what does not say of itself what it is; cells do. Only where none is found so all are asked.
    """
    for everything in (False, True):
        for part in _inside(window, True):
            shown = [one for one in _inside(part, everything) if _shows_cells(one)]
            if shown:
                return shown
    return ()


def _inside(context: Any, everything: bool) -> Iterator[Any]:
    """What is within something that is shown and says itself what it is; with ``everything`` the
    rest, too.
    """
    for index in range(context.getAccessibleChildCount()):
        child = context.getAccessibleChild(index)
        if _speaks(child):
            yield child
        elif everything:
            yield child.getAccessibleContext()


def _speaks(accessible: Any) -> bool:
    return hasattr(accessible, "getAccessibleRole")


def _shows_cells(context: Any) -> bool:
    return bool(context.getAccessibleRole() == _SPREADSHEET)


def _is_shape(accessible: Any) -> bool:
    """Whether it is a text box that lies on the sheet, and no cell."""
    return hasattr(accessible, "supportsService") and bool(
        accessible.supportsService("com.sun.star.drawing.AccessibleShape")
    )


def _each(enumeration: Any) -> Iterator[Any]:
    while enumeration.hasMoreElements():
        yield enumeration.nextElement()


def _edited_in_excel(application: Any) -> bool:
    """Whether Excel edits a cell or shows a dialog: it then lets nobody set how it answers to the
    person.
    """
    bare = getattr(application, "_inner", application)  # xlwings would ask again and again
    try:
        bare.Interactive = bare.Interactive
    except Exception as error:
        return is_rejected(error)
    return False


@contextmanager
def open_to_writing(book: Any, sheets: Iterable[Any], title: str) -> Iterator[None]:
    """Protected sheets are open meanwhile, and as they were afterwards; only protection without a
    password can be lifted.

    In Calc what is written is no step of its undo list: a step of Calc's own does not empty the
    blank cells of a block again, and one that takes back the looks and not the values would be
    worse than none. What the person did before stays in the list.
    """
    sheets = list(sheets)
    if is_calc(book):
        shut_in_calc = [sheet.api for sheet in sheets if sheet.api.isProtected()]
        with _calc_open(book.impl, shut_in_calc, title):
            yield
        return
    shut = [sheet for sheet in sheets if is_protected(sheet)]
    lifted: list[tuple[Any, dict[str, object]]] = []
    try:
        for sheet in shut if sys.platform != "darwin" else ():
            terms = _terms(sheet.api)
            if _lift(sheet.api):
                lifted.append((sheet, terms))
        yield
    finally:
        for sheet, terms in lifted:
            sheet.api.Protect(**terms)


def is_protected(sheet: Any) -> bool:
    """Whether the cells of a sheet are protected."""
    if is_calc(sheet.book):
        return bool(sheet.api.isProtected())
    return bool(
        sheet.api.protect_contents.get() if sys.platform == "darwin" else sheet.api.ProtectContents
    )


def refuse_locked(sheet: Any, areas: Sequence[str]) -> None:
    """Raises SalesplanError (exit 3) sheet-protected where the sheet is protected and one of the
    areas is locked.
    """
    if is_protected(sheet):
        for area in areas:
            if _is_locked(sheet.range(area)):
                name = sheet.book.name
                raise SalesplanError(
                    Finding.of(
                        "sheet-protected",
                        Place(name, sheet.name, area.partition(":")[0]),
                        sheet=sheet.name,
                    ),
                    3,
                )


def _is_locked(block: Any) -> bool:
    if is_calc(block.sheet.book):
        protection = block.api.getPropertyValue("CellProtection")
        return protection is None or bool(protection.IsLocked)
    locked = block.api.locked.get() if sys.platform == "darwin" else block.api.Locked
    return locked is not False


def _terms(api: Any) -> dict[str, object]:
    terms: dict[str, object] = {
        "Password": "",
        "DrawingObjects": api.ProtectDrawingObjects,
        "Contents": True,
        "Scenarios": api.ProtectScenarios,
        "UserInterfaceOnly": api.ProtectionMode,
    }
    return terms | {name: getattr(api.Protection, name) for name in _ALLOWED}


def _lift(api: Any) -> bool:
    try:
        # With an empty password named, Excel fails where another is needed; without one it would
        # ask the person.
        api.Unprotect("")
    except Exception:
        return False
    return not api.ProtectContents


@contextmanager
def _calc_open(book: Any, shut: Sequence[Any], title: str) -> Iterator[None]:
    """The undo list takes nothing down meanwhile, and stays as the person left it.

    Where Calc makes a row higher or lower for a value, it lets go of the lock in the midst of the
    change and takes the change down; so no row is fitted meanwhile (see :func:`fit`). After some
    other changes it lets go, too, and the book takes the lock again
    (:meth:`calc.Book.before_change`).
    """
    document = book.document
    steps = document.getUndoManager()
    if shut:
        steps.enterUndoContext(title)
        for sheet in shut:
            _calc_lift(sheet)
        steps.leaveUndoContext()
    book.windows = list(_each(document.getControllers()))
    document.setPropertyValue(_FITTED, False)
    steps.lock()
    book.locked_steps = steps
    try:
        yield
    finally:
        book.locked_steps, book.windows = None, []
        document.setPropertyValue(_FITTED, True)
        steps.unlock()
        # Only this gives back what the protection allowed.
        if shut and steps.isUndoPossible() and steps.getCurrentUndoActionTitle() == title:
            steps.undo()
            steps.clearRedo()
        for sheet in shut:
            if not sheet.isProtected():
                sheet.protect("")


@contextmanager
def kept_steps(book: Any) -> Iterator[None]:
    """Calc's undo list takes nothing down meanwhile."""
    if not is_calc(book):
        yield
        return
    steps = book.api.getUndoManager()
    steps.lock()
    book.impl.locked_steps = steps
    try:
        yield
    finally:
        book.impl.locked_steps = None
        steps.unlock()


@contextmanager
def unpainted(sheet: Any, changed: Set[str]) -> Iterator[None]:
    """In Calc a sheet in front is not painted meanwhile: else it would let go of the undo list's
    lock in the midst of a change. Nor is one in front that is among those ``changed`` while another
    changes: each change would have it look at all its formulas, which takes as long as all else.

    Only such a sheet: with painting of another one held back, changes of the sheets behind it do
    what this is to prevent.
    """
    document = sheet.book.api
    front = set(map(_in_front, sheet.book.impl.windows)) if is_calc(sheet.book) else set()
    if sheet.name not in front and not (front and front <= changed):
        yield
        return
    document.lockControllers()
    try:
        yield
    finally:
        document.unlockControllers()


def _in_front(window: Any) -> str:
    try:
        return str(window.getActiveSheet().getName())
    except Exception:  # it was closed meanwhile
        return ""


def fit(sheet: Any, rows: Iterable[int]) -> None:
    """Give the rows the height that their texts ask for, in Calc, which does not by itself
    meanwhile; rows whose height was set by hand, and hidden ones, stay as they are."""
    book, there = sheet.book, sorted(set(rows))
    if not there or not is_calc(book):
        return
    document = book.api
    document.setPropertyValue(_FITTED, True)
    for top, bottom in runs(there):
        book.impl.before_change()
        # Clearing nothing fits the rows of a block in one call. The property OptimalHeight of rows
        # would show hidden ones, and let go of heights that were set by hand.
        sheet.impl.hand(Range(top, 1, bottom, 1)).clearContents(0)
    document.setPropertyValue(_FITTED, False)


def _calc_lift(sheet: Any) -> None:
    from salesplan.excel.bridge import load_uno

    try:
        sheet.unprotect("")
    except load_uno().getClass("com.sun.star.lang.IllegalArgumentException"):
        return


class Named:
    """What the program refuses is said as live-write-failed. (Errors of UNO must not pass a
    generator's ``with``: they take no traceback.)
    """

    def __init__(self, book: Any) -> None:
        self._book = book

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, SalesplanError):
            if not alive(self._book) or is_rejected(error):
                return  # what that means is said where the work began
            name = self._book.name
            raise SalesplanError(
                Finding.of("live-write-failed", Place(name), file=name, reason=_reason(error)), 3
            ) from error


def _reason(error: Exception) -> str:
    """What the program said, in one line."""
    text = " ".join(str(error).split())
    return text[:200] or type(error).__name__
