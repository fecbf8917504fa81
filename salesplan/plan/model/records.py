"""Records of what is done and spent, of what was changed, went wrong and was learned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal
from enum import Enum
from hashlib import blake2b
from itertools import chain
from typing import Final, NamedTuple

from salesplan.dataclass import dataclass
from salesplan.plan.model.base import Month, Record
from salesplan.plan.model.choices import (
    Approval,
    Cause,
    DealStage,
    Framework,
    HelpAnswer,
    Impact,
    IssueStatus,
    ProspectState,
    RateKind,
    SkillLevel,
    SpendKind,
    SupportKind,
    SwotStrategy,
    TaskStatus,
    TriggerKind,
)
from salesplan.plan.normalize import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationEntry(Record):
    """A row of 现状分析: one finding of a framework, and the strategy that takes it up."""

    code: str = ""
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
    industry: str = ""
    budget_share: Decimal | None = None
    answers: tuple[str, ...] = ()
    """The codes of the entries of 现状分析 that it answers."""


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
    skills: str = ""
    """What its owner must be able to do, as :func:`salesplan.plan.model.skills.asked` reads it."""
    person_days: Decimal | None = None
    """How much work it is for them; None: every working day from start to due."""
    requested: date | None = None
    budget: str | None = None
    kpi: str | None = None
    finished: date | None = None
    state: TaskStatus | None = None
    cause: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper(Record):
    """A row of 协作方: a department or a firm that helps with tasks. A unit of the plan may have a
    row too, for its notice. ``email`` is a cell as that of a unit.
    """

    name: str
    email: str = ""
    contact: str = ""
    notice_days: int | None = None
    """Working days of notice that it asks for; None: as the settings say."""

    @property
    def code(self) -> str:
        """What it is known by: its name."""
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpReply(Record):
    """A row of 协作答复: what a helper answered to the request of one task."""

    task: str
    helper: str
    answer: HelpAnswer | None = None
    promised: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill(Record):
    """A row of 人员能力: what one person can do, and how well. ``level`` None: not rated."""

    person: str
    skill: str
    level: SkillLevel | None = None
    purpose: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(Record):
    """A row of 工具: what must be there for a task or a unit, who sees to it, and whether it is
    there.

    ``user`` blank: for everybody. ``needed`` blank: on the first day of its ``task``.
    """

    tool: str
    purpose: str = ""
    user: str = ""
    task: str | None = None
    owner: str = ""
    needed: date | None = None
    ready_by: date | None = None
    ready: bool = False


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
    currency: str = ""
    """In which currency the row was typed; "" for the plan's."""
    given: Decimal | None = None
    """The amount as typed in another currency: ``amount`` is what it comes to in the plan's."""
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate(Record):
    """A row of 汇率: from ``since`` on one of ``currency`` is ``rate`` of the plan's
    currency.
    """

    currency: str
    since: date
    rate: Decimal
    kind: RateKind = RateKind.ACTUAL


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

    @property
    def is_draft(self) -> bool:
        """Whether it is to be decided on, and says which cell of the plan it is about."""
        told = self.aim is not None and self.aim.table != "handover"
        return told and self.status in (None, Approval.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal(Record):
    """A row of 商机: ``amount`` in the KPI's unit, expected on ``due``. One in another
    ``currency`` than the KPI's has the amount as typed in ``given``, and ``amount`` at plan rates.

    ``probability`` is what was typed; where that is blank the ``stage`` says it. ``touched`` is the
    last day on which something was known to have moved.
    """

    code: str
    unit: str
    kpi: str
    due: date
    product: str = ""
    customer: str = ""
    amount: Decimal | None = None
    probability: Decimal | None = None
    stage: DealStage | None = None
    touched: date | None = None
    currency: str = ""
    given: Decimal | None = None

    @property
    def is_open(self) -> bool:
        """Whether the deal is neither won nor lost; one without a stage is open."""
        return self.stage is None or self.stage.is_open

    @property
    def chance(self) -> Decimal:
        """The part of the amount that is expected to come: as typed, else by the stage."""
        if self.probability is not None:
            return self.probability
        return CHANCES.get(self.stage, Decimal(0))


CHANCES: Mapping[DealStage | None, Decimal] = {
    DealStage.LEAD: Decimal("0.1"),
    DealStage.QUALIFIED: Decimal("0.25"),
    DealStage.PROPOSAL: Decimal("0.5"),
    DealStage.NEGOTIATION: Decimal("0.75"),
    DealStage.VERBAL: Decimal("0.9"),
}
"""What a stage is worth where no probability was typed; the note of the column says the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Record):
    """A row of 产品: ``margin`` is a part of the revenue, ``list_price`` of one piece in the amount
    unit, capacities are pieces, ``delivery_days`` calendar days.
    """

    code: str
    name: str
    margin: Decimal | None = None
    list_price: Decimal | None = None
    capacity_month: Decimal | None = None
    capacity_quarter: Decimal | None = None
    delivery_days: int | None = None
    high_margin: bool | None = None
    """As typed; :meth:`is_high_margin` says what it comes to."""

    def is_high_margin(self, line: Decimal) -> bool | None:
        """Whether it is a high-margin product: as typed, else by its margin against the ``line``
        (高毛利线). None where neither says.
        """
        if self.high_margin is not None or self.margin is None:
            return self.high_margin
        return self.margin >= line


KEY_ACCOUNT_TYPES = frozenset({"重点客户", "大客户", "key account", "key accounts"})
"""Types that make a customer a key account, folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer(Record):
    """A row of 客户: ``kind`` is the type, ``owner`` a unit's code, ``since`` the day of the first
    order where the planner knows it.
    """

    code: str
    name: str
    kind: str = ""
    industry: str = ""
    size: str = ""
    region: str = ""
    owner: str = ""
    since: date | None = None
    key: bool | None = None
    """As typed; :attr:`is_key` says what it comes to."""

    @property
    def is_key(self) -> bool:
        """Whether it is a key account (重点客户): as typed, else by its type."""
        return folded(self.kind) in KEY_ACCOUNT_TYPES if self.key is None else self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSize(Record):
    """A row of 市场规模: what all sellers together bring in a ``year``, or in one ``month`` of it,
    in a region and of a product ("" for all of them). ``size`` is in the unit of the denominators
    of 市场占有率, ``growth`` what was typed of the change on the year before.
    """

    year: int
    month: int | None = None
    market: str = ""
    region: str = ""
    product: str = ""
    size: Decimal | None = None
    growth: Decimal | None = None
    source: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Of which market it is: region and product."""
        return self.region, self.product


OURS = frozenset({"本公司", "我们", "我方", "我司", "自己", "ours", "us", "we", "our company"})
"""Names under which 竞争对手 holds a row of our own, folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Competitor(Record):
    """A row of 竞争对手: what was seen of a competitor on a ``day``; later rows of the same name,
    product and region say how it changed. ``price`` is of one piece in the amount unit.
    """

    name: str
    product: str = ""
    region: str = ""
    price: Decimal | None = None
    channel: str = ""
    reputation: str = ""
    score: Decimal | None = None
    day: date | None = None
    source: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether the row speaks of ourselves: what the others are held against."""
        return self.name.strip().casefold() in OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect(Record):
    """A row of 潜客: one prospect, or a ``count`` of them, expected to be decided in ``month``."""

    unit: str
    month: Month
    count: int | None = None
    name: str = ""
    quality: str = ""
    state: ProspectState | None = None
    rate: Decimal | None = None
    """赢率 as typed."""

    @property
    def number(self) -> int:
        """How many it stands for."""
        return 1 if self.count is None else self.count

    @property
    def single(self) -> bool:
        """Whether it is one that is followed up by itself, not a count of a month."""
        return bool(self.name) or self.state is not None

    @property
    def decided(self) -> bool:
        """Whether it was won or lost."""
        return self.state in (ProspectState.WON, ProspectState.LOST)


class IssueOf:
    """What an issue is about: the ``prefix`` of its key."""

    BEHIND: Final = "KPI"
    AHEAD: Final = "GAP"
    TASK: Final = "TASK"
    BUDGET: Final = "BUDGET"


class IssueKey(NamedTuple):
    """What an issue is known by from month to month, and what it is about: ``KPI:kpi:unit``
    (behind), ``GAP:kpi:unit`` (ahead, and unexplained), ``TASK:code`` and ``BUDGET:code``. Of any
    other text ``prefix`` is what stands before its colon.
    """

    prefix: str
    kpi: str = ""
    unit: str = ""
    code: str = ""

    @classmethod
    def of(cls, text: str) -> IssueKey:
        """The key that a cell or a problem holds."""
        prefix, _, rest = text.partition(":")
        if prefix not in (IssueOf.BEHIND, IssueOf.AHEAD):
            return cls(prefix, code=rest)
        kpi, _, unit = rest.partition(":")
        return cls(prefix, kpi, unit)

    def __str__(self) -> str:
        told = (self.kpi, self.unit) if self.of_kpi else (self.code,)
        return ":".join((self.prefix, *told))

    @property
    def of_kpi(self) -> bool:
        """Whether it is about a KPI at a unit."""
        return self.prefix in (IssueOf.BEHIND, IssueOf.AHEAD)

    @property
    def subject(self) -> str:
        """``kpi/unit``, else the code."""
        return "/".join(filter(None, (self.kpi, self.unit))) or self.code


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

    @property
    def key(self) -> IssueKey:
        """What it is about."""
        return IssueKey.of(self.code)


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
    shared: tuple[str, ...] = ()
    """Units that may read it, with those below them; none: nobody but who has the master."""

    @property
    def heading(self) -> str:
        """When it was learnt, and what from: 2026-Q2 上海展会."""
        return " ".join(filter(None, (self.period, self.topic)))

    @property
    def said(self) -> tuple[str, ...]:
        """What it says to do: lesson and practice; where neither is written, what was to be
        better.
        """
        own = tuple(filter(None, (self.lesson, self.practice)))
        return own or tuple(filter(None, (self.to_improve,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger(Record):
    """A rule of 预警. ``subject`` is as typed: what is watched, "" for all
    (:mod:`salesplan.plan.model.triggers`). ``threshold`` is a multiple of a customer's gap, else a
    share; ``days`` are working days but of customers and competitors, where they are days.
    """

    code: str
    kind: TriggerKind
    subject: str = ""
    threshold: Decimal | None = None
    days: int | None = None
    owner: str = ""
    active: bool = True
    remark: str = ""


class CloseAction(Enum):
    """动作 of a row of the log: a month was closed, or opened again."""

    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseEntry(Record):
    """A line of the log: a month closed or reopened; None where the cell cannot be read.

    ``changes`` are the changes of 变更记录 that its figures hold; ``errors`` how many errors there
    were when it was closed all the same; ``check`` is the digest of its figures.
    """

    number: int = 0
    month: Month | None = None
    day: date | None = None
    by: str = ""
    action: CloseAction | None = None
    reason: str = ""
    errors: int | None = None
    changes: tuple[str, ...] = ()
    check: str = ""


@dataclass(frozen=True, slots=True)
class ClosedFigures:
    """One KPI of one unit in a closed month: its parent's code by then, base and issued target,
    actual.
    """

    parent: str = ""
    base: Decimal | None = None
    issued: Decimal | None = None
    actual: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRow(Record):
    """The recorded months of one KPI × unit, in fiscal order; None: nothing recorded."""

    kpi: str = ""
    unit: str = ""
    product: str = ""
    """The product that it is of; "" for all of them."""
    name: str = ""
    """What the unit was called."""
    figures: tuple[ClosedFigures | None, ...] = (None,) * 12


def closed_count(months: Sequence[Month], log: Iterable[CloseEntry]) -> int:
    """How many months of the plan year, from its first on, are closed. A month outside it counts
    for nothing.
    """
    count = 0
    for entry in log:
        if entry.month not in months or entry.action is None:
            continue
        at = months.index(entry.month)
        count = max(count, at + 1) if entry.action is CloseAction.CLOSE else min(count, at)
    return count


def reopened(months: Sequence[Month], log: Sequence[CloseEntry]) -> frozenset[Month]:
    """The months of the plan year that were closed and are open again."""
    again: set[Month] = set()
    for at, entry in enumerate(log):
        if entry.month not in months or entry.action is None:
            continue
        place = months.index(entry.month)
        if entry.action is CloseAction.CLOSE:
            again -= set(months[: place + 1])
        else:
            again |= set(months[place : closed_count(months, log[:at])])
    return frozenset(again)


def standing_entries(
    months: Sequence[Month], log: Sequence[CloseEntry]
) -> Mapping[int, CloseEntry]:
    """By the place of each closed month the entry that closed it last."""
    count = closed_count(months, log)
    found: dict[int, CloseEntry] = {}
    for entry in log:
        if entry.action is CloseAction.CLOSE and entry.month in months[:count]:
            found[months.index(entry.month)] = entry
    return found


def digest(rows: Iterable[ClosedRow], at: int, changes: Sequence[str]) -> str:
    """What 校验 holds of the month at place ``at``: it changes with any of its figures."""
    lines = sorted(chain.from_iterable(_line(row, at) for row in rows))
    text = "\n".join([",".join(changes), *lines])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _line(row: ClosedRow, at: int) -> Iterator[str]:
    one = row.figures[at]
    if one is not None:
        figures = (one.base, one.issued, one.actual)
        shown = ["" if value is None else _as_stored(value) for value in figures]
        key = [row.kpi, row.unit, *([row.product] if row.product else [])]
        yield "\x1f".join([*key, one.parent, *shown])


def _as_stored(value: Decimal) -> str:
    """The value at the 15 digits that a cell keeps, one text for one number."""
    kept = Context(prec=15).plus(value)
    return format(kept.normalize(), "f") if kept else "0"
