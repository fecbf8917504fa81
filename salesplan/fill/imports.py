"""Imported actuals as new rows of the 实绩 table; a record that is there already stays as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from salesplan.dataclass import dataclass, field, replace
from salesplan.fill import names_in
from salesplan.fill.edits import Added, Edit, Edits, Value, as_told, rounded, same
from salesplan.fill.import_beside import added_beside
from salesplan.fill.import_mode import ONLY_NEW, ImportMode, blanked, said_gone
from salesplan.fill.rows import Row, append_columns, style_of
from salesplan.findings import Finding, Place
from salesplan.plan.loader import Loaded
from salesplan.plan.schema import sheet, table
from salesplan.plan.sources.actuals import Imported
from salesplan.plan.sources.mapping import TEXTS
from salesplan.plan.sources.rows import ActualRow, ActualRows
from salesplan.workbook.read.tables import FoundTable

COMPARED = ("day", "unit", "value", "numerator", "denominator", "quantity", "share", *TEXTS)
"""Fields in which a record that was imported before may have changed since; a text that the source
leaves blank changes nothing.
"""


def taken_in(
    loaded: Loaded, imported: Imported, mode: ImportMode = ONLY_NEW
) -> tuple[Edits, Imported]:
    """What changes in 实绩 and in 商机, and the import with its counts."""
    rows, imported = appended(loaded, imported, mode)
    if imported.deals is None:
        return Edits(tuple(rows)), imported
    from salesplan.fill.import_deals import with_deals

    deals, imported = with_deals(loaded, imported)
    return Edits((*rows, *deals)), imported


def appended(
    loaded: Loaded, imported: Imported, mode: ImportMode = ONLY_NEW
) -> tuple[Sequence[Added | Edit], Imported]:
    """The rows to add and cells to change, and the import with its counts: how many rows are new,
    known, changed, gone.

    A known record whose figures differ in the export is a finding at its cell; without ``update``
    it is not overwritten. So is what the master has of the days of this file and the file no longer
    has. Where lines were refused nothing is taken out: it may be one of them.
    """
    found = loaded.tables.get("actuals")
    refusal = _refusal(loaded, found, imported)
    if refusal is not None or found is None:
        said = () if refusal is None else (refusal,)
        return (), replace(
            imported,
            unwritten=len(imported.rows),
            findings=(*imported.findings, *said),
            lang=loaded.lang,
        )
    ledger = _Ledger(found, imported.key_again)
    matched = _matched(ledger, imported.rows)
    edits: list[Edit] = []
    differing: set[int] = set()
    told: list[Finding] = []
    for row, index in matched.known:
        for edit in _differences(found, row, index, mode):
            differing.add(index)
            edits.append(edit)
            told.append(_said_changed(loaded, row, edit, mode))
    gone = _gone(ledger, found, imported, matched, mode)
    out = gone if mode.takes_out and not imported.refused else []
    rows = matched.fresh
    columns = _columns(rows)
    names = names_in(loaded, loaded.memory)
    if names is not None:
        columns |= names.of_columns("actuals", columns)
    added, problems = append_columns(found, table("actuals"), columns, len(rows))
    unwritten = len(rows) if problems else 0
    if not problems:
        told += added_beside(loaded.plan, rows)
    changes = [*edits, *blanked(found, table("actuals"), "source", out)]
    return [*(changes if mode.update else ()), *added], replace(
        imported,
        added=len(rows) - unwritten,
        known=len(matched.known),
        changed=len(differing),
        gone=len(gone),
        updated=len(differing) if mode.update else 0,
        removed=len(out),
        unwritten=unwritten,
        lang=loaded.lang,
        findings=(
            *imported.findings,
            *told,
            *said_gone(loaded, found, "source", gone, bool(out), mode),
            *problems,
        ),
    )


def _refusal(loaded: Loaded, found: FoundTable | None, imported: Imported) -> Finding | None:
    """Why nothing can be written: there is no column for what tells the records apart, or for
    shares.
    """
    if found is None or "source" not in found.columns:
        place = Place(str(loaded.path), found.sheet if found else "", "")
        name = sheet("actuals").title(loaded.lang)
        return Finding.of("import-no-source-column", place, sheet=name)
    shared = "share" not in found.columns and "share" in imported.rows.named
    if shared and any(imported.rows.figures("share")):
        place = Place(str(loaded.path), found.sheet, "")
        column = table("actuals").column("share")
        return Finding.of("import-no-share-column", place, sheet=found.sheet, column=column)
    return None


class _Ledger:
    """The rows that the master has, by their source with its key as the import ``again`` makes
    it.
    """

    def __init__(self, found: FoundTable, again: Callable[[str], str]) -> None:
        self.units, self.products = found.column("unit"), found.column("product")
        self.again = again
        self.by_source: dict[str, list[int]] = defaultdict(list)
        for index, source in enumerate(found.column("source")):
            if source is not None:
                self.by_source[self.known(str(source))].append(index)

    def known(self, source: str) -> str:
        """A source, KPI:key, by which it is known again however its key was written."""
        kpi, colon, key = source.partition(":")
        return f"{kpi}:{self.again(key)}" if colon else source

    def says(self, index: int, row: ActualRow) -> bool:
        """Whether the row is that of the same unit and product."""
        return same(self.units[index], row.unit) and same(
            self.products[index], row.texts.get("product", "")
        )


@dataclass(slots=True)
class _Matched:
    """Rows of the export that the master has, with where; those it has not; rows of its records
    that fell away.
    """

    known: list[tuple[ActualRow, int]] = field(default_factory=list)
    fresh: ActualRows = field(default_factory=ActualRows)
    left: list[int] = field(default_factory=list)


def _matched(ledger: _Ledger, rows: ActualRows) -> _Matched:
    """Each row with the master's row of its source: that of its unit and product, else one that
    none of the others is.

    So two units of one record are two rows, and a record that went to another unit is one that
    changed.
    """
    matched = _Matched()
    if not ledger.by_source:  # the first import into a master
        matched.fresh = rows
        return matched
    fresh: list[ActualRow] = []
    by_source: dict[str, list[ActualRow]] = defaultdict(list)
    for row in rows:
        by_source[ledger.known(row.source)].append(row)
    for source, given in by_source.items():
        there = list(ledger.by_source.get(source, ()))
        unmatched: list[ActualRow] = []
        for row in given:
            index = next((one for one in there if ledger.says(one, row)), None)
            if index is None:
                unmatched.append(row)
            else:
                there.remove(index)
                matched.known.append((row, index))
        changed = list(zip(unmatched, there, strict=False))
        matched.known += changed
        fresh += unmatched[len(changed) :]
        matched.left += there[len(changed) :]
    matched.fresh = ActualRows(sorted(fresh, key=lambda row: row.line))
    return matched


def _differences(found: FoundTable, row: ActualRow, index: int, mode: ImportMode) -> Iterator[Edit]:
    """The cells of a known row that say something else than its record."""
    values, number = _row(row), found.row_numbers[index]
    if row.first and not mode.full and _is_later(row.when, found.value("day", number)):
        return
    for key in COMPARED:
        if key not in found.columns or (key in TEXTS and not row.texts.get(key)):
            continue
        if key not in values and key not in ("value", "numerator", "denominator"):
            continue
        column = table("actuals").column(key)
        old, new = found.value(key, number), rounded(values.get(key), column)
        if not same(old, new):
            cell = f"{found.columns[key]}{number}"
            header = found.headers[key]
            yield Edit(found.sheet, cell, header, row.source, old, new, None, style_of(column))


def _said_changed(loaded: Loaded, row: ActualRow, edit: Edit, mode: ImportMode) -> Finding:
    place = Place(str(loaded.path), edit.sheet, edit.cell)
    old, new = as_told(edit.old), as_told(edit.new)
    if mode.update:
        return Finding.of(
            "import-updated", place, source=row.source, column=edit.column, old=old, new=new
        )
    line = str(row.line)
    return Finding.of("import-differs", place, line=line, source=row.source, old=old, new=new)


def _is_later(day: date, there: object) -> bool:
    """Whether a first of an account comes after the one that the master has: then it is none."""
    known = there.date() if isinstance(there, datetime) else there
    return isinstance(known, date) and day > known


def _gone(
    ledger: _Ledger, found: FoundTable, imported: Imported, matched: _Matched, mode: ImportMode
) -> list[int]:
    """The master's rows of the same KPIs and of the days from the file's first to its last that the
    file no longer has; of a ``full`` source those of all days.

    Firsts of an account are left out where the source is not full: a file of later records does
    not have them.
    """
    rows = imported.rows
    if not any(isinstance(source, str) for source in found.column("source")):
        return []
    counted = [row for row in rows if mode.full or not row.first]
    if not counted and not mode.full:
        return []
    days = [row.when for row in counted]
    first, last = (date.min, date.max) if mode.full else (min(days), max(days))
    sources = {ledger.known(source) for source in rows.sources}
    kpis = set(imported.kpis) if mode.full else {row.kpi for row in counted}
    gone = list(matched.left)
    told = zip(found.column("source"), found.column("day"), found.column("kpi"), strict=True)
    for index, (source, day, kpi) in enumerate(told):
        if (
            isinstance(source, str)
            and kpi in kpis
            and source.startswith(f"{kpi}:")
            and _within(day, first, last, mode.full)
            and ledger.known(source) not in sources
        ):
            gone.append(index)
    return sorted(gone)


def _within(day: object, first: date, last: date, full: bool) -> bool:
    when = day.date() if isinstance(day, datetime) else day
    return full or (isinstance(when, date) and first <= when <= last)


def _columns(rows: ActualRows) -> dict[str, Sequence[Value]]:
    """What the rows say, by the columns of 实绩."""
    columns: dict[str, Sequence[Value]] = {name: rows.figures(name) for name in rows.named}
    columns |= rows.texts
    columns["day"] = [day if type(day) is date else str(day) for day in rows.days]
    columns |= {"unit": rows.units, "kpi": rows.kpis, "source": rows.sources}
    return columns


def _row(row: ActualRow) -> Row:
    values: dict[str, Value | Decimal] = dict(zip(row.named, row.numbers, strict=True))
    values.update(row.texts)
    values["day"] = row.day if type(row.day) is date else str(row.day)
    values["unit"], values["kpi"], values["source"] = row.unit, row.kpi, row.source
    return values
