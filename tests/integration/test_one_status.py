"""The same KPI, unit and span has one status wherever it stands, on any day of the sample's
year.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from salesplan.engine import compute, current
from salesplan.engine.actuals.progress import Span
from salesplan.engine.results import Results
from salesplan.engine.work.problems import ProblemKind
from salesplan.plan.loader import load
from salesplan.plan.model import Light, Month, Plan
from salesplan.plan.schema import label
from salesplan.report import write_report
from salesplan.report.narrative.first_page import MOST_KPIS
from salesplan.report.narrative.reading import LOWER
from tests.books import rows_of
from tests.samples import new_sample

STEP = 1 if os.environ.get("SALESPLAN_THOROUGH") else 41


def days() -> Iterator[date]:
    day = date(2026, 1, 8)
    while day.year == 2026:
        yield day
        day += timedelta(days=STEP)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    path = tmp_path_factory.mktemp("sample") / "master.xlsx"
    new_sample(path, lang="en")
    return load(path).plan


def said(results: Results, kpi: str, unit: str, span: Span) -> str:
    light = results.attainments[kpi, unit, span].light
    return "—" if light is None else label(light, "en")


@pytest.mark.parametrize("day", days())
def test_one_status_wherever_it_stands(sample: Plan, tmp_path: Path, day: date) -> None:
    results = compute(sample, month=Month.of(day), as_of=day)
    plan = current(sample, results)
    path = tmp_path / "report.xlsx"
    summary = write_report(plan, results, (), path, lang="en", source_name="m")
    words = {label(light, "en") for light in Light} | {"—"}
    names = {kpi.name: kpi.code for kpi in plan.kpis}
    company = plan.roots[0].code

    data = rows_of(path, "Data")
    heads = data[4]
    columns = [i for i, head in enumerate(heads) if head == "RAG"]
    seen = 0
    for row in data[5:]:
        for at, span in zip(columns, (Span.MONTH, Span.YTD, Span.YEAR), strict=True):
            assert row[at] == said(results, str(row[0]), str(row[3]), span), (day, row[0], row[3])
            seen += 1
    assert seen > 100

    shown = 0
    rows = rows_of(path, "Overview")
    for row, below in pairwise(rows):
        name = str(row[1]).removesuffix(LOWER).rstrip()
        if name in names and row[2] == "Month":
            lights = [value for value in (*row, *below) if value in words and value != "—"]
            told = [
                said(results, names[name], company, span)
                for span in (Span.YTD, Span.MONTH, Span.YEAR)
            ]
            assert lights == [one for one in told if one != "—"], (day, name)
            shown += 1
    assert shown == min(len(plan.kpis), MOST_KPIS)

    for line in summary.lines:
        assert (line.word or "—") == said(results, line.kpi, company, Span.YTD)
    red = {
        f"{kpi}/{unit}"
        for (kpi, unit, span), one in results.attainments.items()
        if span is Span.MONTH and one.light is Light.RED
    }
    kinds = {ProblemKind.RED_KPI: Light.RED, ProblemKind.UNEXPLAINED: Light.AMBER}
    stated = (*results.problems, *results.minor_problems)
    problems = [one for one in stated if one.kind in kinds]
    keys = {one.key for one in problems}
    off = [one for one in results.deviations if one.light is Light.RED]
    assert {f"{one.kpi}/{one.unit}" for one in off} == red
    assert all(one.problem in keys for one in results.deviations)
    assert {one.subject for one in problems if one.kind is ProblemKind.RED_KPI} <= red
    for one in problems:
        kpi, _, unit = one.subject.partition("/")
        if one.kind is ProblemKind.UNEXPLAINED:
            judged = results.attainments[kpi, unit, Span.MONTH].light
            assert judged in (Light.GREEN, Light.AMBER), (day, one.subject)
    for one in results.attainments.values():
        assert one.light is not Light.GREY or one.score is None
