"""差异分析: who makes the gap to the target, and what makes the difference to last year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

from salesplan.engine.actuals.linked_kpis import months_over
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.rate_effects import RateEffect, facts_at_budget, rate_effects
from salesplan.engine.actuals.slices import Slice
from salesplan.engine.actuals.variance import (
    CENT,
    Cause,
    Gap,
    ProductVariance,
    Variance,
    dimension_gaps,
    unit_gaps,
    variances,
)
from salesplan.plan.model import Kpi, KpiKind, Month, Unit
from salesplan.report.figures.causes import Causes
from salesplan.report.figures.context import DASH, decimals, figure_format
from salesplan.report.figures.formulas import SUM_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, TEXT, Column, Grid, Here, listed, text
from salesplan.report.figures.growth import growth_column
from salesplan.report.figures.ledger import Cell
from salesplan.report.figures.report import Report
from salesplan.report.narrative import phrases
from salesplan.report.narrative.market import variance_sentence
from salesplan.report.sections.waterfall import Step, draw, waterfall
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import (
    LAST_YEAR_COLOR,
    PERCENT,
    ROW_PIXELS,
    TARGET_COLOR,
    amount_format,
)
from salesplan.report.xlsx.writer import Page

FIRST, LAST = 1, 15
WIDTHS = (
    dict.fromkeys(range(FIRST, LAST + 1), 11.5)
    | {FIRST: 8.0, FIRST + 6: 12.5}
    | {FIRST + 1: 14.5}
    | {FIRST + 7: 12.0, FIRST + 8: 12.0, FIRST + 9: 13.0}
)
"""Of the sheet's columns, for all sections that stand on it: days, bold ones most, and what a
change is about need the wider ones.
"""
HELPERS = LAST + 2
CHART_ROWS = 8
FEW_STEPS = 3
"""With more of them between target and actual a chart's names are turned: it needs more room."""
MOST_KPIS, MOST_NAMES = 4, 10
ZERO = Decimal(0)


def write(report: Report) -> None:
    """Against the target by unit; against last year by cause; where quantities are missing, by
    name.
    """
    company = report.context.company
    plan, results, span = report.context.plan, report.context.results, report.context.looked_at
    bridged: list[tuple[Kpi, tuple[Gap, ...]]] = []
    if company is not None:
        bridged = [
            (kpi, units)
            for kpi in flows(report, company)
            if (units := unit_gaps(plan, results.attainments, kpi.code, company.code, span))
        ]
    at_budget = facts_at_budget(report.context.facts)
    causes = variances(plan, report.context.facts, results.month, results.as_of, at_budget, span)
    named = _named(report, causes) if company is not None else []
    if company is None or not (bridged or causes or named):
        return report.nothing("variance", "no_variance")
    page = report.open("variance", LAST, variance_sentence(report, company, bridged, causes))
    page.fix(WIDTHS)
    row = page.top
    blocks = [
        *(partial(_by_unit, report, page, company, *one) for one in bridged[:MOST_KPIS]),
        *(
            partial(_by_cause, report, page, plan.kpi_by_code[code], one)
            for code, one in list(causes.items())[:MOST_KPIS]
        ),
        *(partial(_by_name, report, page, *one) for one in named[:MOST_KPIS]),
    ]
    before = Counter[object]()
    on_paper = {_by_unit: 1 if causes else 2, _by_cause: 1, _by_name: 0 if causes else 1}
    folded: list[str] = []
    for block in blocks:
        first, row = row, page.block(row, block(row))
        before[block.func] += 1
        if before[block.func] > on_paper[block.func]:
            folded += page.fold_block(first, row - 1)
    row = report.say_folded(page, row, LAST, folded)
    left = _left_out(report, company, bridged, causes, named)
    if left:
        said = report.words(
            "others_left_out",
            count=str(len(left)),
            names=phrases.names(report.context, left),
        )
        page.write(row, FIRST, said, report.book.style("note", text_wrap=False))
        row += 1
    page.freeze(page.top, 0)
    page.set_print(None, LAST, area_rows=row, scale=page.scale(LAST, PRINT_SCALE))
    return None


