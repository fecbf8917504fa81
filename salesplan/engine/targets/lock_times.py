"""Since when locks are there, and what that means for months that are closed (SPEC 9).

A lock says what it holds, not since when. What a part of the year came out as when it was divided must not change
with a lock that was put on later, nor with a change that came later: those months are closed. So a lock counts from
the turn after the last one at which the plan, without it, says what its row holds, filled; and where that is never so
from the start, or from the last turn up to which closed months are as they are filled (:mod:`salesplan.engine.changes.year`).
It cannot be told apart whether a lock that holds what the plan says anyway was there or not, and it does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from salesplan.engine.targets.group import Division
from salesplan.engine.targets.hedge import issue_by_month, unhedge
from salesplan.engine.targets.locks import Held, filled_months, in_units
from salesplan.plan.model import Kpi, Lock, TargetRow

Holding = list[Held | None]
Turn = tuple[int, int]
"""When in the year something is done: the place of its month, and the place of its kind among what is done in that month."""

PLANNED: Turn = (-1, 0)
"""The year as it was set."""
ALWAYS: Turn = (-2, 0)
"""Before everything: a lock that is there from the start."""


@dataclass(frozen=True, slots=True)
class Filled:
    """One unit's issued months as they are filled (None: not, or not all), to compare months ``start`` … ``until`` with."""

    months: Sequence[int] | None
    closed: Sequence[int]
    factors: Sequence[Fraction | None]
    until: int
    flow: bool

    def base(self) -> Sequence[int] | None:
        """The base months of what is filled; None where that is not all there, or its hedge cannot be undone."""
        factor = self.factors[0]
        if self.months is None or factor is None or any(one != factor for one in self.factors):
            return None
        return unhedge(self.months, factor, None, self.flow)

    def off(self, row: Sequence[int]) -> int:
        """How far base months from the first one divided on are from what is filled: the largest difference of a month; 0 where nothing is."""
        known = [factor for factor in self.factors if factor is not None]
        if self.months is None or len(known) < len(self.factors):
            return 0
        start = len(self.closed)
        issued = issue_by_month([*self.closed, *row], known, self.flow)
        return max(
            (
                abs(a - b)
                for a, b in zip(
                    issued[start : self.until], self.months[start : self.until], strict=True
                )
            ),
            default=0,
        )


def same_months(
    kpi: Kpi, row: TargetRow, months: Sequence[int], factors: Sequence[Fraction | None]
) -> int | None:
    """How many base months, from the first on, are issued as the row has them filled; None where that cannot be told."""
    filled, known = filled_months(kpi, row), [factor for factor in factors if factor is not None]
    if filled is None or len(known) < len(factors):
        return None
    issued = issue_by_month(months, known, kpi.kind.adds_over_months)
    return next(
        (at for at, (one, other) in enumerate(zip(issued, filled, strict=True)) if one != other),
        len(months),
    )


def holds(kpi: Kpi, row: TargetRow, months: Sequence[int], same: int, until: int) -> bool:
    """Whether base months are what the row's lock holds: the year and its months before ``until``, or all months as they are filled.

    ``same``: how many of them are as they are filled.
    """
    if row.lock is not Lock.YEAR:
        return same == len(months)
    year = (
        None if row.stored_base_year is None else in_units(row.stored_base_year, kpi.smallest_unit)
    )
    return year == (sum(months) if kpi.kind.adds_over_months else months[-1]) and same >= until


def as_filled(
    divide: Callable[[Holding], Division],
    whole: Holding,
    months_only: Holding,
    seen: Sequence[Filled],
) -> tuple[Holding, Division]:
    """What is held where a later change ends the division's say, and the division.

    All that is there by then is held ``whole``. What that takes from the filled months by no more than rounding is left
    as it is filled. Where a locked row would be further from them the sheets were edited since: locks then hold the
    filled months of that part of the year, ``months_only``.
    """
    division = divide(whole)
    far = [one.off(row) for one, row in zip(seen, division.rows, strict=True)]
    if not any(far):
        return whole, division
    if any(
        off > 1
        for off, h in zip(far, whole, strict=True)
        if h is not None and h.row.lock is not None
    ):
        return months_only, divide(months_only)
    return whole, (_snapped(division, seen) or division) if max(far) == 1 else division


def _snapped(division: Division, seen: Sequence[Filled]) -> Division | None:
    """The division with the months up to the later change as they are filled; None if these are not all there or leave something of the parent's."""
    rows = []
    for one, row in zip(seen, division.rows, strict=True):
        base, start = one.base(), len(one.closed)
        if base is None:
            return None
        rows.append([*base[start : one.until], *row[one.until - start :]])
    before, after = (
        [sum(column) for column in zip(*table, strict=True)] for table in (division.rows, rows)
    )
    loose = [old + a - b for old, a, b in zip(division.unassigned, before, after, strict=True)]
    return (
        replace(division, rows=rows, unassigned=loose)
        if any(division.unassigned) or not any(loose)
        else None
    )
