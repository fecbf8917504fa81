"""Tables of every shape, adopted as they stand: recalculated, reported on, their sums equal to sums
computed apart, every other byte of the workbook unchanged.
"""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan.plan.adopt.mapping import Takes
from salesplan.plan.model import Level, Month
from tests.foreign_books import Sheet, adopted, write

D = Decimal
MONTHS = [f"{month}月" for month in range(1, 13)]
SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
LANGUAGES = """
一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月
Januar Februar März April Mai Juni Juli August September Oktober November Dezember
janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
янв фев мар апр май июн июл авг сен окт ноя дек
"""
ZH, DE, FR, ES, PL, RU = (line.split() for line in LANGUAGES.split("\n") if line)


def year(base: int) -> list[int]:
    """Twelve figures of one row."""
    return [base + month for month in range(12)]


PEOPLE: dict[str, list[int]] = {"张伟": year(10), "王芳": year(20), "李娜": year(30)}
TOTAL = sum(sum(row) for row in PEOPLE.values())


def test_people_by_months_under_a_title(tmp_path: Path) -> None:
    rows = [
        ["2026年销售目标（单位：万元）"],
        [],
        ["姓名", *MONTHS, "合计"],
        *([name, *row, sum(row)] for name, row in PEOPLE.items()),
        ["合计", *(sum(column) for column in zip(*PEOPLE.values(), strict=True)), TOTAL],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"2026": rows}))
    assert found.seen.proposal.tables[0].sure
    assert found.targets() == TOTAL
    assert found.target("公司") == TOTAL
    assert found.target("王芳", month=3) == 22
    assert found.plan.settings.amount_unit.value == "wan"
    assert "mapping-total-differs" not in found.codes()


@pytest.mark.parametrize(
    ("heads", "name", "role"),
    [
        (SHORT, "Sales rep", "Sales Target 2026"),
        ([f"{month}-26" for month in SHORT], "Sales rep", "Quota"),
        ([date(2026, month, 1) for month in range(1, 13)], "Name", "Targets"),
        ([f"2026-{month:02d}" for month in range(1, 13)], "姓名", "销售目标"),
        ([f"2026年{month}月" for month in range(1, 13)], "姓名", "销售计划"),
        ([f"P{month}" for month in range(1, 13)], "Rep", "Budget 2026"),
        (list(range(1, 13)), "姓名", "2026年目标"),
        (ZH, "姓名", "目标"),
        (
            DE,
            "Mitarbeiter",
            "Umsatzziele 2026 (Ziel)",
        ),
        (
            FR,
            "Commercial",
            "Objectifs 2026",
        ),
        (
            ES,
            "Vendedor",
            "Objetivos de ventas 2026",
        ),
        (
            PL,
            "Handlowiec",
            "Plan sprzedaży 2026",
        ),
        (
            RU,
            "Менеджер",
            "План продаж 2026",
        ),
        ([f"{month}月" for month in range(1, 13)], "担当者", "2026年度 売上目標"),
        ([f"{month}월" for month in range(1, 13)], "담당자", "2026년 매출 목표"),
        ([f"tháng {month}" for month in range(1, 13)], "Name", "Target 2026"),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, list) else None,
)
def test_months_as_people_write_them(
    tmp_path: Path, heads: list[object], name: str, role: str
) -> None:
    rows = [[role], [name, *heads], *([who, *row] for who, row in PEOPLE.items())]
    found = adopted(write(tmp_path / "plan.xlsx", {"Sheet1": rows}), report=False)
    assert found.seen.proposal.tables[0].sure, found.seen.proposal.tables[0].asked
    assert found.targets() == TOTAL
    assert found.target("李娜", month=1) == 30 and found.target("李娜", month=12) == 41


def test_target_actual_and_rate_side_by_side_under_merged_months(tmp_path: Path) -> None:
    top = ["姓名", *(part for month in MONTHS for part in (month, None, None)), "全年", None]
    below = [None, *["目标", "实际", "完成率"] * 12, "目标", "实际"]
    rows = [["2026年业绩表 单位：万元"], top, below]
    for who, row in PEOPLE.items():
        cells = [part for value in row for part in (value, value - 1, (value - 1) / value)]
        rows.append([who, *cells, sum(row), sum(row) - 12])
    merges = ["A2:A3", "B2:D2", "E2:G2", "H2:J2"]
    found = adopted(write(tmp_path / "plan.xlsx", {"业绩": Sheet(rows, merges)}))
    assert found.seen.proposal.tables[0].sure, found.seen.proposal.tables[0].asked
    assert found.targets() == TOTAL
    assert found.actuals() == TOTAL - 36
    assert found.actuals(month=Month(2026, 2)) == sum(row[1] - 1 for row in PEOPLE.values())


