"""Actuals that stand in two tables, a summary beside its details, a year's table beside the sheets
of its months, count once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from salesplan.findings import Finding
from salesplan.plan.adopt.facts import Fact
from salesplan.plan.adopt.totals import above
from salesplan.plan.model import Month
from salesplan.plan.model.people import People

_Key = tuple[str, str, Month]
"""Unit, KPI and month of an actual."""


def counted_once(
    tables: Sequence[Sequence[Fact]], people: People
) -> tuple[list[list[Fact]], list[Finding]]:
    """The facts of each table without those that another table gives in more detail: of the same
    unit, or of units below it, for the same KPI and month. Each table from which some are left out
    is said once. Lists with days only add up, whatever stands in each.
    """
    holders: dict[_Key, dict[int, list[Fact]]] = {}
    for at, facts in enumerate(tables):
        for fact in facts:
            key = _key(fact)
            if key is not None:
                holders.setdefault(key, {}).setdefault(at, []).append(fact)
    below = _tables_below(holders, people)
    dropped: dict[int, dict[int, Fact]] = {}
    for key, by_table in holders.items():
        first = _winner(by_table)
        for at, facts in by_table.items():
            deeper = below.get(key, set()) - {at}
            again = at != first and not (_dated(facts) and _dated(by_table[first]))
            if again or (deeper and not _dated(facts)):
                dropped.setdefault(at, {}).update((id(one), one) for one in facts)
    kept = [_without(facts, dropped.get(at, {})) for at, facts in enumerate(tables)]
    return kept, [_finding(list(facts.values())) for facts in dropped.values()]


def _without(facts: Iterable[Fact], dropped: dict[int, Fact]) -> list[Fact]:
    return [one for one in facts if id(one) not in dropped]


def _key(fact: Fact) -> _Key | None:
    when = fact.when
    if isinstance(when, Month):
        return fact.named.code, fact.kpi, when
    if isinstance(when, date):
        return fact.named.code, fact.kpi, Month.of(when)
    return None


def _dated(facts: Iterable[Fact]) -> bool:
    return all(isinstance(one.when, date) for one in facts)


def _winner(by_table: dict[int, list[Fact]]) -> int:
    """The table that counts: one with days before one with months, then the one with more facts."""
    return min(by_table, key=lambda at: (not _dated(by_table[at]), -len(by_table[at]), at))


def _tables_below(
    holders: dict[_Key, dict[int, list[Fact]]], people: People
) -> dict[_Key, set[int]]:
    """The tables that have figures of units below a unit, for the same KPI and month."""
    found: dict[_Key, set[int]] = {}
    units = {unit for unit, _, _ in holders}
    higher = {unit: above(unit, people) for unit in units}
    for (unit, kpi, month), by_table in holders.items():
        for one in higher[unit]:
            found.setdefault((one, kpi, month), set()).update(by_table)
    return found


def _finding(facts: Sequence[Fact]) -> Finding:
    first = facts[0].place
    return Finding.of("mapping-actuals-twice", first, sheet=first.sheet, count=len(facts))
