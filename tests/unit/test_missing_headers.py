"""A header row or the column of figures that is gone is an error at its cell, not a sheet or a row
that nobody filled in.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from salesplan import app
from salesplan.findings import SalesplanError
from salesplan.messages import has_errors
from tests.unit.masters import SOUND, edited, write

GONE = "header-row-gone"


def without_header(tmp_path: Path, sheet: str) -> Path:
    path = write(tmp_path / "m.xlsx", SOUND)
    book = openpyxl.load_workbook(path)
    book[sheet].delete_rows(1)
    book.save(path)
    return path


@pytest.mark.parametrize("sheet", ["组织", "指标", "实绩"])
def test_a_sheet_that_counts_without_its_header_row(sheet: str, tmp_path: Path) -> None:
    done = app.check(without_header(tmp_path, sheet))
    said = [one for one in done.findings if one.code == GONE]
    assert [(one.place.sheet, one.place.cell) for one in said] == [(sheet, "A1")]
    assert has_errors(said)


def test_a_sheet_that_may_be_the_planner_s_own_is_a_warning(tmp_path: Path) -> None:
    done = app.check(without_header(tmp_path, "行动计划"))
    said = [one for one in done.findings if one.place.sheet == "行动计划"]
    assert "header-not-found" in [one.code for one in said] and not has_errors(said)


@pytest.mark.parametrize("sheet", ["组织", "指标"])
def test_what_is_refused_for_it_does_not_say_that_the_sheet_is_missing(
    sheet: str, tmp_path: Path
) -> None:
    with pytest.raises(SalesplanError) as caught:
        app.recalc(without_header(tmp_path, sheet))
    assert (caught.value.finding.code, caught.value.exit_code) == (GONE, 2)


def test_a_deleted_column_of_figures_is_one_error_and_no_blank_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "m.xlsx", SOUND)
    book = openpyxl.load_workbook(path)
    page = book["实绩"]
    page.delete_cols([cell.value for cell in page[1]].index("金额/数值") + 1)
    book.save(path)
    done = app.check(path)
    codes = [one.code for one in done.findings]
    (said,) = [one for one in done.findings if one.code == "column-missing"]
    assert str(said.place).endswith("实绩!A1") and said.params["en"] == "Value"
    assert has_errors([said]) and "actual-blank" not in codes


def test_a_deleted_column_of_parents_is_one_error_with_its_consequences(tmp_path: Path) -> None:
    path = write(tmp_path / "m.xlsx", SOUND)
    book = openpyxl.load_workbook(path)
    page = book["组织"]
    page.delete_cols([cell.value for cell in page[1]].index("上级编码") + 1)
    book.save(path)
    done = app.check(path)
    (said,) = [one for one in done.findings if one.code == "column-missing"]
    assert str(said.place).endswith("组织!A1") and said.params["en"] == "Parent code"
    below = [one for one in done.findings if one.code == "unit-without-parent"]
    assert below and {one.cause for one in below} == {said.place}


def test_a_plan_of_rates_needs_no_such_column(tmp_path: Path) -> None:
    row = {"day": "2026-03", "unit": "P1", "kpi": "RATE", "numerator": 3, "denominator": 4}
    kpi = {"code": "RATE", "name": "转化率", "kind": "比率", "weight": 1, "target": 0.5}
    path = write(tmp_path / "m.xlsx", {**edited({}), "kpis": [kpi], "actuals": [row, row]})
    book = openpyxl.load_workbook(path)
    page = book["实绩"]
    heads = [cell.value for cell in page[1]]
    page.cell(3, heads.index("分子") + 1).value = None
    page.cell(3, heads.index("分母") + 1).value = None
    page.delete_cols(heads.index("金额/数值") + 1)
    book.save(path)
    codes = [one.code for one in app.check(path).findings]
    assert "column-missing" not in codes and "actual-blank" in codes


def test_a_merged_head_is_to_be_unmerged(tmp_path: Path) -> None:
    path = write(tmp_path / "m.xlsx", SOUND)
    book = openpyxl.load_workbook(path)
    book["组织"].merge_cells("A1:B1")
    book.save(path)
    said = [one for one in app.check(path).findings if one.place.sheet == "组织"]
    told = [str(one.params["area"]) for one in said if one.code == "header-merged"]
    assert told == ["A1:B1"] and has_errors(said)
    assert "column-missing" not in [one.code for one in said]
