"""Packages that programs write against the rules, and Excel opens all the same: read, filled, and
otherwise kept.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from salesplan import app
from salesplan.findings import SalesplanError
from salesplan.plan.loader import load
from tests.samples import new_master, new_sample
from tests.unit import masters

Part = tuple[str, bytes]


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return masters.write(tmp_path / "m.xlsx", masters.SOUND)


def repacked(path: Path, change: Callable[[str, bytes], Part]) -> None:
    with zipfile.ZipFile(path) as old:
        parts = [change(name, old.read(name)) for name in old.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            info = zipfile.ZipInfo("x")
            info.filename = name  # backslashes, too, as they are given
            new.writestr(info, data)


def backslashes(name: str, data: bytes) -> Part:
    return (name if name == "[Content_Types].xml" else name.replace("/", "\\")), data


def module(name: str, data: bytes) -> Part:
    """A module of old macros stands among the sheets, with an empty relationship."""
    entry = b'<sheet name="Module1" sheetId="99" state="veryHidden" r:id=""'
    space = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    if name != "xl/workbook.xml":
        return name, data
    return name, data.replace(b"</sheets>", entry + space + b"</sheets>")


def lost_rule(name: str, data: bytes) -> Part:
    rule = (
        b'<conditionalFormatting sqref="#REF!"><cfRule type="expression" priority="99">'
        b"<formula>TRUE</formula></cfRule></conditionalFormatting>"
    )
    return name, data.replace(b"</sheetData>", b"</sheetData>" + rule)


def two_bytes(name: str, data: bytes) -> Part:
    if name == "[Content_Types].xml":
        return name, data
    text = data.decode().replace("encoding='UTF-8'", "").replace('encoding="UTF-8"', "")
    return name, ('<?xml version="1.0"?>' * ("<?xml" not in text) + text).encode("utf-16")


def two_bytes_unmarked(name: str, data: bytes) -> Part:
    name, data = two_bytes(name, data)
    return name, data.removeprefix(b"\xff\xfe")


def declared_by_each(name: str, data: bytes) -> Part:
    """As openpyxl writes where lxml is installed: each sheet declares the prefix of its link."""
    if name != "xl/workbook.xml":
        return name, data
    found = re.search(rb' xmlns:(\w+)="[^"]*/officeDocument/2006/relationships"', data)
    assert found is not None
    bare = data.replace(found[0], b"")
    return name, bare.replace(b"<sheet ", b"<sheet%s " % found[0])


ODD = [backslashes, module, lost_rule, two_bytes, two_bytes_unmarked, declared_by_each]


@pytest.mark.parametrize("odd", ODD)
def test_it_is_opened_filled_and_else_kept(master: Path, odd: Callable[[str, bytes], Part]) -> None:
    repacked(master, odd)
    with zipfile.ZipFile(master) as package:
        before = {info.orig_filename: package.read(info) for info in package.infolist()}
    assert app.recalc(master).written
    assert app.recalc(master).written is None
    with zipfile.ZipFile(master) as package:
        after = {info.orig_filename: package.read(info) for info in package.infolist()}
    same = {name for name, data in before.items() if after[name] == data}
    assert same and {name for name in before if "theme" in name or "docProps" in name} <= same
    if odd is module:
        assert b"Module1" in after["xl/workbook.xml"]
    if odd is lost_rule:
        assert sum(b"#REF!" in data for data in after.values()) == sum(
            b"#REF!" in data for data in before.values()
        )


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/styles.xml"])
def test_the_part_that_is_bad_is_named(tmp_path: Path, part: str) -> None:
    master = tmp_path / "m.xlsx"
    new_master(master, lang="zh")

    def spoil(name: str, data: bytes) -> Part:
        return name, data.replace(b"</", b"\xff</", 1) if name == part else data

    repacked(master, spoil)
    with pytest.raises(SalesplanError) as caught:
        app.check(master)
    assert (caught.value.finding.code, caught.value.finding.params["part"]) == (
        "file-damaged-part",
        part,
    )


def test_the_second_undo_says_that_the_file_was_edited_between(master: Path) -> None:
    """Recalculated, edited, recalculated, undone: what would be undone next is not what stands
    there.
    """
    app.recalc(master)
    book = openpyxl.load_workbook(master)
    book["指标"]["A9"] = "我的备注"
    book["指标"].cell(2, [c.value for c in book["指标"][1]].index("公司年度目标") + 1).value = 600
    book.save(master)
    app.recalc(master, past=True)
    app.undo(master)
    with pytest.raises(SalesplanError) as caught:
        app.undo(master)
    assert (caught.value.finding.code, caught.value.exit_code) == ("undo-changed-since", 3)


def test_a_table_said_to_have_no_header_over_its_header_is_read_and_grows(tmp_path: Path) -> None:
    """exceljs writes headerRowCount="0" with the header inside the table's range."""
    path = tmp_path / "m.xlsx"
    new_sample(path, lang="zh")

    def headless(name: str, data: bytes) -> Part:
        if "tables/" not in name:
            return name, data
        return name, data.replace(b' totalsRowShown="0"', b' headerRowCount="0"')

    plain = app.recalc(path, dry_run=True).changes.edits
    repacked(path, headless)
    done = app.recalc(path)
    assert [(edit.sheet, edit.cell, edit.new) for edit in done.changes.edits] == [
        (edit.sheet, edit.cell, edit.new) for edit in plain
    ]
    assert app.recalc(path).written is None


