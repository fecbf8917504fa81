"""Overlay units (叠加): trees of their own beside the company's.

An overlay unit with those below it is a plan by itself, with the same rows and changes: what is
its own cannot touch the tree's targets, and the tree's not its own. Its target is typed; else its
coefficient's part of the base target of the unit that it stands beside, taken from nobody; else
the sum of those below it. A rate is copied to it like to any unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from salesplan.dataclass import replace
from salesplan.engine.changes.records import Adjusted
from salesplan.engine.exact.rounding import nearest
from salesplan.engine.targets.cascade import once
from salesplan.engine.targets.shares import percent
from salesplan.engine.targets.target import Target
from salesplan.findings import Finding
from salesplan.plan.model import Change, Kpi, Plan, TargetBasis, Unit

Key = tuple[str, str]


def beside(plan: Plan, adjusted: Callable[[Plan], Adjusted]) -> Adjusted:
    """The whole plan's targets: the tree's, then each overlay unit's by itself.

    ``adjusted`` works out one plan with one top. Each change is the plan's whose unit it names.
    """
    mine = {top.code: _codes(plan, top) for top in plan.overlays}
    owner = {change.code: _owner(change, mine) for change in plan.changes}
    main = adjusted(
        replace(plan, changes=tuple(one for one in plan.changes if owner[one.code] is None))
    )
    targets: dict[Key, Target] = dict(main.targets)
    baseline: dict[Key, Target] = dict(main.baseline)
    records = {one.change: one for one in main.adjustments}
    findings = list(main.findings)
    now = main.plan
    for top in plan.overlays:
        changes = [one for one in plan.changes if owner[one.code] == top.code]
        part = adjusted(_alone(plan, top, mine[top.code], changes, main.baseline))
        targets |= _told(plan, top, part.targets, main.baseline)
        baseline |= _told(plan, top, part.baseline, main.baseline)
        records |= {one.change: one for one in part.adjustments}
        findings += part.findings
        now = _with_units(now, part.plan, mine[top.code])
    return replace(
        main,
        plan=replace(now, changes=plan.changes),
        targets=_in_order(plan.kpis, targets),
        baseline=_in_order(plan.kpis, baseline),
        adjustments=tuple(records[one.code] for one in plan.changes if one.code in records),
        findings=tuple(once(findings)),
    )


def _owner(change: Change, mine: Mapping[str, frozenset[str]]) -> str | None:
    """The overlay unit to whose tree all units belong that the change names."""
    aim = change.aim
    if aim is None or aim.table not in ("targets", "products", "units", "handover"):
        return None
    named = {"units": aim.key, "products": aim.key[1:2]}.get(aim.table, aim.key[1:])
    return next((top for top, units in mine.items() if named and units.issuperset(named)), None)


def _alone(
    plan: Plan,
    top: Unit,
    units: frozenset[str],
    changes: Iterable[Change],
    tree: Mapping[Key, Target],
) -> Plan:
    """The overlay unit's plan: it is the top, and the goals are its own."""
    return replace(
        plan,
        units=tuple(
            replace(unit, overlay=False) if unit is top else unit
            for unit in plan.units
            if unit.code in units
        ),
        kpis=tuple(_goal(kpi, top, tree) for kpi in plan.kpis),
        targets=tuple(row for row in plan.targets if row.unit in units),
        changes=tuple(changes),
        closed=tuple(row for row in plan.closed if row.unit in units),
    )


def _goal(kpi: Kpi, top: Unit, tree: Mapping[Key, Target]) -> Kpi:
    if not kpi.kind.adds_over_units:
        return kpi
    share = _share(kpi, top, tree)
    return replace(kpi, target=share, basis=TargetBasis.LEVEL)


def _share(kpi: Kpi, top: Unit, tree: Mapping[Key, Target]) -> Decimal | None:
    """The coefficient's part of the target beside, in whole smallest units; None without either."""
    above = tree.get((kpi.code, top.beside))
    if not top.coefficient or above is None or above.base_year is None or kpi.smallest_unit <= 0:
        return None
    real = Fraction(above.base_year) * Fraction(top.coefficient) / Fraction(kpi.smallest_unit)
    return nearest(real.numerator, real.denominator) * kpi.smallest_unit


def _told(
    plan: Plan, top: Unit, targets: Mapping[Key, Target], tree: Mapping[Key, Target]
) -> dict[Key, Target]:
    """The targets, the top's with where it comes from."""
    found = dict(targets)
    for kpi in plan.kpis:
        target = found.get((kpi.code, top.code))
        share = _share(kpi, top, tree) if kpi.kind.adds_over_units else None
        if target is None:
            continue
        reasons = target.derivation
        above = tree.get((kpi.code, top.beside))
        if (
            share is not None
            and above is not None
            and reasons[:1]
            and (reasons[0].code == "why-company")
        ):
            name = plan.unit_by_code[top.beside].name or top.beside
            why = Finding.of(
                "why-overlay-share",
                parent=name,
                target=above.base_year,
                share=percent(Fraction(top.coefficient or 0)),
                value=share,
            )
            reasons = (why, *reasons[1:])
        remark = Finding.of("target-overlay")
        found[kpi.code, top.code] = replace(
            target, derivation=reasons, remarks=(remark, *target.remarks)
        )
    return found


def _with_units(now: Plan, part: Plan, units: frozenset[str]) -> Plan:
    """``now`` with what changes made of the overlay units and their targets."""
    changed = {unit.code: unit for unit in part.units}
    return replace(
        now,
        units=tuple(
            replace(changed[unit.code], overlay=unit.overlay, beside=unit.beside)
            if unit.code in changed
            else unit
            for unit in now.units
        ),
        targets=(*(row for row in now.targets if row.unit not in units), *part.targets),
        transfers=(*now.transfers, *part.transfers),
    )


def _codes(plan: Plan, top: Unit) -> frozenset[str]:
    """The unit and all below it."""
    return frozenset(unit.code for _, unit in plan.walk(top.code))


def _in_order(kpis: Iterable[Kpi], targets: Mapping[Key, Target]) -> dict[Key, Target]:
    """By KPI, the tree before those beside it."""
    by_kpi: dict[str, dict[Key, Target]] = {}
    for key, target in targets.items():
        by_kpi.setdefault(key[0], {})[key] = target
    found: dict[Key, Target] = {}
    for kpi in kpis:
        found |= by_kpi.get(kpi.code, {})
    return found
