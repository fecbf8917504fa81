"""The cascade: worked figures, shares, locks, presence, hedge, kinds, and each error at its
cell.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from salesplan.engine.targets.cascade import cascade
from salesplan.engine.targets.seasonality import seasons
from salesplan.messages import text
from salesplan.plan.model import (
    MICRO,
    Actuals,
    CalendarDay,
    Direction,
    KpiKind,
    Level,
    Lock,
    Month,
    PercentBasis,
    Settings,
    SplitMethod,
    TargetBasis,
)
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
    origin,
    plan,
    row,
    tree,
    years,
)

FIVE = tree("C", "  A:0.33", "  B:0.27", "  D:0.21", "  E:0.12", "  F:0.07")
PAIR = tree("C", "  A:0.6", "  B:0.4")
EVEN = history(dict.fromkeys(range(1, 13), (1, 1, 1)))
US = Settings(year=2026, country="US")
"""With an even history: every month weighs a twelfth."""


def ints(values: tuple[Decimal | None, ...]) -> list[int]:
    return [int(value) for value in values if value is not None]


# --- exact sums
# -----------------------------------------------------------------------------------------


def test_twenty_customers_are_7_6_4_2_1_and_every_month_adds_up() -> None:
    targets, findings = computed(plan(FIVE, kpi(target=20)))
    assert years(targets) == {"C": 20, "A": 7, "B": 6, "D": 4, "E": 2, "F": 1}
    for m in range(12):
        assert sum(targets[unit].base_months[m] for unit in "ABDEF") == targets["C"].base_months[m]
    assert findings == []
    assert (targets["C"].children_sum, targets["C"].unassigned, targets["C"].coverage) == (20, 0, 1)
    assert (
        targets["A"].parent_target == 20
        and targets["A"].coefficient == Decimal("0.33")
        and targets["A"].parent_share == Decimal("0.35")
    )


def test_equal_months_of_a_kpi_are_one_amount() -> None:
    """Ten who share alike are kept in as many amounts as their months differ by, not in 120."""
    alike = tree("C", *(f"  P{number}:0.1" for number in range(10)))
    targets, _ = computed(plan(alike, kpi(target=5_000_003)))
    months = [month for target in targets.values() for month in target.base_months]
    assert len(months) == 11 * 12
    assert len(set(map(id, months))) == len(set(months)) <= 3 * 12


def test_a_planned_loss_is_the_mirror_image() -> None:
    targets, _ = computed(plan(FIVE, kpi(target=-20)))
    assert years(targets) == {"C": -20, "A": -7, "B": -6, "D": -4, "E": -2, "F": -1}
    for m in range(12):
        assert (
            sum(targets[unit].base_months[m] for unit in "ABDEF")
            == targets["C"].base_months[m]
            <= 0
        )


def test_company_months_follow_the_season_by_largest_remainder() -> None:
    targets, _ = computed(plan(tree("C"), kpi(target=248)))
    assert ints(targets["C"].base_months) == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    targets, _ = computed(plan(tree("C"), kpi(target=100), seasonality=EVEN, settings=US))
    assert sorted(ints(targets["C"].base_months)) == [8] * 8 + [9] * 4


def test_contribution_percentages_are_honoured_down_the_tree() -> None:
    """ERPNext ignored them for nine years."""
    units = tree("C", "  T:0.75", "    P:0.8", "    Q:0.2", "  U:0.25")
    targets, _ = computed(plan(units, kpi(target=1000)))
    assert years(targets) == {"C": 1000, "T": 750, "P": 600, "Q": 150, "U": 250}


def test_a_parent_group_rolls_up_what_lies_below_it() -> None:
    """ERPNext showed 0 for parent groups."""
    targets, _ = computed(plan(tree("C", "  T:1", "    P:0.8", "    Q:0.2"), kpi(target=1000)))
    assert (
        targets["T"].children_sum == targets["C"].children_sum == 1000
        and targets["P"].children_sum is None
    )


def test_codes_that_begin_alike_are_not_each_others_children() -> None:
    targets, _ = computed(plan(tree("C", "  E:0.5", "    E1:1", "  E2:0.5"), kpi(target=100)))
    assert targets["E"].children_sum == 50 and targets["E1"].parent_target == 50


def test_money_comes_in_whole_smallest_units() -> None:
    targets, _ = computed(
        plan(tree("C", "  A", "  B", "  D"), kpi(target="100.00", smallest_unit=Decimal("0.01")))
    )
    assert [targets[unit].base_year for unit in "ABD"] == [d("33.34"), d("33.33"), d("33.33")]
    targets, _ = computed(plan(PAIR, kpi(target=1000, smallest_unit=Decimal(50))))
    assert all(month % 50 == 0 for target in targets.values() for month in target.base_months)


# --- shares
# ---------------------------------------------------------------------------------------------


def test_all_blank_is_equal_shares_with_a_note() -> None:
    targets, findings = computed(plan(tree("C", "  A", "  B", "  D"), kpi(target=10)))
    assert years(targets) == {"C": 10, "A": 4, "B": 3, "D": 3}
    assert at(findings) == {"coefficient-all-blank": f"units!{letter('units', 'coefficient')}3"}
    assert codes(targets["C"].remarks) == ["target-equal-shares"]


def test_some_blank_share_what_is_left_and_zero_stays_zero() -> None:
    targets, findings = computed(
        plan(tree("C", "  A:0.5", "  B", "  D", "  E:0"), kpi(target=1000))
    )
    assert years(targets) == {"C": 1000, "A": 500, "B": 250, "D": 250, "E": 0}
    assert text(targets["C"].remarks[0], "zh") == "B、D 均分余下 50%" and findings == []


def test_blank_with_nothing_left_gets_nothing_and_is_said_so() -> None:
    targets, findings = computed(plan(tree("C", "  A:1", "  B")))
    assert years(targets) == {"C": 1200, "A": 1200, "B": 0}
    assert at(findings) == {"coefficient-nothing-left": f"units!{letter('units', 'coefficient')}4"}


def test_under_assignment_is_shown_never_rescaled() -> None:
    targets, findings = computed(plan(tree("C", "  A:0.6", "  B:0.35"), kpi(target=1000)))
    assert years(targets) == {"C": 1000, "A": 600, "B": 350}
    assert (targets["C"].coverage, targets["C"].unassigned) == (d("0.95"), 50)
    assert sum(ints(targets["C"].unassigned_months)) == 50
    assert [text(r, "zh") for r in targets["C"].remarks] == ["覆盖率 95%", "未分配 50"]
    assert (
        at(findings) == {"coefficient-coverage": f"units!{letter('units', 'coefficient')}3"}
        and findings[0].params["coverage"] == "95"
    )


def test_over_assignment_is_shown_never_rescaled() -> None:
    targets, _ = computed(plan(tree("C", "  A:0.7", "  B:0.4"), kpi(target=1000)))
    assert years(targets) == {"C": 1000, "A": 700, "B": 400}
    assert (targets["C"].coverage, targets["C"].unassigned) == (d("1.1"), -100)
    assert [text(r, "zh") for r in targets["C"].remarks] == ["覆盖率 110%", "超分配 100"]


def test_given_coefficients_over_one_leave_the_blank_ones_nothing_to_share() -> None:
    units = tree("C", "  A:0.8", "  B:0.4", "  D", "    P:1")
    targets, findings = computed(plan(units))
    assert at(findings) == {"coefficient-blank-over": f"units!{letter('units', 'coefficient')}5"}
    assert [targets[code].base_year for code in "ABDP"] == [None] * 4 and codes(
        targets["P"].remarks
    ) == ["target-blocked"]
    assert targets["C"].base_year == 1200 and targets["C"].children_sum is None


def test_a_negative_or_unreadable_coefficient_stops_its_group_only() -> None:
    units = tree("C", "  T:0.5", "    P:-0.1", "    Q:1.1", "  U:0.5", "    R:1")
    targets, findings = computed(plan(units))
    assert at(findings)["coefficient-negative"] == f"units!{letter('units', 'coefficient')}4"
    assert (
        targets["P"].year is None
        and targets["Q"].base_year is None
        and targets["R"].base_year == 600
    )
    broken = change(
        tree("C", "  T:0.5", "    P", "    Q:1", "  U:0.5", "    R:1"),
        "P",
        broken=frozenset({"coefficient"}),
    )
    targets, findings = computed(plan(broken))
    assert targets["Q"].base_year is None and targets["R"].base_year == 600 and findings == []


def test_equal_split_overrules_coefficients_of_the_units_so_marked() -> None:
    marked = tuple(row(unit, method=SplitMethod.EQUAL) for unit in "BD")
    targets, findings = computed(
        plan(tree("C", "  A:0.5", "  B:0.4", "  D:0.1"), kpi(target=1000), rows=marked)
    )
    assert years(targets) == {"C": 1000, "A": 500, "B": 250, "D": 250} and findings == []


def last_year(*figures: tuple[str, int, int], year: int = 2025) -> Actuals:
    """Actuals (unit, month, value)."""
    return Actuals(
        kpi=["K"] * len(figures),
        unit=[f[0] for f in figures],
        month=[Month(year, f[1]) for f in figures],
        day=[None] * len(figures),
        value=[f[2] * MICRO for f in figures],
    )


def test_last_years_share_counts_each_units_whole_subtree() -> None:
    units = tree("C", "  T:0.5", "    P:1", "  U:0.5")
    actuals = last_year(("P", 1, 100), ("P", 12, 150), ("T", 3, 50), ("U", 5, 700))
    marked = tuple(row(unit, method=SplitMethod.LAST_YEAR) for unit in "TU")
    targets, findings = computed(plan(units, kpi(target=1000), rows=marked, actuals=actuals))
    assert years(targets) == {"C": 1000, "T": 300, "P": 300, "U": 700} and findings == []
    assert codes(targets["T"].derivation)[0] == "why-last-year"


def test_last_years_level_is_each_units_latest_figure() -> None:
    actuals = last_year(("A", 3, 900), ("A", 12, 100), ("B", 12, 300), ("B", 11, 900))
    marked = tuple(row(unit, method=SplitMethod.LAST_YEAR) for unit in "AB")
    targets, _ = computed(
        plan(PAIR, kpi(target=40, kind=KpiKind.STOCK), rows=marked, actuals=actuals)
    )
    assert years(targets) == {"C": 40, "A": 10, "B": 30}


def test_last_year_without_figures_falls_back_to_coefficients_and_says_so() -> None:
    targets, findings = computed(
        plan(
            PAIR,
            kpi(target=1000),
            rows=(row("A", method=SplitMethod.LAST_YEAR),),
            actuals=last_year(("A", 3, 5), year=2024),
        )
    )
    assert years(targets) == {"C": 1000, "A": 600, "B": 400}
    assert codes(findings) == ["last-year-unknown"] and findings[0].params["units"] == ["A"]


def test_a_unit_below_zero_last_year_leaves_its_group_to_the_coefficients() -> None:
    """Of 1,000 last year one lost 50: nobody's share is 105 %, and no coefficient is to blame."""
    units = tree("C", "  A", "  B", "  D")
    marked = tuple(row(unit, method=SplitMethod.LAST_YEAR) for unit in "ABD")
    figures = last_year(("A", 1, 500), ("B", 1, 550), ("D", 3, -50))
    targets, findings = computed(plan(units, kpi(target=900), rows=marked, actuals=figures))
    assert years(targets) == {"C": 900, "A": 300, "B": 300, "D": 300}
    said = next(one for one in findings if one.code == "last-year-negative")
    assert dict(said.params) == {"kpi": "营收", "units": ["D"], "parent": "C", "low": Decimal(-50)}
    assert codes(findings) == ["last-year-negative", "coefficient-all-blank"]


