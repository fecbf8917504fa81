"""Records of what is done and spent, of what was changed, went wrong and was learned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.plan.model.base import Month, Record
from salesplan.plan.model.choices import (
    Approval,
    Cause,
    Framework,
    Impact,
    IssueStatus,
    SpendKind,
    SupportKind,
    SwotStrategy,
    TaskStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationEntry(Record):
    """A row of 现状分析: one finding of a framework, and the strategy that takes it up."""

    framework: Framework
    category: str = ""
    content: str
    evidence: str = ""
    impact: Impact | None = None
    response: SwotStrategy | None = None
    strategy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy(Record):
    """A row of 策略: what is done for a KPI, with which part of it and of the budget."""

    code: str
    dimension: str = ""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine(Record):
    """A row of 预算: an amount asked for, and what it is for."""

    code: str
    category: str
    region: str = ""
    task: str | None = None
    priority: int | None = None
    must_have: bool = False
    requested: Decimal | None = None
    least: Decimal | None = None
    expected_return: Decimal | None = None
    manual_grant: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Record):
    """A category's or a region's share of the total budget.

    ``reserve`` marks the category that is held back: outside the allocation, drawn on approval.
    """

    name: str
    share: Decimal | None = None
    reserve: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending(Record):
    """A row of 费用. ``released``: what a payment takes off its commitment, which no row of the
    sheet says.
    """

    day: date
    budget: str
    kind: SpendKind
    amount: Decimal
    voucher: str = ""
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveDraw(Record):
    """A row of 储备金动用."""

    day: date | None = None
    reason: str
    amount: Decimal | None = None
    applicant: str = ""
    approver: str = ""
    status: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a change changes, in the plan's own terms.

    ``table`` is the field of the plan that holds the records (tasks, units, targets …) and ``key``
    the codes of the row; ``column`` is the schema's key of the cell and ``attribute`` the record's
    field, with ``index`` its place in it for one of twelve months. ``before`` and ``after`` are
    values as the records hold them (None: blank). Of a hand-over of targets from one unit to
    another the table is ``handover``, the key KPI, giver and taker, and ``after`` the amount.
    """

    table: str
    key: tuple[str, ...]
    column: str = ""
    attribute: str = ""
    index: int | None = None
    before: object = None
    after: object = None
    percent: bool = False
    """Whether the values are written as percentages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A unit that went from one parent to another: in months before ``since`` it is below
    ``before``, and in that month up to ``day`` (None: the whole month it is below ``after``).
    """

    since: Month
    unit: str
    before: str
    after: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Record):
    """A requested adjustment. ``subject`` is a code, or ``KPI/unit`` for a target; values as typed.

    ``aim`` says the same in the plan's own terms; None where that cannot be told (a check says
    why). ``day`` is the day within its month ``effective`` from which it holds (None: the whole
    month).
    """

    code: str
    raised: date | None = None
    trigger: str = ""
    subject: str = ""
    field: str = ""
    before: str = ""
    after: str = ""
    effective: Month | None = None
    day: date | None = None
    applicant: str = ""
    approver: str = ""
    status: Approval | None = None
    approved: date | None = None
    notify: tuple[str, ...] = ()
    aim: Aim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow(Record):
    """A line of 问题与改进: the engine's key and facts as stored, and what the planner wrote."""

    code: str = ""
    cause: str = ""
    remedy: str = ""
    owner: str = ""
    due: date | None = None
    status: IssueStatus | None = None
    remark: str = ""
    first_month: Month | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson(Record):
    """A row of 复盘知识库."""

    period: str = ""
    topic: str
    went_well: str = ""
    to_improve: str = ""
    lesson: str = ""
    practice: str = ""
    tags: str = ""
