"""The fixed choices of a plan; their names in Chinese and English are the schema's."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cached_property


class Level(Enum):
    """层级: where a unit stands in the organisation."""

    COMPANY = "company"
    TEAM = "team"
    DEPARTMENT = "department"
    PERSON = "person"


class KpiKind(Enum):
    """类型: how a KPI adds up over units and months."""

    __hash__ = object.__hash__
    """Kinds are looked up, and asked what they are, for every unit and month."""

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    COHORT_RATIO = "cohort_ratio"
    POINT = "point"
    AVERAGE = "average"
    MILESTONE = "milestone"

    @cached_property
    def adds_over_units(self) -> bool:
        """Whether a parent's figure is the sum of its children's, so that a target is split."""
        return self in (KpiKind.FLOW, KpiKind.STOCK)

    @cached_property
    def adds_over_months(self) -> bool:
        """Whether a year's figure is the sum of its months'."""
        return self is KpiKind.FLOW

    @cached_property
    def is_amount(self) -> bool:
        """Whether a figure is one number; one of the others is a numerator over a denominator."""
        return self in (KpiKind.FLOW, KpiKind.STOCK, KpiKind.MILESTONE)

    @cached_property
    def is_share(self) -> bool:
        """Whether a figure is a part of a whole: a rate of any kind."""
        return self in (KpiKind.RATIO, KpiKind.COHORT_RATIO, KpiKind.POINT)

    @cached_property
    def is_snapshot(self) -> bool:
        """Whether it says how things stand: within a month the latest date holds, not the sum."""
        return self.is_level or self.latest_counts

    @cached_property
    def is_level(self) -> bool:
        """Whether it is one number that stands until another is given."""
        return self in (KpiKind.STOCK, KpiKind.MILESTONE)

    @cached_property
    def latest_counts(self) -> bool:
        """Whether it is a rate that each month makes anew: of several the latest one counts."""
        return self in (KpiKind.COHORT_RATIO, KpiKind.POINT)

    @cached_property
    def is_mean(self) -> bool:
        """Whether it is a rate over all its days: numerators add up, and so do denominators."""
        return not self.is_amount and not self.latest_counts

    @cached_property
    def least_counts(self) -> bool:
        """Whether of several rows or units the one that is least far counts, not their sum."""
        return self is KpiKind.MILESTONE


class Direction(Enum):
    """方向: whether more is better, or less."""

    HIGHER = "higher"
    LOWER = "lower"

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is: times a difference it says how much better."""
        return 1 if self is Direction.HIGHER else -1


class TargetBasis(Enum):
    """Whether a target names the level to reach or the improvement over the base value."""

    LEVEL = "level"
    IMPROVEMENT = "improvement"


class PercentBasis(Enum):
    """Whether a ratio's figures are percentages or percentage points."""

    PERCENT = "percent"
    POINTS = "points"


class CountedAs(Enum):
    """What a KPI is (取数口径), where the engine has to know: some are worked out from other
    rows.
    """

    GROSS_MARGIN = "gross margin"
    HIGH_MARGIN = "high margin"
    NEW_CUSTOMERS = "new customers"
    FIRST_ORDERS = "first orders"
    REPURCHASE = "repurchase"

    @property
    def of_products(self) -> bool:
        """Whether it is worked out from revenue by product and 产品."""
        return self in (CountedAs.GROSS_MARGIN, CountedAs.HIGH_MARGIN)

    @property
    def of_customers(self) -> bool:
        """Whether it is worked out from customers' orders."""
        return self in (CountedAs.FIRST_ORDERS, CountedAs.REPURCHASE)


class ProspectState(Enum):
    """How far a prospect (潜客) is."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class CustomerState(Enum):
    """复购: what a customer did in the year to date: bought after an earlier order day, for the
    first time, once and long after the day before, or not at all.
    """

    AGAIN = "again"
    NEW = "new"
    ONCE = "once"
    QUIET = "quiet"


class RhythmKind(Enum):
    """How a KPI's figure comes in within a month (月内节奏)."""

    EVEN = "even"
    HISTORY = "history"
    MONTH_END = "month_end"
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
    """金额单位: what an amount is counted in."""

    YUAN = "yuan"
    WAN = "wan"


class SupportKind(Enum):
    """协作类型: how long before a request has to be handed in."""

    CROSS_DEPARTMENT = "cross_department"
    TECHNICAL = "technical"


class HelpAnswer(Enum):
    """答复: what a helper says to a request."""

    YES = "yes"
    CONDITIONS = "conditions"
    NO = "no"


