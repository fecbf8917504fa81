"""What a person should look at before a workbook is adopted: sums over months that their months do
not make, and names that are nearly alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from difflib import SequenceMatcher

from salesplan.findings import Finding, Place
from salesplan.plan.adopt.columns import Column, Table
from salesplan.plan.adopt.totals import same_figures
from salesplan.plan.adopt.units import UnitRow
from salesplan.plan.normalize import bare
from salesplan.workbook.refs import cell_ref

SUM_OF_MONTHS = "adopt-why-sum-of-months"
_ALIKE = 0.8
_SHORTEST = 5
"""Letters of a name that may be another one misspelt; 李一 and 李二 are two people."""
_MOST = 400
"""Units beyond which names are not held against each other."""


def wrong_sums(table: Table) -> list[Finding]:
    """The sums over months or a quarter's months, left of themselves, that differ from them: one
    finding a column, at its first cell.
    """
    found: list[Finding] = []
    for column in table.columns:
        if column.takes is None and column.why.code == SUM_OF_MONTHS:
            months = _months_of(table, column)
            wrong = [row for row in table.block.rows if _differs(table, row, column, months)]
            if months and wrong:
                found.append(_finding(table, column, months, wrong))
    return found


def _months_of(table: Table, total: Column) -> list[Column]:
    """The columns of months that a total sums: all of its kind and KPI, of a quarter the last three
    before it.
    """
    months = [
        one
        for one in table.columns
        if one.takes is not None and one.takes.figure and one.period.month is not None
    ]
    kinds = {(one.takes, one.kpi) for one in months}
    if len(kinds) != 1:
        return []
    if total.period.quarter is None:
        return months
    before = [one for one in months if one.at < total.at]
    return before[-3:] if len(before) >= 3 else []


def _number(table: Table, row: int, at: int) -> Decimal | None:
    value = table.block.value(row, at)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return Decimal(repr(value)) if is_number else None


def _sum(table: Table, row: int, months: Iterable[Column]) -> Decimal:
    numbers = (_number(table, row, one.at) for one in months)
    return sum((one for one in numbers if one is not None), Decimal(0))


def _differs(table: Table, row: int, total: Column, months: Sequence[Column]) -> bool:
    given = _number(table, row, total.at)
    return given is not None and not same_figures(given, _sum(table, row, months))


def _finding(table: Table, total: Column, months: Sequence[Column], rows: Sequence[int]) -> Finding:
    first = rows[0]
    place = Place("", table.block.sheet, cell_ref(first, total.at))
    given, due = _number(table, first, total.at), _sum(table, first, months)
    return Finding.of(
        "adopt-sum-differs", place, head=total.head, count=len(rows), is_=given, due=due
    )


def alike(units: Sequence[UnitRow], file: str) -> list[Finding]:
    """Names of new units that may be one, misspelt: Canada, Canaada."""
    if len(units) > _MOST:
        return []
    found: list[str] = []
    for at, one in enumerate(units):
        for other in units[at + 1 :]:
            if one.parent == other.parent and _alike(bare(one.name), bare(other.name)):
                found.append(f"{one.name} ~ {other.name}")
    return [Finding.of("adopt-names-alike", Place(file), names=tuple(found))] if found else []


def _spelled(name: str) -> bool:
    """Whether a name is of letters: one sign more or less is no slip in 東日本 and 西日本."""
    return name.isalpha() and all(ord(sign) < 0x2E80 for sign in name)


def _alike(one: str, other: str) -> bool:
    long = min(len(one), len(other)) >= _SHORTEST and _spelled(one) and _spelled(other)
    return long and one != other and SequenceMatcher(None, one, other).ratio() >= _ALIKE
