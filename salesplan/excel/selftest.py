"""The self-test: inside the real program, on a sample in a window of its own, every step of the
checklist that code can take.

What is found is written into one file, with versions and times, and nothing of the person's: no
path, no name, no cell.
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from salesplan import __version__, app
from salesplan.dataclass import dataclass, field
from salesplan.excel import exchange as exchanging
from salesplan.excel import (
    hosts,
    identity,
    journal,
    live,
    outputs,
    ribbon,
    selected_cell,
    sending,
    use_cases,
)
from salesplan.excel import month_end as closing
from salesplan.excel import undo as undoing
from salesplan.excel.button_message import Rest, Said
from salesplan.excel.buttons import NAMES
from salesplan.findings import SalesplanError
from salesplan.plan.loader import Loaded, load_from
from salesplan.plan.model import KpiKind, Level
from salesplan.wording import either
from salesplan.workbook.memory import SHEET as MEMORY

Cells = Mapping[tuple[str, int, int], object]


class StepError(Exception):
    """A step is not as it should be; the message says what was seen, in English."""


@dataclass
class Bench:
    """What the steps share: the program, the sample in its window, and a folder that is gone
    afterwards.
    """

    book: Any
    folder: Path
    path: Path
    notes: dict[str, object] = field(default_factory=dict)

    def loaded(self) -> Loaded:
        """The sample as its window says, read and not computed."""
        return load_from(live.source(self.book))

    @cached_property
    def target(self) -> Any:
        """The cell of the company's target of the first KPI."""
        found = self.loaded().tables["kpis"]
        return self.book.sheets[found.sheet].range(f"{found.columns['target']}{found.first_row}")

    def cells(self) -> Cells:
        """Every value of the sample's sheets, but our own memory."""
        found: dict[tuple[str, int, int], object] = {}
        for sheet in self.book.sheets:
            if sheet.name == MEMORY:
                continue
            page = live.grid(sheet, "")
            for r, row in enumerate(page.rows, page.first_row):
                found |= {(sheet.name, r, c): v for c, v in enumerate(row, 1) if v is not None}
        return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step: its name, whether it passed, what was seen where it did not, and how long it
    took.
    """

    step: str
    passed: bool
    seen: str
    seconds: float


def read(bench: Bench) -> None:
    """The sample in the window says what its file says."""
    opened, closed = app.check(bench.path, source=live.source(bench.book)), app.check(bench.path)
    _same(len(opened.findings), len(closed.findings), "findings")
    _same(opened.loaded.plan.units, closed.loaded.plan.units, "units")


def buttons(bench: Bench) -> None:
    """Every button answers."""
    for name in ("check", "preview", "explain", "next", "history", "settings", "help"):
        said = ribbon.press(name, bench.book)
        if not isinstance(said, Said) or not str(said).strip():
            raise StepError(f"{name} says nothing")
    _same(set(NAMES) - {"selftest"}, {n for n in NAMES if n != "selftest"}, "buttons")


def fill(bench: Bench) -> None:
    """An unsaved edit counts, and every filled cell is that of the file door."""
    bench.target.value = 2_000
    start = time.perf_counter()
    done = use_cases.recalculated(bench.book, past=True)
    bench.notes["fill_seconds"] = round(time.perf_counter() - start, 2)
    if not done.changes.edits:
        raise StepError("nothing was filled")
    other = app.check(bench.path, source=live.source(bench.book))
    _same(app.fill(other).edits, (), "cells that differ from what is computed anew")
    first = other.loaded.tables["targets"].column("year")[0]
    _same(first, 2_000, "the company's target")


def undo(bench: Bench) -> None:
    """Undo gives every cell back."""
    before = bench.cells()
    undoing.undo(bench.book)
    use_cases.recalculated(bench.book, past=True)
    _same(bench.cells(), before, "cells after filling again")
    undoing.undo(bench.book)
    left = app.fill(app.check(bench.path, source=live.source(bench.book))).edits
    if not left:
        raise StepError("undo took nothing back")
    bench.target.value = 1_900


def manners(bench: Bench) -> None:
    """Selection, sheet in front, calculation and the person's undo list stay as they are."""
    bench.book.sheets["组织"].activate()
    bench.book.sheets["组织"].range("C7:D9").select()
    before = _seen(bench)
    use_cases.recalculated(bench.book, past=True)
    _same(_seen(bench), before, "what the person had set")
    undoing.undo(bench.book)


