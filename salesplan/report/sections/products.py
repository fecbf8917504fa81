"""产品 × 单元: targets by product, of the company and of the units directly below it, with what is
achieved of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import product as cross
from typing import NamedTuple

from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.products import Products
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Direction, Kpi, Light, Unit
from salesplan.plan.schema import product_name
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.grid import (
    CENTER,
    RIGHT,
    Column,
    Formula,
    Here,
    figure,
    listed,
    text,
)
from salesplan.report.figures.report import Report
from salesplan.report.narrative import phrases
from salesplan.report.sections import supply, variance
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT
from salesplan.report.xlsx.writer import Page

FIRST = variance.FIRST
MOST_UNITS, MOST_PRODUCTS = 8, 20


def write(report: Report) -> None:
    """By KPI: each product's month and year to date, the company's first, then the year's targets
    by unit, folded away where every one of them stands in the lines as well. A plan without targets
    by product has no such section.
    """
    found, company = report.context.results.products, report.context.company
    if "products" not in report.pages or found is None or company is None:
        return
    kpis = [kpi for kpi in report.context.kpis if found.of(kpi.code)]
    page = report.open("products", variance.LAST, _sentence(report, found, kpis, company))
    page.fix(variance.WIDTHS)
    row = page.top
    folded: list[str] = []
    for kpi in kpis:
        units = [
            unit
            for unit in (*report.context.plan.children.get(company.code, ()), *_beside(report))
            if (kpi.code, unit.code, found.of(kpi.code)[0]) in found.targets
        ]
        after, on_pace = _lines(report, page, found, kpi, company, units, row)
        row = page.block(row, after)
        if on_pace:
            folded.append(report.words("products_on_pace", count=str(on_pace)))
        first, row = row, _matrix(report, page, found, kpi, company, units, row)
        if len(units) <= MOST_UNITS and len(found.of(kpi.code)) <= MOST_PRODUCTS:
            folded += page.fold_block(first - 1, row - 2)
        else:
            page.block(first, row)
    row = report.say_folded(page, row - 1, variance.LAST, folded)
    row = page.block(row, supply.capacity(report, page, row, 1, variance.LAST))
    page.freeze(page.top, 0)
    page.set_print(None, variance.LAST, area_rows=row - 1)


def _beside(report: Report) -> Sequence[Unit]:
    """Overlay units: shown behind the others, and in no sum."""
    return report.context.plan.overlays


def _sentence(report: Report, found: Products, kpis: Sequence[Kpi], company: Unit) -> str:
    """The product that is furthest behind its pace, by KPI."""
    said = []
    for kpi in kpis:
        paces = {
            product: one.pace.value
            for product in found.of(kpi.code)
            if (one := _judged(found, kpi, company, product, Span.YTD)) is not None
            and one.pace.value is not None
        }
        if paces:
            last = min(paces, key=lambda product: paces[product] or Decimal(0))
            name = product_name(last, report.context.lang)
            kpi_name = report.context.kpi_name(kpi.code)
            pace = phrases.percent(paces[last] or Decimal(0))
            said.append(report.words("products_last", kpi=kpi_name, product=name, pace=pace))
    return " ".join(said)


def _judged(found: Products, kpi: Kpi, unit: Unit, product: str, span: Span) -> Attainment | None:
    return found.attainments.get((kpi.code, unit.code, product, span))


def _matrix(
    report: Report,
    page: Page,
    found: Products,
    kpi: Kpi,
    company: Unit,
    units: Sequence[Unit],
    row: int,
) -> int:
    """The year's issued targets: products down, units across; sums are exact both ways."""
    context, form = report.context, figure_format(kpi)
    products, targets = found.of(kpi.code), found.targets
    shown = [unit for unit in units if not unit.overlay][:MOST_UNITS]

    def year(unit: Unit, product: str) -> Decimal | None:
        target = targets.get((kpi.code, unit.code, product))
        return None if target is None else target.year

    def across(unit: Unit) -> Column[str]:
        name = context.unit_name(unit.code)
        return Column(
            f"of/{unit.code}", lambda product: year(unit, product), None, RIGHT, form, head=name
        )

    name = context.kpi_name(kpi.code)
    page.heading(row, FIRST, report.words("products_matrix", kpi=name, unit=kpi.unit or DASH))
    columns = (
        Column("product", lambda product: product_name(product, context.lang), over=2),
        *map(across, (company, *shown)),
    )
    grid = listed(report, page, "products", columns, products, row + 1, FIRST)
    top, last = row + 2, row + 2 + len(products)
    sums = {"product": text(report.words("products_total"))}
    for one in (company, *shown):
        key = f"of/{one.code}"
        total = sum((year(one, product) or Decimal(0) for product in products), Decimal(0))
        sums[key] = figure(total, form, f"SUM({grid.at(key, top)}:{grid.at(key, last - 1)})")
    grid.put(last, sums, "total")
    return last + 2


