"""Filling an open workbook: few blocks, all or nothing, and taken back on request."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import zip_longest
from pathlib import Path
from types import NoneType, TracebackType
from typing import Any

from salesplan.dataclass import dataclass
from salesplan.excel import journal
from salesplan.excel.blocks import Block, blocks, plain, written
from salesplan.excel.hosts import (
    TEXT_FORMAT,
    alive,
    fit,
    is_calc,
    is_rejected,
    kept_as_text,
    open_to_writing,
    parts_by_format,
    put,
    refuse_locked,
    refuse_unready,
    unpainted,
)
from salesplan.excel.live import Held, Reading, at_rest, grid, held, native_name
from salesplan.excel.memory import forget_if_empty, remembering
from salesplan.fill import Edit, by_sheet, same
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.loader import Loaded
from salesplan.workbook.changes import CellStyle
from salesplan.workbook.memory import SHEET as MEMORY
from salesplan.workbook.read.cells import CellValue, Grid
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import Range, cell_ref, column_number, parse_cell

_LINE = 8
"""Characters that every column has room for in one line."""

_BLANK: tuple[object, ...] = (None, "")
"""What programs say of a blank cell. (In a tuple 0 is neither.)"""

_FORMATS = {CellStyle.PERCENT: "0.00%", CellStyle.DATE: "yyyy-mm-dd", CellStyle.AMOUNT: "#,##0.00"}


def write(
    book: Any,
    loaded: Loaded,
    edits: Sequence[Edit],
    what: str,
    wanted: Callable[[], bool] = lambda: True,
    opened: Reading | None = None,
    noted: Sequence[Edit] = (),
) -> int:
    """Bring the edits about in the open workbook that ``loaded`` was read from; returns how many
    cells changed.

    What the cells held is kept first, for :func:`undo`; what was written is read again and
    compared. With ``opened`` all that was read is compared with what the workbook says now, before
    the first cell is written and after the last one: figures of values that are old by then are no
    figures. ``noted`` goes into the workbook's hidden memory of what was filled. ``wanted`` is
    asked right before the first change: False leaves everything as it is (the person was told
    meanwhile that it failed). Raises SalesplanError (exit 3), the cells as they were:
    live-cell-open, live-read-only, sheet-protected, cell-in-merge, live-changed-meanwhile,
    live-not-kept, live-write-failed.
    """
    refuse_unready(book)
    if opened is not None:
        _refuse_newer(book, opened.held)
    if not edits or not wanted():
        return 0
    pages = [
        _Page(book.sheets[name], loaded, blocks(group)) for name, group in by_sheet(edits).items()
    ]
    _refuse_covered(book, loaded, pages)
    with (
        at_rest(book),
        remembering(book, noted) as memory,
        open_to_writing(book, [page.sheet for page in pages], f"salesplan: {what}"),
        _Named(book),
    ):
        for page in pages:
            refuse_locked(page.sheet, [str(block.area) for block in page.blocks])
        memories = [_Page(memory, loaded, blocks(noted))] if memory is not None else []
        _write([*pages, *memories], book, what, opened)
    return sum(len(block.edits) * len(block.edits[0]) for page in pages for block in page.blocks)


def _write(pages: Sequence[_Page], book: Any, what: str, opened: Reading | None) -> None:
    """Keep what the cells hold, write, and compare; whatever fails, they hold what they held."""
    read = opened.source.grids if opened is not None else {}
    before = {page.sheet.name: page.before(read.get(page.sheet.name)) for page in pages}
    kept = _keep(
        journal.Entry(
            datetime.now(UTC).isoformat(timespec="seconds"), native_name(book), what, before
        ),
        book,
    )
    try:
        for page in pages:
            with unpainted(page.sheet):
                page.write()
                fit(page.sheet, page.texts())
        _refuse_other(book, pages)
        if opened is not None:
            ours = {name: set(one.cells) for name, one in before.items()}
            _refuse_newer(book, opened.held, ours)
    except BaseException:
        if alive(book):
            for name, one in before.items():
                with unpainted(book.sheets[name]):
                    _put_back(book.sheets[name], one)
        kept.unlink(missing_ok=True)  # last: while cells may still be ours, Undo has them
        raise


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the filling, how many cells, the sheets left alone because their cells
    were changed since, and how many later fillings fitted nowhere any more and were dropped."""

    entry: journal.Entry
    cells: int
    left: Mapping[str, str]
    dropped: int = 0


