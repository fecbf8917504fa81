"""The company's year of one KPI, as a level to reach."""

from __future__ import annotations

from decimal import Decimal

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
    """The company's target as a level; None where there is none, or it cannot be told (an error says so).

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
    """A goal of the KPI (target, 保底 or 挑战) as a level; None where it is blank, or an improvement over no base value."""
    if value is None or kpi.basis is TargetBasis.LEVEL:
        return value
    if kpi.base is None:
        return None
    rise = value * abs(kpi.base) if kpi.percent_basis is PercentBasis.PERCENT else value
    return kpi.base - abs(rise) if kpi.direction is Direction.LOWER else kpi.base + rise
