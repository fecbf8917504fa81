"""A figure of a record: that of a column, or one computed over several."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from decimal import Decimal

from salesplan.findings import Finding, SalesplanError
from salesplan.plan.sources.computed import Computed, ComputedError, computed
from salesplan.plan.sources.formats import FieldReader
from salesplan.plan.sources.table import Record, SourceTable, text_of


class UnreadError(Exception):
    """A field is no number: its column, and what stands in it."""


Step = tuple[tuple[int, ...], Callable[[Record, str], Decimal | None]]
"""Where the fields of a figure stand, and what makes it of a record and a currency."""


def number_step(figure: str, table: SourceTable, reader: FieldReader, scale: Decimal) -> Step:
    """How the figure of a column or of a computation is read."""
    found = as_computed(figure, table)
    if found is None:
        at = table.at(figure)

        def read(record: Record, home: str) -> Decimal:
            number = reader.number(record[at], figure, home)
            if number is None:
                raise UnreadError(figure, text_of(record[at]))
            return number * scale

        return (at,), read
    places = tuple(table.at(column) for column in found.columns)

    def made(record: Record, home: str) -> Decimal:
        values: list[Decimal] = []
        for column, place in zip(found.columns, places, strict=True):
            number = reader.number(record[place], column, home)
            if number is None:
                raise UnreadError(column, text_of(record[place]))
            values.append(number)
        number = found.of(values)
        if number is None:
            raise UnreadError(figure, " / ".join(f"{value:f}" for value in values))
        return number * scale

    return places, made


def as_computed(text: str, table: SourceTable) -> Computed | None:
    """A text as a computation over the table's columns; None where it is the name of one.

    Raises SalesplanError (exit 2) where it names columns that are not there.
    """
    if text in table.header or text in table.also:
        table.check([text])
        return None
    try:
        found = computed(text)
    except ComputedError:
        table.check([text])
        return None
    table.check(found.columns if found.columns else [text])
    return found


def refuse_unread(unread: Mapping[str, Finding], columns: Container[str]) -> None:
    """Raise SalesplanError (exit 2) where a figure is neither a computation nor a column."""
    for figure, finding in unread.items():
        if figure not in columns:
            raise SalesplanError(finding, 2)
