"""One parent's months over its children: both margins exact (SPEC 3).

The real share of a child in a month is the parent's month × its share × its presence. Rounded,
the children's months (with what is 未分配, where the shares do not add up to 1 or somebody is
absent) add up to the parent's months, and each child's months to its year, which is the largest
remainder of the parent's year. Everything is in whole smallest units; a year below zero is
split as the mirror image of the year above zero.

With values that are held (manual or locked):

* a child whose year is held spreads it over its open months as the parent's months lie;
* what the held values leave of each month goes to the other children in proportion to their
  shares. Under-assigned siblings (Σ < 1) leave their part of that rest unassigned; over-assigned
  ones (Σ > 1) are promised Σ × the month, and share what the held values leave of that;
* locks that hold exactly what the cascade gives anyway change nothing for the others;
* held values that the parent cannot bear, or that leave a rest nobody may take, are a
  :class:`Complaint`, and the rest is shown as unassigned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from salesplan.engine.exact.rounding import apportion, common, fit
from salesplan.engine.targets.group import Complaint, Division, Presences, ordered
from salesplan.engine.targets.locks import Held
from salesplan.engine.targets.shares import Shares
from salesplan.engine.targets.split_held import with_held
from salesplan.engine.targets.split_level import solve_levels

_Solver = Callable[[list[int], Shares, Presences, Sequence[Held | None]], Division]


def divide(
    months: Sequence[int],
    shares: Shares,
    presences: Presences,
    held: Sequence[Held | None],
    behind: Sequence[int] | None = None,
) -> Division:
    """Split a flow's ``months`` among children. Presence None: there all the time.

    ``behind`` is how much earlier months have left each child below its share, by rounding, in any
    one measure: of children that are alike, those that are further behind come first.
    """
    return _stands(list(months), shares, presences, held, partial(_solve, behind=behind))


def divide_level(
    levels: Sequence[int], shares: Shares, presences: Presences, held: Sequence[Held | None]
) -> Division:
    """Split a level (存量) of twelve months among children, each month by itself."""
    return _stands(list(levels), shares, presences, held, solve_levels)


def _stands(
    months: list[int],
    shares: Shares,
    presences: Presences,
    held: Sequence[Held | None],
    solve: _Solver,
) -> Division:
    """With locks only where they bind: first with none of them, then with those that were not
    met.
    """
    waiting = {c: h for c, h in enumerate(held) if h is not None and h.row.lock is not None}
    taking = [h.unlocked() if h is not None and c in waiting else h for c, h in enumerate(held)]
    while waiting:
        made = solve(months, shares, presences, taking)
        unmet = [c for c, h in waiting.items() if not h.met_by(made.rows[c])]
        if not unmet:
            return made
        for c in unmet:
            taking[c] = waiting.pop(c)
    return solve(months, shares, presences, held)


def _solve(
    months: list[int],
    shares: Shares,
    presences: Presences,
    held: Sequence[Held | None],
    behind: Sequence[int] | None,
) -> Division:
    """A year below zero as the mirror image of the year above zero."""
    sign = -1 if sum(months) < 0 else 1
    mirrored = [sign * month for month in months]
    if any(held):
        division = with_held(
            mirrored, shares, presences, [h.mirrored(sign) if h else None for h in held]
        )
    else:
        division = _plain(
            mirrored, shares, presences, None if behind is None else [sign * one for one in behind]
        )
    if sign > 0:
        return division
    complaints = [
        Complaint(c.code, c.child, c.month, -c.amount, -c.slack, c.quarter)
        for c in division.complaints
    ]
    return Division(
        [[-v for v in row] for row in division.rows],
        [-v for v in division.unassigned],
        complaints,
        division.binding,
    )


def _plain(
    months: list[int], shares: Shares, presences: Presences, behind: Sequence[int] | None
) -> Division:
    """Nothing held: scaled integers throughout, for this is where the time goes."""
    numerators, scale = shares.numerators, shares.scale
    width = len(months)
    if all(p is None for p in presences):
        reals = [[m * n for m in months] for n in numerators]
        keys: list[tuple[int, ...]] = [(-n,) for n in numerators]
        whole = sum(numerators) == scale
    else:
        flat, part = common([share for p in presences if p is not None for share in p])
        scaled = iter([flat[i : i + width] for i in range(0, len(flat), width)])
        there = [[part] * width if p is None else next(scaled) for p in presences]
        reals = [
            [m * n * p for m, p in zip(months, row, strict=True)]
            for n, row in zip(numerators, there, strict=True)
        ]
        scale *= part
        keys = [(-n, *(-p for p in row)) for n, row in zip(numerators, there, strict=True)]
        whole = False
    if behind is not None:
        keys = [(*key, -late) for key, late in zip(keys, behind, strict=True)]
    order = sorted(range(len(reals)), key=lambda c: keys[c])
    table = [reals[c] for c in order]
    if not whole:
        table.append(
            [
                m * scale - sum(column)
                for m, column in zip(months, zip(*reals, strict=True), strict=True)
            ]
        )
    rows = apportion(
        sum(months), [sum(row) for row in table], scale, [*(numerators[c] for c in order), -1]
    )
    fitted = fit(table, scale, rows, months, [True] * len(table))
    assert fitted is not None
    return ordered(fitted, order, whole)
