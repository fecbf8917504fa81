"""The hidden sheet of an open workbook in which salesplan keeps what it filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from salesplan.excel.hosts import kept_steps, turn_to
from salesplan.fill import Edit
from salesplan.workbook.memory import SHEET

_VERY_HIDDEN = 2
"""Excel's own number (xlSheetVeryHidden)."""


@contextmanager
def remembering(book: Any, noted: Sequence[Edit]) -> Iterator[Any]:
    """The sheet of the memory where there is something to note: made and hidden if it is not there,
    and gone again if what is done with it fails. None where the workbook takes no new sheet (its
    structure is protected)."""
    if not noted:
        yield None
        return
    there = _sheet(book)
    if there is None:
        # Whatever the program says against a new sheet, filling goes on.
        with suppress(Exception), kept_steps(book):
            _make(book)
    try:
        yield _sheet(book)
    except BaseException:
        if there is None:
            _remove(book)
        raise


def forget_if_empty(book: Any) -> None:
    """Take the sheet away again once nothing is noted on it."""
    sheet = _sheet(book)
    if sheet is not None and sheet.used_range.value is None:
        _remove(book)


def _remove(book: Any) -> None:
    asks = getattr(book.app, "display_alerts", True)
    with suppress(Exception), kept_steps(book):
        book.app.display_alerts = False
        _sheet(book).delete()
    with suppress(Exception):
        book.app.display_alerts = asks


def _sheet(book: Any) -> Any:
    return next((sheet for sheet in book.sheets if sheet.name == SHEET), None)


def _make(book: Any) -> None:
    """A sheet behind all others, hidden, with the sheet in front left in front."""
    front = book.sheets.active
    sheet = book.sheets.add(SHEET, after=book.sheets[len(book.sheets) - 1])
    try:
        if book.app.engine.name == "excel":
            sheet.api.Visible = _VERY_HIDDEN
        else:
            sheet.visible = False
    finally:
        turn_to(front)
