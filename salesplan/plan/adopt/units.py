"""One tree out of what all tables name, with codes: those beside the names, else made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from salesplan.dataclass import dataclass, field
from salesplan.plan.adopt.tree import Node
from salesplan.plan.adopt.words import is_company
from salesplan.plan.model import Level, Unit
from salesplan.plan.normalize import bare, half_width

_PREFIX: Mapping[Level, str] = {
    Level.COMPANY: "HQ",
    Level.TEAM: "T",
    Level.DEPARTMENT: "D",
    Level.PERSON: "P",
}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row for our sheet 组织; ``parent`` is a code, "" for the topmost unit."""

    code: str
    name: str
    level: Level
    parent: str


@dataclass(slots=True)
class _Branch:
    """A unit of the tree while it grows."""

    name: str
    code: str = ""
    person: bool = False
    apart: bool = False
    """Whether it has a namesake, and only its code tells which it is."""
    below: dict[str, _Branch] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    """Names that several right below it have."""


def unit_rows(
    nodes: Iterable[Node], company: str, there: Sequence[Unit] = ()
) -> tuple[UnitRow, ...]:
    """The organisation, parents before their children, in the order in which the tables name them.

    ``company`` is the topmost unit's name where no table has one. Units that our sheet lists
    already (``there``) keep their codes, and are not given again.
    """
    return _Tree(nodes, company, there).rows()


class _Tree:
    def __init__(self, nodes: Iterable[Node], company: str, there: Sequence[Unit]) -> None:
        self.there = there
        self.top = _Branch(company)
        told = list(nodes)
        for one in sorted(told, key=lambda node: (len(_within(node)) < 2, not node.namesake)):
            self._add(one)
        self._order(told)

    def _add(self, node: Node) -> None:
        path = _within(node)
        if not path:
            self.top.name = node.path[-1]
            self.top.code = self.top.code or node.code
            return
        if len(path) == 1 and self._is_known(node, path[0]):
            return
        at = self.top
        for name in path[:-1]:
            at = at.below.setdefault(bare(name), _Branch(name))
        own = path[-1]
        if node.namesake:
            at.shared.add(bare(own))
            at = at.below.setdefault(f"{bare(own)} {node.code}", _Branch(own, apart=True))
        elif bare(own) in at.shared:
            return
        else:
            at = at.below.setdefault(bare(own), _Branch(own))
        at.code = at.code or node.code
        at.person = at.person or node.person

    def _is_known(self, node: Node, name: str) -> bool:
        """Whether a table with groups has named the unit already. Of several of one name, whose
        code it is cannot be told.
        """
        known = self._called(name)
        if node.namesake:
            same = any(one.code == node.code for one in known)
            return same or not all(one.apart for one in known)
        if len(known) == 1:
            known[0].code = known[0].code or node.code
            known[0].person = known[0].person or node.person
        return bool(known)

    def _called(self, name: str) -> list[_Branch]:
        found: list[_Branch] = []
        open_branches = [self.top]
        while open_branches:
            one = open_branches.pop()
            found += [below for below in one.below.values() if bare(below.name) == bare(name)]
            open_branches += one.below.values()
        return found

    def _order(self, nodes: Sequence[Node]) -> None:
        """Siblings in the order of the tables, not that in which the tree grew."""
        first: dict[str, int] = {}
        for at, node in enumerate(nodes):
            for name in node.path:
                first.setdefault(bare(name), at)
        open_branches = [self.top]
        while open_branches:
            one = open_branches.pop()
            order = sorted(one.below.items(), key=lambda item: first.get(bare(item[1].name), 0))
            one.below = dict(order)
            open_branches += one.below.values()

    def rows(self) -> tuple[UnitRow, ...]:
        taken = {one.code for one in self.there}
        given = {half_width(one.code) for one in self._all() if one.code}
        counts: dict[str, int] = {}
        found: list[UnitRow] = []
        depth_of_all = self._depth(self.top)
        open_branches: list[tuple[_Branch, str, int]] = [(self.top, "", 0)]
        while open_branches:
            one, parent, depth = open_branches.pop(0)
            known = self._known(one, parent)
            level = known.level if known is not None else self._level(one, depth, depth_of_all)
            if known is not None:
                code = known.code
            else:
                code = self._code(one, level, counts, taken, given)
                found.append(UnitRow(code, one.name, level, parent))
            taken.add(code)
            open_branches[:0] = [(below, code, depth + 1) for below in one.below.values()]
        return tuple(found)

    def _all(self) -> list[_Branch]:
        found: list[_Branch] = []
        open_branches = [self.top]
        while open_branches:
            one = open_branches.pop()
            found.append(one)
            open_branches += one.below.values()
        return found

    def _known(self, one: _Branch, parent: str) -> Unit | None:
        """The unit of our sheet that is meant; the topmost is, whatever it is called."""
        if one is self.top:
            tops = [unit for unit in self.there if not unit.parent]
            return tops[0] if len(tops) == 1 else None
        alike = [
            unit
            for unit in self.there
            if (bare(unit.name) == bare(one.name) and not one.apart)
            or (one.code and unit.code == one.code)
        ]
        same = [unit for unit in alike if unit.parent == parent]
        if same:
            return same[0]
        return alike[0] if len(alike) == 1 else None

    def _code(
        self,
        one: _Branch,
        level: Level,
        counts: dict[str, int],
        taken: set[str],
        given: set[str],
    ) -> str:
        own = half_width(one.code)
        if own and own not in taken:
            return own
        prefix = _PREFIX[level]
        if level is Level.COMPANY and prefix not in taken | given:
            return prefix
        number = counts.get(prefix, 0) + 1
        while f"{prefix}{number:02d}" in taken | given:
            number += 1
        counts[prefix] = number
        return f"{prefix}{number:02d}"

    def _depth(self, one: _Branch) -> int:
        return max((1 + self._depth(below) for below in one.below.values()), default=0)

    def _level(self, one: _Branch, depth: int, deepest: int) -> Level:
        if depth == 0:
            return Level.COMPANY
        if not one.below and one.person:
            return Level.PERSON
        if depth == 1:
            return Level.TEAM
        return Level.DEPARTMENT


def _within(node: Node) -> tuple[str, ...]:
    """The node's path below the company, whatever the table calls that."""
    path = node.path
    while path and is_company(path[0]):
        path = path[1:]
    return path
