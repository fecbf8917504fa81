"""A table of a section: a list of columns that says what each shows of a row, laid on a sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Generic, NamedTuple, Protocol, TypeVar

from salesplan.dataclass import dataclass
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import SUM_PLACES
from salesplan.report.figures.ledger import Cell
from salesplan.report.figures.report import Report
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address, quoted
from salesplan.report.xlsx.styles import DAY
from salesplan.report.xlsx.writer import Page


class Lead(NamedTuple):
    """Where a name leads (None: nowhere), and how far it is indented."""

    spot: tuple[str, str] | None
    indent: int = 1


class Entry(NamedTuple):
    """What goes into one cell: a value, or a formula with the value as its result; ``lead`` makes
    it a name that leads somewhere.
    """

    value: Scalar
    styles: tuple[str, ...] = ("text",)
    formula: str | None = None
    number_format: str = ""
    lead: Lead | None = None


def text(value: str, *styles: str) -> Entry:
    """A line of text, a dash for none."""
    return Entry(value or DASH, ("text", *styles))


def figure(value: Scalar, number_format: str, formula: str | None = None, *styles: str) -> Entry:
    """A number, a dash for none."""
    return Entry(DASH if value is None else value, ("right", *styles), formula, number_format)


Row = TypeVar("Row")
Styles = tuple[str, ...]
Formula = Callable[[Row, "Here"], str | None]
"""Makes a live cell's formula of the row and the line that it stands in."""

TEXT, WRAP, CENTER, RIGHT = ("text",), ("wrap",), ("center",), ("right",)
"""The usual looks of a column."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a table: what it shows of a row, and how.

    ``formula`` makes the cell live: it is given the row and the addresses of the line it stands in,
    and ``value`` is its result. ``look`` names styles, ``form`` is the number format; either may
    depend on the row. None as ``value``: a dash; ``where``: the rows that have such a figure at
    all, the cell of any other stays blank. None as ``width``: as wide as what it holds. ``over``:
    how many of the sheet's columns it lies over. ``head`` stands for a head that is no word of the
    report, as a month or a unit; ``group`` stands, a row above, over the heads of all columns
    beside one another that name it. ``adds``: a line of sums shows what the rows come to.
    ``lead``: the cell is a name that leads somewhere.
    """

    key: str
    value: Callable[[Row], Scalar]
    formula: Formula[Row] | None = None
    look: Styles | Callable[[Row], Styles] = TEXT
    form: str | Callable[[Row], str] = ""
    width: float | None = None
    over: int = 1
    head: str = ""
    group: str = ""
    where: Callable[[Row], bool] | None = None
    adds: bool = False
    lead: Callable[[Row], Lead] | None = None

    def entry(self, row: Row, at: Here) -> Entry | None:
        """The cell of a row that stands in the line ``at``; None: it stays blank."""
        if self.where is not None and not self.where(row):
            return None
        value = self.value(row)
        look = self.look(row) if callable(self.look) else self.look
        form = self.form(row) if callable(self.form) else self.form
        formula = None if self.formula is None else self.formula(row, at)
        blank = value is None and "input" not in look
        lead = None if self.lead is None else self.lead(row)
        return Entry(DASH if blank else value, look, formula, form, lead)


def repeated(
    key: str,
    cell: Callable[[Row], Cell | None],
    form: str | Callable[[Row], str] = "",
    look: Styles | Callable[[Row], Styles] = RIGHT,
    blank: bool = False,
) -> Column[Row]:
    """A column that repeats cells of another table; where there is none a dash, or ``blank``."""

    def value(row: Row) -> Scalar:
        return None if (one := cell(row)) is None else one.value

    def formula(row: Row, _: Here) -> str | None:
        return None if (one := cell(row)) is None else one.ref

    where = (lambda row: cell(row) is not None) if blank else None
    return Column(key, value, formula, look, form, where=where)


def listed(
    report: Report,
    page: Page,
    prefix: str,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    row: int,
    first: int = 1,
    base: str | Callable[[Row], str] = "cell",
) -> Grid[Row]:
    """Write a table: its headings in ``row``, a line for each of ``rows`` below, in the style
    ``base``.
    """
    grid = Grid(report, page, prefix, columns, first)
    grid.heads(row)
    grid.lines(row + 1, rows, base)
    return grid


