"""The SMART check of each KPI's goal: what it lacks to be specific, measurable, attainable,
relevant, timed, and the reason for each letter.

Whether a flow of the company is attainable is judged by three things beside floor and stretch: what
the people can bring, how the months shared the year before, and how much it grew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain, pairwise
from types import MappingProxyType

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.capacity import STRETCH, Reach, reach
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.linked_kpis import company
from salesplan.engine.exact.figures import divide, percent, written
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.target import Season, SeasonSource, Target
from salesplan.findings import Finding
from salesplan.plan.model import Direction, Kpi, KpiKind, Month, Plan, TargetBasis

YEARS = 3
"""How many years before the plan's are looked at."""


@dataclass(frozen=True, slots=True)
class Attainable:
    """What the company's goal of a flow is held against.

    ``target`` is the year's, ``reach`` what its people can come to. ``month`` is the month that
    asks for more of the year than it used to bring by most, ``asked`` its share of the goal and
    ``usual`` that of the history. ``last`` is last year's figure, ``grown`` its growth and ``best``
    the best of the years before, ``growth`` what the goal asks on it. None: not known.
    """

    target: Decimal
    reach: Reach | None = None
    month: Month | None = None
    asked: Decimal | None = None
    usual: Decimal | None = None
    last: Decimal | None = None
    grown: Decimal | None = None
    best: Decimal | None = None
    growth: Decimal | None = None

    @property
    def is_beyond_reach(self) -> bool:
        """Whether it is more than the people can come to."""
        return self.reach is not None and self.target > self.reach.value

    @property
    def is_out_of_season(self) -> bool:
        """Whether a month asks for much more of the year than it ever brought on average."""
        if self.asked is None or self.usual is None:
            return False
        return self.asked > self.usual * (1 + STRETCH)

    @property
    def is_beyond_growth(self) -> bool:
        """Whether it is much more than the best growth of the years before makes of last year."""
        if not self.last or self.last < 0 or self.best is None:
            return False
        return self.target > self.last * (1 + max(self.best, Decimal(0))) * (1 + STRETCH)


@dataclass(frozen=True, slots=True)
class Letter:
    """One of S M A R T: what the goal ``lacks`` (nothing: it has it), the reason in a few words,
    and ``more`` of it in whole sentences; ``instead``: they say all that the few words do.
    """

    lacks: tuple[Finding, ...]
    reason: Finding
    more: tuple[Finding, ...] = ()
    instead: bool = False

    @property
    def told(self) -> tuple[Finding, ...]:
        """All that is to be said of it."""
        few = () if self.instead else (self.reason,)
        return (*(self.lacks or few), *self.more)


Known = Mapping[str, Attainable]
"""By KPI code."""
_NOTHING: Known = MappingProxyType({})


def attainable(
    plan: Plan,
    targets: Mapping[tuple[str, str], Target],
    facts: Facts,
    calendar: Calendar,
    seasons: Mapping[str, Season],
    as_of: date,
) -> dict[str, Attainable]:
    """What the company's goals are held against: flows where higher is better and that have a
    target.
    """
    unit = company(plan)
    if unit is None:
        return {}
    goals: dict[str, tuple[Kpi, Target, Decimal]] = {}
    for kpi in plan.kpis:
        target = targets.get((kpi.code, unit.code))
        year = None if target is None else target.year
        flow = kpi.kind is KpiKind.FLOW and kpi.direction is Direction.HIGHER
        if flow and target is not None and year is not None:
            goals[kpi.code] = (kpi, target, year)
    kpis = [kpi for kpi, _, _ in goals.values()]
    reaches = reach(plan, facts, calendar, as_of, unit.code, kpis)
    found = {}
    for code, (kpi, target, year) in goals.items():
        first = plan.settings.months[0]
        years = [
            facts.whole_year(code, unit.code, first.plus(-12 * back))
            for back in range(1, YEARS + 1)
        ]
        usual = _usual(seasons.get(code), years)
        found[code] = Attainable(
            year,
            reaches.get(code),
            *_furthest(plan, kpi, target, year, usual),
            *_growth(year, years),
        )
    return found


Years = Sequence[tuple[Decimal, ...] | None]
"""The months of the years before, the last first."""


def _usual(season: Season | None, years: Years) -> Sequence[Fraction] | None:
    """The months' shares of the history: those of the season where it comes from there, else as
    they were."""
    if season is not None and season.source is SeasonSource.HISTORY:
        return season.fractions
    whole = [months for months in years if months is not None]
    total = sum((Fraction(sum(months)) for months in whole), Fraction(0))
    if total <= 0:
        return None
    return [Fraction(sum(one)) / total for one in zip(*whole, strict=True)]


