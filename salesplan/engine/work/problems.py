"""What the report month must answer for: red KPIs, late tasks, overspent lines, unexplained
deviations (SPEC 10, 12).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.attainment import Attainment, Past
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.reach import Reach
from salesplan.engine.actuals.status import RateWord, Why
from salesplan.engine.exact.figures import percent, written
from salesplan.engine.money.budget import BudgetResult
from salesplan.engine.targets.target import Targets
from salesplan.engine.work.task_summary import TaskResult
from salesplan.findings import Finding, Place
from salesplan.plan.model import (
    BudgetStatus,
    IssueStatus,
    Kpi,
    Light,
    Month,
    Plan,
    TaskStatus,
)


class ProblemKind(Enum):
    """What makes a problem of something."""

    RED_KPI = "red_kpi"
    LATE_TASK = "late_task"
    OVERSPENT = "overspent"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the report month must answer for. ``key`` is stable from month to month.

    ``subject`` is the code of what it is about, ``symptom`` the words, ``value`` the figure (a
    fraction for rates, days for tasks, an amount for budgets), ``months`` how long it has lasted.
    """

    key: str
    kind: ProblemKind
    subject: str
    symptom: Finding
    value: Decimal | None
    light: Light
    first_month: Month
    months: int


Judge = Callable[[Month], bool | None]
"""Whether a problem stood in a month; None: not known."""

_ORDER = (
    ProblemKind.RED_KPI,
    ProblemKind.OVERSPENT,
    ProblemKind.LATE_TASK,
    ProblemKind.UNEXPLAINED,
)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """All that the problems of one report month are read from; see :func:`problems`."""

    plan: Plan
    month: Month
    as_of: date
    targets: Targets
    facts: Facts
    attainments: Mapping[tuple[str, str, Span], Attainment]
    reach: Mapping[str, Reach]
    tasks: Mapping[str, TaskResult]
    budget: Mapping[str, BudgetResult]

    @cached_property
    def past(self) -> Past:
        """The months before the report month."""
        return Past(self.plan, self.targets, self.facts, self.reach)


def problems(scene: Scene) -> tuple[Problem, ...]:
    """The report month's problems, worst first.

    * ``KPI:kpi:unit``: the month's status is red, at units that have a target. Its value is the
      month's pace.
    * ``GAP:kpi:unit``: neither red nor grey, but the month's pace is outside the settings' range
      and no cause is written in that issue's row. Amber.
    * ``TASK:task``: overdue; since the month of the day after its due day. Value: working days
      late.
    * ``BUDGET:line``: overspent; since the month from which on its use has exceeded the grant.
      Value: by how much.

    ``first_month`` and ``months`` (running up to the report month) are read from the data. For the
    two kinds about KPIs, an open issue's stored first month wins if it is earlier and no month
    between the two is known to have been without the problem: what an earlier run saw, before the
    plan year or in figures no longer there, is not forgotten.

    Order: red before amber; KPIs, budget, tasks, deviations; higher units first; then the worse
    figure, the longer, and the order of the sheets.
    """
    stored = _stored(scene.plan)
    found = [
        *_red_kpis(scene, stored),
        *_overspent(scene),
        *_late_tasks(scene),
        *_unexplained(scene, stored),
    ]
    depths = {unit.code: depth for depth, unit in scene.plan.walk()}
    return tuple(sorted(found, key=lambda one: _rank(one, depths)))


def _rank(problem: Problem, depths: Mapping[str, int]) -> tuple[bool, int, int, Decimal, int]:
    """Python's sort is stable: equals stay in sheet order."""
    depth = depths.get(problem.subject.partition("/")[2], 0)
    value = problem.value
    if value is None:
        badness = Decimal("-Infinity")
    elif problem.kind is ProblemKind.RED_KPI:
        badness = value
    else:
        badness = -abs(value - 1) if problem.kind is ProblemKind.UNEXPLAINED else -value
    return (
        problem.light is not Light.RED,
        _ORDER.index(problem.kind),
        depth,
        badness,
        -problem.months,
    )


def _red_kpis(scene: Scene, stored: Mapping[str, Month]) -> Iterator[Problem]:
    known = _months_before(scene)
    for kpi, one in _judged(scene):
        if one.light is not Light.RED:
            continue
        key = f"KPI:{kpi.code}:{one.unit}"

        def stood(month: Month, kpi: Kpi = kpi, unit: str = one.unit) -> bool | None:
            return _is_red(scene.past.month(kpi, unit, month))

        first = _since(scene, known, stood, stored.get(key))
        yield _problem(
            scene,
            key,
            ProblemKind.RED_KPI,
            f"{kpi.code}/{one.unit}",
            _red_symptom(scene, kpi, one),
            _pace(one),
            first,
        )


def _unexplained(scene: Scene, stored: Mapping[str, Month]) -> Iterator[Problem]:
    explained, known = (
        {row.code for row in scene.plan.issues if row.cause.strip()},
        _months_before(scene),
    )
    limits = {
        "low": percent(scene.plan.settings.explain_low),
        "high": percent(scene.plan.settings.explain_high),
    }
    for kpi, one in _judged(scene):
        key = f"GAP:{kpi.code}:{one.unit}"
        if one.light is Light.RED or key in explained or not _is_outside(one, scene):
            continue

        def stood(month: Month, kpi: Kpi = kpi, unit: str = one.unit) -> bool | None:
            return _is_outside(scene.past.month(kpi, unit, month), scene)

        first = _since(scene, known, stood, stored.get(key))
        symptom = Finding.of(
            "problem-unexplained",
            Place(),
            **_named(scene, kpi, one),
            rate=percent(one.pace.value or Decimal(0)),
            **limits,
        )
        yield _problem(
            scene,
            key,
            ProblemKind.UNEXPLAINED,
            f"{kpi.code}/{one.unit}",
            symptom,
            one.pace.value,
            first,
            Light.AMBER,
        )


