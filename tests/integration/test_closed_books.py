"""Everybody's own report over closed months: the record, and nobody else's figures."""

from __future__ import annotations

from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from salesplan import app
from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from tests.books import all_rows
from tests.samples import filled_sample, typed

DAY = date(2026, 7, 3)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, closed up to June; then a goal was raised and a team renamed."""
    path = tmp_path_factory.mktemp("closed") / "plan.xlsx"
    filled_sample(path, lang="zh")
    app.close(path, today=DAY)
    run = app.check(path)
    kpi = next(one for one in run.loaded.plan.kpis if one.code == "REV")
    unit = run.loaded.plan.unit_by_code["T1"]
    goals, units = run.loaded.tables["kpis"], run.loaded.tables["units"]
    return typed(
        path,
        {
            (goals.sheet, f"{goals.columns['target']}{kpi.origin.row}"): 2400,
            (units.sheet, f"{units.columns['name']}{unit.origin.row}"): "大客户一部",
        },
    )


def test_a_part_shows_the_record_of_its_own_units_and_of_no_other(master: Path) -> None:
    run = app.check(master)
    plan = run.loaded.plan
    part = part_of(Whole(plan, run.results), "T1", run.findings)
    assert plan.closed_months == 6
    recorded = {(row.kpi, row.unit): row.figures for row in plan.closed}
    own = {unit.code for _, unit in plan.walk("T1")}
    shown = {unit for _, unit in part.results.targets}
    assert shown <= own and "T1" in shown
    for (kpi, unit), target in part.results.targets.items():
        row = recorded.get((kpi, unit), (None,) * 12)
        for at in range(6):
            issued = None if row[at] is None else row[at].issued  # type: ignore[union-attr]
            assert target.months[at] == issued, (kpi, unit, at)
    assert not part.plan.closed and not part.plan.closes
    assert {one.unit for one in part.results.late} <= own


def test_everybodys_book_passes_the_leak_audit_after_a_close(master: Path, tmp_path: Path) -> None:
    done = app.report_each(
        master, app.Wanted(folder=tmp_path)
    )  # refuses to leave a book that leaks
    books = [one.book for one in done.manifest.recipients if one.book.code != "HQ"]
    assert books and all((tmp_path / one.file).exists() for one in books)
    plan = app.check(master).loaded.plan
    team = next(row for row in plan.closed if (row.kpi, row.unit) == ("REV", "T1"))
    file = next(one.file for one in books if one.code == "T1")
    rows = chain.from_iterable(all_rows(tmp_path / file).values())
    values = set(chain.from_iterable(rows))
    for figures in team.figures[:6]:
        assert figures is not None and float(figures.issued or 0) in values
    assert "大客户一部" in values
