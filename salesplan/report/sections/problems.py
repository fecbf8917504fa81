"""问题清单: what the month must answer for, since when, and what was written about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from salesplan.engine.exact.figures import said_of
from salesplan.engine.work.problem_notes import written_of
from salesplan.engine.work.problems import Problem, ProblemKind, answer_to
from salesplan.plan.forms import ISSUE_INPUTS, base_text
from salesplan.plan.model import IssueRow, IssueStatus, Light
from salesplan.report.figures.context import DASH, Context
from salesplan.report.figures.grid import Column, listed
from salesplan.report.figures.report import Report
from salesplan.report.narrative.first_page import where_of
from salesplan.report.narrative.sentences import problems_sentence
from salesplan.report.narrative.subjects import subject_of
from salesplan.report.sections import triggers
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT, WHOLE, amount_format
from salesplan.report.xlsx.writer import Page
from salesplan.wording import sentences

MOST_PROBLEMS = 400
"""Nobody answers for more in a month: of the worst first that many are listed, the others counted.
The data sheet has every unit's rates.
"""

MOST_PRINTED = 8
"""Behind so many the amber ones are folded away on paper; a red one never is."""

WIDTH: Mapping[str, float | None] = {
    "number": 4.5,
    "grade": 8.5,
    "kind": 12.0,
    "subject": 21.0,
    "symptom": 56.5,
    "value": 13.5,
    "first_month": 10.0,
    "months": 8.5,
    "cause": 20.0,
    "remedy": 21.0,
    "owner": 10.0,
    "due": 12.5,
    "status": 9.0,
    "remark": 8.5,
    "key": None,
    "base": 12.0,
}
"""The list's columns with their widths; None: as wide as what it holds."""
FIRST = 1
LAST = FIRST + len(WIDTH) - 1
SHOWN = LAST - 2
"""The last column that a reader sees. Behind it, hidden, is what lets ``collect`` take back what is
written.
"""
WIDTHS = {at: width for at, width in enumerate(WIDTH.values(), FIRST) if width is not None}
_FOLDED = ("kind", "first_month")
"""Columns that are there for those who look."""


class Line(NamedTuple):
    """A problem of the list with its number, and its row in the master (None: it has none yet)."""

    number: int
    problem: Problem
    issue: IssueRow | None


def write(report: Report) -> None:
    """Worst first; causes and remedies by the problem's key from 问题与改进."""
    problems, others = (
        report.context.results.problems[:MOST_PROBLEMS],
        report.context.results.problems[MOST_PROBLEMS:],
    )
    if not problems:
        return triggers.alone(report, WIDTHS, SHOWN)
    page = report.open("problems", SHOWN, problems_sentence(report))
    page.fix(WIDTHS)
    lines = [
        Line(number, problem, _row_of(report.context, problem))
        for number, problem in enumerate(problems, 1)
    ]
    grid = listed(report, page, "problem", _columns(report), lines, page.top, FIRST)
    for key in _FOLDED:
        page.fold_columns(grid.column(key), grid.column(key))
    last = page.top + len(problems)
    if others:
        _left_out(report, page, others, last + 2, grid.column("grade"))
    page.lights(page.top + 1, last, grid.column("grade"), report.context.light_words)
    status = grid.column("status")
    page.sheet.data_validation(page.top + 1, status, last, status, _choices(report))
    page.filter(page.top, FIRST, last, SHOWN)
    page.freeze(page.top + 1, 0)
    page.fold_columns(SHOWN + 1, LAST)
    folded = [one for one in lines[MOST_PRINTED:] if one.problem.light is Light.AMBER]
    for one in folded:
        page.fold(page.top + one.number)
    end = _notes(report, page, len(folded), last + 4 if others else last + 1)
    end = triggers.write_triggers(report, page, end + 1) - 1
    page.set_print((page.top, page.top), SHOWN, area_rows=end)
    return None


def _row_of(context: Context, problem: Problem) -> IssueRow | None:
    """The problem's own row in the master; without one, the row that will move here."""
    own = next((row for row in context.plan.issues if row.code == problem.key), None)
    return own or written_of(context.plan, problem)


def _notes(report: Report, page: Page, folded: int, row: int) -> int:
    """One line for what is folded away and what is too small to be listed; gives the last row."""
    minor = len(report.context.results.minor_problems)
    counts = {"problems_folded": folded, "problems_minor": minor}
    said = [report.words(key, count=str(count)) for key, count in counts.items() if count]
    if not said:
        return row - 1
    page.wide(row, FIRST, SHOWN, sentences(said, report.context.lang), "note")
    return row


