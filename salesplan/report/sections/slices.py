"""产品、区域、客户、渠道: target and actual where targets are, share, growth, concentration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from salesplan.engine.actuals.attainment import completion
from salesplan.engine.actuals.market import Named, by_name
from salesplan.engine.actuals.slices import DIMENSIONS
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import Direction, Kpi, TargetBasis, Unit
from salesplan.report.figures.charts import bars_chart
from salesplan.report.figures.context import DASH, Context, decimals, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, bare, figure, text
from salesplan.report.figures.growth import growth_entry
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
    """One block for each dimension that the actuals name, for the heaviest flows that have any."""
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
            {dimension: rows for kpi, dimension, rows in blocks if kpi is blocks[0][0]},
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
        if kpi is not blocks[0][0]:
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


def _keys(report: Report, dimension: str, rows: Sequence[Named]) -> tuple[str, ...]:
    """The columns that have something to say."""
    keys = ["name"]
    if any(one.target is not None for one in rows):
        keys += ["target", "actual", "rate"]
    else:
        keys.append("actual")
    keys.append("share")
    if dimension == "customer":
        keys.append("cumulative")
    if any(one.last_year is not None for one in rows):
        keys += [
            *(("closed",) if report.context.clock.running else ()),
            "last_year",
            "change",
            "growth",
        ]
    return tuple(keys)


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
    grid = Grid(report, page, "slices", bare(_keys(report, dimension, rows)), FIRST)
    name = report.context.kpi_with_unit(kpi)
    grid.heading(row, report.words(f"slices_by_{dimension}", kpi=name))
    grid.heads(row + 1)
    shown, rest = list(rows[:MOST_NAMES]), rows[MOST_NAMES:]
    if rest:
        shown.append(_summed(report.words("others", count=str(len(rest))), rest))
    top, total = row + 2, row + 2 + len(shown)
    whole = sum((one.actual or ZERO for one in rows), ZERO)
    running = ZERO
    for index, one in enumerate(shown):
        running += one.actual or ZERO
        grid.put(
            top + index,
            _entries(report, grid, company, kpi, one, (top + index, top, total), (whole, running)),
        )
    aim = _total_target(report, grid, company, kpi, whole, total)
    _total(grid, kpi, shown, top, total, aim)
    shares = grid.column("share")
    page.bars(top, total - 1, shares)
    if any((one.actual or one.last_year) for one in shown):
        figures = chain.from_iterable(
            (one.actual, one.closed, one.last_year, one.target) for one in shown[:FEW]
        )
        known = [value for value in figures if value is not None]
        _draw(report, page, grid, kpi, (row, top, top + min(len(rows), FEW) - 1), known)
    apart = [one for one in shown if one.sellers is not None]
    notes = [_who_and_where(report, kpi, apart)] if apart else []
    notes += _undivided(report, company, kpi, rows)
    if notes:
        said = sentences(notes, report.context.lang)
        page.write(total + 1, FIRST, said, report.book.style("note", text_wrap=False))
    return row + max(total - row + 2 + bool(notes), CHART_ROWS + 1)


def _total_target(
    report: Report, grid: Grid[Any], company: Unit, kpi: Kpi, whole: Decimal, total: int
) -> dict[str, Entry]:
    """In the sum the company's target, whatever of it the parts have, and its attainment."""
    cell = report.looked_at(kpi, company.code, "target")
    if "target" not in grid.keys or cell is None or not isinstance(cell.value, Decimal):
        return {}
    one = Named(report.words("sum"), target=cell.value, actual=whole)
    cells = {key: grid.at(key, total) for key in grid.keys}
    return {
        "target": figure(cell.value, figure_format(kpi), cell.ref),
        "rate": _rate(report, kpi, one, cells),
    }


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
        closed=total("closed"),
        last_year=total("last_year"),
    )


