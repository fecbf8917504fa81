"""Software sold by subscription: what recurs, what is renewed, what is lost."""

from __future__ import annotations

from salesplan.plan.schema.choices import CATEGORIES, DIMENSIONS, REGIONS
from salesplan.template.menu import AVERAGE, COHORT, FIRMS, FLOW, PERCENT, RATIO, STOCK, MenuKpi
from salesplan.template.trades.trade import Approach, Duty, Trade
from salesplan.wording import Both

b = Both
CUSTOMER, PRODUCT, CHANNEL, RESOURCES = (b(*names) for names in DIMENSIONS)
RESERVE = b(*CATEGORIES[-1])
KEY_REGIONS, OTHERS = (b(*names) for names in REGIONS)
DEALS = b("个", "deals")

SOFTWARE = Trade(
    "software",
    b("软件订阅", "Software subscriptions"),
    (
        MenuKpi("NARR", b("新签年费", "New ARR"), FLOW),
        MenuKpi("ARR", b("在约年费", "ARR"), STOCK),
        MenuKpi("RNW", b("续约年费", "Renewed ARR"), FLOW),
        MenuKpi("DUE", b("到期年费", "ARR up for renewal"), FLOW),
        MenuKpi("RNR", b("续约率", "Renewal rate"), RATIO, PERCENT, parts=("RNW", "DUE")),
        MenuKpi("NRR", b("净收入留存率", "Net revenue retention"), COHORT, PERCENT),
        MenuKpi("LOST", b("流失年费", "Churned ARR"), FLOW, lower=True),
        MenuKpi("NEW", b("新客户数", "New customers"), FLOW, FIRMS),
        MenuKpi("OPP", b("合格商机数", "Qualified opportunities"), FLOW, DEALS),
        MenuKpi("WIN", b("赢单率", "Win rate"), RATIO, PERCENT),
        MenuKpi("ACV", b("平均合同年费", "Average contract value"), AVERAGE, per=b("单", "deal")),
        MenuKpi("COL", b("回款", "Cash collected"), FLOW),
    ),
    {
        "NARR": (45, 50, 95, 60, 65, 105, 60, 65, 110, 80, 95, 170),
        "NEW": (60, 55, 90, 70, 75, 100, 70, 75, 100, 85, 95, 125),
        "COL": (85, 55, 75, 75, 70, 85, 80, 75, 90, 90, 90, 130),
    },
    (
        Approach(
            "S1",
            CUSTOMER,
            b("先保续约: 到期前 120 天开始", "Renewals first: begin 120 days before they are due"),
            "RNR",
        ),
        Approach(
            "S2",
            CUSTOMER,
            b("老客户增购席位和模块", "Sell seats and modules to customers we have"),
            "NRR",
        ),
        Approach(
            "S3",
            CHANNEL,
            b("内容和伙伴带来合格商机", "Qualified opportunities from content and partners"),
            "OPP",
        ),
        Approach(
            "S4",
            PRODUCT,
            b("聚焦三个行业的打包方案", "Packaged solutions for three industries"),
            "NARR",
        ),
    ),
    (
        Duty(
            "T01",
            "S1",
            b(
                "列出全年到期合同, 标出风险客户",
                "List the year's contracts up for renewal, with those at risk",
            ),
            (1, 5),
            (1, 23),
            b("到期清单(金额、日期、风险)", "List with amount, date and risk"),
            "DUE",
        ),
        Duty(
            "T02",
            "S1",
            b("每季续约评审: 逐个定动作", "Quarterly renewal review: an action for each contract"),
            (2, 2),
            (11, 27),
            b("四次评审记录", "Minutes of four reviews"),
            "RNR",
            4,
            b("次", "reviews"),
        ),
        Duty(
            "T03",
            "S1",
            b("上线与使用率体检, 低使用客户回访", "Check usage, call customers who use it little"),
            (2, 2),
            (6, 30),
            b("体检报告与回访记录", "Usage report and notes of calls"),
            "LOST",
        ),
        Duty(
            "T04",
            "S2",
            b(
                "盘点增购机会: 席位、模块、版本",
                "Map what customers could add: seats, modules, editions",
            ),
            (2, 2),
            (3, 31),
            b("增购机会清单", "List of what to sell to whom"),
            "NRR",
            priority=2,
        ),
        Duty(
            "T05",
            "S2",
            b("客户成功季度业务回顾", "Quarterly business reviews with the largest customers"),
            (3, 2),
            (12, 18),
            b("回顾会纪要", "Minutes"),
            "NRR",
            40,
            b("场", "reviews"),
        ),
        Duty(
            "T06",
            "S3",
            b("三个行业的案例与试用入口", "Customer stories and a trial for three industries"),
            (1, 12),
            (4, 30),
            b("上线的案例", "Published stories"),
            "OPP",
            6,
            b("篇", "stories"),
            2,
        ),
        Duty(
            "T07",
            "S3",
            b("签约并培训实施与渠道伙伴", "Sign and train delivery and channel partners"),
            (3, 2),
            (9, 30),
            b("能独立成单的伙伴", "Partners who sell on their own"),
            "OPP",
            8,
            b("家", "partners"),
            2,
        ),
        Duty(
            "T08",
            "S4",
            b("行业打包方案与报价上线", "Launch the packages and their prices"),
            (1, 12),
            (3, 31),
            b("方案、报价、演示环境", "Packages, prices, demo"),
            "NARR",
        ),
        Duty(
            "T09",
            "S4",
            b("年末签约冲刺: 商机逐单过", "Year-end closing plan, deal by deal"),
            (11, 2),
            (12, 31),
            b("每周商机清单", "Weekly list of deals"),
            "NARR",
        ),
    ),
    (
        (b("市场获客", "Demand generation"), 45),
        (b("客户成功", "Customer success"), 20),
        (b("销售激励", "Sales incentives"), 25),
        (RESERVE, 10),
    ),
    ((KEY_REGIONS, 60), (OTHERS, 40)),
)
