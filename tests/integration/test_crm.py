"""The main job on real CRM data: import, check, recalc, report; revenue computed apart from the
code under test.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan import app
from salesplan.engine.actuals.progress import Span
from salesplan.messages import Severity, severity
from salesplan.plan.model import Month
from tests.crm import DATA, MAP, build_master, needs_crm

pytestmark = [pytest.mark.crm, needs_crm]

JUNE = Month(2017, 6)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("crm") / "crm.xlsx"
    build_master(DATA, path)
    app.import_actuals(path, DATA / "sales_pipeline.csv", MAP)
    app.recalc(path, month=JUNE)
    return path


def deals() -> list[dict[str, str]]:
    with (DATA / "sales_pipeline.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def won_in_june() -> dict[str, int]:
    """Σ close_value of the deals won in June 2017, by agent."""
    found: dict[str, int] = defaultdict(int)
    for deal in deals():
        if deal["deal_stage"] == "Won" and deal["close_date"].startswith("2017-06"):
            found[deal["sales_agent"]] += int(deal["close_value"])
    return found


def test_every_record_is_accounted_for(master: Path) -> None:
    again, written = app.import_actuals(master, DATA / "sales_pipeline.csv", MAP)
    assert written is None
    assert again.counts["added"] == 0
    assert again.counts["records"] == 8800
    won = [deal for deal in deals() if deal["deal_stage"] == "Won"]
    closed = [deal for deal in deals() if deal["deal_stage"] in {"Won", "Lost"}]
    assert again.counts["unselected"] == 8800 - len(closed)
    assert again.counts["known"] == len(won) + len({deal["account"] for deal in won}) + len(closed)
    assert again.counts["refused"] == 0


def test_the_master_has_no_errors(master: Path) -> None:
    run = app.check(master, month=JUNE)
    assert [f for f in run.findings if severity(f) is Severity.ERROR] == []


def test_revenue_of_june_is_that_of_the_deals_won(master: Path) -> None:
    run = app.check(master, month=JUNE)
    plan, june = run.loaded.plan, won_in_june()
    actual = {
        unit: found.actual
        for (kpi, unit, span), found in run.results.attainments.items()
        if kpi == "REV" and span is Span.MONTH
    }
    assert actual["C"] == sum(june.values()) > 0
    for unit in plan.units:
        children = plan.children.get(unit.code, ())
        if children:
            assert actual[unit.code] == sum(
                (actual[child.code] or Decimal(0)) for child in children
            )
        else:
            assert (actual[unit.code] or 0) == june.get(unit.name, 0)


def test_targets_of_every_level_add_up(master: Path) -> None:
    run = app.check(master, month=JUNE)
    targets, children = run.results.targets, run.loaded.plan.children
    for kpi in ("REV", "NEW"):
        for parent, below in children.items():
            assert targets[kpi, parent].base_year == sum(
                targets[kpi, child.code].base_year or 0 for child in below
            )
            for month in range(12):
                assert targets[kpi, parent].base_months[month] == sum(
                    targets[kpi, child.code].base_months[month] or 0 for child in below
                )


def test_running_again_changes_nothing(master: Path) -> None:
    before = master.read_bytes()
    assert app.recalc(master, month=JUNE).changes.edits == ()
    assert master.read_bytes() == before


def test_the_report_says_the_same_revenue(master: Path, tmp_path: Path) -> None:
    from python_calamine import load_workbook

    done = app.report(master, app.Wanted(month=JUNE, folder=tmp_path))
    revenue = float(sum(won_in_june().values()))
    book = load_workbook(str(done.written))
    sheets = [
        name
        for name in book.sheet_names
        if any(revenue in row for row in book.get_sheet_by_name(name).to_python())
    ]
    assert len(sheets) >= 2, "on the overview and on the data sheet"
