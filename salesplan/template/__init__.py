"""A new master workbook: every sheet and table of the schema, empty or with the worked sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesplan.template.starting import Start

__all__ = ["write_started", "write_template"]


def write_template(
    path: Path,
    *,
    lang: str,
    year: int,
    fiscal_start: int = 1,
    example: bool = False,
    mistakes: bool = False,
) -> None:
    """Write a master for the plan ``year`` in ``lang`` (zh or en) to ``path``, replacing what is
    there; the year begins in calendar month ``fiscal_start``, and its months stand in that order.

    ``example`` fills in the worked example (a year of a made-up company) as a planner would hold it
    before the first recalculation: engine columns blank. ``mistakes`` plants the mistakes of
    :data:`salesplan.template.mistakes.MISTAKES` in it (and implies ``example``).
    The same arguments give the same bytes. Raises OSError if the file cannot be written.
    """
    from salesplan.template.build import build

    build(
        path,
        lang=lang,
        year=year,
        fiscal_start=fiscal_start,
        example=example or mistakes,
        mistakes=mistakes,
    )


def write_started(path: Path, start: Start) -> None:
    """Write a master of the sheets that the planner who gave these answers needs, replacing what is
    there. The same answers give the same bytes. Raises OSError if the file cannot be written.
    """
    from salesplan.template.build import write_book

    write_book(
        path,
        start.tables(),
        lang=start.lang,
        year=start.year,
        fiscal_start=start.fiscal_start,
        sheets=start.sheets,
    )
