"""A1 references and ranges as numbers, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import product

from salesplan.dataclass import dataclass, replace

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})\Z")


@cache
def column_number(letters: str) -> int:
    """1 for A, 27 for AA; ValueError if it is no column."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(f"no column: {letters!r}")
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= MAX_COLUMN:
        raise ValueError(f"no column: {letters!r}")
    return number


@cache
def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def parse_cell(ref: str) -> tuple[int, int]:
    """(row, column), both from 1, of an A1 reference; ValueError if it is none."""
    match = _CELL.match(ref)
    if match is None or int(match[2]) > MAX_ROW:
        raise ValueError(f"no cell reference: {ref!r}")
    return int(match[2]), column_number(match[1])


def cell_ref(row: int, column: int) -> str:
    """The A1 reference of a row and a column, both from 1."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Range:
    """A block of cells; all four bounds included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, text: str) -> Range:
        """From ``A1`` or ``A1:C9``, also ``A:C`` and ``1:9``; ValueError if it is none of these."""
        first, _, last = text.strip().partition(":")
        top, left = _corner(first, 1, 1)
        bottom, right = _corner(last or first, MAX_ROW, MAX_COLUMN)
        return cls(min(top, bottom), min(left, right), max(top, bottom), max(left, right))

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return self.top == self.bottom and self.left == self.right

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def cells(self) -> Iterator[tuple[int, int]]:
        """Its cells (row, column), row by row."""
        return product(range(self.top, self.bottom + 1), range(self.left, self.right + 1))

    def meets(self, other: Range) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    def down_to(self, bottom: int) -> Range:
        """The same columns with another last row."""
        return replace(self, bottom=bottom)

    def halves(self) -> tuple[Range, Range]:
        """Its left and right half; of a single column the upper and the lower one."""
        if self.left < self.right:
            middle = (self.left + self.right) // 2
            return replace(self, right=middle), replace(self, left=middle + 1)
        middle = (self.top + self.bottom) // 2
        return replace(self, bottom=middle), replace(self, top=middle + 1)

    def including(self, row: int, column: int) -> Range:
        """The smallest range that holds this one and the cell."""
        if self.holds(row, column):
            return self
        return Range(
            min(self.top, row),
            min(self.left, column),
            max(self.bottom, row),
            max(self.right, column),
        )

    def __str__(self) -> str:
        first = cell_ref(self.top, self.left)
        return first if self.single else f"{first}:{cell_ref(self.bottom, self.right)}"


def rectangles(cells: Iterable[tuple[int, int]]) -> list[Range]:
    """Cells (row, column) as few blocks: rows that follow one another with cells in the same
    columns, top down.
    """
    rows: dict[int, list[int]] = {}
    for row, column in sorted(set(cells)):
        rows.setdefault(row, []).append(column)
    found: list[Range] = []
    open_: dict[tuple[int, int], int] = {}
    for row, columns in rows.items():
        still = {}
        for left, right in runs(columns):
            at = open_.get((left, right))
            if at is not None and found[at].bottom == row - 1:
                found[at] = found[at].down_to(row)
            else:
                at = len(found)
                found.append(Range(row, left, row, right))
            still[left, right] = at
        open_ = still
    return found


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each stretch of numbers that follow one another; the numbers ascend."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def _corner(text: str, row: int, column: int) -> tuple[int, int]:
    bare = text.replace("$", "")
    if bare.isdigit():
        return int(bare), column
    if bare.isalpha():
        return row, column_number(bare)
    return parse_cell(bare)
