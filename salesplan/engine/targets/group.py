"""Records of a divided KPI. A :class:`Group` is a parent with its children, a :class:`Division`
their months, a :class:`Member` one unit with its place in its group, a :class:`Spread` the whole
tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from salesplan.dataclass import dataclass, field, replace
from salesplan.engine.exact.rounding import Table
from salesplan.engine.targets.locks import Brought, Held
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
    """Typed or locked values that do not fit their parent's. ``code`` is the finding, ``child`` the
    one with the largest value; month (index) and quarter say where, both None for the year.

    ``amount`` is the sum of these values, ``slack`` what the parent has left after them.
    """

    code: str
    child: int
    month: int | None
    amount: int
    slack: int
    quarter: int | None = None


@dataclass(frozen=True, slots=True)
class Division:
    """The children's months (in their order), the unassigned part of each month, and what did not
    fit. ``binding``: whether typed or locked values played a part.
    """

    rows: Table
    unassigned: list[int]
    complaints: list[Complaint] = field(default_factory=list)
    binding: bool = False


def ordered(table: Table, order: list[int], whole: bool) -> Division:
    """Put a table whose rows are in ``order`` back into the children's order. Its last row is the
    unassigned one, unless ``whole``.
    """
    rows: Table = [[]] * len(order)
    for c, row in zip(order, table, strict=False):
        rows[c] = row
    return Division(rows, [0] * len(table[0]) if whole else table[-1])


@dataclass(frozen=True, slots=True)
class Child:
    """A unit among its siblings: its row of 目标分解, what is typed or locked there, and its
    presence.
    """

    unit: Unit
    row: TargetRow | None = None
    held: Held | None = None
    there: Presence | None = None
    first: Fraction | None = None
    """Its presence in the part of the first month that is divided, if only a part is."""

    @property
    def code(self) -> str:
        """The unit's code."""
        return self.unit.code

    @property
    def typed(self) -> object:
        """What a planner typed for it; compared to see whether that has changed."""
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
        """Its presence in each month from ``start`` on; None: present all the time."""
        if self.there is None:
            return None
        months = (self.there.flow if flow else self.there.level)[start:]
        return months if self.first is None or not flow else (self.first, *months[1:])


@dataclass(frozen=True, slots=True)
class Group:
    """A parent and its children with their months, in smallest units. Either the parent's months
    are divided by ``shares``, or they are the sum of the children's.
    """

    parent: Unit
    children: tuple[Child, ...]
    shares: Shares
    division: Division
    months: Sequence[int]


@dataclass(frozen=True, slots=True)
class Member:
    """One unit's base months, what is typed or locked for it, and its place in its group (the
    company has none).

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
        """A copy with these months."""
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
    """One KPI over the whole tree: base months by unit, how each came about, and the units that an
    error above them leaves without a target (``blocked``, with the name of the unit in error).
    """

    months: dict[str, Sequence[int]] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    stated: dict[str, object] = field(default_factory=dict)
    """By unit with months of its own: what these follow from; compared to see whether that has
    changed.
    """

    def copy(self) -> Spread:
        """A copy that :func:`moved` and :func:`regrouped` may change."""
        return Spread(
            dict(self.months),
            dict(self.members),
            dict(self.groups),
            dict(self.blocked),
            dict(self.stated),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """Which months are divided: those from ``start`` on. Earlier months stay as they are in
    ``before``. If a change begins within the first month, the part before its day stays, too.
    """

    start: int = 0
    before: Spread | None = None
    standing: frozenset[str] = frozenset()
    """Parents whose children share by their present targets, after a transfer or a hand-over."""
    moved: Mapping[str, Brought] = field(default_factory=dict)
    """What transfers and hand-overs brought to what is typed of a unit, or took from it."""
    left: Fraction = Fraction(1)
    """The part of the first month that is divided, by working days."""
    parts: Mapping[str, int] = field(default_factory=dict)
    """The part of the first month that stays, by unit, in smallest units."""
    there: Mapping[str, Fraction] = field(default_factory=dict)
    """Presence in the rest of the first month, of units where it is not that of the month."""
    stayed: Mapping[str, Presence] = field(default_factory=dict)
    """The presence by which the months of ``before`` were divided."""
    stayed_there: Mapping[str, Fraction] = field(default_factory=dict)
    """The same of the rest of the first month."""

    def as_before(self, children: Sequence[Child]) -> list[Child]:
        """The children, there as they were when the months of ``before`` were divided."""
        return [
            replace(
                child,
                there=self.stayed.get(child.code),
                first=self.stayed_there.get(child.code),
            )
            for child in children
        ]

    def closed(self, unit: str) -> Sequence[int]:
        """The unit's months before the window."""
        months = self.before.months.get(unit) if self.before is not None else None
        return [0] * self.start if months is None else months[: self.start]

    def part(self, unit: str) -> int:
        """The part of the unit's first month that stays."""
        return self.parts.get(unit, 0)

    def over(self, unit: str) -> int:
        """The sum of all that stays of a unit's flow."""
        return sum(self.closed(unit)) + self.part(unit)

    def left_of(self, months: Sequence[int], part: int) -> int:
        """The sum of a year's months in the window, without the ``part`` that stays."""
        return sum(months[self.start :]) - part

    def open(self, months: Sequence[int], part: int) -> list[int]:
        """A year's months in the window, the first without the ``part`` that stays."""
        first, *later = months[self.start :]
        return [first - part, *later]


WHOLE_YEAR = Window()
