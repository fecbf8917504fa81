"""The values of a workbook's cells, each kind of emptiness told apart.

A blank is None; zero is 0.0; text is str; an error is :class:`ErrorValue`; a formula whose
result the file does not hold is :data:`NO_RESULT`. Values come from calamine, which is given a
package of our own making, so that it never sees the zip, the names and the far cells of a file
that others made.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import repeat
from operator import contains
from typing import TYPE_CHECKING, Final, TypeVar

from salesplan.dataclass import dataclass, replace
from salesplan.findings import SalesplanError
from salesplan.workbook.read.sheetscan import (
    LONG,
    BadSheetError,
    SheetScan,
    SheetTooLargeError,
    plain_days,
    plain_markup,
    plain_strings,
    scan_sheet,
)
from salesplan.workbook.refs import MAX_ROW
from salesplan.workbook.zip.archive import over, refuse
from salesplan.workbook.zip.package import Package, SheetPart

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

    from salesplan.workbook.read.calaminebook import Member, Shell
    from salesplan.workbook.read.longsheet import LongSheet

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

CellValue = (
    None | bool | int | float | str | date | datetime | time | timedelta | ErrorValue | NoResult
)


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet: ``rows[0]`` is row ``first_row``, each row starts at column A; all
    rows are equally long.

    ``far_cells`` are stray cells left out (see :mod:`salesplan.workbook.read.sheetrewrite`), the
    first ones only; ``merges`` the merged ranges.
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A long sheet, and those of its distinct cells that calamine was given, one under another."""

    long: LongSheet
    places: Sequence[int]


def read_grids(package: Package, sheets: Iterable[str] | None = None) -> dict[str, Grid]:
    """The cells of the sheets named (all, if None) by sheet name; names the workbook lacks, and
    chart sheets, are left out.

    Whole numbers stay float, dates are date or datetime, "" is blank, a number that is none
    (NaN, 1E999) is #NUM!.
    Raises SalesplanError (exit 4): file-damaged-part, file-unsafe-…, sheet-too-large.
    """
    asked = None if sheets is None else set(sheets)
    parts = [
        sheet for sheet in package.sheets if sheet.grid and (asked is None or sheet.name in asked)
    ]
    if not parts:
        return {}
    with without_collector():
        book, scans = _open(package, parts)
        return {
            sheet.name: _grid(package, book, index, sheet, scan)
            for index, (sheet, scan) in enumerate(zip(parts, scans, strict=True))
        }


def _scan(package: Package, sheet: SheetPart) -> SheetScan:
    try:
        return scan_sheet(plain_days(package.read_utf8(sheet.part)), package.limits.max_area)
    except BadSheetError as error:
        raise refuse("file-damaged-part", package.path.name, part=sheet.name) from error
    except SheetTooLargeError as error:
        raise over("sheet-too-large", package.path.name, "max_area", sheet=sheet.name) from error


def _open(
    package: Package, parts: Sequence[SheetPart]
) -> tuple[CalamineWorkbook, list[SheetScan | _Asked]]:
    """The sheets as calamine may have them, and what it would lose. Of a long sheet no more than
    one copy is held at a time.
    """
    from salesplan.workbook.read.calaminebook import Member, Shell

    related = package.relationships(package.workbook_part).values()
    shared: dict[str, Member] = {}
    parts_of: dict[str, str] = {}
    for kind in ("sharedStrings", "styles"):
        part = next((r.target for r in related if r.type == kind and not r.external), None)
        if part is not None:
            content = _plain(
                package, part, plain_strings if kind == "sharedStrings" else plain_markup
            )
            shared[kind] = Member(content, package.packed(part, content))
            parts_of[kind] = part
    shell = Shell(shared, len(parts), package.date1904)
    scans: list[SheetScan | _Asked] = []
    for sheet in parts:
        long = _long(package, sheet)
        places = () if long is None else long.unclear(_plain_looks(package, shared, long))
        if long is not None and len(places) <= MAX_ROW:
            asked = long.one_column([long.distinct[place] for place in places])
            shell.add(Member(plain_days(asked)))
            scans.append(_Asked(long, places))
            continue
        del long
        scan = _scan(package, sheet)
        shell.add(Member(scan.xml, package.packed(sheet.part, scan.xml)))
        scans.append(replace(scan, xml=b""))
        del scan
    return _opened(package, shell, parts_of), scans


