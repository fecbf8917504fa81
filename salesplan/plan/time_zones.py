"""On which day something happened that bears a time with an offset: 16:30 UTC on 31 January is 1
February in Beijing.

The plan counts its days in one time zone, a setting 时区, by default that of its country. A
country with several has no default: 时区 has to be given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from salesplan.plan.normalize import half_width
from salesplan.plan.parse_dates import DayFormat, written_day

ZONES: Mapping[str, str] = {
    "AE": "Asia/Dubai",
    "AR": "America/Argentina/Buenos_Aires",
    "AT": "Europe/Vienna",
    "BD": "Asia/Dhaka",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "CH": "Europe/Zurich",
    "CN": "Asia/Shanghai",
    "CO": "America/Bogota",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "EG": "Africa/Cairo",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "HK": "Asia/Hong_Kong",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "IE": "Europe/Dublin",
    "IL": "Asia/Jerusalem",
    "IN": "Asia/Kolkata",
    "IT": "Europe/Rome",
    "JP": "Asia/Tokyo",
    "KE": "Africa/Nairobi",
    "KH": "Asia/Phnom_Penh",
    "KR": "Asia/Seoul",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "MO": "Asia/Macau",
    "MY": "Asia/Kuala_Lumpur",
    "NG": "Africa/Lagos",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PE": "America/Lima",
    "PH": "Asia/Manila",
    "PK": "Asia/Karachi",
    "PL": "Europe/Warsaw",
    "RO": "Europe/Bucharest",
    "RS": "Europe/Belgrade",
    "SA": "Asia/Riyadh",
    "SE": "Europe/Stockholm",
    "SG": "Asia/Singapore",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
    "TH": "Asia/Bangkok",
    "TR": "Europe/Istanbul",
    "TW": "Asia/Taipei",
    "UA": "Europe/Kyiv",
    "VN": "Asia/Ho_Chi_Minh",
    "ZA": "Africa/Johannesburg",
}
"""The time zone of a country that has one. Spain, Portugal, the United States and others have
several.
"""

_NAMES = {"北京时间": "Asia/Shanghai", "中国标准时间": "Asia/Shanghai", "utc": "UTC", "gmt": "UTC"}
_FIXED = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE | re.ASCII)
_SPLIT = re.compile(r"[\sT]")
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)",
    re.IGNORECASE | re.ASCII,
)
_NAMED_ZONE = re.compile(r"\d\s*(?!am\b|pm\b)[A-Z]{2,5}$|\[\w+/\w+\]$", re.IGNORECASE | re.ASCII)

EARLIEST = date(1900, 3, 1)
"""The first day that every spreadsheet program shows alike."""


class ZoneNeededError(Exception):
    """A time has an offset, and nothing says in which time zone the plan counts its days."""


def zone(text: str) -> tzinfo | None:
    """The time zone that a setting names: Asia/Shanghai, UTC+8, +08:00, 北京时间. None where it
    names none.
    """
    from zoneinfo import ZoneInfo

    wanted = half_width(text)
    fixed = _FIXED.fullmatch(wanted)
    try:
        if fixed is not None:
            return _offset(fixed[1], int(fixed[2]), int(fixed[3] or 0))
        return ZoneInfo(_NAMES.get(wanted.casefold(), wanted))
    except (KeyError, ValueError, OSError):  # no such file; a folder of the zone data; a bad name
        return None


def zone_of(time_zone: str, country: str) -> tzinfo | None:
    """The plan's time zone: the one given, else its country's; None where that has several."""
    named = time_zone or ZONES.get(country.upper(), "")
    return zone(named) if named else None


def day_of(
    text: str, plans: tzinfo | None, theirs: tzinfo | None = None, form: DayFormat | None = None
) -> date | None:
    """The day that a field of an export says, in the ``plans`` time zone where the time has an
    offset, or stands in a zone of ``theirs``; ``form``: how its days are written.

    None where it is no date, or bears a time zone's short name: CST is China's, Cuba's and
    Chicago's. Raises :class:`ZoneNeededError` for a time with an offset without ``plans``.
    """
    found, rest = day_and_rest(half_width(text), form)
    if found is None or not rest:
        return found
    told, where = _TIME.fullmatch(rest), None
    if told is None and theirs is not None:
        told, where = _TIME.fullmatch(f"{rest} Z"), theirs
    if told is None:
        return None if _NAMED_ZONE.search(rest) else found
    if plans is None:
        raise ZoneNeededError
    try:
        hour, minute, second = int(told[1]), int(told[2]), int(told[3] or 0)
        where = where or _told_zone(told[4])
        moment = datetime(found.year, found.month, found.day, hour, minute, second, tzinfo=where)
        return moment.astimezone(plans).date()
    except (ValueError, OverflowError):  # 25:00; the first day of the year 1
        return None


def moment_day(moment: datetime, plans: tzinfo | None, theirs: tzinfo | None) -> date:
    """The same of a moment that a database or a workbook tells. Raises :class:`ZoneNeededError`."""
    if moment.tzinfo is None and theirs is None:
        return moment.date()
    if plans is None:
        raise ZoneNeededError
    told = moment if moment.tzinfo is not None else moment.replace(tzinfo=theirs)
    return told.astimezone(plans).date()


def day_and_rest(text: str, form: DayFormat | None) -> tuple[date | None, str]:
    """The day with which a text begins, and what stands behind it: a time, for the most part."""
    if form is not None:
        found, rest = form.read(text)
        return found, rest.lstrip("T").strip()
    day, *rests = _SPLIT.split(text, maxsplit=1)
    return written_day(day), rests[0].strip() if rests else ""


def _told_zone(text: str) -> tzinfo:
    if text[0] not in "+-":
        return UTC
    return _offset(text[0], int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0)


def _offset(sign: str, hours: int, minutes: int) -> timezone:
    """Raises ValueError from 24 hours on."""
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(ahead if sign == "+" else -ahead)
