"""Checks of 目标分解: what the planner fixed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from salesplan.findings import Finding
from salesplan.plan.model import OTHER, Plan


def check_levels(plan: Plan) -> Iterator[Finding]:
    """A row for a person, where the KPI is for company and teams only."""
    for row in chain(plan.targets, plan.product_targets):
        kpi, unit = plan.kpi_by_code.get(row.kpi), plan.unit_by_code.get(row.unit)
        if kpi and unit and unit.level not in kpi.levels and (row.has_manual or row.lock):
            yield Finding.of(
                "target-not-applicable",
                row.origin.place("unit"),
                kpi=row.kpi,
                unit=row.unit,
                level=unit.level,
            )


def check_overlays(plan: Plan) -> Iterator[Finding]:
    """A unit with coefficient 0 and a target of its own: what it shares with a team counts twice at
    the top.
    """
    for row in plan.targets:
        kpi, unit = plan.kpi_by_code.get(row.kpi), plan.unit_by_code.get(row.unit)
        if kpi is None or unit is None or unit.parent is None or unit.coefficient != 0:
            continue
        typed = row.manual(plan.settings.months)
        if kpi.kind.adds_over_units and any(typed.values()):
            parent = plan.unit_by_code.get(unit.parent)
            yield Finding.of(
                "target-overlay-doubles",
                row.origin.place(next(iter(typed))),
                unit=unit.name or unit.code,
                kpi=kpi.name,
                parent=unit.parent if parent is None else parent.name or parent.code,
            )


def check_reasons(plan: Plan) -> Iterator[Finding]:
    """A manual target or a lock without 调整原因; a planner's own table needs no reason."""
    for row in chain(plan.targets, plan.product_targets):
        theirs = bool(row.origin.stands)
        if (row.has_manual or row.lock) and not row.reason and not theirs:
            yield Finding.of(
                "manual-without-reason", row.origin.place("reason"), kpi=row.kpi, unit=row.unit
            )


def check_shares(plan: Plan) -> Iterator[Finding]:
    """A manual target of 60 for a rate whose figures are shares: 60 % is meant."""
    for row, typed in plan.manual_in_percent:
        for key, value in typed.items():
            yield Finding.of(
                "share-as-number",
                row.origin.place(key),
                kpi=row.kpi,
                number=value,
                share=f"{value:f}%",
            )


def check_products(plan: Plan) -> Iterator[Finding]:
    """A product's target of a rate; a value for 其他; a product that no actual names: 产品A."""
    known = dict.fromkeys(plan.actuals.product) if plan.product_targets else {}
    sold = {name for name in known if name}
    unknown: set[str] = set()
    for row in plan.product_targets:
        kpi = plan.kpi_by_code.get(row.kpi)
        if kpi is not None and not (kpi.kind.adds_over_units and kpi.kind.adds_over_months):
            yield Finding.of(
                "target-product-kind",
                row.origin.place("product"),
                kpi=kpi.name,
                product=row.product,
            )
        elif row.product == OTHER and row.has_manual:
            typed = next(iter(row.manual(plan.settings.months)))
            yield Finding.of("target-product-rest", row.origin.place(typed))
        elif sold and row.product not in (*sold, OTHER, *unknown):
            unknown.add(row.product)
            from difflib import get_close_matches

            meant = get_close_matches(row.product, sold, n=1, cutoff=0.3)
            yield Finding.of(
                "target-product-unknown",
                row.origin.place("product"),
                product=row.product,
                near=meant[0] if meant else "—",
            )


CHECKS = (check_levels, check_overlays, check_reasons, check_products)
FIGURES = (check_shares,)
"""They refuse figures that cannot be meant."""
