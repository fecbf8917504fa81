"""What was once read wrongly without a word: each kind is right now, or asked."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from salesplan import app
from salesplan.cli import commands
from salesplan.findings import Finding, SalesplanError
from salesplan.messages import text
from salesplan.plan.adopt.mapping import Takes
from salesplan.plan.adopt.money import Measure, measure_in
from salesplan.plan.adopt.months import period_in
from salesplan.plan.adopt.propose import Proposal, Proposed
from salesplan.plan.adopt.words import speaks_of_spending
from tests.foreign_books import TODAY, Sheet, adopted, write
from tests.unit.masters import SOUND
from tests.unit.masters import write as write_master

SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MONTHS = [f"{month}月" for month in range(1, 13)]
WIDE = list(range(10, 22))
YEAR = sum(WIDE)


def proposed(tmp_path: Path, sheets: dict[str, Any]) -> Proposal:
    return app.look(write(tmp_path / "a.xlsx", sheets), None, TODAY).proposal


def months(table: Proposed) -> list[int]:
    return [one.fixed.month.month for one in table.entries if one.fixed.month is not None]


@pytest.mark.parametrize("march", ["Mrz", "Mär", "Mrz.", "März", "Mz"])
def test_march_as_germans_write_it(march: str) -> None:
    found = period_in(march, ("de",))
    assert found is not None and found.period.month == 3


def test_a_month_that_nobody_knows_between_two_others_is_asked_about(tmp_path: Path) -> None:
    heads = [*SHORT[:2], "Mzx", *SHORT[3:]]
    table = proposed(tmp_path, {"2026": [["Targets"], ["Rep", *heads], ["Ann Lee", *WIDE]]}).tables[
        0
    ]
    assert months(table) == list(range(1, 13))
    (asked,) = table.asked
    why = Finding.of("adopt-why-between", head="Mzx")
    assert asked.head == "Mzx" and asked.why in {text(why, lang) for lang in ("zh", "en")}


def test_a_sum_between_two_months_is_none(tmp_path: Path) -> None:
    heads = [*SHORT[:6], "H1", *SHORT[6:]]
    rows = [["Targets"], ["Rep", *heads], ["Ann Lee", *WIDE[:6], 75, *WIDE[6:]]]
    assert months(proposed(tmp_path, {"2026": rows}).tables[0]) == list(range(1, 13))


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Angaben in T€", Measure("EUR", 1_000)),
        ("Soll (T€)", Measure("EUR", 1_000)),
        ("Umsatz in TEUR", Measure("EUR", 1_000)),
        ("(kUSD)", Measure("USD", 1_000)),
        ("単位：千円", Measure("JPY", 1_000)),
    ],
)
def test_thousands_beside_a_currency(text: str, measure: Measure) -> None:
    assert measure_in(text) == measure


@pytest.mark.parametrize("text", ["mars", "(t)", "Tall"])
def test_what_is_no_unit_of_money(text: str) -> None:
    assert measure_in(text) is None


def test_each_of_two_tables_side_by_side_has_its_own_title(tmp_path: Path) -> None:
    left, right = ["Rep", *SHORT], ["Rep", *SHORT]
    gap: list[Any] = [None]
    rows = [
        ["Sales Targets 2026", *[None] * 13, "Actual Sales 2026"],
        ["Figures in USD k"],
        [],
        [*left, *gap, *right],
        *([name, *WIDE, *gap, name, *WIDE] for name in ("Ann Lee", "Bob Ray")),
    ]
    first, second = proposed(tmp_path, {"2026": rows}).tables
    assert {one.takes for one in first.entries[1:]} == {Takes.TARGET}
    assert {one.takes for one in second.entries[1:]} == {Takes.ACTUAL}
    assert {one.fixed.factor for one in second.entries[1:]} == {Decimal(1_000)}


@pytest.mark.parametrize("title", ["2026年费用预算表", "Operating expense budget", "Kosten 2026"])
def test_spending_is_not_taken_for_targets(tmp_path: Path, title: str) -> None:
    rows = [[title], ["项目", *MONTHS], ["差旅费", *WIDE], ["招待费", *WIDE]]
    table = proposed(tmp_path, {"预算": rows}).tables[0]
    assert not table.sure
    assert {one.code for one in table.whys} >= {"adopt-why-spending"}


@pytest.mark.parametrize("title", ["销售目标", "Discosts", "Umsatzziele 2026"])
def test_a_title_that_speaks_of_no_spending(title: str) -> None:
    assert not speaks_of_spending(title)


@pytest.mark.parametrize("word", ["待定", "offen", "TBD", "未定"])
def test_one_figure_to_be_decided_is_blank_and_named(tmp_path: Path, word: str) -> None:
    rows = [["2026目标"], ["姓名", *MONTHS], ["张伟", *WIDE], ["王芳", word, *WIDE[1:]]]
    found = adopted(write(tmp_path / "a.xlsx", {"目标": rows}), report=False)
    assert found.target("张伟", month=1) == 10
    assert [str(one.place) for one in found.findings if one.code == "mapping-undecided"] == [
        "目标!B4"
    ]


def test_a_figure_typed_as_text_is_counted_in_the_units_of_the_others(tmp_path: Path) -> None:
    rows = [
        ["Targets 2026"],
        ["Figures in USD k"],
        ["Rep", *SHORT],
        ["Ann Lee", "1,010", *WIDE[1:]],
    ]
    found = adopted(write(tmp_path / "a.xlsx", {"2026": rows}), report=False)
    assert found.target("Ann Lee", month=1) == 1_010_000


def test_the_day_of_making_is_not_the_plans_year(tmp_path: Path) -> None:
    for stamp in ("作成日：2025年12月18日", "Frank, 18.12.2025"):
        rows = [["2026年 売上目標"], [stamp], ["氏名", *MONTHS], ["佐藤 健", *WIDE]]
        assert proposed(tmp_path, {"Sheet1": rows}).year == 2026


def test_a_name_merged_over_its_kinds_is_that_persons_though_the_team_is_typed_again(
    tmp_path: Path,
) -> None:
    rows: list[list[Any]] = [["2026年"], ["大区", "姓名", "项目", *MONTHS]]
    for name in ("张伟", "王芳"):
        rows += [["华东", name, "目标", *WIDE], ["华东", None, "实际", *WIDE[:3]]]
    rows.append(["华东", None, "目标", *(2 * one for one in WIDE)])
    found = adopted(write(tmp_path / "a.xlsx", {"a": Sheet(rows)}), report=False)
    assert found.actuals() == 2 * sum(WIDE[:3])
    assert {one.named.text for one in found.seen.proposal.tables[0].facts} == {
        "张伟",
        "王芳",
        "华东",
    }
    actuals = [one for one in found.seen.proposal.tables[0].facts if one.takes is Takes.ACTUAL]
    assert {one.named.text for one in actuals} == {"张伟", "王芳"}
    assert found.target("王芳") == YEAR and found.target("华东") == 2 * YEAR


@pytest.mark.parametrize("changed", [99, 10])
def test_two_versions_of_a_table_are_asked_about(tmp_path: Path, changed: int) -> None:
    sheets = {
        "终稿": [["2026年目标"], ["姓名", *MONTHS], ["张伟", *WIDE]],
        "初稿": [["2026年目标"], ["姓名", *MONTHS], ["张伟", changed, *WIDE[1:]]],
    }
    first, second = proposed(tmp_path, sheets).tables
    assert not first.sure and not second.sure
    assert {first.whys[1].code, second.whys[1].code} == {"adopt-why-two-versions"}
    assert first.whys[1].params["sheet"] == "初稿" and second.whys[1].params["sheet"] == "终稿"
    answers = {("初稿", one.cell): None for one in second.entries}
    seen = app.look(tmp_path / "a.xlsx", answers, TODAY)
    assert [one.block.sheet for one in seen.proposal.tables] == ["终稿"]
    assert seen.proposal.tables[0].sure


def test_targets_by_products_are_the_units_sum_month_by_month(tmp_path: Path) -> None:
    kept = {"West": ("A", "B"), "South": ("A", "B", "C"), "East": ("B", "C")}
    rows: list[list[Any]] = [["Sales Targets 2026"], ["Region", "Product", *SHORT]]
    figures = [29, 44, 28, 49, 44, 51, 45, 41, 46, 51, 41, 36]
    for unit, products in kept.items():
        rows += [[unit, one, *(value + ord(one) for value in figures)] for one in products]
    found = adopted(write(tmp_path / "a.xlsx", {"Product": rows}), report=False)
    assert found.target("West", month=1) == 2 * 29 + ord("A") + ord("B")
    assert not {one for one in found.codes() if one.startswith("target-product")}
    preview = app.look(write(tmp_path / "b.xlsx", {"Product": rows}), None, TODAY).previews[0]
    assert list(preview.sums.values()) == [found.target("Company")]


def test_the_total_below_months_that_go_down_is_no_date(tmp_path: Path) -> None:
    rows = [["2026年销售"], ["月份", "张伟目标", "王芳目标"]]
    rows += [[month, 10, 20] for month in MONTHS]
    rows += [["合计", 120, 240]]
    found = adopted(write(tmp_path / "a.xlsx", {"2026": rows}), report=False)
    assert found.targets() == 360
    assert not found.codes() & {"text-not-date", "mapping-outside-year"}


@pytest.mark.parametrize(
    ("head", "codes"),
    [
        ("Nr.", ["01", "01.01", "01.02"]),
        ("コード", ["01", "01.01", "01.02"]),
        ("序号", [10, 10.01, 10.02]),
    ],
)
def test_numbers_that_are_a_tree_are_codes(tmp_path: Path, head: str, codes: list[Any]) -> None:
    names = ["West", "Frank Richter", "Claudia Becker"]
    figures = [[2 * one for one in WIDE], WIDE, WIDE]
    lines = [[code, name, *row] for code, name, row in zip(codes, names, figures, strict=True)]
    rows = [["Umsatzziele 2026"], [head, "Verkäufer", *MONTHS], *lines]
    found = proposed(tmp_path, {"Soll": rows})
    assert found.tables[0].entries[0].takes is Takes.CODE


def test_the_unit_in_the_name_of_a_kpi(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["2026年目标"], ["部门", "指标", *MONTHS]]
    for unit in ("华东区", "华南区"):
        rows += [[unit, "销售额(万元)", *WIDE], [unit, "新增客户数(家)", *WIDE]]
    kpis = {one.name.split("(")[0]: one.unit for one in proposed(tmp_path, {"a": rows}).kpis}
    assert kpis == {"销售额": "万元", "新增客户数": "家"}


def test_heads_without_letters_leave_the_language_to_the_names(tmp_path: Path) -> None:
    heads = [f"2026-{month:02d}" for month in range(1, 13)]
    rows = [["销售目标"], ["姓名", *heads], ["张伟", *WIDE], ["王芳", *WIDE]]
    found = proposed(tmp_path, {"2026": rows})
    assert found.lang == "zh" and found.kpis[0].name == "销售额"


def test_what_is_sold_is_called_as_the_title_calls_it(tmp_path: Path) -> None:
    rows = [["2026年 売上目標"], ["氏名", *MONTHS], ["佐藤 健", *WIDE]]
    assert proposed(tmp_path, {"目標": rows}).kpis[0].name == "売上"


def test_the_files_name_makes_no_targets_of_a_list(tmp_path: Path) -> None:
    sheets = {
        "2026": [["Targets"], ["Rep", *SHORT], ["Ann Lee", *WIDE]],
        "Phones": [["Name", "Extension", "Seat"], ["Ann Lee", 2101, 3], ["Bob Ray", 2102, 4]],
    }
    seen = app.look(write(tmp_path / "sales plan.xlsx", sheets), None, TODAY)
    assert seen.proposal.unread == ("Phones",)


def test_json_tells_what_is_taken_and_what_is_to_be_asked(tmp_path: Path) -> None:
    plain = [["姓名", *MONTHS], ["赵六", *WIDE]]
    sure = [["2026年目标"], ["姓名", *MONTHS], ["张伟", *WIDE]]
    path = write(tmp_path / "a.xlsx", {"目标": sure, "其他": plain})
    said = json.loads(CliRunner().invoke(commands, ["adopt", str(path), "--yes", "--json"]).output)
    assert [one["sheet"] for one in said["tables"]] == ["目标"]
    assert [one["sheet"] for one in said["asked"]] == ["其他"]
    other = write(tmp_path / "b.xlsx", {"其他": plain})
    said = json.loads(CliRunner().invoke(commands, ["adopt", str(other), "--yes", "--json"]).output)
    assert (said["tables"], said["written"]) == ([], None) and len(said["asked"]) == 1


def test_what_is_shown_before_is_not_coarser_than_the_plan(tmp_path: Path) -> None:
    rows = [["Targets 2026"], ["Rep", *SHORT[:3]], ["Ann Lee", 57_881.25, 10, 10]]
    seen = app.look(write(tmp_path / "a.xlsx", {"2026": rows}), None, TODAY)
    assert seen.proposal.kpis[0].smallest_unit == Decimal("0.01")
    assert list(seen.previews[0].sums.values()) == [Decimal("57901.25")]


@pytest.mark.parametrize(
    "names",
    [
        ["吉田 浩二", "佐藤 健", "高橋 翔太"],
        ["鈴木　美咲", "田中　陽子", "林　香織"],
        ["佐藤健一", "長谷川翔", "森千尋"],
        ["张 伟", "王 芳", "李 娜"],
        ["김민수", "이영희", "박지훈"],
    ],
)
def test_names_of_people_in_east_asia(tmp_path: Path, names: list[str]) -> None:
    rows = [["2026 Targets"], ["XYZ", *SHORT], *([name, *WIDE] for name in names)]
    found = proposed(tmp_path, {"2026": rows})
    assert found.tables[0].sure and found.tables[0].entries[0].takes is Takes.UNIT
    assert {one.level.name for one in found.units[1:]} == {"PERSON"}


@pytest.mark.parametrize("texts", [["保守 契約", "消耗品 販売"], ["本社 機器", "部品 一式"]])
def test_two_words_that_are_no_names_are_asked_about(tmp_path: Path, texts: list[str]) -> None:
    rows = [["2026 Targets"], ["XYZ", *SHORT], *([name, *WIDE] for name in texts)]
    assert not proposed(tmp_path, {"2026": rows}).tables[0].sure


JAPANESE = [["2026年 売上目標"], ["部署", "担当者", *MONTHS], ["東日本営業部", "佐藤 健", *WIDE]]
CHINESE = [["2026年销售目标"], ["部门", "姓名", *MONTHS], ["华东大区", "张伟", *WIDE]]


@pytest.mark.parametrize(
    ("rows", "lang", "title"),
    [
        (JAPANESE, None, "Mapping"),
        (JAPANESE, "zh", "对照"),
        (CHINESE, None, "对照"),
        (CHINESE, "en", "Mapping"),
        ([["Targets 2026"], ["Rep", *SHORT], ["Ann Lee", *WIDE]], None, "Mapping"),
    ],
)
def test_our_sheets_are_in_the_language_asked_for_else_the_workbooks(
    tmp_path: Path, rows: Any, lang: str | None, title: str
) -> None:
    path = write(tmp_path / "a.xlsx", {"2026": rows})
    app.adopt(app.look(path, None, TODAY, lang))
    source = app.check(path, today=TODAY).loaded.source
    assert title in source.sheets
    again = app.look(path, None, TODAY)
    assert again.proposal.lang == ("zh" if title == "对照" else "en")


def differing(findings: Any) -> list[tuple[str, Any, Any]]:
    """The totals that are said to be wrong: where, what is there, what is due."""
    return [
        (str(one.place), one.params["is_"], one.params["due"])
        for one in findings
        if one.code == "mapping-total-differs"
    ]


@pytest.mark.parametrize(("total", "wrong"), [(120, []), (121, [("2026!B15", 121, 120)])])
def test_a_total_below_months_is_held_against_them(
    tmp_path: Path, total: int, wrong: list[Any]
) -> None:
    rows = [["2026年销售"], ["月份", "张伟目标", "王芳目标"]]
    rows += [[month, 10, 20] for month in MONTHS]
    rows += [["合计", total, 240]]
    found = adopted(write(tmp_path / "a.xlsx", {"2026": rows}), report=False)
    assert found.targets() == 360 and differing(found.findings) == wrong


@pytest.mark.parametrize(("first", "wrong"), [(30, []), (31, [("2026!B6", 31, 30)])])
def test_quarters_among_months_that_go_down_count_once(
    tmp_path: Path, first: int, wrong: list[Any]
) -> None:
    rows: list[list[Any]] = [["2026年销售"], ["月份", "张伟实际", "王芳实际"]]
    for quarter in range(4):
        rows += [[month, 10, 20] for month in MONTHS[3 * quarter : 3 * quarter + 3]]
        rows += [[f"Q{quarter + 1}", 30 if quarter else first, 60]]
    rows += [["合计", 120, 240]]
    found = adopted(write(tmp_path / "a.xlsx", {"2026": rows}), report=False)
    assert found.actuals() == 360 and differing(found.findings) == wrong


def test_a_quarter_alone_beside_months_counts(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["2026年目标"], ["月份", "张伟目标"]]
    rows += [[month, 10] for month in MONTHS[:9]]
    rows += [["Q4", 60]]
    found = adopted(write(tmp_path / "a.xlsx", {"2026": rows}), report=False)
    assert found.target("张伟") == 150


def test_the_total_of_a_list_is_held_against_its_rows(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["2026年销售明细"], ["月份", "姓名", "金额"]]
    rows += [[f"2026-{at:02d}", "张伟" if at % 2 else "王芳", at] for at in range(1, 11)]
    rows += [["合计", None, 56]]
    found = adopted(write(tmp_path / "a.xlsx", {"明细": rows}), report=False)
    assert found.actuals() == 55 and differing(found.findings) == [("明细!C13", 56, 55)]


@pytest.mark.parametrize(("sum_", "cells"), [(33, []), (34, ["2026!D3"])])
def test_a_quarter_is_held_against_its_own_months(
    tmp_path: Path, sum_: int, cells: list[str]
) -> None:
    heads = ["Rep", *SHORT[:3], "Q1", *SHORT[3:], "Total"]
    line = ["Ann Lee", *WIDE[:3], sum_, *WIDE[3:], YEAR]
    found = proposed(tmp_path, {"2026": [["Targets 2026"], heads, line]})
    places = [str(one.place) for one in found.findings if one.code == "adopt-sum-differs"]
    assert places == [cell.replace("D", "E") for cell in cells]


def test_rows_of_several_sizes_are_each_counted_in_their_own(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["2026年目标"], ["部门", "指标", "单位", *MONTHS]]
    for unit in ("华东区", "华南区"):
        rows += [
            [unit, "销售额", "万元", *WIDE],
            [unit, "回款额", "元", *(one * 10_000 for one in WIDE)],
        ]
        rows += [[unit, "新客户数", "家", *WIDE]]
    found = adopted(write(tmp_path / "a.xlsx", {"a": rows}), report=False)
    assert {found.targets(one) for one in ("销售额", "回款额", "新客户数")} == {2 * YEAR}
    assert "adopt-why-sizes" in {one.code for one in found.seen.proposal.tables[0].whys}
    assert {one.name: one.unit for one in found.plan.kpis} == {
        "销售额": "万元",
        "回款额": "万元",
        "新客户数": "家",
    }


def test_the_sizes_may_stand_in_the_names_of_kpis(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["2026年目标"], ["部门", "指标", *MONTHS]]
    for unit in ("华东区", "华南区"):
        rows += [[unit, "回款额(元)", *(one * 10_000 for one in WIDE)]]
        rows += [[unit, "销售额(万元)", *WIDE]]
    found = adopted(write(tmp_path / "a.xlsx", {"a": rows}), report=False)
    assert {found.targets(one.name) for one in found.plan.kpis} == {2 * YEAR * 10_000}
    assert {one.unit for one in found.plan.kpis} == {"元"}


def whys(tmp_path: Path, sheets: dict[str, Any]) -> set[str]:
    (table,) = proposed(tmp_path, sheets).tables
    assert not table.sure
    return {one.code for one in table.whys}


@pytest.mark.parametrize("title", ["2026销售提成计划", "Sales commission plan", "Provisionsplan"])
def test_pay_is_not_taken_for_targets(tmp_path: Path, title: str) -> None:
    rows = [[title], ["姓名", *MONTHS], ["张伟", *WIDE], ["王芳", *WIDE]]
    assert "adopt-why-spending" in whys(tmp_path, {"2026": rows})


@pytest.mark.parametrize("title", ["2026年1-6月 目标完成情况", "Target vs actual Jan-Jun 2026"])
def test_sums_of_several_months_are_asked_about(tmp_path: Path, title: str) -> None:
    rows = [[title], ["姓名", "目标", "实际"], ["张伟", 60, 50], ["王芳", 70, 80]]
    assert "adopt-why-several-months" in whys(tmp_path, {"2026": rows})


def test_a_fiscal_year_in_a_title_is_no_span_of_months(tmp_path: Path) -> None:
    rows = [["2026财年(2026.4-2027.3)目标"], ["姓名", "目标"], ["张伟", 60], ["王芳", 70]]
    assert proposed(tmp_path, {"a": rows}).tables[0].sure


def test_a_calendar_week_is_no_quarter(tmp_path: Path) -> None:
    heads = [f"KW {week}" for week in range(1, 6)]
    rows = [["Umsatzziele 2026"], ["Verkäufer", *heads], ["Anna Lenz", 1, 2, 3, 4, 5]]
    assert period_in("KW 3") is None
    table = proposed(tmp_path, {"2026": rows}).tables[0]
    assert not any(one.fixed.quarter for one in table.entries)


def test_points_between_thousands_where_the_months_are_german(tmp_path: Path) -> None:
    heads = ["Jan", "Feb", "Mrz", "Apr", "Mai"]
    line = ["Anna Lenz", "12.345", "1.234,50", 7.5, "(1.000)", "12,5"]
    rows = [["Ist-Umsatz 2026"], ["Verkäufer", *heads], line]
    found = adopted(write(tmp_path / "a.xlsx", {"2026": rows}), report=False)
    assert found.actuals() == Decimal("12345") + Decimal("1234.5") + Decimal(
        "7.5"
    ) - 1000 + Decimal("12.5")


def test_a_whole_year_of_the_past_has_no_months_to_learn_from(tmp_path: Path) -> None:
    rows = [["2026目标"], ["姓名", "2025实际", "2026目标"], ["张伟", 60, 70], ["王芳", 1, 2]]
    table = proposed(tmp_path, {"2026": rows}).tables[0]
    assert [one.takes for one in table.entries] == [Takes.UNIT, None, Takes.TARGET]
    assert table.whys[1].code == "adopt-why-other-year"


def test_the_files_name_makes_no_pieces_of_amounts(tmp_path: Path) -> None:
    rows = [["姓名", "1月目标(元)", "2月目标(元)"], ["张伟", 60, 70], ["王芳", 1, 2]]
    seen = app.look(write(tmp_path / "units 2026.xlsx", {"a": rows}), None, TODAY)
    assert [(one.name, one.unit) for one in seen.proposal.kpis] == [("销售额", "元")]


@pytest.mark.parametrize("state", ["丢单", "Closed Lost", "storniert"])
def test_deals_that_came_to_nothing_are_asked_about(tmp_path: Path, state: str) -> None:
    days = [f"2026-0{month}-05" for month in range(1, 7)]
    rows: list[list[Any]] = [["日期", "姓名", "状态", "金额"]]
    rows += [[day, "张伟", state if at % 2 else "已签", 10 + at] for at, day in enumerate(days)]
    assert "adopt-why-lost" in whys(tmp_path, {"明细": rows})


def test_thirteen_periods_are_no_months(tmp_path: Path) -> None:
    heads = [f"P{period}" for period in range(1, 14)]
    rows = [["Targets 2026"], ["Rep", *heads], ["Ann Lee", *range(13)], ["Bob Ray", *range(13)]]
    table = proposed(tmp_path, {"2026": rows}).tables[0]
    assert not table.sure and not months(table)


# -- people of one name

COLUMNS = {"": [], "工号": [[1001, 1002, 1003]], "团队": [["华东队", "华东队", "华南队"]]}


def namesakes(title: str, *columns: str) -> list[list[Any]]:
    """A table of 张伟, 王芳 and another 张伟, with columns that tell them apart or without."""
    rows: list[list[Any]] = [["张伟", *WIDE], ["王芳", *WIDE], ["张伟", *WIDE]]
    heads = ["姓名", *MONTHS]
    for column in columns:
        heads.insert(0, column)
        rows = [[one, *row] for one, row in zip(*COLUMNS[column], rows, strict=True)]
    return [[title], heads, *rows]


def said_of(path: Path, code: str) -> list[tuple[str, Any]]:
    """Where something is said when the workbook is looked at, and the name it is about."""
    found = [one for table in app.look(path, None, TODAY).previews for one in table.findings]
    return [(one.place.cell, one.params["name"]) for one in found if one.code == code]


def test_actuals_of_one_name_in_two_rows_are_asked_about(tmp_path: Path) -> None:
    """They add up, so both cells are named, before and in each check."""
    path = write(tmp_path / "a.xlsx", {"实绩": namesakes("2026年实绩")})
    seen = app.look(path, None, TODAY)
    (table,) = seen.previews
    (said,) = (one for one in table.findings if one.code == "mapping-actuals-of-one-name")
    assert (said.params["first"], said.place.cell, said.params["count"]) == ("B3", "B5", 12)
    assert table.table.sure and not table.sure
    app.adopt(seen)
    checked = app.check(path, today=TODAY)
    assert [str(one.place) for one in checked.findings if one.code == said.code] == ["实绩!B5"]


@pytest.mark.parametrize("columns", [["工号"], ["团队"], ["工号", "团队"]])
def test_two_people_of_one_name_are_two(tmp_path: Path, columns: list[str]) -> None:
    """A number or a team tells them apart, in targets and in actuals."""
    sheets = {"目标": namesakes("2026年目标", *columns), "实绩": namesakes("2026年实绩", *columns)}
    found = adopted(write(tmp_path / "a.xlsx", sheets), report=False)
    assert all(table.sure for table in found.seen.previews)
    units = [one for one in found.plan.units if one.name == "张伟"]
    results = found.run.results
    kpi = found.plan.kpis[0].code
    assert [results.targets[kpi, one.code].year for one in units] == [YEAR, YEAR]
    given = [one for one in found.plan.actuals.unit if one in {unit.code for unit in units}]
    assert [given.count(one.code) for one in units] == [12, 12]


def test_codes_of_products_or_orders_make_no_people(tmp_path: Path) -> None:
    """One code beside several names, or many codes beside each name of a list."""
    products = [["编码", "姓名", *MONTHS]]
    products += [[code, who, *WIDE] for code in ("A01", "A02") for who in ("张伟", "王芳")]
    orders = [["工号", "姓名", "1月实绩"], *([at, "张伟", 5] for at in range(8))]
    for rows in (products, orders):
        units = proposed(tmp_path, {"2026年实绩": rows}).units
        assert [one.name for one in units].count("张伟") == 1


def test_a_table_that_leaves_out_which_of_two_is_asked_about(tmp_path: Path) -> None:
    """The targets have the teams, the list of deals has only the name: nobody's figures."""
    deals = [["日期", "姓名", "金额"], *([TODAY, who, 10] for who in ("张伟", "王芳", "张伟"))]
    sheets = {"目标": namesakes("2026年目标", "团队"), "明细": deals}
    path = write(tmp_path / "a.xlsx", sheets)
    first, second = app.look(path, None, TODAY).previews
    assert first.sure and not second.sure
    assert said_of(path, "mapping-name-of-several") == [("C2", "张伟")]


