"""Rates that units were given themselves, weighed against the parent's.

Rates, averages and points are copied down, so they agree with the parent's unless a row of 目标分解
gives another. Then the children's targets together mean a rate for the parent: Σ target × base ÷ Σ
base. The bases are the targets of the denominator KPI, where it is named and every child has one;
else the denominators of the actuals, of last fiscal year or, where one of the children has none
there, of this year to date. Where neither is known of every child, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.dataclass import replace
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.exact.figures import divide, written
from salesplan.engine.targets.target import Target
from salesplan.findings import Finding, Place
from salesplan.plan.model import Kpi, Month, Plan, Unit

if TYPE_CHECKING:
    from salesplan.engine.targets.target import Targets

NEAR = Decimal("0.01")
"""A hundredth of the parent's target: bases of the past are near those of the plan at best, and
typed rates are round.
"""


def weighted(
    plan: Plan, targets: Targets, facts: Facts, month: Month
) -> tuple[Targets, list[Finding]]:
    """The targets with a remark on each parent whose children's rates do not make its own, and a
    finding at a child's row for each.
    """
    found, findings = dict[tuple[str, str], Target](), list[Finding]()
    own = {row.kpi for row in plan.targets if row.lock is not None or row.has_manual}
    for kpi in plan.kpi_by_code.values():
        if kpi.kind.is_amount or kpi.code not in own:
            continue
        for parent, children in plan.children.items():
            goal, below = (
                _level(targets.get((kpi.code, parent))),
                [_level(targets.get((kpi.code, child.code))) for child in children],
            )
            rates = [rate for rate in below if rate is not None]
            if goal is None or len(rates) < len(children) or all(rate == goal for rate in rates):
                continue
            bases, by = _bases(plan, targets, facts, month, kpi, children)
            mean = (
                divide(
                    sum((rate * base for rate, base in zip(rates, bases, strict=True)), Decimal(0)),
                    sum(bases),
                )
                if bases
                else goal
            )
            if abs(mean - goal) > abs(goal) * NEAR:
                told = {"weighted": written(kpi, mean), "target": written(kpi, goal)}
                target = targets[kpi.code, parent]
                found[kpi.code, parent] = replace(
                    target,
                    remarks=(
                        *target.remarks,
                        Finding.of("target-weighted", weighted=told["weighted"]),
                    ),
                )
                name = plan.unit_by_code[parent].name or parent
                findings.append(
                    Finding.of(
                        "target-rates-differ",
                        _place(plan, kpi, children, goal, targets),
                        unit=name,
                        kpi=kpi.name,
                        by=by,
                        **told,
                    )
                )
    return {**targets, **found} if found else targets, findings


def _level(target: Target | None) -> Decimal | None:
    """The level that a copied target is to have reached by the year's end."""
    if target is None:
        return None
    return target.months[-1] if target.months[-1] is not None else target.year


def _bases(
    plan: Plan, targets: Targets, facts: Facts, month: Month, kpi: Kpi, children: Sequence[Unit]
) -> tuple[list[Decimal], str]:
    """The children's bases, none of them below zero and not all of them zero, and what they are;
    empty: not known.
    """
    first = plan.settings.months[0]
    denominator = plan.kpi_by_code.get(kpi.denominator or "")
    if denominator is not None and denominator.kind.adds_over_units:
        planned = [
            target.base_year
            if (target := targets.get((denominator.code, child.code))) is not None
            else None
            for child in children
        ]
        if _usable(planned):
            return [
                base for base in planned if base is not None
            ], denominator.name or denominator.code
    for start, end in ((first.plus(-12), first.plus(-1)), (first, month)):
        parts = [facts.parts(kpi.code, child.code, start, end) for child in children]
        given = [None if both is None else both[1] for both in parts]
        if _usable(given):
            return [base for base in given if base is not None], f"{start}–{end}"
    return [], ""


def _usable(bases: Sequence[Decimal | None]) -> bool:
    known = [base for base in bases if base is not None]
    return len(known) == len(bases) and min(known) >= 0 and sum(known) > 0


def _place(
    plan: Plan,
    kpi: Kpi,
    children: Sequence[Unit],
    goal: Decimal,
    targets: Mapping[tuple[str, str], Target],
) -> Place:
    """The cell of the first child that was given another rate than its parent."""
    codes = {
        child.code for child in children if _level(targets.get((kpi.code, child.code))) != goal
    }
    return next(_cells(plan, kpi, codes), kpi.origin.place("target"))


def _cells(plan: Plan, kpi: Kpi, units: set[str]) -> Iterator[Place]:
    for row in plan.targets:
        if row.kpi == kpi.code and row.unit in units:
            yield row.origin.place(next(iter(row.manual(plan.settings.months)), "unit"))
