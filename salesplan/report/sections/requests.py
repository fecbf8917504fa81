"""协作请求: below the action plan, what askers and helpers still have to settle, both named."""

from __future__ import annotations

from collections.abc import Mapping

from salesplan.engine.work.helping import Request, unsettled
from salesplan.findings import Finding
from salesplan.plan.model import Task
from salesplan.plan.schema import label
from salesplan.report.figures.grid import CENTER, WRAP, Column, first_listed
from salesplan.report.figures.report import Report
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.writer import Page
from salesplan.wording import clauses


def write_requests(report: Report, page: Page, row: int) -> int:
    """The block from ``row`` on, under the columns of the action plan; returns the row after it."""
    found = [one for one in report.context.results.requests if not one.is_settled]
    return first_listed(
        report,
        page,
        "request",
        _columns(report),
        found,
        row,
        heading=lambda count: report.words("requests_heading", count=count),
        more=lambda count: report.words("requests_more", count=count),
    )


def _columns(report: Report) -> tuple[Column[Request], ...]:
    context = report.context
    tasks: Mapping[str, Task] = context.plan.task_by_code

    def answer(one: Request) -> Scalar:
        if one.reply is None or one.reply.answer is None:
            return report.words("request_open")
        said = (label(one.reply.answer, context.lang), one.reply.remark)
        return clauses(filter(None, said), context.lang)

    def said(one: Request) -> Scalar:
        """What :func:`salesplan.engine.work.helping.unsettled` says, in few words: who it is about
        stands beside it.
        """
        points = [report.words(_SAID[point.code], **_facts(point)) for point in unsettled(one)]
        return clauses(points, context.lang)

    return (
        Column("task", lambda one: one.task, over=2),
        Column("content", lambda one: tasks[one.task].content, look=WRAP),
        Column("owner", lambda one: one.owner, look=WRAP),
        Column("helper", lambda one: one.name, look=WRAP),
        Column("needed", lambda one: _day(one.needed), look=CENTER),
        Column("requested", lambda one: _day(one.requested), look=CENTER, over=2),
        Column("answer", answer, look=WRAP, over=2),
        Column("promised", lambda one: _day(one.promised), look=CENTER, over=2),
        Column("said", said, look=WRAP, over=2),
    )


_SAID = {
    "help-late": "request_late",
    "help-not-asked": "request_not_asked",
    "help-refused": "request_refused",
    "help-promised-late": "request_promised_late",
    "help-unanswered": "request_unanswered",
}


def _facts(point: Finding) -> dict[str, str]:
    return {key: str(value) for key, value in point.params.items()}


def _day(day: object) -> str | None:
    return None if day is None else str(day)
