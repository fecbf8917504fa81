"""Product × unit × month: what is typed holds, and sums over products and over units are exact."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan import app
from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from salesplan.engine import compute
from salesplan.engine.actuals.products import Products
from salesplan.engine.actuals.progress import Span
from salesplan.engine.changes.records import stood
from salesplan.engine.changes.transfers import parents_by_month
from salesplan.engine.results import Results
from salesplan.engine.targets.products import Dividing, Stage
from salesplan.engine.targets.target import Target
from salesplan.engine.views.explain import explain
from salesplan.findings import SalesplanError
from salesplan.messages import fix, text
from salesplan.plan.loader import load
from salesplan.plan.model import OTHER, Kpi, KpiKind, Light, Month, Plan, TargetRow, Transfer
from tests.unit.masters import SOUND, Rows, findings_of, read, write
from tests.unit.test_report import cells

CHANGED = 1_000 if os.environ.get("SALESPLAN_THOROUGH") else 25
MARCH, DAY = Month(2026, 3), date(2026, 3, 31)


def master(*targets: Mapping[str, Any], **tables: list[dict[str, Any]]) -> Rows:
    """The sound master with these rows of 目标分解 (of REV, with a reason) instead of its own."""
    made: Rows = {key: [dict(row) for row in rows] for key, rows in SOUND.items()}
    made["targets"] = [{"kpi": "REV", "reason": "x", **row} for row in targets]
    made["seasonality"] = []
    for key, rows in tables.items():
        made[key] = rows
    return made


def run(rows: Rows) -> tuple[Plan, Results, Products]:
    plan, _ = read(rows)
    results = compute(plan, month=MARCH, as_of=DAY)
    assert results.products is not None
    return plan, results, results.products


def years(found: Products, kpi: str = "REV") -> dict[tuple[str, str], Decimal]:
    return {
        (unit, product): target.year or Decimal(0)
        for (code, unit, product), target in found.targets.items()
        if code == kpi
    }


def check_sums(plan: Plan, results: Results, found: Products) -> None:
    """Over products and over units, month by month and for the year, on both layers."""
    for (kpi, unit), whole in results.targets.items():
        parts = [one for (k, u, _), one in found.targets.items() if (k, u) == (kpi, unit)]
        if not parts:
            continue
        for layer in ("base_months", "months"):
            columns = zip(*(getattr(one, layer) for one in parts), strict=True)
            assert tuple(map(sum, columns)) == tuple(m or 0 for m in getattr(whole, layer))
        for one in parts:
            assert sum(one.months) == one.year  # type: ignore[arg-type]
            assert sum(one.base_months) == one.base_year  # type: ignore[arg-type]
    for (kpi, unit, product), above in found.targets.items():
        kids = [
            found.targets[kpi, kid.code, product]
            for kid in plan.children.get(unit, ())
            if (kpi, kid.code, product) in found.targets
        ]
        if kids and above.unassigned is not None:
            assert above.children_sum == sum(kid.base_year or 0 for kid in kids)
            assert (above.base_year or 0) - above.children_sum == above.unassigned


def test_a_product_of_the_company_reaches_everybody() -> None:
    """500 by 60/40, 300 of them A: T1 has 180 of A and 120 of the rest, P1 the same."""
    plan, results, found = run(master({"unit": "C1", "product": "A", "manual_year": 300.0}))
    assert years(found) == {
        ("C1", "A"): 300, ("C1", OTHER): 200, ("T1", "A"): 180, ("T1", OTHER): 120,
        ("T2", "A"): 120, ("T2", OTHER): 80, ("P1", "A"): 180, ("P1", OTHER): 120,
        ("P2", "A"): 120, ("P2", OTHER): 80,
    }  # fmt: skip
    check_sums(plan, results, found)


def test_what_a_unit_types_holds_and_the_others_share_the_rest_of_the_product() -> None:
    plan, results, found = run(
        master(
            {"unit": "C1", "product": "A", "manual_year": 300.0},
            {"unit": "T1", "product": "A", "manual_year": 250.0},
        )
    )
    got = years(found)
    assert got["T1", "A"] == 250 and got["T2", "A"] == 50
    assert got["T1", OTHER] == 50 and got["T2", OTHER] == 150
    check_sums(plan, results, found)


def test_typed_months_and_quarters_of_a_product_hold() -> None:
    plan, results, found = run(
        master(
            {"unit": "C1", "product": "A", "manual_year": 300.0, "manual_quarter1": 90.0},
            {"unit": "T1", "product": "A", "manual2": 11.11, "manual_quarter2": 40.0},
        )
    )
    company, team = found.targets["REV", "C1", "A"], found.targets["REV", "T1", "A"]
    assert company.year == 300 and sum(company.months[:3]) == 90  # type: ignore[arg-type]
    assert team.months[1] == Decimal("11.11")
    assert sum(team.months[3:6]) == 40  # type: ignore[arg-type]
    check_sums(plan, results, found)


def test_what_units_type_adds_up_to_a_product_without_a_value_above() -> None:
    plan, results, found = run(
        master(
            {"unit": "T1", "product": "A", "manual_year": 100.0},
            {"unit": "T2", "product": "A", "manual_year": 50.0},
        )
    )
    got = years(found)
    assert got["C1", "A"] == 150 and got["C1", OTHER] == 350
    check_sums(plan, results, found)


def test_what_one_person_types_is_the_teams_and_the_companys() -> None:
    """Neither team nor company has a row of A: both have what P1 has, and T2 has nothing of it."""
    plan, results, found = run(master({"unit": "P1", "product": "A", "manual_year": 100.0}))
    got = years(found)
    assert [got[unit, "A"] for unit in ("C1", "T1", "P1", "T2", "P2")] == [100, 100, 100, 0, 0]
    assert {one.unassigned for one in found.targets.values()} <= {None, Decimal(0)}
    check_sums(plan, results, found)


def test_below_a_typed_company_a_team_has_its_part_whatever_a_person_types() -> None:
    _, results, found = run(
        master(
            {"unit": "C1", "product": "A", "manual_year": 150.0},
            {"unit": "P1", "product": "A", "manual_year": 100.0},
        )
    )
    assert years(found)["T1", "A"] == 90
    assert "target-product-over-parent" in {one.code for one in results.findings}


def test_an_overlay_unit_has_the_products_of_the_unit_that_it_stands_beside() -> None:
    """A is 200 of the company's 500, so 40 of the 100 that T1's presales have."""
    beside = {"code": "SE", "name": "x", "level": "个人", "parent": "C1", "overlay": "是"}
    units = [*SOUND["units"], {**beside, "coefficient": 0.2}]
    _, _, found = run(master({"unit": "C1", "product": "A", "manual_year": 200.0}, units=units))
    got = years(found)
    assert (got["SE", "A"], got["SE", OTHER]) == (40, 60)


def test_blank_products_share_by_last_year() -> None:
    """Last year A sold 3, B 1, others 1: of 500 A has 300, B 100."""
    sold = [("A", 3.0), ("B", 1.0), ("C", 1.0)]
    actuals = [
        {"day": date(2025, 6, 2), "unit": "P1", "kpi": "REV", "product": name, "value": value}
        for name, value in sold
    ]
    plan, results, found = run(
        master({"unit": "C1", "product": "A"}, {"unit": "C1", "product": "B"}, actuals=actuals)
    )
    got = years(found)
    assert (got["C1", "A"], got["C1", "B"], got["C1", OTHER]) == (300, 100, 100)
    assert [one.code for one in found.targets["REV", "C1", "A"].derivation] == [
        "why-product-last-year"
    ]
    check_sums(plan, results, found)


def test_products_above_their_unit_are_an_error_and_still_add_up() -> None:
    rows = master({"unit": "T2", "product": "A", "manual_year": 230.0})
    plan, results, found = run(rows)
    assert years(found)["T2", OTHER] == -30
    check_sums(plan, results, found)
    [one] = [one for one in results.findings if one.code == "target-product-over-unit"]
    assert one.place.cell == "E2" and "30" in text(one, "zh")


def test_products_above_the_products_own_target_are_told() -> None:
    rows = master(
        {"unit": "C1", "product": "A", "manual_year": 100.0},
        {"unit": "T1", "product": "A", "manual_year": 80.0},
        {"unit": "T2", "product": "A", "manual_year": 50.0},
    )
    plan, results, found = run(rows)
    assert found.targets["REV", "C1", "A"].unassigned == -30
    check_sums(plan, results, found)
    assert "target-product-over-parent" in {one.code for one in results.findings}


def test_hedges_are_laid_over_products_too() -> None:
    rows = master({"unit": "C1", "product": "A", "manual_year": 123.45})
    rows["units"] = [{**unit, "hedge": 0.07} for unit in rows["units"]]
    plan, results, found = run(rows)
    assert results.targets["REV", "T1"].year != results.targets["REV", "T1"].base_year
    check_sums(plan, results, found)


def test_a_year_is_met_by_months_beyond_their_two_neighbours() -> None:
    """No table of months rounded down or up gives East the 8 of B that it typed: some months go one
    further.
    """
    teams = {"T1": (3, 2, 3, 1, 0, 2, 0, 2, 2, 1, 0, 1), "T2": (0, 1, 3, 0, 1, 3, 1, 1, 0, 1, 1, 3)}
    months: dict[str, tuple[int, ...]] = {
        "C1": tuple(map(sum, zip(*teams.values(), strict=True))), **teams
    }  # fmt: skip
    typed = {("C1", "A"): 10, ("C1", "B"): 10, ("T1", "B"): 8}
    rows = {
        key: TargetRow(kpi="N", unit=key[0], product=key[1], manual_year=Decimal(value))
        for key, value in typed.items()
    }
    kpi = Kpi(code="N", name="N", kind=KpiKind.FLOW, smallest_unit=Decimal(1))
    year = [Month(2026, month) for month in range(1, 13)]
    dividing = Dividing(kpi, ("A", "B"), year, {}, {})
    stage = Stage(0, months, {"C1": None, "T1": "C1", "T2": "C1"}, rows)
    made = dividing.divided(stage, None).months
    assert {key: sum(made[key]) for key in typed} == typed and not dividing.findings
    for unit, own in months.items():
        lines = [made[unit, product] for product in ("A", "B", OTHER)]
        assert tuple(map(sum, zip(*lines, strict=True))) == own


def test_a_plan_without_products_has_none() -> None:
    plan, _ = read(SOUND)
    assert compute(plan, month=MARCH, as_of=DAY).products is None


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ([{"unit": "C1", "product": "A", "kpi": "REP"}], ("target-product-kind", "目标分解!C2")),
        (
            [{"unit": "C1", "product": "其他", "manual_year": 9.0}],
            ("target-product-rest", "目标分解!E2"),
        ),
        ([{"unit": "C1", "product": "产品A"}], ("target-product-unknown", "目标分解!C2")),
        ([{"unit": "X9", "product": "A"}], ("unknown-code", "目标分解!B2")),
        ([{"unit": "C1", "product": "A"}] * 2, ("duplicate-code", "目标分解!A3")),
    ],
)
def test_rows_of_products_are_checked(
    targets: list[dict[str, Any]], expected: tuple[str, str]
) -> None:
    assert expected in findings_of(master(*targets))


def test_two_products_of_one_unit_are_two_rows() -> None:
    rows = master({"unit": "C1", "product": "A"}, {"unit": "C1", "product": "B"}, {"unit": "C1"})
    plan, found = read(rows)
    assert not [one for one in found if one.code == "duplicate-code"]
    assert [row.product for row in plan.product_targets] == ["A", "B"]


def test_actuals_by_product_are_held_against_product_targets() -> None:
    """By 31 March A has sold 20 of the 75 expected: red; B, in no row, is the rest's."""
    _, _, found = run(master({"unit": "C1", "product": "A", "manual_year": 300.0}))
    one = found.attainments["REV", "C1", "A", Span.YTD]
    assert (one.kpi, one.unit, one.actual) == ("REV", "C1", 20)
    assert one.target == sum(found.targets["REV", "C1", "A"].months[:3])  # type: ignore[arg-type]
    assert one.light is Light.RED and one.status.expected == one.target
    assert found.attainments["REV", "C1", OTHER, Span.YTD].actual == Decimal("25.5")
    assert found.monthly["REV", "P1", "A"][0] == 20


