"""产品 × 单元: targets by product, of the company and of the units directly below it, with what is
achieved of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.products import Products
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Direction, Kpi, Unit
from salesplan.plan.schema import product_name
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.grid import Entry, Grid, centered, figure, text
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.pen.places import address
from salesplan.report.pen.styles import PERCENT
from salesplan.report.pen.writer import Page
from salesplan.report.say import saying

FIRST, LAST = 1, 11
KEYS = (
    "product",
    "unit",
    "month_target",
    "month_actual",
    "ytd_target",
    "ytd_expected",
    "ytd_actual",
    "ytd_gap",
    "ytd_pace",
    "ytd_light",
    "year_target",
)
MOST_UNITS, MOST_PRODUCTS = 8, 20
PRINT_SCALE = 74


def write(report: Report) -> None:
    """By KPI: the year's targets of products by unit, then each product's month and year to date,
    the company's first. A plan without targets by product has no such sheet.
    """
    found, company = report.context.results.products, report.context.company
    if "products" not in report.pages or found is None or company is None:
        return
    kpis = [kpi for kpi in report.context.kpis if found.of(kpi.code)]
    page = report.open("products", LAST, _sentence(report, found, kpis, company))
    page.fix({FIRST: 18.0, FIRST + 1: 16.0} | dict.fromkeys(range(FIRST + 2, LAST + 1), 11.5))
    row = BODY_ROW
    for kpi in kpis:
        units = [
            unit
            for unit in (*report.context.plan.children.get(company.code, ()), *_beside(report))
            if (kpi.code, unit.code, found.of(kpi.code)[0]) in found.targets
        ]
        row = page.block(row, _matrix(report, page, found, kpi, company, units, row))
        row = page.block(row, _lines(report, page, found, kpi, company, units, row))
    page.sheet.freeze_panes(BODY_ROW, 0)
    page.set_print(None, LAST, area_rows=row, scale=page.scale(LAST, PRINT_SCALE))


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
    heads = [report.words("products_product"), context.unit_name(company.code)]
    heads += [context.unit_name(unit.code) for unit in shown]
    for column, head in enumerate(heads, FIRST):
        page.put(row + 1, column, head, "head")
    products = found.of(kpi.code)
    top = row + 2
    for at, product in enumerate(products, top):
        page.put(at, FIRST, product_name(product, context.lang), "cell", "text")
        for column, unit in enumerate((company, *shown), FIRST + 1):
            target = found.targets.get((kpi.code, unit.code, product))
            value = DASH if target is None or target.year is None else target.year
            page.put(at, column, value, "cell", "right", number_format=form)
    last = top + len(products)
    page.put(last, FIRST, report.words("products_total"), "total", "text")
    for column, unit in enumerate((company, *shown), FIRST + 1):
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
) -> int:
    grid = Grid(report, page, "products", KEYS, FIRST)
    name = report.context.kpi_name(kpi.code)
    grid.heading(row, report.words("products_lines", kpi=name))
    grid.heads(row + 1)
    at = top = row + 2
    products = found.of(kpi.code)
    for product in products[:MOST_PRODUCTS]:
        for unit in (company, *units[:MOST_UNITS]):
            if (kpi.code, unit.code, product) in found.targets:
                base = "total" if unit is company else "cell"
                grid.put(at, _line(report, grid, found, kpi, unit, product, at), base)
                at += 1
    page.lights(top, at - 1, grid.column("ytd_light"), report.context.light_words)
    cut = len(products[MOST_PRODUCTS:]) + len(units[MOST_UNITS:])
    if cut:
        note = report.words("products_cut", count=str(cut))
        page.write(at, FIRST, note, report.book.style("note", text_wrap=False))
        at += 1
    return at + 1


def _line(
    report: Report, grid: Grid, found: Products, kpi: Kpi, unit: Unit, product: str, row: int
) -> dict[str, Entry]:
    form, context = figure_format(kpi), report.context
    month, ytd, year = (
        _judged(found, kpi, unit, product, span) for span in (Span.MONTH, Span.YTD, Span.YEAR)
    )
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
        "month_target": figure(None if month is None else month.target, form),
        "month_actual": figure(None if month is None else month.actual, form),
        "ytd_target": figure(None if ytd is None else ytd.target, form),
        "ytd_expected": figure(expected, form),
        "ytd_actual": figure(None if ytd is None else ytd.actual, form),
        "ytd_gap": figure(gap, form, below),
        "ytd_pace": figure(None if pace is None else round(pace, 6), PERCENT, formula),
        "ytd_light": centered(context.light(None if ytd is None else ytd.light)),
        "year_target": figure(None if year is None else year.target, form),
    }
