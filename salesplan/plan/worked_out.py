"""Actuals that are worked out from other rows: gross margin and high-margin products out of revenue
by product and 产品. Imported only where a KPI says so (取数口径).

Each row of the KPI that revenue is entered in gives a row of the worked-out one, at the same place,
so that months, units, products and customers are found behind it as behind any other:

| KPI | as a flow | as a ratio |
|---|---|---|
| 毛利 | amount × margin | Σ amount × margin ÷ Σ amount |
| 高毛利产品 | amount of high-margin products | that ÷ Σ amount |

Margins are those of today, for earlier years, too. Rows whose product is not in 产品, or has no
margin there, are left out above and below the line, and named. Rows typed for the KPI count in
months that have none worked out, such as those of a year without products.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding
from salesplan.plan.actuals_rows import listed
from salesplan.plan.model import MICRO, Actuals, CountedAs, Kpi, KpiKind, Month, Plan, Product
from salesplan.plan.model.actuals import FIELDS
from salesplan.plan.model.currencies import money_of
from salesplan.plan.parse_text import exact
from salesplan.plan.schema import sheet

Part = Callable[[Product], Fraction | None]
"""What of a product's revenue counts; None: that is not known of the product."""


def with_worked_out(plan: Plan) -> tuple[Plan, list[Finding]]:
    """The plan with these rows behind its own, and what was left out of them."""
    findings: list[Finding] = []
    for kpi in plan.kpis:
        if not kpi.of_products:
            continue
        source = source_of(plan, kpi)
        if isinstance(source, Finding):
            findings.append(source)
            continue
        made = _Margins(plan, kpi, source)
        findings += made.findings()
        plan = made.plan_with_rows()
    return plan, findings


def source_of(plan: Plan, kpi: Kpi) -> Kpi | Finding:
    """The KPI whose rows a gross margin is worked out from: its 分母指标, else its 分子指标, else
    the first flow of money that has rows by product. A finding where there is none.
    """
    place = kpi.origin.place("counted_as")
    if kpi.kind not in (KpiKind.FLOW, KpiKind.RATIO):
        return Finding.of("counted-as-of-kind", place, kpi=kpi.name)
    if kpi.kind is KpiKind.RATIO and kpi.numerator and kpi.denominator:
        return Finding.of("counted-as-unused", place, kpi=kpi.name)
    if not plan.products:
        told = {"kpi": kpi.name, "sheet": sheet("products")}
        return Finding.of("counted-as-without-products", place, **told)
    named = plan.kpi_by_code.get(kpi.denominator or kpi.numerator or "")
    if named is not None:
        sound = named.kind is KpiKind.FLOW and not named.is_worked_out
        return named if sound else Finding.of("counted-as-without-source", place, kpi=kpi.name)
    by_product = {code for code, name in _products_by_kpi(plan.actuals) if name}
    for other in plan.kpis:
        money = money_of(other, plan.settings) is not None and other.kind is KpiKind.FLOW
        if money and other.code in by_product and not other.is_worked_out:
            return other
    return Finding.of("counted-as-without-source", place, kpi=kpi.name)


def part_of(kpi: Kpi, plan: Plan) -> Part:
    """What of a product's revenue the KPI counts: its margin, or all or nothing of it."""
    line = plan.settings.high_margin_from

    def margin(one: Product) -> Fraction | None:
        return None if one.margin is None else Fraction(one.margin)

    def high(one: Product) -> Fraction | None:
        found = one.is_high_margin(line)
        return None if found is None else Fraction(int(found))

    return margin if kpi.counted_as is CountedAs.GROSS_MARGIN else high


def _products_by_kpi(actuals: Actuals) -> set[tuple[str, str]]:
    return set(zip(actuals.kpi, actuals.product, strict=True))


