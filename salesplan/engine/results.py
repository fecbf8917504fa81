"""What the engine says: frozen records that the sheets, the report and the checks read.

Conventions: money and targets are ``Decimal`` in the KPI's (or the master's amount) unit; rates
and shares are fractions of one as ``Decimal``; ``None`` means there is nothing to say (no target,
no actual), never zero. Remarks are :class:`~salesplan.findings.Finding` without a place: the
engine explains by code, and whoever shows it finds the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from salesplan.engine.exact.figures import divide
from salesplan.findings import Finding
from salesplan.plan.model import BudgetStatus, KpiKind, Light, Month, RhythmKind, TaskStatus

if TYPE_CHECKING:
    from salesplan.engine.actuals.capacity import Capacity
    from salesplan.engine.actuals.facts import Facts
    from salesplan.engine.actuals.line import Way
    from salesplan.engine.actuals.steps import Steps
    from salesplan.engine.changes.changed import Adjustment
    from salesplan.engine.money.month_ends import MonthEnd
    from salesplan.engine.work.effectiveness import Effectiveness
    from salesplan.engine.work.rhythm import Rhythm
    from salesplan.engine.work.situation import Situation

Months = tuple[Decimal | None, ...]
"""Twelve values in fiscal order."""


class Span(Enum):
    """A stretch of the plan year, as seen from the report month."""

    __hash__ = object.__hash__
    """Spans are keys of a hundred thousand attainments."""

    MONTH = "month"
    QUARTER = "quarter"
    YTD = "ytd"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a KPI's figures reach at the cut-off, and what of the last month was to be expected.

    ``months`` counts the plan year's months that are reported, from its first to the last in which
    any unit has a row. Where the last of them is ``running``, ``part`` ÷ ``whole`` of its target is
    expected by the KPI's rhythm, and ``slack`` of it is the usual swing; ``early``: fewer than half
    of its working days are over. ``by`` says where the rhythm came from.
    """

    months: int
    running: bool = False
    part: Decimal = Decimal(1)
    whole: Decimal = Decimal(1)
    slack: Decimal = Decimal(0)
    early: bool = False
    by: RhythmKind = RhythmKind.EVEN

    @property
    def over(self) -> int:
        """How many of the reported months are over."""
        return self.months - self.running

    @property
    def share(self) -> Decimal:
        """w: the part of the last reported month's target that is expected."""
        return divide(self.part, self.whole)

    def expected(self, targets: Sequence[Decimal | None], first: int = 0) -> Decimal | None:
        """E: the targets from month ``first`` on that are expected by the cut-off; None if one is blank."""
        return self._expected(targets[first : self.months])

    def size(self, targets: Sequence[Decimal | None], first: int = 0) -> Decimal | None:
        """|E|: the same of the targets' sizes."""
        return self._expected([one and abs(one) for one in targets[first : self.months]])

    def _expected(self, targets: Sequence[Decimal | None]) -> Decimal | None:
        total = Decimal(0)
        for target in targets:
            if target is None:
                return None
            total += target
        if not self.running or not targets:
            return total
        last = targets[-1] or Decimal(0)
        return divide(total * self.whole - last * (self.whole - self.part), self.whole)


class RateWord(Enum):
    """What is said where a attainment cannot be a number (SPEC 5)."""

    NO_TARGET = "no_target"
    NO_ACTUAL = "no_actual"
    EXCEEDED = "exceeded"
    MET = "met"
    MISSED = "missed"
    NO_BASE = "no_base"
    USED = "used"
    """Lower is better and the year is running: what is used of its allowance, which is no attainment."""


