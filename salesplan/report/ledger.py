"""The data sheet as a table: one row per KPI and unit, its months, and what follows from them.

Values are the engine's; beside each derived one stands the formula that gives it. A formula is
left out, and the value stands alone, where the engine's figure does not follow from what the row
shows (a rate that was stated without its parts, say): a formula never says something else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from salesplan.engine.figures import divide
from salesplan.engine.results import Attainment, LandingMethod, Pace, Rate, RateWord, Span
from salesplan.plan.model import Direction, Kpi, KpiKind, Level, TargetBasis, Unit
from salesplan.report.context import DASH, Context, is_percent
from salesplan.report.formulas import GAP_PLACES, RATE_PLACES, SUM_PLACES, Formulas, to_places
from salesplan.report.measure import Scalar
from salesplan.report.writer import letter, quoted

MONTHS = 12
FIRST_ROW = 6
"""1-based row of the first record on the data sheets."""

IDENTITY = ("kpi", "kpi_name", "measure", "unit", "unit_name", "level", "parent")
TARGETS = tuple(f"target{i}" for i in range(1, MONTHS + 1))
ACTUALS = tuple(f"actual{i}" for i in range(1, MONTHS + 1))
DERIVED = (
    "month_target", "month_actual", "month_gap", "month_rate", "month_light", "month_score",
    "ytd_target", "ytd_actual", "ytd_gap", "ytd_rate", "ytd_light", "ytd_score", "rank",
    "year_target", "year_rate", "year_light", "base", "month_level", "ytd_level", "year_level",
    "expected", "progress_gap", "daily_need", "pace", "last_year_shape", "rest_as_planned", "recent_trend", "low", "high",
)
KEYS = (*IDENTITY, *TARGETS, *ACTUALS, *DERIVED)
COLUMN: Mapping[str, int] = {key: index for index, key in enumerate(KEYS)}
RATES = frozenset({"month_rate", "ytd_rate", "year_rate", "month_level", "ytd_level", "year_level", "month_score", "ytd_score", "expected"})

PARTS_FIRST = 4
"""0-based column of the first numerator month on the parts sheet; denominators follow."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, its formula (None: typed), and where it stands: what another cell needs to repeat it."""

    value: Scalar
    formula: str | None
    ref: str


