"""数据-预算: what was booked on each budget line in each month, and how the line stood at the
month's end.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

from salesplan.plan.model import BudgetStatus
from salesplan.report.figures.bookings import DERIVED, FIRST_ROW, IDENTITY, SIDES
from salesplan.report.figures.ledger_rows import table_rows
from salesplan.report.figures.report import Report
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.styles import PERCENT, amount_format
from salesplan.report.xlsx.writer import Page

AMOUNT = amount_format(2)


def write(report: Report) -> None:
    """One row a line; nothing where there is none."""
    bookings = report.bookings
    if not bookings.rows:
        return
    page = report.open_data("bookings", column=len(IDENTITY))
    _heads(report, page)
    style, count = report.book.style, len(bookings.months)
    text, amount, percent, center = (
        style("cell", "text"),
        style("cell", "right", num_format=AMOUNT),
        style("cell", "right", num_format=PERCENT),
        style("cell", "center"),
    )
    model = [
        text,
        text,
        amount,
        *[amount] * (len(SIDES) * count),
        *[amount] * count,
        *[percent] * count,
        *[center] * count,
    ]
    granted = {
        code: cell.ref
        for code in bookings.rows
        if (cell := report.cells.get(f"granted_{code}")) is not None
    }

    def status(given: str, use: str) -> str:
        return report.status_formula(given, use, "0")

    last = FIRST_ROW + len(bookings.rows) - 2
    page.stream(
        FIRST_ROW - 1,
        len(bookings.rows),
        [model],
        lambda pen: table_rows(
            bookings.written(granted, report.context.label, status), FIRST_ROW, pen
        ),
    )
    for index in range(count):
        page.lights(FIRST_ROW - 1, last, bookings.column("status", index), report.budget_lights)
    _widths(report, page)
    page.sheet.freeze_panes(FIRST_ROW - 1, len(IDENTITY))
    page.set_print(
        (FIRST_ROW - 3, FIRST_ROW - 2),
        bookings.column("status", count - 1),
        pages_wide=2,
        area_rows=report.printed(FIRST_ROW - 1, len(bookings.rows)),
    )
    page.sheet.repeat_columns(0, len(IDENTITY) - 1)


def _heads(report: Report, page: Page) -> None:
    """The identity, then each group with its months."""
    bookings = report.bookings
    for column, key in enumerate(IDENTITY):
        page.put(FIRST_ROW - 2, column, report.words(f"budget_line_{key}"), "head")
    for group in (*SIDES, *DERIVED):
        first, last = bookings.column(group, 0), bookings.column(group, len(bookings.months) - 1)
        page.wide(FIRST_ROW - 3, first, last, report.words(f"group_booked_{group}"), "group")
        for index, month in enumerate(bookings.months):
            page.put(FIRST_ROW - 2, first + index, report.context.short_month(month), "head")


def _widths(report: Report, page: Page) -> None:
    """Codes by what they hold; amounts by the largest, words of the status by the longest."""
    bookings, results = report.bookings, report.context.results
    lines = [line for line in report.context.plan.budget if line.code in bookings.rows]
    page.at_least([0], max(measure.width(line.code) for line in lines) + 4.0)
    page.at_least([1], max(measure.width(line.category) for line in lines) + 4.0)
    ends = list(chain.from_iterable(results.budget_months.values()))
    amounts = [end.granted for end in ends] + [end.use for end in ends]
    largest = max((abs(one) for one in amounts if one is not None), default=Decimal(0))
    page.at_least(
        range(2, bookings.column("rate", 0)), measure.width(measure.shown(-largest, AMOUNT)) + 3.0
    )
    page.at_least(range(bookings.column("rate", 0), bookings.column("status", 0)), 9.0)
    words = max(measure.width(report.context.label(status)) for status in BudgetStatus)
    page.at_least(
        range(bookings.column("status", 0), bookings.column("status", len(bookings.months))),
        words + 3.0,
    )
