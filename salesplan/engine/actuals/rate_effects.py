"""What exchange rates made of an actual. Imported only where a plan has other currencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from salesplan.dataclass import dataclass, replace
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Month


@dataclass(frozen=True, slots=True)
class RateEffect:
    """One KPI of one unit (with all below it) over one span, in the KPI's unit: at the rates that
    were, and at budget rates.
    """

    kpi: str
    unit: str
    span: Span
    actual: Decimal
    at_budget: Decimal

    @property
    def effect(self) -> Decimal:
        """The effect of rates: A at actual − A at budget rates."""
        return self.actual - self.at_budget


def facts_at_budget(facts: Facts) -> Facts | None:
    """The facts of the same rows at budget rates; None where none is in another currency."""
    if facts.plan.at_budget is None:
        return None
    plan = replace(facts.plan, actuals=facts.plan.at_budget, at_budget=None)
    return Facts.of(plan, facts.as_of)


def touched(facts: Facts) -> tuple[str, ...]:
    """The KPIs that have rows in another currency, or are made of such, in sheet order."""
    plan = facts.plan
    own = {
        kpi
        for kpi, given in zip(plan.actuals.kpi, plan.actuals.given, strict=True)
        if given is not None
    }
    found = []
    for kpi in plan.kpis:
        made_of = facts.made_of(kpi.code)
        if kpi.code in own or (made_of is not None and not own.isdisjoint(made_of)):
            found.append(kpi.code)
    return tuple(found)


def rate_effects(
    facts: Facts, pairs: Iterable[tuple[str, str]], month: Month
) -> Mapping[tuple[str, str, Span], RateEffect]:
    """The effect of rates for those (KPI, unit) whose KPI has rows in another currency, over the
    month, its quarter, half and year up to it; empty in a plan of one currency.
    """
    at_budget = facts_at_budget(facts)
    if at_budget is None:
        return {}
    months, wanted = facts.plan.settings.months, frozenset(touched(facts))
    here = months.index(month)
    begins = {span: span.begin(here) for span in Span if span is not Span.YEAR}
    found: dict[tuple[str, str, Span], RateEffect] = {}
    for kpi, unit in dict.fromkeys(pairs):
        if kpi not in wanted:
            continue
        for span, first in begins.items():
            actual = facts.value(kpi, unit, months[first], month)
            planned = at_budget.value(kpi, unit, months[first], month)
            if actual is not None and planned is not None:
                found[kpi, unit, span] = RateEffect(kpi, unit, span, actual, planned)
    return found
