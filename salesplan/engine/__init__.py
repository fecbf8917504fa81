"""The engine: from a plan to everything that can be said of it. Pure; knows no file and no language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from salesplan.engine.results import Results
from salesplan.findings import Finding
from salesplan.plan.model import Month, Plan

__all__ = ["Results", "compute", "current", "cut_off"]


def cut_off(plan: Plan, *, month: Month | None = None, as_of: date | None = None, today: date) -> tuple[Month, date, list[Finding]]:
    """The report month, the cut-off day of a run, and what there is to say about them.

    What is asked for comes first, then the settings, then the last day with actuals, then ``today``.
    The report month is one of the plan year: another is moved to the nearest, with a finding. A run
    that looks back sees the plan as it stood at that month's end: the cut-off is never later than
    the report month's last day.
    """
    settings = plan.settings
    day = as_of or settings.as_of or _last_actual(plan) or today
    wanted = month or (settings.month if as_of is None else None) or Month.of(day)
    report_month = min(max(wanted, settings.months[0]), settings.months[-1])
    findings = []
    if as_of is None and settings.as_of is None and Month.of(day) > Month.of(today):
        findings.append(Finding.of("actual-in-future", plan.actuals.place(_last_row(plan), "day"), day=day, today=today))
    place = settings.origin.place() if month or as_of else settings.places.get("month" if settings.month else "as_of", settings.origin.place())
    if day < report_month.first and report_month == wanted:
        findings.append(Finding.of("month-after-data", place, month=str(report_month), day=day, last=str(Month.of(day))))
    if report_month != wanted:
        findings.append(Finding.of("month-outside-plan", place, month=str(wanted), used=str(report_month), year=str(settings.year)))
    return report_month, min(day, report_month.last), findings


def _last_actual(plan: Plan) -> date | None:
    return max(_days(plan), default=None)


def _last_row(plan: Plan) -> int:
    days = list(_days(plan))
    return days.index(max(days))


def _days(plan: Plan) -> Iterator[date]:
    return (day or month.last for day, month in zip(plan.actuals.day, plan.actuals.month, strict=True))


def current(plan: Plan, results: Results) -> Plan:
    """The plan of the report month: ``plan`` as its sheets say, with the changes that ``results`` found in force."""
    from salesplan.engine import adjustments

    return adjustments.current(plan, results)


def compute(plan: Plan, *, month: Month, as_of: date) -> Results:
    """Everything one run says, for one report month and one cut-off day (see :func:`cut_off`)."""
    from salesplan.engine import (
        actions,
        adjustments,
        attainment,
        budget,
        capacity,
        effectiveness,
        month_ends,
        pace,
        presence,
        problems,
        returns,
        seasonality,
        shifts,
        situation,
        smart,
        steps,
        task_summary,
        weekly,
    )
    from salesplan.engine.facts import Facts
    from salesplan.engine.workdays import Calendar

    calendar = Calendar.of(plan.settings.country, plan.calendar, {one.year for one in plan.settings.months})
    seasons, season_findings = seasonality.seasons(plan, calendar)
    used = budget.use_of(plan, as_of)
    adjusted = adjustments.adjusted(plan, calendar, seasons, month, used)
    plan, targets = adjusted.plan, adjusted.targets
    facts = Facts.of(plan, as_of)
    attainments = attainment.attainments(plan, targets, facts, calendar, month, as_of)
    paces = pace.paces(plan, targets, facts, calendar, month, as_of, seasons)
    tasks = actions.assess(plan, calendar, as_of)
    rhythm, rhythm_findings = weekly.rhythm(plan, calendar, tasks, month, as_of)
    caps, lines, summary, budget_findings = budget.budget(plan, as_of, returns.returns(plan, facts, month, as_of))
    view = effectiveness.View(
        plan=plan, month=month, as_of=as_of, targets=targets, facts=facts, attainments=attainments, tasks=tasks, budget=lines,
    )
    ends = month_ends.month_ends(plan, {code: line.granted for code, line in lines.items()}, as_of)
    strategies, strategy_findings = effectiveness.effectiveness(view)
    capacities, capacity_findings = capacity.capacities(plan, targets, facts, calendar, seasons, as_of)
    scene = problems.Scene(
        plan=plan, month=month, as_of=as_of, targets=targets, facts=facts, attainments=attainments, paces=paces, tasks=tasks, budget=lines,
    )
    return Results(
        month=month,
        as_of=as_of,
        closed=as_of >= month.last,
        seasons=seasons,
        targets=targets,
        baseline=adjusted.baseline,
        adjustments=shifts.with_figures(adjusted, facts, month, used),
        presence=presence.presence(plan, calendar),
        attainments=attainments,
        steps=steps.steps(plan, targets, attainments),
        monthly={(kpi, unit): facts.monthly(kpi, unit) for kpi, unit in dict.fromkeys((k, u) for k, u, _ in attainments)},
        scores=attainment.scores(plan, attainments),
        pace=paces,
        smart=smart.smart(plan),
        tasks=tasks,
        task_summary=task_summary.summarize(plan.tasks, tasks, as_of),
        tasks_by_owner=task_summary.by_owner(plan, tasks, as_of),
        tasks_by_strategy=task_summary.by_strategy(plan, tasks, as_of),
        tasks_by_department=task_summary.by_department(plan, tasks, as_of),
        caps=caps,
        budget=lines,
        budget_summary=summary,
        budget_months=ends,
        budget_total_months=month_ends.total_ends(ends.values()),
        problems=problems.problems(scene),
        strategies=strategies,
        situation=situation.situation(plan),
        weekly=rhythm,
        capacities=capacities,
        findings=(
            *season_findings, *adjusted.findings, *facts.findings(), *actions.findings(plan, tasks, as_of), *budget_findings,
            *strategy_findings, *capacity_findings, *rhythm_findings,
        ),
        facts=facts,
    )
