"""Targets by product through the year: as they were planned, and what changes and closed months
make of them.

The tree's own targets are made first, with every change and every closed month; products divide
them (:mod:`salesplan.engine.targets.products`). They are divided anew from the month of each change
that concerns them: of the KPI's targets, of who is above whom, of a product's row. Months before
stand, and of a month within which a change begins what lies before its day, by working days (as of
the units' own months, :mod:`salesplan.engine.changes.mid_month`). A closed month of a product is
what was recorded of it.

The products beside one that is changed give and take: the unit's own target stands, and so does the
product's above. Whose products a change alters is told with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from itertools import product as pairs
from typing import NamedTuple

from salesplan.dataclass import dataclass, replace
from salesplan.engine.changes.mid_month import standing
from salesplan.engine.changes.records import Adjusted
from salesplan.engine.changes.revised_targets import changes_told
from salesplan.engine.changes.timeline import Step
from salesplan.engine.changes.transfers import parents_by_month
from salesplan.engine.exact.rounding import apportion, common, controlled_rounding, nearest_units
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets import target as records
from salesplan.engine.targets.cascade import once
from salesplan.engine.targets.products import MONTHS, Dividing, Split, Stage
from salesplan.engine.targets.target import Revision, Target, Targets
from salesplan.engine.targets.tree import before as before_day
from salesplan.findings import Finding
from salesplan.plan.model import OTHER, Change, Kpi, Month, Plan, Transfer, Unit
from salesplan.plan.model.amend import amended

_THERE = frozenset({"joined", "left"})

Key = tuple[str, str, str]
"""KPI code, unit code, product (:data:`~salesplan.plan.model.OTHER`: the rest)."""


@dataclass(frozen=True, slots=True)
class ByProduct:
    """Targets by KPI, unit and product: now, and before any change."""

    targets: Mapping[Key, Target]
    baseline: Mapping[Key, Target]
    findings: tuple[Finding, ...]


class Turn(NamedTuple):
    """When products are divided anew: from the month at that place on, or from a day in it (of the
    whole month the least day there is).
    """

    start: int
    day: date = date.min


class Stood(NamedTuple):
    """What stands of the month within which a turn begins, by unit and product."""

    turn: Turn = Turn(0)
    parts: Mapping[tuple[str, str], int] = {}


def by_product(plan: Plan, adjusted: Adjusted, calendar: Calendar) -> ByProduct:
    """The targets of every KPI of which some row names a product, in the order of KPIs, units and
    products. ``plan`` is the one of the sheets.
    """
    targets: dict[Key, Target] = {}
    baseline: dict[Key, Target] = {}
    findings: list[Finding] = []
    named: dict[str, dict[str, None]] = {}
    for row in plan.product_targets:
        if row.product != OTHER:
            named.setdefault(row.kpi, {})[row.product] = None
    for kpi in plan.kpis:
        flow = kpi.kind.adds_over_units and kpi.kind.adds_over_months
        if kpi.code not in named or not flow or kpi.smallest_unit <= 0:
            continue
        course = _Course(plan, adjusted, kpi, tuple(named[kpi.code]), calendar)
        planned, now = course.splits()
        baseline |= course.told(planned, adjusted.baseline)
        targets |= course.told(now, adjusted.targets, baseline)
        findings += course.dividing.findings
    return ByProduct(targets, baseline, tuple(once(findings)))


class _Course:
    """One KPI's products through the year."""

    def __init__(
        self,
        plan: Plan,
        adjusted: Adjusted,
        kpi: Kpi,
        products: tuple[str, ...],
        calendar: Calendar,
    ) -> None:
        self.plan, self.adjusted, self.kpi, self.calendar = plan, adjusted, kpi, calendar
        self.months = plan.settings.months
        names = {unit.code: unit.name for unit in plan.units}
        mix = last_year(plan, kpi, products)
        self.dividing = Dividing(kpi, products, self.months, mix, names)
        by_code: dict[str, Change] = {change.code: change for change in plan.changes}
        self.steps = sorted(
            (
                Step(by_code[one.change], one.aim, one.since, self._at(one.since), one.day)
                for one in adjusted.adjustments
                if one.state.approved_in
                and one.since in self.months
                and one.aim is not None
                and one.change in by_code
            ),
            key=_turn,
        )
        self.turns = self._turns()
        self.revisions: dict[tuple[str, str], list[Revision]] = {}
        self.stood: dict[Turn, Mapping[tuple[str, str], int]] = {}
        self.wholes: dict[tuple[Decimal | None, ...], list[int]] = {}

    def _at(self, month: Month) -> int:
        return self.months.index(month)

    def splits(self) -> tuple[Split, Split]:
        """As planned, and now."""
        planned = self.dividing.divided(self._stage(Turn(0), planned=True), None)
        now, stood = planned, Stood()
        if self.plan.closed_months:
            now = self._recorded(self.dividing.divided(self._stage(Turn(0)), None))
        for turn in self.turns[1:]:
            stood = self._standing(turn, stood, now)
            self.stood[turn] = stood.parts
            stage = replace(self._stage(turn), stood=stood.parts)
            earlier, now = now, self._recorded(self.dividing.divided(stage, now))
            self._note(turn, stood, earlier, now)
        return planned, now

    def _turns(self) -> list[Turn]:
        """Where products are divided anew."""
        found = {Turn(0), Turn(self.plan.closed_months % MONTHS)}
        for (code, _), target in self.adjusted.targets.items():
            if code == self.kpi.code:
                found |= {self._turn_of(one) for one in target.revisions}
        found |= {Turn(self._at(one.since), one.day or date.min) for one in self._transfers()}
        found |= {_turn(step) for step in self.steps if self._of_products(step)}
        return sorted(found)

    def _turn_of(self, one: Revision) -> Turn:
        return Turn(self._at(one.since), date.min if one.split is None else one.split.day)

    def _of_products(self, step: Step) -> bool:
        return step.aim.table == "products" and step.aim.key[0] == self.kpi.code

    def _transfers(self) -> list[Transfer]:
        return [one for one in self.adjusted.plan.transfers if one.since in self.months]

    def _parents(self, turn: Turn, *, until: bool = False) -> Mapping[str, str]:
        """Who is above whom from a turn on; ``until`` it, before its own transfers."""
        known = [(Turn(self._at(one.since), one.day or date.min), one) for one in self._transfers()]
        there = tuple(one for at, one in known if at < turn or (at == turn and not until))
        return parents_by_month(self.plan, there, self.months)[turn.start]

    def _stage(self, turn: Turn, *, planned: bool = False) -> Stage:
        """What is divided from a turn on; as ``planned``, before any month was closed."""
        closed = 0 if planned else self.plan.closed_months
        last = turn == self.turns[-1]
        months: dict[str, Sequence[int]] = {}
        for (code, unit), target in self.adjusted.targets.items():
            if code == self.kpi.code:
                now = self._whole(target.base_months)
                own = now if last else self._as_of(unit, target, turn)
                if now is not None and own is not None:
                    months[unit] = [*now[:closed], *own[closed:]]
        parents = self._parents(turn)
        above = {unit: self._nearest(unit, parents, months) for unit in months}
        rows = {
            (row.unit, row.product): row
            for row in self._plan_at(turn).product_targets
            if row.kpi == self.kpi.code
        }
        beside = {top.code: top.beside for top in self.plan.overlays}
        return Stage(turn.start, months, above, rows, beside)

    # --- a day within a month -----------------------------------------------------------------

    def _standing(self, turn: Turn, before: Stood, split: Split) -> Stood:
        """What stands of a turn's month: what stood ``before``, and of what was left of it what
        lies before the day.
        """
        if turn.day == date.min:
            return Stood(turn)
        old = before if before.turn.start == turn.start else Stood(Turn(turn.start))
        day, start = turn.day, turn.start
        since = old.turn.day if old.turn.day != date.min else self.months[start].first
        products = self.dividing.products
        known_units = {unit for unit, _ in split.months}
        units = [
            unit
            for code, unit in self.adjusted.targets
            if code == self.kpi.code and unit in known_units
        ]
        left = {
            key: line[start] - old.parts.get(key, 0)
            for key, line in split.months.items()
            if key[1] in products
        }
        before_sums = dict.fromkeys(units, 0)
        for (unit, _), part in old.parts.items():
            before_sums[unit] = before_sums.get(unit, 0) + part
        wholes = dict.fromkeys(units, 0)
        for (unit, _), month in left.items():
            wholes[unit] += month
        parents = self._parents(turn, until=True)
        above = {unit: self._nearest(unit, parents, wholes) for unit in units}
        by_code = self._plan_at(turn, until=True).unit_by_code
        shares = {unit: before_day(by_code[unit], since, day, self.calendar) for unit in units}
        known = {unit: upper for unit, upper in above.items() if upper is not None}
        sums = standing(wholes, known, shares.__getitem__)
        for one in self.adjusted.partings:
            parts = one.cut.parts.get(self.kpi.code, {})
            if Turn(one.cut.start, one.cut.day or date.min) == turn and parts.keys() >= sums.keys():
                # What the unit's own target leaves with its old parent, to the last unit.
                sums = {unit: parts[unit] - before_sums[unit] for unit in sums}
        more = _shared_out(left, sums, above, shares, products)
        found = {key: old.parts.get(key, 0) + part for key, part in more.items()}
        return Stood(turn, {**old.parts, **found})

    def _note(self, turn: Turn, stood: Stood, before: Split, now: Split) -> None:
        """Note whose products are not what they were, with the changes that begin there."""
        mine = [
            step
            for step in self.steps
            if _turn(step) == turn and (step.kpi in ("", self.kpi.code) or self._of_products(step))
        ]
        if not mine:
            return
        codes = tuple(dict.fromkeys(step.change.code for step in mine))
        hedged = self._hedged(turn) if any(step.aim.column == "hedge" for step in mine) else set()
        step = self.kpi.smallest_unit
        for key, line in now.months.items():
            if line == before.months.get(key) and key[0] not in hedged:
                continue
            months = tuple(month * step for month in line)
            whole = sum(line) * step
            split = self._split(turn, stood.parts.get(key, 0))
            one = Revision(self.months[turn.start], codes, whole, months, split)
            self.revisions.setdefault(key, []).append(one)

    def _hedged(self, turn: Turn) -> set[str]:
        """The units whose own target has changed by then, as with another hedge they do."""
        return {
            unit
            for (code, unit), target in self.adjusted.targets.items()
            if code == self.kpi.code and turn in map(self._turn_of, target.revisions)
        }

    def _split(self, turn: Turn, part: int) -> records.Split | None:
        """What is told of the month within which the turn begins."""
        if turn.day == date.min:
            return None
        month = self.months[turn.start]
        return records.Split(
            day=turn.day,
            before=self.calendar.count(month.first, turn.day - timedelta(days=1)),
            days=self.calendar.in_month(month),
            stands=part * self.kpi.smallest_unit,
        )

    # --- what holds by then -------------------------------------------------------------------

    def _as_of(self, unit: str, target: Target, turn: Turn) -> Sequence[int] | None:
        """The unit's base months with what holds by then."""
        known = [one for one in target.revisions if self._turn_of(one) <= turn]
        if known:
            return self._whole(known[-1].base_months)
        planned = self.adjusted.baseline.get((self.kpi.code, unit))
        return self._whole((planned or target).base_months)

    def _whole(self, months: tuple[Decimal | None, ...]) -> Sequence[int] | None:
        """The months in smallest units; each turn asks anew for those of every unit."""
        if all(month is None for month in months):
            return None
        if months not in self.wholes:
            step = self.kpi.smallest_unit
            self.wholes[months] = [0 if one is None else nearest_units(one, step) for one in months]
        return self.wholes[months]

    @staticmethod
    def _nearest(
        unit: str, parents: Mapping[str, str | None], known: Mapping[str, object]
    ) -> str | None:
        above, seen = parents.get(unit), {unit}
        while above is not None and above not in known and above not in seen:
            seen.add(above)
            above = parents.get(above)
        return above if above is not None and above in known else None

    def _plan_at(self, turn: Turn, *, until: bool = False) -> Plan:
        """The plan with the changes of product rows, and of when units are there, that hold from a
        turn on; ``until`` it, without its own.
        """
        plan = self.plan
        for step in self.steps:
            aim, at = step.aim, _turn(step)
            there = aim.table == "units" and aim.column in _THERE
            if (aim.table == "products" or there) and (at < turn or (at == turn and not until)):
                plan = amended(plan, step.change, aim, aim.after)
        return plan

    def _recorded(self, split: Split) -> Split:
        """Closed months as they were recorded, where all products of a unit are."""
        count = self.plan.closed_months
        if not count:
            return split
        records = {
            (row.unit, row.product): row.figures
            for row in self.plan.product_closed
            if row.kpi == self.kpi.code
        }
        months = {key: list(line) for key, line in split.months.items()}
        for unit in dict.fromkeys(unit for unit, _ in months):
            keys = [(unit, product) for product in self.dividing.products]
            for at in range(count):
                figures = [records[key][at] for key in keys if key in records]
                bases = [one.base for one in figures if one is not None and one.base is not None]
                if len(bases) < len(keys):
                    continue
                for key, base in zip(keys, bases, strict=True):
                    months[key][at] = nearest_units(base, self.kpi.smallest_unit)
        return Split(months, split.stated)

    # --- records ------------------------------------------------------------------------------

    def told(
        self,
        split: Split,
        targets: Targets,
        planned: Mapping[Key, Target] | None = None,
    ) -> dict[Key, Target]:
        """The records of the split, issued as the units' own targets are."""
        stage = self._stage(self.turns[-1] if planned is not None else Turn(0))
        loose = self._loose(split, () if planned is None else self._transfers())
        found: dict[Key, Target] = {}
        for (code, unit), target in targets.items():
            keys = [(unit, product) for product in self.dividing.products]
            if code != self.kpi.code or any(key not in split.months for key in keys):
                continue
            issued = self._issued([split.months[key] for key in keys], target)
            for key, months in zip(keys, issued, strict=True):
                one = self._record(split, stage, key, months, loose.get(key))
                found[code, unit, key[1]] = self._changed(one, planned)
        return found

    def _loose(
        self, split: Split, transfers: Sequence[Transfer]
    ) -> dict[tuple[str, str], list[int]]:
        """What of each parent's months no unit below has in them, by product. Of a month within
        which a unit goes elsewhere what stands of it is the old parent's.
        """
        trees = parents_by_month(self.plan, transfers, self.months)
        units = dict.fromkeys(unit for unit, _ in split.months)
        known: list[Mapping[str, str | None]] = []
        for at, tree in enumerate(trees):
            same = at and tree is trees[at - 1]
            known.append(
                known[-1] if same else {unit: self._nearest(unit, tree, units) for unit in units}
            )
        uppers = set(chain.from_iterable(tree.values() for tree in known))
        # Who loses its only unit within its first month has nobody below it in any month's tree.
        uppers |= {self._former(one, known) for one in transfers if one.day is not None}
        found = {key: list(line) for key, line in split.months.items() if key[0] in uppers}
        for (unit, product), line in split.months.items():
            for at, month in enumerate(line):
                upper = known[at][unit]
                if upper is not None:
                    found[upper, product][at] -= month
        for one in transfers:
            if one.day is not None:
                self._part(found, one, known)
        return found

    def _part(
        self,
        loose: Mapping[tuple[str, str], list[int]],
        one: Transfer,
        known: Sequence[Mapping[str, str | None]],
    ) -> None:
        """Give the old parent what stands of the month within which its unit leaves."""
        at = self._at(one.since)
        stood = self.stood.get(Turn(at, one.day or date.min), {})
        former = self._former(one, known)
        for product in self.dividing.products:
            part = stood.get((one.unit, product), 0)
            for upper, more in ((known[at][one.unit], part), (former, -part)):
                if upper is not None and (upper, product) in loose:
                    loose[upper, product][at] += more

    def _former(self, one: Transfer, known: Sequence[Mapping[str, str | None]]) -> str | None:
        """The unit with products from below which a unit goes."""
        nearest = known[self._at(one.since)]
        return one.before if one.before in nearest else nearest.get(one.before)

    def _issued(self, base: Sequence[Sequence[int]], target: Target) -> list[list[int]]:
        """The products' issued months: each as its base does, together the unit's."""
        whole, issued = self._whole(target.base_months), self._whole(target.months)
        if whole is None or issued is None or whole == issued:
            return [list(line) for line in base]
        real = []
        for at, line in enumerate(base, 1):
            real.append(_in_ratio(line, whole, issued, at == len(base)))
        return controlled_rounding(real, None, issued)

    def _record(
        self,
        split: Split,
        stage: Stage,
        key: tuple[str, str],
        issued: Sequence[int],
        loose: Sequence[int] | None,
    ) -> Target:
        unit, product = key
        base, step = split.months[key], self.kpi.smallest_unit
        above = stage.above.get(unit)
        upper = None if above is None else sum(split.months[above, product])
        whole = sum(base)
        row = stage.rows.get(key)
        typed = row is not None and (row.has_manual or row.lock is not None)
        remarks = [Finding.of("target-manual")] if typed else []
        if loose is not None and any(loose):
            over = sum(loose) < 0
            code = "target-overassigned" if over else "target-unassigned"
            remarks.append(Finding.of(code, amount=abs(sum(loose)) * step))
        return Target(
            self.kpi.code,
            unit,
            parent_target=None if upper is None else upper * step,
            coefficient=None,
            base_year=whole * step,
            base_months=tuple(month * step for month in base),
            year=sum(issued) * step,
            months=tuple(month * step for month in issued),
            children_sum=None if loose is None else (whole - sum(loose)) * step,
            unassigned=None if loose is None else sum(loose) * step,
            unassigned_months=(None,) * MONTHS
            if loose is None
            else tuple(month * step for month in loose),
            parent_share=None if not upper else Decimal(whole) / upper,
            remarks=tuple(remarks),
            derivation=tuple(self._why(stage, key, whole * step, upper, typed)),
            product=product,
        )

    def _why(
        self,
        stage: Stage,
        key: tuple[str, str],
        value: Decimal,
        upper: int | None,
        typed: bool,
    ) -> Iterator[Finding]:
        unit, product = key
        above = stage.above.get(unit)
        if typed:
            yield Finding.of("why-manual", value=value)
        elif product == OTHER and above is None:
            yield Finding.of("why-product-rest", value=value)
        elif above is not None and upper is not None:
            yield Finding.of(
                "why-product-share",
                parent=self.dividing.name_of.get(above) or above,
                target=upper * self.kpi.smallest_unit,
                value=value,
            )
        elif _typed_below(stage, key):
            yield Finding.of("why-below", value=value)
        elif stage.beside.get(unit) in stage.months:
            name = self.dividing.name_of.get(stage.beside[unit]) or stage.beside[unit]
            yield Finding.of("why-product-beside", parent=name, value=value)
        elif self.dividing.mix.get(product):
            yield Finding.of("why-product-last-year", value=value)
        else:
            yield Finding.of("why-product-equal", value=value)

    def _changed(self, one: Target, planned: Mapping[Key, Target] | None) -> Target:
        """The target with what changes made of it, on its way from baseline to now."""
        before = (planned or {}).get((one.kpi, one.unit, one.product))
        found = tuple(self.revisions.get((one.unit, one.product), ()))
        if before is None or not found:
            return one
        remark = Finding.of(
            "target-changed",
            changes=tuple(dict.fromkeys(chain.from_iterable(one.changes for one in found))),
            month=found[0].begins,
            before=before.base_year,
        )
        return replace(
            one,
            remarks=(*one.remarks, remark),
            derivation=(*before.derivation, *changes_told(before, found, self.months)),
            revisions=found,
        )


