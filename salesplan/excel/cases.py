"""The use cases on an open workbook, for the buttons and for ``--live``: read, computed and filled as a file is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesplan import app
from salesplan.app.keeping import Whose, settled
from salesplan.excel.live import open_book, source
from salesplan.excel.patience import Patience
from salesplan.findings import Finding, Place
from salesplan.messages import worst_first

if TYPE_CHECKING:
    from salesplan.app import Recalculated, Run
    from salesplan.fill import Answers
    from salesplan.plan.loader import Source
    from salesplan.plan.model import Month

BY_HAND = "live-calculation-manual"


def examined(
    book: Any, *, month: Month | None = None, as_of: date | None = None, today: date | None = None
) -> Run:
    """The open workbook read and computed as :func:`app.check` does; that the program calculates by hand only is said."""
    run = _run(book, month, as_of, today)
    return replace(run, findings=tuple(worst_first([*run.findings, *_remarks(book)])))


def recalculated(
    book: Any,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    today: date | None = None,
    dry_run: bool = False,
    typed: Whose = Whose.ASK,
    wanted: Callable[[], bool] = lambda: True,
) -> Recalculated:
    """The engine columns of the open workbook filled (see :func:`writing.write`), with ``dry_run`` only what would change."""
    first = _run(book, month, as_of, today)

    def again(source: Source, answers: Answers) -> Run:
        return app.check(
            source.path,
            month=month,
            as_of=as_of,
            today=today,
            source=source,
            like=first.loaded,
            answers=answers,
        )

    run, changed = settled(first, again, typed, dry_run=dry_run)
    written = None
    if changed.edits and not dry_run:
        from salesplan.excel.writing import write

        what = f"recalc {run.results.month}"
        write(book, run.loaded, changed.edits, what, wanted, changed.noted)
        written = run.loaded.path
    # How the program calculates is no property of the plan: it is said, and not written into the workbook.
    findings = tuple(worst_first([*changed.findings, *_remarks(book)]))
    return app.Recalculated(run, replace(changed, findings=findings), written)


def examined_open(
    name: Path | None, *, month: Month | None = None, as_of: date | None = None
) -> Run:
    """:func:`examined` for the open workbook of that name or path (None: the active one), with patience."""
    return Patience().run(lambda: examined(open_book(name), month=month, as_of=as_of))


def recalculated_open(
    name: Path | None,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    dry_run: bool = False,
    typed: Whose = Whose.ASK,
) -> Recalculated:
    """:func:`recalculated` for the open workbook of that name or path (None: the active one), with patience."""
    patience = Patience()
    return patience.run(
        lambda: recalculated(
            open_book(name),
            month=month,
            as_of=as_of,
            dry_run=dry_run,
            typed=typed,
            wanted=patience.wanted,
        )
    )


def _run(book: Any, month: Month | None, as_of: date | None, today: date | None) -> Run:
    opened = source(book)
    return app.check(opened.path, month=month, as_of=as_of, today=today, source=opened)


def _remarks(book: Any) -> list[Finding]:
    return [] if book.app.calculation == "automatic" else [Finding.of(BY_HAND, Place(book.name))]
