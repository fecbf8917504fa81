"""Amounts in other currencies: what they come to, and what exchange rates made of a figure."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from salesplan import app
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.rate_effects import facts_at_budget, rate_effects
from salesplan.engine.actuals.variance import Cause, variances
from salesplan.engine.run import run
from salesplan.plan.loader import load
from salesplan.plan.model import MICRO, Month, Plan, RateKind, SpendKind
from salesplan.plan.model.currencies import Exchange, times
from tests.unit.masters import SOUND, Rows, findings_of, read, write
from tests.unit.test_report import cells

D = Decimal
USD = [
    {"currency": "USD", "since": date(2025, 1, 1), "rate": 7.0, "kind": "预算"},
    {"currency": "USD", "since": date(2025, 1, 1), "rate": 7.1},
    {"currency": "美元", "since": date(2026, 2, 1), "rate": 7.25, "kind": "实际"},
]


def master(actuals: list[dict[str, Any]], rates: list[dict[str, Any]] = USD, **more: Any) -> Rows:
    return {**SOUND, "actuals": actuals, "rates": rates, **more}


def row(day: object, value: float, currency: str = "USD", **more: Any) -> dict[str, Any]:
    return {
        "day": day,
        "unit": "P1",
        "kpi": "REV",
        "value": value,
        "currency": currency or None,
        **more,
    }


def figures(plan: Plan) -> list[Decimal]:
    return [D(value or 0) / MICRO for value in plan.actuals.value]


def test_a_flow_goes_by_the_last_rate_on_or_before_its_day() -> None:
    """A row by month goes by the rate of the month's last day."""
    plan, found = read(
        master(
            [
                row(date(2026, 1, 31), 10.0),
                row(date(2026, 2, 1), 10.0),
                row("2026-01", 10.0),
                row("2026-02", 10.0),
                row(date(2026, 2, 2), 10.0, ""),
            ]
        )
    )
    assert figures(plan) == [71, D("72.5"), 71, D("72.5"), 10]
    assert list(plan.actuals.given) == [*[10_000_000] * 4, None]
    assert plan.at_budget is not None
    assert list(plan.at_budget.value) == [70_000_000] * 4 + [10_000_000]
    assert found == []


def test_a_level_goes_by_the_closing_rate_also_in_months_that_carry_it() -> None:
    """100 USD owed at the end of January are 710, and 725 in February, when nobody says it anew."""
    kpis = [
        *SOUND["kpis"],
        {"code": "OWE", "name": "应收", "kind": "存量", "unit": "万元", "smallest_unit": 0.01},
    ]
    rows = master([row(date(2026, 1, 5), 100.0, kpi="OWE")], kpis=kpis)
    plan, _ = read(rows)
    results = run(plan, Month(2026, 2), date(2026, 2, 28))
    assert results.facts is not None
    assert results.facts.monthly("OWE", "P1")[:3] == (D(710), D(725), None)
    effect = rate_effects(results.facts, [("OWE", "P1")], Month(2026, 2))["OWE", "P1", Span.YTD]
    assert (effect.actual, effect.at_budget, effect.effect) == (725, 700, 25)


def test_customers_and_rates_without_money_are_not_converted() -> None:
    plan, found = read(
        master(
            [
                row(date(2026, 1, 31), 3.0, kpi="NEW"),
                {
                    "day": "2026-02",
                    "unit": "P1",
                    "kpi": "REP",
                    "numerator": 30,
                    "denominator": 60,
                    "currency": "USD",
                },
            ]
        )
    )
    assert found == [] and plan.at_budget is None
    assert list(plan.actuals.numerator) == [None, 30 * MICRO]


def test_a_margin_converts_both_sides_and_stays_what_it_is() -> None:
    kpis = [
        *SOUND["kpis"],
        {"code": "PRO", "name": "毛利", "kind": "流量", "unit": "万元", "smallest_unit": 0.01},
        {
            "code": "MAR",
            "name": "毛利率",
            "kind": "比率",
            "unit": "%",
            "numerator": "PRO",
            "denominator": "REV",
        },
    ]
    margin = {
        "day": date(2026, 1, 9),
        "unit": "P1",
        "kpi": "MAR",
        "numerator": 30.0,
        "denominator": 100.0,
    }
    plan, _ = read(
        master([{**margin, "currency": "USD"}, {**margin, "numerator": 10.0}], kpis=kpis)
    )
    assert list(plan.actuals.numerator) == [213 * MICRO, 10 * MICRO]
    assert list(plan.actuals.denominator) == [710 * MICRO, 100 * MICRO]