def _late_tasks(scene: Scene) -> Iterator[Problem]:
    tasks = {task.code: task for task in reversed(scene.plan.tasks)}
    for code, result in scene.tasks.items():
        task = tasks.get(code)
        due = result.due or (task.due if task else None)
        if task is None or due is None or result.status is not TaskStatus.OVERDUE:
            continue
        symptom = Finding.of(
            "problem-late-task" if result.overdue_days else "problem-late-task-today",
            task=task.content or code,
            owner=_unit_name(scene.plan, task.owner),
            due=due,
            days=result.overdue_days,
        )
        first = min(Month.of(due + timedelta(days=1)), scene.month)
        yield _problem(
            scene,
            f"TASK:{code}",
            ProblemKind.LATE_TASK,
            code,
            symptom,
            Decimal(result.overdue_days),
            first,
        )


def _overspent(scene: Scene) -> Iterator[Problem]:
    for code, line in scene.budget.items():
        if line.status is not BudgetStatus.OVERSPENT or line.granted is None:
            continue
        used = line.committed + line.spent
        symptom = Finding.of(
            "problem-overspent",
            line=code,
            granted=line.granted,
            used=used,
            over=used - line.granted,
        )
        first = _overspent_since(scene, code, line.granted)
        yield _problem(
            scene,
            f"BUDGET:{code}",
            ProblemKind.OVERSPENT,
            code,
            symptom,
            used - line.granted,
            first,
        )


def _overspent_since(scene: Scene, code: str, granted: Decimal) -> Month:
    """The month from whose end on, without a break, the use has exceeded the grant."""
    by_month: dict[Month, Decimal] = {}
    for row in scene.plan.spending:
        if row.budget == code and row.day <= scene.as_of:
            month = Month.of(row.day)
            by_month[month] = by_month.get(month, Decimal(0)) + row.amount
    used, first = Decimal(0), None
    for month in sorted(by_month):
        used += by_month[month]
        first = (first or month) if used > granted else None
    return min(first or scene.month, scene.month)


def _judged(scene: Scene) -> Iterator[tuple[Kpi, Attainment]]:
    for code, unit in scene.targets:
        kpi, one = scene.plan.kpi_by_code.get(code), scene.attainments.get((code, unit, Span.MONTH))
        if kpi is not None and one is not None and one.target is not None:
            yield kpi, one


def _is_red(one: Attainment) -> bool | None:
    return None if one.light in (None, Light.GREY) else one.light is Light.RED


def _is_outside(one: Attainment, scene: Scene) -> bool | None:
    """Whether the pace asks for an explanation; None where nothing can be said of it."""
    settings, pace = scene.plan.settings, one.pace
    if one.light in (None, Light.GREY):
        return None
    if pace.value is not None:
        return not settings.explain_low <= pace.value <= settings.explain_high
    return False if pace.score is not None else None


def _months_before(scene: Scene) -> list[Month]:
    return [month for month in scene.plan.settings.months if month < scene.month]


def _since(scene: Scene, known: Sequence[Month], stood: Judge, stored: Month | None) -> Month:
    """The first month of the run that ends with the report month; ``known`` are the plan year's
    months before it.
    """
    first = scene.month
    for month in reversed(known):
        if not stood(month):
            break
        first = month
    if stored is None or stored >= first:
        return first
    disproved = any(stood(month) is False for month in known if stored <= month < first)
    return first if disproved else stored


def _stored(plan: Plan) -> dict[str, Month]:
    """The first month that the open rows of each issue give."""
    found: dict[str, Month] = {}
    for row in plan.issues:
        if row.status is not IssueStatus.CLOSED and row.first_month is not None:
            found[row.code] = min(row.first_month, found.get(row.code, row.first_month))
    return found


def _problem(
    scene: Scene,
    key: str,
    kind: ProblemKind,
    subject: str,
    symptom: Finding,
    value: Decimal | None,
    first: Month,
    light: Light = Light.RED,
) -> Problem:
    months = (scene.month.year - first.year) * 12 + scene.month.month - first.month + 1
    return Problem(key, kind, subject, symptom, value, light, first, months)


def _red_symptom(scene: Scene, kpi: Kpi, one: Attainment) -> Finding:
    named = _named(scene, kpi, one)
    status = one.status
    if status.why in (Why.PACE, Why.LINE) and one.pace is not one.rate and status.pace is not None:
        return Finding.of(
            "problem-behind-kpi",
            Place(),
            **named,
            expected=written(kpi, status.expected),
            now=written(kpi, status.actual),
            rate=percent(status.pace),
        )
    rate = _pace(one)
    if rate is None:
        return Finding.of("problem-missed-kpi", Place(), **named)
    return Finding.of("problem-red-kpi", Place(), **named, rate=percent(rate))


def _pace(one: Attainment) -> Decimal | None:
    """The pace; of a unit without a row where others have rows that of 0."""
    return one.pace.value if one.pace.word is not RateWord.NO_ACTUAL else one.status.pace


def _named(scene: Scene, kpi: Kpi, one: Attainment) -> dict[str, object]:
    return {
        "kpi": kpi.name or kpi.code,
        "unit": _unit_name(scene.plan, one.unit),
        "target": written(kpi, one.target),
        "actual": written(kpi, one.status.actual if one.actual is None else one.actual),
    }


def _unit_name(plan: Plan, code: str) -> str:
    unit = plan.unit_by_code.get(code)
    return unit.name or code if unit is not None else code
