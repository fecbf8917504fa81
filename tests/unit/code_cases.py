"""For each code that a master can cause: the edits of the sound master that cause it, and where it
is said.

The codes of the plan's own checks have their cases in test_checks; those of files, saving, imports
and programs in the tests of these (see test_every_code).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from salesplan.workbook.read.cells import NO_RESULT, ErrorValue
from tests.unit.masters import SETTING_ROW, setting_cell, settings_edit

D = date
Edits = dict[str, dict[int, dict[str, Any]]]


def both(*edits: Edits) -> Edits:
    """Edits together; of one cell the last."""
    merged: Edits = {}
    for edit in edits:
        for key, rows in edit.items():
            for row, cells in rows.items():
                merged.setdefault(key, {}).setdefault(row, {}).update(cells)
    return merged


MARGIN: dict[str, Any] = {
    "code": "GM",
    "name": "毛利",
    "kind": "流量",
    "unit": "万元",
    "counted_as": "毛利",
}
GOODS: Edits = {"products": {2: {"code": "A", "name": "A产品", "margin": 0.5}}}


def margin(**cells: Any) -> Edits:
    """A KPI that is worked out from products, of which A alone is known."""
    return both(GOODS, {"kpis": {5: MARGIN | cells}})


POOL: dict[str, Any] = {"unit": "T1", "month": "2026-05", "count": 2.0}
PIECES: dict[str, Any] = {"list_price": 0.5, "capacity_month": 3.0}
A_TARGET: Edits = {
    "targets": {
        4: {"kpi": "REV", "unit": "C1", "product": "A", "manual_year": 300.0, "reason": "x"}
    }
}


def weights(*values: float) -> Edits:
    return {
        "seasonality": {row: {"manual_weight": value} for row, value in enumerate(values, start=2)}
    }


def target(row: int, kpi: str = "REV", unit: str = "T1", **cells: Any) -> Edits:
    return {"targets": {row: {"kpi": kpi, "unit": unit, "reason": "x", **cells}}}


def manual(*values: float) -> dict[str, Any]:
    return {f"manual{month}": value for month, value in enumerate(values, start=1)}


def stored(*values: float) -> dict[str, Any]:
    return {f"month{month}": value for month, value in enumerate(values, start=1)}


def unit(row: int, **cells: Any) -> Edits:
    return {"units": {row: cells}}


def line(row: int, code: str, **cells: Any) -> Edits:
    return {"budget": {row: {"code": code, "category": "获客", "region": "重点区域", **cells}}}


def rule(kind: str, **cells: Any) -> Edits:
    return {"triggers": {2: {"code": "W1", "kind": kind, **cells}}}


FIRST: dict[str, Any] = {
    "code": "FST",
    "name": "首单客户",
    "kind": "流量",
    "unit": "个",
    "target": 12.0,
    "smallest_unit": 1.0,
    "counted_as": "首单客户",
}


def first_orders(**kpi: Any) -> Edits:
    """A KPI counted from customers' orders, and an order in January."""
    return {"kpis": {5: FIRST | kpi}, "actuals": {2: {"customer": "东屿精工"}}}


ORDERED: Edits = {
    "actuals": {
        row: {"day": D(2026, 1, day), "unit": "P1", "kpi": "REV", "customer": "东屿", "value": 1.0}
        for row, day in ((5, 5), (6, 9), (7, 14))
    }
}
"""Three orders of one customer, the last in January."""

PRICED: Edits = {
    "products": {2: {"code": "A", "name": "A", "list_price": 2.0}},
    "actuals": {
        5: {
            "day": D(2026, 3, 6),
            "unit": "P1",
            "kpi": "REV",
            "product": "A",
            "quantity": 10.0,
            "value": 15.0,
        }
    },
}


def seen(**changed: Any) -> Edits:
    """A competitor as it was in February, and what of it had changed in March."""
    was = {"name": "启明", "price": 1.2, "channel": "直销", "reputation": "好", "score": 8.0}
    return {
        "competitors": {
            2: {**was, "day": D(2026, 2, 2)},
            3: {**was, **changed, "day": D(2026, 3, 16)},
        }
    }


LATE: Edits = {"tasks": {3: {"due": D(2026, 3, 20)}}}
SPENT: Edits = {"spending": {2: {"amount": 20.0}}}


def task(row: int, code: str, **cells: Any) -> Edits:
    return {
        "tasks": {row: {"code": code, "content": code, "strategy": "S1", "owner": "P1", **cells}}
    }


def actual(row: int, **cells: Any) -> Edits:
    return {"actuals": {row: {"day": D(2026, 3, 20), "unit": "P1", "kpi": "REV", **cells}}}


OVERLAY: dict[str, Any] = {
    "code": "SE",
    "name": "售前",
    "level": "个人",
    "parent": "T1",
    "overlay": "是",
    "email": "se@example.com",
}


def overlay(**cells: Any) -> Edits:
    """An overlay unit with a target row of its own."""
    return both(unit(7, **OVERLAY), target(4, unit="SE", **cells))


def of_second_team(value: float) -> Edits:
    """What the other team sold in March, whose target is 15.41; the first one, of 23.12, sold
    nothing.
    """
    return actual(3, unit="P2", product="B", value=value)


def product_row(
    kpi: str = "REV", unit: str = "T1", name: str = "A", **cells: Any
) -> dict[str, Any]:
    return {"kpi": kpi, "unit": unit, "product": name, "reason": "x", **cells}


def product(kpi: str = "REV", unit: str = "T1", name: str = "A", **cells: Any) -> Edits:
    """A row of 目标分解 that names a product."""
    return {"targets": {4: product_row(kpi, unit, name, **cells)}}


UNFIT: Edits = {
    "targets": {
        4: product_row("NEW", "T2", manual6=5.0),
        5: product_row("NEW", "C1", manual_quarter1=4.0),
    }
}
"""A month typed for a unit that is more than its own: the other years cannot all be had."""
NO_MANUAL: Edits = {"targets": {3: {"manual_year": None, "reason": None}}}
NEWCOMERS: Edits = {
    "units": {
        row: {
            "code": f"P{row}",
            "name": f"人{row}",
            "level": "个人",
            "parent": "T1",
            "coefficient": 0.1,
            "email": "x@example.com",
            "joined": D(2026, 3, 2),
        }
        for row in range(7, 13)
    }
}
ODD_AMOUNTS: Edits = {
    "budget": {
        row: {
            "code": f"B{row}",
            "category": "获客",
            "region": "重点区域",
            "least": None,
            "requested": round(1 + row * row * 0.1237 % 1, 4),
            "expected_return": round(1.5 + row * row * 0.1237 % 1, 4),
        }
        for row in range(2, 120)
    }
}
"""Amounts with no common measure, each worth little more than it costs: the hardest there are for a
knapsack.
"""

