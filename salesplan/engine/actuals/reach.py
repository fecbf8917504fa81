"""How far each KPI's figures reach, and what of the running month is to be expected by its rhythm.

| 月内节奏 | expected of the running month | |---|---| | 均匀 | the part of its working days that is
over | | 历史 | what the company usually had by then: the median of past months | | points |
straight between the points, from 0:0 to 100:100 | | 月末 (rates), cohort rates | the running month
does not count; they are judged by the last one that is over |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Clock
from salesplan.engine.exact.figures import divide, median
from salesplan.plan.model import (
    Kpi,
    KpiKind,
    Month,
    Plan,
    RhythmKind,
)

if TYPE_CHECKING:
    from salesplan.engine.exact.workdays import Calendar


_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a KPI's figures reach at the cut-off, and what of the last month was to be expected.

    ``months`` counts the plan year's months that are reported, from its first to the last in which
    any unit has a row. Where the last of them is ``running``, ``part`` ÷ ``whole`` of its target is
    expected by the KPI's rhythm, and ``slack`` of it is the usual swing; ``early``: fewer than half
    of its working days are over. ``by`` says where the rhythm came from.
    """

    months: int
    running: bool = False
    part: Decimal = Decimal(1)
    whole: Decimal = Decimal(1)
    slack: Decimal = Decimal(0)
    early: bool = False
    by: RhythmKind = RhythmKind.EVEN

    @property
    def over(self) -> int:
        """How many of the reported months are over."""
        return self.months - self.running

    @property
    def share(self) -> Decimal:
        """w: the part of the last reported month's target that is expected."""
        return divide(self.part, self.whole)

    def expected(self, targets: Sequence[Decimal | None], first: int = 0) -> Decimal | None:
        """E: the targets from month ``first`` on that are expected by the cut-off; None if one is
        blank.
        """
        both = self.expected_and_size(targets, first)
        return None if both is None else both[0]

    def expected_and_size(
        self, targets: Sequence[Decimal | None], first: int = 0
    ) -> tuple[Decimal, Decimal] | None:
        """E and |E|, the same of the targets' sizes; None if one of the targets is blank."""
        total = size = last = _ZERO
        for target in targets[first : self.months]:
            if target is None:
                return None
            total += target
            size += abs(target)
            last = target
        if not self.running:
            return total, size
        whole, left = self.whole, self.whole - self.part
        expected = divide(total * whole - last * left, whole)
        if size == total:
            return expected, expected
        return expected, divide(size * whole - abs(last) * left, whole)


ENOUGH = 6
"""Months with dated rows from which on history tells a rhythm."""
EARLY_UNTIL = Decimal("0.5")
"""Of the running month's working days: before it the month's own status is grey."""
FINE = 10**12
"""A share told by history is rounded to this: further digits mean nothing, and cells show none."""


def reaches(plan: Plan, facts: Facts, calendar: Calendar, clock: Clock) -> dict[str, Reach]:
    """The reach of every KPI at the cut-off, by its code."""
    rows = {kpi.code: facts.rows_by_month(kpi.code) for kpi in plan.kpis}
    return {kpi.code: _reach(plan, facts, calendar, clock, kpi, rows) for kpi in plan.kpis}


def by_month_end(kpi: Kpi) -> bool:
    """Whether the KPI is judged by months that are over only."""
    if kpi.kind is KpiKind.COHORT_RATIO:
        return True
    told = kpi.rhythm is not None and kpi.rhythm.kind is RhythmKind.MONTH_END
    return told and kpi.kind is KpiKind.RATIO


def typed_share(points: Sequence[tuple[Decimal, Decimal]], part: Fraction) -> Fraction:
    """What the points say of ``part`` of the working days: straight between them, from 0:0 to
    100:100.
    """
    whole = [(Fraction(0), Fraction(0)), *((Fraction(a), Fraction(b)) for a, b in points)]
    if whole[-1][0] < 1:
        whole.append((Fraction(1), Fraction(1)))
    for (left, low), (right, high) in pairwise(whole):
        if left <= part <= right and right > left:
            return low + (high - low) * (part - left) / (right - left)
    return whole[-1][1]


