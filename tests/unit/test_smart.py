"""The SMART check: what a goal lacks, in order, and nothing that is merely unreadable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine import compute
from salesplan.engine.results import Results
from salesplan.engine.work.smart import smart
from salesplan.fill.columns import kpis
from salesplan.plan.model import (
    MICRO,
    Actuals,
    Direction,
    Kpi,
    KpiKind,
    Month,
    Plan,
    TargetBasis,
)
from tests.unit.goal_plans import codes, d, kpi, plan, row, tree

WHOLE = kpi(
    target=500,
    unit="万元",
    floor=d(450),
    stretch=d(550),
    due=date(2026, 6, 30),
    relevance="去年 420",
)


def lacks(one: Kpi) -> list[str]:
    return codes(smart(plan(tree("C"), one))["K"])


def test_a_goal_with_everything_is_smart() -> None:
    assert lacks(WHOLE) == []


def test_an_empty_goal_lacks_every_letter_in_order() -> None:
    bare = kpi(target=None, basis=TargetBasis.IMPROVEMENT)
    assert lacks(bare) == [
        "smart-no-unit",
        "smart-no-target",
        "smart-no-base",
        "smart-no-relevance",
        "smart-no-due",
    ]
    unread = replace(bare, broken=frozenset({"name", "unit", "target", "base", "relevance", "due"}))
    assert lacks(unread) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"stretch": d(490)}, "smart-beyond-stretch"),
        ({"floor": d(510)}, "smart-below-floor"),
        ({"target": None, "floor": d(5), "stretch": d(4)}, "smart-floor-beyond-stretch"),
        (
            {"direction": Direction.LOWER, "floor": d(600), "stretch": d(510)},
            "smart-beyond-stretch",
        ),
        ({"due": date(2027, 1, 1)}, "smart-due-outside"),
        ({"due": date(2025, 12, 31)}, "smart-due-outside"),
    ],
)
def test_what_cannot_be_attained_or_timed(fields: dict[str, object], code: str) -> None:
    assert code in lacks(replace(WHOLE, **fields))  # type: ignore[arg-type]


def test_where_lower_is_better_the_stretch_is_the_smallest() -> None:
    assert lacks(replace(WHOLE, direction=Direction.LOWER, floor=d(550), stretch=d(450))) == []
    better = replace(
        WHOLE,
        direction=Direction.LOWER,
        basis=TargetBasis.IMPROVEMENT,
        base=Decimal(9),
        target=d(2),
        floor=d(1),
        stretch=d(3),
    )
    assert lacks(better) == []


def test_a_target_on_the_companys_row_is_one() -> None:
    """So is a team's: what is typed below adds up to the company."""
    bare = replace(WHOLE, target=None)
    for given in (row("C", manual_year=500), row("C", months={6: 500})):
        assert codes(smart(plan(tree("C"), bare, rows=(given,)))["K"]) == []
    below = plan(tree("C", "  T"), bare, rows=(row("T", manual_year=500),))
    assert codes(smart(below)["K"]) == []
    assert codes(smart(plan(tree("C", "  T"), bare))["K"]) == ["smart-no-target"]


def test_what_is_only_part_of_a_rate_is_no_goal() -> None:
    paid, due = kpi("PAID", None, name="回款"), kpi("DUE", 300, name="应收")
    found = smart(
        plan(
            tree("C"),
            paid,
            due,
            replace(WHOLE, kind=KpiKind.RATIO, numerator="PAID", denominator="DUE"),
        )
    )
    assert sorted(found) == ["DUE", "K"]


def test_a_milestone_needs_no_unit() -> None:
    assert lacks(replace(WHOLE, kind=KpiKind.MILESTONE, unit="")) == []


# --- attainable: capacity, season, last year


