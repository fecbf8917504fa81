"""How much of each month a unit is there: joiners, leavers and ramp-up (SPEC 3).

A unit's share in a month is multiplied by working days present ÷ working days of the month × 爬坡%.
The first ramp-up figure holds in the month of joining, the next in the month after, and so on;
after the last one capacity is full. A level (存量) is what stands at a month's end, so there
presence is being employed on the month's last working day (in a month without any, on its last
day), times ramp-up.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from salesplan.dataclass import dataclass
from salesplan.engine.exact.workdays import Calendar
from salesplan.plan.model import Month, Plan, Unit

_FIELDS = frozenset({"joined", "left", "ramp_up"})
_ONE = Fraction(1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Presence:
    """Twelve fractions of a full month in fiscal order, for flows and for levels."""

    flow: tuple[Fraction, ...]
    level: tuple[Fraction, ...]


def presence(plan: Plan, calendar: Calendar) -> dict[str, Decimal]:
    """在岗天数占比 by unit code: working days present ÷ working days of the plan year (0 … 1).

    Ramp-up plays no part. Units whose dates could not be read, or
    contradict each other, are left out.
    """
    months = plan.settings.months
    first, last = months[0].first, months[-1].last
    whole = calendar.count(first, last)
    if not whole:
        return {}
    return {
        unit.code: Decimal(calendar.count(*_stay(unit, first, last))) / whole
        for unit in plan.units
        if readable(unit)
    }


def readable(unit: Unit) -> bool:
    """Whether the cells that presence depends on could be read, and leaving is not before
    joining.
    """
    return not unit.broken & _FIELDS and not (unit.joined and unit.left and unit.left < unit.joined)


def by_month(unit: Unit, months: tuple[Month, ...], calendar: Calendar) -> Presence | None:
    """The unit's presence in each month; None: fully there all year."""
    if unit.joined is None and unit.left is None:
        return None
    flow, level = [], []
    for month in months:
        ramp = _ramp(unit, month)
        first, last = _stay(unit, month.first, month.last)
        days = calendar.in_month(month)
        here = calendar.count(first, last)
        if not days:  # nobody works, whoever is there
            flow.append(ramp * int(first <= last == month.last))
            level.append(flow[-1])
            continue
        flow.append(ramp * Fraction(here, days))
        level.append(
            ramp
            if last >= first
            and here
            and not calendar.count(last, month.last) - calendar.is_working(last)
            else Fraction(0)
        )
    if all(share == _ONE for share in (*flow, *level)):
        return None
    return Presence(tuple(flow), tuple(level))


def before(unit: Unit, since: date, day: date, calendar: Calendar) -> Fraction:
    """What lies before ``day`` of the unit's working days from ``since`` to the month's end; of a
    unit without any of everybody's.
    """
    last = Month.of(since).last
    here, until = _stay(unit, since, last)
    days = calendar.count(here, until) if readable(unit) else 0
    if not days:
        here, until = since, last
        days = calendar.count(since, last)
    return Fraction(calendar.count(here, min(until, day - _DAY)), days) if days else Fraction(0)


def from_day(unit: Unit, day: date, calendar: Calendar) -> Fraction:
    """The unit's presence from ``day`` to the end of its month."""
    month = Month.of(day)
    here = calendar.count(*_stay(unit, day, month.last))
    return _ramp(unit, month) * Fraction(here, calendar.count(day, month.last))


def _stay(unit: Unit, first: date, last: date) -> tuple[date, date]:
    return max(first, unit.joined or first), min(last, unit.left or last)


def _ramp(unit: Unit, month: Month) -> Fraction:
    if unit.joined is None:
        return _ONE
    since = (month.year - unit.joined.year) * 12 + month.month - unit.joined.month
    return Fraction(unit.ramp_up[since]) if 0 <= since < len(unit.ramp_up) else _ONE