@dataclass(slots=True)
class LedgerRow:
    """One KPI of one unit. ``values`` by key; keys in ``plain`` have no formula in this row."""

    kpi: Kpi
    unit: Unit
    row: int
    values: dict[str, Scalar]
    plain: set[str] = field(default_factory=set)
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

    @cached_property
    def rows(self) -> tuple[LedgerRow, ...]:
        order = {level: index for index, level in enumerate(Level)}
        position = {kpi.code: index for index, kpi in enumerate(self.context.plan.kpis)}
        pairs = sorted(self.context.pairs, key=lambda pair: (position[pair[0].code], order[pair[1].level]))
        rows = [self._row(kpi, unit, FIRST_ROW + index) for index, (kpi, unit, _) in enumerate(pairs)]
        _group(rows)
        return tuple(rows)

    @cached_property
    def by_pair(self) -> Mapping[tuple[str, str], LedgerRow]:
        return {(row.kpi.code, row.unit.code): row for row in self.rows}

    @cached_property
    def parts(self) -> Mapping[tuple[str, str], PartsRow]:
        """The rates' numerators and denominators, where the actuals gave them."""
        found: dict[tuple[str, str], PartsRow] = {}
        months = self.context.plan.settings.months
        for kpi, unit, _ in self.context.pairs:
            if kpi.kind in (KpiKind.FLOW, KpiKind.STOCK, KpiKind.MILESTONE):
                continue
            both = [self.context.facts.parts(kpi.code, unit.code, month, month) for month in months]
            if any(both):
                above, below = (tuple(None if one is None else one[side] for one in both) for side in (0, 1))
                found[kpi.code, unit.code] = PartsRow(kpi, unit, FIRST_ROW + len(found), above, below)
        return found

    def cell(self, kpi: str, unit: str, key: str) -> Cell | None:
        """The cell of that key; None where the pair has no row."""
        row = self.by_pair.get((kpi, unit))
        if row is None:
            return None
        ref = f"{quoted(self.sheet)}!{letter(COLUMN[key])}{row.row}"
        return Cell(row.values[key], ref, ref)

    def months_ref(self, row: LedgerRow, keys: tuple[str, ...]) -> str:
        """The absolute range of a row's twelve targets or actuals."""
        first, last = letter(COLUMN[keys[0]]), letter(COLUMN[keys[-1]])
        return f"{quoted(self.sheet)}!${first}${row.row}:${last}${row.row}"

    def formula(self, row: LedgerRow, key: str) -> str | None:
        """The formula of a row's cell; None where the value stands alone."""
        if key in row.plain:
            return None
        if key == "rank":
            column = letter(COLUMN["ytd_rate"])
            return self.formulas.rank(f"{column}{row.row}", f"{column}${row.group[0]}:{column}${row.group[1]}")
        if key in ACTUALS or (key == "ytd_actual" and (row.kpi.code, row.unit.code) in self.parts):
            return self._from_parts(row, key)
        template = self._templates[row.kpi.code].get(key)
        return None if template is None else template.replace("#", str(row.row))

    def _from_parts(self, row: LedgerRow, key: str) -> str | None:
        parts = self.parts.get((row.kpi.code, row.unit.code))
        if parts is None:
            return None
        sheet, first = quoted(self.parts_sheet), PARTS_FIRST
        if key == "ytd_actual":
            above, below = (f"{sheet}!{letter(at)}{parts.row}:{letter(at + MONTHS - 1)}{parts.row}" for at in (first, first + MONTHS))
            if row.kpi.kind in (KpiKind.COHORT_RATIO, KpiKind.POINT):
                return self.formulas.latest(_span(ACTUALS).replace("#", str(row.row)))
            return self.formulas.ratio_to_date(above, below)
        index = ACTUALS.index(key)
        if parts.numerators[index] is None or not parts.denominators[index]:
            return None
        return f"{sheet}!{letter(first + index)}{parts.row}/{sheet}!{letter(first + MONTHS + index)}{parts.row}"

    @cached_property
    def _templates(self) -> Mapping[str, Mapping[str, str]]:
        closed = self.context.words("closed_days")
        return {kpi.code: templates(self.formulas, kpi, closed) for kpi in self.context.kpis}

    def _row(self, kpi: Kpi, unit: Unit, number: int) -> LedgerRow:
        values = _identity(self.context, kpi, unit)
        row = LedgerRow(kpi, unit, number, values)
        self._months(row)
        self._spans(row)
        self._pace(row)
        return row

    def _months(self, row: LedgerRow) -> None:
        results, pair = self.context.results, (row.kpi.code, row.unit.code)
        target = results.targets.get(pair)
        months = target.months if target is not None else (None,) * MONTHS
        actuals = results.monthly.get(pair, (None,) * MONTHS)
        row.values |= dict(zip(TARGETS, months, strict=True)) | dict(zip(ACTUALS, actuals, strict=True))
        if target is None or not row.kpi.kind.adds_over_months or None in months or sum(m for m in months if m is not None) != target.year:
            row.plain.add("year_target")

    def _spans(self, row: LedgerRow) -> None:
        results, kpi, unit = self.context.results, row.kpi, row.unit
        for span in (Span.MONTH, Span.YTD, Span.YEAR):
            one = results.attainments.get((kpi.code, unit.code, span))
            self._span(row, span.value, one or Attainment(kpi.code, unit.code, span, None, None, None, Rate(word=RateWord.NO_TARGET), None))
        row.values["base"] = self._base(row) if kpi.basis is TargetBasis.IMPROVEMENT else DASH
        if kpi.basis is TargetBasis.IMPROVEMENT and not isinstance(row.values["base"], Decimal):
            row.plain |= {f"{span}_rate" for span in ("month", "ytd", "year")}
        if not self._follows(row):
            row.plain.add("ytd_actual")

    def _span(self, row: LedgerRow, name: str, one: Attainment) -> None:
        context, values = self.context, row.values
        words = self.formulas.rate_words
        values[f"{name}_target"] = words[RateWord.NO_TARGET] if one.target is None else one.target
        values[f"{name}_actual"] = words[RateWord.NO_ACTUAL] if one.actual is None else one.actual
        values[f"{name}_rate"] = self._shown(one.rate)
        values[f"{name}_level"] = DASH if row.kpi.basis is TargetBasis.LEVEL or one.rate.level is None else to_places(one.rate.level, RATE_PLACES)
        values[f"{name}_light"] = context.light(one.light)
        values[f"{name}_score"] = DASH if one.rate.score is None else to_places(one.rate.score, RATE_PLACES)
        if one.gap is None:
            values[f"{name}_gap"] = DASH
        elif is_percent(row.kpi):
            values[f"{name}_gap"] = to_places(one.gap * 100, GAP_PLACES)
        else:
            values[f"{name}_gap"] = to_places(one.gap, SUM_PLACES if row.kpi.kind.adds_over_units else GAP_PLACES)

    def _shown(self, rate: Rate) -> Scalar:
        if rate.value is not None:
            return to_places(rate.value, RATE_PLACES)
        return self.formulas.rate_words[rate.word or RateWord.NO_TARGET]

    def _base(self, row: LedgerRow) -> Scalar:
        """The base value an improvement is measured from; a split one as the unit's target is of the company's."""
        kpi = row.kpi
        if kpi.base is None:
            return self.formulas.rate_words[RateWord.NO_BASE]
        if not kpi.kind.adds_over_units:
            return kpi.base
        roots = [t for unit in self.context.plan.roots if (t := self.context.results.targets.get((kpi.code, unit.code))) is not None]
        own = self.context.results.targets.get((kpi.code, row.unit.code))
        if len(roots) != 1 or not roots[0].year or own is None or not own.year:
            return self.formulas.rate_words[RateWord.NO_BASE]
        return divide(kpi.base * own.year, roots[0].year)

    def _follows(self, row: LedgerRow) -> bool:
        """Whether the year-to-date figure follows from the months (or parts) that the row shows."""
        here = self.context.clock.index
        actual = row.values["ytd_actual"]
        pair = (row.kpi.code, row.unit.code)
        given = [value for key in ACTUALS[: here + 1] if isinstance(value := row.values[key], Decimal)]
        if not isinstance(actual, Decimal):
            return not given
        kind = row.kpi.kind
        if kind is KpiKind.FLOW:
            return sum(given) == actual
        if kind in (KpiKind.STOCK, KpiKind.MILESTONE):
            return row.values[ACTUALS[here]] == actual
        if pair in self.parts and kind in (KpiKind.RATIO, KpiKind.AVERAGE):
            parts = self.parts[pair]
            above, below = (sum(v for v in side[: here + 1] if v is not None) for side in (parts.numerators, parts.denominators))
            return bool(below) and divide(above, below) == actual
        return bool(given) and given[-1] == actual

    def _pace(self, row: LedgerRow) -> None:
        pair = (row.kpi.code, row.unit.code)
        pace = self.context.results.pace.get(pair) or Pace(*pair, Decimal(0), None, None, None, False)
        values = row.values
        values["expected"] = DASH if pace.expected is None else pace.expected
        values["progress_gap"] = DASH if pace.progress_gap is None else to_places(pace.progress_gap * 100, GAP_PLACES)
        values["daily_need"] = pace.daily_need if pace.daily_need is not None else self.context.words("closed_days") if pace.closed else DASH
        for method in LandingMethod:
            values[method.value] = pace.landing.get(method, DASH)
        known = list(pace.landing.values())
        values["low"], values["high"] = (min(known), max(known)) if known else (DASH, DASH)
        if not row.kpi.kind.adds_over_months or pair not in self.context.results.pace:
            row.plain |= {"expected", "progress_gap", "daily_need", "pace", "rest_as_planned", "low", "high"}