def sold(*years: tuple[int, list[int]], unit: str = "C") -> Actuals:
    """Monthly figures of K, by year."""
    rows = [
        (Month(year, number), value)
        for year, months in years
        for number, value in enumerate(months, 1)
    ]
    blank, nothing = [""] * len(rows), [None] * len(rows)
    return Actuals(
        rows=range(2, 2 + len(rows)),
        day=nothing,
        month=[month for month, _ in rows],
        unit=[unit] * len(rows),
        kpi=["K"] * len(rows),
        product=blank,
        region=blank,
        customer=blank,
        channel=blank,
        quantity=nothing,
        value=[value * MICRO for _, value in rows],
        numerator=nothing,
        denominator=nothing,
        currency=blank,
    )


def judged(made: Plan, as_of: date = date(2026, 6, 30)) -> Results:
    return compute(made, month=Month.of(as_of), as_of=as_of)


LAST = [10, 10, 10, 10, 10, 10, 10, 10, 10, 40, 50, 60]
"""240 a year; the best three months bring 50 each."""


def test_what_the_people_can_bring_is_the_limit() -> None:
    """120 by June and six months of 50 make 420: 420 can be asked for, 421 cannot."""
    for target, expected in ((420, []), (421, ["smart-beyond-capacity"])):
        made = plan(tree("C"), replace(WHOLE, target=d(target), floor=None, stretch=None))
        made = replace(made, actuals=sold((2025, LAST), (2026, [20] * 6)))
        found = judged(made)
        assert codes(found.smart["K"]) == expected
        [one] = [one for one in found.smart_letters["K"][2].more if "capacity" in one.code]
        assert (one.params["mean"], one.params["reach"], one.params["since"]) == (
            50,
            420,
            Month(2025, 10),
        )


def test_people_who_leave_take_their_part_along() -> None:
    """Of two, one leaves in June: six months of 25."""
    units = tree("C", "  T", "    D", "      P", "      Q")
    gone = [replace(one, left=date(2026, 6, 30)) if one.code == "Q" else one for one in units]
    made = plan(tuple(gone), replace(WHOLE, target=d(300), floor=None, stretch=None))
    made = replace(made, actuals=sold((2025, LAST), (2026, [20] * 6)))
    [one] = [one for one in judged(made).smart_letters["K"][2].more if "capacity" in one.code]
    assert (one.params["reach"], one.params["presence"]) == (270, "50%")


def test_a_month_that_asks_for_more_than_it_ever_brought() -> None:
    """December brings 25 % of a year; 32 % is too much, 29 % is not."""
    for typed, expected in ((96, ["smart-beyond-season"]), (87, [])):
        made = plan(
            tree("C"),
            replace(WHOLE, target=d(300), floor=None, stretch=None),
            rows=(row("C", months={12: typed}),),
        )
        made = replace(made, actuals=sold((2025, LAST), (2026, [20] * 6)))
        assert codes(judged(made).smart["K"]) == expected


def test_a_growth_that_no_year_had() -> None:
    """From 100 to 110: 10 % at best. 145 (110 × 1.1 × 1.2 = 145.2) is not called into question."""
    flat = [8] * 8 + [9] * 4
    grown = [9] * 10 + [10] * 2
    for target, expected in ((145, []), (146, ["smart-beyond-growth"])):
        made = plan(tree("C"), replace(WHOLE, target=d(target), floor=None, stretch=None))
        made = replace(made, actuals=sold((2024, flat), (2025, grown), (2026, [15] * 6)))
        assert codes(judged(made).smart["K"]) == expected


def test_each_letter_has_its_reason() -> None:
    made = plan(tree("C"), WHOLE)
    five = judged(made).smart_letters["K"]
    assert [one.reason.code for one in five] == [
        "smart-specific",
        "smart-measured",
        "smart-in-order",
        "smart-relevant",
        "smart-timed",
    ]
    [cells] = kpis(made, judged(made), "zh")[0].values()
    assert cells["smart"] == (
        "SMART ● S 单位万元；M 500；A 在保底与挑战之间；R 有依据；T 2026-06-30"
    )
    lacking = plan(tree("C"), replace(WHOLE, relevance=""))
    [cells] = kpis(lacking, judged(lacking), "en")[0].values()
    assert cells["smart"] == (
        "S: in 万元; M: 500; A: between floor and stretch; ■ R: no reason given; T: 2026-06-30"
    )
