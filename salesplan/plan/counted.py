"""Which rows of 实绩 count: not those that are there twice, and none in a currency that cannot be
added.

- A row repeats another where 来源, KPI, unit, product and day all do: the record was pasted or
  imported twice. The first one counts, the others are an error. Rows with different 来源 are
  different records, however alike they look.
- Amounts of different currencies are not added 1:1. Until there are rates, rows in another
  currency than that of the settings do not count, and are an error.

Paying a commitment (支出 with the 凭证 of a 占用 of the same budget line) releases it, so nobody
has to reverse it by a negative row. Who does all the same is right, too: only what the typed rows
of a voucher leave committed is released, and never more than was paid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding
from salesplan.plan.actuals_rows import listed
from salesplan.plan.model import Actuals, AmountUnit, Kpi, Plan, Spending, SpendKind
from salesplan.plan.model.currencies import NAMES, SYMBOLS, currency, home_of
from salesplan.plan.schema import CHOICES
from salesplan.plan.spelling import bare, folded

_CODE = re.compile(r"\b[A-Z]{3}\b")


def counted(plan: Plan, shown: Mapping[int, str]) -> tuple[Plan, list[Finding]]:
    """The plan without the rows that must not count, and why each of them does not.

    ``shown`` says row by row which currency symbol the number format of the figure shows.
    """
    runs = _repeats(plan.actuals)
    repeated = set()
    for run in runs:
        repeated.update(run.rows)
    foreign = dict(_foreign(plan, shown, repeated))
    if not runs and not foreign:
        return plan, []
    said = (run.finding(plan.actuals) for run in runs)
    findings = [
        *listed("source", "actual-source-twice", said),
        *listed("currency", "actual-other-currency", foreign.values()),
    ]
    return replace(plan, actuals=plan.actuals.without({*repeated, *foreign})), findings


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


def _foreign(
    plan: Plan, shown: Mapping[int, str], left_out: set[int]
) -> Iterator[tuple[int, Finding]]:
    """The rows in another currency than the settings', each with its finding at the cell that says
    so.
    """
    actuals, home = plan.actuals, home_of(plan.settings.currency)
    if not any(actuals.currency) and not shown:
        return
    money = {kpi.code for kpi in plan.kpis if is_money(kpi, home)}
    for index, (kpi, typed, row) in enumerate(
        zip(actuals.kpi, actuals.currency, actuals.rows, strict=True)
    ):
        if index in left_out or kpi not in money:
            continue
        said = typed or shown.get(row, "")
        if said and currency(said, home) != home:
            place = actuals.place(index, "currency" if typed else "value")
            yield (
                index,
                Finding.of(
                    "actual-other-currency",
                    place,
                    currency=currency(said, home),
                    home=home,
                    text=said,
                ),
            )


def is_money(kpi: Kpi, home: str) -> bool:
    """Whether a KPI counts money: its unit is an amount, or a flow or level has none."""
    unit = folded(kpi.unit)
    if not unit:
        return kpi.kind.adds_over_units
    amounts = set()
    for names in CHOICES[AmountUnit].values():
        for name in names:
            amounts.add(folded(name))
    named = unit in amounts or unit in NAMES or unit.endswith("元")
    return (
        named
        or home in kpi.unit.upper()
        or bool(_CODE.search(kpi.unit))
        or any(symbol in kpi.unit for symbol in (*SYMBOLS, "￥"))
    )


def with_releases(rows: Iterable[Spending]) -> tuple[Spending, ...]:
    """The rows, and after each payment of a commitment what it releases: a negative 占用 of its
    day.
    """
    typed = tuple(rows)
    open_of: dict[tuple[str, str], Decimal] = {}
    for row in typed:
        if row.voucher and row.kind is SpendKind.COMMITTED:
            key = (row.budget, bare(row.voucher))
            open_of[key] = open_of.get(key, Decimal(0)) + row.amount
    found: list[Spending] = []
    for row in typed:
        found.append(row)
        key = (row.budget, bare(row.voucher))
        if row.kind is SpendKind.SPENT and row.amount > 0 and open_of.get(key, 0) > 0:
            released = min(row.amount, open_of[key])
            open_of[key] -= released
            found.append(replace(row, kind=SpendKind.COMMITTED, amount=-released, released=True))
    return tuple(found)
