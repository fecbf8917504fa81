"""The use cases on an open workbook, for the buttons and for ``--live``: read, computed and filled
as a file is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesplan import app
from salesplan.app.typed_cells import TypedPolicy, settled
from salesplan.dataclass import replace
from salesplan.excel.hosts import refuse_unready
from salesplan.excel.live import open_book, read, source
from salesplan.excel.timeouts import Patience
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.messages import worst_first

if TYPE_CHECKING:
    from salesplan.app import Recalculated, Run
    from salesplan.excel.live import Reading
    from salesplan.excel.undo import Undone
    from salesplan.fill import Answers
    from salesplan.plan.loader import Loaded, Source
    from salesplan.plan.model import Month

BY_HAND, MEANWHILE = "live-calculation-manual", "live-changed-meanwhile"


def examined(
    book: Any, *, month: Month | None = None, as_of: date | None = None, today: date | None = None
) -> Run:
    """The open workbook read and computed as :func:`app.check` does; that the program calculates by
    hand only is said.
    """
    run = _run(book, month, as_of, today)
    return replace(run, findings=tuple(worst_first([*run.findings, *_remarks(book)])))


def read_and_examined(book: Any) -> tuple[Reading, Run]:
    """The open workbook as it was read, for what is written into it later, and computed."""
    refuse_unready(book)
    opened = read(book)
    return opened, _examined(opened.source, None, None, None)


def read_and_loaded(book: Any) -> tuple[Reading, Loaded]:
    """The open workbook as :func:`read_and_examined` does, its figures not computed."""
    from salesplan.plan.loader import load_from

    refuse_unready(book)
    opened = read(book)
    return opened, load_from(opened.source)


TRIES = 3
"""How often a filling begins anew because the person went on typing."""


def recalculated(
    book: Any,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    today: date | None = None,
    dry_run: bool = False,
    typed: TypedPolicy = TypedPolicy.ASK,
    past: bool = False,
    wanted: Callable[[], bool] = lambda: True,
) -> Recalculated:
    """The engine columns of the open workbook filled (see :func:`writing.write`), with ``dry_run``
    only what would change.

    Where somebody types meanwhile, it is done once more with what the workbook says then. Raises
    SalesplanError: live-changed-meanwhile (exit 3) where that goes on; as :func:`app.recalc` for
    cells that were typed and for months that are over.
    """
    for turn in range(1, TRIES + 1):
        try:
            done = _recalculated(book, month, as_of, today, dry_run, typed, past, wanted)
            break
        except SalesplanError as error:
            if error.finding.code != MEANWHILE or turn == TRIES:
                raise
    # How the program calculates is no property of the plan: it is said, and not written into the
    # workbook.
    findings = tuple(worst_first([*done.changes.findings, *_remarks(book)]))
    return replace(done, changes=replace(done.changes, findings=findings))


def _recalculated(
    book: Any,
    month: Month | None,
    as_of: date | None,
    today: date | None,
    dry_run: bool,
    typed: TypedPolicy,
    past: bool,
    wanted: Callable[[], bool],
) -> Recalculated:
    refuse_unready(book)
    opened = read(book)
    first = _examined(opened.source, month, as_of, today, writes=True)

    def again(source: Source, answers: Answers) -> Run:
        return app.check(
            source.path,
            month=month,
            as_of=as_of,
            today=today,
            source=source,
            like=first.loaded,
            answers=answers,
            writes=True,
        )

    run, changed = settled(first, again, typed, dry_run=dry_run)
    if dry_run:
        return app.Recalculated(run, changed, None)
    if not past:
        from salesplan.app.past_months import guard

        guard(first, run, changed)
    from salesplan.excel.writing import write

    # Where nothing is to be written the inputs are compared, too: "nothing to change" is an answer
    # about the newest ones.
    what = f"recalc {run.results.month}"
    write(book, run.loaded, changed.edits, what, wanted, opened, noted=changed.noted)
    return app.Recalculated(run, changed, run.loaded.path if changed.edits else None)


def examined_open(
    name: Path | None, *, month: Month | None = None, as_of: date | None = None
) -> Run:
    """:func:`examined` for the open workbook of that name or path (None: the active one), with
    patience.
    """
    return Patience().run(lambda: examined(open_book(name), month=month, as_of=as_of))


def recalculated_open(
    name: Path | None,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    dry_run: bool = False,
    typed: TypedPolicy = TypedPolicy.ASK,
    past: bool = False,
) -> Recalculated:
    """:func:`recalculated` for the open workbook of that name or path (None: the active one), with
    patience.
    """
    patience = Patience()
    return patience.run(
        lambda: recalculated(
            open_book(name),
            month=month,
            as_of=as_of,
            dry_run=dry_run,
            typed=typed,
            past=past,
            wanted=patience.wanted,
        )
    )


def undone_open(name: Path | None) -> Undone:
    """The last filling of the open workbook taken back (see :func:`undoing.undo`), with
    patience.
    """
    from salesplan.excel.undo import undo

    patience = Patience()
    return patience.run(lambda: undo(open_book(name), patience.wanted))


def _run(book: Any, month: Month | None, as_of: date | None, today: date | None) -> Run:
    refuse_unready(book)
    return _examined(source(book), month, as_of, today)


def _examined(
    opened: Source,
    month: Month | None,
    as_of: date | None,
    today: date | None,
    *,
    writes: bool = False,
) -> Run:
    return app.check(
        opened.path, month=month, as_of=as_of, today=today, source=opened, writes=writes
    )


def _remarks(book: Any) -> list[Finding]:
    return [] if book.app.calculation == "automatic" else [Finding.of(BY_HAND, Place(book.name))]
