"""The daily stand-ups of a week: who spoke, who did not, and who needs support (SPEC 7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from salesplan.engine.people import People
from salesplan.engine.presence import readable
from salesplan.engine.rhythm import Blocker, StandUps
from salesplan.engine.workdays import Calendar
from salesplan.plan.model import DailyEntry, Level, Plan

FRIDAY = 4
SUNDAY = 6


def friday_of(day: date) -> date:
    """The Friday of the day's week, Monday to Sunday."""
    return day + timedelta(days=FRIDAY - day.weekday())


def stand_ups(plan: Plan, calendar: Calendar, people: People, friday: date, as_of: date) -> StandUps:
    """The stand-ups of the week of ``friday``, up to ``as_of``.

    One is due on every working day from the first entry of 日跟进 on: a plan that has not begun with
    stand-ups misses none. Expected are the people (层级 个人) employed on that day; those whose
    dates cannot be read are not.
    """
    monday = friday - timedelta(days=FRIDAY)
    begun = min((entry.day for entry in plan.daily), default=as_of + timedelta(days=1))
    last = min(as_of, monday + timedelta(days=SUNDAY))
    days = tuple(day for day in _days(max(monday, begun), last) if calendar.is_working(day))
    entries = [entry for entry in plan.daily if monday <= entry.day <= last]
    spoke = {(people.code(entry.person), entry.day) for entry in entries}
    absent: dict[str, tuple[date, ...]] = {}
    for unit in plan.units:
        if unit.level is Level.PERSON and readable(unit):
            missed = tuple(
                day for day in days
                if (unit.code, day) not in spoke and not (unit.joined and day < unit.joined) and not (unit.left and day > unit.left)
            )
            if missed:
                absent[unit.code] = missed
    silent = tuple(code for code in absent if not any(person == code for person, _ in spoke))
    return StandUps(days, len(entries), absent, silent, tuple(_blockers(entries, people)))


def _days(first: date, last: date) -> Iterable[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _blockers(entries: Iterable[DailyEntry], people: People) -> Iterable[Blocker]:
    for entry in sorted(entries, key=lambda entry: entry.day):
        if entry.support:
            yield Blocker(entry.origin.row, entry.day, people.code(entry.person), entry.support)
