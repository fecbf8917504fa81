"""What each button does to the open workbook, and what it says afterwards in the planner's language.

Every function takes an ``xw.Book`` (None: the active one) and returns what is to be shown; problems of the
workbook are part of it, SalesplanError means that nothing could be done. Buttons that write files of their own
return the rest of their work: it needs the spreadsheet program no more, and may take as long as it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesplan import __version__, app
from salesplan.excel.cases import examined, recalculated
from salesplan.excel.live import location, open_book, source, stamped
from salesplan.findings import Finding, SalesplanError, Severity
from salesplan.messages import SEVERITY_NAMES, fix, severity, show, text
from salesplan.plan.schema import SHEETS

if TYPE_CHECKING:
    from salesplan.fill import Edit
    from salesplan.plan.loader import Source

Wanted = Callable[[], bool]

MOST = 8
"""Findings, sheets or cells that one message lists; the rest is counted."""

TITLES = {"zh": "销售计划", "en": "Sales Plan"}
LABELS: Mapping[str, Mapping[str, str]] = {
    "check": {"zh": "检查", "en": "Check"},
    "preview": {"zh": "预览变更", "en": "Preview"},
    "recalc": {"zh": "重新计算", "en": "Recalculate"},
    "undo": {"zh": "撤销", "en": "Undo"},
    "report": {"zh": "生成月报", "en": "Monthly report"},
    "drafts": {"zh": "邮件草稿", "en": "Mail drafts"},
    "help": {"zh": "帮助", "en": "Help"},
}
_HELP: Mapping[str, Mapping[str, str]] = {
    "check": {"zh": "逐条列出问题, 不写入任何内容。", "en": "lists what is wrong; writes nothing."},
    "preview": {
        "zh": "列出重新计算会改动的单元格, 不写入。",
        "en": "lists the cells that recalculating would change; writes nothing.",
    },
    "recalc": {
        "zh": "填写打开的工作簿的计算列 (灰底斜体标题), 不保存文件。",
        "en": "fills the engine's columns (grey, italic headers) of the open workbook; does not save it.",
    },
    "undo": {
        "zh": "取回上一次填写之前的内容, 可连续使用。",
        "en": "gives back what stood there before the last filling; can be used again.",
    },
    "report": {
        "zh": "在工作簿旁边生成《月度执行分析报告》。",
        "en": "writes the monthly execution analysis workbook beside this one.",
    },
    "drafts": {
        "zh": "为每个收件人生成报告和带报告的邮件草稿, 不发送。",
        "en": "makes every recipient's report and a mail draft with it; sends nothing.",
    },
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a button says: its lines, in which language, and whether the workbook has errors."""

    lines: tuple[str, ...]
    lang: str
    failed: bool = False

    @property
    def title(self) -> str:
        return TITLES[self.lang]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def check(book: Any = None, wanted: Wanted = lambda: True) -> Said:
    """Everything that is wrong in the open workbook, worst first."""
    run = examined(book or open_book())
    return _said(run.loaded.lang, _findings(run.findings, run.loaded.lang), run.findings)


def preview(book: Any = None, wanted: Wanted = lambda: True) -> Said:
    """Which cells recalculating would change, by sheet, the first of them from what to what."""
    done = recalculated(book or open_book(), dry_run=True)
    changed, lang = done.changes, done.run.loaded.lang
    if not changed.edits:
        return _said(
            lang,
            [
                _words(lang, "没有改动。", "Nothing would change."),
                *_findings(changed.findings, lang),
            ],
            changed.findings,
        )
    lines = [
        _words(
            lang,
            f"{len(changed.edits)} 格将会改变 (未写入):",
            f"{len(changed.edits)} cells would change (nothing was written):",
        )
    ]
    lines += _by_sheet(changed.edits, lang)
    lines += [
        f"  {edit.sheet}!{edit.cell}  {edit.row}  {edit.column}: {_shown(edit.old, lang)} → {_shown(edit.new, lang)}"
        for edit in changed.edits[:MOST]
    ]
    return _said(lang, [*lines, *_findings(changed.findings, lang)], changed.findings)


def recalc(book: Any = None, wanted: Wanted = lambda: True) -> Said:
    """Fill the engine columns of the open workbook."""
    done = recalculated(book or open_book(), wanted=wanted)
    changed, lang, cells = done.changes, done.run.loaded.lang, len(done.changes.edits)
    lines = (
        [
            _words(lang, f"已填写 {cells} 格:", f"{cells} cells filled:"),
            *_by_sheet(changed.edits, lang),
        ]
        if cells
        else [_words(lang, "没有改动。", "Nothing to change.")]
    )
    return _said(lang, [*lines, *_findings(changed.findings, lang)], changed.findings)


def undo(book: Any = None, wanted: Wanted = lambda: True) -> Said:
    """Give the workbook back what its cells held before the last filling."""
    from salesplan.excel.writing import undo as take_back

    book = book or open_book()
    lang = _language(book)
    done = take_back(book, wanted)
    lines = [
        _words(
            lang,
            f"已撤销 {done.entry.what} ({done.entry.time}): {done.cells} 格恢复原状。",
            f"Undone: {done.entry.what} ({done.entry.time}); {done.cells} cells are as before.",
        )
    ]
    lines += [
        _words(
            lang,
            f"工作表“{sheet}”未撤销: {cell or sheet} 之后又被改动。",
            f"Sheet “{sheet}” was left alone: {cell or sheet} was changed since.",
        )
        for sheet, cell in done.left.items()
    ]
    return Said(tuple(lines), lang)


