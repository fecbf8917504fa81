"""The organisation as the cascade walks it: one company, its units in order, and what each
brings: its share, and the days it is there.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from weakref import WeakKeyDictionary

from salesplan.dataclass import dataclass, field
from salesplan.engine.exact.workdays import Calendar
from salesplan.findings import Finding
from salesplan.plan.model import Level, Month, Plan, Unit

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


@dataclass(slots=True)
class Tree:
    """Units reached from the company, parents before children, in sheet order among siblings.

    ``factor`` is the product of (1 + 加成) from the company down to the unit; None where a hedge
    on that path could not be read. ``presence`` holds only units that are not there all year;
    ``unreadable`` are units whose dates or ramp-up could not be read or contradict each other.
    ``gone`` are units without anybody below them that are not there at any time of the plan year.
    """

    root: Unit
    order: list[Unit] = field(default_factory=list)
    parent: dict[str, str] = field(default_factory=dict)
    children: dict[str, list[Unit]] = field(default_factory=dict)
    factor: dict[str, Fraction | None] = field(default_factory=dict)
    presence: dict[str, Presence] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    _needed: dict[frozenset[Level], set[str]] = field(default_factory=dict)

    def needed(self, levels: frozenset[Level]) -> set[str]:
        """Codes of the units that a KPI of these levels reaches: in the levels, or above a unit
        that is.
        """
        found = self._needed.get(levels)
        if found is None:
            found = set()
            for unit in reversed(self.order):
                if unit.level in levels or any(
                    child.code in found for child in self.children.get(unit.code, ())
                ):
                    found.add(unit.code)
            self._needed[levels] = found
        return found


def grow(plan: Plan, calendar: Calendar) -> tuple[Tree | None, list[Finding]]:
    """The tree under the company; None, with an error, if it cannot be told which unit that is.

    The company is the one unit without a parent, or the one of level 公司 among several. Of
    rows with one code the first counts; units in or below a cycle, or of an unknown parent,
    are not reached.
    """
    roots = [unit for unit in plan.roots if "parent" not in unit.broken]
    companies = [unit for unit in roots if unit.level is Level.COMPANY]
    if len(roots) != 1 and len(companies) != 1:
        if not plan.units:
            return None, []
        code = "cascade-several-companies" if roots else "cascade-no-company"
        place = (roots[1] if len(roots) > 1 else plan.units[0]).origin.place("parent")
        return None, [Finding.of(code, place, units=[unit.name or unit.code for unit in roots[:5]])]
    tree = Tree(roots[0] if len(roots) == 1 else companies[0])
    findings: list[Finding] = []
    stays = _STAYS.setdefault(calendar, {})
    stack = [tree.root]
    tree.factor[tree.root.code] = _hedge(tree.root)
    while stack:
        unit = stack.pop()
        tree.order.append(unit)
        _note_presence(tree, unit, plan, calendar, findings, stays)
        above = tree.factor[unit.code]
        children = []
        for child in plan.children.get(unit.code, ()):
            if child.code not in tree.factor:
                own = _hedge(child)
                tree.factor[child.code] = None if above is None or own is None else above * own
                tree.parent[child.code] = unit.code
                children.append(child)
        if children:
            tree.children[unit.code] = children
            stack.extend(reversed(children))
    return tree, findings


Stays = dict[tuple[object, ...], Presence | None]
"""Presences by what they follow from: many join or leave on the same day."""

_STAYS: WeakKeyDictionary[Calendar, Stays] = WeakKeyDictionary()
"""By calendar: with changes and closed months the tree is grown several times in a run."""


def _note_presence(
    tree: Tree,
    unit: Unit,
    plan: Plan,
    calendar: Calendar,
    findings: list[Finding],
    stays: Stays,
) -> None:
    if not readable(unit):
        tree.unreadable.add(unit.code)
        return
    if unit.ramp_up and unit.joined is None:
        findings.append(
            Finding.of(
                "ramp-up-without-joined", unit.origin.place("ramp_up"), unit=unit.name or unit.code
            )
        )
    stay = (plan.settings.months[0], unit.joined, unit.left, unit.ramp_up)
    if stay not in stays:
        stays[stay] = by_month(unit, plan.settings.months, calendar)
    presence = stays[stay]
    if presence is not None:
        tree.presence[unit.code] = presence
        if unit.code not in plan.children and not any(presence.flow) and not unit.ramp_up:
            tree.gone.add(unit.code)


def _hedge(unit: Unit) -> Fraction | None:
    """1 + 加成; None if it could not be read, or would leave nothing of a target."""
    if "hedge" in unit.broken or (unit.hedge is not None and unit.hedge <= -1):
        return None
    return 1 + Fraction(unit.hedge) if unit.hedge is not None else Fraction(1)
