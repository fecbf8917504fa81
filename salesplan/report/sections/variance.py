"""差异分析: who makes the gap to the target, and what makes the difference to last year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from salesplan.engine.actuals.linked_kpis import closed_months
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.rate_effects import RateEffect, facts_at_budget, rate_effects
from salesplan.engine.actuals.slices import Slice
from salesplan.engine.actuals.variance import (
    CENT,
    Cause,
    Gap,
    Variance,
    dimension_gaps,
    unit_gaps,
    variances,
)
from salesplan.plan.model import Direction, Kpi, KpiKind, Month, Unit
from salesplan.report.figures.causes import HELPERS as HELPER_KEYS
from salesplan.report.figures.causes import OWN, Causes
from salesplan.report.figures.context import DASH, decimals, figure_format
from salesplan.report.figures.formulas import SUM_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, bare, figure, text
from salesplan.report.figures.growth import growth_entry
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
    | {FIRST: 8.0, FIRST + 6: 13.5}
    | {FIRST + 1: 14.5}
    | dict.fromkeys(range(FIRST + 7, FIRST + 10), 12.0)
)
"""Of the sheet's columns, for all sections that stand on it: days and what a change is about need
the wider ones.
"""
NAMES = {"name": 2, "product": 2}
"""A name lies over the first two of them."""
HELPERS = LAST + 2
CHART_ROWS = 8
FEW_STEPS = 3
"""With more of them between target and actual a chart's names are turned: it needs more room."""
MOST_KPIS, MOST_NAMES = 4, 10
UNIT = ("name", "target", "actual", "gap", "rate")
UNIT_WITH_RATES = ("name", "target", "actual", "at_budget", "rates", "gap", "rate")
PRODUCT = (
    "product",
    "base_amount",
    "base_quantity",
    "base_price",
    "actual_amount",
    "actual_quantity",
    "actual_price",
    "difference",
    *(cause.value for cause in Cause),
)
NAMED = ("name", "base", "actual", "gap", "growth")
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
    sides = {**_SIDE, **_RATES} if rates else _SIDE
    grid = Grid(report, page, "variance", bare(UNIT_WITH_RATES if rates else UNIT, NAMES), FIRST)
    chart_at = grid.last + 2
    grid.heading(row, report.words("variance_of_target", kpi=report.context.kpi_with_unit(kpi)))
    grid.heads(row + 1)
    form, signed = figure_format(kpi), amount_format(decimals(kpi.smallest_unit), sign=True)
    sign = 1 if kpi.direction is Direction.HIGHER else -1
    shown, others, top = found[:MOST_NAMES], found[MOST_NAMES:], row + 2
    bottom = top + len(shown) + bool(others)
    for index, gap in enumerate(shown):
        at = top + index
        entries = {"name": text(report.context.unit_name(gap.name))}
        for key in ("target", "actual", "gap", "rate"):
            cell = report.looked_at(kpi, gap.name, key)
            if cell is not None:
                entries[key] = figure(
                    cell.value, {"gap": signed, "rate": PERCENT}.get(key, form), cell.ref
                )
        if gap.name in rates:
            entries |= _rate_entries(grid, at, rates[gap.name], form, signed)
        grid.put(at, entries)
    if others:
        summed = _summed_gaps(report.words("others", count=str(len(others))), others)
        shown = [*shown, summed]
        entries = {"name": text(summed.name)}
        for key, side in _SIDE.items():
            entries[key] = figure(getattr(summed, side), signed if key == "gap" else form)
        if rates:
            rates[summed.name] = _summed_rates(kpi, summed, [gap.name for gap in others], rates)
            entries |= _rate_entries(grid, bottom - 1, rates[summed.name], form, signed)
        grid.put(bottom - 1, entries)
    whole = {
        key: cell
        for key in ("target", "actual", "gap", "rate")
        if (cell := report.looked_at(kpi, company.code, key))
    }
    values = {key: _number(cell.value) for key, cell in whole.items()}
    if company.code in rates:
        values["at_budget"] = rates[company.code].at_budget
        values["rates"] = rates[company.code].effect
    rest = {}
    for key, side in sides.items():
        of_units = [_part(gap, side, rates) for gap in shown]
        rest[key] = to_places(values[key] - sum(of_units, ZERO), SUM_PLACES)
    has_rest = any(rest.values())
    total = bottom + has_rest
    if has_rest:
        entries = {"name": text(report.words("variance_rest"), "muted")}
        for key in sides:
            formula = (
                f"ROUND({grid.at(key, total)}-SUM({grid.at(key, top)}:{grid.at(key, bottom - 1)}),"
                f"{SUM_PLACES})"
            )
            entries[key] = figure(rest[key], signed if key in ("gap", "rates") else form, formula)
        grid.put(bottom, entries)
    entries = {"name": text(report.context.unit_name(company.code))}
    entries |= {
        key: figure(cell.value, {"gap": signed, "rate": PERCENT}.get(key, form), cell.ref)
        for key, cell in whole.items()
    }
    if company.code in rates:
        entries |= _rate_entries(grid, total, rates[company.code], form, signed)
    grid.put(total, entries, "total")
    steps = []
    for index, gap in enumerate(shown):
        is_others = bool(others) and gap is shown[-1]
        name = gap.name if is_others else report.context.unit_name(gap.name)
        steps.append(_step(grid, name, top + index, gap.gap, _effect(rates, gap.name)))
    if has_rest:
        of_rates = rest.get("rates", ZERO)
        steps.append(_step(grid, report.words("variance_rest"), bottom, rest["gap"], of_rates))
    if rates:
        effect = values["rates"]
        steps.append(Step(report.words("variance_rates"), effect, grid.at("rates", total)))
    levels = (
        Step(report.words("line_target"), _number(whole["target"].value), grid.at("target", total)),
        Step(report.words("line_actual"), _number(whole["actual"].value), grid.at("actual", total)),
    )
    ranges = waterfall(report, page, (row + 1, HELPERS), levels, steps, sign)
    title = report.words("chart_variance_target", kpi=report.context.kpi_with_unit(kpi))
    high = CHART_ROWS - 1 if len(steps) <= FEW_STEPS else CHART_ROWS + 2
    chart = draw(
        report,
        ranges,
        title,
        form,
        (page.pixels(chart_at, LAST) - 8, high * ROW_PIXELS - 10),
        sign,
        TARGET_COLOR,
    )
    page.draw(row, chart_at, chart, high, y_offset=4)
    last = max(total - row + 2, high + 1)
    return row + last


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


