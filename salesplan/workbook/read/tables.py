"""Tables found by their headers, wherever they stand, as Excel tables or plain ranges.

A table is looked for on the sheets of its name first, then on any sheet that is no other table's
by name. Its header row is the one with the most of its headers, an Excel table's before others.
A plain range ends at its last row with a value, or above another table's header row; rows that
begin with 合计, 总计 or Total, and repeated header rows, are not data.

Two questions, one after the other: :func:`find_tables` says on which sheet and in which row a
table's header stands, :class:`_Located` what belongs to the table from there on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter

from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding, Place
from salesplan.pattern import pattern
from salesplan.workbook.read.cells import CellValue, Grid
from salesplan.workbook.read.headers import (
    HeaderMatch,
    Heads,
    Texts,
    Wanted,
    enough,
    header_rows,
    match_row,
    normal,
    resembles,
    with_heads,
)
from salesplan.workbook.read.listobjects import ListObject
from salesplan.workbook.refs import MAX_ROW, Range, cell_ref, column_letters, column_number

__all__ = ["FoundTable", "ListObject", "Wanted", "find_tables"]

_MONTH = pattern(r"(?:\d{4}[年./-]?)?(?:0?[1-9]|1[0-2])月份?|\d{4}[./-](?:0?[1-9]|1[0-2])")

_TELLING = 3
"""So many required headers in one row are no coincidence."""

_TOTALS = frozenset({"合计", "总计", "汇总", "总合计", "total", "grandtotal", "totals", "sum"})


@dataclass(frozen=True, slots=True)
class FoundTable:
    """One table as it stands in the file; rows are the sheet's row numbers, from 1.

    ``last_row`` is the last row that holds data (``header_row`` if none), ``end_row`` the last row
    of the table's own range: for an Excel table its last row before totals, or the last of the rows
    that follow it without a gap, else ``last_row``.
    ``row_numbers`` are the rows with a value in one of ``columns`` (key → letter); ``blank_rows``
    those of the range without a value in any column the table spans. ``free_below`` is how many
    rows under ``end_row`` are free in the table's columns down to the next cell, Excel table or
    merged cells; 0 under an Excel table with a totals row. ``strangers`` are the headers within the
    span that are no column's, over data (letter → text).
    """

    key: str
    sheet: str
    header_row: int
    first_row: int
    last_row: int
    columns: Mapping[str, str]
    headers: Mapping[str, str]
    list_object: ListObject | None
    row_numbers: Sequence[int]
    blank_rows: Sequence[int]
    free_below: int
    end_row: int
    span: tuple[str, str]
    strangers: Mapping[str, str]
    _grid: Grid = field(repr=False, compare=False)
    stands: Mapping[int, Mapping[str, Place]] = field(default_factory=dict)
    """Of a table laid together from cells that stand elsewhere: where each does, by row and key."""

    @property
    def merges(self) -> tuple[str, ...]:
        """The merged ranges of the table's sheet."""
        return self._grid.merges

    def column(self, key: str) -> Sequence[CellValue]:
        """The column's values, one for each of ``row_numbers``; all None if the table lacks the
        column.
        """
        letters = self.columns.get(key)
        if letters is None:
            return [None] * len(self.row_numbers)
        index, rows, first = column_number(letters) - 1, self._grid.rows, self._grid.first_row
        numbers = self.row_numbers
        if isinstance(numbers, range):
            return list(map(itemgetter(index), rows[numbers.start - first : numbers.stop - first]))
        return [rows[number - first][index] for number in numbers]

    def value(self, key: str, row: int) -> CellValue:
        """The column's value in one of ``row_numbers``; None if the table lacks the column."""
        letters = self.columns.get(key)
        if letters is None:
            return None
        return self._grid.rows[row - self._grid.first_row][column_number(letters) - 1]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is looked at on one sheet: its cells, its Excel tables, the rows where a header
    may be.
    """

    grid: Grid
    objects: tuple[ListObject, ...]
    rows: Mapping[int, Texts]

    @property
    def name(self) -> str:
        return self.grid.sheet

    @property
    def last_row(self) -> int:
        return self.grid.first_row + len(self.grid.rows) - 1

    @property
    def is_blank(self) -> bool:
        return all(row.count(None) == len(row) for row in self.grid.rows)

    @property
    def first_cell(self) -> tuple[int, int]:
        """Row and column of the first cell that holds something; IndexError for a blank sheet."""
        filled = [(at, row) for at, row in enumerate(self.grid.rows) if row.count(None) < len(row)]
        at, row = filled[0]
        return self.grid.first_row + at, 1 + next(c for c, v in enumerate(row) if v is not None)

    @property
    def has_months_across(self) -> bool:
        """Whether months stand side by side: 1月, 2月 … as columns of their own."""
        return any(map(_holds_months, self.rows.values()))

    def finding(self, code: str, row: int, column: int, /, **params: object) -> Finding:
        """A finding at a cell of this sheet."""
        return Finding.of(code, Place("", self.name, cell_ref(row, column)), **params)


_Header = tuple[_Sheet, HeaderMatch]
"""The sheet and the row where a table's header stands."""


