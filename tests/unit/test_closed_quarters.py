"""A typed quarter of which months are closed: the recorded figure counts, the open months take what
is left of the quarter.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from salesplan.engine.changes.closing import Standing, close
from salesplan.engine.results import Results
from salesplan.messages import text
from salesplan.plan.model import KpiKind, Month, Plan
from tests.unit.goal_plans import d, history, kpi, plan, row
from tests.unit.test_adjustments import TWO_TEAMS, flat, months, run


def closed(given: Plan, month: int) -> Plan:
    standing = Standing(targets=run(given).targets)
    return close(given, standing, Month(2026, month), day=date(2026, 7, 1), by="W")


def typed(given: Plan, unit: str, **quarters: int) -> Plan:
    """The plan with quarters of a unit typed afterwards."""
    values = tuple(d(quarters.get(f"Q{number}")) for number in range(1, 5))
    return replace(given, targets=(row(unit, at=5, manual_quarters=values),))


def errors(results: Results) -> list[tuple[str, str]]:
    return [
        (one.code, str(one.place.cell)) for one in results.findings if one.code == "close-quarter"
    ]


def exact(results: Results) -> None:
    """Each open month of a unit is its children's, with nothing left over."""
    for upper, below in (("C", "AB"), ("A", "PQ"), ("B", "R")):
        parts = [months(results, unit) for unit in below]
        assert months(results, upper) == [sum(column) for column in zip(*parts, strict=True)]


def test_open_months_take_what_is_left_of_the_quarter() -> None:
    """April was closed at 60 when A's second quarter is typed as 210: 75 each are left."""
    results = run(typed(closed(flat(TWO_TEAMS), 4), "A", Q2=210))
    assert months(results, "A") == [60] * 4 + [75] * 2 + [60] * 6
    assert months(results, "B") == [40] * 4 + [25] * 2 + [40] * 6
    assert months(results, "C") == [100] * 12
    assert sorted(months(results, "P")[4:6] + months(results, "Q")[4:6]) == [37, 37, 38, 38]
    assert results.targets["K", "A"].base_year == 750
    assert not errors(results)
    exact(results)


def test_they_take_it_by_the_season() -> None:
    """May has twice June's share: of the 150 left 100 and 50."""
    shares = dict.fromkeys(range(1, 13), (100, 100, 100)) | {5: (200, 200, 200)}
    given = flat(TWO_TEAMS, target=1300)
    given = replace(given, seasonality=history(shares))
    results = run(typed(closed(given, 4), "A", Q2=210))
    assert months(results, "A")[3:6] == [60, 100, 50]
    assert sum(months(results, "A")) == 780 - 240 + 210
    exact(results)


def test_a_difference_elsewhere_leaves_a_typed_quarter_alone() -> None:
    """What was closed in January otherwise falls on the months of no typed quarter."""
    given = closed(typed(flat(TWO_TEAMS), "A", Q2=210, Q3=180), 1)
    other = replace(given, kpis=(kpi(target=1500),))
    results = run(other)
    team = months(results, "A")
    assert (sum(team[3:6]), sum(team[6:9]), sum(team)) == (210, 180, 75 * 6 + 210 + 180)
    assert team[0] == months(run(given), "A")[0]
    exact(results)


def test_closing_as_it_stands_is_no_error_and_changes_nothing() -> None:
    given = typed(flat(TWO_TEAMS), "A", Q1=150, Q2=210)
    before = run(given)
    for month in (1, 4, 6, 12):
        results = run(closed(given, month))
        assert not errors(results)
        for unit in "CABPQR":
            assert months(results, unit) == months(before, unit)


@pytest.mark.parametrize(
    ("month", "quarter", "said"),
    [
        (6, 210, "手工 Q2 为 210, 而已关账与已定的月份合计 180"),
        (4, 50, "手工 Q2 为 50, 而已关账与已定的月份合计 60"),
    ],
)
def test_a_quarter_that_cannot_be_had_is_an_error_at_its_cell(
    month: int, quarter: int, said: str
) -> None:
    """All its months are closed at 180; or April's 60 are more than the quarter."""
    results = run(typed(closed(flat(TWO_TEAMS), month), "A", Q2=quarter))
    found = next(one for one in results.findings if one.code == "close-quarter")
    cell = row("A", at=5).origin.place("manual_quarter2").cell
    assert (found.place.sheet, found.place.cell) == ("targets", cell)
    assert said in text(found, "zh")
    assert months(results, "A")[:month] == [60] * month
    assert sum(months(results, "A")) == 60 * 9 + quarter


def test_a_locked_month_and_a_closed_one_can_forbid_the_quarter() -> None:
    """April closed at 60, May and June typed: the quarter of before cannot be had any more."""
    given = closed(flat(TWO_TEAMS), 4)
    both = row("A", at=5, months={5: 60, 6: 60}, manual_quarters=(None, d(210), None, None))
    results = run(replace(given, targets=(both,)))
    assert errors(results)


def test_of_a_level_the_last_month_counts() -> None:
    given = closed(flat(TWO_TEAMS, kpi=kpi(kind=KpiKind.STOCK)), 4)
    assert errors(run(typed(given, "C", Q1=900))) and not errors(run(typed(given, "C", Q2=900)))
    assert months(run(typed(given, "C", Q2=900)), "C")[3:6] == [1200, 1200, 900]


def test_a_rate_holds_in_the_months_that_are_open() -> None:
    rate = kpi(target=None, kind=KpiKind.RATIO)
    rate = replace(rate, target=d("0.5"))
    given = closed(plan(TWO_TEAMS, rate), 4)
    results = run(typed(given, "A", Q2=1))
    assert [str(one) for one in results.targets["K", "A"].base_months[3:6]] == ["0.5", "1", "1"]
    assert not errors(results)
    assert errors(run(typed(closed(plan(TWO_TEAMS, rate), 6), "A", Q2=1)))
