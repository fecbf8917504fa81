"""Figures worked out by hand, one for each rule, from a master's cells to the results of a run.

What each function does with such figures, and what happens around them, is in that function's own
tests.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesplan.engine import Results, compute, cut_off
from salesplan.engine.actuals.growth import GrowthWord, growth
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.status import RateWord
from salesplan.engine.actuals.variance import Cause, Sold, price_volume_mix
from salesplan.engine.exact.workdays import Calendar
from salesplan.messages import text
from salesplan.plan.loader import load
from salesplan.plan.model import BudgetStatus, Light, Month, Plan, SeasonMonth
from tests.samples import new_sample
from tests.unit.masters import SETTINGS_GIVEN, read

D = Decimal
Cells = dict[str, Any]


def run(as_of: date, settings: Cells | None = None, **tables: list[Cells]) -> tuple[Plan, Results]:
    """A master of these rows only, computed at ``as_of``; a company C unless units are given."""
    from salesplan.plan.schema import SETTINGS

    given = (
        SETTINGS_GIVEN
        | {
            "as_of": as_of,
            "month": None,
            "budget_total": None,
            "reserve_share": None,
            "mail_domains": None,
        }
        | (settings or {})
    )
    rows = {
        "settings": [{"name": s.zh, "value": given.get(s.key)} for s in SETTINGS],
        "units": units("C"),
        "kpis": [kpi()],
        **tables,
    }
    plan, _ = read(rows)
    cutoff, _ = cut_off(plan, today=as_of)
    return plan, compute(plan, month=cutoff.month, as_of=cutoff.day)


def units(*lines: str) -> list[Cells]:
    """``code:coefficient`` each; the first is the company, the others teams right below it."""
    made: list[Cells] = []
    for line in lines:
        code, _, share = line.partition(":")
        made.append(
            {
                "code": code,
                "name": code,
                "level": "团队" if made else "公司",
                "parent": "C" if made else None,
                "coefficient": float(share) if share else None,
            }
        )
    return made


def kpi(code: str = "K", kind: str = "流量", **cells: Any) -> Cells:
    return {"code": code, "name": code, "kind": kind, "smallest_unit": 1, "weight": 1.0, **cells}


def year_end(goal: Any, actual: Any, **cells: Any) -> tuple[Any, Any, Any]:
    """(rate, word, level) of a level KPI with that target and that figure, at the year's end."""
    rows = [] if actual is None else [{"day": "2026-12", "unit": "C", "kpi": "K", "value": actual}]
    _, results = run(
        date(2026, 12, 31),
        kpis=[kpi(kind="存量", target=goal, smallest_unit=0.01, **cells)],
        actuals=rows,
    )
    one = results.attainments.get(("K", "C", Span.YEAR))
    return (
        (None, RateWord.NO_TARGET, None)
        if one is None
        else (one.rate.value, one.rate.word, one.rate.level)
    )


def test_blank_is_not_zero() -> None:
    """A blank target is 未设目标, a blank actual is 未填报; a zero is one that was missed,
    or met.
    """
    assert year_end(None, 5.0)[:2] == (None, RateWord.NO_TARGET)
    assert year_end(100.0, None)[:2] == (None, RateWord.NO_ACTUAL)
    assert year_end(100.0, 0.0)[:2] == (0, None)
    assert year_end(0.0, 0.0)[:2] == (None, RateWord.MET)


def test_twenty_customers_are_seven_six_four_two_one() -> None:
    """20 customers by 33/27/21/12/7 are 7, 6, 4, 2, 1 (plain rounding loses one)."""
    shares = (0.33, 0.27, 0.21, 0.12, 0.07)
    _, results = run(
        date(2026, 12, 31),
        units=units("C", *(f"T{i}:{share}" for i, share in enumerate(shares))),
        kpis=[kpi(target=20)],
    )
    years = [results.targets["K", f"T{i}"].year for i in range(5)]
    assert years == [7, 6, 4, 2, 1] and sum(round(20 * share) for share in shares) == 19
    for month in range(12):
        assert (
            sum(results.targets["K", f"T{i}"].months[month] or 0 for i in range(5))
            == results.targets["K", "C"].months[month]
        )


