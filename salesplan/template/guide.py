"""The first sheet: what is where, when it is filled in, and how to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from salesplan.plan.schema import SHEETS, Sheet, table
from salesplan.template import styles
from salesplan.template import words as w
from salesplan.template.layout import row_height
from salesplan.template.rules import EXTRA_LISTS
from salesplan.template.styles import Styles
from salesplan.wording import Both, either
from salesplan.workbook import palette

_TEXT: styles.Properties = {"font_color": styles.INK, "valign": "vcenter", "text_wrap": True}
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
_LINK: styles.Properties = {
    "bold": True,
    "font_color": palette.DEEP,
    "underline": 1,
    "valign": "vcenter",
}
_LINED: styles.Properties = {"bottom": 1, "bottom_color": styles.LINE}
WIDTHS = Both((3, 16, 20, 12, 100), (3, 18, 32, 16, 112))


def write_guide(
    workbook: Any, look: Styles, lang: str, sheets: Sequence[Sheet], example: bool
) -> Mapping[tuple[str, str], str]:
    """Add the first sheet to the workbook. Returns where it holds the usual values of a table's
    column, by both keys.
    """
    ws = workbook.add_worksheet(w.GUIDE_SHEET.of(lang))
    for column, width in enumerate(WIDTHS.of(lang)):
        ws.set_column(column, column, width)
    ws.set_row(1, 34)
    ws.write_string(1, 1, w.GUIDE_TITLE.of(lang), look.get(styles.TITLE, font_size=20))
    ws.write_string(2, 1, w.GUIDE_LEAD.of(lang), look.get(styles.HELP))
    if example:
        ws.write_string(3, 1, w.GUIDE_SAMPLE.of(lang), look.get(styles.HELP, italic=True))
    rules = w.GUIDE_RULES if len(sheets) == len(SHEETS) else (*w.GUIDE_RULES, w.GUIDE_MORE)
    row = _lines(
        ws,
        5,
        w.GUIDE_RULES_TITLE.of(lang),
        [f"{n}.  {line.of(lang)}" for n, line in enumerate(rules, 1)],
        look,
    )
    row = _lines(
        ws,
        row + 1,
        w.GUIDE_RHYTHM_TITLE.of(lang),
        [f"·  {line.of(lang)}" for line in w.GUIDE_RHYTHM],
        look,
    )
    row = _sheets(ws, row + 1, lang, sheets, look)
    listed = any(one.key == "budget" for one in sheets)
    usual = _usual(ws, row + 1, lang, look) if listed else {}
    ws.hide_gridlines(2)
    ws.set_tab_color(palette.GOLD)
    ws.set_landscape()
    ws.set_paper(9)
    ws.fit_to_pages(1, 1)
    ws.set_footer(f"&R&8{w.PAGE.of(lang)}")
    ws.activate()
    return usual


def _lines(ws: Any, row: int, title: str, lines: list[str], look: Styles) -> int:
    ws.set_row(row, 22)
    ws.write_string(row, 1, title, look.get(_SECTION))
    for offset, line in enumerate(lines, 1):
        ws.set_row(row + offset, 18)
        ws.write_string(row + offset, 1, line, look.get({**_TEXT, "text_wrap": False}))
    return row + len(lines) + 1


def _sheets(ws: Any, row: int, lang: str, sheets: Sequence[Sheet], look: Styles) -> int:
    ws.set_row(row, 22)
    for column, head in enumerate(w.GUIDE_HEADS, 1):
        ws.write_string(row, column, head.of(lang), look.get(_HEAD))
    for offset, sheet in enumerate(sheets, 1):
        said = w.SHEETS[sheet.key]
        title = sheet.title(lang)
        ws.set_row(row + offset, row_height([(said.purpose.of(lang), WIDTHS.of(lang)[4])]) or 18)
        step = look.get(
            {**_TEXT, **_LINED, "font_color": styles.STEP_COLOURS[said.step], "bold": True}
        )
        ws.write_url(
            row + offset, 1, f"internal:'{title}'!A1", look.get({**_LINK, **_LINED}), title
        )
        ws.write_string(row + offset, 2, w.STEPS[said.step].of(lang), step)
        ws.write_string(row + offset, 3, said.when.of(lang), look.get({**_TEXT, **_LINED}))
        ws.write_string(row + offset, 4, said.purpose.of(lang), look.get({**_TEXT, **_LINED}))
    return row + len(sheets) + 1


def _usual(ws: Any, row: int, lang: str, look: Styles) -> Mapping[tuple[str, str], str]:
    """Values that are usual where a list's own sheet has none yet, a column for each list."""
    from xlsxwriter.utility import quote_sheetname, xl_range_abs

    title = quote_sheetname(w.GUIDE_SHEET.of(lang))
    ws.set_row(row, 22)
    ws.write_string(row, 1, w.GUIDE_USUAL_TITLE.of(lang), look.get(_SECTION))
    ws.set_row(row + 1, 22)
    found: dict[tuple[str, str], str] = {}
    kept = [key for key in EXTRA_LISTS.values() if key[0] in w.GUIDE_USUAL]
    for column, key in enumerate(kept, 1):
        names = [either(lang, *pair) for pair in table(key[0]).column(key[1]).suggest]
        ws.write_string(row + 1, column, w.GUIDE_USUAL[key[0]].of(lang), look.get(_HEAD))
        for offset, name in enumerate(names, 2):
            ws.write_string(row + offset, column, name, look.get({**_TEXT, **_LINED}))
        found[key] = f"{title}!{xl_range_abs(row + 2, column, row + 1 + len(names), column)}"
    return found
