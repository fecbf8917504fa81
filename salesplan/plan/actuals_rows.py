"""The 实绩 table, column by column: long, so each distinct cell is looked at once only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TypeVar

from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Finding
from salesplan.plan.model import MICRO, Actuals, Origin
from salesplan.plan.parse import parse
from salesplan.plan.parse_numbers import LARGEST
from salesplan.plan.parse_text import NOTHING, Bad, Reading, as_text, exact
from salesplan.plan.rows import ONCE_A_COLUMN, origin_of
from salesplan.plan.schema import Column, Table, table
from salesplan.workbook.read.cells import CellValue
from salesplan.workbook.read.headers import normal
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import parse_cell

MOST = 20
"""Findings of one code and column that are listed one by one; the rest are counted."""

_TEXTS = ("product", "region", "customer", "channel", "currency")
_FIGURES = ("quantity", "value", "numerator", "denominator")
_MONTH_HEADERS = frozenset({"月份", "月", "month"})
"""Headers of the period under which a bare 6 is June."""
_FAST_LIMIT = 1e9
"""Below this, x·10⁶ in binary is right to the millionth; above, the decimal way is taken."""

T = TypeVar("T")


@dataclass(slots=True)
class _Reader:
    """Reads columns of one table; collects findings and the indexes of rows that cannot be used."""

    found: FoundTable
    table: Table
    workbook: str
    reading: Reading
    bad: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_unlisted: dict[tuple[str, str], int] = field(default_factory=dict)

    def column(self, key: str) -> Sequence[CellValue]:
        return self.found.column(key)

    def origin(self, index: int) -> Origin:
        return origin_of(self.found, self.workbook, self.found.row_numbers[index])

    def say(self, index: int, column: Column, finding: Callable[[], Finding], code: str) -> None:
        self.counts[code, column.key] += 1
        if code in ONCE_A_COLUMN or self.counts[code, column.key] <= MOST:
            self.findings.append(finding())
        else:
            self.first_unlisted.setdefault((code, column.key), index)

    def settle(self, index: int, column: Column, read: object) -> object:
        """The value of a cell that was parsed; a refusal marks the row and is listed."""
        if not isinstance(read, Bad):
            return read
        if read.broken:
            self.bad.add(index)
        self.say(
            index, column, lambda: read.at(self.origin(index).place(column.key), column), read.code
        )
        return read.value

    def distinct(
        self, key: str, convert: Callable[[object], T], blank: T, required: bool = False
    ) -> list[T]:
        """A column in which few different values stand: each is parsed once."""
        column = self.table.column(key)
        values = self.column(key)
        quick = self._all_sound(values, column, convert, blank, required)
        if quick is not None:
            return quick
        seen: dict[tuple[type, object], object] = {}
        result: list[T] = []
        for index, value in enumerate(values):
            if value is None:
                read: object = None
            else:
                name = (type(value), value)
                if name not in seen:
                    seen[name] = parse(value, column, self.reading)
                read = seen[name]
                if type(read) is Bad:
                    read = self.settle(index, column, read)
                    result.append(blank if read is None else convert(read))
                    continue
            if read is None and required:
                self.bad.add(index)
                self.say(
                    index,
                    column,
                    lambda i=index: Finding.of(  # type: ignore[misc]
                        "required-blank", self.origin(i).place(key), column=column
                    ),
                    "required-blank",
                )
            result.append(blank if read is None else convert(read))
        return result

    def _all_sound(
        self,
        values: Sequence[CellValue],
        column: Column,
        convert: Callable[[object], T],
        blank: T,
        required: bool,
    ) -> list[T] | None:
        """The column where nothing has to be said of any cell: each different value is looked up.
        None where something has.
        """
        kinds = set(map(type, values))
        if (
            bool in kinds
            or not kinds <= {str, float, date, datetime, type(None)}
            or (required and type(None) in kinds)
        ):
            return None
        read: dict[CellValue, T] = {}
        for value in set(values):
            made = None if value is None else parse(value, column, self.reading)
            if type(made) is Bad or (made is None and required):
                return None
            read[value] = blank if made is None else convert(made)
        return list(map(read.__getitem__, values))

    def figures(self, key: str) -> list[int | None]:
        """A column of numbers in millionths."""
        column = self.table.column(key)
        values = self.column(key)
        if set(map(type, values)) <= {float, type(None)}:
            given = {v for v in values if type(v) is float}
            if all(-_FAST_LIMIT < v < _FAST_LIMIT for v in given):
                micros: dict[CellValue, int | None] = {None: None}
                micros.update((v, round(v * MICRO)) for v in given)
                return list(map(micros.__getitem__, values))
        result: list[int | None] = []
        for index, value in enumerate(values):
            if value is None:
                result.append(None)
            elif type(value) is float and -_FAST_LIMIT < value < _FAST_LIMIT:
                result.append(round(value * MICRO))
            elif type(value) is int and abs(value) < LARGEST:
                result.append(value * MICRO)
            elif type(value) is float and abs(value) < LARGEST:
                result.append(round(exact(value) * MICRO))
            else:
                read = self.settle(index, column, parse(value, column, self.reading))
                result.append(None if read is None else round(read * MICRO))  # type: ignore[operator]
        return result

    def summaries(self) -> list[Finding]:
        """One note for each kind of finding of which not all were listed."""
        return [
            Finding.of(
                "more-of-the-same",
                self.origin(index).place(key),
                column=self.table.column(key),
                count=self.counts[code, key] - MOST,
                name=code,
            )
            for (code, key), index in self.first_unlisted.items()
        ]


def read_actuals(
    found: FoundTable, workbook: str, reading: Reading = NOTHING
) -> tuple[Actuals, list[Finding]]:
    """The actuals in columns of one length, and what was wrong.

    Rows whose date, unit, KPI or figures could not be read are left out; their row numbers are in
    ``broken_rows``. Time is linear in the rows. Of each kind of finding in a column the first
    :data:`MOST` are listed and the others counted.
    """
    schema = table("actuals")
    if any(c.required and c.key not in found.columns for c in schema.columns):
        return Actuals(workbook=workbook, sheet=found.sheet, columns=found.columns), []
    months = normal(found.headers.get("day", "")) in _MONTH_HEADERS
    reader = _Reader(found, schema, workbook, replace(reading, bare_months=months))
    periods = reader.distinct("day", lambda read: read, None, required=True)
    columns: dict[str, Sequence[object]] = {
        "rows": found.row_numbers,
        "day": [read[0] if read is not None else None for read in periods],  # type: ignore[index]
        "month": [read[1] if read is not None else None for read in periods],  # type: ignore[index]
    }
    for key in ("unit", "kpi"):
        columns[key] = reader.distinct(key, str, "", required=True)
    for key in _TEXTS:
        columns[key] = reader.distinct(key, str, "")
    for key in _FIGURES:
        columns[key] = reader.figures(key)
    if any(value is not None for value in reader.column("share")):
        columns["share"] = reader.distinct("share", Fraction, None)  # type: ignore[arg-type]
    columns["source"] = ["" if one is None else as_text(one) for one in reader.column("source")]
    if found.stands:
        cells = [found.stands[number]["value"] for number in found.row_numbers]
        columns["cells"] = cells
        columns["rows"] = [parse_cell(one.cell)[0] for one in cells]
    numbers: Sequence[int] = columns["rows"]  # type: ignore[assignment]
    broken = frozenset(numbers[index] for index in reader.bad)
    if reader.bad:
        kept = [index for index in range(len(found.row_numbers)) if index not in reader.bad]
        for key, column in columns.items():
            columns[key] = [column[index] for index in kept]
    actuals = Actuals(
        workbook=workbook,
        sheet=found.sheet,
        columns=found.columns,
        broken_rows=broken,
        **columns,  # type: ignore[arg-type]
    )
    return actuals, reader.findings + reader.summaries()


def listed(key: str, code: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The first :data:`MOST` findings, and one note that counts the others."""
    more, where = 0, None
    for number, finding in enumerate(findings):
        if number < MOST:
            yield finding
        else:
            more, where = more + 1, where or finding.place
    if where is not None:
        yield Finding.of(
            "more-of-the-same", where, column=table("actuals").column(key), count=more, name=code
        )
