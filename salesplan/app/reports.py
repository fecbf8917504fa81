"""The monthly report, and the main job on the built-in sample."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Run, file_part, refuse_unless_master, usable_folder
from salesplan.app.master import Recalculated, check, new, recalc
from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.wording import Both, clock
from salesplan.workbook.save.destination import Stamp, is_another_masters
from salesplan.workbook.save.file_names import shown
from salesplan.workbook.save.journal import UNDO, keep, sha256_of

if TYPE_CHECKING:
    from salesplan.plan.loader import Source
    from salesplan.plan.model import Month
    from salesplan.report.figures.context import RowsRead

REPORT, PRINT, SAMPLE = "report", "print", "sample"
"""Kinds of outputs, as their stamps have them."""
REPORT_NAMES = {
    "month": Both("月度执行分析报告", "monthly-execution-report"),
    "quarter": Both("季度执行分析报告", "quarterly-execution-report"),
    "half": Both("半年执行分析报告", "half-year-execution-report"),
    "year": Both("年度执行分析报告", "annual-execution-report"),
}
"""How a report's file is called, by the span that it is of."""
SPANS = tuple(REPORT_NAMES)
"""What a report may be of: the month, or the fiscal quarter, half or year that holds it."""
DEMO_NAMES = Both("主计划示例.xlsx", "master-example.xlsx")


def report_names() -> tuple[str, ...]:
    """How the names of reports begin, of every span and in both languages."""
    return tuple(chain.from_iterable((one.zh, one.en) for one in REPORT_NAMES.values()))


class Form(Enum):
    """Another form of a report, which lies beside its workbook: the ending of its file."""

    PAGE = ".html"
    DECK = ".pptx"

    @property
    def kind(self) -> str:
        """The kind of output, as its stamp has it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Reported:
    """``printed`` is the PDF, ``forms`` are the report's other forms, where they were asked for;
    ``gone`` are those of an earlier run that were removed, since nobody asked for them now.
    """

    run: Run
    written: Path
    printed: Path | None = None
    forms: Mapping[Form, Path] = field(default_factory=dict)
    gone: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made: a filled master, and its report."""

    master: Path
    recalculated: Recalculated
    report: Path


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is asked for.

    It is of the report ``month``, by default the settings', up to the day ``as_of``, seen from
    ``today``; or of the ``span`` that holds the month: its "quarter", "half" or "year". With
    ``refresh`` a linked source is read although its snapshot is fresh.

    It is written into ``folder``, by default beside the master, in the language ``lang``, by
    default the master's. ``details``: whose actual rows stand behind the numbers, of the report
    "month", of the year to date ("ytd"), or "none"; ``with_data``: whether the sheets of data are
    shown and printed; ``full``: whether a person and a small team get all sheets and not a card.
    Beside it lie with ``pdf`` its print, and its other ``forms``: a page for a phone, a deck. What
    lies there already is replaced as :func:`salesplan.workbook.save.destination.may_write` has
    it, with ``force``.
    """

    month: Month | None = None
    as_of: date | None = None
    today: date | None = None
    span: str = "month"
    refresh: bool = False
    folder: Path | None = None
    lang: str | None = None
    details: str = "month"
    with_data: bool = False
    full: bool = False
    pdf: bool = False
    forms: Collection[Form] = ()
    force: bool = False

    def run(self, path: Path, source: Source | None = None) -> Run:
        """The master at ``path``, or the ``source`` in its place, read and computed as wanted."""
        return check(
            path,
            month=self.month,
            as_of=self.as_of,
            today=self.today,
            source=source,
            refresh=self.refresh,
            records=self.details != "none",
            span=self.span,
        )


def report(path: Path, wanted: Wanted | None = None, *, source: Source | None = None) -> Reported:
    """Write the execution analysis workbook of a master as it is ``wanted``; ``source`` as in
    :func:`check`.

    Raises SalesplanError: exit 2 where a print is asked for without LibreOffice, a deck without
    python-pptx, or the place is taken, 3 where the report cannot be written, 4 for an unreadable
    master.
    """
    from salesplan.audience.error_scope import ErrorScope, places
    from salesplan.audience.whole import Whole
    from salesplan.report import write_report
    from salesplan.workbook.read.cells import without_collector
    from salesplan.workbook.save.destination import placing

    wanted = wanted or Wanted()
    check_forms(wanted, path)
    with (
        without_collector()
    ):  # one stretch: in between, all that was read would be looked through for cycles
        run = wanted.run(path, source)
        refuse_unless_master(run.loaded)
        lang = wanted.lang or run.loaded.lang
        folder = wanted.folder or path.parent
        usable_folder(folder)
        target = folder / f"{report_stem(run, path, folder, lang)}.xlsx"
        stamp = Stamp.of(REPORT, path, folder, run.report_span.code)
        force = keep_what_was_typed(run, path, target) or wanted.force
        if wanted.pdf:
            may_print(target, stamp)
        earlier = lying_beside(target)
        whole = Whole(run.plan, run.results)
        try:
            with (
                placing(target, stamp, force=force, like=path) as temp,
                forms_beside(target, stamp, path, wanted.forms) as also,
            ):
                write_report(
                    run.plan,
                    run.results,
                    run.findings,
                    temp,
                    lang=lang,
                    source_name=shown(path.name),
                    details=wanted.details,
                    with_data=wanted.with_data,
                    errors=places(ErrorScope.of(run.loaded, whole, run.findings).company),
                    also=also,
                    imported=last_import(path),
                )
        except OSError as error:
            raise not_written(target, error) from error
    printed = print_beside(target, stamp, path, wanted=wanted.pdf)
    return Reported(run, target, printed, forms_of(target, wanted.forms), without(earlier))


def lying_beside(book: Path) -> tuple[Path, ...]:
    """The prints and other forms of a report that lie beside it."""
    endings = [*(form.value for form in Form), ".pdf"]
    return tuple(file for file in map(book.with_suffix, endings) if file.exists())


def without(earlier: Iterable[Path]) -> tuple[Path, ...]:
    """Those of the ``earlier`` files that are there no more."""
    return tuple(file for file in earlier if not file.exists())


def may_print(book: Path, stamp: Stamp) -> None:
    """Raises SalesplanError (exit 2) where the place of a report's print is taken."""
    from salesplan.workbook.save.destination import may_write

    may_write(book.with_suffix(".pdf"), replace(stamp, kind=PRINT))