def test_a_kpi_in_dollars_takes_yuan_at_the_cross_rate() -> None:
    """The unit of the KPI says what it is counted in; a blank currency is that."""
    kpis = [{**SOUND["kpis"][0], "unit": "USD"}, *SOUND["kpis"][1:]]
    rows = [row(date(2026, 1, 9), 71.0, "CNY"), row(date(2026, 1, 9), 5.0, "")]
    plan, _ = read(master(rows, kpis=kpis))
    assert figures(plan) == [10, 5]


def test_shared_figures_add_up_to_the_whole_at_both_rates() -> None:
    rows = [row(date(2026, 1, 9), 33.33, unit="P1:60%; P2:40%")]
    plan, _ = read(master(rows))
    assert list(plan.actuals.unit) == ["P1", "P2"]
    assert sum(figures(plan)) == D("33.33") * D("7.1")
    assert sum(value or 0 for value in plan.actuals.given) == D("33.33") * MICRO
    assert plan.at_budget is not None and list(plan.at_budget.unit) == ["P1", "P2"]
    assert sum(value or 0 for value in plan.at_budget.value) == D("33.33") * 7 * MICRO


def test_what_is_there_twice_counts_once_at_both_rates() -> None:
    rows = [row(date(2026, 1, 9), 10.0, source="S")] * 2
    plan, found = read(master(rows))
    assert len(plan.actuals) == 1 and plan.at_budget is not None and len(plan.at_budget) == 1
    assert [one.code for one in found] == ["actual-source-twice"]


def test_a_payment_in_dollars_releases_its_commitment_at_another_rate() -> None:
    """1,000 USD are committed at 7.1 and paid at 7.25: nothing stays committed."""
    paid = {"budget": "B1", "amount": 1.0, "voucher": "V1", "currency": "USD"}
    spending = [
        {**paid, "day": date(2026, 1, 9), "kind": "占用"},
        {**paid, "day": date(2026, 2, 9), "kind": "支出", "amount": 0.4},
        {**paid, "day": date(2026, 2, 10), "kind": "支出", "amount": 0.6},
    ]
    plan, _ = read(master([], spending=spending))
    committed = [one.amount for one in plan.spending if one.kind is SpendKind.COMMITTED]
    assert committed == [D("7.1"), -D("2.84"), -D("4.26")]
    assert [one.amount for one in plan.spending if one.kind is SpendKind.SPENT] == [
        D("2.9"),
        D("4.35"),
    ]


@pytest.mark.parametrize(
    ("rows", "rates", "wanted"),
    [
        ([row(date(2026, 1, 9), 1.0, "EUR")], USD, [("currency-without-rate", "实绩!M2")]),
        ([row(date(2024, 1, 9), 1.0)], USD, [("currency-before-rate", "实绩!M2")]),
        ([row(date(2026, 1, 9), 1.0, "ABC")], USD, [("currency-unknown", "实绩!M2")]),
        ([row(date(2026, 1, 9), 1.0)], USD[1:2], [("rate-without-budget", "汇率!D2")]),
        ([], [{**USD[0], "rate": 0.0}], [("rate-not-positive", "汇率!C2")]),
        ([], [{**USD[0], "currency": "人民币"}], [("rate-of-own", "汇率!A2")]),
        ([], [{**USD[0], "currency": "XYZ"}], [("currency-unknown", "汇率!A2")]),
        ([], [USD[1], {**USD[1], "rate": 8.0}], [("rate-twice", "汇率!B3")]),
        ([], USD, []),
    ],
)
def test_what_is_wrong_stands_at_its_cell(
    rows: list[dict[str, Any]], rates: list[dict[str, Any]], wanted: list[tuple[str, str]]
) -> None:
    found = findings_of(
        master([*SOUND["actuals"], *rows][-1:] if rows else SOUND["actuals"], rates)
    )
    ours = ("currency", "rate-")
    assert [one for one in found if one[0].startswith(ours)] == wanted


