"""The organisation as the cascade walks it: one company, its units in order, and what each
brings.
"""

from __future__ import annotations

from fractions import Fraction

from salesplan.dataclass import dataclass, field
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.presence import Presence, by_month, readable
from salesplan.findings import Finding
from salesplan.plan.model import Level, Plan, Unit


@dataclass(slots=True)
class Tree:
    """Units reached from the company, parents before children, in sheet order among siblings.

    ``factor`` is the product of (1 + 加成) from the company down to the unit; None where a hedge
    on that path could not be read. ``presence`` holds only units that are not there all year;
    ``unreadable`` are units whose dates or ramp-up could not be read or contradict each other.
    ``gone`` are units without anybody below them that are not there at any time of the plan year.
    """

    root: Unit
    order: list[Unit] = field(default_factory=list)
    parent: dict[str, str] = field(default_factory=dict)
    children: dict[str, list[Unit]] = field(default_factory=dict)
    factor: dict[str, Fraction | None] = field(default_factory=dict)
    presence: dict[str, Presence] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    _needed: dict[frozenset[Level], set[str]] = field(default_factory=dict)

    def needed(self, levels: frozenset[Level]) -> set[str]:
        """Codes of the units that a KPI of these levels reaches: in the levels, or above a unit
        that is.
        """
        found = self._needed.get(levels)
        if found is None:
            found = set()
            for unit in reversed(self.order):
                if unit.level in levels or any(
                    child.code in found for child in self.children.get(unit.code, ())
                ):
                    found.add(unit.code)
            self._needed[levels] = found
        return found


def grow(plan: Plan, calendar: Calendar) -> tuple[Tree | None, list[Finding]]:
    """The tree under the company; None, with an error, if it cannot be told which unit that is.

    The company is the one unit without a parent, or the one of level 公司 among several. Of
    rows with one code the first counts; units in or below a cycle, or of an unknown parent,
    are not reached.
    """
    roots = [unit for unit in plan.roots if "parent" not in unit.broken]
    companies = [unit for unit in roots if unit.level is Level.COMPANY]
    if len(roots) != 1 and len(companies) != 1:
        if not plan.units:
            return None, []
        code = "cascade-several-companies" if roots else "cascade-no-company"
        place = (roots[1] if len(roots) > 1 else plan.units[0]).origin.place("parent")
        return None, [Finding.of(code, place, units=[unit.name or unit.code for unit in roots[:5]])]
    tree = Tree(roots[0] if len(roots) == 1 else companies[0])
    findings: list[Finding] = []
    stack = [tree.root]
    tree.factor[tree.root.code] = _hedge(tree.root)
    while stack:
        unit = stack.pop()
        tree.order.append(unit)
        _note_presence(tree, unit, plan, calendar, findings)
        above = tree.factor[unit.code]
        children = []
        for child in plan.children.get(unit.code, ()):
            if child.code not in tree.factor:
                own = _hedge(child)
                tree.factor[child.code] = None if above is None or own is None else above * own
                tree.parent[child.code] = unit.code
                children.append(child)
        if children:
            tree.children[unit.code] = children
            stack.extend(reversed(children))
    return tree, findings


def _note_presence(
    tree: Tree, unit: Unit, plan: Plan, calendar: Calendar, findings: list[Finding]
) -> None:
    if not readable(unit):
        tree.unreadable.add(unit.code)
        return
    if unit.ramp_up and unit.joined is None:
        findings.append(
            Finding.of(
                "ramp-up-without-joined", unit.origin.place("ramp_up"), unit=unit.name or unit.code
            )
        )
    presence = by_month(unit, plan.settings.months, calendar)
    if presence is not None:
        tree.presence[unit.code] = presence
        if unit.code not in plan.children and not any(presence.flow) and not unit.ramp_up:
            tree.gone.add(unit.code)


def _hedge(unit: Unit) -> Fraction | None:
    """1 + 加成; None if it could not be read, or would leave nothing of a target."""
    if "hedge" in unit.broken or (unit.hedge is not None and unit.hedge <= -1):
        return None
    return 1 + Fraction(unit.hedge) if unit.hedge is not None else Fraction(1)
