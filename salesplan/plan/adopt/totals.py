"""Rows that add up others: no figures of the plan, but held against what they sum.

A row is a total by its name (合计, 华东小计, Total), or because the units below its own have
figures in the same table: a team's row over its people's.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from salesplan.findings import Finding
from salesplan.plan.adopt.facts import Fact
from salesplan.plan.adopt.mapping import Takes
from salesplan.plan.model import Kpi, Month
from salesplan.plan.model.people import Index, People

_TOLERANCE = Decimal("0.005")
_RELATIVE = Decimal("1e-9")
_SHOWN = 3
"""Cells that a finding about one row names."""

_Key = tuple[Takes, str, str, str]


def checked(
    facts: Sequence[Fact], people: People, kpis: Index[Kpi], first: int = 1
) -> tuple[list[Fact], list[Finding]]:
    """The facts of one table without its totals, and the totals that differ from what they sum. The
    fiscal year begins in calendar month ``first``.
    """
    over_time, facts = _over_time(facts, first)
    adding = {one.code for one in kpis.records if one.kind.adds_over_units}
    own = [one for one in facts if one.named.total is None]
    holders: dict[_Key, set[str]] = {}
    for one in own:
        holders.setdefault(_key(one), set()).add(one.named.code)
    units_named = {one.named.code for one in own}
    higher = {unit: above(unit, people) for unit in units_named}
    parents: dict[_Key, set[str]] = {}
    for key, units in holders.items():
        parents[key] = set()
        for unit in units:
            parents[key] |= higher[unit] & units
    kept: list[Fact] = []
    totals: list[Fact] = []
    for one in facts:
        over = one.named.total is not None or one.named.code in parents[_key(one)]
        if not over:
            kept.append(one)
        elif one.kpi in adding or not adding:
            totals.append(one)
        elif one.named.total is None and one.takes is Takes.TARGET:
            kept.append(one)
    over_months = {one.code for one in kpis.records if one.kind.adds_over_months}
    summed = [one for one in over_time if one.kpi in over_months or not over_months]
    return kept, [*_differing(totals, kept, people), *_differing_over_time(summed, kept)]


def _over_time(facts: Sequence[Fact], first: int) -> tuple[list[Fact], list[Fact]]:
    """The rows that sum months or days of their column, 合计 below them, a quarter among its
    months; and the other facts.
    """
    timed: dict[object, set[Month]] = {}
    for one in facts:
        month = _month(one.when)
        if month is not None and one.named.total is None:
            timed.setdefault(_column(one), set()).add(month)
    totals: list[Fact] = []
    others: list[Fact] = []
    for one in facts:
        months = timed.get(_column(one), frozenset[Month]())
        (totals if months and _sums_months(one, months, first) else others).append(one)
    return totals, others


def _sums_months(fact: Fact, months: Container[Month], first: int) -> bool:
    quarter = _quarter(fact)
    if quarter is not None:
        start = Month(quarter[0], first).plus(3 * quarter[1] - 3)
        return any(start.plus(at) in months for at in range(3))
    return fact.named.total is not None and _month(fact.when) is None


def _quarter(fact: Fact) -> tuple[int, int] | None:
    when = fact.when
    return when if isinstance(when, tuple) and not isinstance(when, Month) else None


def _month(when: object) -> Month | None:
    if isinstance(when, (date, datetime)):
        return Month.of(when)
    return when if isinstance(when, Month) else None


def _column(fact: Fact) -> tuple[str, Takes, str, str]:
    letters = fact.place.cell.rstrip("0123456789")
    return letters, fact.takes, fact.kpi, fact.dimensions.get(Takes.PRODUCT, "")


def _differing_over_time(totals: Iterable[Fact], kept: Iterable[Fact]) -> list[Finding]:
    """The totals of months that are not what stands above them, since the last total or since the
    table's beginning; a quarter may stand before its three months, too.
    """
    parts = _grouped(kept, _column)
    wrong: dict[int, list[tuple[Fact, Decimal]]] = {}
    for at, rows in _grouped(totals, _column).items():
        before = 0
        for one in rows:
            above = [other for other in parts.get(at, []) if other.row < one.row]
            below = [other for other in parts.get(at, []) if other.row > one.row]
            since = [other for other in above if other.row > before]
            quarter = [above[-3:], below[:3]] if _quarter(one) is not None else []
            sums = [_sum(part) for part in (*quarter, since, above) if part]
            before = one.row
            number = one.number
            if number is not None and sums and not any(same_figures(number, due) for due in sums):
                wrong.setdefault(one.row, []).append((one, sums[0]))
    return [_finding(rows) for rows in wrong.values()]


def _grouped(facts: Iterable[Fact], of: Callable[[Fact], object]) -> dict[object, list[Fact]]:
    found: dict[object, list[Fact]] = {}
    for one in facts:
        found.setdefault(of(one), []).append(one)
    return found


def _key(fact: Fact) -> _Key:
    product = fact.dimensions.get(Takes.PRODUCT, "")
    return fact.takes, fact.kpi, product, repr(fact.when)


def above(unit: str, people: People) -> set[str]:
    """The codes of the units over one."""
    found: set[str] = set()
    at = people.records_by_code.get(unit)
    while at is not None and at.parent and at.parent not in found:
        found.add(at.parent)
        at = people.records_by_code.get(at.parent)
    return found


def _differing(totals: Iterable[Fact], kept: Sequence[Fact], people: People) -> list[Finding]:
    by_key = _grouped(kept, _key)
    wrong: dict[int, list[tuple[Fact, Decimal]]] = {}
    for key, rows in _grouped(totals, _key).items():
        before = 0
        for one in sorted(rows, key=lambda fact: fact.row):
            due = _due(one, before, by_key.get(key, []), people)
            if one.named.total is not None:
                before = one.row
            if due is not None:
                wrong.setdefault(one.row, []).append((one, due))
    return [_finding(rows) for rows in wrong.values()]


def _due(total: Fact, before: int, parts: Sequence[Fact], people: People) -> Decimal | None:
    """What a total should be, where it is nothing that its table adds up to; None where it is
    right, or cannot be told.
    """
    number = total.number
    if number is None or not parts:
        return None
    choices: list[Sequence[Fact]] = []
    if total.named.code:
        choices.append([one for one in parts if total.named.code in above(one.named.code, people)])
    else:
        choices.append([one for one in parts if before < one.row < total.row])
        choices.append([one for one in parts if one.row < total.row])
        choices.append(parts)
    sums = [_sum(one) for one in choices if one]
    if not sums or any(same_figures(number, one) for one in sums):
        return None
    return sums[0]


def _sum(facts: Iterable[Fact]) -> Decimal:
    return sum((one.number or Decimal(0) for one in facts), Decimal(0))


def same_figures(a: Decimal, b: Decimal) -> bool:
    """Whether two sums are one, but for what binary fractions add."""
    return abs(a - b) <= max(_TOLERANCE, abs(b) * _RELATIVE)


def _finding(rows: Sequence[tuple[Fact, Decimal]]) -> Finding:
    first, due = rows[0]
    name = first.named.text or first.named.total or "—"
    return Finding.of(
        "mapping-total-differs",
        first.place,
        name=name,
        cells=tuple(one.place.cell for one, _ in rows[:_SHOWN]),
        count=len(rows),
        is_=first.number,
        due=due,
    )
