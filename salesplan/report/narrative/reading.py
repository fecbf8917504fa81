"""What a reader of the first page has to know of its figures: which are better low, what a running
month's target is, and what a pace is a part of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from salesplan.plan.model import Direction, Kpi, TargetBasis, Unit
from salesplan.report.figures.context import Context
from salesplan.report.narrative.later_changes import later_changes
from salesplan.report.narrative.sentences import main_kpi
from salesplan.wording import listed, sentences


def marked_name(context: Context, kpi: Kpi, unit: str) -> str:
    """A KPI's name on the first page, with an arrow where lower is better."""
    low = f" {LOWER}" if kpi.direction is Direction.LOWER else ""
    return context.kpi_name(kpi.code) + low + context.covered(kpi.code, unit)


def _ends_with_deals(context: Context, kpi: Kpi, company: Unit) -> bool:
    """Whether open deals alone are the low end of the forecasts: of the main KPI the first message
    says so already.
    """
    pace = context.results.pace.get((kpi.code, company.code))
    found = None if pace is None else pace.ended_by_deals
    return found is not None and found.low


LOWER = "↓"
"""The sign of a KPI where lower is better."""


def notes(context: Context, kpis: Sequence[Kpi], company: Unit) -> str:
    """The line below the KPIs that are shown."""
    return sentences(_notes(context, kpis, company), context.lang)


def _notes(context: Context, kpis: Sequence[Kpi], company: Unit) -> Iterator[str]:
    lower = [kpi for kpi in kpis if kpi.direction is Direction.LOWER]
    if lower:
        yield context.words("note_lower")
    clock = context.clock
    if clock.running:
        month = context.month_name(context.results.month)
        days = {"elapsed": str(clock.elapsed), "days": str(clock.days)}
        yield context.words("note_running", month=month, **days)
    spans = (context.report_span.judged, context.looked_at)
    judged = context.results.attainments
    found = (judged.get((kpi.code, company.code, span)) for kpi, span in product(lower, spans))
    paces = [one.pace.value for one in found if one is not None]
    if any(pace is not None and pace < 0 for pace in paces):
        yield context.words("note_below_zero")
    raised = [
        context.kpi_name(kpi.code)
        for kpi in kpis
        if kpi.basis is TargetBasis.IMPROVEMENT and not kpi.kind.adds_over_months
    ]
    if raised:
        yield context.words("note_improvement", names=listed(raised, context.lang))
    alone = [kpi for kpi in kpis if _ends_with_deals(context, kpi, company)]
    if alone and alone != [main_kpi(context, company)]:
        names = [context.kpi_name(kpi.code) for kpi in alone]
        yield context.words("note_deals", names=listed(names, context.lang))
    if later := later_changes(context):
        yield later
