"""Working days: the 日历 sheet first, then the country's official calendar.

China comes from the ``chinesecalendar`` package, with 调休 (holidays worked for, and weekends
worked instead). It raises for a year whose calendar is not published: such a year is weekdays
less the statutory holidays on fixed dates (1 January, 1 and 2 May, 1 to 3 October), and
:meth:`Calendar.estimated`. Other countries come from the ``holidays`` package, which knows
holidays by rule. A country it does not know has plain weekdays, always estimated.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache

from salesplan.plan.model import WEEKEND, CalendarDay, Month, is_fixed_holiday

_DAY = timedelta(days=1)


class Calendar:
    """The plan's working days. Years are worked out when first asked for, and kept."""

    def __init__(self, country: str, days: tuple[CalendarDay, ...]) -> None:
        self.country = country.strip().upper() or "CN"
        self._own: Mapping[date, bool] = {day.day: day.working for day in days}
        self._official_years = frozenset(day.day.year for day in days if day.official)
        self._years: dict[int, tuple[date, ...]] = {}
        self._months: dict[Month, int] = {}

    @classmethod
    def of(cls, country: str, days: tuple[CalendarDay, ...], years: Iterable[int]) -> Calendar:
        """The calendar of ``country`` (ISO code, with a subdivision as in ``US-CA``) under the
        plan's own ``days``.

        ``years`` are worked out at once; others when asked for.
        """
        calendar = cls(country, days)
        for year in years:
            calendar._year(year)
        return calendar

    @property
    def known(self) -> bool:
        """Whether the country has a calendar at all."""
        return self.country == "CN" or _country_days(self.country, 2000) is not None

    def estimated(self, year: int) -> bool:
        """Whether the year's working days are an estimate (推定): not published, and no official
        day on the 日历 sheet.
        """
        if year in self._official_years:
            return False
        return not _published_cn(year) if self.country == "CN" else not self.known

    def estimates(self, months: Iterable[Month]) -> tuple[date, ...]:
        """The weekdays of ``months`` that are holidays by estimate alone; the plan's own days are
        none. Empty where nothing is estimated.

        A country without a calendar has plain weekdays, so no such day.
        """
        years = {month: self.country == "CN" and self.estimated(month.year) for month in months}
        found = []
        for month, estimated in years.items():
            if estimated:
                for day in _all_days(month.year):
                    if Month.of(day) == month and is_fixed_holiday(day) and day not in self._own:
                        found.append(day)
        return tuple(found)

    def is_working(self, day: date) -> bool:
        """Whether that day is worked."""
        own = self._own.get(day)
        if own is not None:
            return own
        days = self._year(day.year)
        at = bisect_left(days, day)
        return at < len(days) and days[at] == day

    def count(self, first: date, last: date) -> int:
        """Working days from ``first`` to ``last``, both included; 0 if ``last`` is earlier."""
        if last < first:
            return 0
        if first.year == last.year:
            days = self._year(first.year)
            return bisect_right(days, last) - bisect_left(days, first)
        years = range(first.year + 1, last.year)
        ends = self.count(first, date(first.year, 12, 31)) + self.count(date(last.year, 1, 1), last)
        return ends + sum(len(self._year(year)) for year in years)

    def in_month(self, month: Month) -> int:
        """Working days of the month."""
        if month not in self._months:
            self._months[month] = self.count(month.first, month.last)
        return self._months[month]

    def until(self, a: date, b: date) -> int:
        """Working days after ``a`` up to and including ``b``; negative where ``b`` is the earlier
        day.
        """
        return self.count(a, b) - self.is_working(a) if b >= a else -self.until(b, a)

    def add(self, day: date, n: int) -> date:
        """The n-th working day after ``day`` (before it where ``n`` is negative); ``day`` itself
        for 0.

        Raises ValueError if there is none within ten years.
        """
        step, left, found = (_DAY if n > 0 else -_DAY), abs(n), day
        for _ in range(3660 + 2 * abs(n)):
            if not left:
                return found
            found += step
            left -= self.is_working(found)
        raise ValueError("no such working day")

    def on_or_after(self, day: date) -> date:
        """The day itself if it is worked, else the next working day; the day itself where there is
        none within a year.
        """
        year = (day + timedelta(days=n) for n in range(366))
        return next(filter(self.is_working, year), day)

    def _year(self, year: int) -> tuple[date, ...]:
        days = self._years.get(year)
        if days is None:
            base = _days(self.country, year)
            own = {day: working for day, working in self._own.items() if day.year == year}
            if own:
                base = tuple(
                    sorted(
                        {day for day in base if own.get(day, True)}
                        | {day for day, working in own.items() if working}
                    )
                )
            self._years[year] = days = base
        return days


@cache
def _days(country: str, year: int) -> tuple[date, ...]:
    """The working days of a year by the country's calendar."""
    if country == "CN":
        return _published_cn(year) or tuple(
            day for day in _weekdays(year) if not is_fixed_holiday(day)
        )
    return _country_days(country, year) or _weekdays(year)


@cache
def _published_cn(year: int) -> tuple[date, ...] | None:
    from chinese_calendar import holidays, is_workday, workdays

    try:
        is_workday(date(year, 1, 1))
    except NotImplementedError:
        return None
    # Day by day is_workday would look through all its years for the first and the last.
    return tuple(
        day
        for day in _all_days(year)
        if day in workdays or (day.weekday() < WEEKEND and day not in holidays)
    )


@cache
def _country_days(country: str, year: int) -> tuple[date, ...] | None:
    from holidays import country_holidays

    code, _, part = country.partition("-")
    try:
        calendar = country_holidays(code, subdiv=part or None, years=year)
    except NotImplementedError:
        return None
    return tuple(day for day in _all_days(year) if calendar.is_working_day(day))


def _weekdays(year: int) -> tuple[date, ...]:
    return tuple(day for day in _all_days(year) if day.weekday() < WEEKEND)


def _all_days(year: int) -> Iterable[date]:
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return map(date.fromordinal, range(first, last + 1))
