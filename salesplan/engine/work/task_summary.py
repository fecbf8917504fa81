"""Completion of the action plan as a whole and by owner, strategy and department."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.findings import Finding
from salesplan.plan.model import (
    Level,
    Light,
    Plan,
    Task,
    TaskStatus,
    Unit,
    first_by_code,
)


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What the action plan's engine columns say of one task. ``weight`` is the one in force."""

    code: str
    status: TaskStatus
    progress: Decimal | None
    expected: Decimal | None
    index: Decimal | None
    overdue_days: int
    notice: Finding | None
    light: Light | None
    weight: Decimal = Decimal(1)
    due: date | None = None
    """The day it counts as due: 时间节点, or the next working day where that is a day off."""
    later: bool = False
    """Whether ``progress`` is that of a later day: a run looks back, and nothing tells what it was
    then.
    """


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """Completion of a group of tasks at the cut-off: counts, and three rates (None: nothing due).

    Each task that is due is in one of three groups: ``finished``, ``overdue``, and ``just_due``, on
    the cut-off day itself and not done yet. ``postponed``: those whose day is a day off, and which
    are due on the next working day, after the cut-off.
    """

    total: int
    due: int
    finished: int
    on_time: int
    overdue: int
    paused: int
    completion: Decimal | None
    on_time_rate: Decimal | None
    weighted: Decimal | None
    just_due: int = 0
    postponed: int = 0
    later: int = 0
    """Tasks of which only a later day's progress is known."""


DONE = (TaskStatus.DONE_ON_TIME, TaskStatus.DONE_LATE)


def tasks_of(
    tasks: Sequence[Task], results: Mapping[str, TaskResult], report_span: ReportSpan
) -> tuple[Task, ...]:
    """The tasks that a report of the span looks at. Of a month: all. Of a longer span: those due
    within it, up to its last day, and those from before that were still open when it began.

    What was finished, or cancelled, and was due before is no matter of the span any more. A task
    without a day counts wherever it has begun.
    """
    if report_span.span is Span.MONTH:
        return tuple(tasks)
    return tuple(task for task in tasks if _is_of(task, results.get(task.code), report_span))


def _is_of(task: Task, result: TaskResult | None, report_span: ReportSpan) -> bool:
    begins, ends = report_span.begins.first, report_span.ends.last
    due = task.due if result is None or result.due is None else result.due
    if due is not None and due >= begins:
        return due <= ends
    if due is None and task.start is not None and task.start > ends:
        return False
    status = None if result is None else result.status
    if status in DONE:
        return task.finished is not None and task.finished >= begins
    return status is not TaskStatus.CANCELLED


def summarize(tasks: Iterable[Task], results: Mapping[str, TaskResult], as_of: date) -> TaskSummary:
    """Counts and rates of ``tasks`` at ``as_of``; tasks without a result are left out.

    Cancelled tasks count nowhere; paused ones are counted as such and stay out of every rate.
    ``due``: to be done by the cut-off (a day off counts as the next working day); ``finished`` and
    ``on_time`` are those of them that are done, and done on time. 任务完成率 = finished ÷ due,
    按期完成率 = on time ÷ due: None where nothing is due. 加权完成率 = Σ weight·progress ÷ Σ weight
    over the tasks with a reported progress, due or not: a blank is not a zero, it is left out.
    """
    known = [(task, results[task.code]) for task in first_by_code(tasks) if task.code in results]
    shown = [(task, result) for task, result in known if result.status is not TaskStatus.CANCELLED]
    active = [(task, result) for task, result in shown if result.status is not TaskStatus.PAUSED]
    due = [result for _, result in active if result.due is not None and result.due <= as_of]
    postponed = sum(
        task.due is not None and result.due is not None and task.due <= as_of < result.due
        for task, result in active
        if result.status not in DONE
    )
    finished = sum(result.status in DONE for result in due)
    on_time = sum(result.status is TaskStatus.DONE_ON_TIME for result in due)
    overdue = sum(result.status is TaskStatus.OVERDUE for result in due)
    reported = [
        (result.weight, result.progress) for _, result in active if result.progress is not None
    ]
    weights = sum((weight for weight, _ in reported), Decimal(0))
    done = sum((weight * progress for weight, progress in reported), Decimal(0))
    return TaskSummary(
        total=len(shown),
        due=len(due),
        finished=finished,
        on_time=on_time,
        overdue=overdue,
        paused=len(shown) - len(active),
        completion=Decimal(finished) / len(due) if due else None,
        on_time_rate=Decimal(on_time) / len(due) if due else None,
        weighted=done / weights if weights else None,
        just_due=len(due) - finished - overdue,
        postponed=postponed,
        later=sum(result.later for _, result in active),
    )


def by_owner(plan: Plan, results: Mapping[str, TaskResult], as_of: date) -> dict[str, TaskSummary]:
    """Summaries by owner: the unit's code, else as typed ("": none)."""
    return _grouped(plan, results, as_of, lambda task: task.owner)


def by_strategy(
    plan: Plan, results: Mapping[str, TaskResult], as_of: date
) -> dict[str, TaskSummary]:
    """Summaries by strategy code ("": tasks without a strategy)."""
    return _grouped(plan, results, as_of, lambda task: task.strategy or "")


def by_department(
    plan: Plan, results: Mapping[str, TaskResult], as_of: date
) -> dict[str, TaskSummary]:
    """Summaries by the code of the department, else the team, that the owner is or belongs to.

    An owner above both gives the topmost unit's code; an owner that is no unit gives "".
    """
    return _grouped(plan, results, as_of, lambda task: _department(plan, task.owner))


def _grouped(
    plan: Plan, results: Mapping[str, TaskResult], as_of: date, key: Callable[[Task], str]
) -> dict[str, TaskSummary]:
    groups: dict[str, list[Task]] = {}
    for task in first_by_code(plan.tasks):
        if task.code in results:
            groups.setdefault(key(task), []).append(task)
    return {name: summarize(tasks, results, as_of) for name, tasks in groups.items()}


def _department(plan: Plan, owner: str) -> str:
    line = _upwards(plan, owner)
    for level in (Level.DEPARTMENT, Level.TEAM):
        for unit in line:
            if unit.level is level:
                return unit.code
    return line[-1].code if line else ""


def _upwards(plan: Plan, code: str) -> list[Unit]:
    """The unit and those above it, nearest first; stops where the tree turns in a circle."""
    line: dict[str, Unit] = {}
    unit = plan.unit_by_code.get(code)
    while unit is not None and unit.code not in line:
        line[unit.code] = unit
        unit = plan.unit_by_code.get(unit.parent or "")
    return list(line.values())