def find_tables(
    grids: Mapping[str, Grid], objects: Mapping[str, Sequence[ListObject]], wanted: Sequence[Wanted]
) -> tuple[dict[str, FoundTable], list[Finding]]:
    """The wanted tables that are there, by key, and what is odd about them; ``objects`` are the
    Excel tables by sheet.

    A table that lacks a required column is given all the same, without it (column-missing); one
    that is nowhere is just absent. Other findings: header-twice, header-merged,
    header-not-found (a sheet of the right name without the headers), table-ambiguous
    (on several other sheets), far-cells,
    rows-after-table (rows that follow an Excel table and are read as its own), rows-below-table.
    """
    sheets = _looked_at(grids, objects, wanted)
    named = {w.key: _sheets_of(w, sheets) for w in wanted}
    reserved = {sheet.name for sheet in chain.from_iterable(named.values())}
    others = [sheet for sheet in sheets if sheet.name not in reserved]

    meant = _meant(wanted, named)
    headers = _on_sheets_of_their_name(wanted, named, meant)
    missing = [w for w in wanted if w.key not in headers]
    elsewhere, ambiguous = _on_other_sheets(missing, others)
    headers |= elsewhere

    located = [_located(w, headers) for w in wanted if w.key in headers]
    tables = {one.wanted.key: one.table() for one in located}
    findings = [*_far_cells(sheets), *_ambiguous(ambiguous)]
    findings += _without_headers(sheets, meant, headers)
    for one in located:
        findings += one.remarks()
    told = {sheet.name for sheet, _ in headers.values()}
    for _, places in ambiguous:
        told |= {sheet.name for sheet, _ in places}
    unread = [sheet for sheet in others if sheet.name not in told]
    return tables, [*findings, *_unread_sheets(wanted, tables, unread)]


def _looked_at(
    grids: Mapping[str, Grid], objects: Mapping[str, Sequence[ListObject]], wanted: Sequence[Wanted]
) -> list[_Sheet]:
    heads = Heads(wanted)
    sheets = []
    for name, cells in grids.items():
        grid = with_heads(cells, heads)
        sheets.append(_Sheet(grid, tuple(objects.get(name, ())), header_rows(grid, heads)))
    return sheets


def _sheets_of(wanted: Wanted, sheets: Iterable[_Sheet]) -> list[_Sheet]:
    """The sheets of the table's names, the first name's first."""
    names = [normal(name) for name in wanted.sheets]
    own = [sheet for sheet in sheets if normal(sheet.name) in names]
    return sorted(own, key=lambda sheet: names.index(normal(sheet.name)))


