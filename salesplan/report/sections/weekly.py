"""周复盘: the month's Fridays, why less was done than planned, and what became of the
improvements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from salesplan.engine.work.task_summary import TaskResult
from salesplan.engine.work.weekly import Remedy, RemedyState, ReviewLine, Rhythm, Week
from salesplan.plan.model import Cause, Light
from salesplan.report.figures.charts import bars_chart
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, centered, figure, text, wrapped
from salesplan.report.figures.report import Report
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.places import address
from salesplan.report.pen.styles import (
    ACTUAL_COLOR,
    LIGHT_COLORS,
    PERCENT,
    PERCENT_WHOLE,
    ROW_PIXELS,
    WHOLE,
)
from salesplan.report.pen.writer import Page
from salesplan.report.say import saying
from salesplan.report.say.course import weekly_sentence
from salesplan.report.sections import actions
from salesplan.wording import listed

LINE = (
    "friday",
    "task",
    "content",
    "person",
    "planned",
    "actual",
    "rate",
    "cause",
    "remedy",
    "owner",
    "due",
)
WEEK = ("friday", "reasons", "unreported", "lines", "reported", "met", "completion")
REMEDY = ("friday", "task", "text", "owner", "due", "late", "latest", "state")
LINE_SPANS = {"cause": 2, "remedy": 3}
WEEK_SPANS = {"friday": 2, "unreported": 3}
REMEDY_SPANS = {"text": 3, "due": 2, "state": 2}
"""Columns of the action plan's list that a key lies over."""
FIRST, LAST = actions.FIRST, actions.LAST
WEIGHT = actions.HELPER_LAST + 2
"""0-based column of the tasks' weights, folded away."""
CHART_AT, CHART_ROWS = 11, 6
MOST_BLOCKERS = 20
WEEKS_PRINTED = 2
"""Of the last weeks the tasks that fell short are on paper; the others are folded away."""
STATE_LIGHTS = {
    RemedyState.DONE: Light.GREEN,
    RemedyState.OPEN: Light.AMBER,
    RemedyState.UNDATED: Light.AMBER,
    RemedyState.OVERDUE: Light.RED,
}


def write(report: Report) -> None:
    """Week by week, the reasons, every line of the month, the improvements, the support that was
    asked for.
    """
    rhythm = report.context.results.weekly
    if rhythm is None or not (rhythm.span_weeks or rhythm.remedies or rhythm.span_blockers):
        return report.nothing("weekly", "no_weekly")
    page = report.open("weekly", LAST, weekly_sentence(report, rhythm))
    page.fix(actions.WIDTHS | {WEIGHT: 9.0})
    lines = list(chain.from_iterable(week.lines for week in rhythm.span_weeks))
    reasons = rhythm.span_reasons
    lines_at = page.top + max(
        len(rhythm.span_weeks) + 3,
        len(reasons) + 4 if reasons else 0,
        CHART_ROWS + 1 if reasons else 0,
    )
    _weeks(report, page, rhythm.span_weeks, lines, lines_at)
    if reasons:
        _reasons(report, page, reasons)
    row = _lines(report, page, lines, lines_at)
    row = _remedies(report, page, rhythm.remedies, row)
    first, row = row, _blockers(report, page, rhythm, row)
    row = report.say_folded(page, row - 1, LAST, page.fold_block(first, row - 2)) + 1
    page.freeze(page.top, 0)
    page.set_print(None, LAST, area_rows=row - 2)
    return None


def _weeks(
    report: Report, page: Page, weeks: Sequence[Week], lines: Sequence[ReviewLine], lines_at: int
) -> None:
    context = report.context
    grid, listed = (
        Grid(report, page, "week", WEEK, FIRST, WEEK_SPANS),
        Grid(report, page, "review", LINE, FIRST, LINE_SPANS),
    )
    grid.heading(page.top, report.words("weeks_heading", month=context.span_name))
    grid.heads(page.top + 1)
    first, last = lines_at + 2, lines_at + 1 + len(lines)
    column = {key: listed.column_of(key, first, last) for key in ("friday", "planned", "actual")}
    weight = f"{address(first, WEIGHT, True)}:{address(last, WEIGHT, True)}"
    for index, week in enumerate(weeks):
        at = page.top + 2 + index
        both = (
            f"--({column['friday']}={grid.at('friday', at)}),--ISNUMBER({column['planned']}),"
            f"--ISNUMBER({column['actual']})"
        )
        reached = f"SUMPRODUCT({both},--({column['actual']}>={column['planned']}))"
        done, planned = (
            f"SUMPRODUCT({both},{weight},{column[key]})" for key in ("actual", "planned")
        )
        counted = f"SUMPRODUCT(--({column['friday']}={grid.at('friday', at)})"
        grid.put(
            at,
            {
                "friday": Entry(week.friday, ("center",)),
                "lines": figure(len(week.lines), WHOLE, f"{counted})" if lines else None),
                "reported": figure(
                    week.reported,
                    WHOLE,
                    f"{counted},--ISNUMBER({column['actual']}))" if lines else None,
                ),
                "met": figure(week.met, WHOLE, reached if lines else None),
                "completion": figure(
                    None if week.completion is None else to_places(week.completion, RATE_PLACES),
                    PERCENT,
                    f'IF({planned}=0,"{DASH}",ROUND({done}/{planned},{RATE_PLACES}))'
                    if lines
                    else None,
                ),
                "reasons": wrapped(
                    _counted(report, week.reasons)
                    if week.reviewed
                    else report.words("week_not_reviewed")
                ),
                "unreported": wrapped(
                    saying.listed(context, [context.unit_name(code) for code in week.unreported])
                ),
            },
        )


