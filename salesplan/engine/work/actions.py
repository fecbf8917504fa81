"""The action plan: where each task stands at the cut-off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.work.task_summary import (
    TaskResult,
    by_department,
    by_owner,
    by_strategy,
    summarize,
)
from salesplan.findings import Finding
from salesplan.plan.model import (
    Light,
    Plan,
    Record,
    Settings,
    SupportKind,
    Task,
    TaskStatus,
    WeeklyEntry,
    first_by_code,
)

__all__ = [
    "BEHIND",
    "FAR_BEHIND",
    "assess",
    "by_department",
    "by_owner",
    "by_strategy",
    "expected_progress",
    "findings",
    "summarize",
]

BEHIND = Decimal("0.9")
"""A task under this share of what should be done by now is 落后 (and amber)."""
FAR_BEHIND = Decimal("0.8")
"""A task under this share of what should be done by now is red."""

ZERO = Decimal(0)
ONE = Decimal(1)
DAY = timedelta(days=1)
STOPPED = (TaskStatus.PAUSED, TaskStatus.CANCELLED)
DONE = (TaskStatus.DONE_ON_TIME, TaskStatus.DONE_LATE)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is known of a task at the cut-off: its progress, whether it is done, and since when."""

    progress: Decimal | None
    readable: bool
    done: bool
    finished: date | None
    today: bool = False
    """Whether the progress is what the action plan says now, of no known day."""


def assess(plan: Plan, calendar: Calendar, as_of: date) -> dict[str, TaskResult]:
    """Each task's status, expected and actual progress, index, delay, notice and light at
    ``as_of``, by code.

    * Progress: 交付实际 ÷ 交付目标 where both are numbers and the target is above zero, else as
      typed; within 0 … 100 %. A finished task with nothing else said is at 100 %.
    * Done: a finishing day up to the cut-off, or 100 %. On time: finished on the due day or before.
      At 100 % without a finishing day, the first weekly review that says 100 % is taken for it;
      without one it is on time while the due day has not passed, and late after that: what
      nobody wrote down is not counted as kept.
      A finishing day after the cut-off: not finished yet; the last weekly review's figure stands.
    * A run that looks back (see :func:`data_day`) takes the last weekly review up to its cut-off.
      Without one the progress of today stands, and the result says that it is ``later``.
    * A due day that is a day off counts as the next working day (应完成% is full on the day
      itself).
    * Overdue working days: those after the due day up to the finishing day, or the cut-off.
    * 落后: index under :data:`BEHIND`. 未开始: before its first day (or without one) and nothing
      done.
    * Light: green on course or done on time; amber behind, done late, or begun without a report;
      red overdue or index under :data:`FAR_BEHIND`; none before its start, paused, cancelled.
    * Weight: blank is 1. One that cannot be used (unreadable, negative) is 0: left out of
      加权完成率.

    A task of which a deciding cell cannot be read has no result; of two with one code the first
    counts.
    """
    weekly, back = _reviews(plan.weekly, as_of), data_day(plan, as_of) is not None
    found = {
        task.code: _assess(task, plan, calendar, as_of, weekly.get(task.code, ()), back=back)
        for task in first_by_code(plan.tasks)
    }
    return {code: result for code, result in found.items() if result is not None}


def expected_progress(
    calendar: Calendar, start: date | None, due: date | None, as_of: date
) -> Decimal | None:
    """应完成%: working days from start to cut-off ÷ start to due, all days included, within 0 … 1.

    No due day: None. Without a start (or one after the due day, or no working day between), only
    the due day speaks: 0 before it, 1 from it on.
    """
    if due is None:
        return None
    if as_of >= due:
        return ONE
    if start is None or as_of < start or start > due:
        return ZERO
    whole = calendar.count(start, due)
    return Decimal(calendar.count(start, as_of)) / Decimal(whole) if whole else ZERO


def findings(plan: Plan, results: Mapping[str, TaskResult], as_of: date) -> list[Finding]:
    """What is odd about the action plan at ``as_of``, each at its cell: late requests, missing
    reports, contradictions.

    What one record shows by itself, at any cut-off, is left to the plan's checks.
    """
    found = list[Finding]()
    for task in first_by_code(plan.tasks):
        found.extend(_oddities(task, results.get(task.code), as_of))
    return [*found, *_looking_back(plan, results, as_of)]


