"""A month is closed, opened and closed again in a workbook (关账)."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from salesplan import app
from salesplan.findings import SalesplanError
from salesplan.messages import fix, has_errors
from salesplan.plan.loader import load
from salesplan.plan.model import CloseAction, Month, Plan
from tests.samples import filled_sample, filled_sound, typed, whole_sound
from tests.unit.masters import SOUND, write

FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)
DAY = date(2026, 4, 3)


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A small plan, whose first three months are over."""
    return filled_sound(tmp_path / "plan.xlsx")


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A plan with products, hedges and overlays, whose first half of the year is over."""
    return filled_sample(tmp_path / "sample.xlsx", lang="zh")


def said(run: app.Run) -> list[str]:
    return [finding.code for finding in run.findings if finding.code.startswith("close-")]


def targets(path: Path) -> dict[object, object]:
    return {
        key: (target.base_months, target.months)
        for key, target in app.check(path).results.targets.items()
    }


def filled_anew(path: Path) -> list[str]:
    """Cells that a recalculation fills, but for the list of findings, which names what is open."""
    edits = app.recalc(path).changes.edits
    return [f"{one.sheet}!{one.cell}" for one in edits if one.sheet != "检查结果"]


def plan_of(path: Path) -> Plan:
    """What is read of it, without working it out."""
    return load(path).plan


def place(path: Path, table: str, key: str, row: int) -> tuple[str, str]:
    found = load(path).tables[table]
    return found.sheet, f"{found.columns[key]}{row}"


def test_closing_keeps_the_figures_and_changes_no_cell_of_the_plan(sample: Path) -> None:
    before, day = targets(sample), date(2026, 7, 3)
    done = app.close(sample, today=day)
    assert done.months == tuple(Month(2026, month) for month in range(1, 7))
    plan = plan_of(sample)
    assert [one.action for one in plan.closes] == [CloseAction.CLOSE] * 6
    assert plan.closed_months == 6 and plan.closes[5].day == day
    team = next(row for row in plan.closed if (row.kpi, row.unit) == ("REV", "T1"))
    may = team.figures[4]
    assert may is not None and (may.parent, may.issued, may.actual) == (
        "HQ",
        Decimal("82.5"),
        Decimal("84.41"),
    )
    assert targets(sample) == before
    assert not filled_anew(sample) and not said(app.check(sample))


def test_reopening_and_closing_again_changes_no_figure_and_can_be_undone(master: Path) -> None:
    app.close(master, today=DAY)
    before = plan_of(master)
    app.reopen(master, month=FEBRUARY, reason="更正实绩", today=DAY)
    opened = plan_of(master)
    assert opened.closed_months == 1 and opened.closes[-1].reason == "更正实绩"
    assert not filled_anew(master)
    app.close(master, today=DAY)
    after = plan_of(master)
    assert [row.figures for row in after.closed] == [row.figures for row in before.closed]
    assert not said(app.check(master)) and not has_errors(app.check(master).findings)
    app.undo(master)
    assert plan_of(master).closed_months == 1


@pytest.fixture(scope="module")
def made_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master without the sheet 关账记录, filled: it was made before there was one."""
    path = write(tmp_path_factory.mktemp("before") / "plan.xlsx", SOUND)
    app.recalc(path)
    assert "closes" not in load(path).tables
    return path


@pytest.fixture
def older(made_before: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(made_before, tmp_path / "older.xlsx"))


def test_the_first_close_adds_the_sheet_in_one_save(master: Path, older: Path) -> None:
    app.close(master, today=DAY)
    before = older.read_bytes()
    shown = app.close(older, today=DAY, dry_run=True)
    assert older.read_bytes() == before and shown.written is None
    done = app.close(older, today=DAY)
    assert len(done.edits) == len(shown.edits) > 0
    plan, other = plan_of(older), plan_of(master)
    assert plan.closed_months == 3 and not said(app.check(older))
    assert [row.figures for row in plan.closed] == [row.figures for row in other.closed]
    app.undo(older)
    assert older.read_bytes() == before
    app.close(older, today=DAY)
    assert not filled_anew(older)


def test_a_first_close_that_is_refused_leaves_the_master_as_it_is(older: Path) -> None:
    before = older.read_bytes()
    with pytest.raises(SalesplanError):
        app.close(older, month=Month(2026, 8), today=DAY)
    assert older.read_bytes() == before


@pytest.mark.parametrize("heads", [slice(None), slice(9, None)])
def test_a_record_without_its_tables_refuses_the_close(master: Path, heads: slice) -> None:
    book = load_workbook(master)
    sheet = book["关账记录"]
    for row in sheet.iter_rows():
        for cell in list(row)[heads]:
            cell.value = None
    sheet.tables.clear()
    book.save(master)
    before = master.read_bytes()
    with pytest.raises(SalesplanError) as caught:
        app.close(master, today=DAY)
    assert caught.value.finding.code == "close-no-tables"
    assert caught.value.finding.place.sheet == "关账记录"
    assert master.read_bytes() == before


