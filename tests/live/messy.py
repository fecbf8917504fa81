"""A master as planners make them: tables moved about, columns and titles of their own, rows hidden,
sheets protected.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from salesplan.plan.schema import SHEETS, tables_of
from tests.samples import copied, new_sample, unprinted
from tests.unit.masters import edited

TOP, LEFT = 4, 3
"""Where the first table of each sheet begins: row and column of its first header, less one."""

PASSWORD = "geheim"


def build(path: Path, *, password: bool = False) -> Path:
    """Write the messy master; with ``password`` the sheet of targets is protected by one."""
    from openpyxl import Workbook
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter as letters
    from openpyxl.worksheet.table import Table

    book = Workbook()
    book.remove(book.active)
    book.create_sheet("随笔")["B2"] = "与计划无关"
    rows = edited(
        {
            "targets": {4: {"kpi": "NEW", "unit": "C1"}},
            "units": {5: {"name": "007"}},
            "tasks": {2: {"resources": "=HR"}, 3: {"deliverable": "2026-03"}},
            "lessons": {2: {"topic": "TRUE"}},
        }
    )
    for one in SHEETS:
        page: Any = None
        left = LEFT
        for schema in tables_of(one.key):
            if schema.key not in rows and schema.key not in ("caps", "checks"):
                continue
            page = page or book.create_sheet(one.zh)
            place = left + 1
            for column in schema.columns:
                page.cell(TOP, place, column.zh)
                for number, row in enumerate(rows.get(schema.key, []), start=TOP + 1):
                    page.cell(number, place, row.get(column.key))
                place += 1
            page.cell(TOP, place, "我的备注")
            if schema.key == "targets":
                year = letters(
                    left + 1 + next(i for i, c in enumerate(schema.columns) if c.key == "year")
                )
                page.cell(TOP + 1, place, f"={year}{TOP + 1}*2")
                end = TOP + len(rows["targets"])
                page.add_table(
                    Table(
                        displayName="Goals", ref=f"{letters(left + 1)}{TOP}:{letters(place)}{end}"
                    )
                )
            left = place + 1
        if page is not None:
            page.cell(1, 2, f"{one.zh} 2026").fill = PatternFill("solid", fgColor="FFEEDD")
            page.merge_cells(start_row=1, start_column=2, end_row=2, end_column=5)
    _planners_ways(book, date(2026, 3, 31))
    if password:
        book["目标分解"].protection.password = PASSWORD
    book["目标分解"].protection.sheet = True
    book["目标分解"].protection.autoFilter = False
    book.save(path)
    return path


def short_table(path: Path) -> Path:
    """The sample, with a table of problems that ends after three rows and computes a column of the
    planner's own in each.
    """
    return copied("short-table", _short_table, path)


def _short_table(path: Path) -> None:
    from openpyxl import load_workbook
    from openpyxl.worksheet.table import TableColumn, TableFormula

    new_sample(path, lang="zh")
    book = load_workbook(unprinted(path))
    sheet = book["问题与改进"]
    (table,) = sheet.tables.values()
    sheet["N5"] = "我的编号"
    for row in (6, 7, 8):
        sheet.cell(row, 14).value = f'="P-"&ROW(A{row})&B{row}'
    table.ref = table.autoFilter.ref = "A5:N8"
    table.tableColumns.append(
        TableColumn(
            id=14,
            name="我的编号",
            calculatedColumnFormula=TableFormula(attr_text='"P-"&ROW(A6)&B6'),
        )
    )
    book.save(path)


def _planners_ways(book: Any, day: date) -> None:
    """Hidden rows and columns, filters, notes, formulas, errors, odd texts."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Protection
    from openpyxl.worksheet.datavalidation import DataValidation

    tasks = book["行动计划"]
    tasks.row_dimensions[TOP + 2].hidden = True
    tasks.column_dimensions["F"].hidden = True
    tasks.auto_filter.ref = f"D{TOP}:H{TOP + 2}"
    tasks["B9"] = "=1/0"
    tasks["B10"] = day
    tasks["B11"] = "12万"
    tasks.freeze_panes = "E5"
    budget = book["预算"]
    budget.protection.sheet = True
    for row in budget.iter_rows():
        for cell in row:
            cell.protection = Protection(locked=False)
    units = book["组织"]
    units.cell(TOP + 1, LEFT + 14).comment = Comment("天数按日历", "计划员")
    check = DataValidation(type="list", formula1='"公司,团队,部门,个人"')
    units.add_data_validation(check)
    check.add(f"F{TOP + 1}:F{TOP + 9}")
    book["指标"].sheet_state = "hidden"
