"""Files of text as DuckDB takes them for a query: each column with the type that all its fields
have, in the mapping's formats. Amounts are decimals there, never binary fractions.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from salesplan.plan.sources.formats import FieldReader, Formats
from salesplan.plan.sources.table import Field, SourceTable, text_of

Typed = tuple[str, Path, Mapping[str, str]]
"""A table's name, the file that it is in, and the type of each column."""

DIGITS = 38
"""Digits of DuckDB's decimals."""


@contextmanager
def typed_copies(tables: Mapping[str, SourceTable], formats: Formats) -> Iterator[list[Typed]]:
    """The tables as files for DuckDB, which are gone afterwards.

    Raises SalesplanError (exit 2) where a table has two columns of one name.
    """
    with TemporaryDirectory(prefix="salesplan-") as folder:
        yield [
            _copied(name, table, formats, Path(folder) / f"{at}.csv")
            for at, (name, table) in enumerate(tables.items())
        ]


def _copied(name: str, table: SourceTable, formats: Formats, target: Path) -> Typed:
    table.check(table.header)
    reader = FieldReader(formats)
    records = [record for _, record in table.rows() if record is not None]
    fields = zip(*records, strict=True) if records else [()] * len(table.header)
    columns = [_column(given, reader) for given in fields]
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(table.header)
        writer.writerows(zip(*(values for _, values in columns), strict=True))
    kinds = (kind for kind, _ in columns)
    return name, target, dict(zip(table.header, kinds, strict=True))


def _column(fields: Sequence[Field], reader: FieldReader) -> tuple[str, list[str]]:
    """The type of a column, and its fields written so; days before numbers, since 20260105 is
    one.
    """
    texts = [text_of(field) for field in fields]
    given = [field for field, text in zip(fields, texts, strict=True) if text]
    days = _all_days(given, reader)
    if given and days is not None:
        written = iter(days)
        return "DATE", [next(written).isoformat() if text else "" for text in texts]
    numbers = _all_numbers(given, reader)
    if given and numbers is not None:
        scale = max(-int(number.as_tuple().exponent) for number in numbers)
        whole = max(len(f"{abs(number):.0f}") for number in numbers)
        if max(scale, 0) + whole <= DIGITS - 9:  # sums have room
            figures = iter(numbers)
            kind = f"DECIMAL({DIGITS},{max(scale, 0)})"
            return kind, [f"{next(figures):f}" if text else "" for text in texts]
    return "VARCHAR", texts


def _all_days(given: Sequence[Field], reader: FieldReader) -> list[date] | None:
    found: list[date] = []
    for field in given:
        day = reader.day(field) if not isinstance(field, (int, float, Decimal)) else None
        if not isinstance(day, date) or (isinstance(field, str) and ":" in field):
            return None
        found.append(day)
    return found


def _all_numbers(given: Sequence[Field], reader: FieldReader) -> list[Decimal] | None:
    found: list[Decimal] = []
    for field in given:
        padded = isinstance(field, str) and len(field.strip()) > 1 and _is_code(field.strip())
        number = None if padded else reader.number(field, "")
        if number is None:
            return None
        found.append(number)
    return found


def _is_code(text: str) -> bool:
    """Whether it begins with a nought that a number would lose: a post code, an article."""
    return text[0] == "0" and text[1].isdigit()