def _left_out(report: Report, page: Page, others: Sequence[Problem], row: int, grade: int) -> None:
    """Below the list: how many more there are of each light."""
    for offset, light in enumerate((Light.RED, Light.AMBER)):
        count = sum(problem.light is light for problem in others)
        page.put(row + offset, grade, count, "cell", "right", number_format=WHOLE)
        said = report.words(
            "problems_left_out", light=report.context.light(light), sheet=report.pages["data"].name
        )
        page.write(row + offset, grade + 1, said, report.book.style("subtitle"))


def _columns(report: Report) -> tuple[Column[Line], ...]:
    context = report.context

    def centered(key: str, value: Callable[[Line], Scalar], form: str = "") -> Column[Line]:
        return Column(key, value, look=("center",), form=form)

    def written(key: str, look: str = "text") -> Column[Line]:
        """A cell to be filled in, with what the master has."""

        def value(line: Line) -> Scalar:
            return None if line.issue is None else _written(context, line.issue, key)

        return Column(key, value, look=("input", look))

    hidden = ("text", "muted")
    return (
        centered("number", lambda line: line.number, WHOLE),
        centered("grade", lambda line: context.light(line.problem.light)),
        centered("kind", lambda line: report.words(f"problem_kind_{line.problem.kind.value}")),
        Column(
            "subject",
            lambda line: subject_of(context, line.problem.about),
            look=("wrap",),
        ),
        Column(
            "symptom",
            lambda line: sentences(_symptom(context, line.problem, line.issue), context.lang),
            look=("wrap",),
        ),
        Column(
            "value",
            lambda line: _value(context, line.problem)[0],
            look=("right",),
            form=lambda line: _value(context, line.problem)[1],
        ),
        centered("first_month", lambda line: str(line.problem.first_month)),
        centered("months", lambda line: line.problem.months, WHOLE),
        written("cause", "wrap"),
        written("remedy", "wrap"),
        written("owner", "wrap"),
        written("due"),
        written("status", "wrap"),
        written("remark", "wrap"),
        Column("key", lambda line: line.problem.key, look=hidden),
        Column(
            "base", lambda line: base_text(line.problem.key, _base(report, line.issue)), look=hidden
        ),
    )


def _written(context: Context, issue: IssueRow, key: str) -> Scalar:
    """What the master has in a cell to be filled in, as people read it."""
    if key == "owner":
        return context.unit_name(issue.owner) if issue.owner else ""
    if key == "status":
        return context.label(issue.status) if issue.status else ""
    value: Scalar = getattr(issue, key)
    return value


def _symptom(context: Context, problem: Problem, issue: IssueRow | None) -> Iterator[str]:
    """What is wrong and where; of a late task also the cause and the action that its own row has
    and the issue's cells, which are to be filled in, do not.
    """
    yield context.say(problem.symptom)
    yield from filter(None, [where_of(context, problem)])
    answer = answer_to(context.plan, problem)
    if answer.cause and not (issue and issue.cause):
        yield context.words("problem_task_cause", cause=answer.cause)
    if answer.remedy and not (issue and issue.remedy):
        yield context.words("problem_task_remedy", remedy=answer.remedy)


def _base(report: Report, issue: IssueRow | None) -> tuple[object, ...]:
    """What the cells to be filled in hold, as they show it."""
    if issue is None:
        return ("",) * len(ISSUE_INPUTS)
    owner = report.context.unit_name(issue.owner) if issue.owner else ""
    return tuple(owner if key == "owner" else getattr(issue, key) for key in ISSUE_INPUTS)


def _choices(report: Report) -> dict[str, object]:
    return {
        "validate": "list",
        "source": [report.context.label(status) for status in IssueStatus],
        "error_type": "warning",
    }


def _value(context: Context, problem: Problem) -> tuple[Scalar, str]:
    """The figure with its unit: a pace, working days, or an amount."""
    if problem.value is None:
        return DASH, ""
    if problem.kind in (ProblemKind.RED_KPI, ProblemKind.UNEXPLAINED):
        return problem.value, PERCENT
    whole = problem.value == problem.value.to_integral_value()
    late = problem.kind is ProblemKind.LATE_TASK
    days = said_of(problem.value, context.words("problem_days"))
    unit = days if late else context.amount_unit
    return Decimal(problem.value), f'{WHOLE if whole else amount_format(2)}" {unit}"'
