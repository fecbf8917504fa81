"""Status on real data: the CRM year 2017, walked over day by day with targets that are known to be
met, or missed by 20 %.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from salesplan.engine.actuals.attainment import attainments
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Span
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.target import Target
from salesplan.plan.model import (
    Kpi,
    KpiKind,
    Level,
    Light,
    Month,
    MonthRhythm,
    Plan,
    RhythmKind,
    Settings,
    Unit,
)
from tests.crm import DATA, needs_crm
from tests.unit.plans import plan_of, target

FLOW = Kpi(code="K", name="Revenue", kind=KpiKind.FLOW)
YEAR = 2017
FIRST = date(YEAR, 3, 1)
GREEN, AMBER, RED, GREY = Light.GREEN, Light.AMBER, Light.RED, Light.GREY


def walked(
    plan: Plan, targets: Mapping[tuple[str, str], Target], first: date, span: Span = Span.YTD
) -> Iterator[tuple[date, str, Light | None]]:
    """(day, unit, status) of every unit with a target, on every day from ``first`` to the year's
    end.
    """
    calendar = Calendar.of("US", (), (YEAR,))
    day = first
    while day <= date(YEAR, 12, 31):
        facts = Facts.of(plan, day)
        found = attainments(plan, targets, facts, calendar, Month.of(day), day)
        for code, unit in targets:
            yield day, unit, found[code, unit, span].light
        day += timedelta(days=1)


def won() -> dict[tuple[str, date], int]:
    """Revenue won, by manager and day."""
    with (DATA / "sales_teams.csv").open(encoding="utf-8-sig", newline="") as stream:
        managers = {row["sales_agent"]: row["manager"] for row in csv.DictReader(stream)}
    found: dict[tuple[str, date], int] = defaultdict(int)
    with (DATA / "sales_pipeline.csv").open(encoding="utf-8-sig", newline="") as stream:
        for deal in csv.DictReader(stream):
            if deal["deal_stage"] == "Won" and deal["close_date"].startswith(str(YEAR)):
                key = managers[deal["sales_agent"]], date.fromisoformat(deal["close_date"])
                found[key] += int(Decimal(deal["close_value"]))
    return found


def shares(part: Decimal) -> Mapping[Light | None, Decimal]:
    """How often each status came up, of the managers' days that were not grey; their actuals are
    ``part`` of their targets.
    """
    booked = won()
    managers = sorted({name for name, _ in booked})
    company = Unit(code="C", name="Company", level=Level.COMPANY)
    units = (
        company,
        *(Unit(code=name, name=name, level=Level.TEAM, parent="C") for name in managers),
    )
    rows = [{"at": day, "unit": name, "value": value} for (name, day), value in booked.items()]
    plan = plan_of(FLOW, *rows, units=units, settings=Settings(year=YEAR))
    targets = {}
    for name in managers:
        months = [
            sum(value for (one, day), value in booked.items() if (one, day.month) == (name, month))
            / part
            for month in range(1, 13)
        ]
        targets["K", name] = target("K", name, months)
    counts = Counter(light for _, _, light in walked(plan, targets, FIRST))
    judged = sum(count for light, count in counts.items() if light not in (GREY, None))
    return {light: Decimal(count) / judged for light, count in counts.items()}


@pytest.mark.crm
@needs_crm
def test_managers_who_meet_their_targets_are_green() -> None:
    assert shares(Decimal(1))[GREEN] >= Decimal("0.9")


@pytest.mark.crm
@needs_crm
def test_managers_a_fifth_below_their_targets_are_red() -> None:
    assert shares(Decimal("0.8"))[RED] >= Decimal("0.85")


def booked_late(kpi: Kpi) -> tuple[Plan, Mapping[tuple[str, str], Target]]:
    """100 a month: 40 evenly until a week before its end, 60 in its last five working days."""
    calendar = Calendar.of("US", (), (YEAR,))
    rows = []
    for month in (Month(YEAR, number) for number in range(1, 13)):
        days = [month.first + timedelta(days=n) for n in range((month.last - month.first).days + 1)]
        working = [day for day in days if calendar.is_working(day)]
        early = working[:-5]
        # In thousandths, so that they add up exactly.
        parts = [40_000 // len(early)] * len(early)
        parts[-1] += 40_000 - sum(parts)
        rows += [
            {"at": day, "unit": "C", "value": Decimal(part) / 1000}
            for day, part in zip(working, [*parts, *[12_000] * 5], strict=True)
        ]
    plan = plan_of(kpi, *rows, settings=Settings(year=YEAR))
    return plan, {("K", "C"): target("K", "C", [100] * 12)}


def test_a_plan_that_is_booked_late_and_met_is_never_red_by_its_typed_rhythm() -> None:
    rhythm = MonthRhythm(RhythmKind.POINTS, ((Decimal("0.75"), Decimal("0.4")),))
    plan, targets = booked_late(replace(FLOW, rhythm=rhythm))
    for span in (Span.MONTH, Span.YTD):
        found = {light for _, _, light in walked(plan, targets, date(YEAR, 1, 1), span)}
        assert found <= {GREEN, AMBER, GREY}, span


def test_a_plan_that_is_booked_late_and_met_is_never_red_once_six_months_tell_its_rhythm() -> None:
    plan, targets = booked_late(FLOW)
    for span in (Span.MONTH, Span.YTD):
        found = {light for _, _, light in walked(plan, targets, date(YEAR, 7, 1), span)}
        assert found <= {GREEN, AMBER, GREY}, span
        if span is Span.MONTH:
            even = {light for _, _, light in walked(plan, targets, date(YEAR, 1, 1), span)}
            assert RED in even, "before that nothing says that it is booked late"