def test_a_closed_month_is_read_whatever_is_edited_later(master: Path) -> None:
    app.close(master, today=DAY)
    closed = {key: months[1][:3] for key, months in targets(master).items()}  # type: ignore[index]
    run = app.check(master)
    kpi = next(one for one in run.loaded.plan.kpis if one.code == "REV")
    typed(master, {place(master, "kpis", "target", kpi.origin.row): 3000})
    again = app.check(master)
    assert {key: target.months[:3] for key, target in again.results.targets.items()} == closed
    company = again.results.targets["REV", "C1"]
    assert company.base_year == 3000 and sum(company.base_months) == 3000  # type: ignore[arg-type]


def test_a_record_edited_by_hand_is_an_error_at_its_check(master: Path) -> None:
    app.close(master, today=DAY)
    row = next(one for one in plan_of(master).closed if one.unit == "T1")
    typed(master, {place(master, "closed", "issued2", row.origin.row): 1})
    found = [one for one in app.check(master).findings if one.code == "close-edited"]
    assert [(one.place.sheet, str(one.params["month"])) for one in found] == [
        ("关账记录", "2026-02")
    ]


def test_a_renamed_code_is_an_error_and_a_unit_that_is_gone_a_note(master: Path) -> None:
    app.close(master, today=DAY)
    plan = plan_of(master)
    person = next(unit for unit in plan.units if unit.code not in plan.children)
    typed(master, {place(master, "units", "code", person.origin.row): "NEW1"})
    assert "close-unit-renamed" in said(app.check(master))
    typed(master, {place(master, "units", "name", person.origin.row): "某某某"})
    assert "close-unit-gone" in said(app.check(master))


@pytest.mark.parametrize(
    ("month", "code"), [(Month(2026, 8), "close-not-over"), (FEBRUARY, "close-already")]
)
def test_what_cannot_be_closed_is_refused(master: Path, month: Month, code: str) -> None:
    app.close(master, month=FEBRUARY, today=DAY)
    with pytest.raises(SalesplanError) as caught:
        app.close(master, month=month, today=DAY)
    assert (caught.value.finding.code, caught.value.exit_code) == (code, 2)


def test_errors_refuse_the_close_and_are_counted_where_it_is_done_all_the_same(
    master: Path,
) -> None:
    first, second, *_ = plan_of(master).actuals.rows
    unit, kpi = place(master, "actuals", "unit", first), place(master, "actuals", "kpi", second)
    typed(master, {unit: "nobody", kpi: "nothing"})
    with pytest.raises(SalesplanError) as caught:
        app.close(master, month=MARCH, today=DAY)
    assert (caught.value.finding.code, caught.value.exit_code) == ("close-errors", 1)
    done = app.close(master, month=MARCH, despite_errors=True, today=DAY)
    assert plan_of(master).closes[-1].errors == len(done.errors) > 1


def goal(path: Path, value: int) -> None:
    """The company's target for revenue."""
    kpi = next(one for one in plan_of(path).kpis if one.code == "REV")
    typed(path, {place(path, "kpis", "target", kpi.origin.row): value})


def filled(path: Path) -> dict[tuple[str, str], tuple[object, ...]]:
    return {(row.kpi, row.unit): row.stored_months for row in plan_of(path).targets}


def recorded(path: Path, kpi: str, unit: str) -> list[tuple[object, object]]:
    rows = plan_of(path).closed
    row = next(one for one in rows if (one.kpi, one.unit) == (kpi, unit))
    return [(one.base, one.issued) for one in row.figures if one is not None]


def test_a_goal_raised_after_the_filling_closes_what_was_issued(master: Path) -> None:
    """recalc refuses and says: close first; closing records what is filled, and recalc then fills
    the open months with the rest of the new goal.
    """
    issued = filled(master)
    goal(master, 600)
    with pytest.raises(SalesplanError) as caught:
        app.recalc(master)
    assert "close" in fix(caught.value.finding, "en")
    assert caught.value.finding.params["last"] == MARCH
    done = app.close(master, month=MARCH, today=DAY)
    assert done.as_issued is not None and done.as_issued.code == "close-as-issued"
    assert done.as_issued.params["count"] > 6  # type: ignore[operator]
    assert [one for _, one in recorded(master, "REV", "T2")] == list(issued["REV", "T2"][:3])
    assert not said(app.check(master))
    app.recalc(master)
    assert not filled_anew(master)
    after = filled(master)
    assert all(after[key][:3] == months[:3] for key, months in issued.items())
    assert sum(after["REV", "C1"]) == 600  # type: ignore[arg-type]
    targets = app.check(master).results.targets
    teams = [targets["REV", one].base_months for one in ("T1", "T2")]
    for at, whole in enumerate(targets["REV", "C1"].base_months):
        assert sum(team[at] for team in teams) == whole  # type: ignore[misc]


def test_the_base_of_what_was_issued_with_a_hedge_is_told_by_the_hedge(sample: Path) -> None:
    before = app.check(sample).results.targets["REV", "T2"]
    assert before.months != before.base_months
    goal(sample, 1960)
    app.close(sample, month=Month(2026, 6), today=date(2026, 7, 3))
    kpi = plan_of(sample).kpi_by_code["REV"]
    for at, (base, issued) in enumerate(recorded(sample, "REV", "T2")):
        assert issued == before.months[at]
        assert abs(base - before.base_months[at]) <= kpi.smallest_unit  # type: ignore[operator]


