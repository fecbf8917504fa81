"""Columns of a planner's own that their mapping asks to be filled: the figures, and that nothing
else is touched.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from salesplan import app
from salesplan.app.adopting import Adoption
from salesplan.cli import commands
from salesplan.findings import Finding
from salesplan.messages import text
from salesplan.plan.adopt.mapping import Takes
from salesplan.workbook.changes import CellChange
from salesplan.workbook.patch.patch import patch_workbook
from salesplan.workbook.read.cells import read_grids
from salesplan.workbook.refs import parse_cell
from salesplan.workbook.zip.package import open_package
from tests.foreign_books import TODAY, Sheet, write

HALF = [f"{month}月" for month in range(1, 7)]
HEADS: list[list[Any]] = [
    ["2026年 目标与实绩 (万元)"],
    ["姓名", *[part for month in HALF for part in (month, None, None)], "全年目标", "备注"],
    [None, *["目标", "实际", "完成率"] * 6, None, None],
]
MERGES = [f"{a}2:{b}2" for a, b in ("BD", "EG", "HJ", "KM", "NP", "QS")]
PLAN, DONE = [10, 20, 30, 40, 50, 60], [5, 30, 30, 20, 50, 90]
RATES = ["D", "G", "J", "M", "P", "S"]
FILL = dict.fromkeys(RATES, Takes.FILL_ATTAINMENT) | {"T": Takes.FILL_TARGET}


def person(name: str, times: int = 1) -> list[Any]:
    months = [
        figure
        for planned, done in zip(PLAN, DONE, strict=True)
        for figure in (times * planned, times * done, None)
    ]
    return [name, *months, None, "新人"]


def book(path: Path, rows: Sequence[Sequence[Any]] = (), **shown: Any) -> Path:
    people = rows or [person("张伟"), person("王芳", 2)]
    sheets = {"2026": Sheet([*HEADS, *people], MERGES, **shown)}
    return write(path, sheets)


def asked(path: Path, columns: dict[str, Takes] = FILL) -> Adoption:
    """The workbook adopted, with these columns to be filled."""
    first = app.look(path, None, TODAY)
    cells = [(one.sheet, one.cell) for one in first.proposal.tables[0].entries]
    answers = {at: columns[at[1].rstrip("0123456789")] for at in cells if at[1][0] in columns}
    seen = app.look(path, answers, TODAY)
    app.adopt(seen)
    return seen


def values(path: Path, cells: Iterable[str], sheet: str = "2026") -> list[Any]:
    with open_package(path) as package:
        grid = read_grids(package)[sheet]
    return [grid.value(*parse_cell(cell)) for cell in cells]


def typed(path: Path, *changes: tuple[str, str, Any]) -> Path:
    """The workbook with cells changed by its planner."""
    other = path.with_name(f"{path.stem}-typed.xlsx")
    made = [
        CellChange(sheet, cell, None if value == "" else value) for sheet, cell, value in changes
    ]
    patch_workbook(path, other, made)
    return other


def findings(done: app.Recalculated) -> dict[str, Finding]:
    return {one.code: one for one in done.changes.findings if one.code.startswith("mapping-")}


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_figures_go_into_the_columns_that_are_named(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    asked(path)
    done = app.recalc(path, today=TODAY)
    assert not findings(done)
    rates = [done / plan for plan, done in zip(PLAN, DONE, strict=True)]
    assert values(path, [f"{one}4" for one in RATES]) == pytest.approx(rates)
    assert values(path, [f"{one}5" for one in RATES]) == pytest.approx(rates)
    assert values(path, ["T4", "T5"]) == [210, 420]


def test_a_second_run_changes_nothing_and_undo_gives_the_bytes_back(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    asked(path)
    before = path.read_bytes()
    app.recalc(path, today=TODAY)
    assert not app.recalc(path, today=TODAY).changes.edits
    app.undo(path)
    assert path.read_bytes() == before


def test_only_these_cells_change_on_their_sheet(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    asked(path)
    before = parts(path)
    grid = [f"{column}{row}" for row in range(1, 6) for column in "ABCDEFGHIJKLMNOPQRSTU"]
    read = dict(zip(grid, values(path, grid), strict=True))
    app.recalc(path, today=TODAY)
    after = parts(path)
    assert before["xl/theme/theme1.xml"] == after["xl/theme/theme1.xml"]
    now = dict(zip(grid, values(path, grid), strict=True))
    changed = {cell for cell in grid if now[cell] != read[cell]}
    assert changed == {f"{column}{row}" for column in FILL for row in (4, 5)}


def test_a_figure_that_moved_on_is_filled_again(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    asked(path)
    app.recalc(path, today=TODAY)
    other = typed(path, ("2026", "C4", 8))
    done = app.recalc(other, today=TODAY)
    assert values(other, ["D4"]) == [0.8] and not findings(done)


@pytest.mark.parametrize("there", [0.33, "面谈", "=B4/C4|2"])
def test_what_is_typed_there_stays_and_is_named(tmp_path: Path, there: Any) -> None:
    rows = [person("张伟"), person("王芳", 2)]
    rows[0][3] = there
    path = book(tmp_path / "a.xlsx", rows)
    asked(path)
    found = findings(app.recalc(path, today=TODAY))["mapping-fill-typed"]
    assert str(found.place) == "2026!D4"
    assert values(path, ["D4"]) == [2 if str(there).startswith("=") else there]
    assert values(path, ["D5"]) == [0.5]


def test_what_is_typed_over_a_filled_figure_is_theirs(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    asked(path)
    app.recalc(path, today=TODAY)
    other = typed(path, ("2026", "D4", 0.9), ("2026", "C5", 1))
    done = app.recalc(other, today=TODAY)
    assert str(findings(done)["mapping-fill-typed"].place) == "2026!D4"
    assert values(other, ["D4", "D5"]) == [0.9, 0.05]
    again = typed(other, ("2026", "D4", ""))
    assert not findings(app.recalc(again, today=TODAY))
    assert values(again, ["D4"]) == [0.5]


def test_a_column_that_moved_is_filled_where_it_is(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    asked(path)
    app.recalc(path, today=TODAY)
    moved = [("2026", f"V{row}", value) for row, value in ((2, "全年目标"), (4, 210), (5, 420))]
    gone = [("2026", f"T{row}", "") for row in (2, 4, 5)]
    other = typed(path, *moved, *gone, ("2026", "B4", 11))
    done = app.recalc(other, today=TODAY, past=True)
    assert values(other, ["T4", "V4", "V5"]) == [None, 211, 420]
    assert not findings(done)


def test_a_column_that_is_gone_is_said(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    asked(path)
    other = typed(path, ("2026", "T2", ""))
    assert "mapping-column-gone" in findings(app.recalc(other, today=TODAY))


def test_merged_cells_are_not_filled(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [*HEADS, person("张伟"), person("王芳", 2)]
    write(path, {"2026": Sheet(rows, [*MERGES, "T4:T5"])})
    asked(path)
    found = findings(app.recalc(path, today=TODAY))["mapping-fill-merged"]
    assert str(found.place) == "2026!T4" and found.params["cells"] == ("T4", "T5")
    assert values(path, ["T4", "D4"]) == [None, 0.5]


def test_locked_cells_of_a_protected_sheet_are_not_filled(tmp_path: Path) -> None:
    from openpyxl import load_workbook
    from openpyxl.styles import Protection

    path = book(tmp_path / "a.xlsx")
    made = load_workbook(path)
    page = made["2026"]
    page.protection.enable()
    for row in (4, 5):
        page[f"T{row}"].protection = Protection(locked=False)
    made.save(path)
    asked(path)
    done = app.recalc(path, today=TODAY)
    found = [one for one in done.changes.findings if one.code == "mapping-fill-locked"]
    assert [one.place.cell for one in found] == [f"{column}4" for column in RATES]
    assert values(path, ["D4", "T4"]) == [None, 210]


def test_a_figure_is_written_in_the_columns_own_unit(tmp_path: Path) -> None:
    """The plan is in 万元, the column that is filled in 元."""
    path = book(tmp_path / "a.xlsx")
    seen = asked(path)
    place = next(at for at, one in enumerate(seen.proposal.entries, 2) if one.cell == "T3")
    other = typed(path, ("对照", f"F{place}", "年度=2026; 指标=销售额; ×0.0001"))
    app.recalc(other, today=TODAY)
    assert values(other, ["T4"]) == [2_100_000]


def test_what_is_not_in_the_plan_is_said_at_the_mapping(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    seen = asked(path)
    place = next(at for at, one in enumerate(seen.proposal.entries, 2) if one.cell == "T3")
    other = typed(path, ("对照", f"F{place}", "年度=2025"))
    found = findings(app.recalc(other, today=TODAY))["mapping-fill-unknown"]
    assert str(found.place) == f"对照!F{place}"


def test_several_rows_of_one_unit_are_not_filled(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    asked(path, {"T": Takes.FILL_TARGET})
    other = typed(path, ("2026", "A6", "张伟"))
    found = findings(app.recalc(other, today=TODAY))["mapping-fill-twice"]
    assert str(found.place) == "2026!T6" and values(other, ["T4"]) == [None]


def test_a_name_that_nobody_has_is_said_and_totals_are_left_alone(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    asked(path)
    other = typed(path, ("2026", "A6", "赵六"), ("2026", "A7", "合计"))
    found = findings(app.recalc(other, today=TODAY))["mapping-fill-unit"]
    assert found.params["names"] == ("赵六",)
    assert values(other, ["T6", "T7"]) == [None, None]


def test_each_row_by_month_gets_actual_variance_and_rate(tmp_path: Path) -> None:
    """Months down, the company across: no column names units."""
    rows = [
        ["2026年 销售 (元)"],
        ["月份", "目标", "实际", "差额", "完成率", "实际(系统)"],
        *[[month, 10, done] for month, done in zip(HALF, DONE, strict=True)],
    ]
    path = write(tmp_path / "a.xlsx", {"2026": rows})
    asked(
        path,
        {"D": Takes.FILL_VARIANCE, "E": Takes.FILL_ATTAINMENT, "F": Takes.FILL_ACTUAL},
    )
    app.recalc(path, today=TODAY)
    assert values(path, ["D3", "E3", "F3", "D8"]) == [-5, 0.5, 5, 80]


def test_explain_names_the_cell(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    asked(path)
    done = app.explain(path, "张伟", "销售额")
    assert done.theirs is not None
    assert text(done.theirs, "zh") == "填入您的表: 2026!T4 (填写目标)"
    said = CliRunner().invoke(commands, ["explain", str(path), "张伟", "销售额", "2026-01"])
    assert "2026!D4 (填写完成率)" in said.output
    assert (
        text(Finding.of("explain-filled", cells=("A1",)), "en") == "Filled into your own tables: A1"
    )


def test_a_planner_asks_in_the_sheet_mapping(tmp_path: Path) -> None:
    """The mapping says of what a rate that is left out would be, so two cells are all to type."""
    path = book(tmp_path / "a.xlsx")
    seen = app.look(path, None, TODAY)
    app.adopt(seen)
    place = next(at for at, one in enumerate(seen.proposal.entries, 2) if one.cell == "D3")
    assert values(path, [f"E{place}", f"F{place}"], "对照") == [None, "月份=2026-01; 指标=销售额"]
    other = typed(path, ("对照", f"E{place}", "填写完成率"), ("对照", f"J{place}", "确认"))
    app.recalc(other, today=TODAY)
    assert values(other, ["D4", "G4"]) == [0.5, None]


def test_what_is_filled_is_in_the_unit_of_the_sheet(tmp_path: Path) -> None:
    """In thousands here: the mapping has said so before anybody asks for anything."""
    short = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
    rows = [
        ["Targets 2026"],
        ["Figures in USD k"],
        ["Rep", *short, "Total", "% of target"],
        ["Ann Lee", *PLAN, None, None],
        ["Bob Ray", *PLAN, None, None],
    ]
    path = write(tmp_path / "a.xlsx", {"2026": rows})
    seen = app.look(path, None, TODAY)
    app.adopt(seen)
    entries = seen.proposal.entries
    place = next(at for at, one in enumerate(entries, 2) if one.head == "Total")
    assert values(path, [f"F{place}"], "Mapping") == ["year=2026; KPI=Sales; ×1000"]
    other = typed(
        path, ("Mapping", f"E{place}", "Fill target"), ("Mapping", f"J{place}", "confirmed")
    )
    app.recalc(other, today=TODAY)
    assert values(other, ["H4", "H5"]) == [210, 210]
