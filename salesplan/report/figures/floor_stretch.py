"""保底, 目标 and 挑战 of every KPI and unit that has them: what the data sheet of steps says, and
where.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import product

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.floor_stretch import Step, Steps, whole_target
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.status import Rate, RateWord
from salesplan.engine.targets.goal import level_of
from salesplan.plan.model import Direction, Kpi, KpiKind, Level, PercentBasis, TargetBasis, Unit
from salesplan.report.figures.context import DASH, UNDER
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.ledger import Cell, Ledger, LedgerRow
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import letter, quoted

Written = tuple[Scalar, str | None]
"""A value and its formula, if it has one."""

GOALS = ("floor", "target", "stretch")
IDENTITY = ("kpi", "kpi_name", "unit", "unit_name", "level")
PART = ("floor", "target", "stretch", "actual", "floor_rate", "stretch_rate", "reached")
KEYS = (*IDENTITY, *(f"{under}_{key}" for under, key in product(UNDER, PART)))
COLUMN: Mapping[str, int] = {key: index for index, key in enumerate(KEYS)}
COMPANY = (
    "kpi",
    "kpi_name",
    "measure",
    "base",
    "floor",
    "target",
    "stretch",
    "floor_level",
    "target_level",
    "stretch_level",
)
MOST_ROWS = 1_500
"""With more rows than this those of persons are not listed, as on the completion sheet."""
COMPANY_ROW = 5
"""1-based row of the first KPI's own goals, above the rows of the units."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One KPI of one unit, and the 1-based row where it stands."""

    kpi: Kpi
    unit: Unit
    row: int


