"""What changes in the course of the year promise, for any tree, coefficients, presence and sequence
of changes.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.engine.changes import transfers
from salesplan.engine.changes.adjustments import adjusted
from salesplan.engine.changes.records import Adjusted
from salesplan.engine.targets.seasonality import seasons
from salesplan.engine.targets.tree import readable
from salesplan.plan.change_subjects import read_aim
from salesplan.plan.model import Aim, Approval, Change, Kpi, KpiKind, Month, Plan, Transfer
from tests.property.test_cascade_properties import CALENDAR, KPI, SETTINGS, plans

DECEMBER = Month(2026, 12)
SUBJECTS = st.sampled_from(
    ["target", "coefficient", "parent", "parent", "handover", "year", "left", "typed"]
)
MOVES = st.sampled_from(["parent", "handover", "left", "left", "joined"])
DAYS = st.sampled_from([None, 1, 2, 10, 16, 25, 28])


def change(
    number: int, subject: str, field: str, before: object, after: object, month: int
) -> Change:
    return Change(
        code=f"C{number}",
        subject=subject,
        field=field,
        before="" if before is None else str(before),
        after=str(after),
        effective=Month(2026, month),
        approver="王总",
        status=Approval.APPROVED,
        approved=date(2026, 1, 5),
        notify=("C",),
    )


@st.composite
def within_months(draw, one: Change | None) -> Change | None:
    """The change, perhaps from a day within its month on."""
    day = None if one is None else draw(DAYS)
    if one is None or day is None:
        return one
    return replace(one, day=date(2026, one.effective.month, day))


@st.composite
def changed(
    draw, *, only: str = "", held: bool = True, kind: KpiKind = KpiKind.FLOW, days: bool = False
) -> Plan:
    """A plan with up to four changes of different cells; some of them cannot be carried out.
    ``days``: some hold from a day within their month.
    """
    plan = draw(plans(kind=kind, held=held))
    plan = replace(plan, targets=tuple(row for row in plan.targets if row.lock is None))
    kpi = plan.kpis[0]
    made: dict[tuple[str, str], Change] = {}
    for number in range(draw(st.integers(1, 4))):
        one = draw(_one(plan, kpi, number, only))
        one = draw(within_months(one)) if days else one
        if one is not None:
            made.setdefault((one.subject, one.field), one)
    aims = [(one, read_aim(plan, one)) for one in made.values()]
    return replace(
        plan, changes=tuple(replace(one, aim=aim) for one, aim in aims if isinstance(aim, Aim))
    )


@st.composite
def _one(draw, plan: Plan, kpi: Kpi, number: int, only: str) -> Change | None:
    month = draw(st.integers(1, 12))
    what = draw(MOVES) if only == "moves" else only or draw(SUBJECTS)
    if what == "target":
        return change(
            number,
            KPI,
            "公司年度目标",
            kpi.target,
            kpi.target + draw(st.integers(-500, 900)) * kpi.smallest_unit,
            month,
        )
    if len(plan.units) < 3:
        return None
    unit, other = draw(st.sampled_from(plan.units[1:])), draw(st.sampled_from(plan.units))
    if what == "coefficient":
        return change(
            number,
            unit.code,
            "贡献系数",
            unit.coefficient,
            Decimal(draw(st.integers(0, 90))) / 100,
            month,
        )
    if what == "parent":
        return change(number, unit.code, "上级编码", unit.parent, other.code, month)
    if what == "handover":
        return change(
            number,
            f"{KPI}/{unit.code}→{other.code}",
            "移交",
            None,
            draw(st.integers(1, 40)) * kpi.smallest_unit,
            month,
        )
    if what in ("left", "joined"):
        stood = getattr(unit, what)
        then = date(2026, month, draw(st.integers(1, 28)))
        return change(
            number, unit.code, {"left": "离职日", "joined": "入职日"}[what], stood, then, month
        )
    if what == "typed":
        typed = next((row.manual_year for row in plan.targets if row.unit == unit.code), None)
        figure = draw(st.integers(0, 300)) * kpi.smallest_unit
        return change(number, f"{KPI}/{unit.code}", "手工年度目标", typed, figure, month)
    year = seen(plan).get(unit.code)
    return (
        None
        if year is None
        else change(
            number,
            f"{KPI}/{unit.code}",
            "基准年度目标",
            year,
            year + draw(st.integers(-50, 50)) * kpi.smallest_unit,
            month,
        )
    )


def seen(plan: Plan) -> dict[str, Decimal]:
    found = run(replace(plan, changes=()))
    return {
        unit: target.base_year
        for (_, unit), target in found.baseline.items()
        if target.base_year is not None
    }


def run(plan: Plan) -> Adjusted:
    return adjusted(plan, CALENDAR, seasons(plan, CALENDAR)[0], DECEMBER, {})


def first_month(found: Adjusted) -> int:
    return min(
        (one.since.month - 1 for one in found.adjustments if one.since is not None), default=12
    )


def check_margins(plan: Plan, found: Adjusted, *, flow: bool = True) -> None:
    """Every month of every unit is its children's of that month and what is unassigned; the year is
    its months. A unit may have a target in some of its months only. A locked row that could not be
    computed keeps what stands in it, and has no months of a base.
    """
    rows = {row.unit: row for row in plan.targets}
    months: dict[str, list[Decimal]] = {}
    for (_, unit), target in found.targets.items():
        if any(one.code == "target-kept" for one in target.remarks):
            stands = (rows[unit].stored_base_year, rows[unit].stored_year, rows[unit].stored_months)
            assert (target.base_year, target.year, target.months) == stands
            assert set(target.base_months) == {None}
        elif target.base_year is not None:
            months[unit] = [month or Decimal(0) for month in target.base_months]
    steps = [
        one
        for one in found.adjustments
        if one.state.approved_in and one.aim is not None and one.aim.column == "parent"
    ]
    moved = [
        Transfer(since=one.since, unit=one.aim.key[0], before="", after=str(one.aim.after))
        for one in steps
        if one.since and one.aim
    ]
    parents = transfers.parents_by_month(plan, moved, SETTINGS.months)
    split = {one.since.month - 1 for one in steps if one.since and one.day}
    everybodys(found, months, split)
    for unit, values in months.items():
        target = found.targets[KPI, unit]
        assert target.base_year == (sum(values) if flow else values[-1])
        assert target.year == (
            sum(m for m in target.months if m is not None) if flow else target.months[-1]
        )
        if target.children_sum is None:
            continue
        for m in set(range(12)) - split:
            assert (
                sum(v[m] for kid, v in months.items() if parents[m].get(kid) == unit)
                + target.unassigned_months[m]
                == values[m]
            )
        assert target.children_sum + target.unassigned == target.base_year


def everybodys(found: Adjusted, months: dict[str, list[Decimal]], split: set[int]) -> None:
    """In months within which somebody goes elsewhere, what is nobody's and what the company has
    agree with the units that have none below them all year.
    """
    above = [u for u in months if found.targets[KPI, u].children_sum is not None]
    for m in split if "C" in above else ():
        loose = sum(found.targets[KPI, unit].unassigned_months[m] for unit in above)
        lowest = sum(values[m] for unit, values in months.items() if unit not in above)
        assert months["C"][m] == loose + lowest


@given(changed(days=True))
@settings(max_examples=40, deadline=None)
def test_margins_are_exact_where_changes_split_months(plan: Plan) -> None:
    check_margins(plan, run(plan))


@given(changed(days=True, held=False))
@settings(max_examples=25, deadline=None)
def test_of_a_split_month_no_more_changes_than_from_the_day_on(plan: Plan) -> None:
    """What lies before the day stands: a company's month changes by the part from it on only."""
    one = next((one for one in plan.changes if one.subject == KPI and one.day), None)
    if one is None:
        return
    found = run(replace(plan, changes=(one,)))
    if not found.adjustments[0].state.approved_in or found.adjustments[0].day is None:
        return
    at, planned = one.effective.month - 1, found.baseline[KPI, "C"].base_months
    now = found.targets[KPI, "C"].base_months
    before = CALENDAR.count(one.effective.first, one.day - timedelta(days=1))
    stands = Fraction(before, CALENDAR.in_month(one.effective)) * Fraction(planned[at])
    unit = Fraction(plan.kpis[0].smallest_unit)
    assert now[:at] == planned[:at]
    if sum(planned) < sum(now) and min(planned) >= 0:
        assert Fraction(now[at]) >= stands - unit


