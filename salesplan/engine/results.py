"""What the engine says: frozen records that the sheets, the report and the checks read.

Conventions: money and targets are ``Decimal`` in the KPI's (or the master's amount) unit; rates
and shares are fractions of one as ``Decimal``; ``None`` means there is nothing to say (no target,
no actual), never zero. Remarks are :class:`~salesplan.findings.Finding` without a place: the
engine explains by code, and whoever shows it finds the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass, field
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.findings import Finding
from salesplan.plan.model import Month, Plan

if TYPE_CHECKING:
    from salesplan.engine.actuals.attainment import Attainment, Score
    from salesplan.engine.actuals.capacity import Capacity
    from salesplan.engine.actuals.facts import Facts
    from salesplan.engine.actuals.floor_stretch import Steps
    from salesplan.engine.actuals.market_years import MarketYear
    from salesplan.engine.actuals.pace import Pace
    from salesplan.engine.actuals.pipeline import Pipeline
    from salesplan.engine.actuals.product_capacity import Load
    from salesplan.engine.actuals.products import Products
    from salesplan.engine.actuals.prospects import Pool
    from salesplan.engine.actuals.reach import Reach
    from salesplan.engine.actuals.trajectory import Trajectory
    from salesplan.engine.changes.late_actuals import LateActual
    from salesplan.engine.changes.records import Adjustment
    from salesplan.engine.money.budget import BudgetResult, BudgetSummary, Cap
    from salesplan.engine.money.month_ends import MonthEnd
    from salesplan.engine.targets.target import (
        Months,
        Season,
        Target,
    )
    from salesplan.engine.work.effectiveness import Effectiveness
    from salesplan.engine.work.helping import Request
    from salesplan.engine.work.lessons import Offers
    from salesplan.engine.work.problems import Deviation, Problem
    from salesplan.engine.work.situation import Situation
    from salesplan.engine.work.skills import SkillLoad
    from salesplan.engine.work.smart import Letter
    from salesplan.engine.work.task_summary import TaskResult, TaskSummary
    from salesplan.engine.work.tools import ToolLine
    from salesplan.engine.work.triggers import TriggerResult
    from salesplan.engine.work.weekly import Rhythm


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything one run computed, for one report month and one cut-off day."""

    month: Month
    as_of: date
    month_over: bool
    """Whether the report month is over: the cut-off is on or after its last working day."""
    span: Span = Span.MONTH
    """What is reported: the month, or a longer span that holds it, up to it."""
    month_closed: bool = False
    """Whether it is closed (关账)."""
    late: tuple[LateActual, ...] = ()
    """Actuals of closed months that are not what was recorded."""
    seasons: Mapping[str, Season] = field(default_factory=dict)
    targets: Mapping[tuple[str, str], Target] = field(default_factory=dict)
    """By (KPI code, unit code), in the order of the rows to be shown; with every approved change
    from its month on.
    """
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
    """Actuals by (KPI code, unit code): twelve months in fiscal order, None where nothing was
    reported.
    """
    scores: Mapping[tuple[str, Span], Score] = field(default_factory=dict)
    pace: Mapping[tuple[str, str], Pace] = field(default_factory=dict)
    pipelines: Mapping[tuple[str, str], Pipeline] = field(default_factory=dict)
    """By (KPI code, unit code), of KPIs that have open deals: what they cover of what is to go."""
    loads: tuple[Load, ...] = ()
    """What targets by product ask of products with a capacity."""
    prospects: Mapping[str, Pool] = field(default_factory=dict)
    """By unit code, where 潜客 has rows: the prospects that are there and those that are needed."""
    reach: Mapping[str, Reach] = field(default_factory=dict)
    """By KPI code: how far its figures reach."""
    reported: Mapping[str, frozenset[Month]] = field(default_factory=dict)
    """By KPI code: the months, of any year, in which any unit of the plan has a row of it."""
    trajectories: Mapping[tuple[str, str], Trajectory] = field(default_factory=dict)
    """Of levels and rates with a base value: how far they should be on the way to their target."""
    smart: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    smart_letters: Mapping[str, tuple[Letter, ...]] = field(default_factory=dict)
    """The five letters of each goal of the company, with their reasons."""
    """By KPI code: what its goal lacks; empty: it is SMART."""
    tasks: Mapping[str, TaskResult] = field(default_factory=dict)
    requests: tuple[Request, ...] = ()
    """What is asked of helpers (协作方), in the order of the tasks."""
    task_summary: TaskSummary | None = None
    tasks_by_owner: Mapping[str, TaskSummary] = field(default_factory=dict)
    tasks_by_strategy: Mapping[str, TaskSummary] = field(default_factory=dict)
    tasks_by_department: Mapping[str, TaskSummary] = field(default_factory=dict)
    tools: tuple[ToolLine, ...] = ()
    """The check list of 工具, in sheet order."""
    skill_loads: tuple[SkillLoad, ...] = ()
    """What open tasks ask of each skill from the report month on, the shortest first."""
    caps: tuple[Cap, ...] = ()
    budget: Mapping[str, BudgetResult] = field(default_factory=dict)
    budget_summary: BudgetSummary | None = None
    budget_months: Mapping[str, tuple[MonthEnd, ...]] = field(default_factory=dict)
    """By line code: the line at the end of each month that has begun."""
    budget_total_months: tuple[MonthEnd, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Worst first, each stated once."""
    minor_problems: tuple[Problem, ...] = ()
    """Those of units that cost the score less than half a percent: counted, not listed."""
    deviations: tuple[Deviation, ...] = ()
    """Every unit's KPI that one of the problems is made of."""
    strategies: Mapping[str, Effectiveness] = field(default_factory=dict)
    situation: Situation | None = None
    markets: tuple[MarketYear, ...] = ()
    """The markets of 市场规模 by year, the latest first."""
    weekly: Rhythm | None = None
    """Weekly reviews and stand-ups up to the cut-off."""
    lessons: Offers | None = None
    """Lessons of 复盘知识库 where they may help; None where none were written down."""
    capacities: Mapping[tuple[str, str], Capacity] = field(default_factory=dict)
    """By (KPI code, unit code): whether the heads that are there can bring the goal."""
    products: Products | None = None
    """Targets by product, and what is achieved of them; None where no row names a product."""
    triggers: Mapping[str, TriggerResult] = field(default_factory=dict)
    """By the code of a rule of 预警: whether it fires, and for what."""
    findings: tuple[Finding, ...] = ()
    facts: Facts | None = field(default=None, compare=False, repr=False)
    """The actuals as they were tallied."""

    def report_span(self, plan: Plan) -> ReportSpan:
        """The months of ``plan`` that are reported."""
        return ReportSpan.of(plan.settings.months, self.month, self.span)

    def planned(self, key: tuple[str, ...]) -> Target | None:
        """The target before any change, by KPI and unit, or by KPI, unit and product."""
        products = {} if self.products is None else self.products.baseline
        return _target(self.baseline, products, key)

    def standing(self, key: tuple[str, ...]) -> Target | None:
        """The target with the changes that the plan holds, by the same keys."""
        products = {} if self.products is None else self.products.targets
        return _target(self.targets, products, key)


def _target(
    units: Mapping[tuple[str, str], Target],
    products: Mapping[tuple[str, str, str], Target],
    key: tuple[str, ...],
) -> Target | None:
    """The target of a unit, or of a product of it."""
    if len(key) == 2:
        return units.get((key[0], key[1]))
    kpi, unit, product = key
    return products.get((kpi, unit, product))