def print_beside(book: Path, stamp: Stamp, master: Path, *, wanted: bool) -> Path | None:
    """Print a report that was written beside itself, where that is ``wanted``; else the print of an
    earlier run goes, as far as it is ours: its figures are others. Raises SalesplanError as
    :func:`salesplan.workbook.soffice.print_to`.
    """
    from salesplan.workbook.save.destination import is_ours, placing
    from salesplan.workbook.save.guards import named_causes
    from salesplan.workbook.soffice import print_to

    place, as_print = book.with_suffix(".pdf"), replace(stamp, kind=PRINT)
    if not wanted:
        if is_ours(place, as_print):
            place.unlink()
        return None
    with named_causes(place), placing(place, as_print, like=master) as temp:
        print_to(book, temp)
    return place


def check_forms(wanted: Wanted, path: Path) -> None:
    """Raises SalesplanError (exit 2) where a print or another form is wanted and cannot be made:
    ``print-program-missing``, ``deck-library-missing``.
    """
    from importlib.util import find_spec

    from salesplan.workbook.soffice import needed

    if wanted.pdf:
        needed("print-program-missing", path)
    if Form.DECK in wanted.forms and find_spec("pptx") is None:
        raise SalesplanError(Finding.of("deck-library-missing", Place(path.name)), 2)


def forms_of(book: Path, forms: Collection[Form]) -> Mapping[Form, Path]:
    """Where those forms of a report lie: beside its ``book``."""
    return {form: book.with_suffix(form.value) for form in Form if form in forms}


@contextmanager
def forms_beside(
    book: Path, stamp: Stamp, master: Path, wanted: Collection[Form]
) -> Iterator[Mapping[str, Path]]:
    """The files of a report's other forms, by their ending, put beside its ``book`` once written.
    One of ours of an earlier run, which nobody wants now, goes: its figures are others.
    """
    from salesplan.workbook.save.destination import placing

    with ExitStack() as stack:
        yield {
            form.value: stack.enter_context(
                placing(file, replace(stamp, kind=form.kind), like=master)
            )
            for form, file in forms_of(book, wanted).items()
        }
    remove_forms(book, stamp, [form for form in Form if form not in wanted])


def remove_forms(book: Path, stamp: Stamp, forms: Collection[Form]) -> None:
    """Remove those forms of the report at ``book``, as far as they are ours and as we left them."""
    from salesplan.workbook.save.destination import is_ours

    for form, file in forms_of(book, forms).items():
        if is_ours(file, replace(stamp, kind=form.kind)):
            file.unlink()


_IMPORT = re.compile(r"import (?P<name>.+): (?P<counts>[\d,]+ records\b.*)")
_COUNT = re.compile(r"([\d,]+) (records|added|refused|unit|day|number|key|other)\b")


