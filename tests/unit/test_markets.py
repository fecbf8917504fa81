"""市场规模 gives the market share its denominators; 竞争对手 are held against our own prices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.plan.competitors import Compared, compared
from salesplan.plan.market_sizes import sized
from salesplan.plan.model import (
    MICRO,
    Actuals,
    Competitor,
    Kpi,
    KpiKind,
    MarketSize,
    Month,
    Plan,
    Product,
    Settings,
)
from salesplan.plan.model.market import key_of, sizes

D = Decimal
EAST = "华东"


def shares(*rows: tuple[int, str, int | None, int | None]) -> Actuals:
    """Rows of a market share: month, region, numerator and denominator."""
    blank = [""] * len(rows)
    return Actuals(
        rows=range(2, 2 + len(rows)),
        day=[None] * len(rows),
        month=[Month(2026, month) for month, *_ in rows],
        unit=["C"] * len(rows),
        kpi=["SHR"] * len(rows),
        product=blank,
        region=[region for _, region, *_ in rows],
        customer=blank,
        channel=blank,
        quantity=[None] * len(rows),
        value=[None] * len(rows),
        numerator=[None if one is None else one * MICRO for _, _, one, _ in rows],
        denominator=[None if one is None else one * MICRO for *_, one in rows],
        currency=blank,
    )


def plan(actuals: Actuals, *market: MarketSize) -> Plan:
    kpi = Kpi(code="SHR", name="占有率", kind=KpiKind.POINT)
    return Plan(settings=Settings(year=2026), kpis=(kpi,), actuals=actuals, market=market)


def size(year: int, amount: int, month: int | None = None, region: str = EAST) -> MarketSize:
    return MarketSize(year=year, month=month, region=region, size=D(amount))


def denominators(given: Plan) -> list[float | None]:
    return [None if one is None else one / MICRO for one in given.actuals.denominator]


def test_a_blank_denominator_is_what_the_sheet_says() -> None:
    """The month's own row first; else an even part of what the months leave of the year: (1200 −
    210) ÷ 11."""
    given = plan(
        shares((1, EAST, 20, None), (2, EAST, 20, None), (2, "华南", 20, None)),
        size(2026, 1200),
        size(2026, 210, month=1),
    )
    found, findings = sized(given)
    assert (denominators(found), findings) == ([210, 90, None], [])


def test_a_typed_denominator_gives_way_to_the_row_of_its_month_alone() -> None:
    given = plan(
        shares((1, EAST, 20, 200), (2, EAST, 20, 95), (3, EAST, 20, 211)),
        size(2026, 1200),
        size(2026, 210, month=1),
        size(2026, 210, month=3),
    )
    found, [one] = sized(given)
    assert denominators(found) == [210, 95, 210]
    assert (one.code, one.place.cell, one.params["typed"], one.params["size"]) == (
        "market-size-differs",
        "",
        200,
        210,
    )


def test_what_is_no_market_share_keeps_its_denominators() -> None:
    given = plan(shares((1, EAST, 20, None), (1, EAST, None, 90)), size(2026, 1200))
    ratio = replace(given, kpis=(Kpi(code="SHR", name="回款率", kind=KpiKind.RATIO),))
    assert sized(ratio) == (ratio, [])
    assert denominators(sized(given)[0]) == [100, 90]


MONTHS = st.dictionaries(st.integers(1, 12), st.integers(1, 90), max_size=11)


@given(MONTHS, st.integers(1000, 9000))
def test_the_months_of_a_year_add_up_to_it(months: dict[int, int], year: int) -> None:
    rows = [size(2026, year), *(size(2026, one, month) for month, one in months.items())]
    one = sizes(rows)[key_of(EAST, "")]
    parts = []
    for number in range(1, 13):
        month = Month(2026, number)
        part = one.month(month) or one.part(month)
        assert part is not None
        parts.append(part)
    assert abs(sum(map(Fraction, parts)) - year) < Fraction(1, 10**12)


def test_twelve_months_are_a_year() -> None:
    one = sizes([size(2026, month, month) for month in range(1, 13)])[key_of(EAST, "")]
    assert (one.year(2026), one.year(2025), one.part(Month(2025, 1))) == (78, None, None)


# --- competitors


def seen(name: str, price: str | None, day: date | None = None, **more: str) -> Competitor:
    return Competitor(name=name, price=None if price is None else D(price), day=day, **more)


MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def held(*rows: Competitor, products: tuple[Product, ...] = ()) -> tuple[Compared, ...]:
    return compared(Plan(settings=Settings(year=2026), competitors=rows, products=products))


@pytest.mark.parametrize("name", ["本公司", "我们", "Ours", " ours "])
def test_our_own_row_is_what_the_others_are_held_against(name: str) -> None:
    [one] = held(seen(name, "100", product="A"), seen("甲", "90", product="A", region=EAST))
    assert (one.row.name, one.price, one.difference) == ("甲", 100, D("-0.1"))


def test_the_last_row_counts_and_keeps_the_one_before_it() -> None:
    [one] = held(
        seen("甲", "80", JUNE, product="A"),
        seen("甲", "90", MAY, product="A"),
        seen("甲", "95", product="A"),
    )
    assert one.row.day == JUNE and one.before is not None and one.before.day == MAY


def test_ours_in_the_same_region_comes_first_and_the_list_price_last() -> None:
    ours = (
        seen("本公司", "100", product="A"),
        seen("本公司", "97", product="A", region=EAST),
    )
    products = (Product(code="PA", name="A", list_price=D(110)),)
    there = seen("甲", "90", product="A", region=EAST)
    assert held(*ours, there, products=products)[0].price == 97
    assert held(*ours, replace(there, region="华南"), products=products)[0].price == 100
    assert held(there, products=products)[0].price == 110
    assert held(replace(there, product="PA"), products=products)[0].price == 110
    assert held(there)[0].difference is None


def test_a_look_back_knows_no_later_row() -> None:
    rows = (seen("甲", "80", JUNE), seen("甲", "90", MAY))
    [one] = compared(Plan(settings=Settings(year=2026), competitors=rows), until=MAY)
    assert one.row.price == 90
