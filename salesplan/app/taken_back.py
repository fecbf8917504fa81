"""Whether a form that somebody filled in has done its service: a handout, a request for help, a
meeting's page.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.findings import SalesplanError, Severity
from salesplan.workbook.save.destination import Stamp, is_ours, may_write
from salesplan.workbook.save.journal import keep, sha256_of

if TYPE_CHECKING:
    from salesplan.app.common import Run
    from salesplan.audience.whole import Whole


def untaken(run: Run, whole: Whole, book: Path) -> tuple[str, ...] | None:
    """The cells of the form at ``book`` that hold what the master does not say, each once; none
    where it says all of it by now. None where nothing was typed, or no form lies there.
    """
    from salesplan.handout.merge import merge, pending
    from salesplan.handout.returned import read_returned
    from salesplan.messages import severity
    from salesplan.plan.settings import reading_of

    if book.is_symlink() or not book.is_file():
        return None
    try:
        returned = read_returned(book, reading_of(run.loaded.plan.settings))
    except SalesplanError:
        return None
    if not returned.typed or returned.stamp is None:
        return None
    merged = merge(run.loaded, whole, [returned])
    # What collect refuses stands nowhere but here, even where it took all else.
    refused = [one.place for one in returned.findings if severity(one) is Severity.ERROR]
    if not (merged.edits or merged.findings or refused):
        return ()
    lacking = pending(run.loaded, whole, returned.typed)
    places = [*refused, *(one.place for one in lacking)]
    return tuple(dict.fromkeys(place.cell for place in places))


def replaceable(
    run: Run, whole: Whole, places: Iterable[tuple[Path, Stamp]], *, force: bool
) -> frozenset[Path]:
    """Which of the handouts at these places are made anew though somebody wrote into them: those
    that were answered and collected, of which a copy is kept; with ``force`` all.

    Raises SalesplanError (exit 2) as :func:`salesplan.workbook.save.destination.may_write` does,
    before anything is written over.
    """
    stamps = dict(places)
    served = {book for book, stamp in stamps.items() if _has_served(run, whole, book, stamp)}
    for book in served:
        keep(book, sha256_of(book))
    anew = frozenset(stamps if force else served)
    for book, stamp in stamps.items():
        may_write(book, stamp, force=book in anew)
    return anew


def _has_served(run: Run, whole: Whole, book: Path, stamp: Stamp) -> bool:
    """Whether the handout of that stamp was answered and collected."""
    return book.is_file() and not is_ours(book, stamp) and untaken(run, whole, book) == ()
