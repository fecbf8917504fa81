"""The actual rows behind the numbers, in an order in which those of any unit, with all below it,
stand together.

By KPI, by month, by unit down the tree: what a unit's figure is the sum of is one block of lines,
so that ``SUM`` over the block gives the figure (see docs/decisions.md for why not ``SUMIFS``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import accumulate, chain

from salesplan.dataclass import dataclass, field
from salesplan.engine.exact.figures import amount
from salesplan.plan.model import Actuals, Kpi, KpiKind, Month, Unit
from salesplan.plan.model.actuals import FIRST_LINKED, FIRST_RECORD
from salesplan.report.figures.context import Context
from salesplan.report.figures.formulas import SUM_PLACES
from salesplan.report.xlsx.places import quoted

FIRST_ROW = 6
"""1-based row of the first line."""
FIGURES: Mapping[str, str] = {"quantity": "K", "value": "L", "numerator": "M", "denominator": "N"}
"""The columns of figures, and the letters under which they stand."""
MOST_LINES = 1_000_000
"""A sheet has no room for more (1,048,576 rows)."""

Group = tuple[str, str, Month]
"""KPI code, unit code, month."""


class Period(Enum):
    """Whose rows the report holds."""

    MONTH = "month"
    YTD = "ytd"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Lines:
    """One unit's own lines of a KPI and month: rows of the actuals by index, and the sum of
    ``left_out`` others as a line of its own.
    """

    unit: Unit
    rows: Sequence[int]
    left_out: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.rows) + bool(self.left_out)


@dataclass(frozen=True, slots=True)
class Block:
    """One KPI in one month: the units with lines, and where each unit of the tree begins, the last
    one's end behind.
    """

    kpi: Kpi
    month: Month
    lines: tuple[Lines, ...]
    starts: Sequence[int]
    sums: Mapping[str, Sequence[int]] = field(repr=False)
    """By column of figures: the sum of all lines before each unit of the tree."""


@dataclass(frozen=True)
class Details:
    """The lines of ``period``, at most ``limit`` where no unit's are cut below one; empty where
    there is no room for even those.
    """

    context: Context
    sheet: str
    period: Period
    limit: int

    @property
    def months(self) -> tuple[Month, ...]:
        """The months whose rows are shown: those of the span that is reported, or the year's up to
        the report month.
        """
        report_span = self.context.report_span
        return (
            report_span.months[: report_span.here + 1]
            if self.period is Period.YTD
            else report_span.begun
        )

    @cached_property
    def blocks(self) -> Mapping[tuple[str, Month], Block]:
        """In the order of the sheet."""
        if self.period is Period.NONE or len(self._groups) > MOST_LINES:
            return {}
        found: dict[tuple[str, Month], Block] = {}
        row = FIRST_ROW
        by_block: dict[tuple[str, Month], dict[str, Sequence[int]]] = {}
        for (code, unit, month), rows in self._groups.items():
            by_block.setdefault((code, month), {})[unit] = rows
        for kpi in self.context.plan.kpis:
            for month in self.months:
                if (kpi.code, month) in by_block:
                    found[kpi.code, month] = block = self._block(
                        kpi, month, by_block[kpi.code, month], row
                    )
                    row = block.starts[-1]
        return found

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return sum(map(len, chain.from_iterable(block.lines for block in self.blocks.values())))

    @property
    def total(self) -> int:
        """How many rows of the actuals stand behind the lines, of a linked source its records."""
        if not self.context.plan.actuals.behind:
            return sum(map(len, self._groups.values()))
        return sum(self.records(rows) for rows in self._groups.values())

    def records(self, rows: Sequence[int]) -> int:
        """How many rows these are; groups of a linked source stand for their records."""
        actuals = self.context.plan.actuals
        found = (actuals.behind.get(actuals.rows[i], 1) for i in rows)
        return sum(one if isinstance(one, int) else 1 for one in found)

    def formula(
        self, kpi: Kpi, unit: str, month: Month, value: Decimal, columns: Sequence[str] = ("value",)
    ) -> str | None:
        """The formula of a figure over the lines of the unit and all below it, in the first of the
        columns that gives ``value``; None if none does.
        """
        block, place = self.blocks.get((kpi.code, month)), self._places.get(unit)
        if block is None or place is None:
            return None
        first, last = block.starts[place[0]], block.starts[place[1]] - 1
        if last < first:
            return None
        for column in columns:
            ref = f"{quoted(self.sheet)}!{FIGURES[column]}{first}:{FIGURES[column]}{last}"
            if kpi.kind.least_counts:
                if value == self._least(block, place):
                    return f"MIN({ref})"
            elif amount(block.sums[column][place[1]] - block.sums[column][place[0]]) == value:
                return f"ROUND(SUM({ref}),{SUM_PLACES})"
        return None

    @cached_property
    def _tree(self) -> tuple[tuple[int, Unit], ...]:
        return tuple(self.context.plan.walk())

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, int]]:
        """By unit code: its place down the tree, and that behind the last one below it."""
        found: dict[str, tuple[int, int]] = {}
        open_units: list[tuple[int, str, int]] = []
        for place, (depth, unit) in enumerate((*self._tree, (0, None))):
            while open_units and open_units[-1][0] >= depth:
                _, code, first = open_units.pop()
                found[code] = (first, place)
            if unit is not None:
                open_units.append((depth, unit.code, place))
        return found

    @cached_property
    def _groups(self) -> Mapping[Group, Sequence[int]]:
        months, units = set(self.months), {unit.code for _, unit in self._tree}
        return {
            key: rows
            for key, rows in self.context.facts.rows.items()
            if key[2] in months and key[1] in units
        }

    @cached_property
    def _most(self) -> int:
        """How many rows of a group are shown at most, so that all keep within the limit; the others
        are one line.
        """
        sizes = [len(rows) for rows in self._groups.values()]
        limit = min(self.limit, MOST_LINES)
        if sum(sizes) <= limit:
            return max(sizes, default=0)
        low, high = 0, max(sizes)
        while low < high:
            middle = (low + high + 1) // 2
            if sum(size if size <= middle + 1 else middle + 1 for size in sizes) <= limit:
                low = middle
            else:
                high = middle - 1
        return low

    def _block(
        self, kpi: Kpi, month: Month, groups: Mapping[str, Sequence[int]], row: int
    ) -> Block:
        lines = {
            unit.code: self._lines(unit, groups[unit.code])
            for _, unit in self._tree
            if unit.code in groups
        }
        counts = (len(lines[unit.code]) if unit.code in lines else 0 for _, unit in self._tree)
        actuals = self.context.plan.actuals
        sums: dict[str, Sequence[int]] = {}
        for name in FIGURES:
            column = getattr(actuals, name)
            own = []
            for _, unit in self._tree:
                values = (column[i] for i in groups.get(unit.code, ()))
                own.append(sum(value for value in values if value is not None))
            sums[name] = tuple(accumulate(own, initial=0))
        return Block(
            kpi, month, tuple(lines.values()), tuple(accumulate(counts, initial=row)), sums
        )

    def _lines(self, unit: Unit, rows: Sequence[int]) -> Lines:
        """The rows, the largest ones if they are too many; where records of a linked source are
        shown by themselves, its groups are among the others.
        """
        actuals = self.context.plan.actuals
        groups = self._other_groups(rows)
        if len(rows) <= self._most + 1 and not groups:
            return Lines(unit, rows)
        apart = [i for i in rows if i not in groups]
        order = sorted(apart, key=lambda i: (-_size(actuals, i), i))
        shown = set(order[: self._most])
        return Lines(unit, [i for i in rows if i in shown], [*order[self._most :], *sorted(groups)])

    def _other_groups(self, rows: Sequence[int]) -> frozenset[int]:
        """Of rows among which records of a linked source are, those that are its groups."""
        actuals = self.context.plan.actuals
        if not actuals.behind or all(actuals.rows[i] < FIRST_RECORD for i in rows):
            return frozenset()
        return frozenset(i for i in rows if FIRST_LINKED <= actuals.rows[i] < FIRST_RECORD)

    def _least(self, block: Block, place: tuple[int, int]) -> Decimal | None:
        column, inside = (
            self.context.plan.actuals.value,
            {unit.code for _, unit in self._tree[place[0] : place[1]]},
        )
        known = []
        for lines in block.lines:
            if lines.unit.code in inside:
                values = (column[i] for i in (*lines.rows, *lines.left_out))
                known += [value for value in values if value is not None]
        return amount(min(known)) if known else None


def _size(actuals: Actuals, index: int) -> int:
    return abs(
        next(
            (
                v
                for v in (actuals.value[index], actuals.numerator[index], actuals.quantity[index])
                if v is not None
            ),
            0,
        )
    )


def rest(actuals: Actuals, kind: KpiKind, rows: Sequence[int]) -> Iterator[int | None]:
    """The figures, in the order of the columns, of the line that stands for rows that are not
    shown.
    """
    for name in FIGURES:
        column: Sequence[int | None] = getattr(actuals, name)
        known = [v for i in rows if (v := column[i]) is not None]
        if not known:
            yield None
        else:
            yield min(known) if kind.least_counts else sum(known)
