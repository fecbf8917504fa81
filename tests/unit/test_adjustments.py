"""Changes in the course of the year: in force from their month on, the baseline beside, conflicts
found.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine import compute, current
from salesplan.engine.changes.records import Adjustment, ChangeState
from salesplan.engine.results import Results
from salesplan.engine.targets.target import Target
from salesplan.engine.views.explain import explain
from salesplan.findings import Finding
from salesplan.messages import text
from salesplan.plan.model import (
    Actuals,
    Approval,
    BudgetLine,
    Change,
    KpiKind,
    Level,
    Lock,
    Month,
    Plan,
    ReserveDraw,
    Settings,
    Share,
    Spending,
    SpendKind,
    Task,
    TaskStatus,
    Unit,
)
from tests.unit import plans
from tests.unit.changes import change, with_aim
from tests.unit.goal_plans import change as altered
from tests.unit.goal_plans import d, kpi, origin, plan, row, tree

TWO_TEAMS = tree("C", "  A:0.6", "    P:0.5", "    Q:0.5", "  B:0.4", "    R:1")
EVEN = (Decimal(1) / 12,) * 12
JUNE, SEPTEMBER = Month(2026, 6), Month(2026, 9)


def even(code: str = "K") -> tuple[object, ...]:
    from tests.unit.goal_plans import history

    return history(dict.fromkeys(range(1, 13), (100, 100, 100)), code)


def flat(
    units: tuple[Unit, ...] = TWO_TEAMS, *changes: Change, target: int = 1200, **fields: object
) -> Plan:
    """1,200 in twelve months of 100 (country US: no Spring Festival), with these changes."""
    given = plan(
        units,
        fields.pop("kpi", None) or kpi(target=target),
        seasonality=even(),
        settings=Settings(year=2026, country="US"),
        **fields,
    )  # type: ignore[arg-type]
    return replace(given, changes=tuple(with_aim(given, one) for one in changes))


def run(given: Plan, month: Month = JUNE) -> Results:
    return compute(given, month=month, as_of=month.last)


def months(results: Results, unit: str, code: str = "K") -> list[int]:
    return [int(value) for value in results.targets[code, unit].base_months if value is not None]


def one(results: Results, code: str = "C1") -> Adjustment:
    return next(found for found in results.adjustments if found.change == code)


def said(findings: tuple[Finding, ...]) -> dict[str, str]:
    """Codes of what stands against changes, by their cells; who is not told is another matter."""
    return {
        f.code: f"{f.place.sheet}!{f.place.cell}"
        for f in findings
        if f.code.startswith("change-") and f.code != "change-not-synchronised"
    }


# --- targets
# --------------------------------------------------------------------------------------------------


def test_a_year_target_raised_from_july_leaves_the_half_year_and_falls_on_the_open_months() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "K", "公司年度目标", "1200", "1500", 7)))
    assert months(results, "C") == [100] * 6 + [150] * 6
    assert months(results, "A") == [60] * 6 + [90] * 6
    assert months(results, "P") == [30] * 6 + [45] * 6
    company = results.targets["K", "C"]
    assert (company.base_year, results.baseline["K", "C"].base_year) == (1500, 1200)
    assert [(r.since, r.changes, r.base_year) for r in company.revisions] == [
        (Month(2026, 7), ("C1",), Decimal(1500))
    ]
    assert (
        one(results).state is ChangeState.SCHEDULED
        and one(run(flat(TWO_TEAMS, change("C1", "K", "公司年度目标", "1200", "1500", 6)))).state
        is ChangeState.IN_FORCE
    )


def test_baseline_current_and_actual_stand_side_by_side() -> None:
    given = flat(TWO_TEAMS, change("C1", "K", "公司年度目标", "1200", "1500", 7))
    given = replace(
        given,
        actuals=plans.rows(
            {"at": 2, "unit": "P", "value": 70}, {"at": 5, "unit": "R", "value": 50}
        ),
    )
    shifts = {shift.unit: shift for shift in one(run(given)).shifts}
    assert list(shifts) == ["C", "A", "P", "Q", "B", "R"]
    assert (shifts["C"].baseline_year, shifts["C"].year, shifts["C"].actual) == (1200, 1500, 120)
    assert (shifts["B"].baseline_months, shifts["B"].months[6], shifts["B"].actual) == (
        (Decimal(40),) * 12,
        60,
        50,
    )


def test_a_coefficient_changed_in_october_shifts_the_open_months_between_the_siblings_only() -> (
    None
):
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "A", "贡献系数", "0.6", "70%", 10),
            change("C2", "B", "贡献系数", "40%", "0.3", 10, 3),
        )
    )
    assert months(results, "A") == [60] * 9 + [70] * 3
    assert months(results, "B") == [40] * 9 + [30] * 3
    assert months(results, "C") == [100] * 12 and not results.targets["K", "C"].revisions
    assert said(results.findings) == {}


def test_a_manual_year_is_what_the_closed_months_hold_and_the_rest() -> None:
    held = (row("A", at=2, manual_year=720),)
    results = run(flat(TWO_TEAMS, change("C1", "K/A", "手工年度目标", "720", "660", 7), rows=held))
    assert months(results, "A") == [60] * 6 + [50] * 6
    assert months(results, "B") == [40] * 6 + [50] * 6


def test_a_base_year_is_compared_with_what_the_engine_worked_out() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "K/B", "基准年度目标", "480", "540", 7)))
    assert (months(results, "B"), months(results, "A")) == (
        [40] * 6 + [50] * 6,
        [60] * 6 + [50] * 6,
    )
    conflict = run(flat(TWO_TEAMS, change("C1", "K/B", "基准年度目标", "470", "540", 7)))
    assert one(conflict).state is ChangeState.CONFLICT and said(conflict.findings) == {
        "change-conflict": "changes!F2"
    }
    assert months(conflict, "B") == [40] * 12


def test_the_company_s_base_year_is_its_target() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "K/C", "基准年度目标", "1200", "1500", 7)))
    assert months(results, "C") == [100] * 6 + [150] * 6


def test_a_manual_month_to_come_can_be_set_and_one_that_is_over_cannot() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "K/P", "手工9月", "", "60", 7)))
    assert (
        months(results, "P")[8] == 60
        and months(results, "Q")[8] == 0
        and months(results, "A") == [60] * 12
    )
    over = run(flat(TWO_TEAMS, change("C1", "K/P", "手工3月", "", "60", 7)))
    assert (one(over).state, said(over.findings)) == (
        ChangeState.REFUSED,
        {"change-month-closed": "changes!G2"},
    )


def test_changes_of_one_cell_follow_each_other() -> None:
    given = flat(
        TWO_TEAMS,
        change("C2", "K", "公司年度目标", "1500", "1530", 10, 3),
        change("C1", "K", "公司年度目标", "1200", "1500", 7),
    )
    results = run(given)
    assert months(results, "C") == [100] * 6 + [150] * 3 + [160] * 3
    assert [r.base_year for r in results.targets["K", "C"].revisions] == [1500, 1530]
    assert [adjustment.change for adjustment in results.adjustments] == ["C2", "C1"], (
        "in sheet order"
    )
    same_month = run(
        flat(
            TWO_TEAMS,
            change("C1", "K/B", "基准年度目标", "480", "540", 7),
            change("C2", "K/B", "基准年度目标", "540", "600", 7, 3),
        )
    )
    assert months(same_month, "B") == [40] * 6 + [60] * 6


def test_a_change_built_on_one_that_is_refused_is_a_conflict() -> None:
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "K", "公司年度目标", "1100", "1500", 7),
            change("C2", "K", "公司年度目标", "1500", "1530", 10, 3),
        )
    )
    assert [adjustment.state for adjustment in results.adjustments] == [ChangeState.CONFLICT] * 2
    assert results.targets == results.baseline


def test_a_year_below_its_closed_months_is_refused() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "K", "公司年度目标", "1200", "500", 7)))
    assert said(results.findings) == {"change-below-closed": "changes!G2"}
    finding = one(results).reason
    assert (finding.params["closed"], one(results).state) == (600, ChangeState.REFUSED)


def test_a_value_finer_than_the_smallest_unit_is_refused() -> None:
    assert said(
        run(flat(TWO_TEAMS, change("C1", "K", "公司年度目标", "1200", "1500.5", 7))).findings
    ) == {"change-not-multiple": "changes!G2"}


def test_a_hedge_changed_in_july_asks_for_more_from_july_on() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "B", "加成%", "", "10%", 7)))
    team = results.targets["K", "B"]
    assert [int(m or 0) for m in team.months] == [40] * 6 + [44] * 6
    assert (team.base_year, team.year) == (480, 504)
    assert [int(m or 0) for m in results.targets["K", "R"].months] == [40] * 6 + [44] * 6


def test_a_colleague_who_leaves_in_september_leaves_the_months_before() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "P", "离职日", "", "2026-08-31", 9)))
    assert months(results, "P") == [30] * 8 + [0] * 4
    assert results.targets["K", "A"].unassigned == 120 and months(results, "Q") == [30] * 12


def test_levels_change_from_their_month_on() -> None:
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "K", "公司年度目标", "100", "150", 7),
            kpi=kpi(target=100, kind=KpiKind.STOCK),
        )
    )
    assert (months(results, "C"), months(results, "B")) == (
        [100] * 6 + [150] * 6,
        [40] * 6 + [60] * 6,
    )
    assert results.targets["K", "C"].year == 150


def test_rates_change_from_their_month_on() -> None:
    rate = kpi(target="0.6", kind=KpiKind.RATIO, unit="%")
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "K", "公司年度目标", "60%", "0.65", 7),
            change("C2", "K/B", "手工年度目标", "空", "50%", 10, 3),
            kpi=rate,
        )
    )
    assert results.targets["K", "P"].months == (d("0.6"),) * 6 + (d("0.65"),) * 6
    assert results.targets["K", "R"].months == (d("0.6"),) * 6 + (d("0.65"),) * 3 + (d("0.5"),) * 3
    assert results.baseline["K", "R"].year == d("0.6") and results.targets["K", "R"].year == d(
        "0.5"
    )
    assert all(
        adjustment.aim is not None and adjustment.aim.percent for adjustment in results.adjustments
    )


def test_a_kpi_that_no_change_concerns_is_the_same_record() -> None:
    given = plan(TWO_TEAMS, kpi(), kpi("L", 77))
    given = replace(
        given, changes=(with_aim(given, change("C1", "K", "公司年度目标", "1200", "1500", 7)),)
    )
    results = run(given)
    assert all(
        results.targets["L", code] is results.baseline["L", code] for code in ("C", "A", "P")
    )


# --- transfers and hand-overs
# --------------------------------------------------------------------------------------


def test_a_person_takes_the_target_along_and_both_sides_change_alike() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "Q", "上级编码", "A", "B", 9)), SEPTEMBER)
    assert months(results, "Q") == [30] * 12
    assert (months(results, "A"), months(results, "B")) == (
        [60] * 8 + [30] * 4,
        [40] * 8 + [70] * 4,
    )
    assert (
        months(results, "C") == [100] * 12
        and months(results, "P") == [30] * 12
        and months(results, "R") == [40] * 12
    )
    a, b = results.targets["K", "A"], results.targets["K", "B"]
    assert (a.children_sum, a.unassigned, b.children_sum, b.unassigned) == (600, 0, 600, 0)
    assert (results.targets["K", "Q"].parent_target, b.parent_target) == (600, 1200)
    assert {shift.unit for shift in one(results).shifts} == {"A", "B", "Q"}


def test_after_a_transfer_the_remarks_say_what_the_difference_is() -> None:
    """差额 is made of the months that were each parent's, so 校验 must not call a month of before
    unassigned.
    """
    results = run(flat(TWO_TEAMS, change("C1", "Q", "上级编码", "A", "B", 9)), SEPTEMBER)
    for unit in "AB":
        target = results.targets["K", unit]
        assert target.unassigned == 0 and target.coverage == 1
        said = {remark.code for remark in target.remarks}
        assert said.isdisjoint({"target-unassigned", "target-overassigned", "target-covered"})


def test_what_was_achieved_before_a_transfer_stays_where_it_was() -> None:
    given = flat(TWO_TEAMS, change("C1", "Q", "上级编码", "A", "B", 9))
    actuals = plans.rows(
        *({"at": m, "unit": "Q", "value": 10, "product": "X"} for m in range(7, 11))
    )
    results = run(replace(given, actuals=actuals), Month(2026, 10))
    assert [int(v) for v in results.monthly["K", "A"] if v is not None] == [10, 10]
    assert [int(v) for v in results.monthly["K", "B"] if v is not None] == [10, 10]
    assert [int(v) for v in results.monthly["K", "C"] if v is not None] == [10] * 4
    now = current(replace(given, actuals=actuals), results)
    assert now.unit_by_code["Q"].parent == "B" and [unit.code for unit in now.children["B"]] == [
        "Q",
        "R",
    ]
    from salesplan.engine.actuals.facts import Facts

    facts = Facts.of(now, date(2026, 10, 31))
    assert (
        facts.by("K", "product", Month(2026, 1), Month(2026, 10), "A")
        == facts.by("K", "product", Month(2026, 1), Month(2026, 10), "B")
        == {"X": 20}
    )


def test_a_level_reported_before_a_transfer_goes_along() -> None:
    given = flat(
        TWO_TEAMS,
        change("C1", "Q", "上级编码", "A", "B", 9),
        kpi=kpi(target=100, kind=KpiKind.STOCK),
    )
    given = replace(
        given,
        actuals=plans.rows(
            {"at": 7, "unit": "Q", "value": 10, "product": "X"}, {"at": 7, "unit": "R", "value": 4}
        ),
    )
    results = run(given, Month(2026, 10))
    assert [int(v) for v in results.monthly["K", "A"] if v is not None] == [10, 10]
    assert [int(v) for v in results.monthly["K", "B"] if v is not None] == [4, 4, 14, 14]


def test_a_transfer_back_ends_where_it_began() -> None:
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "Q", "上级编码", "A", "B", 4),
            change("C2", "Q", "上级编码", "B", "A", 9, 3),
        ),
        SEPTEMBER,
    )
    assert months(results, "A") == [60] * 3 + [30] * 5 + [60] * 4
    assert months(results, "B") == [40] * 3 + [70] * 5 + [40] * 4


def test_a_later_raise_keeps_the_transfer() -> None:
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "Q", "上级编码", "A", "B", 4),
            change("C2", "K", "公司年度目标", "1200", "1500", 7, 3),
        )
    )
    assert months(results, "Q") == [30] * 6 + [45] * 6
    assert months(results, "A") == [60] * 3 + [30] * 3 + [45] * 6
    assert months(results, "B") == [40] * 3 + [70] * 3 + [105] * 6


def test_a_base_year_after_a_transfer_is_the_one_that_is_shown() -> None:
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "Q", "上级编码", "A", "B", 7),
            change("C2", "K/B", "基准年度目标", "660", "720", 10, 3),
        )
    )
    assert months(results, "B") == [40] * 6 + [70] * 3 + [90] * 3
    assert months(results, "A") == [60] * 6 + [30] * 3 + [10] * 3


@pytest.mark.parametrize(
    "moves",
    [
        [("Q", "上级编码", "A", "B", 6)],
        [("K/P→R", "移交", "", "12", 7)],
        [("Q", "上级编码", "A", "B", 6), ("K/P→R", "移交", "", "12", 7)],
    ],
)
def test_who_leaves_after_a_move_has_what_the_days_leave(moves: list[tuple]) -> None:
    """R leaves in the middle of August; its other months stand at 0, and August is not theirs."""
    since = [change(f"M{at}", *move) for at, move in enumerate(moves)]
    results = run(flat(TWO_TEAMS, *since, change("C1", "R", "离职日", "", "2026-08-14", 8)))
    before = run(flat(TWO_TEAMS, *since))
    r, alone = months(results, "R"), months(before, "R")
    assert r[:7] == alone[:7] and r[8:] == [0] * 4
    assert 0 < r[7] < alone[7]
    team = results.targets["K", "B"]
    assert months(results, "B") == months(before, "B")
    assert [int(one) for one in team.unassigned_months if one is not None] == [
        had - has for had, has in zip(alone, r, strict=True)
    ]


def test_a_manual_year_after_a_transfer_is_the_one_that_is_shown() -> None:
    """B has 480 and 180 of Q's from July on; from September on it is to have 700, and 650 later."""
    moved = change("M", "Q", "上级编码", "A", "B", 7)
    first = change("C1", "K/B", "手工年度目标", "", "700", 9)
    results = run(flat(TWO_TEAMS, moved, first))
    assert results.targets["K", "B"].base_year == 700
    assert months(results, "B")[:8] == [40] * 6 + [70] * 2
    then = change("C2", "K/B", "手工年度目标", "700", "650", 10)
    assert run(flat(TWO_TEAMS, moved, first, then)).targets["K", "B"].base_year == 650


