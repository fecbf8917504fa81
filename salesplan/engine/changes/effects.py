"""What changes altered, in figures: baseline, now and achieved, for the report's 变更记录."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from salesplan.dataclass import replace
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.changes.adjustments import untold
from salesplan.engine.changes.records import Adjusted, Adjustment, Shift
from salesplan.engine.targets.target import Target
from salesplan.plan.model import Aim, Change, Month, Plan

if TYPE_CHECKING:
    from salesplan.engine.actuals.products import Products


def with_figures(
    found: Adjusted, facts: Facts, month: Month, used: Mapping[str, Decimal]
) -> tuple[Adjustment, ...]:
    """The changes with the targets they altered, and what was achieved up to the cut-off.

    Everybody's whose target it altered, those beside the unit that it names and below them too.
    """
    return tuple(
        replace(
            one,
            shifts=tuple(_shifts(found, one, facts, month)),
            actual=_actual(found.plan, one.aim, used),
        )
        if one.aim is not None
        else one
        for one in found.adjustments
    )


def _shifts(found: Adjusted, one: Adjustment, facts: Facts, month: Month) -> Iterator[Shift]:
    if not one.state.approved_in or one.aim is None:
        return
    subjects = _subjects(found.plan, one.aim)
    for (kpi, unit), target in found.targets.items():
        touched = any(one.change in revision.changes for revision in target.revisions)
        if touched or (unit in subjects and one.aim.column == "parent"):
            first = found.plan.settings.months[0]
            yield _shift(
                found.baseline.get((kpi, unit)), target, facts.value(kpi, unit, first, month)
            )


def with_products(
    plan: Plan, adjustments: Sequence[Adjustment], found: Products, month: Month
) -> tuple[Adjustment, ...]:
    """The changes with the targets by product that they altered, and whom these concern.

    A change of a product lists every one of them; any other only those of units whose own targets
    it left as they were.
    """
    by_code = {change.code: change for change in plan.changes}
    count = plan.settings.months.index(month) + 1
    altered: dict[str, list[Target]] = {}
    for target in found.targets.values():
        for code in dict.fromkeys(chain.from_iterable(one.changes for one in target.revisions)):
            altered.setdefault(code, []).append(target)
    return tuple(
        _with_parts(plan, by_code.get(one.change), one, altered.get(one.change, ()), found, count)
        for one in adjustments
    )


def _with_parts(
    plan: Plan,
    change: Change | None,
    one: Adjustment,
    altered: Sequence[Target],
    found: Products,
    count: int,
) -> Adjustment:
    named = one.aim is not None and one.aim.table == "products"
    whole = frozenset() if named else {(shift.kpi, shift.unit) for shift in one.shifts}
    parts = [target for target in altered if (target.kpi, target.unit) not in whole]
    if change is None or not parts:
        return one
    shifts = []
    for target in parts:
        key = (target.kpi, target.unit, target.product)
        given = [value for value in found.monthly[key][:count] if value is not None]
        achieved = sum(given, Decimal(0)) if given else None
        shifts.append(_shift(found.baseline.get(key), target, achieved))
    more = untold(plan, change, [target.unit for target in parts])
    told = tuple(dict.fromkeys([*one.untold, *more]))
    return replace(one, shifts=(*one.shifts, *shifts), untold=told)


def _shift(planned: Target | None, target: Target, actual: Decimal | None) -> Shift:
    none = (None,) * len(target.months)
    return Shift(
        kpi=target.kpi,
        unit=target.unit,
        baseline_year=None if planned is None else planned.year,
        baseline_months=none if planned is None else planned.months,
        year=target.year,
        months=target.months,
        actual=actual,
        product=target.product,
    )


def _subjects(plan: Plan, aim: Aim) -> tuple[str, ...]:
    if aim.table in ("targets", "handover"):
        return aim.key[1:]
    if aim.table == "units":
        return aim.key
    return tuple(unit.code for unit in plan.roots)


def _actual(plan: Plan, aim: Aim | None, used: Mapping[str, Decimal]) -> object:
    """What stands at the cut-off: of a budget line what is used, of a task the day on which it was
    finished.
    """
    if aim is None:
        return None
    if aim.table == "budget":
        return used.get(aim.key[0], Decimal(0))
    if aim.table == "settings" and aim.column == "budget_total":
        return sum(used.values(), Decimal(0))
    return (
        next((task.finished for task in plan.tasks if task.code == aim.key[0]), None)
        if aim.table == "tasks"
        else None
    )
