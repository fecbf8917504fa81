"""Which months of a spread stay when later ones are divided again.

A group of siblings for which nothing has changed keeps its months, whatever else is divided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain

from salesplan.dataclass import replace
from salesplan.engine.exact.rounding import common
from salesplan.engine.targets.goal import Run
from salesplan.engine.targets.group import MONTHS, Child, Division, Group, Member, Spread, Window
from salesplan.engine.targets.shares import Shares, Source
from salesplan.plan.model import Kpi, Unit

_NEW = Member(())


def standing(window: Window, kpi: Kpi, parent: Unit, children: Sequence[Child]) -> Shares:
    """Shares that give each child just what it has now of the open months."""
    start, before = window.start, window.before
    months = before.months if before is not None else {}
    none = [0] * MONTHS
    whole = window.open(months.get(parent.code, none), window.part(parent.code))
    all_year = sum(whole)
    if all(child.there is None for child in children):
        owned = (
            sum(window.open(months.get(child.code, none), window.part(child.code)))
            for child in children
        )
        sign = 1 if all_year > 0 else -1
        return Shares(
            tuple(max(sign * own, 0) if all_year else 0 for own in owned),
            abs(all_year) or 1,
            (Source.STANDING,) * len(children),
        )
    parts = []
    for child in children:
        there = child.is_there(kpi.kind.adds_over_months, start)
        own = window.left_of(months.get(child.code, none), window.part(child.code))
        real = all_year if there is None else _within(whole, there)
        parts.append(Fraction(own) / real if real and (own > 0) is (real > 0) else Fraction(0))
    numerators, scale = common(parts)
    return Shares(tuple(numerators), scale, (Source.STANDING,) * len(children))


def _within(months: Sequence[int], there: Sequence[Fraction]) -> Fraction:
    """The part of the months that falls on the time of presence."""
    return sum((month * share for month, share in zip(months, there, strict=True)), Fraction(0))


def moved(made: Spread, deltas: Mapping[str, Sequence[int]]) -> None:
    """Add ``deltas`` to the months of ``made``. Its groups do not change: :func:`regrouped` makes
    those again whose months did.
    """
    months, members = made.months, made.members
    for code, more in deltas.items():
        earlier = months.get(code, [0] * MONTHS)
        months[code] = [a + b for a, b in zip(earlier, more, strict=True)]
        if code in members:
            members[code] = replace(members[code], months=months[code])


def regrouped(run: Run, kpi: Kpi, made: Spread, windows: Mapping[str, Window]) -> None:
    """Make the groups of the parents in ``windows`` again, by the tree of ``run``. Their shares
    follow from the months in their windows.
    """
    months, members = made.months, made.members
    for code, window in windows.items():
        kids = [kid for kid in run.tree.children.get(code, ()) if kid.code in months]
        if code not in months or not kids:
            made.groups.pop(code, None)
            continue
        group = _as_it_stands(run, kpi, made, code, kids, window)
        made.groups[code] = group
        for index, child in enumerate(group.children):
            before = members.get(child.code, _NEW)
            members[child.code] = Member(
                months[child.code],
                child.held,
                group,
                index,
                before.season,
                before.blank,
                before.summed,
                before.missing,
            )


def _as_it_stands(
    run: Run, kpi: Kpi, found: Spread, code: str, kids: Sequence[Unit], window: Window
) -> Group:
    parent, months = run.plan.unit_by_code[code], found.months
    held = [found.members[kid.code].held if kid.code in found.members else None for kid in kids]
    children = tuple(
        Child(
            kid,
            run.rows.get((kpi.code, kid.code)),
            own,
            run.tree.presence.get(kid.code),
            window.there.get(kid.code),
        )
        for kid, own in zip(kids, held, strict=True)
    )
    rows = [list(months[kid.code]) for kid in kids]
    loose = [
        month - sum(column)
        for month, column in zip(months[code], zip(*rows, strict=True), strict=True)
    ]
    parts = standing(replace(window, before=found), kpi, parent, children)
    return Group(parent, children, parts, Division(rows, loose, [], any(held)), months[code])


def how_late(
    window: Window, parent: Unit, children: Sequence[Child], parts: Shares
) -> list[int] | None:
    """How far each child is below its share of the months before the window, all in one measure;
    None if there are none.
    """
    start = window.start
    if start == 0:
        return None
    above = window.closed(parent.code)
    known = [child.there.flow[:start] for child in children if child.there is not None]
    flat, full = common(list(chain.from_iterable(known)))
    present = iter([flat[i : i + start] for i in range(0, len(flat), start)])
    late = []
    for child, numerator in zip(children, parts.numerators, strict=True):
        real = (
            sum(above) * full
            if child.there is None
            else sum(month * share for month, share in zip(above, next(present), strict=True))
        )
        late.append(real * numerator - sum(window.closed(child.code)) * full * parts.scale)
    return late


def unchanged(
    window: Window,
    parent: Unit,
    children: Sequence[Child],
    parts: Shares,
    months: Sequence[int],
) -> Division | None:
    """The group's division as it was, if nothing in it has changed; None if it has to be made."""
    group = None if window.before is None else window.before.groups.get(parent.code)
    if (
        group is None
        or window.open(group.months, window.part(parent.code)) != list(months)
        or [child.code for child in group.children] != [child.code for child in children]
    ):
        return None
    alike = parent.code in window.standing or (group.shares.numerators, group.shares.scale) == (
        parts.numerators,
        parts.scale,
    )
    same = all(
        before.typed == now.typed and before.there == now.there
        for before, now in zip(group.children, children, strict=True)
    )
    if not alike or not same:
        return None
    division, stands = group.division, [window.part(child.code) for child in children]
    rows = [window.open(row, part) for row, part in zip(division.rows, stands, strict=True)]
    loose = window.open(division.unassigned, window.part(parent.code) - sum(stands))
    return Division(rows, loose, [], division.binding)