def _furthest(
    plan: Plan, kpi: Kpi, target: Target, year: Decimal, usual: Sequence[Fraction] | None
) -> tuple[Month | None, Decimal | None, Decimal | None]:
    """The month that is furthest above its share of the history, with both shares; what is one
    smallest unit above is rounding.
    """
    if usual is None or year <= 0:
        return None, None, None
    most: tuple[Fraction, int] | None = None
    for at, value in enumerate(target.months):
        if value is None:
            continue
        above = Fraction(value) - usual[at] * Fraction(year)
        if above > kpi.smallest_unit and (most is None or above > most[0]):
            most = above, at
    if most is None:
        return None, None, None
    at = most[1]
    asked = divide(target.months[at] or Decimal(0), year)
    return plan.settings.months[at], asked, divide(usual[at].numerator, usual[at].denominator)


def _growth(
    year: Decimal, years: Years
) -> tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]:
    """Last year's figure, its growth, the best growth of the years before, what is asked now."""
    sums = [None if months is None else sum(months, Decimal(0)) for months in years]
    last = sums[0]
    if last is None or last <= 0:
        return last, None, None, None
    rates: list[Decimal | None] = []
    for later, before in pairwise(sums):
        if later is None or before is None or before <= 0:
            rates.append(None)
        else:
            rates.append(divide(later - before, before))
    best = max((rate for rate in rates if rate is not None), default=None)
    return last, rates[0], best, divide(year - last, last)


def smart(plan: Plan, known: Known = _NOTHING) -> dict[str, tuple[Finding, ...]]:
    """By KPI code, what the goal lacks, in the order S M A R T; empty: it is SMART.

    S: a unit of measure (a KPI without a name is not read at all). M: a target as a number (and a
    base value, where the target is an improvement). A: floor, target and stretch in order (in
    reverse where lower is better), and what is ``known`` of capacity, season and growth. R: a
    reason. T: a day within the plan year. A cell that could not be read is not called missing: it
    has its own finding. A target on a row of 目标分解 that gives the company one is one. A KPI
    without any target that is there to be a rate's numerator or denominator is no goal, and left
    out.
    """
    found = {}
    for code, five in letters(plan, known).items():
        found[code] = lacking(five)
    return found


def lacking(five: Sequence[Letter]) -> tuple[Finding, ...]:
    """What a goal's letters lack, in order."""
    return tuple(chain.from_iterable(letter.lacks for letter in five))


def letters(plan: Plan, known: Known = _NOTHING) -> dict[str, tuple[Letter, ...]]:
    """By KPI code, the five letters of :func:`smart`."""
    aimed = plan.aimed_by_rows
    parts = set[str | None]()
    for kpi in plan.kpis:
        parts.update((kpi.numerator, kpi.denominator))
    return {
        kpi.code: _letters(plan, kpi, kpi.code in aimed, known.get(kpi.code))
        for kpi in plan.kpis
        if kpi.target is not None
        or kpi.code in aimed
        or "target" in kpi.broken
        or kpi.code not in parts
    }


def _letters(plan: Plan, kpi: Kpi, aimed: bool, known: Attainable | None) -> tuple[Letter, ...]:
    relevant, timed = tuple(_relevant(kpi)), tuple(_timed(plan, kpi))
    said = kpi.relevance.strip()
    return (
        Letter(tuple(_specific(kpi)), _said_specific(kpi)),
        Letter(tuple(_measurable(kpi, aimed)), _said_measurable(kpi, known)),
        Letter(
            (*_in_order(kpi), *_held_against(kpi, known)),
            _said_attainable(kpi, known),
            tuple(_why_attainable(kpi, known)),
        ),
        Letter(
            relevant,
            Finding.of("smart-relevant"),
            (Finding.of("smart-why-relevant", relevance=said),) if said else (),
            instead=True,
        ),
        Letter(timed, Finding.of("smart-timed", day=kpi.due or "—")),
    )


def _specific(kpi: Kpi) -> Iterator[Finding]:
    if not kpi.unit.strip() and kpi.kind is not KpiKind.MILESTONE and "unit" not in kpi.broken:
        yield Finding.of("smart-no-unit")


def _said_specific(kpi: Kpi) -> Finding:
    if kpi.kind is KpiKind.MILESTONE:
        return Finding.of("smart-done-or-not")
    return Finding.of("smart-specific", unit=kpi.unit.strip() or "—")


def _measurable(kpi: Kpi, aimed: bool) -> Iterator[Finding]:
    if kpi.target is None and not aimed and "target" not in kpi.broken:
        yield Finding.of("smart-no-target")
    if kpi.basis is TargetBasis.IMPROVEMENT and kpi.base is None and "base" not in kpi.broken:
        yield Finding.of("smart-no-base")


