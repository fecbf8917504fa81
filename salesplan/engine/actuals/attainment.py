"""Target against actual: completion rates, lights and weighted scores (SPEC 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Clock
from salesplan.engine.exact.figures import divide
from salesplan.engine.results import Attainment, Rate, RateWord, Score, Span, Target
from salesplan.engine.targets.goal import level_of
from salesplan.plan.model import (
    Direction,
    Kpi,
    KpiKind,
    Light,
    Month,
    Plan,
    Settings,
    TargetBasis,
    Unit,
)

if TYPE_CHECKING:
    from salesplan.engine.exact.workdays import Calendar

Targets = Mapping[tuple[str, str], Target]

Base = tuple[Decimal, Decimal]
"""A base value as a quotient not yet rounded."""

ONE = Decimal(1)
ZERO = Decimal(0)


def completion(kpi: Kpi, target: Decimal | None, actual: Decimal | None, cap: Decimal) -> Rate:
    """The completion rate of one target (SPEC 5), scored within 0 … ``cap``.

    T ≠ 0: 1 + s·(A − T)/|T|, s = −1 where lower is better. T = 0: a word, scored 1 or 0. Blank
    target or actual: a word, not scored. Where the KPI's goal is an improvement, ``target`` is the
    level to reach and the rate (A − B)/(T − B) with the base value B, the plain rate beside it as
    ``level``; no base value: the word NO_BASE; T no better than B: a word, as for T = 0, for what
    asks for no improvement has no part of one done.
    """
    return _completion(kpi, target, actual, cap, None if kpi.base is None else (kpi.base, ONE))


def rate_light(rate: Rate, settings: Settings) -> Light | None:
    """The light of a completion rate by the settings' thresholds; of T = 0: met green, missed red."""
    if rate.value is None:
        return {
            RateWord.EXCEEDED: Light.GREEN,
            RateWord.MET: Light.GREEN,
            RateWord.MISSED: Light.RED,
        }.get(rate.word or RateWord.NO_TARGET)
    if rate.value >= settings.green:
        return Light.GREEN
    return Light.YELLOW if rate.value >= settings.yellow else Light.RED


def gap_light(gap: Decimal, settings: Settings) -> Light:
    """The light of a progress gap by the settings' thresholds (SPEC 5: ≥ −5 points green, ≥ −10 points yellow, else red)."""
    if gap >= settings.gap_green:
        return Light.GREEN
    return Light.YELLOW if gap >= settings.gap_yellow else Light.RED


def light(rate: Rate, settings: Settings, gap: Decimal | None = None) -> Light | None:
    """The light of one attainment: by ``gap`` where one is given, else by the rate.

    None where there is no target or no actual to judge.
    """
    by_rate = rate_light(rate, settings)
    return by_rate if gap is None or by_rate is None else gap_light(gap, settings)


def attainments(
    plan: Plan, targets: Targets, facts: Facts, calendar: Calendar, month: Month, as_of: date
) -> dict[tuple[str, str, Span], Attainment]:
    """Every KPI of every unit over the month, its fiscal quarter and the year up to it, and the year.

    For every (KPI, unit) of ``targets`` in their order, then for those with actuals in the plan
    year but no target. A span's target is the sum of its months for a flow, else its last month's;
    it is unknown where one of them is. YEAR sets the whole year's target against the actual so far.

    Lights: a flow of a running month, over every span, shows the year's progress gap, because a
    part of a month cannot be measured against the whole of it; so does the span YEAR at any time.
    Everything else shows its rate: closed months, and kinds that do not add up over time.
    Raises ValueError if ``month`` is not a month of the plan.
    """
    clock = Clock.of(plan.settings.months, calendar, month, as_of)
    found: dict[tuple[str, str, Span], Attainment] = {}
    for kpi, unit in _pairs(plan, targets, facts, clock):
        for attainment in _spans(plan, targets, facts, clock, kpi, unit):
            found[kpi.code, unit, attainment.span] = attainment
    return found


def month_rate(
    plan: Plan, targets: Targets, facts: Facts, kpi: Kpi, unit: str, month: Month
) -> Rate:
    """The completion rate of a single month of the plan year. Raises ValueError for another month."""
    index = plan.settings.months.index(month)
    target = span_target(kpi, targets.get((kpi.code, unit)), index, index)
    actual = facts.monthly(kpi.code, unit)[index]
    return _completion(
        kpi,
        target,
        actual,
        plan.settings.score_cap,
        _base(plan, targets, kpi, unit, target, Span.MONTH),
    )


