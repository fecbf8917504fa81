"""Checks of 产品 and 潜客. Imported only where a plan has some."""

from __future__ import annotations

from collections.abc import Iterator

from salesplan.findings import Finding
from salesplan.plan.checks.common import percent
from salesplan.plan.model import Plan
from salesplan.plan.normalize import folded
from salesplan.plan.schema import table

_ABOVE_ZERO = ("list_price", "capacity_month", "capacity_quarter")


def check_margins(plan: Plan) -> Iterator[Finding]:
    """A gross margin of 120 %: a product cannot keep more than all of its price."""
    for one in plan.products:
        if one.margin is not None and one.margin > 1:
            place = one.origin.place("margin")
            yield Finding.of(
                "product-margin-outside", place, product=one.name, share=percent(one.margin)
            )


def check_figures(plan: Plan) -> Iterator[Finding]:
    """A list price or a capacity of 0; delivery in −3 days."""
    for one in plan.products:
        for key in _ABOVE_ZERO:
            value = getattr(one, key)
            if value is not None and value <= 0:
                yield Finding.of(
                    "product-not-positive",
                    one.origin.place(key),
                    product=one.name,
                    column=table("products").column(key),
                    value=value,
                )
        if one.delivery_days is not None and one.delivery_days < 0:
            yield Finding.of(
                "product-delivery-negative",
                one.origin.place("delivery_days"),
                product=one.name,
                days=one.delivery_days,
            )


def check_names(plan: Plan) -> Iterator[Finding]:
    """A and B are both called 标准版: actuals that say 标准版 could be either's."""
    first: dict[str, str] = {}
    for one in plan.products:
        other = first.setdefault(folded(one.name), one.code)
        if other != one.code:
            place = one.origin.place("name")
            yield Finding.of("product-name-twice", place, name=one.name, other=other)


def check_prospects(plan: Plan) -> Iterator[Finding]:
    """−3 prospects; a win rate of 120 %."""
    for one in plan.prospects:
        if one.count is not None and one.count <= 0:
            place = one.origin.place("count")
            yield Finding.of("prospect-count-not-positive", place, count=one.count)
        if one.rate is not None and not 0 <= one.rate <= 1:
            place = one.origin.place("rate")
            yield Finding.of("prospect-rate-outside", place, share=percent(one.rate))


def check_single_prospects(plan: Plan) -> Iterator[Finding]:
    """A prospect by name that is 12."""
    for one in plan.prospects:
        if one.name and one.number > 1:
            place = one.origin.place("count")
            yield Finding.of("prospect-named-count", place, name=one.name, count=one.count)


def check_months(plan: Plan) -> Iterator[Finding]:
    """Prospects of March 2027 in a plan for 2026."""
    months = plan.settings.months
    for one in plan.prospects:
        if one.month not in months:
            place = one.origin.place("month")
            year = str(plan.settings.year)
            yield Finding.of("prospect-outside-year", place, month=one.month, year=year)


FIGURES = (check_margins, check_figures, check_prospects)
"""What each of these finds counts as blank (:func:`~salesplan.plan.checks.without_refused`)."""
CHECKS = (check_names, check_single_prospects, check_months)
