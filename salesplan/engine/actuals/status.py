"""The status (灯): one rule for a KPI of a unit over a span, wherever it stands.

The actual A is held against what was expected by the cut-off, E. Behind by no more than (1 − 绿灯)
of |E|: green; by no more than (1 − 黄灯): amber; else red. What the running month is behind its
rhythm is lessened by its usual swing first.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import NamedTuple

from salesplan.engine.exact.figures import WIDE, divide
from salesplan.plan.model import (
    Kpi,
    Light,
    Settings,
)


class RateWord(Enum):
    """What is said where an attainment cannot be a number."""

    NO_TARGET = "no_target"
    NO_ACTUAL = "no_actual"
    EXCEEDED = "exceeded"
    MET = "met"
    MISSED = "missed"
    NO_BASE = "no_base"
    USED = "used"
    """Lower is better and the year is running: what is used of its allowance, which is no
    attainment.
    """


class Rate(NamedTuple):
    """An attainment: a number, or a word where there can be none.

    ``level`` is the plain A/T beside the rate of an improvement target.
    ``score`` is the rate clipped to 0 … cap (100 % or 0 for T = 0); None: not scored.
    """

    value: Decimal | None = None
    word: RateWord | None = None
    level: Decimal | None = None
    score: Decimal | None = None


class Why(Enum):
    """What a status rests on, or why there is none yet."""

    PACE = "pace"
    """The actual against what was expected to date."""
    LINE = "line"
    """The figure against the line from the base value to the target."""
    TARGET = "target"
    """The figure against its target."""
    LANDING = "landing"
    """Where the year is forecast to end against its target."""
    ZERO = "zero"
    """A target of 0: reached or not."""
    DONE = "done"
    """A milestone that is due."""
    EARLY = "early"
    """Grey: fewer than half of the running month's working days are over."""
    WAY = "way"
    """Grey: an improvement less than a quarter of the way."""
    NOT_REPORTED = "not_reported"
    """Grey: no unit has reported the span yet."""
    NOT_OVER = "not_over"
    """Grey: judged by months that are over, and this one is not."""
    NOTHING_DUE = "nothing_due"
    """Grey: nothing is expected to date."""
    NOT_DUE = "not_due"
    """Grey: a milestone before its day."""
    UNSURE = "unsure"
    """Grey: too few months are over to say where the year ends."""
    NONE = "none"
    """No target, or nothing to hold against it."""


class Status(NamedTuple):
    """The status (灯) of one KPI of one unit over one span, and what it rests on.

    ``actual`` is held against ``expected``, both up to the last month that was reported. ``ahead``
    is s·(A − E), ``size`` what it is a part of: |E|, of an improvement |E − base|; 0 where nothing
    is divided. ``lessened`` is what the usual swing takes off the shortfall.
    """

    light: Light | None
    why: Why
    actual: Decimal | None = None
    expected: Decimal | None = None
    size: Decimal = Decimal(0)
    ahead: Decimal = Decimal(0)
    lessened: Decimal = Decimal(0)

    @property
    def pace(self) -> Decimal | None:
        """1 + s·(A − E)/|E|. Divided when asked for: most are never shown."""
        return divide(self.size + self.ahead, self.size) if self.size else None

    @property
    def short(self) -> Decimal | None:
        """The shortfall as a part of |E|, the usual swing taken off."""
        return divide(-self.ahead - self.lessened, self.size) if self.size else None


ZERO = Decimal(0)
ONE = Decimal(1)
QUARTER = Decimal("0.25")
"""Of the way from base to target: below it an improvement is too small a number to be judged."""
RATIO_STEP = Decimal("1e-12")
_HALF_STEP = RATIO_STEP / 2
AMOUNT_STEP = Decimal("1e-6")
"""Shortfalls are compared at these steps, so that a figure exactly at a threshold stays there in a
spreadsheet, too.
"""


class Compared(NamedTuple):
    """An actual held against what was expected of it, and by how much the two may differ.

    ``size`` is what the shortfall is a part of: |E|, of an improvement |E − base|. ``behind`` is
    what the running month is behind its rhythm, ``slack`` its usual swing, both in the KPI's unit
    and 0 where nothing is running. ``year`` is the year's target.
    """

    actual: Decimal
    expected: Decimal
    size: Decimal
    behind: Decimal = ZERO
    slack: Decimal = ZERO
    running: bool = False
    year: Decimal | None = None


def judged(kpi: Kpi, held: Compared, settings: Settings, why: Why = Why.PACE) -> Status:
    """The status of an actual against what was expected."""
    sign = kpi.direction.sign
    ahead = sign * (held.actual - held.expected)
    if not held.size:
        return _of_nothing(held, ahead, sign)
    lessened = min(max(held.behind, ZERO), held.slack)
    light = _light(held.size, -ahead, lessened, grain(kpi), settings)
    return Status(light, why, held.actual, held.expected, held.size, ahead, lessened)


def grain(kpi: Kpi) -> Decimal:
    """The shortfall under which nothing is red: one smallest unit; of a share that names none finer
    than a whole, none.
    """
    if kpi.kind.is_share and kpi.smallest_unit >= 1:
        return ZERO
    return kpi.smallest_unit


def pace_rate(status: Status, cap: Decimal) -> Rate:
    """The pace of a status as a rate with its score; of a target of 0 a word."""
    pace = status.pace
    if pace is not None:
        return Rate(value=pace, score=min(max(pace, ZERO), cap))
    if status.why in (Why.ZERO, Why.DONE):
        met = status.light is Light.GREEN
        return Rate(word=RateWord.MET if met else RateWord.MISSED, score=ONE if met else ZERO)
    return Rate()


def _light(
    size: Decimal, behind: Decimal, lessened: Decimal, grain: Decimal, settings: Settings
) -> Light:
    """The light of a shortfall, multiplied out instead of divided: a run judges very many."""
    if behind <= lessened and settings.green <= 1:
        return Light.GREEN
    short = behind - lessened
    if short < _limit(size, settings.green):
        return Light.GREEN
    if short < _limit(size, settings.amber):
        return Light.AMBER
    return Light.AMBER if behind.quantize(AMOUNT_STEP, ROUND_HALF_UP, WIDE) < grain else Light.RED


def _limit(size: Decimal, threshold: Decimal) -> Decimal:
    """The shortfall from which on its part of ``size``, rounded to :data:`RATIO_STEP`, is more than
    1 − ``threshold``.
    """
    return WIDE.multiply(1 - threshold + _HALF_STEP, size)


def _of_nothing(held: Compared, ahead: Decimal, sign: int) -> Status:
    """Nothing was expected: reached or not once over; before that only what may not be is red."""
    forbidden = sign < 0 and held.year == 0 and ahead < 0
    if held.running and not forbidden:
        return Status(Light.GREY, Why.NOTHING_DUE, held.actual, held.expected)
    light = Light.GREEN if ahead >= 0 else Light.RED
    return Status(light, Why.ZERO, held.actual, held.expected)
