"""What the leak audit of a run goes by: everything the master says, less the words that every book
may hold.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesplan.app.common import Run
    from salesplan.audience.confidential import Secrets


def secrets_of(run: Run, lang: str, *, deck: bool = False) -> Secrets:
    """Made from the plan and its results; what a report of nothing holds, too, is no secret, nor
    what a ``deck`` of nothing does, nor how the span that is reported and the next one are called:
    a lesson may be of 2026-Q2 as well.
    """
    from salesplan.audience.confidential import Secrets
    from salesplan.report.texts.spans import names_of
    from salesplan.report.vocabulary import vocabulary

    common = _said_by_nothing(lang, deck=deck)
    own = (*names_of(run.report_span), run.loaded.path.name)
    return Secrets(run.plan, run.results, (*vocabulary(), *sorted(common), *own))


@cache
def _said_by_nothing(lang: str, *, deck: bool) -> frozenset[str]:
    """What a report of nothing holds, and a deck of nothing, if it is asked for; the same for every
    plan, so that it is written once.
    """
    from salesplan.audience.audit import texts_of
    from salesplan.report.vocabulary import write_blank, write_blank_deck

    with TemporaryDirectory(prefix="salesplan-", ignore_cleanup_errors=True) as folder:
        blank = Path(folder) / "blank.xlsx"
        write_blank(blank, lang)
        if not deck:
            return frozenset(texts_of(blank))
        write_blank_deck(blank.with_suffix(".pptx"), lang)
        return frozenset(texts_of(blank) | texts_of(blank.with_suffix(".pptx")))
