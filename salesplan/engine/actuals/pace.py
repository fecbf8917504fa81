"""Whether the pace is enough: 应达进度, 日均需完成 and where the year will end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from salesplan.dataclass import dataclass, field, replace
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.landing import (
    Course,
    LandingMethod,
    Members,
    Rest,
    landing,
    last_year,
)
from salesplan.engine.actuals.progress import Clock
from salesplan.engine.actuals.reach import Reach, reaches
from salesplan.engine.exact.figures import OnDemand, divide, median
from salesplan.engine.targets.target import Season, Target, Targets
from salesplan.plan.model import (
    Direction,
    Kpi,
    Month,
    Plan,
)

if TYPE_CHECKING:
    from salesplan.engine.actuals.pipeline import Deals
    from salesplan.engine.exact.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a KPI of a unit stands in its year. Rates are fractions; amounts in the KPI's unit.

    ``daily_need`` is what each remaining working day of the month must bring; None with ``missed``
    True means that no day is left (已截止). ``landing`` holds the year-end value by each method
    that could be used; ``low_confidence`` under three months over.
    """

    kpi: str
    unit: str
    time_progress: Decimal
    expected: Decimal | None
    progress_gap: Decimal | None
    daily_need: Decimal | None
    missed: bool
    landing: Mapping[LandingMethod, Decimal] = field(default_factory=dict)
    low_confidence: bool = True
    likely: Decimal | None = None
    """The median of the forecasts that the year's status is told by."""

    moved: bool = False
    """Whether somebody came or left: the forecasts tell the rest by those who are there now."""

    @property
    def ended_by_deals(self) -> End | None:
        """Of the forecasts' range the end that only the open deals tell; None: there is none."""
        deals = self.landing.get(LandingMethod.PIPELINE)
        others = [one for way, one in self.landing.items() if way is not LandingMethod.PIPELINE]
        if deals is None or not others or min(others) <= deals <= max(others):
            return None
        low = deals < min(others)
        return End(low, min(others) if low else max(others))


class End(NamedTuple):
    """The low or the high end of a range, and where it would be without what is looked at."""

    low: bool
    others: Decimal


SURE_FROM = 3
"""Reported months that are over from which a landing forecast is not of low confidence."""
LIKELY = (LandingMethod.PACE, LandingMethod.LAST_YEAR_SHAPE, LandingMethod.RECENT_TREND)
"""The forecasts whose median is the likely landing; that the rest goes as planned, and what the
pipeline promises, only end the range.
"""


def paces(
    plan: Plan,
    targets: Targets,
    facts: Facts,
    calendar: Calendar,
    month: Month,
    as_of: date,
    seasons: Mapping[str, Season] | None = None,
) -> Mapping[tuple[str, str], Pace]:
    """The pace of every (KPI, unit) of ``targets`` at the cut-off, in their order; each is worked
    out when it is asked for.

    Only flows have more than the time progress: other kinds neither add up over time nor can be
    divided by it. ``seasons`` (by KPI code) adds the landing by the de-seasonalised last months.
    Raises ValueError if ``month`` is not a month of the plan.
    """
    clock = Clock.of(plan.settings.months, calendar, month, as_of)
    reach = reaches(plan, facts, calendar, clock)
    return paces_at(plan, targets, facts, clock, reach, seasons)


def paces_at(
    plan: Plan,
    targets: Targets,
    facts: Facts,
    clock: Clock,
    reach: Mapping[str, Reach],
    seasons: Mapping[str, Season] | None = None,
) -> Mapping[tuple[str, str], Pace]:
    """:func:`paces`, where the clock and how far each KPI's figures reach are known already."""
    deals = deals_of(plan, facts.as_of)
    members = _members(plan, targets, facts, clock)

    def work_out(pair: tuple[str, str]) -> Pace:
        code, unit = pair
        kpi = plan.kpi_by_code[code]
        if not kpi.kind.adds_over_months:
            return Pace(code, unit, clock.time_progress, None, None, None, False)
        season = (seasons or {}).get(code)
        promised = deals.expected(code, unit) if deals is not None else None
        came = members if members is not None and unit in members.touched else None
        known = _Known(plan, facts, clock, reach[code], season, promised, came)
        return _flow_pace(kpi, targets[pair], known)

    return OnDemand((pair for pair in targets if pair[0] in plan.kpi_by_code), work_out)


def deals_of(plan: Plan, as_of: date) -> Deals | None:
    """The plan's open deals; None, and nothing imported, in a plan that has no 商机."""
    if not plan.deals:
        return None
    from salesplan.engine.actuals.pipeline import Deals

    return Deals(plan, as_of)


def daily_need(
    direction: Direction, target: Decimal | None, actual: Decimal | None, remaining: int
) -> tuple[Decimal | None, bool]:
    """(日均需完成, 已截止): what each of the ``remaining`` working days of the month must bring.

    (T − A) ÷ remaining days, 0 where the target is reached. For a lower-better KPI it is what each
    day may still use. No day left and a gap: None and True. Target or actual blank: None and False.
    """
    if target is None or actual is None:
        return None, False
    left = max(target - actual, Decimal(0))
    if remaining:
        return divide(left, remaining), False
    missed = actual < target if direction is Direction.HIGHER else actual > target
    return (None, True) if missed else (Decimal(0), False)


def _members(plan: Plan, targets: Targets, facts: Facts, clock: Clock) -> Members | None:
    """By who is there in the year's rest; None where nobody ever goes elsewhere."""
    if not plan.transfers:
        return None
    return Members(plan, targets, facts.as_of, clock.months[clock.index])


def _rests(kpi: Kpi, target: Target, known: _Known, members: Members) -> Iterator[Rest]:
    """The year's rest by who is there in it."""
    reach = known.reach
    for stage in members.stages:
        yield Rest(
            months=stage.months,
            actuals=stage.facts.monthly(kpi.code, target.unit)[: reach.months],
            expected=reach.expected(members.asked(kpi.code, target.unit, stage)),
            targets=target.months,
            last_year=last_year(known.plan, kpi, target.unit, stage.facts),
        )


class _Known(NamedTuple):
    """What a pace is told from, besides the KPI and its target."""

    plan: Plan
    facts: Facts
    clock: Clock
    reach: Reach
    season: Season | None
    promised: Decimal | None
    members: Members | None


def _flow_pace(kpi: Kpi, target: Target, known: _Known) -> Pace:
    plan, facts, clock, reach, season, promised, members = known
    months, here = clock.months, clock.index
    actuals = facts.monthly(kpi.code, target.unit)[: here + 1]
    actual = facts.value(kpi.code, target.unit, months[0], months[here])
    need, missed = daily_need(kpi.direction, target.months[here], actuals[here], clock.remaining)
    due = clock.due(target.months)
    course = Course(
        reach=reach,
        expected=reach.expected(target.months),
        year=target.year,
        actuals=actuals[: reach.months],
        last_year=last_year(plan, kpi, target.unit, facts),
        weights=season.weights if season is not None else None,
        pipeline=promised,
    )
    if members is not None:
        course = replace(course, rest=tuple(_rests(kpi, target, known, members)))
    forecasts = landing(course)
    likely = [forecasts[method] for method in LIKELY if method in forecasts]
    return Pace(
        kpi=kpi.code,
        unit=target.unit,
        time_progress=clock.time_progress,
        expected=clock.part(due, target.year),
        progress_gap=clock.gap(kpi.direction, due, target.year, actual),
        daily_need=need,
        missed=missed,
        landing=forecasts,
        low_confidence=reach.over < SURE_FROM,
        likely=median(likely) if likely else None,
        moved=members is not None,
    )
