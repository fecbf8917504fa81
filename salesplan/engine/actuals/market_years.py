"""市场规模 by year: how large each market is and how it grows, beside what we sell there."""

from __future__ import annotations

from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.growth import growth
from salesplan.engine.actuals.linked_kpis import company
from salesplan.engine.actuals.tally import months_between
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import Kpi, KpiKind, MarketSize, Month, Plan
from salesplan.plan.model.currencies import money_of
from salesplan.plan.model.market import NEAR, Sizes, key_of, sizes

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketYear:
    """One market in one calendar year, up to ``until`` (December for years that are over).

    ``size`` is the whole year's, ``growth`` its change on the year before (as typed, else from both
    sizes). ``so_far`` is the market of the year's months up to ``until``; ``ours`` what we sold
    there in them, ``share`` = ours ÷ so far, ``our_growth`` the change of ours on the same months
    of the year before. ``latest`` is the market share of its KPI in the last month that has one.
    None: not known.
    """

    name: str
    region: str
    product: str
    year: int
    until: Month
    size: Decimal | None = None
    growth: Decimal | None = None
    so_far: Decimal | None = None
    ours: Decimal | None = None
    our_growth: Decimal | None = None
    latest: Decimal | None = None

    @property
    def share(self) -> Decimal | None:
        """Our part of the market so far."""
        if self.ours is None or not self.so_far:
            return None
        return divide(self.ours, self.so_far)


def market_years(plan: Plan, facts: Facts, month: Month) -> tuple[MarketYear, ...]:
    """Each market of 市场规模, each year of it up to the report month's, the latest first.

    What we sold is a flow's figure in the market's region and of its product: of the first flow in
    money that comes to the numerators of the market share in the plan year; where none does, these
    numerators themselves. A plan without a market share KPI takes its first flow in money.
    """
    unit = company(plan)
    if unit is None:
        return ()
    known = sizes(plan.market)
    rows: dict[tuple[str, str], list[MarketSize]] = {}
    for row in plan.market:
        rows.setdefault(key_of(*row.key), []).append(row)
    sought = _Sought(plan, facts, unit.code, month)
    found = []
    for key, typed in rows.items():
        first = typed[0]
        name = next((row.market for row in typed if row.market), "")
        flow = sought.flow(first)
        years = sorted({row.year for row in typed if row.year <= month.year}, reverse=True)
        for year in years:
            until = month if year == month.year else Month(year, 12)
            ours = sought.ours(flow, first, Month(year, 1), until)
            before = sought.ours(flow, first, Month(year - 1, 1), until.plus(-12))
            found.append(
                MarketYear(
                    name=name,
                    region=first.region,
                    product=first.product,
                    year=year,
                    until=until,
                    size=known[key].year(year),
                    growth=_growth(known[key], typed, year),
                    so_far=_so_far(known[key], until),
                    ours=ours,
                    our_growth=growth(ours, before).value,
                    latest=sought.latest(first, Month(year, 1), until),
                )
            )
    return tuple(found)


def _growth(known: Sizes, rows: list[MarketSize], year: int) -> Decimal | None:
    for row in rows:
        if row.year == year and row.month is None and row.growth is not None:
            return row.growth
    return growth(known.year(year), known.year(year - 1)).value


def _so_far(known: Sizes, until: Month) -> Decimal | None:
    if until.month == 12 and (whole := known.year(until.year)) is not None:
        return whole
    months = months_between(Month(until.year, 1), until)
    parts = [known.month(month) or known.part(month) for month in months]
    sizes_known = [one for one in parts if one is not None]
    return sum(sizes_known, ZERO) if len(sizes_known) == len(parts) else None


@dataclass(frozen=True, slots=True)
class _Sought:
    """What is asked of the company's actuals."""

    plan: Plan
    facts: Facts
    unit: str
    month: Month

    def flow(self, market: MarketSize) -> Kpi | None:
        """The flow whose figures are what we sold in the market; None where none is."""
        flows = [
            kpi
            for kpi in self.plan.kpis
            if kpi.kind is KpiKind.FLOW and money_of(kpi, self.plan.settings) is not None
        ]
        numerators = self._numerators(market, Month(self.month.year, 1), self.month)
        if numerators is None:
            return None if self._has_share else next(iter(flows), None)
        for kpi in flows:
            sold = self._sold(kpi, market, Month(self.month.year, 1), self.month)
            if sold is not None and abs(sold - numerators) <= abs(numerators) * NEAR:
                return kpi
        return None

    def ours(
        self, flow: Kpi | None, market: MarketSize, first: Month, last: Month
    ) -> Decimal | None:
        """What we sold in the market in these months."""
        if flow is None:
            return self._numerators(market, first, last)
        return self._sold(flow, market, first, last)

    def latest(self, market: MarketSize, first: Month, last: Month) -> Decimal | None:
        """The market share by its own KPI, as of the latest month."""
        for kpi in self._shares:
            both = self._slices(kpi, market, first, last)
            if both is not None:
                return both
        return None

    @property
    def _shares(self) -> list[Kpi]:
        return [kpi for kpi in self.plan.kpis if kpi.kind is KpiKind.POINT]

    @property
    def _has_share(self) -> bool:
        return any(kpi.code in self.plan.actuals.kpi for kpi in self._shares)

    def _sold(self, kpi: Kpi, market: MarketSize, first: Month, last: Month) -> Decimal | None:
        if not market.region and not market.product:
            return self.facts.value(kpi.code, self.unit, first, last)
        return self._slices(kpi, market, first, last)

    def _slices(self, kpi: Kpi, market: MarketSize, first: Month, last: Month) -> Decimal | None:
        wanted = {"region": market.region, "product": market.product}
        dimensions = tuple(name for name, value in wanted.items() if value) or ("region", "product")
        names = tuple(wanted[name] for name in dimensions)
        asked = self.facts.split(kpi.code, dimensions, first, last, self.unit)
        return next(
            (
                one.value
                for held, one in asked.items()
                if key_of(*_pair(held)) == key_of(*_pair(names))
            ),
            None,
        )

    def _numerators(self, market: MarketSize, first: Month, last: Month) -> Decimal | None:
        """Σ of the numerators of the market share over these months."""
        total = None
        for kpi in self._shares:
            for month in months_between(first, last):
                dimensions = ("region", "product")
                asked = self.facts.split(kpi.code, dimensions, month, month, self.unit)
                for held, one in asked.items():
                    if key_of(*_pair(held)) == key_of(*market.key) and one.numerator is not None:
                        total = (total or ZERO) + one.numerator
        return total


def _pair(names: tuple[str, ...]) -> tuple[str, str]:
    return names[0], names[1] if len(names) > 1 else ""
