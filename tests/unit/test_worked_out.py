"""Gross margin and high-margin products, worked out from revenue by product and 产品."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.app.margin_parts import margin_parts
from salesplan.engine.actuals.facts import Facts
from salesplan.messages import text
from salesplan.plan.model import MICRO, Month, Plan
from tests.unit.masters import SOUND, Rows, edited, findings_of, read

D = Decimal
JANUARY, MARCH = Month(2026, 1), Month(2026, 3)
GOODS = [
    {"code": "A", "name": "A产品", "margin": 0.58},
    {"code": "B", "name": "B产品", "margin": 0.225},
]
MARGIN = {
    "code": "GM",
    "name": "毛利",
    "kind": "流量",
    "unit": "万元",
    "smallest_unit": 0.01,
    "target": 200.0,
    "counted_as": "毛利",
}
RATE = MARGIN | {"name": "毛利率", "kind": "比率", "unit": "%", "target": 0.4}
HIGH = RATE | {"name": "高毛利占比", "counted_as": "高毛利产品", "target": 0.6}


def sold(day: date | str, unit: str, product: str | None, value: float) -> dict[str, Any]:
    return {"day": day, "unit": unit, "kpi": "REV", "product": product, "value": value}


SALES = [
    sold(date(2026, 1, 20), "P1", "A产品", 20.01),
    sold(date(2026, 1, 21), "P1", "B", 10.5),
    sold(date(2026, 3, 20), "P2", " ａ产品 ", 25.5),
]


def master(
    kpi: dict[str, Any], sales: list[dict[str, Any]] | None = None, **more: list[dict[str, Any]]
) -> Rows:
    rows = edited({})
    rows["kpis"].append(kpi)
    rows["products"] = GOODS
    rows["actuals"] = SALES if sales is None else sales
    return rows | more


def plan_of(rows: Rows) -> Plan:
    return read(rows)[0]


def value(plan: Plan, unit: str, first: Month, last: Month) -> Decimal | None:
    return Facts.of(plan, date(2026, 3, 31)).value("GM", unit, first, last)


def test_a_flow_is_the_sum_of_amounts_times_margins_at_every_unit() -> None:
    plan = plan_of(master(MARGIN))
    assert value(plan, "P1", JANUARY, JANUARY) == D("20.01") * D("0.58") + D("10.5") * D("0.225")
    assert value(plan, "P2", MARCH, MARCH) == D("14.79"), "its name in another width and spacing"
    assert value(plan, "C1", JANUARY, MARCH) == D("28.7583")


def test_a_ratio_is_the_margin_of_the_whole_and_not_a_mean_of_margins() -> None:
    plan = plan_of(master(RATE))
    assert value(plan, "C1", JANUARY, MARCH) == pytest.approx(D("28.7583") / D("56.01"))


def test_the_share_of_high_margin_products_goes_by_the_setting_or_the_product() -> None:
    plan = plan_of(master(HIGH))
    assert value(plan, "P1", JANUARY, JANUARY) == pytest.approx(D("20.01") / D("30.51"))
    goods = [GOODS[0], GOODS[1] | {"high_margin": "是"}]
    assert value(plan_of(master(HIGH, products=goods)), "P1", JANUARY, JANUARY) == 1


def test_amounts_in_another_unit_are_counted_in_the_kpis_own() -> None:
    plan = plan_of(master(MARGIN | {"unit": "元", "target": 2e6}))
    assert value(plan, "C1", JANUARY, MARCH) == 287583


def test_the_checks_of_entered_rows_do_not_look_at_worked_out_ones() -> None:
    sales = [*SALES, sold(date(2026, 3, 3), "P1", "A", -2.0)]
    assert [one for one in findings_of(master(MARGIN, sales)) if one[0] == "actual-negative"] == [
        ("actual-negative", "实绩!I5")
    ]
    plan = plan_of(master(MARGIN, sales))
    assert (len(plan.actuals), plan.actuals.entered, len(plan.actuals.as_entered)) == (8, 4, 4)


def test_rows_typed_for_a_month_that_is_worked_out_do_not_count() -> None:
    typed = [
        {"day": "2026-01", "unit": "P1", "kpi": "GM", "value": 99.0},
        {"day": "2026-02", "unit": "P1", "kpi": "GM", "value": 7.0},
    ]
    plan, found = read(master(MARGIN, [*SALES, *typed]))
    assert value(plan, "P1", JANUARY, JANUARY) == D("13.9683")
    assert value(plan, "P1", Month(2026, 2), Month(2026, 2)) == 7
    assert [(one.code, str(one.place)) for one in found] == [("counted-as-typed", "实绩!C5")]


@pytest.mark.parametrize(
    ("kpi", "sales", "goods", "expected"),
    [
        (
            MARGIN,
            [*SALES, sold("2026-02", "P1", "C", 5.0), sold("2026-02", "P2", "C", 1.0)],
            GOODS,
            [("counted-as-product-unknown", "实绩!D5")],
        ),
        (
            MARGIN,
            [*SALES, sold("2026-02", "P1", None, 5.0)],
            GOODS,
            [("counted-as-product-blank", "实绩!D5")],
        ),
        (
            MARGIN,
            SALES,
            [GOODS[0], {"code": "B", "name": "B产品"}],
            [("counted-as-without-margin", "产品!C3")],
        ),
        (MARGIN | {"kind": "存量"}, SALES, GOODS, [("counted-as-of-kind", "指标!S5")]),
        (MARGIN, SALES, [], [("counted-as-without-products", "指标!S5")]),
        (
            MARGIN | {"denominator": "NEW", "kind": "比率", "numerator": "REV"},
            SALES,
            GOODS,
            [("counted-as-unused", "指标!S5")],
        ),
        (MARGIN | {"denominator": "REP"}, SALES, GOODS, [("counted-as-without-source", "指标!S5")]),
    ],
    ids=["unknown", "blank", "no margin", "kind", "no products", "parts", "no source"],
)
def test_what_cannot_be_worked_out_is_said_at_its_cell(
    kpi: dict[str, Any],
    sales: list[dict[str, Any]],
    goods: list[dict[str, Any]],
    expected: list[tuple[str, str]],
) -> None:
    _, found = read(master(kpi, sales, products=goods))
    assert [(one.code, str(one.place)) for one in found] == expected


def test_the_paper_shows_each_product_and_the_sum() -> None:
    plan = plan_of(master(RATE, [*SALES, sold("2026-02", "P1", "C", 5.0)]))
    facts, kpi, unit = Facts.of(plan, date(2026, 3, 31)), plan.kpi_by_code["GM"], plan.unit_by_code
    paper = list(margin_parts(facts, kpi, unit["C1"], JANUARY, MARCH))
    assert [one.code for one in paper] == [
        *["explain-margin"] * 3,
        "explain-margin-left-out",
        "explain-margin-rate",
    ]
    assert [text(one, "zh").strip() for one in paper] == [
        "A产品: 20.01 × 58% = 11.6058",
        "A产品: 25.5 × 58% = 14.79",
        "B产品: 10.5 × 22.5% = 2.3625",
        "C: 5 没有毛利率, 不计入",
        "实绩 2026-01–2026-03: 28.7583 ÷ 56.01 = 51.3%",
    ]


amounts = st.integers(min_value=-(10**9), max_value=10**9).map(lambda n: D(n) / 10**6)


@settings(deadline=None, max_examples=30)
@given(
    sales=st.lists(
        st.tuples(st.sampled_from(["P1", "P2"]), st.integers(1, 3), st.sampled_from("AB"), amounts),
        min_size=1,
        max_size=25,
    ),
    margins=st.tuples(*[st.integers(-9999, 10000).map(lambda n: D(n) / 10000)] * 2),
)
def test_sums_are_those_of_the_exact_parts(
    sales: list[tuple[str, int, str, Decimal]], margins: tuple[Decimal, Decimal]
) -> None:
    """The whole is rounded once; a unit's month is off by less than one millionth."""
    rows = [
        sold(f"2026-{month:02d}", unit, name, float(amount)) for unit, month, name, amount in sales
    ]
    goods = [one | {"margin": float(margin)} for one, margin in zip(GOODS, margins, strict=True)]
    plan = plan_of(master(MARGIN, rows, products=goods))
    own, exact = dict(zip("AB", margins, strict=True)), D(0)
    for unit in ("P1", "P2"):
        for month in (1, 2, 3):
            due = sum((v * own[p] for u, m, p, v in sales if (u, m) == (unit, month)), D(0))
            exact += due
            got = value(plan, unit, Month(2026, month), Month(2026, month))
            assert abs((got or 0) - due) < D(1) / MICRO
    whole = value(plan, "C1", JANUARY, MARCH)
    assert whole is not None
    assert abs(whole - exact.quantize(D("0.000001"), ROUND_HALF_UP)) <= D("0.000001")


def test_a_flow_s_paper_ends_with_its_sum() -> None:
    plan = plan_of(master(MARGIN))
    facts, kpi = Facts.of(plan, date(2026, 3, 31)), plan.kpi_by_code["GM"]
    *_, last = margin_parts(facts, kpi, plan.unit_by_code["P1"], JANUARY, JANUARY)
    assert last.code == "explain-margin-sum"
    assert text(last, "en").strip() == "actual 2026-01: 13.9683 in all"


def test_a_plan_without_such_a_kpi_is_as_it_was() -> None:
    plan = plan_of(SOUND)
    assert plan.actuals.entered is None and plan.actuals.as_entered is plan.actuals
