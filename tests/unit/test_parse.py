"""Cells to values: each Kind, what is plain, what is accepted with a warning, what is refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.plan.model import Level, Lock, Month, PercentBasis, TaskStatus
from salesplan.plan.parse import Bad, parse, parse_column
from salesplan.plan.parse_text import Reading
from salesplan.plan.schema import SETTINGS, Column, Kind
from salesplan.workbook.read.cells import NO_RESULT, ErrorValue

D = Decimal


def column(kind: Kind, **more: Any) -> Column:
    return Column("x", "某列", "Some column", kind, **more)


NUMBER, PERCENT, PERCENTS = column(Kind.NUMBER), column(Kind.PERCENT), column(Kind.PERCENTS)
INTEGER, DATE, MONTH, PERIOD = (
    column(Kind.INTEGER),
    column(Kind.DATE),
    column(Kind.MONTH),
    column(Kind.PERIOD),
)
TEXT, CODE, CODES, FLAG = (
    column(Kind.TEXT),
    column(Kind.CODE),
    column(Kind.CODES),
    column(Kind.FLAG),
)
LEVEL, LEVELS = column(Kind.CHOICE, choices=Level), column(Kind.CHOICES, choices=Level)
MARCH_5 = date(2026, 3, 5)


@pytest.mark.parametrize("kind", list(Kind))
def test_blank_error_value_and_missing_result_are_three_things(kind: Kind) -> None:
    one = column(kind, choices=Level)
    assert [parse(blank, one) for blank in (None, "", "  \u3000\u200b")] == [None, None, None]
    for cell, code in (
        (ErrorValue("#DIV/0!"), "cell-error-value"),
        (NO_RESULT, "formula-without-result"),
    ):
        bad = parse(cell, one)
        assert isinstance(bad, Bad) and bad.broken and bad.code == code and bad.value is None


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        (NUMBER, 0, D(0)),
        (NUMBER, 0.0, D(0)),
        (NUMBER, 12, D(12)),
        (NUMBER, 1234.5, D("1234.5")),
        (NUMBER, -0.07, D("-0.07")),
        (NUMBER, 0.1 + 0.2, D("0.3")),
        (NUMBER, 1e16, D(10**16)),
        (INTEGER, 3.0, 3),
        (INTEGER, 7, 7),
        (PERCENT, 0.6, D("0.6")),
        (PERCENT, "60%", D("0.6")),
        (PERCENT, "60％", D("0.6")),
        (PERCENT, " 12.5 % ", D("0.125")),
        (PERCENT, 1.5, D("1.5")),
        (PERCENT, -0.05, D("-0.05")),
        (PERCENT, 0, D(0)),
        (PERCENTS, "30%/60%/90%", (D("0.3"), D("0.6"), D("0.9"))),
        (PERCENTS, "30%；60%，90%", (D("0.3"), D("0.6"), D("0.9"))),
        (PERCENTS, "0.3 0.6、0.9", (D("0.3"), D("0.6"), D("0.9"))),
        (PERCENTS, 0.5, (D("0.5"),)),
        (PERCENTS, "90%-110%", (D("0.9"), D("1.1"))),
        (DATE, MARCH_5, MARCH_5),
        (DATE, datetime(2026, 3, 5, 18, 30), MARCH_5),
        (MONTH, MARCH_5, Month(2026, 3)),
        (MONTH, "2026-06", Month(2026, 6)),
        (MONTH, "2026/6", Month(2026, 6)),
        (MONTH, "2026年6月", Month(2026, 6)),
        (MONTH, "2026.06", Month(2026, 6)),
        (MONTH, 202606, Month(2026, 6)),
        (MONTH, 202606.0, Month(2026, 6)),
        (MONTH, "２０２６－０６", Month(2026, 6)),
        (PERIOD, MARCH_5, (MARCH_5, Month(2026, 3))),
        (PERIOD, "2026-03", (None, Month(2026, 3))),
        (PERIOD, 202603, (None, Month(2026, 3))),
        (TEXT, "  客户 \u3000", "客户"),
        (TEXT, 5.0, "5"),
        (TEXT, 0.1, "0.1"),
        (TEXT, MARCH_5, "2026-03-05"),
        (TEXT, True, "TRUE"),
        (CODE, "Ｕ０１ ", "U01"),
        (CODE, 1001.0, "1001"),
        (CODE, "u-1（甲）", "u-1(甲)"),
        (CODE, "㎡", "㎡"),
        (CODE, "\ufeffU1", "U1"),
        (CODES, "张三、Li Ming; 王五，", ("张三", "Li Ming", "王五")),
        (CODES, "a.com\nb.com", ("a.com", "b.com")),
        (CODES, 7.0, ("7",)),
        (LEVEL, "团队", Level.TEAM),
        (LEVEL, " TEAM ", Level.TEAM),
        (LEVEL, "Ｔｅａｍ", Level.TEAM),
        (LEVEL, "人员", Level.PERSON),
        (LEVELS, "公司、团队", frozenset({Level.COMPANY, Level.TEAM})),
        (LEVELS, "Company/Person", frozenset({Level.COMPANY, Level.PERSON})),
        (column(Kind.CHOICE, choices=TaskStatus), "已完成（按期）", TaskStatus.DONE_ON_TIME),
        (column(Kind.CHOICE, choices=PercentBasis), "％", PercentBasis.PERCENT),
        (column(Kind.CHOICE, choices=Lock), "是", Lock.YEAR),
        (NUMBER, 0.1 + 0.2 - 0.3, D(0)),
        (NUMBER, 999_999_999_999_999, D(999_999_999_999_999)),
        (NUMBER, 1e-8, D("1E-8")),
        *[(FLAG, yes, True) for yes in ("是", "YES", "y", 1, 1.0, True, "√", "Ｙ")],
        *[(FLAG, no, False) for no in ("否", "No", "n", 0, False, "×")],
    ],
)
def test_plain_values(field: Column, cell: Any, value: object) -> None:
    read = parse(cell, field)
    assert read == value and type(read) is type(value)


@pytest.mark.parametrize(
    ("field", "cell", "code", "value"),
    [
        (NUMBER, "1,234.5", "number-as-text", D("1234.5")),
        (NUMBER, "１２３", "number-as-text", D(123)),
        (NUMBER, " 12 ", "number-as-text", D(12)),
        (NUMBER, "-7", "number-as-text", D(-7)),
        (NUMBER, "60%", "number-as-text", D("0.6")),
        (NUMBER, "1 900", "number-as-text", D(1900)),
        (NUMBER, "1\u202f900\u00a0000.5", "number-as-text", D("1900000.5")),
        (NUMBER, "−7", "number-as-text", D(-7)),
        (NUMBER, "（1,900）", "number-as-text", D(-1900)),
        (NUMBER, "(1900)", "number-as-text", D(-1900)),
        (INTEGER, "3", "number-as-text", 3),
        (PERCENT, "0.6", "number-as-text", D("0.6")),
        (DATE, "2026-3-5", "date-as-text", MARCH_5),
        (DATE, "2026/3/5", "date-as-text", MARCH_5),
        (DATE, "2026年3月5日", "date-as-text", MARCH_5),
        (DATE, "2026年3月5号", "date-as-text", MARCH_5),
        (DATE, "20260305", "date-as-text", MARCH_5),
        (DATE, 20260305, "date-as-text", MARCH_5),
        (DATE, "2026.03.05 08:30", "date-as-text", MARCH_5),
        (PERIOD, "2026-3-5", "date-as-text", (MARCH_5, Month(2026, 3))),
    ],
)
def test_accepted_with_a_warning(field: Column, cell: Any, code: str, value: object) -> None:
    read = parse(cell, field)
    assert isinstance(read, Bad) and (read.code, read.broken, read.value) == (code, False, value)


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        (NUMBER, "12万", "number-with-unit"),
        (NUMBER, "3亿元", "number-with-unit"),
        (NUMBER, "12k", "number-with-unit"),
        (NUMBER, "￥1,200", "number-with-unit"),
        (NUMBER, 1e18, "number-too-large"),
        (NUMBER, -1e300, "number-too-large"),
        (NUMBER, "1000000000000000000", "number-too-large"),
        (INTEGER, 10**18, "number-too-large"),
        (NUMBER, "12元", "number-with-unit"),
        (NUMBER, "约12", "text-not-number"),
        (NUMBER, "1 90", "text-not-number"),
        (NUMBER, "1900 200", "text-not-number"),
        (NUMBER, "(-5)", "text-not-number"),
        (NUMBER, "(5", "text-not-number"),
        (NUMBER, "1,23", "text-not-number"),
        (NUMBER, "12-15", "text-not-number"),
        (NUMBER, True, "text-not-number"),
        (NUMBER, "N/A", "text-not-number"),
        (NUMBER, MARCH_5, "date-instead-of-number"),
        (NUMBER, time(8, 30), "date-instead-of-number"),
        (NUMBER, timedelta(hours=30), "date-instead-of-number"),
        (NUMBER, "٣", "text-not-number"),
        (INTEGER, 2.5, "not-whole"),
        (INTEGER, "3月", "text-not-number"),
        (INTEGER, "2.5", "not-whole"),
        (INTEGER, "二", "text-not-number"),
        (INTEGER, "2026年", "text-not-number"),
        (PERCENT, 33, "percent-as-number"),
        (PERCENT, 1.51, "percent-as-number"),
        (PERCENT, "33", "percent-as-number"),
        (PERCENT, "200%", "percent-out-of-range"),
        (PERCENT, 5000, "percent-out-of-range"),
        (PERCENT, "一半", "text-not-number"),
        (PERCENTS, "30/60/90", "percent-as-number"),
        (PERCENTS, 30, "percent-as-number"),
        (PERCENTS, "三成", "percents-unreadable"),
        (DATE, 5, "number-instead-of-date"),
        (DATE, "3/5/2026", "text-not-date"),
        (DATE, "2026-02-30", "text-not-date"),
        (DATE, "下周", "text-not-date"),
        (DATE, "2026-06", "text-not-date"),
        (DATE, True, "text-not-date"),
        (DATE, time(8), "text-not-date"),
        (MONTH, "六月", "text-not-month"),
        (MONTH, "6月", "text-not-month"),
        (DATE, "3月5日", "text-not-date"),
        (MONTH, 6, "text-not-month"),
        (MONTH, "2026-13", "text-not-month"),
        (MONTH, 2026.06, "text-not-month"),
        (PERIOD, "Q2", "text-not-date"),
        (LEVEL, "小队", "choice-unknown"),
        (LEVELS, "公司、小队", "choice-unknown"),
        (FLAG, "也许", "flag-unknown"),
        (FLAG, 2, "flag-unknown"),
    ],
)
def test_refused(field: Column, cell: Any, code: str) -> None:
    read = parse(cell, field)
    assert isinstance(read, Bad) and (read.code, read.broken, read.value) == (code, True, None)


@pytest.mark.parametrize(
    ("cell", "number", "wan"),
    [
        ("12万", 120_000, 12),
        ("1.5亿元", 150_000_000, 15_000),
        ("12k", 12_000, D("1.2")),
        ("3千万", 30_000_000, 3_000),
        ("2百万", 2_000_000, 200),
        ("12w", 120_000, 12),
    ],
)
def test_a_unit_is_never_guessed_but_both_readings_are_offered(
    cell: str, number: int, wan: D | int
) -> None:
    bad = parse(cell, NUMBER)
    assert isinstance(bad, Bad) and (bad.params["number"], bad.params["wan"]) == (number, wan)


def test_the_fix_of_a_bare_percentage_says_what_to_type() -> None:
    bad, many = parse(33, PERCENT), parse("30/60/90", PERCENTS)
    assert isinstance(bad, Bad) and bad.params["text"] == "33%"
    assert isinstance(many, Bad) and many.params["text"] == "30%/60%/90%"


def test_a_serial_number_is_refused_with_the_day_it_would_be() -> None:
    bad = parse(46000, DATE)
    assert isinstance(bad, Bad) and bad.params["day"] == date(2025, 12, 9)


def test_a_score_cap_may_exceed_what_a_share_may() -> None:
    cap = next(setting for setting in SETTINGS if setting.key == "score_cap")
    assert parse(2.0, cap) == D(2)
    assert isinstance(parse(120, cap), Bad)


def test_a_column_is_its_cells_one_by_one() -> None:
    cells = [None, "团队", 3.0, "团队", ErrorValue("#N/A"), "x", ""]
    assert parse_column(cells, LEVEL) == [parse(cell, LEVEL) for cell in cells]


@given(st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=4))
def test_every_number_a_person_can_type_is_read_exactly(typed: D) -> None:
    assert parse(float(typed), NUMBER) == typed


@given(
    st.dates(date(1950, 1, 1), date(2150, 1, 1)),
    st.sampled_from(
        [
            "{0.year}-{0.month}-{0.day}",
            "{0.year}/{0.month:02}/{0.day:02}",
            "{0.year}年{0.month}月{0.day}日",
            "{0:%Y%m%d}",
        ]
    ),
)
def test_every_unambiguous_way_to_write_a_day_is_that_day(day: date, form: str) -> None:
    bad = parse(form.format(day), DATE)
    assert isinstance(bad, Bad) and not bad.broken and bad.value == day


@given(
    st.one_of(
        st.text(max_size=12),
        st.floats(allow_nan=False, allow_infinity=False),
        st.integers(),
        st.booleans(),
        st.dates(),
        st.times(),
        st.timedeltas(),
        st.datetimes(),
    ),
    st.sampled_from(list(Kind)),
)
def test_no_cell_breaks_a_parser(cell: Any, kind: Kind) -> None:
    read = parse(cell, column(kind, choices=Level))
    assert not isinstance(read, float)
    if isinstance(read, Bad) and read.broken:
        assert read.value is None


IN_YUAN = Reading(tuple(Month(2026, 4).plus(number) for number in range(12)), "CNY")
"""A plan in 元 whose year begins in April 2026."""


@pytest.mark.parametrize(
    ("field", "cell", "code", "value"),
    [
        (NUMBER, "¥1900", "number-as-text", D(1900)),
        (NUMBER, "￥1,900.50", "number-as-text", D("1900.5")),
        (NUMBER, "-¥1900", "number-as-text", D(-1900)),
        (NUMBER, "¥-1900", "number-as-text", D(-1900)),
        (NUMBER, "(¥1900)", "number-as-text", D(-1900)),
        (NUMBER, "1900元", "number-as-text", D(1900)),
        (NUMBER, "CNY 1900", "number-as-text", D(1900)),
        (DATE, "3月5日", "date-as-text", date(2027, 3, 5)),
        (DATE, "6月5号", "date-as-text", date(2026, 6, 5)),
        (MONTH, "6月", "month-without-year", Month(2026, 6)),
        (MONTH, "3月份", "month-without-year", Month(2027, 3)),
        (PERIOD, "6月", "month-without-year", (None, Month(2026, 6))),
        (PERIOD, "6月5日", "date-as-text", (date(2026, 6, 5), Month(2026, 6))),
    ],
)
def test_what_the_settings_make_plain(field: Column, cell: str, code: str, value: object) -> None:
    read = parse(cell, field, IN_YUAN)
    assert isinstance(read, Bad) and (read.code, read.broken, read.value) == (code, False, value)


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        (NUMBER, "$1900", "number-with-unit"),
        (NUMBER, "¥12万", "number-with-unit"),
        (NUMBER, "¥1900$", "text-not-number"),
        (NUMBER, "-(¥1900)", "text-not-number"),
        (DATE, "2月30日", "text-not-date"),
        (DATE, "3/5", "text-not-date"),
        (PERIOD, 6, "number-instead-of-date"),
        (MONTH, "13月", "text-not-month"),
    ],
)
def test_what_they_leave_open(field: Column, cell: Any, code: str) -> None:
    read = parse(cell, field, IN_YUAN)
    assert isinstance(read, Bad) and (read.code, read.broken) == (code, True)


def test_a_sign_of_currency_in_a_plan_in_ten_thousands_says_too_little() -> None:
    """¥1900 could be 1,900 or 19,000,000."""
    read = parse("¥1900", NUMBER, Reading(IN_YUAN.months))
    assert isinstance(read, Bad) and read.broken


@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False), st.sampled_from("-−"))
def test_a_number_written_in_any_of_these_ways_is_that_number(number: Decimal, minus: str) -> None:
    size, sign = abs(number), minus if number < 0 else ""
    plain = f"{size:,f}"
    written = [
        f"{sign}{plain}",
        f"{sign}{plain.replace(',', ' ')}",
        f"{sign}{size:f}",
        f"{sign}¥{plain}",
        f"{sign}{plain}元",
    ]
    written += [f"({plain})", f"（￥{plain}）"] if number < 0 else []
    for text in written:
        read = parse(text, NUMBER, IN_YUAN)
        assert isinstance(read, Bad) and read.value == number, text
