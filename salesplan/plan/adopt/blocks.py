"""Where the tables of a sheet stand: the rows of their heads, their columns, their data.

A sheet has tables one under another and side by side, titles above them, blank rows within them
and notes below. A head is one to three rows of texts and periods over the first row of data; what
its columns say is put together from the rows of the head, merged cells and repeated ones counting
for all columns they stand over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import pairwise

from salesplan.dataclass import dataclass, field, replace
from salesplan.plan.adopt.months import languages_of, period_in
from salesplan.plan.adopt.words import field_of, kpi_kind, said
from salesplan.plan.normalize import in_one_line
from salesplan.workbook.read.cells import CellValue, Grid
from salesplan.workbook.refs import Range, cell_ref

_BAND = 3
"""The most rows that a head has."""
_LONGEST = 80
"""Letters of a head; what is longer is a sentence."""
_TOP = 200
"""Rows in which a sheet's first head may stand; below the last table any row is looked at."""
_PERIODS = 3
"""So many periods beside one another are a head."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One cell of a head: its value, and where it stands."""

    value: CellValue
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """One table as it stands: its head's rows, its columns, its rows of data (both included), the
    texts above it, and the languages of its months.
    """

    sheet: str
    head: tuple[int, ...]
    left: int
    right: int
    rows: tuple[int, ...]
    titles: tuple[Piece, ...]
    paths: Mapping[int, tuple[Piece, ...]]
    numbered: bool = False
    """Whether the numbers 1 to 12 in its head are months."""
    languages: tuple[str, ...] = ()
    _grid: Grid = field(repr=False, compare=False, default=Grid("", ()))

    @property
    def head_row(self) -> int:
        """The last row of the head."""
        return self.head[-1]

    def value(self, row: int, column: int) -> CellValue:
        """A cell of the table's sheet."""
        return self._grid.value(row, column)

    def values(self, column: int) -> tuple[CellValue, ...]:
        """The cells of a column, row by row."""
        cells, first = self._grid.rows, self._grid.first_row
        if not 0 < column <= len(cells[0]):
            return (None,) * len(self.rows)
        return tuple(cells[row - first][column - 1] for row in self.rows)

    def head_text(self, column: int) -> str:
        """What stands over a column, from top to bottom: ``1月 / 目标``; "" for a blank head."""
        texts: list[str] = []
        for piece in self.paths.get(column, ()):
            text = written(piece.value)
            if text and text not in texts[-1:]:
                texts.append(text)
        return " / ".join(texts)

    def head_cell(self, column: int) -> str:
        """The cell by which the column is known."""
        return cell_ref(self.head_row, column)

    def joined(self, other: Block) -> Block:
        """One table out of this one and the columns right of it."""
        rows = tuple(sorted({*self.rows, *other.rows}))
        paths = {**self.paths, **other.paths}
        return replace(self, right=other.right, rows=rows, paths=paths)

    @property
    def columns(self) -> range:
        """The numbers of its columns."""
        return range(self.left, self.right + 1)


def written(value: CellValue) -> str:
    """A head's cell as text: a date as its month, a whole number without a point."""
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        day = value.date() if isinstance(value, datetime) else value
        return f"{day:%Y-%m}" if day.day == 1 else day.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return in_one_line(str(value))


def blocks_of(grid: Grid) -> list[Block]:
    """The tables of a sheet, from top to bottom and left to right."""
    return _Sheet(grid).blocks()


