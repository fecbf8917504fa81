"""What happened in the sample: last year by month, this year from January to the end of June.

No random numbers: a small wobble from the row's own numbers makes the figures look lived-in and
the same every time. The story: the East is ahead, the channel team falls behind in May and June,
product A stays below its 60 %, the fair in April lifts the online team's new customers. The service
package is sold from May on, product D is no longer, and in June one customer goes from South to East.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from salesplan.template.story.goals import (
    DEALER,
    DEPARTMENT_SHARE,
    DIRECT,
    EAST,
    MONTH_PLAN,
    NORTH,
    OLD_MODEL,
    ONLINE,
    PEOPLE,
    PRESALES,
    PRODUCT_A,
    PRODUCT_B,
    SERVICES,
    SOUTH,
    TEAM_SHARE,
    Person,
    history,
)
from salesplan.template.story.rates import as_paid
from salesplan.template.story.values import Row, Tables, b, workday_near
from salesplan.wording import Both

D = Decimal
CENT = D("0.01")
MONTHS = range(1, 7)

CUSTOMERS: dict[str, tuple[Both[str], ...]] = {
    "D11": (
        b("东屿精工", "Dongyu Precision"),
        b("浦川医药", "Puchuan Pharma"),
        b("澄江电子", "Chengjiang Electronics"),
        b("海棠食品", "Haitang Foods"),
        b("松原制造", "Songyuan Works"),
        b("吴淞仪器", "Wusong Instruments"),
        b("青屿生物", "Qingyu Bio"),
    ),
    "D12": (
        b("云麓新能", "Yunlu Energy"),
        b("岭南智造", "Lingnan Smart Works"),
        b("珠湾储能", "Zhuwan Storage"),
        b("榕城光电", "Rongcheng Optics"),
        b("南澳材料", "Nanao Materials"),
    ),
    "T2": (
        b("燕北机电", "Yanbei Machinery"),
        b("恒原商贸", "Hengyuan Trading"),
        b("津海配件", "Jinhai Parts"),
        b("晋源设备", "Jinyuan Equipment"),
        b("冀中工控", "Jizhong Controls"),
        b("齐鲁轴业", "Qilu Bearings"),
    ),
    "T3": (
        b("晨帆网络", "Chenfan Net"),
        b("小满科技", "Xiaoman Tech"),
        b("知夏文创", "Zhixia Creative"),
        b("北斗星仪表", "Beidouxing Meters"),
        b("木棉医疗", "Mumian Medical"),
        b("蓝湾包装", "Lanwan Packaging"),
        b("拾光影像", "Shiguang Imaging"),
    ),
}
"""About 25 made-up customers, by who serves them."""

CHANNELS = {"D11": DIRECT, "D12": DIRECT, "T2": DEALER, "T3": ONLINE}

PACE = {
    "D11": (102, 104, 106, 106, 108, 109),
    "D12": (96, 98, 96, 92, 93, 92),
    "T2": (114, 112, 114, 107, 93, 95),
    "T3": (99, 95, 101, 105, 100, 99),
}
"""Percent of the plan, by month."""

SHARE_A = {
    "D11": (55, 56, 57, 58, 59, 59),
    "D12": (52, 53, 53, 54, 55, 56),
    "T2": (44, 45, 45, 46, 46, 45),
    "T3": (48, 49, 50, 52, 52, 53),
}
"""Product A's percent of revenue, by month."""

PRICE = {"A": D("1.22"), "B": D("0.36"), "S": D("0.6")}
LAST_YEARS_PRICE = {"A": D("1.18"), "B": D("0.37"), "D": D("0.52")}

SERVICE_DESKS, SERVICES_SINCE, SERVICE_PERCENT = ("D11", "D12"), 5, 10
"""Who sells the service package, from which month on, and what percent of revenue it is there."""

HANDED_OVER, NEW_OWNER, HANDED_OVER_IN = CUSTOMERS["D12"][0], "P02", 6
"""The customer that goes to a colleague, to whom, and in which month."""

HELPED = "P01"
"""Whose sales and new customers the presales unit helps to win."""