def _turn(step: Step) -> Turn:
    return Turn(step.start, step.day or date.min)


def _shared_out(
    left: Mapping[tuple[str, str], int],
    sums: Mapping[str, int],
    above: Mapping[str, str | None],
    shares: Mapping[str, Fraction],
    products: Sequence[str],
) -> dict[tuple[str, str], int]:
    """Of what is ``left`` of a month by unit and product the part that stands: each unit's makes
    its own of ``sums``, and a product's of the units below and of nobody the one above.
    """
    parts: dict[tuple[str, str], int] = {}
    below: dict[str, list[str]] = {}
    for unit, upper in above.items():
        below.setdefault(upper or "", []).append(unit)
    real = {key: whole * shares[key[0]] for key, whole in left.items()}

    def line(unit: str) -> list[Fraction]:
        return [real[unit, one] for one in products]

    for top in below.get("", ()):
        found = apportion(sums[top], *common(line(top)))
        parts.update(zip(pairs((top,), products), found, strict=True))
    queue = below.get("", [])[:]
    for parent in queue:  # grows: those below behind their parents
        kids = below.get(parent, [])
        if not kids:
            continue
        queue += kids
        columns, rows = [parts[parent, one] for one in products], [line(kid) for kid in kids]
        theirs = map(sum, zip(*rows, strict=True))
        nobody = [Fraction(column) - own for column, own in zip(columns, theirs, strict=True)]
        totals = [sums[kid] for kid in kids]
        totals.append(sum(columns) - sum(totals))
        rows.append(nobody)
        *own, _ = controlled_rounding(rows, totals, columns)
        parts.update(zip(pairs(kids, products), chain.from_iterable(own), strict=True))
    return parts


