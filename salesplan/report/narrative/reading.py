"""What a reader of the first page has to know of its figures: which are better low, what a running
month's target is, and what a pace is a part of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, product

from salesplan.plan.model import Direction, Kpi, TargetBasis, Unit
from salesplan.plan.model.actuals import silent_months
from salesplan.report.figures.context import Context
from salesplan.report.narrative import phrases
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


def _silent(context: Context, company: Unit) -> Iterator[str]:
    """Which months of the year so far have no actuals of anything, and how much of the main KPI's
    target is theirs.
    """
    kpi, months = main_kpi(context, company), context.plan.settings.months
    reported = chain.from_iterable(context.results.reported.values())
    silent = silent_months(months[: context.clock.index + 1], reported)
    if not silent or kpi is None or not kpi.kind.adds_over_months:
        return
    target = context.results.targets.get((kpi.code, company.code))
    asked = () if target is None else zip(months, target.months, strict=True)
    missed = sum((one or Decimal(0) for month, one in asked if month in silent), Decimal(0))
    if missed:
        yield context.words(
            "note_silent",
            months=listed(map(context.short_month, silent), context.lang),
            kpi=context.kpi_name(kpi.code),
            target=phrases.worth(context, kpi, missed),
        )


def _notes(context: Context, kpis: Sequence[Kpi], company: Unit) -> Iterator[str]:
    yield from _silent(context, company)
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
