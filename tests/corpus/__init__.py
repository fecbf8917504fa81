"""Workbooks full of what planners use and libraries lose, written by the tests: ``python -m tests.corpus FOLDER``.

XlsxWriter writes what it can; what it cannot (slicers, pivot tables, threaded comments, SmartArt,
queries, other spellings of the same XML, odd zip records) is added to the package part by part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.corpus import analysis, attached, controls, dialects, objects, sheetware, zips

BOOKS: Mapping[str, Callable[[Path], None]] = {
    "objects.xlsx": objects.write,
    "rules.xlsx": sheetware.rules,
    "formulas.xlsx": sheetware.formulas,
    "sheetware.xlsx": sheetware.write,
    "controls.xlsm": controls.write,
    "pivots.xlsx": analysis.write,
    "queries.xlsx": attached.queries,
    "threads.xlsx": attached.threads,
    "smartart.xlsx": attached.smartart,
    "prefixed.xlsx": dialects.prefixed,
    "strict.xlsx": dialects.strict,
    "utf16.xlsx": dialects.utf16,
    "bare.xlsx": dialects.bare,
    "odd.xlsx": dialects.odd,
    "since1904.xlsx": dialects.since1904,
    "zip64.xlsx": zips.zip64,
    "descriptors.xlsx": zips.descriptors,
    "stored.xlsx": zips.stored,
    "extras.xlsx": zips.extras,
}
"""File name → what writes it."""


def write_all(folder: Path) -> list[Path]:
    """Write every workbook into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in BOOKS.items():
        write(folder / name)
    return [folder / name for name in BOOKS]
