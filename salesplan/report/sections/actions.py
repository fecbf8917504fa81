"""行动计划执行: every task with its status and light, and how far each owner, strategy and
department is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from salesplan.dataclass import dataclass
from salesplan.engine.work.task_summary import (
    DONE,
    TaskResult,
    TaskSummary,
    by_department,
    by_owner,
    summarize,
    tasks_of,
)
from salesplan.plan.model import Light, Month, Plan, Task, TaskStatus, first_by_code
from salesplan.report.figures.charts import burn_up_chart
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import CENTER, RIGHT, Column, Grid, Here, listed
from salesplan.report.figures.report import Report
from salesplan.report.narrative.sentences import actions_sentence
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address, letter
from salesplan.report.xlsx.styles import (
    MONTH,
    PERCENT,
    PERCENT_WHOLE,
    ROW_PIXELS,
    WHOLE,
)
from salesplan.report.xlsx.writer import Page

SUMMARY = 9
"""Figures of a summary."""
TASK: Mapping[str, float | None] = {
    "code": 12.0,
    "strategy": 7.0,
    "content": 36.0,
    "owner": 12.0,
    "start": 11.5,
    "due": 11.5,
    "progress": 8.5,
    "expected": 8.5,
    "index": 8.5,
    "status": 11.5,
    "light": 9.0,
    "overdue_days": 8.0,
    "cause": 21.0,
    "remedy": 27.0,
    "department": None,
    "notice": 30.0,
}
"""The list's columns with their widths; None: as wide as what it holds."""
HELPERS = (
    "owner_code",
    "department_code",
    "weight",
    "counted",
    "active",
    "is_done",
    "is_due",
    "is_finished",
    "is_on_time",
    "is_overdue",
    "is_paused",
    "weight_in",
    "weight_done",
    "done_on",
    "due_on",
)
FIRST = 1
LAST = FIRST + tuple(TASK).index("remedy")
"""The last column on paper; those behind it are folded away."""
HELPER_FIRST = FIRST + len(TASK) + 1
HELPER_LAST = HELPER_FIRST + len(HELPERS) - 1
CHART_ROWS = 8
QUIET = (*DONE, TaskStatus.CANCELLED)
"""Tasks that nobody need act on: folded away on paper, counted in the summary."""
MOST_GROUPS = 15
"""Lines of a summary; where there are more groups the last one is all the others."""
OTHERS = "…"
"""What stands in the place of the others' codes."""


def write(report: Report) -> None:
    """Summaries and their chart first, then the list; beside the list, folded away, what is
    counted. Of a longer span than a month the tasks that are a matter of it.
    """
    known = report.context.results.tasks
    tasks = [task for task in first_by_code(report.context.plan.tasks) if task.code in known]
    tasks = list(tasks_of(tasks, known, report.context.report_span))
    if not tasks:
        return report.nothing("actions", "no_tasks")
    page = report.open("actions", LAST, actions_sentence(report))
    page.fix(WIDTHS)
    keys = {kind: _keys(report, tasks, kind) for kind in ("department", "strategy", "owner")}
    groups = _groups(report, keys)
    head = page.top + 1 + _height(groups)
    ranges = {
        key: _range(HELPER_FIRST + offset, head + 1, head + len(tasks))
        for offset, key in enumerate(HELPERS)
    }
    ranges["strategy"] = _range(FIRST + tuple(TASK).index("strategy"), head + 1, head + len(tasks))
    _summaries(report, page, tasks, groups, ranges)
    _burn_up(report, page, tasks, ranges)
    _list(report, page, tasks, head, keys)
    page.fold_columns(LAST + 1, HELPER_LAST)
    page.filter(head, FIRST, head + len(tasks), LAST)
    page.freeze(page.top, 0)
    end = head + len(tasks)
    if report.context.results.requests:
        from salesplan.report.sections.requests import write_requests

        end = write_requests(report, page, end + 1) - 1
    page.set_print((head, head), LAST, area_rows=end)
    return None


WIDTHS = {at: width for at, width in enumerate(TASK.values(), FIRST) if width is not None}

Group = tuple[str, list["Member"], str]
"""Words key, members, and the name of the range that holds the members' keys."""


