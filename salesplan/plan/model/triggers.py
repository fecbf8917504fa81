"""What a rule of 预警 watches, by its 对象: the one place that reads it.

A text means what a rule of that kind can watch: a unit with all below it, a KPI, a customer, a
product, a task, a budget line or a category of them, a competitor; two of them as ``REV/T2``. Blank
means all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import NamedTuple

from salesplan.plan.model.choices import TriggerKind
from salesplan.plan.model.plan import Plan
from salesplan.plan.model.records import Competitor, Product, Trigger
from salesplan.plan.normalize import bare

ALL = ""
"""Of a part of 对象 that says nothing."""

_OF_KPIS = (TriggerKind.CUSTOMER_LOST, TriggerKind.PRICE_LOW, TriggerKind.PACE_LOW)
_OF_UNITS = (*_OF_KPIS, TriggerKind.TASK_LATE)


class Watched(NamedTuple):
    """The KPI and the unit by their codes, and what else is named, as the plan spells it; "" where
    all are meant.
    """

    kpi: str = ALL
    unit: str = ALL
    name: str = ALL


def watched(plan: Plan, trigger: Trigger) -> Watched | None:
    """What the rule watches; None where its 对象 names nothing that such a rule can watch."""
    text = trigger.subject.strip()
    if not text:
        return Watched()
    whole = _named(plan, trigger.kind, text)
    if whole:
        return Watched(name=whole)
    found = Watched()
    for part in text.split("/"):
        taken = _taken(plan, trigger.kind, part)
        if taken is None:
            return None
        found = Watched(*(new or old for new, old in zip(taken, found, strict=True)))
    return found


def _taken(plan: Plan, kind: TriggerKind, part: str) -> Watched | None:
    kpi = plan.kpi_index.one(part) if kind in _OF_KPIS else None
    if kpi is not None:
        return Watched(kpi=kpi.code)
    unit = plan.people.one(part) if kind in _OF_UNITS else None
    if unit is not None:
        return Watched(unit=unit.code)
    name = _named(plan, kind, part)
    return Watched(name=name) if name else None


def _named(plan: Plan, kind: TriggerKind, text: str) -> str:
    """The name among those that a rule of this kind can watch; "" for none."""
    if kind is TriggerKind.CUSTOMER_LOST:
        text = customer_name(plan, text)
    wanted = bare(text)
    return next((name for name in _names(plan, kind) if bare(name) == wanted), "")


def _names(plan: Plan, kind: TriggerKind) -> Iterable[str]:
    if kind is TriggerKind.CUSTOMER_LOST:
        return dict.fromkeys((*plan.actuals.customer, *(one.name for one in plan.customers)))
    if kind is TriggerKind.PRICE_LOW:
        listed = chain.from_iterable((one.code, one.name) for one in plan.products)
        return dict.fromkeys((*plan.actuals.product, *listed))
    if kind is TriggerKind.TASK_LATE:
        return (task.code for task in plan.tasks)
    if kind is TriggerKind.BUDGET_OVER:
        lines = (line.code for line in plan.budget)
        return (*lines, *(share.name for share in plan.category_shares))
    if kind is TriggerKind.COMPETITOR_CHANGED:
        return dict.fromkeys(row.name for row in plan.competitors if not row.is_ours)
    return ()


def watchable(plan: Plan, kind: TriggerKind) -> tuple[str, ...]:
    """Every code and name that 对象 of a rule of that kind may hold, each once."""
    found = list(_names(plan, kind))
    for kinds, records in ((_OF_KPIS, plan.kpis), (_OF_UNITS, plan.units)):
        if kind in kinds:
            found += chain.from_iterable((one.code, one.name) for one in records)
    return tuple(dict.fromkeys(filter(None, found)))


def customer_name(plan: Plan, text: str) -> str:
    """What 客户 calls the customer that a cell names by code or name; the text itself where it
    lists none of it.
    """
    found = plan.customer_index.one(text) if plan.customers else None
    return text if found is None else found.name


def products_called(plan: Plan, names: Iterable[str]) -> Mapping[str, Product]:
    """The rows of 产品 that these names mean, by code or name; names of none are left out."""
    called: dict[str, Product] = {}
    for one in plan.products:
        called.setdefault(bare(one.code), one)
    for one in plan.products:
        called.setdefault(bare(one.name), one)
    return {name: called[bare(name)] for name in names if bare(name) in called}


def sightings(plan: Plan, until: date, name: str = ALL) -> Iterator[tuple[Competitor, Competitor]]:
    """The last row of each competitor of that name (by default of all), product and region up to a
    day, with the one before it; those that were seen but once are left out.
    """
    from salesplan.plan.competitors import compared

    for one in compared(plan, until):
        if one.before is not None and name in (ALL, one.row.name):
            yield one.row, one.before
