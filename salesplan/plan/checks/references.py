"""Checks of every column that names another row: the schema says which.

What can be one row only has its code by now (:mod:`salesplan.plan.references`); what is left is
nobody's, or could be several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from salesplan.findings import Finding, Place
from salesplan.plan.checks.common import near
from salesplan.plan.model import Plan, Record
from salesplan.plan.references import ambiguous, index_of
from salesplan.plan.schema import TABLES, Column, Table, sheet, table

HINTS = 50
"""Unknown codes of a column for which the nearest known one is looked up: that is slow, and past so
many no help.
"""

APART = frozenset({("units", "parent")})
"""Looked at by a check of its own, with more to say."""


def check_references(plan: Plan) -> Iterator[Finding]:
    """Task T1 names strategy S9, which is not on the strategies sheet; an owner whom two units are
    called.
    """
    for one in TABLES:
        columns = [
            column for column in one.columns if column.ref and (one.key, column.key) not in APART
        ]
        if one.key == "actuals" or not columns:
            continue
        for column in columns:
            yield from _column(plan, one, column)


def check_named_units(plan: Plan) -> Iterator[Finding]:
    """同步对象 or 可见单元 names a unit that is not on the organisation sheet; mail addresses are
    fine in 同步对象.
    """
    for change in plan.changes:
        names = [name for name in change.notify if "@" not in name]
        yield from _units(plan, names, change.origin.place("notify"))
    for lesson in plan.lessons:
        yield from _units(plan, lesson.shared, lesson.origin.place("shared"))


def _units(plan: Plan, names: Iterable[str], place: Place) -> Iterator[Finding]:
    for name in names:
        if not plan.units or name in plan.dropped.get("units", ()):
            continue
        named = plan.people.meant(name)
        if len(named) > 1:
            yield ambiguous(place, name, named)
        elif not named:
            yield Finding.of(
                "unknown-code",
                place,
                name=name,
                sheet=sheet("organization"),
                near=near(name, plan.unit_by_code, plan.units),
            )


def check_leaders(plan: Plan) -> Iterator[Finding]:
    """负责人 张伟, where two persons are called so: whose last working day counts, nobody can
    tell.
    """
    for unit in plan.units:
        heads = plan.people.heads(unit)
        if len(heads) > 1:
            yield Finding.of(
                "leader-ambiguous",
                unit.origin.place("manager"),
                name=unit.manager,
                codes=tuple(head.code for head in heads),
            )


def _column(plan: Plan, one: Table, column: Column) -> Iterator[Finding]:
    targets: tuple[Record, ...] = getattr(plan, column.ref)
    known = {getattr(target, "code", "") for target in targets}
    index = index_of(plan, column.ref)
    dropped = plan.dropped.get(column.ref, frozenset())
    if not known and not dropped:
        return
    hints: dict[str, str] = {}
    more = plan.product_targets if one.key == "targets" else ()
    for record in (*getattr(plan, one.key), *more):
        value = getattr(record, column.key, None)
        if not value or value in known or value in dropped:
            continue
        named, place = index.meant(value), record.origin.place(column.key)
        if len(named) > 1:
            yield ambiguous(place, value, named)
        else:
            if value not in hints:
                hints[value] = near(value, known, targets) if len(hints) < HINTS else "—"
            yield Finding.of(
                "unknown-code",
                place,
                name=value,
                sheet=sheet(table(column.ref).sheet),
                near=hints[value],
            )


CHECKS = (check_references, check_named_units, check_leaders)