def test_what_moves_after_a_manual_year_comes_on_top_of_it() -> None:
    typed = change("C1", "K/B", "手工年度目标", "", "500", 5)
    moved = change("M", "Q", "上级编码", "A", "B", 7)
    alone = run(flat(TWO_TEAMS, typed))
    along = sum(months(alone, "Q")[6:])
    month = change("C2", "K/B", "手工10月", "", "90", 9)
    results = run(flat(TWO_TEAMS, typed, moved, month))
    assert results.targets["K", "B"].base_year == 500 + along
    assert months(results, "B")[9] == 90


def test_a_rate_is_handed_down_by_the_new_parent() -> None:
    rate = kpi(target="0.6", kind=KpiKind.RATIO)
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "Q", "上级编码", "A", "B", 9),
            kpi=rate,
            rows=(row("B", manual_year="0.5"),),
        )
    )
    assert results.targets["K", "Q"].months == (d("0.6"),) * 8 + (d("0.5"),) * 4


def test_a_person_below_a_hedged_team_is_asked_for_more() -> None:
    units = altered(TWO_TEAMS, "B", hedge=d("0.1"))
    results = run(flat(units, change("C1", "Q", "上级编码", "A", "B", 9)))
    assert [int(m or 0) for m in results.targets["K", "Q"].months] == [30] * 8 + [33] * 4
    assert results.targets["K", "Q"].base_year == 360


