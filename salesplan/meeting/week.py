"""The week's meeting (周会): tasks due and done against the plan and why not, what became of last
week's actions, what comes next week, whether the run rate is enough, and what is to be decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.changes.records import ChangeState, stood
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.results import Results
from salesplan.engine.work.actions import expected_progress
from salesplan.engine.work.helping import Request
from salesplan.engine.work.problems import Problem, ProblemKind
from salesplan.engine.work.task_summary import DONE, TaskResult
from salesplan.engine.work.weekly import FRIDAY, WEEK, Remedy, RemedyState, Week, friday_of
from salesplan.meeting.day import Asked, asked, entries_by_unit, helpers, open_requests
from salesplan.meeting.run_rate import RunRate, RunRates, Stale, stale
from salesplan.plan.model import (
    Change,
    Level,
    Light,
    Month,
    Plan,
    Task,
    TaskStatus,
    Unit,
    first_by_code,
)

_WHOLE_PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class WeekTask:
    """A task that is spoken of: ``due`` is the day it counts as due, ``expected`` what of it should
    be done by Friday.
    """

    task: Task
    result: TaskResult
    due: date | None
    expected: Decimal | None

    @property
    def done(self) -> bool:
        """Whether it is finished."""
        return self.result.status in DONE


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change that waits for its approval, with what it would change: as typed, or what stands
    now where nothing was typed before.
    """

    change: Change
    before: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the meeting is asked to decide: changes to approve, requests for help that are open or
    late, support asked for in the week's stand-ups, and figures that are red.
    """

    changes: tuple[Proposed, ...] = ()
    requests: tuple[Request, ...] = ()
    asked: tuple[Asked, ...] = ()
    reds: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.changes) + len(self.requests) + len(self.asked) + len(self.reds)


@dataclass(frozen=True, slots=True)
class WeekMeeting:
    """A unit's meeting of the week of ``friday``, with what is known up to ``as_of``.

    ``tasks`` are those of the week: due in it or overdue and not finished before it, and those that
    have a row in 周复盘. ``review`` counts what that says; None without a row. ``actions`` are the
    last ones of earlier weeks that are not done, and last week's that are. ``people`` may be named
    as responsible.
    """

    unit: Unit | None
    friday: date
    as_of: date
    tasks: tuple[WeekTask, ...]
    following: tuple[WeekTask, ...]
    review: Week | None
    actions: tuple[Remedy, ...]
    rates: tuple[RunRate, ...]
    decisions: Decisions
    people: tuple[Unit, ...]
    stale: Stale | None = None
    """Where the actuals end long before the last day known."""

    @property
    def monday(self) -> date:
        """The week's first day."""
        return self.friday - timedelta(days=FRIDAY)

    @property
    def due(self) -> tuple[WeekTask, ...]:
        """Those that are due in the week itself."""
        return tuple(one for one in self.tasks if one.due is not None and self._within(one.due))

    @property
    def overdue(self) -> tuple[WeekTask, ...]:
        """Those that are due by the last day known and not done."""
        return tuple(one for one in self.tasks if one.result.status is TaskStatus.OVERDUE)

    def _within(self, day: date) -> bool:
        return self.monday <= day < self.monday + WEEK


def week_of(plan: Plan, results: Results, calendar: Calendar) -> WeekMeeting:
    """The meeting of the week that holds the cut-off of ``results``, of the plan's topmost unit."""
    as_of, friday = results.as_of, friday_of(results.as_of)
    monday = friday - timedelta(days=FRIDAY)
    rates = RunRates(
        plan=plan,
        results=results,
        calendar=calendar,
        month=Month.of(as_of),
        since=monday,
        until=as_of,
    )
    rhythm = results.weekly
    review = None if rhythm is None else rhythm.this_week
    listed = {line.task for line in review.lines} if review is not None else set()
    spoken = tuple(_spoken(plan, results, calendar, friday))
    tasks = [one for one in spoken if _is_of_week(one, monday, listed)]
    following = [one for one in spoken if _is_next(one, monday)]
    top = plan.roots[0] if plan.roots else None
    own = () if top is None else rates.of(top.code)
    return WeekMeeting(
        unit=top,
        friday=friday,
        as_of=as_of,
        tasks=tuple(sorted(tasks, key=_by_due)),
        following=tuple(sorted(following, key=_by_due)),
        review=review if review is not None and review.lines else None,
        actions=() if rhythm is None else tuple(_actions(rhythm.remedies, friday - WEEK)),
        rates=own,
        decisions=_decisions(plan, results, monday),
        people=tuple(unit for unit in plan.units if unit.level is Level.PERSON),
        stale=stale(plan, results, calendar, as_of, own),
    )


def _spoken(plan: Plan, results: Results, calendar: Calendar, friday: date) -> Iterator[WeekTask]:
    """Every task that is neither paused nor cancelled."""
    for task in first_by_code(plan.tasks):
        result = results.tasks.get(task.code)
        if result is None or result.status in (TaskStatus.PAUSED, TaskStatus.CANCELLED):
            continue
        share = (
            None
            if "start" in task.broken
            else expected_progress(calendar, task.start, task.due, friday)
        )
        if share is not None:
            share = share.quantize(_WHOLE_PERCENT, ROUND_HALF_UP)
        yield WeekTask(task, result, result.due or task.due, share)


def _by_due(one: WeekTask) -> date:
    return one.due or date.max


def _is_of_week(one: WeekTask, monday: date, listed: set[str]) -> bool:
    if one.task.code in listed:
        return True
    if one.due is None or one.due >= monday + WEEK:
        return False
    finished = one.task.finished
    return not one.done or (finished is not None and finished >= monday)


def _is_next(one: WeekTask, monday: date) -> bool:
    if one.due is None or one.done:
        return False
    return monday + WEEK <= one.due < monday + 2 * WEEK


def _actions(remedies: tuple[Remedy, ...], last: date) -> Iterator[Remedy]:
    for one in remedies:
        if one.state is not RemedyState.DONE or one.friday == last:
            yield one


MOST_REDS = 5


def _decisions(plan: Plan, results: Results, monday: date) -> Decisions:
    pending = {
        one.change: stood(one, results.planned, results.standing)
        for one in results.adjustments
        if one.state is ChangeState.PENDING
    }
    support: list[Asked] = []
    names = helpers(plan)
    for person, entries in entries_by_unit(plan, results.as_of).items():
        support += asked(person, (one for one in entries if one.day >= monday), names)
    reds = [
        one
        for one in results.problems
        if one.light is Light.RED and one.kind is not ProblemKind.LATE_TASK
    ]
    return Decisions(
        changes=tuple(
            Proposed(one, one.before or pending[one.code])
            for one in plan.changes
            if one.code in pending
        ),
        requests=open_requests(results),
        asked=tuple(sorted(support, key=lambda one: one.day)),
        reds=tuple(reds[:MOST_REDS]),
    )
