"""What the leak audit of a run goes by: everything the master says, less the words that every book
may hold.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesplan.app.keeping import Run
    from salesplan.audience.secrets import Secrets


def secrets_of(run: Run, lang: str) -> Secrets:
    """Made from the plan and its results; what a report of nothing holds, too, is no secret."""
    from salesplan.audience.audit import texts_of
    from salesplan.audience.secrets import Secrets
    from salesplan.report.vocabulary import vocabulary, write_blank

    with TemporaryDirectory(prefix="salesplan-", ignore_cleanup_errors=True) as folder:
        blank = Path(folder) / "blank.xlsx"
        write_blank(blank, lang)
        common = texts_of(blank)
    return Secrets(run.plan, run.results, (*vocabulary(), *sorted(common), run.loaded.path.name))