def _typed_below(stage: Stage, key: tuple[str, str]) -> bool:
    """Whether something is typed for the product of a unit below this one."""
    top, product = key
    for row in stage.rows.values():
        if row.product == product and row.has_manual:
            unit = stage.above.get(row.unit)
            while unit is not None and unit != top:
                unit = stage.above.get(unit)
            if unit == top:
                return True
    return False


def last_year(plan: Plan, kpi: Kpi, products: Sequence[str]) -> dict[str, Fraction]:
    """Each product's part of last year's actuals, and that of the others (OTHER); empty where none
    of them sold. Overlay units repeat what others sold, and are left out.
    """
    before = {month.plus(-12) for month in plan.settings.months}
    beside = set[str]()
    for top in plan.overlays:
        beside.update(unit.code for unit in _tree(plan, top))
    data = plan.actuals
    sums = dict.fromkeys((*products, OTHER), 0)
    for code, unit, month, product, value in zip(
        data.kpi, data.unit, data.month, data.product, data.value, strict=True
    ):
        if code == kpi.code and value and month in before and unit not in beside:
            sums[product if product in sums else OTHER] += value
    total = sum(sums.values())
    if total <= 0 or not any(sums[product] for product in products):
        return {}
    return {product: max(Fraction(part, total), Fraction(0)) for product, part in sums.items()}


def _tree(plan: Plan, top: Unit) -> Iterator[Unit]:
    return (unit for _, unit in plan.walk(top.code))


def _in_ratio(
    base: Sequence[int], whole: Sequence[int], issued: Sequence[int], last: bool
) -> list[Fraction]:
    """A product's months as much more or less than its base as the unit's; of a month without a
    base the last product has all.
    """
    found = []
    for month, own, more in zip(base, whole, issued, strict=True):
        without = Fraction(more if last else 0)
        found.append(Fraction(month * more, own) if own else without)
    return found
