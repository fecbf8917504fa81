"""One KPI by product, region, customer or channel: what was planned, what came, what last year
brought.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import chain

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.linked_kpis import company, filters_of, over_until
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Kpi, KpiKind, Month, Plan

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Named:
    """One name of a dimension, year to date; ``""`` holds the rows without a name.

    ``share`` is its part of the company's target by the one strategy that speaks of it, ``units``
    the organisation's units whose targets are its own (a region's); ``target`` follows from either.
    ``over`` and ``last_year`` are the months over of this and of last year: a part of a month
    is not measured against the whole of it. None: no figure.
    """

    name: str
    target: Decimal | None = None
    share: Decimal | None = None
    units: tuple[str, ...] = ()
    actual: Decimal | None = None
    over: Decimal | None = None
    last_year: Decimal | None = None
    sellers: Decimal | None = None
    """What a region's own units sold, wherever, where that is not what was sold in the region."""


def target_of(
    plan: Plan,
    facts: Facts,
    attainments: Mapping[tuple[str, str, Span], Attainment],
    month: Month,
    kpi: Kpi,
    dimension: str,
    name: str,
) -> Decimal | None:
    """The flow's target of one name, year to date, by the rules of :func:`by_name`; None where it
    has none.
    """
    unit = company(plan)
    if unit is None:
        return None
    units = _units(plan).get(name, ()) if dimension == "region" else ()
    actual = facts.by(kpi.code, dimension, plan.settings.months[0], month, unit.code).get(name)
    first = plan.settings.months[0]
    if units and _sold_elsewhere(facts, kpi, (first, month), units, actual) is not None:
        return None
    whole = attainments.get((kpi.code, unit.code, Span.YTD))
    return _target(attainments, kpi, whole, _shares(plan, kpi, dimension).get(name), units)


def _begin(plan: Plan, month: Month, span: Span) -> Month:
    """The first month of the span that holds the month."""
    months = plan.settings.months
    return months[span.begin(months.index(month))]


def _sold_elsewhere(
    facts: Facts,
    kpi: Kpi,
    months: tuple[Month, Month],
    units: tuple[str, ...],
    actual: Decimal | None,
) -> Decimal | None:
    """What the units sold, if that is not ``actual``, what was sold in their region."""
    sold = [facts.value(kpi.code, unit, *months) for unit in units]
    known = [value for value in sold if value is not None]
    total = sum(known, ZERO)
    return total if known and total != (actual or ZERO) else None


def by_name(
    plan: Plan,
    facts: Facts,
    attainments: Mapping[tuple[str, str, Span], Attainment],
    month: Month,
    as_of: date,
    kpi: Kpi,
    dimension: str,
    span: Span = Span.YTD,
) -> tuple[Named, ...]:
    """A flow's names of one dimension for the company over the span that holds the month, up to
    it, the largest actual first, ties in the order of the rows.

    * A region's target: those of the topmost units that lie in it with everything below them, where
      these units sold what was sold there and nothing else. Where they did not, who sold and where
      it was sold are two things: the region has no target, and ``sellers`` is what its units sold.
    * A product's, channel's or customer type's target: the company's × 目标占比 of the strategy
      that filters by it and by nothing else; where two do, none is known.

    Last year is left out where none of its rows bears a name: what is nobody's is no base for
    anybody. Empty where no row of this year bears a name, and for KPIs that are no flows. Raises
    KeyError for another dimension.
    """
    unit = company(plan)
    if unit is None or kpi.kind is not KpiKind.FLOW:
        return ()
    first, last = _begin(plan, month, span), over_until(plan, month, as_of)
    actual = facts.by(kpi.code, dimension, first, month, unit.code)
    if not any(actual):
        return ()
    over, before = {}, {}
    if last is not None and last >= first:
        months = (first.plus(-12), last.plus(-12))
        over = facts.by(kpi.code, dimension, first, last, unit.code) if last != month else actual
        before = facts.by(kpi.code, dimension, *months, unit.code)
    if not any(before):
        before = {}
    whole = attainments.get((kpi.code, unit.code, span))
    shares = _shares(plan, kpi, dimension)
    regions = _units(plan) if dimension == "region" else {}
    sellers = {
        name: _sold_elsewhere(facts, kpi, (first, month), codes, actual.get(name))
        for name, codes in regions.items()
    }
    units = {name: codes for name, codes in regions.items() if sellers[name] is None}

    def target(name: str) -> Decimal | None:
        if sellers.get(name) is not None:
            return None
        return _target(attainments, kpi, whole, shares.get(name), units.get(name, ()), span)

    planned = (name for name in (*shares, *units) if name)
    found = [
        Named(
            name,
            target=target(name),
            share=shares.get(name),
            units=units.get(name, ()),
            actual=actual.get(name),
            over=over.get(name),
            last_year=before.get(name),
            sellers=sellers.get(name),
        )
        for name in dict.fromkeys((*actual, *before, *planned))
    ]
    kept = [
        one
        for one in found
        if one.actual is not None or one.last_year is not None or one.target is not None
    ]
    return tuple(sorted(kept, key=lambda one: (one.actual is None, -(one.actual or ZERO))))


def _target(
    attainments: Mapping[tuple[str, str, Span], Attainment],
    kpi: Kpi,
    whole: Attainment | None,
    share: Decimal | None,
    units: tuple[str, ...],
    span: Span = Span.YTD,
) -> Decimal | None:
    if units:
        each = [attainments.get((kpi.code, unit, span)) for unit in units]
        targets = [None if one is None else one.target for one in each]
        known = [target for target in targets if target is not None]
        return sum(known, ZERO) if len(known) == len(targets) else None
    return None if share is None or whole is None or whole.target is None else whole.target * share


def _shares(plan: Plan, kpi: Kpi, dimension: str) -> dict[str, Decimal]:
    found: dict[str, list[Decimal]] = {}
    for strategy in plan.strategies:
        filters = filters_of(plan, strategy)
        if (
            strategy.kpi == kpi.code
            and set(filters) == {dimension}
            and strategy.target_share is not None
            and not strategy.broken
        ):
            found.setdefault(filters[dimension], []).append(strategy.target_share)
    return {name: shares[0] for name, shares in found.items() if len(shares) == 1}


def _units(plan: Plan) -> dict[str, tuple[str, ...]]:
    """By region: the topmost units that lie in it whole; none where all units lie in one, which is
    then no part of anything.
    """
    region: dict[str, str] = {}
    within: dict[str, set[str]] = {}
    line: list[str] = []
    tree = list(chain.from_iterable(plan.walk(root.code) for root in plan.roots))
    for depth, unit in tree:
        del line[depth:]
        line.append(unit.code)
        region[unit.code] = unit.region or (region[line[-2]] if depth else "")
        for code in line:
            within.setdefault(code, set()).add(region[unit.code])
    if len(set(region.values())) < 2:
        return {}
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for _, unit in tree:
        if unit.parent in taken:
            taken.add(unit.code)
        elif len(within[unit.code]) == 1 and region[unit.code]:
            taken.add(unit.code)
            found.setdefault(region[unit.code], []).append(unit.code)
    return {name: tuple(codes) for name, codes in found.items()}
