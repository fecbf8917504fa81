"""Records of the budget: lines, shares, spending, draws on the reserve."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.plan.model.base import Record
from salesplan.plan.model.choices import Approval, SpendKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine(Record):
    """A row of 预算: an amount asked for, and what it is for."""

    code: str
    category: str
    region: str = ""
    task: str | None = None
    priority: int | None = None
    must_have: bool = False
    requested: Decimal | None = None
    least: Decimal | None = None
    expected_return: Decimal | None = None
    manual_grant: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Record):
    """A category's or a region's share of the total budget.

    ``reserve`` marks the category that is held back: outside the allocation, drawn on approval.
    """

    name: str
    share: Decimal | None = None
    reserve: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending(Record):
    """A row of 费用. ``released``: what a payment takes off its commitment, which no row of the
    sheet says.
    """

    day: date
    budget: str
    kind: SpendKind
    amount: Decimal
    voucher: str = ""
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveDraw(Record):
    """A row of 储备金动用."""

    day: date | None
    reason: str
    amount: Decimal | None
    applicant: str = ""
    approver: str = ""
    status: Approval | None = None