def undo(book: Any, wanted: Callable[[], bool] = lambda: True) -> Undone:
    """Give the cells of the last filling of this workbook what they held before it; called again,
    of the one before that. ``wanted`` as in :func:`write`.

    A sheet on which one of these cells holds something else by now is left alone, and named with
    that cell. A filling that goes for every sheet of it fits no more: it is dropped, and the one
    before it is taken. Raises SalesplanError: live-undo-nothing (exit 2), live-undo-changed where
    all of them were dropped, sheet-protected, and as :func:`refuse_unready`.
    """
    refuse_unready(book)
    names = {sheet.name for sheet in book.sheets}
    stale: list[tuple[Path, Place]] = []
    for path, entry in journal.entries(native_name(book)):
        looked = {
            name: _changed_since(book.sheets[name], one) if name in names else ""
            for name, one in entry.sheets.items()
        }
        left = {name: cell for name, cell in looked.items() if cell is not None}
        back = {name: one for name, one in entry.sheets.items() if name not in left}
        if back.keys() - {MEMORY}:
            break
        stale.append((path, Place(book.name, *next(iter(left.items()), ("", "")))))
    else:
        raise _nothing_to_undo(book, stale)
    if not wanted():
        return Undone(entry, 0, left)
    sheets = [book.sheets[name] for name in back]
    with (
        at_rest(book),
        open_to_writing(book, sheets, f"salesplan: undo {entry.what}"),
        _Named(book),
    ):
        for sheet in sheets:
            refuse_locked(sheet, list(back[sheet.name].cells))
        for sheet in sheets:
            with unpainted(sheet):
                _put_back(sheet, back[sheet.name])
    forget_if_empty(book)
    for old in (path, *(one for one, _ in stale)):
        old.unlink(missing_ok=True)
    cells = sum(len(one.cells) for name, one in back.items() if name != MEMORY)
    return Undone(entry, cells, left, len(stale))


def _nothing_to_undo(book: Any, stale: Sequence[tuple[Path, Place]]) -> SalesplanError:
    """What to raise where no filling fits; those that did not are dropped."""
    for path, _ in stale:
        path.unlink(missing_ok=True)
    if stale:
        place = stale[0][1]
        return SalesplanError(
            Finding.of("live-undo-changed", place, file=book.name, count=len(stale)), 3
        )
    return SalesplanError(Finding.of("live-undo-nothing", Place(book.name), file=book.name), 2)


