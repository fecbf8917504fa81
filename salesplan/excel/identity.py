"""Which workbook a button was pressed in: what the program itself calls it. It is looked up, and
never run.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, SalesplanError

_FORM = re.compile(r"(\d{1,20})(?:-((?:[0-9A-Fa-f]{4})*))?")


@dataclass(frozen=True, slots=True)
class Identity:
    """``number``: LibreOffice's own number of the document, or the handle of Excel's window (0: not
    known). ``name``: the full name that Excel gives, empty where no workbook was in front or the
    program is Calc."""

    number: int
    name: str = ""

    @classmethod
    def read(cls, text: str) -> Identity:
        """From the command's last word: a number, and the name as UTF-16 in hexadecimal, so that no
        shell has anything to read.

        Raises SalesplanError (exit 2) button-identity for anything else.
        """
        found = _FORM.fullmatch(text)
        try:
            if found is None:
                raise ValueError(text)
            return cls(int(found[1]), bytes.fromhex(found[2] or "").decode("utf-16-be"))
        except ValueError as error:
            raise SalesplanError(Finding.of("button-identity", text=text[:40]), 2) from error

    def __str__(self) -> str:
        name = self.name.encode("utf-16-be").hex()
        return f"{self.number}-{name}" if name else str(self.number)

    def found(self, *, calc: bool) -> Any:
        """The workbook as an ``xw.Book``. Raises SalesplanError (exit 3): live-nothing-open,
        live-pressed-gone, live-open-twice.
        """
        return self._in_calc() if calc else self._in_excel()

    def _in_calc(self) -> Any:
        from salesplan.excel.bridge import connected
        from salesplan.excel.calc import book_of
        from salesplan.excel.documents import document_of

        try:
            return book_of(document_of(connected(), self.number))
        except KeyError as error:
            raise SalesplanError(Finding.of("live-pressed-gone"), 3) from error

    def _in_excel(self) -> Any:
        from salesplan.excel.live import books_open, native_name, none_open

        if not self.name:
            raise SalesplanError(Finding.of("live-nothing-open"), 3)
        books = books_open()
        if not books:
            raise none_open()
        named = [book for book in books if self.name in (native_name(book), book.name)]
        here = [book for book in named if self.number and self.number in _windows(book)]
        if not named:
            raise SalesplanError(Finding.of("live-pressed-gone"), 3)
        if len(here or named) > 1:
            raise SalesplanError(Finding.of("live-open-twice", file=named[0].name), 3)
        return (here or named)[0]


def of(book: Any) -> Identity:
    """The identity that a button pressed in this workbook hands over."""
    from salesplan.excel.documents import number_of
    from salesplan.excel.live import native_name

    if book.app.engine.name == "calc":
        return Identity(number_of(book.api))
    return Identity(next(_windows(book), 0), native_name(book))


def _windows(book: Any) -> Iterator[int]:
    """The handles of the workbook's windows in Excel; none on macOS and in versions with one window
    for all.
    """
    if sys.platform == "darwin":
        return
    with suppress(Exception):
        for window in book.api.Windows:
            yield int(window.Hwnd)
