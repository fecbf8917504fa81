"""潜客: the pool of prospects against the new customers that are still to be won, by unit and
quarter. Imported only where a plan has prospects.

A row is one prospect (it has a name or a state) or so many (a count). Its month is the one in which
it is expected to be decided. A count is used up once its month is over, a single one once it is won
or lost; until then they are there. They count for their unit and for every unit above.

- rate: new customers of the plan year so far ÷ prospects used up; that of the nearest unit above
  where fewer than :data:`FEWEST` are used up, or none was won.
- needed: to go ÷ rate; where rows that are there have a 赢率 of their own, ÷ the mean of theirs.
- gap: needed − there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from itertools import chain

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.tally import lineages
from salesplan.engine.exact.figures import divide, percent
from salesplan.engine.targets.target import Target, Targets, quarters
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, KpiKind, Month, Plan, Prospect

ZERO = Decimal(0)

FEWEST = 5
"""Of fewer prospects that are used up a rate says too little."""


@dataclass(frozen=True, slots=True)
class Need:
    """A quarter that is not over: new customers ``to_go`` (None: no target), prospects ``there``,
    what one of these promises (``rate``; None: nothing is known), and so many as are ``needed``.
    """

    number: int
    to_go: Decimal | None
    there: int
    rate: Decimal | None
    needed: int | None

    @property
    def gap(self) -> int:
        """Prospects that are lacking."""
        return max((self.needed or 0) - self.there, 0)


@dataclass(frozen=True, slots=True)
class Pool:
    """The prospects of a unit with all below it. ``rate`` is that of the unit ``rate_of``, which is
    this one or one above. ``counts`` are those that are there, by quality as it is typed.
    """

    kpi: str
    unit: str
    won: Decimal
    used: int
    rate: Decimal | None
    rate_of: str
    there: int
    counts: Mapping[str, int]
    needs: tuple[Need | None, ...]

    @property
    def short(self) -> Need | None:
        """The first quarter that lacks prospects."""
        return next((one for one in self.needs if one is not None and one.gap), None)


def new_customers(plan: Plan) -> Kpi | None:
    """The KPI that counts new customers: the first flow whose 取数口径 says so."""
    found = (kpi for kpi in plan.kpis if kpi.counts_new_customers)
    return next((kpi for kpi in found if kpi.kind is KpiKind.FLOW), None)


@dataclass(frozen=True)
class Prospects:
    """The prospects of a plan as they stand at ``as_of``."""

    plan: Plan
    as_of: date

    @cached_property
    def lines(self) -> Mapping[str, tuple[str, ...]]:
        """Each unit with those above it."""
        return lineages(self.plan)

    @cached_property
    def by_unit(self) -> Mapping[str, tuple[Prospect, ...]]:
        """By unit code: the unit's own prospects and those of all below it."""
        found: dict[str, list[Prospect]] = {}
        for one in self.plan.prospects:
            if not one.broken & {"month", "count", "state", "rate"}:
                for code in self.lines.get(one.unit, ()):
                    found.setdefault(code, []).append(one)
        return {code: tuple(own) for code, own in found.items()}

    def used(self, one: Prospect) -> bool:
        """Whether it is decided: won, lost, or a count whose month is over."""
        return one.decided or (not one.single and one.month.last <= self.as_of)

    def pools(self, kpi: Kpi, targets: Targets, facts: Facts, month: Month) -> dict[str, Pool]:
        """The pool of each unit that has prospects, in the order of ``targets``."""
        months = self.plan.settings.months
        found = {}
        for code, unit in targets:
            if code == kpi.code and unit in self.by_unit:
                rate, rate_of = self._rate(kpi, facts, month, unit)
                own = [one for one in self.by_unit[unit] if not self.used(one)]
                asked = _Asked(self, kpi, unit, rate, own, facts, months.index(month))
                found[unit] = Pool(
                    kpi.code,
                    unit,
                    self._won(kpi, facts, month, unit),
                    self._used_up(unit),
                    rate,
                    rate_of,
                    _sum(own),
                    _by_quality(own),
                    asked.quarters(targets[code, unit]),
                )
        return found

    def _won(self, kpi: Kpi, facts: Facts, month: Month, unit: str) -> Decimal:
        return facts.value(kpi.code, unit, self.plan.settings.months[0], month) or ZERO

    def _used_up(self, unit: str) -> int:
        months = self.plan.settings.months
        own = self.by_unit.get(unit, ())
        return _sum(one for one in own if self.used(one) and one.month >= months[0])

    def _rate(self, kpi: Kpi, facts: Facts, month: Month, unit: str) -> tuple[Decimal | None, str]:
        for code in self.lines.get(unit, ()):
            won, used = self._won(kpi, facts, month, code), self._used_up(code)
            if used >= FEWEST and won > 0:
                return divide(won, used), code
        return None, ""


