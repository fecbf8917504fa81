"""The day's stand-up (晨会): what each person planned and what became of it, what is due, who waits
for whom, and whether the figures keep pace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from salesplan.dataclass import dataclass
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.results import Results
from salesplan.engine.work.helping import Request
from salesplan.meeting.notes import STOPPED, Note
from salesplan.meeting.run_rate import DAY, RunRate, RunRates, Stale, stale
from salesplan.plan.model import DailyEntry, Level, Month, Plan, Task, Unit, first_by_code
from salesplan.plan.model.helping import partners
from salesplan.plan.normalize import folded

LOOKED_BACK = 5
"""Working days for which a plan or a request that nobody came back to is still shown."""


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task of a person: overdue by ``late`` working days, or due on ``due``, which is the day or
    the next working day. ``partners`` are those who help (协作部门), as typed.
    """

    code: str
    content: str
    due: date
    late: int
    partners: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Support that a ``person`` asked for on a ``day``. ``owes``: who is named in it, as people
    call them; empty where nobody is.
    """

    day: date
    person: str
    text: str
    owes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonDay:
    """What there is to say of one person, or of a unit whose tasks nobody on the page answers for.

    ``team`` is the code of the unit right below the page's own that they belong to ("": none).
    ``planned`` is what they set out to do on ``planned_on``, the last day on which they said
    anything. ``entry`` is their row of the day where 日跟进 has it: its 昨日完成 is what became of
    that plan. ``main`` is the run rate of their most important KPI.
    """

    unit: Unit
    team: str
    planned: str
    planned_on: date | None
    entry: DailyEntry | None
    due: tuple[DueTask, ...]
    asked: tuple[Asked, ...]
    main: RunRate | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A unit's stand-up on a working ``day``; ``before`` and ``after`` are the working days around
    it. ``notes`` are those of units that are no person of the page.
    """

    unit: Unit | None
    day: date
    before: date
    after: date
    rates: tuple[RunRate, ...]
    people: tuple[PersonDay, ...]
    notes: tuple[Note, ...]
    requests: tuple[Request, ...] = ()
    """What tasks ask of helpers (协作方) and is open: not answered, declined, asked or promised
    late.
    """
    stale: Stale | None = None
    """Where the actuals end long before the day."""

    @property
    def asked(self) -> tuple[Asked, ...]:
        """All support that was asked for, the latest first."""
        found = chain.from_iterable(person.asked for person in self.people)
        return tuple(sorted(found, key=lambda one: one.day, reverse=True))

    @property
    def silent(self) -> tuple[PersonDay, ...]:
        """Persons who said nothing on the working day before, nor since."""
        return tuple(
            one
            for one in self.people
            if one.unit.level is Level.PERSON
            and one.entry is None
            and (one.planned_on is None or one.planned_on < self.before)
        )

    @property
    def overdue(self) -> int:
        """How many tasks are late."""
        return sum(task.late > 0 for task in self._due)

    @property
    def due_today(self) -> int:
        """How many tasks are due on the day."""
        return sum(task.due == self.day for task in self._due)

    @property
    def _due(self) -> Iterator[DueTask]:
        return chain.from_iterable(person.due for person in self.people)


def day_of(
    plan: Plan, results: Results, calendar: Calendar, day: date, notes: Iterable[Note] = ()
) -> Day:
    """The stand-up of the plan's topmost unit on ``day``, a working day; ``results`` are those of
    that day.
    """
    before, after = calendar.add(day, -1), calendar.add(day, 1)
    rates = RunRates(
        plan=plan,
        results=results,
        calendar=calendar,
        month=Month.of(day),
        since=before,
        until=day - DAY,
    )
    said, due = entries_by_unit(plan, day), _due(plan, results, calendar, day, after)
    of_unit: dict[str, list[Note]] = {}
    for note in notes:
        of_unit.setdefault(note.unit, []).append(note)
    names, since = helpers(plan), calendar.add(day, -LOOKED_BACK)
    people = []
    for unit, team in _speakers(plan, day, due.keys()):
        known = [one for one in said.get(unit.code, ()) if one.day >= since]
        earlier = [one for one in known if one.day < day]
        last = max(earlier, key=lambda one: one.day, default=None)
        people.append(
            PersonDay(
                unit=unit,
                team=team,
                planned="" if last is None else last.today,
                planned_on=None if last is None else last.day,
                entry=next((one for one in known if one.day == day), None),
                due=tuple(due.get(unit.code, ())),
                asked=tuple(asked(unit.code, earlier, names)),
                main=rates.main(unit.code),
                notes=tuple(of_unit.pop(unit.code, ())),
            )
        )
    top = plan.roots[0] if plan.roots else None
    left = chain.from_iterable(of_unit.values())
    own = () if top is None else rates.of(top.code)
    return Day(
        top,
        day,
        before,
        after,
        own,
        tuple(people),
        tuple(left),
        open_requests(results),
        stale(plan, results, calendar, day, own),
    )


