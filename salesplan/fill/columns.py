"""What each engine column holds: from results to values by row, one function a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from salesplan.engine import current
from salesplan.engine.exact.figures import WIDE
from salesplan.engine.results import Results
from salesplan.engine.targets.target import Target, quarters
from salesplan.engine.work.problem_notes import keys_of
from salesplan.engine.work.problems import Problem
from salesplan.fill.edits import Value
from salesplan.fill.rows import Row, RowsByColumn, RowsOf
from salesplan.findings import Finding
from salesplan.messages import text
from salesplan.plan.model import Aim, KpiKind, Lesson, Light, Plan
from salesplan.plan.model.amend import value_of
from salesplan.plan.naming import with_names
from salesplan.plan.schema import ESTIMATED, label, product_name
from salesplan.wording import clauses, either, listed, sentences

if TYPE_CHECKING:
    from salesplan.engine.work.lessons import Offer
    from salesplan.engine.work.smart import Letter

Offered = Mapping[str, Sequence["Offer"]]
"""Lessons by the code of the row that they are offered at."""

Rows = tuple[Mapping[int, Row], Sequence[Row]]
"""Values of existing rows by row number, and rows to be added."""


def _words(remarks: Iterable[Finding], lang: str) -> str:
    return clauses((text(remark, lang) for remark in remarks), lang)


def _word(choice: Enum | None, lang: str) -> str | None:
    return None if choice is None else label(choice, lang)


def units(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 组织: the part of its working days that a unit is there."""
    return {u.origin.row: {"presence": results.presence.get(u.code)} for u in plan.units}, ()