def _rate_entries(
    grid: Grid[Any], at: int, one: RateEffect, form: str, signed: str
) -> dict[str, Entry]:
    """The actual at budget rates, and the effect of rates as what is left of the actual."""
    formula = f"ROUND({grid.at('actual', at)}-{grid.at('at_budget', at)},{SUM_PLACES})"
    return {
        "at_budget": figure(to_places(one.at_budget, SUM_PLACES), form),
        "rates": figure(to_places(one.effect, SUM_PLACES), signed, formula),
    }


def _summed_rates(
    kpi: Kpi, summed: Gap, units: Sequence[str], rates: Mapping[str, RateEffect]
) -> RateEffect:
    actual = summed.actual or ZERO
    effect = sum((_effect(rates, unit) for unit in units), ZERO)
    return RateEffect(kpi.code, summed.name, Span.YTD, actual, actual - effect)


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


def _step(grid: Grid[Any], name: str, at: int, gap: Decimal, effect: Decimal) -> Step:
    """A row's part of the difference to the target, without that of rates."""
    if "rates" not in grid.keys:
        return Step(name, gap, grid.at("gap", at))
    return Step(name, gap - effect, f"({grid.at('gap', at)}-{grid.at('rates', at)})")


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
    """The closed months of the span that are compared with last year's."""
    context, results = report.context, report.context.results
    found = closed_months(context.plan, results.month, results.as_of, context.looked_at)
    return found or (context.since, context.since)


def _by_cause(report: Report, page: Page, kpi: Kpi, one: Variance, row: int) -> int:
    """Price, volume, mix, new and lost products, down to each product; the waterfall below."""
    keys = tuple(key for key in PRODUCT if key not in _IF_USED or _used(one, key))
    grid = Grid(report, page, "variance", bare(keys, NAMES), FIRST)
    first, last = _period(report)
    span = report.words(
        "variance_months",
        first=report.context.month_name(first),
        last=report.context.month_name(last),
    )
    grid.heading(
        row, report.words("variance_of_causes", kpi=report.context.kpi_with_unit(kpi), span=span)
    )
    grid.heads(row + 1)
    context = report.context
    company = context.company
    unit = None if company is None else company.code
    now = context.facts.split(kpi.code, ("product",), first, last, unit)
    before = context.facts.split(kpi.code, ("product",), first.plus(-12), last.plus(-12), unit)
    form, signed = figure_format(kpi), _dashed(kpi)
    top, bottom = row + 2, row + 2 + len(one.products)
    at_budget = facts_at_budget(context.facts)
    own = at_budget.split(kpi.code, ("product",), first, last, unit) if at_budget else {}
    smallest = kpi.smallest_unit if kpi.smallest_unit > 0 else CENT
    causes = Causes.of(one.products, before, now, smallest, own)
    helper_keys = (*HELPER_KEYS, OWN) if causes.rates else HELPER_KEYS
    helper = Grid(report, page, "helper", bare(helper_keys), HELPERS)
    helper.heads(row + 1)
    for index, product in enumerate(one.products):
        at = top + index
        entries = {"product": text(product.name or report.words("nobody"))}
        for side, amount, slice_ in (
            ("base", product.base, before.get((product.name,))),
            ("actual", product.actual, now.get((product.name,))),
        ):
            entries |= _side(grid, at, side, amount, slice_, form)
        difference = (
            f"ROUND({grid.at('actual_amount', at)}-{grid.at('base_amount', at)},{SUM_PLACES})"
        )
        follows = product.total == product.actual - product.base
        entries["difference"] = figure(product.total, signed, difference if follows else None)
        formulas = causes.formulas(grid, helper, at, index, bottom)
        entries |= {
            cause.value: figure(product.effects[cause], signed, formulas.get(cause))
            for cause in Cause
            if cause.value in keys
        }
        grid.put(at, entries)
        helper.put(
            at,
            {
                key: figure(value, "General", formula, "muted")
                for key, (value, formula) in causes.helpers(grid, helper, at, index).items()
            },
        )
    totals: dict[str, tuple[Decimal, str]] = {
        "base_amount": (sum((product.base for product in one.products), ZERO), form),
        "difference": (one.total, signed),
        "actual_amount": (sum((product.actual for product in one.products), ZERO), form),
    }
    totals |= {cause.value: (one.effects[cause], signed) for cause in Cause if cause.value in keys}
    entries = {"product": text(report.words("sum"))}
    for key, (value, number_format) in totals.items():
        entries[key] = figure(
            value,
            number_format,
            f"ROUND(SUM({grid.at(key, top)}:{grid.at(key, bottom - 1)}),{SUM_PLACES})",
        )
    grid.put(bottom, entries, "total")
    for key, quantity in zip(("base_going", "actual_going"), causes.quantities, strict=True):
        formula = f"ROUND(SUM({helper.at(key, top)}:{helper.at(key, bottom - 1)}),{SUM_PLACES})"
        page.put(bottom, helper.column(key), quantity, "cell", "muted", formula=formula)
    rule = report.words("variance_rule")
    if causes.rates:
        rule += report.words("variance_rates_rule")
    page.wide(bottom + 1, FIRST, LAST, rule, "note")
    return _cause_chart(report, page, grid, kpi, one, bottom)


