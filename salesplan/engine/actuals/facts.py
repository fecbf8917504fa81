"""What was achieved: the actuals by KPI, unit and period, each kind in its own way.

| kind | across units | across months |
|---|---|---|
| flow | Σ | Σ |
| stock | Σ of each unit's last level | the last level up to the period's end, carried forward |
| ratio, average | Σ numerator ÷ Σ denominator | the same |
| cohort ratio, point | Σ ÷ Σ | the latest month given, never Σ of months |
| milestone | done where the least advanced unit is | the last level given |

A milestone is done only once every unit with a target of its own has said so.
A unit's own rows and those of all units below it count together. Of the company a flow of an
earlier year's month without any row is what 季节系数 says of it. No row at all is ``None``, never
zero, and so is everything that begins after the cut-off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain, islice

from salesplan.dataclass import dataclass, field, replace
from salesplan.engine.actuals.slices import DIMENSIONS, SORTED_BY, Scope, Slice, Slicer, parting_of
from salesplan.engine.actuals.tally import (
    Key,
    Lineages,
    Parts,
    Tallies,
    Tally,
    months_between,
    number_of,
)
from salesplan.engine.exact.figures import amount, divide
from salesplan.findings import Finding
from salesplan.plan.model import MICRO, Kpi, KpiKind, Month, Plan

_NOTHING: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class Covered:
    """Who is in a rate that counts as of its latest ``month``: ``reported`` gave it for that month,
    ``missing`` gave it earlier in the plan year and not yet for that month. Unit codes, in the
    order of the rows.
    """

    month: Month
    reported: tuple[str, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        """1/3"""
        return f"{len(self.reported)}/{len(self.reported) + len(self.missing)}"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The actuals of ``plan`` up to and including ``as_of``; made by :meth:`of`."""

    plan: Plan
    as_of: date
    tallies: Tallies = field(compare=False, repr=False)

    @classmethod
    def of(cls, plan: Plan, as_of: date) -> Facts:
        """Facts up to and including ``as_of``.

        A row with a date counts if that is not after the cut-off; a row with only a month counts
        from the month's first day on, because it is the whole figure known of that month.
        """
        return cls(plan=plan, as_of=as_of, tallies=Tallies(plan, parting_of(plan)))

    def until(self, day: date) -> Facts:
        """The same up to another day: what is over on both is not tallied again."""
        return replace(self, as_of=day)

    def value(self, kpi: str, unit: str, first: Month, last: Month) -> Decimal | None:
        """The KPI's figure for a unit (with all below it) from ``first`` to ``last`` inclusive.

        Sums are exact; rates are one division of exact sums, to 28 digits. A stock or milestone
        is the level at the end, whenever it was last reported. None: nothing is known. A rate
        whose rows give no numerator and denominator is known only where it is the one
        contribution, or the unit's own single statement while no unit below gave parts.
        """
        record, cut = self.plan.kpi_by_code.get(kpi), self._cut
        if record is None or first > cut:
            return None
        if last > cut:
            last = cut
        if kpi in self._amounts:
            row, end = self._over.series.get((kpi, unit), _NOTHING), number_of(last)
            start = number_of(first) if record.kind is KpiKind.FLOW else end
            given = [v for n in range(start, end + 1) if (v := row.get(n)) is not None]
            if last == cut and (now := self._now.amounts.get((kpi, unit, cut))) is not None:
                given.append(now)
            return amount(sum(given)) if given else None
        both = self._both(record, unit, first, last)
        if both is not None:
            return divide(*both) if both[1] else None
        return self._stated(record, unit, first, last)

    def parts(
        self, kpi: str, unit: str, first: Month, last: Month
    ) -> tuple[Decimal, Decimal] | None:
        """Numerator and denominator behind :meth:`value`, in their own units; None where there are
        none.
        """
        record = self.plan.kpi_by_code.get(kpi)
        if record is None or record.kind.is_amount or first > self._cut:
            return None
        return self._both(record, unit, first, min(last, self._cut))

    def monthly(self, kpi: str, unit: str) -> tuple[Decimal | None, ...]:
        """The plan year's twelve months in fiscal order; None after the cut-off or without rows."""
        kept = self._months.get((kpi, unit))
        if kept is None:
            kept = self._months[kpi, unit] = self.year(kpi, unit, self.plan.settings.months[0])
        return kept

    def year(self, kpi: str, unit: str, first: Month) -> tuple[Decimal | None, ...]:
        """Twelve months of any year by themselves, from ``first`` on."""
        if kpi not in self._amounts:
            return tuple(
                self.value(kpi, unit, month, month)
                for month in months_between(first, first.plus(11))
            )
        row, start = self._over.series.get((kpi, unit), _NOTHING), number_of(first)
        given = [row.get(n) for n in range(start, start + 12)]
        now, at = self._now.amounts.get((kpi, unit, self._cut)), number_of(self._cut) - start
        if now is not None and 0 <= at < len(given):
            given[at] = now
        return tuple(None if value is None else amount(value) for value in given)

    def whole_year(self, kpi: str, unit: str, first: Month) -> tuple[Decimal, ...] | None:
        """:meth:`year`, or None as soon as one of its months is unknown."""
        over = self._over.series.get((kpi, unit), _NOTHING)
        if kpi in self._amounts and first < self._cut and number_of(first) not in over:
            return None
        known = tuple(one for one in self.year(kpi, unit, first) if one is not None)
        return known if len(known) == 12 else None

    @cached_property
    def rows(self) -> Mapping[Key, Sequence[int]]:
        """The indexes of the actual rows that count, by the (KPI code, unit code, month) they are
        of: of how things stand only the month's last. In the order of the rows.
        """
        return self.tallies.in_order(self._over.groups, self._now.groups)

    def rows_by_month(self, kpi: str) -> Mapping[Month, Sequence[Sequence[int]]]:
        """:attr:`rows` of a KPI by month, those of each unit by themselves."""
        return {**self._over.by_kpi.get(kpi, {}), **self._now.by_kpi.get(kpi, {})}

    def daily(self, kpi: str) -> Mapping[Month, Mapping[date, int]]:
        """What the dated rows of a flow add up to by day, in millionths, of each month with rows
        before the cut-off's.
        """
        months = self._over.by_kpi.get(kpi, {})
        return {month: self.tallies.daily(kpi, month, self._cut) for month in months}

    def by(
        self, kpi: str, dimension: str, first: Month, last: Month, unit: str | None = None
    ) -> dict[str, Decimal]:
        """:meth:`value` by the names of one dimension, in order of first appearance in the rows.

        ``dimension`` is product, region, customer or channel, or customer_type, industry or size by
        what 客户 says of the row's customer; rows without a name are under ``""`` (for a region:
        that of their unit or the nearest above that has one). ``unit`` None means all units. Names
        without a figure are left out.
        Raises KeyError for another dimension or an unknown unit.
        """
        slices = self.split(kpi, (dimension,), first, last, unit)
        return {names[0]: one.value for names, one in slices.items() if one.value is not None}

    def split(
        self,
        kpi: str,
        dimensions: tuple[str, ...],
        first: Month,
        last: Month,
        unit: str | None = None,
    ) -> dict[tuple[str, ...], Slice]:
        """Value, quantity and parts by the names of one or more dimensions; see :meth:`by`.

        A milestone has no parts to split and gives nothing. Raises KeyError as :meth:`by` does.
        """
        for dimension in dimensions:
            if dimension not in DIMENSIONS and dimension not in SORTED_BY:
                raise KeyError(dimension)
        record = self.plan.kpi_by_code.get(kpi)
        if record is None or first > self._cut or record.kind is KpiKind.MILESTONE:
            return {}
        units = (
            None
            if unit is None
            else self._scopes.get(unit) or self._scopes.setdefault(unit, self._scope(unit))
        )
        last = min(last, self._cut)
        made_of = self.made_of(kpi)
        if made_of is None:
            return self._slicer.split(record, dimensions, first, last, units)
        above, below = (
            self._slicer.split(self.plan.kpi_by_code[code], dimensions, first, last, units)
            for code in made_of
        )
        found: dict[tuple[str, ...], Slice] = {}
        for names, one in below.items():
            top, bottom = above[names].value if names in above else None, one.value
            if top is not None and bottom is not None:
                found[names] = Slice(
                    value=divide(top, bottom) if bottom else None, numerator=top, denominator=bottom
                )
        return found

    def _scope(self, unit: str) -> Scope:
        """The unit and what is below it, in each month. Raises KeyError if the plan has no such
        unit.
        """
        if not self.plan.transfers:
            units = frozenset(below.code for _, below in self.plan.walk(unit))
            return Scope(lambda code, month: code in units)
        self.plan.unit_by_code[unit]
        lines = Lineages(self.plan)
        parting = parting_of(self.plan)
        if parting is None:
            return Scope(lambda code, month: unit in lines.at(month).get(code, ()))
        return Scope(lambda code, month: unit in lines.at(month).get(code, ()), unit, parting)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Every (KPI code, unit code) for which some figure was given, there or below."""
        found = self._over.pairs | self._now.pairs
        for kpi in self.plan.kpis:
            made_of = self.made_of(kpi.code)
            if made_of is not None:
                tops = {unit for code, unit in found if code == made_of[0]}
                found |= {
                    (kpi.code, unit) for code, unit in found if code == made_of[1] and unit in tops
                }
        return frozenset(found)

    def made_of(self, kpi: str) -> tuple[str, str] | None:
        """The numerator and denominator KPIs a rate is computed from, if it is.

        Both must be named and be flows or stocks. A rate that names them but is reported in rows
        of its own, while neither of them has any row, is taken from its own rows.
        """
        return self._made_of.get(kpi)

    @cached_property
    def reported(self) -> Mapping[str, frozenset[Month]]:
        """By KPI code: the months in which any unit has a row of it, or of both that a rate is made
        of.
        """
        own: dict[str, set[Month]] = {}
        for code, _, month in self.rows:
            own.setdefault(code, set()).add(month)
        found: dict[str, frozenset[Month]] = {}
        for kpi in self.plan.kpis:
            parts = self.made_of(kpi.code) or (kpi.code,)
            sources = [own.get(part, set()) for part in parts]
            found[kpi.code] = frozenset(set.intersection(*sources))
        return found

    def findings(self) -> tuple[Finding, ...]:
        """What was left out of the figures and why."""
        late = self.tallies.late(self.as_of)
        found = (
            [
                Finding.of(
                    "actual-after-cut-off",
                    self.plan.actuals.place(late[0], "day"),
                    rows=len(late),
                    day=self.as_of,
                )
            ]
            if late
            else []
        )
        return (*found, *self._unused_rows(), *self._bare_rates(), *self._partly_reported())

    def covered(self, kpi: str, unit: str) -> Covered | None:
        """Which units are in a cohort or point rate of ``unit``; None for other kinds, and
        where all are in.
        """
        return self._covered.get((kpi, unit))

    @cached_property
    def _covered(self) -> Mapping[tuple[str, str], Covered]:
        lineage, first = Lineages(self.plan), self.plan.settings.months[0]
        latest: dict[tuple[str, str], dict[str, Month]] = {}
        for kpi in self.plan.kpis:
            if not kpi.kind.latest_counts:
                continue
            for unit, month in self._given(kpi.code):
                for above in lineage.at(month).get(unit, ()) if month >= first else ():
                    known = latest.setdefault((kpi.code, above), {})
                    known[unit] = max(month, known.get(unit, month))
        found: dict[tuple[str, str], Covered] = {}
        for pair, months in latest.items():
            newest = max(months.values())
            missing = tuple(unit for unit, month in months.items() if month < newest)
            if missing:
                reported = tuple(unit for unit, month in months.items() if month == newest)
                found[pair] = Covered(newest, reported, missing)
        return found

    def _given(self, kpi: str) -> list[tuple[str, Month]]:
        """The units and months that have rows of the KPI, or of both that it is made of."""
        first, *others = self.made_of(kpi) or (kpi,)
        own = [(unit, month) for code, unit, month in self.rows if code == first]
        found = []
        for pair in own:
            if all((code, *pair) in self.rows for code in others):
                found.append(pair)
        return found

    def _partly_reported(self) -> list[Finding]:
        """Rates of the company of which some units have not given the latest month."""
        found = []
        for kpi in self.plan.kpis:
            for root in self.plan.roots:
                one = self.covered(kpi.code, root.code)
                if one is not None:
                    names = [self.plan.unit_by_code[code].name or code for code in one.missing[:5]]
                    found.append(
                        Finding.of(
                            "actual-rate-partly-reported",
                            kpi.origin.place("code"),
                            kpi=self._name(kpi.code),
                            month=one.month,
                            part=str(one),
                            units=tuple(names),
                            count=len(one.missing),
                        )
                    )
        return found

    @cached_property
    def _cut(self) -> Month:
        return Month.of(self.as_of)

    @cached_property
    def _over(self) -> Tally:
        """The months before the cut-off's."""
        return self.tallies.before(self._cut)

    @cached_property
    def _now(self) -> Tally:
        """The cut-off's month, up to it."""
        return self.tallies.within(self.as_of)

    @cached_property
    def _scopes(self) -> dict[str, Scope]:
        """The scopes asked for so far."""
        return {}

    @cached_property
    def _amounts(self) -> frozenset[str]:
        """The KPIs whose figure is one number."""
        return frozenset(kpi.code for kpi in self.plan.kpi_by_code.values() if kpi.kind.is_amount)

    @cached_property
    def _months(self) -> dict[tuple[str, str], tuple[Decimal | None, ...]]:
        """What :meth:`monthly` has told already."""
        return {}

    @cached_property
    def _slicer(self) -> Slicer:
        return Slicer(self.plan, self.rows)

    @cached_property
    def _made_of(self) -> Mapping[str, tuple[str, str]]:
        reported = self._over.by_kpi.keys() | self._now.by_kpi.keys()
        found: dict[str, tuple[str, str]] = {}
        for kpi in self.plan.kpis:
            if kpi.kind.is_amount or kpi.numerator is None or kpi.denominator is None:
                continue
            named = (kpi.numerator, kpi.denominator)
            sound = all(
                code in self.plan.kpi_by_code and self.plan.kpi_by_code[code].kind.adds_over_units
                for code in named
            )
            if sound and (kpi.code not in reported or not reported.isdisjoint(named)):
                found[kpi.code] = named
        return found

    def _both(
        self, record: Kpi, unit: str, first: Month, last: Month
    ) -> tuple[Decimal, Decimal] | None:
        made_of = self.made_of(record.code)
        if made_of is None:
            parts = self._rates(record, unit, first, last)
            if parts is None or parts.bare:
                return None
            return amount(parts.numerator), amount(parts.denominator)
        spans = [(first, last)]
        if record.kind.latest_counts:
            spans = [(month, month) for month in reversed(months_between(first, last))]
        for start, end in spans:
            top, bottom = (self.value(code, unit, start, end) for code in made_of)
            if top is not None and bottom is not None:
                return top, bottom
        return None

    def _rates(
        self, record: Kpi, unit: str, first: Month, last: Month, *, own: bool = False
    ) -> Parts | None:
        """The sums of a rate, of the unit with all below it or of its ``own`` rows alone."""
        code, cut = record.code, self._cut
        over, now = self._over.rates, self._now.rates
        months = months_between(first, last)
        if record.kind.latest_counts:
            given = (m for m in reversed(months) if (code, unit, m) in (now if m == cut else over))
            months = tuple(islice(given, 1))
        if own:
            over, now = self._over.own_rates, self._now.own_rates
        total = now.get((code, unit, cut)) if cut in months[-1:] else None
        for month in months:
            parts = over.get((code, unit, month))
            if parts is not None:
                total = parts if total is None else total.plus(parts)
        return total

    def _stated(self, record: Kpi, unit: str, first: Month, last: Month) -> Decimal | None:
        """A rate given without parts, where nothing has to be added to it."""
        if self.made_of(record.code) is not None:
            return None
        everything = self._rates(record, unit, first, last)
        if everything is None or everything.whole:
            return None
        if everything.bare == 1:
            return amount(everything.stated)
        own = self._rates(record, unit, first, last, own=True)
        return amount(own.stated) if own is not None and own.bare == 1 else None

    def _unused_rows(self) -> list[Finding]:
        """Rows of a rate that is computed from other KPIs."""
        counts: dict[str, list[int]] = {}
        for (kpi, _, _), rows in self.rows.items():
            if self.made_of(kpi) is not None:
                counts.setdefault(kpi, []).extend(rows)
        return [
            Finding.of(
                "actual-rate-is-computed",
                self.plan.actuals.place(min(rows), "kpi"),
                kpi=self._name(kpi),
                rows=len(rows),
                numerator=self._name(self._made_of[kpi][0]),
                denominator=self._name(self._made_of[kpi][1]),
            )
            for kpi, rows in counts.items()
        ]

    def _bare_rates(self) -> list[Finding]:
        """Months in which a unit's rate cannot be told, for want of parts below it."""
        units: dict[str, list[str]] = {}
        rates = chain(self._over.rates.items(), self._now.rates.items())
        for (kpi, unit, month), parts in rates:
            if (
                parts.bare
                and self.made_of(kpi) is None
                and self.value(kpi, unit, month, month) is None
            ):
                names = units.setdefault(kpi, [])
                if unit not in names:
                    names.append(unit)
        return [self._without_parts(kpi, codes) for kpi, codes in units.items()]

    def _without_parts(self, kpi: str, codes: Sequence[str]) -> Finding:
        return Finding.of(
            "actual-rate-without-parts",
            self.plan.actuals.place(self._first_bare(kpi), "value"),
            kpi=self._name(kpi),
            units=tuple(self.plan.unit_by_code[code].name or code for code in codes[:5]),
            count=len(codes),
        )

    def _first_bare(self, kpi: str) -> int:
        own = chain(self._over.own_rates.items(), self._now.own_rates.items())
        bare = (key for key, parts in own if key[0] == kpi and parts.bare)
        return min(map(self._slicer.first_bare, bare))

    def _name(self, kpi: str) -> str:
        return self.plan.kpi_by_code[kpi].name or kpi


def micro(value: Decimal) -> int:
    """A figure in millionths, as actual rows hold it. Raises ValueError if it is finer than
    that.
    """
    scaled = value * MICRO
    if scaled != scaled.to_integral_value():
        raise ValueError(f"finer than a millionth: {value}")
    return int(scaled)