def test_a_hedge_compounds_down_the_tree_beside_a_base_that_adds_up() -> None:
    """下达目标 = 基准目标 × (1 + 加成); 10 % on a team and 20 % on its only person make
    1.32.
    """
    tree = [
        *units("C", "T:1"),
        {
            "code": "P",
            "name": "P",
            "level": "个人",
            "parent": "T",
            "coefficient": 1.0,
            "hedge": 0.2,
        },
    ]
    tree[1]["hedge"] = 0.1
    _, results = run(date(2026, 12, 31), units=tree, kpis=[kpi(target=10_000)])
    assert [results.targets["K", unit].base_year for unit in "CTP"] == [10_000] * 3
    assert [results.targets["K", unit].year for unit in "CTP"] == [10_000, 11_000, 13_200]


def test_too_much_and_too_little_assigned_is_shown_not_rescaled() -> None:
    """Coefficients of 60 % and 50 % are a 覆盖率 of 110 %, of 60 % and 30 % one of 90 %."""
    for second, coverage, left in (("0.5", "1.1", -100), ("0.3", "0.9", 100)):
        _, results = run(
            date(2026, 12, 31), units=units("C", "A:0.6", f"B:{second}"), kpis=[kpi(target=1000)]
        )
        company = results.targets["K", "C"]
        assert (company.coverage, company.unassigned, results.targets["K", "A"].year) == (
            D(coverage),
            left,
            600,
        )


def test_months_weigh_as_their_three_years_sums() -> None:
    """比重 = the month's three-year sum ÷ the total: 30 + 40 + 50 of 1,200 is 10 %."""
    history = [{"kpi": "K", "month": 3, "history1": 30.0, "history2": 40.0, "history3": 50.0}]
    history += [
        {"kpi": "K", "month": month, "history1": 36.0, "history2": 36.0, "history3": 36.0}
        for month in range(1, 11)
        if month != 3
    ]
    history += [
        {"kpi": "K", "month": month, "history1": 18.0, "history2": 18.0, "history3": 18.0}
        for month in (11, 12)
    ]
    plan, results = run(date(2026, 12, 31), kpis=[kpi(target=1200)], seasonality=history)
    assert isinstance(plan.seasonality[0], SeasonMonth) and plan.settings.months[2] == Month(
        2026, 3
    )
    assert (results.seasons["K"].weights[2], results.targets["K", "C"].months[2]) == (D("0.1"), 120)


def test_rates_are_copied_down() -> None:
    """复购率 提升至 60 %, 占有率 +5 points over 12 %."""
    goals = [
        kpi("REP", "群组比率", unit="%", target=0.6),
        kpi(
            "SHR",
            "时点",
            unit="百分点",
            target=0.05,
            base=0.12,
            basis="提升量",
            percent_basis="百分点",
        ),
    ]
    _, results = run(date(2026, 12, 31), units=units("C", "A:0.6", "B:0.4"), kpis=goals)
    assert {results.targets["REP", unit].year for unit in "CAB"} == {D("0.6")}
    assert {results.targets["SHR", unit].year for unit in "CAB"} == {D("0.17")}


def test_a_parents_rate_comes_from_sums() -> None:
    """80/100 and 30/300 are 27.5 %, not 45 %."""
    rows = [
        {"day": "2026-12", "unit": unit, "kpi": "K", "numerator": n, "denominator": d}
        for unit, n, d in (("A", 80, 100), ("B", 30, 300))
    ]
    _, results = run(
        date(2026, 12, 31),
        units=units("C", "A:0.5", "B:0.5"),
        kpis=[kpi(kind="比率", target=0.5)],
        actuals=rows,
    )
    assert [results.attainments["K", unit, Span.MONTH].actual for unit in "CAB"] == [
        D("0.275"),
        D("0.8"),
        D("0.1"),
    ]


