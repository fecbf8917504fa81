"""What holds for any sales: the causes are the whole difference, to the last cent, across and
down.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.engine.actuals.variance import Cause, Sold, price_volume_mix

CENT = Decimal("0.01")
AMOUNTS = st.integers(-(10**7), 10**7).map(lambda cents: cents * CENT)
QUANTITIES = st.integers(-50, 500).map(Decimal) | st.decimals(-5, 5, places=3)
PERIOD = st.dictionaries(
    st.sampled_from("ABCDEFGH"),
    st.builds(Sold, QUANTITIES, AMOUNTS, at_budget=st.none()),
    max_size=8,
)
PATCHY = st.dictionaries(
    st.sampled_from(["", *"ABCDE"]),
    st.builds(Sold, st.none() | QUANTITIES, AMOUNTS, at_budget=st.none()),
    max_size=6,
)
FIVE = (Cause.PRICE, Cause.VOLUME, Cause.MIX, Cause.NEW, Cause.LOST)


@given(PERIOD, PERIOD)
@settings(max_examples=100, deadline=None)
def test_the_five_causes_are_the_whole_difference(
    base: dict[str, Sold], actual: dict[str, Sold]
) -> None:
    one = price_volume_mix(base, actual)
    assert one.total == sum(s.amount for s in actual.values()) - sum(
        s.amount for s in base.values()
    )
    assert sum(one.effects[cause] for cause in FIVE) == one.total
    assert one.effects[Cause.OTHER] == 0


@given(PATCHY, PATCHY)
@settings(max_examples=100, deadline=None)
def test_products_and_causes_add_up_both_ways(
    base: dict[str, Sold], actual: dict[str, Sold]
) -> None:
    one = price_volume_mix(base, actual)
    assert {product.name for product in one.products} == base.keys() | actual.keys()
    for product in one.products:
        assert product.total == product.actual - product.base == sum(product.effects.values())
    for cause in Cause:
        assert sum(product.effects[cause] for product in one.products) == one.effects[cause]
    assert sum(one.effects.values()) == one.total == one.actual - one.base


@given(PERIOD, PERIOD)
@settings(max_examples=60, deadline=None)
def test_each_cause_is_within_a_cent_of_its_formula(
    base: dict[str, Sold], actual: dict[str, Sold]
) -> None:
    """By the textbook: price (P1 − P0)·Q1, over products sold in both periods."""
    both = {
        name: (
            Fraction(base[name].quantity or 0),
            Fraction(base[name].amount),
            Fraction(actual[name].quantity or 0),
            Fraction(actual[name].amount),
        )
        for name in base.keys() & actual.keys()
        if base[name].quantity and (actual[name].quantity or actual[name].amount)
    }
    q0, q1 = sum(one[0] for one in both.values()), sum(one[2] for one in both.values())
    if not q0:
        return
    average = sum(one[1] for one in both.values()) / q0
    price = sum(a1 - a0 / quantity * new for quantity, a0, new, a1 in both.values())
    mix = sum(
        (new - quantity * q1 / q0) * (a0 / quantity) for quantity, a0, new, _ in both.values()
    )
    found = price_volume_mix(base, actual).effects
    for cause, exact in (
        (Cause.PRICE, price),
        (Cause.VOLUME, (q1 - q0) * average),
        (Cause.MIX, mix),
    ):
        assert abs(Fraction(found[cause]) - exact) <= Fraction(CENT)


@given(PERIOD, PERIOD, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_products_plays_no_part(
    base: dict[str, Sold], actual: dict[str, Sold], luck: object
) -> None:
    names = list(base)
    luck.shuffle(names)  # type: ignore[attr-defined]
    assert (
        price_volume_mix({name: base[name] for name in names}, actual).effects
        == price_volume_mix(base, actual).effects
    )


@given(
    st.dictionaries(
        st.sampled_from("ABCD"),
        st.builds(Sold, QUANTITIES.filter(bool), AMOUNTS, at_budget=st.none()),
        max_size=4,
    )
)
@settings(max_examples=40, deadline=None)
def test_nothing_changed_nothing_to_explain(period: dict[str, Sold]) -> None:
    assert set(price_volume_mix(period, period).effects.values()) == {0}