def test_blank_targets_are_filled_before_a_close(tmp_path: Path) -> None:
    path = whole_sound(tmp_path / "plan.xlsx")
    with pytest.raises(SalesplanError) as caught:
        app.close(path, month=MARCH, despite_errors=True, today=DAY)
    assert (caught.value.finding.code, caught.value.exit_code) == ("close-not-filled", 1)


def test_a_reopened_month_is_worked_out_again_without_a_second_word(master: Path) -> None:
    app.close(master, month=MARCH, today=DAY)
    goal(master, 600)
    app.recalc(master)
    old = filled(master)["REV", "T2"]
    app.reopen(master, month=FEBRUARY, reason="目标有误", today=DAY)
    app.recalc(master)
    new = filled(master)["REV", "T2"]
    assert new[:1] == old[:1] and new[1:3] != old[1:3]
    app.close(master, month=FEBRUARY, today=DAY)
    goal(master, 700)
    app.recalc(master)
    assert filled(master)["REV", "T2"][:2] == new[:2]


def test_closing_again_what_was_edited_while_it_was_closed_gives_the_same(master: Path) -> None:
    app.close(master, month=MARCH, today=DAY)
    before = recorded(master, "REV", "T2")
    goal(master, 600)
    app.recalc(master)
    app.reopen(master, month=FEBRUARY, reason="查看", today=DAY)
    app.close(master, month=MARCH, today=DAY)
    assert recorded(master, "REV", "T2") == before


def test_a_change_approved_after_the_filling_acts_from_the_first_open_month(sample: Path) -> None:
    plan, june = plan_of(sample), Month(2026, 6)
    late = next(one for one in plan.changes if one.code == "C03")
    assert late.effective is not None and late.effective <= june
    typed(sample, {place(sample, "changes", "in_force", late.origin.row): None})
    goal(sample, 1960)
    app.close(sample, month=june, today=date(2026, 7, 3))
    entries = plan_of(sample).closes
    assert all("C03" not in one.changes for one in entries)


def test_reopening_needs_a_closed_month_and_a_reason(master: Path) -> None:
    app.close(master, month=FEBRUARY, today=DAY)
    for month, reason, code in (
        (MARCH, "x", "reopen-not-closed"),
        (FEBRUARY, " ", "reopen-no-reason"),
    ):
        with pytest.raises(SalesplanError) as caught:
            app.reopen(master, month=month, reason=reason)
        assert caught.value.finding.code == code


def test_a_master_without_the_sheet_gets_it(master: Path) -> None:
    book = load_workbook(master)
    del book["关账记录"]
    book.save(master)
    app.close(master, today=DAY)
    assert plan_of(master).closed_months == 3
    assert not said(app.check(master))


def test_a_kpi_that_is_gone_and_a_log_with_a_gap_are_errors(master: Path) -> None:
    app.close(master, today=DAY)
    plan = plan_of(master)
    kpi = next(one for one in plan.kpis if one.code == "REV")
    typed(master, {place(master, "kpis", "code", kpi.origin.row): "REV2"})
    assert "close-kpi-unknown" in said(app.check(master))
    for month, code in (("2026-09", "close-log-gap"), ("neun", "close-log-unreadable")):
        typed(master, {place(master, "closes", "month", plan.closes[0].origin.row): month})
        assert code in said(app.check(master))


def test_explain_says_what_the_record_differs_by(master: Path) -> None:
    app.close(master, today=DAY)
    kpi = next(one for one in plan_of(master).kpis if one.code == "REV")
    typed(master, {place(master, "kpis", "target", kpi.origin.row): 3000})
    derivation = app.check(master).results.targets["REV", "C1"].derivation
    assert "why-closed" in [reason.code for reason in derivation]


def test_a_change_dated_into_a_closed_month_acts_from_the_first_open_one(master: Path) -> None:
    from salesplan.engine import compute
    from tests.unit.changes import change, with_aim

    app.close(master, today=DAY)
    plan = plan_of(master)
    old = next(kpi for kpi in plan.kpis if kpi.code == "REV").target
    raised = with_aim(plan, change("C90", "REV", "公司年度目标", str(old), "3000", 3))
    raised = replace(raised, approver=(*plan.settings.approvers, "王总")[0])
    results = compute(
        replace(plan, changes=(*plan.changes, raised)), month=Month(2026, 4), as_of=date(2026, 4, 5)
    )
    (warning,) = [one for one in results.findings if one.code == "change-into-closed"]
    assert (str(warning.params["month"]), str(warning.params["since"])) == ("2026-03", "2026-04")
    taken = next(one for one in results.adjustments if one.change == "C90")
    assert (taken.since, taken.reason.code) == (Month(2026, 4), "adjust-backdated")
    for key, months in targets(master).items():
        assert results.targets[key].months[:3] == months[1][:3]  # type: ignore[index]