class _Page:
    """One sheet that changes."""

    def __init__(self, sheet: Any, loaded: Loaded, changed: Sequence[Block]) -> None:
        self.sheet = sheet
        self.blocks = changed
        self._formats: list[tuple[Range, str, bool]] = []
        self._computed: list[Range] = []
        self.tables = [table for table in loaded.tables.values() if table.sheet == sheet.name]

    def before(self, read: Grid | None = None) -> journal.Before:
        """What the cells hold: as they were ``read`` and compared just now, else as they are.
        Raises SalesplanError live-changed-meanwhile where that is not what the edits are for.
        """
        now = read or grid(self.sheet, self.sheet.book.name, merges=False)
        cells: dict[str, tuple[Any, Any]] = {}
        for block in self.blocks:
            formulas = _formulas(self.sheet.range(str(block.area)))
            for edit, formula in (
                (edit, formula)
                for row, texts in zip(block.edits, formulas, strict=True)
                for edit, formula in zip(row, texts, strict=True)
            ):
                value = now.value(*parse_cell(edit.cell))
                if value != edit.old:
                    raise _meanwhile(self.sheet.book, self.sheet.name, edit.cell)
                cells[edit.cell] = (
                    journal.packed(value, None if formula == value else formula),
                    journal.packed(_cell_value(edit.new)),
                )
        self._computed = list(self._computed_below())
        return journal.Before(
            cells, self._table_ranges(), self._old_formats(), [str(area) for area in self._computed]
        )

    def _table_ranges(self) -> dict[str, str]:
        return {
            table.list_object.name: table.list_object.ref
            for table, _ in self._growing()
            if table.list_object
        }

    def _old_formats(self) -> dict[str, str]:
        self._formats = self._wanted_formats()
        plain_ones = {str(area): "General" for area, _, _ in self._formats}
        return plain_ones | {str(area): TEXT_FORMAT for area, _ in self._freed()}

    def _freed(self) -> list[tuple[Range, str]]:
        """Cells of the text format in Excel that get a number, a date or a formula, which it would
        keep as a text; and the format they get."""
        found: dict[str, list[Edit]] = {}
        for block in self.blocks:
            changed = [edit for row in block.edits for edit in row if _is_no_text(edit)]
            areas = kept_as_text(self.sheet.range(str(block.area))) if changed else []
            for edit in changed:
                if any(area.holds(*parse_cell(edit.cell)) for area in areas):
                    found.setdefault(_FORMATS.get(edit.style, "General"), []).append(edit)
        return [(one.area, code) for code, edits in found.items() for one in blocks(edits)]

    def write(self) -> None:
        grown = self._grow()
        for area, code in self._freed():
            self.sheet.range(str(area)).number_format = code
        for block in self.blocks:
            rows = [[written(edit) for edit in row] for row in block.edits]
            put(self.sheet.range(str(block.area)), rows)
        for area, code, bare in self._formats:
            for part in self._general(area, bare) if grown else [area]:
                self.sheet.range(str(part)).number_format = code

    def texts(self) -> set[int]:
        """The rows in which a text changes, which may ask for another height."""
        return {
            block.area.top + offset
            for block in self.blocks
            for offset, row in enumerate(block.edits)
            if any(_is_long(edit.old) or _is_long(edit.new) for edit in row)
        }

    def _growing(self) -> Iterator[tuple[FoundTable, int]]:
        """The tables below whose end rows are written, with the new last row."""
        for table in self.tables:
            left, right = map(column_number, table.span)
            inside = [
                block.area
                for block in self.blocks
                if left <= block.area.left and block.area.right <= right
            ]
            last = max((area.bottom for area in inside), default=0)
            if table.end_row < last <= table.end_row + table.free_below:
                yield table, last

    def _grow(self) -> bool:
        """New rows look like the last one of the table; an Excel table reaches over them. Whether
        there are any.
        """
        growing = list(self._growing())
        for table, last in growing:
            left, right = map(column_number, table.span)
            if table.list_object is not None:
                area = table.list_object.range
                self._resize(table.list_object.name, area.down_to(last))
            if table.end_row >= table.first_row:
                model = self.sheet.range((table.end_row, left), (table.end_row, right))
                model.autofill(
                    self.sheet.range((table.end_row, left), (last, right)), "fill_formats"
                )
                self._like_the_row_above(Range(table.end_row + 1, left, last, right))
        for area in self._computed:
            whole = Range(area.top - 1, area.left, area.bottom, area.right)
            self.sheet.range((whole.top, whole.left)).autofill(
                self.sheet.range(str(whole)), "fill_copy"
            )
            self._refuse_uncomputed(area)
        return bool(growing)

    def _resize(self, name: str, area: Range) -> None:
        """Raises SalesplanError live-table-not-grown where Excel's table does not reach so far."""
        table = self.sheet.tables[name]
        table.resize(self.sheet.range(str(area)))
        if not is_calc(self.sheet.book) and table.range.get_address(False, False) != str(area):
            raise self._not_grown()

    def _like_the_row_above(self, new: Range) -> None:
        """Excel's AutoFill leaves out rows that a filter hides: give them their number formats."""
        if is_calc(self.sheet.book):
            return
        for column in range(new.left, new.right + 1):
            code = self.sheet.range((new.top - 1, column)).number_format
            for part, given in parts_by_format(
                self.sheet, Range(new.top, column, new.bottom, column)
            ):
                if given != code:
                    self.sheet.range(str(part)).number_format = code

    def _refuse_uncomputed(self, area: Range) -> None:
        """Raises SalesplanError live-table-not-grown where a new row in Excel lacks the formula of
        a column that the table computes."""
        if is_calc(self.sheet.book):
            return
        if any(None in row for row in _formulas(self.sheet.range(str(area)))):
            raise self._not_grown()

    def _not_grown(self) -> SalesplanError:
        name = self.sheet.book.name
        place = Place(name, self.sheet.name)
        return SalesplanError(Finding.of("live-table-not-grown", place, sheet=self.sheet.name), 3)

    def _computed_below(self) -> Iterator[Range]:
        """Where the columns that an Excel table computes in each of its rows go on in the new ones;
        none of ours is among them.
        """
        for table, last in self._growing():
            if table.list_object is None or table.end_row < table.first_row:
                continue
            left, right = map(column_number, table.span)
            above = _formulas(self.sheet.range((table.first_row, left), (table.end_row, right)))
            ours = {
                column
                for block in self.blocks
                if block.area.bottom > table.end_row
                for column in range(block.area.left, block.area.right + 1)
            }
            for column in sorted(set(range(left, right + 1)) - ours):
                if all(row[column - left] is not None for row in above):
                    yield Range(table.end_row + 1, column, last, column)

    def _wanted_formats(self) -> list[tuple[Range, str, bool]]:
        """Number formats to be set: of rates and dates where the cells have none, of amounts where
        the cells have no look at all.
        """
        found = []
        for block in self.blocks:
            for offset in range(len(block.edits[0])):
                column = block.area.left + offset
                rows = [
                    block.area.top + index
                    for index, row in enumerate(block.edits)
                    if row[offset].new is not None and row[offset].style in _FORMATS
                ]
                if rows:
                    style = block.edits[rows[0] - block.area.top][offset].style
                    area = Range(rows[0], column, rows[-1], column)
                    bare = style is CellStyle.AMOUNT
                    found += [(part, _FORMATS[style], bare) for part in self._general(area, bare)]
        return found

    def _general(self, area: Range, bare: bool) -> list[Range]:
        """The parts of an area in General format; with ``bare`` only those without a fill."""
        block = self.sheet.range(str(area))
        code = block.number_format
        if code is None and not area.single:
            middle = (area.top + area.bottom) // 2
            return self._general(area.down_to(middle), bare) + self._general(
                Range(middle + 1, area.left, area.bottom, area.right), bare
            )
        return [area] if code == "General" and not (bare and block.color is not None) else []