def test_target_and_actual_in_one_head_each(tmp_path: Path) -> None:
    heads = ["Name", *(f"{m} {part}" for m in SHORT for part in ("Target", "Actual", "Ach %"))]
    rows = [["Sales performance 2026 (USD)"], heads]
    for who, row in PEOPLE.items():
        rows.append([who, *(part for value in row for part in (value, value + 2, 1.1))])
    found = adopted(write(tmp_path / "plan.xlsx", {"FY": rows}))
    assert found.targets() == TOTAL and found.actuals() == TOTAL + 72
    assert found.plan.settings.currency == "USD"


def test_months_repeated_over_each_kind(tmp_path: Path) -> None:
    """The first head row says what, the second the months, twice over."""
    rows = [
        ["", "销售目标", *[None] * 11, "实际完成", *[None] * 11],
        ["姓名", *MONTHS, *MONTHS],
        *([who, *row, *(value * 2 for value in row)] for who, row in PEOPLE.items()),
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"2026": Sheet(rows, ["B1:M1", "N1:Y1"])}))
    assert found.targets() == TOTAL and found.actuals() == 2 * TOTAL


def test_two_kpis_by_months(tmp_path: Path) -> None:
    rows = [
        ["2026年目标"],
        ["姓名", "指标", *MONTHS],
        *(
            line
            for who, row in PEOPLE.items()
            for line in ([who, "销售额", *row], [None, "新客户数", *(v // 10 for v in row)])
        ),
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}))
    assert found.targets("销售额") == TOTAL
    assert found.targets("新客户数") == sum(v // 10 for row in PEOPLE.values() for v in row)
    assert {one.name for one in found.plan.kpis} == {"销售额", "新客户数"}


def test_target_and_actual_in_rows(tmp_path: Path) -> None:
    rows = [["2026年销售跟踪表"], ["姓名", "项目", *MONTHS]]
    for who, row in PEOPLE.items():
        rows += [
            [who, "目标", *row],
            [None, "实际", *(v - 3 for v in row)],
            [None, "完成率", *((v - 3) / v for v in row)],
        ]
    merges = ["A3:A5", "A6:A8", "A9:A11"]
    found = adopted(write(tmp_path / "plan.xlsx", {"跟踪": Sheet(rows, merges)}))
    assert found.targets() == TOTAL and found.actuals() == TOTAL - 3 * 36


def test_a_long_list_of_actuals_and_a_wide_table_of_targets(tmp_path: Path) -> None:
    deals = [["日期", "销售", "客户", "产品", "金额"]]
    for day, (who, value) in enumerate([("张伟", 5), ("王芳", 7.5), ("张伟", 3.25)], 3):
        deals.append([date(2026, 2, day), who, f"客户{day}", "A", value])
    rows = [["姓名", *(f"{m}目标" for m in MONTHS)]]
    rows += [[who, *row] for who, row in PEOPLE.items()]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows, "成交明细": deals}))
    assert found.targets() == TOTAL
    assert found.actuals() == D("15.75") and found.actuals(month=Month(2026, 2)) == D("15.75")
    assert set(found.plan.actuals.customer) == {"客户3", "客户4", "客户5"}


def test_teams_and_people_in_two_columns_with_subtotals(tmp_path: Path) -> None:
    rows = [
        ["2026年度销售目标"],
        ["部门", "姓名", *MONTHS],
        ["华东区", "张伟", *year(10)],
        [None, "王芳", *year(20)],
        ["华东区小计", None, *(a + b for a, b in zip(year(10), year(20), strict=True))],
        ["华南区", "李娜", *year(30)],
        ["华南区小计", None, *year(30)],
        ["总计", None, *(a + b + c for a, b, c in zip(year(10), year(20), year(30), strict=True))],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}))
    assert found.targets() == TOTAL and found.target("公司") == TOTAL
    assert found.target("华东区") == sum(year(10)) + sum(year(20))
    assert found.parent("王芳") == "华东区" and found.parent("李娜") == "华南区"
    assert "mapping-total-differs" not in found.codes()


