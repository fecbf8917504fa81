"""Strategies judged by what was done and what came of it: SPEC 10's two by two, and what of the situation was taken up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine.attainment import attainments
from salesplan.engine.facts import Facts
from salesplan.engine.results import StrategyResult, TaskResult
from salesplan.engine.strategy import assess_strategies, uptake
from salesplan.plan.model import (
    Framework,
    Kpi,
    KpiKind,
    Month,
    Origin,
    SituationEntry,
    Strategy,
    SwotStrategy,
    Task,
    TaskStatus,
    Uptake,
    Verdict,
)
from tests.unit.plans import calendar, plan_of, target

REV = Kpi(code="K", name="营收", kind=KpiKind.FLOW)
TARGETS = {("K", "C"): target("K", "C", [100] * 12)}
MARCH = date(2026, 3, 31)


def task(code: str, progress: str | None, expected: str | None, status: TaskStatus = TaskStatus.RUNNING, weight: int = 1) -> TaskResult:
    fraction = {name: None if value is None else Decimal(value) for name, value in (("progress", progress), ("expected", expected))}
    return TaskResult(code=code, status=status, index=None, overdue_days=0, notice=None, light=None, weight=Decimal(weight), **fraction)


def assessed(strategy: Strategy, results: list[TaskResult], a: int, b: int) -> StrategyResult:
    """March of a plan of 100 a month, with ``a`` of product A and ``b`` of product B sold."""
    tasks = tuple(Task(code=one.code, content="…", strategy="S") for one in results)
    sold = ({"at": 3, "value": a, "product": "A", "unit": "A"}, {"at": 3, "value": b, "product": "B", "unit": "B"})
    plan = plan_of(REV, *sold, strategies=(strategy,), tasks=tasks)
    facts = Facts.of(plan, MARCH)
    found = attainments(plan, TARGETS, facts, calendar(), Month(2026, 3), MARCH)
    return assess_strategies(plan, {one.code: one for one in results}, found, facts, Month(2026, 3))["S"]


def product_a(share: str | None = "0.6") -> Strategy:
    return Strategy(code="S", dimension="产品", content="A 产品占 60%", kpi="K", product="A", target_share=None if share is None else Decimal(share))


def test_a_product_that_should_carry_60_percent_is_measured_on_its_own_target() -> None:
    """300 planned to date, 180 of it from A: 135 of A in 270 sold is 75 % of its target and a share of 50 %."""
    result = assessed(product_a(), [task("T", "1", "1")], 135, 135)
    assert (result.kpi_rate, result.actual_share) == (Decimal("0.75"), Decimal("0.5"))


@pytest.mark.parametrize(("progress", "sold", "verdict"), [
    ("0.9", 180, Verdict.EFFECTIVE),
    ("0.9", 100, Verdict.INEFFECTIVE),
    ("0.5", 180, Verdict.REACHED_ANYWAY),
    ("0.5", 100, Verdict.NOT_DONE),
    ("0.9", 162, Verdict.EFFECTIVE),
    ("0.9", 161, Verdict.INEFFECTIVE),
])
def test_the_two_by_two(progress: str, sold: int, verdict: Verdict) -> None:
    assert assessed(product_a(), [task("T", progress, "1")], sold, 0).verdict is verdict


def test_what_is_not_due_yet_is_not_asked_for() -> None:
    assert assessed(product_a(), [task("T", "0.2", "0.2")], 180, 0).verdict is Verdict.EFFECTIVE


def test_tasks_count_by_weight_and_only_those_that_run() -> None:
    results = [task("T1", "1", "1", weight=3), task("T2", "0", "1"), task("T3", "0", "1", TaskStatus.CANCELLED), task("T4", "0", "1", TaskStatus.PAUSED)]
    result = assessed(product_a(), results, 180, 0)
    assert (result.task_rate, result.expected) == (Decimal("0.75"), 1)


@pytest.mark.parametrize("results", [[], [task("T", None, "1")], [task("T", "1", "1", TaskStatus.CANCELLED)]])
def test_without_tasks_there_is_no_verdict(results: list[TaskResult]) -> None:
    result = assessed(product_a(), results, 180, 0)
    assert (result.task_rate, result.verdict) == (None, None)


def test_without_a_share_the_whole_kpi_is_asked() -> None:
    result = assessed(product_a(None), [task("T", "1", "1")], 60, 240)
    assert (result.kpi_rate, result.actual_share) == (1, Decimal("0.2"))


def test_a_slice_that_sold_nothing_is_unknown_not_zero() -> None:
    strategy = Strategy(code="S", dimension="产品", content="…", kpi="K", product="Z", target_share=Decimal("0.6"))
    result = assessed(strategy, [task("T", "1", "1")], 100, 100)
    assert (result.kpi_rate, result.actual_share, result.verdict) == (None, None, None)


def test_the_situation_is_taken_up_by_a_strategy_with_a_task() -> None:
    def entry(row: int, strategy: str | None, response: SwotStrategy | None = SwotStrategy.SO) -> SituationEntry:
        return SituationEntry(framework=Framework.SWOT, category="机会", content="…", response=response, strategy=strategy, origin=Origin(row=row))

    plan = plan_of(
        REV,
        strategies=tuple(Strategy(code=code, dimension="客户", content="…") for code in ("S1", "S2", "S3")),
        tasks=(Task(code="T1", content="…", strategy="S1"), Task(code="T2", content="…", strategy="S2", state=TaskStatus.CANCELLED)),
        situation=(entry(1, "S1"), entry(2, "S2"), entry(3, "S3"), entry(4, None), entry(5, "S9"), entry(6, None, None)),
    )
    assert uptake(plan) == {1: Uptake.TAKEN_UP, 2: Uptake.WITHOUT_TASK, 3: Uptake.WITHOUT_TASK, 4: Uptake.NOT_TAKEN_UP, 5: Uptake.NOT_TAKEN_UP}
