"""A trade's rows in a plan that is there: ``add PLAN.xlsx --trade software``."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesplan import app
from salesplan.plan.loader import load
from salesplan.template.trades import TRADES
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.unit.masters import SOUND, edited, write

BARE = ("settings", "units", "kpis", "targets", "actuals")


def small(path: Path, lang: str = "zh", **edits: object) -> Path:
    """A master without strategies, tasks and a budget."""
    rows = {key: given for key, given in edited(edits).items() if key in BARE}  # type: ignore[arg-type]
    return write(path, rows, lang)


@pytest.mark.parametrize("trade", TRADES)
def test_a_trade_comes_with_its_sheets(trade: str, tmp_path: Path) -> None:
    path = small(tmp_path / "plan.xlsx")
    before = load(path).plan
    found, counts, written = app.add_trade(path, trade)
    assert written == path and not found.findings
    plan = load(path).plan
    assert [one.code for one in plan.kpis][: len(before.kpis)] == ["REV", "NEW", "REP"]
    assert {one.code for one in TRADES[trade].kpis} - {"REV", "NEW", "REP"} <= {
        one.code for one in plan.kpis
    }
    assert len(plan.tasks) == len(TRADES[trade].duties) == counts["tasks"]
    assert {one.strategy for one in plan.tasks} == {one.code for one in plan.strategies}
    assert sum(one.share or 0 for one in plan.category_shares) == 1
    checked = app.check(path)
    wrong = [one for one in checked.findings if one.code.startswith(("unknown", "duplicate"))]
    assert not wrong and plan.actuals.value == before.actuals.value
    again, counts, written = app.add_trade(path, trade)
    assert counts == {} and written is None and not again.changes


def test_what_a_plan_has_stays_and_codes_that_are_taken_are_left(tmp_path: Path) -> None:
    """Its own KPI of that name counts, its strategy S1 is another one, its shares hold."""
    own = {"kpis": {2: {"code": "K1", "name": "营收"}}, "units": {}}
    rows = edited(own)  # type: ignore[arg-type]
    for key in ("seasonality", "targets", "strategies", "tasks", "actuals", "deals"):
        for row in rows[key]:
            if row.get("kpi") == "REV":
                row["kpi"] = "K1"
    path = write(tmp_path / "plan.xlsx", rows)
    before = load(path).plan
    app.add_trade(path, "software")
    plan = load(path).plan
    names = [one.name for one in plan.kpis]
    assert names.count("营收") == 1 and len({one.code for one in plan.kpis}) == len(plan.kpis)
    assert [one.name for one in plan.category_shares] == ["获客", "应急储备"]
    assert plan.strategies[0].content == before.strategies[0].content
    codes = [one.code for one in plan.strategies]
    assert len(set(codes)) == len(codes) == len(before.strategies) + 4
    assert {one.strategy for one in plan.tasks} <= set(codes)
    assert len([one for one in plan.seasonality if one.kpi == "K1"]) == 12


def test_the_command(tmp_path: Path) -> None:
    path = small(tmp_path / "plan.xlsx")
    before = path.read_bytes()
    shown = run("add", path, "--trade", "fmcg", "--dry-run", "--lang", "en")
    assert shown.exit_code == 0 and path.read_bytes() == before
    assert "Action plan: 9 rows" in shown.output and "nothing was written" in shown.output
    done = run("add", path, "--trade", "fmcg", "--lang", "en")
    assert done.exit_code == 0 and f"salesplan check {path}" in done.output
    assert run("add", path, "--trade", "fmcg").exit_code == 0
    assert run("add", path, "Budget", "--trade", "fmcg").exit_code == 2
    assert run("undo", path).exit_code == 0
    assert load(path).plan.tasks == ()
    assert SOUND["tasks"]
