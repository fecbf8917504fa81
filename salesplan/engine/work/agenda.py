"""Which tasks the coming Friday is about: due this week and next, or before and still open (SPEC
7).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.work.actions import expected_progress
from salesplan.engine.work.rhythm import AgendaItem, Due, StandUps
from salesplan.engine.work.standups import FRIDAY, friday_of
from salesplan.engine.work.task_summary import DONE, TaskResult
from salesplan.plan.model import Plan, Task, TaskStatus, first_by_code

WEEK = timedelta(days=7)
STOPPED = (TaskStatus.PAUSED, TaskStatus.CANCELLED)
_PERCENT = Decimal("0.01")


def agenda(
    plan: Plan,
    calendar: Calendar,
    tasks: Mapping[str, TaskResult],
    friday: date,
    standups: StandUps,
) -> tuple[AgendaItem, ...]:
    """The tasks for the review on ``friday``, by due day, then sheet order; see
    :class:`AgendaItem`.

    A task is on it when it is due by the end of next week and was not finished before this week;
    paused and cancelled ones are not. A day off is no day to be late on: it counts as the next
    working day. What should be done by Friday is rounded to whole percents. Nothing is on the
    agenda of a week without working days, of one outside the plan year, and of one that is over:
    the sheet has rows of a later week.
    """
    monday, months = friday - timedelta(days=FRIDAY), plan.settings.months
    outside = not months[0].first <= friday <= months[-1].last
    over = any(friday_of(entry.friday) > friday for entry in plan.weekly)
    if outside or over or not calendar.count(monday, monday + WEEK - timedelta(days=1)):
        return ()
    listed = {entry.task for entry in plan.weekly if friday_of(entry.friday) == friday}
    found = [
        (
            task.due,
            AgendaItem(
                task.code,
                _due(calendar.on_or_after(task.due), monday),
                _planned(task, calendar, friday),
                task.owner,
                task.code in listed,
                standups.needs(task.owner),
            ),
        )
        for task in first_by_code(plan.tasks)
        if task.due is not None
        and task.due < monday + 2 * WEEK
        and _is_open(task, tasks.get(task.code), monday)
    ]
    return tuple(item for _, item in sorted(found, key=lambda pair: pair[0]))


def _is_open(task: Task, result: TaskResult | None, monday: date) -> bool:
    if result is None or result.status in STOPPED:
        return False
    return result.status not in DONE or (task.finished is not None and task.finished >= monday)


def _due(day: date, monday: date) -> Due:
    if day < monday:
        return Due.OVERDUE
    return Due.THIS_WEEK if day < monday + WEEK else Due.NEXT_WEEK


def _planned(task: Task, calendar: Calendar, friday: date) -> Decimal | None:
    share = (
        None
        if "start" in task.broken
        else expected_progress(calendar, task.start, task.due, friday)
    )
    return None if share is None else share.quantize(_PERCENT, ROUND_HALF_UP)
