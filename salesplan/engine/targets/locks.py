"""What a row of 目标分解 holds fast: manual values and locks, in whole smallest units.

* A manual value is always kept: 手工年度目标 is the unit's base year, 手工Q1…手工Q4 its base
  quarters, 手工月目标 its base months. What is typed twice must agree; what a year or a quarter
  leaves falls on its other months (:mod:`salesplan.engine.targets.quarters`).
* A lock on the year without a manual year keeps the base year as it was filled before; one on
  the months keeps the months as filled. Filled months are issued months, so their base is found
  by undoing the hedge; where the hedge has changed since and that is not possible exactly, the
  filled base year is kept and its months follow the filled months' shape (a warning).
* A lock with nothing filled yet holds nothing in this run (a warning).
* A lock holds from the start of the year, whenever it was put on: what was issued in months that
  are closed is kept by the close, not by guessing since when a lock is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from salesplan.dataclass import dataclass, replace
from salesplan.engine.exact.rounding import in_units, largest_remainder, nearest
from salesplan.engine.targets.hedge import issue, unhedge
from salesplan.engine.targets.quarters import (
    NO_QUARTERS,
    as_last_months,
    contradiction,
    months_of,
    open_quarters,
)
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, Lock, Month, SplitMethod, TargetRow

_KEYS = frozenset({"method", "lock"})
_Months = tuple[int | None, ...]


class Brought(NamedTuple):
    """What transfers and hand-overs brought a unit since its year, its quarters and its months were
    typed; negative: what they took.
    """

    year: int
    quarters: Sequence[int]
    months: Sequence[int]


@dataclass(frozen=True, slots=True)
class Held:
    """Values in smallest units that the cascade may not change. ``locked``: by a lock alone,
    nothing typed.
    """

    row: TargetRow
    year: int | None
    months: _Months
    locked: bool
    flow: bool = True
    issued: tuple[int, ...] | None = None
    """The issued months that a lock on the months holds."""
    factor: Fraction | None = None
    typed: tuple[int | None, _Months] = (None, ())
    """The year and months that are not there by a lock."""
    open: tuple[int | None, _Months] | None = None
    """What of ``typed`` is left for the months that are divided, where these are not the whole
    year.
    """
    closed: tuple[int, ...] = ()
    """Base months before those that are divided: they stand."""
    part: int = 0
    """What stands of the first month that is divided."""
    quarters: _Months = NO_QUARTERS
    """What the fiscal quarters with open months come to, of a flow, where that is typed."""

    def met_by(self, row: Sequence[int]) -> bool:
        """Whether base months are what is held: the year, and each month; of locked months as they
        are issued.
        """
        if self.year is not None and self.year != (sum(row) if self.flow else row[-1]):
            return False
        if self.issued is not None and self.factor is not None:
            first = len(self.closed)
            base = [*self.closed, row[0] + self.part, *row[1:]]
            issued = issue(base, self.factor, self.flow)
            return list(self.issued[first:]) == issued[first:]
        if any(m not in (None, v) for m, v in zip(self.months, row, strict=True)):
            return False
        for quarter, total in enumerate(self.quarters):
            inside = months_of(quarter, len(row))
            if total is not None and total != sum(row[m] for m in inside):
                return False
        return True

    def cut(self, start: int, closed: Sequence[int], part: int) -> Held:
        """What the company holds of the months from ``start`` on, as it stands in its row; ``part``
        of the first of them stands.
        """
        if not start and not part:
            return self
        months = _less(self.months[start:], part)
        quarters = self._quarters_within(start, [*closed, part], None, months)
        year = self.year
        if year is not None and self.flow:
            year -= sum(closed) + part
        return replace(self, year=year, months=months, quarters=quarters)

    def only(self, months: _Months) -> Held:
        """What is held, where some of the year's months are divided: ``months`` of these."""
        return replace(
            self,
            year=None,
            months=months,
            quarters=NO_QUARTERS,
            issued=None,
            open=None,
            closed=(),
            part=0,
        )

    def typed_levels(self) -> _Months:
        """A level's quarters, where they are typed, as the months in which they end."""
        ends = self.months[2::3]
        typed = self.row.manual_quarters
        return tuple(m if q is not None else None for m, q in zip(ends, typed, strict=True))

    def within(
        self, start: int, closed: Sequence[int], moved: Brought | None, part: int = 0
    ) -> Held | None:
        """What is held of the months from ``start`` on, those before being ``closed`` and a
        ``part`` of the first of them standing.

        ``moved`` is what transfers and hand-overs have brought or taken since: what is typed is the
        plan before them.
        """
        (typed_year, typed), over = self.typed, sum(closed) + part if self.flow else 0
        year, months = self.year, self._after(closed)
        if moved is not None:
            year, typed_year = (
                one if one is None or typed_year is None else one + moved.year
                for one in (year, typed_year)
            )
            months = tuple(
                m if m is None or t is None else m + more
                for m, t, more in zip(months, typed, moved.months, strict=True)
            )
            typed = tuple(
                t if t is None else t + more for t, more in zip(typed, moved.months, strict=True)
            )
        year, typed_year = (one if one is None else one - over for one in (year, typed_year))
        months, typed = _less(months[start:], part), _less(typed[start:], part)
        quarters = self._quarters_within(start, [*closed, part], moved, months)
        if not _says(year, months, quarters):
            return None
        if year is not None and _settled(months, quarters, self.flow) not in (None, year):
            # What is finer holds: of the two only one was moved, or the months before differ.
            year = None
        return replace(
            self,
            year=year,
            months=months,
            quarters=quarters,
            closed=tuple(closed),
            part=part,
            open=(typed_year, typed),
        )

    def _quarters_within(
        self, start: int, stands: Sequence[int], moved: Brought | None, months: _Months
    ) -> _Months:
        """What the typed quarters leave for their months from ``start`` on: what ``stands`` of
        those before, and of the first, is taken off.
        """
        found = list(self.quarters)
        for quarter, total in enumerate(self.quarters):
            inside = range(quarter * 3, quarter * 3 + 3)
            if total is None:
                continue
            over = sum(stands[m] for m in inside if m <= start)
            brought = 0 if moved is None else moved.quarters[quarter]
            has_open = any(months[m - start] is None for m in inside if m >= start)
            found[quarter] = total - over + brought if has_open else None
        return tuple(found)

    def _after(self, closed: Sequence[int]) -> _Months:
        """The base months that are issued as locked: another base of the closed ones may round the
        others differently.
        """
        start = len(closed)
        if (
            self.issued is None
            or self.factor is None
            or not closed
            or list(self.months[:start]) == list(closed)
        ):
            return self.months
        wanted = sum(month or 0 for month in self.months) if self.flow else self.months[-1]
        later = self.issued[start:]
        found = unhedge(later, self.factor, wanted, self.flow, closed) or unhedge(
            later, self.factor, None, self.flow, closed
        )
        return self.months if found is None else (*self.months[:start], *found)

    def unlocked(self) -> Held | None:
        """What is typed; None where nothing is."""
        year, months = self.typed if self.open is None else self.open
        if not _says(year, months, self.quarters):
            return None
        return replace(
            self, row=replace(self.row, lock=None), year=year, months=months, issued=None
        )

    @property
    def whole_year(self) -> int | None:
        """The flow's year where it is fixed: as typed, or as the sum of twelve fixed months."""
        if self.year is not None:
            return self.year
        return (
            None
            if None in self.months
            else sum(month for month in self.months if month is not None)
        )

    @property
    def cell(self) -> str:
        """The field to point at."""
        if self.locked:
            return "lock"
        if self.row.manual_year is not None:
            return "manual_year"
        typed = [
            q for q, value in enumerate(self.row.manual_quarters, start=1) if value is not None
        ]
        return f"manual_quarter{typed[0]}" if typed else "unit"

    def parts(self, wanted: int | None = None) -> list[tuple[int | None, _Months]]:
        """What is held, in parts that have a total of their own: first the year's, then each typed
        quarter's.

        A part's months are those that are fixed; the months of other parts are fixed at 0 in it.
        ``wanted``: the year, where none is held.
        """
        months, year = list(self.months), wanted if self.year is None else self.year
        quarters: list[tuple[int | None, _Months]] = []
        for quarter, total in enumerate(self.quarters):
            if total is None:
                continue
            inside = months_of(quarter, len(months))
            fixed = tuple(m if i in inside else 0 for i, m in enumerate(self.months))
            quarters.append((total, fixed))
            for i in inside:
                months[i] = 0
            year = None if year is None else year - total
        if year is None and None not in months:
            year = sum(month or 0 for month in months)
        return [(year, tuple(months)), *quarters]

    def mirrored(self, sign: int) -> Held:
        """The same below zero where ``sign`` is negative: a loss is split as its gain."""
        if sign > 0:
            return self
        return replace(
            self,
            year=None if self.year is None else -self.year,
            months=tuple(None if m is None else -m for m in self.months),
            quarters=tuple(None if q is None else -q for q in self.quarters),
        )