def test_a_coefficient_of_a_group_that_somebody_left_or_joined_decides_nothing_more() -> None:
    transfer = change("C1", "Q", "上级编码", "A", "B", 7)
    results = run(flat(TWO_TEAMS, transfer, change("C2", "R", "贡献系数", "1", "0.9", 10, 3)))
    assert (
        said(results.findings) == {"change-coefficient-moved": "changes!E3"}
        and months(results, "R") == [40] * 12
    )
    before = run(flat(TWO_TEAMS, transfer, change("C2", "R", "贡献系数", "1", "0.9", 4, 3)))
    assert (
        said(before.findings) == {}
        and months(before, "R") == [40] * 3 + [36] * 9
        and results.targets["K", "B"].base_year == 660
    )


@pytest.mark.parametrize(
    ("unit", "before", "after"), [("A", "C", "P"), ("A", "C", "A"), ("C", "", "A")]
)
def test_nobody_is_below_himself(unit: str, before: str, after: str) -> None:
    results = run(flat(TWO_TEAMS, change("C1", unit, "上级编码", before, after, 7)))
    assert said(results.findings) == {"change-parent-impossible": "changes!G2"}


def test_a_customer_handed_over_moves_equal_months_between_two_people() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "K/P→R", "移交", "", "60", 7)))
    assert (months(results, "P"), months(results, "R")) == (
        [30] * 6 + [20] * 6,
        [40] * 6 + [50] * 6,
    )
    assert (months(results, "A"), months(results, "B")) == (
        [60] * 6 + [50] * 6,
        [40] * 6 + [50] * 6,
    )
    assert months(results, "C") == [100] * 12
    assert results.targets["K", "A"].unassigned == results.targets["K", "B"].unassigned == 0


