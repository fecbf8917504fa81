"""Tables found by their headers, wherever they stand, as Excel tables or plain ranges.

A table is looked for on the sheets of its name first, then on any sheet that is no other table's
by name. Its header row is the one with the most of its headers, an Excel table's before others.
A plain range ends at its last row with a value, or above another table's header row; rows that
begin with 合计, 总计 or Total, and repeated header rows, are not data.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding, Place
from salesplan.workbook.read.cells import CellValue, Grid
from salesplan.workbook.read.headers import (
    HeaderMatch,
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

_MONTH = re.compile(r"(?:\d{4}[年./-]?)?(?:0?[1-9]|1[0-2])月份?|\d{4}[./-](?:0?[1-9]|1[0-2])")

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


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is looked at on one sheet: its cells, its Excel tables, the rows where a header
    may be.
    """

    grid: Grid
    objects: tuple[ListObject, ...]
    rows: Mapping[int, Texts]


def find_tables(
    grids: Mapping[str, Grid], objects: Mapping[str, Sequence[ListObject]], wanted: Sequence[Wanted]
) -> tuple[dict[str, FoundTable], list[Finding]]:
    """The wanted tables that are there, by key, and what is odd about them; ``objects`` are the
    Excel tables by sheet.

    A table that lacks a required column is given all the same, without it (column-missing); one
    that is nowhere is just absent. Other findings: header-twice, header-not-found (a sheet of
    the right name without the headers), table-ambiguous (on several other sheets), far-cells,
    rows-after-table (rows that follow an Excel table and are read as its own), rows-below-table.
    """
    names = [name for w in wanted for column in w.columns.values() for name in column]
    grids = {name: with_heads(grid, names) for name, grid in grids.items()}
    sheets = {
        n: _Sheet(grid, tuple(objects.get(n, ())), header_rows(grid, names))
        for n, grid in grids.items()
    }
    findings = [
        Finding.of("far-cells", Place("", n, g.far_cells[0]), sheet=n, cells=g.far_cells)
        for n, g in grids.items()
        if g.far_cells
    ]
    named = {w.key: _sheets_of(w, grids) for w in wanted}
    reserved = {name for names_of in named.values() for name in names_of}
    matched = {
        name: _matches(sheets[name], [w for w in wanted if name in named[w.key]])
        for name in reserved
    }
    chosen: dict[str, tuple[str, HeaderMatch]] = {}
    for w in wanted:
        options = [(name, matched[name][w.key]) for name in named[w.key] if w.key in matched[name]]
        if options:
            chosen[w.key] = max(options, key=lambda option: not option[1].missing(w))
    elsewhere, ambiguous = _elsewhere(
        [w for w in wanted if w.key not in chosen],
        {n: s for n, s in sheets.items() if n not in reserved},
    )
    chosen |= elsewhere
    findings += ambiguous
    for name in grids:
        meant = [w for w in wanted if name in named[w.key]]
        if (
            meant
            and not any(w.key in chosen for w in meant)
            and any(v is not None for row in grids[name].rows for v in row)
        ):
            headers = [w.columns[key] for w in meant for key in w.columns if key in w.required]
            across = any(_has_months(texts) for texts in sheets[name].rows.values())
            findings.append(
                Finding.of(
                    "months-across" if across else "header-not-found",
                    Place("", name),
                    sheet=name,
                    zh=_names(headers, 0),
                    en=_names(headers, 1),
                )
            )
    found = {}
    for w in wanted:
        if w.key in chosen:
            name, match = chosen[w.key]
            others = [m for key, (other, m) in chosen.items() if other == name and key != w.key]
            found[w.key] = _table(w, sheets[name], match, others)
            findings += _remarks(w, sheets[name].grid, match) + _outside(
                w, sheets[name], match, others
            )
    spare = {
        name: sheet
        for name, sheet in sheets.items()
        if name not in reserved and name not in {one for one, _ in chosen.values()}
    }
    told = {name for finding in ambiguous for name in finding.params["sheets"]}  # type: ignore[attr-defined]
    return found, [*findings, *_unread_sheets(wanted, found, spare, told)]