# --- locks and manual values
# ----------------------------------------------------------------------------


def test_a_manual_year_stays_and_the_others_share_the_rest() -> None:
    units = tree("C", "  A:0.5", "  B:0.3", "  D:0.2")
    targets, findings = computed(plan(units, kpi(target=1000), rows=(row("A", manual_year=400),)))
    assert years(targets) == {"C": 1000, "A": 400, "B": 360, "D": 240} and findings == []
    assert codes(targets["A"].remarks) == ["target-manual"] and codes(targets["B"].derivation)[
        :2
    ] == ["why-coefficient", "why-rest"]


def test_a_blank_coefficient_beside_a_manual_year_is_the_rest() -> None:
    targets, _ = computed(
        plan(tree("C", "  A:0.6", "  B"), kpi(target=100), rows=(row("B", manual_year=30),))
    )
    assert years(targets) == {"C": 100, "A": 70, "B": 30}


def test_manual_months_stay_and_the_rest_of_each_month_goes_to_the_others() -> None:
    targets, findings = computed(
        plan(
            PAIR,
            kpi(target=1200),
            rows=(row("A", months={3: 10, 4: 95}),),
            seasonality=EVEN,
            settings=US,
        )
    )
    assert ints(targets["A"].base_months) == [60, 60, 10, 95, *[60] * 8] and ints(
        targets["B"].base_months
    ) == [40, 40, 90, 5, *[40] * 8]
    assert findings == []


