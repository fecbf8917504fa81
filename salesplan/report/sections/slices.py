"""产品、区域、客户、渠道: target and actual where targets are, share, growth, concentration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import accumulate, chain, islice
from typing import NamedTuple

from salesplan.engine.actuals.attainment import completion
from salesplan.engine.actuals.market import Named, by_name
from salesplan.engine.actuals.slices import DIMENSIONS, SORTED_BY
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import Kpi, TargetBasis, Unit
from salesplan.report.figures.charts import bars_chart
from salesplan.report.figures.context import DASH, Context, decimals, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import (
    RIGHT,
    WRAP,
    Column,
    Entry,
    Grid,
    Here,
    figure,
    listed,
    text,
)
from salesplan.report.figures.growth import growth_column, growth_entry
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.narrative import phrases
from salesplan.report.narrative.market import slices_sentence
from salesplan.report.sections.variance import flows
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import (
    ACTUAL_COLOR,
    LAST_YEAR_COLOR,
    PERCENT,
    ROW_PIXELS,
    TARGET_COLOR,
    amount_format,
)
from salesplan.report.xlsx.writer import Page
from salesplan.wording import sentences

FIRST, LAST = 1, 14
CHART_AT = 11
CHART_ROWS = 6
MOST_KPIS, MOST_NAMES, FEW = 2, 5, 5
"""KPIs shown, the first of them on paper; names in a table; names in a chart."""
PRINT_SCALE = 74
ZERO = Decimal(0)


def write(report: Report) -> None:
    """One block for each dimension that the actuals name, for the heaviest flows that have any; by
    what customers are sorted by, as 客户 has it, folded away.
    """
    company = report.context.company
    blocks = [] if company is None else _blocks(report, company)
    if company is None or not blocks:
        return report.nothing("slices", "no_slices")
    page = report.open(
        "slices",
        LAST,
        slices_sentence(
            report,
            blocks[0][0],
            {
                dimension: rows
                for kpi, dimension, rows in blocks
                if kpi is blocks[0][0] and dimension in DIMENSIONS
            },
        ),
    )
    page.fix(
        {FIRST: 20.0, CHART_AT - 1: 2.0}
        | dict.fromkeys(range(FIRST + 1, CHART_AT - 1), 10.8)
        | dict.fromkeys(range(CHART_AT, LAST + 1), 14.0)
    )
    row = BODY_ROW
    folded: list[str] = []
    for kpi, dimension, rows in blocks:
        first = row
        row = page.block(row, _block(report, page, company, kpi, dimension, rows, row))
        if kpi is not blocks[0][0] or dimension in SORTED_BY:
            folded += page.fold_block(first, row - 1)
    row = report.say_folded(page, row, LAST, folded)
    left = _left_out(report, company, [kpi for kpi, _, _ in blocks])
    if left:
        page.write(row, FIRST, left, report.book.style("note", text_wrap=False))
        row += 1
    page.write(row, FIRST, report.words("slices_rule"), report.book.style("note", text_wrap=False))
    page.sheet.freeze_panes(BODY_ROW, 0)
    page.set_print(None, LAST, area_rows=row, scale=page.scale(LAST, PRINT_SCALE))
    return None


def names_of(context: Context, kpi: Kpi, dimension: str) -> tuple[Named, ...]:
    """The KPI's names of a dimension, year to date, or in the span that is reported."""
    results = context.results
    return by_name(
        context.plan,
        context.facts,
        results.attainments,
        results.month,
        results.as_of,
        kpi,
        dimension,
        context.looked_at,
    )


def _blocks(report: Report, company: Unit) -> list[tuple[Kpi, str, tuple[Named, ...]]]:
    context = report.context
    found: list[tuple[Kpi, str, tuple[Named, ...]]] = []
    shown: set[str] = set()
    for kpi in flows(report, company):
        if len(shown) == MOST_KPIS:
            break
        rows = {dimension: names_of(context, kpi, dimension) for dimension in DIMENSIONS}
        for dimension in SORTED_BY if context.plan.customers else ():
            sorted_so = names_of(context, kpi, dimension)
            rows[dimension] = sorted_so if any(one.name for one in sorted_so) else ()
        if any(rows.values()):
            shown.add(kpi.code)
            found += [(kpi, dimension, named) for dimension, named in rows.items() if named]
    return found


