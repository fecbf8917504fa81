"""Target against actual: attainment, status and weighted scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Clock, Span
from salesplan.engine.actuals.reach import Reach
from salesplan.engine.actuals.status import Rate, RateWord, Status, Why, pace_rate
from salesplan.engine.actuals.status_by_kind import Case, StatusBasis, status_of
from salesplan.engine.actuals.trajectory import Base, span_base, trajectories
from salesplan.engine.exact.figures import Crossed, OnDemand, divide
from salesplan.engine.targets.target import Target, Targets
from salesplan.plan.model import (
    Direction,
    Kpi,
    Light,
    Month,
    Plan,
    TargetBasis,
    Unit,
)

if TYPE_CHECKING:
    from salesplan.engine.exact.workdays import Calendar


class Attainment(NamedTuple):
    """One KPI of one unit over one span: target, actual, gap (actual − target), rate, status.

    ``pace`` is the actual against what the status is judged by: against the line of a KPI that has
    one; else the attainment once the span is over and all of it is reported, before that the actual
    against what was expected to date. It is what is scored, unless the status is grey.
    """

    kpi: str
    unit: str
    span: Span
    target: Decimal | None
    actual: Decimal | None
    gap: Decimal | None
    rate: Rate
    status: Status = Status(None, Why.NONE)
    pace: Rate = Rate()

    @property
    def light(self) -> Light | None:
        """The light of its status."""
        return self.status.light

    @property
    def score(self) -> Decimal | None:
        """The pace within 0 … cap; None: not scored, for want of a figure or because it is too
        early.
        """
        return None if self.status.light is Light.GREY or self.actual is None else self.pace.score


@dataclass(frozen=True, slots=True)
class Score:
    """A unit's weighted score for a span, and the KPIs that were left out for want of data."""

    unit: str
    span: Span
    value: Decimal | None
    left_out: tuple[str, ...] = ()


__all__ = [
    "Past",
    "Targets",
    "attainments",
    "completion",
    "completion_against",
    "scores",
    "span_target",
]

ONE = Decimal(1)
ZERO = Decimal(0)


def completion(kpi: Kpi, target: Decimal | None, actual: Decimal | None, cap: Decimal) -> Rate:
    """The attainment of one target, scored within 0 … ``cap``.

    T ≠ 0: 1 + s·(A − T)/|T|, s = −1 where lower is better. T = 0: a word, scored 1 or 0. Blank
    target or actual: a word, not scored. Where the KPI's goal is an improvement, ``target`` is the
    level to reach and the rate (A − B)/(T − B) with the base value B, the plain rate beside it as
    ``level``; no base value: the word NO_BASE; T no better than B: a word, as for T = 0, for what
    asks for no improvement has no part of one done.
    """
    return _completion(kpi, target, actual, cap, None if kpi.base is None else (kpi.base, ONE))


def attainments(
    plan: Plan,
    targets: Targets,
    facts: Facts,
    calendar: Calendar,
    month: Month,
    as_of: date,
    basis: StatusBasis | None = None,
) -> Mapping[tuple[str, str, Span], Attainment]:
    """Every KPI of every unit over the month, its fiscal quarter, half and year up to it, and the
    year; each is judged when it is asked for.

    For every (KPI, unit) of ``targets`` in their order, then for those with actuals in the plan
    year but no target. A span's target is the sum of its months for a flow, else its last month's;
    it is unknown where one of them is. YEAR sets the whole year's target against the actual so far.
    ``basis`` holds what the run has worked out already.

    How the status of each comes about: :mod:`salesplan.engine.actuals.status_by_kind`.
    Raises ValueError if ``month`` is not a month of the plan.
    """
    clock = Clock.of(plan.settings.months, calendar, month, as_of)
    if basis is None:
        basis = StatusBasis.of(plan, targets, facts, calendar, clock, as_of)
    under, here = basis, clock.index

    def judge(key: tuple[str, str, Span]) -> Attainment:
        code, unit, span = key
        first = span.begin(here)
        actual = (
            facts.monthly(code, unit)[here]
            if first == here
            else facts.value(code, unit, clock.months[first], clock.months[here])
        )
        kpi = plan.kpi_by_code[code]
        return _attained(plan, targets, facts, clock, under, kpi, unit, span, first, actual)

    return OnDemand(Crossed(_pairs(plan, targets, facts, clock), Span), judge)


