"""Caps on both margins, allocation with reasons, use, reserve, and the exact knapsack beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest

from salesplan.engine.money.budget import budget
from salesplan.engine.money.comparison import best_subset
from salesplan.engine.money.month_ends import month_ends, total_ends
from salesplan.findings import Finding
from salesplan.messages import catalogue, fix, text
from salesplan.plan.model import (
    AmountUnit,
    Approval,
    BudgetLine,
    BudgetStatus,
    Origin,
    Plan,
    ReserveDraw,
    Settings,
    Share,
    Spending,
    SpendKind,
    Task,
)

D = Decimal
AS_OF = date(2026, 6, 30)
COLUMNS = {
    "code": "A",
    "category": "B",
    "region": "C",
    "task": "D",
    "priority": "E",
    "must_have": "F",
    "requested": "G",
    "least": "H",
    "expected_return": "I",
    "manual_grant": "J",
}
DRAW_COLUMNS = {
    "day": "A",
    "reason": "B",
    "amount": "C",
    "applicant": "D",
    "approver": "E",
    "status": "F",
}
SHARE_COLUMNS = {"name": "A", "share": "B"}
CATEGORIES = (("获客", "0.4"), ("客户维护", "0.2"), ("团队激励", "0.3"), ("应急储备", "0.1"))


def shares(*pairs: tuple[str, str]) -> tuple[Share, ...]:
    return tuple(
        Share(
            name=name,
            share=D(share),
            reserve=name == "应急储备",
            origin=Origin("", "预算分配", 2 + i, SHARE_COLUMNS),
        )
        for i, (name, share) in enumerate(pairs)
    )


def line(
    code: str, requested: str | None = None, *, row: int = 2, category: str = "获客", **more: object
) -> BudgetLine:
    amount = None if requested is None else D(requested)
    return BudgetLine(
        code=code,
        category=category,
        requested=amount,
        origin=Origin("", "预算", row, COLUMNS),
        **more,
    )  # type: ignore[arg-type]


def plan(
    lines: Sequence[BudgetLine] = (),
    total: str | None = "100000",
    categories: tuple[Share, ...] = shares(*CATEGORIES),
    regions: tuple[Share, ...] = (),
    **more: object,
) -> Plan:
    settings = Settings(year=2026, budget_total=None if total is None else D(total))
    return Plan(
        settings=settings,
        budget=tuple(lines),
        category_shares=categories,
        region_shares=regions,
        **more,
    )  # type: ignore[arg-type]


def codes(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.place.cell) for finding in findings]


def granted(of: Plan) -> dict[str, D | None]:
    return {code: result.granted for code, result in budget(of, AS_OF)[1].items()}


def reasons(of: Plan) -> dict[str, str]:
    return {
        code: result.reason.code if result.reason else ""
        for code, result in budget(of, AS_OF)[1].items()
    }


# caps


def test_caps_are_exact_on_both_margins() -> None:
    regions = shares(("重点区域", "0.6"), ("其他", "0.4"))
    caps, _, summary, findings = budget(plan(total="1000000", regions=regions), AS_OF)
    cells = {(cap.category, cap.region): cap.cap for cap in caps}
    assert cells["获客", "重点区域"] == 240000
    assert cells["应急储备", "其他"] == 40000
    assert summary.reserve == 100000
    assert findings == []


def test_caps_that_cannot_be_exact_in_each_cell_are_exact_in_their_sums() -> None:
    thirds = shares(("A", "0.3333"), ("B", "0.3333"), ("C", "0.3334"))
    caps, *_ = budget(plan(total="100.01", categories=thirds, regions=thirds), AS_OF)
    assert sum(cap.cap for cap in caps) == D("100.01")
    for name, whole in (("A", D("33.33")), ("B", D("33.33")), ("C", D("33.35"))):
        in_category = sum(cap.cap for cap in caps if cap.category == name)
        in_region = sum(cap.cap for cap in caps if cap.region == name)
        assert (in_category, in_region) == (whole, whole)
    assert all(cap.cap == cap.cap.quantize(D("0.01")) for cap in caps)


def test_amounts_in_wan_are_capped_to_one_yuan() -> None:
    thirds = shares(("A", "0.3333"), ("B", "0.3333"), ("C", "0.3334"))
    base = plan(total="10", categories=thirds, regions=thirds)
    caps, *_ = budget(
        replace(base, settings=replace(base.settings, amount_unit=AmountUnit.WAN)), AS_OF
    )
    assert sum(cap.cap for cap in caps) == 10
    assert all(cap.cap == cap.cap.quantize(D("0.0001")) for cap in caps)


def test_shares_that_miss_100_percent_are_an_error_and_never_rescaled() -> None:
    caps, _, _, findings = budget(
        plan(
            [line("B1", "1")], total="1000", categories=shares(("获客", "0.4"), ("团队激励", "0.5"))
        ),
        AS_OF,
    )
    assert [cap.cap for cap in caps] == [400, 500]
    assert codes(findings) == [("budget-shares-sum", "B2")]
    assert "90%" in text(findings[0], "zh")
    assert "10%" in text(findings[0], "en")


def test_region_shares_that_miss_100_percent_are_named_as_such() -> None:
    caps, _, _, findings = budget(
        plan(total="1000", regions=shares(("东", "0.6"), ("西", "0.5"))), AS_OF
    )
    assert codes(findings) == [("budget-region-shares-sum", "B2")]
    assert sum(cap.cap for cap in caps) == 1100


def test_a_third_computed_in_a_cell_is_no_error() -> None:
    third = repr(1 / 3)
    caps, _, _, findings = budget(
        plan(total="100", categories=shares(("A", third), ("B", third), ("C", third))), AS_OF
    )
    assert findings == []
    assert sorted(cap.cap for cap in caps) == [D("33.33"), D("33.33"), D("33.34")]


def test_reserve_share_in_the_settings_counts_towards_100_percent() -> None:
    base = plan(total="1000", categories=shares(("获客", "0.6"), ("客户维护", "0.3")))
    _, _, summary, findings = budget(
        replace(base, settings=replace(base.settings, reserve_share=D("0.1"))), AS_OF
    )
    assert findings == []
    assert summary.reserve == 100


@pytest.mark.parametrize("total", ["0.15", "0.17", "45548.66", "1000.05"])
@pytest.mark.parametrize("held_back", ["category", "setting"])
def test_the_reserve_and_the_other_caps_are_the_total_to_the_cent(
    total: str, held_back: str
) -> None:
    """0.15 at 90 + 10 % is 0.13 + 0.02 or 0.14 + 0.01, never 0.14 + 0.02."""
    given = shares(
        ("获客", "0.45"),
        ("客户维护", "0.255"),
        ("团队激励", "0.195"),
        *((("应急储备", "0.1"),) if held_back == "category" else ()),
    )
    base = plan(total=total, categories=given)
    settings = replace(base.settings, reserve_share=D("0.1") if held_back == "setting" else None)
    found, _, summary, _ = budget(replace(base, settings=settings), AS_OF)
    assert summary.reserve is not None
    assert sum(cap.cap for cap in found if cap.category != "应急储备") + summary.reserve == D(total)
    assert abs(summary.reserve - D(total) / 10) < D("0.01")


def test_of_two_different_reserve_shares_the_settings_stand() -> None:
    base = plan(total="1000")
    assert (
        budget(replace(base, settings=replace(base.settings, reserve_share=D("0.05"))), AS_OF)[
            2
        ].reserve
        == 50
    )


@pytest.mark.parametrize(
    ("total", "categories", "expected"),
    [
        (None, shares(*CATEGORIES), []),
        ("-1", shares(*CATEGORIES), []),
        ("1000", (), [("budget-shares-missing", "B2")]),
        ("1000", shares(("获客", "1.1"), ("客户维护", "-0.1")), []),
    ],
)
def test_without_sound_caps_nothing_is_granted(
    total: str | None, categories: tuple[Share, ...], expected: list[tuple[str, str]]
) -> None:
    lines = [line("B1", "10", category="客户维护")]
    _, results, summary, findings = budget(plan(lines, total=total, categories=categories), AS_OF)
    assert codes(findings) == expected
    assert results["B1"].granted is None
    assert results["B1"].reason == Finding.of("grant-no-cap")
    assert results["B1"].status is None
    assert summary.granted == 0


def test_a_line_without_a_cap_gets_no_figure_and_is_told_why() -> None:
    lines = [
        line("B1", "10", category="广告", row=5),
        line("B2", "10", region="北", row=6),
        line("B3", "10", row=7),
    ]
    result = budget(plan(lines, regions=shares(("东", "0.6"), ("西", "0.4"))), AS_OF)
    assert [entry.reason for entry in result[1].values()] == [Finding.of("grant-no-cap")] * 3
    assert [result[1][code].granted for code in ("B1", "B2", "B3")] == [None] * 3


def test_a_reserve_whose_share_is_blank_grants_nothing_either() -> None:
    blank = (*shares(("获客", "0.9")), Share(name="应急储备", reserve=True))
    assert granted(plan([line("B1", "10", category="应急储备")], categories=blank)) == {"B1": D(0)}


def test_without_region_shares_a_region_on_a_line_binds_nothing() -> None:
    assert granted(plan([line("B1", "10", region="华东")])) == {"B1": D(10)}


def test_nothing_is_granted_from_the_reserve() -> None:
    of = plan(
        [
            line("B1", "10", category="应急储备"),
            line("B2", category="应急储备", manual_grant=D(5), row=3),
        ]
    )
    _, results, summary, findings = budget(of, AS_OF)
    assert codes(findings) == [("budget-from-reserve", "B2"), ("budget-from-reserve", "B3")]
    assert {result.granted for result in results.values()} == {D(0)}
    assert summary.reserve == 10000


# allocation


def test_order_is_must_have_priority_return_date_row() -> None:
    tasks = (
        Task(code="T1", content="", start=date(2026, 5, 1)),
        Task(code="T2", content="", due=date(2026, 4, 1)),
    )
    in_order = [
        line("must", "10000", must_have=True),
        line("first", "10000", priority=1),
        line("rich", "10000", priority=2, expected_return=D(30000)),
        line("early", "10000", priority=2, expected_return=D(20000), task="T2"),
        line("late", "10000", priority=2, expected_return=D(20000), task="T1"),
        line("upper", "10000", priority=2, expected_return=D(20000)),
        line("lower", "10000", priority=2, expected_return=D(20000)),
        line("zero", "10000", priority=2, expected_return=D(0)),
        line("unknown", "10000", priority=2),
        line("blank priority", "10000", expected_return=D(90000)),
    ]
    for fitting in range(len(in_order) + 1):
        shuffled = [in_order[i] for i in (9, 7, 4, 2, 5, 0, 6, 8, 1, 3)]
        of = plan(
            shuffled, total=str(10000 * fitting), categories=shares(("获客", "1")), tasks=tasks
        )
        full = {code for code, amount in granted(of).items() if amount}
        assert full == {entry.code for entry in in_order[:fitting]}


def test_all_or_nothing_unless_a_part_is_of_use_and_a_smaller_line_may_follow() -> None:
    lines = [
        line("B1", "30000", priority=1),
        line("B2", "15000", priority=2),
        line("B3", "18000", priority=3, least=D(10000)),
        line("B4", "1", priority=4),
    ]
    of = plan(lines)
    assert granted(of) == {"B1": D(30000), "B2": D(0), "B3": D(10000), "B4": D(0)}
    reason = budget(of, AS_OF)[1]["B3"].reason
    assert reason is not None
    assert text(reason, "zh") == "部分: 类别余额不足, 差 8,000"
    none = budget(of, AS_OF)[1]["B2"].reason
    assert none is not None
    assert text(none, "zh") == "未批准: 类别余额 10,000, 差 5,000"


def test_a_later_smaller_line_still_fits() -> None:
    lines = [
        line("B1", "30000", priority=1),
        line("B2", "15000", priority=2),
        line("B3", "8000", priority=3),
    ]
    assert granted(plan(lines)) == {"B1": D(30000), "B2": D(0), "B3": D(8000)}


def test_a_part_below_the_least_usable_amount_is_not_granted() -> None:
    assert (
        granted(
            plan([line("B1", "35000", priority=1), line("B2", "9000", priority=2, least=D(5001))])
        )["B2"]
        == 0
    )


def test_must_haves_above_the_cap_are_an_error_that_names_what_is_missing() -> None:
    lines = [
        line("B1", "1000", priority=1, row=2),
        line("B2", "30000", must_have=True, priority=1, row=3),
        line("B3", "20000", must_have=True, priority=2, row=4),
    ]
    result = budget(plan(lines), AS_OF)
    assert codes(result[3]) == [("budget-must-have-over-cap", "G4")]
    assert "10,000" in text(result[3][0], "zh")
    assert [result[1][code].granted for code in ("B1", "B2", "B3")] == [1000, 30000, 0]


def test_manual_grants_stand_as_typed_and_come_off_first() -> None:
    lines = [
        line("B1", "30000", must_have=True, row=2),
        line("B2", "20000", manual_grant=D(15000), row=3),
    ]
    result = budget(plan(lines), AS_OF)
    assert [result[1][code].granted for code in ("B1", "B2")] == [0, 15000]
    assert [finding.code for finding in result[3]] == ["budget-must-have-over-cap"]


def test_manual_grant_over_the_cap_is_an_error_and_leaves_nothing() -> None:
    lines = [
        line("B1", "1", row=2),
        line("B2", manual_grant=D(45000), row=3),
        line("B3", manual_grant=D(1), row=4),
    ]
    caps, results, _, findings = budget(plan(lines), AS_OF)
    assert codes(findings) == [("budget-manual-over-cap", "J3"), ("budget-manual-over-cap", "J4")]
    assert [finding.params["over"] for finding in findings] == [5000, 1]
    assert [results[code].granted for code in ("B1", "B2", "B3")] == [0, 45000, 1]
    assert caps[0].left == -5001


def test_a_manual_grant_of_zero_is_a_grant_and_a_blank_is_none() -> None:
    of = plan([line("B1", "10", manual_grant=D(0)), line("B2", "10")])
    assert granted(of) == {"B1": D(0), "B2": D(10)}
    assert reasons(of)["B1"] == "grant-manual"


def test_a_blank_request_gets_no_figure_at_all() -> None:
    of = plan([line("B1"), line("B2", "0")])
    assert granted(of) == {"B1": None, "B2": D(0)}
    assert reasons(of) == {"B1": "grant-no-amount", "B2": "grant-full"}


@pytest.mark.parametrize("field", ["requested", "least", "manual_grant"])
def test_a_negative_amount_is_granted_nothing(field: str) -> None:
    bad = replace(line("B1", "10"), **{field: D(-1)})  # type: ignore[arg-type]
    result = budget(plan([bad]), AS_OF)[1]["B1"]
    assert (result.granted, result.reason) == (None, Finding.of("grant-no-amount"))


def test_an_unreadable_cell_stops_what_depends_on_it_and_nothing_else() -> None:
    lines = [
        replace(line("B1"), broken=frozenset({"requested"})),
        line("B2", "10"),
        line("B3", "10", manual_grant=D(7)),
        line("B4", "10", category="客户维护"),
        replace(line("B5", "10", category="客户维护"), broken=frozenset({"category"})),
    ]
    of = plan(lines)
    assert granted(of) == {"B1": None, "B2": None, "B3": D(7), "B4": D(10), "B5": None}
    assert reasons(of) == {
        "B1": "",
        "B2": "grant-blocked",
        "B3": "grant-manual",
        "B4": "grant-full",
        "B5": "",
    }


def test_of_two_lines_with_one_code_the_first_counts() -> None:
    caps, results, _, _ = budget(plan([line("B1", "10"), line("B1", "20")]), AS_OF)
    assert results["B1"].granted == 10
    assert caps[0].granted == 10


# use


def spend(code: str, day: date, kind: SpendKind, amount: str) -> Spending:
    return Spending(budget=code, day=day, kind=kind, amount=D(amount))


def test_use_availability_and_return() -> None:
    spending = (
        spend("B1", date(2026, 3, 1), SpendKind.COMMITTED, "500"),
        spend("B1", date(2026, 4, 1), SpendKind.COMMITTED, "-200"),
        spend("B1", date(2026, 4, 1), SpendKind.SPENT, "200"),
        spend("B1", date(2026, 7, 1), SpendKind.SPENT, "9999"),
        spend("??", date(2026, 4, 1), SpendKind.SPENT, "7"),
    )
    of = plan([line("B1", "1000", expected_return=D(3000))], spending=spending)
    _, results, summary, findings = budget(of, AS_OF, {"B1": D(500)})
    result = results["B1"]
    assert (result.committed, result.spent, result.available, result.execution_rate) == (
        300,
        200,
        500,
        D("0.5"),
    )
    assert (result.roi, result.actual_return, result.actual_roi) == (3, 500, D("2.5"))
    assert (summary.committed, summary.spent) == (300, 200)
    assert [(finding.code, finding.params["rows"]) for finding in findings] == [
        ("spending-after-cut-off", 1)
    ]


@pytest.mark.parametrize(
    ("granted_amount", "used", "status"),
    [
        ("1000", "800", BudgetStatus.NORMAL),
        ("1000", "800.01", BudgetStatus.WARNING),
        ("1000", "1000", BudgetStatus.WARNING),
        ("1000", "1000.01", BudgetStatus.OVERSPENT),
        ("0", "0.01", BudgetStatus.OVERSPENT),
        ("0", "0", BudgetStatus.NORMAL),
    ],
)
def test_status(granted_amount: str, used: str, status: BudgetStatus) -> None:
    of = plan(
        [line("B1", granted_amount)],
        spending=(spend("B1", date(2026, 1, 5), SpendKind.SPENT, used),),
    )
    assert budget(of, AS_OF)[1]["B1"].status is status


def test_nothing_spent_has_no_actual_return_on_spend() -> None:
    result = budget(plan([line("B1", "10")]), AS_OF, {"B1": D(500)})[1]["B1"]
    assert result.actual_return == 500
    assert result.actual_roi is None
    assert result.roi is None


def test_overspending_now_or_at_an_earlier_month_end_is_told() -> None:
    spending = (
        spend("B1", date(2026, 1, 5), SpendKind.SPENT, "120"),
        spend("B2", date(2026, 2, 5), SpendKind.COMMITTED, "120"),
        spend("B2", date(2026, 4, 5), SpendKind.COMMITTED, "-50"),
        spend("B3", date(2026, 2, 5), SpendKind.SPENT, "120"),
    )
    lines = [
        line("B1", "100", row=2),
        line("B2", "100", row=3),
        line("B3", "200", manual_grant=D(100), row=4),
    ]
    findings = budget(plan(lines, spending=spending), AS_OF)[3]
    assert codes(findings) == [
        ("budget-overspent", "A2"),
        ("budget-overspent-earlier", "A3"),
        ("budget-cut-below-use", "J4"),
    ]
    assert findings[1].params["month"] == "2026-02"


def test_the_cut_off_day_itself_counts() -> None:
    spending = (spend("B1", AS_OF, SpendKind.SPENT, "10"),)
    draws = (draw("10", AS_OF),)
    _, results, summary, _ = budget(
        plan([line("B1", "100")], spending=spending, draws=draws), AS_OF
    )
    assert results["B1"].spent == 10
    assert (
        month_ends(plan([line("B1", "100")], spending=spending), {"B1": D(100)}, AS_OF)["B1"][5].use
        == 10
    )
    assert summary.reserve_drawn == 10


def test_what_stands_at_each_months_end() -> None:
    """100 granted: 10 spent in January, 75 committed in March (85 %: 预警), 20 more spent in April
    (105 %: 超支).
    """
    spending = (
        spend("B1", date(2026, 1, 31), SpendKind.SPENT, "10"),
        spend("B1", date(2026, 3, 1), SpendKind.COMMITTED, "75"),
        spend("B1", date(2026, 4, 15), SpendKind.SPENT, "20"),
        spend("B1", date(2026, 4, 16), SpendKind.SPENT, "500"),
        spend("B9", date(2026, 1, 1), SpendKind.SPENT, "1"),
    )
    of = plan([line("B1", "100"), line("B2", "50"), line("B3", None)], spending=spending)
    ends = month_ends(of, {"B1": D(100), "B2": D(0), "B3": None}, date(2026, 4, 15))
    assert [
        (str(end.month), end.committed, end.spent, end.available, end.rate) for end in ends["B1"]
    ] == [
        ("2026-01", 0, 10, 90, D("0.1")),
        ("2026-02", 0, 10, 90, D("0.1")),
        ("2026-03", 75, 10, 15, D("0.85")),
        ("2026-04", 75, 30, -5, D("1.05")),
    ]
    normal, warning, overspent = BudgetStatus.NORMAL, BudgetStatus.WARNING, BudgetStatus.OVERSPENT
    assert [end.status for end in ends["B1"]] == [normal, normal, warning, overspent]
    assert (ends["B2"][0].rate, ends["B2"][0].status) == (None, normal)
    assert (ends["B3"][0].available, ends["B3"][0].status) == (None, None)
    assert [(end.granted, end.use, end.available) for end in total_ends(ends.values())] == [
        (100, 10, 90),
        (100, 10, 90),
        (100, 85, 15),
        (100, 105, -5),
    ]
    assert total_ends([]) == ()


# reserve


def draw(
    amount: str | None, day: date | None = date(2026, 3, 1), *, row: int = 2, **more: object
) -> ReserveDraw:
    told: dict[str, object] = {
        "reason": "展会加位",
        "approver": "王总",
        "status": Approval.APPROVED,
    } | more
    value = None if amount is None else D(amount)
    return ReserveDraw(
        day=day, amount=value, origin=Origin("", "储备金动用", row, DRAW_COLUMNS), **told
    )  # type: ignore[arg-type]


def test_reserve_balances_run_by_day_and_stand_on_their_rows() -> None:
    draws = (
        draw("3000", date(2026, 5, 1)),
        draw("2000", date(2026, 3, 1)),
        draw("1000", date(2026, 4, 1), status=Approval.PENDING),
        draw("1000", date(2026, 7, 1)),
    )
    _, _, summary, findings = budget(plan(draws=draws), AS_OF)
    assert summary.draw_balances == (D(5000), D(8000), None, None)
    assert (summary.reserve, summary.reserve_drawn, summary.reserve_left) == (10000, 5000, 5000)
    assert findings == []


def test_the_reserve_may_be_used_up_to_the_last_cent() -> None:
    _, _, summary, findings = budget(plan(draws=(draw("10000"),)), AS_OF)
    assert findings == []
    assert summary.reserve_left == 0


def test_reserve_never_goes_below_zero() -> None:
    draws = (draw("9000", row=2), draw("1500", row=3), draw("500", row=4))
    _, _, summary, findings = budget(plan(draws=draws), AS_OF)
    assert codes(findings) == [("reserve-overdrawn", "C3")]
    assert (findings[0].params["left"], findings[0].params["short"]) == (1000, 500)
    assert summary.draw_balances == (D(1000), None, D(500))


@pytest.mark.parametrize(
    "bad",
    [
        draw("10", None),
        draw("10", reason=""),
        draw(None),
        draw("0"),
        draw("10", approver=""),
        draw("10", approver="路人"),
        draw("10", broken=frozenset({"day"})),
        draw("10", status=Approval.REJECTED),
        draw("10", status=None),
    ],
)
def test_a_draw_that_is_not_approved_or_lacks_something_does_not_count(bad: ReserveDraw) -> None:
    base = plan(draws=(bad,))
    _, _, summary, _ = budget(
        replace(base, settings=replace(base.settings, approvers=("王总", "李总"))), AS_OF
    )
    assert summary.draw_balances == (None,)
    assert summary.reserve_left == 10000


def test_a_draw_without_any_reserve_is_an_error() -> None:
    _, _, summary, findings = budget(
        plan(categories=shares(("获客", "1")), draws=(draw("10"),)), AS_OF
    )
    assert codes(findings) == [("reserve-missing", "C2")]
    assert summary.reserve_left is None


# the exact best beside it


def test_the_best_combination_is_shown_beside_the_greedy_one() -> None:
    lines = [
        line("B1", "60", expected_return=D(180)),
        line("B2", "50", expected_return=D(125)),
        line("B3", "50", expected_return=D(124)),
    ]
    _, _, summary, _ = budget(plan(lines, total="100", categories=shares(("获客", "1"))), AS_OF)
    assert summary.granted_return == 180
    assert summary.best_return == 249
    assert summary.best_lines == {"B2", "B3"}


def test_a_partial_grant_can_beat_every_whole_combination() -> None:
    lines = [
        line("B1", "60", expected_return=D(180)),
        line("B2", "60", expected_return=D(90), least=D(10)),
    ]
    _, _, summary, _ = budget(plan(lines, total="100", categories=shares(("获客", "1"))), AS_OF)
    assert summary.granted_return == summary.best_return == 240
    assert summary.best_lines == {"B1", "B2"}


def test_must_haves_and_manual_grants_are_forced_into_the_best() -> None:
    lines = [
        line("B1", "60", must_have=True),
        line("B2", "30", expected_return=D(10), manual_grant=D(15)),
        line("B3", "50", expected_return=D(500)),
        line("B4", "25", expected_return=D(1)),
    ]
    _, _, summary, _ = budget(plan(lines, total="100", categories=shares(("获客", "1"))), AS_OF)
    assert summary.best_lines == {"B1", "B2", "B4"}
    assert summary.best_return == 6


def test_the_exact_search_agrees_with_trying_everything() -> None:
    weights = [31, 10, 20, 19, 4, 3, 6, 0, 19, 7]
    values = [70, 20, 39, 37, 7, 5, 10, 1, 37, 0]
    for capacity in range(121):
        sets = [
            chosen
            for k in range(11)
            for chosen in combinations(range(10), k)
            if sum(weights[i] for i in chosen) <= capacity
        ]
        best = max(sum(values[i] for i in chosen) for chosen in sets)
        found = best_subset(weights, values, capacity)
        assert found is not None
        assert sum(weights[i] for i in found) <= capacity
        assert sum(values[i] for i in found) == best


def test_a_search_that_is_too_long_says_so_instead_of_guessing() -> None:
    weights = [1000 + 7 * i for i in range(40)]
    assert best_subset(weights, [w + 10 for w in weights], 20500, work=10) is None


def test_budgets_of_many_lines_in_cents_are_solved_exactly() -> None:
    lines = [
        line(
            f"B{i}",
            str(D(1000 + 37 * i % 911) + D(i) / 100),
            expected_return=D(3000 + 53 * i % 1301),
            priority=i % 3,
        )
        for i in range(1, 201)
    ]
    _, _, summary, findings = budget(
        plan(lines, total="90000", categories=shares(("获客", "1"))), AS_OF
    )
    assert findings == []
    assert summary.best_return is not None
    assert summary.best_return > summary.granted_return
    chosen = [entry for entry in lines if entry.code in summary.best_lines]
    assert sum(entry.requested or 0 for entry in chosen) <= 90000
    assert sum(entry.expected_return or 0 for entry in chosen) == summary.best_return


def test_every_code_of_budget_and_tasks_has_words_in_both_languages() -> None:
    from salesplan.messages.budget import MESSAGES

    for code, message in MESSAGES.items():
        assert message.zh, code
        assert message.en, code
        if message.severity > 1:
            assert message.fix_zh, code
            assert message.fix_en, code
    assert MESSAGES.keys() <= catalogue().keys()


def test_sentences_are_filled_in_both_languages() -> None:
    lines = [
        line("B1", "1", row=2),
        line("B2", manual_grant=D(45000), row=3),
        line("B3", "1", category="广告", row=4),
    ]
    findings = budget(plan(lines, draws=(draw("90000"),)), AS_OF)[3]
    assert len(findings) == 2
    for finding in findings:
        for lang in ("zh", "en"):
            assert "{" not in text(finding, lang) + fix(finding, lang)
