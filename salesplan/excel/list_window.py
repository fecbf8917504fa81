"""The whole list behind a message, in a new window of its own: nothing of it is written into the
planner's workbook.
"""

from __future__ import annotations

import re
from typing import Any

from salesplan.excel.blocks import as_text
from salesplan.excel.button_message import Said
from salesplan.excel.live import native_name

_PLACE = re.compile(r"(.+)!([A-Z]{1,3}\d+)")


def show(book: Any, said: Said) -> Any:
    """Open the list in a new window, each place as a link into ``book``; gives the new workbook. It
    asks for no saving when closed.
    """
    made = book.app.books.add()
    sheet = made.sheets[0]
    rows = [said.heads, *said.more]
    width = max(len(row) for row in rows)
    block = []
    for row in rows:
        block.append([*map(as_text, row), *[""] * (width - len(row))])
    for line, (place, *_) in zip(block[1:], said.more, strict=True):
        line[0] = link(book, place)
    sheet.range((1, 1), (len(block), width)).value = block
    for column, size in enumerate((22, 14, 70, 60)[:width], 1):
        sheet.range((1, column), (1, column)).column_width = size
    if made.app.engine.name == "calc":
        made.api.setModified(False)
    else:
        made.api.Saved = True
    return made


def link(book: Any, place: str) -> str:
    """A formula that jumps to the place in the workbook; the place as text where it is none."""
    found = _PLACE.fullmatch(place)
    if found is None:
        return as_text(place)
    sheet, cell = found[1].replace("'", "''"), found[2]
    if book.app.engine.name == "calc":
        target = f"{book.api.getURL()}#'{sheet}'.{cell}"
    else:
        target = f"[{native_name(book)}]'{sheet}'!{cell}"
    return '=HYPERLINK("{}","{}")'.format(target.replace('"', '""'), place.replace('"', '""'))
