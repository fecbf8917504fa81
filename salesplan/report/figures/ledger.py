"""The data sheet as a table: one row per KPI and unit, its months, and what follows from them.

Values are the engine's; beside each derived one stands the formula that gives it. A formula is
left out, and the value stands alone, where the engine's figure does not follow from what the row
shows (a rate that was stated without its parts, say): a formula never says something else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, cached_property
from itertools import chain

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.pace import Pace
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.reach import Reach, by_month_end
from salesplan.engine.actuals.status import Rate, RateWord, grain
from salesplan.engine.actuals.trajectory import has_line, unit_base
from salesplan.engine.exact.figures import divide, plain
from salesplan.engine.targets.target import Months, Target
from salesplan.plan.model import Kpi, KpiKind, Level, Light, TargetBasis, Unit
from salesplan.report.figures.columns import (
    ACTUALS,
    COLUMN,
    FIRST_ROW,
    IDENTITY,
    KEYS,
    MONTHS,
    PACE,
    PARTS_FIRST,
    RATES,
    TARGETS,
    Shape,
    digits,
    span_of,
    templates,
)
from salesplan.report.figures.context import DASH, UNDER, Context
from salesplan.report.figures.details import Details
from salesplan.report.figures.formulas import (
    GAP_PLACES,
    RATE_PLACES,
    SUM_PLACES,
    Formulas,
    to_places,
)
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import letter, quoted

__all__ = [
    "ACTUALS",
    "COLUMN",
    "FIRST_ROW",
    "IDENTITY",
    "KEYS",
    "MONTHS",
    "PARTS_FIRST",
    "RATES",
    "TARGETS",
    "Cell",
    "Ledger",
    "LedgerRow",
    "PartsRow",
    "Values",
    "build",
]


_ACTUALS = frozenset(ACTUALS)
_PACE = (
    "expected",
    "progress_gap",
    "daily_need",
    "pace",
    "rest_as_planned",
    "low",
    "high",
    "likely",
)
_JUDGED = ("expected", "pace", "light")
_OF_SPANS = {
    "span": tuple(f"span_{key}" for key in _JUDGED),
    "ytd": tuple(f"ytd_{key}" for key in _JUDGED),
}
_STATUS = (*_OF_SPANS["span"], *_OF_SPANS["ytd"], "year_light")
_NO_MONTHS: Months = (None,) * MONTHS
_NOTHING = Attainment("", "", Span.YTD, None, None, None, Rate(word=RateWord.NO_TARGET))


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, its formula (None: typed), and where it stands: what another cell needs to repeat
    it.
    """

    value: Scalar
    formula: str | None
    ref: str


class Values(Mapping[str, Scalar]):
    """A row's values by key: a list, because a large plan has twenty thousand rows of sixty
    columns.
    """

    __slots__ = ("cells",)

    def __init__(self, cells: Iterable[Scalar]) -> None:
        self.cells = list(cells)

    def __getitem__(self, key: str) -> Scalar:
        return self.cells[COLUMN[key]]

    def __setitem__(self, key: str, value: Scalar) -> None:
        self.cells[COLUMN[key]] = value

    def __iter__(self) -> Iterator[str]:
        return iter(KEYS)

    def __len__(self) -> int:
        return len(KEYS)


@dataclass(slots=True)
class LedgerRow:
    """One KPI of one unit. ``values`` by key; keys in ``plain`` have no formula in this row."""

    kpi: Kpi
    unit: Unit
    row: int
    values: Values
    plain: frozenset[str] = frozenset()
    group: tuple[int, int] = (0, 0)
    """First and last 1-based row of this KPI's units of the same level."""


