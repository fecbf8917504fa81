"""What each button does to the open workbook, and what it says afterwards in the planner's
language.

Every function takes an ``xw.Book`` and returns what is to be shown; problems of the workbook are
part of it, SalesplanError means that nothing could be done. Buttons that write files of their own,
or ask the person something, return the rest of their work: it may take as long as it takes. What a
button is called and says of itself stands in :mod:`buttons`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesplan import __version__, app
from salesplan.app.typed_cells import TypedPolicy
from salesplan.dataclass import replace
from salesplan.excel.button_message import (
    Rest,
    Said,
    edit_row,
    language,
    nothing_written,
    sentence,
    shown,
    standing,
    stored,
    with_findings,
)
from salesplan.excel.live import open_book, source, stamped
from salesplan.excel.timeouts import Patience
from salesplan.excel.use_cases import examined, recalculated
from salesplan.findings import Finding, SalesplanError, Severity
from salesplan.messages import severity
from salesplan.wording import Both, either

if TYPE_CHECKING:
    from collections.abc import Sequence

    from salesplan.fill import Edit
    from salesplan.plan.loader import Source

Wanted = Callable[[], bool]


def check(book: Any = None, wanted: Wanted = lambda: True) -> Said:
    """Everything that is wrong in the open workbook, worst first."""
    run = examined(book or open_book())
    return with_findings(run.loaded.lang, [""], run.findings)


def preview(book: Any = None, wanted: Wanted = lambda: True) -> Said:
    """Which cells recalculating would change, by sheet, the first of each from what to what; all of
    them on demand.
    """
    done = recalculated(book or open_book(), dry_run=True)
    changed, lang = done.changes, done.run.loaded.lang
    if not changed.edits:
        return with_findings(
            lang, [either(lang, "没有改动。", "Nothing would change.")], changed.findings
        )
    count = len(changed.edits)
    first = either(
        lang,
        f"{count} 格将会改变 (未写入):",
        f"{count} cells would change (nothing was written):",
    )
    lines = [first, *_by_sheet(changed.edits, lang)]
    more = [edit_row(edit, lang) for edit in changed.edits]
    return with_findings(lang, lines, changed.findings, more=more)


def recalc(book: Any = None, wanted: Wanted = lambda: True) -> Said | Rest:
    """Fill the engine columns of the open workbook. Where somebody typed into them, or targets of
    months that are over would change, the person is asked first.
    """
    return _tried(book or open_book(), TypedPolicy.ASK, False, wanted)


def _tried(book: Any, typed: TypedPolicy, past: bool, wanted: Wanted) -> Said | Rest:
    from salesplan.app.past_months import CODE
    from salesplan.fill.ownership import TYPED, UNKNOWN

    try:
        return _filled(book, recalculated(book, typed=typed, past=past, wanted=wanted))
    except SalesplanError as error:
        finding = error.finding
        if finding.code in (TYPED, UNKNOWN):
            return lambda: _asked(book, finding, _KEEP_TYPED, TypedPolicy.KEEP, past)
        if finding.code == CODE:
            return lambda: _asked(book, finding, _ALTER_PAST, typed, True)
        raise


def _filled(book: Any, done: app.Recalculated) -> Said:
    changed, lang, cells = done.changes, done.run.loaded.lang, len(done.changes.edits)
    if not cells:
        return with_findings(
            lang, [either(lang, "没有改动。", "Nothing to change.")], changed.findings
        )
    kept, sheets = stored(book, lang), len({edit.sheet for edit in changed.edits})
    line = either(
        lang,
        f"已填写 {cells} 格 ({sheets} 张表), {kept}。",
        f"{cells} cells filled on {sheets} sheets, {kept}.",
    )
    return with_findings(lang, [line, *standing(done.run, lang)], changed.findings)


_KEEP_TYPED = Both(
    "把这些数保留为手工值并重新计算? (选“否”不写入任何内容。)",
    "Keep these as manual values and recalculate? (No writes nothing.)",
)
_ALTER_PAST = Both(
    "仍要改动这些月份的目标? (选“否”不写入任何内容。)",
    "Alter the targets of these months? (No writes nothing.)",
)


def _asked(book: Any, finding: Finding, asked: Both[str], typed: TypedPolicy, past: bool) -> Said:
    """Filled as ``typed`` and ``past`` say, where the person says yes; else nothing is written."""
    from salesplan.excel.dialogs import Person

    lang = language(book)
    question = asked.of(lang)
    said = "\n".join(sentence(finding, lang)[:1])
    if not Person(book).tell(f"{said}\n\n{question}", book.name, "warning", question=True):
        return nothing_written(lang)
    patience = Patience()
    done = patience.run(lambda: _tried(book, typed, past, patience.wanted))
    return done if isinstance(done, Said) else done()


def undo(book: Any = None, wanted: Wanted = lambda: True) -> Said:
    """Give the workbook back what its cells held before the last filling."""
    from salesplan.excel.undo import undo as take_back

    book = book or open_book()
    lang = language(book)
    done = take_back(book, wanted)
    time = done.entry.local_time
    lines = [
        either(
            lang,
            f"已撤销 {done.entry.what} ({time}): {done.cells} 格恢复原状。",
            f"Undone: {done.entry.what} ({time}); {done.cells} cells are as before.",
        )
    ]
    lines += [
        either(
            lang,
            f"工作表“{sheet}”未撤销: {cell or sheet} 之后又被改动。",
            f"Sheet “{sheet}” was left alone: {cell or sheet} was changed since.",
        )
        for sheet, cell in done.left.items()
    ]
    if done.dropped:
        lines.append(
            either(
                lang,
                f"较新的 {done.dropped} 条撤销记录已不符合现在的内容, 已清除。",
                f"{done.dropped} later undo records no longer fitted and were dropped.",
            )
        )
    return Said(tuple(lines), lang)


def report(book: Any = None, wanted: Wanted = lambda: True) -> Rest:
    """Write the monthly report of the open workbook beside it; of one in a cloud beside its file on
    this computer.
    """
    return _reporting(book, app.Wanted())


def quarter(book: Any = None, wanted: Wanted = lambda: True) -> Rest:
    """Write the report of the quarter that holds the report month, where a month's goes."""
    return _reporting(book, app.Wanted(span="quarter"))