SHARED_SALE, SHARED_BY = ("P03", 4, "A"), "P03:60%; P04:40%"
"""Whose sale of which month and product two people won together, and how they share it."""

NEW_CUSTOMERS = {
    "P01": (0, 1, 0, 1, 0, 1),
    "P02": (1, 0, 1, 0, 1, 1),
    "P03": (0, 0, 1, 1, 1, 0),
    "P04": (0, 0, 0, 0, 1, 0),
    "P05": (0, 1, 0, 1, 0, 1),
    "P06": (1, 0, 0, 0, 0, 0),
    "P07": (0, 0, 1, 0, 1, 0),
    "P08": (1, 0, 1, 0, 0, 0),
    "P09": (0, 1, 0, 1, 0, 1),
    "P10": (0, 0, 1, 0, 0, 0),
    "P11": (0, 0, 0, 0, 0, 1),
    "P12": (1, 0, 1, 1, 0, 1),
    "P13": (0, 0, 0, 1, 0, 0),
    "P14": (0, 0, 0, 2, 1, 0),
}
"""Newly signed customers by month: 20 in the second quarter were planned, 19 came."""

TEAM_FIGURES: dict[str, dict[str, tuple[tuple[int, int], ...] | tuple[int, ...]]] = {
    "ACT": {
        "T1": (43, 45, 47, 49, 52, 54),
        "T2": (27, 27, 28, 28, 27, 27),
        "T3": (18, 18, 19, 22, 24, 26),
    },
    "CMP": {"T1": (1, 0, 1, 1, 0, 1), "T2": (1, 1, 1, 1, 2, 2), "T3": (0, 0, 1, 0, 1, 0)},
}
SYSTEM = {"T1": {4: 0, 5: 1}, "T2": {5: 0, 6: 1}, "T3": {4: 1}}
"""Whether a team's customers are in the new system, in the months in which that was asked."""

REPURCHASE = {
    "T1": (62, (32, 33, 34, 36, 38, 40)),
    "T2": (44, (20, 20, 21, 21, 22, 22)),
    "T3": (34, (16, 17, 17, 18, 18, 18)),
}
"""(customers of the cohort, how many of them have bought again up to each month)."""

COLLECTED = {
    "T1": (91, 93, 95, 95, 96, 96),
    "T2": (90, 91, 90, 89, 87, 86),
    "T3": (95, 96, 97, 96, 97, 97),
}
"""Percent of the month's revenue that came in."""

KEY_SHARE = ("0.224", "0.229", "0.238", "0.247", "0.261", "0.273")
"""Share of the East's market, by month; 22 % a year ago."""


def actuals(year: int) -> Tables:
    """Rows of the actuals, in order of time."""
    revenue = list(_revenue(year))
    this_year = [
        *revenue,
        *_new_customers(year),
        *_collections(year, revenue),
        *_average_order(year, revenue),
        *_levels(year),
        *_repurchase(year),
        *_market_share(year, revenue),
        *_system(year),
    ]
    order = ("REV", "NEW", "COL", "AOV", "ACT", "CMP", "REP", "SHARE", "SYS")
    this_year.sort(
        key=lambda row: (
            _month_of(row),
            order.index(str(row["kpi"])),
            isinstance(row["day"], str),
            str(row["day"]),
        )
    )
    return {"actuals": [*_last_year(year - 1), *map(as_paid, this_year)]}


def _month_of(row: Row) -> int:
    return int(str(row["day"])[5:7])


def _desk(person: Person) -> str:
    return person.parent


def _team(person: Person) -> str:
    return "T1" if person.parent in DEPARTMENT_SHARE else person.parent


