"""Which rules of 预警 fire, for whom, since when, and the change that each proposes."""

from __future__ import annotations

import cProfile
import pstats
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from salesplan.dataclass import replace
from salesplan.engine import Results, compute
from salesplan.engine.actuals.progress import Span
from salesplan.engine.exact.workdays import Calendar
from salesplan.messages import fix
from salesplan.plan.checks.triggers import check_subjects
from salesplan.plan.model import Month, Plan, TriggerState
from tests.unit.masters import Rows, edited, read

D = Decimal
DAY = date(2026, 3, 31)


def rule(kind: str, code: str = "W1", **cells: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, **cells}


def ran(rows: Rows, as_of: date = DAY) -> tuple[Plan, Results]:
    plan, _ = read(rows)
    return plan, compute(plan, month=Month.of(as_of), as_of=as_of)


def fired(
    edits: dict[str, Any], *rules: dict[str, Any], as_of: date = DAY
) -> list[tuple[str, date]]:
    """What the first rule fires for, each with its day."""
    _, results = ran(edited({**edits, "triggers": dict(enumerate(rules, 2))}), as_of)
    return [(one.subject, one.since) for one in results.triggers["W1"].firings]


def orders(
    customer: str, *days: date, unit: str = "P1", value: float = 1.0
) -> list[dict[str, Any]]:
    return [
        {"day": day, "unit": unit, "kpi": "REV", "customer": customer, "value": value}
        for day in days
    ]


def sold(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"actuals": dict(enumerate(rows, 5))}


FORTNIGHTLY = [date(2026, 1, 5) + timedelta(days=14 * turn) for turn in range(4)]
"""5 and 19 January, 2 and 16 February."""


@pytest.mark.parametrize(
    ("threshold", "days", "expected"),
    [
        (3.0, None, date(2026, 3, 31)),  # 43 days are more than three times 14
        (4.0, None, None),
        (2.0, None, date(2026, 3, 17)),
        (2.0, 40.0, date(2026, 3, 28)),
        (2.0, 44.0, None),
    ],
)
def test_a_customer_is_lost_against_its_own_rhythm(
    threshold: float, days: float | None, expected: date | None
) -> None:
    """Last ordered on 16 February, every 14 days: on 31 March that is 43 days ago."""
    edits = sold(*orders("东屿", *FORTNIGHTLY))
    found = fired(edits, rule("客户流失", threshold=threshold, days=days))
    assert found == ([] if expected is None else [("东屿", expected)])


def test_two_orders_have_no_rhythm_and_the_largest_customer_stands_first() -> None:
    twice = orders("浦川", *FORTNIGHTLY[:2])
    small = orders("松原", *FORTNIGHTLY[:3])
    large = orders("海棠", *FORTNIGHTLY[:3], value=9.0)
    found = fired(sold(*twice, *small, *large), rule("客户流失", threshold=2.0))
    assert [subject for subject, _ in found] == ["海棠", "松原"]


def test_an_order_of_today_ends_it_and_one_after_the_cut_off_does_not() -> None:
    again = sold(*orders("东屿", *FORTNIGHTLY, DAY))
    later = sold(*orders("东屿", *FORTNIGHTLY, DAY + timedelta(days=1)))
    assert fired(again, rule("客户流失", threshold=2.0)) == []
    assert fired(later, rule("客户流失", threshold=2.0)) != []


def test_nobody_is_lost_because_the_actuals_end() -> None:
    weekly = [date(2026, 3, 2) + timedelta(days=7 * turn) for turn in range(5)]
    edits = sold(*orders("东屿精工", *weekly))
    plan, _ = read(edited(edits))
    assert max(plan.actuals.month) == Month(2026, 3)
    assert fired(edits, rule("客户流失", threshold=2.0), as_of=date(2026, 8, 31)) == []


def test_a_customer_or_a_team_may_be_watched_alone() -> None:
    edits = sold(*orders("东屿", *FORTNIGHTLY), *orders("燕北", *FORTNIGHTLY, unit="P2"))
    for subject, expected in (("燕北", ["燕北"]), ("华东", ["东屿"]), ("REV/P2", ["燕北"])):
        found = fired(edits, rule("客户流失", threshold=2.0, subject=subject))
        assert [one for one, _ in found] == expected


def test_a_customer_written_by_code_here_and_by_name_there_is_one() -> None:
    """By code twice, then by name: four orders of one customer, whom a rule may call either."""
    by_code, by_name = orders("C7", *FORTNIGHTLY[:2]), orders("东屿", *FORTNIGHTLY[2:])
    edits = sold(*by_code, *by_name) | {"customers": {2: {"code": "C7", "name": "东屿"}}}
    for subject in (None, "C7", "东 屿"):
        found = fired(edits, rule("客户流失", threshold=3.0, subject=subject))
        assert found == [("东屿", DAY)]


SLOW = sold(
    *(
        {"day": date(2026, 3, day), "unit": "P1", "kpi": "REV", "value": value}
        for day, value in ((2, 60.0), (16, 1.0), (24, 1.0), (31, 1.0))
    )
)


