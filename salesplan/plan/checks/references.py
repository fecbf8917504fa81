"""Checks of every column that names another row's code: the schema says which (SPEC 13)."""

from __future__ import annotations

from collections.abc import Iterator

from salesplan.findings import Finding
from salesplan.plan.checks.common import near, units_called
from salesplan.plan.model import Plan, Record
from salesplan.plan.schema import TABLES, Column, Table, sheet, table

PEOPLE = frozenset({"owner", "person"})
"""Columns where a name does as well as a code."""

HINTS = 50
"""Unknown codes of a column for which the nearest known one is looked up: that is slow, and past so many no help."""

APART = frozenset({("units", "parent")})
"""Looked at by a check of its own, with more to say."""


def check_references(plan: Plan) -> Iterator[Finding]:
    """Task T1 names strategy S9, which is not on the strategies sheet; an owner whom two units are called."""
    for one in TABLES:
        columns = [
            column for column in one.columns if column.ref and (one.key, column.key) not in APART
        ]
        if one.key == "actuals" or not columns:
            continue
        for column in columns:
            yield from _column(plan, one, column)


def check_notify(plan: Plan) -> Iterator[Finding]:
    """同步对象 names a unit that is not on the organisation sheet; mail addresses are fine."""
    for change in plan.changes:
        for name in change.notify:
            if (
                plan.units
                and "@" not in name
                and not units_called(plan, name)
                and name not in plan.dropped.get("units", ())
            ):
                yield Finding.of(
                    "unknown-code",
                    change.origin.place("notify"),
                    name=name,
                    sheet=sheet("organization"),
                    near=near(name, plan.unit_by_code, plan.units),
                )


def _column(plan: Plan, one: Table, column: Column) -> Iterator[Finding]:
    targets: tuple[Record, ...] = getattr(plan, column.ref)
    known = {getattr(target, "code", "") for target in targets}
    dropped = plan.dropped.get(column.ref, frozenset())
    if not known and not dropped:
        return
    hints: dict[str, str] = {}
    for record in getattr(plan, one.key):
        value = getattr(record, column.key, None)
        if not value or value in known or value in dropped:
            continue
        named = units_called(plan, value) if column.key in PEOPLE else ()
        place = record.origin.place(column.key)
        if len(named) > 1:
            yield Finding.of(
                "name-ambiguous", place, name=value, codes=tuple(unit.code for unit in named)
            )
        elif not named:
            if value not in hints:
                hints[value] = near(value, known, targets) if len(hints) < HINTS else "—"
            yield Finding.of(
                "unknown-code",
                place,
                name=value,
                sheet=sheet(table(column.ref).sheet),
                near=hints[value],
            )


CHECKS = (check_references, check_notify)