def stitched(now: Spread, window: Window) -> Spread:
    """Twelve months of each unit: those before the window, then those of ``now``. A unit that an
    error blocks keeps what it had.
    """
    before = window.before
    if before is None:
        return now
    whole = Spread(
        blocked={code: name for code, name in now.blocked.items() if code not in before.months},
        stated={**before.stated, **now.stated},
    )
    for code, (first, *later) in now.months.items():
        whole.months[code] = [*window.closed(code), first + window.part(code), *later]
    for code, months in before.months.items():
        if code not in now.months:
            stands, later = window.part(code), [0] * (MONTHS - window.start - 1)
            whole.months[code] = (
                months if code in now.blocked else [*window.closed(code), stands, *later]
            )
            whole.members[code] = replace(before.members[code], months=whole.months[code])
    for code, group in now.groups.items():
        whole.groups[code] = _whole(group, code, window, whole)
    for code in before.groups:
        if code not in now.groups and any(
            child.code in now.blocked for child in before.groups[code].children
        ):
            whole.groups[code] = before.groups[code]
    for code, member in now.members.items():
        above = None if member.group is None else whole.groups[member.group.parent.code]
        closed = before.members[code].blank if code in before.members else range(MONTHS)
        blank = member.blank | {at for at in closed if at < window.start}
        if window.part(code):
            blank -= {window.start}
        whole.members[code] = replace(member, months=whole.months[code], group=above, blank=blank)
    return whole


def _whole(group: Group, code: str, window: Window, whole: Spread) -> Group:
    earlier = None if window.before is None else window.before.groups.get(code)
    loose = (
        list(earlier.division.unassigned[: window.start])
        if earlier is not None
        else list(window.closed(code))
    )
    rows = [list(whole.months[kid.code]) for kid in group.children]
    first, *later = group.division.unassigned
    stands = window.part(code) - sum(window.part(kid.code) for kid in group.children)
    division = Division(
        rows,
        [*loose, first + stands, *later],
        group.division.complaints,
        group.division.binding,
    )
    return replace(group, division=division, months=whole.months[code])
