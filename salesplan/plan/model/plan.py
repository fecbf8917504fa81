"""One master workbook, read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import chain

from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding
from salesplan.plan.model.actuals import Actuals
from salesplan.plan.model.base import Month
from salesplan.plan.model.choices import Approval
from salesplan.plan.model.goals import (
    CalendarDay,
    Kpi,
    SeasonMonth,
    Settings,
    TargetRow,
    Unit,
    beyond_shares,
)
from salesplan.plan.model.people import Index, People
from salesplan.plan.model.records import (
    BudgetLine,
    Change,
    ClosedRow,
    CloseEntry,
    Competitor,
    Customer,
    DailyEntry,
    Deal,
    ExchangeRate,
    Helper,
    HelpReply,
    IssueRow,
    Lesson,
    MarketSize,
    Product,
    Prospect,
    ReserveDraw,
    Share,
    SituationEntry,
    Skill,
    Spending,
    Strategy,
    Task,
    Tool,
    Transfer,
    Trigger,
    WeeklyEntry,
    closed_count,
)
from salesplan.plan.normalize import bare


@dataclass(frozen=True, slots=True)
class SourceRead:
    """A linked source as a run has it: what it is called, how many ``rows`` it had and how many
    ``groups`` they made, how many were ``refused`` and for which ``reasons`` (alike ones are one),
    when it was read (in UTC), and whether by this run (``live``) or before, in a snapshot.
    """

    name: str
    rows: int
    groups: int
    refused: int
    reasons: tuple[Finding, ...]
    at: datetime
    live: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One master workbook, read. Records keep sheet order."""

    settings: Settings
    units: tuple[Unit, ...] = ()
    skills: tuple[Skill, ...] = ()
    """Who can do what (人员能力); :mod:`salesplan.plan.model.skills` tells it with 组织's 技能."""
    kpis: tuple[Kpi, ...] = ()
    seasonality: tuple[SeasonMonth, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    """Rows of all products together."""
    product_targets: tuple[TargetRow, ...] = ()
    """Rows that name a product."""
    market: tuple[MarketSize, ...] = ()
    competitors: tuple[Competitor, ...] = ()
    situation: tuple[SituationEntry, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    tasks: tuple[Task, ...] = ()
    asks_for_help: bool = False
    """Whether the workbook has the sheet 协作方: then whoever 协作部门 names is asked."""
    helpers: tuple[Helper, ...] = ()
    replies: tuple[HelpReply, ...] = ()
    tools: tuple[Tool, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    category_shares: tuple[Share, ...] = ()
    region_shares: tuple[Share, ...] = ()
    actuals: Actuals = Actuals()
    rates: tuple[ExchangeRate, ...] = ()
    """What other currencies were worth."""
    at_budget: Actuals | None = None
    """The rows of ``actuals``, one by one, at budget rates; None where none is in another
    currency.
    """
    linked: SourceRead | None = None
    """What was read of the linked source (数据源); None without one, or where nothing was read."""
    unlinked: Finding | None = None
    """Why nothing was read of it."""
    deals: tuple[Deal, ...] = ()
    products: tuple[Product, ...] = ()
    prospects: tuple[Prospect, ...] = ()
    customers: tuple[Customer, ...] = ()
    spending: tuple[Spending, ...] = ()
    draws: tuple[ReserveDraw, ...] = ()
    daily: tuple[DailyEntry, ...] = ()
    weekly: tuple[WeeklyEntry, ...] = ()
    changes: tuple[Change, ...] = ()
    issues: tuple[IssueRow, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    calendar: tuple[CalendarDay, ...] = ()
    """The planner's days; those that the engine wrote itself are in ``estimates``."""
    estimates: tuple[CalendarDay, ...] = ()
    """Rows of 日历 that the engine wrote (推定), the doubled ones too."""
    transfers: tuple[Transfer, ...] = ()
    """Units that an approved change puts below another parent within the year, some of them in
    months to come; ``units`` holds the parents of now.
    """
    closes: tuple[CloseEntry, ...] = ()
    """When months were closed and reopened, in order."""
    closed: tuple[ClosedRow, ...] = ()
    """What was recorded of closed months: read, never worked out again."""
    product_closed: tuple[ClosedRow, ...] = ()
    """The same of single products."""
    dropped: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Codes of rows that were left out for an error of their own, by table key: naming one is no
    second error.
    """

    @cached_property
    def closed_months(self) -> int:
        """How many months of the plan year, from its first on, are closed (关账)."""
        return closed_count(self.settings.months, self.closes)

    @cached_property
    def unit_by_code(self) -> Mapping[str, Unit]:
        """Each unit; of a code that stands twice the last."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def kpi_by_code(self) -> Mapping[str, Kpi]:
        """Each KPI; of a code that stands twice the last."""
        return {kpi.code: kpi for kpi in self.kpis}

    @cached_property
    def task_by_code(self) -> Mapping[str, Task]:
        """Each task; of a code that stands twice the first."""
        return {task.code: task for task in reversed(self.tasks)}

    def owner_of(self, task: str) -> str:
        """Whose a task is: the owner of the first row of that code; "" for none."""
        found = self.task_by_code.get(task)
        return "" if found is None else found.owner

    @cached_property
    def people(self) -> People:
        """The units by what people call them."""
        return People(self.units)

    @cached_property
    def kpi_index(self) -> Index[Kpi]:
        """The KPIs by what people call them."""
        return Index(self.kpis)

    @cached_property
    def children(self) -> Mapping[str, tuple[Unit, ...]]:
        """Each unit's direct children, in sheet order; by code, never by its prefix."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            if unit.parent is not None and unit.parent in self.unit_by_code:
                found.setdefault(unit.parent, []).append(unit)
        return {code: tuple(units) for code, units in found.items()}

    def staying(self, unit: str, left: date) -> list[Unit]:
        """The units that are directly below ``unit`` when it has ended: those that do not leave,
        nor go elsewhere by an approved change, by the day ``left``.
        """
        away: dict[str, date] = {}
        for one in self.changes:
            aim, since = one.aim, one.effective
            if one.status is not Approval.APPROVED or aim is None or since is None:
                continue
            if (aim.table, aim.column, aim.before) == ("units", "parent", unit):
                away[aim.key[0]] = one.day or since.first
        below = {kid.code for kid in self.children.get(unit, ())} | away.keys()
        return [
            one
            for one in self.units
            if one.code in below
            and away.get(one.code, date.max) > left
            and (one.left is None or one.left > left)
        ]

    @cached_property
    def roots(self) -> tuple[Unit, ...]:
        """Units without a parent; a sound plan has one, the company. Overlay units are none."""
        return tuple(unit for unit in self.units if unit.parent is None and not unit.overlay)

    @cached_property
    def overlays(self) -> tuple[Unit, ...]:
        """Units that stand beside the tree, each the top of its own."""
        return tuple(unit for unit in self.units if unit.overlay)

    @cached_property
    def product_index(self) -> Index[Product]:
        """The rows of 产品 by what people call them; actuals, targets and deals name a product by
        its name or its code.
        """
        return Index(self.products)

    @cached_property
    def customer_index(self) -> Index[Customer]:
        """The rows of 客户 by what people call them; actuals and deals name a customer by its name
        or its code.
        """
        return Index(self.customers)

    def word_of_customers(self, field: str, text: str) -> str:
        """A type, industry or size (``field`` of :class:`Customer`) as 客户 spells it; "" where no
        customer has it.
        """
        wanted = bare(text)
        words = (str(getattr(one, field)) for one in self.customers) if wanted else ()
        return next((word for word in words if bare(word) == wanted), "")

    @property
    def company_name(self) -> str:
        """What the company is called: the setting 公司名称, else the name of the only topmost unit;
        "" where neither says.
        """
        if self.settings.company:
            return self.settings.company
        return self.roots[0].name if len(self.roots) == 1 else ""

    @property
    def manual_in_percent(self) -> Iterator[tuple[TargetRow, dict[str, Decimal]]]:
        """The rows of 目标分解 that give a rate a number of per cent, 60 for 60 %, with these
        values by their fields.
        """
        rates = {kpi.code for kpi in self.kpis if kpi.in_percent}
        for row in self.targets if rates else ():
            typed = beyond_shares(row.manual(self.settings.months)) if row.kpi in rates else {}
            if typed:
                yield row, typed

    @property
    def typed_in_percent(self) -> bool:
        """Whether a goal or a manual target was typed as a number of per cent."""
        goals = any(kpi.typed_in_percent for kpi in self.kpis)
        return goals or any(True for _ in self.manual_in_percent)

    @cached_property
    def aimed_by_rows(self) -> frozenset[str]:
        """The KPIs to which rows of 目标分解 give a company target: its own row, or where targets
        add up any unit's.
        """
        companies = {unit.code for unit in self.roots}
        subtrees = chain.from_iterable(self.walk(top.code) for top in self.overlays)
        beside = {unit.code for _, unit in subtrees}
        return frozenset(
            row.kpi
            for row in self.targets
            if row.has_manual
            and row.kpi in self.kpi_by_code
            and (row.unit in companies or self.kpi_by_code[row.kpi].kind.adds_over_units)
            and row.unit not in beside
        )

    def walk(self, code: str | None = None) -> Iterator[tuple[int, Unit]]:
        """(depth, unit) from ``code`` (default: all roots, then all overlay units) down, parents
        before children.

        Units in or below a cycle are never reached.
        """
        start = (*self.roots, *self.overlays) if code is None else (self.unit_by_code[code],)
        stack = [(0, unit) for unit in reversed(start)]
        while stack:
            depth, unit = stack.pop()
            yield depth, unit
            stack.extend((depth + 1, child) for child in reversed(self.children.get(unit.code, ())))


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The report month, and the days up to which things are known.

    ``day`` is what the run computes up to, never later than the report month's last day. ``known``
    is the day up to which the master says what happened: a run that looks back at June is no reason
    to call a task that was finished in July one of the future.
    """

    month: Month
    day: date
    known: date
