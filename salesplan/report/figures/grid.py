"""A table of a section: its columns by key, its headings, and rows of entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from salesplan.dataclass import dataclass, field
from salesplan.report.figures.context import DASH
from salesplan.report.figures.report import Report
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.places import address, quoted
from salesplan.report.pen.styles import DAY
from salesplan.report.pen.writer import Page


class Entry(NamedTuple):
    """What goes into one cell: a value, or a formula with the value as its result."""

    value: Scalar
    styles: tuple[str, ...] = ("text",)
    formula: str | None = None
    number_format: str = ""


def text(value: str, *styles: str) -> Entry:
    """A line of text, a dash for none."""
    return Entry(value or DASH, ("text", *styles))


def wrapped(value: str, *styles: str) -> Entry:
    """A text that takes several lines; a dash where it is empty."""
    return Entry(value or DASH, ("wrap", *styles))


def centered(value: Scalar, formula: str | None = None) -> Entry:
    """A centred value; a dash where it is blank."""
    return Entry(value if value not in (None, "") else DASH, ("center",), formula)


def figure(value: Scalar, number_format: str, formula: str | None = None, *styles: str) -> Entry:
    """A number, a dash for none."""
    return Entry(DASH if value is None else value, ("right", *styles), formula, number_format)


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a table: what it shows of a row, and how.

    ``formula`` makes the cell live: it is given the row and the addresses of the line it stands in,
    and ``value`` is its result. ``look`` names styles, ``form`` is the number format; either may
    depend on the row. None as ``width``: as wide as what it holds. ``over``: how many of the
    sheet's columns it lies over.
    """

    key: str
    value: Callable[[Row], Scalar]
    formula: Callable[[Row, Here], str | None] | None = None
    look: tuple[str, ...] | Callable[[Row], tuple[str, ...]] = ("text",)
    form: str | Callable[[Row], str] = ""
    width: float | None = None
    over: int = 1

    def entry(self, row: Row, at: Here) -> Entry:
        """The cell of a row that stands in the line ``at``."""
        value = self.value(row)
        look = self.look(row) if callable(self.look) else self.look
        form = self.form(row) if callable(self.form) else self.form
        formula = None if self.formula is None else self.formula(row, at)
        blank = value is None and "input" not in look
        return Entry(DASH if blank else value, look, formula, form)


def listed(
    report: Report,
    page: Page,
    prefix: str,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    row: int,
    first: int = 1,
) -> Grid:
    """Write a table: its headings in ``row``, a line for each of ``rows`` below."""
    grid = Grid.of(report, page, prefix, columns, first)
    page.fix({grid.column(one.key): one.width for one in columns if one.width is not None})
    grid.heads(row)
    for at, one in enumerate(rows, row + 1):
        grid.line(at, columns, one)
    return grid


@dataclass(frozen=True, slots=True)
class Here:
    """The line of a table that a formula stands in; called with a key, the address of its cell."""

    grid: Grid
    row: int

    def __call__(self, key: str) -> str:
        return self.grid.at(key, self.row)


@dataclass(frozen=True)
class Grid:
    """Columns of one table: ``keys`` side by side from the 0-based column ``first``.

    Headings are the words ``{prefix}_{key}``. ``spans`` says over how many of the sheet's columns a
    key lies: one, where it says nothing.
    """

    report: Report
    page: Page
    prefix: str
    keys: Sequence[str]
    first: int = 1
    spans: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        report: Report,
        page: Page,
        prefix: str,
        columns: Sequence[Column[Row]],
        first: int = 1,
    ) -> Grid:
        """The table that has these columns."""
        spans = {one.key: one.over for one in columns if one.over > 1}
        return cls(report, page, prefix, [one.key for one in columns], first, spans)

    @property
    def last(self) -> int:
        """Its last column."""
        return self.end(self.keys[-1])

    def column(self, key: str) -> int:
        """The first column of a key."""
        index = self.keys.index(key)
        if not self.spans:
            return self.first + index
        return self.first + sum(self.spans.get(one, 1) for one in self.keys[:index])

    def end(self, key: str) -> int:
        """The last column of a key."""
        return self.column(key) + self.spans.get(key, 1) - 1

    def at(self, key: str, row: int) -> str:
        """The address of a cell on this sheet."""
        return address(row, self.column(key))

    def column_of(self, key: str, first: int, last: int) -> str:
        """The absolute range of a column's rows on this sheet."""
        return f"{address(first, self.column(key), True)}:{address(last, self.column(key), True)}"

    def span(self, key: str, first: int, last: int) -> str:
        """The range of a column's rows as charts take it."""
        return f"={quoted(self.page.name)}!{self.column_of(key, first, last)}"

    def heading(self, row: int, title: str) -> None:
        """Write a title over it."""
        self.page.heading(row, self.first, title)

    def heads(self, row: int) -> None:
        """Write the columns' heads."""
        for key in self.keys:
            said = self.report.words(f"{self.prefix}_{key}")
            self._cell(row, key, Entry(said, ()), "head")

    def line(self, row: int, columns: Sequence[Column[Row]], one: Row, base: str = "cell") -> None:
        """One row: what the columns show of ``one``."""
        here = Here(self, row)
        self.put(row, {column.key: column.entry(one, here) for column in columns}, base)

    def put(self, row: int, entries: Mapping[str, Entry], base: str = "cell") -> None:
        """One row; keys without an entry stay blank, so that the line below runs through."""
        kept = self.report.kept.get(self.prefix)
        if kept is not None:
            kept.append({key: (one.value, one.number_format) for key, one in entries.items()})
        for key in self.keys:
            entry = entries.get(key, Entry(None))
            self._cell(row, key, entry, base)

    def _cell(self, row: int, key: str, entry: Entry, base: str) -> None:
        """One cell, laid over the columns of its key."""
        first, last = self.column(key), self.end(key)
        if first == last:
            self.page.put(
                row,
                first,
                entry.value,
                base,
                *entry.styles,
                formula=entry.formula,
                number_format=entry.number_format,
            )
            return
        form = entry.number_format or (DAY if isinstance(entry.value, date) else "")
        extra = {"num_format": form} if form else {}
        self.page.wide(
            row, first, last, entry.value, base, *entry.styles, formula=entry.formula, **extra
        )