def test_explain_names_the_products_there_are(tmp_path: Path) -> None:
    path = write(
        tmp_path / "master.xlsx", master({"unit": "C1", "product": "A", "manual_year": 300.0})
    )
    done = app.explain(path, "P1", "REV/a")
    assert [(step.unit.code, step.value) for step in done.steps] == [
        ("C1", 300), ("T1", 180), ("P1", 180),
    ]  # fmt: skip
    assert done.statuses and done.product == "A"
    assert app.explain(path, "C1", "营收/其他").steps[0].value == 200
    with pytest.raises(SalesplanError) as caught:
        app.explain(path, "C1", "REV/Z")
    assert caught.value.finding.code == "explain-product-unknown"
    assert "A、其他" in fix(caught.value.finding, "zh")


def test_products_are_filled_under_the_units_rows(tmp_path: Path) -> None:
    """The engine adds the rows that the sheet lacks, the rest as 其他; filled again nothing
    changes.
    """
    path = write(
        tmp_path / "master.xlsx", master({"unit": "C1", "product": "A", "manual_year": 300.0})
    )
    app.recalc(path)
    loaded = load(path)
    rows = {(row.unit, row.product): row.stored_year for row in loaded.plan.product_targets}
    assert rows["C1", "A"] == 300 and rows["P1", "A"] == 180 and rows["T2", OTHER] == 80
    assert len(rows) == 10
    assert not app.recalc(path).changes.edits


