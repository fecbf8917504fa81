"""What a message says of a report without opening it: its first lines, and a line for each KPI."""

from __future__ import annotations

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.status import RateWord
from salesplan.plan.model import Kpi, Light
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.report import Report
from salesplan.report.narrative.first_page import headlines
from salesplan.report.narrative.sentences import main_light
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.styles import PERCENT


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI of the topmost unit, year to date, with the rate of the span that is reported;
    figures as the report shows them.
    """

    kpi: str
    name: str
    measure: str
    target: str
    actual: str
    rate: str
    month_rate: str
    light: Light | None
    word: str


@dataclass(frozen=True, slots=True)
class Summary:
    """``sentences`` are the first page's; ``light`` is the status with which they begin."""

    title: str
    light: Light | None = None
    sentences: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


def summarize(report: Report) -> Summary:
    """The summary of a report whose figures are all made."""
    context, results = report.context, report.context.results
    title = context.words("report_title", month=context.span_title) + (
        f" · {context.scope.name}" if context.scope.name else ""
    )
    company = context.company
    sentences: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    light: Light | None = None
    if company is not None and report.ledger.rows:
        sentences = tuple(one.text for one in headlines(report, company))
        light = main_light(context, company)
        found = {}
        for span in context.scored:
            found[span] = {
                kpi.code: results.attainments.get((kpi.code, company.code, span))
                for kpi in context.kpis
            }
        lines = tuple(
            _line(report, kpi, ytd, found[context.report_span.judged][kpi.code])
            for kpi in context.kpis
            if (ytd := found[Span.YTD][kpi.code]) is not None
        )
    return Summary(title, light, sentences, lines)


def _line(report: Report, kpi: Kpi, ytd: Attainment, month: Attainment | None) -> Line:
    context = report.context
    figure = figure_format(kpi)
    target, actual = (
        DASH if value is None else measure.shown(value, figure)
        for value in (ytd.target, ytd.actual)
    )
    word = "" if ytd.light is None else context.light(ytd.light)
    return Line(
        kpi.code,
        context.kpi_name(kpi.code),
        kpi.unit,
        target,
        actual,
        _rate(report, ytd),
        _rate(report, month),
        ytd.light,
        word,
    )


def _rate(report: Report, one: Attainment | None) -> str:
    if one is None:
        return DASH
    if one.rate.value is not None:
        return measure.shown(one.rate.value, PERCENT)
    return report.words(f"rate_{(one.rate.word or RateWord.NO_TARGET).value}")