def build(context: Context, formulas: Formulas, sheet: str, parts_sheet: str) -> Ledger:
    """The ledger of a report; its rows are made when first asked for."""
    return Ledger(context, formulas, sheet, parts_sheet)


def templates(formulas: Formulas, kpi: Kpi, closed: str) -> dict[str, str]:
    """A KPI's formulas by key, with ``#`` for the row's number."""
    at: Callable[[str], str] = lambda key: f"{letter(COLUMN[key])}#"  # noqa: E731
    sign = 1 if kpi.direction is Direction.HIGHER else -1
    percent, flow = is_percent(kpi), kpi.kind.adds_over_months
    improves = kpi.basis is TargetBasis.IMPROVEMENT
    found: dict[str, str] = {
        "month_target": formulas.month_figure(_span(TARGETS), RateWord.NO_TARGET),
        "month_actual": formulas.month_figure(_span(ACTUALS), RateWord.NO_ACTUAL),
        "ytd_target": formulas.target_to_date(_span(TARGETS)) if flow else formulas.month_figure(_span(TARGETS), RateWord.NO_TARGET),
        "ytd_actual": _actual_to_date(formulas, kpi.kind),
        "year_target": f"ROUND(SUM({_span(TARGETS)}),{SUM_PLACES})",
        "expected": formulas.expected(_span(TARGETS), at("year_target")),
        "progress_gap": formulas.progress_gap(at("ytd_actual"), at("year_target"), at("expected"), sign=sign),
        "daily_need": formulas.daily_need(at("month_target"), at("month_actual"), sign=sign, closed=closed),
        "pace": formulas.landing_by_pace(at("ytd_actual"), at("expected")),
        "rest_as_planned": formulas.landing_by_plan(at("ytd_actual"), _span(TARGETS), at("year_target")),
        "low": formulas.extreme("MIN", f"{at('pace')}:{at('recent_trend')}"),
        "high": formulas.extreme("MAX", f"{at('pace')}:{at('recent_trend')}"),
    }
    for span in ("month", "ytd", "year"):
        target, actual = at(f"{span}_target"), at("ytd_actual" if span == "year" else f"{span}_actual")
        rate = at(f"{span}_rate")
        found[f"{span}_rate"] = formulas.rate(target, actual, sign=sign, base=_base_of(kpi, target, at) if improves else "")
        found[f"{span}_light"] = formulas.light(rate, at("progress_gap"), always_gap=span == "year")
        if improves:
            found[f"{span}_level"] = formulas.plain_rate(target, actual, sign=sign)
        if span != "year":
            found[f"{span}_gap"] = formulas.difference(actual, target, percent=percent, adds=kpi.kind.adds_over_units)
            found[f"{span}_score"] = formulas.score(rate)
    return found


