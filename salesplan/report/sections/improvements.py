"""改进方案: last month's measures looked at again, and what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesplan.engine.views.improvement import Effect, Measure, measures
from salesplan.engine.work.problems import answer_to
from salesplan.plan.model import IssueKey, Light
from salesplan.report.figures.context import DASH, Context
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import Column, listed
from salesplan.report.figures.report import Report
from salesplan.report.narrative.course import improvements_sentence
from salesplan.report.narrative.lessons import offered
from salesplan.report.narrative.subjects import subject_of
from salesplan.report.sections import problems, weekly
from salesplan.report.sections.lessons import (
    beside_measures,
    lessons_of,
    write_lessons,
    write_offered,
)
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import LIGHT_COLORS, PERCENT
from salesplan.report.xlsx.writer import Page

FIRST = 1
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
    if not looked_at and not planned and not _with_lessons(context):
        return report.nothing("improvements", "no_improvements")
    with_lessons = bool(context.plan.lessons) and beside_measures(context)
    title = "title_improvements_lessons" if with_lessons else ""
    page = report.open(
        "improvements", LAST, improvements_sentence(report, looked_at, planned), title
    )
    page.fix(problems.WIDTHS)
    first = _looked_at(report, page, looked_at, page.top)
    if with_lessons and not weekly.is_shown(context):
        first = write_offered(report, page, first)
    row = write_lessons(report, page, first) if with_lessons else first
    row = report.say_folded(page, row, LAST, page.fold_block(first - 1, row - 1)) - 1
    page.freeze(page.top, 0)
    page.set_print(None, LAST, area_rows=row)
    return None


def _with_lessons(context: Context) -> bool:
    """Whether lessons are shown here, those of the span or such as may help now."""
    if not beside_measures(context):
        return False
    return bool(lessons_of(context) or (not weekly.is_shown(context) and offered(context)))


def _looked_at(report: Report, page: Page, found: Sequence[Measure], row: int) -> int:
    last_month = report.context.results.month.plus(-1)
    page.heading(
        row, FIRST, report.words("measures_before", month=report.context.month_name(last_month))
    )
    if not found:
        page.write(row + 1, FIRST, report.words("measures_before_none"), report.book.style("muted"))
        return row + 3
    grid = listed(report, page, "measure", _columns(report), found, row + 1, FIRST)
    last = row + 1 + len(found)
    words = {
        report.words(f"effect_{effect.value}"): LIGHT_COLORS[light]
        for effect, light in EFFECT_LIGHTS.items()
    }
    page.tints(row + 2, last, grid.column("effect"), words)
    page.wide(last + 1, FIRST, LAST, report.words("measures_rule"), "note")
    page.fold(last + 1)
    return last + 3


def _columns(report: Report) -> tuple[Column[Measure], ...]:
    """What a measure was for, and what came of it; over the columns of the issues above."""
    context = report.context

    def subject(one: Measure) -> str:
        return _named(report, one.issue.key) or DASH

    def owner(one: Measure) -> str:
        return context.unit_name(one.issue.owner) if one.issue.owner else DASH

    def status(one: Measure) -> str:
        return context.label(one.issue.status) + (report.words("measure_late") if one.late else "")

    def share(value: Decimal | None) -> Scalar:
        return None if value is None else to_places(value, RATE_PLACES)

    wrap, right, center = ("wrap",), ("right",), ("center",)
    return (
        Column("subject", subject, look=wrap, over=4),
        Column("cause", lambda one: one.issue.cause or DASH, look=wrap),
        Column("before", lambda one: share(one.before), look=right, form=PERCENT),
        Column("now", lambda one: share(one.now), look=right, form=PERCENT, over=2),
        Column("remedy", lambda one: one.issue.remedy or DASH, look=wrap, over=2),
        Column("owner", owner),
        Column("due", lambda one: one.issue.due, look=center),
        Column("status", status, look=wrap),
        Column(
            "effect", lambda one: report.words(f"effect_{one.effect.value}"), look=("center_wrap",)
        ),
    )


def _named(report: Report, key: IssueKey) -> str:
    """The issue's subject as people know it; its code where nothing bears it."""
    return subject_of(report.context, key) or key.prefix
