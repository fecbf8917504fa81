"""What every record is made of: a month, the row it was read from, the cells that could not be
read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar

from salesplan.dataclass import dataclass, field
from salesplan.findings import Place


class Month(NamedTuple):
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> Month:
        """The month that many months later (earlier if negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return _last(self)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@lru_cache(maxsize=512)
def _last(month: Month) -> date:
    return date.fromordinal(month.plus(1).first.toordinal() - 1)


@dataclass(frozen=True, slots=True)
class Origin:
    """The row a record was read from: gives the place of any of its fields."""

    workbook: str = ""
    sheet: str = ""
    row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column letters by field key, shared by all rows of a table."""
    stands: Mapping[str, Place] = field(default_factory=dict)
    """The cells of fields that were read elsewhere, in a planner's own table."""

    def place(self, key: str = "") -> Place:
        """The cell of field ``key``; the row's first known cell where that column is absent."""
        if self.stands:
            found = self.stands.get(key)
            if found is not None or not self.columns:
                return found or next(iter(self.stands.values()))
        letter = self.columns.get(key) or next(iter(self.columns.values()), "")
        return Place(self.workbook, self.sheet, f"{letter}{self.row}" if letter else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every row has: where it stands and which of its cells could not be read."""

    origin: Origin = Origin()
    broken: frozenset[str] = frozenset()


class Coded(Protocol):
    """A record that its code identifies. It may have a ``name``, too."""

    @property
    def code(self) -> str:
        """What a row is known by."""


R = TypeVar("R", bound=Coded)


def first_by_code(records: Iterable[R]) -> tuple[R, ...]:
    """The records without later ones of a code that was there before."""
    found: dict[str, R] = {}
    for one in records:
        found.setdefault(one.code, one)
    return tuple(found.values())
