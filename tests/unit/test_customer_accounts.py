"""客户 by what they bought in the year to date: the engine's columns, the report's page, and what a
unit's own part shows of them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from salesplan.audience.plan_slice import sliced_plan, subtree
from salesplan.audience.whole import Whole
from salesplan.engine.actuals.customers import Accounts, accounts_of
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.run import run
from salesplan.plan.loader import load
from salesplan.plan.model import CustomerState, Month, Plan
from salesplan.workbook.refs import parse_cell
from tests.samples import filled_sample, sample_report
from tests.unit.test_customer_counts import MARCH, master, order, plan_of
from tests.unit.test_report import cells

D = Decimal
DAY = date(2026, 3, 31)
KNOWN = [
    {
        "code": "K1",
        "name": "东屿精工",
        "kind": "重点客户",
        "since": date(2023, 5, 4),
        "owner": "P1",
    },
    {"code": "K2", "name": "海棠食品", "kind": "普通客户", "owner": "P2"},
    {"code": "K3", "name": "浦川医药", "key": "是", "owner": "P2"},
    {
        "code": "K4",
        "name": "云麓新能",
        "kind": "普通客户",
        "since": date(2022, 1, 4),
        "owner": "P1",
    },
]
ORDERS = [
    order(date(2026, 1, 20), "P1", "K1", 40.0),
    order(date(2026, 1, 21), "P2", "海棠食品", 10.0),
    order(date(2026, 2, 9), "P2", "海棠食品", 20.0),
    order(date(2026, 3, 10), "P2", "东屿精工", 15.0),
    order(date(2026, 3, 12), "P2", "浦川医药", 5.0),
    order(date(2026, 3, 20), "P1", "无名", 10.0),
]


def found_in(plan: Plan) -> Accounts:
    found = accounts_of(Facts.of(plan, DAY), MARCH, DAY)
    assert found is not None
    return found


def test_each_customer_with_its_orders_and_what_became_of_it() -> None:
    found = found_in(plan_of(master(ORDERS, (), KNOWN)))
    assert [
        (one.customer.code, one.first, one.last, one.revenue, one.state) for one in found.accounts
    ] == [
        ("K1", date(2023, 5, 4), date(2026, 3, 10), 55, CustomerState.AGAIN),
        ("K2", date(2026, 1, 21), date(2026, 2, 9), 30, CustomerState.AGAIN),
        ("K3", date(2026, 3, 12), date(2026, 3, 12), 5, CustomerState.NEW),
        ("K4", date(2022, 1, 4), None, 0, CustomerState.QUIET),
    ]
    assert found.elsewhere == 10, "无名 is not in 客户"


def test_sorts_add_up_to_all_customers() -> None:
    found = found_in(plan_of(master(ORDERS, (), KNOWN)))
    assert [
        (one.name, one.count, one.active, one.again, one.revenue) for one in found.by("kind")
    ] == [("重点客户", 1, 1, 1, 55), ("普通客户", 2, 1, 1, 30), ("", 1, 1, 0, 5)]
    assert [one.customer.code for one in found.accounts if one.customer.is_key] == ["K1", "K3"]


def test_a_customer_back_after_the_window_has_not_bought_again() -> None:
    from tests.unit.masters import SETTING_ROW

    window = {SETTING_ROW["repurchase_days"]: {"value": 30}}
    found = found_in(plan_of(master(ORDERS, (), KNOWN, settings=window)))
    assert [one.state for one in found.accounts][:2] == [CustomerState.ONCE, CustomerState.AGAIN]


def test_a_part_has_its_customers_and_no_others_owner() -> None:
    """P2 trades with K1, which is P1's: P2 sees it, its first day, and not whose it is."""
    plan = plan_of(master(ORDERS, (), KNOWN))
    whole = Whole(plan, run(plan, MARCH, DAY))
    part = sliced_plan(whole, subtree(whole, "P2"))
    assert [(one.code, one.owner) for one in part.customers] == [
        ("K1", ""),
        ("K2", "P2"),
        ("K3", "P2"),
    ]
    own = found_in(part)
    assert [(one.revenue, one.state) for one in own.accounts] == [
        (15, CustomerState.AGAIN),
        (30, CustomerState.AGAIN),
        (5, CustomerState.NEW),
    ]


def test_without_a_list_or_orders_there_is_nothing() -> None:
    for rows in (master(ORDERS, (), ()), master(ORDERS[:0], (), KNOWN)):
        assert accounts_of(Facts.of(plan_of(rows), DAY), MARCH, DAY) is None


def test_the_samples_columns_and_page(tmp_path: Path) -> None:
    sample = filled_sample(tmp_path / "plan.xlsx", lang="en")
    plan = load(sample).plan
    sheet = cells(sample)["Customers"]
    heads = {value: cell.rstrip("0123456789") for cell, value in sheet.items()}
    states = [sheet[f"{heads['Repurchase']}{one.origin.row}"] for one in plan.customers]
    assert states.count("▲ No order YTD") == 3 and states.count("● Again") == 25
    whole = Facts.of(plan, date(2026, 6, 30)).value("REV", "HQ", Month(2026, 1), Month(2026, 6))
    amounts = [sheet[f"{heads['YTD']}{one.origin.row}"] for one in plan.customers]
    assert sum(D(str(one)) for one in amounts) == whole
    page = cells(sample_report(lang="en").book)["Customers"]
    lines = [list(line) for _, line in groupby(page, key=lambda cell: parse_cell(cell)[0])]
    shown = [[page[cell] for cell in line] for line in lines]
    assert ["Key account", 7, 6, D("230.91"), 0.271809117983, 6, 1] in [
        [*line[:3], D(str(line[3])), *line[4:]] if line[:1] == ["Key account"] else line
        for line in shown
    ]