def _left_out(
    report: Report,
    company: Unit,
    bridged: Sequence[tuple[Kpi, Sequence[Gap]]],
    causes: Mapping[str, Variance],
    named: Sequence[tuple[str, Kpi, Sequence[Gap]]],
) -> list[str]:
    """The KPIs that have no block, each with the difference that the block would be about: to its
    target, else to last year.
    """
    context, found = report.context, dict[str, str]()

    def say(key: str, kpi: Kpi, value: Decimal | None) -> None:
        worth = phrases.worth(context, kpi, value)
        found.setdefault(kpi.code, report.words(key, name=context.kpi_name(kpi.code), value=worth))

    for kpi, _ in bridged[MOST_KPIS:]:
        gap = context.results.attainments[kpi.code, company.code, context.looked_at].gap
        say("left_out_gap", kpi, gap)
    for code, one in list(causes.items())[MOST_KPIS:]:
        say("left_out_change", context.plan.kpi_by_code[code], one.total)
    for _, kpi, gaps in named[MOST_KPIS:]:
        say("left_out_change", kpi, sum((gap.gap for gap in gaps), ZERO))
    return list(found.values())


PRINT_SCALE = 74
"""Percent: title, sentence and three blocks with their charts fill a page of A4."""


def flows(report: Report, company: Unit) -> list[Kpi]:
    """The flows the company has a target and an actual of, the heaviest first."""
    span = report.context.looked_at
    found = [
        kpi
        for kpi in report.context.kpis
        if kpi.kind is KpiKind.FLOW
        and (one := report.context.results.attainments.get((kpi.code, company.code, span)))
        is not None
        and one.gap is not None
    ]
    return sorted(found, key=lambda kpi: -(kpi.weight or ZERO))


def _named(report: Report, causes: Mapping[str, Variance]) -> list[tuple[str, Kpi, Sequence[Gap]]]:
    """(dimension, KPI, gaps to last year) of what cannot be split by cause, and of the regions."""
    plan, facts, results = report.context.plan, report.context.facts, report.context.results
    span = report.context.looked_at
    found: list[tuple[str, Kpi, Sequence[Gap]]] = []
    for kpi in plan.kpis:
        for dimension in ("product", "region"):
            if dimension == "product" and kpi.code in causes:
                continue
            one = dimension_gaps(
                plan, facts, kpi.code, dimension, results.month, results.as_of, span
            )
            if len([gap for gap in one if gap.name]) > 1:
                found.append((dimension, kpi, one))
    return found


def _dashed(kpi: Kpi) -> str:
    """Signed figures with a dash for zero: a cause that plays no part is not a figure to read."""
    return (
        ";".join(amount_format(decimals(kpi.smallest_unit), sign=True).split(";")[:2])
        + f';"{DASH}"'
    )


def _by_unit(
    report: Report, page: Page, company: Unit, kpi: Kpi, found: Sequence[Gap], row: int
) -> int:
    """The company's gap by its direct units; what is on none of them stands in a row of its own."""
    rates = _rates(report, kpi, [company.code, *(gap.name for gap in found)])
    page.heading(
        row, FIRST, report.words("variance_of_target", kpi=report.context.kpi_with_unit(kpi))
    )
    lines = _unit_lines(report, company, kpi, found, rates)
    columns = _unit_columns(report, kpi)
    if not rates:
        columns = tuple(one for one in columns if one.key not in ("at_budget", "rates"))
    grid = listed(
        report,
        page,
        "variance",
        columns,
        lines,
        row + 1,
        FIRST,
        lambda line: "total" if line.part is Part.WHOLE else "cell",
    )
    high = _unit_chart(report, page, grid, kpi, lines, row)
    return row + max(1 + len(lines) + 2, high + 1)


