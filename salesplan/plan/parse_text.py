"""What every cell parser shares: the refusal of a cell, and text as it was meant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place
from salesplan.plan.model import Month
from salesplan.plan.normalize import clean
from salesplan.plan.schema.kinds import Column, Setting

Field = Column | Setting
"""What a cell is meant to hold: a table's column, or a row of the settings."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that cannot be taken as it stands: why, and what it is read as all the same.

    ``broken`` is False where the meaning was plain and ``value`` is used with a warning.
    """

    code: str
    params: Mapping[str, object]
    value: object = None
    broken: bool = True

    def at(self, place: Place, field: Field) -> Finding:
        """The finding to show for this cell; its sentences may name the ``column``."""
        return Finding.of(self.code, place, column=field, **self.params)


EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""Day 0 of a workbook's serial numbers: of Excel's usual workbooks, and of those that count from
1904, as Excel for Mac once made them.
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the settings say of cells that leave something out. By itself it says nothing.

    ``months`` are the plan's: 6月 is the one of them. ``home`` is the currency of amounts that are
    counted one by one, "" where they are not: ¥1900 is 1,900 in a plan in 元, and in one in 万元
    nobody can tell. ``bare_months``: a whole number under the header 月份 is a month. ``epoch`` is
    the workbook's day 0, from which bare serial numbers count.
    """

    months: tuple[Month, ...] = ()
    home: str = ""
    bare_months: bool = False
    epoch: date = EPOCH_1900

    def month(self, number: int) -> Month | None:
        """The plan's month of that number."""
        return next((month for month in self.months if month.month == number), None)


NOTHING = Reading()


def refuse(code: str, **params: object) -> Bad:
    """A cell that cannot be read: its field is broken."""
    return Bad(code, MappingProxyType(params))


def accept(code: str, value: object, **params: object) -> Bad:
    """A cell that is read as ``value``, with a warning."""
    return Bad(code, MappingProxyType(params), value, broken=False)


def exact(value: float) -> Decimal:
    """An Excel number as a decimal, to the 15 digits that Excel keeps: the result of =0.1+0.2 is
    0.3.
    """
    if isinstance(value, int) or (value == int(value) and abs(value) < 1e15):
        return Decimal(int(value))
    return Decimal(f"{value:.15g}")


def as_text(value: object) -> str:
    """A cell's value as a person would type it: 1001.0 is ``1001``, a date is ISO."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return f"{exact(value):f}"
    if isinstance(value, datetime):
        value = value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else value
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)
