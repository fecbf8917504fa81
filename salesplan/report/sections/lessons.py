"""What the reviews have left for the next time: the lessons of 复盘知识库 whose period holds the
report month.
"""

from __future__ import annotations

import re

from salesplan.plan.model import Lesson, Month, Settings
from salesplan.plan.spelling import folded
from salesplan.report.figures.grid import Grid
from salesplan.report.figures.report import Report
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

_YEAR = re.compile(r"(?:19|20)\d\d")
_QUARTER = re.compile(r"q([1-4])|([一二三四1-4])\s*季")
_HALF = re.compile(r"h([12])|([上下])半年")
_NUMBER = re.compile(r"\d{1,2}")
_WORDS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}


def lessons_of(lessons: tuple[Lesson, ...], settings: Settings, month: Month) -> tuple[Lesson, ...]:
    """The lessons whose period holds the month, in sheet order."""
    return tuple(one for one in lessons if holds(one.period, settings, month))


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


def write_lessons(report: Report, page: Page, row: int) -> int:
    """The month's lessons from ``row`` on, one line where there are only others; returns the row
    after them.
    """
    context = report.context
    lessons = context.plan.lessons
    found = lessons_of(lessons, context.plan.settings, context.results.month)
    if not lessons:
        return row
    grid = Grid(report, page, "lesson", tuple(SPANS), FIRST)
    grid.heading(row + 1, report.words("lessons_heading", month=context.month_label))
    if not found:
        page.write(
            row + 2,
            FIRST,
            report.words("lessons_none", count=str(len(lessons))),
            report.book.style("muted"),
        )
        return row + 3
    for key, (start, end) in SPANS.items():
        page.wide(row + 2, FIRST + start, FIRST + end, report.words(f"lesson_{key}"), "head")
    for at, one in enumerate(found, row + 3):
        for key, (start, end) in SPANS.items():
            said = (
                " · ".join(filter(None, (one.period, one.topic)))
                if key == "topic"
                else getattr(one, key)
            )
            page.wide(at, FIRST + start, FIRST + end, said, "cell", "wrap")
    return row + 3 + len(found)
