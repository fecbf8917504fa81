"""What is to be written into a workbook: one value or formula for one cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, overload

from salesplan.dataclass import dataclass


class CellStyle(Enum):
    """How a value should look where the workbook says nothing of its own about the cell.

    DATE and PERCENT apply wherever the cell's number format is General; AMOUNT, TEXT and LINK only
    where the cell has no style at all; GENERAL and NUMBER leave the cell as it is. The heads are
    those of a template (typed in, required, the engine's), whatever the cell has.
    """

    GENERAL = "general"
    NUMBER = "number"
    AMOUNT = "amount"
    PERCENT = "percent"
    DATE = "date"
    LINK = "link"
    TEXT = "text"
    HEAD = "head"
    REQUIRED_HEAD = "required head"
    ENGINE_HEAD = "engine head"


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
    like: tuple[str, str] | None = None
    """The sheet and the cell whose format a new cell takes; a blank one is then there for its
    format, in the number format of ``style`` where that is General and one is given.
    """

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

    @property
    def cells(self) -> int:
        """How many cells it is about."""
        return 1


class ByColumn(Sequence[tuple[Any, ...]]):
    """Rows kept column by column; a part of them shares what is kept. A million tuples would take
    as much memory as all that they hold.
    """

    __slots__ = ("_columns", "_rows")

    def __init__(self, columns: Sequence[Sequence[object]], rows: range | None = None) -> None:
        self._columns = tuple(columns)
        self._rows = range(min(map(len, columns), default=0)) if rows is None else rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> ByColumn: ...
    def __getitem__(self, at: int | slice) -> tuple[Any, ...] | ByColumn:
        rows = self._rows[at]
        if isinstance(rows, range):
            return ByColumn(self._columns, rows)
        return tuple(column[rows] for column in self._columns)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(self), BLOCK):
            yield from zip(*self[start : start + BLOCK].columns, strict=True)

    @property
    def columns(self) -> list[Sequence[object]]:
        """The values of each column."""
        rows = slice(self._rows.start, self._rows.stop, self._rows.step)
        return [column[rows] for column in self._columns]


BLOCK = 1000
"""Rows that are taken at once."""

FEW = 500
"""Up to so many rows are written and read back cell by cell: a form of their own would not pay."""


@dataclass(frozen=True, slots=True)
class NewRows:
    """Rows under a table, one after another from ``first`` on: the same as a change for each of
    their values, in a fraction of the memory.

    ``columns`` are the letters and looks of each row's values, in their order; None is no cell. No
    other change may name one of their cells.
    """

    sheet: str
    first: int
    columns: tuple[tuple[str, CellStyle], ...]
    rows: Sequence[tuple[object, ...]]

    @property
    def last(self) -> int:
        """The last of the rows."""
        return self.first + len(self.rows) - 1

    @property
    def cells(self) -> int:
        """How many cells get a value."""
        return sum(sum(map(_filled, columns)) for _, columns in self.blocks())

    @property
    def used(self) -> frozenset[int]:
        """Which of the columns have a value in any row."""
        found: set[int] = set()
        for _, columns in self.blocks():
            for at in set(range(len(columns))) - found:
                if any(value is not None for value in columns[at]):
                    found.add(at)
        return frozenset(found)

    def blocks(self) -> Iterator[tuple[range, list[Sequence[object]]]]:
        """The rows block by block: their numbers, and the values of each column."""
        for start in range(0, len(self.rows), BLOCK):
            block = self.rows[start : start + BLOCK]
            first = self.first + start
            yield range(first, first + len(block)), _columns(block)

    @property
    def by_column(self) -> list[Sequence[object]]:
        """The values of each column; of very many rows :meth:`blocks` gives them."""
        return _columns(self.rows)

    def part(self, first: int, last: int) -> NewRows:
        """Those of the rows that have these numbers, both included."""
        return NewRows(
            self.sheet,
            max(first, self.first),
            self.columns,
            self.rows[max(first - self.first, 0) : max(last + 1 - self.first, 0)],
        )

    def changes(self) -> Iterator[CellChange]:
        """The changes that the rows stand for."""
        for number, values in enumerate(self.rows, self.first):
            for (letters, look), value in zip(self.columns, values, strict=True):
                if value is not None:
                    yield CellChange(self.sheet, f"{letters}{number}", value, None, look)


def _filled(column: Sequence[object]) -> int:
    return len(column) - column.count(None)


def _columns(rows: Sequence[tuple[object, ...]]) -> list[Sequence[object]]:
    if isinstance(rows, ByColumn):
        return rows.columns
    return [*zip(*rows, strict=True)]


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet put behind all others, where the workbook has none of that name; the changes of its
    cells come beside it.

    A ``hidden`` one is very hidden: no program's menu shows it.
    """

    sheet: str
    hidden: bool = False
    widths: tuple[int, ...] = ()
    """Of its columns from A on; with them its first row stays in view."""
    engine: tuple[tuple[int, CellStyle], ...] = ()
    """The engine's columns (from 1), grey all the way down, and what their cells hold."""

    @property
    def cells(self) -> int:
        """None: its cells are changes of their own."""
        return 0


@dataclass(frozen=True, slots=True)
class Reach:
    """An Excel table, named by its first cell, that reaches down to a row: what follows it there is
    its own.
    """

    sheet: str
    top: str
    bottom: int

    @property
    def cells(self) -> int:
        """None: a table's range is no cell."""
        return 0


@dataclass(frozen=True, slots=True)
class Wider:
    """An Excel table, named by its first cell, with more columns at its right; their heads are
    written as cells.
    """

    sheet: str
    top: str
    heads: tuple[str, ...]

    @property
    def cells(self) -> int:
        """None: a width is no cell."""
        return 0


@dataclass(frozen=True, slots=True)
class Beside:
    """A column put beside a table: how wide it is (0: as the sheet has it), and the column whose
    conditional formats it has, too (0: none); both as numbers.
    """

    sheet: str
    column: int
    width: int = 0
    model: int = 0

    @property
    def cells(self) -> int:
        """None: it is no cell of a table."""
        return 0


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a program shows when a cell of the area is selected, and the words it offers (any other
    is warned of), or the ``kind`` of value (decimal, whole or date) with its limits.
    """

    sheet: str
    area: str
    title: str
    text: str
    choices: tuple[str, ...] = ()
    kind: str = ""
    limits: tuple[int, int] = (0, 0)

    @property
    def cells(self) -> int:
        """None: what is shown beside a cell is no value."""
        return 0


CellsChange = CellChange | NewRows | Reach | Wider | Beside | Prompt
Change = CellsChange | NewSheet
