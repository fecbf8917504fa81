"""Checks of budget, its shares, spending and the reserve."""

from __future__ import annotations

from collections.abc import Iterator

from salesplan.findings import Finding, Place
from salesplan.plan.checks.common import near, outside_year, percent
from salesplan.plan.model import Approval, Plan, TaskStatus


def check_lines(plan: Plan) -> Iterator[Finding]:
    """申请额 blank, 0 or negative; 最小可用额 9,000 of 8,000 asked for; 手工批准额 above 申请额."""
    for line in plan.budget:
        place, asked = line.origin.place, line.requested
        if (
            asked is None
            and line.manual_grant is None
            and not line.broken & {"requested", "manual_grant"}
        ):
            yield Finding.of("budget-not-requested", place("requested"), line=line.code)
        if asked is not None and asked <= 0:
            yield Finding.of(
                "budget-not-positive", place("requested"), line=line.code, amount=asked
            )
        elif asked is not None and line.least is not None and line.least > asked:
            yield Finding.of(
                "budget-least-over-requested",
                place("least"),
                line=line.code,
                least=line.least,
                amount=asked,
            )
        elif asked is not None and line.manual_grant is not None and line.manual_grant > asked:
            yield Finding.of(
                "grant-over-requested",
                place("manual_grant"),
                line=line.code,
                grant=line.manual_grant,
                amount=asked,
            )
        for key in ("least", "expected_return", "manual_grant"):
            value = getattr(line, key)
            if value is not None and value < 0:
                yield Finding.of("amount-negative", place(key), amount=value)


def check_tasks(plan: Plan) -> Iterator[Finding]:
    """A budget line that pays for a cancelled task."""
    cancelled = {task.code for task in plan.tasks if task.state is TaskStatus.CANCELLED}
    for line in plan.budget:
        if line.task in cancelled:
            yield Finding.of(
                "budget-task-cancelled", line.origin.place("task"), line=line.code, task=line.task
            )


def check_places(plan: Plan) -> Iterator[Finding]:
    """A category, or a region, that the budget caps do not have."""
    for key, shares in (("category", plan.category_shares), ("region", plan.region_shares)):
        known = [share.name for share in shares]
        for line in plan.budget if known else ():
            name = getattr(line, key)
            if name and name not in known:
                yield Finding.of(
                    "budget-place-unknown",
                    line.origin.place(key),
                    name=name,
                    near=near(name, known),
                    known=tuple(known),
                )
            elif not name and key == "region" and key not in line.broken:
                yield Finding.of("budget-without-region", line.origin.place(key), line=line.code)


def check_shares(plan: Plan) -> Iterator[Finding]:
    """A category's share of −10 %."""
    for shares in (plan.category_shares, plan.region_shares):
        for share in shares:
            if share.share is not None and not 0 <= share.share <= 1:
                yield Finding.of(
                    "share-outside", share.origin.place("share"), share=percent(share.share)
                )


def check_total(plan: Plan) -> Iterator[Finding]:
    """Budget lines but no 预算总额; 储备比例 15 % in the settings, 10 % in the caps."""
    settings = plan.settings
    if plan.budget and settings.budget_total is None and "budget_total" not in settings.broken:
        place = settings.places.get(
            "budget_total", Place(settings.origin.workbook, settings.origin.sheet)
        )
        yield Finding.of("budget-total-missing", place)
    held = [share for share in plan.category_shares if share.reserve and share.share is not None]
    if (
        settings.reserve_share is not None
        and held
        and held[0].share is not None
        and held[0].share != settings.reserve_share
    ):
        yield Finding.of(
            "reserve-shares-differ",
            held[0].origin.place("share"),
            share=percent(held[0].share),
            setting=percent(settings.reserve_share),
        )


def check_rates(plan: Plan) -> Iterator[Finding]:
    """汇率: a rate of 0, of the plan's own currency, of no currency; a day that has two."""
    if plan.rates:
        from salesplan.plan.currency_conversion import check_rates

        yield from check_rates(plan)


def check_spending(plan: Plan) -> Iterator[Finding]:
    """A payment of another year, or of 0. Negative amounts reverse a commitment and are fine."""
    for row in plan.spending:
        if not row.released and outside_year(plan, row.day):
            yield Finding.of(
                "date-outside-year",
                row.origin.place("day"),
                day=row.day,
                year=str(plan.settings.year),
            )
        if row.amount == 0:
            yield Finding.of("spending-zero", row.origin.place("amount"))


def check_draws(plan: Plan) -> Iterator[Finding]:
    """An approved draw without approver, by somebody who may not approve, of −5; one that still
    waits.
    """
    approvers = plan.settings.approvers
    for draw in plan.draws:
        place = draw.origin.place
        if draw.amount is not None and draw.amount <= 0:
            yield Finding.of("draw-not-positive", place("amount"), amount=draw.amount)
        if draw.day is not None and outside_year(plan, draw.day):
            yield Finding.of(
                "date-outside-year", place("day"), day=draw.day, year=str(plan.settings.year)
            )
        if draw.status is Approval.APPROVED and not draw.approver:
            yield Finding.of("approval-incomplete", place("approver"))
        elif draw.status is Approval.APPROVED and approvers and draw.approver not in approvers:
            yield Finding.of(
                "approver-not-listed", place("approver"), name=draw.approver, approvers=approvers
            )
        elif draw.status in (None, Approval.PENDING) and "status" not in draw.broken:
            yield Finding.of("draw-pending", place("status"), reason=draw.reason)


CHECKS = (
    check_lines,
    check_tasks,
    check_places,
    check_shares,
    check_total,
    check_spending,
    check_rates,
    check_draws,
)
