"""Actuals that are worked out from customers' orders: first orders and repurchase. Imported only
where a KPI says so (取数口径).

* 首单客户, a flow: each customer once, on the day and at the row of its first order.
* 复购率, a cohort ratio or a ratio: customers that bought after an earlier order day ÷ customers
  that bought, each once a month, at the row of the order that stands for it.

That is how a linked source counts (``first_of``, ``repeat_of``), whose own rows of such a KPI are
taken as they are. A customer is one unit's in a month, so that units add up. A first order that
only 客户 knows counts in the plan year: with whom the customer trades, else with its owner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import chain
from math import floor

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place
from salesplan.plan.model import MICRO, Actuals, CountedAs, Kpi, KpiKind, Month, Plan
from salesplan.plan.model.actuals import FIELDS, FIRST_LINKED
from salesplan.plan.model.orders import Orders, order_kpi, orders_of
from salesplan.plan.parse_text import exact

KINDS: Mapping[CountedAs, tuple[KpiKind, ...]] = {
    CountedAs.FIRST_ORDERS: (KpiKind.FLOW,),
    CountedAs.REPURCHASE: (KpiKind.COHORT_RATIO, KpiKind.RATIO),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row to be added, like that at index ``at`` (None: like none, at ``place``): ``above`` of
    ``below`` customers, 1 or 0 of each.
    """

    month: Month
    day: date | None
    above: int
    below: int = 1
    at: int | None = None
    unit: str = ""
    customer: str = ""
    region: str = ""
    place: Place | None = None


def with_customer_counts(plan: Plan) -> tuple[Plan, list[Finding]]:
    """The plan with these rows behind its own, and what is wrong with them."""
    findings: list[Finding] = []
    known: dict[str, Orders] = {}
    for kpi in plan.kpis:
        if not kpi.of_customers:
            continue
        wrong = _unfit(plan, kpi)
        if wrong is not None:
            findings.append(wrong)
            continue
        source = order_kpi(plan, kpi)
        code = "" if source is None else source.code
        if code not in known:
            known[code] = orders_of(plan, source)
        counts = _Counts(plan, kpi, known[code])
        if counts.is_linked:
            continue
        findings += counts.findings()
        plan = counts.plan_with_rows()
    return plan, findings


def _unfit(plan: Plan, kpi: Kpi) -> Finding | None:
    """Why the KPI cannot be worked out; None where it can."""
    place = kpi.origin.place("counted_as")
    assert kpi.counted_as is not None
    if kpi.kind not in KINDS[kpi.counted_as]:
        return Finding.of("counted-as-not-of-customers", place, kpi=kpi.name)
    if kpi.numerator and kpi.denominator:
        return Finding.of("counted-as-unused", place, kpi=kpi.name)
    if order_kpi(plan, kpi) is not None:
        return None
    dated = any(one.since is not None for one in plan.customers)
    if dated and kpi.counted_as is CountedAs.FIRST_ORDERS:
        return None
    linked = any(
        code == kpi.code and row >= FIRST_LINKED
        for code, row in zip(plan.actuals.kpi, plan.actuals.rows, strict=True)
    )
    return None if linked else Finding.of("counted-as-without-orders", place, kpi=kpi.name)