def test_a_manual_year_with_some_months_spreads_the_rest_over_the_others() -> None:
    targets, _ = computed(
        plan(
            PAIR,
            kpi(target=1200),
            rows=(row("A", manual_year=700, months={1: 40}),),
            seasonality=EVEN,
            settings=US,
        )
    )
    assert ints(targets["A"].base_months) == [40, *[60] * 11] and targets["A"].base_year == 700


def test_manual_values_of_the_company() -> None:
    rows = (row("C", manual_year=2400, months={1: 500}),)
    targets, findings = computed(plan(PAIR, kpi(target=1200), rows=rows))
    assert (targets["C"].base_year, targets["C"].base_months[0], targets["A"].base_year) == (
        2400,
        500,
        1440,
    )
    assert at(findings) == {
        "target-company-differs": f"targets!{letter('targets', 'manual_year')}2"
    }
    assert computed(plan(PAIR, kpi(target=None), rows=rows))[0]["B"].base_year == 960


def test_a_lock_holds_what_was_filled_while_the_company_changes() -> None:
    stored = row("A", lock=Lock.YEAR, stored_base_year=600)
    assert years(computed(plan(PAIR, kpi(target=1000), rows=(stored,)))[0]) == {
        "C": 1000,
        "A": 600,
        "B": 400,
    }
    targets, findings = computed(plan(PAIR, kpi(target=1500), rows=(stored,)))
    assert (
        years(targets) == {"C": 1500, "A": 600, "B": 900}
        and findings == []
        and codes(targets["A"].remarks) == ["target-locked"]
    )