class SeasonSource(Enum):
    HISTORY = "history"
    MANUAL = "manual"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Season:
    """A KPI's month weights in fiscal order and their source.

    ``weights`` are for show; ``fractions`` are the exact ones and add up to exactly 1.
    """

    weights: tuple[Decimal, ...]
    source: SeasonSource
    years: int = 0
    fractions: tuple[Fraction, ...] = ()
    spring: bool = False
    """Whether January and February were split by the plan year's working days (春节调整)."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A target's base figures after the changes that hold from ``since`` on; ``changes`` are their codes."""

    since: Month
    changes: tuple[str, ...]
    base_year: Decimal | None
    base_months: Months


@dataclass(frozen=True, slots=True)
class Target:
    """The target of one KPI for one unit. Base months add up to ``base_year``, months to ``year``.

    ``children_sum``, ``unassigned`` and ``coverage`` speak of the base layer and are None for
    units without children. ``remarks`` go to the 校验 column; ``derivation`` explains the value.
    """

    kpi: str
    unit: str
    parent_target: Decimal | None
    coefficient: Decimal | None
    base_year: Decimal | None
    base_months: Months
    year: Decimal | None
    months: Months
    children_sum: Decimal | None = None
    unassigned: Decimal | None = None
    unassigned_months: Months = (None,) * 12
    coverage: Decimal | None = None
    parent_share: Decimal | None = None
    remarks: tuple[Finding, ...] = ()
    derivation: tuple[Finding, ...] = ()
    summed: bool = False
    """Whether it is the sum of what is below it, because it has no target of its own or from above."""
    revisions: tuple[Revision, ...] = ()
    """What changes of 变更记录 made of it, in order of time; empty: it is as it was planned."""


Targets = Mapping[tuple[str, str], Target]
"""By (KPI code, unit code)."""


def quarters(months: Months, kind: KpiKind) -> Months:
    """The four fiscal quarters of twelve months: sums for flows, else the quarter's last month (SPEC 4)."""
    parts = [months[first : first + 3] for first in range(0, 12, 3)]
    if not kind.adds_over_months:
        return tuple(part[-1] for part in parts)
    sums = []
    for part in parts:
        known = [value for value in part if value is not None]
        sums.append(sum(known, Decimal(0)) if len(known) == len(part) else None)
    return tuple(sums)


@dataclass(frozen=True, slots=True)
class Rate:
    """A attainment: a number, or a word where there can be none.

    ``level`` is the plain A/T beside the rate of an improvement target.
    ``score`` is the rate clipped to 0 … cap (100 % or 0 for T = 0); None: not scored.
    """

    value: Decimal | None = None
    word: RateWord | None = None
    level: Decimal | None = None
    score: Decimal | None = None


class Why(Enum):
    """What a status rests on, or why there is none yet."""

    PACE = "pace"
    """The actual against what was expected to date."""
    LINE = "line"
    """The figure against the line from the base value to the target."""
    TARGET = "target"
    """The figure against its target."""
    LANDING = "landing"
    """Where the year is forecast to end against its target."""
    ZERO = "zero"
    """A target of 0: reached or not."""
    DONE = "done"
    """A milestone that is due."""
    EARLY = "early"
    """Grey: fewer than half of the running month's working days are over."""
    WAY = "way"
    """Grey: an improvement less than a quarter of the way."""
    NOT_REPORTED = "not_reported"
    """Grey: no unit has reported the span yet."""
    NOT_OVER = "not_over"
    """Grey: judged by months that are over, and this one is not."""
    NOTHING_DUE = "nothing_due"
    """Grey: nothing is expected to date."""
    NOT_DUE = "not_due"
    """Grey: a milestone before its day."""
    UNSURE = "unsure"
    """Grey: too few months are over to say where the year ends."""
    NONE = "none"
    """No target, or nothing to hold against it."""