@dataclass(frozen=True)
class Stepping:
    """The rows of the data sheet of steps, in the ledger's order; none where no KPI has a floor or
    a stretch.
    """

    ledger: Ledger
    sheet: str

    @cached_property
    def kpis(self) -> tuple[Kpi, ...]:
        """The KPIs that have a floor or a stretch target."""
        told = {
            kpi
            for (kpi, _, _), one in self._steps.items()
            if one.floor is not None or one.stretch is not None
        }
        return tuple(kpi for kpi in self.ledger.context.kpis if kpi.code in told)

    @property
    def first_row(self) -> int:
        """1-based row of the first unit, under two rows of headings."""
        return COMPANY_ROW + len(self.kpis) + 3

    @cached_property
    def rows(self) -> tuple[StepRow, ...]:
        """The ledger's rows of these KPIs, without people where there are too many."""
        kept = [
            row for row in self._known if not self.left_out or row.unit.level is not Level.PERSON
        ]
        return tuple(
            StepRow(row.kpi, row.unit, number) for number, row in enumerate(kept, self.first_row)
        )

    @cached_property
    def left_out(self) -> int:
        """How many rows of persons are not listed, because all rows would be too many."""
        return (
            sum(row.unit.level is Level.PERSON for row in self._known)
            if len(self._known) > MOST_ROWS
            else 0
        )

    @cached_property
    def by_pair(self) -> Mapping[tuple[str, str], StepRow]:
        """The rows by KPI and unit code."""
        return {(row.kpi.code, row.unit.code): row for row in self.rows}

    def cell(self, kpi: str, unit: str, key: str) -> Cell | None:
        """The cell of that key; None where the pair has no row."""
        row = self.by_pair.get((kpi, unit))
        if row is None:
            return None
        under, _, part = key.partition("_")
        value = self._part(row, self.ledger.by_pair[kpi, unit], under)[PART.index(part)][0]
        ref = f"{quoted(self.sheet)}!{letter(COLUMN[key])}{row.row}"
        return Cell(value, ref, ref)

    def goals(self, kpi: Kpi, row: int) -> Sequence[Written]:
        """A KPI's own goals as they were set, and as levels; ``row`` counts from 1."""
        typed: list[Scalar] = [
            kpi.base if kpi.basis is TargetBasis.IMPROVEMENT else DASH,
            kpi.floor,
            kpi.target,
            kpi.stretch,
        ]
        found: list[Written] = [
            (kpi.code, None),
            (self.ledger.context.kpi_name(kpi.code), None),
            (kpi.unit or DASH, None),
        ]
        found += [(DASH if value is None else value, None) for value in typed]
        base = f"{letter(COMPANY.index('base'))}{row}"
        for key in GOALS:
            level, cell = level_of(kpi, getattr(kpi, key)), f"{letter(COMPANY.index(key))}{row}"
            found.append(
                (
                    DASH if level is None else level,
                    None if level is None else self._level(kpi, cell, base),
                )
            )
        return found

    def written(self) -> Iterator[Sequence[Written]]:
        """The rows of the units, cell by cell."""
        context = self.ledger.context
        for row in self.rows:
            above = self.ledger.by_pair[row.kpi.code, row.unit.code]
            cells: list[Written] = [
                (row.kpi.code, None),
                (context.kpi_name(row.kpi.code), None),
                (row.unit.code, None),
                (context.unit_name(row.unit.code), None),
                (context.label(row.unit.level), None),
            ]
            for under in UNDER:
                cells += self._part(row, above, under)
            yield cells

    def step(self, step: Step, floor: Scalar) -> str:
        """The word for the highest goal that is reached; with no floor, what is missed is the
        target.
        """
        missed = "below" if isinstance(floor, Decimal) else "below_target"
        return self.ledger.context.words(f"step_{missed if step is Step.BELOW else step.value}")

    @cached_property
    def _known(self) -> list[LedgerRow]:
        """Every pair of a KPI and a unit that has steps."""
        shown = {kpi.code for kpi in self.kpis}
        known = {(kpi, unit) for kpi, unit, _ in self._steps if kpi in shown}
        return (
            [row for row in self.ledger.rows if (row.kpi.code, row.unit.code) in known]
            if known
            else []
        )

    @property
    def _steps(self) -> Mapping[tuple[str, str, Span], Steps]:
        return self.ledger.context.results.steps

    def _level(self, kpi: Kpi, cell: str, base: str) -> str:
        """A goal as a level: an improvement stands on the base value (see :func:`level_of`)."""
        if kpi.basis is TargetBasis.LEVEL:
            return cell
        rise = f"{cell}*ABS({base})" if kpi.percent_basis is PercentBasis.PERCENT else cell
        return f"{base}-ABS({rise})" if kpi.direction is Direction.LOWER else f"{base}+{rise}"

    def _part(self, row: StepRow, above: LedgerRow, under: str) -> Sequence[Written]:
        """One span's goals, actual, rates and the step that is reached."""
        span = self.ledger.context.judged[UNDER.index(under)]
        steps, at = (
            self._steps.get((row.kpi.code, row.unit.code, span)),
            {key: f"{letter(COLUMN[f'{under}_{key}'])}{row.row}" for key in PART},
        )
        target, actual = (
            self._ref(above, key)
            for key in (
                f"{under}_target",
                "ytd_actual" if span is Span.YEAR else f"{under}_actual",
            )
        )
        if steps is None:
            return (
                (DASH, None),
                target,
                (DASH, None),
                actual,
                (DASH, None),
                (DASH, None),
                (DASH, None),
            )
        floor, stretch = (
            self._goal(row.kpi, key, getattr(steps, key), target[0], at["target"])
            for key in ("floor", "stretch")
        )
        rates = [
            self._rate(row.kpi, above, getattr(steps, f"{key}_rate"), at[key], at, value)
            for key, value in (("floor", floor[0]), ("stretch", stretch[0]))
        ]
        return (
            floor,
            target,
            stretch,
            actual,
            rates[0],
            rates[1],
            self._reached(row.kpi, steps, (floor[0], target[0], stretch[0]), actual[0], at),
        )

    def _ref(self, above: LedgerRow, key: str) -> Written:
        cell = self.ledger.cell(above.kpi.code, above.unit.code, key)
        return (DASH, None) if cell is None else (cell.value, cell.ref)

    def _goal(
        self, kpi: Kpi, key: str, value: Decimal | None, target: Scalar, target_cell: str
    ) -> Written:
        """A unit's part of the floor or stretch: as its target is of the company's; copied where
        targets are.
        """
        if value is None:
            return DASH, None
        context = self.ledger.context
        own, whole = (
            level_of(kpi, getattr(kpi, key)),
            whole_target(context.plan, context.results.targets, kpi),
        )
        at = COMPANY_ROW + self.kpis.index(kpi)
        level, goal = (
            f"${letter(COMPANY.index(f'{name}_level'))}${at}" for name in (key, "target")
        )
        if not kpi.kind.adds_over_units:
            return value, level if value == own else None
        if whole != level_of(kpi, kpi.target):
            company = next(
                (
                    cell
                    for root in context.plan.roots
                    if (cell := self.ledger.cell(kpi.code, root.code, "year_target"))
                ),
                None,
            )
            goal = "" if company is None else company.ref
        follows = (
            goal
            and own is not None
            and whole
            and isinstance(target, Decimal)
            and to_places(target * own / whole, SUM_PLACES) == to_places(value, SUM_PLACES)
        )
        return value, f"{target_cell}*{level}/{goal}" if follows else None

    def _rate(
        self,
        kpi: Kpi,
        above: LedgerRow,
        rate: Rate | None,
        goal_cell: str,
        at: Mapping[str, str],
        goal: Scalar,
    ) -> Written:
        if rate is None or not isinstance(goal, Decimal):
            return DASH, None
        value: Scalar = (
            self.ledger.formulas.rate_words[rate.word or RateWord.NO_TARGET]
            if rate.value is None
            else to_places(rate.value, RATE_PLACES)
        )
        base = ""
        if kpi.basis is TargetBasis.IMPROVEMENT:
            if not isinstance(above.values["base"], Decimal):
                return value, None
            base = self._ref(above, "base")[1] or ""
            if kpi.kind is KpiKind.FLOW:
                base = f"({base}*{at['target']}/{self._ref(above, 'year_target')[1]})"
        return value, self.ledger.formulas.rate(
            goal_cell, at["actual"], sign=kpi.direction.sign, base=base
        )

    def _reached(
        self, kpi: Kpi, steps: Steps, goals: Sequence[Scalar], actual: Scalar, at: Mapping[str, str]
    ) -> Written:
        """The highest goal that is reached; the figures are compared as the formula compares
        them.
        """
        if steps.reached is None or not isinstance(actual, Decimal):
            return DASH, None
        sign = kpi.direction.sign
        places = SUM_PLACES if kpi.kind.adds_over_units else RATE_PLACES
        words = {step: self.step(step, goals[0]) for step in Step}
        formula, told = f'"{words[Step.BELOW]}"', Step.BELOW
        for step, key, goal in zip(
            (Step.FLOOR, Step.TARGET, Step.STRETCH), GOALS, goals, strict=True
        ):
            if not isinstance(goal, Decimal):
                continue
            ahead = f"{at['actual']}-{at[key]}" if sign > 0 else f"{at[key]}-{at['actual']}"
            formula = f'IF(ROUND({ahead},{places})>=0,"{words[step]}",{formula})'
            told = step if to_places((actual - goal) * sign, places) >= 0 else told
        return words[
            steps.reached
        ], f'IF(ISNUMBER({at["actual"]}),{formula},"{DASH}")' if told is steps.reached else None
