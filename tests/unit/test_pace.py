"""Time progress, expected progress, daily need and landing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.pace import Pace, daily_need, paces
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.target import Season, SeasonSource
from salesplan.plan.model import CalendarDay, Direction, Kpi, KpiKind, Month, Plan, SeasonMonth
from tests.unit.plans import Row, calendar, month, plan_of, target

D = Decimal
FLOW = Kpi(code="K", name="营收", kind=KpiKind.FLOW)
VALENTINE = date(2026, 2, 14)
JUNE_END = date(2026, 6, 30)
EVEN = [100] * 12
SEASON = Season(
    tuple(D(w) / 100 for w in (5, 5, 10, 5, 10, 10, 5, 10, 10, 10, 10, 10)), SeasonSource.MANUAL
)


def pace(
    *given: Row,
    number: int = 6,
    as_of: date = JUNE_END,
    kpi: Kpi = FLOW,
    months: object = EVEN,
    unit: str = "A",
    season: Season | None = None,
    **parts: object,
) -> Pace:
    plan: Plan = plan_of(kpi, *given, **parts)
    targets = {("K", unit): target("K", unit, months)}  # type: ignore[arg-type]
    seasons = {"K": season} if season is not None else None
    return paces(plan, targets, Facts.of(plan, as_of), calendar(), month(number), as_of, seasons)[
        "K", unit
    ]


def monthly(*values: int) -> list[Row]:
    return [{"at": m, "value": value} for m, value in enumerate(values, 1)]


class TestProgress:
    def test_14_february_2026_is_11_of_16_working_days(self) -> None:
        found = pace(*monthly(100), number=2, as_of=VALENTINE)
        assert found.time_progress == D("0.6875")
        assert found.expected == D("168.75") / 1200
        assert found.progress_gap == D("-68.75") / 1200

    def test_a_closed_month_is_whole(self) -> None:
        found = pace(*monthly(100, 100, 100, 100, 100, 100))
        assert (found.time_progress, found.expected, found.progress_gap) == (1, D("0.5"), 0)

    def test_a_month_not_begun_is_at_zero(self) -> None:
        found = pace(*monthly(100), number=2, as_of=date(2026, 1, 31))
        assert (found.time_progress, found.expected) == (0, D(100) / 1200)

    def test_a_month_without_working_days_is_over_on_its_last_day(self) -> None:
        free = Calendar.of(
            "CN",
            tuple(CalendarDay(day=date(2026, 2, d), working=False) for d in range(1, 29)),
            (2026,),
        )
        plan = plan_of(FLOW, *monthly(1))
        targets = {("K", "A"): target("K", "A", EVEN)}
        for day, progress in ((27, 0), (28, 1)):
            as_of = date(2026, 2, day)
            assert (
                paces(plan, targets, Facts.of(plan, as_of), free, month(2), as_of)[
                    "K", "A"
                ].time_progress
                == progress
            )

    def test_unknown_targets_give_no_expectation(self) -> None:
        found = pace(*monthly(1, 1), months=[None, *[100] * 11])
        assert (found.expected, found.progress_gap) == (None, None)
        assert LandingMethod.PACE not in found.landing
        assert pace(*monthly(1), months=[0] * 12).expected is None

    def test_kinds_that_do_not_add_up_have_only_the_time(self) -> None:
        found = pace({"at": 6, "value": 5}, kpi=replace(FLOW, kind=KpiKind.STOCK))
        assert found == Pace("K", "A", D(1), None, None, None, False)


class TestDailyNeed:
    def test_14_february_leaves_5_working_days(self) -> None:
        found = pace({"at": VALENTINE, "value": 60}, number=2, as_of=VALENTINE)
        assert (found.daily_need, found.missed) == (8, False)

    def test_no_day_left_and_a_gap_is_closed(self) -> None:
        found = pace(*monthly(1, 1, 1, 1, 1, 99))
        assert (found.daily_need, found.missed) == (None, True)

    @pytest.mark.parametrize(
        ("goal", "actual", "remaining", "expected"),
        [
            ("100", "120", 5, (D(0), False)),
            ("100", "100", 0, (D(0), False)),
            ("100", None, 5, (None, False)),
            (None, "5", 5, (None, False)),
            ("0", "0", 0, (D(0), False)),
        ],
    )
    def test_other_cases(
        self, goal: str | None, actual: str | None, remaining: int, expected: tuple[D | None, bool]
    ) -> None:
        assert (
            daily_need(Direction.HIGHER, goal and D(goal), actual and D(actual), remaining)
            == expected
        )  # type: ignore[arg-type]

    def test_lower_better_says_what_may_still_be_used(self) -> None:
        assert daily_need(Direction.LOWER, D(100), D(60), 5) == (8, False)
        assert daily_need(Direction.LOWER, D(100), D(60), 0) == (0, False)
        assert daily_need(Direction.LOWER, D(100), D(101), 0) == (None, True)


class TestLanding:
    HALF_YEAR = (50, 100, 90, 60, 120, 120)

    def test_each_method_of_a_closed_half_year(self) -> None:
        last = [
            {"at": Month(2025, m), "value": v}
            for m, v in enumerate((50, 50, 50, 50, 50, 50, 100, 100, 100, 100, 100, 100), 1)
        ]
        found = pace(*monthly(*self.HALF_YEAR), *last, season=SEASON)
        assert found.landing == {
            LandingMethod.PACE: 1080,
            LandingMethod.LAST_YEAR_SHAPE: 540 + 600 * D(540) / 300,
            LandingMethod.REST_AS_PLANNED: 1140,
            LandingMethod.RECENT_TREND: 540 + D(300) / D("0.25") * D("0.55"),
        }
        assert not found.low_confidence

    def test_the_running_month_counts_by_time_progress(self) -> None:
        last = [{"at": Month(2025, m), "value": 160} for m in range(1, 13)]
        found = pace(
            *monthly(100),
            {"at": VALENTINE, "value": 35},
            *last,
            number=2,
            as_of=VALENTINE,
            season=SEASON,
        )
        assert found.landing == {
            LandingMethod.PACE: 960,
            LandingMethod.LAST_YEAR_SHAPE: 960,
            LandingMethod.REST_AS_PLANNED: D("1166.25"),
        }
        assert found.low_confidence

    def test_the_trend_of_a_running_month_leans_on_the_three_before_it(self) -> None:
        found = pace(
            *monthly(50, 50, 100),
            {"at": date(2026, 4, 1), "value": 5},
            number=4,
            as_of=date(2026, 4, 1),
            season=SEASON,
        )
        assert found.landing[LandingMethod.RECENT_TREND] == 205 + 1000 * (
            D("0.75") + D("0.05") * D(20) / 21
        )

    def test_last_year_from_the_seasonality_sheet_is_the_companys(self) -> None:
        sheet = tuple(
            SeasonMonth(kpi="K", month=m, history=(None, None, D(10))) for m in range(1, 13)
        )
        assert (
            pace(*monthly(5), unit="C", seasonality=sheet).landing[LandingMethod.LAST_YEAR_SHAPE]
            == 60
        )
        assert (
            LandingMethod.LAST_YEAR_SHAPE
            not in pace(*monthly(5), unit="A", seasonality=sheet).landing
        )
        assert (
            LandingMethod.LAST_YEAR_SHAPE
            not in pace(*monthly(5), unit="C", seasonality=sheet[1:]).landing
        )

    def test_a_missing_month_is_no_zero_month(self) -> None:
        rows = [row for row in monthly(*self.HALF_YEAR) if row["at"] != 5]
        found = pace(*rows, season=SEASON)
        assert LandingMethod.RECENT_TREND not in found.landing
        assert not found.low_confidence

    def test_nothing_reported_lands_nowhere(self) -> None:
        found = pace(season=SEASON)
        assert (found.landing, found.progress_gap, found.low_confidence) == ({}, None, True)