# --- changes and closes -----------------------------------------------------------------------


def change(code: str, **cells: Any) -> dict[str, Any]:
    return {
        "code": code,
        "raised": date(2026, 3, 1),
        "trigger": "其他",
        "field": "手工年度目标",
        "effective": "2026-04",
        "approver": "王总",
        "status": "批准",
        "approved": date(2026, 3, 2),
        **cells,
    }


def test_a_change_of_a_product_holds_from_its_month_on() -> None:
    one = change("X1", subject="REV/C1/A", before="300", after="360")
    rows = master({"unit": "C1", "product": "A", "manual_year": 300.0}, changes=[one])
    plan, results, found = run(rows)
    [record] = results.adjustments
    assert record.state.approved_in, text(record.reason, "zh")
    planned, now = (layer["REV", "C1", "A"] for layer in (found.baseline, found.targets))
    assert (planned.year, now.year) == (300, 360)
    assert planned.months[:3] == now.months[:3]
    assert found.baseline["REV", "P1", "A"].months[:3] == found.targets["REV", "P1", "A"].months[:3]
    assert "target-changed" in {one.code for one in now.remarks}
    check_sums(plan, results, found)


def test_a_change_of_a_unit_moves_its_products_from_then_on() -> None:
    one = change("X1", subject="T1", field="贡献系数", before="60%", after="50%")
    rows = master({"unit": "C1", "product": "A", "manual_year": 300.0}, changes=[one])
    rows["units"] = [
        {**unit, "coefficient": None} if unit["code"] == "T2" else unit for unit in rows["units"]
    ]
    plan, results, found = run(rows)
    before, now = (layer["REV", "T1", "A"] for layer in (found.baseline, found.targets))
    assert before.months[:3] == now.months[:3]
    assert (now.year or 0) < (before.year or 0)
    assert found.targets["REV", "C1", "A"].months == found.baseline["REV", "C1", "A"].months
    check_sums(plan, results, found)


