"""The targets through the year: the plan as it was set, and one change after another.

Changes that take effect in one month are one step: the KPIs they concern are divided anew over
the months from then on, by the plan as the changes leave it. Months before stay exactly as they
are, and so does every group of siblings for which nothing has changed. A year's target that is
changed is what the closed months hold and the rest, which falls on the open months.

Units that go to another parent and amounts that are handed over
(:mod:`salesplan.engine.changes.transfers`) leave the groups they touch with other shares than the
coefficients say: what each sibling has by then is its share in every later division.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from salesplan.dataclass import dataclass, replace
from salesplan.engine.changes import transfers
from salesplan.engine.changes.mid_month import Cut
from salesplan.engine.changes.transfers import Figures, Parents, Units
from salesplan.engine.exact.rounding import in_units
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.cascade import started, targets_of, with_locked
from salesplan.engine.targets.copied import Base, copied
from salesplan.engine.targets.derivation import shown
from salesplan.engine.targets.goal import Run, computable
from salesplan.engine.targets.group import MONTHS, Key, Spread, Window
from salesplan.engine.targets.kept_months import moved, regrouped, stitched
from salesplan.engine.targets.locks import Brought
from salesplan.engine.targets.quarters import QUARTERS, months_of
from salesplan.engine.targets.spread import spread
from salesplan.engine.targets.target import Revision, Season, Target
from salesplan.findings import Finding
from salesplan.plan.model import Aim, Change, Kpi, Month, Plan, Transfer
from salesplan.plan.model.amend import amended

SPREADING = frozenset({"coefficient", "hedge", "joined", "left", "ramp_up"})
"""What of a unit decides what every KPI's targets are."""

_Cell = tuple[str, int | None]
_CELLS: tuple[_Cell, ...] = (
    ("manual_year", None),
    *(("manual_quarters", quarter) for quarter in range(QUARTERS)),
    *(("manual_months", at) for at in range(MONTHS)),
)
"""What of a unit's target can be typed: field, and place in it."""

Turn = tuple[int, date, int]
"""When in the year something is done: the place of its month, its day (of a whole month the least
there is), and the place of its kind among what is done then.
"""

_ONE = Fraction(1)
_DIGITS = Decimal("0.000001")
_YEARS = frozenset({"target", "due"})


@dataclass(frozen=True, slots=True)
class Step:
    """A change on its way into the plan; ``start`` is the place of its first month in the plan
    year, ``day`` the day in it from which it holds (None: all of it).
    """

    change: Change
    aim: Aim
    since: Month
    start: int
    day: date | None = None

    @property
    def kpi(self) -> str | None:
        """The KPI whose targets it changes: its code, "" for all, None for none."""
        table, column = self.aim.table, self.aim.column
        if table in ("targets", "handover") or (table == "kpis" and column in _YEARS):
            return self.aim.key[0]
        return "" if self.moves or (table == "units" and column in SPREADING) else None

    @property
    def moves(self) -> bool:
        """Whether it puts a unit below another parent."""
        return self.aim.table == "units" and self.aim.column == "parent"

    @property
    def spreads(self) -> bool:
        """Whether targets are divided anew. A hedge is laid over the base, which it leaves as it
        is.
        """
        return self.kpi is not None and not (
            self.moves or self.aim.table == "handover" or self.aim.column == "hedge"
        )


@dataclass(frozen=True, slots=True)
class MidMonthMove:
    """A transfer on a day within a month, and what of that month stays with the old parent."""

    cut: Cut
    transfer: Transfer


class Piece(NamedTuple):
    """A month's base up to some day, and the hedge that held until then."""

    until: int
    factor: Fraction


class Hedges(NamedTuple):
    """The hedges down the tree from where the plan was cut on."""

    cut: Cut
    factor: Mapping[str, Fraction | None]


