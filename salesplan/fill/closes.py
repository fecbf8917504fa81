"""关账记录: the edits that bring the sheet to what a close or a reopening has made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from salesplan.dataclass import dataclass
from salesplan.fill.edits import Added, Edit, Edits, Value, rounded, same
from salesplan.fill.rows import Row, append_rows, style_of
from salesplan.findings import Finding
from salesplan.plan.loader import Loaded
from salesplan.plan.model import ClosedFigures, ClosedRow, CloseEntry, Plan
from salesplan.plan.schema import label, product_name, table

FIGURES = ("parent", "base", "issued", "actual")


@dataclass(frozen=True, slots=True)
class CloseEdits:
    """What is to be written, and why it cannot be."""

    edits: Edits
    findings: tuple[Finding, ...]


def close_edits(loaded: Loaded, after: Plan) -> CloseEdits:
    """The edits of the log and of the figures; ``after`` is the plan with what the sheet is to
    hold.

    KeyError where the master lacks one of the two tables.
    """
    logged, findings = append_rows(
        loaded.tables["closes"],
        table("closes"),
        [_entry(one, loaded.lang) for one in after.closes[len(loaded.plan.closes) :]],
    )
    months = [month.month for month in after.settings.months]
    there = {_key(row) for row in (*loaded.plan.closed, *loaded.plan.product_closed)}
    rows = (*after.closed, *after.product_closed)
    edits: list[Edit | Added] = [*logged]
    new = [row for row in rows if _key(row) not in there]
    for row in rows:
        if _key(row) in there:
            edits += _changed(loaded, row, months)
    appended, problems = append_rows(
        loaded.tables["closed"],
        table("closed"),
        [_figures(row, months, loaded.lang) for row in new],
    )
    return CloseEdits(Edits((*edits, *appended)), (*findings, *problems))


def _entry(one: CloseEntry, lang: str) -> Row:
    return {
        "number": one.number,
        "month": str(one.month),
        "day": one.day,
        "by": one.by,
        "action": label(one.action, lang) if one.action else "",
        "reason": one.reason,
        "errors": one.errors,
        "changes": ", ".join(one.changes),
        "check": one.check,
    }


def _key(row: ClosedRow) -> tuple[str, str, str]:
    return row.kpi, row.unit, row.product


def _figures(row: ClosedRow, months: list[int], lang: str) -> dict[str, Value]:
    """Every cell of the row; of months of which nothing is recorded blank ones."""
    values: dict[str, Value] = {"kpi": row.kpi, "unit": row.unit, "name": row.name}
    if row.product:
        values["product"] = product_name(row.product, lang)
    for month, one in zip(months, row.figures, strict=True):
        figures = one or ClosedFigures()
        values |= {f"{key}{month}": getattr(figures, key) for key in FIGURES}
    return values


def _changed(loaded: Loaded, row: ClosedRow, months: list[int]) -> Iterator[Edit]:
    found, schema = loaded.tables["closed"], table("closed")
    values: Mapping[str, Value] = _figures(row, months, loaded.lang)
    for key, value in values.items():
        if key not in found.columns:
            continue
        column = schema.column(key)
        old, new = found.value(key, row.origin.row), rounded(value, column)
        if not same(old, new):
            cell = f"{found.columns[key]}{row.origin.row}"
            name = f"{row.kpi} · {row.unit}"
            text = None if new == "" else new
            yield Edit(
                found.sheet, cell, found.headers[key], name, old, text, None, style_of(column)
            )
