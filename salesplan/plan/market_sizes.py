"""市场规模: how large a market is, and the denominators of the market share that follow from it.

A row of a month says how large the market is in it. Of a year's row, each month without one of its
own has an even part of what the months leave. Rows of 实绩 of a KPI of kind 时点 that give a
numerator have the market of their region and product, exactly as typed there, as denominator: where
a month has a row of its own that counts, whatever was typed, and a finding says so where the two
differ; else what was typed counts, and the even part where nothing was.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding
from salesplan.plan.model import MICRO, Actuals, KpiKind, MarketSize, Month, Plan
from salesplan.plan.normalize import folded

NEAR = Decimal("0.01")
"""A hundredth: typed sizes are round."""

Key = tuple[str, str]
"""Region and product, folded."""


def key_of(region: str, product: str) -> Key:
    """Which market a region and a product name ("" for all of them)."""
    return folded(region), folded(product)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large one market is, by calendar year and by month."""

    years: dict[int, Decimal]
    months: dict[Month, Decimal]

    def month(self, month: Month) -> Decimal | None:
        """The size of a month by its own row; None without one."""
        return self.months.get(month)

    def part(self, month: Month) -> Decimal | None:
        """The even part of a month in what the rows of months leave of its year; None where the
        year is not known, or nothing is left of it.
        """
        year = self.years.get(month.year)
        if year is None:
            return None
        known = [size for one, size in self.months.items() if one.year == month.year]
        left = year - sum(known, Decimal(0))
        return left / (12 - len(known)) if len(known) < 12 and left > 0 else None

    def year(self, year: int) -> Decimal | None:
        """The size of a year: its own row, else the sum of twelve months' rows."""
        if year in self.years:
            return self.years[year]
        known = [size for one, size in self.months.items() if one.year == year]
        return sum(known, Decimal(0)) if len(known) == 12 else None


def sizes(rows: Iterable[MarketSize]) -> dict[Key, Sizes]:
    """The markets of 市场规模, in the order of the sheet."""
    found: dict[Key, Sizes] = {}
    for row in rows:
        one = found.setdefault(key_of(*row.key), Sizes({}, {}))
        if row.size is None or row.size <= 0:
            continue
        if row.month is None and "month" not in row.broken:
            one.years.setdefault(row.year, row.size)
        elif row.month is not None and 1 <= row.month <= 12:
            one.months.setdefault(Month(row.year, row.month), row.size)
    return found


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
