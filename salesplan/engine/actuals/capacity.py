"""人均产能: is the goal feasible with the people who are there?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import Enum
from fractions import Fraction
from itertools import chain
from operator import mul

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.landing import last_year
from salesplan.engine.actuals.tally import Lineages
from salesplan.engine.exact.figures import divide, percent, written
from salesplan.engine.exact.rounding import common
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.shares import some
from salesplan.engine.targets.target import Season, Target
from salesplan.engine.targets.tree import by_month, readable
from salesplan.findings import Finding
from salesplan.plan.model import Direction, Kpi, KpiKind, Level, Month, Plan, Unit

STRETCH = Decimal("0.2")
"""A goal that needs more than this above the best output per head ever achieved is reported."""

_DAY = timedelta(days=1)
_BEST = 3
"""How many months in a row say what a unit can bring at best."""


class CapacityBasis(Enum):
    """Which period's output per head the capacity is reckoned by."""

    LAST_YEAR = "last_year"
    YEAR_TO_DATE = "year_to_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What the people of one unit can bring of one KPI in the rest of the year, against what is
    still to come.

    Figures are in the KPI's unit. ``per_head`` is 人均月产能, the output of one person present for
    one average month, by ``basis``; ``best`` the higher of last year's and this year's. ``heads``
    is the average number of people present in the rest of the year, ``capacity`` = per_head × heads
    × the season's months left. ``needed_per_head`` is what the goal takes of each; ``needed_heads``
    how many people at ``per_head``. ``gap`` = capacity − remaining. What would be a division by
    zero is None. ``gaps`` are the months of last year without a row where others of it have some,
    so that the basis is this year.
    """

    kpi: str
    unit: str
    basis: CapacityBasis
    per_head: Decimal
    best: Decimal
    heads: Decimal
    remaining: Decimal
    capacity: Decimal
    gap: Decimal
    feasible: bool
    gaps: tuple[Month, ...] = ()
    needed_per_head: Decimal | None
    needed_heads: Decimal | None

    @property
    def short(self) -> int:
        """How many more people the goal takes, rounded up; 0 where those present are enough."""
        if self.feasible or self.needed_heads is None:
            return 0
        return int((self.needed_heads - self.heads).to_integral_value(ROUND_CEILING))

    @property
    def above_best(self) -> Decimal | None:
        """How far the needed output per head is above the best ever achieved, as a fraction; None
        where that was 0 or less.
        """
        return (
            None
            if self.needed_per_head is None or self.best <= 0
            else divide(self.needed_per_head, self.best) - 1
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a unit can come with a flow by the year's end: what it has, and in the rest of the
    year the ``mean`` of its best three months in a row, by the people who are there.

    The best three begin with ``since``, among the twelve months of last year and those of this year
    that are over. ``presence`` is the average head of the rest of the year against those of these
    three months (1 where nobody is below the unit), ``left`` the months left. ``value`` = actual +
    mean × presence × left.
    """

    since: Month
    mean: Decimal
    presence: Decimal
    left: Decimal
    value: Decimal


Twelve = Sequence[Fraction]


@dataclass(frozen=True, slots=True)
class _Crew:
    """A unit's head-months: of each month of last year and of this year, and of what is left of
    each after the cut-off.
    """

    before: Twelve
    now: Twelve
    left: Twelve

    def within(self, months: Sequence[bool], before: bool) -> _Crew:
        """What of it counts for a unit above: only the months in which that is above."""
        now, left = _only_in(self.now, months), _only_in(self.left, months)
        return _Crew(self.before if before else (Fraction(0),) * len(self.before), now, left)

    def without(self, silent: Twelve | None) -> _Crew:
        """The crew without the head-months of this year of which nothing is known."""
        if silent is None:
            return self
        now = tuple(all_of - some for all_of, some in zip(self.now, silent, strict=True))
        return _Crew(self.before, now, self.left)

    @classmethod
    def together(cls, crews: Sequence[_Crew]) -> _Crew:
        """The sum; of people who are there alike, who share one record, each month is
        multiplied.
        """
        if len(crews) == 1:
            return crews[0]
        alike = Counter(map(id, crews))
        each = []
        for crew in {id(crew): crew for crew in crews}.values():
            each.append((alike[id(crew)], crew))
        tables = (
            [(n, crew.before) for n, crew in each],
            [(n, crew.now) for n, crew in each],
            [(n, crew.left) for n, crew in each],
        )
        before, now, left = map(_added_up, tables)
        return cls(before, now, left)


def _only_in(values: Twelve, months: Sequence[bool]) -> Twelve:
    """The values of some months; of the others nothing."""
    return tuple(v if here else Fraction(0) for v, here in zip(values, months, strict=True))


