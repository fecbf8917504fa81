"""What the report month must answer for: red KPIs, late tasks, overspent lines, unexplained
deviations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import chain

from salesplan.dataclass import dataclass, replace
from salesplan.engine.actuals.attainment import Attainment, Past
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.engine.actuals.reach import Reach
from salesplan.engine.actuals.status import RateWord, Why
from salesplan.engine.exact.figures import divide, percent, points, said_of, written
from salesplan.engine.money.budget import BudgetResult
from salesplan.engine.targets.target import Targets
from salesplan.engine.work.gaps import Contribution, Ledge, places
from salesplan.engine.work.problem_notes import Topmost, rows_of, written_of
from salesplan.engine.work.task_summary import TaskResult
from salesplan.findings import Finding, Place
from salesplan.plan.model import (
    BudgetStatus,
    Direction,
    IssueKey,
    IssueOf,
    IssueRow,
    IssueStatus,
    Kpi,
    Level,
    Light,
    Month,
    PercentBasis,
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

    ``subject`` is the code of what it is about (KPI/unit: the topmost unit that has it),
    ``symptom`` the words, ``value`` the figure (a fraction for rates, days for tasks, an amount for
    budgets), ``months`` how long it has lasted.
    """

    key: str
    kind: ProblemKind
    subject: str
    symptom: Finding
    value: Decimal | None
    light: Light
    first_month: Month
    months: int
    gap: Decimal | None = None
    """What is at stake: of a KPI what it is short of (above zero) or ahead by (below), in its unit,
    of a rate in points of one; of a budget line the amount overspent.
    """
    loss: Decimal = Decimal(0)
    """What it costs the company's score, as a fraction of it: weight × (1 − pace), of a unit's part
    of the company by that part.
    """
    where: tuple[Finding, ...] = ()
    """At which units below the gap arises."""
    places: tuple[str, ...] = ()
    """The lowest one or two units that explain it."""
    tree: Contribution | None = None
    """What each unit below contributes to the gap."""
    older: tuple[str, ...] = ()
    """Codes of the rows of 问题与改进, besides its own, that people wrote about it in."""

    @property
    def about(self) -> IssueKey:
        """What it is about, told from its key."""
        return IssueKey.of(self.key)

    @property
    def ahead(self) -> bool:
        """Whether it is more than was expected: to be explained, not to be put right."""
        return self.kind is ProblemKind.UNEXPLAINED and self.gap is not None and self.gap < 0


@dataclass(frozen=True, slots=True)
class Deviation:
    """One unit's red or unexplained KPI, and the ``problem`` (by key) in which it is stated."""

    kpi: str
    unit: str
    light: Light | None
    target: Decimal | None
    actual: Decimal | None
    pace: Decimal | None
    ahead: Decimal
    problem: str

    @property
    def key(self) -> str:
        """What it would be called if it were a problem by itself."""
        return f"{self.problem.partition(':')[0]}:{self.kpi}:{self.unit}"


