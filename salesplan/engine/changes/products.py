"""Targets by product through the year: as they were planned, and what changes and closed months
make of them (SPEC 9, 16).

The tree's own targets are made first, with every change and every closed month; products divide
them (:mod:`salesplan.engine.targets.products`). They are divided anew from the month of each change
that concerns them: of the KPI's targets, of who is above whom, of a product's row. Months before
stand. A change within a month counts for products from that month's beginning. A closed month of a
product is what was recorded of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from salesplan.dataclass import dataclass, replace
from salesplan.engine.changes.amend import amended
from salesplan.engine.changes.changed import Adjusted
from salesplan.engine.changes.moves import parents_by_month
from salesplan.engine.exact.rounding import controlled_rounding
from salesplan.engine.targets.cascade import once
from salesplan.engine.targets.products import MONTHS, Dividing, Split, Stage
from salesplan.engine.targets.target import Target, Targets
from salesplan.findings import Finding
from salesplan.plan.model import OTHER, Change, Kpi, Plan, Transfer, Unit

Key = tuple[str, str, str]
"""KPI code, unit code, product (:data:`~salesplan.plan.model.OTHER`: the rest)."""


@dataclass(frozen=True, slots=True)
class ByProduct:
    """Targets by KPI, unit and product: now, and before any change."""

    targets: Mapping[Key, Target]
    baseline: Mapping[Key, Target]
    findings: tuple[Finding, ...]


def by_product(plan: Plan, adjusted: Adjusted) -> ByProduct:
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
        course = _Course(plan, adjusted, kpi, tuple(named[kpi.code]))
        planned, now = course.splits()
        baseline |= course.told(planned, adjusted.baseline)
        targets |= course.told(now, adjusted.targets, baseline)
        findings += course.dividing.findings
    return ByProduct(targets, baseline, tuple(once(findings)))


class _Course:
    """One KPI's products through the year."""

    def __init__(self, plan: Plan, adjusted: Adjusted, kpi: Kpi, products: tuple[str, ...]) -> None:
        self.plan, self.adjusted, self.kpi = plan, adjusted, kpi
        self.months = plan.settings.months
        names = {unit.code: unit.name for unit in plan.units}
        mix = last_year(plan, kpi, products)
        self.dividing = Dividing(kpi, products, self.months, mix, names)
        self.changes = [
            (self.months.index(one.since), one.change, one.aim)
            for one in adjusted.adjustments
            if one.state.approved_in and one.since in self.months and one.aim is not None
        ]

    def splits(self) -> tuple[Split, Split]:
        """As planned, and now."""
        planned = self.dividing.divided(self._stage(0, planned=True), None)
        before = planned
        if self.plan.closed_months:
            before = self._recorded(self.dividing.divided(self._stage(0), None))
        for start in self._starts()[1:]:
            before = self.dividing.divided(self._stage(start), before)
        return planned, before

    def _starts(self) -> list[int]:
        """Where products are divided anew."""
        found = {0, self.plan.closed_months if self.plan.closed_months < MONTHS else 0}
        for (code, _), target in self.adjusted.targets.items():
            if code == self.kpi.code:
                found |= {self.months.index(one.since) for one in target.revisions}
        found |= {self.months.index(one.since) for one in self._transfers()}
        found |= {
            start
            for start, _, aim in self.changes
            if aim.table == "products" and aim.key[0] == self.kpi.code
        }
        return sorted(found)

    def _transfers(self) -> list[Transfer]:
        return [one for one in self.adjusted.plan.transfers if one.since in self.months]

    def _stage(self, start: int, *, planned: bool = False) -> Stage:
        """What is divided from a month on; as ``planned``, before any month was closed."""
        closed = 0 if planned else self.plan.closed_months
        last = start == self._starts()[-1]
        months: dict[str, Sequence[int]] = {}
        for (code, unit), target in self.adjusted.targets.items():
            if code == self.kpi.code:
                now = self._whole(target.base_months)
                own = now if last else self._as_of(unit, target, start)
                if now is not None and own is not None:
                    months[unit] = [*now[:closed], *own[closed:]]
        transfers = tuple(one for one in self._transfers() if self.months.index(one.since) <= start)
        parents = parents_by_month(self.plan, transfers, self.months)[start]
        above = {unit: self._nearest(unit, parents, months) for unit in months}
        rows = {
            (row.unit, row.product): row
            for row in self._plan_at(start).product_targets
            if row.kpi == self.kpi.code
        }
        beside = {top.code: top.beside for top in self.plan.overlays}
        return Stage(start, months, above, rows, beside)

    def _as_of(self, unit: str, target: Target, start: int) -> list[int] | None:
        """The unit's base months with what holds by then."""
        known = [one for one in target.revisions if self.months.index(one.since) <= start]
        if known:
            return self._whole(known[-1].base_months)
        planned = self.adjusted.baseline.get((self.kpi.code, unit))
        return self._whole((planned or target).base_months)

    def _whole(self, months: Iterable[Decimal | None]) -> list[int] | None:
        given = list(months)
        if all(month is None for month in given):
            return None
        step = Fraction(self.kpi.smallest_unit)
        return [0 if month is None else round(Fraction(month) / step) for month in given]

    @staticmethod
    def _nearest(
        unit: str, parents: Mapping[str, str | None], known: Mapping[str, object]
    ) -> str | None:
        above, seen = parents.get(unit), {unit}
        while above is not None and above not in known and above not in seen:
            seen.add(above)
            above = parents.get(above)
        return above if above is not None and above in known else None

    def _plan_at(self, start: int) -> Plan:
        """The plan with the changes of product rows that hold by then."""
        plan = self.plan
        by_code: dict[str, Change] = {change.code: change for change in plan.changes}
        for at, code, aim in sorted(self.changes, key=lambda one: one[0]):
            if aim.table == "products" and at <= start and code in by_code:
                plan = amended(plan, by_code[code], aim, aim.after)
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
                    months[key][at] = round(Fraction(base) / Fraction(self.kpi.smallest_unit))
        return Split(months, split.loose, split.stated)

    # --- records ------------------------------------------------------------------------------

    def told(
        self,
        split: Split,
        targets: Targets,
        planned: Mapping[Key, Target] | None = None,
    ) -> dict[Key, Target]:
        """The records of the split, issued as the units' own targets are."""
        stage = self._stage(self._starts()[-1] if planned is not None else 0)
        below: dict[str, list[str]] = {}
        for unit in stage.months:
            below.setdefault(stage.above.get(unit) or "", []).append(unit)
        found: dict[Key, Target] = {}
        for (code, unit), target in targets.items():
            keys = [(unit, product) for product in self.dividing.products]
            if code != self.kpi.code or any(key not in split.months for key in keys):
                continue
            issued = self._issued([split.months[key] for key in keys], target)
            for key, months in zip(keys, issued, strict=True):
                one = self._record(split, stage, key, months, below.get(unit, ()))
                found[code, unit, key[1]] = self._changed(one, planned)
        return found

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
        kids: Sequence[str],
    ) -> Target:
        unit, product = key
        base, step = split.months[key], self.kpi.smallest_unit
        above = stage.above.get(unit)
        upper = None if above is None else sum(split.months[above, product])
        loose = split.loose.get(key) if kids else None
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
        before = (planned or {}).get((one.kpi, one.unit, one.product))
        if before is None or before.base_months == one.base_months:
            return one
        codes = [
            code
            for _, code, aim in self.changes
            if aim.key[:1] == (self.kpi.code,) or aim.table == "units"
        ]
        if not codes:
            return one
        first = min(at for at, code, _ in self.changes if code in codes)
        remark = Finding.of(
            "target-changed",
            changes=tuple(dict.fromkeys(codes)),
            month=self.months[first],
            before=before.base_year,
        )
        return replace(one, remarks=(*one.remarks, remark))


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
