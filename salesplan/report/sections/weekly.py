"""周复盘: the month's Fridays, why less was done than planned, and what became of the
improvements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from salesplan.engine.work.task_summary import TaskResult
from salesplan.engine.work.weekly import Blocker, Remedy, RemedyState, ReviewLine, Rhythm, Week
from salesplan.plan.model import Cause, Light
from salesplan.report.figures.charts import bars_chart
from salesplan.report.figures.context import DASH, Context
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import CENTER, WRAP, Column, Grid, Here, listed
from salesplan.report.figures.report import Report
from salesplan.report.narrative import phrases
from salesplan.report.narrative.course import weekly_sentence
from salesplan.report.sections import actions
from salesplan.report.sections.lessons import write_offered
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address
from salesplan.report.xlsx.styles import (
    ACTUAL_COLOR,
    LIGHT_COLORS,
    PERCENT,
    PERCENT_WHOLE,
    ROW_PIXELS,
    WHOLE,
)
from salesplan.report.xlsx.writer import Page
from salesplan.wording import listed as names_listed

FIRST, LAST = actions.FIRST, actions.LAST
WEIGHT = actions.HELPER_LAST + 2
"""0-based column of the tasks' weights, folded away."""
CHART_AT, CHART_ROWS = 11, 6
MOST_BLOCKERS = 20
WEEKS_PRINTED = 2
"""Of the last weeks the tasks that fell short are on paper; the others are folded away."""
OFFERED_SPANS = {"topic": 3, "lesson": 6, "places": 3, "cell": 2}
"""How many columns each text of the lessons below lies over."""
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
    if rhythm is None or not is_shown(report.context):
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
    row = write_offered(report, page, row, OFFERED_SPANS)
    first, row = row, _blockers(report, page, rhythm, row)
    row = report.say_folded(page, row - 1, LAST, page.fold_block(first, row - 2)) + 1
    page.freeze(page.top, 0)
    page.set_print(None, LAST, area_rows=row - 2)
    return None


def is_shown(context: Context) -> bool:
    """Whether there is anything to say of the weeks."""
    rhythm = context.results.weekly
    return rhythm is not None and bool(rhythm.span_weeks or rhythm.remedies or rhythm.span_blockers)


def _weeks(
    report: Report, page: Page, weeks: Sequence[Week], lines: Sequence[ReviewLine], lines_at: int
) -> None:
    said = report.words("weeks_heading", month=report.context.span_name)
    page.heading(page.top, FIRST, said)
    columns = _week_columns(report, _ranges(report, page, lines, lines_at))
    listed(report, page, "week", columns, weeks, page.top + 1, FIRST)


def _ranges(
    report: Report, page: Page, lines: Sequence[ReviewLine], lines_at: int
) -> Mapping[str, str]:
    """Where the lines below have what weeks are counted by; empty where there is no line."""
    if not lines:
        return {}
    first, last = lines_at + 2, lines_at + 1 + len(lines)
    grid = Grid(report, page, "review", _line_columns(report), FIRST)
    found = {key: grid.column_of(key, first, last) for key in ("friday", "planned", "actual")}
    return {**found, "weight": f"{address(first, WEIGHT, True)}:{address(last, WEIGHT, True)}"}


def _week_columns(report: Report, ranges: Mapping[str, str]) -> tuple[Column[Week], ...]:
    """A week with what is counted over its lines, which stand in ``ranges``."""
    context = report.context

    def reasons(week: Week) -> str:
        said = report.words("week_not_reviewed")
        return (_counted(report, week.reasons) if week.reviewed else said) or DASH

    def unreported(week: Week) -> str:
        return (
            phrases.listed(context, [context.unit_name(code) for code in week.unreported]) or DASH
        )

    def completion(week: Week) -> Scalar:
        return None if week.completion is None else to_places(week.completion, RATE_PLACES)

    def own(at: Here) -> str:
        return f"--({ranges['friday']}={at('friday')})"

    def both(at: Here) -> str:
        """The week's lines with a plan and an actual."""
        return f"{own(at)},--ISNUMBER({ranges['planned']}),--ISNUMBER({ranges['actual']})"

    def done(at: Here) -> str:
        actual, planned = (
            f"SUMPRODUCT({both(at)},{ranges['weight']},{ranges[key]})"
            for key in ("actual", "planned")
        )
        return f'IF({planned}=0,"{DASH}",ROUND({actual}/{planned},{RATE_PLACES}))'

    def counted(
        key: str,
        value: Callable[[Week], Scalar],
        formula: Callable[[Here], str],
        form: str = WHOLE,
    ) -> Column[Week]:
        return Column(key, value, lambda _, at: formula(at) if ranges else None, ("right",), form)

    return (
        Column("friday", lambda week: week.friday, look=("center",), over=2),
        Column("reasons", reasons, look=("wrap",)),
        Column("unreported", unreported, look=("wrap",), over=3),
        counted("lines", lambda week: len(week.lines), lambda at: f"SUMPRODUCT({own(at)})"),
        counted(
            "reported",
            lambda week: week.reported,
            lambda at: f"SUMPRODUCT({own(at)},--ISNUMBER({ranges['actual']}))",
        ),
        counted(
            "met",
            lambda week: week.met,
            lambda at: f"SUMPRODUCT({both(at)},--({ranges['actual']}>={ranges['planned']}))",
        ),
        counted("completion", completion, done, PERCENT),
    )