@dataclass(frozen=True, slots=True)
class Problems:
    """``found``: worst first; ``minor``: those that cost less than half a percent of the score; all
    ``deviations``, in the order of their problems and down the tree.
    """

    found: tuple[Problem, ...] = ()
    minor: tuple[Problem, ...] = ()
    deviations: tuple[Deviation, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What people wrote against a problem; ``owner`` as typed."""

    cause: str = ""
    remedy: str = ""
    owner: str = ""
    due: date | None = None
    status: IssueStatus | None = None


def answer_to(plan: Plan, problem: Problem) -> Answer:
    """From the row of the issues; what that leaves blank of a late task, from the task's own."""
    row = written_of(plan, problem)
    late = problem.kind is ProblemKind.LATE_TASK
    task = plan.task_by_code.get(problem.subject) if late else None
    written = (
        Answer() if row is None else Answer(row.cause, row.remedy, row.owner, row.due, row.status)
    )
    if task is None:
        return written
    return replace(
        written,
        cause=written.cause or task.cause,
        remedy=written.remedy or task.remedy,
        owner=written.owner or task.owner,
    )


MINOR = Decimal("0.005")
"""What a unit's problem must cost of the score to be listed; less is counted."""

RESTS = Decimal("0.3")
"""The part of a gap from which on it is told that nobody below has it."""

Judge = Callable[[Month], bool | None]
"""Whether a problem stood in a month; None: not known."""
ZERO, ONE = Decimal(0), Decimal(1)
CENT, HALF_PERCENT = Decimal("0.01"), Decimal("0.005")
"""Of a gap: what is told of its parts is rounded to a hundredth. (:data:`MINOR` is of the score.)
"""

_ORDER = (
    ProblemKind.RED_KPI,
    ProblemKind.OVERSPENT,
    ProblemKind.LATE_TASK,
    ProblemKind.UNEXPLAINED,
)


@dataclass(frozen=True, kw_only=True)
class ProblemInputs:
    """All that the problems of a report month, or a longer ``span`` up to it, are read from; see
    :func:`problems`.

    ``tops`` are the units at the top of what is looked at, else the plan's own.
    """

    plan: Plan
    month: Month
    as_of: date
    targets: Targets
    facts: Facts
    attainments: Mapping[tuple[str, str, Span], Attainment]
    reach: Mapping[str, Reach]
    tasks: Mapping[str, TaskResult]
    budget: Mapping[str, BudgetResult]
    tops: tuple[str, ...] = ()
    span: Span = Span.MONTH

    def months_since(self, first: Month) -> int:
        """How many months there are from ``first`` to the report month, both counted."""
        return (self.month.year - first.year) * 12 + self.month.month - first.month + 1

    @cached_property
    def report_span(self) -> ReportSpan:
        """The months that are looked at."""
        return ReportSpan.of(self.plan.settings.months, self.month, self.span)

    def attained(self, kpi: str, unit: str) -> Attainment | None:
        """The span's attainment; None where there is none."""
        return self.attainments.get((kpi, unit, self.report_span.judged))

    @cached_property
    def past(self) -> Past:
        """The months before the report month."""
        return Past(self.plan, self.targets, self.facts, self.reach)

    @cached_property
    def ledge(self) -> Ledge:
        """What gaps are read from."""
        return Ledge(self.plan, self.facts, self.report_span, self.attainments, self.reach)

    @cached_property
    def stored(self) -> Mapping[str, Month]:
        """The first months that the open rows of the issues give, by code."""
        return _stored(self.plan)

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The codes of the topmost units, overlays too."""
        tops = (*self.plan.roots, *self.plan.overlays)
        return self.tops or tuple(unit.code for unit in tops)

    @cached_property
    def head_of(self) -> Mapping[str, str]:
        """Of each unit the topmost one that it is below; the first one where there are several."""
        found: dict[str, str] = {}
        for head in self.heads:
            for _, unit in self.plan.walk(head):
                found.setdefault(unit.code, head)
        return found

    def judged(self, kpi: str, unit: str) -> Attainment | None:
        """The span's attainment of a unit that has a target of the KPI."""
        one = self.attained(kpi, unit)
        has_target = (kpi, unit) in self.targets and one is not None and one.target is not None
        return one if has_target else None


Off = Callable[[Attainment, ProblemInputs, Kpi], bool | None]
"""Whether a KPI of a unit is off in a month; None: not known."""


def problems(inputs: ProblemInputs) -> Problems:
    """The report month's problems, or those of a longer span up to it, worst first: each is stated
    once.

    * ``KPI:kpi:unit``: the span's status is red, or its pace is below the settings' range and no
      cause is written. ``unit`` is the topmost unit where that is so; what is red below it is in
      its tree of contributions (:mod:`salesplan.engine.work.gaps`). Its value is the span's pace.
    * ``GAP:kpi:unit``: the pace is above the range and no cause is written; amber. Nothing at all
      of what should be little (no complaints) is no deviation.
    * ``TASK:task``: overdue; since the month of the day after its due day. Value: working days
      late.
    * ``BUDGET:line``: overspent; since the month from which on its use has exceeded the grant.
      Value: by how much.

    ``first_month`` and ``months`` (running up to the report month) are read from the data. For the
    two kinds about KPIs, an open issue's stored first month wins if it is earlier and no month
    between the two is known to have been without the problem: what an earlier run saw, before the
    plan year or in figures no longer there, is not forgotten.

    Order: red before amber; KPIs, budget, tasks, what is ahead; then what it costs the score, the
    worse figure, the longer, and the order of the sheets. A KPI's problem below the top that costs
    less than half a percent of the score is minor.
    """
    kpis = [*_kpi_problems(inputs)]
    found = sorted(
        [*(one for one, _ in kpis), *_overspent(inputs), *_late_tasks(inputs)], key=_rank
    )
    by_key = {one.key: below for one, below in kpis}
    return Problems(
        tuple(one for one in found if not _is_minor(one, inputs)),
        tuple(one for one in found if _is_minor(one, inputs)),
        tuple(chain.from_iterable(by_key.get(one.key, ()) for one in found)),
    )


def _is_minor(problem: Problem, inputs: ProblemInputs) -> bool:
    unit = problem.about.unit
    at_top = unit in inputs.heads and problem.light is Light.RED
    return bool(unit) and not at_top and problem.loss < MINOR


def _rank(problem: Problem) -> tuple[bool, int, Decimal, Decimal, int]:
    """Python's sort is stable: equals stay in sheet order."""
    kpi = problem.kind in (ProblemKind.RED_KPI, ProblemKind.UNEXPLAINED)
    return (
        problem.light is not Light.RED,
        _ORDER.index(problem.kind),
        -problem.loss,
        ZERO if kpi or problem.value is None else -problem.value,
        -problem.months,
    )


def _kpi_problems(inputs: ProblemInputs) -> Iterator[tuple[Problem, tuple[Deviation, ...]]]:
    """The problems of the KPIs, each with the deviations stated in it."""
    for kpi in inputs.plan.kpis:
        off = {IssueOf.BEHIND: _is_behind, IssueOf.AHEAD: _is_ahead}
        tops: list[IssueKey] = []
        for prefix, is_off in off.items():
            tops += [IssueKey(prefix, kpi.code, unit) for unit in _topmost(inputs, kpi, is_off)]
        stated = set(map(str, tops))
        for key in tops:
            is_off = off[key.prefix]
            below = tuple(_deviations(inputs, kpi, key.unit, is_off, str(key)))
            tree = inputs.ledge.tree(kpi, key.unit)
            lowest = places(tree) if tree is not None and tree.gap > 0 else ()
            top = Topmost(key, {one.unit for one in below}, [one.unit for one in lowest])
            case = _Case(kpi, top, is_off, tree, lowest, rows_of(inputs.plan, top, stated))
            if _is_stated(inputs, case):
                yield _kpi_problem(inputs, case), below


@dataclass(frozen=True, slots=True)
class _Case:
    """One KPI at the topmost unit where it is off: its tree, the lowest units that explain it, and
    what was written about it elsewhere.
    """

    kpi: Kpi
    top: Topmost
    off: Off
    tree: Contribution | None
    lowest: Sequence[Contribution]
    older: Sequence[IssueRow]


def _is_stated(inputs: ProblemInputs, case: _Case) -> bool:
    """What is red always is; other deviations only while no cause is written."""
    one = inputs.attained(case.kpi.code, case.top.key.unit)
    if one is not None and one.light is Light.RED:
        return True
    own = [row for row in inputs.plan.issues if row.code == str(case.top.key)]
    return not any(row.cause.strip() for row in (*own, *case.older))


def _topmost(inputs: ProblemInputs, kpi: Kpi, off: Off) -> Iterator[str]:
    """The highest units at which a KPI is off, in the order of the tree."""
    waiting = list(reversed(inputs.heads))
    while waiting:
        unit = waiting.pop()
        one = inputs.judged(kpi.code, unit)
        if one is not None and off(one, inputs, kpi):
            yield unit
        else:
            waiting += [child.code for child in reversed(inputs.plan.children.get(unit, ()))]


def _deviations(
    inputs: ProblemInputs, kpi: Kpi, unit: str, off: Off, key: str
) -> Iterator[Deviation]:
    for _, below in inputs.plan.walk(unit):
        one = inputs.judged(kpi.code, below.code)
        if one is not None and off(one, inputs, kpi):
            yield Deviation(
                kpi.code,
                below.code,
                one.light,
                one.target,
                one.actual,
                _pace(one),
                one.status.ahead,
                key,
            )


def _kpi_problem(inputs: ProblemInputs, case: _Case) -> Problem:
    kpi, unit = case.kpi, case.top.key.unit
    one = inputs.attainments[kpi.code, unit, inputs.report_span.judged]

    def stood(month: Month) -> bool | None:
        return case.off(inputs.past.month(kpi, unit, month), inputs, kpi)

    red = one.light is Light.RED
    codes = (str(case.top.key), *(row.code for row in case.older))
    known = [inputs.stored[code] for code in codes if code in inputs.stored]
    first = _since(inputs, _months_before(inputs), stood, min(known, default=None))
    return Problem(
        key=codes[0],
        kind=ProblemKind.RED_KPI if red else ProblemKind.UNEXPLAINED,
        subject=case.top.key.subject,
        symptom=_red_symptom(inputs, kpi, one) if red else _unexplained(inputs, kpi, one),
        value=_pace(one),
        first_month=first,
        months=inputs.months_since(first),
        light=Light.RED if red else Light.AMBER,
        gap=-one.status.ahead,
        loss=_loss(inputs, kpi, one),
        where=_where(inputs, case),
        places=tuple(place.unit for place in case.lowest),
        tree=case.tree,
        older=codes[1:],
    )


def _loss(inputs: ProblemInputs, kpi: Kpi, one: Attainment) -> Decimal:
    """Weight × what the unit is off by ÷ what was expected of the top; of the top itself that is
    weight × (1 − pace). A rate's unit counts by its part of the denominator.
    """
    weight, off = weight_of(inputs.plan, kpi), abs(one.status.ahead)
    top = inputs.head_of.get(one.unit, one.unit)
    above = inputs.attained(kpi.code, top)
    size = one.status.size if above is None else above.status.size
    if not kpi.kind.is_amount:
        size, off = one.status.size, off * inputs.ledge.part_of(kpi, one.unit, top)
    if size:
        return weight * min(divide(off, size), ONE)
    return weight if off else ZERO


def weight_of(plan: Plan, kpi: Kpi) -> Decimal:
    """A KPI's part of all weights; equal parts where none is given."""
    given = [max(one.weight or ZERO, ZERO) for one in plan.kpis]
    total = sum(given, ZERO)
    if not total:
        return divide(ONE, Decimal(len(given)))
    return divide(max(kpi.weight or ZERO, ZERO), total)


def _holds(tree: Contribution, lowest: Sequence[Contribution]) -> bool:
    below = list(tree.walk())
    return any(one in below for one in lowest)


def _where(inputs: ProblemInputs, case: _Case) -> tuple[Finding, ...]:
    """Which units carry the gap, or over how many it is spread."""
    tree, lowest = case.tree, case.lowest
    if tree is None or not lowest:
        return ()
    said = []
    if lowest[0] is not tree:
        first = [one for one in tree.parts if _holds(one, lowest)]
        same = _gap(first) == _gap(lowest)
        said.append(_carried(inputs, case.kpi, tree, lowest if same else first))
        if not same:
            said.append(_carried_below(inputs, case.kpi, tree, lowest))
    end = lowest[0]
    if len(lowest) == 1 and len(end.parts) > 1 and _short(end):
        said.append(_spread(inputs, case.kpi, tree, end))
    if len(lowest) == 1 and end.parts and end.rest >= RESTS * end.gap and in_parts(case.kpi, tree):
        said.append(_resting(inputs, case.kpi, tree, end))
    return tuple(said)


def _short(unit: Contribution) -> list[Contribution]:
    return [one for one in unit.parts if one.gap > 0]


def _spread(inputs: ProblemInputs, kpi: Kpi, tree: Contribution, end: Contribution) -> Finding:
    """Over how many below the unit its gap is spread."""
    return Finding.of(
        "problem-spread",
        Place(),
        parent="" if end is tree else _unit_name(inputs.plan, end.unit),
        count=len(_short(end)),
        all=len(end.parts),
        **_amount(kpi, _gap(_short(end))),
    )


def _resting(inputs: ProblemInputs, kpi: Kpi, tree: Contribution, end: Contribution) -> Finding:
    """What of a unit's gap is nobody's below it; whose target it was, where that is known."""
    left = _left(inputs, kpi, end.unit)
    return Finding.of(
        "problem-unassigned",
        Place(),
        parent="" if end is tree else _unit_name(inputs.plan, end.unit),
        share=percent(divide(end.rest, end.gap).quantize(CENT)),
        left=left,
        open=0 if left else 1,
        **_amount(kpi, end.rest),
    )


def _left(inputs: ProblemInputs, kpi: Kpi, unit: str) -> tuple[str, ...]:
    """The people who left, where all that a unit has not handed on is theirs: everybody else below
    it was there all year, without a ramp-up, and the coefficients cover its target.
    """
    below = inputs.plan.children.get(unit, ())
    gone = [one for one in below if one.left is not None and one.left <= inputs.as_of]
    begins = inputs.plan.settings.months[0].first
    whole = all(
        one in gone or (not one.ramp_up and (one.joined is None or one.joined <= begins))
        for one in below
    )
    target = inputs.targets.get((kpi.code, unit))
    covered = target is not None and target.coverage == 1
    people = all(one.level is Level.PERSON for one in gone)
    if not (whole and covered and people and kpi.kind.is_amount):
        return ()
    return tuple(_unit_name(inputs.plan, one.code) for one in gone)


def _carried_below(
    inputs: ProblemInputs, kpi: Kpi, tree: Contribution, lowest: Sequence[Contribution]
) -> Finding:
    names = _names(inputs, lowest)
    if not in_parts(kpi, tree):
        return Finding.of("problem-carried-whole", Place(), units=names, **_amount(kpi, tree.gap))
    within = _gap(lowest) <= tree.gap
    return Finding.of(
        "problem-carried-below",
        Place(),
        units=names,
        share=_share(lowest, tree) if within else "",
        **_amount(kpi, _gap(lowest)),
    )


def _carried(
    inputs: ProblemInputs, kpi: Kpi, tree: Contribution, carriers: Sequence[Contribution]
) -> Finding:
    part = divide(_gap(carriers), tree.gap)
    code = "problem-carried-whole" if abs(part - 1) < HALF_PERCENT else "problem-carried"
    if part >= 1 + HALF_PERCENT:
        code = "problem-carried-more"
    elif not in_parts(kpi, tree):
        code = "problem-carried-whole"
    facts = {"share": percent(part.quantize(CENT))} if code == "problem-carried" else {}
    shown = _gap(carriers) if code == "problem-carried-more" else tree.gap
    return Finding.of(code, Place(), units=_names(inputs, carriers), **facts, **_amount(kpi, shown))


def in_parts(kpi: Kpi, tree: Contribution) -> bool:
    """Whether shares of the gap say something: of a single complaint nobody has 77 %. A gap that
    is shown as one unit is one.
    """
    return not kpi.kind.adds_over_units or 2 * abs(tree.gap) >= 3 * kpi.smallest_unit


def _gap(parts: Sequence[Contribution]) -> Decimal:
    return sum((one.gap for one in parts), ZERO)


def _names(inputs: ProblemInputs, parts: Sequence[Contribution]) -> tuple[str, ...]:
    return tuple(_unit_name(inputs.plan, one.unit) for one in parts)


def _share(parts: Sequence[Contribution], tree: Contribution) -> str:
    return percent(divide(_gap(parts), tree.gap).quantize(CENT))


def _amount(kpi: Kpi, gap: Decimal) -> dict[str, object]:
    """A gap with its unit: 84.57 万元, 11.6 百分点; whether it is an excess of what should be
    little.
    """
    excess = 1 if kpi.direction is Direction.LOWER else 0
    if kpi.in_percent:
        return {"gap": points(gap), "unit": PercentBasis.POINTS, "excess": excess}
    shown = written(kpi, gap)
    return {"gap": shown, "unit": said_of(shown, kpi.unit), "excess": excess}


def _late_tasks(inputs: ProblemInputs) -> Iterator[Problem]:
    tasks = {task.code: task for task in reversed(inputs.plan.tasks)}
    for code, result in inputs.tasks.items():
        task = tasks.get(code)
        due = result.due or (task.due if task else None)
        if task is None or due is None or result.status is not TaskStatus.OVERDUE:
            continue
        symptom = Finding.of(
            "problem-late-task" if result.overdue_days else "problem-late-task-today",
            task=task.content or code,
            owner=_unit_name(inputs.plan, task.owner),
            due=due,
            days=result.overdue_days,
        )
        first = min(Month.of(due + timedelta(days=1)), inputs.month)
        yield Problem(
            key=str(IssueKey(IssueOf.TASK, code=code)),
            kind=ProblemKind.LATE_TASK,
            subject=code,
            symptom=symptom,
            value=Decimal(result.overdue_days),
            light=Light.RED,
            first_month=first,
            months=inputs.months_since(first),
        )


def _overspent(inputs: ProblemInputs) -> Iterator[Problem]:
    for code, line in inputs.budget.items():
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
        first = _overspent_since(inputs, code, line.granted)
        yield Problem(
            key=str(IssueKey(IssueOf.BUDGET, code=code)),
            kind=ProblemKind.OVERSPENT,
            subject=code,
            symptom=symptom,
            value=used - line.granted,
            light=Light.RED,
            first_month=first,
            months=inputs.months_since(first),
            gap=used - line.granted,
        )


def _overspent_since(inputs: ProblemInputs, code: str, granted: Decimal) -> Month:
    """The month from whose end on, without a break, the use has exceeded the grant."""
    by_month: dict[Month, Decimal] = {}
    for row in inputs.plan.spending:
        if row.budget == code and row.day <= inputs.as_of:
            month = Month.of(row.day)
            by_month[month] = by_month.get(month, Decimal(0)) + row.amount
    used, first = Decimal(0), None
    for month in sorted(by_month):
        used += by_month[month]
        first = (first or month) if used > granted else None
    return min(first or inputs.month, inputs.month)


def _is_behind(one: Attainment, inputs: ProblemInputs, kpi: Kpi) -> bool | None:
    """Red, or below the range that needs no explanation; None where nothing can be said."""
    if one.light in (None, Light.GREY):
        return None
    below = one.pace.value is not None and one.pace.value < inputs.plan.settings.explain_low
    return one.light is Light.RED or below


def _is_ahead(one: Attainment, inputs: ProblemInputs, kpi: Kpi) -> bool | None:
    """Above the range that needs no explanation; None where nothing can be said."""
    if one.light in (None, Light.GREY):
        return None
    if one.light is Light.RED or one.pace.value is None:
        return False
    nothing = kpi.direction is Direction.LOWER and not one.status.actual
    return not nothing and one.pace.value > inputs.plan.settings.explain_high


def _months_before(inputs: ProblemInputs) -> list[Month]:
    return [month for month in inputs.plan.settings.months if month < inputs.month]


def _since(
    inputs: ProblemInputs, known: Sequence[Month], stood: Judge, stored: Month | None
) -> Month:
    """The first month of the run that ends with the report month, or with the first month of a
    longer span in which it stood; ``known`` are the plan year's months before the report month.
    """
    first = next(filter(stood, inputs.report_span.begun[:-1]), inputs.month)
    for month in reversed([one for one in known if one < first]):
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


def _unexplained(inputs: ProblemInputs, kpi: Kpi, one: Attainment) -> Finding:
    settings = inputs.plan.settings
    return Finding.of(
        "problem-unexplained",
        Place(),
        **_named(inputs, kpi, one),
        rate=percent(one.pace.value or ZERO),
        low=percent(settings.explain_low),
        high=percent(settings.explain_high),
    )


def _red_symptom(inputs: ProblemInputs, kpi: Kpi, one: Attainment) -> Finding:
    named = _named(inputs, kpi, one)
    status = one.status
    if kpi.direction is Direction.LOWER and status.expected is not None:
        return Finding.of(
            "problem-above-kpi",
            Place(),
            **named,
            expected=written(kpi, status.expected),
            now=written(kpi, status.actual),
        )
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


def _named(inputs: ProblemInputs, kpi: Kpi, one: Attainment) -> dict[str, object]:
    return {
        "kpi": kpi.name or kpi.code,
        "unit": _unit_name(inputs.plan, one.unit),
        "target": written(kpi, one.target),
        "actual": written(kpi, one.status.actual if one.actual is None else one.actual),
    }


def _unit_name(plan: Plan, code: str) -> str:
    unit = plan.unit_by_code.get(code)
    return unit.name or code if unit is not None else code
