"""The daily stand-ups of a week: who spoke, who did not, and who needs support (SPEC 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.presence import readable
from salesplan.engine.work.rhythm import Blocker, StandUps
from salesplan.plan.model import DailyEntry, Level, Plan, Unit

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
        found[friday] = _week(by_week.get(friday, []), days, expected)
    return found


def _week(
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
