"""Patched workbooks before real programs: LibreOffice reads the new values, the Open XML SDK finds
no new error.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.table import Table

from salesplan.workbook import CellChange, CellStyle, patch_workbook, save_patched
from tests.programs import convert, validate

CHANGES = [
    CellChange("计划", "A8", "新的一行 <&> _x0041_"),
    CellChange("计划", "B8", Decimal("1234567890.12")),
    CellChange("计划", "D8", date(2026, 2, 14)),
    CellChange("计划", "A9", " 两行\n文字 "),
    CellChange("计划", "B9", -3),
    CellChange("计划", "B3", None),
    CellChange("计划", "E2", Decimal("0.275"), style=CellStyle.PERCENT),
    CellChange("计划", "F2", date(2026, 3, 1)),
    CellChange("计划", "G2", "看 B8", 'HYPERLINK("#B8","看 B8")', CellStyle.LINK),
    CellChange("计划", "H2", Decimal(20), "B2*2"),
    CellChange("计划", "I2", True),
    CellChange("其他", "A1", 99),
    CellChange("其他", "Q50", "far"),
    CellChange("空", "B2", 1),
]


def xlsxwriter_book(path: Path) -> Path:
    """Tables, rules of both generations, charts with a second axis, sparklines, notes, a picture,
    formulas of every kind.
    """
    book = xlsxwriter.Workbook(path)
    sheet, other = book.add_worksheet("计划"), book.add_worksheet("其他")
    book.add_worksheet("空")
    money, day, bold = (
        book.add_format({"num_format": "#,##0.00"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
        book.add_format({"bold": True}),
    )
    rows = [[f"行{at}", at * 10, None, datetime(2026, 1, at)] for at in range(1, 7)]
    columns = [
        {"header": "名称"},
        {"header": "数", "format": money},
        {"header": "倍", "formula": "=Plan[[#This Row],[数]]*2"},
        {"header": "日", "format": day},
    ]
    sheet.add_table("A1:D7", {"name": "Plan", "data": rows, "columns": columns})
    sheet.conditional_format(
        "B2:B7", {"type": "data_bar", "data_bar_2010": True, "bar_negative_color_same": True}
    )
    sheet.conditional_format("A2:D7", {"type": "formula", "criteria": "=$B2>30", "format": bold})
    sheet.conditional_format("B2:B7", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    sheet.data_validation("D2:D7", {"validate": "date", "criteria": ">", "value": date(2020, 1, 1)})
    sheet.data_validation("A2:A7", {"validate": "list", "source": "=其他!$A$1:$A$3"})
    sheet.add_sparkline("K2", {"range": "计划!B2:B7"})
    sheet.write_comment("A1", "注释")
    sheet.merge_range("M1:N2", "合并", bold)
    sheet.write_array_formula("P1:P3", "{=B2:B4*2}", None, 1)
    sheet.write_dynamic_array_formula("R1:R3", "=_xlfn.SEQUENCE(3)", None, 1)
    chart, line = book.add_chart({"type": "column"}), book.add_chart({"type": "line"})
    chart.add_series({"values": "=计划!$B$2:$B$7"})
    line.add_series({"values": "=计划!$C$2:$C$7", "y2_axis": True})
    chart.combine(line)
    other.insert_chart("D2", chart)
    other.insert_image("D20", "dot.png", {"image_data": BytesIO(_png())})
    for at in range(3):
        other.write_rich_string(at, 0, "a", bold, f"粗{at}", "b")
    other.write_formula("B1", "=SUM(Plan[数])", None, 210)
    other.autofilter("A1:B3")
    other.protect("")
    other.print_area("A1:F30")
    book.define_name("数", "=计划!$B$2:$B$7")
    book.close()
    return path


def openpyxl_book(path: Path) -> Path:
    """The same sheets as openpyxl writes them: inline strings, spaces within empty tags, no stored
    results.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "计划"
    sheet.append(["名称", "数", "倍", "日"])
    for at in range(1, 7):
        sheet.append([f"行{at}", at * 10, f"=B{at + 1}*2", date(2026, 1, at)])
        sheet.cell(at + 1, 2).number_format = "#,##0.00"
    sheet.add_table(Table(displayName="Plan", ref="A1:D7"))
    other = book.create_sheet("其他")
    other["B1"] = "=SUM(计划!B2:B9)"
    book.create_sheet("空")
    book.save(path)
    return path


