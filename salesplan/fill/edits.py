"""An edit: one engine cell that should change, with what a planner needs to see of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from string import ascii_uppercase
from typing import overload

from salesplan.dataclass import dataclass
from salesplan.engine.exact.figures import WIDE
from salesplan.plan.parse_text import as_text
from salesplan.plan.schema import Column, Kind
from salesplan.workbook.changes import CellChange, CellStyle, NewRows
from salesplan.workbook.read.cells import CellValue

Value = None | bool | int | str | date | Decimal
"""What the engine writes: never a binary float."""

DIGITS = 6
"""Decimals of a written rate or share: more than any planner reads, stable from run to run."""

STYLES = {
    Kind.PERCENT: CellStyle.PERCENT,
    Kind.DATE: CellStyle.DATE,
    Kind.AMOUNT: CellStyle.AMOUNT,
    Kind.NUMBER: CellStyle.NUMBER,
    Kind.LINK: CellStyle.LINK,
}


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell's change: where, under which header, in which row (its codes), from what to what."""

    sheet: str
    cell: str
    column: str
    row: str
    old: CellValue
    new: Value
    formula: str | None = None
    style: CellStyle = CellStyle.GENERAL

    def change(self) -> CellChange:
        """The same for the workbook: which cell, what is to stand there."""
        return CellChange(self.sheet, self.cell, self.new, self.formula, self.style)


@dataclass(frozen=True, slots=True)
class AddedColumn:
    """A column of rows that are added: its key and letters, its header, how its values look."""

    key: str
    letters: str
    header: str
    style: CellStyle


@dataclass(frozen=True, slots=True)
class Added:
    """Rows that a table does not have yet, one under another from ``first`` on: an edit for each
    value, in a tenth of the memory.

    ``rows`` hold a value for each of the ``columns``, None for no cell; those at ``named`` say
    which row it is.
    """

    sheet: str
    first: int
    columns: tuple[AddedColumn, ...]
    named: tuple[int, ...]
    rows: Sequence[tuple[Value, ...]]

    @property
    def cells(self) -> int:
        """How many cells get a value."""
        return self.change().cells

    def edits(self) -> Iterator[Edit]:
        """The edits that the rows stand for, row by row."""
        for number, row in enumerate(self.rows, self.first):
            label = " · ".join(as_text(row[at]) for at in self.named if row[at] is not None)
            for column, value in zip(self.columns, row, strict=True):
                if value is not None:
                    cell = f"{column.letters}{number}"
                    yield Edit(
                        self.sheet, cell, column.header, label, None, value, None, column.style
                    )

    def change(self) -> NewRows:
        """The same for the workbook: rows at the end of a table."""
        columns = tuple((column.letters, column.style) for column in self.columns)
        return NewRows(self.sheet, self.first, columns, self.rows)


class Edits(Sequence[Edit]):
    """Edits in their order; those of rows that are added are only made when they are looked at."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Edit | Added, ...] = ()) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[Edit]:
        for part in self.parts:
            if isinstance(part, Edit):
                yield part
            else:
                yield from part.edits()

    def __bool__(self) -> bool:
        return any(isinstance(part, Edit) or part.cells for part in self.parts)

    def __len__(self) -> int:
        return sum(1 if isinstance(part, Edit) else part.cells for part in self.parts)

    @overload
    def __getitem__(self, at: int) -> Edit: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Edit]: ...
    def __getitem__(self, at: int | slice) -> Edit | Sequence[Edit]:
        if isinstance(at, slice) and not at.start and at.step is None and (at.stop or 0) > 0:
            return tuple(islice(self, at.stop))
        return tuple(self)[at]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    @property
    def cells(self) -> Iterator[Edit]:
        """The edits of cells that are there, without the rows that are added."""
        return (part for part in self.parts if isinstance(part, Edit))

    @property
    def added(self) -> Iterator[Added]:
        """The rows that are added, table by table."""
        return (part for part in self.parts if isinstance(part, Added))

    def changes(self) -> Iterator[CellChange | NewRows]:
        """What is to be written into the file."""
        return (part.change() for part in self.parts)


@dataclass(frozen=True, slots=True)
class Changed:
    """What changes on one sheet, in numbers: cells, the rows they are in, and cells by column
    header.
    """

    sheet: str
    cells: int
    rows: int
    columns: Mapping[str, int]


def rounded(value: Value, column: Column) -> Value:
    """The value as it is written: rates and ratios to :data:`DIGITS` decimals, money untouched."""
    return to_digits(value) if type(value) is Decimal and is_rounded(column) else value


def is_rounded(column: Column) -> bool:
    """Whether the column's figures are rates or ratios."""
    return column.kind in _ROUNDED


_ROUNDED = frozenset((Kind.PERCENT, Kind.NUMBER))
_LAST = Decimal(1).scaleb(-DIGITS)


@lru_cache(maxsize=16_384)
def to_digits(value: Decimal) -> Decimal:
    """A rate or a ratio as it is written."""
    return value.quantize(_LAST, context=WIDE).normalize(WIDE) + 0


def as_told(value: object) -> object:
    """A cell's value as it is told: 100 and not 100.0, a dash for nothing."""
    if value is None or value == "":
        return "—"
    return Decimal(repr(value)) if isinstance(value, float) else value


_FIGURES = (Decimal, int)


def same(old: CellValue, new: Value) -> bool:
    """Whether the cell already says ``new``; blank and empty text are one, 0 and blank are not."""
    if type(old) is float and type(new) in _FIGURES:
        return float(new) == old  # type: ignore[arg-type]
    if new is None or new == "":
        return old is None or old == ""
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(new, (int, Decimal)):
        return isinstance(old, (int, float)) and float(old) == float(new)
    if isinstance(new, date):
        return (old.date() if isinstance(old, datetime) else old) == new
    return old == new


def by_sheet(edits: Iterable[Edit]) -> dict[str, Edits]:
    """Edits grouped by sheet, in the order given."""
    groups: dict[str, list[Edit | Added]] = {}
    for part in parts_of(edits):
        groups.setdefault(part.sheet, []).append(part)
    return {sheet: Edits(tuple(group)) for sheet, group in groups.items()}


def parts_of(edits: Iterable[Edit]) -> Iterable[Edit | Added]:
    """Edits as they are kept: rows that are added in one piece."""
    return edits.parts if isinstance(edits, Edits) else edits


def summary(edits: Iterable[Edit]) -> tuple[Changed, ...]:
    """The edits in numbers, sheet by sheet, sheets and columns in the order given."""
    return tuple(_counted(sheet, group) for sheet, group in by_sheet(edits).items())


def _counted(sheet: str, group: Edits) -> Changed:
    rows: set[int] = set()
    columns: Counter[str] = Counter()
    for part in group.parts:
        if isinstance(part, Edit):
            rows.add(int(part.cell.lstrip(ascii_uppercase)))
            columns[part.column] += 1
            continue
        rows |= {number for number, row in enumerate(part.rows, part.first) if _any_cell(row)}
        for at, column in enumerate(part.columns):
            count = sum(1 for row in part.rows if row[at] is not None)
            if count:
                columns[column.header] += count
    return Changed(sheet, len(group), len(rows), dict(columns))


def _any_cell(row: Sequence[Value]) -> bool:
    return any(value is not None for value in row)
