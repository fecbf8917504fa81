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
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from salesplan import app
from salesplan.cli import commands
from salesplan.plan.loader import load
from salesplan.plan.schema import sheet, table
from tests.samples import copied, new_master, typed

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


class Read:
    """A workbook's cells, sheet by sheet."""

    def __init__(self, path: Path) -> None:
        self.book = CalamineWorkbook.from_path(str(path))

    def rows(self, sheet: str) -> list[list[Any]]:
        """What stands in a sheet, from its first row and column on; "" where nothing does."""
        return self.book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)

    def heads(self, sheet: str) -> dict[str, int]:
        """The titles of the template's table, and in which place of its rows each stands."""
        return {str(head): i for i, head in enumerate(self.rows(sheet)[HEADER - 1]) if head}


def put(path: Path, **tables: list[dict[str, Any]]) -> Path:
    """Type rows into the template's tables, by their keys."""
    book, cells = Read(path), {}
    for key, rows in tables.items():
        schema = table(key)
        title = sheet(schema.sheet).en
        at = book.heads(title)
        for number, row in enumerate(rows, HEADER + 1):
            for name, value in row.items():
                letters = get_column_letter(at[schema.column(name).en] + 1)
                cells[title, f"{letters}{number}"] = value
    return typed(path, cells)


def actuals(start: int, months: int) -> list[dict[str, Any]]:
    """Of each month 60 + its number for East, 40 for West."""
    rows = []
    for number, month in enumerate(order(start)[:months]):
        day = datetime(2025 + (month < start), month, 15)
        rows.append({"day": day, "unit": "T1", "kpi": "REV", "value": 60 + number})
        rows.append({"day": day, "unit": "T2", "kpi": "REV", "value": 40})
    return rows


def new(path: Path, start: int) -> Path:
    """What ``salesplan new`` writes."""

    def make(own: Path) -> None:
        app.new(own, lang="en", year=2025, fiscal_start=start)

    return copied(f"fiscal-{start}", make, path)


def master(path: Path, start: int) -> Path:
    new(path, start)
    return put(path, units=UNITS, kpis=KPIS, actuals=actuals(start, 8))


def monthly(titles: list[str], stem: str) -> list[int]:
    """The numbers of the heads that are the stem and a month's number, in their order."""
    return [int(one.removeprefix(stem)) for one in titles if re.fullmatch(rf"{stem}\d+", one)]


@pytest.mark.parametrize("start", STARTS)
def test_a_new_master_has_its_months_in_fiscal_order(tmp_path: Path, start: int) -> None:
    path = new(tmp_path / "plan.xlsx", start)
    book = Read(path)
    titles = list(book.heads("Targets"))
    assert monthly(titles, "M") == monthly(titles, "Manual M") == order(start)
    assert monthly(titles, "Manual Q") == [1, 2, 3, 4]
    recorded = [one for one in book.heads("Closes") if one.endswith(" issued")]
    assert recorded == [f"M{month} issued" for month in order(start)]
    assert load(path).plan.settings.fiscal_start == start


@pytest.mark.parametrize("start", STARTS)
def test_a_year_end_to_end(tmp_path: Path, start: int) -> None:
    path = master(tmp_path / "plan.xlsx", start)
    app.recalc(path)
    at = Read(path).heads("Targets")
    for row in Read(path).rows("Targets")[HEADER : HEADER + 3]:
        months = [row[at[f"M{month}"]] for month in order(start)]
        quarters = [row[at[f"Q{number}"]] for number in range(1, 5)]
        assert quarters == [sum(months[i : i + 3]) for i in (0, 3, 6, 9)]
        assert sum(months) == row[at["Issued year target"]] > 0
    report = Read(app.report(path).written)
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    rows = ([value for value in row if value in names] for row in report.rows("Targets"))
    shown = next(row for row in rows if row)
    assert shown == [names[month - 1] for month in order(start)]


def test_a_sheet_that_is_added_follows_the_settings(tmp_path: Path) -> None:
    path = master(tmp_path / "plan.xlsx", 4)
    book = openpyxl.load_workbook(path)
    del book["Targets"]
    book.save(path)
    added = CliRunner().invoke(commands, ["add", str(path), "Targets"])
    assert added.exit_code == 0, added.output
    titles = [str(one) for one in Read(path).rows("Targets")[0]]
    assert monthly(titles, "M") == order(4)


def test_months_of_an_existing_master_are_read_as_they_stand(tmp_path: Path) -> None:
    """A master whose months stand from January on, although its year begins in April."""
    path = tmp_path / "plan.xlsx"
    new_master(path, lang="en", year=2025)
    target = {"kpi": "REV", "unit": "C", "manual4": 7, "manual1": 9}
    put(path, units=UNITS, kpis=KPIS[:1], targets=[target])
    names = [row[0] for row in Read(path).rows("Settings")]
    start = names.index("Fiscal year starts in month") + 1
    plan = load(typed(path, {("Settings", f"B{start}"): 4})).plan
    (given,) = plan.targets
    assert plan.settings.fiscal_start == 4
    assert (given.manual_months[0], given.manual_months[9]) == (7, 9)
    app.recalc(path)
    assert monthly(list(Read(path).heads("Targets")), "M") == list(range(1, 13))


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
