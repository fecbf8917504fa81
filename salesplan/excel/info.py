"""Looking back and around: what was done to the workbook, where its settings are, what a sheet is
for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salesplan import app
from salesplan.excel.button_message import Said, language
from salesplan.excel.live import location, native_name
from salesplan.excel.selected_cell import go_to
from salesplan.excel.use_cases import examined
from salesplan.plan.schema import SHEETS, tables_of
from salesplan.wording import clock, either, listed


def history_button(book: Any, wanted: Callable[[], bool] = lambda: True) -> Said:
    """What was filled in the open workbook, and who saved what into its file."""
    from salesplan.excel import journal

    lang = language(book)
    filled = [
        f"  {entry.local_time}  {entry.what}  "
        + either(lang, "(在打开的工作簿中填写)", "(filled in the open workbook)")
        for _, entry in journal.entries(native_name(book))
    ]
    place = location(book)
    saved = [] if place is None else [_saved(one, lang) for one in reversed(app.history(place))]
    lines = [*filled[:5], *saved[:8]]
    count = len(filled) + len(saved)
    first = either(lang, f"{count} 条记录。", f"{count} entries.")
    return Said((first, *lines), lang)


def _saved(entry: Any, lang: str) -> str:
    from datetime import datetime

    time = clock(datetime.fromisoformat(entry.time))
    sheets = ", ".join(f"{sheet} {cells}" for sheet, cells in entry.sheets.items())
    return f"  {time}  {entry.who or '—'}  {entry.what}  ({sheets})"


def settings_button(book: Any, wanted: Callable[[], bool] = lambda: True) -> Said:
    """Go to the sheet Settings; where the program's own settings are is said."""
    from salesplan.config import load

    run = examined(book)
    lang = run.loaded.lang
    found = run.loaded.tables.get("settings")
    if found is not None:
        go_to(book, found.sheet, f"{found.span[0]}{found.first_row}")
    known = load()
    return Said(
        (
            either(
                lang,
                "这张表是计划的设置; 填好后重新计算。",
                "This sheet holds the plan's settings; recalculate after a change.",
            ),
            either(
                lang,
                f"程序自己的设置 (邮件服务器、上限等): {known.path}",
                f"The program's own settings (mail server, limits): {known.path}",
            ),
        ),
        lang,
    )


def about_sheet(book: Any, lang: str) -> list[str]:
    """What the sheet in front is for, and its columns that have to be filled in."""
    name = book.sheets.active.name
    one = next((one for one in SHEETS if name in (one.zh, one.en, *one.aliases)), None)
    if one is None:
        return []
    lines = [either(lang, f"工作表“{name}”", f"Sheet “{name}”")]
    for schema in tables_of(one.key):
        note = schema.note(lang)
        lines += [note] if note else []
        needed = [column.header(lang) for column in schema.columns if column.required]
        if needed:
            joined = listed(needed, lang)
            lines.append(either(lang, f"必填: {joined}", f"Needed: {joined}"))
    return lines
