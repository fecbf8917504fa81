"""现状分析: resources, PEST, five forces and SWOT, and whether what was found has led to anything;
below it the markets by year and the competitors beside us.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.engine.work.situation import strategies_of
from salesplan.plan.competitors import Compared, compared
from salesplan.plan.model import Framework, Light, SituationEntry, SwotStrategy, Uptake
from salesplan.report.figures.context import DASH
from salesplan.report.figures.grid import CENTER, RIGHT, WRAP, Column, Here, listed
from salesplan.report.figures.report import Report
from salesplan.report.narrative import phrases
from salesplan.report.narrative.course import situation_sentence
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.styles import BAND, DAY, LIGHT_COLORS, PERCENT, WHOLE
from salesplan.report.xlsx.writer import Page

if TYPE_CHECKING:
    from salesplan.engine.actuals.market_years import MarketYear

FIRST, LAST = 1, 12
HALF = 6
"""0-based last column of the left half of the 2×2."""
SQUARE = ((SwotStrategy.SO, SwotStrategy.WO), (SwotStrategy.ST, SwotStrategy.WT))
MOST_LINES = 6
YEARS_PRINTED, MOST_COMPETITORS = 2, 4
"""Years of a market and competitors on paper; the others are folded away."""
SIGNED_PERCENT, SIGNED_POINTS = "+0.0%;-0.0%;0.0%", "+0.0;-0.0;0.0"
TENTH, PRICE, SCORE = "#,##0.0", "#,##0.00", "0.0"
_LINE, _ROOM = 13.0, 5.0
"""Points of a line in a box, and of the room below the last."""
UPTAKE_LIGHTS = {
    Uptake.TAKEN_UP: Light.GREEN,
    Uptake.WITHOUT_TASK: Light.AMBER,
    Uptake.NOT_TAKEN_UP: Light.RED,
}


def write(report: Report) -> None:
    """The 2×2 of responses first; then every entry by framework, the markets and the competitors,
    each where the plan has any.
    """
    plan, results = report.context.plan, report.context.results.situation
    entries = () if results is None else plan.situation
    if not (entries or report.context.results.markets or plan.competitors):
        return report.nothing(
            "situation", "situation_of_company" if report.context.scope.name else "no_situation"
        )
    said = situation_sentence(report) if entries else ""
    page = report.open("situation", LAST, said)
    row = page.top
    if entries:
        row = _entries(report, page, entries, row)
    if report.context.results.markets:
        row = page.block(row, _markets(report, page, row))
    if plan.competitors:
        row = page.block(row, _competitors(report, page, row))
    page.set_print(None, LAST)
    return None


def _entries(report: Report, page: Page, entries: Sequence[SituationEntry], row: int) -> int:
    """The 2×2 and the list of entries. Returns the first free row behind."""
    links = dict(zip((one.origin.row for one in entries), _links(report), strict=True))
    ordered = sorted(entries, key=lambda entry: list(Framework).index(entry.framework))
    responses = [entry for entry in ordered if entry.response is not None]
    head = row + (6 if responses else 0)
    if responses:
        _square(report, page, responses, links, row)
    page.heading(head, FIRST, report.words("situation_entries", count=str(len(entries))))
    columns = _columns(report, links)
    grid = listed(report, page, "situation", columns, ordered, head + 1, FIRST)
    top, last = head + 2, head + 1 + len(ordered)
    for at, entry in enumerate(ordered, top):
        if responses and _quiet(report, entry):
            page.fold(at)
    colors = {
        report.context.label(uptake): LIGHT_COLORS[light] for uptake, light in UPTAKE_LIGHTS.items()
    }
    page.tints(top, last, grid.column("uptake"), colors)
    return last + 2


Links = Mapping[int, tuple[str, ...]]
"""By an entry's row, the strategies that take it up."""


def _links(report: Report) -> tuple[tuple[str, ...], ...]:
    return strategies_of(report.context.plan)


