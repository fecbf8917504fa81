"""Where the year will end, by each method its figures allow. For flows only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import Enum

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.reach import Reach
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import (
    Kpi,
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


def landing(course: Course) -> dict[LandingMethod, Decimal]:
    """The year-end value by each method that can be used; empty without actuals."""
    known = [one for one in course.actuals if one is not None]
    if not known:
        return {}
    actual = sum(known, Decimal(0))
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
    """A ÷ the part of the year's target that was expected to date."""
    if not course.expected or not course.year:
        return None
    return divide(actual * course.year, course.expected)


def by_last_year(course: Course, actual: Decimal) -> Decimal | None:
    """A + Σ rest of last year × A ÷ last year to date; the running month's part by the KPI's
    rhythm.
    """
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
    recent = [value for value in course.actuals[over - RECENT : over] if value is not None]
    season = sum(course.weights[over - RECENT : over], Decimal(0))
    so_far = course.reach.expected(course.weights)
    if len(recent) < RECENT or so_far is None or season <= 0:
        return None
    rest = sum(course.weights, Decimal(0)) - so_far
    return actual + divide(sum(recent, Decimal(0)) * rest, season)


def by_pipeline(course: Course, actual: Decimal) -> Decimal | None:
    """A + Σ amount × probability of the open deals that are expected within the year."""
    return None if course.pipeline is None else actual + course.pipeline


def last_year(plan: Plan, kpi: Kpi, unit: str, facts: Facts) -> tuple[Decimal, ...] | None:
    """The KPI's twelve months of last fiscal year for a unit; None unless all twelve are known.

    For a unit without one above it the columns of 季节系数 are actuals, too (see ``Facts``).
    """
    first = plan.settings.months[0].plus(-12)
    return facts.whole_year(kpi.code, unit, first)