def test_locking_what_stands_does_not_move_a_unit_elsewhere() -> None:
    """Spread anew, the 13 left of 20 would be 5 4 2 2; what stood was 6 4 2 1."""
    targets, _ = computed(
        plan(FIVE, kpi(target=20), rows=(row("A", lock=Lock.YEAR, stored_base_year=7),))
    )
    assert years(targets) == {"C": 20, "A": 7, "B": 6, "D": 4, "E": 2, "F": 1}


def test_a_lock_on_the_months_undoes_the_hedge() -> None:
    units = change(PAIR, "A", hedge=d("0.05"))
    first, _ = computed(plan(units, kpi(target=1000)))
    stored = row(
        "A",
        lock=Lock.MONTHS,
        stored_base_year=first["A"].base_year,
        stored_year=first["A"].year,
        stored_months=first["A"].months,
    )
    later, findings = computed(plan(units, kpi(target=1300), rows=(stored,)))
    assert (
        later["A"].base_months == first["A"].base_months
        and later["A"].months == first["A"].months
        and findings == []
    )
    rehedged, findings = computed(
        plan(change(PAIR, "A", hedge=d("0.2")), kpi(target=1000), rows=(stored,))
    )
    assert rehedged["A"].base_year == 600 and at(findings) == {
        "target-lock-rehedged": f"targets!{letter('targets', 'lock')}2"
    }


def test_a_lock_with_nothing_filled_yet_holds_from_the_next_run() -> None:
    targets, findings = computed(plan(PAIR, rows=(row("A", lock=Lock.YEAR),)))
    assert targets["A"].base_year == 720 and at(findings) == {
        "target-lock-empty": f"targets!{letter('targets', 'lock')}2"
    }


def test_locked_months_that_contradict_a_manual_year_give_way_to_it() -> None:
    stored = row(
        "A",
        lock=Lock.MONTHS,
        manual_year=900,
        stored_base_year=1200,
        stored_months=(Decimal(100),) * 12,
    )
    targets, findings = computed(plan(PAIR, rows=(stored,)))
    assert targets["A"].base_year == 900 and at(findings) == {
        "target-lock-months-ignored": f"targets!{letter('targets', 'lock')}2"
    }


def test_locked_above_the_parent_names_node_amount_and_slack() -> None:
    rows = (row("A", manual_year=800), row("B", at=3, manual_year=500))
    targets, findings = computed(plan(PAIR, kpi(target=1200), rows=rows))
    assert errors(findings) == [] and at(findings) == {
        "target-typed-above-parent": f"targets!{letter('targets', 'manual_year')}2"
    }
    assert {key: findings[0].params[key] for key in ("parent", "unit", "amount", "slack")} == {
        "parent": "C",
        "unit": "A",
        "amount": 1300,
        "slack": -100,
    }
    assert years(targets) == {"C": 1200, "A": 800, "B": 500} and targets["C"].unassigned == -100
    assert "差额 -100" in text(findings[0], "zh")


def test_locked_above_the_parent_leaves_the_others_nothing() -> None:
    targets, findings = computed(plan(PAIR, kpi(target=1200), rows=(row("A", manual_year=1300),)))
    assert list(at(findings)) == ["target-typed-above-parent"] and years(targets) == {
        "C": 1200,
        "A": 1300,
        "B": 0,
    }


@pytest.mark.parametrize("other", ["0", "0.4"])
def test_no_one_left_to_take_the_rest_is_a_warning(other: str) -> None:
    rows = (
        row("A", manual_year=700),
        *((row("B", at=3, manual_year=300),) if other != "0" else ()),
    )
    targets, findings = computed(
        plan(
            tree("C", "  A:1" if other == "0" else "  A:0.6", f"  B:{other}"),
            kpi(target=1200),
            rows=rows,
        )
    )
    assert (
        findings[-1].code == "target-typed-short"
        and errors(findings) == []
        and findings[-1].params["slack"] == targets["C"].unassigned
    )


def test_typed_months_above_the_parents_are_a_warning_with_the_months_name() -> None:
    targets, findings = computed(
        plan(
            PAIR, kpi(target=1200), rows=(row("A", months={3: 150}),), seasonality=EVEN, settings=US
        )
    )
    (finding,) = findings
    assert (finding.code, finding.params["month"], finding.params["slack"]) == (
        "target-typed-above-month",
        "2026-03",
        -50,
    )
    assert targets["A"].base_months[2] == 150
    for m in range(12):
        assert (
            targets["A"].base_months[m]
            + targets["B"].base_months[m]
            + targets["C"].unassigned_months[m]
            == 100
        )