Rest = Callable[[], Said]
"""The work that is left when the workbook has been read."""


def report(book: Any = None, wanted: Wanted = lambda: True) -> Rest:
    """Write the monthly report of the open workbook beside it; of one in a cloud into the account's documents."""
    book = book or open_book()
    return partial(_report, source(book), _folder(book))


def _report(opened: Source, folder: Path) -> Said:
    done = app.report(opened.path, source=opened, folder=folder)
    lang = done.run.loaded.lang
    errors = [finding for finding in done.run.findings if severity(finding) is Severity.ERROR]
    return _said(
        lang,
        [
            _words(lang, f"已生成 {done.written}", f"Written: {done.written}"),
            *(_findings(errors, lang) if errors else ()),
        ],
        errors,
    )


def drafts(book: Any = None, wanted: Wanted = lambda: True) -> Rest:
    """Make every recipient's report of the open workbook beside it, and a mail draft for each; sends nothing.

    The reports are made anew, as the workbook stands: one that is open and unchanged gives the same bytes, and how many differ is said.
    """
    book = book or open_book()
    return partial(_drafts, stamped(source(book)), _folder(book))


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
        _words(
            lang,
            f"已生成 {len(done.written)} 封草稿, 未发送: {place}",
            f"{len(done.written)} drafts written, nothing sent: {place}",
        )
    ]
    if reports.changed:
        lines.append(
            _words(
                lang,
                f"报告按打开的工作簿重新生成, {reports.changed} 份与上次不同, 发送前请再看一遍。",
                f"The reports were made anew from the open workbook; {reports.changed} differ from the last ones. Look at them before you send.",
            )
        )
    errors = [
        *reports.leaks,
        *map(app.held_back, done.held),
        *(finding for finding in reports.run.findings if severity(finding) is Severity.ERROR),
    ]
    found = [*errors, *reports.notes, *left]
    return _said(lang, [*lines, *(_findings(found, lang) if found else ())], errors)


def help(book: Any = None, wanted: Wanted = lambda: True) -> Said:
    """What the buttons do."""
    try:
        lang = _language(book or open_book())
    except SalesplanError:
        lang = "zh"
    lines = [f"salesplan {__version__}"]
    lines += [f"{LABELS[name][lang]}: {words[lang]}" for name, words in _HELP.items()]
    return Said(tuple(lines), lang)


BUTTONS: Mapping[str, Callable[..., Said | Rest]] = {
    "check": check,
    "preview": preview,
    "recalc": recalc,
    "undo": undo,
    "report": report,
    "drafts": drafts,
    "help": help,
}
"""Every button by its name, as the add-in calls it."""


def press(name: str, book: Any = None, wanted: Wanted = lambda: True) -> Said | Rest:
    """Do what the button of that name does. Raises SalesplanError (exit 2) button-unknown."""
    if name not in BUTTONS:
        raise SalesplanError(Finding.of("button-unknown", name=name, known=tuple(BUTTONS)), 2)
    return BUTTONS[name](book, wanted)


def _said(lang: str, lines: Sequence[str], findings: Sequence[Finding]) -> Said:
    return Said(
        tuple(lines), lang, any(severity(finding) is Severity.ERROR for finding in findings)
    )


def _findings(findings: Sequence[Finding], lang: str) -> list[str]:
    """How many findings there are of each severity, and the worst of them with place and fix."""
    counts = [
        (level, sum(severity(finding) is level for finding in findings)) for level in Severity
    ]
    lines = ["  ".join(f"{SEVERITY_NAMES[level][lang]} {count}" for level, count in counts)]
    for finding in findings[:MOST]:
        lines.append(
            f"{SEVERITY_NAMES[severity(finding)][lang]}  {finding.place if finding.place.sheet else '—'}  {text(finding, lang)}"
        )
        if fix(finding, lang):
            lines.append(f"    → {fix(finding, lang)}")
    return [*lines, *_more(len(findings), lang)]


def _by_sheet(edits: Sequence[Edit], lang: str) -> list[str]:
    from salesplan.fill import by_sheet

    return [
        f"  {sheet}: "
        + _words(
            lang,
            f"{len(group)} 格, {len({edit.row for edit in group})} 行",
            f"{len(group)} cells in {len({edit.row for edit in group})} rows",
        )
        for sheet, group in by_sheet(edits).items()
    ]


def _more(count: int, lang: str) -> list[str]:
    rest = count - MOST
    return (
        [
            _words(
                lang,
                f"… 还有 {rest} 条, 见“检查结果”表。",
                f"… and {rest} more, see the sheet Checks.",
            )
        ]
        if rest > 0
        else []
    )


def _shown(value: object, lang: str) -> str:
    return "—" if value is None or value == "" else show(value, lang)


def _words(lang: str, zh: str, en: str) -> str:
    return zh if lang == "zh" else en


def _language(book: Any) -> str:
    """The language of most of the workbook's sheets that the schema knows."""
    names = {sheet.name for sheet in book.sheets}
    return (
        "zh"
        if sum(one.zh in names for one in SHEETS) >= sum(one.en in names for one in SHEETS)
        else "en"
    )


def _folder(book: Any) -> Path:
    place = location(book)
    if place is not None:
        return place.parent
    documents = Path.home() / "Documents"
    return documents if documents.is_dir() else Path.home()
