"""What is done with a master: made, checked, filled, explained, added to, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Say, chosen, refuse_unless_master, unheard, usable_folder, who
from salesplan.app.typed_cells import Run, TypedPolicy, settled, widened
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError, Severity

if TYPE_CHECKING:
    from salesplan.engine.actuals.progress import Span
    from salesplan.engine.views.explain import Step
    from salesplan.fill import Answers, ChangeSet, Edit
    from salesplan.plan.loader import Linking, Loaded, Source
    from salesplan.plan.model import Kpi, Month, Plan, Unit
    from salesplan.plan.sources.actuals import Imported
    from salesplan.plan.sources.mapping import Mapped
    from salesplan.plan.sources.opening import Sources
    from salesplan.plan.sources.spending import Spent
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


@dataclass(frozen=True, slots=True)
class Explained:
    """One target's way down the tree, company first."""

    run: Run
    kpi: Kpi
    unit: Unit
    steps: tuple[Step, ...]
    statuses: tuple[tuple[Span, Finding], ...] = ()
    """Why the month, the year to date and the year have their status at the cut-off."""
    product: str = ""
    rates: Finding | None = None
    """What exchange rates made of the actual in the year to date, where they did."""
    theirs: Finding | None = None
    """Into which cells of the planner's own tables its figures are filled, where they are."""

    def written(self, figure: object) -> object:
        """A figure of the KPI as it is read: 28% for 0.28 where it is a share; anything else as it
        is.
        """
        from salesplan.plan.checks.common import percent

        return percent(figure) if isinstance(figure, Decimal) and self.kpi.in_percent else figure


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
    month ``fiscal_start``. Raises SalesplanError (exit 2) if something is there already: a plan is
    replaced only with ``force``.
    """
    from salesplan.plan.settings import fiscal_year
    from salesplan.template import write_template
    from salesplan.workbook.save.destination import placing
    from salesplan.workbook.save.guards import named_causes

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
) -> Run:
    """Read a master, compute it, and collect every finding, worst first. Writes nothing.

    ``answers`` say what is to become of cells that a planner typed where the engine writes. With
    ``recalc_with`` ("libreoffice") the results of its formulas are those that LibreOffice computes
    in a copy of its own; with a ``source`` that one is read (an open workbook) and ``path`` only
    names it; ``like`` is the master as it was read first, where the source is that one with other
    cells. ``span``: what of the year is looked at, the "month", or its "quarter", "half" or "year".
    With ``refresh`` a linked source is read although its snapshot is fresh. Raises SalesplanError
    if the file cannot be read at all, exit 2 without LibreOffice or for a month that is not of the
    plan.
    """
    from salesplan.engine import compute, cut_off, unclosed
    from salesplan.engine.actuals.progress import Span
    from salesplan.fill import filled
    from salesplan.messages import severity, worst_first
    from salesplan.plan.causes import traced
    from salesplan.plan.checks import run_checks
    from salesplan.workbook.read.cells import without_collector

    with without_collector():  # a hundred thousand records, and no cycles among them
        linking = _linking(path, month, as_of, today, refresh)
        loaded = _loaded(path, recalc_with, source, like, linking)
        _refuse_other_years(path, loaded.plan, month, as_of)
        wanted, now = Span(span), today or date.today()
        cutoff, asked = cut_off(loaded.plan, month=month, as_of=as_of, today=now, span=wanted)
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
        )

    from salesplan.fill import reaches

    def once() -> Recalculated:
        first, wide = read(None, None, None), None
        if typed is TypedPolicy.KEEP and (wide := widened(first, recalc_with)) is not None:
            first = read(wide.loaded.source, None, wide.loaded)
        heads = wide.heads if wide else ()
        run, changed = settled(
            first,
            lambda source, answers: read(source, answers, first.loaded),
            typed,
            dry_run=dry_run,
        )
        if dry_run or (not changed.edits and not _to_be_remembered(changed) and out is None):
            return Recalculated(run, changed, None, heads, _past(run, changed))
        if not past:
            from salesplan.app.past_months import guard

            guard(first, run, changed)
        grown = reaches(run.loaded.tables.values())
        cells = [*memory_sheet(changed), *grown, *changed.edits.changes()]
        what = f"recalc {run.results.month}{_read_of(run.plan)}"
        return Recalculated(
            run,
            changed,
            _save(
                path,
                cells,
                run.loaded.sha256,
                out,
                what,
                say,
                force,
                run.results.month,
                wide.changes if wide else (),
            ),
            heads,
        )

    for _ in range(MORE_READINGS):
        try:
            return once()
        except SalesplanError as error:
            if error.finding.code != "file-changed-since-read":
                raise
    return once()


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


def import_actuals(
    path: Path,
    source: Path | Sequence[str],
    mapping: Path,
    *,
    dry_run: bool = False,
    accept_refused: bool = False,
    update: bool = False,
    full: bool = False,
    out: Path | None = None,
    say: Say = unheard,
    force: bool = False,
) -> tuple[Imported, Path | None]:
    """Append the records of sources to the master's actuals (those already there are left alone),
    and bring its pipeline up to date where the mapping has one. A source is a file, a pattern of
    files, or the address of a database.

    With ``update`` records that were corrected since are brought up to date; ``full`` says that the
    sources hold all there is: what they no longer have is named, and with ``update`` taken out.
    Where more than 1 % of the lines are refused nothing is written, unless ``accept_refused``.
    Returns what was found in the file and where the master was written (None: nowhere).
    Raises SalesplanError as :func:`recalc` does, and exit 2 for a mapping that makes no sense.
    """
    from salesplan.fill import reaches
    from salesplan.fill.import_mode import ImportMode
    from salesplan.fill.imports import taken_in
    from salesplan.messages import worst_first
    from salesplan.plan.loader import load
    from salesplan.plan.sources.actuals import read_records
    from salesplan.workbook.read.cells import without_collector

    with without_collector():  # a hundred thousand records, and no cycles among them
        loaded = load(path)
        refuse_unless_master(loaded)
        mapped, sources = _asked(loaded, source, mapping)
        imported = read_records(sources, mapped, loaded.plan)
        edits, imported = taken_in(loaded, imported, ImportMode(update, full))
        stopped = imported.too_many_refused and not accept_refused
        if stopped:
            imported = imported.stopped()
        imported = replace(imported, findings=tuple(worst_first(imported.findings)))
        if dry_run or stopped or not edits:
            return imported, None
        changes = [*reaches(loaded.tables.values()), *edits.changes()]
        what = f"import {sources.shown}: {imported.told}"
        return imported, _save(path, changes, loaded.sha256, out, what, say, force)


def draft_map(
    path: Path,
    source: Path | Sequence[str],
    target: Path | None = None,
    lang: str | None = None,
    *,
    spending: bool = False,
) -> str:
    """A first mapping for a source of actuals, or of ``spending``, drafted from what stands in it;
    written to ``target``, where one is given. Raises SalesplanError (exit 2) where something is
    there already, 3 where it cannot be written.
    """
    from salesplan.plan.loader import load
    from salesplan.plan.sources.drafting import drafted
    from salesplan.plan.sources.mapping import Mapped
    from salesplan.plan.sources.opening import Sources, named
    from salesplan.workbook.save.destination import placing
    from salesplan.workbook.save.guards import named_causes

    loaded = load(path)
    refuse_unless_master(loaded)
    country = loaded.plan.settings.country
    sources = Sources(named(source), path.parent, Mapped((), (), {}), country)
    table = next(iter(sources.tables()))
    text = drafted(table, loaded.plan, lang or loaded.lang, spending)
    if target is not None:
        usable_folder(target.parent)
        with named_causes(target), placing(target, None, like=path) as temp:
            temp.write_text(text, encoding="utf-8")
    return text


def import_spending(
    path: Path,
    source: Path | Sequence[str],
    mapping: Path,
    *,
    dry_run: bool = False,
    accept_refused: bool = False,
    update: bool = False,
    full: bool = False,
    out: Path | None = None,
    say: Say = unheard,
    force: bool = False,
) -> tuple[Spent, Path | None]:
    """Append the records of sources to the master's spending; otherwise as
    :func:`import_actuals`.
    """
    from salesplan.fill import reaches
    from salesplan.fill.import_mode import ImportMode
    from salesplan.fill.import_spending import spent
    from salesplan.messages import worst_first
    from salesplan.plan.loader import load
    from salesplan.plan.sources.actuals import too_many, too_many_refused
    from salesplan.plan.sources.spending import read_spending
    from salesplan.workbook.read.cells import without_collector

    with without_collector():
        loaded = load(path)
        refuse_unless_master(loaded)
        mapped, sources = _asked(loaded, source, mapping)
        read = read_spending(sources, mapped, loaded.plan)
        edits, done = spent(loaded, read, ImportMode(update, full))
        wanted = done.records - done.unselected
        stopped = too_many(done.refused, wanted) and not accept_refused
        if stopped:
            counts = {"unwritten": len(done.rows)}
            findings = (too_many_refused(done.refused, wanted), *done.findings)
            done = replace(done, counts=counts, findings=findings)
        done = replace(done, findings=tuple(worst_first(done.findings)))
        if dry_run or stopped or not edits:
            return done, None
        changes = [*reaches(loaded.tables.values()), *edits.changes()]
        return done, _save(path, changes, loaded.sha256, out, f"import {sources.shown}", say, force)


def _asked(loaded: Loaded, source: Path | Sequence[str], mapping: Path) -> tuple[Mapped, Sources]:
    """What a mapping says, and the sources that it is for. Raises SalesplanError (exit 2) where
    one of them makes no sense.
    """
    from salesplan.plan.sources.map_file import read_mapping
    from salesplan.plan.sources.opening import Sources, named

    mapped = read_mapping(mapping)
    return mapped, Sources(named(source), mapping.parent, mapped, loaded.plan.settings.country)


def imported_edits(
    opened: Source, source: Path, mapping: Path
) -> tuple[Imported, Loaded, list[Edit]]:
    """What :func:`import_actuals` would write into an open workbook, cell by cell. Writes
    nothing.
    """
    from salesplan.fill.imports import taken_in
    from salesplan.plan.loader import load_from
    from salesplan.plan.sources.actuals import read_records
    from salesplan.workbook.read.cells import without_collector

    with without_collector():
        loaded = load_from(opened)
        refuse_unless_master(loaded)
        mapped, sources = _asked(loaded, source, mapping)
        imported = read_records(sources, mapped, loaded.plan)
        edits, imported = taken_in(loaded, imported)
    return imported, loaded, list(edits)


def explain(path: Path, unit: str, kpi: str, month: Month | None = None) -> Explained:
    """How a unit's target of a KPI came about, of the year or of one month; unit and KPI by code or
    name, the target of a product as KPI/product.

    Raises SalesplanError (exit 2) that names what there is, where one of the three is unknown.
    """
    return explained(check(path, month=month), unit, kpi, month)


def explained(run: Run, unit: str, kpi: str, month: Month | None = None) -> Explained:
    """The same of a plan that was read and computed."""
    from salesplan.engine.views.explain import explain as steps

    plan, path = run.loaded.plan, run.loaded.path
    found_unit = chosen(plan.people, unit, "explain-unit-unknown", path)
    name, slash, product = kpi.partition("/")
    whole = not slash or bool(plan.kpi_index.meant(kpi))
    found_kpi = chosen(plan.kpi_index, kpi if whole else name, "explain-kpi-unknown", path)
    product = "" if whole else _product(run, found_kpi, product, path)
    return Explained(
        run,
        found_kpi,
        found_unit,
        steps(plan, run.results, found_kpi, found_unit, month, product),
        tuple(_statuses(run, found_kpi, found_unit, product)),
        product,
        None if product else _rate_effect(run, found_kpi, found_unit),
        _in_theirs(run, found_kpi, found_unit, product, month),
    )


def _in_theirs(run: Run, kpi: Kpi, unit: Unit, product: str, month: Month | None) -> Finding | None:
    """The cells of planners' own tables that are filled with figures of the year, or the month."""
    from salesplan.plan.schema import is_mapping

    if not any(map(is_mapping, run.loaded.source.sheets)):
        return None
    from salesplan.fill.planner_columns import filled_with
    from salesplan.plan.adopt.mapping import FIELDS

    months = run.loaded.plan.settings.months
    asked = range(len(months)) if month is None else [months.index(month)]
    cells = [
        f"{one.place} ({FIELDS[one.takes].of(run.loaded.lang)})"
        for one in filled_with(run.loaded, kpi.code, unit.code, product, asked)
    ]
    return Finding.of("explain-filled", Place(), cells=tuple(cells)) if cells else None