def _base_of(kpi: Kpi, target: str, at: Callable[[str], str]) -> str:
    if kpi.kind is KpiKind.FLOW:
        return f"({at('base')}*{target}/{at('year_target')})"
    return at("base")


def _actual_to_date(formulas: Formulas, kind: KpiKind) -> str:
    if kind is KpiKind.FLOW:
        return formulas.actual_to_date(_span(ACTUALS))
    if kind in (KpiKind.STOCK, KpiKind.MILESTONE):
        return formulas.month_figure(_span(ACTUALS), RateWord.NO_ACTUAL)
    return formulas.latest(_span(ACTUALS))


def _span(keys: tuple[str, ...]) -> str:
    return f"{letter(COLUMN[keys[0]])}#:{letter(COLUMN[keys[-1]])}#"


def _identity(context: Context, kpi: Kpi, unit: Unit) -> dict[str, Scalar]:
    return {
        "kpi": kpi.code, "kpi_name": context.kpi_name(kpi.code), "measure": kpi.unit, "unit": unit.code, "unit_name": context.unit_name(unit.code),
        "level": context.label(unit.level), "parent": unit.parent or "",
    }


def _group(rows: list[LedgerRow]) -> None:
    for members in _runs(rows):
        group = (members[0].row, members[-1].row)
        known = sorted(value for row in members if isinstance(value := row.values["ytd_rate"], Decimal))
        for row in members:
            row.group = group
            own = row.values["ytd_rate"]
            row.values["rank"] = 1 + len(known) - bisect_right(known, own) if isinstance(own, Decimal) else DASH


def _runs(rows: list[LedgerRow]) -> Iterator[list[LedgerRow]]:
    run: list[LedgerRow] = []
    for row in rows:
        if run and (run[-1].kpi.code, run[-1].unit.level) != (row.kpi.code, row.unit.level):
            yield run
            run = []
        run.append(row)
    if run:
        yield run