@pytest.mark.parametrize(
    ("kind", "month", "quarter", "year"),
    [
        ("流量", 30, 50, 60),
        ("存量", 30, 30, 30),
        ("比率", "0.75", "0.625", "0.6"),
        ("时点", "0.75", "0.75", "0.75"),
        ("群组比率", "0.75", "0.75", "0.75"),
        ("均值", "0.75", "0.625", "0.6"),
    ],
)
def test_kinds_over_months_and_quarters(
    kind: str, month: int | str, quarter: int | str, year: int | str
) -> None:
    """January 10, April 20, June 30, each of 40 (20 in January): what month, quarter and
    year to date are for each kind.
    """
    rows: list[Cells] = []
    for day, value, whole in (
        ("2026-01", 10.0, 20.0),
        ("2026-04", 20.0, 40.0),
        ("2026-06", 30.0, 40.0),
    ):
        rows.append(
            {
                "day": day,
                "unit": "C",
                "kpi": "K",
                **(
                    {"value": value}
                    if kind in ("流量", "存量")
                    else {"numerator": value, "denominator": whole}
                ),
            }
        )
    _, results = run(date(2026, 6, 30), kpis=[kpi(kind=kind, target=1)], actuals=rows)
    found = [
        results.attainments["K", "C", span].actual for span in (Span.MONTH, Span.QUARTER, Span.YTD)
    ]
    assert found == [D(month), D(quarter), D(year)]


@pytest.mark.parametrize(
    ("goal", "actual", "rate"),
    [(-100.0, -50.0, "1.5"), (-100.0, -150.0, "0.5"), (100.0, 80.0, "0.8")],
)
def test_completion_for_any_sign(goal: float, actual: float, rate: str) -> None:
    """T = −100: A = −50 is 150 %, A = −150 is 50 %; T > 0 is A/T."""
    assert year_end(goal, actual)[0] == D(rate)


def test_lower_is_better_and_target_zero() -> None:
    """120 of at most 100 is 80 %; T = 0 is 超额, 达成 or 未达成."""
    assert year_end(100.0, 120.0, direction="越低越好")[0] == D("0.8")
    assert [year_end(0.0, actual)[1] for actual in (5.0, 0.0, -5.0)] == [
        RateWord.EXCEEDED,
        RateWord.MET,
        RateWord.MISSED,
    ]


def test_an_improvement_of_half_its_way() -> None:
    """Base 50 %, target 60 %, actual 55 %: 50 %, and 91.7 % as a level."""
    goal = kpi(
        kind="群组比率", unit="%", target=0.1, base=0.5, basis="提升量", percent_basis="百分点"
    )
    row = {"day": "2026-12", "unit": "C", "kpi": "K", "numerator": 55, "denominator": 100}
    _, results = run(date(2026, 12, 31), kpis=[goal], actuals=[row])
    rate = results.attainments["K", "C", Span.YEAR].rate
    assert (rate.value, round(rate.level or 0, 3)) == (D("0.5"), D("0.917"))


def test_the_score_is_weighted_capped_and_says_what_is_left_out() -> None:
    """60 % × 150 % (capped at 120 %) and 20 % × 50 % with 20 % unreported: (0.72 + 0.10) ÷
    0.8.
    """
    goals = [
        kpi("A", "存量", target=100, weight=0.6),
        kpi("B", "存量", target=100, weight=0.2),
        kpi("E", "存量", target=100, weight=0.2),
    ]
    rows = [
        {"day": "2026-12", "unit": "C", "kpi": code, "value": value}
        for code, value in (("A", 150.0), ("B", 50.0))
    ]
    _, results = run(date(2026, 12, 31), kpis=goals, actuals=rows)
    score = results.scores["C", Span.YEAR]
    assert (score.value, score.left_out) == (D("1.025"), ("E",))


@pytest.mark.parametrize(
    ("actual", "light"),
    [(100.0, Light.GREEN), (99.99, Light.AMBER), (90.0, Light.AMBER), (89.99, Light.RED)],
)
def test_lights_of_a_closed_month(actual: float, light: Light) -> None:
    """≥ 100 % green, ≥ 90 % amber, else red."""
    row = {"day": "2026-12", "unit": "C", "kpi": "K", "value": actual}
    _, results = run(date(2026, 12, 31), kpis=[kpi(kind="存量", target=100)], actuals=[row])
    assert results.attainments["K", "C", Span.MONTH].light is light


