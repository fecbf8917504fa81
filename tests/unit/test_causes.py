"""Causes before consequences: what a mistake of reading brings about says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesplan import app
from salesplan.messages import severity
from salesplan.plan.loader import load
from salesplan.workbook.changes import CellChange
from salesplan.workbook.save.store import save_patched
from tests.samples import new_sample

EIGHTY = "80 万"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("causes") / "plan.xlsx"
    new_sample(path, lang="zh")
    return path


def spoilt(sample: Path, tmp_path: Path, table: str, key: str, row: int) -> tuple[app.Run, str]:
    """The sample with 80 万 in the cell of that column and row of the table; the run, and the
    cell.
    """
    loaded = load(sample)
    found = loaded.tables[table]
    cell = f"{found.columns[key]}{found.row_numbers[row]}"
    copy = tmp_path / "plan.xlsx"
    change = CellChange(found.sheet, cell, EIGHTY)
    save_patched(
        sample, [change], expect_sha256=loaded.sha256, out=copy, who="a test", what="a mistake"
    )
    return app.check(copy), f"{found.sheet}!{cell}"


def caused(run: app.Run) -> list[tuple[str, str]]:
    return [(one.code, str(one.cause)) for one in run.findings if one.cause is not None]


def test_a_budget_that_is_no_number_comes_before_the_reserve_that_is_missing(
    sample: Path, tmp_path: Path
) -> None:
    names = load(sample).tables["settings"].column("name")
    run, cell = spoilt(sample, tmp_path, "settings", "value", list(names).index("预算总额"))
    assert str(run.findings[0].place) == cell and run.findings[0].code == "number-with-unit"
    assert caused(run) == [("reserve-missing", cell)] * 2
    assert [one.code for one in run.findings[1:3]] == ["reserve-missing"] * 2


@pytest.mark.parametrize(
    ("table", "key", "row", "codes"),
    [
        ("kpis", "kind", 5, {"weight-sum"}),
        ("units", "level", 10, {"coefficient-coverage", "capacity-beyond-best"}),
        ("units", "joined", 10, {"change-handover-nobody"}),
        ("seasonality", "month", 18, {"season-year-incomplete"}),
    ],
)
def test_what_a_row_that_is_not_read_brings_about_names_its_cell(
    sample: Path, tmp_path: Path, table: str, key: str, row: int, codes: set[str]
) -> None:
    run, cell = spoilt(sample, tmp_path, table, key, row)
    assert str(run.findings[0].place) == cell
    assert {place for _, place in caused(run)} == {cell}
    assert {code for code, _ in caused(run)} >= codes


@pytest.mark.parametrize(
    ("table", "key", "row"), [("kpis", "target", 3), ("seasonality", "month", 18)]
)
def test_what_another_kpi_s_row_says_is_no_consequence(
    sample: Path, tmp_path: Path, table: str, key: str, row: int
) -> None:
    """The new customers' goal is beyond the people there whatever the row of another KPI says."""
    run, cell = spoilt(sample, tmp_path, table, key, row)
    (beyond,) = (one for one in run.findings if one.code == "capacity-beyond-best")
    assert beyond.params["kpi"] == "新客户数" and beyond.cause is None
    assert cell in {str(one.place) for one in run.findings}


def test_in_a_sound_sample_nothing_has_a_cause(sample: Path) -> None:
    """A reserve that is missing because nobody gave one is no consequence of anything."""
    run = app.check(sample)
    assert caused(run) == [] and all(severity(one) is not None for one in run.findings)
