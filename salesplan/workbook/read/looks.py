"""How the cells of a workbook look and which hold formulas: what a reader of somebody else's
tables goes by beside their values.

openpyxl reads it, for values come by :mod:`salesplan.workbook.read.cells`. A workbook that openpyxl
cannot open, or one beyond :data:`MOST_CELLS`, simply has no looks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from salesplan.dataclass import dataclass, field

MOST_CELLS = 400_000
"""Cells of a sheet whose looks are read: a longer one is a list, and needs none."""

At = tuple[int, int]
_CURRENCY = re.compile(r"\[\$([^\]-]+)|([€£¥₩₹$])|([A-Z]{3})(?=[^a-zA-Z]|$)")
_QUOTED = re.compile(r'["\\]')


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


def looks_of(path: Path) -> Mapping[str, Looks]:
    """The looks of each sheet of a workbook; nothing where openpyxl cannot read it."""
    import warnings

    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(path, data_only=False)
        except Exception:  # whatever stands in its way: looks are a help, no need
            return {}
    return {sheet.title: _of(sheet) for sheet in book.worksheets}


def _of(sheet: Any) -> Looks:
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        return NONE
    bold: set[At] = set()
    filled: set[At] = set()
    indents: dict[At, int] = {}
    formulas: dict[At, str] = {}
    currencies: dict[At, str] = {}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            at = (cell.row, cell.column)
            if cell.font is not None and cell.font.b:
                bold.add(at)
            if cell.fill is not None and cell.fill.fill_type:
                filled.add(at)
            indent = int(cell.alignment.indent or 0) if cell.alignment is not None else 0
            if indent:
                indents[at] = indent
            if cell.data_type == "f":
                formulas[at] = str(getattr(cell.value, "text", None) or cell.value)
            shown = _CURRENCY.search(_QUOTED.sub("", str(cell.number_format)))
            if shown is not None:
                currencies[at] = next(filter(None, shown.groups()))
    levels = {
        number: int(one.outlineLevel)
        for number, one in sheet.row_dimensions.items()
        if one.outlineLevel
    }
    hidden = sheet.sheet_state != "visible"
    return Looks(frozenset(bold), frozenset(filled), indents, levels, formulas, currencies, hidden)
