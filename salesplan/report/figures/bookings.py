"""The budget at each month's end: what the data sheet of bookings says, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from salesplan.dataclass import dataclass
from salesplan.engine.money.month_ends import MonthEnd
from salesplan.plan.model import BudgetStatus, Month, first_by_code
from salesplan.report.figures.context import DASH, Context
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address, letter, quoted

ZERO = Decimal(0)
FIRST_ROW = 6
"""1-based row of the first line."""
IDENTITY = ("code", "category", "granted")
SIDES = ("committed", "spent")
DERIVED = ("use", "rate", "status")


@dataclass(frozen=True)
class Bookings:
    """One row a budget line: what was booked in each month that has begun, and how the line stood
    at its end.

    The first month holds what was booked before the plan year, too. ``rows`` is empty where there
    is no line.
    """

    context: Context
    sheet: str

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """The months up to the report month."""
        ends = next(iter(self.context.results.budget_months.values()), ())
        return tuple(end.month for end in ends)

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """1-based row by line code, in the order of the sheet."""
        if not self.months:
            return {}
        known = self.context.results.budget_months
        lines = [one for one in first_by_code(self.context.plan.budget) if one.code in known]
        return {line.code: row for row, line in enumerate(lines, FIRST_ROW)}

    def column(self, group: str, index: int) -> int:
        """The 0-based column of a month in one of the groups."""
        return len(IDENTITY) + (*SIDES, *DERIVED).index(group) * len(self.months) + index

    def booked(self, code: str, side: str, value: Decimal) -> str | None:
        """The formula of all that was booked on a line; None where its months do not give
        ``value``.
        """
        if code not in self.rows or getattr(self._ends(code)[-1], side) != value:
            return None
        return self._sum(side, len(self.months) - 1, self.rows[code], self.rows[code])

    def total(self, side: str, index: int) -> str:
        """The formula of what was booked on all lines up to a month's end."""
        return self._sum(side, index, FIRST_ROW, FIRST_ROW + len(self.rows) - 1)

    def ref(self, code: str, group: str, index: int) -> str:
        """Where a line's figure of one month stands."""
        return f"{quoted(self.sheet)}!{letter(self.column(group, index))}{self.rows[code]}"

    def end(self, code: str, index: int) -> MonthEnd:
        """Where a budget line stands at a month's end."""
        return self._ends(code)[index]

    def written(
        self,
        granted: Mapping[str, str],
        status: Callable[[BudgetStatus | None], str],
        status_formula: Callable[[str, str], str],
    ) -> Iterator[Sequence[tuple[Scalar, str | None]]]:
        """The rows, cell by cell. ``granted``: where each line's grant stands; ``status``: the
        words of one, ``status_formula`` its formula from grant and use.
        """
        lines = {line.code: line for line in reversed(self.context.plan.budget)}
        for code, row in self.rows.items():
            ends = self._ends(code)
            cells: list[tuple[Scalar, str | None]] = [
                (code, None),
                (lines[code].category or DASH, None),
                (DASH if ends[0].granted is None else ends[0].granted, granted.get(code)),
            ]
            for side in SIDES:
                before = ZERO
                for end in ends:
                    now: Decimal = getattr(end, side)
                    cells.append((now - before, None))
                    before = now
            given = f"$C{row}"
            uses = [address(row - 1, self.column("use", index)) for index in range(len(ends))]
            for index, end in enumerate(ends):
                spans = "+".join(f"SUM({self._span(side, index, row, row)})" for side in SIDES)
                cells.append((end.use, f"ROUND({spans},{SUM_PLACES})"))
            for use, end in zip(uses, ends, strict=True):
                rate: Scalar = DASH if end.rate is None else to_places(end.rate, RATE_PLACES)
                cells.append(
                    (
                        rate,
                        f'IF(ISNUMBER({given}),IF({given}=0,"{DASH}",ROUND({use}/{given},'
                        f'{RATE_PLACES})),"{DASH}")',
                    )
                )
            for use, end in zip(uses, ends, strict=True):
                cells.append((status(end.status), status_formula(given, use)))
            yield cells

    def _ends(self, code: str) -> tuple[MonthEnd, ...]:
        return self.context.results.budget_months[code]

    def _span(self, side: str, index: int, first: int, last: int) -> str:
        left, right = letter(self.column(side, 0)), letter(self.column(side, index))
        return f"${left}{first}:${right}{last}"

    def _sum(self, side: str, index: int, first: int, last: int) -> str:
        return (
            f"ROUND(SUM({quoted(self.sheet)}!{self._span(side, index, first, last)}),{SUM_PLACES})"
        )
