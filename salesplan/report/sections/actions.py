"""行动计划执行: every task with its status and light, and how far each owner, strategy and
department is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.work.task_summary import (
    DONE,
    TaskSummary,
    by_department,
    by_owner,
    summarize,
    tasks_of,
)
from salesplan.plan.model import Light, Plan, Task, TaskStatus, first_by_code
from salesplan.report.figures.charts import burn_up_chart
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import Entry, Grid, centered, figure
from salesplan.report.figures.report import Report
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.places import address, letter
from salesplan.report.pen.styles import (
    MONTH,
    PERCENT,
    PERCENT_WHOLE,
    ROW_PIXELS,
    WHOLE,
)
from salesplan.report.pen.writer import Page
from salesplan.report.say.sentences import actions_sentence

SUMMARY = (
    "group",
    "total",
    "done",
    "overdue",
    "open",
    "due",
    "finished",
    "completion",
    "on_time_rate",
    "weighted",
)
TASK = (
    "code",
    "strategy",
    "content",
    "owner",
    "start",
    "due",
    "progress",
    "expected",
    "index",
    "status",
    "light",
    "overdue_days",
    "cause",
    "remedy",
    "department",
    "notice",
)
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
LAST = FIRST + TASK.index("remedy")
"""The last column on paper; those behind it are folded away."""
HELPER_FIRST = FIRST + len(TASK) + 1
HELPER_LAST = HELPER_FIRST + len(HELPERS) - 1
CHART_ROWS = 8
BURN_UP = ("label", "month", "planned", "done")
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
    tasks = list(tasks_of(tasks, known, report.context.stretch))
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
    ranges["strategy"] = _range(FIRST + TASK.index("strategy"), head + 1, head + len(tasks))
    _summaries(report, page, tasks, groups, ranges)
    _burn_up(report, page, tasks, ranges)
    _list(report, page, tasks, head, keys)
    page.fold_columns(LAST + 1, HELPER_LAST)
    page.filter(head, FIRST, head + len(tasks), LAST)
    page.freeze(page.top, 0)
    page.set_print((head, head), LAST, area_rows=head + len(tasks))
    return None


_WIDTHS = {
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
    "notice": 30.0,
}
WIDTHS = {FIRST + TASK.index(key): width for key, width in _WIDTHS.items()}

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


def _summaries(
    report: Report,
    page: Page,
    tasks: Sequence[Task],
    groups: list[Group],
    ranges: Mapping[str, str],
) -> None:
    row = page.top
    results = report.context.results
    page.heading(row, FIRST, report.words("summary"))
    _summary_heads(report, page, row + 1)
    row += 2
    if results.task_summary is not None:
        done = sum(results.tasks[task.code].status in DONE for task in tasks)
        whole = Member("", report.words("all_tasks"), results.task_summary, done)
        _summary_row(report, page, row, whole, "", ranges)
        for offset, key in enumerate(SUMMARY[1:], 1):
            report.publish(f"tasks_{key}", page, row, _place(offset), whole.value(key))
    row += 2
    for words_key, members, range_key in groups:
        page.put(row, FIRST, report.words(words_key), "strong", "muted")
        page.keep(row, row + min(len(members), 2))
        row += 1
        for offset, member in enumerate(members):
            above = _range(FIRST, row, row + offset - 1) if member.code == OTHERS else ""
            _summary_row(report, page, row + offset, member, ranges[range_key], ranges, above)
        if words_key != "by_department":
            page.fold_block(row - 1, row + len(members))
        row += len(members) + 1


def _place(offset: int) -> int:
    """Summary columns share the list's columns; the first is as wide as code and strategy."""
    return FIRST + (0 if offset == 0 else offset + 2)


def _summary_heads(report: Report, page: Page, row: int) -> None:
    page.wide(row, FIRST, FIRST + 2, report.words("summary_group"), "head", "head_left")
    for offset, key in enumerate(SUMMARY[1:], 1):
        page.put(row, _place(offset), report.words(f"summary_{key}"), "head")


