"""The report before real programs: LibreOffice recomputes every formula, the Open XML SDK
validates, every page is drawn.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from itertools import product
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from salesplan import app
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Month
from salesplan.report import write_report
from tests.crm import DATA, MAP, build_master, needs_crm
from tests.programs import (
    FIRST_AND_LAST,
    OFFICE_VERSIONS,
    Comparison,
    compare,
    compare_all,
    validate,
)
from tests.report_fixture import computed, odd_plan, random_plan
from tests.samples import new_sample, sample_report

LANGUAGES = ("zh", "en")
SEEDS = tuple(range(3, 43 if os.environ.get("SALESPLAN_THOROUGH") else 7))
"""Of the random plans, each written in the other language than the one before."""

LONGER = (Span.QUARTER, Span.HALF, Span.YEAR)
Reports = Mapping[str, Path]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """The reports that are looked at here, by name: all are made first, so that LibreOffice starts
    once for them.
    """
    folder = tmp_path_factory.mktemp("reports")
    names = ["over", "odd", "wrong"]
    names += [f"{kind}-{seed}" for kind, seed in product(("seed", "span"), SEEDS)]
    paths = {name: folder / f"{name}.xlsx" for name in names}
    for lang in LANGUAGES:
        name = f"sample-{lang}"
        paths[name] = shutil.copy(sample_report(lang=lang).book, folder / f"{name}.xlsx")
    _year_over(folder, paths["over"])
    _wrong(paths["wrong"])
    plan = odd_plan()
    write_report(plan, computed(plan), (), paths["odd"], lang="zh", source_name="m.xlsx")
    for index, seed in enumerate(SEEDS):
        plan, lang = random_plan(seed), LANGUAGES[index % 2]
        for name, span in ((f"seed-{seed}", Span.MONTH), (f"span-{seed}", LONGER[index % 3])):
            results, path = computed(plan, span=span), paths[name]
            write_report(plan, results, results.findings, path, lang=lang, source_name="m.xlsx")
    for span, lang in zip(LONGER, ("zh", "en", "zh"), strict=True):
        name = f"sample-{span.value}"
        made = sample_report(lang=lang, span=span.value)
        paths[name] = shutil.copy(made.book, folder / f"{name}.xlsx")
    return paths


def _year_over(folder: Path, path: Path) -> None:
    """The sample's report of a year that is over."""
    master = folder / "m.xlsx"
    new_sample(master, lang="zh")
    done = app.report(
        master, app.Wanted(month=Month(2026, 12), as_of=date(2026, 12, 31), folder=folder)
    )
    shutil.move(done.written, path)


def _wrong(path: Path) -> None:
    """Stored results that are their formulas' and such that are not."""
    from xlsxwriter import Workbook

    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("S")
        sheet.write_number("A1", 2)
        sheet.write_formula("B1", "=A1*2", None, 4)
        sheet.write_formula("B2", "=A1*2", None, 5)
        sheet.write_formula("B3", '=IF(A1=2,"yes","no")', None, "no")
        sheet.write_formula("B4", '=IF(A1=2,"yes","no")', None, "yes")


@pytest.fixture(scope="module")
def compared(reports: Reports) -> Mapping[str, Comparison]:
    return dict(zip(reports, compare_all(list(reports.values())), strict=True))


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_samples_stored_results_are_what_calc_computes(
    compared: Mapping[str, Comparison], lang: str
) -> None:
    found = compared[f"sample-{lang}"]
    print(found)
    assert found.formulas > 3_000
    assert found.mismatches == ()


@pytest.mark.libreoffice
def test_a_year_that_is_over_and_not_reported_to_its_end(
    compared: Mapping[str, Comparison],
) -> None:
    """The sample's figures end before December: what is used of the year, and the strategies'
    pace.
    """
    assert compared["over"].mismatches == ()


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    "name",
    [*(f"sample-{span.value}" for span in LONGER), *(f"span-{seed}" for seed in SEEDS)],
)
def test_longer_spans(compared: Mapping[str, Comparison], name: str) -> None:
    assert compared[name].formulas > 300
    assert compared[name].mismatches == ()


