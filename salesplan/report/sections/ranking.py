"""完成排名: the units of each level by their weighted score, with every KPI's rate and light beside
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain

from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Kpi, Level
from salesplan.report.figures.context import DASH
from salesplan.report.figures.report import Report
from salesplan.report.figures.score_sheet import BoardRow
from salesplan.report.narrative.sentences import ranking_sentence
from salesplan.report.sections import targets
from salesplan.report.xlsx.styles import PERCENT, WHOLE
from salesplan.report.xlsx.writer import Page

NAME, PARENT = targets.NAME, targets.LEVEL
RANK = targets.FIRST
"""The columns are those of the targets above; what they fold away is folded here."""
SPAN_SCORE, YTD_SCORE, FIRST_KPI = RANK + 1, RANK + 2, RANK + 3
MOST_KPIS = 7
MOST_UNITS, BEST, WORST = 200, 120, 60
"""Of a level with more than 200 units, the best and the worst are shown; all are on the score
sheet.
"""
MOST_PRINTED = 4
"""Of a level so many are on paper, the best; the others are folded away."""


def write(report: Report) -> None:
    """One table a level, best first. A KPI has the same columns in each, blank where a level has
    none of it, so that the first one's heads can stand over each printed page.
    """
    levels = ranked_levels(report)
    if not levels:
        return report.nothing("ranking", "no_ranking")
    everything = _kpis(report, list(chain.from_iterable(rows for _, rows in levels)))
    kpis, left = everything[:MOST_KPIS], everything[MOST_KPIS:]
    last = FIRST_KPI + 2 * len(kpis) - 1
    page = report.open("ranking", last, ranking_sentence(report))
    row = page.top
    for index, (level, rows) in enumerate(levels):
        row = _table(report, page, (level, rows), kpis, row, index == 0) + 2
    if left:
        said = report.words(
            "kpis_left_out", count=str(len(left)), sheet=report.pages["targets"].name
        )
        page.wide(row, NAME, last, said, "note")
    page.set_print(None, last)
    return None


def ranked_levels(report: Report) -> list[tuple[Level, list[BoardRow]]]:
    """Each level with two units or more, its units by their score so far in the year, or in the
    span that is reported, best first.
    """
    span = report.context.looked_at
    found: list[tuple[Level, list[BoardRow]]] = []
    for level in Level:
        rows = [row for row in report.board.rows if row.unit.level is level]
        if len(rows) > 1 and any(
            isinstance(report.board.score_value(row.unit.code, span), Decimal) for row in rows
        ):
            found.append((level, sorted(rows, key=lambda row: _order(report, row))))
    return found


def _kpis(report: Report, rows: Sequence[BoardRow]) -> tuple[Kpi, ...]:
    """The KPIs that any of the units has."""
    known = report.ledger.by_pair
    ranked = {row.unit.code for row in rows}
    with_figures = {kpi for kpi, unit in known if unit in ranked}
    return tuple(kpi for kpi in report.context.kpis if kpi.code in with_figures)


def _order(report: Report, row: BoardRow) -> tuple[bool, Decimal]:
    score = report.board.score_value(row.unit.code, report.context.looked_at)
    return (False, -score) if isinstance(score, Decimal) else (True, Decimal(0))


def _table(
    report: Report,
    page: Page,
    ranked: tuple[Level, list[BoardRow]],
    kpis: Sequence[Kpi],
    row: int,
    first: bool,
) -> int:
    level, rows = ranked
    own = kpis if first else _kpis(report, rows)
    heading = report.words("ranking_of", level=report.context.label(level), count=str(len(rows)))
    shown = rows if len(rows) <= MOST_UNITS else [*rows[:BEST], *rows[-WORST:]]
    if len(shown) > MOST_PRINTED:
        folded, count = len(shown) - MOST_PRINTED, str(len(shown))
        heading += report.words("rows_folded", count=count, folded=str(folded))
    page.heading(row, NAME, heading)
    page.keep(row, row + 2 + min(len(rows), 3))
    page.wide(row + 1, SPAN_SCORE, YTD_SCORE, report.words("score"), "group")
    for column, key in ((RANK, "rank_short"), (NAME, "unit_name"), (PARENT, "parent_name")):
        page.put(row + 2, column, report.words(f"column_{key}"), "head")
    for span, left, right in _scores(report):
        words = report.words(f"group_{report.context.under(span)}")
        if right > left:
            page.wide(row + 2, left, right, words, "head")
        else:
            page.put(row + 2, left, words, "head")
    looked_at = report.words(f"group_{report.context.under(report.context.looked_at)}")
    places = [(FIRST_KPI + 2 * index, kpi) for index, kpi in enumerate(kpis) if kpi in own]
    for column, kpi in places:
        page.wide(
            row + 1, column, column + 1, report.context.kpi_name(kpi.code), "group", text_wrap=True
        )
        page.put(row + 2, column, looked_at, "head")
        page.put(row + 2, column + 1, report.words("column_ytd_light"), "head")
    top = row = row + 3
    for index, one in enumerate(shown):
        _unit(report, page, one, places, row)
        if index >= MOST_PRINTED:
            page.fold(row)
        row += 1
    for column, _ in places:
        page.lights(top, row - 1, column + 1, report.context.light_words)
    if len(shown) < len(rows):
        said = report.words(
            "ranking_bounded",
            count=str(len(rows) - len(shown)),
            best=str(BEST),
            worst=str(WORST),
            sheet=report.pages["scores"].name,
        )
        page.wide(row, NAME, FIRST_KPI + 2 * len(kpis) - 1, said, "note")
        row += 1
    return row


def _scores(report: Report) -> Iterator[tuple[Span, int, int]]:
    """The spans that have a score, each with its columns: a year that is reported has both."""
    spans = report.context.scored
    columns = (SPAN_SCORE, YTD_SCORE)
    for span, first in zip(spans, columns, strict=False):
        yield span, first, YTD_SCORE if len(spans) == 1 else first


def _unit(
    report: Report, page: Page, one: BoardRow, places: Sequence[tuple[int, Kpi]], row: int
) -> None:
    board, context, unit = report.board, report.context, one.unit
    rank = board.rank(unit.code, context.looked_at)
    page.put(
        row, RANK, rank.value, "cell", "center", "strong", formula=rank.formula, number_format=WHOLE
    )
    report.lead(
        page,
        row,
        NAME,
        context.unit_name(unit.code),
        report.spots.get(f"unit/{unit.code}"),
        "cell",
        "text",
    )
    report.lead(
        page,
        row,
        PARENT,
        context.unit_name(unit.parent) if unit.parent else DASH,
        report.spots.get(f"unit/{unit.parent}"),
        "cell",
        "text",
        "muted",
    )
    for span, first, last in _scores(report):
        score = board.score(unit.code, span)
        strong = ("strong",) if span is context.looked_at else ()
        page.wide(
            row,
            first,
            last,
            score.value,
            "cell",
            "right",
            *strong,
            formula=score.formula,
            num_format=PERCENT,
        )
    for column, kpi in places:
        for offset, name, align in ((0, "rate", "right"), (1, "light", "center")):
            key = f"{context.under(context.looked_at)}_{name}"
            cell = report.ledger.cell(kpi.code, unit.code, key)
            if cell is None:
                page.put(row, column + offset, DASH, "cell", align, "muted")
            else:
                page.put(
                    row,
                    column + offset,
                    cell.value,
                    "cell",
                    align,
                    formula=cell.ref,
                    number_format=PERCENT,
                )
