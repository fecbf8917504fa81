"""The day of a time with an offset, in the plan's time zone."""

from __future__ import annotations

from datetime import date
from zoneinfo import available_timezones

import pytest

from salesplan.plan.time_zones import ZONES, ZoneNeededError, day_of, zone, zone_of


@pytest.mark.parametrize(
    ("text", "plans", "day"),
    [
        ("2026-01-31T16:30:00Z", "Asia/Shanghai", date(2026, 2, 1)),
        ("2026-01-31T15:59:59Z", "Asia/Shanghai", date(2026, 1, 31)),
        ("2026-01-31 16:30:00.123+00:00", "Asia/Shanghai", date(2026, 2, 1)),
        ("2026-01-31 16:30 UTC", "UTC+8", date(2026, 2, 1)),
        ("2026-02-01T00:30:00+0800", "Europe/Berlin", date(2026, 1, 31)),
        ("2026-02-01T00:30:00+08", "北京时间", date(2026, 2, 1)),
        ("2026-07-01T22:30:00Z", "Europe/Berlin", date(2026, 7, 2)),
        ("2026-01-01T22:30:00Z", "Europe/Berlin", date(2026, 1, 1)),
        ("2026-01-31T16:30:00", "Asia/Shanghai", date(2026, 1, 31)),
        ("2026/1/31 16:30", "Asia/Shanghai", date(2026, 1, 31)),
        ("2026/1/31 下午 4:30", "Asia/Shanghai", date(2026, 1, 31)),
        ("2026/1/31 4:30 PM", "Asia/Shanghai", date(2026, 1, 31)),
        ("2026-01-31", "Asia/Shanghai", date(2026, 1, 31)),
        ("2026-01-31 16:30:00 CST", "Asia/Shanghai", None),
        ("2026-01-31T16:30+08:00[Asia/Shanghai]", "Asia/Shanghai", None),
        ("2026-01-31T25:30:00Z", "Asia/Shanghai", None),
        ("2026-01-31T16:30:00+99:00", "Asia/Shanghai", None),
        ("0001-01-01T00:30:00+08:00", "UTC", None),
        ("9999-12-31T23:30:00Z", "Asia/Shanghai", None),
        ("31.01.2026 16:30Z", "Asia/Shanghai", None),
    ],
)
def test_the_day_of_a_time(text: str, plans: str, day: date | None) -> None:
    assert day_of(text, zone(plans)) == day


def test_the_time_zone_is_the_settings_else_the_countrys() -> None:
    assert str(zone_of("", "CN")) == "Asia/Shanghai"
    assert str(zone_of("Europe/Berlin", "CN")) == "Europe/Berlin"
    assert zone_of("", "US") is None and zone_of("", "") is None


def test_a_country_of_several_time_zones_is_asked_for_one_where_it_matters() -> None:
    assert day_of("2026-01-31 16:30", None) == date(2026, 1, 31)
    with pytest.raises(ZoneNeededError):
        day_of("2026-01-31T16:30:00Z", None)


@pytest.mark.parametrize("name", ["Mars/Base", "../../etc/passwd", "Asia", "UTC+30", "", "CN"])
def test_what_is_no_time_zone(name: str) -> None:
    assert zone(name) is None


def test_every_country_has_a_time_zone_that_there_is() -> None:
    assert set(ZONES.values()) <= available_timezones()
