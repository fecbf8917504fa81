"""What each manager is asked for: the actuals of the month, the progress of their people's tasks,
the week's review.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from salesplan.audience.whole import Whole
from salesplan.dataclass import replace
from salesplan.engine.exact.figures import percent
from salesplan.engine.work.task_summary import TaskResult
from salesplan.engine.work.weekly import friday_of
from salesplan.handout.form import INPUTS, SOURCE, Asked, Handout, Line, tool_key, weekly_key
from salesplan.handout.recorded import BESIDE_BELOW, Recorded, products_of
from salesplan.plan.loader import Loaded
from salesplan.plan.model import OTHER, Kpi, Level, Task, TaskStatus, Unit, first_by_code
from salesplan.plan.model.currencies import money_of
from salesplan.plan.parse_text import as_text
from salesplan.plan.schema import product_name
from salesplan.wording import either
from salesplan.workbook.save.file_names import shown

_OVER = (TaskStatus.DONE_ON_TIME, TaskStatus.DONE_LATE, TaskStatus.CANCELLED, TaskStatus.PAUSED)


def territories(whole: Whole) -> Mapping[str, tuple[str, ...]]:
    """Units by the manager's unit that they are asked of: the nearest one, itself included, that is
    no person or has people below it.
    """
    plan = whole.plan
    found: dict[str, list[str]] = {}
    nearest: dict[str, str] = {}
    for _, unit in plan.walk():
        leads = unit.level is not Level.PERSON or unit.code in plan.children
        above = unit.parent or unit.beside
        nearest[unit.code] = unit.code if leads else nearest.get(above, unit.code)
        found.setdefault(nearest[unit.code], []).append(unit.code)
    return {code: tuple(units) for code, units in found.items()}


def handouts(whole: Whole, loaded: Loaded, lang: str) -> tuple[Handout, ...]:
    """Every manager's handout that asks for anything, in the order of the tree."""
    recorded = Recorded(loaded, whole)
    made = []
    for code, units in territories(whole).items():
        unit = whole.plan.unit_by_code[code]
        tasks = [
            task for task in first_by_code(whole.plan.tasks) if whole.unit_of(task.owner) in units
        ]
        lines = {
            "actuals": tuple(_actuals(whole, recorded, units, lang)),
            "tasks": tuple(_tasks(whole, tasks)),
            "weekly": tuple(_weekly(whole, tasks)),
            "tools": tuple(_tools(whole, units)),
        }
        head = whole.plan.people.head(unit)
        person = (head.name if head else unit.manager) or unit.name or code
        people = tuple(whole.plan.unit_by_code[one].name or one for one in units)
        made.append(
            Handout(
                code,
                unit.name or code,
                person,
                whole.results.month,
                lang,
                shown(loaded.path.name),
                loaded.sha256,
                whole.plan.company_name,
                lines,
                people,
            )
        )
    return tuple(one for one in made if not one.empty)


def _actuals(whole: Whole, recorded: Recorded, units: tuple[str, ...], lang: str) -> Iterator[Line]:
    """One line for each KPI of each unit that has reported it before, or that stands at the end of
    the tree and has a target.
    """
    plan, month = whole.plan, whole.results.month
    actuals = plan.actuals
    for code in units:
        unit = plan.unit_by_code[code]
        rows = whole.actual_rows.get(code, ())
        reported = {actuals.kpi[row] for row in rows if actuals.month[row] <= month}
        for kpi in plan.kpis:
            wanted = kpi.code in reported or (
                code not in plan.children and (kpi.code, code) in whole.results.targets
            )
            if not wanted or kpi.code in whole.computed or not _is_there(unit, whole):
                continue
            named = products_of(whole, code, kpi.code) if recorded.by_product else None
            for asked in _figures(whole, recorded, kpi, Asked(str(month), code, kpi.code), named):
                others = recorded.others(kpi, month, asked, named)
                values = recorded.rows.get(asked.key, (None, None, None))
                own = not asked.currency
                shown = (
                    code,
                    unit.name,
                    kpi.name,
                    product_name(asked.product or OTHER, lang) if named else None,
                    kpi.unit if own else _foreign_unit(whole, kpi, asked.currency, lang),
                    others.shown,
                    others.named(lang),
                    (BESIDE_BELOW if code in plan.children else others.wanted).of(lang),
                    _target(whole, kpi, asked, named) if own else None,
                )
                yield Line(asked.key, shown, values, _closed(kpi, values))


