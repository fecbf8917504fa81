"""The weekly review (SPEC 7): completion against the plan, reasons, and last week's improvements
looked at again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from salesplan.engine.exact.figures import divide, percent
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.work.agenda import STOPPED, WEEK, agenda
from salesplan.engine.work.rhythm import Remedy, RemedyState, ReviewLine, Rhythm, StandUps, Week
from salesplan.engine.work.standups import FRIDAY, friday_of, stand_ups
from salesplan.engine.work.task_summary import DONE, TaskResult
from salesplan.findings import Finding
from salesplan.plan.model import Month, Plan, TaskStatus, WeeklyEntry

ZERO, ONE = Decimal(0), Decimal(1)

Tasks = Mapping[str, TaskResult]


def rhythm(
    plan: Plan, calendar: Calendar, tasks: Tasks, month: Month, as_of: date
) -> tuple[Rhythm, list[Finding]]:
    """The reviews and stand-ups up to ``as_of``, and what is to be said of them at their cells.

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
    found = Rhythm(
        friday=friday,
        agenda=agenda(plan, calendar, tasks, friday, spoken.get(friday, StandUps())),
        lines=lines,
        weeks=weeks,
        month_weeks=tuple(week for week in weeks if Month.of(week.friday) == month),
        month_blockers=tuple(
            blocker
            for week in weeks
            for blocker in week.standups.blockers
            if Month.of(blocker.day) == month
        ),
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
    days = [
        day
        for day in (*(entry.friday for entry in plan.weekly), *(entry.day for entry in plan.daily))
        if day >= first
    ]
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
    return Week(
        friday=friday,
        lines=tuple(lines),
        reported=sum(line.actual is not None for line in lines),
        met=sum(actual >= plan for _, plan, actual in weighed),
        completion=divide(done, planned) if planned else None,
        reasons=dict(Counter(reason for line in lines for reason in line.reasons).most_common()),
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
    progress = (
        result.progress
        if result is not None and result.progress is not None
        else seen[-1]
        if seen
        else None
    )
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