def test_what_a_product_gains_the_others_of_the_unit_and_of_the_product_give() -> None:
    """T1 asks for 60 more of A from April on: its rest gives 60, and T2 gives 60 of A."""
    one = change("X1", subject="REV/T1/A", before="180", after="240", notify="T1")
    rows = master(
        {"unit": "C1", "product": "A", "manual_year": 300.0},
        {"unit": "T1", "product": "A", "manual_year": 180.0},
        changes=[one],
    )
    plan, results, found = run(rows)
    [record] = results.adjustments
    moved = {
        (one.unit, one.product): (one.year or 0) - (one.baseline_year or 0) for one in record.shifts
    }
    assert moved == {
        ("T1", "A"): 60, ("T1", OTHER): -60, ("T2", "A"): -60, ("T2", OTHER): 60,
        ("P1", "A"): 60, ("P1", OTHER): -60, ("P2", "A"): -60, ("P2", OTHER): 60,
    }  # fmt: skip
    assert record.untold == ("P1", "T2", "P2")
    [told] = [one for one in results.findings if one.code == "change-not-synchronised"]
    assert told.params["units"] == [plan.unit_by_code[unit].name for unit in record.untold]
    [part] = part_of(Whole(plan, results), "T2", ()).results.adjustments
    assert not part.change and {one.unit for one in part.shifts} == {"T2", "P2"}
    check_sums(plan, results, found)


