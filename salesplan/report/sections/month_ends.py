"""The part of the budget's sheet that looks at it month by month: where it stood at each month's
end, and which lines were near or over their grant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from salesplan.engine.money.month_ends import MonthEnd
from salesplan.plan.model import BudgetStatus, Month
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, Column, Here, listed
from salesplan.report.figures.report import Report
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import (
    LIGHT_COLORS,
    PERCENT,
    PERCENT_WHOLE,
    amount_format,
)
from salesplan.report.xlsx.writer import Page

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
    page.heading(row, FIRST, report.words("budget_by_month", unit=report.context.amount_unit))
    lines = [Line(index, end) for index, end in enumerate(ends)]
    grid = listed(report, page, "month_end", _columns(report, granted), lines, row + 1, FIRST)
    first, bottom = row + 2, row + 1 + len(ends)
    page.lights(first, bottom, grid.column("status"), report.budget_lights)
    _lines(report, page, row + len(ends) + 3)


class Line(NamedTuple):
    """A month's end, and the month's place in the plan year."""

    place: int
    end: MonthEnd


def _columns(report: Report, granted: str) -> tuple[Column[Line], ...]:
    total = report.bookings.total

    def amount(
        key: str, value: Callable[[Line], Scalar], formula: Callable[[Line, Here], str]
    ) -> Column[Line]:
        return Column(key, value, formula, ("right",), AMOUNT)

    def available(_: Line, at: Here) -> str:
        return f"ROUND({at('granted')}-{at('committed')}-{at('spent')},{SUM_PLACES})"

    def rate(line: Line) -> Scalar:
        return None if line.end.rate is None else to_places(line.end.rate, RATE_PLACES)

    def rate_formula(_: Line, at: Here) -> str:
        share = f"ROUND(({at('committed')}+{at('spent')})/{at('granted')},{RATE_PLACES})"
        return f'IF({at("granted")}=0,"{DASH}",{share})'

    def status(_: Line, at: Here) -> str:
        return report.status_formula(at("granted"), at("committed"), at("spent"))

    return (
        Column("month", lambda line: report.context.short_month(line.end.month)),
        amount("granted", lambda line: line.end.granted, lambda *_: granted),
        amount(
            "committed",
            lambda line: line.end.committed,
            lambda line, _: total("committed", line.place),
        ),
        amount("spent", lambda line: line.end.spent, lambda line, _: total("spent", line.place)),
        amount("available", lambda line: line.end.available, available),
        Column("rate", rate, rate_formula, ("right",), PERCENT),
        Column("status", lambda line: report.context.label(line.end.status), status, ("center",)),
    )


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
    watched = _watched(report)
    if not watched:
        page.write(row, FIRST, report.words("budget_not_watched"), report.book.style("muted"))
        return
    page.heading(row, FIRST, report.words("budget_watched", count=str(len(watched))))
    page.keep(row, row + 1 + min(len(watched), MOST_WATCHED))
    shown = watched[:MOST_WATCHED]
    columns = _watched_columns(report)
    grid = listed(report, page, "budget_line", columns, shown, row + 1, FIRST)
    area = (row + 2, grid.column(columns[2].key), row + 1 + len(shown), grid.last)
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


def _watched_columns(report: Report) -> tuple[Column[str], ...]:
    """A line's use at the end of each month, by its code."""
    bookings = report.bookings
    lines = {line.code: line for line in reversed(report.context.plan.budget)}

    def at_end(index: int, month: Month) -> Column[str]:
        def rate(code: str) -> Scalar:
            end = bookings.end(code, index)
            return None if end.rate is None else to_places(end.rate, RATE_PLACES)

        return Column(
            str(month),
            rate,
            lambda code, _: bookings.ref(code, "rate", index),
            RIGHT,
            PERCENT_WHOLE,
            head=report.context.short_month(month),
        )

    return (
        Column("code", lambda code: code),
        Column("category", lambda code: lines[code].category or None),
        *(at_end(index, month) for index, month in enumerate(bookings.months)),
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