def test_teams_hand_over_what_their_people_have_in_proportion() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "K/A -> B", "hand-over", "", "120", 7)))
    assert (months(results, "P"), months(results, "Q"), months(results, "R")) == (
        [30] * 6 + [20] * 6,
        [30] * 6 + [20] * 6,
        [40] * 6 + [60] * 6,
    )
    assert results.targets["K", "A"].unassigned == 0


def test_a_level_handed_over_is_less_in_each_month() -> None:
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "K/A→B", "移交", "", "10", 11),
            kpi=kpi(target=100, kind=KpiKind.STOCK),
        )
    )
    assert (months(results, "A"), months(results, "B")) == (
        [60] * 10 + [50] * 2,
        [40] * 10 + [50] * 2,
    )


@pytest.mark.parametrize(
    "given", [("K/A", "基准年度目标", "720", "700", 7), ("K/P→R", "移交", "", "1", 7)]
)
def test_where_another_error_leaves_no_target_the_change_is_not_blamed_for_it(
    given: tuple[str, str, str, str, int],
) -> None:
    """Its value before, and those who hand over, are as they should be: the smallest unit is
    not.
    """
    results = run(
        flat(TWO_TEAMS, change("C1", *given), kpi=kpi(target=1200, smallest_unit=Decimal(0)))
    )
    assert (
        said(results.findings) == {"change-target-unknown": "changes!D2"}
        and one(results).state is ChangeState.REFUSED
    )


def test_nobody_hands_over_more_than_there_is() -> None:
    assert said(run(flat(TWO_TEAMS, change("C1", "K/P→R", "移交", "", "181", 7))).findings) == {
        "change-handover-too-much": "changes!G2"
    }
    assert said(run(flat(TWO_TEAMS, change("C1", "K/P→A", "移交", "", "1", 7))).findings) == {
        "change-handover-nobody": "changes!D2"
    }
    levels = kpi(levels=frozenset({Level.COMPANY, Level.TEAM}))
    assert said(
        run(flat(TWO_TEAMS, change("C1", "K/P→R", "移交", "", "1", 7), kpi=levels)).findings
    ) == {"change-handover-nobody": "changes!D2"}


# --- locks
# --------------------------------------------------------------------------------------------------


def filled(results: Results, unit: str, lock: Lock | None, at: int = 5) -> object:
    target: Target = results.targets["K", unit]
    return row(
        unit,
        at=at,
        lock=lock,
        stored_base_year=target.base_year,
        stored_year=target.year,
        stored_months=target.months,
    )


@pytest.mark.parametrize(
    "subject", ["K/B|基准年度目标|480|540", "R|上级编码|B|A", "K/R→P|移交||10"]
)
def test_a_change_does_not_break_a_lock(subject: str) -> None:
    locks = (filled(run(flat()), "B", Lock.YEAR),)
    results = run(flat(TWO_TEAMS, change("C1", *subject.split("|"), 7), rows=locks))
    assert said(results.findings) == {"change-target-locked": "changes!D2"}
    assert months(results, "B") == [40] * 12


@pytest.mark.parametrize("lock", list(Lock))
def test_locked_units_stay_when_a_change_raises_the_company_and_filling_again_changes_nothing(
    lock: Lock,
) -> None:
    raised = change("C1", "K", "公司年度目标", "1200", "1500", 7)
    results = run(flat(TWO_TEAMS, raised, rows=(filled(run(flat()), "B", lock),)))
    assert results.targets["K", "B"].base_year == 480 and months(results, "B")[:6] == [40] * 6
    assert months(results, "A") == [60] * 6 + [110] * 6
    again = run(flat(TWO_TEAMS, raised, rows=(filled(results, "B", lock),)))
    assert {key: target.months for key, target in again.targets.items()} == {
        key: target.months for key, target in results.targets.items()
    }