def test_a_list_with_a_row_for_each_deal_adds_up(tmp_path: Path) -> None:
    """Neither the dates of a list nor a row for each project makes two people of one."""
    projects = [["姓名", "项目", *MONTHS], *(["张伟", f"甲{at}", *WIDE] for at in range(3))]
    listed = [["日期", "姓名", "金额"], *([TODAY, "张伟", 10] for _ in range(3))]
    path = write(tmp_path / "a.xlsx", {"2026年实绩": projects, "明细": listed})
    assert said_of(path, "mapping-actuals-of-one-name") == []


# -- what is hidden


def test_hidden_rows_and_columns_are_said_at_adopt_and_at_check(tmp_path: Path) -> None:
    rows = [["2026年目标"], ["姓名", *MONTHS], *([who, *WIDE] for who in ("张伟", "王芳", "李娜"))]
    path = write(tmp_path / "a.xlsx", {"目标": Sheet(rows, hidden=["4", "5", "C:D"])})
    seen = app.look(path, None, TODAY)
    app.adopt(seen)
    found = [*seen.previews[0].findings, *app.check(path, today=TODAY).findings]
    said = [one for one in found if one.code == "mapping-hidden"]
    assert [(one.place.cell, one.params["count"]) for one in said] == [("C3", 26)] * 2
    assert "(4–5、C–D)" in text(said[0], "zh")
    assert seen.previews[0].sure


