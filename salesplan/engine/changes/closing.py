"""Closing and reopening months: the plan with what 关账记录 then holds. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass, replace
from salesplan.engine.changes.records import Adjustment
from salesplan.engine.changes.transfers import parents_by_month
from salesplan.engine.exact.figures import WIDE
from salesplan.engine.targets.target import Target
from salesplan.plan.model import (
    CloseAction,
    ClosedFigures,
    ClosedRow,
    CloseEntry,
    Month,
    Plan,
    Transfer,
    digest,
)

if TYPE_CHECKING:
    from salesplan.engine.actuals.products import Products

MONTHS = 12
_DIGITS = Decimal("0.000001")
"""What a cell keeps of a rate: the record is what is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The figures as they stand when a month is closed; ``actual`` of a KPI, unit and month."""

    targets: Mapping[tuple[str, str], Target]
    adjustments: Iterable[Adjustment] = ()
    transfers: Iterable[Transfer] = ()
    actual: Callable[[str, str, Month], Decimal | None] = lambda kpi, unit, month: None
    products: Products | None = None


def close(
    plan: Plan, standing: Standing, month: Month, *, day: date, by: str, errors: int | None = None
) -> Plan:
    """The plan with ``month`` closed, and all open months before it: an entry each, and their
    figures as they stand.
    """
    months = plan.settings.months
    places = range(plan.closed_months, months.index(month) + 1)
    rows = _recorded(plan, standing, places)
    parts = _recorded_parts(plan, standing, places)
    entries: list[CloseEntry] = []
    for at in places:
        held = tuple(
            one.change
            for one in standing.adjustments
            if one.state.approved_in and one.since is not None and one.since <= months[at]
        )
        entries.append(
            CloseEntry(
                number=len(plan.closes) + len(entries) + 1,
                month=months[at],
                day=day,
                by=by,
                action=CloseAction.CLOSE,
                errors=errors,
                changes=held,
                check=digest((*rows, *parts), at, held),
            )
        )
    return replace(plan, closes=(*plan.closes, *entries), closed=rows, product_closed=parts)


def reopen(plan: Plan, month: Month, *, day: date, by: str, reason: str) -> Plan:
    """The plan with ``month`` and all closed months after it open again; their figures are no
    record any more.
    """
    first = plan.settings.months.index(month)
    entry = CloseEntry(
        number=len(plan.closes) + 1,
        month=month,
        day=day,
        by=by,
        action=CloseAction.REOPEN,
        reason=reason,
    )
    return replace(
        plan,
        closes=(*plan.closes, entry),
        closed=tuple(_opened(row, first) for row in plan.closed),
        product_closed=tuple(_opened(row, first) for row in plan.product_closed),
    )


def _opened(row: ClosedRow, first: int) -> ClosedRow:
    """The row without the months from ``first`` on."""
    return replace(row, figures=(*row.figures[:first], *[None] * (MONTHS - first)))


def _recorded(plan: Plan, standing: Standing, places: range) -> tuple[ClosedRow, ...]:
    """The rows of the record with the months at ``places`` as they stand; new ones behind those
    there are.
    """
    parents = parents_by_month(plan, tuple(standing.transfers), plan.settings.months)
    known = {(row.kpi, row.unit): row for row in plan.closed}
    found = dict(known)
    for (kpi, unit), target in standing.targets.items():
        figures: dict[int, ClosedFigures] = {}
        for at in places:
            actual = standing.actual(kpi, unit, plan.settings.months[at])
            there = [target.base_months[at], target.months[at], actual]
            if any(one is not None for one in there):
                figures[at] = ClosedFigures(parents[at].get(unit, ""), *map(as_recorded, there))
        if not figures:
            continue
        name = plan.unit_by_code[unit].name
        row = known.get((kpi, unit), ClosedRow(kpi=kpi, unit=unit))
        months = tuple(figures.get(at, one) for at, one in enumerate(row.figures))
        found[kpi, unit] = replace(row, name=name, figures=months)
    return tuple(found.values())


def _recorded_parts(plan: Plan, standing: Standing, places: range) -> tuple[ClosedRow, ...]:
    """The rows of single products, in the same way."""
    parents = parents_by_month(plan, tuple(standing.transfers), plan.settings.months)
    found = {(row.kpi, row.unit, row.product): row for row in plan.product_closed}
    if standing.products is None:
        return tuple(found.values())
    for key, target in standing.products.targets.items():
        kpi, unit, product = key
        actuals = standing.products.monthly[key]
        row = found.get(key, ClosedRow(kpi=kpi, unit=unit, product=product))
        figures = list(row.figures)
        for at in places:
            there = [target.base_months[at], target.months[at], actuals[at]]
            figures[at] = ClosedFigures(parents[at].get(unit, ""), *map(as_recorded, there))
        name = plan.unit_by_code[unit].name
        found[key] = replace(row, name=name, figures=tuple(figures))
    return tuple(found.values())


def as_recorded(value: Decimal | None) -> Decimal | None:
    """The value as a cell of the record keeps it."""
    return None if value is None else value.quantize(_DIGITS, context=WIDE).normalize(WIDE) + 0
