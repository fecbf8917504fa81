"""Problems of the report month: which, since when, how they are told apart, and their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from salesplan import messages
from salesplan.engine.actuals.attainment import attainments
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Clock
from salesplan.engine.actuals.reach import reaches
from salesplan.engine.money.budget import BudgetResult
from salesplan.engine.work.problems import Problem, ProblemInputs, ProblemKind, problems
from salesplan.engine.work.task_summary import TaskResult
from salesplan.messages.execution import MESSAGES
from salesplan.plan.model import (
    BudgetStatus,
    IssueRow,
    IssueStatus,
    Kpi,
    KpiKind,
    Light,
    Month,
    Plan,
    Settings,
    Spending,
    SpendKind,
    Task,
    TaskStatus,
)
from tests.unit.plans import Row, calendar, month, plan_of, target

D = Decimal
FLOW = Kpi(code="K", name="营收", kind=KpiKind.FLOW)
JUNE_END = date(2026, 6, 30)
EVEN = [100] * 12


def find(
    plan: Plan,
    *units: str,
    as_of: date = JUNE_END,
    tasks: dict[str, TaskResult] | None = None,
    budget: dict[str, BudgetResult] | None = None,
    goals: Sequence[object] | Mapping[str, Sequence[object]] = EVEN,
    coverage: Decimal | None = None,
) -> tuple[Problem, ...]:
    """The problems of a plan whose ``units`` have targets: all the same twelve months, or by
    unit; ``coverage`` is what their coefficients add up to.
    """
    report = Month.of(as_of)
    by_unit = goals if isinstance(goals, Mapping) else dict.fromkeys(units, goals)
    targets = {
        (kpi.code, unit): replace(target(kpi.code, unit, by_unit[unit]), coverage=coverage)
        for kpi in plan.kpis
        for unit in units
    }
    facts = Facts.of(plan, as_of)
    stated = problems(
        ProblemInputs(
            plan=plan,
            month=report,
            as_of=as_of,
            targets=targets,
            facts=facts,
            attainments=attainments(plan, targets, facts, calendar(), report, as_of),
            reach=reaches(
                plan, facts, calendar(), Clock.of(plan.settings.months, calendar(), report, as_of)
            ),
            tasks=tasks or {},
            budget=budget or {},
        )
    )
    return (*stated.found, *stated.minor)


def monthly(*values: int | None) -> list[Row]:
    return [{"at": m, "value": value} for m, value in enumerate(values, 1)]


def issue(code: str, first: Month | None, **more: object) -> IssueRow:
    return IssueRow(code=code, first_month=first, **more)  # type: ignore[arg-type]


class TestRedKpis:
    def test_first_month_and_duration_come_from_the_data(self) -> None:
        (one,) = find(plan_of(FLOW, *monthly(50, 95, 80, 70, 60, 85)), "A")
        assert (one.key, one.subject, one.kind, one.light) == (
            "KPI:K:A",
            "K/A",
            ProblemKind.RED_KPI,
            Light.RED,
        )
        assert (one.value, one.first_month, one.months) == (D("0.85"), month(3), 4)
        assert (
            messages.text(one.symptom, "zh")
            == "安娜的营收: 目标 100, 实绩 85, 完成率 85%, 亮红灯。"
        )
        assert "85 against a target of 100 (85%)" in messages.text(one.symptom, "en")

    def test_red_and_outside_the_range_is_one_problem(self) -> None:
        assert [one.key for one in find(plan_of(FLOW, *monthly(1, 1, 1, 1, 1, 1)), "A")] == [
            "KPI:K:A"
        ]

    def test_a_month_not_reported_ends_what_the_data_can_say(self) -> None:
        (one,) = find(plan_of(FLOW, *monthly(50, 50, 50, None, 50, 50)), "A")
        assert (one.first_month, one.months) == (month(5), 2)

    def test_a_stored_first_month_wins_where_nothing_disproves_it(self) -> None:
        rows = monthly(50, 50, 50, None, 50, 50)
        for first in (month(2), Month(2025, 11)):
            (one,) = find(plan_of(FLOW, *rows, issues=(issue("KPI:K:A", first),)), "A")
            assert one.first_month == first
        (one,) = find(plan_of(FLOW, *rows, issues=(issue("KPI:K:A", Month(2025, 11)),)), "A")
        assert one.months == 8

    def test_a_stored_first_month_loses_to_a_good_month_between_or_a_closed_issue(self) -> None:
        rows = monthly(50, 100, 50, None, 50, 50)
        (one,) = find(plan_of(FLOW, *rows, issues=(issue("KPI:K:A", month(1)),)), "A")
        assert one.first_month == month(5)
        (one,) = find(
            plan_of(FLOW, *rows, issues=(issue("KPI:K:A", month(3), status=IssueStatus.CLOSED),)),
            "A",
        )
        assert one.first_month == month(5)

    def test_units_without_a_target_have_no_problem(self) -> None:
        assert find(plan_of(FLOW, *monthly(1, 1, 1, 1, 1, 1))) == ()
        assert find(plan_of(FLOW, *monthly(1, 1, 1, 1, 1, 1)), "A", goals=[None] * 12) == ()

    def test_a_missed_target_of_zero(self) -> None:
        (one,) = find(plan_of(FLOW, {"at": 6, "value": -5}), "A", goals=[0] * 12)
        assert (one.value, one.symptom.code) == (None, "problem-missed-kpi")

    def test_a_running_month_is_judged_by_what_is_expected_to_date(self) -> None:
        plan = plan_of(FLOW, *monthly(100, 100, 10, 20), {"at": date(2026, 5, 20), "value": 1})
        (one,) = find(plan, "A", as_of=date(2026, 5, 20))
        assert (one.symptom.code, one.first_month, one.months) == (
            "problem-behind-kpi",
            month(3),
            3,
        )
        assert (
            find(
                plan_of(FLOW, *monthly(100, 100, 100, 100), {"at": date(2026, 5, 15), "value": 1}),
                "A",
                as_of=date(2026, 5, 15),
            )
            == ()
        )


class TestUnexplained:
    def test_outside_the_range_without_a_cause(self) -> None:
        (one,) = find(plan_of(FLOW, *monthly(100, 100, 100, 100, 120, 115)), "A")
        assert (one.key, one.light, one.value, one.first_month, one.months) == (
            "GAP:K:A",
            Light.AMBER,
            D("1.15"),
            month(5),
            2,
        )
        assert "90% 至 110%" in messages.text(one.symptom, "zh")

    def test_a_written_cause_explains_it(self) -> None:
        assert (
            find(
                plan_of(
                    FLOW,
                    *monthly(1, 1, 1, 1, 1, 115),
                    issues=(issue("GAP:K:A", month(6), cause="大客户提前下单"),),
                ),
                "A",
            )
            == ()
        )
        assert (
            len(
                find(
                    plan_of(
                        FLOW,
                        *monthly(1, 1, 1, 1, 1, 115),
                        issues=(issue("GAP:K:A", month(6), cause=" "),),
                    ),
                    "A",
                )
            )
            == 1
        )

    def test_the_bounds_themselves_are_inside(self) -> None:
        assert find(plan_of(FLOW, *monthly(1, 1, 1, 1, 1, 110)), "A") == ()
        settings = Settings(year=2026, explain_high=D("1.5"), amber=D("0.5"), explain_low=D("0.5"))
        assert find(plan_of(FLOW, *monthly(1, 1, 1, 1, 1, 50), settings=settings), "A") == ()


def task(code: str, status: TaskStatus, days: int = 0) -> TaskResult:
    return TaskResult(code, status, None, None, None, days, None, Light.RED)


class TestTasksAndBudget:
    def test_a_task_is_late_since_the_day_after_it_was_due(self) -> None:
        tasks = (
            Task(code="T1", content="客户清单", due=date(2026, 3, 15), owner="A"),
            Task(code="T2", content="培训", due=date(2026, 4, 30)),
            Task(code="T3", content="展会", due=date(2026, 6, 30)),
        )
        results = {
            "T2": task("T2", TaskStatus.OVERDUE, 40),
            "T1": task("T1", TaskStatus.OVERDUE, 71),
            "T3": task("T3", TaskStatus.RUNNING),
        }
        first, second = find(plan_of(FLOW, tasks=tasks), tasks=results)
        assert (first.key, first.subject, first.value, first.first_month, first.months) == (
            "TASK:T1",
            "T1",
            71,
            month(3),
            4,
        )
        assert (second.first_month, second.months) == (month(5), 2)
        assert "安娜" in messages.text(first.symptom, "zh") and "2026-03-15" in messages.text(
            first.symptom, "en"
        )

    def test_a_line_is_overspent_since_its_use_passed_the_grant(self) -> None:
        def spend(day: date, amount: int) -> Spending:
            return Spending(day=day, budget="B1", kind=SpendKind.SPENT, amount=D(amount))

        spending = (
            spend(date(2026, 5, 2), 30),
            spend(date(2026, 1, 2), 110),
            spend(date(2026, 2, 2), -20),
            spend(date(2026, 7, 2), -200),
        )
        line = BudgetResult(
            "B1",
            None,
            D(100),
            None,
            D(0),
            D(120),
            D(-20),
            D("1.2"),
            None,
            None,
            BudgetStatus.OVERSPENT,
        )
        fine = replace(line, code="B2", status=BudgetStatus.WARNING)
        (one,) = find(plan_of(FLOW, spending=spending), budget={"B1": line, "B2": fine})
        assert (one.key, one.value, one.first_month, one.months, one.light) == (
            "BUDGET:B1",
            20,
            month(5),
            2,
            Light.RED,
        )
        assert "超支 20" in messages.text(one.symptom, "zh")


def test_worst_first() -> None:
    plan = plan_of(
        [FLOW, Kpi(code="G", name="新客户", kind=KpiKind.FLOW)],
        *(
            {"at": 6, "unit": unit, "value": value}
            for unit, value in (("A", 10), ("B", 5), ("E2", 40))
        ),
        {"at": 6, "kpi": "G", "unit": "B", "value": 130},
        tasks=(Task(code="T1", content="", due=date(2026, 3, 15)),),
    )
    found = find(plan, "C", "A", "B", tasks={"T1": task("T1", TaskStatus.OVERDUE, 71)})
    assert [one.key for one in found] == [
        "KPI:G:A",
        "KPI:K:C",
        "TASK:T1",
        "GAP:G:C",
    ]


def test_every_message_of_the_area_has_its_sentences_and_fix() -> None:
    for message in MESSAGES.values():
        assert all((message.zh, message.en, message.fix_zh, message.fix_en))
