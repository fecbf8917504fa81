"""What a run for an earlier day knows of what was decided, stopped and answered later."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan import app
from salesplan.dataclass import replace
from salesplan.engine.changes.known_then import known_then
from salesplan.engine.changes.records import ChangeState
from salesplan.plan.model import (
    Approval,
    Change,
    CloseAction,
    CloseEntry,
    IssueRow,
    Month,
    Plan,
    Settings,
    Task,
    TaskStatus,
    WeeklyEntry,
)
from tests.samples import new_sample

D = Decimal
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)
A, P, R = Approval.APPROVED, Approval.PENDING, Approval.REJECTED


def change(code: str, raised: date, decided: date | None, status: Approval = A) -> Change:
    return Change(
        code=code,
        raised=raised,
        approved=decided,
        status=status,
        approver="王总" if decided else "",
    )


def plan(**more: object) -> Plan:
    return Plan(settings=Settings(year=2026, as_of=JUNE), **more)  # type: ignore[arg-type]


def states(then: Plan) -> dict[str, tuple[Approval | None, date | None]]:
    return {one.code: (one.status, one.approved) for one in then.changes}


def test_what_was_decided_later_was_still_open_and_what_was_raised_later_not_there() -> None:
    given = plan(
        changes=(
            change("C1", date(2026, 5, 10), date(2026, 5, 20)),
            change("C2", date(2026, 5, 10), date(2026, 6, 3)),
            change("C3", date(2026, 6, 2), date(2026, 6, 3)),
            change("C4", date(2026, 5, 10), date(2026, 6, 3), R),
            change("C5", date(2026, 6, 2), None, P),
        )
    )
    then, said = known_then(given, MAY)
    assert states(then) == {"C1": (A, date(2026, 5, 20)), "C2": (P, None), "C4": (P, None)}
    assert [(one.code, one.params["changes"]) for one in said] == [("changes-later", ("C2", "C3"))]
    assert known_then(given, JUNE) == (given, [])


def test_a_change_that_a_closed_month_was_recorded_with_stays() -> None:
    late = change("C2", date(2026, 5, 10), date(2026, 6, 3))
    closed = CloseEntry(month=Month(2026, 5), action=CloseAction.CLOSE, changes=("C2",))
    given = plan(changes=(late,), closes=(closed,))
    then, said = known_then(given, MAY)
    assert then.changes == (late,) and not said


def test_a_task_stopped_now_and_reviewed_after_the_day_was_not_stopped() -> None:
    stopped = [
        Task(code=code, content="", state=state)
        for code, state in (("T1", TaskStatus.CANCELLED), ("T2", TaskStatus.PAUSED))
    ]
    review = WeeklyEntry(friday=date(2026, 6, 5), task="T1", actual=D("0.4"))
    then, _ = known_then(plan(tasks=tuple(stopped), weekly=(review,)), MAY)
    assert [one.state for one in then.tasks] == [None, TaskStatus.PAUSED]


def test_an_issue_that_began_later_had_no_answer() -> None:
    rows = [
        IssueRow(code=f"KPI:REV:{unit}", cause="…", first_month=month)
        for unit, month in (("T1", Month(2026, 5)), ("T2", Month(2026, 6)), ("T3", None))
    ]
    then, _ = known_then(plan(issues=tuple(rows)), MAY)
    assert [one.code for one in then.issues] == ["KPI:REV:T1", "KPI:REV:T3"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_sample(tmp_path_factory.mktemp("then") / "plan.xlsx", lang="zh")


def test_the_sample_on_an_earlier_day_is_without_the_changes_of_later(sample: Path) -> None:
    """C05 was approved on 26 June, C06 on the 25th: on the 20th nobody knew of either."""
    then = app.check(sample, as_of=date(2026, 6, 20))
    said = [one for one in then.findings if one.code == "changes-later"]
    assert [(one.place.cell[0], one.params["changes"]) for one in said] == [("L", ("C05", "C06"))]
    of_then = {one.change: one.state for one in then.results.adjustments}
    assert of_then["C05"] is of_then["C06"] is ChangeState.PENDING
    assert of_then["C07"].approved_in
    now = app.check(sample)
    assert {one.change: one.state for one in now.results.adjustments}["C06"].approved_in
    assert now.results.targets["COL", "HQ"].year == 1830
    assert then.results.targets["COL", "HQ"].year == 1805
    writing = app.check(sample, as_of=date(2026, 6, 20), writes=True)
    assert writing.results.targets["COL", "HQ"].year == 1830


def test_the_present_cut_off_by_its_day_is_the_present(sample: Path) -> None:
    asked, plain = app.check(sample, as_of=JUNE), app.check(sample)
    assert asked.results == plain.results and asked.findings == plain.findings
    month = app.check(sample, month=Month(2026, 5))
    assert "changes-later" not in {one.code for one in month.findings}
    assert replace(month.plan) == month.plan
