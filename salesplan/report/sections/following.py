"""下月计划与滚动预测: where the year will land by each method, what next month asks for, and
whether the people can bring it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from salesplan.engine.actuals.capacity import Capacity
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.engine.exact.figures import divide
from salesplan.engine.targets.shares import some
from salesplan.engine.work.task_summary import DONE
from salesplan.plan.model import Direction, Kpi, Light, Task, TaskStatus, Unit, first_by_code
from salesplan.report.figures.charts import bars_chart
from salesplan.report.figures.context import DASH, decimals, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, Column, Entry, Here, figure, listed, repeated, text
from salesplan.report.figures.growth import growth_column, past_value
from salesplan.report.figures.ledger import TARGETS, Cell
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.narrative import phrases
from salesplan.report.narrative.course import following_sentence
from salesplan.report.sections import supply
from salesplan.report.texts.spans import name_of
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address
from salesplan.report.xlsx.styles import (
    FORECAST_COLOR,
    LIGHT_COLORS,
    LOW_FORECAST_COLOR,
    PERCENT,
    PERCENT_WHOLE,
    ROW_PIXELS,
    WHOLE,
    amount_format,
)
from salesplan.report.xlsx.writer import Page

FIRST, LAST = 1, 14
WIDE = 15
"""The last column where there is a landing by pipeline, too."""
CHART_AT, CHART_ROWS = 10, 9
MOST_UNITS, MOST_TASKS = 40, 40
TASKS_PRINTED = 6
"""Tasks on paper, those due first; the others are folded away."""
MOST_SUMMED = 300
"""Cells that one formula adds by name: longer ones a spreadsheet does not take."""
PRINT_SCALE = 74
ZERO = Decimal(0)


def write(report: Report) -> None:
    """Landing, next month by KPI and unit, the tasks that come due, the heads that are there."""
    company = report.context.company
    kpis = [
        kpi
        for kpi in report.context.kpis
        if company is not None and (kpi.code, company.code) in report.ledger.by_pair
    ]
    tasks = due_next(report)
    if company is None or not (kpis or tasks):
        return report.nothing("following", "no_following")
    last = WIDE if report.context.results.pipelines else LAST
    page = report.open("following", last, following_sentence(report, company, len(tasks)))
    page.fix({FIRST: 27.0} | dict.fromkeys(range(FIRST + 1, last + 1), 11.7))
    row = BODY_ROW
    for block in (_landing, _next_month):
        row = page.block(row, block(report, page, company, kpis, row))
    if "pipeline" not in report.pages:
        row = page.block(row, supply.prospects(report, page, company, row, FIRST, last))
    row = page.block(row, _tasks(report, page, tasks, row))
    first, row = row, page.block(row, _capacity(report, page, company, row))
    row = page.block(row, _units(report, page, company, kpis, row))
    row = report.say_folded(page, row, last, page.fold_block(first, row - 1))
    page.sheet.freeze_panes(BODY_ROW, 0)
    page.set_print(None, last, area_rows=row, scale=page.scale(last, PRINT_SCALE))
    return None


def next_span(report: Report) -> ReportSpan | None:
    """The month after the report month, or the span after the one that is reported, if it is one of
    the plan year.
    """
    report_span = report.context.report_span
    return (
        ReportSpan.of(report_span.months, report_span.next[-1], report_span.span)
        if report_span.next
        else None
    )


def next_name(report: Report) -> str:
    """What that is called; blank where there is none."""
    after = next_span(report)
    return "" if after is None else name_of(after, report.context.lang)


def next_end(report: Report) -> date:
    """The last day of next month, or of the next span."""
    report_span = report.context.report_span
    return report_span.ends.plus(report_span.span.length).last


def next_target(report: Report, kpi: Kpi, unit: str) -> tuple[Decimal, str] | None:
    """The target of next month, or of the next span by the KPI's kind, with its formula; None where
    a month has none.
    """
    after = report.context.report_span.next
    keys = TARGETS[report.context.report_span.last + 1 :]
    keys = keys[: len(after)] if kpi.kind.adds_over_months else keys[len(after) - 1 : len(after)]
    cells = [report.ledger.cell(kpi.code, unit, key) for key in keys]
    known = [one for one in cells if one is not None and isinstance(one.value, Decimal)]
    if not cells or len(known) < len(cells):
        return None
    total = sum((one.value for one in known if isinstance(one.value, Decimal)), ZERO)
    if len(known) == 1:
        return total, known[0].ref
    return total, f"SUM({known[0].ref}:{known[-1].ref.rpartition('!')[2]})"


def due_next(report: Report) -> list[Task]:
    """Tasks that are to be done by the end of next month, or of the next span, and are not: the
    overdue ones first.
    """
    results, last = report.context.results, next_end(report)
    stopped = (*DONE, TaskStatus.CANCELLED, TaskStatus.PAUSED)
    found = [
        task
        for task in first_by_code(report.context.plan.tasks)
        if (one := results.tasks.get(task.code)) is not None
        and one.due is not None
        and one.due <= last
        and one.status not in stopped
    ]
    return sorted(found, key=lambda task: task.due or last)


def _landing(report: Report, page: Page, company: Unit, kpis: Sequence[Kpi], row: int) -> int:
    """The year's end by method, and what a working day must bring to reach the year's target."""
    context = report.context
    shown = [
        kpi
        for kpi in kpis
        if (pace := context.results.pace.get((kpi.code, company.code))) is not None and pace.landing
    ]
    shown.sort(key=lambda kpi: kpi.direction is Direction.LOWER)
    higher = sum(kpi.direction is Direction.HIGHER for kpi in shown)
    page.heading(row, FIRST, report.words("landing_heading"))
    if not shown:
        page.write(row + 1, FIRST, report.words("landing_none"), report.book.style("muted"))
        return row + 3
    columns = _landing_columns(report, company, *_days(report, page, row + 1))
    grid = listed(report, page, "landing", columns, shown, row + 2, FIRST)
    bottom = row + 3 + len(shown)
    if higher:
        results = context.results
        below = any(
            (results.attainments[kpi.code, company.code, Span.YEAR].target or ZERO) <= 0
            or min(results.pace[kpi.code, company.code].landing.values(), default=ZERO) < 0
            for kpi in shown
        )
        ranges = {
            key: grid.span(key, row + 3, row + 2 + higher)
            for key in ("kpi", "low_rate", "high_rate")
        }
        report.ranges["landing"] = {**ranges, "below": "yes"} if below else ranges
    notes = [report.words("landing_rule")]
    doubtful = [
        context.kpi_name(kpi.code)
        for kpi in shown
        if context.results.pace[kpi.code, company.code].low_confidence
    ]
    if doubtful:
        notes.append(report.words("landing_doubt", names=phrases.listed(context, doubtful)))
    page.wide(bottom, FIRST, LAST, " ".join(notes), "note")
    return bottom + 2


Days = tuple[int, str]
"""A number of working days, and the cell that says it."""


def _days(report: Report, page: Page, row: int) -> tuple[Days, Days]:
    """The working days of the year that are over, and those that are left."""
    months, as_of, calendar = (
        report.context.plan.settings.months,
        report.context.results.as_of,
        report.context.calendar,
    )
    over = (
        calendar.count(months[0].first, min(as_of, months[-1].last))
        if as_of >= months[0].first
        else 0
    )
    whole = calendar.count(months[0].first, months[-1].last)
    cells = []
    for first, last, key, value in (
        (FIRST, FIRST, "days_over", over),
        (FIRST + 2, FIRST + 3, "days_left", whole - over),
    ):
        page.wide(row, first, last, report.words(key), "muted", "text")
        page.put(row, last + 1, value, "strong", "text", number_format=WHOLE)
        cells.append((value, address(row, last + 1, True)))
    return cells[0], cells[1]


def _landing_columns(
    report: Report, company: Unit, over: Days, left: Days
) -> tuple[Column[Kpi], ...]:
    """A landing by pipeline only where there are open deals; what is missing, and what a day
    brings, of KPIs that should be high.
    """

    def cell(kpi: Kpi, key: str) -> Cell | None:
        return report.ledger.cell(kpi.code, company.code, key)

    def of_data(key: str) -> Column[Kpi]:
        return repeated(key, lambda kpi: cell(kpi, key), figure_format, blank=True)

    def number(kpi: Kpi, key: str) -> Decimal | None:
        found = cell(kpi, key)
        return found.value if found is not None and isinstance(found.value, Decimal) else None

    def part_of_year(key: str, side: str) -> Column[Kpi]:
        def value(kpi: Kpi) -> Scalar:
            end, year = number(kpi, side), number(kpi, "year_target")
            return to_places(divide(end, year), RATE_PLACES) if end is not None and year else None

        def formula(_: Kpi, at: Here) -> str:
            return report.formulas.share(at(side), at("year_target"))

        return Column(key, value, formula, RIGHT, PERCENT)

    def missing(kpi: Kpi) -> Decimal | None:
        year, actual = number(kpi, "year_target"), number(kpi, "ytd_actual")
        if year is None or actual is None or kpi.direction is not Direction.HIGHER:
            return None
        return to_places(year - actual, SUM_PLACES)

    def known(kpi: Kpi) -> bool:
        return missing(kpi) is not None

    def a_day(
        key: str,
        amount: Callable[[Kpi], Decimal | None],
        cell_of: Callable[[Here], str],
        days: Days,
    ) -> Column[Kpi]:
        count, count_cell = days

        def value(kpi: Kpi) -> Scalar:
            return to_places(divide(amount(kpi) or ZERO, count), RATE_PLACES) if count else None

        def formula(_: Kpi, at: Here) -> str:
            share = f"ROUND({cell_of(at)}/{count_cell},{RATE_PLACES})"
            return f'IF({count_cell}=0,"{DASH}",{share})'

        return Column(key, value, formula, RIGHT, _finer, where=known)

    methods = [
        method.value
        for method in LandingMethod
        if method is not LandingMethod.PIPELINE or report.context.results.pipelines
    ]
    return (
        Column("kpi", report.context.kpi_with_unit),
        *map(of_data, ("year_target", "ytd_actual", *methods, "low", "high")),
        part_of_year("low_rate", "low"),
        part_of_year("high_rate", "high"),
        Column(
            "missing",
            missing,
            lambda _, at: f"ROUND({at('year_target')}-{at('ytd_actual')},{SUM_PLACES})",
            RIGHT,
            figure_format,
            where=known,
        ),
        a_day(
            "daily_left",
            lambda kpi: max(missing(kpi) or ZERO, ZERO),
            lambda at: f"MAX(0,{at('missing')})",
            left,
        ),
        a_day(
            "daily_so_far", lambda kpi: number(kpi, "ytd_actual"), lambda at: at("ytd_actual"), over
        ),
    )


def _finer(kpi: Kpi) -> str:
    """The format of what a day brings: with two decimals at least."""
    return amount_format(max(2, decimals(kpi.smallest_unit)))


def _next_month(report: Report, page: Page, company: Unit, kpis: Sequence[Kpi], row: int) -> int:
    """Next month's targets beside this month and the same month of last year, or those of the next
    span; the landing chart beside them, where there are any.
    """
    context, after = report.context, report.context.report_span.next
    if not after:
        page.write(row, FIRST, report.words("next_outside"), report.book.style("muted"))
        return row + 2
    below = _chart(report, page, row)
    days = context.calendar.count(after[0].first, after[-1].last)
    page.heading(
        row,
        FIRST,
        report.words(
            "next_heading",
            month=next_name(report),
            days=str(days),
            estimated=context.estimated(after[-1].year),
        ),
    )
    shown = [kpi for kpi in kpis if next_target(report, kpi, company.code) is not None]
    listed(report, page, "next", _next_columns(report, company, days), shown, row + 1, FIRST)
    return max(row + 2 + len(shown), below) + 1


def _chart(report: Report, page: Page, row: int) -> int:
    """The landing range of each flow that should be high as a part of its year's target; gives the
    row below it.
    """
    ranges = report.ranges.get("landing")
    if ranges is None:
        return row
    series = {
        report.words(f"landing_{key}").replace("\n", " "): (ranges[key], color)
        for key, color in (("low_rate", LOW_FORECAST_COLOR), ("high_rate", FORECAST_COLOR))
    }
    size = (page.pixels(CHART_AT, LAST) - 8, CHART_ROWS * ROW_PIXELS - 8)
    page.draw(
        row,
        CHART_AT,
        bars_chart(
            report,
            ranges["kpi"],
            series,
            report.words("chart_landing"),
            size,
            PERCENT,
            below="below" in ranges,
        ),
        CHART_ROWS,
    )
    return row + CHART_ROWS


def _next_columns(report: Report, company: Unit, days: int) -> tuple[Column[Kpi], ...]:
    """Growth and what a day must bring only of what adds up over months."""
    months = [month.plus(-12) for month in report.context.report_span.next]

    def aim(kpi: Kpi) -> Decimal | None:
        found = next_target(report, kpi, company.code)
        return None if found is None else found[0]

    def aim_formula(kpi: Kpi, _: Here) -> str | None:
        found = next_target(report, kpi, company.code)
        return None if found is None else found[1]

    def own(kpi: Kpi, key: str) -> Cell | None:
        return report.ledger.cell(kpi.code, company.code, f"span_{key}")

    def actual(kpi: Kpi) -> Decimal | None:
        found = own(kpi, "actual")
        return found.value if found is not None and isinstance(found.value, Decimal) else None

    def last_year(kpi: Kpi) -> Decimal | None:
        return past_value(report.context, kpi, company.code, months[0], months[-1])

    def adds(kpi: Kpi) -> bool:
        return kpi.kind.adds_over_months

    aimed = ("next_target", aim)
    return (
        Column("kpi", report.context.kpi_with_unit),
        Column("next_target", aim, aim_formula, RIGHT, figure_format),
        repeated("this_target", lambda kpi: own(kpi, "target"), figure_format, blank=True),
        repeated("this_actual", lambda kpi: own(kpi, "actual"), figure_format, blank=True),
        growth_column(report, "to_this", aimed, ("this_actual", actual), where=adds),
        Column("last_year", last_year, look=RIGHT, form=figure_format),
        growth_column(report, "to_last_year", aimed, ("last_year", last_year), where=adds),
        Column(
            "next_daily",
            lambda kpi: to_places(divide(aim(kpi) or ZERO, days), RATE_PLACES),
            lambda _, at: (
                f"ROUND({at('next_target')}/{report.formulas.names['days_next']},{RATE_PLACES})"
            ),
            RIGHT,
            _finer,
            where=lambda kpi: adds(kpi) and days > 0,
        ),
    )


def _units(report: Report, page: Page, company: Unit, kpis: Sequence[Kpi], row: int) -> int:
    """Next month's targets of the units directly below the company, flows and levels side by
    side.
    """
    after, context = next_span(report), report.context
    codes = [kpi.code for kpi in kpis]
    with_targets = {unit for kpi, unit in report.ledger.by_pair if kpi in codes}
    children = context.plan.children.get(company.code, ())
    units = [unit for unit in children if unit.code in with_targets]
    if after is None or not units:
        return row
    known = [kpi for kpi in kpis if _has_figures(report, kpi, units)]
    shown, left = known[: LAST - FIRST - 1], known[LAST - FIRST - 1 :]
    if not shown:
        return row
    page.heading(row, FIRST, report.words("next_units", month=next_name(report)))
    columns = _unit_columns(report, shown)
    grid = listed(report, page, "column", columns, units[:MOST_UNITS], row + 1, FIRST)
    row += 2 + min(len(units), MOST_UNITS)
    if units[MOST_UNITS:]:
        grid.put(row, _other_units(report, units[MOST_UNITS:], shown))
        row += 1
    if left:
        names = phrases.names(context, [context.kpi_name(kpi.code) for kpi in left])
        said = report.words("others_left_out", count=str(len(left)), names=names)
        page.write(row, FIRST, said, report.book.style("note", text_wrap=False))
        row += 1
    return row + 1


def _unit_columns(report: Report, kpis: Sequence[Kpi]) -> tuple[Column[Unit], ...]:
    """A unit's next target of each KPI."""

    def of(kpi: Kpi) -> Column[Unit]:
        def value(unit: Unit) -> Scalar:
            found = next_target(report, kpi, unit.code)
            return None if found is None else found[0]

        def formula(unit: Unit, _: Here) -> str | None:
            found = next_target(report, kpi, unit.code)
            return None if found is None else found[1]

        head = report.context.kpi_with_unit(kpi)
        return Column(f"of/{kpi.code}", value, formula, RIGHT, figure_format(kpi), head=head)

    return (Column("unit_name", lambda unit: report.context.unit_name(unit.code)), *map(of, kpis))


