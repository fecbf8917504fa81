"""Figures and names as sentences write them."""

from __future__ import annotations

import re
from decimal import Decimal

from salesplan import wording
from salesplan.plan.currencies import NAMES, SYMBOLS, currency, home_of
from salesplan.plan.model import AmountUnit, Kpi, Settings
from salesplan.report.figures.context import Context, figure_format
from salesplan.report.pen import measure
from salesplan.report.pen.styles import PERCENT, amount_format


def figure(kpi: Kpi, value: Decimal | None) -> str:
    return "—" if value is None else measure.shown(value, figure_format(kpi))


def worth(context: Context, kpi: Kpi, value: Decimal | None) -> str:
    """A figure with its unit: money as people say it, percentages and counts as their cells show
    them.
    """
    if value is None:
        return "—"
    money = money_unit(kpi.unit, context.plan.settings)
    if money is None or kpi.in_percent:
        unit = "" if kpi.in_percent or not kpi.unit else f" {kpi.unit}"
        return figure(kpi, value) + unit
    return wording.amount(value * money[1], money[0], context.lang)


def a_day(context: Context, kpi: Kpi, value: Decimal) -> str:
    """A daily run rate with its unit; of counts a day's part matters, too."""
    if kpi.in_percent or money_unit(kpi.unit, context.plan.settings) is not None:
        return worth(context, kpi, value)
    return f"{wording.plain(wording.rounded(value))} {kpi.unit}".rstrip()


def between(context: Context, kpi: Kpi, low: Decimal, high: Decimal) -> str:
    """A range with its unit, which is named once."""
    money = money_unit(kpi.unit, context.plan.settings)
    if money is not None and not kpi.in_percent:
        return wording.amounts(low * money[1], high * money[1], money[0], context.lang)
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
    sign = "" if value is None else "+" if value > 0 else "-" if value < 0 else ""
    return sign + apart(context, kpi, value)


def amount(context: Context, value: Decimal) -> str:
    """An amount of the budget, which is in the settings' currency and amount unit."""
    settings = context.plan.settings
    scale = Decimal(SCALES[settings.amount_unit])
    return wording.amount(value * scale, home_of(settings.currency), context.lang)


SCALES = {AmountUnit.YUAN: 1, AmountUnit.WAN: 10_000}
"""Single units in one of the settings' amount unit."""

_SIZES = {"万": 10_000, "10k": 10_000, "wan": 10_000, "k": 1_000, "千": 1_000, "m": 1_000_000}
_SIZES |= {"百万": 1_000_000, "亿": 100_000_000}
_CODE = re.compile("[A-Za-z]{3}")


def money_unit(unit: str, settings: Settings) -> tuple[str, int] | None:
    """The currency and the size of a KPI's 单位: 万元, 10k CNY, USD; None where it is no amount."""
    text, home = unit.strip(), home_of(settings.currency)
    size = next((name for name in sorted(_SIZES, key=len, reverse=True) if _begins(text, name)), "")
    rest = text[len(size) :].strip()
    known = rest.lower() in NAMES or rest in SYMBOLS or rest.lower() in ("cny", "yuan", "usd")
    if known or (_CODE.fullmatch(rest) and rest.upper() == home):
        return ("CNY" if rest.lower() == "yuan" else currency(rest, home)), _SIZES.get(size, 1)
    return (home, _SIZES[size]) if not rest and size in ("万", "10k", "wan") else None


def _begins(text: str, size: str) -> bool:
    """Whether a unit begins with that size; a Latin one stands by itself."""
    rest = text[len(size) :]
    return text.lower().startswith(size) and (not size.isascii() or not rest[:1].isalpha())


def percent(value: Decimal | None) -> str:
    return "—" if value is None else measure.shown(value, PERCENT)


def points(value: Decimal) -> str:
    return measure.shown(value * 100, amount_format(1))


def names(context: Context, names: list[str]) -> str:
    return wording.listed(names, context.lang)


def joined(context: Context, parts: list[str]) -> str:
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
