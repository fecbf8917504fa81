"""A handout as a workbook: white cells to fill in, everything else protected, keys and bases
hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from salesplan.dataclass import replace
from salesplan.handout.form import (
    KIND,
    SHOWN,
    STAMP_SHEET,
    TITLES,
    WHERE_ANY,
    Handout,
    Line,
    inputs,
    stamped,
)
from salesplan.plan.forms import BASE_HEADER, KEY_HEADER, base_text
from salesplan.plan.schema import CHOICES, Column, Kind, label
from salesplan.wording import Both, either
from salesplan.workbook.save.destination import BLANK, PROPERTY
from salesplan.workbook.save.guards import close_book
from salesplan.workbook.verbatim import sheet_class

HEADER_ROW = 3
INPUT_FORMATS = {
    Kind.PERCENT: "0%",
    Kind.DATE: "yyyy-mm-dd",
    Kind.NUMBER: "#,##0.00",
    Kind.AMOUNT: "#,##0.00",
    Kind.TEXT: "@",
    Kind.CODE: "@",
}
"""Number formats of cells to be filled in."""
_INK, _HEAD, _INPUT, _LINE = "#1F2A44", "#E8EDF4", "#FFFDF3", "#C9D3DF"
_CLOSED = "#EEF1F5"


_NOTE = Both(
    "只填浅黄色单元格; 没有变化的留着不动。填好后保存, 把文件发回。",
    "Fill in the light yellow cells only; leave what has not changed. Save the file and send "
    "it back.",
)
_NOTES = {
    "replies": Both(
        "下列任务请“{name}”支持: 谁提出、哪天要用、何时前答复, 见各行。"
        "只填浅黄色单元格 (同意、有条件同意、不同意, 承诺日, 说明), 保存后把文件发回。",
        "These tasks ask “{name}” for help; each line says who asks, when it is needed and by when "
        "to answer. Fill in the light yellow cells only (yes, with conditions or no; the day "
        "promised; a remark), save the file and send it back.",
    )
}
"""What stands below the title, by what is asked for."""


def write_handout(handout: Handout, path: Path) -> None:
    """Write the workbook to ``path``; equal handouts give equal bytes. OSError if that cannot
    be.
    """
    from xlsxwriter import Workbook

    options = {
        "default_format_properties": {"font_name": "Microsoft YaHei", "font_size": 10},
        "strings_to_urls": False,
        "strings_to_formulas": False,
        "use_zip64": False,
    }
    book = Workbook(str(path), options)
    book.worksheet_class = sheet_class()
    first = handout.month.first
    book.set_properties(
        {
            "title": _title(handout),
            "author": "salesplan",
            "created": datetime(first.year, first.month, 1),
        }
    )
    book.set_custom_property(PROPERTY, BLANK, "text")
    for key, lines in handout.lines.items():
        if lines:
            _sheet(book, handout, key, lines)
    _stamp(book, handout)
    close_book(book)


def _title(handout: Handout) -> str:
    what = either(handout.lang, "填报", "to be filled in")
    return f"{handout.name} · {handout.month} {what}"


def _sheet(book: Any, handout: Handout, key: str, lines: tuple[Line, ...]) -> None:
    title = either(handout.lang, *TITLES[key])
    sheet = book.add_worksheet(title)
    columns = inputs(key)
    kept = [at for at in range(len(SHOWN[key])) if _says(key, lines, at)]
    shown = [SHOWN[key][at] for at in kept]
    lines = tuple(_with_shown(one, kept) for one in lines)
    head = book.add_format(
        {
            "bold": True,
            "bg_color": _HEAD,
            "font_color": _INK,
            "text_wrap": True,
            "valign": "vcenter",
            "border": 1,
            "border_color": _LINE,
        }
    )
    sheet.write_string(
        0,
        0,
        f"{title} · {_title(handout)}",
        book.add_format({"bold": True, "font_size": 14, "font_color": _INK}),
    )
    note = _NOTES.get(key, _NOTE).of(handout.lang).format(name=handout.name)
    sheet.write_string(1, 0, note, book.add_format({"font_color": "#5B6577"}))
    headers = (
        [either(handout.lang, *pair) for pair in shown]
        + [column.header(handout.lang) for column in columns]
        + [KEY_HEADER, BASE_HEADER]
    )
    for offset, header in enumerate(headers):
        sheet.write_string(HEADER_ROW, offset, header, head)
    for index, line in enumerate(lines, HEADER_ROW + 1):
        _line(book, sheet, index, _in_words(line, handout.lang), columns)
    for offset, column in enumerate(columns, len(shown)):
        rule = rule_of(column, handout.lang, handout.people)
        if rule:
            sheet.data_validation(HEADER_ROW + 1, offset, HEADER_ROW + len(lines), offset, rule)
        wanted = any(column.key not in line.closed for line in lines)
        hidden = {} if wanted else {"hidden": True}
        sheet.set_column(offset, offset, _input_width(column), None, hidden)
    _layout(sheet, len(shown), len(headers), len(lines))


def _in_words(line: Line, lang: str) -> Line:
    """The line with the names of choices; what it is compared with later stays as it is."""
    named = tuple(label(one, lang) if isinstance(one, Enum) else one for one in line.values)
    return replace(line, values=named, base=line.base or base_text(line.key, line.values))


def _with_shown(line: Line, kept: Sequence[int]) -> Line:
    return replace(line, shown=tuple(line.shown[at] for at in kept))


def _says(key: str, lines: tuple[Line, ...], at: int) -> bool:
    """Whether a column of what is shown is wanted: most always are."""
    return at not in WHERE_ANY.get(key, ()) or any(line.shown[at] for line in lines)


def _layout(sheet: Any, shown: int, width: int, count: int) -> None:
    for offset in range(shown):
        sheet.set_column(offset, offset, _width(offset))
    sheet.set_column(width - 2, width - 1, None, None, {"hidden": True})
    sheet.freeze_panes(HEADER_ROW + 1, min(shown, 2))
    sheet.set_row(HEADER_ROW, 32)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.print_area(0, 0, HEADER_ROW + count, width - 3)
    sheet.protect(
        "",
        {
            "format_columns": True,
            "format_rows": True,
            "select_locked_cells": True,
            "select_unlocked_cells": True,
        },
    )


def _line(book: Any, sheet: Any, row: int, line: Line, columns: tuple[Column, ...]) -> None:
    cell = {"border": 1, "border_color": _LINE, "valign": "vcenter", "text_wrap": True}
    for offset, value in enumerate(line.shown):
        look = {**cell, "align": "center"} if isinstance(value, date) else cell
        _put(sheet, row, offset, value, _format(book, look, _shown_format(value)))
    for offset, (column, value) in enumerate(
        zip(columns, line.values, strict=True), len(line.shown)
    ):
        _put(
            sheet,
            row,
            offset,
            value,
            _format(
                book,
                {**cell, "bg_color": _CLOSED}
                if column.key in line.closed
                else {**cell, "bg_color": _INPUT, "locked": False},
                INPUT_FORMATS.get(column.kind, "General"),
            ),
        )
    widths = [_width(offset) for offset in range(len(line.shown))] + [
        _input_width(column) for column in columns
    ]
    sheet.set_row(
        row,
        4
        + 15
        * max(
            _lines(value, width)
            for value, width in zip((*line.shown, *line.values), widths, strict=True)
        ),
    )
    last = len(line.shown) + len(columns)
    sheet.write_string(row, last, line.key)
    sheet.write_string(row, last + 1, line.base)


def _width(offset: int) -> int:
    """Columns that are read: the second one says what the line is about."""
    return 32 if offset == 1 else 14


def _input_width(column: Column) -> int:
    return max(column.width, 14)


def _lines(value: object, width: int) -> int:
    """How many lines a text takes; a Chinese character is as wide as two digits."""
    if not isinstance(value, str):
        return 1
    return max(1, -(-sum(2 if ord(char) > 0x2E7F else 1 for char in value) // (width - 2)))


def _format(book: Any, properties: dict[str, object], number_format: str) -> Any:
    known: dict[object, Any] = book.__dict__.setdefault("salesplan_formats", {})
    key = (tuple(sorted(properties.items())), number_format)
    if key not in known:
        known[key] = book.add_format({**properties, "num_format": number_format})
    return known[key]


def _shown_format(value: object) -> str:
    if isinstance(value, date):
        return "yyyy-mm-dd"
    return "#,##0.######" if isinstance(value, Decimal) else "@"


def _put(sheet: Any, row: int, column: int, value: object, form: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), form)
    elif isinstance(value, (Decimal, int)):
        sheet.write_number(row, column, float(value), form)
    else:
        sheet.write_string(row, column, str(value), form)


def rule_of(column: Column, lang: str, people: Sequence[str]) -> dict[str, object] | None:
    """What helps while typing; a list suggests, a number or a date is asked for with a warning."""
    warning = {
        "error_type": "warning",
        "error_title": either(lang, "请核对", "Please check"),
        "error_message": either(lang, "这里应是数字或日期。", "A number or a date belongs here."),
    }
    if column.choices is not None:
        return {
            "validate": "list",
            "source": [label(one, lang) for one in CHOICES[column.choices]],
            **warning,
            "error_message": either(lang, "请从列表中选择。", "Choose from the list."),
        }
    if column.suggest:
        return {
            "validate": "list",
            "source": [either(lang, *pair) for pair in column.suggest],
            "error_type": "information",
        }
    if column.key == "owner" and people and len(",".join(people)) < 250:
        return {"validate": "list", "source": list(people), "error_type": "information"}
    if column.kind is Kind.FLAG:
        return {"validate": "list", "source": list(either(lang, ("是", "否"), ("Yes", "No")))}
    if column.kind is Kind.PERCENT:
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 5, **warning}
    if column.kind in (Kind.NUMBER, Kind.AMOUNT):
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -1e12,
            "maximum": 1e12,
            **warning,
        }
    if column.kind is Kind.DATE:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": datetime(1990, 1, 1),
            "maximum": datetime(2199, 12, 31),
            **warning,
        }
    return None


def _stamp(book: Any, handout: Handout) -> None:
    """Whose handout it is, of which month and master, and every key that was handed out."""
    one = handout
    rows = stamped(KIND, one.month, one.unit, one.master, one.sha256, one.company)
    write_stamp(book.add_worksheet(STAMP_SHEET), rows, handout.lines)


def write_stamp(
    sheet: Any, facts: Sequence[tuple[str, str]], lines: Mapping[str, Sequence[Line]]
) -> None:
    """Fill the hidden sheet: the facts, then every key that was handed out, by table."""
    rows = list(facts)
    for key, ones in lines.items():
        rows += [(f"key:{key}", line.key) for line in ones]
    for row, (name, value) in enumerate(rows):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    sheet.protect()
    sheet.very_hidden()