def _figures(
    whole: Whole, recorded: Recorded, kpi: Kpi, whole_figure: Asked, named: Sequence[str] | None
) -> Iterator[Asked]:
    """One figure, or one for each product and the rest; and for each currency in which the unit
    has reported of it in the plan's year.
    """
    actuals = whole.plan.actuals
    currencies: dict[str, dict[str, None]] = {}
    foreign = actuals.given and recorded.by_currency
    for row in whole.actual_rows.get(whole_figure.unit, ()) if foreign else ():
        in_year = actuals.month[row] in whole.plan.settings.months
        if actuals.kpi[row] == kpi.code and actuals.currency[row] and in_year:
            product = actuals.product[row] if actuals.product[row] in (named or ()) else ""
            currencies.setdefault(product, {})[actuals.currency[row]] = None
    for product in (*(named or ()), ""):
        for currency in ("", *currencies.get(product, {})):
            yield replace(whole_figure, product=product, currency=currency)


def _foreign_unit(whole: Whole, kpi: Kpi, currency: str, lang: str) -> str:
    """What a line in another currency counts in: as many at a time as the KPI's own unit."""
    money = money_of(kpi, whole.plan.settings)
    size = 1 if money is None else money.size
    words = {1: "", 10_000: either(lang, "万 ", "10k ")}
    return words.get(size, f"{size:,} ") + currency


def _target(whole: Whole, kpi: Kpi, asked: Asked, named: Sequence[str] | None) -> object:
    """The month's target of what is asked as people read it; None without one."""
    from salesplan.engine.exact.figures import written

    target = whole.results.targets.get((kpi.code, asked.unit))
    if named and whole.results.products is not None:
        key = (kpi.code, asked.unit, asked.product or OTHER)
        target = whole.results.products.targets.get(key)
    months = whole.plan.settings.months
    if target is None or whole.results.month not in months:
        return None
    value = target.months[months.index(whole.results.month)]
    return None if value is None else written(kpi, value)


def _closed(kpi: Kpi, values: tuple[object, ...]) -> frozenset[str]:
    """The columns that a KPI of its kind has no figure for, unless something stands there
    already.
    """
    wanted = ("value",) if kpi.kind.is_amount else ("numerator", "denominator")
    held = {key for key, value in zip(INPUTS["actuals"], values, strict=True) if value is not None}
    return frozenset(INPUTS["actuals"]) - held - frozenset(wanted)


def _is_there(unit: Unit, whole: Whole) -> bool:
    month = whole.results.month
    return (unit.left is None or unit.left >= month.first) and (
        unit.joined is None or unit.joined <= month.last
    )


def _tasks(whole: Whole, tasks: list[Task]) -> Iterator[Line]:
    for task in tasks:
        result = whole.results.tasks.get(task.code)
        if result is None or result.status is TaskStatus.CANCELLED:
            continue
        owner = whole.plan.unit_by_code[whole.unit_of(task.owner)].name
        shown = (
            task.code,
            task.content,
            owner,
            task.due,
            _expected(result),
            task.deliverable_unit,
            task.deliverable_target,
        )
        values = (task.deliverable_actual, task.progress, task.finished, task.cause, task.remedy)
        yield Line(task.code, shown, values, _not_asked(task))


def _expected(result: TaskResult | None) -> str | None:
    """How much of a task should be done by the cut-off."""
    return None if result is None or result.expected is None else percent(result.expected)


def _not_asked(task: Task) -> frozenset[str]:
    """Of a result that can be counted the progress is worked out, of any other there is no
    count; what stands there already can be corrected.
    """
    counted = task.deliverable_target is not None
    key = "progress" if counted else "deliverable_actual"
    return frozenset({key}) if getattr(task, key) is None else frozenset()


def _weekly(whole: Whole, tasks: list[Task]) -> Iterator[Line]:
    """Tasks due this week and next, overdue ones, and those that the week's review has already."""
    friday = friday_of(whole.results.as_of)
    there = {entry.task: entry for entry in whole.plan.weekly if entry.friday == friday}
    for task in tasks:
        entry, result = there.get(task.code), whole.results.tasks.get(task.code)
        due = (
            result is not None
            and result.status not in _OVER
            and task.due is not None
            and task.due <= friday + timedelta(days=7)
        )
        if entry is None and not due:
            continue
        values = (
            (entry.planned, entry.actual, entry.cause, entry.remedy, entry.owner, entry.due)
            if entry
            else (None, None, "", "", "", None)
        )
        yield Line(
            weekly_key(friday, task.code),
            (friday, task.code, task.content, task.due, _expected(result)),
            tuple(values),
        )


def _tools(whole: Whole, units: Sequence[str]) -> Iterator[Line]:
    """Tools that one of the units sees to and that are not there yet."""

    def named(code: str) -> str:
        unit = whole.plan.unit_by_code.get(whole.unit_of(code))
        return code if unit is None else unit.name

    for line in whole.results.tools:
        tool = line.tool
        if tool.ready or line.status is None or whole.unit_of(tool.owner) not in units:
            continue
        yield Line(
            tool_key(tool.tool, tool.user, tool.task),
            (tool.tool, tool.purpose, named(tool.owner), named(tool.user), tool.task, line.needed),
            (tool.ready_by, None),
        )


def source_of(key: str) -> str:
    """The 来源 of an actual that comes from a handout."""
    return SOURCE + as_text(key)
