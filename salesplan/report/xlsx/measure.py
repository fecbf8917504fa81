"""How wide text is in a cell, so that nothing is clipped and no number turns to ####.

Widths are in digits of the body font, which is what a column's width counts.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import ceil
from unicodedata import east_asian_width

from salesplan.dataclass import dataclass
from salesplan.engine.exact.figures import WIDE
from salesplan.report.xlsx.styles import BODY, ROW_HEIGHT

Scalar = Decimal | int | str | date | None

_WIDE = 1.95
_UPPER = 1.25
_NARROW = 0.6
_BOLD = 1.06
_LINE_HEIGHT = 13.5
_HIGHEST = 400.0


@dataclass(frozen=True, slots=True)
class Wrapped:
    """Text that was written to wrap, from column ``first`` to ``last``: decides its row's
    height.
    """

    row: int
    first: int
    last: int
    text: str
    size: int
    bold: bool

    def height(self, room: float) -> float:
        """The points its row needs where the columns are ``room`` wide."""
        needed = lines(self.text, room, self.size, self.bold) * _LINE_HEIGHT * self.size / BODY + 4
        return min(max(ROW_HEIGHT, needed), _HIGHEST)


@lru_cache(maxsize=20_000)
def width(text: str, size: int = BODY, bold: bool = False) -> float:
    """The width of the longest line of ``text``."""
    look = _bold if bold else _char
    return max(sum(map(look, line)) for line in text.split("\n")) * size / BODY


def halved(text: str, size: int = BODY, bold: bool = False) -> float:
    """The least width in which ``text`` takes two lines at most: a heading's part in its column's
    width.
    """
    if "\n" in text:
        return width(text, size, bold)
    longest = max((width(word, size, bold) for word in text.split(" ")), default=0.0)
    if any(east_asian_width(char) in "WF" for char in text):
        longest = 0.0
    half = width(text, size, bold) / 2 + 1.0
    return max(half, longest, min(width(text, size, bold), 8.0))


def lines(text: str, room: float, size: int = BODY, bold: bool = False) -> int:
    """How many lines ``text`` takes in a column ``room`` wide, broken where words or characters
    end.
    """
    return sum(
        max(1, ceil(_broken(line, size, bold) / max(room, 1.0))) for line in text.split("\n")
    )


def shown(value: Scalar, number_format: str = "") -> str:
    """What a cell shows for ``value`` under one of the report's number formats."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, date):
        return value.isoformat()
    pattern = number_format.split(";")[0]
    digits, _, _ = pattern.partition('"')
    number = Decimal(value) * (100 if pattern.endswith("%") else 1)
    number = number.scaleb(-3 * (len(digits) - len(digits.rstrip(","))))
    places = len(digits.partition(".")[2].rstrip("%,"))
    plain = f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, WIDE):,f}"
    if '"' in pattern:
        suffix = pattern.split('"')[1]
    elif pattern.endswith("%"):
        suffix = "%"
    else:
        suffix = ""
    return ("+" if pattern.startswith("+") and number > 0 else "") + plain + suffix


@lru_cache(maxsize=20_000)
def _char(char: str) -> float:
    if east_asian_width(char) in "WFA":
        return _WIDE
    if char in " .,:;'|!()[]-·iljt":
        return _NARROW
    return _UPPER if char.isupper() or char in "%@&+=" else 1.0


def _bold(char: str) -> float:
    """Bold letters are wider; Chinese characters fill their square either way."""
    plain = _char(char)
    return plain if plain == _WIDE else plain * _BOLD


def _broken(line: str, size: int, bold: bool) -> float:
    """A line's width with what is lost at line ends: words of Latin text are not broken."""
    whole = width(line, size, bold)
    return whole * (1.0 if any(east_asian_width(char) in "WF" for char in line) else 1.08)
