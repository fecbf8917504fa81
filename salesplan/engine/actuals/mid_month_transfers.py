"""Actuals of a month within which a unit goes to another parent. Imported only where one does.

What is dated before the day is the old parent's, from the day on the new one's. A figure given for
the whole month is split as the target is, by the unit's working days, in whole smallest units. How
things stand (levels, rates of a latest date) and a finished rate without its parts are of the
month's end, and go along.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import chain

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.tally import Lineages, Parts, row_parts
from salesplan.engine.exact.rounding import nearest
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.tree import before
from salesplan.plan.model import MICRO, Kpi, KpiKind, Month, Plan

Pieces = tuple[date, ...]
"""The days before which the earlier pieces of a month end."""


@dataclass(frozen=True)
class MidMonthTransfers:
    """The months of ``plan`` that transfers split."""

    plan: Plan
    lineage: Lineages

    @cached_property
    def _calendar(self) -> Calendar:
        years = {one.since.year for one in self.plan.transfers}
        return Calendar.of(self.plan.settings.country, self.plan.calendar, years)

    @cached_property
    def _days(self) -> Mapping[Month, Pieces]:
        found: dict[Month, set[date]] = {}
        for one in self.plan.transfers:
            if one.day is not None:
                found.setdefault(one.since, set()).add(one.day)
        return {month: tuple(sorted(days)) for month, days in found.items()}

    def pieces(self, kpi: Kpi, unit: str, month: Month) -> Pieces:
        """The days that split the unit's figures of a month; none where they are all of one line of
        units, or say how things stand.
        """
        days = self._days.get(month, ())
        if not days or kpi.kind.is_snapshot:
            return ()
        now = self.lineage.at(month).get(unit)
        moves = any(self.lineage.until(day).get(unit) != now for day in days)
        return days if moves else ()

    def amounts(self, kpi: Kpi, unit: str, month: Month, rows: Iterable[int]) -> dict[date, int]:
        """A flow's figure by the day before which its piece ends (the last: ``date.max``)."""
        days, value = self.pieces(kpi, unit, month), self.plan.actuals.value
        found: dict[date, int] = {}
        for row in rows:
            for day, piece in self._of_row(kpi, unit, days, row, value[row] or 0).items():
                found[day] = found.get(day, 0) + piece
        return found

    def rates(self, kpi: Kpi, unit: str, month: Month, rows: Iterable[int]) -> dict[date, Parts]:
        """A rate's sums in the same way. A row by month counts as one, in the last piece."""
        days, actuals = self.pieces(kpi, unit, month), self.plan.actuals
        found: dict[date, Parts] = {}
        for row in rows:
            last = self._ends(days, row) or date.max
            both = row_parts(actuals, kpi.kind, row)
            if both is None:
                pieces = {last: Parts(bare=1, stated=actuals.value[row] or 0)}
            else:
                tops, bottoms = (self._of_row(kpi, unit, days, row, one) for one in both)
                pieces = {
                    day: Parts(top, bottoms[day], int(day == last)) for day, top in tops.items()
                }
            for day, piece in pieces.items():
                found[day] = found.get(day, Parts()).plus(piece)
        return found

    def inside(
        self, kpi: Kpi, unit: str, month: Month, row: int, above: Collection[str]
    ) -> Callable[[int], int] | None:
        """What of a row's figure is of the pieces in which the unit is, or is below, one of
        ``above``; None: nothing is.
        """
        days = self.pieces(kpi, unit, month)
        end = self._ends(days, row) or (date.max if self._is_bare(kpi, row) else None)
        ends = (*days, date.max) if end is None else (end,)
        wanted = {day for day in ends if not self._line(unit, month, day).isdisjoint(above)}

        def part(figure: int) -> int:
            pieces = self._of_row(kpi, unit, days, row, figure) if end is None else {end: figure}
            return sum(piece for day, piece in pieces.items() if day in wanted)

        return part if wanted else None

    def first_above(self, kpi: Kpi, unit: str, month: Month, wanted: Container[str]) -> str | None:
        """The nearest of ``wanted`` that the unit is below in some piece of the month."""
        ends = (*self.pieces(kpi, unit, month), date.max)
        lines = chain.from_iterable(self._upwards(unit, month, day) for day in ends)
        return next((one for one in lines if one in wanted), None)

    def _is_bare(self, kpi: Kpi, row: int) -> bool:
        """Whether it gives a finished rate only."""
        rate = kpi.kind is not KpiKind.FLOW
        return rate and row_parts(self.plan.actuals, kpi.kind, row) is None

    def _line(self, unit: str, month: Month, until: date) -> frozenset[str]:
        return frozenset(self._upwards(unit, month, until))

    def _upwards(self, unit: str, month: Month, until: date) -> tuple[str, ...]:
        lines = self.lineage.at(month) if until == date.max else self.lineage.until(until)
        return lines.get(unit, ())

    def _ends(self, days: Pieces, row: int) -> date | None:
        """The end of the piece that a dated row is of; None for a row by month."""
        day = self.plan.actuals.day[row]
        return None if day is None else next((end for end in days if day < end), date.max)

    def _of_row(self, kpi: Kpi, unit: str, days: Pieces, row: int, figure: int) -> dict[date, int]:
        end = self._ends(days, row)
        if end is not None:
            return {end: figure}
        step = _step(kpi, figure)
        found, done = {}, 0
        for day in days:
            share = self._share(unit, day)
            upto = nearest(figure * share.numerator, share.denominator * step) * step
            found[day], done = upto - done, upto
        return {**found, date.max: figure - done}

    def _share(self, unit: str, day: date) -> Fraction:
        """What of the unit's working days in the month lies before the day."""
        return before(self.plan.unit_by_code[unit], Month.of(day).first, day, self._calendar)


def _step(kpi: Kpi, figure: int) -> int:
    """A flow's smallest unit in millionths, where the figure is a whole number of it; else one
    millionth.
    """
    step = kpi.smallest_unit * MICRO
    whole = kpi.kind is KpiKind.FLOW and step > 0 and step == step.to_integral_value()
    return int(step) if whole and figure % int(step) == 0 else 1
