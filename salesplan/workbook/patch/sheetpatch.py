"""The edits that bring one worksheet's changes about, each confined to what it has to touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass
from salesplan.workbook.changes import (
    FEW,
    Beside,
    CellChange,
    CellsChange,
    NewRows,
    Prompt,
    Reach,
    Wider,
)
from salesplan.workbook.patch.growth import Changes, TableXml, grown_rules, grown_tables
from salesplan.workbook.patch.looks import Looks
from salesplan.workbook.patch.obstacles import freed_formulas, merged, refuse_merged
from salesplan.workbook.refs import Range, cell_ref, column_letters, column_number, parse_cell
from salesplan.workbook.xml.cellxml import cell_element, content, formula_element, refuse
from salesplan.workbook.xml.sheetxml import CellXml, RowXml, SheetXml
from salesplan.workbook.xml.styles import StyleBook
from salesplan.workbook.xml.xmlscan import (
    Edit,
    Source,
    attribute,
    attributes,
    element,
    start_tag,
    with_attribute,
)

if TYPE_CHECKING:
    from salesplan.workbook.patch.newrows import Form, FormColumn


@dataclass(frozen=True, slots=True)
class Patched:
    """A sheet's new XML in pieces, to be asked for once (None if it stays as it is), the new XML of
    its tables by part, and the cells that lost their formula.
    """

    sheet: Iterable[bytes] | None
    tables: Mapping[str, bytes]
    formulas_gone: frozenset[str]


def patch_sheet(
    name: str,
    source: Source,
    tables: Sequence[Source],
    changes: Sequence[CellsChange],
    styles: StyleBook,
    date1904: bool,
    likes: Mapping[tuple[str, str] | None, int] = MappingProxyType({}),
    few: int = FEW,
) -> Patched:
    """Apply changes (the last one wins where a cell is named twice) to the worksheet ``name``; up
    to so ``few`` new rows are written cell by cell.

    Raises SalesplanError (exit 1) naming the first cell that cannot be changed without breaking
    what stands around it: see :mod:`obstacles` and :mod:`growth`.
    """
    from salesplan.workbook.patch.growth import read_table

    patch = _SheetPatch(
        name, SheetXml(source), [read_table(table) for table in tables], styles, date1904
    )
    patch.likes, patch.few = likes, few
    return patch.run(changes)


def _by_place(changes: Iterable[CellChange]) -> dict[int, dict[int, CellChange]]:
    places: dict[int, dict[int, CellChange]] = {}
    for change in changes:
        try:
            row, column = parse_cell(change.cell)
        except ValueError as problem:
            raise refuse("cell-reference-odd", change.sheet, change.cell) from problem
        places.setdefault(row, {})[column] = change
    return {row: dict(sorted(places[row].items())) for row in sorted(places)}


class _SheetPatch:
    def __init__(
        self, name: str, sheet: SheetXml, tables: list[TableXml], styles: StyleBook, date1904: bool
    ) -> None:
        self.name = name
        self.sheet = sheet
        self.tables = tables
        self.styles = styles
        self.date1904 = date1904
        self.edits: list[Edit] = []
        self.gone: set[str] = set()
        self.new_rows: dict[int, list[bytes]] = {}
        self.extent: Range | None = None
        self.likes: Mapping[tuple[str, str] | None, int] = {}
        self.few = FEW
        self.frames: dict[tuple[int, int, bytes], tuple[bytes, bytes]] = {}

    def run(self, given: Sequence[CellsChange]) -> Patched:
        """Lay out every edit of the sheet and make its new bytes. Raises SalesplanError for a
        change that cannot be made without harm.
        """
        merges = merged(self.sheet)
        reaches = {one.top: one.bottom for one in given if isinstance(one, Reach)}
        changes, under = self._apart(given, merges)
        refuse_merged(self.name, merges, changes)
        self.edits += freed_formulas(self.name, self.sheet, changes)
        self.grown = grown_tables(self.name, self.tables, changes, merges, under, reaches)
        self.looks = Looks(self.sheet, self.tables, self.grown)
        for row, cells in changes.items():
            self._row(row, cells)
        self._insert_rows()
        if under:
            self._insert_under(under)
        self._dimension()
        prompts = [one for one in given if isinstance(one, Prompt)]
        if prompts:
            from salesplan.workbook.patch.prompts import prompting

            self.edits += prompting(self.sheet, prompts)
        added = [one for one in given if isinstance(one, Beside)]
        self.edits += self._beside(added) if added else []
        self.edits += grown_rules(self.sheet.source, self.sheet.body.end, self.tables, self.grown)
        wider = {one.top: one.heads for one in given if isinstance(one, Wider)}
        tables = {}
        for table in self.tables:
            bottom = self.grown.get(table.source.part)
            heads = wider.get(cell_ref(table.area.top, table.area.left), ())
            if bottom is not None or heads:
                tables[table.source.part] = table.grown(bottom or table.area.bottom, heads)
        return Patched(
            self.sheet.source.pieces(self.edits) if self.edits else None,
            tables,
            frozenset(self.gone),
        )

    def _beside(self, added: Sequence[Beside]) -> list[Edit]:
        from salesplan.workbook.patch.columns import beside

        return beside(self.sheet, added)

    def _apart(
        self, given: Sequence[CellsChange], merges: Sequence[Range]
    ) -> tuple[Changes, NewRows | None]:
        """The changes of cells by row, and those new rows that stand under all there is on the
        sheet, where nothing is in their way.
        """
        cells: list[CellChange] = []
        rows: NewRows | None = None
        for change in given:
            if isinstance(change, CellChange):
                cells.append(change)
            elif isinstance(change, NewRows) and len(change.rows) <= self.few:
                cells += change.changes()
            elif isinstance(change, NewRows):
                cells += rows.changes() if rows else ()
                rows = change
        places = _by_place(cells)
        if rows is None:
            return places, None
        # A table's totals are in the way of the row below them, too.
        there = [
            0,
            *self.sheet.numbers[-1:],
            *places,
            *(merge.bottom for merge in merges),
            *(table.area.bottom + 1 for table in self.tables),
        ]
        lowest = rows.last if self.sheet.body.empty else max(there)
        if lowest >= rows.first:
            places = _by_place([*cells, *rows.part(rows.first, lowest).changes()])
        return places, rows.part(lowest + 1, rows.last) if lowest < rows.last else None

    def _row(self, number: int, changes: Mapping[int, CellChange]) -> None:
        self.looks.like(number)
        if self.sheet.row(number) is None and (styles := self.looks.of_new_row(number)) is not None:
            self._new_row(number, changes, styles)
            return
        new: dict[int, bytes] = {}
        for column, change in changes.items():
            there = self.sheet.cell(number, column)
            if there is not None:
                self._change(there, change)
            elif not change.blank or change.like:
                new[column] = self._written(
                    number, column, self._look(number, column, change), change
                )
        for column, filler in self._fillers(number, changes).items():
            new.setdefault(column, filler)
        if new:
            self._add_cells(number, dict(sorted(new.items())))

    def _look(self, row: int, column: int, change: CellChange) -> int:
        like = self.likes.get(change.like)
        return self.looks.style(row, column) if like is None else like

    def _new_row(
        self, number: int, changes: Mapping[int, CellChange], styles: Mapping[int, int]
    ) -> None:
        """A row of its own below or between those that are there; very many may follow one
        another.
        """
        new = {
            column: self._written(
                number, column, self.likes.get(change.like, styles[column]), change
            )
            for column, change in changes.items()
            if not change.blank or change.like
        }
        for table in self.tables:
            if table.last_row < number <= self.grown.get(table.source.part, 0):
                for column in range(table.area.left, table.area.right + 1):
                    if column not in new and (
                        filler := self._filler(
                            table, number, column, styles[column], column in changes
                        )
                    ):
                        new[column] = filler
        if new:
            columns = sorted(new)
            self._reach(number, columns[0], columns[-1])
            self.new_rows[number] = [new[column] for column in columns]

    def _change(self, cell: CellXml, change: CellChange) -> None:
        prefix = self.sheet.prefix
        base = cell.style
        style = self.styles.style_for(base, change)
        kind, inside = content(prefix, change, self.date1904)
        new = cell_element(
            prefix,
            cell.ref,
            cell.style_text if style == base else b"%d" % style,
            kind,
            inside,
            cell.others,
        )
        if new != self.sheet.source.data[cell.start : cell.end]:
            self.edits.append((cell.start, cell.end, new))
        formula = cell.formula(prefix)
        if formula and (change.formula is None or attribute(formula[0], b"t") == b"array"):
            self.gone.add(cell_ref(cell.row, cell.column))

    def _written(self, row: int, column: int, base: int, change: CellChange) -> bytes:
        """A cell that is not there yet; ``base`` is the format it would have of itself."""
        style = self.styles.style_for(base, change)
        kind, inside = content(self.sheet.prefix, change, self.date1904)
        return self._framed(row, column, style, kind, inside)

    def _framed(self, row: int, column: int, style: int, kind: bytes, inside: bytes) -> bytes:
        """The cell's element; what stands before and after its row number is made once for each
        look of a column.
        """
        frame = self.frames.get((column, style, kind))
        if frame is None:
            element = cell_element(
                self.sheet.prefix,
                column_letters(column).encode() + b"#",
                b"%d" % style if style else b"",
                kind,
                b"",
            )
            before, _, after = element.removesuffix(b"/>").partition(b"#")
            frame = self.frames[column, style, kind] = before, after
        if not inside:
            return b"%s%d%s/>" % (frame[0], row, frame[1])
        return b"%s%d%s>%s</%sc>" % (frame[0], row, frame[1], inside, self.sheet.prefix)

    def _fillers(self, row: int, changes: Mapping[int, CellChange]) -> dict[int, bytes]:
        """The planner's cells of a row by which a table grows: same look, and the column's formula
        if it has one.
        """
        fillers = {}
        for table in self.tables:
            if not table.last_row < row <= self.grown.get(table.source.part, 0):
                continue
            there = self.sheet.cells(row)
            for column in range(table.area.left, table.area.right + 1):
                if column in there:
                    continue
                if filler := self._filler(
                    table, row, column, self.looks.style(row, column), column in changes
                ):
                    fillers[column] = filler
        return fillers

    def _filler(self, table: TableXml, row: int, column: int, style: int, changed: bool) -> bytes:
        formula = "" if changed else table.formula(row, column)
        if not style and not formula:
            return b""
        return self._framed(
            row,
            column,
            style,
            b"",
            formula_element(self.sheet.prefix, b"", formula) if formula else b"",
        )

    def _reach(self, row: int, first: int, last: int) -> None:
        """Note that cells were added in a row from one column to another."""
        self.extent = (
            self.extent.including(row, first).including(row, last)
            if self.extent
            else Range(row, first, row, last)
        )

    def _add_cells(self, number: int, new: Mapping[int, bytes]) -> None:
        self._reach(number, min(new), max(new))
        row = self.sheet.row(number)
        if row is None:
            self.new_rows[number] = list(new.values())
        elif row.at.empty:
            prefix = self.sheet.prefix
            tag = _widened(row, new)[:-2].rstrip() + b">"
            self.edits.append(
                (row.at.start, row.at.end, b"%s%s</%srow>" % (tag, b"".join(new.values()), prefix))
            )
        else:
            self._insert(row, new)

    def _insert(self, row: RowXml, new: Mapping[int, bytes]) -> None:
        there = self.sheet.cells(row.number)
        tag = _widened(row, new)
        if tag != row.tag:
            self.edits.append((row.at.start, row.at.inside, tag))
        last = max(there.values(), key=lambda cell: cell.end).end if there else row.at.inside
        columns = sorted(there)
        at = 0
        for column, written in new.items():
            while at < len(columns) and columns[at] < column:
                at += 1
            place = there[columns[at]].start if at < len(columns) else last
            self.edits.append((place, place, written))

    def _insert_rows(self) -> None:
        prefix = self.sheet.prefix
        body = self.sheet.body
        pieces = []
        for number, cells in sorted(self.new_rows.items()):
            written = b'<%srow r="%d"%s>%s</%srow>' % (
                prefix,
                number,
                self.looks.row_attributes(number),
                b"".join(cells),
                prefix,
            )
            pieces.append((self.sheet.place_for(number), written))
        if body.empty and pieces:
            tag = self.sheet.source.data[body.start : body.end][:-2].rstrip() + b">"
            rows = b"".join(written for _, written in pieces)
            self.edits.append((body.start, body.end, b"%s%s</%ssheetData>" % (tag, rows, prefix)))
        else:
            self.edits += [(place, place, written) for place, written in pieces]

    def _insert_under(self, rows: NewRows) -> None:
        """Rows under all others: they are alike but for their numbers and values, until a table
        that grows over them ends. They are made when they are packed.
        """
        place = self.sheet.place_for(rows.first)
        ends = {bottom for bottom in self.grown.values() if rows.first <= bottom < rows.last}
        for last in sorted({*ends, rows.last}):
            part = rows.part(rows.first, last)
            form = self._form(part)
            form.prepare(part)
            reached = form.reached(part)
            used = [
                column_number(column.head.rpartition(b'"')[2].decode())
                for column in form.columns
                if column.at is not None or column.tails.blank
            ]
            if reached is not None:
                self._reach(reached[0], used[0], used[-1])
                self._reach(reached[1], used[0], used[-1])
            self.edits.append((place, place, form.filled(part)))
            rows = rows.part(last + 1, rows.last)

    def _form(self, rows: NewRows) -> Form:
        """What the rows have in common: for each column what its cells begin with, and how they go
        on for each value.
        """
        from salesplan.workbook.patch.newrows import Form, FormColumn, Tails

        styles = self.looks.of_new_row(rows.first)
        assert styles is not None, "under all there is on the sheet"
        tables: dict[int, TableXml] = {}
        for table in self.tables:
            if self.grown.get(table.source.part, 0) >= rows.first:
                tables |= dict.fromkeys(range(table.area.left, table.area.right + 1), table)
        places = {column_number(rows.columns[at][0]): at for at in sorted(rows.used)}
        prefix = self.sheet.prefix

        def column_of(column: int) -> FormColumn:
            table, at = tables.get(column), places.get(column)
            look = None if at is None else rows.columns[at][1]
            head = b'<%sc r="%s' % (prefix, column_letters(column).encode())

            def make(value: object, row: int) -> bytes:
                if value is not None:
                    change = CellChange(self.name, cell_ref(row, column), value, None, look)
                    cell = self._written(row, column, styles[column], change)
                else:
                    cell = self._filler(table, row, column, styles[column], False) if table else b""
                return cell.removeprefix(b"%s%d" % (head, row))

            calculated = table is not None and column in table.calculated
            return FormColumn(head, at, Tails(make, rows.first, calculated))

        return Form(
            b'<%srow r="' % prefix,
            b'"%s>' % self.looks.row_attributes(rows.first),
            [column_of(column) for column in sorted({*places, *tables})],
            b"</%srow>" % prefix,
        )

    def _dimension(self) -> None:
        source = self.sheet.source
        found = element(source, self.sheet.prefix, b"dimension", 0, self.sheet.body.start)
        opening = (
            start_tag(self.sheet.prefix, b"dimension").match(source.mask, found.start)
            if found
            else None
        )
        ref = attributes(opening[0]).get(b"ref") if opening else None
        if self.extent is None or opening is None or ref is None:
            return
        old = Range.parse(ref[0].decode())
        new = old.including(self.extent.top, self.extent.left).including(
            self.extent.bottom, self.extent.right
        )
        if new != old:
            self.edits.append(
                (opening.start() + ref[1], opening.start() + ref[2], str(new).encode())
            )


def _widened(row: RowXml, new: Mapping[int, bytes]) -> bytes:
    """The row's start tag with its column span (a hint for readers) made to hold the new cells."""
    spans = attribute(row.tag, b"spans")
    if not spans:
        return row.tag
    parts = [tuple(map(int, part.split(b":"))) for part in spans.split()]
    first, last = min(part[0] for part in parts), max(part[-1] for part in parts)
    if first <= min(new) and max(new) <= last:
        return row.tag
    return with_attribute(row.tag, b"spans", b"%d:%d" % (min(first, min(new)), max(last, max(new))))
