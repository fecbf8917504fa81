"""How much came in since the last meeting, and each working day so far, against what each working
day left of the month must bring.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.pace import daily_need
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.tally import Lineages
from salesplan.engine.exact.figures import amount, divide
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.results import Results
from salesplan.plan.model import Direction, Kpi, Month, Plan

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RunRate:
    """A flow KPI of a unit in a month; amounts in the KPI's unit.

    ``recent`` is what the dated rows of the stretch looked back on say (None: there is no such
    row; ``latest`` is then the day of the last one, if any). ``average`` is the month's ``actual``
    ÷ the working days of the month that are over, ``need`` what each of the ``remaining`` ones
    must bring (of a KPI that is better low: may still use). None where that cannot be told;
    ``missed``: no day is left and the target is missed. ``by_month``: rows of the running month
    have no day, so that nobody can say what of ``actual`` its days so far brought.
    """

    kpi: Kpi
    unit: str
    recent: Decimal | None
    latest: date | None
    average: Decimal | None
    need: Decimal | None
    actual: Decimal | None
    target: Decimal | None
    remaining: int
    missed: bool = False
    by_month: bool = False

    @property
    def met(self) -> bool:
        """Whether nothing is left to do: the month's target is reached."""
        higher = self.kpi.direction is Direction.HIGHER
        return higher and self.need is not None and not self.need

    @property
    def enough(self) -> bool | None:
        """Whether the average so far is what is needed from now on (no day left: whether the target
        is met); None where that is unknown.
        """
        if self.missed:
            return False
        if self.average is None or self.need is None:
            return None
        higher = self.kpi.direction is Direction.HIGHER
        return self.average >= self.need if higher else self.average <= self.need


@dataclass(frozen=True, kw_only=True)
class RunRates:
    """The run rates of a plan in a ``month``, with what is known up to and including ``until``;
    looked back on is the stretch from ``since`` on.
    """

    plan: Plan
    results: Results
    calendar: Calendar
    month: Month
    since: date
    until: date

    def of(self, unit: str) -> tuple[RunRate, ...]:
        """Those of a unit's flow KPIs that have a target in the month, in sheet order."""
        found = (self._one(kpi, unit) for kpi in self.plan.kpis if kpi.kind.adds_over_months)
        return tuple(one for one in found if one is not None)

    def main(self, unit: str) -> RunRate | None:
        """That of the unit's flow KPI with the most weight, the first of equals."""
        found = self.of(unit)
        return max(found, key=lambda one: one.kpi.weight or Decimal(0), default=None)

    @cached_property
    def _facts(self) -> Facts:
        return Facts.of(self.plan, self.until)

    @cached_property
    def _undated(self) -> frozenset[tuple[str, str]]:
        """KPIs and units, those above included, with a row of the month that has no day."""
        actuals, lineages = self.plan.actuals, Lineages(self.plan).at(self.month)
        columns = zip(actuals.month, actuals.day, actuals.kpi, actuals.unit, strict=True)
        rows = {(kpi, unit) for month, day, kpi, unit in columns if month == self.month and not day}
        found = set[tuple[str, str]]()
        for kpi, unit in rows:
            found.update((kpi, above) for above in lineages.get(unit, ()))
        return frozenset(found)

    @cached_property
    def _dated(self) -> dict[tuple[str, str], list[tuple[date, int]]]:
        """(day, amount in millionths) of the dated rows, by KPI and unit, those of the units below
        included.
        """
        actuals, lineages = self.plan.actuals, Lineages(self.plan)
        found: dict[tuple[str, str], list[tuple[date, int]]] = {}
        for row in self._rows():
            day, value = actuals.day[row], actuals.value[row]
            if day is None or value is None:
                continue
            for unit in lineages.at(Month.of(day)).get(actuals.unit[row], ()):
                found.setdefault((actuals.kpi[row], unit), []).append((day, value))
        return found

    def _rows(self) -> Iterator[int]:
        """The dated rows of the month and the one before it, up to the last day."""
        first = self.month.plus(-1).first
        for row, day in enumerate(self.plan.actuals.day):
            if day is not None and first <= day <= self.until:
                yield row

    def _one(self, kpi: Kpi, unit: str) -> RunRate | None:
        months, month = self.plan.settings.months, self.month
        target = self.results.targets.get((kpi.code, unit))
        goal = None if target is None or month not in months else target.months[months.index(month)]
        if goal is None:
            return None
        over = self.calendar.count(month.first, self.until)
        left = self.calendar.count(self.until + DAY, month.last)
        actual = self._facts.value(kpi.code, unit, month, month)
        begun = Decimal(0) if actual is None and not over else actual
        by_month = bool(left) and (kpi.code, unit) in self._undated
        need, missed = daily_need(kpi.direction, goal, None if by_month else begun, left)
        rows: Sequence[tuple[date, int]] = self._dated.get((kpi.code, unit), ())
        recent = [value for day, value in rows if day >= self.since]
        return RunRate(
            kpi=kpi,
            unit=unit,
            recent=amount(sum(recent)) if recent else None,
            latest=max((day for day, _ in rows), default=None),
            average=(
                None if actual is None or not over or by_month else divide(actual, Decimal(over))
            ),
            need=need,
            actual=actual,
            target=goal,
            remaining=left,
            missed=missed,
            by_month=by_month,
        )


def known_until(plan: Plan, until: date) -> date | None:
    """The last day of which the actuals say something, ``until`` at the latest: that of a row, or
    the end of its month where it has none. None without a row.
    """
    actuals = plan.actuals
    days = {day for day in actuals.day if day is not None and day <= until}
    undated = {
        month
        for month, day in zip(actuals.month, actuals.day, strict=True)
        if day is None and month.first <= until
    }
    days |= {min(month.last, until) for month in undated}
    return max(days, default=None)


LATE_AFTER = 5
"""Working days without actuals after which a page says up to which day they go."""


@dataclass(frozen=True, slots=True)
class Stale:
    """Actuals that end days before a page: ``until`` is their last day, and ``kpi`` the page's most
    important one, with what it had come to by then and what was ``expected`` (None: not known).
    """

    until: date
    kpi: Kpi | None = None
    actual: Decimal | None = None
    expected: Decimal | None = None
    pace: Decimal | None = None


def stale(
    plan: Plan, results: Results, calendar: Calendar, day: date, rates: Sequence[RunRate]
) -> Stale | None:
    """Up to which day the actuals go, where that is long before ``day``."""
    until = known_until(plan, day)
    if until is None or calendar.count(until + DAY, day) <= LATE_AFTER:
        return None
    rate = max(rates, key=lambda one: one.kpi.weight or Decimal(0), default=None)
    key = None if rate is None else (rate.kpi.code, rate.unit, Span.YTD)
    one = None if key is None else results.attainments.get(key)
    if rate is None or one is None or one.status.pace is None:
        return Stale(until)
    status = one.status
    return Stale(until, rate.kpi, status.actual, status.expected, status.pace)