def _opened(package: Package, shell: Shell, shared: Mapping[str, str]) -> CalamineWorkbook:
    """The workbook that calamine makes of the shell. Raises SalesplanError naming the part that is
    bad.
    """
    try:
        return _guarded(package, package.workbook_part, shell.opened)
    except SalesplanError:
        from xml.parsers import expat

        for part in shared.values():
            try:
                expat.ParserCreate().Parse(package.read_utf8(part), True)
            except expat.ExpatError as error:
                raise refuse("file-damaged-part", package.path.name, part=part) from error
        raise


def _long(package: Package, sheet: SheetPart) -> LongSheet | None:
    """The sheet taken apart, if it is long and holds nothing but plain values."""
    if package.size(sheet.part) < LONG:
        return None
    from salesplan.workbook.read.longsheet import read_long

    return read_long(package.pieces(sheet.part), package.limits.max_area)


def _plain_looks(
    package: Package, shared: Mapping[str, Member], long: LongSheet
) -> frozenset[bytes]:
    """Of the looks of the sheet's numbers those of which calamine makes a number, and no date."""
    from salesplan.workbook.read.calaminebook import Member, Shell

    looks = long.looks
    shell = Shell(
        {kind: member for kind, member in shared.items() if kind == "styles"}, 1, package.date1904
    )
    shell.add(Member(long.one_column([b"%s><v>1</v></c>" % look for look in looks])))
    read = _guarded(
        package, package.workbook_part, lambda: _rows(shell.opened().get_sheet_by_name("0"))
    )
    return frozenset(
        look for look, (value,) in zip(looks, read, strict=True) if type(value) is float
    )


def _plain(package: Package, part: str, simplify: Callable[[bytes], bytes]) -> bytes:
    try:
        return simplify(package.read_utf8(part))
    except BadSheetError as error:
        raise refuse("file-damaged-part", package.path.name, part=part) from error


def _grid(
    package: Package, book: CalamineWorkbook, index: int, sheet: SheetPart, scan: SheetScan | _Asked
) -> Grid:
    if isinstance(scan, _Asked):
        read = _guarded(package, sheet.name, lambda: _rows(book.get_sheet_by_name(str(index))))
        return Grid(
            sheet.name,
            _long_rows(scan, [value for (value,) in read]),
            merges=scan.long.merges,
            plain=True,
        )
    rows = _guarded(package, sheet.name, lambda: _rows(book.get_sheet_by_name(str(index))))
    special: dict[tuple[int, int], CellValue] = dict.fromkeys(scan.no_result, NO_RESULT)
    special |= {position: ErrorValue(code) for position, code in scan.errors.items()}
    if scan.not_a_number or any(
        any(map(contains, rows, repeat(bound))) for bound in (math.inf, -math.inf)
    ):
        for r, row in enumerate(rows, 1):
            for c, v in enumerate(row, 1):
                if isinstance(v, float) and not math.isfinite(v):
                    special[r, c] = ErrorValue("#NUM!")
    if special:
        _lay_in(rows, special)
    return Grid(sheet.name, rows, 1, scan.far, scan.merges, scan.plain)


def _long_rows(asked: _Asked, answers: Sequence[CellValue]) -> Sequence[Sequence[CellValue]]:
    """The rows of a long sheet, with what calamine says of the cells that it was asked about."""
    values: list[CellValue] = [
        None if number is None else number[1] for number in asked.long.numbers
    ]
    for place, answer in zip(asked.places, answers, strict=True):
        values[place] = answer
    values = [
        ErrorValue("#NUM!") if isinstance(value, float) and not math.isfinite(value) else value
        for value in values
    ]
    return list(
        zip(*(map(values.__getitem__, column) for column in asked.long.columns), strict=True)
    )


def _rows(sheet: CalamineSheet) -> list[list[CellValue]]:
    """The rows from A1 on, one after another; equal texts are one object, for the same few stand in
    very many rows.
    """
    texts: dict[CellValue, CellValue] = {"": None}
    once = texts.setdefault
    left: list[CellValue] = [None] * (sheet.start[1] if sheet.start else 0)
    rows: list[list[CellValue]] = []
    for read in sheet.iter_rows():
        row: list[CellValue] = [
            once(value, value) if type(value) is str else value for value in read
        ]
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
    except (
        Exception
    ) as error:  # its own errors, and OverflowError or ValueError from dates that cannot be
        raise refuse("file-damaged-part", package.path.name, part=part) from error
    except BaseException as error:
        # A panic of the Rust side is no Exception, so that it ends programs; here it means a broken
        # part.
        if type(error).__name__ != "PanicException":
            raise
        raise refuse("file-damaged-part", package.path.name, part=part) from error


@contextmanager
def without_collector() -> Iterator[None]:
    """Cells hold no cycles: collecting while a hundred thousand rows come into being only costs
    time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