def test_a_hidden_sheet_is_said_where_it_is_read_all_the_same(tmp_path: Path) -> None:
    rows = [["2026年目标"], ["姓名", *MONTHS], ["张伟", *WIDE], ["王芳", *WIDE]]
    path = write(tmp_path / "a.xlsx", {"说明": [["x"]], "目标": Sheet(rows, hidden=["sheet"])})
    app.adopt(app.look(path, None, TODAY))
    said = [one for one in app.check(path, today=TODAY).findings if "hidden" in one.code]
    assert [(one.code, one.params["count"]) for one in said] == [("mapping-hidden-sheet", 24)]


# -- what newcomers' workbooks brought up


def test_who_is_in_charge_of_a_row_is_whose_it_is(tmp_path: Path) -> None:
    """区域 merged over 负责人, subtotals between: people below regions, and no region twice."""
    rows = [
        ["2026年目标"],
        ["区域", "负责人", *MONTHS],
        ["华东", "张伟", *WIDE],
        [None, "王芳", *WIDE],
        ["华东小计", None, *[2 * one for one in WIDE]],
        ["华南", "李娜", *WIDE],
        [None, "刘洋", *WIDE],
        ["合计", None, *[4 * one for one in WIDE]],
    ]
    found = adopted(write(tmp_path / "a.xlsx", {"目标": rows}), report=False)
    assert [one.name for one in found.plan.units] == [
        *("公司", "华东", "张伟", "王芳", "华南", "李娜", "刘洋")
    ]
    assert found.parent("刘洋") == "华南" and found.targets() == 4 * YEAR
    assert not {"mapping-total-differs", "mapping-target-twice"} & found.codes()


