"""Months as people write them in any language; the table of names is what the CLDR says."""

from __future__ import annotations

import pytest

from salesplan.plan.adopt import cldr
from salesplan.plan.adopt.months import Period, languages_of, period_in
from tests.cldr import LANGUAGES, groups


@pytest.mark.parametrize("language", LANGUAGES.split())
def test_the_table_is_what_the_cldr_says(language: str) -> None:
    pytest.importorskip("babel", reason="babel is not installed")
    given = groups(language)
    assert tuple(given) == cldr.MONTHS.get(language, tuple(given))


@pytest.mark.parametrize("language", cldr.MONTHS)
def test_a_year_of_months_is_read_in_its_language(language: str) -> None:
    names = [group.split()[0] for group in cldr.MONTHS[language]]
    known = languages_of(names)
    found = [period_in(name, known) for name in names]
    assert [one and one.period.month for one in found] == list(range(1, 13))


@pytest.mark.parametrize(
    ("text", "period", "rest"),
    [
        ("1月", Period(month=1), ""),
        ("2026年1月", Period(2026, 1), ""),
        ("26年1月", Period(2026, 1), ""),
        ("1月目标", Period(month=1), "目标"),
        ("目标 12月", Period(month=12), "目标"),
        ("Jan", Period(month=1), ""),
        ("Apr-18", Period(2018, 4), ""),
        ("2026-01", Period(2026, 1), ""),
        ("Jan'26 Target", Period(2026, 1), "target"),
        ("avril 2026", Period(2026, 4), ""),
        ("tháng 3", Period(month=3), ""),
        ("P12", Period(position=12), ""),
        ("Q3", Period(quarter=3), ""),
        ("2026 Q1", Period(2026, quarter=1), ""),
        ("第二季度", Period(quarter=2), ""),
        ("FY26", Period(2026), ""),
        (202604.0, Period(2026, 4), ""),
        (2026.0, Period(2026), ""),
    ],
)
def test_a_period_and_what_stands_beside_it(text: object, period: Period, rest: str) -> None:
    found = period_in(text)
    assert found is not None and (found.period, found.rest) == (period, rest)


@pytest.mark.parametrize(
    "text", ["Target", "Marge", "Category", "Total", "完成率", "Decline", 12.5]
)
def test_no_period(text: object) -> None:
    assert period_in(text) is None


def test_a_short_name_is_asked_in_the_language_of_the_others() -> None:
    """lis is October in Croatian, November in Polish."""
    polish = languages_of(["sty", "lut", "mar", "kwi", "lis"])
    croatian = languages_of(["sij", "velj", "ožu", "tra", "lis"])
    assert period_in("lis", polish) == period_in("11月")
    assert period_in("lis", croatian) == period_in("10月")
