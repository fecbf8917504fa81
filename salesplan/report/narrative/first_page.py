"""What the first page says, as records: the messages, a line for each KPI, the issues, the ranking.

The overview, the mail, a page for a phone and a deck all show these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.engine.work.problems import Problem, ProblemKind, answer_to
from salesplan.plan.model import Direction, Kpi, Level, Light, Unit
from salesplan.report.figures.context import Context
from salesplan.report.figures.growth import past_value
from salesplan.report.narrative import phrases
from salesplan.report.narrative.reading import notes
from salesplan.report.narrative.sentences import main_kpi, overview_parts
from salesplan.report.narrative.subjects import subject_of
from salesplan.wording import sentences

if TYPE_CHECKING:
    from salesplan.report.figures.report import Report

MOST_KPIS = 8
MOST_ISSUES = 5
MOST_RANKED = 8


@dataclass(frozen=True, slots=True)
class Headline:
    """A message that stands as a title, and the key of the page that says more ("": none does)."""

    text: str
    page: str


@dataclass(frozen=True, slots=True)
class KpiLine:
    """One KPI of the topmost unit over the span that is reported or the year to date, with what it
    is compared with: the same months of last year and, of the span, as many of the one before.
    None where unknown. Where a year is reported it stands above the year to date.
    """

    kpi: Kpi
    unit: str
    span: Span
    actual: Decimal | None
    last_year: Decimal | None
    before: Decimal | None

    @property
    def upper(self) -> bool:
        """Whether it is that of the span, the year to date below it."""
        return self.span is not Span.YTD


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One of the issues: what and where, what is at stake, why, who does what by when, how long
    it has been open.
    """

    problem: Problem
    text: str
    stake: str
    cause: str
    action: str
    owner: str
    due: date | None
    months: int

    @property
    def wanted(self) -> str:
        """The key of the words for what is missing: an action; of what is ahead, the cause."""
        if self.action:
            return ""
        return "issue_no_cause" if self.problem.ahead else "issue_no_action"