def test_one_in_charge_of_a_whole_group_is_no_row_s(tmp_path: Path) -> None:
    rows = [
        ["2026年目标"],
        ["区域", "负责人", *MONTHS],
        ["华东", "张伟", *WIDE],
        ["华南", "王芳", *WIDE],
    ]
    units = proposed(tmp_path, {"目标": rows}).units
    assert [one.name for one in units] == ["公司", "华东", "华南"]


def test_targets_from_the_bottom_up_by_customer_add_up(tmp_path: Path) -> None:
    """The name is typed, or merged, once over the accounts; a row that repeats one is an error."""
    rows = [["Plan 2026"], ["Rep", "Account", *SHORT]]
    for who, accounts in {"Ann Lee": ["Acme", "Globex"], "Bob Ray": ["Hooli"]}.items():
        rows += [[who if at == 0 else None, one, *WIDE] for at, one in enumerate(accounts)]
        rows.append([f"{who} total", None, *[len(accounts) * one for one in WIDE]])
    found = adopted(write(tmp_path / "a.xlsx", {"Targets": rows}), report=False)
    assert found.target("Ann Lee") == 2 * YEAR and found.target("Bob Ray") == YEAR
    assert "mapping-parts-added" in found.codes()
    assert not {"mapping-total-differs", "mapping-target-twice"} & found.codes()
    rows[3][1] = "Acme"
    path = write(tmp_path / "b.xlsx", {"Targets": rows})
    assert said_of(path, "mapping-name-twice") == [("C4", "Ann Lee")]