def usd_deal(due: date, amount: float = 10.0, currency: str = "USD", **more: Any) -> dict[str, Any]:
    facts = {"code": "O1", "unit": "P1", "kpi": "REV", "stage": "方案报价", **more}
    return {**facts, "amount": amount, "due": due, "currency": currency}


@pytest.mark.parametrize(
    ("deal", "rates", "amount", "wanted"),
    [
        (usd_deal(date(2026, 7, 1)), USD, 70, []),
        (usd_deal(date(2026, 7, 1)), USD[1:], D("72.5"), [("deal-at-actual-rate", "商机!K2")]),
        (usd_deal(date(2024, 7, 1)), USD, None, [("deal-without-rate", "商机!K2")]),
        (usd_deal(date(2026, 7, 1), currency="EUR"), USD, None, [("deal-without-rate", "商机!K2")]),
        (usd_deal(date(2026, 7, 1), currency="EURO"), USD, None, [("currency-unknown", "商机!K2")]),
        (usd_deal(date(2026, 7, 1), currency="EUR", stage="丢单"), USD, None, []),
        (usd_deal(date(2026, 7, 1), currency="人民币"), USD, 10, []),
        (usd_deal(date(2026, 7, 1), kpi="NEW"), USD, 10, []),
    ],
)
def test_a_deal_goes_by_the_plan_rate_of_its_day(
    deal: dict[str, Any],
    rates: list[dict[str, Any]],
    amount: Decimal | int | None,
    wanted: list[tuple[str, str]],
) -> None:
    kpis = [*SOUND["kpis"], {"code": "NEW", "name": "新客户", "kind": "流量", "unit": "家"}]
    rows = master([], rates, deals=[deal], kpis=kpis)
    plan, _ = read(rows)
    assert plan.deals[0].amount == amount
    assert plan.deals[0].given == (None if amount == 10 else 10)
    found = findings_of(rows)
    assert [one for one in found if one[0].startswith(("deal-", "currency"))] == wanted


def test_coverage_and_landing_are_in_the_plans_currency() -> None:
    """10 USD at 7.00 and 30 万元 are 100 open, half of it expected, against what is to go."""
    deals = [usd_deal(date(2026, 7, 1)), usd_deal(date(2026, 8, 1), 30.0, "", code="O2")]
    plan, _ = read(master([row(date(2026, 1, 9), 20.0, "")], deals=deals))
    results = run(plan, Month(2026, 3), date(2026, 3, 31))
    one = results.pipelines["REV", "C1"]
    target = results.targets["REV", "C1"].year
    assert target is not None and one.year.to_go == target - 20
    assert (one.year.deals.amount, one.year.deals.weighted) == (100, 50)
    assert one.year.coverage == Decimal(100) / (target - 20)
    assert results.pace["REV", "C1"].landing[LandingMethod.PIPELINE] == 70


def test_the_report_shows_a_deals_amount_as_typed(tmp_path: Path) -> None:
    deals = [usd_deal(date(2026, 7, 1), 12_345.5), usd_deal(date(2026, 8, 1), 30.0, "", code="O2")]
    path = write(tmp_path / "plan.xlsx", master([], deals=deals))
    shown = cells(app.report(path, app.Wanted(lang="zh")).written)["商机"]
    assert {"原币金额", "USD 12,345.5", 86_418.5} <= set(shown.values())


def test_spending_without_a_rate_does_not_count() -> None:
    spending = [{**SOUND["spending"][0], "currency": "EUR"}]
    rows = master([], spending=spending)
    assert read(rows)[0].spending == ()
    assert ("currency-without-rate", "费用!F2") in findings_of(rows)


CODES = ("", "USD", "EUR", "JPY")
DAYS = st.integers(0, 364).map(lambda n: date(2026, 1, 1) + timedelta(n))
RATES = st.decimals(D("0.0001"), D("999"), places=4)
AMOUNTS = st.decimals(D("-99999"), D("99999"), places=2)