@dataclass(frozen=True)
class _Margins:
    """The rows of one KPI, out of those of its ``source``."""

    plan: Plan
    kpi: Kpi
    source: Kpi

    def parts(self) -> Mapping[str, Fraction | None]:
        """By product as the rows write it, what of its revenue counts."""
        index, counted = self.plan.product_index, part_of(self.kpi, self.plan)
        pairs = _products_by_kpi(self.plan.actuals)
        names = {name for code, name in pairs if code == self.source.code}
        found = {name: index.one(name) for name in names}
        return {name: None if one is None else counted(one) for name, one in found.items()}

    def plan_with_rows(self) -> Plan:
        """The plan with the worked-out rows, without typed ones of the months that have some."""
        plan = self.plan
        parts = self.parts()
        rows = [
            index
            for index, code in enumerate(plan.actuals.kpi)
            if code == self.source.code
            and plan.actuals.value[index] is not None
            and parts[plan.actuals.product[index]] is not None
        ]
        typed = self._typed(rows)
        actuals = self._made(plan.actuals, rows, typed, parts)
        at_budget = plan.at_budget
        if at_budget is not None:
            at_budget = self._made(at_budget, rows, typed, parts)
        return replace(plan, actuals=actuals, at_budget=at_budget)

    def _typed(self, rows: Sequence[int]) -> frozenset[int]:
        """The KPI's own rows of months that are worked out."""
        actuals = self.plan.actuals
        months = {actuals.month[row] for row in rows}
        own = (at for at, code in enumerate(actuals.kpi) if code == self.kpi.code)
        return frozenset(at for at in own if actuals.month[at] in months)

    def _made(
        self,
        actuals: Actuals,
        rows: Sequence[int],
        typed: frozenset[int],
        parts: Mapping[str, Fraction | None],
    ) -> Actuals:
        amounts = [actuals.value[row] or 0 for row in rows]
        scale, products = self._scale(), [actuals.product[row] for row in rows]
        by_product = {name: (parts[name] or Fraction(0)) * scale for name in set(products)}
        shares = [by_product[name] for name in products]
        counted = self._shared(actuals, rows, amounts, shares)
        ratio = self.kpi.kind is KpiKind.RATIO
        blank = [None] * len(rows)
        made: dict[str, Sequence[object]] = {}
        for name in FIELDS:
            column = getattr(actuals, name)
            made[name] = [column[row] for row in rows] if column else ()
        made |= {
            "kpi": [self.kpi.code] * len(rows),
            "quantity": blank,
            "value": blank if ratio else counted,
            "numerator": counted if ratio else blank,
            "denominator": amounts if ratio else blank,
            "currency": [""] * len(rows) if actuals.currency else (),
            "share": blank if actuals.share else (),
            "given": blank if actuals.given else (),
        }
        kept = actuals.without(typed) if typed else actuals
        kept = replace(kept, broken_rows=actuals.broken_rows)
        entered = len(kept) if kept.entered is None else kept.entered - len(typed)
        more = replace(kept, broken_rows=frozenset(), behind={}, **made)  # type: ignore[arg-type]
        return replace(kept + more, entered=entered)

    def _scale(self) -> Fraction:
        """What a unit of the source is in units of the KPI: 10,000 where 万元 become 元."""
        if self.kpi.kind is KpiKind.RATIO:
            return Fraction(1)
        settings = self.plan.settings
        given, wanted = money_of(self.source, settings), money_of(self.kpi, settings)
        if given is None or wanted is None or given.currency != wanted.currency:
            return Fraction(1)
        return Fraction(given.size) / Fraction(wanted.size)

    def _shared(
        self,
        actuals: Actuals,
        rows: Sequence[int],
        amounts: Sequence[int],
        shares: Sequence[Fraction],
    ) -> list[int]:
        """Amount × share in millionths. What one row loses by rounding the next one carries, month
        by month along the tree: so a month's sum is that of the exact parts, at every unit.
        """
        order = {unit.code: at for at, (_, unit) in enumerate(self.plan.walk())}

        def place(at: int) -> tuple[Month, int, int]:
            row = rows[at]
            return actuals.month[row], order.get(actuals.unit[row], len(order)), row

        whole = lcm(*(one.denominator for one in set(shares)))
        found, left = [0] * len(rows), 0
        for at in sorted(range(len(rows)), key=place):
            share = shares[at]
            due = amounts[at] * share.numerator * (whole // share.denominator) + left
            found[at] = (2 * due + whole) // (2 * whole)
            left = due - found[at] * whole
        return found

    def findings(self) -> Iterator[Finding]:
        """Products of which nothing is known, once each; typed rows that are not used."""
        actuals, parts = self.plan.actuals, self.parts()
        unknown: dict[str, list[int]] = {}
        worked = []
        for index, code in enumerate(actuals.kpi):
            if code == self.source.code and actuals.value[index] is not None:
                name = actuals.product[index]
                if parts[name] is None:
                    unknown.setdefault(name, []).append(index)
                else:
                    worked.append(index)
        yield from listed(
            "product",
            "counted-as-left-out",
            (self._left_out(name, rows) for name, rows in unknown.items()),
        )
        typed = self._typed(worked)
        if typed:
            place = actuals.place(min(typed), "kpi")
            told = {"kpi": self.kpi.name, "rows": len(typed), "source": self.source.name}
            yield Finding.of("counted-as-typed", place, **told)

    def _left_out(self, name: str, rows: Sequence[int]) -> Finding:
        actuals = self.plan.actuals
        known = self.plan.product_index.one(name)
        amount = sum(actuals.value[row] or 0 for row in rows)
        told = {
            "kpi": self.kpi.name,
            "product": name,
            "rows": len(rows),
            "amount": exact(amount / MICRO),
        }
        if known is not None:
            return Finding.of("counted-as-without-margin", known.origin.place("margin"), **told)
        several = self.plan.product_index.meant(name) if name else ()
        if len(several) > 1:
            codes = tuple(one.code for one in several)
            place = several[-1].origin.place("name")
            return Finding.of("counted-as-product-twice", place, codes=codes, **told)
        place = actuals.place(rows[0], "product")
        code = "counted-as-product-unknown" if name else "counted-as-product-blank"
        return Finding.of(code, place, sheet=sheet("products"), **told)
