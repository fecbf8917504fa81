"""What is made of an open workbook: the folder it goes into, and opening it again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesplan import app
from salesplan.excel import cloud
from salesplan.excel.button_message import Rest, Said, language
from salesplan.excel.dialogs import Person
from salesplan.excel.hosts import refuse_unready
from salesplan.excel.live import location, native_name, open_book, path_of, source
from salesplan.excel.timeouts import Patience
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.wording import either

if TYPE_CHECKING:
    from salesplan.plan.loader import Source


def folder_of(book: Any) -> Path:
    """The folder for what is made of the workbook: where its file lies on this computer, else one
    that the person chose once.

    Raises SalesplanError (exit 2) live-no-folder where none is chosen.
    """
    place = location(book)
    if place is not None:
        return place.parent
    address = native_name(book)
    found = cloud.synchronised(address)
    if found is not None:
        return found.parent
    if (kept := cloud.chosen(address)) is not None:
        return kept
    lang = language(book)
    title = either(lang, "月报放在哪个文件夹?", "Which folder are the reports to go into?")
    given = Person(book).folder(title, Path.home())
    if given is None:
        raise SalesplanError(Finding.of("live-no-folder", Place(book.name), file=book.name), 2)
    cloud.choose(address, given)
    return given


def opened(name: Path | None) -> tuple[Source, Path]:
    """The open workbook as a source of a plan, and the folder for what is made of it; with
    patience.
    """
    book = Patience().run(lambda: open_book(name))
    refuse_unready(book)
    return Patience().run(lambda: source(book)), folder_of(book)


def last_button(book: Any, wanted: Callable[[], bool] = lambda: True) -> Rest:
    """Open the newest report of this workbook."""
    lang = language(book)

    def rest() -> Said:
        folder = folder_of(book)
        made = newest_report(folder, path_of(book).name)
        if made is None:
            raise SalesplanError(Finding.of("live-no-report", folder=str(folder)), 2)
        Patience().run(lambda: book.app.books.open(str(made)))
        return Said((either(lang, f"已打开 {made.name}", f"Opened {made.name}"),), lang)

    return rest


def newest_report(folder: Path, master: str) -> Path | None:
    """The report of that master that was written last, by what its cover says."""
    names = app.report_names()
    files = [
        path
        for path in folder.glob("*.xlsx")
        if _names_one(path, names) and not path.name.startswith(("~$", "."))
    ]
    for path in sorted(files, key=lambda one: one.stat().st_mtime, reverse=True):
        if app.master_of(path) == master:
            return path
    return None


def folder_button(book: Any, wanted: Callable[[], bool] = lambda: True) -> Rest:
    """Show the folder with the newest drafts."""
    lang = language(book)

    def rest() -> Said:
        found = newest_folder(folder_of(book), app.DRAFTS)
        if found is None:
            raise SalesplanError(Finding.of("live-no-drafts", folder=str(folder_of(book))), 2)
        _reveal(found / app.DRAFTS)
        return Said(
            (
                either(
                    lang, f"草稿在 {found / app.DRAFTS}", f"The drafts are in {found / app.DRAFTS}"
                ),
            ),
            lang,
        )

    return rest


def newest_folder(place: Path, inside: str) -> Path | None:
    """The folder of recipients' reports that was made last and holds something of that name."""
    names = app.report_names()
    found = [
        path for path in place.iterdir() if _names_one(path, names) and (path / inside).exists()
    ]
    return max(found, key=lambda one: (one / inside).stat().st_mtime, default=None)


def _reveal(folder: Path) -> None:
    """Open the folder in the system's own window, where it has one."""
    if sys.platform == "win32":
        os.startfile(folder)
        return
    program = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        subprocess.Popen(
            [program, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return  # the message says where it is


def _names_one(path: Path, names: Iterable[str]) -> bool:
    return any(name in path.name for name in names)
