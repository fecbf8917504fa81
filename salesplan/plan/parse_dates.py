"""Cells that hold days and months (SPEC 13: a date as text)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from salesplan.plan.model import Month
from salesplan.plan.parse_text import Bad, Field, accept, as_text, refuse
from salesplan.plan.spelling import half_width

_DAY = re.compile(
    r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?|(\d{4})(\d{2})(\d{2})",
    re.ASCII,
)
_MONTH = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*月?|(\d{4})(\d{2})", re.ASCII)
_EXCEL_EPOCH = date(1899, 12, 30)


def day(value: object, _field: Field) -> date | Bad:
    """DATE: a date cell; "2026-3-5", "2026/3/5", "2026年3月5日", "20260305" with a warning.

    A bare serial number is refused (with the day it would be), and so is text whose order of
    day and month is open, such as 3/5/2026.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _text_day(value)
    if found is not None:
        return accept("date-as-text", found, text=as_text(value), day=found)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        near = _EXCEL_EPOCH + timedelta(days=int(value)) if 20_000 <= value < 80_000 else None
        return refuse("number-instead-of-date", text=as_text(value), day=near or "—")
    return refuse("text-not-date", text=as_text(value))


def month(value: object, _field: Field) -> Month | Bad:
    """MONTH: a date cell's month, "2026-06", "2026/6", "2026年6月", "2026.06", or the number 202606."""
    if isinstance(value, date):
        return Month.of(value)
    found = _text_month(value)
    if found is None:
        whole = _text_day(value)
        found = Month.of(whole) if whole else None
    return found or refuse("text-not-month", text=as_text(value))


def period(value: object, field: Field) -> tuple[date | None, Month] | Bad:
    """PERIOD: (day, its month), or (None, month) where only a month is given."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value, Month.of(value)
    found = _text_month(value)
    if found is not None:
        return None, found
    read = day(value, field)
    if isinstance(read, Bad):
        return (
            accept(read.code, (read.value, Month.of(read.value)), **read.params)
            if isinstance(read.value, date)
            else read
        )
    return read, Month.of(read)


def written_day(text: str) -> date | None:
    """The day that a text says for certain: 2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日 or 20260305."""
    return _text_day(text)


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


def _text_month(value: object) -> Month | None:
    match = _MONTH.fullmatch(_digits(value) or "")
    if not match:
        return None
    year, number = (int(part) for part in match.groups() if part is not None)
    return Month(year, number) if 1 <= number <= 12 and 1900 <= year <= 2200 else None
