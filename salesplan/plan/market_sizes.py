"""市场规模: how large a market is, and the denominators of the market share that follow from it.

A row of a month says how large the market is in it. Of a year's row, each month without one of its
own has an even part of what the months leave. Rows of 实绩 of a KPI of kind 时点 that give a
numerator have the market of their region and product, exactly as typed there, as denominator: where
a month has a row of its own that counts, whatever was typed, and a finding says so where the two
differ; else what was typed counts, and the even part where nothing was.
"""

from __future__ import annotations

from decimal import Decimal

from salesplan.dataclass import replace
from salesplan.findings import Finding
from salesplan.plan.model import MICRO, Actuals, KpiKind, Plan
from salesplan.plan.model.market import NEAR, Key, key_of, sizes


def sized(plan: Plan) -> tuple[Plan, list[Finding]]:
    """The plan with the denominators that 市场规模 gives, and where typed ones differ from it."""
    data, known = plan.actuals, sizes(plan.market)
    kpis = {kpi.code for kpi in plan.kpis if kpi.kind is KpiKind.POINT}
    given: dict[int, int] = {}
    differing: dict[tuple[str, Key], list[int]] = {}
    for index, kpi in enumerate(data.kpi):
        if kpi not in kpis or data.numerator[index] is None:
            continue
        key = key_of(data.region[index], data.product[index])
        if key not in known:
            continue
        typed, month = data.denominator[index], data.month[index]
        size = known[key].month(month)
        if size is None and typed is None:
            size = known[key].part(month)
        if size is None:
            continue
        given[index] = round(size * MICRO)
        if typed is not None and abs(typed - given[index]) > given[index] * NEAR:
            differing.setdefault((kpi, key), []).append(index)
    findings = [_differs(plan, given, rows) for rows in differing.values()]
    if not given:
        return plan, []
    at_budget = None if plan.at_budget is None else _with(plan.at_budget, given)
    return replace(plan, actuals=_with(data, given), at_budget=at_budget), findings


def _with(data: Actuals, given: dict[int, int]) -> Actuals:
    """The actuals with these denominators."""
    denominators = list(data.denominator)
    for index, size in given.items():
        denominators[index] = size
    return replace(data, denominator=denominators)


def _differs(plan: Plan, given: dict[int, int], rows: list[int]) -> Finding:
    data, first = plan.actuals, rows[0]
    typed = data.denominator[first] or 0
    kpi = plan.kpi_by_code[data.kpi[first]]
    return Finding.of(
        "market-size-differs",
        data.place(first, "denominator"),
        kpi=kpi.name,
        month=data.month[first],
        typed=Decimal(typed) / MICRO,
        size=Decimal(given[first]) / MICRO,
        count=len(rows),
    )
