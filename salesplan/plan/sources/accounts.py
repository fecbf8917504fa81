"""Rules that count accounts rather than records: of each account its first record (``first_of``),
or of each month one that shows whether it bought again (``repeat_of``).

Which record stands for an account is the same wherever its source groups it: the earliest day, of
one day the lowest key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from salesplan.plan.model import Month
from salesplan.plan.sources.rows import ActualRow, Figures, told_apart

ACTIVE = ("denominator", "share")
"""Figures of an account that is active in a month; the others are of those that bought again."""


class _Record(NamedTuple):
    """A record's rows: several where several units have a part in it."""

    key: str
    rows: list[ActualRow]

    def has(self, row: ActualRow) -> bool:
        """Whether the row is of this record, too."""
        return (self.rows[0].file, self.rows[0].line) == (row.file, row.line)


class Firsts:
    """The earliest record of each account; ``put`` counts the rows that were offered."""

    def __init__(self) -> None:
        self._records: dict[str, _Record] = {}
        self.put = 0

    def add(self, row: ActualRow, key: str) -> None:
        """Keep a row whose ``source`` is its account's, of the record of that key, if it is the
        earliest so far.
        """
        self.put += 1
        known = self._records.get(row.source)
        if known is not None and known.has(row):
            known.rows.append(told_apart(row, known.rows))
        elif known is None or (row.when, key) < (known.rows[0].when, known.key):
            self._records[row.source] = _Record(key, [row])

    def rows(self) -> Iterator[ActualRow]:
        """The rows of the records that stayed."""
        for record in self._records.values():
            yield from record.rows


class Repeats:
    """Of each account and month a record: the first that comes on a later day than another of the
    account, at most ``within`` days after it (0: however long); where none does, its first one.
    """

    def __init__(self, within: int, by_month: bool) -> None:
        self.within, self.by_month = within, by_month
        self._records: dict[str, dict[date, _Record]] = {}
        self.put = 0

    def add(self, row: ActualRow, key: str) -> None:
        """Keep a row whose ``source`` is its account's, of the record of that key."""
        self.put += 1
        days = self._records.setdefault(row.source, {})
        known = days.get(row.when)
        if known is not None and known.has(row):
            known.rows.append(row)
        elif known is None or key < known.key:
            days[row.when] = _Record(key, [row])

    def rows(self) -> Iterator[ActualRow]:
        """A row for each account and month; of one that did not buy again none, where nothing
        counts those that are active.
        """
        for days in self._records.values():
            for again, record in self._by_month(days):
                yield from self._told(again, record.rows)

    def _by_month(self, days: dict[date, _Record]) -> Iterable[tuple[bool, _Record]]:
        chosen: dict[Month, tuple[bool, _Record]] = {}
        before: date | None = None
        for day in sorted(days):
            again = before is not None and not 0 < self.within < (day - before).days
            month = Month.of(day)
            if month not in chosen or (again and not chosen[month][0]):
                chosen[month] = (again, days[day])
            before = day
        return chosen.values()

    def _told(self, again: bool, rows: Sequence[ActualRow]) -> list[ActualRow]:
        told: list[ActualRow] = []
        for row in rows:
            if again or "denominator" in row.named:
                month = Month.of(row.when)
                numbers = row.numbers if again else _not_again(row)
                day = month if self.by_month else row.day
                source = f"{row.source}:{month}"
                told.append(told_apart(row._replace(source=source, day=day, numbers=numbers), told))
        return told


def _not_again(row: ActualRow) -> Figures:
    pairs = zip(row.named, row.numbers, strict=True)
    return tuple(number if name in ACTIVE else Decimal(0) for name, number in pairs)