def _added_up(table: Sequence[tuple[int, Twelve]]) -> Twelve:
    """The sums of months, each so many times."""
    often = [times for times, _ in table]
    sums = []
    for month in zip(*(months for _, months in table), strict=True):
        numerators, scale = common(month)
        sums.append(Fraction(sum(map(mul, often, numerators)), scale))
    return tuple(sums)


@dataclass(frozen=True, slots=True)
class _Run:
    """What every capacity is reckoned from; ``rest`` is the part of each month that comes after the
    cut-off.
    """

    plan: Plan
    facts: Facts
    calendar: Calendar
    as_of: date
    rest: Twelve


def capacities(
    plan: Plan,
    targets: Mapping[tuple[str, str], Target],
    facts: Facts,
    calendar: Calendar,
    seasons: Mapping[str, Season],
    as_of: date,
) -> tuple[dict[tuple[str, str], Capacity], list[Finding]]:
    """(capacity by KPI and unit code, findings), for flows where higher is better and units with
    people below them.

    A head-month is one person present for all working days of a month, at 爬坡%. Months are
    weighted by the KPI's season (12 × 比重; without one all alike): a strong month's output is not
    taken for every month's. Output per head-month is last year's, Σ output ÷ Σ weighted
    head-months, where all twelve months of last year are known; else that of this year's months
    over, over those who reported: a month that somebody has no row of is not a month of nothing.
    Where none of a unit's people has one, the figure was booked above them and all of them count.
    Capacity = that × Σ weighted head-months left after the cut-off; remaining = the year's target −
    the actual to date. Feasible: capacity ≥ remaining.

    Left out: units that nobody is left in and nothing more is asked of; units with a person whose
    dates could not be read; units without a target or, once the year has begun, without any actual;
    KPIs without any output per head to reckon by; and everything when the year is over. People who
    left before last year ended are missing from most organisation sheets: last year's output per
    head is then too high, and the capacity with it.

    One finding a KPI names the units that need more than :data:`STRETCH` above the best output per
    head of last year and this year; another those of whose last year some months have no row.
    """
    months = plan.settings.months
    if as_of >= months[-1].last:
        return {}, []
    rest = tuple(_part_after(calendar, month.first, month.last, month, as_of) for month in months)
    run = _Run(plan, facts, calendar, as_of, rest)
    people = _people(run)
    crews = {}
    for code, below in people.items():
        crews[code] = _Crew.together([crew for _, crew in below])
    found: dict[tuple[str, str], Capacity] = {}
    for kpi in plan.kpis:
        if kpi.kind is not KpiKind.FLOW or kpi.direction is not Direction.HIGHER:
            continue
        season = seasons.get(kpi.code)
        weights = (
            season.fractions if season is not None and season.fractions else (Fraction(1, 12),) * 12
        )
        silent = _silent(run, kpi.code, people)
        for unit, everybody in crews.items():
            crew = everybody.without(silent.get(unit))
            goal = targets.get((kpi.code, unit))
            if goal is None or goal.year is None or _is_dissolved(run, goal, crew):
                continue
            one = _capacity(run, kpi, unit, goal.year, weights, crew)
            if one is not None:
                found[kpi.code, unit] = one
    return found, _findings(plan, found)


def _is_dissolved(run: _Run, goal: Target, crew: _Crew) -> bool:
    """Whether the rest of the year neither has anybody in the unit nor asks anything of it."""
    ahead = [one for one, left in zip(goal.months, run.rest, strict=True) if left]
    return not any(crew.left) and not any(ahead)


def reach(
    plan: Plan, facts: Facts, calendar: Calendar, as_of: date, unit: str, kpis: Sequence[Kpi]
) -> dict[str, Reach]:
    """How far one unit can come, by KPI code; without those of which no three months in a row are
    known, and without all where a person's dates could not be read.
    """
    months = plan.settings.months
    rest = tuple(_part_after(calendar, month.first, month.last, month, as_of) for month in months)
    run = _Run(plan, facts, calendar, as_of, rest)
    below = [one for _, one in plan.walk(unit) if one.level is Level.PERSON]
    if not all(map(readable, below)):
        return {}
    alike: dict[tuple[object, ...], _Crew] = {}
    crews = []
    for one in below:
        stay = (one.joined, one.left, one.ramp_up)
        crews.append(alike[stay] if stay in alike else alike.setdefault(stay, _crew(run, one)))
    crew = _Crew.together(crews) if crews else _Crew((Fraction(1),) * 12, (Fraction(1),) * 12, rest)
    found = {}
    for kpi in kpis:
        reached = _reach(run, kpi, unit, crew)
        if reached is not None:
            found[kpi.code] = reached
    return found


