"""What tasks ask of each skill (人员能力) against the days that the people who have it are there.

A task asks for its skills on every working day from its start to its due day, or for its 所需人天
spread evenly over them. What lies behind the cut-off is past: a task that is overdue has no days
left to ask for. The people who have a skill are there on their working days after the cut-off, from
joining (or the skill's 具备日) to leaving. A task that asks for a level counts with all those that
ask for as much or more, against the people who reach it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.exact.workdays import Calendar
from salesplan.findings import Finding
from salesplan.plan.model import Month, Plan, SkillLevel, Task, first_by_code
from salesplan.plan.model.skills import Abilities, Asked, Held, asked, tasks_that_ask

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MonthLoad:
    """Person-days asked for in a month, and the working days there are for them."""

    month: Month
    asked: Decimal
    there: int

    @property
    def is_short(self) -> bool:
        """Whether more is asked than there is."""
        return self.asked > self.there

    @property
    def rate(self) -> Decimal | None:
        """Asked ÷ there; None where nobody is there."""
        return self.asked / self.there if self.there else None


@dataclass(frozen=True, slots=True)
class SkillLoad:
    """A skill that tasks ask for, at a level or above (None: any), with who has it (unit codes),
    which tasks ask, and every month after the cut-off in which one does.
    """

    skill: str
    level: SkillLevel | None
    people: tuple[str, ...]
    tasks: tuple[str, ...]
    months: tuple[MonthLoad, ...]

    @property
    def tightest(self) -> MonthLoad:
        """The month in which most is asked of what there is; of equal ones the first."""
        return max(self.months, key=lambda one: one.asked - one.there)

    @property
    def asked(self) -> Decimal:
        """Person-days asked for in all these months."""
        return sum((one.asked for one in self.months), Decimal(0))

    @property
    def there(self) -> int:
        """The working days there are in them."""
        return sum(one.there for one in self.months)


def skill_loads(plan: Plan, calendar: Calendar, as_of: date) -> tuple[SkillLoad, ...]:
    """Each skill that open tasks ask for on days after ``as_of``, the shortest first.

    Tasks that are done, cancelled or paused ask for nothing.
    """
    asking = [task for task in first_by_code(tasks_that_ask(plan)) if task.state is None]
    abilities = Abilities(plan)
    found = []
    for key, level in _wanted(asking):
        tasks = [task for task in asking if _asks(task, key, level)]
        held = [one for one in abilities.holders(key) if one.reaches(level)]
        months = tuple(_months(plan, calendar, as_of, tasks, held))
        if months:
            named = next(one for one in asked(tasks[0].skills) if one.key == key)
            people = tuple(one.person for one in held)
            codes = tuple(task.code for task in tasks)
            found.append(SkillLoad(named.skill, level, people, codes, months))
    return tuple(sorted(found, key=lambda one: one.tightest.there - one.tightest.asked))


def findings(plan: Plan, loads: Sequence[SkillLoad]) -> Iterator[Finding]:
    """Skills of which more is asked in a month than there is, at the first of their tasks. One that
    nobody has is left to the plan's checks.
    """
    for load in loads:
        month = load.tightest
        if load.people and month.is_short:
            yield Finding.of(
                "skill-short",
                plan.task_by_code[load.tasks[0]].origin.place("skills"),
                skill=str(Asked(load.skill, load.level)),
                month=month.month,
                asked=round(month.asked, 1),
                there=month.there,
                people=len(load.people),
                tasks=load.tasks,
            )


def _wanted(tasks: Sequence[Task]) -> list[tuple[str, SkillLevel | None]]:
    """The skills and levels that the tasks ask for, each once, in their order."""
    found: dict[tuple[str, SkillLevel | None], None] = {}
    for task in tasks:
        found |= dict.fromkeys((one.key, one.level) for one in asked(task.skills))
    return list(found)


def _asks(task: Task, key: str, level: SkillLevel | None) -> bool:
    """Whether the task asks for the skill at that level or above."""
    mine = (one for one in asked(task.skills) if one.key == key)
    return any(Held("", one.skill, one.level).reaches(level) for one in mine)


def _months(
    plan: Plan, calendar: Calendar, as_of: date, tasks: Sequence[Task], held: Sequence[Held]
) -> Iterator[MonthLoad]:
    for month in plan.settings.months:
        first = max(month.first, as_of + DAY)
        if first > month.last:
            continue
        wanted = [_days(calendar, task, as_of, first, month.last) for task in tasks]
        total = sum(wanted, Decimal(0))
        if total:
            there = [_there(plan, calendar, one, first, month.last) for one in held]
            yield MonthLoad(month, total, sum(there))


def _days(calendar: Calendar, task: Task, as_of: date, first: date, last: date) -> Decimal:
    """The person-days that a task asks for from ``first`` to ``last``."""
    if task.due is None or task.broken & {"start", "due", "person_days"}:
        return Decimal(0)
    start = task.start or min(as_of + DAY, task.due)
    days = Decimal(calendar.count(max(start, first), min(task.due, last)))
    whole = calendar.count(start, task.due)
    if task.person_days is None or not whole:
        return days
    return task.person_days * days / whole


def _there(plan: Plan, calendar: Calendar, held: Held, first: date, last: date) -> int:
    """The working days on which somebody is there with the skill."""
    unit = plan.unit_by_code[held.person]
    begins = max(first, unit.joined or first, held.since or first)
    return calendar.count(begins, min(last, unit.left or last))