@pytest.mark.parametrize("lock", list(Lock))
def test_a_lock_put_on_after_a_change_holds_what_is_filled_now(lock: Lock) -> None:
    """A lock holds from the start: B's year of 600, or its months as they are filled."""
    raised = change("C1", "K", "公司年度目标", "1200", "1500", 7)
    results = run(flat(TWO_TEAMS, raised))
    again = run(flat(TWO_TEAMS, raised, rows=(filled(results, "B", lock),)))
    assert again.targets["K", "B"].base_year == results.targets["K", "B"].base_year == 600
    assert again.targets["K", "C"].months == results.targets["K", "C"].months
    if lock is Lock.MONTHS:
        assert again.targets["K", "B"].months == results.targets["K", "B"].months


@pytest.mark.parametrize("lock", list(Lock))
@pytest.mark.parametrize(
    "subject", ["K/B|基准年度目标|480|540", "R|上级编码|B|A", "K/R→P|移交||10"]
)
def test_a_change_that_a_lock_put_on_later_does_not_allow_is_refused(
    subject: str, lock: Lock
) -> None:
    made = change("C1", *subject.split("|"), 7)
    results = run(flat(TWO_TEAMS, made))
    locks = tuple(filled(results, unit, lock, 5 + at) for at, unit in enumerate(("A", "B")))
    again = run(flat(TWO_TEAMS, made, rows=locks))
    assert one(again).state is ChangeState.REFUSED
    assert said(again.findings) == {"change-target-locked": "changes!D2"}
    for unit in ("A", "B"):
        assert again.targets["K", unit].base_year == results.targets["K", unit].base_year


def test_a_change_that_leaves_a_locked_target_above_its_parent_is_refused() -> None:
    """B's 480 are locked: a goal of 300 from July on cannot be had with them, and its siblings
    stay.
    """
    less = change("C1", "K", "公司年度目标", "1200", "700", 7)
    raised = change("C2", "A", "加成%", "空", "10%", 7, 3)
    results = run(flat(TWO_TEAMS, less, raised, rows=(filled(run(flat()), "B", Lock.MONTHS),)))
    assert [one(results, code).state for code in ("C1", "C2")] == [
        ChangeState.REFUSED,
        ChangeState.SCHEDULED,
    ]
    assert said(results.findings) == {"change-target-locked": "changes!D2"}
    assert months(results, "C") == [100] * 12 and months(results, "B") == [40] * 12


# --- who is concerned, and which share holds
# -----------------------------------------------------------------------


def test_everybody_whose_target_a_change_alters_is_concerned() -> None:
    """A's coefficient falls from July on: its people and B with R have other targets, and only A is
    told.
    """
    less = change("C1", "A", "贡献系数", "0.6", "0.5", 7, notify=("A",))
    more = change("C2", "B", "贡献系数", "0.4", "0.5", 7, 3, notify=("A", "B", "P", "Q", "R"))
    results = run(flat(TWO_TEAMS, less, more))
    assert one(results).untold == ("B", "P", "Q", "R") and one(results, "C2").untold == ()
    assert [shift.unit for shift in one(results).shifts] == ["A", "P", "Q", "B", "R"]
    assert [
        (f.place.cell, f.params["units"])
        for f in results.findings
        if f.code == "change-not-synchronised"
    ] == [("M2", ["B", "P", "Q", "R"])]


def test_after_a_transfer_the_share_shown_is_the_one_that_holds_now() -> None:
    results = run(flat(TWO_TEAMS, change("C1", "Q", "上级编码", "A", "B", 7)))
    for code in "PQR":
        target = results.targets["K", code]
        assert target.coefficient is not None and target.parent_target is not None
        assert round(target.coefficient * target.parent_target, 9) == target.base_year


# --- what no change touches
# ----------------------------------------------------------------------------------------


def test_a_change_below_the_company_rounds_nothing_anew_above_it() -> None:
    """61 a year by two teams of 50 %, from May 60 : 40: the company's months stay, to the unit."""
    units = tree("C", "  A:0.5", "  B:0.5")
    first, second = (
        change("C1", "A", "贡献系数", "0.5", "0.6", 5),
        change("C2", "B", "贡献系数", "0.5", "0.4", 5, 3),
    )
    before = run(flat(units, target=61))
    after = run(flat(units, first, second, target=61))
    assert months(after, "C") == months(before, "C")
    assert months(after, "A")[:4] == months(before, "A")[:4]
    assert sum(months(after, "A")[4:]) > sum(months(before, "A")[4:])


def test_a_coefficient_leaves_everybody_alone_whom_it_does_not_concern() -> None:
    units = tree("C", "  A:0.5", "    P:0.34", "    Q:0.66", "  B:0.5", "    R:0.3", "    S:0.7")
    before = run(flat(units, target=617))
    after = run(
        flat(
            units,
            change("C1", "P", "贡献系数", "0.34", "0.5", 4),
            change("C2", "Q", "贡献系数", "0.66", "0.5", 4, 3),
            target=617,
        )
    )
    for code in "CABRS":
        assert after.targets["K", code].base_months == before.targets["K", code].base_months
    assert months(after, "P")[:3] == months(before, "P")[:3] != months(after, "P")[3:6]


def test_a_hedge_leaves_the_base_alone() -> None:
    units = tree("C", "  A:0.5", "    P:0.34", "    Q:0.66", "  B:0.5", "    R:0.3", "    S:0.7")
    before = run(flat(units, target=617))
    after = run(flat(units, change("C1", "P", "加成%", "空", "10%", 4), target=617))
    for key, target in before.targets.items():
        assert after.targets[key].base_months == target.base_months
    assert after.targets["K", "P"].months[:3] == before.targets["K", "P"].months[:3]
    assert after.targets["K", "P"].year > before.targets["K", "P"].year


