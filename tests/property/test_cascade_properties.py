"""The cascade's promises, for any tree, coefficients, locks, presence and seasonality."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.engine.exact.rounding import controlled_rounding, largest_remainder
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.cascade import cascade
from salesplan.engine.targets.seasonality import seasons
from salesplan.engine.targets.target import Target
from salesplan.engine.targets.tree import by_month
from salesplan.findings import Severity
from salesplan.messages import catalogue
from salesplan.plan.model import (
    Kpi,
    KpiKind,
    Level,
    Lock,
    Plan,
    SeasonMonth,
    Settings,
    TargetRow,
    Unit,
)
from tests.property import examples

CALENDAR = Calendar.of("CN", (), [2026])
SETTINGS = Settings(year=2026)
KPI = "K"


# Strategies that are drawn from again and again are made once: to make one costs more than to draw.
SHARE_KINDS = st.sampled_from(["whole", "whole", "any", "some", "blank"])
WEIGHT, PERCENT = st.integers(0, 500), st.integers(0, 60)
JOINED = st.none() | st.dates(date(2025, 11, 1), date(2026, 12, 31))
LEFT = st.none() | st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))
RAMP_UP = st.sampled_from([(), (), (Decimal("0.3"), Decimal("0.6"))])
HEDGE = st.sampled_from([None, None, Decimal("0.05"), Decimal("0.1")])
ROW_KINDS = st.sampled_from(["", "", "", "", "year", "month", "months", "lock", "both"])
YEAR, MONTH, MONTH_FIGURE = st.integers(0, 300), st.integers(0, 11), st.integers(0, 9)
SMALLEST = st.sampled_from([Decimal(1), Decimal("0.01"), Decimal(5)])
GOAL = st.integers(-1000, 5000)
WEIGHTS = st.none() | st.lists(WEIGHT, min_size=12, max_size=12)


@st.composite
def shares(draw, count: int) -> list[Decimal | None]:
    """Coefficients of siblings: exactly 1 in sum, anything, some blank, or all blank."""
    kind = draw(SHARE_KINDS)
    if kind == "blank":
        return [None] * count
    weights = [draw(PERCENT) for _ in range(count)]
    if kind == "whole":
        parts = largest_remainder(1000, weights if any(weights) else [1] * count)
        return [Decimal(part) / 1000 for part in parts]
    values: list[Decimal | None] = [Decimal(weight) / 100 for weight in weights]
    if kind == "some":
        values = [value / count if value is not None else None for value in values]
        values[draw(st.integers(0, count - 1))] = None
    return values


@st.composite
def units(draw, *, absent: bool = True, hedges: bool = True) -> tuple[Unit, ...]:
    """A company over at most three more levels."""
    made = [Unit(code="C", name="公司", level=Level.COMPANY)]
    layer = ["C"]
    for level in (Level.TEAM, Level.DEPARTMENT, Level.PERSON):
        below = []
        for parent in layer:
            count = draw(
                st.integers(0 if level is not Level.TEAM else 1, 4 if len(made) < 14 else 1)
            )
            for i, part in enumerate(draw(shares(count)) if count else []):
                code = f"{parent}.{i}"
                made.append(
                    Unit(
                        code=code,
                        name=code,
                        level=level,
                        parent=parent,
                        coefficient=part,
                        joined=draw(JOINED) if absent else None,
                        left=draw(LEFT) if absent else None,
                        ramp_up=draw(RAMP_UP) if absent else (),
                        hedge=draw(HEDGE) if hedges else None,
                    )
                )
                below.append(code)
        layer = below
    return tuple(made)


@st.composite
def rows(draw, tree: tuple[Unit, ...], smallest: Decimal) -> tuple[TargetRow, ...]:
    """Manual years, manual months and locks on some of the units below the company."""
    made = []
    for unit in tree[1:]:
        kind = draw(ROW_KINDS)
        row = TargetRow(kpi=KPI, unit=unit.code)
        year = draw(YEAR) * smallest if kind in ("year", "lock", "both") else None
        if kind in ("year", "both"):
            row = replace(row, manual_year=year)
        if kind == "lock":
            row = replace(row, lock=Lock.YEAR, stored_base_year=year)
        if kind in ("month", "both"):
            month, figure = draw(MONTH), draw(MONTH_FIGURE) * smallest
            if year is None or figure <= year:
                months = tuple(figure if i == month else None for i in range(12))
                row = replace(row, manual_months=months)
        if kind == "months":
            months = tuple(draw(MONTH_FIGURE) * smallest for _ in range(12))
            row = replace(row, manual_months=months)
        if kind:
            made.append(row)
    return tuple(made)


@st.composite
def plans(
    draw,
    *,
    kind: KpiKind = KpiKind.FLOW,
    absent: bool = True,
    held: bool = True,
    hedges: bool = True,
) -> Plan:
    tree = draw(units(absent=absent, hedges=hedges))
    smallest = draw(SMALLEST)
    target = draw(GOAL) * smallest
    weights = draw(WEIGHTS)
    history = (
        []
        if weights is None
        else [
            SeasonMonth(kpi=KPI, month=m + 1, history=(Decimal(w),) * 3)
            for m, w in enumerate(weights)
        ]
    )
    kpi = Kpi(code=KPI, name="营收", kind=kind, smallest_unit=smallest, target=target)
    targets = draw(rows(tree, smallest)) if held else ()
    return Plan(
        settings=SETTINGS, units=tree, kpis=(kpi,), seasonality=tuple(history), targets=targets
    )


def run(plan: Plan) -> tuple[dict[str, Target], bool]:
    """Targets by unit that were computed, and whether there was an error."""
    targets, findings = cascade(plan, CALENDAR, seasons(plan, CALENDAR)[0])
    computed = {
        unit: target for (_, unit), target in targets.items() if target.base_months[0] is not None
    }
    return computed, any(catalogue()[f.code].severity is Severity.ERROR for f in findings)


def whole(value: Decimal | None, plan: Plan) -> int:
    assert value is not None
    units = Fraction(value) / Fraction(plan.kpis[0].smallest_unit)
    assert units.denominator == 1, f"{value} is not a multiple of the smallest unit"
    return units.numerator


def months_of(target: Target, plan: Plan) -> list[int]:
    return [whole(month, plan) for month in target.base_months]


def check_margins(plan: Plan, targets: dict[str, Target], *, flow: bool = True) -> None:
    for target in targets.values():
        base, issued = months_of(target, plan), [whole(month, plan) for month in target.months]
        assert whole(target.base_year, plan) == (sum(base) if flow else base[-1])
        assert whole(target.year, plan) == (sum(issued) if flow else issued[-1])
        if target.children_sum is None:
            continue
        kids = [targets[kid.code] for kid in plan.children[target.unit] if kid.code in targets]
        loose = [whole(month, plan) for month in target.unassigned_months]
        for m in range(12):
            assert sum(months_of(kid, plan)[m] for kid in kids) + loose[m] == base[m]
        assert sum(whole(kid.base_year, plan) for kid in kids) == whole(target.children_sum, plan)
        assert target.children_sum + target.unassigned == target.base_year


@given(plans())
@settings(max_examples=examples(100), deadline=None)
def test_children_with_what_is_unassigned_add_up_to_the_parent_and_months_to_the_year(
    plan: Plan,
) -> None:
    targets, _ = run(plan)
    check_margins(plan, targets)


@given(plans(kind=KpiKind.STOCK))
@settings(max_examples=examples(60), deadline=None)
def test_levels_add_up_over_the_units_in_every_month(plan: Plan) -> None:
    targets, _ = run(plan)
    check_margins(plan, targets, flow=False)


@given(plans(absent=False, held=False))
@settings(max_examples=examples(60), deadline=None)
def test_shares_of_one_in_sum_leave_nothing_unassigned(plan: Plan) -> None:
    targets, _ = run(plan)
    for target in targets.values():
        if target.coverage == 1:
            assert target.unassigned == 0
            assert set(target.unassigned_months) == {Decimal(0)}


@given(plans(held=False))
@settings(max_examples=examples(100), deadline=None)
def test_every_cell_and_year_is_within_one_unit_of_its_real_share(plan: Plan) -> None:
    targets, _ = run(plan)
    smallest = Fraction(plan.kpis[0].smallest_unit)
    for target in targets.values():
        parent = targets.get(plan.unit_by_code[target.unit].parent or "")
        if parent is None or target.coefficient is None:
            continue
        there = by_month(plan.unit_by_code[target.unit], SETTINGS.months, CALENDAR)
        presence = there.flow if there else (Fraction(1),) * 12
        blank = plan.unit_by_code[target.unit].coefficient is None
        share = (
            _blank_share(plan, targets, target.unit)
            if blank
            else Fraction(plan.unit_by_code[target.unit].coefficient)
        )
        reals = [
            Fraction(month) * share * p
            for month, p in zip(parent.base_months, presence, strict=True)
        ]
        for real, month in zip(reals, target.base_months, strict=True):
            assert abs(Fraction(month) - real) < smallest
        assert abs(Fraction(target.base_year) - sum(reals)) < smallest


def _blank_share(plan: Plan, targets: dict[str, Target], code: str) -> Fraction:
    """An equal part of what the coefficients of the siblings who are there at all leave."""
    siblings = [
        unit for unit in plan.children[plan.unit_by_code[code].parent or ""] if unit.code in targets
    ]
    given = sum(
        (Fraction(unit.coefficient) for unit in siblings if unit.coefficient is not None),
        Fraction(0),
    )
    return (1 - given) / sum(1 for unit in siblings if unit.coefficient is None)


@given(plans())
@settings(max_examples=examples(100), deadline=None)
def test_manual_and_locked_values_stay(plan: Plan) -> None:
    targets, _ = run(plan)
    for row in plan.targets:
        target = targets.get(row.unit)
        if target is None:
            continue
        year = row.manual_year if row.manual_year is not None else row.stored_base_year
        assert year is None or target.base_year == year
        assert all(
            typed in (None, kept)
            for typed, kept in zip(row.manual_months, target.base_months, strict=True)
        )


@given(plans(held=False), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_locking_what_stands_changes_nothing(plan: Plan, data: st.DataObject) -> None:
    targets, _ = run(plan)
    locks = []
    for unit in plan.units[1:]:
        target = targets.get(unit.code)
        lock = data.draw(st.sampled_from([None, Lock.YEAR, Lock.MONTHS]))
        if lock is not None and target is not None:
            locks.append(
                TargetRow(
                    kpi=KPI,
                    unit=unit.code,
                    lock=lock,
                    stored_base_year=target.base_year,
                    stored_year=target.year,
                    stored_months=target.months,
                )
            )
    again, _ = run(replace(plan, targets=tuple(locks)))
    assert {code: (t.base_months, t.months) for code, t in again.items()} == {
        code: (t.base_months, t.months) for code, t in targets.items()
    }


@given(plans(), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_locked_units_stay_when_the_company_changes_and_sums_hold(
    plan: Plan, data: st.DataObject
) -> None:
    targets, _ = run(plan)
    locks = [
        TargetRow(
            kpi=KPI,
            unit=code,
            lock=Lock.MONTHS,
            stored_base_year=t.base_year,
            stored_year=t.year,
            stored_months=t.months,
        )
        for code, t in targets.items()
        if code != "C" and data.draw(st.booleans())
    ]
    kpi = replace(
        plan.kpis[0],
        target=plan.kpis[0].target + data.draw(st.integers(-300, 300)) * plan.kpis[0].smallest_unit,
    )
    later = replace(plan, kpis=(kpi,), targets=tuple(locks))
    changed, _ = run(later)
    check_margins(later, changed)
    for row in locks:
        if row.unit in changed:
            assert changed[row.unit].months == targets[row.unit].months


@given(plans(), st.randoms(use_true_random=False))
@settings(max_examples=examples(60), deadline=None)
def test_the_order_of_rows_does_not_matter_but_for_ties(
    plan: Plan, shuffler: random.Random
) -> None:
    distinct = [
        replace(unit, coefficient=(unit.coefficient or Decimal(0)) + Decimal(i) / 997)
        for i, unit in enumerate(plan.units)
    ]
    plan = replace(plan, units=tuple(distinct))
    mixed = list(plan.units)
    shuffler.shuffle(mixed)
    other, _ = run(replace(plan, units=tuple(mixed), targets=tuple(reversed(plan.targets))))
    targets, _ = run(plan)
    assert {code: (t.base_months, t.months) for code, t in other.items()} == {
        code: (t.base_months, t.months) for code, t in targets.items()
    }


@given(plans())
@settings(max_examples=examples(60), deadline=None)
def test_the_hedged_layer_is_never_below_the_base_layer(plan: Plan) -> None:
    targets, _ = run(plan)
    for target in targets.values():
        assert all(
            issued >= base for issued, base in zip(target.months, target.base_months, strict=True)
        )
        assert target.year >= target.base_year


@given(
    st.lists(st.lists(st.integers(-40, 40), min_size=3, max_size=3), min_size=1, max_size=5),
    st.integers(1, 7),
)
@settings(max_examples=examples(100), deadline=None)
def test_a_table_with_free_margins_rounds_every_cell_and_margin_to_a_neighbour(
    cells: list[list[int]], scale: int
) -> None:
    real = [[Fraction(cell, scale) for cell in row] for row in cells]
    table = controlled_rounding(real, None, None)
    for row, real_row in zip(table, real, strict=True):
        assert all(abs(value - cell) < 1 for value, cell in zip(row, real_row, strict=True))
        assert abs(sum(row) - sum(real_row)) < 1
    for column, real_column in zip(zip(*table, strict=True), zip(*real, strict=True), strict=True):
        assert abs(sum(column) - sum(real_column)) < 1


@given(
    st.integers(-10000, 10000), st.lists(st.integers(0, 1000), min_size=1, max_size=15).filter(any)
)
@settings(max_examples=examples(100), deadline=None)
def test_largest_remainder_adds_up_and_stays_within_one_unit(
    total: int, weights: list[int]
) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total * weight, sum(weights))) < 1
        for part, weight in zip(parts, weights, strict=True)
    )
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    assert largest_remainder(-total, weights) == [-part for part in parts]
