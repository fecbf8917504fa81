"""Whom and what a name means, and the known name that looks most like an unknown one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches
from itertools import zip_longest
from typing import TypeVar

from salesplan.plan.model import Kpi, Plan, Record, Unit
from salesplan.plan.parse_text import folded, half_width

_OFFERED = 20
R = TypeVar("R", Unit, Kpi)

_PARTS = re.compile(r"->|→|=>|>|/")


def near(text: str, known: Iterable[str], records: Iterable[Record] = ()) -> str:
    """The known code that ``text`` most likely means; a dash if there is none.

    Case, width and blanks do not count. Among ``records`` their names, and those of their managers, are
    tried too: people write 李一 or 营业收入 where a code is wanted.
    """
    codes = {_bare(code): code for code in sorted(known, reverse=True)}
    names: dict[str, str] = {}
    for record in records:
        for key in ("name", "manager"):
            names.setdefault(
                _bare(str(getattr(record, key, None) or "")), str(getattr(record, "code", ""))
            )
    wanted = _bare(text)
    for candidates in (codes, names):
        if wanted and wanted in candidates:
            return candidates[wanted]
    for candidates in (codes, names):
        if found := get_close_matches(wanted, candidates, n=2):
            return "—" if _equally_near(wanted, found) else candidates[found[0]]
    return "—"


def _equally_near(wanted: str, found: list[str]) -> bool:
    """Whether two are as near as each other: P07 is no nearer to P01 than to P02."""
    ratios = [SequenceMatcher(None, one, wanted).ratio() for one in found]
    return len(ratios) > 1 and ratios[0] == ratios[1]


def with_names(plan: Plan, subject: str) -> str:
    """The subject of a change with the names of its KPI and units: ``REV/N (营业收入 · 北方大区)``."""
    named = in_names(plan, subject)
    return subject if named == subject else f"{subject} ({named})"


def in_names(plan: Plan, subject: str) -> str:
    """The subject of a change by names alone, as people say it: ``营业收入 · 北方大区``, ``营业收入 · 陈强→杨伟``; as it is where it has none."""
    named = {one.code: one.name for one in plan.kpis} | {one.code: one.name for one in plan.units}
    codes = [half_width(part) for part in _PARTS.split(subject)]
    if all(named.get(code, code) == code for code in codes):
        return subject
    signs = (" · " if sign == "/" else "→" for sign in _PARTS.findall(subject))
    return "".join(
        piece
        for code, sign in zip_longest(codes, signs, fillvalue="")
        for piece in (named.get(code) or code, sign)
    )


def _bare(text: str) -> str:
    return folded(text).replace(" ", "")


def meant(text: str, records: Iterable[R]) -> R | None:
    """Whom a person at the keyboard means: the record of that code, else of that name; else the one alone whose code, else whose name, differs in case, width or blanks."""
    found, wanted = tuple(records), _bare(text)
    if not wanted:
        return None
    exactly = [
        next((one for one in found if getattr(one, key) == text), None) for key in ("code", "name")
    ]
    for one in exactly:
        if one is not None:
            return one
    for key in ("code", "name"):
        alike = [one for one in found if _bare(getattr(one, key)) == wanted]
        if alike:
            return alike[0] if len(alike) == 1 else None
    return None


def offered(text: str, records: Iterable[Unit | Kpi]) -> list[str]:
    """The codes to choose from where ``text`` is none of them: the one most like it first, twenty at most."""
    found = tuple(records)
    first = near(text, [one.code for one in found], found)
    codes = sorted((one.code for one in found), key=lambda code: code != first)
    return codes[:_OFFERED] + ["…"] * (len(codes) > _OFFERED)


def units_called(plan: Plan, name: str) -> tuple[Unit, ...]:
    """The unit of that code, else every unit of that name, else the one that a 负责人 of that name leads."""
    by_code = plan.unit_by_code.get(name)
    if by_code:
        return (by_code,)
    return tuple(unit for unit in plan.units if unit.name == name) or led_by(plan, name)


def led_by(plan: Plan, name: str) -> tuple[Unit, ...]:
    """The topmost unit whose 负责人 is called so; none where there are several, neither above the others."""
    units = [unit for unit in plan.units if name and unit.manager == name]
    codes = {unit.code for unit in units}
    top = [unit for unit in units if codes.isdisjoint(_above(plan, unit))]
    return tuple(top) if len(top) == 1 else ()


def with_leaders(plan: Plan) -> Plan:
    """The plan with the units' codes where tasks, reviews and stand-ups name who leads a unit and is none of the units: 王总 of HQ."""
    known = plan.unit_by_code.keys() | {unit.name for unit in plan.units}
    leaders = {unit.manager for unit in plan.units} - known - {""}
    codes = {name: found[0].code for name in leaders if (found := led_by(plan, name))}
    if not codes:
        return plan
    return replace(
        plan,
        tasks=tuple(
            replace(one, owner=codes[one.owner]) if one.owner in codes else one
            for one in plan.tasks
        ),
        weekly=tuple(
            replace(one, owner=codes[one.owner]) if one.owner in codes else one
            for one in plan.weekly
        ),
        daily=tuple(
            replace(one, person=codes[one.person]) if one.person in codes else one
            for one in plan.daily
        ),
    )


def _above(plan: Plan, unit: Unit) -> list[str]:
    """The codes of the units above it, the nearest first; a circle ends where it begins."""
    found: list[str] = []
    parent = unit.parent
    while parent and parent in plan.unit_by_code and parent not in found:
        found.append(parent)
        parent = plan.unit_by_code[parent].parent
    return found
