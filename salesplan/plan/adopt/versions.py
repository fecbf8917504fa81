"""One table in two versions: the same rows and months on two sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from salesplan.plan.adopt.facts import Fact
from salesplan.plan.adopt.mapping import Takes

_SAME = 0.8
"""The part of the smaller table's cells that the other has too."""
_FEWEST = 6
"""Cells from which two tables are compared."""


def rivals(sheets: Sequence[str], tables: Sequence[Sequence[Fact]]) -> Mapping[int, str]:
    """The tables whose targets another sheet gives too: which sheet that is, by their place in the
    list. Where one has a part of the other's only, and the same figures, it is a summary and counts
    once.
    """
    cells = [_cells(one) for one in tables]
    found: dict[int, str] = {}
    for at, own in enumerate(cells):
        for other in range(at + 1, len(cells)):
            if sheets[at] != sheets[other] and _rival(own, cells[other]):
                found.setdefault(at, sheets[other])
                found.setdefault(other, sheets[at])
    return found


def _cells(facts: Sequence[Fact]) -> dict[object, Decimal | None]:
    """The targets of a table by what each is of; a row of a total is left out."""
    found: dict[object, Decimal | None] = {}
    for one in facts:
        if one.takes is Takes.TARGET and one.named.total is None:
            dimensions = tuple(sorted((key.value, text) for key, text in one.dimensions.items()))
            named = (one.named.parents, one.named.text, one.named.code)
            found[named, one.kpi, repr(one.when), dimensions] = one.number
    return found


def _rival(own: Mapping[object, Decimal | None], other: Mapping[object, Decimal | None]) -> bool:
    both = own.keys() & other.keys()
    smaller = min(len(own), len(other))
    if smaller < _FEWEST or len(both) < _SAME * smaller:
        return False
    return own.keys() == other.keys() or any(own[one] != other[one] for one in both)
