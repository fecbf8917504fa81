"""Month weights: history, Spring Festival, manual weights, working days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.landing import last_year
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.seasonality import seasons
from salesplan.engine.targets.target import Season, SeasonSource
from salesplan.findings import Finding, Place
from salesplan.plan.model import MICRO, Actuals, KpiKind, Month, Plan, Settings
from tests.unit.goal_plans import at, history, kpi, plan, tree

COMPANY = tree("C")
THREE_YEARS = {m: (10 * m, 20 * m, 30 * m) for m in range(1, 13)}
DAYS = [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]


def season(given: Plan) -> tuple[Season | None, list[Finding]]:
    calendar = Calendar.of(given.settings.country, given.calendar, [])
    found, findings = seasons(given, calendar)
    return found.get("K"), [one for one in findings if one.code != "season-spring-festival"]


def notes(given: Plan) -> list[Finding]:
    calendar = Calendar.of(given.settings.country, given.calendar, [])
    return [one for one in seasons(given, calendar)[1] if one.code == "season-spring-festival"]


def test_weights_are_the_months_three_year_sums_over_the_total() -> None:
    made, findings = season(plan(COMPANY, seasonality=history(THREE_YEARS)))
    assert (
        made is not None
        and made.source is SeasonSource.HISTORY
        and made.years == 3
        and findings == []
    )
    assert made.fractions[2:] == tuple(Fraction(m, 78) for m in range(3, 13))
    assert sum(made.fractions) == 1
    assert made.weights[11] == Decimal(12) / 78


def test_spring_festival_splits_january_and_february_by_the_output_of_a_working_day() -> None:
    """60 in January's 59 working days of 2023 to 2025, 120 in February's 57; 2026 has 21 and 16 of
    them.

    60/59 × 21 = 21.36 and 120/57 × 16 = 33.68: January has 38.8 % of the two months' 3/78.
    """
    given = plan(COMPANY, kpi(), kpi("L"), seasonality=history(THREE_YEARS))
    made, _ = season(given)
    assert made is not None and made.spring
    january, february = Fraction(60, 59) * 21, Fraction(120, 57) * 16
    assert made.fractions[0] == Fraction(3, 78) * january / (january + february)
    assert sum(made.fractions[:2]) == Fraction(3, 78) and sum(made.fractions) == 1
    (note,) = notes(given)
    assert (note.params["kpis"], note.params["count"]) == (["营收"], 1)


@pytest.mark.parametrize(
    "settings", [Settings(year=2026, spring_festival=False), Settings(year=2027)]
)
def test_a_history_stands_as_it_is_where_switched_off_or_the_calendar_is_an_estimate(
    settings: Settings,
) -> None:
    given = plan(COMPANY, seasonality=history(THREE_YEARS), settings=settings)
    made, _ = season(given)
    assert made is not None and made.fractions[:2] == (Fraction(1, 78), Fraction(2, 78))
    assert not made.spring and notes(given) == []


def booked(year: int, months: dict[int, int]) -> Actuals:
    """Actual rows of the company's KPI K, by month."""
    count = len(months)
    return Actuals(
        kpi=["K"] * count,
        unit=["C"] * count,
        month=[Month(year, month) for month in months],
        day=[None] * count,
        value=[value * MICRO for value in months.values()],
    )


def test_actuals_of_earlier_years_are_history() -> None:
    made, findings = season(plan(COMPANY, actuals=booked(2025, {m: m for m in range(1, 13)})))
    assert made is not None and made.source is SeasonSource.HISTORY and made.years == 1
    assert made.fractions[11] == Fraction(12, 78)
    assert at(findings) == {"season-few-years": "kpis!A2"}


