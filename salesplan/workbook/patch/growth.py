"""What grows with new rows: an Excel table, its filter, and the checks and formats laid over it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import compress
from types import MappingProxyType

from salesplan.dataclass import dataclass, replace
from salesplan.workbook.changes import CellChange, NewRows
from salesplan.workbook.refs import Range, cell_ref, column_number
from salesplan.workbook.xml.cellxml import refuse, translate
from salesplan.workbook.xml.xmlscan import (
    ATTRIBUTES,
    Edit,
    Source,
    attribute,
    attributes,
    damaged,
    element,
    escape,
    start_tag,
    text,
    with_attribute,
)

Changes = Mapping[int, Mapping[int, CellChange]]
"""Changes of one sheet by row and column."""

_RULES = re.compile(
    rb"<(?:[\w.-]+:)?(conditionalFormatting|dataValidation|sparkline)(?=[\s/>])(?:%s)>|<(?"
    rb":[\w.-]+:)?sqref\s*>([^<]*)<" % ATTRIBUTES
)


@dataclass(frozen=True, slots=True)
class TableXml:
    """An Excel table: where it lies and what its columns compute (``calculated``: column → formula
    as it reads in the first row of data).
    """

    source: Source
    name: str
    area: Range
    header_rows: int
    totals_rows: int
    calculated: Mapping[int, str]

    @property
    def first_row(self) -> int:
        """First row of data."""
        return self.area.top + self.header_rows

    @property
    def last_row(self) -> int:
        """Last row of data."""
        return self.area.bottom - self.totals_rows

    def formula(self, row: int, column: int) -> str:
        """What the column computes in that row; "" if nothing, or if its references cannot reach so
        far.
        """
        if column in self.calculated:
            with suppress(ValueError):
                return translate(self.calculated[column], row - self.first_row, 0)
        return ""

    def grown(self, bottom: int, heads: Sequence[str] = ()) -> bytes:
        """The part with the table and its filter reaching down to ``bottom``, and right over more
        columns with these heads.
        """
        prefix = self.source.prefix()
        edits = self._more_columns(heads) if heads else []
        for name in (b"table", b"autoFilter"):
            opening = start_tag(prefix, name).search(self.source.mask)
            ref = attributes(opening[0]).get(b"ref") if opening else None
            if opening and ref:
                area = Range.parse(ref[0].decode()).down_to(bottom)
                area = replace(area, right=area.right + len(heads))
                edits.append(
                    (opening.start() + ref[1], opening.start() + ref[2], str(area).encode())
                )
        return self.source.edited(edits)

    def _more_columns(self, heads: Sequence[str]) -> list[Edit]:
        prefix, mask = self.source.prefix(), self.source.mask
        block = element(self.source, prefix, b"tableColumns")
        if block is None:
            raise damaged(self.source.part, "<tableColumns>")
        there = list(start_tag(prefix, b"tableColumn").finditer(mask, block.inside, block.end))
        number = max((int(attribute(one[0], b"id") or 0) for one in there), default=0)
        columns = b"".join(
            b'<%stableColumn id="%d" name="%s"/>'
            % (prefix, number + at, escape(head).replace(b'"', b"&quot;"))
            for at, head in enumerate(heads, 1)
        )
        count = b"%d" % (len(there) + len(heads))
        tag = with_attribute(mask[block.start : block.inside], b"count", count)
        return [
            (block.start, block.inside, tag),
            (block.content_end, block.content_end, columns),
        ]


def read_table(source: Source) -> TableXml:
    """The table of a table part. Raises SalesplanError if it is none."""
    prefix = source.prefix()
    opening = start_tag(prefix, b"table").search(source.mask)
    ref = attribute(opening[0], b"ref") if opening else None
    if opening is None or ref is None:
        raise damaged(source.part, "<table>")
    area = Range.parse(ref.decode())
    name = attribute(opening[0], b"displayName") or attribute(opening[0], b"name") or b""
    return TableXml(
        source,
        name.decode(),
        area,
        int(attribute(opening[0], b"headerRowCount") or 1),
        int(attribute(opening[0], b"totalsRowCount") or 0),
        _calculated(source, prefix, area),
    )


def _calculated(source: Source, prefix: bytes, area: Range) -> dict[int, str]:
    formulas = {}
    at = 0
    for column in range(area.left, area.right + 1):
        found = element(source, prefix, b"tableColumn", at)
        if found is None:
            break
        at = found.end
        formula = element(
            source, prefix, b"calculatedColumnFormula", found.inside, found.content_end
        )
        if formula and attribute(source.mask[formula.start : formula.inside], b"array") not in (
            b"1",
            b"true",
        ):
            formulas[column] = text(source.data[formula.inside : formula.content_end])
    return formulas


def grown_tables(
    sheet: str,
    tables: Sequence[TableXml],
    changes: Changes,
    merges: Iterable[Range],
    under: NewRows | None = None,
    reaches: Mapping[str, int] = MappingProxyType({}),
) -> dict[str, int]:
    """The new last data row of each table (by part) below which values are written, in cells or in
    rows under all others; tables that stay are left out.

    ``reaches`` says of tables, by their first cell, down to which row what follows them is their
    own.

    Raises SalesplanError for a value in a header or totals row, under a totals row, and where
    another table or a merged cell is in the way.
    """
    grown = {}
    for table in tables:
        _refuse_frame(sheet, table, changes)
        in_the_way = [other.area for other in tables if other is not table] + list(merges)
        bottom = _reached(table, reaches, in_the_way)
        while _written(table, changes.get(bottom + 1)):
            bottom += 1
        if under is not None and bottom == under.first - 1:
            bottom += _filled_rows(table, under)
        if bottom == table.last_row:
            continue
        new = Range(table.last_row + 1, table.area.left, bottom, table.area.right)
        if any(new.meets(area) for area in in_the_way):
            raise refuse("table-no-room", sheet, cell_ref(new.top, new.left), table=table.name)
        grown[table.source.part] = bottom
    return grown


def _filled_rows(table: TableXml, under: NewRows) -> int:
    """How many of the rows, from the first on, have a value within the table."""
    inside = [
        table.area.left <= column_number(letters) <= table.area.right
        for letters, _ in under.columns
    ]
    count = 0
    for numbers, columns in under.blocks():
        within = list(compress(columns, inside))
        if not any(None not in column for column in within):
            for values in zip(*within, strict=True):
                if all(value is None for value in values):
                    return count
                count += 1
        else:
            count += len(numbers)
    return count


def _reached(table: TableXml, reaches: Mapping[str, int], in_the_way: Sequence[Range]) -> int:
    """The last row of data with the rows that follow it, where nothing stands in the way of the
    table's reaching over them.
    """
    bottom = reaches.get(cell_ref(table.area.top, table.area.left), 0)
    if bottom <= table.last_row or table.totals_rows:
        return table.last_row
    new = Range(table.last_row + 1, table.area.left, bottom, table.area.right)
    return table.last_row if any(new.meets(area) for area in in_the_way) else bottom


def _refuse_frame(sheet: str, table: TableXml, changes: Changes) -> None:
    for row in range(table.area.top, table.first_row):
        if column := _written(table, changes.get(row)):
            raise refuse("cell-in-table-header", sheet, cell_ref(row, column), table=table.name)
    if table.totals_rows:
        for row in range(table.last_row + 1, table.area.bottom + 2):
            if column := _written(table, changes.get(row)):
                raise refuse(
                    "table-totals-in-the-way", sheet, cell_ref(row, column), table=table.name
                )


def _written(table: TableXml, row: Mapping[int, CellChange] | None) -> int:
    """The first column of the table in which the row gets a value, 0 for none."""
    for column, change in (row or {}).items():
        if table.area.left <= column <= table.area.right and not change.blank:
            return column
    return 0


def grown_rules(
    source: Source, after: int, tables: Sequence[TableXml], grown: Mapping[str, int]
) -> list[Edit]:
    """Edits that let checks and conditional formats (also those of 2010's extension list) follow
    their table.
    """
    edits: list[Edit] = []
    inside = b""
    for match in _RULES.finditer(source.mask, after):
        if match[1]:
            inside = match[1]
            sqref = attributes(match[0]).get(b"sqref")
            if sqref is None:
                continue
            old, start = sqref[0], match.start() + sqref[1]
        elif inside == b"sparkline":
            continue
        else:
            old, start = match[2], match.start(2)
        new = _longer(old, tables, grown)
        if new != old:
            edits.append((start, start + len(old), new))
    return edits


def _area(given: str) -> Range | None:
    """The range of a rule; None for #REF!, which is left of a rule whose cells were deleted."""
    with suppress(ValueError):
        return Range.parse(given)
    return None


def _longer(sqref: bytes, tables: Sequence[TableXml], grown: Mapping[str, int]) -> bytes:
    areas = sqref.decode().split()
    for at, given in enumerate(areas):
        area = _area(given)
        for table in tables:
            bottom = grown.get(table.source.part)
            if (
                bottom
                and area is not None
                and area.bottom == table.last_row
                and table.area.left <= area.left
                and area.right <= table.area.right
            ):
                areas[at] = str(area.down_to(bottom))
    return " ".join(areas).encode() if areas != sqref.decode().split() else sqref
