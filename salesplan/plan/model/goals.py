"""Records of the goals: settings, organisation, KPIs, seasonality, targets, calendar."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Place
from salesplan.plan.model.base import Month, Record
from salesplan.plan.model.choices import (
    AmountUnit,
    CountedAs,
    Direction,
    KpiKind,
    Level,
    Lock,
    PercentBasis,
    RhythmKind,
    SplitMethod,
    TargetBasis,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Record):
    """The 设置 sheet, with defaults where it is silent. ``origin`` maps each key to its own
    cell.
    """

    year: int
    company: str = ""
    """The company's name as the settings say it; see :attr:`Plan.company_name`."""
    fiscal_start: int = 1
    month: Month | None = None
    as_of: date | None = None
    currency: str = "CNY"
    amount_unit: AmountUnit = AmountUnit.YUAN
    budget_total: Decimal | None = None
    reserve_share: Decimal | None = None
    green: Decimal = Decimal("1")
    amber: Decimal = Decimal("0.9")
    stale_days: int = 60
    """商机停滞天数: days without an update after which an open deal is stale."""
    repurchase_days: int = 0
    """复购窗口天数: how many days after its order day before an order still is a repurchase; 0:
    however long.
    """
    swing: Decimal = Decimal("0.3")
    """月内波动: how far a month's figure usually swings about its rhythm, as a part of its
    target.
    """
    execution_met: Decimal = Decimal("0.8")
    """The execution index from which a strategy's tasks count as carried out."""
    kpi_met: Decimal | None = None
    """The pace from which a strategy's KPI counts as met; None: as green."""
    high_margin_from: Decimal = Decimal("0.4")
    """高毛利线: the gross margin from which a product is a high-margin product."""
    explain_low: Decimal = Decimal("0.9")
    explain_high: Decimal = Decimal("1.1")
    score_cap: Decimal = Decimal("1.2")
    cross_department_days: int = 3
    technical_days: int = 2
    reply_days: int = 1
    """协作答复天数: how many working days before help is needed it must have been answered for."""
    key_account_skill: str = ""
    """大客户所需技能: what the owner of a key account must be able to do, written as 所需技能."""
    approvers: tuple[str, ...] = ()
    mail_domains: tuple[str, ...] = ()
    report_link: str = ""
    """The web address of the folder where reports lie, as :func:`salesplan.links.folder_link` has
    it; blank: pages and decks are attached.
    """
    company_totals: bool = False
    """Whether a unit's own report shows the company's totals beside its own figures."""
    spring_festival: bool = True
    """Whether January and February of a history are split by the plan year's working days."""
    lang: str = "zh"
    country: str = "CN"
    time_zone: str = ""
    """In which the plan counts its days; blank: the country's."""
    detail_limit: int = 100_000
    """Rows of actuals that a report shows behind its numbers at most: such a book still goes by
    mail and opens in seconds.
    """
    source: str = ""
    """数据源: the mapping file of a linked source, whose groups count beside the rows of 实绩."""
    template_version: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def months(self) -> tuple[Month, ...]:
        """The plan year's twelve months in fiscal order."""
        return _twelve(self.year, self.fiscal_start)


@cache
def _twelve(year: int, start: int) -> tuple[Month, ...]:
    """Kept, because they are asked for with every unit and KPI."""
    return tuple(Month(year, start).plus(i) for i in range(12))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Record):
    """A node of the organisation tree."""

    code: str
    name: str
    level: Level
    parent: str | None = None
    manager: str = ""
    email: str = ""
    cc: str = ""
    coefficient: Decimal | None = None
    hedge: Decimal | None = None
    joined: date | None = None
    left: date | None = None
    ramp_up: tuple[Decimal, ...] = ()
    """Share of full capacity in the months from joining on; full capacity after the last one."""
    skills: str = ""
    region: str = ""
    overlay: bool = False
    """叠加: what it achieves with others is shown beside them and added to nobody's. It is the top
    of a tree of its own: ``parent`` is None, and ``beside`` the unit that it stands beside.
    """
    beside: str = ""


@dataclass(frozen=True, slots=True)
class MonthRhythm:
    """How a figure comes in within a month; ``points`` are (part of its working days, part of the
    month).
    """

    kind: RhythmKind
    points: tuple[tuple[Decimal, Decimal], ...] = ()


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
    counted_as: CountedAs | None = None
    """取数口径: what it is; None: as it is entered."""
    rhythm: MonthRhythm | None = None
    """How its months come in; None: by history where there is enough, else evenly."""

    @property
    def goals(self) -> dict[str, Decimal | None]:
        """Its target and what is typed beside it, by their fields."""
        beside = {"floor": self.floor, "stretch": self.stretch, "base": self.base}
        return {"target": self.target} | beside

    @property
    def of_products(self) -> bool:
        """Whether its actuals are worked out from revenue by product
        (:mod:`salesplan.plan.worked_out`).
        """
        return self.counted_as is not None and self.counted_as.of_products

    @property
    def of_customers(self) -> bool:
        """Whether its actuals are worked out from customers' orders
        (:mod:`salesplan.plan.customer_counts`).
        """
        return self.counted_as is not None and self.counted_as.of_customers

    @property
    def is_worked_out(self) -> bool:
        """Whether its actuals are worked out from other rows."""
        return self.of_products or self.of_customers

    @property
    def counts_new_customers(self) -> bool:
        """Whether it is the KPI of new customers, entered or worked out."""
        return self.counted_as in (CountedAs.NEW_CUSTOMERS, CountedAs.FIRST_ORDERS)

    @property
    def in_percent(self) -> bool:
        """Whether the figures are fractions of one, shown as percentages: 0.6 is 60 %.

        They are where the unit says so (%, 百分比, 百分点), or the 单位口径 of a rate does; and of
        a rate without a unit, unless its own goals are beyond 150 %: then it counts times.
        """
        unit = self.unit.strip().casefold()
        if any(word in unit for word in _PERCENT_WORDS):
            return True
        if not self.kind.is_share:
            return False
        times = bool(beyond_shares(self.goals))
        return self.percent_basis is not None or (not unit and not times)

    @property
    def typed_in_percent(self) -> dict[str, Decimal]:
        """Its goals that were typed as a number of per cent, by their fields: 60 for 60 %."""
        return beyond_shares(self.goals) if self.in_percent else {}