def page(book: Any = None, wanted: Wanted = lambda: True) -> Rest:
    """Write the monthly report and its first page as one file for a phone or a browser."""
    from salesplan.app.reports import Form

    return _reporting(book, app.Wanted(forms=(Form.PAGE,)))


def _reporting(book: Any, asked: app.Wanted) -> Rest:
    from salesplan.excel.outputs import folder_of

    book = book or open_book()
    opened = source(book)
    return lambda: _report(opened, replace(asked, folder=folder_of(book)))


def _report(opened: Source, asked: app.Wanted) -> Said:
    done = app.report(opened.path, asked, source=opened)
    lang = done.run.loaded.lang
    errors = [finding for finding in done.run.findings if severity(finding) is Severity.ERROR]
    files = [done.written, *done.forms.values()]
    made = [either(lang, f"已生成 {file}", f"Written: {file}") for file in files]
    lines = [*made, *standing(done.run, lang)]
    return with_findings(lang, lines, errors) if errors else Said(tuple(lines), lang)


def drafts(book: Any = None, wanted: Wanted = lambda: True) -> Rest:
    """Make every recipient's report of the open workbook beside it, and a mail draft for each;
    sends nothing.

    The reports are made anew, as the workbook stands: one that is open and unchanged gives the same
    bytes, and how many differ is said.
    """
    from salesplan.excel.outputs import folder_of

    book = book or open_book()
    opened = stamped(source(book))
    return lambda: _drafts(opened, folder_of(book))


def _drafts(opened: Source, folder: Path) -> Said:
    done = app.draft_each(folder / opened.path.name, source=opened)
    reports, manifest = done.reports, done.reports.manifest
    lang, place = reports.run.loaded.lang, reports.folder / app.DRAFTS
    domains = reports.run.loaded.plan.settings.mail_domains or ("—",)
    left = [
        Finding.of(one.reason, unit=one.unit or one.code, text=one.address, domains=domains)
        for one in (manifest.excluded if manifest else ())
    ]
    lines = [
        either(
            lang,
            f"已生成 {len(done.written)} 封草稿, 未发送: {place}",
            f"{len(done.written)} drafts written, nothing sent: {place}",
        )
    ]
    if reports.changed:
        lines.append(
            either(
                lang,
                f"报告按打开的工作簿重新生成, {reports.changed} 份与上次不同, 发送前请再看一遍。",
                f"The reports were made anew from the open workbook; {reports.changed} differ "
                "from the last ones. Look at them before you send.",
            )
        )
    errors = [
        *reports.leaks,
        *map(app.held_back, done.held),
        *(finding for finding in reports.run.findings if severity(finding) is Severity.ERROR),
    ]
    found = [*errors, *reports.notes, *left]
    return with_findings(lang, lines, found) if found else Said(tuple(lines), lang)


def help(book: Any = None, wanted: Wanted = lambda: True) -> Said:
    """What the sheet in front is for, and what the buttons do."""
    from salesplan.excel.buttons import BUTTONS as TABLE
    from salesplan.excel.info import about_sheet

    lang, about = "zh", list[str]()
    if book is not None:
        lang = language(book)
        about = about_sheet(book, lang)
    buttons = [f"{either(lang, one.zh, one.en)}: {either(lang, *one.says)}" for one in TABLE]
    first, *rest = [*about, f"salesplan {__version__}"] if about else [f"salesplan {__version__}"]
    lines = (first, *rest, *buttons)
    return Said(lines, lang)


BUTTONS: Mapping[str, Callable[..., Said | Rest]] = {
    "check": check,
    "preview": preview,
    "recalc": recalc,
    "undo": undo,
    "report": report,
    "quarter": quarter,
    "page": page,
    "drafts": drafts,
    "help": help,
}
"""What is done most; where the others are is said by the table of :mod:`buttons`."""

FREE = frozenset({"help", "selftest"})
"""Buttons that need no workbook."""


def press(name: str, book: Any = None, wanted: Wanted = lambda: True) -> Said | Rest:
    """Do what the button of that name does. Raises SalesplanError (exit 2) button-unknown."""
    if name in BUTTONS:
        return BUTTONS[name](book, wanted)
    from salesplan.excel.buttons import NAMES, ROOMS

    if name not in NAMES:
        raise SalesplanError(Finding.of("button-unknown", name=name, known=NAMES), 2)
    room = import_module(f"salesplan.excel.{ROOMS[name]}")
    function: Callable[..., Said | Rest] = getattr(room, f"{name}_button")
    return function(book, wanted)


def _by_sheet(edits: Sequence[Edit], lang: str) -> list[str]:
    """How many cells of each sheet change, and the first of them from what to what."""
    from salesplan.fill import by_sheet

    lines = []
    for sheet, group in by_sheet(edits).items():
        rows, first = len({edit.row for edit in group}), group[0]
        change = f"{shown(first.old, lang)} → {shown(first.new, lang)}"
        count = either(
            lang,
            f"{len(group)} 格, {rows} 行",
            f"{len(group)} cells, {rows} {'row' if rows == 1 else 'rows'}",
        )
        lines.append(f"  {sheet}: {count}  ({first.cell} {first.row} {first.column}: {change})")
    return lines
