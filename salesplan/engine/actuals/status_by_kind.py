"""What each kind of KPI holds against what, for :func:`~salesplan.engine.actuals.status.judged`.

| kind | held against |
|---|---|
| flow | its targets of the months that are over, and of the running one what its rhythm expects |
| level, rate, average with 基期值 | the line from the base value to the target |
| the same without | the target of the last month that is reported |
| milestone | nothing before 截止日; then whether it is done |
| the year of a flow | the median of its landing forecasts, against the year's target |
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.pace import Pace, paces_at
from salesplan.engine.actuals.progress import Clock, Span
from salesplan.engine.actuals.reach import Reach, by_month_end, reaches
from salesplan.engine.actuals.status import QUARTER, Compared, Rate, RateWord, Status, Why, judged
from salesplan.engine.actuals.trajectory import Base, Trajectory, has_line, trajectories
from salesplan.engine.exact.figures import divide
from salesplan.engine.targets.target import Season, Target, Targets
from salesplan.plan.model import Direction, Kpi, KpiKind, Light, Plan, TargetBasis

if TYPE_CHECKING:
    from salesplan.engine.exact.workdays import Calendar

ZERO = Decimal(0)
ONE = Decimal(1)
NOTHING = Status(None, Why.NONE)
_WORDS = (RateWord.MET, RateWord.EXCEEDED, RateWord.MISSED)


@dataclass(frozen=True, slots=True)
class StatusBasis:
    """What the statuses of a run rest on: how far figures reach, where they should be, where the
    year ends.
    """

    reach: Mapping[str, Reach]
    trajectories: Mapping[tuple[str, str], Trajectory]
    paces: Mapping[tuple[str, str], Pace]
    as_of: date

    @classmethod
    def of(
        cls,
        plan: Plan,
        targets: Targets,
        facts: Facts,
        calendar: Calendar,
        clock: Clock,
        as_of: date,
        seasons: Mapping[str, Season] | None = None,
    ) -> StatusBasis:
        """That of a run at its cut-off."""
        reach = reaches(plan, facts, calendar, clock)
        return cls(
            reach,
            trajectories(plan, targets, facts, calendar, clock, reach),
            paces_at(plan, targets, facts, clock, reach, seasons),
            as_of,
        )


class Case(NamedTuple):
    """One KPI of one unit over one span, ``first`` its first month; ``rate`` and ``base`` are the
    span's, ``reach`` the KPI's.

    Made a hundred thousand times, of many fields: a tuple takes a third of a frozen record's time.
    """

    plan: Plan
    facts: Facts
    clock: Clock
    basis: StatusBasis
    reach: Reach
    kpi: Kpi
    unit: str
    goal: Target | None
    span: Span
    first: int
    actual: Decimal | None
    rate: Rate
    base: Base | None

    @property
    def alone(self) -> bool:
        """Whether the running month is all that the span has."""
        return self.reach.running and self.reach.months - 1 == self.first


def status_of(case: Case) -> Status:
    """The status of one KPI of one unit over one span."""
    goal, kind, yearly = case.goal, case.kpi.kind, case.span is Span.YEAR
    if goal is None:
        return NOTHING
    if kind is KpiKind.MILESTONE:
        return _milestone(case)
    flow = kind.adds_over_months
    if yearly and flow:
        return _year(case, goal)
    unreported = case.reach.months <= case.first
    blank = case.rate.word is RateWord.NO_TARGET and not yearly
    if blank and (flow or unreported):
        return NOTHING
    if unreported:
        late = Why.NOT_OVER if by_month_end(case.kpi) else Why.NOT_REPORTED
        return Status(Light.GREY, late)
    return _flow(case, goal) if flow else _level(case, goal)


def _flow(case: Case, goal: Target) -> Status:
    """The span's months up to the last reported one; a unit without a row has 0 where others have
    rows.
    """
    kpi, reach, first = case.kpi, case.reach, case.first
    both = reach.expected_and_size(goal.months, first)
    if both is None:
        return NOTHING
    expected, size = both
    actual, so_far = ZERO, None
    for so_far in case.facts.monthly(kpi.code, case.unit)[first : reach.months]:
        if so_far is not None:
            actual += so_far
    if kpi.basis is TargetBasis.IMPROVEMENT:
        part = _part_asked(case, goal)
        if part is None:
            return _by_word(case, actual, expected)
        size *= part
    if not size and kpi.direction is Direction.LOWER and goal.year:
        expected = size = _allowance(case, goal.year)
    behind = slack = ZERO
    if reach.running:
        last = goal.months[reach.months - 1] or ZERO
        due = expected if reach.over == first else divide(last * reach.part, reach.whole)
        late = due - (so_far or ZERO)
        behind = late if kpi.direction is Direction.HIGHER else -late
        slack = reach.slack * abs(last)
    held = Compared(actual, expected, size, behind, slack, reach.running, goal.year)
    return _not_early(case, judged(kpi, held, case.plan.settings))


def _part_asked(case: Case, goal: Target) -> Decimal | None:
    """How much of a flow's target is improvement: 1 − base/target; None where nothing is improved
    or no base is known.
    """
    if case.base is None or case.rate.word in _WORDS:
        return None
    asked = _span_target(case, goal)
    if not asked:
        return None
    return abs(1 - divide(case.base[0], case.base[1] * asked))


def _span_target(case: Case, goal: Target) -> Decimal | None:
    last = case.clock.index + 1
    given = goal.months[case.first : last]
    return None if None in given else sum((one for one in given if one is not None), ZERO)


def _allowance(case: Case, year: Decimal) -> Decimal:
    """Of a year's allowance whose months so far are 0: its part by working days."""
    clock, reach = case.clock, case.reach
    over = sum(clock.working[case.first : reach.over])
    elapsed = over + (clock.elapsed if reach.running else 0)
    return divide(year * elapsed, sum(clock.working) or 1)


