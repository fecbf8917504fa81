"""Targets that go from one side of the tree to the other: transfers and hand-overs.

A unit that goes to another parent takes its target of the months from then on along: what the
old parents lose the new ones gain, month by month, and from the lowest unit that is above both
nothing changes. A hand-over moves an amount between two units in the same way: both sides change
by the same months, and so does everything above them, up to where they meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from salesplan.engine.exact.rounding import largest_remainder
from salesplan.plan.model import Month, Plan, Transfer

Units = dict[str, list[int]]
Figures = Mapping[str, Sequence[int]]
Parents = Mapping[str, str]


def parents_by_month(
    plan: Plan, transfers: Sequence[Transfer], months: Sequence[Month]
) -> tuple[Parents, ...]:
    """The parent of each unit in each month; ``plan`` has the parents from before all transfers."""
    parents: Parents = {unit.code: unit.parent for unit in plan.units if unit.parent is not None}
    found = []
    for month in months:
        moved = {
            t.unit: t.after for t in sorted(transfers, key=lambda t: t.since) if t.since == month
        }
        parents = {**parents, **moved} if moved else parents
        found.append(parents)
    return tuple(found)


def own(months: Figures, parents: Sequence[Parents]) -> Units:
    """What of each unit's months belongs to no unit below it in that month."""
    left = {code: list(values) for code, values in months.items()}
    starts = [m for m, tree in enumerate(parents) if m == 0 or tree is not parents[m - 1]]
    for start, end in pairwise((*starts, len(parents))):
        tree = parents[start]
        for code, values in months.items():
            above = left.get(tree.get(code, ""))
            if above is not None:
                for m in range(start, end):
                    above[m] -= values[m]
    return left


def added(units: Units, more: Figures) -> Units:
    """Both, month by month; units of either."""
    found = dict(units)
    for code, months in more.items():
        before = units.get(code)
        found[code] = (
            list(months) if before is None else [a + b for a, b in zip(before, months, strict=True)]
        )
    return found


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


def joined(one: str, other: str, parents: Parents) -> list[str]:
    """Units above (or at) either of two, up to the lowest above both, which is the last."""
    up, down = above(one, parents), above(other, parents)
    meeting = next((code for code in up if code in down), None)
    return [code for code in (*up, *down) if code and (code not in up or code not in down)] + (
        [meeting] if meeting else []
    )


def transferred(months: Figures, parents: Parents, unit: str, parent: str, start: int) -> Units:
    """What each unit above ``unit`` loses, and each above its new ``parent`` gains, of the months
    from ``start`` on.
    """
    values = months.get(unit)
    if values is None:
        return {}
    gain = [0] * start + [*values[start:]]
    loss = [-v for v in gain]
    old, new = above(parents.get(unit, ""), parents), above(parent, parents)
    return {code: loss for code in old if code not in new and code} | {
        code: gain for code in new if code not in old
    }


def handed_over(
    months: Figures, parents: Parents, giver: str, taker: str, start: int, amount: int, flow: bool
) -> Units:
    """What each unit loses or gains of the months from ``start`` on.

    A flow's ``amount`` is taken from the giver's months as they lie, a level's from each month. Of
    a unit with units below it these give, and take, in proportion to what they have.
    """
    moved: Units = {}
    width = len(months[giver])
    total = [0] * width
    givers = _leaves(giver, months, parents)
    if flow:
        weights = [_sum_above_zero(months[code][start:]) for code in givers]
        for code, part in zip(givers, largest_remainder(amount, weights), strict=True):
            values = (
                [0] * start + largest_remainder(part, [max(v, 0) for v in months[code][start:]])
                if part
                else [0] * width
            )
            moved[code] = [-v for v in values]
            total = [t + v for t, v in zip(total, values, strict=True)]
    else:
        total = [0] * start + [amount] * (width - start)
        for code, values in _by_month(total, givers, months).items():
            moved[code] = [-v for v in values]
    found: Units = {}
    for code, values in added(
        moved, _by_month(total, _leaves(taker, months, parents), months)
    ).items():
        for one in above(code, parents):
            found = added(found, {one: values})
    return {code: values for code, values in found.items() if any(values)}


def most(months: Figures, parents: Parents, giver: str, start: int, flow: bool) -> int:
    """The largest amount that a unit can hand over of the months from ``start`` on: what is
    unassigned stays with it.
    """
    leaves = [months[code][start:] for code in _leaves(giver, months, parents)]
    if flow:
        return sum(map(_sum_above_zero, leaves))
    return min(map(_sum_above_zero, zip(*leaves, strict=True)))


def _sum_above_zero(values: Sequence[int]) -> int:
    return sum(max(v, 0) for v in values)


def _by_month(total: Sequence[int], codes: Sequence[str], months: Figures) -> Units:
    spread: Units = {code: [] for code in codes}
    whole = [_sum_above_zero(months[code]) for code in codes]
    otherwise = whole if any(whole) else [1] * len(codes)
    for m, value in enumerate(total):
        weights = [max(months[code][m], 0) for code in codes]
        weights = weights if any(weights) else otherwise
        for code, part in zip(codes, largest_remainder(value, weights), strict=True):
            spread[code].append(part)
    return spread


def _leaves(code: str, months: Figures, parents: Parents) -> list[str]:
    inside = [one for one in below(code, parents) if one in months]
    uppers = {parents[one] for one in inside if one != code}
    return [one for one in inside if one not in uppers]
