"""Lists of the report that are cut say how many are left out, and with which figures; counts are
the run's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan.findings import Finding, Place
from salesplan.plan.model import (
    BudgetLine,
    DailyEntry,
    Kpi,
    KpiKind,
    Level,
    Plan,
    Settings,
    Share,
    Spending,
    SpendKind,
    Strategy,
    Task,
    Unit,
)
from salesplan.report import write_report
from salesplan.report.sections import checks
from salesplan.report.texts.words import Words
from tests.programs import compare
from tests.report_fixture import actuals, computed
from tests.unit.test_report import cells

D = Decimal
PEOPLE = 20
UNITS = (
    Unit(code="HQ", name="公司", level=Level.COMPANY),
    *(
        Unit(code=f"P{n:02}", name=f"人{n:02}", level=Level.PERSON, parent="HQ")
        for n in range(PEOPLE)
    ),
)
KPIS = tuple(
    Kpi(code=f"K{n}", name=f"指标{n}", kind=KpiKind.FLOW, target=D(1200), weight=D("0.05"))
    for n in range(14)
)
TASKS = tuple(
    Task(
        code=f"T{n:02}",
        content=f"任务{n}",
        owner=f"P{n % PEOPLE:02}",
        strategy=f"S{n % 9}",
        start=date(2026, 1, 5),
        due=date(2026, 2, 27),
        progress=D(n % 3) / 2,
    )
    for n in range(3 * PEOPLE)
)


def written(
    plan: Plan, path: Path, findings: tuple[Finding, ...] = ()
) -> Mapping[str, Mapping[str, object]]:
    write_report(plan, computed(plan), findings, path, lang="zh", source_name="m.xlsx")
    return cells(path)


def plan(**more: object) -> Plan:
    given: dict[str, object] = {
        "settings": Settings(year=2026),
        "units": UNITS,
        "kpis": KPIS,
        "tasks": TASKS,
        "strategies": tuple(
            Strategy(code=f"S{n}", dimension="产品", content=f"策略{n}") for n in range(9)
        ),
        "actuals": actuals(
            [
                {
                    "day": date(2026, 1, 20),
                    "unit": f"P{n:02}",
                    "kpi": kpi.code,
                    "value": n,
                    "product": "A",
                }
                for n in range(PEOPLE)
                for kpi in KPIS
            ]
        ),
    }
    return Plan(**given | more)  # type: ignore[arg-type]


@pytest.mark.libreoffice
def test_the_owners_of_a_long_list_add_up_to_all_tasks(tmp_path: Path) -> None:
    """Twenty owners of three tasks each: fourteen by name, six together; every row counts what the
    list holds.
    """
    page = written(plan(), tmp_path / "r.xlsx")["行动计划执行"]
    rows = {
        str(value): int(cell[1:])
        for cell, value in page.items()
        if cell[0] == "B" and cell[1:].isdigit()
    }
    others = rows["…"]
    assert page[f"C{others}"] == "其余 6 个" and page[f"E{others}"] == 18
    owners = [page[f"E{rows[f'P{n:02}']}"] for n in range(PEOPLE) if f"P{n:02}" in rows]
    assert len(owners) == 14 and sum(map(int, owners)) + 18 == 3 * PEOPLE  # type: ignore[call-overload]
    assert compare(tmp_path / "r.xlsx").mismatches == ()


def test_what_is_left_out_is_named(tmp_path: Path) -> None:
    daily = tuple(
        DailyEntry(day=date(2026, 6, 1 + n % 20), person="P01", support=f"需要{n}")
        for n in range(25)
    )
    sheets = written(plan(daily=daily), tmp_path / "r.xlsx")
    said = {name: [v for v in page.values() if isinstance(v, str)] for name, page in sheets.items()}
    assert any("其余" in one and "主计划“日跟进”" in one for one in said["周复盘"])
    assert "另有 7 个指标, 见“目标完成”。" in said["目标完成"]
    assert any(
        one.startswith("其余 12 个: 指标2 实绩 190、指标3 实绩 190")
        for one in said["产品区域客户渠道"]
    )
    assert any(one.startswith("其余 10 个: 指标4 差额 -391、") for one in said["差异分析"])


@pytest.mark.libreoffice
def test_the_units_of_a_variance_that_are_not_listed_stand_in_one_row(tmp_path: Path) -> None:
    """Twenty people of 29 or 30 to date each, 0 … 19 reached: ten by name, ten together; both make
    the company's 581 and 190.
    """
    page = written(plan(), tmp_path / "r.xlsx")["差异分析"]
    others = next(
        int(cell[1:])
        for cell, value in page.items()
        if cell[0] == "B" and cell[1:].isdigit() and value == "其余 10 个"
    )
    listed = range(others - 10, others)
    sums = [
        sum(float(page[f"{column}{row}"]) for row in (*listed, others))  # type: ignore[arg-type]
        for column in "DEF"
    ]
    assert sums == [581, 190, -391]
    assert [page[f"{column}{others + 1}"] for column in "BDEF"] == ["公司", 581, 190, -391]
    assert compare(tmp_path / "r.xlsx").mismatches == ()


def test_the_counts_of_findings_are_the_run_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "MOST", 5)
    found = [
        *(
            Finding.of("task-without-owner", Place("m.xlsx", "行动计划", f"D{n}"), task="T")
            for n in range(7)
        ),
        *(Finding.of("mail-left", Place("m.xlsx", "组织", f"F{n}"), unit="甲") for n in range(4)),
    ]
    path = tmp_path / "r.xlsx"
    sheets = written(replace(plan(), tasks=()), path, tuple(found))
    said = Words("zh")("sentence_checks", errors="0", warnings="7", notes="4")
    assert said in sheets["关于本报告"].values()
    assert any(
        "其余 6 条没有列出: 警告 2, 提示 4" in str(one) for one in sheets["关于本报告"].values()
    )


@pytest.mark.libreoffice
def test_the_budget_by_region_says_what_is_committed_spent_and_left(tmp_path: Path) -> None:
    """Key regions: 40 approved of a cap of 60, 10 committed and 20 spent, 10 left; the others
    nothing yet.
    """
    shares = (Share(name="获客", share=D("0.9")), Share(name="储备", share=D("0.1"), reserve=True))
    regions = (Share(name="重点区域", share=D("0.6")), Share(name="其他区域", share=D("0.4")))
    lines = (
        BudgetLine(code="B1", category="获客", region="重点区域", requested=D(40)),
        BudgetLine(code="B2", category="获客", region="其他区域", requested=D(20)),
    )
    spending = (
        Spending(day=date(2026, 1, 9), budget="B1", kind=SpendKind.COMMITTED, amount=D(10)),
        Spending(day=date(2026, 1, 9), budget="B1", kind=SpendKind.SPENT, amount=D(20)),
    )
    one = plan(
        settings=Settings(year=2026, budget_total=D(100), reserve_share=D("0.1")),
        tasks=(),
        category_shares=shares,
        region_shares=regions,
        budget=lines,
        spending=spending,
    )
    page = written(one, tmp_path / "r.xlsx")["预算执行"]
    head = next(int(cell[1:]) for cell, value in page.items() if value == "按区域(元)")
    assert [page[f"{c}{head + 1}"] for c in "BCDEFGH"] == [
        "区域",
        "上限",
        "申请",
        "已批准",
        "已占用",
        "已支出",
        "可用余额",
    ]
    assert [page[f"{c}{head + 2}"] for c in "BCDEFGHI"] == [
        "重点区域",
        60,
        40,
        40,
        10,
        20,
        10,
        0.75,
    ]
    assert [page[f"{c}{head + 3}"] for c in "BCDEFGHI"] == ["其他区域", 40, 20, 20, 0, 0, 20, 0]
    assert compare(tmp_path / "r.xlsx").mismatches == ()
