"""Typed numbers: quarters and sums from below, with locks, hedges, joiners and levels of the tree
without a target.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salesplan.engine.targets.cascade import cascade
from salesplan.engine.targets.seasonality import seasons
from salesplan.engine.targets.target import Target
from salesplan.engine.targets.tree import readable
from salesplan.plan.model import KpiKind, Lock, Plan, TargetRow
from tests.property import examples
from tests.property.test_cascade_properties import (
    CALENDAR,
    KPI,
    check_margins,
    months_of,
    plans,
    run,
    whole,
)

KINDS = st.sampled_from(["", "", "year", "quarters", "four", "month", "lock", "both"])
QUARTER, MORE, YEAR, AT, MONTH = (st.integers(0, most) for most in (90, 50, 300, 11, 30))


@st.composite
def typed_rows(draw, plan: Plan, *, company: bool) -> tuple[TargetRow, ...]:
    """Years, quarters, months and locks on some units; no row contradicts itself."""
    smallest = plan.kpis[0].smallest_unit
    made = []
    for unit in plan.units if company else plan.units[1:]:
        kind = draw(KINDS)
        row = TargetRow(kpi=KPI, unit=unit.code)
        if kind in ("quarters", "four", "both"):
            quarters = [draw(QUARTER) * smallest for _ in range(4)]
            kept = [kind == "four" or draw(st.booleans()) for _ in range(4)]
            typed = tuple(q if k else None for q, k in zip(quarters, kept, strict=True))
            row = replace(row, manual_quarters=typed)
        if kind == "both":
            year = sum(quarters) + (0 if all(kept) else draw(MORE) * smallest)
            row = replace(row, manual_year=year)
            at = draw(AT)
            most = int(quarters[at // 3] / smallest)
            month = draw(st.integers(0, most)) * smallest
            row = replace(row, manual_months=tuple(month if i == at else None for i in range(12)))
        if kind == "year":
            row = replace(row, manual_year=draw(YEAR) * smallest)
        if kind == "month":
            at, month = draw(AT), draw(MONTH) * smallest
            row = replace(row, manual_months=tuple(month if i == at else None for i in range(12)))
        if kind == "lock":
            row = replace(row, lock=Lock.YEAR, stored_base_year=draw(YEAR) * smallest)
        if kind:
            made.append(row)
    return tuple(made)


@st.composite
def typed_plans(draw, *, goal: bool, kind: KpiKind = KpiKind.FLOW) -> Plan:
    plan = draw(plans(kind=kind, held=False))
    kpi = plan.kpis[0]
    target = abs(kpi.target or Decimal(0)) if goal else None
    plan = replace(plan, kpis=(replace(kpi, target=target),))
    return replace(plan, targets=draw(typed_rows(plan, company=not goal)))


def typed_hold(plan: Plan, targets: dict[str, Target], *, flow: bool = True) -> None:
    """Every typed figure is the unit's own, whatever its siblings and its parent have."""
    for row in plan.targets:
        target = targets.get(row.unit)
        if target is None:
            continue
        months = [month or Decimal(0) for month in target.base_months]
        if row.manual_year is not None:
            assert target.base_year == row.manual_year
        if row.lock is not None and row.manual_year is None and not any(row.manual_quarters):
            assert target.base_year == row.stored_base_year
        for at, month in enumerate(row.manual_months):
            assert month is None or target.base_months[at] == month
        for quarter, total in enumerate(row.manual_quarters):
            inside = months[quarter * 3 : quarter * 3 + 3]
            assert total is None or (sum(inside) if flow else inside[-1]) == total


def with_blanks(plan: Plan) -> dict[str, Target]:
    """The targets by unit, those with blank months too; without those that an error left out."""
    targets, _ = cascade(plan, CALENDAR, seasons(plan, CALENDAR)[0])
    return {
        unit: target
        for (_, unit), target in targets.items()
        if any(month is not None for month in target.base_months)
    }


