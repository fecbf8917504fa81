"""Workbooks as a test reads them. To read a report with all that openpyxl knows takes longer than
to write it: a file is read once, and no more of it than is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from salesplan.workbook.zip.package import open_package


def opened(path: Path) -> Workbook:
    """The whole book with its stored values; others have the same one, so that nobody changes
    it.
    """
    return _opened(path.read_bytes())


@lru_cache(maxsize=2)
def _opened(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data), data_only=True)


def alone(path: Path, sheet: str) -> Worksheet:
    """One sheet of the book with its looks and formulas, and its print settings; the others are
    taken as blank, since most of a book's time goes into their cells.
    """
    with open_package(path) as package:
        (own,) = (one.part for one in package.sheets if one.name == sheet)
    left = BytesIO()
    with ZipFile(path) as given, ZipFile(left, "w") as kept:
        for name in given.namelist():
            folder, _, part = name.rpartition("/")
            if folder == "xl/worksheets" and name != own:
                kept.writestr(name, _BLANK)
            elif folder != "xl/worksheets/_rels" or part == f"{own.rpartition('/')[2]}.rels":
                kept.writestr(name, given.read(name))
    found = load_workbook(left)[sheet]
    assert isinstance(found, Worksheet)
    return found


_BLANK = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData/></worksheet>"
)


@lru_cache(maxsize=2)
def _rows(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return {sheet: list(_read(book, sheet)) for sheet in book.sheet_names}


def _read(book: CalamineWorkbook, sheet: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet as calamine reads them, in a tenth of the time that openpyxl takes."""
    for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False):
        yield tuple(map(_value, row))


def _value(value: Any) -> Any:
    """As openpyxl says it: a blank as None, a number without a fraction as int, a date with its
    time.
    """
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return datetime.combine(value, time()) if type(value) is date else value


def all_rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The stored values of every sheet, row by row; others have the same ones."""
    return _rows(path.read_bytes())


def cells_of(path: Path) -> Iterator[ReadOnlyCell]:
    """All cells that hold something, with their stored values and formats."""
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book:
            for row in sheet.iter_rows():
                yield from (cell for cell in row if cell.value is not None)
    finally:
        book.close()


def cells_in(path: Path, sheet: str) -> list[tuple[ReadOnlyCell, ...]]:
    """The cells of one sheet, row by row, with their stored values and formats."""
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        return list(book[sheet].iter_rows())
    finally:
        book.close()


def rows_of(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    """The stored values of one sheet, row by row."""
    return list(_read(CalamineWorkbook.from_filelike(BytesIO(path.read_bytes())), sheet))


def texts_of(path: Path, *, but: tuple[str, ...] = ()) -> Iterator[str]:
    """All texts on the sheets that are shown, ``but`` for those of these names."""
    from python_calamine import SheetVisibleEnum, load_workbook

    with path.open("rb") as stream:
        book = load_workbook(stream)
        for about in book.sheets_metadata:
            if about.visible == SheetVisibleEnum.Visible and about.name not in but:
                for row in book.get_sheet_by_name(about.name).to_python():
                    yield from (value for value in row if isinstance(value, str) and value)
