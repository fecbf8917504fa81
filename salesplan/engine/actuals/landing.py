"""Where the year will end, by each method its figures allow (SPEC 6). For flows only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Clock
from salesplan.engine.exact.figures import divide
from salesplan.engine.results import LandingMethod
from salesplan.plan.model import Kpi, Plan

RECENT = 3
"""How many closed months the trend looks back on."""

Twelve = Sequence[Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One flow's year so far: targets, actuals by month, and what the forecasts lean on.

    ``due`` is what is due of the year's targets (see :meth:`Clock.due`). ``actuals`` run to the report month; ``last_year`` and ``weights`` are twelve months in fiscal
    order, None where unknown.
    """

    clock: Clock
    due: Decimal | None
    year: Decimal | None
    actuals: Twelve
    actual: Decimal | None
    last_year: tuple[Decimal, ...] | None
    weights: tuple[Decimal, ...] | None


def landing(course: Course) -> dict[LandingMethod, Decimal]:
    """The year-end value by each method that can be used; empty without actuals."""
    if course.actual is None:
        return {}
    methods: dict[LandingMethod, Callable[[Course, Decimal], Decimal | None]] = {
        LandingMethod.PACE: by_pace,
        LandingMethod.LAST_YEAR_SHAPE: by_last_year,
        LandingMethod.REST_AS_PLANNED: by_plan,
        LandingMethod.RECENT_TREND: by_trend,
    }
    return {
        method: value
        for method, forecast in methods.items()
        if (value := forecast(course, course.actual)) is not None
    }


def by_pace(course: Course, actual: Decimal) -> Decimal | None:
    """A ÷ 应达进度."""
    due = course.due
    if not due or not course.year:
        return None
    return divide(actual * course.year * course.clock.days, due)


def by_last_year(course: Course, actual: Decimal) -> Decimal | None:
    """A + Σ rest of last year × A ÷ last year to date; the report month's part by 时间进度."""
    if course.last_year is None:
        return None
    so_far = course.clock.due(course.last_year)
    whole = sum(course.last_year, Decimal(0)) * course.clock.days
    if so_far is None or so_far <= 0:
        return None
    return divide(actual * whole, so_far)


def by_plan(course: Course, actual: Decimal) -> Decimal | None:
    """A + the remaining targets, of the report month what is not yet due."""
    due = course.due
    if due is None or course.year is None:
        return None
    return actual + course.year - divide(due, course.clock.days)


def by_trend(course: Course, actual: Decimal) -> Decimal | None:
    """A + the year's rest at the level of the last three closed months, each freed of its season.

    The level is Σ actuals ÷ Σ weights of those months: a year at their pace. None if fewer than
    three months are closed, one of them has no actual, or their weights add up to nothing.
    """
    clock = course.clock
    if course.weights is None or clock.closed < RECENT:
        return None
    recent = [
        value for value in course.actuals[clock.closed - RECENT : clock.closed] if value is not None
    ]
    season = sum(course.weights[clock.closed - RECENT : clock.closed], Decimal(0))
    due = clock.due(course.weights)
    if len(recent) < RECENT or due is None or season <= 0:
        return None
    rest = sum(course.weights, Decimal(0)) * clock.days - due
    return actual + divide(sum(recent, Decimal(0)) * rest, season * clock.days)


def last_year(plan: Plan, kpi: Kpi, unit: str, facts: Facts) -> tuple[Decimal, ...] | None:
    """The KPI's twelve months of last fiscal year for a unit; None unless all twelve are known.

    For a unit without one above it the columns of 季节系数 are actuals, too (see ``Facts``).
    """
    return _complete(facts.year(kpi.code, unit, plan.settings.months[0].plus(-12)))


def _complete(values: Sequence[Decimal | None]) -> tuple[Decimal, ...] | None:
    known = tuple(value for value in values if value is not None)
    return known if len(known) == len(values) else None
