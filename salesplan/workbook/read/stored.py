"""Which formulas a workbook holds, and whether the results stored with them can be trusted.

A program that fills cells without calculating marks the file (``fullCalcOnLoad``, ECMA-376 part 1,
18.2.2), and the program that opens it next calculates everything and takes the mark away. Until
then every formula that depends on a filled cell, also over other formulas, shows its old result.

What a formula needs is read from its text, as whole columns, and given up where the text does not
tell.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.pattern import pattern
from salesplan.workbook.read.cells import NO_RESULT, CellValue, ErrorValue, Grid, read_grids
from salesplan.workbook.read.sheetscan import plain_markup
from salesplan.workbook.refs import MAX_COLUMN, Range, cell_ref, column_number, parse_cell
from salesplan.workbook.xml.xmlscan import unescape
from salesplan.workbook.zip.package import Package, SheetPart, local_name, open_package

_P = r"(?:[\w.-]+:)?"
_TAG = pattern(
    rf"<{_P}(?P<kind>row|c|f)(?=[\s/>])(?P<attributes>(?:[^>\"']+|\"[^\"]*\"|'[^']*')*+)>".encode()
)
_ANY = pattern(
    rb"""<(?P<prefix>(?:[\w.-]+:)?)f(?=[\s/>])(?P<attributes>(?:[^>"']+|"[^"]*"|'[^']*')*+)>"""
)
_CELL = pattern(rb"""<(?:[\w.-]+:)?c((?:\s(?:[^>"']+|"[^"]*"|'[^']*')*+)?)>""")
_PLACE = pattern(rb"([A-Z]{1,3})([1-9]\d{0,6})")
_GIVEN = pattern(rb"""\s(r|t|ref|si)\s*=\s*["']([^"']*)["']""")
_TRUE = ("1", "true", "on")
_UNKNOWN_FUNCTION = ErrorValue("#NAME?")

Position = tuple[int, int]
"""Row and column, both from 1."""

Column = tuple[str, int]
"""A sheet's name, case folded, and the number of one of its columns."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell's formula: ``area`` is the block its result fills (one cell, but for array formulas
    and what-if tables), ``spread`` how many columns to the right of it share its text; ``text`` is
    None where nothing tells what it needs."""

    row: int
    column: int
    area: Range
    text: str | None
    spread: int = 0


@dataclass(frozen=True, slots=True)
class Computed:
    """A workbook's copy with every formula calculated: where it is, and the SHA-256 of the file it
    is a copy of.
    """

    path: Path
    sha256: str


def marked(package: Package) -> bool:
    """Whether the workbook asks to be calculated when opened: no program has done so since it was
    last filled.
    """
    root = package.parse(package.workbook_part)
    return any(
        local_name(one.tag) == "calcPr" and one.get("fullCalcOnLoad", "").casefold() in _TRUE
        for one in root
    )


def formulas(package: Package, sheet: SheetPart) -> tuple[Formula, ...]:
    """The formulas of a sheet, top down; one that shares the text of another above it is named by
    its place only (``text`` "").

    Raises SalesplanError (exit 4) where the part is broken.
    """
    xml = plain_markup(package.read_utf8(sheet.part))
    # Only in the sheet data: extensions below it have elements of the same names.
    begin, end = max(xml.find(b"sheetData"), 0), max(xml.rfind(b"sheetData"), 0)
    if _ANY.search(xml, begin, end) is None:
        return ()
    try:
        placed = tuple(_placed(xml, begin, end))
        return (
            tuple(_formulas(xml, begin, end))
            if None in placed
            else tuple(one for one in placed if one)
        )
    except ValueError as error:
        raise SalesplanError(
            Finding.of(
                "file-damaged-part",
                Place(package.path.name),
                file=package.path.name,
                part=sheet.name,
            )
        ) from error


def _placed(xml: bytes, begin: int, end: int) -> Iterator[Formula | None]:
    """The formulas, each cell found from its formula backwards; None for one whose cell does not
    name its place.
    """
    for tag in _ANY.finditer(xml, begin, end):
        cell = _CELL.match(xml, max(xml.rfind(b"<%sc" % tag["prefix"], begin, tag.start()), 0))
        given = dict(_GIVEN.findall(cell[1])) if cell else {}
        place = _PLACE.fullmatch(given.get(b"r", b""))
        if place is None:
            yield None
            return
        yield _formula(int(place[2]), column_number(place[1].decode()), _told(tag), xml, tag)


def _told(tag: re.Match[bytes]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _GIVEN.findall(tag["attributes"])}


def _formulas(xml: bytes, begin: int, end: int) -> Iterator[Formula]:
    row = column = 0
    for tag in _TAG.finditer(xml, begin, end):
        given = _told(tag)
        kind = tag["kind"]
        if kind == b"row":
            row, column = int(given.get("r", row + 1)), 0
        elif kind == b"c":
            row, column = parse_cell(given["r"]) if "r" in given else (max(row, 1), column + 1)
        elif row and column:
            yield _formula(row, column, given, xml, tag)


def _formula(
    row: int, column: int, given: Mapping[str, str], xml: bytes, tag: re.Match[bytes]
) -> Formula:
    own = Range(row, column, row, column)
    written = (
        b""
        if tag[0].endswith(b"/>")
        else xml[tag.end() : max(xml.find(b"<", tag.end()), tag.end())]
    )
    text: str | None = unescape(written.decode("utf-8", "replace"))
    kind, ref = given.get("t", "normal"), Range.parse(given["ref"]) if "ref" in given else own
    if kind == "dataTable":
        return Formula(row, column, ref, None)
    if kind == "array":
        return Formula(row, column, ref, text)
    if kind == "shared" and text:
        return Formula(row, column, own, text, max(ref.right - column, 0))
    return Formula(row, column, own, text)


def stale(
    package: Package,
    filled: Iterable[tuple[str, str]],
    asked: Mapping[str, Sequence[Range]],
    plain: Container[str] = (),
) -> dict[str, list[str]]:
    """By sheet, the cells in the asked ranges whose formulas depend on a filled column (sheet,
    letters); top down.

    What is needed is seen by whole columns: a formula is named too where it needs other cells of
    such a column than were filled, and where its text does not tell what it needs (names, INDIRECT,
    TODAY…); one that is old is never left out. The ``plain`` sheets are known to hold no formula.
    """
    parts = {
        sheet.name: sheet for sheet in package.sheets if sheet.grid and sheet.name not in plain
    }
    found = {name: formulas(package, parts[name]) for name in asked if name in parts}
    named = {}
    for name, there in found.items():
        named[name] = [one for one in there if any(map(one.area.meets, asked[name]))]
    if not any(named.values()):
        return {}
    found |= {name: formulas(package, part) for name, part in parts.items() if name not in found}
    old = {(sheet.casefold(), column_number(letters)) for sheet, letters in filled}
    dependents = _dependents(found, old)
    old |= dependents
    cells = {}
    for name, wanted in named.items():
        theirs = (one for one in wanted if _is_old(one, name, dependents, old))
        cells[name] = [cell_ref(one.row, one.column) for one in theirs]
    return {name: refs for name, refs in cells.items() if refs}


def _is_old(one: Formula, sheet: str, dependents: set[Column], old: set[Column]) -> bool:
    if one.text == "":  # shares its text with a formula that is not at hand
        return not dependents.isdisjoint(_within(sheet, one.area))
    needed = columns_of(one.text, sheet, one.spread) if one.text is not None else None
    return needed is None or not needed.isdisjoint(old)


def _dependents(found: Mapping[str, Sequence[Formula]], filled: set[Column]) -> set[Column]:
    """The columns with a formula that depends on a filled column, or of which nobody knows on what
    it depends.
    """
    needs: dict[Column, set[Column]] = {}
    old: set[Column] = set()
    for name, there in found.items():
        for one in there:
            needed = columns_of(one.text, name, one.spread) if one.text is not None else None
            for column in _within(
                name,
                Range(one.area.top, one.area.left, one.area.bottom, one.area.right + one.spread),
            ):
                if needed is None:
                    old.add(column)
                else:
                    needs.setdefault(column, set()).update(needed)
    growing = True
    while growing:
        more = {
            column
            for column, needed in needs.items()
            if column not in old and not (needed.isdisjoint(filled) and needed.isdisjoint(old))
        }
        old |= more
        growing = bool(more)
    return old


def _within(sheet: str, area: Range) -> set[Column]:
    return {(sheet.casefold(), column) for column in range(area.left, area.right + 1)}


def with_results(
    package: Package, grids: Mapping[str, Grid], computed: Computed
) -> tuple[dict[str, Grid], list[Finding]]:
    """The grids with the computed copy's value in every cell that holds a formula's result; all
    else as it was.

    A cell whose function the computing program does not know keeps the result stored in the file
    (computed-unknown-function). Raises SalesplanError: file-changed-since-read (exit 3) if the copy
    is not one of this file, recalculation-failed if it lacks a sheet.
    """
    name = package.path.name
    if computed.sha256 != package.sha256:
        raise SalesplanError(Finding.of("file-changed-since-read", Place(name), file=name), 3)
    with open_package(computed.path) as copy:
        fresh = read_grids(copy, grids)
    results, findings = {}, []
    for sheet in package.sheets:
        if sheet.name not in grids:
            continue
        if sheet.name not in fresh:
            raise SalesplanError(
                Finding.of(
                    "recalculation-failed", Place(name, sheet.name), file=name, reason=sheet.name
                )
            )
        grid, kept = _overlaid(grids[sheet.name], fresh[sheet.name], formulas(package, sheet))
        results[sheet.name] = grid
        if kept:
            findings.append(
                Finding.of(
                    "computed-unknown-function",
                    Place(name, sheet.name, kept[0]),
                    cells=kept[:5],
                    count=len(kept),
                )
            )
    return results, findings


def _overlaid(grid: Grid, fresh: Grid, there: Iterable[Formula]) -> tuple[Grid, list[str]]:
    last = max(one.first_row + len(one.rows) for one in (grid, fresh))
    widest = max(len(one.rows[0]) if one.rows else 0 for one in (grid, fresh))
    places = set[tuple[int, int]]()
    for one in there:
        down = range(one.area.top, min(one.area.bottom, last) + 1)
        places.update(product(down, range(one.area.left, min(one.area.right, widest) + 1)))
    if not places:
        return grid, []
    kept = []
    rows = [list(row) for row in grid.rows]
    for row, column in sorted(places):
        old, new = grid.value(row, column), fresh.value(row, column)
        if new == _UNKNOWN_FUNCTION and old not in (None, NO_RESULT, new):
            kept.append(cell_ref(row, column))
        elif new is not None or old is not None:
            _put(rows, row - grid.first_row, column - 1, new)
    return replace(grid, rows=rows), kept


def _put(rows: list[list[CellValue]], row: int, column: int, value: CellValue) -> None:
    """Set a value, with the block of rows, all equally long, grown to hold it."""
    width = max(len(rows[0]) if rows else 0, column + 1)
    if not rows or len(rows[0]) < width:
        for one in rows:
            one.extend([None] * (width - len(one)))
    rows.extend([None] * width for _ in range(row + 1 - len(rows)))
    rows[row][column] = value


_TOKEN = pattern(
    r"""
    (?P<skip>"(?:[^"]|"")*"|\#[A-Z/0!?]+)                     # text, error value
    |(?P<odd>[\[:\#])             # structured or external reference, range, spill
    |(?P<sheet>'(?:[^']|'')*'!|[^\W\d][\w.]*(?::[\w.]+)?!)?
     (?:(?P<area>\$?[A-Za-z]{1,3}\$?[1-9]\d*(?::\$?[A-Za-z]{1,3}\$?[1-9]\d*)?
          |\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d+:\$?\d+)(?![\w.(!\[\\])
       |(?P<word>[\w.\\?]+)(?P<call>\s*\()?)
    """,
    re.X,
)

_MANY = 2_000
"""So many columns, as in whole rows, are as good as all of them."""

_UNTOLD = frozenset(
    {
        "INDIRECT",
        "OFFSET",
        "TODAY",
        "NOW",
        "RAND",
        "RANDBETWEEN",
        "RANDARRAY",
        "CELL",
        "INFO",
        "ANCHORARRAY",
        "GETPIVOTDATA",
        "RTD",
        "EVALUATE",
    }
)
"""Functions whose result depends on more than the cells they name."""


def columns_of(formula: str, sheet: str, spread: int = 0) -> set[tuple[str, int]] | None:
    """The columns (sheet's name in case folded form, number from 1) that the formula on ``sheet``
    names.

    ``spread`` is how far to the right the same formula is filled. None where its text does not tell
    all it needs: names, structured, external and 3D references, functions such as INDIRECT or
    TODAY.
    """
    needed: set[tuple[str, int]] = set()
    for token in _TOKEN.finditer(formula.removeprefix("=")):
        if token["odd"] or (token["word"] and _untold(token)):
            return None
        if token["area"]:
            owner = (token["sheet"] or "")[:-1].strip("'").replace("''", "'") or sheet
            if ":" in owner or "[" in owner:
                return None
            try:
                area = Range.parse(token["area"].replace("$", ""))
            except ValueError:  # a name that looks like a cell beyond the last one
                return None
            if area.right - area.left >= _MANY:
                return None
            needed |= {
                (owner.casefold(), column)
                for column in range(area.left, min(area.right + spread, MAX_COLUMN) + 1)
            }
    return needed


def _untold(token: re.Match[str]) -> bool:
    word = token["word"].upper()
    if token["sheet"]:
        return True
    if token["call"]:
        return word.rpartition(".")[2] in _UNTOLD
    return not (word[0].isdigit() or word[0] == "." or word in ("TRUE", "FALSE"))
