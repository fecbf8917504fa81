"""Worksheets of XlsxWriter that take a formula as it is.

XlsxWriter looks each formula through for some hundred and fifty newer functions to put a prefix
before. What we write has none of them; on a plan of 2,000 people that search was over half of a
report's time, and a third of a new master's.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def sheet_class() -> Any:
    """The class of such worksheets; a newer function needs its prefix (``_xlfn.``) written."""
    from xlsxwriter.worksheet import Worksheet

    class Sheet(Worksheet):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, *_: object, **__: object) -> str:
            return formula.removeprefix("=")

    return Sheet
