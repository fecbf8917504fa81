"""What a planner does each month beside recalculating: look where a number comes from, go through
the findings, hand out and collect, import actuals, open what was made, send, look back. The open
workbook is read, and filled, as by the other buttons."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesplan import app
from salesplan.dataclass import replace
from salesplan.excel import cloud
from salesplan.excel.ask import Person
from salesplan.excel.cases import examined
from salesplan.excel.hosts import refuse_unready
from salesplan.excel.live import location, native_name, open_book, path_of, source
from salesplan.excel.patience import Patience
from salesplan.excel.said import Rest, Said, edit_row, language, sentence, with_findings, words
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.messages import show, text
from salesplan.plan.schema import SHEETS, Owner, table, tables_of
from salesplan.wording import listed
from salesplan.workbook.refs import Range, column_number, parse_cell

if TYPE_CHECKING:
    from salesplan.app import Run
    from salesplan.fill import Edit
    from salesplan.plan.loader import Loaded, Source
    from salesplan.workbook.read.tables import FoundTable

Wanted = Callable[[], bool]


# -- where it lies


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
    title = words(lang, "月报放在哪个文件夹?", "Which folder are the reports to go into?")
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


# -- the cell, and the findings


def explain_button(book: Any, wanted: Wanted = lambda: True) -> Said:
    """Where the number in the selected cell comes from, or what belongs into it; and what is wrong
    with it.
    """
    cell = _selected(book)
    sheet = book.sheets.active.name
    run = examined(book)
    lang = run.loaded.lang
    found = _table_at(run.loaded, sheet, cell)
    if found is None:
        line = words(
            lang,
            f"{sheet}!{cell} 不在主计划的任何一列里。",
            f"{sheet}!{cell} is in no column of the master.",
        )
        return Said((line, *_at(run, sheet, cell, lang)), lang)
    one, key = found
    column = table(one.key).column(key)
    engine = column.owner is Owner.ENGINE
    whose = words(
        lang,
        "计算列, 由引擎填写" if engine else "填报列, 由您填写",
        "engine column" if engine else "your own column",
    )
    first = f"{sheet}!{cell} {column.header(lang)} ({whose})"
    note = column.note(lang)
    lines = [first, *([note] if note else []), *_target(run, one, key, cell, lang)]
    return Said((*lines, *_at(run, sheet, cell, lang)), lang)


def _target(run: Run, found: FoundTable, key: str, cell: str, lang: str) -> Iterator[str]:
    """The steps that lead to a target, where the cell is one."""
    row = parse_cell(cell)[0]
    if found.key != "targets" or row not in found.row_numbers:
        return
    number = key.removeprefix("month")
    if not (key in ("base_year", "year", "parent") or (key != number and number.isdecimal())):
        return
    index = list(found.row_numbers).index(row)
    kpi, unit = (found.column(name)[index] for name in ("kpi", "unit"))
    months = run.loaded.plan.settings.months
    month = next((one for one in months if key != number and one.month == int(number)), None)
    if kpi is None or unit is None:
        return
    done = app.explained(run, str(unit), str(kpi), month)
    for depth, step in enumerate(done.steps):
        value = "—" if step.value is None else show(done.written(step.value), lang)
        yield f"{'  ' * depth}{step.unit.name} ({step.unit.code}): {value}"
        for reason in step.reasons:
            facts = {name: done.written(fact) for name, fact in reason.params.items()}
            yield f"{'  ' * depth}  = {text(Finding.of(reason.code, reason.place, **facts), lang)}"


def _table_at(loaded: Loaded, sheet: str, cell: str) -> tuple[FoundTable, str] | None:
    row, column = parse_cell(cell)
    for found in loaded.tables.values():
        if found.sheet == sheet and row >= found.header_row:
            for key, letters in found.columns.items():
                if column_number(letters) == column:
                    return found, key
    return None


def _at(run: Run, sheet: str, cell: str, lang: str) -> list[str]:
    here = [one for one in run.findings if (one.place.sheet, one.place.cell) == (sheet, cell)]
    return [line for one in here for line in sentence(one, lang)]


def next_button(book: Any, wanted: Wanted = lambda: True) -> Said:
    """Go to the next cell with a finding after the selected one, the worst first; from the last to
    the first.
    """
    run = examined(book)
    lang = run.loaded.lang
    names = {sheet.name for sheet in book.sheets}
    placed = [one for one in run.findings if one.place.sheet in names and one.place.cell]
    if not placed:
        return with_findings(lang, [""], run.findings)
    here = (book.sheets.active.name, _selected(book))
    stops = list(dict.fromkeys((one.place.sheet, one.place.cell) for one in placed))
    at = (stops.index(here) + 1) % len(stops) if here in stops else 0
    sheet, cell = stops[at]
    go_to(book, sheet, cell)
    lines = _at(run, sheet, cell, lang)
    return Said((f"{at + 1}/{len(stops)}  {lines[0]}", *lines[1:]), lang)


def go_to(book: Any, sheet: str, cell: str) -> None:
    """Bring the cell to the front and select it."""
    page = book.sheets[sheet]
    page.activate()
    page.range(cell.partition(":")[0]).select()


def _selected(book: Any) -> str:
    """The upper left cell of what is selected on the sheet in front."""
    if book.app.engine.name == "calc":
        area = book.app.selection
        return "A1" if area is None else _corner(area.address)
    return _corner(book.api.Windows(1).RangeSelection.Address)


def _corner(address: str) -> str:
    area = Range.parse(address.replace("$", "").partition(",")[0].rpartition("!")[2])
    return str(Range(area.top, area.left, area.top, area.left))


# -- handing out, taking back, importing


def handout_button(book: Any, wanted: Wanted = lambda: True) -> Rest:
    """Each manager's handout of the open workbook, into a folder beside it."""
    opened = source(book)

    def rest() -> Said:
        lang = language(book)
        name = f"{app.HANDOUT_NAMES.of(lang)}_{path_of(book).stem}"
        folder = folder_of(book) / name
        done = app.handout(opened.path, folder, source=opened)
        line = words(
            lang,
            f"已发放 {len(done.written)} 份填报表: {folder}",
            f"{len(done.written)} handouts written: {folder}",
        )
        return with_findings(lang, [line], done.findings) if done.findings else Said((line,), lang)

    return rest