def first_listed(
    report: Report,
    page: Page,
    prefix: str,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    row: int,
    *,
    heading: Callable[[str], str],
    more: Callable[[str], str],
    most: int = 12,
) -> int:
    """Write a block below ``row``: a heading that counts the rows, the first ``most`` of them, and
    how many others there are. ``heading`` and ``more`` say a count. Returns the row after it,
    ``row`` itself where there is nothing to list.
    """
    if not rows:
        return row
    page.heading(row + 1, 1, heading(str(len(rows))))
    shown = rows[:most]
    grid = listed(report, page, prefix, columns, shown, row + 2)
    row += 3 + len(shown)
    if len(rows) > most:
        page.wide(row, 1, grid.last, more(str(len(rows) - most)), "note")
        row += 1
    return row


class Table(Protocol):
    """Where the cells of a table stand."""

    def at(self, key: str, row: int) -> str:
        """The address of a cell on this sheet."""


@dataclass(frozen=True, slots=True)
class Here:
    """The line of a table that a formula stands in; called with a key, the address of its cell.

    ``row`` is its row, ``top`` that of the table's first line, ``end`` that below its last.
    """

    grid: Table
    row: int
    top: int
    end: int

    def __call__(self, key: str) -> str:
        return self.grid.at(key, self.row)

    def absolute(self, key: str, row: int | None = None) -> str:
        """The cell of a column in this or another row, wherever the formula is put."""
        letters, number = _parts(self.grid.at(key, self.row if row is None else row))
        return f"${letters}${number}"

    def fixed(self, key: str, row: int) -> str:
        """The cell of a column in a row, which stays that row wherever the formula is put."""
        letters, number = _parts(self.grid.at(key, row))
        return f"{letters}${number}"

    def above(self, key: str) -> str:
        """The cells of a column from the first line to the one above this."""
        return f"{self.grid.at(key, self.top)}:{self.grid.at(key, self.row - 1)}"


def _parts(cell: str) -> tuple[str, str]:
    """The letters and the number of an address."""
    letters = cell.rstrip("0123456789")
    return letters, cell[len(letters) :]


class Grid(Generic[Row]):
    """The columns of one table, side by side from the 0-based column ``first``.

    Headings are the words ``{prefix}_{key}``, but for columns that bring their own.
    """

    def __init__(
        self,
        report: Report,
        page: Page,
        prefix: str,
        columns: Sequence[Column[Row]],
        first: int = 1,
    ) -> None:
        self.report, self.page, self.prefix = report, page, prefix
        self.columns, self.first = columns, first
        self._places: dict[str, tuple[int, int]] = {}
        for one in columns:
            self._places[one.key] = (first, first + one.over - 1)
            first += one.over
        page.fix({self.column(one.key): one.width for one in columns if one.width is not None})

    @property
    def keys(self) -> Sequence[str]:
        """The columns' keys, in their order."""
        return tuple(self._places)

    @property
    def last(self) -> int:
        """Its last column."""
        return self.end(self.columns[-1].key)

    def column(self, key: str) -> int:
        """The first column of a key."""
        return self._places[key][0]

    def end(self, key: str) -> int:
        """The last column of a key."""
        return self._places[key][1]

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
        """Write the columns' heads, and in the row above what stands over several of them."""
        for said, found in groupby(self.columns, lambda one: one.group):
            keys = [one.key for one in found]
            if said:
                self.page.wide(row - 1, self.column(keys[0]), self.end(keys[-1]), said, "group")
        for one in self.columns:
            said = one.head or self.report.words(f"{self.prefix}_{one.key}")
            self._cell(row, one.key, Entry(said, ()), "head")

    def lines(
        self, row: int, rows: Sequence[Row], base: str | Callable[[Row], str] = "cell"
    ) -> None:
        """What the columns show of each of ``rows``, from ``row`` on."""
        for at, one in enumerate(rows, row):
            here = Here(self, at, row, row + len(rows))
            found = {column.key: column.entry(one, here) for column in self.columns}
            shown = {key: entry for key, entry in found.items() if entry is not None}
            self.put(at, shown, base(one) if callable(base) else base)

    def line(self, row: int, one: Row, base: str = "cell") -> None:
        """A single line."""
        self.lines(row, (one,), base)

    def sums(self, row: int, rows: Sequence[Row], others: Mapping[str, Entry]) -> None:
        """The line below the last of ``rows``: what they come to in the columns that add up, and
        the entries of ``others``.
        """
        found = dict(others)
        for one in self.columns:
            if one.adds:
                numbers = [v for v in map(one.value, rows) if isinstance(v, (Decimal, int))]
                span = f"{self.at(one.key, row - len(rows))}:{self.at(one.key, row - 1)}"
                form = one.form(rows[0]) if callable(one.form) else one.form
                total = f"ROUND(SUM({span}),{SUM_PLACES})"
                found[one.key] = Entry(sum(numbers, Decimal(0)), RIGHT, total, form)
        self.put(row, found, "total")

    def put(self, row: int, entries: Mapping[str, Entry], base: str = "cell") -> None:
        """One row; keys without an entry stay blank, so that the line below runs through."""
        kept = self.report.kept.get(self.prefix)
        if kept is not None:
            kept.append({key: (one.value, one.number_format) for key, one in entries.items()})
        for key in self.keys:
            self._cell(row, key, entries.get(key, Entry(None)), base)

    def _cell(self, row: int, key: str, entry: Entry, base: str) -> None:
        """One cell, laid over the columns of its key."""
        first, last = self.column(key), self.end(key)
        if entry.lead is not None:
            spot, indent = entry.lead
            looks = (base, *entry.styles)
            self.report.lead(self.page, row, first, str(entry.value), spot, *looks, indent=indent)
        elif first == last:
            self.page.put(
                row,
                first,
                entry.value,
                base,
                *entry.styles,
                formula=entry.formula,
                number_format=entry.number_format,
            )
        else:
            form = entry.number_format or (DAY if isinstance(entry.value, date) else "")
            extra = {"num_format": form} if form else {}
            looks = (base, *entry.styles)
            self.page.wide(row, first, last, entry.value, *looks, formula=entry.formula, **extra)


