"""A meeting's page for a phone or a browser: the same tables as the workbook's, one file without
network or script. On paper its empty lines are there to be written on.
"""

from __future__ import annotations

from salesplan.meeting.table import Cell, Filled, Form, Sheet
from salesplan.plan.forms import canonical
from salesplan.report.page import drawn
from salesplan.report.xlsx.measure import shown

TEMPLATE = "page.html"


def write_page(sheet: Sheet) -> bytes:
    """The page as UTF-8; equal pages give equal bytes."""
    return drawn("salesplan.meeting", TEMPLATE, sheet=sheet, shown=_shown, typed=_typed, head=_head)


def _shown(cell: Cell) -> str:
    return shown(cell.value, cell.form)


def _typed(form: Form, row: Filled, key: str) -> str:
    """What an input holds already; empty for nothing."""
    value = dict(zip(form.inputs, row.line.values, strict=True))[key]
    return canonical(value)


def _head(form: Form, key: str, lang: str) -> str:
    if key in form.inputs:
        return form.inputs[key].header(lang)
    return form.heads[key].text