def collect_button(book: Any, wanted: Wanted = lambda: True) -> Rest:
    """What came back, shown first, and filled into the open workbook when the person agrees."""
    lang = language(book)

    def rest() -> Said:
        person = Person(book)
        title = words(
            lang, "收回的填报表在哪个文件夹?", "Which folder are the returned handouts in?"
        )
        given = person.folder(title, folder_of(book))
        if given is None:
            return _nothing(lang)
        opened = Patience().run(lambda: source(book))
        done = app.collect(given, opened.path, opened=opened)
        said = with_findings(
            lang, [_would(len(done.edits), lang)], done.findings, more=_rows(done.edits, lang)
        )
        return _agreed(book, person, said, done.run.loaded, done.edits, f"collect {given.name}")

    return rest


def import_button(book: Any, wanted: Wanted = lambda: True) -> Rest:
    """The records of a CSV export by a mapping, shown first, and filled into the open workbook when
    the person agrees.
    """
    lang = language(book)

    def rest() -> Said:
        person, start = Person(book), folder_of(book)
        title = words(lang, "要导入的 CSV 文件", "The CSV file to import")
        given = person.file(title, start, ("csv", "txt"))
        if given is None:
            return _nothing(lang)
        mapping = given.with_name("map.toml")
        if not mapping.is_file():
            title = words(lang, "对照文件 (map.toml)", "The mapping (map.toml)")
            asked = person.file(title, given.parent, ("toml",))
            if asked is None:
                return _nothing(lang)
            mapping = asked
        opened = Patience().run(lambda: source(book))
        imported, loaded, edits = app.imported_edits(opened, given, mapping)
        said = with_findings(
            lang, [_would(len(edits), lang)], imported.findings, more=_rows(edits, lang)
        )
        return _agreed(book, person, said, loaded, edits, f"import {given.name}")

    return rest


def _agreed(
    book: Any, person: Person, said: Said, loaded: Loaded, edits: Sequence[Edit], what: str
) -> Said:
    """Fill the edits in when the person says yes; the workbook must still say what was read."""
    lang = said.lang
    if not edits:
        return replace(said, more=())
    question = words(lang, "填入打开的工作簿?", "Fill this into the open workbook?")
    if not person.tell(f"{said}\n\n{question}", book.name, question=True):
        return _nothing(lang)
    from salesplan.excel.writing import write

    patience = Patience()
    cells = patience.run(lambda: write(book, loaded, edits, what, patience.wanted))
    return Said(
        (words(lang, f"已填写 {cells} 格, 未保存。", f"{cells} cells filled, not saved."),), lang
    )


def _would(count: int, lang: str) -> str:
    return words(
        lang,
        f"{count} 格将会改变 (未写入)。",
        f"{count} cells would change (nothing was written yet).",
    )


def _rows(edits: Sequence[Edit], lang: str) -> list[tuple[str, ...]]:
    return [edit_row(edit, lang) for edit in edits[:2_000]]


def _nothing(lang: str) -> Said:
    return Said((words(lang, "没有写入任何内容。", "Nothing was written."),), lang)


# -- what was made


def last_button(book: Any, wanted: Wanted = lambda: True) -> Rest:
    """Open the newest report of this workbook."""
    lang = language(book)

    def rest() -> Said:
        folder = folder_of(book)
        made = newest_report(folder, path_of(book).name)
        if made is None:
            raise SalesplanError(Finding.of("live-no-report", folder=str(folder)), 2)
        Patience().run(lambda: book.app.books.open(str(made)))
        return Said((words(lang, f"已打开 {made.name}", f"Opened {made.name}"),), lang)

    return rest


