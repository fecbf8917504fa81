"""商机: coverage, the landing by pipeline, deals that slipped or went stale."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.pace import Pace, paces
from salesplan.engine.actuals.pipeline import Cover, Deals, Part, Pipeline, pipelines
from salesplan.engine.targets.target import Targets
from salesplan.plan.model import Deal, DealStage, Kpi, KpiKind, Level, Origin, Unit
from tests.samples import new_sample, sample_report
from tests.unit.plans import UNITS, calendar, month, plan_of, target

D = Decimal
MAY = date(2026, 5, 20)
FLOW = Kpi(code="K", name="营收", kind=KpiKind.FLOW, unit="万元")
PLACES = Origin("plan.xlsx", "商机", 2, {"due": "I", "touched": "J"})
EVEN = (100,) * 12
BOOKED = [{"at": number, "value": 80} for number in range(1, 5)]


def deal(unit: str, amount: int | None, due: date, **facts: object) -> Deal:
    """A deal at 方案报价 (50 %), unless said otherwise."""
    parts: dict[str, object] = {"code": "O1", "kpi": "K", "stage": DealStage.PROPOSAL, **facts}
    worth = None if amount is None else D(amount)
    return Deal(origin=PLACES, unit=unit, amount=worth, due=due, **parts)  # type: ignore[arg-type]


def targets(*units: str) -> Targets:
    return {("K", unit): target("K", unit, EVEN) for unit in units}


def found(*deals: Deal, units: tuple[str, ...] = ("C", "E", "A")) -> dict[str, Pipeline]:
    """The pipelines of a KPI of 1,200 a year, of which Anna booked 80 a month until April, on 20
    May.
    """
    plan = plan_of(FLOW, *BOOKED, deals=deals)
    made = pipelines(Deals(plan, MAY), targets(*units), Facts.of(plan, MAY), month(5))
    return {unit: one for (_, unit), one in made.items()}


class TestCoverage:
    def test_of_the_year_is_open_amount_over_what_is_to_go(self) -> None:
        """1,200 − 320 = 880 to go; 440 open within the year: 50 %; what comes after it is apart."""
        one = found(
            deal("A", 200, date(2026, 7, 1)),
            deal("B", 240, date(2026, 12, 31)),
            deal("A", 999, date(2027, 1, 1)),
        )["C"]
        assert one.year == Cover(Part(2, D(440), D(220)), D(880))
        assert one.year.coverage == D("0.5")
        assert one.later == Part(1, D(999), D("499.5"))

    def test_of_a_quarter_is_held_against_the_quarters_own_rest(self) -> None:
        """Q2: 300 − 80 (April) = 220 to go, 110 expected in it; Q1 is over."""
        one = found(deal("A", 110, date(2026, 6, 30)), deal("A", 90, date(2026, 7, 1)))["A"]
        assert one.quarters[0] is None
        assert [cover and cover.coverage for cover in one.quarters] == [None, D("0.5"), D("0.3"), 0]

    def test_it_counts_for_the_unit_and_all_above_and_for_nobody_else(self) -> None:
        made = found(deal("A", 50, date(2026, 7, 1)), units=("C", "E", "A", "B", "E2"))
        assert {code: one.year.deals.amount for code, one in made.items()} == {
            "C": 50,
            "E": 50,
            "A": 50,
            "B": 0,
            "E2": 0,
        }

    def test_an_overlay_units_deals_are_nobody_elses(self) -> None:
        beside = Unit(code="O", name="专家", level=Level.TEAM, overlay=True, beside="C")
        plan = plan_of(FLOW, deals=(deal("O", 50, date(2026, 7, 1)),), units=(*UNITS, beside))
        assert set(Deals(plan, MAY).by_unit) == {("K", "O")}

    def test_nothing_to_go_has_no_coverage(self) -> None:
        assert Cover(Part(1, D(5), D(5)), D(0)).coverage is None
        assert Cover(Part(1, D(5), D(5)), D(-3)).coverage is None
        assert Cover(Part(1, D(5), D(5)), None).coverage is None

    @pytest.mark.parametrize(
        "left_out",
        [
            deal("A", 50, date(2026, 7, 1), stage=DealStage.WON),
            deal("A", 50, date(2026, 7, 1), stage=DealStage.LOST),
            deal("A", None, date(2026, 7, 1)),
            deal("Z", 50, date(2026, 7, 1)),
            deal("A", 50, date(2026, 7, 1), kpi="Z"),
            deal("A", 50, date(2026, 7, 1), broken=frozenset({"probability"})),
        ],
        ids=["won", "lost", "no amount", "unknown unit", "unknown KPI", "unreadable probability"],
    )
    def test_what_is_not_open_or_not_known_does_not_count(self, left_out: Deal) -> None:
        assert found(left_out) == {}


class TestChances:
    def test_a_typed_probability_comes_before_the_stage(self) -> None:
        typed = deal("A", 100, date(2026, 7, 1), probability=D("0.8"))
        assert (typed.chance, deal("A", 100, date(2026, 7, 1)).chance) == (D("0.8"), D("0.5"))
        assert deal("A", 100, date(2026, 7, 1), stage=None).chance == 0

    def test_later_stages_are_worth_more(self) -> None:
        open_stages = [one for one in DealStage if one.is_open]
        chances = [deal("A", 1, MAY, stage=one).chance for one in open_stages]
        assert all(low < high for low, high in pairwise(chances)) and chances[-1] < 1


class TestLanding:
    def landing(self, *deals: Deal) -> dict[LandingMethod, Decimal]:
        plan = plan_of(FLOW, *BOOKED, deals=deals)
        made = paces(plan, targets("A"), Facts.of(plan, MAY), calendar(), month(5), MAY)
        return dict(made["K", "A"].landing)

    def test_it_is_the_actual_and_what_deals_of_the_year_promise(self) -> None:
        """320 + 200 × 50 % + 100 × 90 %; next year's deal adds nothing."""
        made = self.landing(
            deal("A", 200, date(2026, 7, 1)),
            deal("A", 100, date(2026, 11, 1), stage=DealStage.VERBAL),
            deal("A", 500, date(2027, 2, 1)),
        )
        assert made[LandingMethod.PIPELINE] == 320 + 100 + 90

    def test_it_only_ends_the_range_and_moves_no_status(self) -> None:
        plan = plan_of(FLOW, *BOOKED, deals=(deal("A", 9000, date(2026, 7, 1)),))
        made = paces(plan, targets("A"), Facts.of(plan, MAY), calendar(), month(5), MAY)["K", "A"]
        without = plan_of(FLOW, *BOOKED)
        same = paces(without, targets("A"), Facts.of(without, MAY), calendar(), month(5), MAY)
        assert made.likely == same["K", "A"].likely
        assert max(made.landing, key=lambda method: made.landing[method]) is LandingMethod.PIPELINE

    def test_a_plan_without_deals_has_none(self) -> None:
        assert LandingMethod.PIPELINE not in self.landing()

    def test_a_unit_without_deals_has_none(self) -> None:
        """That it ends the year where it stands now is no forecast, whatever others have open."""
        plan = plan_of(FLOW, *BOOKED, deals=(deal("A", 200, date(2026, 7, 1)),))
        deals = Deals(plan, MAY)
        assert (deals.expected("K", "A"), deals.expected("K", "B")) == (100, None)

    @pytest.mark.parametrize(("amount", "low"), [(10, True), (9000, False)])
    def test_an_end_that_only_the_deals_tell_is_known(self, amount: int, low: bool) -> None:
        plan = plan_of(FLOW, *BOOKED, deals=(deal("A", amount, date(2026, 7, 1)),))
        made = paces(plan, targets("A"), Facts.of(plan, MAY), calendar(), month(5), MAY)["K", "A"]
        others = [one for way, one in made.landing.items() if way is not LandingMethod.PIPELINE]
        assert made.ended_by_deals == (low, min(others) if low else max(others))

    def test_an_end_that_others_tell_is_not(self) -> None:
        assert Pace("K", "A", D(1), None, None, None, False).ended_by_deals is None
        within = {
            LandingMethod.PACE: D(9),
            LandingMethod.PIPELINE: D(8),
            LandingMethod.REST_AS_PLANNED: D(7),
        }
        made = Pace("K", "A", D(1), None, None, None, False, within)
        assert made.ended_by_deals is None


