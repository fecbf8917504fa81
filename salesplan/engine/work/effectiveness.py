"""策略有效性: was each strategy carried out, did its KPI get there, and what did it cost?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass, replace
from salesplan.engine.actuals.attainment import Attainment, completion
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.linked_kpis import (
    FIELDS,
    Part,
    company,
    filters_of,
    money_scale,
    part_of,
    payers,
)
from salesplan.engine.actuals.market import target_of
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.slices import SORTED_BY
from salesplan.engine.actuals.status import Rate
from salesplan.engine.actuals.trajectory import part_base
from salesplan.engine.exact.figures import divide
from salesplan.engine.money.budget import BudgetResult
from salesplan.engine.targets.target import Target
from salesplan.engine.work.task_summary import TaskResult
from salesplan.findings import Finding
from salesplan.plan.model import (
    Kpi,
    KpiKind,
    Month,
    Plan,
    Settings,
    Strategy,
    TargetBasis,
    TaskStatus,
    Verdict,
    first_by_code,
)

ZERO = Decimal(0)
_NOTHING = Rate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effectiveness:
    """What the strategies' engine columns say of one strategy, and what stands behind its verdict.

    Rates and shares are fractions. ``task_rate`` is the weighted completion of its tasks,
    ``expected`` what should be done of them by the cut-off, both over the tasks that say both.
    ``target`` and ``actual`` are the filtered part's, year to date; ``rate`` their completion
    (``kpi_rate`` where it is a number), ``due_rate`` the same against the part of the target that
    is due at the cut-off (different only while a month is running). ``spent`` and ``cost_per_unit``
    are in the master's amount unit; ``roi`` is the filtered actual ÷ spent for KPIs that are money,
    ``cost_per_unit`` spent ÷ filtered actual for counts. ``granted_share`` and ``spent_share``
    stand beside the planned ``budget_share``. ``wanting`` says why there is no verdict.
    """

    code: str
    task_rate: Decimal | None
    expected: Decimal | None
    target: Decimal | None
    actual: Decimal | None
    rate: Rate
    due_rate: Rate
    target_share: Decimal | None
    actual_share: Decimal | None
    budget_share: Decimal | None
    granted_share: Decimal | None
    spent_share: Decimal | None
    spent: Decimal
    roi: Decimal | None
    cost_per_unit: Decimal | None
    verdict: Verdict | None
    wanting: tuple[Finding, ...] = ()

    @property
    def kpi_rate(self) -> Decimal | None:
        """The attainment of its part of the KPI; None where it cannot be told."""
        return self.rate.value


@dataclass(frozen=True, kw_only=True)
class StrategyInputs:
    """What strategies are judged by: the parts of a run that are already computed."""

    plan: Plan
    month: Month
    as_of: date
    targets: Mapping[tuple[str, str], Target]
    facts: Facts
    attainments: Mapping[tuple[str, str, Span], Attainment]
    tasks: Mapping[str, TaskResult]
    budget: Mapping[str, BudgetResult]


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far the linked KPI is, of exactly the part that the filters name; ``untargeted``: that
    part has no target.
    """

    target: Decimal | None = None
    actual: Decimal | None = None
    rate: Rate = _NOTHING
    due_rate: Rate = _NOTHING
    share: Decimal | None = None
    untargeted: bool = False


_STOPPED = (TaskStatus.PAUSED, TaskStatus.CANCELLED)
_KPI_CELLS = frozenset({"kpi", "target_share", *FIELDS.values()})


