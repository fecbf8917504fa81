"""What each unit's subtree achieved in the fiscal year before the plan: the base of 上年占比."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from salesplan.engine.targets.tree import Tree
from salesplan.plan.model import MICRO, Kpi, KpiKind, Month, Plan, SplitMethod


def last_year(plan: Plan, tree: Tree) -> dict[str, Mapping[str, Fraction]]:
    """By KPI code, then unit code, for the KPIs that some row splits by last year.

    Flows are summed over the year; of a level each unit's latest figure counts. A unit's figure
    includes its subtree's. Units without a row of their own or below are absent: blank is not zero.
    """
    wanted = {row.kpi for row in plan.targets if row.method is SplitMethod.LAST_YEAR}
    additive = {
        code: plan.kpi_by_code[code]
        for code in wanted
        if code in plan.kpi_by_code and plan.kpi_by_code[code].kind.adds_over_units
    }
    if not additive:
        return {}
    own = _own(plan, additive)
    return {code: _rolled_up(tree, figures) for code, figures in own.items()}


def _own(plan: Plan, kpis: Mapping[str, Kpi]) -> dict[str, dict[str, int]]:
    before: set[Month] = {month.plus(-12) for month in plan.settings.months}
    figures: dict[str, dict[str, int]] = {code: {} for code in kpis}
    latest: dict[tuple[str, str], date] = {}
    data = plan.actuals
    for kpi, unit, month, day, value in zip(
        data.kpi, data.unit, data.month, data.day, data.value, strict=True
    ):
        if kpi not in kpis or month not in before or value is None:
            continue
        sums = figures[kpi]
        if kpis[kpi].kind is KpiKind.STOCK:
            when = day or month.last
            known = latest.get((kpi, unit), date.min)
            if when < known:
                continue
            if when > known:
                latest[kpi, unit] = when
                sums[unit] = 0
        sums[unit] = sums.get(unit, 0) + value
    return figures


def _rolled_up(tree: Tree, own: Mapping[str, int]) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {}
    for unit in reversed(tree.order):
        parts = [
            total[child.code] for child in tree.children.get(unit.code, ()) if child.code in total
        ]
        if unit.code in own:
            parts.append(Fraction(own[unit.code], MICRO))
        if parts:
            total[unit.code] = sum(parts, Fraction(0))
    return total
