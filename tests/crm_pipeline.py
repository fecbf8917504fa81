"""The public CRM data's open opportunities as a pipeline, on any day of 2017.

``python -m tests.crm_pipeline`` prints where each forecast would have said that 2017 ends, month by
month, beside where it did end.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from statistics import median_low

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.pace import Pace, paces
from salesplan.engine.exact.workdays import Calendar
from salesplan.plan.model import Deal, Kpi, KpiKind, Level, Month, Plan, Settings, Unit
from tests.crm import DATA
from tests.unit.plans import Row, rows, target

YEAR, GOAL = 2017, 12_000_000
REVENUE = Kpi(code="REV", name="Revenue", kind=KpiKind.FLOW, unit="USD", target=Decimal(GOAL))


@dataclass(frozen=True)
class Opportunity:
    """A row of the data: ``worth`` is the product's list price, ``won`` what it was sold for (0:
    lost), ``closed`` the day.
    """

    code: str
    office: str
    worth: int
    engaged: date | None
    closed: date | None
    won: int

    def is_open(self, day: date) -> bool:
        """Whether it had begun by the day and was not decided yet."""
        begun = self.engaged is not None and self.engaged <= day
        return begun and (self.closed is None or self.closed > day)


@cache
def opportunities() -> tuple[Opportunity, ...]:
    """All rows, in file order; a product of the deals is found with and without its blank."""
    prices = {
        row["product"].replace(" ", ""): int(row["sales_price"]) for row in _table("products")
    }
    offices = {row["sales_agent"]: row["regional_office"] for row in _table("sales_teams")}
    return tuple(
        Opportunity(
            row["opportunity_id"],
            offices[row["sales_agent"]],
            prices[row["product"].replace(" ", "")],
            date.fromisoformat(row["engage_date"]) if row["engage_date"] else None,
            date.fromisoformat(row["close_date"]) if row["close_date"] else None,
            int(row["close_value"]) if row["deal_stage"] == "Won" else 0,
        )
        for row in _table("sales_pipeline")
    )


def _table(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def open_on(day: date) -> list[Opportunity]:
    """The opportunities that were open on the day."""
    return [one for one in opportunities() if one.is_open(day)]


def chance(day: date) -> Decimal:
    """Won ÷ (won + lost) of what was decided by the day."""
    decided = [one for one in opportunities() if one.closed is not None and one.closed <= day]
    return Decimal(sum(one.won > 0 for one in decided)) / len(decided)


def cycle(day: date) -> timedelta:
    """The median time from the beginning of a deal to its being won, by the day."""
    spans = [
        (one.closed - one.engaged).days
        for one in opportunities()
        if one.won and one.engaged and one.closed and one.closed <= day
    ]
    return timedelta(median_low(spans))


def plan_on(day: date) -> Plan:
    """The plan as a planner would hold it on the day: what is won as actuals, the rest as deals."""
    probability, span = chance(day), cycle(day)
    won: list[Row] = [
        {"at": one.closed, "unit": one.office, "kpi": "REV", "value": one.won}
        for one in opportunities()
        if one.won and one.closed is not None and one.closed <= day
    ]
    offices = sorted({one.office for one in opportunities()})
    return Plan(
        settings=Settings(year=YEAR),
        units=(
            Unit(code="C", name="Company", level=Level.COMPANY),
            *(Unit(code=one, name=one, level=Level.TEAM, parent="C") for one in offices),
        ),
        kpis=(REVENUE,),
        actuals=rows(*won),
        deals=tuple(
            Deal(
                code=one.code,
                unit=one.office,
                kpi="REV",
                due=one.engaged + span,
                amount=Decimal(one.worth),
                probability=probability,
            )
            for one in open_on(day)
            if one.engaged is not None
        ),
    )


def company_pace(day: date) -> Pace:
    """The company's forecasts on the day, against twelve even months."""
    plan = plan_on(day)
    even = [GOAL // 12] * 12
    calendar = Calendar.of("US", (), (YEAR - 1, YEAR))
    goals = {("REV", "C"): target("REV", "C", even)}
    return paces(plan, goals, Facts.of(plan, day), calendar, Month.of(day), day)["REV", "C"]


def main() -> None:
    """Print the table."""
    end = sum(
        one.won
        for one in opportunities()
        if one.won and one.closed is not None and one.closed.year == YEAR
    )
    print(f"2017 ended at {end:,}")
    print("cut-off    ", *(f"{method.value:>17}" for method in LandingMethod))
    for number in range(4, 12):
        day = Month(YEAR, number).last
        landing = company_pace(day).landing
        said = (landing.get(method) for method in LandingMethod)
        print(
            day, *(f"{'—' if one is None else format(one / end - 1, '+.1%'):>17}" for one in said)
        )


if __name__ == "__main__":
    main()
