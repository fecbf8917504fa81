"""Actuals of a month within which a unit goes to another parent.

July 2026 has 22 working days in the United States, 11 of them before the 17th.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from salesplan.engine import current
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.results import Results
from salesplan.engine.views.explain import explain
from salesplan.messages import text
from salesplan.plan.model import KpiKind, Month, Plan
from tests.unit import plans
from tests.unit.changes import change
from tests.unit.goal_plans import d, kpi
from tests.unit.test_adjustments import TWO_TEAMS, flat, run

JULY, AUGUST = Month(2026, 7), Month(2026, 8)
THOROUGH = bool(os.environ.get("SALESPLAN_THOROUGH"))


def moved(*rows: dict[str, Any], day: int = 17, **fields: Any) -> tuple[Plan, Results]:
    """Q goes from A to B on a day in July."""
    transfer = change("C1", "Q", "上级编码", "A", "B", 7, day=date(2026, 7, day))
    plan = replace(flat(TWO_TEAMS, transfer, **fields), actuals=plans.rows(*rows))
    results = run(plan, AUGUST)
    return plan, results


def july(results: Results, unit: str, code: str = "K") -> Decimal | None:
    return results.monthly[code, unit][6] if (code, unit) in results.monthly else None


def test_what_is_dated_before_the_day_is_the_old_parents() -> None:
    _, results = moved(
        {"at": date(2026, 7, 16), "unit": "Q", "value": 7},
        {"at": date(2026, 7, 17), "unit": "Q", "value": 5},
        {"at": date(2026, 7, 3), "unit": "P", "value": 2},
        {"at": date(2026, 7, 30), "unit": "R", "value": 1},
    )
    assert [july(results, unit) for unit in "QABC"] == [12, 9, 6, 15]


def test_a_figure_of_the_whole_month_is_split_by_working_days_in_whole_units() -> None:
    """11 of 22 working days: 5 customers are 3 and 2."""
    _, results = moved({"at": 7, "unit": "Q", "value": 5}, {"at": 8, "unit": "Q", "value": 4})
    assert [july(results, unit) for unit in "QABC"] == [5, 3, 2, 5]
    assert [results.monthly["K", unit][7] for unit in "QBC"] == [4, 4, 4]
    assert results.monthly["K", "A"][7] is None


def test_no_row_on_one_side_is_no_zero() -> None:
    _, results = moved({"at": date(2026, 7, 20), "unit": "Q", "value": 5})
    assert [july(results, unit) for unit in "QBC"] == [5, 5, 5]
    assert july(results, "A") is None


def test_markets_are_split_as_the_unit_is() -> None:
    plan, results = moved(
        {"at": 7, "unit": "Q", "value": 10, "product": "X"},
        {"at": date(2026, 7, 2), "unit": "Q", "value": 3, "product": "Y"},
        {"at": date(2026, 7, 31), "unit": "Q", "value": 4, "product": "Y"},
    )
    facts = Facts.of(current(plan, results), date(2026, 8, 31))
    by_unit = {unit: facts.by("K", "product", JULY, JULY, unit) for unit in "QABC"}
    assert by_unit == {
        "Q": {"X": 10, "Y": 7},
        "A": {"X": 5, "Y": 3},
        "B": {"X": 5, "Y": 4},
        "C": {"X": 10, "Y": 7},
    }


def test_a_rates_sums_are_split_and_a_finished_rate_is_not() -> None:
    rate = kpi("K", kind=KpiKind.RATIO, target=d("0.5"), smallest_unit=d("0.01"))
    _, results = moved(
        {"at": 7, "unit": "Q", "n": 10, "d": 30},
        {"at": date(2026, 7, 6), "unit": "P", "n": 10, "d": 10},
        kpi=rate,
    )
    assert [july(results, unit) for unit in "AB"] == [d("0.6"), Decimal(1) / 3]
    _, results = moved({"at": 7, "unit": "Q", "value": d("0.4")}, kpi=rate)
    assert [july(results, unit) for unit in "QBC"] == [d("0.4")] * 3
    assert july(results, "A") is None


def test_a_level_goes_along() -> None:
    level = kpi("K", kind=KpiKind.STOCK, target=d(100))
    _, results = moved({"at": date(2026, 7, 2), "unit": "Q", "value": 10}, kpi=level)
    assert july(results, "B") == july(results, "C") == 10 and july(results, "A") is None


def test_explain_says_whose_actuals_are_whose() -> None:
    plan, results = moved({"at": 7, "unit": "Q", "value": 5})
    unit = plan.unit_by_code["Q"]
    reasons = explain(plan, results, plan.kpis[0], unit)[-1].reasons
    [one] = [reason for reason in reasons if reason.code == "why-transfer-actuals"]
    assert "2026-07-17" in text(one, "en")
    for month, count in ((JULY, 1), (AUGUST, 0)):
        reasons = explain(plan, results, plan.kpis[0], unit, month)[-1].reasons
        assert [reason.code for reason in reasons].count("why-transfer-actuals") == count


@pytest.mark.parametrize("code", ["A", "B"])
def test_both_teams_books_hold_their_part(code: str) -> None:
    plan, results = moved(
        {"at": 7, "unit": "Q", "value": 5},
        {"at": date(2026, 7, 16), "unit": "Q", "value": 7},
        {"at": date(2026, 7, 17), "unit": "Q", "value": 1},
    )
    part = part_of(Whole(current(plan, results), results), code, ())
    facts = Facts.of(part.plan, results.as_of)
    assert facts.monthly("K", code) == results.monthly["K", code]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Plan, Results]:
    """Rows by day and by month of three people, one of whom moves on some day of July."""
    row = st.fixed_dictionaries(
        {
            "at": st.one_of(
                st.integers(6, 8), st.dates(date(2026, 6, 1), date(2026, 8, 31)), st.just(7)
            ),
            "unit": st.sampled_from(("P", "Q", "R", "A", "B")),
            "value": st.integers(-400, 4_000).map(lambda cents: Decimal(cents) / 100),
            "product": st.sampled_from(("X", "Y")),
        }
    )
    rows = draw(st.lists(row, min_size=1, max_size=12))
    smallest = draw(st.sampled_from((d("0.01"), d(1))))
    goal = kpi("K", target=d(1200), smallest_unit=smallest)
    return moved(*rows, day=draw(st.integers(2, 30)), kpi=goal)


@settings(deadline=None, max_examples=1_000 if THOROUGH else 40)
@given(case=cases())
def test_all_parents_together_have_what_the_rows_say(case: tuple[Plan, Results]) -> None:
    """To the cent: in each month, for all and by product; and a row is nobody's twice."""
    plan, results = case
    now = current(plan, results)
    facts = Facts.of(now, date(2026, 8, 31))
    given_rows = list(zip(plan.actuals.month, plan.actuals.unit, plan.actuals.value, strict=True))
    for month in (Month(2026, 6), JULY, AUGUST):
        rows = [(unit, value or 0) for at, unit, value in given_rows if at == month]
        whole = Decimal(sum(value for _, value in rows)) / 1_000_000
        own = [facts.value("K", unit, month, month) or Decimal(0) for unit in "ABC"]
        assert own[0] + own[1] == own[2] == whole
        names = [facts.by("K", "product", month, month, unit) for unit in "ABC"]
        for name in set(chain.from_iterable(names)):
            parts = [_of(by_name, name) for by_name in names]
            assert parts[0] + parts[1] == parts[2]
        assert sum(names[0].values()) == own[0] and sum(names[1].values()) == own[1]


def _of(by_name: dict[str, Decimal], name: str) -> Decimal:
    return by_name.get(name, Decimal(0))
