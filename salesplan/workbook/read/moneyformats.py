"""The currency that a number format shows: $ beside € in one column are two currencies.

Only what a format says for itself counts: the built-in formats of money show the symbol of the
reader's own country, so they say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from salesplan.pattern import pattern
from salesplan.workbook.xml.xmlscan import unescape
from salesplan.workbook.zip.package import Package

_XF = pattern(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_ID = pattern(rb'<(?:\w+:)?xf\b[^>]*?\bnumFmtId="(\d+)"')
_FORMAT = pattern(rb"<(?:\w+:)?numFmt\b[^>]*>")
_CELL = pattern(rb"<(?:\w+:)?c\s[^>]*>")
_ATTRIBUTE = pattern(rb'\b(r|s)="([^"]*)"')
_BRACKETED = pattern(r"\[\$([^\]-]*)(?:-[0-9A-Fa-f]+)?\]")
_CONDITION = pattern(r"\[[^\]]*\]")
_LITERAL = pattern(r'"[^"]*"|\\.|[¥￥$€£₩₹]')
_SYMBOL = pattern(r"[¥￥$€£₩₹]|\b[A-Z]{3}\b")


class MoneyFormats:
    """The currencies that a workbook's number formats show; its formats are read once."""

    def __init__(self, package: Package) -> None:
        self._package = package

    @cached_property
    def _shown(self) -> Mapping[bytes, str]:
        return _formats(self._package)

    def symbols(self, sheet: str, letters: str) -> Mapping[int, str]:
        """Row by row of a column the symbol or code (``$``, ``€``, ``USD``) that the cell's number
        format shows.

        Cells whose format shows none are left out. Costs nothing where no format of the workbook
        shows one.
        """
        return _symbols(self._package, sheet, letters, self._shown) if self._shown else {}


def _symbols(
    package: Package, sheet: str, letters: str, shown: Mapping[bytes, str]
) -> Mapping[int, str]:
    part = package.sheet(sheet)
    if part is None:
        return {}
    found: dict[int, str] = {}
    for tag in _CELL.findall(package.read_utf8(part.part)):
        given = dict(_ATTRIBUTE.findall(tag))
        cell = given.get(b"r", b"").decode("ascii", "replace")
        symbol = shown.get(given.get(b"s", b""))
        if symbol and cell.rstrip("0123456789") == letters:
            found[int(cell[len(letters) :])] = symbol
    return found


def symbol_of(code: str) -> str:
    """The currency symbol or code that a number format shows; "" for none."""
    bracketed: list[str] = [name.strip() for name in _BRACKETED.findall(code) if name.strip()]
    if bracketed:
        return bracketed[0]
    for literal in _LITERAL.finditer(_CONDITION.sub("", code)):
        symbol = _SYMBOL.search(literal[0])
        if symbol is not None:
            return symbol[0]
    return ""


def _formats(package: Package) -> Mapping[bytes, str]:
    """The cell formats that show a currency, by their number as cells name them."""
    related = package.relationships(package.workbook_part).values()
    part = next((r.target for r in related if r.type == "styles" and not r.external), None)
    if part is None:
        return {}
    xml = package.read_utf8(part)
    codes: dict[bytes, str] = {}
    for tag in _FORMAT.findall(xml):
        number = re.search(rb'\bnumFmtId="(\d+)"', tag)
        code = re.search(rb'\bformatCode="([^"]*)"', tag)
        symbol = symbol_of(unescape(code[1].decode("utf-8", "replace"))) if code else ""
        if number is not None and symbol:
            codes[number[1]] = symbol
    block = _XF.search(xml) if codes else None
    used = enumerate(_ID.findall(block[0])) if block else ()
    return {b"%d" % index: codes[number] for index, number in used if number in codes}
