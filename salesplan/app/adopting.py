"""A planner's own workbook made a master: what its tables are taken for, and the sheets of ours
that go into it. None of its own cells is written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Say, unheard, who
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from salesplan.plan.adopt.laying import Known
    from salesplan.plan.adopt.mapping import Entry, Kept, Takes
    from salesplan.plan.adopt.propose import Answers, Proposal, Proposed
    from salesplan.plan.model import Kpi, Unit
    from salesplan.workbook.read.cells import Grid
    from salesplan.workbook.read.hidden import Hidden
    from salesplan.workbook.read.tables import FoundTable

FIRST = 5
"""Rows that a preview shows."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be read of one table: its first rows (unit, KPI, period, kind, figure), how many
    figures, their sums by target or actual and KPI, and what is wrong in it.
    """

    table: Proposed
    rows: tuple[tuple[str, str, str, str, object], ...]
    targets: int
    actuals: int
    sums: Mapping[tuple[str, str], Decimal]
    findings: tuple[Finding, ...]

    @property
    def sure(self) -> bool:
        """Whether the table may be taken without asking: its columns are certain, and it is certain
        whose each row is.
        """
        return self.table.sure and not self._whose

    @property
    def confidence(self) -> int:
        """How sure the table is, in percent; where rows are of one name a half."""
        return min(self.table.confidence, 50 if self._whose else 100)

    @property
    def _whose(self) -> bool:
        from salesplan.plan.adopt.laying import WHOSE

        return any(one.code in WHOSE for one in self.findings)


@dataclass(frozen=True, slots=True)
class Adoption:
    """A workbook as it was looked at: the proposal, a preview of each of its tables, and what has
    to be known to write it.
    """

    path: Path
    sha256: str
    proposal: Proposal
    previews: tuple[Preview, ...]
    sheets: tuple[str, ...]
    ours: Mapping[str, FoundTable]
    kept: Kept | None
    before: Grid | None


def look(
    path: Path,
    answers: Answers | None = None,
    today: date | None = None,
    lang: str | None = None,
) -> Adoption:
    """What the workbook's own tables are taken for; ``answers`` hold before what is seen. Writes
    nothing. Our sheets are in ``lang``, else in the language of those that are there, else in
    Chinese where the workbook is, in English where it is not.

    Raises SalesplanError: exit 4 where it cannot be read, exit 1 ``adopt-nothing`` where no table
    of it holds figures of a plan, with what was seen.
    """
    from salesplan.workbook.read.cells import without_collector

    with without_collector():  # a record a figure, and no cycles among them
        return _looked(path, answers, today or date.today(), lang)


def _looked(path: Path, answers: Answers | None, today: date, lang: str | None) -> Adoption:
    from salesplan.plan.adopt.propose import Book, propose
    from salesplan.workbook.read.cells import read_grids
    from salesplan.workbook.read.hidden import hidden_in
    from salesplan.workbook.read.looks import looks_of
    from salesplan.workbook.zip.package import open_package

    with open_package(path) as package:
        sheets = tuple(part.name for part in package.sheets)
        grids = read_grids(package)
        looks = looks_of(package, grids)
        hidden = {name: hidden_in(package, name) for name in grids}
        sha256 = package.sha256
    ours, units, kpis, kept, spoken = _ours(path, grids)
    own = {one.sheet for one in ours.values()} | _helpers(grids, kept)
    theirs = {name: grid for name, grid in grids.items() if name not in own}
    spoken = spoken or lang or ""
    book = Book(path.name, theirs, looks, today, tuple(units), tuple(kpis), spoken)
    proposal = propose(book, answers)
    if not proposal.tables and ours and kept is None:
        raise SalesplanError(Finding.of("adopt-is-master", Place(path.name), file=path.name), 1)
    if not proposal.tables:
        raise SalesplanError(_nothing(path, theirs), 1)
    proposal = _with_kept(_worded(proposal), kept, path.name)
    known = _known(proposal, units, kpis)
    previews = tuple(_preview(one, known, hidden) for one in proposal.tables)
    before = grids.get(kept.sheet) if kept is not None else None
    return Adoption(path, sha256, proposal, previews, sheets, ours, kept, before)


def _ours(
    path: Path, grids: Mapping[str, Grid]
) -> tuple[Mapping[str, FoundTable], Sequence[Unit], Sequence[Kpi], Kept | None, str]:
    """Our tables in the workbook, where it is a master already, what they list, and the language
    they are in.
    """
    from salesplan.plan.adopt.laying import kept_in
    from salesplan.plan.loader import load, whole

    try:
        loaded = load(path)
    except SalesplanError as error:
        if error.finding.code != "not-a-master":
            raise
        return {}, (), (), None, ""
    if not whole(loaded.tables):
        return {}, (), (), None, ""
    plan = loaded.plan
    return loaded.tables, plan.units, plan.kpis, kept_in(grids, path), loaded.lang


def _helpers(grids: Mapping[str, Grid], kept: Kept | None) -> set[str]:
    from salesplan.workbook.memory import SHEET

    return {SHEET} | ({kept.sheet} if kept is not None else set())


def _nothing(path: Path, grids: Mapping[str, Grid]) -> Finding:
    """What was seen where no table was found: each sheet with its size and its first texts."""
    from salesplan.plan.adopt.blocks import blocks_of

    seen: list[str] = []
    for name, grid in grids.items():
        blocks = blocks_of(grid)
        heads = blocks[0] if blocks else None
        width = max(map(len, grid.rows), default=0)
        told = f"{name} ({len(grid.rows)} × {width})"
        if heads is not None:
            texts = [text for at in heads.columns if (text := heads.head_text(at))]
            told = f"{told}: {', '.join(texts[:FIRST])}"
        seen.append(told)
    return Finding.of("adopt-nothing", Place(path.name), file=path.name, seen=tuple(seen))


def _worded(proposal: Proposal) -> Proposal:
    """The proposal with the reasons of its columns in words."""
    from salesplan.messages import text

    tables = []
    for one in proposal.tables:
        entries = tuple(
            replace(entry, why=text(why, proposal.lang))
            for entry, why in zip(one.entries, one.whys, strict=True)
        )
        tables.append(replace(one, entries=entries))
    return replace(proposal, tables=tuple(tables))


def _with_kept(proposal: Proposal, kept: Kept | None, workbook: str) -> Proposal:
    """The proposal with the rows of the mapping that is there already: what a person said yes to,
    or left out, stays.
    """
    from salesplan.plan.adopt.facts import Matched, facts_of
    from salesplan.plan.adopt.mapping import Status

    if kept is None:
        return proposal
    said = {
        (one.sheet, one.cell, one.head): one
        for one in kept.entries
        if one.status is not Status.SUGGESTED
    }
    tables = []
    for table in proposal.tables:
        entries = tuple(said.get((one.sheet, one.cell, one.head), one) for one in table.entries)
        asked = [one.confidence for one in entries if one.read and one.row == 0]
        sure = min(asked, default=100)
        matched = Matched(table.block, {one.at[1]: one for one in entries})
        facts = tuple(facts_of(matched, workbook))
        tables.append(replace(table, entries=entries, confidence=sure, facts=facts))
    return replace(proposal, tables=tuple(tables))


def _known(proposal: Proposal, units: Sequence[Unit], kpis: Sequence[Kpi]) -> Known:
    """The plan's units and KPIs as they will be."""
    from salesplan.plan.adopt.laying import Known
    from salesplan.plan.model import Kpi, Settings, Unit
    from salesplan.plan.model.people import Index, People

    more = [
        Unit(code=one.code, name=one.name, level=one.level, parent=one.parent or None)
        for one in proposal.units
    ]
    new = [
        Kpi(
            code=one.code,
            name=one.name,
            kind=one.kind,
            unit=one.unit,
            smallest_unit=one.smallest_unit,
        )
        for one in proposal.kpis
    ]
    settings = Settings(year=proposal.year, fiscal_start=proposal.fiscal_start)
    return Known(People([*units, *more]), Index([*kpis, *new]), settings.months)


