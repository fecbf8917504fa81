"""References by code: where a cell names a unit, a KPI or a task in another way, the plan holds its
code.

People write 华东团队, 张三 or rev where a code is wanted. What can be one record only is taken for
its code, here and once, so that everything that follows finds records by their codes. What could be
two, or is none, stays as typed: :mod:`salesplan.plan.checks.references` says so at its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, product
from typing import Any

from salesplan.dataclass import replace
from salesplan.findings import Finding, Place
from salesplan.plan.model import Actuals, Change, Coded, Plan, Record, Unit
from salesplan.plan.model.people import Index, People
from salesplan.plan.schema import TABLES, Column, Table

SUBJECTS = ("tasks", "budget", "units", "kpis", "strategies")
"""Tables whose rows a change may name, the first that knows the text before the others."""

_PARTS = re.compile(r"(\s*(?:/|->|→|=>|>)\s*)")


def with_codes(plan: Plan) -> tuple[Plan, list[Finding]]:
    """The plan with codes in all its references; findings for rows that turn out to be there
    twice.
    """
    units = _led(plan.units, plan.people)
    plan = replace(plan, units=units) if units is not plan.units else plan
    indexes = {key: index_of(plan, key) for key in _named_tables()}
    findings: list[Finding] = []
    changed: dict[str, Any] = {}
    for one in TABLES:
        columns = [column for column in one.columns if column.ref]
        if one.key == "actuals" or not columns:
            continue
        rows = getattr(plan, one.key)
        found = tuple(_coded(row, columns, indexes) for row in rows)
        if any(new is not old for new, old in zip(found, rows, strict=True)):
            changed[one.key] = _once(one, found, findings)
    changed["changes"] = tuple(_change(plan, change, indexes) for change in plan.changes)
    changed["actuals"] = _actuals(plan.actuals, indexes)
    return replace(plan, **changed), findings


def ambiguous(place: Place, name: str, meant: Iterable[Coded]) -> Finding:
    """What could be several: all of them are named."""
    return Finding.of("name-ambiguous", place, name=name, codes=tuple(one.code for one in meant))


def unclear_subject(plan: Plan, change: Change) -> Finding | None:
    """The part of a change's 对象 that could be several records, with all of them."""
    names = _PARTS.split(change.subject)[::2]
    place = change.origin.place("subject")
    if len(names) == 1:
        meant = (index_of(plan, key).meant(names[0]) for key in SUBJECTS)
        named = list(chain.from_iterable(meant))
        return ambiguous(place, names[0], named) if len(named) > 1 else None
    parts: list[tuple[str, Sequence[Coded]]] = [(names[0], plan.kpi_index.meant(names[0]))]
    parts += [(name, plan.people.meant(name)) for name in names[1:2] + names[2:] * _hands(change)]
    return next((ambiguous(place, name, found) for name, found in parts if len(found) > 1), None)


def _led(units: tuple[Unit, ...], people: People) -> tuple[Unit, ...]:
    """The units with the codes of their 负责人, where that is a unit of the plan."""
    heads = {unit.code: people.head(unit) for unit in units if unit.manager}
    named = {
        code: head.code
        for code, head in heads.items()
        if head is not None and head.code != people.records_by_code[code].manager
    }
    if not named:
        return units
    return tuple(
        replace(unit, manager=named[unit.code]) if unit.code in named else unit for unit in units
    )


def _named_tables() -> set[str]:
    columns = chain.from_iterable(one.columns for one in TABLES)
    return {column.ref for column in columns if column.ref} | {*SUBJECTS}


def index_of(plan: Plan, key: str) -> Index[Any]:
    """The rows of a table by what people call them."""
    if key == "units":
        return plan.people
    return plan.kpi_index if key == "kpis" else Index(getattr(plan, key))


def _coded(row: Record, columns: Sequence[Column], indexes: Mapping[str, Index[Any]]) -> Record:
    given = {column.key: (column, getattr(row, column.key)) for column in columns}
    codes = {key: indexes[column.ref].code(text) for key, (column, text) in given.items() if text}
    new = {key: code for key, code in codes.items() if code != given[key][1]}
    return replace(row, **new) if new else row  # type: ignore[arg-type]


def _once(one: Table, rows: Iterable[Record], findings: list[Finding]) -> tuple[Record, ...]:
    """The rows without those that name in another way what a row before them names."""
    if not one.identity or not all(hasattr(row, key) for row, key in product(rows, one.identity)):
        return tuple(rows)
    first: dict[tuple[object, ...], Record] = {}
    kept = []
    for row in rows:
        identity = tuple(getattr(row, key) for key in one.identity)
        if any(identity) and first.setdefault(identity, row) is not row:
            place = row.origin.place(one.identity[0])
            before = first[identity].origin.place(one.identity[0])
            name = " / ".join(str(part) for part in identity if part)
            findings.append(Finding.of("duplicate-code", place, name=name, first=str(before)))
        else:
            kept.append(row)
    return tuple(kept)


def _change(plan: Plan, change: Change, indexes: Mapping[str, Index[Any]]) -> Change:
    """对象 by codes: 营收/张三 is REV/P03."""
    pieces = _PARTS.split(change.subject)
    names = pieces[::2]
    if len(names) == 1:
        codes = [_subject_code(change.subject, indexes)]
    else:
        others = map(plan.people.code, names[2:]) if _hands(change) else names[2:]
        codes = [indexes["kpis"].code(names[0]), plan.people.code(names[1]), *others]
    if codes == names:
        return change
    pieces[::2] = codes
    return replace(change, subject="".join(pieces))


def _hands(change: Change) -> bool:
    """Whether what stands behind the unit is another unit, and no product: KPI/giver→taker."""
    return change.subject.count("/") < 2


def _subject_code(subject: str, indexes: Mapping[str, Index[Any]]) -> str:
    """The code of the one record of any table that the subject means; as typed where it is a code,
    or several's.
    """
    if any(subject in indexes[key].records_by_code for key in SUBJECTS):
        return subject
    meant = chain.from_iterable(indexes[key].meant(subject) for key in SUBJECTS)
    named = [one.code for one in meant]
    return str(named[0]) if len(named) == 1 else subject


def _actuals(actuals: Actuals, indexes: Mapping[str, Index[Any]]) -> Actuals:
    """实绩 by codes: each different text is looked up once."""
    changed: dict[str, Any] = {}
    for key, index in (("unit", indexes["units"]), ("kpi", indexes["kpis"])):
        column = getattr(actuals, key)
        codes = {text: index.code(text) for text in set(column)}
        if any(code != text for text, code in codes.items()):
            changed[key] = list(map(codes.__getitem__, column))
    return replace(actuals, **changed) if changed else actuals