def _less(months: _Months, part: int) -> _Months:
    """The months without the ``part`` of the first that stands."""
    if not part or months[0] is None:
        return months
    return (months[0] - part, *months[1:])


def _settled(months: _Months, quarters: _Months, flow: bool) -> int | None:
    """What months and quarters come to, where they leave no month open; None where they do."""
    if not flow:
        return None if None in months else months[-1]
    total = sum(value for value in quarters if value is not None)
    for quarter, value in enumerate(quarters):
        if value is not None:
            continue
        inside = [months[m] for m in months_of(quarter, len(months))]
        if None in inside:
            return None
        total += sum(month or 0 for month in inside)
    return total


def _says(year: int | None, months: _Months, quarters: _Months) -> bool:
    return any(value is not None for value in (year, *months, *quarters))


@dataclass(frozen=True, slots=True)
class Reading:
    """A row read: what it holds (None: nothing), or ``broken``: it cannot be told, and a finding
    says why.
    """

    held: Held | None = None
    broken: bool = False


_NOTHING = Reading()


def read(
    kpi: Kpi,
    row: TargetRow,
    name: str,
    factor: Fraction | None,
    months: Sequence[Month],
    findings: list[Finding],
) -> Reading:
    """What ``row`` holds fast for an additive KPI; errors and warnings go to ``findings``."""
    if any(key in _KEYS or key.startswith("manual") for key in row.broken):
        return Reading(broken=True)
    if row.lock is None and not row.has_manual and row.method is not SplitMethod.MANUAL:
        return _NOTHING
    before = len(findings)
    year = _units(kpi, row, row.manual_year, "manual_year", findings)
    typed = tuple(
        _units(kpi, row, v, f"manual{m.month}", findings)
        for v, m in zip(row.manual_months, months, strict=True)
    )
    quarters = tuple(
        _units(kpi, row, v, f"manual_quarter{q}", findings)
        for q, v in enumerate(row.manual_quarters, start=1)
    )
    if len(findings) > before:
        return Reading(broken=True)
    flow = kpi.kind.adds_over_months
    against = contradiction(year, quarters, typed, flow)
    if against is not None:
        findings.append(against.finding(kpi, row, name))
        return Reading(broken=True)
    if not flow:
        typed, quarters = as_last_months(typed, quarters), NO_QUARTERS
    if not _agree(kpi, row, name, year, typed, findings):
        return Reading(broken=True)
    quarters = open_quarters(quarters, typed)
    if year is None and flow and any(quarter is not None for quarter in quarters):
        year = _settled(typed, quarters, flow)
    manual = _says(year, typed, quarters)
    given = (year, typed)
    if row.lock is not None and None in typed:
        year, typed, ok = _apply_lock(kpi, row, name, factor, given, quarters, findings)
        if not ok:
            return Reading(broken=True)
    if not _says(year, typed, quarters):
        if row.method is SplitMethod.MANUAL:
            findings.append(
                Finding.of(
                    "target-manual-missing", row.origin.place("method"), unit=name, kpi=kpi.name
                )
            )
            return Reading(broken=True)
        return Reading()
    filled = None if manual or row.lock is not Lock.MONTHS else filled_months(kpi, row)
    if (
        filled is not None
        and factor is not None
        and list(filled) == issue([m or 0 for m in typed], factor, flow)
    ):
        return Reading(Held(row, year, typed, True, flow, filled, factor, typed=given))
    return Reading(
        Held(
            row, year, typed, not manual, flow, typed=given, quarters=open_quarters(quarters, typed)
        )
    )


