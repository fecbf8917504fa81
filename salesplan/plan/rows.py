"""From a found table to its rows: every cell parsed, each problem said once, nothing lost in
silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from salesplan.dataclass import dataclass, field_names, replace
from salesplan.findings import Finding
from salesplan.plan.model import Origin, Record
from salesplan.plan.parse import parse_column
from salesplan.plan.parse_text import NOTHING, Bad, Reading, as_text
from salesplan.plan.schema.kinds import Owner, Table
from salesplan.workbook.read.tables import FoundTable

ONCE_A_COLUMN = frozenset({"serial-as-date"})
"""Codes of what a program does to a whole column: said once, with how many cells."""

R = TypeVar("R", bound=Record)

_NO_KEYS: frozenset[str] = frozenset()
"""For a row in which nothing is broken: one for all, since each empty set takes 200 bytes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that a planner filled in: its values by column key (None: blank or broken)."""

    values: Mapping[str, object]
    origin: Origin
    broken: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table that can be used, what was found, and the codes of the rows left
    out.
    """

    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()
    dropped: frozenset[str] = frozenset()
    written: tuple[Row, ...] = ()
    """Rows that the engine wrote itself."""


def read_rows(
    found: FoundTable,
    table: Table,
    workbook: str,
    *,
    reading: Reading = NOTHING,
    stored: frozenset[str] = frozenset(),
    kept: frozenset[str] = frozenset(),
    written: Callable[[Mapping[str, object]], bool] | None = None,
) -> Rows:
    """The table's rows in sheet order.

    Planner columns are read, and the engine columns named in ``stored`` (without findings: the
    engine writes them anew). A row whose planner cells are all blank is skipped. A row that lacks a
    required cell is left out, unless that cell's key is in ``kept``. A second row of one identity
    is left out. Rows that are ``written`` by the engine are no planner's: they stand apart, and
    double nobody's.
    """
    theirs = [c for c in table.columns if c.owner is Owner.PLANNER]
    if any(c.required and c.key not in found.columns for c in theirs):
        return Rows()
    planners = {c.key for c in theirs}
    read = planners | stored
    columns = [c for c in table.columns if c.key in found.columns and c.key in read]
    own = [c.key for c in columns if c.key in planners or c.key in table.identity]
    collected = _Collected(found, table, workbook, kept, written)
    parsed = [parse_column(found.column(c.key), c, reading) for c in columns]
    keys = [c.key for c in columns]
    collected.refused = [key for key, cells in zip(keys, parsed, strict=True) if _has_bad(cells)]
    for number, cells in zip(found.row_numbers, zip(*parsed, strict=True), strict=True):
        values = dict(zip(keys, cells, strict=True))
        if any(values[key] is not None for key in own):
            collected.add(number, values)
    return Rows(
        tuple(collected.rows),
        tuple(collected.findings),
        frozenset(collected.dropped),
        tuple(collected.engine),
    )


def _has_bad(cells: Iterable[object]) -> bool:
    return Bad in set(map(type, cells))


def origin_of(found: FoundTable, workbook: str, number: int) -> Origin:
    """Where a row of the table stands; one that was laid has no row of its own (0), only cells."""
    if found.stands:
        return Origin(workbook, found.sheet, 0, {}, found.stands[number])
    return Origin(workbook, found.sheet, number, found.columns)