def _left_out(report: Report, company: Unit, shown: Sequence[Kpi]) -> str:
    """The flows with rows by product, region, customer or channel that have no block, each with
    what it brought.
    """
    context = report.context
    left = []
    for kpi in flows(report, company):
        named = any(names_of(context, kpi, dimension) for dimension in DIMENSIONS)
        if kpi in shown or not named:
            continue
        actual = context.results.attainments[kpi.code, company.code, context.looked_at].actual
        name, value = context.kpi_name(kpi.code), phrases.worth(context, kpi, actual)
        left.append(report.words("left_out_actual", name=name, value=value))
    return (
        report.words("others_left_out", count=str(len(left)), names=phrases.names(context, left))
        if left
        else ""
    )


def _block(
    report: Report,
    page: Page,
    company: Unit,
    kpi: Kpi,
    dimension: str,
    rows: Sequence[Named],
    row: int,
) -> int:
    """Heading, names by size, the rest, the sum; the chart beside it."""
    name = report.context.kpi_with_unit(kpi)
    page.heading(row, FIRST, report.words(f"slices_by_{dimension}", kpi=name))
    shown, rest = list(rows[:MOST_NAMES]), rows[MOST_NAMES:]
    if rest:
        shown.append(_summed(report.words("others", count=str(len(rest))), rest))
    running = accumulate((one.actual or ZERO for one in shown), initial=ZERO)
    lines = [Line(one, so_far) for one, so_far in zip(shown, islice(running, 1, None), strict=True)]
    empty = _empty(report, dimension, rows)
    columns = [one for one in _columns(report, company, kpi, lines) if one.key not in empty]
    grid = listed(report, page, "slices", columns, lines, row + 1, FIRST)
    top, total = row + 2, row + 2 + len(shown)
    grid.sums(total, lines, _total(report, grid, company, kpi, lines, total))
    page.bars(top, total - 1, grid.column("share"))
    if any((one.actual or one.last_year) for one in shown):
        figures = chain.from_iterable(
            (one.actual, one.over, one.last_year, one.target) for one in shown[:FEW]
        )
        known = [value for value in figures if value is not None]
        _draw(report, page, grid, kpi, (row, top, top + min(len(rows), FEW) - 1), known)
    apart = [one for one in shown if one.sellers is not None]
    notes = [_who_and_where(report, kpi, apart)] if apart else []
    notes += _undivided(report, company, kpi, rows)
    if notes:
        said = sentences(notes, report.context.lang)
        page.wide(total + 1, FIRST, CHART_AT - 1, said, "note")
    return row + max(total - row + 2 + bool(notes), CHART_ROWS + 1)


def _empty(report: Report, dimension: str, rows: Sequence[Named]) -> set[str]:
    """The columns that have nothing to say."""
    keys = set()
    if all(one.target is None for one in rows):
        keys |= {"target", "rate"}
    if all(one.last_year is None for one in rows):
        keys |= {"over", "last_year", "change", "growth"}
    if not report.context.clock.running:
        keys.add("over")
    if dimension != "customer":
        keys.add("cumulative")
    return keys


class Line(NamedTuple):
    """A name, and what it and those above it brought."""

    one: Named
    so_far: Decimal