def _reach(run: _Run, kpi: Kpi, unit: str, crew: _Crew) -> Reach | None:
    months = run.plan.settings.months
    before = run.facts.year(kpi.code, unit, months[0].plus(-12))
    now = [
        value if month.last <= run.as_of else None
        for month, value in zip(months, run.facts.monthly(kpi.code, unit), strict=True)
    ]
    values, heads = (*before, *now), (*crew.before, *crew.now)
    best: tuple[Decimal, int] | None = None
    for at in range(len(values) - _BEST + 1):
        three = [value for value in values[at : at + _BEST] if value is not None]
        if len(three) == _BEST and (best is None or sum(three) > best[0]):
            best = sum(three, Decimal(0)), at
    if best is None or best[0] <= 0:
        return None
    total, at = best
    there = sum(heads[at : at + _BEST], Fraction(0)) / _BEST
    left = sum(run.rest, Fraction(0))
    if not there:
        return None
    more = Fraction(total) / _BEST * sum(crew.left, Fraction(0)) / there
    actual = run.facts.value(kpi.code, unit, months[0], months[-1]) or Decimal(0)
    return Reach(
        since=months[0].plus(at - 12),
        mean=_decimal(Fraction(total) / _BEST),
        presence=_decimal(sum(crew.left, Fraction(0)) / there / left) if left else Decimal(1),
        left=_decimal(left),
        value=_decimal(Fraction(actual) + more),
    )


def _capacity(
    run: _Run, kpi: Kpi, unit: str, goal: Decimal, weights: Twelve, crew: _Crew
) -> Capacity | None:
    months = run.plan.settings.months
    actual = run.facts.value(kpi.code, unit, months[0], months[-1])
    if actual is None and run.as_of >= months[0].first:
        return None
    over = [
        v if month.last <= run.as_of else None
        for month, v in zip(months, run.facts.monthly(kpi.code, unit), strict=True)
    ]
    before = last_year(run.plan, kpi, unit, run.facts)
    rates = {
        CapacityBasis.LAST_YEAR: None
        if before is None
        else _per_head(before, crew.before, weights),
        CapacityBasis.YEAR_TO_DATE: _per_head(over, crew.now, weights),
    }
    known = {basis: rate for basis, rate in rates.items() if rate is not None}
    if not known:
        return None
    basis, rate = next(iter(known.items()))
    remaining = Fraction(goal) - Fraction(actual or 0)
    needed = max(remaining, Fraction(0))
    heads, span = _weighted(crew.left, weights), _weighted(run.rest, weights)
    capacity = rate * heads
    return Capacity(
        kpi=kpi.code,
        unit=unit,
        basis=basis,
        per_head=_decimal(rate),
        best=_decimal(max(known.values())),
        heads=_decimal(heads / span) if span else Decimal(0),
        remaining=_decimal(remaining),
        capacity=_decimal(capacity),
        gap=_decimal(capacity - remaining),
        feasible=capacity >= remaining,
        gaps=() if before is not None else _gaps(run, kpi, unit),
        needed_per_head=_decimal(needed / heads) if heads else None,
        needed_heads=_decimal(needed / (rate * span)) if span and rate > 0 else None,
    )


def _gaps(run: _Run, kpi: Kpi, unit: str) -> tuple[Month, ...]:
    """The months of last year without a figure, where others of it have one."""
    first = run.plan.settings.months[0].plus(-12)
    year = run.facts.year(kpi.code, unit, first)
    gaps = tuple(first.plus(at) for at, value in enumerate(year) if value is None)
    return gaps if len(gaps) < len(year) else ()


def _per_head(values: Sequence[Decimal | None], heads: Twelve, weights: Twelve) -> Fraction | None:
    """Σ output ÷ Σ weighted head-months over the months with a figure; None without any
    head-month.
    """
    known = [
        (value, head, weight)
        for value, head, weight in zip(values, heads, weights, strict=True)
        if value is not None
    ]
    months = _weighted([head for _, head, _ in known], [weight for _, _, weight in known])
    if months <= 0:
        return None
    output, scale = common([Fraction(value) for value, _, _ in known])
    return Fraction(sum(output), scale) / months


def _weighted(heads: Twelve, weights: Twelve) -> Fraction:
    (present, scale), (parts, whole) = common(heads), common(weights)
    return Fraction(12 * sum(a * b for a, b in zip(present, parts, strict=True)), scale * whole)


def _silent(
    run: _Run, kpi: str, people: Mapping[str, Sequence[tuple[str, _Crew]]]
) -> dict[str, Twelve]:
    """By unit the head-months of months that are over, of which somebody below it reported and
    these people did not.
    """
    reported: dict[str, list[bool]] = {}
    for person, _ in chain.from_iterable(people.values()):
        if person not in reported:
            reported[person] = [value is not None for value in run.facts.monthly(kpi, person)]
    over = [month.last <= run.as_of for month in run.plan.settings.months]
    found: dict[str, Twelve] = {}
    for unit, below in people.items():
        heard = []
        for one in zip(*(reported[person] for person, _ in below), strict=True):
            heard.append(any(one))
        asked = [at for at, there in enumerate(heard) if there and over[at]]
        missing = [Fraction(0)] * len(over)
        for person, crew in below:
            for at in asked:
                if not reported[person][at]:
                    missing[at] += crew.now[at]
        if any(missing):
            found[unit] = missing
    return found


