"""预算执行: the caps by category and region, use by category, and every line with its grant and
reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.money.budget import BudgetResult
from salesplan.plan.model import BudgetLine, BudgetStatus, first_by_code
from salesplan.report.figures.charts import column_chart
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.narrative.sentences import budget_sentence
from salesplan.report.sections import month_ends
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address, quoted
from salesplan.report.xlsx.styles import (
    ACTUAL_COLOR,
    PERCENT,
    ROW_PIXELS,
    TARGET_COLOR,
    amount_format,
)
from salesplan.report.xlsx.writer import Page

LINE = (
    "code",
    "category",
    "region",
    "task",
    "priority",
    "must",
    "requested",
    "granted",
    "committed",
    "spent",
    "available",
    "rate",
    "status",
    "reason",
    "expected_return",
    "roi",
    "actual_return",
    "actual_roi",
)
FIRST = 1
LAST = FIRST + LINE.index("reason")
"""The last column on paper."""
WIDTHS = {FIRST: 17.0, FIRST + 1: 16.0, FIRST + 2: 13.0, LAST: 42.0}
AMOUNT = amount_format(2)
RATIO = "0.00"
CHART_ROWS = 7
CATEGORY = (
    "name",
    "cap",
    "requested",
    "granted",
    "committed",
    "spent",
    "available",
    "rate",
    "status",
)
SUMMARY = (
    "total",
    "granted",
    "committed",
    "spent",
    "use_rate",
    "granted_return",
    "best_return",
    "reserve",
    "reserve_drawn",
    "reserve_left",
)


def write(report: Report) -> None:
    """Summary, use by category with its chart, by month, caps, lines."""
    plan, results = report.context.plan, report.context.results
    lines = [line for line in first_by_code(plan.budget) if line.code in results.budget]
    if not lines and not results.caps:
        return report.nothing("budget", "no_budget")
    page = report.open("budget", LAST, budget_sentence(report))
    page.fix(WIDTHS)
    categories, regions = _axes(report, lines)
    places = _places(regions, lines)
    summary_at, category_at = BODY_ROW, BODY_ROW + 4
    regions_at = category_at + max(len(categories) + 4, CHART_ROWS + 1)
    months_at = regions_at + (len(places) + 4 if places else 0)
    caps_at = months_at + month_ends.height(report)
    lines_at = caps_at + (len(categories) + 6 if results.caps else 0)
    _summary(report, page, summary_at, lines_at, len(lines))
    _lines(report, page, lines, lines_at)
    spans = {key: _column(key, lines_at + 2, len(lines)) for key in LINE}
    by_category = _Axis("category", category_at, categories, caps_at + 3, FIRST + 1 + len(regions))
    _uses(report, page, by_category, spans if lines else {})
    _draw(report, page, category_at + 2, category_at + 1 + len(categories), category_at)
    if places:
        sums_at = caps_at + 3 + len(categories)
        by_region = _Axis("region", regions_at, places, sums_at, FIRST + 1)
        _uses(report, page, by_region, spans if lines else {})
    if results.caps:
        _caps(report, page, categories, regions, caps_at, spans if lines else {})
    month_ends.write(
        report,
        page,
        months_at,
        address(lines_at + 2 + len(lines), FIRST + LINE.index("granted")),
    )
    folded = page.fold_block(regions_at, lines_at - 1)
    end = lines_at + (len(lines) + 4 if lines else 0)
    end = report.say_folded(page, end, LAST, folded)
    page.fix(dict.fromkeys(range(FIRST + 3, LAST), _room(report, lines)))
    page.at_least(range(FIRST + 1, FIRST + len(LINE)), 9.0)
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
class _Axis:
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
        if self.key == "category":
            return address(self.sums_row + index, self.sums_column)
        return address(self.sums_row, self.sums_column + index)


def _places(regions: Sequence[str], lines: Sequence[BudgetLine]) -> list[str]:
    """The regions of caps and lines; none where nothing is divided by region."""
    names = list(dict.fromkeys([*regions, *(line.region for line in lines)]))
    return names if any(names) else []


def _column(key: str, first: int, count: int) -> str:
    column = FIRST + LINE.index(key)
    return f"{address(first, column, True)}:{address(first + count - 1, column, True)}"


def _summary(report: Report, page: Page, row: int, lines_at: int, count: int) -> None:
    summary = report.context.results.budget_summary
    if summary is None:
        return
    page.heading(row, FIRST, report.words("budget_summary", unit=report.context.amount_unit))
    totals = (
        {
            key: address(lines_at + 2 + count, FIRST + LINE.index(key))
            for key in ("granted", "committed", "spent")
        }
        if count
        else {}
    )
    use = summary.committed + summary.spent
    values: dict[str, Scalar] = {
        "total": summary.total,
        "granted": summary.granted,
        "committed": summary.committed,
        "spent": summary.spent,
        "use_rate": to_places(use / summary.granted, RATE_PLACES) if summary.granted else DASH,
        "granted_return": summary.granted_return,
        "best_return": summary.best_return,
        "reserve": summary.reserve,
        "reserve_drawn": summary.reserve_drawn if summary.reserve is not None else None,
        "reserve_left": summary.reserve_left,
    }
    places = {
        key: FIRST + offset
        for offset, key in enumerate(("total", "granted", "committed", "spent", "use_rate"))
    }
    places |= {key: FIRST + offset for offset, key in enumerate(SUMMARY[5:], len(places) + 1)}
    for key, column in places.items():
        value = values[key] if values[key] is not None else DASH
        formula = totals.get(key)
        if key == "use_rate":
            granted, both = (
                address(row + 2, places["granted"]),
                f"({address(row + 2, places['committed'])}+{address(row + 2, places['spent'])})",
            )
            formula = f'IF({granted}=0,"{DASH}",ROUND({both}/{granted},{RATE_PLACES}))'
        elif key == "reserve_left" and summary.reserve is not None:
            reserve, drawn = (
                address(row + 2, places[name]) for name in ("reserve", "reserve_drawn")
            )
            formula = f"ROUND({reserve}-{drawn},{SUM_PLACES})"
        page.put(row + 1, column, report.words(f"budget_{key}"), "head")
        page.put(
            row + 2,
            column,
            value,
            "cell",
            "right",
            "strong",
            formula=formula,
            number_format=PERCENT if key == "use_rate" else AMOUNT,
        )
        report.publish(f"budget_{key}", page, row + 2, column, value)


def _sum(condition: str, span: str) -> str:
    return f"ROUND(SUMPRODUCT({condition}{span}),{SUM_PLACES})"


_NAMES = {"category": "category_name", "region": "region_name"}
"""The head over the names of each axis."""


def _uses(report: Report, page: Page, axis: _Axis, spans: dict[str, str]) -> None:
    """Cap, grants, use and what is left by category or by region (both margins)."""
    heading = report.words(f"budget_by_{axis.key}", unit=report.context.amount_unit)
    page.heading(axis.at, FIRST, heading)
    page.keep(axis.at, axis.at + 1 + len(axis.names))
    for offset, key in enumerate(CATEGORY):
        said = _NAMES[axis.key] if key == "name" else f"category_{key}"
        page.put(axis.at + 1, FIRST + offset, report.words(said), "head")
    top = axis.at + 2
    for index, name in enumerate(axis.names):
        blank = report.words("all_regions") if axis.key == "region" else DASH
        page.put(top + index, FIRST, name or blank, "cell", "text")
        _use(report, page, axis, index, spans)
    page.lights(top, top + len(axis.names), FIRST + CATEGORY.index("status"), report.budget_lights)


def _use(report: Report, page: Page, axis: _Axis, index: int, spans: dict[str, str]) -> None:
    results, name, row = report.context.results, axis.names[index], axis.at + 2 + index
    cap_cell = axis.cap(index)
    lines = [
        line
        for line in first_by_code(report.context.plan.budget)
        if line.code in results.budget and getattr(line, axis.key) == name
    ]
    wanted = address(row, FIRST, True) if name else '""'
    mine = f"--EXACT({spans[axis.key]},{wanted})," if spans else ""
    cell = {key: address(row, FIRST + offset) for offset, key in enumerate(CATEGORY)}
    caps = [cap.cap for cap in results.caps if getattr(cap, axis.key) == name]
    values: dict[str, Scalar] = {"cap": sum(caps, Decimal(0)) if caps else DASH}
    formulas: dict[str, str | None] = {"cap": cap_cell if caps else None}
    values["requested"] = sum(
        (line.requested for line in lines if line.requested is not None), Decimal(0)
    )
    for key in ("granted", "committed", "spent"):
        amounts = [getattr(results.budget[line.code], key) for line in lines]
        values[key] = sum((amount for amount in amounts if amount is not None), Decimal(0))
    for key in ("requested", "granted", "committed", "spent"):
        formulas[key] = _sum(mine, spans[key]) if spans else None
    summary = results.budget_summary
    if axis.key == "category" and summary is not None and name == _reserve_name(report):
        values |= {"granted": summary.reserve, "spent": summary.reserve_drawn}
        formulas["granted"] = report.cells["budget_reserve"].ref
        formulas["spent"] = report.cells["budget_reserve_drawn"].ref
    granted, use = (
        _number(values["granted"]),
        _number(values["committed"]) + _number(values["spent"]),
    )
    values["available"], formulas["available"] = (
        granted - use,
        f"ROUND({cell['granted']}-{cell['committed']}-{cell['spent']},{SUM_PLACES})",
    )
    values["rate"], formulas["rate"] = _rate(granted, use), _rate_formula(cell)
    values["status"], formulas["status"] = (
        _status(report, granted, use),
        report.status_formula(cell["granted"], cell["committed"], cell["spent"]),
    )
    for offset, key in enumerate(CATEGORY[1:], 1):
        align = "center" if key == "status" else "right"
        page.put(
            row,
            FIRST + offset,
            values[key],
            "cell",
            align,
            formula=formulas[key],
            number_format=PERCENT if key == "rate" else AMOUNT,
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


def _rate_formula(cell: dict[str, str]) -> str:
    return (
        f'IF(ISNUMBER({cell["granted"]}),IF({cell["granted"]}=0,"{DASH}",'
        f'ROUND(({cell["committed"]}+{cell["spent"]})/{cell["granted"]},{RATE_PLACES})),"{DASH}")'
    )


def _status(report: Report, granted: Decimal, use: Decimal) -> str:
    full, warning = (
        _number(report.cells[f"value_budget_{key}"].value) for key in ("full", "warning")
    )
    over, near = use > granted * full, use > granted * warning
    if over:
        return report.context.label(BudgetStatus.OVERSPENT)
    return report.context.label(BudgetStatus.WARNING if near else BudgetStatus.NORMAL)


def _draw(report: Report, page: Page, first: int, last: int, at: int) -> None:
    sheet = quoted(page.name)

    def span(key: str) -> str:
        column = FIRST + CATEGORY.index(key)
        return f"={sheet}!{address(first, column, True)}:{address(last, column, True)}"

    if last < first:
        return
    keys = (("granted", TARGET_COLOR), ("spent", ACTUAL_COLOR))
    series = {report.words(f"category_{key}"): (span(key), color) for key, color in keys}
    limit = {report.words("category_cap"): span("cap")} if report.context.results.caps else {}
    column = FIRST + len(CATEGORY) + 1
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
    categories: list[str],
    regions: list[str],
    row: int,
    spans: dict[str, str],
) -> None:
    """Three blocks side by side: cap, granted, left; categories down, regions across."""
    page.heading(row, FIRST, report.words("budget_caps", unit=report.context.amount_unit))
    page.keep(row, row + 3 + len(categories))
    page.put(row + 2, FIRST, report.words("category_name"), "head")
    for index, category in enumerate(categories):
        page.put(row + 3 + index, FIRST, category or DASH, "cell", "text")
    page.put(row + 3 + len(categories), FIRST, report.words("sum"), "total", "text")
    for block, key in enumerate(_BLOCKS):
        start = FIRST + 1 + block * (len(regions) + 1)
        page.wide(row + 1, start, start + len(regions), report.words(f"cap_block_{key}"), "group")
        for offset, region in enumerate([*regions, None]):
            title = (
                report.words("sum") if region is None else (region or report.words("all_regions"))
            )
            page.put(row + 2, start + offset, title, "head")
        for index, category in enumerate(categories):
            _cap_row(report, page, key, category, regions, (row + 3 + index, row + 2), start, spans)
        _cap_totals(report, page, key, regions, (row + 3, row + 3 + len(categories)), start)


_BLOCKS = {"cap": "cap", "cap_granted": "granted", "cap_left": "left"}
"""The blocks of the matrix: words key, and the field of a cap that each shows."""


def _cap_row(
    report: Report,
    page: Page,
    key: str,
    category: str,
    regions: list[str],
    rows: tuple[int, int],
    start: int,
    spans: dict[str, str],
) -> None:
    """One category of one block: its regions and their sum. ``rows`` are its own and the
    headings'.
    """
    at, head = rows
    caps = {cap.region: cap for cap in report.context.results.caps if cap.category == category}
    for offset, region in enumerate(regions):
        cap = caps.get(region)
        formula: str | None = None
        if key == "cap_granted" and spans:
            condition = f"--EXACT({spans['category']},{address(at, FIRST, True)}),"
            if region:
                condition += f"--EXACT({spans['region']},{address(head, start + offset, True)}),"
            formula = _sum(condition, spans["granted"])
        elif key == "cap_left":
            of_cap, of_granted = (
                address(at, FIRST + 1 + block * (len(regions) + 1) + offset) for block in (0, 1)
            )
            formula = f"ROUND({of_cap}-{of_granted},{SUM_PLACES})"
        value: Scalar = DASH if cap is None else getattr(cap, _BLOCKS[key])
        page.put(
            at,
            start + offset,
            value,
            "cell",
            "right",
            formula=formula if cap is not None else None,
            number_format=AMOUNT,
        )
    total = sum((getattr(cap, _BLOCKS[key]) for cap in caps.values()), Decimal(0))
    span = f"{address(at, start)}:{address(at, start + len(regions) - 1)}"
    page.put(
        at,
        start + len(regions),
        total,
        "cell",
        "right",
        "strong",
        formula=f"ROUND(SUM({span}),{SUM_PLACES})",
        number_format=AMOUNT,
    )


def _cap_totals(
    report: Report, page: Page, key: str, regions: list[str], rows: tuple[int, int], start: int
) -> None:
    """The sums under one block; ``rows`` are its first and the one after its last."""
    first, bottom = rows
    for offset in range(len(regions) + 1):
        chosen = [
            cap
            for cap in report.context.results.caps
            if offset == len(regions) or cap.region == regions[offset]
        ]
        total = sum((getattr(cap, _BLOCKS[key]) for cap in chosen), Decimal(0))
        span = f"{address(first, start + offset)}:{address(bottom - 1, start + offset)}"
        page.put(
            bottom,
            start + offset,
            total,
            "total",
            "right",
            formula=f"ROUND(SUM({span}),{SUM_PLACES})",
            number_format=AMOUNT,
        )


def _lines(report: Report, page: Page, lines: Sequence[BudgetLine], row: int) -> None:
    if not lines:
        return
    page.heading(row, FIRST, report.words("budget_lines", unit=report.context.amount_unit))
    for offset, key in enumerate(LINE):
        page.put(row + 1, FIRST + offset, report.words(f"budget_line_{key}"), "head")
    top = row + 2
    for index, line in enumerate(lines):
        _line(report, page, line, report.context.results.budget[line.code], top + index)
    bottom = top + len(lines)
    page.put(bottom, FIRST, report.words("sum"), "total", "text")
    for offset, key in enumerate(LINE[1:], 1):
        if key in ("requested", "granted", "committed", "spent", "available", "expected_return"):
            amounts = [_of(line, report.context.results.budget[line.code], key) for line in lines]
            total = sum((amount for amount in amounts if amount is not None), Decimal(0))
            span = f"{address(top, FIRST + offset)}:{address(bottom - 1, FIRST + offset)}"
            page.put(
                bottom,
                FIRST + offset,
                total,
                "total",
                "right",
                formula=f"ROUND(SUM({span}),{SUM_PLACES})",
                number_format=AMOUNT,
            )
        else:
            page.put(bottom, FIRST + offset, None, "total")
    page.lights(top, bottom - 1, FIRST + LINE.index("status"), report.budget_lights)


def _of(line: BudgetLine, result: BudgetResult, key: str) -> Decimal | None:
    found: Decimal | None = getattr(
        line if key in ("requested", "expected_return") else result, key
    )
    return found


def _line(report: Report, page: Page, line: BudgetLine, result: BudgetResult, row: int) -> None:
    context = report.context
    cell = {key: address(row, FIRST + offset) for offset, key in enumerate(LINE)}
    yes = report.words("yes") if line.must_have else DASH
    granted = result.granted
    roi = None if result.roi is None else to_places(result.roi, RATE_PLACES)
    actual_roi = None if result.actual_roi is None else to_places(result.actual_roi, RATE_PLACES)
    cells: dict[str, tuple[Scalar, str, str | None, str]] = {
        "code": (line.code, "text", None, ""),
        "category": (line.category, "text", None, ""),
        "region": (line.region, "text", None, ""),
        "task": (line.task or DASH, "center", None, ""),
        "priority": (line.priority, "center", None, "0"),
        "must": (yes, "center", None, ""),
        "requested": (line.requested, "right", None, AMOUNT),
        "granted": (granted if granted is not None else DASH, "right", None, AMOUNT),
        "reason": (context.say(result.reason), "wrap", None, ""),
        "committed": (
            result.committed,
            "right",
            report.bookings.booked(line.code, "committed", result.committed),
            AMOUNT,
        ),
        "spent": (
            result.spent,
            "right",
            report.bookings.booked(line.code, "spent", result.spent),
            AMOUNT,
        ),
        "available": (
            result.available if result.available is not None else DASH,
            "right",
            f"IF(ISNUMBER({cell['granted']}),"
            f'ROUND({cell["granted"]}-{cell["committed"]}-{cell["spent"]},{SUM_PLACES}),"{DASH}")',
            AMOUNT,
        ),
        "rate": (
            _rate(granted, result.committed + result.spent) if granted is not None else DASH,
            "right",
            _rate_formula(cell),
            PERCENT,
        ),
        "status": (
            context.label(result.status),
            "center",
            report.status_formula(cell["granted"], cell["committed"], cell["spent"]),
            "",
        ),
        "expected_return": (line.expected_return, "right", None, AMOUNT),
        "roi": (
            roi if roi is not None else DASH,
            "right",
            report.formulas.share(cell["expected_return"], cell["requested"]),
            RATIO,
        ),
        "actual_return": (
            result.actual_return if result.actual_return is not None else DASH,
            "right",
            None,
            AMOUNT,
        ),
        "actual_roi": (
            actual_roi if actual_roi is not None else DASH,
            "right",
            report.formulas.share(cell["actual_return"], cell["spent"]),
            RATIO,
        ),
    }
    for offset, key in enumerate(LINE):
        value, align, formula, number_format = cells[key]
        page.put(
            row, FIRST + offset, value, "cell", align, formula=formula, number_format=number_format
        )
    report.publish(
        f"granted_{line.code}", page, row, FIRST + LINE.index("granted"), cells["granted"][0]
    )
