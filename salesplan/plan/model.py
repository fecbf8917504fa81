"""The plan's records: what one row of the master says, typed, frozen, each knowing its cells.

Conventions, for every record here:

* ``None`` is a blank cell; zero is zero. A cell that could not be read (text where a number
  belongs, an error value, a formula without result) is also ``None`` and its field's name is
  in ``broken``: whatever depends on it must not be computed, and its finding is already made.
* Money, targets and amounts are :class:`~decimal.Decimal` in the master's amount unit; shares
  and percentages are fractions of one (60 % is ``Decimal("0.6")``).
* ``code`` fields identify; names are for people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from salesplan.findings import Place

MICRO = 1_000_000
"""Actual figures are integers in millionths of their unit: exact sums, without binary fractions."""


class Month(NamedTuple):
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    def plus(self, months: int) -> Month:
        """The month that many months later (earlier if negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date.fromordinal(self.plus(1).first.toordinal() - 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


class Level(Enum):
    COMPANY = "company"
    TEAM = "team"
    DEPARTMENT = "department"
    PERSON = "person"


class KpiKind(Enum):
    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    COHORT_RATIO = "cohort_ratio"
    POINT = "point"
    AVERAGE = "average"
    MILESTONE = "milestone"

    @property
    def adds_over_units(self) -> bool:
        """Whether a parent's figure is the sum of its children's, so that a target is split."""
        return self in (KpiKind.FLOW, KpiKind.STOCK)

    @property
    def adds_over_months(self) -> bool:
        """Whether a year's figure is the sum of its months'."""
        return self is KpiKind.FLOW


class Direction(Enum):
    HIGHER = "higher"
    LOWER = "lower"


class TargetBasis(Enum):
    """Whether a target names the level to reach or the improvement over the base value."""

    LEVEL = "level"
    IMPROVEMENT = "improvement"


class PercentBasis(Enum):
    """Whether a ratio's figures are percentages or percentage points."""

    PERCENT = "percent"
    POINTS = "points"


class SplitMethod(Enum):
    """How a parent's target reaches the unit (分配方式)."""

    COEFFICIENT = "coefficient"
    EQUAL = "equal"
    LAST_YEAR = "last_year"
    MANUAL = "manual"


class Lock(Enum):
    """YEAR keeps the unit's year, MONTHS keeps each of its months (and so its year)."""

    YEAR = "year"
    MONTHS = "months"


class AmountUnit(Enum):
    YUAN = "yuan"
    WAN = "wan"


class SupportKind(Enum):
    CROSS_DEPARTMENT = "cross_department"
    TECHNICAL = "technical"


class TaskStatus(Enum):
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    RUNNING = "running"
    BEHIND = "behind"
    OVERDUE = "overdue"
    NOT_STARTED = "not_started"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class Light(Enum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class SpendKind(Enum):
    COMMITTED = "committed"
    SPENT = "spent"


class Approval(Enum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Framework(Enum):
    RESOURCES = "resources"
    PEST = "pest"
    FIVE_FORCES = "five_forces"
    SWOT = "swot"


class Impact(Enum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class SwotStrategy(Enum):
    SO = "so"
    WO = "wo"
    ST = "st"
    WT = "wt"


class IssueStatus(Enum):
    OPEN = "open"
    DOING = "doing"
    CLOSED = "closed"


class BudgetStatus(Enum):
    NORMAL = "normal"
    WARNING = "warning"
    OVERSPENT = "overspent"


@dataclass(frozen=True, slots=True)
class Origin:
    """The row a record was read from: gives the place of any of its fields."""

    workbook: str = ""
    sheet: str = ""
    row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column letters by field key, shared by all rows of a table."""

    def place(self, key: str = "") -> Place:
        """The cell of field ``key``; the row's first known cell where that column is absent."""
        letter = self.columns.get(key) or next(iter(self.columns.values()), "")
        return Place(self.workbook, self.sheet, f"{letter}{self.row}" if letter else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every row has: where it stands and which of its cells could not be read."""

    origin: Origin = Origin()
    broken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Record):
    """The 设置 sheet, with defaults where it is silent. ``origin`` maps each key to its own cell."""

    year: int
    fiscal_start: int = 1
    month: Month | None = None
    as_of: date | None = None
    currency: str = "CNY"
    amount_unit: AmountUnit = AmountUnit.YUAN
    budget_total: Decimal | None = None
    reserve_share: Decimal | None = None
    green: Decimal = Decimal("1")
    yellow: Decimal = Decimal("0.9")
    explain_low: Decimal = Decimal("0.9")
    explain_high: Decimal = Decimal("1.1")
    score_cap: Decimal = Decimal("1.2")
    cross_department_days: int = 3
    technical_days: int = 2
    approvers: tuple[str, ...] = ()
    mail_domains: tuple[str, ...] = ()
    lang: str = "zh"
    country: str = "CN"
    template_version: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def months(self) -> tuple[Month, ...]:
        """The plan year's twelve months in fiscal order."""
        start = Month(self.year, self.fiscal_start)
        return tuple(start.plus(i) for i in range(12))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Record):
    """A node of the organisation tree."""

    code: str
    name: str
    level: Level
    parent: str | None = None
    manager: str = ""
    email: str = ""
    coefficient: Decimal | None = None
    hedge: Decimal | None = None
    joined: date | None = None
    left: date | None = None
    ramp_up: tuple[Decimal, ...] = ()
    """Share of full capacity in the months from joining on; full capacity after the last one."""
    skills: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi(Record):
    """A performance indicator and the company's goal for it."""

    code: str
    name: str
    kind: KpiKind
    direction: Direction = Direction.HIGHER
    unit: str = ""
    smallest_unit: Decimal = Decimal("1")
    numerator: str | None = None
    denominator: str | None = None
    weight: Decimal | None = None
    levels: frozenset[Level] = frozenset(Level)
    target: Decimal | None = None
    floor: Decimal | None = None
    stretch: Decimal | None = None
    base: Decimal | None = None
    basis: TargetBasis = TargetBasis.LEVEL
    percent_basis: PercentBasis | None = None
    due: date | None = None
    relevance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonMonth(Record):
    """One KPI's history for one calendar month: three years back first, last year last."""

    kpi: str
    month: int
    history: tuple[Decimal | None, Decimal | None, Decimal | None] = (None, None, None)
    manual_weight: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow(Record):
    """One KPI × unit row of 目标分解: what the planner typed, and what the engine filled before.

    ``manual_months``, ``stored_months`` hold twelve values in fiscal order.
    A manual value is always kept. ``lock`` keeps what stands: the manual value, else the stored one.
    """

    kpi: str
    unit: str
    method: SplitMethod | None = None
    manual_year: Decimal | None = None
    manual_months: tuple[Decimal | None, ...] = (None,) * 12
    lock: Lock | None = None
    reason: str = ""
    stored_base_year: Decimal | None = None
    stored_year: Decimal | None = None
    stored_months: tuple[Decimal | None, ...] = (None,) * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationEntry(Record):
    framework: Framework
    category: str
    content: str
    evidence: str = ""
    impact: Impact | None = None
    response: SwotStrategy | None = None
    strategy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy(Record):
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
    """A line of the action plan. ``state`` is what the planner said: paused, cancelled, or nothing."""

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
class BudgetLine(Record):
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
class Actuals:
    """The 实绩 rows, a column a field, blank text as ``""`` and blank numbers as ``None``.

    ``value``, ``quantity``, ``numerator`` and ``denominator`` are integers in millionths
    (:data:`MICRO`). ``day`` is None where only a month was given. All columns have one length.
    Rows whose date, unit, KPI or figures could not be read are left out, with a finding each,
    and their row numbers are in ``broken_rows``.
    """

    workbook: str = ""
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[int] = ()
    day: Sequence[date | None] = ()
    month: Sequence[Month] = ()
    unit: Sequence[str] = ()
    kpi: Sequence[str] = ()
    product: Sequence[str] = ()
    region: Sequence[str] = ()
    customer: Sequence[str] = ()
    channel: Sequence[str] = ()
    quantity: Sequence[int | None] = ()
    value: Sequence[int | None] = ()
    numerator: Sequence[int | None] = ()
    denominator: Sequence[int | None] = ()
    broken_rows: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.month)

    def place(self, index: int, key: str = "") -> Place:
        """The cell of field ``key`` of the row at ``index``."""
        return Origin(self.workbook, self.sheet, self.rows[index], self.columns).place(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending(Record):
    day: date
    budget: str
    kind: SpendKind
    amount: Decimal
    voucher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveDraw(Record):
    day: date | None
    reason: str
    amount: Decimal | None
    applicant: str = ""
    approver: str = ""
    status: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyEntry(Record):
    day: date
    person: str
    done: str = ""
    today: str = ""
    support: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyEntry(Record):
    friday: date
    task: str
    planned: Decimal | None = None
    actual: Decimal | None = None
    cause: str = ""
    remedy: str = ""
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Record):
    """A requested adjustment. ``subject`` is a code, or ``KPI/unit`` for a target; values as typed."""

    code: str
    raised: date | None = None
    trigger: str = ""
    subject: str = ""
    field: str = ""
    before: str = ""
    after: str = ""
    effective: Month | None = None
    applicant: str = ""
    approver: str = ""
    status: Approval | None = None
    approved: date | None = None
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow(Record):
    """A line of 问题与改进: the engine's key and facts as stored, and what the planner wrote."""

    code: str
    cause: str = ""
    remedy: str = ""
    owner: str = ""
    due: date | None = None
    status: IssueStatus | None = None
    remark: str = ""
    first_month: Month | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson(Record):
    period: str
    topic: str
    went_well: str = ""
    to_improve: str = ""
    lesson: str = ""
    practice: str = ""
    tags: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay(Record):
    day: date
    working: bool
    official: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One master workbook, read. Records keep sheet order."""

    settings: Settings
    units: tuple[Unit, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    seasonality: tuple[SeasonMonth, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    situation: tuple[SituationEntry, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    tasks: tuple[Task, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    category_shares: tuple[Share, ...] = ()
    region_shares: tuple[Share, ...] = ()
    actuals: Actuals = Actuals()
    spending: tuple[Spending, ...] = ()
    draws: tuple[ReserveDraw, ...] = ()
    daily: tuple[DailyEntry, ...] = ()
    weekly: tuple[WeeklyEntry, ...] = ()
    changes: tuple[Change, ...] = ()
    issues: tuple[IssueRow, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    calendar: tuple[CalendarDay, ...] = ()
    dropped: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Codes of rows that were left out for an error of their own, by table key: naming one is no second error."""

    @cached_property
    def unit_by_code(self) -> Mapping[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def kpi_by_code(self) -> Mapping[str, Kpi]:
        return {kpi.code: kpi for kpi in self.kpis}

    @cached_property
    def children(self) -> Mapping[str, tuple[Unit, ...]]:
        """Each unit's direct children, in sheet order; by code, never by its prefix."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            if unit.parent is not None and unit.parent in self.unit_by_code:
                found.setdefault(unit.parent, []).append(unit)
        return {code: tuple(units) for code, units in found.items()}

    @cached_property
    def roots(self) -> tuple[Unit, ...]:
        """Units without a parent; a sound plan has one, the company."""
        return tuple(unit for unit in self.units if unit.parent is None)

    def walk(self, code: str | None = None) -> Iterator[tuple[int, Unit]]:
        """(depth, unit) from ``code`` (default: all roots) down, parents before children.

        Units in or below a cycle are never reached.
        """
        start = self.roots if code is None else (self.unit_by_code[code],)
        stack = [(0, unit) for unit in reversed(start)]
        while stack:
            depth, unit = stack.pop()
            yield depth, unit
            stack.extend((depth + 1, child) for child in reversed(self.children.get(unit.code, ())))