@dataclass(frozen=True, slots=True)
class Member:
    """One line of a summary: its key as the list shows it, its name, its counts, and how many of
    its tasks are done.
    """

    code: str
    name: str
    summary: TaskSummary
    done: int

    def value(self, key: str) -> Scalar:
        """The figure of one summary column."""
        if key == "done":
            return self.done
        if key == "open":
            return self.summary.total - self.done - self.summary.overdue
        value: Scalar = getattr(self.summary, key)
        if value is None:
            return DASH
        return to_places(value, RATE_PLACES) if isinstance(value, Decimal) else value


def _groups(report: Report, keys: Mapping[str, Mapping[str, str]]) -> list[Group]:
    context, results = report.context, report.context.results
    strategies = {strategy.code: strategy for strategy in context.plan.strategies}

    def strategy_name(code: str) -> str:
        return strategies[code].content if code in strategies else code

    found: list[Group] = []
    for kind, summaries, name in (
        ("department", results.tasks_by_department, context.unit_name),
        ("strategy", results.tasks_by_strategy, strategy_name),
        ("owner", results.tasks_by_owner, context.unit_name),
    ):
        done = Counter(
            key for code, key in keys[kind].items() if results.tasks[code].status in DONE
        )
        ordered = sorted(summaries.items(), key=lambda item: (-item[1].total, item[0]))
        ordered = [(code, one) for code, one in ordered if one.total]
        named = len(ordered) if len(ordered) <= MOST_GROUPS else MOST_GROUPS - 1
        members = [
            Member(code or DASH, name(code) if code else report.words("nobody"), one, done[code])
            for code, one in ordered[:named]
        ]
        rest = {code for code, _ in ordered[named:]}
        if rest:
            members.append(
                _others(
                    report, [code for code, key in keys[kind].items() if key in rest], len(rest)
                )
            )
        if members:
            found.append(
                (f"by_{kind}", members, "strategy" if kind == "strategy" else f"{kind}_code")
            )
    return found


def _height(groups: Sequence[Group]) -> int:
    """Rows of the summaries: those on paper are at least as many as the chart beside them takes."""
    rows = {key: 2 + len(members) for key, members, _ in groups}
    shown = 4 + rows.pop("by_department", 0)
    return max(shown, CHART_ROWS + 1) + sum(rows.values())


def _others(report: Report, tasks: Sequence[str], groups: int) -> Member:
    """The groups that are not named, in one line with their figures: the lines add up to all
    tasks.
    """
    results = report.context.results
    chosen = set(tasks)
    own = [task for task in report.context.plan.tasks if task.code in chosen]
    return Member(
        OTHERS,
        report.words("others", count=str(groups)),
        summarize(own, results.tasks, results.as_of),
        sum(results.tasks[code].status in DONE for code in tasks),
    )


def _range(column: int, first: int, last: int) -> str:
    return f"${letter(column)}${first + 1}:${letter(column)}${last + 1}"


FIGURES_AT = FIRST + 3
"""Where the figures of a summary begin; before them stand code and name."""


class Counted(NamedTuple):
    """A line of a summary, and what chooses its tasks within a ``SUMPRODUCT``."""

    member: Member
    mine: str


def _summary_columns(report: Report, ranges: Mapping[str, str]) -> tuple[Column[Counted], ...]:
    """The figures of a summary, counted over the list by what stands beside it."""
    share = report.formulas.share

    def counted(one: Counted, helper: str) -> str:
        return f"SUMPRODUCT({one.mine}{ranges[helper]})"

    def number(key: str, helper: str) -> Column[Counted]:
        return shown(key, lambda one, _: counted(one, helper))

    def shown(
        key: str, formula: Callable[[Counted, Here], str], form: str = WHOLE
    ) -> Column[Counted]:
        return Column(key, lambda one: one.member.value(key), formula, ("right",), form)

    return (
        number("total", "counted"),
        number("done", "is_done"),
        number("overdue", "is_overdue"),
        shown("open", lambda _, at: f"{at('total')}-{at('done')}-{at('overdue')}"),
        number("due", "is_due"),
        number("finished", "is_finished"),
        shown("completion", lambda _, at: share(at("finished"), at("due")), PERCENT),
        shown(
            "on_time_rate",
            lambda one, at: share(counted(one, "is_on_time"), at("due")),
            PERCENT,
        ),
        shown(
            "weighted",
            lambda one, _: share(counted(one, "weight_done"), counted(one, "weight_in")),
            PERCENT,
        ),
    )


