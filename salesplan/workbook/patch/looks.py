"""How a cell that is not there yet should look: like the row it continues."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from salesplan.workbook.patch.growth import TableXml
from salesplan.workbook.xml.sheetxml import SheetXml
from salesplan.workbook.xml.xmlscan import attribute, attributes, element, start_tag

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?=[\s/>])")
_TEXT_KINDS = (b"s", b"inlineStr", b"str")
_TRUE = (b"1", b"true")


class Looks:
    """Formats for new cells, asked for row by row in ascending order.

    In an Excel table: the format of the row above in the same column; rows by which a table grows
    look like its last data row. Elsewhere a new row looks like the data row directly above it. Then
    comes the row's default format, then the column's.
    """

    def __init__(
        self, sheet: SheetXml, tables: Sequence[TableXml], grown: Mapping[str, int]
    ) -> None:
        self._sheet = sheet
        self._tables = tables
        self._grown = grown
        self._like: dict[int, int | None] = {}
        self._given: dict[int, dict[int, int]] = {}
        self._kept = {table.last_row for table in tables}
        self._columns = _column_styles(sheet)
        self._attributes: dict[int, bytes] = {}
        self._alike: dict[tuple[object, ...], _Styles] = {}

    def of_new_row(self, row: int) -> Mapping[int, int] | None:
        """The formats by column for a row that is not there yet, the same for all that continue the
        same rows; None in the midst of a table, where each looks like the one above it and is to be
        asked for by :meth:`style`."""
        key: list[object] = [self.like(row)]
        for table in self._tables:
            if table.first_row <= row <= table.last_row:
                return None
            key.append(table.last_row < row <= self._grown.get(table.source.part, 0))
        styles = self._alike.get(tuple(key))
        if styles is None:
            styles = self._alike[tuple(key)] = _Styles(self, row)
        return styles

    def style(self, row: int, column: int) -> int:
        """The format index for a cell that the sheet does not have yet."""
        style = self._found(row, column)
        if row not in self._given:
            self._given = {
                known: styles
                for known, styles in self._given.items()
                if known == row - 1 or known in self._kept
            }
            self._given[row] = {}
        self._given[row][column] = style
        return style

    def _found(self, row: int, column: int) -> int:
        model = self._model(row, column)
        style = self._style_in(model, column) if model else None
        return self._default(row, column) if style is None else style

    def row_attributes(self, row: int) -> bytes:
        """Attributes for a row that is not there yet: default format and set height of its model,
        never its hiding.
        """
        model = self.like(row)
        if model is None:
            return b""
        if model not in self._attributes:
            self._attributes[model] = self._attributes_of(model)
        return self._attributes[model]

    def _attributes_of(self, model: int) -> bytes:
        like = self._sheet.row(model)
        if like is None or attribute(like.tag, b"hidden") in _TRUE:
            return b""
        kept = []
        for flag, value in ((b"customFormat", b"s"), (b"customHeight", b"ht")):
            told = attribute(like.tag, value)
            if attribute(like.tag, flag) in _TRUE and told is not None:
                kept.append(b' %s="%s" %s="1"' % (value, told, flag))
        return b"".join(kept)

    def like(self, row: int) -> int | None:
        """The row that a new row continues; None if it is not new or continues nothing."""
        if row not in self._like:
            self._like[row] = self._find_like(row)
        return self._like[row]

    def _find_like(self, row: int) -> int | None:
        for table in self._tables:
            if table.last_row < row <= self._grown.get(table.source.part, 0):
                return table.last_row
        if self._sheet.has_values(row):
            return None
        if any(table.area.top <= row - 1 < table.first_row for table in self._tables):
            return None
        if self._like.get(row - 1):
            return self._like[row - 1]
        return row - 1 if self._is_data(row - 1) else None

    def _model(self, row: int, column: int) -> int | None:
        for table in self._tables:
            bottom = self._grown.get(table.source.part, table.last_row)
            if table.area.left <= column <= table.area.right and table.first_row <= row <= bottom:
                return min(row - 1, table.last_row) if row > table.first_row else None
        return self.like(row)

    def _style_in(self, row: int, column: int) -> int | None:
        cell = self._sheet.cell(row, column)
        return cell.style if cell else self._given.get(row, {}).get(column)

    def _default(self, row: int, column: int) -> int:
        there = self._sheet.row(row)
        tag = there.tag if there else b"<row%s>" % self.row_attributes(row)
        found = attributes(tag)
        if b"s" in found and found.get(b"customFormat", (b"", 0, 0))[0] in _TRUE:
            return int(found[b"s"][0])
        return next((style for first, last, style in self._columns if first <= column <= last), 0)

    def _is_data(self, row: int) -> bool:
        """Whether a row outside Excel tables holds data rather than headings: it has something that
        is not text, or is formatted throughout as the filled row above it."""
        cells = [cell for cell in self._sheet.cells(row).values() if cell.filled]
        if any(
            (cell.kind or b"n") not in _TEXT_KINDS or _FORMULA.search(cell.masked) for cell in cells
        ):
            return True
        above = {
            column: cell.style for column, cell in self._sheet.cells(row - 1).items() if cell.filled
        }
        return bool(cells) and all(above.get(cell.column) == cell.style for cell in cells)


class _Styles(dict[int, int]):
    """Formats by column of rows that look alike, found for the first of them when they are asked
    for.
    """

    def __init__(self, looks: Looks, row: int) -> None:
        super().__init__()
        self._looks, self._row = looks, row

    def __missing__(self, column: int) -> int:
        style = self[column] = self._looks._found(self._row, column)
        return style


def _column_styles(sheet: SheetXml) -> list[tuple[int, int, int]]:
    """(first column, last column, format) of the sheet's column definitions that set one."""
    block = element(sheet.source, sheet.prefix, b"cols", 0, sheet.body.start)
    if block is None:
        return []
    found = []
    for match in start_tag(sheet.prefix, b"col").finditer(
        sheet.source.mask, block.inside, block.content_end
    ):
        told = [attribute(match[0], name) for name in (b"min", b"max", b"style")]
        if all(told):
            found.append((int(told[0] or 0), int(told[1] or 0), int(told[2] or 0)))
    return found
