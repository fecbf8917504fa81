"""What targets by product ask of 产品: pieces against what can be made or delivered, by month and
quarter, and deals that come too late to be delivered in theirs. Imported only where a plan has
products.

A target in money is as many pieces as it is times the list price; one of a KPI that counts pieces
is pieces itself and comes first. Months that are over ask nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.linked_kpis import money_scale
from salesplan.engine.exact.figures import divide
from salesplan.engine.targets.target import Target
from salesplan.findings import Finding
from salesplan.plan.model import Deal, Kpi, KpiKind, Plan, Product
from salesplan.plan.model.currencies import money_of

ZERO = Decimal(0)
Key = tuple[str, str, str]
"""KPI code, unit code, product as 目标分解 names it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a month or quarter asks of a product: ``target`` in the KPI's unit, the same in
    ``pieces``, and the ``capacity`` in pieces (None: not given). ``name`` is 2026-12 or Q4.
    """

    name: str
    target: Decimal
    pieces: Decimal
    capacity: Decimal | None

    @property
    def short(self) -> Decimal:
        """Pieces above capacity."""
        return ZERO if self.capacity is None else max(self.pieces - self.capacity, ZERO)


@dataclass(frozen=True, slots=True)
class Load:
    """A product against its targets of the KPI ``kpi`` in months and quarters that are not over."""

    product: Product
    kpi: str
    months: tuple[Asked, ...]
    quarters: tuple[Asked, ...]

    @property
    def peak_month(self) -> Asked | None:
        """The month that asks most."""
        return max(self.months, key=lambda one: one.pieces, default=None)

    @property
    def peak_quarter(self) -> Asked | None:
        """The quarter that asks most."""
        return max(self.quarters, key=lambda one: one.pieces, default=None)

    @property
    def short(self) -> tuple[Asked, ...]:
        """Months above the month's capacity; where there are none, quarters above theirs."""
        months = tuple(one for one in self.months if one.short)
        return months or tuple(one for one in self.quarters if one.short)


def loads(plan: Plan, targets: Mapping[Key, Target], as_of: date) -> tuple[Load, ...]:
    """The products with a capacity and a target of their own at the topmost unit, in order."""
    found = []
    for product in plan.products:
        if product.capacity_month is None and product.capacity_quarter is None:
            continue
        asked = _target(plan, targets, product)
        if asked is None:
            continue
        kpi, target = asked
        price = _price(plan, kpi, product)
        if price is not None:
            found.append(_load(plan, product, kpi, target, price, as_of))
    return tuple(found)


def _target(
    plan: Plan, targets: Mapping[Key, Target], product: Product
) -> tuple[Kpi, Target] | None:
    """The company's target of the product, of a KPI that counts pieces before one of money."""
    tops = {unit.code for unit in plan.roots}
    own: list[tuple[Kpi, Target]] = []
    for (code, unit, name), target in targets.items():
        kpi = plan.kpi_by_code[code]
        if unit in tops and kpi.kind is KpiKind.FLOW and plan.product_index.one(name) is product:
            own.append((kpi, target))
    own.sort(key=lambda one: money_of(one[0], plan.settings) is not None)
    return own[0] if own else None


def _price(plan: Plan, kpi: Kpi, product: Product) -> Decimal | None:
    """What a piece is in the KPI's unit: 1 where it counts pieces; None without a list price."""
    if money_of(kpi, plan.settings) is None:
        return Decimal(1)
    scale = money_scale(kpi, plan.settings)
    if scale is None or not product.list_price or product.list_price <= 0:
        return None
    return divide(product.list_price, scale)


def _load(
    plan: Plan, product: Product, kpi: Kpi, target: Target, price: Decimal, as_of: date
) -> Load:
    months, open_months = plan.settings.months, list[Asked]()
    for at, month in enumerate(months):
        aim = target.months[at]
        if month.last > as_of and aim is not None:
            pieces = divide(aim, price)
            open_months.append(Asked(str(month), aim, pieces, product.capacity_month))
    whole = product.capacity_quarter
    if whole is None and product.capacity_month is not None:
        whole = 3 * product.capacity_month
    open_quarters = []
    for quarter in range(4):
        aims = [aim for aim in target.months[3 * quarter : 3 * quarter + 3] if aim is not None]
        if aims and months[3 * quarter + 2].last > as_of:
            total = sum(aims, ZERO)
            open_quarters.append(Asked(f"Q{quarter + 1}", total, divide(total, price), whole))
    return Load(product, kpi.code, tuple(open_months), tuple(open_quarters))


def findings(plan: Plan, found: tuple[Load, ...], as_of: date) -> Iterator[Finding]:
    """Products of which more is asked than can be made, at their capacity; products whose deals are
    won too late to be delivered in their quarter, at their delivery days.
    """
    for load in found:
        yield from _above_capacity(plan, load)
    for product in plan.products:
        if product.delivery_days:
            yield from _late(plan, product, product.delivery_days, as_of)


def _above_capacity(plan: Plan, load: Load) -> Iterator[Finding]:
    if not load.short:
        return
    first, product = load.short[0], load.product
    monthly = first in load.months or product.capacity_quarter is None
    yield Finding.of(
        "product-above-capacity",
        product.origin.place("capacity_month" if monthly else "capacity_quarter"),
        product=product.name,
        kpi=plan.kpi_by_code[load.kpi].name,
        span=first.name,
        target=first.target,
        pieces=_pieces(first.pieces),
        capacity=first.capacity,
        short=_pieces(first.short),
        count=len(load.short) - 1,
    )


def _pieces(value: Decimal) -> Decimal:
    """Whole pieces, as there are no others: a part of one has to be made, too."""
    whole = value.to_integral_value()
    return whole if whole >= value else whole + 1


def _late(plan: Plan, product: Product, days: int, as_of: date) -> Iterator[Finding]:
    months = plan.settings.months
    for quarter in range(4):
        first, last = months[3 * quarter].first, months[3 * quarter + 2].last
        late = [
            one
            for one in plan.deals
            if _is_open_deal(plan, one, product)
            and max(first, as_of) < one.due <= last < one.due + timedelta(days=days)
        ]
        if late:
            yield Finding.of(
                "product-delivered-late",
                product.origin.place("delivery_days"),
                product=product.name,
                days=days,
                quarter=f"Q{quarter + 1}",
                latest=last - timedelta(days=days),
                deals=tuple(one.code for one in late),
                count=len(late),
            )


def _is_open_deal(plan: Plan, deal: Deal, product: Product) -> bool:
    named = bool(deal.product) and plan.product_index.one(deal.product) is product
    return named and deal.is_open and "due" not in deal.broken