def test_a_change_of_a_product_within_a_month_splits_it_by_working_days() -> None:
    """16 April: 10 of April's 21 working days are before it, and keep their part of April; what the
    change brings falls on the rest of April and the months after it alike.
    """
    one = change("X1", subject="REV/C1/A", before="252", after="342", effective="2026-04-16")
    rows = master({"unit": "C1", "product": "A", "manual_year": 252.0}, changes=[one])
    plan, results, found = run(rows)
    planned, now = (layer["REV", "C1", "A"] for layer in (found.baseline, found.targets))
    [revision] = now.revisions
    assert revision.split is not None and (revision.split.before, revision.split.days) == (10, 21)
    april, stands = planned.months[3] or Decimal(0), revision.split.stands
    assert abs(stands - april * 10 / 21) < Decimal("0.01")
    assert now.months[:3] == planned.months[:3] and now.year == 342
    left = [(now.months[3] or 0) - stands, *(month or 0 for month in now.months[4:])]
    was = [april - stands, *(month or 0 for month in planned.months[4:])]
    grown = sum(left) / sum(was)
    for new, old in zip(left, was, strict=True):
        assert abs(new - old * grown) < Decimal("0.02")
    whys = [
        one.code
        for one in explain(plan, results, plan.kpis[0], plan.units[0], None, "A")[0].reasons
    ]
    assert whys[-2:] == ["why-change", "why-split"]
    check_sums(plan, results, found)


def test_what_a_typed_product_takes_the_place_of_is_told() -> None:
    """May of A was 25.00 by the year's course, and is typed as 40 now."""
    one = change("X1", subject="REV/C1/A", field="手工5月", before="", after="40")
    rows = master({"unit": "C1", "product": "A", "manual_year": 300.0}, changes=[one])
    _, results, found = run(rows)
    planned = found.baseline["REV", "C1", "A"].months[4]
    assert stood(results.adjustments[0], results.planned, results.standing) == str(planned)
    assert found.targets["REV", "C1", "A"].months[4] == 40 != planned


@pytest.mark.parametrize(
    ("cells", "row", "code"),
    [
        ({"after": "360.001"}, {}, "change-not-multiple"),
        ({"field": "手工2月", "before": "", "after": "9"}, {}, "change-month-closed"),
        (
            {"before": "", "after": "360"},
            {"manual_year": None, "lock": "年", "base_year": 300.0},
            "change-target-locked",
        ),
    ],
)
def test_a_change_of_a_product_that_cannot_be_is_refused(
    cells: dict[str, Any], row: dict[str, Any], code: str
) -> None:
    """A part of a cent; a month before the change; a locked target without a value typed."""
    one = change("X1", **{"subject": "REV/C1/A", "before": "300", "after": "360", **cells})
    rows = master({"unit": "C1", "product": "A", "manual_year": 300.0, **row}, changes=[one])
    _, results, _ = run(rows)
    assert code in {one.code for one in results.findings}
    assert not results.adjustments[0].state.approved_in


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"subject": "REV/C1/Z", "before": "300", "after": "360"}, "change-subject-unknown"),
        ({"subject": "REV/C1/A", "field": "负责人"}, "change-field-unknown"),
    ],
)
def test_a_change_of_an_unknown_product_is_an_error(cells: dict[str, Any], code: str) -> None:
    rows = master(
        {"unit": "C1", "product": "A", "manual_year": 300.0}, changes=[change("X1", **cells)]
    )
    assert code in {code for code, _ in findings_of(rows)}


