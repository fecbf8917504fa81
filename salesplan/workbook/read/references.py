"""What a formula needs, as whole columns: read from its text, and given up where the text does not
tell.
"""

from __future__ import annotations

import re

from salesplan.workbook.refs import MAX_COLUMN, Range

_TOKEN = re.compile(
    r"""
    (?P<skip>"(?:[^"]|"")*"|\#[A-Z/0!?]+)                     # text, error value
    |(?P<odd>[\[:\#])             # structured or external reference, range, spill
    |(?P<sheet>'(?:[^']|'')*'!|[^\W\d][\w.]*(?::[\w.]+)?!)?
     (?:(?P<area>\$?[A-Za-z]{1,3}\$?[1-9]\d*(?::\$?[A-Za-z]{1,3}\$?[1-9]\d*)?
          |\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d+:\$?\d+)(?![\w.(!\[\\])
       |(?P<word>[\w.\\?]+)(?P<call>\s*\()?)
    """,
    re.X,
)

_MANY = 2_000
"""So many columns, as in whole rows, are as good as all of them."""

_UNTOLD = frozenset(
    {
        "INDIRECT",
        "OFFSET",
        "TODAY",
        "NOW",
        "RAND",
        "RANDBETWEEN",
        "RANDARRAY",
        "CELL",
        "INFO",
        "ANCHORARRAY",
        "GETPIVOTDATA",
        "RTD",
        "EVALUATE",
    }
)
"""Functions whose result depends on more than the cells they name."""


def columns_of(formula: str, sheet: str, spread: int = 0) -> set[tuple[str, int]] | None:
    """The columns (sheet's name in case folded form, number from 1) that the formula on ``sheet``
    names.

    ``spread`` is how far to the right the same formula is filled. None where its text does not tell
    all it needs: names, structured, external and 3D references, functions such as INDIRECT or
    TODAY.
    """
    needed: set[tuple[str, int]] = set()
    for token in _TOKEN.finditer(formula.removeprefix("=")):
        if token["odd"] or (token["word"] and _untold(token)):
            return None
        if token["area"]:
            owner = (token["sheet"] or "")[:-1].strip("'").replace("''", "'") or sheet
            if ":" in owner or "[" in owner:
                return None
            try:
                area = Range.parse(token["area"].replace("$", ""))
            except ValueError:  # a name that looks like a cell beyond the last one
                return None
            if area.right - area.left >= _MANY:
                return None
            needed |= {
                (owner.casefold(), column)
                for column in range(area.left, min(area.right + spread, MAX_COLUMN) + 1)
            }
    return needed


def _untold(token: re.Match[str]) -> bool:
    word = token["word"].upper()
    if token["sheet"]:
        return True
    if token["call"]:
        return word.rpartition(".")[2] in _UNTOLD
    return not (word[0].isdigit() or word[0] == "." or word in ("TRUE", "FALSE"))
