"""商机: what open deals cover of what is to go, by unit and quarter, and the largest of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.pipeline import Cover, Deals, Part, Pipeline
from salesplan.plan.model import Deal, Kpi, Unit
from salesplan.report.figures.charts import bars_chart
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, bare, centered, figure, text
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.narrative import phrases
from salesplan.report.xlsx.styles import FORECAST_COLOR, PERCENT, ROW_PIXELS, TARGET_COLOR, WHOLE
from salesplan.report.xlsx.writer import Page

FIRST, LAST = 1, 12
UNITS = ("unit", "count", "amount", "weighted", "to_go", "coverage")
AFTER = ("later", "slipped", "stale")
DEALS = (
    "code",
    "customer",
    "product",
    "owner",
    "stage",
    "deal_amount",
    "chance",
    "deal_weighted",
    "due",
    "state",
)
DEAL_SPANS = {"customer": 2, "state": 2}
FOREIGN = (*DEALS[:5], "given", *DEALS[5:])
"""With the amounts of deals in another currency as they were typed."""
FOREIGN_SPANS = {"state": 2}
MOST_KPIS, MOST_UNITS, MOST_DEALS = 2, 20, 15
CHART_ROWS = 9
PRINT_SCALE = 74
ZERO = Decimal(0)


def write(report: Report) -> None:
    """By KPI: coverage by unit and quarter, the chart, then the deals by what they promise. A plan
    without open deals has no such sheet.
    """
    if "pipeline" not in report.pages:
        return None
    company = report.context.company
    kpis = [] if company is None else _kpis(report, company)
    if company is None or not kpis:
        return report.nothing("pipeline", "no_pipeline")
    deals = Deals(report.context.plan, report.context.results.as_of)
    page = report.open("pipeline", LAST, _sentence(report, kpis[0], company))
    page.fix({FIRST: 22.0} | dict.fromkeys(range(FIRST + 1, LAST + 1), 11.5))
    row = BODY_ROW
    for kpi in kpis[:MOST_KPIS]:
        row = page.block(row, _coverage(report, page, company, kpi, row))
        row = page.block(row, _deals(report, page, deals, kpi, row))
    if left := [report.context.kpi_name(kpi.code) for kpi in kpis[MOST_KPIS:]]:
        names = phrases.names(report.context, left)
        _note(report, page, row, report.words("others_left_out", count=str(len(left)), names=names))
        row += 1
    days = report.context.plan.settings.stale_days
    _note(report, page, row, report.words("pipeline_rule", days=str(days)))
    page.sheet.freeze_panes(BODY_ROW, 0)
    page.set_print(None, LAST, area_rows=row, scale=page.scale(LAST, PRINT_SCALE))
    return None


def _note(report: Report, page: Page, row: int, said: str) -> None:
    page.write(row, FIRST, said, report.book.style("note", text_wrap=False))


def _kpis(report: Report, company: Unit) -> list[Kpi]:
    """The KPIs that have open deals."""
    found = report.context.results.pipelines
    return [kpi for kpi in report.context.kpis if (kpi.code, company.code) in found]


def _sentence(report: Report, kpi: Kpi, company: Unit) -> str:
    """What is open against what is to go, and the deals to look after."""
    context, one = report.context, report.context.results.pipelines[kpi.code, company.code]
    facts = {
        "kpi": context.kpi_name(kpi.code),
        "count": str(one.year.deals.count),
        "open": phrases.worth(context, kpi, one.year.deals.amount),
        "weighted": phrases.worth(context, kpi, one.year.deals.weighted),
    }
    if one.year.coverage is None:
        parts = [report.words("pipeline_open", **facts)]
    else:
        parts = [
            report.words(
                "pipeline_covers",
                to_go=phrases.worth(context, kpi, one.year.to_go),
                coverage=phrases.percent(one.year.coverage),
                **facts,
            )
        ]
    pace = context.results.pace.get((kpi.code, company.code))
    lands = None if pace is None else pace.landing.get(LandingMethod.PIPELINE)
    if lands is not None:
        parts.append(report.words("pipeline_lands", lands=phrases.worth(context, kpi, lands)))
    for key, part in (("slipped", one.slipped), ("stale", one.stale)):
        if part.count:
            worth = phrases.worth(context, kpi, part.amount)
            parts.append(report.words(f"pipeline_{key}_said", count=str(part.count), worth=worth))
    return " ".join(parts)


def _coverage(report: Report, page: Page, company: Unit, kpi: Kpi, row: int) -> int:
    """One line for each unit directly below the company, those without deals too; then the
    company's.
    """
    found = report.context.results.pipelines
    whole = found[kpi.code, company.code]
    below = [
        unit
        for unit in report.context.plan.children.get(company.code, ())
        if (kpi.code, unit.code) in found
    ]
    open_quarters = [n for n, cover in enumerate(whole.quarters) if cover is not None]
    keys = (*UNITS, *(f"quarter{n + 1}" for n in open_quarters), *AFTER)
    grid = Grid(report, page, "pipeline", bare(keys), FIRST)
    measure = f" ({kpi.unit})" if kpi.unit else ""
    title = report.words("pipeline_by_unit", kpi=report.context.kpi_name(kpi.code), measure=measure)
    grid.heading(row, title)
    grid.heads(row + 1)
    top, shown, rest = row + 2, below[:MOST_UNITS], below[MOST_UNITS:]
    for index, unit in enumerate(shown):
        one = found[kpi.code, unit.code]
        name = report.context.unit_name(unit.code)
        grid.put(top + index, _line(report, grid, kpi, name, one, top + index))
    last = top + len(shown)
    if rest:
        grid.put(last, _others(report, kpi, [found[kpi.code, unit.code] for unit in rest]))
        last += 1
    name = report.context.unit_name(company.code)
    grid.put(last, _line(report, grid, kpi, name, whole, last), "total")
    if not shown:
        return last + 2
    series = {
        report.words("pipeline_to_go"): (
            grid.span("to_go", top, top + len(shown) - 1),
            TARGET_COLOR,
        ),
        report.words("pipeline_amount"): (
            grid.span("amount", top, top + len(shown) - 1),
            FORECAST_COLOR,
        ),
    }
    below_zero = any((found[kpi.code, unit.code].year.to_go or ZERO) < 0 for unit in shown)
    size = (page.pixels(FIRST, LAST) - 8, CHART_ROWS * ROW_PIXELS - 10)
    chart = bars_chart(
        report,
        grid.span("unit", top, top + len(shown) - 1),
        series,
        report.words("chart_pipeline", kpi=report.context.kpi_name(kpi.code), measure=measure),
        size,
        figure_format(kpi),
        below=below_zero,
    )
    page.draw(last + 2, FIRST, chart, CHART_ROWS, y_offset=4)
    return last + 2 + CHART_ROWS + 1


def _line(
    report: Report, grid: Grid[Any], kpi: Kpi, name: str, one: Pipeline, row: int
) -> dict[str, Entry]:
    form = figure_format(kpi)
    entries = {
        "unit": text(name),
        **_sums(kpi, one),
        "to_go": figure(one.year.to_go, form, _to_go(report, one)),
        "coverage": figure(
            _share(one.year.coverage),
            PERCENT,
            report.formulas.share(grid.at("amount", row), grid.at("to_go", row))
            if one.year.coverage is not None
            else None,
        ),
    }
    for number, cover in enumerate(one.quarters, 1):
        if cover is not None:
            entries[f"quarter{number}"] = figure(_share(cover.coverage), PERCENT)
    return entries


def _sums(kpi: Kpi, one: Pipeline) -> dict[str, Entry]:
    """What adds up over units."""
    form = figure_format(kpi)
    return {
        "count": figure(one.year.deals.count, WHOLE),
        "amount": figure(one.year.deals.amount, form),
        "weighted": figure(to_places(one.year.deals.weighted, SUM_PLACES), form),
        "later": figure(one.later.amount or None, form),
        "slipped": figure(one.slipped.amount or None, form),
        "stale": figure(one.stale.amount or None, form),
    }


def _others(report: Report, kpi: Kpi, rest: Sequence[Pipeline]) -> dict[str, Entry]:
    """The units that are not listed, with the sums of what adds up."""
    known = [one.year.to_go for one in rest if one.year.to_go is not None]
    together = Pipeline(
        kpi.code,
        "",
        Cover(Part.total(one.year.deals for one in rest), None),
        (),
        Part.total(one.later for one in rest),
        Part.total(one.slipped for one in rest),
        Part.total(one.stale for one in rest),
    )
    return {
        "unit": text(report.words("others", count=str(len(rest)))),
        **_sums(kpi, together),
        "to_go": figure(sum(known, ZERO) if known else None, figure_format(kpi)),
    }


def _to_go(report: Report, one: Pipeline) -> str | None:
    """Target of the year less the actual to date, from the data."""
    target = report.ledger.cell(one.kpi, one.unit, "year_target")
    actual = report.ledger.cell(one.kpi, one.unit, "ytd_actual")
    if target is None or actual is None or not isinstance(target.value, Decimal):
        return None
    return f"ROUND(N({target.ref})-N({actual.ref}),{SUM_PLACES})"


def _share(value: Decimal | None) -> Decimal | None:
    return None if value is None else to_places(value, RATE_PLACES)


def _deals(report: Report, page: Page, deals: Deals, kpi: Kpi, row: int) -> int:
    """The deals by what they promise, those to look after always; the rest in one line."""
    own = [one for one in deals.open if one.kpi == kpi.code]
    own.sort(key=lambda one: (-(one.amount or ZERO) * one.chance, one.due))
    ranked = sorted(own, key=lambda one: not (deals.slipped(one) or deals.stale(one)))
    kept = {id(one) for one in ranked[:MOST_DEALS]}
    shown = [one for one in own if id(one) in kept]
    rest = [one for one in own if id(one) not in kept]
    later = sum(not deals.in_year(one) for one in own)
    foreign = any(one.given is not None for one in shown)
    keys, spans = (FOREIGN, FOREIGN_SPANS) if foreign else (DEALS, DEAL_SPANS)
    grid = Grid(report, page, "pipeline", bare(keys, spans), FIRST)
    name = report.context.kpi_name(kpi.code)
    counts = {"count": str(len(own) - later), "later": str(later)}
    grid.heading(row, report.words("pipeline_deals", kpi=name, **counts))
    grid.heads(row + 1)
    top = row + 2
    for index, one in enumerate(shown):
        grid.put(top + index, _deal(report, grid, deals, kpi, one, top + index))
    last = top + len(shown)
    if rest:
        grid.put(last, _rest(report, kpi, Part.of(rest)))
        last += 1
    return last + 1


def _deal(
    report: Report, grid: Grid[Any], deals: Deals, kpi: Kpi, one: Deal, row: int
) -> dict[str, Entry]:
    form = figure_format(kpi)
    amount, chance = grid.at("deal_amount", row), grid.at("chance", row)
    weighted = to_places((one.amount or ZERO) * one.chance, SUM_PLACES)
    return {
        "code": text(one.code),
        "customer": text(one.customer),
        "product": text(one.product),
        "owner": text(report.context.unit_name(one.unit)),
        "stage": centered(report.context.label(one.stage)),
        "given": Entry(_given(one), ("right",)),
        "deal_amount": figure(one.amount, form),
        "chance": figure(one.chance, PERCENT),
        "deal_weighted": figure(weighted, form, f"ROUND({amount}*{chance},{SUM_PLACES})"),
        "due": centered(one.due.isoformat()),
        "state": text(_state(report, deals, one)),
    }


def _given(one: Deal) -> str:
    """The amount as typed in another currency; "" in the KPI's own."""
    return "" if one.given is None else f"{one.currency} {one.given.normalize():,f}"


def _state(report: Report, deals: Deals, one: Deal) -> str:
    """What is to be done about it: past its day, without an update, or next year's."""
    if days := deals.slipped(one):
        return report.words("deal_slipped", days=str(days))
    if days := deals.stale(one):
        return report.words("deal_stale", days=str(days))
    return DASH if deals.in_year(one) else report.words("deal_later")


def _rest(report: Report, kpi: Kpi, rest: Part) -> dict[str, Entry]:
    form = figure_format(kpi)
    return {
        "code": text(report.words("others", count=str(rest.count))),
        "deal_amount": figure(rest.amount, form),
        "deal_weighted": figure(to_places(rest.weighted, SUM_PLACES), form),
    }
