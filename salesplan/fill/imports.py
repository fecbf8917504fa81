"""Imported actuals as new rows of the 实绩 table; a record that is there already stays as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from salesplan.dataclass import dataclass, field, replace
from salesplan.fill.edits import Added, Edits, Value, as_told, rounded, same
from salesplan.fill.rows import Row, append_rows
from salesplan.findings import Finding, Place
from salesplan.plan.loader import Loaded
from salesplan.plan.model import Month
from salesplan.plan.schema import sheet, table
from salesplan.plan.sources.actuals import ActualRow, Imported
from salesplan.workbook.read.tables import FoundTable

COMPARED = ("day", "unit", "product", "value", "numerator", "denominator", "quantity", "share")
"""Fields in which a record that was imported before may have changed since."""

MOST_GONE = 5
"""Sources of records that the file no longer has which are named; the others are counted."""


def taken_in(loaded: Loaded, imported: Imported) -> tuple[Edits, Imported]:
    """What changes in 实绩 and in 商机, and the import with its counts."""
    rows, imported = appended(loaded, imported)
    if imported.deals is None:
        return Edits(tuple(rows)), imported
    from salesplan.fill.import_deals import with_deals

    deals, imported = with_deals(loaded, imported)
    return Edits((*rows, *deals)), imported


def appended(loaded: Loaded, imported: Imported) -> tuple[Sequence[Added], Imported]:
    """The rows to add, and the import with its counts: how many rows are new, known, changed,
    gone.

    A known record whose figures differ in the export is a finding at its cell; it is not
    overwritten. So is what the master has of the days of this file and the file no longer has.
    """
    found = loaded.tables.get("actuals")
    if found is None or "source" not in found.columns:
        place = Place(str(loaded.path), found.sheet if found else "", "")
        name = sheet("actuals").title(loaded.lang)
        finding = Finding.of("import-no-source-column", place, sheet=name)
        return (), replace(
            imported,
            unwritten=len(imported.rows),
            findings=(*imported.findings, finding),
            lang=loaded.lang,
        )
    if "share" not in found.columns and any(row.figures.get("share") for row in imported.rows):
        place = Place(str(loaded.path), found.sheet, "")
        column = table("actuals").column("share")
        finding = Finding.of("import-no-share-column", place, sheet=found.sheet, column=column)
        return (), replace(
            imported,
            unwritten=len(imported.rows),
            findings=(*imported.findings, finding),
            lang=loaded.lang,
        )
    matched = _matched(_Ledger(found), imported.rows)
    differing: list[tuple[Finding, ActualRow]] = []
    for row, index in matched.known:
        differing += [(finding, row) for finding in _differences(loaded, found, row, index)]
    gone = _gone(found, imported.rows, matched)
    rows = [_row(row) for row in matched.fresh]
    added, problems = append_rows(found, table("actuals"), rows)
    unwritten = len(rows) if problems else 0
    return added, replace(
        imported,
        added=len(rows) - unwritten,
        known=len(matched.known),
        changed=len({id(row) for _, row in differing}),
        gone=len(gone),
        unwritten=unwritten,
        lang=loaded.lang,
        findings=(
            *imported.findings,
            *(finding for finding, _ in differing),
            *_said_gone(loaded, found, gone),
            *problems,
        ),
    )


class _Ledger:
    """The rows that the master has, by their source."""

    def __init__(self, found: FoundTable) -> None:
        self.units, self.products = found.column("unit"), found.column("product")
        self.by_source: dict[str, list[int]] = defaultdict(list)
        for index, source in enumerate(found.column("source")):
            if source is not None:
                self.by_source[str(source)].append(index)

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
    fresh: list[ActualRow] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def _matched(ledger: _Ledger, rows: Iterable[ActualRow]) -> _Matched:
    """Each row with the master's row of its source: that of its unit and product, else one that
    none of the others is.

    So two units of one record are two rows, and a record that went to another unit is one that
    changed.
    """
    by_source: dict[str, list[ActualRow]] = defaultdict(list)
    for row in rows:
        by_source[row.source].append(row)
    matched = _Matched()
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
        matched.fresh += unmatched[len(changed) :]
        matched.left += there[len(changed) :]
    matched.fresh.sort(key=lambda row: row.line)
    return matched


def _differences(
    loaded: Loaded, found: FoundTable, row: ActualRow, index: int
) -> Iterable[Finding]:
    values = _row(row)
    if row.first and _is_later(row.when, found.column("day")[index]):
        return
    for key in COMPARED:
        if key not in found.columns or (key == "product" and "product" not in row.texts):
            continue
        old = found.column(key)[index]
        new = rounded(values.get(key), table("actuals").column(key))
        if not same(old, new):
            place = Place(
                str(loaded.path), found.sheet, f"{found.columns[key]}{found.row_numbers[index]}"
            )
            yield Finding.of(
                "import-differs",
                place,
                line=str(row.line),
                source=row.source,
                old=as_told(old),
                new=as_told(new),
            )


def _is_later(day: date, there: object) -> bool:
    """Whether a first of an account comes after the one that the master has: then it is none."""
    known = there.date() if isinstance(there, datetime) else there
    return isinstance(known, date) and day > known


def _gone(found: FoundTable, rows: Sequence[ActualRow], matched: _Matched) -> list[int]:
    """The master's rows of the same KPIs and of the days from the file's first to its last that the
    file no longer has.

    Firsts of an account are left out: a file of later records does not have them.
    """
    counted = [row for row in rows if not row.first]
    if not counted:
        return []
    first, last = min(row.when for row in counted), max(row.when for row in counted)
    sources = {row.source for row in rows}
    prefixes = {f"{row.kpi}:" for row in counted}
    gone = list(matched.left)
    told = zip(found.column("source"), found.column("day"), found.column("kpi"), strict=True)
    for index, (source, day, kpi) in enumerate(told):
        when = day.date() if isinstance(day, datetime) else day
        if (
            isinstance(source, str)
            and source not in sources
            and isinstance(when, date)
            and first <= when <= last
            and f"{kpi}:" in prefixes
            and source.startswith(f"{kpi}:")
        ):
            gone.append(index)
    return sorted(gone)


def _said_gone(loaded: Loaded, found: FoundTable, gone: Sequence[int]) -> Iterable[Finding]:
    if not gone:
        return
    sources = found.column("source")
    place = Place(
        str(loaded.path), found.sheet, f"{found.columns['source']}{found.row_numbers[gone[0]]}"
    )
    rows = [str(found.row_numbers[index]) for index in gone[:MOST_GONE]]
    yield Finding.of(
        "import-gone",
        place,
        count=len(gone),
        rows=[*rows, "…"] if len(gone) > MOST_GONE else rows,
        sources=[str(sources[index]) for index in gone[:MOST_GONE]],
    )


def _row(row: ActualRow) -> Row:
    values: dict[str, Value | Decimal] = {
        "day": str(row.day) if isinstance(row.day, Month) else row.day,
        "unit": row.unit,
        "kpi": row.kpi,
        "source": row.source,
        **row.texts,
        **row.figures,
    }
    return values