def _rate_effect(run: Run, kpi: Kpi, unit: Unit) -> Finding | None:
    """The effect of exchange rates in the year to date; None in a plan of one currency."""
    results = run.results
    if results.facts is None or results.facts.plan.at_budget is None:
        return None
    from salesplan.engine.actuals.progress import Span
    from salesplan.engine.actuals.rate_effects import rate_effects
    from salesplan.engine.exact.figures import written

    found = rate_effects(results.facts, [(kpi.code, unit.code)], results.month)
    one = found.get((kpi.code, unit.code, Span.YTD))
    if one is None:
        return None
    return Finding.of(
        "explain-rates",
        Place(),
        actual=written(kpi, one.actual),
        at_budget=written(kpi, one.at_budget),
        effect=written(kpi, one.effect),
    )


def _product(run: Run, kpi: Kpi, name: str, path: Path) -> str:
    """The product of the KPI that is called so. Raises SalesplanError (exit 2) that names those
    there are.
    """
    from salesplan.plan.loader import product_of
    from salesplan.plan.normalize import folded
    from salesplan.plan.schema import product_name

    found = run.results.products
    known = () if found is None else found.of(kpi.code)
    wanted = product_of(name)
    for one in known:
        if folded(one) == folded(wanted):
            return one
    names = [product_name(one, run.loaded.lang) for one in known] or ["—"]
    finding = Finding.of(
        "explain-product-unknown", Place(str(path)), name=name, kpi=kpi.name, names=names
    )
    raise SalesplanError(finding, 2)


