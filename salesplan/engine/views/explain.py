"""A target worked out as on paper: from the company down to the unit, for the year or for one
month.

First as it was planned, then change by change of 变更记录, to what it is now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass, replace
from salesplan.engine.exact.figures import WIDE, finer, plain
from salesplan.engine.results import Results
from salesplan.engine.targets.derivation import split_month
from salesplan.engine.targets.target import Target
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, KpiKind, Lock, Month, Plan, TargetRow, Unit


@dataclass(frozen=True, slots=True)
class Step:
    """One unit's line on the paper: its figure (None: no target) and the reasons for it, in
    order.
    """

    unit: Unit
    value: Decimal | None
    reasons: tuple[Finding, ...]


def explain(
    plan: Plan,
    results: Results,
    kpi: Kpi,
    unit: Unit,
    month: Month | None = None,
    product: str = "",
) -> tuple[Step, ...]:
    """The steps that lead to a unit's issued target, the company first; of the year, or of one
    month of the plan year; of all products, or of one.

    ``plan`` is as its sheets say. The way down is that of the month, or of the report month: a unit
    that went to another parent is below that one, while its plain share is still that of its first
    parent's plan.
    """
    parents = _parents(plan, results, month or results.month)
    path = [unit]
    while parents.get(path[-1].code) in plan.unit_by_code and len(path) <= len(plan.units):
        path.append(plan.unit_by_code[str(parents[path[-1].code])])
    if product:
        steps = [_product_step(plan, results, kpi, one, month, product) for one in path[::-1]]
    else:
        steps = [_step(plan, results, kpi, one, month) for one in path[::-1]]
    if month is not None and plan.settings.months.index(month) < plan.closed_months:
        return tuple(steps)  # a closed month is its record
    rows = plan.product_targets if product else plan.targets
    said = {row.unit: row.reason for row in rows if (row.kpi, row.product) == (kpi.code, product)}
    return tuple(_with_reason(one, said.get(one.unit.code, "")) for one in steps)


def _with_reason(step: Step, said: str) -> Step:
    """The step with the reason that the planner gave (调整原因), if any."""
    if not said:
        return step
    return replace(step, reasons=(Finding.of("why-said", reason=said), *step.reasons))


def _product_step(
    plan: Plan, results: Results, kpi: Kpi, unit: Unit, month: Month | None, product: str
) -> Step:
    """The unit's target of one product; a month has the reasons of its planned year, and what
    changes made of it.
    """
    found = results.products
    target = None if found is None else found.targets.get((kpi.code, unit.code, product))
    if target is None:
        return Step(unit, None, ())
    if month is None:
        return Step(unit, target.year, target.derivation)
    assert found is not None
    at = plan.settings.months.index(month)
    planned = found.baseline.get((kpi.code, unit.code, product), target)
    changed = _month_changes(target, planned.base_months[at], at, plan.settings.months)
    return Step(unit, target.months[at], (*planned.derivation, *changed))


def _parents(plan: Plan, results: Results, month: Month) -> dict[str, str | None]:
    parents = {unit.code: unit.parent for unit in plan.units}
    moved = [
        (one.day or one.since.first, one.aim)
        for one in results.adjustments
        if one.state.approved_in and one.aim is not None and one.since is not None
    ]
    for _, aim in sorted(
        (pair for pair in moved if pair[1].column == "parent" and pair[0] <= month.last),
        key=lambda pair: pair[0],
    ):
        parents[aim.key[0]] = str(aim.after)
    return parents


def _step(plan: Plan, results: Results, kpi: Kpi, unit: Unit, month: Month | None) -> Step:
    target = results.targets.get((kpi.code, unit.code))
    if target is None:
        return Step(unit, None, ())
    if month is None:
        return Step(unit, target.year, target.derivation)
    index = plan.settings.months.index(month)
    reasons = [*_month_reasons(plan, results, kpi, unit, target, index)]
    reasons += [one for one in target.derivation if _splits_actuals(one, month)]
    return Step(unit, target.months[index], tuple(reasons))


def _splits_actuals(reason: Finding, month: Month) -> bool:
    """Whether it says whose the actuals of that month are, within which the unit moved."""
    day = reason.params.get("day")
    here = isinstance(day, date) and Month.of(day) == month
    return here and reason.code == "why-transfer-actuals"


def _month_reasons(
    plan: Plan, results: Results, kpi: Kpi, unit: Unit, target: Target, index: int
) -> Iterator[Finding]:
    targets = results.baseline or results.targets
    planned = targets.get((kpi.code, unit.code), target)
    base, issued = _before_record(planned)[index], target.months[index]
    if index < plan.closed_months and issued is not None:
        yield Finding.of("why-month-closed", month=plan.settings.months[index], value=issued)
        return
    row = next((row for row in plan.targets if (row.kpi, row.unit) == (kpi.code, unit.code)), None)
    if base is None or issued is None:
        if issued is None:
            yield Finding.of("why-month-none")
        yield from _month_changes(target, None, index, plan.settings.months)
        return
    parent = targets.get((kpi.code, unit.parent or ""))
    if row is not None and row.manual_months[index] is not None:
        yield Finding.of("why-month-manual", value=base)
    elif row is not None and _typed_quarter(row, kpi, index) is not None:
        quarter = index // 3
        yield Finding.of(
            "why-month-quarter",
            quarter=f"Q{quarter + 1}",
            total=row.manual_quarters[quarter],
            value=base,
        )
    elif row is not None and row.lock is Lock.MONTHS and row.stored_months[index] == issued:
        yield Finding.of("why-month-locked", value=base)
    elif planned.summed and kpi.kind.adds_over_units:
        yield Finding.of("why-below", value=base)
    elif not kpi.kind.adds_over_units:
        yield Finding.of("why-month-level", value=base)
    elif parent is None or planned.parent_target is None:
        yield from _from_year(plan, results, kpi, planned, base, index)
    else:
        yield from _from_parent(plan, kpi, unit, planned, parent, base, index)
    yield from _month_changes(target, base, index, plan.settings.months)
    yield from _record_difference(plan, target, index)
    if issued != target.base_months[index]:
        yield Finding.of("why-month-hedge", base=target.base_months[index], value=issued)


def _before_record(target: Target) -> Sequence[Decimal | None]:
    """The base months as they are worked out, before what closed months were recorded at."""
    return target.worked_out or target.base_months


def _record_difference(plan: Plan, target: Target, index: int) -> Iterator[Finding]:
    """What an open month takes of the difference that the record of closed months makes."""
    before, base = _before_record(target)[index], target.base_months[index]
    if before is not None and base is not None and base != before:
        yield Finding.of(
            "why-month-record",
            first=plan.settings.months[0],
            last=plan.settings.months[plan.closed_months - 1],
            difference=base - before,
            value=base,
        )


def _typed_quarter(row: TargetRow, kpi: Kpi, index: int) -> Decimal | None:
    """The typed quarter that decides the month: of a level only its last month."""
    if kpi.kind is KpiKind.STOCK and index % 3 < 2:
        return None
    return row.manual_quarters[index // 3]


def _month_changes(
    target: Target, before: Decimal | None, index: int, months: Sequence[Month]
) -> Iterator[Finding]:
    for one in target.revisions:
        after = one.base_months[index]
        if after != before:
            yield Finding.of(
                "why-month-change",
                changes=one.changes,
                month=one.begins,
                before="—" if before is None else before,
                after=after,
            )
            if months[index] == one.since:
                yield from split_month(one, months)
        before = after


def _from_year(
    plan: Plan, results: Results, kpi: Kpi, target: Target, base: Decimal, index: int
) -> Iterator[Finding]:
    season = results.seasons.get(kpi.code)
    if season is None or target.base_year is None or not kpi.kind.adds_over_months:
        yield Finding.of("why-month-level", value=base)
        return
    year = sum((month or Decimal(0) for month in _before_record(target)), Decimal(0))
    real = year * season.weights[index]
    yield Finding.of(
        "why-month-season",
        year=year,
        weight=_exact_percent(season.weights[index]),
        real=finer(real, kpi.smallest_unit),
        value=base,
    )
    if season.spring and plan.settings.months[index].month in (1, 2):
        yield Finding.of("why-season-spring")
    yield from _adjusted(real, base, kpi)


def _from_parent(
    plan: Plan, kpi: Kpi, unit: Unit, target: Target, parent: Target, base: Decimal, index: int
) -> Iterator[Finding]:
    above = _before_record(parent)[index]
    if above is None or target.coefficient is None:
        yield Finding.of("why-month-level", value=base)
        return
    real = above * target.coefficient
    yield Finding.of(
        "why-month-share",
        parent=plan.unit_by_code[str(unit.parent)].name,
        target=above,
        share=_exact_percent(target.coefficient),
        real=finer(real, kpi.smallest_unit),
        value=base,
    )
    yield from _adjusted(real, base, kpi)


def _exact_percent(value: Decimal) -> str:
    """A fraction as a percentage with which a reader can multiply: four decimals at most."""
    return f"{plain((value * 100).quantize(Decimal('0.0001'), context=WIDE))}%"


def _adjusted(real: Decimal, base: Decimal, kpi: Kpi) -> Iterator[Finding]:
    off = abs(real - base)
    if off >= kpi.smallest_unit:
        yield Finding.of("why-month-adjusted", difference=finer(base - real, kpi.smallest_unit))
    elif 2 * off >= kpi.smallest_unit:
        yield Finding.of("why-month-rounding")