def _preview(table: Proposed, known: Known, hidden: Mapping[str, Hidden]) -> Preview:
    from salesplan.plan.adopt.laying import lay_facts, names_of_several
    from salesplan.plan.adopt.unseen import unseen

    laid = lay_facts([table.facts], known)
    several = names_of_several(table.facts, known)
    units = {one.code: one.name for one in known.people.records}
    names = {one.code: one.name for one in known.kpis.records}
    rows: list[tuple[str, str, str, str, object]] = []
    sums: dict[tuple[str, str], Decimal] = {}
    counts = {"targets": 0, "actuals": 0}
    for kind, found in laid.tables.items():
        keys = [one for one in found.columns if one.startswith("manual") or one == "value"]
        columns = {key: found.column(key) for key in found.columns}
        for at in range(len(found.row_numbers)):
            kpi = str(columns["kpi"][at] or "")
            unit = str(columns["unit"][at] or "")
            for key in keys:
                value = columns[key][at]
                if not isinstance(value, (int, float)):
                    continue
                if kind == "targets" and "product" in columns and columns["product"][at]:
                    continue
                name = names.get(kpi, kpi)
                counts[kind] += 1
                sums[kind, name] = sums.get((kind, name), Decimal(0)) + Decimal(repr(value))
                when = str(columns["day"][at])[:10] if key == "value" else key
                if len(rows) < FIRST:
                    rows.append((units.get(unit, unit), name, when, kind, value))
    findings = (*laid.findings, *several, *unseen([table.facts], hidden.__getitem__))
    return Preview(table, tuple(rows), counts["targets"], counts["actuals"], sums, findings)


