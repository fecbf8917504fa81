"""The report's own settings: thresholds and dates, each in one named cell of the sheet about
the report.

Every formula that needs one uses its name, so that a reader can try another value there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.pace import SURE_FROM
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.reach import EARLY_UNTIL
from salesplan.engine.actuals.status import QUARTER
from salesplan.engine.money.month_ends import WARNING_FROM
from salesplan.engine.work.actions import FAR_BEHIND
from salesplan.engine.work.effectiveness import kpi_line
from salesplan.report.figures.context import Context
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT, WHOLE


@dataclass(frozen=True, slots=True)
class Named:
    """One setting: the key its words and its cell's name are found by, its value, how it is shown.

    ``formula`` derives it from others of its kind, with their names in braces.
    """

    key: str
    value: Scalar
    number_format: str = ""
    formula: str = ""


def _begins_later(context: Context) -> bool:
    """Whether the span that is reported has months of its own, and not the year's first ones."""
    return context.looked_at is not Span.YTD


def since(context: Context, names: Mapping[str, str]) -> str | None:
    """Where formulas find the first month of the span that is reported: see
    :class:`~salesplan.report.figures.formulas.Formulas`.
    """
    if context.results.span is Span.MONTH:
        return None
    return names["span_first"] if _begins_later(context) else ""


def named_values(context: Context) -> tuple[Named, ...]:
    """The settings in the order in which the report shows them."""
    clock, settings = context.clock, context.plan.settings
    months = context.report_span.next
    elapsed = sum(clock.working[: clock.index]) + clock.elapsed
    following = (
        (Named("days_next", context.calendar.count(months[0].first, months[-1].last), WHOLE),)
        if months
        else ()
    )
    report_span = context.report_span
    begin = (Named("span_first", report_span.first + 1, WHOLE),) if _begins_later(context) else ()
    return (
        *begin,
        Named("report_month", clock.index + 1, WHOLE),
        Named("cut_off", context.results.as_of),
        Named("month_over", int(not clock.running), WHOLE),
        Named("days_elapsed", clock.elapsed, WHOLE),
        Named("days_in_month", clock.days, WHOLE),
        Named("time_progress", clock.time_progress, PERCENT, "{days_elapsed}/{days_in_month}"),
        Named("year_elapsed", elapsed, WHOLE),
        Named("year_left", sum(clock.working) - elapsed, WHOLE),
        *following,
        Named("green", settings.green, PERCENT),
        Named("amber", settings.amber, PERCENT),
        Named("swing", settings.swing, PERCENT),
        Named("early_until", EARLY_UNTIL, PERCENT),
        Named("way_from", QUARTER, PERCENT),
        Named("sure_from", SURE_FROM, WHOLE),
        Named("execution_met", settings.execution_met, PERCENT),
        Named("kpi_met", kpi_line(settings), PERCENT),
        Named("explain_low", settings.explain_low, PERCENT),
        Named("explain_high", settings.explain_high, PERCENT),
        Named("score_cap", settings.score_cap, PERCENT),
        Named("task_far_behind", FAR_BEHIND, PERCENT),
        Named("budget_warning", WARNING_FROM, PERCENT),
        Named("budget_full", Decimal(1), PERCENT),
    )
