"""The report on paper and as a file: one start of LibreOffice makes the PDF; what is empty or very
long is left out of print.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

import salesplan
from salesplan import app
from salesplan.cli import commands
from salesplan.findings import SalesplanError
from salesplan.messages import Severity, severity
from salesplan.report import write_report
from salesplan.report.assembly import DATA
from salesplan.report.figures.report import MOST_PRINTED
from salesplan.report.texts.words import Words
from tests.programs import compare, validate
from tests.random_master import RandomMaster, masters
from tests.report_fixture import computed, odd_plan
from tests.samples import new_master, new_sample
from tests.unit.masters import edited, write
from tests.unit.test_report_details import plan_of


@pytest.mark.libreoffice
@pytest.mark.validator
@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(master=masters())
def test_random_masters_as_files(
    master: RandomMaster, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("random")
    master.write(folder / "m.xlsx")
    done = app.report(folder / "m.xlsx", app.Wanted(folder=folder, details="ytd"))
    errors = {finding.code for finding in done.run.findings if severity(finding) is Severity.ERROR}
    assert errors <= {"target-no-base"}, "one improvement in five has no base value, on purpose"
    found = compare(done.written)
    print(f"{master.size} rows: {found}")
    assert found.mismatches == ()
    assert validate(done.written) == []


@pytest.mark.libreoffice
def test_the_report_is_printed_with_page_numbers(tmp_path: Path) -> None:
    """And of amounts of thousands of millions every number is seen, in the font that stands in for
    the workbook's.
    """
    large = {
        "kpis": {2: {"unit": "元", "target": 1234567890.12}},
        "targets": {3: {"manual_year": 740740734.07}},
        "actuals": {2: {"value": 101234567.89}, 3: {"value": 40123456.78}},
    }
    master = write(tmp_path / "m.xlsx", edited(large))
    arguments = ["report", str(master), "--pdf", "-o", str(tmp_path / "out")]
    run = CliRunner().invoke(commands, arguments)
    pdf = next((tmp_path / "out").glob("*.pdf"))
    assert str(pdf) in run.output.replace("\n", "") and run.exit_code == 0
    pages = int(
        re.search(
            rb"Pages:\s+(\d+)",
            subprocess.run(["pdfinfo", str(pdf)], capture_output=True, check=True).stdout,
        )[1]
    )  # type: ignore[index]
    text = subprocess.run(
        ["pdftotext", str(pdf), "-"], capture_output=True, check=True
    ).stdout.decode()
    assert f"{pages} / {pages}" in text and "###" not in text
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".pdf", ".xlsx"]


def test_without_libreoffice_a_print_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salesplan.workbook.soffice.libreoffice", lambda: None)
    master = tmp_path / "m.xlsx"
    new_master(master, lang="en")
    run = CliRunner().invoke(
        commands, ["report", str(master), "--pdf", "-o", str(tmp_path / "out"), "--lang", "en"]
    )
    assert run.exit_code == 2
    assert "LibreOffice was not found" in run.output
    assert not (tmp_path / "out").exists()


def test_empty_sections_are_hidden_and_named_on_the_cover(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    plan = odd_plan()
    write_report(
        plan,
        computed(plan),
        (),
        tmp_path / "r.xlsx",
        lang="zh",
        source_name="m.xlsx",
        with_data=True,
    )
    book = load_workbook(tmp_path / "r.xlsx")
    data = {Words("zh")(f"sheet_{key}") for key in DATA}
    hidden = [
        sheet.title
        for sheet in book.worksheets
        if sheet.sheet_state == "hidden" and sheet.title not in data
    ]
    assert {"行动计划执行", "预算执行"} <= set(hidden)
    cover = {cell.value for row in book["关于本报告"].iter_rows() for cell in row}
    linked = {
        cell.hyperlink.location
        for row in book["关于本报告"].iter_rows()
        for cell in row
        if cell.hyperlink
    }
    for title in hidden:
        assert not any(title in place for place in linked)
        assert {cell.value for row in book[title].iter_rows() for cell in row} & cover - {
            title,
            None,
        }, "the line is on the cover too"


def test_of_a_long_table_only_its_title_is_printed(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    for rows, printed in ((MOST_PRINTED - 3, None), (MOST_PRINTED, "5")):
        plan = plan_of(rows)
        write_report(
            plan,
            computed(plan),
            (),
            tmp_path / "r.xlsx",
            lang="zh",
            source_name="m.xlsx",
            with_data=True,
        )
        area = str(load_workbook(tmp_path / "r.xlsx")["明细"].print_area or "")
        assert area.rpartition("$")[2] == (printed or "")


def fake(folder: Path, script: str) -> str:
    """A program that stands in for LibreOffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for LibreOffice")
