"""How the cells of a workbook look and which hold formulas: what a reader of somebody else's
tables goes by beside their values.

openpyxl reads it, for values come by :mod:`salesplan.workbook.read.cells`. A workbook that openpyxl
cannot open, or a sheet beyond :data:`MOST_CELLS`, simply has no looks; of a long list those of its
first rows are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from salesplan.dataclass import dataclass, field
from salesplan.workbook.read.cells import Grid
from salesplan.workbook.zip.package import Package, SheetPart

MOST_CELLS = 400_000
"""Cells of a sheet whose looks are read."""
LIST_ROWS = 1_000
"""Rows of a list whose looks are read: those below look like them."""

At = tuple[int, int]
_CURRENCY = re.compile(r"\[\$([^\]-]+)|([€£¥₩₹$])|([A-Z]{3})(?=[^a-zA-Z]|$)")
_QUOTED = re.compile(r'["\\]')
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = re.compile(rb'\br="(\d+)"')
_LEVEL = re.compile(rb'\boutlineLevel="(\d)"')


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of one sheet; cells are (row, column) from 1.

    ``indents`` are the cells' indents, ``levels`` the outline levels of rows, ``formulas`` the
    texts of formulas, ``currencies`` the sign of money that a number format shows.
    """

    bold: frozenset[At] = frozenset()
    filled: frozenset[At] = frozenset()
    indents: Mapping[At, int] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)
    formulas: Mapping[At, str] = field(default_factory=dict)
    currencies: Mapping[At, str] = field(default_factory=dict)
    hidden: bool = False


NONE = Looks()


def looks_of(package: Package, grids: Mapping[str, Grid]) -> Mapping[str, Looks]:
    """The looks of each sheet of a workbook, whose cells are ``grids``; nothing where openpyxl
    cannot read it.
    """
    import warnings

    from openpyxl import load_workbook

    levels = {one.name: _levels(package, one) for one in package.sheets if one.name in grids}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(package.path, read_only=True, keep_links=False)
            return {
                sheet.title: _of(sheet, grids[sheet.title], levels.get(sheet.title, {}))
                for sheet in book.worksheets
                if sheet.title in grids
            }
        except Exception:  # whatever stands in its way: looks are a help, no need
            return {}


def _of(sheet: Any, grid: Grid, levels: Mapping[int, int]) -> Looks:
    hidden = sheet.sheet_state != "visible"
    rows = LIST_ROWS if _is_list(grid) else len(grid.rows) + grid.first_row
    width = max(map(len, grid.rows), default=0)
    if rows * width > MOST_CELLS or not width:
        return Looks(levels=levels, hidden=hidden)
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    cells: list[Any] = []
    for row in sheet.iter_rows(max_row=rows):
        cells += [cell for cell in row if cell.value is not None]
    return Looks(
        frozenset(_at(one) for one in cells if one.font is not None and one.font.b),
        frozenset(_at(one) for one in cells if one.fill is not None and one.fill.fill_type),
        {_at(one): indent for one in cells if (indent := _indent(one))},
        levels,
        {_at(one): _formula(one) for one in cells if one.data_type == "f"},
        {_at(one): sign for one in cells if (sign := _currency(one))},
        hidden,
    )


def _at(cell: Any) -> At:
    return cell.row, cell.column


def _indent(cell: Any) -> int:
    return int(cell.alignment.indent or 0) if cell.alignment is not None else 0


def _formula(cell: Any) -> str:
    return str(getattr(cell.value, "text", None) or cell.value)


def _currency(cell: Any) -> str:
    shown = _CURRENCY.search(_QUOTED.sub("", str(cell.number_format)))
    return "" if shown is None else next(filter(None, shown.groups()))


def _is_list(grid: Grid) -> bool:
    """Whether a sheet is a long list: most of its rows have a date."""
    rows = grid.rows
    return len(rows) > LIST_ROWS and 2 * sum(map(_dated, rows)) > len(rows)


def _dated(row: Iterable[object]) -> bool:
    return any(isinstance(one, date) for one in row)


def _levels(package: Package, sheet: SheetPart) -> Mapping[int, int]:
    """The outline levels of the rows that have one."""
    found: dict[int, int] = {}
    number = 0
    for tag in _ROW.finditer(package.read_utf8(sheet.part)):
        given = _NUMBER.search(tag[1])
        number = int(given[1]) if given is not None else number + 1
        level = _LEVEL.search(tag[1])
        if level is not None and level[1] != b"0":
            found[number] = int(level[1])
    return found
