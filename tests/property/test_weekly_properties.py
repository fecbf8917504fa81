"""The weekly review: laid out once, nobody left out, a blank never counted as nothing done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.work.actions import assess
from salesplan.engine.work.weekly import Rhythm, rhythm
from salesplan.plan.model import Month, Origin, Plan, Settings, Task, TaskStatus, WeeklyEntry
from tests.unit.plans import UNITS

CALENDAR = Calendar.of("CN", (), [2026])
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
SHARES = st.none() | st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    tasks = [
        Task(
            code=f"K{i}",
            content="",
            owner="A",
            start=draw(st.none() | DAYS),
            due=draw(st.none() | DAYS),
            progress=draw(SHARES),
            state=draw(st.sampled_from([None, None, TaskStatus.PAUSED, TaskStatus.CANCELLED])),
        )
        for i in range(draw(st.integers(1, 6)))
    ]
    weekly = [
        WeeklyEntry(
            friday=draw(DAYS),
            task=f"K{draw(st.integers(0, 6))}",
            planned=draw(SHARES),
            actual=draw(SHARES),
            remedy=draw(st.sampled_from(["", "x"])),
            due=draw(st.none() | DAYS),
            origin=Origin(row=row),
        )
        for row in range(2, draw(st.integers(2, 8)))
    ]
    return Plan(settings=Settings(year=2026), units=UNITS, tasks=tuple(tasks), weekly=tuple(weekly))


def found(plan: Plan, as_of: date) -> Rhythm:
    return rhythm(plan, CALENDAR, assess(plan, CALENDAR, as_of), {Month.of(as_of)}, as_of)[0]


@given(plans(), DAYS)
@settings(max_examples=60, deadline=None)
def test_rows_that_were_added_are_not_added_again(plan: Plan, as_of: date) -> None:
    before = found(plan, as_of)
    added = [
        WeeklyEntry(
            friday=before.friday, task=item.task, planned=item.planned, origin=Origin(row=100 + row)
        )
        for row, item in enumerate(before.agenda)
        if not item.listed
    ]
    after = found(replace(plan, weekly=(*plan.weekly, *added)), as_of)
    assert [item.task for item in after.agenda] == [item.task for item in before.agenda]
    assert all(item.listed for item in after.agenda)


@given(plans(), DAYS)
@settings(max_examples=60, deadline=None)
def test_the_agenda_holds_every_open_task_that_is_due_by_next_week_once(
    plan: Plan, as_of: date
) -> None:
    rhythm_ = found(plan, as_of)
    listed = [item.task for item in rhythm_.agenda]
    assert len(listed) == len(set(listed))
    last = rhythm_.friday + timedelta(days=9)
    results = assess(plan, CALENDAR, as_of)
    open_ = {TaskStatus.RUNNING, TaskStatus.BEHIND, TaskStatus.OVERDUE, TaskStatus.NOT_STARTED}
    due = {
        task.code
        for task in plan.tasks
        if task.due and task.due <= last and results[task.code].status in open_
    }
    if listed:
        assert set(listed) == due


@given(plans(), DAYS)
@settings(max_examples=60, deadline=None)
def test_a_row_without_a_figure_changes_no_rate(plan: Plan, as_of: date) -> None:
    blank = WeeklyEntry(friday=as_of, task="K0", planned=Decimal(1), origin=Origin(row=99))
    one, two = found(plan, as_of), found(replace(plan, weekly=(*plan.weekly, blank)), as_of)
    rates = {week.friday: (week.completion, week.met, week.reported) for week in one.weeks}
    assert all(
        rates.get(week.friday, (None, 0, 0)) == (week.completion, week.met, week.reported)
        for week in two.weeks
    )