def _statuses(run: Run, kpi: Kpi, unit: Unit, product: str = "") -> Iterator[tuple[Span, Finding]]:
    from salesplan.engine.actuals.progress import Clock
    from salesplan.engine.exact.workdays import Calendar
    from salesplan.engine.views.status_reason import SPANS, reason

    plan, results = run.loaded.plan, run.results
    months = plan.settings.months
    calendar = Calendar.of(plan.settings.country, plan.calendar, {month.year for month in months})
    clock = Clock.of(months, calendar, results.month, results.as_of)
    for span in SPANS:
        if product and results.products is not None:
            one = results.products.attainments.get((kpi.code, unit.code, product, span))
        else:
            one = results.attainments.get((kpi.code, unit.code, span))
        if one is not None:
            yield span, reason(kpi, one, results, clock)


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


def _refuse_other_years(path: Path, plan: Plan, month: Month | None, as_of: date | None) -> None:
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
    path: Path, month: Month | None, as_of: date | None, today: date | None, refresh: bool
) -> Linking:
    """What gives a plan the actuals of its linked source; a plan without one pays nothing for
    it.
    """

    def linked(plan: Plan) -> tuple[Plan, Sequence[Finding]]:
        if not plan.settings.source:
            return plan, ()
        from salesplan.plan.sources.linked import Asked, with_groups

        return with_groups(plan, path, Asked(month, as_of, today, refresh))

    return linked


def _save(
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
