"""Edits of single cells as few blocks, and values as a spreadsheet program takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, groupby, product

from salesplan.dataclass import dataclass
from salesplan.fill import Edit
from salesplan.workbook.refs import Range, parse_cell, runs

_SHORT = 60
"""No number, date or time that a program recognises is longer."""


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of cells that change, each with its edit."""

    area: Range
    edits: Sequence[Sequence[Edit]]

    def __iter__(self) -> Iterator[Edit]:
        """The edits, row by row."""
        return chain.from_iterable(self.edits)

    def placed(self) -> Iterator[tuple[tuple[int, int], Edit]]:
        """The edits, each with its row and column."""
        area = self.area
        rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
        return zip(product(rows, columns), self, strict=True)

    def __len__(self) -> int:
        return len(self.edits) * len(self.edits[0])


def blocks(edits: Iterable[Edit]) -> list[Block]:
    """The edits of one sheet (the last where a cell has several) as rectangles: rows that follow
    one another in a column, and columns side by side that change in the same rows."""
    cells = {parse_cell(edit.cell): edit for edit in edits}
    spans: dict[tuple[int, int], list[int]] = {}
    for column, places in groupby(
        sorted(cells, key=lambda place: (place[1], place[0])), key=lambda place: place[1]
    ):
        for top, bottom in runs([row for row, _ in places]):
            spans.setdefault((top, bottom), []).append(column)
    found = []
    for (top, bottom), columns in spans.items():
        for left, right in runs(columns):
            rows = []
            for row in range(top, bottom + 1):
                rows.append([cells[row, column] for column in range(left, right + 1)])
            found.append(Block(Range(top, left, bottom, right), rows))
    return sorted(found, key=lambda block: (block.area.left, block.area.top))


def written(edit: Edit) -> object:
    """What goes into the cell of an edit: a formula, or the value."""
    return "=" + edit.formula.removeprefix("=") if edit.formula else plain(edit.new)


def plain(value: object) -> object:
    """A value as it must be handed over for the cell to hold it: numbers as double (what cells
    hold), texts kept from being read as anything else.
    """
    if isinstance(value, bool) or value is None or isinstance(value, date):
        return value
    if isinstance(value, (int, float, Decimal)):
        return float(value)
    return as_text(str(value))


def as_text(text: str) -> str:
    """A text marked by an apostrophe, as a person would type it, where the program would take it
    for a number, a date or a formula.
    """
    if (
        text[:1] in "=+-@'#"
        or (len(text) <= _SHORT and any(ch.isdigit() for ch in text))
        or text.strip().casefold() in ("true", "false")
    ):
        return f"'{text}" if text else text
    return text
