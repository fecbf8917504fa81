"""复盘: what the reviews have left for the next time, the lessons of 复盘知识库 whose period holds
the report month or one of a longer span's months. In a year's report they stand below what comes
next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Lesson, Month, Settings
from salesplan.plan.model.lesson_words import holds
from salesplan.report.figures.context import Context
from salesplan.report.figures.grid import WRAP, Column, listed
from salesplan.report.figures.report import Report
from salesplan.report.xlsx.writer import Page

FIRST = 1
SPANS = {"topic": 4, "went_well": 1, "to_improve": 4, "lesson": 2, "practice": 2, "tags": 1}
"""How many of the sheet's columns each text lies over: the widths are those of the issues."""

OWN_LAST = 13
OWN_SPANS = {"topic": 2, "went_well": 3, "to_improve": 2, "lesson": 3, "practice": 2, "tags": 1}
"""The same in a year's report, where the widths are those of the landing."""


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
    """Whether they stand beside the measures: those of a year stand below what comes next."""
    return context.results.span is not Span.YEAR


def write(report: Report) -> None:
    """What was learnt in a year that is reported, below what comes next."""
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
    page.keep(page.top - 2, row)
    page.set_print(None, OWN_LAST, area_rows=row)


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
