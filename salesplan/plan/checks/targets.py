"""Checks of 目标分解: what the planner fixed by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import chain

from salesplan.findings import Finding
from salesplan.plan.checks.common import out_of_scale, shares_as_numbers
from salesplan.plan.model import OTHER, Kpi, Plan, Unit


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
        yield from shares_as_numbers(row.origin, row.kpi, typed)


def check_magnitudes(plan: Plan) -> Iterator[Finding]:
    """A team's year typed as 400, where its coefficients give it 3,700,000: in 万元?"""
    typed = {(row.kpi, row.unit): row.manual_year for row in plan.targets if row.manual_year}
    siblings = Counter(unit.parent for unit in plan.units) if typed else Counter()
    for row in plan.targets:
        kpi, unit = plan.kpi_by_code.get(row.kpi), plan.unit_by_code.get(row.unit)
        if kpi is None or unit is None or not row.manual_year or not kpi.kind.adds_over_units:
            continue
        expected = abs(_expected(plan, kpi, unit, typed, siblings))
        if out_of_scale(row.manual_year, expected):
            yield Finding.of(
                "target-row-magnitude",
                row.origin.place("manual_year"),
                kpi=kpi.name,
                unit=row.unit,
                number=row.manual_year,
                expected=round(expected, 2),
            )


def _expected(
    plan: Plan,
    kpi: Kpi,
    unit: Unit,
    typed: Mapping[tuple[str, str], Decimal],
    siblings: Mapping[str | None, int],
) -> Decimal:
    """About what the coefficients give the unit of the company's target, or of what is typed for
    a unit above it; a blank one counts as an equal part.
    """
    share, above, passed = Decimal(1), unit, {unit.code}
    while (parent := plan.unit_by_code.get(above.parent or "")) and parent.code not in passed:
        equal = Decimal(1) / siblings[parent.code]
        share *= equal if above.coefficient is None else above.coefficient
        above = parent
        passed.add(above.code)
        if (kpi.code, above.code) in typed:
            return share * typed[kpi.code, above.code]
    return share * (kpi.target or 0)


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


CHECKS = (check_levels, check_overlays, check_reasons, check_magnitudes, check_products)
FIGURES = (check_shares,)
"""They refuse figures that cannot be meant."""