class TestToLookAfter:
    def said(self, *deals: Deal) -> list[tuple[str, str, object]]:
        plan = plan_of(FLOW, *BOOKED, deals=deals)
        return [
            (one.code, one.place.cell, one.params["days"]) for one in Deals(plan, MAY).findings()
        ]

    def test_a_deal_whose_day_is_past_slipped(self) -> None:
        assert self.said(deal("A", 5, date(2026, 5, 19))) == [("deal-slipped", "I2", 1)]
        assert self.said(deal("A", 5, MAY)) == []

    def test_a_deal_without_an_update_for_more_than_60_days_is_stale(self) -> None:
        later = date(2026, 8, 1)
        assert self.said(deal("A", 5, later, touched=date(2026, 3, 20))) == [
            ("deal-stale", "J2", 61)
        ]
        assert self.said(deal("A", 5, later, touched=date(2026, 3, 21))) == []
        assert self.said(deal("A", 5, later)) == [], "no day of an update: nothing to say"

    def test_both_are_summed_beside_the_others(self) -> None:
        one = found(
            deal("A", 10, date(2026, 5, 1), touched=date(2026, 1, 5)),
            deal("A", 20, date(2026, 8, 1), touched=date(2026, 1, 5)),
        )["A"]
        assert (one.slipped.amount, one.stale.amount, one.year.deals.amount) == (10, 30, 30)


