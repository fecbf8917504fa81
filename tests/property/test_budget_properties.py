"""For any budget and any task: caps, grants, the exact best, the reserve, blank against zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from salesplan.engine.money.budget import budget
from salesplan.engine.money.comparison import best_subset
from salesplan.plan.model import Approval, BudgetLine, Plan, ReserveDraw, Settings, Share

D = Decimal
AS_OF = date(2026, 6, 30)
CATEGORY_NAMES = ("获客", "客户维护", "应急储备")
REGION_NAMES = ("重点区域", "其他")

cents = st.integers(0, 40_000).map(lambda n: D(n) / 100)
amounts = st.one_of(st.none(), cents)


@st.composite
def percentages(draw: st.DrawFn, size: int) -> list[D]:
    """That many shares in hundredths of a percent that add up to exactly 1."""
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=size - 1, max_size=size - 1)))
    return [D(b - a) / 10_000 for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]


@st.composite
def lines(draw: st.DrawFn, code: int) -> BudgetLine:
    return BudgetLine(
        code=f"B{code}",
        category=draw(st.sampled_from(CATEGORY_NAMES[:2])),
        region=draw(st.sampled_from(REGION_NAMES)),
        priority=draw(st.one_of(st.none(), st.integers(1, 3))),
        must_have=draw(st.integers(0, 5)) == 0,
        requested=draw(amounts),
        least=draw(amounts),
        expected_return=draw(amounts),
    )


@st.composite
def plans(draw: st.DrawFn, most: int = 12) -> Plan:
    categories = draw(percentages(3))
    regions = draw(percentages(2))
    return Plan(
        settings=Settings(
            year=2026, budget_total=draw(st.integers(0, 200_000).map(lambda n: D(n) / 100))
        ),
        budget=tuple(draw(lines(i)) for i in range(draw(st.integers(0, most)))),
        category_shares=tuple(
            Share(name=name, share=share, reserve=name == "应急储备")
            for name, share in zip(CATEGORY_NAMES, categories, strict=True)
        ),
        region_shares=tuple(
            Share(name=name, share=share) for name, share in zip(REGION_NAMES, regions, strict=True)
        ),
    )


@given(plans(most=0))
def test_caps_are_exact_on_both_margins_and_within_a_cent_of_their_share(plan: Plan) -> None:
    caps, _, _, findings = budget(plan, AS_OF)
    total = plan.settings.budget_total
    assert total is not None
    assert findings == []
    assert sum(cap.cap for cap in caps) == total
    shares = {
        share.name: share.share or D(0) for share in (*plan.category_shares, *plan.region_shares)
    }
    for name, share in shares.items():
        margin = sum(cap.cap for cap in caps if name in (cap.category, cap.region))
        assert abs(margin - total * share) < D("0.01")
    for cap in caps:
        assert abs(cap.cap - total * shares[cap.category] * shares[cap.region]) < D("0.01")


@given(plans())
def test_grants_never_exceed_a_cap_and_are_whole_a_usable_part_or_nothing(plan: Plan) -> None:
    caps, results, _, _ = budget(plan, AS_OF)
    for cap in caps:
        inside = [
            line
            for line in plan.budget
            if (line.category, line.region) == (cap.category, cap.region)
        ]
        granted = sum((results[line.code].granted or D(0) for line in inside), D(0))
        assert granted == cap.granted
        assert granted <= cap.cap
        assert cap.left == cap.cap - granted
        for line in inside:
            grant = results[line.code].granted
            if line.requested is None:
                assert grant is None
            elif grant != line.requested:
                assert grant is not None
                assert grant == 0 or (
                    line.least is not None and line.least <= grant < line.requested
                )
                assert line.requested > cap.left


@given(plans())
def test_the_best_is_never_worse_than_what_was_granted(plan: Plan) -> None:
    _, results, summary, _ = budget(plan, AS_OF)
    assert summary.best_return is not None
    assert summary.best_return >= summary.granted_return
    assert summary.best_lines <= results.keys()


@given(plans(most=8), st.randoms())
def test_the_order_of_rows_matters_only_between_equals(plan: Plan, random: object) -> None:
    told_apart = tuple(replace(line, priority=i + 1) for i, line in enumerate(plan.budget))
    shuffled = list(told_apart)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    straight = budget(replace(plan, budget=told_apart), AS_OF)
    other = budget(replace(plan, budget=tuple(shuffled)), AS_OF)
    assert {code: r.granted for code, r in straight[1].items()} == {
        code: r.granted for code, r in other[1].items()
    }
    assert straight[2].best_return == other[2].best_return


@given(plans(most=8), st.integers(0, 7))
def test_a_blank_request_is_not_a_request_for_zero(plan: Plan, which: int) -> None:
    if which >= len(plan.budget):
        return
    code = plan.budget[which].code

    def asking(amount: D | None) -> Plan:
        return replace(
            plan,
            budget=tuple(
                replace(line, requested=amount) if line.code == code else line
                for line in plan.budget
            ),
        )

    blank, zero = budget(asking(None), AS_OF)[1][code], budget(asking(D(0)), AS_OF)[1][code]
    assert (blank.granted, blank.available, blank.status) == (None, None, None)
    assert zero.granted == zero.available == 0


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(-3, 30)), max_size=9),
    st.integers(0, 120),
)
def test_the_exact_search_finds_what_trying_everything_finds(
    items: list[tuple[int, int]], capacity: int
) -> None:
    found = best_subset([w for w, _ in items], [v for _, v in items], capacity)
    every = (chosen for size in range(len(items) + 1) for chosen in combinations(items, size))
    best = max(
        sum(v for _, v in chosen) for chosen in every if sum(w for w, _ in chosen) <= capacity
    )
    assert found is not None
    assert sum(items[i][0] for i in found) <= capacity
    assert sum(items[i][1] for i in found) == best


@given(
    st.lists(
        st.tuples(
            st.integers(0, 400),
            st.one_of(st.none(), st.integers(-5, 5_000)),
            st.sampled_from(Approval),
        ),
        max_size=12,
    )
)
def test_the_reserve_is_never_negative_and_its_balances_tell_what_is_left(
    rows: list[tuple[int, int | None, Approval]],
) -> None:
    draws = tuple(
        ReserveDraw(
            day=date(2026, 1, 1) + timedelta(days=days),
            reason="x",
            approver="y",
            status=status,
            amount=None if n is None else D(n),
        )
        for days, n, status in rows
    )
    plan = Plan(
        settings=Settings(year=2026, budget_total=D(100_000)),
        category_shares=(
            Share(name="获客", share=D("0.9")),
            Share(name="应急储备", share=D("0.1"), reserve=True),
        ),
        draws=draws,
    )
    _, _, summary, _ = budget(plan, AS_OF)
    counted = [i for i, balance in enumerate(summary.draw_balances) if balance is not None]
    assert all((summary.draw_balances[i] or D(0)) >= 0 for i in counted)
    assert summary.reserve_drawn == sum((draws[i].amount or D(0) for i in counted), D(0))
    assert summary.reserve_left == D(10_000) - summary.reserve_drawn
    assert all(
        draws[i].status is Approval.APPROVED and (draws[i].day or AS_OF) <= AS_OF for i in counted
    )


@given(plans())
def test_money_stays_decimal(plan: Plan) -> None:
    caps, results, summary, _ = budget(plan, AS_OF)
    figures = (
        [cap.cap for cap in caps]
        + [r.granted for r in results.values()]
        + [summary.best_return, summary.granted_return]
    )
    assert all(isinstance(figure, D) for figure in figures if figure is not None)
    assert sum(
        (Fraction(r.granted) for r in results.values() if r.granted is not None), Fraction(0)
    ) == Fraction(summary.granted)
