"""预算执行: the caps by category and region, use by category, and every line with its grant and
reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from salesplan.dataclass import dataclass
from salesplan.engine.money.budget import BudgetResult, BudgetSummary
from salesplan.plan.model import BudgetLine, BudgetStatus, first_by_code
from salesplan.report.figures.charts import column_chart
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import (
    CENTER,
    RIGHT,
    WRAP,
    Column,
    Entry,
    Formula,
    Grid,
    Here,
    Styles,
    listed,
    or_blank,
    text,
)
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.narrative.sentences import budget_sentence
from salesplan.report.sections import month_ends
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address
from salesplan.report.xlsx.styles import (
    ACTUAL_COLOR,
    PERCENT,
    ROW_PIXELS,
    TARGET_COLOR,
    amount_format,
)
from salesplan.report.xlsx.writer import Page

FIRST, LAST = 1, 14
"""The columns on paper; what a line brought stands beyond them."""
AMOUNT = amount_format(2)
RATIO = "0.00"
CHART_ROWS = 7
ZERO = Decimal(0)
BESIDE = FIRST + 6
"""Where the second half of the summary begins."""


def write(report: Report) -> None:
    """Summary, use by category with its chart, by month, caps, lines."""
    plan, results = report.context.plan, report.context.results
    lines = [line for line in first_by_code(plan.budget) if line.code in results.budget]
    if not lines and not results.caps:
        return report.nothing("budget", "no_budget")
    page = report.open("budget", LAST, budget_sentence(report))
    known = [Line(line, results.budget[line.code]) for line in lines]
    grid = Grid(report, page, "budget_line", _line_columns(report), FIRST)
    categories, regions = _axes(report, lines)
    places = _places(regions, lines)
    summary_at, category_at = BODY_ROW, BODY_ROW + 4
    regions_at = category_at + max(len(categories) + 4, CHART_ROWS + 1)
    months_at = regions_at + (len(places) + 4 if places else 0)
    caps_at = months_at + month_ends.height(report)
    lines_at = caps_at + (len(categories) + 6 if results.caps else 0)
    sums_at = lines_at + 2 + len(lines)
    _summary(report, page, summary_at, grid, sums_at if lines else None)
    _lines(report, page, grid, known, lines_at)
    spans = {key: grid.column_of(key, lines_at + 2, sums_at - 1) for key in grid.keys}
    by_category = Axis("category", category_at, categories, caps_at + 3, FIRST + 1 + len(regions))
    uses = _uses(report, page, by_category, spans if lines else {})
    _draw(report, page, uses, category_at, len(categories))
    if places:
        by_region = Axis("region", regions_at, places, caps_at + 3 + len(categories), FIRST + 1)
        _uses(report, page, by_region, spans if lines else {})
    if results.caps:
        _caps(report, page, categories, regions, caps_at, spans if lines else {})
    month_ends.write(report, page, months_at, grid.at("granted", sums_at))
    folded = page.fold_block(regions_at, lines_at - 1)
    end = lines_at + (len(lines) + 4 if lines else 0)
    end = report.say_folded(page, end, LAST, folded)
    page.fix(dict.fromkeys(range(FIRST + 3, LAST), _room(report, lines)))
    page.at_least(range(FIRST + 1, grid.last + 1), 9.0)
    page.sheet.freeze_panes(BODY_ROW, 0)
    page.set_print((lines_at + 1, lines_at + 1) if lines else None, LAST, area_rows=end - 1)
    return None


def _room(report: Report, lines: Sequence[BudgetLine]) -> float:
    """One width for all amounts: that of the largest, with air."""
    asked = sum((line.requested for line in lines if line.requested is not None), Decimal(0))
    largest = max(asked, report.context.plan.settings.budget_total or Decimal(0))
    return max(10.6, measure.width(measure.shown(largest, AMOUNT), bold=True) + 2.4)


def _axes(report: Report, lines: Sequence[BudgetLine]) -> tuple[list[str], list[str]]:
    """Categories and regions in the order of the caps, then those that only lines name."""
    caps = report.context.results.caps
    categories = dict.fromkeys(
        [*(cap.category for cap in caps), *(line.category for line in lines)]
    )
    return list(categories), list(dict.fromkeys(cap.region for cap in caps))


@dataclass(frozen=True, slots=True)
class Axis:
    """One margin of the caps: its names from row ``at`` + 2 on, and the cell of the caps block's
    sum of the first of them.

    The sums of the categories stand below one another, those of the regions beside one another.
    """

    key: str
    at: int
    names: Sequence[str]
    sums_row: int
    sums_column: int

    def cap(self, index: int) -> str:
        """The cell of a name's cap."""
        if self.key == "category":
            return address(self.sums_row + index, self.sums_column)
        return address(self.sums_row, self.sums_column + index)