@pytest.mark.parametrize(
    ("behind", "light"), [(0, Light.GREEN), (1, Light.AMBER), (5, Light.AMBER), (6, Light.RED)]
)
def test_status_of_a_running_month(behind: int, light: Light) -> None:
    """Behind by no more than 0 % of what was expected green, 10 % amber, else red. By
    mid-year 50 of 100 are.
    """
    weights = [
        {
            "kpi": "K",
            "month": month,
            "manual_weight": 0.1 if month <= 5 else 0.0 if month == 6 else 0.5 / 6,
        }
        for month in range(1, 13)
    ]
    weights[11]["manual_weight"] = 1 - 0.5 - 5 * 0.5 / 6
    row = {"day": "2026-05", "unit": "C", "kpi": "K", "value": 50 - behind}
    _, results = run(
        date(2026, 6, 15),
        kpis=[kpi(target=100)],
        seasonality=weights,
        actuals=[row, {"day": date(2026, 6, 1), "unit": "C", "kpi": "K", "value": 0.0}],
    )
    assert results.pace["K", "C"].progress_gap == D(-behind) / 100
    assert results.attainments["K", "C", Span.YTD].light is light


def test_growth_over_a_negative_base() -> None:
    """Base < 0 is (A − B)/|B| with 扭亏, 减亏, 由盈转亏; a base of 0 is 无基数."""
    found = [
        growth(D(a), D(b)) for a, b in (("50", "-100"), ("-50", "-100"), ("-50", "100"), ("5", "0"))
    ]
    assert [one.value for one in found[:3]] == [D("1.5"), D("0.5"), D("-1.5")]
    assert [one.word for one in found] == [
        GrowthWord.TURNED_TO_PROFIT,
        GrowthWord.LOSS_REDUCED,
        GrowthWord.TURNED_TO_LOSS,
        GrowthWord.NO_BASE,
    ]


def test_the_working_days_of_2026() -> None:
    """2026 has 248, by month 21 16 22 21 19 21 23 21 22 18 21 23."""
    calendar = Calendar.of("CN", (), [2026])
    assert [calendar.in_month(Month(2026, month)) for month in range(1, 13)] == [
        21,
        16,
        22,
        21,
        19,
        21,
        23,
        21,
        22,
        18,
        21,
        23,
    ]
    assert calendar.count(date(2026, 1, 1), date(2026, 12, 31)) == 248


def test_the_14th_of_february() -> None:
    """14 Feb 2026 is 11/16 = 68.8 %; of 210 in January and 160 in February 320 are due; the
    5 days left each need 22.
    """
    weights = [
        {"kpi": "K", "month": month, "manual_weight": {1: 0.21, 2: 0.16}.get(month, 0.063)}
        for month in range(1, 13)
    ]
    rows = [
        {"day": "2026-01", "unit": "C", "kpi": "K", "value": 150.0},
        {"day": date(2026, 2, 10), "unit": "C", "kpi": "K", "value": 50.0},
    ]
    _, results = run(date(2026, 2, 14), kpis=[kpi(target=1000)], seasonality=weights, actuals=rows)
    pace = results.pace["K", "C"]
    assert round(pace.time_progress, 3) == D("0.688")
    assert (pace.expected, pace.progress_gap) == (D("0.32"), D("-0.12"))
    assert (pace.daily_need, pace.missed, pace.low_confidence) == (D(22), False, True)
    assert pace.landing[LandingMethod.PACE] == 625
    assert pace.landing[LandingMethod.REST_AS_PLANNED] == 880


def test_lead_times() -> None:
    """Cross-department help ≥ 3 working days, technical support ≥ 2 before it is needed
    (Thursday 12 March).
    """
    kinds = (
        ("K1", "跨部门", 9),
        ("K2", "跨部门", 10),
        ("K3", "技术支持", 10),
        ("K4", "技术支持", 11),
    )
    tasks = [
        {
            "code": code,
            "content": "x",
            "start": date(2026, 3, 12),
            "due": date(2026, 3, 31),
            "support": kind,
            "requested": date(2026, 3, day),
        }
        for code, kind, day in kinds
    ]
    _, results = run(date(2026, 3, 31), tasks=tasks)
    assert [one.notice.code if one.notice else None for one in results.tasks.values()] == [
        "notice-ok",
        "notice-late",
        "notice-ok",
        "notice-late",
    ]