def _on_sheets_of_their_name(
    wanted: Sequence[Wanted],
    named: Mapping[str, Sequence[_Sheet]],
    meant: Mapping[str, Sequence[Wanted]],
) -> dict[str, _Header]:
    """By key the header of each table that stands on a sheet of its name; a complete one before one
    that lacks a column.
    """
    matches: dict[str, dict[str, HeaderMatch]] = {}
    for sheet in chain.from_iterable(named.values()):
        if sheet.name not in matches:
            matches[sheet.name] = _matches(sheet, meant[sheet.name])
    headers: dict[str, _Header] = {}
    for w in wanted:
        own = [sheet for sheet in named[w.key] if w.key in matches[sheet.name]]
        complete = [sheet for sheet in own if not matches[sheet.name][w.key].missing(w)]
        for sheet in (complete or own)[:1]:
            headers[w.key] = sheet, matches[sheet.name][w.key]
    return headers


def _meant(
    wanted: Iterable[Wanted], named: Mapping[str, Sequence[_Sheet]]
) -> Mapping[str, Sequence[Wanted]]:
    """By a sheet's name the tables of whose names it is one."""
    found: dict[str, list[Wanted]] = {}
    for w in wanted:
        for sheet in named[w.key]:
            found.setdefault(sheet.name, []).append(w)
    return found


def _on_other_sheets(
    wanted: Sequence[Wanted], sheets: Sequence[_Sheet]
) -> tuple[dict[str, _Header], list[tuple[Wanted, list[_Header]]]]:
    """Tables on sheets of other names: complete, with more than half of the columns, no row claimed
    by two. And those that could be on several sheets, with where.
    """
    claims: dict[str, _Header] = {}
    ambiguous = []
    for w in wanted:
        places = [(sheet, match) for sheet in sheets if (match := _complete(sheet, w)) is not None]
        places = [one for one in places if 2 * len(one[1].columns) > len(w.columns)]
        if len(places) > 1:
            ambiguous.append((w, places))
        elif places:
            claims[w.key] = places[0]
    owners: dict[tuple[str, int, int], str] = {}
    for key, (sheet, match) in claims.items():
        where = (sheet.name, match.row, match.left)
        rival = owners.get(where)
        if rival is None or len(match.columns) > len(claims[rival][1].columns):
            owners[where] = key
    return {key: claims[key] for key in owners.values()}, ambiguous


def _complete(sheet: _Sheet, wanted: Wanted) -> HeaderMatch | None:
    """The table's header on that sheet if nothing is missing from it."""
    match = _matches(sheet, [wanted]).get(wanted.key)
    return match if match is not None and not match.missing(wanted) else None


def _matches(sheet: _Sheet, wanted: Sequence[Wanted]) -> dict[str, HeaderMatch]:
    """The best header row of each wanted table on one sheet."""
    by_key = {w.key: w for w in wanted}
    best: dict[str, tuple[tuple[bool, bool, int, int], HeaderMatch]] = {}
    told_by = [(w.named.keys(), min(enough(w), len(w.required) or enough(w))) for w in wanted]
    for row, texts in sheet.rows.items():
        present = set(texts.values())
        if not any(len(names & present) >= least for names, least in told_by):
            continue
        for key, match in match_row(row, texts, wanted, sheet.objects).items():
            complete = not match.missing(by_key[key])
            rank = (complete, match.list_object is not None, len(match.columns), -row)
            if match.acceptable(by_key[key]) and (key not in best or rank > best[key][0]):
                best[key] = rank, match
    return {key: match for key, (_, match) in best.items()}


def _located(wanted: Wanted, headers: Mapping[str, _Header]) -> _Located:
    sheet, match = headers[wanted.key]
    beside = [m for key, (s, m) in headers.items() if s is sheet and key != wanted.key]
    return _Located(wanted, sheet, match, tuple(beside))


def _far_cells(sheets: Iterable[_Sheet]) -> Iterator[Finding]:
    for sheet in sheets:
        far = sheet.grid.far_cells
        if far:
            yield Finding.of(
                "far-cells", Place("", sheet.name, far[0]), sheet=sheet.name, cells=far
            )


def _ambiguous(ambiguous: Iterable[tuple[Wanted, Sequence[_Header]]]) -> Iterator[Finding]:
    for w, places in ambiguous:
        sheet, match = places[0]
        names = tuple(other.name for other, _ in places)
        zh, en = _both(w.sheets)
        yield sheet.finding("table-ambiguous", match.row, match.left, zh=zh, en=en, sheets=names)


