"""Workbooks that salesplan made from a master, and that are none: a report, a handout. They say so
themselves.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from salesplan.findings import Finding, Place
from salesplan.plan.forms import COVER_SHEET, HANDOUT_STAMP, MASTER_LABEL
from salesplan.workbook.read.cells import Grid

TELLING = (HANDOUT_STAMP, *COVER_SHEET)
"""The sheets that say so, in their various names."""


def made_from_a_master(grids: Mapping[str, Grid], file: str) -> Finding | None:
    """What to say of a report or a handout of ours, which names its master; None for any other
    workbook.
    """
    if HANDOUT_STAMP in grids and (master := _beside(grids[HANDOUT_STAMP], ("master",))):
        return Finding.of("is-a-handout", Place(file), file=file, master=master)
    for name in COVER_SHEET:
        if name in grids and (master := _beside(grids[name], MASTER_LABEL)):
            return Finding.of("is-a-report", Place(file), file=file, master=master)
    return None


def _beside(grid: Grid, labels: tuple[str, ...]) -> str:
    """The text that follows the first cell that says one of the labels; empty where none does."""
    for row in grid.rows:
        filled = [value for value in row if value is not None]
        for label, value in itertools.pairwise(filled):
            if label in labels and isinstance(value, str):
                return value
    return ""