def test_what_should_be_done_of_a_task() -> None:
    """2 to 31 March has 22 working days, 10 of them by the 13th; 20 of 50 pieces are 88 %
    of what is due.
    """
    task = {
        "code": "K1",
        "content": "x",
        "start": date(2026, 3, 2),
        "due": date(2026, 3, 31),
        "deliverable_target": 50,
        "deliverable_actual": 20,
    }
    _, results = run(date(2026, 3, 13), tasks=[task])
    one = results.tasks["K1"]
    assert (one.progress, round(one.expected or 0, 4), round(one.index or 0, 2)) == (
        D("0.4"),
        D("0.4545"),
        D("0.88"),
    )


BUDGET: Cells = {
    "category_shares": [
        {"name": name, "share": share}
        for name, share in (("获客", 0.4), ("客户维护", 0.2), ("团队激励", 0.3), ("应急储备", 0.1))
    ],
    "region_shares": [{"name": "重点区域", "share": 0.6}, {"name": "其他区域", "share": 0.4}],
}


def line(code: str, amount: float, **cells: Any) -> Cells:
    return {"code": code, "category": "获客", "region": "重点区域", "requested": amount, **cells}


def test_caps_of_both_margins() -> None:
    """获客 40, 客户维护 20, 团队激励 30, 应急储备 10 % and 重点区域 60 % of 1,200,000.01
    元, to the cent on both margins.
    """
    _, results = run(
        date(2026, 3, 31), {"budget_total": 1_200_000.01, "amount_unit": "元"}, **BUDGET
    )
    assert [results.caps[i].cap for i in (0, 1, 6)] == [
        D("288000.01"),
        D("192000.00"),
        D("72000.00"),
    ]
    assert sum(cap.cap for cap in results.caps) == D("1200000.01")
    assert sum(cap.cap for cap in results.caps if cap.region == "重点区域") == D("720000.01")


def test_a_partial_grant_says_what_is_short() -> None:
    """Of a cap of 24,000 the must-have takes 14,000; 18,000 asked for gets 10,000: "部分:
    类别余额不足, 差 8,000".
    """
    lines = [
        line("B2", 18_000, priority=1, least=10_000),
        line("B1", 14_000, must_have="是"),
        line("B3", 1),
    ]
    _, results = run(
        date(2026, 3, 31), {"budget_total": 100_000, "amount_unit": "元"}, budget=lines, **BUDGET
    )
    reasons = {code: text(one.reason, "zh") for code, one in results.budget.items() if one.reason}
    assert [results.budget[code].granted for code in ("B1", "B2", "B3")] == [14_000, 10_000, 0]
    assert reasons["B2"] == "部分: 类别余额不足, 差 8,000" and reasons["B1"] == "批准: 必保"


def test_statuses_of_what_was_used() -> None:
    """≤ 80 % 正常, ≤ 100 % 预警, above 超支; tested for the year and cumulatively by month.
    ROI with spend 0 is none.
    """
    lines = [line(f"B{i}", 100) for i in range(4)]
    spent = [
        {"day": date(2026, month, 5), "budget": f"B{i}", "kind": "支出", "amount": amount}
        for i, (month, amount) in enumerate([(1, 80), (2, 80.01), (3, 100), (3, 100.01)])
    ]
    plan, results = run(
        date(2026, 3, 31),
        {"budget_total": 100_000, "amount_unit": "元"},
        budget=lines,
        spending=spent,
        **BUDGET,
    )
    assert [one.status for one in results.budget.values()] == [
        BudgetStatus.NORMAL,
        BudgetStatus.WARNING,
        BudgetStatus.WARNING,
        BudgetStatus.OVERSPENT,
    ]
    assert [end.status for end in results.budget_months["B3"]] == [
        BudgetStatus.NORMAL,
        BudgetStatus.NORMAL,
        BudgetStatus.OVERSPENT,
    ]
    assert [(end.use, end.available) for end in results.budget_total_months] == [
        (80, 320),
        (D("160.01"), D("239.99")),
        (D("360.02"), D("39.98")),
    ]
    _, idle = run(
        date(2026, 3, 31), {"budget_total": 100_000, "amount_unit": "元"}, budget=lines, **BUDGET
    )
    assert [one.actual_roi for one in idle.budget.values()] == [None] * 4 and len(
        plan.spending
    ) == 4


