"""改进方案: last month's measures looked at again, what is to be done about this month's problems,
and what was learned.
"""

from __future__ import annotations

from collections.abc import Sequence

from salesplan.engine.views.improvement import Effect, Measure, measures
from salesplan.engine.work.problems import Answer, Problem, ProblemKind, answer_to
from salesplan.plan.model import Light
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import GAP_PLACES, RATE_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, centered, figure, text, wrapped
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.styles import LIGHT_COLORS, PERCENT, POINTS
from salesplan.report.pen.writer import Page
from salesplan.report.say.course import improvements_sentence
from salesplan.report.say.subjects import subject_of
from salesplan.report.sections.lessons import lessons_of, write_lessons

FIRST = 1
LOOKED_AT = (
    "subject",
    "cause",
    "remedy",
    "owner",
    "due",
    "status",
    "before",
    "now",
    "change",
    "effect",
)
PLANNED = ("subject", "cause", "remedy", "owner", "due", "status", "grade")
WIDTHS = (30.0, 30.0, 34.0, 14.0, 12.0, 12.0, 11.0, 11.0, 11.0, 17.0)
LAST = FIRST + len(WIDTHS) - 1
EFFECT_LIGHTS = {
    Effect.GONE: Light.GREEN,
    Effect.BETTER: Light.AMBER,
    Effect.SAME: Light.RED,
    Effect.WORSE: Light.RED,
    Effect.STILL: Light.RED,
}


Planned = tuple[Problem, Answer]
"""One of this month's problems, and what is written against it."""


def write(report: Report) -> None:
    """The measures of before with their effect; then those of now, and what was learned."""
    context = report.context
    looked_at = measures(context.plan, context.facts, context.results)
    answers = [(one, answer_to(context.plan, one)) for one in context.results.problems]
    planned = [(problem, answer) for problem, answer in answers if answer.remedy]
    learned = lessons_of(context.plan.lessons, context.plan.settings, context.results.month)
    if not looked_at and not planned and not learned:
        return report.nothing("improvements", "no_improvements")
    title = "title_improvements_lessons" if context.plan.lessons else ""
    page = report.open(
        "improvements", LAST, improvements_sentence(report, looked_at, len(planned)), title
    )
    page.fix(dict(enumerate(WIDTHS, FIRST)))
    row = _looked_at(report, page, looked_at, BODY_ROW)
    row = write_lessons(report, page, _planned(report, page, planned, row))
    page.sheet.freeze_panes(BODY_ROW, 0)
    page.set_print(None, LAST, area_rows=row)
    return None


def _looked_at(report: Report, page: Page, found: Sequence[Measure], row: int) -> int:
    grid = Grid(report, page, "measure", LOOKED_AT, FIRST)
    last_month = report.context.results.month.plus(-1)
    grid.heading(row, report.words("measures_before", month=report.context.month_name(last_month)))
    if not found:
        page.write(row + 1, FIRST, report.words("measures_before_none"), report.book.style("muted"))
        return row + 3
    grid.heads(row + 1)
    for index, one in enumerate(found):
        grid.put(row + 2 + index, _measure(report, grid, one, row + 2 + index))
    last = row + 1 + len(found)
    words = {
        report.words(f"effect_{effect.value}"): LIGHT_COLORS[light]
        for effect, light in EFFECT_LIGHTS.items()
    }
    page.tints(row + 2, last, grid.column("effect"), words)
    page.wide(last + 1, FIRST, LAST, report.words("measures_rule"), "note")
    return last + 3


def _measure(report: Report, grid: Grid, one: Measure, at: int) -> dict[str, Entry]:
    context, issue = report.context, one.issue
    kind, _, subject = issue.code.partition(":")
    before, now = (
        None if value is None else to_places(value, RATE_PLACES) for value in (one.before, one.now)
    )
    both = before is not None and now is not None
    change = (
        to_places((now - before) * 100, GAP_PLACES)
        if before is not None and now is not None
        else None
    )
    due: Scalar = DASH if issue.due is None else issue.due
    status = context.label(issue.status)
    return {
        "subject": wrapped(_named(report, kind, subject)),
        "cause": wrapped(issue.cause),
        "remedy": wrapped(issue.remedy),
        "owner": text(context.unit_name(issue.owner) if issue.owner else ""),
        "due": Entry(due, ("center",)),
        "status": Entry(status + (report.words("measure_late") if one.late else ""), ("wrap",)),
        "before": figure(before, PERCENT),
        "now": figure(now, PERCENT),
        "change": figure(
            change,
            POINTS,
            f"ROUND(({grid.at('now', at)}-{grid.at('before', at)})/1%,{GAP_PLACES})"
            if both
            else None,
        ),
        "effect": centered(report.words(f"effect_{one.effect.value}")),
    }


def _named(report: Report, kind: str, subject: str) -> str:
    """The issue's subject as people know it; its code where nothing bears it."""
    context = report.context
    kinds = {
        "KPI": ProblemKind.RED_KPI,
        "GAP": ProblemKind.UNEXPLAINED,
        "TASK": ProblemKind.LATE_TASK,
        "BUDGET": ProblemKind.OVERSPENT,
    }
    return (
        subject_of(context, kinds[kind], subject.replace(":", "/"))
        if kind in kinds
        else (subject or kind)
    )


def _planned(report: Report, page: Page, planned: Sequence[Planned], row: int) -> int:
    grid, context = Grid(report, page, "measure", PLANNED, FIRST), report.context
    problems = context.results.problems
    grid.heading(row, report.words("measures_now", month=report.context.month_label))
    if planned:
        grid.heads(row + 1)
    for index, (problem, one) in enumerate(planned):
        due: Scalar = one.due or DASH
        grid.put(
            row + 2 + index,
            {
                "subject": wrapped(subject_of(context, problem.kind, problem.subject)),
                "cause": wrapped(one.cause),
                "remedy": wrapped(one.remedy),
                "owner": text(context.unit_name(one.owner) if one.owner else ""),
                "due": Entry(due, ("center",)),
                "status": text(context.label(one.status) if one.status else ""),
                "grade": centered(context.light(problem.light)),
            },
        )
    last = row + 1 + len(planned)
    page.lights(row + 2, last, grid.column("grade"), report.context.light_words)
    missing = len(problems) - len(planned)
    if missing:
        words = report.words(
            "measures_missing", count=str(missing), sheet=report.pages["problems"].name
        )
        page.link(last + 1, FIRST, words, report.pages["problems"].name)
        return last + 2
    return last + 1
