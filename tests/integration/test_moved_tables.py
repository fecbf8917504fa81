"""After a workbook was adopted its planner goes on with it: a column more, another name for a
sheet, rows in another order, a person more, a month more. What is read stays right, or it is said.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from salesplan import app
from salesplan.app.adopting import Adoption, confirmed
from salesplan.dataclass import replace
from salesplan.plan.adopt.blocks import Block
from salesplan.plan.adopt.laying import Known, Laid, lay
from salesplan.plan.adopt.mapping import Kept, Takes
from salesplan.plan.model import Kpi, Settings, Unit
from salesplan.plan.model.people import Index, People
from salesplan.workbook.read.cells import Grid, read_grids
from salesplan.workbook.refs import Range
from salesplan.workbook.zip.package import open_package
from tests.corpus.plans import SHAPES, cases
from tests.corpus.plans.book import Book
from tests.corpus.plans.words import LANGUAGES
from tests.foreign_books import TODAY

Grids = dict[str, Grid]
THOROUGH = bool(os.environ.get("SALESPLAN_THOROUGH"))
NEW = "Zoe Novak"


class Read:
    """A workbook as it was adopted, and the mapping that reads it."""

    def __init__(self, book: Book, folder: Path) -> None:
        self.path = book.save(folder)
        self.seen: Adoption = app.look(self.path, None, TODAY)
        with open_package(self.path) as package:
            self.grids: Grids = read_grids(package)
        proposal = self.seen.proposal
        entries = [replace(one, row=at) for at, one in enumerate(confirmed(proposal.entries), 2)]
        self.kept = Kept("Mapping", tuple(entries))
        units = [
            Unit(code=one.code, name=one.name, level=one.level, parent=one.parent or None)
            for one in proposal.units
        ]
        kpis = [
            Kpi(code=one.code, name=one.name, kind=one.kind, smallest_unit=one.smallest_unit)
            for one in proposal.kpis
        ]
        settings = Settings(year=proposal.year, fiscal_start=proposal.fiscal_start)
        self.known = Known(People(units), Index(kpis), settings.months)

    def laid(self, grids: Grids) -> Laid:
        return lay(self.kept, grids, self.known, self.path.name)

    @property
    def table(self) -> Block:
        """The first table with figures that names units in a column, else the first."""
        tables = [one for one in self.seen.proposal.tables if one.facts]
        named = [one for one in tables if any(e.takes is Takes.UNIT for e in one.entries)]
        return (named or tables)[0].block


def figures(laid: Laid) -> dict[str, Decimal]:
    """The sums of what was read, by kind and unit."""
    found: dict[str, Decimal] = {}
    for kind, table in laid.tables.items():
        keys = [one for one in table.columns if one.startswith("manual") or one == "value"]
        for key in keys:
            for unit, value in zip(table.column("unit"), table.column(key), strict=True):
                if isinstance(value, (int, float)):
                    name = f"{kind} {unit}"
                    found[name] = found.get(name, Decimal(0)) + Decimal(repr(value))
    return found


def codes(laid: Laid) -> set[str]:
    return {one.code for one in laid.findings}


def moved(grid: Grid, row: int, column: int) -> Grid:
    """The sheet with its merged areas at or behind a row and a column one further on."""
    areas = []
    for text in grid.merges:
        one = Range.parse(text)
        down = (one.top + (one.top >= row > 0), one.bottom + (one.bottom >= row > 0))
        right = (one.left + (one.left >= column > 0), one.right + (one.right >= column > 0))
        areas.append(str(Range(down[0], right[0], down[1], right[1])))
    return replace(grid, merges=tuple(areas))


def column_more(grid: Grid, block: Block) -> Grid:
    """A column of remarks before the first column of figures."""
    at = next(one for one in block.columns if _figures(block, one))
    rows = [[*row[: at - 1], None, *row[at - 1 :]] for row in grid.rows]
    head = block.head_row - grid.first_row
    rows[head][at - 1] = "XYZ"
    return replace(moved(grid, 0, at), rows=rows)


def _figures(block: Block, at: int) -> bool:
    numbers = [one for one in block.values(at) if isinstance(one, (int, float))]
    return 2 * len(numbers) > len(block.rows)


def rows_turned(grid: Grid, block: Block) -> Grid:
    """Two rows one below another that stand for themselves, changed about."""
    first, second = _neighbours(grid, block)
    rows = list(grid.rows)
    first, second = first - grid.first_row, second - grid.first_row
    rows[first], rows[second] = rows[second], rows[first]
    return replace(grid, rows=rows)


def _neighbours(grid: Grid, block: Block) -> tuple[int, int]:
    """Two rows whose filled cells are the same ones, in no merged area over several rows."""
    tall = [one for one in map(Range.parse, grid.merges) if one.top < one.bottom]
    free = [row for row in block.rows if not any(a.top <= row <= a.bottom for a in tall)]
    for one, other in pairwise(free):
        texts = [_texts(block, row) for row in (one, other)]
        if other == one + 1 and texts[0] == texts[1] and len(texts[0]) > 0:
            return one, other
    pytest.skip("no two rows that stand for themselves")


def _texts(block: Block, row: int) -> list[int]:
    if block.value(row, block.left) is None:
        return []
    return [at for at in block.columns if isinstance(block.value(row, at), str)]


def person_more(grid: Grid, block: Block, unit: int, code: int) -> Grid:
    """The first row once more, in the name of somebody who has no code yet."""
    row = next(one for one in block.rows if _is_person(block, one, unit))
    rows = [list(one) for one in grid.rows]
    copy = list(rows[row - grid.first_row])
    copy[unit - 1] = NEW
    if code:
        copy[code - 1] = None
    rows.insert(row - grid.first_row + 1, copy)
    return replace(moved(grid, row + 1, 0), rows=rows)


def _is_person(block: Block, row: int, unit: int) -> bool:
    filled = sum(block.value(row, at) is not None for at in block.columns)
    return isinstance(block.value(row, unit), str) and filled > 2


def altered(read: Read, change: Callable[[Grid, Block], Grid]) -> Grids:
    sheet = read.table.sheet
    return read.grids | {sheet: change(read.grids[sheet], read.table)}


def renamed(read: Read) -> Grids:
    sheet = read.table.sheet
    other = "Other name"
    return {
        (other if name == sheet else name): (replace(grid, sheet=other) if name == sheet else grid)
        for name, grid in read.grids.items()
    }


CASES = [
    pytest.param(case, id=case.name)
    for case in cases(range(1, 2), len(LANGUAGES) if THOROUGH else 1)
]


@pytest.fixture(scope="module")
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Each workbook is adopted once, for all that is done to it: what it reads stays as it is."""
    book = request.param.book()
    if not book.knowable:
        pytest.skip("nobody can know it")
    found = Read(book, tmp_path_factory.mktemp("moved"))
    if not any(one.facts for one in found.seen.proposal.tables):
        pytest.skip("no figures")
    return found


