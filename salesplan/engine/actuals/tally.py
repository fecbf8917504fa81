"""The one pass over the actuals: rows grouped, condensed by kind, rolled up the tree.

Kept apart from :mod:`salesplan.engine.actuals.facts`, which answers questions from what is tallied
here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import chain, zip_longest
from operator import add
from typing import NamedTuple, Protocol, TypeVar

from salesplan.dataclass import dataclass, replace
from salesplan.engine.targets.history import history
from salesplan.plan.model import MICRO, Actuals, Kpi, KpiKind, Month, Plan, Transfer

Pair = tuple[str, str]
"""KPI code, unit code."""
Key = tuple[str, str, Month]
"""KPI code, unit code, month."""


T = TypeVar("T")


class Level(NamedTuple):
    """What a unit stands at: the month in which it said so, the rows, the level in millionths."""

    month: Month
    rows: Sequence[int]
    value: int


class Parts(NamedTuple):
    """Sums of a rate: ``whole`` rows gave both parts, ``bare`` rows gave the finished rate only.

    ``stated`` is the sum of the bare rates, of use only where ``bare`` is 1. All in millionths.
    """

    numerator: int = 0
    denominator: int = 0
    whole: int = 0
    bare: int = 0
    stated: int = 0

    def plus(self, other: Parts) -> Parts:
        """Both together."""
        return Parts(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.whole + other.whole,
            self.bare + other.bare,
            self.stated + other.stated,
        )


@dataclass(frozen=True)
class Tally:
    """The actuals of some months.

    ``groups`` holds the row numbers behind each key (for a snapshot kind only the month's latest
    date). ``amounts`` and ``rates`` are rolled up the tree; ``own_rates`` are the units' own rows.
    ``levels`` are the last levels that units gave, by KPI and unit; ``typed`` is what 季节系数 says
    where there are no rows, as :attr:`series` has it.
    """

    groups: Mapping[Key, Sequence[int]]
    amounts: Mapping[Key, int]
    rates: Mapping[Key, Parts]
    own_rates: Mapping[Key, Parts]
    levels: Mapping[Pair, Level]
    typed: Mapping[Pair, Mapping[int, int]]

    @cached_property
    def by_kpi(self) -> Mapping[str, Mapping[Month, Sequence[Sequence[int]]]]:
        """The groups of each KPI by month."""
        found: dict[str, dict[Month, list[Sequence[int]]]] = {}
        for (kpi, _, month), rows in self.groups.items():
            found.setdefault(kpi, {}).setdefault(month, []).append(rows)
        return found

    @cached_property
    def series(self) -> Mapping[Pair, Mapping[int, int]]:
        """The amounts of each pair by the :func:`number_of` their month."""
        found = {pair: dict(figures) for pair, figures in self.typed.items()}
        for (kpi, unit, month), value in self.amounts.items():
            found.setdefault((kpi, unit), {})[number_of(month)] = value
        return found

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """Every (KPI code, unit code) with a figure, there or below."""
        return frozenset(key[:2] for key in chain(self.amounts, self.rates))


def number_of(month: Month) -> int:
    """Months counted one by one."""
    return month.year * 12 + month.month


@lru_cache(maxsize=512)
def months_between(first: Month, last: Month) -> tuple[Month, ...]:
    """Every month from ``first`` to ``last`` inclusive; empty if ``last`` is earlier."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return tuple(first.plus(i) for i in range(max(count, 0)))


