"""竞争对手: what was last seen of each, beside our own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.plan.model import Competitor, Plan
from salesplan.plan.normalize import folded


@dataclass(frozen=True, slots=True)
class Compared:
    """A competitor's last row, with ours of the same product and region: the ``price``, and the
    whole row where 竞争对手 has one (None: it has not). ``before`` is the competitor's row before.
    """

    row: Competitor
    price: Decimal | None = None
    ours: Competitor | None = None
    before: Competitor | None = None

    @property
    def difference(self) -> Decimal | None:
        """How far the competitor's price is above ours (below zero: under it); None where one of
        them is not known.
        """
        if self.row.price is None or not self.price or self.price < 0:
            return None
        return self.row.price / self.price - 1


def compared(plan: Plan, until: date | None = None) -> tuple[Compared, ...]:
    """Each competitor by product and region, as it was last seen (up to a day), in the order of the
    sheet.

    Our price is that of our own last row of the same product and region, else of the same product
    anywhere, else the list price of 产品. Rows without a day are older than those with one.
    """
    rows = [row for row in plan.competitors if until is None or (row.day or until) <= until]
    own = [row for row in rows if row.is_ours]
    seen: dict[tuple[str, str, str], list[Competitor]] = {}
    for row in rows:
        if not row.is_ours:
            name = (folded(row.name), folded(row.product), folded(row.region))
            seen.setdefault(name, []).append(row)
    found = []
    for group in seen.values():
        *earlier, last = _by_day(group)
        ours = _ours(own, last)
        price = None if ours is None else ours.price
        if price is None:
            price = _list_price(plan, last.product)
        found.append(Compared(last, price, ours, earlier[-1] if earlier else None))
    return tuple(found)


def _by_day(rows: Iterable[Competitor]) -> Sequence[Competitor]:
    return sorted(rows, key=lambda row: row.day or date.min)


def _ours(own: Sequence[Competitor], row: Competitor) -> Competitor | None:
    product, region = folded(row.product), folded(row.region)
    there = _by_day(one for one in own if folded(one.product) == product)
    exact = [one for one in there if folded(one.region) == region]
    wide = [one for one in there if not one.region]
    for rows in (exact, wide, there):
        if rows:
            return rows[-1]
    return None


def _list_price(plan: Plan, product: str) -> Decimal | None:
    found = plan.product_index.one(product) if product else None
    return None if found is None else found.list_price
