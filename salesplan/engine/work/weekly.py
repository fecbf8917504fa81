"""The week: the daily stand-ups, which tasks the coming Friday is about, and the weekly review:
completion against the plan, reasons, and last week's improvements looked at again.

Conventions as in :mod:`salesplan.engine.results`; people are unit codes where the sheet names a
unit by code or by a name that only one bears, else as typed. A week is named by its Friday.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from itertools import chain

from salesplan.dataclass import dataclass, field
from salesplan.engine.exact.figures import divide, percent
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.tree import readable
from salesplan.engine.work.actions import expected_progress
from salesplan.engine.work.task_summary import DONE, TaskResult
from salesplan.findings import Finding
from salesplan.plan.model import (
    Cause,
    DailyEntry,
    Level,
    Month,
    Plan,
    Task,
    TaskStatus,
    Unit,
    WeeklyEntry,
    first_by_code,
)


class Due(Enum):
    """Why a task is looked at in a week."""

    OVERDUE = "overdue"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A task for the coming Friday.

    ``planned`` is 应完成% on that day; ``person`` answers for it, ``needs`` is what they asked for
    in the week's stand-ups; ``listed``: the sheet has its row already.
    """

    task: str
    due: Due
    planned: Decimal | None
    person: str
    listed: bool
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A row of 周复盘, of the week of ``friday``. ``rate`` is actual ÷ planned (None where one is
    blank, or nothing was planned).

    ``person`` answers for the task; ``owner`` and ``due`` belong to the remedy. ``needs`` is what
    that person asked for in the week's stand-ups.
    """

    row: int
    friday: date
    task: str
    person: str
    planned: Decimal | None
    actual: Decimal | None
    rate: Decimal | None
    reasons: tuple[Cause, ...] = ()
    cause: str = ""
    remedy: str = ""
    owner: str = ""
    due: date | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocker:
    """Support that somebody asked for in a stand-up (需支持), with its row in 日跟进."""

    row: int
    day: date
    person: str
    need: str


@dataclass(frozen=True, slots=True)
class StandUps:
    """A week's stand-ups up to the cut-off.

    ``days``: the working days on which one was due. ``absent``: by person, those of them on which
    the person was employed and is not entered; people who never missed one are not there.
    ``silent`` are those of them with no entry at all in the week.
    """

    days: tuple[date, ...] = ()
    entries: int = 0
    absent: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    blockers: tuple[Blocker, ...] = ()

    def needs(self, person: str) -> tuple[str, ...]:
        """What that person asked for, each once."""
        return tuple(
            dict.fromkeys(
                blocker.need for blocker in self.blockers if person and blocker.person == person
            )
        )


@dataclass(frozen=True, slots=True)
class Week:
    """One week's review.

    ``completion``: Σ weight × actual ÷ Σ weight × planned over the rows that have both (None: no
    such row). ``reported`` of its rows have an actual, ``met`` of those reached what was planned.
    ``reasons`` are counted over the rows. ``unreported``: people with a row without an actual.
    """

    friday: date
    lines: tuple[ReviewLine, ...] = ()
    reported: int = 0
    met: int = 0
    completion: Decimal | None = None
    reasons: Mapping[Cause, int] = field(default_factory=dict)
    unreported: tuple[str, ...] = ()
    standups: StandUps = StandUps()

    @property
    def reviewed(self) -> bool:
        """Whether anybody wrote anything into the week's rows beyond what the engine lays out."""
        return any(line.actual is not None or line.cause or line.remedy for line in self.lines)


