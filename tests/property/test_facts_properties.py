"""What holds for any actuals: sums roll up, order does not matter, blanks and the cut-off change
nothing they should not.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.engine.actuals.attainment import completion
from salesplan.engine.actuals.facts import Facts
from salesplan.plan.model import Direction, Kpi, KpiKind, Level, Month, Plan, Unit
from tests.unit.plans import END, month, plan_of

FLOW = Kpi(code="K", name="", kind=KpiKind.FLOW)
FIGURES = st.decimals(-(10**6), 10**6, places=3)


@st.composite
def trees(draw: st.DrawFn) -> tuple[Unit, ...]:
    """Two to ten units, each below one that stands before it, with codes that are prefixes of each
    other.
    """
    count = draw(st.integers(2, 10))
    parents = [None, *(draw(st.integers(0, i - 1)) for i in range(1, count))]
    codes = ["1" * (i + 1) for i in range(count)]
    return tuple(
        Unit(
            code=code, name=code, level=Level.TEAM, parent=None if parent is None else codes[parent]
        )
        for code, parent in zip(codes, parents, strict=True)
    )


@st.composite
def flows(draw: st.DrawFn, blanks: bool = True) -> tuple[tuple[Unit, ...], list[dict[str, object]]]:
    units = draw(trees())
    value = st.none() | FIGURES if blanks else FIGURES
    row = st.fixed_dictionaries(
        {
            "at": st.integers(1, 12) | st.dates(date(2026, 1, 1), END),
            "unit": st.sampled_from([unit.code for unit in units]),
            "value": value,
            "product": st.sampled_from(["", "甲", "乙"]),
        }
    )
    return units, draw(st.lists(row, max_size=25))


def company(plan: Plan, as_of: date = END) -> Decimal | None:
    return Facts.of(plan, as_of).value("K", "1", month(1), month(12))


@given(flows())
@settings(max_examples=60, deadline=None)
def test_a_unit_is_its_own_rows_and_its_children(
    given_: tuple[tuple[Unit, ...], list[dict[str, object]]],
) -> None:
    units, rows = given_
    plan = plan_of(FLOW, *rows, units=units)
    facts = Facts.of(plan, END)
    for unit in units:
        own = [
            Decimal(str(row["value"]))
            for row in rows
            if row["unit"] == unit.code and row["value"] is not None
        ]
        below = [
            v
            for child in plan.children.get(unit.code, ())
            if (v := facts.value("K", child.code, month(1), month(12))) is not None
        ]
        found = facts.value("K", unit.code, month(1), month(12))
        assert found == (sum(own + below) if own or below else None)
        monthly = [v for v in facts.monthly("K", unit.code) if v is not None]
        assert found == (sum(monthly) if monthly else None)


@given(flows(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_and_blank_rows_change_nothing(
    given_: tuple[tuple[Unit, ...], list[dict[str, object]]], dice: random.Random
) -> None:
    units, rows = given_
    shuffled = [row for row in rows if row["value"] is not None]
    dice.shuffle(shuffled)
    for kind in (KpiKind.FLOW, KpiKind.STOCK, KpiKind.MILESTONE):
        kpi = Kpi(code="K", name="", kind=kind)
        plans = [plan_of(kpi, *chosen, units=units) for chosen in (rows, shuffled)]
        one, two = (
            {unit.code: Facts.of(plan, END).monthly("K", unit.code) for unit in units}
            for plan in plans
        )
        assert one == two


KINDS = (KpiKind.FLOW, KpiKind.STOCK, KpiKind.RATIO, KpiKind.POINT, KpiKind.MILESTONE)


@given(flows(), st.sampled_from(KINDS), st.lists(st.dates(date(2026, 1, 1), END), max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_day_looked_back_at_is_what_its_rows_say(
    given_: tuple[tuple[Unit, ...], list[dict[str, object]]], kind: KpiKind, days: list[date]
) -> None:
    """In whatever order days are asked for, each is as if no later row had been written yet."""
    units, rows = given_
    kpi = Kpi(code="K", name="", kind=kind)
    for row in rows:
        if kind in (KpiKind.RATIO, KpiKind.POINT):
            row |= {"numerator": row["value"], "denominator": 7}
    facts = Facts.of(plan_of(kpi, *rows, units=units), END)
    for day in days:
        then = [row for row in rows if known_by(row["at"], day)]
        alone, back = Facts.of(plan_of(kpi, *then, units=units), day), facts.until(day)
        assert back.pairs == alone.pairs
        for unit in units:
            assert back.monthly("K", unit.code) == alone.monthly("K", unit.code)
            year = ("K", unit.code, month(1), month(12))
            assert back.value(*year) == alone.value(*year)


def known_by(at: object, day: date) -> bool:
    """Whether a row of a day, or of a month alone, is there on a day."""
    return at <= day if isinstance(at, date) else month(int(str(at))).first <= day


@given(flows())
@settings(max_examples=60, deadline=None)
def test_slices_add_up_to_the_whole(
    given_: tuple[tuple[Unit, ...], list[dict[str, object]]],
) -> None:
    units, rows = given_
    plan = plan_of(FLOW, *rows, units=units)
    facts = Facts.of(plan, END)
    for unit in units:
        slices = facts.by("K", "product", month(2), month(9), unit=unit.code)
        assert facts.value("K", unit.code, month(2), month(9)) == (
            sum(slices.values()) if slices else None
        )


SOLD = st.fixed_dictionaries(
    {
        "at": st.integers(1, 12),
        "unit": st.sampled_from(["1", "11", "111"]),
        "value": FIGURES,
        "quantity": st.none() | st.integers(0, 9),
        "product": st.sampled_from(["", "甲", "乙"]),
        "region": st.sampled_from(["", "东"]),
        "channel": st.sampled_from(["", "线上"]),
    }
)
TREE = tuple(
    Unit(
        code="1" * n,
        name="",
        level=Level.TEAM,
        parent="1" * (n - 1) or None,
        region="西" if n == 2 else "",
    )
    for n in (1, 2, 3)
)


@given(st.lists(SOLD, max_size=25), st.integers(1, 12), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_slices_of_two_dimensions_add_up_to_those_of_one(
    rows: list[dict[str, object]], one: int, other: int
) -> None:
    """Value and quantity; a quantity is known where every row gave one. A blank region is that of
    the unit, or of the one above.
    """
    facts = Facts.of(plan_of(FLOW, *rows, units=TREE), END)
    first, last = month(min(one, other)), month(max(one, other))
    fine = facts.split("K", ("region", "product"), first, last, "11")
    for position, dimension in enumerate(("region", "product")):
        whole = facts.split("K", (dimension,), first, last, "11")
        for (name,), found in whole.items():
            parts = [part for names, part in fine.items() if names[position] == name]
            assert found.value == sum(part.value for part in parts if part.value is not None)
            amounts = [part.quantity for part in parts]
            assert found.quantity == (
                None if None in amounts else sum(amount for amount in amounts if amount is not None)
            )
        assert {names[position] for names in fine} == {name for (name,) in whole}
    asked = [
        row
        for row in rows
        if row["unit"] != "1" and first.month <= int(str(row["at"])) <= last.month
    ]
    assert list(fine) == list(
        dict.fromkeys(
            (row["region"] or "西", row["product"]) for row in sorted(asked, key=_order_of(rows))
        )
    )


def _order_of(rows: list[dict[str, object]]) -> Callable[[dict[str, object]], int]:
    """Rows of one unit and month stand together, in the order of their first."""
    keys = list(dict.fromkeys((row["unit"], row["at"]) for row in rows))
    return lambda row: keys.index((row["unit"], row["at"]))


@given(flows(blanks=False), st.integers(0, 364))
@settings(max_examples=60, deadline=None)
def test_the_cut_off_sees_the_rows_up_to_it(
    given_: tuple[tuple[Unit, ...], list[dict[str, object]]], days: int
) -> None:
    units, rows = given_
    as_of = date(2026, 1, 1) + timedelta(days=days)
    seen = [
        row
        for row in rows
        if (
            row["at"] <= as_of
            if isinstance(row["at"], date)
            else Month(2026, int(str(row["at"]))).first <= as_of
        )
    ]
    expected = sum(Decimal(str(row["value"])) for row in seen) if seen else None
    assert company(plan_of(FLOW, *rows, units=units), as_of) == expected


@given(
    trees(),
    st.lists(
        st.tuples(st.integers(1, 6), st.integers(0, 9), st.integers(0, 50), st.integers(1, 50)),
        min_size=1,
        max_size=20,
    ),
)
@settings(max_examples=60, deadline=None)
def test_a_rate_is_one_quotient_of_sums(
    units: tuple[Unit, ...], given_: list[tuple[int, int, int, int]]
) -> None:
    rows = [
        {"at": at, "unit": units[who % len(units)].code, "n": n, "d": d} for at, who, n, d in given_
    ]
    found = company(plan_of(Kpi(code="K", name="", kind=KpiKind.RATIO), *rows, units=units))
    exact = Fraction(sum(n for _, _, n, _ in given_), sum(d for _, _, _, d in given_))
    assert found is not None and abs(Fraction(found) - exact) < Fraction(1, 10**26)


@given(FIGURES.filter(bool), FIGURES, FIGURES, st.sampled_from(Direction))
@settings(max_examples=100, deadline=None)
def test_a_better_actual_is_a_better_rate(
    goal: Decimal, one: Decimal, two: Decimal, direction: Direction
) -> None:
    kpi = Kpi(code="K", name="", kind=KpiKind.FLOW, direction=direction)
    low, high = sorted((one, two))
    worse, better = (low, high) if direction is Direction.HIGHER else (high, low)
    rates = [completion(kpi, goal, actual, Decimal("1.2")) for actual in (worse, better)]
    assert (
        rates[0].value is not None
        and rates[1].value is not None
        and rates[0].value <= rates[1].value
    )
    assert all(rate.score is not None and 0 <= rate.score <= Decimal("1.2") for rate in rates)
    assert completion(kpi, goal, goal, Decimal("1.2")).value == 1