def _without_headers(
    sheets: Iterable[_Sheet],
    meant: Mapping[str, Sequence[Wanted]],
    headers: Mapping[str, _Header],
) -> Iterator[Finding]:
    """Sheets of a table's name that hold something, but none of the tables meant."""
    for sheet in sheets:
        own = meant.get(sheet.name, ())
        if not own or sheet.is_blank or any(w.key in headers for w in own):
            continue
        columns: list[Sequence[str]] = []
        for w in own:
            columns += [names for key, names in w.columns.items() if key in w.required]
        code = "months-across" if sheet.has_months_across else "header-not-found"
        both = [_both(names) for names in columns]
        row, column = sheet.first_cell
        yield sheet.finding(
            code,
            row,
            column,
            sheet=sheet.name,
            zh=tuple(dict.fromkeys(zh for zh, _ in both)),
            en=tuple(dict.fromkeys(en for _, en in both)),
        )


def _unread_sheets(
    wanted: Sequence[Wanted], found: Mapping[str, FoundTable], unread: Iterable[_Sheet]
) -> Iterator[Finding]:
    """Sheets that look like one of ours and are not read: 1月实绩, or 明细 with all that 实绩
    cannot do without.

    Where the table has no rows otherwise, what is missing from every figure is an error.
    """
    for sheet in unread:
        meant = None if sheet.is_blank else _looks_like(wanted, found, sheet)
        if meant is None:
            continue
        own = found.get(meant.key)
        lacking = own is None or not own.row_numbers
        zh, en = _both(meant.sheets)
        yield Finding.of(
            "sheet-looks-like" if lacking else "sheet-looks-like-too",
            Place("", sheet.name),
            sheet=sheet.name,
            zh=zh,
            en=en,
        )


def _looks_like(
    wanted: Sequence[Wanted], found: Mapping[str, FoundTable], sheet: _Sheet
) -> Wanted | None:
    """The table that the sheet is meant for, by its name or by its headers; None: no table."""
    for w in wanted:
        if resembles(sheet.name, w.sheets):
            return w
    for w in wanted:
        telling = w.key not in found and len(w.required) >= _TELLING
        if telling and _complete(sheet, w) is not None:
            return w
    return None


def _holds_months(texts: Texts) -> bool:
    return sum(_MONTH.fullmatch(text) is not None for text in texts.values()) > 1


def _both(names: Sequence[str]) -> tuple[str, str]:
    """The Chinese and the English one of a table's or column's names."""
    return names[0], names[min(1, len(names) - 1)]


