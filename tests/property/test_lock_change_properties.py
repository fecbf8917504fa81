"""What locks and changes of 变更记录 promise together: closed months stay for every unit, locks
hold, sums are exact.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.engine.changes.records import Adjusted, ChangeState
from salesplan.plan.change_subjects import read_aim
from salesplan.plan.model import Aim, Kpi, KpiKind, Level, Lock, Plan, TargetRow, Unit
from tests.property.test_adjustment_properties import (
    _one,
    change,
    check_margins,
    run,
    within_months,
)
from tests.property.test_cascade_properties import KPI, SETTINGS, plans

LOCKS = st.sampled_from([None, None, Lock.YEAR, Lock.MONTHS])


def filled(plan: Plan, found: Adjusted) -> Plan:
    """The plan with what a recalculation writes into 目标分解: a row for each target, its years and
    months.
    """
    rows = {row.unit: row for row in plan.targets}
    for (_, unit), target in found.targets.items():
        row = rows.get(unit, TargetRow(kpi=KPI, unit=unit))
        rows[unit] = replace(
            row,
            stored_base_year=target.base_year,
            stored_year=target.year,
            stored_months=target.months,
        )
    return replace(plan, targets=tuple(rows.values()))


@st.composite
def locked(draw, plan: Plan) -> Plan:
    """``plan`` with locks on some of the units below the company that nothing is typed for, on what
    stands in their rows.
    """
    rows = []
    for row in plan.targets:
        typed = row.manual_year is not None or any(month is not None for month in row.manual_months)
        wanted = (
            row.unit != "C" and row.stored_base_year is not None and row.lock is None and not typed
        )
        lock = draw(LOCKS) if wanted else row.lock
        rows.append(replace(row, lock=lock))
    return replace(plan, targets=tuple(rows))


@st.composite
def edited(draw, plan: Plan) -> Plan:
    """``plan`` after an edit of its sheets, so that locks on what stood before bind: another
    company target or another coefficient.
    """
    kpi = plan.kpis[0]
    if len(plan.units) > 2 and draw(st.booleans()):
        unit = draw(st.sampled_from(plan.units[1:]))
        units = tuple(
            replace(one, coefficient=Decimal(draw(st.integers(0, 60))) / 100)
            if one is unit
            else one
            for one in plan.units
        )
        return replace(plan, units=units)
    return replace(
        plan,
        kpis=(replace(kpi, target=kpi.target + draw(st.integers(-300, 600)) * kpi.smallest_unit),),
    )


@st.composite
def held(draw, *, kind: KpiKind = KpiKind.FLOW) -> Plan:
    """A filled plan with manual values and locks on years and months, most of which bind."""
    plan = draw(plans(kind=kind, hedges=False))
    plan = replace(plan, targets=tuple(row for row in plan.targets if row.lock is None))
    plan = draw(locked(filled(plan, run(plan))))
    plan = draw(edited(plan))
    return filled(plan, run(plan))


@st.composite
def with_changes(draw, plan: Plan, first: int = 1, number: int = 0) -> Plan:
    """``plan`` with one to three approved changes more, from month ``first`` on."""
    made = {(one.subject, one.field): one for one in plan.changes}
    for code in range(number, number + draw(st.integers(1, 3))):
        one = draw(within_months(draw(_one(plan, plan.kpis[0], code, ""))))
        if one is not None and one.effective.month >= first:
            made.setdefault((one.subject, one.field), one)
    aims = [(one, read_aim(plan, one)) for one in made.values()]
    return replace(
        plan, changes=tuple(replace(one, aim=aim) for one, aim in aims if isinstance(aim, Aim))
    )


def same(before: Adjusted, after: Adjusted, months: int) -> None:
    for key, target in before.targets.items():
        if target.base_months[0] is not None:
            assert after.targets[key].base_months[:months] == target.base_months[:months], key
            assert after.targets[key].months[:months] == target.months[:months], key


def first_month(found: Adjusted, known: list[str]) -> int:
    """The first month that a change alters which is in force and was not ``known`` to be."""
    new = [one for one in found.adjustments if one.state.approved_in and one.change not in known]
    return min((one.since.month - 1 for one in new if one.since is not None), default=12)


def taken(found: Adjusted) -> list[str]:
    return [one.change for one in found.adjustments if one.state.approved_in]


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_months_before_the_first_change_stay_where_units_are_locked(data: st.DataObject) -> None:
    plan = data.draw(
        held(kind=data.draw(st.sampled_from([KpiKind.FLOW, KpiKind.FLOW, KpiKind.STOCK])))
    )
    without = run(plan)
    plan = data.draw(with_changes(plan))
    found = run(plan)
    same(without, found, first_month(found, []))
    assert {key: target.base_months for key, target in found.baseline.items()} == {
        key: target.base_months for key, target in without.targets.items()
    }


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_further_change_leaves_the_months_before_it_alone_where_units_are_locked(
    data: st.DataObject,
) -> None:
    plan = data.draw(with_changes(data.draw(held())))
    earlier = run(plan)
    plan = filled(plan, earlier)
    later = data.draw(
        with_changes(
            plan,
            first=max(
                [1, *(one.since.month for one in earlier.adjustments if one.since is not None)]
            ),
            number=10,
        )
    )
    found = run(later)
    same(earlier, found, first_month(found, taken(earlier)))


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_lock_put_on_in_the_course_of_the_year_holds_and_refuses_what_cannot_be_had_with_it(
    data: st.DataObject,
) -> None:
    plan = data.draw(with_changes(data.draw(plans(held=False, hedges=False))))
    plan = data.draw(locked(filled(plan, run(plan))))
    again = run(plan)
    check_margins(plan, again)
    assert {one.state for one in again.adjustments} <= {
        ChangeState.SCHEDULED,
        ChangeState.IN_FORCE,
        ChangeState.REFUSED,
        ChangeState.CONFLICT,
    }
    for row in plan.targets:
        target = again.targets.get((KPI, row.unit))
        if row.lock is Lock.YEAR and target is not None and target.base_year is not None:
            assert target.base_year == row.stored_base_year, row


@pytest.mark.parametrize("lock", [Lock.YEAR, Lock.MONTHS])
def test_a_locked_row_that_cannot_be_computed_keeps_what_stands_in_it(lock: Lock) -> None:
    """Found by the property above: somebody who leaves before they join has a target only by who is
    moved below them, and the lock on it refuses that move.
    """
    company, team, other, nobody, person = (
        Unit(code=code, name=code, level=level, parent=parent)
        for code, level, parent in (
            ("C", Level.COMPANY, None),
            ("A", Level.TEAM, "C"),
            ("B", Level.TEAM, "C"),
            ("B.0", Level.PERSON, "B"),
            ("B.1", Level.PERSON, "B"),
        )
    )
    nobody = replace(nobody, joined=date(2026, 1, 2), left=date(2026, 1, 1))
    kpi = Kpi(code=KPI, name="营收", kind=KpiKind.FLOW, smallest_unit=Decimal(1), target=Decimal(1))
    plan = Plan(settings=SETTINGS, units=(company, team, other, nobody, person), kpis=(kpi,))
    move = change(0, "A", "上级编码", "C", "B.0", 1)
    aim = read_aim(plan, move)
    assert isinstance(aim, Aim)
    plan = replace(plan, changes=(replace(move, aim=aim),))
    plan = filled(plan, run(plan))
    rows = (replace(row, lock=lock if row.unit == "B.0" else None) for row in plan.targets)
    plan = replace(plan, targets=tuple(rows))
    found = run(plan)
    check_margins(plan, found)
    assert found.targets[KPI, "B.0"].base_year == 1
    assert [one.state for one in found.adjustments] == [ChangeState.REFUSED]


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_sums_are_exact_and_locks_hold_or_a_finding_names_their_cell(data: st.DataObject) -> None:
    plan = data.draw(with_changes(data.draw(held())))
    found = run(plan)
    check_margins(plan, found)
    for row in plan.targets:
        target = found.targets.get((KPI, row.unit))
        if (
            row.lock is None
            or target is None
            or target.base_year is None
            or row.manual_year is not None
            or any(m is not None for m in row.manual_months)
        ):
            continue
        assert target.base_year == row.stored_base_year or row.lock is Lock.MONTHS, row
        if row.lock is Lock.MONTHS:
            assert target.months == row.stored_months, row
