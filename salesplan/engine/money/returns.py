"""实际产出: what a budget line brought, where that can be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.linked_kpis import (
    FIELDS,
    Filters,
    company,
    filters_of,
    money_scale,
    part_of,
    payers,
)
from salesplan.plan.model import Kpi, KpiKind, Month, Plan, SpendKind, Task


@dataclass(frozen=True, slots=True)
class _Claim:
    """A budget line's claim on one filtered part of a KPI; not ``sure`` where its filters could not
    be read.
    """

    kpi: Kpi
    filters: Filters
    sure: bool = True


def returns(plan: Plan, facts: Facts, month: Month, as_of: date) -> dict[str, Decimal]:
    """Actual returns by budget code, in the master's amount unit, to be passed to
    ``budget.budget``.

    A line's return is the actual of its task's linked KPI (a flow of money), filtered by the task's
    strategy, from the month in which the task or its spending began, but never before the plan
    year, to the report month. It can be told only where

    * something was spent on the line by ``as_of``,
    * the line pays for one task, or for tasks with the same KPI and the same filters, and
    * no other line that has spent claims any of the same actuals: two parts of one KPI are apart
      only if they filter one dimension by different names. Product A and the direct channel are
      not: what the direct team sold of A would be counted twice.

    All other lines are absent: their return is unknown, not zero.
    """
    unit = company(plan)
    if unit is None:
        return {}
    began, spent = _spending(plan, as_of)
    paid = {code: tasks for code, tasks in payers(plan).items() if spent.get(code, Decimal(0)) > 0}
    claims = {code: _claims(plan, tasks) for code, tasks in paid.items()}
    found: dict[str, Decimal] = {}
    for code, own in claims.items():
        others = []
        for other, some in claims.items():
            if other != code:
                others.extend(some)
        if len(own) != 1 or not own[0].sure or any(_meet(own[0], claim) for claim in others):
            continue
        scale = money_scale(own[0].kpi, plan.settings)
        if scale is None or any("start" in task.broken for task in paid[code]):
            continue
        part = part_of(
            plan,
            facts,
            own[0].kpi,
            own[0].filters,
            _since(plan, paid[code], began[code], month),
            month,
            unit.code,
        )
        if part.value is not None and not part.unnamed:
            found[code] = part.value * scale
    return found


def _claims(plan: Plan, tasks: tuple[Task, ...]) -> list[_Claim]:
    """What a line's tasks claim, each part once; a part whose filters cannot be read may be all of
    its KPI.
    """
    strategies = {strategy.code: strategy for strategy in reversed(plan.strategies)}
    found: list[_Claim] = []
    for task in tasks:
        kpi = plan.kpi_by_code.get(task.kpi or "")
        if kpi is None or kpi.kind is not KpiKind.FLOW:
            continue
        strategy = strategies.get(task.strategy or "")
        unknown = "strategy" in task.broken or (task.strategy is not None and strategy is None)
        if unknown or (strategy is not None and strategy.broken & set(FIELDS.values())):
            claim = _Claim(kpi, {}, sure=False)
        else:
            claim = _Claim(kpi, {} if strategy is None else filters_of(plan, strategy))
        if claim not in found:
            found.append(claim)
    return found


def _spending(plan: Plan, as_of: date) -> tuple[Mapping[str, date], Mapping[str, Decimal]]:
    """By line: the day of its first entry, committed or spent, and what was spent by ``as_of``."""
    began: dict[str, date] = {}
    spent: dict[str, Decimal] = {}
    for row in plan.spending:
        if row.day <= as_of:
            began[row.budget] = min(row.day, began.get(row.budget, row.day))
            if row.kind is SpendKind.SPENT:
                spent[row.budget] = spent.get(row.budget, Decimal(0)) + row.amount
    return began, spent


def _since(plan: Plan, tasks: tuple[Task, ...], first_entry: date, month: Month) -> Month:
    began = min([first_entry, *(task.start for task in tasks if task.start is not None)])
    return min(max(Month.of(began), plan.settings.months[0]), month)


def _meet(one: _Claim, other: _Claim) -> bool:
    """Whether two claims share any actuals."""
    if one.kpi.code != other.kpi.code:
        return False
    return not any(
        one.filters[name] != other.filters[name]
        for name in one.filters.keys() & other.filters.keys()
    )
