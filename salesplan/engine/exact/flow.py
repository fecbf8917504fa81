"""Bringing a table of integers to its margins: augmenting paths between rows and columns."""

from __future__ import annotations

from collections import deque

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