@dataclass(frozen=True)
class Past:
    """What months of the plan year, and spans up to one, look like now that they are over: the
    status they ended with.
    """

    plan: Plan
    targets: Targets
    facts: Facts
    reach: Mapping[str, Reach]

    def month(self, kpi: Kpi, unit: str, month: Month) -> Attainment:
        """The KPI of the unit in that month alone. Raises ValueError if it is not a month of the
        plan year.
        """
        return self.until(kpi, unit, month, Span.MONTH)

    def until(self, kpi: Kpi, unit: str, month: Month, span: Span) -> Attainment:
        """The KPI of the unit over the span that holds the month, up to it. Raises ValueError if
        it is not a month of the plan year.
        """
        clock, basis = self._ground(month)
        first = span.begin(clock.index)
        return _attained(
            self.plan,
            self.targets,
            self.facts,
            clock,
            basis,
            kpi,
            unit,
            span,
            first,
            self.facts.value(kpi.code, unit, clock.months[first], month),
        )

    def _ground(self, month: Month) -> tuple[Clock, StatusBasis]:
        if month not in self._grounds:
            clock = Clock.of(self.plan.settings.months, self._calendar, month, month.last)
            reach = {
                code: Reach(clock.index + (month in self.facts.reported[code]), by=one.by)
                for code, one in self.reach.items()
            }
            lines = trajectories(self.plan, self.targets, self.facts, self._calendar, clock, reach)
            self._grounds[month] = clock, StatusBasis(reach, lines, {}, month.last)
        return self._grounds[month]

    @cached_property
    def _grounds(self) -> dict[Month, tuple[Clock, StatusBasis]]:
        """The grounds asked for so far."""
        return {}

    @cached_property
    def _calendar(self) -> Calendar:
        from salesplan.engine.exact.workdays import Calendar

        settings = self.plan.settings
        years = {month.year for month in settings.months}
        return Calendar.of(settings.country, self.plan.calendar, years)


def completion_against(
    plan: Plan, targets: Targets, kpi: Kpi, one: Attainment, goal: Decimal | None
) -> Rate:
    """The attainment of ``one`` against another goal than its target, measured from the same base
    value.
    """
    return _completion(
        kpi,
        goal,
        one.actual,
        plan.settings.score_cap,
        _base(plan, targets, kpi, one.unit, one.target, one.span),
    )


def span_target(kpi: Kpi, target: Target | None, first: int, last: int) -> Decimal | None:
    """The target from the plan year's month ``first`` to ``last`` (0-based, inclusive), by kind."""
    if target is None:
        return None
    if not kpi.kind.adds_over_months:
        return target.months[last]
    total = ZERO
    for month in target.months[first : last + 1]:
        if month is None:
            return None
        total += month
    return total


def scores(
    plan: Plan, found: Mapping[tuple[str, str, Span], Attainment]
) -> Mapping[tuple[str, Span], Score]:
    """Each unit's score per span: Σ w·score ÷ Σ w over the KPIs that could be scored;
    each is worked out when it is asked for.

    The KPIs of a unit are those of its level and those it has a target for. Those without data or
    whose status is grey are named in ``left_out``, as are those without a weight (or one below
    zero) while others have one; if no KPI has a weight, all weigh the same. A weight of 0 takes a
    KPI out without a word.
    """
    equal = all(kpi.weight is None for kpi in plan.kpis)
    units = dict.fromkeys(unit for _, unit, _ in found if unit in plan.unit_by_code)
    return OnDemand(
        product(units, Span),
        lambda key: _score(plan, found, plan.unit_by_code[key[0]], key[1], equal),
    )


def _completion(
    kpi: Kpi, target: Decimal | None, actual: Decimal | None, cap: Decimal, base: Base | None
) -> Rate:
    if target is None:
        return Rate(word=RateWord.NO_TARGET)
    if actual is None:
        return Rate(word=RateWord.NO_ACTUAL)
    ahead = actual - target if kpi.direction is Direction.HIGHER else target - actual
    level = divide(abs(target) + ahead, abs(target)) if target else None
    if kpi.basis is TargetBasis.LEVEL:
        return _scored(level, cap) if level is not None else _worded(ahead)
    if base is None:
        return Rate(word=RateWord.NO_BASE, level=level)
    rise, done = target * base[1] - base[0], actual * base[1] - base[0]
    if (rise if (base[1] > 0) is (kpi.direction is Direction.HIGHER) else -rise) <= 0:
        worded = _worded(ahead)
        return Rate(word=worded.word, level=level, score=worded.score)
    return _scored(divide(done, rise), cap, level)


