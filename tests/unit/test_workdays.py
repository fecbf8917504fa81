"""Working days: official, estimated, of other countries, and the plan's own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.tree import by_month, presence
from salesplan.plan.model import CalendarDay, Level, Month, Plan, Settings, Unit

CN_HALF = Fraction(1, 2)
CN = Calendar.of("CN", (), [2026])


def test_china_2026_has_248_working_days() -> None:
    assert [CN.in_month(Month(2026, m)) for m in range(1, 13)] == [
        21,
        16,
        22,
        21,
        19,
        21,
        23,
        21,
        22,
        18,
        21,
        23,
    ]
    assert CN.count(date(2026, 1, 1), date(2026, 12, 31)) == 248
    assert not CN.estimated(2026)


def test_valentines_day_2026_is_a_worked_saturday_and_11_of_16() -> None:
    assert CN.is_working(date(2026, 2, 14))
    assert CN.count(date(2026, 2, 1), date(2026, 2, 14)) == 11


def test_an_unpublished_year_is_weekdays_less_fixed_holidays_and_marked() -> None:
    assert CN.estimated(2099)
    assert not any(
        CN.is_working(date(2099, m, d)) for m, d in [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)]
    )
    assert CN.is_working(date(2099, 10, 5)) and date(2099, 10, 5).weekday() == 0
    assert CN.count(date(2099, 6, 1), date(2099, 6, 30)) == 22


def test_the_plans_own_days_win_over_the_official_ones() -> None:
    own = (
        CalendarDay(day=date(2026, 3, 2), working=False),
        CalendarDay(day=date(2026, 3, 1), working=True),
    )
    calendar = Calendar.of("CN", own, [2026])
    assert not calendar.is_working(date(2026, 3, 2)) and calendar.is_working(date(2026, 3, 1))
    assert calendar.in_month(Month(2026, 3)) == 22
    assert not calendar.estimated(2026)


def test_official_days_on_the_sheet_make_a_year_known() -> None:
    days = (CalendarDay(day=date(2027, 2, 8), working=False, official=True),)
    assert Calendar.of("CN", days, [2027]).estimated(2027) is False
    assert (
        Calendar.of("CN", (CalendarDay(day=date(2027, 2, 8), working=False),), [2027]).estimated(
            2027
        )
        is True
    )


def test_other_countries_have_their_own_holidays() -> None:
    us = Calendar.of("us", (), [2026])
    assert (
        not us.is_working(date(2026, 7, 3))
        and us.is_working(date(2026, 10, 1))
        and not us.estimated(2026)
    )
    assert Calendar.of("DE-BY", (), []).is_working(date(2026, 1, 6)) is False
    assert Calendar.of("DE-BE", (), []).is_working(date(2026, 1, 6)) is True


def test_an_unknown_country_has_weekdays_and_says_so() -> None:
    calendar = Calendar.of("Atlantis", (), [2026])
    assert not calendar.known and calendar.estimated(2026)
    assert calendar.is_working(date(2026, 10, 1)) and not calendar.is_working(date(2026, 10, 3))


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), 0),
        (date(2026, 3, 2), date(2026, 3, 5), 3),
        (date(2026, 3, 5), date(2026, 3, 2), -3),
        (date(2026, 3, 6), date(2026, 3, 9), 1),
        (date(2026, 3, 7), date(2026, 3, 8), 0),
        (date(2025, 12, 31), date(2027, 1, 1), 248),
    ],
)
def test_until_counts_the_days_after_the_first(a: date, b: date, days: int) -> None:
    assert CN.until(a, b) == days


def test_add_goes_over_weekends_and_holidays_both_ways() -> None:
    assert CN.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CN.add(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert CN.add(date(2026, 10, 1), 0) == date(2026, 10, 1)
    assert CN.until(date(2026, 1, 5), CN.add(date(2026, 1, 5), 200)) == 200


def test_the_far_end_of_the_calendar_is_no_trouble() -> None:
    assert CN.count(date(9999, 12, 31), date.max) in (0, 1)
    assert CN.until(date.max, date.max) == 0


def unit(**fields: object) -> Unit:
    return Unit(code="P", name="张三", level=Level.PERSON, **fields)  # type: ignore[arg-type]


def test_presence_is_working_days_there_over_those_of_the_year() -> None:
    units = (
        unit(joined=date(2026, 7, 1)),
        Unit(code="Q", name="李四", level=Level.PERSON, left=date(2026, 2, 14)),
        Unit(code="R", name="王五", level=Level.PERSON),
    )
    broken = Unit(code="B", name="", level=Level.PERSON, broken=frozenset({"joined"}))
    found = presence(Plan(settings=Settings(year=2026), units=(*units, broken)), CN)
    assert found == {"P": Decimal(128) / 248, "Q": Decimal(32) / 248, "R": Decimal(1)}


def test_a_months_presence_is_days_there_times_ramp_up() -> None:
    there = by_month(
        unit(joined=date(2026, 3, 16), ramp_up=(Decimal("0.5"), Decimal("0.8"))),
        Settings(year=2026).months,
        CN,
    )
    assert there is not None
    assert there.flow[:6] == (
        0,
        0,
        CN.count(date(2026, 3, 16), date(2026, 3, 31)) * CN_HALF / 22,
        CN_HALF * 8 / 5,
        1,
        1,
    )
    assert there.level[:5] == (0, 0, CN_HALF, CN_HALF * 8 / 5, 1)


def test_ramp_up_goes_on_from_the_year_before() -> None:
    there = by_month(
        unit(joined=date(2025, 11, 3), ramp_up=(Decimal("0.3"), Decimal("0.6"), Decimal("0.9"))),
        Settings(year=2026).months,
        CN,
    )
    assert there is not None
    assert [float(share) for share in there.flow[:2]] == [0.9, 1.0]


def test_who_leaves_within_a_month_has_its_flow_but_no_level() -> None:
    there = by_month(unit(left=date(2026, 6, 12)), Settings(year=2026).months, CN)
    assert there is not None
    assert 0 < there.flow[5] < 1 and there.level[4:7] == (1, 0, 0) and there.flow[6] == 0


def test_who_is_there_all_year_has_no_presence_to_reckon_with() -> None:
    assert (
        by_month(
            unit(joined=date(2019, 5, 1), left=date(2026, 12, 31)), Settings(year=2026).months, CN
        )
        is None
    )
