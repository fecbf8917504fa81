"""Actuals by kind: what adds up, what does not, and what is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salesplan import messages
from salesplan.engine.actuals.facts import Facts, micro
from salesplan.engine.exact.figures import amount, percent, written
from salesplan.plan.model import Kpi, KpiKind, Level, Month, Plan, TargetRow, Unit
from tests.unit.plans import END, UNITS, month, plan_of

D = Decimal
FLOW = Kpi(code="K", name="营收", kind=KpiKind.FLOW)
STOCK = Kpi(code="K", name="在手客户", kind=KpiKind.STOCK)
RATIO = Kpi(code="K", name="回款率", kind=KpiKind.RATIO)
COHORT = Kpi(code="K", name="复购率", kind=KpiKind.COHORT_RATIO)
POINT = Kpi(code="K", name="占有率", kind=KpiKind.POINT)
AVERAGE = Kpi(code="K", name="客单价", kind=KpiKind.AVERAGE, unit="元")
MILESTONE = Kpi(code="K", name="上线", kind=KpiKind.MILESTONE)


def facts(plan: Plan, as_of: date = END) -> Facts:
    return Facts.of(plan, as_of)


def value(
    plan: Plan, unit: str, first: int, last: int | None = None, as_of: date = END
) -> D | None:
    return facts(plan, as_of).value("K", unit, month(first), month(last or first))


def codes(plan: Plan, as_of: date = END) -> list[str]:
    return [finding.code for finding in facts(plan, as_of).findings()]


class TestFlow:
    def test_sums_units_and_months_with_the_units_own_rows(self) -> None:
        plan = plan_of(
            FLOW,
            {"at": 1, "unit": "A", "value": "10.25"},
            {"at": 2, "unit": "B", "value": 5},
            {"at": 2, "unit": "E", "value": 1},
            {"at": 2, "unit": "E2", "value": 100},
        )
        assert value(plan, "E", 1, 3) == D("16.25")
        assert value(plan, "C", 1, 12) == D("116.25")
        assert value(plan, "A", 2) is None

    def test_rolls_up_by_parent_code_not_by_prefix(self) -> None:
        plan = plan_of(FLOW, {"at": 1, "unit": "E2", "value": 7})
        assert value(plan, "E", 1) is None
        assert value(plan, "C", 1) == 7

    def test_blank_is_not_zero(self) -> None:
        plan = plan_of(FLOW, {"at": 1, "value": None}, {"at": 2, "value": 0})
        assert value(plan, "A", 1) is None
        assert value(plan, "A", 2) == 0
        assert value(plan, "C", 3) is None

    def test_rows_after_the_cut_off_are_left_out_and_said(self) -> None:
        plan = plan_of(
            FLOW,
            {"at": date(2026, 2, 14), "value": 1},
            {"at": date(2026, 2, 15), "value": 2},
            {"at": 2, "value": 4},
            {"at": 3, "value": 8},
        )
        assert value(plan, "A", 1, 12, as_of=date(2026, 2, 14)) == 5
        assert value(plan, "A", 3, as_of=date(2026, 2, 14)) is None
        (finding,) = facts(plan, date(2026, 2, 14)).findings()
        assert finding.params["rows"] == 2
        assert "2026-02-14" in messages.text(finding, "zh")

    def test_sums_millionths_exactly(self) -> None:
        plan = plan_of(FLOW, *({"at": 1, "value": "0.1"} for _ in range(10)))
        assert value(plan, "A", 1) == 1

    def test_negative_rows_such_as_returns_count(self) -> None:
        assert value(plan_of(FLOW, {"at": 1, "value": 3}, {"at": 1, "value": "-5.5"}), "C", 1) == D(
            "-2.5"
        )

    def test_unknown_units_and_kpis_contribute_nothing(self) -> None:
        plan = plan_of(FLOW, {"at": 1, "unit": "X", "value": 3}, {"at": 1, "kpi": "Y", "value": 3})
        assert value(plan, "C", 1) is None
        assert facts(plan).value("Y", "A", month(1), month(1)) is None

    def test_a_cycle_in_the_organisation_ends_the_climb(self) -> None:
        ring = (
            Unit(code="A", name="", level=Level.TEAM, parent="B"),
            Unit(code="B", name="", level=Level.TEAM, parent="A"),
        )
        plan = plan_of(FLOW, {"at": 1, "value": 3}, units=ring)
        assert (value(plan, "A", 1), value(plan, "B", 1)) == (3, 3)

    def test_monthly_gives_the_fiscal_year(self) -> None:
        plan = plan_of(FLOW, {"at": 1, "value": 3}, {"at": 3, "value": 0})
        assert facts(plan).monthly("K", "C") == (3, None, 0, *[None] * 9)


class TestStock:
    def test_last_level_of_each_unit_is_carried_forward_and_summed(self) -> None:
        plan = plan_of(
            STOCK,
            {"at": 1, "unit": "A", "value": 10},
            {"at": 3, "unit": "A", "value": 12},
            {"at": 2, "unit": "B", "value": 5},
        )
        assert [value(plan, "E", m) for m in (1, 2, 3, 4)] == [10, 15, 17, 17]
        assert value(plan, "E", 1, 3) == 17

    def test_nothing_is_carried_past_the_cut_off_or_before_the_first_report(self) -> None:
        plan = plan_of(STOCK, {"at": 2, "value": 10})
        assert value(plan, "A", 1) is None
        assert value(plan, "A", 4, as_of=date(2026, 3, 31)) is None
        assert value(plan, "A", 3, 12, as_of=date(2026, 3, 31)) == 10

    def test_the_latest_dates_rows_of_a_month_are_summed(self) -> None:
        plan = plan_of(
            STOCK,
            {"at": date(2026, 1, 5), "value": 100},
            {"at": date(2026, 1, 20), "customer": "甲", "value": 30},
            {"at": date(2026, 1, 20), "customer": "乙", "value": 4},
            {"at": date(2026, 1, 25), "value": None},
        )
        assert value(plan, "A", 1) == 34

    def test_rows_with_only_a_month_speak_of_its_end(self) -> None:
        plan = plan_of(
            STOCK,
            {"at": date(2026, 1, 20), "value": 100},
            {"at": 1, "value": 30},
            {"at": 1, "value": 4},
        )
        assert value(plan, "A", 1) == 34


class TestRatio:
    def test_80_of_100_and_30_of_300_are_27_5_percent(self) -> None:
        plan = plan_of(
            RATIO,
            {"at": 1, "unit": "A", "n": 80, "d": 100},
            {"at": 1, "unit": "B", "n": 30, "d": 300},
        )
        assert value(plan, "E", 1) == D("0.275")
        assert facts(plan).parts("K", "C", month(1), month(1)) == (110, 400)

    def test_sums_over_months(self) -> None:
        plan = plan_of(RATIO, {"at": 1, "n": 1, "d": 2}, {"at": 2, "n": 0, "d": 2})
        assert value(plan, "A", 1, 2) == D("0.25")

    def test_a_zero_denominator_has_no_rate(self) -> None:
        assert value(plan_of(RATIO, {"at": 1, "n": 0, "d": 0}), "A", 1) is None

    def test_a_bare_rate_holds_where_it_is_the_only_contribution(self) -> None:
        plan = plan_of(RATIO, {"at": 1, "unit": "A", "value": "0.8"})
        assert value(plan, "A", 1) == value(plan, "C", 1) == D("0.8")
        assert codes(plan) == []

    def test_bare_rates_are_never_averaged(self) -> None:
        plan = plan_of(
            RATIO, {"at": 1, "unit": "A", "value": "0.8"}, {"at": 1, "unit": "B", "value": "0.1"}
        )
        assert value(plan, "A", 1) == D("0.8")
        assert value(plan, "E", 1) is None
        (finding,) = facts(plan).findings()
        assert (finding.code, finding.place.cell, finding.params["count"]) == (
            "actual-rate-without-parts",
            "I2",
            2,
        )
        assert "华东" in messages.text(finding, "en")

    def test_a_bare_rate_spoils_the_sum_of_parts(self) -> None:
        plan = plan_of(
            RATIO, {"at": 1, "unit": "A", "value": "0.8"}, {"at": 1, "unit": "B", "n": 1, "d": 10}
        )
        assert value(plan, "E", 1) is None

    def test_a_unit_may_state_its_own_rate_above_bare_rates(self) -> None:
        plan = plan_of(
            RATIO,
            {"at": 1, "unit": "C", "value": "0.5"},
            {"at": 1, "unit": "A", "value": "0.8"},
            {"at": 1, "unit": "B", "value": "0.1"},
        )
        assert value(plan, "C", 1) == D("0.5")
        assert value(plan, "E", 1) is None

    def test_bare_rates_of_several_months_make_no_year(self) -> None:
        plan = plan_of(RATIO, {"at": 1, "value": "0.8"}, {"at": 2, "value": "0.6"})
        assert (value(plan, "A", 2), value(plan, "A", 1, 2)) == (D("0.6"), None)

    def test_from_named_kpis(self) -> None:
        kpis = (
            Kpi(code="K", name="回款率", kind=KpiKind.RATIO, numerator="N", denominator="M"),
            Kpi(code="N", name="回款", kind=KpiKind.FLOW),
            Kpi(code="M", name="应收", kind=KpiKind.FLOW),
        )
        plan = plan_of(
            kpis,
            {"at": 1, "kpi": "N", "unit": "A", "value": 80},
            {"at": 1, "kpi": "M", "unit": "A", "value": 100},
            {"at": 2, "kpi": "N", "unit": "B", "value": 30},
            {"at": 2, "kpi": "M", "unit": "B", "value": 300},
            {"at": 3, "kpi": "M", "value": 9},
            {"at": 1, "value": "0.99"},
        )
        assert value(plan, "C", 1, 2) == D("0.275")
        assert value(plan, "C", 3) is None, "a numerator that nobody reported is not zero"
        assert ("K", "E") in facts(plan).pairs
        (finding,) = facts(plan).findings()
        assert (finding.code, finding.place.cell) == ("actual-rate-is-computed", "C7")

    def test_named_kpis_without_rows_leave_the_rates_own_rows(self) -> None:
        kpis = (
            Kpi(code="K", name="", kind=KpiKind.RATIO, numerator="N", denominator="M"),
            Kpi(code="N", name="", kind=KpiKind.FLOW),
            Kpi(code="M", name="", kind=KpiKind.FLOW),
        )
        assert value(plan_of(kpis, {"at": 1, "n": 1, "d": 4}), "C", 1) == D("0.25")


class TestCohortAndPoint:
    @pytest.mark.parametrize("kpi", [COHORT, POINT])
    def test_the_latest_months_counts_never_the_sum(self, kpi: Kpi) -> None:
        plan = plan_of(
            kpi,
            {"at": 1, "unit": "A", "n": 5, "d": 10},
            {"at": 2, "unit": "A", "n": 12, "d": 20},
            {"at": 2, "unit": "B", "n": 6, "d": 10},
        )
        assert value(plan, "E", 1, 3) == D("0.6")
        assert facts(plan).parts("K", "E", month(1), month(3)) == (18, 30)

    @pytest.mark.parametrize("kpi", [COHORT, POINT])
    def test_a_rate_says_how_many_of_its_units_are_in(self, kpi: Kpi) -> None:
        """In March A reported, B and E2 before: of the company 1 of 3, of E 1 of 2, of A all."""
        plan = plan_of(
            kpi,
            *({"at": 1, "unit": unit, "n": 5, "d": 10} for unit in ("A", "B", "E2")),
            {"at": 2, "unit": "B", "n": 5, "d": 10},
            {"at": 3, "unit": "A", "n": 5, "d": 10},
        )
        given = facts(plan)
        assert [str(given.covered("K", unit)) for unit in ("C", "E", "A")] == ["1/3", "1/2", "None"]
        one = given.covered("K", "C")
        assert one is not None and (one.month, one.missing) == (month(3), ("B", "E2"))
        (found,) = given.findings()
        assert (found.code, found.params["part"], found.params["count"]) == (
            "actual-rate-partly-reported",
            "1/3",
            2,
        )
        assert facts(plan_of(RATIO, {"at": 1, "n": 1, "d": 2})).covered("K", "C") is None

    def test_what_a_rate_is_made_of_is_what_must_be_in(self) -> None:
        kpis = (
            Kpi(code="K", name="", kind=KpiKind.COHORT_RATIO, numerator="N", denominator="M"),
            Kpi(code="N", name="", kind=KpiKind.FLOW),
            Kpi(code="M", name="", kind=KpiKind.FLOW),
        )
        given = [
            {"at": at, "kpi": code, "unit": unit, "value": 1}
            for at, code, unit in (
                *((1, code, unit) for code in "NM" for unit in "AB"),
                (2, "N", "A"),
                (2, "M", "A"),
                (2, "N", "B"),
            )
        ]
        one = facts(plan_of(kpis, *given)).covered("K", "C")
        assert one is not None and (str(one), one.missing) == ("1/2", ("B",))

    def test_named_kpis_are_taken_from_one_month(self) -> None:
        kpis = (
            Kpi(code="K", name="", kind=KpiKind.COHORT_RATIO, numerator="N", denominator="M"),
            Kpi(code="N", name="", kind=KpiKind.FLOW),
            Kpi(code="M", name="", kind=KpiKind.FLOW),
        )
        given = [
            {"at": m, "kpi": code, "value": figure}
            for m, code, figure in (
                (1, "N", 9),
                (1, "M", 10),
                (2, "N", 1),
                (2, "M", 2),
                (3, "N", 7),
            )
        ]
        assert value(plan_of(kpis, *given), "C", 1, 3) == D("0.5")


class TestAverageAndMilestone:
    def test_average_is_amount_over_count(self) -> None:
        plan = plan_of(
            AVERAGE,
            {"at": 1, "unit": "A", "value": 300, "quantity": 3},
            {"at": 2, "unit": "B", "value": 100, "quantity": 1},
            {"at": 2, "unit": "B", "n": 400, "d": 4},
        )
        assert value(plan, "E", 1, 2) == 100

    def test_milestone_is_done_where_all_are(self) -> None:
        plan = plan_of(
            MILESTONE,
            {"at": 1, "unit": "A", "value": 1},
            {"at": 1, "unit": "B", "value": "0.4"},
            {"at": 3, "unit": "B", "value": 1},
        )
        assert [value(plan, "E", m) for m in (1, 2, 3, 4)] == [D("0.4"), D("0.4"), 1, 1]

    def test_a_milestone_is_not_done_above_a_unit_that_was_asked_and_said_nothing(self) -> None:
        asked = tuple(TargetRow(kpi="K", unit=unit, manual_year=D(1)) for unit in ("A", "B"))
        plan = plan_of(
            MILESTONE,
            {"at": 1, "unit": "A", "value": 1},
            {"at": 3, "unit": "B", "value": 1},
            targets=asked,
        )
        assert [[value(plan, unit, m) for m in (1, 2, 3)] for unit in ("A", "B", "E", "C")] == [
            [1, 1, 1],
            [None, None, 1],
            [None, None, 1],
            [None, None, 1],
        ]
        behind = plan_of(MILESTONE, {"at": 1, "unit": "A", "value": "0.4"}, targets=asked)
        assert value(behind, "C", 1) == D("0.4"), "whatever the other says: it is not done"
        for_it = plan_of(
            MILESTONE,
            {"at": 1, "unit": "A", "value": 1},
            targets=(TargetRow(kpi="K", unit="E", manual_year=D(1)),),
        )
        assert value(for_it, "E", 1) == 1, "what the unit below says is said for it"


class TestSlices:
    def test_by_product_with_quantities(self) -> None:
        plan = plan_of(
            FLOW,
            {"at": 1, "product": "A", "value": 10, "quantity": 2},
            {"at": 2, "product": "A", "value": 30, "quantity": 4},
            {"at": 1, "product": "B", "value": 7},
            {"at": 1, "unit": "E2", "value": 1},
        )
        assert facts(plan).by("K", "product", month(1), month(2)) == {"A": 40, "B": 7, "": 1}
        assert facts(plan).by("K", "product", month(1), month(1), unit="E") == {"A": 10, "B": 7}
        split = facts(plan).split("K", ("product",), month(1), month(2))
        assert (split["A",].quantity, split["B",].quantity) == (6, None)

    def test_a_blank_region_is_the_units_or_the_one_above(self) -> None:
        plan = plan_of(
            FLOW,
            {"at": 1, "value": 10},
            {"at": 1, "value": 5, "region": "华北"},
            {"at": 1, "unit": "E2", "value": 1},
        )
        assert facts(plan).by("K", "region", month(1), month(1)) == {"华东": 10, "华北": 5, "": 1}

    def test_rates_by_their_parts(self) -> None:
        plan = plan_of(
            RATIO,
            {"at": 1, "channel": "直销", "n": 80, "d": 100},
            {"at": 2, "channel": "直销", "n": 30, "d": 300},
            {"at": 1, "channel": "线上", "value": "0.3"},
        )
        assert facts(plan).by("K", "channel", month(1), month(2)) == {
            "直销": D("0.275"),
            "线上": D("0.3"),
        }

    def test_rates_of_named_kpis(self) -> None:
        kpis = (
            Kpi(code="K", name="", kind=KpiKind.AVERAGE, numerator="N", denominator="M"),
            Kpi(code="N", name="", kind=KpiKind.FLOW),
            Kpi(code="M", name="", kind=KpiKind.FLOW),
        )
        given = [
            {"at": 1, "kpi": code, "product": "A", "value": figure}
            for code, figure in (("N", 90), ("M", 3))
        ]
        assert facts(plan_of(kpis, *given, {"at": 1, "kpi": "M", "product": "B", "value": 1})).by(
            "K", "product", month(1), month(1)
        ) == {"A": 30}

    def test_a_stock_takes_each_units_last_report(self) -> None:
        plan = plan_of(
            STOCK,
            {"at": 1, "unit": "A", "customer": "甲", "value": 3},
            {"at": 2, "unit": "A", "customer": "乙", "value": 4},
            {"at": 1, "unit": "B", "customer": "甲", "value": 5},
        )
        assert facts(plan).by("K", "customer", month(3), month(3)) == {"乙": 4, "甲": 5}

    def test_an_unknown_dimension_is_refused(self) -> None:
        with pytest.raises(KeyError):
            facts(plan_of(FLOW)).by("K", "value", month(1), month(1))


def test_last_years_rows_are_there_too() -> None:
    plan = plan_of(FLOW, {"at": Month(2025, 3), "value": 9}, {"at": 3, "value": 1})
    assert facts(plan).value("K", "C", Month(2025, 1), Month(2025, 12)) == 9
    assert value(plan, "C", 1, 12) == 1


def test_pairs_hold_every_unit_above_a_row() -> None:
    assert facts(plan_of(FLOW, {"at": 1, "unit": "A", "value": 9})).pairs == {
        ("K", "A"),
        ("K", "E"),
        ("K", "C"),
    }
    assert facts(plan_of(FLOW, units=UNITS)).pairs == frozenset()


def test_figures_in_words() -> None:
    assert (amount(micro(D("1234.5"))), amount(-250_000), amount(3_000_000)) == (
        D("1234.5"),
        D("-0.25"),
        3,
    )
    assert (percent(D("0.6875")), percent(D("1")), percent(D("-0.5"))) == ("68.8%", "100%", "-50%")
    assert (
        written(RATIO, D("0.275")),
        written(FLOW, D("2.345")),
        written(AVERAGE, D("80")),
        written(FLOW, None),
    ) == ("27.5%", D("2.35"), 80, "—")
    with pytest.raises(ValueError, match="millionth"):
        micro(D("0.0000001"))