class _Sheet:
    """A sheet as it is searched for tables."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.first = grid.first_row
        self.last = grid.first_row + len(grid.rows) - 1
        self.merges = [Range.parse(one) for one in grid.merges]
        self.languages = languages_of(self._texts(min(self.last, self.first + _TOP)))

    def _texts(self, last: int) -> list[str]:
        found: list[str] = []
        for row in range(self.first, last + 1):
            found += [one for one in self._row(row) if isinstance(one, str) and len(one) < 30]
        return found

    def _row(self, row: int) -> Sequence[CellValue]:
        index = row - self.first
        return self.grid.rows[index] if 0 <= index < len(self.grid.rows) else ()

    def _filled(self, row: int) -> dict[int, CellValue]:
        return {at: one for at, one in enumerate(self._row(row), 1) if one not in (None, "")}

    # Heads

    def periods(self, row: int) -> int:
        """How many cells of a row name a time within a year."""
        cells = self._filled(row).values()
        named = 0
        for one in cells:
            timed = period_in(one, self.languages) if not isinstance(one, (int, float)) else None
            if timed is not None and not timed.period.whole_year:
                named += 1
        return named

    def numbered(self, row: int) -> bool:
        """Whether the months stand there as the numbers 1, 2, 3 … (six of them at least), and are
        no figures under months that the row above names.
        """
        if not self._counts_up(row):
            return False
        return self.periods(row - 1) < _PERIODS and not self.has_figures(row - 1)

    def _counts_up(self, row: int) -> bool:
        numbers = [
            int(one) for one in self._row(row) if isinstance(one, (int, float)) and one == int(one)
        ]
        whole = 6 <= len(numbers) <= 12
        return whole and all(b - a in (1, -11) and 1 <= b <= 12 for a, b in _pairs(numbers))

    def head_like(self, row: int) -> bool:
        """Whether a row holds two texts or more and nothing that is a figure."""
        cells = self._filled(row)
        if len(cells) < 2:
            return False
        for one in cells.values():
            if isinstance(one, str) and len(one) > _LONGEST:
                return False
            if isinstance(one, (bool, time)):
                return False
            is_number = isinstance(one, (int, float))
            if is_number and period_in(one) is None and not self.numbered(row):
                return False
            if not isinstance(one, (str, int, float, date)):
                return False
        return True

    def strong(self, row: int) -> bool:
        """Whether a row is a head by its words alone: three periods, or two that heads have."""
        if not self.head_like(row):
            return False
        if self.numbered(row):
            return True
        if self.periods(row) >= _PERIODS:
            return not self._dated_rows(row)
        texts = [one for one in self._filled(row).values() if isinstance(one, str)]
        labels = sum(one.rstrip().endswith((":", "：")) for one in texts)
        known = sum(_is_head_word(one) for one in texts)
        return known >= 2 and 2 * known >= len(texts) and 2 * labels < len(texts)

    def _dated_rows(self, row: int) -> bool:
        """Whether the periods are days of a list's row: dates within a month."""
        days = [one for one in self._filled(row).values() if isinstance(one, date)]
        others = self.periods(row) - len(days)
        return others == 0 and len(days) < _PERIODS

    def has_figures(self, row: int) -> bool:
        """Whether a row holds a number that is no period."""
        return any(
            isinstance(one, (int, float)) and not isinstance(one, bool) for one in self._row(row)
        )

    def next_filled(self, row: int) -> int | None:
        """The next row below that holds something."""
        return next((one for one in range(row + 1, self.last + 1) if self._filled(one)), None)

    def head_ends(self) -> list[int]:
        """The last rows of the heads, from top to bottom."""
        found: list[int] = []
        row = self.first
        while row <= self.last:
            if self._ends_head(row, found):
                found.append(row)
            row += 1
        return found

    def _ends_head(self, row: int, before: Sequence[int]) -> bool:
        if not self.head_like(row):
            return False
        below = self.next_filled(row)
        strong = self.strong(row)
        if not strong:
            if before and not self._apart(row):
                return False
            if below is None or below > row + 1 or not self._weak_head(row, below):
                return False
        if below is not None and below == row + 1 and self._goes_on(row, below):
            return False
        if strong and before and self._row(row) == self._row(before[-1]):
            return self._titled(row)
        return strong or not before or self._apart(row)

    def _goes_on(self, row: int, below: int) -> bool:
        """Whether the row below belongs to the same head."""
        if not self.head_like(below):
            return False
        if self.strong(below):
            return True
        spread = any(one.top == row and one.left < one.right for one in self.merges)
        own, other = self._filled(row), self._filled(below)
        gaps = [at for at in other if at not in own]
        texts = [one for one in other.values() if isinstance(one, str)]
        return spread and len(gaps) > 0 and len(set(texts)) < len(texts)

    def _apart(self, row: int) -> bool:
        """Whether a blank row stands above, with or without titles between."""
        above = row - 1
        while above >= self.first and len(self._filled(above)) == 1:
            above -= 1
        return above < self.first or not self._filled(above)

    def _titled(self, row: int) -> bool:
        """Whether a title stands above a repeated head: a table of its own, not a page's break."""
        above = self._filled(row - 1)
        return len(above) == 1 and isinstance(next(iter(above.values())), str)

    def _weak_head(self, row: int, below: int) -> bool:
        """Whether a row of unknown words is a head: texts over a row with figures in their
        columns.
        """
        heads, data = self._filled(row), self._filled(below)
        named = all(isinstance(one, str) or period_in(one) for one in heads.values())
        if not self.has_figures(below) or not named:
            return False
        under = [at for at in data if at in heads]
        figures = [at for at in under if isinstance(data[at], (int, float))]
        return len(figures) >= 1 and 2 * len(under) >= len(data)

    def band(self, end: int, floor: int) -> tuple[int, ...]:
        """The rows of a head that ends with that row; none at or above ``floor``."""
        rows = [end]
        lowest = self._filled(end)
        first = min(lowest)
        while len(rows) < _BAND and rows[0] - 1 > floor:
            above = rows[0] - 1
            cells = self._filled(above)
            if not cells or self._is_title(above, cells, first, max(lowest)):
                break
            if not self._heads_over(above, cells, lowest):
                break
            rows.insert(0, above)
            first = min(first, *cells)
        return tuple(rows)

    def _is_title(self, row: int, cells: Mapping[int, CellValue], left: int, right: int) -> bool:
        if len(cells) > 1:
            return False
        at = next(iter(cells))
        value = cells[at]
        width = next((one.right for one in self.merges if one.holds(row, at)), at)
        if isinstance(value, date) or at > left:
            return not isinstance(value, (str, date)) or (width >= right and at <= left)
        return True

    def _heads_over(
        self, row: int, cells: Mapping[int, CellValue], lowest: Mapping[int, CellValue]
    ) -> bool:
        if any(isinstance(one, str) and len(one) > _LONGEST for one in cells.values()):
            return False
        if self.has_figures(row) and not all(
            period_in(one) for one in cells.values() if isinstance(one, (int, float))
        ):
            return False
        spread = any(
            one.top <= row <= one.bottom and (one.left < one.right or one.top < one.bottom)
            for one in self.merges
            if one.left in cells
        )
        fills = any(at not in lowest for at in cells)
        labels = sum(
            isinstance(one, str) and one.rstrip().endswith((":", "：")) for one in cells.values()
        )
        repeated = len({written(one) for one in lowest.values()}) < len(lowest)
        timed = sum(period_in(one, self.languages) is not None for one in cells.values()) >= 2
        return labels == 0 and (spread or fills or repeated or timed)

    # Blocks

    def blocks(self) -> list[Block]:
        ends = self.head_ends()
        bands: list[tuple[int, ...]] = []
        for end in ends:
            floor = bands[-1][-1] if bands else self.first - 1
            bands.append(self.band(end, floor))
        found: list[Block] = []
        for at, band in enumerate(bands):
            top = bands[at + 1][0] if at + 1 < len(bands) else self.last + 1
            above = bands[at - 1][-1] if at else self.first - 1
            found += self._tables(band, top, above)
        return found

    def _tables(self, band: tuple[int, ...], stop: int, above: int) -> list[Block]:
        columns = self._columns(band)
        rows = self._data_rows(band[-1], stop)
        found: list[Block] = []
        titles = list(self._titles(band[0], above))
        for left, right in self._runs(columns, rows):
            own = tuple(row for row in rows if self._holds(row, left, right))
            found.append(
                Block(
                    self.grid.sheet,
                    band,
                    left,
                    right,
                    own,
                    _nearest(titles, left, right),
                    {at: self._path(band, at, left) for at in range(left, right + 1)},
                    any(map(self.numbered, band)),
                    self.languages,
                    self.grid,
                )
            )
        return found

    def _holds(self, row: int, left: int, right: int) -> bool:
        return any(self.grid.value(row, at) is not None for at in range(left, right + 1))

    def _columns(self, band: Sequence[int]) -> list[int]:
        found: set[int] = set()
        for row in band:
            found |= self._filled(row).keys()
            for one in self.merges:
                if one.top <= row <= one.bottom and one.left in found:
                    found |= set(range(one.left, one.right + 1))
        return sorted(found)

    def _data_rows(self, head: int, stop: int) -> list[int]:
        """The rows with values below a head; titles of the next table and a repeated head are
        none.
        """
        rows = [row for row in range(head + 1, stop) if self._filled(row)]
        if stop <= self.last:
            while rows and not self.has_figures(rows[-1]) and len(self._filled(rows[-1])) == 1:
                rows.pop()
        return [row for row in rows if self._row(row) != self._row(head)]

    def _runs(self, columns: Sequence[int], rows: Sequence[int]) -> list[tuple[int, int]]:
        """The columns of each table: runs parted by a blank column, each with texts of its own at
        its left; a column without a head left of the first one belongs to it.
        """
        left = columns[0]
        while left > 1 and self._mostly_texts(left - 1, rows):
            left -= 1
        runs: list[list[int]] = [[left, columns[0]]]
        for before, at in _pairs(columns):
            blank = [one for one in range(before + 1, at) if not self._used(one, rows)]
            if blank and self._mostly_texts(at, rows):
                runs.append([at, at])
            else:
                runs[-1][1] = at
        runs[-1][1] = max(runs[-1][1], columns[-1])
        return [(first, last) for first, last in runs]

    def _used(self, column: int, rows: Sequence[int]) -> bool:
        return any(self.grid.value(row, column) is not None for row in rows)

    def _mostly_texts(self, column: int, rows: Sequence[int]) -> bool:
        values = [self.grid.value(row, column) for row in rows]
        there = [one for one in values if one is not None]
        texts = sum(isinstance(one, str) for one in there)
        return len(there) > 0 and 2 * texts > len(there) and 4 * len(there) >= len(rows)

    def _titles(self, top: int, above: int) -> Iterable[Piece]:
        """The texts above a head, nearest first: those of the rows down from the table before."""
        for row in range(top - 1, above, -1):
            cells = self._filled(row)
            if self.has_figures(row) and above >= self.first:
                return
            for at, value in cells.items():
                if isinstance(value, (str, date)):
                    yield Piece(value, row, at)

    def _path(self, band: Sequence[int], column: int, left: int) -> tuple[Piece, ...]:
        found: list[Piece] = []
        for depth, row in enumerate(band):
            piece = self._piece(row, column, left, lowest=depth == len(band) - 1, band=band)
            if piece is not None and piece not in found:
                found.append(piece)
        return tuple(found)

    def _piece(
        self, row: int, column: int, left: int, *, lowest: bool, band: Sequence[int]
    ) -> Piece | None:
        for one in self.merges:
            if one.holds(row, column) and not one.single:
                value = self.grid.value(one.top, one.left)
                return None if value is None else Piece(value, one.top, one.left)
        value = self.grid.value(row, column)
        if value is not None or lowest:
            return None if value is None else Piece(value, row, column)
        if self.grid.value(band[-1], column) is None:
            return None
        for at in range(column - 1, left - 1, -1):
            beside = self.grid.value(row, at)
            if beside is not None:
                over_group = self.grid.value(band[-1], at) is not None
                return Piece(beside, row, at) if over_group else None
        return None


def _nearest(titles: Sequence[Piece], left: int, right: int) -> tuple[Piece, ...]:
    """The titles of a table: those over its own columns before those of the whole sheet. What
    stands beside one of its own is its neighbour's.
    """
    own = [one for one in titles if left <= one.column <= right]
    rows = {one.row for one in own}
    return (*own, *(one for one in titles if one not in own and one.row not in rows))


def _is_head_word(text: str) -> bool:
    if field_of(text) is not None or kpi_kind(text):
        return True
    spoken = said(text)
    return bool(spoken.roles) and (not spoken.rest or bool(kpi_kind(spoken.rest)))


def _pairs(values: Sequence[int]) -> list[tuple[int, int]]:
    return list(pairwise(values))