class _Collected:
    """Rows as they come in; remembers which identities were seen and where."""

    def __init__(
        self,
        found: FoundTable,
        table: Table,
        workbook: str,
        kept: frozenset[str],
        written: Callable[[Mapping[str, object]], bool] | None,
    ) -> None:
        self.found, self.table, self.workbook, self.kept, self.written = (
            found,
            table,
            workbook,
            kept,
            written,
        )
        self.columns = {c.key: c for c in table.columns}
        self.required = [c for c in table.columns if c.required and c.owner is Owner.PLANNER]
        self.seen: dict[tuple[object, ...], Origin] = {}
        self.rows: list[Row] = []
        self.engine: list[Row] = []
        self.findings: list[Finding] = []
        self.dropped: set[str] = set()
        self.refused: list[str] = []
        """The columns in which something is refused."""

    def add(self, number: int, values: dict[str, object]) -> None:
        origin = origin_of(self.found, self.workbook, number)
        broken = self._settle(values, origin)
        blank = [c for c in self.required if values.get(c.key) is None]
        self.findings += [
            Finding.of("required-blank", origin.place(c.key), column=c)
            for c in blank
            if c.key not in broken
        ]
        if any(c.key not in self.kept for c in blank):
            if isinstance(values.get("code"), str):
                self.dropped.add(str(values["code"]))
        elif self.written is not None and self.written(values):
            self.engine.append(Row(values, origin, broken))
        elif not self._is_double(values, origin):
            self.rows.append(Row(values, origin, broken))

    def _settle(self, values: dict[str, object], origin: Origin) -> frozenset[str]:
        """Replaces refused cells by what they are read as; the keys that are broken."""
        if not self.refused:
            return _NO_KEYS
        broken = []
        for key in self.refused:
            value = values[key]
            if isinstance(value, Bad):
                values[key] = value.value
                if value.broken:
                    broken.append(key)
                if self.columns[key].owner is Owner.PLANNER:
                    self.findings.append(value.at(origin.place(key), self.columns[key]))
        return frozenset(broken) if broken else _NO_KEYS

    def _is_double(self, values: dict[str, object], origin: Origin) -> bool:
        identity = tuple(values.get(key) for key in self.table.identity)
        blank = {
            key
            for key, part in zip(self.table.identity, identity, strict=True)
            if part is None and key not in self.table.may_be_blank
        }
        if not identity or blank:
            return False
        first = self.seen.setdefault(identity, origin)
        if first is origin:
            return False
        key = self.table.identity[0]
        name = " / ".join(as_text(part) for part in identity if part is not None)
        self.findings.append(
            Finding.of("duplicate-code", origin.place(key), name=name, first=str(first.place(key)))
        )
        return True


def once_a_column(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with those of :data:`ONCE_A_COLUMN` as one for each column, at its first
    cell.
    """
    said: list[Finding] = []
    first: dict[tuple[str, str, str], int] = {}
    counts: Counter[int] = Counter()
    for finding in findings:
        if finding.code in ONCE_A_COLUMN:
            place = finding.place
            key = (finding.code, place.sheet, place.cell.rstrip("0123456789"))
            at = first.setdefault(key, len(said))
            counts[at] += 1
            if counts[at] > 1:
                continue
        said.append(finding)
    for at, count in counts.items():
        said[at] = replace(said[at], params={**said[at].params, "count": count})
    return said


def record(
    kind: type[R],
    row: Row,
    extra: Mapping[str, object] | None = None,
    *,
    renamed: Mapping[str, str] | None = None,
) -> R:
    """A record of the row. A blank cell is the field's default; a field without one is of a column
    that a row cannot do without.

    ``extra`` gives fields that are made of several columns (None of its values is skipped);
    ``renamed`` says which field a broken column belongs to.
    """
    known: frozenset[str] = _fields_of(cast(Any, kind))
    values: dict[str, Any] = {
        name: value for name, value in row.values.items() if value is not None and name in known
    }
    values |= {"origin": row.origin, "broken": _broken(row.broken, renamed or {})}
    return kind(**values | dict(extra or {}))


@cache
def _fields_of(kind: Any) -> frozenset[str]:
    return frozenset(field_names(kind))


def records(kind: type[R], rows: Iterable[Row]) -> tuple[R, ...]:
    """Records of rows whose columns are the record's fields."""
    return tuple(record(kind, row) for row in rows)


def _broken(keys: frozenset[str], renamed: Mapping[str, str]) -> frozenset[str]:
    return keys | {renamed[key] for key in keys if key in renamed} if keys else keys