# --- what stands against a change
# ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "state", "code"),
    [
        ({"status": Approval.PENDING}, ChangeState.PENDING, "adjust-pending"),
        ({"status": None}, ChangeState.PENDING, "adjust-pending"),
        ({"status": Approval.REJECTED}, ChangeState.REJECTED, "adjust-rejected"),
        ({"approver": ""}, ChangeState.INCOMPLETE, "adjust-no-approver"),
        ({"approved": None}, ChangeState.INCOMPLETE, "adjust-no-day"),
        ({"effective": None}, ChangeState.INCOMPLETE, "adjust-no-month"),
        ({"effective": Month(2025, 12)}, ChangeState.INCOMPLETE, "adjust-outside-year"),
        ({"broken": frozenset({"after"})}, ChangeState.INCOMPLETE, "adjust-unreadable"),
    ],
)
def test_what_is_not_approved_by_somebody_on_a_day_from_a_month_on_is_not_in_force(
    fields: dict[str, object], state: ChangeState, code: str
) -> None:
    given = flat(TWO_TEAMS, change("C1", "K", "公司年度目标", "1200", "1500", 7))
    results = run(replace(given, changes=(replace(given.changes[0], **fields),)))  # type: ignore[arg-type]
    assert (one(results).state, one(results).reason.code) == (state, code)
    assert results.targets == results.baseline and months(results, "C") == [100] * 12


def test_who_may_not_approve_does_not() -> None:
    given = flat(TWO_TEAMS, change("C1", "K", "公司年度目标", "1200", "1500", 7))
    given = replace(given, settings=replace(given.settings, approvers=("李总",)))
    assert one(run(given)).reason.code == "adjust-not-approver"


def test_a_change_that_is_approved_late_holds_from_its_month_on_all_the_same() -> None:
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "K", "公司年度目标", "1200", "1500", 4, approved=date(2026, 7, 2)),
        ),
        Month(2026, 7),
    )
    assert months(results, "C") == [100] * 3 + [134] * 3 + [133] * 6
    assert (one(results).since, one(results).reason.code) == (Month(2026, 4), "adjust-in-force")


def test_without_a_company_nothing_takes_effect() -> None:
    given = flat(TWO_TEAMS, change("C1", "K", "公司年度目标", "1200", "1500", 7))
    results = run(
        replace(
            given, units=tuple(replace(unit, parent=None, level=Level.TEAM) for unit in given.units)
        )
    )
    assert (one(results).state, one(results).reason.code) == (
        ChangeState.REFUSED,
        "adjust-no-company",
    )


def test_those_whom_it_concerns_and_nobody_tells_are_named() -> None:
    results = run(
        flat(TWO_TEAMS, change("C1", "Q", "上级编码", "A", "B", 9, notify=("B", "q@example.com")))
    )
    assert one(results).untold == ("Q", "A")
    assert [
        (f.place.cell, f.params["units"])
        for f in results.findings
        if f.code == "change-not-synchronised"
    ] == [("M2", ["Q", "A"])]
    named = altered(TWO_TEAMS, "Q", email="q@example.com")
    assert (
        one(
            run(
                flat(
                    named,
                    change("C1", "Q", "上级编码", "A", "B", 9, notify=("a", "B", "Q@example.com")),
                )
            )
        ).untold
        == ()
    )


def test_without_before_the_change_waits_and_the_plan_s_value_is_named() -> None:
    """What was approved is not known to be what the plan says: 480 is to be entered."""
    waits = run(flat(TWO_TEAMS, change("C1", "K/B", "基准年度目标", "", "540", 7)))
    assert one(waits).state is ChangeState.CONFLICT
    assert said(waits.findings) == {"change-before-blank": "changes!F2"}
    (finding,) = (found for found in waits.findings if found.code == "change-before-blank")
    assert finding.params["plan"] == 480


def test_a_blank_before_is_no_zero() -> None:
    """保底 is blank; a change from 0 is a conflict, one from nothing is not."""
    conflict, fine = (
        run(flat(TWO_TEAMS, change("C1", "K", "保底", before, "900", 6))) for before in ("0", "空")
    )
    assert (one(conflict).state, said(conflict.findings)) == (
        ChangeState.CONFLICT,
        {"change-conflict": "changes!F2"},
    )
    assert one(fine).state is ChangeState.IN_FORCE


def test_the_company_s_last_open_month_cannot_leave_the_year_behind() -> None:
    """December of 50 where 1,100 are over and 1,200 is the year: nobody could take the other 50.
    With the year changed first both hold.
    """
    december, year = (
        change("C1", "K/C", "手工12月", "空", "50", 12, 3),
        change("C2", "K", "公司年度目标", "1200", "1150", 12),
    )
    alone = run(flat(TWO_TEAMS, december), Month(2026, 12))
    assert (one(alone).state, said(alone.findings)) == (
        ChangeState.REFUSED,
        {"change-no-month-open": "changes!G3"},
    )
    assert alone.targets["K", "C"].months[11] == 100
    both = run(flat(TWO_TEAMS, year, december), Month(2026, 12))
    assert {adjustment.state for adjustment in both.adjustments} == {ChangeState.IN_FORCE}
    assert (
        both.targets["K", "C"].year,
        both.targets["K", "C"].months[11],
        both.targets["K", "A"].months[11],
    ) == (1150, 50, 30)
    early = run(
        flat(
            TWO_TEAMS,
            change("C1", "K/C", "手工11月", "空", "50", 11),
            change("C3", "K/C", "手工12月", "空", "100", 11, 3),
        ),
        Month(2026, 12),
    )
    assert [adjustment.state for adjustment in early.adjustments] == [
        ChangeState.IN_FORCE,
        ChangeState.REFUSED,
    ]
    assert early.targets["K", "C"].months[10:] == (50, 150)


