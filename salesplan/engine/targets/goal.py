"""What a unit is to reach by itself: the company's goal as a level, and the months of whoever has a
typed target.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from salesplan.engine.exact.rounding import largest_remainder
from salesplan.engine.targets.locks import Held
from salesplan.findings import Finding
from salesplan.plan.model import Direction, Kpi, PercentBasis, TargetBasis

_NEEDED = frozenset({"target", "kind", "levels", "basis"})


def computable(kpi: Kpi) -> bool:
    """Whether the cells that the KPI's targets depend on could be read."""
    needed = _NEEDED
    if kpi.kind.adds_over_units:
        needed |= {"smallest_unit"}
    if kpi.basis is TargetBasis.IMPROVEMENT:
        needed |= {"base", "percent_basis", "direction"}
    return not kpi.broken & needed


def goal(kpi: Kpi, findings: list[Finding]) -> Decimal | None:
    """The company's target as a level; None where there is none, or it cannot be told (an error
    says so).

    An improvement (目标口径 提升量) is added to the base value, in its own unit or points; with
    单位口径 % it is a part of the base value. For a KPI where lower is better an improvement lowers
    the base, whichever sign it is typed with.
    """
    if kpi.target is None or kpi.basis is TargetBasis.LEVEL:
        return kpi.target
    if kpi.base is None:
        findings.append(Finding.of("target-no-base", kpi.origin.place("base"), kpi=kpi.name))
        return None
    return level_of(kpi, kpi.target)


def level_of(kpi: Kpi, value: Decimal | None) -> Decimal | None:
    """A goal of the KPI (target, 保底 or 挑战) as a level; None where it is blank, or an
    improvement over no base value.
    """
    if value is None or kpi.basis is TargetBasis.LEVEL:
        return value
    if kpi.base is None:
        return None
    rise = value * abs(kpi.base) if kpi.percent_basis is PercentBasis.PERCENT else value
    return kpi.base - abs(rise) if kpi.direction is Direction.LOWER else kpi.base + rise


Months = tuple[int | None, ...]
"""None: a month without a target."""


class NoOpenMonthError(Exception):
    """The months that are held leave ``left`` of the year, and none is open to take it."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


def own_months(
    held: Held | None,
    year: int | None,
    weights: Sequence[Fraction],
    there: Sequence[Fraction] | None,
    flow: bool,
) -> Months:
    """The months that follow from what is held, and from the ``year`` (None: as far as they are
    held).

    A flow's year and quarters fall on their open months by ``weights`` × presence (``there``; None:
    all the time). A level (存量) stands at its year in every month that is not held; where somebody
    is not there it is 0, but for the last one, which is the year. Raises :class:`NoOpenMonthError`.
    """
    width = len(weights)
    if not flow:
        return _levels(held, year, there, width)
    parts = [(year, (None,) * width)] if held is None else held.parts(year)
    found: list[int | None] = [0] * width
    for total, fixed in parts:
        for at, month in enumerate(_spread(total, fixed, weights, there)):
            known = found[at]
            found[at] = None if month is None or known is None else known + month
    return tuple(found)


def _spread(
    total: int | None,
    fixed: Months,
    weights: Sequence[Fraction],
    there: Sequence[Fraction] | None,
) -> Months:
    if total is None:
        return fixed
    left = total - sum(month for month in fixed if month is not None)
    places = [at for at, month in enumerate(fixed) if month is None]
    if not places:
        if left:
            raise NoOpenMonthError(left)
        return fixed
    own = [weights[at] * (1 if there is None else there[at]) for at in places]
    if not any(own):
        own = [weights[at] for at in places]
    rest = iter(largest_remainder(left, own if any(own) else [1] * len(own)))
    return tuple(next(rest) if month is None else month for month in fixed)


def _levels(
    held: Held | None, year: int | None, there: Sequence[Fraction] | None, width: int
) -> Months:
    fixed: Months = (None,) * width if held is None else held.months
    if year is None:
        return fixed
    found = list(fixed)
    for at, month in enumerate(fixed):
        if month is None:
            gone = there is not None and not there[at] and at < width - 1
            found[at] = 0 if gone else year
    return tuple(found)