@dataclass(frozen=True, slots=True)
class Ranked:
    """The units of one level by the main KPI's pace, the best first: year to date, or in the span
    that is reported.
    """

    kpi: Kpi
    level: Level
    units: tuple[Unit, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Front:
    """All that the first page says; ``more_kpis`` and ``more_issues`` are counted only. ``notes``
    say what has to be known of the figures.
    """

    headlines: tuple[Headline, ...]
    lines: tuple[KpiLine, ...]
    more_kpis: int
    issues: tuple[IssueLine, ...]
    more_issues: int
    ranked: Ranked | None
    notes: str = ""


def front(report: Report, company: Unit) -> Front:
    """The first page of a report that speaks of ``company`` and what is below it."""
    context = report.context
    known = [kpi for kpi in context.kpis if (kpi.code, company.code) in report.ledger.by_pair]
    kpis = shown(context, known, company)
    problems = context.results.problems
    return Front(
        tuple(headlines(report, company)),
        tuple(chain.from_iterable(kpi_lines(context, kpi, company.code) for kpi in kpis)),
        len(known) - len(kpis),
        issue_lines(context)[:MOST_ISSUES],
        max(len(problems) - MOST_ISSUES, 0),
        ranked(context, company),
        notes(context, kpis, company),
    )


def shown(context: Context, kpis: Sequence[Kpi], company: Unit) -> list[Kpi]:
    """The KPIs that have room, in the order of the sheet: the main one, then those that are red
    year to date, then the others.
    """
    main = main_kpi(context, company)

    def urgency(kpi: Kpi) -> int:
        if kpi == main:
            return 0
        one = context.results.attainments.get((kpi.code, company.code, Span.YTD))
        return 1 if one is not None and one.status.light is Light.RED else 2

    kept = {kpi.code for kpi in sorted(kpis, key=urgency)[:MOST_KPIS]}
    return [kpi for kpi in kpis if kpi.code in kept]


def headlines(report: Report, company: Unit) -> Iterator[Headline]:
    """Three messages and a fourth line: where we stand, why, what else is red; what is asked of the
    reader and until when.
    """
    standing, makers, doings = overview_parts(report, company)
    pages = {"trend": standing, "problems": [cause_of(report.context)], "targets": makers}
    for page, parts in (*pages.items(), ("improvements", doings)):
        text = sentences(filter(None, parts), report.context.lang)
        if text:
            yield Headline(text, _open_page(report, page))


def _open_page(report: Report, wanted: str) -> str:
    """The page, or the list of issues where it is not there, or has nothing to say and is hidden;
    "" where that is hidden, too.
    """
    for key in (wanted, "problems"):
        page = report.pages.get(key)
        if page is not None and not page.hidden:
            return key
    return ""


def cause_of(context: Context) -> str:
    """Where the gap of the KPI that costs most arises; one of a single smallest unit (one
    complaint) stands back behind those of more.
    """
    found = [one for one in context.results.problems if one.where and one.light is Light.RED]
    worst = max(found, key=lambda one: (_more_than_one(context, one), one.loss), default=None)
    if worst is None:
        return ""
    said = where_of(context, worst)
    subject = subject_of(context, worst.about)
    return context.words("cause_of_month", month=context.span_said, subject=subject, where=said)


def where_of(context: Context, problem: Problem) -> str:
    """The sentences that say where a gap arises, money in words."""
    kpi = context.plan.kpi_by_code.get(problem.about.kpi)
    said = (context.say(phrases.in_words(context, kpi, one)) for one in problem.where)
    return sentences(said, context.lang)


def _more_than_one(context: Context, problem: Problem) -> bool:
    kpi = context.plan.kpi_by_code[problem.about.kpi]
    return problem.gap is not None and abs(problem.gap) > (kpi.smallest_unit or Decimal(0))


def kpi_lines(context: Context, kpi: Kpi, unit: str) -> Iterator[KpiLine]:
    """The KPI's span and its year to date."""
    report_span = context.report_span
    to_date = ReportSpan.of(report_span.months, report_span.month, Span.YTD)
    for one in (report_span, to_date):
        found = context.results.attainments.get((kpi.code, unit, one.span))
        yield KpiLine(
            kpi,
            unit,
            one.span,
            None if found is None else found.actual,
            past_value(context, kpi, unit, *one.last_year),
            None if one.before is None else past_value(context, kpi, unit, *one.before),
        )


def issue_lines(context: Context) -> tuple[IssueLine, ...]:
    """The issues: what is behind before what is ahead, those without an action first, else as they
    are ranked.
    """
    lines = [_issue(context, problem) for problem in context.results.problems]
    return tuple(sorted(lines, key=lambda one: (one.problem.ahead, bool(one.action))))


def _issue(context: Context, problem: Problem) -> IssueLine:
    answer = answer_to(context.plan, problem)
    return IssueLine(
        problem,
        _text(context, problem),
        _stake(context, problem),
        answer.cause,
        answer.remedy,
        context.unit_name(answer.owner) if answer.owner else "",
        answer.due,
        problem.months,
    )


def _text(context: Context, problem: Problem) -> str:
    """The subject with its figure, and where it arises."""
    subject = subject_of(context, problem.about)
    if problem.kind is ProblemKind.LATE_TASK:
        return context.words("issue_late", subject=subject, days=str(problem.value or 0))
    if problem.kind is ProblemKind.OVERSPENT:
        return context.words("issue_overspent", subject=subject)
    if problem.value is None:
        return context.say(problem.symptom)
    said = where_of(context, problem)
    over = _over(context, problem)
    if over is not None:
        return context.words("issue_over", subject=subject, **over, where=said).strip()
    pace = phrases.percent(problem.value)
    return context.words("issue_kpi", subject=subject, pace=pace, where=said).strip()


def _over(context: Context, problem: Problem) -> dict[str, str] | None:
    """Of a KPI where lower is better, what there is and what should not be exceeded; None of
    another.
    """
    _, kpi, unit, _ = problem.about
    found = context.plan.kpi_by_code[kpi]
    one = context.results.attainments.get((kpi, unit, context.report_span.judged))
    if found.direction is not Direction.LOWER or one is None or one.status.expected is None:
        return None
    whole = one.target if context.clock.running else one.status.expected
    return {
        "actual": phrases.worth(context, found, one.status.actual or Decimal(0)),
        "expected": phrases.worth(context, found, one.status.expected),
        "whole": "" if whole == one.status.expected else phrases.worth(context, found, whole),
    }


def _stake(context: Context, problem: Problem) -> str:
    if problem.gap is None:
        return ""
    if problem.kind is ProblemKind.OVERSPENT:
        return phrases.amount(context, problem.gap)
    kpi = context.plan.kpi_by_code[problem.about.kpi]
    behind = "-" if kpi.direction is Direction.HIGHER else "+"
    ahead = "+" if kpi.direction is Direction.HIGHER else "-"
    sign = behind if problem.gap > 0 else ahead
    return sign + phrases.apart(context, kpi, problem.gap)


def ranked(context: Context, company: Unit) -> Ranked | None:
    """The level with the most units that still fits, else the first that can be ranked."""
    kpi = main_kpi(context, company)
    if kpi is None:
        return None
    found: dict[Level, list[Unit]] = {}
    for _, unit in context.plan.walk(company.code):
        if unit is not company and _pace(context, kpi, unit) is not None:
            found.setdefault(unit.level, []).append(unit)
    many = {level: units for level, units in found.items() if len(units) > 1}
    fitting = {level: units for level, units in many.items() if len(units) <= MOST_RANKED}
    if not many:
        return None
    level = max(fitting, key=lambda one: len(fitting[one])) if fitting else next(iter(many))
    units = sorted(many[level], key=lambda unit: -(_pace(context, kpi, unit) or Decimal(0)))
    half = MOST_RANKED // 2
    shown = units if len(units) <= MOST_RANKED else [*units[:half], *units[-half:]]
    return Ranked(kpi, level, tuple(shown), len(units) - len(shown))


def _pace(context: Context, kpi: Kpi, unit: Unit) -> Decimal | None:
    one = context.results.attainments.get((kpi.code, unit.code, context.looked_at))
    return None if one is None else one.pace.value
