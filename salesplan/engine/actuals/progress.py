"""Where the year stands at the cut-off: 时间进度, 应达进度 and the progress gap (SPEC 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import (
    Direction,
    Month,
)

if TYPE_CHECKING:
    from salesplan.engine.exact.workdays import Calendar


class Span(Enum):
    """A stretch of the plan year, as seen from the report month."""

    __hash__ = object.__hash__
    """Spans are keys of a hundred thousand attainments."""

    MONTH = "month"
    QUARTER = "quarter"
    YTD = "ytd"
    YEAR = "year"


def month_over(calendar: Calendar, month: Month, as_of: date) -> bool:
    """Whether the cut-off is on or after the month's last working day (its last day where it has
    none).
    """
    if as_of >= month.last:
        return True
    working = calendar.in_month(month)
    return bool(working) and calendar.count(month.first, as_of) == working


@dataclass(frozen=True, slots=True)
class Clock:
    """The report month's place in the plan year, and its working days at the cut-off.

    ``index`` counts from the fiscal year's first month; ``elapsed`` of ``days`` working days are
    over, the cut-off included; ``running``: the cut-off is before the month's last working day.
    ``working`` are the working days of each of the plan year's months.
    """

    months: tuple[Month, ...]
    index: int
    elapsed: int
    days: int
    running: bool
    working: tuple[int, ...] = ()

    @classmethod
    def of(cls, months: tuple[Month, ...], calendar: Calendar, month: Month, as_of: date) -> Clock:
        """The clock at ``as_of`` for a report month. Raises ValueError if that is not a plan month.

        A month without any working day is over on its last day and not before.
        """
        index, running = months.index(month), not month_over(calendar, month, as_of)
        working = tuple(calendar.in_month(one) for one in months)
        if working[index] == 0:
            return cls(months, index, int(not running), 1, running, working)
        elapsed = calendar.count(month.first, as_of) if running else working[index]
        return cls(months, index, elapsed, working[index], running, working)

    @property
    def time_progress(self) -> Decimal:
        """时间进度: working days elapsed, cut-off included, ÷ working days of the month."""
        return divide(self.elapsed, self.days)

    @property
    def remaining(self) -> int:
        """Working days of the report month after the cut-off."""
        return self.days - self.elapsed

    @property
    def closed(self) -> int:
        """How many of the plan year's months, up to the report month, are over."""
        return self.index if self.running else self.index + 1

    def due(self, months: Sequence[Decimal | None], first: int = 0) -> Decimal | None:
        """What is due at the cut-off of the targets from month ``first`` on, × :attr:`days` to stay
        exact.

        Closed months count whole, the report month by 时间进度. None if one of those targets is
        missing.
        """
        closed = months[first : self.index]
        current = months[self.index]
        if current is None:
            return None
        total = current * self.elapsed
        for target in closed:
            if target is None:
                return None
            total += target * self.days
        return total

    def part(self, due: Decimal | None, whole: Decimal | None) -> Decimal | None:
        """应达进度: the part of ``whole`` that is ``due`` at the cut-off (see :meth:`due`); None
        where that cannot be told.
        """
        return None if due is None or not whole else divide(due, whole * self.days)

    def gap(
        self,
        direction: Direction,
        due: Decimal | None,
        whole: Decimal | None,
        actual: Decimal | None,
    ) -> Decimal | None:
        """进度差: actual ÷ year's target − 应达进度, positive where that is good; ``due`` is the
        year's (see :meth:`due`).

        For lower-better KPIs the sign is turned, and a negative target is measured by its size,
        as in the attainment. None where any of the figures is missing.
        """
        if due is None or not whole or actual is None:
            return None
        ahead = actual * self.days - due
        return divide(ahead if direction is Direction.HIGHER else -ahead, abs(whole) * self.days)