def _plan(person: Person, month: int) -> Decimal:
    """The person's revenue plan of a month, joiner's ramp-up and leaver's absence included."""
    share = (
        D(TEAM_SHARE[_team(person)] * DEPARTMENT_SHARE.get(person.parent, 100) * person.share)
        / 1_000_000
    )
    if person.code == "P11":
        share *= (D(0), D(0), D(0), D("0.3"), D("0.6"), D("0.9"))[month - 1]
    if person.code == "P10" and month == 6:
        share = D(0)
    return MONTH_PLAN[month - 1] * share


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _revenue(year: int) -> Iterator[Row]:
    for month in MONTHS:
        for number, person in enumerate(PEOPLE):
            desk, plan = _desk(person), _plan(person, month)
            if not plan:
                continue
            wobble = (number * 37 + month * 53) % 13 - 6
            total = _cents(plan * (PACE[desk][month - 1] + wobble) / 100)
            part_a = _cents(
                total * (SHARE_A[desk][month - 1] + (number * 11 + month * 7) % 9 - 4) / 100
            )
            services = (
                _cents(total * SERVICE_PERCENT / 100)
                if desk in SERVICE_DESKS and month >= SERVICES_SINCE
                else D(0)
            )
            sold = (
                ("A", PRODUCT_A, part_a),
                ("B", PRODUCT_B, total - part_a - services),
                ("S", SERVICES, services),
            )
            for place, (product, name, value) in enumerate(sold):
                if not value:
                    continue
                day = workday_near(date(year, month, 6 + (number * 5 + month * 3 + place * 9) % 21))
                yield {
                    "day": day,
                    "unit": _credit(person, month, product),
                    "kpi": "REV",
                    "product": name,
                    "region": person.region,
                    "customer": _customer(person, month, number * 3 + month * 2 + place),
                    "channel": CHANNELS[desk],
                    "quantity": max(1, int((value / PRICE[product]).to_integral_value())),
                    "value": value,
                }


def _credit(person: Person, month: int, product: str) -> str:
    """Who gets the sale: the person alone, with a colleague, or with the presales unit beside."""
    return SHARED_BY if (person.code, month, product) == SHARED_SALE else _helped(person)


def _helped(person: Person) -> str:
    """The person, with the presales unit beside where it helps that person."""
    return f"{person.code}:100%; {PRESALES}:100%" if person.code == HELPED else person.code


def _seller(row: Row) -> str:
    """The code of the person whose sale it is, or the first of those who share it."""
    return str(row["unit"]).partition(":")[0]


def _customer(person: Person, month: int, turn: int) -> Both[str]:
    """Who buys: a desk's customers take turns; the one that was handed over is its new owner's next."""
    customers = CUSTOMERS[_desk(person)]
    if month >= HANDED_OVER_IN:
        others = tuple(one for one in customers if one != HANDED_OVER)
        customers = (HANDED_OVER, *others) if person.code == NEW_OWNER else others
    return customers[turn % len(customers)]


def _new_customers(year: int) -> Iterator[Row]:
    for number, person in enumerate(PEOPLE):
        for month, count in zip(MONTHS, NEW_CUSTOMERS[person.code], strict=True):
            if not _plan(person, month):
                continue
            day = workday_near(date(year, month, 10 + (number * 4 + month) % 18))
            yield {
                "day": day,
                "unit": _helped(person),
                "kpi": "NEW",
                "region": person.region,
                "channel": CHANNELS[_desk(person)],
                "value": count,
            }


def _team_revenue(revenue: list[Row], team: str, month: int) -> Decimal:
    codes = {person.code for person in PEOPLE if _team(person) == team}
    return sum(
        (
            D(str(row["value"]))
            for row in revenue
            if _seller(row) in codes and _month_of(row) == month
        ),
        D(0),
    )


def _collections(year: int, revenue: list[Row]) -> Iterator[Row]:
    for team, percents in COLLECTED.items():
        for month, percent in zip(MONTHS, percents, strict=True):
            yield {
                "day": f"{year}-{month:02d}",
                "unit": team,
                "kpi": "COL",
                "value": _cents(_team_revenue(revenue, team, month) * percent / 100),
            }


def _average_order(year: int, revenue: list[Row]) -> Iterator[Row]:
    """Revenue ÷ orders of each team; orders are counted so that an order is worth about 5.5."""
    worth = {"T1": D("6.1"), "T2": D("4.8"), "T3": D("5.0")}
    for team in TEAM_SHARE:
        for month in MONTHS:
            total = _team_revenue(revenue, team, month)
            orders = max(1, int((total / (worth[team] + D(month - 3) / 20)).to_integral_value()))
            yield {
                "day": f"{year}-{month:02d}",
                "unit": team,
                "kpi": "AOV",
                "numerator": total,
                "denominator": orders,
            }


