"""A meeting's page for a phone or a browser: the same tables as the workbook's, one file without
network or script. On paper its empty lines are there to be written on.
"""

from __future__ import annotations

from decimal import Decimal

from salesplan.engine.exact.figures import percent
from salesplan.meeting.table import Cell, Filled, Form, Sheet
from salesplan.plan.forms import canonical
from salesplan.plan.schema import Kind
from salesplan.report.page import drawn
from salesplan.report.xlsx.measure import shown

TEMPLATE = "page.html"


def write_page(sheet: Sheet) -> bytes:
    """The page as UTF-8; equal pages give equal bytes."""
    return drawn(
        "salesplan.meeting",
        TEMPLATE,
        sheet=sheet,
        shown=_shown,
        text_of=_text,
        head=_head,
        look=_look,
        light=_light,
        part=_part,
    )


def _shown(cell: Cell) -> str:
    return shown(cell.value, cell.form)


def _text(form: Form, row: Filled, key: str) -> str:
    """What a cell of the form shows; of an input what it holds already."""
    if key not in form.inputs:
        return _shown(row.shown[key])
    value = dict(zip(form.inputs, row.line.values, strict=True))[key]
    if form.inputs[key].kind is Kind.PERCENT and isinstance(value, Decimal):
        return percent(value)
    return canonical(value)


def _head(form: Form, key: str, lang: str) -> str:
    return form.inputs[key].header(lang) if key in form.inputs else form.heads[key].text


def _look(form: Form, key: str) -> str:
    """How the cells of a column stand, by the names of the page's style."""
    return "input" if key in form.inputs else form.heads[key].look


def _light(row: Filled, key: str) -> str:
    cell = row.shown.get(key)
    return "" if cell is None or cell.light is None else f" {cell.light.value}"


def _part(form: Form, width: float) -> str:
    """A column's part of the table's width, in percent."""
    return f"{width / sum(form.widths) * 100:.1f}"
