"""The columns of the data sheets, and the formulas of the ledger's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from salesplan.engine.results import RateWord
from salesplan.plan.model import Direction, Kpi, KpiKind, TargetBasis
from salesplan.report.figures.formulas import SUM_PLACES, Formulas
from salesplan.report.pen.places import letter

MONTHS = 12
FIRST_ROW = 6
"""1-based row of the first record on the data sheets."""

IDENTITY = ("kpi", "kpi_name", "measure", "unit", "unit_name", "level", "parent")
TARGETS = tuple(f"target{i}" for i in range(1, MONTHS + 1))
ACTUALS = tuple(f"actual{i}" for i in range(1, MONTHS + 1))
SPAN = ("target", "actual", "gap", "rate", "light", "score")
YEAR = ("year_target", "year_rate", "year_light")
LEVELS = ("month_level", "ytd_level", "year_level")
PACE = (
    "expected",
    "progress_gap",
    "daily_need",
    "pace",
    "last_year_shape",
    "rest_as_planned",
    "recent_trend",
    "low",
    "high",
)
DERIVED = (
    *(f"month_{key}" for key in SPAN),
    *(f"ytd_{key}" for key in SPAN),
    "rank",
    *YEAR,
    "base",
    *LEVELS,
    *PACE,
)
KEYS = (*IDENTITY, *TARGETS, *ACTUALS, *DERIVED)
COLUMN: Mapping[str, int] = {key: index for index, key in enumerate(KEYS)}
RATES = frozenset(
    {
        "month_rate",
        "ytd_rate",
        "year_rate",
        "month_level",
        "ytd_level",
        "year_level",
        "month_score",
        "ytd_score",
        "expected",
    }
)

PARTS_FIRST = 4
"""0-based column of the first numerator month on the parts sheet; denominators follow."""


def templates(formulas: Formulas, kpi: Kpi, closed: str) -> dict[str, str]:
    """A KPI's formulas by key, with ``#`` for the row's number."""
    at: Callable[[str], str] = lambda key: f"{letter(COLUMN[key])}#"  # noqa: E731
    sign = 1 if kpi.direction is Direction.HIGHER else -1
    percent, flow = kpi.in_percent, kpi.kind.adds_over_months
    improves = kpi.basis is TargetBasis.IMPROVEMENT
    found: dict[str, str] = {
        "month_target": formulas.month_figure(span_of(TARGETS), RateWord.NO_TARGET),
        "month_actual": formulas.month_figure(span_of(ACTUALS), RateWord.NO_ACTUAL),
        "ytd_target": formulas.target_to_date(span_of(TARGETS))
        if flow
        else formulas.month_figure(span_of(TARGETS), RateWord.NO_TARGET),
        "ytd_actual": _actual_to_date(formulas, kpi.kind),
        "year_target": f"ROUND(SUM({span_of(TARGETS)}),{SUM_PLACES})",
        "expected": formulas.expected(span_of(TARGETS), at("year_target")),
        "progress_gap": formulas.progress_gap(
            at("ytd_actual"), at("year_target"), at("expected"), sign=sign
        ),
        "daily_need": formulas.daily_need(
            at("month_target"), at("month_actual"), sign=sign, closed=closed
        ),
        "pace": formulas.landing_by_pace(at("ytd_actual"), at("expected")),
        "rest_as_planned": formulas.landing_by_plan(
            at("ytd_actual"), span_of(TARGETS), at("year_target")
        ),
        "low": formulas.extreme("MIN", f"{at('pace')}:{at('recent_trend')}"),
        "high": formulas.extreme("MAX", f"{at('pace')}:{at('recent_trend')}"),
    }
    for span in ("month", "ytd", "year"):
        target, actual = (
            at(f"{span}_target"),
            at("ytd_actual" if span == "year" else f"{span}_actual"),
        )
        rate = at(f"{span}_rate")
        found[f"{span}_rate"] = formulas.rate(
            target, actual, sign=sign, base=_base_of(kpi, target, at) if improves else ""
        )
        found[f"{span}_light"] = formulas.light(rate, at("progress_gap"), always_gap=span == "year")
        if improves:
            found[f"{span}_level"] = formulas.plain_rate(target, actual, sign=sign)
        if span != "year":
            found[f"{span}_gap"] = formulas.difference(
                actual, target, percent=percent, adds=kpi.kind.adds_over_units
            )
            found[f"{span}_score"] = formulas.score(rate)
    return found


def _base_of(kpi: Kpi, target: str, at: Callable[[str], str]) -> str:
    if kpi.kind is KpiKind.FLOW:
        return f"({at('base')}*{target}/{at('year_target')})"
    return at("base")


def _actual_to_date(formulas: Formulas, kind: KpiKind) -> str:
    if kind is KpiKind.FLOW:
        return formulas.actual_to_date(span_of(ACTUALS))
    if kind in (KpiKind.STOCK, KpiKind.MILESTONE):
        return formulas.month_figure(span_of(ACTUALS), RateWord.NO_ACTUAL)
    return formulas.latest(span_of(ACTUALS))


def span_of(keys: tuple[str, ...]) -> str:
    """The cells of those keys in a row, with ``#`` for its number."""
    return f"{letter(COLUMN[keys[0]])}#:{letter(COLUMN[keys[-1]])}#"
