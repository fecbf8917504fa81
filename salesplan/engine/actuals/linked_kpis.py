"""What strategies, tasks and budget lines are tied to: the company, filtered parts of a KPI, who
pays for what.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.slices import column_of
from salesplan.plan.model import (
    BudgetLine,
    Kpi,
    Level,
    Month,
    Plan,
    Settings,
    Strategy,
    Task,
    Unit,
    first_by_code,
)
from salesplan.plan.model.currencies import money_unit, own_unit

Filters = Mapping[str, str]
"""Names by dimension of the actuals (product, region, channel, customer, or what 客户 says of the
customer): all of them must hold.
"""

FIELDS: Mapping[str, str] = {
    "product": "product",
    "region": "region",
    "channel": "channel",
    "customer": "customer_type",
    "customer_type": "customer_type",
    "industry": "industry",
}
"""The strategy's field that filters each dimension: 客户类型 names a customer, or a type that 客户
has.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """The filtered part of a KPI over some months.

    ``value`` is None where it cannot be told: ``unmatched`` names the dimensions whose filter no
    row of the KPI bears, ``unnamed`` those that some rows of the period leave blank. With a value
    and ``unnamed``, the part may be larger than what it says.
    """

    value: Decimal | None
    unmatched: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


def company(plan: Plan) -> Unit | None:
    """The one unit without a parent, or the one of level 公司 among several; None if it cannot be
    told.
    """
    roots = [unit for unit in plan.roots if "parent" not in unit.broken]
    companies = [unit for unit in roots if unit.level is Level.COMPANY]
    found = roots if len(roots) == 1 else companies
    return found[0] if len(found) == 1 else None


def filters_of(plan: Plan, strategy: Strategy) -> dict[str, str]:
    """The strategy's filters by dimension; empty: the whole KPI is meant."""
    found = {dimension: str(getattr(strategy, key)) for dimension, key in FIELDS.items()}
    of_type = plan.word_of_customers("kind", found["customer_type"])
    found["customer_type"] = of_type
    if of_type:
        found["customer"] = ""
    found["industry"] = plan.word_of_customers("industry", found["industry"]) or found["industry"]
    return {dimension: name for dimension, name in found.items() if name}


def part_of(
    plan: Plan, facts: Facts, kpi: Kpi, filters: Filters, first: Month, last: Month, unit: str
) -> Part:
    """The KPI's figure from ``first`` to ``last`` for a unit with all below it, filtered.

    Names match exactly. A sum whose name stands in the KPI's rows of another time (for a region:
    or in the organisation), while every row of this period is named, is 0: the rows are there and
    none is of that name. A name that no row of the KPI bears matches nothing, and gives no figure.
    Without any row in the period nothing is said.
    """
    if not filters:
        return Part(facts.value(kpi.code, unit, first, last))
    dimensions = tuple(filters)
    slices = facts.split(kpi.code, dimensions, first, last, unit)
    if not slices:
        return Part(None)
    unnamed = tuple(
        dimension
        for dimension, names in zip(dimensions, zip(*slices, strict=True), strict=True)
        if not all(names)
    )
    found = slices.get(tuple(filters.values()))
    if found is not None and found.value is not None:
        return Part(found.value, unnamed=unnamed)
    unmatched = tuple(d for d in dimensions if filters[d] not in names_in(plan, facts, kpi, d))
    known_none = found is None and not unmatched and not unnamed and kpi.kind.adds_over_units
    return Part(Decimal(0) if known_none else None, unmatched, unnamed)


def names_in(plan: Plan, facts: Facts, kpi: Kpi, dimension: str) -> frozenset[str]:
    """Every name of a dimension in the KPI's rows of any time (in its parts' rows, for a computed
    rate).
    """
    codes = facts.made_of(kpi.code) or (kpi.code,)
    column = column_of(plan, dimension)
    names = {
        name
        for code, name in set(zip(plan.actuals.kpi, column, strict=True))
        if code in codes and name
    }
    if dimension == "region":
        names |= {unit.region for unit in plan.units if unit.region}
    return frozenset(names)


def money_scale(kpi: Kpi, settings: Settings) -> Decimal | None:
    """What one unit of the KPI is worth in the master's amount unit; None for a KPI that is not
    money, or money of another currency.
    """
    unit, own = money_unit(kpi.unit, settings), own_unit(settings)
    if unit is None or unit.currency != own.currency:
        return None
    return Decimal(unit.size) / own.size


def payers(plan: Plan) -> dict[str, tuple[Task, ...]]:
    """By budget line, the tasks it pays for.

    That is the task that the line names; for a line that names none, the tasks that name the line.
    """
    tasks = first_by_code(plan.tasks)
    by_code = {task.code: task for task in tasks}
    naming: dict[str, list[Task]] = {}
    for task in tasks:
        if task.budget is not None and "budget" not in task.broken:
            naming.setdefault(task.budget, []).append(task)
    return {line.code: _paid(line, by_code, naming) for line in first_by_code(plan.budget)}


def _paid(
    line: BudgetLine, by_code: Mapping[str, Task], naming: Mapping[str, list[Task]]
) -> tuple[Task, ...]:
    if "task" in line.broken:
        return ()
    if line.task is not None:
        return (by_code[line.task],) if line.task in by_code else ()
    return tuple(naming.get(line.code, ()))


def months_over(plan: Plan, month: Month, as_of: date, span: Span) -> tuple[Month, Month] | None:
    """First and last of the months that are over, in the span that holds the report month and up to
    it; None where none is.
    """
    months, last = plan.settings.months, over_until(plan, month, as_of)
    first = months[span.begin(months.index(month))]
    return None if last is None or last < first else (first, last)


def over_until(plan: Plan, month: Month, as_of: date) -> Month | None:
    """The last month that is over, up to the report month; None where none of the plan year is."""
    last = month if as_of >= month.last else min(month, Month.of(as_of)).plus(-1)
    return last if last >= plan.settings.months[0] else None
