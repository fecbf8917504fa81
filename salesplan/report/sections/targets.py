"""目标完成: each KPI down the tree, team → department → person, with its rank among its equals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import NamedTuple

from salesplan.dataclass import replace
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.plan.model import Kpi, Level, Light, Unit
from salesplan.report.figures.context import DASH, decimals, figure_format
from salesplan.report.figures.grid import CENTER, RIGHT, Column, Grid, Here, Lead, Styles, or_blank
from salesplan.report.figures.growth import growth_column, past_value
from salesplan.report.figures.ledger import Cell
from salesplan.report.figures.report import Report
from salesplan.report.narrative.sentences import targets_sentence
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address, quoted
from salesplan.report.xlsx.styles import PERCENT, POINTS, WHOLE, amount_format
from salesplan.report.xlsx.writer import Page

MOST_ROWS = 1_500
"""More rows than this are not read on paper: persons are then left to the data sheet."""

NAME, LEVEL, MANAGER = 1, 2, 3
BASES = ("span_before", "span_last", "ytd_last")
"""Columns of figures that growth is held against."""
STEPS = frozenset({"ytd_reached", "year_floor", "year_stretch"})
"""Columns that are there only where a KPI has a floor or a stretch."""
FIRST = 4
WIDTH = 7.4
"""A column of figures, at least."""
_JUMP_WIDTH = 9.0
"""About how wide a column of figures is."""
MOST_PRINTED = 60
"""Rows of a print that is read: of longer ones the lowest levels are folded away."""
ROWS_FIRST, ROWS_A_PAGE = 35, 40
"""Rows of units that fit a printed page, the first and the others: the next one has heads again."""


def write(report: Report) -> None:
    """One block per KPI, rows folded by depth."""
    if not report.ledger.rows:
        return report.nothing("targets", "no_targets")
    shown, left_out = _shown(report)
    columns = _columns(report)
    printed = NAME + [one.key for one in columns].index("year_light")
    page = report.open("targets", printed, targets_sentence(report))
    grid = Grid(report, page, "column", columns, NAME)
    row = _jumps(report, page)
    grid.heads(row + 1)
    header = row + 1
    row = header + 1
    first_row = row
    jump = FIRST
    deepest = _deepest(shown)
    left = ROWS_FIRST
    for kpi, units in shown:
        high = 1 + sum(depth <= deepest for _, depth in units)
        if high > left and row > first_row:
            page.cut(row)
            grid.heads(row + 1)
            row, left = row + 2, ROWS_A_PAGE
        left -= high
        jump = _jump(report, page, kpi, (jump, printed), row)
        row = _block(report, page, grid, kpi, units, row, deepest)
    if left_out:
        page.write(
            row,
            NAME,
            report.words(
                "persons_left_out", count=f"{left_out:,}", sheet=report.pages["data"].name
            ),
            report.book.style("note"),
        )
    for key in filter(grid.keys.__contains__, ("span_light", "ytd_light", "year_light")):
        page.lights(first_row, row, grid.column(key), report.context.light_words)
    page.freeze(header + 1, NAME + 1)
    page.at_least(range(FIRST, grid.last), WIDTH)
    page.fold_columns(LEVEL, MANAGER)
    page.set_print((header - 1, header), printed, area_rows=row - 1 + bool(left_out))
    return None


def _deepest(shown: Sequence[tuple[Kpi, Sequence[tuple[Unit, int]]]]) -> int:
    """The lowest depth that is shown without unfolding: as low as a print that is read has room
    for, at least that of the units below the topmost.
    """
    depths: list[int] = []
    for _, units in shown:
        depths += [depth for _, depth in units]
    for depth in range(max(depths, default=0), 1, -1):
        if sum(one <= depth for one in depths) + 2 * len(shown) <= MOST_PRINTED:
            return depth
    return 1


def _shown(report: Report) -> tuple[list[tuple[Kpi, Sequence[tuple[Unit, int]]]], int]:
    """(KPI, its units with their depth), and how many persons' rows are left to the data sheet."""
    everything: dict[str, list[tuple[Unit, int]]] = {}
    for kpi, unit, depth in report.context.pairs:
        everything.setdefault(kpi.code, []).append((unit, depth))
    count = sum(map(len, everything.values()))
    left_out = 0
    if count > MOST_ROWS:
        for code, units in everything.items():
            kept = [(unit, depth) for unit, depth in units if unit.level is not Level.PERSON]
            left_out += len(units) - len(kept)
            everything[code] = kept
    return [(kpi, everything[kpi.code]) for kpi in report.context.kpis], left_out


