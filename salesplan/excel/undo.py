"""Fillings of an open workbook taken back, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from salesplan.dataclass import dataclass
from salesplan.excel import journal
from salesplan.excel.blocks import blocks, plain
from salesplan.excel.conflicts import formulas_of
from salesplan.excel.hosts import (
    Named,
    fit,
    open_to_writing,
    put,
    refuse_locked,
    refuse_unready,
    unpainted,
)
from salesplan.excel.live import at_rest, grid, native_name
from salesplan.excel.memory import forget_if_empty
from salesplan.fill import Edit, same
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.memory import SHEET as MEMORY
from salesplan.workbook.refs import parse_cell


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
    of the one before that. ``wanted`` as in :func:`writing.write`.

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
        Named(book),
    ):
        for sheet in sheets:
            refuse_locked(sheet, list(back[sheet.name].cells))
        for sheet in sheets:
            with unpainted(sheet, back.keys()):
                put_back(sheet, back[sheet.name])
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


def _changed_since(sheet: Any, before: journal.Before) -> str | None:
    """The first cell that no longer holds what was written; None if all do."""
    now = grid(sheet, sheet.book.name)
    for cell, (_, new) in before.cells.items():
        if not same(now.value(*parse_cell(cell)), journal.unpacked(new)):
            return cell
    return None


def put_back(sheet: Any, before: journal.Before) -> None:
    """Give every cell what it held, in blocks, and tables and formats what they were."""
    edits = [Edit(sheet.name, cell, "", "", None, None) for cell in before.cells]
    for block in blocks(edits):
        width = len(block.edits[0])
        values = [_handed(before.cells[edit.cell][0]) for edit in block]
        rows = [values[at : at + width] for at in range(0, len(values), width)]
        put(sheet.range(str(block.area)), rows)
    fit(sheet, {parse_cell(cell)[0] for cell in before.cells})
    for area in before.computed:
        block = sheet.range(area)
        for number, (formula,) in enumerate(formulas_of(block), 1):
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
