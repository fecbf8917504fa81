"""The part of the budget's sheet that looks at it month by month: where it stood at each month's
end, and which lines were near or over their grant.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesplan.engine.money.month_ends import MonthEnd
from salesplan.plan.model import BudgetStatus
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, centered, figure, text
from salesplan.report.figures.report import Report
from salesplan.report.pen import measure
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.styles import (
    LIGHT_COLORS,
    PERCENT,
    PERCENT_WHOLE,
    amount_format,
)
from salesplan.report.pen.writer import Page

KEYS = ("month", "granted", "committed", "spent", "available", "rate", "status")
FIRST = 1
AMOUNT = amount_format(2)
MOST_WATCHED = 30


def height(report: Report) -> int:
    """How many rows :func:`write` takes."""
    months = report.bookings.months
    if not months:
        return 0
    return (
        len(months) + 3 + (min(len(_watched(report)), MOST_WATCHED) + 4 if _watched(report) else 2)
    )


def write(report: Report, page: Page, row: int, granted: str) -> None:
    """The sums at each month's end, then the lines to look at. ``granted`` is the
    cell of all grants.
    """
    ends = report.context.results.budget_total_months
    if not report.bookings.months:
        return
    grid = Grid(report, page, "month_end", KEYS, FIRST)
    grid.heading(row, report.words("budget_by_month", unit=report.context.amount_unit))
    grid.heads(row + 1)
    for index, end in enumerate(ends):
        grid.put(row + 2 + index, _entries(report, grid, end, index, row + 2 + index, granted))
    first, bottom = row + 2, row + 1 + len(ends)
    page.lights(first, bottom, grid.column("status"), report.budget_lights)
    _lines(report, page, row + len(ends) + 3)


def _entries(
    report: Report, grid: Grid, end: MonthEnd, index: int, row: int, granted: str
) -> dict[str, Entry]:
    cell = {key: grid.at(key, row) for key in KEYS}
    rate: Scalar = DASH if end.rate is None else to_places(end.rate, RATE_PLACES)
    use = f"({cell['committed']}+{cell['spent']})"
    return {
        "month": text(report.context.short_month(end.month)),
        "granted": figure(end.granted, AMOUNT, granted),
        "committed": figure(end.committed, AMOUNT, report.bookings.total("committed", index)),
        "spent": figure(end.spent, AMOUNT, report.bookings.total("spent", index)),
        "available": figure(
            end.available,
            AMOUNT,
            f"ROUND({cell['granted']}-{cell['committed']}-{cell['spent']},{SUM_PLACES})",
        ),
        "rate": figure(
            rate,
            PERCENT,
            f'IF({cell["granted"]}=0,"{DASH}",ROUND({use}/{cell["granted"]},{RATE_PLACES}))',
        ),
        "status": centered(
            report.context.label(end.status),
            report.status_formula(cell["granted"], cell["committed"], cell["spent"]),
        ),
    }


def _watched(report: Report) -> Sequence[str]:
    """Codes of the lines that were near or over their grant at the end of some month."""
    known = report.context.results.budget_months
    strained = {BudgetStatus.WARNING, BudgetStatus.OVERSPENT}
    found = []
    for code in report.bookings.rows:
        if not strained.isdisjoint(end.status for end in known[code]):
            found.append(code)
    return found


def _lines(report: Report, page: Page, row: int) -> None:
    """Their use at each month's end, as on the data sheet; tinted from the thresholds on."""
    watched, bookings = _watched(report), report.bookings
    if not watched:
        page.write(row, FIRST, report.words("budget_not_watched"), report.book.style("muted"))
        return
    lines = {line.code: line for line in reversed(report.context.plan.budget)}
    page.heading(row, FIRST, report.words("budget_watched", count=str(len(watched))))
    page.keep(row, row + 1 + min(len(watched), MOST_WATCHED))
    for column, key in enumerate(("code", "category"), FIRST):
        page.put(row + 1, column, report.words(f"budget_line_{key}"), "head")
    first = FIRST + 2
    for index, month in enumerate(bookings.months):
        page.put(row + 1, first + index, report.context.short_month(month), "head")
    for offset, code in enumerate(watched[:MOST_WATCHED], row + 2):
        page.put(offset, FIRST, code, "cell", "text")
        page.put(offset, FIRST + 1, lines[code].category or DASH, "cell", "text")
        for index in range(len(bookings.months)):
            end = bookings.end(code, index)
            rate: Scalar = DASH if end.rate is None else to_places(end.rate, RATE_PLACES)
            page.put(
                offset,
                first + index,
                rate,
                "cell",
                "right",
                formula=bookings.ref(code, "rate", index),
                number_format=PERCENT_WHOLE,
            )
    area = (
        row + 2,
        first,
        row + 1 + min(len(watched), MOST_WATCHED),
        first + len(bookings.months) - 1,
    )
    for status, name in (
        (BudgetStatus.OVERSPENT, "budget_full"),
        (BudgetStatus.WARNING, "budget_warning"),
    ):
        light = next(
            light
            for light, labels in report.budget_lights.items()
            if report.context.label(status) in labels
        )
        ink, ground = LIGHT_COLORS[light]
        page.above(area, report.formulas.names[name], report.book.tint(ink, ground))
    rest = watched[MOST_WATCHED:]
    if rest:
        page.write(
            row + 2 + MOST_WATCHED, FIRST, _left_out(report, rest), report.book.style("subtitle")
        )


def _left_out(report: Report, codes: Sequence[str]) -> str:
    """The lines that are not listed, with what was approved and used of them."""
    found = [report.context.results.budget[code] for code in codes]
    granted = sum((one.granted for one in found if one.granted is not None), Decimal(0))
    use = sum((one.committed + one.spent for one in found), Decimal(0))
    return report.words(
        "watched_left_out",
        count=str(len(codes)),
        granted=measure.shown(granted, AMOUNT),
        use=measure.shown(use, AMOUNT),
        sheet=report.bookings.sheet,
    )
