"""同比 and 环比: change against a base, with words where a percentage would mislead."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

from salesplan.dataclass import dataclass
from salesplan.engine.exact.figures import divide


class GrowthWord(Enum):
    """What is said instead of, or beside, a growth rate."""

    NO_BASE = "no_base"
    TURNED_TO_PROFIT = "turned_to_profit"
    LOSS_REDUCED = "loss_reduced"
    LOSS_GREW = "loss_grew"
    TURNED_TO_LOSS = "turned_to_loss"


@dataclass(frozen=True, slots=True)
class Growth:
    """A change against a base. ``points``: ``value`` is a difference of percentages, in 百分点 ÷
    100.
    """

    value: Decimal | None = None
    word: GrowthWord | None = None
    points: bool = False


def growth(actual: Decimal | None, base: Decimal | None) -> Growth:
    """(A − B) ÷ |B|, with 扭亏, 减亏, 增亏 or 由盈转亏 where a sign is involved.

    Base missing or zero: 无基数 and no number. Actual missing: neither number nor word.
    """
    if actual is None:
        return Growth()
    if not base:
        return Growth(word=GrowthWord.NO_BASE)
    return Growth(divide(actual - base, abs(base)), _turn(actual, base))


def growth_in_points(actual: Decimal | None, base: Decimal | None) -> Growth:
    """The difference of two percentages, which is 百分点 and never a percentage of one."""
    if actual is None:
        return Growth(points=True)
    if base is None:
        return Growth(word=GrowthWord.NO_BASE, points=True)
    return Growth(actual - base, points=True)


def _turn(actual: Decimal, base: Decimal) -> GrowthWord | None:
    if base > 0:
        return GrowthWord.TURNED_TO_LOSS if actual < 0 else None
    if actual >= 0:
        return GrowthWord.TURNED_TO_PROFIT
    if actual == base:
        return None
    return GrowthWord.LOSS_REDUCED if actual > base else GrowthWord.LOSS_GREW