def _other_units(report: Report, units: Sequence[Unit], kpis: Sequence[Kpi]) -> dict[str, Entry]:
    """The units that are not listed, with the sums of what adds up over units."""
    entries = {"unit_name": text(report.words("others", count=str(len(units))), "muted")}
    for kpi in kpis:
        numbers = list(filter(None, (next_target(report, kpi, unit.code) for unit in units)))
        adds = kpi.kind.adds_over_units and bool(numbers)
        total = sum((value for value, _ in numbers), ZERO)
        few = adds and len(numbers) <= MOST_SUMMED
        formula = "+".join(formula for _, formula in numbers) if few else None
        entries[f"of/{kpi.code}"] = figure(total if adds else None, figure_format(kpi), formula)
    return entries


def _tasks(report: Report, page: Page, tasks: Sequence[Task], row: int) -> int:
    """What must be done by the end of next month."""
    context = report.context
    page.heading(
        row,
        FIRST,
        report.words("next_tasks", last=next_end(report).isoformat(), count=str(len(tasks))),
    )
    if not tasks:
        page.write(row + 1, FIRST, report.words("next_tasks_none"), report.book.style("muted"))
        return row + 3
    shown = tasks[:MOST_TASKS]
    grid = listed(report, page, "task", task_columns(report), shown, row + 1, FIRST)
    last_row = row + 1 + len(shown)
    for at in range(row + 2 + TASKS_PRINTED, last_row + 1):
        page.fold(at)
    page.lights(row + 2, last_row, grid.column("light"), context.light_words)
    if len(tasks) > MOST_TASKS:
        left = report.words(
            "next_tasks_more",
            count=str(len(tasks) - MOST_TASKS),
            sheet=report.pages["actions"].name,
        )
        page.write(last_row + 1, FIRST, left, report.book.style("note", text_wrap=False))
        last_row += 1
    return last_row + 2


