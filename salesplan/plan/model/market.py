"""How large the markets of 市场规模 are, by year and month. Imported only where a plan has any."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.plan.model.base import Month
from salesplan.plan.model.records import MarketSize
from salesplan.plan.normalize import folded

NEAR = Decimal("0.01")
"""A hundredth: typed sizes are round."""

Key = tuple[str, str]
"""Region and product, folded."""


def key_of(region: str, product: str) -> Key:
    """Which market a region and a product name ("" for all of them)."""
    return folded(region), folded(product)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large one market is, by calendar year and by month."""

    years: dict[int, Decimal]
    months: dict[Month, Decimal]

    def month(self, month: Month) -> Decimal | None:
        """The size of a month by its own row; None without one."""
        return self.months.get(month)

    def part(self, month: Month) -> Decimal | None:
        """The even part of a month in what the rows of months leave of its year; None where the
        year is not known, or nothing is left of it.
        """
        year = self.years.get(month.year)
        if year is None:
            return None
        known = [size for one, size in self.months.items() if one.year == month.year]
        left = year - sum(known, Decimal(0))
        return left / (12 - len(known)) if len(known) < 12 and left > 0 else None

    def year(self, year: int) -> Decimal | None:
        """The size of a year: its own row, else the sum of twelve months' rows."""
        if year in self.years:
            return self.years[year]
        known = [size for one, size in self.months.items() if one.year == year]
        return sum(known, Decimal(0)) if len(known) == 12 else None


def sizes(rows: Iterable[MarketSize]) -> dict[Key, Sizes]:
    """The markets of 市场规模, in the order of the sheet."""
    found: dict[Key, Sizes] = {}
    for row in rows:
        one = found.setdefault(key_of(*row.key), Sizes({}, {}))
        if row.size is None or row.size <= 0:
            continue
        if row.month is None and "month" not in row.broken:
            one.years.setdefault(row.year, row.size)
        elif row.month is not None and 1 <= row.month <= 12:
            one.months.setdefault(Month(row.year, row.month), row.size)
    return found