def test_a_month_that_no_one_can_take_is_a_warning_with_its_name() -> None:
    rows = (row("A", months={3: 50}), row("B", at=3, months={3: 30}))
    targets, findings = computed(
        plan(PAIR, kpi(target=1200), rows=rows, seasonality=EVEN, settings=US)
    )
    assert [(f.code, f.params["month"], f.params["slack"]) for f in findings] == [
        ("target-typed-short-month", "2026-03", 20)
    ]
    assert (
        sum(t.base_months[2] for t in targets.values() if t.unit != "C")
        + targets["C"].unassigned_months[2]
        == 100
    )


def test_years_held_by_people_who_are_not_there_for_them_do_not_fit() -> None:
    units = change(tree("C", "  A:0.5", "  B:0.5"), "A", joined=date(2026, 7, 1))
    rows = (row("A", manual_year=900),)
    targets, findings = computed(
        plan(units, kpi(target=1200), rows=rows, seasonality=EVEN, settings=US)
    )
    assert at(findings) == {"target-typed-unfit": f"targets!{letter('targets', 'manual_year')}2"}
    assert ints(targets["A"].base_months)[:6] == [0] * 6 and targets["A"].base_year == 900


def test_a_held_year_moves_out_of_the_months_that_another_needs() -> None:
    """A comes in July with 500 of the year; B's 650 must move to the first half for the months to
    add up.
    """
    units = change(tree("C", "  A:0.5", "  B:0.4", "  D:0.1"), "A", joined=date(2026, 7, 1))
    rows = (row("A", manual_year=500), row("B", at=3, manual_year=650))
    targets, findings = computed(
        plan(units, kpi(target=1200), rows=rows, seasonality=EVEN, settings=US)
    )
    assert findings == [] and years(targets) == {"C": 1200, "A": 500, "B": 650, "D": 50}
    for m in range(12):
        assert sum(targets[unit].base_months[m] for unit in "ABD") == 100
    assert min(month for target in targets.values() for month in target.base_months) >= 0


@pytest.mark.parametrize(
    ("fields", "code", "key"),
    [
        ({"manual_year": 100, "months": [10] * 12}, "target-months-differ", "manual_year"),
        ({"manual_year": "100.5"}, "target-not-multiple", "manual_year"),
        ({"months": {5: "0.5"}}, "target-not-multiple", "manual5"),
        ({"lock": Lock.YEAR, "stored_base_year": "0.5"}, "target-not-multiple", "base_year"),
        ({"method": SplitMethod.MANUAL}, "target-manual-missing", "method"),
    ],
)
def test_a_row_that_cannot_stand_stops_its_group_at_its_cell(
    fields: dict[str, object], code: str, key: str
) -> None:
    targets, findings = computed(plan(PAIR, rows=(row("A", **fields),)))  # type: ignore[arg-type]
    assert at(findings) == {code: f"targets!{letter('targets', key)}2"} and errors(findings) == [
        code
    ]
    assert years(targets).keys() - {"A"} == {"C"} and codes(targets["B"].remarks) == [
        "target-blocked"
    ]


def test_manual_months_beyond_the_year_are_a_warning() -> None:
    targets, findings = computed(plan(PAIR, rows=(row("A", manual_year=100, months={1: 111}),)))
    assert (
        at(findings)["target-months-beyond-year"] == f"targets!{letter('targets', 'manual_year')}2"
    )
    assert targets["A"].base_year == 100 and targets["A"].base_months[0] == 111


def test_an_unreadable_manual_cell_stops_its_group_in_silence_for_it_has_its_own_finding() -> None:
    targets, findings = computed(
        plan(PAIR, rows=(replace(row("A"), broken=frozenset({"manual_months"})),))
    )
    assert targets["B"].base_year is None and findings == []


def test_a_locked_row_keeps_its_figures_when_the_group_cannot_be_computed() -> None:
    units = change(PAIR, "B", broken=frozenset({"coefficient"}))
    stored = row(
        "A",
        lock=Lock.YEAR,
        stored_base_year=600,
        stored_year=630,
        stored_months=(Decimal("52.5"),) * 12,
    )
    target = computed(plan(units, kpi(target=1200), rows=(stored,)))[0]["A"]
    assert (target.base_year, target.year, target.months[0], codes(target.remarks)) == (
        600,
        630,
        d("52.5"),
        ["target-kept"],
    )


def test_twelve_company_months_must_make_the_year() -> None:
    targets, findings = computed(plan(PAIR, kpi(target=1200), rows=(row("C", months=[90] * 12),)))
    assert targets == {} and list(at(findings)) == ["target-company-months-differ"]
    assert (
        computed(plan(PAIR, kpi(target=1080), rows=(row("C", months=[90] * 12),)))[0][
            "C"
        ].base_months
        == (90,) * 12
    )


# --- presence, hedge, levels
# ----------------------------------------------------------------------------


