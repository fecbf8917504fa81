"""Why the amount is another one: price, volume, mix, new and lost products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.linked_kpis import company, months_over
from salesplan.engine.actuals.progress import Span
from salesplan.engine.exact.rounding import apportion, common, controlled_rounding, nearest
from salesplan.plan.model import KpiKind, Month, Plan

CENT = Decimal("0.01")
_GRAIN = 10**12
"""Effects are worked out in this part of the unit, so that odd quantities do not blow up the
fractions.
"""


class Sold(NamedTuple):
    """What was sold of one product in one period; ``quantity`` None where it is not known.

    ``at_budget`` is the amount at budget rates, where some of it is in another currency.
    """

    quantity: Decimal | None
    amount: Decimal
    at_budget: Decimal | None = None

    @property
    def own(self) -> Decimal:
        """The amount without the effect of rates."""
        return self.amount if self.at_budget is None else self.at_budget


class Cause(Enum):
    """Why an amount differs. OTHER holds what cannot be split, because quantities are missing."""

    PRICE = "price"
    VOLUME = "volume"
    MIX = "mix"
    NEW = "new"
    LOST = "lost"
    RATES = "rates"
    OTHER = "other"


Effects = Mapping[Cause, Decimal]
_APART = frozenset({Cause.RATES, Cause.OTHER})
"""What is left when a difference is not split by price, volume and mix."""


@dataclass(frozen=True, slots=True)
class ProductVariance:
    """One product's part: its ``effects`` add up to ``total`` exactly."""

    name: str
    base: Decimal
    actual: Decimal
    total: Decimal
    effects: Effects


@dataclass(frozen=True, slots=True)
class Variance:
    """``total`` = ``actual`` − ``base``, made of ``effects``, made of ``products``; every sum is
    exact.

    ``products`` come by the size of their difference. Every :class:`Cause` is in ``effects``, with
    0 where it plays no part.
    """

    base: Decimal
    actual: Decimal
    total: Decimal
    effects: Effects
    products: tuple[ProductVariance, ...]

    @property
    def split(self) -> bool:
        """Whether any of the difference could be split at all."""
        return any(value for cause, value in self.effects.items() if cause not in _APART)


@dataclass(frozen=True, slots=True)
class Gap:
    """One name's actual against its target or base; a side that is not there is None and counts as
    nothing in ``gap``.
    """

    name: str
    base: Decimal | None
    actual: Decimal | None
    gap: Decimal


