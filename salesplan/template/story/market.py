"""Step 2 of the sample: how large the East's market is, and who else sells there.

The market of the East shrinks while our sales there hold: that is how the share rises. Amounts are
万元, prices 万元 a piece.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesplan.template.story.actuals import market_of_the_east
from salesplan.template.story.goals import DEALER, DIRECT, EAST, ONLINE, PRODUCT_A, PRODUCT_B, SOUTH
from salesplan.template.story.values import Row, Tables, b

D = Decimal
_MARKET = b("华东数字化改造", "Digital manufacturing, East")
_REPORT = b("行业协会年报", "Trade association, yearly report")
_MONTHLY = b("行业协会月报", "Trade association, monthly report")
_ESTIMATE = b("行业协会中期估计", "Trade association, mid-year estimate")
_TENDERS, _VISITS = b("投标记录", "Tender records"), b("客户访谈", "Customer visits")
_NORTHWIND, _LOWLAND = b("启明数控", "Qiming Controls"), b("南粤智联", "Nanyue Link")
_PLATFORM, _OURS = b("云工平台", "Yungong Cloud"), b("本公司", "Ours")

SIZES = ((3, 4210, None), (2, 4120, None), (1, 3961, None), (0, 3400, None))
"""The East's market by how many years ago, with its growth where it is typed."""


def market(year: int) -> Tables:
    """Rows of 市场规模 and 竞争对手."""
    years: list[Row] = [
        {
            "market": _MARKET,
            "region": EAST,
            "year": year - back,
            "size": size,
            "growth": growth,
            "source": _REPORT if back else _ESTIMATE,
        }
        for back, size, growth in SIZES
    ]
    months: list[Row] = [
        {
            "market": _MARKET,
            "region": EAST,
            "year": year,
            "month": month,
            "size": size,
            "source": _MONTHLY,
        }
        for month, size in market_of_the_east(year)
    ]
    return {"market": [*years, *months], "competitors": _competitors(year)}


def _competitors(year: int) -> list[Row]:
    return [
        {
            "name": _OURS,
            "product": PRODUCT_A,
            "price": D("1.22"),
            "channel": DIRECT,
            "reputation": b("交付口碑好, 价格偏高", "Known for delivery; not cheap"),
            "score": D("9.2"),
            "day": date(year, 6, 5),
            "source": b("客户满意度调查", "Customer survey"),
        },
        {
            "name": _NORTHWIND,
            "product": PRODUCT_A,
            "region": EAST,
            "price": D("1.35"),
            "channel": DIRECT,
            "reputation": b("技术强, 交付慢", "Strong product, slow delivery"),
            "score": D("8.1"),
            "day": date(year, 5, 20),
            "source": _TENDERS,
        },
        {
            "name": _LOWLAND,
            "product": PRODUCT_A,
            "region": SOUTH,
            "price": D("1.12"),
            "channel": DEALER,
            "reputation": b("低价, 售后投诉多", "Cheap; complaints about service"),
            "score": D("6.4"),
            "day": date(year, 3, 12),
            "source": _TENDERS,
        },
        {
            "name": _LOWLAND,
            "product": PRODUCT_A,
            "region": SOUTH,
            "price": D("1.05"),
            "channel": DEALER,
            "reputation": b("低价, 售后投诉多", "Cheap; complaints about service"),
            "score": D("6.4"),
            "day": date(year, 6, 12),
            "source": _TENDERS,
        },
        {
            "name": _PLATFORM,
            "product": PRODUCT_B,
            "price": D("0.33"),
            "channel": ONLINE,
            "reputation": b("上手快, 功能少", "Quick to start, few functions"),
            "score": D("7.5"),
            "day": date(year, 6, 2),
            "source": _VISITS,
        },
    ]
