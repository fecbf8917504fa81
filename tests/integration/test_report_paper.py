"""The report on paper: what is printed, on how many pages, and how a page is used."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

import salesplan
from salesplan import app
from salesplan.cli import commands
from salesplan.report.figures.report import DATA, Report
from salesplan.report.texts.words import Words
from salesplan.report.xlsx.writer import Page
from salesplan.wording import Both
from tests.books import all_rows, opened, rows_of
from tests.drawings import charts, covered, numbers
from tests.integration.test_front_page import FOOTER, LEAST, pages_of, smallest_type
from tests.programs import convert
from tests.samples import filled_sample, sample_report
from tests.unit.masters import edited, settings_edit, write


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("paper") / "m.xlsx"
    filled_sample(path, lang="en")
    return path


def shown(path: Path) -> tuple[set[str], set[str]]:
    """The names of a book's sheets that are shown, and of those that are hidden."""
    sheets = load_workbook(path, read_only=True).worksheets
    seen = {one.title for one in sheets if one.sheet_state == "visible"}
    return seen, {one.title for one in sheets} - seen


class TestDataSheets:
    TITLES = frozenset(Words("en")(f"sheet_{key}") for key in DATA)

    @pytest.fixture(scope="class")
    def small(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """A small master: what is shown of its reports does not hang on what stands there."""
        path = tmp_path_factory.mktemp("small") / "m.xlsx"
        return write(path, edited(settings_edit(lang="en")), lang="en")

    def test_they_are_hidden_unless_asked_for(self, master: Path, tmp_path: Path) -> None:
        for flags, there in (((), False), (("--with-data",), True)):
            out = tmp_path / str(there)
            run = CliRunner().invoke(commands, ["report", str(master), "-o", str(out), *flags])
            assert run.exit_code == 0
            seen, hidden = shown(next(out.glob("*.xlsx")))
            assert (seen if there else hidden) >= self.TITLES

    def test_a_part_and_the_api_ask_the_same_way(self, small: Path, tmp_path: Path) -> None:
        plan = salesplan.open(small)
        part = next(unit.code for unit in app.check(small).plan.units if unit.parent)
        for asked in (False, True):
            for audience in ("all", part):
                folder = tmp_path / f"{asked}{audience}"
                (book,) = plan.report(folder, audience=audience, with_data=asked)
                seen, hidden = shown(book)
                assert Words("en")("sheet_data") in (seen if asked else hidden)

    def test_no_link_leads_to_a_hidden_sheet(self) -> None:
        written = sample_report(lang="en").book
        hidden = shown(written)[1]
        links = [
            cell.hyperlink.location
            for sheet in opened(written).worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.hyperlink
        ]
        assert links
        assert not [one for one in links if one.rpartition("!")[0].strip("'") in hidden]

    def test_a_row_leads_to_its_data_where_that_is_shown(self, small: Path, tmp_path: Path) -> None:
        with_data = app.report(small, app.Wanted(folder=tmp_path, with_data=True)).written
        for asked, book in ((False, sample_report(lang="en").book), (True, with_data)):
            links = [
                cell.hyperlink.location
                for row in opened(book)[Words("en")("sheet_targets")].iter_rows()
                for cell in row
                if cell.hyperlink
            ]
            assert any(Words("en")("sheet_data") in one for one in links) is asked

    def test_the_cover_names_them(self) -> None:
        cover = rows_of(sample_report(lang="en").book, Words("en")("sheet_cover"))
        said = " ".join(str(value) for row in cover for value in row)
        assert "--with-data" in said and Words("en")("sheet_data") in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_says_how_many_of_its_rows_are_not_printed(lang: str) -> None:
    sheets = all_rows(sample_report(lang=lang).book)
    said = [str(value) for rows in sheets.values() for row in rows for value in row if value]
    for count, folded in ((14, 10), (17, 13)):
        note = Words(lang)("rows_folded", count=str(count), folded=str(folded))
        assert [one for one in said if one.endswith(note)]


MARGIN = 18.0
"""Points at the page's side; text that begins in it is of a column that is not printed."""
MOST_PAGES, MOST_OF_ANOTHER = 17, 14
"""Of the sample's report, one of them the page of its customers' structure, which a plan without
customers does not have; and of that of another plan, without products, deals, customers or a year
before.
"""
ANOTHER = "SALESPLAN_TEST_PLAN"
"""Environment variable: the filled master of that plan."""
LONGER = Both(
    " 其中有一项需要在下周例会上单独说明原因并给出改进措施和完成时间。",
    " One of them has to be explained at next week's meeting, with a remedy.",
)
"""What a section's sentence may still come to say without another page."""


SPANS = [("zh", "month"), ("en", "month"), ("en", "quarter"), ("en", "year")]
if os.environ.get("SALESPLAN_THOROUGH"):
    SPANS += [("zh", "quarter"), ("zh", "half"), ("en", "half"), ("zh", "year")]


@pytest.mark.libreoffice
@pytest.mark.parametrize(("lang", "span"), SPANS)
def test_a_report_is_short_and_its_pages_are_used(lang: str, span: str) -> None:
    pdf = sample_report(lang=lang, span=span).pdf
    pages = pages_of(pdf)
    assert len(pages) <= MOST_PAGES
    assert smallest_type(pdf) >= LEAST
    assert_used(pages, lang)


@pytest.mark.libreoffice
@pytest.mark.skipif(ANOTHER not in os.environ, reason=f"{ANOTHER} names no plan")
def test_another_report_is_short_and_its_pages_are_used(tmp_path: Path) -> None:
    done = app.report(Path(os.environ[ANOTHER]), app.Wanted(folder=tmp_path))
    pdf = convert(done.written, "pdf", tmp_path)
    pages = pages_of(pdf)
    assert len(pages) <= MOST_OF_ANOTHER
    assert smallest_type(pdf) >= LEAST
    assert_used(pages, done.run.loaded.lang)


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_longer_sentence_adds_no_page(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Report.open

    def longer(
        report: Report, key: str, last_column: int, sentence: str = "", title: str = ""
    ) -> Page:
        said = sentence and sentence + LONGER.of(lang)
        return opened(report, key, last_column, said, title)

    monkeypatch.setattr(Report, "open", longer)
    written = app.report(
        filled_sample(tmp_path / "m.xlsx", lang=lang), app.Wanted(folder=tmp_path)
    ).written
    pages = pages_of(convert(written, "pdf", tmp_path))
    assert LONGER.of(lang)[-8:] in " ".join(word.text or "" for page in pages for word in page)
    assert len(pages) <= MOST_PAGES


class TestCharts:
    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_none_is_empty_and_none_covers_text_which_has_room_itself(
        self, lang: str, tmp_path: Path
    ) -> None:
        master = filled_sample(tmp_path / "m.xlsx", lang=lang)
        long = app.report_unit(master, "T2", app.Wanted(folder=tmp_path, full=True)).written
        assert long is not None
        for path in (sample_report(lang=lang).book, long):
            book = opened(path)
            found = charts(path)
            assert len(found) > 5
            assert [one for one in found if not any(numbers(book, at) for at in one.values)] == []
            hidden = [(one.sheet, covered(book, one)) for one in found]
            assert [one for one in hidden if one[1]] == []
            assert list(squeezed(book)) == []

    def test_an_empty_chart_and_covered_text_are_seen(self, tmp_path: Path) -> None:
        import xlsxwriter

        path = tmp_path / "b.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("页")
            sheet.write("C3", "text")
            sheet.merge_range("A9:D9", "wide")
            for at, values in (("B2", "A20:A22"), ("D9", "A30:A32"), ("H2", "A20:A22")):
                chart = book.add_chart({"type": "column"})
                first, last = values.split(":")
                chart.add_series({"values": f"='页'!${first[0]}${first[1:]}:${last[0]}${last[1:]}"})
                sheet.insert_chart(at, chart, {"x_scale": 0.3, "y_scale": 0.3})
            sheet.write_column("A20", [1, 2, 3])
        read = load_workbook(path, data_only=True)
        found = charts(path)
        assert [bool(numbers(read, one.values[0])) for one in found] == [True, False, True]
        assert [covered(read, one) for one in found] == [["C3"], ["A9:D9"], []]


def assert_used(pages: Sequence[Element], lang: str) -> None:
    """No page of the data, none under a third, nothing cut off."""
    data = {Words(lang)(f"sheet_{key}") for key in DATA}
    for page in pages:
        high = float(page.attrib["height"])
        body = [word for word in page if float(word.attrib["yMax"]) < FOOTER]
        foot = {word.text for word in page if float(word.attrib["yMin"]) > FOOTER}
        assert not foot & data
        assert not [word.text for word in body if "###" in (word.text or "")]
        assert max(float(word.attrib["yMax"]) for word in body) > high / 3
        inside = float(page.attrib["width"]) - MARGIN
        begun = [word for word in body if float(word.attrib["xMin"]) < inside]
        assert all(float(word.attrib["xMax"]) <= inside + MARGIN for word in begun)


def squeezed(book: Workbook) -> Iterator[tuple[str, str, str]]:
    """Texts of more than a line that wrap within one cell, in a row that is as high as others."""
    for sheet in book.worksheets:
        widths = {
            column: one.width
            for one in sheet.column_dimensions.values()
            for column in range(one.min, one.max + 1)
        }
        merged = {at for area in sheet.merged_cells.ranges for at in area.cells}
        for cell in chain.from_iterable(sheet.iter_rows()):
            said, alone = cell.value, (cell.row, cell.column) not in merged
            if not isinstance(said, str) or not cell.alignment.wrap_text or not alone:
                continue
            room = widths.get(cell.column, 8)
            if sheet.row_dimensions[cell.row].height is None and columns_of(said) > 1.2 * room:
                yield sheet.title, cell.coordinate, said


def columns_of(said: str) -> int:
    """How many columns of a terminal, and about of a sheet, the longest line takes."""
    return max(
        sum(1 + (east_asian_width(one) in "WF") for one in line) for line in said.split("\n")
    )


def links_to_hidden(path: Path) -> list[str]:
    """Where links on shown sheets lead that no program follows."""
    hidden = shown(path)[1]
    found = [
        cell.hyperlink.location
        for sheet in opened(path).worksheets
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
            done = app.report_unit(master, code, app.Wanted(folder=tmp_path / code))
            assert done.written is not None and not done.leaks
            assert shown(done.written)[0] == self.SHOWN
            assert links_to_hidden(done.written) == []

    def test_full_asks_for_the_long_form(self, master: Path, tmp_path: Path) -> None:
        arguments = ["report", str(master), "--audience", "P03", "--full", "-o", str(tmp_path)]
        assert CliRunner().invoke(commands, arguments).exit_code == 0
        assert shown(next(tmp_path.glob("*.xlsx")))[0] > self.SHOWN - {Words("en")("sheet_card")}

    @pytest.mark.libreoffice
    def test_it_prints_on_two_pages(self, master: Path, tmp_path: Path) -> None:
        written = app.report_unit(master, "P03", app.Wanted(folder=tmp_path)).written
        assert written is not None
        pages = pages_of(convert(written, "pdf", tmp_path))
        assert len(pages) == 2
        for page in pages:
            body = [word for word in page if float(word.attrib["yMax"]) < FOOTER]
            assert not [word.text for word in body if "###" in (word.text or "")]
            assert (
                max(float(word.attrib["yMax"]) for word in body) > float(page.attrib["height"]) / 3
            )
