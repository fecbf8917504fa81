"""``explain`` on the worked example: the figures of the sheet, worked out as on paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from salesplan import app
from salesplan.cli import commands
from salesplan.engine import compute
from salesplan.engine.views.explain import explain
from salesplan.findings import SalesplanError
from salesplan.messages import text
from salesplan.plan.model import Month
from tests.integration.test_closing import place
from tests.samples import filled_sample, new_sample, typed
from tests.unit import goal_plans


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("explain") / "plan.xlsx"
    new_sample(path, lang="en")
    return path


@pytest.fixture(scope="module")
def run(master: Path) -> app.Run:
    """The master as it was read and computed, for what is asked of it many times."""
    return app.check(master)


def test_the_way_down_the_tree_ends_at_the_filled_figure(master: Path) -> None:
    done = app.explain(master, "P10", "REV")
    results = done.run.results
    assert [step.unit.code for step in done.steps] == ["HQ", "T2", "P10"]
    assert [step.value for step in done.steps] == [
        results.targets["REV", step.unit.code].year for step in done.steps
    ]
    assert [reason.code for reason in done.steps[-1].reasons] == [
        "why-coefficient",
        "why-presence",
        "why-rounded",
        "why-hedge",
    ]


def test_a_month_is_worked_out_from_the_parent_s_month(master: Path) -> None:
    done = app.explain(master, "P08", "REV", Month(2026, 5))
    share, hedge = done.steps[-1].reasons
    assert (share.code, share.params["target"], share.params["share"], share.params["value"]) == (
        "why-month-share",
        Decimal("49.5"),
        "40%",
        Decimal("19.8"),
    )
    assert (hedge.code, hedge.params["value"]) == ("why-month-hedge", Decimal("20.79"))


def test_every_month_explains_the_figure_that_is_filled(master: Path, run: app.Run) -> None:
    january = run.loaded.plan.settings.months[0]
    then = app.check(master, month=january)
    for (kpi, unit), target in list(run.results.targets.items())[::7]:
        steps = app.explained(then, unit, kpi, january).steps
        if target.months[0] is not None:
            assert steps[-1].value == target.months[0]
            assert steps[-1].reasons


def test_a_month_adds_up_after_a_close(tmp_path: Path) -> None:
    """The goal was raised after half of the year was closed: each step's last figure is the
    unit's, the shares multiply out, and a closed month is what was recorded.
    """
    path = tmp_path / "plan.xlsx"
    filled_sample(path, lang="en")
    app.close(path, month=Month(2026, 6), today=date(2026, 7, 3))
    kpi = next(one for one in app.check(path).loaded.plan.kpis if one.code == "REV")
    typed(path, {place(path, "kpis", "target", kpi.origin.row): 1960})
    run = app.check(path)
    plan, results = run.loaded.plan, run.results
    told = set()
    for unit in plan.units:
        for month in plan.settings.months[6:]:
            step = explain(plan, results, kpi, unit, month)[-1]
            told |= {reason.code for reason in step.reasons}
            figures = [
                reason.params.get("value", reason.params.get("after"))
                for reason in step.reasons
                if reason.code not in ("why-month-adjusted", "why-month-rounding", "why-said")
            ]
            assert figures[-1] == step.value
            for reason in step.reasons:
                if reason.code == "why-month-share":
                    share, target, real = (
                        reason.params[key] for key in ("share", "target", "real")
                    )
                    worth = Decimal(str(share).rstrip("%")) / 100 * Decimal(str(target))
                    assert abs(worth - Decimal(str(real))) < Decimal("0.001")
        (closed,) = explain(plan, results, kpi, unit, Month(2026, 3))[-1].reasons
        assert closed.code == "why-month-closed"
        assert closed.params["value"] == results.targets["REV", unit.code].months[2]
    assert {"why-month-record", "why-month-rounding", "why-month-hedge"} <= told


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("XX", "REV", None), "explain-unit-unknown"),
        (("HQ", "XX", None), "explain-kpi-unknown"),
        (("HQ", "REV", Month(2031, 1)), "month-not-of-the-plan"),
    ],
)
def test_what_is_unknown_is_named(
    master: Path, arguments: tuple[str, str, Month | None], code: str
) -> None:
    with pytest.raises(SalesplanError) as refused:
        app.explain(master, *arguments)
    assert (refused.value.finding.code, refused.value.exit_code) == (code, 2)


@pytest.mark.parametrize(
    ("unit", "kpi"), [("p08", "rev"), ("Ｐ08", "Revenue"), (" P08 ", "REVENUE")]
)
def test_another_letter_case_or_width_is_understood(run: app.Run, unit: str, kpi: str) -> None:
    assert app.explained(run, unit, kpi).steps == app.explained(run, "P08", "REV").steps


def test_of_what_is_unknown_the_code_most_like_it_is_offered_first(run: app.Run) -> None:
    with pytest.raises(SalesplanError) as refused:
        app.explained(run, "P8", "REV")
    offer = refused.value.finding.params["near"]
    assert isinstance(offer, list) and offer[0] == "P08" and "HQ" in offer


def test_it_reads_as_a_person_would_write_it(master: Path) -> None:
    said = (
        CliRunner().invoke(commands, ["explain", str(master), "P08", "Revenue", "2026-05"]).output
    )
    assert "= “" in said
    assert "49.5 × coefficient 40% = 19.8, in whole units 19.8" in said
    assert "%%" not in said


def test_a_rate_is_written_as_one(master: Path, run: app.Run) -> None:
    """A repurchase rate of 0.6 with the unit % would read as 0.6 %."""
    kpi = next(kpi for kpi in run.loaded.plan.kpis if kpi.unit == "%")
    said = CliRunner().invoke(commands, ["explain", str(master), "HQ", kpi.code]).output
    assert kpi.target is not None and f"{kpi.target * 100:.0f}%" in said
    assert str(kpi.target) not in said


def test_a_huge_figure_of_a_fine_unit_is_worked_out_with_three_decimals_more() -> None:
    given = goal_plans.plan(
        goal_plans.tree("C", "  A:", "  B:", "  D:"),
        goal_plans.kpi(target=8 * 10**17, smallest_unit=Decimal("0.000000001")),
    )
    results = compute(given, month=Month(2026, 6), as_of=date(2026, 6, 30))
    year, month = (
        explain(given, results, given.kpis[0], given.unit_by_code["A"], when)[-1].reasons[0]
        for when in (None, Month(2026, 5))
    )
    assert text(year, "en") == (
        "“C” 800,000,000,000,000,000 × equal share 33.3333% = 266,666,666,666,666,666.6666666667"
    )
    assert (
        month.code == "why-month-share" and len(str(month.params["real"]).partition(".")[2]) <= 12
    )


def test_what_exchange_rates_made_of_the_actual_is_said(master: Path) -> None:
    """The sample's sales in dollars: actual, the same at budget rates, and the effect between."""
    done = app.explain(master, "HQ", "REV", Month(2026, 6))
    said = done.rates
    assert said is not None and said.code == "explain-rates"
    facts = {key: Decimal(str(said.params[key]).replace(",", "")) for key in said.params}
    assert facts["effect"] == facts["actual"] - facts["at_budget"] != 0