class TaskStatus(Enum):
    """Where a task stands."""

    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    RUNNING = "running"
    BEHIND = "behind"
    OVERDUE = "overdue"
    NOT_STARTED = "not_started"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class Light(Enum):
    """灯: the status of anything that is judged; grey is too early to say."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"
    """Nothing can be said yet: no reproach, no praise, no score."""


class SpendKind(Enum):
    """Whether money is committed or spent."""

    COMMITTED = "committed"
    SPENT = "spent"


class RateKind(Enum):
    """What a row of 汇率 is for: the plan (预算), or what happened (实际)."""

    BUDGET = "budget"
    ACTUAL = "actual"


class SkillLevel(Enum):
    """How well somebody can do something (人员能力), in rising order."""

    AWARE = 1
    ABLE = 2
    INDEPENDENT = 3
    PROFICIENT = 4
    EXPERT = 5


SKILL_LEVELS: Mapping[SkillLevel, tuple[str, ...]] = {
    SkillLevel.AWARE: ("1 了解", "1 Aware", "1", "了解", "入门", "aware", "beginner"),
    SkillLevel.ABLE: ("2 能做", "2 Able", "2", "能做", "初级", "able", "basic"),
    SkillLevel.INDEPENDENT: ("3 独立", "3 Independent", "3", "独立", "中级", "independent"),
    SkillLevel.PROFICIENT: ("4 熟练", "4 Proficient", "4", "熟练", "高级", "proficient"),
    SkillLevel.EXPERT: ("5 专家", "5 Expert", "5", "专家", "精通", "expert"),
}
"""What each level is called: the choices of its column (:mod:`salesplan.plan.schema.choices`), and
what may stand behind the colon where a skill is asked for.
"""


class ToolStatus(Enum):
    """Whether a tool (工具) is there when it is needed."""

    READY = "ready"
    TO_COME = "to come"
    TOO_LATE = "too late"
    NOT_READY = "not ready"
    UNDATED = "undated"


class DealStage(Enum):
    """How far a deal (商机) is."""

    LEAD = "lead"
    QUALIFIED = "qualified"
    PROPOSAL = "proposal"
    NEGOTIATION = "negotiation"
    VERBAL = "verbal"
    WON = "won"
    LOST = "lost"

    @property
    def is_open(self) -> bool:
        """Whether it is neither won nor lost."""
        return self not in (DealStage.WON, DealStage.LOST)


class Approval(Enum):
    """审批状态 of a change or a draw."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Framework(Enum):
    """框架 of an entry of 现状分析."""

    RESOURCES = "resources"
    PEST = "pest"
    FIVE_FORCES = "five_forces"
    SWOT = "swot"


class Element(Enum):
    """类别 of an entry of PEST or of the five forces."""

    POLITICAL = "political"
    ECONOMIC = "economic"
    SOCIAL = "social"
    TECHNOLOGICAL = "technological"
    SUPPLIERS = "suppliers"
    BUYERS = "buyers"
    RIVALS = "rivals"
    SUBSTITUTES = "substitutes"
    NEW_ENTRANTS = "new_entrants"


class Impact(Enum):
    """影响 of an entry of 现状分析."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class SwotStrategy(Enum):
    """应对策略: which two fields of the SWOT an answer joins."""

    SO = "so"
    WO = "wo"
    ST = "st"
    WT = "wt"


class IssueStatus(Enum):
    """状态 of an issue."""

    OPEN = "open"
    DOING = "doing"
    CLOSED = "closed"


class BudgetStatus(Enum):
    """状态 of a budget line: what is used of its approved amount."""

    NORMAL = "normal"
    WARNING = "warning"
    OVERSPENT = "overspent"


class Verdict(Enum):
    """The 2×2 of a strategy: was it done, and was its KPI reached."""

    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"
    REACHED_ANYWAY = "reached_anyway"
    NOT_DONE = "not_done"


class Uptake(Enum):
    """Whether a line of the situation has led to anything."""

    TAKEN_UP = "taken_up"
    WITHOUT_TASK = "without_task"
    NOT_TAKEN_UP = "not_taken_up"


class Cause(Enum):
    """Why less was done than planned (未完成原因)."""

    RESOURCES = "resources"
    CUSTOMER = "customer"
    PARTNER = "partner"
    PLAN = "plan"
    MARKET = "market"
    STAFF = "staff"
    OTHER = "other"


class TriggerKind(Enum):
    """类型 of a rule of 预警: what it watches."""

    CUSTOMER_LOST = "customer_lost"
    PRICE_LOW = "price_low"
    PACE_LOW = "pace_low"
    TASK_LATE = "task_late"
    BUDGET_OVER = "budget_over"
    COMPETITOR_CHANGED = "competitor_changed"


class TriggerState(Enum):
    """状态 of a rule of 预警."""

    FIRED = "fired"
    QUIET = "quiet"
    OFF = "off"
    UNKNOWN = "unknown"
