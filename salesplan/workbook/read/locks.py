"""Which cells a protected sheet locks: all of them but those whose format says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from salesplan.workbook.refs import column_number
from salesplan.workbook.zip.package import Package

_PROTECTED = re.compile(rb'<(?:\w+:)?sheetProtection\b[^>]*\bsheet="(?:1|true)"')
_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb"<(?:\w+:)?xf\b(?:[^>]*/>|.*?</(?:\w+:)?xf>)", re.DOTALL)
_UNLOCKED = re.compile(rb'<(?:\w+:)?protection\b[^>]*\blocked="(?:0|false)"')
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_GIVEN = re.compile(rb'\b(r|s|min|max|style)="([^"]*)"')


def locked(package: Package, sheet: str, letters: str, rows: Sequence[int]) -> frozenset[int]:
    """The rows whose cell in the column is locked; none where the sheet is not protected."""
    part = package.sheet(sheet)
    if part is None:
        return frozenset()
    xml = package.read_utf8(part.part)
    if _PROTECTED.search(xml) is None:
        return frozenset()
    unlocked = _unlocked(package)
    whole = _style_of_column(xml, column_number(letters)) in unlocked
    own: dict[int, bool] = {}
    for tag in _CELL.findall(xml):
        given = dict(_GIVEN.findall(tag))
        cell = given.get(b"r", b"").decode("ascii", "replace")
        if cell.rstrip("0123456789") == letters:
            own[int(cell[len(letters) :])] = given.get(b"s", b"0") in unlocked
    return frozenset(row for row in rows if not own.get(row, whole))


def _style_of_column(xml: bytes, column: int) -> bytes:
    for tag in _COLUMN.findall(xml):
        given = dict(_GIVEN.findall(tag))
        if int(given.get(b"min", b"0")) <= column <= int(given.get(b"max", b"0")):
            return bytes(given.get(b"style", b"0"))
    return b"0"


def _unlocked(package: Package) -> frozenset[bytes]:
    """The cell formats that are not locked, by their number as cells name them."""
    related = package.relationships(package.workbook_part).values()
    part = next((r.target for r in related if r.type == "styles" and not r.external), None)
    block = _FORMATS.search(package.read_utf8(part)) if part is not None else None
    formats: Iterable[bytes] = _FORMAT.findall(block[0]) if block else ()
    return frozenset(b"%d" % at for at, one in enumerate(formats) if _UNLOCKED.search(one))