def _summaries(
    report: Report,
    page: Page,
    tasks: Sequence[Task],
    groups: list[Group],
    ranges: Mapping[str, str],
) -> None:
    """All tasks in one line, then each group."""
    row, results = page.top, report.context.results

    columns = _summary_columns(report, ranges)
    grid = Grid(report, page, "summary", columns, FIGURES_AT)

    def line(row: int, member: Member, mine: str, *look: str) -> None:
        page.put(row, FIRST, member.code or DASH, "cell", "text", "muted")
        page.wide(row, FIRST + 1, FIRST + 2, member.name, "cell", "wrap", *look)
        grid.line(row, Counted(member, mine))

    page.heading(row, FIRST, report.words("summary"))
    page.wide(row + 1, FIRST, FIRST + 2, report.words("summary_group"), "head", "head_left")
    grid.heads(row + 1)
    row += 2
    if results.task_summary is not None:
        done = sum(results.tasks[task.code].status in DONE for task in tasks)
        whole = Member("", report.words("all_tasks"), results.task_summary, done)
        line(row, whole, "", "strong")
        for key in grid.keys:
            report.publish(f"tasks_{key}", page, row, grid.column(key), whole.value(key))
    row += 2
    for words_key, members, range_key in groups:
        page.put(row, FIRST, report.words(words_key), "strong", "muted")
        page.keep(row, row + min(len(members), 2))
        row += 1
        for at_row, member in enumerate(members, row):
            line(at_row, member, _mine(member, ranges[range_key], row, at_row))
        if words_key != "by_department":
            page.fold_block(row - 1, row + len(members))
        row += len(members) + 1


def _mine(member: Member, keys: str, first: int, row: int) -> str:
    """The tasks of a line: those with its key; of the others those whose key is none of the lines
    above, which begin in row ``first``.
    """
    if member.code == OTHERS:
        return f"--ISNA(MATCH({keys},{_range(FIRST, first, row - 1)},0)),"
    return f"--EXACT({keys},{address(row, FIRST, True)}),"


def _burn_up(report: Report, page: Page, tasks: list[Task], ranges: Mapping[str, str]) -> None:
    """How many tasks were to be done by each month's end, and how many were; the cells are folded
    away.

    Cancelled and paused tasks are left out. A task that is done on an unknown day counts from the
    cut-off on.
    """
    context, results = report.context, report.context.results
    live = [
        task
        for task in tasks
        if results.tasks[task.code].status not in (TaskStatus.CANCELLED, TaskStatus.PAUSED)
    ]
    done = [
        _done_on(task, results.as_of) for task in live if results.tasks[task.code].status in DONE
    ]
    due = [day for task in live if (day := results.tasks[task.code].due) is not None]

    def until(
        key: str, days: Sequence[date], day: str, where: Callable[[Month], bool] | None = None
    ) -> Column[Month]:
        """How many of the days, which stand in the helper column ``day``, a month's end is past."""

        def formula(_: Month, at: Here) -> str:
            return (
                f"SUMPRODUCT({ranges['active']},--ISNUMBER({ranges[day]}),"
                f"--({ranges[day]}<={at('month')}))"
            )

        return Column(
            key,
            lambda month: sum(one <= month.last for one in days),
            formula,
            RIGHT,
            WHOLE,
            where=where,
        )

    columns: tuple[Column[Month], ...] = (
        Column("label", context.short_month),
        Column("month", lambda month: month.last, look=CENTER, form=MONTH),
        until("planned", due, "due_on"),
        until("done", done, "done_on", lambda month: month <= results.month),
    )
    months = context.plan.settings.months
    grid = listed(report, page, "burn_up", columns, months, page.top, HELPER_FIRST)
    first, last = page.top + 1, page.top + len(months)
    series = {
        "planned": grid.span("planned", first, last),
        "done": grid.span("done", first, first + context.clock.index),
    }
    column = FIGURES_AT + SUMMARY
    chart = burn_up_chart(
        report,
        grid.span("label", first, last),
        series,
        (page.pixels(column, LAST) - 24, CHART_ROWS * ROW_PIXELS - 10),
    )
    page.draw(page.top, column, chart, CHART_ROWS, x_offset=16)