@dataclass(frozen=True, slots=True)
class Status:
    """The status (灯) of one KPI of one unit over one span, and what it rests on (SPEC 5).

    ``actual`` is held against ``expected``, both up to the last month that was reported. ``pace`` is
    1 + s·(A − E)/|E|. ``short`` is the shortfall as a part of |E|, the usual swing taken off; what
    was taken off is ``lessened``.
    """

    light: Light | None
    why: Why
    actual: Decimal | None = None
    expected: Decimal | None = None
    pace: Decimal | None = None
    short: Decimal | None = None
    lessened: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Attainment:
    """One KPI of one unit over one span: target, actual, gap (actual − target), rate, status.

    ``pace`` is the attainment once the span is over and all of it is reported; before that it is the
    actual against what was expected to date. It is what is scored, unless the status is grey.
    """

    kpi: str
    unit: str
    span: Span
    target: Decimal | None
    actual: Decimal | None
    gap: Decimal | None
    rate: Rate
    status: Status = Status(None, Why.NONE)
    pace: Rate = Rate()

    @property
    def light(self) -> Light | None:
        return self.status.light

    @property
    def score(self) -> Decimal | None:
        """The pace within 0 … cap; None: not scored, for want of a figure or because it is too early."""
        return None if self.status.light is Light.GREY or self.actual is None else self.pace.score


@dataclass(frozen=True, slots=True)
class Score:
    """A unit's weighted score for a span, and the KPIs that were left out for want of data."""

    unit: str
    span: Span
    value: Decimal | None
    left_out: tuple[str, ...] = ()


class LandingMethod(Enum):
    PACE = "pace"
    LAST_YEAR_SHAPE = "last_year_shape"
    REST_AS_PLANNED = "rest_as_planned"
    RECENT_TREND = "recent_trend"


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a KPI of a unit stands in its year. Rates are fractions; amounts in the KPI's unit.

    ``daily_need`` is what each remaining working day of the month must bring; None with ``closed``
    True means that no day is left (已截止). ``landing`` holds the year-end value by each method
    that could be used; ``low_confidence`` under three closed months.
    """

    kpi: str
    unit: str
    time_progress: Decimal
    expected: Decimal | None
    progress_gap: Decimal | None
    daily_need: Decimal | None
    closed: bool
    landing: Mapping[LandingMethod, Decimal] = field(default_factory=dict)
    low_confidence: bool = True
    likely: Decimal | None = None
    """The median of the forecasts that the year's status is told by."""


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What the action plan's engine columns say of one task. ``weight`` is the one in force."""

    code: str
    status: TaskStatus
    progress: Decimal | None
    expected: Decimal | None
    index: Decimal | None
    overdue_days: int
    notice: Finding | None
    light: Light | None
    weight: Decimal = Decimal(1)
    due: date | None = None
    """The day it counts as due: 时间节点, or the next working day where that is a day off."""
    later: bool = False
    """Whether ``progress`` is that of a later day: a run looks back, and nothing tells what it was then."""


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """Completion of a group of tasks at the cut-off: counts, and three rates (None: nothing due).

    Each task that is due is in one of three groups: ``finished``, ``overdue``, and ``just_due``, on the
    cut-off day itself and not done yet. ``postponed``: those whose day is a day off, and which are due on
    the next working day, after the cut-off.
    """

    total: int
    due: int
    finished: int
    on_time: int
    overdue: int
    paused: int
    completion: Decimal | None
    on_time_rate: Decimal | None
    weighted: Decimal | None
    just_due: int = 0
    postponed: int = 0
    later: int = 0
    """Tasks of which only a later day's progress is known."""


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that one category may get in one region."""

    category: str
    region: str
    cap: Decimal
    granted: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class BudgetResult:
    """What the budget's engine columns say of one line; ``reason`` explains the grant."""

    code: str
    roi: Decimal | None
    granted: Decimal | None
    reason: Finding | None
    committed: Decimal
    spent: Decimal
    available: Decimal | None
    execution_rate: Decimal | None
    actual_return: Decimal | None
    actual_roi: Decimal | None
    status: BudgetStatus | None