def effectiveness(inputs: StrategyInputs) -> tuple[dict[str, Effectiveness], list[Finding]]:
    """(results by strategy code, findings at the strategies' cells); of two with one code the first
    counts.

    * **Carried out** (执行到位): the execution index, the weighted progress of its tasks ÷ their
      weighted 应完成%, ≥ the setting 执行达标 (80 %). Tasks that are paused, cancelled, without a
      due day or without a report are left out; nothing due yet: no verdict.
    * **Met** (达成): the KPI's pace, its year to date against what was expected by the cut-off, ≥
      the setting 指标达标 (blank: 绿灯). T = 0: met or missed.
    * The pace is that of exactly the part that the strategy's filters name. A flow's part by one
      product, region, channel or customer type has the target that the markets page shows for it
      (:func:`~salesplan.engine.actuals.market.target_of`); another part of a KPI that adds up has
      the KPI's × 目标占比; a ratio's target holds for every part of it. A part without a target
      cannot be judged: never by the whole company's figure.
    * 实际占比: the filtered actual ÷ the company's, for KPIs that add up and a total above zero.
    * Cost: what was spent up to the cut-off on the budget lines of its tasks (see
      :func:`~salesplan.engine.actuals.linked_kpis.payers`); a line shared by tasks of several
      strategies is nobody's, and a finding says so. Shares of the budget are of all grants and of
      all spending. A strategy that filters by region and by nothing else speaks of the region's
      budget (60 % to key regions): there the lines of that region count, whatever task they pay
      for.
    * The verdict is None, with the reason in ``wanting``, where tasks or KPI give too little to
      judge.
    """
    results: dict[str, Effectiveness] = {}
    findings: list[Finding] = []
    lines = _lines_by_strategy(inputs, findings)
    for strategy in inputs.plan.strategies:
        if strategy.code not in results:
            reach = _reach(inputs, strategy, findings)
            results[strategy.code] = _result(inputs, strategy, reach, lines.get(strategy.code, []))
    return results, findings


def _result(
    inputs: StrategyInputs, strategy: Strategy, reach: _Reach, lines: list[str]
) -> Effectiveness:
    done, due = _done(inputs, strategy.code)
    line = inputs.plan.settings.execution_met
    carried_out = done >= due * line if done is not None and due else None
    reached = _reached(inputs, reach.due_rate)
    verdict = None if carried_out is None or reached is None else _verdict(carried_out, reached)
    spent = sum((inputs.budget[code].spent for code in lines), ZERO)
    roi, cost = _worth(inputs, strategy, reach.actual, spent)
    granted_share, spent_share = _budget_shares(inputs, strategy, lines)
    return Effectiveness(
        code=strategy.code,
        task_rate=done,
        expected=due,
        target=reach.target,
        actual=reach.actual,
        rate=reach.rate,
        due_rate=reach.due_rate,
        target_share=strategy.target_share,
        actual_share=reach.share,
        budget_share=strategy.budget_share,
        granted_share=granted_share,
        spent_share=spent_share,
        spent=spent,
        roi=roi,
        cost_per_unit=cost,
        verdict=verdict,
        wanting=()
        if verdict is not None
        else tuple(_wanting(inputs, strategy, reach, carried_out, reached)),
    )


def _verdict(done: bool, reached: bool) -> Verdict:
    if done:
        return Verdict.EFFECTIVE if reached else Verdict.INEFFECTIVE
    return Verdict.REACHED_ANYWAY if reached else Verdict.NOT_DONE


def _done(inputs: StrategyInputs, code: str) -> tuple[Decimal | None, Decimal | None]:
    """(weighted progress, weighted 应完成%) of the strategy's tasks that say both; None where none
    of them has a weight.
    """
    weights = done = due = ZERO
    for task in first_by_code(inputs.plan.tasks):
        result = inputs.tasks.get(task.code)
        if task.strategy != code or result is None or result.status in _STOPPED:
            continue
        if result.progress is not None and result.expected is not None:
            weights += result.weight
            done += result.weight * result.progress
            due += result.weight * result.expected
    return (divide(done, weights), divide(due, weights)) if weights else (None, None)


def kpi_line(settings: Settings) -> Decimal:
    """The pace from which a linked KPI counts as met: 指标达标, else 绿灯."""
    return settings.green if settings.kpi_met is None else settings.kpi_met


def _reached(inputs: StrategyInputs, rate: Rate) -> bool | None:
    if rate.value is not None:
        return rate.value >= kpi_line(inputs.plan.settings)
    return None if rate.score is None else rate.score > 0


