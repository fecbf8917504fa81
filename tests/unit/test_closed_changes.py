"""A change that could not be carried out stays refused once its month is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from salesplan.engine import current
from salesplan.engine.changes.closing import Standing, close
from salesplan.engine.changes.late_actuals import LateActual, findings
from salesplan.engine.changes.records import ChangeState
from salesplan.engine.results import Results
from salesplan.engine.targets.target import quarters
from salesplan.plan.model import KpiKind, Month, Plan
from tests.unit.changes import change, with_aim
from tests.unit.goal_plans import change as altered
from tests.unit.goal_plans import d, kpi, row
from tests.unit.test_adjustments import TWO_TEAMS, flat, months, one, run

BESIDE = ("close-parent-differs", "close-latecomer", "close-below")
MAY = Month(2026, 5)
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)


def closed(given: Plan, month: Month = NOVEMBER) -> Plan:
    """The plan closed up to that month, as it stands."""
    found: Results = run(given, month)
    moves = current(given, found).transfers
    standing = Standing(targets=found.targets, adjustments=found.adjustments, transfers=moves)
    return close(given, standing, month, day=month.plus(1).first, by="W")


def said(given: Plan) -> dict[str, dict[str, object]]:
    """What a run finds of units beside the record, by code."""
    return {one.code: {**one.params} for one in run(given).findings if one.code in BESIDE}


def two_raises(before: str) -> Plan:
    """C1 raises the goal from December, C2 from November on, from ``before``."""
    given = flat(TWO_TEAMS)
    first = change("C1", "K", "公司年度目标", "1200", "1300", 12)
    second = change("C2", "K", "公司年度目标", before, "1400", 11, at=3)
    return replace(given, changes=(with_aim(given, first), with_aim(given, second)))


def test_closing_does_not_let_in_what_was_refused() -> None:
    """In November the goal is still 1200, so C2, which says 1300, is a conflict. Taken from
    December on, after C1, it would raise an open month by the close alone.
    """
    given = two_raises("1300")
    before, after = run(given, DECEMBER), run(closed(given), DECEMBER)
    for unit in "CABPQR":
        assert months(after, unit) == months(before, unit)
    assert one(after, "C2").state is one(before, "C2").state is ChangeState.CONFLICT
    assert "change-into-closed" not in [finding.code for finding in after.findings]


def test_what_is_approved_after_the_close_acts_from_the_first_open_month() -> None:
    given = two_raises("1200")
    late = replace(closed(replace(given, changes=())), changes=given.changes[1:])
    results = run(late, DECEMBER)
    assert one(results, "C2").since == DECEMBER
    assert months(results, "C") == [100] * 11 + [300]
    (warning,) = [found for found in results.findings if found.code == "change-into-closed"]
    assert (warning.params["month"], warning.params["since"]) == (NOVEMBER, DECEMBER)


def test_a_parent_changed_on_the_sheet_after_the_close_is_an_error_until_a_change_says_so() -> None:
    given = closed(flat(TWO_TEAMS), MAY)
    assert not said(given)
    there = replace(given, units=altered(TWO_TEAMS, "Q", parent="B"))
    told = said(there)["close-parent-differs"]
    assert (told["subject"], told["before"], told["after"]) == ("Q", "A", "B")
    assert told["since"] == Month(2026, 6)
    moved = with_aim(given, change("C1", "Q", "上级编码", "A", "B", 6))
    by_change = replace(given, changes=(moved,))
    assert not said(by_change) and not said(closed(by_change, Month(2026, 7)))
    assert months(run(by_change), "B") == [40] * 5 + [70] * 7


def test_who_joins_after_the_close_is_told_how_to_come_in() -> None:
    """Coefficients are of the whole year: with a third of A for somebody who joins in July, P and Q
    lose a third of the five closed months, and nobody has it. From a change on all adds up.
    """
    even_team = altered(altered(TWO_TEAMS, "P", coefficient=None), "Q", coefficient=None)
    given = closed(flat(even_team), MAY)
    new = replace(even_team[2], code="N", name="N", joined=date(2026, 7, 1))
    told = said(replace(given, units=(*even_team, new)))["close-latecomer"]
    assert (told["subject"], told["amount"], told["since"]) == ("N", 100, Month(2026, 6))
    waiting = replace(given, units=(*even_team, replace(new, coefficient=d(0))))
    third = with_aim(waiting, change("C1", "N", "贡献系数", "0", "0.4", 7))
    results = run(replace(waiting, changes=(third,)))
    assert not [one for one in results.findings if one.code in BESIDE]
    assert months(results, "P") == [30] * 6 + [18] * 6
    assert results.targets["K", "A"].unassigned == 0


SMALL_A = altered(altered(TWO_TEAMS, "A", coefficient=d("0.1")), "B", coefficient=d("0.9"))


@pytest.mark.parametrize(
    ("edited", "unit", "sheet"),
    [
        ({"targets": (row("B", manual_year=40),)}, "B", "targets"),
        ({"targets": (row("A", manual_year=900),)}, "", ""),
        ({"targets": (row("A", manual_year=1150),)}, "B", "targets"),
        ({"kpis": (kpi(target=120),)}, "C", "kpis"),
        ({"units": SMALL_A}, "A", "units"),
    ],
)
def test_a_year_below_its_closed_months_is_an_error_at_the_cell_that_asks_for_it(
    edited: dict[str, object], unit: str, sheet: str
) -> None:
    """Of 1,200 half is closed: 360 of A's and 240 of B's."""
    given = closed(flat(TWO_TEAMS), Month(2026, 6))
    results = run(replace(given, **edited))  # type: ignore[arg-type]
    errors = [one for one in results.findings if one.code == "close-below"]
    assert [one.params["unit"] for one in errors] == [unit] * bool(unit)
    assert all(one.place.sheet == sheet for one in errors)
    if unit:
        assert min(months(results, unit)) < 0


def test_quarters_of_who_came_within_one_are_the_months_there_are() -> None:
    given = closed(flat(TWO_TEAMS), MAY)
    new = replace(TWO_TEAMS[2], code="N", name="N", coefficient=d(0), joined=date(2026, 6, 1))
    there = replace(given, units=(*TWO_TEAMS, new))
    share = with_aim(there, change("C1", "N", "贡献系数", "0", "0.5", 6))
    target = run(replace(there, changes=(share,))).targets["K", "N"]
    assert target.months[:5] == (None,) * 5 and target.months[5]
    in_quarters = quarters(target.months, KpiKind.FLOW)
    assert in_quarters[:2] == (None, target.months[5])
    assert sum(one or 0 for one in in_quarters) == target.year


def test_a_closed_month_s_actuals_have_changed_where_somebody_s_or_the_company_s_have() -> None:
    given = closed(flat(TWO_TEAMS), MAY)

    def told(*units: str) -> list[object]:
        late = [LateActual("K", unit, MAY, d(1), d(2)) for unit in units]
        return [one.params["unit"] for one in findings(given, late)]

    assert told("A", "B") == []  # others are below them now, no figure has changed
    assert told("A", "P") == ["A"] and told("C", "A", "P") == ["C"] and told("C") == ["C"]
