"""The second sheet: what to choose where a list offers several things: the kind of a KPI, the
category of what the situation shows, and the column that a change alters.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from salesplan.plan.change_subjects import FIELDS, table_of
from salesplan.plan.model import Framework
from salesplan.plan.schema import label
from salesplan.plan.schema.choices import categories
from salesplan.plan.schema.records import HAND_OVER
from salesplan.template import styles
from salesplan.template import words as w
from salesplan.template.layout import row_height
from salesplan.template.rules import categories_name, fields_name
from salesplan.template.styles import Styles
from salesplan.wording import Both, either
from salesplan.workbook import palette

WIDTHS = Both((3, 5, 54, 16, 40, 58), (3, 5, 62, 18, 46, 66))
SUBJECTS = ("targets", "tasks", "budget", "units", "kpis", "strategies")
"""Whose columns a change may alter, by the table of its subject."""

_TEXT: styles.Properties = {
    "font_color": styles.INK,
    "valign": "vcenter",
    "text_wrap": True,
    "bottom": 1,
    "bottom_color": styles.LINE,
}
_HEAD: styles.Properties = {
    "bold": True,
    "font_color": palette.PAPER,
    "bg_color": palette.DEEP,
    "valign": "vcenter",
}
_SECTION: styles.Properties = {
    "bold": True,
    "font_size": 12,
    "font_color": palette.DEEP,
    "valign": "vcenter",
}


def write_choosing(
    workbook: Any, look: Styles, lang: str, there: Container[str]
) -> Mapping[str, str]:
    """Add the sheet to a workbook with these tables. Returns the defined names of its lists, each
    with its cells: the categories of each framework, the columns that a change may alter; nothing
    of a table that is not there.
    """
    ws = workbook.add_worksheet(w.CHOOSING_SHEET.of(lang))
    for column, width in enumerate(WIDTHS.of(lang)):
        ws.set_column(column, column, width)
    ws.set_row(1, 30)
    ws.write_string(1, 1, w.CHOOSING_TITLE.of(lang), look.get(styles.TITLE))
    row = _kinds(ws, 3, lang, look)
    found: dict[str, str] = {}
    if "situation" in there:
        row, named = _categories(ws, row + 1, lang, look)
        found |= named
    if "changes" in there:
        subjects = [key for key in SUBJECTS if key in there]
        fields = _fields(ws, row + 1, lang, look, subjects)
        found |= {fields_name(key): cells for key, cells in fields.items()}
    ws.hide_gridlines(2)
    ws.set_tab_color(palette.GOLD)
    ws.set_landscape()
    ws.set_paper(9)
    ws.fit_to_pages(1, 0)
    ws.set_footer(f"&L&8{w.GUIDE_TITLE.of(lang)} · &A&R&8{w.PAGE.of(lang)}")
    return found


def _kinds(ws: Any, row: int, lang: str, look: Styles) -> int:
    """Questions from the top, each with the kind it leads to. Returns the first row behind."""
    ws.set_row(row, 22)
    ws.write_string(row, 1, w.KINDS_TITLE.of(lang), look.get(_SECTION))
    ws.write_string(row + 1, 1, w.KINDS_LEAD.of(lang), look.get(styles.HELP))
    ws.set_row(row + 2, 22)
    for column, head in enumerate(w.KINDS_HEADS, 1):
        ws.write_string(row + 2, column, head.of(lang), look.get(_HEAD))
    for number, one in enumerate(w.KINDS, 1):
        at = row + 2 + number
        texts = [one.question.of(lang), label(one.kind, lang), one.example.of(lang)]
        texts.append(one.actual.of(lang))
        ws.set_row(at, row_height(zip(texts, WIDTHS.of(lang)[2:], strict=True)) or 20)
        ws.write_number(at, 1, number, look.get(_TEXT, align="center"))
        for column, text in enumerate(texts, 2):
            ws.write_string(at, column, text, look.get(_TEXT, bold=column == 3))
    after = row + 3 + len(w.KINDS)
    ws.write_string(after, 1, w.KINDS_AFTER.of(lang), look.get(styles.HELP))
    return after + 1


def _categories(ws: Any, row: int, lang: str, look: Styles) -> tuple[int, Mapping[str, str]]:
    """What each framework of the situation is made of, a column each. Returns the first row behind,
    and the names of the lists with their cells.
    """
    from xlsxwriter.utility import quote_sheetname, xl_range_abs

    title = quote_sheetname(w.CHOOSING_SHEET.of(lang))
    ws.set_row(row, 22)
    ws.write_string(row, 1, w.CATEGORIES_TITLE.of(lang), look.get(_SECTION))
    ws.write_string(row + 1, 1, w.CATEGORIES_LEAD.of(lang), look.get(styles.HELP))
    ws.set_row(row + 2, 22)
    found, most = {}, 0
    for column, framework in enumerate(Framework, 2):
        names = categories(framework, lang)
        most = max(most, len(names))
        ws.write_string(row + 2, column, label(framework, lang), look.get(_HEAD))
        for offset, name in enumerate(names, row + 3):
            ws.write_string(offset, column, name, look.get(_TEXT))
        cells = xl_range_abs(row + 3, column, row + 2 + len(names), column)
        found[categories_name(framework)] = f"{title}!{cells}"
    return row + 3 + most, found


def _fields(
    ws: Any, row: int, lang: str, look: Styles, subjects: Sequence[str]
) -> Mapping[str, str]:
    """What a change may alter: a row for each column of each subject's sheet."""
    from xlsxwriter.utility import quote_sheetname, xl_range_abs

    title = quote_sheetname(w.CHOOSING_SHEET.of(lang))
    ws.set_row(row, 22)
    ws.write_string(row, 1, w.FIELDS_TITLE.of(lang), look.get(_SECTION))
    ws.write_string(row + 1, 1, w.FIELDS_LEAD.of(lang), look.get(styles.HELP))
    ws.set_row(row + 2, 22)
    for column, head in enumerate(w.FIELDS_HEADS, 2):
        ws.write_string(row + 2, column, head.of(lang), look.get(_HEAD))
    first = at = row + 3
    found: dict[str, str] = {}
    for key in subjects:
        fields = _altered(key, lang)
        subject = w.FIELDS_OF[key].of(lang)
        for offset, field in enumerate(fields):
            ws.write_string(at + offset, 2, subject, look.get(_TEXT))
            ws.write_string(at + offset, 3, field, look.get({**_TEXT, "text_wrap": False}))
        found[key] = f"{title}!{xl_range_abs(at, 3, at + len(fields) - 1, 3)}"
        at += len(fields)
    return {**found, "": f"{title}!{xl_range_abs(first, 3, at - 1, 3)}"}


def _altered(key: str, lang: str) -> Sequence[str]:
    """The columns of a subject that a change may name, as its sheet has them."""
    return [*_columns(key, lang), *([either(lang, *HAND_OVER)] if key == "targets" else ())]


def _columns(key: str, lang: str) -> Iterator[str]:
    for column in table_of(key).columns:
        if column.key in FIELDS[key]:
            yield column.header(lang)
