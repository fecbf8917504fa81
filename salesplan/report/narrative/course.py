"""Sentences on the course of the year: strategies, improvements, what comes next, the situation,
the weeks, the changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.engine.actuals.progress import Span
from salesplan.engine.views.improvement import Effect, Measure
from salesplan.engine.work.weekly import RemedyState, Rhythm
from salesplan.plan.model import Approval, Change, Direction, Kpi, Month, Unit, Uptake, Verdict
from salesplan.report.narrative import phrases
from salesplan.report.narrative.sentences import main_kpi
from salesplan.wording import sentences

if TYPE_CHECKING:
    from salesplan.engine.changes.records import Adjustment
    from salesplan.report.figures.context import Context
    from salesplan.report.figures.report import Report


def strategies_sentence(report: Report) -> str:
    """How many were judged, how many were done and yet did not reach, and which were not done."""
    results = report.context.results.strategies
    judged = [one for one in results.values() if one.verdict is not None]
    if not judged:
        return report.words("sentence_strategies_none", all=str(len(results)))
    parts = [
        report.words(
            "sentence_strategies",
            all=str(len(results)),
            judged=str(len(judged)),
            effective=str(_count(report, Verdict.EFFECTIVE)),
        )
    ]
    for verdict, key in (
        (Verdict.INEFFECTIVE, "ineffective"),
        (Verdict.NOT_DONE, "not_done"),
        (Verdict.REACHED_ANYWAY, "reached"),
    ):
        codes = [one.code for one in judged if one.verdict is verdict]
        if codes:
            parts.append(
                report.words(
                    f"sentence_strategies_{key}",
                    count=str(len(codes)),
                    names=phrases.listed(report.context, codes),
                )
            )
    return sentences(parts, report.context.lang)


def improvements_sentence(report: Report, looked_at: Sequence[Measure], planned: int) -> str:
    """What became of last month's measures, and how many of this month's problems have one."""
    problems = len(report.context.results.problems)
    parts = []
    if looked_at:
        count = {}
        for effect in Effect:
            count[effect] = sum(one.effect is effect for one in looked_at)
        parts.append(
            report.words(
                "sentence_measures",
                count=str(len(looked_at)),
                gone=str(count[Effect.GONE]),
                better=str(count[Effect.BETTER]),
                rest=str(count[Effect.SAME] + count[Effect.WORSE] + count[Effect.STILL]),
                late=str(sum(one.late for one in looked_at)),
            )
        )
    if problems:
        parts.append(
            report.words("sentence_measures_now", count=str(problems), planned=str(planned))
        )
    return sentences(parts, report.context.lang)


def following_sentence(report: Report, company: Unit, tasks: int) -> str:
    """Where the main flow lands and what each working day must bring; the tasks at hand; where the
    heads do not suffice.
    """
    context, results = report.context, report.context.results
    kpi = main_kpi(context, company)
    parts = [] if kpi is None else [*_landing(report, kpi, company)]
    if tasks:
        overdue = results.task_summary.overdue if results.task_summary is not None else 0
        key = "sentence_following_tasks_overdue" if overdue else "sentence_following_tasks"
        parts.append(report.words(key, count=str(tasks), overdue=str(overdue)))
    below = {unit.code for unit in context.plan.children.get(company.code, ())}
    short = [
        one
        for one in results.capacities.values()
        if kpi is not None and one.kpi == kpi.code and not one.feasible and one.unit in below
    ]
    if short and kpi is not None:
        names = phrases.listed(context, [context.unit_name(one.unit) for one in short])
        parts.append(
            report.words("sentence_following_short", kpi=context.kpi_name(kpi.code), names=names)
        )
    return sentences(parts, report.context.lang)


def landing_sentence(report: Report, company: Unit) -> str:
    """Where the main KPI lands and what each working day must bring; blank without a target."""
    kpi = main_kpi(report.context, company)
    if kpi is None:
        return ""
    return sentences(_landing(report, kpi, company), report.context.lang)


def _landing(report: Report, kpi: Kpi, company: Unit) -> Iterator[str]:
    context, results = report.context, report.context.results
    pace, year = (
        results.pace.get((kpi.code, company.code)),
        results.attainments.get((kpi.code, company.code, Span.YEAR)),
    )
    if pace is None or not pace.landing or year is None or not year.target or year.actual is None:
        return
    low, high = min(pace.landing.values()), max(pace.landing.values())
    facts = {
        "kpi": context.kpi_name(kpi.code),
        "target": phrases.worth(context, kpi, year.target),
    }
    if context.year_over and year.target > 0:
        yield report.words(
            "sentence_following_over",
            **facts,
            actual=phrases.worth(context, kpi, year.actual),
            rate=phrases.percent(year.actual / year.target),
        )
    elif year.target < 0:
        yield report.words(
            "sentence_following_plain",
            **facts,
            range=phrases.between(context, kpi, low, high),
        )
    elif len(pace.landing) > 1:
        yield report.words(
            "sentence_following_range",
            **facts,
            methods=str(len(pace.landing)),
            range=phrases.between(context, kpi, low, high),
            low_rate=phrases.percent(low / year.target),
            high_rate=phrases.percent(high / year.target),
            deals=phrases.by_deals(context, pace, year.target, brief=True),
        )
    else:
        yield report.words(
            "sentence_following_one",
            **facts,
            low=phrases.worth(context, kpi, low),
            low_rate=phrases.percent(low / year.target),
        )
    months, as_of = context.plan.settings.months, results.as_of
    over, whole = (
        context.calendar.count(months[0].first, last) for last in (as_of, months[-1].last)
    )
    if (
        kpi.direction is Direction.HIGHER
        and over
        and whole > over
        and year.target > max(year.actual, Decimal(0))
    ):
        need, have = (year.target - year.actual) / (whole - over), year.actual / over
        yield report.words(
            "sentence_following_daily",
            need=phrases.a_day(context, kpi, need),
            have=phrases.a_day(context, kpi, have),
            days=str(whole - over),
        )


def situation_sentence(report: Report) -> str:
    """How many responses there are, and how many have led to tasks; which have not."""
    situation, context = report.context.results.situation, report.context
    asking = (
        sum(one.asking for one in situation.by_framework.values()) if situation is not None else 0
    )
    entries = len(context.plan.situation)
    if situation is None or not asking:
        return report.words("sentence_situation_none", entries=str(entries))
    taken = sum(one.taken_up for one in situation.by_framework.values())
    named = sum(one.with_strategy for one in situation.by_framework.values())
    missing = sum(uptake is Uptake.NOT_TAKEN_UP for uptake in situation.entries.values())
    return report.words(
        "sentence_situation",
        entries=str(entries),
        asking=str(asking),
        named=str(named),
        taken=str(taken),
        missing=str(missing),
    )


def weekly_sentence(report: Report, rhythm: Rhythm) -> str:
    """How many reviews reached what was planned, the most frequent reason, the improvements past
    their day, weeks without a review.
    """
    weeks, parts = rhythm.span_weeks, []
    reported, met = sum(week.reported for week in weeks), sum(week.met for week in weeks)
    if reported:
        parts.append(
            report.words(
                "sentence_weekly", weeks=str(len(weeks)), reported=str(reported), met=str(met)
            )
        )
    missed = [week.friday.isoformat() for week in weeks if not week.reviewed]
    if missed:
        parts.append(
            report.words("sentence_weekly_missed", names=phrases.listed(report.context, missed))
        )
    reasons = rhythm.span_reasons
    if reasons:
        most = max(reasons.values())
        names = phrases.listed(
            report.context,
            [report.context.label(cause) for cause, count in reasons.items() if count == most],
        )
        parts.append(
            report.words(
                "sentence_weekly_reason",
                names=names,
                count=str(most),
                all=str(sum(reasons.values())),
            )
        )
    if rhythm.remedies:
        late = sum(one.state is RemedyState.OVERDUE for one in rhythm.remedies)
        done = sum(one.state is RemedyState.DONE for one in rhythm.remedies)
        parts.append(
            report.words(
                "sentence_weekly_remedies",
                count=str(len(rhythm.remedies)),
                done=str(done),
                late=str(late),
            )
        )
    return sentences(parts, report.context.lang)


def changes_sentence(report: Report) -> str:
    """How many changes are approved, wait and were rejected; which has waited longest; how many
    targets changes altered that are not listed.
    """
    changes, adjustments = changes_of(report.context)
    unlisted = sum(len(one.shifts) for one in adjustments if not one.change)
    elsewhere = (
        [report.words("sentence_changes_elsewhere", count=str(unlisted))] if unlisted else []
    )
    if not changes:
        return " ".join(elsewhere)
    count = {}
    for status in Approval:
        count[status] = sum(change.status is status for change in changes)
    waiting = [
        change for change in changes if change.status not in (Approval.APPROVED, Approval.REJECTED)
    ]
    parts = [
        report.words(
            "sentence_changes",
            count=str(len(changes)),
            approved=str(count[Approval.APPROVED]),
            pending=str(len(waiting)),
            rejected=str(count[Approval.REJECTED]),
        )
    ]
    first = min((change.raised for change in waiting if change.raised is not None), default=None)
    if first is not None:
        names = phrases.listed(
            report.context, [change.code for change in waiting if change.raised == first]
        )
        parts.append(report.words("sentence_changes_pending", names=names, day=first.isoformat()))
    return " ".join([*parts, *elsewhere])


def changes_of(context: Context) -> tuple[Sequence[Change], Sequence[Adjustment]]:
    """The changes that a report speaks of, and how each was taken. Of a month: all. Of a longer
    span: those that were raised or take effect in its months so far, and those that still wait.
    """
    changes, adjustments = context.plan.changes, context.results.adjustments
    if context.results.span is Span.MONTH:
        return changes, adjustments
    since = {one.change: one.since for one in adjustments}
    months = context.report_span.begun

    def counts(change: Change) -> bool:
        raised = None if change.raised is None else Month.of(change.raised)
        waiting = change.status not in (Approval.APPROVED, Approval.REJECTED)
        own = {raised, change.effective, since.get(change.code)}
        return waiting or not own.isdisjoint(months)

    shown = tuple(filter(counts, changes))
    codes = {change.code for change in shown} | {""}
    return shown, tuple(one for one in adjustments if one.change in codes)


def _count(report: Report, verdict: Verdict) -> int:
    return sum(one.verdict is verdict for one in report.context.results.strategies.values())
