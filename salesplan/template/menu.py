"""The KPIs that a new plan may choose from, and what their kinds mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.plan.model import AmountUnit, Direction, KpiKind
from salesplan.template.story.values import Row
from salesplan.wording import Both, either

b = Both
CENT, ONE, POINT = Decimal("0.01"), Decimal(1), Decimal("0.001")
"""Smallest units: of money, of counts, of rates (a tenth of a percent)."""
PERCENT = b("%", "%")
CHINESE_MONEY = "CNY"


@dataclass(frozen=True, slots=True)
class Money:
    """What amounts are in: a currency by its code, in ones or (of CNY only) in ten thousands."""

    currency: str = CHINESE_MONEY
    unit: AmountUnit = AmountUnit.YUAN

    def name(self, lang: str) -> str:
        """What stands in a KPI's unit: 万元, 元; 10k CNY, USD."""
        if self.unit is AmountUnit.WAN:
            return either(lang, "万元", "10k CNY")
        return either(lang, "元", self.currency) if self.is_chinese else self.currency

    @property
    def is_chinese(self) -> bool:
        """Whether amounts are in CNY, which alone is counted in ten thousands, too."""
        return self.currency == CHINESE_MONEY

    @property
    def smallest(self) -> Decimal:
        """The smallest unit of an amount."""
        return CENT


@dataclass(frozen=True, slots=True)
class MenuKpi:
    """A KPI to choose. ``unit`` None: money, ``per`` then says for each of what (an order).

    ``parts`` are the KPIs that a rate is made of, by code: they are named where both are chosen.
    """

    code: str
    name: Both[str]
    kind: KpiKind
    unit: Both[str] | None = None
    lower: bool = False
    parts: tuple[str, str] = ("", "")
    per: Both[str] | None = None

    def row(self, money: Money, chosen: Sequence[MenuKpi], lang: str) -> Row:
        """The KPI's row on the sheet of KPIs, its target left to the planner."""
        codes = {one.code for one in chosen}
        numerator, denominator = self.parts if codes.issuperset(self.parts) else (None, None)
        return {
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "direction": Direction.LOWER if self.lower else Direction.HIGHER,
            "unit": self.unit_in(money, lang),
            "smallest_unit": self.smallest(money),
            "numerator": numerator or None,
            "denominator": denominator or None,
        }

    def unit_in(self, money: Money, lang: str) -> str:
        """Its unit, with the plan's money where it is an amount."""
        if self.unit is not None:
            return self.unit.of(lang)
        each = f"/{self.per.of(lang)}" if self.per is not None else ""
        return f"{money.name(lang)}{each}"

    def smallest(self, money: Money) -> Decimal:
        """What its targets are whole multiples of."""
        if self.unit is None:
            return money.smallest
        return POINT if self.kind.is_share else ONE


FLOW, STOCK, RATIO = KpiKind.FLOW, KpiKind.STOCK, KpiKind.RATIO
COHORT, SHARE, AVERAGE = KpiKind.COHORT_RATIO, KpiKind.POINT, KpiKind.AVERAGE
FIRMS, CASES, TIMES = b("家", "customers"), b("件", "cases"), b("次", "visits")

USUAL: tuple[MenuKpi, ...] = (
    MenuKpi("REV", b("营收", "Revenue"), FLOW),
    MenuKpi("BOOK", b("签约额", "Bookings"), FLOW),
    MenuKpi("COL", b("回款", "Cash collected"), FLOW),
    MenuKpi("QTY", b("销量", "Units sold"), FLOW, b("件", "units")),
    MenuKpi("NEW", b("新客户数", "New customers"), FLOW, FIRMS),
    MenuKpi("VIS", b("客户拜访", "Customer visits"), FLOW, TIMES),
    MenuKpi("CMP", b("客诉数", "Complaints"), FLOW, CASES, lower=True),
    MenuKpi("ACT", b("在手客户", "Active customers"), STOCK, FIRMS),
    MenuKpi("AR", b("应收余额", "Receivables"), STOCK, lower=True),
    MenuKpi("COLR", b("回款率", "Collection rate"), RATIO, PERCENT, parts=("COL", "REV")),
    MenuKpi("GM", b("毛利率", "Gross margin"), RATIO, PERCENT),
    MenuKpi("REP", b("复购率", "Repurchase rate"), COHORT, PERCENT),
    MenuKpi("SHARE", b("市场占有率", "Market share"), SHARE, PERCENT),
    MenuKpi("AOV", b("客单价", "Average order value"), AVERAGE, per=b("单", "order")),
    MenuKpi("SYS", b("客户管理系统上线", "CRM system live"), KpiKind.MILESTONE, b("项", "done")),
)
"""What most sales plans measure; the first is proposed."""

KINDS: Mapping[KpiKind, Both[str]] = {
    FLOW: b("各单元相加, 各月相加", "units add up, months add up"),
    STOCK: b("各单元相加, 只看最后一个月", "units add up, the last month counts"),
    RATIO: b("分子之和 ÷ 分母之和, 绝不取平均", "sum of parts ÷ sum of wholes, never an average"),
    COHORT: b("跟踪固定的一组客户, 只看最近一次", "follows a fixed group, the latest counts"),
    SHARE: b("某一天读出的数, 只看最近一次", "read off on one day, the latest counts"),
    AVERAGE: b("金额之和 ÷ 数量之和", "sum of amounts ÷ sum of counts"),
    KpiKind.MILESTONE: b("完成或未完成", "done or not done"),
}
"""How two units' and two months' figures become one, by kind."""
