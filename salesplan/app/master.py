"""A master made, checked, filled and taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Run, Say, unheard, usable_folder, who
from salesplan.app.typed_cells import TypedPolicy, Widened, settled, widened
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError, Severity

if TYPE_CHECKING:
    from salesplan.fill import Answers, ChangeSet
    from salesplan.plan.loader import Linking, Loaded, Source
    from salesplan.plan.model import Month, Plan
    from salesplan.workbook.changes import Change
    from salesplan.workbook.save.journal import HistoryEntry


@dataclass(frozen=True, slots=True)
class Recalculated:
    """A recalculation: the cells that differ, and where they were written (None: nowhere).

    ``heads`` are those of manual columns that were added for typed figures, by sheet.
    """

    run: Run
    changes: ChangeSet
    written: Path | None
    heads: tuple[tuple[str, str], ...] = ()
    past: Finding | None = None
    """Of a preview: what it alters in months that are over."""


def new(
    path: Path,
    *,
    lang: str,
    year: int | None,
    fiscal_start: int = 1,
    example: bool = False,
    mistakes: bool = False,
    force: bool = False,
) -> None:
    """Write a new master for the year (None: the fiscal year of today), which begins in calendar
    month ``fiscal_start``. Raises SalesplanError (exit 2) if something is there already (a plan is
    replaced only with ``force``), and for a name that does not end in .xlsx.
    """
    from salesplan.plan.settings import fiscal_year
    from salesplan.template import write_template
    from salesplan.workbook.save.destination import placing
    from salesplan.workbook.save.guards import named_causes

    if path.suffix.lower() != ".xlsx":
        raise SalesplanError(Finding.of("new-not-xlsx", Place(str(path)), file=path.name), 2)
    usable_folder(path.parent)
    with named_causes(path), placing(path, None, force=force) as temp:
        write_template(
            temp,
            lang=lang,
            year=year or fiscal_year(date.today(), fiscal_start),
            fiscal_start=fiscal_start,
            example=example,
            mistakes=mistakes,
        )


def check(
    path: Path,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    today: date | None = None,
    recalc_with: str | None = None,
    source: Source | None = None,
    like: Loaded | None = None,
    answers: Answers | None = None,
    span: str = "month",
    refresh: bool = False,
    records: bool = False,
    writes: bool = False,
) -> Run:
    """Read a master, compute it, and collect every finding, worst first. Writes nothing.

    ``answers`` say what is to become of cells that a planner typed where the engine writes. With
    ``recalc_with`` ("libreoffice") the results of its formulas are those that LibreOffice computes
    in a copy of its own; with a ``source`` that one is read (an open workbook) and ``path`` only
    names it; ``like`` is the master as it was read first, where the source is that one with other
    cells. ``span``: what of the year is looked at, the "month", or its "quarter", "half" or "year".
    With ``refresh`` a linked source is read although its snapshot is fresh; so it is with
    ``records``, which shows the report month's largest records by themselves. A run for an earlier
    day ``as_of`` sees the plan as it was known then, but one that ``writes`` to the master.

    Raises SalesplanError if the file cannot be read at all, exit 2 without LibreOffice or for a
    month that is not of the plan.
    """
    from salesplan.engine import compute, cut_off, unclosed
    from salesplan.engine.actuals.progress import Span
    from salesplan.fill import filled
    from salesplan.messages import severity, worst_first
    from salesplan.plan.causes import traced
    from salesplan.plan.checks import run_checks
    from salesplan.workbook.read.cells import without_collector

    with without_collector():  # a hundred thousand records, and no cycles among them
        linking = _linking(path, month, as_of, today, refresh, records)
        loaded = _loaded(path, recalc_with, source, like, linking)
        refuse_other_years(path, loaded.plan, month, as_of)
        wanted, now = Span(span), today or date.today()
        cutoff, asked = cut_off(loaded.plan, month=month, as_of=as_of, today=now, span=wanted)
        if as_of is not None and not writes:
            from salesplan.engine.changes.known_then import known_then

            then, left_out = known_then(loaded.plan, cutoff.day)
            loaded, asked = replace(loaded, plan=then), [*asked, *left_out]
        results = compute(loaded.plan, month=cutoff.month, as_of=cutoff.day, span=wanted)
        found = [
            *run_checks(loaded.plan, cutoff.known),
            *unclosed(loaded.plan, cutoff.known),
            *asked,
            *results.findings,
        ]
        errors = [one for one in (*loaded.findings, *found) if severity(one) is Severity.ERROR]
        done = filled(loaded, results, answers, errors)
        found += done.owners.findings()
        followed = traced(found, errors, loaded.tables, loaded.plan.settings)
        findings = worst_first([*loaded.findings, *followed, *done.left])
    return Run(loaded, results, tuple(findings), done, cutoff.known)


def recalc(
    path: Path,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    today: date | None = None,
    recalc_with: str | None = None,
    dry_run: bool = False,
    out: Path | None = None,
    typed: TypedPolicy = TypedPolicy.ASK,
    past: bool = False,
    say: Say = unheard,
    force: bool = False,
    refresh: bool = False,
) -> Recalculated:
    """Fill the engine columns of a master, or of a copy at ``out``; with ``dry_run`` only say what
    would change.

    ``typed`` says what becomes of cells in them that the engine did not write; with ``past`` filled
    targets of months that are over and not closed may be altered. A master that was
    saved meanwhile, as by a colleague or ``watch``, is read and filled once more. ``say`` hears
    what saving over the file cannot keep, before it is written. ``refresh`` as in :func:`check`.

    Raises SalesplanError: exit 1 if cells were typed and nobody said so, or they cannot be kept, or
    targets of months that are over would change and nobody said so, 3 if the file is open
    elsewhere, changed meanwhile or cannot be written (it is then untouched), 4 if it cannot be
    read.
    """

    def read(source: Source | None, answers: Answers | None, like: Loaded | None) -> Run:
        return check(
            path,
            month=month,
            as_of=as_of,
            today=today,
            recalc_with=recalc_with,
            source=source,
            answers=answers,
            like=like,
            refresh=refresh,
            writes=True,
        )

    filling = _Filling(path, read, recalc_with, dry_run, out, typed, past, say, force)
    for _ in range(MORE_READINGS):
        try:
            return filling.done()
        except SalesplanError as error:
            if error.finding.code != "file-changed-since-read":
                raise
    return filling.done()


@dataclass(frozen=True, slots=True)
class _Filling:
    """A recalculation as it was asked for.

    ``read`` reads and computes the master: from another source than the file, with answers about
    typed cells, by what was read of it before.
    """

    path: Path
    read: Callable[[Source | None, Answers | None, Loaded | None], Run]
    recalc_with: str | None
    dry_run: bool
    out: Path | None
    typed: TypedPolicy
    past: bool
    say: Say
    force: bool

    def done(self) -> Recalculated:
        """Read, compute and fill the master once."""
        first, wide = self._first()
        heads = wide.heads if wide else ()
        run, changed = settled(
            first,
            lambda source, answers: self.read(source, answers, first.loaded),
            self.typed,
            dry_run=self.dry_run,
        )
        nothing = not changed.edits and not _to_be_remembered(changed) and self.out is None
        if self.dry_run or nothing:
            return Recalculated(run, changed, None, heads, _past(run, changed))
        if not self.past:
            from salesplan.app.past_months import guard

            guard(first, run, changed)
        return Recalculated(run, changed, self._saved(run, changed, wide), heads)

    def _first(self) -> tuple[Run, Widened | None]:
        """The master's run; with the manual columns that kept cells need, where it lacks them."""
        first = self.read(None, None, None)
        wide = widened(first, self.recalc_with) if self.typed is TypedPolicy.KEEP else None
        return (first if wide is None else self.read(wide.loaded.source, None, wide.loaded)), wide

    def _saved(self, run: Run, changed: ChangeSet, wide: Widened | None) -> Path:
        from salesplan.fill import reaches

        grown = reaches(run.loaded.tables.values())
        return save_master(
            self.path,
            [*memory_sheet(changed), *grown, *changed.edits.changes()],
            run.loaded.sha256,
            self.out,
            f"recalc {run.results.month}{_read_of(run.plan)}",
            self.say,
            self.force,
            run.results.month,
            wide.changes if wide else (),
        )


