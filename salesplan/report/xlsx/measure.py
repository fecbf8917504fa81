"""How wide text is in a cell, so that nothing is clipped and no number turns to ####.

Widths are in digits of the body font, which is what a column's width counts.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from unicodedata import east_asian_width

from salesplan.dataclass import dataclass
from salesplan.engine.exact.figures import WIDE
from salesplan.report.xlsx.styles import BODY, ROW_HEIGHT
from salesplan.wording import Both

Scalar = Decimal | int | str | date | None

_WIDE = 1.95
_LATIN = {
    "'": 0.37,
    "ijl|": 0.46,
    " !,./:;[]\\ft": 0.57,
    "I": 0.57,
    '"r()-`{}': 0.70,
    "*": 0.78,
    "cksvxyzJ·": 1.0,
    "&ABEKPSVXY": 1.31,
    "CDHNRUw": 1.41,
    "GOQ": 1.53,
    "mM": 1.63,
    "%Wm": 1.83,
    "@…—→": 1.98,
}
"""Widths of the body font's letters by its own measures, a little more than they are: a column's
digit is rounded down to whole pixels, and the font that stands in for it may be wider.
"""
_LETTER: dict[str, float] = {}
for _chars, _wide in _LATIN.items():
    _LETTER.update(dict.fromkeys(_chars, _wide))
_OTHER = 1.08
"""A digit, and any letter like one."""
_BOLD = 1.06
_WIDEST = dict.fromkeys("0123456789", 1.22) | {",": 0.61, ".": 0.61, "-": 0.69, "+": 1.6, "%": 1.83}
_WIDEST_BOLD = dict.fromkeys("0123456789", 1.33) | {
    ",": 0.73,
    ".": 0.73,
    "-": 0.8,
    "+": 1.6,
    "%": 1.92,
}
"""What numbers are made of in DejaVu Sans, which stands in where a workbook's font is missing."""
LINE_HEIGHT = Both(13.5, 12.8)
"""Points of a line of body text: Chinese characters need more."""
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

    def height(self, room: float, line: float) -> float:
        """The points its row needs where the columns are ``room`` wide and a line of body text is
        ``line`` high.
        """
        needed = lines(self.text, room, self.size, self.bold) * line * self.size / BODY + 3
        return min(max(ROW_HEIGHT, needed), _HIGHEST)


@lru_cache(maxsize=20_000)
def width(text: str, size: int = BODY, bold: bool = False) -> float:
    """The width of the longest line of ``text``."""
    look = _bold if bold else _char
    return max(sum(map(look, line)) for line in text.split("\n")) * size / BODY


@lru_cache(maxsize=20_000)
def number(text: str, size: int = BODY, bold: bool = False) -> float:
    """The width of a number as shown, in the widest font that programs put in the place of one that
    they lack: where it does not fit nothing is seen of it but ####.
    """
    wide = _WIDEST_BOLD if bold else _WIDEST
    known = sum(wide.get(char, 0.0) or _char(char) * (_BOLD if bold else 1.0) for char in text)
    return known * size / BODY


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
    return sum(_broken(line, max(room, 1.0), size, bold) for line in text.split("\n"))


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
    if char in _LETTER:
        return _LETTER[char]
    if east_asian_width(char) in "WFA":
        return _WIDE
    return 1.31 if char.isupper() else _OTHER


def _bold(char: str) -> float:
    """Bold letters are wider; Chinese characters fill their square either way."""
    plain = _char(char)
    return plain if plain == _WIDE else plain * _BOLD


_WORD = re.compile(
    r"[^\S\n]+|[^\s\u2e80-\u9fff\uff00-\uffef]+|.[\u3001\u3002\uff00-\uff0f\uff1a-\uff20]*"
)
"""What a line is not broken in: a word of letters, a Chinese character with the marks after it."""


@lru_cache(maxsize=20_000)
def _broken(line: str, room: float, size: int, bold: bool) -> int:
    """The lines that a program breaks one into: as many words on each as go there, a word longer
    than a line by its letters; blanks at an end take no room.
    """
    count, used = 1, 0.0
    for word in _WORD.findall(line):
        needed = width(word, size, bold)
        if used and used + needed > room:
            if word.isspace():
                continue
            count, used = count + 1, 0.0
        more = int(needed / room) if needed > room else 0
        count, used = count + more, used + needed - more * room
    return count
