"""Where a KPI's gap comes from: each unit's part of it, down the tree, and the lowest units that
explain it.

The parts of a unit's children and what is left of it (``rest``: not assigned, or of units without a
target) add up to the unit's own gap exactly. Amounts (flows, stocks): expected − actual of each
unit. Rates and averages: a unit with numerator n and denominator d is (e·d − n) ÷ D short, where e
is what was expected of the topmost unit's rate and D its denominator; over all units that is e − A.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.engine.actuals.reach import Reach
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import Kpi, KpiKind, Month, Plan

ZERO = Decimal(0)
CARRIES = Decimal("0.7")
"""The part of a gap, and of all that falls short, from which on one or two children explain it."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """A unit's part of the topmost unit's ``gap``: above zero what it is short of, below zero what
    it is ahead by; in the KPI's unit, of a rate in points of one.

    ``gap`` = Σ ``parts`` + ``rest``.
    """

    unit: str
    gap: Decimal
    parts: tuple[Contribution, ...] = ()

    @property
    def rest(self) -> Decimal:
        """What no child accounts for."""
        return self.gap - sum((one.gap for one in self.parts), ZERO)

    def walk(self) -> Iterator[Contribution]:
        """This unit and all below it, in the order of the tree."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Ledge:
    """What gaps are read from: a plan's attainments and facts of the span that is reported."""

    plan: Plan
    facts: Facts
    report_span: ReportSpan
    attainments: Mapping[tuple[str, str, Span], Attainment]
    reach: Mapping[str, Reach]

    def tree(self, kpi: Kpi, unit: str) -> Contribution | None:
        """The span's gap at ``unit`` with the parts of all below it; None where it has none that
        could be told.
        """
        one = self.attainments.get((kpi.code, unit, self.report_span.judged))
        if one is None or one.status.expected is None or one.status.actual is None:
            return None
        if kpi.kind is KpiKind.MILESTONE:
            return Contribution(unit, -one.status.ahead)
        if kpi.kind.is_amount:
            return self._amounts(kpi, unit)
        return self._rates(kpi, unit, one.status.expected)

    def part_of(self, kpi: Kpi, unit: str, top: str) -> Decimal:
        """A unit's part of the denominator of a rate at ``top``; 1 where there is none."""
        months = self._months(kpi)
        own = self.facts.parts(kpi.code, unit, *months)
        whole = self.facts.parts(kpi.code, top, *months)
        if own is None or whole is None or not whole[1]:
            return Decimal(1)
        return divide(own[1], whole[1])

    def _amounts(self, kpi: Kpi, unit: str) -> Contribution:
        parts = [
            self._amounts(kpi, child.code)
            for child in self.plan.children.get(unit, ())
            if self._expected(kpi, child.code)
        ]
        return Contribution(
            unit,
            -self.attainments[kpi.code, unit, self.report_span.judged].status.ahead,
            tuple(parts),
        )

    def _expected(self, kpi: Kpi, unit: str) -> bool:
        one = self.attainments.get((kpi.code, unit, self.report_span.judged))
        return one is not None and one.status.expected is not None

    def _rates(self, kpi: Kpi, unit: str, expected: Decimal) -> Contribution | None:
        months = self._months(kpi)
        both = self.facts.parts(kpi.code, unit, *months)
        ahead = self.attainments[kpi.code, unit, self.report_span.judged].status.ahead
        if both is None or not both[1]:
            return Contribution(unit, -ahead)
        return self._shares(kpi, unit, months, expected, both[1])

    def _shares(
        self, kpi: Kpi, unit: str, months: tuple[Month, Month], expected: Decimal, whole: Decimal
    ) -> Contribution | None:
        both = self.facts.parts(kpi.code, unit, *months)
        if both is None:
            return None
        sign = kpi.direction.sign
        found = (
            self._shares(kpi, child.code, months, expected, whole)
            for child in self.plan.children.get(unit, ())
        )
        gap = divide(sign * (expected * both[1] - both[0]), whole)
        return Contribution(unit, gap, tuple(one for one in found if one is not None))

    def _months(self, kpi: Kpi) -> tuple[Month, Month]:
        """First and last of the months that the figure is of: what has not been reported yet is
        judged by the last one that has.
        """
        reported = self.reach[kpi.code].months if kpi.code in self.reach else 0
        last = min(self.report_span.months[max(reported, 1) - 1], self.report_span.month)
        return min(self.report_span.begins, last), last


def places(tree: Contribution) -> tuple[Contribution, ...]:
    """The lowest one or two units that explain a gap: from the topmost unit down to the child that
    carries at least 70 % of it, or to the two of three and more that do together.

    Two of two explain nothing, so there the problem is stated at the unit above them. Of a pair
    each goes on down by itself, as long as a single child carries it, so there are never more than
    two. Nobody is named for what somebody elsewhere is short of as well: then it is the unit above.
    """
    path = _path(tree)
    ends = [_path(one) for one in _pair(path[-1])] or [path]
    leaves = [one for one in tree.walk() if not one.parts and one.gap > 0]
    return tuple(_alone(one, leaves) for one in ends)


def _path(tree: Contribution) -> list[Contribution]:
    """From the unit down, as long as a single child carries the gap."""
    path = [tree]
    while (only := _carrier(path[-1])) is not None:
        path.append(only)
    return path


def _alone(path: Sequence[Contribution], leaves: Sequence[Contribution]) -> Contribution:
    """The path's end; the unit above it where another lowest unit is short by as much."""
    end = path[-1]
    others = (one for one in leaves if one is not end)
    if len(path) > 1 and not end.parts and any(one.gap >= end.gap for one in others):
        return path[-2]
    return end


def _carrier(tree: Contribution) -> Contribution | None:
    """The child that alone carries the gap. Of several that are short by as much none does, also
    where others are ahead by so much that one of them is the whole gap.
    """
    worst = max(tree.parts, key=lambda one: one.gap, default=None)
    if worst is None or tree.gap <= 0 or worst.gap < CARRIES * _short(tree):
        return None
    return worst


def _short(tree: Contribution) -> Decimal:
    """What the children that are behind are short of together, or the gap, if that is more."""
    return max(tree.gap, sum((one.gap for one in tree.parts if one.gap > 0), ZERO))


def _pair(tree: Contribution) -> tuple[Contribution, ...]:
    """The two children of three and more that carry the gap together, in the order of the tree."""
    if len(tree.parts) < 3 or tree.gap <= 0:
        return ()
    *worst, third = sorted(tree.parts, key=lambda one: -one.gap)[:3]
    together = worst[0].gap + worst[1].gap
    if worst[1].gap <= 0 or third.gap == worst[1].gap or together < CARRIES * _short(tree):
        return ()
    return tuple(one for one in tree.parts if one in worst)