@dataclass(frozen=True)
class _Asked:
    """What is asked of a unit's prospects ``own`` that are there; ``here`` is the report month."""

    prospects: Prospects
    kpi: Kpi
    unit: str
    rate: Decimal | None
    own: Sequence[Prospect]
    facts: Facts
    here: int

    def quarters(self, target: Target) -> tuple[Need | None, ...]:
        """The fiscal quarters from that of the report month on; None for those that are over. One
        that is there and late counts in the first of them.
        """
        months = self.prospects.plan.settings.months
        needs: list[Need | None] = []
        begun = False
        for number, asked in enumerate(quarters(target.months, KpiKind.FLOW), 1):
            first, last = months[3 * number - 3], months[3 * number - 1]
            if last < months[self.here] or last.last <= self.prospects.as_of:
                needs.append(None)
                continue
            since = first if begun else Month(0, 1)
            within = [one for one in self.own if since <= one.month <= last]
            begun = True
            done = self.facts.value(self.kpi.code, self.unit, first, last) or ZERO
            to_go = None if asked is None else max(asked - done, ZERO)
            rate = self._promised(within)
            needs.append(Need(number, to_go, _sum(within), rate, _needed(to_go, rate)))
        return tuple(needs)

    def _promised(self, within: Sequence[Prospect]) -> Decimal | None:
        """What one of these promises: the mean of their rates, as typed or else as so far."""
        if all(one.rate is None for one in within):
            return self.rate
        known = [one for one in within if self._of(one) is not None]
        expected = sum((one.number * (self._of(one) or ZERO) for one in known), ZERO)
        return divide(expected, _sum(known))

    def _of(self, one: Prospect) -> Decimal | None:
        return self.rate if one.rate is None else one.rate


def _needed(to_go: Decimal | None, rate: Decimal | None) -> int | None:
    if to_go is None or not rate:
        return None
    return int((to_go / rate).to_integral_value(ROUND_CEILING))


def _sum(own: Iterable[Prospect]) -> int:
    return sum(one.number for one in own)


def _by_quality(own: Iterable[Prospect]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in own:
        found[one.quality] = found.get(one.quality, 0) + one.number
    return dict(sorted(found.items(), key=lambda pair: (not pair[0], pair[0])))


def _held(plan: Plan, pools: Mapping[str, Pool]) -> list[str]:
    """The units that are to have enough: those that count prospects (where nobody does, those that
    name some) and those above them. Who names one or two beside a team's count need not have all.
    """
    counting = {one.unit for one in plan.prospects if not one.single}
    having = counting or {one.unit for one in plan.prospects}
    lines = lineages(plan)
    held = set(chain.from_iterable(lines.get(code, ()) for code in having))
    return [code for code in pools if code in held]


def findings(plan: Plan, pools: Mapping[str, Pool]) -> Iterator[Finding]:
    """Units that lack prospects in a quarter: those of which no unit below lacks them, too; a plan
    that does not say which KPI new customers are.
    """
    kpi = new_customers(plan)
    if kpi is None:
        yield Finding.of("prospects-without-kpi", plan.prospects[0].origin.place("unit"))
        return
    short = {code: need for code in _held(plan, pools) if (need := pools[code].short) is not None}
    above, lines = set[str](), lineages(plan)
    for code in short:
        above |= set(lines[code]) - {code}
    for code, need in short.items():
        unit = plan.unit_by_code[code]
        if code in above or need.to_go is None or need.rate is None:
            continue
        yield Finding.of(
            "prospects-short",
            unit.origin.place("code"),
            unit=unit.name,
            kpi=kpi.name,
            quarter=f"Q{need.number}",
            to_go=need.to_go,
            rate=percent(need.rate),
            needed=need.needed,
            there=need.there,
            gap=need.gap,
        )
