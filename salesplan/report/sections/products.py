"""产品 × 单元: targets by product, of the company and of the units directly below it, with what is
achieved of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.products import Products
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Direction, Kpi, Light, Unit
from salesplan.plan.schema import product_name
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.grid import Entry, Grid, centered, figure, text
from salesplan.report.figures.report import Report
from salesplan.report.pen.places import address
from salesplan.report.pen.styles import PERCENT
from salesplan.report.pen.writer import Page
from salesplan.report.say import saying
from salesplan.report.sections import variance

FIRST = variance.FIRST
KEYS = (
    "product",
    "unit",
    "span_target",
    "span_actual",
    "ytd_target",
    "ytd_expected",
    "ytd_actual",
    "ytd_gap",
    "ytd_pace",
    "ytd_light",
    "year_target",
)
SPANS = {"product": 2, "unit": 2}
LAST = FIRST + len(KEYS) - 1 + len(SPANS)
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
            pace = saying.percent(paces[last] or Decimal(0))
            said.append(report.words("products_last", kpi=kpi_name, product=name, pace=pace))
    return " ".join(said)


def _judged(found: Products, kpi: Kpi, unit: Unit, product: str, span: Span) -> Attainment | None:
    return found.attainments.get((kpi.code, unit.code, product, span))


def _on_pace(found: Products, kpi: Kpi, unit: Unit, product: str) -> bool:
    """Whether nothing of the line asks for a reader on paper."""
    judged = _judged(found, kpi, unit, product, Span.YTD)
    return judged is not None and judged.light is Light.GREEN


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
    shown = [unit for unit in units if not unit.overlay][:MOST_UNITS]
    name = context.kpi_name(kpi.code)
    page.heading(row, FIRST, report.words("products_matrix", kpi=name, unit=kpi.unit or DASH))
    figures = FIRST + SPANS["product"]
    page.wide(row + 1, FIRST, figures - 1, report.words("products_product"), "head")
    for column, unit in enumerate((company, *shown), figures):
        page.put(row + 1, column, context.unit_name(unit.code), "head")
    products = found.of(kpi.code)
    top = row + 2
    for at, product in enumerate(products, top):
        name = product_name(product, context.lang)
        page.wide(at, FIRST, figures - 1, name, "cell", "text")
        for column, unit in enumerate((company, *shown), figures):
            target = found.targets.get((kpi.code, unit.code, product))
            value = DASH if target is None or target.year is None else target.year
            page.put(at, column, value, "cell", "right", number_format=form)
    last = top + len(products)
    page.wide(last, FIRST, figures - 1, report.words("products_total"), "total", "text")
    for column, unit in enumerate((company, *shown), figures):
        years = [
            one.year
            for product in products
            if (one := found.targets.get((kpi.code, unit.code, product))) is not None
            and one.year is not None
        ]
        formula = f"SUM({address(top, column)}:{address(last - 1, column)})"
        total = sum(years, Decimal(0))
        page.put(last, column, total, "total", "right", formula=formula, number_format=form)
    return last + 2


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
    grid = Grid(report, page, "products", KEYS, FIRST, SPANS)
    name = report.context.kpi_name(kpi.code)
    grid.heading(row, report.words("products_lines", kpi=name))
    grid.heads(row + 1)
    at = top = row + 2
    on_pace = 0
    products = found.of(kpi.code)
    for product in products[:MOST_PRODUCTS]:
        for unit in (company, *units[:MOST_UNITS]):
            if (kpi.code, unit.code, product) in found.targets:
                base = "total" if unit is company else "cell"
                grid.put(at, _line(report, grid, found, kpi, unit, product, at), base)
                if unit is not company and _on_pace(found, kpi, unit, product):
                    page.fold(at)
                    on_pace += 1
                at += 1
    page.lights(top, at - 1, grid.column("ytd_light"), report.context.light_words)
    cut = len(products[MOST_PRODUCTS:]) + len(units[MOST_UNITS:])
    if cut:
        note = report.words("products_cut", count=str(cut))
        page.write(at, FIRST, note, report.book.style("note", text_wrap=False))
        at += 1
    return at + 1, on_pace


def _line(
    report: Report, grid: Grid, found: Products, kpi: Kpi, unit: Unit, product: str, row: int
) -> dict[str, Entry]:
    form, context = figure_format(kpi), report.context
    own, ytd, year = (_judged(found, kpi, unit, product, span) for span in context.judged)
    expected = None if ytd is None else ytd.status.expected
    pace = None if ytd is None else ytd.pace.value
    actual, due = grid.at("ytd_actual", row), grid.at("ytd_expected", row)
    sign = "+" if kpi.direction is Direction.HIGHER else "-"
    live = pace is not None and expected and ytd is not None and ytd.actual is not None
    formula = f"ROUND(1{sign}({actual}-{due})/ABS({due}),6)" if live else None
    gap = None if ytd is None else ytd.gap
    below = f"{actual}-{grid.at('ytd_target', row)}" if gap is not None else None
    return {
        "product": text(product_name(product, context.lang)),
        "unit": text(context.unit_name(unit.code)),
        "span_target": figure(None if own is None else own.target, form),
        "span_actual": figure(None if own is None else own.actual, form),
        "ytd_target": figure(None if ytd is None else ytd.target, form),
        "ytd_expected": figure(expected, form),
        "ytd_actual": figure(None if ytd is None else ytd.actual, form),
        "ytd_gap": figure(gap, form, below),
        "ytd_pace": figure(None if pace is None else round(pace, 6), PERCENT, formula),
        "ytd_light": centered(context.light(None if ytd is None else ytd.light)),
        "year_target": figure(None if year is None else year.target, form),
    }
