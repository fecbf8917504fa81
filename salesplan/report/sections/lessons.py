"""复盘: what the reviews have left for the next time, the lessons of 复盘知识库 whose period holds
the report month or one of a longer span's months, and those that may help with what is open now. In
a year's report they stand below what comes next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Lesson, Month, Settings
from salesplan.plan.model.lesson_words import holds
from salesplan.report.figures.context import Context
from salesplan.report.figures.grid import WRAP, Column, listed
from salesplan.report.figures.report import Report
from salesplan.report.narrative.lessons import Offered, offered, places_said, titled
from salesplan.report.sections import review
from salesplan.report.xlsx.writer import Page
from salesplan.wording import clauses
from salesplan.wording import listed as names

FIRST = 1
SPANS = {"topic": 4, "went_well": 1, "to_improve": 4, "lesson": 2, "practice": 2, "tags": 1}
"""How many of the sheet's columns each text lies over: the widths are those of the issues."""

OFFERED_SPANS = {"topic": 4, "lesson": 5, "places": 2, "cell": 3}
"""The same of lessons that may help now. They stand below the weekly reviews; where there are none,
below the measures."""

GAP = 6.0
"""Points between them and what stands above."""

MOST_WORDS = 2
"""Words in common that are named."""

OWN_LAST = 14
OWN_SPANS = {"topic": 2, "went_well": 3, "to_improve": 3, "lesson": 3, "practice": 3}
"""The same in a year's report, where the widths are those of the landing; tags are left out."""


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


def beside_measures(context: Context) -> bool:
    """Whether they stand beside the measures: those of a year stand below what comes next."""
    return context.results.span is not Span.YEAR


def write(report: Report) -> None:
    """The review of a year that is reported, below what comes next: goals and results, what was
    learnt, what became of earlier lessons.
    """
    context = report.context
    if "lessons" not in report.pages or context.company is None:
        return
    found = lessons_of(context)
    said = report.words("sentence_lessons", count=str(len(found)))
    page = report.open("lessons", OWN_LAST, said)
    row = write_lessons(report, page, page.top - 1, OWN_SPANS)
    if not context.plan.lessons:
        page.write(page.top, FIRST, report.words("lessons_missing"), report.book.style("muted"))
        row = page.top + 1
    page.height(page.top - 3, GAP)
    page.height(row, GAP)
    first = review.write_became(report, page, row + 1)
    row = review.write_goals(report, page, context.company, first)
    row = report.say_folded(page, row, OWN_LAST, page.fold_block(first, row - 1))
    page.keep(page.top - 2, row - 1)
    page.set_print(None, OWN_LAST, area_rows=row - 1)


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
    if found:
        listed(report, page, "lesson", _lesson_columns(spans), found, row + 2, FIRST)
        row += 3 + len(found)
    else:
        said = report.words("lessons_none", count=str(len(lessons)))
        page.write(row + 2, FIRST, said, report.book.style("muted"))
        row += 3
    return row


def write_offered(
    report: Report, page: Page, row: int, spans: Mapping[str, int] = OFFERED_SPANS
) -> int:
    """From ``row`` on the lessons that may help with what is open; nothing without any, nor
    in a year's report, which looks back. Returns the row after them.
    """
    found = offered(report.context) if beside_measures(report.context) else ()
    if not found:
        return row
    page.height(row - 1, GAP)
    page.heading(row, FIRST, report.words("offered_heading"))
    listed(report, page, "offered", _offered_columns(report, spans), found, row + 1, FIRST)
    return row + 2 + len(found)


def _offered_columns(report: Report, spans: Mapping[str, int]) -> tuple[Column[Offered], ...]:
    context = report.context

    def said(key: str, value: Callable[[Offered], str]) -> Column[Offered]:
        return Column(key, value, look=WRAP, over=spans[key])

    def cell(one: Offered) -> str:
        """Where it is recorded; in a part's own book without the words, which a lesson that is not
        shared may have as its topic.
        """
        words = "" if context.scope.name else names(one.words[:MOST_WORDS], context.lang)
        return f"{one.lesson.origin.place('topic')} {f'({words})' if words else ''}".strip()

    return (
        said("topic", lambda one: titled(one.lesson)),
        said("lesson", lambda one: clauses(one.lesson.said, context.lang)),
        said("places", lambda one: places_said(report, one.places)),
        said("cell", cell),
    )


def _lesson_columns(spans: Mapping[str, int]) -> tuple[Column[Lesson], ...]:
    values: Mapping[str, Callable[[Lesson], str]] = {
        "topic": titled,
        "went_well": lambda one: one.went_well,
        "to_improve": lambda one: one.to_improve,
        "lesson": lambda one: one.lesson,
        "practice": lambda one: one.practice,
        "tags": lambda one: one.tags,
    }
    return tuple(
        Column(key, value, look=WRAP, over=spans[key])
        for key, value in values.items()
        if key in spans
    )
