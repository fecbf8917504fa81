"""Cells that hold days and months (a date as text)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from salesplan.dataclass import dataclass
from salesplan.pattern import pattern
from salesplan.plan.model import Month
from salesplan.plan.normalize import half_width
from salesplan.plan.parse_text import (
    EPOCH_1900,
    NOTHING,
    Bad,
    Field,
    Reading,
    accept,
    as_text,
    refuse,
)

_DAY = pattern(
    r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*[日号]?(?:[ T]+\d{1,"
    r"2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?|(\d{4})(\d{2})(\d{2})",
    re.ASCII,
)
_MONTH = pattern(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*月?|(\d{4})(\d{2})", re.ASCII)
_YEARLESS_DAY = pattern(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?", re.ASCII)
_YEARLESS_MONTH = pattern(r"(\d{1,2})\s*月份?", re.ASCII)
_SERIALS = (date(1954, 10, 3), date(2119, 1, 10))
"""Whole numbers that count as one of these days may be a date that lost its format."""


_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOKENS = pattern(r"yyyy|yy|mmm|mm|m|dd|d|%[YymdbB]|serial", re.IGNORECASE)
_OF_PYTHON = {"%Y": "yyyy", "%y": "yy", "%m": "m", "%b": "mmm", "%B": "mmm", "%d": "d"}
_PATTERNS = {
    "yyyy": r"(?P<year>\d{4})",
    "yy": r"(?P<short>\d{2})",
    "mmm": r"(?P<name>[A-Za-z]{3})[A-Za-z]*\.?",
    "mm": r"(?P<month>\d{1,2})",
    "m": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{1,2})",
    "d": r"(?P<day>\d{1,2})",
    "serial": r"(?P<serial>\d{1,6})(?:\.\d+)?",
}
PIVOT = 69
"""Years of two digits from here on are of the last century: 69 is 1969, 68 is 2068."""


@dataclass(frozen=True, slots=True)
class DayFormat:
    """How somebody else writes days: dd/mm/yyyy, m/d/yy, d mmm yyyy, %d.%m.%Y, or serial."""

    text: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, text: str) -> DayFormat | None:
        """The format that a text describes; None where it does not say day, month and year."""
        parts: list[str] = []
        end = 0
        for token in _TOKENS.finditer(text):
            parts.append(re.escape(text[end : token.start()]))
            parts.append(_PATTERNS[_OF_PYTHON.get(token[0], token[0].lower())])
            end = token.end()
        parts.append(re.escape(text[end:]))
        try:
            pattern = re.compile("".join(parts), re.ASCII)
        except re.error:  # a day, a month or a year twice
            return None
        said = set(pattern.groupindex)
        dated = "day" in said and said & {"month", "name"} and said & {"year", "short"}
        return cls(text, pattern) if dated or said == {"serial"} else None

    def read(self, text: str) -> tuple[date | None, str]:
        """The day at the beginning of a text, None where there is none; and what follows it."""
        found = self.pattern.match(text)
        if found is None or text[found.end() : found.end() + 1].isalnum():
            return None, ""
        return _of_parts(found.groupdict()), text[found.end() :]


def _of_parts(said: Mapping[str, str | None]) -> date | None:
    serial, short, name = said.get("serial"), said.get("short"), said.get("name")
    if serial:
        return EPOCH_1900 + timedelta(days=int(serial))
    if name is not None and name.lower() not in _NAMES:
        return None
    month = int(said.get("month") or 0) if name is None else _NAMES.index(name.lower()) + 1
    century = 1900 if int(short or 0) >= PIVOT else 2000
    year = int(said.get("year") or 0) or century + int(short or 0)
    try:
        return date(year, month, int(said["day"] or 0))
    except ValueError:
        return None


def day(value: object, _field: Field, reading: Reading = NOTHING) -> date | Bad:
    """DATE: a date cell; "2026-3-5", "2026/3/5", "2026年3月5号", "20260305" with a warning, and
    "3月5日" of the plan year.

    A bare serial number, as programs leave it that forget the format, is the day it would show.
    Text whose order of day and month is open, such as 3/5/2026, is refused.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _text_day(value) or _yearless_day(value, reading)
    if found is not None:
        return accept("date-as-text", found, text=as_text(value), day=found)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        first, last = ((one - reading.epoch).days for one in _SERIALS)
        if not first <= value < last:
            return refuse("number-instead-of-date", text=as_text(value))
        serial = reading.epoch + timedelta(days=int(value))
        return accept("serial-as-date", serial, text=as_text(value), day=serial)
    return refuse("text-not-date", text=as_text(value))