def test_a_joiner_takes_a_part_and_the_rest_is_shown_as_unassigned() -> None:
    units = change(PAIR, "A", name="张三", joined=date(2026, 3, 16), ramp_up=(d("0.5"),))
    targets, findings = computed(plan(units, kpi(target=124_000), settings=Settings(year=2026)))
    march = Fraction(targets["C"].base_months[2]) * Fraction(6, 10) * Fraction(12, 22) / 2
    assert abs(Fraction(targets["A"].base_months[2]) - march) < 1
    assert targets["A"].base_months[:2] == (0, 0) and targets["A"].base_months[3] == round(
        targets["C"].base_months[3] * 6 / 10
    )
    assert targets["C"].unassigned == 124_000 - targets["A"].base_year - targets["B"].base_year > 0
    assert "张三 自 2026-03-16 在岗" in [text(remark, "zh") for remark in targets["C"].remarks]
    assert errors(findings) == [] and targets["C"].coverage == 1


@pytest.mark.parametrize("kind", [KpiKind.FLOW, KpiKind.STOCK])
def test_in_a_month_without_working_days_whoever_is_employed_is_there(kind: KpiKind) -> None:
    shut = tuple(CalendarDay(day=date(2026, 2, day), working=False) for day in range(1, 29))
    units = change(
        change(tree("C", "  A", "  B"), "A", joined=date(2020, 1, 6)), "B", joined=date(2026, 3, 5)
    )
    months = computed(
        plan(
            units,
            kpi(target=1080 if kind is KpiKind.FLOW else 90, kind=kind),
            rows=(row("C", months=[90] * 12),),
            calendar=shut,
        )
    )[0]
    assert [months[code].base_months[1] for code in "CAB"] == [90, 45, 0] and months[
        "A"
    ].base_months[0] == 45


def test_leavers_and_more_than_three_absent_are_told_shortly() -> None:
    units = tree("C", *(f"  P{i}:0.2" for i in range(5)))
    for i in range(5):
        units = change(units, f"P{i}", left=date(2026, 5, 29))
    assert codes(computed(plan(units))[0]["C"].remarks) == [
        "target-unassigned",
        *["target-absent-left"] * 3,
        "target-absent-more",
    ]


def test_who_left_before_the_year_has_no_part_in_it() -> None:
    units = change(tree("C", "  A", "  B", "  D"), "A", left=date(2025, 12, 31))
    assert years(computed(plan(units))[0]) == {"C": 1200, "B": 600, "D": 600}


def test_contradictory_or_unreadable_dates_stop_the_group() -> None:
    for fields in (
        {"joined": date(2026, 5, 1), "left": date(2026, 4, 1)},
        {"broken": frozenset({"joined"})},
    ):
        assert computed(plan(change(PAIR, "A", **fields)))[0]["B"].base_year is None


def test_ramp_up_without_a_day_of_joining_is_a_warning_without_effect() -> None:
    targets, findings = computed(plan(change(PAIR, "A", ramp_up=(d("0.5"),))))
    assert targets["C"].unassigned == 0 and at(findings) == {
        "ramp-up-without-joined": f"units!{letter('units', 'ramp_up')}3"
    }


def test_hedges_compound_down_the_tree_beside_a_base_that_adds_up() -> None:
    units = change(
        change(tree("C", "  T:1", "    P:0.5", "    Q:0.5"), "T", hedge=d("0.1")),
        "P",
        hedge=d("0.2"),
    )
    targets, _ = computed(plan(units, kpi(target=12_000), seasonality=EVEN, settings=US))
    assert years(targets) == {"C": 12_000, "T": 12_000, "P": 6000, "Q": 6000}
    assert [int(targets[code].year) for code in "CTPQ"] == [12_000, 13_200, 7920, 6600]
    assert targets["P"].year == sum(targets["P"].months) and targets["P"].months[0] == 660
    assert text(targets["P"].derivation[-1], "zh") == "基准 6,000 加成 32%, 下达 7,920"


def test_small_months_do_not_round_a_hedge_away() -> None:
    targets, _ = computed(plan(change(tree("C"), "C", hedge=d("0.05")), kpi(target=100)))
    assert targets["C"].base_year == 100 and targets["C"].year == sum(targets["C"].months) == 105
    assert {
        issued - base
        for issued, base in zip(targets["C"].months, targets["C"].base_months, strict=True)
    } == {0, 1}
    level, _ = computed(
        plan(change(tree("C"), "C", hedge=d("0.05")), kpi(target=110, kind=KpiKind.STOCK))
    )
    assert set(level["C"].months) == {116}


def test_a_hedge_on_a_loss_asks_for_a_smaller_loss() -> None:
    targets, _ = computed(
        plan(
            change(tree("C"), "C", hedge=d("0.1")), kpi(target=-1200), seasonality=EVEN, settings=US
        )
    )
    assert targets["C"].base_year == -1200 and targets["C"].year == -1080


def test_an_unreadable_or_absurd_hedge_leaves_only_the_issued_target_open() -> None:
    for fields in ({"broken": frozenset({"hedge"})}, {"hedge": d(-1)}):
        target = computed(plan(change(PAIR, "A", **fields)))[0]["A"]
        assert (target.base_year, target.year, target.months) == (
            720,
            None,
            (None,) * 12,
        ) and codes(target.remarks) == ["target-hedge-unknown"]


