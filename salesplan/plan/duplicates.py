"""Which rows of 实绩 count: not those that are there twice.

A row repeats another where 来源, KPI, unit, product and day all do: the record was pasted or
imported twice. The first one counts, the others are an error. Rows with different 来源 are
different records, however alike they look.

Paying a commitment (支出 with the 凭证 of a 占用 of the same budget line) releases it, so nobody
has to reverse it by a negative row. Who does all the same is right, too: only what the typed rows
of a voucher leave committed is released, and never more than was paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding
from salesplan.plan.actuals_rows import listed
from salesplan.plan.model import Actuals, Plan, Spending, SpendKind
from salesplan.plan.normalize import bare


def counted(plan: Plan) -> tuple[Plan, list[Finding]]:
    """The plan without the rows that must not count, and why each of them does not."""
    runs = _repeats(plan.actuals)
    repeated = set()
    for run in runs:
        repeated.update(run.rows)
    if not runs:
        return plan, []
    said = (run.finding(plan.actuals) for run in runs)
    kept = plan.actuals.without(repeated)
    at_budget = None if plan.at_budget is None else plan.at_budget.without(repeated)
    findings = [*listed("source", "actual-source-twice", said)]
    return replace(plan, actuals=kept, at_budget=at_budget), findings


@dataclass(slots=True)
class _Run:
    """Rows one under another that repeat rows one under another."""

    rows: list[int]
    first: int

    def finding(self, actuals: Actuals) -> Finding:
        again, was = actuals.rows[self.rows[0]], actuals.rows[self.first]
        more = len(self.rows) - 1
        return Finding.of(
            "actual-source-twice",
            actuals.place(self.rows[0], "source"),
            source=actuals.source[self.rows[0]],
            again=f"{again}-{actuals.rows[self.rows[-1]]}" if more else str(again),
            was=f"{was}-{actuals.rows[self.first + more]}" if more else str(was),
            count=len(self.rows),
        )


def _repeats(actuals: Actuals) -> list[_Run]:
    """The rows that repeat an earlier one, in runs of both. One pass."""
    if len(actuals.source) != len(actuals) or not any(actuals.source):
        return []
    seen: dict[tuple[object, ...], int] = {}
    runs: list[_Run] = []
    told = zip(
        actuals.source,
        actuals.kpi,
        actuals.unit,
        actuals.product,
        actuals.day,
        actuals.month,
        strict=True,
    )
    for index, row in enumerate(told):
        first = seen.setdefault(row, index) if row[0] else index
        if first == index:
            continue
        last = runs[-1] if runs else None
        if last and last.rows[-1] + 1 == index and last.first + len(last.rows) == first:
            last.rows.append(index)
        else:
            runs.append(_Run([index], first))
    return runs


def with_releases(rows: Iterable[Spending]) -> tuple[Spending, ...]:
    """The rows, and after each payment of a commitment what it releases: a negative 占用 of its
    day.

    What is paid in the currency of its commitment is compared in that currency: at another rate
    than the commitment's it releases all the same what was paid of it.
    """
    typed = tuple(rows)
    open_of: dict[tuple[str, str], dict[str, _Open]] = {}
    for row in typed:
        if row.voucher and row.kind is SpendKind.COMMITTED:
            by_currency = open_of.setdefault((row.budget, bare(row.voucher)), {})
            by_currency.setdefault(row.currency, _Open()).add(row)
    found: list[Spending] = []
    for row in typed:
        found.append(row)
        by_currency = open_of.get((row.budget, bare(row.voucher)), {})
        if row.kind is not SpendKind.SPENT or row.amount <= 0 or not by_currency:
            continue
        released = _released(row, by_currency)
        if released > 0:
            found.append(
                replace(
                    row,
                    kind=SpendKind.COMMITTED,
                    amount=-released,
                    currency="",
                    given=None,
                    released=True,
                )
            )
    return tuple(found)


@dataclass(slots=True)
class _Open:
    """What is committed in one currency and not paid: as typed, and in the plan's currency."""

    given: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)

    def add(self, row: Spending) -> None:
        self.given += row.amount if row.given is None else row.given
        self.amount += row.amount

    def paid(self, given: Decimal) -> Decimal:
        """What a payment of ``given`` releases, in the plan's currency: its part of what is open,
        to the millionth, all of it with the last payment.
        """
        if self.given <= 0:
            return Decimal(0)
        if given >= self.given or self.given == self.amount:
            part = self.amount if given >= self.given else given
        else:
            part = round(self.amount * given / self.given, 6)
        part = max(part, Decimal(0))
        self.given -= min(given, self.given)
        self.amount -= part
        return part


def _released(row: Spending, by_currency: Mapping[str, _Open]) -> Decimal:
    same = by_currency.get(row.currency)
    if same is None:
        return _across(row.amount, by_currency.values())
    return same.paid(row.amount if row.given is None else row.given)


def _across(amount: Decimal, opened: Iterable[_Open]) -> Decimal:
    """What a payment in another currency releases: as much as it comes to, of what is open."""
    released = Decimal(0)
    for one in opened:
        part = min(amount - released, one.amount)
        if part > 0:
            released += one.paid(one.given * part / one.amount)
    return released