@dataclass(frozen=True)
class _Located:
    """A wanted table whose header is found: the rows that belong to it, and what is odd there.

    ``beside`` are the headers of other tables on the same sheet.
    """

    wanted: Wanted
    sheet: _Sheet
    match: HeaderMatch
    beside: tuple[HeaderMatch, ...]

    @property
    def grid(self) -> Grid:
        return self.sheet.grid

    @property
    def excel_table(self) -> ListObject | None:
        """The Excel table that the header belongs to; None: a plain range."""
        return self.match.list_object

    @property
    def merges(self) -> list[Range]:
        return [Range.parse(merge) for merge in self.grid.merges]

    def table(self) -> FoundTable:
        match, header = self.match, self.match.row
        followed = self.followed
        numbers = self.data_rows(followed[-1] if followed else self.bottom)
        last = numbers[-1] if numbers else header
        end = last
        if self.excel_table is not None:
            end = max([self.excel_table.last_data_row, header, *followed[-1:]])
        span = Range(header + 1, match.left, end, match.right)
        return FoundTable(
            self.wanted.key,
            self.sheet.name,
            header,
            header + 1,
            last,
            {key: column_letters(c) for key, c in match.columns.items()},
            {key: str(self.grid.value(header, c)) for key, c in match.columns.items()},
            self.excel_table,
            numbers,
            self.blank_rows(span, frozenset(numbers)),
            self.free_below(span),
            end,
            (column_letters(match.left), column_letters(match.right)),
            self.strangers(numbers),
            self.grid,
        )

    # The rows

    @property
    def bottom(self) -> int:
        """The last row that may hold data."""
        return self.plain_bottom if self.excel_table is None else self.excel_table.last_data_row

    @property
    def plain_bottom(self) -> int:
        """The row above the next header or Excel table under the columns, else the sheet's last."""
        stops = [(m.row, m.left, m.right) for m in self.beside]
        for one in self.sheet.objects:
            stops.append((one.range.top, one.range.left, one.range.right))
        left, right = self.match.left, self.match.right
        under = [
            row - 1
            for row, first, last in stops
            if row > self.match.row and first <= right and left <= last
        ]
        return min([*under, self.sheet.last_row])

    def data_rows(self, bottom: int) -> Sequence[int]:
        """Rows with a value in one of the table's columns, without totals (in a plain range) and
        repeated headers.
        """
        columns = sorted(c - 1 for c in self.match.columns.values())
        lead, first = columns[0], self.grid.first_row
        header = [self.grid.value(self.match.row, c + 1) for c in columns]
        numbers = []
        for number in range(self.match.row + 1, min(bottom, self.sheet.last_row) + 1):
            row = self.grid.rows[number - first]
            if row[lead] is None and all(row[c] is None for c in columns):
                continue
            if row[lead] == header[0] and [row[c] for c in columns] == header:
                continue
            if self.excel_table is None and self.is_total(row):
                continue
            numbers.append(number)
        if numbers and numbers[-1] - numbers[0] == len(numbers) - 1:
            return range(numbers[0], numbers[-1] + 1)
        return numbers

    def is_total(self, row: Sequence[CellValue]) -> bool:
        """Whether the row begins with a word for a total."""
        within = row[self.match.left - 1 : self.match.right]
        first = next((value for value in within if value is not None), None)
        return isinstance(first, str) and len(first) < 20 and normal(first).rstrip(":") in _TOTALS

    @cached_property
    def like_its_own(self) -> list[int]:
        """The rows under an Excel table that have the shape of its data: two of its columns and all
        that it cannot do without. Programs other than Excel do not always stretch a table over what
        is typed or pasted there.
        """
        if self.excel_table is None:
            return []
        named = self.match.columns
        columns = [c - 1 for c in named.values()]
        needed = [c - 1 for key, c in named.items() if key in self.wanted.required]
        header = [self.grid.value(self.match.row, c + 1) for c in columns]
        numbers = []
        for number in range(self.excel_table.range.bottom + 1, self.plain_bottom + 1):
            row = self.grid.rows[number - self.grid.first_row]
            cells = [row[c] for c in columns]
            if (
                len(cells) - cells.count(None) >= min(2, len(columns))
                and all(row[c] is not None for c in needed)
                and cells != header
                and not self.is_total(row)
            ):
                numbers.append(number)
        return numbers

    @cached_property
    def followed(self) -> list[int]:
        """Of those rows the ones that follow the table without a gap: they are taken for its own.
        Under a totals row none are.
        """
        if self.excel_table is None or self.excel_table.totals_rows:
            return []
        below = enumerate(self.like_its_own, self.excel_table.range.bottom + 1)
        return [number for due, number in below if number == due]

    def blank_rows(self, span: Range, filled: frozenset[int]) -> tuple[int, ...]:
        """The rows of the span without any value, but for those that merged cells reach into."""
        merged: set[int] = set()
        for area in self.merges:
            if area.meets(span):
                merged |= set(range(max(area.top, span.top), min(area.bottom, span.bottom) + 1))
        return tuple(
            number
            for number in range(span.top, span.bottom + 1)
            if number not in filled and number not in merged and self.is_blank(number, span)
        )

    def is_blank(self, number: int, span: Range) -> bool:
        index = number - self.grid.first_row
        if not 0 <= index < len(self.grid.rows):
            return True
        cells = self.grid.rows[index][span.left - 1 : span.right]
        return cells.count(None) == len(cells)

    def free_below(self, span: Range) -> int:
        """How many rows under the span are free, down to the next cell, Excel table or merge."""
        totals = self.excel_table.totals_rows if self.excel_table is not None else 0
        if totals or span.bottom == MAX_ROW:
            return 0
        below = Range(span.bottom + 1, span.left, MAX_ROW, span.right)
        taken = [Range.parse(cell) for cell in self.grid.far_cells]
        taken += [one.range for one in self.sheet.objects if one is not self.excel_table]
        taken += self.merges
        stops = [max(area.top, below.top) for area in taken if area.meets(below)]
        rows = range(below.top, self.sheet.last_row + 1)
        used = next((row for row in rows if not self.is_blank(row, span)), MAX_ROW + 1)
        return min([*stops, used]) - below.top

    def strangers(self, numbers: Sequence[int]) -> dict[str, str]:
        """The headers over data that are no column's, by their letters."""
        match, found = self.match, {}
        for c in range(match.left, match.right + 1):
            header = self.grid.value(match.row, c)
            if header is None or c in match.repeated or c in match.columns.values():
                continue
            if any(self.grid.value(number, c) is not None for number in numbers):
                found[column_letters(c)] = " ".join(str(header).split())
        return found

    # What is odd

    def remarks(self) -> Iterator[Finding]:
        """Merged data, columns that are missing or there twice, rows below the Excel table."""
        match, name = self.match, self.sheet.name
        for area in filter(self.hides, self.merges):
            yield self.sheet.finding(
                "cells-merged",
                area.top,
                area.left,
                area=str(area),
                rows=area.bottom - area.top + 1,
            )
        for key in match.missing(self.wanted):
            zh, en = _both(self.wanted.columns[key])
            told = {"sheet": name, "row": str(match.row), "zh": zh, "en": en}
            across = self.merged_head
            if across is None:
                yield self.sheet.finding("column-missing", match.row, match.left, **told)
            else:
                told["area"] = str(across)
                yield self.sheet.finding("header-merged", across.top, across.left, **told)
        for column in match.repeated:
            header = str(self.grid.value(match.row, column)).strip()
            used = cell_ref(match.row, self.used_for(header))
            yield self.sheet.finding(
                "header-twice", match.row, column, sheet=name, header=header, used=used
            )
        yield from self.rows_outside()

    @property
    def merged_head(self) -> Range | None:
        """Merged cells over two columns or more of the header row, which hide all heads but the
        first.
        """
        match = self.match
        for area in self.merges:
            inside = match.left <= area.left <= match.right and area.left < area.right
            if inside and area.top <= match.row <= area.bottom:
                return area
        return None

    def hides(self, area: Range) -> bool:
        """Whether merged cells leave rows of one of the table's columns without the value that is
        seen in them.
        """
        if area.top <= self.match.row or area.bottom == area.top:
            return False
        if self.excel_table is not None and area.top > self.excel_table.range.bottom:
            return False
        own = area.left in self.match.columns.values()
        return own and self.grid.value(area.top, area.left) is not None

    def used_for(self, header: str) -> int:
        """The column that is read where several are called so, in either language."""
        called = normal(header)
        for key, at in self.match.columns.items():
            if called in map(normal, self.wanted.columns[key]):
                return at
        return self.match.left

    def rows_outside(self) -> Iterator[Finding]:
        """The rows under an Excel table that look like its own: those that are read, and those that
        are not.
        """
        if self.excel_table is None:
            return
        own = self.excel_table.range
        numbers, read = self.like_its_own, len(self.followed)
        groups = {"rows-after-table": numbers[:read], "rows-below-table": numbers[read:]}
        for code, rows in groups.items():
            if rows:
                yield self.sheet.finding(
                    code,
                    rows[0],
                    self.match.left,
                    sheet=self.sheet.name,
                    last=str(own.bottom),
                    first=str(rows[0]),
                    end=str(rows[-1]),
                    count=len(rows),
                    area=f"{cell_ref(own.top, own.left)}:{cell_ref(rows[-1], own.right)}",
                )