def test_the_owner_of_a_deal_and_not_its_name_is_who_sold(tmp_path: Path) -> None:
    """As a CRM exports them; the file's name is no KPI of amounts."""
    quotas = [["Owner", "Team", "2026 Quota"], ["Ann Lee", "West", 100], ["Bob Ray", "East", 90]]
    heads = ["Opportunity Name", "Account", "Opportunity Owner", "Close Date", "Amount", "Stage"]
    deals = [[f"Opp {at}", "Acme", "Ann Lee", TODAY, 10 + at, "Closed Won"] for at in range(6)]
    path = write(tmp_path / "deals.xlsx", {"Targets 2026": quotas, "Closed": [heads, *deals]})
    found = adopted(path, report=False)
    assert [one.name for one in found.plan.units][1:] == ["West", "Ann Lee", "East", "Bob Ray"]
    assert len(found.plan.kpis) == 1 and found.actuals() == sum(range(10, 16))


def test_a_total_whose_word_stands_in_the_column_of_numbers(tmp_path: Path) -> None:
    rows = [
        ["2026年目标"],
        ["序号", "部门", "姓名", *MONTHS],
        [1, "一部", "张伟", *WIDE],
        [2, "二部", "王芳", *WIDE],
        ["合计", None, None, *[2 * one for one in WIDE]],
    ]
    found = adopted(write(tmp_path / "a.xlsx", {"目标": rows}), report=False)
    assert found.targets() == 2 * YEAR and "mapping-total-differs" not in found.codes()


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("Fiscal year April 2026 - March 2027", 4),
        ("2026财年 (2026年7月-2027年6月)", 7),
        ("FY2026 Jan-Dec", 1),
        ("FY2026 Jan-Jun", 1),
        ("FY2026", 1),
    ],
)
def test_the_fiscal_year_in_a_title(title: str, first: int, tmp_path: Path) -> None:
    rows = [["Quota 2026"], [title], ["Rep", "Q1", "Q2", "Q3", "Q4"], ["Ann Lee", 1, 2, 3, 4]]
    assert proposed(tmp_path, {"Quota": [*rows, ["Bob Ray", 5, 6, 7, 8]]}).fiscal_start == first


def test_a_master_of_ours_is_called_one(tmp_path: Path) -> None:
    write_master(tmp_path / "own.xlsx", SOUND)
    with pytest.raises(SalesplanError) as refused:
        app.look(tmp_path / "own.xlsx", None, TODAY)
    assert refused.value.finding.code == "adopt-is-master"
