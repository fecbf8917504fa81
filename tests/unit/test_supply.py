"""Prospects against new customers, and targets by product against what can be made."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from salesplan.engine import Results, compute, cut_off
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.prospects import Pool
from salesplan.findings import Finding
from salesplan.messages import text
from salesplan.plan.model import MICRO, Month, Plan
from tests.unit.masters import Rows, edited, read

D = Decimal
TOLD = ("prospects-short", "product-above-capacity", "product-delivered-late")


def run(rows: Rows) -> tuple[Plan, Results, list[Finding]]:
    plan, _ = read(rows)
    cutoff, _ = cut_off(plan, today=date(2026, 12, 31))
    results = compute(plan, month=cutoff.month, as_of=cutoff.day)
    return plan, results, [one for one in results.findings if one.code in TOLD]


# -- prospects


def won(unit: str, count: int) -> dict[str, Any]:
    return {"day": "2026-02", "unit": unit, "kpi": "NEW", "value": count}


def pool(unit: str, month: str, count: int | None = None, **more: Any) -> dict[str, Any]:
    return {"unit": unit, "month": month, "count": count, **more}


def with_prospects(*prospects: dict[str, Any], **kpi: Any) -> Rows:
    """20 new customers a year, by working days; 4 by P1 and 1 by P2 up to the end of March."""
    rows = edited({"kpis": {3: {"counted_as": "新客户"} | kpi}})
    rows["actuals"] += [won("P1", 4), won("P2", 1)]
    return rows | {"prospects": list(prospects)}


def needs(one: Pool) -> list[tuple[Decimal | None, int, int | None, int]]:
    return [(n.to_go, n.there, n.needed, n.gap) for n in one.needs if n is not None]


def test_needed_is_to_go_by_the_rate_so_far_by_unit_and_quarter() -> None:
    """T1 has 12 of the 20 and won 4 out of 20: 5 prospects for each new customer."""
    _, results, found = run(
        with_prospects(
            pool("T1", "2026-02", 20), pool("T1", "2026-05", 12), pool("T1", "2026-12", 20)
        )
    )
    one = results.prospects["T1"]
    assert (one.won, one.used, one.rate, one.there) == (4, 20, D("0.2"), 32)
    quarters = {n.number: n.to_go for n in one.needs if n is not None and n.to_go is not None}
    assert [n is None for n in one.needs] == [True, False, False, False], "the first is over"
    assert needs(one) == [
        (to_go, there, 5 * int(to_go), max(5 * int(to_go) - there, 0))
        for to_go, there in zip(quarters.values(), (12, 0, 20), strict=True)
    ]
    assert [(one.code, str(one.place)) for one in found] == [("prospects-short", "组织!A3")]


def test_a_single_one_is_there_until_it_is_won_or_lost_and_counts_for_all_above() -> None:
    """The one of February is late, and there in the running quarter."""
    _, results, _ = run(
        with_prospects(
            pool("P1", "2026-02", name="甲"),
            pool("P1", "2026-06", name="乙", state="跟进中"),
            pool("P1", "2026-02", name="丙", state="已成交"),
            pool("P1", "2026-09", name="丁", state="已放弃"),
        )
    )
    for unit in ("P1", "T1", "C1"):
        one = results.prospects[unit]
        assert (one.used, one.there) == (2, 2), unit
        assert [n.there for n in one.needs if n is not None] == [2, 0, 0]


def test_a_unit_with_few_goes_by_the_rate_above() -> None:
    _, results, _ = run(
        with_prospects(
            pool("P1", "2026-01", 16), pool("P2", "2026-01", 4), pool("P2", "2026-07", 9)
        )
    )
    assert results.prospects["P1"].rate == D("0.25")
    assert (results.prospects["P2"].rate, results.prospects["P2"].rate_of) == (D("0.25"), "C1")


def test_a_typed_win_rate_comes_before_the_rate_so_far() -> None:
    _, results, _ = run(
        with_prospects(pool("T1", "2026-02", 20), pool("T1", "2026-05", 6, rate=0.5))
    )
    one = results.prospects["T1"].needs[1]
    assert one is not None and one.rate == D("0.5") and one.to_go is not None
    assert one.needed == 2 * int(one.to_go)


def test_without_a_rate_nothing_is_said_to_be_needed() -> None:
    _, results, found = run(with_prospects(pool("T1", "2026-05", 6)))
    one = results.prospects["T1"].needs[1]
    assert one is not None and (one.there, one.rate, one.needed, one.gap) == (6, None, None, 0)
    assert not found


def test_the_lowest_unit_that_counts_is_named_and_none_above_it() -> None:
    _, _, found = run(with_prospects(pool("T1", "2026-02", 20), pool("P2", "2026-02", 2)))
    assert [str(one.place) for one in found] == ["组织!A3", "组织!A6"]


def test_only_a_flow_that_is_said_to_be_new_customers_is_held_against() -> None:
    rows = with_prospects(pool("T1", "2026-05", 6), counted_as=None)
    plan, results, _ = run(rows)
    assert not results.prospects
    told = [one for one in results.findings if one.code == "prospects-without-kpi"]
    assert [str(one.place) for one in told] == ["潜客!A2"]
    assert len(plan.prospects) == 1


# -- products

A = {"code": "A", "name": "A", "list_price": 0.5, "capacity_month": 44.0, "delivery_days": 20.0}


def with_products(*products: dict[str, Any], **more: list[dict[str, Any]]) -> Rows:
    """A has 240 of the 500 of revenue."""
    rows = edited({})
    rows["targets"].append(
        {"kpi": "REV", "unit": "C1", "product": "A", "manual_year": 240.0, "reason": "主推"}
    )
    return rows | {"products": list(products)} | more


def test_a_target_of_money_asks_for_pieces_by_the_list_price() -> None:
    _, results, found = run(with_products(A))
    (load,) = results.loads
    months = results.products.targets["REV", "C1", "A"].months if results.products else ()
    assert [one.pieces for one in load.months] == [2 * (month or 0) for month in months[3:]]
    assert load.months[0].name == "2026-04", "months that are over ask nothing"
    assert load.quarters[0].capacity == 132
    (told,) = found
    assert (told.code, str(told.place)) == ("product-above-capacity", "产品!E2")
    assert [one.name for one in load.short] == ["2026-12"]
    assert "2026-12" in text(told, "zh")


def test_a_kpi_that_counts_pieces_needs_no_price() -> None:
    rows = edited(
        {
            "kpis": {
                5: {"code": "QTY", "name": "销量", "kind": "流量", "unit": "件", "target": 1200.0}
            }
        }
    )
    rows["targets"].append({"kpi": "QTY", "unit": "C1", "product": "A", "manual_year": 600.0})
    rows["products"] = [A | {"list_price": None, "capacity_month": None, "capacity_quarter": 100.0}]
    _, results, found = run(rows)
    assert [(load.kpi, load.months[0].capacity) for load in results.loads] == [("QTY", None)]
    assert [str(one.place) for one in found] == ["产品!F2"]


@pytest.mark.parametrize(
    "product",
    [A | {"list_price": None}, A | {"capacity_month": None}, A | {"code": "B", "name": "B"}],
    ids=["no price", "no capacity", "no target"],
)
def test_what_cannot_be_told_is_not_said(product: dict[str, Any]) -> None:
    _, results, found = run(with_products(product))
    assert (results.loads, found) == ((), [])


def test_deals_that_are_won_too_late_to_be_delivered_in_their_quarter_are_named() -> None:
    deal = {"unit": "P1", "kpi": "REV", "product": "A", "amount": 3.0, "stage": "方案报价"}
    deals = [
        deal | {"code": "D1", "due": date(2026, 6, 10)},
        deal | {"code": "D2", "due": date(2026, 6, 11)},
        deal | {"code": "D3", "due": date(2026, 6, 30), "product": "B"},
        deal | {"code": "D4", "due": date(2026, 6, 30), "stage": "输单"},
        deal | {"code": "D5", "due": date(2026, 3, 30)},
    ]
    _, _, found = run(with_products(A | {"capacity_month": None}, deals=deals))
    (told,) = found
    assert (told.code, str(told.place)) == ("product-delivered-late", "产品!G2")
    assert (told.params["deals"], told.params["latest"]) == (("D2",), date(2026, 6, 10))


# -- who may see what


def test_a_part_does_not_learn_the_rate_of_a_unit_above_it() -> None:
    rows = with_prospects(
        pool("P1", "2026-01", 16), pool("P2", "2026-02", 4), pool("T2", "2026-07", 9)
    )
    plan, results, _ = run(rows)
    assert results.prospects["T2"].rate_of == "C1"
    own = part_of(Whole(plan, results), "T2", ()).results.prospects["T2"]
    assert (own.rate, own.there) == (None, 9)
    assert all(one is None or (one.rate, one.needed) == (None, None) for one in own.needs)


def test_a_part_s_gross_margin_does_not_tell_the_margins_of_products() -> None:
    """Its figures are those of the whole; what is behind them is one row a unit and month."""
    rows = with_products(A | {"margin": 0.6}, {"code": "B", "name": "B", "margin": 0.1}, deals=[])
    rows["kpis"].append(
        {"code": "GM", "name": "毛利率", "kind": "比率", "unit": "%", "counted_as": "毛利"}
    )
    rows["actuals"] += [
        {"day": date(2026, 3, 2), "unit": "P1", "kpi": "REV", "product": name, "value": 10.0}
        for name in ("A", "B", "A")
    ]
    plan, results, _ = run(rows)
    part = part_of(Whole(plan, results), "T1", ())
    own = part.plan.actuals
    assert own.entered is not None
    assert [
        (own.month[at], own.product[at], own.numerator[at], own.denominator[at])
        for at in range(own.entered, len(own))
    ] == [
        (Month(2026, 1), "", 12 * MICRO, 20 * MICRO),
        (Month(2026, 3), "", 13 * MICRO, 30 * MICRO),
    ]
    facts, whole = Facts.of(part.plan, results.as_of), Facts.of(plan, results.as_of)
    span = (Month(2026, 1), Month(2026, 3))
    assert facts.value("GM", "T1", *span) == whole.value("GM", "T1", *span) == D("0.5")


def test_a_part_has_its_own_prospects_and_no_margin_or_capacity() -> None:
    rows = with_products(A | {"margin": 0.5}) | {
        "prospects": [pool("P1", "2026-05", 6), pool("T2", "2026-05", 7, name="别人的")]
    }
    rows["kpis"][1] = rows["kpis"][1] | {"counted_as": "新客户"}
    plan, results, _ = run(rows)
    part = part_of(Whole(plan, results), "T1", results.findings)
    assert [one.unit for one in part.plan.prospects] == ["P1"]
    assert set(part.results.prospects) == {"T1", "P1"}
    (product,) = part.plan.products
    assert (product.name, product.list_price, product.delivery_days) == ("A", D("0.5"), 20)
    assert (product.margin, product.capacity_month, product.high_margin) == (None, None, None)
    assert part.results.loads == ()
    assert not [one for one in part.findings if one.code == "product-above-capacity"]
