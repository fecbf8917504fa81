"""What is to be written into a workbook: one value or formula for one cell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum


class CellStyle(Enum):
    """How a value should look where the workbook says nothing of its own about the cell.

    DATE and PERCENT apply wherever the cell's number format is General; AMOUNT, TEXT and LINK only
    where the cell has no style at all; GENERAL and NUMBER leave the cell as it is.
    """

    GENERAL = "general"
    NUMBER = "number"
    AMOUNT = "amount"
    PERCENT = "percent"
    DATE = "date"
    LINK = "link"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell's new content.

    ``sheet`` is the sheet's name, ``cell`` an A1 reference without ``$``. ``value`` is None or ""
    (blank, style kept), bool, int, float, Decimal, str, date or datetime. With ``formula`` (a
    leading "=" is optional) the value is the formula's stored result, None for none.
    Raises TypeError for any other kind of value, ValueError for a number that is not finite.
    """

    sheet: str
    cell: str
    value: object
    formula: str | None = None
    style: CellStyle | None = None

    def __post_init__(self) -> None:
        value = self.value
        if value is None or isinstance(value, (bool, int, str, date)):
            return
        if isinstance(value, (float, Decimal)):
            if not math.isfinite(value):
                raise ValueError(f"{self.sheet}!{self.cell}: {value} is not a finite number")
            return
        raise TypeError(f"{self.sheet}!{self.cell}: a cell cannot hold {type(value).__name__}")

    @property
    def blank(self) -> bool:
        """Whether the cell is emptied."""
        return self.formula is None and (self.value is None or self.value == "")