def newest_report(folder: Path, master: str) -> Path | None:
    """The report of that master that was written last, by what its cover says."""
    names = (app.REPORT_NAMES.zh, app.REPORT_NAMES.en)
    files = [
        path
        for path in folder.glob("*.xlsx")
        if any(name in path.name for name in names) and not path.name.startswith(("~$", "."))
    ]
    for path in sorted(files, key=lambda one: one.stat().st_mtime, reverse=True):
        if app.master_of(path) == master:
            return path
    return None


def folder_button(book: Any, wanted: Wanted = lambda: True) -> Rest:
    """Show the folder with the newest drafts."""
    lang = language(book)

    def rest() -> Said:
        found = _newest_folder(folder_of(book), app.DRAFTS)
        if found is None:
            raise SalesplanError(Finding.of("live-no-drafts", folder=str(folder_of(book))), 2)
        _reveal(found / app.DRAFTS)
        return Said(
            (
                words(
                    lang, f"草稿在 {found / app.DRAFTS}", f"The drafts are in {found / app.DRAFTS}"
                ),
            ),
            lang,
        )

    return rest


def _newest_folder(place: Path, inside: str) -> Path | None:
    """The folder of recipients' reports that was made last and holds something of that name."""
    names = (app.REPORT_NAMES.zh, app.REPORT_NAMES.en)
    found = [
        path
        for path in place.iterdir()
        if any(name in path.name for name in names) and (path / inside).exists()
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


def send_button(book: Any, wanted: Wanted = lambda: True) -> Rest:
    """Who gets what, and, when the number of messages is typed, sending; as ``salesplan send
    --smtp`` does.
    """
    from salesplan.delivery.manifest import NAME

    lang = language(book)

    def rest() -> Said:
        place = folder_of(book)
        folder = _newest_folder(place, NAME)
        if folder is None:
            raise SalesplanError(Finding.of("live-no-drafts", folder=str(place)), 2)
        found = app.delivery(folder)
        due = found.to_send()
        listed = [
            f"  {one.recipient.person} <{one.address}>  {one.recipient.book.file}" for one in due
        ]
        first = words(
            lang,
            f"{folder.name}: 将发送 {len(due)} 封, 共 {len(found.items)} 个收件人。",
            f"{folder.name}: {len(due)} messages to send, of {len(found.items)} recipients.",
        )
        if not due:
            return Said((first,), lang)
        settings = app.mail_settings()
        settings.server()
        ask = words(lang, "键入封数以发送:", "Type the number of messages to send them:")
        shown = "\n".join([first, *listed[:12], *(["  …"] if len(listed) > 12 else []), "", ask])
        if Person(book).count(shown, book.name) != len(due):
            return Said((words(lang, "没有发送。", "Nothing was sent."),), lang)
        entries = app.send(found, settings)
        sent = sum(1 for one in entries if one.state.value == "sent")
        line = words(
            lang, f"已发送 {sent} 封, 共 {len(due)} 封。", f"{sent} of {len(due)} messages sent."
        )
        return Said((line,), lang, failed=sent != len(due))

    return rest


# -- looking back, and around


def history_button(book: Any, wanted: Wanted = lambda: True) -> Said:
    """What was filled in the open workbook, and who saved what into its file."""
    from salesplan.excel import journal

    lang = language(book)
    filled = [
        f"  {entry.local_time}  {entry.what}  "
        + words(lang, "(在打开的工作簿中填写)", "(filled in the open workbook)")
        for _, entry in journal.entries(native_name(book))
    ]
    place = location(book)
    saved = [] if place is None else [_saved(one, lang) for one in reversed(app.history(place))]
    lines = [*filled[:5], *saved[:8]]
    count = len(filled) + len(saved)
    first = words(lang, f"{count} 条记录。", f"{count} entries.")
    return Said((first, *lines), lang)


def _saved(entry: Any, lang: str) -> str:
    from datetime import datetime

    time = f"{datetime.fromisoformat(entry.time).astimezone():%Y-%m-%d %H:%M}"
    sheets = ", ".join(f"{sheet} {cells}" for sheet, cells in entry.sheets.items())
    return f"  {time}  {entry.who or '—'}  {entry.what}  ({sheets})"


def settings_button(book: Any, wanted: Wanted = lambda: True) -> Said:
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
            words(
                lang,
                "这张表是计划的设置; 填好后重新计算。",
                "This sheet holds the plan's settings; recalculate after a change.",
            ),
            words(
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
    lines = [words(lang, f"工作表“{name}”", f"Sheet “{name}”")]
    for schema in tables_of(one.key):
        note = schema.note(lang)
        lines += [note] if note else []
        needed = [column.header(lang) for column in schema.columns if column.required]
        if needed:
            joined = listed(needed, lang)
            lines.append(words(lang, f"必填: {joined}", f"Needed: {joined}"))
    return lines
