"""Targets from the company down to the person (SPEC 3): which KPI is split, copied or set, and for whom.

Flows and levels (存量) are split, in whole smallest units, with exact sums; a level is split
month by month and its year is its last month. Everything else is copied down
(:mod:`salesplan.engine.copied`). The rules of a split are in :mod:`salesplan.engine.shares`
(whose part), :mod:`salesplan.engine.locks` (what is held), :mod:`salesplan.engine.split`
(how it comes out whole) and :mod:`salesplan.engine.presence` (who is there).

Base targets add up. Issued targets (下达) carry the hedges of the unit and of everything above it
(:mod:`salesplan.engine.hedge`), and their year is the sum of their months: a layer beside the base.

A KPI without a company target has no targets. An error stops the group of siblings it concerns
and what is below it; their rows then say so, and locked rows keep what stands in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from salesplan.engine.copied import copied
from salesplan.engine.division import Division
from salesplan.engine.explain import Group, Member, target
from salesplan.engine.goal import computable, goal
from salesplan.engine.last_year import last_year
from salesplan.engine.locks import Held, Reading, in_units, read
from salesplan.engine.presence import presence
from salesplan.engine.results import Season, Target
from salesplan.engine.rounding import largest_remainder
from salesplan.engine.shares import Shares, shares
from salesplan.engine.split import divide, divide_level
from salesplan.engine.tree import Tree, grow
from salesplan.engine.workdays import Calendar
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, Plan, SplitMethod, TargetRow, Unit

__all__ = ["cascade", "presence"]

_Key = tuple[str, str]
_NONE: tuple[None, ...] = (None,) * 12


def cascade(plan: Plan, calendar: Calendar, seasons: Mapping[str, Season]) -> tuple[dict[_Key, Target], list[Finding]]:
    """The targets of every KPI and unit, by (KPI code, unit code), in KPI order and tree order.

    Amounts are exact multiples of the KPI's smallest unit; of a copied KPI, values as typed.
    """
    tree, findings = grow(plan, calendar)
    if tree is None:
        return {}, findings
    run = _Run(plan, tree, seasons, findings)
    targets: dict[_Key, Target] = {}
    for kpi in plan.kpi_by_code.values():
        if not computable(kpi):
            made: dict[_Key, Target] = {}
        elif kpi.kind.adds_over_units:
            made = _additive(run, kpi)
        else:
            made = copied(plan, tree, kpi, run.rows, findings)
        targets |= _kept(run, kpi, made)
    return targets, list({(f.code, f.place, repr(sorted(f.params.items(), key=str))): f for f in findings}.values())


@dataclass(slots=True)
class _Run:
    """What one cascade looks up again and again."""

    plan: Plan
    tree: Tree
    seasons: Mapping[str, Season]
    findings: list[Finding]
    rows: dict[_Key, TargetRow] = field(default_factory=dict)
    shares: dict[tuple[str, ...], Shares | None] = field(default_factory=dict)
    last_year: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.plan.targets:
            self.rows.setdefault((row.kpi, row.unit), row)
        self.last_year = last_year(self.plan, self.tree)


def _additive(run: _Run, kpi: Kpi) -> dict[_Key, Target]:
    tree = run.tree
    company = _company(run, kpi)
    if company is None:
        return {}
    needed = tree.needed(kpi.levels)
    months: dict[str, Sequence[int]] = {tree.root.code: company.months}
    members: dict[str, Member] = {tree.root.code: company}
    groups: dict[str, Group] = {}
    blocked: dict[str, str] = {}
    for unit in tree.order:
        kids = [child for child in tree.children.get(unit.code, ()) if child.code in needed and not _gone(run, kpi, child)]
        if unit.code not in months:
            blocked |= {kid.code: blocked[unit.code] for kid in kids if unit.code in blocked}
            continue
        if not kids:
            continue
        group = _split(run, kpi, unit, kids, months[unit.code])
        if group is None:
            blocked |= {kid.code: unit.name or unit.code for kid in kids}
            continue
        groups[unit.code] = group
        for index, kid in enumerate(kids):
            row = group.division.rows[index]
            months[kid.code] = row
            members[kid.code] = Member(row, group.held[index], group, index)
    found: dict[_Key, Target] = {}
    for unit in tree.order:
        if unit.level in kpi.levels:
            if unit.code in members:
                found[kpi.code, unit.code] = target(run.plan, tree, kpi, unit, members[unit.code], groups.get(unit.code))
            elif unit.code in blocked:
                found[kpi.code, unit.code] = _blank(kpi, unit, Finding.of("target-blocked", parent=blocked[unit.code]))
    return found


def _gone(run: _Run, kpi: Kpi, unit: Unit) -> bool:
    """Whether the unit plays no part this year: never there, and its row holds nothing."""
    if unit.code not in run.tree.gone:
        return False
    row = run.rows.get((kpi.code, unit.code))
    return row is None or (row.manual_year is None and row.lock is None and not any(month is not None for month in row.manual_months))


def _company(run: _Run, kpi: Kpi) -> Member | None:
    """The company's months, and what they came from; None if there is no target or it cannot be told."""
    root, findings = run.tree.root, run.findings
    if kpi.smallest_unit <= 0:
        findings.append(Finding.of("kpi-smallest-unit", kpi.origin.place("smallest_unit"), kpi=kpi.name))
        return None
    reading = _read(run, kpi, root)
    if reading.broken:
        return None
    held = reading.held
    level = goal(kpi, findings)
    wanted = None if level is None else in_units(level, kpi.smallest_unit)
    if level is not None and wanted is None:
        place = kpi.origin.place("target")
        findings.append(Finding.of("target-not-multiple", place, kpi=kpi.name, value=level, smallest=kpi.smallest_unit))
        return None
    year = wanted if held is None or held.year is None else held.year
    fixed = _NONE if held is None else held.months
    if held is not None and held.year is not None and wanted not in (None, held.year):
        _differs(run, kpi, held, "target-company-differs", held.year, wanted)
    flow = kpi.kind.adds_over_months
    given = [month for month in fixed if month is not None]
    if len(given) == len(fixed):
        total = sum(given) if flow else given[-1]
        if held is not None and year not in (None, total):
            _differs(run, kpi, held, "target-company-months-differ", total, year)
            return None
        return Member(given, held)
    if year is None:
        return None
    if not flow:
        return Member([year if month is None else month for month in fixed], held)
    season = run.seasons.get(kpi.code)
    if season is None:
        return None
    weights = [weight for weight, month in zip(season.fractions, fixed, strict=True) if month is None]
    rest = iter(largest_remainder(year - sum(given), weights if any(weights) else [1] * len(weights)))
    return Member([next(rest) if month is None else month for month in fixed], held, season=season)


