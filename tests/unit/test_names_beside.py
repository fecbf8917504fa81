"""Columns for reading: names, levels and contents beside codes, filled where the column is ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from salesplan import app
from salesplan.app.typed_cells import TypedPolicy
from salesplan.findings import SalesplanError
from salesplan.plan.loader import load
from salesplan.plan.schema import TABLES, sheet, table
from salesplan.workbook.read.cells import NO_RESULT, CellValue
from tests.samples import copied, filled_sample, typed
from tests.unit import masters

recalc = partial(app.recalc, past=True)

SHOWN = {
    "targets": ("kpi_name", "unit_name", "unit_level"),
    "tasks": ("owner_name", "kpi_name"),
    "budget": ("task_content",),
    "customers": ("owner_name",),
    "actuals": ("unit_name", "kpi_name"),
    "weekly": ("task_content",),
    "replies": ("task_content",),
    "skills": ("person_name",),
    "tools": ("owner_name",),
    "prospects": ("unit_name",),
}


def with_columns(path: Path) -> Path:
    """The small sound master with the columns for reading, blank, right of the others."""
    return copied("sound-names", _with_columns, path)


def filled(path: Path) -> Path:
    """:func:`with_columns` after its first recalc."""
    return copied("sound-names-filled", lambda own: recalc(_with_columns(own)), path)


def _with_columns(path: Path, rows: Mapping[str, Any] | None = None) -> Path:
    masters.write(path, {**masters.SOUND, **(rows or {})})
    book = openpyxl.load_workbook(path)
    for key, columns in SHOWN.items():
        if sheet(table(key).sheet).zh not in book.sheetnames:
            continue
        page = book[sheet(table(key).sheet).zh]
        for column in columns:
            page.cell(1, page.max_column + 1, table(key).column(column).zh)
    book.save(path)
    return path


def put(path: Path, key: str, row: int, **values: object) -> None:
    """Type into cells of a row, by their columns."""
    found = load(path).tables[key]
    typed(path, {(found.sheet, f"{found.columns[one]}{row}"): new for one, new in values.items()})


def shown(path: Path, key: str) -> list[tuple[CellValue, ...]]:
    """What each row of a table has in its columns for reading."""
    found = load(path).tables[key]
    return list(zip(*(found.column(one) for one in SHOWN[key]), strict=True))


def written(done: app.Recalculated, column: str) -> list[tuple[str, object]]:
    """The cells of a column that a filling changed, with what stands there now."""
    return [(one.cell, one.new) for one in done.changes.edits if one.column == column]


def test_the_tables_that_name_others_by_codes_show_what_they_mean() -> None:
    assert {one.key: tuple(c.key for c in one.shown_columns) for one in TABLES} == {
        one.key: SHOWN.get(one.key, ()) for one in TABLES
    }
    for one in TABLES:
        for column in one.shown_columns:
            assert one.column(column.shows).ref and not column.required


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filled_sample_says_what_every_code_means(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "plan.xlsx"
    filled_sample(path, lang=lang)
    tables = load(path).tables
    for key in SHOWN:
        found = tables[key]
        assert found.row_numbers
        for column in table(key).shown_columns:
            codes, texts = found.column(column.shows), found.column(column.key)
            assert [code is None for code in codes] == [text is None for text in texts], column
    names = set(shown(path, "targets"))
    assert (
        names
        >= {
            "zh": {("营收", "远帆科技", "公司"), ("新客户数", "周航", "个人")},
            "en": {
                ("Revenue", "Yuanfan Tech", "Company"),
                ("New customers", "Zhou Hang", "Person"),
            },
        }[lang]
    )
    assert not recalc(path).changes.edits


def test_a_shared_figure_names_everybody(tmp_path: Path) -> None:
    rows: Sequence[Mapping[str, Any]] = masters.SOUND["actuals"]
    path = _with_columns(
        tmp_path / "m.xlsx", {"actuals": [{**rows[0], "unit": "P1:60%; P2:40%"}, *rows[1:]]}
    )
    recalc(path)
    names = {unit.code: unit.name for unit in load(path).plan.units}
    assert shown(path, "actuals")[0][0] == f"{names['P1']}、{names['P2']}"


def test_who_is_renamed_is_renamed_everywhere_and_beside_an_unknown_code_all_stays(
    tmp_path: Path,
) -> None:
    """A mistyped code is an error at its cell; the name beside it says who was meant."""
    path = filled(tmp_path / "m.xlsx")
    units = load(path).tables["units"]
    at = list(units.column("code")).index("T1")
    put(path, "units", units.row_numbers[at], name="华东一部")
    targets = load(path).tables["targets"]
    row = next(
        row
        for row, unit in zip(targets.row_numbers, targets.column("unit"), strict=True)
        if unit == "T1"
    )
    assert "华东一部" in {new for _, new in written(recalc(path), "名称")}
    assert ("营收", "华东一部", "团队") in shown(path, "targets")
    put(path, "targets", row, unit="T9")
    recalc(path, typed=TypedPolicy.REPLACE)
    found = load(path).tables["targets"]
    assert found.column("unit_name")[list(found.row_numbers).index(row)] == "华东一部"
    put(path, "targets", row, unit=None)
    recalc(path, typed=TypedPolicy.REPLACE)
    found = load(path).tables["targets"]
    assert found.column("unit_name")[list(found.row_numbers).index(row)] is None


def test_a_planners_own_column_of_that_head_stays_theirs(tmp_path: Path) -> None:
    """One word of their own, and nothing is written into the column: no blank, no new row."""
    path = with_columns(tmp_path / "m.xlsx")
    first = load(path).tables["targets"].row_numbers[0]
    put(path, "targets", first, unit_name="请李总确认")
    for _ in range(2):
        recalc(path)
        names = [name for _, name, _ in shown(path, "targets")]
        assert len(names) > 3 and set(names) == {"请李总确认", None}
        assert {kpi for kpi, _, _ in shown(path, "targets")} <= {
            one.name for one in load(path).plan.kpis
        }
    assert not recalc(path).changes.edits


def test_a_formula_stays(tmp_path: Path) -> None:
    """Without a stored result, too: another program may not have worked it out yet."""
    path = with_columns(tmp_path / "m.xlsx")
    row = load(path).tables["actuals"].row_numbers[0]
    found = load(path).tables["actuals"]
    book = openpyxl.load_workbook(path)
    book[found.sheet][f"{found.columns['unit_name']}{row}"].value = "=UPPER(B2)"
    book.save(path)
    recalc(path)
    found = load(path).tables["actuals"]
    page = openpyxl.load_workbook(path)[found.sheet]
    assert page[f"{found.columns['unit_name']}{row}"].value == "=UPPER(B2)"
    assert set(found.column("unit_name")) == {NO_RESULT, None}


def test_an_older_master_stays_as_it_is_until_the_columns_are_added(tmp_path: Path) -> None:
    path = masters.write(tmp_path / "m.xlsx", masters.SOUND)
    recalc(path)
    assert not load(path).tables["targets"].columns.keys() & {*SHOWN["targets"]}
    app.add(path, ["目标分解", "实绩"])
    recalc(path)
    assert all(None not in row for row in shown(path, "targets"))
    assert all(None not in row for row in shown(path, "actuals"))
    assert not recalc(path).changes.edits


def test_a_name_of_somebody_who_left_the_sheet_goes(tmp_path: Path) -> None:
    path = filled(tmp_path / "m.xlsx")
    found = load(path).tables["actuals"]
    row = found.row_numbers[0]
    codes = [one.key for one in table("actuals").columns if not one.shows]
    put(path, "actuals", row, **{one: None for one in codes if one in found.columns})
    recalc(path)
    page = openpyxl.load_workbook(path)["实绩"]
    assert {cell.value for cell in page[row]} == {None}


def test_what_a_planner_typed_there_is_asked_about(tmp_path: Path) -> None:
    """As in every grey column: kept, it stays until it is cleared, and the others are filled."""
    path = _with_columns(tmp_path / "m.xlsx", {"checks": []})
    recalc(path)
    row = load(path).tables["targets"].row_numbers[1]
    put(path, "targets", row, unit_name="王芳")
    with pytest.raises(SalesplanError) as stopped:
        recalc(path)
    assert stopped.value.finding.code == "engine-cells-typed"
    for _ in range(2):
        done = recalc(path, typed=TypedPolicy.KEEP)
        assert "engine-cells-left" in {one.code for one in done.changes.findings}
        assert "王芳" in {name for _, name, _ in shown(path, "targets")}
    assert not recalc(path).changes.edits
    put(path, "targets", row, unit_name=None)
    recalc(path)
    assert None not in {name for _, name, _ in shown(path, "targets")}
    assert not recalc(path).changes.edits
