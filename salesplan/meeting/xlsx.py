"""A meeting's page as a workbook: one sheet to print on A4, white cells to fill in, keys and bases
hidden, so that ``collect`` takes it back as it does a handout.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from salesplan.handout.form import STAMP_SHEET
from salesplan.handout.write import INPUT_FORMATS, rule_of, write_stamp
from salesplan.meeting.table import Cell, Filled, Form, Sheet, Table
from salesplan.plan.forms import BASE_HEADER, KEY_HEADER, base_text
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import LIGHT_COLORS
from salesplan.report.xlsx.writer import Book, Page

MOST_ON_A_PAGE = 18
"""Lines of a form that one A4 page holds; of a longer one each team begins a page."""
_NARROW = 7.0
"""Points of the two blank rows that end the form: what stands below is another table."""
WRITTEN = 32.0
"""Points of a line that somebody writes into with a pen."""


def write_sheet(sheet: Sheet, path: Path, day: date, stamp: Sequence[tuple[str, str]]) -> None:
    """Write the page to ``path``, with what the hidden sheet says of it; equal pages give equal
    bytes. OSError if it cannot be written.
    """
    properties = {"title": sheet.title, "author": "salesplan", "comments": ""}
    with Book(path, sheet.lang, day, properties) as book:
        page = book.page(sheet.name)
        _draw(page, sheet)
        hidden = book.page(STAMP_SHEET)
        write_stamp(hidden.sheet, stamp, {sheet.form.table: [one.line for one in sheet.form.rows]})


def _draw(page: Page, sheet: Sheet) -> None:
    form = sheet.form
    last = len(form.columns) - 1
    page.fix(dict(enumerate(form.widths)))
    page.write(0, 0, sheet.title, page.book.style("title"))
    page.height(0, 28)
    page.write(1, 0, sheet.subtitle, page.book.style("subtitle"))
    row = 2
    if sheet.caution:
        page.wide(row, 0, last, sheet.caution, "caution")
        row += 1
    for said in sheet.messages:
        page.wide(row, 0, last, said, "message")
        row += 1
    row += 1
    for band in sheet.above:
        row = _band(page, row, band)
    row = _form(page, row, form, sheet.lang)
    for band in sheet.below:
        row = _band(page, row, band)
    page.wide(row, 0, last, sheet.note, "note")
    short = len(form.rows) <= MOST_ON_A_PAGE
    head = row if short else _heads_row(sheet)
    page.set_print(None if short else (head, head), last, pages_high=int(short), area_rows=row)
    page.sheet.protect("", {"format_columns": True, "format_rows": True})


def _heads_row(sheet: Sheet) -> int:
    """Where the heads of the form stand."""
    row = 3 + bool(sheet.caution) + len(sheet.messages)
    for band in sheet.above:
        row += _height(band)
    return row + 1


def _height(band: Sequence[Table]) -> int:
    """The rows that a band takes: title, heads, rows, and a blank one."""
    return 3 + max(max(len(table.rows), 1) for table in band)


def _band(page: Page, row: int, band: Sequence[Table]) -> int:
    for table in band:
        _table(page, row, table)
    return row + _height(band)


def _table(page: Page, row: int, table: Table) -> None:
    page.write(row, table.start, table.title, page.book.style("heading"))
    column = table.start
    for at, head in enumerate(table.heads):
        last = column + head.span - 1
        look = "head_left" if head.look == "wrap" else head.look
        page.wide(row + 1, column, last, head.text, "head", look)
        for index, cells in enumerate(table.rows, row + 2):
            _cell(page, (index, column, last), cells[at], head.look)
        column = last + 1
    if not table.rows:
        page.write(row + 2, table.start, table.empty, page.book.style("muted"))


def _cell(page: Page, place: tuple[int, int, int], cell: Cell, look: str) -> None:
    row, first, last = place
    extra = dict[str, Any]()
    if cell.form:
        extra["num_format"] = cell.form
    elif isinstance(cell.value, date):
        extra["num_format"] = "mm-dd"
    if cell.light is not None:
        extra["font_color"], extra["bg_color"] = LIGHT_COLORS[cell.light]
    if isinstance(cell.value, str):
        extra["text_wrap"] = True
    page.wide(row, first, last, cell.value, "cell", look, **extra)


def _form(page: Page, row: int, form: Form, lang: str) -> int:
    page.write(row, 0, form.title, page.book.style("heading"))
    head = row + 1
    for column, key in enumerate(form.columns):
        if key in form.inputs:
            page.wide(head, column, column, form.inputs[key].header(lang), "head", "head_left")
        else:
            look = "head_left" if form.heads[key].look == "wrap" else form.heads[key].look
            page.wide(head, column, column, form.heads[key].text, "head", look)
    hidden = len(form.columns)
    page.write(head, hidden, KEY_HEADER, page.book.style("muted"))
    page.write(head, hidden + 1, BASE_HEADER, page.book.style("muted"))
    page.sheet.set_column(hidden, hidden + 1, None, None, {"hidden": True})
    group = form.rows[0].group if form.rows else ""
    for at, one in enumerate(form.rows, head + 1):
        if len(form.rows) > MOST_ON_A_PAGE and one.group != group:
            page.cut(at)
        group = one.group
        _line(page, at, one, form)
    for column, key in enumerate(form.columns):
        rule = rule_of(form.inputs[key], lang, form.people) if key in form.inputs else None
        if rule and form.rows:
            page.sheet.data_validation(head + 1, column, head + len(form.rows), column, rule)
    end = head + 1 + len(form.rows)
    page.height(end, _NARROW)
    page.height(end + 1, _NARROW)
    return end + 2


def _line(page: Page, row: int, one: Filled, form: Form) -> None:
    held = dict(zip(form.inputs, one.line.values, strict=True))
    page.height(row, WRITTEN)
    for column, key in enumerate(form.columns):
        if key not in form.inputs:
            _cell(page, (row, column, column), one.shown[key], form.heads[key].look)
            continue
        form_of = INPUT_FORMATS.get(form.inputs[key].kind, "General")
        value = _scalar(held[key])
        page.wide(row, column, column, value, "input", "wrap", num_format=form_of, locked=False)
    hidden = len(form.columns)
    page.write(row, hidden, one.line.key, page.book.style("muted"))
    base = base_text(one.line.key, one.line.values)
    page.write(row, hidden + 1, base, page.book.style("muted"))


def _scalar(value: object) -> Scalar:
    """A value as a cell holds it; a choice by its text."""
    return value if value is None or isinstance(value, Scalar) else str(value)
