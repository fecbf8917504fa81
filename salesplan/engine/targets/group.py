"""How one unit's target came about: what it was divided into, over which children, and its place
among its siblings; and all of them together, a spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from salesplan.dataclass import dataclass, field
from salesplan.engine.exact.rounding import Table
from salesplan.engine.targets.locks import Held
from salesplan.engine.targets.shares import Shares, Source
from salesplan.engine.targets.target import Season
from salesplan.engine.targets.tree import Presence
from salesplan.plan.model import TargetRow, Unit

Key = tuple[str, str]
"""A KPI and a unit, by code."""

MONTHS = 12

Presences = Sequence[tuple[Fraction, ...] | None]
"""For each child its share of presence in each month; None: there all year."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Held values that do not fit: ``code``, the child with the largest, the month (index) or the
    quarter (both None: the year).

    ``amount`` is what the held values add up to, ``slack`` what the parent has left after them.
    """

    code: str
    child: int
    month: int | None
    amount: int
    slack: int
    quarter: int | None = None


@dataclass(frozen=True, slots=True)
class Division:
    """The children's months in their order, what of each month is unassigned, and what did not fit.

    ``binding``: whether held values took part.
    """

    rows: Table
    unassigned: list[int]
    complaints: list[Complaint] = field(default_factory=list)
    binding: bool = False


def ordered(table: Table, order: list[int], whole: bool) -> Division:
    """A table with its rows in ``order`` back in the children's order; its last row is unassigned
    unless ``whole``.
    """
    rows: Table = [[]] * len(order)
    for c, row in zip(order, table, strict=False):
        rows[c] = row
    return Division(rows, [0] * len(table[0]) if whole else table[-1])


@dataclass(frozen=True, slots=True)
class Child:
    """A unit as its parent's target is divided over it: its row of 目标分解, what that holds, and
    when it is there.
    """

    unit: Unit
    row: TargetRow | None = None
    held: Held | None = None
    there: Presence | None = None
    first: Fraction | None = None
    """Its share of presence in what is divided of the first month, where that is a part of it."""

    @property
    def code(self) -> str:
        """The unit's code."""
        return self.unit.code

    @property
    def typed(self) -> object:
        """What a planner typed for it, to see whether that has changed."""
        if self.held is None or self.held.locked:
            return None
        return self.held.typed, self.held.row.manual_quarters

    @property
    def fixed(self) -> bool:
        """Whether its whole year is typed."""
        if self.held is None or self.held.locked:
            return False
        return self.held.year is not None or None not in self.held.months

    def is_there(self, flow: bool, start: int = 0) -> tuple[Fraction, ...] | None:
        """Its share of presence in the months from ``start`` on; None: there all the time."""
        if self.there is None:
            return None
        months = (self.there.flow if flow else self.there.level)[start:]
        return months if self.first is None or not flow else (self.first, *months[1:])


@dataclass(frozen=True, slots=True)
class Group:
    """A parent's months and its children's (in smallest units): divided by ``shares``, or their
    sum.
    """

    parent: Unit
    children: tuple[Child, ...]
    shares: Shares
    division: Division
    months: Sequence[int]


@dataclass(frozen=True, slots=True)
class Member:
    """One unit's base months, what it holds, and its place in its siblings' group (the company has
    none).

    ``blank``: the places of months without a target, which are 0 in ``months``. ``missing``: the
    units below it that have no target, or not a whole one, where its own is the sum of theirs
    (``summed``).
    """

    months: Sequence[int]
    held: Held | None = None
    group: Group | None = None
    index: int = 0
    season: Season | None = None
    blank: frozenset[int] = frozenset()
    summed: bool = False
    missing: tuple[Unit, ...] = ()

    def with_months(self, months: Sequence[int], blank: frozenset[int]) -> Member:
        """The same with these months."""
        return Member(
            months,
            self.held,
            self.group,
            self.index,
            self.season,
            blank,
            self.summed,
            self.missing,
        )

    @property
    def from_above(self) -> bool:
        """Whether its target is a part of its parent's."""
        return self.group is not None and self.group.shares.sources[self.index] is not Source.BELOW


@dataclass(frozen=True, slots=True)
class Spread:
    """Base months by unit, how each came about, and (blocked) units that an error above them left
    without, with its name.
    """

    months: dict[str, Sequence[int]] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    stated: dict[str, object] = field(default_factory=dict)
    """By unit that has months without its parent: what they follow from, to see whether that has
    changed.
    """

    def copy(self) -> Spread:
        """The same, to be changed by :func:`moved` and :func:`regrouped`."""
        return Spread(
            dict(self.months),
            dict(self.members),
            dict(self.groups),
            dict(self.blocked),
            dict(self.stated),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """The months that are divided: from ``start`` on, with those before as they stand in
    ``before``. Of the first month a part may stand as well, where it is divided from a day on.
    """

    start: int = 0
    before: Spread | None = None
    standing: frozenset[str] = frozenset()
    """Parents whose children's shares are what they stand at, since a transfer or a hand-over."""
    moved: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """What these brought or took of each unit's months."""
    left: Fraction = Fraction(1)
    """How much of the first month is divided, by working days."""
    parts: Mapping[str, int] = field(default_factory=dict)
    """What of the first month stands, by unit."""
    there: Mapping[str, Fraction] = field(default_factory=dict)
    """The presence of units in what is left of the first month, where that is not the month's."""

    def closed(self, unit: str) -> Sequence[int]:
        """The unit's months that stand whole."""
        months = self.before.months.get(unit) if self.before is not None else None
        return [0] * self.start if months is None else months[: self.start]

    def part(self, unit: str) -> int:
        """What of the unit's first month stands."""
        return self.parts.get(unit, 0)

    def over(self, unit: str) -> int:
        """All that stands of a unit's flow."""
        return sum(self.closed(unit)) + self.part(unit)

    def left_of(self, months: Sequence[int], part: int) -> int:
        """The sum of a year's months that are divided, without the ``part`` that stands."""
        return sum(months[self.start :]) - part

    def open(self, months: Sequence[int], part: int) -> list[int]:
        """Of a year's months those that are divided, the first without the ``part`` that stands."""
        first, *later = months[self.start :]
        return [first - part, *later]


WHOLE_YEAR = Window()