def price_volume_mix(
    base: Mapping[str, Sold], actual: Mapping[str, Sold], unit: Decimal = CENT
) -> Variance:
    """The difference of two periods by cause, in whole multiples of ``unit``.

    Over the continuing products C, sold in both periods with a base quantity other than zero,
    with A the amounts, Q the quantities, P0 = A0/Q0 and P̄0 = ΣA0/ΣQ0:

    * price  = Σ (P1 − P0)·Q1 = Σ A1 − Σ P0·Q1
    * volume = (ΣQ1 − ΣQ0)·P̄0 = ΣA0·ΣQ1/ΣQ0 − ΣA0
    * mix    = Σ (Q1 − Q0·ΣQ1/ΣQ0)·P0 = Σ P0·Q1 − ΣA0·ΣQ1/ΣQ0
    * new    = Σ A1 over products without a base; lost = −Σ A0 over those without an actual

    The first three add up to ΣA1 − ΣA0 over C: ΣP0·Q1 and ΣA0·ΣQ1/ΣQ0 both fall away. The products
    outside C add A1 − A0 under new and lost, so the five are the whole difference. Were ΣQ taken
    over all products, volume and mix would count new and lost ones a second time.

    * Returns: negative quantities and amounts count as they are.
    * Price undefined (Q0 = 0, an amount all the same): the base amount is lost, the actual one new.
      Q1 = 0 needs no price: A1 − P0·Q1 is A1.
    * ΣQ0 = 0 over C: there is no average price; volume is 0 and mix holds the whole effect of
      quantities.
    * Rates: where an actual amount is in another currency, A1 above is what it comes to at budget
      rates, and rates = its amount − that, product by product.
    * A product with an amount but no quantity on either side, and rows without a product (``""``),
      cannot be split: their difference is OTHER, which is 0 where all is known.

    Each cause is rounded by largest remainder so that the causes add up to the total, and each
    product's causes so that both add up: across to the product's difference, down to the cause's.
    Amounts finer than ``unit`` are rounded half up in the sums; the differences follow them.
    Raises ValueError for a unit that is not above zero.
    """
    if unit <= 0:
        raise ValueError(f"not a unit: {unit}")
    quantum = Fraction(unit)
    names = list(dict.fromkeys((*actual, *base)))
    exact = _exact(names, base, actual)
    rows = []
    for name in names:
        rows.append(_grained([exact[name][cause] / quantum for cause in Cause]))
    start, end = (_sum(side.values()) / quantum for side in (base, actual))
    whole_start, whole_end = (nearest(value.numerator, value.denominator) for value in (start, end))
    by_cause = [Fraction(0)] * len(Cause)
    for row in rows:
        by_cause = [a + b for a, b in zip(by_cause, row, strict=True)]
    columns = _apportioned(whole_end - whole_start, by_cause)
    differences = [sum(row, Fraction(0)) for row in rows]
    totals = _apportioned(whole_end - whole_start, differences) if names else []
    table = controlled_rounding(rows, totals, columns) if names else []
    products = []
    for name, total, cells in zip(names, totals, table, strict=True):
        causes = {cause: cell * unit for cause, cell in zip(Cause, cells, strict=True)}
        products.append(
            ProductVariance(name, _amount(base, name), _amount(actual, name), total * unit, causes)
        )
    products.sort(key=lambda one: -abs(one.total))
    effects = {cause: value * unit for cause, value in zip(Cause, columns, strict=True)}
    return Variance(
        whole_start * unit,
        whole_end * unit,
        (whole_end - whole_start) * unit,
        effects,
        tuple(products),
    )


def variances(
    plan: Plan,
    facts: Facts,
    month: Month,
    as_of: date,
    at_budget: Facts | None = None,
    span: Span = Span.YTD,
) -> dict[str, Variance]:
    """By KPI: the amount of the span that holds the month, up to it, against the same months of
    last year, by cause, for the company.

    For flows whose rows of both years give quantities; others are left out, as is everything where
    no month is over. Only months that are over count: a part of a month is not measured against the
    whole of it. ``at_budget``: the facts at budget rates, where a row is in another currency; the
    effect of rates is then a cause of its own.
    """
    compared, unit = months_over(plan, month, as_of, span), company(plan)
    if compared is None or unit is None:
        return {}
    first, last = compared
    found: dict[str, Variance] = {}
    for kpi in plan.kpis:
        if kpi.kind is not KpiKind.FLOW:
            continue
        base = _sold(facts, kpi.code, first.plus(-12), last.plus(-12), unit.code)
        actual = _sold(facts, kpi.code, first, last, unit.code, at_budget) if base else {}
        if actual:
            one = price_volume_mix(
                base, actual, kpi.smallest_unit if kpi.smallest_unit > 0 else CENT
            )
            if one.split:
                found[kpi.code] = one
    return found


def gaps(
    base: Mapping[str, Decimal | None], actual: Mapping[str, Decimal | None]
) -> tuple[Gap, ...]:
    """Actual − target (or base) by name, the largest first whatever its sign, ties in the given
    order.

    A name on one side only keeps None on the other and its figure is the gap, so that the gaps add
    up to the difference of the sums. Names without any figure are left out.
    """
    found = []
    for name in dict.fromkeys((*base, *actual)):
        before, now = base.get(name), actual.get(name)
        if before is not None or now is not None:
            found.append(Gap(name, before, now, (now or Decimal(0)) - (before or Decimal(0))))
    return tuple(sorted(found, key=lambda gap: -abs(gap.gap)))


def unit_gaps(
    plan: Plan,
    attainments: Mapping[tuple[str, str, Span], Attainment],
    kpi: str,
    unit: str,
    span: Span = Span.YTD,
) -> tuple[Gap, ...]:
    """A − T of a unit's direct children, the largest first; children without target or without
    actual are left out.

    Names are unit codes.
    """
    known = {
        child.code: one
        for child in plan.children.get(unit, ())
        if (one := attainments.get((kpi, child.code, span))) is not None and one.gap is not None
    }
    return gaps(
        {code: one.target for code, one in known.items()},
        {code: one.actual for code, one in known.items()},
    )