def open_requests(results: Results) -> tuple[Request, ...]:
    """The requests for help that somebody has to do something about."""
    return tuple(one for one in results.requests if not one.is_settled)


def entries_by_unit(plan: Plan, last: date) -> Mapping[str, Sequence[DailyEntry]]:
    """The rows of 日跟进 up to ``last`` by the code of whose they are, in sheet order."""
    found: dict[str, list[DailyEntry]] = {}
    for entry in plan.daily:
        if entry.day <= last:
            found.setdefault(plan.people.code(entry.person), []).append(entry)
    return found


def asked(person: str, entries: Iterable[DailyEntry], names: Sequence[str]) -> Iterator[Asked]:
    """The support asked for in these stand-ups, each text once, on the last day it was said."""
    latest: dict[str, DailyEntry] = {}
    for entry in entries:
        known = latest.get(entry.support)
        if entry.support and (known is None or known.day < entry.day):
            latest[entry.support] = entry
    for text, entry in latest.items():
        yield Asked(entry.day, person, text, tuple(named_in(text, names)))


def helpers(plan: Plan) -> tuple[str, ...]:
    """Everybody a request could name, as people call them: helpers (协作方), partners of the tasks,
    units, who leads them. The longest first.
    """
    names = dict.fromkeys(helper.name for helper in plan.helpers)
    for task in plan.tasks:
        names |= dict.fromkeys(partners(task))
    for unit in plan.units:
        names |= dict.fromkeys((unit.name, unit.manager))
    long = (name for name in names if len(name) > 1 and name not in plan.unit_by_code)
    return tuple(sorted(long, key=len, reverse=True))


def named_in(text: str, names: Iterable[str]) -> Iterator[str]:
    """Those of the ``names`` that a request names, the longest first; a name within another one
    that was found is not another. Latin ones as whole words.
    """
    left = folded(text)
    for name in names:
        wanted = re.escape(folded(name))
        if name.isascii():
            wanted = rf"\b{wanted}\b"
        if re.search(wanted, left):
            left = re.sub(wanted, " ", left)
            yield name


def _speakers(plan: Plan, day: date, owners: Iterable[str]) -> Iterator[tuple[Unit, str]]:
    """Who is spoken of on ``day``, in the order of the tree, with their team: every person who is
    employed, and units with tasks of their own.
    """
    wanted = set(owners)
    tops = set[str]()
    for root in plan.roots:
        tops |= {child.code for child in plan.children.get(root.code, ())}
    team = ""
    for depth, unit in plan.walk():
        if depth == 0:
            team = ""
        elif unit.code in tops:
            team = unit.code if unit.level is not Level.PERSON else ""
        there = not (unit.joined and unit.joined > day) and not (unit.left and unit.left < day)
        if there and (unit.level is Level.PERSON or unit.code in wanted):
            yield unit, team


def _due(
    plan: Plan, results: Results, calendar: Calendar, day: date, after: date
) -> Mapping[str, Sequence[DueTask]]:
    """What is overdue, due on the day or on the working day after it, by who answers for it: the
    owner, or who leads the unit that is the owner.
    """
    found: dict[str, list[DueTask]] = {}
    for task in first_by_code(plan.tasks):
        result = results.tasks.get(task.code)
        if task.due is None or result is None or result.status in STOPPED:
            continue
        due = result.due or task.due
        if due <= after:
            late = calendar.until(due, day) if due < day else 0
            one = DueTask(task.code, task.content, due, late, task.partners)
            found.setdefault(answers_for(plan, task), []).append(one)
    for tasks in found.values():
        tasks.sort(key=lambda one: one.due)
    return found


def answers_for(plan: Plan, task: Task) -> str:
    """The code of the person who answers for a task: its owner, or who leads the unit that owns
    it; the owner where that is nobody of the plan.
    """
    owner = plan.people.one(task.owner)
    if owner is None or owner.level is Level.PERSON:
        return task.owner if owner is None else owner.code
    head = plan.people.head(owner)
    return owner.code if head is None else head.code
