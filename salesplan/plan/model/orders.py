"""Orders of customers, out of the actuals: what first orders and repurchase are worked out from.

An order is a row with an amount above zero, a customer and a day; a row that has a month only is of
the month's first day. Several rows of a day are one order day. Whoever 客户 knows is one customer
under name and code; of others the name tells, in any case, width and spacing. A 首单日 of 客户 is
an order day, too. What is lumped together as 其他 (a linked source does so) is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import starmap
from typing import NamedTuple

from salesplan.dataclass import dataclass
from salesplan.plan.model.base import Month
from salesplan.plan.model.choices import KpiKind
from salesplan.plan.model.currencies import money_of
from salesplan.plan.model.goals import Kpi
from salesplan.plan.model.plan import Plan
from salesplan.plan.normalize import bare, is_rest


class Order(NamedTuple):
    """An order day and the first row that shows it, by its index in the actuals."""

    day: date
    row: int


class Bought(NamedTuple):
    """A customer that is active in a month: the order that stands for it there, and whether it is
    one after another (:meth:`Orders.by_month`).
    """

    customer: str
    month: Month
    order: Order
    again: bool


@dataclass(frozen=True, slots=True)
class Orders:
    """By customer (a code of 客户, else a name) its order days in order; ``since`` are the first
    days that 客户 knows; ``lumped`` is the first row that is nobody's, None without one.
    """

    by_customer: Mapping[str, Sequence[Order]]
    since: Mapping[str, date]
    lumped: int | None = None

    def first(self, customer: str) -> date | None:
        """The day of the first order; None where none is known."""
        known = [one.day for one in self.by_customer.get(customer, ())[:1]]
        known += [self.since[customer]] if customer in self.since else []
        return min(known, default=None)

    def chain(self, customer: str) -> Iterator[tuple[Order, date | None]]:
        """Each order day with the order day before it; None for the first."""
        since = self.since.get(customer)
        before: date | None = None
        for order in self.by_customer.get(customer, ()):
            if since is not None and since < order.day:
                before = since if before is None else max(before, since)
            yield order, before
            before = order.day

    def again(self, customer: str, first: date, last: date, within: int) -> bool | None:
        """Whether the customer bought again from ``first`` to ``last``: on a day then, at most
        ``within`` days (0: however long) after its order day before. None: it did not buy then.
        """
        days = [pair for pair in self.chain(customer) if first <= pair[0].day <= last]
        return any(_follows(order.day, before, within) for order, before in days) if days else None

    def by_month(self, within: int) -> Iterator[Bought]:
        """Each customer once for every month in which it bought. The order that stands for it is
        the first that comes after another, at most ``within`` days later (0: however long), else
        its first one.
        """
        for customer in self.by_customer:
            chosen: dict[Month, Bought] = {}
            for order, before in self.chain(customer):
                month, again = Month.of(order.day), _follows(order.day, before, within)
                if month not in chosen or (again and not chosen[month].again):
                    chosen[month] = Bought(customer, month, order, again)
            yield from chosen.values()


def _follows(day: date, before: date | None, within: int) -> bool:
    return before is not None and not 0 < within < (day - before).days


def order_kpi(plan: Plan, kpi: Kpi | None = None) -> Kpi | None:
    """The KPI whose rows are orders: the 分母指标 of ``kpi``, else its 分子指标, else the first
    flow of money with rows that name customers. None where there is none.
    """
    named = None if kpi is None else kpi.denominator or kpi.numerator
    if named:
        found = plan.kpi_by_code.get(named)
        return found if found is not None and found.kind is KpiKind.FLOW else None
    pairs = set(zip(plan.actuals.kpi, map(bool, plan.actuals.customer), strict=True))
    with_customers = {code for code, customer in pairs if customer}
    for one in plan.kpis:
        money = one.kind is KpiKind.FLOW and money_of(one, plan.settings) is not None
        if money and one.code in with_customers and not one.is_worked_out:
            return one
    return None


def orders_of(plan: Plan, source: Kpi | None) -> Orders:
    """The orders that the rows of ``source`` are (None: none), and what 客户 knows of them."""
    actuals, index = plan.actuals, plan.customer_index
    keys: dict[str, str] = {"": ""}
    spelled: dict[str, str] = {}
    days: dict[str, dict[date, int]] = {}
    lumped: int | None = None
    for row in _rows_of(plan, source):
        name = actuals.customer[row]
        key = keys.get(name)
        if key is None:
            known = index.one(name)
            key = spelled.setdefault(bare(name), name) if known is None else known.code
            keys[name] = key = "" if known is None and is_rest(name) else key
        if not key:
            lumped = row if name and lumped is None else lumped
            continue
        day = actuals.day[row] or actuals.month[row].first
        days.setdefault(key, {}).setdefault(day, row)
    return Orders(
        {key: list(starmap(Order, sorted(found.items()))) for key, found in days.items()},
        {one.code: one.since for one in plan.customers if one.since is not None},
        lumped,
    )


def _rows_of(plan: Plan, source: Kpi | None) -> Iterable[int]:
    actuals = plan.actuals
    if source is None:
        return ()
    code, values = source.code, actuals.value
    return (
        row
        for row, kpi in enumerate(actuals.kpi)
        if kpi == code and (values[row] or 0) > 0 and actuals.customer[row]
    )