def _unread_sheets(
    wanted: Sequence[Wanted],
    found: Mapping[str, FoundTable],
    spare: Mapping[str, _Sheet],
    told: Collection[str],
) -> Iterator[Finding]:
    """Sheets that look like one of ours and are not read: 1月实绩, or 明细 with all that 实绩
    cannot do without.

    Where the table has no rows otherwise, what is missing from every figure is an error.
    """
    for name, sheet in spare.items():
        meant = _looks_like(wanted, found, sheet)
        if meant is None or name in told:
            continue
        own = found.get(meant.key)
        lacking = own is None or not own.row_numbers
        yield Finding.of(
            "sheet-looks-like" if lacking else "sheet-looks-like-too",
            Place("", name),
            sheet=name,
            zh=meant.sheets[0],
            en=meant.sheets[min(1, len(meant.sheets) - 1)],
        )


def _looks_like(
    wanted: Sequence[Wanted], found: Mapping[str, FoundTable], sheet: _Sheet
) -> Wanted | None:
    if not any(value is not None for row in sheet.grid.rows for value in row):
        return None
    by_name = [w for w in wanted if resembles(sheet.grid.sheet, w.sheets)]
    if by_name:
        return by_name[0]
    missing = [w for w in wanted if w.key not in found and len(w.required) >= _TELLING]
    for w in missing:
        match = _matches(sheet, [w]).get(w.key)
        if match is not None and not match.missing(w):
            return w
    return None


def _has_months(texts: Texts) -> bool:
    """Whether months stand side by side: 1月, 2月 … as columns of their own."""
    return sum(_MONTH.fullmatch(text) is not None for text in texts.values()) > 1


def _names(columns: Iterable[Sequence[str]], index: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names[min(index, len(names) - 1)] for names in columns))


def _sheets_of(wanted: Wanted, grids: Mapping[str, Grid]) -> list[str]:
    by_name: dict[str, list[str]] = {}
    for name in grids:
        by_name.setdefault(normal(name), []).append(name)
    return list(
        dict.fromkeys(sheet for name in wanted.sheets for sheet in by_name.get(normal(name), ()))
    )


def _matches(sheet: _Sheet, wanted: Sequence[Wanted]) -> dict[str, HeaderMatch]:
    """The best header row of each wanted table on one sheet."""
    best: dict[str, tuple[tuple[bool, bool, int, int], HeaderMatch]] = {}
    known = [
        (
            {normal(name) for names in w.columns.values() for name in names},
            min(enough(w), len(w.required) or enough(w)),
        )
        for w in wanted
    ]
    for row, texts in sheet.rows.items():
        present = set(texts.values())
        if not any(len(names & present) >= least for names, least in known):
            continue
        for key, match in match_row(row, texts, wanted, sheet.objects).items():
            w = next(w for w in wanted if w.key == key)
            rank = (not match.missing(w), match.list_object is not None, len(match.columns), -row)
            if match.acceptable(w) and (key not in best or rank > best[key][0]):
                best[key] = rank, match
    return {key: match for key, (_, match) in best.items()}


def _elsewhere(
    wanted: Sequence[Wanted], sheets: Mapping[str, _Sheet]
) -> tuple[dict[str, tuple[str, HeaderMatch]], list[Finding]]:
    """Tables on sheets of other names: complete, with more than half of the columns, on one sheet
    only, no row claimed by two.
    """
    claims: dict[str, tuple[str, HeaderMatch]] = {}
    findings = []
    for w in wanted:
        options = [
            (name, m) for name, sheet in sheets.items() for m in _matches(sheet, [w]).values()
        ]
        options = [
            (name, m)
            for name, m in options
            if not m.missing(w) and 2 * len(m.columns) > len(w.columns)
        ]
        if len(options) > 1:
            zh, en = w.sheets[0], w.sheets[min(1, len(w.sheets) - 1)]
            found_on = tuple(name for name, _ in options)
            findings.append(
                Finding.of(
                    "table-ambiguous",
                    Place("", options[0][0], cell_ref(options[0][1].row, options[0][1].left)),
                    zh=zh,
                    en=en,
                    sheets=found_on,
                )
            )
        elif options:
            claims[w.key] = options[0]
    rows: dict[tuple[str, int, int], str] = {}
    for key, (name, match) in claims.items():
        rival = rows.get((name, match.row, match.left))
        if rival is None or len(match.columns) > len(claims[rival][1].columns):
            rows[name, match.row, match.left] = key
    return {key: claims[key] for key in rows.values()}, findings


