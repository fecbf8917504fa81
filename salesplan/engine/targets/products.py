"""Product × unit × month: one KPI's months by product, for every unit of the tree.

The units' own months stand; products divide them. Of each unit and month the products make the
unit's target, and of each product and month the units make the product's target above: these two
hold always. What is typed for a product holds, too. The third margin, a product's year of a unit,
is typed, or the real one rounded; it is met wherever a whole table does
(:mod:`salesplan.engine.exact.cube`), and what cannot be met is told with its bound.

From the top down. At the top a product has what is typed for it, else the sum of what is typed
below it, else its part of last year's actuals (beside the tree: its part of the unit that an
overlay unit stands beside), else blank ones share the rest. What no row names
shares the rest as 其他, which takes up what typed products leave, also below zero (an error says
so). Below, a unit has of a product what is typed; where nothing is typed for it above, what is
typed below the unit; else its part as it has of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

from salesplan.dataclass import dataclass, field
from salesplan.engine.exact.cube import Cube, Rounded, Span, lower_bound, rounded
from salesplan.engine.exact.rounding import Table, in_units, largest_remainder, settle
from salesplan.engine.targets.quarters import months_of
from salesplan.findings import Finding, Place
from salesplan.plan.model import OTHER, Kpi, Lock, Month, TargetRow

MONTHS = 12
Key = tuple[str, str]
"""Unit code, product."""
_SCALE = 1_000
"""Real cells are reckoned in thousandths of a smallest unit."""
_FAR = 10**15
_TURNS = 30
_WIDER = (0, 1, 2, 4)
"""How far a cell may go beyond its two neighbours where the years ask for it."""
_WANDERED = 2
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Stage:
    """What is divided from month ``start`` on: each unit's months in smallest units, who is above
    whom, and the rows of products; ``beside``: by overlay unit at the top, whom it stands beside.

    Where it begins on a day within that month, ``stood`` is what of the month stands, by unit and
    product.
    """

    start: int
    months: Mapping[str, Sequence[int]]
    above: Mapping[str, str | None]
    rows: Mapping[Key, TargetRow]
    beside: Mapping[str, str] = field(default_factory=dict)
    stood: Mapping[Key, int] = field(default_factory=dict)

    def open(self, unit: str, products: Sequence[str]) -> Sequence[int]:
        """The unit's months, the first one divided without what stands of it."""
        stood = sum(self.stood.get((unit, product), 0) for product in products)
        return _less(self.months[unit], self.start, stood)


