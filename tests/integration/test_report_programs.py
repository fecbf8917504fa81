"""The report before real programs: LibreOffice recomputes every formula, the Open XML SDK
validates, every page is drawn.
"""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesplan import app
from salesplan.plan.model import Month
from salesplan.report import write_report
from tests.crm import DATA, MAP, build_master, needs_crm
from tests.programs import OFFICE_VERSIONS, compare, convert, validate
from tests.report_fixture import computed, odd_plan, random_plan


@pytest.fixture(scope="module", params=["zh", "en"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the built-in sample."""
    return app.demo(tmp_path_factory.mktemp("demo"), lang=request.param).report


@pytest.mark.libreoffice
def test_the_samples_stored_results_are_what_calc_computes(sample: Path) -> None:
    found = compare(sample)
    print(found)
    assert found.formulas > 3_000
    assert found.mismatches == ()


@pytest.mark.libreoffice
def test_a_year_that_is_over_and_not_reported_to_its_end(tmp_path: Path) -> None:
    """The sample's figures end before December: what is used of the year, and the strategies'
    pace.
    """
    master = tmp_path / "m.xlsx"
    app.new(master, lang="zh", year=2026, example=True)
    done = app.report(master, month=Month(2026, 12), as_of=date(2026, 12, 31), folder=tmp_path)
    assert compare(done.written).mismatches == ()


@pytest.mark.validator
def test_the_sample_is_valid_for_every_office(sample: Path) -> None:
    assert validate(sample, OFFICE_VERSIONS) == []


@pytest.mark.libreoffice
def test_no_cell_is_too_narrow_for_its_number(sample: Path, tmp_path: Path) -> None:
    pdf = convert(sample, "pdf", tmp_path)
    text = subprocess.run(
        ["pdftotext", str(pdf), "-"], capture_output=True, check=True
    ).stdout.decode("utf-8")
    assert "###" not in text
    assert "#N/A" not in text and "#VALUE" not in text and "#DIV" not in text


@pytest.mark.libreoffice
def test_a_plan_of_odd_cases(tmp_path: Path) -> None:
    plan, path = odd_plan(), tmp_path / "odd.xlsx"
    write_report(plan, computed(plan), (), path, lang="zh", source_name="m.xlsx")
    found = compare(path)
    assert found.formulas > 300
    assert found.mismatches == ()


@pytest.mark.libreoffice
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000), lang=st.sampled_from(["zh", "en"]))
def test_random_masters(seed: int, lang: str, tmp_path: Path) -> None:
    plan, path = random_plan(seed), tmp_path / "random.xlsx"
    results = computed(plan)
    write_report(plan, results, results.findings, path, lang=lang, source_name="m.xlsx")
    found = compare(path)
    print(f"seed {seed}, {len(plan.actuals)} rows of actuals: {found}")
    assert found.mismatches == ()


@pytest.mark.validator
def test_odd_and_random_reports_are_valid(tmp_path: Path) -> None:
    for index, plan in enumerate((odd_plan(), random_plan(3), random_plan(5))):
        path = tmp_path / f"{index}.xlsx"
        results = computed(plan)
        write_report(plan, results, results.findings, path, lang="zh", source_name="m.xlsx")
        assert validate(path) == []


@pytest.mark.crm
@pytest.mark.libreoffice
@needs_crm
def test_the_crm_report(tmp_path: Path) -> None:
    from salesplan.plan.model import Month

    master = tmp_path / "crm.xlsx"
    build_master(DATA, master)
    app.import_actuals(master, DATA / "sales_pipeline.csv", MAP)
    found = compare(app.report(master, month=Month(2017, 6), folder=tmp_path).written)
    print(found)
    assert found.formulas > 3_000
    assert found.mismatches == ()


@pytest.mark.libreoffice
def test_a_wrong_result_would_be_found(tmp_path: Path) -> None:
    """The check itself: a stored result that is not the formula's is a mismatch, and so is a wrong
    text.
    """
    from xlsxwriter import Workbook

    path = tmp_path / "wrong.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("S")
        sheet.write_number("A1", 2)
        sheet.write_formula("B1", "=A1*2", None, 4)
        sheet.write_formula("B2", "=A1*2", None, 5)
        sheet.write_formula("B3", '=IF(A1=2,"yes","no")', None, "no")
        sheet.write_formula("B4", '=IF(A1=2,"yes","no")', None, "yes")
    found = compare(path)
    assert found.formulas == 4
    assert [mismatch.cell for mismatch in found.mismatches] == ["B2", "B3"]
