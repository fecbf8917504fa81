"""The base value (基期值) that an improvement, or a line to the target, begins at."""

from __future__ import annotations

from decimal import Decimal

from salesplan.engine.actuals.progress import Span
from salesplan.engine.exact.figures import divide
from salesplan.engine.targets.goal import level_of
from salesplan.engine.targets.target import Targets
from salesplan.plan.model import Kpi, KpiKind, Plan

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