def _total(
    report: Report, grid: Grid[Line], company: Unit, kpi: Kpi, lines: Sequence[Line], row: int
) -> dict[str, Entry]:
    """What stands in the sum beside what adds up: the company's target, whatever of it the parts
    have, with its attainment, and the growth of the sums.
    """
    entries = {"name": text(report.words("sum"))}
    cell = report.looked_at(kpi, company.code, "target")
    if "target" in grid.keys and cell is not None and isinstance(cell.value, Decimal):
        whole = Named("", target=cell.value, actual=_sum(lines, "actual"))
        entries["target"] = figure(cell.value, figure_format(kpi), cell.ref)
        cells = grid.at("target", row), grid.at("actual", row)
        form = PERCENT if _rated(kpi, whole) else ""
        rate = figure(_rate(report, kpi, whole), form, _rate_formula(report, kpi, whole, *cells))
        entries["rate"] = rate
    if "growth" in grid.keys:
        now = grid.at("over" if "over" in grid.keys else "actual", row)
        over, last_year = _sum(lines, "over"), _sum(lines, "last_year")
        then = grid.at("last_year", row)
        entries["growth"] = growth_entry(report, over, last_year, now, then)
    return entries


def _sum(lines: Sequence[Line], side: str) -> Decimal:
    return sum((getattr(line.one, side) or ZERO for line in lines), ZERO)


def _undivided(report: Report, company: Unit, kpi: Kpi, rows: Sequence[Named]) -> list[str]:
    """How far the parts' targets are from the company's; nothing where no part has one, or they
    are all of it.
    """
    cell = report.looked_at(kpi, company.code, "target")
    known = [one.target for one in rows if one.target is not None]
    if not known or cell is None or not isinstance(cell.value, Decimal):
        return []
    context, parts = report.context, sum(known, ZERO)
    if to_places(parts - cell.value, SUM_PLACES) == 0:
        return []
    said = {
        "parts": phrases.worth(context, kpi, parts),
        "whole": phrases.worth(context, kpi, cell.value),
    }
    return [context.words("slices_undivided", **said)]


def _who_and_where(report: Report, kpi: Kpi, apart: Sequence[Named]) -> str:
    """Why a region's figure is not that of the units that lie in it: they sold elsewhere, or others
    sold there.
    """
    figures = [
        report.words(
            "slices_sold",
            name=one.name,
            sold=phrases.worth(report.context, kpi, one.sellers),
            here=phrases.worth(report.context, kpi, one.actual),
        )
        for one in apart
    ]
    return report.words("slices_who_and_where", figures=phrases.names(report.context, figures))


def _summed(name: str, rest: Sequence[Named]) -> Named:
    def total(side: str) -> Decimal | None:
        known = [value for one in rest if (value := getattr(one, side)) is not None]
        return sum(known, ZERO) if known else None

    targets = [one.target for one in rest if one.target is not None]
    return Named(
        name,
        target=sum(targets, ZERO) if len(targets) == len(rest) else None,
        actual=total("actual"),
        over=total("over"),
        last_year=total("last_year"),
    )


def _columns(
    report: Report, company: Unit, kpi: Kpi, lines: Sequence[Line]
) -> tuple[Column[Line], ...]:
    """All that there may be; growth is that of the months over while a month is running."""
    form, whole = figure_format(kpi), lines[-1].so_far
    signed = amount_format(decimals(kpi.smallest_unit), sign=True)
    now = "over" if report.context.clock.running else "actual"

    def of_whole(part: str, at: Here) -> str:
        sum_cell = at.fixed("actual", at.end)
        known = f'IF(ISNUMBER({part}),ROUND({part}/{sum_cell},{RATE_PLACES}),"{DASH}")'
        return f'IF({sum_cell}>0,{known},"{DASH}")'

    def share(value: Decimal | None) -> Scalar:
        return None if value is None or whole <= 0 else to_places(divide(value, whole), RATE_PLACES)

    def cumulative(_: Line, at: Here) -> str:
        return of_whole(f"SUM({at.fixed('actual', at.top)}:{at('actual')})", at)

    def change(line: Line) -> Decimal:
        return to_places((line.one.over or ZERO) - (line.one.last_year or ZERO), SUM_PLACES)

    def change_formula(_: Line, at: Here) -> str:
        return f"ROUND(N({at(now)})-N({at('last_year')}),{SUM_PLACES})"

    def amount(key: str, value: Callable[[Named], Scalar]) -> Column[Line]:
        return Column(key, lambda line: value(line.one), look=RIGHT, form=form, adds=True)

    return (
        Column("name", lambda line: line.one.name or report.words("nobody"), look=WRAP),
        Column(
            "target",
            lambda line: line.one.target,
            lambda line, _: _target_formula(report, company, kpi, line.one),
            RIGHT,
            form,
        ),
        amount("actual", lambda one: one.actual),
        Column(
            "rate",
            lambda line: _rate(report, kpi, line.one),
            lambda line, at: _rate_formula(report, kpi, line.one, at("target"), at("actual")),
            RIGHT,
            lambda line: PERCENT if _rated(kpi, line.one) else "",
        ),
        Column(
            "share",
            lambda line: share(line.one.actual),
            lambda _, at: of_whole(at("actual"), at),
            RIGHT,
            PERCENT,
        ),
        Column("cumulative", lambda line: share(line.so_far), cumulative, RIGHT, PERCENT),
        amount("over", lambda one: one.over),
        amount("last_year", lambda one: one.last_year),
        Column("change", change, change_formula, RIGHT, signed, adds=True),
        growth_column(
            report,
            "growth",
            (now, lambda line: line.one.over),
            ("last_year", lambda line: line.one.last_year),
        ),
    )