def _level(case: Case, goal: Target) -> Status:
    """A figure against its line, or its target, at the last day it is for."""
    kpi, reach, clock = case.kpi, case.reach, case.clock
    actual = case.actual
    if by_month_end(kpi) and reach.months <= clock.index:
        first, last = clock.months[case.first], clock.months[reach.months - 1]
        actual = case.facts.value(kpi.code, case.unit, first, last)
    way = case.basis.trajectories.get((kpi.code, case.unit)) if has_line(kpi) else None
    expected = goal.months[reach.months - 1] if way is None else way.expected
    if expected is None:
        return NOTHING
    if actual is None:
        return Status(None, Why.NONE, None, expected)
    size, small = abs(expected), False
    if kpi.basis is TargetBasis.IMPROVEMENT:
        if way is None or case.rate.word in _WORDS:
            return _by_word(case, actual, expected)
        size = abs(expected - way.base)
        small = size < QUARTER * abs(way.goal - way.base)
    held = Compared(actual, expected, size, running=reach.running, year=goal.year)
    found = judged(kpi, held, case.plan.settings, Why.TARGET if way is None else Why.LINE)
    return _not_early(case, found._replace(light=Light.GREY, why=Why.WAY) if small else found)


def _not_early(case: Case, status: Status) -> Status:
    """The status, grey where the running month is all there is and not half over; its pace is shown
    all the same.
    """
    if case.reach.early and case.alone:
        return status._replace(light=Light.GREY, why=Why.EARLY)
    return status


def _by_word(case: Case, actual: Decimal, expected: Decimal) -> Status:
    """An improvement that asks for none is reached or not; without a base value nothing can be
    said.
    """
    if case.rate.word not in _WORDS:
        return Status(None, Why.NONE, actual, expected)
    if case.reach.running:
        return Status(Light.GREY, Why.NOTHING_DUE, actual, expected)
    missed = case.rate.word is RateWord.MISSED
    return Status(Light.RED if missed else Light.GREEN, Why.ZERO, actual, expected)


def _milestone(case: Case) -> Status:
    """Grey until its day, then done or not."""
    day = case.kpi.due or case.clock.months[-1].last
    if case.basis.as_of < day:
        return Status(Light.GREY, Why.NOT_DUE, case.actual)
    done = case.actual is not None and case.actual >= ONE
    return Status(Light.GREEN if done else Light.RED, Why.DONE, case.actual, ONE)


def _year(case: Case, goal: Target) -> Status:
    """A flow's year by its likely landing; once over by what it brought."""
    kpi, reach, pace = case.kpi, case.reach, case.basis.paces.get((case.kpi.code, case.unit))
    if goal.year is None:
        return NOTHING
    if reach.over == len(case.clock.months):
        return _flow(case, goal)
    if pace is None or pace.low_confidence or pace.likely is None:
        return Status(Light.GREY, Why.UNSURE)
    size = abs(goal.year)
    if kpi.basis is TargetBasis.IMPROVEMENT:
        if case.base is None:
            return NOTHING
        size = abs(goal.year - divide(*case.base))
    held = Compared(pace.likely, goal.year, size, running=True, year=goal.year)
    return judged(kpi, held, case.plan.settings, Why.LANDING)
