"""Whole numbers in three margins: rows × columns × layers (units × products × months).

Each layer's row and column totals hold exactly, always: within a layer the table is a flow. A third
margin, the total of a cell over some layers (a product's year of one unit), couples the layers, and
then the problem is hard: three-dimensional tables need have no rounding at all. So the third margin
is brought as near as can be, and what is left is named: ``slack``, Σ |sum − total| over all spans.

1. Each layer by itself: a maximum flow, the extra units where their spans are furthest behind.
2. Layers one at a time, the others as they stand: the best layer is a flow of least cost, reached
   by cancelling negative cycles. Repeated until no layer improves.
3. A walk over tables that are as good: a layer is made anew under small changing prices, so that
   it comes out another way, and 2. may find more.
4. A lower bound (Lagrange: prices on the spans, each layer a flow of least cost; its limit is that
   of the linear program), and for small tables a complete search, which tells the least slack.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass, field
from salesplan.engine.exact.rounding import Table, settle

if TYPE_CHECKING:
    from random import Random

_SCALE = 1_000
"""Prices are whole thousandths of a unit of slack."""


_FEW = 2
"""More slack than that for each span comes of totals that contradict each other: no other rounding
helps.
"""
_MOST_BUDGETS = 8
"""So many amounts of slack are searched through at most."""


@dataclass(frozen=True, slots=True)
class Span:
    """What one cell (row, column) adds up to over these layers. A cell is in one span at most."""

    row: int
    column: int
    layers: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Cube:
    """What is asked for: by layer, the bounds of each cell, and the totals of rows and columns;
    ``columns`` None: these are free.
    """

    low: Sequence[Table]
    high: Sequence[Table]
    rows: Sequence[Sequence[int]]
    columns: Sequence[Sequence[int]] | None
    spans: Sequence[Span] = ()

    @property
    def cells(self) -> int:
        """How many cells are free to move."""
        pairs = zip(self.low, self.high, strict=True)
        return sum(_movable(low, high) for low, high in pairs)


@dataclass(frozen=True, slots=True)
class Rounded:
    """The tables by layer; ``slack``: what the spans are off together, ``bound``: no table has
    less.
    """

    layers: list[Table]
    slack: int
    bound: int
    off: tuple[tuple[Span, int], ...] = ()
    """The spans that are off, each by how much (sum − total)."""


def rounded(cube: Cube, effort: int = 400, seed: int = 1, *, prove: bool = True) -> Rounded | None:
    """The table of least slack that is found; None where a layer's own totals contradict its
    bounds.

    ``effort``: how many layers are made anew at most while slack is left. ``prove``: work out the
    bound, and search small cubes to the end, which may take seconds. The same cube gives the same
    table.
    """
    layers = _begun(cube)
    if layers is None:
        return None
    search = _Search(cube, layers, seed)
    search.descend()
    if 0 < search.slack <= _FEW * len(cube.spans):
        search.walk(effort)
    made = search.result(0)
    if not prove or not made.slack:
        return made
    bound = lower_bound(cube, made)
    if bound < made.slack <= bound + _MOST_BUDGETS:
        exact = _complete(cube, bound, made.slack)
        if exact is not None:
            better, bound = exact
            if better is not None:
                search = _Search(cube, better, seed)
    return search.result(bound)


def _movable(low: Table, high: Table) -> int:
    rows = zip(low, high, strict=True)
    return sum(sum(map(int.__lt__, least, most)) for least, most in rows)


def _begun(cube: Cube) -> list[Table] | None:
    """Each layer with its own totals, within bounds; what a span still lacks for each of its
    layers to come decides who gets the extra units.
    """
    need: dict[tuple[int, int, int], list[int]] = {}
    """By cell: what its span lacks, how much room its layers have."""
    for span in cube.spans:
        lows = sum(cube.low[at][span.row][span.column] for at in span.layers)
        highs = sum(cube.high[at][span.row][span.column] for at in span.layers)
        state = [span.total - lows, highs - lows]
        need.update({(at, span.row, span.column): state for at in span.layers})
    made: list[Table] = []
    for at, (low, high) in enumerate(zip(cube.low, cube.high, strict=True)):
        table = _layer(cube, at, low, high, need)
        if table is None:
            return None
        for r, (values, least, most) in enumerate(zip(table, low, high, strict=True)):
            for c, value in enumerate(values):
                known = need.get((at, r, c))
                if known is not None:
                    known[0] -= value - least[c]
                    known[1] -= most[c] - least[c]
        made.append(table)
    return made


def _layer(
    cube: Cube,
    at: int,
    low: Table,
    high: Table,
    need: dict[tuple[int, int, int], list[int]],
) -> Table | None:
    table = []
    for r, (least, most) in enumerate(zip(low, high, strict=True)):
        row = []
        for c, (a, b) in enumerate(zip(least, most, strict=True)):
            lacks, room = need.get((at, r, c), (0, 0))
            share = (2 * lacks * (b - a) + room) // (2 * room) if room else 0
            row.append(a + min(max(share, 0), b - a))
        table.append(row)
    gaps = [total - sum(row) for total, row in zip(cube.rows[at], table, strict=True)]
    if cube.columns is None:
        return _free_columns(table, low, high, gaps)
    across = [
        total - sum(column)
        for total, column in zip(cube.columns[at], zip(*table, strict=True), strict=True)
    ]
    return table if settle(table, low, high, gaps, across) else None


def _free_columns(table: Table, low: Table, high: Table, gaps: list[int]) -> Table | None:
    """Rows by themselves: what is missing goes to the first cells with room."""
    for row, least, most, gap in zip(table, low, high, gaps, strict=True):
        for c in range(len(row)):
            step = min(gap, most[c] - row[c]) if gap > 0 else max(gap, least[c] - row[c])
            row[c] += step
            gap -= step
        if gap:
            return None
    return table


class _Search:
    """Tables by layer while their spans are brought nearer to their totals."""

    def __init__(
        self, cube: Cube, layers: list[Table], seed: int, random: Random | None = None
    ) -> None:
        self.cube, self.layers, self.seed = cube, layers, seed
        self._random = random
        self.of: list[dict[tuple[int, int], int]] = [{} for _ in layers]
        """By layer and cell, its span's place."""
        self.off: list[int] = []
        for place, span in enumerate(cube.spans):
            for at in span.layers:
                self.of[at][span.row, span.column] = place
            had = sum(layers[at][span.row][span.column] for at in span.layers)
            self.off.append(had - span.total)
        self.slack = sum(map(abs, self.off))

    @property
    def random(self) -> Random:
        """Made when it is first asked for: most tables need no walk."""
        if self._random is None:
            from random import Random

            self._random = Random(self.seed)
        return self._random

    def result(self, bound: int) -> Rounded:
        off = tuple((span, gap) for span, gap in zip(self.cube.spans, self.off, strict=True) if gap)
        return Rounded(self.layers, self.slack, min(bound, self.slack), off)

    def descend(self) -> None:
        """Make layer after layer as good as it can be, until none can be bettered."""
        idle, at = 0, 0
        while self.slack and idle < len(self.layers):
            idle = 0 if self._better(at) else idle + 1
            at = (at + 1) % len(self.layers)

    def walk(self, effort: int) -> None:
        """Make layers anew another way, and see whether more can be found from there. The best
        table is kept.
        """
        best, kept = self.slack, _copied(self.layers)
        stale = 0
        order = list(range(len(self.layers)))
        for _ in range(effort):
            at = self._pick(order)
            self._better(at, self._prices(at))
            self.descend()
            if self.slack < best:
                best, stale = self.slack, 0
                kept = _copied(self.layers)
                if not best:
                    return
            else:
                stale += 1
                if stale % 40 == 0:
                    self._restore(kept)
        self._restore(kept)

    def _restore(self, kept: list[Table]) -> None:
        self.__init__(self.cube, _copied(kept), self.seed, self._random)  # type: ignore[misc]

    def _pick(self, order: list[int]) -> int:
        """A layer of a span that is off, mostly."""
        bad = [place for place, gap in enumerate(self.off) if gap]
        if bad and self.random.randrange(10) < 7:
            return self.random.choice(self.cube.spans[self.random.choice(bad)].layers)
        return self.random.choice(order)

    def _prices(self, at: int) -> dict[tuple[int, int], int]:
        """Small prices on some rows and columns of a layer, so that it comes out another way."""
        low, high = self.cube.low[at], self.cube.high[at]
        count = len(low)
        some = self.random.sample(range(count), min(count, 6))
        strength = self.random.choice((_SCALE // 4, _SCALE // 2, _SCALE * 3 // 4, _SCALE * 3 // 2))
        found = {}
        for r in some:
            for c in range(len(low[r])):
                if low[r][c] < high[r][c]:
                    found[(r, c)] = self.random.randint(-strength, strength)
        return found

    def _better(self, at: int, prices: dict[tuple[int, int], int] | None = None) -> bool:
        """Cancel the layer's negative cycles; whether there was one."""
        found = False
        for _ in range(10_000):
            cycle = self._cycle(at, prices)
            if cycle is None:
                return found
            found = True
            table, of = self.layers[at], self.of[at]
            times = min(self._room(at, r, c, step) for r, c, step in cycle)
            for r, c, one in cycle:
                step = one * times
                table[r][c] += step
                place = of.get((r, c))
                if place is not None:
                    gap = self.off[place]
                    self.slack += abs(gap + step) - abs(gap)
                    self.off[place] = gap + step
        return found

    def _room(self, at: int, r: int, c: int, step: int) -> int:
        """How often a cell can take the step at the same cost."""
        value = self.layers[at][r][c]
        room = self.cube.high[at][r][c] - value if step > 0 else value - self.cube.low[at][r][c]
        place = self.of[at].get((r, c))
        gap = 0 if place is None else self.off[place] * step
        return min(room, -gap) if gap < 0 else room

    def _cycle(
        self, at: int, prices: dict[tuple[int, int], int] | None
    ) -> list[tuple[int, int, int]] | None:
        """Cells to raise and lower by one, so that all totals stand and the cost falls."""
        arcs = self._arcs(at, prices)
        return _negative_cycle(arcs, len(self.layers[at]), len(self.layers[at][0]))

    def _arcs(
        self, at: int, prices: dict[tuple[int, int], int] | None
    ) -> list[tuple[int, int, int, int, int]]:
        """(from, to, cost, row, column): raising a cell leads from its row to its column, lowering
        it back. Free columns are one node.
        """
        table, low, high, of = self.layers[at], self.cube.low[at], self.cube.high[at], self.of[at]
        count, free = len(table), self.cube.columns is None
        arcs = []
        off = self.off
        for r, row in enumerate(table):
            least, most = low[r], high[r]
            for c, value in enumerate(row):
                if least[c] == most[c]:
                    continue
                place = of.get((r, c))
                gap = 0 if place is None else off[place]
                price = prices.get((r, c), 0) if prices else 0
                node = count if free else count + c
                up = down = 0
                if place is not None:
                    up = _SCALE if gap >= 0 else -_SCALE
                    down = _SCALE if gap <= 0 else -_SCALE
                if value < most[c]:
                    arcs.append((r, node, up + price, r, c))
                if value > least[c]:
                    arcs.append((node, r, down - price, r, c))
        return arcs


def _negative_cycle(
    arcs: list[tuple[int, int, int, int, int]], rows: int, columns: int
) -> list[tuple[int, int, int]] | None:
    """A cycle of negative cost, by Bellman and Ford, looked for as the labels change."""
    nodes = rows + columns
    cost = [0] * nodes
    by: list[tuple[int, int, int, int, int] | None] = [None] * nodes
    for turn in range(nodes + 1):
        changed = -1
        for arc in arcs:
            source, target, price = arc[0], arc[1], arc[2]
            if cost[source] + price < cost[target]:
                cost[target] = cost[source] + price
                by[target] = arc
                changed = target
        if changed < 0:
            return None
        if turn % 3 == 2 or turn == nodes:
            cycle = _closed_walk(by, nodes)
            if cycle:
                return [(r, c, 1 if source == r else -1) for source, _, _, r, c in cycle]
    return None


def _closed_walk(
    by: list[tuple[int, int, int, int, int] | None], nodes: int
) -> list[tuple[int, int, int, int, int]]:
    """A cycle among the arcs that gave the labels; such a cycle has negative cost."""
    seen = [0] * nodes
    for start in range(nodes):
        node, mark = start, start + 1
        while not seen[node]:
            seen[node] = mark
            arc = by[node]
            if arc is None:
                break
            node = arc[0]
        else:
            if seen[node] == mark:
                return _around(by, node)
    return []


def _around(
    by: list[tuple[int, int, int, int, int] | None], node: int
) -> list[tuple[int, int, int, int, int]]:
    cycle, here = [], node
    while True:
        arc = by[here]
        assert arc is not None
        cycle.append(arc)
        here = arc[0]
        if here == node:
            return cycle


# --- how little slack there can be ------------------------------------------------------------


def lower_bound(cube: Cube, made: Rounded, turns: int = 1_000) -> int:
    """A slack that no table of the cube goes below: prices of at most one unit on each span, and
    for them each layer's cheapest flow. ``made`` is the best table that is known.

    Prices begin where that table pays, and follow the gaps of the cheapest tables (subgradients, in
    steps after Polyak).
    """
    slack = made.slack
    layers = _begun(cube)
    if layers is None:
        return 0
    search = _Priced(cube, layers)
    pays = dict(made.off)
    prices = [
        _SCALE * (pays.get(span, 0) > 0) - _SCALE * (pays.get(span, 0) < 0) for span in cube.spans
    ]
    turns = max(4, min(turns, 400_000 // (cube.cells + 1)))
    best, best_value, pace, idle = 0, -_SCALE * slack, 4 * _PACE, 0
    for _ in range(turns):
        value = search.least(prices)
        best = max(best, -(-value // _SCALE))
        size = sum(gap * gap for gap in search.off)
        if best >= slack or not size:
            break
        idle = 0 if value > best_value else idle + 1
        best_value = max(best_value, value)
        if idle == _PATIENCE:
            pace, idle = max(pace // 2, 1), 0
        step = pace * (slack * _SCALE - value)
        prices = [
            min(_SCALE, max(-_SCALE, price + gap * step // (_PACE * size)))
            for price, gap in zip(prices, search.off, strict=True)
        ]
    return min(best, slack)


_PACE = 16
_PATIENCE = 8


class _Priced(_Search):
    """Layers at their cheapest under prices on the spans alone."""

    def __init__(self, cube: Cube, layers: list[Table]) -> None:
        super().__init__(cube, layers, 0)
        self.prices: Sequence[int] = ()

    def least(self, prices: Sequence[int]) -> int:
        """Σ price × (sum − total) at its least over all tables."""
        self.prices = prices
        for at in range(len(self.layers)):
            self._better(at)
        return sum(price * gap for price, gap in zip(prices, self.off, strict=True))

    def _arcs(
        self, at: int, prices: dict[tuple[int, int], int] | None
    ) -> list[tuple[int, int, int, int, int]]:
        table, low, high, of = self.layers[at], self.cube.low[at], self.cube.high[at], self.of[at]
        count, free = len(table), self.cube.columns is None
        arcs = []
        for r, row in enumerate(table):
            for c, value in enumerate(row):
                place = of.get((r, c))
                price = 0 if place is None else self.prices[place]
                node = count if free else count + c
                if value < high[r][c]:
                    arcs.append((r, node, price, r, c))
                if value > low[r][c]:
                    arcs.append((node, r, -price, r, c))
        return arcs


_MOST_CELLS = 400
_MOST_NODES = 60_000


def _complete(cube: Cube, least: int, slack: int) -> tuple[list[Table] | None, int] | None:
    """Search small cubes to the end, for less and less patience with slack: a better table (None:
    there is none) and the least slack. None where the search is given up.
    """
    if cube.cells > _MOST_CELLS:
        return None
    for budget in range(least, slack):
        tree = _Tree(cube, budget)
        found = tree.solved()
        if found is not None:
            return found, budget
        if tree.given_up:
            return (None, budget) if budget > least else None
    return None, slack


@dataclass(slots=True)
class _Sum:
    """One total: what its fixed cells have, and the room of the others. ``soft``: slack is paid
    for what it is off.
    """

    total: int
    least: int
    most: int
    soft: bool
    cells: list[int] = field(default_factory=list)

    def off(self) -> int:
        return max(self.least - self.total, self.total - self.most, 0)


class _Tree:
    """Cell by cell, the tightest total first; what cannot be any more is left at once."""

    def __init__(self, cube: Cube, budget: int) -> None:
        self.cube, self.budget, self.nodes, self.given_up = cube, budget, 0, False
        self.low: list[int] = []
        self.high: list[int] = []
        self.at: list[tuple[int, int, int]] = []
        sums: dict[tuple[object, ...], _Sum] = {}
        self.of: list[list[_Sum]] = []
        spans = {}
        for place, span in enumerate(cube.spans):
            for at in span.layers:
                spans[(at, span.row, span.column)] = (place, span.total)
        for m, (low, high) in enumerate(zip(cube.low, cube.high, strict=True)):
            for r, row in enumerate(low):
                for c, least in enumerate(row):
                    self._cell(sums, spans, m, r, c, least, high[r][c])
        self.sums = list(sums.values())
        self.paid = sum(one.off() for one in self.sums if one.soft)

    def _cell(
        self,
        sums: dict[tuple[object, ...], _Sum],
        spans: dict[tuple[int, int, int], tuple[int, int]],
        m: int,
        r: int,
        c: int,
        least: int,
        most: int,
    ) -> None:
        mine: list[tuple[tuple[object, ...], int, bool]] = [
            (("row", m, r), self.cube.rows[m][r], False)
        ]
        if self.cube.columns is not None:
            mine.append((("column", m, c), self.cube.columns[m][c], False))
        if (m, r, c) in spans:
            place, total = spans[m, r, c]
            mine.append((("span", place), total, True))
        number = len(self.low)
        self.low.append(least)
        self.high.append(most)
        self.at.append((m, r, c))
        self.of.append([])
        for key, total, soft in mine:
            one = sums.setdefault(key, _Sum(total, 0, 0, soft))
            one.least += least
            one.most += most
            one.cells.append(number)
            self.of[number].append(one)

    def solved(self) -> list[Table] | None:
        if self.paid > self.budget or not self._tightened(self.sums):
            return None
        if not self._search():
            return None
        layers = []
        for table in self.cube.low:
            layers.append([row[:] for row in table])
        for (m, r, c), value in zip(self.at, self.low, strict=True):
            layers[m][r][c] = value
        return layers

    def _search(self) -> bool:
        self.nodes += 1
        if self.nodes > _MOST_NODES:
            self.given_up = True
            return False
        cell = self._next()
        if cell is None:
            return True
        middle = (self.low[cell] + self.high[cell]) // 2
        for low, high in ((middle + 1, self.high[cell]), (self.low[cell], middle)):
            kept = (self.low[:], self.high[:], [(s.least, s.most) for s in self.sums], self.paid)
            if self._bounded(cell, low, high) and self._tightened(self.of[cell]) and self._search():
                return True
            self.low, self.high, room, self.paid = kept[0], kept[1], kept[2], kept[3]
            for one, (least, most) in zip(self.sums, room, strict=True):
                one.least, one.most = least, most
            if self.given_up:
                return False
        return False

    def _next(self) -> int | None:
        """An open cell of the total with the least room."""
        best, found = 0, None
        for one in self.sums:
            room = one.most - one.least
            if room and (found is None or room < best):
                best, found = room, one
        if found is None:
            return None
        return next(cell for cell in found.cells if self.low[cell] < self.high[cell])

    def _bounded(self, cell: int, low: int, high: int) -> bool:
        """Take the cell's new bounds into its totals; whether the slack they cost can be paid."""
        for one in self.of[cell]:
            before = one.off()
            one.least += low - self.low[cell]
            one.most += high - self.high[cell]
            if one.soft:
                self.paid += one.off() - before
            elif one.off():
                return False
        self.low[cell], self.high[cell] = low, high
        return self.paid <= self.budget

    def _tightened(self, first: Sequence[_Sum]) -> bool:
        """Draw what follows from the totals for their cells, until nothing more does."""
        queue = list(first)
        waiting = set(map(id, queue))
        while queue:
            one = queue.pop()
            waiting.discard(id(one))
            spare = self.budget - self.paid + one.off() if one.soft else 0
            for cell in one.cells:
                low, high = self.low[cell], self.high[cell]
                if low == high:
                    continue
                least = max(low, one.total - spare - (one.most - high))
                most = min(high, one.total + spare - (one.least - low))
                if least > most:
                    return False
                if (least, most) == (low, high):
                    continue
                if not self._bounded(cell, least, most):
                    return False
                for other in self.of[cell]:
                    if id(other) not in waiting:
                        waiting.add(id(other))
                        queue.append(other)
        return True


def _copied(tables: Sequence[Table]) -> list[Table]:
    copies = []
    for table in tables:
        copies.append([row[:] for row in table])
    return copies