def _read_of(plan: Plan) -> str:
    """What was read of a linked source, in a line of the history."""
    read = plan.linked
    if read is None:
        return ""
    way = "live" if read.live else f"snapshot of {read.at:%Y-%m-%d %H:%M} UTC"
    refused = f", {read.refused:,} refused" if read.refused else ""
    return f", {read.name}: {read.rows:,} records in {read.groups:,} groups{refused}, {way}"


def _past(run: Run, changed: ChangeSet) -> Finding | None:
    from salesplan.app.past_months import past_altered

    return past_altered(run, changed.edits.cells) if changed.edits else None


def _to_be_remembered(changed: ChangeSet) -> bool:
    """Whether a filled master has no memory yet of what was filled: its cells are the engine's, as
    they are just what it computes.
    """
    return not changed.owners.memory.rows and bool(changed.noted)


def memory_sheet(changed: ChangeSet) -> list[Change]:
    """What is written into the workbook's hidden sheet, with the sheet itself where there is
    none.
    """
    from salesplan.workbook.changes import NewSheet
    from salesplan.workbook.memory import SHEET

    noted = changed.noted
    return [NewSheet(SHEET, hidden=True), *noted.changes()] if noted else []


def undo(path: Path, *, say: Say = unheard) -> HistoryEntry:
    """Give a master its bytes from before the last save; returns what was undone. Raises
    SalesplanError as the store does.
    """
    from salesplan.workbook.save.store import undo as undo_save

    return undo_save(path, who=who(), say=say)


