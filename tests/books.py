"""Workbooks as a test reads them. To read a report with all that openpyxl knows takes longer than
to write it: a file is read once, and no more of it than is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.workbook import Workbook


def opened(path: Path) -> Workbook:
    """The whole book with its stored values; others have the same one, so that nobody changes
    it.
    """
    return _opened(path.read_bytes())


@lru_cache(maxsize=2)
def _opened(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data), data_only=True)


@lru_cache(maxsize=2)
def _rows(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


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
    return [tuple(cell.value for cell in row) for row in cells_in(path, sheet)]


def texts_of(path: Path, *, but: tuple[str, ...] = ()) -> Iterator[str]:
    """All texts on the sheets that are shown, ``but`` for those of these names."""
    from python_calamine import SheetVisibleEnum, load_workbook

    with path.open("rb") as stream:
        book = load_workbook(stream)
        for about in book.sheets_metadata:
            if about.visible == SheetVisibleEnum.Visible and about.name not in but:
                for row in book.get_sheet_by_name(about.name).to_python():
                    yield from (value for value in row if isinstance(value, str) and value)