def _differs(run: _Run, kpi: Kpi, held: Held, code: str, value: int, other: int | None) -> None:
    unit = kpi.smallest_unit
    place = held.row.origin.place(held.cell)
    run.findings.append(Finding.of(code, place, kpi=kpi.name, value=value * unit, target=(other or 0) * unit))


def _read(run: _Run, kpi: Kpi, unit: Unit) -> Reading:
    row = run.rows.get((kpi.code, unit.code))
    if row is None:
        return Reading()
    return read(kpi, row, unit.name or unit.code, run.tree.factor[unit.code], run.plan.settings.months, run.findings)


def _split(run: _Run, kpi: Kpi, parent: Unit, kids: list[Unit], months: Sequence[int]) -> Group | None:
    """The parent's months over its children; None if an error stops this group."""
    readings = [_read(run, kpi, kid) for kid in kids]
    held = [reading.held for reading in readings]
    parts = _shares(run, kpi, parent, kids, held)
    if parts is None or any(reading.broken for reading in readings) or any(kid.code in run.tree.unreadable for kid in kids):
        return None
    there = [run.tree.presence.get(kid.code) for kid in kids]
    if kpi.kind.adds_over_months:
        division = divide(months, parts, [None if p is None else p.flow for p in there], held)
    else:
        division = divide_level(months, parts, [None if p is None else p.level for p in there], held)
    _complain(run, kpi, parent, held, division)
    return Group(parent, kids, parts, held, there, division, months)


def _shares(run: _Run, kpi: Kpi, parent: Unit, kids: list[Unit], held: list[Held | None]) -> Shares | None:
    rows = [run.rows.get((kpi.code, kid.code)) for kid in kids]
    methods: list[SplitMethod | None] = [row.method if row is not None else None for row in rows]
    fixed = [h is not None and (h.year is not None or None not in h.months) and not h.locked for h in held]
    plain = not any(fixed) and not any(methods)
    key = tuple(kid.code for kid in kids)
    if plain and key in run.shares:
        return run.shares[key]
    parts, findings = shares(parent, kids, methods, fixed, run.last_year.get(kpi.code))
    run.findings.extend(findings)
    if plain:
        run.shares[key] = parts
    return parts


def _complain(run: _Run, kpi: Kpi, parent: Unit, held: list[Held | None], division: Division) -> None:
    for complaint in division.complaints:
        holder = held[complaint.child]
        assert holder is not None
        unit = run.plan.unit_by_code[holder.row.unit]
        month = "" if complaint.month is None else str(run.plan.settings.months[complaint.month])
        run.findings.append(
            Finding.of(
                complaint.code, holder.row.origin.place(holder.cell), kpi=kpi.name, parent=parent.name or parent.code, unit=unit.name or unit.code,
                month=month, amount=complaint.amount * kpi.smallest_unit, slack=complaint.slack * kpi.smallest_unit,
            )
        )  # fmt: skip


def _kept(run: _Run, kpi: Kpi, made: dict[_Key, Target]) -> dict[_Key, Target]:
    """``made``, and locked rows that could not be computed with what stands in them: a lock outlives an error."""
    kept: dict[_Key, Target] = {}
    for unit in run.tree.order:
        key = (kpi.code, unit.code)
        if key in made and made[key].base_year is not None:
            kept[key] = made[key]
            continue
        row = run.rows.get(key)
        if row is not None and row.lock is not None and row.stored_base_year is not None:
            year, months = row.stored_year, row.stored_months
            remark = (Finding.of("target-kept"),)
            kept[key] = Target(kpi.code, unit.code, None, None, row.stored_base_year, _NONE, year, months, remarks=remark, derivation=remark)
        elif key in made:
            kept[key] = made[key]
    return kept


def _blank(kpi: Kpi, unit: Unit, remark: Finding) -> Target:
    return Target(kpi.code, unit.code, None, None, None, _NONE, None, _NONE, remarks=(remark,), derivation=(remark,))


