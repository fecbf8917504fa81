"""The exact 0/1 knapsack: which items together are worth most within a capacity."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate

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