class Part(Enum):
    """What a line of the units' table stands for."""

    UNIT = "unit"
    OTHERS = "others"
    REST = "rest"
    WHOLE = "whole"


class Line(NamedTuple):
    """A part of the company's gap, or all of it: the figures by column."""

    name: str
    part: Part
    cells: Mapping[str, Cell]

    def number(self, key: str) -> Decimal:
        """A figure; 0 where there is none."""
        return _number(self.cells[key].value) if key in self.cells else ZERO


def _unit_lines(
    report: Report,
    company: Unit,
    kpi: Kpi,
    found: Sequence[Gap],
    rates: Mapping[str, RateEffect],
) -> list[Line]:
    """The units with the largest gaps, the others together, what is on no unit, the company."""
    context = report.context

    def unit(code: str, part: Part) -> Line:
        cells = {
            key: cell
            for key in ("target", "actual", "gap", "rate")
            if (cell := report.looked_at(kpi, code, key)) is not None
        }
        return Line(context.unit_name(code), part, cells | _of_rates(rates.get(code)))

    others = found[MOST_NAMES:]
    gaps = list(found[:MOST_NAMES])
    lines = [unit(gap.name, Part.UNIT) for gap in gaps]
    if others:
        summed = _summed_gaps(report.words("others", count=str(len(others))), others)
        cells = {key: Cell(getattr(summed, side), None, "") for key, side in _SIDE.items()}
        effect = sum((_effect(rates, gap.name) for gap in others), ZERO)
        actual = summed.actual or ZERO
        if rates:
            one = RateEffect(kpi.code, summed.name, Span.YTD, actual, actual - effect)
            rates = {**rates, summed.name: one}
            cells |= _of_rates(one)
        lines.append(Line(summed.name, Part.OTHERS, cells))
        gaps.append(summed)
    whole = unit(company.code, Part.WHOLE)
    sides = {**_SIDE, **_RATES} if rates else _SIDE
    rest = {}
    for key, side in sides.items():
        of_units = sum((_part(gap, side, rates) for gap in gaps), ZERO)
        rest[key] = to_places(whole.number(key) - of_units, SUM_PLACES)
    if any(rest.values()):
        cells = {key: Cell(value, None, "") for key, value in rest.items()}
        lines.append(Line(report.words("variance_rest"), Part.REST, cells))
    return [*lines, whole]


def _of_rates(one: RateEffect | None) -> dict[str, Cell]:
    """The actual at budget rates, and the effect of rates."""
    if one is None:
        return {}
    return {
        "at_budget": Cell(to_places(one.at_budget, SUM_PLACES), None, ""),
        "rates": Cell(to_places(one.effect, SUM_PLACES), None, ""),
    }


def _unit_columns(report: Report, kpi: Kpi) -> tuple[Column[Line], ...]:
    form, signed = figure_format(kpi), amount_format(decimals(kpi.smallest_unit), sign=True)

    def amount(key: str, form: str) -> Column[Line]:
        def formula(line: Line, at: Here) -> str | None:
            """Of what is on no unit the company's less the units'; of rates what is left of the
            actual; else the data's.
            """
            if line.part is Part.REST:
                below = at.grid.at(key, at.row + 1)
                return f"ROUND({below}-SUM({at.above(key)}),{SUM_PLACES})"
            if key == "rates":
                return f"ROUND({at('actual')}-{at('at_budget')},{SUM_PLACES})"
            return line.cells[key].ref or None

        return Column(
            key,
            lambda line: line.cells[key].value,
            formula,
            RIGHT,
            form,
            where=lambda line: key in line.cells,
        )

    return (
        Column(
            "name",
            lambda line: line.name,
            look=lambda line: ("text", "muted") if line.part is Part.REST else TEXT,
            over=2,
        ),
        amount("target", form),
        amount("actual", form),
        amount("at_budget", form),
        amount("rates", signed),
        amount("gap", signed),
        amount("rate", PERCENT),
    )


