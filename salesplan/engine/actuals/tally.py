"""The one pass over the actuals: rows grouped, condensed by kind, rolled up the tree.

Kept apart from :mod:`salesplan.engine.actuals.facts`, which answers questions from what is tallied
here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from operator import add
from typing import NamedTuple, Protocol, TypeVar

from salesplan.dataclass import dataclass, replace
from salesplan.engine.exact.figures import AMOUNT_KINDS, SNAPSHOT_KINDS
from salesplan.plan.model import MICRO, Actuals, Kpi, KpiKind, Month, Plan, Transfer

Key = tuple[str, str, Month]
"""KPI code, unit code, month."""


T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class Tally:
    """The actuals up to the cut-off.

    ``groups`` holds the row numbers behind each key (for a snapshot kind only the month's latest
    date). ``amounts`` and ``rates`` are rolled up the tree; ``own_rates`` are the units' own rows.
    ``late`` are the rows after the cut-off.
    """

    groups: Mapping[Key, Sequence[int]]
    amounts: Mapping[Key, int]
    rates: Mapping[Key, Parts]
    own_rates: Mapping[Key, Parts]
    late: Sequence[int]


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


def tally(plan: Plan, as_of: date, parting: Splitting | None = None) -> Tally:
    """Tally ``plan.actuals`` up to and including ``as_of``; ``parting``: what splits months.

    A row with only a month counts from that month's first day on. Rows of unknown units or KPIs
    are left out: their finding is made where the plan is checked.
    """
    rows, late = _group(plan.actuals, as_of)
    kpis = {kpi.code: kpi for kpi in plan.kpis}
    kinds = {code: kpi.kind for code, kpi in kpis.items()}
    lineage = Lineages(plan)
    known = lineage.at(Month.of(as_of))
    groups: dict[Key, Sequence[int]] = {}
    amounts: dict[Key, int] = {}
    rates: dict[Key, Parts] = {}
    split: dict[Key, Mapping[date, int]] = {}
    split_rates: dict[Key, Mapping[date, Parts]] = {}
    for key, indices in rows.items():
        kind = kinds.get(key[0])
        if kind is None or key[1] not in known:
            continue
        told = _with_figures(plan.actuals, kind, indices)
        if not told:
            continue
        if kind in SNAPSHOT_KINDS:
            told = latest_rows(plan.actuals, key[2], told)
        groups[key] = told
        if kind in AMOUNT_KINDS:
            figures = [value for i in told if (value := plan.actuals.value[i]) is not None]
            amounts[key] = min(figures) if kind is KpiKind.MILESTONE else sum(figures)
        else:
            rates[key] = _parts(plan.actuals, kind, told)
        if parting is not None and parting.pieces(kpis[key[0]], *key[1:]):
            if kind is KpiKind.FLOW:
                split[key] = parting.amounts(kpis[key[0]], *key[1:], told)
            else:
                split_rates[key] = parting.rates(kpis[key[0]], *key[1:], told)
    carried = _carry(amounts, kinds, Month.of(as_of), _later_level(plan, groups))
    rolled = _roll_amounts(carried, kinds, lineage, split)
    _leave_open(plan, rolled, kinds, lineage)
    return Tally(groups, rolled, _rolled(rates, lineage, _plus, split_rates), rates, late)


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


def _group(actuals: Actuals, as_of: date) -> tuple[dict[Key, list[int]], list[int]]:
    """The rows up to ``as_of`` by key, and the later ones. A million rows pass here: nothing but
    the grouping is done row by row.
    """
    groups: defaultdict[Key, list[int]] = defaultdict(list)
    for index, key in enumerate(zip(actuals.kpi, actuals.unit, actuals.month, strict=True)):
        groups[key].append(index)
    cut, late = Month.of(as_of), list[int]()
    for key in [key for key in groups if key[2] >= cut]:
        rows = groups[key]
        kept = (
            []
            if key[2] > cut
            else [i for i in rows if (day := actuals.day[i]) is None or day <= as_of]
        )
        if len(kept) < len(rows):
            late += sorted(set(rows).difference(kept))
            groups[key] = kept
        if not kept:
            del groups[key]
    return groups, sorted(late)


def _with_figures(actuals: Actuals, kind: KpiKind, indices: list[int]) -> list[int]:
    """The rows that say something: a blank contributes nothing, neither a zero nor a date."""
    value = actuals.value
    if kind in AMOUNT_KINDS:
        return [i for i in indices if value[i] is not None]
    tops, bottoms = actuals.numerator, actuals.denominator
    return [
        i
        for i in indices
        if value[i] is not None or (tops[i] is not None and bottoms[i] is not None)
    ]


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


def _later_level(
    plan: Plan, groups: Mapping[Key, Sequence[int]]
) -> Callable[[Key, Month], int | None]:
    """What a level of a month comes to in a later one, where rates change it; None: the same."""
    foreign = {
        kpi
        for kpi, given in zip(plan.actuals.kpi, plan.actuals.given, strict=False)
        if given is not None
    }
    kinds = (plan.kpi_by_code[kpi].kind for kpi in foreign if kpi in plan.kpi_by_code)
    if KpiKind.STOCK not in kinds:
        return lambda key, later: None
    from salesplan.engine.actuals.closing_rates import ClosingRates

    closing = ClosingRates(plan)
    return lambda key, later: closing.level(key[0], groups[key], later)


def _carry(
    amounts: dict[Key, int],
    kinds: Mapping[str, KpiKind],
    cut: Month,
    later_level: Callable[[Key, Month], int | None],
) -> dict[Key, int]:
    """Levels carried forward, unit by unit, from each given month to the next given one or the
    cut-off.
    """
    levels: dict[tuple[str, str], list[Month]] = {}
    for kpi, unit, month in amounts:
        if kinds[kpi] is not KpiKind.FLOW:
            levels.setdefault((kpi, unit), []).append(month)
    carried = dict(amounts)
    for (kpi, unit), given in levels.items():
        given.sort()
        for month, until in zip(given, [*given[1:], cut.plus(1)], strict=True):
            level = amounts[kpi, unit, month]
            for later in months_between(month, until.plus(-1)):
                other = later_level((kpi, unit, month), later)
                carried[kpi, unit, later] = level if other is None else other
    return carried


def _roll_amounts(
    own: Mapping[Key, int],
    kinds: Mapping[str, KpiKind],
    lineage: Lineages,
    split: Mapping[Key, Mapping[date, int]],
) -> dict[Key, int]:
    lowest = {kpi for kpi, kind in kinds.items() if kind is KpiKind.MILESTONE}
    return _rolled(own, lineage, lambda kpi: min if kpi in lowest else add, split)


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
