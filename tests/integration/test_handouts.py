"""Handed out, filled in by other programs, taken back: by key, seen first, nothing overwritten
unseen.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from salesplan import app
from salesplan.cli import commands
from salesplan.findings import SalesplanError
from salesplan.handout.returned import typed_in_report
from salesplan.messages import text
from salesplan.plan.loader import load
from salesplan.plan.model import Month
from salesplan.workbook.refs import cell_ref
from tests import books
from tests.programs import FIRST_AND_LAST, convert, validate
from tests.samples import new_sample, typed, typed_at
from tests.unit import masters
from tests.unit.masters import edited, write

TASKS, ACTUALS, WEEKLY = "任务进度", "实绩填报", "周复盘"
ISSUES = "问题清单"


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master and, in ``out``, its handouts; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("handouts")
    new_sample(folder / "plan.xlsx", lang="zh")
    done = app.handout(folder / "plan.xlsx", folder / "out")
    assert done.findings == () and [one.unit for one, _ in done.written] == [
        "HQ",
        "T1",
        "D11",
        "D12",
        "T2",
        "T3",
        "PS",
    ]
    return folder


@pytest.fixture
def desk(handed_out: Path, tmp_path: Path) -> Path:
    shutil.copytree(handed_out, tmp_path / "desk")
    return tmp_path / "desk"


def file_of(desk: Path, unit: str) -> Path:
    return next((desk / "out").glob(f"*_{unit}_*.xlsx"))


def rows_of(sheet: Any) -> dict[str, int]:
    """Row numbers by hidden key."""
    key = next(cell.column for cell in sheet[4] if cell.value == "#key")
    return {sheet.cell(row, key).value: row for row in range(5, sheet.max_row + 1)}


def column_of(sheet: Any, header: str, row: int = 4) -> int:
    return next(cell.column for cell in sheet[row] if cell.value == header)


def fill(path: Path, sheet: str, key: str, **values: object) -> None:
    book = load_workbook(path)
    for header, value in values.items():
        book[sheet].cell(
            rows_of(book[sheet])[key], column_of(book[sheet], header.replace("_", "%"))
        ).value = value  # type: ignore[union-attr]
    book.save(path)


def edit(path: Path, sheet: str, change: Callable[[Any], object]) -> None:
    book = load_workbook(path)
    change(book[sheet])
    book.save(path)


def codes(done: app.Collected) -> list[str]:
    return [one.code for one in done.findings if one.code != "returned-missing"]


def test_a_handout_asks_only_for_its_own_rows_and_protects_the_rest(handed_out: Path) -> None:
    book = load_workbook(file_of(handed_out, "T2"))
    assert (
        book.sheetnames == [ACTUALS, TASKS, WEEKLY, "_salesplan"]
        and book["_salesplan"].sheet_state == "veryHidden"
    )
    sheet = book[TASKS]
    plan = load(handed_out / "plan.xlsx").plan
    below = {unit.name for _, unit in plan.walk("T2")} | {unit.code for _, unit in plan.walk("T2")}
    assert {
        sheet.cell(row, column_of(sheet, "负责人")).value for row in rows_of(sheet).values()
    } <= below
    assert sheet.protection.sheet and sheet.cell(5, 2).protection.locked
    for row in rows_of(sheet).values():
        counted = sheet.cell(row, column_of(sheet, "交付目标值")).value is not None
        needed, other = ("交付实际值", "完成%") if counted else ("完成%", "交付实际值")
        assert not sheet.cell(row, column_of(sheet, needed)).protection.locked
        unused = sheet.cell(row, column_of(sheet, other))
        assert unused.protection.locked is (unused.value is None)
    assert sheet.column_dimensions[sheet.cell(4, column_of(sheet, "#key")).column_letter].hidden
    assert [rule.type for rule in book[WEEKLY].data_validations.dataValidation].count("list") == 2
    keys: list[str] = []
    for path in (handed_out / "out").glob("*.xlsx"):
        for name, lines in books.all_rows(path).items():
            if name in (ACTUALS, TASKS, WEEKLY):
                at = lines[3].index("#key")
                keys += [line[at] for line in lines[4:]]
    assert len(keys) > 20 and len(keys) == len(set(keys)), "no row is asked of two people"


def test_a_line_asks_for_what_its_kind_needs_and_shows_the_target(handed_out: Path) -> None:
    """Revenue has a figure, a rate two parts; what else was recorded this month is named, where it
    cannot be added up.
    """
    sheet = load_workbook(file_of(handed_out, "D11"))[ACTUALS]
    rows = rows_of(sheet)
    kinds = {kpi.code: kpi.kind for kpi in load(handed_out / "plan.xlsx").plan.kpis}
    value, top = column_of(sheet, "金额/数值"), column_of(sheet, "分子")
    for key, row in rows.items():
        rate = kinds[key.split("|")[2]].is_share or kinds[key.split("|")[2]].name == "AVERAGE"
        assert sheet.cell(row, value).protection.locked is rate, key
        assert sheet.cell(row, top).protection.locked is not rate, key
    target = column_of(sheet, "本月目标")
    shown = {key.split("|", 1)[1]: sheet.cell(row, target).value for key, row in rows.items()}
    assert isinstance(shown["P01|REV"], float) and shown["P01|REV"] > 0
    others = [sheet.cell(row, column_of(sheet, "已有记录")).value for row in rows.values()]
    assert not any(isinstance(one, str) and one.startswith("×") for one in others)
    named = [sheet.cell(row, column_of(sheet, "已记的是")).value for row in rows.values()]
    assert [one is None for one in others] == [one is None for one in named] != [True] * len(named)
    assert target + 1 == value, "the target stands beside the figure"


REVENUE_ALONE: masters.Rows = {
    "units": [
        {"code": "C1", "name": "公司", "level": "公司"},
        {"code": "P1", "name": "张三", "level": "个人", "parent": "C1"},
    ],
    "kpis": [{"code": "REV", "name": "营收", "kind": "流量", "target": 1200}],
    "settings": masters.SOUND["settings"],
    "actuals": [
        {"day": "2026-03", "unit": "P1", "kpi": "REV", "customer": "甲公司", "value": 3},
        {"day": "2026-03", "unit": "P1", "kpi": "REV", "product": "B", "value": 4},
        {"day": "2026-03-05", "unit": "P1", "kpi": "REV", "value": 5},
    ],
    "targets": [],
    "tasks": [],
    "weekly": [],
}


def test_a_form_hides_what_none_of_its_lines_needs(tmp_path: Path) -> None:
    """A plan of revenue alone asks for no numerator."""
    path = masters.write(tmp_path / "m.xlsx", REVENUE_ALONE)
    made = app.handout(path, tmp_path / "out").written
    page = load_workbook(made[0][1])[ACTUALS]
    folded = [one for one in page.column_dimensions.values() if one.hidden]
    hidden = {
        head: any(one.min <= column_of(page, head) <= one.max for one in folded)
        for head in ("金额/数值", "分子", "分母")
    }
    assert hidden == {"金额/数值": False, "分子": True, "分母": True}
    assert page.cell(5, column_of(page, "已记的是")).value == "甲公司、B等 3 项"


def test_at_a_week_end_the_handouts_ask_for_the_week_whose_agenda_the_master_has(
    desk: Path,
) -> None:
    """31 May 2026 is a Sunday: its week is that of 29 May, for recalc and for the handouts."""
    done = app.recalc(desk / "plan.xlsx", as_of=date(2026, 5, 31), dry_run=True)
    made = app.handout(desk / "plan.xlsx", desk / "may", as_of=date(2026, 5, 31))
    weeks = {line.key.partition("|")[0] for one, _ in made.written for line in one.lines["weekly"]}
    assert done.run.results.weekly is not None and weeks == {
        str(done.run.results.weekly.friday)
    } == {"2026-05-29"}


@pytest.mark.validator
def test_handouts_are_valid_and_twice_the_same(handed_out: Path, tmp_path: Path) -> None:
    """Of one master in one place: a book's stamp says where from it its master lies."""
    first = app.handout(handed_out / "plan.xlsx", tmp_path / "again").written
    before = {path.name: path.read_bytes() for _, path in first}
    again = app.handout(handed_out / "plan.xlsx", tmp_path / "again")
    assert before == {path.name: path.read_bytes() for _, path in again.written} != {}
    assert validate(again.written[1][1], FIRST_AND_LAST) == []