DROPPED = {
    "budget-shares-missing": frozenset({"category_shares"}),
    "actuals-none": frozenset({"actuals"}),
}
"""Tables that a case's master does not have at all."""

EURO = {"currency": "EUR", "since": D(2026, 1, 1), "rate": 7.8}

CASES: tuple[tuple[str, Edits, str], ...] = (
    # credit
    ("credit-unreadable", actual(5, unit="P1:大部分; P2:其余", value=1.0), "实绩!B5"),
    ("credit-not-whole", actual(5, unit="P1:60%; P2:30%", value=1.0), "实绩!B5"),
    ("credit-rows-not-whole", actual(5, share=0.6, value=1.0), "实绩!N5"),
    ("credit-unit-twice", actual(5, unit="P1:60%; P1:40%", value=1.0), "实绩!B5"),
    ("credit-twice-said", actual(5, unit="P1:60%; P2:40%", share=0.6, value=1.0), "实绩!B5"),
    ("credit-not-divisible", actual(5, unit="P1:60%; P2:40%", kpi="REP", value=0.5), "实绩!B5"),
    # cells
    ("cell-error-value", {"kpis": {2: {"target": ErrorValue("#DIV/0!")}}}, "指标!K2"),
    ("formula-without-result", {"kpis": {2: {"target": NO_RESULT}}}, "指标!K2"),
    ("number-as-text", {"kpis": {2: {"target": "500"}}}, "指标!K2"),
    ("number-with-unit", {"kpis": {2: {"target": "12万"}}}, "指标!K2"),
    ("number-too-large", {"kpis": {2: {"target": 1e18}}}, "指标!K2"),
    ("text-not-number", {"kpis": {2: {"target": "很多"}}}, "指标!K2"),
    ("date-instead-of-number", {"kpis": {2: {"target": D(2026, 1, 1)}}}, "指标!K2"),
    ("priority-as-word", {"tasks": {3: {"priority": "高"}}}, "行动计划!G3"),
    ("not-whole", {"tasks": {3: {"priority": 1.5}}}, "行动计划!G3"),
    ("percent-as-number", {"units": {3: {"coefficient": 60.0}}}, "组织!G3"),
    ("percent-beyond-whole", {"tasks": {3: {"progress": 150.0}}}, "行动计划!O3"),
    ("percent-out-of-range", {"units": {3: {"coefficient": 6000.0}}}, "组织!G3"),
    (
        "percents-unreadable",
        {"units": {5: {"joined": D(2026, 1, 5), "ramp_up": "一半"}}},
        "组织!K5",
    ),
    ("date-as-text", {"tasks": {3: {"due": "2026年4月20日"}}}, "行动计划!J3"),
    ("text-not-date", {"tasks": {3: {"due": "四月底"}}}, "行动计划!J3"),
    ("serial-as-date", {"tasks": {3: {"due": 46132.0}}}, "行动计划!J3"),
    ("number-instead-of-date", {"tasks": {3: {"due": 12.0}}}, "行动计划!J3"),
    ("text-not-month", {"changes": {2: {"effective": "下月"}}}, "变更记录!H2"),
    ("choice-unknown", {"kpis": {2: {"kind": "流水"}}}, "指标!C2"),
    ("flag-unknown", {"calendar": {2: {"working": "也许"}}}, "日历!B2"),
    ("required-blank", {"kpis": {2: {"name": None}}}, "指标!B2"),
    ("duplicate-code", {"kpis": {3: {"code": "REV"}}}, "指标!A3"),
    ("actuals-none", {}, setting_cell("month")),
    ("month-number-outside", {"seasonality": {2: {"month": 13}}}, "季节系数!B2"),
    (
        "more-of-the-same",
        {
            "actuals": {
                row: {"day": D(2026, 3, 1), "unit": f"X{row}", "kpi": "REV", "value": 5.0}
                for row in range(5, 35)
            }
        },
        "实绩!B25",
    ),
    ("month-without-year", {"changes": {2: {"effective": "3月"}}}, "变更记录!H2"),
    (
        "header-unit-differs",
        {"changes": {2: {"subject": "REV", "field": "公司年度目标(元)"}}},
        "变更记录!E2",
    ),
    ("year-missing", settings_edit(year=None), setting_cell("year")),
    (
        "setting-unknown",
        {"settings": {SETTING_ROW["year"]: {"name": "计划年"}}},
        setting_cell("year", "A"),
    ),
    ("setting-out-of-range", settings_edit(year=1026), setting_cell("year")),
    (
        "explain-range-unreadable",
        settings_edit(explain_range="110%-90%"),
        setting_cell("explain_range"),
    ),
    (
        "setting-retired",
        {"settings": {SETTING_ROW["score_cap"]: {"name": "进度绿灯", "value": "-5%"}}},
        setting_cell("score_cap", "A"),
    ),
    ("rhythm-unreadable", {"kpis": {2: {"rhythm": "前松后紧"}}}, "指标!R2"),
    ("language-unknown", settings_edit(lang="法语"), setting_cell("lang")),
    (
        "report-link-unusable",
        settings_edit(report_link="http://share.example.com/reports"),
        setting_cell("report_link"),
    ),
    (
        "time-zone-unknown",
        settings_edit(time_zone="Mars/Base"),
        setting_cell("time_zone"),
    ),
    (
        "actual-in-future",
        both(settings_edit(as_of=None, month=None), actual(5, day=D(2062, 1, 5), value=5.0)),
        "实绩!A5",
    ),
    ("month-after-data", settings_edit(month="2026-06"), setting_cell("month")),
    ("country-assumed", settings_edit(lang="en"), setting_cell("country")),
    (
        "month-before-data",
        settings_edit(month="2026-03", as_of=date(2025, 12, 31)),
        setting_cell("month"),
    ),
    ("month-outside-plan", settings_edit(month="2025-12"), setting_cell("month")),
    # goals
    (
        "calendar-estimated",
        both(settings_edit(year=2029, as_of=D(2029, 3, 31), month=None)),
        setting_cell("year"),
    ),
    ("calendar-country-unknown", settings_edit(country="XX"), setting_cell("country")),
    ("ramp-up-without-joined", unit(5, ramp_up="50%,80%"), "组织!K5"),
    ("season-weight-negative", weights(-0.1), "季节系数!F2"),
    (
        "season-not-used",
        {"seasonality": {14: {"kpi": "REP", "month": 1, "manual_weight": 0.5}}},
        "季节系数!A14",
    ),
    ("season-weights-over", weights(0.6, 0.6), "季节系数!F2"),
    ("season-weights-zero", weights(*[0.0] * 12), "季节系数!F2"),
    ("season-weights-scaled", weights(*[0.1] * 12), "季节系数!F2"),
    ("season-year-incomplete", {"seasonality": {5: {"history3": None}}}, "季节系数!E5"),
    ("season-few-years", {}, "季节系数!C2"),
    ("season-history-unusable", {"seasonality": {2: {"history3": -900.0}}}, "季节系数!C2"),
    (
        "season-by-working-days",
        {
            "kpis": {
                5: {
                    "code": "PAY",
                    "name": "回款",
                    "kind": "流量",
                    "unit": "万元",
                    "weight": 0.0,
                    "target": 5.0,
                }
            }
        },
        "指标!A5",
    ),
    ("target-vacant", unit(5, joined=D(2026, 7, 1)), "组织!I5"),
    ("coefficient-coverage", unit(4, coefficient=0.3), "组织!G3"),
    (
        "target-rates-differ",
        both(
            target(4, "REP", "T1", manual_year=0.7),
            target(5, "REP", "T2", manual_year=0.4),
            {
                "actuals": {
                    5: {
                        "day": "2026-02",
                        "unit": "P2",
                        "kpi": "REP",
                        "numerator": 30,
                        "denominator": 60,
                    }
                }
            },
        ),
        "目标分解!E4",
    ),
    (
        "target-weighted",
        both(
            target(4, "REP", "C1"),
            target(5, "REP", "T1", manual_year=0.7),
            target(6, "REP", "T2", manual_year=0.4),
            {
                "actuals": {
                    5: {
                        "day": "2026-02",
                        "unit": "P2",
                        "kpi": "REP",
                        "numerator": 30,
                        "denominator": 60,
                    }
                }
            },
        ),
        "目标分解!AE4",
    ),
    (
        "coefficient-all-blank",
        {"units": {3: {"coefficient": None}, 4: {"coefficient": None}}},
        "组织!G3",
    ),
    (
        "coefficient-nothing-left",
        both(unit(3, coefficient=1.0), unit(4, coefficient=None)),
        "组织!G4",
    ),
    (
        "coefficient-blank-over",
        both(unit(3, coefficient=1.2), unit(4, coefficient=None)),
        "组织!G4",
    ),
    ("coefficient-negative", unit(4, coefficient=-0.1), "组织!G4"),
    ("last-year-unknown", target(4, "NEW", "T1", method="上年占比"), "目标分解!D4"),
    (
        "last-year-negative",
        both(
            target(4, "NEW", "T1", method="上年占比"),
            {
                "actuals": {
                    5: {"day": date(2025, 3, 2), "unit": "T1", "kpi": "NEW", "value": -4.0},
                    6: {"day": date(2025, 3, 2), "unit": "T2", "kpi": "NEW", "value": 9.0},
                }
            },
        ),
        "目标分解!D4",
    ),
    ("cascade-no-company", {"units": {2: {"level": "团队", "parent": "T9"}}}, "组织!D2"),
    ("cascade-several-companies", {"units": {3: {"level": "公司", "parent": None}}}, "组织!D3"),
    ("kpi-smallest-unit", {"kpis": {2: {"smallest_unit": 0.0}}}, "指标!F2"),
    ("target-not-multiple", {"kpis": {3: {"target": 20.5}}}, "指标!K3"),
    ("target-no-base", {"kpis": {4: {"basis": "提升量", "base": None}}}, "指标!N4"),
    ("target-company-differs", target(2, unit="C1", manual_year=600.0), "目标分解!E2"),
    (
        "target-company-months-differ",
        target(2, unit="C1", manual_year=None, **manual(*[10.0] * 12)),
        "目标分解!B2",
    ),
    ("target-months-differ", target(3, manual_year=300.0, **manual(*[10.0] * 12)), "目标分解!E3"),
    (
        "target-last-month-differs",
        both(
            {"kpis": {3: {"kind": "存量"}}}, target(4, "NEW", "T1", manual_year=10.0, manual12=9.0)
        ),
        "目标分解!E4",
    ),
    ("target-months-beyond-year", target(3, manual_year=300.0, manual1=400.0), "目标分解!E3"),
    ("target-manual-missing", target(4, "NEW", "T1", method="手工"), "目标分解!D4"),
    ("target-lock-empty", target(4, "NEW", "T1", lock="年"), "目标分解!F4"),
    (
        "target-lock-months-ignored",
        target(4, "NEW", "T1", manual_year=11.0, lock="月", base_year=12.0, **stored(*[1.0] * 12)),
        "目标分解!F4",
    ),
    (
        "target-lock-rehedged",
        both(
            unit(3, hedge=0.3),
            target(4, "NEW", "T1", lock="月", base_year=12.0, **stored(*[1.0] * 12)),
        ),
        "目标分解!F4",
    ),
    ("target-locked-above-parent", target(3, manual_year=600.0, lock="年"), "目标分解!E3"),
    (
        "target-no-one-left",
        both(target(3, manual_year=100.0, lock="年"), target(4, "REV", "T2", manual_year=100.0)),
        "目标分解!E3",
    ),
    (
        "target-locked-above-month",
        both({"kpis": {3: {"kind": "存量"}}}, target(4, "NEW", "T1", manual1=25.0, lock="月")),
        "目标分解!AJ4",
    ),
    (
        "target-no-one-left-month",
        both(
            {"kpis": {3: {"kind": "存量"}}},
            target(4, "NEW", "T1", manual1=5.0, lock="月"),
            target(5, "NEW", "T2", manual1=5.0),
        ),
        "目标分解!AJ4",
    ),
    (
        "target-months-unfit",
        both(
            unit(3, joined=D(2026, 7, 1), coefficient=0.5),
            unit(4, coefficient=0.5),
            target(3, manual_year=300.0, lock="年"),
        ),
        "目标分解!E3",
    ),
    ("target-typed-above-parent", target(3, manual_year=600.0), "目标分解!E3"),
    (
        "target-typed-short",
        both(target(3, manual_year=100.0), target(4, "REV", "T2", manual_year=100.0)),
        "目标分解!E3",
    ),
    (
        "target-typed-above-month",
        both({"kpis": {3: {"kind": "存量"}}}, target(4, "NEW", "T1", manual1=25.0)),
        "目标分解!AJ4",
    ),
    (
        "target-typed-short-month",
        both(
            {"kpis": {3: {"kind": "存量"}}},
            target(4, "NEW", "T1", manual1=5.0),
            target(5, "NEW", "T2", manual1=5.0),
        ),
        "目标分解!AJ4",
    ),
    (
        "target-typed-unfit",
        both(
            unit(3, joined=D(2026, 7, 1), coefficient=0.5),
            unit(4, coefficient=0.5),
            target(4, "NEW", "T1", manual_year=15.0),
        ),
        "目标分解!E3",
    ),
    (
        "target-quarter-months",
        target(3, manual_year=None, manual_quarter1=31.0, **manual(10.0, 10.0, 10.0)),
        "目标分解!AF3",
    ),
    (
        "target-quarter-rest",
        target(3, manual_year=None, manual_quarter1=9.0, manual1=10.0),
        "目标分解!AF3",
    ),
    (
        "target-quarters-year",
        target(3, **{f"manual_quarter{q}": 10.0 for q in (1, 2, 3, 4)}),
        "目标分解!AI3",
    ),
    ("target-year-rest", target(3, manual_quarter2=301.0), "目标分解!AG3"),
    (
        "target-quarter-last",
        both(
            {"kpis": {3: {"kind": "存量"}}},
            target(4, "NEW", "T1", manual_quarter4=10.0, manual12=9.0),
        ),
        "目标分解!AI4",
    ),
    (
        "target-rate-quarter",
        target(4, "REP", "T1", manual_quarter1=0.5, manual1=0.4, manual2=0.4, manual3=0.4),
        "目标分解!AF4",
    ),
    (
        "target-rate-year",
        target(
            4, "REP", "T1", manual_year=0.6, **{f"manual_quarter{q}": 0.5 for q in (1, 2, 3, 4)}
        ),
        "目标分解!AI4",
    ),
    (
        "target-typed-absent",
        both(unit(5, left=D(2026, 6, 30)), target(4, "NEW", "P1", manual9=2.0)),
        "目标分解!AR4",
    ),
    (
        "history-differs",
        {"actuals": {9: {"day": D(2025, 1, 20), "unit": "P1", "kpi": "REV", "value": 1.0}}},
        "季节系数!E2",
    ),
    ("season-spring-festival", {}, setting_cell("spring_festival")),
    ("why-season-spring", {}, "explain REV/C1"),
    ("target-partial", {"kpis": {2: {"target": None}}}, "目标分解!AE2"),
    (
        "target-months-blank",
        both({"kpis": {3: {"target": None}}}, target(4, "NEW", "P1", manual1=5.0)),
        "目标分解!AE4",
    ),
    (
        "target-rate-not-summed",
        both(
            {"kpis": {4: {"target": None, "base": None}}}, target(4, "REP", "T1", manual_year=0.5)
        ),
        "指标!G4",
    ),
    ("target-covered", unit(4, coefficient=0.3), "目标分解!AE2"),
    ("target-unassigned", unit(4, coefficient=0.3), "目标分解!AE2"),
    ("target-overassigned", both(unit(4, coefficient=0.5), NO_MANUAL), "目标分解!AE2"),
    ("target-absent-joined", unit(5, joined=D(2026, 3, 2)), "目标分解!AE3"),
    ("target-absent-left", unit(5, left=D(2026, 9, 30)), "目标分解!AE3"),
    ("target-ramping-up", unit(5, joined=D(2025, 12, 1), ramp_up="50%,50%,80%"), "目标分解!AE3"),
    ("target-absent-more", NEWCOMERS, "目标分解!AE3"),
    (
        "target-equal-shares",
        both(
            target(4, "NEW", "T1", method="平均"),
            target(5, "NEW", "T2", method="平均"),
            target(6, "NEW", "C1"),
        ),
        "目标分解!AE6",
    ),
    ("target-blank-shared", unit(4, coefficient=None), "目标分解!AE2"),
    # products
    ("target-product-differs", product(manual_year=9.0, **manual(*[1.0] * 12)), "目标分解!E4"),
    ("target-product-over-unit", product(manual_year=320.0), "目标分解!E4"),
    (
        "target-product-over-parent",
        both(product(unit="C1", manual_year=9.0), {"targets": {5: product_row(manual_year=10.0)}}),
        "目标分解!E5",
    ),
    (
        "target-product-short",
        both(
            product(unit="C1", manual_year=9.0),
            {"targets": {5: product_row(manual_year=2.0)}},
            {"targets": {6: product_row(unit="T2", manual_year=3.0)}},
        ),
        "目标分解!E6",
    ),
    ("target-product-slack", UNFIT, "指标!A3"),
    ("why-product-share", product(unit="C1", manual_year=9.0), "explain REV/T1/A"),
    ("why-product-rest", product(unit="C1", manual_year=9.0), "explain REV/C1/其他"),
    ("why-product-equal", product(unit="C1"), "explain REV/C1/A"),
    (
        "why-product-last-year",
        both(product(unit="C1"), actual(5, day=D(2025, 5, 6), product="A", value=9.0)),
        "explain REV/C1/A",
    ),
    (
        "why-product-beside",
        both(product(unit="C1", manual_year=9.0), unit(7, **OVERLAY, coefficient=0.5)),
        "explain REV/SE/A",
    ),
    ("target-overlay", overlay(manual_year=12.0), "目标分解!AE4"),
    ("target-manual", target(4, "NEW", "T1", manual_year=12.0), "目标分解!AE4"),
    ("target-locked", target(4, "NEW", "T1", lock="年", base_year=12.0), "目标分解!AE4"),
    ("target-hedge-unknown", unit(3, hedge="多一点"), "目标分解!AE3"),
    (
        "target-blocked",
        both(unit(4, coefficient=-0.1), {"targets": {4: {"kpi": "NEW", "unit": "P1"}}}),
        "目标分解!AE3",
    ),
    (
        "target-kept",
        both(
            unit(4, coefficient=-0.1), target(4, "NEW", "T1", lock="年", base_year=12.0, year=12.0)
        ),
        "目标分解!AE4",
    ),
    ("why-company", {}, "explain REV/C1"),
    ("why-overlay-share", unit(7, **OVERLAY, coefficient=0.5), "explain REV/SE"),
    ("why-improvement", {"kpis": {4: {"basis": "提升量", "target": 0.1}}}, "explain REP/C1"),
    ("why-season-history", {}, "explain REV/C1"),
    ("why-season-manual", weights(*[0.1] * 12), "explain REV/C1"),
    ("why-season-days", {}, "explain NEW/C1"),
    ("why-coefficient", {}, "explain REV/P1"),
    ("why-equal", unit(4, coefficient=None), "explain REV/T2"),
    (
        "why-last-year",
        both(
            actual(5, day=D(2025, 5, 5), value=10.0),
            NO_MANUAL,
            target(4, "REV", "T2", method="上年占比"),
        ),
        "explain REV/T2",
    ),
    ("why-rest", {}, "explain REV/T2"),
    ("why-presence", unit(5, joined=D(2026, 3, 2)), "explain REV/P1"),
    ("why-rounded", {"kpis": {3: {"target": 21.0}}}, "explain NEW/T1"),
    ("why-manual", target(4, "NEW", "T1", manual_year=10.0), "explain NEW/T1"),
    ("why-said", target(4, "NEW", "T1", manual_year=10.0, reason="续约"), "explain NEW/T1"),
    ("why-locked", target(4, "NEW", "T1", lock="年", base_year=10.0), "explain NEW/T1"),
    ("why-hedge", unit(3, hedge=0.1), "explain REV/T1"),
    ("why-copied", {}, "explain REP/T1"),
    (
        "why-milestone",
        {
            "kpis": {
                5: {
                    "code": "SYS",
                    "name": "系统上线",
                    "kind": "里程碑",
                    "weight": 0.0,
                    "target": 1.0,
                }
            }
        },
        "explain SYS/C1",
    ),
    (
        "why-month-none",
        both({"kpis": {3: {"target": None}}}, target(4, "NEW", "P1", manual12=5.0)),
        "explain NEW/C1",
    ),
    ("why-month-quarter", target(4, "NEW", "T1", manual_quarter1=3.0), "explain NEW/T1"),
    ("why-typed-parts", target(4, "NEW", "T1", manual_quarter1=3.0), "explain NEW/T1"),
    ("why-below", {"kpis": {2: {"target": None}}}, "explain REV/C1"),
    (
        "why-rate-below",
        both(
            {"kpis": {4: {"target": None, "base": None, "numerator": "NEW", "denominator": "REV"}}},
            target(4, "REP", "P1", manual_year=0.5),
        ),
        "explain REP/T1",
    ),
    ("why-month-manual", target(4, "NEW", "T1", manual1=1.0), "explain NEW/T1"),
    (
        "why-month-locked",
        target(
            4,
            "NEW",
            "T1",
            lock="月",
            manual_year=12.0,
            **{f"month{month}": 1.0 for month in range(1, 13)},
        ),
        "explain NEW/T1",
    ),
    ("why-month-level", {}, "explain REP/C1"),
    ("why-month-season", {}, "explain REV/C1"),
    ("why-month-share", {}, "explain REV/T1"),
    (
        "why-month-adjusted",
        {"units": {3: {"coefficient": None}, 4: {"coefficient": None}}},
        "explain REV/T2",
    ),
    ("why-month-hedge", unit(3, hedge=0.1), "explain REV/T1"),
    ("smart-no-unit", {"kpis": {2: {"unit": None}}}, "指标!U2"),
    ("smart-no-target", {"kpis": {3: {"target": None}}}, "指标!U3"),
    ("smart-no-base", {"kpis": {4: {"basis": "提升量", "base": None}}}, "指标!U4"),
    ("smart-beyond-stretch", {"kpis": {2: {"stretch": 400.0}}}, "指标!U2"),
    ("smart-below-floor", {"kpis": {2: {"floor": 600.0}}}, "指标!U2"),
    (
        "smart-floor-beyond-stretch",
        {"kpis": {2: {"target": None, "floor": 600.0, "stretch": 500.0}}},
        "指标!U2",
    ),
    ("smart-no-relevance", {}, "指标!U2"),
    ("smart-no-due", {}, "指标!U2"),
    ("smart-due-outside", {"kpis": {2: {"due": D(2027, 6, 30)}}}, "指标!U2"),
    ("smart-specific", {}, "指标!U2"),
    (
        "smart-done-or-not",
        {"kpis": {5: {"code": "SYS", "name": "上线", "kind": "里程碑", "target": 1.0}}},
        "指标!U5",
    ),
    ("smart-measured", {}, "指标!U2"),
    ("smart-improved", {"kpis": {4: {"basis": "提升量", "target": 0.1}}}, "指标!U4"),
    ("smart-within-capacity", {}, "指标!U2"),
    ("smart-within-growth", {"units": {6: {"joined": "待定"}}}, "指标!U2"),
    ("smart-from-base", {}, "指标!U4"),
    ("smart-in-order", {"kpis": {3: {"floor": 10.0}}}, "指标!U3"),
    ("smart-without-history", {}, "指标!U3"),
    ("smart-relevant", {}, "指标!U2"),
    ("smart-timed", {}, "指标!U2"),
    ("smart-why-capacity", {}, "指标!U2"),
    ("smart-why-season", {"targets": {2: {"manual12": 100.0}}}, "指标!U2"),
    ("smart-why-growth", {}, "指标!U2"),
    ("smart-why-relevant", {"kpis": {2: {"relevance": "董事会预算"}}}, "指标!U2"),
    ("smart-beyond-capacity", {"kpis": {2: {"target": 5000.0}}}, "指标!U2"),
    ("smart-beyond-season", {"targets": {2: {"manual12": 100.0}}}, "指标!U2"),
    (
        "smart-beyond-growth",
        {
            "kpis": {2: {"target": 5000.0}},
            "seasonality": {row: {"history2": 39.0} for row in range(2, 14)},
        },
        "指标!U2",
    ),
    # execution
    ("actual-after-cut-off", actual(5, day=D(2026, 4, 20), value=5.0), "实绩!A5"),
    (
        "actual-rate-without-parts",
        both(
            {"kpis": {4: {"kind": "比率"}}},
            actual(5, kpi="REP", value=0.5),
            actual(6, kpi="REP", unit="P2", value=0.6),
        ),
        "实绩!I5",
    ),
    (
        "actual-rate-partly-reported",
        both(
            {"kpis": {4: {"kind": "群组比率"}}},
            actual(5, kpi="REP", unit="P1", numerator=1.0, denominator=2.0),
            actual(6, day=D(2026, 2, 20), kpi="REP", unit="P2", numerator=1.0, denominator=2.0),
        ),
        "指标!A4",
    ),
    (
        "actual-rate-is-computed",
        both(
            {
                "kpis": {
                    5: {"code": "SGN", "name": "签约数", "kind": "流量", "weight": 0.0},
                    4: {"kind": "比率", "numerator": "NEW", "denominator": "SGN"},
                }
            },
            actual(5, kpi="NEW", value=3.0),
        ),
        "实绩!C4",
    ),
    ("problem-red-kpi", {}, "问题与改进 KPI:REV:C1"),
    ("problem-carried-more", {}, "问题与改进 KPI:REV:C1"),
    ("problem-carried", of_second_team(10.0), "问题与改进 KPI:REV:C1"),
    ("problem-carried-whole", of_second_team(15.41), "问题与改进 KPI:REV:C1"),
    (
        "problem-carried-below",
        both(
            of_second_team(15.41),
            {
                "units": {
                    5: {"coefficient": 0.8},
                    7: {"code": "P3", "name": "王五", "level": "个人", "parent": "T1"},
                }
            },
        ),
        "问题与改进 KPI:REV:C1",
    ),
    ("problem-spread", of_second_team(1.0), "问题与改进 KPI:REV:C1"),
    (
        "problem-unassigned",
        both(of_second_team(15.41), {"units": {5: {"left": D(2026, 2, 27)}}}),
        "问题与改进 KPI:REV:C1",
    ),
    ("problem-behind-kpi", settings_edit(as_of=D(2026, 3, 20)), "问题与改进 KPI:REV:T1"),
    (
        "problem-missed-kpi",
        {
            "kpis": {2: {"target": 0.0}},
            "targets": {3: {"manual_year": None, "reason": None}},
            "actuals": {2: {"value": -5.0}, 3: {"value": -5.0}},
        },
        "问题与改进 KPI:REV:C1",
    ),
    (
        "problem-above-kpi",
        {
            "kpis": {2: {"target": 0.0, "direction": "越低越好"}},
            "targets": {3: {"manual_year": None, "reason": None}},
        },
        "问题与改进 KPI:REV:C1",
    ),
    (
        "problem-unexplained",
        both({"kpis": {2: {"target": 100.0}}}, NO_MANUAL),
        "问题与改进 GAP:REV:C1",
    ),
    (
        "problem-late-task",
        task(4, "K3", start=D(2026, 3, 2), due=D(2026, 3, 20), progress=0.5),
        "问题与改进 TASK:K3",
    ),
    (
        "problem-late-task-today",
        both(
            task(4, "K3", start=D(2026, 3, 2), due=D(2026, 3, 27), progress=0.5),
            settings_edit(as_of=D(2026, 3, 29)),
        ),
        "问题与改进 TASK:K3",
    ),
    ("problem-overspent", {"spending": {2: {"amount": 20.0}}}, "问题与改进 BUDGET:B1"),
    # budget
    ("grant-full", {}, "预算!M2"),
    ("grant-must-have", {"budget": {2: {"must_have": "是"}}}, "预算!M2"),
    ("grant-manual", {"budget": {2: {"manual_grant": 8.0}}}, "预算!M2"),
    ("grant-partial", {"budget": {2: {"requested": 60.0, "least": 50.0}}}, "预算!M2"),
    ("grant-none", {"budget": {2: {"requested": 60.0, "least": None}}}, "预算!M2"),
    ("grant-reserve", {"budget": {2: {"category": "应急储备"}}}, "预算!M2"),
    ("grant-no-cap", {"budget": {2: {"category": "公关"}}}, "预算!M2"),
    ("grant-no-amount", {"budget": {2: {"requested": None}}}, "预算!M2"),
    ("grant-blocked", both(line(3, "B2", requested="很多")), "预算!M2"),
    ("budget-shares-missing", {}, "预算!B2"),
    ("budget-shares-sum", {"category_shares": {2: {"share": 0.8}}}, "预算分配!B2"),
    ("budget-region-shares-sum", {"region_shares": {2: {"share": 0.5}}}, "预算分配!B2"),
    ("budget-from-reserve", {"budget": {2: {"category": "应急储备"}}}, "预算!B2"),
    (
        "budget-manual-over-cap",
        {"budget": {2: {"requested": 60.0, "manual_grant": 60.0}}},
        "预算!J2",
    ),
    (
        "budget-must-have-over-cap",
        {"budget": {2: {"requested": 60.0, "must_have": "是"}}},
        "预算!G2",
    ),
    ("budget-best-unknown", ODD_AMOUNTS, "预算!G2"),
    (
        "budget-overcommitted",
        {
            "spending": {
                row: {"day": D(2026, 3, 1), "budget": "B1", "kind": kind, "amount": 9.0}
                for row, kind in ((2, "占用"), (3, "支出"))
            }
        },
        "预算!A2",
    ),
    ("budget-overspent", {"spending": {2: {"amount": 20.0}}}, "预算!A2"),
    (
        "budget-overspent-earlier",
        {
            "spending": {
                2: {"day": D(2026, 2, 10), "amount": 20.0},
                3: {"day": D(2026, 3, 10), "budget": "B1", "kind": "支出", "amount": -15.0},
            }
        },
        "预算!A2",
    ),
    (
        "spending-after-cut-off",
        {"spending": {3: {"day": D(2026, 4, 1), "budget": "B1", "kind": "支出", "amount": 1.0}}},
        "费用!A3",
    ),
    ("budget-cut-below-use", {"budget": {2: {"manual_grant": 1.0}}}, "预算!J2"),
    (
        "reserve-missing",
        both(
            settings_edit(reserve_share=None),
            {"category_shares": {2: {"share": 1.0}, 3: {"name": "客户维护", "share": 0.0}}},
        ),
        "储备金动用!C2",
    ),
    ("currency-without-rate", {"actuals": {2: {"currency": "EUR"}}}, "实绩!M2"),
    (
        "currency-before-rate",
        {"actuals": {2: {"currency": "EUR"}}, "rates": {2: EURO | {"since": D(2026, 2, 1)}}},
        "实绩!M2",
    ),
    ("currency-unknown", {"rates": {2: EURO | {"currency": "XYZ"}}}, "汇率!A2"),
    ("rate-not-positive", {"rates": {2: EURO | {"rate": 0.0}}}, "汇率!C2"),
    ("rate-of-own", {"rates": {2: EURO | {"currency": "CNY"}}}, "汇率!A2"),
    ("rate-twice", {"rates": {2: EURO, 3: EURO | {"rate": 8.0}}}, "汇率!B3"),
    (
        "rate-without-budget",
        {"actuals": {2: {"currency": "EUR"}}, "rates": {2: EURO}},
        "汇率!D2",
    ),
    (
        "deal-without-rate",
        {"deals": {2: {"stage": "线索", "due": D(2026, 6, 1), "currency": "EUR"}}},
        "商机!K2",
    ),
    (
        "deal-at-actual-rate",
        {
            "deals": {2: {"stage": "线索", "due": D(2026, 6, 1), "currency": "EUR"}},
            "rates": {2: EURO},
        },
        "商机!K2",
    ),
    ("deal-without-amount", {"deals": {2: {"stage": "线索", "amount": None}}}, "商机!F2"),
    ("deal-not-positive", {"deals": {2: {"stage": "线索", "amount": -1.0}}}, "商机!F2"),
    ("deal-chance-outside", {"deals": {2: {"stage": "线索", "probability": 1.2}}}, "商机!H2"),
    ("deal-without-chance", {"deals": {2: {"stage": None}}}, "商机!H2"),
    ("deal-not-of-a-flow", {"deals": {2: {"kpi": "REP"}}}, "商机!C2"),
    ("deal-slipped", {"deals": {2: {"stage": "线索"}}}, "商机!I2"),
    (
        "deal-stale",
        {
            "deals": {
                2: {"stage": "线索", "due": D(2026, 6, 1), "touched": D(2025, 12, 1)},
            }
        },
        "商机!J2",
    ),
    (
        "skill-short",
        {
            "tasks": {3: {"skills": "谈判", "person_days": 200.0}},
            "skills": {2: {"person": "P2", "skill": "谈判"}},
        },
        "行动计划!Q3",
    ),
    (
        "tool-too-late",
        {"tools": {2: {"tool": "样机", "needed": D(2026, 5, 6), "ready_by": D(2026, 5, 8)}}},
        "工具!G2",
    ),
    ("tool-not-ready", {"tools": {2: {"tool": "样机", "task": "K2"}}}, "工具!H2"),
    ("tool-undated", {"tools": {2: {"tool": "样机", "user": "T1"}}}, "工具!F2"),
    ("counted-as-of-kind", margin(kind="存量"), "指标!S5"),
    (
        "counted-as-unused",
        margin(kind="比率", numerator="NEW", denominator="REV"),
        "指标!S5",
    ),
    ("counted-as-without-products", {"kpis": {5: MARGIN}}, "指标!S5"),
    ("counted-as-without-source", margin(denominator="REP"), "指标!S5"),
    ("counted-as-product-unknown", margin(), "实绩!D3"),
    (
        "counted-as-product-twice",
        both(margin(), {"products": {2: {"name": "B"}, 3: {"code": "X", "name": "B"}}}),
        "产品!B3",
    ),
    ("counted-as-product-blank", both(margin(), {"actuals": {2: {"product": None}}}), "实绩!D2"),
    ("counted-as-without-margin", both(margin(), {"products": {2: {"margin": None}}}), "产品!C2"),
    (
        "counted-as-typed",
        both(margin(), {"actuals": {5: {"day": "2026-01", "unit": "P1", "kpi": "GM", "value": 1}}}),
        "实绩!C5",
    ),
    ("prospects-without-kpi", {"prospects": {2: POOL}}, "潜客!A2"),
    (
        "prospects-short",
        {
            "kpis": {3: {"counted_as": "新客户"}},
            "prospects": {2: POOL, 3: POOL | {"month": "2026-01", "count": 9.0}},
            "actuals": {5: {"day": "2026-02", "unit": "P1", "kpi": "NEW", "value": 3.0}},
        },
        "组织!A3",
    ),
    (
        "product-above-capacity",
        both(A_TARGET, {"products": {2: {"code": "A", "name": "A", **PIECES}}}),
        "产品!E2",
    ),
    (
        "product-delivered-late",
        {
            "products": {2: {"code": "A", "name": "A", "delivery_days": 20.0}},
            "deals": {2: {"stage": "线索", "due": D(2026, 6, 20), "product": "A"}},
        },
        "产品!G2",
    ),
    ("counted-as-not-of-customers", first_orders(kind="存量"), "指标!S5"),
    ("counted-as-without-orders", {"kpis": {5: FIRST}}, "指标!S5"),
    (
        "counted-as-typed-differs",
        both(
            first_orders(),
            {"actuals": {5: {"day": "2026-01", "unit": "P1", "kpi": "FST", "value": 3}}},
        ),
        "实绩!I5",
    ),
    (
        "counted-as-typed-too",
        both(
            first_orders(kind="比率", unit="%", target=0.5, counted_as="复购率"),
            {
                "actuals": {
                    5: {
                        "day": "2026-01",
                        "unit": "P1",
                        "kpi": "FST",
                        "numerator": 3,
                        "denominator": 4,
                    }
                }
            },
        ),
        "实绩!J5",
    ),
    (
        "counted-as-customers-lumped",
        both(first_orders(), {"actuals": {3: {"customer": "其他"}}}),
        "实绩!F3",
    ),
    ("reserve-overdrawn", {"draws": {2: {"amount": 20.0}}}, "储备金动用!C2"),
    (
        "notice-ok",
        {"tasks": {3: {"support": "跨部门", "requested": D(2026, 2, 20)}}},
        "行动计划!AD3",
    ),
    (
        "notice-late",
        {"tasks": {3: {"support": "跨部门", "requested": D(2026, 2, 27)}}},
        "行动计划!S3",
    ),
    ("notice-missing", {"tasks": {3: {"support": "技术支持"}}}, "行动计划!S3"),
    (
        "notice-pending",
        {"tasks": {3: {"support": "技术支持", "start": D(2026, 4, 10)}}},
        "行动计划!AD3",
    ),
    (
        "notice-undated",
        {"tasks": {3: {"support": "技术支持", "start": None, "due": None}}},
        "行动计划!AD3",
    ),
    ("task-state-ignored", {"tasks": {3: {"state": "进行中"}}}, "行动计划!W3"),
    ("task-finished-but-open", {"tasks": {3: {"finished": D(2026, 3, 30)}}}, "行动计划!V3"),
    (
        "task-finished-day-missing",
        {"tasks": {3: {"deliverable_actual": 50.0, "due": D(2026, 3, 20)}}},
        "行动计划!V3",
    ),
    (
        "task-progress-missing",
        {"tasks": {3: {"deliverable_actual": None, "deliverable_target": None}}},
        "行动计划!O3",
    ),
    ("task-due-day-off", {"tasks": {2: {"finished": None, "progress": 0.5}}}, "行动计划!J2"),
    ("task-progress-later", settings_edit(month="2026-02"), "行动计划!O3"),
    ("budget-later", settings_edit(month="2026-02"), "预算!G2"),
    (
        "issues-later",
        both(
            settings_edit(month="2026-02"),
            {"issues": {2: {"code": "KPI:REV:T1", "cause": "缺货", "status": "进行中"}}},
        ),
        "问题与改进!M2",
    ),
    (
        "improvements-later",
        both(
            settings_edit(month="2026-02"),
            {"weekly": {3: {"friday": D(2026, 2, 27), "actual": None}}},
        ),
        "周复盘!F3",
    ),
    (
        "market-size-differs",
        both(
            {"kpis": {5: {"code": "SHR", "name": "占有率", "kind": "时点", "unit": "%"}}},
            {"market": {2: {"year": 2026, "month": 3, "size": 100.0}}},
            actual(5, kpi="SHR", product=None, value=None, numerator=20.0, denominator=90.0),
        ),
        "实绩!K5",
    ),
    # strategy
    (
        "strategy-nothing-due",
        both({"tasks": {2: {"state": "取消"}, 3: {"start": D(2026, 4, 10)}}}),
        "策略!P2",
    ),
    ("strategy-no-live-task", {"tasks": {2: {"state": "取消"}, 3: {"state": "取消"}}}, "策略!P2"),
    ("strategy-no-kpi", {"strategies": {2: {"kpi": None}}}, "策略!P2"),
    ("strategy-no-rate", {"strategies": {2: {"kpi": "NEW"}}}, "策略!P2"),
    ("strategy-part-without-target", {"strategies": {2: {"target_share": None}}}, "策略!P2"),
    ("strategy-filter-unmatched", {"strategies": {2: {"product": "Z"}}}, "策略!F2"),
    (
        "strategy-customer-unmatched",
        {"strategies": {2: {"product": None, "customer_type": "大客户"}}},
        "策略!I2",
    ),
    (
        "strategy-customers-unsorted",
        {
            "strategies": {2: {"product": None, "industry": "医药"}},
            "customers": {2: {"code": "K1", "name": "东屿精工", "industry": "医药"}},
            "actuals": {2: {"customer": "东屿精工"}},
        },
        "策略!J2",
    ),
    ("strategy-rows-unnamed", actual(5, product=None, value=5.0), "策略!F2"),
    (
        "budget-line-shared",
        both(
            {"strategies": {3: {"code": "S2", "content": "渠道", "dimension": "渠道"}}},
            task(
                4,
                "K3",
                strategy="S2",
                start=D(2026, 3, 2),
                due=D(2026, 4, 20),
                progress=0.5,
                budget="B1",
            ),
            {"budget": {2: {"task": None}}},
        ),
        "预算!A2",
    ),
    ("capacity-beyond-best", {}, "指标!K2"),
    (
        "capacity-last-year-gaps",
        {"actuals": {5: {"day": date(2025, 3, 2), "unit": "P1", "kpi": "REV", "value": 4.0}}},
        "指标!A2",
    ),
    # rhythm
    ("week-without-review", {"weekly": {2: {"friday": D(2026, 3, 13)}}}, "周复盘!A2"),
    (
        "week-after-cut-off",
        {"weekly": {4: {"friday": D(2026, 12, 25), "task": "K2", "planned": 0.5}}},
        "周复盘!A4",
    ),
    (
        "week-without-actual",
        {"weekly": {4: {"friday": D(2026, 3, 20), "task": "K2", "planned": 0.5}}},
        "周复盘!D4",
    ),
    ("remedy-overdue", {"weekly": {3: {"due": D(2026, 3, 30)}}}, "周复盘!H3"),
    (
        "remedy-overdue-today",
        both(
            {"weekly": {3: {"due": D(2026, 4, 3)}}},
            settings_edit(as_of=D(2026, 4, 5), month="2026-04"),
        ),
        "周复盘!H3",
    ),
    ("cause-not-listed", {"weekly": {3: {"cause": "老板出差"}}}, "周复盘!E3"),
    ("standup-missing", {}, "日跟进!B2"),
    # triggers
    ("trigger-customer-lost", both(rule("客户流失", threshold=3.0), ORDERED), "实绩!F7"),
    ("trigger-figure-days", both(rule("客户流失", threshold=3.0), ORDERED), "预警!L2"),
    ("trigger-price-low", both(rule("低于目录价", threshold=0.1), PRICED), "实绩!I5"),
    ("trigger-figure-below", both(rule("低于目录价", threshold=0.1), PRICED), "预警!L2"),
    (
        "trigger-pace-low",
        rule("进度偏低", subject="REV/C1", threshold=0.95, days=5.0),
        "组织!A2",
    ),
    ("trigger-figure-share", rule("进度偏低", threshold=0.95), "预警!L2"),
    ("trigger-task-late", both(rule("任务逾期", days=3.0), LATE), "行动计划!J3"),
    ("trigger-figure-working-days", both(rule("任务逾期", days=3.0), LATE), "预警!L2"),
    ("trigger-budget-over", both(rule("预算超支"), SPENT), "预算!A2"),
    ("trigger-figure-over", both(rule("预算超支"), SPENT), "预警!L2"),
    ("trigger-why-subject", rule("进度偏低", subject="REV/T9", threshold=0.9), "预警!K2"),
    ("trigger-why-unreadable", rule("进度偏低", threshold="九成"), "预警!K2"),
    ("trigger-why-threshold", rule("进度偏低"), "预警!K2"),
    ("trigger-why-customers", rule("客户流失", threshold=2.0), "预警!K2"),
    ("trigger-why-prices", rule("低于目录价", threshold=0.1), "预警!K2"),
    ("trigger-why-competitors", rule("竞争对手变动"), "预警!K2"),
    ("trigger-competitor-changed", both(rule("竞争对手变动"), seen(price=1.1)), "竞争对手!D3"),
    ("trigger-changed-price", both(rule("竞争对手变动"), seen(price=1.1)), "预警!L2"),
    ("trigger-changed-channel", both(rule("竞争对手变动"), seen(channel="网店")), "预警!L2"),
    ("trigger-changed-reputation", both(rule("竞争对手变动"), seen(reputation="差")), "预警!L2"),
    ("trigger-changed-score", both(rule("竞争对手变动"), seen(score=6.0)), "预警!L2"),
)
