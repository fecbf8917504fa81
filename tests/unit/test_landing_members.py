"""The forecast of a team that somebody leaves or joins is of those who are there then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.pace import Pace, paces
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.target import Season, SeasonSource, Targets
from salesplan.plan.model import Kpi, KpiKind, Level, Month, Plan, Settings, Transfer, Unit
from tests.report_fixture import actuals
from tests.unit.test_pipeline import target

D = Decimal
YEAR = 2026
JUNE = date(YEAR, 6, 30)
PEOPLE = {"A": ("E", 90), "B": ("E", 150), "Z": ("W", 100)}
"""Each one's team, and what they bring in each month, against a target of 100."""
MONTHS = [Month(YEAR, number) for number in range(1, 13)]


def plan_of(*moves: Transfer) -> Plan:
    """Two teams; ``moves`` have been carried out in the organization."""
    teams = {name: team for name, (team, _) in PEOPLE.items()} | {
        one.unit: one.after for one in moves
    }
    people = (
        Unit(code=name, name=name, level=Level.PERSON, parent=team) for name, team in teams.items()
    )
    return Plan(
        settings=Settings(year=YEAR),
        units=(
            Unit(code="C", name="C", level=Level.COMPANY),
            *(Unit(code=team, name=team, level=Level.TEAM, parent="C") for team in "EW"),
            *people,
        ),
        kpis=(Kpi(code="K", name="K", kind=KpiKind.FLOW),),
        transfers=moves,
        actuals=actuals(
            {"month": Month(year, number), "unit": name, "kpi": "K", "value": worth * part}
            for year, last, part in ((YEAR - 1, 12, D("0.5")), (YEAR, 6, D(1)))
            for number in range(1, last + 1)
            for name, (_, worth) in PEOPLE.items()
        ),
    )


def asked(plan: Plan) -> Targets:
    """100 a month of everybody; of a team as many as are in it."""
    found = {("K", name): target("K", name, (D(100),) * 12) for name in PEOPLE}
    for team in ("C", "E", "W"):
        months = [sum(team in ("C", _team(plan, name, at)) for name in PEOPLE) for at in MONTHS]
        found["K", team] = target("K", team, tuple(D(100) * one for one in months))
    return found


def _team(plan: Plan, name: str, month: Month) -> str:
    team = PEOPLE[name][0]
    for one in plan.transfers:
        team = one.after if one.unit == name and one.since <= month else team
    return team


def forecasts(*moves: Transfer) -> dict[str, Pace]:
    plan = plan_of(*moves)
    calendar = Calendar.of("CN", {}, {YEAR})
    season = Season((D(1),) * 12, SeasonSource.MANUAL)
    made = paces(
        plan, asked(plan), Facts.of(plan, JUNE), calendar, Month(YEAR, 6), JUNE, {"K": season}
    )
    return {unit: made["K", unit] for _, unit in made}


def move(month: int, name: str = "B", before: str = "E", after: str = "W") -> Transfer:
    return Transfer(since=Month(YEAR, month), unit=name, before=before, after=after)


METHODS = (LandingMethod.PACE, LandingMethod.LAST_YEAR_SHAPE, LandingMethod.RECENT_TREND)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("moves", "east", "west"),
    [
        ((), 12 * 240, 12 * 100),
        ((move(5),), 4 * 240 + 8 * 90, 4 * 100 + 8 * 250),
        ((move(7),), 6 * 240 + 6 * 90, 6 * 100 + 6 * 250),
        ((move(10),), 9 * 240 + 3 * 90, 9 * 100 + 3 * 250),
        ((move(3), move(9, "B", "W", "E")), 2 * 240 + 6 * 90 + 4 * 240, 8 * 100 + 6 * 150 + 400),
    ],
    ids=["nobody", "before the cut-off", "next month", "later", "there and back"],
)
def test_a_teams_forecast_is_that_of_its_members(
    method: LandingMethod, moves: tuple[Transfer, ...], east: int, west: int
) -> None:
    """Everybody goes on as they did: the company's forecast stays, a team has whom it has."""
    found = forecasts(*moves)
    assert found["C"].landing[method] == 12 * 340
    assert round(found["E"].landing[method], 9) == east
    assert round(found["W"].landing[method], 9) == west
    assert (found["E"].moved, found["C"].moved) == (bool(moves), False)


def test_a_target_that_is_not_known_tells_no_pace() -> None:
    plan = plan_of(move(5))
    targets = dict(asked(plan))
    months = (None, *targets["K", "B"].months[1:])
    targets["K", "B"] = replace(targets["K", "B"], months=months)
    made = paces(
        plan, targets, Facts.of(plan, JUNE), Calendar.of("CN", {}, {YEAR}), Month(YEAR, 6), JUNE
    )
    assert LandingMethod.PACE not in made["K", "W"].landing
    assert made["K", "A"].landing[LandingMethod.PACE] == 12 * 90