def _unit_chart(
    report: Report, page: Page, grid: Grid[Line], kpi: Kpi, lines: Sequence[Line], row: int
) -> int:
    """The way from the target to the actual by unit, beside the table that begins in ``row``, the
    effect of rates apart; gives its rows.
    """
    sign = kpi.direction.sign
    *parts, whole = lines
    total = row + 1 + len(lines)
    steps = []
    for at, line in enumerate(parts, row + 2):
        gap, effect = line.number("gap"), line.number("rates")
        ref = grid.at("gap", at)
        if "rates" in grid.keys:
            ref = f"({ref}-{grid.at('rates', at)})"
        steps.append(Step(line.name, gap - effect, ref))
    if "rates" in grid.keys:
        effect = whole.number("rates")
        steps.append(Step(report.words("variance_rates"), effect, grid.at("rates", total)))
    ends = [
        Step(report.words(f"line_{key}"), whole.number(key), grid.at(key, total))
        for key in ("target", "actual")
    ]
    ranges = waterfall(report, page, (row + 1, HELPERS), (ends[0], ends[1]), steps, sign)
    title = report.words("chart_variance_target", kpi=report.context.kpi_with_unit(kpi))
    high = CHART_ROWS - 1 if len(steps) <= FEW_STEPS else CHART_ROWS + 2
    first = grid.last + 2
    size = (page.pixels(first, LAST) - 8, high * ROW_PIXELS - 10)
    chart = draw(report, ranges, title, kpi, size, sign, TARGET_COLOR)
    page.draw(row, first, chart, high, y_offset=4)
    return high


def _rates(report: Report, kpi: Kpi, units: Sequence[str]) -> dict[str, RateEffect]:
    """By unit, over the span looked at: what rates made of the KPI; empty where that is nothing of
    the company's, the first of the units.
    """
    context = report.context
    pairs = [(kpi.code, unit) for unit in units]
    found = rate_effects(context.facts, pairs, context.results.month)
    over = context.looked_at
    own = {unit: one for (_, unit, span), one in found.items() if span is over}
    if units[0] not in own or not any(one.effect for one in own.values()):
        return {}
    return own


def _effect(rates: Mapping[str, RateEffect], unit: str) -> Decimal:
    return rates[unit].effect if unit in rates else ZERO


def _part(gap: Gap, side: str, rates: Mapping[str, RateEffect]) -> Decimal:
    """A unit's figure of that column; without rows in another currency it is the same at budget
    rates.
    """
    if side == "rates":
        return _effect(rates, gap.name)
    if side == "at_budget":
        one = rates.get(gap.name)
        return _number(gap.actual) if one is None else one.at_budget
    return _number(getattr(gap, side))


_RATES = {"at_budget": "at_budget", "rates": "rates"}
_SIDE = {"target": "base", "actual": "actual", "gap": "gap"}


def _summed_gaps(name: str, gaps: Sequence[Gap]) -> Gap:
    """The gaps that are not listed, as one of that name."""
    sums = [
        sum((gap.base or ZERO for gap in gaps), ZERO),
        sum((gap.actual or ZERO for gap in gaps), ZERO),
        sum((gap.gap or ZERO for gap in gaps), ZERO),
    ]
    return Gap(name, *sums)


def _number(value: Scalar) -> Decimal:
    return value if isinstance(value, Decimal) else ZERO


def _period(report: Report) -> tuple[Month, Month]:
    """The months over of the span that are compared with last year's."""
    context, results = report.context, report.context.results
    found = months_over(context.plan, results.month, results.as_of, context.looked_at)
    return found or (context.since, context.since)


