"""Where the year will end, by each method its figures allow. For flows only.

Where somebody goes to another parent the rest is told by what units would have done and been asked
for, had those who are below them in it always been there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import chain

from salesplan.dataclass import dataclass, replace
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.reach import Reach
from salesplan.engine.actuals.tally import Lineages
from salesplan.engine.exact.figures import divide
from salesplan.engine.targets.target import Targets
from salesplan.plan.model import (
    Kpi,
    Month,
    Plan,
)


class LandingMethod(Enum):
    """How the year's end is told."""

    __hash__ = object.__hash__
    """Methods are keys of ten thousand forecasts."""

    PACE = "pace"
    LAST_YEAR_SHAPE = "last_year_shape"
    REST_AS_PLANNED = "rest_as_planned"
    RECENT_TREND = "recent_trend"
    PIPELINE = "pipeline"


RECENT = 3
"""How many months that are over the trend looks back on."""

Twelve = Sequence[Decimal | None]


@dataclass(frozen=True, kw_only=True)
class Course:
    """One flow's year so far: actuals by month, and what the forecasts lean on.

    ``expected`` is what of the ``year``'s target was expected to date, ``actuals`` are those of the
    reported months; ``last_year`` and ``weights`` are twelve months in fiscal order. ``pipeline``
    is what open deals are expected to bring within the year. None where unknown.
    """

    reach: Reach
    expected: Decimal | None
    year: Decimal | None
    actuals: Twelve
    last_year: tuple[Decimal, ...] | None
    weights: tuple[Decimal, ...] | None
    pipeline: Decimal | None = None
    rest: tuple[Rest, ...] = ()
    """Where somebody comes or leaves: what tells the year's rest instead."""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """Some of the year's months, and the course of those who are there in them, as if they always
    had been: ``actuals`` and ``last_year``, what they were ``expected`` to have done by now, and
    what the unit's ``targets`` are.
    """

    months: frozenset[int]
    actuals: Twelve
    expected: Decimal | None
    targets: Twelve
    last_year: tuple[Decimal, ...] | None

    def left(self, reach: Reach, year: Twelve) -> Decimal | None:
        """What of these months' part of ``year`` is not yet expected; None if one is blank."""
        own = [one if at in self.months else Decimal(0) for at, one in enumerate(year)]
        so_far = reach.expected(own)
        known = [one for one in own if one is not None]
        if so_far is None or len(known) < len(own):
            return None
        return sum(known, Decimal(0)) - so_far


def landing(course: Course) -> dict[LandingMethod, Decimal]:
    """The year-end value by each method that can be used; empty without actuals."""
    if all(one is None for one in course.actuals):
        return {}
    actual = _sum(course.actuals)
    methods: dict[LandingMethod, Callable[[Course, Decimal], Decimal | None]] = {
        LandingMethod.PACE: by_pace,
        LandingMethod.LAST_YEAR_SHAPE: by_last_year,
        LandingMethod.REST_AS_PLANNED: by_plan,
        LandingMethod.RECENT_TREND: by_trend,
        LandingMethod.PIPELINE: by_pipeline,
    }
    return {
        method: value
        for method, forecast in methods.items()
        if (value := forecast(course, actual)) is not None
    }


def by_pace(course: Course, actual: Decimal) -> Decimal | None:
    """A ÷ the part of the year's target that was expected to date; where somebody came or left, A
    and the year's rest at the pace of those who are there now.
    """
    if not course.expected or not course.year:
        return None
    if not course.rest:
        return divide(actual * course.year, course.expected)
    return _and_rest(actual, course.rest, lambda rest: _at_pace(course.reach, rest))


def by_last_year(course: Course, actual: Decimal) -> Decimal | None:
    """A + Σ rest of last year × A ÷ last year to date; the running month's part by the KPI's
    rhythm.
    """
    if course.rest:
        return _and_rest(actual, course.rest, lambda rest: _as_last_year(course.reach, rest))
    if course.last_year is None:
        return None
    so_far = course.reach.expected(course.last_year)
    if so_far is None or so_far <= 0:
        return None
    return divide(actual * sum(course.last_year, Decimal(0)), so_far)


def by_plan(course: Course, actual: Decimal) -> Decimal | None:
    """A + the remaining targets, of the running month what is not yet expected."""
    if course.expected is None or course.year is None:
        return None
    return actual + course.year - course.expected


def by_trend(course: Course, actual: Decimal) -> Decimal | None:
    """A + the year's rest at the level of the last three months that are over, each freed of its
    season.

    The level is Σ actuals ÷ Σ weights of those months: a year at their pace. None if fewer than
    three months are over, one of them has no actual, or their weights add up to nothing.
    """
    over = course.reach.over
    if course.weights is None or over < RECENT:
        return None
    whole = Rest(
        months=frozenset(range(len(course.weights))),
        actuals=course.actuals,
        expected=None,
        targets=(),
        last_year=None,
    )
    season, weights = sum(course.weights[over - RECENT : over], Decimal(0)), course.weights

    def trend(rest: Rest) -> Decimal | None:
        recent = [value for value in rest.actuals[over - RECENT : over] if value is not None]
        left = rest.left(course.reach, weights)
        if len(recent) < RECENT or left is None or season <= 0:
            return None
        return divide(sum(recent, Decimal(0)) * left, season)

    return _and_rest(actual, course.rest or (whole,), trend)


