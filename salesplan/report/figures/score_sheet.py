"""The score sheet: every unit's scores by KPI, the weights above them, and the weighted score."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Kpi, Level, Unit
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.ledger import Cell, Ledger
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import letter, quoted

FIRST_ROW = 7
"""1-based row of the first unit; the weights stand one row above."""
WEIGHT_ROW = FIRST_ROW - 1
FIRST_COLUMN = 4


@dataclass(slots=True)
class BoardRow:
    """One unit: its row, the rows of its level, and its ranks by span."""

    unit: Unit
    row: int
    group: tuple[int, int] = (0, 0)
    ranks: Mapping[Span, Scalar] | None = None


@dataclass(frozen=True)
class Board:
    """Scores of all units that have any figure, by level and down the tree."""

    ledger: Ledger
    sheet: str

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The spans that have a score, each in columns of its own."""
        return self.ledger.context.scored

    @cached_property
    def kpis(self) -> tuple[Kpi, ...]:
        """The KPIs, one column each."""
        return self.ledger.context.kpis

    @cached_property
    def equal(self) -> bool:
        """Whether no KPI has a weight, so that all weigh the same."""
        return all(kpi.weight is None for kpi in self.ledger.context.plan.kpis)

    def weight(self, kpi: Kpi) -> Scalar:
        """The weight as it is shown: a dash where there is none, 1 where all count alike."""
        if self.equal:
            return 1
        return DASH if kpi.weight is None or kpi.weight < 0 else kpi.weight

    @cached_property
    def rows(self) -> tuple[BoardRow, ...]:
        """The units by level, in the order of the tree."""
        order = {level: index for index, level in enumerate(Level)}
        units = {unit.code: unit for _, unit, _ in self.ledger.context.pairs}
        tree = [unit for _, unit in self.ledger.context.plan.walk() if unit.code in units]
        rows = [
            BoardRow(unit, FIRST_ROW + index)
            for index, unit in enumerate(sorted(tree, key=lambda unit: order[unit.level]))
        ]
        for members in _levels(rows):
            for row in members:
                row.group = (members[0].row, members[-1].row)
            for row, ranks in zip(members, self._ranks(members), strict=True):
                row.ranks = ranks
        return tuple(rows)

    @cached_property
    def by_unit(self) -> Mapping[str, BoardRow]:
        """The rows by unit code."""
        return {row.unit.code: row for row in self.rows}

    def column(self, span: Span, kpi_index: int) -> int:
        """The 0-based column of a KPI's score; the weighted score stands at index ``len(kpis)``,
        the rank after it.
        """
        return FIRST_COLUMN + self.spans.index(span) * (len(self.kpis) + 2) + kpi_index

    def score(self, unit: str, span: Span) -> Cell:
        """The weighted score."""
        return self._cell(unit, span, 0, self.score_value(unit, span))

    def rank(self, unit: str, span: Span) -> Cell:
        """The place among the units of the same level."""
        ranks = self.by_unit[unit].ranks or {}
        return self._cell(unit, span, 1, ranks.get(span, DASH))

    def score_value(self, unit: str, span: Span) -> Scalar:
        """The unit's score, rounded as it is written; a dash where it has none."""
        score = self.ledger.context.results.scores.get((unit, span))
        return DASH if score is None or score.value is None else to_places(score.value, RATE_PLACES)

    def score_formula(self, row: BoardRow, span: Span) -> str:
        """The formula of the score: the weighted mean of the attainments in the row."""
        first, last = letter(self.column(span, 0)), letter(self.column(span, len(self.kpis) - 1))
        return self.ledger.formulas.weighted(
            f"${first}${WEIGHT_ROW}:${last}${WEIGHT_ROW}", f"{first}{row.row}:{last}{row.row}"
        )

    def rank_formula(self, row: BoardRow, span: Span) -> str:
        """The formula of the rank among the units of the same level."""
        column = letter(self.column(span, len(self.kpis)))
        return self.ledger.formulas.rank(
            f"{column}{row.row}", f"{column}${row.group[0]}:{column}${row.group[1]}"
        )

    def _cell(self, unit: str, span: Span, after: int, value: Scalar) -> Cell:
        column = letter(self.column(span, len(self.kpis) + after))
        ref = f"{quoted(self.sheet)}!{column}{self.by_unit[unit].row}"
        return Cell(value, ref, ref)

    def _ranks(self, members: list[BoardRow]) -> Iterator[Mapping[Span, Scalar]]:
        known: dict[Span, list[Decimal]] = {}
        for span in self.spans:
            values = (self.score_value(row.unit.code, span) for row in members)
            known[span] = sorted(value for value in values if isinstance(value, Decimal))
        for row in members:
            ranks: dict[Span, Scalar] = {}
            for span in self.spans:
                own = self.score_value(row.unit.code, span)
                ranks[span] = (
                    1 + len(known[span]) - bisect_right(known[span], own)
                    if isinstance(own, Decimal)
                    else DASH
                )
            yield ranks


def _levels(rows: list[BoardRow]) -> Iterator[list[BoardRow]]:
    run: list[BoardRow] = []
    for row in rows:
        if run and run[-1].unit.level is not row.unit.level:
            yield run
            run = []
        run.append(row)
    if run:
        yield run
