"""Packages that programs write against the rules, and Excel opens all the same: read, filled, and otherwise kept."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from salesplan import app
from salesplan.findings import SalesplanError
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


@pytest.mark.parametrize("odd", [backslashes, module, lost_rule, two_bytes, two_bytes_unmarked])
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
def test_the_part_that_is_bad_is_named(master: Path, part: str) -> None:
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
    """Recalculated, edited, recalculated, undone: what would be undone next is not what stands there."""
    app.recalc(master)
    book = openpyxl.load_workbook(master)
    book["指标"]["A9"] = "我的备注"
    book["指标"].cell(2, [c.value for c in book["指标"][1]].index("公司年度目标") + 1).value = 600
    book.save(master)
    app.recalc(master)
    app.undo(master)
    with pytest.raises(SalesplanError) as caught:
        app.undo(master)
    assert (caught.value.finding.code, caught.value.exit_code) == ("undo-changed-since", 3)