def completion_against(
    plan: Plan, targets: Targets, kpi: Kpi, one: Attainment, goal: Decimal | None
) -> Rate:
    """The completion rate of ``one`` against another goal than its target, measured from the same base value."""
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
) -> dict[tuple[str, Span], Score]:
    """Each unit's score per span: Σ w·score ÷ Σ w over the KPIs that could be scored (SPEC 5).

    The KPIs of a unit are those of its level and those it has a target for. Those without data
    are named in ``left_out``, as are those without a weight (or one below zero) while others have one;
    if no KPI has a weight, all weigh the same. A weight of 0 takes a KPI out without a word.
    """
    equal = all(kpi.weight is None for kpi in plan.kpis)
    seen = dict.fromkeys(unit for _, unit, _ in found)
    return {
        (unit, span): _score(plan, found, plan.unit_by_code[unit], span, equal)
        for unit in seen
        if unit in plan.unit_by_code
        for span in Span
    }


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


def _base(
    plan: Plan, targets: Targets, kpi: Kpi, unit: str, target: Decimal | None, span: Span
) -> Base | None:
    """The base value an improvement is measured from, for this unit and span.

    The KPI's base value speaks of the whole company and year. Where targets are split, the unit's
    part of it is as its base target's part of the company's (a hedge asks for more, and makes nobody's
    past larger), and a span's as its target's part of the year's; where they are copied, so is the base.
    Of a company's target of 0 (from a loss to none) nothing is a part: then only the company's year has a base.
    """
    if kpi.base is None or kpi.basis is TargetBasis.LEVEL:
        return None
    if not kpi.kind.adds_over_units:
        return kpi.base, ONE
    roots = [root.code for root in plan.roots if (kpi.code, root.code) in targets]
    own = targets.get((kpi.code, unit))
    whole = (
        targets[kpi.code, roots[0]].base_year
        if len(roots) == 1
        else None
        if roots
        else level_of(kpi, kpi.target)
    )
    if own is None or own.base_year is None or whole is None:
        return None
    stock = kpi.kind is KpiKind.STOCK
    if not whole:
        return (kpi.base, ONE) if unit in roots and (stock or span is Span.YEAR) else None
    if stock:
        return kpi.base * own.base_year, whole
    return (
        (kpi.base * own.base_year * target, whole * own.year)
        if own.year and target is not None
        else None
    )


def _pairs(plan: Plan, targets: Targets, facts: Facts, clock: Clock) -> Iterator[tuple[Kpi, str]]:
    for code, unit in targets:
        if code in plan.kpi_by_code:
            yield plan.kpi_by_code[code], unit
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
                yield kpi, unit


def _spans(
    plan: Plan, targets: Targets, facts: Facts, clock: Clock, kpi: Kpi, unit: str
) -> Iterator[Attainment]:
    goal, settings = targets.get((kpi.code, unit)), plan.settings
    here, quarter = clock.index, clock.index // 3 * 3
    so_far = facts.value(kpi.code, unit, clock.months[0], clock.months[here])
    alone, year = facts.monthly(kpi.code, unit)[here], _year_target(kpi, goal)
    dues = (
        {first: clock.due(goal.months, first) for first in (0, quarter, here)}
        if kpi.kind.adds_over_months and goal is not None
        else {}
    )
    gap = clock.gap(kpi.direction, dues.get(0), year, so_far)
    for span, first, last in (
        (Span.MONTH, here, here),
        (Span.QUARTER, quarter, here),
        (Span.YTD, 0, here),
        (Span.YEAR, 0, 11),
    ):
        target = year if span is Span.YEAR else span_target(kpi, goal, first, last)
        actual = (
            so_far
            if first == 0
            else alone
            if first == here
            else facts.value(kpi.code, unit, clock.months[first], clock.months[here])
        )
        rate = _completion(
            kpi, target, actual, settings.score_cap, _base(plan, targets, kpi, unit, target, span)
        )
        shown = light(rate, settings, gap if clock.running or span is Span.YEAR else None)
        expected = clock.part(dues.get(first), target)
        missed_by = None if target is None or actual is None else actual - target
        yield Attainment(kpi.code, unit, span, target, actual, missed_by, rate, shown, expected)


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
        if one is None or one.rate.score is None or weight is None or weight < 0:
            left_out.append(kpi.code)
            continue
        total += weight * one.rate.score
        weights += weight
    return Score(unit.code, span, divide(total, weights) if weights else None, tuple(left_out))
