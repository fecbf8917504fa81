"""One contract, two doors: a file that is filled and a workbook that is filled while open say the
same in every cell.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salesplan import app
from salesplan.excel import live, ribbon
from salesplan.messages import has_errors
from salesplan.plan.adopt.mapping import Takes
from salesplan.plan.model import Month
from salesplan.workbook.memory import SHEET as MEMORY
from salesplan.workbook.read.cells import Grid
from tests import crm
from tests.foreign_books import write
from tests.live import messy
from tests.live.office import Office
from tests.samples import new_sample, unprinted

pytestmark = pytest.mark.libreoffice


def sample(path: Path) -> None:
    new_sample(path, lang="zh")


def deals(path: Path) -> None:
    crm.build_master(crm.DATA, path)
    app.import_actuals(path, crm.DATA / "sales_pipeline.csv", crm.MAP)


def theirs(path: Path) -> None:
    """A planner's own workbook, two columns of which the engine fills."""
    months = [f"{month}月" for month in range(1, 13)]
    people = [[name, *range(10, 22), None, None] for name in ("张伟", "王芳")]
    rows = [["2026年目标"], ["姓名", *months, "全年目标", "完成率"], *people]
    write(path, {"目标": rows})
    fills = {"N2": Takes.FILL_TARGET, "O2": Takes.FILL_ATTAINMENT}
    app.adopt(app.look(path, {("目标", cell): takes for cell, takes in fills.items()}))


MASTERS = [
    pytest.param(sample, id="sample"),
    pytest.param(deals, id="crm", marks=crm.needs_crm),
    pytest.param(messy.build, id="messy"),
    pytest.param(theirs, id="theirs"),
]


def computed(office: Office, path: Path) -> None:
    """Let the program compute the formulas and save, as a planner would."""
    book = office.open(path)
    book.save(path)
    book.close()


def cells(book: Any) -> dict[str, dict[str, object]]:
    """Every cell that is not blank, by sheet, formulas' results computed anew; without our own
    hidden memory.
    """
    book.api.calculateAll()
    return {
        sheet.name: filled(live.grid(sheet, book.name))
        for sheet in book.sheets
        if sheet.name != MEMORY
    }


def filled(grid: Grid) -> dict[str, object]:
    return {
        f"R{r}C{c}": value
        for r, row in enumerate(grid.rows, grid.first_row)
        for c, value in enumerate(row, 1)
        if value is not None
    }


def differences(
    one: dict[str, dict[str, object]], other: dict[str, dict[str, object]]
) -> list[tuple[str, str, object, object]]:
    assert one.keys() == other.keys()
    return [
        (sheet, cell, one[sheet].get(cell), other[sheet].get(cell))
        for sheet in one
        for cell in sorted(one[sheet].keys() | other[sheet].keys())
        if (type(one[sheet].get(cell)), one[sheet].get(cell))
        != (type(other[sheet].get(cell)), other[sheet].get(cell))
    ]


def looks(book: Any, edits: Any) -> dict[tuple[str, str], str]:
    """The number formats of changed cells that hold rates and dates."""
    chosen = [
        edit for edit in edits if edit.style.value in ("percent", "date") and edit.new is not None
    ][::60]
    return {
        (edit.sheet, edit.cell): book.sheets[edit.sheet].range(edit.cell).number_format
        for edit in chosen
    }


@pytest.mark.parametrize("make", MASTERS)
def test_both_doors_leave_the_same_in_every_cell(
    office: Office, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    closed, opened = tmp_path / "closed.xlsx", tmp_path / "opened.xlsx"
    make(closed)
    if make is messy.build:
        computed(office, closed)
    shutil.copyfile(closed, opened)
    month = Month(2017, 6) if make is deals else None
    done = app.recalc(closed, month=month)
    assert len(done.changes.edits) > 50

    book = office.open(opened)
    before = cells(book)
    if month is None:
        assert ribbon.recalc(book).failed == has_errors(done.changes.findings)
    else:
        from salesplan.excel.use_cases import recalculated

        assert recalculated(book, month=month).changes.edits == done.changes.edits
    filled_open = cells(book)
    filled_closed = office.open(unprinted(closed, notes=False))
    assert differences(filled_open, cells(filled_closed)) == []
    assert looks(book, done.changes.edits) == looks(filled_closed, done.changes.edits)
    assert len(differences(before, filled_open)) >= len(done.changes.edits) - 1

    again = ribbon.recalc(book) if month is None else None
    assert again is None or again.lines[0].startswith(("没有改动。", "Nothing to change."))
    undone = ribbon.undo(book)
    assert str(len(done.changes.edits)) in undone.lines[0]
    assert differences(before, cells(book)) == []