@dataclass(frozen=True, slots=True)
class Split:
    """Base months by unit and product in smallest units.

    ``stated``: by parent ("" and the unit at the top) what its division follows from, to see
    whether that has changed.
    """

    months: dict[Key, list[int]] = field(default_factory=dict)
    stated: dict[Key, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """What a product's row holds of the months divided: single months, and sums over others."""

    row: TargetRow
    fixed: Mapping[int, int]
    sums: tuple[tuple[tuple[int, ...], int], ...]

    @property
    def places(self) -> frozenset[int]:
        """The months of which it says something."""
        return frozenset(self.fixed).union(*(places for places, _ in self.sums))

    @property
    def total(self) -> int:
        """What it holds together."""
        return sum(self.fixed.values()) + sum(total for _, total in self.sums)


class Dividing:
    """One KPI's products, stage after stage."""

    def __init__(
        self,
        kpi: Kpi,
        products: Sequence[str],
        year: Sequence[Month],
        mix: Mapping[str, Fraction],
        name_of: Mapping[str, str],
    ) -> None:
        """``products`` in order, without the rest; ``mix``: each one's part of last year (OTHER:
        the rest's), empty where there is none.
        """
        self.kpi, self.year, self.mix, self.name_of = kpi, year, mix, name_of
        self.products = (*products, OTHER)
        self.findings: list[Finding] = []

    def divided(self, stage: Stage, before: Split | None) -> Split:
        """All units' months from the stage's start on; those before as they stand in ``before``. A
        group for which nothing has changed stays as it is.
        """
        division = _Division(self, stage, before)
        division.make()
        self.findings += division.findings
        return division.found


class _Division:
    """One stage while it is made."""

    def __init__(self, kpi: Dividing, stage: Stage, before: Split | None) -> None:
        self.all, self.stage, self.before = kpi, stage, before
        self.kpi, self.products = kpi.kpi, kpi.products
        self.start, self.width = stage.start, MONTHS - stage.start
        self.findings: list[Finding] = []
        self.found = Split()
        self.own = {unit: stage.open(unit, kpi.products) for unit in stage.months}
        """Each unit's months; of the first one divided only what is left of it."""
        self.below: dict[str, list[str]] = {}
        for unit in stage.months:
            self.below.setdefault(stage.above.get(unit) or "", []).append(unit)
        self.held = self._held()
        self.summed = self._summed()
        """What units hold that is the sum of what is typed below them."""
        self.held |= self.summed

    def make(self) -> None:
        tops = sorted(self.below.get("", ()), key=lambda top: top in self.stage.beside)
        for top in tops:
            self._top(top)
            self._tree(top)

    def _tree(self, top: str) -> None:
        queue = [top]
        while queue:
            unit = queue.pop(0)
            kids = self.below.get(unit, [])
            if kids:
                self._group(unit, kids)
                queue += kids

    # --- what rows hold -----------------------------------------------------------------------

    def _held(self) -> dict[Key, Held]:
        found: dict[Key, Held] = {}
        for key, row in self.stage.rows.items():
            if key[0] in self.stage.months and key[1] in self.products[:-1]:
                one = self._read(row, self._closed(key), self.stage.stood.get(key, 0))
                if one is not None:
                    found[key] = one
        return found

    def _summed(self) -> dict[Key, Held]:
        """Of products for which neither a unit nor one above it has a row: what those below the
        unit have typed, if that is whole. So the sum goes up the tree, level by level.
        """
        found: dict[Key, Held] = {}
        tops, typed = self.below.get("", ()), {product for _, product in self.held}
        queue = [(top, typed) for top in tops]
        for unit, loose in queue:  # grows; loose: of which nobody above has a row
            mine = {p for p in loose if (unit, p) not in self.held}
            queue += [(kid, mine) for kid in self.below.get(unit, ())]
            for p in () if unit in tops else mine:
                one = self._sum_below(unit, p)
                if one is not None:
                    found[unit, p] = one
        return found

    def _sum_below(self, unit: str, product: str) -> Held | None:
        total, row = self._need(unit, product), self._row_below(unit, product)
        if total is None or row is None:
            return None
        months = self._by_months_below(unit, product)
        if months is None:
            return Held(row, {}, ((tuple(range(self.start, MONTHS)), total),))
        return Held(row, dict(enumerate((m // _SCALE for m in months), self.start)), ())

    def _row_below(self, unit: str, product: str) -> TargetRow | None:
        """The first row of the product below the unit."""
        for kid in self.below.get(unit, ()):
            one = self.held.get((kid, product))
            row = self._row_below(kid, product) if one is None else one.row
            if row is not None:
                return row
        return None

    def _closed(self, key: Key) -> Sequence[int]:
        known = None if self.before is None else self.before.months.get(key)
        return [0] * self.start if known is None else known[: self.start]

    def _read(self, row: TargetRow, closed: Sequence[int], stood: int) -> Held | None:
        """What is typed (or locked as it was filled) of the months that are divided, without what
        has ``stood`` of the first of them.
        """
        months = [
            self._whole(row, f"manual{month.month}", value)
            for month, value in zip(self.all.year, row.manual_months, strict=True)
        ]
        year = self._whole(row, "manual_year", row.manual_year)
        if row.lock is Lock.MONTHS and None not in row.stored_months:
            months = [
                self._whole(row, "lock", stored) if month is None else month
                for month, stored in zip(months, row.stored_months, strict=True)
            ]
        elif row.lock is not None and year is None:
            year = self._whole(row, "lock", row.stored_base_year)
        known: dict[int, int] = dict(enumerate(closed))
        known |= {
            at: month - (stood if at == self.start else 0)
            for at, month in enumerate(months)
            if month is not None and at >= self.start
        }
        free = [at for at in range(MONTHS) if at not in known]
        sums: list[tuple[tuple[int, ...], int]] = []
        for quarter, typed in enumerate(row.manual_quarters):
            total = self._whole(row, f"manual_quarter{quarter + 1}", typed)
            if total is not None:
                part = stood if quarter == self.start // 3 else 0
                free = self._sum_over(row, quarter, total, part, known, free, sums)
        if year is not None:
            left = year - stood - sum(known.values()) - sum(total for _, total in sums)
            other_sign = left < 0 <= year or year <= 0 < left
            if free and not other_sign:
                sums.append((tuple(free), left))
            elif left:
                self._differs(row, "manual_year", year, year - left)
        fixed = {at: month for at, month in known.items() if at >= self.start}
        return Held(row, fixed, tuple(sums)) if fixed or sums else None

    def _sum_over(
        self,
        row: TargetRow,
        quarter: int,
        total: int,
        stood: int,
        known: Mapping[int, int],
        free: list[int],
        sums: list[tuple[tuple[int, ...], int]],
    ) -> list[int]:
        """Take in a typed quarter; the months that are free of it."""
        inside = stood + sum(known.get(at, 0) for at in months_of(quarter))
        places = tuple(at for at in months_of(quarter) if at in free)
        left = total - inside
        if places and not (left < 0 <= total or total <= 0 < left):
            sums.append((places, left))
        elif left:
            places = ()
            self._differs(row, f"manual_quarter{quarter + 1}", total, inside)
        return [at for at in free if at not in places]

    def _whole(self, row: TargetRow, cell: str, value: Decimal | None) -> int | None:
        if value is None:
            return None
        smallest = self.kpi.smallest_unit
        units = in_units(value, smallest)
        if units is None:
            place = row.origin.place(cell)
            self._say(
                "target-not-multiple", place, kpi=self.kpi.name, value=value, smallest=smallest
            )
        return units

    def _differs(self, row: TargetRow, cell: str, value: int, other: int) -> None:
        self._say(
            "target-product-differs",
            row.origin.place(cell),
            kpi=self.kpi.name,
            product=row.product,
            unit=self._name(row.unit),
            value=self._amount(value),
            total=self._amount(other),
        )

    # --- the top ------------------------------------------------------------------------------

    def _top(self, top: str) -> None:
        """The products of a unit whose target is no part of another's."""
        own = self.own[top]
        years = {p: year for p in self.products[:-1] if (year := self._need(top, p)) is not None}
        rows = tuple(
            (key, _typed(row))
            for key, row in self.stage.rows.items()
            if key[0] == top or (top, key[1]) not in self.held
        )
        mix = self._mix(top)
        asked = (tuple(self.stage.months[top]), rows, tuple(mix.items()))
        if self._stands(("", top), asked, [top]):
            return
        mine = {p: self.held[top, p] for p in self.products if (top, p) in self.held}
        rest = max(sum(own[self.start :]) - sum(years.values()), 0)
        years |= self._shared([p for p in self.products[:-1] if p not in years], rest, mix)
        lines = [
            self._by_months_below(top, p) or self._lie(own, mine.get(p), years[p])
            for p in self.products[:-1]
        ]
        lines.append(
            [
                month * _SCALE - sum(column)
                for month, column in zip(own[self.start :], zip(*lines, strict=True), strict=True)
            ]
        )
        tables = [[list(column)] for column in zip(*lines, strict=True)]
        spans = self._typed_spans([top])
        spans += [
            Span(0, c, tuple(range(self.width)), years[p])
            for c, p in enumerate(self.products)
            if p in years and p not in mine
        ]
        made = self._rounded(tables, [top], [[month] for month in own[self.start :]], None, spans)
        if made is not None:
            self._lay(made, [top])
            self._note_rest([top])

    def _need(self, unit: str, product: str) -> int | None:
        """What the product has of the months divided by its own row, else by those below; None
        where nothing is typed.
        """
        own = self.held.get((unit, product))
        if own is not None:
            return own.total if len(own.places) == self.width else None
        parts = [self._need(kid, product) for kid in self.below.get(unit, ())]
        known = [part for part in parts if part is not None]
        return sum(known) if known else None

    def _by_months_below(self, unit: str, product: str) -> list[int] | None:
        """The product's months in thousandths, where nothing is typed for it and all that is typed
        below it is typed month by month; None otherwise.
        """
        if (unit, product) in self.held:
            return None
        whole = [0] * self.width
        found = False
        for kid in self.below.get(unit, ()):
            one = self.held.get((kid, product))
            if one is not None and len(one.fixed) < self.width:
                return None
            if one is not None:
                months = [one.fixed[at] * _SCALE for at in range(self.start, MONTHS)]
            elif self._need(kid, product) is None:
                continue
            else:
                below = self._by_months_below(kid, product)
                if below is None:
                    return None
                months = below
            found = True
            whole = [a + b for a, b in zip(whole, months, strict=True)]
        return whole if found else None

    def _mix(self, top: str) -> Mapping[str, Fraction]:
        """The products' weights where nothing is typed: last year's; of an overlay unit those of
        the unit that it stands beside.
        """
        model = self.stage.beside.get(top, "")
        years = {p: sum(self.found.months.get((model, p), ())[self.start :]) for p in self.products}
        if all(year >= 0 for year in years.values()) and any(years.values()):
            return {p: Fraction(year) for p, year in years.items()}
        return self.all.mix

    def _shared(
        self, unknown: Sequence[str], rest: int, mix: Mapping[str, Fraction]
    ) -> dict[str, int]:
        """What each product takes of the rest of which nothing is typed."""
        weights = [mix.get(p, Fraction(0)) for p in (*unknown, OTHER)]
        if not any(weights):
            weights = [*[Fraction(1)] * len(unknown), Fraction(not unknown)]
        return dict(zip(unknown, largest_remainder(rest, weights), strict=False))

    # --- a group ------------------------------------------------------------------------------

    def _group(self, parent: str, kids: Sequence[str]) -> None:
        """The parent's products over its children."""
        if any((parent, p) not in self.found.months for p in self.products):
            return
        above = [self.found.months[parent, p] for p in self.products]
        rows = tuple((key, _typed(row)) for key, row in self.stage.rows.items() if key[0] in kids)
        rows += tuple((key, one) for key, one in self.summed.items() if key[0] in kids)
        theirs = tuple(tuple(self.stage.months[kid]) for kid in kids)
        if self._stands((parent, ""), (tuple(map(tuple, above)), theirs, tuple(kids), rows), kids):
            return
        own = [self.own[kid] for kid in kids]
        open_above = [
            _less(line, self.start, self.stage.stood.get((parent, p), 0))
            for line, p in zip(above, self.products, strict=True)
        ]
        months = range(self.start, MONTHS)
        across, down = _by_month(open_above, months), _by_month(own, months)
        loose = [sum(line) - sum(row) for line, row in zip(across, down, strict=True)]
        down = [[*row, left] for row, left in zip(down, loose, strict=True)]
        tables = self._tables(kids, own, down, across)
        still = self._still(kids, own, tables)
        made = self._with_still(still, kids, own, down, across) if still else None
        if made is None:
            spans = [*self._typed_spans(kids), *self._years(tables, kids, down, across)]
            made = self._rounded(tables, kids, down, across, spans, parent)
        if made is None:
            return
        self._lay(made, kids)
        self._note_rest(kids)
        self._note_over(parent, kids, loose, [layer[len(kids)] for layer in made.layers])

    def _tables(
        self,
        kids: Sequence[str],
        own: Sequence[Sequence[int]],
        down: Sequence[Sequence[int]],
        across: Sequence[Sequence[int]],
    ) -> list[Table]:
        held: dict[tuple[int, int], dict[int, int]] = {}
        for (r, kid), (c, p) in product(enumerate(kids), enumerate(self.products)):
            one = self.held.get((kid, p))
            if one is not None:
                line = dict(enumerate(self._lie(own[r], one, 0), self.start))
                held[r, c] = {at: line[at] for at in one.places}
        return [
            _real(at, rows, columns, held)
            for at, rows, columns in zip(range(self.start, MONTHS), down, across, strict=True)
        ]

    def _still(
        self, kids: Sequence[str], own: Sequence[Sequence[int]], tables: Sequence[Table]
    ) -> dict[Key, Held]:
        """The products of children that would only be rounded anew: whose own months are as they
        were, and the real ones of their products, too, but for what rounding does.
        """
        found: dict[Key, Held] = {}
        for r, kid in enumerate(kids):
            lines: dict[str, list[int]] = {}
            for c, p in enumerate(self.products):
                line = self._as_before((kid, p), [table[r][c] for table in tables])
                if line is not None:
                    lines[p] = line
            sums = list(map(sum, zip(*lines.values(), strict=True)))
            if len(lines) == len(self.products) and sums == list(own[r][self.start :]):
                for p, line in lines.items():
                    row = TargetRow(kpi=self.kpi.code, unit=kid, product=p)
                    found[kid, p] = Held(row, dict(enumerate(line, self.start)), ())
        return found

    def _as_before(self, key: Key, real: Sequence[int]) -> list[int] | None:
        """What the months were, where they make what is typed, and the real ones: each of them but
        for how far rounding takes a month to meet a year, and their sum to less than one unit.
        """
        line = None if self.before is None else self.before.months.get(key)
        if line is None:
            return None
        months = _less(line, self.start, self.stage.stood.get(key, 0))
        open_months = list(months[self.start :])
        held = self.held.get(key)
        for places, total in () if held is None else held.sums:
            if sum(months[at] for at in places) != total:
                return None
        off = [month * _SCALE - cell for month, cell in zip(open_months, real, strict=True)]
        near = max(map(abs, off)) < _WANDERED * _SCALE and abs(sum(off)) < _SCALE
        return open_months if near else None

    def _with_still(
        self,
        still: Mapping[Key, Held],
        kids: Sequence[str],
        own: Sequence[Sequence[int]],
        down: Sequence[Sequence[int]],
        across: Sequence[Sequence[int]],
    ) -> Rounded | None:
        """The group's table with the children that stand still as they were; None where the others
        cannot be had exactly then.
        """
        typed, said = self.held, list(self.findings)
        self.held = {**typed, **still}
        tables = self._tables(kids, own, down, across)
        spans = [*self._typed_spans(kids), *self._years(tables, kids, down, across)]
        made = self._rounded(tables, kids, down, across, spans)
        self.held, self.findings = typed, said
        return made if made is not None and not made.slack else None

    def _years(
        self,
        tables: Sequence[Table],
        kids: Sequence[str],
        down: Sequence[Sequence[int]],
        across: Sequence[Sequence[int]],
    ) -> list[Span]:
        """The year of each unit and product that is not typed: its part of both, rounded so that
        both sums are exact.
        """
        rows, columns = _column_sums(down), _column_sums(across)
        real = [[0] * len(columns) for _ in rows]
        fixed = [[False] * len(columns) for _ in rows]
        for r, kid in enumerate(kids):
            for c, p in enumerate(self.products):
                if (kid, p) in self.held:
                    real[r][c] = sum(table[r][c] for table in tables)
                    fixed[r][c] = True
        _proportional(real, fixed, *_gaps(real, rows, columns))
        _settled(real, fixed, rows, columns)
        whole = _floors(real)
        low = [row[:] for row in whole]
        high = _ceilings(real)
        gaps = [total - sum(row) for total, row in zip(rows, whole, strict=True)]
        lines = zip(columns, zip(*whole, strict=True), strict=True)
        settle(whole, low, high, gaps, [total - sum(column) for total, column in lines])
        return [
            Span(r, c, tuple(range(self.width)), whole[r][c])
            for (r, kid), (c, p) in product(enumerate(kids), enumerate(self.products))
            if (kid, p) not in self.held
        ]

    # --- from real to whole -------------------------------------------------------------------

    def _typed_spans(self, units: Sequence[str]) -> list[Span]:
        found = []
        for (r, unit), (c, p) in product(enumerate(units), enumerate(self.products)):
            held = self.held.get((unit, p))
            for places, total in () if held is None else held.sums:
                found.append(Span(r, c, tuple(at - self.start for at in places), total))
        return found

    def _rounded(
        self,
        tables: Sequence[Table],
        units: Sequence[str],
        rows: Sequence[Sequence[int]],
        columns: Sequence[Sequence[int]] | None,
        spans: Sequence[Span],
        parent: str = "",
    ) -> Rounded | None:
        """The table of least slack; cells go beyond their two neighbours only where that helps."""
        best: Rounded | None = None
        for reach in _WIDER:
            low, high = self._bounds(tables, units, reach)
            cube = Cube(low, high, rows, columns, spans)
            made = rounded(cube, effort=100 if cube.cells < 4_000 else 20, prove=False)
            if made is not None and (best is None or made.slack < best.slack):
                best = made
            if best is not None and not best.slack:
                return best
        if best is not None:
            bound = lower_bound(cube, best, turns=50)
            self._note_slack(best, bound, units, parent or units[0])
        return best

    def _bounds(
        self, tables: Sequence[Table], units: Sequence[str], reach: int
    ) -> tuple[list[Table], list[Table]]:
        """The two neighbours of each real cell, and ``reach`` beyond. Typed months stay, and so
        does what is nothing; no cell changes its sign.
        """
        low, high = list(map(_floors, tables)), list(map(_ceilings, tables))
        for m, table in enumerate(tables):
            for r, row in enumerate(table):
                for c, cell in enumerate(row):
                    one = self.held.get((units[r], self.products[c])) if r < len(units) else None
                    if one is not None and m + self.start in one.fixed:
                        low[m][r][c] = high[m][r][c] = one.fixed[m + self.start]
                    elif reach and cell:
                        least, most = low[m][r][c] - reach, high[m][r][c] + reach
                        low[m][r][c] = max(least, 0) if cell > 0 else least
                        high[m][r][c] = min(most, 0) if cell < 0 else most
        return low, high

    def _lie(self, own: Sequence[int], one: Held | None, total: int) -> list[int]:
        """A product's months in thousandths: what is held; sums, and the ``total`` of which nothing
        is held, as the unit's own months lie.
        """
        found = [0] * self.width
        places = [(tuple(range(self.start, MONTHS)), total)]
        if one is not None:
            for at, value in one.fixed.items():
                found[at - self.start] = value * _SCALE
            free = tuple(at for at in range(self.start, MONTHS) if at not in one.places)
            part = total * len(free) // self.width
            places = [*one.sums, *([(free, part)] if free else [])]
        for spot, whole in places:
            weights = [abs(own[at]) for at in spot]
            weights = weights if any(weights) else [1] * len(spot)
            for at, part in zip(spot, largest_remainder(whole * _SCALE, weights), strict=True):
                found[at - self.start] = part
        return found

    def _lay(self, made: Rounded, units: Sequence[str]) -> None:
        for r, unit in enumerate(units):
            for c, p in enumerate(self.products):
                first, *line = [layer[r][c] for layer in made.layers]
                first += self.stage.stood.get((unit, p), 0)
                self.found.months[unit, p] = [*self._closed((unit, p)), first, *line]

    def _stands(self, name: Key, asked: object, units: Sequence[str]) -> bool:
        """Whether the group follows from what it followed from before: then its months stay."""
        self.found.stated[name] = asked
        before = self.before
        if before is None or before.stated.get(name) != asked:
            return False
        keys = list(product(units, self.products))
        if any(key not in before.months for key in keys):
            return False
        self.found.months.update({key: before.months[key] for key in keys})
        return True

    # --- what is said -------------------------------------------------------------------------

    def _note_slack(self, made: Rounded, bound: int, units: Sequence[str], parent: str) -> None:
        cells = [
            (self._name(units[span.row]), self.products[span.column])
            for span, _ in made.off
            if span.row < len(units)
        ]
        named = [f"{unit} × {_label(product)}" for unit, product in cells[:_NAMED]]
        self._say(
            "target-product-slack",
            self.kpi.origin.place("code"),
            kpi=self.kpi.name,
            parent=self._name(parent),
            slack=self._amount(made.slack),
            bound=self._amount(bound),
            cells=[*named, *(["…"] if len(cells) > _NAMED else [])],
        )

    def _note_rest(self, units: Sequence[str]) -> None:
        """Typed products that are more than the unit's own target."""
        for unit in units:
            rest, own = self.found.months[unit, OTHER], self.stage.months[unit]
            over = -sum(
                month
                for month, whole in zip(rest[self.start :], own[self.start :], strict=True)
                if month < 0 <= whole
            )
            rows = [one.row for key, one in self.held.items() if key[0] == unit]
            if over > 0 and rows:
                self._say(
                    "target-product-over-unit",
                    _place(rows[-1], self.all.year),
                    kpi=self.kpi.name,
                    unit=self._name(unit),
                    amount=self._amount(over),
                )

    def _note_over(
        self,
        parent: str,
        kids: Sequence[str],
        loose: Sequence[int],
        nobody: Sequence[Sequence[int]],
    ) -> None:
        """Typed products of units that are more than the unit above has of them, or less with
        nobody to take the rest; of what is ``loose`` of each month ``nobody`` has these products.
        """
        for c, p in enumerate(self.products[:-1]):
            rows = [self.held[kid, p].row for kid in kids if (kid, p) in self.held]
            left = [month[c] for month in nobody]
            over = -sum(
                month for month, whole in zip(left, loose, strict=True) if month < 0 <= whole
            )
            short = sum(left) if len(rows) == len(kids) and not any(loose) else 0
            if rows and (over > 0 or short > 0):
                self._say(
                    "target-product-over-parent" if over > 0 else "target-product-short",
                    _place(rows[-1], self.all.year),
                    kpi=self.kpi.name,
                    product=p,
                    parent=self._name(parent),
                    amount=self._amount(over if over > 0 else short),
                )

    def _say(self, code: str, place: Place, **params: object) -> None:
        finding = Finding.of(code, place, **params)
        if finding not in self.findings:
            self.findings.append(finding)

    def _name(self, unit: str) -> str:
        return self.all.name_of.get(unit) or unit

    def _amount(self, units: int) -> Decimal:
        return units * self.kpi.smallest_unit


def _typed(row: TargetRow) -> object:
    """What of a row decides its months."""
    held = (row.stored_base_year, row.stored_months) if row.lock is not None else None
    return row.manual_year, row.manual_quarters, row.manual_months, row.lock, held


def _place(row: TargetRow, year: Sequence[Month]) -> Place:
    """The first cell of the row in which something is typed."""
    return row.origin.place(next(iter(row.manual(year)), "product"))


def _label(product: str) -> str:
    return "其他 (Other)" if product == OTHER else product


def _real(
    at: int,
    rows: Sequence[int],
    columns: Sequence[int],
    held: Mapping[tuple[int, int], Mapping[int, int]],
) -> Table:
    """One month in thousandths: what is ``held`` of it, by row and column, as it is, the others as
    their unit's and their product's parts, both margins exact. The last row is nobody's.
    """
    table = [[0] * len(columns) for _ in rows]
    fixed = [[False] * len(columns) for _ in rows]
    for (r, c), months in held.items():
        if at in months:
            table[r][c] = months[at]
            fixed[r][c] = True
    left, need = _gaps(table, rows, columns)
    _proportional(table, fixed, left, need)
    _settled(table, fixed, rows, columns)
    return table


def _gaps(table: Table, rows: Iterable[int], columns: Iterable[int]) -> tuple[list[int], list[int]]:
    """What is missing of the totals, in thousandths."""
    return (
        [total * _SCALE - sum(row) for total, row in zip(rows, table, strict=True)],
        [
            total * _SCALE - sum(column)
            for total, column in zip(columns, zip(*table, strict=True), strict=True)
        ],
    )


def _proportional(
    table: Table, fixed: list[list[bool]], left: Sequence[int], need: Sequence[int]
) -> None:
    """Fill the cells that are not fixed as rows and columns have them to give, by turns (iterative
    proportional fitting, Deming and Stephan 1940). What is below zero takes no part.
    """
    rows, columns = [max(one, 0) for one in left], [max(one, 0) for one in need]
    total = sum(columns)
    if not total or not sum(rows):
        return
    cells: Table = []
    for a, line in zip(rows, fixed, strict=True):
        cells.append([0 if held else a * b // total for b, held in zip(columns, line, strict=True)])
    before: Table = []
    for _ in range(_TURNS if any(map(any, fixed)) else 1):
        if cells == before:  # so would every turn leave them
            break
        before = [row[:] for row in cells]
        for r, a in enumerate(rows):
            have = sum(cells[r])
            cells[r] = [cell * a // have for cell in cells[r]] if have else cells[r]
        for c, b in enumerate(columns):
            have = sum(row[c] for row in cells)
            for row in cells if have else ():
                row[c] = row[c] * b // have
    for row, made, stays in zip(table, cells, fixed, strict=True):
        row[:] = [old if kept else new for old, new, kept in zip(row, made, stays, strict=True)]


def _settled(
    table: Table, fixed: list[list[bool]], rows: Sequence[int], columns: Sequence[int]
) -> None:
    """Bring real cells to their margins. What typed cells leave or ask for too much goes to 其他
    (the last column) and to nobody (the last row), if it must be, below zero.
    """
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    for turn in range(3):
        low = [row[:] for row in table]
        high = [row[:] for row in table]
        for r, row in enumerate(table):
            for c, value in enumerate(row):
                if fixed[r][c] or (turn == 0 and r == last_row and not rows[r]):
                    continue
                beyond = turn == 2 and (r == last_row or c == last_column)
                low[r][c] = -_FAR if beyond else min(value, 0)
                high[r][c] = _FAR
        if settle(table, low, high, *_gaps(table, rows, columns)):
            return


def _less(months: Sequence[int], at: int, part: int) -> Sequence[int]:
    """The months, without a part of one of them."""
    return [*months[:at], months[at] - part, *months[at + 1 :]] if part else months


def _by_month(lines: Sequence[Sequence[int]], months: Iterable[int]) -> list[list[int]]:
    """Lines of months as a line of each month."""
    found = []
    for at in months:
        found.append([line[at] for line in lines])
    return found


def _column_sums(table: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*table, strict=True)]


def _floors(table: Table) -> Table:
    """Cells in whole units, rounded down."""
    found = []
    for row in table:
        found.append([cell // _SCALE for cell in row])
    return found


def _ceilings(table: Table) -> Table:
    """Cells in whole units, rounded up."""
    found = []
    for row in table:
        found.append([-(-cell // _SCALE) for cell in row])
    return found