def hidden(bench: Bench) -> None:
    """Rows that a filter hides stay hidden, and are filled."""
    sheet = bench.book.sheets["组织"]
    _hide(sheet, 8, True)
    try:
        use_cases.recalculated(bench.book, past=True)
        _same(_is_hidden(sheet, 8), True, "a hidden row")
        found = bench.loaded().tables["units"]
        if sheet.range(f"{found.columns['presence']}8").value is None:
            raise StepError("a hidden row was not filled")
    finally:
        _hide(sheet, 8, False)
        undoing.undo(bench.book)


def protected(bench: Bench) -> None:
    """A sheet that is protected without a password is filled, and protected afterwards."""
    sheet = bench.book.sheets["组织"]
    _protect(sheet, "")
    use_cases.recalculated(bench.book, past=True)
    _same(hosts.is_protected(sheet), True, "protection")
    undoing.undo(bench.book)
    _unprotect(sheet, "")


def locked(bench: Bench) -> None:
    """A password is respected: nothing is written."""
    sheet, before = bench.book.sheets["组织"], bench.cells()
    _protect(sheet, "geheim")
    try:
        _refused(lambda: use_cases.recalculated(bench.book, past=True), "sheet-protected")
        _same(bench.cells(), before, "cells")
    finally:
        _unprotect(sheet, "geheim")


def meanwhile(bench: Bench) -> None:
    """An input that changes while Python works counts; no figure of the old one stays."""
    typed = [3_000]

    def wanted() -> bool:
        if typed:
            bench.target.value = typed.pop()
        return True

    use_cases.recalculated(bench.book, past=True, wanted=wanted)
    _same(bench.loaded().tables["targets"].column("year")[0], 3_000, "the company's target")
    undoing.undo(bench.book)
    bench.target.value = 1_900


def foreign(bench: Bench) -> None:
    """Another workbook comes to the front meanwhile: it is left alone, and the one pressed in is
    filled.
    """
    which = identity.of(bench.book)
    other = bench.book.app.books.add()
    try:
        other.sheets[0].range("A1").value = "not ours"
        found = which.found(calc=hosts.is_calc(bench.book))
        _same(live.native_name(found), live.native_name(bench.book), "the workbook that is meant")
        use_cases.recalculated(found)
        _same(live.grid(other.sheets[0], "").rows, [["not ours"]], "the other workbook")
        undoing.undo(bench.book)
    finally:
        _close(other)


def report(bench: Bench) -> None:
    """A report is written beside the sample; in front, it is no master."""
    _finished(ribbon.report(bench.book))
    report = outputs.newest_report(bench.folder, bench.path.name)
    if report is None:
        raise StepError("no report was written")
    opened = bench.book.app.books.open(str(report))
    try:
        shown = live.books_open(calc=hosts.is_calc(bench.book))
        book = next(one for one in shown if one.name == report.name)
        _refused(lambda: use_cases.recalculated(book), "is-a-report")
    finally:
        _close(opened)


def drafts(bench: Bench) -> None:
    """Drafts are written, and nothing is sent."""
    _finished(ribbon.drafts(bench.book))
    if not list(bench.folder.rglob("*.eml")):
        raise StepError("no draft was written")


def exchange(bench: Bench) -> None:
    """Handouts are written, and read again; the meetings' pages are written; the report and the
    drafts' folder are found; nothing is sent without the number.
    """
    _finished(ribbon.press("handout", bench.book))
    folder = next((one for one in bench.folder.iterdir() if "填报" in one.name), None)
    if folder is None or not list(folder.glob("*.xlsx")):
        raise StepError("no handout was written")
    person: Any = _Agreeing(folder)
    said = exchanging.collect_button(bench.book, person=person)()
    _same(person.asked, 1, "questions for a folder")
    if said.failed:
        raise StepError("handouts as they went out are refused")
    for meeting in ("day", "week"):
        _finished(ribbon.press(meeting, bench.book))
    if len(list(bench.folder.glob("*.html"))) != 2:
        raise StepError("the pages of the meetings are not written")
    if outputs.newest_folder(bench.folder, app.DRAFTS) is None:
        raise StepError("the drafts' folder is not found")
    before = len(live.books_open(calc=hosts.is_calc(bench.book)))
    _finished(ribbon.press("last", bench.book))
    shown = live.books_open(calc=hosts.is_calc(bench.book))
    _same(len(shown), before + 1, "open workbooks")
    _close(next(one for one in shown if "月度执行分析报告" in one.name))
    with suppress(SalesplanError):  # no mail server is set up
        sent = sending.send_button(bench.book, person=person)()
        _same(sent.quiet or "0" in sent.lines[0], True, "that nothing is sent")


