"""Patching: each kind of value, cell, formula and range that a worksheet may hold; the docstrings
tell the case.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from salesplan.findings import SalesplanError
from salesplan.workbook import CellChange, CellStyle, patch_workbook
from salesplan.workbook.xml.cellxml import translate
from tests.rawbook import MAIN, SHEET, book, columns, table, worksheet


def change(
    cell: str, value: object, formula: str | None = None, style: CellStyle | None = None
) -> CellChange:
    return CellChange("S", cell, value, formula, style)


def patched(source: Path, changes: Iterable[CellChange]) -> Path:
    """Patch once, then again: the second time must change no part at all."""
    changes = list(changes)
    target, again = source.with_name("patched.xlsx"), source.with_name("again.xlsx")
    patch_workbook(source, target, changes)
    patch_workbook(target, again, changes)
    assert parts(target) == parts(again)
    return target


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def rows_of(path: Path) -> str:
    xml = parts(path)[SHEET].decode()
    return xml[xml.index("<sheetData>") + 11 : xml.rindex("</sheetData>")]


def rewritten(
    tmp_path: Path, rows: str, *changes: CellChange, before: str = "", after: str = ""
) -> str:
    return rows_of(patched(book(tmp_path / "a.xlsx", worksheet(rows, before, after)), changes))


def refusal(source: Path, *changes: CellChange) -> tuple[str, str]:
    """(code, cell) of the refusal; nothing may be left at the target."""
    target = source.with_name("refused.xlsx")
    with pytest.raises(SalesplanError) as caught:
        patch_workbook(source, target, changes)
    assert not target.exists()
    assert caught.value.exit_code == 1
    assert caught.value.finding.place.workbook == source.name
    return caught.value.finding.code, caught.value.finding.place.cell


class TestValues:
    @pytest.mark.parametrize(
        ("value", "cell"),
        [
            (True, '<c r="A1" t="b"><v>1</v></c>'),
            (False, '<c r="A1" t="b"><v>0</v></c>'),
            (0, '<c r="A1"><v>0</v></c>'),
            (-12, '<c r="A1"><v>-12</v></c>'),
            (0.1, '<c r="A1"><v>0.1</v></c>'),
            (2.0, '<c r="A1"><v>2</v></c>'),
            (Decimal("1234.50"), '<c r="A1"><v>1234.50</v></c>'),
            (Decimal("-0.00"), '<c r="A1"><v>0</v></c>'),
            (Decimal(1) / 3, '<c r="A1"><v>0.33333333333333333</v></c>'),
            (Decimal("1E+3"), '<c r="A1"><v>1000</v></c>'),
            (123456789012345678, '<c r="A1"><v>123456789012345680</v></c>'),
            (
                '目标 <A> & "B"',
                '<c r="A1" t="inlineStr"><is><t>目标 &lt;A&gt; &amp; "B"</t></is></c>',
            ),
            (" a\nb", '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a\nb</t></is></c>'),
            ("=1+1", '<c r="A1" t="inlineStr"><is><t>=1+1</t></is></c>'),
            (
                "\x07_x0041_\r",
                '<c r="A1" t="inlineStr"><is><t xml:space="preserve">_x0007__x005F_x0041__x000D_</'
                "t></is></c>",
            ),
            ("", '<c r="A1"/>'),
            (None, '<c r="A1"/>'),
        ],
    )
    def test_of_each_kind(self, tmp_path: Path, value: object, cell: str) -> None:
        assert (
            rewritten(
                tmp_path, '<row r="1"><c r="A1" t="s"><v>3</v></c></row>', change("A1", value)
            )
            == f'<row r="1">{cell}</row>'
        )

    def test_a_formula_keeps_its_result(self, tmp_path: Path) -> None:
        written = rewritten(
            tmp_path,
            '<row r="1"><c r="A1"><v>3</v></c></row>',
            change("A1", Decimal("2.5"), '=B1&"<"'),
            change("C1", "x y", "X()"),
            change("D1", None, "1/2"),
        )
        assert written == (
            '<row r="1"><c r="A1"><f>B1&amp;"&lt;"</f><v>2.5</v></c><c r="C1" t="str"><f>X()</f>'
            '<v>x y</v></c><c r="D1"><f>1/2</f></c></row>'
        )

    def test_style_and_foreign_attributes_stay_but_the_old_values_metadata_goes(
        self, tmp_path: Path
    ) -> None:
        row = (
            "<row r='1'><c s='1' r='A1' ph='1' cm=\"1\" vm='2' t='e'><f>X</f><v>#N/A</v></c ></"
            "row >"
        )
        assert (
            rewritten(tmp_path, row, change("A1", 5))
            == '<row r=\'1\'><c r="A1" s="1" ph="1"><v>5</v></c></row >'
        )

    @pytest.mark.parametrize(
        ("value", "error"),
        [
            (float("nan"), ValueError),
            (Decimal("Infinity"), ValueError),
            (b"x", TypeError),
            ([1], TypeError),
        ],
    )
    def test_what_no_cell_can_hold(self, value: object, error: type[Exception]) -> None:
        with pytest.raises(error):
            change("A1", value)

    def test_text_over_the_limit_is_refused(self, tmp_path: Path) -> None:
        source = book(tmp_path / "a.xlsx", worksheet(""))
        assert refusal(source, change("B2", "x" * 32_768)) == ("text-too-long", "B2")
        assert refusal(source, change("B2", 1, "1+" * 5000 + "1")) == ("formula-too-long", "B2")


class TestDates:
    @pytest.mark.parametrize(
        ("properties", "value", "number"),
        [
            ("", date(2026, 2, 14), "46067"),
            ("", datetime(2026, 2, 14, 18), "46067.75"),
            ("", date(1900, 3, 1), "61"),
            ("", date(1900, 2, 28), "59"),
            ("", date(1900, 1, 1), "1"),
            ('<workbookPr date1904="1"/>', date(2026, 2, 14), "44605"),
            ('<workbookPr date1904="true"/>', date(1904, 1, 1), "0"),
        ],
    )
    def test_as_serial_numbers_of_the_book(
        self, tmp_path: Path, properties: str, value: date, number: str
    ) -> None:
        source = book(
            tmp_path / "a.xlsx",
            worksheet('<row r="1"><c r="A1" s="1"/></row>'),
            properties=properties,
        )
        assert (
            rows_of(patched(source, [change("A1", value)]))
            == f'<row r="1"><c r="A1" s="1"><v>{number}</v></c></row>'
        )

    def test_before_the_first_day_is_refused(self, tmp_path: Path) -> None:
        assert refusal(
            book(tmp_path / "a.xlsx", worksheet("")), change("A1", date(1899, 12, 31))
        ) == ("date-not-representable", "A1")

    def test_a_general_cell_gets_a_date_format_and_keeps_the_rest_of_its_look(
        self, tmp_path: Path
    ) -> None:
        """Column A bare, B centred, C with a number format of its own: only the first two get a
        format appended.
        """
        source = book(
            tmp_path / "a.xlsx",
            worksheet('<row r="1"><c r="A1"/><c r="B1" s="2"/><c r="C1" s="1"/></row>'),
        )
        target = patched(
            source,
            [
                change("A1", date(2026, 1, 1)),
                change("B1", Decimal("0.5"), style=CellStyle.PERCENT),
                change("C1", 1, style=CellStyle.PERCENT),
            ],
        )
        assert (
            's="3"' in rows_of(target)
            and 's="4"' in rows_of(target)
            and 'r="C1" s="1"' in rows_of(target)
        )
        cells = openpyxl.load_workbook(target)["S"]
        assert (cells["A1"].value, cells["A1"].is_date) == (datetime(2026, 1, 1), True)
        assert (cells["B1"].number_format, cells["B1"].alignment.horizontal) == ("0.00%", "center")
        assert 'cellXfs count="5"' in parts(target)["xl/styles.xml"].decode()

    def test_amount_and_link_styles_are_for_bare_cells_only(self, tmp_path: Path) -> None:
        source = book(tmp_path / "a.xlsx", worksheet('<row r="1"><c r="A1" s="2"/></row>'))
        wanted = [
            change("A1", 1, style=CellStyle.AMOUNT),
            change("B1", 1, style=CellStyle.AMOUNT),
            change("C1", "go", 'HYPERLINK("#A1","go")', CellStyle.LINK),
        ]
        cells = openpyxl.load_workbook(patched(source, wanted))["S"]
        assert (cells["A1"].number_format, cells["B1"].number_format) == ("General", "#,##0.00")
        assert (cells["C1"].font.underline, cells["C1"].font.name, cells["C1"].font.sz) == (
            "single",
            "Calibri",
            11,
        )

    def test_a_book_without_styles_is_left_without(self, tmp_path: Path) -> None:
        assert rows_of(
            patched(
                book(tmp_path / "a.xlsx", worksheet(""), styles=None),
                [change("A1", date(2026, 1, 1))],
            )
        ) == ('<row r="1"><c r="A1"><v>46023</v></c></row>')


class TestPlaces:
    def test_new_cells_stand_in_column_order_and_new_rows_in_row_order(
        self, tmp_path: Path
    ) -> None:
        rows = (
            '<row r="2" spans="2:4"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row><row r="5">'
            '<c r="AA5"/></row>'
        )
        written = rewritten(
            tmp_path,
            rows,
            change("AB5", 9),
            change("Z5", 8),
            change("E2", 5),
            change("C2", 4),
            change("A2", 3),
            change("A1", 1),
            change("A7", 7),
            change("A3", 2),
        )
        assert written == (
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="2" spans="1:5"><c r="A2"><v>3</v></c><c r="B2"><v>1</v></c><c r="C2"><v>4</v>'
            '</c><c r="D2"><v>2</v></c><c r="E2"><v>5</v></c></row>'
            '<row r="3"><c r="A3"><v>2</v></c></row>'
            '<row r="5"><c r="Z5"><v>8</v></c><c r="AA5"/><c r="AB5"><v>9</v></c></row>'
            '<row r="7"><c r="A7"><v>7</v></c></row>'
        )

    def test_rows_and_cells_without_references_count_by_position(self, tmp_path: Path) -> None:
        rows = (
            '<row><c><v>1</v></c><c><v>2</v></c></row><row r="4"><c r="C4"/><c><v>3</v></c></row>'
            "<row/><row><c/></row>"
        )
        written = rewritten(
            tmp_path,
            rows,
            change("B1", 20),
            change("D4", 30),
            change("A5", 40),
            change("A6", 50),
            change("C1", 60),
        )
        assert written == (
            '<row><c><v>1</v></c><c><v>20</v></c><c r="C1"><v>60</v></c></row><row r="4"><c '
            'r="C4"/><c><v>30</v></c></row>'
            '<row><c r="A5"><v>40</v></c></row><row><c><v>50</v></c></row>'
        )

    @pytest.mark.parametrize("empty", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>"])
    def test_an_empty_sheet(self, tmp_path: Path, empty: str) -> None:
        sheet = worksheet("").replace(
            "<sheetData></sheetData>", f'<dimension ref="A1"/>{empty}<pageMargins left="1"/>'
        )
        xml = parts(patched(book(tmp_path / "a.xlsx", sheet), [change("C3", 1)]))[SHEET].decode()
        assert '<dimension ref="A1:C3"/>' in xml
        assert (
            '<sheetData><row r="3"><c r="C3"><v>1</v></c></row></sheetData><pageMargins left="1"/>'
            in xml
        )

    def test_blanking_what_is_not_there_changes_no_byte(self, tmp_path: Path) -> None:
        sheet = worksheet('<row r="1"><c r="A1"/></row>', '<dimension ref="A1"/>')
        assert (
            parts(
                patched(book(tmp_path / "a.xlsx", sheet), [change("B9", None), change("C1", "")])
            )[SHEET]
            == sheet.encode()
        )

    def test_an_extension_list_stays_behind_the_cells(self, tmp_path: Path) -> None:
        rows = (
            '<row r="1"><c r="A1"/><extLst><ext uri="u"/></extLst></row><row r="2"><extLst><ext '
            'uri="u"/></extLst></row>'
        )
        assert rewritten(tmp_path, rows, change("B1", 1), change("A2", 2)) == (
            '<row r="1"><c r="A1"/><c r="B1"><v>1</v></c><extLst><ext uri="u"/></extLst></row>'
            '<row r="2"><c r="A2"><v>2</v></c><extLst><ext uri="u"/></extLst></row>'
        )

    def test_a_new_cell_takes_the_rows_then_the_columns_format(self, tmp_path: Path) -> None:
        rows = '<row r="1" s="2" customFormat="1"/><row r="2" s="2"/>'
        written = rewritten(
            tmp_path,
            rows,
            change("B1", 1),
            change("B2", 2),
            change("A2", 3),
            before='<cols><col min="2" max="3" style="1"/></cols>',
        )
        assert written == (
            '<row r="1" s="2" customFormat="1"><c r="B1" s="2"><v>1</v></c></row><row r="2" s="2">'
            '<c r="A2"><v>3</v></c><c r="B2" s="1"><v>2</v></c></row>'
        )

    def test_a_row_below_plain_data_looks_like_it_but_is_never_hidden(self, tmp_path: Path) -> None:
        rows = (
            '<row r="1"><c r="A1" s="2" t="s"><v>0</v></c></row>'
            '<row r="2" ht="30" customHeight="1" hidden="1"><c r="A2" s="1"><v>1</v></c></row>'
        )
        assert rewritten(tmp_path, rows, change("A3", 1), change("A4", 2)) == rows + (
            '<row r="3"><c r="A3" s="1"><v>1</v></c></row><row r="4"><c r="A4" s="1"><v>2</v></c>'
            "</row>"
        )

    def test_a_row_below_headings_does_not_look_like_them(self, tmp_path: Path) -> None:
        rows = (
            '<row r="1"><c r="A1" s="2" t="s"><v>0</v></c><c r="B1" s="2" t="s"><v>1</v></c></row>'
        )
        assert (
            rewritten(tmp_path, rows, change("A2", 1))
            == rows + '<row r="2"><c r="A2"><v>1</v></c></row>'
        )

    def test_an_unknown_sheet_and_an_odd_reference_are_refused(self, tmp_path: Path) -> None:
        source = book(tmp_path / "a.xlsx", worksheet(""))
        assert refusal(source, CellChange("T", "A1", 1)) == ("sheet-gone", "")
        for cell in ("A0", "XFE1", "A1048577", "1A", ""):
            assert refusal(source, change(cell, 1)) == ("cell-reference-odd", cell)


class TestOddXml:
    def test_prefixed_namespaces(self, tmp_path: Path) -> None:
        sheet = (
            f"<x:worksheet xmlns:x='{MAIN}'><x:dimension ref='A1:A1'/><x:sheetData><x:row r='1'>"
            "<x:c r='A1' t='s'><x:v>0</x:v></x:c></x:row>"
            "<x:row r='2'/></x:sheetData></x:worksheet>"
        )
        target = patched(
            book(tmp_path / "a.xlsx", sheet),
            [change("A1", "t"), change("B2", 2), change("A3", True), change("B1", 1, "1")],
        )
        assert parts(target)[SHEET].decode() == (
            f"<x:worksheet xmlns:x='{MAIN}'><x:dimension ref='A1:B3'/><x:sheetData>"
            '<x:row r=\'1\'><x:c r="A1" t="inlineStr"><x:is><x:t>t</x:t></x:is></x:c><x:c r="B1">'
            "<x:f>1</x:f><x:v>1</x:v></x:c></x:row>"
            '<x:row r=\'2\'><x:c r="B2"><x:v>2</x:v></x:c></x:row><x:row r="3"><x:c r="A3" t="b">'
            "<x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"
        )

    def test_comments_cdata_and_instructions_are_not_taken_for_cells(self, tmp_path: Path) -> None:
        start = (
            '<!-- <row r="1"><c r="A1"/></row></sheetData> --><?app <row r="1"/> ?>'
            '<row r="1"><!-- <c r="B1"/> --><c r="A1"><f><![CDATA[IF(1<2,"</c>","<c r=")]]></f><v>'
            "1</v></c>"
        )
        assert (
            rewritten(tmp_path, start + "<!-- </row> --></row>", change("B1", 2))
            == start + '<c r="B1"><v>2</v></c><!-- </row> --></row>'
        )

    def test_a_greater_sign_in_an_attribute_does_not_end_the_tag(self, tmp_path: Path) -> None:
        rows = '<row r="1" x:n="a>b/" xmlns:x="u"><c r="A1" x:m=\'">/\'><v>1</v></c></row>'
        assert rewritten(tmp_path, rows, change("A1", 2)) == rows.replace(
            "'\">/'", '"&quot;>/"'
        ).replace("<v>1", "<v>2")

    def test_white_space_within_tags_and_between_elements_stays(self, tmp_path: Path) -> None:
        rows = '\n <row\n r = "1"\t>\r\n  <c\nr="A1"\n/>\n  <c r="C1" ></c>\n </row\n>\n'
        assert rewritten(tmp_path, rows, change("B1", 1)) == (
            '\n <row\n r = "1"\t>\r\n  <c\nr="A1"\n/>\n  <c r="B1"><v>1</v></c><c r="C1" ></c>'
            "\n </row\n>\n"
        )

    @pytest.mark.parametrize(
        ("encoding", "declared"),
        [("utf-16", "UTF-16"), ("gb18030", "gb18030"), ("utf-8-sig", "UTF-8")],
    )
    def test_other_encodings_stay(self, tmp_path: Path, encoding: str, declared: str) -> None:
        sheet = f'<?xml version="1.0" encoding="{declared}"?>' + worksheet(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>目标</t></is></c></row>'
        )
        written = parts(
            patched(book(tmp_path / "a.xlsx", sheet.encode(encoding)), [change("B1", "实绩")])
        )[SHEET]
        assert written == sheet.replace(
            "</row>", '<c r="B1" t="inlineStr"><is><t>实绩</t></is></c></row>'
        ).encode(encoding)

    def test_strict_workbooks(self, tmp_path: Path) -> None:
        """Strict OOXML has other namespaces, and dates as ISO text: the change writes a number that
        both read.
        """
        strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        source = book(
            tmp_path / "a.xlsx",
            worksheet('<row r="1"><c r="A1" s="1" t="d"><v>2026-01-01</v></c></row>').replace(
                MAIN, strict
            ),
        )
        assert (
            rows_of(patched(source, [change("A1", date(2026, 1, 2))]))
            == '<row r="1"><c r="A1" s="1"><v>46024</v></c></row>'
        )

    @pytest.mark.parametrize(
        "rows", ['<row r="2"/><row r="1"/>', '<row r="2"/><row r="2"/>', '<row r="1"><c r="A1"/>']
    )
    def test_damage_is_named_not_made_worse(self, tmp_path: Path, rows: str) -> None:
        with pytest.raises(SalesplanError) as caught:
            patch_workbook(
                book(tmp_path / "a.xlsx", worksheet(rows)), tmp_path / "b.xlsx", [change("A1", 1)]
            )
        assert (caught.value.finding.code, caught.value.exit_code) == ("part-damaged", 4)


class TestFormulas:
    SHARED = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*$C$1+LOG10(B1)</f><v>1</v></c></'
        "row>"
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row><row r="3"><c r="A3" s="1">'
        '<f t="shared" si="0" ca="1"></f><v>3</v></c></row>'
    )

    def test_changing_the_cell_that_holds_a_shared_text_gives_the_others_their_own(
        self, tmp_path: Path
    ) -> None:
        assert rewritten(tmp_path, self.SHARED, change("A1", 10)) == (
            '<row r="1"><c r="A1"><v>10</v></c></row><row r="2"><c r="A2"><f>B2*$C$1+LOG10(B2)</f>'
            "<v>2</v></c></row>"
            '<row r="3"><c r="A3" s="1"><f ca="1">B3*$C$1+LOG10(B3)</f><v>3</v></c></row>'
        )

    def test_changing_a_sibling_leaves_the_rest_alone(self, tmp_path: Path) -> None:
        assert rewritten(tmp_path, self.SHARED, change("A2", 20)) == self.SHARED.replace(
            '<c r="A2"><f t="shared" si="0"/><v>2</v></c>', '<c r="A2"><v>20</v></c>'
        )

    def test_changing_all_of_them(self, tmp_path: Path) -> None:
        written = rewritten(
            tmp_path, self.SHARED, change("A1", 1), change("A2", 2), change("A3", 3)
        )
        assert "<f" not in written and 's="1"' in written

    def test_a_shared_formula_that_would_leave_the_sheet_is_refused(self, tmp_path: Path) -> None:
        rows = (
            '<row r="1"><c r="A1"><f t="shared" si="0"/></c></row><row r="2"><c r="A2"><f '
            't="shared" ref="A1:A2" si="0">B1</f></c></row>'
        )
        assert refusal(book(tmp_path / "a.xlsx", worksheet(rows)), change("A2", 1)) == (
            "shared-formula-fixed",
            "A2",
        )

    def test_shared_formulas_in_cells_without_references(self, tmp_path: Path) -> None:
        rows = (
            '<row><c><f t="shared" ref="A1:B1" si="4">$C1+D1</f></c><c><f si="4" t="shared"/></c>'
            "</row>"
        )
        assert (
            rewritten(tmp_path, rows, change("A1", 1))
            == "<row><c><v>1</v></c><c><f>$C1+E1</f></c></row>"
        )

    @pytest.mark.parametrize(
        ("formula", "code"),
        [
            ('t="array" ref="A1:B2"', "cell-in-array-formula"),
            ('t="dataTable" ref="A1:B2" dt2D="1" dtr="1" r1="D1" r2="D2"', "cell-in-data-table"),
        ],
    )
    @pytest.mark.parametrize("cell", ["A1", "B2"])
    def test_array_and_data_table_ranges_are_refused(
        self, tmp_path: Path, formula: str, code: str, cell: str
    ) -> None:
        source = book(
            tmp_path / "a.xlsx",
            worksheet(
                f'<row r="1"><c r="A1" cm="1"><f {formula}>X</f><v>1</v></c></row><row r="2"><c '
                'r="B2"><v>1</v></c></row>'
            ),
        )
        assert refusal(source, change(cell, 1)) == (code, cell)
        assert refusal(source, change("C1", 1), change(cell, None)) == (code, cell)
        assert '<c r="C3">' in rows_of(patched(source, [change("C3", 1)]))

    def test_an_array_of_one_cell_may_be_changed(self, tmp_path: Path) -> None:
        rows = (
            '<row r="1"><c r="A1" cm="1"><f t="array" ref="A1">SUM(B1:B2*C1:C2)</f><v>1</v></c></'
            "row>"
        )
        assert (
            rewritten(tmp_path, rows, change("A1", 2)) == '<row r="1"><c r="A1"><v>2</v></c></row>'
        )

    @pytest.mark.parametrize(
        ("formula", "moved"),
        [
            ("A1+$B$2+C$3+$D4", "B3+$B$2+D$3+$D6"),
            ("SUM(A1:B10,A:A,$B:C,1:1,2:$3)", "SUM(B3:C12,B:B,$B:D,3:3,4:$3)"),
            ('"A1"&A1&"x""A1"', '"A1"&B3&"x""A1"'),
            ("'A1 x'!B2+Q1!A1+'it''s'!A1+[1]S!A1", "'A1 x'!C4+Q1!B3+'it''s'!B3+[1]S!B3"),
            ("T1[[#This Row],[A1]]+T1['[A1]+A1", "T1[[#This Row],[A1]]+T1['[A1]+B3"),
            ("LOG10(A1)+TAX.A1+x_A1+1E5+#REF!+XYZ1", "LOG10(B3)+TAX.A1+x_A1+1E5+#REF!+XYZ1"),
            ("名称A1+A1", "名称A1+B3"),
        ],
    )
    def test_moving_a_formula(self, formula: str, moved: str) -> None:
        """Two rows down, one column right; XYZ1 lies beyond the last column XFD, so it is a
        name.
        """
        assert translate(formula, 2, 1) == moved


class TestCalculation:
    CHAIN = (
        f'<calcChain xmlns="{MAIN}"><c r="A1" i="7" l="1"/><c r="B1"/><c r="C1" s="1"/><c r="A1" '
        'i="8"/></calcChain>'
    )
    ROWS = '<row r="1"><c r="A1"><f>1</f></c><c r="B1"><f>2</f></c><c r="C1"><f>3</f></c></row>'

    def chain(self, tmp_path: Path, *changes: CellChange) -> str:
        return parts(
            patched(book(tmp_path / "a.xlsx", worksheet(self.ROWS), chain=self.CHAIN), changes)
        )["xl/calcChain.xml"].decode()

    def test_a_lost_formula_leaves_the_chain_and_hands_its_sheet_on(self, tmp_path: Path) -> None:
        head, tail = f'<calcChain xmlns="{MAIN}">', "</calcChain>"
        assert (
            self.chain(tmp_path, change("A1", 1))
            == f'{head}<c r="B1" i="7"/><c r="C1" s="1"/><c r="A1" i="8"/>{tail}'
        )
        assert (
            self.chain(tmp_path, change("B1", 1))
            == f'{head}<c r="A1" i="7" l="1"/><c r="C1" s="1"/><c r="A1" i="8"/>{tail}'
        )
        assert (
            self.chain(tmp_path, change("A1", 1), change("B1", 1), change("C1", 1))
            == f'{head}<c r="A1" i="8"/>{tail}'
        )

    def test_a_formula_that_stays_one_keeps_its_entry(self, tmp_path: Path) -> None:
        assert self.chain(tmp_path, change("A1", 5, "2+3"), change("D1", 1)) == self.CHAIN

    def test_a_chain_without_the_cell_keeps_its_bytes(self, tmp_path: Path) -> None:
        source = book(
            tmp_path / "a.xlsx",
            worksheet(self.ROWS),
            chain=f'<calcChain xmlns="{MAIN}"><c r="Z9" i="7"/></calcChain>',
        )
        patch_workbook(source, tmp_path / "b.xlsx", [change("A1", 1)])
        assert (
            _raw_records(source)["xl/calcChain.xml"]
            == _raw_records(tmp_path / "b.xlsx")["xl/calcChain.xml"]
        )

    def test_an_empty_chain_goes_with_all_that_names_it(self, tmp_path: Path) -> None:
        chain = f'<calcChain xmlns="{MAIN}"><c r="A1" i="7"/></calcChain>'
        found = parts(
            patched(
                book(tmp_path / "a.xlsx", worksheet(self.ROWS), chain=chain), [change("A1", None)]
            )
        )
        assert "xl/calcChain.xml" not in found
        assert not any(b"calcChain" in content for content in found.values())
        assert b"worksheets/sheet1.xml" in found["xl/_rels/workbook.xml.rels"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("", '<calcPr fullCalcOnLoad="1"/>'),
            ('<calcPr calcId="1"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
            (
                "<calcPr fullCalcOnLoad='0' calcMode=\"manual\"></calcPr>",
                "<calcPr fullCalcOnLoad='1' calcMode=\"manual\"></calcPr>",
            ),
            ('<calcPr fullCalcOnLoad="true"/>', '<calcPr fullCalcOnLoad="true"/>'),
        ],
    )
    def test_a_full_calculation_is_asked_for_where_the_schema_has_it(
        self, tmp_path: Path, old: str, new: str
    ) -> None:
        around = (
            f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/'
            '2006/relationships"><sheets><sheet name="S" sheetId="7" r:id="rId1"/></sheets>'
            '<definedNames><definedName name="n">1</definedName></definedNames>%s<pivotCaches/></'
            "workbook>"
        )
        source = book(tmp_path / "a.xlsx", worksheet(""), workbook=around % old)
        assert parts(patched(source, [change("A1", 1)]))["xl/workbook.xml"].decode() == around % new


class TestMerges:
    AFTER = '<mergeCells count="1"><mergeCell ref="B2:C3"/></mergeCells>'

    def test_only_the_shown_cell_can_be_written(self, tmp_path: Path) -> None:
        source = book(
            tmp_path / "a.xlsx",
            worksheet('<row r="2"><c r="B2"/><c r="C2" s="1"/></row>', after=self.AFTER),
        )
        assert refusal(source, change("B2", 1), change("C3", 1)) == ("cell-in-merge", "C3")
        assert (
            rows_of(patched(source, [change("B2", 1), change("C2", None), change("B3", "")]))
            == '<row r="2"><c r="B2"><v>1</v></c><c r="C2" s="1"/></row>'
        )


class TestTables:
    ROWS = (
        '<row r="1"><c r="A1" s="2" t="s"><v>0</v></c><c r="B1" s="2" t="s"><v>1</v></c><c r="C1" '
        's="2" t="s"><v>2</v></c></row>'
        '<row r="2" ht="20" customHeight="1"><c r="A2" t="s"><v>3</v></c><c r="B2" s="1"><v>1</v>'
        '</c><c r="C2" s="2"><f>T1[[#This Row],[b]]*2</f><v>2</v></c></row>'
    )
    COLUMNS = columns("a", "b") + (
        '<tableColumn id="3" name="c"><calculatedColumnFormula>T1[[#This Row],[b]]*2&lt;9</'
        "calculatedColumnFormula></tableColumn>"
    )
    RULES = (
        '<conditionalFormatting sqref="B2 A1:A2 D2 B1:B1"><cfRule type="expression" priority="1">'
        "<formula>B2&gt;1</formula></cfRule></conditionalFormatting>"
        '<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref=\'A2\'>'
        '<formula1>"x>y"</formula1></dataValidation></dataValidations>'
        "<extLst><ext><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule/>"
        "<xm:sqref>B2:C2 Z2</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
        "<x14:dataValidations><x14:dataValidation><xm:sqref>C2</xm:sqref></x14:dataValidation></"
        "x14:dataValidations>"
        "<x14:sparklines><x14:sparkline><xm:f>S!A2:B2</xm:f><xm:sqref>C2</xm:sqref></"
        "x14:sparkline></x14:sparklines></ext></extLst>"
    )

    def source(self, tmp_path: Path, **options: object) -> Path:
        sheet = worksheet(self.ROWS, '<dimension ref="A1:C2"/>', self.RULES).replace(
            "<worksheet ", '<worksheet xmlns:x14="u" xmlns:xm="v" '
        )
        return book(tmp_path / "a.xlsx", sheet, tables=(table("A1:C2", self.COLUMNS),), **options)  # type: ignore[arg-type]

    def test_values_directly_below_let_it_grow_with_all_that_belongs_to_it(
        self, tmp_path: Path
    ) -> None:
        found = parts(
            patched(self.source(tmp_path), [change("A3", "x"), change("B4", 4), change("E9", 1)])
        )
        assert found["xl/tables/table1.xml"].decode() == table("A1:C4", self.COLUMNS)
        xml = found[SHEET].decode()
        assert '<dimension ref="A1:E9"/>' in xml
        for new in (
            'sqref="B2:B4 A1:A4 D2 B1:B1"',
            "sqref='A2:A4'",
            "<xm:sqref>B2:C4 Z2</xm:sqref>",
            "<xm:sqref>C2:C4</xm:sqref>",
            "</xm:f><xm:sqref>C2</xm:sqref>",
        ):
            assert new in xml
        filled = '<c r="C%d" s="2"><f>T1[[#This Row],[b]]*2&lt;9</f></c>'
        assert (
            '<row r="3" ht="20" customHeight="1"><c r="A3" t="inlineStr"><is><t>x</t></is></c><c '
            'r="B3" s="1"/>' + filled % 3 + "</row>"
            '<row r="4" ht="20" customHeight="1"><c r="B4" s="1"><v>4</v></c>'
            + filled
            % 4
            + "</row>"
            '<row r="9"><c r="E9"><v>1</v></c></row>'
        ) in xml

    def test_a_columns_formula_moves_with_its_row(self, tmp_path: Path) -> None:
        """It is kept as it reads in the first row of data."""
        columns_of = self.COLUMNS.replace(
            "T1[[#This Row],[b]]*2&lt;9", 'B2*B$2&amp;"B2"+SUM(S!A1:A2)'
        )
        source = book(
            tmp_path / "a.xlsx", worksheet(self.ROWS), tables=(table("A1:C2", columns_of),)
        )
        xml = rows_of(patched(source, [change("A3", 1), change("A4", 1)]))
        for row in (3, 4):
            assert (
                f'<c r="C{row}" s="2"><f>B{row}*B$2&amp;"B2"+SUM(S!A{row - 1}:A{row})</f></c>'
                in xml
            )

    def test_a_gap_or_a_blank_does_not(self, tmp_path: Path) -> None:
        source = self.source(tmp_path)
        before = parts(source)
        after = parts(patched(source, [change("A3", None), change("A4", 1), change("D3", 1)]))
        assert after["xl/tables/table1.xml"] == before["xl/tables/table1.xml"]
        assert self.RULES in after[SHEET].decode()

    def test_a_change_inside_leaves_its_size(self, tmp_path: Path) -> None:
        assert rows_of(patched(self.source(tmp_path), [change("B2", 7)])) == self.ROWS.replace(
            '<v>1</v></c><c r="C2"', '<v>7</v></c><c r="C2"'
        )

    def test_a_value_beats_the_columns_formula_and_planner_rows_below_are_taken_in(
        self, tmp_path: Path
    ) -> None:
        """The planner typed A3 under the table in a program that does not extend it; the engine
        fills C3.
        """
        sheet = worksheet(self.ROWS + '<row r="3"><c r="A3" t="s"><v>9</v></c></row>')
        target = patched(
            book(tmp_path / "a.xlsx", sheet, tables=(table("A1:C2", self.COLUMNS),)),
            [change("C3", 5)],
        )
        assert rows_of(target).endswith(
            '<row r="3"><c r="A3" t="s"><v>9</v></c><c r="B3" s="1"/><c r="C3" s="2"><v>5</v></c>'
            "</row>"
        )
        assert b'ref="A1:C3"' in parts(target)["xl/tables/table1.xml"]

    def test_headings_are_not_written(self, tmp_path: Path) -> None:
        assert refusal(self.source(tmp_path), change("A3", 1), change("B1", "x")) == (
            "cell-in-table-header",
            "B1",
        )

    def test_a_totals_row_is_in_the_way(self, tmp_path: Path) -> None:
        rows = self.ROWS + '<row r="3"><c r="A3"><f>SUBTOTAL(109,T1[a])</f></c></row>'
        source = book(
            tmp_path / "a.xlsx",
            worksheet(rows),
            tables=(table("A1:C3", self.COLUMNS, filtered=False, more=' totalsRowCount="1"'),),
        )
        for cell in ("A3", "C4"):
            assert refusal(source, change(cell, 1)) == ("table-totals-in-the-way", cell)
        assert '<c r="B2" s="1"><v>3</v></c>' in rows_of(
            patched(source, [change("B2", 3), change("A5", 1)])
        )

    def test_a_table_or_a_merge_below_is_in_the_way(self, tmp_path: Path) -> None:
        second = table("B4:C5", columns("d", "e"), name="T2", ident=2)
        two = book(
            tmp_path / "a.xlsx", worksheet(self.ROWS), tables=(table("A1:C2", self.COLUMNS), second)
        )
        assert refusal(two, change("A3", 1), change("A4", 1)) == ("table-no-room", "A3")
        assert b'ref="A1:C3"' in parts(patched(two, [change("A3", 1)]))["xl/tables/table1.xml"]
        one = book(
            tmp_path / "b.xlsx",
            worksheet(self.ROWS, after='<mergeCells><mergeCell ref="A3:B3"/></mergeCells>'),
            tables=(table("A1:C2", self.COLUMNS),),
        )
        assert refusal(one, change("A3", 1)) == ("table-no-room", "A3")

    def test_two_tables_side_by_side_grow_each_by_itself(self, tmp_path: Path) -> None:
        rows = (
            '<row r="1"><c r="A1"/><c r="C1"/></row><row r="2"><c r="A2" s="1"><v>1</v></c><c '
            'r="C2" s="2"><v>1</v></c></row>'
        )
        source = book(
            tmp_path / "a.xlsx",
            worksheet(rows),
            tables=(table("A1:A2", columns("a")), table("C1:C2", columns("c"), name="T2", ident=2)),
        )
        found = parts(patched(source, [change("A3", 1), change("C3", 2), change("C4", 3)]))
        assert (
            b'ref="A1:A3"' in found["xl/tables/table1.xml"]
            and b'ref="C1:C4"' in found["xl/tables/table2.xml"]
        )
        assert (
            b'<row r="3"><c r="A3" s="1"><v>1</v></c><c r="C3" s="2"><v>2</v></c></row><row r="4">'
            b'<c r="C4" s="2"><v>3</v></c></row>' in found[SHEET]
        )

    def test_the_first_row_below_a_heading_does_not_look_like_it(self, tmp_path: Path) -> None:
        rows = '<row r="1"><c r="A1" s="2"/></row>'
        source = book(tmp_path / "a.xlsx", worksheet(rows), tables=(table("A1:A3", columns("a")),))
        assert (
            rows_of(patched(source, [change("A2", 1), change("A3", 2)]))
            == rows
            + '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>'
        )

    def test_a_cell_missing_inside_looks_like_the_one_above(self, tmp_path: Path) -> None:
        rows = '<row r="1"><c r="A1" s="2"/></row><row r="2"><c r="A2" s="1"/></row>'
        source = book(tmp_path / "a.xlsx", worksheet(rows), tables=(table("A1:A4", columns("a")),))
        assert rows_of(patched(source, [change("A3", 1), change("A4", 2)])).endswith(
            '<c r="A3" s="1"><v>1</v></c></row><row r="4"><c r="A4" s="1"><v>2</v></c></row>'
        )


class TestPackage:
    def test_all_other_parts_keep_their_compressed_bytes(self, tmp_path: Path) -> None:
        source = _feature_book(tmp_path / "a.xlsx")
        target = tmp_path / "b.xlsx"
        patch_workbook(source, target, [CellChange("计划", "C2", 5)])
        old, new = _raw_records(source), _raw_records(target)
        assert list(old) == list(new)
        assert {name for name in old if old[name] != new[name]} == {SHEET}
        assert len(old) > 12

    def test_the_touched_sheet_differs_in_the_touched_cells_only(self, tmp_path: Path) -> None:
        source = _feature_book(tmp_path / "a.xlsx")
        patch_workbook(source, tmp_path / "b.xlsx", [CellChange("计划", "C2", 5)])
        old, new = parts(source)[SHEET], parts(tmp_path / "b.xlsx")[SHEET]
        start, end = old.index(b'<c r="C2"'), old.index(b"</row>", old.index(b'<c r="C2"'))
        assert new[:start] == old[:start] and new.endswith(old[end:])
        assert new[start : len(new) - len(old) + end] == b'<c r="C2" s="2"><v>5</v></c>'

    def test_zip64_stored_and_streamed_members_and_a_comment(self, tmp_path: Path) -> None:
        """As a writer makes them that cannot seek: sizes behind the data, zip64 fields in the local
        headers.
        """
        source = book(tmp_path / "a.xlsx", worksheet('<row r="1"><c r="A1"/></row>'))
        content = parts(source)
        sink = _Unseekable()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as out:
            for name, data in content.items():
                info = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6))
                info.compress_type = (
                    zipfile.ZIP_STORED if name.endswith("rels") else zipfile.ZIP_DEFLATED
                )
                with out.open(info, "w", force_zip64=name != SHEET) as member:
                    member.write(data)
            out.comment = b"a note"
        source.write_bytes(sink.data())
        target = patched(source, [change("A1", 1)])
        assert {**content, "xl/workbook.xml": b"", SHEET: b""} == {
            **parts(target),
            "xl/workbook.xml": b"",
            SHEET: b"",
        }
        assert rows_of(target) == '<row r="1"><c r="A1"><v>1</v></c></row>'
        with zipfile.ZipFile(target) as opened:
            assert opened.comment == b"a note"
            assert {info.date_time for info in opened.infolist()} == {(2020, 1, 2, 3, 4, 6)}
        untouched = {name for name in content if name not in (SHEET, "xl/workbook.xml")}
        assert all(_raw_records(source)[name] == _raw_records(target)[name] for name in untouched)

    def test_a_zip64_directory_stays_one(self, tmp_path: Path) -> None:
        source = book(tmp_path / "a.xlsx", worksheet(""))
        source.write_bytes(_with_zip64_end(source.read_bytes()))
        target = patched(source, [change("A1", "x")])
        assert b"PK\x06\x06" in target.read_bytes() and b"PK\x06\x07" in target.read_bytes()
        assert openpyxl.load_workbook(target)["S"]["A1"].value == "x"

    def test_another_hash_than_expected_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(SalesplanError) as caught:
            patch_workbook(
                book(tmp_path / "a.xlsx", worksheet("")),
                tmp_path / "b.xlsx",
                [change("A1", 1)],
                expect_sha256="0" * 64,
            )
        assert (caught.value.finding.code, caught.value.exit_code) == ("file-changed-since-read", 3)
        assert not (tmp_path / "b.xlsx").exists()

    def test_source_and_target_must_differ(self, tmp_path: Path) -> None:
        source = book(tmp_path / "a.xlsx", worksheet(""))
        with pytest.raises(ValueError, match="one file"):
            patch_workbook(source, source, [change("A1", 1)])

    def test_openpyxl_reads_what_was_written_beside_all_features(self, tmp_path: Path) -> None:
        target = patched(
            _feature_book(tmp_path / "a.xlsx"),
            [
                CellChange("计划", "A5", "新"),
                CellChange("计划", "C5", Decimal("2.5")),
                CellChange("其他", "Z1", date(2026, 3, 1)),
            ],
        )
        opened = openpyxl.load_workbook(target)
        assert [cell.value for cell in opened["计划"][5]] == ["新", None, 2.5]
        assert opened["计划"].tables["Plan"].ref == "A1:C5"
        assert opened["计划"]["C5"].number_format == "0.0"
        assert opened["其他"]["Z1"].value == datetime(2026, 3, 1)
        assert opened["计划"]["A2"].comment.text == "note"


def _feature_book(path: Path) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "计划"
    for row in (["a", "b", "c"], ["x", 1, None], ["y", 2, None], ["z", 3, None]):
        sheet.append(row)
    for row in range(2, 5):
        sheet.cell(row, 3).number_format = "0.0"
    sheet["A1"].font = Font(bold=True)
    sheet["A2"].comment = Comment("note", "me")
    sheet.add_table(Table(displayName="Plan", ref="A1:C4"))
    sheet.conditional_formatting.add(
        "C2:C4",
        CellIsRule(
            operator="greaterThan", formula=["1"], fill=PatternFill("solid", bgColor="FF0000")
        ),
    )
    rule = DataValidation(type="whole", formula1="1", formula2="9")
    rule.add("B2:B4")
    sheet.add_data_validation(rule)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=4), titles_from_data=True)
    other = made.create_sheet("其他")
    other.add_chart(chart, "D2")
    other["A1"] = "=SUM(计划!B2:B4)"
    made.save(path)
    return path


def _raw_records(path: Path) -> dict[str, bytes]:
    """Each member's local header and compressed bytes."""
    data = path.read_bytes()
    records = {}
    with zipfile.ZipFile(path) as opened:
        for info in opened.infolist():
            names = struct.unpack_from("<2H", data, info.header_offset + 26)
            end = info.header_offset + 30 + sum(names) + info.compress_size
            records[info.filename] = data[info.header_offset : end]
    return records


class _Unseekable(io.RawIOBase):
    def __init__(self) -> None:
        self._kept = io.BytesIO()

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, data: object) -> int:
        return self._kept.write(data)  # type: ignore[arg-type]

    def data(self) -> bytes:
        return self._kept.getvalue()


def _with_zip64_end(data: bytes) -> bytes:
    """The archive with its directory's end told in zip64 records and the plain one saying only "see
    there".
    """
    at = data.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<H2L", data, at + 10)
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    return (
        data[:at]
        + wide
        + locator
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    )
