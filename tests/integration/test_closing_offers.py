"""A month that is over and open: the report, its delivery and the check say so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from salesplan import app
from salesplan.cli import close, commands, prompts
from salesplan.engine import unclosed
from salesplan.plan.model import Month, Plan, Settings
from tests.integration.test_closing import MARCH, master, place, plan_of, sample
from tests.report_fixture import actuals
from tests.samples import typed

__all__ = ["master", "sample"]


def run(*words: object, answer: str | None = None) -> str:
    done = CliRunner().invoke(commands, [*map(str, words)], input=answer)
    assert done.exit_code in (0, 1), done.output
    return done.output


def closed_months(path: Path) -> int:
    return plan_of(path).closed_months


def test_the_report_of_a_month_that_is_over_says_how_to_close_it(master: Path) -> None:
    said = run("report", master, "--month", "2026-03", "--lang", "en")
    assert "2026-03 is over and not closed" in said
    assert f"salesplan close {master} --month 2026-03" in said
    assert json.loads(run("report", master, "--json"))["to_close"] == "2026-03"
    app.close(master, month=MARCH)
    assert "not closed" not in run("report", master, "--month", "2026-03", "--lang", "en")
    assert json.loads(run("report", master, "--json"))["to_close"] is None


def test_a_running_month_is_not_offered(master: Path) -> None:
    assert "close" not in run("report", master, "--asof", "2026-03-12", "--lang", "en")


@pytest.mark.parametrize(("answer", "count"), [("y\n", 3), ("n\n", 0), ("", 0)])
def test_at_a_terminal_it_is_asked(
    master: Path, monkeypatch: pytest.MonkeyPatch, answer: str, count: int
) -> None:
    for module in (prompts, close):
        monkeypatch.setattr(module, "somebody_there", lambda: True)
    said = run("report", master, "--month", "2026-03", "--lang", "en", answer=answer)
    assert "Close it now" in said
    assert closed_months(master) == count


def test_sending_a_months_reports_offers_it_too(master: Path) -> None:
    run("report", master, "--audience", "each", "--month", "2026-03")
    [manifest] = master.parent.rglob("manifest.json")
    said = run("send", manifest.parent, "--draft", "--lang", "en")
    assert f"salesplan close {master} --month 2026-03" in said
    app.close(master, month=MARCH)
    assert "salesplan close" not in run("send", manifest.parent, "--draft", "--lang", "en")


def test_five_working_days_after_the_month_there_is_a_note() -> None:
    """July 2026 in China begins on a Wednesday: the fifth working day is the 7th."""
    rows = [{"month": Month(2026, 12), "unit": "A", "kpi": "K", "value": 1}]
    plan = Plan(settings=Settings(year=2026), actuals=actuals(rows))
    assert unclosed(plan, date(2026, 2, 1)) == []
    [june] = unclosed(plan, date(2026, 7, 7))
    assert june.code == "months-not-closed" and june.params["last"] == Month(2026, 6)
    [may] = unclosed(plan, date(2026, 7, 6))
    assert may.params["last"] == Month(2026, 5)


def test_months_without_actuals_are_not_asked_for() -> None:
    """A plan that is made in the middle of its year; one that has rows up to March."""
    bare = Plan(settings=Settings(year=2026))
    assert unclosed(bare, date(2026, 11, 29)) == []
    rows = [{"month": Month(2026, 3), "unit": "A", "kpi": "K", "value": 1}]
    [march] = unclosed(replace(bare, actuals=actuals(rows)), date(2026, 11, 29))
    assert march.params["last"] == Month(2026, 3)


def test_the_note_stands_in_the_check_until_the_months_are_closed(master: Path) -> None:
    def noted() -> list[object]:
        found = [one for one in app.check(master).findings if one.code == "months-not-closed"]
        return [one.params["last"] for one in found]

    assert noted() == [Month(2026, 2)]
    app.close(master, month=Month(2026, 2))
    assert noted() == []


def test_late_actuals_count_and_are_a_line_of_the_report(master: Path, tmp_path: Path) -> None:
    app.close(master, month=MARCH)
    before = app.check(master)
    assert before.results.month_closed and before.results.late == ()
    actuals = before.loaded.plan.actuals
    row = next(
        row
        for row, kpi, month in zip(actuals.rows, actuals.kpi, actuals.month, strict=True)
        if kpi == "REV" and month == Month(2026, 1)
    )
    sheet, cell = place(master, "actuals", "value", row)
    old = Decimal(str(load_workbook(master, read_only=True)[sheet][cell].value))
    typed(master, {(sheet, cell): float(old + 7)})
    run = app.check(master)
    [company] = [one for one in run.results.late if one.unit == "C1" and one.kpi == "REV"]
    assert company.month == Month(2026, 1)
    assert company.now is not None and company.recorded is not None
    assert company.now - company.recorded == 7
    [warned] = [one for one in run.findings if one.code == "actual-after-close"]
    assert (warned.place.sheet, warned.params["month"]) == ("关账记录", Month(2026, 1))
    assert warned.params["unit"] == run.plan.unit_by_code["C1"].name
    said = {
        "zh": ("关于本报告", "关账后补录", "已关账"),
        "en": ("About this report", "Late actuals", "closed"),
    }
    for lang, (sheet, words, closed) in said.items():
        written = app.report(
            master, app.Wanted(month=MARCH, folder=tmp_path, lang=lang, force=True)
        ).written
        about = load_workbook(written)[sheet]
        told = {row[1].value: row[3].value for row in about.iter_rows() if row[1].value}
        assert "2026-01" in told[words] and "+7" in told[words]
        assert closed in told.values(), told


def test_python_has_the_record_as_a_frame(sample: Path) -> None:
    import salesplan

    app.close(sample, month=Month(2026, 2))
    frame = salesplan.open(sample).closes.to_frame()
    own = frame[(frame.kpi == "REV") & (frame.unit == "T1")]
    team = own[own["product"] == ""]
    assert [one.month for one in team.month] == [1, 2]
    assert set(team.parent) == {"HQ"} and list(team.now) == list(team.actual)
    issued = app.check(sample).results.targets["REV", "T1"].months[:2]
    assert list(map(float, team.issued)) == [float(one or 0) for one in issued]
    parts = own[own["product"] != ""]
    assert set(parts["product"]) == {"A产品", "*"} or set(parts["product"]) == {"Product A", "*"}
    assert list(parts.now) == list(parts.actual)
    for month, issued_month in zip((1, 2), issued, strict=True):
        mine = parts[parts.month.dt.month == month]
        assert round(sum(mine.issued), 2) == float(issued_month or 0)
