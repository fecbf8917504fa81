"""A change from a day within a month: that month is split by working days.

July 2026 has 22 working days in the United States, 11 of them before the 17th.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from salesplan.engine.changes.records import ChangeState
from salesplan.engine.results import Results
from salesplan.engine.views.explain import explain
from salesplan.messages import text
from salesplan.plan.model import Change, KpiKind, Lock, Month, Unit
from tests.unit.changes import change
from tests.unit.goal_plans import d, kpi, tree
from tests.unit.test_adjustments import (
    TWO_TEAMS,
    filled,
    flat,
    months,
    one,
    run,
    said,
)

JULY = Month(2026, 7)
MIDDLE = date(2026, 7, 17)


def halfway(*given: object, day: date = MIDDLE, at: int = 2) -> Change:
    """An approved change from the middle of July on: code, subject, field, before, after."""
    return change(*given, 7, at, day=day)  # type: ignore[arg-type]


def july(results: Results, unit: str) -> int:
    return months(results, unit)[6]


def test_a_years_target_leaves_the_part_before_the_day_as_it_was() -> None:
    """Half of July's 100 stands; the rest of 1,500 falls on 5½ months."""
    results = run(flat(TWO_TEAMS, halfway("C1", "K", "公司年度目标", "1200", "1500")))
    assert months(results, "C") == [100] * 6 + [127, 155, 155, 155, 154, 154]
    assert results.targets["K", "C"].base_year == 1500
    assert july(results, "A") + july(results, "B") == 127


def test_a_coefficient_shares_what_is_left_of_the_month() -> None:
    results = run(
        flat(
            TWO_TEAMS,
            halfway("C1", "A", "贡献系数", "0.6", "0.7"),
            halfway("C2", "B", "贡献系数", "0.4", "0.3", at=3),
        )
    )
    assert months(results, "C") == [100] * 12
    assert months(results, "A") == [60] * 6 + [30 + 35] + [70] * 5
    assert months(results, "B") == [40] * 6 + [20 + 15] + [30] * 5
    assert july(results, "P") + july(results, "Q") == 65


def test_a_hedge_asks_for_more_of_what_is_left_of_the_month() -> None:
    results = run(flat(TWO_TEAMS, halfway("C1", "B", "加成%", "", "10%")))
    team = results.targets["K", "B"]
    assert [int(m or 0) for m in team.months] == [40] * 6 + [42] + [44] * 5
    assert months(results, "B") == [40] * 12 and team.year == 502


def test_two_days_of_one_month_make_three_parts() -> None:
    """From the 9th (5 of 22 working days before it) 10 %, from the 17th 20 %."""
    units = tree("C", "  A:0.56", "  B:0.44")
    first = halfway("C1", "B", "加成%", "", "10%", day=date(2026, 7, 9))
    results = run(flat(units, first, halfway("C2", "B", "加成%", "10%", "20%", at=3)))
    issued = [int(m or 0) for m in results.targets["K", "B"].months]
    # 44: 10 before the 9th, 12 before the 17th, 22 from then on; extra 1.2 + 4.4.
    assert issued[6] == 44 + 6 and issued[5] == 44
    assert [one(results, code).day for code in ("C1", "C2")] == [date(2026, 7, 9), MIDDLE]


def test_a_transfer_takes_along_what_is_left_of_the_month() -> None:
    results = run(flat(TWO_TEAMS, halfway("C1", "Q", "上级编码", "A", "B")))
    assert months(results, "Q") == [30] * 12 and months(results, "C") == [100] * 12
    assert months(results, "A") == [60] * 6 + [45] + [30] * 5
    assert months(results, "B") == [40] * 6 + [55] + [70] * 5
    for team in "AB":
        assert set(results.targets["K", team].unassigned_months) == {0}


def test_who_loses_the_only_unit_within_january_keeps_what_was_its_own_of_it() -> None:
    """January 2026 has 20 working days, 11 of them before the 19th; in no whole month was anybody
    below B.
    """
    moved = change("C1", "R", "上级编码", "B", "C", 1, 1, day=date(2026, 1, 19))
    team = run(flat(TWO_TEAMS, moved), Month(2026, 1)).targets["K", "B"]
    assert [int(m or 0) for m in team.base_months] == [22] + [0] * 11
    assert (team.children_sum, team.unassigned) == (22, 0)
    assert set(team.unassigned_months) == {0}


def test_a_hand_over_takes_what_is_left_of_the_month_as_it_lies() -> None:
    """66 of P's 15 + 5 × 30 are two fifths of each."""
    results = run(flat(TWO_TEAMS, halfway("C1", "K/P→R", "移交", "", "66")))
    assert months(results, "P") == [30] * 6 + [24] + [18] * 5
    assert months(results, "R") == [40] * 6 + [46] + [52] * 5
    too_much = run(flat(TWO_TEAMS, halfway("C1", "K/P→R", "移交", "", "166")))
    assert said(too_much.findings) == {"change-handover-too-much": "changes!G2"}


