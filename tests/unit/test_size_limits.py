"""Chains of units cost what bushes do; what is beyond the user's limits is refused by name."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from salesplan.config import Limits
from salesplan.engine.changes.adjustments import adjusted
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.run import run
from salesplan.engine.targets.cascade import cascade
from salesplan.engine.targets.seasonality import seasons
from salesplan.findings import SalesplanError
from salesplan.plan.checks import run_checks
from salesplan.plan.loader import load
from salesplan.plan.model import Kpi, Level, Month, Plan, Settings, Unit
from salesplan.plan.size_limits import deepest, refuse_beyond
from tests.benchmarks import bench_cascade
from tests.unit import masters, plans
from tests.unit.goal_plans import kpi, origin, plan

MOST = 3
"""How many times the work of a bushy tree a chain of as many units may take."""


def organisation(count: int, children: int) -> tuple[Unit, ...]:
    """Units of which each has so many children, but for the last ones, who are people: 1 child
    makes a chain.
    """
    made = []
    for at in range(count):
        level = Level.PERSON if at * children + 1 >= count else Level.DEPARTMENT
        made.append(
            Unit(
                code=f"U{at}",
                name=f"U{at}",
                level=level if at else Level.COMPANY,
                parent=f"U{(at - 1) // children}" if at else None,
                origin=origin("units", at + 2),
            )
        )
    return tuple(made)


def booked(units: tuple[Unit, ...]) -> Plan:
    """A plan with a goal and an actual of each unit."""
    actuals = plans.rows(*({"at": 3, "unit": unit.code, "value": 1} for unit in units))
    return plan(units, kpi(target=10_000_000), settings=Settings(year=2026), actuals=actuals)


def work(act: Callable[[], Any]) -> int:
    """How many functions are called, Python's own too: the same on any machine."""
    profile = cProfile.Profile()
    profile.runcall(act)
    return pstats.Stats(profile).total_calls  # type: ignore[attr-defined,no-any-return]


def computed(given: Plan) -> None:
    run_checks(given, date(2026, 6, 30))
    run(given, Month(2026, 6), date(2026, 6, 30))


def test_a_chain_of_units_takes_at_most_three_times_what_a_bushy_tree_does() -> None:
    chain, bush = (booked(organisation(1000, children)) for children in (1, 10))
    computed(booked(organisation(20, 2)))  # what is worked out once for all: calendars, imports
    assert work(lambda: computed(chain)) <= MOST * work(lambda: computed(bush))


def test_the_work_of_a_chain_grows_as_its_length() -> None:
    short, long = (booked(organisation(count, 1)) for count in (200, 800))
    computed(booked(organisation(20, 1)))
    assert work(lambda: computed(long)) <= 5 * work(lambda: computed(short))


def test_an_organisation_beyond_the_limit_is_refused_by_name() -> None:
    given = plan(organisation(201, 1))
    with pytest.raises(SalesplanError) as refused:
        refuse_beyond(given, Limits(), "m.xlsx")
    finding = refused.value.finding
    assert (finding.code, finding.params["depth"], finding.params["limit"]) == (
        "organization-too-deep",
        201,
        200,
    )
    assert finding.params["unit"] == "U200" and refused.value.exit_code == 4
    refuse_beyond(given, Limits(max_depth=201), "m.xlsx")


def test_a_very_long_chain_is_measured_without_climbing_it_for_each_unit() -> None:
    units = organisation(20_000, 1)
    given = plan(units)
    assert work(lambda: deepest(given)) < 20 * len(units)
    cycle = (
        *units[:3],
        replace(units[1], code="X", parent="Y"),
        replace(units[1], code="Y", parent="X"),
    )
    assert deepest(plan(cycle))[1] == 3


def test_more_targets_than_the_limit_are_refused_with_their_number() -> None:
    kpis: tuple[Kpi, ...] = tuple(kpi(f"K{i}") for i in range(300))
    given = plan(organisation(1000, 10), *kpis)
    with pytest.raises(SalesplanError) as refused:
        refuse_beyond(given, Limits(), "m.xlsx")
    finding = refused.value.finding
    assert (finding.code, finding.params["rows"]) == ("targets-too-many", 300_000)
    few = tuple(replace(one, levels=frozenset({Level.COMPANY})) for one in kpis)
    refuse_beyond(replace(given, kpis=few), Limits(), "m.xlsx")


