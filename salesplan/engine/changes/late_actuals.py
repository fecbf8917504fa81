"""What came in after a month was closed: actuals as they are now against the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.changes.closing import as_recorded
from salesplan.engine.exact.figures import written
from salesplan.findings import Finding
from salesplan.plan.model import Month, Plan


@dataclass(frozen=True, slots=True)
class LateActual:
    """A closed month's actual of one KPI and unit: as recorded, and as the rows say now (None:
    nothing).
    """

    kpi: str
    unit: str
    month: Month
    recorded: Decimal | None
    now: Decimal | None


def late_actuals(plan: Plan, facts: Facts, month: Month) -> tuple[LateActual, ...]:
    """The closed months up to ``month`` whose actuals are others by now than when they were
    closed.
    """
    return tuple(_late(plan, facts, month))


def _late(plan: Plan, facts: Facts, last: Month) -> Iterator[LateActual]:
    months = plan.settings.months[: plan.closed_months]
    for row in plan.closed:
        if row.unit not in plan.unit_by_code or row.kpi not in plan.kpi_by_code:
            continue
        for month, figures in zip(months, row.figures, strict=False):
            recorded = None if figures is None else figures.actual
            now = as_recorded(facts.value(row.kpi, row.unit, month, month))
            if month <= last and recorded != now:
                yield LateActual(row.kpi, row.unit, month, recorded, now)


def findings(plan: Plan, late: Sequence[LateActual]) -> Iterator[Finding]:
    """A warning for each KPI and month at the record of the topmost units that differ. Where units
    differ only because others are below them now, no actual has changed.
    """
    there = {(one.kpi, one.unit, one.month) for one in late}
    changed = {(one.kpi, one.month) for one in late if _is_end(plan, one.unit)}
    rows = {(row.kpi, row.unit): row for row in plan.closed}
    for one in late:
        unit, kpi = plan.unit_by_code[one.unit], plan.kpi_by_code[one.kpi]
        topmost = (one.kpi, unit.parent, one.month) not in there
        if topmost and (one.kpi, one.month) in changed:
            yield Finding.of(
                "actual-after-close",
                rows[one.kpi, one.unit].origin.place("unit"),
                unit=unit.name or unit.code,
                kpi=kpi.name,
                month=one.month,
                recorded="—" if one.recorded is None else written(kpi, one.recorded),
                now="—" if one.now is None else written(kpi, one.now),
            )


def _is_end(plan: Plan, unit: str) -> bool:
    """Whether the unit is the company, or has nobody below it."""
    return unit not in plan.children or plan.unit_by_code[unit].parent is None