def month(value: object, field: Field, reading: Reading = NOTHING) -> Month | Bad:
    """MONTH: a date cell's month, "2026-06", "2026/6", "2026年6月", "2026.06", or the number
    202606; "6月" of the plan year with a warning.
    """
    found = _text_month(value)
    if isinstance(value, date):
        whole = value
    elif found:
        whole = None
    else:
        whole = _text_day(value)
    if whole is not None:
        return Month.of(whole)
    yearless = None if found else _yearless_month(value, reading)
    if yearless is not None:
        return accept("month-without-year", yearless, text=as_text(value), month=yearless)
    return found or refuse("text-not-month", text=as_text(value))


def since(value: object, field: Field, reading: Reading = NOTHING) -> date | Month | Bad:
    """SINCE: the month, as :func:`month` reads it; the day, where one after the first is given."""
    whole = value if isinstance(value, date) else _text_day(value) or _yearless_day(value, reading)
    if whole is not None and whole.day > 1:
        return whole.date() if isinstance(whole, datetime) else whole
    return month(value, field, reading)


def period(
    value: object, field: Field, reading: Reading = NOTHING
) -> tuple[date | None, Month] | Bad:
    """PERIOD: (day, its month), or (None, month) where only a month is given."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value, Month.of(value)
    found = _text_month(value)
    if found is not None:
        return None, found
    yearless = _yearless_month(value, reading)
    if yearless is not None:
        return accept("month-without-year", (None, yearless), text=as_text(value), month=yearless)
    read = day(value, field, reading)
    if isinstance(read, Bad):
        return (
            accept(read.code, (read.value, Month.of(read.value)), **read.params)
            if isinstance(read.value, date)
            else read
        )
    return read, Month.of(read)


def written_day(text: str) -> date | None:
    """The day that a text says for certain: 2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日 or
    20260305.
    """
    return _text_day(text)


def month_of_plan(text: str, reading: Reading) -> Month | None:
    """6月 of the plan; None for anything else."""
    return _yearless_month(text, reading)


def written_month(text: str) -> Month | None:
    """The month that a text says for certain: 2026-06, 2026-6, 2026/6, 2026年6月 or 202606."""
    return _text_month(text)


def _digits(value: object) -> str | None:
    if isinstance(value, str):
        return half_width(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value):
        return str(int(value))
    return None


def _text_day(value: object) -> date | None:
    match = _DAY.fullmatch(_digits(value) or "")
    if not match:
        return None
    try:
        return date(*(int(part) for part in match.groups() if part is not None))
    except ValueError:
        return None


def _yearless_day(value: object, reading: Reading) -> date | None:
    """3月5日 of the one year in which the plan has a March."""
    match = _YEARLESS_DAY.fullmatch(half_width(value)) if isinstance(value, str) else None
    found = reading.month(int(match[1])) if match else None
    if match is None or found is None or not 1 <= int(match[2]) <= found.last.day:
        return None
    return date(found.year, found.month, int(match[2]))


def _yearless_month(value: object, reading: Reading) -> Month | None:
    """6月 of the plan; under the header 月份 a bare 6 as well."""
    match = _YEARLESS_MONTH.fullmatch(half_width(value)) if isinstance(value, str) else None
    if match:
        return reading.month(int(match[1]))
    text = _digits(value) if reading.bare_months else None
    return reading.month(int(text)) if text and text.isdecimal() and len(text) <= 2 else None


def _text_month(value: object) -> Month | None:
    match = _MONTH.fullmatch(_digits(value) or "")
    if not match:
        return None
    year, number = (int(part) for part in match.groups() if part is not None)
    return Month(year, number) if 1 <= number <= 12 and 1900 <= year <= 2200 else None
