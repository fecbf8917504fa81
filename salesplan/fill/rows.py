"""Laying computed values over a table as it stands in the file: which cells differ, and where new
rows go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Generic, TypeVar, overload

from salesplan.fill.edits import (
    DIGITS,
    STYLES,
    Added,
    AddedColumn,
    Edit,
    Value,
    is_rounded,
    rounded,
    same,
    to_digits,
)
from salesplan.findings import Finding, Place
from salesplan.plan.parse_text import as_text
from salesplan.plan.schema import Column, Kind, Table
from salesplan.workbook.changes import ByColumn, CellStyle, Reach
from salesplan.workbook.read.cells import CellValue
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import cell_ref

Row = Mapping[str, Value]
Link = tuple[str, str]
"""A place to jump to, as (sheet, cell)."""

Made = TypeVar("Made")


class RowsOf(Mapping[int, Row], Generic[Made]):
    """Rows by number, each made of its record whenever it is looked at: a hundred thousand rows are
    laid over a sheet one after another, and kept they would take more memory than the sheet.
    """

    def __init__(self, records: Mapping[int, Made], row_of: Callable[[Made], Row]) -> None:
        self._records, self._row_of = records, row_of

    def __getitem__(self, number: int) -> Row:
        return self._row_of(self._records[number])

    def __iter__(self) -> Iterator[int]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


class RowsByColumn(Sequence[Row]):
    """Rows of the same keys, kept in lists by ``columns``, for the same reason."""

    def __init__(self, columns: Mapping[str, Sequence[Value]]) -> None:
        self.columns = columns

    @classmethod
    def of(cls, rows: Iterable[Row]) -> RowsByColumn:
        """The rows as they are kept; they may be made one by one."""
        columns: dict[str, list[Value]] = {}
        for row in rows:
            for key, value in row.items():
                columns.setdefault(key, []).append(value)
        return cls(columns)

    def __len__(self) -> int:
        return min(map(len, self.columns.values()), default=0)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> RowsByColumn: ...
    def __getitem__(self, at: int | slice) -> Row | RowsByColumn:
        if isinstance(at, slice):
            return RowsByColumn({key: column[at] for key, column in self.columns.items()})
        place = range(len(self))[at]
        return {key: column[place] for key, column in self.columns.items()}

    def __iter__(self) -> Iterator[Row]:
        return map(self.__getitem__, range(len(self)))


def fill_keyed(
    found: FoundTable, table: Table, by_row: Mapping[int, Row], new_rows: Sequence[Row] = ()
) -> tuple[list[Edit | Added], list[Finding]]:
    """Edits that bring the engine columns of existing rows to ``by_row`` and append ``new_rows``.

    A row that ``by_row`` does not name is blanked in its engine columns: a figure nobody stands
    behind must not stay. A key that a row's mapping lacks leaves that cell alone. New rows go
    directly under the last data row; where there is no room for all of them none is written
    and a finding says how many rows are needed.
    """
    engine = [
        (column, column.key, found.column(column.key), is_rounded(column))
        for column in table.engine_columns
        if column.key in found.columns
    ]
    names = [found.column(key) for key in table.identity if key in found.columns]
    edits: list[Edit | Added] = []
    for index, row in enumerate(found.row_numbers):
        values = by_row.get(row)
        for column, key, cells, digits in engine:
            old, new = cells[index], None
            if values is not None:
                if key not in values:
                    continue
                new = values[key]
                if digits and type(new) is Decimal:
                    new = to_digits(new)
            if (old is None and new is None) or same(old, new):
                continue
            label = " · ".join(as_text(one[index]) for one in names if one[index] is not None)
            edits.append(edit_of(found, column, row, label, old, new))
    appended, findings = append_rows(found, table, new_rows)
    return [*edits, *appended], findings


def fill_blank(
    found: FoundTable, table: Table, key: str, by_row: Mapping[int, Value]
) -> Iterator[Edit]:
    """Edits that put values into blank cells of a planner's column; any other cell stays."""
    if key not in found.columns:
        return
    cells = zip(found.row_numbers, found.column(key), found.column(table.identity[0]), strict=True)
    for row, old, name in cells:
        if old is None and row in by_row:
            yield edit_of(found, table.column(key), row, as_text(name), None, by_row[row])


def fill_owned(
    found: FoundTable, table: Table, by_row: Mapping[int, Row], new_rows: Sequence[Row]
) -> tuple[list[Edit | Added], list[Finding]]:
    """Edits that make rows which the engine wrote into a planner's table hold ``by_row``, and
    append ``new_rows``; all others stay.

    Without all columns of the new rows none is written: they could not be told from the planner's.
    """
    columns = [column for column in table.columns if column.key in found.columns]
    stored = {column.key: found.column(column.key) for column in columns}
    edits: list[Edit | Added] = []
    for index, row in enumerate(found.row_numbers):
        values = by_row.get(row, {})
        label = " · ".join(as_text(stored[key][index]) for key in table.identity if key in stored)
        for column in columns:
            if column.key in values:
                old, new = stored[column.key][index], rounded(values[column.key], column)
                if not same(old, new):
                    edits.append(edit_of(found, column, row, label, old, new))
    if not found.columns.keys() >= set(chain.from_iterable(new_rows)):
        return edits, []
    appended, findings = append_rows(found, table, new_rows)
    return [*edits, *appended], findings


