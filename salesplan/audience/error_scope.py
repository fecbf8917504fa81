"""Which errors of a master touch the figures of whose book.

The whole company's book is touched by every error but those that change no figure: an address that
no mail can go to, an owner who has left. A unit's book is touched by

- what is wrong in a row that speaks of a unit in it, or of a task or budget line of such a unit;
- in the organisation, the targets and the changes also by what is wrong with a sibling of one of
  its units, or of a unit above it: they share what their parent has;
- in the budget by every row of requests: they share the caps;
- by what is wrong in a sheet that speaks of everybody (settings, KPIs, calendar, caps), and where
  it cannot be told of whom the row speaks: a table that was not read to its end, a code that nobody
  has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from salesplan.audience.whole import Whole
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Severity
from salesplan.messages import severity
from salesplan.plan.loader import Loaded

FIGURELESS = frozenset(
    {"mail-not-one-address", "mail-domain", "task-owner-left", "remedy-owner-left"}
)
"""Errors of no figure."""

_WORDS = frozenset(
    {"competitors", "situation", "lessons", "issues", "helpers", "replies", "triggers"}
)
"""Tables whose rows are words."""

_OWNER = {
    "units": "code",
    "targets": "unit",
    "tasks": "owner",
    "actuals": "unit",
    "deals": "unit",
    "daily": "person",
    "skills": "person",
}
"""The column that says of whom a row speaks."""

_SHARING = frozenset({"units", "targets", "changes"})
_SUBJECT = re.compile(r"->|→|=>|>|/")


@dataclass(frozen=True)
class ErrorScope:
    """The errors of a run, and the units whose figures each touches."""

    loaded: Loaded
    whole: Whole
    errors: tuple[Finding, ...]

    @classmethod
    def of(cls, loaded: Loaded, whole: Whole, findings: Iterable[Finding]) -> ErrorScope:
        """The errors among ``findings`` that can touch a figure."""
        errors = (one for one in findings if severity(one) is Severity.ERROR)
        return cls(loaded, whole, tuple(one for one in errors if one.code not in FIGURELESS))

    @cached_property
    def company(self) -> tuple[Finding, ...]:
        """The errors that touch the whole company's book."""
        words = {found.sheet for key, found in self.loaded.tables.items() if key in _WORDS}
        return tuple(one for one in self.errors if one.place.sheet not in words)

    def book(self, units: frozenset[str]) -> tuple[Finding, ...]:
        """The errors that touch a book of these units."""
        return tuple(
            error
            for error, touched in zip(self.company, self._touched, strict=True)
            if touched is None or touched & units
        )

    @cached_property
    def _touched(self) -> Sequence[frozenset[str] | None]:
        """Of each error the units whose figures it touches; None for all."""
        return [self._units(error) for error in self.company]

    def _units(self, error: Finding) -> frozenset[str] | None:
        key, at = self._row(error)
        if not key or _several_rows(error):
            return None
        named = self._named(key, at)
        if named is None or key not in _SHARING:
            return named
        return self._with_siblings(named)

    def _named(self, key: str, at: int) -> frozenset[str] | None:
        """The units that a row of a table speaks of; None where it cannot be told, or of all."""
        if key == "changes":
            return self._subject(self._text(key, "subject", at))
        if key == "spending":
            return self._payers(self._text(key, "budget", at))
        if key == "budget":
            return self._payers("")
        if key == "weekly":
            return self._task_owner(self._text(key, "task", at))
        if key == "strategies":
            return self._followers(self._text(key, "code", at))
        return self._one(self._text(key, _OWNER[key], at)) if key in _OWNER else None

    def _row(self, error: Finding) -> tuple[str, int]:
        """The table that the error stands in, and in which of its rows; "" where it is no row of a
        table.
        """
        number = int(re.sub(r"\D", "", error.place.cell) or 0)
        for key, found in self.loaded.tables.items():
            if found.sheet == error.place.sheet and number in self._rows(key):
                return key, self._rows(key)[number]
        return "", 0

    @cached_property
    def _known(self) -> dict[tuple[str, str], Any]:
        """What was looked up of a table already: its rows, its columns."""
        return {}

    def _rows(self, key: str) -> Mapping[int, int]:
        """Where each row of the sheet stands in a table."""
        if (key, "") not in self._known:
            numbers = self.loaded.tables[key].row_numbers
            self._known[key, ""] = {number: at for at, number in enumerate(numbers)}
        rows: Mapping[int, int] = self._known[key, ""]
        return rows

    def _text(self, key: str, column: str, at: int) -> str:
        if (key, column) not in self._known:
            self._known[key, column] = self.loaded.tables[key].column(column)
        value = self._known[key, column][at]
        return "" if value is None else str(value).strip()

    def _one(self, name: str) -> frozenset[str] | None:
        code = self.whole.unit_of(name)
        return frozenset({code}) if code else None

    def _task_owner(self, code: str) -> frozenset[str] | None:
        return self._one(self.whole.plan.owner_of(code))

    def _followers(self, strategy: str) -> frozenset[str]:
        """The owners of a strategy's tasks."""
        tasks = (task for task in self.whole.plan.tasks if task.strategy == strategy)
        return frozenset(filter(None, (self.whole.unit_of(task.owner) for task in tasks)))

    def _payers(self, line: str) -> frozenset[str]:
        """The owners of the tasks that a budget line pays for; of every line where it is none of
        them.
        """
        tasks = {task.code: task for task in self.whole.plan.tasks}
        lines = [one for one in self.whole.plan.budget if one.code == line]
        paid: set[str] = set()
        for one in lines or self.whole.plan.budget:
            owners = [task.owner for task in tasks.values() if task.budget == one.code]
            if one.task in tasks:
                owners.append(tasks[one.task].owner)
            paid.update(self.whole.unit_of(owner) for owner in owners)
            if not owners:
                paid.update(u for u, region in self.whole.regions.items() if region == one.region)
        return frozenset(paid - {""})

    def _subject(self, subject: str) -> frozenset[str] | None:
        """The units that a change's subject names, itself or by a task or line; None where it names
        none.
        """
        found: set[str] = set()
        for part in map(str.strip, _SUBJECT.split(subject)):
            if part in self.whole.line_codes:
                found |= self._payers(part)
            else:
                found |= self._one(part) or self._task_owner(part) or frozenset()
        return frozenset(found) or None

    def _with_siblings(self, units: frozenset[str]) -> frozenset[str] | None:
        """Everybody below the parents of the units, and the parents; None where one of them has
        none.
        """
        plan, found = self.whole.plan, set(units)
        for code in units:
            parent = plan.unit_by_code[code].parent
            if parent not in plan.unit_by_code:
                return None
            found.update(unit.code for _, unit in plan.walk(parent))
        return frozenset(found)


def _several_rows(error: Finding) -> bool:
    """Whether the finding speaks of more rows than the one it points at."""
    count = error.params.get("count")
    return isinstance(count, int) and count > 1


def places(errors: Iterable[Finding]) -> tuple[str, ...]:
    """Where the errors stand, each place once: sheet and cell, or what is missing by its code."""
    return tuple(dict.fromkeys(str(one.place) or one.code for one in errors))
