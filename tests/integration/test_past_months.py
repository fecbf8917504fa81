"""Filled targets of months that are over and open change only with somebody's word."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import salesplan
from salesplan import app
from salesplan.cli import commands, prompts
from salesplan.findings import SalesplanError
from salesplan.messages import text
from salesplan.plan.model import Month
from tests.integration.test_closing import MARCH, master, place
from tests.samples import new_sample, typed

__all__ = ["master"]


def raised(path: Path) -> None:
    """The company's goal for revenue, 60 more."""
    goal = next(kpi for kpi in app.check(path).loaded.plan.kpis if kpi.code == "REV")
    typed(path, {place(path, "kpis", "target", goal.origin.row): int(goal.target or 0) + 60})


def filled_with(path: Path) -> dict[tuple[str, str], tuple[object, ...]]:
    return {(row.kpi, row.unit): row.stored_months for row in app.check(path).loaded.plan.targets}


def test_a_recalculation_that_alters_months_that_are_over_is_refused(master: Path) -> None:
    raised(master)
    before = master.read_bytes()
    with pytest.raises(SalesplanError) as refused:
        app.recalc(master)
    told = refused.value.finding
    assert (told.code, refused.value.exit_code) == ("past-altered", 1)
    assert told.params["months"] == [f"2026-0{month}" for month in range(1, 4)]
    assert str(told.params["figures"]).startswith("2026-01 REV: ") and told.params["count"] > 6
    assert "→" in text(told, "en") and told.place.sheet == "目标分解"
    assert master.read_bytes() == before
    with pytest.raises(salesplan.SalesplanError):
        salesplan.open(master).fill()


def test_with_a_word_it_alters_them_and_a_preview_says_so(master: Path) -> None:
    raised(master)
    preview = app.recalc(master, dry_run=True)
    assert preview.past is not None and preview.past.code == "past-altered"
    old = filled_with(master)
    done = app.recalc(master, past=True)
    assert done.written and filled_with(master)["REV", "T1"] != old["REV", "T1"]
    assert app.recalc(master).changes.edits == ()


def test_closed_months_and_months_to_come_need_no_word(master: Path) -> None:
    app.close(master, month=MARCH)
    old = filled_with(master)["REV", "T2"]
    raised(master)
    app.recalc(master)
    new = filled_with(master)["REV", "T2"]
    assert new[:3] == old[:3] and new[3:] != old[3:]


def test_a_run_that_looks_back_guards_all_months_that_are_over(master: Path) -> None:
    raised(master)
    with pytest.raises(SalesplanError) as refused:
        app.recalc(master, month=Month(2026, 2))
    assert refused.value.finding.params["months"][-1] == "2026-03"  # type: ignore[index]


def test_filling_blank_cells_alters_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    new_sample(path, lang="en")
    done = app.recalc(path, dry_run=True)
    assert done.changes.edits and done.past is None


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_at_a_terminal_it_is_asked(
    master: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    raised(master)
    before = master.read_bytes()
    monkeypatch.setattr(prompts, "somebody_there", lambda: True)
    done = CliRunner().invoke(commands, ["recalc", str(master)], input=answer)
    assert done.exit_code == code
    assert (master.read_bytes() == before) == bool(code)


def test_in_a_pipe_the_option_is_needed(master: Path) -> None:
    raised(master)
    refused = CliRunner().invoke(commands, ["recalc", str(master)])
    assert refused.exit_code == 1 and "--past" in refused.output
    assert CliRunner().invoke(commands, ["recalc", str(master), "--past"]).exit_code == 0


def test_watch_says_it_and_fills_nothing(master: Path) -> None:
    raised(master)
    before = master.read_bytes()
    turn = next(iter(app.watch(master, lambda: None, report=False)))
    assert [one.code for one in turn.findings] == ["past-altered"]
    assert master.read_bytes() == before
    turn = next(iter(app.watch(master, lambda: None, report=False, past=True)))
    assert turn.written is not None