def _remarks(wanted: Wanted, grid: Grid, match: HeaderMatch) -> list[Finding]:
    findings = [
        _merged(grid, area) for area in map(Range.parse, grid.merges) if _hides(grid, area, match)
    ]
    for key in match.missing(wanted):
        names = wanted.columns[key]
        place = Place("", grid.sheet, cell_ref(match.row, match.left))
        findings.append(
            Finding.of(
                "column-missing",
                place,
                sheet=grid.sheet,
                row=str(match.row),
                zh=names[0],
                en=names[min(1, len(names) - 1)],
            )
        )
    for column in match.repeated:
        text = str(grid.value(match.row, column)).strip()
        first = next(
            c
            for c in range(match.left, column)
            if normal(str(grid.value(match.row, c))) == normal(text)
        )
        place = Place("", grid.sheet, cell_ref(match.row, column))
        findings.append(
            Finding.of(
                "header-twice",
                place,
                sheet=grid.sheet,
                header=text,
                used=cell_ref(match.row, first),
            )
        )
    return findings


def _hides(grid: Grid, area: Range, match: HeaderMatch) -> bool:
    """Whether merged cells leave rows of one of the table's columns without the value that is seen
    in them.
    """
    under = area.top > match.row and area.bottom > area.top and area.left in match.columns.values()
    return (
        under
        and (match.list_object is None or area.top <= match.list_object.range.bottom)
        and grid.value(area.top, area.left) is not None
    )


def _merged(grid: Grid, area: Range) -> Finding:
    return Finding.of(
        "cells-merged",
        Place("", grid.sheet, cell_ref(area.top, area.left)),
        area=str(area),
        rows=area.bottom - area.top + 1,
    )


def _outside(
    wanted: Wanted, sheet: _Sheet, match: HeaderMatch, others: Sequence[HeaderMatch]
) -> list[Finding]:
    """Rows under an Excel table that look like its own: programs other than Excel do not always
    stretch it over what is typed or pasted there.
    """
    grid, table = sheet.grid, match.list_object
    if table is None:
        return []
    numbers = _like_its_own(wanted, sheet, match, others)
    read = _following(table, numbers)
    findings = []
    for code, rows in (("rows-after-table", read), ("rows-below-table", numbers[len(read) :])):
        if rows:
            top, right = cell_ref(table.range.top, table.range.left), table.range.right
            findings.append(
                Finding.of(
                    code,
                    Place("", grid.sheet, cell_ref(rows[0], match.left)),
                    sheet=grid.sheet,
                    last=str(table.range.bottom),
                    first=str(rows[0]),
                    end=str(rows[-1]),
                    count=len(rows),
                    area=f"{top}:{cell_ref(rows[-1], right)}",
                )
            )
    return findings


def _like_its_own(
    wanted: Wanted, sheet: _Sheet, match: HeaderMatch, others: Sequence[HeaderMatch]
) -> list[int]:
    """The rows under an Excel table that have the shape of its data: two of its columns and all
    that it cannot do without.
    """
    grid, table = sheet.grid, match.list_object
    if table is None:
        return []
    columns = [c - 1 for c in match.columns.values()]
    needed = [match.columns[key] - 1 for key in match.columns if key in wanted.required]
    header = [grid.value(match.row, c + 1) for c in columns]
    numbers = []
    for number in range(table.range.bottom + 1, _plain_bottom(sheet, match, others) + 1):
        row = grid.rows[number - grid.first_row]
        filled = sum(row[c] is not None for c in columns)
        if (
            filled >= min(2, len(columns))
            and all(row[c] is not None for c in needed)
            and [row[c] for c in columns] != header
            and not _is_total(row, match)
        ):
            numbers.append(number)
    return numbers


def _following(table: ListObject, numbers: Sequence[int]) -> Sequence[int]:
    """Of those rows the ones that follow the table without a gap: they are taken for its own. Under
    a totals row none are.
    """
    if table.totals_rows:
        return []
    followed = 0
    while followed < len(numbers) and numbers[followed] == table.range.bottom + 1 + followed:
        followed += 1
    return numbers[:followed]


