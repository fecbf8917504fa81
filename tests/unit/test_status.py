"""The status of a KPI over a span: one rule, worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from salesplan.engine.actuals.attainment import Attainment, attainments
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Clock, Span
from salesplan.engine.actuals.reach import typed_share
from salesplan.engine.actuals.status import Why
from salesplan.engine.actuals.status_by_kind import StatusBasis
from salesplan.engine.results import Results
from salesplan.engine.targets.target import Target
from salesplan.engine.views.status_reason import reason
from salesplan.messages import text
from salesplan.plan.model import (
    Direction,
    Kpi,
    KpiKind,
    Light,
    Month,
    MonthRhythm,
    Plan,
    RhythmKind,
    Settings,
    TargetBasis,
    TargetRow,
)
from tests.unit.plans import Row, calendar, month, plan_of, target

D = Decimal
FLOW = Kpi(code="K", name="营收", kind=KpiKind.FLOW)
LESS = replace(FLOW, direction=Direction.LOWER)
EVEN = [100] * 12
GREEN, AMBER, RED, GREY = Light.GREEN, Light.AMBER, Light.RED, Light.GREY


def found(
    plan: Plan, as_of: date, months: Sequence[object] = EVEN, unit: str = "A", year: object = None
) -> dict[Span, Attainment]:
    """The attainments of one unit whose target has these months."""
    report = Month.of(as_of)
    targets: dict[tuple[str, str], Target] = {("K", unit): target("K", unit, months, year)}
    known = attainments(plan, targets, Facts.of(plan, as_of), calendar(), report, as_of)
    return {span: known["K", unit, span] for span in Span}


def lights(plan: Plan, as_of: date, months: Sequence[object] = EVEN) -> tuple[Light | None, ...]:
    """Month, year to date."""
    known = found(plan, as_of, months)
    return known[Span.MONTH].light, known[Span.YTD].light


class TestRunningMonth:
    def test_29_january_at_a_quarter_of_the_month_is_red(self) -> None:
        """20 of 21 working days, 100 of 407: E = 387.6; 287.6 − 0.3 × 0.213 × 407 = 261.6: 67.5 %
        of E.
        """
        plan = plan_of(FLOW, {"at": date(2026, 1, 29), "value": 100})
        one = found(plan, date(2026, 1, 29), [407] * 12)[Span.MONTH]
        assert one.status.expected is not None and one.status.short is not None
        assert round(one.status.expected, 1) == D("387.6")
        assert round(one.status.short * one.status.expected, 1) == D("261.6")
        assert round(one.status.short, 3) == D("0.675")
        assert (one.light, one.status.why) == (RED, Why.PACE)

    def test_it_is_grey_until_half_of_its_working_days_are_over(self) -> None:
        """April 2026 has 21 working days: the 10th is the 15th, the 11th the 16th."""
        quarter = [{"at": month, "value": 100} for month in (1, 2, 3)]
        early = plan_of(FLOW, *quarter, {"at": date(2026, 4, 1), "value": 0})
        assert lights(early, date(2026, 4, 15)) == (GREY, AMBER)
        assert lights(early, date(2026, 4, 16))[0] is RED

    def test_in_january_the_year_to_date_is_the_month(self) -> None:
        plan = plan_of(FLOW, {"at": date(2026, 1, 4), "value": 0})
        assert lights(plan, date(2026, 1, 14)) == (GREY, GREY)
        one = found(plan, date(2026, 1, 14))[Span.YTD]
        assert (one.status.why, one.score) == (Why.EARLY, None)

    def test_a_month_is_over_on_its_last_working_day(self) -> None:
        """29 May 2026 is a Friday, the month's last working day: nothing is to come."""
        rows = [{"at": m, "value": 100} for m in range(1, 5)]
        plan = plan_of(FLOW, *rows, {"at": date(2026, 5, 29), "value": 95})
        one = found(plan, date(2026, 5, 29))[Span.MONTH]
        assert (one.status.expected, one.pace.value, one.light) == (100, D("0.95"), AMBER)

    def test_a_surplus_of_earlier_months_counts_and_is_not_lessened(self) -> None:
        plan = plan_of(FLOW, {"at": 1, "value": 160}, {"at": date(2026, 2, 14), "value": 9})
        one = found(plan, date(2026, 2, 14))[Span.YTD]
        assert (one.light, one.status.expected) == (GREEN, D("168.75"))

    def test_a_shortfall_under_one_unit_is_never_red(self) -> None:
        """Of 2 customers 1.7 should be there, 1 is: 0.7 of a customer is no failure."""
        plan = plan_of(FLOW, {"at": 1, "value": 2}, {"at": date(2026, 2, 25), "value": 1})
        one = found(plan, date(2026, 2, 25), [2] * 12)[Span.MONTH]
        assert one.status.short is not None and one.status.short > D("0.1")
        assert one.light is AMBER


