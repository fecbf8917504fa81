"""Who is asked for help: what 协作部门 of a task names, by the one rule for people and the rows of
协作方.

Only a workbook that has the sheet 协作方 asks anybody (:attr:`Plan.asks_for_help`): elsewhere
协作部门 is a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from salesplan.dataclass import dataclass
from salesplan.pattern import pattern
from salesplan.plan.model.goals import Unit
from salesplan.plan.model.people import Index
from salesplan.plan.model.plan import Plan
from salesplan.plan.model.records import Helper, HelpReply, Task
from salesplan.plan.normalize import clean

_BETWEEN = pattern(r"[、,;，；\r\n]+")


def partners(task: Task) -> tuple[str, ...]:
    """The names of 协作部门, parted by 、 , ; or a new line, each once."""
    return tuple(dict.fromkeys(filter(None, map(clean, _BETWEEN.split(task.partners)))))


@dataclass(frozen=True, slots=True)
class Partner:
    """Who is asked: a row of 协作方, a unit of the plan, or both where a unit has a row."""

    row: Helper | None
    unit: Unit | None

    @property
    def key(self) -> str:
        """What the helper is known by: the unit's code, else the row's name."""
        if self.unit is not None:
            return self.unit.code
        return "" if self.row is None else self.row.name

    @property
    def name(self) -> str:
        """What people call it: as 协作方 does, else by the unit's name."""
        if self.row is not None:
            return self.row.name
        return "" if self.unit is None else self.unit.name or self.unit.code

    @property
    def notice_days(self) -> int | None:
        """Working days of notice that it asks for itself."""
        return None if self.row is None else self.row.notice_days

    @property
    def email(self) -> str:
        """Where requests go: the cell of 协作方, else of 组织."""
        own = "" if self.row is None else self.row.email
        return own or ("" if self.unit is None else self.unit.email)


class Helping:
    """The helpers of a plan, by what 协作部门 calls them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rows = Index(plan.helpers)

    def meant(self, name: str) -> tuple[Partner, ...]:
        """Whom a name means: several where it could be any of them, none where it is nobody's.

        A row of 协作方 comes before the units. A unit is one helper, whichever of its names stands
        there.
        """
        rows = self._rows.meant(name)
        if rows:
            return tuple(Partner(row, self._plan.people.one(row.name)) for row in rows)
        return tuple(
            Partner(self._row_of.get(unit.code), unit) for unit in self._plan.people.meant(name)
        )

    def one(self, name: str) -> Partner | None:
        """Whom the name means, where that is one."""
        found = self.meant(name)
        return found[0] if len(found) == 1 else None

    def of(self, task: Task) -> tuple[Partner, ...]:
        """Who is asked to help with a task, each once; unclear names are left out."""
        found: dict[str, Partner] = {}
        for name in partners(task):
            one = self.one(name)
            if one is not None:
                found.setdefault(one.key, one)
        return tuple(found.values())

    def reply(self, task: str, partner: Partner) -> HelpReply | None:
        """What the helper answered to the request of a task."""
        return self._replies.get((task, partner.key))

    @cached_property
    def all(self) -> tuple[Partner, ...]:
        """Everybody who is asked by some task, in the order of the tasks."""
        found: dict[str, Partner] = {}
        for task in self._plan.tasks:
            for one in self.of(task):
                found.setdefault(one.key, one)
        return tuple(found.values())

    @cached_property
    def _row_of(self) -> Mapping[str, Helper]:
        """The row of 协作方 that each unit has."""
        found: dict[str, Helper] = {}
        for row in self._plan.helpers:
            unit = self._plan.people.one(row.name)
            if unit is not None:
                found.setdefault(unit.code, row)
        return found

    @cached_property
    def _replies(self) -> Mapping[tuple[str, str], HelpReply]:
        return {(one.task, key): one for one, key in reversed(tuple(self._answered()))}

    def _answered(self) -> Iterator[tuple[HelpReply, str]]:
        for one in self._plan.replies:
            helper = self.one(one.helper)
            if helper is not None:
                yield one, helper.key
