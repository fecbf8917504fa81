"""The status (灯): one rule for a KPI of a unit over a span, wherever it stands (SPEC 5).

The actual A is held against what was expected by the cut-off, E. Behind by no more than (1 − 绿灯) of
|E|: green; by no more than (1 − 黄灯): amber; else red. What the running month is behind its rhythm
is lessened by its usual swing first.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from salesplan.engine.exact.figures import WIDE, divide
from salesplan.engine.results import Rate, RateWord, Status, Why
from salesplan.plan.model import Direction, Kpi, KpiKind, Light, Settings

ZERO = Decimal(0)
ONE = Decimal(1)
QUARTER = Decimal("0.25")
"""Of the way from base to target: below it an improvement is too small a number to be judged."""
RATIO_STEP = Decimal("1e-12")
AMOUNT_STEP = Decimal("1e-6")
"""Shortfalls are compared at these steps, so that a figure exactly at a threshold stays there in a spreadsheet, too."""
_SHARES = (KpiKind.RATIO, KpiKind.COHORT_RATIO, KpiKind.POINT)


@dataclass(frozen=True, slots=True)
class Held:
    """An actual held against what was expected of it, and by how much the two may differ.

    ``size`` is what the shortfall is a part of: |E|, of an improvement |E − base|. ``behind`` is what
    the running month is behind its rhythm, ``slack`` its usual swing, both in the KPI's unit and 0
    where nothing is running. ``year`` is the year's target.
    """

    actual: Decimal
    expected: Decimal
    size: Decimal
    behind: Decimal = ZERO
    slack: Decimal = ZERO
    running: bool = False
    year: Decimal | None = None


def judged(kpi: Kpi, held: Held, settings: Settings, why: Why = Why.PACE) -> Status:
    """The status of an actual against what was expected."""
    sign = 1 if kpi.direction is Direction.HIGHER else -1
    ahead = sign * (held.actual - held.expected)
    if not held.size:
        return _of_nothing(held, ahead, sign)
    lessened = min(max(held.behind, ZERO), held.slack)
    short = divide(-ahead - lessened, held.size)
    return Status(
        _light(short, -ahead, grain(kpi), settings),
        why,
        held.actual,
        held.expected,
        divide(held.size + ahead, held.size),
        short,
        lessened,
    )


def grain(kpi: Kpi) -> Decimal:
    """The shortfall under which nothing is red: one smallest unit; of a share that names none finer than a whole, none."""
    if kpi.kind in _SHARES and kpi.smallest_unit >= 1:
        return ZERO
    return kpi.smallest_unit


def pace_rate(status: Status, cap: Decimal) -> Rate:
    """The pace of a status as a rate with its score; of a target of 0 a word."""
    if status.pace is not None:
        return Rate(value=status.pace, score=min(max(status.pace, ZERO), cap))
    if status.why in (Why.ZERO, Why.DONE):
        met = status.light is Light.GREEN
        return Rate(word=RateWord.MET if met else RateWord.MISSED, score=ONE if met else ZERO)
    return Rate()


def _light(short: Decimal, behind: Decimal, grain: Decimal, settings: Settings) -> Light:
    part = short.quantize(RATIO_STEP, ROUND_HALF_UP, WIDE)
    if part <= 1 - settings.green:
        return Light.GREEN
    if part <= 1 - settings.yellow or behind.quantize(AMOUNT_STEP, ROUND_HALF_UP, WIDE) < grain:
        return Light.YELLOW
    return Light.RED


def _of_nothing(held: Held, ahead: Decimal, sign: int) -> Status:
    """Nothing was expected: reached or not once over; before that only what may not be is red."""
    forbidden = sign < 0 and held.year == 0 and ahead < 0
    if held.running and not forbidden:
        return Status(Light.GREY, Why.NOTHING_DUE, held.actual, held.expected)
    light = Light.GREEN if ahead >= 0 else Light.RED
    return Status(light, Why.ZERO, held.actual, held.expected)