def test_a_tree_by_indents_with_sums_over_their_parts(tmp_path: Path) -> None:
    east = [a + b for a, b in zip(year(10), year(20), strict=True)]
    rows = [
        ["Quota 2026"],
        ["Team", *SHORT],
        ["East", *east],
        ["Ann Lee", *year(10)],
        ["Bob Ray", *year(20)],
        ["West", *year(30)],
        ["Cy Dent", *year(30)],
    ]
    sheet = Sheet(rows, bold=[3, 6], indents={4: 1, 5: 1, 7: 1})
    found = adopted(write(tmp_path / "plan.xlsx", {"Quota": sheet}))
    assert found.targets() == TOTAL and found.target("East") == sum(east)
    assert found.parent("Bob Ray") == "East" and found.parent("Cy Dent") == "West"


def test_a_tree_by_leading_blanks(tmp_path: Path) -> None:
    rows = [
        ["2026年目标"],
        ["组织", *MONTHS],
        ["华东大区", *(a + b for a, b in zip(year(10), year(20), strict=True))],
        ["　　张伟", *year(10)],
        ["　　王芳", *year(20)],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}))
    assert found.parent("张伟") == "华东大区" and found.targets() == sum(year(10)) + sum(year(20))


def test_a_tree_by_codes(tmp_path: Path) -> None:
    rows = [
        ["2026年目标"],
        ["编码", "部门", *MONTHS],
        ["01", "华东大区", *(a + b for a, b in zip(year(10), year(20), strict=True))],
        ["0101", "上海分公司", *year(10)],
        ["0102", "杭州分公司", *year(20)],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}))
    assert found.parent("杭州分公司") == "华东大区"
    assert found.unit("上海分公司") == "0101" and found.target("公司") == 360 + 132


def test_a_tree_by_formulas_that_sum(tmp_path: Path) -> None:
    letters = "BCDEFGHIJKLM"
    total = [
        f"=SUM({a}3:{a}4)|{x + y}" for a, x, y in zip(letters, year(10), year(20), strict=True)
    ]
    rows = [
        ["2026年目标"],
        ["部门", *MONTHS],
        ["上海", *year(10)],
        ["杭州", *year(20)],
        ["华东", *total],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}))
    assert found.parent("上海") == "华东" and found.targets() == sum(year(10)) + sum(year(20))


def test_sections_and_blank_rows(tmp_path: Path) -> None:
    rows = [
        ["2026年目标"],
        ["姓名", *MONTHS],
        ["华东团队"],
        ["张伟", *year(10)],
        ["王芳", *year(20)],
        [],
        ["华南团队"],
        ["李娜", *year(30)],
        [],
        ["备注：以上为含税金额"],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": Sheet(rows, bold=[3, 7])}))
    assert found.targets() == TOTAL
    assert found.parent("张伟") == "华东团队" and found.parent("李娜") == "华南团队"
    assert {one.name for one in found.plan.units} == {"公司", "华东团队", "华南团队", *PEOPLE}


def test_a_sheet_a_month(tmp_path: Path) -> None:
    sheets = {
        f"{month}月": [
            ["姓名", "目标", "实际", "完成率"],
            *([who, row[month - 1], row[month - 1] - 1, 0.9] for who, row in PEOPLE.items()),
        ]
        for month in range(1, 13)
    }
    found = adopted(write(tmp_path / "2026年.xlsx", sheets))
    assert found.targets() == TOTAL and found.actuals() == TOTAL - 36
    assert found.target("张伟", month=5) == 14


def test_a_sheet_a_team(tmp_path: Path) -> None:
    sheets = {
        "华东": [["2026年目标"], ["姓名", *MONTHS], ["张伟", *year(10)], ["王芳", *year(20)]],
        "华南": [["2026年目标"], ["姓名", *MONTHS], ["李娜", *year(30)]],
    }
    found = adopted(write(tmp_path / "plan.xlsx", sheets))
    assert found.targets() == TOTAL
    assert found.parent("王芳") == "华东" and found.parent("李娜") == "华南"


def test_a_sheet_a_year(tmp_path: Path) -> None:
    """Actuals of an earlier year are history; its targets are none of the plan's."""
    sheets = {
        "2025": [
            ["Rep", *(f"{m} {part}" for m in SHORT for part in ("Target", "Actual"))],
            *([who, *(x for v in row for x in (v, v + 1))] for who, row in PEOPLE.items()),
        ],
        "2026": [
            ["Rep", *(f"{m} {part}" for m in SHORT for part in ("Target", "Actual"))],
            *([who, *(x for v in row for x in (2 * v, None))] for who, row in PEOPLE.items()),
        ],
    }
    found = adopted(write(tmp_path / "plan.xlsx", sheets))
    assert found.plan.settings.year == 2026
    assert found.targets() == 2 * TOTAL and found.actuals() == TOTAL + 36
    assert set(found.plan.actuals.month) == {Month(2025, month) for month in range(1, 13)}


def test_a_year_that_begins_in_april(tmp_path: Path) -> None:
    heads = [f"{m}-26" for m in SHORT[3:]] + [f"{m}-27" for m in SHORT[:3]]
    rows = [["Target FY26"], ["Name", *heads], *([who, *row] for who, row in PEOPLE.items())]
    found = adopted(write(tmp_path / "plan.xlsx", {"Plan": rows}))
    assert found.plan.settings.fiscal_start == 4 and found.plan.settings.year == 2026
    assert found.targets() == TOTAL and found.target("李娜", month=4) == 30


def test_quarters(tmp_path: Path) -> None:
    rows = [
        ["2026 Target"],
        ["Name", "Q1", "Q2", "Q3", "Q4", "Total"],
        ["Ann Lee", 10, 20, 30, 40, 100],
        ["Bob Ray", 1, 2, 3, 4, 10],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"Plan": rows}))
    assert found.target("Ann Lee") == 100 and found.target("Company") == 110