@st.composite
def plans(draw: st.DrawFn) -> Rows:
    """Rows of 2026 in four currencies, and rates that hold from the year's first day on."""
    rates = [
        {"currency": code, "since": since, "rate": float(draw(RATES)), "kind": kind}
        for code in CODES[1:]
        for kind in ("预算", "实际")
        for since in [
            date(2026, 1, 1),
            *draw(st.lists(DAYS.filter(lambda d: d.day > 1), max_size=3, unique=True)),
        ]
    ]
    amounts = draw(
        st.lists(
            st.tuples(
                st.sampled_from(CODES),
                DAYS,
                st.booleans(),
                AMOUNTS,
                st.sampled_from(["P1", "P2"]),
                st.sampled_from(["A", "B"]),
            ),
            min_size=1,
            max_size=25,
        )
    )
    rows = [
        {
            "day": f"{day:%Y-%m}" if by_month else day,
            "unit": unit,
            "kpi": "REV",
            "product": product,
            "quantity": 1.0,
            "value": float(amount),
            "currency": code or None,
        }
        for code, day, by_month, amount, unit, product in amounts
    ]
    return master(rows, rates)


QUERY = """
WITH dated AS (
    SELECT *, CASE WHEN length(day) = 7 THEN date(day || '-01', '+1 month', '-1 day') ELSE day END
        AS until FROM actuals
)
SELECT substr(until, 1, 7), unit, SUM(
    CASE WHEN currency = '' THEN micro * 10000 ELSE micro * (
        SELECT r.rate FROM rates r
        WHERE r.currency = dated.currency AND r.kind = ? AND r.since <= dated.until
        ORDER BY r.since DESC LIMIT 1
    ) END
)
FROM dated GROUP BY 1, 2
"""
"""Amounts in millionths times rates in ten-thousandths: whole numbers all the way."""


def by_sql(rows: Rows, kind: str) -> dict[tuple[str, str], Decimal]:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE actuals (day TEXT, unit TEXT, micro INTEGER, currency TEXT)")
    base.execute("CREATE TABLE rates (currency TEXT, since TEXT, rate INTEGER, kind TEXT)")
    base.executemany(
        "INSERT INTO actuals VALUES (?, ?, ?, ?)",
        [
            (
                str(one["day"]),
                one["unit"],
                int(D(repr(one["value"])) * MICRO),
                one["currency"] or "",
            )
            for one in rows["actuals"]
        ],
    )
    base.executemany(
        "INSERT INTO rates VALUES (?, ?, ?, ?)",
        [
            (
                one["currency"],
                str(one["since"]),
                int(D(repr(one["rate"])) * 10_000),
                one["kind"],
            )
            for one in rows["rates"]
        ],
    )
    found = base.execute(QUERY, (kind,)).fetchall()
    base.close()
    return {(month, unit): D(value) / (MICRO * 10_000) for month, unit, value in found}


@settings(max_examples=1_000 if os.environ.get("SALESPLAN_THOROUGH") else 60, deadline=None)
@given(plans())
def test_figures_equal_a_computation_in_sql(rows: Rows) -> None:
    """Month by month and unit by unit, at actual and at budget rates: amounts of cents at rates of
    four decimals have six, so nothing is rounded."""
    plan, _ = read(rows)
    results = run(plan, Month(2026, 12), date(2026, 12, 31))
    facts = results.facts
    assert facts is not None
    at_budget = facts_at_budget(facts) or facts
    for kind, told in (("实际", facts), ("预算", at_budget)):
        expected = by_sql(rows, kind)
        for unit in ("P1", "P2"):
            for month, value in zip(plan.settings.months, told.monthly("REV", unit), strict=True):
                assert value == expected.get((str(month), unit)), (kind, month, unit)


@given(st.integers(-(10**15), 10**15), st.fractions(Fraction(1, 10**6), 1000))
def test_a_figure_is_rounded_once_half_away_from_zero(micro: int, factor: Fraction) -> None:
    exact = micro * factor
    assert abs(times(micro, factor) - exact) <= Fraction(1, 2)
    assert times(-micro, factor) == -times(micro, factor)


def test_the_last_rate_that_began_counts_and_none_before_the_first() -> None:
    plan, _ = read(master([], USD))
    exchange = Exchange(plan.rates, "CNY")
    assert exchange.rate("USD", date(2024, 12, 31)) is None
    assert exchange.rate("USD", date(2026, 1, 31)) == Fraction("7.1")
    assert exchange.rate("USD", date(2026, 2, 1)) == Fraction("7.25")
    assert exchange.rate("USD", date(2026, 2, 1), RateKind.BUDGET) == 7
    assert exchange.factor("CNY", "USD", date(2026, 1, 31)) == 1 / Fraction("7.1")


