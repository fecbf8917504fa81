"""实际产出 of a budget line, only where nobody else can claim it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.money.budget import budget
from salesplan.engine.money.returns import returns
from salesplan.plan.model import (
    AmountUnit,
    BudgetLine,
    Kpi,
    KpiKind,
    Month,
    Plan,
    Settings,
    Spending,
    SpendKind,
    Strategy,
    Task,
)
from tests.unit.plans import plan_of

D = Decimal
REV = Kpi(code="K", name="营收", kind=KpiKind.FLOW, unit="万元")
NEW = Kpi(code="N", name="新客户数", kind=KpiKind.FLOW, unit="个")
MARCH, LAST_DAY = Month(2026, 3), date(2026, 3, 31)
ROWS = (
    {"at": 1, "product": "A", "channel": "直销", "value": 10},
    {"at": 2, "product": "A", "channel": "直销", "value": 20},
    {"at": 3, "product": "A", "channel": "分销", "value": 30},
    {"at": 3, "product": "B", "channel": "直销", "value": 7},
    {"at": 3, "kpi": "N", "value": 3},
)


def plan(
    *lines: tuple[str, dict[str, str], str],
    kpi: str = "K",
    spent: str = "5",
    start: date | None = None,
    unit: str = "万元",
) -> Plan:
    """Lines (code, filters of its strategy, day of its spending), each for a task and a strategy of
    its own.
    """
    tasks = tuple(
        Task(code=f"T{code}", content="", strategy=f"S{code}", kpi=kpi, start=start)
        for code, _, _ in lines
    )
    return plan_of(
        (replace(REV, unit=unit), NEW),
        *ROWS,
        settings=Settings(year=2026, amount_unit=AmountUnit.WAN),
        budget=tuple(
            BudgetLine(code=code, category="获客", task=f"T{code}") for code, _, _ in lines
        ),
        tasks=tasks,
        strategies=tuple(
            Strategy(code=f"S{code}", dimension="", content="", **filters)
            for code, filters, _ in lines
        ),  # type: ignore[arg-type]
        spending=tuple(
            Spending(
                day=date.fromisoformat(day), budget=code, kind=SpendKind.SPENT, amount=D(spent)
            )
            for code, _, day in lines
        ),
    )


def told(one: Plan) -> dict[str, D]:
    return returns(one, Facts.of(one, LAST_DAY), MARCH, LAST_DAY)


A, B, DIRECT = {"product": "A"}, {"product": "B"}, {"channel": "直销"}


def test_the_filtered_part_since_the_spending_began() -> None:
    one = plan(("1", A, "2026-02-10"))
    assert told(one) == {"1": 50}
    assert budget(one, LAST_DAY, told(one))[1]["1"].actual_roi == 10


def test_or_since_the_task_began_if_that_was_earlier() -> None:
    assert told(plan(("1", A, "2026-02-10"), start=date(2026, 1, 5))) == {"1": 60}
    assert told(plan(("1", A, "2026-02-10"), start=date(2025, 11, 3))) == {"1": 60}


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (A, B, {"1": 60, "2": 7}),
        (A, A, {}),
        (A, {}, {}),
        (A, DIRECT, {}),
        (A, {**B, **DIRECT}, {"1": 60, "2": 7}),
    ],
)
def test_what_two_lines_claim_is_neither_ones(
    first: dict[str, str], second: dict[str, str], found: dict[str, int]
) -> None:
    assert told(plan(("1", first, "2026-01-10"), ("2", second, "2026-01-10"))) == found


def test_a_line_that_has_not_spent_claims_nothing() -> None:
    assert told(plan(("1", A, "2026-01-10"), ("2", A, "2026-04-10"))) == {"1": 60}
    assert told(plan(("1", A, "2026-01-10"), spent="0")) == {}


def test_only_money_is_a_return() -> None:
    assert told(plan(("1", {}, "2026-01-10"), kpi="N")) == {}
    assert told(plan(("1", A, "2026-01-10"), unit="元")) == {"1": D("0.006")}
    assert told(plan(("1", A, "2026-01-10"), unit="")) == {}


def test_an_unreadable_filter_claims_all_of_the_kpi() -> None:
    one = plan(("1", A, "2026-01-10"), ("2", B, "2026-01-10"))
    broken = replace(
        one,
        strategies=(one.strategies[0], replace(one.strategies[1], broken=frozenset({"product"}))),
    )
    assert told(broken) == {}


def test_a_line_for_tasks_of_one_kpi_and_filter() -> None:
    one = plan(("1", A, "2026-01-10"))
    line = replace(one.budget[0], task=None)
    tasks = tuple(replace(one.tasks[0], code=code, budget="1") for code in ("X", "Y"))
    assert told(replace(one, budget=(line,), tasks=tasks)) == {"1": 60}
    assert (
        told(replace(one, budget=(line,), tasks=(tasks[0], replace(tasks[1], strategy=None)))) == {}
    )


def test_rows_without_a_product_leave_it_open() -> None:
    one = plan(("1", A, "2026-01-10"))
    more = plan_of(one.kpis, *ROWS, {"at": 2, "value": 1}).actuals
    assert told(replace(one, actuals=more)) == {}
