"""Whole units out of exact shares: largest remainder, and two-way tables with both margins exact.

Everything is integer arithmetic on numerators over one common denominator (``scale``): no value
passes through a binary fraction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import lcm

Table = list[list[int]]
Bounds = tuple[Table | None, Table | None]
"""The least and the most that each cell may hold; None: no limit."""

_START = -1


def settle(
    table: Table, low: Table, high: Table, row_gaps: list[int], column_gaps: list[int]
) -> bool:
    """Change ``table`` in place, within ``low`` and ``high``, until nothing is missing from its
    margins.

    ``row_gaps`` and ``column_gaps`` (total wanted − total now, of either sign, with one sum) are
    brought to zero in place; False if the bounds forbid it, with as little left as can be.
    Maximum flow by shortest augmenting paths: raising a cell sends a unit from its row to its
    column, lowering it sends one back; margins that are met stay met.
    """
    search = _Search(table, low, high, row_gaps, column_gaps)
    for row in range(len(row_gaps)):
        while row_gaps[row] > 0 and search.send(row, None):
            pass
    for column in range(len(column_gaps)):
        while column_gaps[column] < 0 and search.send(None, column):
            pass
    return not any(row_gaps) and not any(column_gaps)


class _Search:
    """One table while it is being settled."""

    def __init__(
        self, table: Table, low: Table, high: Table, row_gaps: list[int], column_gaps: list[int]
    ) -> None:
        self.table, self.low, self.high = table, low, high
        self.row_gaps, self.column_gaps = row_gaps, column_gaps
        self.from_row: dict[int, int] = {}
        """By column: the row that reached it by raising their cell; _START where the path begins.
        """
        self.from_column: dict[int, int] = {}
        """By row: the column that reached it by lowering their cell; _START where the path begins.
        """

    def send(self, row: int | None, column: int | None) -> bool:
        """Send what one path can carry from this row (or column) to any place that lacks it."""
        self.from_row, self.from_column = {}, {}
        if row is not None:
            self.from_column[row] = _START
            queue = deque([(row, True)])
        else:
            assert column is not None
            self.from_row[column] = _START
            queue = deque([(column, False)])
        while queue:
            node, is_row = queue.popleft()
            for found in self._raisable(node) if is_row else self._lowerable(node):
                if is_row:
                    self.from_row[found] = node
                    if self.column_gaps[found] > 0:
                        self._move(found, False)
                        return True
                else:
                    self.from_column[found] = node
                    if self.row_gaps[found] < 0:
                        self._move(found, True)
                        return True
                queue.append((found, not is_row))
        return False

    def _raisable(self, row: int) -> list[int]:
        values, limits = self.table[row], self.high[row]
        return [m for m in range(len(values)) if m not in self.from_row and values[m] < limits[m]]

    def _lowerable(self, column: int) -> list[int]:
        return [
            c
            for c, (v, least) in enumerate(zip(self.table, self.low, strict=True))
            if v[column] > least[column] and c not in self.from_column
        ]

    def _move(self, end: int, is_row: bool) -> None:
        path: list[tuple[int, int, int]] = []
        node, at_row = end, is_row
        while (source := self.from_column[node] if at_row else self.from_row[node]) != _START:
            path.append((node, source, -1) if at_row else (source, node, 1))
            node, at_row = source, not at_row
        room = [
            self.high[c][m] - self.table[c][m] if step > 0 else self.table[c][m] - self.low[c][m]
            for c, m, step in path
        ]
        supply = self.row_gaps[node] if at_row else -self.column_gaps[node]
        demand = -self.row_gaps[end] if is_row else self.column_gaps[end]
        amount = min(supply, demand, *room)
        for c, m, step in path:
            self.table[c][m] += step * amount
        if at_row:
            self.row_gaps[node] -= amount
        else:
            self.column_gaps[node] += amount
        if is_row:
            self.row_gaps[end] += amount
        else:
            self.column_gaps[end] -= amount


_SPREAD = 1 << 20
"""Resolution of the order in which rows get their extra units; it never touches a value."""


def largest_remainder(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """``total`` in whole parts proportional to ``weights``: they add up to it exactly.

    Each part is its real share rounded down or up; the units left over go to the largest
    fractions, ties to the larger weight, then to the earlier one. A negative total is the mirror
    image of the positive one. Raises ValueError for a negative weight, or if all are zero and
    the total is not.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    numerators, _ = common(weights)
    whole = sum(numerators)
    if not whole:
        if total:
            raise ValueError("nothing to spread the total over")
        return [0] * len(weights)
    sign = -1 if total < 0 else 1
    parts = apportion(abs(total), [abs(total) * n for n in numerators], whole)
    return [sign * part for part in parts]


