"""From base to issued targets (下达 = 基准 × (1 + 加成)), and back.

The hedge asks for more of a loss too: issued = base + (factor − 1)·|base|. A flow's extra is
rounded as it adds up over the year, halves up, so that small months do not round the hedge away:
100 customers with 5 % are 105, not twelve months of 8. Each issued month is within one unit of
its real value, never below its base where the factor is at least 1, and the months add up to the
issued year. A level's extra is rounded month by month.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from salesplan.engine.exact.rounding import nearest

_MOST = 500
"""More ways than this of undoing a hedge are as good as none."""


def issue(months: Sequence[int], factor: Fraction, flow: bool) -> list[int]:
    """The issued months of base months, in whole smallest units."""
    n, d = factor.numerator - factor.denominator, factor.denominator
    if not n:
        return list(months)
    values = []
    extra = done = 0
    for base in months:
        extra = n * abs(base) + (extra if flow else 0)
        rounded = nearest(extra, d)
        values.append(base + rounded - done)
        done = rounded if flow else 0
    return values


def issue_by_month(months: Sequence[int], factors: Sequence[Fraction], flow: bool) -> list[int]:
    """The issued months where the hedge is another from some month on: a month depends on no later
    one.
    """
    first = factors[0]
    if all(factor is first or factor == first for factor in factors):
        return issue(months, first, flow)
    values = []
    extra, done = Fraction(0), 0
    for base, factor in zip(months, factors, strict=True):
        extra = (factor - 1) * abs(base) + (extra if flow else 0)
        rounded = nearest(extra.numerator, extra.denominator)
        values.append(base + rounded - done)
        done = rounded if flow else 0
    return values


def unhedge(
    values: Sequence[int],
    factor: Fraction,
    base_year: int | None,
    flow: bool,
    closed: Sequence[int] = (),
) -> list[int] | None:
    """Base months that :func:`issue` turns into exactly ``values``, and that make up ``base_year``
    (None: any year).

    ``closed``: base months before them, which stand. None if there are none. A hedge that shrinks
    what it works on gives several bases one issued value: of those the first, by months, that makes
    up the year.
    """
    ways: dict[tuple[int, int], list[int]] = {(sum(closed), sum(abs(base) for base in closed)): []}
    for value in values:
        after: dict[tuple[int, int], list[int]] = {}
        for (total, absolute), bases in ways.items():
            extra = (factor - 1) * absolute if flow else Fraction(0)
            done = nearest(extra.numerator, extra.denominator)
            low, high = _bases(value + done - extra, factor)
            for base in range(low, min(high, low + _MOST) + 1):
                after.setdefault(
                    (total + base if flow else base, absolute + abs(base)), [*bases, base]
                )
        ways = after
        if len(ways) > _MOST:
            return None
    return next((bases for (total, _), bases in ways.items() if base_year in (None, total)), None)


def _bases(value: Fraction, factor: Fraction) -> tuple[int, int]:
    """The least and the largest whole base b with value − ½ ≤ b + (factor − 1)·|b| < value + ½; (1,
    0): none.
    """
    half = Fraction(1, 2)
    found: list[int] = []
    for slope, positive in ((factor, True), (2 - factor, False)):
        if slope > 0:
            low, high = ceil((value - half) / slope), ceil((value + half) / slope) - 1
            low, high = (max(low, 0), high) if positive else (low, min(high, -1))
            found += [low, high] if low <= high else []
    return (min(found), max(found)) if found and factor > 0 else (1, 0)