def without(seen: Adoption, rejected: Collection[int]) -> dict[tuple[str, str], Takes | None]:
    """Answers that leave the tables of these numbers out."""
    found: dict[tuple[str, str], Takes | None] = {}
    for at in rejected:
        for one in seen.proposal.tables[at].entries:
            found[one.sheet, one.cell] = None
    return found


def adopt(
    seen: Adoption,
    *,
    map_file: Path | None = None,
    out: Path | None = None,
    force: bool = False,
    say: Say = unheard,
) -> Path:
    """Write the sheets of ours into the workbook: the mapping of its tables, and what a plan
    needs beside them. Every other byte stays. With a ``map_file``, which must lie in the workbook's
    folder, the mapping goes there, and the sheet names it.

    Raises SalesplanError as :func:`salesplan.app.recalc` does.
    """
    from salesplan.fill.adopted import mapping_changes, mapping_title, new_sheets
    from salesplan.plan.adopt.mapfile import pointer
    from salesplan.workbook.save.store import save_patched

    proposal = seen.proposal
    name = mapping_title(proposal.lang, seen.sheets) if seen.kept is None else seen.kept.sheet
    entries = confirmed(proposal.entries)
    if map_file is None and seen.kept is not None and seen.kept.file:
        map_file = seen.path.parent / seen.kept.file
    if map_file is not None:
        _write_map(map_file, entries, proposal.lang, (out or seen.path).resolve().parent)
        entries = [pointer(map_file.name)]
    changes = [
        *mapping_changes(entries, proposal.lang, name, seen.before),
        *new_sheets(proposal, seen.ours, seen.sheets),
    ]
    return save_patched(
        seen.path,
        changes,
        expect_sha256=seen.sha256,
        out=out,
        who=who(),
        what="adopt",
        say=say,
        force=force,
    )


def _write_map(path: Path, entries: Sequence[Entry], lang: str, folder: Path) -> None:
    """Raises SalesplanError (exit 2) for a file elsewhere: the workbook could not name it."""
    from salesplan.plan.adopt.mapfile import toml_of
    from salesplan.workbook.save.guards import named_causes

    if path.resolve().parent != folder or path.suffix != ".toml":
        raise SalesplanError(Finding.of("mapping-file-place", Place(str(path)), file=path.name), 2)
    with named_causes(path):
        path.write_text(toml_of(entries, lang), "utf-8")


def confirmed(entries: Sequence[Entry]) -> list[Entry]:
    """The rows as they are kept: what was proposed and accepted is confirmed."""
    from salesplan.plan.adopt.mapping import Status

    return [
        replace(one, status=Status.CONFIRMED) if one.status is Status.SUGGESTED else one
        for one in entries
    ]
