"""说明: how each figure is made, what colours and words mean, and where a reader can try other
settings.
"""

from __future__ import annotations

from salesplan.report.figures.grid import Grid, wrapped
from salesplan.report.figures.report import Report
from salesplan.report.figures.values import Named, named_values
from salesplan.report.pen import measure

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
KEYS = ("name", "rule", "where")
SPANS = {"name": 2, "rule": 8, "where": 2}
FIRST, LAST = 1, 12


def write(report: Report) -> None:
    """A glossary with the rule behind each figure: there for those who look, folded on paper."""
    page = report.open("guide", LAST, report.words("guide_folded"))
    grid = Grid(report, page, "guide", KEYS, FIRST, SPANS)
    grid.heads(page.top)
    page.fold(page.top)
    values = {one.key: _said(one) for one in named_values(report.context)}
    for row, topic in enumerate(TOPICS, page.top + 1):
        grid.put(
            row,
            {
                "name": wrapped(report.words(f"guide_{topic}_name"), "strong"),
                "rule": wrapped(report.words(f"guide_{topic}", **values)),
                "where": wrapped(report.words(f"guide_{topic}_where"), "muted"),
            },
        )
        page.fold(row)
    page.set_print(None, LAST)


def _said(one: Named) -> str:
    """A setting as its cell shows it."""
    return measure.shown(one.value, one.number_format)
