"""Closed months (关账) are data: read from the record, never worked out again.

The year is worked out as if nothing were closed. Then the closed months of every target take the
recorded figures, and only what the record differs by is spread over the open months of additive
flows: each unit's difference over its own open months, as they lie, so that its year is what was
worked out; each month's differences add up to the parent's. So closing alone changes no open
month. What cannot be placed (the unit is gone, or its open months are all typed, locked or 0) is
unassigned at its parent. Levels and rates have no difference to spread.

A typed quarter that is partly closed stays what it is: its open months take quarter − closed, as
they lie, and those below the unit with it. Where it cannot be had, an error at its cell says so.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from salesplan.dataclass import dataclass, field, replace
from salesplan.engine.changes.closing import as_recorded
from salesplan.engine.changes.transfers import Parents
from salesplan.engine.exact.figures import written
from salesplan.engine.exact.rounding import common, fit, largest_remainder, nearest_units
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.derivation import DIFFERENCES, differences
from salesplan.engine.targets.hedge import issue_by_month
from salesplan.engine.targets.quarters import QUARTERS, months_of, turns
from salesplan.engine.targets.target import Months, Target
from salesplan.engine.targets.tree import Presence
from salesplan.findings import Finding, Place
from salesplan.plan.model import ClosedFigures, ClosedRow, Kpi, Lock, Plan, TargetRow, Unit

MONTHS = 12
GRACE = 5
"""Working days after a month's end in which nobody is reminded to close it."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Course:
    """What the year's course says of units, month by month.

    ``parents``: who is above whom; ``factors``: by KPI and unit its hedge with those of all above;
    ``presence``: the share of each month that it is there (a unit that is missing: always).
    """

    parents: Sequence[Parents]
    factors: Callable[[str, str], Sequence[Fraction | None]]
    presence: Mapping[str, Presence]


def unclosed(plan: Plan, calendar: Calendar, day: date) -> Finding | None:
    """A note where months that are not closed were over for five working days by ``day``, up to the
    last one that has actuals: there is nothing to close of a plan that has just begun.
    """
    reported = max((month for month in plan.actuals.month if month is not None), default=None)
    months = [
        month
        for month in plan.settings.months[plan.closed_months :]
        if reported is not None
        and month <= reported
        and month.last < day
        and calendar.count(month.plus(1).first, day) >= GRACE
    ]
    if not months:
        return None
    place = plan.closes[-1].origin.place("month") if plan.closes else plan.settings.origin.place()
    return Finding.of("months-not-closed", place, months=months, last=months[-1])


def with_closed(
    plan: Plan, targets: Mapping[Key, Target], course: Course
) -> tuple[Mapping[Key, Target], list[Finding]]:
    """``targets`` with the closed months of ``plan`` as they are recorded, and what is wrong with
    the plan beside them: typed quarters that cannot be had, units that stand elsewhere than when
    they were closed or came later. ``plan`` has its changes in its rows of 目标分解.
    """
    count = plan.closed_months
    if not count:
        return targets, []
    findings = [*_elsewhere(plan, course.parents[count - 1])]
    came: dict[str, Finding] = {}
    found: dict[Key, Target] = {}
    records: dict[str, dict[str, ClosedRow]] = {}
    for record in plan.closed:
        records.setdefault(record.kpi, {})[record.unit] = record
    rows: dict[str, dict[str, TargetRow]] = {}
    for row in plan.targets:
        rows.setdefault(row.kpi, {})[row.unit] = row
    mine: dict[str, dict[str, Target]] = {}
    for (kpi, unit), target in targets.items():
        mine.setdefault(kpi, {})[unit] = target
    for code, own in mine.items():
        kpi_record, recorded = plan.kpi_by_code[code], records.get(code, {})
        closing = _Closing(plan, kpi_record, count, own, recorded, rows.get(code, {}), course)
        made = closing.made()
        found |= {(code, unit): target for unit, target in made.items()}
        findings += [*closing.contradictions(made), *closing.overdrawn(made)]
        for unit, late in closing.latecomers():
            came.setdefault(unit, late)
    return found, [*findings, *came.values()]


