"""The values of a workbook's cells, each kind of emptiness told apart.

A blank is None; zero is 0.0; text is str; an error is :class:`ErrorValue`; a formula whose
result the file does not hold is :data:`NO_RESULT`. Values come from calamine, which is given a
package of our own making, so that it never sees the zip, the names and the far cells of a file
that others made.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import repeat
from operator import contains
from typing import TYPE_CHECKING, Final, TypeVar

from salesplan.workbook.archive import over, refuse
from salesplan.workbook.newzip import NewZip
from salesplan.workbook.package import Package, SheetPart
from salesplan.workbook.sheetscan import BadSheetError, SheetScan, SheetTooLargeError, plain_markup, plain_strings, scan_sheet

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error in a cell, as the spreadsheet program stored it: "#DIV/0!", "#N/A"…"""

    code: str

    def __str__(self) -> str:
        return self.code


class NoResult:
    """A formula whose result is not stored; there is one, :data:`NO_RESULT`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NO_RESULT"


NO_RESULT: Final = NoResult()

CellValue = None | bool | int | float | str | date | datetime | time | timedelta | ErrorValue | NoResult


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet: ``rows[0]`` is row ``first_row``, each row starts at column A; all rows are equally long.

    ``far_cells`` are stray cells left out (see :mod:`salesplan.workbook.sheetrewrite`), the first
    ones only; ``merges`` the merged ranges.
    """

    sheet: str
    rows: Sequence[Sequence[CellValue]]
    first_row: int = 1
    far_cells: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    plain: bool = False
    """Whether it is known that no cell holds a formula."""

    def value(self, row: int, column: int) -> CellValue:
        """The cell at a row and a column, both from 1; None outside the range."""
        index = row - self.first_row
        if not 0 <= index < len(self.rows) or not 0 < column <= len(self.rows[index]):
            return None
        return self.rows[index][column - 1]


def read_grids(package: Package, sheets: Iterable[str] | None = None) -> dict[str, Grid]:
    """The cells of the sheets named (all, if None) by sheet name; names the workbook lacks, and chart sheets, are left out.

    Whole numbers stay float, dates are date or datetime, "" is blank, a number that is none
    (NaN, 1E999) is #NUM!.
    Raises SalesplanError (exit 4): file-damaged-part, file-unsafe-…, sheet-too-large.
    """
    asked = None if sheets is None else set(sheets)
    parts = [sheet for sheet in package.sheets if sheet.grid and (asked is None or sheet.name in asked)]
    if not parts:
        return {}
    with without_collector():
        book, scans = _open(package, parts)
        return {sheet.name: _grid(package, book, index, sheet, scan) for index, (sheet, scan) in enumerate(zip(parts, scans, strict=True))}


def _scan(package: Package, sheet: SheetPart) -> SheetScan:
    try:
        return scan_sheet(package.read_utf8(sheet.part), package.limits.max_area)
    except BadSheetError as error:
        raise refuse("file-damaged-part", package.path.name, part=sheet.name) from error
    except SheetTooLargeError as error:
        raise over("sheet-too-large", package.path.name, "max_area", sheet=sheet.name) from error


def _open(package: Package, parts: Sequence[SheetPart]) -> tuple[CalamineWorkbook, list[SheetScan]]:
    """The sheets as calamine may have them, and what it would lose. Of a long sheet no more than one copy is held at a time."""
    from python_calamine import CalamineWorkbook

    stream = BytesIO()
    target = NewZip(stream)
    related = package.relationships(package.workbook_part).values()
    extra = []
    for kind in ("sharedStrings", "styles"):
        part = next((r.target for r in related if r.type == kind and not r.external), None)
        if part is not None:
            content = _plain(package, part, plain_strings if kind == "sharedStrings" else plain_markup)
            target.add(f"xl/{kind}.xml", content, package.packed(part, content))
            extra.append(kind)
    for name, text in _frame(len(parts), extra, package.date1904):
        target.add(name, text.encode())
    scans = []
    for index, sheet in enumerate(parts):
        scan = _scan(package, sheet)
        target.add(f"xl/worksheets/sheet{index}.xml", scan.xml, package.packed(sheet.part, scan.xml))
        scans.append(replace(scan, xml=b""))
        del scan
    target.finish()
    stream.seek(0)
    return _guarded(package, package.workbook_part, lambda: CalamineWorkbook.from_filelike(stream)), scans


