"""个人与小团队的业绩卡: behind the first page, the customers and products that the figures come
from, and the tasks that come due. All else is on hidden sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesplan.engine.actuals.market import Named
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import Kpi
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, centered, figure, text, wrapped
from salesplan.report.figures.growth import growth_entry
from salesplan.report.figures.report import Report
from salesplan.report.pen.styles import PERCENT, PERCENT_WHOLE
from salesplan.report.pen.writer import Page
from salesplan.report.sections.following import due_next, next_end
from salesplan.report.sections.slices import names_of
from salesplan.report.sections.variance import flows

FIRST, LAST, WIDTH = 1, 12, 15.0
NAMES = ("name", "actual", "share", "last_year", "growth")
NAME_SPANS = {"name": 2}
SIDES = {"customer": FIRST, "product": FIRST + 6}
"""The dimensions side by side, and the column in which each begins."""
TASKS = ("code", "content", "owner", "due", "progress", "status", "light")
TASK_SPANS = {"content": 4, "owner": 2, "status": 2}
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
    grid = Grid(report, page, "slices", NAMES, column, NAME_SPANS)
    measure = f" ({kpi.unit})" if kpi.unit else ""
    name = context.kpi_name(kpi.code)
    grid.heading(row, report.words(f"slices_by_{dimension}", kpi=name, measure=measure))
    grid.heads(row + 1)
    top, total = row + 2, row + 2 + len(shown)
    whole = sum((one.actual or ZERO for one in shown), ZERO)
    form = figure_format(kpi)
    for at, one in enumerate(shown, top):
        grid.put(at, _name(report, grid, one, (at, total), whole, form))
    span = f"{grid.at('actual', top)}:{grid.at('actual', total - 1)}"
    summed = f"ROUND(SUM({span}),{SUM_PLACES})"
    entries = {"name": text(report.words("sum")), "actual": figure(whole, form, summed)}
    grid.put(total, entries, "total")
    return total + 2


def _name(
    report: Report, grid: Grid, one: Named, rows: tuple[int, int], whole: Decimal, form: str
) -> dict[str, Entry]:
    at, total = rows
    actual, last = grid.at("actual", at), grid.at("last_year", at)
    share = to_places(divide(one.actual or ZERO, whole), RATE_PLACES) if whole else None
    formula = report.formulas.share(actual, grid.at("actual", total))
    entries = {
        "name": text(one.name or report.words("nobody")),
        "actual": figure(one.actual, form),
        "share": figure(share, PERCENT, formula if whole and one.actual is not None else None),
        "last_year": figure(one.last_year, form),
    }
    if one.closed == one.actual:
        entries["growth"] = growth_entry(report, one.actual, one.last_year, actual, last)
    return entries


def _summed(name: str, rest: Sequence[Named]) -> Named:
    """The names that are not listed, as one of that name."""
    known = [one.last_year for one in rest if one.last_year is not None]
    actual = sum((one.actual or ZERO for one in rest), ZERO)
    closed = sum((one.closed or ZERO for one in rest), ZERO)
    last_year = sum(known, ZERO) if known else None
    return Named(name, actual=actual, closed=closed, last_year=last_year)


def _tasks(report: Report, page: Page, row: int) -> int:
    """What is to be done by the end of next month, the overdue first; gives the last row."""
    context = report.context
    tasks = due_next(report)
    last = next_end(report).isoformat()
    grid = Grid(report, page, "task", TASKS, FIRST, TASK_SPANS)
    grid.heading(row, report.words("next_tasks", last=last, count=str(len(tasks))))
    if not tasks:
        page.write(row + 1, FIRST, report.words("next_tasks_none"), report.book.style("muted"))
        return row + 1
    grid.heads(row + 1)
    top = row + 2
    for at, task in enumerate(tasks[:MOST_TASKS], top):
        result = context.results.tasks[task.code]
        grid.put(
            at,
            {
                "code": text(task.code),
                "content": wrapped(task.content),
                "owner": text(context.unit_name(task.owner) if task.owner else ""),
                "due": centered(task.due if task.due is not None else DASH),
                "progress": figure(result.progress, PERCENT_WHOLE),
                "status": centered(context.label(result.status)),
                "light": centered(context.light(result.light)),
            },
        )
    bottom = top + min(len(tasks), MOST_TASKS) - 1
    page.lights(top, bottom, grid.column("light"), context.light_words)
    return bottom
