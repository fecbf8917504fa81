"""What a cell of the sample may hold, before its language is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from salesplan.plan.model import Month
from salesplan.plan.schema import table
from salesplan.wording import Both

Cell = None | bool | str | int | Decimal | date | Month | Enum | Both[str] | tuple[Enum, ...]
"""``None`` is blank; a tuple is a list of choices in one cell."""

Row = Mapping[str, Cell]
"""Cells by column key; columns left out are blank."""

Tables = dict[str, list[Row]]
"""Rows by table key, in sheet order."""


def b(zh: str, en: str) -> Both[str]:
    """Short for :class:`Both`: the sample says nearly everything twice."""
    return Both(zh, en)


def header(table_key: str, column_key: str) -> Both[str]:
    """A column's header as a text of the sample."""
    column = table(table_key).column(column_key)
    return Both(column.zh, column.en)


def friday(day: date) -> date:
    """The Friday of the day's week (Monday to Sunday)."""
    return day + timedelta(days=4 - day.weekday())


def workday_near(day: date) -> date:
    """The day itself, or the Friday before where it falls on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