def _done_on(task: Task, as_of: date) -> date:
    """The day a finished task counts from."""
    return min(task.finished or as_of, as_of)


RowFormula = Callable[["Line", Here], str | None]


class Line(NamedTuple):
    """A task of the list, what became of it, and the groups it is counted in."""

    task: Task
    result: TaskResult
    owner: str
    department: str


def _list(
    report: Report, page: Page, tasks: list[Task], head: int, keys: Mapping[str, Mapping[str, str]]
) -> None:
    """Every task, and beside it what is counted; done and cancelled ones are folded away."""
    results = report.context.results.tasks

    columns = _columns(report)
    shown = Grid(report, page, "task", columns, FIRST)
    helpers = _helpers(report, shown)
    beside = Grid(report, page, "helper", helpers, HELPER_FIRST)
    page.heading(head - 1, FIRST, report.words("task_list"))
    shown.heads(head)
    beside.heads(head)
    for row, task in enumerate(tasks, head + 1):
        line = Line(
            task, results[task.code], keys["owner"][task.code], keys["department"][task.code]
        )
        shown.line(row, line)
        beside.line(row, line)
    for row, task in enumerate(tasks, head + 1):
        if results[task.code].status in QUIET:
            page.fold(row)
    page.lights(head + 1, head + len(tasks), shown.column("light"), report.context.light_words)


def _keys(report: Report, tasks: list[Task], kind: str) -> dict[str, str]:
    """The group each task is counted in, as the engine groups it."""
    if kind == "strategy":
        return {task.code: task.strategy or "" for task in tasks}
    plan, results = report.context.plan, report.context.results
    group = by_owner if kind == "owner" else by_department
    return {
        task.code: next(
            iter(
                group(
                    Plan(settings=plan.settings, units=plan.units, tasks=(task,)),
                    results.tasks,
                    results.as_of,
                )
            ),
            "",
        )
        for task in tasks
    }


def _columns(report: Report) -> tuple[Column[Line], ...]:
    """What the list says of each task."""
    context, share = report.context, report.formulas.share

    def named(code: str) -> str:
        return context.unit_name(code) if code else DASH

    def index(line: Line) -> Scalar:
        found = line.result.index
        return None if found is None else to_places(found, RATE_PLACES)

    def part(
        key: str, value: Callable[[Line], Scalar], formula: RowFormula | None = None
    ) -> Column[Line]:
        return Column(key, value, formula, ("right",), PERCENT_WHOLE)

    middle = ("center",)
    return (
        Column("code", lambda line: line.task.code),
        Column("strategy", lambda line: line.task.strategy or DASH, look=middle),
        Column("content", lambda line: line.task.content, look=("wrap",)),
        Column("owner", lambda line: named(line.owner)),
        Column("start", lambda line: line.task.start or "", look=middle),
        Column("due", lambda line: line.task.due or "", look=middle),
        part("progress", lambda line: line.result.progress),
        part("expected", lambda line: line.result.expected),
        part("index", index, lambda _, at: share(at("progress"), at("expected"))),
        Column("status", lambda line: context.label(line.result.status), look=middle),
        Column(
            "light",
            lambda line: context.light(line.result.light),
            lambda _, at: _light(report, at),
            middle,
        ),
        Column(
            "overdue_days", lambda line: line.result.overdue_days or DASH, None, ("right",), WHOLE
        ),
        Column("cause", lambda line: line.task.cause, look=("wrap",)),
        Column("remedy", lambda line: line.task.remedy, look=("wrap",)),
        Column("department", lambda line: named(line.department), look=("text", "muted")),
        Column("notice", lambda line: context.say(line.result.notice), look=("wrap", "muted")),
    )


def _light(report: Report, at: Here) -> str:
    """The task's light from its status and execution index."""
    status, index, progress = map(at, ("status", "index", "progress"))
    label, lights = report.context.label, report.formulas.lights
    words = {one: f'{status}="{label(one)}"' for one in TaskStatus}
    red = (
        f"OR({words[TaskStatus.OVERDUE]},AND(ISNUMBER({index}),"
        f"N({index})<{report.formulas.names['task_far_behind']}))"
    )
    amber = f"OR({words[TaskStatus.BEHIND]},NOT(ISNUMBER({progress})))"
    return (
        f"IF(OR({words[TaskStatus.PAUSED]},{words[TaskStatus.CANCELLED]},"
        f'{words[TaskStatus.NOT_STARTED]}),"{DASH}",'
        f'IF({words[TaskStatus.DONE_ON_TIME]},"{lights[Light.GREEN]}",'
        f'IF({words[TaskStatus.DONE_LATE]},"{lights[Light.AMBER]}",'
        f'IF({red},"{lights[Light.RED]}",IF({amber},"{lights[Light.AMBER]}",'
        f'"{lights[Light.GREEN]}")))))'
    )


