"""From a value of the sample to a cell: number formats and alignment by kind, words by language."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from salesplan.plan.model import Month
from salesplan.plan.schema import Column, Kind, Owner, label
from salesplan.template.story.values import Cell
from salesplan.template.styles import CELL, ENGINE_CELL, Properties
from salesplan.wording import Both, either, listed

NUMBER, WHOLE, PERCENT = "#,##0.00", "#,##0", "0.0%"

_FORMATS = {
    Kind.AMOUNT: NUMBER,
    Kind.NUMBER: NUMBER,
    Kind.PERCENT: PERCENT,
    Kind.INTEGER: "0",
    Kind.DATE: "yyyy-mm-dd",
    Kind.MONTH: "yyyy-mm",
    Kind.PERIOD: "yyyy-mm-dd",
    Kind.SINCE: "yyyy-mm-dd",
    Kind.CODE: "@",
    Kind.CODES: "@",
    Kind.PERCENTS: "@",
    Kind.RHYTHM: "@",
}
_SPECIAL = {
    "deliverable_target": "General",
    "deliverable_actual": "General",
    "person_days": "General",
    "quantity": WHOLE,
    "smallest_unit": "General",
    "weight": "General",
}
"""Number formats by column key, where the kind alone would show too much or too little."""

_CENTRED = frozenset(
    {Kind.DATE, Kind.MONTH, Kind.PERIOD, Kind.SINCE, Kind.CHOICE, Kind.FLAG, Kind.INTEGER}
)
_WORDS = frozenset({Kind.TEXT, Kind.CODES, Kind.CHOICES, Kind.LINK})
_TALL = frozenset({"problem", "fix"})
"""Engine's words that may need several lines."""

WRAP_FROM = 16
"""Width from which a text column wraps; narrower ones would only grow tall."""


def look(column: Column, kind: Kind | None = None) -> Properties:
    """The format properties of the column's cells; ``kind`` overrides the column's (settings)."""
    kind = kind or column.kind
    base = CELL if column.owner is Owner.PLANNER else ENGINE_CELL
    number_format = _FORMATS.get(kind)
    if kind is Kind.NUMBER:
        number_format = _SPECIAL.get(column.key, NUMBER)
    more: dict[str, object] = {"num_format": number_format} if number_format else {}
    if kind in _CENTRED:
        more["align"] = "center"
    elif kind in (Kind.NUMBER, Kind.AMOUNT, Kind.PERCENT):
        more |= {"align": "right", "indent": 1}
    else:
        more |= {"align": "left", "indent": 1}
    if (
        kind in _WORDS
        and column.width >= WRAP_FROM
        and (column.owner is Owner.PLANNER or column.key in _TALL)
    ):
        more["text_wrap"] = True
    if column.owner is Owner.ENGINE and column.key in _TALL:
        # Where a program does not fit the row to the text, the beginning shows, not the middle.
        more["valign"] = "top"
    return {**base, **more}


_DRAWN = ("border", "border_color", "bg_color")


def undrawn(column: Column) -> Properties:
    """The same without lines and ground: what a cell has in a row that is not drawn yet."""
    kind = Kind.TEXT if column.kind is Kind.VALUE else None
    return {key: value for key, value in look(column, kind).items() if key not in _DRAWN}


def write(sheet: Any, row: int, column: int, value: Cell, form: Any, lang: str) -> None:
    """Write one value; text is always written as text, a blank keeps its format."""
    if value is None:
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, Month):
        sheet.write_datetime(row, column, _midnight(value.first), form)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, _midnight(value), form)
    elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        sheet.write_number(row, column, float(value), form)
    else:
        sheet.write_string(row, column, words(value, lang), form)


def words(value: Cell, lang: str) -> str:
    """A value that is text in the sheet: names of choices, yes and no, lists."""
    if isinstance(value, Both):
        return value.of(lang)
    if isinstance(value, Enum):
        return label(value, lang)
    if isinstance(value, bool):
        return either(lang, ("否", "是"), ("No", "Yes"))[value]
    if isinstance(value, tuple) and not isinstance(value, Month):
        return listed((label(choice, lang) for choice in value), lang)
    return str(value)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
