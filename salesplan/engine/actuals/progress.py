"""Where the year stands at the cut-off: 时间进度, 应达进度 and the progress gap."""

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
    HALF = "half"
    YTD = "ytd"
    YEAR = "year"

    @property
    def length(self) -> int:
        """How many months it has at most."""
        return _LENGTHS[self]

    def begin(self, index: int) -> int:
        """Its first month, where ``index`` is the report month: both count from the fiscal year's
        first, so quarters and halves are fiscal ones.
        """
        return index // self.length * self.length


_LENGTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.HALF: 6, Span.YTD: 12, Span.YEAR: 12}


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """The months that a report looks at: those of its ``span`` that holds the report month, up to
    it.

    ``months`` are the plan year's; ``first``, ``here`` and ``last`` count from the first of them:
    where the span begins, the report month, where the span ends. What is held against it are as
    many months of last year (:attr:`last_year`) and of the span before (:attr:`before`): of a
    quarter in its second month the first two of each.
    """

    span: Span
    months: tuple[Month, ...]
    first: int
    here: int
    last: int

    @classmethod
    def of(cls, months: tuple[Month, ...], month: Month, span: Span) -> ReportSpan:
        """The span of the plan year that holds ``month``, up to it. Raises ValueError if that is
        not a plan month.
        """
        here = months.index(month)
        first = span.begin(here)
        return cls(span, months, first, here, first + span.length - 1)

    @property
    def judged(self) -> Span:
        """The span whose attainment says how it stands: of a year that of the year to date."""
        return Span.YTD if self.span is Span.YEAR else self.span

    @property
    def begins(self) -> Month:
        """Its first month."""
        return self.months[self.first]

    @property
    def month(self) -> Month:
        """The report month."""
        return self.months[self.here]

    @property
    def ends(self) -> Month:
        """The span's last month, which may be one to come."""
        return self.months[self.last]

    @property
    def begun(self) -> tuple[Month, ...]:
        """Its months up to the report month."""
        return self.months[self.first : self.here + 1]

    @property
    def number(self) -> int:
        """Which of the year's months, quarters or halves it is, from 1 on."""
        return self.first // self.span.length + 1

    @property
    def code(self) -> str:
        """What it is called in files and stamps: 2026-06, 2026-Q2, 2026-H1, 2026."""
        ends = {Span.QUARTER: f"-Q{self.number}", Span.HALF: f"-H{self.number}", Span.YEAR: ""}
        end = ends.get(self.span)
        return str(self.month) if end is None else f"{self.months[0].year}{end}"

    @property
    def complete(self) -> bool:
        """Whether the report month is the span's last one."""
        return self.here == self.last

    @property
    def last_year(self) -> tuple[Month, Month]:
        """First and last of the same months of last year."""
        return self.begins.plus(-12), self.month.plus(-12)

    @property
    def before(self) -> tuple[Month, Month] | None:
        """First and last of as many months of the span before; None of a year: that one is last
        year.
        """
        if self.span.length == len(self.months):
            return None
        return self.begins.plus(-self.span.length), self.month.plus(-self.span.length)

    @property
    def next(self) -> tuple[Month, ...]:
        """The months of the span that follows, as far as the plan year has them."""
        return self.months[self.last + 1 : self.last + 1 + self.span.length]


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
    def over(self) -> int:
        """How many of the plan year's months, up to the report month, are over."""
        return self.index if self.running else self.index + 1

    def due(self, months: Sequence[Decimal | None], first: int = 0) -> Decimal | None:
        """What is due at the cut-off of the targets from month ``first`` on, × :attr:`days` to stay
        exact.

        Months that are over count whole, the report month by 时间进度. None if one of those targets
        is missing.
        """
        over = months[first : self.index]
        current = months[self.index]
        if current is None:
            return None
        total = current * self.elapsed
        for target in over:
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
