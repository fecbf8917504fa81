"""说明: how each figure is made, what colours and words mean, and where a reader can try other
settings.
"""

from __future__ import annotations

from salesplan.report.figures.report import BODY_ROW, Report

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
NAME, FORMULA, WHERE = 1, 2, 3


def write(report: Report) -> None:
    """A glossary with the rule behind each figure."""
    page = report.open("guide", WHERE)
    page.fix({NAME: 20.0, FORMULA: 96.0, WHERE: 28.0})
    for column, key in ((NAME, "guide_name"), (FORMULA, "guide_rule"), (WHERE, "guide_where")):
        page.put(BODY_ROW, column, report.words(key), "head")
    names = report.formulas.names
    for index, topic in enumerate(TOPICS, 1):
        page.put(
            BODY_ROW + index, NAME, report.words(f"guide_{topic}_name"), "cell", "wrap", "strong"
        )
        page.put(BODY_ROW + index, FORMULA, report.words(f"guide_{topic}", **names), "cell", "wrap")
        page.put(
            BODY_ROW + index, WHERE, report.words(f"guide_{topic}_where"), "cell", "wrap", "muted"
        )
    page.sheet.freeze_panes(BODY_ROW + 1, 0)
    page.set_print(None, WHERE, 1)
