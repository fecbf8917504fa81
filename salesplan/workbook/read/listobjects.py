"""Excel tables ("list objects"): where they lie, read from their own small parts."""

from __future__ import annotations

from collections.abc import Iterable

from salesplan.dataclass import dataclass
from salesplan.workbook.refs import Range
from salesplan.workbook.zip.archive import refuse
from salesplan.workbook.zip.package import Package, SheetPart, local_name


@dataclass(frozen=True, slots=True)
class ListObject:
    """One Excel table: its name, its range with header and totals rows, the part that defines it,
    and its filter's range ("" if none).
    """

    name: str
    ref: str
    totals_rows: int
    part: str
    header_rows: int = 1
    auto_filter: str = ""

    @property
    def range(self) -> Range:
        """The whole range, header and totals included; rows and columns from 1."""
        return Range.parse(self.ref)

    @property
    def last_data_row(self) -> int:
        """The last row that is no totals row."""
        return self.range.bottom - self.totals_rows


def objects_by_sheet(package: Package, sheets: Iterable[str]) -> dict[str, tuple[ListObject, ...]]:
    """The Excel tables of each sheet named that the package has; errors as :func:`list_objects`."""
    asked = set(sheets)
    return {
        sheet.name: list_objects(package, sheet) for sheet in package.sheets if sheet.name in asked
    }


def list_objects(package: Package, sheet: SheetPart) -> tuple[ListObject, ...]:
    """The Excel tables of a sheet. Raises SalesplanError (file-damaged-part) where a part of theirs
    makes no sense.
    """
    found = []
    for related in package.relationships(sheet.part).values():
        if related.type == "table" and not related.external:
            found.append(_list_object(package, related.target))
    return tuple(sorted(found, key=lambda table: (table.range.top, table.range.left)))


def _list_object(package: Package, part: str) -> ListObject:
    root = package.parse(part)
    auto_filter = next(
        (child.get("ref", "") for child in root if local_name(child.tag) == "autoFilter"), ""
    )
    try:
        found = ListObject(
            root.get("displayName") or root.get("name", ""),
            root.get("ref", ""),
            int(root.get("totalsRowCount", "0")),
            part,
            int(root.get("headerRowCount", "1")),
            auto_filter,
        )
        if found.last_data_row < found.range.top or found.totals_rows < 0 or found.header_rows < 0:
            raise ValueError(found.ref)
    except ValueError as error:
        raise refuse("file-damaged-part", package.path.name, part=part) from error
    return found
