"""The budget month by month: what was committed, spent and left at each month's end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.plan.model import BudgetStatus, Month, Plan, Spending, SpendKind

ZERO = Decimal(0)
WARNING_FROM = Decimal("0.8")
"""Use above this share of the grant is 预警; above all of it 超支."""


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """A grant at a month's end, at the cut-off in its own month: all that was booked from the
    beginning up to that day.

    ``rate`` = (committed + spent) ÷ granted, None for a grant of 0; what depends on a grant that
    cannot be told is None.
    """

    month: Month
    granted: Decimal | None
    committed: Decimal
    spent: Decimal
    available: Decimal | None
    rate: Decimal | None
    status: BudgetStatus | None

    @property
    def use(self) -> Decimal:
        """What is committed and spent."""
        return self.committed + self.spent


def month_end(
    month: Month, granted: Decimal | None, committed: Decimal, spent: Decimal
) -> MonthEnd:
    """A line at a month's end, held against its whole grant; without a grant it has no status."""
    use = committed + spent
    return MonthEnd(
        month,
        granted,
        committed,
        spent,
        available=None if granted is None else granted - use,
        rate=use / granted if granted else None,
        status=status_of(granted, use),
    )


def month_ends(
    plan: Plan, granted: Mapping[str, Decimal | None], as_of: date
) -> dict[str, tuple[MonthEnd, ...]]:
    """Each line of ``granted`` at the end of every month of the plan year that has begun at
    ``as_of``.

    Spending before the plan year is in every month; what comes after the cut-off in none.
    """
    by_line: dict[str, list[Spending]] = {code: [] for code in granted}
    for row in plan.spending:
        if row.day <= as_of and row.budget in by_line:
            by_line[row.budget].append(row)
    begun = [month for month in plan.settings.months if month.first <= as_of]
    found = {}
    for code, rows in by_line.items():
        found[code] = tuple(
            month_end(
                month,
                granted[code],
                _booked(rows, month, SpendKind.COMMITTED),
                _booked(rows, month, SpendKind.SPENT),
            )
            for month in begun
        )
    return found


def total_ends(lines: Iterable[tuple[MonthEnd, ...]]) -> tuple[MonthEnd, ...]:
    """The lines together, month by month; a line whose grant cannot be told counts with what it
    used alone.
    """
    found = []
    for ends in zip(*lines, strict=True):
        found.append(
            month_end(
                ends[0].month,
                sum((end.granted for end in ends if end.granted is not None), ZERO),
                sum((end.committed for end in ends), ZERO),
                sum((end.spent for end in ends), ZERO),
            )
        )
    return tuple(found)


def status_of(granted: Decimal | None, use: Decimal) -> BudgetStatus | None:
    """正常 up to 80 % of the grant, 预警 up to all of it, 超支 above, and for any use of a grant of
    0.
    """
    if granted is None:
        return None
    if use > granted:
        return BudgetStatus.OVERSPENT
    return BudgetStatus.WARNING if use > granted * WARNING_FROM else BudgetStatus.NORMAL


def _booked(rows: Iterable[Spending], month: Month, kind: SpendKind) -> Decimal:
    return sum((row.amount for row in rows if row.kind is kind and row.day <= month.last), ZERO)
