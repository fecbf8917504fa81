"""A year that does not begin in January: months stand in fiscal order in what we write, and Q1 is
the first three of them; what is there already is read as it stands.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.worksheet import Worksheet

from salesplan import app
from salesplan.cli import commands
from salesplan.plan.loader import load
from salesplan.plan.schema import sheet, table
from tests.samples import new_master

HEADER = 5
STARTS = (4, 7, 10)
UNITS = [
    {"code": "C", "name": "Acme", "level": "Company"},
    {"code": "T1", "name": "East", "level": "Team", "parent": "C"},
    {"code": "T2", "name": "West", "level": "Team", "parent": "C"},
]
KPIS = [
    {"code": "REV", "name": "Revenue", "kind": "Flow", "target": 1200},
    {"code": "CUS", "name": "Customers", "kind": "Stock", "target": 300},
]


def order(start: int) -> list[int]:
    """Calendar months in fiscal order."""
    return [(start - 1 + i) % 12 + 1 for i in range(12)]


def heads(ws: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in ws[HEADER] if cell.value is not None}


def put(book: openpyxl.Workbook, key: str, rows: list[dict[str, Any]]) -> None:
    """Type rows into the template's table of that key."""
    schema = table(key)
    ws = book[sheet(schema.sheet).en]
    at = heads(ws)
    for number, row in enumerate(rows, HEADER + 1):
        for name, value in row.items():
            ws.cell(number, at[schema.column(name).en], value)


def actuals(start: int, months: int) -> list[dict[str, Any]]:
    """Of each month 60 + its number for East, 40 for West."""
    rows = []
    for number, month in enumerate(order(start)[:months]):
        day = datetime(2025 + (month < start), month, 15)
        rows.append({"day": day, "unit": "T1", "kpi": "REV", "value": 60 + number})
        rows.append({"day": day, "unit": "T2", "kpi": "REV", "value": 40})
    return rows


def master(path: Path, start: int) -> Path:
    app.new(path, lang="en", year=2025, fiscal_start=start)
    book = openpyxl.load_workbook(path)
    put(book, "units", UNITS)
    put(book, "kpis", KPIS)
    put(book, "actuals", actuals(start, 8))
    book.save(path)
    return path


def monthly(titles: list[str], stem: str) -> list[int]:
    """The numbers of the heads that are the stem and a month's number, in their order."""
    return [int(one.removeprefix(stem)) for one in titles if re.fullmatch(rf"{stem}\d+", one)]


@pytest.mark.parametrize("start", STARTS)
def test_a_new_master_has_its_months_in_fiscal_order(tmp_path: Path, start: int) -> None:
    path = tmp_path / "plan.xlsx"
    app.new(path, lang="en", year=2025, fiscal_start=start)
    book = openpyxl.load_workbook(path)
    titles = list(heads(book["Targets"]))
    assert monthly(titles, "M") == monthly(titles, "Manual M") == order(start)
    assert monthly(titles, "Manual Q") == [1, 2, 3, 4]
    recorded = [one for one in heads(book["Closes"]) if one.endswith(" issued")]
    assert recorded == [f"M{month} issued" for month in order(start)]
    assert load(path).plan.settings.fiscal_start == start


@pytest.mark.parametrize("start", STARTS)
def test_a_year_end_to_end(tmp_path: Path, start: int) -> None:
    path = master(tmp_path / "plan.xlsx", start)
    app.recalc(path)
    ws = openpyxl.load_workbook(path)["Targets"]
    at = heads(ws)
    for row in range(HEADER + 1, HEADER + 4):
        months = [ws.cell(row, at[f"M{month}"]).value for month in order(start)]
        quarters = [ws.cell(row, at[f"Q{number}"]).value for number in range(1, 5)]
        assert quarters == [sum(months[i : i + 3]) for i in (0, 3, 6, 9)]
        assert sum(months) == ws.cell(row, at["Issued year target"]).value
    report = app.report(path).written
    book = openpyxl.load_workbook(report, data_only=True)
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    rows = ([cell.value for cell in row if cell.value in names] for row in book["Targets"])
    shown = next(row for row in rows if row)
    assert shown == [names[month - 1] for month in order(start)]


def test_a_sheet_that_is_added_follows_the_settings(tmp_path: Path) -> None:
    path = master(tmp_path / "plan.xlsx", 4)
    book = openpyxl.load_workbook(path)
    del book["Targets"]
    book.save(path)
    added = CliRunner().invoke(commands, ["add", str(path), "Targets"])
    assert added.exit_code == 0, added.output
    titles = [str(cell.value) for cell in openpyxl.load_workbook(path)["Targets"][1]]
    assert monthly(titles, "M") == order(4)


def test_months_of_an_existing_master_are_read_as_they_stand(tmp_path: Path) -> None:
    """A master whose months stand from January on, although its year begins in April."""
    path = tmp_path / "plan.xlsx"
    new_master(path, lang="en", year=2025)
    book = openpyxl.load_workbook(path)
    put(book, "units", UNITS)
    put(book, "kpis", KPIS[:1])
    put(book, "targets", [{"kpi": "REV", "unit": "C", "manual4": 7, "manual1": 9}])
    ws = book["Settings"]
    for row in range(HEADER + 1, ws.max_row + 1):
        if ws.cell(row, 1).value == "Fiscal year starts in month":
            ws.cell(row, 2, 4)
    book.save(path)
    plan = load(path).plan
    (typed,) = plan.targets
    assert plan.settings.fiscal_start == 4
    assert (typed.manual_months[0], typed.manual_months[9]) == (7, 9)
    app.recalc(path)
    assert monthly(list(heads(openpyxl.load_workbook(path)["Targets"])), "M") == list(range(1, 13))


def test_the_example_is_of_a_calendar_year(tmp_path: Path) -> None:
    refused = CliRunner().invoke(
        commands, ["new", str(tmp_path / "plan.xlsx"), "--example", "--fiscal-start", "4"]
    )
    assert refused.exit_code == 2 and "calendar year" in refused.output
    assert not list(tmp_path.iterdir())


def test_the_year_of_today_is_the_fiscal_one(tmp_path: Path) -> None:
    done = CliRunner().invoke(commands, ["new", str(tmp_path / "plan.xlsx"), "--fiscal-start", "4"])
    assert done.exit_code == 0, done.output
    today = date.today()
    assert load(tmp_path / "plan.xlsx").plan.settings.year == today.year - (today.month < 4)
