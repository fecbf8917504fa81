"""The company's flows of earlier years: one history out of 实绩 and the columns of 季节系数.

Both say the same thing. Where a month has actual rows these are its figure; else it is what
季节系数 says. Where both are there and differ, a finding says so. Seasonality, last year's shape,
同比 and growth all read this history. The base of 上年占比 is what each unit's subtree achieved
last year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from salesplan.engine.exact.figures import amount
from salesplan.engine.targets.tree import Tree
from salesplan.findings import Finding
from salesplan.plan.model import MICRO, Kpi, KpiKind, Month, Plan, SeasonMonth, SplitMethod
from salesplan.plan.model.goals import HISTORY_YEARS

YEARS = HISTORY_YEARS
"""How many years back the columns of 季节系数 go."""


class History(NamedTuple):
    """The company's figures by KPI and month, and which of them come from 季节系数 alone."""

    figures: Mapping[str, Mapping[Month, Decimal]]
    typed: Mapping[str, Mapping[Month, Decimal]]
    findings: tuple[Finding, ...] = ()


def history(plan: Plan) -> History:
    """The history of every flow, of the months before the plan year."""
    flows = {code: kpi for code, kpi in plan.kpi_by_code.items() if kpi.kind is KpiKind.FLOW}
    booked = _booked(plan, flows)
    figures: dict[str, dict[Month, Decimal]] = {}
    for code, sums in booked.items():
        figures[code] = {month: amount(value) for month, value in sums.items()}
    typed: dict[str, dict[Month, Decimal]] = {}
    differing: dict[tuple[str, int], list[tuple[SeasonMonth, Decimal, Decimal]]] = {}
    seen: set[tuple[str, int]] = set()
    for row in plan.seasonality:
        kpi = flows.get(row.kpi)
        if kpi is None or (row.kpi, row.month) in seen:
            continue
        seen.add((row.kpi, row.month))
        for back, value in enumerate(row.history):
            month = _month(plan, row.month, back)
            if value is None or month is None:
                continue
            own = figures.setdefault(row.kpi, {})
            if month not in own:
                own[month] = value
                typed.setdefault(row.kpi, {})[month] = value
            elif abs(own[month] - value) >= kpi.smallest_unit:
                differing.setdefault((row.kpi, back), []).append((row, own[month], value))
    findings = tuple(
        _differs(plan, flows[code], back, found) for (code, back), found in differing.items()
    )
    return History(figures, typed, findings)


def _booked(plan: Plan, flows: Mapping[str, Kpi]) -> dict[str, dict[Month, int]]:
    data, first = plan.actuals, plan.settings.months[0]
    earlier = {month for month in set(data.month) if month < first}
    sums: dict[str, dict[Month, int]] = {}
    if not earlier:
        return sums
    for kpi, unit, month, value in zip(data.kpi, data.unit, data.month, data.value, strict=True):
        if month not in earlier or value is None or kpi not in flows:
            continue
        if unit in plan.unit_by_code:
            own = sums.setdefault(kpi, {})
            own[month] = own.get(month, 0) + value
    return sums


def _month(plan: Plan, number: int, back: int) -> Month | None:
    """The month that a column of 季节系数 speaks of: the plan year's month of that number, so many
    years before.
    """
    for month in plan.settings.months:
        if month.month == number:
            return month.plus(-12 * (YEARS - back))
    return None


def _differs(
    plan: Plan, kpi: Kpi, back: int, found: list[tuple[SeasonMonth, Decimal, Decimal]]
) -> Finding:
    row, own, typed = found[0]
    return Finding.of(
        "history-differs",
        row.origin.place(f"history{back + 1}"),
        kpi=kpi.name,
        month=str(_month(plan, row.month, back)),
        actual=own,
        typed=typed,
        months=len(found),
    )


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
