"""Price, volume, mix, new and lost products, and differences by name where there are no
quantities.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.status import Rate
from salesplan.engine.actuals.variance import (
    Cause,
    Gap,
    Sold,
    Variance,
    dimension_gaps,
    gaps,
    price_volume_mix,
    unit_gaps,
    variances,
)
from salesplan.plan.model import Kpi, KpiKind, Month, Plan
from tests.unit.plans import plan_of

D = Decimal
FLOW = Kpi(code="K", name="营收", kind=KpiKind.FLOW, smallest_unit=D("0.01"))
MARCH = Month(2026, 3)
END_OF_MARCH = date(2026, 3, 31)


def sold(**products: tuple[object, object]) -> dict[str, Sold]:
    return {
        name: Sold(None if q is None else D(str(q)), D(str(a))) for name, (q, a) in products.items()
    }


def split(one: Variance) -> dict[str, D]:
    return {cause.value: value for cause, value in one.effects.items() if value}


def of_product(one: Variance, name: str) -> dict[str, D]:
    return next(
        {cause.value: value for cause, value in product.effects.items() if value}
        for product in one.products
        if product.name == name
    )


class TestFiveCauses:
    BASE = sold(A=(100, 1000), B=(50, 1000), C=(10, 300))
    ACTUAL = sold(A=(120, 1320), B=(60, 1080), D=(5, 250))

    def test_worked_by_hand(self) -> None:
        """A 10 → 11, B 20 → 18; 150 → 180 pieces at 2000/150 on average; the mix of A and B stays;
        C went, D came.
        """
        one = price_volume_mix(self.BASE, self.ACTUAL)
        assert (one.base, one.actual, one.total) == (2300, 2650, 350)
        assert split(one) == {"volume": 400, "new": 250, "lost": -300}
        assert of_product(one, "A") == {"price": 120, "volume": 200}
        assert of_product(one, "B") == {"price": -120, "volume": 200}
        assert (of_product(one, "C"), of_product(one, "D")) == ({"lost": -300}, {"new": 250})
        assert [product.name for product in one.products] == ["A", "C", "D", "B"]

    def test_mix_alone(self) -> None:
        """Ten pieces move from the cheap to the dear product: 10 × (30 − 10) more, with neither
        volume nor price.
        """
        one = price_volume_mix(
            sold(dear=(10, 300), cheap=(90, 900)), sold(dear=(20, 600), cheap=(80, 800))
        )
        assert split(one) == {"mix": 200}

    def test_new_and_lost_products_do_not_count_as_volume(self) -> None:
        one = price_volume_mix(
            sold(A=(10, 100), old=(1000, 10)), sold(A=(10, 100), young=(5000, 70))
        )
        assert split(one) == {"new": 70, "lost": -10}

    def test_thirds_of_a_cent_add_up(self) -> None:
        """Every effect has a fraction of a cent, the displayed ones still add up both ways."""
        one = price_volume_mix(
            sold(A=(3, "1.00"), B=(7, "2.00")), sold(A=(7, "2.51"), B=(3, "1.01"))
        )
        assert one.total == D("0.52") == sum(one.effects.values())
        assert all(product.total == sum(product.effects.values()) for product in one.products)
        assert all(
            sum(product.effects[cause] for product in one.products) == one.effects[cause]
            for cause in Cause
        )
        assert all(value == value.quantize(D("0.01")) for value in one.effects.values())


class TestOddQuantities:
    def test_returns_count_as_they_are(self) -> None:
        one = price_volume_mix(sold(A=(10, 100), B=(-2, -40)), sold(A=(10, 100), B=(-3, -60)))
        assert one.total == -20 == sum(one.effects.values())
        assert one.effects[Cause.PRICE] == 0

    def test_all_returned_needs_no_price(self) -> None:
        """Nothing sold on balance, 5 kept for handling: that is price, the missing pieces are
        volume and mix.
        """
        one = price_volume_mix(sold(A=(10, 100), B=(10, 100)), sold(A=(10, 100), B=(0, 5)))
        assert split(one) == {"price": 5, "volume": -100}

    def test_a_base_without_pieces_is_lost_and_comes_as_new(self) -> None:
        assert split(price_volume_mix(sold(A=(0, -30), B=(1, 1)), sold(A=(2, 40), B=(1, 1)))) == {
            "new": 40,
            "lost": 30,
        }

    def test_base_quantities_that_cancel_out_have_no_average_price(self) -> None:
        one = price_volume_mix(sold(A=(5, 50), B=(-5, -20)), sold(A=(6, 60), B=(-5, -20)))
        assert split(one) == {"mix": 10}

    def test_what_cannot_be_split_is_said_so(self) -> None:
        one = price_volume_mix(
            sold(A=(1, 10), service=(None, 5)) | {"": Sold(D(1), D(1))},
            sold(A=(1, 12), service=(4, 9)),
        )
        assert split(one) == {"price": 2, "other": 3}
        assert one.split
        assert not price_volume_mix(sold(A=(None, 5)), sold(A=(None, 9))).split

    def test_nothing_at_all(self) -> None:
        one = price_volume_mix({}, {})
        assert (one.total, one.products, one.split) == (0, (), False)

    def test_a_unit_above_zero(self) -> None:
        with pytest.raises(ValueError, match="unit"):
            price_volume_mix({}, {}, D(0))


def years(
    *this_year: tuple[int, str, int, int | None],
    before: tuple[tuple[int, str, int, int | None], ...],
) -> Plan:
    """Rows (month, product, amount, quantity) of 2026 and of 2025."""

    def row(
        year: int, month: int, product: str, value: int, quantity: int | None
    ) -> dict[str, object]:
        return {
            "at": Month(year, month),
            "product": product,
            "value": value,
            "quantity": quantity,
            "region": product.lower(),
        }

    return plan_of(
        FLOW, *(row(2025, *one) for one in before), *(row(2026, *one) for one in this_year)
    )


class TestAgainstLastYear:
    PLAN = years(
        (1, "A", 120, 10),
        (3, "A", 60, 5),
        before=((1, "A", 100, 10), (3, "A", 50, 5), (4, "A", 999, 1)),
    )

    def test_the_same_months(self) -> None:
        one = variances(self.PLAN, Facts.of(self.PLAN, END_OF_MARCH), MARCH, END_OF_MARCH)["K"]
        assert (one.base, one.actual, split(one)) == (150, 180, {"price": 30})

    def test_a_running_month_waits_until_it_is_closed(self) -> None:
        day = date(2026, 3, 30)
        assert variances(self.PLAN, Facts.of(self.PLAN, day), MARCH, day)["K"].base == 100
        early = date(2026, 1, 30)
        assert variances(self.PLAN, Facts.of(self.PLAN, early), Month(2026, 1), early) == {}

    @pytest.mark.parametrize("before", [(), ((1, "A", 100, None),)])
    def test_no_base_or_no_quantities(
        self, before: tuple[tuple[int, str, int, int | None], ...]
    ) -> None:
        plan = years((1, "A", 120, 10), before=before)
        assert variances(plan, Facts.of(plan, END_OF_MARCH), MARCH, END_OF_MARCH) == {}

    def test_by_dimension_the_largest_first(self) -> None:
        plan = years((1, "A", 90, 1), (2, "B", 70, 1), before=((1, "A", 100, 1), (3, "C", 30, 1)))
        found = dimension_gaps(
            plan, Facts.of(plan, END_OF_MARCH), "K", "region", MARCH, END_OF_MARCH
        )
        assert found == (
            Gap("b", None, D(70), D(70)),
            Gap("c", D(30), None, D(-30)),
            Gap("a", D(100), D(90), D(-10)),
        )
        assert sum(gap.gap for gap in found) == 160 - 130
        assert (
            dimension_gaps(
                plan, Facts.of(plan, END_OF_MARCH), "nobody", "region", MARCH, END_OF_MARCH
            )
            == ()
        )


def test_by_unit_those_without_target_or_actual_stay_out() -> None:
    plan = plan_of(FLOW)
    figures = {"E": (D(100), D(80)), "E2": (D(50), None)}
    found = {
        ("K", code, Span.YTD): Attainment(
            "K", code, Span.YTD, t, a, None if a is None else a - t, Rate(), None
        )
        for code, (t, a) in figures.items()
    }
    assert unit_gaps(plan, found, "K", "C") == (Gap("E", D(100), D(80), D(-20)),)


def test_gaps_keep_the_order_of_equals_and_leave_blanks_out() -> None:
    assert [
        gap.name for gap in gaps({"a": D(1), "b": D(1), "c": None}, {"a": D(2), "b": D(0)})
    ] == ["a", "b"]