def test_quarters_between_their_months_are_left_out(tmp_path: Path) -> None:
    heads, cells = ["姓名"], {who: [who] for who in PEOPLE}
    for at in range(12):
        heads.append(MONTHS[at])
        for who, row in PEOPLE.items():
            cells[who].append(row[at])
        if at % 3 == 2:
            heads.append(f"Q{at // 3 + 1}")
            for who, row in PEOPLE.items():
                cells[who].append(sum(row[at - 2 : at + 1]))
    rows = [["2026年目标"], heads, *cells.values()]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}))
    assert found.targets() == TOTAL


def test_months_down_and_people_across(tmp_path: Path) -> None:
    rows = [["2026年销售目标"], ["月份", *PEOPLE]]
    rows += [[month, *values] for month, *values in zip(MONTHS, *PEOPLE.values(), strict=True)]
    rows.append(["合计", *(sum(row) for row in PEOPLE.values())])
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}))
    assert found.targets() == TOTAL and found.target("王芳", month=3) == 22


def test_yearly_targets_alone(tmp_path: Path) -> None:
    rows = [
        ["序号", "大区", "姓名", "2026年目标(万元)", "备注"],
        [1, "华东", "张伟", 120, None],
        [2, "华东", "王芳", 240, "新人"],
        [3, "华南", "李娜", 360, None],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"任务": rows}))
    assert found.target("公司") == 720 and found.target("华东") == 360


def test_products_down_and_months_across(tmp_path: Path) -> None:
    rows = [["2026年销售目标(万元)"], ["产品", *MONTHS], ["A产品", *year(10)], ["B产品", *year(20)]]
    found = adopted(write(tmp_path / "plan.xlsx", {"产品目标": rows}))
    assert found.target("公司") == sum(year(10)) + sum(year(20))
    assert {one.product for one in found.plan.product_targets} == {"A产品", "B产品"}


def test_two_tables_on_one_sheet(tmp_path: Path) -> None:
    rows = [
        ["2026年销售目标"],
        ["姓名", *MONTHS],
        *([who, *row] for who, row in PEOPLE.items()),
        [],
        ["2026年实际销售"],
        ["姓名", *MONTHS[:3]],
        *([who, *row[:3]] for who, row in PEOPLE.items()),
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"汇总": rows}))
    assert found.targets() == TOTAL
    assert found.actuals() == sum(sum(row[:3]) for row in PEOPLE.values())


