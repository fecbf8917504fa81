"""商机 (SPEC 16): coverage, the landing by pipeline, deals that slipped or went stale."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

from salesplan.plan.model import (
    Deal,
    DealStage,
    Kpi,
    KpiKind,
    Level,
    Origin,
    Plan,
    Settings,
    Unit,
)
from tests.actual_rows import actuals_of

NOWHERE = Origin("plan.xlsx", "商机", 2, {"due": "I", "touched": "J"})
MAY = date(2026, 5, 20)
REVENUE = Kpi(
    code="REV", name="营收", kind=KpiKind.FLOW, unit="万元", target=D(1200), smallest_unit=D(1)
)


def deal(code: str, unit: str, amount: int, due: date, **facts: object) -> Deal:
    given = {"stage": DealStage.PROPOSAL, **facts}
    return Deal(origin=NOWHERE, code=code, unit=unit, kpi="REV", amount=D(amount), due=due, **given)  # type: ignore[arg-type]


def plan_of(*deals: Deal) -> Plan:
    """A company of 1,200 a year with two teams, that booked 80 a month until April."""
    rows = [{"at": date(2026, month, 20), "unit": "A", "value": 80} for month in range(1, 5)]
    return Plan(
        settings=Settings(year=2026),
        units=(
            Unit(code="C", name="公司", level=Level.COMPANY),
            Unit(code="A", name="一队", level=Level.TEAM, parent="C"),
            Unit(code="B", name="二队", level=Level.TEAM, parent="C"),
        ),
        kpis=(REVENUE,),
        actuals=actuals_of(rows),
        deals=deals,
    )