BOOKS = pytest.mark.parametrize("make", [xlsxwriter_book, openpyxl_book])


@pytest.mark.libreoffice
@BOOKS
def test_libreoffice_reads_the_new_values(tmp_path: Path, make: object) -> None:
    source = make(tmp_path / "a.xlsx")  # type: ignore[operator]
    patch_workbook(source, tmp_path / "b.xlsx", CHANGES)
    book = openpyxl.load_workbook(
        convert(tmp_path / "b.xlsx", "xlsx", tmp_path / "calc"), data_only=True
    )
    sheet = book["计划"]
    assert [cell.value for cell in sheet[8]][:2] == ["新的一行 <&> _x0041_", 1234567890.12]
    assert sheet["D8"].value == datetime(2026, 2, 14) and sheet["B8"].number_format == "#,##0.00"
    assert (
        sheet["A9"].value == " 两行\n文字 "
        and sheet["B9"].value == -3
        and sheet["B3"].value is None
    )
    assert (sheet["E2"].value, sheet["E2"].number_format) == (0.275, "0.00%")
    assert (sheet["F2"].value, sheet["F2"].is_date) == (datetime(2026, 3, 1), True)
    assert (sheet["G2"].value, sheet["H2"].value, sheet["I2"].value) == ("看 B8", 20, True)
    assert book["其他"]["B1"].value == 10 + 30 + 40 + 50 + 60 + 1234567890.12 - 3
    assert (book["其他"]["A1"].value, book["其他"]["Q50"].value, book["空"]["B2"].value) == (
        99,
        "far",
        1,
    )
    if make is xlsxwriter_book:
        assert sheet["C8"].value == 2 * 1234567890.12
        assert sheet.tables["Plan"].ref == "A1:D9"


@pytest.mark.validator
@BOOKS
def test_the_validator_finds_no_new_error(tmp_path: Path, make: object) -> None:
    source = make(tmp_path / "a.xlsx")  # type: ignore[operator]
    save_patched(source, CHANGES, expect_sha256=None, out=tmp_path / "b.xlsx")
    errors = set(validate(tmp_path / "b.xlsx"))
    assert not errors or errors <= set(validate(source))


@BOOKS
def test_untouched_parts_and_rules_come_through(tmp_path: Path, make: object) -> None:
    source = make(tmp_path / "a.xlsx")  # type: ignore[operator]
    patch_workbook(source, tmp_path / "b.xlsx", CHANGES)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "b.xlsx") as new:
        assert old.namelist() == new.namelist()
        differing = {name for name in old.namelist() if old.read(name) != new.read(name)}
    touched = {f"xl/worksheets/sheet{at}.xml" for at in (1, 2, 3)} | {
        "xl/tables/table1.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
    }
    assert differing <= touched and touched - differing <= {"xl/workbook.xml"}
    if make is xlsxwriter_book:
        sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["计划"]
        assert {str(area.sqref) for area in sheet.conditional_formatting} == {"B2:B9", "A2:D9"}
        assert {str(rule.sqref) for rule in sheet.data_validations.dataValidation} == {
            "D2:D9",
            "A2:A9",
        }
        with zipfile.ZipFile(tmp_path / "b.xlsx") as new:
            xml = new.read("xl/worksheets/sheet1.xml").decode()
        assert "<xm:sqref>B2:B9</xm:sqref>" in xml and "<xm:sqref>K2</xm:sqref>" in xml


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
        + chunk(b"IEND", b"")
    )