def _jumps(report: Report, page: Page) -> int:
    """A line of links to the KPIs' blocks is laid out when they are written; gives the header's
    row.
    """
    page.write(page.top, NAME, report.words("jump_to"), report.book.style("subtitle", "text"))
    return page.top + 2


class Line(NamedTuple):
    """A KPI of a unit so deep in the tree, with what its figures are held against, by column."""

    kpi: Kpi
    unit: Unit
    depth: int
    past: Mapping[str, Decimal | None]


def _block(
    report: Report,
    page: Page,
    grid: Grid[Line],
    kpi: Kpi,
    units: Sequence[tuple[Unit, int]],
    row: int,
    deepest: int,
) -> int:
    """A KPI's units, those deeper than ``deepest`` folded away; gives the row after them."""
    context = report.context
    choices = (context.label(kpi.kind), context.label(kpi.direction))
    title = " · ".join((context.kpi_with_unit(kpi), *choices))
    page.wide(row, NAME, grid.last, title, "total", "text")
    page.keep(row, row + min(len(units), 3))
    report.spots[f"kpi/{kpi.code}"] = (page.name, address(row, NAME))
    grid.lines(row + 1, [Line(kpi, unit, depth, _past(report, kpi, unit)) for unit, depth in units])
    for at, (unit, depth) in enumerate(units, row + 1):
        report.spots.setdefault(f"unit/{unit.code}", (page.name, address(at, NAME)))
        if depth > deepest:
            page.fold(at, depth)
        elif depth:
            page.level(at, depth)
    return row + 1 + len(units)


def _jump(report: Report, page: Page, kpi: Kpi, columns: tuple[int, int], row: int) -> int:
    """The link at the top of the sheet to a KPI's block, from the first of ``columns`` on; gives
    the column of the next.
    """
    column, end = columns
    name = report.context.kpi_name(kpi.code)
    last = column + max(1, ceil((measure.width(name) + 3.0) / _JUMP_WIDTH)) - 1
    if last > end:
        return column
    form = report.book.style("link", "text")
    if last > column:
        page.sheet.merge_range(page.top, column, page.top, last, "", form)
    page.sheet.write_url(
        page.top, column, f"internal:{quoted(page.name)}!{address(row, NAME)}", form, name
    )
    return last + 1


