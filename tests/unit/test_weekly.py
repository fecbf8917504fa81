"""The weekly review and the daily stand-up, from the cells of a small master."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salesplan.engine import compute, cut_off
from salesplan.engine.work.weekly import Due, RemedyState, Rhythm
from salesplan.findings import Finding
from salesplan.plan.model import Cause, Month
from salesplan.plan.parse import needed_support, reasons
from tests.unit.masters import edited, read, settings_edit

D = date
Edits = dict[str, dict[int, dict[str, Any]]]
MARCH_27, APRIL_8 = D(2026, 3, 27), D(2026, 4, 8)
CODES = {"week-without-review", "week-without-actual", "remedy-overdue", "standup-missing"}


def run(edits: Edits, as_of: date = MARCH_27) -> tuple[Rhythm, list[tuple[str, str]]]:
    """The rhythm of the edited sound master at ``as_of``, and (code, cell) of what it finds."""
    rhythm, findings = both(edits, as_of)
    return rhythm, [
        (finding.code, str(finding.place)) for finding in findings if finding.code in CODES
    ]


def both(edits: Edits, as_of: date) -> tuple[Rhythm, list[Finding]]:
    rows = edited({**edits, **settings_edit(as_of=as_of, month=None)})
    plan, _ = read(rows)
    cutoff, _ = cut_off(plan, today=as_of)
    results = compute(plan, month=cutoff.month, as_of=cutoff.day)
    assert results.weekly is not None
    return results.weekly, list(results.findings)


def task(code: str, due: date | None, **cells: Any) -> dict[str, Any]:
    return {
        "code": code,
        "content": code,
        "strategy": "S1",
        "owner": "P1",
        "start": D(2026, 3, 2),
        "due": due,
        **cells,
    }


def stand_up(day: date, person: str = "张三", support: str | None = None) -> dict[str, Any]:
    return {"day": day, "person": person, "done": "x", "today": "y", "support": support}


TASKS: Edits = {
    "tasks": {
        4: task("K3", D(2026, 3, 25)),
        5: task("K4", D(2026, 4, 5), progress=0.5),
        6: task("K5", D(2026, 4, 6)),
        7: task("K6", D(2026, 3, 20), progress=0.4),
        8: task("K7", D(2026, 3, 26), progress=1.0, finished=D(2026, 3, 24)),
        9: task("K8", D(2026, 3, 26), progress=1.0, finished=D(2026, 3, 20)),
        10: task("K9", D(2026, 3, 26), state="暂停"),
        11: task("K10", D(2026, 3, 26), state="取消"),
        12: task("K11", None),
    }
}


def test_the_agenda_is_what_is_due_this_week_and_next_and_what_is_left_from_before() -> None:
    rhythm, _ = run(TASKS, D(2026, 3, 25))
    assert rhythm.friday == D(2026, 3, 27)
    assert [(item.task, item.due) for item in rhythm.agenda] == [
        ("K6", Due.OVERDUE),
        ("K3", Due.THIS_WEEK),
        ("K7", Due.THIS_WEEK),
        ("K4", Due.NEXT_WEEK),
    ]


def test_what_is_planned_for_friday_is_the_share_of_working_days_in_whole_percents() -> None:
    """K4: 2 March to Sunday 5 April has 25 working days (3 April of them), 20 up to Friday 27
    March.
    """
    rhythm, _ = run(TASKS, D(2026, 3, 25))
    assert {item.task: item.planned for item in rhythm.agenda} == {
        "K6": 1,
        "K3": 1,
        "K7": 1,
        "K4": Decimal("0.80"),
    }


def test_a_task_whose_start_cannot_be_read_has_no_planned_share() -> None:
    rhythm, _ = run(
        {
            "tasks": {
                4: task("K3", D(2026, 4, 1), start="三月初", progress=1.0, finished=D(2026, 3, 25))
            }
        },
        D(2026, 3, 25),
    )
    assert [(item.task, item.planned) for item in rhythm.agenda] == [("K3", None)]


@pytest.mark.parametrize("day", [D(2026, 3, 23), D(2026, 3, 27), D(2026, 3, 29)])
def test_a_week_runs_from_monday_to_sunday(day: date) -> None:
    assert run({}, day)[0].friday == D(2026, 3, 27)


def test_what_the_sheet_has_is_listed_whatever_day_of_the_week_it_is_dated() -> None:
    rhythm, _ = run(
        TASKS | {"weekly": {4: {"friday": D(2026, 3, 26), "task": "K3"}}}, D(2026, 3, 25)
    )
    assert {item.task for item in rhythm.agenda if item.listed} == {"K3"}


def test_a_week_that_is_over_gets_no_agenda() -> None:
    """Looking back at 20 March, while 27 March has rows."""
    assert run(TASKS, D(2026, 3, 18))[0].agenda == ()


def test_no_agenda_in_a_week_of_holidays_or_after_the_plan_year() -> None:
    golden = {"tasks": {4: task("K3", D(2026, 10, 9))}}
    assert [item.task for item in run(golden, D(2026, 10, 1))[0].agenda] == ["K2", "K3"]
    off = golden | {
        "calendar": {
            row: {"day": D(2026, 9, 26 + row) if row < 5 else D(2026, 10, row - 4), "working": "否"}
            for row in range(2, 9)
        }
    }
    assert run(off, D(2026, 10, 1))[0].agenda == ()
    assert run({"tasks": {4: task("K3", D(2026, 12, 31))}}, D(2026, 12, 31))[0].agenda == ()


def test_rates_of_rows_and_weeks() -> None:
    """K1 100 of 100 %, K2 40 of 50 %, K3 unreported: Σ 140 ÷ Σ 150; with weight 3 on K2: 220
    ÷ 250.
    """
    weekly = {
        4: {"friday": D(2026, 3, 27), "task": "K1", "planned": 1.0, "actual": 1.0},
        5: {"friday": D(2026, 3, 27), "task": "K3", "planned": 0.9},
    }
    rhythm, _ = run({"weekly": weekly, **TASKS})
    week = rhythm.this_week
    assert week is not None
    assert [line.rate for line in week.lines] == [Decimal("0.8"), 1, None]
    assert (week.reported, week.met, round(week.completion or 0, 4)) == (2, 1, Decimal("0.9333"))
    heavy = {"tasks": {**TASKS["tasks"], 3: {"weight": 3}}}
    assert [
        week.completion
        for week in run({"weekly": weekly, **heavy})[0].weeks
        if week.friday == D(2026, 3, 27)
    ] == [Decimal("0.88")]


def test_nothing_planned_or_nothing_reported_is_no_rate() -> None:
    rhythm, _ = run({"weekly": {2: {"planned": 0.0}, 3: {"actual": None}}})
    assert [line.rate for line in rhythm.lines.values()] == [None, None]
    assert [week.completion for week in rhythm.weeks if week.lines] == [None, None]


def test_reasons_are_counted_in_either_language_and_by_month() -> None:
    weekly = {
        2: {"actual": 0.5, "cause": "Too few resources"},
        4: {
            "friday": D(2026, 3, 27),
            "task": "K1",
            "planned": 1.0,
            "actual": 0.9,
            "cause": "资源不足；客户决策延迟",
        },
        5: {"friday": D(2026, 3, 27), "task": "K3", "planned": 1.0, "actual": 0.9, "cause": "下雨"},
    }
    rhythm, _ = run({"weekly": weekly, **TASKS})
    assert [week.reasons for week in rhythm.weeks if week.lines] == [
        {Cause.RESOURCES: 1},
        {Cause.RESOURCES: 2, Cause.CUSTOMER: 1, Cause.OTHER: 1},
    ]
    assert list(rhythm.span_reasons.items()) == [
        (Cause.RESOURCES, 3),
        (Cause.CUSTOMER, 1),
        (Cause.OTHER, 1),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, ()),
        ("", ()),
        ("资源不足。", (Cause.RESOURCES,)),
        ("market  CHANGED", (Cause.MARKET,)),
        ("人员变动、资源不足、人员变动", (Cause.STAFF, Cause.RESOURCES)),
        ("其他", (Cause.OTHER,)),
        ("停电", (Cause.OTHER,)),
    ],
)
def test_causes_as_typed(text: str | None, found: tuple[Cause, ...]) -> None:
    assert reasons(text) == found


@pytest.mark.parametrize("text", ["无", "没有。", "None", " - ", "N/A"])
def test_no_support_needed_is_no_blocker(text: str) -> None:
    assert needed_support(text) == ""
    assert needed_support("产品部讲师") == "产品部讲师"


def test_people_who_owe_a_figure() -> None:
    """K3 (P1) is open; K7, done, and K9, paused, owe nothing."""
    rows = {
        row: {"friday": D(2026, 3, 27), "task": code, "planned": 1.0}
        for row, code in ((4, "K3"), (5, "K7"), (6, "K9"))
    }
    rhythm, found = run({"weekly": rows, **TASKS})
    assert rhythm.this_week is not None and rhythm.this_week.unreported == ("P1",)
    assert ("week-without-actual", "周复盘!D4") in found and [code for code, _ in found].count(
        "week-without-actual"
    ) == 1


def test_a_week_is_not_missed_before_its_friday_is_over() -> None:
    assert ("week-without-review", "周复盘!A3") not in run({}, D(2026, 4, 2))[1]
    assert ("week-without-review", "周复盘!A3") in run({}, D(2026, 4, 3))[1]


def test_a_week_without_rows_or_with_rows_that_nobody_filled_in_has_no_review() -> None:
    missing: Edits = {"weekly": {2: {"friday": D(2026, 3, 13)}}}
    assert [one for one in run(missing)[1] if one[0] == "week-without-review"] == [
        ("week-without-review", "周复盘!A2")
    ]
    laid_out: Edits = {
        "weekly": {
            2: {"friday": D(2026, 3, 13)},
            4: {"friday": D(2026, 3, 20), "task": "K2", "planned": 0.4},
        }
    }
    assert [one for one in run(laid_out)[1] if one[0].startswith("week")] == [
        ("week-without-review", "周复盘!D4")
    ]


def test_no_review_is_asked_for_in_the_week_of_the_spring_festival() -> None:
    """16 to 20 February 2026 are all days off by the official calendar; Saturday the 28th is
    worked.
    """
    weekly = {2: {"friday": D(2026, 2, 13)}, 3: {"friday": D(2026, 2, 27), "due": D(2026, 3, 31)}}
    rhythm, found = run({"weekly": weekly}, D(2026, 2, 27))
    assert [week.friday for week in rhythm.weeks] == [D(2026, 2, 13), D(2026, 2, 27)]
    assert not [one for one in found if one[0] == "week-without-review"]


def remedies(edits: Edits, as_of: date = APRIL_8) -> list[tuple[str, RemedyState, int]]:
    return [(remedy.task, remedy.state, remedy.late) for remedy in run(edits, as_of)[0].remedies]


def test_an_improvement_is_looked_at_again() -> None:
    """Due Friday 3 April: open until then, overdue after it (7 and 8 April are worked, the 6th is a
    holiday).
    """
    assert remedies({}, D(2026, 3, 27)) == []
    assert remedies({}, D(2026, 4, 3)) == [("K2", RemedyState.OPEN, 0)]
    assert remedies({}) == [("K2", RemedyState.OVERDUE, 2)]
    assert run({}, D(2026, 4, 8))[1][-1] == ("standup-missing", "日跟进!B2")
    assert ("remedy-overdue", "周复盘!H3") in run({}, D(2026, 4, 8))[1]


def test_an_improvement_is_done_when_the_gap_is_closed() -> None:
    caught_up: Edits = {
        "weekly": {4: {"friday": D(2026, 4, 3), "task": "K2", "planned": 0.6, "actual": 0.6}}
    }
    finished: Edits = {"tasks": {3: {"deliverable_actual": 50.0, "finished": D(2026, 4, 7)}}}
    still: Edits = {
        "weekly": {
            4: {
                "friday": D(2026, 4, 3),
                "task": "K2",
                "planned": 0.6,
                "actual": 0.5,
                "cause": "其他",
            }
        }
    }
    assert [remedies(edits)[0][1] for edits in (caught_up, finished, still)] == [
        RemedyState.DONE,
        RemedyState.DONE,
        RemedyState.OVERDUE,
    ]


def test_only_the_last_improvement_of_a_task_counts_and_none_of_a_cancelled_one() -> None:
    again: Edits = {
        "weekly": {
            4: {
                "friday": D(2026, 4, 3),
                "task": "K2",
                "planned": 0.6,
                "actual": 0.5,
                "cause": "其他",
                "remedy": "加班",
                "owner": "P2",
                "due": D(2026, 4, 10),
            }
        }
    }
    assert [(r.text, r.state) for r in run(again, D(2026, 4, 8))[0].remedies] == [
        ("加班", RemedyState.OPEN)
    ]
    assert remedies({"tasks": {3: {"state": "取消"}}}) == []
    assert remedies({"weekly": {3: {"due": None}}}) == [("K2", RemedyState.UNDATED, 0)]


def test_blockers_are_carried_to_the_week_and_to_the_rows_of_who_asked() -> None:
    daily = {
        2: stand_up(D(2026, 3, 23), support="法务审协议"),
        3: stand_up(D(2026, 3, 24), "P2", "讲师"),
        4: stand_up(D(2026, 3, 25), support="无"),
        5: stand_up(D(2026, 3, 30), support="下周的事"),
    }
    rhythm, _ = run({"daily": daily, **TASKS})
    week = rhythm.this_week
    assert week is not None
    assert [(one.row, one.person, one.need) for one in week.standups.blockers] == [
        (2, "P1", "法务审协议"),
        (3, "P2", "讲师"),
    ]
    assert [line.needs for line in week.lines] == [("讲师",)]
    assert {item.task: item.needs for item in rhythm.agenda}["K3"] == ("法务审协议",)


def test_who_missed_which_stand_up() -> None:
    """From the first entry, Tuesday 24 March, on; P2 joins on the 26th and is never heard of."""
    edits: Edits = {
        "daily": {2: stand_up(D(2026, 3, 24)), 3: stand_up(D(2026, 3, 26))},
        "units": {6: {"joined": D(2026, 3, 26)}},
    }
    rhythm, found = run(edits, D(2026, 3, 27))
    week = rhythm.this_week
    assert week is not None
    assert week.standups.days == (D(2026, 3, 24), D(2026, 3, 25), D(2026, 3, 26), D(2026, 3, 27))
    assert week.standups.absent == {
        "P1": (D(2026, 3, 25), D(2026, 3, 27)),
        "P2": (D(2026, 3, 26), D(2026, 3, 27)),
    }
    assert week.standups.silent == ("P2",)
    assert ("standup-missing", "日跟进!B3") in found


def test_a_plan_without_stand_ups_or_reviews_misses_none() -> None:
    rows = edited(settings_edit(as_of=D(2026, 4, 30), month=None))
    rows["daily"], rows["weekly"] = [], []
    plan, _ = read(rows)
    results = compute(plan, month=Month(2026, 4), as_of=D(2026, 4, 30))
    assert results.weekly is not None and results.weekly.weeks == ()
    assert not CODES & {finding.code for finding in results.findings}


def test_two_people_of_one_name_are_nobody() -> None:
    rhythm, _ = run(
        {"units": {6: {"name": "张三"}}, "daily": {2: stand_up(D(2026, 3, 24), support="人手")}}
    )
    assert rhythm.this_week is not None
    assert [one.person for one in rhythm.this_week.standups.blockers] == ["张三"]
    assert rhythm.this_week.standups.silent == ("P1", "P2")


def test_a_stand_up_belongs_to_the_month_of_its_day() -> None:
    """Monday 30 and Tuesday 31 March stand in the week of Friday 3 April: they are March's."""
    daily = {
        2: stand_up(D(2026, 3, 30), support="法务"),
        3: stand_up(D(2026, 3, 31), "P2", "讲师"),
        4: stand_up(D(2026, 4, 1), support="场地"),
    }
    asked = {
        as_of: [one.need for one in run({"daily": daily}, as_of)[0].span_blockers]
        for as_of in (D(2026, 3, 31), D(2026, 4, 3))
    }
    assert asked == {D(2026, 3, 31): ["法务", "讲师"], D(2026, 4, 3): ["场地"]}