def _entries(
    report: Report,
    grid: Grid[Any],
    company: Unit,
    kpi: Kpi,
    one: Named,
    rows: tuple[int, int, int],
    sums: tuple[Decimal, Decimal],
) -> dict[str, Entry]:
    at, top, total = rows
    whole, running = sums
    cell = {key: grid.at(key, at) for key in grid.keys}
    form, signed = figure_format(kpi), amount_format(decimals(kpi.smallest_unit), sign=True)
    sum_cell = f"{grid.at('actual', total)}".replace(str(total + 1), f"${total + 1}")
    share = (
        to_places(divide(one.actual, whole), RATE_PLACES)
        if one.actual is not None and whole > 0
        else None
    )
    found = {
        "name": text(one.name or report.words("nobody")),
        "actual": figure(one.actual, form),
        "share": figure(share, PERCENT, _share(cell["actual"], sum_cell)),
    }
    if "cumulative" in grid.keys:
        value = to_places(divide(running, whole), RATE_PLACES) if whole > 0 else None
        column = cell["actual"].rstrip("0123456789")
        found["cumulative"] = figure(
            value, PERCENT, _share(f"SUM({column}${top + 1}:{cell['actual']})", sum_cell)
        )
    if "target" in grid.keys:
        found["target"] = figure(one.target, form, _target_formula(report, company, kpi, one))
        found["rate"] = _rate(report, kpi, one, cell)
    if "last_year" in grid.keys:
        now, now_cell = (
            (one.closed, cell["closed"]) if "closed" in grid.keys else (one.closed, cell["actual"])
        )
        change = to_places((now or ZERO) - (one.last_year or ZERO), SUM_PLACES)
        found |= {
            "closed": figure(one.closed, form),
            "last_year": figure(one.last_year, form),
            "change": figure(
                change, signed, f"ROUND(N({now_cell})-N({cell['last_year']}),{SUM_PLACES})"
            ),
            "growth": growth_entry(report, now, one.last_year, now_cell, cell["last_year"]),
        }
    return found


def _share(part: str, whole: str) -> str:
    return (
        f'IF({whole}>0,IF(ISNUMBER({part}),ROUND({part}/{whole},{RATE_PLACES}),"{DASH}"),"{DASH}")'
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


def _rate(report: Report, kpi: Kpi, one: Named, cell: dict[str, str]) -> Entry:
    if kpi.basis is TargetBasis.IMPROVEMENT or one.target is None:
        return Entry(DASH, ("right",))
    rate = completion(kpi, one.target, one.actual, report.context.plan.settings.score_cap)
    words = report.formulas.rate_words
    if rate.value is not None:
        value: Scalar = to_places(rate.value, RATE_PLACES)
    else:
        value = words[rate.word] if rate.word else DASH
    missing = one.actual is None
    formula = report.formulas.rate(
        cell["target"], cell["actual"], sign=1 if kpi.direction is Direction.HIGHER else -1
    )
    return Entry(value, ("right",), None if missing else formula, PERCENT)


def _total(
    grid: Grid[Any],
    kpi: Kpi,
    shown: Sequence[Named],
    top: int,
    total: int,
    aim: Mapping[str, Entry],
) -> None:
    """The sum of what adds up; ``aim`` is its target and attainment."""
    form, signed = figure_format(kpi), amount_format(decimals(kpi.smallest_unit), sign=True)
    entries = {"name": text(grid.report.words("sum")), **aim}
    for key in ("actual", "closed", "last_year", "change"):
        if key in grid.keys:
            now = sum((one.closed or ZERO for one in shown), ZERO)
            before = sum((one.last_year or ZERO for one in shown), ZERO)
            value = {
                "actual": sum((one.actual or ZERO for one in shown), ZERO),
                "closed": now,
                "last_year": before,
                "change": now - before,
            }[key]
            span = f"{grid.at(key, top)}:{grid.at(key, total - 1)}"
            entries[key] = figure(
                to_places(value, SUM_PLACES),
                signed if key == "change" else form,
                f"ROUND(SUM({span}),{SUM_PLACES})",
            )
    if "growth" in grid.keys:
        now_key = "closed" if "closed" in grid.keys else "actual"
        entries["growth"] = growth_entry(
            grid.report, now, before, grid.at(now_key, total), grid.at("last_year", total)
        )
    grid.put(total, entries, "total")


def _draw(
    report: Report,
    page: Page,
    grid: Grid[Any],
    kpi: Kpi,
    rows: tuple[int, int, int],
    values: Sequence[Decimal],
) -> None:
    """Bars of what came, beside what was planned or last year's, the largest on top; ``values`` are
    all that it draws.
    """
    row, first, last = rows
    other = next((key for key in ("target", "last_year") if key in grid.keys), "")
    now = "closed" if other == "last_year" and "closed" in grid.keys else "actual"
    signs = {"target": TARGET_COLOR, "last_year": LAST_YEAR_COLOR}
    pairs = [(other, signs[other])] if other else []
    series = {
        report.words(f"slices_{key}"): (grid.span(key, first, last), color)
        for key, color in [*pairs, (now, ACTUAL_COLOR)]
    }
    high = max(CHART_ROWS, min(last - first + 3, 16))
    size = (page.pixels(CHART_AT, LAST) - 8, high * ROW_PIXELS - 10)
    form = report.context.brief_format(kpi, *values)
    below = any(value < 0 for value in values)
    chart = bars_chart(report, grid.span("name", first, last), series, "", size, form, below=below)
    page.draw(row, CHART_AT, chart, high, y_offset=4)
