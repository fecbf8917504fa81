"""Earlier measures looked at again: is the problem that they were for still there, and is it
smaller?
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.attainment import Past
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.results import Results
from salesplan.engine.work.task_summary import DONE
from salesplan.plan.model import IssueKey, IssueOf, IssueRow, IssueStatus, Light, Month, Plan


class Effect(Enum):
    """What became of a problem since a measure was written down. It does not say what made it
    so.
    """

    GONE = "gone"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    STILL = "still"
    """It is still there, and there is no figure of last month to compare with."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Measure:
    """An issue with a remedy written before the report month.

    ``before`` and ``now`` are the figure of the span before and of this one (of a month's report
    the months), of a KPI (its attainment) or task (its progress), as fractions; ``late``: its day
    has passed and its problem is not over.
    """

    issue: IssueRow
    before: Decimal | None
    now: Decimal | None
    effect: Effect
    late: bool


def measures(plan: Plan, facts: Facts, results: Results) -> tuple[Measure, ...]:
    """The remedies of issues that were there before the report month, in sheet order.

    An issue whose first month is not stored counts as one from before. A KPI's problem is gone when
    the span's rate is known and no problem of that key is left; a task's when it is done; a budget
    line's when it is not overspent any more. Better and worse go by the attainment (for an
    unexplained deviation by its distance from 100 %), or by the task's progress since the last
    weekly review before the span. A flow of a running month cannot be compared with a whole one.
    """
    earlier = [
        row
        for row in plan.issues
        if row.remedy and (row.first_month is None or row.first_month < results.month)
    ]
    standing = _standing(results) if earlier else frozenset()
    return tuple(_measure(plan, facts, results, row, standing) for row in earlier)


def _measure(
    plan: Plan, facts: Facts, results: Results, row: IssueRow, standing: frozenset[str]
) -> Measure:
    is_there = row.code in standing
    before, now, over = _figures(plan, facts, results, row.key, is_there)
    effect = Effect.GONE if over else _effect(row.key, before, now, is_there)
    late = (
        row.due is not None
        and row.due < results.as_of
        and row.status is not IssueStatus.CLOSED
        and effect is not Effect.GONE
    )
    return Measure(row, before, now, effect, late)


def _standing(results: Results) -> frozenset[str]:
    """The keys of all that is still there, whether it is stated by itself or as part of another."""
    stated = (*results.problems, *results.minor_problems)
    return frozenset([*(one.key for one in stated), *(one.key for one in results.deviations)])


def _figures(
    plan: Plan, facts: Facts, results: Results, key: IssueKey, standing: bool
) -> tuple[Decimal | None, Decimal | None, bool]:
    """(figure last month, figure now, whether the problem is known to be over)."""
    if key.of_kpi:
        kpi, unit = plan.kpi_by_code.get(key.kpi), key.unit
        if kpi is None or unit not in plan.unit_by_code:
            return None, None, False
        report_span = results.report_span(plan)
        one = results.attainments.get((kpi.code, unit, report_span.judged))
        known = one is not None and one.light not in (None, Light.GREY)
        now = one.pace.value if one is not None and known else None
        last, past = (
            report_span.begins.plus(-1),
            Past(plan, results.targets, facts, results.reach),
        )
        before = (
            past.until(kpi, unit, last, report_span.judged).pace.value
            if last >= plan.settings.months[0]
            else None
        )
        return before, now, known and not standing
    if key.prefix == IssueOf.TASK:
        task = results.tasks.get(key.code)
        return (
            _reviewed(plan, key.code, results.report_span(plan).begins),
            None if task is None else task.progress,
            task is not None and task.status in DONE,
        )
    is_line = key.prefix == IssueOf.BUDGET and key.code in results.budget
    return None, None, is_line and not standing


def _effect(key: IssueKey, before: Decimal | None, now: Decimal | None, standing: bool) -> Effect:
    if before is None or now is None:
        return Effect.STILL if standing else Effect.UNKNOWN
    if key.prefix == IssueOf.AHEAD:
        before, now = -abs(before - 1), -abs(now - 1)
    if now == before:
        return Effect.SAME
    if now > before:
        return Effect.BETTER
    return Effect.WORSE


def _reviewed(plan: Plan, task: str, month: Month) -> Decimal | None:
    """The task's progress by its last weekly review before the month."""
    rows = [
        row
        for row in plan.weekly
        if row.task == task and row.actual is not None and row.friday < month.first
    ]
    return max(rows, key=lambda row: row.friday).actual if rows else None