def history(path: Path) -> tuple[HistoryEntry, ...]:
    """Every save of a master by this program, oldest first."""
    from salesplan.workbook.save.store import history as saves

    return saves(path)


MORE_READINGS = 2
"""How often a master that others save meanwhile is read again, before it is said."""

MONTH_OUTSIDE = "month-not-of-the-plan"
"""What is said of a month asked for that the plan does not have."""


def refuse_other_years(path: Path, plan: Plan, month: Month | None, as_of: date | None) -> None:
    """Refuse what is asked for of another year: the nearest month instead would fill the master
    with what nobody asked for.

    A cut-off after the year's end is none of another year: it is how the last month is reported in
    the next one.
    """
    from salesplan.plan.model import Month

    first, last = plan.settings.months[0], plan.settings.months[-1]
    asked = month or (Month.of(as_of) if as_of and as_of < first.first else None)
    if asked is not None and not first <= asked <= last:
        raise SalesplanError(
            Finding.of(
                MONTH_OUTSIDE, Place(str(path)), month=str(asked), first=str(first), last=str(last)
            ),
            2,
        )


def _loaded(
    path: Path,
    recalc_with: str | None,
    source: Source | None,
    like: Loaded | None,
    linking: Linking,
) -> Loaded:
    from salesplan.plan.loader import load, load_from

    if source is not None:
        return like.reread(source) if like is not None else load_from(source, linking=linking)
    if recalc_with is None:
        return load(path, linking=linking)
    from tempfile import TemporaryDirectory

    from salesplan.workbook.soffice import recalculated_copy

    with TemporaryDirectory(prefix="salesplan-", ignore_cleanup_errors=True) as folder:
        return load(path, recalculated_copy(path, Path(folder)), linking)


def _linking(
    path: Path,
    month: Month | None,
    as_of: date | None,
    today: date | None,
    refresh: bool,
    records: bool,
) -> Linking:
    """What gives a plan the actuals of its linked source; a plan without one pays nothing for
    it.
    """

    def linked(plan: Plan) -> tuple[Plan, Sequence[Finding]]:
        if not plan.settings.source:
            return plan, ()
        from salesplan.plan.sources.linked import Asked, with_groups

        return with_groups(plan, path, Asked(month, as_of, today, refresh, records))

    return linked


def save_master(
    path: Path,
    changes: Sequence[Change],
    sha256: str,
    out: Path | None,
    what: str,
    say: Say,
    force: bool,
    month: object = "-",
    before: Sequence[Change] = (),
) -> Path:
    """Write the changes into the master, or a copy at ``out``, if the file is still the one that
    was read (``sha256``); changes ``before`` are made first. ``month`` marks a copy as ours.

    Returns where they were written. Raises SalesplanError (exit 2) if the copy has another ending,
    else as the store does.
    """
    from salesplan.workbook.save.destination import Stamp
    from salesplan.workbook.save.file_names import shown
    from salesplan.workbook.save.store import FILLED, save_patched

    if out is not None and out.suffix.lower() != path.suffix.lower():
        raise SalesplanError(
            Finding.of(
                "place-other-ending", Place(shown(out)), file=shown(out), ending=path.suffix
            ),
            2,
        )
    return save_patched(
        path,
        changes,
        expect_sha256=sha256,
        out=out,
        who=who(),
        what=what,
        say=say,
        stamp=None if out is None else Stamp.of(FILLED, path, out.parent, month),
        force=force,
        before=before,
    )
