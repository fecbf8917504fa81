"""复盘: what the reviews have left for the next time, the lessons of 复盘知识库 whose period holds
the report month or one of a longer span's months. A year's report gives them a page of their own,
below how the year went by quarters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from salesplan.engine.actuals.attainment import completion, span_target
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Direction, Kpi, Lesson, Month, Settings, TargetBasis, Unit
from salesplan.plan.normalize import folded
from salesplan.report.figures.context import Context, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, WRAP, Column, Here, listed
from salesplan.report.figures.ledger import ACTUALS, TARGETS, Cell
from salesplan.report.figures.report import Report
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT
from salesplan.report.xlsx.writer import Page

FIRST = 1
SPANS = {"topic": 4, "went_well": 1, "to_improve": 4, "lesson": 2, "practice": 2, "tags": 1}
"""How many of the sheet's columns each text lies over: the widths are those of the issues."""

OWN_LAST = 13
OWN_SPANS = {"topic": 2, "went_well": 3, "to_improve": 2, "lesson": 3, "practice": 2, "tags": 1}
"""The same on the page of a year's report."""
_QUARTERS = ("q1", "q2", "q3", "q4")

_YEAR = re.compile(r"(?:19|20)\d\d")
_QUARTER = re.compile(r"q([1-4])|([一二三四1-4])\s*季")
_HALF = re.compile(r"h([12])|([上下])半年")
_NUMBER = re.compile(r"\d{1,2}")
_WORDS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}


def lessons_of(context: Context) -> tuple[Lesson, ...]:
    """The lessons whose period holds a month of the span that is reported, in sheet order; of a
    year also those of all of it, before it is over.
    """
    settings, months = context.plan.settings, list(context.report_span.begun)
    if context.results.span is Span.YEAR:
        months.append(settings.months[-1])
    return tuple(one for one in context.plan.lessons if _is_of(one, settings, months))


def _is_of(lesson: Lesson, settings: Settings, months: Sequence[Month]) -> bool:
    return any(holds(lesson.period, settings, month) for month in months)


def shown_here(context: Context) -> bool:
    """Whether the lessons stand beside the measures: those of a year have a page of their own."""
    return context.results.span is not Span.YEAR


def holds(period: str, settings: Settings, month: Month) -> bool:
    """Whether a period as people write it (2026-06, 2026年6月, 6月, 2026-Q2, 二季度, 2026 H1, 2026)
    holds the month.

    Quarters and halves are those of the plan year; without a year the plan's is meant. What is of
    the whole year is looked back on in its last month. A blank or another word holds none.
    """
    words, index = folded(period), settings.months.index(month)
    found = _YEAR.search(words)
    year, rest = int(found[0]) if found else None, _YEAR.sub(" ", words, count=1)
    for pattern, months in ((_QUARTER, 3), (_HALF, 6)):
        if part := pattern.search(rest):
            number = part[1] or part[2]
            return (
                year in (None, settings.year)
                and (_WORDS.get(number) or int(number)) == index // months + 1
            )
    if number_of_month := _NUMBER.search(rest):
        return int(number_of_month[0]) == month.month and year in (None, month.year)
    return year == settings.year and month == settings.months[-1]


def write(report: Report) -> None:
    """The page of a year's report: each KPI by quarters, and what was learnt."""
    company = report.context.company
    if "lessons" not in report.pages or company is None:
        return
    context = report.context
    found = lessons_of(context)
    said = report.words("sentence_lessons", count=str(len(found)))
    page = report.open("lessons", OWN_LAST, said)
    page.fix({FIRST: 24.0} | dict.fromkeys(range(FIRST + 1, OWN_LAST + 1), 12.0))
    row = page.block(page.top, _quarters(report, page, company, page.top))
    row = write_lessons(report, page, row, OWN_SPANS)
    if not context.plan.lessons:
        page.write(row, FIRST, report.words("lessons_missing"), report.book.style("muted"))
        row += 1
    page.set_print(None, OWN_LAST, area_rows=row)


def _quarters(report: Report, page: Page, company: Unit, row: int) -> int:
    """Target, actual and attainment of each KPI in each quarter that has begun, and in the year so
    far; gives the row after them.
    """
    context = report.context
    kpis = [kpi for kpi in context.kpis if (kpi.code, company.code) in report.ledger.by_pair]
    lines = [Line(kpi, kind) for kpi, kind in product(kpis, ("target", "actual", "rate"))]
    page.heading(row, FIRST, report.words("quarters_heading", year=context.span_name))
    columns = _quarter_columns(report, company)
    listed(
        report,
        page,
        "quarter",
        columns,
        lines,
        row + 1,
        FIRST,
        lambda line: "cell" if line.kind == "rate" else "upper",
    )
    return row + 2 + len(lines) + 1


class Line(NamedTuple):
    """A KPI's target, actual or rate, quarter by quarter."""

    kpi: Kpi
    kind: str