def apportion(
    total: int, numerators: Sequence[int], scale: int, tie: Sequence[int] | None = None
) -> list[int]:
    """Largest remainder for real values ``numerators / scale`` of any sign that add up to
    ``total``.

    ``tie`` are the weights that decide between equal fractions (default: the values themselves).
    Where the values do not add up to ``total`` by more than their number of units, the remainder
    goes round more than once.
    """
    parts = [n // scale for n in numerators]
    left = total - sum(parts)
    if not left:
        return parts
    weights = numerators if tie is None else tie
    order = sorted(range(len(parts)), key=lambda i: (-(numerators[i] % scale), -weights[i], i))
    again, rest = divmod(left, len(parts))
    if again:
        parts = [part + again for part in parts]
    for i in order[:rest]:
        parts[i] += 1
    return parts


def controlled_rounding(
    real: Sequence[Sequence[Fraction]], rows: Sequence[int] | None, columns: Sequence[int] | None
) -> Table:
    """A table of integers with exactly these row and column totals, each near its real value.

    Every cell is its real value rounded down or up wherever such a table exists; else the
    fewest units more are moved. A cell that is really zero stays zero as long as that is
    possible. A margin of None is free: each of its totals is the real total rounded down or up
    (each total is one more cell, taken off its row or column).
    Raises ValueError if the given totals contradict each other.
    """
    width = len(columns) if columns is not None else max((len(row) for row in real), default=0)
    flat, scale = common(list(map(Fraction, chain.from_iterable(real))))
    numerators = [flat[i * width : (i + 1) * width] for i in range(len(real))]
    if rows is not None and columns is not None and sum(rows) != sum(columns):
        raise ValueError("row totals and column totals do not add up to the same")
    row_totals = [0] * len(real) if rows is None else list(rows)
    column_totals = [0] * width if columns is None else list(columns)
    if columns is None:
        numerators.append(
            [-sum(column) for column in zip(*numerators, strict=True)] if numerators else []
        )
        row_totals.append(-sum(rows) if rows is not None else 0)
    if rows is None:
        for row in numerators:
            row.append(-sum(row))
        column_totals.append(-sum(columns) if columns is not None else 0)
    table = fit(numerators, scale, row_totals, column_totals, [False] * len(row_totals))
    if table is None:
        raise ValueError("no such table")
    return [row[:width] for row in table[: len(real)]]


def fit(
    numerators: Table,
    scale: int,
    rows: list[int],
    columns: list[int],
    free: Sequence[bool],
    bounds: Callable[[], Bounds] | None = None,
) -> Table | None:
    """Round a table with real values ``numerators / scale`` to these totals; None if ``bounds``
    forbid it.

    First with every cell rounded down or up; then the totals of the rows marked ``free`` may
    take the other neighbour of their real total; then cells may move further, as little as
    needed, within ``bounds`` (default: any). Rows are taken in the order given, which decides
    only between rows that are alike.
    """
    table, ceilings, row_gaps, column_gaps = _spread(numerators, scale, rows, columns)
    if not any(row_gaps) and not any(column_gaps):
        return table
    floors = []
    for row in numerators:
        floors.append([n // scale for n in row])
    if settle(table, floors, ceilings, row_gaps, column_gaps):
        return table
    if any(free) and _with_free_totals(
        table, numerators, scale, rows, floors, ceilings, row_gaps, column_gaps, free
    ):
        return table
    lowest, highest = bounds() if bounds else (None, None)
    reach = 1
    while any(row_gaps) or any(column_gaps):
        low = _widened(floors, -reach, lowest)
        high = _widened(ceilings, reach, highest)
        settle(table, low, high, row_gaps, column_gaps)
        if reach > 4 * (sum(map(abs, columns)) + sum(map(abs, rows))) + 4:
            return None if any(row_gaps) or any(column_gaps) else table
        reach *= 2
    return table


def nearest(numerator: int, denominator: int) -> int:
    """The quotient as the nearest whole number, halves up."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    return (2 * numerator + denominator) // (2 * denominator)


def in_units(value: Decimal, smallest: Decimal) -> int | None:
    """``value`` as a whole number of ``smallest``; None if it is not one."""
    numerator, denominator = _ratio(value, smallest)
    units, rest = divmod(numerator, denominator)
    return None if rest else units


def nearest_units(value: Decimal, smallest: Decimal) -> int:
    """``value`` as the nearest whole number of ``smallest``, halves to the even one."""
    numerator, denominator = _ratio(value, smallest)
    units, rest = divmod(numerator, denominator)
    return units + (2 * rest > denominator or (2 * rest == denominator and units % 2 == 1))


def _ratio(value: Decimal, smallest: Decimal) -> tuple[int, int]:
    """The quotient over a denominator above zero, not in lowest terms."""
    (a, b), (c, d) = value.as_integer_ratio(), smallest.as_integer_ratio()
    return a * d, b * c


def common(values: Sequence[int | Fraction]) -> tuple[list[int], int]:
    """The values as numerators over one common denominator."""
    ratios = [value.as_integer_ratio() for value in values]
    scale = lcm(*(denominator for _, denominator in ratios)) if ratios else 1
    return [numerator * (scale // denominator) for numerator, denominator in ratios], scale


def _spread(
    numerators: Table, scale: int, rows: list[int], columns: list[int]
) -> tuple[Table, Table, list[int], list[int]]:
    """A first table that keeps to floor and ceiling and never exceeds a total, with what it still
    lacks.

    Column by column the extra units go to the rows that are furthest behind their own even pace,
    so that a row's extra units lie evenly over its year.
    """
    table: Table = []
    ceilings: Table = []
    state: list[list[int]] = []
    for numbers, total in zip(numerators, rows, strict=True):
        floors = [n // scale for n in numbers]
        rests = [n - f * scale for n, f in zip(numbers, floors, strict=True)]
        table.append(floors)
        ceilings.append([f + 1 if r else f for f, r in zip(floors, rests, strict=True)])
        need = total - sum(floors)
        state.append([need, sum(1 for r in rests if r), need * _SPREAD, sum(rests) or 1, 0, *rests])
    column_gaps = [
        total - sum(column) for total, column in zip(columns, zip(*table, strict=True), strict=True)
    ]
    for m in range(len(columns)):
        wanted = []
        gap = column_gaps[m]
        for c, row in enumerate(state):
            rest = row[5 + m]
            if rest:
                row[4] += rest
                if row[0] > 0 and gap > 0:
                    wanted.append(c)
                row[1] -= 1
        if not wanted:
            continue
        if len(wanted) > gap:
            claims = sorted([_claim(state[c], c, m) for c in wanted])
            wanted = [c for *_, c in claims[:gap]]
        for c in wanted:
            table[c][m] += 1
            state[c][0] -= 1
        column_gaps[m] = gap - len(wanted)
    return table, ceilings, [row[0] for row in state], column_gaps


def _claim(row: list[int], c: int, m: int) -> tuple[bool, int, int, int]:
    """What decides whether row ``c`` gets an extra unit of column ``m``, the first first: that it
    must, how far it is behind, its remainder.
    """
    need, left, whole, rests, done = row[:5]
    return need < left + 1, whole * (rests - done) // rests - need * _SPREAD, -row[5 + m], c


def _with_free_totals(
    table: Table, numerators: Table, scale: int, rows: list[int], low: Table, high: Table,
    row_gaps: list[int], column_gaps: list[int], free: Sequence[bool],
) -> bool:  # fmt: skip
    """Settle with one more column that lets a free row's total be the other neighbour of its real
    total.
    """
    wide_low, wide_high = [], []
    for c, numbers in enumerate(numerators):
        above = -(-sum(numbers) // scale) - rows[c]
        movable = free[c] and sum(numbers) % scale and above in (0, 1)
        table[c].append(above if movable else 0)
        wide_low.append([*low[c], 0])
        wide_high.append([*high[c], 1 if movable else 0])
    column_gaps.append(0)
    done = settle(table, wide_low, wide_high, row_gaps, column_gaps)
    column_gaps.pop()
    for c, numbers in enumerate(numerators):
        slack = table[c].pop()
        if wide_high[c][-1]:
            rows[c] = -(-sum(numbers) // scale) - slack
    return done


def _widened(edges: Table, reach: int, stops: Table | None) -> Table:
    if stops is None:
        wider = []
        for row in edges:
            wider.append([edge + reach for edge in row])
        return wider
    pick = max if reach < 0 else min
    found = []
    for row, limit in zip(edges, stops, strict=True):
        found.append([pick(edge + reach, stop) for edge, stop in zip(row, limit, strict=True)])
    return found
