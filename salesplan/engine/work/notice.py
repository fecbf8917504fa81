"""提报检查: was another department's help asked for early enough? (SPEC 7)"""

from __future__ import annotations

from datetime import date, timedelta

from salesplan.engine.exact.workdays import Calendar
from salesplan.findings import Finding
from salesplan.plan.model import Settings, SupportKind, Task

DAY = timedelta(days=1)


def notice_check(task: Task, settings: Settings, calendar: Calendar, as_of: date) -> Finding | None:
    """Whether the request of ``task`` was handed in in time; None where it needs no support or
    cannot be read.

    Help is needed on the task's first day, or where that is blank on its due day. Notice is the
    number of working days from the day of the request up to the day before: asked on Monday for
    Thursday is three days; what is handed in on a day off counts from the next working day.
    Codes: ``notice-ok``, ``notice-late`` (with the days it is short), ``notice-missing`` (the
    latest day has passed), ``notice-pending`` (there is still time), ``notice-undated`` (the task
    has neither start nor due day).
    """
    if task.support is None or task.broken & {"support", "requested", "start", "due"}:
        return None
    required = (
        settings.technical_days
        if task.support is SupportKind.TECHNICAL
        else settings.cross_department_days
    )
    needed = task.start or task.due
    if needed is None:
        return Finding.of("notice-undated")
    if task.requested is None:
        latest = calendar.add(needed, -required)
        return Finding.of(
            "notice-pending" if as_of <= latest else "notice-missing",
            latest=latest,
            required=required,
        )
    given = _working_days_between(calendar, task.requested, needed)
    if given >= required:
        return Finding.of("notice-ok", days=given)
    return Finding.of("notice-late", days=given, required=required, short=required - given)


def _working_days_between(calendar: Calendar, asked: date, needed: date) -> int:
    """Working days from ``asked`` up to the day before ``needed``; negative where it was asked
    afterwards.
    """
    if asked < needed:
        return calendar.count(asked, needed - DAY)
    return -calendar.count(needed, asked - DAY) if asked > needed else 0