@pytest.fixture(scope="module")
def rearranged(handed_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planner sorts the tasks the other way round and moves their progress column to the
    front.
    """
    master = load_workbook(handed_out / "plan.xlsx")
    sheet = master["行动计划"]
    head = next(row for row in range(1, 12) if sheet.cell(row, 1).value == "任务编号")
    lines = [
        [cell.value for cell in row]
        for row in sheet.iter_rows(min_row=head + 1, max_row=sheet.max_row)
    ]
    filled = [line for line in lines if line[0]]
    for row, line in enumerate(reversed(filled), head + 1):
        for column, value in enumerate(line, 1):
            sheet.cell(row, column).value = value
    names = [cell.value for cell in sheet[head]]
    first, second = names.index("交付实际值") + 1, names.index("任务内容") + 1
    for row in range(head, sheet.max_row + 1):
        a, b = sheet.cell(row, first), sheet.cell(row, second)
        a.value, b.value = b.value, a.value
    sheet.tables.clear()
    path = tmp_path_factory.mktemp("rearranged") / "plan.xlsx"
    master.save(path)
    return path


@pytest.mark.parametrize(
    "program", ["openpyxl", pytest.param("LibreOffice", marks=pytest.mark.libreoffice)]
)
def test_values_land_in_the_right_rows_of_a_master_that_was_rearranged(
    desk: Path, rearranged: Path, program: str
) -> None:
    path, asked = file_of(desk, "T2"), load(desk / "plan.xlsx").plan
    fill(path, TASKS, "T15", 交付实际值=2, 实际完成日=date(2026, 7, 3), 改进措施="已办完")
    fill(path, ACTUALS, "2026-06|T2|REV", **{"金额/数值": 12.5})
    book = load_workbook(path)
    week = next(iter(rows_of(book[WEEKLY])))
    fill(path, WEEKLY, week, 计划_=1, 实际_=0.4, 责任人="赵磊", 未完成原因="资源不足")
    if program == "LibreOffice":
        shutil.copy(convert(path, "xlsx:Calc MS Excel 2007 XML", desk / "lo"), path)
    shutil.copy(rearranged, desk / "plan.xlsx")

    seen = app.collect(desk / "out", desk / "plan.xlsx")
    assert (
        codes(seen) == []
        and len(seen.missing) == 7  # six managers, and 市场部, which is asked for help
        and not any("赵磊" in one for one in seen.missing)
    )
    before = (desk / "plan.xlsx").read_bytes()
    assert seen.written is None and before == (desk / "plan.xlsx").read_bytes(), "a diff first"
    assert app.apply(seen).written is not None
    plan = load(desk / "plan.xlsx").plan
    task = next(one for one in plan.tasks if one.code == "T15")
    assert (task.deliverable_actual, task.finished, task.remedy) == (2, date(2026, 7, 3), "已办完")
    assert {
        one.code: (one.deliverable_actual, one.progress, one.cause, one.owner)
        for one in plan.tasks
        if one.code != "T15"
    } == {
        one.code: (one.deliverable_actual, one.progress, one.cause, one.owner)
        for one in asked.tasks
        if one.code != "T15"
    }
    friday, _, code = week.partition("|")
    entry = next(one for one in plan.weekly if str(one.friday) == friday and one.task == code)
    assert (entry.planned, float(entry.actual or 0), entry.owner, entry.cause) == (
        1,
        0.4,
        "P08",
        "资源不足",
    )
    rows = [
        i
        for i in range(len(plan.actuals))
        if (plan.actuals.unit[i], plan.actuals.kpi[i], plan.actuals.value[i])
        == ("T2", "REV", 12_500_000)
    ]
    assert len(rows) == 1 and str(plan.actuals.month[rows[0]]) == "2026-06"
    assert app.collect(desk / "out", desk / "plan.xlsx").edits == (), "collected once is collected"


def test_what_comes_back_is_read_as_the_master_is(desk: Path) -> None:
    """In a plan in 元, ¥1,900 is 1,900; 6月30日 is of the plan year; both with the master's
    warning, neither refused.
    """
    typed_at(desk / "plan.xlsx", "settings", "金额单位", value="元")
    fill(file_of(desk, "T2"), ACTUALS, "2026-06|T2|REV", **{"金额/数值": "¥1,900"})
    fill(file_of(desk, "T2"), TASKS, "T15", 实际完成日="6月30日")
    done = app.collect(file_of(desk, "T2"), desk / "plan.xlsx")
    assert sorted(codes(done)) == ["date-as-text", "number-as-text"]
    assert {edit.new for edit in done.edits} >= {1900, date(2026, 6, 30)}
    app.apply(done)
    again = app.collect(file_of(desk, "T2"), desk / "plan.xlsx")
    assert again.edits == (), "collected once is collected"


def test_a_second_round_corrects_the_first(desk: Path) -> None:
    """What a handout brought into the actuals is handed out again with its figure, and changed
    where it stands.
    """
    fill(file_of(desk, "T2"), ACTUALS, "2026-06|T2|REV", **{"金额/数值": 12.5})
    app.apply(app.collect(desk / "out", desk / "plan.xlsx"))
    app.handout(desk / "plan.xlsx", desk / "again")
    path = next((desk / "again").glob("*_T2_*"))
    book = load_workbook(path)
    assert (
        book[ACTUALS]
        .cell(rows_of(book[ACTUALS])["2026-06|T2|REV"], column_of(book[ACTUALS], "金额/数值"))
        .value
        == 12.5
    )
    fill(path, ACTUALS, "2026-06|T2|REV", **{"金额/数值": 13})
    done = app.apply(app.collect(path, desk / "plan.xlsx"))
    assert len(done.edits) == 1 and done.edits[0].new == 13
    plan = load(desk / "plan.xlsx").plan
    assert [
        plan.actuals.value[i]
        for i in range(len(plan.actuals))
        if plan.actuals.value[i] in (12_500_000, 13_000_000) and plan.actuals.unit[i] == "T2"
    ] == [13_000_000]


def test_both_changed_is_a_conflict_and_is_not_overwritten(desk: Path) -> None:
    fill(file_of(desk, "T2"), TASKS, "T14", 改进措施="借调两人", 未完成原因="客户决策延迟")
    typed_at(desk / "plan.xlsx", "tasks", "T14", remedy="暂停招募")
    shown = CliRunner().invoke(
        commands, ["collect", str(file_of(desk, "T2")), "--into", str(desk / "plan.xlsx"), "--yes"]
    )
    assert (
        shown.exit_code == 1
        and "returned-conflict" in shown.output
        and "暂停招募" in shown.output
        and "借调两人" in shown.output
    )
    task = next(one for one in load(desk / "plan.xlsx").plan.tasks if one.code == "T14")
    assert (task.remedy, task.cause) == ("暂停招募", "客户决策延迟"), "the rest is taken"


def test_two_files_that_disagree(desk: Path) -> None:
    path = file_of(desk, "T2")
    copy = desk / "out" / "copy.xlsx"
    shutil.copy(path, copy)
    fill(path, TASKS, "T16", 完成_=0.7)
    fill(copy, TASKS, "T16", 完成_=0.8)
    done = app.collect(desk / "out", desk / "plan.xlsx")
    assert codes(done) == ["returned-twice"] and len(done.edits) == 1


SPOILT: dict[str, tuple[Callable[[Any], object], list[str]]] = {
    "text in a number cell": (
        lambda s: setattr(s.cell(rows_of(s)["T15"], column_of(s, "交付实际值")), "value", "两场"),
        ["text-not-number"],
    ),
    "a number with its unit": (
        lambda s: setattr(s.cell(rows_of(s)["T15"], column_of(s, "交付实际值")), "value", "2万"),
        ["number-with-unit"],
    ),
    "text in a date cell": (
        lambda s: setattr(s.cell(rows_of(s)["T15"], column_of(s, "实际完成日")), "value", "下周"),
        ["text-not-date"],
    ),
    "a changed id": (
        lambda s: setattr(s.cell(rows_of(s)["T15"], column_of(s, "#key")), "value", "T01"),
        ["returned-id-changed"],
    ),
    "a spoilt base": (
        lambda s: setattr(s.cell(rows_of(s)["T15"], column_of(s, "#base")), "value", "[1]"),
        ["returned-id-changed"],
    ),
    "a deleted row": (lambda s: s.delete_rows(rows_of(s)["T15"]), ["returned-rows-gone"]),
    "an added row": (
        lambda s: s.cell(s.max_row + 1, column_of(s, "完成%")).__setattr__("value", 1),
        ["returned-row-added"],
    ),
    "a copied row": (
        lambda s: s.append([cell.value for cell in s[rows_of(s)["T15"]]]),
        ["returned-id-twice", "returned-id-twice"],
    ),
    "a deleted column": (lambda s: s.delete_cols(column_of(s, "完成%")), ["returned-column-gone"]),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_file_gives_findings_and_writes_nothing_of_it(desk: Path, kind: str) -> None:
    change, expected = SPOILT[kind]
    path = file_of(desk, "T2")
    edit(path, TASKS, change)
    done = app.collect(path, desk / "plan.xlsx")
    assert sorted(codes(done)) == sorted(expected)
    assert not done.edits
    named = ("returned-id-changed", "returned-rows-gone")
    lost = [one for one in done.findings if one.code in named]
    assert all("T15 分销商产品培训两场" in text(one, "zh") for one in lost)
    assert all(one.place.workbook == path.name for one in done.findings)


def test_of_many_files_the_one_with_the_mistake_is_named(desk: Path) -> None:
    for unit in ("T2", "T3"):
        edit(
            file_of(desk, unit),
            ACTUALS,
            lambda s: s.cell(5, column_of(s, "金额/数值")).__setattr__("value", "12万"),
        )
    shown = (
        CliRunner()
        .invoke(
            commands, ["collect", str(desk / "out"), "--into", str(desk / "plan.xlsx"), "--dry-run"]
        )
        .output
    )
    assert [f"[{file_of(desk, unit).name}]{ACTUALS}!" in shown for unit in ("T2", "T3", "D11")] == [
        True,
        True,
        False,
    ]


def test_foreign_rows_and_foreign_files_are_refused(desk: Path) -> None:
    fill(file_of(desk, "T2"), TASKS, "T15", 交付实际值=2)
    master = desk / "plan.xlsx"
    typed_at(master, "tasks", "T15", owner="P12")
    assert codes(app.collect(file_of(desk, "T2"), master)) == ["returned-foreign"]
    for name, value, code in (
        ("version", "9", "returned-version"),
        ("kind", "x", "returned-version"),
        ("month", "2031-01", "returned-other-month"),
        ("company", "x", "returned-other-company"),
    ):
        path = desk / f"{name}.xlsx"
        shutil.copy(file_of(desk, "T3"), path)
        edit(
            path,
            "_salesplan",
            lambda s, name=name, value=value: next(
                s.cell(r, 2).__setattr__("value", value) or True
                for r in range(1, 9)
                if s.cell(r, 1).value == name
            ),
        )  # type: ignore[misc]
        with pytest.raises(SalesplanError) as refused:
            app.collect(path, master)
        assert (refused.value.finding.code, refused.value.exit_code) == (code, 4)
    with pytest.raises(SalesplanError) as refused:
        app.collect(master, master)
    assert refused.value.finding.code == "returned-unknown-file"


def test_what_was_handed_out_from_another_master_is_named(desk: Path) -> None:
    fill(file_of(desk, "T2"), TASKS, "T15", 交付实际值=2)
    master = desk / "另一个.xlsx"
    shutil.copy(desk / "plan.xlsx", master)
    done = app.collect(desk / "out", master)
    assert codes(done) == ["returned-other-master"], "files with nothing typed are not spoken of"
    assert done.edits and [
        one.params["master"] for one in done.findings if one.code == "returned-other-master"
    ] == ["plan.xlsx"]
    assert codes(app.collect(desk / "out", desk / "plan.xlsx")) == []


def test_the_new_manager_is_asked_and_months_of_before_come_from_the_old_one(
    tmp_path: Path,
) -> None:
    master = tmp_path / "plan.xlsx"
    new_sample(master, lang="zh")
    values = {
        "D": "P04",
        "E": "上级编码",
        "F": "D11",
        "G": "D12",
        "H": date(2026, 6, 1),
        "J": "高远",
        "K": "批准",
        "L": date(2026, 5, 28),
    }
    typed(master, {("变更记录", f"{column}6"): value for column, value in values.items()})
    may, june = (
        app.handout(master, tmp_path / str(month), month=Month(2026, month)) for month in (5, 6)
    )
    units = [
        {one.unit: set(one.lines["actuals"]) for one, _ in done.written} for done in (may, june)
    ]
    asked = [
        {
            code
            for code, lines in found.items()
            if any(line.key.split("|")[1] == "P04" for line in lines)
        }
        for found in units
    ]
    assert asked == [{"D11"}, {"D12"}]
    for folder, unit, key in (("5", "D11", "2026-05|P04|REV"), ("6", "D12", "2026-06|P04|REV")):
        path = next((tmp_path / folder).glob(f"*_{unit}_*.xlsx"))
        fill(path, ACTUALS, key, **{"金额/数值": 12})
        done = app.collect(path, master)
        assert "returned-foreign" not in codes(done) and done.edits
    path = next((tmp_path / "5").glob("*_D11_*.xlsx"))
    typed(master, {("变更记录", "H6"): date(2026, 5, 1)})
    assert codes(app.collect(path, master)) == ["returned-foreign"]


def without_task(master: Path) -> None:
    typed_at(master, "tasks", "T15", code="T99")


def without_column(master: Path) -> None:
    """Its header reads otherwise, in the cell and in the table."""
    own = master.with_name("own.xlsx")
    with ZipFile(master) as given, ZipFile(own, "w", ZIP_DEFLATED, compresslevel=1) as left:
        for name in given.namelist():
            left.writestr(name, given.read(name).replace("交付实际值".encode(), "备用列".encode()))
    own.replace(master)


def without_sheet(master: Path) -> None:
    book = load_workbook(master)
    book.remove(book["行动计划"])
    book.save(master)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (without_task, "returned-row-unknown"),
        (without_column, "returned-column-missing"),
        (without_sheet, "returned-no-sheet"),
    ],
)
def test_a_master_that_no_longer_has_the_place_for_it(
    desk: Path, change: Callable[[Path], object], code: str
) -> None:
    fill(file_of(desk, "T2"), TASKS, "T15", 交付实际值=2)
    master = desk / "plan.xlsx"
    change(master)
    done = app.collect(file_of(desk, "T2"), master)
    assert codes(done) == [code] and done.edits == ()


def test_actuals_without_the_column_that_tells_their_lines(desk: Path) -> None:
    path = file_of(desk, "T2")
    fill(path, ACTUALS, "2026-06|T2|REV", **{"金额/数值": 12})
    edit(desk / "plan.xlsx", "实绩", without_source)
    done = app.collect(path, desk / "plan.xlsx")
    assert codes(done) == ["returned-no-table"] and done.edits == ()


def without_source(sheet: Any) -> None:
    head = next(cell for row in sheet.iter_rows(max_row=10) for cell in row if cell.value == "来源")
    head.value = "备用列"
    sheet.tables.clear()


def test_a_folder_into_which_nothing_came_back(desk: Path) -> None:
    (desk / "empty").mkdir()
    assert codes(app.collect(desk / "empty", desk / "plan.xlsx")) == ["returned-nothing"]


def test_a_plan_that_asks_nobody_for_anything(tmp_path: Path) -> None:
    rows = {
        key: [] if key in ("kpis", "targets", "tasks", "actuals", "weekly") else lines
        for key, lines in edited({}).items()
    }
    done = app.handout(write(tmp_path / "plan.xlsx", rows), tmp_path / "out")
    assert [one.code for one in done.findings] == ["handout-nothing"] and not list(
        (tmp_path / "out").iterdir()
    )


def test_who_has_not_returned_is_listed_and_a_bad_file_does_not_stop_the_others(desk: Path) -> None:
    fill(file_of(desk, "T2"), TASKS, "T15", 交付实际值=2)
    (desk / "out" / "broken.xlsx").write_bytes(b"PK nonsense")
    shown = CliRunner().invoke(
        commands, ["collect", str(desk / "out"), "--into", str(desk / "plan.xlsx")], input="n\n"
    )
    assert (
        shown.exit_code == 1
        and "未交名单: 7 人" in shown.output
        and "broken.xlsx" in shown.output
        and "没有写入" in shown.output
    )
    assert (
        next(
            one for one in load(desk / "plan.xlsx").plan.tasks if one.code == "T15"
        ).deliverable_actual
        == 1
    )


@pytest.fixture
def reported(tmp_path: Path) -> tuple[Path, Path]:
    """A small master and its report; two issues are listed there."""
    master = write(tmp_path / "plan.xlsx", masters.SOUND)
    report = app.report(master, app.Wanted(folder=tmp_path / "reports")).written
    assert report is not None and len(rows_of_report(report)) == 2
    return master, report


def test_what_is_typed_into_a_report_is_taken_back_and_never_lost(
    reported: tuple[Path, Path],
) -> None:
    master, report = reported
    folder = report.parent

    assert app.collect(report, master).edits == ()
    answer(
        report,
        原因="两单退货",
        责任人="张三",
        期限=date(2026, 7, 20),
        状态="处理中",
        说明="见会议纪要",
    )
    before = report.read_bytes()
    shown = CliRunner().invoke(commands, ["report", str(master), "-o", str(folder)])
    assert shown.exit_code == 3 and "salesplan collect" in shown.output and "J6" in shown.output
    assert report.read_bytes() == before
    with pytest.raises(SalesplanError) as refused:
        app.report(master, app.Wanted(folder=folder))
    assert (refused.value.finding.code, refused.value.exit_code) == ("report-holds-text", 3)
    dry = CliRunner().invoke(commands, ["collect", str(report), "--into", str(master), "--dry-run"])
    assert dry.exit_code == 0 and "两单退货" in dry.output
    assert (
        CliRunner()
        .invoke(commands, ["collect", str(report), "--into", str(master)], input="y\n")
        .exit_code
        == 0
    )
    key = issues_in(report)[0]["编号"]
    issue = next(one for one in load(master).plan.issues if one.code == key)
    assert (issue.cause, issue.owner, issue.due, issue.remark) == (
        "两单退货",
        "P1",
        date(2026, 7, 20),
        "见会议纪要",
    )
    app.report(master, app.Wanted(folder=folder))
    listed = next(one for one in issues_in(report) if one["编号"] == key)
    assert [listed[header] for header in ("原因", "责任人", "状态", "说明")] == [
        "两单退货",
        "张三",
        "处理中",
        "见会议纪要",
    ]
    assert app.collect(report, master).edits == ()


@pytest.mark.parametrize("kind", ["a date that cannot be read", "a row of their own"])
def test_what_cannot_be_taken_back_from_a_report_is_not_written_over_either(
    reported: tuple[Path, Path], kind: str
) -> None:
    master, report = reported
    row, header, text = (
        (6, "期限", "7月底")
        if kind.startswith("a date")
        else (len(rows_of_report(report)) + 7, "原因", "展会推迟")  # below what is not listed
    )
    answer(report, row, **{header: text})
    assert app.collect(report, master).edits == ()
    before = report.read_bytes()
    with pytest.raises(SalesplanError) as refused:
        app.report(master, app.Wanted(folder=report.parent))
    assert refused.value.finding.code == "report-holds-text" and report.read_bytes() == before


def issues_in(report: Path) -> list[dict[str, object]]:
    """What stands under the heads of a report's list of issues, row by row."""
    _, _, _, _, heads, *below = books.rows_of(report, ISSUES)
    return [dict(zip(heads, row, strict=False)) for row in below]


def rows_of_report(report: Path) -> list[object]:
    return [one["编号"] for one in issues_in(report) if one["编号"]]


def answer(report: Path, row: int = 6, /, **values: object) -> None:
    """Type values beside an issue of a report, by the heads of its list."""
    heads = books.rows_of(report, ISSUES)[4]
    typed(report, {(ISSUES, cell_ref(row, heads.index(one) + 1)): values[one] for one in values})


def test_a_report_s_text_against_a_master_that_says_something_else(
    reported: tuple[Path, Path],
) -> None:
    master, report = reported
    app.recalc(master)
    app.report(master, app.Wanted(folder=report.parent))
    answer(report, 原因="甲")
    app.apply(app.collect(report, master))
    answer(report, 原因="乙")
    done = app.collect(report, master)
    assert codes(done) == ["returned-conflict"] and done.edits == ()


def test_every_file_of_the_folder_is_named_with_what_became_of_it(desk: Path) -> None:
    """Saved as .xlsm it is read; as .xls, .et or .ods it is named; what is no table is, too; lock
    files are not.
    """
    fill(file_of(desk, "T2"), TASKS, "T15", 交付实际值=2)
    back = desk / "back"
    back.mkdir()
    (back / "T2.xlsm").write_bytes(file_of(desk, "T2").read_bytes())
    for name in ("D12.xls", "D13.et", "D14.ODS", "note.txt", "~$T2.xlsm", ".hidden.xlsx"):
        (back / name).write_bytes(b"something else")
    (back / "broken.xlsx").write_bytes(b"something else")
    done = app.collect(back, desk / "plan.xlsx")
    assert [(one.file, one.cells) for one in done.outcomes] == [
        ("D12.xls", None),
        ("D13.et", None),
        ("D14.ODS", None),
        ("T2.xlsm", 1),
        ("broken.xlsx", None),
        ("note.txt", None),
    ]
    named = {one.params["file"]: one.code for one in done.findings if "file" in one.params}
    assert {name: named.get(name) for name in ("D12.xls", "D13.et", "D14.ODS", "note.txt")} == {
        "D12.xls": "returned-other-format",
        "D13.et": "returned-other-format",
        "D14.ODS": "returned-other-format",
        "note.txt": "returned-other-file",
    }
    assert len(done.edits) == 1


def test_the_memory_of_what_was_filled_goes_to_nobody(tmp_path: Path) -> None:
    """A filled master has a very hidden sheet of digests; no report, part or handout has it, under
    any name.
    """
    from zipfile import ZipFile

    from salesplan.workbook.memory import SHEET

    master = write(tmp_path / "p.xlsx", masters.SOUND)
    app.recalc(master)
    book = load_workbook(master, read_only=True)
    lines = [str(row[0]) for row in book[SHEET].iter_rows(values_only=True) if row[0]]
    longest = sorted(lines, key=len)[-20:]
    app.report(master, app.Wanted(folder=tmp_path / "out"))
    app.report_each(master, app.Wanted(folder=tmp_path / "each"))
    app.handout(master, tmp_path / "handouts")
    made = [
        path for name in ("out", "each", "handouts") for path in (tmp_path / name).rglob("*.xlsx")
    ]
    assert len(made) == 1 + 5 + 2 and longest
    for path in made:
        with ZipFile(path) as package:
            parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
        assert not any(SHEET in part for part in parts), path.name
        assert not any(line in part for part in parts for line in longest), path.name


def test_a_table_reaches_over_the_rows_that_follow_it_when_handouts_come_back(desk: Path) -> None:
    """As a recalculation does: the rows under a short table are its own, and the returned one comes
    below them.
    """
    master = desk / "plan.xlsx"
    book = load_workbook(master)
    table = next(iter(book["实绩"].tables.values()))
    first, _, last = table.ref.partition(":")
    table.ref = table.autoFilter.ref = f"{first}:{last.rstrip('0123456789')}105"
    book.save(master)
    before = load(master).plan.actuals
    last_row = max(before.rows)
    assert last_row > 105
    form = file_of(desk, "D11")
    sheet = load_workbook(form)[ACTUALS]
    key = next(key for key in rows_of(sheet) if key.endswith("|P01|REV"))
    fill(form, ACTUALS, key, **{"金额/数值": 12.5})
    assert app.apply(app.collect(form, master)).written
    (ref,) = (one.ref for one in books.alone(master, "实绩").tables.values())
    after = load(master)
    assert int(ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) > last_row
    assert len(after.plan.actuals) == len(before) + 1
    assert "rows-after-table" not in {one.code for one in after.findings}


def test_an_older_english_report_is_still_read(tmp_path: Path) -> None:
    """Its sheet was called Problems, and an action a remedy."""
    master = write(tmp_path / "plan.xlsx", masters.SOUND)
    report = app.report(master, app.Wanted(folder=tmp_path / "reports", lang="en")).written
    assert report is not None
    book = load_workbook(report)
    sheet = book["Issues"]
    column = column_of(sheet, "Action", 5)
    sheet.cell(5, column).value, sheet.cell(6, column).value = "Remedy", "Call the customer"
    sheet.title = "Problems"
    book.save(report)
    assert [(one.column, one.value) for one in typed_in_report(report)] == [
        ("remedy", "Call the customer")
    ]
