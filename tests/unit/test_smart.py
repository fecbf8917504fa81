"""The SMART check: what a goal lacks, in order, and nothing that is merely unreadable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine.work.smart import smart
from salesplan.plan.model import Direction, Kpi, KpiKind, TargetBasis
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
