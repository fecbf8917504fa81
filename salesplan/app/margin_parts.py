"""A gross margin, or a share of high-margin products, worked out as on paper by product."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.exact.figures import written
from salesplan.findings import Finding, Place
from salesplan.plan.checks.common import percent
from salesplan.plan.model import Kpi, KpiKind, Month, Unit
from salesplan.plan.worked_out import part_of, source_of


def margin_parts(
    facts: Facts, kpi: Kpi, unit: Unit, first: Month, last: Month
) -> Iterator[Finding]:
    """What each product brings to the KPI's actual, and the sum; nothing for a KPI that is not
    worked out from products.
    """
    plan = facts.plan
    source = source_of(plan, kpi) if kpi.of_products else None
    if not isinstance(source, Kpi):
        return
    revenue, counted = facts.by(source.code, "product", first, last, unit.code), part_of(kpi, plan)
    order = [one.code for one in plan.products]
    total = ZERO
    span = f"{first}–{last}" if first != last else str(first)
    named = [(plan.product_index.one(name), name, amount) for name, amount in revenue.items()]
    named.sort(key=lambda one: len(order) if one[0] is None else order.index(one[0].code))
    for known, name, amount in named:
        part = None if known is None else counted(known)
        if known is None or part is None:
            yield Finding.of("explain-margin-left-out", Place(), product=name or "—", amount=amount)
            continue
        total += amount
        share = percent(Decimal(part.numerator) / part.denominator)
        told = {"product": known.name, "amount": amount, "share": share}
        made = amount * part.numerator / part.denominator
        yield Finding.of("explain-margin", Place(), made=_short(made), **told)
    value = facts.value(kpi.code, unit.code, first, last)
    if value is None:
        return
    if kpi.kind is KpiKind.RATIO:
        parts = facts.parts(kpi.code, unit.code, first, last)
        above = None if parts is None else _short(parts[0])
        told = {"span": span, "above": above, "below": total, "rate": written(kpi, value)}
        yield Finding.of("explain-margin-rate", Place(), **told)
    else:
        yield Finding.of("explain-margin-sum", Place(), span=span, value=_short(value))


ZERO = Decimal(0)


def _short(value: Decimal) -> Decimal:
    """To the cent of 万元, without zeros behind."""
    rounded = round(value, 6)
    return (
        rounded.quantize(Decimal(1))
        if rounded == rounded.to_integral_value()
        else rounded.normalize()
    )