def history_share(
    calendar: Calendar, months: Mapping[Month, Mapping[date, int]], part: Fraction
) -> Fraction | None:
    """The median share that ``months``, each by its days, had reached at ``part`` of their working
    days; None where they are too few.

    A month counts with its dated rows, and not at all where these add up to nothing or less.
    """
    found = []
    for month, days in months.items():
        share = _reached(calendar, month, days, part)
        if share is not None:
            found.append(share)
    return median(found) if len(found) >= ENOUGH else None


def _reach(
    plan: Plan,
    facts: Facts,
    calendar: Calendar,
    clock: Clock,
    kpi: Kpi,
    rows: Mapping[str, Mapping[Month, Sequence[Sequence[int]]]],
) -> Reach:
    sources = facts.made_of(kpi.code) or (kpi.code,)
    reported = min(_reported(plan, clock, rows.get(code, {})) for code in sources)
    running = clock.running and reported == clock.index + 1
    if by_month_end(kpi):
        over = min(_reported(plan, clock, rows.get(code, {}), clock.over) for code in sources)
        return Reach(over, by=RhythmKind.MONTH_END)
    if not running:
        return Reach(reported)
    early = clock.time_progress < EARLY_UNTIL
    if not kpi.kind.adds_over_months:
        return Reach(reported, True, early=early)
    share, by = _share(calendar, clock, kpi, facts)
    part, whole = Decimal(share.numerator), Decimal(share.denominator)
    slack = plan.settings.swing * divide(part * (whole - part), whole * whole).sqrt()
    return Reach(reported, True, part, whole, slack, early, by)


def _share(calendar: Calendar, clock: Clock, kpi: Kpi, facts: Facts) -> tuple[Fraction, RhythmKind]:
    even, rhythm = Fraction(clock.elapsed, clock.days), kpi.rhythm
    kind = None if rhythm is None else rhythm.kind
    if rhythm is not None and kind is RhythmKind.POINTS:
        return typed_share(rhythm.points, even), RhythmKind.POINTS
    if kind in (None, RhythmKind.HISTORY):
        usual = history_share(calendar, facts.daily(kpi.code), even)
        if usual is not None:
            return Fraction(round(usual * FINE), FINE), RhythmKind.HISTORY
    return even, RhythmKind.EVEN


def _reported(
    plan: Plan,
    clock: Clock,
    months: Mapping[Month, Sequence[Sequence[int]]],
    until: int | None = None,
) -> int:
    """How many of the plan year's months there are up to the last one with a row; in a running one
    only a dated row counts.
    """
    days = plan.actuals.day
    for index in reversed(range(clock.index + 1 if until is None else until)):
        groups = months.get(clock.months[index])
        if groups is None:
            continue
        dated = (days[i] is not None for i in chain.from_iterable(groups))
        if index < clock.over or any(dated):
            return index + 1
    return 0


def _reached(
    calendar: Calendar, month: Month, days: Mapping[date, int], part: Fraction
) -> Fraction | None:
    """The share of a month's dated figures, within 0 … 1, that was there at ``part`` of its working
    days.
    """
    working = calendar.in_month(month)
    if not working:
        return None
    by_count = [0] * (working + 1)
    for day, value in days.items():
        by_count[calendar.count(month.first, day)] += value
    sums = list(accumulate(by_count))
    if sums[-1] <= 0:
        return None
    at, within = divmod(part.numerator * working, part.denominator)
    there = sums[at] * part.denominator
    if within:
        there += by_count[at + 1] * within
    whole = sums[-1] * part.denominator
    return Fraction(min(max(there, 0), whole), whole)