def test_a_plan_of_one_currency_has_nothing_of_it() -> None:
    plan, _ = read(SOUND)
    facts = run(plan, Month(2026, 3), date(2026, 3, 31)).facts
    assert facts is not None and plan.at_budget is None and not plan.actuals.given
    assert facts_at_budget(facts) is None
    assert rate_effects(facts, [("REV", "P1")], Month(2026, 3)) == {}


def formatted(path: Path, cells: Mapping[str, Mapping[str, str]]) -> Path:
    """The workbook with these number formats, by sheet and cell."""
    book = load_workbook(path)
    for sheet, formats in cells.items():
        for cell, form in formats.items():
            book[sheet][cell].number_format = form
    book.save(path)
    return path


def found_in(path: Path) -> list[tuple[str, str]]:
    """The findings about currencies, with their cells."""
    wanted = ("currency", "budget-other", "rate-")
    return [
        (one.code, str(one.place))
        for one in app.check(path).findings
        if one.code.startswith(wanted)
    ]


def test_a_number_format_is_a_hint_and_is_said(tmp_path: Path) -> None:
    """$ without 币种 is taken as USD where that has a rate; € beside 币种 USD is said, and USD
    counts."""
    rows = [row(date(2026, 1, 9), 10.0, ""), row(date(2026, 1, 9), 10.0)]
    path = write(tmp_path / "plan.xlsx", master(rows))
    formatted(path, {"实绩": {"I2": "[$$-409]#,##0.00", "I3": "[$€-2] #,##0"}})
    assert figures(load(path).plan) == [71, 71]
    assert found_in(path) == [
        ("currency-by-format", "实绩!I2"),
        ("currency-format-differs", "实绩!I3"),
    ]


def test_formats_of_spending_and_budget_are_looked_at(tmp_path: Path) -> None:
    """Spending in € has no rate and does not count; a budget in $ is taken at the budget rate."""
    path = write(tmp_path / "plan.xlsx", master(SOUND["actuals"]))
    amount = "[$€-2] #,##0"
    formatted(path, {"费用": {"D2": amount}, "预算": {"G2": '"$"#,##0'}})
    plan = load(path).plan
    assert plan.spending == ()
    assert plan.budget[0].requested == 7 * D(str(SOUND["budget"][0]["requested"]))
    assert found_in(path) == [
        ("currency-without-rate", "费用!D2"),
        ("currency-by-format", "预算!G2"),
    ]


def test_a_budget_in_a_currency_without_a_budget_rate_does_not_count(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.xlsx", SOUND)
    formatted(path, {"预算": {"G2": "[$€-2] #,##0"}})
    assert load(path).plan.budget[0].requested is None
    assert found_in(path) == [("budget-other-currency", "预算!G2")]


@settings(max_examples=1_000 if os.environ.get("SALESPLAN_THOROUGH") else 40, deadline=None)
@given(plans(), st.lists(st.sampled_from(["A", "B"]), min_size=1, max_size=2, unique=True))
def test_the_bridge_from_last_year_closes_exactly(rows: Rows, before: list[str]) -> None:
    """Causes add up to the difference, rates among them, over all products and for each."""
    base = [
        {
            "day": date(2025, 3, 3),
            "unit": "P1",
            "kpi": "REV",
            "product": product,
            "quantity": 2.0,
            "value": 100.0,
        }
        for product in before
    ]
    plan, _ = read({**rows, "actuals": [*rows["actuals"], *base]})
    end = date(2026, 12, 31)
    facts = run(plan, Month(2026, 12), end).facts
    assert facts is not None
    for one in variances(plan, facts, Month(2026, 12), end, facts_at_budget(facts)).values():
        assert sum(one.effects.values()) == one.total == one.actual - one.base
        assert sum(part.total for part in one.products) == one.total
        for part in one.products:
            assert sum(part.effects.values()) == part.total
        effects = rate_effects(facts, [("REV", "C1")], Month(2026, 12))
        if effects:
            smallest = plan.kpi_by_code["REV"].smallest_unit
            exact = effects["REV", "C1", Span.YTD].effect
            assert abs(one.effects[Cause.RATES] - exact) <= smallest