def imported(bench: Bench) -> None:
    """A record of a CSV export is filled in, and not a second time."""
    run = app.check(bench.path, source=live.source(bench.book))
    month, rows = run.results.month, len(run.loaded.plan.actuals)
    unit = next(one.code for one in run.plan.units if one.level is Level.PERSON)
    kpi = next(one.code for one in run.plan.kpis if one.kind is KpiKind.FLOW)
    file = bench.folder / "export.csv"
    file.write_text(f"id,day,unit,value\nZ-1,{month}-02,{unit},3\n", "utf-8")
    file.with_name("map.toml").write_text(_MAPPING.format(kpi=kpi), "utf-8")
    for turn in ("once", "again"):
        person: Any = _Agreeing(bench.folder, file)
        said = exchanging.import_button(bench.book, person=person)()
        if said.failed:
            raise StepError("the record is refused")
        _same(len(bench.loaded().plan.actuals), rows + 1, f"actuals, imported {turn}")
    undoing.undo(bench.book)


_MAPPING = """
key = "id"
[columns]
day = "day"
unit = "unit"
[[rule]]
kpi = "{kpi}"
value = "value"
"""


def month_end(bench: Bench) -> None:
    """The months up to the report's are closed, opened again, and every cell is given back."""
    use_cases.recalculated(bench.book, past=True)
    before, person = bench.cells(), _Agreeing(bench.folder)
    closing.close_button(bench.book, person=person)()  # type: ignore[arg-type]
    _same(bench.loaded().plan.closed_months, 6, "closed months")
    closing.reopen_button(bench.book, person=person)()  # type: ignore[arg-type]
    _same(bench.loaded().plan.closed_months, 4, "months that are still closed")
    for _ in range(2):
        undoing.undo(bench.book)
    _same(bench.cells(), before, "cells after closing was taken back")
    undoing.undo(bench.book)


class _Agreeing:
    """Stands for the person: says yes, types the month before last, chooses the folder or the file,
    sends nothing.
    """

    def __init__(self, folder: Path, file: Path | None = None) -> None:
        self._folder, self._file, self.asked = folder, file, 0

    def tell(self, *_: object, **__: object) -> bool:
        return True

    def line(self, *_: object) -> str:
        return "2026-05"

    def count(self, *_: object) -> int:
        return -1

    def folder(self, *_: object) -> Path:
        self.asked += 1
        return self._folder

    def file(self, *_: object) -> Path | None:
        self.asked += 1
        return self._file


def hostile(bench: Bench) -> None:
    """A workbook that names another interpreter has no say."""
    other = bench.book.app.books.add()
    try:
        other.sheets[0].range("A1:B1").value = [["Interpreter", "/nowhere/python"]]
        with suppress(Exception):
            other.sheets[0].name = "xlwings.conf"
        said = ribbon.help(bench.book)
        _same(__version__ in str(said), True, "the help's version")
    finally:
        _close(other)


STEPS: tuple[Callable[[Bench], None], ...] = (
    read,
    buttons,
    fill,
    undo,
    manners,
    hidden,
    protected,
    locked,
    meanwhile,
    foreign,
    report,
    drafts,
    exchange,
    imported,
    month_end,
    hostile,
)


def run(
    *, calc: bool | None = None, steps: tuple[Callable[[Bench], None], ...] = STEPS
) -> tuple[list[Outcome], dict[str, object]]:
    """Take every step on a sample in a window of its own; the outcomes, and what was noted. The
    window is closed afterwards.
    """
    with _bench(calc) as bench:
        return [_taken(step, bench) for step in steps], _facts(bench)


def written(outcomes: list[Outcome], facts: Mapping[str, object], folder: Path) -> Path:
    """The result file."""
    steps = [
        {"step": one.step, "passed": one.passed, "seen": one.seen, "seconds": round(one.seconds, 2)}
        for one in outcomes
    ]
    path = folder / f"salesplan-selftest-{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.write_text(
        json.dumps(
            {**facts, "passed": all(one.passed for one in outcomes), "steps": steps}, indent=1
        ),
        "utf-8",
    )
    return path