_PERCENT_WORDS = ("%", "％", "百分", "percent", "pct")
HIGHEST_SHARE = Decimal("1.5")
"""The most that a share comes to: 150 %. What is above it was typed as a number of per cent."""


def beyond_share(value: Decimal) -> bool:
    """Whether a value is too large to be a share: 25 where 25 % is meant."""
    return abs(value) > HIGHEST_SHARE


def beyond_shares(values: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """Those of the values that are too large to be shares."""
    return {key: one for key, one in values.items() if one is not None and beyond_share(one)}


HISTORY_YEARS = 3
"""How many years before the plan's tell its seasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonMonth(Record):
    """One KPI's history for one calendar month: three years back first, last year last."""

    kpi: str
    month: int
    history: tuple[Decimal | None, Decimal | None, Decimal | None] = (None, None, None)
    manual_weight: Decimal | None = None


OTHER = "*"
"""Stands for the products that no row of 目标分解 names (其他)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow(Record):
    """One KPI × unit (× product) row of 目标分解: what the planner typed, and what the engine
    filled before.

    ``manual_months``, ``stored_months`` hold twelve values in fiscal order, ``manual_quarters`` the
    four fiscal quarters. A manual value is always kept. ``lock`` keeps what stands: the manual
    value, else the stored one.
    """

    kpi: str
    unit: str
    product: str = ""
    """The product that the row is of; "" for all of them, :data:`OTHER` for those not named."""
    method: SplitMethod | None = None
    manual_year: Decimal | None = None
    manual_quarters: tuple[Decimal | None, ...] = (None,) * 4
    manual_months: tuple[Decimal | None, ...] = (None,) * 12
    lock: Lock | None = None
    reason: str = ""
    stored_base_year: Decimal | None = None
    stored_year: Decimal | None = None
    stored_months: tuple[Decimal | None, ...] = (None,) * 12

    def manual(self, months: Sequence[Month]) -> dict[str, Decimal]:
        """The manual values by their fields: the year's, the quarters', the months'. ``months``:
        those of the plan year.
        """
        typed = {
            "manual_year": self.manual_year,
            **{
                f"manual_quarter{quarter}": value
                for quarter, value in enumerate(self.manual_quarters, start=1)
            },
            **{
                f"manual{month.month}": value
                for month, value in zip(months, self.manual_months, strict=True)
            },
        }
        return {key: value for key, value in typed.items() if value is not None}

    def without_manual(self, keys: Container[str], months: Sequence[Month]) -> TargetRow:
        """The row as if the manual values of these fields were blank, because they were refused."""
        quarters = tuple(
            None if f"manual_quarter{quarter}" in keys else value
            for quarter, value in enumerate(self.manual_quarters, start=1)
        )
        by_month = tuple(
            None if f"manual{month.month}" in keys else value
            for month, value in zip(months, self.manual_months, strict=True)
        )
        year = None if "manual_year" in keys else self.manual_year
        fields = {"manual_year": year, "manual_quarters": quarters, "manual_months": by_month}
        gone = {key for key, value in fields.items() if value != getattr(self, key)}
        return replace(self, **fields, broken=self.broken | gone)  # type: ignore[arg-type]

    def manual_spans(self, months: Sequence[Month]) -> Iterator[str]:
        """The typed quarters (Q1) and months (2026-01) in words. ``months``: those of the plan
        year.
        """
        names = [f"Q{quarter}" for quarter in range(1, 5)] + [str(month) for month in months]
        typed = (*self.manual_quarters, *self.manual_months)
        for name, value in zip(names, typed, strict=True):
            if value is not None:
                yield name

    @property
    def has_manual(self) -> bool:
        """Whether the planner typed a year, a quarter or a month."""
        return (
            self.manual_year is not None
            or self.manual_quarters.count(None) < len(self.manual_quarters)
            or self.manual_months.count(None) < len(self.manual_months)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay(Record):
    """A day of 日历: the planner's, or one that the engine wrote for a year that is estimated
    (``Plan.estimates``).
    """

    day: date
    working: bool
    official: bool = False


def is_fixed_holiday(day: date) -> bool:
    """Whether an estimate of China's calendar takes this weekday for a holiday: 1 January, 1 and 2
    May, 1 to 3 October.
    """
    return (day.month, day.day) in _FIXED_CN and day.weekday() < WEEKEND


_FIXED_CN = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
WEEKEND = 5
"""``date.weekday()`` from which on it is the weekend."""
