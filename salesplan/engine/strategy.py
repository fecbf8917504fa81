"""Which strategies were carried out and which of them worked (SPEC 10), and what of the situation was taken up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from salesplan.engine.attainment import completion
from salesplan.engine.facts import Facts
from salesplan.engine.figures import divide
from salesplan.engine.results import Attainment, Span, StrategyResult, TaskResult
from salesplan.plan.model import Month, Plan, Strategy, Task, TaskStatus, Uptake, Verdict

ZERO = Decimal(0)


def assess_strategies(
    plan: Plan, tasks: Mapping[str, TaskResult], attainments: Mapping[tuple[str, str, Span], Attainment], facts: Facts, month: Month
) -> dict[str, StrategyResult]:
    """Every strategy at the report month, by code, in sheet order.

    Done: its tasks' weighted completion is at least 黄灯 times what should be done by now. Reached:
    its KPI's completion to date is at least 黄灯 (a strategy is not blamed for a yellow light).
    """
    return {strategy.code: _assess(plan, strategy, tasks, attainments, facts, month) for strategy in plan.strategies}


def uptake(plan: Plan) -> dict[int, Uptake]:
    """Whether each line that asks for a strategy (or names one) is taken up, by its row: a strategy with a task not cancelled."""
    strategies = {strategy.code for strategy in plan.strategies}
    busy = {task.strategy for task in plan.tasks if task.state is not TaskStatus.CANCELLED}
    found = {}
    for entry in plan.situation:
        if entry.response is None and entry.strategy is None:
            continue
        if entry.strategy in busy & strategies:
            found[entry.origin.row] = Uptake.TAKEN_UP
        else:
            found[entry.origin.row] = Uptake.WITHOUT_TASK if entry.strategy in strategies else Uptake.NOT_TAKEN_UP
    return found


def _assess(
    plan: Plan, strategy: Strategy, tasks: Mapping[str, TaskResult], attainments: Mapping[tuple[str, str, Span], Attainment], facts: Facts, month: Month
) -> StrategyResult:
    done, due = _weighted([task for task in plan.tasks if task.strategy == strategy.code], tasks)
    rate, share = _kpi(plan, strategy, attainments, facts, month)
    verdict = None
    if done is not None and due is not None and rate is not None:
        line = plan.settings.yellow
        verdict = {
            (True, True): Verdict.EFFECTIVE, (True, False): Verdict.INEFFECTIVE, (False, True): Verdict.REACHED_ANYWAY, (False, False): Verdict.NOT_DONE,
        }[done >= due * line, rate >= line]
    return StrategyResult(strategy.code, done, due, rate, share, verdict)


def _weighted(own: list[Task], results: Mapping[str, TaskResult]) -> tuple[Decimal | None, Decimal | None]:
    """(weighted progress, weighted expected progress) of the tasks that run; paused and cancelled ones do not count."""
    out = (TaskStatus.CANCELLED, TaskStatus.PAUSED)
    found = [results[task.code] for task in own if task.code in results and results[task.code].status not in out]
    counted = [one for one in found if one.progress is not None and one.expected is not None]
    weight = sum((one.weight for one in counted), ZERO)
    if not weight:
        return None, None
    progress = sum((one.weight * (one.progress or ZERO) for one in counted), ZERO)
    expected = sum((one.weight * (one.expected or ZERO) for one in counted), ZERO)
    return divide(progress, weight), divide(expected, weight)


def _kpi(
    plan: Plan, strategy: Strategy, attainments: Mapping[tuple[str, str, Span], Attainment], facts: Facts, month: Month
) -> tuple[Decimal | None, Decimal | None]:
    """(completion of the linked KPI to date, actual share of the strategy's slice) for the whole company."""
    kpi = plan.kpi_by_code.get(strategy.kpi or "")
    if kpi is None or not plan.roots:
        return None, None
    company = attainments.get((kpi.code, plan.roots[0].code, Span.YTD))
    if company is None:
        return None, None
    filters = {name: value for name, value in _filters(strategy).items() if value}
    if not filters or not kpi.kind.adds_over_units:
        return company.rate.value, None
    first = plan.settings.months[0]
    slices = facts.split(kpi.code, tuple(filters), first, month, plan.roots[0].code)
    part = next((one.value for names, one in slices.items() if names == tuple(filters.values())), None)
    share = divide(part, company.actual) if part is not None and company.actual else None
    if strategy.target_share is None or company.target is None:
        return company.rate.value, share
    return completion(kpi, company.target * strategy.target_share, part, plan.settings.score_cap).value, share


def _filters(strategy: Strategy) -> dict[str, str]:
    return {"product": strategy.product, "region": strategy.region, "channel": strategy.channel, "customer": strategy.customer_type}