def _places(regions: Sequence[str], lines: Sequence[BudgetLine]) -> list[str]:
    """The regions of caps and lines; none where nothing is divided by region."""
    names = list(dict.fromkeys([*regions, *(line.region for line in lines)]))
    return names if any(names) else []


def _summary(report: Report, page: Page, row: int, lines: Grid[Line], sums_at: int | None) -> None:
    """The whole budget in one line; ``sums_at`` is the row of the lines' sums, if there are any."""
    summary = report.context.results.budget_summary
    if summary is None:
        return
    page.heading(row, FIRST, report.words("budget_summary", unit=report.context.amount_unit))
    halves = _summary_columns(report, lines, sums_at)
    for columns, first in zip(halves, (FIRST, BESIDE), strict=True):
        grid = listed(report, page, "budget", columns, [summary], row + 1, first)
        for one in columns:
            value = one.value(summary)
            shown = DASH if value is None else value
            report.publish(f"budget_{one.key}", page, row + 2, grid.column(one.key), shown)


def _summary_columns(
    report: Report, lines: Grid[Line], sums_at: int | None
) -> tuple[Sequence[Column[BudgetSummary]], Sequence[Column[BudgetSummary]]]:
    """What is granted and used; what it is for, and the reserve."""

    def amount(
        key: str,
        value: Callable[[BudgetSummary], Scalar],
        formula: Formula[BudgetSummary] | None = None,
        form: str = AMOUNT,
    ) -> Column[BudgetSummary]:
        return Column(key, value, formula, ("right", "strong"), form)

    def summed(key: str, value: Callable[[BudgetSummary], Scalar]) -> Column[BudgetSummary]:
        return amount(key, value, lambda *_: None if sums_at is None else lines.at(key, sums_at))

    def use_rate(one: BudgetSummary) -> Scalar:
        used = one.committed + one.spent
        return to_places(used / one.granted, RATE_PLACES) if one.granted else None

    def use_rate_formula(_: BudgetSummary, at: Here) -> str:
        share = f"ROUND(({at('committed')}+{at('spent')})/{at('granted')},{RATE_PLACES})"
        return f'IF({at("granted")}=0,"{DASH}",{share})'

    def reserve_left(one: BudgetSummary, at: Here) -> str | None:
        if one.reserve is None:
            return None
        return f"ROUND({at('reserve')}-{at('reserve_drawn')},{SUM_PLACES})"

    return (
        (
            amount("total", lambda one: one.total),
            summed("granted", lambda one: one.granted),
            summed("committed", lambda one: one.committed),
            summed("spent", lambda one: one.spent),
            amount("use_rate", use_rate, use_rate_formula, PERCENT),
        ),
        (
            amount("granted_return", lambda one: one.granted_return),
            amount("best_return", lambda one: one.best_return),
            amount("reserve", lambda one: one.reserve),
            amount("reserve_drawn", lambda one: None if one.reserve is None else one.reserve_drawn),
            amount("reserve_left", lambda one: one.reserve_left, reserve_left),
        ),
    )


def _sum(condition: str, span: str) -> str:
    return f"ROUND(SUMPRODUCT({condition}{span}),{SUM_PLACES})"


class Use(NamedTuple):
    """A category's or region's cap with its cell, and what its lines come to. The reserve has what
    was put aside and drawn in the place of grants and spending.
    """

    name: str
    cap: Decimal | None
    cap_cell: str
    requested: Decimal
    granted: Decimal
    committed: Decimal
    spent: Decimal
    reserve: bool