class TestRhythm:
    def test_points_are_joined_by_straight_lines(self) -> None:
        points = ((D("0.5"), D("0.2")), (D("0.75"), D("0.4")))
        told = [typed_share(points, Fraction(n, 8)) for n in (0, 2, 4, 5, 6, 7, 8)]
        assert told == [0, *(Fraction(n, 10) for n in (1, 2, 3, 4, 7, 10))]

    def test_a_team_that_books_at_the_end_is_not_red_all_month(self) -> None:
        typed = MonthRhythm(RhythmKind.POINTS, ((D("0.75"), D("0.3")),))
        rows: list[Row] = [{"at": 1, "value": 100}, {"at": date(2026, 2, 24), "value": 28}]
        assert lights(plan_of(FLOW, *rows), date(2026, 2, 24))[0] is RED
        late = replace(FLOW, rhythm=typed)
        assert lights(plan_of(late, *rows), date(2026, 2, 24))[0] is GREEN

    def test_six_months_of_dated_rows_tell_the_rhythm(self) -> None:
        """Each month booked whole on its 28th day: on the 20th nothing is expected yet."""
        past: list[Row] = [{"at": date(2026, m, 28), "value": 100} for m in range(1, 7)]
        plan = plan_of(FLOW, *past, {"at": date(2026, 7, 1), "value": 0})
        one = found(plan, date(2026, 7, 20))[Span.YTD]
        assert (one.status.expected, one.light) == (600, GREEN)
        plan = plan_of(
            FLOW, *past[1:], {"at": 1, "value": 100}, {"at": date(2026, 7, 1), "value": 0}
        )
        one = found(plan, date(2026, 7, 20))[Span.YTD]
        assert one.status.expected is not None and one.status.expected > 650, "five are too few"

    def test_even_is_even_whatever_history_says(self) -> None:
        past: list[Row] = [{"at": date(2026, m, 28), "value": 100} for m in range(1, 7)]
        even = replace(FLOW, rhythm=MonthRhythm(RhythmKind.EVEN))
        plan = plan_of(even, *past, {"at": date(2026, 7, 1), "value": 0})
        one = found(plan, date(2026, 7, 20))[Span.YTD]
        assert one.status.expected is not None and one.status.expected > 650


class TestNotReportedYet:
    def test_trailing_months_without_a_row_are_left_out(self) -> None:
        plan = plan_of(FLOW, *({"at": m, "value": 100} for m in range(1, 6)))
        known = found(plan, date(2026, 7, 31))
        assert (known[Span.YTD].status.expected, known[Span.YTD].light) == (500, GREEN)
        assert (known[Span.MONTH].light, known[Span.MONTH].status.why) == (GREY, Why.NOT_REPORTED)
        assert known[Span.YTD].pace.value == 1

    def test_where_others_have_rows_a_unit_without_one_has_nothing(self) -> None:
        plan = plan_of(FLOW, {"at": 1, "unit": "B", "value": 1})
        one = found(plan, date(2026, 1, 31))[Span.MONTH]
        assert (one.status.actual, one.light, one.score) == (0, RED, None)

    def test_a_running_month_with_a_month_s_figure_only_is_not_reported(self) -> None:
        plan = plan_of(FLOW, {"at": 1, "value": 100}, {"at": 2, "value": 3})
        assert lights(plan, date(2026, 2, 25)) == (GREY, GREEN)


