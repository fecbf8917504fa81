"""The few workbook-wide parts a patch may touch: the workbook itself and its calculation chain."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass
from salesplan.pattern import pattern
from salesplan.workbook.xml.cellxml import refuse
from salesplan.workbook.xml.xmlscan import (
    Source,
    attribute,
    damaged,
    element,
    start_tag,
    text,
    with_attribute,
)

if TYPE_CHECKING:
    from salesplan.workbook.zip.package import Package

_TRUE = (b"1", b"true")
_RELATIONSHIP = pattern(
    rb"""<(?:[\w.-]+:)?Relationship(?=[\s/>])((?:[^>"']+|"[^"]*"|'[^']*')*+)>(?:\s*</(?:[\w.-]+:)?Relationship\s*>)?"""
)
_OVERRIDE = pattern(
    rb"""<(?:[\w.-]+:)?Override(?=[\s/>])((?:[^>"']+|"[^"]*"|'[^']*')*+)>(?:\s*</(?:[\w.-]+:)?Override\s*>)?"""
)
_BEFORE_CALC = (b"definedNames", b"externalReferences", b"functionGroups", b"sheets")
"""What may stand before ``calcPr``, the nearest first (ECMA-376 part 1, 18.2.27)."""

CONTENT_TYPES = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """The part of a sheet and the parts of the Excel tables on it."""

    part: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookMap:
    """Where a patch finds what it needs, taken from a checked package that can be closed then."""

    sha256: str
    date1904: bool
    workbook: str
    styles: str | None
    chain: str | None
    links: str
    types: str
    sheets: Mapping[str, SheetEntry]


def survey(package: Package, names: Iterable[str]) -> BookMap:
    """The map of a package for patching the sheets of these names.

    Raises SalesplanError (exit 1) for a sheet that is not there or has no cells.
    """
    sheets = {}
    for name in names:
        sheet = package.sheet(name)
        if sheet is None or not sheet.grid:
            raise refuse("sheet-gone", name, "", name=name)
        sheets[name] = SheetEntry(_stored(sheet.part), _linked(package, sheet.part, "table"))
    styles, chain = (
        _linked(package, package.workbook_part, kind) for kind in ("styles", "calcChain")
    )
    links, types = (
        _stored(package.find(name) or name)
        for name in (rels_name(package.workbook_part), CONTENT_TYPES)
    )
    return BookMap(
        package.sha256,
        package.date1904,
        _stored(package.workbook_part),
        styles[0] if styles else None,
        chain[0] if chain else None,
        links,
        types,
        sheets,
    )


def _linked(package: Package, part: str, kind: str) -> tuple[str, ...]:
    links = package.relationships(part).values()
    return tuple(
        _stored(link.target)
        for link in links
        if link.type == kind and not link.external and package.find(link.target)
    )


def _stored(part: str) -> str:
    return part.replace("\\", "/")


def sheet_numbers(source: Source) -> dict[str, int]:
    """The sheetId of each sheet by its name: the number by which the calculation chain knows it."""
    numbers = {}
    for match in start_tag(source.prefix(), b"sheet").finditer(source.mask):
        name, number = attribute(match[0], b"name"), attribute(match[0], b"sheetId")
        if name is not None and number is not None:
            numbers[text(name)] = int(number)
    return numbers


def rels_name(part: str) -> str:
    """The part that holds the relationships of ``part``."""
    folder, name = posixpath.split(_stored(part))
    return posixpath.join(folder, "_rels", name + ".rels")


def calculated_on_load(source: Source) -> bytes | None:
    """The workbook part asking for a full calculation when opened; None if it already does."""
    prefix = source.prefix()
    found = start_tag(prefix, b"calcPr").search(source.mask)
    if found:
        if attribute(found[0], b"fullCalcOnLoad") in _TRUE:
            return None
        return source.edited(
            [(found.start(), found.end(), with_attribute(found[0], b"fullCalcOnLoad", b"1"))]
        )
    before = next(
        (block for name in _BEFORE_CALC if (block := element(source, prefix, name))), None
    )
    if before is None:
        raise damaged(source.part, "<sheets>")
    return source.edited([(before.end, before.end, b'<%scalcPr fullCalcOnLoad="1"/>' % prefix)])


def without_formulas(source: Source, gone: frozenset[tuple[int, str]]) -> bytes | None:
    """The calculation chain without the cells (sheetId, reference) that have no formula any more.

    The chain itself if it names none of them, None if nothing is left of it. An entry without a
    sheet number is on the sheet of the one before it, so the number moves on when that one goes.
    """
    prefix = source.prefix()
    edits = []
    sheet, told_sheet, left = 0, 0, 0
    for match in start_tag(prefix, b"c").finditer(source.mask):
        number = attribute(match[0], b"i")
        sheet = int(number) if number else sheet
        told_sheet = told_sheet if number is None else sheet
        if (sheet, (attribute(match[0], b"r") or b"").decode()) in gone:
            edits.append((match.start(), _end_of_c(source, match), b""))
            told_sheet = told_sheet if number is None else -1
        else:
            left += 1
            if told_sheet != sheet:
                edits.append(
                    (match.start(), match.end(), with_attribute(match[0], b"i", b"%d" % sheet))
                )
                told_sheet = sheet
    return source.edited(edits) if left else None


def _end_of_c(source: Source, match: re.Match[bytes]) -> int:
    if match[0].endswith(b"/>"):
        return match.end()
    return source.mask.index(b">", match.end()) + 1


def without_link(source: Source, kind: bytes) -> bytes:
    """A relationships part without its relationships of that kind."""
    found = _RELATIONSHIP.finditer(source.mask)
    return source.edited(
        (match.start(), match.end(), b"")
        for match in found
        if (attribute(match[0], b"Type") or b"").endswith(b"/" + kind)
    )


def without_override(source: Source, part: str) -> bytes:
    """The content types without the entry of ``part``."""
    name = b"/" + part.removeprefix("/").encode()
    edits = [
        (match.start(), match.end(), b"")
        for match in _OVERRIDE.finditer(source.mask)
        if attribute(match[0], b"PartName") == name
    ]
    return source.edited(edits)
