"""复盘: what the reviews have left for the next time, the lessons of 复盘知识库 whose period holds
the report month or one of a longer span's months. A year's report gives them a page of their own,
below how the year went by quarters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from salesplan.engine.actuals.attainment import completion, span_target
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Direction, Kpi, Lesson, Month, Settings, TargetBasis, Unit
from salesplan.plan.spelling import folded
from salesplan.report.figures.context import DASH, Context, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, figure, text
from salesplan.report.figures.ledger import ACTUALS, TARGETS
from salesplan.report.figures.report import Report
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.styles import PERCENT
from salesplan.report.pen.writer import Page

FIRST = 1
SPANS = {
    "topic": (0, 3),
    "went_well": (4, 4),
    "to_improve": (5, 8),
    "lesson": (9, 10),
    "practice": (11, 12),
    "tags": (13, 13),
}
"""The columns of the sheet that each text lies over, by its distance from the first: the sheet's
widths are those of the issues.
"""

OWN_LAST = 13
OWN_SPANS = {
    "topic": (0, 1),
    "went_well": (2, 4),
    "to_improve": (5, 6),
    "lesson": (7, 9),
    "practice": (10, 11),
    "tags": (12, 12),
}
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
    settings, months = context.plan.settings, list(context.stretch.begun)
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
    grid = Grid(report, page, "quarter", ("kpi", "line", *_QUARTERS, "ytd"), FIRST)
    grid.heading(row, report.words("quarters_heading", year=context.span_name))
    grid.heads(row + 1)
    at = row + 2
    for kpi in kpis:
        for line, entries in _lines(report, grid, company, kpi, at).items():
            head = {"line": text(report.words(f"line_{line}"), "muted")}
            head["kpi"] = (
                text(context.kpi_name(kpi.code), "strong") if line == "target" else Entry(None)
            )
            grid.put(at, head | entries, "cell" if line == "rate" else "upper")
            at += 1
    return at + 1


def _lines(
    report: Report, grid: Grid, company: Unit, kpi: Kpi, at: int
) -> dict[str, dict[str, Entry]]:
    """The three lines of a KPI; the attainment of an improvement stands in the year's column only,
    where its base value is that of the year.
    """
    context, pair = report.context, (kpi.code, company.code)
    found: dict[str, dict[str, Entry]] = {"target": {}, "actual": {}, "rate": {}}
    for key, first in zip(_QUARTERS, range(0, context.clock.index + 1, 3), strict=False):
        last = min(first + 2, context.clock.index)
        month = context.plan.settings.months[first : last + 1]
        target = span_target(kpi, context.results.targets.get(pair), first, last)
        actual = context.facts.value(*pair, month[0], month[-1])
        for line, value, keys in (("target", target, TARGETS), ("actual", actual, ACTUALS)):
            formula = _formula(report, kpi, company, keys[first : last + 1], value)
            found[line][key] = figure(value, figure_format(kpi), formula)
        found["rate"][key] = _rate(report, grid, kpi, (target, actual), key, at)
    for line in found:
        cell = report.ledger.cell(*pair, f"ytd_{line}")
        if cell is not None:
            form = PERCENT if line == "rate" else figure_format(kpi)
            found[line]["ytd"] = figure(cell.value, form, cell.ref, "strong")
    return found


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


def _rate(
    report: Report,
    grid: Grid,
    kpi: Kpi,
    figures: tuple[Decimal | None, Decimal | None],
    key: str,
    at: int,
) -> Entry:
    target, actual = figures
    if kpi.basis is TargetBasis.IMPROVEMENT or target is None or actual is None:
        return Entry(DASH, ("right",))
    rate = completion(kpi, target, actual, report.context.plan.settings.score_cap)
    value: Scalar = DASH
    if rate.value is not None:
        value = to_places(rate.value, RATE_PLACES)
    elif rate.word is not None:
        value = report.formulas.rate_words[rate.word]
    sign = 1 if kpi.direction is Direction.HIGHER else -1
    formula = report.formulas.rate(grid.at(key, at), grid.at(key, at + 1), sign=sign)
    return Entry(value, ("right",), formula, PERCENT)


def write_lessons(
    report: Report, page: Page, row: int, spans: Mapping[str, tuple[int, int]] = SPANS
) -> int:
    """The lessons of the span that is reported from ``row`` on, one line where there are only
    others; returns the row after them. ``spans``: the columns that each text lies over.
    """
    context = report.context
    lessons = context.plan.lessons
    found = lessons_of(context)
    if not lessons:
        return row
    grid = Grid(report, page, "lesson", tuple(spans), FIRST)
    grid.heading(row + 1, report.words("lessons_heading", month=context.span_name))
    if not found:
        page.write(
            row + 2,
            FIRST,
            report.words("lessons_none", count=str(len(lessons))),
            report.book.style("muted"),
        )
        return row + 3
    for key, (start, end) in spans.items():
        page.wide(row + 2, FIRST + start, FIRST + end, report.words(f"lesson_{key}"), "head")
    for at, one in enumerate(found, row + 3):
        for key, (start, end) in spans.items():
            said = (
                " · ".join(filter(None, (one.period, one.topic)))
                if key == "topic"
                else getattr(one, key)
            )
            page.wide(at, FIRST + start, FIRST + end, said, "cell", "wrap")
    return row + 3 + len(found)