class TestNothingExpected:
    def test_it_is_grey_while_running_and_reached_or_not_once_over(self) -> None:
        plan = plan_of(FLOW, {"at": date(2026, 1, 29), "value": 0})
        assert lights(plan, date(2026, 1, 29), [0] * 12)[0] is GREY
        assert lights(plan, date(2026, 1, 31), [0] * 12)[0] is GREEN
        below = plan_of(FLOW, {"at": date(2026, 1, 29), "value": -1})
        assert lights(below, date(2026, 1, 31), [0] * 12)[0] is RED

    def test_one_case_of_what_may_not_happen_is_red_at_once(self) -> None:
        plan = plan_of(LESS, {"at": date(2026, 1, 29), "value": 1})
        assert lights(plan, date(2026, 1, 29), [0] * 12) == (RED, RED)

    def test_where_only_the_months_so_far_are_0_the_year_allows_its_part(self) -> None:
        """3 complaints a year, none planned before June: by the end of March 57 of 248 days allow
        0.69.
        """
        plan = plan_of(LESS, *({"at": m, "value": v} for m, v in ((1, 0), (2, 0), (3, 1))))
        one = found(plan, date(2026, 3, 31), [0] * 5 + [1, 0, 1, 0, 1, 0, 0])[Span.YTD]
        assert one.status.expected is not None
        assert round(one.status.expected, 2) == D("0.71")
        assert one.light is AMBER, "one case is within one unit of it"


class TestLine:
    SHARE = Kpi(
        code="K", name="复购率", kind=KpiKind.RATIO, unit="%", base=D("0.5"), due=date(2026, 6, 30)
    )

    def rate(self, kpi: Kpi, day: date, part: str, as_of: date | None = None) -> Attainment:
        plan = plan_of(kpi, {"at": day, "n": part, "d": 1})
        return found(plan, as_of or day, [D("0.6")] * 12, year=D("0.6"))[Span.YTD]

    def test_half_of_the_way_is_expected_at_half_of_the_days(self) -> None:
        """60 of the 120 working days to 30 June are over on 1 April: 55 % is on the line."""
        one = self.rate(self.SHARE, date(2026, 4, 1), "0.55")
        assert one.status.expected is not None
        assert round(one.status.expected, 3) == D("0.550")
        assert (one.light, one.status.why) == (GREEN, Why.LINE)
        assert self.rate(self.SHARE, date(2026, 4, 1), "0.45").light is RED

    def test_once_the_month_is_over_the_pace_is_still_that_of_the_line(self) -> None:
        """The light is green since 55 % is on the line: 91.7 % of the target would not say so."""
        one = self.rate(self.SHARE, date(2026, 3, 31), "0.55")
        assert one.status.expected is not None
        assert one.pace.value == one.status.pace == D("0.55") / one.status.expected
        assert (one.light, one.rate.value) == (GREEN, D("0.55") / D("0.6"))
        bare = self.rate(replace(self.SHARE, base=None), date(2026, 3, 31), "0.55")
        assert bare.pace is bare.rate

    def test_after_its_day_the_target_is_expected(self) -> None:
        assert self.rate(self.SHARE, date(2026, 9, 30), "0.59").status.expected == D("0.6")

    def test_a_figure_is_held_against_the_line_at_the_last_day_it_is_for(self) -> None:
        early = self.rate(self.SHARE, date(2026, 4, 1), "0.55", date(2026, 6, 30))
        assert early.light is GREEN

    def test_an_improvement_is_grey_until_a_quarter_of_the_way(self) -> None:
        rise = replace(self.SHARE, basis=TargetBasis.IMPROVEMENT, target=D("0.1"))
        assert self.rate(rise, date(2026, 1, 30), "0.5").status.why is Why.WAY
        on_it = self.rate(rise, date(2026, 4, 1), "0.55")
        assert (on_it.light, round(on_it.status.pace or 0, 2)) == (GREEN, 1)
        assert self.rate(rise, date(2026, 4, 1), "0.52").light is RED

    def test_typed_months_are_points_of_the_line(self) -> None:
        months: tuple[D | None, ...] = (None, None, D("0.51"), *(None,) * 9)
        plan = plan_of(
            self.SHARE,
            {"at": date(2026, 3, 31), "n": "0.51", "d": 1},
            targets=(TargetRow(kpi="K", unit="A", manual_months=months),),
        )
        goals = [D("0.51") if m == 3 else D("0.6") for m in range(1, 13)]
        one = found(plan, date(2026, 3, 31), goals, year=D("0.6"))[Span.YTD]
        assert (one.status.expected, one.light) == (D("0.51"), GREEN)

    def test_a_typed_quarter_of_a_rate_holds_at_each_of_its_months(self) -> None:
        """51 % in the first quarter: at the end of January, too, where the line alone has 52 %."""
        plan = plan_of(
            self.SHARE,
            {"at": date(2026, 1, 30), "n": "0.51", "d": 1},
            targets=(TargetRow(kpi="K", unit="A", manual_quarters=(D("0.51"), *(None,) * 3)),),
        )
        goals = [D("0.51")] * 3 + [D("0.6")] * 9
        one = found(plan, date(2026, 1, 31), goals, year=D("0.6"))[Span.YTD]
        assert (one.status.expected, one.light) == (D("0.51"), GREEN)

    def test_a_typed_quarter_of_a_level_is_its_last_month(self) -> None:
        """From 40 to 50 at the end of March, 21 of 59 working days over at the end of January."""
        level = replace(self.SHARE, kind=KpiKind.STOCK, unit="个", base=D(40), target=D(100))
        plan = plan_of(
            level,
            {"at": date(2026, 1, 31), "value": 45},
            targets=(TargetRow(kpi="K", unit="A", manual_quarters=(D(50), *(None,) * 3)),),
        )
        goals = [100, 100, 50, *[100] * 9]
        one = found(plan, date(2026, 1, 31), goals, year=100)[Span.YTD]
        assert one.status.expected is not None
        assert round(one.status.expected, 2) == D("43.56")

    def test_a_cohort_rate_is_judged_by_its_last_month_that_is_over(self) -> None:
        cohort = replace(self.SHARE, kind=KpiKind.COHORT_RATIO)
        in_may = {"at": date(2026, 5, 20), "n": "0.1", "d": 1}
        plan = plan_of(cohort, {"at": 4, "n": "0.57", "d": 1}, in_may)
        known = found(plan, date(2026, 5, 20), [D("0.6")] * 12, year=D("0.6"))
        assert known[Span.MONTH].status.why is Why.NOT_OVER
        assert (known[Span.YTD].status.actual, known[Span.YTD].light) == (D("0.57"), GREEN)

    def test_without_a_base_the_target_is_expected(self) -> None:
        bare = replace(self.SHARE, base=None)
        one = self.rate(bare, date(2026, 4, 1), "0.55")
        assert (one.status.expected, one.status.why, one.light) == (D("0.6"), Why.TARGET, AMBER)


