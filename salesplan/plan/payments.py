"""Paying a commitment: 支出 with the 凭证 of a 占用 of the same budget line releases it.

So nobody has to reverse the commitment by a negative row. Who does all the same is right, too:
only what the typed rows of a voucher leave committed is released, and never more than was paid.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from salesplan.dataclass import replace
from salesplan.plan.model import Spending, SpendKind
from salesplan.plan.spelling import bare


def with_releases(rows: Iterable[Spending]) -> tuple[Spending, ...]:
    """The rows, and after each payment of a commitment what it releases: a negative 占用 of its
    day.
    """
    typed = tuple(rows)
    open_of: dict[tuple[str, str], Decimal] = {}
    for row in typed:
        if row.voucher and row.kind is SpendKind.COMMITTED:
            key = (row.budget, bare(row.voucher))
            open_of[key] = open_of.get(key, Decimal(0)) + row.amount
    found: list[Spending] = []
    for row in typed:
        found.append(row)
        key = (row.budget, bare(row.voucher))
        if row.kind is SpendKind.SPENT and row.amount > 0 and open_of.get(key, 0) > 0:
            released = min(row.amount, open_of[key])
            open_of[key] -= released
            found.append(replace(row, kind=SpendKind.COMMITTED, amount=-released, released=True))
    return tuple(found)