_IF_USED = {Cause.RATES.value: Cause.RATES, Cause.OTHER.value: Cause.OTHER}
"""Columns that stand there only where they hold something."""


def _used(one: Variance, key: str) -> bool:
    cause = _IF_USED[key]
    return bool(one.effects[cause]) or any(product.effects[cause] for product in one.products)


def _side(
    grid: Grid[Any], at: int, side: str, amount: Decimal, slice_: Slice | None, form: str
) -> dict[str, Entry]:
    """Amount, quantity and the price that follows from them."""
    quantity = None if slice_ is None else slice_.quantity
    price = to_places(amount / quantity, SUM_PLACES) if quantity else None
    formula = (
        f"ROUND({grid.at(f'{side}_amount', at)}/{grid.at(f'{side}_quantity', at)},{SUM_PLACES})"
        if quantity
        else None
    )
    return {
        f"{side}_amount": figure(amount, form),
        f"{side}_quantity": figure(quantity, "#,##0.##"),
        f"{side}_price": figure(price, "#,##0.0000", formula),
    }


def _cause_chart(
    report: Report, page: Page, grid: Grid[Any], kpi: Kpi, one: Variance, bottom: int
) -> int:
    sign = 1 if kpi.direction is Direction.HIGHER else -1
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
        figure_format(kpi),
        (page.pixels(FIRST, LAST) - 8, CHART_ROWS * ROW_PIXELS - 10),
        sign,
        LAST_YEAR_COLOR,
    )
    page.draw(at, FIRST, chart, CHART_ROWS, y_offset=4)
    return at + max(CHART_ROWS, len(steps) + 2) + 1


def _by_name(
    report: Report, page: Page, dimension: str, kpi: Kpi, found: Sequence[Gap], row: int
) -> int:
    """Closed months against last year's by product or region, the largest difference first."""
    grid = Grid(report, page, "variance", bare(NAMED, NAMES), FIRST)
    first, last = _period(report)
    span = report.words(
        "variance_months",
        first=report.context.month_name(first),
        last=report.context.month_name(last),
    )
    grid.heading(
        row,
        report.words(f"variance_by_{dimension}", kpi=report.context.kpi_with_unit(kpi), span=span),
    )
    grid.heads(row + 1)
    form, signed = figure_format(kpi), amount_format(decimals(kpi.smallest_unit), sign=True)
    shown, rest = list(found[:MOST_NAMES]), found[MOST_NAMES:]
    if rest:
        shown.append(_summed_gaps(report.words("others", count=str(len(rest))), rest))
    for index, gap in enumerate(shown):
        at = row + 2 + index
        base, actual = grid.at("base", at), grid.at("actual", at)
        grid.put(
            at,
            {
                "name": text(gap.name or report.words("nobody")),
                "base": figure(gap.base, form),
                "actual": figure(gap.actual, form),
                "gap": figure(
                    to_places(gap.gap, SUM_PLACES),
                    signed,
                    f"ROUND(N({actual})-N({base}),{SUM_PLACES})",
                ),
                "growth": growth_entry(report, gap.actual, gap.base, actual, base),
            },
        )
    return row + 2 + len(shown) + 1