def _scored(value: Decimal, cap: Decimal, level: Decimal | None = None) -> Rate:
    return Rate(value=value, level=level, score=min(max(value, ZERO), cap))


def _worded(ahead: Decimal) -> Rate:
    if ahead < 0:
        return Rate(word=RateWord.MISSED, score=ZERO)
    return Rate(word=RateWord.EXCEEDED if ahead > 0 else RateWord.MET, score=ONE)


def _pairs(plan: Plan, targets: Targets, facts: Facts, clock: Clock) -> Iterator[tuple[str, str]]:
    """(KPI code, unit code) of what has a target, then of what has an actual and no target."""
    for pair in targets:
        if pair[0] in plan.kpi_by_code:
            yield pair
    first, last = clock.months[0], clock.months[clock.index]
    order = [unit.code for _, unit in plan.walk()]
    for kpi in plan.kpis:
        for unit in order:
            pair = (kpi.code, unit)
            if (
                pair in facts.pairs
                and pair not in targets
                and facts.value(*pair, first, last) is not None
            ):
                yield pair


def _attained(
    plan: Plan,
    targets: Targets,
    facts: Facts,
    clock: Clock,
    basis: StatusBasis,
    kpi: Kpi,
    unit: str,
    span: Span,
    first: int,
    actual: Decimal | None,
) -> Attainment:
    """One span, from its month ``first`` on."""
    goal, cap = targets.get((kpi.code, unit)), plan.settings.score_cap
    yearly, here = span is Span.YEAR, clock.index
    target = _year_target(kpi, goal) if yearly else span_target(kpi, goal, first, here)
    base = _base(plan, targets, kpi, unit, target, span)
    rate = _completion(kpi, target, actual, cap, base)
    reach = basis.reach[kpi.code]
    status = status_of(
        Case(plan, facts, clock, basis, reach, kpi, unit, goal, span, first, actual, rate, base)
    )
    over = not clock.running and reach.months == here + 1
    over = over and (not yearly or here == len(clock.months) - 1)
    if yearly and not over and kpi.kind.adds_over_months:
        rate = _running_year(kpi, rate)
    missed_by = None if target is None or actual is None else actual - target
    lined = status.why in (Why.LINE, Why.WAY) and status.pace is not None
    pace = rate if over and not lined else pace_rate(status, cap)
    return Attainment(kpi.code, unit, span, target, actual, missed_by, rate, status, pace)


def _running_year(kpi: Kpi, rate: Rate) -> Rate:
    """Where lower is better a year that runs has used a part of its allowance, and attained nothing
    yet.
    """
    known = rate.word not in (RateWord.NO_TARGET, RateWord.NO_ACTUAL)
    return Rate(word=RateWord.USED) if kpi.direction is Direction.LOWER and known else rate


def _base(
    plan: Plan, targets: Targets, kpi: Kpi, unit: str, target: Decimal | None, span: Span
) -> Base | None:
    """The base value that an improvement is measured from; None where the goal is a level."""
    if kpi.basis is TargetBasis.LEVEL:
        return None
    return span_base(plan, targets, kpi, unit, target, span)


def _year_target(kpi: Kpi, goal: Target | None) -> Decimal | None:
    if goal is None:
        return None
    if kpi.kind.adds_over_months:
        return goal.year
    return goal.months[-1] if goal.months[-1] is not None else goal.year


def _score(
    plan: Plan,
    found: Mapping[tuple[str, str, Span], Attainment],
    unit: Unit,
    span: Span,
    equal: bool,
) -> Score:
    total = weights = ZERO
    left_out: list[str] = []
    for kpi in plan.kpis:
        one = found.get((kpi.code, unit.code, span))
        weight = ONE if equal else kpi.weight
        if weight == 0 or (unit.level not in kpi.levels and (one is None or one.target is None)):
            continue
        if one is None or one.score is None or weight is None or weight < 0:
            left_out.append(kpi.code)
            continue
        total += weight * one.score
        weights += weight
    return Score(unit.code, span, divide(total, weights) if weights else None, tuple(left_out))