class Timeline:
    """The plan and its targets, up to the steps taken so far."""

    def __init__(
        self,
        plan: Plan,
        calendar: Calendar,
        seasons: Mapping[str, Season],
    ) -> None:
        """The year as planned."""
        run, self.findings = started(plan, calendar, seasons)
        assert run is not None
        self.plan, self.calendar, self.seasons = plan, calendar, seasons
        self.now = plan
        """The plan with every change so far, parents included."""
        self.months = plan.settings.months
        self.first = self.run = run
        self.transfers: list[Transfer] = []
        self._parents: tuple[Parents, ...] | None = None
        self.moved: dict[str, Units] = {}
        """By KPI and unit, what transfers and hand-overs brought, or took, month by month."""
        self.typed: dict[Key, dict[_Cell, int]] = {}
        """Of targets that a change typed, by cell, what had been brought by then: a change means
        the figure as it is shown.
        """
        self.standing: dict[str, frozenset[str]] = {}
        """By KPI, the parents whose children's shares no longer follow from their coefficients."""
        self._stirred: dict[str, dict[str, Window]] = {}
        """By KPI and parent, groups that moves have changed and that nobody has asked for since;
        of each the window of the last move.
        """
        self.cut = Cut()
        """Where the steps that are being taken begin."""
        self.partings: list[MidMonthMove] = []
        self.rates: dict[Key, Decimal] = {}
        """Rates of the month that is cut, as they are from its last change on."""
        self.hedges = [Hedges(self.cut, run.tree.factor)]
        self.revisions: dict[Key, list[Revision]] = {}
        self.spreads: dict[str, Spread] = {}
        self._own: set[str] = set()
        """KPIs whose spread no other timeline has, so that moves may change it."""
        self.copies: dict[str, dict[Key, Target]] = {}
        self.touched: set[str] = set()
        """KPIs that some change concerns."""
        self._plan_year()
        self.baseline = self._targets_as_planned()

    def copy(self) -> Timeline:
        """The timeline as it stands: what is done to either leaves the other alone."""
        other = copy(self)
        for name in ("findings", "transfers", "hedges", "partings"):
            setattr(other, name, list(getattr(self, name)))
        for name in ("moved", "standing", "spreads", "copies", "rates", "typed"):
            setattr(other, name, dict(getattr(self, name)))
        other.revisions = {key: list(found) for key, found in self.revisions.items()}
        other._stirred = {kpi: dict(found) for kpi, found in self._stirred.items()}
        other.touched = set(self.touched)
        self._own, other._own = set(), set()
        return other

    def _plan_year(self) -> None:
        kpis = [kpi for kpi in self.plan.kpi_by_code.values() if computable(kpi)]
        for kpi in kpis:
            if kpi.kind.adds_over_units:
                made = spread(self.run, kpi)
                if made is not None:
                    self.spreads[kpi.code] = made
        for kpi in kpis:
            if not kpi.kind.adds_over_units:
                self.copies[kpi.code] = copied(
                    self.plan, self.run.tree, kpi, self.run.rows, self.findings, self._base
                )

    def _base(self, kpi: str, unit: str) -> Base | None:
        """The unit's base year and months as they stand."""
        made = self.spreads.get(kpi)
        if made is None or unit not in made.months:
            return None
        record = self.now.kpi_by_code[kpi]
        if self.now.unit_by_code[unit].level not in record.levels:
            return None
        return shown(made.months[unit], made.members[unit].blank, record)

    def _targets_as_planned(self) -> dict[Key, Target]:
        found: dict[Key, Target] = {}
        for kpi in self.plan.kpi_by_code.values():
            made = self.copies.get(kpi.code) or targets_of(
                self.run, kpi, self.spreads.get(kpi.code)
            )
            found |= with_locked(self.run, kpi, made)
        return found

    @property
    def parents(self) -> tuple[Parents, ...]:
        """Each month's parents."""
        if self._parents is None:
            self._parents = transfers.parents_by_month(self.plan, self.transfers, self.months)
        return self._parents

    def shown(self, kpi: str) -> Figures:
        """Base months by unit in smallest units. Empty for a KPI that is not divided."""
        made = self.spreads.get(kpi)
        return {} if made is None else made.months

    def open(self, kpi: str) -> Figures:
        """The same without what stands of the month in which the steps begin."""
        return self.cut.open(kpi, self.shown(kpi))

    def cut_at(self, step: Step) -> None:
        """Go on to where the step begins."""
        flows = {}
        if step.day is not None:
            parents = self.parents[step.start]
            flows = {
                kpi: (made.months, parents)
                for kpi, made in self.spreads.items()
                if self.now.kpi_by_code[kpi].kind.adds_over_months
            }
        if step.start != self.cut.start:
            self.rates = {}
        self.cut = self.cut.later(step.start, step.day, self.now, self.calendar, flows)

    def amend(self, step: Step) -> None:
        """Take one step's value into the plan; :meth:`close` brings it into the targets."""
        aim, value, parents = step.aim, step.aim.after, self.parents[step.start]
        if aim.table == "handover":
            kpi, giver, taker = aim.key
            record = self.now.kpi_by_code[kpi]
            amount = in_units(value, record.smallest_unit) if isinstance(value, Decimal) else None
            given = transfers.handed_over(
                self.open(kpi),
                parents,
                giver,
                taker,
                step.start,
                amount or 0,
                record.kind.adds_over_months,
            )
            self._move(record, given, step.start, transfers.joined(giver, taker, parents))
            return
        before = self.now
        self.now = amended(self.now, step.change, aim, value)
        if aim.table == "targets":
            self._note_typed(aim)
        if step.moves:
            unit, parent = aim.key[0], str(value)
            self.transfers.append(
                Transfer(
                    since=step.since,
                    unit=unit,
                    before=before.unit_by_code[unit].parent or "",
                    after=parent,
                    day=step.day,
                )
            )
            self._parents = None
            if step.day is not None:
                self.partings.append(MidMonthMove(self.cut, self.transfers[-1]))
            former = before.unit_by_code[unit].parent or ""
            self.run = self.run.with_children(self.now, (former, parent))
            groups = transfers.joined(former, parent, parents)
            for kpi in self.spreads:
                if unit in self.shown(kpi):
                    given = transfers.transferred(self.open(kpi), parents, unit, parent, step.start)
                    self._move(self.now.kpi_by_code[kpi], given, step.start, groups)

    def _note_typed(self, aim: Aim) -> None:
        """Note what moves have brought of what is typed now: it is part of the figure."""
        (kpi, unit), moved = aim.key, self.moved.get(aim.key[0], {}).get(aim.key[1])
        if moved is not None:
            flow = self.now.kpi_by_code[kpi].kind.adds_over_months
            brought = _brought(moved, (aim.attribute, aim.index), flow)
            earlier = self.typed.get((kpi, unit), {})
            self.typed[kpi, unit] = {**earlier, (aim.attribute, aim.index): brought}

    def _since_typed(self, kpi: Kpi) -> dict[str, Brought]:
        """By unit, what moves have brought since its year, its quarters and its months were
        typed.
        """
        flow = kpi.kind.adds_over_months
        found = {}
        for unit, brought in self.moved.get(kpi.code, {}).items():
            known = self.typed.get((kpi.code, unit), {})
            since = {cell: _brought(brought, cell, flow) - known.get(cell, 0) for cell in _CELLS}
            months = [since["manual_months", at] for at in range(MONTHS)]
            quarters = [since["manual_quarters", quarter] for quarter in range(QUARTERS)]
            if not flow:  # a level's quarter is its last month
                for quarter, at in enumerate(range(2, MONTHS, 3)):
                    if ("manual_quarters", quarter) in known:
                        months[at] = quarters[quarter]
            found[unit] = Brought(since["manual_year", None], quarters, months)
        return found

    def _move(self, kpi: Kpi, given: Units, start: int, groups: Sequence[str]) -> None:
        self.moved[kpi.code] = transfers.added(self.moved.get(kpi.code, {}), given)
        window = self._window(kpi, start)
        moved(self._own_spread(kpi.code), given)
        self._stirred.setdefault(kpi.code, {}).update(
            dict.fromkeys(groups, replace(window, before=None))
        )
        self.standing[kpi.code] = self.standing.get(kpi.code, frozenset()) | frozenset(groups)

    def _own_spread(self, kpi: str) -> Spread:
        """The KPI's spread, which no other timeline has."""
        if kpi not in self._own:
            self._own.add(kpi)
            self.spreads[kpi] = self.spreads[kpi].copy()
        return self.spreads[kpi]

    def regroup(self) -> None:
        """Make the groups anew that moves have changed, each once for all of them."""
        for kpi, windows in self._stirred.items():
            regrouped(self.run, self.now.kpi_by_code[kpi], self._own_spread(kpi), windows)
        self._stirred = {}

    def _window(self, kpi: Kpi, start: int) -> Window:
        """The months that the steps divide anew; of a level no part of a month stands."""
        made = self.spreads.get(kpi.code, Spread())
        standing = self.standing.get(kpi.code, frozenset())
        if kpi.code not in self.cut.parts:
            return Window(start, made, standing)
        return Window(
            start,
            made,
            standing,
            left=self.cut.left(self.calendar),
            parts=self.cut.parts[kpi.code],
            there=self.cut.there(self.now, self.calendar),
        )

    def _begin(self) -> list[Finding]:
        run, findings = started(self.now, self.calendar, self.seasons)
        assert run is not None
        self.run = run
        return findings

    def close(self, steps: Sequence[Step], before: Mapping[str, Figures]) -> None:
        """Divide anew what the steps of one month concern, and note what has come of it."""
        if not steps:
            return
        self._divide(steps, steps[0].start)
        earlier, now = (hedges.factor for hedges in self.hedges[-2:])
        hedged = {code for code, factor in now.items() if earlier.get(code) != factor}
        for kpi in self.plan.kpi_by_code.values():
            codes = tuple(step.change.code for step in steps if step.kpi in ("", kpi.code))
            if codes and kpi.code in self.spreads:
                self._note(kpi, steps[0].since, codes, before.get(kpi.code, {}), hedged)

    def _divide(self, steps: Sequence[Step], start: int) -> None:
        if any(step.spreads for step in steps):
            self.regroup()
        earlier = self.run
        stood = self.cut.there(earlier.plan, self.calendar)
        findings = self._begin()
        self.hedges.append(Hedges(self.cut, self.run.tree.factor))
        for kpi in self.now.kpi_by_code.values():
            mine = [step for step in steps if step.kpi in ("", kpi.code)]
            if kpi.kind.adds_over_units and computable(kpi) and any(step.spreads for step in mine):
                window = replace(
                    self._window(kpi, start),
                    moved=self._since_typed(kpi),
                    stayed=earlier.tree.presence,
                    stayed_there=stood,
                )
                made = spread(self.run, kpi, window)
                if made is not None:
                    self.spreads[kpi.code] = stitched(made, window)
                    self._own.discard(kpi.code)
        for kpi in self.now.kpi_by_code.values():
            parts = ("", kpi.code, kpi.numerator, kpi.denominator)
            mine = [step for step in steps if step.kpi is not None and step.kpi in parts]
            if kpi.code in self.copies and any(step.moves or step.kpi for step in mine):
                self._copy(self.run, kpi, start, mine)
        self.findings += findings

    def _copy(self, run: Run, kpi: Kpi, start: int, steps: Sequence[Step]) -> None:
        before = self.copies[kpi.code]
        made = copied(run.plan, run.tree, kpi, run.rows, run.findings, self._base)
        self.touched.add(kpi.code)
        codes = tuple(step.change.code for step in steps)
        for key, target in made.items():
            earlier = before[key].months if key in before else (None,) * MONTHS
            first = self._mean(kpi, key, earlier[start], target)
            months = (*earlier[:start], first, *target.months[start + 1 :])
            if key not in before or before[key].year != target.year or months != earlier:
                self.revisions.setdefault(key, []).append(
                    Revision(self.months[start], codes, target.year, months)
                )
            made[key] = replace(target, base_months=months, months=months)
        self.copies[kpi.code] = made

    def _mean(self, kpi: Kpi, key: Key, earlier: Decimal | None, target: Target) -> Decimal | None:
        """A rate in the month in which the steps begin: the mean of before and after by working
        days, where they begin on a day. What is made of other targets is split with them.
        """
        rate = target.months[self.cut.start]
        if self.cut.day is None or not kpi.kind.is_mean or target.summed:
            return rate
        running = self.rates.get(key, earlier)
        if rate is None or earlier is None or running is None:
            return rate
        self.rates[key] = rate
        left = self.cut.left(self.calendar)
        more = (rate - running) * left.numerator / left.denominator
        return (earlier + more).quantize(_DIGITS).normalize()

    def _note(
        self,
        kpi: Kpi,
        since: Month,
        codes: tuple[str, ...],
        before: Figures,
        hedged: Container[str],
    ) -> None:
        """Note the months that are not those of ``before``, and units with another hedge."""
        self.touched.add(kpi.code)
        for code, months in self.shown(kpi.code).items():
            earlier = before.get(code, ())
            alike = earlier is months or list(earlier) == list(months)
            if not alike or code in hedged:
                member = self.spreads[kpi.code].members.get(code)
                blank = frozenset[int]() if member is None else member.blank
                self.revisions.setdefault((kpi.code, code), []).append(
                    Revision(
                        since,
                        codes,
                        *shown(months, blank, kpi),
                        self.cut.split(kpi, code, self.calendar),
                    )
                )

    def factors(self, kpi: str, code: str) -> list[Fraction | None]:
        """The unit's hedge with those of all units above it, in each month; in one that is split
        the hedge that asks for as much as those of its parts.
        """
        found, pieces = self._hedged(kpi, code)
        for at, before in pieces.items():
            last = found[at]
            if last is not None:
                found[at] = _as_one(before, last, self.shown(kpi)[code][at])
        return found

    def hedges_of(self, kpi: str, code: str) -> list[Fraction]:
        """Each such hedge once, in order of time."""
        found, pieces = self._hedged(kpi, code)
        seen: dict[Fraction, None] = {}
        for at, factor in enumerate(found):
            seen.update(dict.fromkeys(piece.factor for piece in pieces.get(at, ())))
            if factor is not None:
                seen[factor] = None
        return list(seen)

    def _hedged(self, kpi: str, code: str) -> tuple[list[Fraction | None], dict[int, list[Piece]]]:
        """The unit's hedge at the end of each month, and what held before in those that are
        split.
        """
        found: list[Fraction | None] = [None] * MONTHS
        pieces: dict[int, list[Piece]] = {}
        for hedges in self.hedges:
            start, factor = hedges.cut.start, hedges.factor.get(code, _ONE)
            until = found[start]
            if kpi in hedges.cut.parts and until is not None and until != factor:
                pieces.setdefault(start, []).append(Piece(hedges.cut.part(kpi, code), until))
            found[start:] = [factor] * (MONTHS - start)
        return found, pieces

    def year_of(self, kpi: str, code: str) -> Decimal | None:
        """The unit's base year as it is shown now; None where there is none."""
        record = self.now.kpi_by_code[kpi]
        if kpi in self.copies:
            target = self.copies[kpi].get((kpi, code))
            return None if target is None else target.year
        months = self.shown(kpi).get(code)
        if months is None or self.now.unit_by_code[code].level not in record.levels:
            return None
        return (sum(months) if record.kind.adds_over_months else months[-1]) * record.smallest_unit


def _brought(moved: Sequence[int], cell: _Cell, flow: bool) -> int:
    """What moves brought of what the cell holds; of a level it is that of its last month."""
    attribute, index = cell
    if attribute == "manual_months":
        return moved[index or 0]
    if attribute == "manual_quarters":
        inside = [moved[at] for at in months_of(index or 0)]
    else:
        inside = [*moved]
    return sum(inside) if flow else inside[-1]


def _as_one(pieces: Sequence[Piece], last: Fraction, whole: int) -> Fraction:
    """The one hedge that asks for as much of a month's base as those of its pieces together."""
    extra, done = Fraction(0), 0
    for piece in pieces:
        extra += (piece.factor - 1) * abs(piece.until - done)
        done = piece.until
    extra += (last - 1) * abs(whole - done)
    return 1 + extra / abs(whole) if whole else last
