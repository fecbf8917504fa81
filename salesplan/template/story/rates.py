"""Customers abroad pay the sample's online team in dollars: which sales, and what a dollar was
worth.

The rates are chosen so that each amount comes to the cent to what the story says in 万元.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesplan.plan.model import RateKind
from salesplan.template.story.values import Row, Tables

BUDGET_RATE = "6.9"
ACTUAL_RATES = ((1, "7.05"), (3, "7.06"), (4, "7.125"), (5, "7.184"), (6, "7.125"))
"""From the first day of which month on."""

IN_DOLLARS = {
    (1, 9, "P14"): "0.4",
    (1, 20, "P14"): "0.4",
    (3, 17, "P14"): "0.5",
    (4, 24, "P13"): "0.72",
    (5, 22, "P14"): "0.625",
    (6, 25, "P12"): "1.04",
}
"""By month, day and who sold: the amount in 10,000 USD."""


def rates(year: int) -> Tables:
    """Rows of 汇率."""
    kept = [_rate(year, 1, BUDGET_RATE, RateKind.BUDGET)]
    kept += [_rate(year, month, rate, RateKind.ACTUAL) for month, rate in ACTUAL_RATES]
    return {"rates": kept}


def _rate(year: int, month: int, rate: str, kind: RateKind) -> Row:
    since = date(year, month, 1)
    return {"currency": "USD", "since": since, "rate": Decimal(rate), "kind": kind}


def as_paid(row: Row) -> Row:
    """The row of revenue as it was paid: in dollars where the customer is abroad."""
    day = row["day"]
    if row["kpi"] != "REV" or not isinstance(day, date):
        return row
    amount = IN_DOLLARS.get((day.month, day.day, str(row["unit"])))
    return row if amount is None else {**row, "value": Decimal(amount), "currency": "USD"}
