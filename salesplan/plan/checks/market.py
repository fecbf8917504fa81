"""Checks of 市场规模 and 竞争对手. Imported only where a plan has rows of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from salesplan.findings import Finding
from salesplan.plan.checks.common import known_regions, near, percent
from salesplan.plan.competitors import compared
from salesplan.plan.model import Competitor, MarketSize, Plan
from salesplan.plan.model.market import NEAR, key_of, sizes
from salesplan.plan.normalize import folded

_YEARS = range(1990, 2200)
_HALF_A_POINT = Decimal("0.005")
_TENTH = Decimal("0.001")
"""Of a percentage."""
_BEST = 10


def check_sizes(plan: Plan) -> Iterator[Finding]:
    """A market of 0; month 13; the year 26."""
    for row in plan.market:
        if row.size is not None and row.size <= 0:
            yield Finding.of("market-size-not-positive", row.origin.place("size"), size=row.size)
        if row.month is not None and not 1 <= row.month <= 12:
            yield Finding.of("market-month-outside", row.origin.place("month"), month=row.month)
        if row.year not in _YEARS:
            yield Finding.of("market-year-outside", row.origin.place("year"), year=str(row.year))


def check_years(plan: Plan) -> Iterator[Finding]:
    """Months that add up to more than their year; a growth of 8 % where the sizes grew by 3 %."""
    known = sizes(plan.market)
    for row in plan.market:
        if row.month is not None or row.size is None:
            continue
        one = known[key_of(*row.key)]
        months = [size for month, size in one.months.items() if month.year == row.year]
        total = sum(months, Decimal(0))
        if total > row.size * (1 + NEAR) or (len(months) == 12 and total < row.size * (1 - NEAR)):
            yield Finding.of(
                "market-months-differ",
                row.origin.place("size"),
                year=str(row.year),
                size=row.size,
                total=total,
                count=len(months),
            )
        yield from _growth(row, one.year(row.year - 1))


def _growth(row: MarketSize, before: Decimal | None) -> Iterator[Finding]:
    if row.growth is None or not before or row.size is None:
        return
    grown = row.size / before - 1
    if abs(grown - row.growth) > _HALF_A_POINT:
        yield Finding.of(
            "market-growth-differs",
            row.origin.place("growth"),
            year=str(row.year),
            typed=percent(row.growth),
            grown=percent(grown.quantize(_TENTH)),
        )


def check_competitors(plan: Plan) -> Iterator[Finding]:
    """A price of 0; a score of 85, where 10 is best."""
    for row in plan.competitors:
        if row.price is not None and row.price <= 0:
            yield Finding.of(
                "competitor-price-not-positive",
                row.origin.place("price"),
                name=row.name,
                price=row.price,
            )
        if row.score is not None and not 0 <= row.score <= _BEST:
            yield Finding.of(
                "competitor-score-outside",
                row.origin.place("score"),
                name=row.name,
                score=row.score,
            )


def check_dates(plan: Plan) -> Iterator[Finding]:
    """A competitor's row without a date beside others of it: nobody knows which is the newest."""
    rows_of: dict[tuple[str, str, str], list[Competitor]] = {}
    for row in plan.competitors:
        name = (folded(row.name), folded(row.product), folded(row.region))
        rows_of.setdefault(name, []).append(row)
    for rows in rows_of.values():
        for row in rows:
            if row.day is None and "day" not in row.broken and len(rows) > 1:
                place = row.origin.place("day")
                yield Finding.of("competitor-undated", place, name=row.name, count=len(rows))


def check_prices(plan: Plan) -> Iterator[Finding]:
    """A competitor's price of product A, of which neither a row of our own nor 产品 says ours: one
    note a product.
    """
    said = set[str]()
    products = _products(plan)
    for one in compared(plan):
        product = one.row.product
        if not _is_known(plan, product, products):
            continue
        if one.row.price is not None and one.price is None and product not in said:
            said.add(product)
            yield Finding.of(
                "competitor-without-ours", one.row.origin.place("price"), product=product or "—"
            )


def check_places(plan: Plan) -> Iterator[Finding]:
    """The market of 华南区, where units know 华南; a competitor's price of C产品, of which nothing
    is sold.
    """
    regions = tuple(dict.fromkeys((*known_regions(plan), *filter(None, plan.actuals.region))))
    products = _products(plan)
    said = set[tuple[str, str]]()
    for rows in (plan.market, plan.competitors):
        for row in rows:
            place = row.origin.place("region")
            if regions and _is_new(row.region, regions, said, place.sheet):
                yield Finding.of(
                    "market-region-unknown",
                    place,
                    name=row.region,
                    near=near(row.region, regions),
                )
    for rows in (plan.market, plan.competitors):
        for row in rows:
            place = row.origin.place("product")
            unknown = not _is_known(plan, row.product, products)
            if unknown and _is_new(row.product, (), said, place.sheet):
                yield Finding.of(
                    "market-product-unknown",
                    place,
                    name=row.product,
                    near=near(row.product, products),
                )


def _is_new(name: str, known: Iterable[str], said: set[tuple[str, str]], sheet: str) -> bool:
    """Whether the sheet names here, for the first time, what is none of the known."""
    if not name or (sheet, name) in said or folded(name) in set(map(folded, known)):
        return False
    said.add((sheet, name))
    return True


def _products(plan: Plan) -> tuple[str, ...]:
    """The products that 产品, actuals and targets name."""
    sold = (*plan.actuals.product, *(row.product for row in plan.product_targets))
    return tuple(dict.fromkeys((*(one.name for one in plan.products), *filter(None, sold))))


def _is_known(plan: Plan, name: str, known: Sequence[str]) -> bool:
    """Whether the product is one of the plan's (:func:`_products`), or the plan names none."""
    if not known or not name or plan.product_index.meant(name):
        return True
    return folded(name) in set(map(folded, known))


FIGURES = (check_sizes, check_competitors)
"""What each of these finds counts as blank (:func:`~salesplan.plan.checks.without_refused`)."""
CHECKS = (check_years, check_dates, check_places, check_prices)
