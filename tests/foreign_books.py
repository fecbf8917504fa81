"""Planners' own workbooks, small, made in a test: adopted, filled, reported on."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from salesplan import app
from salesplan.app.adopting import Adoption
from salesplan.findings import Finding
from salesplan.plan.model import MICRO, Month, Plan

TODAY = date(2026, 7, 15)
OURS = ("[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/styles.xml")
"""Parts that name sheets and looks: new sheets are written there, too."""

Rows = Sequence[Sequence[Any]]


@dataclass
class Sheet:
    """The rows of a sheet from A1 on; a text that begins with = is a formula, with its result
    behind a bar: ``=SUM(B2:B3)|30``. ``indents`` are those of cells in column A by row (from 1),
    ``hidden`` rows and columns: ``4``, ``C:D``, the sheet itself ``sheet``.
    """

    rows: Rows
    merges: Sequence[str] = ()
    bold: Sequence[int] = ()
    indents: Mapping[int, int] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)
    formats: Mapping[int, str] = field(default_factory=dict)
    hidden: Sequence[str] = ()


def write(path: Path, sheets: Mapping[str, Rows | Sheet]) -> Path:
    """A workbook of these sheets."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, given in sheets.items():
            sheet = given if isinstance(given, Sheet) else Sheet(given)
            page = book.add_worksheet(name)
            for at, row in enumerate(sheet.rows):
                for column, value in enumerate(row):
                    _cell(book, page, sheet, at, column, value)
                if at + 1 in sheet.levels:
                    page.set_row(at, None, None, {"level": sheet.levels[at + 1]})
            for which in sheet.hidden:
                _hide(page, which)
            for area in sheet.merges:
                first = area.split(":")[0]
                page.merge_range(area, _at(sheet.rows, first))
    return path


def _hide(page: Any, which: str) -> None:
    if which == "sheet":
        page.hide()
    elif which.isdigit():
        page.set_row(int(which) - 1, None, None, {"hidden": True})
    else:
        page.set_column(which, None, None, {"hidden": True})


def _at(rows: Rows, cell: str) -> Any:
    from salesplan.workbook.refs import parse_cell

    row, column = parse_cell(cell)
    return rows[row - 1][column - 1]


def _cell(book: Any, page: Any, sheet: Sheet, at: int, column: int, value: Any) -> None:
    if value is None:
        return
    look: dict[str, Any] = {}
    if at + 1 in sheet.bold:
        look["bold"] = True
    if column == 0 and at + 1 in sheet.indents:
        look["indent"] = sheet.indents[at + 1]
    if column in sheet.formats:
        look["num_format"] = sheet.formats[column]
    if isinstance(value, (date, datetime)):
        look.setdefault("num_format", "yyyy-mm-dd")
        page.write_datetime(at, column, value, book.add_format(look))
    elif isinstance(value, str) and value.startswith("="):
        formula, _, result = value.partition("|")
        page.write_formula(at, column, formula, book.add_format(look), float(result))
    elif isinstance(value, str):
        page.write_string(at, column, value, book.add_format(look))
    else:
        page.write(at, column, value, book.add_format(look))


@dataclass
class Adopted:
    """A workbook that was adopted, filled and reported on."""

    seen: Adoption
    path: Path
    plan: Plan
    run: app.Run
    findings: Sequence[Finding]

    def codes(self) -> set[str]:
        """The codes of all that was found."""
        return {one.code for one in self.findings}

    def unit(self, name: str) -> str:
        """The code of a unit by its name; the last of several."""
        return [one.code for one in self.plan.units if one.name == name][-1]

    def parent(self, name: str) -> str:
        """The name of the unit above one."""
        unit = next(one for one in self.plan.units if one.name == name)
        return self.plan.unit_by_code[unit.parent or ""].name

    def target(self, unit: str, kpi: str = "", month: int = 0) -> Decimal | None:
        """An issued target by names: of the year, or of a month."""
        code = self.plan.kpi_index.code(kpi) if kpi else self.plan.kpis[0].code
        target = self.run.results.targets[code, self.unit(unit)]
        if not month:
            return target.year
        return target.months[[one.month for one in self.plan.settings.months].index(month)]

    def targets(self, kpi: str = "") -> Decimal:
        """All targets that were typed, summed."""
        code = self.plan.kpi_index.code(kpi) if kpi else self.plan.kpis[0].code
        total = Decimal(0)
        for row in (*self.plan.targets, *self.plan.product_targets):
            if row.kpi == code:
                total += sum(row.manual(self.plan.settings.months).values())
        return total

    def actuals(self, kpi: str = "", month: Month | None = None) -> Decimal:
        """All actuals of a KPI, summed."""
        code = self.plan.kpi_index.code(kpi) if kpi else self.plan.kpis[0].code
        actuals = self.plan.actuals
        total = sum(
            actuals.value[at] or 0
            for at in range(len(actuals))
            if actuals.kpi[at] == code and month in (None, actuals.month[at])
        )
        return Decimal(total) / MICRO


def adopted(path: Path, answers: Any = None, *, report: bool = True) -> Adopted:
    """The workbook adopted, recalculated and reported on; each of its own parts is the same
    afterwards, byte for byte.
    """
    before = _parts(path)
    seen = app.look(path, answers, TODAY)
    app.adopt(seen)
    done = app.recalc(path, today=TODAY)
    after = _parts(path)
    changed = [name for name in before if before[name] != after.get(name) and name not in OURS]
    assert changed == [], changed
    if report:
        app.report(path, app.Wanted(folder=path.parent / "reports", today=TODAY))
    plan = done.run.loaded.plan
    return Adopted(seen, path, plan, done.run, done.changes.findings)


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}