def test_two_tables_side_by_side(tmp_path: Path) -> None:
    rows = [
        ["姓名", *(f"{m}目标" for m in MONTHS[:3]), None, "姓名", *(f"{m}实际" for m in MONTHS[:3])]
    ]
    rows += [[who, *row[:3], None, who, *row[3:6]] for who, row in PEOPLE.items()]
    found = adopted(write(tmp_path / "2026.xlsx", {"汇总": rows}))
    assert found.targets() == sum(sum(row[:3]) for row in PEOPLE.values())
    assert found.actuals() == sum(sum(row[3:6]) for row in PEOPLE.values())


def test_thousands_of_dollars(tmp_path: Path) -> None:
    rows = [
        ["Figures in USD k"],
        ["Sales targets 2026"],
        ["Rep", *SHORT],
        *([who, *row] for who, row in PEOPLE.items()),
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"Targets": rows}))
    assert found.plan.settings.currency == "USD" and found.targets() == 1000 * TOTAL


def test_a_long_list_of_targets(tmp_path: Path) -> None:
    rows = [["Month", "Region", "Target"]]
    for at, month in enumerate(SHORT):
        for name, base in (("North", 10), ("South", 20)):
            rows.append([f"{month}-26", name, base + at])
    found = adopted(write(tmp_path / "plan.xlsx", {"Sales Target": rows}))
    assert found.targets() == sum(year(10)) + sum(year(20))
    assert found.target("South", month=12) == 31
    levels = {one.name: one.level for one in found.plan.units}
    assert levels["North"] is Level.TEAM


def test_a_total_that_is_wrong_is_named(tmp_path: Path) -> None:
    rows = [
        ["2026年目标"],
        ["姓名", *MONTHS],
        *([who, *row] for who, row in PEOPLE.items()),
        ["合计", 61, *(sum(column) for column in list(zip(*PEOPLE.values(), strict=True))[1:])],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}))
    wrong = [one for one in found.findings if one.code == "mapping-total-differs"]
    assert [str(one.place) for one in wrong] == ["目标!B6"]
    assert wrong[0].params["due"] == 60 and found.targets() == TOTAL


def test_what_could_be_two_things_is_asked(tmp_path: Path) -> None:
    """Nothing says target or actual: the table is asked about, by its months together."""
    rows = [["姓名", *MONTHS], *([who, *row] for who, row in PEOPLE.items())]
    path = write(tmp_path / "book.xlsx", {"Sheet1": rows})
    seen = adopted(write(tmp_path / "other.xlsx", {"Sheet1": rows}), report=False).seen
    assert not seen.proposal.tables[0].sure
    assert {one.takes for one in seen.proposal.tables[0].asked} == {Takes.TARGET}
    cells = {one.cell for one in seen.proposal.tables[0].asked}
    answers = {("Sheet1", cell): Takes.ACTUAL for cell in cells}
    found = adopted(path, answers)
    assert found.actuals() == TOTAL and found.targets() == 0


def test_the_same_name_in_two_teams(tmp_path: Path) -> None:
    rows = [
        ["2026年目标"],
        ["部门", "姓名", *MONTHS],
        ["华东", "张伟", *year(10)],
        ["华东", "王芳", *year(20)],
        ["华南", "张伟", *year(30)],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}))
    years = {
        one.unit: sum(filter(None, one.manual_months))
        for one in found.plan.targets
        if one.has_manual
    }
    assert sorted(years.values()) == [186, 306, 426]


def test_numbers_typed_as_texts_are_named_at_their_cell(tmp_path: Path) -> None:
    rows = [
        ["2026年目标（万元）"],
        ["姓名", *MONTHS],
        ["张伟", "十二", *year(10)[1:]],
        ["王芳", "-", *year(20)[1:]],
    ]
    rows[2][2] = "12万"
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}), report=False)
    assert any(str(one.place) == "目标!C3" for one in found.findings)


def test_a_table_for_each_person_one_under_another(tmp_path: Path) -> None:
    rows: list[list[object]] = []
    for who, row in PEOPLE.items():
        rows += [[who], ["月份", "目标", "实际"]]
        rows += [[month, value, value - 1] for month, value in zip(MONTHS, row, strict=True)]
        rows.append([])
    found = adopted(write(tmp_path / "2026.xlsx", {"个人": rows}))
    assert found.targets() == TOTAL and found.actuals() == TOTAL - 36
    assert found.target("李娜", month=2) == 31


