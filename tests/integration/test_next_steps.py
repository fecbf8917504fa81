"""What each command says to do next leads on."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from salesplan.cli import commands
from tests.samples import new_sample

SHEETS = {
    "Organization": [
        ("Code", "Name", "Level", "Parent code"),
        ("HQ", "Baker", "Company", None),
        ("P1", "Ann", "Person", "HQ"),
        ("P2", "Bob", "Person", "HQ"),
    ],
    "KPIs": [("Code", "Name", "Kind", "Company year target"), ("REV", "Revenue", "Flow", 1200)],
    "Actuals": [("Month", "Unit", "KPI", "Value"), ("2026-05", "P1", "REV", 30)],
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "p.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in SHEETS.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def run(*words: object) -> str:
    return CliRunner().invoke(commands, [*map(str, words), "--lang", "en"]).output


def test_without_addresses_it_says_where_they_go(small: Path) -> None:
    said = run("report", small, "--audience", "each")
    assert "0 reports written" in said and "salesplan send" not in said
    assert f"salesplan add {small} Organization" in said
    run("add", small, "Organization")
    said = run("report", small, "--audience", "each")
    assert "enter addresses in the column “E-mail”" in said


def test_what_recalc_only_counts_can_be_seen(small: Path) -> None:
    """Notes are counted there and listed by check."""
    run("add", small, "Targets")
    said = run("recalc", small)
    assert "0 errors" in said and "0 errors · 0 warnings · 0 notes" not in said
    assert f"see what they are: salesplan check {small}" in said
    assert "Note" in run("check", small)


def test_a_sheet_is_proposed_for_a_name_like_it(small: Path) -> None:
    assert "did you mean Targets" in run("add", small, "target")
    assert "did you mean" not in run("add", small, "zzzzzz")


def test_after_the_handouts_are_collected_the_plan_is_recalculated(tmp_path: Path) -> None:
    master, folder = tmp_path / "p.xlsx", tmp_path / "h"
    new_sample(master, lang="en")
    run("recalc", master)
    run("handout", master, "--to", folder)
    file = next(folder.glob("*T2*.xlsx"))
    book = openpyxl.load_workbook(file)
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                if cell.value == "Value" and cell.row < 40:
                    page.cell(cell.row + 1, cell.column).value = 3
    book.save(file)
    said = run("collect", folder, "--into", master, "--yes")
    assert "Written: " in said and f"salesplan recalc {master}" in said
