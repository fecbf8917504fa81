"""The templates and samples as other programs, and the project's own reader, see them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import openpyxl
import pytest

from salesplan import app
from salesplan.findings import Finding, Severity
from salesplan.messages import severity
from salesplan.plan.schema import SETTINGS, SHEETS, table
from salesplan.template.__main__ import BOOKS, YEAR
from salesplan.template.layout import HEADER_ROW
from salesplan.template.mistakes import MISTAKES, Mistake, row_of
from salesplan.template.story import story
from tests.programs import convert, validate

WORKBOOKS = Path(__file__).parents[2] / "workbooks"


@pytest.fixture(scope="module")
def books() -> dict[str, Path]:
    """Those of the repository: ``test_template.py`` sees that they are what this code builds."""
    return {name: WORKBOOKS / name for name in BOOKS}


def of(books: dict[str, Path], lang: str, example: bool, mistakes: bool) -> Path:
    return next(path for name, path in books.items() if BOOKS[name] == (lang, example, mistakes))


def findings(path: Path) -> list[Finding]:
    return list(app.check(path).findings)


@pytest.mark.validator
@pytest.mark.parametrize("name", BOOKS)
def test_the_open_xml_sdk_finds_no_error(books: dict[str, Path], name: str) -> None:
    assert validate(books[name]) == []


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_libreoffice_prints_every_sheet_and_shows_every_number(
    books: dict[str, Path], tmp_path: Path, lang: str
) -> None:
    path = of(books, lang, True, False)
    text = subprocess.run(
        ["pdftotext", "-layout", str(convert(path, "pdf", tmp_path)), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    squeezed = re.sub(r"\s+", "", text)
    assert "####" not in text
    assert all(sheet.title(lang).replace(" ", "") in squeezed for sheet in SHEETS)
    # 5 percentage points, a repurchase rate and a count, each shown as its KPI is counted.
    assert {"5.0%", "60.0%", "1,900.00", "75"} <= set(text.split())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_check_finds_no_error_in_the_example(books: dict[str, Path], lang: str) -> None:
    wrong = [
        (f.code, str(f.place))
        for f in findings(of(books, lang, True, False))
        if severity(f) is Severity.ERROR
    ]
    assert wrong == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_reader_sees_every_row_of_the_story(books: dict[str, Path], lang: str) -> None:
    plan = app.check(of(books, lang, True, False)).loaded.plan
    rows = story(YEAR)
    for key in rows.keys() - {"settings"}:
        read = set(plan.actuals.rows) if key == "actuals" else getattr(plan, key)
        products = plan.product_targets if key == "targets" else ()
        assert len(read) + len(products) == len(rows[key]), key
    assert plan.settings.lang == lang and len(plan.settings.approvers) == 2
    assert [task.code for task in plan.tasks] == [row["code"] for row in rows["tasks"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_template_can_be_read(books: dict[str, Path], lang: str) -> None:
    run = app.check(of(books, lang, False, False))
    assert not run.loaded.plan.units
    assert run.loaded.plan.settings.year == YEAR


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.table}-{m.row}-{m.column}")
def test_every_planted_mistake_is_found_where_it_is(
    checked: dict[str, list[Finding]], lang: str, mistake: Mistake
) -> None:
    title = next(s for s in SHEETS if s.key == table(mistake.table).sheet).title(lang)
    row = HEADER_ROW + 2 + row_of(story(YEAR)[mistake.table], mistake.row)
    near = [f for f in checked[lang] if f.place.sheet == title and f.code in mistake.codes]
    if mistake.codes == ("weight-sum",):
        assert near
    else:
        assert str(row) in {re.sub("[A-Z]", "", f.place.cell) for f in near}


@pytest.fixture(scope="module")
def checked(books: dict[str, Path]) -> dict[str, list[Finding]]:
    return {lang: findings(of(books, lang, True, True)) for lang in ("zh", "en")}


def test_the_examples_settings_are_the_storys(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(of(books, "zh", True, False))["设置"]
    values = {
        sheet.cell(row, 1).value: sheet.cell(row, 2).value
        for row in range(HEADER_ROW + 2, HEADER_ROW + 2 + len(SETTINGS))
    }
    assert values["预算总额"] == 120 and values["报告月份"].strftime("%Y-%m") == "2026-06"
