"""Actuals by product against product targets: what holds for a KPI holds for each of its products.

For what is asked here a product of a KPI is a KPI by itself, of the same kind, rhythm and unit: so
attainment, pace and status are those of :mod:`salesplan.engine.actuals.attainment`, made once. Rows
of products without a target, and rows that name none, are the rest's (OTHER). What is reported of
the KPI is reported of all its products: a month without a row of one of them is a month without
sales of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import repeat

from salesplan.dataclass import dataclass, replace
from salesplan.engine.actuals.attainment import Attainment, attainments
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.pace import paces_at
from salesplan.engine.actuals.progress import Clock, Span
from salesplan.engine.actuals.reach import Reach
from salesplan.engine.actuals.status_by_kind import StatusBasis
from salesplan.engine.exact.figures import Crossed, OnDemand
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.target import Months, Season, Target
from salesplan.plan.model import OTHER, Month, Plan

Key = tuple[str, str, str]
"""KPI code, unit code, product."""
_BETWEEN = "\x1f"


@dataclass(frozen=True, kw_only=True)
class Products:
    """What is planned and achieved by product, by (KPI code, unit code, product)."""

    targets: Mapping[Key, Target]
    baseline: Mapping[Key, Target]
    attainments: Mapping[tuple[str, str, str, Span], Attainment]
    monthly: Mapping[Key, Months]

    def of(self, kpi: str) -> tuple[str, ...]:
        """The KPI's products in order, the rest behind."""
        return tuple(dict.fromkeys(product for code, _, product in self.targets if code == kpi))


def products(
    plan: Plan,
    reach: Mapping[str, Reach],
    targets: Mapping[Key, Target],
    baseline: Mapping[Key, Target],
    calendar: Calendar,
    month: Month,
    as_of: date,
    seasons: Mapping[str, Season],
) -> Products:
    """Product targets against the actuals of their products. ``reach``: how far the KPI's figures
    reach, and so those of all its products.
    """
    named = dict.fromkeys((kpi, product) for kpi, _, product in targets)
    own = replace(
        plan,
        kpis=tuple(
            replace(plan.kpi_by_code[kpi], code=_code(kpi, product), weight=None)
            for kpi, product in named
        ),
        actuals=replace(plan.actuals, kpi=_codes(plan, set(named))),
        targets=(),
        seasonality=(),
    )
    mine = {
        (_code(kpi, product), unit): replace(target, kpi=_code(kpi, product))
        for (kpi, unit, product), target in targets.items()
    }
    known = Facts.of(own, as_of)
    clock = Clock.of(plan.settings.months, calendar, month, as_of)
    lies = {_code(kpi, product): seasons[kpi] for kpi, product in named if kpi in seasons}
    far = {_code(kpi, product): reach[kpi] for kpi, product in named if kpi in reach}
    basis = StatusBasis(far, {}, paces_at(own, mine, known, clock, far, lies), as_of)
    judged = attainments(own, mine, known, calendar, month, as_of, basis)

    def judge(key: tuple[str, str, str, Span]) -> Attainment:
        kpi, unit, product, span = key
        return judged[_code(kpi, product), unit, span]._replace(kpi=kpi)

    return Products(
        targets=targets,
        baseline=baseline,
        attainments=OnDemand(Crossed(targets, Span), judge),
        monthly=OnDemand(targets, lambda key: known.monthly(_code(key[0], key[2]), key[1])),
    )


def _code(kpi: str, product: str) -> str:
    return f"{kpi}{_BETWEEN}{product}"


def _codes(plan: Plan, named: set[tuple[str, str]]) -> list[str]:
    """The column of KPIs, by product where the KPI has products."""
    data = plan.actuals
    planned = {kpi for kpi, _ in named}
    made: dict[tuple[str, str], str] = {}
    for pair in set(zip(data.kpi, data.product or repeat(""), strict=False)):
        kpi, product = pair
        rest = product if pair in named else OTHER
        made[pair] = _code(kpi, rest) if kpi in planned else kpi
    return [made[pair] for pair in zip(data.kpi, data.product or repeat(""), strict=False)]
