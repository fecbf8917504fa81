"""A patched file looked at before it takes the master's place: whole, well-formed, and saying what it should."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.cellxml import number_text, serial
from salesplan.workbook.changes import CellChange
from salesplan.workbook.rawzip import RawZip
from salesplan.workbook.refs import cell_ref, column_number

if TYPE_CHECKING:
    from salesplan.workbook.package import Package

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Found = tuple[str, str | None, str | None]
"""What a cell says: its type, its value's text and its formula's text."""


def verify_patched(source: Path, target: Path, changes: Iterable[CellChange]) -> None:
    """Reopen ``target`` and compare it with ``source``.

    Every part is either copied exactly or, if it was rewritten, whole and well-formed; every changed
    cell reads back as it was meant. Raises SalesplanError (exit 4) at the first that does not.
    """
    from salesplan.workbook.package import open_package

    wanted: dict[str, dict[str, CellChange]] = {}
    for change in changes:
        wanted.setdefault(change.sheet, {})[change.cell.replace("$", "").upper()] = change
    with open_package(target) as package, RawZip(source) as old, RawZip(target) as new:
        rewritten = [name for name in new.by_name if name not in old.by_name or not old.same_bytes(new, name)]
        sheets = {sheet.part: sheet.name for sheet in package.sheets}
        for name in {part for part, sheet in sheets.items() if sheet in wanted} | set(rewritten):
            _check_part(package, name, wanted.get(sheets.get(name, ""), {}))


def _check_part(package: Package, part: str, wanted: Mapping[str, CellChange]) -> None:
    found: dict[str, Found] = {}
    try:
        _CellReader(wanted, found).read(package.read_utf8(part))
    except (expat.ExpatError, ValueError) as problem:  # no XML, or references that make no sense
        raise _wrong(package.path.name, "", part) from problem
    for ref, change in wanted.items():
        if not _says(found.get(ref, ("", None, None)), change, package.date1904):
            raise _wrong(package.path.name, change.sheet, ref)


def _wrong(file: str, sheet: str, where: str) -> SalesplanError:
    return SalesplanError(Finding.of("saved-copy-wrong", Place(file, sheet, where if sheet else ""), where=where), 4)


class _CellReader:
    """Reads the wanted cells of a worksheet with expat, and the rest only for being well-formed."""

    def __init__(self, wanted: Mapping[str, CellChange], found: dict[str, Found]) -> None:
        self.wanted = wanted
        self.found = found
        self.row = self.column = 0
        self.ref = self.kind = ""
        self.into: list[str] | None = None
        self.value: list[str] = []
        self.formula: list[str] = []
        self.has_value = self.has_formula = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start

    def read(self, data: bytes) -> None:
        self.parser.Parse(data, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif local == "c":
            self._cell(attributes)
        elif self.ref and local in ("v", "t"):
            self.into, self.has_value = self.value, True
        elif self.ref and local == "f":
            self.into, self.has_formula = self.formula, True

    def _cell(self, attributes: dict[str, str]) -> None:
        ref = attributes.get("r", "")
        self.column = column_number(ref.rstrip("0123456789")) if ref else self.column + 1
        if self.wanted:
            ref = cell_ref(self.row, self.column)
            if ref in self.wanted:
                self.ref, self.kind = ref, attributes.get("t", "n")
                self.value, self.formula = [], []
                self.has_value = self.has_formula = False
                self.parser.EndElementHandler = self._end
                self.parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)

    def _end(self, name: str) -> None:
        self.into = None
        if name.rpartition(" ")[2] == "c":
            value = "".join(self.value) if self.has_value else None
            self.found[self.ref] = (self.kind, value, "".join(self.formula) if self.has_formula else None)
            self.ref = ""
            self.parser.EndElementHandler = None
            self.parser.CharacterDataHandler = None


def _says(found: Found, change: CellChange, date1904: bool) -> bool:
    kind, value, formula = found
    if formula != (None if change.formula is None else change.formula.removeprefix("=")):
        return False
    meant = change.value
    if meant is None or meant == "":
        return not value
    if isinstance(meant, bool):
        return kind == "b" and value == str(int(meant))
    if isinstance(meant, str):
        return kind in ("inlineStr", "str") and value is not None and unescape_text(value) == meant
    number = serial(meant, date1904) if isinstance(meant, date) else meant
    assert isinstance(number, (int, float, Decimal))
    return kind == "n" and value == number_text(number)


def unescape_text(value: str) -> str:
    """Text with its ``_xHHHH_`` escapes resolved (ECMA-376, ST_Xstring)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