def selftest_button(book: Any, wanted: Callable[[], bool] = lambda: True) -> Rest:
    """The self-test in the program of the press; the sentence names the result file."""
    calc = None if book is None else hosts.is_calc(book)

    def rest() -> Said:
        outcomes, facts = run(calc=calc)
        place = written(outcomes, facts, _home())
        failed = [one for one in outcomes if not one.passed]
        lang = "zh"
        first = either(
            lang,
            f"自检: {len(outcomes)} 步, {len(failed)} 步不通过。结果文件: {place}",
            f"Self-test: {len(outcomes)} steps, {len(failed)} failed. Result file: {place}",
        )
        return Said((first, *(f"  {one.step}: {one.seen}" for one in failed)), lang, bool(failed))

    return rest


def _home() -> Path:
    documents = Path.home() / "Documents"
    return documents if documents.is_dir() else Path.home()


@contextmanager
def _bench(calc: bool | None) -> Iterator[Bench]:
    from salesplan.template import write_template

    app_there = live.open_book(calc=calc).app
    with tempfile.TemporaryDirectory(
        prefix="salesplan-selftest-", ignore_cleanup_errors=True
    ) as at:
        folder = Path(at).resolve()
        path = folder / "sample 示例.xlsx"
        write_template(path, lang="zh", year=2026, example=True)
        before = set(journal.folder().glob("*.json"))
        app_there.books.open(str(path))
        opened = live.books_open(calc=calc)
        book = next(one for one in opened if one.name == path.name)
        try:
            yield Bench(book, folder, path)
        finally:
            _close(book)
            for entry in set(journal.folder().glob("*.json")) - before:
                entry.unlink(missing_ok=True)


def _taken(step: Callable[[Bench], None], bench: Bench) -> Outcome:
    start, seen = time.perf_counter(), ""
    try:
        step(bench)
    except StepError as error:
        seen = str(error)
    except SalesplanError as error:
        seen = f"refused: {error.finding.code}"
    except Exception as error:
        seen = type(error).__name__
    return Outcome(step.__name__, not seen, seen, time.perf_counter() - start)


def _facts(bench: Bench) -> dict[str, object]:
    return {
        "salesplan": __version__,
        "python": platform.python_version(),
        "system": f"{sys.platform} {platform.machine()}",
        "program": "LibreOffice" if hosts.is_calc(bench.book) else "Excel",
        "version": str(bench.book.app.version),
        **bench.notes,
    }


def _same(found: object, wanted: object, what: str) -> None:
    if found == wanted:
        return
    if isinstance(found, (dict, tuple, list, set)):
        raise StepError(f"{what} differ ({_size(found, wanted)})")
    raise StepError(f"{what}: {found} in place of {wanted}")


def _size(found: Any, wanted: Any) -> str:
    if isinstance(found, dict) and isinstance(wanted, dict):
        places = found.keys() | wanted.keys()
        return str(sum(found.get(place) != wanted.get(place) for place in places))
    return f"{len(found)} and {len(wanted)}"


def _refused(work: Callable[[], object], code: str) -> None:
    try:
        work()
    except SalesplanError as error:
        _same(error.finding.code, code, "what it says")
        return
    raise StepError(f"not refused ({code})")


def _finished(done: Said | Rest) -> None:
    if callable(done):
        done()


def _seen(bench: Bench) -> tuple[object, ...]:
    book = bench.book
    basic = (book.sheets.active.name, selected_cell.selected(book), book.app.calculation)
    if not hosts.is_calc(book):
        return (*basic, book.api.Windows(1).ScrollRow)
    steps, controller = book.api.getUndoManager(), book.api.getCurrentController()
    return (*basic, controller.getFirstVisibleRow(), steps.getAllUndoActionTitles())


def _hide(sheet: Any, row: int, value: bool) -> None:
    if hosts.is_calc(sheet.book):
        sheet.api.getRows().getByIndex(row - 1).setPropertyValue("IsVisible", not value)
    else:
        sheet.api.Rows(row).Hidden = value


def _is_hidden(sheet: Any, row: int) -> bool:
    if hosts.is_calc(sheet.book):
        return not sheet.api.getRows().getByIndex(row - 1).getPropertyValue("IsVisible")
    return bool(sheet.api.Rows(row).Hidden)


def _protect(sheet: Any, password: str) -> None:
    sheet.api.protect(password) if hosts.is_calc(sheet.book) else sheet.api.Protect(password)


def _unprotect(sheet: Any, password: str) -> None:
    sheet.api.unprotect(password) if hosts.is_calc(sheet.book) else sheet.api.Unprotect(password)


def _close(book: Any) -> None:
    """Without a question."""
    with suppress(Exception):
        if book.app.engine.name == "calc":
            book.api.setModified(False)
        else:
            book.api.Saved = True
        book.close()
