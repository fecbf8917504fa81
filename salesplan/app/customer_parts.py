"""The customers behind first orders or a repurchase rate, by name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from salesplan.engine.actuals.facts import Facts
from salesplan.findings import Finding, Place
from salesplan.plan.model import CountedAs, Kpi, Month, Plan, Unit

NAMED = 20
"""So many customers of a line are named."""


def customer_parts(
    facts: Facts, kpi: Kpi, unit: Unit, first: Month, last: Month
) -> Iterator[Finding]:
    """Who is counted from ``first`` to ``last``: of first orders each with its day; of a rate those
    that bought again in its latest month, and those that did not.
    """
    rows = _rows(facts, kpi, unit, first, last)
    if kpi.counted_as is CountedAs.FIRST_ORDERS:
        counted = [row for row in rows if facts.plan.actuals.value[row]]
        names = [_on_its_day(facts.plan, row) for row in counted]
        yield from _line("explain-customers-first", names, f"{first}–{last}")
        return
    months = facts.plan.actuals.month
    latest = max((months[row] for row in rows), default=None)
    rows = [row for row in rows if months[row] == latest]
    for code, again in (("explain-customers-again", True), ("explain-customers-once", False)):
        named = [
            _name(facts.plan, row)
            for row in rows
            if bool(facts.plan.actuals.numerator[row]) is again
        ]
        yield from _line(code, named, str(latest))


def _line(code: str, names: list[str], span: str) -> Iterator[Finding]:
    names = list(dict.fromkeys(names))
    if names:
        shown, more = tuple(names[:NAMED]), max(len(names) - NAMED, 0)
        yield Finding.of(code, Place(), span=span, count=len(names), names=shown, more=more)


def _rows(facts: Facts, kpi: Kpi, unit: Unit, first: Month, last: Month) -> list[int]:
    """The rows of the KPI for the unit and what is below it, in order of time."""
    units = {below.code for _, below in facts.plan.walk(unit.code)}
    found = [
        rows
        for (code, owner, month), rows in facts.rows.items()
        if code == kpi.code and owner in units and first <= month <= last
    ]
    return sorted(chain.from_iterable(found), key=lambda row: (facts.plan.actuals.month[row], row))


def _name(plan: Plan, row: int) -> str:
    name = plan.actuals.customer[row]
    known = plan.customer_index.one(name)
    return name if known is None else known.name


def _on_its_day(plan: Plan, row: int) -> str:
    return f"{_name(plan, row)} {plan.actuals.day[row] or plan.actuals.month[row]}"
