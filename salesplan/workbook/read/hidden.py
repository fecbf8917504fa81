"""Which rows and columns of a sheet are hidden, by hand or by a filter; also the sheet itself."""

from __future__ import annotations

import re

from salesplan.dataclass import dataclass
from salesplan.workbook.zip.package import Package

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_NUMBER = re.compile(rb'\br="(\d+)"')
_FIRST = re.compile(rb'\bmin="(\d+)"')
_LAST = re.compile(rb'\bmax="(\d+)"')


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of a sheet is hidden: itself, rows by number, columns as (first, last)."""

    sheet: bool = False
    rows: frozenset[int] = frozenset()
    columns: tuple[tuple[int, int], ...] = ()

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell, both from 1, is in a hidden row or column."""
        return row in self.rows or any(first <= column <= last for first, last in self.columns)


def hidden_in(package: Package, sheet: str) -> Hidden:
    """What is hidden in a sheet; nothing where the workbook has none of that name."""
    part = package.sheet(sheet)
    if part is None or not part.grid:
        return Hidden()
    xml = package.read_utf8(part.part)
    rows: set[int] = set()
    number = 0
    for tag in _ROW.finditer(xml):
        given = _NUMBER.search(tag[1])
        number = int(given[1]) if given is not None else number + 1
        if _HIDDEN.search(tag[1]) is not None:
            rows.add(number)
    columns: list[tuple[int, int]] = []
    for tag in _COLUMN.finditer(xml):
        first, last = _FIRST.search(tag[1]), _LAST.search(tag[1])
        if _HIDDEN.search(tag[1]) is not None and first is not None and last is not None:
            columns.append((int(first[1]), int(last[1])))
    return Hidden(not part.visible, frozenset(rows), tuple(columns))