def test_a_change_whose_before_is_not_the_plans_is_a_conflict() -> None:
    one = change("X1", subject="营收/公司/a", before="200", after="360")
    rows = master({"unit": "C1", "product": "A", "manual_year": 300.0}, changes=[one])
    _, results, found = run(rows)
    assert found.targets["REV", "C1", "A"].year == 300
    assert "change-conflict" in {one.code for one in results.findings}


# --- properties -------------------------------------------------------------------------------


@st.composite
def plans(draw: st.DrawFn) -> Rows:
    """A company of some teams and people, products typed here and there."""
    teams = draw(st.integers(1, 4))
    units: list[dict[str, Any]] = [{"code": "C1", "name": "公司", "level": "公司"}]
    for t in range(teams):
        units.append({"code": f"T{t}", "name": f"团队{t}", "level": "团队", "parent": "C1"})
        for p in range(draw(st.integers(0, 3))):
            units.append(
                {"code": f"P{t}{p}", "name": f"人{t}{p}", "level": "个人", "parent": f"T{t}"}
            )
    rows = []
    for product in ("A", "B", "C")[: draw(st.integers(1, 3))]:
        for unit in units:
            kind = draw(st.integers(0, 7))
            typed: dict[str, Any] = {}
            if (unit["code"] == "C1" and kind) or kind == 0:
                typed = {"manual_year": draw(st.integers(0, 400)) / 4}
            elif kind == 1:
                typed = {f"manual{draw(st.integers(1, 12))}": draw(st.integers(0, 90)) / 4}
            elif kind == 2:
                typed = {f"manual_quarter{draw(st.integers(1, 4))}": draw(st.integers(0, 90)) / 4}
            if typed:
                rows.append({"unit": unit["code"], "product": product, **typed})
    kpis = [{**SOUND["kpis"][0], "smallest_unit": draw(st.sampled_from((0.25, 0.01)))}]
    kpis[0]["target"] = draw(st.integers(100, 2_000)) / 4
    return master(*rows, units=units, kpis=kpis, strategies=[], tasks=[], changes=[], actuals=[])


@settings(deadline=None, max_examples=40 if CHANGED < 1_000 else CHANGED)
@given(rows=plans())
def test_sums_over_products_and_units_are_always_exact(rows: Rows) -> None:
    plan, results, found = run(rows)
    check_sums(plan, results, found)
    said = {one.code for one in results.findings}
    for row in plan.product_targets:
        target: Target = found.targets["REV", row.unit, row.product]
        for at, typed in enumerate(row.manual_months):
            assert typed is None or target.base_months[at] == typed
        if row.manual_year is not None and "target-product-slack" not in said:
            assert target.base_year == row.manual_year
    if not said & {"target-product-over-unit", "target-product-over-parent"}:
        above = {row.product for row in plan.product_targets if row.unit == "C1"}
        for (_, unit, product), target in found.targets.items():
            if product not in above | {OTHER}:
                assert (target.unassigned or 0) >= 0, (unit, product)


@st.composite
def changed_plans(draw: st.DrawFn) -> Rows:
    """Such a company with changes in the year, some within a month: of products, of a unit's whole
    target, of a coefficient, of who is above whom.
    """
    rows = draw(plans())
    units = [unit["code"] for unit in rows["units"]]
    teams = [code for code in units if code.startswith("T")]
    people = [unit for unit in rows["units"] if unit["code"].startswith("P")]
    products = sorted({row["product"] for row in rows["targets"]})
    typed = {(row["unit"], row["product"]): row.get("manual_year") for row in rows["targets"]}
    moved: set[str] = set()
    made = []
    for number in range(draw(st.integers(1, 4))):
        month = draw(st.integers(1, 11))
        day = draw(st.sampled_from(("", "-10", "-16", "-23")))
        cells: dict[str, Any] = {"effective": f"2026-{month:02}{day}"}
        kind = draw(st.integers(0, 3))
        unit, product = draw(st.sampled_from(units)), draw(st.sampled_from(products or ["A"]))
        if kind == 0 and people:
            who = draw(st.sampled_from(people))
            to = draw(st.sampled_from(teams))
            if to == who["parent"] or who["code"] in moved:
                continue
            moved.add(who["code"])
            cells |= {"subject": who["code"], "field": "上级编码", "before": who["parent"]}
            cells["after"] = to
        elif kind == 1:
            cells |= {"subject": f"REV/{unit}", "field": "手工年度目标", "before": ""}
            cells["after"] = str(draw(st.integers(60, 300)))
        else:
            before = typed.get((unit, product))
            after = draw(st.integers(0, 300)) / 4
            typed[unit, product] = after
            cells |= {"subject": f"REV/{unit}/{product}", "field": "手工年度目标"}
            cells |= {"before": "" if before is None else str(before), "after": str(after)}
        made.append(change(f"X{number}", **cells))
    rows["changes"] = sorted(made, key=lambda one: str(one["effective"]))
    return rows