def test_a_typed_month_is_the_whole_months() -> None:
    """Typed is typed: 80 in July, of which 30 stood before the day."""
    results = run(flat(TWO_TEAMS, halfway("C1", "K/A", "手工7月", "空", "80")))
    assert months(results, "A") == [60] * 6 + [80] + [60] * 5
    assert july(results, "B") == 20 and july(results, "P") + july(results, "Q") == 80


def test_a_level_is_what_stands_at_the_months_end_and_a_rate_the_mean() -> None:
    raised = halfway("C1", "K", "公司年度目标", "100", "150")
    level = run(flat(TWO_TEAMS, raised, kpi=kpi(target=100, kind=KpiKind.STOCK)))
    assert months(level, "C") == [100] * 6 + [150] * 6
    rate = kpi(target="0.6", kind=KpiKind.RATIO, unit="%")
    results = run(flat(TWO_TEAMS, halfway("C1", "K", "公司年度目标", "60%", "70%"), kpi=rate))
    assert results.targets["K", "P"].months == (d("0.6"),) * 6 + (d("0.65"),) + (d("0.7"),) * 5
    point = kpi(target="0.6", kind=KpiKind.POINT, unit="%")
    results = run(flat(TWO_TEAMS, halfway("C1", "K", "公司年度目标", "60%", "70%"), kpi=point))
    assert results.targets["K", "P"].months == (d("0.6"),) * 6 + (d("0.7"),) * 6


@pytest.mark.parametrize(("day", "first"), [(date(2026, 7, 1), 6), (date(2026, 8, 1), 7)])
def test_a_day_with_no_working_day_on_one_side_splits_nothing(day: date, first: int) -> None:
    """The first of July, and Saturday the first of August."""
    given = change("C1", "B", "加成%", "", "10%", day.month, day=day)
    team = run(flat(TWO_TEAMS, given)).targets["K", "B"]
    assert [int(m or 0) for m in team.months] == [40] * first + [44] * (12 - first)


def test_a_day_after_the_last_working_day_is_the_next_month() -> None:
    given = change("C1", "B", "加成%", "", "10%", 5, day=date(2026, 5, 30))
    results = run(flat(TWO_TEAMS, given))
    assert (one(results).since, one(results).day) == (Month(2026, 6), None)


def test_who_joins_on_the_day_has_a_full_share_of_what_is_left() -> None:
    """B shares 40 with S, who comes on the 17th: 20 stood for R, then 10 each."""
    units = tree("C", "  A:0.6", "    P:1", "  B:0.4", "    R:0.5", "    S:0.5")
    units = tuple(replace(u, joined=MIDDLE) if u.code == "S" else u for u in units)
    raised = halfway("C1", "K", "公司年度目标", "1200", "1310")
    results = run(flat(units, raised))
    # July: 50 stand, 60 from the 17th on: of B's 24 each has 12, and of B's 20 R has half.
    assert (july(results, "C"), july(results, "B")) == (110, 44)
    assert (july(results, "S"), july(results, "R")) == (12, 22)


def test_a_lock_that_the_rest_of_the_split_month_cannot_meet_refuses_the_change() -> None:
    """A year of 700 leaves 50 from the middle of July on; B's locked months are 220 there."""
    locked = filled(run(flat()), "B", Lock.MONTHS)
    less = halfway("C1", "K", "公司年度目标", "1200", "700")
    raised = halfway("C2", "K", "公司年度目标", "1200", "1420", at=3)
    results = run(flat(TWO_TEAMS, less, raised, rows=(locked,)))
    assert [one(results, code).state for code in ("C1", "C2")] == [
        ChangeState.REFUSED,
        ChangeState.SCHEDULED,
    ]
    assert said(results.findings) == {"change-target-locked": "changes!D2"}
    assert months(results, "B") == [40] * 12 and july(results, "C") == 50 + 70


def test_explain_says_how_the_month_falls() -> None:
    units: tuple[Unit, ...] = TWO_TEAMS
    given = flat(units, halfway("C1", "Q", "上级编码", "A", "B"))
    results = run(given)
    unit = given.unit_by_code["A"]
    for month in (None, JULY):
        [*_, step] = explain(given, results, given.kpis[0], unit, month)
        [told] = [reason for reason in step.reasons if reason.code == "why-split"]
        assert text(told, "en") == (
            "2026-07 is split by working days: 11 of 22 before 2026-07-17 keep 30, the rest has 15"
        )


def test_the_report_says_from_which_day() -> None:
    results = run(flat(TWO_TEAMS, halfway("C1", "B", "加成%", "", "10%")), JULY)
    assert one(results).state is ChangeState.IN_FORCE
    assert "2026-07-17" in text(one(results).reason, "zh")
