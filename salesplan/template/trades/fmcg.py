"""Consumer goods sold through distributors: what goes in, what sells out, what stands on shelves."""

from __future__ import annotations

from salesplan.plan.schema.choices import CATEGORIES, DIMENSIONS, REGIONS
from salesplan.template.menu import AVERAGE, FLOW, PERCENT, RATIO, SHARE, STOCK, TIMES, MenuKpi
from salesplan.template.trades.trade import Approach, Duty, Trade
from salesplan.wording import Both

b = Both
CUSTOMER, PRODUCT, CHANNEL, RESOURCES = (b(*names) for names in DIMENSIONS)
RESERVE = b(*CATEGORIES[-1])
KEY_REGIONS, OTHERS = (b(*names) for names in REGIONS)
OUTLETS, BOXES, DAYS = b("家", "outlets"), b("箱", "boxes"), b("天", "days")

FMCG = Trade(
    "fmcg",
    b("快消分销", "FMCG distribution"),
    (
        MenuKpi("SIN", b("出货额", "Sell-in"), FLOW),
        MenuKpi("SOUT", b("终端动销额", "Sell-out"), FLOW),
        MenuKpi("BOX", b("出货箱数", "Boxes shipped"), FLOW, BOXES),
        MenuKpi("COL", b("回款", "Cash collected"), FLOW),
        MenuKpi("OUT", b("活跃网点", "Active outlets"), STOCK, OUTLETS),
        MenuKpi("OPEN", b("新开网点", "Outlets opened"), FLOW, OUTLETS),
        MenuKpi("DIST", b("铺货率", "Numeric distribution"), SHARE, PERCENT),
        MenuKpi("OOS", b("缺货率", "Out-of-stock rate"), RATIO, PERCENT, lower=True),
        MenuKpi("STK", b("经销商库存天数", "Distributor stock days"), AVERAGE, DAYS, lower=True),
        MenuKpi("RET", b("退货额", "Returns"), FLOW, lower=True),
        MenuKpi("PROM", b("促销费用率", "Promotion cost ratio"), RATIO, PERCENT, lower=True),
        MenuKpi("VIS", b("网点拜访", "Outlet visits"), FLOW, TIMES),
    ),
    {
        "SIN": (110, 55, 70, 75, 85, 90, 85, 90, 95, 75, 80, 90),
        "SOUT": (105, 75, 65, 70, 80, 85, 90, 90, 85, 80, 80, 95),
        "BOX": (110, 55, 70, 75, 85, 90, 85, 90, 95, 75, 80, 90),
        "COL": (95, 60, 75, 75, 80, 90, 85, 85, 90, 85, 85, 95),
    },
    (
        Approach(
            "S1",
            CHANNEL,
            b(
                "空白网点开户, 重点网点达标",
                "Open missing outlets, bring key outlets up to standard",
            ),
            "OUT",
        ),
        Approach(
            "S2", PRODUCT, b("主推单品铺货先行", "Distribution of the lead items first"), "DIST"
        ),
        Approach(
            "S3",
            CUSTOMER,
            b("经销商库存控制在合理天数", "Keep distributors' stock within its days"),
            "STK",
        ),
        Approach(
            "S4",
            RESOURCES,
            b("促销费用投到动销快的网点", "Spend promotion where goods sell out"),
            "SOUT",
        ),
    ),
    (
        Duty(
            "T01",
            "S1",
            b("普查网点, 建立空白网点清单", "Survey outlets, list those not served"),
            (1, 5),
            (2, 13),
            b("空白网点清单", "List of outlets not served"),
            "OPEN",
        ),
        Duty(
            "T02",
            "S1",
            b("按拜访路线开户", "Open outlets along the visit routes"),
            (3, 2),
            (10, 30),
            b("新开并进货的网点", "Outlets opened and stocked"),
            "OPEN",
            200,
            OUTLETS,
        ),
        Duty(
            "T03",
            "S2",
            b("主推单品铺货检查", "Check distribution of the lead items"),
            (3, 2),
            (11, 30),
            b("每月铺货检查表", "Monthly distribution check"),
            "DIST",
            9,
            b("次", "checks"),
        ),
        Duty(
            "T04",
            "S2",
            b("春节备货: 订单与堆头", "Spring Festival stock: orders and displays"),
            (12, 1),
            (12, 31),
            b("订单与陈列清单", "Orders and display list"),
            "SIN",
        ),
        Duty(
            "T05",
            "S3",
            b(
                "每月盘点经销商库存与临期品",
                "Count distributors' stock and short-dated goods each month",
            ),
            (1, 5),
            (12, 18),
            b("盘点表", "Stock counts"),
            "STK",
            12,
            b("次", "counts"),
        ),
        Duty(
            "T06",
            "S3",
            b("临期与滞销品处理方案", "Plan for short-dated and slow goods"),
            (2, 2),
            (3, 31),
            b("处理方案与责任人", "Plan with owners"),
            "RET",
            priority=2,
        ),
        Duty(
            "T07",
            "S4",
            b("旺季促销: 网点与档期表", "Summer promotion: outlets and dates"),
            (4, 1),
            (5, 15),
            b("促销档期表", "Promotion calendar"),
            "SOUT",
        ),
        Duty(
            "T08",
            "S4",
            b("中秋国庆陈列执行", "Displays for Mid-Autumn and National Day"),
            (8, 3),
            (9, 18),
            b("按标准陈列的网点", "Outlets with the display"),
            "SOUT",
            300,
            OUTLETS,
        ),
        Duty(
            "T09",
            "S4",
            b("促销复盘: 费用与动销对照", "Review promotions: cost against sell-out"),
            (10, 12),
            (11, 20),
            b("复盘报告", "Review"),
            "PROM",
            priority=2,
        ),
    ),
    (
        (b("渠道促销", "Trade promotion"), 45),
        (b("陈列与进场", "Displays and listing fees"), 20),
        (b("经销商激励", "Distributor incentives"), 25),
        (RESERVE, 10),
    ),
    ((KEY_REGIONS, 60), (OTHERS, 40)),
)