@pytest.mark.validator
@pytest.mark.parametrize("span", LONGER)
def test_longer_spans_are_valid(reports: Reports, span: Span) -> None:
    assert validate(reports[f"sample-{span.value}"]) == []


@pytest.mark.validator
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sample_is_valid_for_every_office(reports: Reports, lang: str, tmp_path: Path) -> None:
    """The versions between the first and the last see every kind of row that there is once: they
    differ in which elements and attributes they know.
    """
    report = reports[f"sample-{lang}"]
    assert validate(report, FIRST_AND_LAST) == []
    if lang == "zh":
        between = [one for one in OFFICE_VERSIONS if one not in FIRST_AND_LAST]
        assert validate(one_row_of_each_kind(report, tmp_path / "short.xlsx"), between) == []


def one_row_of_each_kind(book: Path, short: Path) -> Path:
    """The workbook without those rows of a sheet in which nothing is new but numbers and letters
    before them: places, values, texts and styles.
    """
    with ZipFile(book) as whole, ZipFile(short, "w", ZIP_DEFLATED, compresslevel=1) as left:
        for name in whole.namelist():
            part = whole.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = _ROW.sub(_once(set()), part)
            left.writestr(name, part)
    return short


_ROW = re.compile(rb"<row .*?</row>", re.S)
_TOLD = re.compile(rb"<row [^>]*>|<c .*?(?:/>|</c>)", re.S)
"""A row's own attributes, and its cells."""
_NUMBER = re.compile(rb"[A-Z]*[\d.]+")


def _once(seen: set[bytes]) -> Callable[[re.Match[bytes]], bytes]:
    def kept(row: re.Match[bytes]) -> bytes:
        kinds = {_NUMBER.sub(b"", one) for one in _TOLD.findall(row[0])}
        new = not kinds <= seen
        seen.update(kinds)
        return row[0] if new else b""

    return kept


@pytest.mark.libreoffice
def test_no_cell_is_too_narrow_for_its_number() -> None:
    for pdf in [sample_report(lang=lang).pdf for lang in LANGUAGES]:
        text = subprocess.run(
            ["pdftotext", str(pdf), "-"], capture_output=True, check=True
        ).stdout.decode("utf-8")
        for sign in ("###", "#N/A", "#VALUE", "#DIV"):
            assert sign not in text, pdf.name


@pytest.mark.libreoffice
def test_a_plan_of_odd_cases(compared: Mapping[str, Comparison]) -> None:
    assert compared["odd"].formulas > 300
    assert compared["odd"].mismatches == ()


@pytest.mark.libreoffice
@pytest.mark.parametrize("seed", SEEDS)
def test_random_plans(compared: Mapping[str, Comparison], seed: int) -> None:
    assert compared[f"seed-{seed}"].formulas > 300
    assert compared[f"seed-{seed}"].mismatches == ()


@pytest.mark.validator
@pytest.mark.parametrize("name", ["odd", *(f"seed-{seed}" for seed in SEEDS[:2])])
def test_odd_and_random_reports_are_valid(reports: Reports, name: str) -> None:
    assert validate(reports[name]) == []


@pytest.mark.crm
@pytest.mark.libreoffice
@needs_crm
def test_the_crm_report(tmp_path: Path) -> None:
    master = tmp_path / "crm.xlsx"
    build_master(DATA, master)
    app.import_actuals(master, DATA / "sales_pipeline.csv", MAP)
    found = compare(app.report(master, app.Wanted(month=Month(2017, 6), folder=tmp_path)).written)
    print(found)
    assert found.formulas > 3_000
    assert found.mismatches == ()


@pytest.mark.libreoffice
def test_a_wrong_result_would_be_found(compared: Mapping[str, Comparison]) -> None:
    """The check itself: a stored result that is not the formula's is a mismatch, and so is a wrong
    text.
    """
    found = compared["wrong"]
    assert found.formulas == 4
    assert [mismatch.cell for mismatch in found.mismatches] == ["B2", "B3"]