def test_planned_against_actual_share() -> None:
    """A产品占 60 % of the revenue target; 45 of 100 was sold of A."""
    rows = [
        {"day": "2026-03", "unit": "C", "kpi": "K", "product": product, "value": value}
        for product, value in (("A", 45.0), ("B", 55.0))
    ]
    strategy = {
        "code": "S1",
        "dimension": "产品",
        "content": "A",
        "kpi": "K",
        "target_share": 0.6,
        "product": "A",
    }
    _, results = run(
        date(2026, 3, 31), strategies=[strategy], actuals=rows, kpis=[kpi(target=1000)]
    )
    assert results.strategies["S1"].actual_share == D("0.45")


def test_price_volume_mix_new_and_lost() -> None:
    """Price (P1−P0)·Q1; volume (ΣQ1−ΣQ0)·P̄0; mix Σ(Q1−Q0·ΣQ1/ΣQ0)·P0; new; lost: to the
    total exactly.
    """
    base = {"A": Sold(D(10), D(1000)), "B": Sold(D(10), D(500)), "L": Sold(D(7), D(70))}
    now = {"A": Sold(D(20), D(2200)), "B": Sold(D(10), D(500)), "N": Sold(D(3), D(90))}
    found = price_volume_mix(base, now)
    assert {cause: value for cause, value in found.effects.items() if value} == {
        Cause.PRICE: 200,
        Cause.VOLUME: 750,
        Cause.MIX: 250,
        Cause.NEW: 90,
        Cause.LOST: -70,
    }
    assert sum(found.effects.values()) == sum(one.amount for one in now.values()) - sum(
        one.amount for one in base.values()
    )


@pytest.mark.parametrize(
    ("actual", "asked"), [(89.0, False), (90.0, False), (110.0, False), (110.01, True)]
)
def test_what_asks_for_an_explanation(actual: float, asked: bool) -> None:
    """Anything outside 90–110 % asks for one; under 90 % it is red already and asks for a
    remedy too.
    """
    row = {"day": "2026-12", "unit": "C", "kpi": "K", "value": actual}
    _, results = run(date(2026, 12, 31), kpis=[kpi(kind="存量", target=100)], actuals=[row])
    keys = [problem.key for problem in results.problems]
    assert keys == (["GAP:K:C"] if asked else ["KPI:K:C"] if actual < 90 else [])


def test_nothing_sold_is_minus_the_target() -> None:
    """Issue 3: where ERPNext showed nothing: a zero sold against 100 is a gap of −100, and parent
    groups roll it up.
    """
    rows = [{"day": "2026-12", "unit": "A", "kpi": "K", "value": 0.0}]
    _, results = run(
        date(2026, 12, 31),
        units=units("C", "A:1"),
        kpis=[kpi(kind="存量", target=100)],
        actuals=rows,
    )
    assert [results.attainments["K", unit, Span.MONTH].gap for unit in "CA"] == [-100, -100]


def test_the_worked_example_has_the_figures_of_its_story(tmp_path: Path) -> None:
    """500 万元 in the second quarter, 20 new customers, 60 %, +5 points; 50 companies by
    15 March, 30 leads by 10 April; 40/20/30/10 %.
    """
    new_sample(tmp_path / "plan.xlsx", lang="zh")
    plan = load(tmp_path / "plan.xlsx").plan
    results = compute(plan, month=Month(2026, 6), as_of=date(2026, 6, 30))
    company = plan.roots[0].code
    second = {
        code: sum(month or 0 for month in results.targets[code, company].months[3:6])
        for code in ("REV", "NEW")
    }
    assert second == {"REV": 500, "NEW": 20}
    assert results.targets["REP", company].months[5] == D("0.6")
    assert plan.kpi_by_code["SHARE"].target == D("0.05")
    tasks = {task.code: (task.deliverable_target, task.due) for task in plan.tasks}
    assert (
        tasks["T01"] == (D(50), date(2026, 3, 15))
        and tasks["T03"] == (D(30), date(2026, 4, 10))
        and tasks["T02"][1] == date(2026, 3, 20)
    )
    assert [share.share for share in plan.category_shares] == [
        D("0.4"),
        D("0.2"),
        D("0.3"),
        D("0.1"),
    ]
    assert D("0.6") in {strategy.target_share for strategy in plan.strategies if strategy.product}
    assert D("0.6") in {strategy.budget_share for strategy in plan.strategies if strategy.region}
