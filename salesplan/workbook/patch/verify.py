"""A patched file looked at before it takes the master's place: whole, well-formed, and saying what
it should.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.changes import CellChange, Change, NewRows
from salesplan.workbook.refs import parse_cell
from salesplan.workbook.xml.cellxml import number_text, serial
from salesplan.workbook.xml.sheetxml import SheetXml
from salesplan.workbook.xml.xmlscan import ATTRIBUTES, Source, unescape
from salesplan.workbook.zip.rawzip import RawZip

if TYPE_CHECKING:
    from salesplan.workbook.zip.package import Package

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

_P = rb"(?:[\w.-]+:)?"
_CELL = re.compile(
    rb'<%sc(?=[\s/>])(?:\s+r="([A-Z]{1,3}\d+)")?(?:\s+s="\d+")?(?:\s+t="(\w+)")?(%s)>(?:(?<=/>)|'
    rb"(.*?)</%sc\s*>)" % (_P, ATTRIBUTES, _P),
    re.S,
)
"""A whole cell, its type where it stands in its usual order."""

_PLAIN = re.compile(
    rb'(?: s="\d+")?(?: t="(\w+)")?>(?:<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t>'
    rb"</is>)</c>"
)
"""A cell with a value as this program writes it, from behind its reference on."""

_KEPT = 4096
_NUMBERS = (Decimal, int)

_INSIDE = re.compile(
    rb"(?:<%sf(?:\s[^<>]*)?>([^<]*)</%sf>)?(?:<%sv(?:\s[^<>]*)?>([^<]*)</%sv>|<%sis><%st(?:\s[^<>"
    rb"]*)?>([^<]*)</%st></%sis>)?" % ((_P,) * 8)
)
"""What a changed cell holds: its formula, its value or its text."""


def verify_patched(source: Path, target: Path, changes: Iterable[Change]) -> None:
    """Reopen ``target`` and compare it with ``source``.

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
            _check_part(package, name, wanted.get(sheets.get(name, ""), ()))


def _check_part(package: Package, part: str, wanted: Sequence[Change]) -> None:
    data = package.read_utf8(part)
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(data, True)
        wrong = (
            next(_wrong_cells(Source.of(part, data), wanted, package.date1904), None)
            if wanted
            else None
        )
    except (expat.ExpatError, ValueError) as problem:  # no XML, or references that make no sense
        raise _wrong(package.path.name, "", part) from problem
    if wrong is not None:
        raise _wrong(package.path.name, wanted[0].sheet, wrong)


def _wrong_cells(source: Source, wanted: Sequence[Change], date1904: bool) -> Iterator[str]:
    """The references of the cells that do not say what they should; of new rows those are looked at
    cell by cell that are not plainly right.
    """
    cells: dict[str, CellChange] = {}
    for change in wanted:
        if not isinstance(change, (CellChange, NewRows)):
            continue
        for one in (
            (change,) if isinstance(change, CellChange) else _unclear(source.mask, change, date1904)
        ):
            cells[one.cell.replace("$", "").upper()] = one
    return _differing(source, cells, date1904)


def _unclear(mask: bytes, rows: NewRows, date1904: bool) -> Iterator[CellChange]:
    """The changes of those rows that do not hold, in the form in which this program writes, all
    that they should.
    """
    columns: list[tuple[bytes, dict[object, object]]] = [
        (name.encode(), {}) for name, _ in rows.columns
    ]  # what a cell was found to say, by the cell
    cut, at = methodcaller("partition", b'"'), mask.find(b'<row r="%d"' % rows.first)
    for number, values in enumerate(rows.rows, rows.first):
        digits, end = b"%d" % number, -1
        if at >= 0 and mask.startswith(b'<row r="%s"' % digits, at):
            end = mask.find(b"</row>", at)
        cells = (
            {ref: rest for ref, _, rest in map(cut, mask[at:end].split(b'<c r="')[1:])}
            if end >= 0
            else {}
        )
        for (name, known), meant in zip(columns, values, strict=True):
            if meant is None:
                continue
            there = known.get(cell := cells.get(name + digits))
            if there is meant or (type(there) is type(meant) and there == meant):
                continue
            if not _plainly(cell, meant, date1904):
                yield from rows.part(number, number).changes()
                break
            if len(known) < _KEPT:
                known[cell] = meant
        at = end + len(b"</row>") if end >= 0 else at


def _plainly(cell: bytes | None, meant: object, date1904: bool) -> bool:
    """Whether a cell, as it goes on behind its reference, says in the form of this program what was
    meant.
    """
    found = None if cell is None else _PLAIN.fullmatch(cell)
    if found is None:
        return False
    kind, plain, inline = found.groups()
    if type(meant) is str:
        return kind == b"inlineStr" and inline is not None and unescape_text(_text(inline)) == meant
    number = serial(meant, date1904) if isinstance(meant, date) else meant
    if type(number) not in _NUMBERS or kind is not None:
        return False
    return plain == number_text(number).encode()  # type: ignore[arg-type]


def _wrong(file: str, sheet: str, where: str) -> SalesplanError:
    return SalesplanError(
        Finding.of("saved-copy-wrong", Place(file, sheet, where if sheet else ""), where=where), 4
    )


def _differing(source: Source, wanted: Mapping[str, CellChange], date1904: bool) -> Iterator[str]:
    """The references of the wanted cells that do not say what they should, in a part known to be
    well-formed XML.
    """
    by_ref = {ref.encode(): change for ref, change in wanted.items()}
    for cell in _CELL.finditer(source.mask):
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
            if not _says(there.kind if there else b"", inside, wanted[ref], date1904):
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


def unescape_text(value: str) -> str:
    """Text with its ``_xHHHH_`` escapes resolved (ECMA-376, ST_Xstring)."""
    return value if "_x" not in value else _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