def _use(report: Report, axis: Axis, index: int) -> Use:
    results, name = report.context.results, axis.names[index]
    lines = [
        Line(line, results.budget[line.code])
        for line in first_by_code(report.context.plan.budget)
        if line.code in results.budget and getattr(line, axis.key) == name
    ]
    caps = [cap.cap for cap in results.caps if getattr(cap, axis.key) == name]
    summary = results.budget_summary
    granted = sum((one.result.granted or ZERO for one in lines), ZERO)
    spent = sum((one.result.spent for one in lines), ZERO)
    reserve = axis.key == "category" and summary is not None and name == _reserve_name(report)
    if reserve and summary is not None:
        granted, spent = summary.reserve or ZERO, summary.reserve_drawn
    return Use(
        name,
        sum(caps, ZERO) if caps else None,
        axis.cap(index),
        sum((one.line.requested or ZERO for one in lines), ZERO),
        granted,
        sum((one.result.committed for one in lines), ZERO),
        spent,
        reserve,
    )


def _uses(report: Report, page: Page, axis: Axis, spans: Mapping[str, str]) -> Grid[Use]:
    """Cap, grants, use and what is left by category or by region, both margins exact."""
    heading = report.words(f"budget_by_{axis.key}", unit=report.context.amount_unit)
    page.heading(axis.at, FIRST, heading)
    page.keep(axis.at, axis.at + 1 + len(axis.names))
    uses = [_use(report, axis, index) for index in range(len(axis.names))]
    columns = _use_columns(report, axis, spans)
    grid = listed(report, page, "category", columns, uses, axis.at + 1, FIRST)
    top = axis.at + 2
    page.lights(top, top + len(uses), grid.column("status"), report.budget_lights)
    return grid


def _use_columns(report: Report, axis: Axis, spans: Mapping[str, str]) -> tuple[Column[Use], ...]:
    """``spans``: the lines' columns, which the amounts are summed over; none without lines."""
    head, unnamed = report.words("category_name"), DASH
    if axis.key == "region":
        head, unnamed = report.words("region_name"), report.words("all_regions")

    def summed(key: str, value: Callable[[Use], Decimal], of_reserve: str = "") -> Column[Use]:
        """The lines' sum; ``of_reserve`` is the cell that stands in its place for the reserve."""

        def formula(one: Use, at: Here) -> str | None:
            if one.reserve and of_reserve:
                return report.cells[of_reserve].ref
            if not spans:
                return None
            wanted = at.absolute("name") if one.name else '""'
            return _sum(f"--EXACT({spans[axis.key]},{wanted}),", spans[key])

        return Column(key, value, formula, RIGHT, AMOUNT)

    def used(one: Use) -> Decimal:
        return one.committed + one.spent

    return (
        Column("name", lambda one: one.name or unnamed, head=head),
        Column(
            "cap",
            lambda one: one.cap,
            lambda one, _: None if one.cap is None else one.cap_cell,
            RIGHT,
            AMOUNT,
        ),
        summed("requested", lambda one: one.requested),
        summed("granted", lambda one: one.granted, "budget_reserve"),
        summed("committed", lambda one: one.committed),
        summed("spent", lambda one: one.spent, "budget_reserve_drawn"),
        Column(
            "available",
            lambda one: one.granted - used(one),
            lambda _, at: _left_formula(at),
            RIGHT,
            AMOUNT,
        ),
        Column(
            "rate",
            lambda one: _rate(one.granted, used(one)),
            lambda _, at: _rate_formula(at),
            RIGHT,
            PERCENT,
        ),
        Column(
            "status",
            lambda one: _status(report, one.granted, used(one)),
            lambda _, at: report.status_formula(at("granted"), at("committed"), at("spent")),
            CENTER,
            AMOUNT,
        ),
    )


def _reserve_name(report: Report) -> str | None:
    """The category of the reserve: what it has is not approved by lines, and is used by draws."""
    context = report.context
    names = [share.name for share in context.plan.category_shares if share.reserve]
    summary = context.results.budget_summary
    known = summary is not None and summary.reserve is not None
    return names[0] if known and len(names) == 1 else None


def _number(value: Scalar) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _rate(granted: Decimal, use: Decimal) -> Scalar:
    return to_places(use / granted, RATE_PLACES) if granted else DASH


def _left_formula(at: Here) -> str:
    return f"ROUND({at('granted')}-{at('committed')}-{at('spent')},{SUM_PLACES})"


