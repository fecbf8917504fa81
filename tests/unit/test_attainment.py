"""Attainment, scores and growth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine.actuals.attainment import Attainment, attainments, completion, scores
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.growth import Growth, GrowthWord, growth, growth_in_points
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.status import Rate, RateWord, Why
from salesplan.engine.targets.target import Targets
from salesplan.plan.model import (
    Direction,
    Kpi,
    KpiKind,
    Level,
    Light,
    Month,
    Plan,
    Settings,
    TargetBasis,
)
from tests.unit.plans import UNITS, calendar, month, plan_of, target

D = Decimal
CAP = D("1.2")
HIGHER = Kpi(code="K", name="营收", kind=KpiKind.FLOW)
LOWER = replace(HIGHER, name="投诉", direction=Direction.LOWER)
REPURCHASE = Kpi(
    code="K", name="复购率", kind=KpiKind.RATIO, basis=TargetBasis.IMPROVEMENT, base=D("0.5")
)
JUNE_END = date(2026, 6, 30)
EVEN = [100] * 12


def rate(kpi: Kpi, goal: str | None, actual: str | None) -> Rate:
    return completion(
        kpi, None if goal is None else D(goal), None if actual is None else D(actual), CAP
    )


def attain(
    plan: Plan, targets: Targets, number: int = 6, as_of: date = JUNE_END
) -> dict[tuple[str, str, Span], Attainment]:
    return attainments(plan, targets, Facts.of(plan, as_of), calendar(), month(number), as_of)


class TestCompletion:
    @pytest.mark.parametrize(
        ("goal", "actual", "expected", "score"),
        [
            ("100", "80", "0.8", "0.8"),
            ("-100", "-50", "1.5", "1.2"),
            ("-100", "-150", "0.5", "0.5"),
            ("100", "-30", "-0.3", "0"),
            ("3", "1", "0.3333333333333333333333333333", "0.3333333333333333333333333333"),
        ],
    )
    def test_higher_better_for_any_sign(
        self, goal: str, actual: str, expected: str, score: str
    ) -> None:
        assert rate(HIGHER, goal, actual) == Rate(value=D(expected), score=D(score))

    @pytest.mark.parametrize(
        ("goal", "actual", "expected"),
        [
            ("100", "80", "1.2"),
            ("100", "120", "0.8"),
            ("100", "250", "-0.5"),
            ("-100", "-150", "1.5"),
        ],
    )
    def test_lower_better(self, goal: str, actual: str, expected: str) -> None:
        assert rate(LOWER, goal, actual).value == D(expected)

    @pytest.mark.parametrize(
        ("kpi", "actual", "word", "score"),
        [
            (HIGHER, "1", RateWord.EXCEEDED, 1),
            (HIGHER, "0", RateWord.MET, 1),
            (HIGHER, "-1", RateWord.MISSED, 0),
            (LOWER, "1", RateWord.MISSED, 0),
            (LOWER, "0", RateWord.MET, 1),
            (LOWER, "-1", RateWord.EXCEEDED, 1),
        ],
    )
    def test_target_zero_is_a_word_with_a_score(
        self, kpi: Kpi, actual: str, word: RateWord, score: int
    ) -> None:
        assert rate(kpi, "0", actual) == Rate(word=word, score=D(score))

    def test_blank_is_a_word_without_a_score(self) -> None:
        assert rate(HIGHER, None, "5") == Rate(word=RateWord.NO_TARGET)
        assert rate(HIGHER, "5", None) == Rate(word=RateWord.NO_ACTUAL)
        assert rate(HIGHER, "5", "0") == Rate(value=D(0), score=D(0))

    def test_improvement_50_to_60_at_55_is_50_percent_and_91_7_as_a_level(self) -> None:
        found = rate(REPURCHASE, "0.6", "0.55")
        assert found.value == found.score == D("0.5")
        assert found.level is not None and round(found.level, 3) == D("0.917")

    def test_improvement_downwards(self) -> None:
        days = replace(REPURCHASE, direction=Direction.LOWER, base=D(40))
        assert rate(days, "30", "38").value == D("0.2")
        assert rate(days, "30", "44").value == D("-0.4")

    def test_improvement_without_a_base_or_without_a_rise(self) -> None:
        assert rate(replace(REPURCHASE, base=None), "0.6", "0.6").word is RateWord.NO_BASE
        assert rate(REPURCHASE, "0.5", "0.4") == Rate(
            word=RateWord.MISSED, level=D("0.8"), score=D(0)
        )
        assert rate(REPURCHASE, "0.5", "0.5").word is RateWord.MET

    def test_a_target_worse_than_the_base_asks_for_no_improvement(self) -> None:
        """A unit may fall from 50 % to 48 %: at 60 % it is not at −500 %, and at 47 % not at
        150 %.
        """
        assert rate(REPURCHASE, "0.48", "0.6") == Rate(
            word=RateWord.EXCEEDED, level=D("1.25"), score=D(1)
        )
        assert rate(REPURCHASE, "0.48", "0.47").word is RateWord.MISSED
        days = replace(REPURCHASE, direction=Direction.LOWER, base=D(40))
        assert [rate(days, "45", actual).word for actual in ("42", "45", "46")] == [
            RateWord.EXCEEDED,
            RateWord.MET,
            RateWord.MISSED,
        ]

    def test_a_part_of_a_loss_is_measured_by_its_own_sign(self) -> None:
        """From −200 to −100 and a unit whose part is half: −75 is half of its way."""
        loss = Kpi(
            code="K",
            name="利润",
            kind=KpiKind.FLOW,
            base=D(-200),
            target=D(100),
            basis=TargetBasis.IMPROVEMENT,
        )
        plan = plan_of(loss, {"at": 12, "unit": "A", "value": -75})
        goals = {
            ("K", "C"): target("K", "C", (*[0] * 11, -100)),
            ("K", "A"): target("K", "A", (*[0] * 11, -50)),
        }
        assert attain(plan, goals, 12, date(2026, 12, 31))["K", "A", Span.YEAR].rate.value == D(
            "0.5"
        )


class TestSpans:
    def test_a_flow_sums_its_months(self) -> None:
        plan = plan_of(
            HIGHER,
            *(
                {"at": m, "unit": "A", "value": v}
                for m, v in ((1, 90), (4, 100), (5, 110), (6, 120))
            ),
        )
        found = attain(
            plan, {("K", "C"): target("K", "C", EVEN)}, number=5, as_of=date(2026, 5, 31)
        )
        sums = {span: (found["K", "C", span].target, found["K", "C", span].actual) for span in Span}
        assert sums == {
            Span.MONTH: (100, 110),
            Span.QUARTER: (200, 210),
            Span.HALF: (500, 300),
            Span.YTD: (500, 300),
            Span.YEAR: (1200, 300),
        }
        assert found["K", "C", Span.YTD].gap == -200
        assert found["K", "C", Span.YTD].status.expected == 500
        assert (found["K", "C", Span.MONTH].light, found["K", "C", Span.YTD].light) == (
            Light.GREEN,
            Light.RED,
        )

    def test_nothing_sold_has_a_variance_of_minus_the_target(self) -> None:
        found = attain(plan_of(HIGHER, {"at": 6, "value": 0}), {("K", "A"): target("K", "A", EVEN)})
        assert (found["K", "A", Span.MONTH].gap, found["K", "A", Span.MONTH].light) == (
            -100,
            Light.RED,
        )

    def test_nothing_reported_has_no_variance(self) -> None:
        one = attain(plan_of(HIGHER), {("K", "A"): target("K", "A", EVEN)})["K", "A", Span.MONTH]
        assert (one.actual, one.gap, one.light, one.rate.word) == (
            None,
            None,
            Light.GREY,
            RateWord.NO_ACTUAL,
        )

    def test_a_month_without_target_leaves_its_spans_without_one(self) -> None:
        found = attain(
            plan_of(HIGHER, {"at": 6, "value": 1}),
            {("K", "A"): target("K", "A", [None, *[100] * 11], year=1200)},
        )
        assert [found["K", "A", span].target for span in Span] == [100, 300, None, None, 1200]
        assert found["K", "A", Span.YTD].rate.word is RateWord.NO_TARGET

    def test_levels_and_rates_compare_the_last_month(self) -> None:
        stock = replace(HIGHER, kind=KpiKind.STOCK)
        plan = plan_of(
            stock, {"at": 3, "unit": "A", "value": 40}, {"at": 5, "unit": "B", "value": 15}
        )
        found = attain(plan, {("K", "E"): target("K", "E", range(10, 130, 10), year=120)})
        assert {
            (found["K", "E", span].target, found["K", "E", span].actual)
            for span in (Span.MONTH, Span.QUARTER, Span.YTD)
        } == {(60, 55)}
        assert (found["K", "E", Span.YEAR].target, found["K", "E", Span.YEAR].light) == (
            120,
            Light.GREEN,
        ), "May's 50 were due in May, the last month that is reported"
        assert found["K", "E", Span.MONTH].status.why is Why.NOT_REPORTED

    def test_fiscal_quarters(self) -> None:
        plan = plan_of(HIGHER, {"at": 6, "value": 1}, settings=Settings(year=2026, fiscal_start=4))
        found = attain(plan, {("K", "A"): target("K", "A", range(1, 13))})
        assert [found["K", "A", span].target for span in Span] == [3, 6, 6, 6, 78]

    def test_actuals_without_a_target_follow(self) -> None:
        plan = plan_of(
            HIGHER,
            {"at": 1, "unit": "A", "value": 1},
            {"at": Month(2025, 1), "unit": "B", "value": 1},
        )
        found = attain(plan, {("K", "C"): target("K", "C", EVEN)})
        assert list(dict.fromkeys(unit for _, unit, _ in found)) == ["C", "E", "A"]
        assert found["K", "A", Span.YTD].rate.word is RateWord.NO_TARGET

    def test_a_month_outside_the_plan_is_refused(self) -> None:
        plan = plan_of(HIGHER)
        with pytest.raises(ValueError, match="not in tuple"):
            attainments(plan, {}, Facts.of(plan, JUNE_END), calendar(), Month(2027, 1), JUNE_END)


class TestRunningMonth:
    """14 Feb 2026 is 11 of 16 working days: of 1,200, January's 100 and 68.75 are due,
    14.0625 %.
    """

    HALF = date(2026, 2, 14)

    def statuses(self, february: str, kpi: Kpi = HIGHER) -> dict[Span, Attainment]:
        plan = plan_of(kpi, {"at": 1, "value": 100}, {"at": self.HALF, "value": february})
        found = attain(plan, {("K", "A"): target("K", "A", EVEN)}, number=2, as_of=self.HALF)
        return {span: found["K", "A", span] for span in Span}

    def test_what_is_expected_to_date(self) -> None:
        found = self.statuses("8.75")
        assert [found[span].status.expected for span in (Span.MONTH, Span.QUARTER, Span.YTD)] == [
            D("68.75"),
            D("168.75"),
            D("168.75"),
        ]

    def test_the_usual_swing_of_the_month_is_no_shortfall(self) -> None:
        """√(0.6875 × 0.3125) × 30 % of 100 is 13.9: from 68.75 down to 54.9 the month is as
        usual.
        """
        assert self.statuses("54.9")[Span.MONTH].light is Light.GREEN
        assert self.statuses("54.8")[Span.MONTH].light is Light.AMBER
        assert self.statuses("8.75")[Span.MONTH].light is Light.RED
        assert self.statuses("8.75")[Span.YTD].light is Light.RED

    def test_lower_better_turns_it_about(self) -> None:
        assert self.statuses("82.6", LOWER)[Span.YTD].light is Light.GREEN
        assert self.statuses("82.7", LOWER)[Span.YTD].light is Light.AMBER

    def test_a_running_span_is_scored_by_its_pace(self) -> None:
        one = self.statuses("55")[Span.MONTH]
        assert (one.rate.value, one.score) == (D("0.55"), D("0.8"))

    def test_the_year_of_what_should_be_low_has_no_attainment_while_it_runs(self) -> None:
        one = self.statuses("50", LOWER)[Span.YEAR]
        assert (one.rate.value, one.rate.word) == (None, RateWord.USED)

    def test_rates_keep_their_thresholds(self) -> None:
        plan = plan_of(replace(HIGHER, kind=KpiKind.RATIO), {"at": self.HALF, "n": 95, "d": 100})
        found = attain(
            plan, {("K", "A"): target("K", "A", [1] * 12, year=1)}, number=2, as_of=self.HALF
        )
        assert {found["K", "A", span].light for span in Span} == {Light.AMBER}

    def test_the_year_goes_by_its_likely_landing(self) -> None:
        plan = plan_of(HIGHER, *({"at": m, "value": 92} for m in range(1, 7)))
        found = attain(plan, {("K", "A"): target("K", "A", EVEN)})
        year = found["K", "A", Span.YEAR]
        assert (year.light, year.status.why, year.status.actual) == (
            Light.AMBER,
            Why.LANDING,
            1104,
        )


def test_an_improvement_of_a_split_flow_is_measured_from_the_units_part_of_the_base() -> None:
    kpi = Kpi(code="K", name="营收", kind=KpiKind.FLOW, basis=TargetBasis.IMPROVEMENT, base=D(1000))
    plan = plan_of(kpi, {"at": 6, "unit": "A", "value": 55})
    targets = {("K", "C"): target("K", "C", EVEN), ("K", "A"): target("K", "A", [60] * 12)}
    found = attain(plan, targets)
    assert found["K", "A", Span.MONTH].rate.value == D("0.5"), (
        "base 1,000 of 1,200 is 50 of 60; 55 is half way"
    )
    assert found["K", "C", Span.MONTH].rate.value == D("-1.7")


def test_an_improvement_that_is_not_the_company_s_own_kpi_has_a_base_too() -> None:
    """适用层级 个人 only: the company has no target to be part of, but its goal of 1,000 + 200 is
    known.
    """
    kpi = Kpi(
        code="K",
        name="营收",
        kind=KpiKind.FLOW,
        basis=TargetBasis.IMPROVEMENT,
        base=D(1000),
        target=D(200),
        levels=frozenset({Level.PERSON}),
    )
    plan = plan_of(kpi, {"at": 6, "unit": "A", "value": 550})
    assert attain(plan, {("K", "A"): target("K", "A", [50] * 12)})[
        "K", "A", Span.YEAR
    ].rate.value == D("0.5")


def test_a_hedge_makes_nobody_s_base_larger() -> None:
    """1,000 of last year and 1,200 to reach, half of each A's: with 10 % on top A is to go from 500
    to 660, and 580 is half way.
    """
    kpi = Kpi(code="K", name="营收", kind=KpiKind.FLOW, basis=TargetBasis.IMPROVEMENT, base=D(1000))
    hedged = replace(target("K", "A", [55] * 12), base_year=D(600), base_months=(D(50),) * 12)
    plan = plan_of(kpi, {"at": 6, "unit": "A", "value": 580})
    assert attain(plan, {("K", "C"): target("K", "C", EVEN), ("K", "A"): hedged})[
        "K", "A", Span.YEAR
    ].rate.value == D("0.5")


@pytest.mark.parametrize(
    ("kind", "month_rate_known"), [(KpiKind.STOCK, True), (KpiKind.FLOW, False)]
)
def test_an_improvement_from_a_loss_to_nothing(kind: KpiKind, month_rate_known: bool) -> None:
    """Base −100, target 0: −50 is half way, though the target is 0; no unit's part of it can be
    told, nor a month's of what adds up.
    """
    kpi = Kpi(code="K", name="利润", kind=kind, basis=TargetBasis.IMPROVEMENT, base=D(-100))
    found = attain(
        plan_of(kpi, {"at": 6, "unit": "A", "value": -50}),
        {("K", unit): target("K", unit, [0] * 12) for unit in ("C", "A")},
    )
    assert found["K", "C", Span.YEAR].rate.value == D("0.5")
    assert found["K", "C", Span.MONTH].rate.value == (D("0.5") if month_rate_known else None)
    assert found["K", "A", Span.YEAR].rate.word is RateWord.NO_BASE


class TestScores:
    def score(
        self,
        weights: tuple[str | None, ...],
        *actuals: str | None,
        levels: frozenset[Level] = frozenset(Level),
    ) -> tuple[D | None, tuple[str, ...]]:
        kpis = [
            replace(HIGHER, code=f"K{i}", weight=None if w is None else D(w), levels=levels)
            for i, w in enumerate(weights)
        ]
        plan = plan_of(
            kpis,
            *({"at": 6, "kpi": f"K{i}", "value": v} for i, v in enumerate(actuals)),
            units=UNITS,
        )
        targets = {(kpi.code, "A"): target(kpi.code, "A", EVEN) for kpi in kpis}
        found = scores(plan, attain(plan, targets))["A", Span.MONTH]
        return found.value, found.left_out

    def test_weights_with_the_cap_and_the_floor_of_zero(self) -> None:
        assert self.score(("0.5", "0.3", "0.2"), "80", "150", "-10") == (D("0.76"), ())

    def test_what_has_no_data_is_left_out_and_named(self) -> None:
        assert self.score(("0.5", "0.5"), "80", None) == (D("0.8"), ("K1",))

    def test_no_weights_at_all_are_equal_weights(self) -> None:
        assert self.score((None, None), "80", "100") == (D("0.9"), ())

    def test_a_single_blank_weight_is_left_out_and_a_zero_says_nothing(self) -> None:
        assert self.score(("1", None, "0"), "80", "100", "100") == (D("0.8"), ("K1",))

    def test_a_negative_weight_is_no_weight(self) -> None:
        """1.5 × 80 % − 0.5 × 100 % would be 70 % of one, and a better K1 would make it worse."""
        assert self.score(("1.5", "-0.5"), "80", "100") == (D("0.8"), ("K1",))
        assert self.score(("-1", "1"), "80", None) == (None, ("K0", "K1"))

    def test_nothing_to_score(self) -> None:
        assert self.score(("1",), None) == (None, ("K0",))

    def test_kpis_of_other_levels_are_no_gap(self) -> None:
        company = replace(HIGHER, code="X", levels=frozenset({Level.COMPANY}), weight=D(1))
        plan = plan_of(
            [replace(HIGHER, weight=D(1)), company],
            {"at": 6, "value": 50},
            {"at": 6, "kpi": "X", "value": 5},
        )
        found = scores(
            plan,
            attain(plan, {("K", "A"): target("K", "A", EVEN), ("X", "C"): target("X", "C", EVEN)}),
        )
        assert found["A", Span.MONTH].left_out == ()
        assert found["C", Span.MONTH].left_out == ("K",)


@pytest.mark.parametrize(
    ("actual", "base", "expected"),
    [
        ("120", "100", Growth(D("0.2"))),
        ("5", "0", Growth(word=GrowthWord.NO_BASE)),
        ("5", None, Growth(word=GrowthWord.NO_BASE)),
        (None, "5", Growth()),
        ("50", "-100", Growth(D("1.5"), GrowthWord.TURNED_TO_PROFIT)),
        ("-50", "-100", Growth(D("0.5"), GrowthWord.LOSS_REDUCED)),
        ("-150", "-100", Growth(D("-0.5"), GrowthWord.LOSS_GREW)),
        ("-50", "100", Growth(D("-1.5"), GrowthWord.TURNED_TO_LOSS)),
    ],
)
def test_growth(actual: str | None, base: str | None, expected: Growth) -> None:
    assert (
        growth(None if actual is None else D(actual), None if base is None else D(base)) == expected
    )


def test_percentages_differ_in_points() -> None:
    assert growth_in_points(D("0.6"), D("0.55")) == Growth(D("0.05"), points=True)
    assert growth_in_points(D("0.6"), None) == Growth(word=GrowthWord.NO_BASE, points=True)