def _wanting(
    inputs: StrategyInputs,
    strategy: Strategy,
    reach: _Reach,
    carried_out: bool | None,
    reached: bool | None,
) -> Iterator[Finding]:
    """Why there is no verdict."""
    if carried_out is None:
        own = [
            inputs.tasks[task.code].status
            for task in inputs.plan.tasks
            if task.strategy == strategy.code and task.code in inputs.tasks
        ]
        live = any(status not in _STOPPED for status in own)
        yield Finding.of("strategy-nothing-due") if live else Finding.of("strategy-no-live-task")
    if reached is None and not strategy.kpi:
        yield Finding.of("strategy-no-kpi")
    elif reached is None and reach.untargeted:
        part = " · ".join(filters_of(inputs.plan, strategy).values())
        yield Finding.of("strategy-part-without-target", part=part)
    elif reached is None:
        yield Finding.of("strategy-no-rate")


def _reach(inputs: StrategyInputs, strategy: Strategy, findings: list[Finding]) -> _Reach:
    kpi, unit = inputs.plan.kpi_by_code.get(strategy.kpi or ""), company(inputs.plan)
    if kpi is None or unit is None or strategy.broken & _KPI_CELLS:
        return _Reach()
    whole = inputs.attainments.get((kpi.code, unit.code, Span.YTD))
    filters = filters_of(inputs.plan, strategy)
    part = part_of(
        inputs.plan,
        inputs.facts,
        kpi,
        filters,
        inputs.plan.settings.months[0],
        inputs.month,
        unit.code,
    )
    findings += _part_findings(strategy, kpi, part)
    adds = kpi.kind.adds_over_units
    total = None if whole is None else whole.actual
    share = (
        divide(part.value, total)
        if adds and filters and part.value is not None and total is not None and total > 0
        else None
    )
    if whole is None:
        return _Reach(actual=part.value, share=share)
    if not filters:
        told = whole.pace.value is not None or whole.pace.word is not None
        own = _due_rate(inputs, kpi, unit.code, whole, whole.target, whole.actual)
        return _Reach(whole.target, part.value, whole.rate, whole.pace if told else own, share)
    target = _part_target(inputs, strategy, kpi, whole) if adds else whole.target
    if target is None:
        return _Reach(actual=part.value, share=share, untargeted=whole.target is not None)
    rate = _rate(inputs, kpi, unit.code, whole, target, part.value, target)
    return _Reach(
        target,
        part.value,
        rate,
        _due_rate(inputs, kpi, unit.code, whole, target, part.value),
        share,
    )


def _part_target(
    inputs: StrategyInputs, strategy: Strategy, kpi: Kpi, whole: Attainment
) -> Decimal | None:
    """The target of the strategy's part of a KPI that adds up; None where it has none."""
    filters = filters_of(inputs.plan, strategy)
    if len(filters) == 1 and kpi.kind is KpiKind.FLOW:
        ((dimension, name),) = filters.items()
        return target_of(
            inputs.plan, inputs.facts, inputs.attainments, inputs.month, kpi, dimension, name
        )
    if whole.target is None or strategy.target_share is None:
        return None
    return whole.target * strategy.target_share


def _due_rate(
    inputs: StrategyInputs,
    kpi: Kpi,
    unit: str,
    whole: Attainment,
    target: Decimal | None,
    actual: Decimal | None,
) -> Rate:
    """The rate against what is expected of the part by the cut-off: of the status' E for the whole
    company the same part as its target is, and of what is no sum (a rate on its line) E itself.
    """
    expected, due = whole.status.expected, target
    if target is not None and expected is not None:
        if not kpi.kind.adds_over_units:
            due = expected
        elif whole.target:
            due = divide(target * expected, whole.target)
    based_on = target if kpi.kind is KpiKind.STOCK else due
    return _rate(inputs, kpi, unit, whole, due, actual, based_on)


