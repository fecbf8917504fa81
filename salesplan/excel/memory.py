"""The hidden sheet of an open workbook in which salesplan keeps what it filled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from salesplan.fill import Edit
from salesplan.workbook.memory import SHEET

_VERY_HIDDEN = 2
"""Excel's own number (xlSheetVeryHidden)."""


def remembering(book: Any, noted: Sequence[Edit], wanted: Callable[[], bool]) -> Sequence[Edit]:
    """The edits of the memory, with the sheet made and hidden where there is none; none of them where the
    workbook takes no new sheet (its structure is protected): then what is filled is known by being what is computed."""
    if not noted or SHEET in [sheet.name for sheet in book.sheets]:
        return noted
    if not wanted():
        return ()
    with suppress(Exception):  # whatever the program says against a new sheet, filling goes on
        _make(book)
    return noted if SHEET in [sheet.name for sheet in book.sheets] else ()


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
        front.activate()