@pytest.mark.parametrize("read", CASES, indirect=True, scope="module")
def test_what_a_planner_changes_is_found_again_or_said(read: Read) -> None:
    before = read.laid(read.grids)
    assert not codes(before) & {"mapping-column-gone", "mapping-table-gone", "mapping-table-new"}
    inserted = read.laid(altered(read, column_more))
    assert figures(inserted) == figures(before) or "mapping-table-new" in codes(inserted)
    assert "mapping-column-new" in codes(inserted)
    other = read.laid(renamed(read))
    assert figures(other) == figures(before)
    assert "mapping-sheet-renamed" in codes(other)


@pytest.mark.parametrize("read", CASES, indirect=True, scope="module")
def test_rows_in_another_order_are_the_same_figures(read: Read) -> None:
    turned = read.laid(altered(read, rows_turned))
    assert figures(turned) == figures(read.laid(read.grids))


@pytest.mark.parametrize("read", CASES, indirect=True, scope="module")
def test_a_person_more_is_read_or_named(read: Read) -> None:
    entries = next(one.entries for one in read.seen.proposal.tables if one.block is read.table)
    places = {one.takes: one.at[1] for one in entries}
    unit, code = places.get(Takes.UNIT, 0), places.get(Takes.CODE, 0)
    if not unit:
        pytest.skip("units stand across")
    before = figures(read.laid(read.grids))
    after = read.laid(altered(read, lambda grid, block: person_more(grid, block, unit, code)))
    more = figures(after)
    news = [name for name in more if name not in before]
    said = codes(after) & {"mapping-total-differs", "mapping-actuals-twice", "mapping-target-twice"}
    assert news or said, "nothing of the new person is read"
    assert all(NEW in name for name in news)
    same = {name: value for name, value in more.items() if name not in news} == before
    assert same or said


def sheets_alike(read: Read) -> Sequence[str]:
    names = [one.block.sheet for one in read.seen.proposal.tables]
    return [one for one in names if names.count(one) == 1]


@pytest.mark.parametrize("shape", ["month_sheets", "team_sheets", "person_sheets"])
def test_the_next_sheet_of_its_kind_is_said(shape: str, tmp_path: Path) -> None:
    read = Read(SHAPES[shape](LANGUAGES["zh"], 1), tmp_path)
    last = sheets_alike(read)[-1]
    grids = read.grids | {"12月": replace(read.grids[last], sheet="12月")}
    laid = read.laid(grids)
    assert figures(laid) == figures(read.laid(read.grids))
    assert "mapping-table-new" in codes(laid)


def test_another_months_sheet_is_not_taken_for_one_that_is_gone(tmp_path: Path) -> None:
    read = Read(SHAPES["month_sheets"](LANGUAGES["zh"], 1), tmp_path)
    first = sheets_alike(read)[0]
    grids = {name: grid for name, grid in read.grids.items() if name != first}
    grids["12月"] = replace(read.grids[first], sheet="12月")
    assert codes(read.laid(grids)) >= {"mapping-table-gone", "mapping-table-new"}