class RemedyState(Enum):
    """What became of an improvement: its gap closed, there is still time, its day has passed, or it
    has none.
    """

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Remedy:
    """An improvement of an earlier week (下周改进措施), looked at again.

    ``row`` is that of 周复盘; ``friday`` the week it was written in; ``late`` the working days
    since its day passed (0 unless overdue); ``latest`` the last progress of its task.
    """

    row: int
    friday: date
    task: str
    text: str
    owner: str
    due: date | None
    state: RemedyState
    late: int = 0
    latest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Weekly reviews and stand-ups up to the cut-off.

    ``friday``: that of the cut-off's week. ``agenda``: the tasks for it, by due day; empty where
    the sheet has rows of a later week already. ``lines``: every row of 周复盘 by its row number,
    the ones of later weeks included. ``weeks``: every week of the plan year from the first row of
    周复盘 or 日跟进 up to the cut-off's, oldest first, those without a working day left out.
    ``span_weeks`` of them have their Friday in the months reported; ``span_blockers`` are those of
    these months' own days, in whichever week: 29 and 30 June are June's. ``remedies``: of each task
    the last one that was written before the cut-off's week, newest first.
    """

    friday: date
    agenda: tuple[AgendaItem, ...] = ()
    lines: Mapping[int, ReviewLine] = field(default_factory=dict)
    weeks: tuple[Week, ...] = ()
    span_weeks: tuple[Week, ...] = ()
    span_blockers: tuple[Blocker, ...] = ()
    remedies: tuple[Remedy, ...] = ()

    @property
    def this_week(self) -> Week | None:
        """The cut-off's week, if anything is known of it."""
        return self.weeks[-1] if self.weeks and self.weeks[-1].friday == self.friday else None

    @property
    def span_reasons(self) -> Mapping[Cause, int]:
        """Causes counted over the weeks reported, the most frequent first."""
        total: dict[Cause, int] = {}
        for week in self.span_weeks:
            for cause, count in week.reasons.items():
                total[cause] = total.get(cause, 0) + count
        return dict(sorted(total.items(), key=lambda item: -item[1]))


FRIDAY = 4
SUNDAY = 6


def friday_of(day: date) -> date:
    """The Friday of the day's week, Monday to Sunday."""
    return day + timedelta(days=FRIDAY - day.weekday())


def stand_ups(
    plan: Plan, calendar: Calendar, fridays: Iterable[date], as_of: date
) -> dict[date, StandUps]:
    """The stand-ups of the weeks of ``fridays``, up to ``as_of``, by Friday.

    One is due on every working day from the first entry of 日跟进 on: a plan that has not begun
    with stand-ups misses none. Expected are the people (层级 个人) employed on that day; those
    whose dates cannot be read are not.
    """
    begun = min((entry.day for entry in plan.daily), default=as_of + timedelta(days=1))
    expected = [unit for unit in plan.units if unit.level is Level.PERSON and readable(unit)]
    by_week: dict[date, list[DailyEntry]] = {}
    for entry in plan.daily:
        if entry.day <= as_of:
            by_week.setdefault(friday_of(entry.day), []).append(entry)
    found: dict[date, StandUps] = {}
    for friday in fridays:
        first, last = (
            max(friday - timedelta(days=FRIDAY), begun),
            min(as_of, friday + timedelta(days=SUNDAY - FRIDAY)),
        )
        days = tuple(day for day in _days(first, last) if calendar.is_working(day))
        found[friday] = _spoken(by_week.get(friday, []), days, expected)
    return found


def _spoken(
    entries: Sequence[DailyEntry], days: tuple[date, ...], expected: Iterable[Unit]
) -> StandUps:
    spoke = {(entry.person, entry.day) for entry in entries}
    heard = {person for person, _ in spoke}
    absent: dict[str, tuple[date, ...]] = {}
    for unit in expected:
        missed = tuple(
            day
            for day in days
            if (unit.code, day) not in spoke
            and not (unit.joined and day < unit.joined)
            and not (unit.left and day > unit.left)
        )
        if missed:
            absent[unit.code] = missed
    return StandUps(
        days,
        len(entries),
        absent,
        tuple(code for code in absent if code not in heard),
        tuple(_blockers(entries)),
    )


