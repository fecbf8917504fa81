"""Splitting a level (存量) over children: each month by itself, by largest remainder.

A held year is the last month's level; in the other open months it follows the parent's level.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from salesplan.engine.exact.flow import Table
from salesplan.engine.exact.rounding import apportion, common
from salesplan.engine.targets.group import Complaint, Division, Presences
from salesplan.engine.targets.locks import Held
from salesplan.engine.targets.shares import Shares

_ZERO = Fraction(0)
_ONE = Fraction(1)


def solve_levels(
    levels: list[int], shares: Shares, presences: Presences, held: Sequence[Held | None]
) -> Division:
    """Each month's children, with what is unassigned, add up to the parent's level of that
    month.
    """
    if not any(held):
        return _plain(levels, shares, presences)
    rows: Table = [[0] * len(levels) for _ in held]
    unassigned = [0] * len(levels)
    complaints: dict[str, Complaint] = {}
    for m, level in enumerate(levels):
        sign = -1 if level < 0 else 1
        parts = [shares.part(c) * (_ONE if p is None else p[m]) for c, p in enumerate(presences)]
        fixed = [None if h is None else _held_level(h, m, levels) for h in held]
        values, rest, complaint = _one_level(
            sign * level, shares, parts, [None if f is None else sign * f for f in fixed]
        )
        for c, value in enumerate(values):
            rows[c][m] = sign * value
        unassigned[m] = sign * rest
        if complaint is not None:
            complaints.setdefault(
                complaint.code,
                Complaint(
                    complaint.code,
                    complaint.child,
                    m,
                    sign * complaint.amount,
                    sign * complaint.slack,
                ),
            )
    return Division(rows, unassigned, list(complaints.values()), any(held))


def _plain(levels: list[int], shares: Shares, presences: Presences) -> Division:
    """Nothing held: integers over one denominator, and each order of the children and each level
    once.
    """
    flat, scale = common([one for p in presences if p is not None for one in p])
    scaled = iter([flat[i : i + len(levels)] for i in range(0, len(flat), len(levels))])
    there = [None if p is None else next(scaled) for p in presences]
    rows: Table = [[] for _ in presences]
    unassigned = []
    known: dict[tuple[int, ...], list[int]] = {}
    for m, level in enumerate(levels):
        parts = [
            n * (scale if p is None else p[m])
            for n, p in zip(shares.numerators, there, strict=True)
        ]
        key = (level, *parts)
        if key not in known:
            known[key] = _plain_level(level, parts, scale * shares.scale)
        *values, rest = known[key]
        for row, value in zip(rows, values, strict=True):
            row.append(value)
        unassigned.append(rest)
    return Division(rows, unassigned)


def _plain_level(level: int, parts: list[int], scale: int) -> list[int]:
    """The children's values of one month, and what is unassigned; ``parts`` are shares × presence,
    as numerators.
    """
    sign, size = (-1, -level) if level < 0 else (1, level)
    order = sorted(range(len(parts)), key=lambda c: (-parts[c], c))
    reals = [size * parts[c] for c in order]
    taken = apportion(
        size, [*reals, size * scale - sum(reals)], scale, [*range(len(parts), 0, -1), -1]
    )
    values = [0] * len(parts)
    for c, value in zip(order, taken, strict=False):
        values[c] = sign * value
    return [*values, sign * taken[-1]]


def _held_level(held: Held, m: int, levels: list[int]) -> Fraction | None:
    month, last = held.months[m], len(levels) - 1
    if month is not None or held.year is None:
        return None if month is None else Fraction(month)
    return (
        Fraction(held.year)
        if m == last or not levels[last]
        else Fraction(held.year * levels[m], levels[last])
    )


def _one_level(
    level: int, shares: Shares, parts: list[Fraction], held: list[Fraction | None]
) -> tuple[list[int], int, Complaint | None]:
    """Children's values and the unassigned rest of one month; ``parts`` are shares × presence."""
    free = [c for c, h in enumerate(held) if h is None]
    amount = sum((h for h in held if h is not None), _ZERO)
    rest, gap = level - amount, 1 - shares.coverage
    open_shares = sum((shares.part(c) for c in free), _ZERO)
    complaint = None
    if len(free) < len(held) and (rest < 0 or (rest and not open_shares)):
        child = max(
            (c for c, h in enumerate(held) if h is not None),
            key=lambda c: (abs(held[c] or _ZERO), -c),
        )
        code = "target-locked-above-month" if rest < 0 else "target-no-one-left-month"
        complaint = Complaint(code, child, None, int(amount), int(rest))
    rate = _ZERO
    if rest > 0 and gap >= 0 and open_shares + gap:
        rate = rest / (open_shares + gap)
    elif rest > 0 and gap < 0 and open_shares:
        rate = max((rest - gap * level) / open_shares, _ZERO)
    reals = [rate * part if h is None else h for part, h in zip(parts, held, strict=True)]
    order = sorted(range(len(held)), key=lambda c: (-reals[c], -parts[c], c))
    numerators, scale = common([*(reals[c] for c in order), level - sum(reals, _ZERO)])
    taken = apportion(level, numerators, scale, [*range(len(held), 0, -1), -1])
    values = [0] * len(held)
    for c, value in zip(order, taken, strict=False):
        values[c] = value
    return values, taken[-1], complaint
