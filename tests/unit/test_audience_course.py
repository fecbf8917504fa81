"""Strategies, weekly reviews and changes in a unit's own report: rows that are its alone, with the
figures of the full run or its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from salesplan import app
from salesplan.audience.results_slice import Part, part_of
from salesplan.audience.whole import Whole
from salesplan.engine.actuals.progress import Span
from salesplan.engine.results import Results
from salesplan.findings import Finding
from salesplan.plan.model import Plan
from tests.canaries import OWN, Canaries, canary_plan
from tests.report_fixture import computed
from tests.samples import new_sample
from tests.unit.test_report import cells, row_of


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Results, Path]:
    path = tmp_path_factory.mktemp("course") / "plan.xlsx"
    new_sample(path, lang="zh")
    run = app.check(path)
    return run.plan, run.results, path


@pytest.fixture(scope="module")
def parts(sample: tuple[Plan, Results, Path]) -> Mapping[str, Part]:
    plan, results, _ = sample
    return {
        code: part_of(Whole(plan, results), code, results.findings)
        for code in ("T1", "T2", "T3", "D11", "P07", "P04")
    }


def test_strategies_are_those_whose_tasks_are_all_the_units_own(parts: Mapping[str, Part]) -> None:
    assert {code: list(part.results.strategies) for code, part in parts.items()} == {
        "T1": ["S1", "S2", "S3", "S5", "S8", "S9"],
        "T2": ["S6"],
        "T3": ["S4", "S7"],
        "D11": ["S3", "S8"],
        "P07": [],
        "P04": [],
    }
    assert {one.code for one in parts["P04"].plan.strategies} == {"S3", "S5", "S8"}, (
        "the words of those its tasks serve stay"
    )
    assert all(
        one.target_share is None and one.budget_share is None
        for part in parts.values()
        for one in part.plan.strategies
    )
    assert [one.channel for one in parts["P04"].plan.strategies if one.code == "S5"] == [""], (
        "what a shared one speaks of stays behind"
    )


def test_a_strategys_tasks_count_as_in_the_full_report_and_its_kpi_as_the_units(
    sample: tuple[Plan, Results, Path], parts: Mapping[str, Part]
) -> None:
    """S6 (distributors) is T2's: 93.8 % of the company's target for the channel. What part of T2's
    own target the channel has nobody has said, so in T2's report its rate cannot be told; it is
    never the rate of all that T2 sells.
    """
    _, results, _ = sample
    full, own = results.strategies["S6"], parts["T2"].results.strategies["S6"]
    assert (own.task_rate, own.expected, own.spent) == (full.task_rate, full.expected, full.spent)
    assert full.rate.value is not None
    assert (own.rate.value, own.target) == (None, None)
    assert own.target_share is None and own.verdict is not full.verdict


def test_weekly_reviews_are_the_lines_of_the_full_report(
    sample: tuple[Plan, Results, Path], parts: Mapping[str, Part]
) -> None:
    _, results, _ = sample
    assert results.weekly is not None
    for code, part in parts.items():
        own = part.results.weekly
        tasks = {task.code for task in part.plan.tasks}
        wanted = {row: line for row, line in results.weekly.lines.items() if line.task in tasks}
        assert (own.lines if own is not None else {}) == wanted, code
        if own is not None:
            assert {one.row: one for one in own.remedies} == {
                one.row: one for one in results.weekly.remedies if one.task in tasks
            }
            assert {blocker for week in own.weeks for blocker in week.standups.blockers} <= {
                b for week in results.weekly.weeks for b in week.standups.blockers
            }
    assert [line.task for week in parts["T2"].results.weekly.span_weeks for line in week.lines] == [
        "T14",
        "T14",
    ]  # type: ignore[union-attr]


def test_changes_are_those_that_name_no_other_unit(parts: Mapping[str, Part]) -> None:
    """C07 is a hand-over between two departments of T1; C02 is T2's target though T1 is to be told;
    C05 takes P07 from T1 to T2 and C06 is the company's: both are nobody's alone.
    """
    assert {code: [one.code for one in part.plan.changes] for code, part in parts.items()} == {
        "T1": ["C01", "C03", "C07"],
        "T2": ["C02"],
        "T3": ["C04"],
        "D11": ["C01", "C03"],
        "P07": [],
        "P04": ["C01"],
    }
    assert [one.notify for one in parts["T2"].plan.changes] == [("T2",)], (
        "of others who are to be told nothing is said"
    )


def test_targets_that_others_changes_altered_are_there_without_a_word_of_them(
    sample: tuple[Plan, Results, Path], parts: Mapping[str, Part]
) -> None:
    _, results, _ = sample
    for code, part in parts.items():
        units = {unit.code for unit in part.plan.units}
        shifts = [shift for one in part.results.adjustments for shift in one.shifts]
        assert {shift.unit for shift in shifts} <= units
        for shift in shifts:
            pair = (shift.kpi, shift.unit)
            assert (shift.baseline_year, shift.year) == (
                results.baseline[pair].year,
                results.targets[pair].year,
            )
            assert shift.actual == results.attainments[(*pair, Span.YTD)].actual
        direct = {code, *(unit.code for unit in part.plan.units if unit.parent == code)}
        moved = {
            (kpi, unit)
            for (kpi, unit), target in results.targets.items()
            if unit in direct
            and (target.year, target.months)
            != (results.baseline[kpi, unit].year, results.baseline[kpi, unit].months)
        }
        assert moved == {(shift.kpi, shift.unit) for shift in shifts if shift.unit in direct}, code
    assert any(one.change == "" for one in parts["T1"].results.adjustments)


def test_the_report_shows_them(sample: tuple[Plan, Results, Path], tmp_path: Path) -> None:
    done = app.report_unit(sample[2], "T2", app.Wanted(folder=tmp_path))
    assert done.written is not None and done.leaks == ()
    values = cells(done.written)
    assert "分销商覆盖中小客户" in values["策略有效性"].values() and any(
        "按渠道分销团队自己的目标" in str(one) for one in values["策略有效性"].values()
    )
    changes = values["差异分析"]  # they stand below it
    assert row_of(changes, "C02") and "C05" not in changes.values()
    collections = row_of(changes, "—", "回款", "渠道分销团队")
    assert collections["G"] != collections["H"], "the plan before and now"
    assert "T14" in values["行动计划执行"].values() and "T08" not in values["行动计划执行"].values()
    assert "现状分析说的是全公司, 不在单元报告中。" in values["关于本报告"].values()


def test_what_several_units_have_a_part_in_is_left_out() -> None:
    plan = canary_plan(Canaries())
    results = computed(plan)
    part = part_of(Whole(plan, results), OWN, ())
    assert list(part.results.strategies) == ["S1"] and [
        one.code for one in part.plan.strategies
    ] == ["S1", "S2"]
    assert [(entry.task, entry.remedy) for entry in part.plan.weekly] == [("K1", "周三前补齐名单")]
    assert [one.code for one in part.plan.changes] == ["G1", "G2"] and part.plan.changes[
        1
    ].notify == (OWN,)
    assert part.plan.situation == ()


def test_a_reason_that_names_another_unit_is_not_repeated(
    sample: tuple[Plan, Results, Path],
) -> None:
    plan, results, _ = sample
    told = tuple(
        replace(
            one,
            reason=Finding.of(
                "change-target-locked", change="C02", kpi="营收", unit="直销大客户团队", field="x"
            ),
        )
        if one.change == "C02"
        else one
        for one in results.adjustments
    )
    part = part_of(Whole(plan, replace(results, adjustments=told)), "T2", ())
    assert [one.reason.code for one in part.results.adjustments if one.change == "C02"] == [
        "adjust-elsewhere"
    ]
