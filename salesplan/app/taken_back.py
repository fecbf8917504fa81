"""Whether a form that somebody filled in has done its service: a handout, a request for help, a
meeting's page.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.findings import SalesplanError, Severity
from salesplan.workbook.save.destination import Stamp, is_ours
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


def has_served(run: Run, whole: Whole, book: Path, stamp: Stamp) -> bool:
    """Whether the handout of that stamp was answered and collected: it may be made anew, and a copy
    of it is kept.
    """
    if not book.is_file() or is_ours(book, stamp) or untaken(run, whole, book) != ():
        return False
    keep(book, sha256_of(book))
    return True