def dimension_gaps(
    plan: Plan,
    facts: Facts,
    kpi: str,
    dimension: str,
    month: Month,
    as_of: date,
    span: Span = Span.YTD,
) -> tuple[Gap, ...]:
    """A flow's months over of the span by product, region, customer or channel against the same
    months of last year.

    Targets are set for units, not for products, so last year is the base. The largest gap first;
    empty where either year has no figure or the KPI does not add up.
    Raises KeyError for another dimension.
    """
    compared, unit = months_over(plan, month, as_of, span), company(plan)
    record = plan.kpi_by_code.get(kpi)
    if compared is None or unit is None or record is None or record.kind is not KpiKind.FLOW:
        return ()
    first, last = compared
    base = facts.by(kpi, dimension, first.plus(-12), last.plus(-12), unit.code)
    actual = facts.by(kpi, dimension, first, last, unit.code) if base else {}
    return gaps(base, actual) if actual else ()


def _exact(
    names: Iterable[str], base: Mapping[str, Sold], actual: Mapping[str, Sold]
) -> dict[str, dict[Cause, Fraction]]:
    """Each product's causes as exact fractions; see :func:`price_volume_mix`."""
    effects = {name: dict.fromkeys(Cause, Fraction(0)) for name in names}
    going: dict[str, tuple[Fraction, Fraction, Fraction, Fraction]] = {}
    for name, own in effects.items():
        before, now = base.get(name), actual.get(name)
        start = Fraction(before.amount) if before else Fraction(0)
        end = Fraction(now.own) if now else Fraction(0)
        if now:
            own[Cause.RATES] = Fraction(now.amount) - end
        if not name or (before and before.quantity is None) or (now and now.quantity is None):
            own[Cause.OTHER] = end - start
        elif before and now and before.quantity and (now.quantity or now.own):
            going[name] = Fraction(before.quantity), start, Fraction(now.quantity or 0), end
        else:
            own[Cause.NEW], own[Cause.LOST] = end, -start
    base_quantity = sum((one[0] for one in going.values()), Fraction(0))
    growth = (
        sum((one[2] for one in going.values()), Fraction(0)) / base_quantity
        if base_quantity
        else Fraction(1)
    )
    for name, (quantity, start, new_quantity, end) in going.items():
        at_old_price = start / quantity * new_quantity
        effects[name][Cause.PRICE] = end - at_old_price
        effects[name][Cause.VOLUME] = start * growth - start
        effects[name][Cause.MIX] = at_old_price - start * growth
    return effects


def _grained(reals: list[Fraction]) -> list[Fraction]:
    """The values in grains, with the same sum: what rounding them leaves goes to the largest."""
    whole = sum(reals, Fraction(0))
    grained = [Fraction(round(real * _GRAIN), _GRAIN) for real in reals]
    largest = max(range(len(reals)), key=lambda i: abs(reals[i]))
    grained[largest] += whole - sum(grained, Fraction(0))
    return grained


def _apportioned(total: int, reals: list[Fraction]) -> list[int]:
    numerators, scale = common(reals)
    return apportion(total, numerators, scale)


def _sum(sold: Iterable[Sold]) -> Fraction:
    return sum((Fraction(one.amount) for one in sold), Fraction(0))


def _amount(side: Mapping[str, Sold], name: str) -> Decimal:
    return side[name].amount if name in side else Decimal(0)


def _sold(
    facts: Facts,
    kpi: str,
    first: Month,
    last: Month,
    unit: str,
    at_budget: Facts | None = None,
) -> dict[str, Sold]:
    slices = facts.split(kpi, ("product",), first, last, unit)
    other = {} if at_budget is None else at_budget.split(kpi, ("product",), first, last, unit)
    return {
        names[0]: Sold(one.quantity, one.value, other[names].value if names in other else None)
        for names, one in slices.items()
        if one.value is not None
    }
