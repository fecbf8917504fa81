"""A year of twelve months out of those that stand and those that were divided anew (SPEC 9)."""

from __future__ import annotations

from dataclasses import replace

from salesplan.engine.targets.division import Division
from salesplan.engine.targets.group import Group
from salesplan.engine.targets.spread import MONTHS, Spread, Window


def stitched(now: Spread, window: Window) -> Spread:
    """Twelve months of each unit: those that stand, and those of ``now``. A unit that an error blocks keeps what it had."""
    before = window.before
    if before is None:
        return now
    whole = Spread(
        blocked={code: name for code, name in now.blocked.items() if code not in before.months}
    )
    for code, months in now.months.items():
        whole.months[code] = [*window.closed(code), *months]
    for code, months in before.months.items():
        if code not in now.months:
            whole.months[code] = (
                months
                if code in now.blocked
                else [*months[: window.start], *[0] * (MONTHS - window.start)]
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
        closed = before.members[code].blank if code in before.members else frozenset()
        blank = member.blank | {at for at in closed if at < window.start}
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
    division = Division(
        rows,
        [*loose, *group.division.unassigned],
        group.division.complaints,
        group.division.binding,
    )
    return replace(group, division=division, months=whole.months[code])
