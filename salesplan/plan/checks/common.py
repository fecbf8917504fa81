"""What several checks share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from salesplan.findings import Finding
from salesplan.plan.model import Origin, Plan, Unit
from salesplan.plan.naming import near as near
from salesplan.wording import without_zeros

Check = Callable[[Plan], Iterable[Finding]]
"""A rule: pure, looks at the whole plan, says each breach at its cell."""
DatedCheck = Callable[[Plan, date], Iterable[Finding]]
"""A rule that depends on the day up to which things are known."""

ONE = Decimal(1)
TOLERANCE = Decimal("1e-9")
"""Shares that come from formulas such as =1/3 add up to 1 only to the 15 digits that Excel keeps.
"""


def percent(share: Decimal) -> str:
    """A share as people write it: 0.955 is ``95.5%``; at most four decimals."""
    return without_zeros(f"{round(share * 100, 4):f}") + "%"


OUT_OF_SCALE = 2000
"""A figure that is so many times another, which it should be about, asks whether 元 and 万元 were
mixed: these are 10,000 apart.
"""


def out_of_scale(one: Decimal, other: Decimal) -> bool:
    """Whether one of two figures, neither of them 0, is :data:`OUT_OF_SCALE` times the other."""
    less, more = sorted((abs(one), abs(other)))
    return bool(less) and more > less * OUT_OF_SCALE


def known_regions(plan: Plan) -> tuple[str, ...]:
    """The regions that the plan works with: those of units, of budget caps, of strategies; none
    where units have none.
    """
    of_units = dict.fromkeys(unit.region for unit in plan.units if unit.region)
    if not of_units:
        return ()
    others = (share.name for share in plan.region_shares)
    filters = (strategy.region for strategy in plan.strategies if strategy.region)
    return tuple(dict.fromkeys((*of_units, *others, *filters)))


def shares_as_numbers(row: Origin, kpi: str, typed: Mapping[str, Decimal]) -> Iterator[Finding]:
    """Of a row the numbers that are ``typed`` for percentages, by field: 60 where 60 % is meant."""
    for key, value in typed.items():
        yield Finding.of(
            "share-as-number", row.place(key), kpi=kpi, number=value, share=f"{value:f}%"
        )


def outside_year(plan: Plan, day: date) -> bool:
    """Whether the day lies outside the plan's fiscal year."""
    months = plan.settings.months
    return not months[0].first <= day <= months[-1].last


def active_in_year(plan: Plan, unit: Unit) -> bool:
    """Whether the unit is there for any day of the plan year."""
    months = plan.settings.months
    return not (
        (unit.left is not None and unit.left < months[0].first)
        or (unit.joined is not None and unit.joined > months[-1].last)
    )