def test_a_pace_is_low_where_runs_of_each_of_these_days_say_so() -> None:
    """The oracle: whole runs with each of the last working days as cut-off."""
    plan, results = ran(edited({**SLOW, "triggers": {2: rule("进度偏低", threshold=1.0)}}))
    calendar = Calendar.of("CN", plan.calendar, {2026})
    days = [DAY]
    while len(days) < 20:
        days.append(calendar.add(days[-1], -1))
    paces = [
        compute(plan, month=Month.of(day), as_of=day).attainments["REV", "T1", Span.YTD].pace.value
        for day in days
    ]
    known = [pace for pace in paces if pace is not None]
    assert min(known) < max(known), "the paces must differ, or the test shows nothing"
    now = results.attainments["REV", "T1", Span.YTD].pace.value
    assert now == paces[0]
    for pace in sorted(set(known))[::3]:
        limit = round(pace, 4) + D("0.0002")
        streak = next((at for at, one in enumerate(known) if one >= limit), len(known))
        for wanted in (1, 3, 8):
            told = fired(
                SLOW,
                rule("进度偏低", subject="REV/T1", threshold=float(limit), days=float(wanted)),
            )
            assert bool(told) is (streak >= wanted), (limit, wanted)
            if told and streak < len(known):
                assert told == [("REV/T1", days[streak - wanted])]


def test_looking_back_reads_the_months_that_are_over_once() -> None:
    """Forty days and more are looked at; of the actuals of past months none is read for each."""
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(90)]
    rows = [{"day": day, "unit": "P1", "kpi": "REV", "value": 0.01} for day in days]
    watched = rule("进度偏低", threshold=2.0, subject="REV")
    plan, _ = read(edited({**sold(*rows), "triggers": {2: watched}}))

    def groups_read(plan: Plan) -> int:
        profile = cProfile.Profile()
        results = profile.runcall(compute, plan, month=Month.of(DAY), as_of=DAY)
        fired = [one for result in results.triggers.values() for one in result.firings]
        assert len(fired) == len(plan.triggers)
        assert all((DAY - one.since).days > 40 for one in fired)
        calls = pstats.Stats(profile).stats  # type: ignore[attr-defined]
        return sum(told[1] for at, told in calls.items() if at[2] == "_with_figures")

    once = groups_read(replace(plan, triggers=()))
    assert once > 0
    assert groups_read(plan) <= 41 + 8 * once


def test_of_units_in_line_the_topmost_is_named_once_and_a_named_one_by_itself() -> None:
    found = fired({}, rule("进度偏低", threshold=2.0, subject="REV"))
    assert [subject for subject, _ in found] == ["REV/C1"]
    found = fired({}, rule("进度偏低", threshold=2.0, subject="营收/张三"))
    assert [subject for subject, _ in found] == ["REV/P1"]


def test_a_task_fires_on_the_working_day_after_its_patience() -> None:
    edits = {"tasks": {3: {"due": date(2026, 3, 20)}}}
    assert fired(edits, rule("任务逾期", days=3.0)) == [("K2", date(2026, 3, 26))]
    assert fired(edits, rule("任务逾期", days=6.0)) == [("K2", DAY)]
    assert fired(edits, rule("任务逾期", days=7.0)) == []
    assert fired(edits, rule("任务逾期", days=3.0, subject="华东")) == []
    assert fired(edits, rule("任务逾期", days=3.0, subject="李四")) != []


def test_a_line_fires_from_the_payment_that_went_over_and_a_category_by_its_caps() -> None:
    paid = [
        {"day": date(2026, 3, day), "budget": "B1", "kind": "支出", "amount": amount}
        for day, amount in ((10, 9.0), (12, 1.5), (20, 0.3))
    ]
    edits = {"spending": dict(enumerate(paid, 2))}
    assert fired(edits, rule("预算超支")) == [("B1", date(2026, 3, 12))]
    assert fired(edits, rule("预算超支", threshold=0.06)) == [("B1", date(2026, 3, 20))]
    assert fired(edits, rule("预算超支", threshold=0.1)) == []
    assert fired(edits, rule("预算超支", subject="获客")) == []
    more = {"spending": {**edits["spending"], 5: paid[2] | {"amount": 90.0}}}
    assert fired(more, rule("预算超支", subject="获客")) == [("获客", date(2026, 3, 20))]


def test_a_price_is_all_of_the_month_s_money_over_its_pieces_in_the_plan_s_unit() -> None:
    """List 2 万元; T1 sold 10 for 19 and 10 for 17: 10 % below. REV is counted in 元 then."""
    rows = [
        {
            "day": date(2026, month, 6),
            "unit": "P1",
            "kpi": "REV",
            "product": "a 款",
            "quantity": 10.0,
            "value": value,
        }
        for month, value in ((3, 190_000.0), (3, 170_000.0), (2, 10_000.0))
    ]
    edits = {
        **sold(*rows),
        "kpis": {2: {"unit": "元"}},
        "products": {2: {"code": "A", "name": "A款", "list_price": 2.0}},
    }
    _, results = ran(edited({**edits, "triggers": {2: rule("低于目录价", threshold=0.09)}}))
    (firing,) = results.triggers["W1"].firings
    assert (firing.subject, firing.value, firing.since) == ("A款/P1", D("0.1"), date(2026, 3, 6))
    assert fired(edits, rule("低于目录价", threshold=0.1)) == []
    assert fired(edits, rule("低于目录价", threshold=0.05, subject="A")) != []
    assert fired(edits, rule("低于目录价", threshold=0.05, subject="李四")) == []