DEAL = st.builds(
    lambda unit, amount, day, stage: deal(unit, amount, date.fromordinal(day), stage=stage),
    st.sampled_from(["C", "E", "E2", "A", "B"]),
    st.integers(1, 10_000),
    st.integers(date(2026, 1, 1).toordinal(), date(2027, 6, 30).toordinal()),
    st.sampled_from(DealStage),
)


@given(st.lists(DEAL, max_size=30))
def test_sums_add_up_over_units_and_over_time(deals: list[Deal]) -> None:
    """The company's deals are its own and those of the units below it, and each is in the year or
    after it.
    """
    made = found(*deals, units=("C", "E", "E2", "A", "B"))
    for unit, below in (("C", ("E", "E2")), ("E", ("A", "B"))):
        if unit in made:
            own = [one for one in deals if one.unit == unit and one.is_open]
            parts = [made[code].year.deals.amount + made[code].later.amount for code in below]
            whole = made[unit].year.deals.amount + made[unit].later.amount
            assert whole == sum(parts, D(0)) + sum((one.amount or D(0) for one in own), D(0))


def test_the_sample_shows_it(tmp_path: Path) -> None:
    """The company's line equals the sheet's own deals, added up apart."""
    sample = new_sample(tmp_path / "plan.xlsx", lang="en")
    ws = openpyxl.load_workbook(sample, read_only=True)["Pipeline"]
    heads = {cell.value: at for at, cell in enumerate(next(ws.iter_rows(min_row=5, max_row=5)))}
    rows = [row for row in ws.iter_rows(min_row=6, values_only=True) if row[0]]
    open_rows = [
        row
        for row in rows
        if row[heads["Stage"]] not in ("Won", "Lost") and row[heads["Expected"]].year == 2026
    ]
    report = openpyxl.load_workbook(sample_report(lang="en").book, read_only=True, data_only=True)[
        "Pipeline"
    ]
    said = [row for row in report.iter_rows(values_only=True) if row[1]]
    below = next(at for at, row in enumerate(said) if str(row[1]).startswith("Prospects:"))
    lines = {row[1]: row for row in said[:below]}
    count, amount = lines["Yuanfan Tech"][2:4]
    assert count == len(open_rows)
    assert amount == sum(row[heads["Amount"]] for row in open_rows)
    teams = ("Key account team", "Channel team", "Online and fairs team")
    assert sum(lines[team][3] for team in teams) == amount
