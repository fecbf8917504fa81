"""Where a task stands, its notice, its light, and completion by owner, strategy and department."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.work.actions import (
    assess,
    by_department,
    by_owner,
    by_strategy,
    expected_progress,
    findings,
    summarize,
)
from salesplan.engine.work.task_summary import TaskResult, TaskSummary
from salesplan.findings import Finding
from salesplan.messages import fix, text
from salesplan.plan.model import (
    BudgetLine,
    IssueRow,
    IssueStatus,
    Level,
    Light,
    Origin,
    Plan,
    Settings,
    SupportKind,
    Task,
    TaskStatus,
    Unit,
    WeeklyEntry,
)

D = Decimal
S = TaskStatus
CHINA = Calendar.of("CN", (), [2026])
COLUMNS = {
    key: letter
    for letter, key in zip(
        "ABCDEFGHIJ", ("code", "progress", "requested", "finished", "state", "weight"), strict=False
    )
}


def march(day: int) -> date:
    return date(2026, 3, day)


def task(code: str = "T1", **more: object) -> Task:
    return Task(code=code, content="x", origin=Origin("", "行动计划", 7, COLUMNS), **more)  # type: ignore[arg-type]


def training(**more: object) -> Task:
    """The training of the worked example: 2 to 20 March 2026 are 15 working days."""
    return task(**({"start": march(2), "due": march(20)} | more))


def plan(*tasks: Task, weekly: tuple[WeeklyEntry, ...] = (), units: tuple[Unit, ...] = ()) -> Plan:
    return Plan(settings=Settings(year=2026), tasks=tasks, weekly=weekly, units=units)


def result(one: Task, as_of: date, *weekly: WeeklyEntry) -> TaskResult:
    return assess(plan(one, weekly=weekly), CHINA, as_of)[one.code]


def oddities(one: Task, as_of: date, *weekly: WeeklyEntry) -> list[tuple[str, str]]:
    of = plan(one, weekly=weekly)
    return [
        (finding.code, finding.place.cell)
        for finding in findings(of, assess(of, CHINA, as_of), as_of)
    ]


# 应完成% and 执行指数


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2026, 2, 27), D(0)),
        (march(2), D(1) / 15),
        (march(11), D(8) / 15),
        (march(15), D(10) / 15),
        (march(20), D(1)),
        (date(2026, 6, 30), D(1)),
    ],
)
def test_expected_counts_working_days_with_both_ends(as_of: date, expected: D) -> None:
    assert expected_progress(CHINA, march(2), march(20), as_of) == expected


def test_expected_follows_the_official_calendar() -> None:
    """Spring Festival 2026 is 15 to 23 February; Saturdays 14 and 28 February are worked."""
    assert (
        expected_progress(CHINA, date(2026, 2, 9), date(2026, 2, 28), date(2026, 2, 14))
        == D(6) / 11
    )
    assert (
        expected_progress(CHINA, date(2026, 2, 9), date(2026, 2, 28), date(2026, 2, 23))
        == D(6) / 11
    )


@pytest.mark.parametrize("start", [None, march(25)])
def test_without_a_usable_start_only_the_due_day_speaks(start: date | None) -> None:
    assert expected_progress(CHINA, start, march(20), march(19)) == 0
    assert expected_progress(CHINA, start, march(20), march(20)) == 1


def test_a_task_with_no_working_day_is_expected_on_its_due_day() -> None:
    assert expected_progress(CHINA, march(7), march(8), march(7)) == 0
    assert expected_progress(CHINA, march(7), march(8), march(8)) == 1


def test_without_a_due_day_nothing_is_expected() -> None:
    assert expected_progress(CHINA, march(2), None, march(11)) is None
    assert result(task(start=march(2), progress=D("0.1")), march(11)).index is None


def test_progress_comes_from_the_deliverable_where_both_are_numbers() -> None:
    """50 target companies by 15 March, 20 found."""
    one = task(
        start=march(2),
        due=march(13),
        deliverable_target=D(50),
        deliverable_actual=D(20),
        progress=D("0.9"),
    )
    told = result(one, march(6))
    assert told.progress == D("0.4")
    assert told.expected == D("0.5")
    assert told.index == D("0.8")


def test_progress_is_capped_and_falls_back_to_what_was_typed() -> None:
    assert (
        result(training(deliverable_target=D(50), deliverable_actual=D(60)), march(11)).progress
        == 1
    )
    assert result(
        training(deliverable_target=D(0), deliverable_actual=D(3), progress=D("0.3")), march(11)
    ).progress == D("0.3")
    assert result(training(deliverable_target=D(50), progress=D("0.3")), march(11)).progress == D(
        "0.3"
    )


def test_a_blank_progress_is_not_zero() -> None:
    blank, zero = result(training(), march(11)), result(training(progress=D(0)), march(11))
    assert (blank.progress, blank.index, blank.status, blank.light) == (
        None,
        None,
        S.RUNNING,
        Light.AMBER,
    )
    assert (zero.progress, zero.index, zero.status, zero.light) == (0, 0, S.BEHIND, Light.RED)
    assert oddities(training(), march(11)) == [("task-progress-missing", "B7")]
    assert oddities(training(progress=D(0)), march(11)) == []


# status and light


@pytest.mark.parametrize(
    ("one", "as_of", "status", "light", "overdue"),
    [
        (training(), date(2026, 2, 27), S.NOT_STARTED, None, 0),
        (training(progress=D(0)), date(2026, 2, 27), S.NOT_STARTED, None, 0),
        (training(progress=D("0.1")), date(2026, 2, 27), S.RUNNING, Light.GREEN, 0),
        (training(progress=D("0.48")), march(11), S.RUNNING, Light.GREEN, 0),
        (training(progress=D("0.47")), march(11), S.BEHIND, Light.AMBER, 0),
        (training(progress=D("0.42")), march(11), S.BEHIND, Light.RED, 0),
        (training(progress=D("0.9")), march(20), S.RUNNING, Light.GREEN, 0),
        (training(progress=D("0.8")), march(20), S.BEHIND, Light.AMBER, 0),
        (training(progress=D("0.99")), march(20), S.RUNNING, Light.GREEN, 0),
        (training(progress=D("0.99")), march(21), S.OVERDUE, Light.RED, 0),
        (training(progress=D("0.99")), march(24), S.OVERDUE, Light.RED, 2),
        (training(), march(24), S.OVERDUE, Light.RED, 2),
        (training(progress=D(1)), march(20), S.DONE_ON_TIME, Light.GREEN, 0),
        (training(progress=D(1)), march(24), S.DONE_LATE, Light.AMBER, 0),
        (training(finished=march(20)), march(31), S.DONE_ON_TIME, Light.GREEN, 0),
        (training(finished=march(25)), march(31), S.DONE_LATE, Light.AMBER, 3),
        (task(finished=march(25)), march(31), S.DONE_ON_TIME, Light.GREEN, 0),
        (training(state=S.PAUSED, progress=D("0.1")), march(31), S.PAUSED, None, 0),
        (training(state=S.CANCELLED, finished=march(3)), march(31), S.CANCELLED, None, 0),
        (task(due=march(20)), march(20), S.NOT_STARTED, None, 0),
        (task(due=march(20), progress=D(0)), march(20), S.BEHIND, Light.RED, 0),
        (task(), march(20), S.NOT_STARTED, None, 0),
        (task(start=march(2), progress=D("0.2")), march(20), S.RUNNING, Light.GREEN, 0),
    ],
)
def test_status_light_and_overdue_days(
    one: Task, as_of: date, status: TaskStatus, light: Light | None, overdue: int
) -> None:
    told = result(one, as_of)
    assert (told.status, told.light, told.overdue_days) == (status, light, overdue)


def test_a_finished_task_with_nothing_else_said_is_complete() -> None:
    assert result(training(finished=march(18)), march(31)).progress == 1


def test_looking_back_a_task_finished_later_was_not_finished() -> None:
    one = training(finished=march(25), progress=D(1))
    told = result(one, march(11), WeeklyEntry(friday=march(6), task="T1", actual=D("0.5")))
    assert (told.status, told.progress) == (S.RUNNING, D("0.5"))
    assert result(one, march(11)).progress is None
    assert (
        result(one, march(11), WeeklyEntry(friday=march(13), task="T1", actual=D("0.7"))).progress
        is None
    )
    assert result(one, march(24)).status is S.OVERDUE


def test_100_percent_without_a_day_is_dated_by_the_weekly_review_else_late() -> None:
    one = training(progress=D(1))
    in_time = WeeklyEntry(friday=march(20), task="T1", actual=D(1))
    assert result(one, march(31), in_time).status is S.DONE_ON_TIME
    assert oddities(one, march(31), in_time) == []
    late = result(one, march(31), WeeklyEntry(friday=march(27), task="T1", actual=D(1)))
    assert (late.status, late.overdue_days) == (S.DONE_LATE, 5)
    assert result(one, march(31)).status is S.DONE_LATE


def test_a_deliverable_that_is_complete_wants_its_day() -> None:
    one = training(deliverable_target=D(50), deliverable_actual=D(50))
    assert oddities(one, march(20)) == []
    assert oddities(one, march(31)) == [("task-finished-day-missing", "D7")]


def test_contradictions_are_told_at_their_cells() -> None:
    short = training(finished=march(18), deliverable_target=D(50), deliverable_actual=D(30))
    assert oddities(short, march(31)) == [("task-finished-but-open", "D7")]
    assert oddities(training(progress=D(1), state=S.DONE_LATE), march(11)) == [
        ("task-state-ignored", "E7")
    ]


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (training(broken=frozenset({"state"})), False),
        (training(broken=frozenset({"due"})), False),
        (training(broken=frozenset({"finished"}), progress=D(1)), False),
        (training(broken=frozenset({"progress"})), False),
        (
            training(
                broken=frozenset({"deliverable_actual"}), deliverable_target=D(5), progress=D("0.4")
            ),
            False,
        ),
        (training(broken=frozenset({"start"}), progress=D("0.4")), False),
        (
            training(
                broken=frozenset({"progress"}), deliverable_target=D(5), deliverable_actual=D(2)
            ),
            True,
        ),
        (training(broken=frozenset({"progress"}), finished=march(3)), True),
        (training(broken=frozenset({"due"}), state=S.PAUSED), True),
        (training(broken=frozenset({"strategy"}), progress=D("0.4")), True),
    ],
)
def test_an_unreadable_cell_stops_what_depends_on_it(one: Task, told: bool) -> None:
    assert ("T1" in assess(plan(one), CHINA, march(11))) is told


def test_of_two_tasks_with_one_code_the_first_counts() -> None:
    of = plan(training(progress=D("0.6")), training(progress=D("0.1")))
    results = assess(of, CHINA, march(11))
    assert results["T1"].progress == D("0.6")
    assert summarize(of.tasks, results, march(11)).total == 1


# 提报检查


def helped(kind: SupportKind, requested: date | None, **more: object) -> Task:
    return training(
        **({"start": march(12), "support": kind, "requested": requested, "progress": D(1)} | more)
    )


@pytest.mark.parametrize(
    ("kind", "requested", "code", "days"),
    [
        (SupportKind.CROSS_DEPARTMENT, march(9), "notice-ok", 3),
        (SupportKind.CROSS_DEPARTMENT, march(10), "notice-late", 2),
        (SupportKind.CROSS_DEPARTMENT, march(7), "notice-ok", 3),
        (SupportKind.CROSS_DEPARTMENT, march(12), "notice-late", 0),
        (SupportKind.CROSS_DEPARTMENT, march(16), "notice-late", -2),
        (SupportKind.TECHNICAL, march(10), "notice-ok", 2),
        (SupportKind.TECHNICAL, march(11), "notice-late", 1),
    ],
)
def test_help_is_asked_for_three_or_two_working_days_ahead(
    kind: SupportKind, requested: date, code: str, days: int
) -> None:
    """The task starts on Thursday 12 March 2026."""
    notice = result(helped(kind, requested), march(11)).notice
    assert notice is not None
    assert (notice.code, notice.params["days"]) == (code, days)
    if code == "notice-late":
        assert notice.params["short"] == notice.params["required"] - days  # type: ignore[operator]


def test_notice_over_a_weekend_and_a_holiday_counts_working_days() -> None:
    monday = helped(SupportKind.CROSS_DEPARTMENT, march(11), start=march(16))
    assert result(monday, march(11)).notice == Finding.of("notice-ok", days=3)
    after_festival = helped(
        SupportKind.CROSS_DEPARTMENT, date(2026, 2, 13), start=date(2026, 2, 24)
    )
    notice = result(after_festival, march(11)).notice
    assert notice is not None
    assert (notice.code, notice.params["short"]) == ("notice-late", 1)


def test_a_request_that_was_never_made_is_missing_once_its_last_day_has_passed() -> None:
    one = helped(SupportKind.CROSS_DEPARTMENT, None)
    pending, missing = result(one, march(9)).notice, result(one, march(10)).notice
    assert pending == Finding.of("notice-pending", latest=march(9), required=3)
    assert missing == Finding.of("notice-missing", latest=march(9), required=3)
    assert oddities(one, march(9)) == []
    assert oddities(one, march(10)) == [("notice-missing", "C7")]


def test_without_a_start_help_is_needed_on_the_due_day() -> None:
    one = task(due=march(12), support=SupportKind.TECHNICAL, requested=march(11))
    assert oddities(one, march(11)) == [("notice-late", "C7")]
    undated = result(task(support=SupportKind.TECHNICAL), march(11)).notice
    assert undated == Finding.of("notice-undated")


def test_no_support_no_check() -> None:
    assert result(training(requested=march(1)), march(11)).notice is None
    assert result(helped(SupportKind.TECHNICAL, None, state=S.CANCELLED), march(11)).notice is None


# completion of many


UNITS = (
    Unit(code="C", name="公司", level=Level.COMPANY),
    Unit(code="华东", name="华东团队", level=Level.TEAM, parent="C"),
    Unit(code="D1", name="大客户部", level=Level.DEPARTMENT, parent="华东"),
    Unit(code="P1", name="张三", level=Level.PERSON, parent="D1"),
    Unit(code="P2", name="李四", level=Level.PERSON, parent="华东"),
    Unit(code="P3", name="王五", level=Level.PERSON, parent="C"),
    Unit(code="P4", name="王五", level=Level.PERSON, parent="C"),
)

MANY = (
    training(code="A", owner="P1", strategy="S1", weight=D(3), finished=march(18)),
    training(code="B", owner="P1", strategy="S1", finished=march(24)),
    training(code="C", owner="D1", strategy="S2", progress=D("0.5")),
    training(code="D", owner="P2", strategy="S2"),
    training(code="E", owner="P2", state=S.PAUSED, progress=D("0.2")),
    training(code="F", owner="P2", state=S.CANCELLED, progress=D(1)),
    task(
        code="G",
        owner="外部顾问",
        start=march(30),
        due=date(2026, 4, 30),
        progress=D(0),
        weight=D(2),
    ),
    task(code="H", owner="C", start=march(2), due=date(2026, 4, 30), finished=march(12)),
    training(code="I", owner="王五", broken=frozenset({"due"})),
)


def test_summary_leaves_out_cancelled_shows_paused_and_counts_only_what_is_due() -> None:
    of = plan(*MANY, units=UNITS)
    whole = summarize(of.tasks, assess(of, CHINA, march(31)), march(31))
    assert (whole.total, whole.paused, whole.due, whole.finished, whole.on_time, whole.overdue) == (
        7,
        1,
        4,
        2,
        1,
        2,
    )
    assert whole.completion == D("0.5")
    assert whole.on_time_rate == D("0.25")
    # A 3 × 100 %, B 100 %, C 50 %, G 2 × 0 %, H 100 %; D reported nothing
    assert whole.weighted == D("5.5") / 8


def test_nothing_due_is_no_rate_at_all() -> None:
    of = plan(training(progress=D("0.2")), training(code="T2"))
    early = summarize(of.tasks, assess(of, CHINA, march(11)), march(11))
    assert (early.due, early.completion, early.on_time_rate, early.weighted) == (
        0,
        None,
        None,
        D("0.2"),
    )
    assert summarize((), {}, march(11)).weighted is None


def test_what_is_due_on_the_cut_off_day_is_due() -> None:
    of = plan(training(progress=D("0.2")))
    assert summarize(of.tasks, assess(of, CHINA, march(20)), march(20)).completion == 0


def test_unusable_weights_are_left_out_of_the_weighted_completion() -> None:
    of = plan(
        training(code="A", progress=D("0.2")),
        training(code="B", progress=D(1), broken=frozenset({"weight"})),
        training(code="C", progress=D(1), weight=D(-5)),
    )
    assert summarize(of.tasks, assess(of, CHINA, march(11)), march(11)).weighted == D("0.2")


def test_groups_by_owner_strategy_and_department() -> None:
    of = plan(*MANY, units=UNITS)
    results = assess(of, CHINA, march(31))
    assert {name: group.total for name, group in by_owner(of, results, march(31)).items()} == {
        "P1": 2,
        "D1": 1,
        "P2": 2,
        "外部顾问": 1,
        "C": 1,
    }
    assert {name: group.total for name, group in by_strategy(of, results, march(31)).items()} == {
        "S1": 2,
        "S2": 2,
        "": 3,
    }
    assert {name: group.total for name, group in by_department(of, results, march(31)).items()} == {
        "D1": 3,
        "华东": 2,
        "": 1,
        "C": 1,
    }


def test_a_circle_in_the_organisation_does_not_hang_the_departments() -> None:
    units = (
        Unit(code="X", name="X", level=Level.PERSON, parent="Y"),
        Unit(code="Y", name="Y", level=Level.PERSON, parent="X"),
    )
    of = plan(training(owner="X"), units=units)
    assert list(by_department(of, assess(of, CHINA, march(11)), march(11))) == ["Y"]


def test_sentences_are_filled_in_both_languages() -> None:
    tasks = [
        training(code="1", state=S.OVERDUE),
        training(code="2", finished=march(18), deliverable_target=D(50), deliverable_actual=D(30)),
        training(code="3", deliverable_target=D(50), deliverable_actual=D(50)),
        replace(helped(SupportKind.TECHNICAL, None), code="4"),
        replace(helped(SupportKind.TECHNICAL, march(12)), code="5"),
    ]
    of = plan(*tasks)
    told = findings(of, assess(of, CHINA, march(31)), march(31))
    assert len({finding.code for finding in told}) >= 6
    for finding in told:
        for lang in ("zh", "en"):
            assert "{" not in text(finding, lang) + fix(finding, lang)


def test_each_due_task_is_in_exactly_one_group() -> None:
    """Sunday 31 May 2026: due on it counts on Monday; due on Friday is overdue, though no working
    day has passed.
    """
    may = [
        task(code="A", due=date(2026, 5, 29), finished=date(2026, 5, 28)),
        task(code="B", due=date(2026, 5, 29), progress=D("0.5")),
        task(code="C", due=date(2026, 5, 31), progress=D("0.5")),
        task(code="E", due=date(2026, 6, 1), progress=D("0.5")),
    ]
    plan = Plan(settings=Settings(year=2026), tasks=tuple(may))
    calendar = Calendar.of("CN", (), {2026})

    def summary(as_of: date) -> TaskSummary:
        return summarize(plan.tasks, assess(plan, calendar, as_of), as_of)

    for day in (date(2026, 5, 28) + timedelta(days=n) for n in range(8)):
        one = summary(day)
        assert one.due == one.finished + one.overdue + one.just_due
    sunday = summary(date(2026, 5, 31))
    assert (sunday.due, sunday.finished, sunday.overdue, sunday.just_due) == (2, 1, 1, 0)
    assert sunday.postponed == 1, "31 May is a day off: it counts on 1 June"
    monday = summary(date(2026, 6, 1))
    assert (monday.due, monday.overdue, monday.just_due, monday.postponed) == (4, 1, 2, 0)
    results = assess(plan, calendar, date(2026, 6, 2))
    assert (results["C"].due, results["C"].overdue_days) == (date(2026, 6, 1), 1)
    notes = findings(plan, results, date(2026, 6, 2))
    assert [one.params["counted"] for one in notes if one.code == "task-due-day-off"] == [
        date(2026, 6, 1)
    ]


def test_a_run_that_looks_back_says_what_is_today_s() -> None:
    """Filled in up to 30 June; on 12 June A's review says 40 %, of B nothing is known of that
    day.
    """
    tasks = (
        task(code="A", start=date(2026, 6, 1), due=date(2026, 6, 30), progress=D("0.9")),
        task(code="B", start=date(2026, 6, 1), due=date(2026, 6, 30), progress=D("0.8")),
    )
    review = WeeklyEntry(friday=date(2026, 6, 12), task="A", planned=D("0.5"), actual=D("0.4"))
    plan = Plan(
        settings=Settings(year=2026, as_of=date(2026, 6, 30)), tasks=tasks, weekly=(review,)
    )
    calendar = Calendar.of("CN", (), {2026})
    back = assess(plan, calendar, date(2026, 6, 12))
    assert (back["A"].progress, back["A"].later) == (D("0.4"), False)
    assert (back["B"].progress, back["B"].later) == (D("0.8"), True)
    said = [one for one in findings(plan, back, date(2026, 6, 12)) if "later" in one.code]
    assert [(one.code, one.params["count"], one.params["known"]) for one in said] == [
        ("task-progress-later", 1, date(2026, 6, 30))
    ]
    assert summarize(tasks, back, date(2026, 6, 12)).later == 1
    rows = replace(
        plan,
        issues=(IssueRow(code="KPI:K:C", status=IssueStatus.DOING), IssueRow(code="KPI:K:T")),
        budget=(BudgetLine(code="B1", category="获客", requested=D(5)),),
        weekly=(
            review,
            replace(review, remedy="加人"),
            replace(review, task="B", actual=None, remedy="加人"),
            replace(review, friday=date(2026, 6, 26), task="B", actual=None, remedy="加人"),
        ),
    )
    told = {one.code: one.params["count"] for one in findings(rows, back, date(2026, 6, 12))}
    assert told.items() >= {"issues-later": 1, "budget-later": 1, "improvements-later": 1}.items()
    present = findings(rows, assess(rows, calendar, date(2026, 6, 30)), date(2026, 6, 30))
    assert not [one for one in present if one.code.endswith("-later")]
    now = assess(plan, calendar, date(2026, 6, 30))
    assert (now["A"].progress, now["A"].later, now["B"].later) == (D("0.9"), False, False)