def _quiet(report: Report, entry: SituationEntry) -> bool:
    """Whether the 2×2 says enough of an entry for paper: it is taken up, or asks for nothing."""
    situation = report.context.results.situation
    found = None if situation is None else situation.entries.get(entry.origin.row)
    return found in (None, Uptake.TAKEN_UP)


def _columns(report: Report, links: Links) -> tuple[Column[SituationEntry], ...]:
    """What was found, and what is done about it: blank of a plain observation."""
    label = report.context.label

    def answered(entry: SituationEntry) -> bool:
        return entry.response is not None or bool(links[entry.origin.row])

    return (
        Column("framework", lambda entry: label(entry.framework), look=("text", "strong")),
        Column("category", lambda entry: entry.category or None),
        Column("content", lambda entry: _coded(entry) or None, look=WRAP, over=4),
        Column("evidence", lambda entry: entry.evidence or None, look=("wrap", "muted")),
        Column("impact", lambda entry: label(entry.impact), look=CENTER),
        Column("response", lambda entry: label(entry.response), where=answered),
        Column(
            "strategy",
            lambda entry: _strategies(report, links[entry.origin.row]) or None,
            look=WRAP,
            over=2,
            where=answered,
        ),
        Column("uptake", lambda entry: _uptake(report, entry), look=CENTER, where=answered),
    )


def _coded(entry: SituationEntry) -> str:
    """An entry with its code before it."""
    return f"{entry.code} {entry.content}".strip()


def _strategies(report: Report, codes: Sequence[str]) -> str:
    """One strategy with its words, several by their codes."""
    if len(codes) != 1:
        return phrases.names(report.context, list(codes))
    content = next(
        (one.content for one in report.context.plan.strategies if one.code == codes[0]), ""
    )
    return f"{codes[0]} {content}".strip()


def _uptake(report: Report, entry: SituationEntry) -> str:
    situation = report.context.results.situation
    found = None if situation is None else situation.entries.get(entry.origin.row)
    return DASH if found is None else report.context.label(found)


def _square(
    report: Report, page: Page, entries: Sequence[SituationEntry], links: Links, row: int
) -> None:
    """SO, WO, ST and WT, each with the entries under it and the strategies that answer them, as
    many lines as fit.
    """
    page.heading(row, FIRST, report.words("situation_square"))
    for line, pair in enumerate(SQUARE):
        at, high = row + 1 + line * 2, 1
        for side, response in enumerate(pair):
            first, last = ((FIRST, HALF), (HALF + 1, LAST))[side]
            members = [entry for entry in entries if entry.response is response]
            page.wide(at, first, last, _coverage(report, response), "head", "head_left")
            room = sum(page.width_of(column) for column in range(first, last + 1)) - 4.0
            shown = [
                _answered(report, entry, links[entry.origin.row], room)
                for entry in members[: _fitting(members)]
            ]
            shown += _more(report, members)
            high = max(high, len(shown))
            page.wide(
                at + 1, first, last, "\n".join(shown) or DASH, "wrap", valign="top", bg_color=BAND
            )
        page.height(at + 1, _LINE * high + _ROOM)


def _answered(report: Report, entry: SituationEntry, codes: Sequence[str], room: float) -> str:
    """An entry, and behind an arrow the strategies that answer it: each gets half of the room, or
    more where the other leaves it.
    """
    said = _strategies(report, codes) or report.words("situation_unanswered")
    arrow = " → "
    left = room - measure.width(arrow)
    found = phrases.shortened(_coded(entry), max(left / 2, left - measure.width(said)))
    return found + arrow + phrases.shortened(said, left - measure.width(found))


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


