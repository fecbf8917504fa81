"""What a master of an older template lacks is put right of what is there; everything else stays
byte for byte.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from salesplan import app
from salesplan.cli import commands
from salesplan.findings import SalesplanError
from salesplan.plan.schema import SETTINGS, SHEETS, TABLES, table
from salesplan.workbook.changes import Beside
from salesplan.workbook.palette import GREY_HEAD
from salesplan.workbook.patch.columns import beside
from salesplan.workbook.refs import cell_ref
from salesplan.workbook.xml.sheetxml import SheetXml
from salesplan.workbook.xml.xmlscan import Source
from tests.books import alone, opened, rows_of
from tests.samples import new_master, new_sample, typed
from tests.unit import masters

MANUAL = [f"手工Q{i}" for i in range(1, 5)]


def heads(path: Path, sheet: str, row: int) -> list[object]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet)
    return rows.to_python(skip_empty_area=False)[row - 1]


@pytest.fixture(scope="module")
def made_older(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A template's workbook as it was before the manual quarters: columns at the end of an Excel
    table gone.
    """
    path = new_sample(tmp_path_factory.mktemp("older") / "m.xlsx", lang="zh")
    book = openpyxl.load_workbook(path)
    page, (table,) = book["目标分解"], book["目标分解"].tables.values()
    names = [cell.value for cell in page[5]]
    first = min(names.index(name) for name in MANUAL) + 1
    assert names[first - 1 : first + 3] == MANUAL
    page.delete_cols(first, 4)
    columns = [one for one in table.tableColumns if one.name not in MANUAL]
    for number, column in enumerate(columns, 1):
        column.id = number
    table.tableColumns = columns
    left, _, right = table.ref.partition(":")
    last = openpyxl.utils.get_column_letter(len(names) - 4)
    table.ref = table.autoFilter.ref = f"{left}:{last}{right.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"
    del book["复盘知识库"]
    book.save(path)
    return path.read_bytes()


