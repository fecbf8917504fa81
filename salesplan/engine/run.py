"""One run, step by step: goals, tasks, budget, and what is judged from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass, replace
from salesplan.engine.actuals import attainment, capacity, floor_stretch, pace, weighted
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Clock, ReportSpan, Span, month_over
from salesplan.engine.actuals.status_by_kind import StatusBasis
from salesplan.engine.changes import adjustments, effects
from salesplan.engine.changes.records import Adjusted
from salesplan.engine.exact.figures import Later, OnDemand
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.money import budget, month_ends, returns
from salesplan.engine.results import Results
from salesplan.engine.targets import seasonality
from salesplan.engine.targets.derivation import vacancies
from salesplan.engine.targets.target import Season, Targets
from salesplan.engine.targets.tree import presence
from salesplan.engine.work import (
    actions,
    effectiveness,
    problems,
    situation,
    smart,
    task_summary,
    weekly,
)
from salesplan.findings import Finding
from salesplan.plan.model import Month, Plan

if TYPE_CHECKING:
    from salesplan.engine.actuals.market_years import MarketYear
    from salesplan.engine.actuals.pipeline import Pipeline
    from salesplan.engine.actuals.prospects import Pool
    from salesplan.engine.changes.late_actuals import LateActual
    from salesplan.engine.work.helping import Request
    from salesplan.engine.work.lessons import Offers
    from salesplan.engine.work.task_summary import TaskResult

_Found = tuple[Results, Sequence[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inputs:
    """What every step reads; ``plan`` is that of the report month, with its changes."""

    plan: Plan
    month: Month
    as_of: date
    calendar: Calendar
    seasons: Mapping[str, Season]
    used: Mapping[str, Decimal]
    adjusted: Adjusted
    facts: Facts
    span: Span

    @property
    def report_span(self) -> ReportSpan:
        """The months that are reported."""
        return ReportSpan.of(self.plan.settings.months, self.month, self.span)


def run(plan: Plan, month: Month, as_of: date, span: Span = Span.MONTH) -> Results:
    """Everything that can be said of ``plan`` in a report month, or a longer span up to it, up to
    a cut-off day.
    """
    calendar = Calendar.of(
        plan.settings.country, plan.calendar, {one.year for one in plan.settings.months}
    )
    seasons, season_findings = seasonality.seasons(plan, calendar)
    used = budget.use_of(plan, as_of)
    adjusted = adjustments.adjusted(plan, calendar, seasons, month, used)
    inputs = _Inputs(
        plan=adjusted.plan,
        month=month,
        as_of=as_of,
        calendar=calendar,
        seasons=seasons,
        used=used,
        adjusted=adjusted,
        facts=Facts.of(adjusted.plan, as_of),
        span=span,
    )
    results, goal_findings = _goals(inputs)
    results, product_findings = _products(plan, inputs, results)
    results, task_findings, rhythm_findings = _tasks(inputs, results)
    results, budget_findings = _budget(inputs, results)
    results, strategy_findings = _judged(inputs, results)
    results = replace(results, lessons=_lessons(inputs.plan, results))
    results, fired = _triggers(inputs, results)
    findings = (
        *season_findings,
        *adjusted.findings,
        *adjustments.not_synchronised(plan, results.adjustments),
        *inputs.facts.findings(),
        *task_findings,
        *budget_findings,
        *strategy_findings,
        *goal_findings,
        *product_findings,
        *rhythm_findings,
        *fired,
        *_late_findings(plan, results.late),
        *vacancies(inputs.plan, results.targets),
    )
    return replace(results, findings=findings)


def _goals(inputs: _Inputs) -> _Found:
    """Targets against actuals, the pace, and whether the goals are feasible."""
    plan, month, as_of, facts = inputs.plan, inputs.month, inputs.as_of, inputs.facts
    targets, rate_findings = weighted.weighted(plan, inputs.adjusted.targets, facts, month)
    calendar, seasons = inputs.calendar, inputs.seasons
    clock = Clock.of(plan.settings.months, calendar, month, as_of)
    basis = StatusBasis.of(plan, targets, facts, calendar, clock, as_of, seasons)
    attainments = attainment.attainments(plan, targets, facts, calendar, month, as_of, basis)
    capacities, findings = capacity.capacities(
        plan, targets, facts, inputs.calendar, inputs.seasons, as_of
    )
    goals = smart.letters(plan, smart.attainable(plan, targets, facts, calendar, seasons, as_of))
    covered, deal_findings = _pipelines(inputs, targets)
    pools, pool_findings = _prospects(inputs, targets)
    pairs = dict.fromkeys((kpi, unit) for kpi, unit, _ in attainments)
    found = Results(
        month=month,
        as_of=as_of,
        span=inputs.span,
        month_over=month_over(calendar, month, as_of),
        month_closed=month in plan.settings.months[: plan.closed_months],
        late=_late(plan, facts, month),
        seasons=inputs.seasons,
        targets=targets,
        baseline=inputs.adjusted.baseline,
        adjustments=effects.with_figures(inputs.adjusted, facts, month, inputs.used),
        estimates=inputs.calendar.estimates(plan.settings.months),
        presence=presence(plan, inputs.calendar),
        attainments=attainments,
        steps=Later(lambda: floor_stretch.steps(plan, targets, attainments)),
        monthly=OnDemand(pairs, lambda pair: facts.monthly(*pair)),
        scores=attainment.scores(plan, attainments),
        pace=basis.paces,
        pipelines=covered,
        prospects=pools,
        reach=basis.reach,
        reported=facts.reported,
        trajectories=basis.trajectories,
        smart={code: smart.lacking(five) for code, five in goals.items()},
        smart_letters=goals,
        capacities=capacities,
        facts=facts,
    )
    return found, [*rate_findings, *findings, *deal_findings, *pool_findings]


def _pipelines(
    inputs: _Inputs, targets: Targets
) -> tuple[Mapping[tuple[str, str], Pipeline], Sequence[Finding]]:
    """What open deals cover; nothing, and nothing imported, in a plan that has no 商机."""
    deals = pace.deals_of(inputs.plan, inputs.as_of)
    if deals is None:
        return {}, ()
    from salesplan.engine.actuals.pipeline import pipelines

    return pipelines(deals, targets, inputs.facts, inputs.month), tuple(deals.findings())


def _prospects(inputs: _Inputs, targets: Targets) -> tuple[Mapping[str, Pool], Sequence[Finding]]:
    """The pool of prospects; nothing, and nothing imported, in a plan that has no 潜客."""
    plan = inputs.plan
    if not plan.prospects:
        return {}, ()
    from salesplan.engine.actuals import prospects

    kpi = prospects.new_customers(plan)
    pool = prospects.Prospects(plan, inputs.as_of)
    found = {} if kpi is None else pool.pools(kpi, targets, inputs.facts, inputs.month)
    return found, tuple(prospects.findings(plan, found))


def _late(plan: Plan, facts: Facts, month: Month) -> tuple[LateActual, ...]:
    if not plan.closed_months:
        return ()
    from salesplan.engine.changes.late_actuals import late_actuals

    return late_actuals(plan, facts, month)


def _late_findings(plan: Plan, late: Sequence[LateActual]) -> Sequence[Finding]:
    if not late:
        return ()
    from salesplan.engine.changes import late_actuals

    return tuple(late_actuals.findings(plan, late))


def _products(plan: Plan, inputs: _Inputs, results: Results) -> _Found:
    """Targets by product and their actuals; a plan without them pays nothing for it."""
    if not plan.product_targets:
        return results, _with_loads(inputs, results)[1]
    from salesplan.engine.actuals.products import products
    from salesplan.engine.changes.products import by_product

    made = by_product(plan, inputs.adjusted, inputs.calendar)
    found = products(
        inputs.plan,
        results.reach,
        made.targets,
        made.baseline,
        inputs.calendar,
        inputs.month,
        inputs.as_of,
        inputs.seasons,
    )
    changed = effects.with_products(plan, results.adjustments, found, inputs.month)
    results, more = _with_loads(inputs, replace(results, products=found, adjustments=changed))
    return results, (*made.findings, *more)


def _with_loads(inputs: _Inputs, results: Results) -> _Found:
    """What targets and deals ask of products; nothing, and nothing imported, without 产品."""
    if not inputs.plan.products:
        return results, ()
    from salesplan.engine.actuals.product_capacity import findings, loads

    targets = {} if results.products is None else results.products.targets
    found = loads(inputs.plan, targets, inputs.as_of)
    return replace(results, loads=found), tuple(findings(inputs.plan, found, inputs.as_of))


def _tasks(
    inputs: _Inputs, results: Results
) -> tuple[Results, Sequence[Finding], Sequence[Finding]]:
    """The action plan and the week; with the findings of each."""
    plan, as_of = inputs.plan, inputs.as_of
    tasks = actions.assess(plan, inputs.calendar, as_of)
    tasks, asked, help_findings = _helped(inputs, tasks)
    report_span = inputs.report_span
    rhythm, rhythm_findings = weekly.rhythm(plan, inputs.calendar, tasks, report_span.begun, as_of)
    looked_at = replace(plan, tasks=task_summary.tasks_of(plan.tasks, tasks, report_span))
    found = replace(
        results,
        tasks=tasks,
        requests=asked,
        task_summary=task_summary.summarize(looked_at.tasks, tasks, as_of),
        tasks_by_owner=task_summary.by_owner(looked_at, tasks, as_of),
        tasks_by_strategy=task_summary.by_strategy(looked_at, tasks, as_of),
        tasks_by_department=task_summary.by_department(looked_at, tasks, as_of),
        weekly=rhythm,
    )
    found, resource_findings = _resources(inputs, found)
    said = [*actions.findings(plan, tasks, as_of), *help_findings, *resource_findings]
    return found, said, rhythm_findings


def _helped(
    inputs: _Inputs, tasks: dict[str, TaskResult]
) -> tuple[dict[str, TaskResult], tuple[Request, ...], Sequence[Finding]]:
    """The tasks with the notice of those who help, and what is asked of them; nothing, and nothing
    imported, in a plan without 协作方.
    """
    plan = inputs.plan
    if not plan.asks_for_help:
        return tasks, (), ()
    from salesplan.engine.work import helping

    asked = helping.requests(plan, tasks, inputs.calendar, inputs.as_of)
    found = tuple(helping.findings(plan, asked))
    return helping.with_notices(tasks, asked), asked, found


def _resources(inputs: _Inputs, results: Results) -> _Found:
    """Tools, and what tasks ask of skills; a plan that has neither pays nothing for it."""
    plan, as_of = inputs.plan, inputs.as_of
    said: list[Finding] = []
    if plan.tools:
        from salesplan.engine.work import tools

        results = replace(results, tools=tools.check_list(plan, as_of))
        said += tools.findings(results.tools)
    if any(task.skills for task in plan.tasks):
        from salesplan.engine.work import skills

        loads = skills.skill_loads(plan, inputs.calendar, as_of)
        results = replace(results, skill_loads=loads)
        said += skills.findings(plan, loads)
    return results, said


def _budget(inputs: _Inputs, results: Results) -> _Found:
    plan, as_of = inputs.plan, inputs.as_of
    caps, lines, summary, findings = budget.budget(
        plan, as_of, returns.returns(plan, inputs.facts, inputs.month, as_of)
    )
    ends = month_ends.month_ends(plan, {code: line.granted for code, line in lines.items()}, as_of)
    found = replace(
        results,
        caps=caps,
        budget=lines,
        budget_summary=summary,
        budget_months=ends,
        budget_total_months=month_ends.total_ends(ends.values()),
    )
    return found, findings


def _judged(inputs: _Inputs, results: Results) -> _Found:
    """Strategies, problems and the situation: what follows from goals, tasks and budget
    together.
    """
    plan, month, as_of, facts = inputs.plan, inputs.month, inputs.as_of, inputs.facts
    of_strategies = effectiveness.StrategyInputs(
        plan=plan,
        month=month,
        as_of=as_of,
        targets=results.targets,
        facts=facts,
        attainments=results.attainments,
        tasks=results.tasks,
        budget=results.budget,
    )
    of_problems = problems.ProblemInputs(
        plan=plan,
        month=month,
        as_of=as_of,
        targets=results.targets,
        facts=facts,
        attainments=results.attainments,
        reach=results.reach,
        tasks=results.tasks,
        budget=results.budget,
        span=inputs.span,
    )
    strategies, findings = effectiveness.effectiveness(of_strategies)
    listed = problems.problems(of_problems)
    return replace(
        results,
        problems=listed.found,
        minor_problems=listed.minor,
        deviations=listed.deviations,
        strategies=strategies,
        situation=situation.situation(plan),
        markets=_markets(plan, facts, month),
    ), findings


def _markets(plan: Plan, facts: Facts, month: Month) -> tuple[MarketYear, ...]:
    """Markets by year; nothing, and nothing imported, in a plan that has no 市场规模."""
    if not plan.market:
        return ()
    from salesplan.engine.actuals.market_years import market_years

    return market_years(plan, facts, month)


def _lessons(plan: Plan, results: Results) -> Offers | None:
    """Where lessons may help; a plan without any pays nothing for it."""
    if not plan.lessons:
        return None
    from salesplan.engine.work.lessons import offers

    stated = (*results.problems, *results.minor_problems)
    return offers(plan, results.month, results.as_of, results.tasks, stated)


def _triggers(inputs: _Inputs, results: Results) -> _Found:
    """The rules of 预警 that fire; a plan without them pays nothing for it."""
    if not inputs.plan.triggers:
        return results, ()
    from salesplan.engine.work.triggers import TriggerInputs, triggers

    told, findings = triggers(
        TriggerInputs(
            plan=inputs.plan,
            month=inputs.month,
            as_of=inputs.as_of,
            calendar=inputs.calendar,
            targets=results.targets,
            facts=inputs.facts,
            attainments=results.attainments,
            tasks=results.tasks,
            budget=results.budget,
            caps=results.caps,
        )
    )
    return replace(results, triggers=told), findings
