"""周复盘: the month's Fridays, why less was done than planned, and what became of the
improvements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salesplan.engine.work.task_summary import TaskResult
from salesplan.engine.work.weekly import Remedy, RemedyState, ReviewLine, Rhythm, Week
from salesplan.plan.model import Cause, Light
from salesplan.report.figures.charts import bars_chart
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, centered, figure, text, wrapped
from salesplan.report.figures.report import BODY_ROW, Report
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
WEEK = ("friday", "lines", "reasons", "unreported", "reported", "met", "completion")
REMEDY = ("friday", "task", "text", "owner", "due", "late", "latest", "state")
WIDTHS = (12.0, 9.0, 36.0, 16.0, 11.0, 11.0, 11.0, 24.0, 34.0, 14.0, 12.0)
FIRST = 1
LAST = FIRST + len(WIDTHS) - 1
WEIGHT = LAST + 2
"""0-based column of the tasks' weights, folded away."""
CHART_AT, CHART_ROWS = 9, 9
MOST_BLOCKERS = 20
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
    if rhythm is None or not (rhythm.month_weeks or rhythm.remedies or rhythm.month_blockers):
        return report.nothing("weekly", "no_weekly")
    page = report.open("weekly", LAST, weekly_sentence(report, rhythm))
    page.fix(dict(enumerate(WIDTHS, FIRST)) | {WEIGHT: 9.0})
    lines = [line for week in rhythm.month_weeks for line in week.lines]
    reasons = rhythm.month_reasons
    lines_at = BODY_ROW + max(
        len(rhythm.month_weeks) + 3,
        len(reasons) + 4 if reasons else 0,
        CHART_ROWS + 1 if reasons else 0,
    )
    _weeks(report, page, rhythm.month_weeks, lines, lines_at)
    if reasons:
        _reasons(report, page, reasons)
    row = _lines(report, page, lines, lines_at)
    row = _remedies(report, page, rhythm.remedies, row)
    row = _blockers(report, page, rhythm, row)
    page.sheet.freeze_panes(BODY_ROW, 0)
    page.set_print(None, LAST, area_rows=row)
    return None


def _weeks(
    report: Report, page: Page, weeks: Sequence[Week], lines: Sequence[ReviewLine], lines_at: int
) -> None:
    context = report.context
    grid, listed = (
        Grid(report, page, "week", WEEK, FIRST),
        Grid(report, page, "review", LINE, FIRST),
    )
    grid.heading(BODY_ROW, report.words("weeks_heading", month=context.month_label))
    grid.heads(BODY_ROW + 1)
    first, last = lines_at + 2, lines_at + 1 + len(lines)
    column = {key: listed.column_of(key, first, last) for key in ("friday", "planned", "actual")}
    weight = f"{address(first, WEIGHT, True)}:{address(last, WEIGHT, True)}"
    for index, week in enumerate(weeks):
        at = BODY_ROW + 2 + index
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
    grid.heads(BODY_ROW)
    for index, (cause, count) in enumerate(reasons.items(), 1):
        grid.put(
            BODY_ROW + index,
            {"cause": text(report.context.label(cause)), "count": figure(count, WHOLE)},
        )
    page.fold_columns(WEIGHT, grid.last)
    first, last = BODY_ROW + 1, BODY_ROW + len(reasons)
    series = {report.words("reason_count"): (grid.span("count", first, last), ACTUAL_COLOR)}
    size = (page.pixels(CHART_AT, LAST) - 8, CHART_ROWS * ROW_PIXELS - 8)
    chart = bars_chart(
        report, grid.span("cause", first, last), series, report.words("chart_reasons"), size, "0"
    )
    chart.show_hidden_data()
    page.draw(BODY_ROW, CHART_AT, chart, CHART_ROWS, y_offset=4)


def _lines(report: Report, page: Page, lines: Sequence[ReviewLine], row: int) -> int:
    if not lines:
        return row
    context = report.context
    contents = {task.code: task.content for task in reversed(context.plan.tasks)}
    grid = Grid(report, page, "review", LINE, FIRST)
    grid.heading(row, report.words("reviews_heading", count=str(len(lines))))
    grid.heads(row + 1)
    page.put(row + 1, WEIGHT, report.words("helper_weight"), "head")
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
        page.put(at, WEIGHT, 1 if result is None else result.weight, "cell", "muted")
    return row + 2 + len(lines) + 1


def _remedies(report: Report, page: Page, remedies: Sequence[Remedy], row: int) -> int:
    """The improvements of earlier weeks, looked at again."""
    if not remedies:
        return row
    context = report.context
    grid = Grid(report, page, "remedy", REMEDY, FIRST)
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
    last = row + 1 + len(remedies)
    colors = {
        report.words(f"remedy_state_{state.value}"): LIGHT_COLORS[light]
        for state, light in STATE_LIGHTS.items()
    }
    page.tints(row + 2, last, grid.column("state"), colors)
    return last + 2


def _blockers(report: Report, page: Page, rhythm: Rhythm, row: int) -> int:
    """The support that was asked for in the month's stand-ups."""
    found = rhythm.month_blockers
    if not found:
        return row
    context = report.context
    page.heading(row, FIRST, report.words("blockers_heading", count=str(len(found))))
    for index, blocker in enumerate(found[-MOST_BLOCKERS:]):
        at = row + 1 + index
        page.put(at, FIRST, blocker.day, "cell", "center")
        page.put(
            at,
            FIRST + 1,
            context.unit_name(blocker.person) if blocker.person else DASH,
            "cell",
            "text",
        )
        page.put(at, FIRST + 2, blocker.need, "cell", "wrap")
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
