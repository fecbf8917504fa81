"""The columns of the data sheets, and the formulas of the ledger's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.pace import LIKELY
from salesplan.engine.actuals.reach import by_month_end
from salesplan.engine.actuals.status import RateWord, grain
from salesplan.engine.actuals.trajectory import has_line
from salesplan.plan.model import Kpi, KpiKind, TargetBasis
from salesplan.report.figures.context import UNDER
from salesplan.report.figures.formulas import SUM_PLACES, Flow, Formulas, Measured
from salesplan.report.xlsx.places import letter

MONTHS = 12
FIRST_ROW = 6
"""1-based row of the first record on the data sheets."""

IDENTITY = ("kpi", "kpi_name", "measure", "unit", "unit_name", "level", "parent")
TARGETS = tuple(f"target{i}" for i in range(1, MONTHS + 1))
ACTUALS = tuple(f"actual{i}" for i in range(1, MONTHS + 1))
SPAN = ("target", "actual", "gap", "rate", "expected", "pace", "light", "score")
YEAR = ("year_target", "year_rate", "year_light")
LEVELS = ("span_level", "ytd_level", "year_level")
METHODS = tuple(method.value for method in LandingMethod)
LANDINGS = (*METHODS, "low", "high", "likely")
"""Where the year may end: by each method, and what is made of them."""
PACE = ("expected", "progress_gap", "daily_need", *LANDINGS)
DERIVED = (
    "reach",
    "share",
    *(f"span_{key}" for key in SPAN),
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
        "span_rate",
        "ytd_rate",
        "year_rate",
        "span_level",
        "ytd_level",
        "year_level",
        "span_pace",
        "ytd_pace",
        "span_score",
        "ytd_score",
        "expected",
        "share",
    }
)

PARTS_FIRST = 4
"""0-based column of the first numerator month on the parts sheet; denominators follow."""


def templates(formulas: Formulas, kpi: Kpi, missed: str, shape: Shape) -> dict[str, str]:
    """A KPI's formulas by key, with ``#`` for the row's number."""
    at: Callable[[str], str] = lambda key: f"{letter(COLUMN[key])}#"  # noqa: E731
    sign = kpi.direction.sign
    percent, flow = kpi.in_percent, kpi.kind.adds_over_months
    improves = kpi.basis is TargetBasis.IMPROVEMENT
    found: dict[str, str] = {
        "span_target": _target(formulas, kpi.kind, formulas.since),
        "span_actual": _actual(formulas, kpi.kind, formulas.since),
        "ytd_target": _target(formulas, kpi.kind, ""),
        "ytd_actual": _actual(formulas, kpi.kind, ""),
        "year_target": f"ROUND(SUM({span_of(TARGETS)}),{SUM_PLACES})",
        "expected": formulas.expected(span_of(TARGETS), at("year_target")),
        "progress_gap": formulas.progress_gap(
            at("ytd_actual"), at("year_target"), at("expected"), sign=sign
        ),
        "daily_need": formulas.daily_need(*_of_month(formulas, at), sign=sign, missed=missed),
        "low": formulas.extreme("MIN", f"{at(METHODS[0])}:{at(METHODS[-1])}"),
        "high": formulas.extreme("MAX", f"{at(METHODS[0])}:{at(METHODS[-1])}"),
        "likely": formulas.median(*(at(method.value) for method in LIKELY)),
    }
    for span in UNDER:
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
    sign, improves = kpi.direction.sign, kpi.basis is TargetBasis.IMPROVEMENT
    reach, share = at("reach"), at("share")
    parts = _flow(formulas, reach, share, "")
    last_target, last_actual = parts.last_target, parts.last_actual
    running = formulas.running(reach)
    behind = (
        f"{last_target}*{share}-{last_actual}"
        if sign > 0
        else f"{last_actual}-{last_target}*{share}"
    )
    swing = f"{formulas.names['swing']}*SQRT({share}*(1-{share}))*ABS({last_target})"
    lessened = f"IF({running},MAX(0,MIN({behind},{swing})),0)"
    found: dict[str, str] = {}
    for span, since in (("span", formulas.since), ("ytd", "")):
        own, expected = _flow(formulas, reach, share, since or ""), at(f"{span}_expected")
        done = f"N({last_actual})" if since is None else f"SUM({own.actuals})"
        size = f"ABS({expected})"
        if shape.negative and since is not None:
            less = f"IF({running},ABS({last_target})*(1-{share}),0)"
            size = f"(SUMPRODUCT(ABS({own.targets}))-{less})"
        if improves:
            size = f"({size}*ABS(1-{at('base')}/{at('year_target')}))"
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
            unreported=formulas.unreported(reach, since),
        )
        found[f"{span}_expected"] = formulas.flow_expected(own, since)
        found[f"{span}_pace"] = formulas.pace(measured)
        found[f"{span}_light"] = formulas.status(measured, since)
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
    for span, since in (("span", formulas.since), ("ytd", "")):
        expected = at(f"{span}_expected")
        snapshot = since is not None and by_month_end(kpi)
        done = f"INDEX({span_of(ACTUALS)},{reach})" if snapshot else at(f"{span}_actual")
        size = f"ABS({expected}-{base})" if improves else f"ABS({expected})"
        measured = Measured(
            kpi.direction.sign,
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
            unreported=formulas.unreported(reach, since),
            lined=line is not None,
        )
        target = f"INDEX({span_of(TARGETS)},{reach})"
        found[f"{span}_expected"] = formulas.line_expected(reach, target, line, since)
        found[f"{span}_pace"] = formulas.pace(measured)
        found[f"{span}_light"] = formulas.status(measured, since)
    found["year_light"] = at("ytd_light")
    return found


def digits(kpi: Kpi) -> int | None:
    """The digits to which the KPI's smallest unit rounds; None where it does not count, or is no
    power of ten.
    """
    smallest = grain(kpi).normalize()
    exponent = smallest.as_tuple().exponent
    return -exponent if smallest and smallest == Decimal(1).scaleb(int(exponent)) else None  # type: ignore[operator]


def _base_of(kpi: Kpi, target: str, at: Callable[[str], str]) -> str:
    if kpi.kind is KpiKind.FLOW:
        return f"({at('base')}*{target}/{at('year_target')})"
    return at("base")


def _flow(formulas: Formulas, reach: str, share: str, since: str) -> Flow:
    """A flow's cells from the span's first month to the last that is reported."""
    ends = {keys: f"INDEX({span_of(keys)},{reach})" for keys in (TARGETS, ACTUALS)}
    ranges = (f"{formulas.first(span_of(keys), since)}:{end}" for keys, end in ends.items())
    return Flow(reach, share, *ranges, *ends.values())


def _target(formulas: Formulas, kind: KpiKind, since: str | None) -> str:
    if since is None or not kind.adds_over_months:
        return formulas.month_figure(span_of(TARGETS), RateWord.NO_TARGET)
    return formulas.target_to_date(span_of(TARGETS), since)


def _actual(formulas: Formulas, kind: KpiKind, since: str | None) -> str:
    if since is None or kind.is_level:
        return formulas.month_figure(span_of(ACTUALS), RateWord.NO_ACTUAL)
    if kind is KpiKind.FLOW:
        return formulas.actual_to_date(span_of(ACTUALS), since)
    return formulas.latest(span_of(ACTUALS), since)


def _of_month(formulas: Formulas, at: Callable[[str], str]) -> tuple[str, str]:
    """The cells of the report month's target and actual."""
    if formulas.since is None:
        return at("span_target"), at("span_actual")
    return formulas.at(span_of(TARGETS)), formulas.at(span_of(ACTUALS))


def span_of(keys: tuple[str, ...]) -> str:
    """The cells of those keys in a row, with ``#`` for its number."""
    return f"{letter(COLUMN[keys[0]])}#:{letter(COLUMN[keys[-1]])}#"
