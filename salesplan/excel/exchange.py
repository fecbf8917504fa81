"""What goes out to be filled in and comes back: handouts, their return, and the records of a CSV
export. What would change is shown first, and filled in when the person agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from salesplan import app
from salesplan.dataclass import replace
from salesplan.excel.button_message import (
    Rest,
    Said,
    edit_row,
    language,
    nothing_written,
    stored,
    with_findings,
)
from salesplan.excel.dialogs import Person
from salesplan.excel.live import path_of, source, stamped
from salesplan.excel.outputs import folder_of
from salesplan.excel.timeouts import Patience
from salesplan.wording import either, listed

if TYPE_CHECKING:
    from salesplan.fill import Edit
    from salesplan.plan.loader import Loaded


def handout_button(book: Any, wanted: Callable[[], bool] = lambda: True) -> Rest:
    """Each manager's handout of the open workbook, into a folder beside it; each helper's requests
    with a mail draft.
    """
    opened = stamped(source(book))

    def rest() -> Said:
        lang = language(book)
        name = f"{app.HANDOUT_NAMES.of(lang)}_{path_of(book).stem}"
        folder = folder_of(book) / name
        done = app.handout(opened.path, folder, source=opened)
        line = either(
            lang,
            f"已发放 {len(done.written)} 份填报表: {folder}",
            f"{len(done.written)} handouts written: {folder}",
        )
        lines = [line]
        lines += _requested(done.requests, lang)
        if done.findings:
            return with_findings(lang, lines, done.findings)
        return Said(tuple(lines), lang)

    return rest


def _requested(asked: app.Requested | None, lang: str) -> list[str]:
    """What helpers are asked, with a draft for each who has an address."""
    if asked is None or not asked.written:
        return []
    count, place, drafts = len(asked.written), asked.folder, 0
    if asked.manifest is not None:
        drafts = len(app.drafts(app.delivery(place)))
    said = [
        either(
            lang,
            f"协作请求 {count} 份, 邮件草稿 {drafts} 封, 未发送: {place}",
            f"{count} help requests and {drafts} mail drafts written, nothing sent: {place}",
        )
    ]
    if asked.without_address:
        names = listed(asked.without_address, lang)
        said.append(
            either(
                lang,
                f"没有可发的邮箱, 请自行转交: {names}",
                f"No address for mail, to be handed over: {names}",
            )
        )
    return said


def collect_button(
    book: Any, wanted: Callable[[], bool] = lambda: True, person: Person | None = None
) -> Rest:
    """What came back, shown first, and filled into the open workbook when the person agrees."""
    lang = language(book)

    def rest() -> Said:
        asked = person or Person(book)
        title = either(
            lang, "收回的填报表在哪个文件夹?", "Which folder are the returned handouts in?"
        )
        given = asked.folder(title, folder_of(book))
        if given is None:
            return nothing_written(lang)
        opened = Patience().run(lambda: source(book))
        done = app.collect(given, opened.path, opened=opened)
        said = with_findings(
            lang, [_would(len(done.edits), lang)], done.findings, more=_rows(done.edits, lang)
        )
        return _agreed(book, asked, said, done.run.loaded, done.edits, f"collect {given.name}")

    return rest


def import_button(
    book: Any, wanted: Callable[[], bool] = lambda: True, person: Person | None = None
) -> Rest:
    """The records of a CSV export by a mapping, shown first, and filled into the open workbook when
    the person agrees.
    """
    lang = language(book)

    def rest() -> Said:
        asked, start = person or Person(book), folder_of(book)
        title = either(lang, "要导入的 CSV 文件", "The CSV file to import")
        given = asked.file(title, start, ("csv", "txt"))
        if given is None:
            return nothing_written(lang)
        mapping = given.with_name("map.toml")
        if not mapping.is_file():
            title = either(lang, "对照文件 (map.toml)", "The mapping (map.toml)")
            chosen = asked.file(title, given.parent, ("toml",))
            if chosen is None:
                return nothing_written(lang)
            mapping = chosen
        opened = Patience().run(lambda: source(book))
        imported, loaded, edits = app.imported_edits(opened, given, mapping)
        said = with_findings(
            lang, [_would(len(edits), lang)], imported.findings, more=_rows(edits, lang)
        )
        return _agreed(book, asked, said, loaded, edits, f"import {given.name}")

    return rest


def _agreed(
    book: Any, person: Person, said: Said, loaded: Loaded, edits: Sequence[Edit], what: str
) -> Said:
    """Fill the edits in when the person says yes; the workbook must still say what was read."""
    lang = said.lang
    if not edits:
        return replace(said, more=())
    question = either(lang, "填入打开的工作簿?", "Fill this into the open workbook?")
    if not person.tell(f"{said}\n\n{question}", book.name, question=True):
        return nothing_written(lang)
    from salesplan.excel.writing import write

    patience = Patience()
    cells = patience.run(lambda: write(book, loaded, edits, what, patience.wanted))
    kept = stored(book, lang)
    return Said(
        (either(lang, f"已填写 {cells} 格, {kept}。", f"{cells} cells filled, {kept}."),), lang
    )


def _would(count: int, lang: str) -> str:
    return either(
        lang,
        f"{count} 格将会改变 (未写入)。",
        f"{count} cells would change (nothing was written yet).",
    )


def _rows(edits: Sequence[Edit], lang: str) -> list[tuple[str, ...]]:
    return [edit_row(edit, lang) for edit in edits[:2_000]]
