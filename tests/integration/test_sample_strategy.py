"""The sample master shows situation, strategies, people, and price, volume, mix, new and lost
products at work.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan.engine import compute, current
from salesplan.engine.actuals.capacity import capacities
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.variance import Cause, variances
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.money import budget
from salesplan.engine.money.returns import returns
from salesplan.engine.results import Results
from salesplan.engine.work.effectiveness import Effectiveness, StrategyInputs, effectiveness
from salesplan.engine.work.situation import situation, strategies_of
from salesplan.plan.competitors import compared
from salesplan.plan.loader import load
from salesplan.plan.model import Month, Plan, SwotStrategy, Verdict
from tests.samples import new_sample

D = Decimal
JUNE, LAST_DAY = Month(2026, 6), date(2026, 6, 30)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Results]:
    path: Path = tmp_path_factory.mktemp("sample") / "plan.xlsx"
    new_sample(path, lang="zh")
    plan = load(path).plan
    results = compute(plan, month=JUNE, as_of=LAST_DAY)
    return current(plan, results), results


@pytest.fixture(scope="module")
def facts(sample: tuple[Plan, Results]) -> Facts:
    return Facts.of(sample[0], LAST_DAY)


@pytest.fixture(scope="module")
def judged(sample: tuple[Plan, Results], facts: Facts) -> dict[str, Effectiveness]:
    plan, results = sample
    scene = StrategyInputs(
        plan=plan,
        month=JUNE,
        as_of=LAST_DAY,
        targets=results.targets,
        facts=facts,
        attainments=results.attainments,
        tasks=results.tasks,
        budget=results.budget,
    )
    found, findings = effectiveness(scene)
    assert findings == []
    return found


def test_product_a_stays_below_its_60_percent(judged: dict[str, Effectiveness]) -> None:
    one = judged["S3"]
    assert one.target_share == D("0.6")
    assert one.actual_share is not None and D("0.5") < one.actual_share < D("0.55")
    services = D("17.63") / D("849.53")
    assert one.actual_share + (judged["S4"].actual_share or 0) == pytest.approx(1 - services)


def test_every_strategy_is_judged_and_not_all_alike(judged: dict[str, Effectiveness]) -> None:
    verdicts = {code: one.verdict for code, one in judged.items()}
    assert None not in verdicts.values()
    assert verdicts["S3"] is Verdict.NOT_DONE
    assert verdicts["S6"] is Verdict.REACHED_ANYWAY
    assert verdicts["S1"] is Verdict.EFFECTIVE
    assert verdicts["S9"] is Verdict.INEFFECTIVE
    assert set(verdicts.values()) == set(Verdict)


def test_the_key_region_gets_its_60_percent_of_the_budget(judged: dict[str, Effectiveness]) -> None:
    one = judged["S8"]
    assert one.budget_share == D("0.6")
    assert one.granted_share == pytest.approx(D("0.6"), abs=D("0.01"))


def test_fairs_cost_and_customers_cost(judged: dict[str, Effectiveness]) -> None:
    """18.4 was spent on the tasks of S7; S2 is measured by new customers, which have a cost each
    and no ROI.
    """
    assert judged["S7"].spent == D("18.4")
    assert judged["S7"].roi == (judged["S7"].actual or 0) / D("18.4")
    assert (judged["S2"].roi, judged["S2"].cost_per_unit is not None) == (None, True)


def test_one_wt_waits_for_a_strategy(sample: tuple[Plan, Results]) -> None:
    found = situation(sample[0]).by_response
    assert (
        found[SwotStrategy.SO].taken_up,
        found[SwotStrategy.WT].asking,
        found[SwotStrategy.WT].taken_up,
    ) == (2, 2, 1)


def test_the_share_of_a_shrinking_market_rises(sample: tuple[Plan, Results]) -> None:
    """The East's market falls by 14.2 %, our sales there by 2.7 %: 22 % of it were ours last year,
    24.8 % so far, 27.3 % in June. The denominators stand in 市场规模 alone.
    """
    now, before, *_ = sample[1].markets
    assert [round(one or D(0), 3) for one in (now.growth, now.our_growth)] == [
        D("-0.142"),
        D("-0.027"),
    ]
    assert [round(one or D(0), 3) for one in (before.share, now.share, now.latest)] == [
        D("0.22"),
        D("0.248"),
        D("0.273"),
    ]
    assert (now.ours, now.so_far) == (D("383.62"), D("1549.9"))


def test_items_and_strategies_name_each_other(sample: tuple[Plan, Results]) -> None:
    """S1 answers the price rivals, too, and S9 the threat that S1 takes up; of those with high
    impact one waits.
    """
    plan = sample[0]
    links = dict(zip((one.code for one in plan.situation), strategies_of(plan), strict=True))
    assert (links["F1"], links["W4"], links["P2"]) == (("S1",), ("S1", "S9"), ())
    assert {code for codes in links.values() for code in codes} == {f"S{i}" for i in range(1, 10)}


def test_competitors_stand_beside_our_prices(sample: tuple[Plan, Results]) -> None:
    """The South's rival went from 1.12 to 1.05; of product B our price is the list's."""
    rows = {one.row.name: one for one in compared(sample[0])}
    rival = rows["南粤智联"]
    assert rival.before is not None and (rival.before.price, rival.row.price, rival.price) == (
        D("1.12"),
        D("1.05"),
        D("1.22"),
    )
    assert rows["云工平台"].price == D("0.38")


def test_revenue_against_last_year_by_cause(sample: tuple[Plan, Results], facts: Facts) -> None:
    one = variances(sample[0], facts, JUNE, LAST_DAY)["REV"]
    a, b, old, services = sorted(one.products, key=lambda product: product.name)
    assert one.total == sum(one.effects.values()) and one.effects[Cause.OTHER] == 0
    assert a.effects[Cause.PRICE] > 0 > b.effects[Cause.PRICE]
    assert a.effects[Cause.MIX] > 0 > b.effects[Cause.MIX]
    assert (
        (services.effects[Cause.NEW], old.effects[Cause.LOST])
        == (one.effects[Cause.NEW], one.effects[Cause.LOST])
        == (D("17.63"), D("-24.14"))
    )


def test_the_channel_team_is_short_of_people(sample: tuple[Plan, Results], facts: Facts) -> None:
    plan, results = sample
    calendar = Calendar.of("CN", plan.calendar, (2026,))
    found, findings = capacities(plan, results.targets, facts, calendar, results.seasons, LAST_DAY)
    assert not found["REV", "T2"].feasible and found["REV", "T2"].short == 1
    assert found["NEW", "T3"].feasible
    assert {finding.code for finding in findings} == {"capacity-beyond-best"}


def test_overlapping_claims_bring_no_return(sample: tuple[Plan, Results], facts: Facts) -> None:
    """Product A's upgrade offer and the direct team's training both would claim what the direct
    team sold of A.
    """
    assert returns(sample[0], facts, JUNE, LAST_DAY) == {}
    assert all(
        line.actual_return is None for line in budget.budget(sample[0], LAST_DAY)[1].values()
    )
