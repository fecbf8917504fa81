"""Targets that are not split (SPEC 3 and 4): rates, averages and points are copied down, milestones are set.

The company's level holds for every unit and every month, unless a unit's row of 目标分解 gives a
value of its own, which then holds for the unit's subtree: a manual year for the year and each
month, a manual month for that month. Locks keep what was filled. Values on such rows are always
levels to reach. Hedges play no part: a rate is not a quantity to promise more of.

A milestone has target 1 from the month in which it is due (default: the last month of the year),
for the company if it has a target, and for units whose row has one; it is never handed down.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from salesplan.engine.results import Months, Target
from salesplan.engine.targets.goal import goal
from salesplan.engine.targets.tree import Tree
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, KpiKind, Lock, Plan, TargetBasis, TargetRow, Unit

_BLANK: Months = (None,) * 12


@dataclass(frozen=True, slots=True)
class _Level:
    year: Decimal | None
    months: Months
    source: Unit
    """Whose value it is."""
    locked: bool = False


def copied(
    plan: Plan,
    tree: Tree,
    kpi: Kpi,
    rows: dict[tuple[str, str], TargetRow],
    findings: list[Finding],
) -> dict[tuple[str, str], Target]:
    """Targets of a KPI that is not additive, in tree order. No company target and no values: none."""
    company = goal(kpi, findings)
    if company is None and kpi.target is not None:
        return {}
    milestone = kpi.kind is KpiKind.MILESTONE
    levels: dict[str, _Level | None] = {}
    found: dict[tuple[str, str], Target] = {}
    for unit in tree.order:
        above = levels.get(tree.parent.get(unit.code, ""))
        inherited = above
        if unit is tree.root:
            inherited = None if company is None else _Level(company, (company,) * 12, unit)
        elif milestone:
            inherited = None
        own = _own(kpi, unit, rows.get((kpi.code, unit.code)), inherited, findings)
        level = levels[unit.code] = _due(plan, kpi, own) if milestone else own
        if level is None or unit.level not in kpi.levels:
            continue
        parent_target = None if above is None or milestone else above.year
        found[kpi.code, unit.code] = Target(
            kpi.code, unit.code, parent_target, None, level.year, level.months, level.year, level.months,
            remarks=_remarks(unit, level), derivation=_derivation(tree, kpi, unit, level),
        )  # fmt: skip
    return found


def _own(
    kpi: Kpi, unit: Unit, row: TargetRow | None, inherited: _Level | None, findings: list[Finding]
) -> _Level | None:
    """The level the row gives over the inherited one; None if there is none, or the row could not be read."""
    if row is None:
        return inherited
    if any(key in ("method", "lock") or key.startswith("manual") for key in row.broken):
        return None
    year, months = row.manual_year, row.manual_months
    locked = row.lock is not None and year is None and None in months
    if locked:
        year = row.stored_base_year
        if row.lock is Lock.MONTHS:
            months = tuple(
                s if m is None else m for m, s in zip(months, row.stored_months, strict=True)
            )
        if year is None and all(month is None for month in months):
            findings.append(
                Finding.of(
                    "target-lock-empty",
                    row.origin.place("lock"),
                    unit=unit.name or unit.code,
                    kpi=kpi.name,
                )
            )
            return inherited
    if year is None and all(month is None for month in months):
        return inherited
    base = year if year is not None else inherited.year if inherited else None
    others: Months = (year,) * 12 if year is not None else inherited.months if inherited else _BLANK
    return _Level(
        base,
        tuple(o if m is None else m for m, o in zip(months, others, strict=True)),
        unit,
        locked,
    )


def _due(plan: Plan, kpi: Kpi, level: _Level | None) -> _Level | None:
    if level is None or not (level.year or any(level.months)):
        return None
    months = plan.settings.months
    due = next(
        (i for i, month in enumerate(months) if kpi.due is not None and kpi.due <= month.last),
        len(months) - 1,
    )
    one = Decimal(1)
    return _Level(
        one,
        tuple(one if i >= due else None for i in range(len(months))),
        level.source,
        level.locked,
    )


def _remarks(unit: Unit, level: _Level) -> tuple[Finding, ...]:
    if level.source is not unit or unit.parent is None:
        return ()
    return (Finding.of("target-locked" if level.locked else "target-manual"),)


def _derivation(tree: Tree, kpi: Kpi, unit: Unit, level: _Level) -> tuple[Finding, ...]:
    if kpi.kind is KpiKind.MILESTONE:
        return (Finding.of("why-milestone", unit=unit.name or unit.code),)
    if level.source is not unit:
        return (
            Finding.of("why-copied", unit=level.source.name or level.source.code, value=level.year),
        )
    if unit is not tree.root:
        return (Finding.of("why-locked" if level.locked else "why-manual", value=level.year),)
    return company_derivation(kpi, level.year)


def company_derivation(kpi: Kpi, value: Decimal | None) -> tuple[Finding, ...]:
    """Where the company's own figure comes from."""
    if kpi.basis is TargetBasis.IMPROVEMENT and kpi.base is not None and kpi.target is not None:
        return (Finding.of("why-improvement", base=kpi.base, rise=kpi.target, value=value),)
    return (Finding.of("why-company", value=value),)
