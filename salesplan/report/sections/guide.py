"""说明: how each figure is made, what colours and words mean, and where a reader can try other
settings.
"""

from __future__ import annotations

from salesplan.plan.model import Kpi
from salesplan.report.figures.grid import WRAP, Column, listed
from salesplan.report.figures.report import Report
from salesplan.report.figures.values import Named, named_values
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.writer import Page
from salesplan.wording import clauses

TOPICS = (
    "target",
    "actual",
    "rate",
    "improvement",
    "steps",
    "due",
    "light",
    "time",
    "expected",
    "gap",
    "daily",
    "landing",
    "score",
    "rank",
    "tasks",
    "budget",
    "problems",
    "blank",
    "settings",
    "formulas",
)
FIRST, LAST = 1, 12


def write(report: Report) -> None:
    """A glossary with the rule behind each figure: there for those who look, folded on paper."""
    page = report.open("guide", LAST, report.words("guide_folded"))
    listed(report, page, "guide", _columns(report), TOPICS, page.top, FIRST)
    last = _goals(report, page, page.top + 2 + len(TOPICS))
    for row in range(page.top, last):
        page.fold(row)
    page.set_print(None, LAST)


def _goals(report: Report, page: Page, row: int) -> int:
    """Why each goal of the company is SMART or not, letter by letter, from ``row`` on. Returns the
    first free row behind.
    """
    context = report.context
    goals = [kpi for kpi in context.kpis if kpi.code in context.results.smart_letters]
    if not goals:
        return row - 1
    page.heading(row, FIRST, report.words("guide_smart"))
    columns: tuple[Column[Kpi], ...] = (
        Column("goal", context.kpi_with_unit, look=("wrap", "strong"), over=2),
        Column("letters", lambda kpi: _letters(report, kpi), look=WRAP, over=10),
    )
    listed(report, page, "guide", columns, goals, row + 1, FIRST)
    return row + 2 + len(goals)


def _letters(report: Report, kpi: Kpi) -> str:
    """What each letter lacks, else its reason, and more of it."""
    said: list[str] = []
    for letter in report.context.results.smart_letters[kpi.code]:
        said += map(report.context.say, letter.told)
    return clauses((one.rstrip("。.") for one in said), report.context.lang)


def _columns(report: Report) -> tuple[Column[str], ...]:
    """What is said of a topic."""
    words = report.words
    values = {one.key: _said(one) for one in named_values(report.context)}
    return (
        Column("name", lambda topic: words(f"guide_{topic}_name"), look=("wrap", "strong"), over=2),
        Column("rule", lambda topic: words(f"guide_{topic}", **values), look=WRAP, over=8),
        Column(
            "where", lambda topic: words(f"guide_{topic}_where"), look=("wrap", "muted"), over=2
        ),
    )


def _said(one: Named) -> str:
    """A setting as its cell shows it."""
    return measure.shown(one.value, one.number_format)