def test_days_with_a_zone_and_serials_without_a_format_are_days(master: Path) -> None:
    """SheetJS writes t="d" with a Z, and dates as bare numbers; programs show them in no zone."""

    def days(name: str, data: bytes) -> Part:
        cell = rb'<c r="A(\d)" s="\d+" t="n"><v>(\d+)</v></c>'
        typed = rb'<c r="A2" t="d"><v>2026-01-31T00:00:00.000Z</v></c>'
        data = re.sub(cell.replace(rb"(\d)", b"2"), typed, data)
        return name, re.sub(cell, rb'<c r="A\1"><v>\2</v></c>', data)

    repacked(master, days)
    run = app.check(master)
    assert date(2026, 1, 31) in run.plan.actuals.day
    said = [one for one in run.findings if one.code == "serial-as-date"]
    assert {(str(one.place), one.params["count"]) for one in said} >= {("实绩!A3", 1)}


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_serial_without_a_format_counts_from_the_workbooks_first_day(
    master: Path, since_1904: bool
) -> None:
    """30 June 2026 is 46,203, and 44,741 where a workbook counts from 1904; in the settings too."""
    book = openpyxl.load_workbook(master)
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    serial = 44_741 if since_1904 else 46_203
    for name, cell in (("实绩", "A2"), ("设置", _settings_cell(book, "数据截止日"))):
        book[name][cell].value = serial
        book[name][cell].number_format = "General"
    book.save(master)
    run = app.check(master)
    assert run.plan.actuals.day[0] == run.plan.settings.as_of == date(2026, 6, 30)
    said = {str(one.place) for one in run.findings if one.code == "serial-as-date"}
    assert "实绩!A2" in said


def _settings_cell(book: openpyxl.Workbook, name: str) -> str:
    found = next(cell for row in book["设置"].iter_rows() for cell in row if cell.value == name)
    return f"{get_column_letter(found.column + 1)}{found.row}"


def test_a_table_reaches_over_the_rows_that_follow_it_when_it_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    new_sample(path, lang="zh")
    (table,) = load(path).source.objects["实绩"]
    whole = str(table.range)
    part = f"{whole.rstrip('0123456789')}105"

    def shorter(name: str, data: bytes) -> Part:
        return name, data.replace(f'ref="{whole}"'.encode(), f'ref="{part}"'.encode())

    repacked(path, shorter)
    assert [str(one.range) for one in load(path).source.objects["实绩"]] == [part]
    rows = len(app.check(path).plan.actuals)
    assert rows > 105
    app.recalc(path)
    after = app.check(path)
    (table,) = after.loaded.source.objects["实绩"]
    assert table.range.bottom > 105
    assert len(after.plan.actuals) == rows
    assert "rows-after-table" not in {one.code for one in after.findings}