def kpis(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 指标: whether a goal is SMART, and why, letter by letter."""
    rows = {}
    for kpi in plan.kpis:
        five = results.smart_letters.get(kpi.code)
        rows[kpi.origin.row] = {"smart": None if five is None else _letters(five, lang)}
    return rows, ()


def _letters(five: Sequence[Letter], lang: str) -> str:
    """What each letter lacks, with a mark; else its reason."""
    lacking = any(letter.lacks for letter in five)
    said = []
    for letter in five:
        if letter.lacks:
            said.append(f"■ {_words(letter.lacks, lang)}")
        else:
            said.append(text(letter.reason, lang))
    whole = clauses(said, lang)
    return whole if lacking else f"SMART ● {whole}"


def _lessons(offered: Offered, code: str, lang: str) -> str | None:
    """The lessons offered at a row, each with its cell; None for none."""
    found = offered.get(code, ())
    return clauses((_lesson(one.lesson, lang) for one in found), lang) or None


def _lesson(lesson: Lesson, lang: str) -> str:
    said = clauses(lesson.said, lang)
    place = lesson.origin.place("topic")
    return f"{lesson.heading}{': ' if said else ''}{said} ({place})"


def seasonality(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 季节系数: the month's weight in the year."""
    position = {month.month: index for index, month in enumerate(plan.settings.months)}
    return {
        row.origin.row: {
            "weight": results.seasons[row.kpi].weights[position[row.month]]
            if row.kpi in results.seasons and row.month in position
            else None
        }
        for row in plan.seasonality
    }, ()


def targets(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 目标分解; KPI × unit pairs that the sheet lacks are added in the order of the
    results, products behind.
    """
    rows: dict[tuple[str, ...], int] = {
        (row.kpi, row.unit): row.origin.row for row in plan.targets if row.origin.row
    }
    found: dict[tuple[str, ...], Target] = dict(results.targets.items())
    if results.products is not None:
        found |= results.products.targets.items()
        rows |= {
            (row.kpi, row.unit, row.product): row.origin.row
            for row in plan.product_targets
            if row.origin.row
        }
    months = [f"month{month.month}" for month in plan.settings.months]

    def values(target: Target) -> Row:
        return _target(target, months, plan.kpi_by_code[target.kpi].kind, lang)

    def named(key: tuple[str, ...]) -> Row:
        product = product_name(key[2], lang) if len(key) > 2 else None
        return {"kpi": key[0], "unit": key[1], "product": product, **values(found[key])}

    existing = {rows[key]: target for key, target in found.items() if key in rows}
    added = RowsByColumn.of(named(key) for key in found if key not in rows)
    return RowsOf(existing, values), added


def _target(target: Target, months: Sequence[str], kind: KpiKind, lang: str) -> Row:
    values: dict[str, Value] = {
        "parent_target": target.parent_target,
        "coefficient": target.coefficient,
        "base_year": target.base_year,
        "year": target.year,
        "parent_share": target.parent_share,
        "children_sum": target.children_sum,
        "unassigned": target.unassigned,
        "check": _words(target.remarks, lang),
    }
    values |= zip(months, target.months, strict=True)
    values |= zip(_QUARTERS, quarters(target.months, kind), strict=True)
    return values


_QUARTERS = ("quarter1", "quarter2", "quarter3", "quarter4")


def situation(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 现状分析: whether an entry is taken up by a strategy."""
    return {
        entry.origin.row: {
            "covered": _word(
                results.situation.entries.get(entry.origin.row) if results.situation else None, lang
            )
        }
        for entry in plan.situation
    }, ()


def strategies(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 策略: execution, attainment, share and verdict."""
    rows: dict[int, Row] = {}
    offered: Offered = results.lessons.strategies if results.lessons else {}
    for strategy in plan.strategies:
        r = results.strategies.get(strategy.code)
        if r is not None:
            rows[strategy.origin.row] = {
                "task_rate": r.task_rate,
                "kpi_rate": r.kpi_rate,
                "actual_share": r.actual_share,
                "verdict": _word(r.verdict, lang) or _words(r.wanting, lang),
                "offered": _lessons(offered, r.code, lang),
            }
    return rows, ()


def tasks(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 行动计划: where each task stands at the cut-off."""
    helped = _helped(results)
    rows: dict[int, Row] = {}
    offered: Offered = results.lessons.tasks if results.lessons else {}
    for task in plan.tasks:
        result = results.tasks.get(task.code)
        if result is not None:
            rows[task.origin.row] = {
                "status": _word(result.status, lang),
                "expected": result.expected,
                "index": result.index,
                "overdue_days": result.overdue_days,
                "notice": _words([result.notice] if result.notice else [], lang),
                "help": _words(helped.get(task.code, ()), lang),
                "light": _word(result.light, lang),
                "offered": _lessons(offered, task.code, lang),
            }
    return rows, ()


def _helped(results: Results) -> Mapping[str, Sequence[Finding]]:
    """By task: what became of each request for help, of a task that is over only what was
    answered; nothing imported where there is none.
    """
    if not results.requests:
        return {}
    from salesplan.engine.work.helping import standing

    found: dict[str, list[Finding]] = {}
    for one in results.requests:
        if one.is_open or one.is_answered:
            found.setdefault(one.task, []).append(standing(one))
    return found


def budget(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 预算: what is approved, why, and what is left of it."""
    rows: dict[int, Row] = {}
    for line in plan.budget:
        r = results.budget.get(line.code)
        if r is not None:
            rows[line.origin.row] = {
                "roi": r.roi,
                "granted": r.granted,
                "grant_reason": _words([r.reason] if r.reason else [], lang),
                "committed": r.committed,
                "spent": r.spent,
                "available": r.available,
                "execution_rate": r.execution_rate,
                "actual_return": r.actual_return,
                "actual_roi": r.actual_roi,
                "status": _word(r.status, lang),
            }
    return rows, ()


def tools(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 工具: whether each is there when it is needed."""
    return {
        line.tool.origin.row: {"status": _word(line.status, lang)} for line in results.tools
    }, ()


def draws(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 储备金动用: what each draw leaves of the reserve."""
    balances = results.budget_summary.draw_balances if results.budget_summary else ()
    return {
        draw.origin.row: {"balance": balance}
        for draw, balance in zip(plan.draws, balances, strict=bool(balances))
    }, ()


def weekly(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 周复盘; tasks for the coming Friday that the sheet lacks are added, planner's cells
    and all. Those of existing rows are theirs.
    """
    found = results.weekly
    if found is None:
        return {}, ()
    existing = {
        row: {"rate": line.rate, "needs": clauses(line.needs, lang)}
        for row, line in found.lines.items()
    }
    added = tuple(
        {
            "friday": found.friday,
            "task": item.task,
            "planned": item.planned,
            "needs": clauses(item.needs, lang),
        }
        for item in found.agenda
        if not item.listed
    )
    return existing, added


def changes(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 变更记录: whether a change is in force, else why not."""
    reasons = {one.change: one.reason for one in results.adjustments}
    return {
        c.origin.row: {"in_force": _words([reasons[c.code]] if c.code in reasons else [], lang)}
        for c in plan.changes
    }, ()


def drafts(plan: Plan, results: Results, lang: str) -> Mapping[int, Value]:
    """By row of 变更记录: what the plan says of a change that nobody has decided on, where it says
    something. So whoever approves sees it, and what the plan says by then is held against it.
    """
    open_ones = [one for one in plan.changes if one.is_draft and not one.before]
    now = current(plan, results) if open_ones else plan
    said = {
        one.origin.row: _as_typed(_says_of(now, results, one.aim), one.aim, lang)
        for one in open_ones
        if one.aim is not None
    }
    return {row: value for row, value in said.items() if value is not None}


def _says_of(plan: Plan, results: Results, aim: Aim) -> object:
    """What the plan says, with the changes in force."""
    if aim.table == "targets" and aim.column == "base_year":
        target = results.targets.get((aim.key[0], aim.key[1]))
        return None if target is None else target.base_year
    if aim.column == "granted":
        line = results.budget.get(aim.key[0])
        return None if line is None else line.granted
    return value_of(plan, aim)


def _as_typed(value: object, aim: Aim, lang: str) -> Value:
    """As a planner writes it in the subject's own column; None for nothing."""
    if value is None or value is False:
        return None
    if value is True:
        return either(lang, "是", "Yes")
    if isinstance(value, Enum):
        return label(value, lang)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return listed((str(_as_typed(one, aim, lang)) for one in value), lang)
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f}%" if aim.percent else value
    return value if isinstance(value, int) else str(value)


def issues(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 问题与改进 by the problem's key.

    What people wrote at a unit whose gap is now stated at another moves along: the row takes the
    problem's key. One whose KPI is off, but stated elsewhere, says so. One that is over keeps its
    row, green and with 0 months.
    """
    stated = (*results.problems, *results.minor_problems)
    keys = keys_of(plan, stated)
    by_key = {one.key: one for one in stated}
    part_of = {one.key: one.problem for one in results.deviations}
    offered: Offered = results.lessons.problems if results.lessons else {}
    existing: dict[int, Row] = {}
    for row in plan.issues:
        key = keys.get(row.code, row.code)
        problem = by_key.get(key)
        if problem is not None:
            moved = {} if key == row.code else {"code": key}
            existing[row.origin.row] = {**moved, **_problem(problem, offered, lang)}
        elif key in part_of:
            existing[row.origin.row] = {"symptom": text(_stated_at(part_of[key]), lang)}
        else:
            existing[row.origin.row] = {"months": 0, "grade": _word(Light.GREEN, lang)}
    written = {keys.get(row.code, row.code) for row in plan.issues}
    added = [
        {"code": one.key, **_problem(one, offered, lang)}
        for one in results.problems
        if one.key not in written
    ]
    return existing, tuple(added)


def _stated_at(key: str) -> Finding:
    return Finding.of("problem-stated-at", key=key)


def _problem(problem: Problem, offered: Offered, lang: str) -> Row:
    said = [text(one, lang) for one in (problem.symptom, *problem.where)]
    return {
        "first_month": str(problem.first_month),
        "months": problem.months,
        "subject": problem.subject,
        "symptom": sentences(said, lang),
        "value": None
        if problem.value is None
        else f"{problem.value.quantize(Decimal('0.0001'), context=WIDE).normalize():f}",
        "grade": _word(problem.light, lang),
        "offered": _lessons(offered, problem.key, lang),
    }


def triggers(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 预警: whether each rule fires, since when, for what, and how far off the worst is."""
    rows: dict[int, Row] = {}
    for rule in plan.triggers:
        result = results.triggers.get(rule.code)
        if result is None:
            continue
        hits = [with_names(plan, one.subject) for one in result.firings]
        more = len(hits) - SHOWN_HITS
        named = listed(hits[:SHOWN_HITS], lang)
        if more > 0:
            named += either(lang, f" 等 {len(hits)} 个", f" and {more} more")
        rows[rule.origin.row] = {
            "state": _word(result.state, lang),
            "since": result.since,
            "hits": named or _words([result.why] if result.why else [], lang),
            "value": text(result.firings[0].figure, lang) if result.firings else None,
        }
    return rows, ()


SHOWN_HITS = 5
"""Of what a rule fired for that many are named in its row."""


def customers(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 客户: the last order, the year to date, and whether the customer bought again."""
    if not plan.customers or results.facts is None:
        return {}, ()
    from salesplan.engine.actuals.customers import accounts_of

    found = accounts_of(results.facts, results.month, results.as_of)
    blank = {"last": None, "revenue": None, "state": None}
    rows: dict[int, Row] = {one.origin.row: blank for one in plan.customers}
    for one in () if found is None else found.accounts:
        rows[one.customer.origin.row] = {
            "last": one.last,
            "revenue": one.revenue,
            "state": _word(one.state, lang),
        }
    return rows, ()


def calendar(plan: Plan, results: Results, lang: str) -> Rows:
    """Rows of 日历 that the engine wrote itself, to be written over: those no longer estimated are
    blanked or take another day.
    """
    there = {one.day for one in plan.estimates}
    missing = [day for day in results.estimates if day not in there]
    wanted = set(results.estimates)
    existing: dict[int, Row] = {}
    for one in plan.estimates:
        day: date | None = one.day
        if day not in wanted:
            day = missing.pop(0) if missing else None
        wanted.discard(one.day)
        existing[one.origin.row] = _estimate(day, lang)
    return existing, tuple(_estimate(day, lang) for day in missing)


def _estimate(day: date | None, lang: str) -> Row:
    if day is None:
        return {"day": None, "working": None, "source": None}
    return {
        "day": day,
        "working": either(lang, "否", "No"),
        "source": either(lang, *ESTIMATED),
    }


KEYED: Mapping[str, Callable[[Plan, Results, str], Rows]] = {
    "units": units,
    "kpis": kpis,
    "seasonality": seasonality,
    "targets": targets,
    "situation": situation,
    "strategies": strategies,
    "tasks": tasks,
    "customers": customers,
    "budget": budget,
    "tools": tools,
    "draws": draws,
    "weekly": weekly,
    "changes": changes,
    "issues": issues,
    "triggers": triggers,
}
"""Every table with engine columns beside a planner's, by table key."""


def caps(results: Results) -> list[Row]:
    """Rows of the cap matrix, which the engine owns whole."""
    return [
        {
            "category": c.category,
            "region": c.region,
            "cap": c.cap,
            "granted": c.granted,
            "left": c.left,
        }
        for c in results.caps
    ]