def _plain(package: Package, part: str, simplify: Callable[[bytes], bytes]) -> bytes:
    try:
        return simplify(package.read_utf8(part))
    except BadSheetError as error:
        raise refuse("file-damaged-part", package.path.name, part=part) from error


def _frame(count: int, extra: Sequence[str], date1904: bool) -> Iterator[tuple[str, str]]:
    """The parts that hold a package together, for ``count`` sheets named by their index."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    yield "[Content_Types].xml", (
        f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    yield "_rels/.rels", (
        f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    sheets = "".join(f'<sheet name="{i}" sheetId="{i + 1}" r:id="s{i}"/>' for i in range(count))
    yield "xl/workbook.xml", (
        f'<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr date1904="{int(date1904)}"/><sheets>{sheets}</sheets></workbook>'
    )
    links = "".join(f'<Relationship Id="s{i}" Type="{office}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in range(count))
    links += "".join(f'<Relationship Id="{kind}" Type="{office}/{kind}" Target="{kind}.xml"/>' for kind in extra)
    yield "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{links}</Relationships>'


def _grid(package: Package, book: CalamineWorkbook, index: int, sheet: SheetPart, scan: SheetScan) -> Grid:
    rows = _guarded(package, sheet.name, lambda: _rows(book.get_sheet_by_name(str(index))))
    special: dict[tuple[int, int], CellValue] = dict.fromkeys(scan.no_result, NO_RESULT)
    special |= {position: ErrorValue(code) for position, code in scan.errors.items()}
    if scan.not_a_number or any(any(map(contains, rows, repeat(bound))) for bound in (math.inf, -math.inf)):
        special |= {(r, c): ErrorValue("#NUM!") for r, row in enumerate(rows, 1) for c, v in enumerate(row, 1) if isinstance(v, float) and not math.isfinite(v)}
    if special:
        _lay_in(rows, special)
    return Grid(sheet.name, rows, 1, scan.far, scan.merges, scan.plain)


def _rows(sheet: CalamineSheet) -> list[list[CellValue]]:
    """The rows from A1 on, one after another; equal texts are one object, for the same few stand in very many rows."""
    texts: dict[CellValue, CellValue] = {"": None}
    once = texts.setdefault
    left: list[CellValue] = [None] * (sheet.start[1] if sheet.start else 0)
    rows: list[list[CellValue]] = []
    for read in sheet.iter_rows():
        row: list[CellValue] = [once(value, value) if type(value) is str else value for value in read]
        rows.append([*left, *row] if left else row)
    return rows


def _lay_in(rows: list[list[CellValue]], special: dict[tuple[int, int], CellValue]) -> None:
    """Put the values at their positions, growing the block where they lie outside it."""
    height = max(row for row, _ in special)
    width = max(max(column for _, column in special), len(rows[0]) if rows else 0)
    if rows and len(rows[0]) < width:
        for row in rows:
            row.extend([None] * (width - len(row)))
    rows.extend([None] * width for _ in range(height - len(rows)))
    for (row_number, column), value in special.items():
        rows[row_number - 1][column - 1] = value


def _guarded(package: Package, part: str, step: Callable[[], T]) -> T:
    """Run a step of calamine's; whatever it makes of broken XML is one finding."""
    try:
        return step()
    except Exception as error:  # its own errors, and OverflowError or ValueError from dates that cannot be
        raise refuse("file-damaged-part", package.path.name, part=part) from error
    except BaseException as error:
        # A panic of the Rust side is no Exception, so that it ends programs; here it means a broken part.
        if type(error).__name__ != "PanicException":
            raise
        raise refuse("file-damaged-part", package.path.name, part=part) from error


@contextmanager
def without_collector() -> Iterator[None]:
    """Cells hold no cycles: collecting while a hundred thousand rows come into being only costs time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
