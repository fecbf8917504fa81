"""Which rows of the actuals count: each record once, and one currency."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from salesplan import app
from salesplan.plan.loader import load
from salesplan.plan.model.currencies import currency
from salesplan.workbook.read.moneyformats import symbol_of
from tests.unit.masters import SOUND, Rows, read, write

DEALS = [
    {"day": date(2026, 1, 10), "unit": "P1", "kpi": "REV", "value": 10.0, "source": "REV:77"},
    {"day": date(2026, 1, 11), "unit": "P2", "kpi": "REV", "value": 20.0, "source": "REV:78"},
]


def master(deals: list[dict[str, object]]) -> Rows:
    return {**SOUND, "actuals": deals}


def test_what_is_there_twice_counts_once() -> None:
    """30,000 and not 60,000: the rows of two deals, pasted a second time."""
    plan, findings = read(master(DEALS * 2))
    assert sum(value or 0 for value in plan.actuals.value) == 30_000_000
    assert plan.actuals.broken_rows == {4, 5}
    (said,) = [one for one in findings if one.code == "actual-source-twice"]
    assert (said.params["was"], said.params["again"], said.params["count"]) == ("2-3", "4-5", 2)


def test_a_correction_pasted_under_its_record_does_not_count_beside_it() -> None:
    plan, findings = read(master([*DEALS, {**DEALS[0], "value": 15.0}]))
    assert list(plan.actuals.value) == [10_000_000, 20_000_000]
    assert [one.code for one in findings] == ["actual-source-twice"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "A", "B", "C"]),
            st.sampled_from(["REV", "NEW"]),
            st.sampled_from(["P1", "P2"]),
            st.sampled_from(["", "X"]),
            st.sampled_from([1, 2]),
        ),
        max_size=30,
    )
)
def test_of_each_source_kpi_unit_product_and_day_one_row_counts(
    rows: list[tuple[str, str, str, str, int]],
) -> None:
    """Rows without a source all count; nothing else is lost, and the first of those that repeat
    stays.
    """
    deals = [
        {
            "day": date(2026, 1, day),
            "unit": unit,
            "kpi": kpi,
            "value": 1.0,
            "product": product or None,
            "source": source or None,
        }
        for source, kpi, unit, product, day in rows
    ]
    plan, _ = read(master(deals))
    firsts = {row: number for number, row in reversed(list(enumerate(rows, start=2)))}
    wanted = [n for n, row in enumerate(rows, start=2) if not row[0] or firsts[row] == n]
    assert list(plan.actuals.rows) == wanted


def test_a_hundred_rows_in_another_currency_are_counted_and_not_listed_one_by_one() -> None:
    rows = [{**DEALS[0], "source": f"D{n}", "currency": "USD"} for n in range(100)]
    plan, findings = read(master([*DEALS, *rows]))
    assert len(plan.actuals) == 2
    assert Counter(one.code for one in findings) == {
        "currency-without-rate": 20,
        "more-of-the-same": 1,
    }


def test_customers_are_counted_whatever_currency_stands_beside_them() -> None:
    plan, findings = read(master([{**DEALS[0], "kpi": "NEW", "currency": "USD"}]))
    assert [one.code for one in findings] == [] and len(plan.actuals) == 1


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("General", ""),
        ("#,##0.00", ""),
        ("[$$-409]#,##0.00", "$"),
        ('"$"#,##0.00', "$"),
        (r"\$#,##0", "$"),
        ("$#,##0", "$"),
        ("[$€-2] #,##0", "€"),
        ("#,##0 [$€-407]", "€"),
        ('"¥"#,##0', "¥"),
        ("¥#,##0.00;[Red]-¥#,##0.00", "¥"),
        ('[$-804]yyyy"年"', ""),
        ('[Red]#,##0"万元"', ""),
        ('#,##0 "USD"', "USD"),
        ("[$USD] #,##0", "USD"),
        ('0.0"%"', ""),
    ],
)
def test_the_currency_of_a_number_format(code: str, symbol: str) -> None:
    assert symbol_of(code) == symbol


@pytest.mark.parametrize(
    ("text", "home", "meant"),
    [
        ("¥", "CNY", "CNY"),
        ("￥", "JPY", "JPY"),
        ("$", "CNY", "USD"),
        ("$", "HKD", "HKD"),
        ("RMB", "CNY", "CNY"),
        ("usd", "CNY", "USD"),
        ("US$", "CNY", "USD"),
        ("美元", "CNY", "USD"),
        ("¥", "EUR", "CNY"),
    ],
)
def test_which_currency_is_meant(text: str, home: str, meant: str) -> None:
    assert currency(text, home) == meant


def test_a_figure_shown_in_euro_does_not_count_in_a_plan_in_yuan(tmp_path: Path) -> None:
    """The format is the only sign of it: 20 (€) beside 10 (¥), and a third without any sign."""
    path = write(tmp_path / "plan.xlsx", master([*DEALS, {**DEALS[0], "source": "REV:79"}]))
    book = load_workbook(path)
    page = book["实绩"]
    cells = [cell.coordinate for cell in page[2] if cell.value == 10.0]
    letters = cells[0].rstrip("0123456789")
    page[f"{letters}2"].number_format = '"¥"#,##0.00'
    page[f"{letters}3"].number_format = "[$€-2] #,##0.00"
    book.save(path)
    loaded = load(path)
    assert list(loaded.plan.actuals.rows) == [2, 4]
    (said,) = [one for one in app.check(path).findings if one.code == "currency-without-rate"]
    assert str(said.place) == f"实绩!{letters}3" and said.params["currency"] == "EUR"
