"""Changes on the worked example: an adjusted budget and a hand-over in force, a target and a
transfer from July, others that are not; read back.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from salesplan import app
from salesplan.cli import commands
from salesplan.engine.actuals.progress import Span
from salesplan.engine.changes.records import ChangeState
from salesplan.plan.model import Month
from tests.samples import filled_sample, new_sample


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("changes") / "计划.xlsx"
    filled_sample(path, lang="zh")
    return path


@pytest.fixture(scope="module")
def run(master: Path) -> app.Run:
    return app.check(master)


def test_each_row_says_whether_it_is_in_force(master: Path, run: app.Run) -> None:
    states = {one.change: one.state for one in run.results.adjustments}
    assert states == {
        "C01": ChangeState.PENDING,
        "C02": ChangeState.PENDING,
        "C03": ChangeState.IN_FORCE,
        "C04": ChangeState.REJECTED,
        "C05": ChangeState.SCHEDULED,
        "C06": ChangeState.SCHEDULED,
        "C07": ChangeState.IN_FORCE,
    }
    found = run.loaded.tables["changes"]
    words = dict(zip(found.column("code"), found.column("in_force"), strict=True))
    assert (
        words["C03"] == "● 生效, 自 2026-06 起"
        and words["C05"] == "▲ 已批准, 自 2026-07 起生效"
        and words["C01"] == "▲ 未生效: 待批"
    )


def test_a_transfer_rounds_no_products_anew_of_whom_it_does_not_concern(run: app.Run) -> None:
    """P07 leaves D12 for T2: the products of D11 and its people stay to the cent."""
    [one] = [one for one in run.results.adjustments if one.change == "C05"]
    listed = {shift.unit for shift in one.shifts if shift.product}
    assert listed.isdisjoint({"D11", "P01", "P02", "P03", "P04"})


def test_filling_it_again_changes_nothing(master: Path) -> None:
    assert app.recalc(master).changes.edits == ()


def test_the_second_quarter_stays_as_the_story_says(run: app.Run) -> None:
    results = run.results
    assert (
        results.attainments["REV", "HQ", Span.QUARTER].target == 500
        and results.attainments["NEW", "HQ", Span.QUARTER].target == 20
    )
    handed_over = {("REV", code) for code in ("P02", "P05", "D11", "D12")}
    for key, target in results.targets.items():
        closed = 5 if key in handed_over else 6
        assert target.months[:closed] == results.baseline[key].months[:closed]


def test_the_customer_handed_over_in_june_is_the_same_on_both_sides_and_nothing_for_the_team(
    run: app.Run,
) -> None:
    changed = {code: _changed(run, code) for code in ("P02", "P05", "D11", "T1")}
    assert sum(changed["P02"]) == 12 and changed["P02"][0] == Decimal("1.77")
    assert (
        changed["P05"] == [-value for value in changed["P02"]] and changed["D11"] == changed["P02"]
    )
    assert changed["T1"][0] == 0


def test_the_transfer_is_the_same_on_both_sides_and_nothing_for_the_company(run: app.Run) -> None:
    moved = [
        value for value in run.results.baseline["REV", "P07"].base_months[6:] if value is not None
    ]
    for code, sign in (("T1", -1), ("T2", 1), ("HQ", 0)):
        assert _changed(run, code)[1:] == [sign * value for value in moved]
    # From the South's key accounts a customer has gone too, in June.
    assert _changed(run, "D12")[1:] == [
        -one - other for one, other in zip(moved, _changed(run, "P02")[1:], strict=True)
    ]
    july = app.check(run.loaded.path, month=Month(2026, 7))
    assert (
        july.plan.unit_by_code["P07"].parent == "T2"
        and run.plan.unit_by_code["P07"].parent == "D12"
    )


def _changed(run: app.Run, code: str) -> list[Decimal]:
    """What the changes did to a unit's revenue target, June to December."""
    now, before = (
        targets["REV", code].base_months[5:]
        for targets in (run.results.targets, run.results.baseline)
    )
    return [a - b for a, b in zip(now, before, strict=True) if a is not None and b is not None]


def test_the_grant_is_the_adjusted_one_and_the_master_keeps_the_request(run: app.Run) -> None:
    assert run.results.budget["B13"].granted == 15
    assert next(line.requested for line in run.loaded.plan.budget if line.code == "B13") == 14
    assert next(line.requested for line in run.plan.budget if line.code == "B13") == 15


def test_collections_rise_in_the_second_half_only(run: app.Run) -> None:
    company = run.results.targets["COL", "HQ"]
    assert (company.base_year, run.results.baseline["COL", "HQ"].base_year) == (
        Decimal(1830),
        Decimal(1805),
    )
    shifts = {
        shift.unit: (shift.baseline_year, shift.year)
        for one in run.results.adjustments
        if one.change == "C06"
        for shift in one.shifts
    }
    assert shifts["HQ"] == (1805, 1830) and set(shifts) == {"HQ", "T1", "T2", "T3"}


def test_explain_goes_through_the_changes(master: Path) -> None:
    said = CliRunner().invoke(commands, ["explain", str(master), "T2", "REV"]).output
    assert (
        "= 变更 C05 自 2026-07 起: 570 → 620.53" in said
        and "= 基准 620.53 加成 5%, 下达 651.56" in said
    )


def test_the_planted_conflict_is_named_at_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    new_sample(path, lang="zh", mistakes=True)
    run = app.check(path)
    [conflict] = [finding for finding in run.findings if finding.code == "change-conflict"]
    row = next(change.origin for change in run.loaded.plan.changes if change.code == "C06")
    assert conflict.place == row.place("before") and conflict.params["plan"] == 1805