def _is_no_text(edit: Edit) -> bool:
    """Whether a number, a date or a formula goes into the cell."""
    return bool(edit.formula) or not isinstance(edit.new, (str, NoneType))


def _is_long(value: object) -> bool:
    """Whether a value may need more than one line."""
    return isinstance(value, str) and (len(value) > _LINE or "\n" in value)


def _formulas(block: Any) -> Sequence[Sequence[str | None]]:
    """The formulas of a block; None where a cell has none."""
    given = block.formula
    rows = given if isinstance(given, (tuple, list)) else ((given,),)
    return [
        [text if isinstance(text, str) and text.startswith("=") else None for text in row]
        for row in rows
    ]


def _cell_value(value: Any) -> CellValue:
    """An edit's value as it will be read again."""
    return value if value is None or isinstance(value, (bool, str, date)) else float(value)


class _Named:
    """What the program refuses is said as live-write-failed. (Errors of UNO must not pass a
    generator's ``with``: they take no traceback.)
    """

    def __init__(self, book: Any) -> None:
        self._book = book

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, SalesplanError):
            if not alive(self._book) or is_rejected(error):
                return  # what that means is said where the work began
            name = self._book.name
            raise SalesplanError(
                Finding.of("live-write-failed", Place(name), file=name, reason=_reason(error)), 3
            ) from error


def _keep(entry: journal.Entry, book: Any) -> Any:
    try:
        return journal.keep(entry)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SalesplanError(
            Finding.of(
                "live-not-kept", Place(book.name), folder=str(journal.folder()), reason=reason
            ),
            3,
        ) from error


