"""The engine: from a plan to everything that can be said of it. Pure; knows no file and no
language.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.engine.results import Results
from salesplan.findings import Finding
from salesplan.plan.model import Cutoff, Month, Plan

__all__ = ["Cutoff", "Results", "compute", "current", "cut_off", "unclosed"]


def cut_off(
    plan: Plan,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    today: date,
    span: Span = Span.MONTH,
) -> tuple[Cutoff, list[Finding]]:
    """The cut-off of a run, and what there is to say about it.

    What is asked for comes first, then the settings, then the last day with actuals (the end of its
    month, where that month is over by ``today``), then ``today``. The report month is one of the
    plan year: another is moved to the nearest, with a finding, unless nobody asked for it and there
    are no actuals, or the year has not begun. A run that looks back sees the plan as it stood at
    that month's end: the cut-off is never later than the report month's last day.
    Of a longer ``span`` that month is the last one that has begun, of the span that holds the month
    which it would be else.
    """
    settings = plan.settings
    known = _known_until(plan, today)
    day = as_of or settings.as_of or known or today
    wanted = month or (settings.month if as_of is None else None) or Month.of(day)
    report_month = min(max(wanted, settings.months[0]), settings.months[-1])
    findings = []
    if as_of is None and settings.as_of is None and Month.of(day) > Month.of(today):
        findings.append(
            Finding.of(
                "actual-in-future", plan.actuals.place(_last_row(plan), "day"), day=day, today=today
            )
        )
    place = settings.origin.place()
    if not (month or as_of):
        place = settings.places.get("month" if settings.month else "as_of", place)
    report_span = ReportSpan.of(settings.months, report_month, span)
    if day < report_span.begins.first and report_month == wanted:
        said_of = {"month": str(report_month), "day": day}
        if Month.of(day) < settings.months[0]:
            findings.append(
                Finding.of("month-before-data", place, **said_of, year=str(settings.year))
            )
        else:
            last = str(Month.of(day))
            findings.append(Finding.of("month-after-data", place, **said_of, last=last))
    said = month or as_of or settings.month or settings.as_of
    if report_month != wanted and (said or (wanted > report_month and known is not None)):
        findings.append(
            Finding.of(
                "month-outside-plan",
                place,
                month=str(wanted),
                used=str(report_month),
                year=str(settings.year),
            )
        )
    report_month = min(max(Month.of(day), report_span.begins), report_span.ends)
    return Cutoff(report_month, min(day, report_month.last), day), findings


def _known_until(plan: Plan, today: date) -> date | None:
    """The last day with actuals; of a month that is over its last day: a month whose last sale was
    on the 28th is not in progress for ever.
    """
    day = max(_days(plan), default=None)
    if day is None or Month.of(day) >= Month.of(today):
        return day
    return Month.of(day).last


def _last_row(plan: Plan) -> int:
    days = list(_days(plan))
    return days.index(max(days))


def _days(plan: Plan) -> Iterator[date]:
    return (
        day or month.last for day, month in zip(plan.actuals.day, plan.actuals.month, strict=True)
    )


def current(plan: Plan, results: Results) -> Plan:
    """The plan of the report month: ``plan`` as its sheets say, with the changes that ``results``
    found in force.
    """
    from salesplan.engine.changes import adjustments

    return adjustments.current(plan, results.adjustments, results.month)


def unclosed(plan: Plan, day: date) -> list[Finding]:
    """A note where months are over for a while on that day and not closed."""
    from salesplan.engine.changes.closed_months import unclosed
    from salesplan.engine.exact.workdays import Calendar

    months = plan.settings.months
    calendar = Calendar.of(plan.settings.country, plan.calendar, {month.year for month in months})
    found = unclosed(plan, calendar, day)
    return [] if found is None else [found]


def compute(plan: Plan, *, month: Month, as_of: date, span: Span = Span.MONTH) -> Results:
    """Everything one run says, for one report month, or a longer span up to it, and one cut-off day
    (see :func:`cut_off`).
    """
    from salesplan.engine.run import run

    return run(plan, month, as_of, span)
