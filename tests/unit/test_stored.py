"""Formulas and the results stored with them: what is old, what another program computed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from decimal import Decimal
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from salesplan import app
from salesplan.findings import SalesplanError
from salesplan.messages import fix, text
from salesplan.plan.loader import load
from salesplan.plan.schema import sheet
from salesplan.plan.stale_results import STALE
from salesplan.workbook import CellChange, patch_workbook
from salesplan.workbook.read.cells import ErrorValue, read_grids
from salesplan.workbook.read.stored import (
    Computed,
    columns_of,
    formulas,
    marked,
    stale,
    with_results,
)
from salesplan.workbook.refs import Range
from salesplan.workbook.soffice import recalculated_copy
from salesplan.workbook.zip.package import open_package
from tests.books import cells_in
from tests.rawbook import book, worksheet
from tests.samples import filled_sample, new_sample, unprinted
from tests.unit.masters import SOUND, write

NOT_MARKED, MARKED = "", '<calcPr fullCalcOnLoad="1"/>'


class TestWhatAFormulaNeeds:
    @pytest.mark.parametrize(
        ("formula", "needed"),
        [
            ("=A1+1", {"s:1"}),
            ("SUM($B$2:D9)*1E5", {"s:2", "s:3", "s:4"}),
            ("SUM(B:C)", {"s:2", "s:3"}),
            ("目标分解!B3+'a b'!C1+'it''s'!A1", {"目标分解:2", "a b:3", "it's:1"}),
            ('IF(A1="B2","C3!D4",TRUE)', {"s:1"}),
            ("LOG10(100)+_xlfn.XLOOKUP(A1,B1:B9,C1:C9)", {"s:1", "s:2", "s:3"}),
            ("1.5*100", set()),
            ("IFERROR(A1,#N/A)", {"s:1"}),
        ],
    )
    def test_columns(self, formula: str, needed: set[str]) -> None:
        assert columns_of(formula, "S") == {
            (name.rpartition(":")[0], int(name.rpartition(":")[2])) for name in needed
        }

    @pytest.mark.parametrize(
        "formula",
        [
            "年度目标*2",
            "Targets[年度]",
            'INDIRECT("A1")',
            "TODAY()",
            "OFFSET(A1,1,1)",
            "Jan:Dec!A1",
            "[1]Sheet1!A1",
            "'[1]a b'!A1",
            "A1:INDEX(B1:B9,2)",
            "SUM(1:1)",
            "Sheet1!Rate",
            "A1#",
            "XFE1",
        ],
    )
    def test_not_told(self, formula: str) -> None:
        assert columns_of(formula, "S") is None

    def test_a_formula_filled_to_the_right_needs_the_columns_beside(self) -> None:
        assert columns_of("A1", "S", spread=2) == {("s", 1), ("s", 2), ("s", 3)}


def formula_book(path: Path, rows: str, calc: str = MARKED, after: str = "") -> Path:
    path = book(path, worksheet(rows, after=after))
    with open_package(path) as package:
        workbook = package.read("xl/workbook.xml").decode()
    path.unlink()
    return book(
        path,
        worksheet(rows, after=after),
        workbook=workbook.replace("</workbook>", f"{calc}</workbook>"),
    )


class TestFormulas:
    def test_are_found_in_every_form(self, tmp_path: Path) -> None:
        rows = (
            '<row r="1"><c r="A1"><f>B1&amp;"x"</f><v>1</v></c><c><f t="shared" ref="B1:C2" '
            'si="0">D1</f><v>1</v></c><c r="C1"><f t="shared" si="0"/><v>1</v></c></row>'
            '<row><c r="A2"><f t="array" ref="A2:A4">D2:D4</f><v>1</v></c><!-- <c r="Z9"><f>Z1</f>'
            '</c> --></row><row r="9"><c r="B9"><f t="dataTable" ref="B9:B10"/></c></row>'
        )
        path = formula_book(
            tmp_path / "b.xlsx", rows, after="<extLst><ext><f>Z1</f></ext></extLst>"
        )
        with open_package(path) as package:
            found = formulas(package, package.sheets[0])
        assert [(str(one.area), one.text, one.spread) for one in found] == [
            ("A1", 'B1&"x"', 0),
            ("B1", "D1", 1),
            ("C1", "", 0),
            ("A2:A4", "D2:D4", 0),
            ("B9:B10", None, 0),
        ]

    def test_old_over_other_formulas(self, tmp_path: Path) -> None:
        rows = (
            '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f><v>2</v></c><c r="C1"><f>B1*2</'
            "f><v>4</v></c>"
            '<c r="D1"><f>E1*2</f><v>0</v></c><c r="F1"><f>100*12</f><v>1200</v></c><c r="G1"><f>'
            "Rate*2</f><v>1</v></c></row>"
        )
        path = formula_book(tmp_path / "b.xlsx", rows)
        with open_package(path) as package:
            everything = {"S": [Range.parse("A1:Z9")]}
            assert stale(package, [("S", "A")], everything) == {"S": ["B1", "C1", "G1"]}
            assert stale(package, [("s", "E")], everything) == {"S": ["D1", "G1"]}
            assert stale(package, [("S", "A")], {"S": [Range.parse("D1:F1")]}) == {}

    @pytest.mark.parametrize(
        ("calc", "expected"),
        [
            (NOT_MARKED, False),
            (MARKED, True),
            ('<calcPr fullCalcOnLoad="0"/>', False),
            ('<calcPr fullCalcOnLoad="true"/>', True),
        ],
    )
    def test_the_mark(self, tmp_path: Path, calc: str, expected: bool) -> None:
        with open_package(formula_book(tmp_path / "b.xlsx", "", calc)) as package:
            assert marked(package) is expected


def put(path: Path, key: str, column: str, row: int, formula: str, result: object) -> None:
    """A planner's formula with its result in a table's cell of a master."""
    found = load(path).tables[key]
    out = path.with_name("put.xlsx")
    patch_workbook(
        path, out, [CellChange(found.sheet, f"{found.columns[column]}{row}", result, formula)]
    )
    out.replace(path)


def calculated(path: Path) -> None:
    """Take the mark away, as a spreadsheet program does when it saves."""
    import zipfile

    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    assert b' fullCalcOnLoad="1"' in parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)


@pytest.fixture
def master(saved: Path, tmp_path: Path) -> Path:
    """A copy of ``saved`` to work on."""
    return shutil.copyfile(saved, tmp_path / "plan.xlsx")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked example, filled, with a planner's formula that takes a figure of the engine's, as
    if saved by a spreadsheet program; without what LibreOffice takes long to open.
    """
    path = tmp_path_factory.mktemp("saved") / "plan.xlsx"
    unprinted(filled_sample(path, lang="zh"), notes=False)
    targets, budget = load(path).tables["targets"], load(path).tables["budget"]
    put(
        path,
        "budget",
        "requested",
        budget.first_row,
        f"{targets.sheet}!{targets.columns['base_year']}{targets.first_row}/1000",
        3.25,
    )
    calculated(path)
    return path


