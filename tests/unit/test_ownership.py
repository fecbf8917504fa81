"""Whose an engine cell is: what a planner typed there stops the run, and holds once they say so."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from salesplan import app
from salesplan.app.typed_cells import TypedPolicy, settled
from salesplan.findings import SalesplanError
from salesplan.plan.forms import HANDOUT_STAMP
from salesplan.workbook.memory import SHEET, canonical, token
from salesplan.workbook.refs import cell_ref
from tests.books import all_rows, rows_of
from tests.unit import masters

Edit = Callable[[Any], object]
recalc = partial(app.recalc, past=True)
"""That months which are over change is meant here."""


@pytest.fixture(scope="module")
def once_filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "m.xlsx"
    recalc(masters.write(path, {**masters.SOUND, "checks": []}))
    return path


@pytest.fixture
def filled(once_filled: Path, tmp_path: Path) -> Path:
    return copy_of(once_filled, tmp_path)


def copy_of(path: Path, folder: Path) -> Path:
    """The master and what is kept beside it, in another folder."""
    shutil.copytree(path.parent, folder, dirs_exist_ok=True)
    return folder / path.name


def head(sheet: Any) -> Mapping[str, int]:
    return {cell.value: cell.column for cell in sheet[1]}


def saved(path: Path, edit: Edit) -> None:
    """The workbook edited and saved by another program."""
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)


def put(book: Any, sheet: str, row: int, column: str, value: object) -> None:
    book[sheet].cell(row, head(book[sheet])[column]).value = value


def got(path: Path, sheet: str, row: int, column: str) -> object:
    rows = rows_of(path, sheet)
    return rows[row - 1][rows[0].index(column)]


def stopped(path: Path, **how: Any) -> tuple[str, str]:
    with pytest.raises(SalesplanError) as caught:
        recalc(path, **how)
    assert caught.value.exit_code == 1
    finding = caught.value.finding
    return finding.code, str(finding.params["cells"])


def test_what_was_filled_is_filled_again_without_a_question(filled: Path) -> None:
    before = filled.read_bytes()
    assert recalc(filled).written is None
    assert filled.read_bytes() == before
    saved(filled, lambda book: put(book, "指标", 2, "公司年度目标", 600))
    assert recalc(filled).written
    assert got(filled, "目标分解", 2, "下达年度目标") == 600


def test_the_memory_is_a_very_hidden_sheet_of_digests(filled: Path) -> None:
    book = openpyxl.load_workbook(filled)
    assert book[SHEET].sheet_state == "veryHidden"
    assert book.sheetnames[-1] == SHEET
    told = "".join(str(row[0].value) for row in book[SHEET].iter_rows(min_row=2))
    assert "REV" not in told and "500" not in told and "华东" not in told


def test_a_typed_month_stops_the_run_and_nothing_is_written(filled: Path) -> None:
    saved(filled, lambda book: put(book, "目标分解", 3, "3月", 77))
    before = filled.read_bytes()
    assert stopped(filled) == ("engine-cells-typed", f"目标分解!{cell_of(filled, '3月', 3)}")
    assert filled.read_bytes() == before
    assert "engine-cells-typed" in {one.code for one in app.check(filled).findings}
    assert recalc(filled, dry_run=True).changes.typed[0].value == 77


def test_kept_months_move_into_the_manual_columns_and_hold(filled: Path) -> None:
    saved(filled, lambda book: put(book, "目标分解", 3, "3月", 77))
    recalc(filled, typed=TypedPolicy.KEEP)
    assert got(filled, "目标分解", 3, "手工3月") == got(filled, "目标分解", 3, "3月") == 77
    assert recalc(filled).written is None
    app.undo(filled)
    assert got(filled, "目标分解", 3, "手工3月") is None


def test_replaced_months_are_filled_again(filled: Path) -> None:
    was = got(filled, "目标分解", 3, "3月")
    saved(filled, lambda book: put(book, "目标分解", 3, "3月", 77))
    recalc(filled, typed=TypedPolicy.REPLACE)
    assert got(filled, "目标分解", 3, "3月") == was
    assert got(filled, "目标分解", 3, "手工3月") is None


def test_a_formula_is_the_planners(tmp_path: Path) -> None:
    """Its stored result becomes the manual value; without one there is nothing to keep."""
    path = masters.write(tmp_path / "m.xlsx", masters.SOUND)
    saved(path, lambda book: put(book, "目标分解", 3, "3月", "=50+27"))
    assert stopped(path)[0] == "engine-cells-unknown"
    assert stopped(path, typed=TypedPolicy.KEEP)[0] == "typed-formula-without-result"


def test_what_is_no_figure_is_not_moved(filled: Path) -> None:
    saved(filled, lambda book: put(book, "目标分解", 3, "3月", "待定"))
    assert stopped(filled, typed=TypedPolicy.KEEP)[0] == "typed-cell-unreadable"


def test_what_has_no_manual_column_is_left_alone_until_it_is_cleared(filled: Path) -> None:
    saved(filled, lambda book: put(book, "行动计划", 2, "状态", "等客户"))
    assert stopped(filled)[0] == "engine-cells-typed"
    done = recalc(filled, typed=TypedPolicy.KEEP)
    assert "engine-cells-left" in {one.code for one in done.changes.findings}
    saved(filled, lambda book: put(book, "指标", 2, "公司年度目标", 600))
    recalc(filled)
    assert got(filled, "行动计划", 2, "状态") == "等客户"
    saved(filled, lambda book: put(book, "行动计划", 2, "状态", None))
    recalc(filled)
    assert got(filled, "行动计划", 2, "状态") not in (None, "等客户")


def test_an_approved_amount_typed_over_becomes_the_manual_one(filled: Path) -> None:
    saved(filled, lambda book: put(book, "预算", 2, "批准额", 1.5))
    recalc(filled, typed=TypedPolicy.KEEP)
    assert got(filled, "预算", 2, "手工批准额") == 1.5


def test_a_manual_cell_that_says_something_else_is_asked_about(filled: Path) -> None:
    saved(filled, lambda book: put(book, "目标分解", 3, "手工3月", 50))
    recalc(filled)
    saved(filled, lambda book: put(book, "目标分解", 3, "3月", 77))
    assert stopped(filled, typed=TypedPolicy.KEEP)[0] == "typed-cell-twice"


def test_without_a_memory_what_would_be_filled_is_ours_and_the_rest_is_asked(filled: Path) -> None:
    def strip(book: Any) -> None:
        del book[SHEET]

    saved(filled, strip)
    assert recalc(filled).written  # nothing to fill, but remembered again
    assert SHEET in all_rows(filled)
    saved(filled, strip)
    saved(filled, lambda book: put(book, "目标分解", 3, "3月", 77))
    assert stopped(filled) == ("engine-cells-unknown", f"目标分解!{cell_of(filled, '3月', 3)}")


def sort(book: Any) -> None:
    rows = [[cell.value for cell in row] for row in book["目标分解"].iter_rows(min_row=2)]
    for number, row in enumerate(reversed([row for row in rows if row[0]]), 2):
        for column, value in enumerate(row, 1):
            book["目标分解"].cell(number, column).value = value


def insert(book: Any) -> None:
    book["目标分解"].insert_rows(2)


def rename(book: Any) -> None:
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                if cell.value == "P1":
                    cell.value = "P9"


@pytest.mark.parametrize("change", [sort, insert, rename])
def test_rows_that_moved_or_were_renamed_are_still_ours(filled: Path, change: Edit) -> None:
    saved(filled, change)
    saved(filled, lambda book: put(book, "指标", 2, "公司年度目标", 600))
    assert recalc(filled).changes.typed == ()


def test_a_list_of_the_engines_own_cannot_be_kept(filled: Path) -> None:
    saved(filled, lambda book: put(book, "检查结果", 2, "问题", "我的备注"))
    assert stopped(filled)[0] == "engine-cells-typed"
    assert stopped(filled, typed=TypedPolicy.KEEP)[0] == "typed-in-list"


@pytest.fixture(scope="module")
def once_lacking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = masters.write(tmp_path_factory.mktemp("lacking") / "m.xlsx", masters.SOUND)

    def without(book: Any) -> None:
        page = book["目标分解"]
        page.delete_cols(head(page)["手工3月"])

    saved(path, without)
    recalc(path)
    saved(path, lambda book: put(book, "目标分解", 3, "3月", 77))
    return path


@pytest.fixture
def lacking(once_lacking: Path, tmp_path: Path) -> Path:
    """A filled master without 手工3月, in whose 3月 a planner typed 77."""
    return copy_of(once_lacking, tmp_path)


def test_a_manual_column_that_is_not_there_is_added_in_the_same_step(lacking: Path) -> None:
    """The figure holds at once; one save, one undo; nothing else is added."""
    before, columns = lacking.read_bytes(), heads_of(lacking)
    preview = recalc(lacking, typed=TypedPolicy.KEEP, dry_run=True)
    assert preview.heads == (("目标分解", "手工3月"),) and lacking.read_bytes() == before
    done = recalc(lacking, typed=TypedPolicy.KEEP)
    assert done.heads == (("目标分解", "手工3月"),)
    assert heads_of(lacking) == [*columns, "手工3月"]
    assert got(lacking, "目标分解", 3, "手工3月") == got(lacking, "目标分解", 3, "3月") == 77
    assert recalc(lacking).written is None
    assert len(app.history(lacking)) == 2
    app.undo(lacking)
    assert lacking.read_bytes() == before


def test_the_added_column_stands_in_a_copy_too(lacking: Path, tmp_path: Path) -> None:
    before = lacking.read_bytes()
    recalc(lacking, typed=TypedPolicy.KEEP, out=tmp_path / "copy.xlsx")
    assert lacking.read_bytes() == before
    assert got(tmp_path / "copy.xlsx", "目标分解", 3, "手工3月") == 77


def test_a_manual_column_that_has_no_room_is_named(lacking: Path) -> None:
    saved(lacking, lambda book: book["目标分解"].cell(3, len(heads_of(lacking)) + 1, "备注"))
    before = lacking.read_bytes()
    with pytest.raises(SalesplanError) as caught:
        recalc(lacking, typed=TypedPolicy.KEEP)
    assert (caught.value.finding.code, caught.value.exit_code) == ("add-no-room", 1)
    assert lacking.read_bytes() == before


def test_in_an_open_workbook_the_missing_column_is_named(lacking: Path) -> None:
    """No column is put into a workbook that is open: the finding says how to add it to the file."""
    run = app.check(lacking)
    with pytest.raises(SalesplanError) as caught:
        settled(run, lambda source, answers: run, TypedPolicy.KEEP)
    assert caught.value.finding.code == "typed-column-missing"


def heads_of(path: Path) -> list[object]:
    return [head for head in rows_of(path, "目标分解")[0] if head]


def test_a_number_is_the_same_however_it_is_saved() -> None:
    assert token(0.1 + 0.2) == token(0.3)
    assert canonical("a\r\nb") == canonical("a\nb ")
    assert token(None) != token(0)


def cell_of(path: Path, column: str, row: int) -> str:
    return cell_ref(row, rows_of(path, "目标分解")[0].index(column) + 1)


def test_the_memory_is_no_stamp_of_a_handout(filled: Path) -> None:
    """A handout is told by its own hidden sheet: a filled master without a sheet must not be taken
    for one.
    """
    assert SHEET != HANDOUT_STAMP
    saved(filled, lambda book: book.remove(book["指标"]))
    assert {one.code for one in app.check(filled).findings} >= {"sheet-missing"}