def _units(
    kpi: Kpi, row: TargetRow, value: Decimal | None, key: str, findings: list[Finding]
) -> int | None:
    if value is None:
        return None
    units = in_units(value, kpi.smallest_unit)
    if units is None:
        findings.append(
            Finding.of(
                "target-not-multiple",
                row.origin.place(key),
                kpi=kpi.name,
                value=value,
                smallest=kpi.smallest_unit,
            )
        )
    return units


def _agree(
    kpi: Kpi,
    row: TargetRow,
    name: str,
    year: int | None,
    months: Sequence[int | None],
    findings: list[Finding],
) -> bool:
    """Whether a typed year and typed months can both stand: a flow's months add up to it, a level's
    last month is it.
    """
    given = [month for month in months if month is not None]
    if year is None or not given:
        return True
    if not kpi.kind.adds_over_months:
        code, total, agree = "target-last-month-differs", months[-1], months[-1] in (None, year)
    else:
        code, total, agree = (
            "target-months-differ",
            sum(given),
            len(given) < len(months) or sum(given) == year,
        )
    if agree and (
        total is None or code == "target-last-month-differs" or (year - total) * year >= 0
    ):
        return True
    if agree:
        code = "target-months-beyond-year"
    unit = kpi.smallest_unit
    findings.append(
        Finding.of(
            code,
            row.origin.place("manual_year"),
            unit=name,
            kpi=kpi.name,
            year=year * unit,
            total=(total or 0) * unit,
        )
    )
    return agree


