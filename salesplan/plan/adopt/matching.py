"""Finding the tables of a mapping again: by their heads, where their sheet was renamed or their
columns moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from salesplan.findings import Finding, Place
from salesplan.plan.adopt.blocks import Block, blocks_of
from salesplan.plan.adopt.facts import Matched
from salesplan.plan.adopt.mapping import Entry, Kept
from salesplan.plan.adopt.months import period_in
from salesplan.plan.normalize import bare
from salesplan.workbook.read.cells import Grid

_ENOUGH = 0.6
"""The part of a table's heads by which it is known again on another sheet."""


def matched(
    kept: Kept,
    grids: Mapping[str, Grid],
    workbook: str,
    only: Sequence[Sequence[Entry]] | None = None,
) -> tuple[list[Matched], list[Finding]]:
    """The tables that the mapping speaks of (``only`` some of them), as they stand now, and what
    of it is not there.
    """
    tables = by_table(kept.entries) if only is None else only
    return _Search(kept, grids, workbook).tables(tables)


def by_table(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries table by table: those of one sheet whose heads stand in one row, side by side."""
    found: dict[tuple[str, int], list[Entry]] = {}
    for one in entries:
        if one.cell:
            found.setdefault((one.sheet, one.at[0]), []).append(one)
    return list(found.values())


class _Search:
    def __init__(self, kept: Kept, grids: Mapping[str, Grid], workbook: str) -> None:
        self.kept = kept
        self.workbook = workbook
        self.grids = grids
        self.findings: list[Finding] = []
        self._blocks: dict[str, list[Block]] = {}
        self.renamed: dict[str, str] = {}
        self.used: set[tuple[str, int]] = set()

    def blocks(self, sheet: str) -> list[Block]:
        if sheet not in self._blocks:
            grid = self.grids.get(sheet)
            self._blocks[sheet] = [] if grid is None else blocks_of(grid)
        return self._blocks[sheet]

    def tables(self, asked: Iterable[Sequence[Entry]]) -> tuple[list[Matched], list[Finding]]:
        found: list[Matched] = []
        for entries in asked:
            if not _is_read(entries):
                continue
            blocks = self._of(entries)
            if not blocks:
                first = entries[0]
                place = Place(self.workbook, self.kept.sheet, f"A{first.row}")
                self.findings.append(
                    Finding.of("mapping-table-gone", place, sheet=first.sheet, cell=first.cell)
                )
                continue
            self._use(blocks)
            found += self._columns(entries, blocks)
        return found, [*self.findings, *self._alike()]

    def _alike(self) -> list[Finding]:
        """The tables that the mapping says nothing of and that look like one that is read: the
        next month's sheet, another team's, one more below.
        """
        tables = by_table(self.kept.entries)
        read = [one for one in tables if _is_read(one)]
        for one in tables:
            if not _is_read(one):
                self._use(self._best(one, self.blocks(one[0].sheet)))
        silent = {one.sheet for one in self.kept.entries if not one.cell} | {self.kept.sheet}
        found: list[Finding] = []
        for sheet in self.grids:
            if sheet in silent:
                continue
            for block in self.blocks(sheet):
                free = (sheet, block.head_row) not in self.used
                like = next((one for one in read if free and self._best(one, [block])), None)
                if like is not None:
                    self._use([block])
                    place = Place(self.workbook, sheet, block.head_cell(block.left))
                    told = {"sheet": like[0].sheet, "cell": like[0].cell}
                    found.append(Finding.of("mapping-table-new", place, **told))
        return found

    def _use(self, blocks: Iterable[Block]) -> None:
        self.used |= {(one.sheet, one.head_row) for one in blocks}

    def _of(self, entries: Sequence[Entry]) -> list[Block]:
        """The block with most of the heads, those beside it in the same rows too: where they were,
        else on their sheet, else on a sheet that no mapping speaks of.
        """
        first = entries[0]
        own = self._best(entries, self.blocks(first.sheet))
        if own:
            return own
        if first.sheet in self.grids:
            return []
        if first.sheet in self.renamed:
            return self._best(entries, self.blocks(self.renamed[first.sheet]))
        for sheet in self.grids:
            if sheet in self.kept.sheets or sheet in self.renamed.values():
                continue
            other = self._best(entries, self.blocks(sheet)) if _may_be(sheet, entries) else []
            if other:
                self.renamed[first.sheet] = sheet
                place = Place(self.workbook, self.kept.sheet, f"A{first.row}")
                self.findings.append(
                    Finding.of("mapping-sheet-renamed", place, sheet=first.sheet, found=sheet)
                )
                return other
        return []

    def _best(self, entries: Sequence[Entry], blocks: Sequence[Block]) -> list[Block]:
        rows: dict[int, list[Block]] = {}
        for one in blocks:
            rows.setdefault(one.head_row, []).append(one)
        wanted = [_head(one.head) for one in entries]
        best: tuple[float, int, list[Block]] = (0.0, 0, [])
        for row, beside in rows.items():
            there: list[str] = []
            for block in beside:
                there += [_head(block.head_text(column)) for column in block.columns]
            known = sum(head in there for head in wanted) / len(wanted)
            rank = (known, -abs(row - entries[0].at[0]))
            if known >= _ENOUGH and rank > best[:2]:
                best = (*rank, beside)
        return best[2]

    def _columns(self, entries: Sequence[Entry], blocks: Sequence[Block]) -> list[Matched]:
        """Which column of the blocks each entry is of: by its head, of several alike the one at its
        place, else the next in order.
        """
        free: dict[int, str] = {}
        for block in blocks:
            free |= {at: block.head_text(at) for at in block.columns}
        given: dict[int, Entry] = {}
        for one in entries:
            wanted = _head(one.head)
            alike = [at for at, text in free.items() if _head(text) == wanted and at not in given]
            if not alike:
                if one.read:
                    place = Place(self.workbook, self.kept.sheet, f"D{one.row}")
                    told = {"sheet": one.sheet, "head": one.head, "cell": one.cell}
                    self.findings.append(Finding.of("mapping-column-gone", place, **told))
                continue
            at = one.at[1]
            given[at if at in alike else alike[0]] = one
        self._new(blocks, given)
        return [Matched(block, _within(block, given)) for block in _whole(blocks, given)]

    def _new(self, blocks: Sequence[Block], given: Mapping[int, Entry]) -> None:
        for block in blocks:
            if not any(at in given for at in block.columns):
                continue
            for at in block.columns:
                text = block.head_text(at)
                if at not in given and text:
                    place = Place(self.workbook, block.sheet, block.head_cell(at))
                    self.findings.append(Finding.of("mapping-column-new", place, head=text))


def _is_read(table: Iterable[Entry]) -> bool:
    return any(one.read for one in table)


def _may_be(sheet: str, entries: Iterable[Entry]) -> bool:
    """Whether a sheet of that name may hold these columns: one that names a month or a year of its
    own holds no other one's.
    """
    timed = period_in(sheet)
    if timed is None:
        return True
    months = [one.fixed.month for one in entries if one.fixed.month is not None]
    years = {one.year for one in months} | {one.fixed.year for one in entries}
    numbers = {one.month for one in months}
    month, year = timed.period.month, timed.period.year
    other_month = month is not None and len(numbers) == 1 and month not in numbers
    return not other_month and (year is None or years <= {None} or year in years)


def _whole(blocks: Sequence[Block], given: Mapping[int, Entry]) -> list[Block]:
    """The blocks from left to right, one whose columns name nothing of their rows as part of the
    one left of it: a blank column parts no table.
    """
    found: list[Block] = []
    for block in sorted(blocks, key=lambda one: one.left):
        named = any(one.names_rows for one in _within(block, given).values())
        if named or not found:
            found.append(block)
        else:
            found[-1] = found[-1].joined(block)
    return found


def _within(block: Block, given: Mapping[int, Entry]) -> dict[int, Entry]:
    return {at: given[at] for at in block.columns if at in given}


def _head(text: str) -> str:
    return bare(text)