def stale_findings(path: Path) -> list[tuple[str, object]]:
    return [
        (str(finding.place), finding.params["count"])
        for finding in load(path).findings
        if finding.code == STALE
    ]


class TestStale:
    def test_silent_until_the_engine_fills_and_then_named(self, master: Path) -> None:
        budget = load(master).tables["budget"]
        cell = f"{budget.sheet}!{budget.columns['requested']}{budget.first_row}"
        assert stale_findings(master) == []
        assert app.recalc(master).written
        assert stale_findings(master) == [(cell, 1)]
        (finding,) = [
            finding
            for finding in app.check(master).findings
            if finding.code == "stored-results-stale"
        ]
        assert cell.partition("!")[2] in text(finding, "zh") and "libreoffice" in fix(finding, "en")
        calculated(master)
        assert stale_findings(master) == []

    def test_a_second_recalculation_says_so_and_still_changes_nothing(self, master: Path) -> None:
        app.recalc(master)
        again = app.recalc(master)
        assert again.changes.edits == () and STALE in {
            finding.code for finding in again.changes.findings
        }

    def test_formulas_on_the_planners_own_figures_are_not_named(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.xlsx"
        new_sample(path, lang="zh")
        budget = load(path).tables["budget"]
        put(
            path,
            "budget",
            "requested",
            budget.first_row,
            f"{budget.columns['least']}{budget.first_row}*2",
            10,
        )
        with open_package(path) as package:
            assert marked(package)
        assert stale_findings(path) == []

    def test_a_new_template_is_silent(self, tmp_path: Path) -> None:
        new_sample(tmp_path / "plan.xlsx", lang="en")
        assert stale_findings(tmp_path / "plan.xlsx") == []


def computed_by_hand(path: Path, values: Mapping[str, object]) -> Computed:
    """A copy as another program would have computed it."""
    from salesplan.workbook.save.journal import sha256_of

    copy = path.with_name("computed.xlsx")
    workbook = openpyxl.load_workbook(path)
    for place, value in values.items():
        name, _, cell = place.partition("!")
        workbook[name][cell] = value
    workbook.save(copy)
    return Computed(copy, sha256_of(path))


class TestComputed:
    ROWS = (
        '<row r="1"><c r="A1"><v>7</v></c><c r="B1"><f>A1*2</f></c><c r="C1"><f>NEW(A1)</f><v>5</'
        'v></c><c r="D1"><f>1/0</f><v>1</v></c></row>'
    )

    def test_only_formulas_take_the_copys_values(self, tmp_path: Path) -> None:
        path = formula_book(tmp_path / "b.xlsx", self.ROWS)
        computed = computed_by_hand(
            path, {"S!A1": 99, "S!B1": 14, "S!C1": "#NAME?", "S!D1": "#DIV/0!"}
        )
        with open_package(path) as package:
            grids, findings = with_results(package, read_grids(package), computed)
        assert list(grids["S"].rows[0]) == [7.0, 14.0, 5.0, ErrorValue("#DIV/0!")]
        assert [(finding.code, str(finding.place)) for finding in findings] == [
            ("computed-unknown-function", "S!C1")
        ]

    def test_a_result_beyond_the_stored_ones_is_laid_in(self, tmp_path: Path) -> None:
        rows = (
            '<row r="1"><c r="A1"><v>7</v></c></row><row r="3"><c r="C3" t="str"><f>IF(A1,"x",'
            '"")</f><v></v></c></row>'
        )
        path = formula_book(tmp_path / "b.xlsx", rows)
        with open_package(path) as package:
            grids, _ = with_results(
                package, read_grids(package), computed_by_hand(path, {"S!C3": "x"})
            )
        assert grids["S"].value(3, 3) == "x" and len({len(row) for row in grids["S"].rows}) == 1

    def test_a_copy_of_another_state_is_refused(self, tmp_path: Path) -> None:
        path = formula_book(tmp_path / "b.xlsx", self.ROWS)
        computed = Computed(computed_by_hand(path, {}).path, "0" * 64)
        with open_package(path) as package, pytest.raises(SalesplanError) as caught:
            with_results(package, read_grids(package), computed)
        assert (caught.value.finding.code, caught.value.exit_code) == ("file-changed-since-read", 3)

    def test_a_copy_without_a_sheet_is_refused(self, tmp_path: Path) -> None:
        path = formula_book(tmp_path / "b.xlsx", self.ROWS)
        computed = computed_by_hand(path, {})
        workbook = openpyxl.load_workbook(computed.path)
        workbook["S"].title = "T"
        workbook.save(computed.path)
        with open_package(path) as package, pytest.raises(SalesplanError) as caught:
            with_results(package, read_grids(package), computed)
        assert caught.value.finding.code == "recalculation-failed"


def test_without_libreoffice_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = write(tmp_path / "plan.xlsx", SOUND)
    with pytest.raises(SalesplanError) as caught:
        app.check(path, recalc_with="libreoffice")
    assert (caught.value.finding.code, caught.value.exit_code) == (
        "recalculation-program-missing",
        2,
    )
    assert "LibreOffice" in text(caught.value.finding, "zh")


@pytest.mark.libreoffice
class TestWithLibreOffice:
    def test_values_are_computed_and_the_master_is_only_patched(self, tmp_path: Path) -> None:
        """Formulas that openpyxl leaves without a result: refused as they stand, read once
        computed.
        """
        rows = {key: [dict(row) for row in table] for key, table in SOUND.items()}
        rows["kpis"][0]["target"] = "=100*5"
        rows["budget"][0]["requested"] = f"={sheet('kpis').zh}!A1"
        path = write(tmp_path / "plan.xlsx", rows)
        workbook = openpyxl.load_workbook(path)
        found = load(path).tables
        requested = f"{found['budget'].columns['requested']}2"
        workbook[found["budget"].sheet][requested] = (
            f"='{found['kpis'].sheet}'!{found['kpis'].columns['target']}2/50"
        )
        workbook.save(path)

        assert "formula-without-result" in {finding.code for finding in app.check(path).findings}
        run = app.check(path, recalc_with="libreoffice")
        assert "formula-without-result" not in {finding.code for finding in run.findings}
        assert run.loaded.plan.kpis[0].target == Decimal(500)
        assert run.loaded.plan.budget[0].requested == Decimal(10)
        assert run.loaded.path == path

        before = {
            name: content
            for name, content in _parts(path).items()
            if name not in ("xl/workbook.xml", "xl/styles.xml")
        }
        done = app.recalc(path, recalc_with="libreoffice")
        assert done.written == path and done.changes.edits
        after = _parts(path)
        touched = {name for name, content in before.items() if after.get(name) != content}
        # The sheet of what was filled is new: two parts say where it is, and all else that they
        # said.
        indexes = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
        assert touched - indexes
        assert all(name.startswith("xl/worksheets/") for name in touched - indexes)
        for name in indexes:
            assert _elements(before[name]) < _elements(after[name])
        assert (
            openpyxl.load_workbook(path)[found["kpis"].sheet][
                f"{found['kpis'].columns['target']}2"
            ].value
            == "=100*5"
        )

    def test_a_stale_result_is_read_fresh(self, master: Path) -> None:
        app.recalc(master)
        run = app.check(master, recalc_with="libreoffice")
        targets = run.loaded.tables["targets"]
        assert STALE not in {finding.code for finding in run.findings}
        requested = run.loaded.plan.budget[0].requested
        assert requested is not None and requested != Decimal("3.25")
        place = f"{targets.columns['base_year']}{targets.first_row}"
        cells = chain.from_iterable(cells_in(master, targets.sheet))
        (base,) = (cell.value for cell in cells if getattr(cell, "coordinate", "") == place)
        assert requested == pytest.approx(Decimal(repr(base)) / 1000)

    def test_no_more_than_the_time_given(self, tmp_path: Path) -> None:
        path = write(tmp_path / "plan.xlsx", SOUND)
        folder = tmp_path / "folder"
        folder.mkdir()
        with pytest.raises(SalesplanError) as caught:
            recalculated_copy(path, folder, seconds=0.01)
        assert caught.value.finding.code == "recalculation-slow"

    def test_a_damaged_file_never_reaches_it(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(b"PK\x03\x04 no zip")
        with pytest.raises(SalesplanError) as caught:
            recalculated_copy(path, tmp_path)
        assert caught.value.finding.code.startswith("file-")
        assert [file.name for file in tmp_path.iterdir()] == ["plan.xlsx"]


def _parts(path: Path) -> dict[str, bytes]:
    with open_package(path) as package:
        return {name: package.read(name) for name in package.entries}


def _elements(part: bytes) -> set[bytes]:
    """The entries of a part that lists others."""
    return {ElementTree.tostring(one) for one in ElementTree.fromstring(part)}


def test_a_value_linked_from_another_workbook_is_named_with_its_age(tmp_path: Path) -> None:
    """公司年度目标 from 董事会预算.xlsx: the value is as old as the file that holds it."""
    from datetime import datetime

    from openpyxl.packaging.relationship import Relationship
    from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink

    path = write(tmp_path / "m.xlsx", SOUND)
    assert [one for one in load(path).findings if one.code == "value-linked"] == []
    book = openpyxl.load_workbook(path)
    link = ExternalLink(externalBook=ExternalBook(id="rId1"))
    target = "file:///C:/plans/%E8%91%A3%E4%BA%8B%E4%BC%9A%E9%A2%84%E7%AE%97.xlsx"
    link.file_link = Relationship(
        type="externalLinkPath", Target=target, TargetMode="External", Id="rId1"
    )
    book._external_links.append(link)
    cell = next(
        c for row in book["指标"].iter_rows(max_row=1) for c in row if c.value == "公司年度目标"
    )
    book["指标"][f"{cell.column_letter}2"] = "=[1]Sheet1!$B$2"
    book.properties.modified = datetime(2026, 3, 5)
    book.save(path)
    (found,) = (one for one in load(path).findings if one.code == "value-linked")
    assert str(found.place) == f"指标!{cell.column_letter}2"
    assert (found.params["book"], found.params["count"]) == ("董事会预算.xlsx", 1)
    assert found.params["saved"] != "—"
