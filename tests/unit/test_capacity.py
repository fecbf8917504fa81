"""人均产能 × the people who are there, against what is left of the goal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from salesplan.engine.actuals.capacity import Capacity, CapacityBasis, capacities
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.targets.target import Season, SeasonSource, Target
from salesplan.findings import Finding
from salesplan.messages import text
from salesplan.plan.model import (
    Direction,
    Kpi,
    KpiKind,
    Level,
    Month,
    Origin,
    Plan,
    SeasonMonth,
    Unit,
)
from tests.unit.plans import ANNA, BEN, UNITS, Row, calendar, plan_of, target

D = Decimal
FLOW = Kpi(
    code="K", name="营收", kind=KpiKind.FLOW, origin=Origin("m.xlsx", "指标", 2, {"target": "K"})
)
END_OF_JUNE = date(2026, 6, 30)


def reckoned(
    plan: Plan,
    months: list[int] | None = None,
    as_of: date = END_OF_JUNE,
    unit: str = "E",
    seasons: dict[str, Season] | None = None,
) -> tuple[dict[tuple[str, str], Capacity], list[Finding]]:
    goals: dict[tuple[str, str], Target] = {("K", unit): target("K", unit, months or [20] * 12)}
    return capacities(plan, goals, Facts.of(plan, as_of), calendar(), seasons or {}, as_of)


def half_year(
    each: object, before: object = None, units: tuple[Unit, ...] = UNITS, kpi: Kpi = FLOW
) -> Plan:
    """Anna and Ben bring ``each`` a month together from January to June, ``before`` in each month
    of last year.
    """
    half = D(str(each)) / 2
    rows: list[Row] = [
        {"at": number, "unit": unit, "value": half} for number in range(1, 7) for unit in ("A", "B")
    ]
    if before is not None:
        rows += [{"at": Month(2025, number), "value": before} for number in range(1, 13)]
    return plan_of(kpi, *rows, units=units)


def only(plan: Plan, months: list[int] | None = None, as_of: date = END_OF_JUNE) -> Capacity:
    (one,) = reckoned(plan, months, as_of)[0].values()
    return one


def test_worked_by_hand() -> None:
    """Last year 2 people × 12 months brought 192: 8 a head and month. Of 240 planned 90 are here:
    150 are left for 12 head-months, which bring 96. It takes 12.5 of each, or 3.125 people: two
    more, for there is no eighth of one.
    """
    one = only(half_year(15, 16))
    assert (one.basis, one.per_head, one.best, one.heads) == (CapacityBasis.LAST_YEAR, 8, 8, 2)
    assert (one.remaining, one.capacity, one.gap, one.feasible) == (150, 96, -54, False)
    assert (one.needed_per_head, one.needed_heads, one.short) == (D("12.5"), D("3.125"), 2)
    assert one.above_best == D("0.5625")


def test_the_best_ever_may_be_this_year() -> None:
    """10 a head and month so far: the 12.5 needed are a quarter above that."""
    one = only(half_year(20, 16), [270] + [0] * 11)
    assert (one.per_head, one.best, one.needed_per_head, one.above_best) == (
        8,
        10,
        D("12.5"),
        D("0.25"),
    )


def test_of_a_team_that_was_dissolved_nothing_is_told() -> None:
    """Everybody left with June, and nothing more is asked; where something is, it is told."""
    gone = tuple(
        replace(unit, left=END_OF_JUNE) if unit.level is Level.PERSON else unit for unit in UNITS
    )
    plan = half_year(15, 16, units=gone)
    assert reckoned(plan, [20] * 6 + [0] * 6) == ({}, [])
    assert not only(plan, [20] * 12).feasible


@pytest.mark.parametrize(("goal", "said"), [(234, False), (235, True)])
def test_said_only_where_far_above_the_best(goal: int, said: bool) -> None:
    """90 are here, at best 10 a head and month on 12 head-months: 144 left is a fifth above, 145
    more than that.
    """
    plan = half_year(15, 20)
    found, findings = reckoned(plan, [goal] + [0] * 11)
    assert not found["K", "E"].feasible
    assert [(f.code, f.place.cell, f.params["units"], f.params["count"]) for f in findings] == (
        [("capacity-beyond-best", "K2", ("华东",), 1)] if said else []
    )
    for finding in findings:
        assert "华东" in text(finding, "zh") and "{" not in text(finding, "en")


def test_without_last_year_this_years_closed_months_speak() -> None:
    """On 15 May: four closed months of 15 over 8 head-months; May and later rows count as done, not
    as pace.
    """
    one = only(half_year(15), as_of=date(2026, 5, 15))
    assert (one.basis, one.per_head) == (CapacityBasis.YEAR_TO_DATE, D("7.5"))
    assert one.remaining == 240 - 75


def test_eleven_months_are_no_last_year() -> None:
    plan = plan_of(
        FLOW,
        {"at": 1, "value": 15},
        *({"at": Month(2025, number), "value": 16} for number in range(1, 12)),
    )
    assert only(plan).basis is CapacityBasis.YEAR_TO_DATE


def test_months_missing_from_last_year_are_named() -> None:
    """In the east nothing of last January and February is known: its capacity goes by this year,
    and it says so. Without any row of last year there is no gap, and nothing to say.
    """
    plan = plan_of(
        FLOW,
        *({"at": number, "value": 15} for number in (1, 2)),
        *({"at": Month(2025, number), "value": 16} for number in range(3, 13)),
    )
    found, findings = reckoned(plan)
    assert found["K", "E"].gaps == (Month(2025, 1), Month(2025, 2))
    assert found["K", "E"].basis is CapacityBasis.YEAR_TO_DATE
    (said,) = (one for one in findings if one.code == "capacity-last-year-gaps")
    assert said.params["units"] == ["华东"] and said.params["months"] == ["2025-01", "2025-02"]
    assert "2025-01" in text(said, "zh") and "2025-02" in text(said, "en")
    assert only(half_year(15)).gaps == () == only(half_year(15, 16)).gaps


def test_joiners_leavers_and_ramp_up_count_as_far_as_they_are_there() -> None:
    """Ben leaves on 31 August; Carl joins on 1 October at 50 % for a month: 6 + 2 + 0.5 + 2
    head-months.
    """
    carl = Unit(
        code="X",
        name="卡尔",
        level=Level.PERSON,
        parent="E",
        joined=date(2026, 10, 1),
        ramp_up=(D("0.5"),),
    )
    units = (
        *(unit for unit in UNITS if unit is not BEN),
        replace(BEN, left=date(2026, 8, 31)),
        carl,
    )
    one = only(half_year(15, 16, units))
    assert (one.heads, one.capacity) == (D("10.5") / 6, 84)


def test_the_rest_of_a_running_month_by_working_days() -> None:
    day = date(2026, 6, 12)
    june = Fraction(
        calendar().count(date(2026, 6, 13), END_OF_JUNE), calendar().in_month(Month(2026, 6))
    )
    one = only(half_year(15, 16), as_of=day)
    assert one.capacity == pytest.approx(D(float(8 * 2 * (6 + june))))
    left = (*(unit for unit in UNITS if unit is not BEN), replace(BEN, left=day))
    assert only(half_year(15, 16, left), as_of=day).capacity == pytest.approx(
        D(float(8 * (6 + june)))
    )


@pytest.mark.parametrize(("before", "per_head"), [(16, 8), (None, 15)])
def test_a_strong_season_is_expected_to_be_strong(before: int | None, per_head: int) -> None:
    """The second half is three quarters of a year: 6 months of two people count for 18, at 8 that
    is 144. Where only the weak half is known, its 90 are what 6 average head-months would have
    brought.
    """
    fractions = (Fraction(1, 24),) * 6 + (Fraction(1, 8),) * 6
    season = Season(
        tuple(D(f.numerator) / f.denominator for f in fractions), SeasonSource.HISTORY, 3, fractions
    )
    found, _ = reckoned(half_year(15, before), seasons={"K": season})
    assert (found["K", "E"].per_head, found["K", "E"].capacity, found["K", "E"].heads) == (
        per_head,
        18 * per_head,
        2,
    )


def test_before_the_year_the_whole_goal_is_left() -> None:
    """Planned in December: last year's seasonality speaks for the company, 192 against 240 with two
    people.
    """
    history = tuple(
        SeasonMonth(kpi="K", month=number, history=(None, None, D(16))) for number in range(1, 13)
    )
    plan = plan_of(FLOW, seasonality=history)
    one = reckoned(plan, as_of=date(2025, 12, 15), unit="C")[0]["K", "C"]
    assert (one.per_head, one.remaining, one.capacity, one.short) == (8, 240, 192, 1)


def test_reached_already() -> None:
    one = only(half_year(50, 16))
    assert (one.remaining, one.feasible, one.needed_per_head, one.short) == (-60, True, 0, 0)


def test_nobody_left_to_do_it() -> None:
    gone = tuple(replace(unit, left=END_OF_JUNE) if unit in (ANNA, BEN) else unit for unit in UNITS)
    one = only(half_year(15, 16, gone))
    assert (
        one.heads,
        one.capacity,
        one.feasible,
        one.needed_per_head,
        one.above_best,
        one.short,
    ) == (0, 0, False, None, None, 4)


@pytest.mark.parametrize(
    "plan",
    [
        half_year(15, 16, kpi=replace(FLOW, direction=Direction.LOWER)),
        half_year(15, 16, kpi=replace(FLOW, kind=KpiKind.STOCK)),
        half_year(15, 16, UNITS[:3]),
        half_year(15, 16, (*UNITS[:4], replace(BEN, broken=frozenset({"joined"})))),
        plan_of(FLOW),
    ],
)
def test_left_out(plan: Plan) -> None:
    assert reckoned(plan)[0] == {}


def test_nothing_is_left_of_a_year_that_is_over() -> None:
    assert reckoned(half_year(15, 16), as_of=date(2026, 12, 31)) == ({}, [])


def test_who_has_not_reported_is_not_taken_as_having_brought_nothing() -> None:
    """Anna reports 10 a month, Ben nothing yet: 10 a head and month, not 5; booked on the team it
    is both their work.
    """
    anna: list[Row] = [{"at": number, "unit": "A", "value": 10} for number in range(1, 7)]
    one = only(plan_of(FLOW, *anna, units=UNITS))
    assert (one.basis, one.per_head, one.heads) == (CapacityBasis.YEAR_TO_DATE, 10, 2)
    late = only(plan_of(FLOW, *anna, {"at": 6, "unit": "B", "value": 4}, units=UNITS))
    assert late.per_head == D(64) / 7, "of June both are known"
    team: list[Row] = [{"at": number, "unit": "E", "value": 10} for number in range(1, 7)]
    assert only(plan_of(FLOW, *team, units=UNITS)).per_head == 5
