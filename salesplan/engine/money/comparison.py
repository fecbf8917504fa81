"""What the best combination of budget lines would have brought, beside what was granted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import accumulate
from math import lcm

from salesplan.engine.exact.figures import WIDE
from salesplan.engine.money.allocation import Grant, expected_of
from salesplan.engine.money.caps import CapKey, Caps
from salesplan.plan.model import BudgetLine

WORK = 200_000
"""States that one search may visit before it gives up, in a second or two; ordinary budgets need a
few thousand.
"""

Chain = tuple[int, "Chain"] | None
"""The items of a state, last one first: linked, so that states share their beginnings."""
State = tuple[int, int, Chain]
"""(weight, value, items)."""


def best_subset(
    weights: Sequence[int], values: Sequence[int], capacity: int, *, work: int = WORK
) -> frozenset[int] | None:
    """Indices of a set of items with the greatest total value whose weights fit in ``capacity``.

    Exact for non-negative integer weights. Items are taken up by value per weight; kept are the
    states that no other state beats in both weight and value (Nemhauser and Ullmann) and that
    could still beat the best solution known, by the fractional bound (Dantzig). So there are never
    more states than distinct weights up to the capacity, as in the usual table, and mostly far
    fewer. Items without value are never taken. None: more than ``work`` states would be visited.
    """
    worthy = [i for i, value in enumerate(values) if value > 0 and weights[i] <= capacity]
    free = [i for i in worthy if weights[i] == 0]
    order = sorted(
        (i for i in worthy if weights[i] > 0), key=lambda i: (-Fraction(values[i], weights[i]), i)
    )
    search = _Search([weights[i] for i in order], [values[i] for i in order], capacity)
    found = search.run(work)
    return None if found is None else frozenset(free) | {order[k] for k in found}


class _Search:
    """One search over items that are sorted by falling value per weight."""

    def __init__(self, weights: list[int], values: list[int], capacity: int) -> None:
        self.weights, self.values, self.capacity = weights, values, capacity
        self.weight_sums = [0, *accumulate(weights)]
        self.value_sums = [0, *accumulate(values)]
        self.best = -1
        self.solution: tuple[Chain, range] = (None, range(0))

    def run(self, work: int) -> list[int] | None:
        states: list[State] = [(0, 0, None)]
        self._still_open(states[0], 0)
        for item in range(len(self.weights)):
            work -= len(states)
            if work < 0:
                return None
            grown: list[State] = [
                (w + self.weights[item], v + self.values[item], (item, chain))
                for w, v, chain in states
            ]
            fitting = [state for state in grown if state[0] <= self.capacity]
            states = [
                state
                for state in _undominated(states, fitting)
                if self._still_open(state, item + 1)
            ]
        chain, tail = self.solution
        return [*_unlinked(chain), *tail]

    def _still_open(self, state: State, first: int) -> bool:
        """Whether items from ``first`` on could lift ``state`` over the best; notes the best on the
        way.

        Taking the following items as long as they fit whole is itself a solution; a fraction
        of the next one on top is at least what any solution can have.
        """
        weight, value, chain = state
        end = bisect_right(self.weight_sums, self.capacity - weight + self.weight_sums[first]) - 1
        whole = value + self.value_sums[end] - self.value_sums[first]
        if whole > self.best:
            self.best, self.solution = whole, (chain, range(first, end))
        if end == len(self.weights):
            return False
        room = self.capacity - weight - (self.weight_sums[end] - self.weight_sums[first])
        return whole + room * self.values[end] // self.weights[end] > self.best


def _undominated(old: list[State], new: list[State]) -> Iterator[State]:
    """Both lists merged by rising weight (each is sorted so), without states that weigh no less and
    bring no more.
    """
    best = -1
    for state in sorted(old + new, key=lambda state: (state[0], -state[1])):
        if state[1] > best:
            best = state[1]
            yield state


def _unlinked(chain: Chain) -> Iterator[int]:
    while chain is not None:
        item, chain = chain
        yield item


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