def _summary_row(
    report: Report,
    page: Page,
    row: int,
    member: Member,
    keys: str,
    ranges: Mapping[str, str],
    above: str = "",
) -> None:
    """One line of a summary over the tasks with its key; the others' over those whose key is none
    of those ``above``.
    """
    page.put(row, FIRST, member.code or DASH, "cell", "text", "muted")
    page.wide(
        row, FIRST + 1, FIRST + 2, member.name, "cell", "wrap", *(() if keys else ("strong",))
    )
    mine = f"--EXACT({keys},{address(row, FIRST, True)})," if keys else ""
    if above:
        mine = f"--ISNA(MATCH({keys},{above},0)),"
    cells = {key: address(row, _place(offset)) for offset, key in enumerate(SUMMARY)}

    def counted(helper: str) -> str:
        return f"SUMPRODUCT({mine}{ranges[helper]})"

    share = report.formulas.share
    formulas = {
        "total": counted("counted"),
        "done": counted("is_done"),
        "overdue": counted("is_overdue"),
        "due": counted("is_due"),
        "open": f"{cells['total']}-{cells['done']}-{cells['overdue']}",
        "finished": counted("is_finished"),
        "completion": share(cells["finished"], cells["due"]),
        "on_time_rate": share(counted("is_on_time"), cells["due"]),
        "weighted": share(counted("weight_done"), counted("weight_in")),
    }
    for offset, key in enumerate(SUMMARY[1:], 1):
        rate = key in ("completion", "on_time_rate", "weighted")
        page.put(
            row,
            _place(offset),
            member.value(key),
            "cell",
            "right",
            formula=formulas[key],
            number_format=PERCENT if rate else WHOLE,
        )


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
    grid = Grid(report, page, "burn_up", BURN_UP, HELPER_FIRST)
    grid.heads(page.top)
    for index, month in enumerate(context.plan.settings.months):
        at = page.top + 1 + index
        end = grid.at("month", at)
        planned = sum(
            (day := results.tasks[task.code].due) is not None and day <= month.last for task in live
        )
        entries = {
            "label": centered(context.short_month(month)),
            "month": Entry(month.last, ("center",), None, MONTH),
            "planned": figure(
                planned,
                WHOLE,
                f"SUMPRODUCT({ranges['active']},--ISNUMBER({ranges['due_on']}),"
                f"--({ranges['due_on']}<={end}))",
            ),
        }
        if index <= context.clock.index:
            formula = (
                f"SUMPRODUCT({ranges['active']},--ISNUMBER({ranges['done_on']}),"
                f"--({ranges['done_on']}<={end}))"
            )
            entries["done"] = figure(sum(day <= month.last for day in done), WHOLE, formula)
        grid.put(at, entries)
    first, last = page.top + 1, page.top + len(context.plan.settings.months)
    series = {
        "planned": grid.span("planned", first, last),
        "done": grid.span("done", first, first + context.clock.index),
    }
    column = _place(len(SUMMARY))
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


def _list(
    report: Report, page: Page, tasks: list[Task], head: int, keys: Mapping[str, Mapping[str, str]]
) -> None:
    page.heading(head - 1, FIRST, report.words("task_list"))
    for offset, key in enumerate(TASK):
        page.put(head, FIRST + offset, report.words(f"task_{key}"), "head")
    for offset, key in enumerate(HELPERS):
        page.put(head, HELPER_FIRST + offset, report.words(f"helper_{key}"), "head")
    for index, task in enumerate(tasks, 1):
        _task(
            report,
            page,
            task,
            head + index,
            keys["owner"][task.code],
            keys["department"][task.code],
        )
    results = report.context.results.tasks
    for at, task in enumerate(tasks, head + 1):
        if results[task.code].status in QUIET:
            page.fold(at)
    page.lights(
        head + 1, head + len(tasks), FIRST + TASK.index("light"), report.context.light_words
    )


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


def _task(report: Report, page: Page, task: Task, row: int, owner: str, department: str) -> None:
    context = report.context
    result = context.results.tasks[task.code]
    at = {key: address(row, FIRST + offset) for offset, key in enumerate(TASK)} | {
        key: address(row, HELPER_FIRST + offset) for offset, key in enumerate(HELPERS)
    }
    index: Scalar = DASH if result.index is None else to_places(result.index, RATE_PLACES)
    cells: dict[str, tuple[Scalar, tuple[str, ...], str | None, str]] = {
        "code": (task.code, ("text",), None, ""),
        "strategy": (task.strategy or DASH, ("center",), None, ""),
        "content": (task.content, ("wrap",), None, ""),
        "owner": (context.unit_name(owner) if owner else DASH, ("text",), None, ""),
        "department": (
            context.unit_name(department) if department else DASH,
            ("text", "muted"),
            None,
            "",
        ),
        "start": (task.start, ("center",), None, ""),
        "due": (task.due, ("center",), None, ""),
        "progress": (
            result.progress if result.progress is not None else DASH,
            ("right",),
            None,
            PERCENT_WHOLE,
        ),
        "expected": (
            result.expected if result.expected is not None else DASH,
            ("right",),
            None,
            PERCENT_WHOLE,
        ),
        "index": (
            index,
            ("right",),
            report.formulas.share(at["progress"], at["expected"]),
            PERCENT_WHOLE,
        ),
        "status": (context.label(result.status), ("center",), None, ""),
        "light": (context.light(result.light), ("center",), _light(report, at), ""),
        "overdue_days": (result.overdue_days or DASH, ("right",), None, WHOLE),
        "notice": (context.say(result.notice), ("wrap", "muted"), None, ""),
        "cause": (task.cause, ("wrap",), None, ""),
        "remedy": (task.remedy, ("wrap",), None, ""),
    }
    for offset, key in enumerate(TASK):
        value, styles, formula, number_format = cells[key]
        page.put(
            row,
            FIRST + offset,
            value,
            "cell",
            *styles,
            formula=formula,
            number_format=number_format,
        )
    _helpers(report, page, task, row, owner, department, at)