def _quarter_columns(report: Report, company: Unit) -> tuple[Column[Line], ...]:
    context = report.context

    def so_far(line: Line) -> Cell | None:
        return report.ledger.cell(line.kpi.code, company.code, f"ytd_{line.kind}")

    def form(line: Line) -> str:
        return PERCENT if line.kind == "rate" else figure_format(line.kpi)

    return (
        Column(
            "kpi",
            lambda line: context.kpi_name(line.kpi.code),
            look=("text", "strong"),
            where=lambda line: line.kind == "target",
        ),
        Column("line", lambda line: report.words(f"line_{line.kind}"), look=("text", "muted")),
        *(_quarter(report, company, index) for index in range(len(_QUARTERS))),
        Column(
            "ytd",
            lambda line: None if (one := so_far(line)) is None else one.value,
            lambda line, _: None if (one := so_far(line)) is None else one.ref,
            ("right", "strong"),
            form,
            where=lambda line: so_far(line) is not None,
        ),
    )


def _quarter(report: Report, company: Unit, index: int) -> Column[Line]:
    """A quarter, as far as it has come; blank where it has not begun. The attainment of an
    improvement stands in the year's column only, where its base value is that of the year.
    """
    context, here = report.context, report.context.clock.index
    key, first, last = _QUARTERS[index], 3 * index, min(3 * index + 2, here)
    months = context.plan.settings.months[first : last + 1]

    def amount(line: Line, kind: str) -> Decimal | None:
        pair = (line.kpi.code, company.code)
        if kind == "actual":
            return context.facts.value(*pair, months[0], months[-1])
        return span_target(line.kpi, context.results.targets.get(pair), first, last)

    def rated(line: Line) -> bool:
        known = None not in (amount(line, "target"), amount(line, "actual"))
        return known and line.kpi.basis is not TargetBasis.IMPROVEMENT

    def value(line: Line) -> Scalar:
        if line.kind != "rate":
            return amount(line, line.kind)
        target = amount(line, "target")
        if not rated(line) or target is None:
            return None
        cap = context.plan.settings.score_cap
        rate = completion(line.kpi, target, amount(line, "actual"), cap)
        if rate.value is not None:
            return to_places(rate.value, RATE_PLACES)
        return None if rate.word is None else report.formulas.rate_words[rate.word]

    def formula(line: Line, at: Here) -> str | None:
        if line.kind != "rate":
            keys = (TARGETS if line.kind == "target" else ACTUALS)[first : last + 1]
            return _formula(report, line.kpi, company, keys, amount(line, line.kind))
        if not rated(line):
            return None
        target, actual = (at.grid.at(key, at.row - above) for above in (2, 1))
        sign = 1 if line.kpi.direction is Direction.HIGHER else -1
        return report.formulas.rate(target, actual, sign=sign)

    def form(line: Line) -> str:
        if line.kind != "rate":
            return figure_format(line.kpi)
        return PERCENT if rated(line) else ""

    return Column(key, value, formula, RIGHT, form, where=lambda _: first <= here)


def _formula(
    report: Report, kpi: Kpi, company: Unit, keys: Sequence[str], value: Decimal | None
) -> str | None:
    """A quarter's figure from the months of the data sheet; None where it does not follow."""
    cells = [report.ledger.cell(kpi.code, company.code, key) for key in keys]
    known = [one for one in cells if one is not None and isinstance(one.value, Decimal)]
    if value is None or not known:
        return None
    if kpi.kind.adds_over_months:
        total = sum((one.value for one in known if isinstance(one.value, Decimal)), Decimal(0))
        spread = f"{known[0].ref}:{known[-1].ref.rpartition('!')[2]}"
        return f"ROUND(SUM({spread}),{SUM_PLACES})" if total == value else None
    return known[-1].ref if known[-1].value == value else None


def write_lessons(report: Report, page: Page, row: int, spans: Mapping[str, int] = SPANS) -> int:
    """The lessons of the span that is reported from ``row`` on, one line where there are only
    others; returns the row after them. ``spans``: how many columns each text lies over.
    """
    context = report.context
    lessons = context.plan.lessons
    found = lessons_of(context)
    if not lessons:
        return row
    page.heading(row + 1, FIRST, report.words("lessons_heading", month=context.span_name))
    if not found:
        page.write(
            row + 2,
            FIRST,
            report.words("lessons_none", count=str(len(lessons))),
            report.book.style("muted"),
        )
        return row + 3
    listed(report, page, "lesson", _lesson_columns(spans), found, row + 2, FIRST)
    return row + 3 + len(found)


def _lesson_columns(spans: Mapping[str, int]) -> tuple[Column[Lesson], ...]:
    def topic(one: Lesson) -> str:
        return " · ".join(filter(None, (one.period, one.topic)))

    def said(key: str, value: Callable[[Lesson], str]) -> Column[Lesson]:
        return Column(key, value, look=WRAP, over=spans[key])

    return (
        said("topic", topic),
        said("went_well", lambda one: one.went_well),
        said("to_improve", lambda one: one.to_improve),
        said("lesson", lambda one: one.lesson),
        said("practice", lambda one: one.practice),
        said("tags", lambda one: one.tags),
    )
