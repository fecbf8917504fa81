"""个人与小团队的业绩卡: behind the first page, the customers and products that the figures come
from, and the tasks that come due. All else is on hidden sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesplan.engine.actuals.market import Named
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import Kpi
from salesplan.report.figures.context import figure_format
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, Column, Here, listed, text
from salesplan.report.figures.growth import growth_column
from salesplan.report.figures.report import Report
from salesplan.report.sections.following import due_next, next_end, task_columns
from salesplan.report.sections.slices import names_of
from salesplan.report.sections.variance import flows
from salesplan.report.xlsx.styles import PERCENT
from salesplan.report.xlsx.writer import Page

FIRST, LAST, WIDTH = 1, 12, 15.0
SIDES = {"customer": FIRST, "product": FIRST + 6}
"""The dimensions side by side, and the column in which each begins."""
MOST_NAMES, MOST_TASKS = 8, 14
ZERO = Decimal(0)


def write(report: Report) -> None:
    """The second page of a short report; nothing in the long form."""
    company = report.context.company
    if not report.context.short or company is None:
        return
    page = report.open("card", LAST)
    page.fix(dict.fromkeys(range(FIRST, LAST + 1), WIDTH))
    row = page.top
    kpis = flows(report, company)
    if kpis:
        row = max(
            _names(report, page, kpis[0], dimension, row, column)
            for dimension, column in SIDES.items()
        )
    row = _tasks(report, page, row)
    page.set_print(None, LAST, 1, area_rows=row)


def _names(report: Report, page: Page, kpi: Kpi, dimension: str, row: int, column: int) -> int:
    """The largest names of a dimension, the others in one line, the sum; gives the row after."""
    context = report.context
    found = names_of(context, kpi, dimension)
    if not found:
        return row
    shown, rest = list(found[:MOST_NAMES]), found[MOST_NAMES:]
    if rest:
        shown.append(_summed(report.words("others", count=str(len(rest))), rest))
    title = report.words(f"slices_by_{dimension}", kpi=context.kpi_with_unit(kpi))
    page.heading(row, column, title)
    columns = _name_columns(report, shown, figure_format(kpi))
    grid = listed(report, page, "slices", columns, shown, row + 1, column)
    total = row + 2 + len(shown)
    grid.sums(total, shown, {"name": text(report.words("sum"))})
    return total + 2


def _name_columns(report: Report, shown: Sequence[Named], form: str) -> tuple[Column[Named], ...]:
    whole = sum((one.actual or ZERO for one in shown), ZERO)

    def share(one: Named) -> Decimal | None:
        return to_places(divide(one.actual or ZERO, whole), RATE_PLACES) if whole else None

    def share_formula(one: Named, at: Here) -> str | None:
        if not whole or one.actual is None:
            return None
        return report.formulas.share(at("actual"), at.grid.at("actual", at.end))

    return (
        Column("name", lambda one: one.name or report.words("nobody"), over=2),
        Column("actual", lambda one: one.actual, look=RIGHT, form=form, adds=True),
        Column("share", share, share_formula, RIGHT, PERCENT),
        Column("last_year", lambda one: one.last_year, look=RIGHT, form=form),
        growth_column(
            report,
            "growth",
            ("actual", lambda one: one.actual),
            ("last_year", lambda one: one.last_year),
            where=lambda one: one.over == one.actual,
        ),
    )


def _summed(name: str, rest: Sequence[Named]) -> Named:
    """The names that are not listed, as one of that name."""
    known = [one.last_year for one in rest if one.last_year is not None]
    actual = sum((one.actual or ZERO for one in rest), ZERO)
    over = sum((one.over or ZERO for one in rest), ZERO)
    last_year = sum(known, ZERO) if known else None
    return Named(name, actual=actual, over=over, last_year=last_year)


def _tasks(report: Report, page: Page, row: int) -> int:
    """What is to be done by the end of next month, the overdue first; gives the last row."""
    context = report.context
    tasks = due_next(report)
    last = next_end(report).isoformat()
    page.heading(row, FIRST, report.words("next_tasks", last=last, count=str(len(tasks))))
    if not tasks:
        page.write(row + 1, FIRST, report.words("next_tasks_none"), report.book.style("muted"))
        return row + 1
    shown = tasks[:MOST_TASKS]
    grid = listed(report, page, "task", task_columns(report), shown, row + 1, FIRST)
    bottom = row + 1 + len(shown)
    page.lights(row + 2, bottom, grid.column("light"), context.light_words)
    return bottom