def _light(report: Report, at: Mapping[str, str]) -> str:
    """The task's light from its status and execution index (SPEC 7)."""
    label, lights = report.context.label, report.formulas.lights
    words = {status: f'{at["status"]}="{label(status)}"' for status in TaskStatus}
    red = (
        f"OR({words[TaskStatus.OVERDUE]},AND(ISNUMBER({at['index']}),"
        f"N({at['index']})<{report.formulas.names['task_far_behind']}))"
    )
    amber = f"OR({words[TaskStatus.BEHIND]},NOT(ISNUMBER({at['progress']})))"
    return (
        f"IF(OR({words[TaskStatus.PAUSED]},{words[TaskStatus.CANCELLED]},"
        f'{words[TaskStatus.NOT_STARTED]}),"{DASH}",'
        f'IF({words[TaskStatus.DONE_ON_TIME]},"{lights[Light.GREEN]}",'
        f'IF({words[TaskStatus.DONE_LATE]},"{lights[Light.AMBER]}",'
        f'IF({red},"{lights[Light.RED]}",IF({amber},"{lights[Light.AMBER]}",'
        f'"{lights[Light.GREEN]}")))))'
    )


def _helpers(
    report: Report,
    page: Page,
    task: Task,
    row: int,
    owner: str,
    department: str,
    at: Mapping[str, str],
) -> None:
    """Whether the task counts as due, finished, on time …: formulas on its status, and their
    results.
    """
    results, label = report.context.results, report.context.label
    result = results.tasks[task.code]
    status = result.status
    active = status not in (TaskStatus.CANCELLED, TaskStatus.PAUSED)
    due = active and result.due is not None and result.due <= results.as_of
    weight = result.weight if active and result.progress is not None else Decimal(0)

    def one(condition: str) -> str:
        return f"IF({condition},1,0)"

    def is_status(which: TaskStatus) -> str:
        return f'{at["status"]}="{label(which)}"'

    done = f"OR({is_status(TaskStatus.DONE_ON_TIME)},{is_status(TaskStatus.DONE_LATE)})"
    cells: dict[str, tuple[Scalar, str | None]] = {
        "owner_code": (owner or DASH, None),
        "department_code": (department or DASH, None),
        "weight": (result.weight, None),
        "counted": (
            int(status is not TaskStatus.CANCELLED),
            one(f'{at["status"]}<>"{label(TaskStatus.CANCELLED)}"'),
        ),
        "active": (
            int(active),
            one(f'AND({at["counted"]}=1,{at["status"]}<>"{label(TaskStatus.PAUSED)}")'),
        ),
        "is_done": (int(status in DONE), one(done)),
        "is_due": (
            int(due),
            one(
                f"AND({at['active']}=1,ISNUMBER({at['due_on']}),"
                f"N({at['due_on']})<={report.formulas.names['cut_off']})"
            ),
        ),
        "is_finished": (int(due and status in DONE), one(f"AND({at['is_due']}=1,{done})")),
        "is_on_time": (
            int(due and status is TaskStatus.DONE_ON_TIME),
            one(f"AND({at['is_due']}=1,{is_status(TaskStatus.DONE_ON_TIME)})"),
        ),
        "is_overdue": (
            int(due and status is TaskStatus.OVERDUE),
            one(f"AND({at['is_due']}=1,{is_status(TaskStatus.OVERDUE)})"),
        ),
        "is_paused": (int(status is TaskStatus.PAUSED), one(is_status(TaskStatus.PAUSED))),
        "done_on": (_done_on(task, results.as_of) if status in DONE else DASH, None),
        "due_on": (result.due or DASH, None),
        "weight_in": (
            weight,
            f"IF(AND({at['active']}=1,ISNUMBER({at['progress']})),{at['weight']},0)",
        ),
        "weight_done": (
            weight * (result.progress or 0),
            f"IF({at['weight_in']}=0,0,{at['weight_in']}*{at['progress']})",
        ),
    }
    for offset, key in enumerate(HELPERS):
        value, formula = cells[key]
        page.put(row, HELPER_FIRST + offset, value, "cell", "muted", formula=formula)
