"""The line that levels, rates and averages are held against: from the base value to the target.

base + (target − base) × working days elapsed ÷ those from the plan year's first day to 截止日 (its
end where that is blank), then the target. Months that were typed, alone or by their quarter, are
points of the line at their last working day, straight between. A figure is held against the line at
the last day it is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Clock, Span
from salesplan.engine.actuals.reach import Reach
from salesplan.engine.actuals.tally import Lineages
from salesplan.engine.exact.figures import divide
from salesplan.engine.targets.goal import level_of
from salesplan.engine.targets.quarters import typed_months
from salesplan.engine.targets.target import Target, Targets
from salesplan.plan.model import Kpi, KpiKind, Month, Plan

if TYPE_CHECKING:
    from salesplan.engine.exact.workdays import Calendar

Base = tuple[Decimal, Decimal]
"""A base value as a quotient not yet rounded."""
ONE = Decimal(1)


def unit_base(plan: Plan, targets: Targets, kpi: Kpi, unit: str) -> Base | None:
    """A unit's part of the KPI's base value, of a KPI whose figure is a level; None where it has
    none.

    The KPI's base value speaks of the whole company. Where targets are split, the unit's part of it
    is as its base target's part of the company's (a hedge asks for more, and makes nobody's past
    larger); where they are copied, so is the base. Of a company's target of 0 (from a loss to none)
    nothing is a part: then only the company has a base.
    """
    if kpi.base is None:
        return None
    if not kpi.kind.adds_over_units:
        return kpi.base, ONE
    own, whole = _own(targets, kpi, unit), _whole(plan, targets, kpi)
    if own is None or whole is None:
        return None
    if not whole:
        return (kpi.base, ONE) if unit in _roots(plan, targets, kpi) else None
    return kpi.base * own, whole


def span_base(
    plan: Plan, targets: Targets, kpi: Kpi, unit: str, target: Decimal | None, span: Span
) -> Base | None:
    """The base value a span's improvement is measured from: of a flow its part of the year's, as
    its target is.

    Where the company's year has a target of 0, the year alone has a base.
    """
    base = unit_base(plan, targets, kpi, unit)
    if base is None or not kpi.kind.adds_over_months:
        return base
    if not _whole(plan, targets, kpi):
        return base if span is Span.YEAR else None
    year = targets[kpi.code, unit].year
    return (base[0] * target, base[1] * year) if year and target is not None else None


def part_base(kpi: Kpi, part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """The base value of a part (a region, a product) of a KPI that adds up over units: it is to
    the company's as ``part``, the part's target, is to ``whole``, the company's.

    Nothing is part of 0, but a level of 0 whose part is 0 keeps the base.
    """
    if kpi.base is None or part is None:
        return None
    if whole:
        return divide(kpi.base * part, whole)
    return kpi.base if kpi.kind is KpiKind.STOCK and part == whole else None


def _own(targets: Targets, kpi: Kpi, unit: str) -> Decimal | None:
    own = targets.get((kpi.code, unit))
    return None if own is None else own.base_year


def _roots(plan: Plan, targets: Targets, kpi: Kpi) -> list[str]:
    return [root.code for root in plan.roots if (kpi.code, root.code) in targets]


def _whole(plan: Plan, targets: Targets, kpi: Kpi) -> Decimal | None:
    """The company's base target; of several companies none."""
    roots = _roots(plan, targets, kpi)
    if not roots:
        return level_of(kpi, kpi.target)
    return targets[kpi.code, roots[0]].base_year if len(roots) == 1 else None


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Where a KPI of a unit should be on its line, at the last day its figure is for.

    ``share`` of the way from ``base`` to ``goal`` is expected; ``straight``: no typed month bends
    the line, so that ``expected`` is base + (goal − base) × share. ``day`` is that day.
    """

    day: date
    share: Decimal
    base: Decimal
    goal: Decimal
    expected: Decimal
    straight: bool


def has_line(kpi: Kpi) -> bool:
    """Whether figures of the KPI are held against a line."""
    return kpi.base is not None and kpi.kind not in (KpiKind.FLOW, KpiKind.MILESTONE)


def trajectories(
    plan: Plan,
    targets: Targets,
    facts: Facts,
    calendar: Calendar,
    clock: Clock,
    reach: Mapping[str, Reach],
) -> dict[tuple[str, str], Trajectory]:
    """The way of every (KPI, unit) of ``targets`` that has a line and a figure."""
    found: dict[tuple[str, str], Trajectory] = {}
    lined = {kpi.code: kpi for kpi in plan.kpis if has_line(kpi)}
    if not lined:
        return found
    days = _last_days(plan, facts, clock, lined, reach)
    typed = _typed(plan, lined)
    for (code, unit), target in targets.items():
        kpi, day = lined.get(code), days.get((code, unit))
        if kpi is None or day is None or reach[code].months == 0:
            continue
        base = unit_base(plan, targets, kpi, unit)
        goal = target.year if target.year is not None else target.months[-1]
        if base is None or goal is None:
            continue
        points = _typed_above(plan, typed, code, unit)
        found[code, unit] = _way(calendar, clock, kpi, target, base, goal, day, points)
    return found


def _way(
    calendar: Calendar,
    clock: Clock,
    kpi: Kpi,
    target: Target,
    base: Base,
    goal: Decimal,
    day: date,
    typed: Sequence[int],
) -> Trajectory:
    start = clock.months[0].first
    end = clock.months[-1].last if kpi.due is None else kpi.due
    whole = calendar.count(start, end)
    elapsed = calendar.count(start, day)
    share = divide(min(elapsed, whole), whole) if whole > 0 else Decimal(1)
    begin = divide(*base)
    corners = {0: begin, max(whole, 0): goal}
    for index in typed:
        value = target.months[index]
        if value is not None:
            corners[calendar.count(start, clock.months[index].last)] = value
    expected = begin + (goal - begin) * share
    if typed:
        expected = _between(sorted(corners.items()), elapsed)
    return Trajectory(day, share, begin, goal, expected, not typed)


def _between(corners: Sequence[tuple[int, Decimal]], at: int) -> Decimal:
    for (left, low), (right, high) in pairwise(corners):
        if left <= at <= right:
            return low + divide((high - low) * (at - left), right - left)
    return corners[-1][1]


def _typed(plan: Plan, kpis: Mapping[str, Kpi]) -> dict[tuple[str, str], tuple[int, ...]]:
    """By (KPI, unit): the months of the plan year that its own row has typed."""
    found = {}
    for row in plan.targets:
        if row.kpi not in kpis:
            continue
        given = typed_months(row, kpis[row.kpi].kind)
        if given or row.manual_year is not None:
            found[row.kpi, row.unit] = given
    return found


def _typed_above(
    plan: Plan, typed: Mapping[tuple[str, str], tuple[int, ...]], kpi: str, unit: str
) -> tuple[int, ...]:
    """The typed months that a unit's target comes from: its own, else those of the nearest unit
    above with any.
    """
    if not typed:
        return ()
    seen: set[str] = set()
    at: str | None = unit
    while at is not None and at not in seen and at in plan.unit_by_code:
        if (kpi, at) in typed:
            return typed[kpi, at]
        seen.add(at)
        at = plan.unit_by_code[at].parent
    return ()


def _last_days(
    plan: Plan, facts: Facts, clock: Clock, kpis: Mapping[str, Kpi], reach: Mapping[str, Reach]
) -> dict[tuple[str, str], date]:
    """The last day each unit's figure is for, with all below it, up to the KPI's reach."""
    wanted: dict[str, list[str]] = {}
    for code in kpis:
        for source in facts.made_of(code) or (code,):
            wanted.setdefault(source, []).append(code)
    own: dict[tuple[str, str, Month], date] = {}
    stamps = plan.actuals.day
    for (source, unit, month), rows in facts.rows.items():
        for code in wanted.get(source, ()):
            reached = reach[code].months
            if reached == 0 or month > clock.months[reached - 1]:
                continue
            if month < clock.months[0] and kpis[code].kind is not KpiKind.STOCK:
                continue
            last = max(stamps[i] or month.last for i in rows)
            key = (code, unit, month)
            own[key] = max(last, own.get(key, last))
    lineage = Lineages(plan)
    found: dict[tuple[str, str], date] = {}
    for (code, unit, month), day in own.items():
        at = clock.months[clock.index] if kpis[code].kind is KpiKind.STOCK else month
        for above in lineage.at(at).get(unit, ()):
            found[code, above] = max(day, found.get((code, above), day))
    return found
