"""The columns of the data sheets, and the formulas of the ledger's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.line import has_line
from salesplan.engine.actuals.pace import LIKELY
from salesplan.engine.actuals.reach import by_month_end
from salesplan.engine.actuals.status import RateWord, grain
from salesplan.plan.model import Direction, Kpi, KpiKind, TargetBasis
from salesplan.report.figures.formulas import SUM_PLACES, Flow, Formulas, Measured
from salesplan.report.pen.places import letter

MONTHS = 12
FIRST_ROW = 6
"""1-based row of the first record on the data sheets."""

IDENTITY = ("kpi", "kpi_name", "measure", "unit", "unit_name", "level", "parent")
TARGETS = tuple(f"target{i}" for i in range(1, MONTHS + 1))
ACTUALS = tuple(f"actual{i}" for i in range(1, MONTHS + 1))
SPAN = ("target", "actual", "gap", "rate", "expected", "pace", "light", "score")
YEAR = ("year_target", "year_rate", "year_light")
LEVELS = ("month_level", "ytd_level", "year_level")
METHODS = tuple(method.value for method in LandingMethod)
LANDINGS = (*METHODS, "low", "high", "likely")
"""Where the year may end: by each method, and what is made of them."""
PACE = ("expected", "progress_gap", "daily_need", *LANDINGS)
DERIVED = (
    "reach",
    "share",
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
        "month_pace",
        "ytd_pace",
        "month_score",
        "ytd_score",
        "expected",
        "share",
    }
)

PARTS_FIRST = 4
"""0-based column of the first numerator month on the parts sheet; denominators follow."""


def templates(formulas: Formulas, kpi: Kpi, closed: str, shape: Shape) -> dict[str, str]:
    """A KPI's formulas by key, with ``#`` for the row's number."""
    at: Callable[[str], str] = lambda key: f"{letter(COLUMN[key])}#"  # noqa: E731
    sign = _sign(kpi)
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
        "low": formulas.extreme("MIN", f"{at(METHODS[0])}:{at(METHODS[-1])}"),
        "high": formulas.extreme("MAX", f"{at(METHODS[0])}:{at(METHODS[-1])}"),
        "likely": formulas.median(*(at(method.value) for method in LIKELY)),
    }
    for span in ("month", "ytd", "year"):
        target, actual = (
            at(f"{span}_target"),
            at("ytd_actual" if span == "year" else f"{span}_actual"),
        )
        found[f"{span}_rate"] = formulas.rate(
            target, actual, sign=sign, base=_base_of(kpi, target, at) if improves else ""
        )
        if improves:
            found[f"{span}_level"] = formulas.plain_rate(target, actual, sign=sign)
        if span != "year":
            found[f"{span}_gap"] = formulas.difference(
                actual, target, percent=percent, adds=kpi.kind.adds_over_units
            )
            found[f"{span}_score"] = formulas.score(
                at(f"{span}_pace"), at(f"{span}_light"), at(f"{span}_actual")
            )
    if kpi.kind is not KpiKind.MILESTONE:
        found |= (
            _flow_status(formulas, kpi, at, shape) if flow else _level_status(formulas, kpi, at)
        )
    return found


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a KPI decides which formula its rows have: whether a target is below zero, and the
    word between a part and its whole.
    """

    negative: bool
    of: str


