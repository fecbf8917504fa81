"""What stands filled on 目标分解 for months that close: what was issued, whatever the plan says by
now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from salesplan.dataclass import dataclass, replace
from salesplan.engine.changes.closing import Standing, as_recorded
from salesplan.engine.targets.target import Target
from salesplan.plan.model import Kpi, Plan, TargetRow

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Issued:
    """The figures as they are filled; how many filled targets say something else than the plan
    does now (``other``), and how many are blank though the plan has one (``blank``).
    """

    standing: Standing
    other: int
    blank: int


def as_filled(plan: Plan, standing: Standing, places: Sequence[int]) -> Issued:
    """``standing`` with the months at ``places`` as they are filled, where a row of 目标分解 has
    any of them filled otherwise than the plan says now.
    """
    filled = _Filled(plan, places)
    targets = filled.laid(
        standing.targets, {(row.kpi, row.unit): row for row in plan.targets if not row.product}
    )
    products = standing.products
    if products is not None:
        parts = {(row.kpi, row.unit, row.product): row for row in plan.product_targets}
        products = replace(products, targets=filled.laid(products.targets, parts))
    other, blank = filled.other, filled.blank
    if not other:
        return Issued(standing, other, blank)
    return Issued(replace(standing, targets=targets, products=products), other, blank)


class _Filled:
    """Lays rows over targets, and counts what is not the same."""

    def __init__(self, plan: Plan, places: Sequence[int]) -> None:
        self.plan, self.places = plan, places
        self.other = self.blank = 0

    def laid(
        self, targets: Mapping[Key, Target], rows: Mapping[Key, TargetRow]
    ) -> dict[Key, Target]:
        return {key: self._one(target, rows.get(key)) for key, target in targets.items()}

    def _one(self, target: Target, row: TargetRow | None) -> Target:
        kpi = self.plan.kpi_by_code[target.kpi]
        base, issued = list(target.base_months), list(target.months)
        for at in self.places:
            there = None if row is None else row.stored_months[at]
            now = as_recorded(target.months[at])
            if there == now:
                continue
            if there is None:
                self.blank += 1
            else:
                self.other += 1
            issued[at] = there
            base[at] = _base(kpi, there, target.base_months[at], target.months[at])
        return replace(target, base_months=tuple(base), months=tuple(issued))


def _base(
    kpi: Kpi, issued: Decimal | None, base_now: Decimal | None, issued_now: Decimal | None
) -> Decimal | None:
    """The base of what is issued, by the hedge that the plan has now, in whole units."""
    if issued is None or not base_now or not issued_now or base_now == issued_now:
        return issued
    real = Fraction(issued) * Fraction(base_now) / Fraction(issued_now)
    if not kpi.kind.adds_over_units:
        return Decimal(real.numerator) / Decimal(real.denominator)
    return round(real / Fraction(kpi.smallest_unit)) * kpi.smallest_unit
