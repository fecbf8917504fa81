"""What every source gives: a header, and records with the line they stand at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.parse_text import as_text

Field = None | str | bool | int | float | Decimal | date
"""A field as its source has it: text of a CSV, a number or a day of a workbook or database."""

Record = Sequence[Field]
Numbered = Iterator[tuple[int, Record | None]]
"""The line of each record, with its fields; None where it has not as many as the header."""

HEAD_WITHIN = 50
"""Lines at the top among which the header is looked for: exports begin with titles and notes."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of a source; its ``rows`` may be asked for once.

    ``how`` says how it was read, for people: an encoding, a sheet, a table of a database.
    """

    path: Path
    header: tuple[str, ...]
    rows: Callable[[], Numbered]
    how: str = ""
    remarks: tuple[Finding, ...] = ()
    also: Mapping[str, int] = field(default_factory=dict)
    """Whole names of columns, where there are several tables: orders.Country."""

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.path.name

    def at(self, column: str) -> int:
        """Where a column stands; it has to be there."""
        found = self.also.get(column)
        return self.header.index(column) if found is None else found

    def check(self, wanted: Iterable[str]) -> None:
        """Raise SalesplanError (exit 2) where a wanted column is not there, or there twice."""
        names = list(wanted)
        missing = sorted(set(names) - set(self.header) - self.also.keys())
        if missing and not any(self.header):
            raise self.refusal("import-empty", 2)
        if missing:
            raise self.refusal("import-columns-missing", 2, columns=missing, header=self.header)
        counts = Counter(self.header)
        twice = [name for name in names if counts[name] > 1]
        if twice:
            code = "import-columns-of-several" if self.also else "import-columns-twice"
            raise self.refusal(code, 2, columns=sorted(set(twice)))

    def refusal(self, code: str, exit_code: int, **params: object) -> SalesplanError:
        """An error about this source."""
        place = Place(str(self.path))
        return SalesplanError(Finding.of(code, place, name=self.name, **params), exit_code)


def text_of(field: Field) -> str:
    """A field as a person would type it, without outer blanks; "" for nothing."""
    if type(field) is str:
        return field.strip()
    return "" if field is None else as_text(_plain(field))


def _plain(field: Field) -> Field:
    """A decimal of a database without the noughts behind its point: 12.50 is typed as 12.5."""
    if isinstance(field, Decimal) and field.is_finite():
        whole = field == field.to_integral_value()
        return f"{field:.0f}" if whole else f"{field.normalize():f}"
    return field


def head_among(lines: Sequence[Sequence[Field]], wanted: Iterable[str]) -> int:
    """Which of the first lines is the header: the first of those that name most wanted columns;
    where none are wanted, the first behind titles and notes.
    """
    names = set(wanted)
    if not names:
        return _behind_titles(lines[:HEAD_WITHIN])
    counts = [len(names.intersection(map(text_of, line))) for line in lines[:HEAD_WITHIN]]
    return counts.index(max(counts)) if counts else 0


def _behind_titles(lines: Sequence[Sequence[Field]]) -> int:
    """How many lines at the top are titles or notes: they fill the first field, and less than three
    quarters of as many as the fullest line; or nothing. What follows them names columns: a line
    with figures is none, and the first line then is the header.
    """
    filled = [sum(map(bool, map(text_of, line))) for line in lines]
    widest = max(filled, default=0)
    for at, (line, count) in enumerate(zip(lines, filled, strict=True)):
        if count and (4 * count >= 3 * widest or not text_of(line[0])):
            figures = any(text_of(one)[:1].isdecimal() for one in line)
            return 0 if figures else at
    return 0


def header_of(fields: Sequence[Field]) -> tuple[str, ...]:
    """The names in a header; what stands empty at its end is no column."""
    names = [text_of(one).lstrip("\ufeff") for one in fields]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def fitted(fields: Sequence[Field], count: int) -> Sequence[Field] | None:
    """A record's fields, one for each column; None where it has more, or fewer."""
    if len(fields) == count:
        return fields
    if len(fields) > count and not any(map(text_of, fields[count:])):
        return fields[:count]
    return None