def test_a_milestone_is_grey_until_its_day() -> None:
    kpi = Kpi(code="K", name="系统上线", kind=KpiKind.MILESTONE, due=date(2026, 6, 30))
    months = [None] * 5 + [1] * 7
    plan = plan_of(kpi, {"at": date(2026, 5, 6), "value": "0.5"})
    assert found(plan, date(2026, 6, 29), months, year=1)[Span.YTD].light is GREY
    assert found(plan, date(2026, 6, 30), months, year=1)[Span.YTD].light is RED
    done = plan_of(kpi, {"at": date(2026, 6, 30), "value": 1})
    assert found(done, date(2026, 6, 30), months, year=1)[Span.YTD].light is GREEN


class TestYear:
    def test_it_is_grey_before_three_months_are_over(self) -> None:
        plan = plan_of(FLOW, {"at": 1, "value": 100}, {"at": 2, "value": 100})
        one = found(plan, date(2026, 2, 28))[Span.YEAR]
        assert (one.light, one.status.why) == (GREY, Why.UNSURE)

    def test_once_over_it_is_what_it_brought(self) -> None:
        plan = plan_of(FLOW, *({"at": m, "value": 95} for m in range(1, 13)))
        known = found(plan, date(2026, 12, 31))
        assert (known[Span.YEAR].light, known[Span.YEAR].rate.value) == (AMBER, D("0.95"))
        assert known[Span.YEAR].status.why is Why.PACE


def test_the_settings_move_the_thresholds() -> None:
    lenient = Settings(year=2026, green=D("0.85"), amber=D("0.7"))
    for value, light in ((85, GREEN), (84, AMBER), (70, AMBER), (69, RED)):
        plan = plan_of(FLOW, {"at": 1, "value": value}, settings=lenient)
        assert found(plan, month(1).last)[Span.MONTH].light is light