def _by_cause(report: Report, page: Page, kpi: Kpi, one: Variance, row: int) -> int:
    """Price, volume, mix, new and lost products, down to each product; the waterfall below."""
    first, last = _period(report)
    span = report.words(
        "variance_months",
        first=report.context.month_name(first),
        last=report.context.month_name(last),
    )
    name = report.context.kpi_with_unit(kpi)
    page.heading(row, FIRST, report.words("variance_of_causes", kpi=name, span=span))
    context = report.context
    company = context.company
    unit = None if company is None else company.code
    now = context.facts.split(kpi.code, ("product",), first, last, unit)
    before = context.facts.split(kpi.code, ("product",), first.plus(-12), last.plus(-12), unit)
    at_budget = facts_at_budget(context.facts)
    own = at_budget.split(kpi.code, ("product",), first, last, unit) if at_budget else {}
    smallest = kpi.smallest_unit if kpi.smallest_unit > 0 else CENT
    causes = Causes.of(one.products, before, now, smallest, own, HELPERS)
    lines = [
        Product(place, product, before.get((product.name,)), now.get((product.name,)))
        for place, product in enumerate(one.products)
    ]
    columns = [
        column
        for column in _cause_columns(report, kpi, causes)
        if column.key not in _IF_USED or _used(one, column.key)
    ]
    grid = listed(report, page, "variance", columns, lines, row + 1, FIRST)
    places = range(len(lines))
    helper = listed(report, page, "helper", causes.helpers(grid), places, row + 1, HELPERS)
    top, bottom = row + 2, row + 2 + len(lines)
    grid.sums(bottom, lines, {"product": text(report.words("sum"))})
    for key, quantity in zip(("base_going", "actual_going"), causes.quantities, strict=True):
        formula = f"ROUND(SUM({helper.at(key, top)}:{helper.at(key, bottom - 1)}),{SUM_PLACES})"
        page.put(bottom, helper.column(key), quantity, "cell", "muted", formula=formula)
    rule = report.words("variance_rule")
    if causes.rates:
        rule += report.words("variance_rates_rule")
    page.wide(bottom + 1, FIRST, LAST, rule, "note")
    return _cause_chart(report, page, grid, kpi, one, bottom)


class Product(NamedTuple):
    """A product with its place among the others, and what was sold of it last year and this."""

    place: int
    variance: ProductVariance
    before: Slice | None
    now: Slice | None


def _cause_columns(report: Report, kpi: Kpi, causes: Causes) -> tuple[Column[Product], ...]:
    """Amount, quantity and price of both years, the difference, and what made it."""
    form, signed = figure_format(kpi), _dashed(kpi)

    def amount(key: str, value: Callable[[ProductVariance], Decimal]) -> Column[Product]:
        return Column(key, lambda line: value(line.variance), look=RIGHT, form=form, adds=True)

    def sold(
        side: str,
        amount_of: Callable[[ProductVariance], Decimal],
        part: Callable[[Product], Slice | None],
    ) -> tuple[Column[Product], ...]:
        def quantity(line: Product) -> Decimal | None:
            found = part(line)
            return None if found is None else found.quantity

        def price(line: Product) -> Decimal | None:
            sold = quantity(line)
            return to_places(amount_of(line.variance) / sold, SUM_PLACES) if sold else None

        def price_formula(line: Product, at: Here) -> str | None:
            if not quantity(line):
                return None
            return f"ROUND({at(f'{side}_amount')}/{at(f'{side}_quantity')},{SUM_PLACES})"

        return (
            amount(f"{side}_amount", amount_of),
            Column(f"{side}_quantity", quantity, look=RIGHT, form="#,##0.##"),
            Column(f"{side}_price", price, price_formula, RIGHT, "#,##0.0000"),
        )

    def difference(line: Product, at: Here) -> str | None:
        one = line.variance
        if one.total != one.actual - one.base:
            return None
        return f"ROUND({at('actual_amount')}-{at('base_amount')},{SUM_PLACES})"

    made: dict[str, Mapping[Cause, str]] = {}
    """By where a row stands: by its grid, which holds these columns, they would hold each other."""

    def effects(at: Here, place: int) -> Mapping[Cause, str]:
        where = at("actual_amount")
        if where not in made:
            made[where] = causes.formulas(at, place)
        return made[where]

    def effect(cause: Cause) -> Column[Product]:
        return Column(
            cause.value,
            lambda line: line.variance.effects[cause],
            lambda line, at: effects(at, line.place).get(cause),
            RIGHT,
            signed,
            adds=True,
        )

    return (
        Column("product", lambda line: line.variance.name or report.words("nobody"), over=2),
        *sold("base", lambda one: one.base, lambda line: line.before),
        *sold("actual", lambda one: one.actual, lambda line: line.now),
        Column(
            "difference", lambda line: line.variance.total, difference, RIGHT, signed, adds=True
        ),
        *map(effect, Cause),
    )


