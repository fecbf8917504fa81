"""The targets through the year: the plan as it was set, and one change after another (SPEC 9).

Changes that take effect in one month are one step: the KPIs they concern are divided anew over
the months from then on, by the plan as the changes leave it. Months before stay exactly as they
are, and so does every group of siblings for which nothing has changed. A year's target that is
changed is what the closed months hold and the rest, which falls on the open months. Units that go
to another parent and amounts that are handed over are moves, laid over what is divided
(:mod:`salesplan.engine.moves`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from salesplan.engine import moves
from salesplan.engine.amend import amended
from salesplan.engine.cascade import begun, kept, targets_of
from salesplan.engine.copied import copied
from salesplan.engine.goal import computable
from salesplan.engine.moves import Parents, Units
from salesplan.engine.results import Revision, Season, Target
from salesplan.engine.spread import MONTHS, Key, Run, Spread, Window, spread, stitched
from salesplan.engine.tree import grow
from salesplan.engine.workdays import Calendar
from salesplan.plan.model import Aim, Change, Kpi, Month, Plan, Transfer

SPREADING = frozenset({"coefficient", "hedge", "joined", "left", "ramp_up"})
"""What of a unit decides how every KPI is divided."""

_YEARS = frozenset({"target", "due"})


@dataclass(frozen=True, slots=True)
class Step:
    """A change on its way into the plan; ``start`` is the place of its first month in the plan year."""

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
        """Whether targets are divided anew."""
        return self.kpi is not None and not self.moves and self.aim.table != "handover"


class Hedges(NamedTuple):
    """The hedges down the tree from month ``start`` on."""

    start: int
    factor: Mapping[str, Fraction | None]


class Timeline:
    """The plan and its targets, up to the steps taken so far."""

    def __init__(self, plan: Plan, calendar: Calendar, seasons: Mapping[str, Season], steps: Sequence[Step]) -> None:
        run, self.findings = begun(plan, calendar, seasons)
        assert run is not None
        self.plan, self.calendar, self.seasons = plan, calendar, seasons
        self.now = plan
        """The plan with every change so far, parents included."""
        self.months = plan.settings.months
        self.home: Parents = {unit.code: unit.parent for unit in plan.units if unit.parent is not None}
        self.first = self.run = run
        self.transfers: list[Transfer] = []
        self.extras: dict[str, Units] = {}
        self.hedges = [Hedges(0, run.tree.factor)]
        self.revisions: dict[Key, list[Revision]] = {}
        self._starts = {kpi.code: sorted({s.start for s in steps if s.spreads and s.kpi in ("", kpi.code)}) for kpi in plan.kpis}
        self._shown: dict[str, Units] = {}
        self.spreads: dict[str, Spread] = {}
        self.copies: dict[str, dict[Key, Target]] = {}
        self._plan_year()
        self.baseline = self._targets_as_planned()

    def _plan_year(self) -> None:
        for kpi in self.plan.kpi_by_code.values():
            if not computable(kpi):
                continue
            if not kpi.kind.adds_over_units:
                self.copies[kpi.code] = copied(self.plan, self.run.tree, kpi, self.run.rows, self.findings)
            elif (made := spread(self.run, kpi, Window(0, self._until(kpi.code, -1)))) is not None:
                self.spreads[kpi.code] = made

    def _targets_as_planned(self) -> dict[Key, Target]:
        found: dict[Key, Target] = {}
        for kpi in self.plan.kpi_by_code.values():
            made = self.copies.get(kpi.code) or targets_of(self.run, kpi, self.spreads.get(kpi.code))
            found |= kept(self.run, kpi, made)
        return found

    def _until(self, kpi: str, start: int) -> int:
        """The first month of the KPI's next division after the one at ``start``."""
        return next((later for later in self._starts[kpi] if later > start), MONTHS)

    @property
    def parents(self) -> tuple[Parents, ...]:
        """Each month's parents."""
        return moves.parents_by_month(self.plan, self.transfers, self.months)

    def shown(self, kpi: str) -> Units:
        """Base months by unit as they are shown, in smallest units: moves included. Empty for a KPI that is not divided."""
        found = self._shown.get(kpi)
        if found is None:
            made = self.spreads.get(kpi)
            planned = {} if made is None else {code: list(months) for code, months in made.months.items()}
            extra = self.extras.get(kpi, {})
            found = planned
            if planned and (extra or self.transfers):
                found = moves.rolled_up(moves.added(moves.own(planned, self.home), extra), self.parents)
            self._shown[kpi] = found
        return found

    def own(self, kpi: str) -> Units:
        """What of each unit's months belongs to no unit below it."""
        planned = self.spreads[kpi].months
        return moves.added(moves.own(planned, self.home), self.extras.get(kpi, {}))

    def amend(self, step: Step, value: object) -> None:
        """Take one step's value into the plan; :meth:`close` brings it into the targets."""
        aim = step.aim
        if aim.table == "handover":
            kpi, giver, taker = aim.key
            record = self.now.kpi_by_code[kpi]
            units = int(Fraction(str(value)) / Fraction(record.smallest_unit))
            given = moves.handed_over(self.shown(kpi), self.parents[step.start], giver, taker, step.start, units, record.kind.adds_over_months)
            self.extras[kpi] = moves.added(self.extras.get(kpi, {}), given)
            self._shown.pop(kpi, None)
            return
        if step.moves:
            before = next(unit.parent for unit in self.now.units if unit.code == aim.key[0])
            self.transfers.append(Transfer(since=self.months[step.start], unit=aim.key[0], before=before or "", after=str(value)))
            self._shown.clear()
        self.now = amended(self.now, step.change, aim, value)

    def close(self, steps: Sequence[Step], before: Mapping[str, Units]) -> None:
        """Divide anew what the steps of one month concern, and note what has come of it."""
        if not steps:
            return
        start = steps[0].start
        self._divide(steps, start)
        for kpi in self.plan.kpi_by_code.values():
            codes = tuple(step.change.code for step in steps if step.kpi in ("", kpi.code))
            if codes and kpi.code in self.spreads:
                self._note(kpi, steps[0].since, codes, before[kpi.code])

    def _divide(self, steps: Sequence[Step], start: int) -> None:
        at_home = [replace(unit, parent=self.home.get(unit.code)) for unit in self.now.units]
        run, findings = begun(replace(self.now, units=tuple(at_home)), self.calendar, self.seasons)
        assert run is not None
        self.run = run
        tree = grow(self.now, self.calendar)[0] or run.tree
        self.hedges.append(Hedges(start, tree.factor))
        for kpi in self.now.kpi_by_code.values():
            mine = [step for step in steps if step.kpi in ("", kpi.code)]
            if kpi.code in self.copies and any(not step.spreads or step.kpi for step in mine):
                self._copy(Run(self.now, tree, self.seasons, findings), kpi, start, mine)
            elif kpi.code in self.spreads and any(step.spreads for step in mine):
                window = Window(start, self._until(kpi.code, start), self.spreads[kpi.code])
                made = spread(run, kpi, window)
                if made is not None:
                    self.spreads[kpi.code] = stitched(made, window)
                    self._shown.pop(kpi.code, None)
        self.findings += findings

    def _copy(self, run: Run, kpi: Kpi, start: int, steps: Sequence[Step]) -> None:
        before = self.copies[kpi.code]
        made = copied(run.plan, run.tree, kpi, run.rows, run.findings)
        codes = tuple(step.change.code for step in steps)
        for key, target in made.items():
            earlier = before[key].months if key in before else (None,) * MONTHS
            months = (*earlier[:start], *target.months[start:])
            if key not in before or before[key].year != target.year or months != earlier:
                self.revisions.setdefault(key, []).append(Revision(self.months[start], codes, target.year, months))
            made[key] = replace(target, base_months=months, months=months)
        self.copies[kpi.code] = made

    def _note(self, kpi: Kpi, since: Month, codes: tuple[str, ...], before: Units) -> None:
        for code, months in self.shown(kpi.code).items():
            if before.get(code) != months:
                year = sum(months) if kpi.kind.adds_over_months else months[-1]
                figures = tuple(value * kpi.smallest_unit for value in months)
                self.revisions.setdefault((kpi.code, code), []).append(Revision(since, codes, year * kpi.smallest_unit, figures))

    def factors(self, code: str) -> list[Fraction | None]:
        """The unit's hedge with those of all units above it, in each month."""
        found: list[Fraction | None] = []
        for index in range(MONTHS):
            hedges = next(one for one in reversed(self.hedges) if one.start <= index)
            found.append(hedges.factor.get(code, Fraction(1)))
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
