"""Putting a report together: pages in reading order, written in the order in which they lean on one
another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from salesplan.engine.actuals.status import RateWord
from salesplan.plan.model import Light
from salesplan.plan.schema import label
from salesplan.report.figures.bookings import Bookings
from salesplan.report.figures.context import DASH, Context
from salesplan.report.figures.details import Details, Period
from salesplan.report.figures.floor_stretch import Stepping
from salesplan.report.figures.formulas import Formulas
from salesplan.report.figures.ledger import build
from salesplan.report.figures.report import DATA, Report
from salesplan.report.figures.score_sheet import Board
from salesplan.report.figures.values import named_values, since
from salesplan.report.narrative.summary import Summary, summarize
from salesplan.report.sections import (
    actions,
    bookings,
    budget,
    card,
    changes,
    checks,
    company,
    cover,
    customers,
    data,
    details,
    deviations,
    following,
    guide,
    improvements,
    lessons,
    overview,
    pipeline,
    problems,
    products,
    ranking,
    resources,
    situation,
    slices,
    steps,
    strategies,
    targets,
    trend,
    variance,
    weekly,
)
from salesplan.report.xlsx.styles import ACTUAL_COLOR, LINE, NAVY
from salesplan.report.xlsx.writer import Book

READING_ORDER = (
    "overview",
    "card",
    "company",
    "targets",
    "trend",
    "ranking",
    "slices",
    "customers",
    "variance",
    "products",
    "changes",
    "pipeline",
    "actions",
    "weekly",
    "budget",
    "resources",
    "strategies",
    "problems",
    "improvements",
    "following",
    "lessons",
    "cover",
    "situation",
    "checks",
    "guide",
    "deviations",
    "data",
    "parts",
    "scores",
    "steps",
    "bookings",
    "details",
)
"""Keys of the sections as a reader meets them."""

BELOW = {
    "trend": "targets",
    "ranking": "targets",
    "products": "variance",
    "changes": "variance",
    "weekly": "actions",
    "resources": "budget",
    "lessons": "following",
    "improvements": "problems",
    "situation": "cover",
    "checks": "cover",
    "guide": "cover",
}
"""Sections that stand on the sheet of another, below it, in the order in which they are written."""

ROWS_A_PAGE = 24
"""Tasks or issues, of two lines each, that a printed page holds with their heads."""

CARD = frozenset({"overview", "card"})
"""Keys of the sheets that a person's or a small team's report shows; its others are hidden."""

_TABS = {
    "overview": NAVY,
    "cover": LINE,
    "data": LINE,
    "parts": LINE,
    "scores": LINE,
    "steps": LINE,
    "bookings": LINE,
    "details": LINE,
}

WRITING_ORDER: tuple[Callable[[Report], None], ...] = (
    data.write,
    steps.write,
    details.write,
    actions.write,
    weekly.write,
    budget.write,
    resources.write,
    bookings.write,
    problems.write,
    deviations.write,
    improvements.write,
    following.write,
    lessons.write,
    targets.write,
    trend.write,
    ranking.write,
    slices.write,
    customers.write,
    strategies.write,
    variance.write,
    products.write,
    changes.write,
    pipeline.write,
    overview.write,
    card.write,
    company.write,
    situation.write,
    checks.write,
    guide.write,
    cover.write,
)
"""A section that repeats another's figures comes after it."""


def assemble(
    context: Context,
    path: Path,
    period: Period,
    also: Mapping[str, Path] = MappingProxyType({}),
    *,
    with_data: bool = False,
) -> Summary:
    """Write the report to ``path``, which is touched last of all, and in its other forms (FORMS)
    to the files of ``also``. OSError if that cannot be done; nothing is left behind. The data
    sheets are hidden, but ``with_data``.
    """
    words = context.words
    named = named_values(context)
    names = {one.key: words(f"name_{one.key}") for one in named}
    formulas = Formulas(
        names=names,
        rate_words={word: words(f"rate_{word.value}") for word in RateWord},
        lights={light: label(light, context.lang) for light in Light},
        dash=DASH,
        since=since(context, names),
    )
    below = _below(context)
    titles = {key: words(f"sheet_{key}") for key in READING_ORDER if key not in below}
    rows = Details(context, titles["details"], period, context.plan.settings.detail_limit)
    ledger = build(context, formulas, titles["data"], titles["parts"], rows)
    board, stepping, booked = (
        Board(ledger, titles["scores"]),
        Stepping(ledger, titles["steps"]),
        Bookings(context, titles["bookings"]),
    )
    properties = {
        "title": words("report_title", month=context.span_title),
        "subject": context.source_name,
        "author": "salesplan",
        "comments": "",
    }
    with Book(path, context.lang, context.results.as_of, properties) as book:
        absent = {
            "parts": not ledger.parts,
            "steps": not stepping.rows,
            "bookings": not booked.rows,
            "products": context.results.products is None,
            "customers": not customers.shown_here(context),
            "pipeline": not context.results.pipelines,
            "company": not context.scope.company,
            "details": period is Period.NONE,
            "card": not context.short,
            "lessons": lessons.beside_measures(context),
            "resources": not resources.shown_here(context),
        }
        shown = [key for key in READING_ORDER if not absent.get(key)]
        pages = {
            key: book.page(titles[key], _TABS.get(key, ACTUAL_COLOR))
            for key in shown
            if key not in below
        }
        pages = {key: pages[below.get(key, key)] for key in shown}
        for key in shown:
            data = key in DATA
            if (data and not with_data) or (context.short and not data and key not in CARD):
                pages[key].hide()
        report = Report(context, book, formulas, ledger, board, pages, rows, stepping, booked)
        cover.place_names(report, named)
        for write in WRITING_ORDER:
            write(report)
        report.hide_empty()
        pages["overview"].sheet.activate()
        for form, file in also.items():
            file.write_bytes(FORMS[form](report))
        return summarize(report)


def _below(context: Context) -> Mapping[str, str]:
    """What stands below what. A list longer than a page has its sheet to itself: its heads stand on
    each page, and would name the columns of the table below it, too.
    """
    tasks = context.results.tasks.values()
    open_tasks = sum(one.status not in actions.QUIET for one in tasks)
    long = {
        "weekly": open_tasks,
        "resources": len(context.results.budget),
        "improvements": len(context.results.problems),
    }
    return {key: above for key, above in BELOW.items() if long.get(key, 0) <= ROWS_A_PAGE}


def _page(report: Report) -> bytes:
    from salesplan.report.page import page

    return page(report)


def _deck(report: Report) -> bytes:
    from salesplan.report.deck import deck

    return deck(report)


FORMS: Mapping[str, Callable[[Report], bytes]] = {".html": _page, ".pptx": _deck}
"""Other forms of a report, by the ending of their files."""
