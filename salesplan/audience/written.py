"""Figures as they are written, and as they are known: compared by their value.

What is written has lost digits: 1413.333… is shown as 1,413.33. It may also stand in another unit
of amounts: 1,234,500 is 123.45 in 万元 and 1,234.5 in thousands. A hundred times as much is no such
unit, so that 1,413.33 is not 141,333; a percentage says that it is one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

SCALES = (0, 3, -3, 4, -4, 6, -6, 8, -8)
"""By how many places a figure may be moved: thousands, 万, millions, 亿."""

_KEPT = 15
"""Significant digits that a spreadsheet keeps."""

_FIGURE = re.compile(
    r"(?<![A-Za-z0-9_.,])(\d[\d,]*+)(?:\.(\d++))?+(?:[eE]([-+]?\d++))?+"
    r"(?:(%)|[kKmM]?+(?![A-Za-z0-9_]))"
)
"""A figure in a text, by itself or beside Chinese characters; 1,234.5k and 12% too."""


class Written(NamedTuple):
    """A figure other than 0: its significant ``digits``, the ``place`` of the first and of the
    ``last`` that is written (powers of ten).
    """

    digits: str
    place: int
    last: int

    @property
    def value(self) -> float:
        """The figure, without its sign."""
        return float(f"{self.digits[0]}.{self.digits[1:]}e{self.place}")


def key_of(value: Decimal | float | int) -> tuple[str, int]:
    """The significant digits of a figure, as a spreadsheet keeps them, and the place of the first:
    ("12345", 6) for 1,234,500. No digits for 0.
    """
    written, _, exponent = f"{abs(float(value)):.{_KEPT - 1}e}".partition("e")
    return written.replace(".", "").rstrip("0"), int(exponent)


def figures_in(text: str) -> Iterator[Written]:
    """The figures that a text holds."""
    for match in _FIGURE.finditer(text):
        whole, decimals, power, percent = match.groups(default="")
        moved = int(power or 0) - (2 if percent else 0)
        digits, place = key_of(float(f"{whole.replace(',', '')}.{decimals}"))
        if digits:
            last = max(-len(decimals), place - _KEPT + 1)
            yield Written(digits, place + moved, last + moved)


class Figures:
    """Values to be found again as they are written."""

    def __init__(self, values: Iterable[Decimal | float]) -> None:
        self.values = frozenset(abs(float(value)) for value in values)

    def __or__(self, other: Figures) -> Figures:
        return Figures(self.values | other.values)

    @cached_property
    def keys(self) -> frozenset[tuple[str, int]]:
        """Digits and place of each."""
        return frozenset(map(key_of, self.values))

    @cached_property
    def digits(self) -> frozenset[str]:
        """The digits of each, wherever the point stands."""
        return frozenset(digits for digits, _ in self.keys)

    @cached_property
    def _ordered(self) -> list[float]:
        return sorted(self.values)

    def hold(self, one: Written) -> bool:
        """Whether one of the values, rounded to where this is written, is this: in whatever unit
        of amounts.
        """
        if (one.digits, one.place) in self.keys:
            return True
        half = 10.0**one.last * 0.500001
        return any(self._between(one.value - half, one.value + half, move) for move in SCALES)

    def _between(self, low: float, high: float, move: int) -> bool:
        at = bisect_left(self._ordered, low * 10.0**move)
        return at < len(self._ordered) and self._ordered[at] <= high * 10.0**move
