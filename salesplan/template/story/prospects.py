"""Step 2 of the sample: whom the teams may win. The channel team used up many for few customers and
has too few left for the second half; the others have enough, some of them by name.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from salesplan.plan.model import Month, ProspectState
from salesplan.template.story.values import Cell, Row, Tables, b
from salesplan.wording import Both

POOLS: dict[str, tuple[str, tuple[int, ...]]] = {
    "T1": ("A", (10, 9, 11, 12, 12, 11, 14, 13, 12, 44)),
    "T2": ("B", (9, 8, 9, 8, 7, 7, 8, 7, 6, 14)),
    "T3": ("B", (8, 7, 8, 14, 9, 8, 10, 10, 10, 36)),
}
"""By team the usual quality, and how many a month; the last is the whole fourth quarter's."""


class Named(NamedTuple):
    """A prospect that is followed up by itself; ``month`` is the one in which it is expected."""

    unit: str
    month: int
    name: Both[str]
    quality: str
    state: ProspectState
    percent: int | None = None


NAMED = (
    Named("P01", 7, b("云栖生物", "Yunqi Bio"), "A", ProspectState.OPEN, 60),
    Named("P03", 8, b("启明制药", "Qiming Pharma"), "A", ProspectState.OPEN),
    Named("P09", 6, b("海陵机床", "Hailing Machine Tools"), "B", ProspectState.LOST),
)


def prospects(year: int) -> Tables:
    """Rows of 潜客."""
    rows: list[Row] = []
    for team, (quality, counts) in POOLS.items():
        for month, count in enumerate(counts, 1):
            rows.append(_row(team, Month(year, month), quality, count=count))
    for one in NAMED:
        rate = None if one.percent is None else Decimal(one.percent) / 100
        when = Month(year, one.month)
        rows.append(_row(one.unit, when, one.quality, name=one.name, state=one.state, rate=rate))
    return {"prospects": rows}


def _row(unit: str, month: Month, quality: str, **more: Cell) -> Row:
    return {"unit": unit, "month": month, "quality": quality, **more}
