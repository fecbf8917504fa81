"""Database ranges of LibreOffice Calc, which is what Excel's tables are there, for xlwings; see
:mod:`calc`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from salesplan.dataclass import dataclass
from salesplan.excel import xlwings
from salesplan.excel.calc_cells import Range, area_of
from salesplan.workbook.refs import Range as Area

base: Any = xlwings().base_classes


@dataclass(frozen=True, slots=True)
class DatabaseArea:
    """A database range of Calc, which an Excel table becomes there."""

    name: str
    area: Area
    header: bool
    totals: bool


class DatabaseAreas:
    """The database ranges of a book, which is what Excel's tables are in Calc; all are looked up
    once, when first asked for.
    """

    def __init__(self, book: Any) -> None:
        self._book = book

    @cached_property
    def _by_sheet(self) -> Mapping[int, list[DatabaseArea]]:
        found: dict[int, list[DatabaseArea]] = {}
        for name in self._book.database_ranges.getElementNames():
            place, area = self._looked(name)
            found.setdefault(place, []).append(area)
        return found

    def _looked(self, name: str) -> tuple[int, DatabaseArea]:
        """The place of its sheet, from 0, and itself."""
        one = self._book.database_range(name)
        address = one.getDataArea()
        header, totals = one.getPropertyValue("ContainsHeader"), one.getPropertyValue("TotalsRow")
        return address.Sheet, DatabaseArea(name, area_of(address), header, totals)

    def on(self, sheet: Any) -> list[DatabaseArea]:
        """Those on a sheet."""
        return self._by_sheet.get(sheet.index - 1, [])

    def named(self, name: str, sheet: Any) -> DatabaseArea | None:
        """The one of that name on a sheet, the others not looked at."""
        if not self._book.database_ranges.hasByName(name):
            return None
        place, area = self._looked(name)
        return area if place == sheet.index - 1 else None


class Tables(base.Tables):  # type: ignore[misc]
    """The tables on one sheet."""

    def __init__(self, sheet: Any, areas: DatabaseAreas) -> None:
        self._sheet = sheet
        self._shared = areas

    @property
    def _areas(self) -> list[DatabaseArea]:
        return self._shared.on(self._sheet)

    @property
    def api(self) -> Any:
        """The document's database ranges."""
        return self._sheet.book.database_ranges

    def __len__(self) -> int:
        return len(self._areas)

    def __iter__(self) -> Iterator[Table]:
        return (Table(self._sheet, area) for area in self._areas)

    def __call__(self, name_or_index: str | int) -> Table:
        if isinstance(name_or_index, int):
            return Table(self._sheet, self._areas[name_or_index - 1])
        area = self._shared.named(name_or_index, self._sheet)
        if area is None:
            raise KeyError(name_or_index)
        return Table(self._sheet, area)

    def __contains__(self, name: str) -> bool:
        return self._shared.named(name, self._sheet) is not None


class Table(base.Table):  # type: ignore[misc]
    """A database range as Excel's table."""

    def __init__(self, sheet: Any, area: DatabaseArea) -> None:
        self._sheet = sheet
        self._area = area

    @property
    def api(self) -> Any:
        """The office's own database range."""
        return self._sheet.book.database_range(self._area.name)

    @property
    def name(self) -> str:
        """Its name."""
        return self._area.name

    display_name = name

    @property
    def parent(self) -> Any:
        """The sheet that it lies on."""
        return self._sheet

    @property
    def range(self) -> Any:
        """Its cells, headers included."""
        return Range(self._sheet, self._area.area)

    @property
    def show_headers(self) -> bool:
        """Whether its first row holds headers."""
        return self._area.header

    @property
    def show_totals(self) -> bool:
        """Whether its last row holds totals."""
        return self._area.totals

    def resize(self, range: Any) -> None:
        """Let it reach over other cells."""
        self._sheet.book.before_change()
        self.api.setDataArea(range.impl.api.getRangeAddress())
