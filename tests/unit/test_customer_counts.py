"""First orders and repurchase, worked out from customers' orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.app.customer_parts import customer_parts
from salesplan.dataclass import replace
from salesplan.engine.actuals.facts import Facts
from salesplan.messages import text
from salesplan.plan.customer_counts import with_customer_counts
from salesplan.plan.model import CountedAs, Month, Plan, Unit
from salesplan.plan.model.actuals import FIRST_LINKED
from tests.unit.masters import SETTING_ROW, Rows, edited, findings_of, read

D = Decimal
JANUARY, FEBRUARY, MARCH = (Month(2026, month) for month in (1, 2, 3))
FIRST = {
    "code": "FST",
    "name": "首单客户",
    "kind": "流量",
    "unit": "个",
    "smallest_unit": 1.0,
    "target": 12.0,
    "counted_as": "首单客户",
}
AGAIN = FIRST | {
    "code": "AGN",
    "name": "老客户复购率",
    "kind": "群组比率",
    "unit": "%",
    "target": 0.6,
    "counted_as": "复购率",
}
KNOWN = [
    {"code": "K1", "name": "东屿精工", "since": date(2023, 5, 4), "owner": "P1"},
    {"code": "K2", "name": "海棠食品", "owner": "P2"},
]


def order(day: date | str, unit: str, customer: str | None, value: float = 5.0) -> dict[str, Any]:
    return {"day": day, "unit": unit, "kpi": "REV", "customer": customer, "value": value}


ORDERS = [
    order(date(2026, 1, 20), "P1", "东屿精工"),
    order(date(2026, 1, 21), "P2", "K2"),
    order(date(2026, 1, 21), "P1", " 海棠 食品 "),
    order(date(2026, 2, 3), "P2", "浦川医药"),
    order(date(2026, 2, 9), "P2", "海棠食品"),
    order(date(2026, 3, 10), "P1", "浦川医药"),
    order(date(2026, 3, 11), "P2", "云麓新能", -2.0),
    order(date(2026, 3, 12), "P2", None),
]


def master(
    orders: Sequence[dict[str, Any]] = ORDERS,
    kpis: Sequence[dict[str, Any]] = (FIRST, AGAIN),
    known: Sequence[dict[str, Any]] = KNOWN,
    **edits: Any,
) -> Rows:
    rows = edited(edits)
    rows["kpis"] += kpis
    return rows | {"customers": list(known), "actuals": list(orders)}


def plan_of(rows: Rows) -> Plan:
    return read(rows)[0]


def counted(plan: Plan, kpi: str, unit: str, *months: Month) -> Any:
    facts = Facts.of(plan, date(2026, 3, 31))
    if kpi == "AGN":
        return facts.parts(kpi, unit, months[0], months[-1])
    return facts.value(kpi, unit, months[0], months[-1])


def test_a_first_order_counts_once_where_and_when_it_was_made() -> None:
    """K1 has bought since 2023; K2 under its name, its code and another spelling is one."""
    plan = plan_of(master())
    assert counted(plan, "FST", "C1", JANUARY, MARCH) == 2
    assert (counted(plan, "FST", "P2", JANUARY), counted(plan, "FST", "P2", FEBRUARY)) == (1, 1)
    assert counted(plan, "FST", "P1", JANUARY) == 0, "orders, none of them a first one: not blank"
    assert counted(plan, "FST", "C1", MARCH) == 0
    facts = Facts.of(plan, date(2026, 3, 31))
    found = facts.by("FST", "customer", JANUARY, MARCH)
    assert {name for name, value in found.items() if value} == {"K2", "浦川医药"}


def test_a_repurchase_is_an_order_day_after_another() -> None:
    plan = plan_of(master())
    assert counted(plan, "AGN", "C1", JANUARY) == (1, 2), "K1 since 2023; K2 for the first time"
    assert counted(plan, "AGN", "C1", FEBRUARY) == (1, 2), "K2 again, 浦川 for the first time"
    assert counted(plan, "AGN", "C1", MARCH) == (1, 1), "a return is no order"
    assert counted(plan, "AGN", "P2", FEBRUARY) == (1, 2)


def test_the_window_says_how_long_before_counts() -> None:
    window = {SETTING_ROW["repurchase_days"]: {"value": 30}}
    plan = plan_of(master(settings=window))
    assert plan.settings.repurchase_days == 30
    assert counted(plan, "AGN", "C1", JANUARY) == (0, 2), "K1's day of 2023 is too long ago"
    assert counted(plan, "AGN", "C1", FEBRUARY) == (1, 2)
    assert counted(plan, "AGN", "C1", MARCH) == (0, 1)


def test_a_first_order_that_only_the_list_knows_counts_in_the_year() -> None:
    """Before the order entered: on that day, with who trades. Without an order: with the owner."""
    known = [
        KNOWN[1] | {"since": date(2026, 1, 5)},
        {"code": "K3", "name": "晨帆网络", "owner": "P1", "since": date(2026, 2, 11)},
        {"code": "K4", "name": "无主", "since": date(2026, 2, 11)},
        {"code": "K5", "name": "老客户", "owner": "P1", "since": date(2024, 2, 11)},
    ]
    plan = plan_of(master(ORDERS[1:5], known=known))
    assert counted(plan, "FST", "P2", JANUARY) == 1
    assert counted(plan, "FST", "P1", FEBRUARY) == 1
    assert counted(plan, "FST", "C1", JANUARY, MARCH) == 3
    at = next(i for i, name in enumerate(plan.actuals.customer) if name == "晨帆网络")
    assert str(plan.actuals.place(at)) == "客户!H3"


def test_who_shares_an_order_shares_the_customer() -> None:
    shared = order(date(2026, 1, 22), "P1:60%; P2:40%", "浦川医药")
    plan = plan_of(master([shared, order(date(2026, 2, 3), "P1:60%; P2:40%", "浦川医药")]))
    assert (counted(plan, "FST", "P1", JANUARY), counted(plan, "FST", "P2", JANUARY)) == (
        D("0.6"),
        D("0.4"),
    )
    assert counted(plan, "FST", "C1", JANUARY) == 1
    assert counted(plan, "AGN", "C1", FEBRUARY) == (1, 1)


def test_without_a_list_the_names_tell() -> None:
    plan = plan_of(master(known=()))
    assert counted(plan, "FST", "C1", JANUARY, MARCH) == 4, "K2 and 海棠食品 are two names"


def test_what_is_entered_does_not_count_and_is_a_finding_where_it_differs() -> None:
    typed = {"day": "2026-01", "unit": "P2", "kpi": "FST", "value": 1.0}
    assert codes(master([*ORDERS, typed])) == []
    assert codes(master([*ORDERS, typed | {"value": 4.0}])) == [
        ("counted-as-typed-differs", "实绩!I10")
    ]
    rate = {"day": "2026-01", "unit": "P2", "kpi": "AGN", "numerator": 3.0, "denominator": 4.0}
    rows = master([*ORDERS, typed | {"value": 4.0}, rate])
    assert ("counted-as-typed-too", "实绩!J11") in codes(rows)
    plan = plan_of(rows)
    assert counted(plan, "FST", "C1", JANUARY) == 1
    assert counted(plan, "AGN", "C1", JANUARY) == (1, 2)
    assert plan.actuals.entered_rows == len(ORDERS)
    earlier = typed | {"day": "2025-11", "value": 9.0}
    assert codes(master([*ORDERS, earlier])) == [], "a month without orders has what was entered"


@pytest.mark.parametrize(
    ("kpi", "orders", "code"),
    [
        (FIRST | {"kind": "存量"}, ORDERS, "counted-as-not-of-customers"),
        (AGAIN, [ORDERS[-1]], "counted-as-without-orders"),
        (AGAIN | {"numerator": "REV", "denominator": "NEW"}, ORDERS, "counted-as-unused"),
    ],
)
def test_what_cannot_be_worked_out_is_named(
    kpi: dict[str, Any], orders: list[dict[str, Any]], code: str
) -> None:
    assert code in [one for one, _ in codes(master(orders, [kpi]))]


def test_explaining_names_the_customers() -> None:
    plan = plan_of(master())
    facts = Facts.of(plan, date(2026, 3, 31))
    company = plan.unit_by_code["C1"]

    def said(kpi: str, unit: Unit, *months: Month) -> dict[str, str]:
        found = customer_parts(facts, plan.kpi_by_code[kpi], unit, months[0], months[-1])
        return {one.code: text(one, "zh").strip() for one in found}

    names = "海棠食品 2026-01-21、浦川医药 2026-02-03"
    assert said("FST", company, JANUARY, MARCH) == {
        "explain-customers-first": f"首单客户 2026-01–2026-03, 2 个: {names}"
    }
    assert said("AGN", company, FEBRUARY) == {
        "explain-customers-again": "复购客户 2026-02, 1 个: 海棠食品",
        "explain-customers-once": "下单未复购 2026-02, 1 个: 浦川医药",
    }
    assert said("FST", plan.unit_by_code["P1"], JANUARY) == {}


def test_what_a_linked_source_counts_itself_holds() -> None:
    """Its groups of the KPI are taken as they are; of a KPI that it does not count, those beyond
    its largest customers are missing, and that is said.
    """
    typed = {"day": "2026-01", "unit": "P2", "kpi": "FST", "value": 9.0}
    plan = plan_of(master([*ORDERS, typed], [FIRST | {"counted_as": None}]))
    numbers = [FIRST_LINKED + row for row in plan.actuals.rows]
    marked = tuple(
        replace(kpi, counted_as=CountedAs.FIRST_ORDERS) if kpi.code == "FST" else kpi
        for kpi in plan.kpis
    )
    linked = replace(plan, kpis=marked, actuals=replace(plan.actuals, rows=numbers))
    assert with_customer_counts(linked) == (linked, [])
    assert counted(linked, "FST", "C1", JANUARY) == 9


def codes(rows: Rows) -> list[tuple[str, str]]:
    """What is said of the counted KPIs."""
    return [one for one in findings_of(rows) if one[0].startswith("counted-as")]


DAY = st.integers(0, 89).map(lambda days: date(2026, 1, 1) + timedelta(days))
BOUGHT = st.tuples(DAY, st.sampled_from("甲乙丙丁"), st.sampled_from(["P1", "P2"]))


@settings(max_examples=40, deadline=None)
@given(orders=st.lists(BOUGHT, min_size=1, max_size=25), within=st.sampled_from([0, 10, 45]))
def test_counts_are_those_of_the_definition(
    orders: list[tuple[date, str, str]], within: int
) -> None:
    rows = [order(day, unit, customer) for day, customer, unit in orders]
    window = {SETTING_ROW["repurchase_days"]: {"value": within}}
    plan = plan_of(master(rows, known=(), settings=window))
    days: dict[str, set[date]] = {}
    for day, customer, _ in orders:
        days.setdefault(customer, set()).add(day)
    for month in (JANUARY, FEBRUARY, MARCH):
        active = {one: {day for day in own if Month.of(day) == month} for one, own in days.items()}
        active = {one: own for one, own in active.items() if own}
        again = {
            one
            for one, own in active.items()
            if any(0 < (day - d).days <= (within or 999) for day in own for d in days[one])
        }
        first = sum(Month.of(min(own)) == month for own in days.values())
        assert counted(plan, "FST", "C1", month) == (first if active else None)
        shown = (len(again), len(active)) if active else None
        assert counted(plan, "AGN", "C1", month) == shown
