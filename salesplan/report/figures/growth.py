"""Growth against a base in one cell: a percentage, or the word where a percentage would mislead."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from salesplan.engine.actuals.growth import GrowthWord, growth, growth_in_points
from salesplan.plan.model import Kpi, Month
from salesplan.report.figures.context import DASH, Context
from salesplan.report.figures.formulas import GAP_PLACES, RATE_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, Column, Entry, Here, Row
from salesplan.report.figures.report import Report
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT_SIGNED, POINTS

Side = tuple[str | Callable[[Row, Here], str], Callable[[Row], Decimal | None]]
"""A figure that growth is reckoned from: the column that it stands in, or its cell; and how it is
had.
"""


def growth_column(
    report: Report,
    key: str,
    now: Side[Row],
    base: Side[Row],
    kpi: Callable[[Row], Kpi] | None = None,
    where: Callable[[Row], bool] | None = None,
) -> Column[Row]:
    """A column of the growth of ``now`` over ``base``; ``kpi``: of a row's percentages in points,
    else they are taken for amounts.
    """

    def entry(row: Row, own: str = "", other: str = "") -> Entry:
        actual, before = now[1](row), base[1](row)
        if kpi is None:
            return growth_entry(report, actual, before, own, other)
        return change_entry(report, kpi(row), actual, before, own, other)

    def formula(row: Row, at: Here) -> str | None:
        own, other = (
            at(one) if isinstance(one, str) else one(row, at) for one in (now[0], base[0])
        )
        return entry(row, own, other).formula

    return Column(
        key,
        lambda row: entry(row).value,
        formula,
        RIGHT,
        lambda row: entry(row).number_format,
        where=where,
    )


def growth_entry(
    report: Report, actual: Decimal | None, base: Decimal | None, actual_ref: str, base_ref: str
) -> Entry:
    """The growth of ``actual`` over ``base`` with its formula; a loss that turns or shrinks is a
    word.
    """
    found = growth(actual, base)
    if found.word is not None:
        value: Scalar = report.words(f"growth_{found.word.value}")
    else:
        value = DASH if found.value is None else to_places(found.value, RATE_PLACES)
    return Entry(value, ("right",), formula(report, actual_ref, base_ref), PERCENT_SIGNED)


def change_entry(
    report: Report,
    kpi: Kpi,
    actual: Decimal | None,
    base: Decimal | None,
    actual_ref: str,
    base_ref: str,
) -> Entry:
    """The change of a KPI's figure against a base: of percentages in points, else as growth."""
    if not kpi.in_percent:
        return growth_entry(report, actual, base, actual_ref, base_ref)
    found = growth_in_points(actual, base)
    if found.value is None:
        word = DASH if found.word is None else report.words(f"growth_{found.word.value}")
        return Entry(word, ("right",), None, POINTS)
    return Entry(
        to_places(found.value * 100, GAP_PLACES),
        ("right",),
        f"ROUND(({actual_ref}-{base_ref})/1%,{GAP_PLACES})",
        POINTS,
    )


def past_value(context: Context, kpi: Kpi, unit: str, first: Month, last: Month) -> Decimal | None:
    """A figure of the one history; a sum over months only where each of them is known. A unit
    without a row in a month in which others have some has 0 of a flow, as in the plan year.
    """
    facts, reported = context.facts, context.results.reported.get(kpi.code, frozenset())
    if kpi.kind.adds_over_months and first != last:
        months = [first.plus(at) for at in range(12) if first.plus(at) <= last]
        alone = [facts.value(kpi.code, unit, month, month) for month in months]
        known = [one for one in alone if one is not None]
        told = all(
            one is not None or month in reported for month, one in zip(months, alone, strict=True)
        )
        return sum(known, Decimal(0)) if known and told else None
    return facts.value(kpi.code, unit, first, last)


def formula(report: Report, actual: str, base: str) -> str:
    """The formula of a growth rate, with words where the base is missing, 0 or below it."""
    word = {one: f'"{report.words(f"growth_{one.value}")}"' for one in GrowthWord}
    number = f"ROUND(({actual}-{base})/ABS({base}),{RATE_PLACES})"
    gain = f"IF({actual}<0,{word[GrowthWord.TURNED_TO_LOSS]},{number})"
    shrunk = f"IF({actual}>{base},{word[GrowthWord.LOSS_REDUCED]},{word[GrowthWord.LOSS_GREW]})"
    loss = f"IF({actual}>=0,{word[GrowthWord.TURNED_TO_PROFIT]},IF({actual}={base},0,{shrunk}))"
    known = f"IF(N({base})=0,{word[GrowthWord.NO_BASE]},IF({base}>0,{gain},{loss}))"
    return f'IF(ISNUMBER({actual}),{known},"{DASH}")'
