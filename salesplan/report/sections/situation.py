"""现状分析: resources, PEST, five forces and SWOT, and whether what was found has led to anything."""

from __future__ import annotations

from collections.abc import Sequence

from salesplan.plan.model import Framework, Light, SituationEntry, SwotStrategy, Uptake
from salesplan.report import saying
from salesplan.report.context import DASH
from salesplan.report.course import situation_sentence
from salesplan.report.grid import Grid, centered, text, wrapped
from salesplan.report.measure import Scalar
from salesplan.report.report import BODY_ROW, Report
from salesplan.report.styles import BAND, LIGHT_COLORS, WHOLE
from salesplan.report.writer import Page

KEYS = ("framework", "category", "content", "evidence", "impact", "response", "strategy", "uptake")
WIDTHS = (12.0, 14.0, 62.0, 24.0, 9.0, 22.0, 26.0, 17.0)
FIRST = 1
LAST = FIRST + len(KEYS) - 1
BOX_LAST = 3
"""0-based last column of the 2×2 of responses; the coverage stands to the right of it."""
SQUARE = ((SwotStrategy.SO, SwotStrategy.WO), (SwotStrategy.ST, SwotStrategy.WT))
MOST_LINES = 6
UPTAKE_LIGHTS = {Uptake.TAKEN_UP: Light.GREEN, Uptake.WITHOUT_TASK: Light.YELLOW, Uptake.NOT_TAKEN_UP: Light.RED}


def write(report: Report) -> None:
    """The 2×2 of responses and the coverage first; then every entry by framework."""
    entries, results = report.context.plan.situation, report.context.results.situation
    if not entries or results is None:
        return report.nothing("situation", "no_situation")
    page = report.open("situation", LAST, situation_sentence(report))
    page.fix(dict(enumerate(WIDTHS, FIRST)))
    ordered = sorted(entries, key=lambda entry: list(Framework).index(entry.framework))
    responses = [entry for entry in ordered if entry.response is not None]
    head = BODY_ROW + (7 if responses else 0)
    if responses:
        _square(report, page, responses, BODY_ROW)
    grid = Grid(report, page, "situation", KEYS, FIRST)
    grid.heading(head, report.words("situation_entries", count=str(len(entries))))
    grid.heads(head + 1)
    top, last = head + 2, head + 1 + len(ordered)
    for index, entry in enumerate(ordered):
        grid.put(top + index, {
            "framework": text(report.context.label(entry.framework), "strong"), "category": text(entry.category), "content": wrapped(entry.content),
            "evidence": wrapped(entry.evidence, "muted"), "impact": centered(report.context.label(entry.impact)),
            "response": text(report.context.label(entry.response)), "strategy": wrapped(_strategy(report, entry)),
            "uptake": centered(_uptake(report, entry)),
        })
    colors = {report.context.label(uptake): LIGHT_COLORS[light] for uptake, light in UPTAKE_LIGHTS.items()}
    page.tints(top, last, grid.column("uptake"), colors)
    if responses:
        _coverage(report, page, grid, (top, last), BODY_ROW)
    page.sheet.autofilter(head + 1, FIRST, last, LAST)
    page.sheet.freeze_panes(BODY_ROW, 0)
    page.set_print((head + 1, head + 1), LAST, area_rows=last)
    return None


def _strategy(report: Report, entry: SituationEntry) -> str:
    if entry.strategy is None:
        return ""
    content = next((one.content for one in report.context.plan.strategies if one.code == entry.strategy), "")
    return f"{entry.strategy} {content}".strip()


def _uptake(report: Report, entry: SituationEntry) -> str:
    situation = report.context.results.situation
    found = None if situation is None else situation.entries.get(entry.origin.row)
    return DASH if found is None else report.context.label(found)


def _square(report: Report, page: Page, entries: Sequence[SituationEntry], row: int) -> None:
    """SO, WO, ST and WT with what was entered under each, as many lines as fit."""
    page.write(row, FIRST, report.words("situation_square"), report.book.style("heading"))
    for line, pair in enumerate(SQUARE):
        at = row + 1 + line * 2
        for side, response in enumerate(pair):
            first, last = ((FIRST, FIRST + 1), (FIRST + 2, BOX_LAST))[side]
            members = [entry for entry in entries if entry.response is response]
            page.wide(at, first, last, f"{report.context.label(response)} · {len(members)}", "head", "head_left")
            room = sum(page.width_of(column) for column in range(first, last + 1)) - 4.0
            shown = [saying.shortened(f"{entry.strategy or DASH} {entry.content}", room) for entry in members[:MOST_LINES]]
            page.wide(at + 1, first, last, "\n".join(shown) or DASH, "wrap", valign="top", bg_color=BAND)
        page.height(at + 1, 64)


def _coverage(report: Report, page: Page, grid: Grid, rows: tuple[int, int], row: int) -> None:
    """By response: how many entries ask for a strategy, have one, and are taken up by its tasks; counted in the list."""
    situation, context = report.context.results.situation, report.context
    if situation is None:
        return
    first = BOX_LAST + 1
    page.write(row, first, report.words("situation_coverage"), report.book.style("heading"))
    page.put(row + 1, first, report.words("situation_response"), "head")
    places = {key: first + 1 + offset for offset, key in enumerate(("entries", "with_strategy", "taken_up"))}
    for key, column in places.items():
        page.put(row + 1, column, report.words(f"coverage_{key}"), "head")
    responses = grid.column_of("response", *rows)
    uptakes = grid.column_of("uptake", *rows)
    names = {uptake: context.label(uptake) for uptake in Uptake}
    for index, (response, one) in enumerate(situation.by_response.items()):
        at = row + 2 + index
        mine = f'SUMPRODUCT(--({responses}="{context.label(response)}")'
        taken = f'({uptakes}="{names[Uptake.TAKEN_UP]}")'
        counts: dict[str, tuple[Scalar, str]] = {
            "entries": (one.entries, f"{mine})"),
            "with_strategy": (one.with_strategy, f'{mine},{taken}+({uptakes}="{names[Uptake.WITHOUT_TASK]}"))'),
            "taken_up": (one.taken_up, f"{mine},--{taken})"),
        }
        page.put(at, first, context.label(response), "cell", "text")
        for key, (value, formula) in counts.items():
            page.put(at, places[key], value, "cell", "right", formula=formula, number_format=WHOLE)