def check_months(plan: Plan, results: Results, found: Products) -> None:
    """Over products, and in each month over the units that are below one all of it."""
    taken = [one for one in results.adjustments if one.state.approved_in and one.aim and one.since]
    moves = [
        Transfer(since=one.since, unit=one.aim.key[0], before="", after=str(one.aim.after))
        for one in taken
        if one.since and one.aim and one.aim.column == "parent"
    ]
    parents = parents_by_month(plan, moves, plan.settings.months)
    former = [{one.code: one.parent for one in plan.units}, *parents]
    split = {(one.since, one.aim.key[0]) for one in taken if one.day and one.aim}
    for (kpi, unit), whole in results.targets.items():
        parts = [found.targets[kpi, unit, product] for product in found.of(kpi)]
        columns = zip(*(one.base_months for one in parts), strict=True)
        assert tuple(map(sum, columns)) == tuple(month or 0 for month in whole.base_months)
        if whole.unassigned is not None and parts[0].unassigned is not None:
            loose = zip(*(one.unassigned_months for one in parts), strict=True)
            assert tuple(map(sum, loose)) == whole.unassigned_months
        for at, month in enumerate(plan.settings.months):
            kids = [kid for kid, above in parents[at].items() if above == unit]
            before = [kid for kid, above in former[at].items() if above == unit]
            parted = any((month, kid) in split for kid in {*kids, *before})
            for one in () if parted else parts:
                if one.unassigned_months[at] is not None:
                    below = [found.targets[kpi, kid, one.product].base_months[at] for kid in kids]
                    loose = one.unassigned_months[at] or 0
                    assert sum(value or 0 for value in below) + loose == one.base_months[at]


@settings(deadline=None, max_examples=CHANGED)
@given(rows=changed_plans())
def test_changes_within_the_year_keep_all_sums_and_name_everybody(rows: Rows) -> None:
    """Sums stay exact, months before the first change stay as planned, and whoever's products are
    not as planned is listed with some change.
    """
    if not any(row["product"] for row in rows["targets"]):
        return
    plan, results, found = run(rows)
    check_months(plan, results, found)
    taken = [one for one in results.adjustments if one.state.approved_in]
    first = min((plan.settings.months.index(one.since) for one in taken if one.since), default=12)
    listed = {(shift.unit, shift.product) for one in taken for shift in one.shifts}
    for key, now in found.targets.items():
        planned = found.baseline[key]
        assert now.months[:first] == planned.months[:first]
        if now.months != planned.months:
            assert key[1:] in listed or (key[1], "") in listed


# --- the other rooms --------------------------------------------------------------------------


def saved(folder: Path) -> Path:
    rows = master(
        {"unit": "C1", "product": "A", "manual_year": 300.0},
        {"unit": "T2", "product": "A", "manual_year": 111.11},
    )
    path = write(folder / "master.xlsx", rows)
    app.recalc(path)
    return path


def test_closing_records_products_and_reads_them_again(tmp_path: Path) -> None:
    path = saved(tmp_path)
    before = app.check(path).results.products
    app.close(path, month=Month(2026, 2), despite_errors=True)
    run = app.check(path)
    plan, now = run.plan, run.results.products
    assert before is not None and now is not None
    recorded = {(row.unit, row.product): row.figures for row in plan.product_closed}
    one = recorded["T2", "A"][1]
    assert one is not None and one.base == before.targets["REV", "T2", "A"].base_months[1]
    assert {key: target.months for key, target in now.targets.items()} == {
        key: target.months for key, target in before.targets.items()
    }
    assert "closed-edited" not in {finding.code for finding in run.findings}
    assert all(not row.product for row in plan.closed)
    check_sums(plan, run.results, now)
    app.reopen(path, month=Month(2026, 1), reason="x")
    assert app.check(path).plan.closed_months == 0


