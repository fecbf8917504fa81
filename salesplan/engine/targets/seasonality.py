"""How a KPI's year falls on its months (months by seasonality).

* Manual weights come first. All twelve: used, and scaled if they do not add up to 1. Some: kept,
  and the other months share what is left in proportion to their weight by history or working days.
* History (:mod:`salesplan.engine.targets.history`): a month's sum over the years ÷ the total of
  these years. Only years with all twelve months count, for a blank is not a zero; fewer than three
  such years is a warning.
* Spring Festival moves between January and February (country CN): the two months together keep
  their weight, and are split as what a working day of each brought in those years × the plan year's
  working days. Only where the calendars of the plan year and of these years are official, and
  unless the setting 春节调整 says no; else the history stands as it is. One note tells it.
* Neither: in proportion to the months' working days, with a note.

A KPI whose weights depend on a cell that could not be read has no season; the cell's own finding
says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from salesplan.dataclass import replace
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.history import YEARS, History, history
from salesplan.engine.targets.shares import some
from salesplan.engine.targets.target import Season, SeasonSource
from salesplan.findings import Finding, Place
from salesplan.plan.model import Kpi, KpiKind, Month, Plan, SeasonMonth

_HISTORY = ("history", "history1", "history2", "history3")
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
    past = history(plan)
    findings.extend(past.findings)
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
        season = _season(_Inputs(plan, calendar, past), kpi, rows, days, findings)
        if season is not None:
            found.setdefault(kpi.code, season)
    moved = [kpi.name for kpi in plan.kpis if kpi.code in found and found[kpi.code].spring]
    if moved:
        place = plan.settings.places.get("spring_festival") or plan.settings.places.get("year")
        findings.append(
            Finding.of(
                "season-spring-festival", place or Place(), kpis=some(moved), count=len(moved)
            )
        )
    return found, findings


class _Inputs(NamedTuple):
    """What a season is worked out from."""

    plan: Plan
    calendar: Calendar
    past: History


def _season(
    inputs: _Inputs, kpi: Kpi, rows: _Rows, days: _Fractions, findings: list[Finding]
) -> Season | None:
    if any(row is not None and "manual_weight" in row.broken for row in rows):
        return None
    manual = _manual(kpi, rows, findings)
    if manual is not None and None not in manual:
        weights = [weight for weight in manual if weight is not None]
        return _made(_scaled(kpi, rows, weights, findings), SeasonSource.MANUAL, 0)
    if any(row is not None and row.broken.intersection(_HISTORY) for row in rows):
        return None
    plain, source, years, spring = _plain(inputs, kpi, rows, days, findings)
    if manual is None:
        return replace(_made(plain, source, years), spring=spring)
    left = 1 - sum((weight for weight in manual if weight is not None), Fraction(0))
    open_plain = sum(
        (g for g, weight in zip(plain, manual, strict=True) if weight is None), Fraction(0)
    )
    share = [left * g / open_plain if open_plain else left / manual.count(None) for g in plain]
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
    if _percent(total) != 100:
        findings.append(
            Finding.of(
                "season-weights-scaled",
                _place(rows, "manual_weight"),
                kpi=kpi.name,
                total=_percent(total),
            )
        )
    return tuple(weight / total for weight in weights)


def _plain(
    inputs: _Inputs, kpi: Kpi, rows: _Rows, days: _Fractions, findings: list[Finding]
) -> tuple[_Fractions, SeasonSource, int, bool]:
    """Weights by history, else by working days; how many years they are from, and whether 春节 was
    moved.
    """
    by_days = days, SeasonSource.WORKING_DAYS, 0, False
    known = inputs.past.figures.get(kpi.code, {}) if kpi.kind is KpiKind.FLOW else {}
    spans = []
    for back in range(YEARS):
        spans.append([month.plus(-12 * (YEARS - back)) for month in inputs.plan.settings.months])
    whole = [span for span in spans if known.keys() >= set(span)]
    for back, span in enumerate(spans):
        missing = [at for at, month in enumerate(span) if month not in known]
        if 0 < len(missing) < len(span):
            place = _cell(rows[missing[0]], f"history{back + 1}")
            findings.append(
                Finding.of(
                    "season-year-incomplete",
                    place or _place(rows, f"history{back + 1}", kpi=kpi),
                    kpi=kpi.name,
                    year=str(inputs.plan.settings.year - YEARS + back),
                    missing=len(missing),
                )
            )
    if not whole:
        if kpi.kind is KpiKind.FLOW:
            findings.append(
                Finding.of("season-by-working-days", kpi.origin.place("code"), kpi=kpi.name)
            )
        return by_days
    sums = []
    for months in zip(*whole, strict=True):
        sums.append(sum((Fraction(known[m]) for m in months), Fraction(0)))
    total = sum(sums, Fraction(0))
    if total <= 0 or min(sums) < 0:
        place = _place(rows, "history1", kpi=kpi)
        findings.append(Finding.of("season-history-unusable", place, kpi=kpi.name))
        return by_days
    if len(whole) < YEARS:
        place = _place(rows, "history1", kpi=kpi)
        findings.append(Finding.of("season-few-years", place, kpi=kpi.name, years=len(whole)))
    weights = [value / total for value in sums]
    spring = _move_spring_festival(inputs, weights, whole)
    return tuple(weights), SeasonSource.HISTORY, len(whole), spring


def _move_spring_festival(
    inputs: _Inputs, weights: list[Fraction], years: Sequence[Sequence[Month]]
) -> bool:
    """Split January and February by the output of their working days; False where the history
    stands as it is.
    """
    plan, calendar = inputs.plan, inputs.calendar
    if not plan.settings.spring_festival or calendar.country != "CN":
        return False
    now = plan.settings.months
    places = [at for at, month in enumerate(now) if month.month in (1, 2)]
    spans = [now, *years]
    months = (span[at] for span, at in product(spans, places))
    if any(calendar.estimated(month.year) for month in months):
        return False
    outputs = []
    for at in places:
        worked = sum(calendar.in_month(year[at]) for year in years)
        if not worked:
            return False
        outputs.append(weights[at] / worked * calendar.in_month(now[at]))
    whole, pooled = sum(outputs, Fraction(0)), sum((weights[at] for at in places), Fraction(0))
    if not whole:
        return False
    for at, output in zip(places, outputs, strict=True):
        weights[at] = pooled * output / whole
    return True


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


def _place(rows: _Rows, key: str, *, negative: bool = False, kpi: Kpi | None = None) -> Place:
    """The cell of the first row that says something there; the KPI's where the sheet has no row of
    it.
    """
    for row in rows:
        if row is not None and (
            key != "manual_weight"
            or (row.manual_weight is not None and (not negative or row.manual_weight < 0))
        ):
            return row.origin.place(key)
    return Place() if kpi is None else kpi.origin.place("code")


def _cell(row: SeasonMonth | None, key: str) -> Place | None:
    return None if row is None else row.origin.place(key)


def _percent(share: Fraction) -> Decimal:
    return round(Decimal(share.numerator) * 100 / Decimal(share.denominator), 2)
