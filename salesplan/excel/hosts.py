"""What an open workbook needs of its program beyond what xlwings has a word for: protection, the undo list."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from salesplan.findings import Finding, Place, SalesplanError

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


def is_calc(book: Any) -> bool:
    return bool(book.app.engine.name == "calc")


@contextmanager
def open_to_writing(book: Any, sheets: Iterable[Any], title: str) -> Iterator[None]:
    """Protected sheets are open meanwhile, and as they were afterwards; only protection without a password can be lifted.

    In Calc what is written is no step of its undo list, which knows nothing of whole blocks: a step that takes
    back the looks and not the values would be worse than none. What the person did before stays in the list.
    """
    sheets = list(sheets)
    if is_calc(book):
        with _calc_open(
            book.api, [sheet.api for sheet in sheets if sheet.api.isProtected()], title
        ):
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
    """Raises SalesplanError (exit 3) sheet-protected where the sheet is protected and one of the areas is locked."""
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
        # With an empty password named, Excel fails where another is needed; without one it would ask the person.
        api.Unprotect("")
    except Exception:
        return False
    return not api.ProtectContents


@contextmanager
def _calc_open(document: Any, shut: Sequence[Any], title: str) -> Iterator[None]:
    steps = document.getUndoManager()
    if not shut:
        steps.lock()
        try:
            yield
        finally:
            steps.unlock()
        return
    steps.enterUndoContext(title)
    for sheet in shut:
        _calc_lift(sheet)
    steps.leaveUndoContext()
    steps.lock()
    try:
        yield
    finally:
        steps.unlock()
        # Only this gives back what the protection allowed. Calc sometimes lets go of the lock, and steps lie above it then.
        if steps.isUndoPossible() and steps.getCurrentUndoActionTitle() == title:
            steps.undo()
            steps.clearRedo()
        for sheet in shut:
            if not sheet.isProtected():
                sheet.protect("")


def _calc_lift(sheet: Any) -> None:
    from salesplan.excel.bridge import load_uno

    try:
        sheet.unprotect("")
    except load_uno().getClass("com.sun.star.lang.IllegalArgumentException"):
        return
