"""Targets that go from one side of the tree to the other: transfers and hand-overs (SPEC 9).

A unit that goes to another parent takes its target of the months from then on along: what the
old parents lose the new ones gain, month by month, and from the lowest unit that is above both
nothing changes. So the cascade divides by the tree of the plan, where shares belong, and what is
shown is added up again over the tree of each month: every unit has what is its own (a person's
target; of a team what is unassigned), and that goes with it.

A hand-over moves an amount between two units in the same way: both sides change by the same
months, and so does everything above them, up to where they meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from salesplan.engine.rounding import largest_remainder
from salesplan.plan.model import Month, Plan, Transfer

Units = dict[str, list[int]]
Parents = Mapping[str, str]


def parents_by_month(plan: Plan, transfers: Sequence[Transfer], months: Sequence[Month]) -> tuple[Parents, ...]:
    """The parent of each unit in each month; ``plan`` has the parents from before all transfers."""
    parents: Parents = {unit.code: unit.parent for unit in plan.units if unit.parent is not None}
    found = []
    for month in months:
        moved = {t.unit: t.after for t in sorted(transfers, key=lambda t: t.since) if t.since == month}
        parents = {**parents, **moved} if moved else parents
        found.append(parents)
    return tuple(found)


def own(planned: Mapping[str, Sequence[int]], parents: Parents) -> Units:
    """What of each unit's months is not its children's."""
    left = {code: list(months) for code, months in planned.items()}
    for code, months in planned.items():
        above = left.get(parents.get(code, ""))
        if above is not None:
            for m, value in enumerate(months):
                above[m] -= value
    return left


def added(units: Units, more: Mapping[str, Sequence[int]]) -> Units:
    """Both, month by month; units of either."""
    return {
        code: [a + b for a, b in zip(units.get(code, (0,) * 12), more.get(code, (0,) * 12), strict=True)] for code in dict.fromkeys([*units, *more])
    }


def rolled_up(units: Units, parents: Sequence[Parents]) -> Units:
    """Each unit's own months with those of all units below it in that month."""
    total = {code: list(months) for code, months in units.items()}
    for _, same in groupby(range(len(parents)), key=lambda m: id(parents[m])):
        span = list(same)
        tree = parents[span[0]]
        for code in _deepest_first(units, tree):
            above = tree.get(code)
            if above is None:
                continue
            there = total.setdefault(above, [0] * len(parents))
            for m in span:
                there[m] += total[code][m]
    return total


def below(code: str, parents: Parents) -> list[str]:
    """The unit and every unit below it."""
    children: dict[str, list[str]] = {}
    for child, parent in parents.items():
        children.setdefault(parent, []).append(child)
    found = {code: None}
    queue = [code]
    for one in queue:
        more = [child for child in children.get(one, ()) if child not in found]
        found.update(dict.fromkeys(more))
        queue.extend(more)
    return queue


def above(code: str, parents: Parents) -> list[str]:
    """The unit and every unit above it, upwards; a cycle ends the climb."""
    found = [code]
    while found[-1] in parents and parents[found[-1]] not in found:
        found.append(parents[found[-1]])
    return found


def between(one: str, other: str, parents: Parents) -> list[str]:
    """Both units and those above each of them, up to where they meet, which is not among them."""
    up, down = above(one, parents), above(other, parents)
    return [code for code in up if code not in down] + [code for code in down if code not in up]


def handed_over(shown: Units, parents: Parents, giver: str, taker: str, start: int, amount: int, flow: bool) -> Units:
    """What each unit without units below it loses or gains of the months from ``start`` on.

    A flow's ``amount`` is taken from the giver's months as they lie, a level's from each month. Of
    a unit with units below it these give, and take, in proportion to what they have.
    """
    moved: Units = {}
    width = len(next(iter(shown.values())))
    total = [0] * width
    givers = _leaves(giver, shown, parents)
    weights = [sum(max(v, 0) for v in shown[code][start:]) for code in givers]
    if flow:
        for code, part in zip(givers, largest_remainder(amount, weights), strict=True):
            values = [0] * start + largest_remainder(part, [max(v, 0) for v in shown[code][start:]]) if part else [0] * width
            moved[code] = [-v for v in values]
            total = [t + v for t, v in zip(total, values, strict=True)]
    else:
        total = [0] * start + [amount] * (width - start)
        moved = {code: [-v for v in values] for code, values in _by_month(total, givers, shown).items()}
    return added(moved, _by_month(total, _leaves(taker, shown, parents), shown))


def _by_month(total: Sequence[int], codes: Sequence[str], shown: Units) -> Units:
    spread: Units = {code: [] for code in codes}
    whole = [sum(max(v, 0) for v in shown[code]) for code in codes]
    for m, value in enumerate(total):
        weights = [max(shown[code][m], 0) for code in codes]
        weights = weights if any(weights) else whole if any(whole) else [1] * len(codes)
        for code, part in zip(codes, largest_remainder(value, weights), strict=True):
            spread[code].append(part)
    return spread


def _leaves(code: str, shown: Units, parents: Parents) -> list[str]:
    inside = [one for one in below(code, parents) if one in shown]
    uppers = {parents[one] for one in inside if one != code}
    return [one for one in inside if one not in uppers]


def _deepest_first(units: Units, tree: Parents) -> list[str]:
    depth: dict[str, int] = {}
    for code in [one for unit in units for one in above(unit, tree)]:
        if code not in depth:
            chain = above(code, tree)
            for distance, one in enumerate(reversed(chain)):
                depth[one] = distance
    return sorted(depth, key=lambda code: -depth[code])
