"""Which records a rule wants: ``where = { stage = "Won", amount = { ">" = 1000 } }``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from salesplan.dataclass import dataclass
from salesplan.plan.model import Month
from salesplan.plan.sources.formats import FieldReader
from salesplan.plan.sources.table import Field, Record, SourceTable, text_of

Operand = Decimal | date
"""What is held against a field: a number, or a day."""

EQUAL, NOT, LIKE, NOT_LIKE, BETWEEN = "=", "not", "like", "not like", "between"
BELOW, UP_TO, ABOVE, FROM = "<", "<=", ">", ">="
ORDERS: Mapping[str, Callable[[Operand, Operand], bool]] = {
    BELOW: lambda one, other: one < other,  # type: ignore[operator]
    UP_TO: lambda one, other: one <= other,  # type: ignore[operator]
    ABOVE: lambda one, other: one > other,  # type: ignore[operator]
    FROM: lambda one, other: one >= other,  # type: ignore[operator]
}
SAID = {"in": EQUAL, "not in": NOT}
"""Other words for one of them."""

OPERATORS = (EQUAL, NOT, "in", "not in", *ORDERS, BETWEEN, LIKE, NOT_LIKE)


@dataclass(frozen=True, slots=True)
class Test:
    """One column held against what is wanted of it."""

    column: str
    operator: str
    texts: frozenset[str] = frozenset()
    bounds: tuple[Operand, ...] = ()


Condition = tuple[Test, ...]
"""Tests that all have to hold."""

Holds = Callable[[Record], bool]


class UndecidedError(Exception):
    """A field cannot be held against a number or a day."""

    def __init__(self, column: str, text: str, is_day: bool) -> None:
        super().__init__(column)
        self.column, self.text, self.is_day = column, text, is_day


def holds(condition: Condition, table: SourceTable, reader: FieldReader) -> Holds:
    """Whether a record of the table meets the condition; the test raises :class:`UndecidedError`.

    A blank field is neither more nor less than anything, and like nothing.
    """
    tests = [_bound(test, table.at(test.column), reader) for test in condition]
    if not tests:
        return lambda _record: True
    if len(tests) == 1:
        return tests[0]
    return lambda record: all(test(record) for test in tests)


def _bound(test: Test, at: int, reader: FieldReader) -> Holds:
    if test.operator in (EQUAL, NOT):
        wanted, meant = test.texts, test.operator == EQUAL
        return lambda record: (text_of(record[at]) in wanted) is meant
    if test.operator in (LIKE, NOT_LIKE):
        patterns, meant = [like(text) for text in test.texts], test.operator == LIKE
        return lambda record: _like(text_of(record[at]), patterns) is meant
    ordered = _ordered(test)

    @cache
    def decided(field: Field) -> bool:
        if not text_of(field):
            return False
        return ordered(_read(field, test, reader))

    return lambda record: decided(record[at])


def _ordered(test: Test) -> Callable[[Operand], bool]:
    if test.operator == BETWEEN:
        first, last = test.bounds
        return lambda value: first <= value <= last  # type: ignore[operator]
    (bound,), order = test.bounds, ORDERS[test.operator]
    return lambda value: order(value, bound)


def _read(field: Field, test: Test, reader: FieldReader) -> Operand:
    if isinstance(test.bounds[0], Decimal):
        number = reader.number(field, test.column)
        if number is None:
            raise UndecidedError(test.column, text_of(field), is_day=False)
        return number
    day = reader.day(field)
    if day is None:
        raise UndecidedError(test.column, text_of(field), is_day=True)
    return day.last if isinstance(day, Month) else day


def _like(text: str, patterns: list[re.Pattern[str]]) -> bool:
    return any(pattern.fullmatch(text) for pattern in patterns)


def like(text: str) -> re.Pattern[str]:
    """SQL's pattern: % stands for any signs, _ for one; upper and lower case are alike."""
    parts = ({"%": ".*", "_": "."}.get(sign) or re.escape(sign) for sign in text)
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