def _rate_formula(at: Here) -> str:
    granted = at("granted")
    share = f"ROUND(({at('committed')}+{at('spent')})/{granted},{RATE_PLACES})"
    return f'IF(ISNUMBER({granted}),IF({granted}=0,"{DASH}",{share}),"{DASH}")'


def _status(report: Report, granted: Decimal, use: Decimal) -> str:
    full, warning = (
        _number(report.cells[f"value_budget_{key}"].value) for key in ("full", "warning")
    )
    over, near = use > granted * full, use > granted * warning
    if over:
        return report.context.label(BudgetStatus.OVERSPENT)
    return report.context.label(BudgetStatus.WARNING if near else BudgetStatus.NORMAL)


def _draw(report: Report, page: Page, uses: Grid[Use], at: int, count: int) -> None:
    """What was granted and spent of each category, beside their table, which begins in ``at``."""
    if not count:
        return

    def span(key: str) -> str:
        return uses.span(key, at + 2, at + 1 + count)

    keys = (("granted", TARGET_COLOR), ("spent", ACTUAL_COLOR))
    series = {report.words(f"category_{key}"): (span(key), color) for key, color in keys}
    limit = {report.words("category_cap"): span("cap")} if report.context.results.caps else {}
    column = uses.last + 2
    title = report.words("chart_budget", unit=report.context.amount_unit)
    chart = column_chart(
        report,
        span("name"),
        series,
        title,
        (page.pixels(column, LAST) - 8, CHART_ROWS * ROW_PIXELS - 8),
        report.context.amount_unit,
        limit,
    )
    page.draw(at, column, chart, CHART_ROWS)


def _caps(
    report: Report,
    page: Page,
    categories: Sequence[str],
    regions: Sequence[str],
    row: int,
    spans: Mapping[str, str],
) -> None:
    """Three blocks side by side: cap, granted, left; categories down, regions across."""
    page.heading(row, FIRST, report.words("budget_caps", unit=report.context.amount_unit))
    page.keep(row, row + 3 + len(categories))
    columns = _cap_columns(report, regions, spans)
    grid = Grid(report, page, "category", columns, FIRST)
    grid.heads(row + 2)
    grid.lines(row + 3, categories)
    grid.sums(row + 3 + len(categories), categories, {"name": text(report.words("sum"))})


def _cap_columns(
    report: Report, regions: Sequence[str], spans: Mapping[str, str]
) -> tuple[Column[str], ...]:
    """Of each block a column for each region, and their sum."""
    caps = {(cap.category, cap.region): cap for cap in report.context.results.caps}

    def value(category: str, field: str, region: str) -> Decimal | None:
        cap = caps.get((category, region))
        return None if cap is None else getattr(cap, field)

    def formula(category: str, at: Here, field: str, region: str) -> str | None:
        if (category, region) not in caps:
            return None
        if field == "left":
            return f"ROUND({at(f'cap/{region}')}-{at(f'granted/{region}')},{SUM_PLACES})"
        if field == "cap" or not spans:
            return None
        condition = f"--EXACT({spans['category']},{at.absolute('name')}),"
        if region:
            head = at.absolute(f"granted/{region}", at.top - 1)
            condition += f"--EXACT({spans['region']},{head}),"
        return _sum(condition, spans["granted"])

    def block(field: str) -> tuple[Column[str], ...]:
        group = report.words(f"cap_block_{_BLOCKS[field]}")

        def of(region: str) -> Column[str]:
            return Column(
                f"{field}/{region}",
                lambda category: value(category, field, region),
                lambda category, at: formula(category, at, field, region),
                RIGHT,
                AMOUNT,
                head=region or report.words("all_regions"),
                group=group,
                adds=True,
            )

        def total(category: str) -> Decimal:
            return sum((value(category, field, region) or ZERO for region in regions), ZERO)

        def total_formula(_: str, at: Here) -> str:
            first, last = (at(f"{field}/{region}") for region in (regions[0], regions[-1]))
            return f"ROUND(SUM({first}:{last}),{SUM_PLACES})"

        return (
            *map(of, regions),
            Column(
                f"{field} sum",
                total,
                total_formula,
                ("right", "strong"),
                AMOUNT,
                head=report.words("sum"),
                group=group,
                adds=True,
            ),
        )

    return (
        Column("name", lambda category: category or None),
        *chain.from_iterable(map(block, _BLOCKS)),
    )