def _counted(report: Report, reasons: Mapping[Cause, int]) -> str:
    parts = [f"{report.context.label(cause)} {count}" for cause, count in reasons.items()]
    return listed(parts, report.context.lang)


def _reasons(report: Report, page: Page, reasons: Mapping[Cause, int]) -> None:
    """The month's reasons, counted, and their chart."""
    grid = Grid(report, page, "reason", ("cause", "count"), WEIGHT + 2)
    grid.heads(page.top)
    for index, (cause, count) in enumerate(reasons.items(), 1):
        grid.put(
            page.top + index,
            {"cause": text(report.context.label(cause)), "count": figure(count, WHOLE)},
        )
    page.fold_columns(WEIGHT, grid.last)
    first, last = page.top + 1, page.top + len(reasons)
    series = {report.words("reason_count"): (grid.span("count", first, last), ACTUAL_COLOR)}
    size = (page.pixels(CHART_AT, LAST) - 8, CHART_ROWS * ROW_PIXELS - 8)
    chart = bars_chart(
        report, grid.span("cause", first, last), series, report.words("chart_reasons"), size, "0"
    )
    chart.show_hidden_data()
    page.draw(page.top, CHART_AT, chart, CHART_ROWS, y_offset=4)


def _lines(report: Report, page: Page, lines: Sequence[ReviewLine], row: int) -> int:
    if not lines:
        return row
    context = report.context
    contents = {task.code: task.content for task in reversed(context.plan.tasks)}
    grid = Grid(report, page, "review", LINE, FIRST, LINE_SPANS)
    grid.heading(row, report.words("reviews_heading", count=str(len(lines))))
    grid.heads(row + 1)
    page.put(row + 1, WEIGHT, report.words("helper_weight"), "head")
    recent = sorted({line.friday for line in lines})[-WEEKS_PRINTED:]
    for index, line in enumerate(lines):
        at = row + 2 + index
        due: Scalar = line.due or None
        rate = None if line.rate is None else to_places(line.rate, RATE_PLACES)
        result: TaskResult | None = context.results.tasks.get(line.task)
        grid.put(
            at,
            {
                "friday": Entry(line.friday, ("center",)),
                "task": text(line.task),
                "content": wrapped(contents.get(line.task, "")),
                "person": text(context.unit_name(line.person) if line.person else ""),
                "planned": figure(line.planned, PERCENT_WHOLE),
                "actual": figure(line.actual, PERCENT_WHOLE),
                "rate": figure(
                    rate,
                    PERCENT_WHOLE,
                    report.formulas.share(grid.at("actual", at), grid.at("planned", at)),
                ),
                "cause": Entry(line.cause, ("wrap",)),
                "remedy": Entry(line.remedy, ("wrap",)),
                "owner": Entry(context.unit_name(line.owner) if line.owner else None),
                "due": Entry(due, ("center",)),
            },
        )
        if line.friday not in recent or (line.rate is not None and line.rate >= 1):
            page.fold(at)
        page.put(at, WEIGHT, 1 if result is None else result.weight, "cell", "muted")
    return row + 2 + len(lines) + 1


def _remedies(report: Report, page: Page, remedies: Sequence[Remedy], row: int) -> int:
    """The improvements of earlier weeks, looked at again."""
    if not remedies:
        return row
    context = report.context
    grid = Grid(report, page, "remedy", REMEDY, FIRST, REMEDY_SPANS)
    grid.heading(row, report.words("remedies_heading"))
    grid.heads(row + 1)
    for index, one in enumerate(remedies):
        due: Scalar = one.due or DASH
        latest = None if one.latest is None else to_places(one.latest, RATE_PLACES)
        grid.put(
            row + 2 + index,
            {
                "friday": Entry(one.friday, ("center",)),
                "task": text(one.task),
                "text": wrapped(one.text),
                "owner": text(context.unit_name(one.owner) if one.owner else ""),
                "due": centered(due),
                "late": figure(one.late or None, WHOLE),
                "latest": figure(latest, PERCENT_WHOLE),
                "state": centered(report.words(f"remedy_state_{one.state.value}")),
            },
        )
        if one.state is RemedyState.DONE:
            page.fold(row + 2 + index)
    last = row + 1 + len(remedies)
    colors = {
        report.words(f"remedy_state_{state.value}"): LIGHT_COLORS[light]
        for state, light in STATE_LIGHTS.items()
    }
    page.tints(row + 2, last, grid.column("state"), colors)
    return last + 2


def _blockers(report: Report, page: Page, rhythm: Rhythm, row: int) -> int:
    """The support that was asked for in the month's stand-ups."""
    found = rhythm.span_blockers
    if not found:
        return row
    context = report.context
    page.heading(row, FIRST, report.words("blockers_heading", count=str(len(found))))
    for index, blocker in enumerate(found[-MOST_BLOCKERS:]):
        at = row + 1 + index
        page.put(at, FIRST, blocker.day, "cell", "center")
        page.wide(at, FIRST + 1, FIRST + 2, blocker.need, "cell", "wrap")
        name = context.unit_name(blocker.person) if blocker.person else DASH
        page.put(at, FIRST + 3, name, "cell", "text")
    row += 1 + min(len(found), MOST_BLOCKERS)
    rest = found[:-MOST_BLOCKERS]
    if rest:
        said = report.words(
            "blockers_left_out",
            count=str(len(rest)),
            first=rest[0].day.isoformat(),
            last=rest[-1].day.isoformat(),
        )
        page.write(row, FIRST, said, report.book.style("note", text_wrap=False))
        row += 1
    return row + 1
