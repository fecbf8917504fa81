"""Rows that are added in one piece say the same as an edit for each of their cells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from salesplan import app
from salesplan.fill.edits import Added, AddedColumn, Edit, Edits, summary
from salesplan.plan.loader import load
from salesplan.workbook.changes import CellStyle
from salesplan.workbook.memory import SHEET
from tests.unit.masters import SOUND, write

VALUES = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.decimals(-1000, 1000, places=2),
    st.text("甲乙ab", min_size=1, max_size=3),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
COLUMNS = tuple(
    AddedColumn(key, letters, head, look)
    for key, letters, head, look in (
        ("code", "A", "编码", CellStyle.GENERAL),
        ("year", "C", "年度", CellStyle.AMOUNT),
        ("share", "D", "占比", CellStyle.PERCENT),
    )
)


@given(st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=6), st.integers(1, 50))
def test_the_cells_of_added_rows_are_those_of_their_edits(
    rows: list[tuple[int | Decimal | str | date | None, ...]], first: int
) -> None:
    """The same cells, values and looks in the file, the same count, the same summary."""
    added = Added("目标分解", first, COLUMNS, (0,), rows)
    before = Edit("目标分解", "A1", "编码", "", None, "x")
    kept, plain = Edits((before, added)), (before, *added.edits())
    assert kept == plain and len(kept) == len(plain) == 1 + added.cells
    assert kept[:2] == plain[:2] and kept[-1] == plain[-1] and bool(kept)
    assert list(added.change().changes()) == [edit.change() for edit in added.edits()]
    assert summary(kept) == summary(plain)


def test_a_first_fill_writes_what_it_says_and_remembers_it(tmp_path: Path) -> None:
    """Every edit told is what the file holds; filled again nothing changes, and a figure typed
    over one of the added rows is told from ours.
    """
    master = write(tmp_path / "plan.xlsx", SOUND, lang="zh")
    done = app.recalc(master)
    parts = done.changes.edits.parts
    assert any(isinstance(one, Added) for one in parts)
    grids = load(master).source.grids
    for edit in done.changes.edits:
        row = int("".join(filter(str.isdigit, edit.cell)))
        column = ord(edit.cell[0]) - 64 if edit.cell[1].isdigit() else 0
        if column and isinstance(edit.new, (int, Decimal)):
            assert grids[edit.sheet].value(row, column) == float(edit.new), edit
    assert len(grids[SHEET].rows) > 5
    again = app.recalc(master)
    assert again.changes.edits == () and not again.changes.typed