def _columns(report: Report) -> tuple[Column[Line], ...]:
    """Those on paper, those beside them for the screen, the figures that growth is held against.
    While a month is running its pace stands in the place of its attainment. A year that is
    reported stands in the columns of the year to date.
    """
    context, results = report.context, report.context.results
    judged, other = ("rate", "pace") if results.month_over else ("pace", "rate")

    def strong(line: Line) -> Styles:
        return ("strong",) if line.depth <= 1 else ()

    def name(line: Line) -> str:
        code = line.unit.code
        return context.unit_name(code) + context.covered(line.kpi.code, code)

    def record(line: Line) -> Lead:
        row = report.ledger.by_pair[line.kpi.code, line.unit.code].row
        return Lead((report.ledger.sheet, f"A{row}"), line.depth)

    def figure(
        key: str, form: str | Callable[[Kpi], str] = figure_format, look: Styles = RIGHT
    ) -> Column[Line]:
        """As on the data sheet; a blank cell where it has none."""
        table = report.stepping if key in STEPS else report.ledger

        def cell(line: Line) -> Cell | None:
            return table.cell(line.kpi.code, line.unit.code, key)

        def value(line: Line) -> Scalar:
            return or_blank(None if (found := cell(line)) is None else found.value)

        def formula(line: Line, _: Here) -> str | None:
            return None if (found := cell(line)) is None else found.ref

        def looks(line: Line) -> Styles:
            return () if cell(line) is None else (*look, *strong(line))

        def format_of(line: Line) -> str:
            if cell(line) is None:
                return ""
            return form(line.kpi) if callable(form) else form

        return Column(key, value, formula, looks, format_of)

    def part(key: str) -> Column[Line]:
        return figure(key, PERCENT)

    def gap(key: str) -> Column[Line]:
        return figure(key, _gap_format)

    def word(key: str) -> Column[Line]:
        return figure(key, "", CENTER)

    def growth(key: str, base: str) -> Column[Line]:
        """The change of the span's actual, of percentages in points."""
        now = f"{key.partition('_')[0]}_actual"

        def actual(line: Line) -> Decimal | None:
            found = report.ledger.cell(line.kpi.code, line.unit.code, now)
            return found.value if found is not None and isinstance(found.value, Decimal) else None

        return growth_column(
            report,
            key,
            (now, actual),
            (base, lambda line: line.past.get(base)),
            kpi=lambda line: line.kpi,
        )

    def past(key: str) -> Column[Line]:
        def value(line: Line) -> Scalar:
            return or_blank(line.past.get(key))

        return Column(key, value, look=RIGHT, form=lambda line: figure_format(line.kpi))

    def under(group: str, *columns: Column[Line]) -> Iterator[Column[Line]]:
        said = report.words(f"group_{group}")
        return (replace(one, group=said) for one in columns)

    columns = (
        Column("unit_name", name, look=lambda line: ("text", *strong(line)), lead=record),
        Column("level", lambda line: context.label(line.unit.level), look=("center", "muted")),
        Column(
            "manager",
            lambda line: context.unit_name(line.unit.manager) if line.unit.manager else None,
            look=("text", "muted"),
        ),
        *under(
            "span",
            figure("span_target"),
            figure("span_actual"),
            gap("span_gap"),
            part(f"span_{judged}"),
            word("span_light"),
            growth("span_mom", "span_before"),
            growth("span_yoy", "span_last"),
        ),
        *under(
            "ytd",
            figure("ytd_target"),
            figure("ytd_actual"),
            gap("ytd_gap"),
            part(f"ytd_{judged}"),
            word("ytd_light"),
            growth("ytd_yoy", "ytd_last"),
            word("ytd_reached"),
        ),
        *under("year", figure("year_target"), part("year_rate"), word("year_light")),
        *under(
            "pace_group",
            part(f"span_{other}"),
            part(f"ytd_{other}"),
            figure("year_floor"),
            figure("year_stretch"),
            part("expected"),
            figure("progress_gap", POINTS),
            figure("low"),
            figure("high"),
            figure("rank", WHOLE),
        ),
        *map(past, BASES),
        _explain(report),
    )
    without_span = context.report_span.judged is Span.YTD
    return tuple(
        one
        for one in columns
        if not (without_span and one.key.startswith("span"))
        and (one.key not in STEPS or report.stepping.rows)
    )


def _explain(report: Report) -> Column[Line]:
    """Whether the pace is so far off that a reason is wanted."""
    under = report.context.under(report.context.report_span.judged)
    words = (report.words("explain_yes"), report.words("explain_no"))

    def formula(_: Line, at: Here) -> str:
        return report.formulas.outside(at(f"{under}_pace"), at(f"{under}_light"), words)

    return Column(
        "explain",
        lambda line: _outside(report, line.kpi, line.unit, words),
        formula,
        ("center", "muted"),
    )


def _gap_format(kpi: Kpi) -> str:
    return POINTS if kpi.in_percent else amount_format(decimals(kpi.smallest_unit), sign=True)


def _past(report: Report, kpi: Kpi, unit: Unit) -> dict[str, Decimal | None]:
    """What the span and the year to date are held against, by column."""
    context, own = report.context, report.context.report_span
    to_date = ReportSpan.of(own.months, own.month, Span.YTD)
    spans = {"span_last": own.last_year, "ytd_last": to_date.last_year}
    if own.before is not None:
        spans["span_before"] = own.before
    return {key: past_value(context, kpi, unit.code, *span) for key, span in spans.items()}


def _outside(report: Report, kpi: Kpi, unit: Unit, words: tuple[str, str]) -> str:
    under = report.context.under(report.context.report_span.judged)
    cell, settings = (
        report.ledger.cell(kpi.code, unit.code, f"{under}_pace"),
        report.context.plan.settings,
    )
    status = report.ledger.cell(kpi.code, unit.code, f"{under}_light")
    grey = status is not None and status.value == report.context.light(Light.GREY)
    if grey or cell is None or cell.value is None or isinstance(cell.value, str):
        return DASH
    low, high = settings.explain_low, settings.explain_high
    outside = cell.value < low or cell.value > high  # type: ignore[operator]
    return words[0 if outside else 1]
