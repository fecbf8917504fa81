"""商机: what open deals cover of what is to go, by unit and quarter, and the largest of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.pipeline import Cover, Deals, Part, Pipeline
from salesplan.plan.model import Deal, Kpi, Unit
from salesplan.report.figures.charts import bars_chart
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import (
    CENTER,
    RIGHT,
    Column,
    Entry,
    Formula,
    Here,
    figure,
    listed,
    text,
)
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.narrative import phrases
from salesplan.report.sections import supply
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import FORECAST_COLOR, PERCENT, ROW_PIXELS, TARGET_COLOR, WHOLE
from salesplan.report.xlsx.writer import Page

FIRST, LAST = 1, 12
MOST_KPIS, MOST_UNITS, MOST_DEALS = 2, 20, 15
BESIDE_PROSPECTS = 8
"""Deals above a block of prospects, so that both stand on one page."""
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
    row = page.block(row, supply.prospects(report, page, company, row, FIRST, LAST))
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
    context, found = report.context, report.context.results.pipelines
    whole = found[kpi.code, company.code]
    below = [
        unit
        for unit in report.context.plan.children.get(company.code, ())
        if (kpi.code, unit.code) in found
    ]
    shown, rest = below[:MOST_UNITS], below[MOST_UNITS:]
    lines = [Line(context.unit_name(one.code), found[kpi.code, one.code]) for one in shown]
    if rest:
        lines.append(_others(report, kpi, [found[kpi.code, unit.code] for unit in rest]))
    lines.append(Line(context.unit_name(company.code), whole))
    name = context.kpi_with_unit(kpi)
    page.heading(row, FIRST, report.words("pipeline_by_unit", kpi=name))
    grid = listed(
        report,
        page,
        "pipeline",
        _unit_columns(report, kpi, whole),
        lines,
        row + 1,
        FIRST,
        lambda line: "total" if line.one is whole else "cell",
    )
    top, last = row + 2, row + 1 + len(lines)
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
    years = [found[kpi.code, unit.code].year for unit in shown]
    drawn = [one.deals.amount for one in years] + [one.to_go or ZERO for one in years]
    size = (page.pixels(FIRST, LAST) - 8, CHART_ROWS * ROW_PIXELS - 10)
    chart = bars_chart(
        report,
        grid.span("unit", top, top + len(shown) - 1),
        series,
        report.words("chart_pipeline", kpi=name),
        size,
        context.label_format(kpi, *drawn) or figure_format(kpi),
        below=below_zero,
    )
    page.draw(last + 2, FIRST, chart, CHART_ROWS, y_offset=4)
    return last + 2 + CHART_ROWS + 1


class Line(NamedTuple):
    """A unit's open deals; those of the units that are not listed are of the unit ""."""

    name: str
    one: Pipeline


def _unit_columns(report: Report, kpi: Kpi, whole: Pipeline) -> tuple[Column[Line], ...]:
    """What is open, what is to go, and how much of it that covers, in the year and in each of its
    quarters that is not over.
    """

    def amount(
        key: str, value: Callable[[Pipeline], Scalar], formula: Formula[Line] | None = None
    ) -> Column[Line]:
        return Column(key, lambda line: value(line.one), formula, RIGHT, figure_format(kpi))

    def covered(
        key: str, cover: Callable[[Pipeline], Cover | None], formula: Formula[Line] | None = None
    ) -> Column[Line]:
        def value(line: Line) -> Scalar:
            found = cover(line.one)
            return None if found is None else _share(found.coverage)

        def known(line: Line) -> bool:
            return bool(line.one.unit) and cover(line.one) is not None

        return Column(key, value, formula, RIGHT, PERCENT, where=known)

    def quarter(number: int) -> Column[Line]:
        return covered(f"quarter{number}", lambda one: one.quarters[number - 1])

    def coverage(line: Line, at: Here) -> str | None:
        known = line.one.year.coverage is not None
        return report.formulas.share(at("amount"), at("to_go")) if known else None

    open_quarters = [n for n, cover in enumerate(whole.quarters, 1) if cover is not None]
    return (
        Column("unit", lambda line: line.name),
        Column("count", lambda line: line.one.year.deals.count, look=RIGHT, form=WHOLE),
        amount("amount", lambda one: one.year.deals.amount),
        amount("weighted", lambda one: to_places(one.year.deals.weighted, SUM_PLACES)),
        amount("to_go", lambda one: one.year.to_go, lambda line, _: _to_go(report, line.one)),
        covered("coverage", lambda one: one.year, coverage),
        *map(quarter, open_quarters),
        amount("later", lambda one: one.later.amount or None),
        amount("slipped", lambda one: one.slipped.amount or None),
        amount("stale", lambda one: one.stale.amount or None),
    )


def _others(report: Report, kpi: Kpi, rest: Sequence[Pipeline]) -> Line:
    """The units that are not listed, with the sums of what adds up."""
    known = [one.year.to_go for one in rest if one.year.to_go is not None]
    together = Pipeline(
        kpi.code,
        "",
        Cover(Part.total(one.year.deals for one in rest), sum(known, ZERO) if known else None),
        (),
        Part.total(one.later for one in rest),
        Part.total(one.slipped for one in rest),
        Part.total(one.stale for one in rest),
    )
    return Line(report.words("others", count=str(len(rest))), together)


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
    most = BESIDE_PROSPECTS if report.context.results.prospects else MOST_DEALS
    kept = {id(one) for one in ranked[:most]}
    shown = [one for one in own if id(one) in kept]
    rest = [one for one in own if id(one) not in kept]
    later = sum(not deals.in_year(one) for one in own)
    foreign = any(one.given is not None for one in shown)
    name = report.context.kpi_name(kpi.code)
    counts = {"count": str(len(own) - later), "later": str(later)}
    page.heading(row, FIRST, report.words("pipeline_deals", kpi=name, **counts))
    columns = _deal_columns(report, deals, kpi, foreign)
    grid = listed(report, page, "pipeline", columns, shown, row + 1, FIRST)
    last = row + 2 + len(shown)
    if rest:
        grid.put(last, _rest(report, kpi, Part.of(rest)))
        last += 1
    return last + 1


def _deal_columns(
    report: Report, deals: Deals, kpi: Kpi, foreign: bool
) -> tuple[Column[Deal], ...]:
    """``foreign``: with the amounts of deals in another currency as they were typed."""
    form = figure_format(kpi)

    def weighted(one: Deal) -> Decimal:
        return to_places((one.amount or ZERO) * one.chance, SUM_PLACES)

    def weighted_formula(_: Deal, at: Here) -> str:
        return f"ROUND({at('deal_amount')}*{at('chance')},{SUM_PLACES})"

    given = (Column("given", _given, look=RIGHT),) if foreign else ()
    return (
        Column("code", lambda one: one.code or None),
        Column("customer", lambda one: one.customer or None, over=1 if foreign else 2),
        Column("product", lambda one: one.product or None),
        Column("owner", lambda one: report.context.unit_name(one.unit)),
        Column("stage", lambda one: report.context.label(one.stage), look=CENTER),
        *given,
        Column("deal_amount", lambda one: one.amount, look=RIGHT, form=form),
        Column("chance", lambda one: one.chance, look=RIGHT, form=PERCENT),
        Column("deal_weighted", weighted, weighted_formula, RIGHT, form),
        Column("due", lambda one: one.due.isoformat(), look=CENTER),
        Column("state", lambda one: _state(report, deals, one), over=2),
    )


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
