"""Where the year stands at the cut-off: 时间进度, 应达进度 and the progress gap (SPEC 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.engine.exact.figures import divide
from salesplan.plan.model import Direction, Month

if TYPE_CHECKING:
    from salesplan.engine.exact.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Clock:
    """The report month's place in the plan year, and its working days at the cut-off.

    ``index`` counts from the fiscal year's first month; ``elapsed`` of ``days`` working days are
    over, the cut-off included; ``running``: the cut-off is before the month's last day.
    """

    months: tuple[Month, ...]
    index: int
    elapsed: int
    days: int
    running: bool

    @classmethod
    def of(cls, months: tuple[Month, ...], calendar: Calendar, month: Month, as_of: date) -> Clock:
        """The clock at ``as_of`` for a report month. Raises ValueError if that is not a plan month.

        A month without any working day is over on its last day and not before.
        """
        running = as_of < month.last
        days = calendar.count(month.first, month.last)
        if days == 0:
            return cls(months, months.index(month), int(not running), 1, running)
        elapsed = (
            days
            if not running
            else 0
            if as_of < month.first
            else calendar.count(month.first, as_of)
        )
        return cls(months, months.index(month), elapsed, days, running)

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
        """What is due at the cut-off of the targets from month ``first`` on, × :attr:`days` to stay exact.

        Closed months count whole, the report month by 时间进度. None if one of those targets is missing.
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
        """应达进度: the part of ``whole`` that is ``due`` at the cut-off (see :meth:`due`); None where that cannot be told."""
        return None if due is None or not whole else divide(due, whole * self.days)

    def gap(
        self,
        direction: Direction,
        due: Decimal | None,
        whole: Decimal | None,
        actual: Decimal | None,
    ) -> Decimal | None:
        """进度差: actual ÷ year's target − 应达进度, positive where that is good; ``due`` is the year's (see :meth:`due`).

        For lower-better KPIs the sign is turned, and a negative target is measured by its size,
        as in the completion rate. None where any of the figures is missing.
        """
        if due is None or not whole or actual is None:
            return None
        ahead = actual * self.days - due
        return divide(ahead if direction is Direction.HIGHER else -ahead, abs(whole) * self.days)