def _days(first: date, last: date) -> Iterable[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _blockers(entries: Iterable[DailyEntry]) -> Iterable[Blocker]:
    for entry in sorted(entries, key=lambda entry: entry.day):
        if entry.support:
            yield Blocker(entry.origin.row, entry.day, entry.person, entry.support)


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


ZERO, ONE = Decimal(0), Decimal(1)

Tasks = Mapping[str, TaskResult]


def rhythm(
    plan: Plan, calendar: Calendar, tasks: Tasks, months: Collection[Month], as_of: date
) -> tuple[Rhythm, list[Finding]]:
    """The reviews and stand-ups up to ``as_of``, those of the ``months`` that are reported by
    themselves, and what is to be said of them at their cells.

    ``tasks`` are the results of the action plan at ``as_of``. A row dated on another day of the
    week belongs to that week's Friday (the plan's checks name the date).
    """
    friday = friday_of(as_of)
    spoken = stand_ups(plan, calendar, _fridays(plan, calendar, friday), as_of)
    entries = {entry.origin.row: entry for entry in plan.weekly}
    lines = {row: _line(entry, plan.owner_of(entry.task), spoken) for row, entry in entries.items()}
    by_week: dict[date, list[ReviewLine]] = {}
    for line in lines.values():
        by_week.setdefault(line.friday, []).append(line)
    weeks = tuple(
        _week(one, by_week.get(one, []), standups, tasks) for one, standups in spoken.items()
    )
    remedies = tuple(_remedies(lines.values(), calendar, tasks, friday, as_of))
    blockers = chain.from_iterable(week.standups.blockers for week in weeks)
    found = Rhythm(
        friday=friday,
        agenda=agenda(plan, calendar, tasks, friday, spoken.get(friday, StandUps())),
        lines=lines,
        weeks=weeks,
        span_weeks=tuple(week for week in weeks if Month.of(week.friday) in months),
        span_blockers=tuple(one for one in blockers if Month.of(one.day) in months),
        remedies=remedies,
    )
    return found, [
        *_review_findings(found, entries, tasks, as_of),
        *_later_findings(found, entries, as_of),
        *_remedy_findings(remedies, entries),
        *_stand_up_findings(found, plan),
    ]


def _fridays(plan: Plan, calendar: Calendar, last: date) -> Iterator[date]:
    """The plan year's weeks with a working day, from the first that has a row up to the one of
    ``last``.
    """
    first = plan.settings.months[0].first
    days = []
    for day in (*(entry.friday for entry in plan.weekly), *(entry.day for entry in plan.daily)):
        if day >= first:
            days.append(day)
    friday = friday_of(min(days)) if days else last + WEEK
    while friday <= last:
        if calendar.count(friday - timedelta(days=FRIDAY), friday + timedelta(days=2)):
            yield friday
        friday += WEEK


def _line(entry: WeeklyEntry, person: str | None, spoken: Mapping[date, StandUps]) -> ReviewLine:
    person = person or entry.owner
    friday = friday_of(entry.friday)
    return ReviewLine(
        row=entry.origin.row,
        friday=friday,
        task=entry.task,
        person=person,
        planned=entry.planned,
        actual=entry.actual,
        rate=divide(entry.actual, entry.planned)
        if entry.planned and entry.actual is not None
        else None,
        reasons=entry.reasons,
        cause=entry.cause,
        remedy=entry.remedy,
        owner=entry.owner,
        due=entry.due,
        needs=spoken.get(friday, StandUps()).needs(person),
    )


def _week(friday: date, lines: Sequence[ReviewLine], standups: StandUps, tasks: Tasks) -> Week:
    weighed = [
        (tasks[line.task].weight if line.task in tasks else ONE, line.planned, line.actual)
        for line in lines
        if line.planned is not None and line.actual is not None
    ]
    planned = sum((weight * plan for weight, plan, _ in weighed), ZERO)
    done = sum((weight * actual for weight, _, actual in weighed), ZERO)
    reasons = chain.from_iterable(line.reasons for line in lines)
    return Week(
        friday=friday,
        lines=tuple(lines),
        reported=sum(line.actual is not None for line in lines),
        met=sum(actual >= plan for _, plan, actual in weighed),
        completion=divide(done, planned) if planned else None,
        reasons=dict(Counter(reasons).most_common()),
        unreported=tuple(
            dict.fromkeys(
                line.person for line in lines if line.person and _is_unreported(line, tasks)
            )
        ),
        standups=standups,
    )


def _is_unreported(line: ReviewLine, tasks: Tasks) -> bool:
    """Whether a figure is still owed: of tasks that are done, paused or cancelled none is."""
    return line.actual is None and not (
        line.task in tasks and tasks[line.task].status in (*DONE, *STOPPED)
    )


def _remedies(
    lines: Iterable[ReviewLine], calendar: Calendar, tasks: Tasks, friday: date, as_of: date
) -> Iterator[Remedy]:
    """The last improvement of each task before the week of ``friday``; those of cancelled tasks are
    nobody's business any more.
    """
    of_task: dict[str, list[ReviewLine]] = {}
    for line in lines:
        if line.friday <= friday:
            of_task.setdefault(line.task, []).append(line)
    found = []
    for task, own in of_task.items():
        own.sort(key=lambda line: line.friday)
        last = next((line for line in reversed(own) if line.remedy and line.friday < friday), None)
        result = tasks.get(task)
        if last is None or (result is not None and result.status is TaskStatus.CANCELLED):
            continue
        found.append(
            _remedy(
                last, [line for line in own if line.friday > last.friday], result, calendar, as_of
            )
        )
    yield from sorted(found, key=lambda remedy: (-remedy.friday.toordinal(), remedy.row))


def _remedy(
    line: ReviewLine,
    since: Sequence[ReviewLine],
    result: TaskResult | None,
    calendar: Calendar,
    as_of: date,
) -> Remedy:
    """Done: the task is finished, or a later review reached what it had planned. Overdue as a task
    is: a day off counts as the next working day.
    """
    caught_up = any(
        one.planned is not None and one.actual is not None and one.actual >= one.planned
        for one in since
    )
    done = caught_up or (result is not None and result.status in DONE)
    due = None if line.due is None else calendar.on_or_after(line.due)
    late = 0 if due is None else calendar.count(due + timedelta(days=1), as_of)
    open_state = RemedyState.OVERDUE if due is not None and due < as_of else RemedyState.OPEN
    state = RemedyState.UNDATED if due is None else open_state
    seen = [one.actual for one in (line, *since) if one.actual is not None]
    if result is not None and result.progress is not None:
        progress = result.progress
    elif seen:
        progress = seen[-1]
    else:
        progress = None
    return Remedy(
        row=line.row,
        friday=line.friday,
        task=line.task,
        text=line.remedy,
        owner=line.owner,
        due=line.due,
        state=RemedyState.DONE if done else state,
        late=0 if done else late,
        latest=progress,
    )


def _review_findings(
    found: Rhythm, entries: Mapping[int, WeeklyEntry], tasks: Tasks, as_of: date
) -> Iterator[Finding]:
    """From the first week with rows on: weeks without a review, and rows of reviewed weeks that
    nobody reported on.
    """
    last: WeeklyEntry | None = None
    for week in found.weeks:
        if week.lines:
            last = entries[week.lines[-1].row]
        if last is None or week.friday > as_of:
            continue
        owed = [
            line
            for line in week.lines
            if _is_unreported(line, tasks) and "actual" not in entries[line.row].broken
        ]
        if not week.reviewed and (owed or not week.lines):
            place = (
                entries[owed[0].row].origin.place("actual") if owed else last.origin.place("friday")
            )
            yield Finding.of("week-without-review", place, friday=week.friday)
        elif week.reviewed:
            for line in owed:
                yield Finding.of(
                    "week-without-actual",
                    entries[line.row].origin.place("actual"),
                    task=line.task,
                    person=line.person or "—",
                    friday=week.friday,
                )


def _later_findings(
    found: Rhythm, entries: Mapping[int, WeeklyEntry], as_of: date
) -> Iterator[Finding]:
    """Rows of weeks after the cut-off's: a slip in one date would else empty the agenda without a
    word.
    """
    later = [entry for entry in entries.values() if friday_of(entry.friday) > found.friday]
    if later:
        yield Finding.of(
            "week-after-cut-off", later[0].origin.place("friday"), rows=len(later), day=as_of
        )


def _remedy_findings(
    remedies: Sequence[Remedy], entries: Mapping[int, WeeklyEntry]
) -> Iterator[Finding]:
    for remedy in remedies:
        if remedy.state is RemedyState.OVERDUE:
            place = entries[remedy.row].origin.place("due")
            yield Finding.of(
                "remedy-overdue" if remedy.late else "remedy-overdue-today",
                place,
                task=remedy.task,
                owner=remedy.owner or "—",
                due=remedy.due,
                days=remedy.late,
                progress="—" if remedy.latest is None else percent(remedy.latest),
            )


def _stand_up_findings(found: Rhythm, plan: Plan) -> Iterator[Finding]:
    """People who said nothing in any stand-up of the cut-off's week."""
    week = found.this_week
    if week is not None and week.standups.silent:
        last = max(plan.daily, key=lambda entry: (entry.day <= found.friday, entry.day))
        names = tuple(plan.unit_by_code[code].name or code for code in week.standups.silent)
        yield Finding.of(
            "standup-missing",
            last.origin.place("person"),
            people=names,
            count=len(names),
            days=len(week.standups.days),
            friday=week.friday,
        )