def _looking_back(plan: Plan, results: Mapping[str, TaskResult], as_of: date) -> Iterator[Finding]:
    """What a run that looks back takes as it is today, for nothing says how it was: once for each
    kind of rows, at the first of them.
    """
    known = data_day(plan, as_of)
    if known is None:
        return
    later = [
        task
        for task in first_by_code(plan.tasks)
        if task.code in results and results[task.code].later
    ]
    if later:
        yield Finding.of(
            "task-progress-later",
            later[0].origin.place("progress"),
            count=len(later),
            day=as_of,
            known=known,
        )
    waiting = {task.code for task in later}
    answered = [row for row in plan.issues if row.cause or row.remedy or row.status is not None]
    asked = [line for line in first_by_code(plan.budget) if line.requested is not None]
    meant = [
        row for row in plan.weekly if row.remedy and row.friday <= as_of and row.task in waiting
    ]
    found: tuple[tuple[str, Sequence[Record], str], ...] = (
        ("issues-later", answered, "status"),
        ("budget-later", asked, "requested"),
        ("improvements-later", meant, "remedy"),
    )
    for code, rows, column in found:
        if rows:
            place = rows[0].origin.place(column)
            yield Finding.of(code, place, count=len(rows), day=as_of, known=known)


def data_day(plan: Plan, as_of: date) -> date | None:
    """The day up to which the master is filled in (the settings' cut-off, else the last actual),
    where it is later than ``as_of``.
    """
    day = plan.settings.as_of or max(
        (
            day or month.last
            for day, month in zip(plan.actuals.day, plan.actuals.month, strict=True)
        ),
        default=None,
    )
    return day if day is not None and day > as_of else None


def _reviews(weekly: Sequence[WeeklyEntry], as_of: date) -> dict[str, list[WeeklyEntry]]:
    """The weekly reviews up to ``as_of`` that report a progress, by task, oldest first."""
    found: dict[str, list[WeeklyEntry]] = {}
    for entry in sorted(weekly, key=lambda entry: entry.friday):
        if entry.friday <= as_of and entry.actual is not None:
            found.setdefault(entry.task, []).append(entry)
    return found


def _assess(
    task: Task,
    plan: Plan,
    calendar: Calendar,
    as_of: date,
    reviews: Sequence[WeeklyEntry],
    *,
    back: bool,
) -> TaskResult | None:
    standing = _standing(task, as_of, reviews, back=back)
    if _undecidable(task, standing):
        return None
    due = None if task.due is None else calendar.on_or_after(task.due)
    expected = (
        None if "start" in task.broken else expected_progress(calendar, task.start, task.due, as_of)
    )
    day = (standing.finished if standing.done else None) or as_of
    late = 0 if due is None else calendar.count(due + DAY, day)
    index = standing.progress / expected if standing.progress is not None and expected else None
    kept = due is None or day <= due
    status = _status(task, standing, index, as_of, kept=kept)
    return TaskResult(
        code=task.code,
        status=status,
        progress=standing.progress,
        expected=expected,
        index=index,
        overdue_days=late if _is_late(status, standing) else 0,
        notice=None
        if status is TaskStatus.CANCELLED
        else notice_check(task, usual_notice(task, plan.settings), calendar, as_of),
        light=_light(status, index, standing.progress),
        weight=_weight(task),
        due=due,
        later=back and standing.today,
    )


def _standing(task: Task, as_of: date, reviews: Sequence[WeeklyEntry], *, back: bool) -> _Standing:
    progress, readable = _progress(task)
    unfinished = task.finished is None and back and reviews
    if unfinished or (task.finished is not None and task.finished > as_of):
        latest = _within(reviews[-1].actual) if reviews else None
        return _Standing(latest, True, latest == ONE, reviews[-1].friday if latest == ONE else None)
    if task.finished is not None:
        return _Standing(
            ONE if progress is None and readable else progress, readable, True, task.finished
        )
    if progress != ONE:
        return _Standing(progress, readable, False, None, today=progress is not None)
    seen = next((entry.friday for entry in reviews if _within(entry.actual) == ONE), None)
    return _Standing(progress, True, True, seen, today=seen is None)


def _progress(task: Task) -> tuple[Decimal | None, bool]:
    """(progress, whether the cells it comes from could be read)."""
    target, actual = task.deliverable_target, task.deliverable_actual
    if task.broken & {"deliverable_target", "deliverable_actual"}:
        return None, False
    if target is not None and actual is not None and target > 0:
        return _within(actual / target), True
    return _within(task.progress), "progress" not in task.broken


def _within(share: Decimal | None) -> Decimal | None:
    return None if share is None else min(max(share, ZERO), ONE)