class Turned(Generic[Row]):
    """A table on its side: each of ``lines``, below ``row``, shows a figure of all ``rows``, which
    stand side by side from the column ``first`` on.
    """

    def __init__(
        self,
        report: Report,
        page: Page,
        lines: Sequence[Column[Row]],
        rows: Sequence[Row],
        row: int,
        first: int,
    ) -> None:
        self.report, self.page, self.rows, self.first = report, page, rows, first
        self.lines = {one.key: one for one in lines}
        self._places = {one.key: at for at, one in enumerate(lines, row + 1)}

    def row(self, key: str) -> int:
        """The sheet's row of a line."""
        return self._places[key]

    def at(self, key: str, row: int) -> str:
        """The address of a line's cell of one of the rows, counted from 0."""
        return address(self.row(key), self.first + row)

    def span(self, key: str, last: int) -> str:
        """The range of a line's cells from the first to ``last`` as charts take it."""
        row = self.row(key)
        cells = (address(row, column, True) for column in (self.first, self.first + last))
        return f"={quoted(self.page.name)}!{':'.join(cells)}"

    def write(self, prefix: str, label: int) -> dict[str, tuple[Scalar, ...]]:
        """Each line with its word ``{prefix}_{key}`` in the column ``label``; gives the values."""
        return {key: self._line(prefix, label, one) for key, one in self.lines.items()}

    def _line(self, prefix: str, label: int, line: Column[Row]) -> tuple[Scalar, ...]:
        at = self.row(line.key)
        strong = ("strong",) if not callable(line.look) and "strong" in line.look else ()
        said = self.report.words(f"{prefix}_{line.key}")
        self.page.put(at, label, said, "cell", "text", *strong)
        drawn = []
        for place, one in enumerate(self.rows):
            entry = line.entry(one, Here(self, place, 0, len(self.rows))) or Entry(None)
            drawn.append(None if entry.value == "" else entry.value)
            self.page.put(
                at,
                self.first + place,
                entry.value,
                "cell",
                *entry.styles,
                formula=entry.formula,
                number_format=entry.number_format,
            )
        return tuple(drawn)


def or_blank(value: Scalar) -> Scalar:
    """A value that is not there leaves its cell blank, where a column else shows a dash."""
    return "" if value is None else value