def _counted(report: Report, reasons: Mapping[Cause, int]) -> str:
    parts = [f"{report.context.label(cause)} {count}" for cause, count in reasons.items()]
    return names_listed(parts, report.context.lang)


def _reasons(report: Report, page: Page, reasons: Mapping[Cause, int]) -> None:
    """The month's reasons, counted, and their chart."""
    label = report.context.label
    columns: tuple[Column[tuple[Cause, int]], ...] = (
        Column("cause", lambda one: label(one[0])),
        Column("count", lambda one: one[1], look=("right",), form=WHOLE),
    )
    found = tuple(reasons.items())
    grid = listed(report, page, "reason", columns, found, page.top, WEIGHT + 2)
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
    page.heading(row, FIRST, report.words("reviews_heading", count=str(len(lines))))
    listed(report, page, "review", _line_columns(report), lines, row + 1, FIRST)
    page.put(row + 1, WEIGHT, report.words("helper_weight"), "head")
    recent = sorted({line.friday for line in lines})[-WEEKS_PRINTED:]
    for at, line in enumerate(lines, row + 2):
        if line.friday not in recent or (line.rate is not None and line.rate >= 1):
            page.fold(at)
        result: TaskResult | None = report.context.results.tasks.get(line.task)
        page.put(at, WEIGHT, 1 if result is None else result.weight, "cell", "muted")
    return row + 2 + len(lines) + 1


def _line_columns(report: Report) -> tuple[Column[ReviewLine], ...]:
    context, share = report.context, report.formulas.share
    contents = {task.code: task.content for task in reversed(context.plan.tasks)}

    def named(code: str) -> str:
        return context.unit_name(code) if code else ""

    def rate(line: ReviewLine) -> Scalar:
        return None if line.rate is None else to_places(line.rate, RATE_PLACES)

    wrap, right, center = ("wrap",), ("right",), ("center",)
    return (
        Column("friday", lambda line: line.friday, look=center),
        Column("task", lambda line: line.task or DASH),
        Column("content", lambda line: contents.get(line.task) or DASH, look=wrap),
        Column("person", lambda line: named(line.person) or DASH),
        Column("planned", lambda line: line.planned, look=right, form=PERCENT_WHOLE),
        Column("actual", lambda line: line.actual, look=right, form=PERCENT_WHOLE),
        Column(
            "rate", rate, lambda _, at: share(at("actual"), at("planned")), right, PERCENT_WHOLE
        ),
        Column("cause", lambda line: line.cause, look=wrap, over=2),
        Column("remedy", lambda line: line.remedy, look=wrap, over=3),
        Column("owner", lambda line: named(line.owner)),
        Column("due", lambda line: line.due or "", look=center),
    )


def _remedies(report: Report, page: Page, remedies: Sequence[Remedy], row: int) -> int:
    """The improvements of earlier weeks, looked at again."""
    if not remedies:
        return row
    page.heading(row, FIRST, report.words("remedies_heading"))
    grid = listed(report, page, "remedy", _remedy_columns(report), remedies, row + 1, FIRST)
    for at, one in enumerate(remedies, row + 2):
        if one.state is RemedyState.DONE:
            page.fold(at)
    last = row + 1 + len(remedies)
    colors = {
        report.words(f"remedy_state_{state.value}"): LIGHT_COLORS[light]
        for state, light in STATE_LIGHTS.items()
    }
    page.tints(row + 2, last, grid.column("state"), colors)
    return last + 2


def _remedy_columns(report: Report) -> tuple[Column[Remedy], ...]:
    def owner(one: Remedy) -> str:
        return report.context.unit_name(one.owner) if one.owner else DASH

    def latest(one: Remedy) -> Scalar:
        return None if one.latest is None else to_places(one.latest, RATE_PLACES)

    def state(one: Remedy) -> str:
        return report.words(f"remedy_state_{one.state.value}")

    wrap, right, center = ("wrap",), ("right",), ("center",)
    return (
        Column("friday", lambda one: one.friday, look=center),
        Column("task", lambda one: one.task or DASH),
        Column("text", lambda one: one.text or DASH, look=wrap, over=3),
        Column("owner", owner),
        Column("due", lambda one: one.due or DASH, look=center, over=2),
        Column("late", lambda one: one.late or DASH, look=right, form=WHOLE),
        Column("latest", latest, look=right, form=PERCENT_WHOLE),
        Column("state", state, look=center, over=2),
    )


def _blockers(report: Report, page: Page, rhythm: Rhythm, row: int) -> int:
    """The support that was asked for in the month's stand-ups."""
    found = rhythm.span_blockers
    if not found:
        return row
    context = report.context
    page.heading(row, FIRST, report.words("blockers_heading", count=str(len(found))))
    columns: tuple[Column[Blocker], ...] = (
        Column("day", lambda one: one.day, look=CENTER),
        Column("need", lambda one: one.need, look=WRAP, over=2),
        Column("person", lambda one: context.unit_name(one.person) if one.person else None),
    )
    Grid(report, page, "blocker", columns, FIRST).lines(row + 1, found[-MOST_BLOCKERS:])
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
