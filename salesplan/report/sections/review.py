"""The year's review, in a year's report around its lessons: goals and results with their causes,
and what became of the lessons of earlier years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from salesplan.engine.actuals.progress import Span
from salesplan.engine.work.lessons import Place
from salesplan.engine.work.task_summary import DONE
from salesplan.plan.model import Direction, IssueKey, IssueRow, Kpi, Lesson, Light, TaskStatus, Unit
from salesplan.plan.model.lesson_words import months_of
from salesplan.report.figures.context import DASH, Context, figure_format
from salesplan.report.figures.grid import CENTER, WRAP, Column, listed, repeated
from salesplan.report.figures.growth import past_value
from salesplan.report.figures.report import Report
from salesplan.report.narrative.lessons import places_said, titled
from salesplan.report.xlsx.styles import LIGHT_COLORS, PERCENT
from salesplan.report.xlsx.writer import Page
from salesplan.wording import clauses
from salesplan.wording import listed as names

FIRST, LAST = 1, 14
LINES = ("target", "actual", "rate")


class Became(Enum):
    """What became of what a lesson was for."""

    BETTER = "better"
    SAME = "same"
    OPEN = "open"
    UNUSED = "unused"


LIGHTS = {Became.BETTER: Light.GREEN, Became.SAME: Light.RED, Became.OPEN: Light.AMBER}


class Looked(NamedTuple):
    """A lesson of an earlier year: where it was like something this year, how the tasks among them
    stand, which KPIs they are for, and what that comes to.
    """

    lesson: Lesson
    places: tuple[tuple[Place, str], ...]
    done: tuple[str, ...]
    late: tuple[str, ...]
    kpis: tuple[str, ...]
    became: Became


def write_goals(report: Report, page: Page, company: Unit, row: int) -> int:
    """From ``row`` on each KPI of the company: goal, result, status, causes and actions that were
    written about it; gives the row after them.
    """
    context = report.context
    kpis = [kpi for kpi in context.kpis if (kpi.code, company.code) in report.ledger.by_pair]
    if not kpis:
        return row
    page.heading(row, FIRST, report.words("goals_heading", year=context.span_name))

    def light(kpi: Kpi) -> str:
        one = context.results.attainments.get((kpi.code, company.code, Span.YTD))
        return DASH if one is None or one.light is None else context.light(one.light)

    def written(key: str) -> Column[Kpi]:
        def value(kpi: Kpi) -> str:
            rows = _rows_of(context, kpi)
            return clauses(filter(None, (_told(context, one, key) for one in rows)), context.lang)

        return Column(key, lambda kpi: value(kpi) or DASH, look=WRAP, over=4)

    columns = (
        Column[Kpi]("kpi", lambda kpi: context.kpi_name(kpi.code), look=WRAP),
        *(_figure(report, company, line) for line in LINES),
        Column[Kpi]("light", light, look=CENTER),
        written("cause"),
        written("remedy"),
    )
    grid = listed(report, page, "goals", columns, kpis, row + 1, FIRST)
    last = row + 1 + len(kpis)
    page.lights(row + 2, last, grid.column("light"), context.light_words)
    return last + 2


def _figure(report: Report, company: Unit, line: str) -> Column[Kpi]:
    return repeated(
        line,
        lambda kpi: report.ledger.cell(kpi.code, company.code, f"ytd_{line}"),
        PERCENT if line == "rate" else figure_format,
        blank=True,
    )


def _rows_of(context: Context, kpi: Kpi) -> Sequence[IssueRow]:
    """What people wrote about the KPI, at whatever unit."""
    return [one for one in context.plan.issues if one.key.kpi == kpi.code]


def _told(context: Context, row: IssueRow, key: str) -> str:
    said: str = getattr(row, key)
    return f"{context.unit_name(row.key.unit)}: {said}" if said else ""


def write_became(report: Report, page: Page, row: int) -> int:
    """From ``row`` on what became of the lessons of earlier years; nothing without any. Gives the
    row after them.
    """
    context = report.context
    found = tuple(looked_back(context))
    if not found:
        return row
    page.heading(row, FIRST, report.words("became_heading"))

    def advice(one: Looked) -> str:
        return clauses(one.lesson.said, context.lang)

    def places(one: Looked) -> str:
        return places_said(report, one.places) or DASH

    def result(one: Looked) -> str:
        said = [
            report.words(f"became_{key}", names=names(codes, context.lang))
            for key, codes in (("done", one.done), ("late", one.late))
            if codes
        ]
        said += filter(None, (_kpi_said(report, code) for code in one.kpis))
        return clauses(said, context.lang) or DASH

    columns = (
        Column[Looked]("topic", lambda one: titled(one.lesson), look=WRAP, over=2),
        Column[Looked]("lesson", advice, look=WRAP, over=4),
        Column[Looked]("places", places, look=WRAP, over=2),
        Column[Looked]("result", result, look=WRAP, over=4),
        Column[Looked](
            "now",
            lambda one: report.words(f"became_{one.became.value}"),
            look=("center_wrap",),
            over=2,
        ),
    )
    grid = listed(report, page, "became", columns, found, row + 1, FIRST)
    tints = {
        report.words(f"became_{one.value}"): LIGHT_COLORS[light] for one, light in LIGHTS.items()
    }
    last = row + 1 + len(found)
    page.tints(row + 2, last, grid.column("now"), tints)
    page.wide(last + 1, FIRST, LAST, report.words("became_rule"), "note")
    page.fold(last + 1)
    return last + 2


def looked_back(context: Context) -> Iterator[Looked]:
    """The lessons of earlier years in sheet order, with what became of what they are like.

    Better: all tasks that were like it are done, none late, and nothing like it is an issue.
    The same: one is late, or an issue. Else it is open, and where nothing was like it, unused.
    """
    plan, results = context.plan, context.results
    first = plan.settings.months[0]
    listed_here = {one.key for one in results.problems}
    for lesson in plan.lessons:
        months = months_of(lesson.period, plan.settings)
        if not months or months[-1] >= first:
            continue
        at = () if results.lessons is None else results.lessons.at(lesson)
        at = tuple(one for one in at if one[0] is not Place.PROBLEM or one[1] in listed_here)
        tasks = [code for place, code in at if place is Place.TASK]
        done = [code for code in tasks if results.tasks[code].status in DONE]
        bad = (TaskStatus.OVERDUE, TaskStatus.DONE_LATE)
        late = [code for code in tasks if results.tasks[code].status in bad]
        stands = any(place is Place.PROBLEM for place, _ in at)
        kept = tuple(code for code in done if code not in late)
        yield Looked(
            lesson,
            at,
            kept,
            tuple(late),
            tuple(dict.fromkeys(filter(None, (_kpi_of(context, *one) for one in at)))),
            _became(bool(at), bool(late) or stands, bool(tasks) and len(done) == len(tasks)),
        )


def _became(used: bool, bad: bool, done: bool) -> Became:
    if not used:
        return Became.UNUSED
    if bad:
        return Became.SAME
    return Became.BETTER if done else Became.OPEN


def _kpi_of(context: Context, place: Place, code: str) -> str:
    plan = context.plan
    if place is Place.TASK:
        return plan.task_by_code[code].kpi or ""
    if place is Place.STRATEGY:
        return next((one.kpi or "" for one in plan.strategies if one.code == code), "")
    return IssueKey.of(code).kpi


def _kpi_said(report: Report, code: str) -> str:
    """The company's figure of the KPI against last year's, where both are known."""
    context, kpi = report.context, report.context.plan.kpi_by_code.get(code)
    span = context.report_span.last_year
    if kpi is None or context.company is None or span is None:
        return ""
    one = context.results.attainments.get((code, context.company.code, Span.YTD))
    before = past_value(context, kpi, context.company.code, *span)
    if one is None or one.actual is None or before is None or one.actual == before:
        return ""
    rose = (one.actual > before) == (kpi.direction is Direction.HIGHER)
    key = "became_kpi_better" if rose else "became_kpi_worse"
    return report.words(key, kpi=context.kpi_name(code))
