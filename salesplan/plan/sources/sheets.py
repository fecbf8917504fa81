"""The rows of a workbook's sheet: .xlsx, .xlsm, .xls, .xlsb and .ods, read by calamine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.sources.mapping import Reading
from salesplan.plan.sources.table import (
    HEAD_WITHIN,
    Field,
    Numbered,
    Record,
    SourceTable,
    fitted,
    head_among,
    header_of,
)

SUFFIXES = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"))
ZIPPED = b"PK\x03\x04"


def sheet_of(path: Path, reading: Reading, wanted: Iterable[str]) -> SourceTable:
    """The table on the mapping's ``sheet``, else on the sheet that names most wanted columns.

    Raises SalesplanError: exit 2 where there is no such sheet, 4 where the workbook cannot be read.
    """
    names = set(wanted)
    pages = pages_of(path, reading.sheet)
    title = max(pages, key=lambda one: _known(pages[one], names, reading.skip_lines))
    rows = pages[title][reading.skip_lines :]
    at = head_among(rows, names)
    header = header_of(rows[at]) if rows else ()
    below = reading.skip_lines + at + 2
    return SourceTable(path, header, partial(_records, rows[at + 1 :], below, len(header)), title)


def pages_of(path: Path, sheet: str = "") -> dict[str, list[list[Any]]]:
    """The cells of all sheets, or of one, by title. Raises SalesplanError as :func:`sheet_of`."""
    from python_calamine import CalamineError, CalamineWorkbook

    _checked(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            titles = book.sheet_names
            if sheet and sheet not in titles:
                raise _refusal(path, "import-sheet-missing", 2, sheet=sheet, sheets=titles)
            return {title: _rows_of(book, title) for title in ([sheet] if sheet else titles)}
    except (CalamineError, OSError, ValueError) as error:
        raise _refusal(path, "import-not-workbook", 4, cause=str(error)) from error


def _rows_of(book: Any, title: str) -> list[list[Any]]:
    rows: list[list[Any]] = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    return rows


def _known(rows: Sequence[Record], wanted: set[str], skipped: int) -> int:
    """How many wanted columns a sheet's header names."""
    top = rows[skipped : skipped + HEAD_WITHIN]
    return len(wanted.intersection(header_of(top[head_among(top, wanted)]))) if top else 0


def _records(rows: Sequence[Sequence[Any]], first: int, count: int) -> Numbered:
    for line, cells in enumerate(rows, first):
        if any(cell not in ("", None) for cell in cells):
            yield line, fitted([_field(cell) for cell in cells], count)


def _field(cell: Any) -> Field:
    if cell == "":
        return None
    if isinstance(cell, (str, bool, int, float, datetime, date)):
        return cell
    return str(cell) if isinstance(cell, (time, timedelta)) else None


def _checked(path: Path) -> None:
    """Refuse a package that unpacks to more than it may, before anything unpacks it."""
    from salesplan.workbook.zip.package import open_package

    with path.open("rb") as stream:
        zipped = stream.read(len(ZIPPED)) == ZIPPED
    if zipped and path.suffix.lower() in (".xlsx", ".xlsm"):
        with open_package(path):
            pass


def _refusal(path: Path, code: str, exit_code: int, **params: object) -> SalesplanError:
    return SalesplanError(Finding.of(code, Place(str(path)), name=path.name, **params), exit_code)