def _markets(report: Report, page: Page, row: int) -> int:
    """Each market by year: how large it is and how it grows, and what we sell in it. Returns the
    first free row behind.
    """
    lines = report.context.results.markets
    page.heading(row, FIRST, report.words("markets_by_year"))
    listed(report, page, "market", _market_columns(report), lines, row + 1, FIRST)
    seen: dict[tuple[str, str], int] = {}
    for at, line in enumerate(lines, row + 2):
        key = (line.region, line.product)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > YEARS_PRINTED:
            page.fold(at)
    return row + 3 + len(lines)


def _market_columns(report: Report) -> tuple[Column[MarketYear], ...]:
    def name(line: MarketYear) -> str:
        parts = [line.region, line.product]
        return line.name or " · ".join(filter(None, parts)) or report.words("market_whole")

    def share(_: MarketYear, at: Here) -> str:
        return report.formulas.share(at("ours"), at("so_far"))

    def lead(_: MarketYear, at: Here) -> str:
        ours, markets = at("our_growth"), at("growth")
        return f'=IF(COUNT({ours},{markets})=2,({ours}-{markets})*100,"{DASH}")'

    def points(line: MarketYear) -> Decimal | None:
        if line.growth is None or line.our_growth is None:
            return None
        return (line.our_growth - line.growth) * 100

    return (
        Column("name", name, look=WRAP, over=2),
        Column("year", lambda line: _year(report, line), look=CENTER),
        Column("size", lambda line: line.size, look=RIGHT, form=WHOLE),
        Column("growth", lambda line: line.growth, look=RIGHT, form=SIGNED_PERCENT),
        Column("our_growth", lambda line: line.our_growth, look=RIGHT, form=SIGNED_PERCENT),
        Column("lead", points, lead, RIGHT, SIGNED_POINTS),
        Column("so_far", lambda line: line.so_far, look=RIGHT, form=TENTH),
        Column("ours", lambda line: line.ours, look=RIGHT, form=TENTH),
        Column("share", lambda line: line.share, share, RIGHT, PERCENT),
        Column("latest", lambda line: line.latest, look=RIGHT, form=PERCENT),
        Column("place", lambda line: line.region or None, look=("text", "muted")),
    )


def _year(report: Report, line: MarketYear) -> str:
    if line.until.month == 12:
        return str(line.year)
    return report.words("market_until", year=str(line.year), month=str(line.until.month))


def _competitors(report: Report, page: Page, row: int) -> int:
    """Each competitor as it was last seen, beside our own price and score. Returns the first free
    row behind.
    """
    lines = compared(report.context.plan, report.context.results.as_of)
    page.heading(row, FIRST, report.words("competitors_heading"))
    listed(report, page, "competitor", _competitor_columns(), lines, row + 1, FIRST)
    for at in range(row + 2 + MOST_COMPETITORS, row + 2 + len(lines)):
        page.fold(at)
    return row + 3 + len(lines)


def _competitor_columns() -> tuple[Column[Compared], ...]:
    def difference(_: Compared, at: Here) -> str:
        price, ours = at("price"), at("ours")
        return f'=IF(AND(ISNUMBER({price}),N({ours})>0),{price}/{ours}-1,"{DASH}")'

    def our_score(line: Compared) -> Decimal | None:
        return None if line.ours is None else line.ours.score

    return (
        Column("name", lambda line: line.row.name, look=("text", "strong")),
        Column("product", lambda line: line.row.product or None),
        Column("region", lambda line: line.row.region or None),
        Column("channel", lambda line: line.row.channel or None),
        Column("price", lambda line: line.row.price, look=RIGHT, form=PRICE),
        Column("ours", lambda line: line.price, look=RIGHT, form=PRICE),
        Column("difference", lambda line: line.difference, difference, RIGHT, SIGNED_PERCENT),
        Column("score", lambda line: line.row.score, look=RIGHT, form=SCORE),
        Column("our_score", our_score, look=RIGHT, form=SCORE),
        Column("reputation", lambda line: line.row.reputation or None, look=WRAP, over=2),
        Column("day", lambda line: line.row.day, look=CENTER, form=DAY),
    )
