"""改进方案: last month's measures looked at again, and what was learned."""

from __future__ import annotations

from collections.abc import Sequence

from salesplan.engine.views.improvement import Effect, Measure, measures
from salesplan.engine.work.problems import ProblemKind, answer_to
from salesplan.plan.model import Light
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, centered, figure, text, wrapped
from salesplan.report.figures.report import Report
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.styles import LIGHT_COLORS, PERCENT
from salesplan.report.pen.writer import Page
from salesplan.report.say.course import improvements_sentence
from salesplan.report.say.subjects import subject_of
from salesplan.report.sections import problems
from salesplan.report.sections.lessons import lessons_of, shown_here, write_lessons

FIRST = 1
LOOKED_AT = (
    "subject",
    "cause",
    "before",
    "now",
    "remedy",
    "owner",
    "due",
    "status",
    "effect",
)
SPANS = {"subject": 4, "now": 2, "remedy": 2}
"""Columns of the issues above that a key lies over."""
LAST = problems.SHOWN
EFFECT_LIGHTS = {
    Effect.GONE: Light.GREEN,
    Effect.BETTER: Light.AMBER,
    Effect.SAME: Light.RED,
    Effect.WORSE: Light.RED,
    Effect.STILL: Light.RED,
}


def write(report: Report) -> None:
    """The measures of before with their effect, and what was learned; those of now stand beside the
    issues above.
    """
    context = report.context
    looked_at = measures(context.plan, context.facts, context.results)
    planned = sum(bool(answer_to(context.plan, one).remedy) for one in context.results.problems)
    learned = lessons_of(context) if shown_here(context) else ()
    if not looked_at and not planned and not learned:
        return report.nothing("improvements", "no_improvements")
    with_lessons = bool(context.plan.lessons) and shown_here(context)
    title = "title_improvements_lessons" if with_lessons else ""
    page = report.open(
        "improvements", LAST, improvements_sentence(report, looked_at, planned), title
    )
    page.fix(problems.WIDTHS)
    first = _looked_at(report, page, looked_at, page.top)
    row = write_lessons(report, page, first) if with_lessons else first
    row = report.say_folded(page, row, LAST, page.fold_block(first, row - 1)) - 1
    page.freeze(page.top, 0)
    page.set_print(None, LAST, area_rows=row)
    return None


def _looked_at(report: Report, page: Page, found: Sequence[Measure], row: int) -> int:
    grid = Grid(report, page, "measure", LOOKED_AT, FIRST, SPANS)
    last_month = report.context.results.month.plus(-1)
    grid.heading(row, report.words("measures_before", month=report.context.month_name(last_month)))
    if not found:
        page.write(row + 1, FIRST, report.words("measures_before_none"), report.book.style("muted"))
        return row + 3
    grid.heads(row + 1)
    for index, one in enumerate(found):
        grid.put(row + 2 + index, _measure(report, one))
    last = row + 1 + len(found)
    words = {
        report.words(f"effect_{effect.value}"): LIGHT_COLORS[light]
        for effect, light in EFFECT_LIGHTS.items()
    }
    page.tints(row + 2, last, grid.column("effect"), words)
    page.wide(last + 1, FIRST, LAST, report.words("measures_rule"), "note")
    page.fold(last + 1)
    return last + 3


def _measure(report: Report, one: Measure) -> dict[str, Entry]:
    context, issue = report.context, one.issue
    kind, _, subject = issue.code.partition(":")
    before, now = (
        None if value is None else to_places(value, RATE_PLACES) for value in (one.before, one.now)
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
