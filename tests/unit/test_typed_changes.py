"""Changes of 变更记录 where targets come from below, and of typed quarters."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from salesplan.engine.results import Results
from salesplan.plan.model import TargetRow
from tests.unit.changes import change
from tests.unit.goal_plans import kpi, row
from tests.unit.test_adjustments import SEPTEMBER, TWO_TEAMS, flat, run

NO_GOAL = kpi(target=None)
TYPED = (
    row("P", manual_year=120),
    row("Q", at=3, manual_year=120),
    row("R", at=4, manual_year=60),
)


def figures(results: Results, unit: str) -> list[int | None]:
    months = results.targets["K", unit].base_months
    return [None if month is None else int(month) for month in months]


def test_a_raise_below_reaches_the_sum_above_from_its_month_on() -> None:
    raised = change("C1", "K/P", "手工年度目标", "120", "240", 7)
    results = run(flat(TWO_TEAMS, raised, kpi=NO_GOAL, rows=TYPED), SEPTEMBER)
    assert figures(results, "P") == [10] * 6 + [30] * 6
    assert figures(results, "A") == [20] * 6 + [40] * 6
    assert figures(results, "C") == [25] * 6 + [45] * 6
    assert figures(results, "B") == [5] * 12


def test_who_goes_to_another_parent_takes_their_part_of_the_sum_along() -> None:
    moved = change("C1", "Q", "上级编码", "A", "B", 7)
    results = run(flat(TWO_TEAMS, moved, kpi=NO_GOAL, rows=TYPED), SEPTEMBER)
    assert figures(results, "A") == [20] * 6 + [10] * 6
    assert figures(results, "B") == [5] * 6 + [15] * 6
    assert figures(results, "C") == [25] * 12


def test_a_quarter_that_is_changed_in_its_course_leaves_the_rest_to_its_open_months() -> None:
    """Q3 was 150, 50 a month; from August on it is 180: 50 stands, 130 is left, 65 a month."""
    typed: TargetRow = replace(row("A"), manual_quarters=(None, None, Decimal(150), None))
    raised = change("C1", "K/A", "手工Q3", "150", "180", 8)
    results = run(flat(TWO_TEAMS, raised, rows=(typed,)), SEPTEMBER)
    assert figures(results, "A") == [60] * 6 + [50, 65, 65] + [60] * 3
    assert figures(results, "B") == [40] * 6 + [50, 35, 35] + [40] * 3


def test_a_goal_that_comes_in_the_course_of_the_year_has_no_target_before() -> None:
    goal = change("C1", "K", "公司年度目标", "", "1200", 7)
    results = run(flat(TWO_TEAMS, goal, kpi=NO_GOAL), SEPTEMBER)
    assert figures(results, "C") == [None] * 6 + [200] * 6
    assert figures(results, "P") == [None] * 6 + [60] * 6
    assert results.targets["K", "C"].year == 1200


def test_a_goal_over_sums_from_below_leaves_the_closed_months() -> None:
    """P's 120 are 10 a month and were the company's; from July on it has the rest of 1,200, 190 a
    month.
    """
    goal = change("C1", "K", "公司年度目标", "", "1200", 7)
    results = run(flat(TWO_TEAMS, goal, kpi=NO_GOAL, rows=TYPED[:1]), SEPTEMBER)
    assert figures(results, "C") == [10] * 6 + [190] * 6
    assert figures(results, "P") == [10] * 12
    assert figures(results, "Q") == [None] * 6 + [104] * 6


def test_a_first_typed_target_by_a_change_adds_up() -> None:
    first = change("C1", "K/P", "手工年度目标", "", "120", 7)
    results = run(flat(TWO_TEAMS, first, kpi=NO_GOAL), SEPTEMBER)
    assert [figures(results, unit) for unit in "CAP"] == [[None] * 6 + [20] * 6] * 3
    assert ("K", "Q") not in results.targets