def task_columns(report: Report) -> tuple[Column[Task], ...]:
    """What is said of a task that comes due."""
    context, results = report.context, report.context.results.tasks

    def owner(task: Task) -> str:
        return context.unit_name(task.owner) if task.owner else DASH

    def progress(task: Task) -> Scalar:
        return results[task.code].progress

    def status(task: Task) -> str:
        return context.label(results[task.code].status)

    center = ("center",)
    return (
        Column("code", lambda task: task.code or DASH),
        Column("content", lambda task: task.content or DASH, look=("wrap",), over=4),
        Column("owner", owner, over=2),
        Column("due", lambda task: task.due, look=center),
        Column("progress", progress, look=("right",), form=PERCENT_WHOLE),
        Column("status", status, look=center, over=2),
        Column("light", lambda task: context.light(results[task.code].light), look=center),
    )


def _capacity(report: Report, page: Page, company: Unit, row: int) -> int:
    """What the people who are there can bring in the rest of the year, against what is still to
    come.
    """
    context = report.context
    chosen = {company.code, *(unit.code for unit in context.plan.children.get(company.code, ()))}
    found = [one for (_, unit), one in context.results.capacities.items() if unit in chosen]
    if not found:
        return row
    page.heading(row, FIRST, report.words("capacity_heading"))
    grid = listed(report, page, "capacity", _capacity_columns(report), found, row + 1, FIRST)
    last = row + 1 + len(found)
    colors = {
        report.words(f"feasible_{key}"): LIGHT_COLORS[light]
        for key, light in (("yes", Light.GREEN), ("no", Light.RED))
    }
    page.tints(row + 2, last, grid.column("feasible"), colors)
    page.wide(last + 1, FIRST, LAST, report.words("capacity_rule"), "note")
    return last + 3


