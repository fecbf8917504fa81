"""A patched file looked at before it takes the master's place: whole, well-formed, and saying what
it should.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import digits
from typing import TYPE_CHECKING
from xml.parsers import expat

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.changes import FEW, CellChange, Change, NewRows
from salesplan.workbook.refs import parse_cell
from salesplan.workbook.xml.cellxml import number_text, serial
from salesplan.workbook.xml.sheetxml import SheetXml
from salesplan.workbook.xml.xmlscan import ATTRIBUTES, Source, unescape, unescape_text
from salesplan.workbook.zip.rawzip import RawZip

if TYPE_CHECKING:
    from salesplan.workbook.zip.package import Package

_P = rb"(?:[\w.-]+:)?"


def _cells_in(prefix: bytes, columns: Iterable[str]) -> re.Pattern[bytes]:
    """Whole cells of these columns, reference and type where they stand in their usual order."""
    letters = "|".join(sorted(columns)).encode()
    name = re.escape(prefix)
    return re.compile(
        rb'<%sc r="((?:%s)\d+)"(?:\s+s="\d+")?(?:\s+t="(\w+)")?(?=[\s/>])(%s)>'
        rb"(?:(?<=/>)|(.*?)</%sc\s*>)" % (name, letters, ATTRIBUTES, name),
        re.S,
    )


_INSIDE = re.compile(
    rb"(?:<%sf(?:\s[^<>]*)?>([^<]*)</%sf>)?(?:<%sv(?:\s[^<>]*)?>([^<]*)</%sv>|<%sis><%st(?:\s[^<>"
    rb"]*)?>([^<]*)</%st></%sis>)?" % ((_P,) * 8)
)
"""What a changed cell holds: its formula, its value or its text."""


def verify_patched(
    source: Path, target: Path, changes: Iterable[Change], *, few: int = FEW
) -> None:
    """Reopen ``target`` and compare it with ``source``. Up to so ``few`` new rows are looked at
    cell by cell.

    Every part is either copied exactly or, if it was rewritten, whole and well-formed; every
    changed cell reads back as it was meant. Raises SalesplanError (exit 4) at the first that does
    not.
    """
    from salesplan.workbook.zip.package import open_package

    wanted: dict[str, list[Change]] = {}
    for change in changes:
        wanted.setdefault(change.sheet, []).append(change)
    with open_package(target) as package, RawZip(source) as old, RawZip(target) as new:
        rewritten = [
            name for name in new.by_name if name not in old.by_name or not old.same_bytes(new, name)
        ]
        sheets = {sheet.part.replace("\\", "/"): sheet.name for sheet in package.sheets}
        for name in {part for part, sheet in sheets.items() if sheet in wanted} | set(rewritten):
            _check_part(package, name, wanted.get(sheets.get(name, ""), ()), few)


def _check_part(package: Package, part: str, wanted: Sequence[Change], few: int) -> None:
    try:
        data, cells = _left_of(package, part, wanted, few)
        expat.ParserCreate(namespace_separator=" ").Parse(data, True)
        wrong = next(_differing(Source.of(part, data), cells, package.date1904), None)
    except (expat.ExpatError, ValueError) as problem:  # no XML, or references that make no sense
        raise _wrong(package.path.name, "", part) from problem
    if wrong is not None:
        raise _wrong(package.path.name, wanted[0].sheet, wrong)


def _left_of(
    package: Package, part: str, wanted: Sequence[Change], few: int
) -> tuple[bytes, Mapping[str, CellChange]]:
    """A part, and the cells to look for in it by reference. Without those of very many new rows
    that were found to say what they should while the part was read.
    """
    many = max(
        (one for one in wanted if isinstance(one, NewRows) and len(one.rows) > few),
        key=lambda one: len(one.rows),
        default=None,
    )
    read = None
    if many is not None:
        from salesplan.workbook.patch.readback import read_back

        read = read_back(package.pieces(part), many, package.date1904)
    cells: dict[str, CellChange] = {}
    for change in wanted:
        if isinstance(change, CellChange):
            cells[_ref(change)] = change
        elif isinstance(change, NewRows):
            there = read is not None and change is many
            unclear = read.unclear if read is not None and there else change.changes()
            cells |= {_ref(one): one for one in unclear}
    return package.read_utf8(part) if read is None else read.rest, cells


def _ref(change: CellChange) -> str:
    return change.cell.replace("$", "").upper()


def _wrong(file: str, sheet: str, where: str) -> SalesplanError:
    return SalesplanError(
        Finding.of("saved-copy-wrong", Place(file, sheet, where if sheet else ""), where=where), 4
    )


def _differing(source: Source, wanted: Mapping[str, CellChange], date1904: bool) -> Iterator[str]:
    """The references of the wanted cells that do not say what they should, in a part known to be
    well-formed XML.
    """
    by_ref = {ref.encode(): change for ref, change in wanted.items()}
    columns = {ref.rstrip(digits) for ref in wanted}
    for cell in _cells_in(source.prefix(), columns).finditer(source.mask) if columns else ():
        change = by_ref.pop(cell[1], None)
        if change is not None and not _says(
            cell[2] or b"", source.data[cell.start(4) : cell.end(4)], change, date1904
        ):
            yield cell[1].decode()
        if not by_ref:
            return
    if by_ref:  # written without a reference or in another form, or rightly not there at all
        sheet = SheetXml(source)
        for ref in map(bytes.decode, by_ref):
            row, column = parse_cell(ref)
            there = sheet.cells(row).get(column)
            inside = source.data[there.inside : there.inside + len(there.masked)] if there else b""
            named = there is None or there.ref.replace(b"$", b"") in (b"", ref.encode())
            if not named or not _says(there.kind if there else b"", inside, wanted[ref], date1904):
                yield ref


def _says(kind: bytes, inside: bytes, change: CellChange, date1904: bool) -> bool:
    found = _INSIDE.fullmatch(inside)
    if found is None:
        return False
    formula, plain, inline = found.groups()
    if (formula is not None or change.formula is not None) and not _is_formula(
        formula, change.formula
    ):
        return False
    meant, value = change.value, inline if inline is not None else plain
    if meant is None or meant == "":
        return not value
    if value is None or (inline is not None) != (kind == b"inlineStr"):
        return False
    if isinstance(meant, bool):
        return kind == b"b" and value == (b"1" if meant else b"0")
    if isinstance(meant, str):
        return kind in (b"inlineStr", b"str") and unescape_text(_text(value)) == meant
    number = serial(meant, date1904) if isinstance(meant, date) else meant
    assert isinstance(number, (int, float, Decimal))
    return kind in (b"", b"n") and value == number_text(number).encode()


def _is_formula(found: bytes | None, meant: str | None) -> bool:
    return found is not None and meant is not None and _text(found) == meant.removeprefix("=")


def _text(raw: bytes) -> str:
    return unescape(raw.decode()) if b"&" in raw else raw.decode()
