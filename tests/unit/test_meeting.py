"""What a meeting's page is made of: the run rate by hand, who is named in a request, who answers
for a task; and that a part's pages hold nothing of anybody else's.
"""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan.audience.results_slice import Part
from salesplan.audience.whole import Whole
from salesplan.engine.results import Results
from salesplan.engine.work.helping import Request, RequestState
from salesplan.findings import Finding
from salesplan.handout.form import stamped
from salesplan.meeting.day import Day, answers_for, day_of, helpers, named_in
from salesplan.meeting.notes import Note, notes
from salesplan.meeting.page import write_page
from salesplan.meeting.run_rate import RunRate, RunRates, stale
from salesplan.meeting.say import Speech, asked_of
from salesplan.meeting.say_day import day_sheet
from salesplan.meeting.say_week import week_sheet
from salesplan.meeting.table import Sheet
from salesplan.meeting.week import week_of
from salesplan.meeting.xlsx import write_sheet
from salesplan.plan.model import (
    DailyEntry,
    Direction,
    HelpAnswer,
    HelpReply,
    Kpi,
    KpiKind,
    Level,
    Month,
    Plan,
    Settings,
    Task,
    Unit,
)
from tests.canaries import OWN, WORD, Canaries
from tests.report_fixture import computed
from tests.unit.plans import calendar, plan_of, target
from tests.unit.test_audience import closed_canaries, secret_canaries

D = Decimal
REV = Kpi(code="K", name="营收", kind=KpiKind.FLOW, unit="万元", smallest_unit=D("0.01"))
MAY_20 = date(2026, 5, 20)
"""A Wednesday. May 2026 has 19 working days: 11 before it (1 to 5 May are off, 9 May is worked), 8
from it on.
"""


def rate(*given: dict[str, object], kpi: Kpi = REV, unit: str = "E", goal: object = 190) -> RunRate:
    """The run rate of a unit before the stand-up of 20 May, with that target in May."""
    plan = plan_of(kpi, *given)
    goals = [None] * 12
    goals[4] = goal  # type: ignore[call-overload]
    results = Results(
        month=Month(2026, 5),
        as_of=MAY_20,
        month_over=False,
        targets={("K", unit): target("K", unit, goals)},
    )
    rates = RunRates(
        plan=plan,
        results=results,
        calendar=calendar(),
        month=Month(2026, 5),
        since=date(2026, 5, 19),
        until=date(2026, 5, 19),
    )
    (found,) = rates.of(unit)
    return found


def test_what_is_left_is_divided_by_the_days_left() -> None:
    found = rate(
        {"at": date(2026, 5, 11), "unit": "A", "value": 60},
        {"at": date(2026, 5, 19), "unit": "B", "value": 6},
        {"at": MAY_20, "unit": "A", "value": 100},
    )
    assert calendar().count(date(2026, 5, 1), date(2026, 5, 19)) == 11
    assert (found.actual, found.recent, found.remaining) == (66, 6, 8)
    assert found.average == D(66) / 11 and found.need == D(190 - 66) / 8
    assert found.enough is False


def test_rows_of_a_whole_month_are_no_day_s() -> None:
    found = rate({"at": 5, "unit": "A", "value": 66})
    assert (found.actual, found.recent, found.latest) == (66, None, None)


@pytest.mark.parametrize(
    ("promised", "said"),
    [(date(2026, 5, 4), "K1: 同意, 05-04 交付"), (None, "K1: 同意")],
)
def test_an_answer_without_a_day_promises_none(promised: date | None, said: str) -> None:
    reply = HelpReply(task="K1", helper="市场部", answer=HelpAnswer.YES, promised=promised)
    asked = (None, None, None, None, None, reply, RequestState.YES, True)
    request = Request("K1", "市场部", "市场部", "张三", *asked)  # type: ignore[arg-type]
    assert asked_of(request, Speech(plan=REQUESTS, lang="zh", master="m")) == said


def test_what_rows_without_a_day_brought_so_far_is_not_told() -> None:
    """60 of all May are not what the eleven days before the 20th brought."""
    found = rate(
        {"at": date(2026, 5, 11), "unit": "A", "value": 6}, {"at": 5, "unit": "B", "value": 60}
    )
    assert found.actual == 66 and found.by_month
    assert (found.average, found.need, found.enough) == (None, None, None)
    dated = rate({"at": date(2026, 5, 11), "unit": "A", "value": 6}, {"at": 4, "unit": "B"})
    assert not dated.by_month and dated.need is not None, "April is another month"


@pytest.mark.parametrize(
    ("at", "until"),
    [(4, date(2026, 4, 30)), (date(2026, 5, 12), date(2026, 5, 12)), (date(2026, 5, 13), None)],
)
def test_actuals_that_end_long_before_the_day_are_said(at: object, until: date | None) -> None:
    """From 14 to 20 May there are five working days."""
    plan = plan_of(REV, {"at": at, "unit": "A", "value": 1}, {"at": 6, "unit": "A", "value": 1})
    results = Results(month=Month(2026, 5), as_of=MAY_20, month_over=False)
    found = stale(plan, results, calendar(), MAY_20, ())
    assert (None if found is None else found.until) == until


def test_the_last_day_with_figures_is_named() -> None:
    found = rate({"at": date(2026, 5, 18), "unit": "A", "value": 200})
    assert (found.recent, found.latest) == (None, date(2026, 5, 18))
    assert found.met and found.enough and found.need == 0