def test_levels_that_a_kpi_skips_still_pass_the_target_on() -> None:
    units = tree("C", "  T:0.5", "    D:1", "      P:0.3", "      Q:0.7", "  U:0.5")
    targets, _ = computed(
        plan(units, kpi(target=1000, levels=frozenset({Level.COMPANY, Level.PERSON})))
    )
    assert years(targets) == {"C": 1000, "P": 150, "Q": 350} and targets["P"].parent_target == 500
    targets, _ = computed(
        plan(units, kpi(target=1000, levels=frozenset({Level.COMPANY, Level.TEAM})))
    )
    assert years(targets) == {"C": 1000, "T": 500, "U": 500} and targets["T"].children_sum is None


def test_a_unit_beyond_the_kpis_levels_leaves_its_share_unassigned() -> None:
    units = change(tree("C", "  T:0.9", "  P:0.1"), "P", level=Level.PERSON)
    targets, _ = computed(
        plan(units, kpi(target=1000, levels=frozenset({Level.COMPANY, Level.TEAM})))
    )
    assert years(targets) == {"C": 1000, "T": 900} and targets["C"].unassigned == 100


# --- kinds
# ----------------------------------------------------------------------------------------------


def test_a_level_is_split_in_every_month_and_its_year_is_its_last_month() -> None:
    rows = (row("C", months={1: 80, 2: 90}), row("A", at=3, months={6: 10}))
    targets, _ = computed(plan(PAIR, kpi(target=100, kind=KpiKind.STOCK), rows=rows))
    assert ints(targets["C"].months) == [80, 90, *[100] * 10] and targets["C"].year == 100
    assert (
        ints(targets["A"].months) == [48, 54, 60, 60, 60, 10, *[60] * 6]
        and ints(targets["B"].months)[5] == 90
    )
    assert targets["A"].year == 60


def test_a_held_level_follows_the_parents_until_its_year() -> None:
    rows = (row("C", months={1: 50}), row("A", at=3, manual_year=80))
    targets, findings = computed(plan(PAIR, kpi(target=100, kind=KpiKind.STOCK), rows=rows))
    assert (
        ints(targets["A"].months) == [40, *[80] * 11]
        and ints(targets["B"].months) == [10, *[20] * 11]
        and findings == []
    )


def test_levels_of_absent_people_stand_at_the_months_end() -> None:
    units = change(PAIR, "A", joined=date(2026, 3, 16))
    targets, _ = computed(plan(units, kpi(target=100, kind=KpiKind.STOCK)))
    assert ints(targets["A"].months)[:4] == [0, 0, 60, 60] and ints(targets["C"].unassigned_months)[
        :3
    ] == [60, 60, 0]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((row("A", manual_year=130),), "target-typed-above-month"),
        ((row("A", manual_year=50), row("B", at=3, manual_year=30)), "target-typed-short-month"),
        ((row("A", manual_year=30, months={12: 40}),), "target-last-month-differs"),
    ],
)
def test_levels_that_do_not_fit(rows: tuple[object, ...], code: str) -> None:
    _, findings = computed(plan(PAIR, kpi(target=100, kind=KpiKind.STOCK), rows=rows))  # type: ignore[arg-type]
    assert at(findings) == {code: f"targets!{letter('targets', 'manual_year')}2"}


@pytest.mark.parametrize(
    "kind", [KpiKind.RATIO, KpiKind.COHORT_RATIO, KpiKind.POINT, KpiKind.AVERAGE]
)
def test_rates_are_copied_down_unless_a_row_gives_its_own(kind: KpiKind) -> None:
    units = tree("C", "  T:0.5", "    P:1", "  U:0.5")
    rows = (
        row("T", manual_year="0.7", months={2: "0.65"}),
        row("U", at=3, lock=Lock.YEAR, stored_base_year="0.5"),
    )
    targets, findings = computed(plan(units, kpi(target="0.6", kind=kind), rows=rows))
    assert {code: (t.year, t.months[1], t.months[11]) for code, t in targets.items()} == {
        "C": (d("0.6"),) * 3,
        "T": (d("0.7"), d("0.65"), d("0.7")),
        "P": (d("0.7"), d("0.65"), d("0.7")),
        "U": (d("0.5"),) * 3,
    }
    assert (
        findings == []
        and targets["P"].parent_target == d("0.7")
        and targets["P"].children_sum is None
    )
    assert [codes(targets[code].derivation) for code in "CTPU"] == [
        ["why-company"],
        ["why-manual"],
        ["why-copied"],
        ["why-locked"],
    ]


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"target": "0.05", "base": d("0.3")}, "0.35"),
        ({"target": "0.1", "base": d("0.5"), "percent_basis": PercentBasis.PERCENT}, "0.55"),
        ({"target": "0.1", "base": d("0.5"), "percent_basis": PercentBasis.POINTS}, "0.6"),
        ({"target": "0.02", "base": d("0.1"), "direction": Direction.LOWER}, "0.08"),
        ({"target": "-0.02", "base": d("0.1"), "direction": Direction.LOWER}, "0.08"),
    ],
)
def test_an_improvement_becomes_the_level_to_reach(fields: dict[str, object], level: str) -> None:
    made = kpi(kind=KpiKind.RATIO, basis=TargetBasis.IMPROVEMENT, **fields)  # type: ignore[arg-type]
    targets, _ = computed(plan(PAIR, made))
    assert targets["A"].year == d(level) and codes(targets["C"].derivation) == ["why-improvement"]


