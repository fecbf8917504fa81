"""The targets through the year: the plan as it was set, and one change after another (SPEC 9).

Changes that take effect in one month are one step: the KPIs they concern are divided anew over
the months from then on, by the plan as the changes leave it. Months before stay exactly as they
are, and so does every group of siblings for which nothing has changed. A year's target that is
changed is what the closed months hold and the rest, which falls on the open months.

Units that go to another parent and amounts that are handed over
(:mod:`salesplan.engine.changes.moves`) leave the groups they touch with other shares than the
coefficients say: what each sibling has by then is its share in every later division.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from salesplan.engine.changes import moves
from salesplan.engine.changes.amend import amended
from salesplan.engine.changes.moves import Figures, Parents, Units
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.cascade import begun, kept, targets_of
from salesplan.engine.targets.copied import Base, copied
from salesplan.engine.targets.explain import shown
from salesplan.engine.targets.goal import computable
from salesplan.engine.targets.locks import in_units
from salesplan.engine.targets.spread import (
    MONTHS,
    Key,
    Run,
    Spread,
    Window,
    moved,
    spread,
    stitched,
)
from salesplan.engine.targets.target import Revision, Season, Target
from salesplan.findings import Finding
from salesplan.plan.model import Aim, Change, Kpi, Month, Plan, Transfer

SPREADING = frozenset({"coefficient", "hedge", "joined", "left", "ramp_up"})
"""What of a unit decides what every KPI's targets are."""

Turn = tuple[int, int]
"""When in the year something is done: the place of its month, and the place of its kind among what
is done in that month.
"""

_ONE = Fraction(1)
_YEARS = frozenset({"target", "due"})


@dataclass(frozen=True, slots=True)
class Step:
    """A change on its way into the plan; ``start`` is the place of its first month in the plan
    year.
    """

    change: Change
    aim: Aim
    since: Month
    start: int

    @property
    def kpi(self) -> str | None:
        """The KPI whose targets it changes: its code, "" for all, None for none."""
        table, column = self.aim.table, self.aim.column
        if table in ("targets", "handover") or (table == "kpis" and column in _YEARS):
            return self.aim.key[0]
        return "" if self.moves or (table == "units" and column in SPREADING) else None

    @property
    def moves(self) -> bool:
        return self.aim.table == "units" and self.aim.column == "parent"

    @property
    def spreads(self) -> bool:
        """Whether targets are divided anew. A hedge is laid over the base, which it leaves as it
        is.
        """
        return self.kpi is not None and not (
            self.moves or self.aim.table == "handover" or self.aim.column == "hedge"
        )