@dataclass(frozen=True, slots=True)
class PartsRow:
    """Numerators and denominators of a rate by month, and the 1-based row where they stand."""

    kpi: Kpi
    unit: Unit
    row: int
    numerators: tuple[Decimal | None, ...]
    denominators: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Ledger:
    """All rows in sheet order, found by (KPI code, unit code)."""

    context: Context
    formulas: Formulas
    sheet: str
    parts_sheet: str
    details: Details | None = None

    @cached_property
    def rows(self) -> tuple[LedgerRow, ...]:
        """A row for each KPI and unit: by KPI, level and the order of the tree."""
        order = {level: index for index, level in enumerate(Level)}
        position = {kpi.code: index for index, kpi in enumerate(self.context.plan.kpis)}
        pairs = sorted(
            self.context.pairs, key=lambda pair: (position[pair[0].code], order[pair[1].level])
        )
        rows = [
            self._row(kpi, unit, FIRST_ROW + index) for index, (kpi, unit, _) in enumerate(pairs)
        ]
        _group(rows)
        return tuple(rows)

    @cached_property
    def by_pair(self) -> Mapping[tuple[str, str], LedgerRow]:
        """The rows by KPI and unit code."""
        return {(row.kpi.code, row.unit.code): row for row in self.rows}

    @cached_property
    def parts(self) -> Mapping[tuple[str, str], PartsRow]:
        """The rates' numerators and denominators, where the actuals gave them."""
        found: dict[tuple[str, str], PartsRow] = {}
        months = self.context.plan.settings.months
        for kpi, unit, _ in self.context.pairs:
            if kpi.kind.is_amount:
                continue
            both = [self.context.facts.parts(kpi.code, unit.code, month, month) for month in months]
            if any(both):
                above = tuple(None if one is None else one[0] for one in both)
                below = tuple(None if one is None else one[1] for one in both)
                found[kpi.code, unit.code] = PartsRow(
                    kpi, unit, FIRST_ROW + len(found), above, below
                )
        return found

    def cell(self, kpi: str, unit: str, key: str) -> Cell | None:
        """The cell of that key; None where the pair has no row."""
        row = self.by_pair.get((kpi, unit))
        if row is None:
            return None
        ref = f"{quoted(self.sheet)}!{letter(COLUMN[key])}{row.row}"
        return Cell(row.values[key], ref, ref)

    def shared(self, kpi: str, key: str) -> str | None:
        """The formula, with ``#`` for the row's number, that the KPI's rows have in common in this
        column; None where each has its own.
        """
        return self._templates[kpi].get(key)

    def formula(self, row: LedgerRow, key: str) -> str | None:
        """The formula of a row's cell; None where the value stands alone."""
        if key in row.plain:
            return None
        if key == "rank":
            column = letter(COLUMN["ytd_rate"])
            return self.formulas.rank(
                f"{column}{row.row}", f"{column}${row.group[0]}:{column}${row.group[1]}"
            )
        of_parts = (row.kpi.code, row.unit.code) in self.parts
        if key in _ACTUALS or (of_parts and key in self.summed):
            return (
                self._from_details(row, key)
                if row.kpi.kind.is_amount
                else self._from_parts(row, key)
            )
        template = self._templates[row.kpi.code].get(key)
        return None if template is None else template.replace("#", str(row.row))

    @cached_property
    def _part_columns(self) -> Sequence[tuple[str, str]]:
        """Of each month the columns of numerator and denominator, on their sheet."""
        sheet, first = quoted(self.parts_sheet), PARTS_FIRST
        return [
            (f"{sheet}!{letter(first + index)}", f"{sheet}!{letter(first + MONTHS + index)}")
            for index in range(MONTHS)
        ]

    @cached_property
    def summed(self) -> Mapping[str, str]:
        """Keys of actuals over several months, and the cell of their first one."""
        since = self.formulas.since
        return {"ytd_actual": ""} | ({} if since is None else {"span_actual": since})

    def _from_parts(self, row: LedgerRow, key: str) -> str | None:
        parts = self.parts.get((row.kpi.code, row.unit.code))
        if parts is None:
            return None
        if key in self.summed:
            since = self.summed[key]
            if row.kpi.kind.latest_counts:
                return self.formulas.latest(span_of(ACTUALS).replace("#", str(row.row)), since)
            sheet, first = quoted(self.parts_sheet), PARTS_FIRST
            above, below = (
                f"{sheet}!{letter(at)}{parts.row}:{letter(at + MONTHS - 1)}{parts.row}"
                for at in (first, first + MONTHS)
            )
            return self.formulas.ratio_to_date(above, below, since)
        index = COLUMN[key] - COLUMN[ACTUALS[0]]
        if parts.numerators[index] is None or not parts.denominators[index]:
            return None
        top, bottom = self._part_columns[index]
        return f"{top}{parts.row}/{bottom}{parts.row}"

    def _from_details(self, row: LedgerRow, key: str) -> str | None:
        """A month's figure from the actual rows behind it."""
        value, month = row.values[key], self.context.plan.settings.months[ACTUALS.index(key)]
        return (
            self.details.formula(row.kpi, row.unit.code, month, value)
            if self.details is not None and isinstance(value, Decimal)
            else None
        )

    def part_formula(self, row: PartsRow, index: int, numerator: bool) -> str | None:
        """The formula of a numerator or denominator of one month: another KPI's figure, else from
        the actual rows behind it.
        """
        value = (row.numerators if numerator else row.denominators)[index]
        if value is None:
            return None
        made_of = self.context.facts.made_of(row.kpi.code)
        if made_of is None:
            columns = ("numerator", "value") if numerator else ("denominator", "quantity")
            month = self.context.plan.settings.months[index]
            return (
                None
                if self.details is None
                else self.details.formula(row.kpi, row.unit.code, month, value, columns)
            )
        cell = self.cell(made_of[0 if numerator else 1], row.unit.code, ACTUALS[index])
        return cell.ref if cell is not None and cell.value == value else None

    @cached_property
    def _templates(self) -> Mapping[str, Mapping[str, str]]:
        missed = self.context.words("no_days")
        targets = self.context.results.targets.values()
        below = {target.kpi for target in targets if _goes_below_zero(target)}
        return {
            kpi.code: templates(self.formulas, kpi, missed, Shape(kpi.code in below, self._of))
            for kpi in self.context.kpis
        }

    @property
    def _of(self) -> str:
        """What stands between a part and its whole: 22 of 60."""
        return self.context.words("used_of")

    def _row(self, kpi: Kpi, unit: Unit, number: int) -> LedgerRow:
        results, pair = self.context.results, (kpi.code, unit.code)
        target, pace, actuals = (
            results.targets.get(pair),
            results.pace.get(pair),
            results.monthly.get(pair, _NO_MONTHS),
        )
        targets = target.months if target is not None else _NO_MONTHS
        own, to_date, year = (
            results.attainments.get((kpi.code, unit.code, span)) or _NOTHING
            for span in self.context.judged
        )
        improves = kpi.basis is TargetBasis.IMPROVEMENT
        base = self._base(kpi, unit) if improves or has_line(kpi) else DASH
        given = [value for value in targets if value is not None]
        adds = (
            target is not None
            and kpi.kind.adds_over_months
            and len(given) == MONTHS
            and sum(given) == target.year
        )
        here = self.context.report_span.first
        plain = _plain(
            not adds,
            improves and not isinstance(base, Decimal),
            not self._follows(kpi, unit, actuals, to_date.actual, 0),
            "span_actual" in self.summed
            and not self._follows(kpi, unit, actuals, own.actual, here),
            not kpi.kind.adds_over_months or pace is None,
        )
        plain |= self._status_plain(kpi, unit, target, actuals, (own, to_date, year))
        if pace is not None and pace.moved:
            plain |= {"pace"}
        reach, way = results.reach.get(kpi.code, Reach(0)), results.trajectories.get(pair)
        share: Scalar = reach.share if kpi.kind.adds_over_months else DASH
        if way is not None and way.straight:
            share = way.share
        values = Values(
            (
                *self._kpis[kpi.code],
                *self._units[unit.code],
                *targets,
                *actuals,
                reach.months,
                share,
                *self._span(kpi, own),
                *self._span(kpi, to_date),
                DASH,
                self._target(year),
                self._year_rate(year),
                self._light(year.light),
                base,
                *(self._level(kpi, one.rate) for one in (own, to_date, year)),
                *self._pace(pace),
            )
        )
        return LedgerRow(kpi, unit, number, values, plain)

    @cached_property
    def _kpis(self) -> Mapping[str, tuple[str, ...]]:
        """What the rows of a KPI begin with."""
        return {kpi.code: (kpi.code, kpi.name or kpi.code, kpi.unit) for kpi in self.context.kpis}

    @cached_property
    def _units(self) -> Mapping[str, tuple[str, ...]]:
        """What stands behind that in the rows of a unit."""
        label = self.context.label
        return {
            unit.code: (unit.code, unit.name or unit.code, label(unit.level), unit.parent or "")
            for unit in self.context.plan.units
        }

    def _span(self, kpi: Kpi, one: Attainment) -> tuple[Scalar, ...]:
        """A span's figures in the order of ``SPAN``."""
        gap, completion, status = one.gap, self._rate(one.rate), one.status
        pace = completion if one.pace is one.rate else self._rate(one.pace)
        shown: Scalar = DASH
        if one.score is None:
            score: Scalar = DASH
        elif one.score and one.score == one.pace.value:
            score = pace
        else:
            score = to_places(one.score, RATE_PLACES)
        expected: Scalar = DASH
        if status.expected is not None:
            expected = to_places(status.expected, GAP_PLACES)
        if gap is not None:
            places = SUM_PLACES if kpi.kind.adds_over_units else GAP_PLACES
            shown = to_places(gap * 100, GAP_PLACES) if kpi.in_percent else to_places(gap, places)
        return (
            self._target(one),
            self.formulas.rate_words[RateWord.NO_ACTUAL] if one.actual is None else one.actual,
            shown,
            completion,
            expected,
            pace,
            self._light(one.light),
            score,
        )

    def _target(self, one: Attainment) -> Scalar:
        return self.formulas.rate_words[RateWord.NO_TARGET] if one.target is None else one.target

    def _rate(self, rate: Rate) -> Scalar:
        if rate.value is not None:
            return to_places(rate.value, RATE_PLACES)
        return DASH if rate.word is None else self.formulas.rate_words[rate.word]

    def _year_rate(self, one: Attainment) -> Scalar:
        """The year's rate; where lower is better and it runs, what is used of its allowance."""
        if one.rate.word is not RateWord.USED or one.actual is None or one.target is None:
            return self._rate(one.rate)
        return f"{plain(one.actual)}{self._of}{plain(one.target)}"

    def _status_plain(
        self,
        kpi: Kpi,
        unit: Unit,
        target: Target | None,
        actuals: Months,
        spans: tuple[Attainment, Attainment, Attainment],
    ) -> frozenset[str]:
        """The keys of status cells that do not follow from what the row shows."""
        results, found = self.context.results, set[str]()
        reach, way = (
            results.reach.get(kpi.code, Reach(0)),
            results.trajectories.get((kpi.code, unit.code)),
        )
        if not reach.months:
            return frozenset((*_STATUS, "pace", "rest_as_planned"))
        if grain(kpi) and digits(kpi) is None:
            found |= {"span_light", "ytd_light", "year_light"}
        worded = (RateWord.EXCEEDED, RateWord.MET, RateWord.MISSED, RateWord.NO_BASE)
        improves = kpi.basis is TargetBasis.IMPROVEMENT
        for name, one in zip(UNDER, spans, strict=True):
            if improves and one.rate.word in worded:
                found |= {*_OF_SPANS.get(name, ()), f"{name}_light"}
        if kpi.kind.adds_over_months:
            return frozenset(found | self._allowed(target, reach, spans))
        if has_line(kpi) and (way is None or not way.straight):
            found |= {"span_expected", "ytd_expected"}
        for key, one in zip(("span_actual", "ytd_actual"), spans[:2], strict=True):
            held = one.status.actual
            cell = actuals[reach.months - 1] if by_month_end(kpi) else one.actual
            if key in self.summed and held is not None and held != cell:
                under = key.partition("_")[0]
                found |= {f"{under}_pace", f"{under}_light"}
        return frozenset(found)

    def _allowed(
        self,
        target: Target | None,
        reach: Reach,
        spans: tuple[Attainment, Attainment, Attainment],
    ) -> set[str]:
        """The keys of a flow whose months so far are 0 and whose year is not: what it may use
        follows from working days.
        """
        found = set[str]()
        if target is None:
            return found
        firsts = (("span", self.context.report_span.first), ("ytd", 0))
        for (name, first), one in zip(firsts, spans[:2], strict=True):
            told = one.status.expected
            if told is not None and told != reach.expected(target.months, first):
                found |= set(_OF_SPANS[name])
                found |= {"pace", "rest_as_planned"} if name == "ytd" else set()
        return found

    def _level(self, kpi: Kpi, rate: Rate) -> Scalar:
        return (
            DASH
            if kpi.basis is TargetBasis.LEVEL or rate.level is None
            else to_places(rate.level, RATE_PLACES)
        )

    def _light(self, light: Light | None) -> str:
        return DASH if light is None else self.formulas.lights[light]

    def _base(self, kpi: Kpi, unit: Unit) -> Scalar:
        """The base value an improvement is measured from; a split one as the unit's target is of
        the company's.
        """
        base = unit_base(self.context.plan, self.context.results.targets, kpi, unit.code)
        flow = kpi.kind.adds_over_months
        own = self.context.results.targets.get((kpi.code, unit.code))
        whole = base is not None and base[1] != 1
        if base is None or (flow and (own is None or not own.year or not whole)):
            return self.formulas.rate_words[RateWord.NO_BASE]
        return divide(*base)

    def _follows(
        self, kpi: Kpi, unit: Unit, actuals: Months, actual: Decimal | None, first: int
    ) -> bool:
        """Whether the figure from month ``first`` on follows from the months (or parts) that the
        row shows.
        """
        here, kind, pair = self.context.clock.index, kpi.kind, (kpi.code, unit.code)
        given = [value for value in actuals[first : here + 1] if value is not None]
        if actual is None:
            return not given
        if kind is KpiKind.FLOW:
            return sum(given) == actual
        if kind.is_level:
            return actuals[here] == actual
        if pair in self.parts and kind.is_mean:
            parts = self.parts[pair]
            above = _known_sum(parts.numerators[first : here + 1])
            below = _known_sum(parts.denominators[first : here + 1])
            return bool(below) and divide(above, below) == actual
        return bool(given) and given[-1] == actual

    def _pace(self, pace: Pace | None) -> tuple[Scalar, ...]:
        """Progress and landing in the order of ``PACE``."""
        if pace is None:
            return (DASH,) * len(PACE)
        known = list(pace.landing.values())
        missed = self.context.words("no_days") if pace.missed else DASH
        return (
            DASH if pace.expected is None else pace.expected,
            DASH if pace.progress_gap is None else to_places(pace.progress_gap * 100, GAP_PLACES),
            missed if pace.daily_need is None else pace.daily_need,
            *(pace.landing.get(method, DASH) for method in LandingMethod),
            *((min(known), max(known)) if known else (DASH, DASH)),
            DASH if pace.likely is None else pace.likely,
        )


