"""What nobody has of a target because somebody is not there all year: a vacancy, which a planner
fills or leaves open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from salesplan.engine.exact.figures import written
from salesplan.engine.targets.target import Target
from salesplan.findings import Finding, Place
from salesplan.plan.model import Plan, Unit

_ABSENT = frozenset({"target-absent-left", "target-absent-joined"})


def findings(plan: Plan, targets: Mapping[tuple[str, str], Target]) -> Iterator[Finding]:
    """A note for each unit with people who come or go within the year, at the day of the first,
    with what of each KPI is nobody's.
    """
    open_amounts: dict[str, list[str]] = {}
    absent: dict[str, dict[str, None]] = {}
    for (code, unit), target in targets.items():
        who = [one.params["unit"] for one in target.remarks if one.code in _ABSENT]
        if who and (target.unassigned or 0) * (target.base_year or 0) > 0:
            kpi = plan.kpi_by_code[code]
            amount = written(kpi, target.unassigned)
            said = f"{amount:,}" if isinstance(amount, Decimal) else amount
            open_amounts.setdefault(unit, []).append(f"{kpi.name} {said}")
            absent.setdefault(unit, {}).update(dict.fromkeys(map(str, who)))
    for unit, amounts in open_amounts.items():
        kids = {kid.name or kid.code: kid for kid in plan.children.get(unit, ())}
        known = [kids[name] for name in absent[unit] if name in kids]
        if known:
            above = plan.unit_by_code[unit]
            yield Finding.of(
                "target-vacant",
                _day_of(known[0]),
                unit=above.name or unit,
                who=list(absent[unit]),
                amounts=amounts,
            )


def _day_of(unit: Unit) -> Place:
    """The cell that says when it leaves, else when it joins."""
    return unit.origin.place("joined" if unit.left is None else "left")
