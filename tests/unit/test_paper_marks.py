"""What paper shows of footers, charts, and cells beside those that are printed."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from salesplan import app
from salesplan.report.sections.actions import HELPER_FIRST, HELPER_LAST, LAST
from tests.books import alone
from tests.samples import new_sample


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marks")
    new_sample(folder / "m.xlsx", lang="zh")
    return app.report(folder / "m.xlsx", app.Wanted(folder=folder / "out")).written


def parts(book: Path, folder: str) -> list[str]:
    with ZipFile(book) as package:
        names = [name for name in package.namelist() if name.startswith(folder)]
        return [package.read(name).decode() for name in names]


def test_a_footer_is_high_enough_for_chinese(book: Path) -> None:
    """LibreOffice cuts a line of 10 points where it falls back to a higher Chinese font."""
    sheets = [one for one in parts(book, "xl/worksheets/sheet") if "<oddFooter>" in one]
    assert sheets and all("&amp;16 &amp;R" in one for one in sheets)


def test_each_bar_has_its_name(book: Path) -> None:
    bars = [one for one in parts(book, "xl/charts/chart") if 'barDir val="bar"' in one]
    assert bars and all('tickLblSkip val="1"' in one for one in bars)


def test_a_folded_helper_runs_into_no_printed_cell(book: Path) -> None:
    """A centred text in a folded column is drawn over the blank cell on its left."""
    sheet = alone(book, "行动计划执行")
    helpers = [
        cell
        for row in sheet.iter_rows(min_col=HELPER_FIRST + 1, max_col=HELPER_LAST + 1)
        for cell in row
        if isinstance(cell.value, str) and not cell.value.startswith("=")
    ]
    blank = [one for one in helpers if sheet.cell(one.row, LAST + 1).value is None]
    loose = [one for one in blank if not one.alignment.wrap_text]
    assert loose and {one.alignment.horizontal for one in loose} <= {None, "left"}
