"""Checks of settings and KPIs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice, pairwise

from salesplan.findings import Finding, Place
from salesplan.plan.checks.common import ONE, TOLERANCE, outside_year, percent, shares_as_numbers
from salesplan.plan.model import Direction, Kpi, Plan, TargetBasis
from salesplan.plan.model.currencies import money_unit, own_unit
from salesplan.plan.model.goals import beyond_shares


def check_settings(plan: Plan) -> Iterator[Finding]:
    """黄灯 110 % above 绿灯 100 %; 数据截止日 or 报告月份 outside the plan year."""
    settings = plan.settings
    if settings.amber > settings.green:
        yield Finding.of(
            "lights-reversed",
            _setting(plan, "amber"),
            amber=percent(settings.amber),
            green=percent(settings.green),
        )
    if settings.as_of and outside_year(plan, settings.as_of):
        yield Finding.of(
            "date-outside-year",
            _setting(plan, "as_of"),
            day=settings.as_of,
            year=str(settings.year),
        )
    if settings.month and settings.month not in settings.months:
        yield Finding.of(
            "date-outside-year",
            _setting(plan, "month"),
            day=settings.month,
            year=str(settings.year),
        )


def check_weights(plan: Plan) -> Iterator[Finding]:
    """Weights of 50 %, 30 % and 10 % add up to 90 %; a weight of −10 %."""
    weighed = [kpi for kpi in plan.kpis if kpi.weight is not None]
    for kpi in weighed:
        if kpi.weight is not None and kpi.weight < 0:
            yield Finding.of(
                "weight-negative",
                kpi.origin.place("weight"),
                name=kpi.code,
                weight=percent(kpi.weight),
            )
    total = sum((kpi.weight for kpi in weighed if kpi.weight is not None), Decimal(0))
    if (
        weighed
        and abs(total - ONE) > TOLERANCE
        and not any("weight" in kpi.broken for kpi in plan.kpis)
    ):
        yield Finding.of("weight-sum", weighed[0].origin.place("weight"), total=percent(total))


def check_parts(plan: Plan) -> Iterator[Finding]:
    """A ratio with a numerator but no denominator; a ratio of itself, or of another ratio; a flow
    with a numerator.
    """
    for kpi in plan.kpis:
        if kpi.broken & {"numerator", "denominator"} or kpi.is_worked_out:
            continue
        if kpi.kind.is_amount:
            if kpi.numerator is not None or kpi.denominator is not None:
                key = "denominator" if kpi.numerator is None else "numerator"
                yield Finding.of(
                    "ratio-parts-unused", kpi.origin.place(key), kpi=kpi.code, kind=kpi.kind
                )
            continue
        if (kpi.numerator is None) != (kpi.denominator is None):
            key = "numerator" if kpi.numerator is None else "denominator"
            yield Finding.of("ratio-half-given", kpi.origin.place(key), kpi=kpi.code)
        elif kpi.code in (kpi.numerator, kpi.denominator):
            key = "numerator" if kpi.numerator == kpi.code else "denominator"
            yield Finding.of("ratio-of-itself", kpi.origin.place(key), kpi=kpi.code)
        else:
            parts = {
                key: plan.kpi_by_code.get(getattr(kpi, key) or "")
                for key in ("numerator", "denominator")
            }
            unfit = [
                (key, part)
                for key, part in parts.items()
                if part is not None and not part.kind.adds_over_units
            ]
            for key, part in unfit[:1]:
                yield Finding.of(
                    "ratio-part-unfit",
                    kpi.origin.place(key),
                    kpi=kpi.code,
                    part=part.code,
                    kind=part.kind,
                )


def check_goals(plan: Plan) -> Iterator[Finding]:
    """保底 400 above the target 300 (below, where lower is better and levels are meant)."""
    for kpi in plan.kpis:
        # An improvement is an amount of its own: typed as a positive number it rises from floor to
        # stretch in either direction.
        rises = kpi.direction is Direction.HIGHER or (
            kpi.basis is TargetBasis.IMPROVEMENT and (kpi.target or 0) > 0
        )
        sign = 1 if rises else -1
        steps = [
            (key, value)
            for key in ("floor", "target", "stretch")
            if (value := getattr(kpi, key)) is not None
        ]
        for (_, low), (key, high) in pairwise(steps):
            if low * sign > high * sign:
                yield Finding.of(
                    "target-order", kpi.origin.place(key), kpi=kpi.code, direction=kpi.direction
                )


def check_improvements(plan: Plan) -> Iterator[Finding]:
    """目标口径 提升量 with a target of 0 or, where higher is better, of −5; a team's own 48 % where
    the base value is 50 %.
    """
    for kpi in plan.kpis:
        # Where lower is better an improvement lowers the base, whichever sign it is typed with.
        rise = (
            abs(kpi.target)
            if kpi.target is not None and kpi.direction is Direction.LOWER
            else kpi.target
        )
        if (
            kpi.basis is TargetBasis.IMPROVEMENT
            and kpi.base is not None
            and rise is not None
            and rise <= 0
        ):
            yield Finding.of("target-no-improvement", kpi.origin.place("target"), kpi=kpi.code)
    bases = {
        kpi.code: kpi
        for kpi in plan.kpis
        if kpi.basis is TargetBasis.IMPROVEMENT and kpi.base is not None and not kpi.kind.is_amount
    }
    for row in plan.targets:
        own = bases.get(row.kpi)
        if own is None or own.base is None:
            continue
        key = next(
            (
                key
                for key, value in row.manual(plan.settings.months).items()
                if not _is_better(own, value, own.base)
            ),
            None,
        )
        if key is not None:
            yield Finding.of("target-no-improvement", row.origin.place(key), kpi=row.kpi)


def _is_better(kpi: Kpi, one: Decimal, other: Decimal) -> bool:
    return one > other if kpi.direction is Direction.HIGHER else one < other


def check_units_of_measure(plan: Plan) -> Iterator[Finding]:
    """The settings say 万元, a KPI is in 元."""
    own = own_unit(plan.settings)
    for kpi in plan.kpis:
        unit = money_unit(kpi.unit, plan.settings)
        if unit is not None and unit.currency == own.currency and unit.size != own.size:
            yield Finding.of(
                "amount-unit-mixed",
                kpi.origin.place("unit"),
                kpi=kpi.code,
                unit=kpi.unit,
                setting=plan.settings.amount_unit,
            )


def check_shares(plan: Plan) -> Iterator[Finding]:
    """A rate's target is 60 where 60 % is meant."""
    for kpi in plan.kpis:
        yield from shares_as_numbers(kpi.origin, kpi.code, kpi.typed_in_percent)