def _rate(
    inputs: StrategyInputs,
    kpi: Kpi,
    unit: str,
    whole: Attainment,
    target: Decimal | None,
    actual: Decimal | None,
    based_on: Decimal | None,
) -> Rate:
    """The attainment of a part: an improvement's base is to the company's as ``based_on``, the
    part's target, is to the year's.

    A level (存量) has one base all year, so there it is as the part's target is to the level that
    the company is to have now.
    """
    if kpi.basis is TargetBasis.IMPROVEMENT and kpi.base is not None and kpi.kind.adds_over_units:
        goal, level = inputs.targets.get((kpi.code, unit)), kpi.kind is KpiKind.STOCK
        if level:
            year = whole.target
        elif goal is None:
            year = None
        else:
            year = goal.year
        kpi = replace(kpi, base=part_base(kpi, based_on, year))
    return completion(kpi, target, actual, inputs.plan.settings.score_cap)


def _part_findings(strategy: Strategy, kpi: Kpi, part: Part) -> Iterator[Finding]:
    for dimension in part.unmatched:
        key = FIELDS[dimension]
        code = (
            "strategy-customer-unmatched"
            if dimension == "customer"
            else "strategy-filter-unmatched"
        )
        name = getattr(strategy, key)
        yield Finding.of(
            code,
            strategy.origin.place(key),
            strategy=strategy.code,
            name=name,
            kpi=kpi.name or kpi.code,
        )
    for dimension in part.unnamed:
        if dimension not in part.unmatched:
            key = FIELDS[dimension]
            place = strategy.origin.place(key)
            sorted_by = dimension in SORTED_BY
            yield Finding.of(
                "strategy-customers-unsorted" if sorted_by else "strategy-rows-unnamed",
                place,
                strategy=strategy.code,
                name=getattr(strategy, key),
                kpi=kpi.name or kpi.code,
            )


def _lines_by_strategy(inputs: StrategyInputs, findings: list[Finding]) -> dict[str, list[str]]:
    """Budget line codes by the strategy whose tasks they pay for; shared lines are left out, with a
    finding each.
    """
    found: dict[str, list[str]] = {}
    places = {line.code: line.origin.place("code") for line in reversed(inputs.plan.budget)}
    for line, tasks in payers(inputs.plan).items():
        codes = tuple(dict.fromkeys(task.strategy or "" for task in tasks))
        if len(codes) > 1:
            findings.append(
                Finding.of(
                    "budget-line-shared",
                    places[line],
                    line=line,
                    strategies=tuple(code or "—" for code in codes),
                )
            )
        elif codes and codes[0] and line in inputs.budget:
            found.setdefault(codes[0], []).append(line)
    return found


def _worth(
    inputs: StrategyInputs, strategy: Strategy, actual: Decimal | None, spent: Decimal
) -> tuple[Decimal | None, Decimal | None]:
    """(ROI, cost per unit): the one for money, the other for counts, both only of flows and of
    something spent.
    """
    kpi = inputs.plan.kpi_by_code.get(strategy.kpi or "")
    if kpi is None or kpi.kind is not KpiKind.FLOW or actual is None or spent <= 0:
        return None, None
    scale = money_scale(kpi, inputs.plan.settings)
    if scale is not None:
        return divide(actual * scale, spent), None
    return None, divide(spent, actual) if actual > 0 else None


def _budget_shares(
    inputs: StrategyInputs, strategy: Strategy, lines: list[str]
) -> tuple[Decimal | None, Decimal | None]:
    """(share of the grants, share of the spending); None where there are none."""
    filters = filters_of(inputs.plan, strategy)
    mine = set(lines)
    if set(filters) == {"region"}:
        mine = {
            line.code
            for line in inputs.plan.budget
            if line.region == filters["region"] and line.code in inputs.budget
        }
    granted = {code: result.granted or ZERO for code, result in inputs.budget.items()}
    spent = {code: result.spent for code, result in inputs.budget.items()}
    return _share(granted, mine), _share(spent, mine)


def _share(amounts: Mapping[str, Decimal], mine: set[str]) -> Decimal | None:
    total = sum(amounts.values(), ZERO)
    return divide(sum((amounts[code] for code in mine), ZERO), total) if total > 0 else None
