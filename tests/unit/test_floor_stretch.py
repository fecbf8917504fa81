"""Completion against floor, target and stretch, and which of them is reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine import compute
from salesplan.engine.actuals.floor_stretch import Step, Steps
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import (
    Direction,
    Kpi,
    KpiKind,
    Month,
    PercentBasis,
    Plan,
    Settings,
    TargetBasis,
    TargetRow,
)
from tests.unit.plans import UNITS, rows

D = Decimal


def steps(
    kpi: Kpi, *figures: tuple[str, str], unit: str = "C", span: Span = Span.YEAR, **parts: object
) -> Steps:
    """Of the year 2026 with the given actuals of unit A (month, figure)."""
    given = [
        {"at": int(month), "value": value}
        if kpi.kind is KpiKind.FLOW
        else {"at": int(month), "n": value, "d": "100"}
        for month, value in figures
    ]
    fields = {"units": UNITS, **parts}
    plan = Plan(
        settings=Settings(year=2026, country="US"), kpis=(kpi,), actuals=rows(*given), **fields
    )  # type: ignore[arg-type]
    return compute(plan, month=Month(2026, 12), as_of=date(2026, 12, 31)).steps["K", unit, span]


def flow(**fields: object) -> Kpi:
    return Kpi(
        code="K",
        name="营收",
        kind=KpiKind.FLOW,
        **{"target": D(500), "floor": D(450), "stretch": D(600), **fields},
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("actual", "reached"),
    [
        ("440", Step.BELOW),
        ("450", Step.FLOOR),
        ("499", Step.FLOOR),
        ("500", Step.TARGET),
        ("600", Step.STRETCH),
    ],
)
def test_the_highest_goal_that_is_reached(actual: str, reached: Step) -> None:
    assert steps(flow(), ("12", actual)).reached is reached


def test_a_rate_against_each() -> None:
    found = steps(flow(), ("12", "480"))
    assert (found.floor, found.stretch) == (D(450), D(600))
    assert found.floor_rate is not None and found.stretch_rate is not None
    assert (round(found.floor_rate.value or 0, 4), found.stretch_rate.value) == (
        D("1.0667"),
        D("0.8"),
    )


def test_a_units_and_a_months_part_are_as_their_targets_part() -> None:
    """C's two teams share 500 equally: E's floor is 225. December's target of 1,200 is 105: its
    floor, half of the target, 52.5.
    """
    assert steps(flow(), ("12", "230"), unit="E").floor == 225
    month = steps(flow(target=D(1200), floor=D(600), stretch=None), ("12", "230"), span=Span.MONTH)
    assert (month.floor, month.reached) == (D("52.5"), Step.TARGET)


def test_a_hedge_of_the_company_moves_no_floor() -> None:
    """500 with 10 % on top is 550: the company's floor is 450 still, and E's half of it 225. E's
    own hedge asks more of E.
    """
    units = (replace(UNITS[0], hedge=D("0.1")), *UNITS[1:])
    assert steps(flow(), ("12", "460"), units=units).floor == 450
    assert steps(flow(), ("12", "460"), units=units).reached is Step.FLOOR
    assert steps(flow(), ("12", "230"), unit="E", units=units).floor == 225


def test_a_profit_is_no_part_of_a_loss() -> None:
    """−100 is planned, −50 hoped for; E is to earn 20. Half of that is no stretch: with 15 its
    target is missed.
    """
    loss = flow(target=D(-100), floor=D(-150), stretch=D(-50))
    rows = (TargetRow(kpi="K", unit="E", manual_year=D(20)),)
    found = steps(loss, ("12", "15"), unit="E", targets=rows)
    assert (found.floor, found.stretch, found.reached) == (None, None, Step.BELOW)
    assert steps(loss, ("12", "-60"), targets=rows).reached is Step.TARGET


def test_lower_is_better() -> None:
    cost = flow(direction=Direction.LOWER, floor=D(600), stretch=D(400))
    assert [steps(cost, ("12", actual)).reached for actual in ("650", "600", "500", "390")] == [
        Step.BELOW,
        Step.FLOOR,
        Step.TARGET,
        Step.STRETCH,
    ]
    rate = steps(cost, ("12", "300")).floor_rate
    assert rate is not None and rate.value == D("1.5")


def test_of_a_target_of_zero_the_company_alone_has_floor_and_stretch() -> None:
    """No complaint at all is the target, five at most the floor: three are above the floor. A
    team's part of 0 cannot be told.
    """
    none = flow(direction=Direction.LOWER, target=D(0), floor=D(5), stretch=None)
    found = steps(none, ("12", "3"))
    assert (found.floor, found.reached) == (D(5), Step.FLOOR)
    assert found.floor_rate is not None and found.floor_rate.value == D("1.4")
    assert [steps(none, ("12", actual)).reached for actual in ("0", "6")] == [
        Step.TARGET,
        Step.BELOW,
    ]
    assert (
        steps(none, ("12", "3"), unit="E").floor,
        steps(none, ("12", "3"), span=Span.YTD).floor,
    ) == (None, None)


def test_an_improvement_is_measured_from_the_base() -> None:
    """From 50 %: floor +5, target +10, stretch +20 points; at 58 % that is 160 % of the floor's
    rise and 40 % of the stretch's.
    """
    rate = Kpi(
        code="K",
        name="复购率",
        kind=KpiKind.RATIO,
        unit="%",
        target=D("0.1"),
        floor=D("0.05"),
        stretch=D("0.2"),
        base=D("0.5"),
        basis=TargetBasis.IMPROVEMENT,
        percent_basis=PercentBasis.POINTS,
    )
    found = steps(rate, ("12", "58"))
    assert (found.floor, found.stretch, found.reached) == (D("0.55"), D("0.7"), Step.FLOOR)
    assert found.floor_rate is not None and found.stretch_rate is not None
    assert (found.floor_rate.value, found.stretch_rate.value) == (D("1.6"), D("0.4"))
    assert steps(rate, ("12", "58"), unit="A").floor == D("0.55")


def test_blank_is_no_goal_and_no_step() -> None:
    only = steps(flow(stretch=None), ("12", "480"))
    assert (only.stretch, only.stretch_rate, only.reached) == (None, None, Step.FLOOR)
    silent = steps(flow())
    assert silent.reached is None and silent.floor == 450
    plan = Plan(settings=Settings(year=2026), units=UNITS, kpis=(flow(floor=None, stretch=None),))
    assert compute(plan, month=Month(2026, 12), as_of=date(2026, 12, 31)).steps == {}
