"""Imported actuals as new rows of the 实绩 table; a record that is there already stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesplan.fill.edits import Value, same
from salesplan.fill.rows import Row, rows_below
from salesplan.findings import Finding, Place
from salesplan.plan.imports import ActualRow, Imported
from salesplan.plan.loader import Loaded
from salesplan.plan.schema import sheet, table
from salesplan.workbook.patch.changes import Change

COMPARED = ("day", "unit", "value", "numerator", "denominator", "quantity")
"""Fields in which a record that was imported before may have changed since."""


def appended(loaded: Loaded, imported: Imported) -> tuple[Sequence[Change], Imported]:
    """The changes to make, and the import with its counts: how many rows are new, how many were known.

    A known record whose figures differ in the export is a finding at its cell; it is not overwritten.
    """
    found = loaded.tables.get("actuals")
    if found is None or "source" not in found.columns:
        place = Place(str(loaded.path), found.sheet if found else "", "")
        name = sheet("actuals").title(loaded.lang)
        return (), imported.placed(
            0, [Finding.of("import-no-source-column", place, sheet=name)], loaded.lang
        )
    known = {
        str(value): index for index, value in enumerate(found.column("source")) if value is not None
    }
    findings = _differences(loaded, imported, known)
    fresh = [row for row in imported.rows if row.source not in known]
    changes, problems = rows_below(found, table("actuals"), len(fresh), map(_row, fresh))
    return changes, imported.placed(
        len(fresh) if not problems else 0, [*findings, *problems], loaded.lang
    )


def _differences(loaded: Loaded, imported: Imported, known: dict[str, int]) -> list[Finding]:
    found = loaded.tables["actuals"]
    columns = {key: found.column(key) for key in COMPARED if key in found.columns}
    findings = []
    for row in imported.rows:
        index = known.get(row.source)
        if index is None:
            continue
        values = _row(row)
        for key, column in columns.items():
            if not same(column[index], values.get(key)):
                place = Place(
                    str(loaded.path), found.sheet, f"{found.columns[key]}{found.row_numbers[index]}"
                )
                findings.append(
                    Finding.of(
                        "import-differs",
                        place,
                        line=str(row.line),
                        source=row.source,
                        old=column[index],
                        new=values.get(key),
                    )
                )
    return findings


def _row(row: ActualRow) -> Row:
    values: dict[str, Value | Decimal] = {
        "day": row.day,
        "unit": row.unit,
        "kpi": row.kpi,
        "source": row.source,
        **row.texts,
        **row.figures,
    }
    return values
