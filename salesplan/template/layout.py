"""Where each table stands on its sheet: pure arithmetic, no workbook."""

from __future__ import annotations

from collections.abc import Iterable

from salesplan.dataclass import dataclass
from salesplan.plan.schema import CHOICES, SETTINGS, Column, Kind, Owner, Table, label, tables_of

TITLE_ROW, HELP_ROW, LEGEND_ROW, BAND_ROW, HEADER_ROW = range(5)
"""Zero-based rows of every sheet; data begin right below the header."""

FROZEN = {
    "units": 2,
    "kpis": 2,
    "tasks": 3,
    "targets": 5,
    "seasonality": 2,
    "weekly": 3,
    "skills": 2,
    "tools": 1,
    "daily": 2,
    "situation": 2,
    "competitors": 1,
    "strategies": 1,
    "budget": 1,
    "changes": 1,
    "issues": 1,
}
"""How many columns stay in view when scrolling sideways: what identifies a row for a reader."""

PAGES_WIDE = {"targets": 2, "actions": 3}
"""Sheets too wide to be read on one page."""

WIDER = {"notice": 34, "check": 60, "symptom": 78, "grant_reason": 36, "smart": 74}
"""Engine's words, by column key: on one line, because what is filled in later does not fit the
row's height.
"""

DRAWN = 100
"""Blank rows of a table that are drawn; further ones get their lines as they are used, so that a
table with much room prints no empty pages.
"""

LINE_HEIGHT, MOST_LINES = 14.25, 6

LATIN = 1.18
"""Letters of running text that fit where one digit does."""

UNFIT = 99
"""Lines of a text with a word longer than a line."""


@dataclass(frozen=True, slots=True)
class Block:
    """One table's place: zero-based first column, and how many rows it has below the header."""

    table: Table
    column: int
    rows: int

    @property
    def first_row(self) -> int:
        """The first row below the head, counted from 0."""
        return HEADER_ROW + 1

    @property
    def last_row(self) -> int:
        """The last row of the table, counted from 0."""
        return HEADER_ROW + self.rows

    @property
    def drawn(self) -> int:
        """How many of its rows are drawn from the start."""
        return self.rows - max(0, self.table.blank_rows - DRAWN)

    @property
    def last_column(self) -> int:
        """The table's last column, counted from 0."""
        return self.column + len(self.table.columns) - 1

    def at(self, key: str) -> int:
        """The zero-based column of that key; KeyError if there is none."""
        for offset, column in enumerate(self.table.columns):
            if column.key == key:
                return self.column + offset
        raise KeyError(key)


def blocks_of(sheet_key: str, filled: dict[str, int], fiscal_start: int = 1) -> list[Block]:
    """The sheet's tables side by side with a gap column between, their months in fiscal order;
    ``filled`` counts rows by table key.
    """
    blocks: list[Block] = []
    column = 0
    for table in tables_of(sheet_key):
        rows = (
            len(SETTINGS)
            if table.key == "settings"
            else filled.get(table.key, 0) + table.blank_rows
        )
        blocks.append(Block(table.in_fiscal_order(fiscal_start), column, rows))
        column = blocks[-1].last_column + 2
    return blocks


def runs(table: Table, starts: frozenset[str]) -> list[tuple[int, int, Owner]]:
    """Neighbouring columns of one owner as (first, last, owner) offsets; a new one begins at
    ``starts`` too.
    """
    found: list[tuple[int, int, Owner]] = []
    for offset, column in enumerate(table.columns):
        if found and found[-1][2] is column.owner and column.key not in starts:
            found[-1] = (found[-1][0], offset, column.owner)
        else:
            found.append((offset, offset, column.owner))
    return found


def display_width(text: str) -> int:
    """Width in digits of the standard font: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def lines_of(text: str, width: int) -> int:
    """How many lines ``text`` takes when wrapped at blanks (or anywhere between Chinese
    characters).
    """
    lines, used = 1, 0
    for word in text.split(" "):
        size = display_width(word)
        if size > width and size == len(word):
            return UNFIT
        gap = 1 if used else 0
        if used + gap + size <= width:
            used += gap + size
            continue
        if used and size <= width:
            lines, used = lines + 1, size
            continue
        total = used + gap + size
        lines, used = lines + -(-total // width) - 1, total % width or width
    return lines


def column_width(column: Column, lang: str) -> int:
    """The schema's width, or more where the header would need three lines or a choice would
    be cut.
    """
    names = (
        [label(choice, lang) for choice in CHOICES[column.choices]]
        if column.choices and column.kind is Kind.CHOICE
        else []
    )
    width = max(
        column.width, WIDER.get(column.key, 0), *(display_width(name) + 2 for name in names)
    )
    while lines_of(column.header(lang), width - 3) > 2:
        width += 1
    return width


def row_height(texts: Iterable[tuple[str, int]]) -> float | None:
    """Points a row needs for its wrapped ``texts`` (text, column width); None where one line will
    do.

    Spreadsheet programs differ in whether they fit the heights of rows when a file is opened.
    """
    lines = max(
        (
            lines_of(
                text, width - 2 if display_width(text) > len(text) else round((width - 2) * LATIN)
            )
            for text, width in texts
        ),
        default=1,
    )
    return None if lines < 2 else LINE_HEIGHT * min(lines, MOST_LINES) + 3
