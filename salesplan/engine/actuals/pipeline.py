"""商机: open deals against what is to go, and deals that slipped or went stale.

An open deal is one that is neither won nor lost, of a flow, with an amount. It counts for its unit
and for every unit above. Amounts are in the KPI's unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.exact.figures import divide
from salesplan.engine.targets.target import Target, Targets, quarters
from salesplan.findings import Finding
from salesplan.plan.model import Deal, KpiKind, Month, Plan

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """Some deals: how many, what they come to, and what of that is expected to be won."""

    count: int
    amount: Decimal
    weighted: Decimal

    @classmethod
    def of(cls, deals: Iterable[Deal]) -> Part:
        """The sum of deals that have an amount."""
        known = [(one.amount, one.chance) for one in deals if one.amount is not None]
        return cls(
            len(known),
            sum((amount for amount, _ in known), ZERO),
            sum((amount * chance for amount, chance in known), ZERO),
        )

    @classmethod
    def total(cls, parts: Iterable[Part]) -> Part:
        """Several parts that have no deal in common, together."""
        listed = list(parts)
        return cls(
            sum(one.count for one in listed),
            sum((one.amount for one in listed), ZERO),
            sum((one.weighted for one in listed), ZERO),
        )


@dataclass(frozen=True, slots=True)
class Cover:
    """Open deals that are expected within a span, against what is to go (缺口) in it.

    ``to_go`` is target − actual; None without a target.
    """

    deals: Part
    to_go: Decimal | None

    @property
    def coverage(self) -> Decimal | None:
        """漏斗覆盖率: open amount ÷ to go; None where nothing is to go."""
        if self.to_go is None or self.to_go <= 0:
            return None
        return divide(self.deals.amount, self.to_go)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The open deals of a KPI and a unit with all below it.

    ``year`` are those expected within the plan year, ``quarters`` those of each fiscal quarter that
    is not over (None: it is). ``later`` are expected after the year. ``slipped`` were expected
    before the cut-off, ``stale`` had no update for long; both are among the others, too.
    """

    kpi: str
    unit: str
    year: Cover
    quarters: tuple[Cover | None, ...]
    later: Part
    slipped: Part
    stale: Part


@dataclass(frozen=True)
class Deals:
    """The open deals of a plan as they stand at ``as_of``."""

    plan: Plan
    as_of: date

    @cached_property
    def open(self) -> tuple[Deal, ...]:
        """Those that count, in sheet order."""
        kpis, units = self.plan.kpi_by_code, self.plan.unit_by_code
        return tuple(
            one
            for one in self.plan.deals
            if one.is_open
            and one.amount is not None
            and not one.broken & {"amount", "probability", "stage", "due"}
            and one.unit in units
            and one.kpi in kpis
            and kpis[one.kpi].kind is KpiKind.FLOW
        )

    @cached_property
    def by_unit(self) -> Mapping[tuple[str, str], tuple[Deal, ...]]:
        """By (KPI code, unit code): the unit's own deals and those of all below it."""
        found: dict[tuple[str, str], list[Deal]] = {}
        for one in self.open:
            for code in self._line(one.unit):
                found.setdefault((one.kpi, code), []).append(one)
        return {key: tuple(deals) for key, deals in found.items()}

    def _line(self, code: str) -> Iterator[str]:
        """The unit and those above it, each once."""
        units, seen = self.plan.unit_by_code, set[str]()
        above: str | None = code
        while above is not None and above in units and above not in seen:
            seen.add(above)
            yield above
            above = units[above].parent

    def in_year(self, deal: Deal) -> bool:
        """Whether it is expected by the plan year's last day."""
        return deal.due <= self.plan.settings.months[-1].last

    def expected(self, kpi: str, unit: str) -> Decimal | None:
        """Σ amount × probability within the year: what the landing by pipeline adds to the actual.

        None if neither the unit nor anybody below it has an open deal of the KPI: that the year
        ends as it stands now is no forecast.
        """
        own = self.by_unit.get((kpi, unit))
        return None if own is None else Part.of(filter(self.in_year, own)).weighted

    @cached_property
    def kpis(self) -> frozenset[str]:
        """The KPIs that have open deals."""
        return frozenset(one.kpi for one in self.open)

    def slipped(self, deal: Deal) -> int:
        """Days by which its expected day is past; 0: it is not."""
        return max((self.as_of - deal.due).days, 0)

    def stale(self, deal: Deal) -> int:
        """Days since its last update, if more than the setting 商机停滞天数; else 0."""
        if deal.touched is None:
            return 0
        days = (self.as_of - deal.touched).days
        return days if days > self.plan.settings.stale_days else 0

    def findings(self) -> Iterator[Finding]:
        """Deals whose day is past, and deals that nobody touched for long."""
        for one in self.open:
            whose = one.customer or one.product or one.unit
            facts = {"deal": one.code, "customer": whose, "amount": one.amount}
            if days := self.slipped(one):
                place = one.origin.place("due")
                yield Finding.of("deal-slipped", place, day=one.due, days=days, **facts)
            elif days := self.stale(one):
                place = one.origin.place("touched")
                yield Finding.of("deal-stale", place, day=one.touched, days=days, **facts)


def pipelines(
    deals: Deals, targets: Targets, facts: Facts, month: Month
) -> dict[tuple[str, str], Pipeline]:
    """The pipeline of every KPI that has open deals, for each of its units with a target or deals,
    in the order of ``targets``.
    """
    months = deals.plan.settings.months
    here = months.index(month)
    found = {}
    for (kpi, unit), target in targets.items():
        if kpi in deals.kpis:
            own = deals.by_unit.get((kpi, unit), ())
            found[kpi, unit] = Pipeline(
                kpi,
                unit,
                Cover(
                    Part.of(filter(deals.in_year, own)), _year_to_go(target, facts, months[here])
                ),
                _quarters(deals, target, facts, here),
                Part.of(one for one in own if not deals.in_year(one)),
                Part.of(filter(deals.slipped, own)),
                Part.of(filter(deals.stale, own)),
            )
    return found


def _year_to_go(target: Target, facts: Facts, until: Month) -> Decimal | None:
    first = facts.plan.settings.months[0]
    return _to_go(target.year, facts.value(target.kpi, target.unit, first, until))


def _quarters(deals: Deals, target: Target, facts: Facts, here: int) -> tuple[Cover | None, ...]:
    """The fiscal quarters that are not over, from that of the report month (index ``here``) on."""
    months = deals.plan.settings.months
    own = deals.by_unit.get((target.kpi, target.unit), ())
    covers: list[Cover | None] = []
    for number, asked in enumerate(quarters(target.months, KpiKind.FLOW)):
        first, last = months[3 * number], months[3 * number + 2]
        if last < months[here] or last.last <= deals.as_of:
            covers.append(None)
            continue
        actual = facts.value(target.kpi, target.unit, first, last)
        within = [one for one in own if first.first <= one.due <= last.last]
        covers.append(Cover(Part.of(within), _to_go(asked, actual)))
    return tuple(covers)


def _to_go(target: Decimal | None, actual: Decimal | None) -> Decimal | None:
    return None if target is None else target - (actual or ZERO)
