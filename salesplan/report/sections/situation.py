"""现状分析: resources, PEST, five forces and SWOT, and whether what was found has led to
anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from salesplan.plan.model import Framework, Light, SituationEntry, SwotStrategy, Uptake
from salesplan.report.figures.context import DASH
from salesplan.report.figures.grid import CENTER, WRAP, Column, listed
from salesplan.report.figures.report import Report
from salesplan.report.narrative import phrases
from salesplan.report.narrative.course import situation_sentence
from salesplan.report.xlsx.styles import BAND, LIGHT_COLORS
from salesplan.report.xlsx.writer import Page

FIRST, LAST = 1, 12
HALF = 6
"""0-based last column of the left half of the 2×2."""
SQUARE = ((SwotStrategy.SO, SwotStrategy.WO), (SwotStrategy.ST, SwotStrategy.WT))
MOST_LINES = 6
_LINE = 13.0
"""Points of a line in a box."""
UPTAKE_LIGHTS = {
    Uptake.TAKEN_UP: Light.GREEN,
    Uptake.WITHOUT_TASK: Light.AMBER,
    Uptake.NOT_TAKEN_UP: Light.RED,
}


def write(report: Report) -> None:
    """The 2×2 of responses first; then every entry by framework."""
    entries, results = report.context.plan.situation, report.context.results.situation
    if not entries or results is None:
        return report.nothing(
            "situation", "situation_of_company" if report.context.scope.name else "no_situation"
        )
    page = report.open("situation", LAST, situation_sentence(report))
    ordered = sorted(entries, key=lambda entry: list(Framework).index(entry.framework))
    responses = [entry for entry in ordered if entry.response is not None]
    head = page.top + (6 if responses else 0)
    if responses:
        _square(report, page, responses, page.top)
    page.heading(head, FIRST, report.words("situation_entries", count=str(len(entries))))
    grid = listed(report, page, "situation", _columns(report), ordered, head + 1, FIRST)
    top, last = head + 2, head + 1 + len(ordered)
    for row, entry in enumerate(ordered, top):
        if responses and _quiet(report, entry):
            page.fold(row)
    colors = {
        report.context.label(uptake): LIGHT_COLORS[light] for uptake, light in UPTAKE_LIGHTS.items()
    }
    page.tints(top, last, grid.column("uptake"), colors)
    page.set_print(None, LAST)
    return None


def _quiet(report: Report, entry: SituationEntry) -> bool:
    """Whether the 2×2 says enough of an entry for paper: it is taken up, or asks for nothing."""
    situation = report.context.results.situation
    found = None if situation is None else situation.entries.get(entry.origin.row)
    return found in (None, Uptake.TAKEN_UP)


def _columns(report: Report) -> tuple[Column[SituationEntry], ...]:
    """What was found, and what is done about it: blank of a plain observation."""
    label = report.context.label

    def answered(entry: SituationEntry) -> bool:
        return entry.response is not None or entry.strategy is not None

    return (
        Column("framework", lambda entry: label(entry.framework), look=("text", "strong")),
        Column("category", lambda entry: entry.category or None),
        Column("content", lambda entry: entry.content or None, look=WRAP, over=4),
        Column("evidence", lambda entry: entry.evidence or None, look=("wrap", "muted")),
        Column("impact", lambda entry: label(entry.impact), look=CENTER),
        Column("response", lambda entry: label(entry.response), where=answered),
        Column(
            "strategy",
            lambda entry: _strategy(report, entry) or None,
            look=WRAP,
            over=2,
            where=answered,
        ),
        Column("uptake", lambda entry: _uptake(report, entry), look=CENTER, where=answered),
    )


def _strategy(report: Report, entry: SituationEntry) -> str:
    if entry.strategy is None:
        return ""
    content = next(
        (one.content for one in report.context.plan.strategies if one.code == entry.strategy), ""
    )
    return f"{entry.strategy} {content}".strip()


def _uptake(report: Report, entry: SituationEntry) -> str:
    situation = report.context.results.situation
    found = None if situation is None else situation.entries.get(entry.origin.row)
    return DASH if found is None else report.context.label(found)


def _square(report: Report, page: Page, entries: Sequence[SituationEntry], row: int) -> None:
    """SO, WO, ST and WT with what was entered under each, as many lines as fit."""
    page.heading(row, FIRST, report.words("situation_square"))
    for line, pair in enumerate(SQUARE):
        at, high = row + 1 + line * 2, 1
        for side, response in enumerate(pair):
            first, last = ((FIRST, HALF), (HALF + 1, LAST))[side]
            members = [entry for entry in entries if entry.response is response]
            page.wide(at, first, last, _coverage(report, response), "head", "head_left")
            room = sum(page.width_of(column) for column in range(first, last + 1)) - 4.0
            shown = [
                phrases.shortened(f"{entry.strategy or DASH} {entry.content}", room)
                for entry in members[: _fitting(members)]
            ]
            shown += _more(report, members)
            high = max(high, len(shown))
            page.wide(
                at + 1, first, last, "\n".join(shown) or DASH, "wrap", valign="top", bg_color=BAND
            )
        page.height(at + 1, _LINE * (high + 1))


def _fitting(members: Sequence[object]) -> int:
    """How many lines a box names: all, or one less than fit, for the line that counts the rest."""
    return MOST_LINES if len(members) <= MOST_LINES else MOST_LINES - 1


def _more(report: Report, members: Sequence[object]) -> list[str]:
    left = len(members) - _fitting(members)
    return [report.words("lines_left_out", count=str(left))] if left > 0 else []


def _coverage(report: Report, response: SwotStrategy) -> str:
    """The response with how many entries ask for it, have a strategy, and are taken up by its
    tasks.
    """
    situation = report.context.results.situation
    one = None if situation is None else situation.by_response.get(response)
    counts = {
        key: str(0 if one is None else getattr(one, key))
        for key in ("entries", "with_strategy", "taken_up")
    }
    return report.words("situation_box", response=report.context.label(response), **counts)