def _people(run: _Run) -> dict[str, list[tuple[str, _Crew]]]:
    """The people below each unit with their crews, in the order of the tree; no unit with an
    unreadable person.
    """
    lines, months = Lineages(run.plan), run.plan.settings.months
    before = lines.at(months[0].plus(-1))
    found: dict[str, list[tuple[str, _Crew]] | None] = {}
    alike: dict[tuple[object, ...], _Crew] = {}
    order = [unit.code for _, unit in run.plan.walk()]
    for unit in (run.plan.unit_by_code[code] for code in order):
        if unit.level is not Level.PERSON:
            continue
        whole = None
        if readable(unit):
            stay = (unit.joined, unit.left, unit.ramp_up)
            whole = alike[stay] if stay in alike else alike.setdefault(stay, _crew(run, unit))
        by_month = [lines.at(month)[unit.code][1:] for month in months]
        for above in dict.fromkeys(chain(before[unit.code][1:], *by_month)):
            crew = whole
            if whole is not None and run.plan.transfers:
                crew = whole.within(
                    [above in line for line in by_month], above in before[unit.code]
                )
            there = found.setdefault(above, [])
            if crew is None:
                found[above] = None
            elif there is not None:
                there.append((unit.code, crew))
    return {code: crews for code in order if (crews := found.get(code))}


def _crew(run: _Run, person: Unit) -> _Crew:
    months = run.plan.settings.months
    before = by_month(person, tuple(month.plus(-12) for month in months), run.calendar)
    now = by_month(person, months, run.calendar)
    full = (Fraction(1),) * 12
    if now is None:
        left = tuple(run.rest)
    else:
        left = tuple(
            share
            * _part_after(
                run.calendar,
                max(month.first, person.joined or month.first),
                min(month.last, person.left or month.last),
                month,
                run.as_of,
            )
            for month, share in zip(months, now.flow, strict=True)
        )
    return _Crew(full if before is None else before.flow, full if now is None else now.flow, left)


def _part_after(calendar: Calendar, first: date, last: date, month: Month, as_of: date) -> Fraction:
    """The part of the working days from ``first`` to ``last`` in ``month`` that comes after
    ``as_of``; all or nothing without any.
    """
    if as_of < first:
        return Fraction(1)
    days = calendar.count(first, last)
    return (
        Fraction(calendar.count(as_of + _DAY, last), days)
        if days
        else Fraction(int(as_of < month.last))
    )


def _findings(plan: Plan, found: Mapping[tuple[str, str], Capacity]) -> list[Finding]:
    beyond: dict[str, list[Capacity]] = {}
    gaps: dict[str, list[Capacity]] = {}
    for (kpi, _), one in found.items():
        if one.above_best is not None and one.above_best > STRETCH:
            beyond.setdefault(kpi, []).append(one)
        if one.gaps:
            gaps.setdefault(kpi, []).append(one)
    return [
        *(_finding(plan, plan.kpi_by_code[kpi], many) for kpi, many in beyond.items()),
        *(_without_months(plan, plan.kpi_by_code[kpi], many) for kpi, many in gaps.items()),
    ]


def _without_months(plan: Plan, kpi: Kpi, many: Sequence[Capacity]) -> Finding:
    months = sorted(set(chain.from_iterable(one.gaps for one in many)))
    names = {unit.code: unit.name or unit.code for unit in plan.units}
    return Finding.of(
        "capacity-last-year-gaps",
        kpi.origin.place("code"),
        kpi=kpi.name or kpi.code,
        count=len(many),
        units=some([names[one.unit] for one in many]),
        months=some(list(map(str, months)), 6),
    )


def _finding(plan: Plan, kpi: Kpi, many: Sequence[Capacity]) -> Finding:
    worst = max(many, key=lambda one: one.above_best or Decimal(0))
    names = {unit.code: unit.name or unit.code for unit in plan.units}
    return Finding.of(
        "capacity-beyond-best",
        kpi.origin.place("target"),
        kpi=kpi.name or kpi.code,
        count=len(many),
        units=tuple(names[one.unit] for one in many[:5]),
        worst=names[worst.unit],
        needed=written(kpi, worst.needed_per_head),
        best=written(kpi, worst.best),
        above=percent(worst.above_best or Decimal(0)),
        short=worst.short,
    )


def _decimal(value: Fraction) -> Decimal:
    return divide(value.numerator, value.denominator)