def test_closed_months_of_products_stand_whatever_is_changed_since(tmp_path: Path) -> None:
    """A change of February is in the record of March; coefficients of today move open months."""
    one = change("X1", subject="REV/C1/A", before="300", after="360", effective="2026-02")
    rows = master({"unit": "C1", "product": "A", "manual_year": 300.0}, changes=[one])
    path = write(tmp_path / "master.xlsx", rows)
    app.recalc(path, past=True)
    app.close(path, month=MARCH, despite_errors=True)
    plan = load(path).plan
    before = compute(plan, month=MARCH, as_of=DAY).products
    turned = {"T1": Decimal("0.4"), "T2": Decimal("0.6")}
    units = tuple(
        replace(unit, coefficient=turned.get(unit.code, unit.coefficient)) for unit in plan.units
    )
    now = compute(replace(plan, units=units), month=MARCH, as_of=DAY).products
    assert before is not None and now is not None
    assert now.targets["REV", "T1", "A"].months[3:] != before.targets["REV", "T1", "A"].months[3:]
    for key, target in now.targets.items():
        assert target.base_months[:3] == before.targets[key].base_months[:3], key


def test_a_units_part_has_its_own_products_only(tmp_path: Path) -> None:
    run = app.check(saved(tmp_path))
    part = part_of(Whole(run.plan, run.results), "T1", ())
    assert part.results.products is not None
    assert {unit for _, unit, _ in part.results.products.targets} == {"T1", "P1"}
    top = part.results.products.targets["REV", "T1", "A"]
    assert top.parent_target is None and top.parent_share is None
    assert top.months == run.results.products.targets["REV", "T1", "A"].months  # type: ignore[union-attr]
    assert {row.unit for row in part.plan.product_targets} == {"T1", "P1"}
    assert not any(row.has_manual for row in part.plan.product_targets)


def test_a_change_of_a_product_is_in_its_units_book_only() -> None:
    rows = master(
        {"unit": "T1", "product": "A", "manual_year": 100.0},
        changes=[change("X1", subject="REV/T1/A", before="100", after="120")],
    )
    plan, results, _ = run(rows)
    books = {code: part_of(Whole(plan, results), code, ()).plan.changes for code in ("T1", "T2")}
    assert [one.code for one in books["T1"]] == ["X1"] and not books["T2"]
    [record] = results.adjustments
    assert record.untold == ("T1", "C1", "P1")


def test_books_with_products_pass_the_leak_audit(tmp_path: Path) -> None:
    """Each unit's book has the page of products with its own figures; nobody's else are found in
    it.
    """
    done = app.report_unit(saved(tmp_path), "P2", app.Wanted(lang="zh"))
    assert not done.leaks and done.written is not None
    shown = set(cells(done.written)["差异分析"].values())
    assert 111.11 in shown and 188.89 not in shown


def test_the_report_has_a_section_of_products(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = saved(tmp_path)
    done = app.report(path, app.Wanted(lang="zh"))
    sheet = load_workbook(done.written, read_only=True)["差异分析"]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert {"产品 × 单元: 目标与完成", "A", "其他", "公司", "华东", "合计"} <= texts
    assert any(text.startswith("=SUM(") for text in texts)
    (tmp_path / "plain").mkdir()
    plain = write(tmp_path / "plain" / "master.xlsx", SOUND)
    written = app.report(plain).written
    assert written is not None
    assert "产品 × 单元: 目标与完成" not in cells(written)["差异分析"].values()


def test_python_has_the_products(tmp_path: Path) -> None:
    import salesplan

    rows = salesplan.open(saved(tmp_path)).products
    mine = [one for one in rows if (one.unit, one.product) == ("T2", "A")]
    assert len(mine) == 12 and sum(one.base or 0 for one in mine) == Decimal("111.11")
    assert next(one.actual for one in rows if (one.unit, one.product) == ("P1", "A")) == 20