@dataclass(frozen=True)
class _Counts:
    """The rows of one KPI, out of ``orders``."""

    plan: Plan
    kpi: Kpi
    orders: Orders

    @cached_property
    def own(self) -> Sequence[int]:
        """The KPI's rows that are there already."""
        return [at for at, code in enumerate(self.plan.actuals.kpi) if code == self.kpi.code]

    @property
    def is_linked(self) -> bool:
        """Whether a linked source counts it."""
        return any(self.plan.actuals.rows[at] >= FIRST_LINKED for at in self.own)

    @cached_property
    def rows(self) -> Sequence[_Row]:
        """The rows to be added, by month."""
        first = self.kpi.counted_as is CountedAs.FIRST_ORDERS
        found = list(self._firsts() if first else self._repurchase())
        return sorted(found, key=lambda one: (one.month, one.at is None, one.at or 0))

    def _firsts(self) -> Iterator[_Row]:
        """Each customer's first order, and 0 for each unit and month that had orders and no first
        one: that is known, not blank.
        """
        actuals, plan_year = self.plan.actuals, self.plan.settings.months
        counted: set[tuple[str, Month]] = set()
        traded: dict[tuple[str, Month], int] = {}
        for customer, orders in self.orders.by_customer.items():
            for one in orders:
                traded.setdefault((actuals.unit[one.row], actuals.month[one.row]), one.row)
            at, day = orders[0].row, self.orders.first(customer)
            assert day is not None
            if day < orders[0].day and Month.of(day) not in plan_year:
                continue
            given = actuals.day[at] if day == orders[0].day else day
            for part in self._parts(at):
                counted.add((actuals.unit[part], Month.of(day)))
            yield _Row(Month.of(day), given, 1, at=at)
        for customer, day in self.orders.since.items():
            known = self.plan.customer_index.one(customer)
            if customer in self.orders.by_customer or known is None or not known.owner:
                continue
            if Month.of(day) in plan_year:
                counted.add((known.owner, Month.of(day)))
                place = known.origin.place("since")
                yield _Row(
                    Month.of(day), day, 1, unit=known.owner, customer=known.name,
                    region=known.region, place=place,
                )  # fmt: skip
        for (unit, month), at in traded.items():
            if (unit, month) not in counted:
                yield _Row(month, actuals.day[at], 0, at=at)

    def _repurchase(self) -> Iterator[_Row]:
        by_month = self.kpi.kind is KpiKind.COHORT_RATIO
        for one in self.orders.by_month(self.plan.settings.repurchase_days):
            day = None if by_month else self.plan.actuals.day[one.order.row]
            yield _Row(one.month, day, int(one.again), at=one.order.row)

    def _parts(self, at: int) -> Sequence[int]:
        """The row with those of the others who share it."""
        return self._sharing.get(self.plan.actuals.rows[at], (at,))

    @cached_property
    def _sharing(self) -> Mapping[int, Sequence[int]]:
        actuals = self.plan.actuals
        if not actuals.share:
            return {}
        found: dict[int, list[int]] = {}
        for at, share in enumerate(actuals.share):
            if share is not None:
                found.setdefault(actuals.rows[at], []).append(at)
        return found

    def plan_with_rows(self) -> Plan:
        """The plan with the rows, without typed ones of the months that have some."""
        rows, months = self.rows, {one.month for one in self.rows}
        typed = frozenset(at for at in self.own if self.plan.actuals.month[at] in months)
        actuals = self._with(self.plan.actuals, rows, typed)
        at_budget = self.plan.at_budget
        if at_budget is not None:
            at_budget = self._with(at_budget, rows, typed)
        return replace(self.plan, actuals=actuals, at_budget=at_budget)

    def _with(self, actuals: Actuals, rows: Sequence[_Row], typed: frozenset[int]) -> Actuals:
        parts = list(self._divided(actuals, rows))
        kept = actuals.without(typed) if typed else actuals
        kept = replace(kept, broken_rows=actuals.broken_rows)
        entered = len(kept) if kept.entered is None else kept.entered - len(typed)
        made: dict[str, Sequence[object]] = dict.fromkeys(FIELDS, ())
        for name in FIELDS:
            column = getattr(actuals, name)
            if len(column) == len(actuals):
                made[name] = [_own(one, name) if at is None else column[at] for one, at, _ in parts]
        if any(one.place for one in rows):
            cells = actuals.cells
            made["cells"] = [
                one.place if at is None or not cells else cells[at] for one, at, _ in parts
            ]
        blank: list[None] = [None] * len(parts)
        above = [whole * one.above for one, _, whole in parts]
        rate = self.kpi.kind is not KpiKind.FLOW
        made |= {
            "kpi": [self.kpi.code] * len(parts),
            "day": [one.day for one, _, _ in parts],
            "month": [one.month for one, _, _ in parts],
            "quantity": blank,
            "value": blank if rate else above,
            "numerator": above if rate else blank,
            "denominator": [whole * one.below for one, _, whole in parts] if rate else blank,
            "currency": [""] * len(parts) if actuals.currency else (),
            "share": blank if actuals.share else (),
            "given": blank if actuals.given else (),
        }
        more = replace(kept, broken_rows=frozenset(), behind={}, **made)  # type: ignore[arg-type]
        return replace(kept + more, entered=entered)

    def _divided(
        self, actuals: Actuals, rows: Sequence[_Row]
    ) -> Iterator[tuple[_Row, int | None, int]]:
        """Each row with the index of the one that it is like, and 1 in millionths; a row for each
        of those who share the order, with their parts of it.
        """
        sharing = self._sharing
        for one in rows:
            if one.at is None or actuals.rows[one.at] not in sharing:
                yield one, one.at, MICRO
                continue
            left = Fraction(0)
            for at in sharing[actuals.rows[one.at]]:
                share = actuals.share[at]
                due = (Fraction(1) if share is None else share) * MICRO + left
                whole = floor(due + Fraction(1, 2))
                left = due - whole
                yield one, at, whole

    def findings(self) -> Iterator[Finding]:
        """Typed figures that the worked-out ones do not agree with; orders that are nobody's."""
        actuals = self.plan.actuals
        if self.orders.lumped is not None:
            place = actuals.place(self.orders.lumped, "customer")
            name = actuals.customer[self.orders.lumped]
            yield Finding.of("counted-as-customers-lumped", place, kpi=self.kpi.name, name=name)
        worked: dict[Month, Fraction] = {}
        for one in self.rows:
            worked[one.month] = worked.get(one.month, Fraction(0)) + one.above
        typed: dict[Month, list[int]] = {}
        for at in self.own:
            if actuals.month[at] in worked:
                typed.setdefault(actuals.month[at], []).append(at)
        if not typed:
            return
        if self.kpi.kind is KpiKind.FLOW:
            sums = {month: self._sum(rows) for month, rows in typed.items()}
            differ = [month for month in sorted(sums) if sums[month] != worked[month]]
            if differ:
                month = differ[0]
                yield Finding.of(
                    "counted-as-typed-differs",
                    actuals.place(typed[month][0], "value"),
                    kpi=self.kpi.name,
                    month=month,
                    typed=exact(float(sums[month])),
                    worked=exact(float(worked[month])),
                    more=len(differ) - 1,
                )
            return
        rows = list(chain.from_iterable(typed.values()))
        place = actuals.place(min(rows), "numerator")
        yield Finding.of("counted-as-typed-too", place, kpi=self.kpi.name, rows=len(rows))

    def _sum(self, rows: Sequence[int]) -> Fraction:
        return Fraction(sum(self.plan.actuals.value[at] or 0 for at in rows), MICRO)


def _own(one: _Row, name: str) -> object:
    """A cell of a row that is like none."""
    if name == "rows":
        return 0 if one.place is None else _row_number(one.place)
    return getattr(one, name) if name in ("unit", "customer", "region") else ""


def _row_number(place: Place) -> int:
    digits = "".join(one for one in place.cell if one.isdigit())
    return int(digits or 0)