def _levels(year: int) -> Iterator[Row]:
    for kpi, teams in TEAM_FIGURES.items():
        for team, values in teams.items():
            for month, value in zip(MONTHS, values, strict=True):
                yield {
                    "day": f"{year}-{month:02d}",
                    "unit": team,
                    "kpi": kpi,
                    "value": D(str(value)),
                }


def _system(year: int) -> Iterator[Row]:
    for team, answers in SYSTEM.items():
        for month, done in answers.items():
            yield {"day": f"{year}-{month:02d}", "unit": team, "kpi": "SYS", "value": done}


def _repurchase(year: int) -> Iterator[Row]:
    for team, (cohort, counts) in REPURCHASE.items():
        for month, again in zip(MONTHS, counts, strict=True):
            yield {
                "day": f"{year}-{month:02d}",
                "unit": team,
                "kpi": "REP",
                "numerator": again,
                "denominator": cohort,
            }


def market_of_the_east(year: int) -> Iterator[tuple[int, Decimal]]:
    """By month, the East's market."""
    for month, _, size in _the_east(list(_revenue(year))):
        yield month, size


def _market_share(year: int, revenue: list[Row]) -> Iterator[Row]:
    """Our revenue in the East; how large the market is stands in 市场规模."""
    for month, ours, _ in _the_east(revenue):
        yield {
            "day": f"{year}-{month:02d}",
            "unit": "HQ",
            "kpi": "SHARE",
            "region": EAST,
            "numerator": ours,
        }


def _the_east(revenue: list[Row]) -> Iterator[tuple[int, Decimal, Decimal]]:
    """By month, our revenue in the East and the market there."""
    for month, share in zip(MONTHS, KEY_SHARE, strict=True):
        ours = sum(
            (
                D(str(row["value"]))
                for row in revenue
                if row["region"] == EAST and _month_of(row) == month
            ),
            D(0),
        )
        yield month, ours, (ours / D(share)).quantize(D("0.1"))


def _last_year(year: int) -> Iterator[Row]:
    """Last year by month and desk or team; the months add up to the seasonality's history of that year."""
    desks = (("D11", 29, EAST), ("D12", 21, SOUTH), ("T2", 30, NORTH), ("T3", 20, EAST))
    for month in range(1, 13):
        total = left = history("REV", month)[2]
        for desk, percent, region in desks:
            part = left if desk == "T3" else _cents(total * percent / 100)
            left -= part
            part_a = _cents(part * (48 + (month + percent) % 5) / 100)
            old = _cents(part / 10) if desk == "T2" else D(0)
            for product, name, value in (
                ("A", PRODUCT_A, part_a),
                ("B", PRODUCT_B, part - part_a - old),
                ("D", OLD_MODEL, old),
            ):
                if not value:
                    continue
                yield {
                    "day": f"{year}-{month:02d}",
                    "unit": desk,
                    "kpi": "REV",
                    "product": name,
                    "region": region,
                    "channel": CHANNELS[desk],
                    "quantity": max(
                        1, int((value / LAST_YEARS_PRICE[product]).to_integral_value())
                    ),
                    "value": value,
                }
        newcomers = int(history("NEW", month)[2])
        for team, count in (
            ("T1", newcomers // 2),
            ("T2", newcomers // 4),
            ("T3", newcomers - newcomers // 2 - newcomers // 4),
        ):
            yield {"day": f"{year}-{month:02d}", "unit": team, "kpi": "NEW", "value": count}
        collected = left = history("COL", month)[2]
        for team, percent in (("T1", 51), ("T2", 28), ("T3", 21)):
            part = left if team == "T3" else _cents(collected * percent / 100)
            left -= part
            yield {"day": f"{year}-{month:02d}", "unit": team, "kpi": "COL", "value": part}