def test_each_proposes_a_change_and_says_which_waits_already() -> None:
    waiting = {"code": "G2", "subject": "REV/C1", "field": "基准年度目标", "after": 450}
    edits = {
        "changes": {2: {"status": "驳回"}, 3: waiting},
        "tasks": {3: {"due": date(2026, 3, 20)}},
    }
    rules = (rule("进度偏低", subject="REV", threshold=2.0), rule("任务逾期", code="W2"))
    _, results = ran(edited({**edits, "triggers": dict(enumerate(rules, 2))}))
    pace, task = (results.triggers[code].firings[0].proposal for code in ("W1", "W2"))
    assert pace is not None and task is not None
    assert (pace.subject, pace.column, pace.before, pace.raised) == (
        "REV/C1",
        "base_year",
        D(500),
        "G2",
    )
    assert (task.subject, task.column, task.before) == ("K2", "due", date(2026, 3, 20))


def test_a_rule_that_rests_says_so_and_fires_for_nothing() -> None:
    _, results = ran(edited({"triggers": {2: rule("进度偏低", threshold=2.0, active="否")}}))
    assert results.triggers["W1"].state is TriggerState.OFF
    assert not any(one.code.startswith("trigger-") for one in results.findings)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [({"threshold": 95.0}, "进度偏低"), ({"threshold": 0.9, "days": -3.0}, "进度偏低")],
)
def test_a_rule_whose_figure_is_refused_fires_for_nothing(
    cells: dict[str, float], kind: str
) -> None:
    _, results = ran(edited({"triggers": {2: rule(kind, **cells)}}))
    told = results.triggers["W1"]
    assert told.state is TriggerState.UNKNOWN and told.why is not None
    assert told.why.code == "trigger-why-unreadable"


def test_what_a_check_refuses_counts_as_blank_or_its_row_is_left_out() -> None:
    plan, _ = read(
        edited(
            {
                "products": {2: {"code": "A", "name": "A款", "list_price": -1.25, "margin": 0.5}},
                "prospects": {
                    2: {"unit": "T1", "month": "2026-05", "count": -300.0},
                    3: {"unit": "T1", "month": "2026-06", "count": 3.0, "rate": 1.2},
                },
                "market": {
                    2: {"year": 2026, "size": -5.0},
                    3: {"year": 2026, "month": 13, "size": 9.0},
                },
                "competitors": {2: {"name": "甲", "product": "A", "price": 0.0, "score": 7.0}},
            }
        )
    )
    (product,), (prospect,), (size,), (seen,) = (
        plan.products,
        plan.prospects,
        plan.market,
        plan.competitors,
    )
    assert (product.list_price, product.margin, product.broken) == (None, D("0.5"), {"list_price"})
    assert (prospect.count, prospect.rate, prospect.broken) == (3, None, {"rate"})
    assert (size.size, size.month, size.broken) == (None, None, {"size"})
    assert (seen.price, seen.score, seen.broken) == (None, D(7), {"price"})


def test_a_plan_without_rules_has_no_results_of_them() -> None:
    _, results = ran(edited({}))
    assert results.triggers == {}


def test_a_unit_s_part_holds_its_own_firings_and_nothing_else_of_the_rules() -> None:
    edits = sold(*orders("东屿", *FORTNIGHTLY), *orders("燕北", *FORTNIGHTLY, unit="P2"))
    rules = (
        rule("客户流失", threshold=2.0, owner="P2", remark="只给 P2 看"),
        rule("进度偏低", code="W2", threshold=2.0),
    )
    plan, results = ran(edited({**edits, "triggers": dict(enumerate(rules, 2))}))
    part = part_of(Whole(plan, results), "T1", results.findings)
    assert [one.subject for one in part.results.triggers["W1"].firings] == ["东屿"]
    assert part.results.triggers.keys() == {"W1"}
    (told,) = part.plan.triggers
    assert told == replace(plan.triggers[0], subject="", threshold=None, owner="", remark="")
    assert not any("燕北" in str(one.params) for one in part.findings)


@pytest.mark.parametrize(
    ("kind", "subject", "near"),
    [
        ("客户流失", "东屿精公", "东屿精工"),
        ("进度偏低", "营收/华东一", "营收/华东"),
        ("任务逾期", "完全不相干", "—"),
    ],
)
def test_what_a_rule_cannot_watch_names_the_nearest(kind: str, subject: str, near: str) -> None:
    edits = sold(*orders("东屿精工", *FORTNIGHTLY))
    plan, _ = read(edited(edits | {"triggers": {2: rule(kind, threshold=2.0, subject=subject)}}))
    (found,) = check_subjects(plan)
    assert found.params["near"] == near
    assert ("最接近" in fix(found, "zh")) == (near != "—")