def last_import(path: Path) -> RowsRead | None:
    """The last import of actuals that a master's history knows and that was not undone."""
    from salesplan.report.figures.context import RowsRead
    from salesplan.workbook.save.journal import effective

    try:
        entries = effective(path.resolve(), sha256_of(path))
    except (OSError, SalesplanError):
        return None
    undone = {entry.before for entry in entries if entry.kind == UNDO}
    for entry in reversed(entries):
        found = _IMPORT.fullmatch(entry.what)
        if found is None or entry.kind == UNDO or entry.after in undone:
            continue
        pairs = _COUNT.findall(found["counts"])
        counts = {name: int(count.replace(",", "")) for count, name in pairs}
        return RowsRead(
            found["name"],
            clock(datetime.fromisoformat(entry.time)),
            counts,
        )
    return None


def report_stem(run: Run, path: Path, folder: Path, lang: str) -> str:
    """A report's name in ``folder``, without its ending: it holds the company's name and the span.

    Where another master's report has that name already, the master's own name is added.
    """
    kind = REPORT_NAMES[run.results.span.value].of(lang)
    parts = [kind, file_part(run.plan.company_name), run.report_span.code]
    stem = "_".join(part for part in parts if part.strip("-"))
    taken = folder / f"{stem}.xlsx"
    if is_another_masters(taken, Stamp.of(REPORT, path, folder, run.report_span.code)):
        return f"{stem}_{file_part(path.stem)}"
    return stem


def keep_what_was_typed(run: Run, master: Path, target: Path) -> bool:
    """Whether a report stands at ``target`` into which something was typed, all of which the master
    says by now.

    Such a report has done its service as a form: it may be replaced, and a copy of it is kept in
    the backup folder. Raises SalesplanError (exit 3) ``report-holds-text`` where the master does
    not say it all.
    """
    if target.is_symlink() or not target.is_file():
        return False
    from salesplan.audience.whole import Whole
    from salesplan.handout.merge import pending
    from salesplan.handout.returned import typed_in_report
    from salesplan.plan.settings import reading_of

    plan = run.loaded.plan
    typed = typed_in_report(target, reading_of(plan.settings))
    cells = [one.place.cell for one in pending(run.loaded, Whole(plan, run.results), typed)]
    if cells:
        place = Place(target.name)
        raise SalesplanError(
            Finding.of(
                "report-holds-text",
                place,
                file=str(target),
                count=len(cells),
                cells=cells[:10],
                master=str(master),
            ),
            3,
        )
    if typed:
        keep(target, sha256_of(target))
    return bool(typed)


def master_of(path: Path) -> str:
    """The master that a report names on its cover; empty for what is no report of ours, or cannot
    be read.
    """
    from salesplan.plan.forms import COVER_SHEET
    from salesplan.plan.own_output import made_from_a_master
    from salesplan.workbook.read.cells import read_grids
    from salesplan.workbook.zip.package import open_package

    try:
        with open_package(path) as package:
            covers = [name for name in COVER_SHEET if package.sheet(name) is not None]
            found = made_from_a_master(read_grids(package, covers), path.name) if covers else None
    except SalesplanError:
        return ""
    return str(found.params["master"]) if found is not None else ""


def not_written(target: Path, error: OSError) -> SalesplanError:
    """What to raise (exit 3) where a report or a page could not be put at ``target``."""
    from salesplan.workbook.save.guards import named_cause

    return named_cause(target, error)


def demo(folder: Path, *, lang: str, force: bool = False) -> Demo:
    """The main job on the built-in sample: a filled master and its report, in ``folder``.

    Those of the last time are replaced where nobody changed them, else with ``force``. Raises
    SalesplanError: exit 2 otherwise, 3 where nothing can be written there.
    """
    from tempfile import TemporaryDirectory

    from salesplan.workbook.save.destination import placing
    from salesplan.workbook.save.guards import named_causes

    usable_folder(folder)
    master = folder / DEMO_NAMES.of(lang)
    with (
        named_causes(master),
        placing(master, Stamp.of(SAMPLE, master, folder), force=force) as temp,
        TemporaryDirectory(prefix="salesplan-", ignore_cleanup_errors=True) as apart,
    ):
        fresh, filled = Path(apart) / master.name, Path(apart) / f"filled-{master.name}"
        new(fresh, lang=lang, year=2026, example=True)
        done = recalc(fresh, out=filled)
        temp.write_bytes(filled.read_bytes())
    return Demo(master, done, report(master, Wanted(folder=folder, force=force)).written)