def _undecidable(task: Task, standing: _Standing) -> bool:
    if "state" in task.broken:
        return True
    if task.state in STOPPED:
        return False
    if task.broken & {"finished", "due"}:
        return True
    return not standing.done and ("start" in task.broken or not standing.readable)


def _is_late(status: TaskStatus, standing: _Standing) -> bool:
    """Whether the days that it is late are known: of a task done on an unknown day they are not."""
    return status is TaskStatus.OVERDUE or (
        status is TaskStatus.DONE_LATE and standing.finished is not None
    )


def _status(
    task: Task,
    standing: _Standing,
    index: Decimal | None,
    as_of: date,
    *,
    kept: bool,
) -> TaskStatus:
    if task.state is not None and task.state in STOPPED:
        return task.state
    if standing.done:
        return TaskStatus.DONE_ON_TIME if kept else TaskStatus.DONE_LATE
    if not kept:
        return TaskStatus.OVERDUE
    begun = task.start is not None and as_of >= task.start
    if not begun and not standing.progress and (index is None or task.start is not None):
        return TaskStatus.NOT_STARTED
    return TaskStatus.BEHIND if index is not None and index < BEHIND else TaskStatus.RUNNING


def _light(status: TaskStatus, index: Decimal | None, progress: Decimal | None) -> Light | None:
    if status in STOPPED or status is TaskStatus.NOT_STARTED:
        return None
    if status is TaskStatus.DONE_ON_TIME:
        return Light.GREEN
    if status is TaskStatus.DONE_LATE:
        return Light.AMBER
    if status is TaskStatus.OVERDUE or (index is not None and index < FAR_BEHIND):
        return Light.RED
    return Light.AMBER if status is TaskStatus.BEHIND or progress is None else Light.GREEN


def _weight(task: Task) -> Decimal:
    if "weight" in task.broken:
        return ZERO
    return ONE if task.weight is None else max(task.weight, ZERO)


def _oddities(task: Task, result: TaskResult | None, as_of: date) -> Iterator[Finding]:
    place = task.origin.place
    if task.state is not None and task.state not in STOPPED:
        yield Finding.of("task-state-ignored", place("state"), task=task.code)
    if result is None or result.status in STOPPED:
        return
    if result.due != task.due and result.status not in DONE:
        yield Finding.of(
            "task-due-day-off", place("due"), task=task.code, due=task.due, counted=result.due
        )
    if task.progress is None:
        yield from _deliverable_oddities(task, result, as_of)
    begun = task.start is not None and task.start <= as_of
    if (
        result.progress is None
        and result.status not in DONE
        and (begun or result.status is TaskStatus.OVERDUE)
    ):
        yield Finding.of("task-progress-missing", place("progress"), task=task.code)
    if result.notice is not None and result.notice.code in ("notice-late", "notice-missing"):
        yield Finding(result.notice.code, place("requested"), result.notice.params)


def _deliverable_oddities(task: Task, result: TaskResult, as_of: date) -> Iterator[Finding]:
    """Where the deliverable and the finishing day disagree; of a typed progress the plan's own
    checks speak.
    """
    place = task.origin.place("finished")
    if (
        task.finished is not None
        and task.finished <= as_of
        and result.progress is not None
        and result.progress < ONE
    ):
        yield Finding.of(
            "task-finished-but-open", place, task=task.code, percent=_percent(result.progress)
        )
    if task.finished is None and result.status is TaskStatus.DONE_LATE:
        yield Finding.of("task-finished-day-missing", place, task=task.code)


def _percent(share: Decimal) -> Decimal:
    return (share * 100).quantize(Decimal("0.1"))


def usual_notice(task: Task, settings: Settings) -> int | None:
    """The working days of notice that the settings ask for by 协作类型; None where it is blank."""
    if task.support is None:
        return None
    technical = task.support is SupportKind.TECHNICAL
    return settings.technical_days if technical else settings.cross_department_days


def notice_check(
    task: Task, required: int | None, calendar: Calendar, as_of: date
) -> Finding | None:
    """提报检查: whether the request of ``task`` was handed in ``required`` working days ahead; None
    where no notice is asked for, or it cannot be read.

    Help is needed on the task's first day, or where that is blank on its due day. Notice is the
    number of working days from the day of the request up to the day before: asked on Monday for
    Thursday is three days; what is handed in on a day off counts from the next working day.
    Codes: ``notice-ok``, ``notice-late`` (with the days it is short), ``notice-missing`` (the
    latest day has passed), ``notice-pending`` (there is still time), ``notice-undated`` (the task
    has neither start nor due day).
    """
    if required is None or task.broken & {"support", "requested", "start", "due"}:
        return None
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
