"""应急储备: what is held back, and the draws that count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.findings import Finding
from salesplan.plan.model import Approval, Plan, ReserveDraw

ZERO = Decimal(0)
USED = frozenset({"day", "reason", "amount", "approver", "status"})


@dataclass(frozen=True, slots=True)
class ReserveUse:
    """What was drawn, and the balance after each row of 储备金动用 in sheet order (None: does not
    count).
    """

    drawn: Decimal
    balances: tuple[Decimal | None, ...]


def draw_reserve(
    plan: Plan, reserve: Decimal | None, as_of: date
) -> tuple[ReserveUse, list[Finding]]:
    """The draws up to ``as_of`` against ``reserve`` (None: there is none), by day, then row.

    A draw counts when it is approved and has amount, reason, day and approver, the approver being
    one of 审批人 where that setting names any (the plan's checks say what is missing). One that
    would take the reserve below zero does not count and is an error at its cell: the reserve is
    never negative, and a later, smaller draw may still be good.
    """
    findings: list[Finding] = []
    balances: list[Decimal | None] = [None] * len(plan.draws)
    left = reserve or ZERO
    in_turn = sorted(range(len(plan.draws)), key=lambda i: (plan.draws[i].day or date.max, i))
    for i in in_turn:
        draw = plan.draws[i]
        if (
            not _counts(draw, plan.settings.approvers)
            or draw.amount is None
            or draw.day is None
            or draw.day > as_of
        ):
            continue
        if reserve is None:
            findings.append(Finding.of("reserve-missing", draw.origin.place("amount")))
        elif draw.amount > left:
            findings.append(
                Finding.of(
                    "reserve-overdrawn",
                    draw.origin.place("amount"),
                    left=left,
                    short=draw.amount - left,
                )
            )
        else:
            left -= draw.amount
            balances[i] = left
    return ReserveUse((reserve or ZERO) - left, tuple(balances)), findings


def _counts(draw: ReserveDraw, approvers: tuple[str, ...]) -> bool:
    told = (
        draw.day is not None and bool(draw.reason) and draw.amount is not None and draw.amount > 0
    )
    approved = (
        draw.status is Approval.APPROVED
        and bool(draw.approver)
        and (not approvers or draw.approver in approvers)
    )
    return told and approved and not draw.broken & USED
