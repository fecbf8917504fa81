"""What the first page, the mail and the deck ask of their reader, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from salesplan import app
from salesplan.engine.work.problems import ProblemKind
from salesplan.plan.model import IssueRow
from salesplan.report.figures.context import Context
from salesplan.report.narrative.sentences import _level_below, _overdue, asked
from tests.samples import new_sample


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> app.Run:
    master = tmp_path_factory.mktemp("asked") / "m.xlsx"
    new_sample(master, lang="en")
    return app.check(master)


def said(run: app.Run, **changed: object) -> list[str]:
    results = replace(run.results, as_of=changed.pop("as_of", run.results.as_of))
    plan = replace(run.plan, **changed)  # type: ignore[arg-type]
    return list(asked(Context(plan, results, (), "en", "m.xlsx")))


def test_an_action_for_each_issue_without_one_by_the_next_friday(run: app.Run) -> None:
    first, second = said(run)
    assert first.startswith(
        "Needed from you by the Friday review on 2026-07-03: an action for 4 open"
    )
    assert "(Complaints, New customers, Collections · Channel team and 1 more)" in first
    assert second.startswith("2 issues have actions, the next due 2026-07-03: ")
    assert second.endswith(": T07 Pilot of a repurchase offer (Chen Li).")


@pytest.mark.parametrize(
    ("cut_off", "friday"),
    [((2026, 7, 2), "2026-07-03"), ((2026, 7, 3), "2026-07-10"), ((2026, 7, 5), "2026-07-10")],
)
def test_the_friday_comes_after_the_cut_off(
    run: app.Run, cut_off: tuple[int, int, int], friday: str
) -> None:
    assert f"on {friday}:" in said(run, as_of=date(*cut_off))[0]


def test_nothing_is_asked_where_every_issue_has_an_action(run: app.Run) -> None:
    rows = tuple(
        IssueRow(code=one.key, remedy="call them", owner="P01", due=date(2026, 7, 9))
        for one in run.results.problems
    )
    (only,) = said(run, issues=rows)
    assert only.startswith(f"{len(rows)} issues have actions, the next due 2026-07-09: ")


def test_a_late_task_is_asked_for_by_its_number(run: app.Run) -> None:
    late = [one for one in run.results.problems if one.kind is ProblemKind.LATE_TASK]
    tasks = tuple(replace(task, remedy="") for task in run.plan.tasks)
    first = said(run, tasks=tasks, issues=())[0]
    assert late and "overdue tasks finished or rescheduled (" in first
    assert all(one.subject in first for one in late[:3])
    owners = {run.plan.unit_by_code[task.owner].name for task in tasks if task.code in first}
    assert owners and all(name in first for name in owners), "each with who is to finish it"


def test_overdue_tasks_that_have_an_action_are_named_with_their_owner(run: app.Run) -> None:
    (only,) = _overdue(Context(run.plan, run.results, (), "en", "m.xlsx"))
    assert only.startswith("Overdue: Chen Li: T07 "), only


def test_units_directly_below_are_called_by_their_level(run: app.Run) -> None:
    context = Context(run.plan, run.results, (), "zh", "m.xlsx")
    company = run.plan.unit_by_code[run.plan.roots[0].code]
    assert _level_below(context, company) == "团队"
