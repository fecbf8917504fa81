"""Which lessons of 复盘知识库 the month's report shows, and how."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from salesplan.plan.model import IssueRow, Lesson, Month, Origin, Settings, Task
from salesplan.plan.model.lesson_words import holds
from salesplan.report import write_report
from tests.report_fixture import computed, odd_plan
from tests.unit.test_report import cells

SHEET = {"zh": "问题清单", "en": "Issues"}


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026-Q2", [4, 5, 6]),
        ("2026Q2", [4, 5, 6]),
        ("Q2", [4, 5, 6]),
        ("Q2 2026", [4, 5, 6]),
        ("2026年第二季度", [4, 5, 6]),
        ("3季度", [7, 8, 9]),
        ("2025-Q2", []),
        ("2026-06", [6]),
        ("2026年6月", [6]),
        ("６月", [6]),
        ("2026/12", [12]),
        ("2025-06", []),
        ("2026-06-12", [6]),
        ("202606", [6]),
        ("2026 H1", [1, 2, 3, 4, 5, 6]),
        ("下半年", [7, 8, 9, 10, 11, 12]),
        ("2026", [12]),
        ("2026年", [12]),
        ("2025", []),
        ("", []),
        ("展会", []),
        ("2026-13", []),
    ],
)
def test_a_period_as_people_write_it(period: str, months: list[int]) -> None:
    settings = Settings(year=2026)
    assert [month.month for month in settings.months if holds(period, settings, month)] == months


def test_quarters_are_those_of_the_plan_year() -> None:
    settings = Settings(year=2026, fiscal_start=4)
    assert [str(month) for month in settings.months if holds("2026-Q4", settings, month)] == [
        "2027-01",
        "2027-02",
        "2027-03",
    ]
    assert [str(month) for month in settings.months if holds("2027-02", settings, month)] == [
        "2027-02"
    ]


def shown(
    tmp_path: Path, lang: str, *lessons: Lesson, measure: bool = False, tasks: tuple[Task, ...] = ()
) -> list[str]:
    """Every text of the section; with a ``measure`` against the first problem, where it has
    something to say anyway.
    """
    plan = replace(odd_plan(), lessons=lessons, tasks=tasks)
    if measure:
        plan = replace(plan, issues=(IssueRow(code=computed(plan).problems[0].key, remedy="加人"),))
    year = plan.settings.year
    assert plan.settings.month == Month(year, 4)
    write_report(
        plan, computed(plan), (), tmp_path / "report.xlsx", lang=lang, source_name="m.xlsx"
    )
    return [str(value) for value in cells(tmp_path / "report.xlsx")[SHEET[lang]].values()]


@pytest.mark.parametrize(("lang", "heading"), [("zh", "可复用做法"), ("en", "Best practice")])
def test_the_report_shows_the_month_s_lessons_and_no_others(
    tmp_path: Path, lang: str, heading: str
) -> None:
    year = odd_plan().settings.year
    of_now = Lesson(
        period=f"{year}-Q2",
        topic="=展会",
        went_well="线索多",
        to_improve="费用超",
        lesson="先批后做",
        practice="清单",
        tags="展会",
    )
    cells = shown(tmp_path, lang, Lesson(period=f"{year - 1}-Q4", topic="年末冲刺"), of_now)
    assert heading in cells and f"{year}-Q2 · =展会" in cells
    assert {"线索多", "费用超", "先批后做", "清单", "展会"} <= set(cells)
    assert not any("年末冲刺" in cell for cell in cells)


def test_where_there_are_only_others_one_line_says_so_and_without_any_nothing(
    tmp_path: Path,
) -> None:
    others = [
        Lesson(period=f"{odd_plan().settings.year - 1}-Q4", topic="年末冲刺"),
        Lesson(period="", topic="无期间"),
    ]
    with_others, without = (
        shown(tmp_path, "zh", *others, measure=True),
        shown(tmp_path, "zh", measure=True),
    )
    assert "加人" in with_others and "加人" in without
    assert "复盘知识库没有本月的经验; 其他期间有 2 条。" in with_others
    assert not any("年末冲刺" in cell or "可复用做法" in cell for cell in with_others)
    assert not any("复盘知识库" in cell or "复盘经验" in cell for cell in without)


@pytest.mark.parametrize(
    ("lang", "with_lessons", "without"),
    [
        ("zh", "改进方案: 上月措施跟踪, 复盘经验", "改进方案: 上月措施跟踪"),
        (
            "en",
            "Actions: follow-up of last month's, lessons",
            "Actions: follow-up of last month's",
        ),
    ],
)
def test_the_title_names_the_lessons_where_there_are_any(
    tmp_path: Path, lang: str, with_lessons: str, without: str
) -> None:
    lesson = Lesson(period=f"{odd_plan().settings.year}-Q2", topic="展会")
    assert with_lessons in shown(tmp_path, lang, lesson)
    assert without in shown(tmp_path, lang, measure=True)


def test_the_report_shows_what_may_help_now_with_its_cell(tmp_path: Path) -> None:
    """Of an open task and a listed issue; below the measures where no week was reviewed."""
    year = odd_plan().settings.year
    lesson = Lesson(
        period=f"{year - 1}-Q4",
        topic="秋季展会筹备",
        lesson="先批后做",
        origin=Origin(sheet="复盘知识库", row=5, columns={"topic": "B"}),
    )
    task = Task(code="K2", content="秋季展会筹备", due=date(year, 10, 16))
    cells = shown(tmp_path, "zh", lesson, tasks=(task,))
    at = cells.index("可借鉴的经验: 用于当前任务、策略和问题")
    row = cells[at + 5 : at + 9]
    assert row[:2] == [f"{year - 1}-Q4 · 秋季展会筹备", "先批后做"]
    assert "K2" in row[2] and row[3].startswith("复盘知识库!B5")
