"""What everybody does who makes rows of a source: reads fields in the mapping's formats, and leaves
out what cannot be read, with its line and the reason.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import TypeGuard

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.model import Month, Plan
from salesplan.plan.model.currencies import home_of
from salesplan.plan.parse_text import Reading as Leaving
from salesplan.plan.sources.conditions import UndecidedError
from salesplan.plan.sources.figures import UnreadError, refuse_unread
from salesplan.plan.sources.formats import FieldReader
from salesplan.plan.sources.mapping import Mapped
from salesplan.plan.sources.opening import Sources
from salesplan.plan.sources.shaping import Unjoined, shaped
from salesplan.plan.sources.table import Field, Record, SourceTable, text_of
from salesplan.plan.time_zones import EARLIEST, ZoneNeededError, zone, zone_of

AT_ONCE = 1000
"""Records that are taken together."""


def _all_records(records: Sequence[Record | Unjoined | None]) -> TypeGuard[Sequence[Record]]:
    return not any(record is None or isinstance(record, Unjoined) for record in records)


def reader_of(mapped: Mapped, plan: Plan) -> FieldReader:
    """What reads a source's fields for a plan."""
    formats = mapped.formats
    reader = FieldReader(
        formats,
        zone_of(plan.settings.time_zone, plan.settings.country),
        zone(formats.time_zone) if formats.time_zone else None,
        home_of(plan.settings.currency),
        Leaving(plan.settings.months),
    )
    if mapped.unpivot is not None:
        reader.heads = _months_called(mapped.unpivot.columns.values(), plan.settings.months)
    return reader


def _months_called(heads: Iterable[str], months: Sequence[Month]) -> dict[str, Month]:
    """The months that heads side by side name, in any language: Jan-26, mars, P3. Where they leave
    out the year it is the plan's.
    """
    from salesplan.plan.adopt.months import languages_of, period_in

    words = tuple(heads)
    languages = languages_of(words)
    by_number = {month.month: month for month in months}
    named: dict[str, Month] = {}
    for word in words:
        timed = period_in(word, languages)
        if timed is None:
            continue
        period = timed.period
        if period.month is not None and period.year is not None:
            named[word] = Month(period.year, period.month)
        elif period.month in by_number:
            named[word] = by_number[period.month]
        elif period.position is not None:
            named[word] = months[period.position - 1]
    return named


class Clerk(ABC):
    """Reads one record after another; ``records`` counts them, ``line`` and ``name`` say where it
    is.
    """

    def __init__(self, mapped: Mapped, plan: Plan) -> None:
        self.mapped, self.name, self.line, self.records = mapped, "", 0, 0
        self.files = 0
        self.findings: list[Finding] = []
        self.refused: set[int] = set()
        self.home = home_of(plan.settings.currency)
        self.reader = reader_of(mapped, plan)
        self._day = cache(self.reader.day)

    @abstractmethod
    def sit_down_to(self, table: SourceTable, key: Sequence[str]) -> None:
        """Take the records of this table from now on."""

    def go_through(self, sources: Sources) -> tuple[list[Finding], str]:
        """Take every record of the sources, in the order of their lines; what was remarked when
        they were joined and shaped, and how they are encoded.
        """
        remarks: list[Finding] = []
        how: dict[str, None] = {}
        for table in sources.tables():
            made = shaped(table, self.mapped, sources.joined)
            refuse_unread(self.mapped.unread, {*made.table.header, *made.table.also})
            self.sit_down_to(made.table, made.key)
            numbered = made.table.rows()
            while some := list(islice(numbered, AT_ONCE)):
                self.take_some(some)
            remarks += [*made.remarks, *made.said()]
            how[table.how] = None
            self.files += 1
        return remarks, ", ".join(filter(None, how))

    def take_some(self, numbered: Sequence[tuple[int, Record | Unjoined | None]]) -> None:
        """Take records that follow one another, column by column where that can be."""
        lines = [line for line, _ in numbered]
        records = [record for _, record in numbered]
        if not (_all_records(records) and self._take_many(lines, records)):
            for line, record in numbered:
                self.take(line, record)

    def take(self, line: int, record: Record | Unjoined | None) -> None:
        """Keep what the record says, or a finding that says why it is left out."""
        self.records += 1
        self.line = line
        if record is None:
            self.refuse("import-line-broken")
        elif isinstance(record, Unjoined):
            self.refuse("import-join-missing", table=record.join.name, key=record.key)
        else:
            try:
                self._take(record)
            except UndecidedError as error:
                code = "import-date" if error.is_day else "import-number"
                self.refuse(code, column=error.column, text=error.text or "—")
            except UnreadError as error:
                column, text = error.args
                self.refuse("import-number", column=column, text=text or "—")

    @abstractmethod
    def _take(self, record: Record) -> None:
        """Keep what the record says; may raise UndecidedError or UnreadError."""

    def _take_many(self, lines: Sequence[int], records: Sequence[Record]) -> bool:
        """Keep what many records say, all of them or none; whether they were."""
        return False

    def refuse(self, code: str, **params: object) -> None:
        """Leave out the record at hand, with the reason."""
        self.refused.add(self.records)
        line = str(self.line)
        finding = Finding.of(code, Place(self.name, self.name, line), line=line, **params)
        if finding not in self.findings[-max(len(self.mapped.rules), 1) :]:
            self.findings.append(finding)

    def day(self, column: str, field: Field) -> date | Month | None:
        """The day or month that a field says; None, and a finding, where it says none."""
        try:
            day = self._day(field)
        except ZoneNeededError as error:
            text, line = text_of(field), str(self.line)
            place = Place(self.name, self.name, line)
            finding = Finding.of("import-time-zone", place, line=line, text=text)
            raise SalesplanError(finding, 2) from error
        if day is None:
            self.refuse("import-date", column=column, text=text_of(field) or "—")
            return None
        if (day.first if isinstance(day, Month) else day) < EARLIEST:
            self.refuse("import-date-outside", column=column, text=text_of(field))
            return None
        return day

    def alias(self, name: str, value: str) -> str:
        """A value in the plan's own spelling."""
        known = self.mapped.aliases.get(name)
        return value if known is None else known.get(value, value)

    def ambiguous(self) -> Iterable[Finding]:
        """What was read that could mean something else: 12.5万 as 125,000, 45% as 0.45."""
        for (column, _), (text, number) in self.reader.meant.items():
            place = Place(self.name, self.name, column)
            yield Finding.of("import-number-read", place, column=column, text=text, number=number)