def test_actuals_win_over_the_columns_and_a_difference_is_told_once_a_year() -> None:
    typed = {m: (None, None, 10 if m < 11 else None) for m in range(1, 13)}
    actuals = booked(2025, {1: 10, 2: 30, 3: 30, 11: 10, 12: 10})
    given = plan(COMPANY, seasonality=history(typed), actuals=actuals)
    made, findings = season(replace(given, settings=Settings(year=2026, country="US")))
    assert made is not None and made.years == 1
    assert made.fractions[:3] == (Fraction(10, 160), Fraction(30, 160), Fraction(30, 160))
    told = findings[0]
    assert told.code == "history-differs" and told.place.cell == "E3"
    assert (told.params["month"], told.params["actual"], told.params["typed"]) == (
        "2025-02",
        30,
        10,
    )
    assert told.params["months"] == 2


def test_the_columns_are_the_companys_actuals_of_last_year() -> None:
    """同比, growth and last year's shape ask the facts, and get the typed month where there is no
    row.
    """
    typed = {m: (None, None, 10 * m) for m in range(1, 13)}
    given = plan(COMPANY, seasonality=history(typed), actuals=booked(2025, {2: 25}))
    facts = Facts.of(given, date(2026, 6, 30))
    assert facts.value("K", "C", Month(2025, 1), Month(2025, 2)) == 35
    assert facts.value("K", "C", Month(2025, 12), Month(2025, 12)) == 120
    assert last_year(given, given.kpis[0], "C", facts) is not None
    assert ("K", "C") in facts.pairs and facts.value(
        "K", "C", Month(2026, 1), Month(2026, 6)
    ) is None


def test_other_countries_keep_january_and_february_apart() -> None:
    made, _ = season(
        plan(COMPANY, seasonality=history(THREE_YEARS), settings=Settings(year=2026, country="US"))
    )
    assert made is not None and made.fractions[:2] == (Fraction(1, 78), Fraction(2, 78))


def test_fiscal_years_have_their_weights_in_fiscal_order() -> None:
    made, _ = season(
        plan(
            COMPANY,
            seasonality=history(THREE_YEARS),
            settings=Settings(year=2026, fiscal_start=4, country="US"),
        )
    )
    assert (
        made is not None
        and made.fractions[0] == Fraction(4, 78)
        and made.fractions[-1] == Fraction(3, 78)
    )


def test_fewer_than_three_years_are_used_and_flagged() -> None:
    made, findings = season(
        plan(COMPANY, seasonality=history({m: (None, None, m) for m in range(1, 13)}))
    )
    assert made is not None and made.source is SeasonSource.HISTORY and made.years == 1
    assert at(findings) == {"season-few-years": "seasonality!C2"}


def test_a_year_with_a_blank_month_does_not_count_for_blank_is_not_zero() -> None:
    figures = {m: (10, 20, None if m in (11, 12) else 1000 * m) for m in range(1, 13)}
    made, findings = season(plan(COMPANY, seasonality=history(figures)))
    assert made is not None and made.years == 2 and made.fractions[5] == Fraction(1, 12)
    assert at(findings) == {
        "season-year-incomplete": "seasonality!E12",
        "season-few-years": "seasonality!C2",
    }
    assert findings[0].params["year"] == "2025" and findings[0].params["missing"] == 2


def test_a_zero_month_is_a_weight_of_zero() -> None:
    made, findings = season(
        plan(
            COMPANY,
            seasonality=history({m: (0, 0, 0) if m == 8 else (1, 1, 1) for m in range(1, 13)}),
        )
    )
    assert made is not None and made.fractions[7] == 0 and findings == []


def test_nothing_given_goes_by_working_days_with_a_note() -> None:
    made, findings = season(plan(COMPANY))
    assert made is not None and made.source is SeasonSource.WORKING_DAYS
    assert made.fractions == tuple(Fraction(days, 248) for days in DAYS)
    assert at(findings) == {"season-by-working-days": "kpis!A2"}


def test_kpis_that_do_not_add_up_over_months_need_no_note() -> None:
    assert season(plan(COMPANY, kpi(kind=KpiKind.RATIO)))[1] == []