def test_a_year_that_the_company_s_fixed_months_cannot_meet_is_refused() -> None:
    """The month first, then another year from the same month on: it finds no month for the
    difference.
    """
    results = run(
        flat(
            TWO_TEAMS,
            change("C1", "K/C", "手工12月", "空", "100", 12),
            change("C2", "K", "公司年度目标", "1200", "1300", 12, 3),
        ),
        Month(2026, 12),
    )
    assert [adjustment.state for adjustment in results.adjustments] == [
        ChangeState.IN_FORCE,
        ChangeState.REFUSED,
    ]
    assert (
        said(results.findings) == {"change-no-month-open": "changes!G3"}
        and results.targets["K", "C"].year == 1200
    )


def test_a_closed_month_of_a_rate_is_refused_too() -> None:
    """A rate is copied and not divided; its months that are over stand all the same, and the change
    must not say that it holds.
    """
    rate = kpi("R", target="0.6", kind=KpiKind.RATIO, unit="%")
    closed, to_come = (
        run(flat(TWO_TEAMS, change("C1", "R/A", f"手工{month}月", "空", "50%", 6), kpi=rate))
        for month in (3, 8)
    )
    assert (one(closed).state, one(closed).reason.code) == (
        ChangeState.REFUSED,
        "change-month-closed",
    )
    assert one(to_come).state is ChangeState.IN_FORCE and to_come.targets["R", "A"].months[6:8] == (
        d("0.6"),
        d("0.5"),
    )


# --- everything that has one value
# ---------------------------------------------------------------------------------

TASK = Task(
    code="T1",
    content="名单",
    owner="P",
    due=date(2026, 6, 12),
    start=date(2026, 6, 1),
    progress=d("0.5"),
)


def test_a_due_day_and_an_owner_change_in_the_report_of_their_month() -> None:
    due, owner = (
        change("C1", "T1", "时间节点", "2026-06-12", "2026-08-31", 7),
        change("C2", "T1", "负责人", "P", "R", 6, 3),
    )
    given = flat(TWO_TEAMS, due, owner, tasks=(TASK,))
    june, july = run(given), run(given, Month(2026, 7))
    assert (june.tasks["T1"].status, july.tasks["T1"].status) == (
        TaskStatus.OVERDUE,
        TaskStatus.BEHIND,
    )
    assert "R" in june.tasks_by_owner and "P" not in june.tasks_by_owner
    assert [adjustment.state for adjustment in june.adjustments] == [
        ChangeState.SCHEDULED,
        ChangeState.IN_FORCE,
    ]
    assert [adjustment.reason.code for adjustment in june.adjustments] == [
        "adjust-scheduled",
        "adjust-in-force",
    ]
    assert current(given, june).tasks[0].due == date(2026, 6, 12) and current(given, july).tasks[
        0
    ] == replace(TASK, due=date(2026, 8, 31), owner="R")
    assert given.tasks[0] == TASK, "the master's plan is the baseline"


def test_an_owner_is_the_same_by_code_and_by_name() -> None:
    named = altered(TWO_TEAMS, "P", name="张三")
    results = run(flat(named, change("C1", "T1", "负责人", "张三", "R", 6), tasks=(TASK,)))
    assert one(results).state is ChangeState.IN_FORCE


LINE = BudgetLine(
    code="B1", category="获客", region="东", requested=d(10), origin=origin("budget", 2)
)
MONEY = {
    "budget": (LINE,),
    "category_shares": (Share(name="获客", share=d(1)),),
    "region_shares": (Share(name="东", share=d(1)),),
    "spending": (
        Spending(day=date(2026, 3, 1), budget="B1", kind=SpendKind.SPENT, amount=d(6)),
        Spending(day=date(2026, 4, 1), budget="B1", kind=SpendKind.COMMITTED, amount=d(2)),
    ),
}


def money(*changes: Change) -> Plan:
    given = flat(TWO_TEAMS, **MONEY)  # type: ignore[arg-type]
    given = replace(given, settings=replace(given.settings, budget_total=d(20)))
    return replace(given, changes=tuple(with_aim(given, one) for one in changes))


def test_a_grant_adjusted_is_what_is_available() -> None:
    results = run(money(change("C1", "B1", "批准额", "10", "12", 6)))
    line = results.budget["B1"]
    assert (line.granted, line.available, one(results).actual) == (12, 4, 8)
    assert run(money(change("C1", "B1", "批准额", "10", "12", 7))).budget["B1"].granted == 10
    assert said(run(money(change("C1", "B1", "批准额", "9", "12", 6))).findings) == {
        "change-conflict": "changes!F2"
    }


@pytest.mark.parametrize("subject", ["B1|批准额|10|7.99", "B1|申请额|10|7", "预算总额||20|7"])
def test_a_cut_below_what_is_spent_and_committed_is_refused(subject: str) -> None:
    words = subject.split("|")
    subject, *words = words if words[1] else [words[0], "值", *words[2:]]
    results = run(money(change("C1", subject, *words, 6)))
    assert (one(results).state, said(results.findings)) == (
        ChangeState.REFUSED,
        {"change-cut-below-use": "changes!G2"},
    )
    assert results.budget["B1"].granted == 10
    assert one(run(money(change("C1", "B1", "批准额", "10", "8", 6)))).state is ChangeState.IN_FORCE


@pytest.mark.parametrize(
    ("subject", "before", "after", "refused"),
    [
        ("预算总额", "20", "9", True),
        ("预算总额", "20", "10", False),
        ("储备比例", "20%", "5%", True),
        ("储备比例", "20%", "10%", False),
    ],
)
def test_what_was_drawn_of_the_reserve_is_not_cut_away(
    subject: str, before: str, after: str, refused: bool
) -> None:
    """20 with a reserve of a fifth; 8 are spent and committed, 2 of the 4 were drawn."""
    draw = ReserveDraw(
        day=date(2026, 2, 2),
        reason="投诉",
        amount=d(2),
        approver="王总",
        status=Approval.APPROVED,
        origin=origin("draws", 2),
    )
    given = money()
    given = replace(given, settings=replace(given.settings, reserve_share=d("0.2")), draws=(draw,))
    given = replace(
        given, changes=(with_aim(given, change("C1", subject, "值", before, after, 6)),)
    )
    results = run(given)
    assert (one(results).state is ChangeState.REFUSED, said(results.findings)) == (
        refused,
        {"change-cut-below-use": "changes!G2"} if refused else {},
    )