@pytest.mark.parametrize(("values", "refused"), [(True, True), (False, False)])
def test_a_sheet_of_too_many_targets_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: bool, refused: bool
) -> None:
    """Rows with values beyond the limit; as many rows that only have a look are none. Its cells are
    never parsed: they are no cells.
    """
    made = masters.write(tmp_path / "m.xlsx", masters.SOUND)
    names = load_workbook(made, read_only=True).sheetnames
    part = f"xl/worksheets/sheet{names.index('目标分解') + 1}.xml"
    cell = "<v>1</v>" if values else ""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" s="0">{cell}</c><c r="B{n}" s="0">{cell}</c></row>'
        for n in range(1_000, 202_000)
    )
    long = tmp_path / "long.xlsx"
    with ZipFile(made) as old, ZipFile(long, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                content = content.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
            new.writestr(name, content)
    if not refused:
        load(long)
        return
    monkeypatch.setattr("salesplan.plan.loader.read_grids", None)
    with pytest.raises(SalesplanError) as caught:
        load(long)
    finding = caught.value.finding
    assert (finding.code, caught.value.exit_code) == ("targets-sheet-too-long", 4)
    assert 200_000 < int(str(finding.params["rows"])) <= 201_100


def test_the_work_of_a_wide_tree_grows_as_its_width() -> None:
    """People under one parent: the first 500, then four times as many."""
    few, many = (booked(organisation(count, count)) for count in (500, 2000))
    computed(booked(organisation(20, 20)))
    assert work(lambda: computed(many)) <= 5 * work(lambda: computed(few))


def behind(count: int) -> Plan:
    """A company that is on its plan in June: of its people each second one booked twice the month's
    target, the others nothing.
    """
    units = organisation(count + 1, count)
    actuals = plans.rows(
        *(
            {"at": 6, "unit": unit.code, "value": 204 * (at % 2)}
            for at, unit in enumerate(units[1:])
        )
    )
    goal = kpi(target=1200 * count)
    return plan(units, goal, settings=Settings(year=2026), actuals=actuals)


def test_the_work_of_many_problems_grows_as_their_number() -> None:
    """Whose part of the company a problem is was looked up in the whole tree for each."""
    few, many = behind(300), behind(1200)
    computed(behind(20))
    assert len(run(few, Month(2026, 6), date(2026, 6, 30)).minor_problems) >= 150
    assert work(lambda: computed(many)) <= 5 * work(lambda: computed(few))


def test_the_work_of_many_kpis_grows_as_their_number() -> None:
    units = organisation(20, 19)
    few, many = (plan(units, *(kpi(f"K{i}") for i in range(count))) for count in (100, 400))
    computed(plan(units, kpi()))
    assert work(lambda: computed(many)) <= 5 * work(lambda: computed(few))


TRANSFERS = 3
"""How many times the work of a plain cascade one may take with a transfer of each twentieth person:
what is divided anew, and told of the units beside, comes to 2.5 and 2.7 times.
"""


@pytest.mark.parametrize("people", [400, 800])
def test_transfers_cost_what_they_touch(people: int) -> None:
    """One person in twenty goes to another team, in all months of the year."""
    given, teams = bench_cascade.big_plan(people, 4), people // 10
    calendar = Calendar.of("CN", (), {2026})
    weights = seasons(given, calendar)[0]
    changes = [
        (
            f"P{at + 1}",
            "上级编码",
            f"D{(at + 1) // 10}",
            f"D{(at + teams // 4) % teams}",
            1 + at % 12,
        )
        for at in range(0, people, 20)
    ]
    moved = bench_cascade.with_changes(given, changes)
    found = adjusted(moved, calendar, weights, Month(2026, 6), {})
    assert all(one.state.approved_in for one in found.adjustments)
    assert work(lambda: adjusted(moved, calendar, weights, Month(2026, 6), {})) <= TRANSFERS * work(
        lambda: cascade(given, calendar, weights)
    )