def check_targets(plan: Plan) -> Iterator[Finding]:
    """在手客户 has no 公司年度目标 on the KPIs sheet, and 目标分解 has none that gives the company
    one. What only makes up a rate needs none, unless it has a weight of its own.
    """
    fixed = plan.aimed_by_rows
    parts = {kpi.numerator for kpi in plan.kpis} | {kpi.denominator for kpi in plan.kpis}
    for kpi in plan.kpis:
        if (
            kpi.target is None
            and "target" not in kpi.broken
            and kpi.code not in fixed
            and (kpi.code not in parts or kpi.weight)
        ):
            yield Finding.of("kpi-without-target", kpi.origin.place("target"), kpi=kpi.name)


def check_losses(plan: Plan) -> Iterator[Finding]:
    """A target of −5 customers. Of a profit that is planned as a loss its floor, stretch, base
    value or actuals are below zero, too.
    """
    meant = _may_be_lost(plan)
    for kpi in plan.kpis:
        if kpi.target is not None and kpi.target < 0 and kpi.code not in meant:
            yield Finding.of(
                "target-negative", kpi.origin.place("target"), kpi=kpi.name, target=kpi.target
            )


def check_manual_losses(plan: Plan) -> Iterator[Finding]:
    """A manual year of −500 for a team, where the company's target is above zero: the others would
    be given more.
    """
    meant = _may_be_lost(plan)
    for row in plan.targets:
        kpi, year = plan.kpi_by_code.get(row.kpi), row.manual_year
        if kpi is None or year is None or year >= 0 or kpi.code in meant:
            continue
        if kpi.target is None or kpi.target >= 0:
            unit = plan.unit_by_code.get(row.unit)
            yield Finding.of(
                "target-negative-manual",
                row.origin.place("manual_year"),
                kpi=kpi.name,
                unit=row.unit if unit is None else unit.name or unit.code,
                target=year,
            )


def _may_be_lost(plan: Plan) -> frozenset[str]:
    """The KPIs whose figures may well be below zero: an improvement, or what has a floor, stretch,
    base value or actuals below it.
    """
    actuals = plan.actuals
    below = {
        kpi for kpi, value in zip(actuals.kpi, actuals.value, strict=True) if value and value < 0
    }
    for kpi in plan.kpis:
        others = (kpi.floor, kpi.stretch, kpi.base)
        if kpi.basis is not TargetBasis.LEVEL or any(one and one < 0 for one in others):
            below.add(kpi.code)
    return frozenset(below)


def check_times(plan: Plan) -> Iterator[Finding]:
    """A conversion rate without a unit and with the target 25: 25 times, or 25 %?"""
    for kpi in plan.kpis:
        bare = kpi.kind.is_share and not kpi.unit.strip() and not kpi.in_percent
        for key, value in islice(beyond_shares(kpi.goals).items(), 1) if bare else ():
            yield Finding.of(
                "share-without-unit",
                kpi.origin.place(key),
                kpi=kpi.name,
                number=value,
                share=f"{value:f}%",
            )


def check_due(plan: Plan) -> Iterator[Finding]:
    """A KPI's 截止日 of last year."""
    for kpi in plan.kpis:
        if kpi.due and outside_year(plan, kpi.due):
            yield Finding.of(
                "date-outside-year",
                kpi.origin.place("due"),
                day=kpi.due,
                year=str(plan.settings.year),
            )


def _setting(plan: Plan, key: str) -> Place:
    return plan.settings.places.get(
        key, Place(plan.settings.origin.workbook, plan.settings.origin.sheet)
    )


CHECKS = (
    check_settings,
    check_weights,
    check_parts,
    check_goals,
    check_improvements,
    check_units_of_measure,
    check_targets,
    check_losses,
    check_manual_losses,
    check_times,
    check_due,
)

FIGURES = (check_shares,)
"""They refuse figures that cannot be meant."""
