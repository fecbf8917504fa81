"""What single columns are taken for and why; what the reading of a mapping says where something is
gone, new or wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesplan import app
from salesplan.findings import SalesplanError
from salesplan.plan.adopt.blocks import blocks_of
from salesplan.plan.adopt.columns import SURE, around, table_of
from salesplan.plan.adopt.mapping import Takes
from salesplan.workbook.changes import CellChange
from salesplan.workbook.patch.patch import patch_workbook
from salesplan.workbook.read.cells import Grid
from tests.foreign_books import TODAY, Adopted, adopted, write

MONTHS = [f"{month}月" for month in range(1, 13)]
WIDE = [float(month) for month in range(1, 13)]
DAYS = [date(2026, 1, 5), date(2026, 1, 6), date(2026, 2, 9)]


def listed(*columns: Sequence[Any]) -> list[list[Any]]:
    """A sheet out of its columns."""
    return [list(row) for row in zip(*columns, strict=True)]


PEOPLE = ["姓名", "张伟", "王芳", "李娜"]
CASES: list[tuple[str, list[list[Any]], str, Takes | None, str]] = [
    ("a head that is known", [["姓名", *MONTHS], ["张伟", *WIDE]], "姓名", Takes.UNIT, "head"),
    (
        "groups over people",
        [["大区", "姓名", *MONTHS], ["华东", "张伟", *WIDE], [None, "王芳", *WIDE]],
        "大区",
        Takes.PARENT,
        "above",
    ),
    (
        "one person in several regions",
        listed(
            ["日期", *DAYS],
            ["地区", "华东", "华南", "华东"],
            ["销售", *["张伟"] * 3],
            ["金额", 1.5, 2.5, 3.0],
        ),
        "地区",
        Takes.REGION,
        "several-groups",
    ),
    ("dates", listed(["x", *DAYS], PEOPLE, ["金额", 1.5, 2.0, 3.0]), "x", Takes.DAY, "dates"),
    (
        "a second column of dates",
        listed(["日期", *DAYS], ["回款日", *DAYS], PEOPLE, ["金额", 1.5, 2.0, 3.0]),
        "回款日",
        None,
        "second-date",
    ),
    (
        "roles row by row",
        [["姓名", "项目", *MONTHS], ["张伟", "目标", *WIDE], [None, "实际", *WIDE]],
        "项目",
        Takes.ROLE,
        "roles",
    ),
    ("names of people", [["", *MONTHS], ["张伟", *WIDE], ["王芳", *WIDE]], "", Takes.UNIT, "names"),
    (
        "names of teams",
        [["", *MONTHS], ["华东区", *WIDE], ["华南区", *WIDE]],
        "",
        Takes.UNIT,
        "groups",
    ),
    (
        "units or products",
        [["", *MONTHS], ["Furniture", *WIDE], ["Technology", *WIDE]],
        "",
        Takes.UNIT,
        "first-texts",
    ),
    (
        "numbers of rows",
        listed(["序号", 1.0, 2.0, 3.0], PEOPLE, ["1月目标", 1.5, 2.5, 3.5]),
        "序号",
        None,
        "number",
    ),
    ("remarks", [["姓名", *MONTHS, "备注"], ["张伟", *WIDE, "新人"]], "备注", None, "nothing"),
    (
        "a rate",
        [["姓名", "1月目标", "1月完成率"], ["张伟", 2.5, 0.5]],
        "1月完成率",
        None,
        "worked-out",
    ),
    (
        "a year's sum",
        [["姓名", *MONTHS, "合计"], ["张伟", *WIDE, 78.0]],
        "合计",
        None,
        "sum-of-months",
    ),
    ("its own head", [["姓名", "1月目标"], ["张伟", 2.5]], "1月目标", Takes.TARGET, "role-head"),
    (
        "the title",
        [["2026年计划"], ["姓名", *MONTHS], ["张伟", *WIDE]],
        "1月",
        Takes.TARGET,
        "role-title",
    ),
    (
        "its rows",
        [["姓名", "项目", *MONTHS], ["张伟", "目标", *WIDE], [None, "实际", *WIDE]],
        "1月",
        Takes.TARGET,
        "role-rows",
    ),
    ("nothing says so", [["姓名", *MONTHS], ["张伟", *WIDE]], "1月", Takes.TARGET, "role-unknown"),
    (
        "an amount of a list",
        listed(["日期", *DAYS], PEOPLE, ["金额", 1.5, 2.0, 3.0]),
        "金额",
        Takes.ACTUAL,
        "listed",
    ),
    (
        "pieces beside an amount",
        listed(["日期", *DAYS], PEOPLE, ["数量", 1.0, 2.0, 4.0], ["金额", 1.5, 2.0, 3.0]),
        "数量",
        Takes.QUANTITY,
        "quantity",
    ),
]
UNSURE = {"several-groups", "first-texts", "role-unknown"}
"""The reasons that are asked about."""


@pytest.mark.parametrize(
    ("rows", "head", "takes", "why"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_column_is_taken_for(
    rows: list[list[Any]], head: str, takes: Takes | None, why: str
) -> None:
    width = max(map(len, rows))
    grid = Grid("Sheet1", [[*row, *[None] * (width - len(row))] for row in rows])
    block = blocks_of(grid)[0]
    table = table_of(block, around(block, "Sheet1", "x.xlsx"))
    column = next(one for one in table.columns if one.head == head)
    assert (column.takes, column.why.code) == (takes, f"adopt-why-{why}")
    assert (column.confidence < SURE) == (why in UNSURE)


NAMED = (
    "adopt-why-head", "adopt-why-above", "adopt-why-several-groups", "adopt-why-dates",
    "adopt-why-second-date", "adopt-why-roles", "adopt-why-names", "adopt-why-groups",
    "adopt-why-first-texts", "adopt-why-number", "adopt-why-nothing", "adopt-why-worked-out",
    "adopt-why-sum-of-months", "adopt-why-role-head", "adopt-why-role-title",
    "adopt-why-role-rows", "adopt-why-role-unknown", "adopt-why-listed", "adopt-why-quantity",
)  # fmt: skip


def test_each_reason_has_its_case() -> None:
    assert set(NAMED) == {f"adopt-why-{case[4]}" for case in CASES}


def test_units_that_another_table_names(tmp_path: Path) -> None:
    sheets = {
        "目标": [["团队", *(f"{m}目标" for m in MONTHS)], ["甲", *WIDE], ["乙", *WIDE]],
        "实际": [["", *(f"{m}实际" for m in MONTHS)], ["甲", *WIDE], ["乙", *WIDE]],
    }
    seen = app.look(write(tmp_path / "a.xlsx", sheets), None, TODAY)
    first = seen.proposal.tables[1]
    assert first.whys[0].code == "adopt-why-known-units" and first.sure


def test_targets_of_another_year_are_left_out(tmp_path: Path) -> None:
    rows = [["Sales targets"], ["Region", 2024, 2025, 2026], ["North", 1, 2, 3], ["South", 4, 5, 6]]
    seen = app.look(write(tmp_path / "a.xlsx", {"Plan": rows}), None, TODAY)
    whys = [one.code for one in seen.proposal.tables[0].whys]
    assert whys[1:] == ["adopt-why-other-year", "adopt-why-other-year", "adopt-why-role-title"]


def test_a_year_that_is_not_its_months_is_named(tmp_path: Path) -> None:
    rows = [["2026年目标"], ["姓名", *MONTHS, "合计"], ["张伟", *WIDE, 78.0], ["王芳", *WIDE, 79.0]]
    seen = app.look(write(tmp_path / "a.xlsx", {"目标": rows}), None, TODAY)
    first = seen.proposal.findings[0]
    assert (first.code, str(first.place)) == ("adopt-sum-differs", "目标!N4")


def test_names_nearly_alike_are_named(tmp_path: Path) -> None:
    rows = listed(
        ["Date", *DAYS], ["Country", "Canada", "Canaada", "Brazil"], ["Revenue", 1.5, 2.0, 3.0]
    )
    seen = app.look(write(tmp_path / "a.xlsx", {"Sales": rows}), None, TODAY)
    found = seen.proposal.findings[0]
    assert found.code == "adopt-names-alike" and found.params["names"] == ("Canada ~ Canaada",)


# -- what reading says


ROWS = [["2026年目标"], ["姓名", *MONTHS], ["张伟", *WIDE], ["王芳", *WIDE]]


@pytest.fixture
def kept(tmp_path: Path) -> Adopted:
    """An adopted workbook of one table."""
    return adopted(write(tmp_path / "a.xlsx", {"目标": ROWS}), report=False)


def changed(kept: Adopted, *changes: tuple[str, str, Any]) -> app.Run:
    """The workbook with cells of its own changed by the planner, checked again."""
    other = kept.path.with_name("b.xlsx")
    patch_workbook(kept.path, other, [CellChange(*one) for one in changes])
    return app.check(other, today=TODAY)


def codes(run: app.Run) -> dict[str, str]:
    return {one.code: str(one.place) for one in run.findings}


def test_what_nobody_sees_in_a_head_or_a_name_changes_nothing(kept: Adopted) -> None:
    """As our own sheets are read: a zero-width blank comes along where a web page is copied."""
    unseen = [
        [f"\u200b{one}\ufeff" if isinstance(one, str) else one for one in row] for row in ROWS
    ]
    again = adopted(write(kept.path.with_name("c.xlsx"), {"目标": unseen}), report=False)
    assert [one.name for one in again.plan.units] == [one.name for one in kept.plan.units]
    assert [row.manual_months for row in again.plan.targets] == [
        row.manual_months for row in kept.plan.targets
    ]


def _unseen(cell: Any) -> Any:
    return f"\u200b{cell}\ufeff" if isinstance(cell, str) else cell


@pytest.mark.parametrize("at", range(len(PEOPLE[0]) + 1))
def test_a_column_of_people_is_known_by_a_head_with_a_zero_width_blank(at: int) -> None:
    head = f"{PEOPLE[0][:at]}\u200b{PEOPLE[0][at:]}"
    grid = Grid(
        "Sheet1", [[head, "部门", *MONTHS], ["张伟", "华东", *WIDE], ["王芳", "华东", *WIDE]]
    )
    block = blocks_of(grid)[0]
    columns = table_of(block, around(block, "Sheet1", "x.xlsx")).columns
    assert [one.takes for one in columns[:2]] == [Takes.UNIT, Takes.PARENT]


def test_a_row_of_the_mapping_that_makes_no_sense(kept: Adopted) -> None:
    run = changed(kept, ("对照", "E3", "目标啊"))
    assert codes(run)["mapping-row"] == "对照!E3"


def test_a_table_that_is_gone(kept: Adopted) -> None:
    run = changed(kept, *[("目标", f"{letter}2", "x") for letter in "ABCDEFGHIJKLM"])
    assert codes(run)["mapping-table-gone"] == "对照!A2"


def test_a_column_that_is_gone_and_one_that_is_new(kept: Adopted) -> None:
    run = changed(kept, ("目标", "C2", "别的"))
    assert codes(run)["mapping-column-gone"] == "对照!D4"
    assert codes(run)["mapping-column-new"] == "目标!C2"


def test_columns_that_moved_are_found_again(kept: Adopted) -> None:
    run = changed(kept, ("目标", "B2", "2月"), ("目标", "C2", "1月"), ("目标", "B3", 100))
    row = next(one for one in run.loaded.plan.targets if one.unit == kept.unit("张伟"))
    assert row.manual_months[:2] == (2, 100) and str(row.origin.place("manual2")) == "目标!B3"


def test_a_sheet_that_was_renamed_is_found_again(kept: Adopted) -> None:
    run = changed(kept, *[("对照", f"A{row}", "旧名") for row in range(2, 15)])
    assert codes(run)["mapping-sheet-renamed"] == "对照!A2"
    assert sum(one.has_manual for one in run.loaded.plan.targets) == 2


def test_our_own_sheets_are_not_taken_for_theirs(kept: Adopted) -> None:
    """目标分解 has the months of their table in its heads, too."""
    assert not {"mapping-table-new", "mapping-column-new"} & set(codes(kept.run))
    run = changed(kept, *[("目标", f"{letter}2", "x") for letter in "ABCDEFGHIJKLM"])
    assert "mapping-sheet-renamed" not in codes(run)


def test_two_rows_of_one_name_are_said_once(kept: Adopted) -> None:
    run = changed(kept, ("目标", "A4", "张伟"))
    said = [one for one in run.findings if one.code == "mapping-name-twice"]
    assert [(one.place.cell, one.params["first"]) for one in said] == [("B4", "B3")]
    assert "mapping-target-twice" not in codes(run)


def test_targets_of_another_year(kept: Adopted) -> None:
    run = changed(kept, ("对照", "F3", "月份=2025-01; 指标=销售额"))
    assert codes(run)["mapping-outside-year"] == "目标!B3"


def test_a_figure_typed_on_our_sheet_counts_before_theirs(kept: Adopted) -> None:
    sheet = next(one for one in kept.run.loaded.tables.values() if one.key == "targets")
    row = next(one for one in kept.run.loaded.plan.targets if one.unit == kept.unit("张伟"))
    number = next(iter(sheet.row_numbers), sheet.first_row) + 1
    cell = f"{sheet.columns['manual1']}{number}"
    run = changed(kept, (sheet.sheet, cell, 55))
    found = next(one for one in run.loaded.plan.targets if one.unit == row.unit)
    assert found.manual_months[0] == 55
    assert codes(run)["mapping-typed-here"] == f"{sheet.sheet}!{cell}"


def test_a_wrong_cell_is_named_where_it_stands(kept: Adopted) -> None:
    run = changed(kept, ("目标", "D3", "abc"))
    assert "目标!D3" in codes(run).values()


def test_targets_finer_than_the_smallest_unit_are_rounded(tmp_path: Path) -> None:
    fine = [100 * 1.05**month for month in range(12)]
    rows = [
        ["2026 targets"],
        ["Rep", *(f"{month}-26" for month in ["Jan", "Feb", "Mar"])],
        ["Ann Lee", *fine[7:10]],
    ]
    found = adopted(write(tmp_path / "a.xlsx", {"Plan": rows}), report=False)
    assert "mapping-rounded" in found.codes()
    assert found.targets() == sum(round(Decimal(repr(one)), 2) for one in fine[7:10])


def test_actuals_of_a_summary_and_its_details_count_once(tmp_path: Path) -> None:
    rows = {"张伟": [10.0, 11.0, 12.0], "王芳": [20.0, 21.0, 22.0]}
    details = [["部门", "姓名", *MONTHS[:3]], *(["华东区", who, *row] for who, row in rows.items())]
    summary = [["部门", *MONTHS[:3]], ["华东区", 30.0, 32.0, 34.0]]
    sheets = {"实际明细": details, "实际汇总": summary}
    found = adopted(write(tmp_path / "2026.xlsx", sheets), report=False)
    assert found.actuals() == 96
    assert [str(one.place) for one in found.findings if one.code == "mapping-actuals-twice"] == [
        "实际汇总!B2"
    ]


def test_a_hidden_sheet_is_asked_about(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = write(tmp_path / "a.xlsx", {"目标": ROWS, "旧目标": ROWS})
    book = load_workbook(path)
    book["旧目标"].sheet_state = "hidden"
    book.save(path)
    first, second = app.look(path, None, TODAY).proposal.tables
    assert first.sure and not second.sure
    assert {one.code for one in second.whys} == {"adopt-why-hidden"}


def test_a_rate_in_percent_is_a_target_of_its_own(tmp_path: Path) -> None:
    rows = [["部门", "毛利率目标(%)", "完成(%)"], ["华东区", 0.3, 0.9], ["华南区", 0.35, 0.8]]
    seen = app.look(write(tmp_path / "2026.xlsx", {"a": rows}), None, TODAY)
    taken = [one.takes for one in seen.proposal.tables[0].entries]
    assert taken == [Takes.UNIT, Takes.TARGET, None]


def test_a_currency_that_nobody_names_is_said(tmp_path: Path) -> None:
    rows = [["2026 targets"], ["Rep", "Jan", "Feb", "Mar"], ["Ann Lee", 1, 2, 3]]
    seen = app.look(write(tmp_path / "a.xlsx", {"Plan": rows}), None, TODAY)
    assert [one.code for one in seen.proposal.findings] == ["adopt-currency-assumed"]


def test_an_open_workbook_reads_as_the_file(kept: Adopted) -> None:
    """The ribbon gives the cells of an open workbook: the same plan, by the same door."""
    source = kept.run.loaded.source
    plan = app.check(kept.path, source=source, today=TODAY).loaded.plan
    assert plan.targets == kept.run.loaded.plan.targets
    assert not app.recalc(kept.path, today=TODAY).changes.edits


def test_adopting_again_keeps_codes_and_what_was_said(kept: Adopted) -> None:
    codes = {one.name: one.code for one in kept.plan.units}
    patch_workbook(
        kept.path,
        kept.path.with_name("b.xlsx"),
        [
            CellChange("目标", "A5", "赵六"),
            CellChange("目标", "B5", 7),
            CellChange("对照", "J4", "忽略"),
        ],
    )
    path = kept.path.with_name("b.xlsx")
    app.adopt(app.look(path, None, TODAY))
    plan = app.check(path, today=TODAY).loaded.plan
    assert {one.name: one.code for one in plan.units} == codes | {"赵六": "P03"}
    months = {one.unit: one.manual_months for one in plan.targets}
    assert months["P03"][0] == 7 and months[codes["张伟"]][1] is None


def test_nothing_to_adopt(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"说明": [["这是一段文字"], ["没有表"]]})
    with pytest.raises(SalesplanError) as caught:
        app.look(path, None, TODAY)
    assert caught.value.finding.code == "adopt-nothing" and caught.value.exit_code == 1
    assert "说明 (2 × 1)" in str(caught.value.finding.params["seen"])


def test_a_mapping_in_a_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"目标": ROWS})
    seen = app.look(path, None, TODAY)
    app.adopt(seen, map_file=tmp_path / "a.toml")
    plan = app.check(path, today=TODAY).loaded.plan
    assert sum(one.has_manual for one in plan.targets) == 2
    (tmp_path / "a.toml").write_text("[[column", "utf-8")
    assert codes(app.check(path, today=TODAY))["mapping-file"] == "对照!A2"
    with pytest.raises(SalesplanError) as caught:
        app.adopt(app.look(path, None, TODAY), map_file=tmp_path.parent / "a.toml")
    assert caught.value.finding.code == "mapping-file-place"


def test_what_a_person_says_holds(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"目标": ROWS})
    seen = app.look(path, {("目标", "B2"): None}, TODAY)
    first = seen.proposal.tables[0]
    assert first.entries[1].takes is None and first.whys[1].code == "adopt-why-said"
