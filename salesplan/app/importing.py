"""Records of files and databases into a master: actuals with deals, and spending."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Say, refuse_unless_master, unheard, usable_folder
from salesplan.app.master import save_master
from salesplan.dataclass import replace

if TYPE_CHECKING:
    from salesplan.fill import Edit
    from salesplan.plan.loader import Loaded, Source
    from salesplan.plan.sources.actuals import Imported
    from salesplan.plan.sources.mapping import Mapped
    from salesplan.plan.sources.opening import Sources
    from salesplan.plan.sources.spending import Spent


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
    Raises SalesplanError as :func:`salesplan.app.recalc` does, and exit 2 for a mapping
    that makes no sense.
    """
    from salesplan.fill import reaches
    from salesplan.fill.import_mode import ImportMode
    from salesplan.fill.imports import taken_in
    from salesplan.messages import worst_first
    from salesplan.plan.loader import load
    from salesplan.plan.sources.actuals import read_records
    from salesplan.workbook.read.cells import without_collector

    with without_collector():  # a hundred thousand records, and no cycles among them
        loaded, mapped, sources = _opened(load(path), source, mapping)
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
        return imported, save_master(path, changes, loaded.sha256, out, what, say, force)


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
        loaded, mapped, sources = _opened(load(path), source, mapping)
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
        return done, save_master(
            path, changes, loaded.sha256, out, f"import {sources.shown}", say, force
        )


def _opened(
    loaded: Loaded, source: Path | Sequence[str], mapping: Path
) -> tuple[Loaded, Mapped, Sources]:
    """The master, what a mapping says, and the sources that it is for. Raises SalesplanError (exit
    2) where one of them makes no sense.
    """
    from salesplan.plan.sources.map_file import read_mapping
    from salesplan.plan.sources.opening import Sources, named

    refuse_unless_master(loaded)
    mapped = read_mapping(mapping)
    country = loaded.plan.settings.country
    return loaded, mapped, Sources(named(source), mapping.parent, mapped, country)


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
        loaded, mapped, sources = _opened(load_from(opened), source, mapping)
        imported = read_records(sources, mapped, loaded.plan)
        edits, imported = taken_in(loaded, imported)
    return imported, loaded, list(edits)
