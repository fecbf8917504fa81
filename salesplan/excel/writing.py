"""Filling an open workbook: few blocks, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from salesplan.excel import journal
from salesplan.excel.conflicts import refuse_newer
from salesplan.excel.hosts import (
    Named,
    alive,
    fit,
    open_to_writing,
    refuse_locked,
    refuse_unready,
    unpainted,
)
from salesplan.excel.live import Reading, at_rest, native_name
from salesplan.fill import Edit, by_sheet
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.loader import Loaded
from salesplan.workbook.refs import Range

if TYPE_CHECKING:
    from salesplan.excel.open_sheet import Page


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

    What the cells held is kept first, for :func:`undoing.undo`; what was written is read again and
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
        refuse_newer(book, opened.held)
    if not edits or not wanted():
        return 0
    from salesplan.excel.blocks import blocks  # a press that changes nothing needs none of these
    from salesplan.excel.memory import remembering
    from salesplan.excel.open_sheet import Page

    pages = [
        Page(book.sheets[name], loaded, blocks(group)) for name, group in by_sheet(edits).items()
    ]
    _refuse_covered(book, pages)
    with (
        at_rest(book),
        remembering(book, noted) as memory,
        open_to_writing(book, [page.sheet for page in pages], f"salesplan: {what}"),
        Named(book),
    ):
        for page in pages:
            refuse_locked(page.sheet, [str(block.area) for block in page.blocks])
        memories = [Page(memory, loaded, blocks(noted))] if memory is not None else []
        _write([*pages, *memories], book, what, opened)
    return sum(len(page.edits) for page in pages)


def _write(pages: Sequence[Page], book: Any, what: str, opened: Reading | None) -> None:
    """Keep what the cells hold, write, and compare; whatever fails, they hold what they held."""
    read = None if opened is None else opened.source
    before = {page.sheet.name: page.before(read) for page in pages}
    kept = _keep(
        journal.Entry(
            datetime.now(UTC).isoformat(timespec="seconds"), native_name(book), what, before
        ),
        book,
    )
    try:
        for page in pages:
            with unpainted(page.sheet, before.keys()):
                page.write()
                fit(page.sheet, page.texts())
        refuse_newer(
            book,
            opened.held if opened is not None else {},
            {page.sheet.name: page.edits for page in pages},
        )
    except BaseException:
        if alive(book):
            from salesplan.excel.undo import put_back

            for name, one in before.items():
                with unpainted(book.sheets[name], before.keys()):
                    put_back(book.sheets[name], one)
        kept.unlink(missing_ok=True)  # last: while cells may still be ours, Undo has them
        raise


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


def _refuse_covered(book: Any, pages: Sequence[Page]) -> None:
    """Raises SalesplanError cell-in-merge where a merged cell hides what would be written."""
    for page in pages:
        merges = [Range.parse(text) for text in page.tables[0].merges] if page.tables else []
        for (row, column), edit in page.edits.items():
            for area in merges if edit.new is not None else ():
                if area.holds(row, column) and (row, column) != (area.top, area.left):
                    place = Place(book.name, page.sheet.name, edit.cell)
                    raise SalesplanError(
                        Finding.of("cell-in-merge", place, merged=str(area)),
                        1,
                    )