def _refuse_covered(book: Any, loaded: Loaded, pages: Sequence[_Page]) -> None:
    """Raises SalesplanError cell-in-merge where a merged cell hides what would be written."""
    for page in pages:
        sheet = page.sheet
        merges = [Range.parse(text) for table in page.tables[:1] for text in table.merges]
        for edit in (
            edit
            for block in page.blocks
            for row in block.edits
            for edit in row
            if edit.new is not None
        ):
            row, column = parse_cell(edit.cell)
            for area in merges:
                if area.holds(row, column) and (row, column) != (area.top, area.left):
                    raise SalesplanError(
                        Finding.of(
                            "cell-in-merge",
                            Place(book.name, sheet.name, edit.cell),
                            merged=str(area),
                        ),
                        1,
                    )


def _refuse_other(book: Any, pages: Sequence[_Page]) -> None:
    """Raises SalesplanError live-not-as-written where a cell, read again, says something else; our
    formulas are computed later.
    """
    for page in pages:
        now = grid(page.sheet, book.name, merges=False)
        for edit in (
            edit for block in page.blocks for row in block.edits for edit in row if not edit.formula
        ):
            value = now.value(*parse_cell(edit.cell))
            if not same(value, edit.new):
                place = Place(book.name, page.sheet.name, edit.cell)
                raise SalesplanError(
                    Finding.of(
                        "live-not-as-written", place, wanted=str(edit.new), found=str(value)
                    ),
                    3,
                )


def _refuse_newer(
    book: Any, before: Held, written: Mapping[str, Collection[str]] | None = None
) -> None:
    """Raises SalesplanError (exit 3) live-changed-meanwhile where a cell holds something else than
    when it was read.

    Once our cells are ``written``, they and formulas that may follow them are left out.
    """
    there = {sheet.name: sheet for sheet in book.sheets}
    for name, old in before.items():
        if name not in there:
            raise _meanwhile(book, name, "")
        now = held(there[name])
        ours = set() if written is None else {parse_cell(cell) for cell in written.get(name, ())}
        for place in _differing(old, now):
            if place in ours:
                continue
            cell = there[name].range(place)
            if written is None or _formulas(cell)[0][0] is None:
                raise _meanwhile(book, name, cell_ref(*place))


def _differing(
    before: Sequence[Sequence[object]], now: Sequence[Sequence[object]]
) -> Iterator[tuple[int, int]]:
    """The places, row by row, that hold different values; blank at the edges is no difference."""
    for number, (old, new) in enumerate(zip_longest(before, now, fillvalue=()), 1):
        if old == new:
            continue
        for column, (one, other) in enumerate(zip_longest(old, new), 1):
            if one != other and not (one in _BLANK and other in _BLANK):
                yield number, column


def _meanwhile(book: Any, sheet: str, cell: str) -> SalesplanError:
    return SalesplanError(
        Finding.of("live-changed-meanwhile", Place(book.name, sheet, cell), file=book.name), 3
    )


def _changed_since(sheet: Any, before: journal.Before) -> str | None:
    """The first cell that no longer holds what was written; None if all do."""
    now = grid(sheet, sheet.book.name, merges=False)
    for cell, (_, new) in before.cells.items():
        if not same(now.value(*parse_cell(cell)), journal.unpacked(new)):
            return cell
    return None


def _put_back(sheet: Any, before: journal.Before) -> None:
    """Give every cell what it held, in blocks, and tables and formats what they were."""
    edits = [Edit(sheet.name, cell, "", "", None, None) for cell in before.cells]
    for block in blocks(edits):
        rows = [[_handed(before.cells[edit.cell][0]) for edit in row] for row in block.edits]
        put(sheet.range(str(block.area)), rows)
    fit(sheet, {parse_cell(cell)[0] for cell in before.cells})
    for area in before.computed:
        block = sheet.range(area)
        for number, (formula,) in enumerate(_formulas(block), 1):
            if formula is not None:
                block(number, 1).clear_contents()
    for area, code in before.formats.items():
        sheet.range(area).number_format = code
    for name, ref in before.tables.items():
        with suppress(KeyError):
            table = sheet.tables[name]
            if table.range.get_address(False, False) != ref:
                table.resize(sheet.range(ref))


def _handed(content: Any) -> object:
    value = journal.unpacked(content)
    return value if journal.is_formula(content) else plain(value)


def _reason(error: Exception) -> str:
    """What the program said, in one line."""
    text = " ".join(str(error).split())
    return text[:200] or type(error).__name__