def _target_formula(report: Report, company: Unit, kpi: Kpi, one: Named) -> str | None:
    """The target from the units' targets, or from the company's by the planned share."""
    if one.target is None:
        return None
    if one.units:
        cells = [report.looked_at(kpi, unit, "target") for unit in one.units]
        return (
            "+".join(cell.ref for cell in cells if cell is not None)
            if len(cells) <= MOST_NAMES
            else None
        )
    whole = report.looked_at(kpi, company.code, "target")
    return None if whole is None or one.share is None else f"{whole.ref}*{one.share}"


def _rated(kpi: Kpi, one: Named) -> bool:
    """Whether the name has a target that its actual is a part of."""
    return kpi.basis is not TargetBasis.IMPROVEMENT and one.target is not None


def _rate(report: Report, kpi: Kpi, one: Named) -> Scalar:
    if one.target is None or not _rated(kpi, one):
        return None
    rate = completion(kpi, one.target, one.actual, report.context.plan.settings.score_cap)
    if rate.value is not None:
        return to_places(rate.value, RATE_PLACES)
    return report.formulas.rate_words[rate.word] if rate.word else None


def _rate_formula(report: Report, kpi: Kpi, one: Named, target: str, actual: str) -> str | None:
    if not _rated(kpi, one) or one.actual is None:
        return None
    sign = kpi.direction.sign
    return report.formulas.rate(target, actual, sign=sign)


def _draw(
    report: Report,
    page: Page,
    grid: Grid[Line],
    kpi: Kpi,
    rows: tuple[int, int, int],
    values: Sequence[Decimal],
) -> None:
    """Bars of what came, beside what was planned or last year's, the largest on top; ``values`` are
    all that it draws.
    """
    row, first, last = rows
    other = next((key for key in ("target", "last_year") if key in grid.keys), "")
    now = "over" if other == "last_year" and "over" in grid.keys else "actual"
    signs = {"target": TARGET_COLOR, "last_year": LAST_YEAR_COLOR}
    pairs = [(other, signs[other])] if other else []
    series = {
        report.words(f"slices_{key}"): (grid.span(key, first, last), color)
        for key, color in [*pairs, (now, ACTUAL_COLOR)]
    }
    high = max(CHART_ROWS, min(last - first + 4, 16))
    size = (page.pixels(CHART_AT, LAST) - 8, high * ROW_PIXELS - 10)
    context = report.context
    form = context.label_format(kpi, *values) or context.brief_format(kpi, *values)
    below = any(value < 0 for value in values)
    chart = bars_chart(report, grid.span("name", first, last), series, "", size, form, below=below)
    page.draw(row, CHART_AT, chart, high, y_offset=4)