def test_an_improvement_without_base_is_an_error() -> None:
    for kind in (KpiKind.FLOW, KpiKind.RATIO):
        targets, findings = computed(plan(PAIR, kpi(basis=TargetBasis.IMPROVEMENT, kind=kind)))
        assert targets == {} and at(findings) == {
            "target-no-base": f"kpis!{letter('kpis', 'base')}2"
        }


def test_a_milestone_is_one_from_its_month_on_and_not_handed_down() -> None:
    targets, _ = computed(
        plan(
            PAIR,
            kpi(target=1, kind=KpiKind.MILESTONE, due=date(2026, 6, 30)),
            rows=(row("B", manual_year=1),),
        )
    )
    assert (
        targets.keys() == {"C", "B"}
        and targets["B"].months == (None,) * 5 + (1,) * 7
        and targets["C"].year == 1
    )


# --- what stops a KPI
# -----------------------------------------------------------------------------------


def test_no_company_target_means_no_targets_and_no_error() -> None:
    for kind in KpiKind:
        assert computed(plan(PAIR, kpi(target=None, kind=kind))) == ({}, [])


def test_a_kpi_cell_that_could_not_be_read_stops_that_kpi_only() -> None:
    both = plan(PAIR, replace(kpi(target=None), broken=frozenset({"target"})), kpi("L", 100))
    targets, findings = cascade(both, CALENDAR, seasons(both, CALENDAR)[0])
    assert list(targets) == [("L", "C"), ("L", "A"), ("L", "B")] and findings == []


@pytest.mark.parametrize(
    ("fields", "code", "key"),
    [
        ({"target": "100.5"}, "target-not-multiple", "target"),
        ({"target": 7, "smallest_unit": Decimal(0)}, "kpi-smallest-unit", "smallest_unit"),
        ({"target": 7, "smallest_unit": Decimal(-1)}, "kpi-smallest-unit", "smallest_unit"),
    ],
)
def test_a_goal_that_cannot_be_split_is_an_error_at_its_cell(
    fields: dict[str, object], code: str, key: str
) -> None:
    targets, findings = computed(plan(PAIR, kpi(**fields)))  # type: ignore[arg-type]
    assert targets == {} and at(findings) == {code: f"kpis!{letter('kpis', key)}2"}


def test_without_one_company_nothing_is_broken_down() -> None:
    two = (*tree("C", "  A:1"), replace(tree("Z")[0], origin=origin("units", 9)))
    assert at(computed(plan(two))[1]) == {
        "cascade-several-companies": f"units!{letter('units', 'parent')}9"
    }
    looped = change(tree("C", "  A:1"), "C", parent="A")
    assert at(computed(plan(looped))[1]) == {
        "cascade-no-company": f"units!{letter('units', 'parent')}2"
    }
    assert computed(plan(())) == ({}, [])


def test_a_stray_unit_without_parent_does_not_stop_the_company() -> None:
    stray = replace(tree("C", "  P:1")[1], code="X", parent=None)
    assert years(computed(plan((*PAIR, stray)))[0]) == {"C": 1200, "A": 720, "B": 480}


def test_results_stand_in_kpi_order_then_tree_order() -> None:
    units = tree("C", "  T:0.5", "    P:1", "  U:0.5")
    shuffled = (units[3], units[2], units[0], units[1])
    given = plan(shuffled, kpi("K2", 10), kpi("K1", 10))
    targets, _ = cascade(given, CALENDAR, seasons(given, CALENDAR)[0])
    assert list(targets) == [
        ("K2", "C"),
        ("K2", "U"),
        ("K2", "T"),
        ("K2", "P"),
        ("K1", "C"),
        ("K1", "U"),
        ("K1", "T"),
        ("K1", "P"),
    ]


def test_every_figure_says_where_it_came_from() -> None:
    targets, _ = computed(plan(FIVE, kpi(target=20)))
    assert [text(why, "zh") for why in targets["F"].derivation] == [
        "“C” 20 × 系数 7% = 1.4",
        "按最大余数取整为 1",
    ]
    assert [text(why, "en") for why in targets["C"].derivation] == [
        "company annual target 20",
        "months by working days",
    ]