@pytest.mark.parametrize(
    "figures",
    [
        dict.fromkeys(range(1, 13), (0, 0, 0)),
        {m: (-5, 1, 1) if m == 3 else (9, 9, 9) for m in range(1, 13)},
    ],
)
def test_history_without_a_positive_total_or_with_a_negative_month_falls_back(
    figures: dict[int, tuple[object, object, object]],
) -> None:
    made, findings = season(plan(COMPANY, seasonality=history(figures)))
    assert made is not None and made.source is SeasonSource.WORKING_DAYS
    assert at(findings) == {"season-history-unusable": "seasonality!C2"}


def test_twelve_manual_weights_hold_over_history() -> None:
    weights = dict.fromkeys(range(1, 13), "0.08") | {12: "0.12"}
    made, findings = season(plan(COMPANY, seasonality=history(THREE_YEARS, weights=weights)))
    assert (
        made is not None
        and made.source is SeasonSource.MANUAL
        and made.fractions[11] == Fraction(12, 100)
        and findings == []
    )


def test_manual_weights_that_do_not_make_one_are_scaled_and_said_so() -> None:
    made, findings = season(
        plan(COMPANY, seasonality=history(weights=dict.fromkeys(range(1, 13), "0.1")))
    )
    assert made is not None and made.fractions == (Fraction(1, 12),) * 12
    assert (
        at(findings) == {"season-weights-scaled": "seasonality!F2"}
        and findings[0].params["total"] == 120
    )


def test_some_manual_weights_stay_and_the_rest_goes_by_history() -> None:
    made, _ = season(
        plan(
            COMPANY,
            seasonality=history(dict.fromkeys(range(1, 13), (1, 1, 1)), weights={12: "0.34"}),
        )
    )
    assert made is not None and made.fractions[11] == Fraction(34, 100)
    assert made.fractions[5] == Fraction(66, 100) / 11 and sum(made.fractions) == 1


def test_some_manual_weights_of_more_than_one_in_all_are_an_error_and_not_used() -> None:
    made, findings = season(
        plan(
            COMPANY,
            seasonality=history(
                dict.fromkeys(range(1, 13), (1, 1, 1)), weights={1: "0.7", 2: "0.5"}
            ),
        )
    )
    assert made is not None and made.source is SeasonSource.HISTORY
    assert at(findings) == {"season-weights-over": "seasonality!F2"}


def test_negative_or_all_zero_manual_weights_are_an_error_and_not_used() -> None:
    made, findings = season(plan(COMPANY, seasonality=history(weights={1: "0.1", 2: "-0.1"})))
    assert made is not None and made.source is SeasonSource.WORKING_DAYS
    assert at(findings)["season-weight-negative"] == "seasonality!F3"
    _, findings = season(
        plan(COMPANY, seasonality=history(weights=dict.fromkeys(range(1, 13), "0")))
    )
    assert at(findings)["season-weights-zero"] == "seasonality!F2"


@pytest.mark.parametrize("cell", ["manual_weight", "history", "history2"])
def test_a_cell_that_could_not_be_read_leaves_the_kpi_without_a_season(cell: str) -> None:
    from dataclasses import replace

    first, *others = history(THREE_YEARS)
    made, _ = season(plan(COMPANY, seasonality=(replace(first, broken=frozenset({cell})), *others)))
    assert made is None


def test_an_estimated_calendar_and_an_unknown_country_are_said_once() -> None:
    places = {
        "year": Place("m.xlsx", "settings", "B2"),
        "country": Place("m.xlsx", "settings", "B9"),
    }
    _, findings = season(
        plan(
            COMPANY,
            settings=Settings(year=2098, fiscal_start=7, places=places),
            seasonality=history(THREE_YEARS),
        )
    )
    assert [(f.code, f.params["year"], f.place.cell) for f in findings] == [
        ("calendar-estimated", "2098", "B2"),
        ("calendar-estimated", "2099", "B2"),
    ]
    _, findings = season(
        plan(
            COMPANY,
            settings=Settings(year=2026, country="Atlantis", places=places),
            seasonality=history(THREE_YEARS),
        )
    )
    assert at(findings) == {"calendar-country-unknown": "settings!B9"}