@dataclass(frozen=True, slots=True)
class BudgetSummary:
    """The budget as a whole: allocation against the exact best combination, and the reserve.

    ``best_return`` is what the exact 0/1 knapsack would bring, never less than ``granted_return``.
    """

    total: Decimal | None
    granted: Decimal
    committed: Decimal
    spent: Decimal
    granted_return: Decimal
    best_return: Decimal | None
    best_lines: frozenset[str] = frozenset()
    reserve: Decimal | None = None
    reserve_drawn: Decimal = Decimal(0)
    reserve_left: Decimal | None = None
    draw_balances: tuple[Decimal | None, ...] = ()
    """The reserve after each row of 储备金动用, in sheet order; None where the row does not count."""


class ProblemKind(Enum):
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


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything one run computed, for one report month and one cut-off day."""

    month: Month
    as_of: date
    closed: bool
    """Whether the report month is over: the cut-off is on or after its last working day."""
    seasons: Mapping[str, Season] = field(default_factory=dict)
    targets: Mapping[tuple[str, str], Target] = field(default_factory=dict)
    """By (KPI code, unit code), in the order of the rows to be shown; with every approved change from its month on."""
    baseline: Mapping[tuple[str, str], Target] = field(default_factory=dict)
    """The same targets before any change of 变更记录."""
    adjustments: tuple[Adjustment, ...] = ()
    """Each row of 变更记录, in sheet order: whether it is in force, why, and what it altered."""
    estimates: tuple[date, ...] = ()
    """Weekdays of the plan year that are holidays only by estimate (推定)."""
    presence: Mapping[str, Decimal] = field(default_factory=dict)
    attainments: Mapping[tuple[str, str, Span], Attainment] = field(default_factory=dict)
    steps: Mapping[tuple[str, str, Span], Steps] = field(default_factory=dict)
    """Floor and stretch beside the target, for the attainments of KPIs that have one of them."""
    monthly: Mapping[tuple[str, str], Months] = field(default_factory=dict)
    """Actuals by (KPI code, unit code): twelve months in fiscal order, None where nothing was reported."""
    scores: Mapping[tuple[str, Span], Score] = field(default_factory=dict)
    pace: Mapping[tuple[str, str], Pace] = field(default_factory=dict)
    reach: Mapping[str, Reach] = field(default_factory=dict)
    """By KPI code: how far its figures reach."""
    ways: Mapping[tuple[str, str], Way] = field(default_factory=dict)
    """Of levels and rates with a base value: how far they should be on the way to their target."""
    smart: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    """By KPI code: what its goal lacks; empty: it is SMART."""
    tasks: Mapping[str, TaskResult] = field(default_factory=dict)
    task_summary: TaskSummary | None = None
    tasks_by_owner: Mapping[str, TaskSummary] = field(default_factory=dict)
    tasks_by_strategy: Mapping[str, TaskSummary] = field(default_factory=dict)
    tasks_by_department: Mapping[str, TaskSummary] = field(default_factory=dict)
    caps: tuple[Cap, ...] = ()
    budget: Mapping[str, BudgetResult] = field(default_factory=dict)
    budget_summary: BudgetSummary | None = None
    budget_months: Mapping[str, tuple[MonthEnd, ...]] = field(default_factory=dict)
    """By line code: the line at the end of each month that has begun."""
    budget_total_months: tuple[MonthEnd, ...] = ()
    problems: tuple[Problem, ...] = ()
    strategies: Mapping[str, Effectiveness] = field(default_factory=dict)
    situation: Situation | None = None
    weekly: Rhythm | None = None
    """Weekly reviews and stand-ups up to the cut-off."""
    capacities: Mapping[tuple[str, str], Capacity] = field(default_factory=dict)
    """By (KPI code, unit code): whether the heads that are there can bring the goal."""
    findings: tuple[Finding, ...] = ()
    facts: Facts | None = field(default=None, compare=False, repr=False)
    """The actuals as they were tallied."""
