"""The SMART check of each KPI's goal: what it lacks to be specific, measurable, attainable,
relevant, timed.
"""

from __future__ import annotations

from collections.abc import Iterator

from salesplan.findings import Finding
from salesplan.plan.model import Direction, Kpi, KpiKind, Plan, TargetBasis


def smart(plan: Plan) -> dict[str, tuple[Finding, ...]]:
    """By KPI code, what the goal lacks, in the order S M A R T; empty: it is SMART.

    S: a unit of measure (a KPI without a name is not read at all). M: a target as a number (and a
    base value, where the target is an improvement). A: floor, target and stretch in order (in
    reverse where lower is better). R: a reason. T: a day within the plan year. A cell that could
    not be read is not called missing: it has its own finding. A target on a row of 目标分解 that
    gives the company one is one. A KPI without any target that is there to be a rate's numerator or
    denominator is no goal, and left out.
    """
    aimed = plan.aimed_by_rows
    parts = set[str | None]()
    for kpi in plan.kpis:
        parts.update((kpi.numerator, kpi.denominator))
    return {
        kpi.code: tuple(_lacks(plan, kpi, kpi.code in aimed))
        for kpi in plan.kpis
        if kpi.target is not None
        or kpi.code in aimed
        or "target" in kpi.broken
        or kpi.code not in parts
    }


def _lacks(plan: Plan, kpi: Kpi, aimed: bool) -> Iterator[Finding]:
    if not kpi.unit.strip() and kpi.kind is not KpiKind.MILESTONE and "unit" not in kpi.broken:
        yield Finding.of("smart-no-unit")
    if kpi.target is None and not aimed and "target" not in kpi.broken:
        yield Finding.of("smart-no-target")
    if kpi.basis is TargetBasis.IMPROVEMENT and kpi.base is None and "base" not in kpi.broken:
        yield Finding.of("smart-no-base")
    yield from _attainable(kpi)
    if not kpi.relevance.strip() and "relevance" not in kpi.broken:
        yield Finding.of("smart-no-relevance")
    months = plan.settings.months
    if kpi.due is None:
        if "due" not in kpi.broken:
            yield Finding.of("smart-no-due")
    elif not months[0].first <= kpi.due <= months[-1].last:
        yield Finding.of("smart-due-outside", day=kpi.due)


def _attainable(kpi: Kpi) -> Iterator[Finding]:
    """Floor ≤ target ≤ stretch; where lower is better and levels are meant, the other way round."""
    reverse = kpi.direction is Direction.LOWER and not (
        kpi.basis is TargetBasis.IMPROVEMENT and (kpi.target or 0) > 0
    )
    sign = -1 if reverse else 1
    if (
        kpi.target is not None
        and kpi.stretch is not None
        and sign * kpi.target > sign * kpi.stretch
    ):
        yield Finding.of("smart-beyond-stretch", target=kpi.target, stretch=kpi.stretch)
    if kpi.target is not None and kpi.floor is not None and sign * kpi.target < sign * kpi.floor:
        yield Finding.of("smart-below-floor", target=kpi.target, floor=kpi.floor)
    if kpi.floor is not None and kpi.stretch is not None and sign * kpi.floor > sign * kpi.stretch:
        yield Finding.of("smart-floor-beyond-stretch", floor=kpi.floor, stretch=kpi.stretch)