def test_a_line_that_has_spent_is_not_left_without_any_grant() -> None:
    results = run(money(change("C1", "B1", "申请额", "10", "空", 6)))
    assert (one(results).state, said(results.findings)) == (
        ChangeState.REFUSED,
        {"change-cut-below-use": "changes!G2"},
    )
    assert results.budget["B1"].granted == 10


def test_a_setting_changes_in_its_month() -> None:
    given = flat(TWO_TEAMS, change("C1", "黄灯", "值", "90%", "85%", 7))
    assert (
        current(given, run(given)).settings.amber,
        current(given, run(given, Month(2026, 7))).settings.amber,
    ) == (d("0.9"), d("0.85"))


def test_a_master_without_changes_gives_its_own_plan_back() -> None:
    given = replace(flat(), actuals=Actuals())
    results = run(given)
    assert (
        current(given, results) == given
        and results.targets is results.baseline
        and results.adjustments == ()
    )


# --- on paper
# --------------------------------------------------------------------------------------------------


def test_the_paper_goes_from_the_baseline_through_the_changes_to_now() -> None:
    given = flat(
        altered(TWO_TEAMS, "B", hedge=d("0.1")),
        change("C1", "K", "公司年度目标", "1200", "1500", 7),
        change("C2", "Q", "上级编码", "A", "B", 9, 3),
    )
    results = run(given)
    steps = explain(given, results, given.kpis[0], given.unit_by_code["B"])
    assert [text(reason, "en") for reason in steps[-1].reasons] == [
        "“C” 1,200 × coefficient 40% = 480",
        "change C1 from 2026-07: 480 → 600",
        "change C2 from 2026-09: 600 → 780",
        "base 780 plus hedge 10%: issued 858",
    ]
    assert steps[-1].value == 858
    october = explain(given, results, given.kpis[0], given.unit_by_code["Q"], Month(2026, 10))
    assert [step.unit.code for step in october] == ["C", "B", "Q"]
    assert [text(reason, "zh") for reason in october[1].reasons] == [
        "“C”该月 100 × 系数 40% = 40, 取整 40",
        "变更 C1 自 2026-07 起: 该月 40 → 60",
        "变更 C2 自 2026-09 起: 该月 60 → 105",
        "基准 105, 加成后下达 115",
    ]
    march = explain(given, results, given.kpis[0], given.unit_by_code["Q"], Month(2026, 3))
    assert [step.unit.code for step in march] == ["C", "A", "Q"] and [
        reason.code for reason in march[-1].reasons
    ] == ["why-month-share"]


def test_each_figure_says_what_has_changed_it() -> None:
    hedged, transfer = (
        altered(TWO_TEAMS, "B", hedge=d("0.1")),
        change("C1", "Q", "上级编码", "A", "B", 9),
    )
    targets = run(flat(hedged, transfer, change("C2", "K/P", "手工9月", "", "20", 9, 3))).targets
    assert [reason.code for reason in targets["K", "Q"].derivation] == [
        "why-coefficient",
        "why-change",
        "why-transfer",
        "why-hedges",
    ]
    assert (
        targets["K", "Q"].derivation[-1].params["hedges"] == ["0%", "10%"]
        and targets["K", "Q"].year == 240 + 44 + 3 * 33
    )
    assert [reason.code for reason in targets["K", "B"].derivation][-2:] == [
        "why-change",
        "why-hedges",
    ]
    assert "target-changed" in [remark.code for remark in targets["K", "A"].remarks]
    year_stays = run(
        flat(
            TWO_TEAMS,
            change("C1", "K/A", "手工9月", "", "90", 7),
            rows=(row("A", manual_year=720),),
        )
    ).targets["K", "A"]
    assert (year_stays.base_year, year_stays.base_months[8]) == (720, 90)
    assert [reason.code for reason in year_stays.derivation] == ["why-manual", "why-change-months"]


def test_every_month_and_year_on_paper_ends_at_the_figure_that_is_filled() -> None:
    given = flat(
        TWO_TEAMS,
        change("C1", "K", "公司年度目标", "1200", "1537", 5),
        change("C2", "Q", "上级编码", "A", "B", 9, 3),
        change("C3", "K/P→R", "移交", "", "17", 10, 4),
    )
    results = run(given)
    for (_, unit), target in results.targets.items():
        for index, month in enumerate(given.settings.months):
            step = explain(given, results, given.kpis[0], given.unit_by_code[unit], month)[-1]
            assert step.value == target.months[index]
            last = step.reasons[-1]
            assert (last.code == "why-month-change") == (
                target.base_months[index] != results.baseline["K", unit].base_months[index]
            )
            assert last.params.get("after", last.params.get("value")) == target.base_months[index]


def test_a_setting_that_is_blanked_is_its_default_again() -> None:
    given = flat(TWO_TEAMS)
    given = replace(given, settings=replace(given.settings, green=d("0.95")))
    given = replace(given, changes=(with_aim(given, change("C1", "绿灯", "绿灯", "95%", "空", 6)),))
    results = run(given)
    assert one(results).state is ChangeState.IN_FORCE
    assert current(given, results).settings.green == Settings(year=2026).green


def test_a_transfer_that_is_not_yet_in_force_lists_both_sides() -> None:
    """In June, Q goes from A to B from September on: what A gives B takes, and C above both is not
    touched.
    """
    results = run(flat(TWO_TEAMS, change("C1", "Q", "上级编码", "A", "B", 9)), Month(2026, 6))
    (one,) = results.adjustments
    assert one.state is ChangeState.SCHEDULED
    moved = {shift.unit: (shift.year or 0) - (shift.baseline_year or 0) for shift in one.shifts}
    assert moved["A"] < 0 < moved["B"] and moved["A"] + moved["B"] == 0
    assert "C" not in moved