@given(changed())
@settings(max_examples=40, deadline=None)
def test_margins_are_exact_in_every_month_before_and_after_each_change(plan: Plan) -> None:
    check_margins(plan, run(plan))


@given(changed(only="moves", held=False))
@settings(max_examples=40, deadline=None)
def test_whoever_moves_joins_or_leaves_nobody_takes_more_than_there_is(plan: Plan) -> None:
    """Where coefficients do not ask for more than the parent has, no month of it is overdrawn. Of
    somebody who leaves before joining, an error, nothing is asked.
    """
    if (plan.kpis[0].target or 0) < 0:
        return
    found = run(plan)
    if not all(map(readable, found.plan.units)):
        return
    check_margins(plan, found)
    for (_, unit), target in found.baseline.items():
        if any((month or 0) < 0 for month in target.unassigned_months):
            continue
        loose = found.targets[KPI, unit].unassigned_months
        assert all((month or 0) >= 0 for month in loose), (unit, loose)


@given(changed(only="typed", held=False), st.data())
@settings(max_examples=20, deadline=None)
def test_a_year_typed_by_a_change_is_what_the_unit_has(plan: Plan, data: st.DataObject) -> None:
    """Whatever was moved before it. A group of which somebody leaves before joining is not worked
    out until that is put right: then what each had stays.
    """
    if not plan.changes:
        return
    last = replace(plan.changes[-1], code="LAST", effective=DECEMBER)
    moves = []
    for number in range(2):
        one = data.draw(_one(plan, plan.kpis[0], 10 + number, "moves"))
        if one is not None and one.field in ("上级编码", "移交") and one.effective < DECEMBER:
            moves.append(replace(one, aim=read_aim(plan, one)))
    sound = tuple(one for one in moves if isinstance(one.aim, Aim))
    found = run(replace(plan, changes=(*sound, last)))
    if not found.adjustments[-1].state.approved_in or last.aim is None:
        return
    beside = found.plan.unit_by_code[last.aim.key[1]].parent
    if all(readable(one) for one in found.plan.units if one.parent == beside):
        assert found.targets[last.aim.key].base_year in (None, last.aim.after)  # None: an error


