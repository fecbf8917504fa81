"""The buttons of the meetings: the page of today's stand-up, and of this week's meeting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesplan import app
from salesplan.excel.button_message import Rest, Said
from salesplan.excel.live import source
from salesplan.excel.outputs import folder_of
from salesplan.wording import either

if TYPE_CHECKING:
    from salesplan.plan.loader import Source


def day_button(book: Any, wanted: Callable[[], bool] = lambda: True) -> Rest:
    """Write the page of today's stand-up beside the open workbook."""
    return _writing(book, app.Meeting.DAY)


def week_button(book: Any, wanted: Callable[[], bool] = lambda: True) -> Rest:
    """Write the page of this week's meeting beside the open workbook."""
    return _writing(book, app.Meeting.WEEK)


def _writing(book: Any, meeting: app.Meeting) -> Rest:
    opened = source(book)
    return lambda: _written(opened, meeting, folder_of(book))


def _written(opened: Source, meeting: app.Meeting, folder: Path) -> Said:
    done = app.meeting(opened.path, app.Occasion(meeting, folder=folder), source=opened)
    lang = done.run.loaded.lang
    files = [file for file in (done.book, done.page) if file is not None]
    lines = [either(lang, f"已生成 {file}", f"Written: {file}") for file in files]
    lines += done.messages
    lines.append(
        either(
            lang,
            "填好后用“收回填报表”收回。",
            "Once it is filled in, take it back with Collect.",
        )
    )
    return Said(tuple(lines), lang)
