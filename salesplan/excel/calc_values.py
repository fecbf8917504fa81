"""Values on their way into LibreOffice Calc and out of it: errors, number formats, what a text
would be read as; see :mod:`calc`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from salesplan.excel.bridge import load_uno

STANDARD = 10_000
"""Number formats come in blocks of so many by language; the first of a block is General."""

_TYPED = re.compile(r"['=+-]|.*\d|true\Z|false\Z", re.IGNORECASE | re.DOTALL)
"""Texts that a spreadsheet may read as something else than text."""

KNOWN_ERRORS = {
    502: "#VALUE!",
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
"""Calc's numbers of the errors that Excel has too (as its own export to Excel maps them)."""


class ErrorText(str):
    """An error value by its name in Excel: not a text that reads like one."""

    __slots__ = ()


class Formats:
    """The number formats of a document, by key and by Excel's code."""

    def __init__(self, document: Any) -> None:
        self._formats = document.getNumberFormats()
        self._kinds: dict[int, int] = {}
        self._codes: dict[int, str] = {}

    def kind(self, key: int) -> int:
        """Calc's own number for what a format shows: days, money, percentages."""
        if key not in self._kinds:
            self._kinds[key] = self._formats.getByKey(key).getPropertyValue("Type")
        return self._kinds[key]

    def code(self, key: int) -> str:
        """A format as Excel writes it; General for the standard one."""
        if key % STANDARD == 0:
            return "General"
        if key not in self._codes:
            self._codes[key] = str(self._formats.getByKey(key).getPropertyValue("FormatString"))
        return self._codes[key]

    def key(self, code: str) -> int:
        """The number by which the document knows a format, which is added if it is new."""
        english = load_uno().createUnoStruct(
            "com.sun.star.lang.Locale", Language="en", Country="US"
        )
        if code == "General":
            return int(self._formats.getStandardIndex(english))
        known = self._formats.queryKey(code, english, False)
        return int(known if known >= 0 else self._formats.addNew(code, english))


class Look:
    """A cell that takes on a number format with its value, as typed dates and truth values do."""

    def __init__(self, code: str) -> None:
        self.code = code


class Marked:
    """A text that reads like something else and was marked as a text."""


MARKED = Marked()


def for_calc(value: Any, null: date) -> tuple[float | str, str | Look | Marked | None]:
    """What goes into the block, and what must be done beside: a formula or a text to be read as
    typed, a look, or a text's mark: a block takes the text as it is, but for the cell's format.
    """
    if isinstance(value, bool):
        return float(value), Look("BOOLEAN")
    if isinstance(value, datetime):
        return (value - datetime.combine(null, time())) / timedelta(days=1), Look(
            "yyyy-mm-dd hh:mm"
        )
    if isinstance(value, date):
        return float((value - null).days), Look("yyyy-mm-dd")
    if isinstance(value, (int, float)):
        return float(value), None
    text = "" if value is None else str(value)
    if text.startswith("'"):
        return text[1:], MARKED if _TYPED.match(text[1:]) else None
    return ("", text) if _TYPED.match(text) else (text, None)
