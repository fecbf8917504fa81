"""How a KPI's year falls on its months (SPEC 3, months by seasonality).

* Manual weights come first. All twelve: used, and scaled if they do not add up to 1. Some: kept,
  and the other months share what is left in proportion to their weight by history or working days.
* History: a month's sum over the years ÷ the total of these years. Only years with all twelve
  months count, for a blank is not a zero; fewer than three such years is a warning.
* Spring Festival moves between January and February: in China (country CN) the two months'
  history is pooled, and split by the plan year's own working days of the two months.
* Neither: in proportion to the months' working days, with a note.

A KPI whose weights depend on a cell that could not be read has no season; the cell's own finding
says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.results import Season, SeasonSource
from salesplan.findings import Finding, Place
from salesplan.plan.model import Kpi, KpiKind, Plan, SeasonMonth

_HISTORY = ("history", "history1", "history2", "history3")
_YEARS_WANTED = 3
_Rows = Sequence[SeasonMonth | None]
_Fractions = tuple[Fraction, ...]


def seasons(plan: Plan, calendar: Calendar) -> tuple[dict[str, Season], list[Finding]]:
    """The season of each KPI, by code, with what there is to say about their sources.

    The weights of a season are in fiscal order; its fractions add up to exactly 1.
    """
    findings = _calendar_findings(plan, calendar)
    by_kpi: dict[str, dict[int, SeasonMonth]] = {}
    for row in plan.seasonality:
        by_kpi.setdefault(row.kpi, {}).setdefault(row.month, row)
    days = _by_days(plan, calendar)
    found: dict[str, Season] = {}
    for kpi in plan.kpis:
        given = by_kpi.get(kpi.code, {})
        if kpi.kind is not KpiKind.FLOW and "kind" not in kpi.broken and given:
            findings.append(
                Finding.of(
                    "season-not-used",
                    min(given.values(), key=lambda row: row.origin.row).origin.place("kpi"),
                    kpi=kpi.name,
                    kind=kpi.kind,
                )
            )
        rows = [given.get(month.month) for month in plan.settings.months]
        season = _season(plan, kpi, rows, days, findings)
        if season is not None:
            found.setdefault(kpi.code, season)
    return found, findings


def _season(
    plan: Plan, kpi: Kpi, rows: _Rows, days: _Fractions, findings: list[Finding]
) -> Season | None:
    if any(row is not None and "manual_weight" in row.broken for row in rows):
        return None
    manual = _manual(kpi, rows, findings)
    if manual is not None and None not in manual:
        weights = [weight for weight in manual if weight is not None]
        return _made(_scaled(kpi, rows, weights, findings), SeasonSource.MANUAL, 0)
    if any(row is not None and row.broken.intersection(_HISTORY) for row in rows):
        return None
    ground, source, years = _ground(plan, kpi, rows, days, findings)
    if manual is None:
        return _made(ground, source, years)
    left = 1 - sum((weight for weight in manual if weight is not None), Fraction(0))
    open_ground = sum(
        (g for g, weight in zip(ground, manual, strict=True) if weight is None), Fraction(0)
    )
    share = [left * g / open_ground if open_ground else left / manual.count(None) for g in ground]
    mixed = tuple(s if weight is None else weight for s, weight in zip(share, manual, strict=True))
    return _made(mixed, SeasonSource.MANUAL, years)


def _manual(kpi: Kpi, rows: _Rows, findings: list[Finding]) -> list[Fraction | None] | None:
    """The typed weights; None if there are none, or they cannot be used (an error says so)."""
    typed = [
        None if row is None or row.manual_weight is None else Fraction(row.manual_weight)
        for row in rows
    ]
    given = [weight for weight in typed if weight is not None]
    if not given:
        return None
    total = sum(given, Fraction(0))
    if min(given) < 0:
        findings.append(
            Finding.of(
                "season-weight-negative", _place(rows, "manual_weight", negative=True), kpi=kpi.name
            )
        )
    elif total > 1 and len(given) < len(typed):
        findings.append(
            Finding.of(
                "season-weights-over",
                _place(rows, "manual_weight"),
                kpi=kpi.name,
                total=_percent(total),
            )
        )
    elif not total and len(given) == len(typed):
        findings.append(
            Finding.of("season-weights-zero", _place(rows, "manual_weight"), kpi=kpi.name)
        )
    else:
        return typed
    return None


def _scaled(kpi: Kpi, rows: _Rows, weights: list[Fraction], findings: list[Finding]) -> _Fractions:
    total = sum(weights, Fraction(0))
    if total != 1:
        findings.append(
            Finding.of(
                "season-weights-scaled",
                _place(rows, "manual_weight"),
                kpi=kpi.name,
                total=_percent(total),
            )
        )
    return tuple(weight / total for weight in weights)


def _ground(
    plan: Plan, kpi: Kpi, rows: _Rows, days: _Fractions, findings: list[Finding]
) -> tuple[_Fractions, SeasonSource, int]:
    """Weights by history, else by working days."""
    columns = [
        [None if row is None else row.history[back] for row in rows]
        for back in range(_YEARS_WANTED)
    ]
    years = [[Fraction(value) for value in column if value is not None] for column in columns]
    whole = [year for year in years if len(year) == len(rows)]
    tells = kpi.kind is KpiKind.FLOW
    for back, year in enumerate(years):
        if 0 < len(year) < len(rows):
            blank = columns[back].index(None)
            place = _cell(rows[blank], f"history{back + 1}") or _place(rows, f"history{back + 1}")
            findings.append(
                Finding.of(
                    "season-year-incomplete",
                    place,
                    kpi=kpi.name,
                    year=str(plan.settings.year - _YEARS_WANTED + back),
                    missing=len(rows) - len(year),
                )
            )
    if not whole:
        if tells:
            findings.append(
                Finding.of("season-by-working-days", kpi.origin.place("code"), kpi=kpi.name)
            )
        return days, SeasonSource.WORKING_DAYS, 0
    sums = [sum(month) for month in zip(*whole, strict=True)]
    total = sum(sums)
    if total <= 0 or min(sums) < 0:
        findings.append(
            Finding.of("season-history-unusable", _place(rows, "history1"), kpi=kpi.name)
        )
        return days, SeasonSource.WORKING_DAYS, 0
    if len(whole) < _YEARS_WANTED:
        findings.append(
            Finding.of("season-few-years", _place(rows, "history1"), kpi=kpi.name, years=len(whole))
        )
    weights = [Fraction(value) / total for value in sums]
    if plan.settings.country.strip().upper() in ("", "CN"):
        _split_spring_festival(plan, weights, days)
    return tuple(weights), SeasonSource.HISTORY, len(whole)


def _split_spring_festival(plan: Plan, weights: list[Fraction], days: _Fractions) -> None:
    months = [month.month for month in plan.settings.months]
    january, february = months.index(1), months.index(2)
    pooled, worked = weights[january] + weights[february], days[january] + days[february]
    if worked:
        weights[january] = pooled * days[january] / worked
        weights[february] = pooled * days[february] / worked


def _by_days(plan: Plan, calendar: Calendar) -> _Fractions:
    counts = [calendar.in_month(month) for month in plan.settings.months]
    total = sum(counts)
    return tuple(Fraction(count, total) if total else Fraction(1, len(counts)) for count in counts)


def _calendar_findings(plan: Plan, calendar: Calendar) -> list[Finding]:
    place = plan.settings.places.get("country", Place())
    if not calendar.known:
        return [Finding.of("calendar-country-unknown", place, country=calendar.country)]
    years = sorted({month.year for month in plan.settings.months})
    return [
        Finding.of("calendar-estimated", plan.settings.places.get("year", Place()), year=str(year))
        for year in years
        if calendar.estimated(year)
    ]


def _made(weights: _Fractions, source: SeasonSource, years: int) -> Season:
    return Season(
        tuple(Decimal(w.numerator) / Decimal(w.denominator) for w in weights),
        source,
        years,
        weights,
    )


def _place(rows: _Rows, key: str, *, negative: bool = False) -> Place:
    """The cell of the first row that says something there."""
    for row in rows:
        if row is not None and (
            key != "manual_weight"
            or (row.manual_weight is not None and (not negative or row.manual_weight < 0))
        ):
            return row.origin.place(key)
    return Place()


def _cell(row: SeasonMonth | None, key: str) -> Place | None:
    return None if row is None else row.origin.place(key)


def _percent(share: Fraction) -> Decimal:
    return round(Decimal(share.numerator) * 100 / Decimal(share.denominator), 2)