def _table(
    wanted: Wanted, sheet: _Sheet, match: HeaderMatch, others: Sequence[HeaderMatch]
) -> FoundTable:
    grid, table, header = sheet.grid, match.list_object, match.row
    follow = _following(table, _like_its_own(wanted, sheet, match, others)) if table else ()
    bottom = table.last_data_row if table else _plain_bottom(sheet, match, others)
    numbers = _data_rows(grid, match, follow[-1] if follow else bottom)
    last = numbers[-1] if numbers else header
    end = max([table.last_data_row, header, *follow[-1:]]) if table else last
    span = Range(header + 1, match.left, end, match.right)
    merges = [Range.parse(merge) for merge in grid.merges]
    return FoundTable(
        wanted.key,
        grid.sheet,
        header,
        header + 1,
        last,
        {key: column_letters(c) for key, c in match.columns.items()},
        {key: str(grid.value(header, c)) for key, c in match.columns.items()},
        table,
        numbers,
        _blank_rows(grid, span, frozenset(numbers), [m for m in merges if m.meets(span)]),
        0 if table and table.totals_rows else _free_below(sheet, span, merges, table),
        end,
        (column_letters(match.left), column_letters(match.right)),
        _strangers(grid, match, numbers),
        grid,
    )


def _strangers(grid: Grid, match: HeaderMatch, numbers: Sequence[int]) -> dict[str, str]:
    unread = [
        c
        for c in range(match.left, match.right + 1)
        if c not in match.columns.values()
        and c not in match.repeated
        and grid.value(match.row, c) is not None
    ]
    return {
        column_letters(c): " ".join(str(grid.value(match.row, c)).split())
        for c in unread
        if any(grid.value(number, c) is not None for number in numbers)
    }


def _plain_bottom(sheet: _Sheet, match: HeaderMatch, others: Sequence[HeaderMatch]) -> int:
    """The row above the next header or Excel table under a plain range's columns, else the sheet's
    last row with a value.
    """
    stops = [(m.row, m.left, m.right) for m in others] + [
        (t.range.top, t.range.left, t.range.right) for t in sheet.objects
    ]
    under = [
        row
        for row, left, right in stops
        if row > match.row and left <= match.right and match.left <= right
    ]
    return min([row - 1 for row in under] + [sheet.grid.first_row + len(sheet.grid.rows) - 1])


def _data_rows(grid: Grid, match: HeaderMatch, bottom: int) -> Sequence[int]:
    """Rows with a value in one of the table's columns, without totals (in a plain range) and
    repeated headers.
    """
    columns = sorted(c - 1 for c in match.columns.values())
    lead, first = columns[0], grid.first_row
    header = [grid.value(match.row, c + 1) for c in columns]
    numbers = []
    for number in range(match.row + 1, min(bottom, first + len(grid.rows) - 1) + 1):
        row = grid.rows[number - first]
        if row[lead] is None and all(row[c] is None for c in columns):
            continue
        if row[lead] == header[0] and [row[c] for c in columns] == header:
            continue
        if match.list_object is None and _is_total(row, match):
            continue
        numbers.append(number)
    return (
        range(numbers[0], numbers[-1] + 1)
        if numbers and numbers[-1] - numbers[0] == len(numbers) - 1
        else numbers
    )


def _is_total(row: Sequence[CellValue], match: HeaderMatch) -> bool:
    for value in row[match.left - 1 : match.right]:
        if value is not None:
            return (
                isinstance(value, str) and len(value) < 20 and normal(value).rstrip(":") in _TOTALS
            )
    return False


def _blank_rows(
    grid: Grid, span: Range, filled: frozenset[int], merges: Sequence[Range]
) -> tuple[int, ...]:
    return tuple(
        n
        for n in range(span.top, span.bottom + 1)
        if n not in filled
        and _is_blank(grid, n, span)
        and not any(m.top <= n <= m.bottom for m in merges)
    )


def _is_blank(grid: Grid, number: int, span: Range) -> bool:
    index = number - grid.first_row
    if not 0 <= index < len(grid.rows):
        return True
    cells = grid.rows[index][span.left - 1 : span.right]
    return cells.count(None) == len(cells)


def _free_below(sheet: _Sheet, span: Range, merges: Sequence[Range], own: ListObject | None) -> int:
    grid, end = sheet.grid, span.bottom
    below = Range(end + 1, span.left, MAX_ROW, span.right) if end < MAX_ROW else None
    if below is None:
        return 0
    taken = (
        [Range.parse(cell) for cell in grid.far_cells]
        + [t.range for t in sheet.objects if t is not own]
        + list(merges)
    )
    stops = [max(area.top, below.top) for area in taken if area.meets(below)]
    last = grid.first_row + len(grid.rows) - 1
    first_used = next(
        (n for n in range(below.top, last + 1) if not _is_blank(grid, n, span)), MAX_ROW + 1
    )
    return min([*stops, first_used]) - below.top
