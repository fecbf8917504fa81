"""Parts of a plan in which somebody went to another team: both teams' books hold the figures of the
full report, and nobody else's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from salesplan.audience.audit import audit, texts_of
from salesplan.audience.confidential import Secrets, foreign_records, without_foreign
from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from salesplan.engine import compute, current
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.results import Results
from salesplan.plan.loader import load
from salesplan.plan.model import Month, Plan
from salesplan.report import Scope, write_report
from salesplan.report.vocabulary import vocabulary, write_blank
from tests.samples import new_sample


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Results]:
    """The worked example with its transfer (P07, from D12 to T2) in May already."""
    path = tmp_path_factory.mktemp("moved") / "plan.xlsx"
    new_sample(path, lang="zh")
    plan = load(path).plan
    early = tuple(
        replace(one, effective=Month(2026, 5), approved=date(2026, 4, 20))
        if one.code == "C05"
        else one
        for one in plan.changes
    )
    plan = replace(plan, changes=early)
    results = compute(plan, month=Month(2026, 6), as_of=date(2026, 6, 30))
    return current(plan, results), results


@pytest.mark.parametrize("code", ["T1", "D12", "T2", "P07", "T3"])
def test_the_figures_of_a_part_are_those_of_the_full_report(
    moved: tuple[Plan, Results], code: str
) -> None:
    plan, results = moved
    part = part_of(Whole(plan, results), code, results.findings)
    facts = Facts.of(part.plan, results.as_of)
    flows = {kpi.code for kpi in plan.kpis if kpi.kind.adds_over_months}
    compared = [(kpi, unit) for kpi, unit in part.results.monthly if kpi in flows]
    assert compared
    for kpi, unit in compared:
        assert facts.monthly(kpi, unit) == results.monthly[kpi, unit], (kpi, unit)
    assert foreign_records(part, frozenset(unit.code for _, unit in plan.walk(code))) == ()
    assert ("P07" in part.plan.unit_by_code) == (code in ("T2", "P07"))


@pytest.mark.parametrize("code", ["T1", "T2"])
def test_neither_team_s_book_says_anything_of_the_other(
    moved: tuple[Plan, Results], code: str, tmp_path: Path
) -> None:
    plan, results = moved
    blank, target = tmp_path / "blank.xlsx", tmp_path / "book.xlsx"
    write_blank(blank, "zh")
    secrets = Secrets(plan, results, (*vocabulary(), *texts_of(blank), "m.xlsx"))
    part = part_of(Whole(plan, results), code, results.findings)
    findings = without_foreign(part.findings, secrets, part, "zh")
    write_report(
        part.plan,
        part.results,
        findings,
        target,
        lang="zh",
        source_name="m.xlsx",
        scope=Scope(part.root.name, part.company),
    )
    assert audit(target, secrets, part) == ()
