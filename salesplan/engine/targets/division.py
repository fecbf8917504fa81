"""The outcome of splitting one parent over its children, and what did not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from salesplan.engine.exact.flow import Table

Presences = Sequence[tuple[Fraction, ...] | None]
"""For each child its share of presence in each month; None: there all year."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Held values that do not fit: ``code``, the child with the largest, the month (index) or the quarter (both None: the year).

    ``amount`` is what the held values add up to, ``slack`` what the parent has left after them.
    """

    code: str
    child: int
    month: int | None
    amount: int
    slack: int
    quarter: int | None = None


@dataclass(frozen=True, slots=True)
class Division:
    """The children's months in their order, what of each month is unassigned, and what did not fit.

    ``binding``: whether held values took part.
    """

    rows: Table
    unassigned: list[int]
    complaints: list[Complaint] = field(default_factory=list)
    binding: bool = False


def ordered(table: Table, order: list[int], whole: bool) -> Division:
    """A table with its rows in ``order`` back in the children's order; its last row is unassigned unless ``whole``."""
    rows: Table = [[]] * len(order)
    for c, row in zip(order, table, strict=False):
        rows[c] = row
    return Division(rows, [0] * len(table[0]) if whole else table[-1])
