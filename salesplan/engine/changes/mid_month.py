"""A change from a day within a month: what of that month stands as it was.

A flow's month is split by working days before the day and from it on. The part before stands, to
the unit: a unit's by its own working days where it joins or leaves within the month, and what the
children's parts leave of their parent's is unassigned. What is left of the month is divided like a
month of its own. Levels stand at a month's end, so of theirs nothing stands; of a rate the month
is the mean by working days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from salesplan.dataclass import dataclass, field
from salesplan.engine.changes.transfers import Figures, Parents
from salesplan.engine.exact.rounding import apportion, common, nearest
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.target import Split
from salesplan.engine.targets.tree import before, from_day
from salesplan.plan.model import Kpi, Month, Plan

Parts = Mapping[str, int]
"""By unit, what of its month stands, in smallest units."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where in the year changes begin: at the month at place ``start``, or on a ``day`` in it.

    ``parts`` is what of that month stands, by KPI and unit.
    """

    start: int = 0
    day: date | None = None
    parts: Mapping[str, Parts] = field(default_factory=dict)

    def part(self, kpi: str, unit: str) -> int:
        """What of the unit's month stands."""
        return self.parts.get(kpi, {}).get(unit, 0)

    def open(self, kpi: str, months: Figures) -> Figures:
        """Every unit's months without what stands of the one at ``start``."""
        if kpi not in self.parts:
            return months
        return {
            code: [
                *own[: self.start],
                own[self.start] - self.part(kpi, code),
                *own[self.start + 1 :],
            ]
            for code, own in months.items()
        }

    def later(
        self,
        start: int,
        day: date | None,
        plan: Plan,
        calendar: Calendar,
        figures: Mapping[str, tuple[Figures, Parents]],
    ) -> Cut:
        """The cut at another day of this month, or in a later one.

        ``figures``: by KPI that is a flow its months, and who is above whom in the cut's month.
        """
        if (start, day) == (self.start, self.day):
            return self
        if day is None:
            return Cut(start)
        first = Month.of(day).first
        since = self.day if start == self.start and self.day is not None else first
        old = self.parts if start == self.start else {}
        shares: dict[str, Fraction] = {}

        def share(unit: str) -> Fraction:
            if unit not in shares:
                shares[unit] = before(plan.unit_by_code[unit], since, day, calendar)
            return shares[unit]

        parts = {}
        for kpi, (months, parents) in figures.items():
            stood = old.get(kpi, {})
            left = {code: own[start] - stood.get(code, 0) for code, own in months.items()}
            more = standing(left, parents, share)
            parts[kpi] = {code: stood.get(code, 0) + part for code, part in more.items()}
        return Cut(start, day, parts)

    def left(self, calendar: Calendar) -> Fraction:
        """How much of the month's working days is from the day on."""
        if self.day is None:
            return Fraction(1)
        month = Month.of(self.day)
        return Fraction(calendar.count(self.day, month.last), calendar.in_month(month))

    def there(self, plan: Plan, calendar: Calendar) -> Mapping[str, Fraction]:
        """The presence from the day on of units that join or leave."""
        if self.day is None:
            return {}
        return {
            unit.code: from_day(unit, self.day, calendar)
            for unit in plan.units
            if unit.joined is not None or unit.left is not None
        }

    def split(self, kpi: Kpi, unit: str, calendar: Calendar) -> Split | None:
        """What is told of the split month; None where nothing is split."""
        if self.day is None or kpi.code not in self.parts:
            return None
        month = Month.of(self.day)
        return Split(
            day=self.day,
            before=calendar.count(month.first, self.day - timedelta(days=1)),
            days=calendar.in_month(month),
            stands=self.part(kpi.code, unit) * kpi.smallest_unit,
        )


def standing(
    values: Mapping[str, int], parents: Parents, share: Callable[[str], Fraction]
) -> dict[str, int]:
    """Of each unit's value its share, in whole units; children and what is nobody's add up to the
    parent's.
    """
    children: dict[str, list[str]] = {}
    tops = []
    for code in values:
        above = parents.get(code)
        if above in values:
            children.setdefault(str(above), []).append(code)
        else:
            tops.append(code)
    found = {code: _rounded(values[code] * share(code)) for code in tops}
    reals = {code: values[code] * share(code) for code in values}
    for code in tops:  # grows: children behind their parents
        below = children.get(code, [])
        if below:
            found.update(zip(below, _divided(found[code], reals, code, below), strict=False))
            tops.extend(below)
    return found


def _divided(
    total: int, reals: Mapping[str, Fraction], parent: str, below: Sequence[str]
) -> list[int]:
    own = [reals[code] for code in below]
    numerators, scale = common([*own, reals[parent] - sum(own, Fraction(0))])
    return apportion(total, numerators, scale)


def _rounded(value: Fraction) -> int:
    return nearest(value.numerator, value.denominator)