def by_pipeline(course: Course, actual: Decimal) -> Decimal | None:
    """A + Σ amount × probability of the open deals that are expected within the year."""
    return None if course.pipeline is None else actual + course.pipeline


def _and_rest(
    actual: Decimal, parts: Sequence[Rest], forecast: Callable[[Rest], Decimal | None]
) -> Decimal | None:
    """A + what each part of the rest brings; None where one is unknown."""
    found = [forecast(one) for one in parts]
    known = [one for one in found if one is not None]
    return actual + sum(known, Decimal(0)) if len(known) == len(found) else None


def _at_pace(reach: Reach, rest: Rest) -> Decimal | None:
    left = rest.left(reach, rest.targets)
    if not left:
        return left
    return divide(left * _sum(rest.actuals), rest.expected) if rest.expected else None


def _as_last_year(reach: Reach, rest: Rest) -> Decimal | None:
    so_far = None if rest.last_year is None else reach.expected(rest.last_year)
    if rest.last_year is None or so_far is None or so_far <= 0:
        return None
    left = rest.left(reach, rest.last_year) or Decimal(0)
    return divide(left * _sum(rest.actuals), so_far)


def _sum(months: Twelve) -> Decimal:
    return sum((one for one in months if one is not None), Decimal(0))


def last_year(plan: Plan, kpi: Kpi, unit: str, facts: Facts) -> tuple[Decimal, ...] | None:
    """The KPI's twelve months of last fiscal year for a unit; None unless all twelve are known.

    For a unit without one above it the columns of 季节系数 are actuals, too (see ``Facts``).
    """
    first = plan.settings.months[0].plus(-12)
    return facts.whole_year(kpi.code, unit, first)


Lines = Mapping[str, tuple[str, ...]]
"""Each unit's code with those of the units above it."""


@dataclass(frozen=True)
class Stage:
    """Months of the plan year, by index, over which nobody goes elsewhere; with who is below whom
    in them.
    """

    plan: Plan
    as_of: date
    lines: Lines
    months: frozenset[int]

    @cached_property
    def facts(self) -> Facts:
        """The actuals of all months by who is below whom in these."""
        parents = {code: line[1] if len(line) > 1 else None for code, line in self.lines.items()}
        units = tuple(replace(one, parent=parents.get(one.code)) for one in self.plan.units)
        return Facts.of(replace(self.plan, units=units, transfers=()), self.as_of)


@dataclass(frozen=True)
class Members:
    """The units' figures by who is below them in the year's rest, which begins with ``month``."""

    plan: Plan
    targets: Targets
    as_of: date
    month: Month

    @cached_property
    def lines(self) -> tuple[Lines, ...]:
        """The lines at the end of each month of the plan year."""
        found = Lineages(self.plan)
        return tuple(found.at(month) for month in self.plan.settings.months)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The year's rest; the months before it are in the first of them."""
        here = self.plan.settings.months.index(self.month)
        found: dict[int, tuple[Lines, set[int]]] = {}
        for at, there in enumerate(self.lines):
            there = there if at > here else self.lines[here]
            found.setdefault(id(there), (there, set()))[1].add(at)
        return tuple(
            Stage(self.plan, self.as_of, there, frozenset(months))
            for there, months in found.values()
        )

    @cached_property
    def touched(self) -> frozenset[str]:
        """The units that somebody leaves or joins."""
        found: set[str] = set()
        for one in self.plan.transfers:
            for there in self.lines:
                before, after = ({*there.get(code, ())} for code in (one.before, one.after))
                found |= before ^ after
        return frozenset(found)

    def asked(self, kpi: str, unit: str, stage: Stage) -> Twelve:
        """The unit's months with the targets that those who came had before, without those of who
        left; None where one of these is unknown.
        """
        found = list(self.targets[kpi, unit].months)
        for code, line in stage.lines.items():
            own = self.targets.get((kpi, code))
            if own is None or code in self._above:
                continue
            for at, (month, then) in enumerate(zip(own.months, self.lines, strict=True)):
                moved = (unit in line) - (unit in then.get(code, ()))
                if moved:
                    found[at] = _and(found[at], month, moved)
        return tuple(found)

    @cached_property
    def _above(self) -> frozenset[str]:
        """The units that have somebody below them in some month."""
        lines = chain.from_iterable(there.values() for there in self.lines)
        return frozenset(chain.from_iterable(line[1:] for line in lines))


def _and(total: Decimal | None, month: Decimal | None, sign: int) -> Decimal | None:
    return None if total is None or month is None else total + sign * month
