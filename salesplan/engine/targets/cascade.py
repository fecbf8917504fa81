"""Targets from the company down to the person: which KPI is split, copied or set, and for whom.

Flows and levels (存量) are split, in whole smallest units, with exact sums; a level is split month
by month and its year is its last month. Everything else is copied down
(:mod:`salesplan.engine.targets.copied`). The rules of a split are in
:mod:`salesplan.engine.targets.shares` (whose part), :mod:`salesplan.engine.targets.locks` (what is
held), :mod:`salesplan.engine.targets.split` (how it comes out whole) and
:mod:`salesplan.engine.targets.tree` (who is there).

Base targets add up. Issued targets (下达) carry the hedges of the unit and of everything above it
(:mod:`salesplan.engine.targets.hedge`), and their year is the sum of their months: a layer beside
the base.

A KPI without a company target is summed from below (:mod:`salesplan.engine.targets.spread`). An
error stops the group of siblings it concerns and what is below it; their rows then say so, and
locked rows keep what stands in them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.copied import Base, copied
from salesplan.engine.targets.derivation import Amounts, target
from salesplan.engine.targets.goal import Run, computable
from salesplan.engine.targets.group import Key, Spread
from salesplan.engine.targets.spread import spread
from salesplan.engine.targets.target import Season, Target
from salesplan.engine.targets.tree import grow, presence
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, Plan, Unit

__all__ = ["cascade", "once", "presence", "started", "targets_of", "with_locked"]

_NONE: tuple[None, ...] = (None,) * 12


def cascade(
    plan: Plan, calendar: Calendar, seasons: Mapping[str, Season]
) -> tuple[dict[Key, Target], list[Finding]]:
    """The targets of every KPI and unit, by (KPI code, unit code), in KPI order and tree order.

    Amounts are exact multiples of the KPI's smallest unit; of a copied KPI, values as typed.
    Changes of 变更记录 play no part: :mod:`salesplan.engine.changes` brings them in.
    """
    run, findings = started(plan, calendar, seasons)
    if run is None:
        return {}, findings
    kpis = plan.kpi_by_code.values()
    split = {
        kpi.code: targets_of(run, kpi, spread(run, kpi))
        for kpi in kpis
        if computable(kpi) and kpi.kind.adds_over_units
    }

    def bases(code: str, unit: str) -> Base | None:
        target = split.get(code, {}).get((code, unit))
        return None if target is None else (target.base_year, target.base_months)

    targets: dict[Key, Target] = {}
    for kpi in kpis:
        made = split.get(kpi.code, {})
        if computable(kpi) and not kpi.kind.adds_over_units:
            made = copied(plan, run.tree, kpi, run.rows, findings, bases)
        targets |= with_locked(run, kpi, made)
    return targets, once(findings)


def started(
    plan: Plan, calendar: Calendar, seasons: Mapping[str, Season]
) -> tuple[Run | None, list[Finding]]:
    """What a cascade of ``plan`` needs; None, with an error, where it is not known which unit is
    the company.
    """
    tree, findings = grow(plan, calendar)
    return (None if tree is None else Run(plan, tree, seasons, findings)), findings


def targets_of(
    run: Run, kpi: Kpi, made: Spread | None, only: Container[str] | None = None
) -> dict[Key, Target]:
    """The targets of an additive KPI, in tree order; of the units ``only``, if that is given."""
    found: dict[Key, Target] = {}
    if made is None:
        return found
    amounts = Amounts(kpi.smallest_unit)
    for unit in run.tree.order:
        if unit.level in kpi.levels and (only is None or unit.code in only):
            if unit.code in made.members:
                found[kpi.code, unit.code] = target(
                    run.plan,
                    run.tree,
                    kpi,
                    unit,
                    made.members[unit.code],
                    made.groups.get(unit.code),
                    amounts,
                )
            elif unit.code in made.blocked:
                found[kpi.code, unit.code] = _blank(
                    kpi, unit, Finding.of("target-blocked", parent=made.blocked[unit.code])
                )
    return found


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, in order."""
    return list(
        {(f.code, f.place, repr(sorted(f.params.items(), key=str))): f for f in findings}.values()
    )


def with_locked(run: Run, kpi: Kpi, made: dict[Key, Target]) -> dict[Key, Target]:
    """``made``, and of locked rows that could not be computed what is stored in them: a lock
    outlives an error.
    """
    found: dict[Key, Target] = {}
    for unit in run.tree.order:
        key = (kpi.code, unit.code)
        if key in made and made[key].base_year is not None:
            found[key] = made[key]
            continue
        row = run.rows.get(key)
        if row is not None and row.lock is not None and row.stored_base_year is not None:
            remark = (Finding.of("target-kept"),)
            found[key] = Target(
                kpi=kpi.code,
                unit=unit.code,
                parent_target=None,
                coefficient=None,
                base_year=row.stored_base_year,
                base_months=_NONE,
                year=row.stored_year,
                months=row.stored_months,
                remarks=remark,
                derivation=remark,
            )
        elif key in made:
            found[key] = made[key]
    return found


def _blank(kpi: Kpi, unit: Unit, remark: Finding) -> Target:
    return Target(
        kpi.code,
        unit.code,
        None,
        None,
        None,
        _NONE,
        None,
        _NONE,
        remarks=(remark,),
        derivation=(remark,),
    )
