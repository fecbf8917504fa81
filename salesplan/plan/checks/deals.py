"""Checks of 商机, and of 产品 and 客户 where there are any."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from salesplan.findings import Finding
from salesplan.plan.checks.common import percent
from salesplan.plan.model import Deal, KpiKind, Plan


def check_amounts(plan: Plan) -> Iterator[Finding]:
    """An open deal without an amount; one of −10."""
    for deal in _open(plan):
        if deal.amount is None and "amount" not in deal.broken:
            yield Finding.of("deal-without-amount", deal.origin.place("amount"), deal=deal.code)
        elif deal.amount is not None and deal.amount <= 0:
            place = deal.origin.place("amount")
            yield Finding.of("deal-not-positive", place, deal=deal.code, amount=deal.amount)


def check_chances(plan: Plan) -> Iterator[Finding]:
    """A probability of 120 %; an open deal with neither a probability nor a stage."""
    for deal in _open(plan):
        place = deal.origin.place("probability")
        if deal.probability is not None and not 0 <= deal.probability <= 1:
            said = percent(deal.probability)
            yield Finding.of("deal-chance-outside", place, deal=deal.code, share=said)
        elif (
            deal.probability is None
            and deal.stage is None
            and not deal.broken & {"probability", "stage"}
        ):
            yield Finding.of("deal-without-chance", place, deal=deal.code)


def check_kpis(plan: Plan) -> Iterator[Finding]:
    """A deal that is to bring a rate: only a flow is made of deals."""
    for deal in plan.deals:
        kpi = plan.kpi_by_code.get(deal.kpi)
        if kpi is not None and kpi.kind is not KpiKind.FLOW:
            yield Finding.of(
                "deal-not-of-a-flow", deal.origin.place("kpi"), deal=deal.code, kpi=kpi.name
            )


def check_products(plan: Plan) -> Iterator[Finding]:
    """What :mod:`salesplan.plan.checks.products` finds, in a plan that has
    产品 or 潜客.
    """
    if plan.products or plan.prospects:
        from salesplan.plan.checks import products

        for check in products.CHECKS:
            yield from check(plan)


def check_customers(plan: Plan, today: date) -> Iterator[Finding]:
    """What :mod:`salesplan.plan.checks.customers` finds, in a plan that has 客户."""
    if plan.customers:
        from salesplan.plan.checks import customers

        for check in customers.CHECKS:
            yield from check(plan)
        for dated in customers.DATED_CHECKS:
            yield from dated(plan, today)


def _open(plan: Plan) -> Iterator[Deal]:
    return (deal for deal in plan.deals if deal.is_open)


CHECKS = (check_amounts, check_chances, check_kpis, check_products)
DATED_CHECKS = (check_customers,)
