"""Typed numbers, sums from below, and quarters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from salesplan.engine.targets.cascade import cascade
from salesplan.engine.targets.seasonality import seasons
from salesplan.engine.targets.target import Target
from salesplan.messages import text
from salesplan.plan.model import Kpi, KpiKind, Lock, Plan, Settings, TargetRow
from tests.unit.goal_plans import (
    CALENDAR,
    at,
    change,
    codes,
    computed,
    d,
    errors,
    history,
    kpi,
    letter,
    plan,
    row,
    tree,
    years,
)

TEAMS = tree("C", "  T1:0.6", "    P1:0.5", "    P2:0.5", "  T2:0.4", "    P3:1")
EVEN = history(weights=dict.fromkeys(range(1, 13), "1"))
NO_GOAL = kpi(target=None)


def quarters(unit: str, *values: int | str | None, **fields: object) -> TargetRow:
    typed = tuple(d(value) for value in (*values, *(None,) * (4 - len(values))))
    return replace(row(unit, **fields), manual_quarters=typed)  # type: ignore[arg-type]


def cell(quarter: int, at_row: int = 2) -> str:
    return f"targets!{letter('targets', f'manual_quarter{quarter}')}{at_row}"


def figures(target: Target) -> list[int | None]:
    return [None if month is None else int(month) for month in target.base_months]


def by_quarter(target: Target) -> list[int]:
    months = [int(month or 0) for month in target.base_months]
    return [sum(months[first : first + 3]) for first in range(0, 12, 3)]


# --- sums from below ------------------------------------------------------------------------


def test_targets_of_people_add_up_to_the_top() -> None:
    """Three people of 400 each, no company goal: 800 and 400 for the teams, 1,200 for the
    company.
    """
    rows = tuple(row(unit, at=i, manual_year=400) for i, unit in enumerate(("P1", "P2", "P3"), 2))
    targets, findings = computed(plan(TEAMS, NO_GOAL, rows=rows))
    assert years(targets) == {"C": 1200, "T1": 800, "P1": 400, "P2": 400, "T2": 400, "P3": 400}
    assert findings == [] and targets["C"].summed and targets["C"].unassigned == 0
    assert codes(targets["C"].derivation) == ["why-below"] and targets["C"].remarks == ()
    for m in range(12):
        below = [targets[code].base_months[m] for code in ("P1", "P2", "P3")]
        assert targets["C"].base_months[m] == sum(below)  # type: ignore[arg-type]


def test_a_sum_of_which_some_are_blank_is_marked_up_to_the_company() -> None:
    targets, _ = computed(plan(TEAMS, NO_GOAL, rows=(row("P1", manual_year=400),)))
    assert years(targets) == {"C": 400, "T1": 400, "P1": 400}, (
        "a blank is no zero: P2 has no target"
    )
    assert [text(one, "zh") for one in targets["T1"].remarks] == ["部分: P2 未设目标或不全"]
    assert [text(one, "zh") for one in targets["C"].remarks] == ["部分: T1、T2 未设目标或不全"]


def test_who_has_a_coefficient_of_zero_is_not_missing() -> None:
    units = tree("C", "  A", "  B:0")
    targets, _ = computed(plan(units, NO_GOAL, rows=(row("A", manual_year=10),)))
    assert years(targets) == {"C": 10, "A": 10} and targets["C"].remarks == ()


def test_a_unit_with_a_target_of_its_own_is_divided_and_counts_in_the_sum() -> None:
    rows = (row("T1", manual_year=400), row("P1", at=3, manual_year=300))
    targets, findings = computed(plan(TEAMS, NO_GOAL, rows=(*rows, row("P3", at=4, manual_year=7))))
    assert years(targets) == {"C": 407, "T1": 400, "P1": 300, "P2": 100, "T2": 7, "P3": 7}
    assert findings == [] and targets["C"].remarks == ()


def test_the_hedge_of_a_sum_is_its_own_beside_a_base_that_adds_up() -> None:
    """T1 asks 10 % more: base 800 of 400 + 400, issued 880; the company is the sum of the bases."""
    units = change(TEAMS, "T1", hedge=d("0.1"))
    rows = tuple(row(unit, at=i, manual_year=400) for i, unit in enumerate(("P1", "P2", "P3"), 2))
    targets, _ = computed(plan(units, NO_GOAL, rows=rows))
    assert (targets["T1"].base_year, targets["T1"].year) == (800, 880)
    assert (targets["C"].base_year, targets["C"].year) == (1200, 1200)
    assert (targets["P1"].base_year, targets["P1"].year) == (400, 440)


def test_months_that_are_typed_alone_are_all_there_is() -> None:
    targets, _ = computed(plan(tree("C", "  A"), NO_GOAL, rows=(row("A", months={1: 5, 2: 7}),)))
    assert figures(targets["A"]) == figures(targets["C"]) == [5, 7, *[None] * 10]
    assert (targets["A"].base_year, targets["C"].year) == (12, 12)
    assert [text(one, "en") for one in targets["A"].remarks] == [
        "manual",
        "partial: 10 months without a target",
    ]


def test_one_typed_month_is_shared_out_and_the_others_are_added_up() -> None:
    """T1 has January 100. P1's year of 120 is 10 a month, so P2 has January 90, and its own
    February 7.

    T1's February is 10 + 7; from March on it is P1's 10 alone: 100 + 17 + 10 × 10 = 217.
    """
    rows = (row("T1", months={1: 100}), row("P1", at=3, manual_year=120))
    rows = (*rows, row("P2", at=4, months={2: 7}))
    targets, findings = computed(plan(TEAMS, NO_GOAL, rows=rows, seasonality=EVEN))
    assert findings == [] and figures(targets["T1"]) == [100, 17, *[10] * 10]
    assert figures(targets["P1"]) == [10] * 12
    assert figures(targets["P2"]) == [90, 7, *[None] * 10]
    assert targets["T1"].base_year == targets["C"].base_year == 217


def test_a_lock_below_holds_in_the_sum() -> None:
    stored = row("P1", lock=Lock.YEAR, stored_base_year=600)
    targets, findings = computed(plan(TEAMS, NO_GOAL, rows=(stored,)))
    assert years(targets) == {"C": 600, "T1": 600, "P1": 600} and findings == []


def test_who_cannot_be_read_stops_the_sum_and_nobody_else() -> None:
    rows = (
        row("P1", manual_year=400),
        row("P2", at=3, manual_year="0.5"),
        row("P3", at=4, manual_year=400),
    )
    targets, findings = computed(plan(TEAMS, NO_GOAL, rows=rows))
    assert errors(findings) == ["target-not-multiple"]
    assert years(targets) == {"P1": 400, "T2": 400, "P3": 400}
    assert [codes(targets[unit].remarks) for unit in ("C", "T1", "P2")] == [["target-blocked"]] * 3


def test_a_level_is_added_up_month_by_month() -> None:
    rows = (row("P1", manual_year=40), row("P3", at=3, months={1: 5, 12: 9}))
    stock = kpi(target=None, kind=KpiKind.STOCK)
    targets, _ = computed(plan(TEAMS, stock, rows=rows))
    assert figures(targets["C"]) == [45, *[40] * 10, 49] and targets["C"].base_year == 49


def test_a_level_without_a_last_month_has_no_year_and_nothing_of_it_below() -> None:
    stock = kpi(target=None, kind=KpiKind.STOCK)
    targets, _ = computed(plan(TEAMS, stock, rows=(row("P1", months={6: 30}),)))
    company = targets["C"]
    assert figures(company) == [*[None] * 5, 30, *[None] * 6]
    assert (company.base_year, company.children_sum, company.unassigned) == (None, None, None)


def test_a_joiner_brings_to_the_sum_what_falls_on_the_months_of_presence() -> None:
    units = change(TEAMS, "P3", joined=date(2026, 7, 1))
    rows = (row("P1", manual_year=120), row("P3", at=3, manual_year=60))
    targets, _ = computed(plan(units, NO_GOAL, rows=rows, seasonality=EVEN))
    assert figures(targets["T2"]) == [*[0] * 6, *[10] * 6]
    assert figures(targets["C"]) == [*[10] * 6, *[20] * 6]


# --- rates ----------------------------------------------------------------------------------


def rates(kind: KpiKind, *rows: TargetRow) -> tuple[dict[tuple[str, str], Target], list[str]]:
    units = tree("C", "  A:0.5", "  B:0.5")
    top, bottom = kpi("N", None), replace(kpi("D", None), name="签约")
    rate = Kpi(
        code="R", name="转化率", kind=kind, numerator="N", denominator="D", origin=top.origin
    )
    given = plan(units, top, bottom, rate, rows=rows)
    targets, findings = cascade(given, CALENDAR, seasons(given, CALENDAR)[0])
    return targets, [finding.code for finding in findings]


@pytest.mark.parametrize("kind", [KpiKind.RATIO, KpiKind.AVERAGE])
def test_a_rate_from_below_is_the_sum_of_the_numerators_over_that_of_the_denominators(
    kind: KpiKind,
) -> None:
    """80 of 100 and 30 of 300 are 27.5 %, not 45 %."""
    typed = [("N", "A", 80), ("N", "B", 30), ("D", "A", 100), ("D", "B", 300)]
    rows = [row(u, k, at=i, manual_year=v) for i, (k, u, v) in enumerate(typed, 2)]
    rows += [row("A", "R", 6, manual_year="0.8"), row("B", "R", 7, manual_year="0.1")]
    targets, findings = rates(kind, *rows)
    assert targets["R", "C"].year == Decimal("0.275") and findings == []
    assert codes(targets["R", "C"].derivation) == ["why-rate-below"]


def test_a_rate_is_not_summed_where_a_numerator_has_no_target() -> None:
    rows = [row("A", "R", manual_year="0.8"), row("A", "D", 3, manual_year=100)]
    targets, findings = rates(KpiKind.RATIO, *rows)
    assert ("R", "C") not in targets and findings == ["target-rate-not-summed"]
    assert targets["R", "A"].year == Decimal("0.8")


# --- quarters -------------------------------------------------------------------------------


def test_typed_quarters_of_the_company_hold_and_its_months_add_up_to_them() -> None:
    rows = (quarters("C", 200_000, 500_000, 200_000, 300_000),)
    targets, findings = computed(plan(TEAMS, kpi(target=1_200_000), rows=rows))
    assert findings == [] and by_quarter(targets["C"]) == [200_000, 500_000, 200_000, 300_000]
    assert by_quarter(targets["T1"]) == [120_000, 300_000, 120_000, 180_000]
    assert by_quarter(computed(plan(TEAMS, NO_GOAL, rows=rows))[0]["C"])[1] == 500_000


def test_a_quarter_of_a_child_by_hand() -> None:
    """Of 1,200 even over the months, 100 each; A 60 %, B 40 %. A's Q1 is typed 90, its January 40.

    A's Q1: 40 in January, the rest of 50 falls on February and March: 25 each. A's share of the
    other months is 60 % of 100 each: 540 for the nine months; its year is 630. B has the rest of
    each month: 60, 75, 75 and then 40: 570.
    """
    rows = (quarters("A", 90, months={1: 40}),)
    given = plan(tree("C", "  A:0.6", "  B:0.4"), kpi(target=1200), rows=rows, seasonality=EVEN)
    given = replace(given, settings=Settings(year=2026, country="US"))
    targets, findings = computed(given)
    assert findings == []
    assert figures(targets["A"]) == [40, 25, 25, *[60] * 9]
    assert figures(targets["B"]) == [60, 75, 75, *[40] * 9]
    assert (targets["A"].base_year, targets["B"].base_year) == (630, 570)


def test_a_year_of_which_a_quarter_is_typed_gives_the_rest_to_the_others() -> None:
    rows = (quarters("A", None, 60, manual_year=240),)
    given = plan(tree("C", "  A:0.6", "  B:0.4"), kpi(target=1200), rows=rows, seasonality=EVEN)
    targets, findings = computed(replace(given, settings=Settings(year=2026, country="US")))
    assert findings == [] and figures(targets["A"]) == [*[20] * 3, *[20] * 3, *[20] * 6]
    rows = (quarters("A", None, 150, manual_year=240),)
    targets, _ = computed(replace(given, targets=rows, settings=Settings(year=2026, country="US")))
    assert by_quarter(targets["A"]) == [30, 150, 30, 30] and by_quarter(targets["B"])[1] == 150


def test_all_siblings_quarters_typed_fit_a_month_that_rounds_the_other_way() -> None:
    """Q1 of 250 is 84 83 83 of the company; two halves of 125 are not 42 42 41 each."""
    rows = (quarters("A", 125), quarters("B", 125, at=3), quarters("C", 250, at=4))
    units = tree("C", "  A:0.5", "  B:0.5")
    targets, findings = computed(plan(units, kpi(target=1000), rows=rows, seasonality=EVEN))
    assert findings == [] and figures(targets["C"])[:3] == [84, 83, 83]
    assert [by_quarter(targets[unit])[0] for unit in "AB"] == [125, 125]
    assert targets["C"].unassigned == 0


def test_fiscal_quarters_begin_with_the_fiscal_year() -> None:
    given = plan(tree("C"), NO_GOAL, rows=(quarters("C", 30, 60, 60, 60),), seasonality=EVEN)
    given = replace(given, settings=Settings(year=2026, fiscal_start=4))
    assert figures(computed(given)[0]["C"]) == [*[10] * 3, *[20] * 9], "the first month is April"


def test_a_levels_quarter_is_its_last_month() -> None:
    stock = kpi(target=100, kind=KpiKind.STOCK)
    targets, findings = computed(plan(tree("C"), stock, rows=(quarters("C", 60, 80),)))
    assert findings == []
    assert figures(targets["C"]) == [100, 100, 60, 100, 100, 80, *[100] * 6]


def test_a_rates_quarter_holds_for_each_of_its_months() -> None:
    rate = kpi(target="0.6", kind=KpiKind.COHORT_RATIO)
    rows = (quarters("A", "0.5", months={2: "0.52"}),)
    targets, findings = computed(plan(tree("C", "  A", "    P"), rate, rows=rows))
    expected = [Decimal("0.5"), Decimal("0.52"), Decimal("0.5"), *[Decimal("0.6")] * 9]
    assert findings == []
    assert list(targets["A"].months) == list(targets["P"].months) == expected


@pytest.mark.parametrize(
    ("typed", "code", "quarter"),
    [
        (quarters("A", 90, months={1: 40, 2: 40, 3: 20}), "target-quarter-months", 1),
        (quarters("A", None, 90, months={4: 100}), "target-quarter-rest", 2),
        (quarters("A", 10, 20, 30, 40, manual_year=120), "target-quarters-year", 4),
        (quarters("A", 10, 200, manual_year=120), "target-year-rest", 2),
        (quarters("A", 0, months={1: 5}), "target-quarter-rest", 1),
    ],
)
def test_a_contradiction_is_an_error_at_the_quarters_cell(
    typed: TargetRow, code: str, quarter: int
) -> None:
    given = plan(tree("C", "  A:0.6", "  B:0.4"), kpi(target=1200), rows=(typed,))
    assert at(computed(given)[1]) == {code: cell(quarter)}
    assert code in at(computed(replace(given, kpis=(NO_GOAL,)))[1])


def test_a_quarter_against_a_levels_month_or_year_is_an_error() -> None:
    stock = kpi(target=100, kind=KpiKind.STOCK)
    given = plan(tree("C", "  A:1"), stock, rows=(quarters("A", 60, months={3: 61}),))
    assert at(computed(given)[1]) == {"target-quarter-last": cell(1)}
    given = replace(given, targets=(quarters("A", None, None, None, 60, manual_year=70),))
    assert at(computed(given)[1]) == {"target-quarters-year": cell(4)}


def test_the_companys_quarters_must_be_its_goal() -> None:
    given = plan(tree("C"), kpi(target=1200), rows=(quarters("C", 300, 300, 300, 299),))
    assert at(computed(given)[1]) == {"target-quarters-year": cell(4)}
    given = replace(given, targets=(quarters("C", 1300),))
    assert at(computed(given)[1]) == {"target-year-rest": cell(1)}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (quarters("A", "0.5", months={1: "0.5", 2: "0.5", 3: "0.6"}), "target-rate-quarter"),
        (quarters("A", "0.5", "0.5", "0.5", "0.55", manual_year="0.6"), "target-rate-year"),
    ],
)
def test_a_rates_contradiction_is_an_error_at_the_quarters_cell(
    typed: TargetRow, code: str
) -> None:
    rate = kpi(target="0.6", kind=KpiKind.RATIO)
    found = at(computed(plan(tree("C", "  A"), rate, rows=(typed,)))[1])
    assert found == {code: cell(1 if code == "target-rate-quarter" else 4)}


def test_a_quarter_beyond_the_parents_is_shown_and_nobodys_number_changed() -> None:
    rows = (quarters("A", 200, at=2), quarters("B", 150, at=3))
    units = tree("C", "  A:0.5", "  B:0.5")
    targets, findings = computed(plan(units, kpi(target=1200), rows=rows, seasonality=EVEN))
    assert [one.code for one in findings] == ["target-typed-above-month"] and not errors(findings)
    assert (findings[0].params["month"], findings[0].params["slack"]) == ("Q1", -50)
    assert by_quarter(targets["A"])[0] == 200 and by_quarter(targets["B"])[0] == 150
    assert sum(int(month or 0) for month in targets["C"].unassigned_months[:3]) == -50


# --- what does not fit ------------------------------------------------------------------------


def both(first: int, second: int, **fields: object) -> Plan:
    rows = (row("A", manual_year=first, **fields), row("B", at=3, manual_year=second))
    return plan(tree("C", "  A:0.6", "  B:0.4"), kpi(target=1200), rows=rows)


@pytest.mark.parametrize(
    ("second", "code", "slack"),
    [(500, "target-typed-above-parent", -100), (300, "target-typed-short", 100)],
)
def test_typed_targets_that_are_not_the_parents_are_a_warning_and_stay(
    second: int, code: str, slack: int
) -> None:
    targets, findings = computed(both(800, second))
    assert [one.code for one in findings] == [code] and not errors(findings)
    assert years(targets) == {"C": 1200, "A": 800, "B": second}
    assert targets["C"].unassigned == slack
    locked = errors(computed(both(800, second, lock=Lock.YEAR))[1])
    assert locked == [
        code.replace("typed-short", "no-one-left").replace("typed-above", "locked-above")
    ]


# --- people who are not there, sums that are shown as 100 % ------------------------------------


def test_a_typed_month_of_somebody_who_has_left_holds_with_a_finding() -> None:
    units = change(tree("C", "  A:0.6", "  B:0.4"), "A", left=date(2026, 6, 30))
    rows = (row("A", months={6: 7, 9: 5}),)
    targets, findings = computed(plan(units, kpi(target=1200), rows=rows))
    assert figures(targets["A"])[8] == 5 and not errors(findings)
    (told,) = [one for one in findings if one.code == "target-typed-absent"]
    assert (told.params["value"], told.params["span"]) == (5, "2026-09")
    assert told.place.cell == letter("targets", "manual9") + "2"


def test_a_typed_quarter_before_somebody_comes_holds_with_a_finding() -> None:
    units = change(tree("C", "  A:0.6", "  B:0.4"), "A", joined=date(2026, 4, 1))
    targets, findings = computed(plan(units, kpi(target=1200), rows=(quarters("A", 30),)))
    assert by_quarter(targets["A"])[0] == 30
    told = next(one for one in findings if one.code == "target-typed-absent")
    assert told.params["span"] == "2026-01–2026-03" and told.place.cell == cell(1)[8:]


def test_coefficients_that_are_shown_as_100_percent_add_up_to_the_parent() -> None:
    """Thirds typed as x/3 come to 0.9999999999999999: nothing of the parent is left unassigned, and
    nothing said.
    """
    third = "0.3333333333333333"
    targets, findings = computed(
        plan(tree("C", *(f"  {code}:{third}" for code in "ABD")), kpi(target=1_000_000_000_000))
    )
    assert findings == [] and targets["C"].unassigned == 0 and targets["C"].remarks == ()
    weights = history(weights=dict.fromkeys(range(1, 13), "0.0833333333333333"))
    given = plan(tree("C"), kpi(target=1200), seasonality=weights)
    made, told = seasons(given, CALENDAR)
    assert [one.code for one in told] == [] and set(made["K"].fractions) == {Fraction(1, 12)}


def test_what_is_off_by_what_is_shown_is_still_told() -> None:
    _, findings = computed(plan(tree("C", "  A:0.5", "  B:0.499999"), kpi(target=1_000_000)))
    assert next(text(one, "en") for one in findings).count("99.9999%") == 1