def test_a_kpi_that_is_better_low_may_use_what_is_left() -> None:
    low = Kpi(code="K", name="客诉", kind=KpiKind.FLOW, direction=Direction.LOWER)
    found = rate({"at": date(2026, 5, 18), "unit": "A", "value": 11}, kpi=low, goal=27)
    assert found.need == 2 and found.average == 1 and found.enough
    over = rate({"at": date(2026, 5, 18), "unit": "A", "value": 33}, kpi=low, goal=27)
    assert over.need == 0 and over.enough is False and not over.met


def test_nothing_is_known_of_a_month_nobody_reported() -> None:
    found = rate()
    assert (found.actual, found.average, found.need, found.enough) == (None, None, None, None)


REQUESTS = Plan(
    settings=Settings(year=2026),
    units=(
        Unit(code="HQ", name="总部", level=Level.COMPANY),
        Unit(code="T1", name="华东", level=Level.TEAM, parent="HQ", manager="P1"),
        Unit(code="T2", name="华东二部", level=Level.TEAM, parent="HQ", manager="外聘"),
        Unit(code="P1", name="张三", level=Level.PERSON, parent="T1"),
    ),
    tasks=(Task(code="K1", content="", partners="市场部、Legal\nIT"),),
)


@pytest.mark.parametrize(
    ("text", "owes"),
    [
        ("请市场部提供数据", ["市场部"]),
        ("华东二部借人", ["华东二部"]),
        ("legal to read it, IT to set it up", ["Legal", "IT"]),
        ("a limit on illegal items", []),
        ("需要帮忙", []),
    ],
)
def test_who_is_named_in_a_request(text: str, owes: list[str]) -> None:
    assert list(named_in(text, helpers(REQUESTS))) == owes


@pytest.mark.parametrize(
    ("owner", "person"), [("T1", "P1"), ("张三", "P1"), ("T2", "T2"), ("某人", "某人")]
)
def test_a_unit_s_task_is_its_leader_s(owner: str, person: str) -> None:
    assert answers_for(REQUESTS, Task(code="K", content="", owner=owner)) == person


def spoken(*entries: DailyEntry, day: date, left: date | None = None) -> Day:
    """The stand-up of a team of two, one of whom may have left."""
    units = (
        Unit(code="E", name="华东", level=Level.TEAM),
        Unit(code="A", name="安娜", level=Level.PERSON, parent="E", left=left),
        Unit(code="B", name="本", level=Level.PERSON, parent="E"),
    )
    plan = plan_of(REV, units=units, daily=entries)
    results = computed(plan, Month.of(day), day)
    warned = (Note("B", Finding.of("notice-pending"), "K1"), Note("X", Finding.of("notice-ok")))
    return day_of(plan, results, calendar(), day, warned)


def test_yesterday_is_the_working_day_before() -> None:
    """The first day after the holiday of May looks back to the last one before it."""
    found = spoken(
        DailyEntry(day=date(2026, 4, 30), person="A", today="拜访", support="法务"),
        DailyEntry(day=date(2026, 5, 6), person="安娜", done="已拜访"),
        DailyEntry(day=date(2026, 4, 20), person="B", today="太久了"),
        day=date(2026, 5, 6),
    )
    assert (found.before, found.after) == (date(2026, 4, 30), date(2026, 5, 7))
    anna, ben = found.people
    assert (anna.planned, anna.planned_on) == ("拜访", date(2026, 4, 30))
    assert anna.entry is not None and anna.entry.done == "已拜访"
    assert [one.text for one in anna.asked] == ["法务"]
    assert (ben.planned, ben.planned_on, ben.entry) == ("", None, None)
    assert [one.unit.code for one in found.silent] == ["B"]


def test_who_has_left_is_not_asked() -> None:
    found = spoken(day=date(2026, 5, 6), left=date(2026, 4, 30))
    assert [one.unit.code for one in found.people] == ["B"]


def test_notes_stand_at_their_unit_or_below_the_page() -> None:
    found = spoken(day=date(2026, 5, 6))
    assert [len(one.notes) for one in found.people] == [0, 1]
    assert [note.unit for note in found.notes] == ["X"]


def pages(part: Part, whole: Whole) -> list[Sheet]:
    day = date(2026, 3, 3)
    speech = Speech(plan=part.plan, lang="zh", master="m.xlsx")
    found = notes(part.plan, part.results, day)
    spoken_of = day_of(part.plan, part.results, whole.work_calendar, day, found)
    return [
        day_sheet(spoken_of, speech, {}),
        week_sheet(week_of(part.plan, part.results, whole.work_calendar), speech, {}),
    ]


@pytest.mark.parametrize("plan_of_secrets", [secret_canaries, closed_canaries])
def test_no_canary_is_on_a_part_s_page(plan_of_secrets: object, tmp_path: Path) -> None:
    canaries = Canaries()
    plan, results, part = plan_of_secrets(canaries)  # type: ignore[operator]
    assert len(canaries.words) > 60
    digits = [str(int(amount * 100)).encode() for amount in canaries.amounts]
    for at, sheet in enumerate(pages(part, Whole(plan, results))):
        path = tmp_path / f"{at}.xlsx"
        write_sheet(sheet, path, date(2026, 3, 3), stamped("x", Month(2026, 3), OWN, "m", "0", "c"))
        with zipfile.ZipFile(path) as package:
            data = b"".join(package.read(name) for name in package.namelist())
        for held in (data, write_page(sheet)):
            assert WORD.encode() not in held
            plain = held.replace(b".", b"").replace(b",", b"")
            assert not [one for one in digits if one in plain]
            assert "张三".encode() in held, "its own person is there"


def test_the_whole_s_pages_do_hold_the_canaries(tmp_path: Path) -> None:
    """The test above can fail."""
    plan, results, part = secret_canaries(Canaries())
    whole = Part(part.root, plan, results, ())
    for sheet in pages(whole, Whole(plan, results)):
        assert WORD.encode() in write_page(sheet)