class Line(NamedTuple):
    """A product's line of a unit: the span that is reported, the year to date, the year."""

    unit: Unit
    product: str
    own: Attainment | None
    ytd: Attainment | None
    year: Attainment | None

    @property
    def on_pace(self) -> bool:
        """Whether nothing of the line asks for a reader on paper."""
        return self.ytd is not None and self.ytd.light is Light.GREEN


def _lines(
    report: Report,
    page: Page,
    found: Products,
    kpi: Kpi,
    company: Unit,
    units: Sequence[Unit],
    row: int,
) -> tuple[int, int]:
    """Each product's lines, those of units on pace folded away; gives the row after them, and how
    many are folded.
    """
    name, products = report.context.kpi_name(kpi.code), found.of(kpi.code)
    lines = []
    for product, unit in cross(products[:MOST_PRODUCTS], (company, *units[:MOST_UNITS])):
        if (kpi.code, unit.code, product) in found.targets:
            judged = (_judged(found, kpi, unit, product, at) for at in report.context.judged)
            lines.append(Line(unit, product, *judged))
    page.heading(row, FIRST, report.words("products_lines", kpi=name))
    columns = _columns(report, kpi)
    grid = listed(
        report,
        page,
        "products",
        columns,
        lines,
        row + 1,
        FIRST,
        lambda line: "total" if line.unit is company else "cell",
    )
    top, at = row + 2, row + 2 + len(lines)
    folded = [at for at, one in enumerate(lines, top) if one.unit is not company and one.on_pace]
    for one in folded:
        page.fold(one)
    page.lights(top, at - 1, grid.column("ytd_light"), report.context.light_words)
    cut = len(products[MOST_PRODUCTS:]) + len(units[MOST_UNITS:])
    if cut:
        note = report.words("products_cut", count=str(cut))
        page.write(at, FIRST, note, report.book.style("note", text_wrap=False))
        at += 1
    return at + 1, len(folded)


def _columns(report: Report, kpi: Kpi) -> tuple[Column[Line], ...]:
    form, context = figure_format(kpi), report.context
    sign = "+" if kpi.direction is Direction.HIGHER else "-"

    def amount(
        key: str, value: Callable[[Line], Scalar], formula: Formula[Line] | None = None
    ) -> Column[Line]:
        return Column(key, value, formula, RIGHT, form)

    def expected(line: Line) -> Decimal | None:
        return None if line.ytd is None else line.ytd.status.expected

    def gap(line: Line) -> Decimal | None:
        return None if line.ytd is None else line.ytd.gap

    def gap_formula(line: Line, at: Here) -> str | None:
        return None if gap(line) is None else f"{at('ytd_actual')}-{at('ytd_target')}"

    def pace(line: Line) -> Decimal | None:
        found = None if line.ytd is None else line.ytd.pace.value
        return None if found is None else round(found, 6)

    def pace_formula(line: Line, at: Here) -> str | None:
        if pace(line) is None or not expected(line) or _actual(line.ytd) is None:
            return None
        actual, due = at("ytd_actual"), at("ytd_expected")
        return f"ROUND(1{sign}({actual}-{due})/ABS({due}),6)"

    def light(line: Line) -> str:
        return context.light(None if line.ytd is None else line.ytd.light)

    return (
        Column("product", lambda line: product_name(line.product, context.lang), over=2),
        Column("unit", lambda line: context.unit_name(line.unit.code), over=2),
        amount("span_target", lambda line: _target(line.own)),
        amount("span_actual", lambda line: _actual(line.own)),
        amount("ytd_target", lambda line: _target(line.ytd)),
        amount("ytd_expected", expected),
        amount("ytd_actual", lambda line: _actual(line.ytd)),
        amount("ytd_gap", gap, gap_formula),
        Column("ytd_pace", pace, pace_formula, RIGHT, PERCENT),
        Column("ytd_light", light, look=CENTER),
        amount("year_target", lambda line: _target(line.year)),
    )


def _target(one: Attainment | None) -> Decimal | None:
    return None if one is None else one.target


def _actual(one: Attainment | None) -> Decimal | None:
    return None if one is None else one.actual
