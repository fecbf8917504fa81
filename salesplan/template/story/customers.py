"""Step 2 of the sample: who buys. Most have for years; the three industries that are to be opened up
bring the new ones, whose first order is one of this year's and stands in the actuals. Three have
not ordered this year.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from salesplan.template.story.actuals import CUSTOMERS
from salesplan.template.story.goals import EAST, NORTH, SOUTH
from salesplan.template.story.values import Row, Tables, b
from salesplan.wording import Both

KEY, GROWING, STANDARD = (
    b("重点客户", "Key account"),
    b("成长客户", "Growing"),
    b("普通客户", "Standard"),
)
LARGE, MEDIUM, SMALL = b("大型", "Large"), b("中型", "Medium"), b("小型", "Small")
BIOPHARMA, ENERGY, SMART = (
    b("生物医药", "Biopharma"),
    b("新能源", "New energy"),
    b("智能制造", "Smart manufacturing"),
)
MACHINERY, ELECTRONICS, TRADE, CONSUMER = (
    b("机械设备", "Machinery"),
    b("电子仪器", "Electronics"),
    b("商贸流通", "Trade"),
    b("消费品", "Consumer goods"),
)


class Known(NamedTuple):
    """``customer`` is a desk and a place in its list, or the name of one that does not buy any more;
    ``since`` is (years ago, month, day) of the first order; None: it is in the actuals."""

    customer: tuple[str, int] | Both[str]
    kind: Both[str]
    industry: Both[str]
    size: Both[str]
    region: Both[str]
    owner: str
    since: tuple[int, int, int] | None


KNOWN = (
    Known(("D11", 0), KEY, SMART, LARGE, EAST, "P01", (4, 3, 18)),
    Known(("D11", 1), KEY, BIOPHARMA, LARGE, EAST, "P03", (2, 9, 6)),
    Known(("D11", 2), GROWING, ELECTRONICS, MEDIUM, EAST, "P02", (3, 5, 23)),
    Known(("D11", 3), STANDARD, CONSUMER, MEDIUM, EAST, "P02", (3, 11, 8)),
    Known(("D11", 4), GROWING, SMART, MEDIUM, EAST, "P04", None),
    Known(("D11", 5), KEY, ELECTRONICS, LARGE, EAST, "P03", (1, 6, 20)),
    Known(("D11", 6), KEY, BIOPHARMA, LARGE, EAST, "P01", (2, 4, 12)),
    Known(("D12", 0), KEY, ENERGY, LARGE, SOUTH, "P02", (3, 2, 26)),
    Known(("D12", 1), KEY, SMART, LARGE, SOUTH, "P07", (2, 7, 15)),
    Known(("D12", 2), GROWING, ENERGY, MEDIUM, SOUTH, "P05", (1, 3, 22)),
    Known(("D12", 3), STANDARD, ELECTRONICS, MEDIUM, SOUTH, "P06", (2, 10, 17)),
    Known(("D12", 4), GROWING, ENERGY, SMALL, SOUTH, "P05", None),
    Known(("T2", 0), STANDARD, MACHINERY, MEDIUM, NORTH, "P08", (4, 8, 9)),
    Known(("T2", 1), STANDARD, TRADE, MEDIUM, NORTH, "P09", (3, 4, 14)),
    Known(("T2", 2), STANDARD, TRADE, SMALL, NORTH, "P09", (1, 9, 25)),
    Known(("T2", 3), STANDARD, MACHINERY, MEDIUM, NORTH, "P08", (2, 12, 11)),
    Known(("T2", 4), GROWING, SMART, SMALL, NORTH, "P08", (1, 5, 16)),
    Known(("T2", 5), STANDARD, MACHINERY, SMALL, NORTH, "P09", (2, 3, 29)),
    Known(("T3", 0), STANDARD, CONSUMER, SMALL, EAST, "P12", (1, 10, 13)),
    Known(("T3", 1), STANDARD, ELECTRONICS, SMALL, EAST, "P12", (2, 6, 7)),
    Known(("T3", 2), STANDARD, CONSUMER, SMALL, SOUTH, "P13", None),
    Known(("T3", 3), STANDARD, ELECTRONICS, SMALL, EAST, "P14", (1, 8, 19)),
    Known(("T3", 4), GROWING, BIOPHARMA, SMALL, SOUTH, "P13", None),
    Known(("T3", 5), STANDARD, CONSUMER, SMALL, EAST, "P12", (1, 2, 28)),
    Known(("T3", 6), STANDARD, CONSUMER, SMALL, EAST, "P14", (1, 4, 24)),
    Known(b("远岭重工", "Yuanling Heavy"), KEY, SMART, LARGE, SOUTH, "P07", (3, 6, 14)),
    Known(b("江畔乳业", "Jiangpan Dairy"), STANDARD, CONSUMER, MEDIUM, EAST, "P02", (2, 11, 21)),
    Known(b("鸿泽物流", "Hongze Logistics"), STANDARD, TRADE, SMALL, NORTH, "P09", (1, 3, 10)),
)


def customers(year: int) -> Tables:
    """Rows of 客户."""
    return {"customers": [_row(number, one, year) for number, one in enumerate(KNOWN, 1)]}


def _row(number: int, one: Known, year: int) -> Row:
    if isinstance(one.customer, Both):
        name = one.customer
    else:
        desk, place = one.customer
        name = CUSTOMERS[desk][place]
    return {
        "code": f"K{number:02}",
        "name": name,
        "kind": one.kind,
        "industry": one.industry,
        "size": one.size,
        "region": one.region,
        "owner": one.owner,
        "since": None if one.since is None else date(year - one.since[0], *one.since[1:]),
    }
