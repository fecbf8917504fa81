"""Rates that the children were given themselves, weighed against the parent's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine import compute
from salesplan.engine.results import Results
from salesplan.findings import Finding
from salesplan.messages import text
from salesplan.plan.model import Kpi, KpiKind, Level, Month, Plan, TargetRow, Unit
from tests.unit.plans import Row, plan_of

D = Decimal
TEAMS = (
    Unit(code="C", name="公司", level=Level.COMPANY),
    *(Unit(code=code, name=code, level=Level.TEAM, parent="C") for code in "AB"),
)
RATE = Kpi(code="R", name="回款率", kind=KpiKind.RATIO, unit="%", target=D("0.6"))
BILLED = Kpi(code="BILL", name="应收款", kind=KpiKind.FLOW, unit="万元", target=D(400))
PAID = Kpi(code="PAID", name="回款", kind=KpiKind.FLOW, unit="万元")


def given(**rates: str) -> tuple[TargetRow, ...]:
    return tuple(TargetRow(kpi="R", unit=unit, manual_year=D(rate)) for unit, rate in rates.items())


def run(plan: Plan) -> tuple[Results, list[Finding]]:
    results = compute(plan, month=Month(2026, 6), as_of=date(2026, 6, 30))
    return results, [
        finding for finding in results.findings if finding.code == "target-rates-differ"
    ]


def rows(at: object = 3, **bases: int) -> list[Row]:
    return [{"at": at, "unit": unit, "kpi": "R", "n": 1, "d": base} for unit, base in bases.items()]


def test_80_of_100_and_30_of_300_are_42_5_percent_not_45_by_the_bases_of_this_year() -> None:
    results, found = run(
        plan_of(RATE, *rows(A=100, B=300), units=TEAMS, targets=given(A="0.8", B="0.3"))
    )
    assert (
        text(found[0], "zh")
        == "“公司”指标“回款率”的下级目标按 2026-01–2026-06 的基数加权为 42.5%, 本级目标是 60%。"
    )
    assert [text(remark, "zh") for remark in results.targets["R", "C"].remarks] == [
        "下级加权 42.5%"
    ]


@pytest.mark.parametrize(
    ("rates", "differs"),
    [
        ({"A": "0.9", "B": "0.5"}, False),
        ({"A": "0.9"}, True),
        ({"B": "0.6"}, False),
        ({"A": "0.9", "B": "0.5006"}, False),
        ({"A": "0.9", "B": "0.51"}, True),
    ],
)
def test_what_makes_the_parents_rate_is_in_order(rates: dict[str, str], differs: bool) -> None:
    """A weighs one of four: 90 % and 50 % are 60 %. A child without a row has the parent's rate."""
    assert (
        bool(run(plan_of(RATE, *rows(A=100, B=300), units=TEAMS, targets=given(**rates)))[1])
        is differs
    )


def test_the_denominators_targets_come_first_then_last_year() -> None:
    units = (
        TEAMS[0],
        replace(TEAMS[1], coefficient=D("0.75")),
        replace(TEAMS[2], coefficient=D("0.25")),
    )
    rate, targets = replace(RATE, numerator="PAID", denominator="BILL"), given(A="0.5", B="0.7")
    _, found = run(plan_of((rate, PAID, BILLED), units=units, targets=targets))
    assert (found[0].params["weighted"], found[0].params["by"]) == ("55%", "应收款")
    last = rows(Month(2025, 3), A=100, B=100) + rows(A=900, B=100)
    assert run(plan_of(RATE, *last, units=units, targets=targets))[1] == []
    only_one = rows(Month(2025, 3), A=100) + rows(A=900, B=100)
    assert (
        run(plan_of(RATE, *only_one, units=units, targets=targets))[1][0].params["weighted"]
        == "52%"
    )


def test_unknown_bases_say_nothing() -> None:
    for known in ((), rows(A=100), rows(A=0, B=0), rows(A=-5, B=10)):
        results, found = run(plan_of(RATE, *known, units=TEAMS, targets=given(A="0.9", B="0.9")))
        assert found == [] and results.targets["R", "C"].remarks == ()


def test_an_average_is_weighed_by_its_counts_and_a_milestone_not_at_all() -> None:
    average = Kpi(code="R", name="客单价", kind=KpiKind.AVERAGE, unit="万元", target=D(10))
    assert (
        run(plan_of(average, *rows(A=1, B=3), units=TEAMS, targets=given(A="16", B="8")))[1] == []
    )
    assert run(plan_of(average, *rows(A=1, B=1), units=TEAMS, targets=given(A="16", B="8")))[1][
        0
    ].params["weighted"] == D(12)
    assert (
        run(
            plan_of(replace(RATE, kind=KpiKind.MILESTONE), units=TEAMS, targets=given(A="1", B="1"))
        )[1]
        == []
    )