@pytest.mark.parametrize(
    ("script", "seconds", "code"),
    [
        ("echo 'no space left' >&2; exit 1", 120.0, "print-failed"),
        ("sleep 60", 0.2, "print-slow"),
    ],
)
def test_a_print_that_fails_or_hangs_is_named(
    script: str, seconds: float, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salesplan.workbook.soffice import print_to

    command = fake(tmp_path, script)
    monkeypatch.setattr("salesplan.workbook.soffice.libreoffice", lambda: command)
    (tmp_path / "r.xlsx").write_bytes(b"")
    with pytest.raises(SalesplanError) as raised:
        print_to(tmp_path / "r.xlsx", tmp_path, seconds=seconds)
    assert raised.value.finding.code == code
    if code == "print-failed":
        assert raised.value.finding.params["reason"] == "no space left"


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for LibreOffice")
def test_one_start_prints_many_and_names_the_first_that_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pypdf = pytest.importorskip("pypdf")
    from salesplan.workbook.soffice import print_together

    with pypdf.PdfWriter() as writer:
        writer.add_blank_page(100, 100)
        writer.write(tmp_path / "page")
    books = [tmp_path / f"{name}.xlsx" for name in ("b", "a", "c")]
    page, starts = tmp_path / "page", tmp_path / "starts"
    script = f"""
        echo started >> {starts}
        to=$7
        shift 7
        for book; do if [ -f "$book" ]; then cp {page} "$to/$(basename "$book" .xlsx).pdf"; fi; done
    """
    command = fake(tmp_path, script)
    monkeypatch.setattr("salesplan.workbook.soffice.libreoffice", lambda: command)
    for book in books:
        book.write_bytes(b"")
    print_together(books, tmp_path / "all.pdf")
    assert [one.title for one in pypdf.PdfReader(tmp_path / "all.pdf").outline] == ["b", "a", "c"]
    assert starts.read_text().split() == ["started"]
    books[1].unlink()
    with pytest.raises(SalesplanError) as raised:
        print_together(books, tmp_path / "more.pdf")
    assert (raised.value.finding.code, raised.value.exit_code) == ("print-failed", 3)
    assert raised.value.finding.params["file"] == "a.xlsx"


def test_the_missing_program_has_a_finding_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salesplan.workbook.soffice import needed

    monkeypatch.setattr("salesplan.workbook.soffice.libreoffice", lambda: None)
    with pytest.raises(SalesplanError) as raised:
        needed("print-program-missing", tmp_path / "r.xlsx")
    assert (raised.value.finding.code, raised.value.exit_code) == ("print-program-missing", 2)


@pytest.mark.libreoffice
def test_all_units_lie_in_one_pdf_that_no_manifest_names(tmp_path: Path) -> None:
    """The whole company's pages first, then each unit's; gone when it is not asked for again."""
    pypdf = pytest.importorskip("pypdf")
    master, out = write(tmp_path / "m.xlsx", edited({})), tmp_path / "out"
    arguments = ["report", str(master), "--audience", "each", "--level", "team", "-o", str(out)]
    run = CliRunner().invoke(commands, [*arguments, "--lang", "en", "--pdf"])
    (pdf,) = out.glob("*.pdf")
    assert run.exit_code == 0 and "never sent" in run.output
    assert "do-not-forward" in pdf.name
    marks = [str(one.title) for one in pypdf.PdfReader(pdf).outline]
    books = sorted(path.stem for path in out.glob("*.xlsx"))
    assert len(marks) > 2 and sorted(marks) == books and marks[0] == min(books, key=len)
    assert ".pdf" not in (out / "manifest.json").read_text(encoding="utf-8")
    assert CliRunner().invoke(commands, [*arguments, "--lang", "en"]).exit_code == 0
    assert not pdf.exists()


@pytest.mark.libreoffice
def test_a_units_report_is_printed_beside_it(tmp_path: Path) -> None:
    """A card of two pages, by Python; gone when it is not asked for again."""
    pypdf = pytest.importorskip("pypdf")
    master = write(tmp_path / "m.xlsx", edited({}))
    (book,) = salesplan.open(master).report(audience="P1", pdf=True)
    pdf = book.with_suffix(".pdf")
    assert len(pypdf.PdfReader(pdf).pages) == 2
    run = CliRunner().invoke(commands, ["report", str(master), "--audience", "P1"])
    assert run.exit_code == 0 and book.exists() and not pdf.exists()


def test_a_units_report_is_not_printed_over_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salesplan.workbook.soffice.libreoffice", lambda: "soffice")
    master = tmp_path / "m.xlsx"
    new_sample(master, lang="en")
    book = app.report_unit(master, "P03").written
    assert book is not None
    book.with_suffix(".pdf").write_bytes(b"%PDF-1.7 somebody's")
    with pytest.raises(SalesplanError) as caught:
        app.report_unit(master, "P03", app.Wanted(pdf=True))
    assert caught.value.finding.code == "place-not-workbook"


def test_one_pdf_of_all_units_needs_its_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salesplan.workbook.soffice.libreoffice", lambda: "soffice")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SalesplanError) as caught:
        app.report_each(tmp_path / "m.xlsx", app.Wanted(pdf=True))
    assert (caught.value.finding.code, caught.value.exit_code) == ("print-library-missing", 2)