_IF_USED = {Cause.RATES.value: Cause.RATES, Cause.OTHER.value: Cause.OTHER}
"""Columns that stand there only where they hold something."""


def _used(one: Variance, key: str) -> bool:
    cause = _IF_USED[key]
    return bool(one.effects[cause]) or any(product.effects[cause] for product in one.products)


def _cause_chart(
    report: Report, page: Page, grid: Grid[Any], kpi: Kpi, one: Variance, bottom: int
) -> int:
    sign = kpi.direction.sign
    steps = [
        Step(
            report.words(f"variance_{cause.value}"),
            one.effects[cause],
            grid.at(cause.value, bottom),
        )
        for cause in Cause
        if cause.value in grid.keys and one.effects[cause]
    ]
    levels = (
        Step(
            report.words("variance_last_year"),
            sum((product.base for product in one.products), ZERO),
            grid.at("base_amount", bottom),
        ),
        Step(
            report.words("variance_this_year"),
            sum((product.actual for product in one.products), ZERO),
            grid.at("actual_amount", bottom),
        ),
    )
    at = bottom + 2
    ranges = waterfall(report, page, (at - 1, HELPERS), levels, steps, sign)
    title = report.words("chart_variance_causes", kpi=report.context.kpi_with_unit(kpi))
    chart = draw(
        report,
        ranges,
        title,
        kpi,
        (page.pixels(FIRST, LAST) - 8, CHART_ROWS * ROW_PIXELS - 10),
        sign,
        LAST_YEAR_COLOR,
    )
    page.draw(at, FIRST, chart, CHART_ROWS, y_offset=4)
    return at + max(CHART_ROWS, len(steps) + 2) + 1


def _by_name(
    report: Report, page: Page, dimension: str, kpi: Kpi, found: Sequence[Gap], row: int
) -> int:
    """Months over against last year's by product or region, the largest difference first."""
    first, last = _period(report)
    span = report.words(
        "variance_months",
        first=report.context.month_name(first),
        last=report.context.month_name(last),
    )
    name = report.context.kpi_with_unit(kpi)
    page.heading(row, FIRST, report.words(f"variance_by_{dimension}", kpi=name, span=span))
    shown, rest = list(found[:MOST_NAMES]), found[MOST_NAMES:]
    if rest:
        shown.append(_summed_gaps(report.words("others", count=str(len(rest))), rest))
    listed(report, page, "variance", _name_columns(report, kpi), shown, row + 1, FIRST)
    return row + 2 + len(shown) + 1


def _name_columns(report: Report, kpi: Kpi) -> tuple[Column[Gap], ...]:
    form, signed = figure_format(kpi), amount_format(decimals(kpi.smallest_unit), sign=True)
    return (
        Column("name", lambda gap: gap.name or report.words("nobody"), over=2),
        Column("base", lambda gap: gap.base, look=RIGHT, form=form),
        Column("actual", lambda gap: gap.actual, look=RIGHT, form=form),
        Column(
            "gap",
            lambda gap: to_places(gap.gap, SUM_PLACES),
            lambda _, at: f"ROUND(N({at('actual')})-N({at('base')}),{SUM_PLACES})",
            RIGHT,
            signed,
        ),
        growth_column(
            report,
            "growth",
            ("actual", lambda gap: gap.actual),
            ("base", lambda gap: gap.base),
        ),
    )
