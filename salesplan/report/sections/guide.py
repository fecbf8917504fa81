"""说明: how each figure is made, what colours and words mean, and where a reader can try other
settings.
"""

from __future__ import annotations

from salesplan.report.figures.grid import WRAP, Column, listed
from salesplan.report.figures.report import Report
from salesplan.report.figures.values import Named, named_values
from salesplan.report.xlsx import measure

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
    for row in range(page.top, page.top + 1 + len(TOPICS)):
        page.fold(row)
    page.set_print(None, LAST)


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