class TestReason:
    """Each status says in one sentence how it came about."""

    def said(
        self,
        plan: Plan,
        as_of: date,
        span: Span,
        months: Sequence[object] = EVEN,
        year: object = None,
    ) -> tuple[str, str]:
        report = Month.of(as_of)
        targets = {("K", "A"): target("K", "A", months, year)}
        clock = Clock.of(plan.settings.months, calendar(), report, as_of)
        facts = Facts.of(plan, as_of)
        basis = StatusBasis.of(plan, targets, facts, calendar(), clock, as_of)
        known = attainments(plan, targets, facts, calendar(), report, as_of, basis)
        results = Results(
            month=report,
            as_of=as_of,
            month_over=not clock.running,
            reach=basis.reach,
            trajectories=basis.trajectories,
        )
        finding = reason(plan.kpis[0], known["K", "A", span], results, clock)
        for lang in ("zh", "en"):
            assert "{" not in text(finding, lang)
        return finding.code, text(finding, "en")

    def test_the_rhythm_that_is_used_is_named(self) -> None:
        past: list[Row] = [{"at": date(2026, m, 28), "value": 100} for m in range(1, 7)]
        learned = plan_of(FLOW, *past, {"at": date(2026, 7, 1), "value": 0})
        _, sentence = self.said(learned, date(2026, 7, 20), Span.YTD)
        assert "0% of the month expected by the rhythm of past months)" in sentence
        even = plan_of(FLOW, {"at": date(2026, 1, 29), "value": 100})
        _, sentence = self.said(even, date(2026, 1, 29), Span.MONTH)
        assert "of the month expected by working days)" in sentence

    def test_what_should_be_there_and_what_is(self) -> None:
        plan = plan_of(FLOW, {"at": date(2026, 1, 29), "value": 100})
        code, sentence = self.said(plan, date(2026, 1, 29), Span.MONTH, [407] * 12)
        assert code == "status-pace-swing"
        assert "should be 387.62 by now (20 of 21 working days" in sentence
        assert "is 100" in sentence and "67.5%" in sentence

    @pytest.mark.parametrize(
        ("rows", "as_of", "span", "code"),
        [
            ([(1, 90)], date(2026, 1, 31), Span.MONTH, "status-over"),
            ([(date(2026, 1, 29), 500)], date(2026, 1, 29), Span.MONTH, "status-pace"),
            ([(date(2026, 1, 6), 5)], date(2026, 1, 6), Span.MONTH, "status-early"),
            ([(1, 90)], date(2026, 2, 28), Span.MONTH, "status-not-reported"),
            ([], date(2026, 2, 28), Span.MONTH, "status-nothing-reported"),
            ([(1, 90)], date(2026, 1, 31), Span.YEAR, "status-unsure"),
            ([(m, 90) for m in (1, 2, 3)], date(2026, 3, 31), Span.YEAR, "status-landing"),
        ],
    )
    def test_of_a_flow(
        self, rows: list[tuple[object, int]], as_of: date, span: Span, code: str
    ) -> None:
        plan = plan_of(FLOW, *({"at": at, "value": value} for at, value in rows))
        assert self.said(plan, as_of, span)[0] == code

    def test_of_a_target_of_nothing(self) -> None:
        plan = plan_of(FLOW, {"at": date(2026, 1, 29), "value": 0})
        zero: list[object] = [0] * 12
        assert self.said(plan, date(2026, 1, 29), Span.MONTH, zero)[0] == "status-nothing-due"
        assert self.said(plan, date(2026, 1, 31), Span.MONTH, zero)[0] == "status-zero"
        assert self.said(plan, date(2026, 1, 31), Span.MONTH, [None] * 12)[0] == "status-none"

    def test_of_rates_and_milestones(self) -> None:
        share = TestLine.SHARE
        rise = replace(share, basis=TargetBasis.IMPROVEMENT, target=D("0.1"))
        cohort = replace(share, kind=KpiKind.COHORT_RATIO)
        day, goals = date(2026, 1, 29), [D("0.6")] * 12
        for kpi, code in (
            (share, "status-line"),
            (replace(share, base=None), "status-target"),
            (rise, "status-way"),
            (cohort, "status-not-over"),
        ):
            plan = plan_of(kpi, {"at": day, "n": "0.5", "d": 1})
            assert self.said(plan, day, Span.MONTH, goals, D("0.6"))[0] == code
        july = date(2026, 7, 31)
        plan = plan_of(rise, {"at": july, "n": "0.58", "d": 1})
        code, sentence = self.said(plan, july, Span.MONTH, goals, D("0.6"))
        assert code == "status-line-rise"
        assert "from the base value of 50%" in sentence and "improvement 80%" in sentence
        done = Kpi(code="K", name="上线", kind=KpiKind.MILESTONE, due=date(2026, 6, 30))
        plan = plan_of(done, {"at": day, "value": 1})
        months: list[object] = [None] * 5 + [1] * 7
        assert self.said(plan, day, Span.YTD, months, 1)[0] == "status-not-due"
        assert self.said(plan, date(2026, 6, 30), Span.YTD, months, 1)[0] == "status-milestone"
