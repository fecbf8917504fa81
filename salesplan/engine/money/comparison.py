"""What the best combination of budget lines would have brought, beside what was granted (SPEC
8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import lcm

from salesplan.engine.exact.figures import WIDE
from salesplan.engine.money.allocation import Grant, expected_of
from salesplan.engine.money.caps import CapKey, Caps
from salesplan.engine.money.knapsack import best_subset
from salesplan.plan.model import BudgetLine

ZERO = Decimal(0)


def best_allocation(
    lines: Sequence[BudgetLine], grants: Mapping[str, Grant], caps: Caps
) -> tuple[Decimal | None, frozenset[str]]:
    """(return, codes) of the best combination under every cap; never less than what was granted
    brings.

    Manual grants and 必保 lines stay as they were granted. Among the other lines of a cap the exact
    0/1 knapsack chooses, all or nothing; where the grants, with their partial amounts, bring as
    much or more, they are the best. A partial grant is taken to bring its part of the expected
    return. ``(None, empty)`` where there are no caps or a search would take too long.
    """
    if not caps.cells:
        return None, frozenset()
    free: dict[CapKey, list[BudgetLine]] = {}
    left = dict(caps.cells)
    best, codes = Fraction(0), set[str]()
    for line in lines:
        amount, key = grants[line.code].amount, caps.key(line)
        if amount is None:
            continue
        if (
            key in left
            and line.category not in caps.reserve_categories
            and line.manual_grant is None
            and not line.must_have
        ):
            free.setdefault(key, []).append(line)
        elif amount:
            best += expected_of(line, amount)
            codes.add(line.code)
            if key in left:
                left[key] -= amount
    for key, members in free.items():
        chosen = _best_under(members, grants, max(left[key], ZERO))
        if chosen is None:
            return None, frozenset()
        best += chosen[0]
        codes |= chosen[1]
    return money(best, caps.quantum), frozenset(codes)


def money(exact: Fraction, quantum: Decimal) -> Decimal:
    """An amount rounded half up to ``quantum``."""
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        quantum, ROUND_HALF_UP, WIDE
    )


def _best_under(
    lines: Sequence[BudgetLine], grants: Mapping[str, Grant], left: Decimal
) -> tuple[Fraction, set[str]] | None:
    weights = _whole(left, *(line.requested or ZERO for line in lines))
    values = _whole(*(line.expected_return or ZERO for line in lines))
    found = best_subset(weights[1:], values, weights[0])
    if found is None:
        return None
    granted = sum((expected_of(line, grants[line.code].amount) for line in lines), Fraction(0))
    exact = sum((Fraction(lines[i].expected_return or ZERO) for i in found), Fraction(0))
    if granted >= exact:
        return granted, {line.code for line in lines if grants[line.code].amount}
    return exact, {lines[i].code for i in found}


def _whole(*amounts: Decimal) -> list[int]:
    """The amounts as integers of one common fraction."""
    fractions = [Fraction(amount) for amount in amounts]
    common = lcm(*_denominators(fractions))
    return [int(fraction * common) for fraction in fractions]


def _denominators(fractions: Iterable[Fraction]) -> set[int]:
    return {fraction.denominator for fraction in fractions} or {1}