@given(changed(kind=KpiKind.STOCK))
@settings(max_examples=15, deadline=None)
def test_margins_of_levels_are_exact_in_every_month(plan: Plan) -> None:
    check_margins(plan, run(plan), flow=False)


@given(changed())
@settings(max_examples=25, deadline=None)
def test_months_before_the_first_change_stay_and_so_does_the_baseline(plan: Plan) -> None:
    found, without = run(plan), run(replace(plan, changes=()))
    assert {key: target.base_months for key, target in found.baseline.items()} == {
        key: target.base_months for key, target in without.targets.items()
    }
    first = first_month(found)
    for key, target in without.targets.items():
        if target.base_months[0] is not None:
            assert found.targets[key].base_months[:first] == target.base_months[:first]
            assert found.targets[key].months[:first] == target.months[:first]


@given(changed())
@settings(max_examples=25, deadline=None)
def test_a_further_change_leaves_every_month_before_it_alone(plan: Plan) -> None:
    found = run(plan)
    taken = [one for one in found.adjustments if one.since is not None and one.state.approved_in]
    if not taken:
        return
    last = max(taken, key=lambda one: one.since or DECEMBER)
    assert last.since is not None
    kept = {one.change for one in found.adjustments if one.since is None or one.since < last.since}
    earlier = run(replace(plan, changes=tuple(one for one in plan.changes if one.code in kept)))
    index = last.since.month - 1
    for key, target in earlier.targets.items():
        if target.base_months[0] is not None:
            assert found.targets[key].months[:index] == target.months[:index]
            assert found.targets[key].base_months[:index] == target.base_months[:index]


@given(changed(only="parent"))
@settings(max_examples=25, deadline=None)
def test_transfers_leave_the_company_and_whoever_moves_as_they_were(plan: Plan) -> None:
    found = run(plan)
    aims = [one.aim for one in found.adjustments if one.state.approved_in and one.aim is not None]
    moved = {aim.key[0] for aim in aims} - {str(aim.after) for aim in aims}
    for (_, unit), target in found.targets.items():
        planned = found.baseline.get((KPI, unit))
        if (
            planned is not None
            and planned.base_months[0] is not None
            and (unit == "C" or (unit in moved and not plan.children.get(unit)))
        ):
            assert target.base_months == planned.base_months


@given(changed(only="parent", held=False))
@settings(max_examples=25, deadline=None)
def test_both_sides_of_one_transfer_change_by_the_same_months(plan: Plan) -> None:
    [one, *_] = plan.changes or [None]
    if one is None:
        return
    found = run(replace(plan, changes=(one,)))
    if not found.adjustments[0].state.approved_in or found.baseline.get((KPI, one.subject)) is None:
        return
    start = one.effective.month - 1
    along = found.baseline[KPI, one.subject].base_months
    if along[0] is None:
        return
    above = {
        code: transfers.above(code, {u.code: u.parent for u in plan.units if u.parent})
        for code in (one.before, one.after)
    }
    for (_, unit), target in found.targets.items():
        planned = (
            found.baseline[KPI, unit].base_months
            if (KPI, unit) in found.baseline
            else (Decimal(0),) * 12
        )
        sign = (unit in above[one.after]) - (unit in above[one.before])
        if planned[0] is not None:
            assert [
                now - before for now, before in zip(target.base_months, planned, strict=True)
            ] == [sign * v if m >= start else 0 for m, v in enumerate(along)]


@given(changed(), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_changes_rows_does_not_matter(plan: Plan, shuffler: random.Random) -> None:
    mixed = list(plan.changes)
    shuffler.shuffle(mixed)
    moving = {
        one.effective
        for one in mixed
        if one.aim is not None and (one.aim.column == "parent" or one.aim.table == "handover")
    }
    if len(moving) < sum(
        one.aim is not None and (one.aim.column == "parent" or one.aim.table == "handover")
        for one in mixed
    ):
        return  # two moves of one month may build on each other
    one, other = run(plan), run(replace(plan, changes=tuple(mixed)))
    assert {key: target.months for key, target in one.targets.items()} == {
        key: target.months for key, target in other.targets.items()
    }
    assert {a.change: a.state for a in one.adjustments} == {
        a.change: a.state for a in other.adjustments
    }


@given(changed())
@settings(max_examples=20, deadline=None)
def test_the_hedged_layer_is_never_below_the_base_layer_whatever_changes(plan: Plan) -> None:
    for target in run(plan).targets.values():
        if target.base_months[0] is not None:
            assert all(
                issued >= base
                for issued, base in zip(target.months, target.base_months, strict=True)
            )
