"""Records of what is done: situation, strategies, tasks, stand-ups and weekly reviews."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.plan.model.base import Record
from salesplan.plan.model.choices import (
    Cause,
    Framework,
    Impact,
    SupportKind,
    SwotStrategy,
    TaskStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationEntry(Record):
    """A row of 现状分析: one finding of a framework, and the strategy that takes it up."""

    framework: Framework
    category: str
    content: str
    evidence: str = ""
    impact: Impact | None = None
    response: SwotStrategy | None = None
    strategy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy(Record):
    """A row of 策略: what is done for a KPI, with which part of it and of the budget."""

    code: str
    dimension: str
    content: str
    kpi: str | None = None
    target_share: Decimal | None = None
    product: str = ""
    region: str = ""
    channel: str = ""
    customer_type: str = ""
    budget_share: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Record):
    """A line of the action plan. ``state`` is what the planner said: paused, cancelled, or
    nothing.
    """

    code: str
    content: str
    strategy: str | None = None
    owner: str = ""
    partners: str = ""
    support: SupportKind | None = None
    priority: int | None = None
    weight: Decimal | None = None
    start: date | None = None
    due: date | None = None
    deliverable: str = ""
    deliverable_target: Decimal | None = None
    deliverable_actual: Decimal | None = None
    deliverable_unit: str = ""
    progress: Decimal | None = None
    resources: str = ""
    requested: date | None = None
    budget: str | None = None
    kpi: str | None = None
    finished: date | None = None
    state: TaskStatus | None = None
    cause: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyEntry(Record):
    """What one person said in one stand-up. ``support`` is blank where the cell says that nothing
    is needed.
    """

    day: date
    person: str
    done: str = ""
    today: str = ""
    support: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyEntry(Record):
    """A row of the weekly review. ``reasons`` is what of ``cause`` stands on the list; a text that
    does not is OTHER.
    """

    friday: date
    task: str
    planned: Decimal | None = None
    actual: Decimal | None = None
    cause: str = ""
    reasons: tuple[Cause, ...] = ()
    remedy: str = ""
    owner: str = ""
    due: date | None = None