def _elsewhere(plan: Plan, parents: Parents) -> Iterator[Finding]:
    """Units that are below another parent on the sheet than the record of the last closed month has
    it, and no change has moved them: their figures stand on one side, and their target on the
    other.
    """
    at, months, units = plan.closed_months - 1, plan.settings.months, plan.unit_by_code
    told: set[str] = set()
    for row in plan.closed:
        one, now = row.figures[at], parents.get(row.unit, "")
        known = one is not None and row.unit in units and one.parent in units
        if one is None or not known or row.unit in told or one.parent == now:
            continue
        told.add(row.unit)
        unit, before, after = units[row.unit], units[one.parent], units.get(now)
        yield Finding.of(
            "close-parent-differs",
            unit.origin.place("parent"),
            unit=unit.name or unit.code,
            subject=unit.code,
            month=months[at],
            before=before.code,
            after="—" if after is None else after.code,
            since=months[-1].plus(1) if at == MONTHS - 1 else months[at + 1],
        )


@dataclass(slots=True)
class _Closing:
    """One KPI's targets while the record is laid over them."""

    plan: Plan
    kpi: Kpi
    count: int
    targets: Mapping[str, Target]
    records: Mapping[str, ClosedRow]
    rows: Mapping[str, TargetRow]
    course: Course
    moved: dict[str, list[int]] = field(default_factory=dict)
    """By unit and month, what earlier months were recorded off by and is spread over it."""
    first: int = 0
    """Where the months begin over which something is spread."""
    lies: dict[str, list[int]] = field(default_factory=dict)
    """By unit, how a difference falls on the later months of those below it."""
    weights: dict[str, list[int] | None] = field(default_factory=dict)
    """By unit, how its own falls on its later months; None: it can take nothing."""
    bent: set[str] = field(default_factory=set)
    """The units whose difference falls otherwise, since it is what others leave."""
    aboves: list[dict[str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for at, parents in enumerate(self.course.parents):
            same = at > 0 and parents == self.course.parents[at - 1]
            self.aboves.append(
                self.aboves[-1]
                if same
                else {unit: self._nearest(unit, parents, self.targets) for unit in self.targets}
            )

    def made(self) -> dict[str, Target]:
        if self.kpi.kind.adds_over_units and self.kpi.kind.adds_over_months:
            self._spread()
        laid = {unit: self._laid_over(target) for unit, target in self.targets.items()}
        if not self.kpi.kind.adds_over_units:
            return laid
        below = self._below()
        return {unit: self._related(unit, laid, below.get(unit, _NOTHING)) for unit in laid}

    # --- the difference -----------------------------------------------------------------------

    def _spread(self) -> None:
        """Month by month, spread what is not what is recorded over all months after it. So a month
        that is closed as it stands adds nothing, and closing it changes no later one.
        """
        self.moved = {unit: [0] * MONTHS for unit in self.targets}
        for at in range(min(self.count, MONTHS - 1)):
            self._spread_month(at)

    def _spread_month(self, at: int) -> None:
        self.first = at + 1
        own = dict.fromkeys(self.targets, 0)
        for unit in self.targets:
            off = self._worked_out(unit, at) + self.moved[unit][at] - self._recorded(unit, at)
            own[unit] += off
            above = self._above(unit, at)
            if above is not None:
                own[above] -= off
        if not any(own.values()):
            return
        children: dict[str | None, list[str]] = {}
        for unit in self.targets:
            children.setdefault(self._above(unit, self.first), []).append(unit)
        order = list(children.get(None, ()))
        for unit in order:
            order.extend(children.get(unit, ()))
        total = dict(own)
        for unit in reversed(order):
            for child in children.get(unit, ()):
                total[unit] += total[child]
        self._weigh(order, at)
        at_first = {unit: self._alone(unit, total[unit]) for unit in children.get(None, ())}
        for unit in order:
            below = children.get(unit, [])
            rows = self._shared(unit, at_first[unit], below, total)
            at_first.update(zip(below, rows, strict=True))
        self._by_month(at_first, children)

    def _weigh(self, order: Sequence[str], at: int) -> None:
        """How everybody's part of the difference of the month ``at`` falls: as the topmost unit's
        months lie, but for those of which the unit, or one above it, says something itself.
        """
        top = self._months_of(order[0])
        self.lies, self.weights, self.bent = {}, {}, set()
        for unit in order:
            above = self._above(unit, self.first)
            lie = top if above is None else self.lies[above]
            weights = self._weights(unit, lie, at)
            self.weights[unit] = weights
            self.lies[unit] = lie if weights is None else weights

    def _alone(self, unit: str, total: int) -> list[int]:
        weights = self.weights[unit]
        width = MONTHS - self.first
        return [0] * width if weights is None else largest_remainder(total, weights)

    def _shared(
        self, parent: str, above: Sequence[int], below: Sequence[str], total: Mapping[str, int]
    ) -> list[list[int]]:
        """The children's rows below a parent's: each adds up to its own total, and what is left is
        unassigned. Where some have months of their own, those without take what these leave.
        """
        width, lie = len(above), self.lies[parent]
        weights = [self.weights[unit] for unit in below]
        placed = [0 if w is None else total[unit] for unit, w in zip(below, weights, strict=True)]
        if not any(placed):
            return [[0] * width for _ in below]
        reals = []
        for part, w in zip(placed, weights, strict=True):
            reals.append(
                [Fraction(part * one, sum(w)) for one in w] if w else [Fraction(0)] * width
            )
        loose = sum(above) - sum(placed)
        rows = list(placed)
        bent = parent in self.bent or any(w is not None and w != lie for w in weights)
        if loose or bent:
            reals.append([Fraction(loose * one, sum(lie)) for one in lie])
            rows.append(loose)
        if bent:
            self._take_the_rest(above, below, reals, lie)
        flat, scale = common(list(chain.from_iterable(reals)))
        table = [flat[at : at + width] for at in range(0, len(flat), width)]
        fitted = fit(table, scale, rows, list(above), [False] * len(rows))
        assert fitted is not None
        return fitted[: len(below)]

    def _take_the_rest(
        self,
        above: Sequence[int],
        below: Sequence[str],
        reals: list[list[Fraction]],
        lie: Sequence[int],
    ) -> None:
        """Lay over the rows of the children that are free in their months what the others leave of
        the parent's, by what they have; over the last one, which is nobody's, if none is free.
        """
        rest = []
        for place, whole in enumerate(above):
            rest.append(whole - sum(row[place] for row in reals))
        free = [at for at, unit in enumerate(below) if self.weights[unit] == lie]
        sizes = [sum(self._months_of(below[at])) for at in free]
        takers = [*zip(free, sizes, strict=True)] or [(len(reals) - 1, 1)]
        whole_size = sum(size for _, size in takers)
        for at, size in takers:
            part = Fraction(size, whole_size)
            reals[at] = [one + more * part for one, more in zip(reals[at], rest, strict=True)]
            if at < len(below):
                self.bent.add(below[at])

    def _months_of(self, unit: str) -> list[int]:
        """The sizes of the unit's later months as they are worked out."""
        return [abs(self._worked_out(unit, at)) for at in range(self.first, MONTHS)]

    def _locked(self, unit: str) -> bool:
        """Whether the unit's months as they are filled are locked."""
        row = self.rows.get(unit)
        return row is not None and row.lock is Lock.MONTHS and None not in row.stored_months

    def _weights(self, unit: str, lie: Sequence[int], at: int) -> list[int] | None:
        """How much each of the unit's later months can take of a difference of the month ``at``:
        nothing those typed, locked, in another typed quarter, or without it; None if none can.
        """
        row, there = self.rows.get(unit), self.course.presence.get(unit)
        if self._locked(unit) or not any(self._months_of(unit)):
            return None
        found = list(lie)
        for place, later in enumerate(range(self.first, MONTHS)):
            typed = row is not None and row.manual_months[later] is not None
            if typed or (there is not None and not there.flow[later]):
                found[place] = 0
        if row is not None:
            found = self._within_quarters(unit, row, found, at)
        return found if any(found) else None

    def _within_quarters(self, unit: str, row: TargetRow, weights: list[int], at: int) -> list[int]:
        """The weights where quarters are typed: a difference in one stays in it as long as a month
        of it is open, by its season and presence; any other leaves it as it is.
        """
        own, outside = [0] * len(weights), list(weights)
        for quarter in range(QUARTERS):
            if row.manual_quarters[quarter] is None:
                continue
            for place in months_of(quarter, len(weights)):
                outside[place] = 0
                if quarter == at // 3 and weights[place]:
                    size = abs(self._worked_out(unit, self.first + place))
                    own[place] = size or weights[place]
        return own if any(own) else outside

    def _by_month(
        self, at_first: Mapping[str, list[int]], children: Mapping[str | None, list[str]]
    ) -> None:
        """In months whose tree is another, since a transfer, sums go up that one."""
        for place, at in enumerate(range(self.first, MONTHS)):
            if self.aboves[at] == self.aboves[self.first]:
                for unit, row in at_first.items():
                    self.moved[unit][at] += row[place]
                continue
            for unit, row in at_first.items():
                own = row[place] - sum(at_first[kid][place] for kid in children.get(unit, ()))
                above: str | None = unit
                while above is not None:
                    self.moved[above][at] += own
                    above = self._above(above, at)

    def _off(self, unit: str) -> list[int] | None:
        """What is spread over the unit's open months; None where nothing is spread."""
        moved = self.moved.get(unit)
        return None if moved is None else moved[self.count :]

    def _above(self, unit: str, at: int) -> str | None:
        """The nearest unit above it in that month that has a target."""
        return self.aboves[at][unit]

    @staticmethod
    def _nearest(unit: str, parents: Parents, known: Container[str]) -> str | None:
        above, seen = parents.get(unit), {unit}
        while above is not None and above not in known and above not in seen:
            seen.add(above)
            above = parents.get(above)
        return above if above is not None and above in known else None

    def _worked_out(self, unit: str, at: int) -> int:
        return self._in_units(self.targets[unit].base_months[at])

    def _recorded(self, unit: str, at: int) -> int:
        one = self._record(unit, at)
        return self._in_units(None if one is None else one.base)

    def _record(self, unit: str, at: int) -> ClosedFigures | None:
        row = self.records.get(unit)
        return None if row is None else row.figures[at]

    def _in_units(self, value: Decimal | None) -> int:
        return 0 if value is None else nearest_units(value, self.kpi.smallest_unit)

    # --- the record laid over -----------------------------------------------------------------

    def _laid_over(self, target: Target) -> Target:
        base = self._months(target, target.base_months, issued=False)
        issued = self._months(target, self._issued(target), issued=True)
        year, base_year = target.year, target.base_year
        if self.kpi.kind.adds_over_units and self.kpi.kind.adds_over_months:
            base_year, year = _sum(base, base_year), _sum(issued, year)
        elif self.count == MONTHS:
            base_year, year = _sum(base[-1:], base_year), _sum(issued[-1:], year)
        reasons = target.derivation
        off = self._off(target.unit)
        if off is not None and any(off):
            more = Finding.of(
                "why-closed",
                months=self.count,
                first=self.plan.settings.months[0],
                last=self.plan.settings.months[self.count - 1],
                value=sum(off) * self.kpi.smallest_unit,
            )
            reasons = (*reasons, more)
        return replace(
            target,
            base_months=base,
            months=issued,
            base_year=base_year,
            year=year,
            derivation=reasons,
            worked_out=target.base_months,
        )

    def _months(self, target: Target, worked_out: Months, *, issued: bool) -> Months:
        """The recorded months, then those that are open."""
        closed: list[Decimal | None] = []
        for at in range(self.count):
            one = self._record(target.unit, at)
            closed.append(None if one is None else _figure(one, issued))
        later = list(worked_out[self.count :])
        off = self._off(target.unit)
        if off is not None and not issued:
            later = [
                None if month is None and not more else (month or 0) + more * self.kpi.smallest_unit
                for month, more in zip(later, off, strict=True)
            ]
        return (*closed, *later)

    def _issued(self, target: Target) -> Months:
        """The issued months. Where the record is not what is worked out, a flow's hedge is rounded
        on from what was recorded, so that closing one month more rounds nothing anew.
        """
        unit, width = target.unit, MONTHS - self.count
        off = self.moved.get(unit, [0] * MONTHS)[self.count :]
        closed = [self._recorded(unit, at) for at in range(self.count)]
        as_worked_out = closed == [self._worked_out(unit, at) for at in range(self.count)]
        flow = self.kpi.kind.adds_over_units and self.kpi.kind.adds_over_months
        if not flow or self._locked(unit) or (as_worked_out and not any(off)):
            return target.months
        known = [one for one in self.course.factors(self.kpi.code, unit) if one is not None]
        if len(known) < MONTHS:
            return target.months
        later = [self._worked_out(unit, self.count + at) + off[at] for at in range(width)]
        values = issue_by_month([*closed, *later], known, flow)
        return tuple(
            None if month is None and not value else value * self.kpi.smallest_unit
            for month, value in zip(target.months, values, strict=True)
        )

    # --- years below what is closed -----------------------------------------------------------

    def overdrawn(self, made: Mapping[str, Target]) -> Iterator[Finding]:
        """The errors of years below what is recorded of them already, so that the open months would
        have the other sign: each at the cell that asks for it, once from the top down.
        """
        if not (self.kpi.kind.adds_over_units and self.kpi.kind.adds_over_months):
            return
        kids = self._by_parent()
        queue = list(kids.get(None, ()))
        for unit in queue:
            year, target = made[unit].base_year, made[unit]
            closed = _whole(target.base_months[: self.count])
            rest = _whole(target.base_months[self.count :])
            asked = _whole(self.targets[unit].base_months[: self.count])
            if year is None or not turns(year, closed) or turns(year, asked):
                queue += kids.get(unit, ())
            elif abs(rest) > self.kpi.smallest_unit:
                yield Finding.of(
                    "close-below",
                    self._asking(unit, kids),
                    unit=self.plan.unit_by_code[unit].name or unit,
                    kpi=self.kpi.name,
                    year=written(self.kpi, year),
                    closed=written(self.kpi, closed),
                    rest=written(self.kpi, rest),
                )

    def _by_parent(self) -> dict[str | None, list[str]]:
        """The units below each, as they are in the first open month; below None those at the
        top.
        """
        found: dict[str | None, list[str]] = {}
        for unit in self.targets:
            found.setdefault(self._above(unit, min(self.count, MONTHS - 1)), []).append(unit)
        return found

    def _asking(self, unit: str, kids: Mapping[str | None, Sequence[str]]) -> Place:
        """The cell that a unit's year follows from: its own typed target, the company's goal, the
        largest target typed beside it, else its coefficient.
        """
        above = self._above(unit, min(self.count, MONTHS - 1))
        beside = [unit] if self._typed(unit) or above is None else kids[above]
        typed = [row for one in beside if (row := self._typed(one)) is not None]
        if typed:
            row = max(typed, key=lambda one: one.manual_year or 0)
            return row.origin.place(next(iter(row.manual(self.plan.settings.months))))
        if above is None:
            return self.kpi.origin.place("target")
        return self.plan.unit_by_code[unit].origin.place("coefficient")

    def _typed(self, unit: str) -> TargetRow | None:
        row = self.rows.get(unit)
        return row if row is not None and row.has_manual else None

    # --- who came later ----------------------------------------------------------------------

    def latecomers(self) -> Iterator[tuple[str, Finding]]:
        """Who joined in the year and is in no closed month, where its coefficient, which is of the
        whole year, takes from the others what was theirs in the closed months, and nobody has it.
        """
        if not self.moved or self.count == MONTHS:
            return
        for parent, kids in self._by_parent().items():
            if parent is None:
                continue
            late = [kid for kid in kids if self._came_later(kid)]
            loose = sum(self._off(parent) or ()) - sum(sum(self._off(kid) or ()) for kid in kids)
            if late and loose * sum(self._months_of(parent)) > 0:
                yield late[0], self._latecomer(self.plan.unit_by_code[late[0]], loose)

    def _latecomer(self, unit: Unit, loose: int) -> Finding:
        return Finding.of(
            "close-latecomer",
            unit.origin.place("joined"),
            unit=unit.name or unit.code,
            subject=unit.code,
            day=unit.joined,
            kpi=self.kpi.name,
            amount=loose * self.kpi.smallest_unit,
            since=self.plan.settings.months[self.count],
        )

    def _came_later(self, unit: str) -> bool:
        joined = self.plan.unit_by_code[unit].joined
        recorded = any(self._record(unit, at) is not None for at in range(self.count))
        return not recorded and joined is not None and joined > self.plan.settings.months[0].first

    # --- typed quarters ---------------------------------------------------------------------

    def contradictions(self, made: Mapping[str, Target]) -> Iterator[Finding]:
        """The errors of typed quarters that cannot be had with what is recorded of their months."""
        for unit, target in made.items():
            row = self.rows.get(unit)
            if row is None:
                continue
            for quarter in range((self.count + 2) // 3):
                if row.manual_quarters[quarter] is not None:
                    yield from self._contradiction(row, quarter, target)

    def _contradiction(self, row: TargetRow, quarter: int, target: Target) -> Iterator[Finding]:
        """An error where the quarter is not what was asked, or its open months would get the
        opposite sign.
        """
        months = months_of(quarter)
        asked, there = self.targets[row.unit].base_months, target.base_months
        shut = [there[at] for at in months if at < self.count]
        if None in (*shut, *(asked[at] for at in months)):
            return
        if self.kpi.kind.adds_over_units and self.kpi.kind.adds_over_months:
            inside = slice(months[0], months[-1] + 1)
            whole, total = _whole(asked[inside]), _whole(there[inside])
            if total == whole:
                total = _whole(shut)
                as_asked = there[inside] == asked[inside]
                if as_asked or len(shut) == len(months) or not turns(whole, total):
                    return
        else:
            last = months[-1]
            whole, total = asked[last] or Decimal(0), there[last] or Decimal(0)
            if last >= self.count or total == as_recorded(whole):
                return
        yield Finding.of(
            "close-quarter",
            row.origin.place(f"manual_quarter{quarter + 1}"),
            unit=self.plan.unit_by_code[row.unit].name,
            kpi=self.kpi.name,
            quarter=f"Q{quarter + 1}",
            whole=written(self.kpi, whole),
            total=written(self.kpi, total),
        )

    # --- parent and children ------------------------------------------------------------------

    def _related(self, unit: str, laid: Mapping[str, Target], below: Sequence[Decimal]) -> Target:
        """The target against its parent's and its children's, as both are now."""
        target = laid[unit]
        base, above = target.base_year, self._above(unit, MONTHS - 1)
        upper = laid[above].base_year if above is not None else None
        if target.parent_target is not None and upper is not None:
            share = None if not upper or base is None else base / upper
            target = replace(target, parent_target=upper, parent_share=share)
        if target.unassigned is None or base is None:
            return target
        loose = self._loose(unit, below)
        whole = _sum(loose) if self.kpi.kind.adds_over_months else loose[-1]
        children = base - (whole or Decimal(0))
        if whole == target.unassigned and children == target.children_sum:
            return replace(target, unassigned_months=loose)
        coverage = children / base if base else None
        remarks = [one for one in target.remarks if one.code not in DIFFERENCES]
        remarks += differences(coverage, self._in_units(base), self._in_units(children), self.kpi)
        return replace(
            target,
            children_sum=children,
            unassigned=whole,
            unassigned_months=loose,
            coverage=coverage,
            remarks=tuple(remarks),
        )

    def _loose(self, unit: str, below: Sequence[Decimal]) -> Months:
        """What of each month is nobody's below."""
        closed = []
        for at in range(self.count):
            one = self._record(unit, at)
            closed.append(None if one is None or one.base is None else one.base - below[at])
        later = self.targets[unit].unassigned_months[self.count :]
        own = self._off(unit)
        if own is None:
            return (*closed, *later)
        off = [
            more * self.kpi.smallest_unit - part
            for more, part in zip(own, below[self.count :], strict=True)
        ]
        return (
            *closed,
            *(
                None if month is None else month + more
                for month, more in zip(later, off, strict=True)
            ),
        )

    def _below(self) -> dict[str, list[Decimal]]:
        """By unit, of closed months what is recorded of those below it, also of units that are
        gone; of open ones what is spread over theirs.
        """
        found: dict[str, list[Decimal]] = {}
        for row in self.records.values():
            for at, one in enumerate(row.figures[: self.count]):
                above = None if one is None else self._recorded_above(row.unit, one, at)
                if one is not None and above is not None:
                    found.setdefault(above, [Decimal(0)] * MONTHS)[at] += one.base or 0
        for unit, moved in self.moved.items():
            for at, more in enumerate(moved[self.count :], self.count):
                above = self._above(unit, at)
                if above is not None:
                    months = found.setdefault(above, [Decimal(0)] * MONTHS)
                    months[at] += more * self.kpi.smallest_unit
        return found

    def _recorded_above(self, unit: str, one: ClosedFigures, at: int) -> str | None:
        """The nearest unit with a record above it when the month was closed."""
        if one.parent in self.records:
            return one.parent
        return self._nearest(one.parent or unit, self.course.parents[at], self.records)


_NOTHING: Sequence[Decimal] = (Decimal(0),) * MONTHS


def _sum(months: Months, none: Decimal | None = None) -> Decimal | None:
    known = [month for month in months if month is not None]
    return sum(known, Decimal(0)) if known else none


def _whole(months: Sequence[Decimal | None]) -> Decimal:
    return _sum(tuple(months)) or Decimal(0)


def _figure(one: ClosedFigures, issued: bool) -> Decimal | None:
    return one.issued if issued else one.base