class Hedges(NamedTuple):
    """The hedges down the tree from month ``start`` on."""

    start: int
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
        run, self.findings = begun(plan, calendar, seasons)
        assert run is not None
        self.plan, self.calendar, self.seasons = plan, calendar, seasons
        self.now = plan
        """The plan with every change so far, parents included."""
        self.months = plan.settings.months
        self.first = self.run = run
        self.transfers: list[Transfer] = []
        self.moved: dict[str, Units] = {}
        self.standing: dict[str, frozenset[str]] = {}
        """By KPI, the parents whose children's shares no longer follow from their coefficients."""
        self.hedges = [Hedges(0, run.tree.factor)]
        self.revisions: dict[Key, list[Revision]] = {}
        self.spreads: dict[str, Spread] = {}
        self.copies: dict[str, dict[Key, Target]] = {}
        self.touched: set[str] = set()
        """KPIs that some change concerns."""
        self._plan_year()
        self.baseline = self._targets_as_planned()

    def copy(self) -> Timeline:
        """The timeline as it stands: what is done to either leaves the other alone."""
        other = copy(self)
        for name in ("findings", "transfers", "hedges"):
            setattr(other, name, list(getattr(self, name)))
        for name in ("moved", "standing", "spreads", "copies"):
            setattr(other, name, dict(getattr(self, name)))
        other.revisions = {key: list(found) for key, found in self.revisions.items()}
        other.touched = set(self.touched)
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
            found |= kept(self.run, kpi, made)
        return found

    @property
    def parents(self) -> tuple[Parents, ...]:
        """Each month's parents."""
        return moves.parents_by_month(self.plan, self.transfers, self.months)

    def shown(self, kpi: str) -> Figures:
        """Base months by unit in smallest units. Empty for a KPI that is not divided."""
        made = self.spreads.get(kpi)
        return {} if made is None else made.months

    def amend(self, step: Step, value: object) -> None:
        """Take one step's value into the plan; :meth:`close` brings it into the targets."""
        aim, parents = step.aim, self.parents[step.start]
        if aim.table == "handover":
            kpi, giver, taker = aim.key
            record = self.now.kpi_by_code[kpi]
            amount = in_units(value, record.smallest_unit) if isinstance(value, Decimal) else None
            given = moves.handed_over(
                self.shown(kpi),
                parents,
                giver,
                taker,
                step.start,
                amount or 0,
                record.kind.adds_over_months,
            )
            self._move(record, given, step.start, moves.joined(giver, taker, parents))
            return
        before = self.now
        self.now = amended(self.now, step.change, aim, value)
        if step.moves:
            unit, parent = aim.key[0], str(value)
            self.transfers.append(
                Transfer(
                    since=step.since,
                    unit=unit,
                    before=before.unit_by_code[unit].parent or "",
                    after=parent,
                )
            )
            self._begin()
            for kpi in self.spreads:
                given = moves.transferred(self.shown(kpi), parents, unit, parent, step.start)
                if unit in self.shown(kpi):
                    self._move(
                        self.now.kpi_by_code[kpi],
                        given,
                        step.start,
                        moves.joined(before.unit_by_code[unit].parent or "", parent, parents),
                    )

    def _move(self, kpi: Kpi, given: Units, start: int, groups: Sequence[str]) -> None:
        self.moved[kpi.code] = moves.added(self.moved.get(kpi.code, {}), given)
        self.spreads[kpi.code] = moved(self.run, kpi, self.spreads[kpi.code], given, start, groups)
        self.standing[kpi.code] = self.standing.get(kpi.code, frozenset()) | frozenset(groups)

    def _begin(self) -> list[Finding]:
        run, findings = begun(self.now, self.calendar, self.seasons)
        assert run is not None
        self.run = run
        return findings

    def close(self, steps: Sequence[Step], before: Mapping[str, Figures]) -> None:
        """Divide anew what the steps of one month concern, and note what has come of it."""
        if not steps:
            return
        self._divide(steps, steps[0].start)
        for kpi in self.plan.kpi_by_code.values():
            codes = tuple(step.change.code for step in steps if step.kpi in ("", kpi.code))
            if codes and kpi.code in self.spreads:
                self._note(kpi, steps[0].since, codes, before.get(kpi.code, {}))

    def _divide(self, steps: Sequence[Step], start: int) -> None:
        findings = self._begin()
        self.hedges.append(Hedges(start, self.run.tree.factor))
        for kpi in self.now.kpi_by_code.values():
            mine = [step for step in steps if step.kpi in ("", kpi.code)]
            if kpi.kind.adds_over_units and computable(kpi) and any(step.spreads for step in mine):
                standing, gone = (
                    self.standing.get(kpi.code, frozenset()),
                    self.moved.get(kpi.code, {}),
                )
                window = Window(start, self.spreads.get(kpi.code, Spread()), standing, gone)
                made = spread(self.run, kpi, window)
                if made is not None:
                    self.spreads[kpi.code] = stitched(made, window)
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
            months = (*earlier[:start], *target.months[start:])
            if key not in before or before[key].year != target.year or months != earlier:
                self.revisions.setdefault(key, []).append(
                    Revision(self.months[start], codes, target.year, months)
                )
            made[key] = replace(target, base_months=months, months=months)
        self.copies[kpi.code] = made

    def _note(self, kpi: Kpi, since: Month, codes: tuple[str, ...], before: Figures) -> None:
        self.touched.add(kpi.code)
        hedged, now = (hedges.factor for hedges in self.hedges[-2:])
        for code, months in self.shown(kpi.code).items():
            if list(before.get(code, ())) != list(months) or hedged.get(code) != now.get(code):
                member = self.spreads[kpi.code].members.get(code)
                blank = frozenset[int]() if member is None else member.blank
                self.revisions.setdefault((kpi.code, code), []).append(
                    Revision(since, codes, *shown(months, blank, kpi))
                )

    def factors(self, code: str) -> list[Fraction | None]:
        """The unit's hedge with those of all units above it, in each month."""
        found: list[Fraction | None] = [None] * MONTHS
        for hedges in self.hedges:
            found[hedges.start :] = [hedges.factor.get(code, _ONE)] * (MONTHS - hedges.start)
        return found

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