def _flow_status(
    formulas: Formulas, kpi: Kpi, at: Callable[[str], str], shape: Shape
) -> dict[str, str]:
    """What follows from the rhythm: expected, pace and status of month and year to date, landings,
    the year.
    """
    sign, improves = _sign(kpi), kpi.basis is TargetBasis.IMPROVEMENT
    reach, share = at("reach"), at("share")
    cells = {
        keys: (span_of(keys).split(":")[0], f"INDEX({span_of(keys)},{reach})")
        for keys in (TARGETS, ACTUALS)
    }
    to_reach = {keys: f"{first}:{last}" for keys, (first, last) in cells.items()}
    last_target, last_actual = cells[TARGETS][1], cells[ACTUALS][1]
    parts = Flow(reach, share, to_reach[TARGETS], to_reach[ACTUALS], last_target, last_actual)
    running = formulas.running(reach)
    behind = (
        f"{last_target}*{share}-{last_actual}"
        if sign > 0
        else f"{last_actual}-{last_target}*{share}"
    )
    swing = f"{formulas.names['swing']}*SQRT({share}*(1-{share}))*ABS({last_target})"
    lessened = f"IF({running},MAX(0,MIN({behind},{swing})),0)"
    found: dict[str, str] = {}
    sums = f"SUM({parts.actuals})"
    for span, done in (("month", f"N({last_actual})"), ("ytd", sums)):
        to_date, expected = span == "ytd", at(f"{span}_expected")
        size = f"ABS({expected})"
        if shape.negative and to_date:
            less = f"IF({running},ABS({last_target})*(1-{share}),0)"
            size = f"(SUMPRODUCT(ABS({parts.targets}))-{less})"
        if improves:
            size = f"({size}*ABS(1-{at('base')}/{at('year_target')}))"
        month = formulas.names["report_month"]
        measured = Measured(
            sign,
            reach,
            done,
            expected,
            size,
            at(f"{span}_target"),
            at("year_target"),
            at(f"{span}_rate"),
            lessened,
            digits(kpi),
            unreported=f"{reach}=0" if to_date else f"{reach}<{month}",
        )
        found[f"{span}_expected"] = formulas.flow_expected(parts, to_date=to_date)
        found[f"{span}_pace"] = formulas.pace(measured)
        found[f"{span}_light"] = formulas.status(measured, to_date=to_date)
    year = at("year_target")
    size = f"ABS({year}-{at('base')})" if improves else f"ABS({year})"
    measured = Measured(sign, reach, at("likely"), year, size, year, year, digits=digits(kpi))
    months = span_of(TARGETS)
    found["year_light"] = formulas.year_status(measured, months, at("ytd_light"))
    found["pace"] = formulas.landing_by_pace(parts.actuals, at("ytd_expected"), year)
    found["rest_as_planned"] = formulas.landing_by_plan(parts.actuals, at("ytd_expected"), year)
    if sign < 0:
        rate = formulas.rate(
            year, at("ytd_actual"), sign=sign, base=_base_of(kpi, year, at) if improves else ""
        )
        found["year_rate"] = formulas.used(rate, at("ytd_actual"), year, shape.of, months, reach)
    return found


def _level_status(formulas: Formulas, kpi: Kpi, at: Callable[[str], str]) -> dict[str, str]:
    """Expected, pace and status of a level, rate or average; its year is the line's, as its year to
    date is.
    """
    improves, reach = kpi.basis is TargetBasis.IMPROVEMENT, at("reach")
    base = at("base")
    line = (base, at("year_target"), at("share")) if has_line(kpi) else None
    found: dict[str, str] = {}
    for span in ("month", "ytd"):
        to_date, expected = span == "ytd", at(f"{span}_expected")
        snapshot = to_date and by_month_end(kpi)
        done = f"INDEX({span_of(ACTUALS)},{reach})" if snapshot else at(f"{span}_actual")
        size = f"ABS({expected}-{base})" if improves else f"ABS({expected})"
        month = formulas.names["report_month"]
        measured = Measured(
            _sign(kpi),
            reach,
            done,
            expected,
            size,
            at(f"{span}_target"),
            at("year_target"),
            at(f"{span}_rate"),
            digits=digits(kpi),
            way=f"{size}<{formulas.names['way_from']}*ABS({at('year_target')}-{base})"
            if improves
            else "",
            unreported=f"{reach}=0" if to_date else f"{reach}<{month}",
            lined=line is not None,
        )
        target = f"INDEX({span_of(TARGETS)},{reach})"
        found[f"{span}_expected"] = formulas.line_expected(reach, target, line, to_date=to_date)
        found[f"{span}_pace"] = formulas.pace(measured)
        found[f"{span}_light"] = formulas.status(measured, to_date=to_date)
    found["year_light"] = at("ytd_light")
    return found


def digits(kpi: Kpi) -> int | None:
    """The digits to which the KPI's smallest unit rounds; None where it does not count, or is no
    power of ten.
    """
    smallest = grain(kpi).normalize()
    exponent = smallest.as_tuple().exponent
    return -exponent if smallest and smallest == Decimal(1).scaleb(int(exponent)) else None  # type: ignore[operator]


def _sign(kpi: Kpi) -> int:
    return 1 if kpi.direction is Direction.HIGHER else -1


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