@pytest.fixture
def older(made_older: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "m.xlsx"
    path.write_bytes(made_older)
    return path


@pytest.fixture(scope="module")
def completed(made_older: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The older workbook after its targets got what they lacked; to be read, not changed."""
    path = tmp_path_factory.mktemp("completed") / "m.xlsx"
    path.write_bytes(made_older)
    app.add(path, ["目标分解"])
    return path


def test_missing_columns_and_sheets_are_appended_and_nothing_else_changes(older: Path) -> None:
    before = heads(older, "目标分解", 5)
    with zipfile.ZipFile(older) as package:
        old = {name: package.read(name) for name in package.namelist()}
    added, written = app.add(older)
    assert written == older and not added.findings
    assert heads(older, "目标分解", 5)[: len(before)] == before
    assert heads(older, "目标分解", 5)[len(before) :] == MANUAL
    assert heads(older, "复盘知识库", 1)[:2] == ["期间", "主题"]
    with zipfile.ZipFile(older) as package:
        new = {name: package.read(name) for name in package.namelist()}
    changed = {name for name in old if new[name] != old[name]}
    sheets = {name for name in changed if "worksheets/sheet" in name}
    tables = {name for name in changed if "tables/" in name}
    assert (len(sheets), len(tables)) == (1, 1)
    assert changed - sheets - tables <= {
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
    }


def test_the_table_takes_them_in_with_looks_and_prompts(completed: Path) -> None:
    page = opened(completed)["目标分解"]
    (table,) = page.tables.values()
    assert [one.name for one in table.tableColumns][-4:] == MANUAL
    last = page.max_column
    assert page.cell(5, last).has_style and page.cell(6, last).has_style
    prompts = [one for one in page.data_validations.dataValidation if one.promptTitle in MANUAL]
    assert len(prompts) == 8 and all(one.prompt for one in prompts)
    assert app.check(completed).loaded.tables["targets"].columns.keys() >= {"manual_quarter1"}


def test_it_is_taken_back_and_adding_twice_adds_nothing(older: Path) -> None:
    before = older.read_bytes()
    assert app.add(older, dry_run=True)[1] is None
    assert older.read_bytes() == before
    app.add(older)
    assert app.add(older)[0].changes == ()
    app.undo(older)
    assert older.read_bytes() == before


def test_a_plain_range_gets_its_columns_and_settings_their_rows(tmp_path: Path) -> None:
    rows = {**masters.SOUND, "settings": masters.SOUND["settings"][:4]}
    path = masters.write(tmp_path / "m.xlsx", rows)
    book = openpyxl.load_workbook(path)
    page = book["目标分解"]
    page.delete_cols([cell.value for cell in page[1]].index("手工Q1") + 1)
    book.save(path)
    added, _ = app.add(path, ["目标分解", "Settings"])
    assert heads(path, "目标分解", 1)[-1] == "手工Q1"
    assert ("设置", "预算总额") in added.heads
    assert not any(re.search("column-missing", one.code) for one in app.check(path).findings)


def test_what_is_in_the_way_is_named(older: Path) -> None:
    beyond = cell_ref(9, len(heads(older, "目标分解", 5)) + 2)
    typed(older, {("目标分解", beyond): "我的备注"})
    added, written = app.add(older, ["目标分解"])
    assert written is None
    assert [(one.code, str(one.place)) for one in added.findings] == [
        ("add-no-room", f"目标分解!{beyond}")
    ]


def test_a_sheet_that_no_master_has_is_refused(older: Path) -> None:
    with pytest.raises(SalesplanError) as caught:
        app.add(older, ["目标分"])
    assert (caught.value.finding.code, caught.value.exit_code) == ("add-no-such-sheet", 2)
    assert len(SHEETS) < len(TABLES)


def test_it_answers_in_the_language_of_the_master(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    new_master(path, lang="en")
    done = CliRunner().invoke(commands, ["add", str(path), "--all"])
    assert done.output.endswith("Nothing is missing.\n")


def test_an_added_column_is_wide_enough_checked_and_coloured_like_its_like(
    older: Path, completed: Path
) -> None:
    """Width of the schema's column, number format and conditional formats of its model, a check of
    what is typed, and its note at the head; the widths of all others stay.
    """
    before = alone(older, "目标分解")
    widths = {letters: before.column_dimensions[letters].width for letters in ("A", "C", "D", "H")}
    formats = before.conditional_formatting
    page = opened(completed)["目标分解"]
    new = [cell for cell in page[5] if cell.value in MANUAL]
    assert len(new) == 4
    for cell in new:
        letters = cell.column_letter
        assert page.column_dimensions[letters].width >= 10
        below = [
            one
            for one in page.data_validations.dataValidation
            if any(area.coord == f"{letters}5" for area in one.sqref.ranges)
        ]
        assert [one.promptTitle for one in below] == [cell.value] and below[0].prompt
        checked = [
            one
            for one in page.data_validations.dataValidation
            if any(area.coord.startswith(f"{letters}6:") for area in one.sqref.ranges)
        ]
        assert ("decimal", "warning") in [(one.type, one.errorStyle) for one in checked]
        assert any(f"{letters}6" in str(one.sqref) for one in page.conditional_formatting)
    assert {one: page.column_dimensions[one].width for one in widths} == widths
    assert len(page.conditional_formatting) == len(formats)
    older.write_bytes(completed.read_bytes())
    assert app.recalc(older).written


@pytest.mark.parametrize(
    ("cols", "expected"),
    [
        ("", '<cols><col min="3" max="3" width="12" customWidth="1"/></cols>'),
        (
            '<cols><col min="1" max="9" width="5"/></cols>',
            '<cols><col min="1" max="2" width="5"/><col min="3" max="3" width="12" '
            'customWidth="1"/><col min="4" max="9" width="5"/></cols>',
        ),
        (
            '<cols><col min="3" max="3" hidden="1" width="5"/></cols>',
            '<cols><col min="3" max="3" width="12" customWidth="1"/></cols>',
        ),
    ],
    ids=["none", "within a run", "its own"],
)
def test_a_width_splits_the_run_it_falls_into(cols: str, expected: str) -> None:
    sheet = f'<worksheet>{cols}<sheetData><row r="1"/></sheetData></worksheet>'.encode()
    source = Source.of("s.xml", sheet)
    edits = beside(SheetXml(source), [Beside("s", 3, 12)])
    assert source.edited(edits).decode() == sheet.decode().replace(
        cols + "<sheetData>", expected + "<sheetData>"
    )


@pytest.fixture
def smallest(tmp_path: Path) -> Path:
    """The README's minimum: two sheets, and figures of 2026."""
    rows = {key: masters.SOUND[key] for key in ("units", "kpis", "actuals")}
    return masters.write(tmp_path / "own.xlsx", rows)


def test_an_added_sheet_looks_like_a_template_s(smallest: Path, tmp_path: Path) -> None:
    """Heads of what is typed, of what is required and of the engine's columns are told apart as in
    a template, in every sheet; an engine's column is grey all the way down.
    """
    app.add(smallest)
    new_master(tmp_path / "t.xlsx", lang="zh")
    added, template = openpyxl.load_workbook(smallest), openpyxl.load_workbook(tmp_path / "t.xlsx")
    seen = 0
    for sheet in SHEETS:
        if sheet.key in ("organization", "kpis", "actuals"):
            continue
        models = {cell.value: cell for cell in template[sheet.zh][5] if cell.value}
        page = added[sheet.zh]
        assert page.freeze_panes == "A2"
        for cell in page[1]:
            if cell.value is None:
                continue
            model, seen = models[cell.value], seen + 1
            for look in (cell, model):
                assert look.fill.fill_type == "solid" and look.alignment.wrap_text
            assert (cell.font.b, cell.font.i) == (model.font.b, model.font.i), cell.value
            assert cell.font.color.rgb == model.font.color.rgb
            assert cell.fill.fgColor.rgb == model.fill.fgColor.rgb
            assert (cell.border.bottom.style == "thick") is (model.border.bottom.style == "thick")
            if cell.font.i:
                below = page.column_dimensions[cell.column_letter]
                assert below.fill.fgColor.rgb == "FFF3F5F6", cell.value
    assert seen > 150


def test_an_engine_column_beside_typed_ones_is_told_apart(tmp_path: Path) -> None:
    """A sheet of the planner's own has no engine column that it could look like."""
    book = openpyxl.Workbook()
    units, kpis = book.active, book.create_sheet("指标")
    units.title = "组织"
    units.append(["编码", "名称", "层级", "上级编码"])
    units.append(["HQ", "公司", "公司", None])
    kpis.append(["编码", "名称", "类型", "公司年度目标"])
    kpis.append(["REV", "收入", "流量", 1200])
    book.save(tmp_path / "own.xlsx")
    app.add(tmp_path / "own.xlsx")
    heads = {cell.value: cell for cell in alone(tmp_path / "own.xlsx", "组织")[1]}
    engine, typed = heads["在岗天数占比"], heads["技能"]
    assert engine.font.i and engine.fill.fgColor.rgb == f"FF{GREY_HEAD[1:]}"
    assert not typed.font.i
    assert typed.fill.fgColor.rgb == heads["名称"].fill.fgColor.rgb


def test_what_the_engine_fills_in_an_added_sheet_keeps_its_look(smallest: Path) -> None:
    app.add(smallest)
    app.recalc(smallest, past=True)
    page = alone(smallest, "目标分解")
    at = [cell.value for cell in page[1]].index("下达年度目标") + 1
    assert page.cell(2, at).value and page.cell(2, at).fill.fgColor.rgb == "FFF3F5F6"


@pytest.mark.parametrize("wanted", [["Settings"], []], ids=["the sheet", "all sheets"])
def test_added_settings_hold_the_year_that_was_assumed(smallest: Path, wanted: list[str]) -> None:
    """Once is enough, and nothing of the plan is another than before."""
    before = app.check(smallest)
    assert "year-assumed" in [one.code for one in before.findings]
    app.add(smallest, wanted)
    after = app.check(smallest)
    assert {"year-missing", "year-assumed"}.isdisjoint(one.code for one in after.findings)
    assert after.plan.settings.year == before.plan.settings.year == 2026
    rows = rows_of(smallest, "设置")[1:]
    assert [row[0] for row in rows] == [one.zh for one in SETTINGS]
    assert all(row[2] for row in rows)
    assert app.add(smallest, wanted)[0].changes == ()


def test_an_empty_settings_sheet_gets_its_year_too(smallest: Path) -> None:
    book = openpyxl.load_workbook(smallest)
    book.create_sheet("设置").append([one.zh for one in table("settings").columns])
    book.save(smallest)
    assert "year-missing" in [one.code for one in app.check(smallest).findings]
    app.add(smallest, ["Settings"])
    assert "year-missing" not in [one.code for one in app.check(smallest).findings]


def test_dates_and_shares_look_like_it_where_no_column_shows_how(tmp_path: Path) -> None:
    """A plain table without a date or a percentage: those that come say what belongs there."""
    path = masters.write(tmp_path / "m.xlsx", masters.SOUND)
    book = openpyxl.load_workbook(path)
    for head in ("入职日", "离职日", "加成%", "贡献系数"):
        page = book["组织"]
        page.delete_cols([cell.value for cell in page[1]].index(head) + 1)
    book.save(path)
    app.add(path, ["组织"])
    page = alone(path, "组织")
    looks = {cell.value: page.cell(2, cell.column).number_format for cell in page[1]}
    assert looks["入职日"] == looks["离职日"] == "mm-dd-yy"
    assert looks["加成%"] == looks["贡献系数"] == "0.00%" and looks["名称"] == "General"