def _apply_lock(
    kpi: Kpi,
    row: TargetRow,
    name: str,
    factor: Fraction | None,
    given: tuple[int | None, _Months],
    quarters: _Months,
    findings: list[Finding],
) -> tuple[int | None, _Months, bool]:
    """Year and months with what the lock adds to those ``given``; False if a filled value could not
    be read, or contradicts a typed quarter.
    """
    year, typed = given
    if row.lock is Lock.YEAR and year is not None:
        return year, typed, True
    if any(key.startswith(("stored", "month", "base_year")) for key in row.broken):
        return year, typed, False
    before = len(findings)
    base_year = _units(kpi, row, row.stored_base_year, "base_year", findings)
    if len(findings) > before:
        return year, typed, False
    if row.lock is Lock.MONTHS:
        kept, exact = _stored_months(kpi, row, factor, base_year)
        if kept is not None:
            if not exact:
                findings.append(
                    Finding.of(
                        "target-lock-rehedged", row.origin.place("lock"), unit=name, kpi=kpi.name
                    )
                )
            merged = tuple(k if t is None else t for k, t in zip(kept, typed, strict=True))
            stands = sum(merged) if kpi.kind.adds_over_months else merged[-1]
            against = contradiction(None, quarters, merged, kpi.kind.adds_over_months)
            if year in (None, stands) and against is None:
                return year, merged, True
            findings.append(
                Finding.of(
                    "target-lock-months-ignored", row.origin.place("lock"), unit=name, kpi=kpi.name
                )
            )
            return year, typed, True
    if year is None and base_year is None:
        findings.append(
            Finding.of("target-lock-empty", row.origin.place("lock"), unit=name, kpi=kpi.name)
        )
    if year is None and base_year is not None:
        against = contradiction(base_year, quarters, typed, kpi.kind.adds_over_months)
        if against is not None:
            findings.append(against.finding(kpi, row, name))
            return base_year, typed, False
    return base_year if year is None else year, typed, True


def _stored_months(
    kpi: Kpi, row: TargetRow, factor: Fraction | None, base_year: int | None
) -> tuple[Sequence[int] | None, bool]:
    """The filled months as base months, and whether the hedge could be undone exactly; None if they
    are not all there.
    """
    filled = filled_months(kpi, row)
    if filled is None:
        return None, True
    flow = kpi.kind.adds_over_months
    bases = None if factor is None else unhedge(filled, factor, base_year, flow)
    if bases is not None:
        return bases, True
    if base_year is None:
        return filled, False
    if flow:
        return largest_remainder(base_year, [abs(v) for v in filled]) if any(
            filled
        ) else None, False
    last = filled[-1]
    return [nearest(base_year * v, last) if last else base_year for v in filled], False


def filled_months(kpi: Kpi, row: TargetRow) -> tuple[int, ...] | None:
    """The issued months that stand in the row, in smallest units; None if they are not all there,
    and whole.
    """
    values = [None if v is None else in_units(v, kpi.smallest_unit) for v in row.stored_months]
    whole = [v for v in values if v is not None]
    return tuple(whole) if len(whole) == len(values) else None
