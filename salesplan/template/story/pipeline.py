"""Step 5 of the sample: the deals that are still open at the end of June (万元), and what became of
a few others.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from salesplan.plan.model import DealStage
from salesplan.template.story.actuals import CUSTOMERS
from salesplan.template.story.goals import PRODUCT_A, PRODUCT_B
from salesplan.template.story.values import Row, Tables
from salesplan.wording import Both

LEAD, QUALIFIED, PROPOSAL = DealStage.LEAD, DealStage.QUALIFIED, DealStage.PROPOSAL
NEGOTIATION, VERBAL = DealStage.NEGOTIATION, DealStage.VERBAL
A, B = PRODUCT_A, PRODUCT_B


class Deal(NamedTuple):
    """``customer`` is a desk and a place in its list; ``due`` and ``touched`` are month and day."""

    unit: str
    customer: tuple[str, int]
    product: Both[str]
    amount: str
    stage: DealStage
    due: tuple[int, int]
    touched: tuple[int, int]
    percent: int | None = None


DEALS = (
    Deal("P01", ("D11", 0), A, "172", NEGOTIATION, (7, 24), (6, 26)),
    Deal("P01", ("D11", 1), A, "128", PROPOSAL, (8, 28), (6, 18)),
    Deal("P01", ("D11", 6), A, "96", QUALIFIED, (11, 13), (6, 11)),
    Deal("P02", ("D12", 0), A, "104", VERBAL, (7, 10), (6, 29)),
    Deal("P02", ("D11", 3), B, "76", PROPOSAL, (9, 18), (6, 15)),
    Deal("P03", ("D11", 1), A, "114", PROPOSAL, (6, 12), (6, 5)),
    Deal("P03", ("D11", 5), B, "58", QUALIFIED, (10, 23), (6, 24)),
    Deal("P04", ("D11", 4), A, "66", LEAD, (12, 11), (3, 20)),
    Deal("P05", ("D12", 2), A, "144", NEGOTIATION, (7, 31), (6, 25)),
    Deal("P05", ("D12", 4), A, "90", QUALIFIED, (9, 30), (6, 9)),
    Deal("P06", ("D12", 1), B, "72", PROPOSAL, (8, 14), (6, 22)),
    Deal("P06", ("D12", 3), B, "56", LEAD, (11, 27), (6, 17)),
    Deal("P07", ("D12", 1), A, "82", PROPOSAL, (5, 29), (4, 2)),
    Deal("P08", ("T2", 0), B, "116", NEGOTIATION, (8, 7), (6, 23), 60),
    Deal("P08", ("T2", 3), B, "88", QUALIFIED, (10, 16), (6, 19)),
    Deal("P09", ("T2", 1), B, "78", PROPOSAL, (9, 11), (6, 12)),
    Deal("P09", ("T2", 4), A, "70", QUALIFIED, (12, 18), (4, 10)),
    Deal("P10", ("T2", 2), B, "36", LEAD, (10, 30), (6, 8)),
    Deal("P12", ("T3", 1), B, "52", VERBAL, (7, 17), (6, 30)),
    Deal("P12", ("T3", 5), B, "44", PROPOSAL, (8, 21), (6, 16)),
    Deal("P13", ("T3", 4), A, "62", QUALIFIED, (9, 25), (6, 10)),
    Deal("P14", ("T3", 3), B, "48", NEGOTIATION, (7, 28), (6, 27)),
    Deal("P14", ("T3", 0), A, "80", LEAD, (13, 22), (6, 25)),
    Deal("P02", ("D11", 0), A, "68", DealStage.WON, (6, 19), (6, 19)),
    Deal("P08", ("T2", 5), B, "54", DealStage.LOST, (6, 5), (6, 5)),
)
"""Two are past their day, two had no update since April, one is expected next year (month 13)."""


def pipeline(year: int) -> Tables:
    """Rows of 商机."""
    return {"deals": [_row(number, one, year) for number, one in enumerate(DEALS, 1)]}


def _row(number: int, one: Deal, year: int) -> Row:
    desk, place = one.customer
    return {
        "code": f"O{number:02}",
        "unit": one.unit,
        "kpi": "REV",
        "product": one.product,
        "customer": CUSTOMERS[desk][place],
        "amount": Decimal(one.amount),
        "stage": one.stage,
        "probability": None if one.percent is None else Decimal(one.percent) / 100,
        "due": _day(year, *one.due),
        "touched": _day(year, *one.touched),
    }


def _day(year: int, month: int, day: int) -> date:
    return date(year + (month > 12), (month - 1) % 12 + 1, day)