def fill_listed(
    found: FoundTable, table: Table, rows: Sequence[Row], links: Sequence[Link | None] = ()
) -> tuple[list[Edit], list[Finding]]:
    """Edits that make a table the engine owns entirely hold exactly ``rows``, from its first row
    on.

    ``links`` gives, row by row, where the row's LINK column jumps to.
    """
    at = {row: index for index, row in enumerate(found.row_numbers)}
    places = list(
        islice(chain(sorted({*found.row_numbers, *found.blank_rows}), _below(found)), len(rows))
    )
    if len(places) < len(rows):
        return [], [_no_room(found, len(rows), len(places))]
    edits: list[Edit] = []
    stored = {key: found.column(key) for key in found.columns}
    laid = dict(zip(places, range(len(rows)), strict=True))
    for row in sorted({*laid, *at}):
        values: Row = rows[laid[row]] if row in laid else {}
        link = links[laid[row]] if row in laid and links else None
        label = str(laid[row] + 1) if row in laid else ""
        for column in table.columns:
            if column.key in found.columns:
                old = stored[column.key][at[row]] if row in at else None
                new = rounded(values.get(column.key), column)
                if not same(old, new):
                    edits.append(edit_of(found, column, row, label, old, new, link))
    return edits, []


def append_rows(
    found: FoundTable, table: Table, new_rows: Sequence[Row], *, lean: bool = False
) -> tuple[list[Added], list[Finding]]:
    """Rows that go directly under the last data row; none, and a finding, where there is no room
    for all of them.

    ``lean`` rows are made of the columns that they say something of, since a million of them are
    kept in memory.
    """
    columns: dict[str, Sequence[Value]] = {}
    if isinstance(new_rows, RowsByColumn):
        columns |= new_rows.columns
    else:
        for key in dict.fromkeys(chain.from_iterable(new_rows)):
            columns[key] = [row.get(key) for row in new_rows]
    if not lean:
        columns |= {column.key: columns.get(column.key, ()) for column in table.columns}
    return append_columns(found, table, columns, len(new_rows))


def append_columns(
    found: FoundTable, table: Table, columns: Mapping[str, Sequence[Value]], count: int
) -> tuple[list[Added], list[Finding]]:
    """The same of so many rows that are given column by column; an empty column is a blank one."""
    places, findings = _places(found, count)
    if findings or not places:
        return [], findings
    there = [
        column
        for column in table.columns
        if column.key in found.columns and (column.key in columns or column.key in table.identity)
    ]
    head = tuple(
        AddedColumn(
            column.key, found.columns[column.key], found.headers[column.key], style_of(column)
        )
        for column in there
    )
    named = tuple(at for at, column in enumerate(there) if column.key in table.identity)
    blank: Sequence[Value] = [None] * count
    rows = ByColumn([_cells(columns.get(column.key) or blank, column) for column in there])
    starts = [at for at, row in enumerate(places) if at == 0 or row != places[at - 1] + 1]
    return [
        Added(found.sheet, places[first], head, named, rows[first:end])
        for first, end in zip(starts, [*starts[1:], len(places)], strict=True)
    ], []


def _cells(values: Sequence[Value], column: Column) -> Sequence[Value]:
    """What each row's cell in the column is to hold, None for no cell."""
    if is_rounded(column) and Decimal in set(map(type, values)):
        values = [_to_digits(one) if type(one) is Decimal else one for one in values]
    if "" not in values:
        return values
    return [None if value == "" else value for value in values]


def _to_digits(value: Decimal) -> Decimal:
    """The value as it is written; the same object where it is that: a million are kept."""
    text = str(value)
    _, point, decimals = text.partition(".")
    if "E" in text or len(decimals) > DIGITS or (point and text.endswith("0")):
        return to_digits(value)
    return value


def reaches(tables: Iterable[FoundTable]) -> list[Reach]:
    """What makes the Excel tables reach over the rows that follow them and were read as their
    own.
    """
    return [
        Reach(
            found.sheet,
            cell_ref(found.list_object.range.top, found.list_object.range.left),
            found.end_row,
        )
        for found in tables
        if found.list_object is not None and found.end_row > found.list_object.range.bottom
    ]


def _places(found: FoundTable, count: int) -> tuple[list[int], list[Finding]]:
    """So many free rows directly under the last data row, or a finding."""
    spare = (row for row in found.blank_rows if row > found.last_row)
    places = list(islice(chain(spare, _below(found)), count))
    return places, [_no_room(found, count, len(places))] if len(places) < count else []


def _below(found: FoundTable) -> range:
    """Free rows under the table; an Excel table grows over those that are used."""
    return range(found.end_row + 1, found.end_row + found.free_below + 1)


def edit_of(
    found: FoundTable,
    column: Column,
    row: int,
    label: str,
    old: CellValue,
    new: Value,
    link: Link | None = None,
) -> Edit:
    """The edit of a cell that does not say ``new``, which is rounded as it is written."""
    formula = (
        _hyperlink(*link, str(new))
        if link is not None and column.kind is Kind.LINK and new
        else None
    )
    cell = f"{found.columns[column.key]}{row}"
    return Edit(
        found.sheet,
        cell,
        found.headers[column.key],
        label,
        old,
        None if new == "" else new,
        formula,
        style_of(column),
    )


def style_of(column: Column) -> CellStyle:
    """How a new cell of the column looks where no other row shows it."""
    return STYLES.get(column.kind, CellStyle.GENERAL)


def _hyperlink(sheet: str, cell: str, label: str) -> str:
    target = f"#'{sheet.replace(chr(39), chr(39) * 2)}'!{cell or 'A1'}"
    return 'HYPERLINK("{}","{}")'.format(target.replace('"', '""'), label.replace('"', '""'))


def _no_room(found: FoundTable, needed: int, room: int) -> Finding:
    place = Place("", found.sheet, f"{found.span[0]}{found.end_row + 1}")
    return Finding.of("no-room-for-rows", place, sheet=found.sheet, needed=needed, room=room)
