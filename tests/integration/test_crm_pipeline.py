"""The CRM's open opportunities on 30 June 2017: coverage and landing against sums made apart."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.pipeline import Deals, pipelines
from salesplan.plan.model import Month
from tests.crm import DATA, needs_crm
from tests.crm_pipeline import GOAL, chance, company_pace, cycle, plan_on
from tests.unit.plans import target

JUNE = date(2017, 6, 30)


def raw(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def booked() -> int:
    """What was won from January to 30 June, straight from the file."""
    return sum(
        int(row["close_value"])
        for row in raw("sales_pipeline.csv")
        if row["deal_stage"] == "Won" and "2017-01-01" <= row["close_date"] <= "2017-06-30"
    )


def open_worth(last: date) -> Decimal:
    """List prices of what was open and is expected by ``last``."""
    prices = {row["product"].replace(" ", ""): row["sales_price"] for row in raw("products.csv")}
    span = cycle(JUNE)
    return sum(
        (
            Decimal(prices[row["product"].replace(" ", "")])
            for row in raw("sales_pipeline.csv")
            if "" < row["engage_date"] <= "2017-06-30"
            and not "" < row["close_date"] <= "2017-06-30"
            and date.fromisoformat(row["engage_date"]) + span <= last
        ),
        Decimal(0),
    )


@needs_crm
def test_coverage_and_landing_equal_sums_made_apart() -> None:
    plan = plan_on(JUNE)
    goals = {("REV", "C"): target("REV", "C", [GOAL // 12] * 12)}
    found = pipelines(Deals(plan, JUNE), goals, Facts.of(plan, JUNE), Month(2017, 6))["REV", "C"]
    worth = open_worth(date(2017, 12, 31))
    assert worth > 1_000_000
    assert found.year.deals.amount == worth
    assert found.year.to_go == GOAL - booked()
    assert found.year.coverage is not None
    assert abs(found.year.coverage - worth / (GOAL - booked())) < Decimal("1e-20")
    landing = company_pace(JUNE).landing[LandingMethod.PIPELINE]
    assert abs(landing - (booked() + worth * chance(JUNE))) < Decimal("1e-15")


@needs_crm
def test_offices_add_up_to_the_company() -> None:
    plan = plan_on(JUNE)
    codes = [unit.code for unit in plan.units]
    goals = {("REV", code): target("REV", code, [GOAL // 12] * 12) for code in codes}
    found = pipelines(Deals(plan, JUNE), goals, Facts.of(plan, JUNE), Month(2017, 6))
    company, *offices = (found["REV", code].year.deals.amount for code in codes)
    assert len(offices) == 3 and sum(offices) == company
