"""A list of columns laid on a sheet: what a stranger may rely on when a column is added, moved or
left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from salesplan.report.figures.grid import (
    RIGHT,
    Column,
    Entry,
    Here,
    Lead,
    Turned,
    listed,
    or_blank,
    text,
)
from salesplan.report.figures.report import Report
from salesplan.report.xlsx.writer import Book, Page
from tests.unit.test_report_sections import market_plan, report_of

D = Decimal


class Line(NamedTuple):
    """A name with what was planned and done."""

    name: str
    target: Decimal | None
    actual: Decimal | None
    whole: bool = False


LINES = (Line("A", D(10), D(8)), Line("B", D(20), None), Line("C", None, D(4)))


def rate(line: Line, at: Here) -> str:
    return f"{at('actual')}/{at('target')}"


def known(line: Line) -> bool:
    return None not in (line.target, line.actual)


COLUMNS: tuple[Column[Line], ...] = (
    Column("unit_name", lambda line: line.name, over=2),
    Column("target", lambda line: line.target, look=RIGHT, adds=True, head="Plan", group="Sums"),
    Column("actual", lambda line: line.actual, look=RIGHT, adds=True, head="Done", group="Sums"),
    Column("rate", lambda line: D(1), rate, RIGHT, "0%", 9.0, head="Rate", where=known),
)


class Sheet:
    """A report with one page, read back once it is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.report: Report = report_of(market_plan())
        self.report.book = Book(path, "zh", date(2026, 1, 1), {})
        self.page: Page = self.report.book.page("表")
        self.other: Page = self.report.book.page("别处")

    def read(self, formulas: bool = False) -> Worksheet:
        if not self.path.exists():
            self.report.book.close()
        return load_workbook(self.path, data_only=not formulas)["表"]

    def rows(self, formulas: bool = False) -> list[tuple[object, ...]]:
        found = self.read(formulas).iter_rows(values_only=True)
        return [row for row in found if any(value is not None for value in row)]


@pytest.fixture
def sheet(tmp_path: Path) -> Iterator[Sheet]:
    yield Sheet(tmp_path / "grid.xlsx")


def lay(sheet: Sheet, columns: Sequence[Column[Line]] = COLUMNS) -> None:
    grid = listed(sheet.report, sheet.page, "column", columns, LINES, 1, 0)
    grid.sums(5, LINES, {"unit_name": text("合计")})


def test_heads_rows_and_sums(sheet: Sheet) -> None:
    """A dash for None, blank where a row has no such figure; sums of what adds up, as formulas."""
    lay(sheet)
    name = sheet.report.words("column_unit_name")
    assert sheet.rows() == [
        (None, None, "Sums", None, None),
        (name, None, "Plan", "Done", "Rate"),
        ("A", None, 10, 8, 1),
        ("B", None, 20, "—", None),
        ("C", None, "—", 4, None),
        ("合计", None, 30, 12, None),
    ]
    assert sheet.read(formulas=True)["C6"].value == "=ROUND(SUM(C3:C5),6)"


def test_a_formula_finds_its_columns_wherever_they_stand(sheet: Sheet) -> None:
    """Moved and left out: the formula asks by key."""
    lay(sheet, [COLUMNS[3], COLUMNS[2], COLUMNS[1]])
    assert sheet.read(formulas=True)["A3"].value == "=B3/C3"


def test_over_several_columns_of_the_sheet(sheet: Sheet) -> None:
    lay(sheet)
    merged = {str(one) for one in sheet.read().merged_cells.ranges}
    assert {"A2:B2", "A3:B3", "A6:B6", "C1:D1"} <= merged


def test_a_name_that_leads_somewhere(sheet: Sheet) -> None:
    """It is a link, indented as it says; where it leads nowhere it is a name alone."""
    spots = {"A": ("别处", "B7"), "B": None, "C": ("别处", "A1")}
    column = Column[Line](
        "unit_name", lambda one: one.name, lead=lambda one: Lead(spots[one.name], 2)
    )
    listed(sheet.report, sheet.page, "column", [column], LINES, 0, 0)
    found = sheet.read()
    links = [found[f"A{row}"].hyperlink for row in (2, 3, 4)]
    assert [link and link.location for link in links] == ["'别处'!B7", None, "'别处'!A1"]
    assert found["A2"].alignment.indent == 2


def test_cells_of_other_lines(sheet: Sheet) -> None:
    """The first line, those above, a column's cell that stays where it is."""
    said: list[str] = []

    def formula(line: Line, at: Here) -> str:
        said.append(f"{at.above('actual')} {at.fixed('actual', at.end)} {at.absolute('actual')}")
        return at("actual")

    columns = (*COLUMNS[:3], Column[Line]("rate", lambda _: D(0), formula, head="Rate"))
    listed(sheet.report, sheet.page, "column", columns, LINES, 1, 0)
    assert said[2] == "D3:D4 D$6 $D$5"


def test_a_base_look_by_row(sheet: Sheet) -> None:
    rows = [Line("A", D(1), D(1)), Line("all", D(1), D(1), whole=True)]

    def base(line: Line) -> str:
        return "total" if line.whole else "cell"

    listed(sheet.report, sheet.page, "column", COLUMNS, rows, 1, 0, base)
    found = sheet.read()
    assert (found["C3"].font.bold, found["C4"].font.bold) == (False, True)


def test_a_table_on_its_side(sheet: Sheet) -> None:
    """Each column is a line; a formula asks for other lines of the same month."""
    done = {1: D(5), 3: D(7)}
    lines: list[Column[int]] = [
        Column("target", lambda month: D(month), look=RIGHT),
        Column("actual", lambda month: or_blank(done.get(month)), look=("right", "strong")),
        Column("rate", lambda month: D(1), lambda _, at: f"{at('actual')}/{at('target')}", RIGHT),
    ]
    table = Turned(sheet.report, sheet.page, lines, (1, 2, 3), 0, 1)
    values = table.write("line", 0)
    assert values["actual"] == (D(5), None, D(7))
    found = sheet.read(formulas=True)
    assert [found.cell(4, column).value for column in (2, 3, 4)] == ["=B3/B2", "=C3/C2", "=D3/D2"]
    assert found["A3"].font.bold and found["C3"].value is None
    assert table.span("actual", 2) == "='表'!$B$3:$D$3"


def test_an_entry_of_its_own(sheet: Sheet) -> None:
    """A line that is none of the rows has entries by key; the others stay blank."""
    grid = listed(sheet.report, sheet.page, "column", COLUMNS, LINES, 1, 0)
    grid.put(5, {"target": Entry(D(3), RIGHT, "1+2")})
    assert sheet.rows()[-1] == (None, None, 3, None, None)