@given(typed_plans(goal=True))
@settings(max_examples=examples(120), deadline=None)
def test_typed_quarters_hold_under_a_company_goal_and_both_margins_add_up(plan: Plan) -> None:
    targets, _ = run(plan)
    check_margins(plan, targets)
    typed_hold(plan, targets)


@given(typed_plans(goal=False))
@settings(max_examples=examples(120), deadline=None)
def test_without_a_goal_what_is_typed_adds_up_to_the_company(plan: Plan) -> None:
    targets = with_blanks(plan)
    typed_hold(plan, targets)
    for unit, target in targets.items():
        kids = [targets[kid.code] for kid in plan.children.get(unit, ()) if kid.code in targets]
        if not target.summed or not kids:
            continue
        for at, month in enumerate(target.base_months):
            below = [kid.base_months[at] for kid in kids if kid.base_months[at] is not None]
            if not _given(plan, unit, at):
                assert month == (sum(below) if below else None)


def _given(plan: Plan, code: str | None, at: int) -> bool:
    """Whether a month is typed for the unit, or comes to it from above."""
    while code is not None:
        for row in plan.targets:
            if row.unit == code and (
                row.manual_months[at] is not None or row.manual_quarters[at // 3] is not None
            ):
                return True
        code = plan.unit_by_code[code].parent
    return False


@given(typed_plans(goal=False))
@settings(max_examples=examples(80), deadline=None)
def test_months_without_a_target_are_blank_and_the_others_are_whole_units(plan: Plan) -> None:
    for target in with_blanks(plan).values():
        known = [month for month in target.base_months if month is not None]
        assert target.base_year == (sum(known) if known else None)
        assert all(whole(month, plan) is not None for month in known)
        issued = [month for month in target.months if month is not None]
        assert len(issued) == len(known) and target.year == (sum(issued) if issued else None)


@given(typed_plans(goal=True, kind=KpiKind.STOCK))
@settings(max_examples=examples(60), deadline=None)
def test_a_levels_typed_quarter_is_its_last_month(plan: Plan) -> None:
    rows = tuple(_of_a_level(row) for row in plan.targets)
    plan = replace(plan, targets=rows)
    targets, _ = run(plan)
    check_margins(plan, targets, flow=False)
    typed_hold(plan, targets, flow=False)


def _of_a_level(row: TargetRow) -> TargetRow:
    """The same row without what a level cannot have: a year beside a fourth quarter, a month that
    ends a typed one.
    """
    if row.manual_quarters[3] is not None:
        row = replace(row, manual_year=None)
    ends = [
        None if at % 3 == 2 and row.manual_quarters[at // 3] is not None else month
        for at, month in enumerate(row.manual_months)
    ]
    if row.manual_year is not None and ends[11] is not None:
        ends[11] = None
    return replace(row, manual_months=tuple(ends))


@given(typed_plans(goal=True))
@settings(max_examples=examples(80), deadline=None)
def test_where_all_is_summed_the_company_is_what_its_leaves_have(plan: Plan) -> None:
    """The leaves' targets typed as years, without a goal: every unit above has exactly their sum,
    month by month.
    """
    assume(all(readable(unit) for unit in plan.units))
    leaves = [unit for unit in plan.units if unit.code not in plan.children]
    rows = tuple(
        TargetRow(kpi=KPI, unit=unit.code, manual_year=plan.kpis[0].smallest_unit * (7 * at + 1))
        for at, unit in enumerate(leaves)
    )
    kpis = (replace(plan.kpis[0], target=None),)
    plan = replace(plan, targets=rows, kpis=kpis)
    targets, wrong = run(plan)
    assert not wrong
    for unit in plan.units:
        below = [leaf for leaf in leaves if _is_below(plan, leaf.code, unit.code)]
        sums = [
            sum(month)
            for month in zip(*(months_of(targets[u.code], plan) for u in below), strict=True)
        ]
        assert months_of(targets[unit.code], plan) == sums


def _is_below(plan: Plan, code: str | None, upper: str) -> bool:
    while code is not None and code != upper:
        code = plan.unit_by_code[code].parent
    return code == upper