class Lineages:
    """Each unit's code with those of the units above it, month by month: a unit that went to
    another parent was below the old one before.
    """

    def __init__(self, plan: Plan) -> None:
        self._now = lineages(plan)
        self._plan = plan
        self._turns = sorted(map(_turn, plan.transfers))
        self._kept: dict[tuple[Month, date], Mapping[str, tuple[str, ...]]] = {}

    def at(self, month: Month) -> Mapping[str, tuple[str, ...]]:
        """The lines at the end of that month."""
        return self._up_to((month, date.max)) if self._turns else self._now

    def until(self, day: date) -> Mapping[str, tuple[str, ...]]:
        """The lines in the days of its month before one of them."""
        return self._up_to((Month.of(day), day - timedelta(days=1))) if self._turns else self._now

    def _up_to(self, bound: tuple[Month, date]) -> Mapping[str, tuple[str, ...]]:
        first = (Month(0, 1), date.min)
        key = next((turn for turn in reversed(self._turns) if turn <= bound), first)
        if key not in self._kept:
            there: dict[str, str] = {}
            for one in sorted(self._plan.transfers, key=_turn):
                there.setdefault(one.unit, one.before)
                if _turn(one) <= key:
                    there[one.unit] = one.after
            units = tuple(
                replace(unit, parent=there.get(unit.code, unit.parent)) for unit in self._plan.units
            )
            self._kept[key] = lineages(replace(self._plan, units=units, transfers=()))
        return self._kept[key]


def _turn(one: Transfer) -> tuple[Month, date]:
    return one.since, one.day or date.min