def _said_measurable(kpi: Kpi, known: Attainable | None) -> Finding:
    target = kpi.target if known is None else known.target
    if kpi.basis is TargetBasis.IMPROVEMENT:
        return Finding.of(
            "smart-improved", base=written(kpi, kpi.base), target=written(kpi, target)
        )
    return Finding.of("smart-measured", target=written(kpi, target))


def _relevant(kpi: Kpi) -> Iterator[Finding]:
    if not kpi.relevance.strip() and "relevance" not in kpi.broken:
        yield Finding.of("smart-no-relevance")


def _timed(plan: Plan, kpi: Kpi) -> Iterator[Finding]:
    months = plan.settings.months
    if kpi.due is None:
        if "due" not in kpi.broken:
            yield Finding.of("smart-no-due")
    elif not months[0].first <= kpi.due <= months[-1].last:
        yield Finding.of("smart-due-outside", day=kpi.due)


def _in_order(kpi: Kpi) -> Iterator[Finding]:
    """Floor ≤ target ≤ stretch; where lower is better and levels are meant, the other way round."""
    reverse = kpi.direction is Direction.LOWER and not (
        kpi.basis is TargetBasis.IMPROVEMENT and (kpi.target or 0) > 0
    )
    sign = -1 if reverse else 1
    if (
        kpi.target is not None
        and kpi.stretch is not None
        and sign * kpi.target > sign * kpi.stretch
    ):
        yield Finding.of("smart-beyond-stretch", target=kpi.target, stretch=kpi.stretch)
    if kpi.target is not None and kpi.floor is not None and sign * kpi.target < sign * kpi.floor:
        yield Finding.of("smart-below-floor", target=kpi.target, floor=kpi.floor)
    if kpi.floor is not None and kpi.stretch is not None and sign * kpi.floor > sign * kpi.stretch:
        yield Finding.of("smart-floor-beyond-stretch", floor=kpi.floor, stretch=kpi.stretch)


def _held_against(kpi: Kpi, known: Attainable | None) -> Iterator[Finding]:
    """What speaks against a goal that is in order: it is beyond what the people can bring, a month
    asks for more than it ever brought, or it grows faster than ever.
    """
    if known is None:
        return
    if known.is_beyond_reach and known.reach is not None:
        yield Finding.of(
            "smart-beyond-capacity",
            target=written(kpi, known.target),
            reach=written(kpi, known.reach.value),
        )
    if known.is_out_of_season and known.asked is not None and known.usual is not None:
        yield Finding.of(
            "smart-beyond-season",
            month=known.month,
            share=percent(known.asked),
            usual=percent(known.usual),
        )
    if known.is_beyond_growth and known.growth is not None and known.best is not None:
        yield Finding.of(
            "smart-beyond-growth", growth=_signed(known.growth), best=_signed(known.best)
        )


def _said_attainable(kpi: Kpi, known: Attainable | None) -> Finding:
    """The first thing that it could be held against."""
    if known is not None and known.reach is not None:
        return Finding.of("smart-within-capacity", reach=written(kpi, known.reach.value))
    if known is not None and known.growth is not None:
        return Finding.of("smart-within-growth", growth=_signed(known.growth))
    if kpi.base is not None:
        return Finding.of("smart-from-base", base=written(kpi, kpi.base))
    if kpi.floor is not None or kpi.stretch is not None:
        return Finding.of("smart-in-order")
    return Finding.of("smart-without-history")


def _why_attainable(kpi: Kpi, known: Attainable | None) -> Iterator[Finding]:
    if known is None:
        return
    one = known.reach
    if one is not None:
        yield Finding.of(
            "smart-why-capacity",
            target=written(kpi, known.target),
            reach=written(kpi, one.value),
            mean=written(kpi, one.mean),
            since=one.since,
            until=one.since.plus(2),
            left=one.left.quantize(Decimal("0.1")).normalize(),
            presence=percent(one.presence),
        )
    if known.asked is not None and known.usual is not None:
        yield Finding.of(
            "smart-why-season",
            month=known.month,
            share=percent(known.asked),
            usual=percent(known.usual),
        )
    if known.growth is not None:
        yield Finding.of(
            "smart-why-growth",
            growth=_signed(known.growth),
            last=written(kpi, known.last),
            grown="—" if known.grown is None else _signed(known.grown),
            best="—" if known.best is None else _signed(known.best),
        )


def _signed(value: Decimal) -> str:
    said = percent(value)
    return f"+{said}" if said[:1] not in "-0" else said
