"""客户 by what they bought in the year to date: each of them, and sorted by type, industry or size.

Orders are those of :mod:`salesplan.plan.model.orders`; a customer is active in the year to date if
it has an order day in it, and has bought again if one of them comes after another order day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.plan.model import Customer, CustomerState, Kpi, Month
from salesplan.plan.model.orders import Orders, order_kpi, orders_of

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Account:
    """A customer: the day of its first order (None: not known), of its last one by the cut-off, and
    its revenue in the year to date, in the unit of the KPI of orders.
    """

    customer: Customer
    first: date | None
    last: date | None
    revenue: Decimal
    state: CustomerState


@dataclass(frozen=True, slots=True)
class Sort:
    """The customers of one type, industry or size (``name``; "": 客户 does not say)."""

    name: str
    accounts: Sequence[Account]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.accounts)

    @property
    def active(self) -> int:
        """How many bought in the year to date."""
        return sum(one.state is not CustomerState.QUIET for one in self.accounts)

    @property
    def again(self) -> int:
        """How many of these bought again."""
        return sum(one.state is CustomerState.AGAIN for one in self.accounts)

    @property
    def revenue(self) -> Decimal:
        """What they brought in the year to date."""
        return sum((one.revenue for one in self.accounts), ZERO)


@dataclass(frozen=True, slots=True)
class Accounts:
    """All of 客户; ``kpi`` is that of their orders, ``elsewhere`` what its rows of the year to date
    bring of nobody in 客户.
    """

    kpi: Kpi
    accounts: Sequence[Account]
    elsewhere: Decimal

    def by(self, field: str) -> tuple[Sort, ...]:
        """The customers by a field of their records, those that bring most first."""
        found: dict[str, list[Account]] = {}
        for one in self.accounts:
            found.setdefault(str(getattr(one.customer, field)), []).append(one)
        sorts = [Sort(name, accounts) for name, accounts in found.items()]
        return tuple(sorted(sorts, key=lambda one: (not one.name, -one.revenue)))


def accounts_of(facts: Facts, month: Month, as_of: date) -> Accounts | None:
    """What 客户 bought from the plan year's first day to the cut-off, at most the end of ``month``.
    None without 客户, or without orders.
    """
    plan = facts.plan
    kpi = order_kpi(plan) if plan.customers else None
    if kpi is None:
        return None
    begin, end = plan.settings.months[0].first, min(month.last, as_of)
    orders, within = orders_of(plan, kpi), plan.settings.repurchase_days
    revenue, elsewhere = _revenue(facts, kpi, month)
    found = []
    for one in plan.customers:
        days = [order.day for order in orders.by_customer.get(one.code, ()) if order.day <= end]
        first, last = orders.first(one.code), max(days, default=None)
        if first is not None and first > end:
            first = None
        state = _state(orders, one.code, (begin, end), within)
        found.append(Account(one, first, last, revenue.get(one.code, ZERO), state))
    return Accounts(kpi, found, elsewhere)


def _revenue(facts: Facts, kpi: Kpi, month: Month) -> tuple[Mapping[str, Decimal], Decimal]:
    """By customer's code; and what is of nobody in 客户. Units that stand beside the tree get
    credit for what others sold: it counts once.
    """
    index, found, elsewhere = facts.plan.customer_index, dict[str, Decimal](), ZERO
    for root in facts.plan.roots:
        by_name = facts.by(kpi.code, "customer", facts.plan.settings.months[0], month, root.code)
        for name, value in by_name.items():
            known = index.one(name) if name else None
            if known is None:
                elsewhere += value
            else:
                found[known.code] = found.get(known.code, ZERO) + value
    return found, elsewhere


def _state(orders: Orders, customer: str, span: tuple[date, date], within: int) -> CustomerState:
    again = orders.again(customer, *span, within)
    if again is None:
        return CustomerState.QUIET
    if again:
        return CustomerState.AGAIN
    first = orders.first(customer)
    new = first is not None and span[0] <= first
    return CustomerState.NEW if new else CustomerState.ONCE
