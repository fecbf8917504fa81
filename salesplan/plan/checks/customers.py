"""Checks of 客户. Imported only where a plan has customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from salesplan.findings import Finding
from salesplan.plan.model import Plan
from salesplan.plan.normalize import bare, is_rest

NAMED = 5
"""So many of the customers that are not in 客户 are named."""


def check_names(plan: Plan) -> Iterator[Finding]:
    """K1 and K2 are both called 东屿精工: orders of 东屿精工 could be either's."""
    first: dict[str, str] = {}
    for one in plan.customers:
        other = first.setdefault(bare(one.name), one.code)
        if other != one.code:
            place = one.origin.place("name")
            yield Finding.of("customer-name-twice", place, name=one.name, other=other)


def check_listed(plan: Plan) -> Iterator[Finding]:
    """实绩 has orders of 海棠食品, which 客户 does not know: they have no type and no industry."""
    given, meant = plan.actuals, plan.customer_index.meant
    names = (name for name in dict.fromkeys(given.customer) if not is_rest(name))
    unknown = [name for name in names if name and not meant(name)]
    if unknown:
        yield Finding.of(
            "customers-not-listed",
            given.place(given.customer.index(unknown[0]), "customer"),
            count=len(unknown),
            names=tuple(unknown[:NAMED]),
            more=len(unknown) > NAMED,
        )


def check_owners(plan: Plan, today: date) -> Iterator[Finding]:
    """东屿精工 is 吴刚's, who left in May; a first order next year."""
    for one in plan.customers:
        owner = plan.unit_by_code.get(one.owner)
        if owner is not None and owner.left is not None and owner.left < today:
            yield Finding.of(
                "customer-owner-left",
                one.origin.place("owner"),
                customer=one.name,
                owner=owner.name,
                left=owner.left,
            )
        if one.since is not None and one.since > today:
            place = one.origin.place("since")
            yield Finding.of(
                "customer-since-later", place, customer=one.name, since=one.since, day=today
            )


CHECKS = (check_names, check_listed)
DATED_CHECKS = (check_owners,)