def _capacity_columns(report: Report) -> tuple[Column[Capacity], ...]:
    context = report.context
    words = {flag: report.words(f"feasible_{'yes' if flag else 'no'}") for flag in (True, False)}

    def kpi(one: Capacity) -> Kpi:
        return context.plan.kpi_by_code[one.kpi]

    def places(one: Capacity) -> int:
        return max(2, decimals(kpi(one).smallest_unit))

    def form(one: Capacity) -> str:
        return amount_format(places(one))

    def signed(one: Capacity) -> str:
        return amount_format(places(one), sign=True)

    def amount(
        key: str,
        form: str | Callable[[Capacity], str] = form,
        formula: Callable[[Capacity, Here], str] | None = None,
    ) -> Column[Capacity]:
        def value(one: Capacity) -> Scalar:
            return to_places(getattr(one, key), RATE_PLACES)

        return Column(key, value, formula, ("right",), form)

    def basis(one: Capacity) -> str:
        if not one.gaps:
            return report.words(f"basis_{one.basis.value}")
        return report.words("basis_gaps", months=", ".join(some(list(map(str, one.gaps)))))

    def gap(_: Capacity, at: Here) -> str:
        return f"ROUND({at('capacity')}-{at('remaining')},{RATE_PLACES})"

    def feasible(_: Capacity, at: Here) -> str:
        return f'IF({at("capacity")}>={at("remaining")},"{words[True]}","{words[False]}")'

    wrap, right, center = ("wrap",), ("right",), ("center",)
    return (
        Column("kpi", lambda one: context.kpi_with_unit(kpi(one)), look=wrap),
        Column("unit", lambda one: context.unit_name(one.unit), look=wrap),
        Column("basis", basis, look=wrap),
        amount("per_head"),
        amount("heads", "#,##0.0"),
        amount("remaining"),
        amount("capacity"),
        amount("gap", signed, gap),
        Column("needed_per_head", lambda one: one.needed_per_head, look=right, form=form),
        Column("feasible", lambda one: words[one.feasible], feasible, center),
        Column("short", lambda one: one.short or None, look=right, form=WHOLE),
    )


def _has_figures(report: Report, kpi: Kpi, units: Iterable[Unit]) -> bool:
    return any(next_target(report, kpi, unit.code) is not None for unit in units)