_BLOCKS = {"cap": "cap", "granted": "cap_granted", "left": "cap_left"}
"""The blocks of the matrix: the field of a cap that each shows, and its words."""


class Line(NamedTuple):
    """A line of the budget, and what became of it."""

    line: BudgetLine
    result: BudgetResult


def _lines(report: Report, page: Page, grid: Grid[Line], lines: Sequence[Line], row: int) -> None:
    """Every line with its grant and the reason, and their sums."""
    if not lines:
        return
    page.heading(row, FIRST, report.words("budget_lines", unit=report.context.amount_unit))
    grid.heads(row + 1)
    grid.lines(row + 2, lines)
    blank = dict.fromkeys(grid.keys, Entry(None, ()))
    grid.sums(row + 2 + len(lines), lines, blank | {"code": text(report.words("sum"))})
    for at, one in enumerate(lines, row + 2):
        granted = DASH if one.result.granted is None else one.result.granted
        report.publish(f"granted_{one.line.code}", page, at, grid.column("granted"), granted)
    bottom = row + 1 + len(lines)
    page.lights(row + 2, bottom, grid.column("status"), report.budget_lights)


def _line_columns(report: Report) -> tuple[Column[Line], ...]:
    """What was asked for, granted and why, used, and brought."""
    context, share = report.context, report.formulas.share

    def typed(
        key: str,
        value: Callable[[BudgetLine], Decimal | int | None],
        look: Styles = RIGHT,
        form: str = AMOUNT,
        adds: bool = False,
    ) -> Column[Line]:
        """As the planner typed it: blank where nothing is."""

        return Column(key, lambda one: or_blank(value(one.line)), None, look, form, adds=adds)

    def booked(key: str, value: Callable[[BudgetResult], Decimal]) -> Column[Line]:
        def formula(one: Line, _: Here) -> str | None:
            return report.bookings.booked(one.line.code, key, value(one.result))

        return Column(key, lambda one: value(one.result), formula, RIGHT, AMOUNT, adds=True)

    def rate(one: Line) -> Scalar:
        granted = one.result.granted
        return None if granted is None else _rate(granted, one.result.committed + one.result.spent)

    def ratio(
        key: str, value: Callable[[BudgetResult], Decimal | None], part: str, of: str
    ) -> Column[Line]:
        def rounded(one: Line) -> Scalar:
            found = value(one.result)
            return None if found is None else to_places(found, RATE_PLACES)

        return Column(key, rounded, lambda _, at: share(at(part), at(of)), RIGHT, RATIO)

    return (
        Column("code", lambda one: one.line.code, width=17.0),
        Column("category", lambda one: one.line.category, width=16.0),
        Column("region", lambda one: one.line.region, width=13.0),
        Column("task", lambda one: one.line.task or None, look=CENTER),
        typed("priority", lambda line: line.priority, CENTER, "0"),
        Column(
            "must", lambda one: report.words("yes") if one.line.must_have else None, look=CENTER
        ),
        typed("requested", lambda line: line.requested, adds=True),
        Column("granted", lambda one: one.result.granted, look=RIGHT, form=AMOUNT, adds=True),
        booked("committed", lambda result: result.committed),
        booked("spent", lambda result: result.spent),
        Column(
            "available",
            lambda one: one.result.available,
            lambda _, at: f'IF(ISNUMBER({at("granted")}),{_left_formula(at)},"{DASH}")',
            RIGHT,
            AMOUNT,
            adds=True,
        ),
        Column("rate", rate, lambda _, at: _rate_formula(at), RIGHT, PERCENT),
        Column(
            "status",
            lambda one: context.label(one.result.status),
            lambda _, at: report.status_formula(at("granted"), at("committed"), at("spent")),
            CENTER,
        ),
        Column("reason", lambda one: context.say(one.result.reason), look=WRAP, width=42.0),
        typed("expected_return", lambda line: line.expected_return, adds=True),
        ratio("roi", lambda result: result.roi, "expected_return", "requested"),
        Column("actual_return", lambda one: one.result.actual_return, look=RIGHT, form=AMOUNT),
        ratio("actual_roi", lambda result: result.actual_roi, "actual_return", "spent"),
    )