def test_kpis_with_units_of_their_own_in_rows(tmp_path: Path) -> None:
    rows = [
        ["2026年目标"],
        ["指标", "单位", *MONTHS],
        ["营业收入", "万元", *year(10)],
        ["毛利率", "%", *[0.3] * 12],
        ["新客户数", "个", *year(1)],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": rows}))
    assert {one.name: one.unit for one in found.plan.kpis} == {
        "营业收入": "万元",
        "毛利率": "%",
        "新客户数": "个",
    }
    assert found.target("公司", "营业收入") == sum(year(10))


def test_amounts_in_two_units(tmp_path: Path) -> None:
    targets = [["2026年目标（单位：万元）"], ["姓名", *MONTHS], ["张伟", *year(10)]]
    deals = [
        ["日期", "姓名", "金额(元)"],
        [date(2026, 1, 5), "张伟", 150_000],
        [date(2026, 1, 6), "张伟", 25_000],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"目标": targets, "流水": deals}))
    assert found.actuals() == D("17.5") and found.targets() == sum(year(10))


def test_grouped_rows_over_their_sum(tmp_path: Path) -> None:
    east = [a + b for a, b in zip(year(10), year(20), strict=True)]
    rows = [
        ["Targets 2026"],
        ["Name", *SHORT],
        ["Ann Lee", *year(10)],
        ["Bob Ray", *year(20)],
        ["East", *east],
    ]
    found = adopted(write(tmp_path / "plan.xlsx", {"Plan": Sheet(rows, levels={3: 1, 4: 1})}))
    assert found.parent("Bob Ray") == "East" and found.targets() == sum(east)


FOREIGN = Path(__file__).parents[3] / "shared" / "data" / "foreign"
REAL = {
    "targets_packt.xlsx": ("targets", D("851566.30")),
    "budget_packt.xlsx": ("targets", D(714_000)),
    "target_priyanka.xlsx": ("targets", D("2198751.12")),
    "fazizov.xlsx": ("actuals", D("6647984.28")),
}
"""Public workbooks, with the sums of what they hold for their last fiscal year."""


@pytest.mark.parametrize("name", REAL)
def test_a_real_workbook(tmp_path: Path, name: str) -> None:
    if not (FOREIGN / name).exists():
        pytest.skip(f"{name} is not on this machine")
    path = tmp_path / name
    path.write_bytes((FOREIGN / name).read_bytes())
    found = adopted(path)
    kind, total = REAL[name]
    if kind == "actuals":
        assert found.actuals() == total
    else:
        assert sum(found.target("Company", month=month) or 0 for month in range(1, 13)) == total


def test_a_protected_workbook(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    rows = [["2026年目标"], ["姓名", *MONTHS], *([who, *row] for who, row in PEOPLE.items())]
    path = write(tmp_path / "plan.xlsx", {"目标": rows})
    book = load_workbook(path)
    book.active.protection.sheet = True
    book.active.protection.password = "x"
    book.save(path)
    assert adopted(path, report=False).targets() == TOTAL


def test_a_workbook_with_macros_keeps_them(tmp_path: Path) -> None:
    rows = [["2026年目标"], ["姓名", *MONTHS], *([who, *row] for who, row in PEOPLE.items())]
    plain = write(tmp_path / "plan.xlsx", {"目标": rows})
    path = tmp_path / "plan.xlsm"
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(path, "w") as made:
        for name in given.namelist():
            made.writestr(name, _with_macros(name, given.read(name)))
        made.writestr("xl/vbaProject.bin", b"macros")
    found = adopted(path, report=False)
    assert found.targets() == TOTAL
    with zipfile.ZipFile(path) as package:
        assert package.read("xl/vbaProject.bin") == b"macros"


def _with_macros(name: str, part: bytes) -> bytes:
    """A part of a plain workbook as one with macros has it."""
    if name == "[Content_Types].xml":
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        part = part.replace(kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
        kind = b"application/vnd.ms-office.vbaProject"
        more = b'<Override PartName="/xl/vbaProject.bin" ContentType="%s"/>' % kind
        return part.replace(b"</Types>", more + b"</Types>")
    if name == "xl/_rels/workbook.xml.rels":
        kind = b"http://schemas.microsoft.com/office/2006/relationships/vbaProject"
        more = b'<Relationship Id="rIdV" Type="%s" Target="vbaProject.bin"/>' % kind
        return part.replace(b"</Relationships>", more + b"</Relationships>")
    return part
