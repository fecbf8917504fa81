"""The report on paper: what is printed, on how many pages, and how a page is used."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import salesplan
from salesplan import app
from salesplan.cli import commands
from salesplan.report.figures.report import DATA
from salesplan.report.texts.words import Words
from tests.integration.test_front_page import BOX, FOOTER, pages_of
from tests.programs import convert


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("paper") / "m.xlsx"
    app.new(path, lang="en", year=2026, example=True)
    app.recalc(path)
    return path


def shown(path: Path) -> tuple[set[str], set[str]]:
    """The names of a book's sheets that are shown, and of those that are hidden."""
    sheets = load_workbook(path).worksheets
    seen = {one.title for one in sheets if one.sheet_state == "visible"}
    return seen, {one.title for one in sheets} - seen


class TestDataSheets:
    TITLES = frozenset(Words("en")(f"sheet_{key}") for key in DATA)

    def test_they_are_hidden_unless_asked_for(self, master: Path, tmp_path: Path) -> None:
        for flags, there in (((), False), (("--with-data",), True)):
            out = tmp_path / str(there)
            run = CliRunner().invoke(commands, ["report", str(master), "-o", str(out), *flags])
            assert run.exit_code == 0
            seen, hidden = shown(next(out.glob("*.xlsx")))
            assert (seen if there else hidden) >= self.TITLES

    def test_a_part_and_the_api_ask_the_same_way(self, master: Path, tmp_path: Path) -> None:
        plan = salesplan.open(master)
        part = next(unit.code for unit in app.check(master).plan.units if unit.parent)
        for asked in (False, True):
            for audience in ("all", part):
                folder = tmp_path / f"{asked}{audience}"
                (book,) = plan.report(folder, audience=audience, with_data=asked)
                seen, hidden = shown(book)
                assert Words("en")("sheet_data") in (seen if asked else hidden)

    def test_no_link_leads_to_a_hidden_sheet(self, master: Path, tmp_path: Path) -> None:
        written = app.report(master, folder=tmp_path).written
        hidden = shown(written)[1]
        links = [
            cell.hyperlink.location
            for sheet in load_workbook(written).worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.hyperlink
        ]
        assert links
        assert not [one for one in links if one.rpartition("!")[0].strip("'") in hidden]

    def test_a_row_leads_to_its_data_where_that_is_shown(
        self, master: Path, tmp_path: Path
    ) -> None:
        for asked in (False, True):
            folder = tmp_path / str(asked)
            sheet = load_workbook(app.report(master, folder=folder, with_data=asked).written)
            links = [
                cell.hyperlink.location
                for row in sheet[Words("en")("sheet_targets")].iter_rows()
                for cell in row
                if cell.hyperlink
            ]
            assert any(Words("en")("sheet_data") in one for one in links) is asked

    def test_the_cover_names_them(self, master: Path, tmp_path: Path) -> None:
        book = load_workbook(app.report(master, folder=tmp_path).written)
        cover = book[Words("en")("sheet_cover")]
        said = " ".join(str(cell.value) for row in cover.iter_rows() for cell in row)
        assert "--with-data" in said and Words("en")("sheet_data") in said


MARGIN = 28.8
"""Points at the page's side; text that begins in it is of a column that is not printed."""
MOST_PAGES = 17
"""Of the sample's report, which has a page of products by unit besides the usual ones."""
LEAST_TYPE = 7.0
"""Points of the smallest type."""


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_is_short_and_its_pages_are_used(lang: str, tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    app.new(path, lang=lang, year=2026, example=True)
    app.recalc(path)
    pages = pages_of(convert(app.report(path, folder=tmp_path).written, "pdf", tmp_path))
    assert len(pages) <= MOST_PAGES
    data = {Words(lang)(f"sheet_{key}") for key in DATA}
    for page in pages:
        high = float(page.attrib["height"])
        body = [word for word in page if float(word.attrib["yMax"]) < FOOTER]
        foot = {word.text for word in page if float(word.attrib["yMin"]) > FOOTER}
        assert not foot & data
        assert not [word.text for word in body if "###" in (word.text or "")]
        assert max(float(word.attrib["yMax"]) for word in body) > high / 3
        sizes = [float(word.attrib["yMax"]) - float(word.attrib["yMin"]) for word in body]
        assert min(sizes) / BOX >= LEAST_TYPE - 0.25
        inside = float(page.attrib["width"]) - MARGIN
        begun = [word for word in body if float(word.attrib["xMin"]) < inside]
        assert all(float(word.attrib["xMax"]) <= inside + MARGIN for word in begun)


def links_to_hidden(path: Path) -> list[str]:
    """Where links on shown sheets lead that no program follows."""
    hidden = shown(path)[1]
    found = [
        cell.hyperlink.location
        for sheet in load_workbook(path).worksheets
        if sheet.sheet_state == "visible"
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    return [one for one in found if one.rpartition("!")[0].strip("'") in hidden]


class TestCard:
    """A person's report, and that of a small team: what a reader has to know on two pages."""

    SHOWN = frozenset({Words("en")("sheet_overview"), Words("en")("sheet_card")})

    def test_a_person_and_a_small_team_get_a_card(self, master: Path, tmp_path: Path) -> None:
        for code in ("P03", "T2"):
            done = app.report_unit(master, code, folder=tmp_path / code)
            assert done.written is not None and not done.leaks
            assert shown(done.written)[0] == self.SHOWN
            assert links_to_hidden(done.written) == []

    def test_full_asks_for_the_long_form(self, master: Path, tmp_path: Path) -> None:
        arguments = ["report", str(master), "--audience", "P03", "--full", "-o", str(tmp_path)]
        assert CliRunner().invoke(commands, arguments).exit_code == 0
        assert shown(next(tmp_path.glob("*.xlsx")))[0] > self.SHOWN - {Words("en")("sheet_card")}

    @pytest.mark.libreoffice
    def test_it_prints_on_two_pages(self, master: Path, tmp_path: Path) -> None:
        written = app.report_unit(master, "P03", folder=tmp_path).written
        assert written is not None
        pages = pages_of(convert(written, "pdf", tmp_path))
        assert len(pages) == 2
        for page in pages:
            body = [word for word in page if float(word.attrib["yMax"]) < FOOTER]
            assert not [word.text for word in body if "###" in (word.text or "")]
            assert (
                max(float(word.attrib["yMax"]) for word in body) > float(page.attrib["height"]) / 3
            )