def _helpers(report: Report, task: Grid[Line]) -> tuple[Column[Line], ...]:
    """Whether the task counts as due, finished, on time …: formulas on its status, and their
    results.
    """
    as_of, label = report.context.results.as_of, report.context.label
    cut_off = report.formulas.names["cut_off"]

    def active(line: Line) -> bool:
        return line.result.status not in (TaskStatus.CANCELLED, TaskStatus.PAUSED)

    def due(line: Line) -> bool:
        return active(line) and line.result.due is not None and line.result.due <= as_of

    def weight(line: Line) -> Decimal:
        counts = active(line) and line.result.progress is not None
        return line.result.weight if counts else Decimal(0)

    def status(at: Here) -> str:
        return task.at("status", at.row)

    def progress(at: Here) -> str:
        return task.at("progress", at.row)

    def is_status(which: TaskStatus, at: Here) -> str:
        return f'{status(at)}="{label(which)}"'

    def done(at: Here) -> str:
        ways = (TaskStatus.DONE_ON_TIME, TaskStatus.DONE_LATE)
        return f"OR({','.join(is_status(one, at) for one in ways)})"

    def told(
        key: str, value: Callable[[Line], Scalar], formula: RowFormula | None = None
    ) -> Column[Line]:
        return Column(key, value, formula, ("muted",))

    def flag(
        key: str, holds: Callable[[Line], bool], condition: Callable[[Here], str]
    ) -> Column[Line]:
        return told(key, lambda line: int(holds(line)), lambda _, at: f"IF({condition(at)},1,0)")

    return (
        told("owner_code", lambda line: line.owner or DASH),
        told("department_code", lambda line: line.department or DASH),
        told("weight", lambda line: line.result.weight),
        flag(
            "counted",
            lambda line: line.result.status is not TaskStatus.CANCELLED,
            lambda at: f'{status(at)}<>"{label(TaskStatus.CANCELLED)}"',
        ),
        flag(
            "active",
            active,
            lambda at: f'AND({at("counted")}=1,{status(at)}<>"{label(TaskStatus.PAUSED)}")',
        ),
        flag("is_done", lambda line: line.result.status in DONE, done),
        flag(
            "is_due",
            due,
            lambda at: (
                f"AND({at('active')}=1,ISNUMBER({at('due_on')}),N({at('due_on')})<={cut_off})"
            ),
        ),
        flag(
            "is_finished",
            lambda line: due(line) and line.result.status in DONE,
            lambda at: f"AND({at('is_due')}=1,{done(at)})",
        ),
        flag(
            "is_on_time",
            lambda line: due(line) and line.result.status is TaskStatus.DONE_ON_TIME,
            lambda at: f"AND({at('is_due')}=1,{is_status(TaskStatus.DONE_ON_TIME, at)})",
        ),
        flag(
            "is_overdue",
            lambda line: due(line) and line.result.status is TaskStatus.OVERDUE,
            lambda at: f"AND({at('is_due')}=1,{is_status(TaskStatus.OVERDUE, at)})",
        ),
        flag(
            "is_paused",
            lambda line: line.result.status is TaskStatus.PAUSED,
            lambda at: is_status(TaskStatus.PAUSED, at),
        ),
        told(
            "weight_in",
            weight,
            lambda _, at: f"IF(AND({at('active')}=1,ISNUMBER({progress(at)})),{at('weight')},0)",
        ),
        told(
            "weight_done",
            lambda line: weight(line) * (line.result.progress or 0),
            lambda _, at: f"IF({at('weight_in')}=0,0,{at('weight_in')}*{progress(at)})",
        ),
        told(
            "done_on",
            lambda line: _done_on(line.task, as_of) if line.result.status in DONE else DASH,
        ),
        told("due_on", lambda line: line.result.due or DASH),
    )
