"""Figures and names as sentences write them."""

from __future__ import annotations

from decimal import Decimal

from salesplan import wording
from salesplan.engine.actuals.pace import Pace
from salesplan.engine.exact.figures import said_of
from salesplan.findings import Finding
from salesplan.plan.model import Kpi
from salesplan.plan.model.currencies import money_unit, own_unit
from salesplan.report.figures.context import Context, figure_format
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.styles import PERCENT, amount_format


def figure(kpi: Kpi, value: Decimal | None) -> str:
    """A KPI's figure as its cells show it; a dash for none."""
    return "—" if value is None else measure.shown(value, figure_format(kpi))


def worth(context: Context, kpi: Kpi, value: Decimal | None) -> str:
    """A figure with its unit: money as people say it, percentages and counts as their cells show
    them.
    """
    if value is None:
        return "—"
    money = money_unit(kpi.unit, context.plan.settings)
    if money is None or kpi.in_percent:
        shown = figure(kpi, value)
        return shown if kpi.in_percent else f"{shown} {said_of(shown, kpi.unit)}".rstrip()
    return wording.amount(value * money.size, money.currency, context.lang, _step(context, kpi))


def _step(context: Context, kpi: Kpi) -> int | None:
    """The report's one size for amounts; a price or another average keeps its own."""
    return context.money_step if kpi.kind.adds_over_units else None


def a_day(context: Context, kpi: Kpi, value: Decimal) -> str:
    """A daily run rate with its unit; of counts a day's part matters, too."""
    if kpi.in_percent or money_unit(kpi.unit, context.plan.settings) is not None:
        return worth(context, kpi, value)
    number = wording.plain(wording.rounded(value))
    return f"{number} {said_of(number, kpi.unit)}".rstrip()


def between(context: Context, kpi: Kpi, low: Decimal, high: Decimal) -> str:
    """A range with its unit, which is named once."""
    money = money_unit(kpi.unit, context.plan.settings)
    if money is not None and not kpi.in_percent:
        ends = (low * money.size, high * money.size)
        return wording.amounts(*ends, money.currency, context.lang, _step(context, kpi))
    first, last = figure(kpi, low), worth(context, kpi, high)
    return last if first == figure(kpi, high) else f"{first}–{last}"


def apart(context: Context, kpi: Kpi, value: Decimal | None) -> str:
    """How far two figures are apart, without a sign; two percentages in points."""
    if value is None:
        return "—"
    if kpi.in_percent:
        return context.words("points", points=points(abs(value)))
    return worth(context, kpi, abs(value))


def moved(context: Context, kpi: Kpi, value: Decimal | None) -> str:
    """A change with its sign and unit."""
    if value is None:
        sign = ""
    elif value > 0:
        sign = "+"
    elif value < 0:
        sign = "-"
    else:
        sign = ""
    return sign + apart(context, kpi, value)


def by_deals(context: Context, pace: Pace, target: Decimal, *, brief: bool = False) -> str:
    """Of a range of forecasts that the open deals end, that they do, and, unless ``brief``, where
    the others end: deals that are yet to come are not among them. Blank where it ends by another
    method.
    """
    found = pace.ended_by_deals
    if found is None:
        return ""
    if brief:
        return context.words("low_by_deals_brief" if found.low else "high_by_deals_brief")
    key = "low_by_deals" if found.low else "high_by_deals"
    return context.words(key, rate=percent(found.others / target))


def off(context: Context, kpi: Kpi, gap: Decimal | None) -> str:
    """How far an actual is below or above its target, in words."""
    if not gap:
        key = "off_none"
    elif gap < 0:
        key = "off_below"
    else:
        key = "off_above"
    return context.words(key, gap=apart(context, kpi, gap))


def amount(context: Context, value: Decimal) -> str:
    """An amount of the budget, which is in the settings' currency and amount unit."""
    unit = own_unit(context.plan.settings)
    return wording.amount(value * unit.size, unit.currency, context.lang, context.money_step)


def in_words(context: Context, kpi: Kpi | None, finding: Finding) -> Finding:
    """The finding with its gap, if that is money, as sentences of the report say it."""
    gap = finding.params.get("gap")
    if kpi is None or kpi.in_percent or not isinstance(gap, Decimal):
        return finding
    if money_unit(kpi.unit, context.plan.settings) is None:
        return finding
    said = {**finding.params, "gap": worth(context, kpi, gap), "unit": ""}
    return Finding.of(finding.code, finding.place, **said)


def percent(value: Decimal | None) -> str:
    """A rate as its cells show it; a dash for none."""
    return "—" if value is None else measure.shown(value, PERCENT)


def points(value: Decimal) -> str:
    """A difference of two rates in points, without the word."""
    return measure.shown(value * 100, amount_format(1))


def names(context: Context, names: list[str]) -> str:
    """Names beside each other, as a sentence of the report lists them."""
    return wording.listed(names, context.lang)


def joined(context: Context, parts: list[str]) -> str:
    """Parts of a sentence, with its full stop."""
    return wording.clauses(parts, context.lang) + wording.FULL_STOP.of(context.lang)


NAMED = 3
"""How many names a sentence lists at most."""


def listed(context: Context, found: list[str]) -> str:
    """The first names, and how many more there are."""
    more = context.words("and_more", count=str(len(found) - NAMED)) if len(found) > NAMED else ""
    return names(context, found[:NAMED]) + more


def shortened(text: str, room: float) -> str:
    """The beginning of ``text`` that fits a column ``room`` wide, with an ellipsis where something
    is left out.
    """
    if measure.width(text) <= room:
        return text
    end = len(text)
    while end > 1 and measure.width(text[:end] + "…") > room:
        end -= 1
    return text[:end].rstrip(" ,、:") + "…"
