"""What identifies a record, by what its fields say, however they are written: an export that writes
its days 2026年6月3日 and later 2026-06-03 holds the same records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain

from salesplan.dataclass import replace
from salesplan.plan.model import Month
from salesplan.plan.normalize import half_width
from salesplan.plan.sources.formats import FieldReader
from salesplan.plan.sources.mapping import Mapped
from salesplan.plan.sources.table import Field, Record, SourceTable, text_of
from salesplan.plan.time_zones import ZoneNeededError, day_and_rest

_MIDNIGHT = re.compile(r"0?0:00(?::00(?:\.0+)?)?")
_AGAIN = re.compile(r" \(\d+\)$")
"""What tells apart two rows of one record, behind its key."""

Told = Callable[[Field], str]


class Keys:
    """The keys of records, and of rows that were imported before.

    A column that the mapping reads as a day is compared as a day (with its time, where it says
    one), one that it reads as a figure as a number, any other as text in one width, without outer
    and doubled blanks. Noughts before a number, and small and capital letters, are told apart.
    """

    def __init__(self, mapped: Mapped, reader: FieldReader) -> None:
        self.reader = replace(reader, meant={})
        spending = () if mapped.spending is None else (mapped.spending,)
        self._days = {rule.columns["day"] for rule in (*mapped.rules, *spending)}
        figures = chain.from_iterable(rule.figures.values() for rule in mapped.rules)
        self._figures = {one for one in figures if isinstance(one, str)}
        self._figures |= {one.amount for one in spending}
        self._kinds = [self._told(name) for name in mapped.key]
        self._at: Sequence[int] = ()

    def sit_down_to(self, table: SourceTable, key: Sequence[str]) -> None:
        """Take the records of this table from now on, which its columns ``key`` tell apart."""
        self._at = [table.at(column) for column in key]
        self._kinds = [self._told(name) for name in key]

    def of(self, record: Record) -> str:
        """The key of a record, joined so that no two records get one; "" where it says none."""
        if len(self._at) == 1:
            return self._kinds[0](record[self._at[0]])
        return self._of([record[at] for at in self._at])

    def again(self, key: str) -> str:
        """The key that an earlier import wrote down, as :meth:`of` makes it today; the name of an
        account as text.
        """
        again = _AGAIN.search(key) if key.endswith(")") else None
        end = len(key) if again is None else again.start()
        parts = [key[:end]] if len(self._kinds) == 1 else _parted(key[:end])
        if len(parts) != len(self._kinds):
            return _text(key)
        return self._of(parts) + key[end:]

    def _of(self, parts: Sequence[Field]) -> str:
        told = [kind(part) for kind, part in zip(self._kinds, parts, strict=True)]
        if len(told) == 1:
            return told[0]
        return _joined(told) if any(told) else ""

    def _told(self, column: str) -> Told:
        if column in self._days:
            return cache(self._day)
        return self._number if column in self._figures else _text

    def _day(self, field: Field) -> str:
        text = _text(field)
        found, rest = day_and_rest(text, self.reader.formats.days)
        if found is not None:
            return found.isoformat() if not rest or _MIDNIGHT.fullmatch(rest) else f"{found} {rest}"
        try:
            month = self.reader.day(text)
        except ZoneNeededError:
            return text
        return str(month) if isinstance(month, Month) else text

    def _number(self, field: Field) -> str:
        number = self.reader.number(field, "")
        return _text(field) if number is None else f"{number.normalize():f}"


def _text(field: Field) -> str:
    text = text_of(field)
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    return " ".join(half_width(text).split())


def _joined(parts: Sequence[str]) -> str:
    """The parts of a key, each so that its own bars part nothing."""
    return "|".join([part.replace("\\", "\\\\").replace("|", "\\|") for part in parts])


def _parted(key: str) -> list[str]:
    """The parts of a joined key."""
    if "\\" not in key:
        return key.split("|")
    parts = [""]
    signs = iter(key)
    for sign in signs:
        if sign == "\\":
            parts[-1] += next(signs, sign)
        elif sign == "|":
            parts.append("")
        else:
            parts[-1] += sign
    return parts