def build(
    context: Context,
    formulas: Formulas,
    sheet: str,
    parts_sheet: str,
    details: Details | None = None,
) -> Ledger:
    """The ledger of a report; its rows are made when first asked for."""
    return Ledger(context, formulas, sheet, parts_sheet, details)


@cache
def _plain(year: bool, rates: bool, to_date: bool, span: bool, pace: bool) -> frozenset[str]:
    """The keys without a formula in a row: of the year's target, the rates, the figures to date and
    of the span, and what follows from the pace.
    """
    told = (
        (year, ("year_target",)),
        (rates, ("span_rate", "ytd_rate", "year_rate", *_STATUS)),
        (to_date, ("ytd_actual",)),
        (span, ("span_actual",)),
        (pace, _PACE),
    )
    return frozenset(chain.from_iterable(keys for holds, keys in told if holds))


def _group(rows: list[LedgerRow]) -> None:
    for members in _runs(rows):
        group = (members[0].row, members[-1].row)
        known = sorted(
            value for row in members if isinstance(value := row.values["ytd_rate"], Decimal)
        )
        for row in members:
            row.group = group
            own = row.values["ytd_rate"]
            row.values["rank"] = (
                1 + len(known) - bisect_right(known, own) if isinstance(own, Decimal) else DASH
            )


def _runs(rows: list[LedgerRow]) -> Iterator[list[LedgerRow]]:
    run: list[LedgerRow] = []
    for row in rows:
        if run and (run[-1].kpi.code, run[-1].unit.level) != (row.kpi.code, row.unit.level):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _goes_below_zero(target: Target) -> bool:
    return any(one is not None and one < 0 for one in target.months)


def _known_sum(values: Iterable[Decimal | None]) -> Decimal | int:
    return sum(value for value in values if value is not None)