def lineages(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Each unit's code with those of the units above it, by parent codes; a cycle ends the
    climb.
    """
    parents = {unit.code: unit.parent for unit in plan.units}
    found: dict[str, tuple[str, ...]] = {}
    for code in parents:
        climbed: dict[str, None] = {}
        above: str | None = code
        while above in parents and above not in found and above not in climbed:
            climbed[above] = None
            above = parents[above]
        if above in climbed:  # each unit of a cycle has another line
            found[code] = tuple(climbed)
            continue
        line = found.get(above or "", ())
        for one in reversed(climbed):
            line = found[one] = (one, *line)
    return found


def regions(plan: Plan) -> dict[str, str]:
    """Each unit's region: its own, else the nearest above it that has one; "" for none."""
    own = {unit.code: unit.region for unit in plan.units}
    found: dict[str, str] = {}
    for code, line in lineages(plan).items():
        found[code] = next(filter(None, map(own.__getitem__, line)), "")
    return found


class Splitting(Protocol):
    """What splits the figures of months within which a unit goes elsewhere, by the day before which
    each piece ends (the last: ``date.max``).
    """

    def pieces(self, kpi: Kpi, unit: str, month: Month) -> Sequence[date]:
        """The days that split a unit's figures of a month; none where nothing is split."""

    def amounts(self, kpi: Kpi, unit: str, month: Month, rows: Iterable[int]) -> dict[date, int]:
        """The pieces of a flow."""

    def rates(self, kpi: Kpi, unit: str, month: Month, rows: Iterable[int]) -> dict[date, Parts]:
        """The pieces of a rate."""


class Tallies:
    """The tallies of a plan's actuals on any day. What is before the day's month is tallied once,
    however many of its days are asked for.

    A row with only a month counts from that month's first day on. Rows of unknown units or KPIs
    are left out: their finding is made where the plan is checked. ``parting``: what splits months.
    """

    def __init__(self, plan: Plan, parting: Splitting | None = None) -> None:
        self._plan, self._parting = plan, parting
        self._kpis = {kpi.code: kpi for kpi in plan.kpis}
        self._kinds = {code: kpi.kind for code, kpi in self._kpis.items()}
        self._before: dict[Month, Tally] = {}
        self._daily: dict[tuple[str, Month], Mapping[date, int]] = {}

    def before(self, month: Month) -> Tally:
        """That of all months before one."""
        if month not in self._before:
            rows = {key: own for key, own in self._rows.items() if key[2] < month}
            self._before[month] = self._tallied(rows, {}, month.plus(-1), self._typed)
        return self._before[month]

    def within(self, day: date) -> Tally:
        """That of the day's month, up to and including the day."""
        days, month = self._plan.actuals.day, Month.of(day)
        rows = {}
        for key in self._by_month.get(month, ()):
            kept = [i for i in self._rows[key] if (own := days[i]) is None or own <= day]
            if kept:
                rows[key] = kept
        return self._tallied(rows, self.before(month).levels, month)

    def daily(self, kpi: str, month: Month, cut: Month) -> Mapping[date, int]:
        """What the dated rows of a month before ``cut`` add up to by day, of all units."""
        if (kpi, month) not in self._daily:
            days, values = self._plan.actuals.day, self._plan.actuals.value
            found: dict[date, int] = {}
            for i in chain.from_iterable(self.before(cut).by_kpi[kpi][month]):
                day, value = days[i], values[i]
                if day is not None and value is not None:
                    found[day] = found.get(day, 0) + value
            self._daily[kpi, month] = found
        return self._daily[kpi, month]

    def late(self, day: date) -> list[int]:
        """The rows after the day."""
        days, month = self._plan.actuals.day, Month.of(day)
        found: list[int] = []
        for later in self._by_month:
            for key in self._by_month[later] if later >= month else ():
                rows = self._rows[key]
                found += [i for i in rows if later > month or ((own := days[i]) and own > day)]
        return sorted(found)

    def in_order(
        self, over: Mapping[Key, Sequence[int]], now: Mapping[Key, Sequence[int]]
    ) -> Mapping[Key, Sequence[int]]:
        """The groups of both, in the order of their rows."""
        found: dict[Key, Sequence[int]] = {}
        for key in self._rows:
            group = over.get(key) or now.get(key)
            if group is not None:
                found[key] = group
        return found

    @cached_property
    def _typed(self) -> Mapping[Pair, Mapping[int, int]]:
        """What 季节系数 says of the company's earlier months, as :attr:`Tally.series` has it."""
        found: dict[Pair, Mapping[int, int]] = {}
        if len(self._plan.roots) == 1:
            company = self._plan.roots[0].code
            for kpi, figures in history(self._plan).typed.items():
                own = {number_of(month): int(figure * MICRO) for month, figure in figures.items()}
                found[kpi, company] = own
        return found

    @cached_property
    def _lineages(self) -> Lineages:
        return Lineages(self._plan)

    @cached_property
    def _rows(self) -> Mapping[Key, list[int]]:
        """The rows by key. A million rows pass here: nothing but the grouping is done row by
        row.
        """
        groups: defaultdict[Key, list[int]] = defaultdict(list)
        actuals = self._plan.actuals
        for index, key in enumerate(zip(actuals.kpi, actuals.unit, actuals.month, strict=True)):
            groups[key].append(index)
        return groups

    @cached_property
    def _by_month(self) -> Mapping[Month, Sequence[Key]]:
        found: dict[Month, list[Key]] = {}
        for key in self._rows:
            found.setdefault(key[2], []).append(key)
        return found

    @cached_property
    def _later_level(self) -> Callable[[str, Level, Month], int]:
        return _later_level(self._plan)

    def _tallied(
        self,
        rows: Mapping[Key, list[int]],
        earlier: Mapping[Pair, Level],
        last: Month,
        typed: Mapping[Pair, Mapping[int, int]] | None = None,
    ) -> Tally:
        """That of the rows, with the ``earlier`` levels, carried forward to the ``last`` month."""
        actuals, units = self._plan.actuals, self._plan.unit_by_code
        groups: dict[Key, Sequence[int]] = {}
        amounts: dict[Key, int] = {}
        rates: dict[Key, Parts] = {}
        split: dict[Key, Mapping[date, int]] = {}
        split_rates: dict[Key, Mapping[date, Parts]] = {}
        for key, indices in rows.items():
            kind = self._kinds.get(key[0])
            if kind is None or key[1] not in units:
                continue
            told = _with_figures(actuals, kind, indices)
            if not told:
                continue
            if kind.is_snapshot:
                told = latest_rows(actuals, key[2], told)
            groups[key] = told
            if kind.is_amount:
                figures = [value for i in told if (value := actuals.value[i]) is not None]
                amounts[key] = min(figures) if kind.least_counts else sum(figures)
            else:
                rates[key] = _parts(actuals, kind, told)
            if self._parting is None:
                continue
            kpi = self._kpis[key[0]]
            if self._parting.pieces(kpi, *key[1:]):
                if kind is KpiKind.FLOW:
                    split[key] = self._parting.amounts(kpi, *key[1:], told)
                else:
                    split_rates[key] = self._parting.rates(kpi, *key[1:], told)
        levels = self._carry(amounts, groups, earlier, last)
        lowest = {kpi for kpi, kind in self._kinds.items() if kind.least_counts}
        rolled = _rolled(amounts, self._lineages, lambda kpi: min if kpi in lowest else add, split)
        _leave_open(self._plan, rolled, self._kinds, self._lineages)
        above = _rolled(rates, self._lineages, _plus, split_rates)
        return Tally(groups, rolled, above, rates, levels, typed or {})

    def _carry(
        self,
        amounts: dict[Key, int],
        groups: Mapping[Key, Sequence[int]],
        earlier: Mapping[Pair, Level],
        last: Month,
    ) -> Mapping[Pair, Level]:
        """Carry levels forward within ``amounts``, unit by unit, from each given month to the next
        given one or the last; what each stands at then.
        """
        given: dict[Pair, list[Level]] = {}
        for key, value in amounts.items():
            if self._kinds[key[0]] is not KpiKind.FLOW:
                given.setdefault(key[:2], []).append(Level(key[2], groups[key], value))
        levels = dict(earlier)
        for pair, level in earlier.items():
            until = min((one.month for one in given.get(pair, ())), default=last.plus(1))
            self._fill(amounts, pair, level, last, until)
        for pair, own in given.items():
            own.sort()
            for level, following in zip_longest(own, own[1:]):
                until = last.plus(1) if following is None else following.month
                self._fill(amounts, pair, level, level.month, until)
            levels[pair] = own[-1]
        return levels

    def _fill(
        self, amounts: dict[Key, int], pair: Pair, level: Level, first: Month, until: Month
    ) -> None:
        """Say of a level what it comes to from the month ``first`` to before ``until``."""
        for later in months_between(first, until.plus(-1)):
            amounts[*pair, later] = self._later_level(pair[0], level, later)


def row_parts(actuals: Actuals, kind: KpiKind, index: int) -> tuple[int, int] | None:
    """A row's numerator and denominator; for an average also value ÷ quantity. None: not both
    given.
    """
    numerator, denominator = actuals.numerator[index], actuals.denominator[index]
    if numerator is not None and denominator is not None:
        return numerator, denominator
    value, quantity = actuals.value[index], actuals.quantity[index]
    if kind is KpiKind.AVERAGE and value is not None and quantity is not None:
        return value, quantity
    return None


def _with_figures(actuals: Actuals, kind: KpiKind, indices: list[int]) -> list[int]:
    """The rows that say something: a blank contributes nothing, neither a zero nor a date."""
    value = actuals.value
    if kind.is_amount:
        told = [i for i in indices if value[i] is not None]
    else:
        tops, bottoms = actuals.numerator, actuals.denominator
        told = [
            i
            for i in indices
            if value[i] is not None or (tops[i] is not None and bottoms[i] is not None)
        ]
    return indices if len(told) == len(indices) else told  # of a million rows no second list


def latest_rows(actuals: Actuals, month: Month, indices: list[int]) -> list[int]:
    """The rows of the latest date; a row with only a month speaks of the month's end."""
    days = [actuals.day[i] for i in indices]
    stamps = [day for day in days if day is not None]
    if len(stamps) < len(days):
        end = month.last
        stamps = [day or end for day in days]
    newest = max(stamps)
    return [i for i, stamp in zip(indices, stamps, strict=True) if stamp == newest]


def _parts(actuals: Actuals, kind: KpiKind, indices: list[int]) -> Parts:
    tops, bottoms = actuals.numerator, actuals.denominator
    numerator = denominator = whole = stated = 0
    for i in indices:
        top, bottom = tops[i], bottoms[i]
        both = (
            (top, bottom) if top is not None and bottom is not None else row_parts(actuals, kind, i)
        )
        if both is not None:
            numerator += both[0]
            denominator += both[1]
            whole += 1
        else:
            stated += actuals.value[i] or 0
    return Parts(numerator, denominator, whole, len(indices) - whole, stated)


def _later_level(plan: Plan) -> Callable[[str, Level, Month], int]:
    """What tells what a level of a KPI comes to in a later month: the same, but where rates change
    it.
    """
    foreign = {
        kpi
        for kpi, given in zip(plan.actuals.kpi, plan.actuals.given, strict=False)
        if given is not None
    }
    kinds = (plan.kpi_by_code[kpi].kind for kpi in foreign if kpi in plan.kpi_by_code)
    if KpiKind.STOCK not in kinds:
        return lambda kpi, level, later: level.value
    from salesplan.engine.actuals.closing_rates import ClosingRates

    closing = ClosingRates(plan)

    def told(kpi: str, level: Level, later: Month) -> int:
        other = closing.level(kpi, level.rows, later)
        return level.value if other is None else other

    return told


def _plus(kpi: str) -> Callable[[Parts, Parts], Parts]:
    return Parts.plus


def _rolled(
    own: Mapping[Key, T],
    lineage: Lineages,
    joined: Callable[[str], Callable[[T, T], T]],
    split: Mapping[Key, Mapping[date, T]],
) -> dict[Key, T]:
    """Each unit's figure with those of all below it, from the deepest units up: each passes on what
    it has to its parent. What a transfer has ``split`` goes piece by piece, each to the parent of
    its days.
    """
    spans: dict[tuple[str, Month, date], dict[str, T]] = {}
    for key, value in own.items():
        kpi, unit, month = key
        for until, piece in split[key].items() if key in split else ((date.max, value),):
            spans.setdefault((kpi, month, until), {})[unit] = piece
    rolled: dict[Key, T] = {}
    for (kpi, month, until), figures in spans.items():
        lines = lineage.at(month) if until == date.max else lineage.until(until)
        together = joined(kpi)
        depths: dict[int, dict[str, T]] = {}
        for unit, value in figures.items():
            depths.setdefault(len(lines[unit]), {})[unit] = value
        for depth in range(max(depths), 0, -1):
            above = depths.setdefault(depth - 1, {})
            for unit, value in depths.get(depth, {}).items():
                key = (kpi, unit, month)
                rolled[key] = together(rolled[key], value) if key in rolled else value
                parent = lines[unit][1] if depth > 1 else None
                if parent is not None:
                    before = above.get(parent)
                    above[parent] = value if before is None else together(before, value)
    return rolled


def _leave_open(
    plan: Plan, rolled: dict[Key, int], kinds: Mapping[str, KpiKind], lineage: Lineages
) -> None:
    """Take out milestones that would be done above a unit that has a target of its own and has said
    nothing: all must be done.
    """
    asked = [
        (row.kpi, row.unit)
        for row in plan.targets
        if kinds.get(row.kpi) is KpiKind.MILESTONE and (row.manual_year or any(row.manual_months))
    ]
    months: dict[str, set[Month]] = {kpi: set() for kpi, _ in asked}
    for kpi, _, month in rolled if asked else ():
        if kpi in months:
            months[kpi].add(month)
    for kpi, unit in asked:
        for month in months[kpi]:
            if (kpi, unit, month) not in rolled:
                for above in lineage.at(month).get(unit, ()):
                    if rolled.get((kpi, above, month), 0) >= MICRO:
                        del rolled[kpi, above, month]
