"""Figures and names as sentences write them."""

from __future__ import annotations

from decimal import Decimal

from salesplan.plan.model import Kpi
from salesplan.report.figures.context import Context, figure_format
from salesplan.report.pen import measure
from salesplan.report.pen.styles import PERCENT, amount_format


def figure(kpi: Kpi, value: Decimal | None) -> str:
    return "—" if value is None else measure.shown(value, figure_format(kpi))


def signed(kpi: Kpi, value: Decimal | None) -> str:
    return ("+" if value is not None and value > 0 else "") + figure(kpi, value)


def amount(value: Decimal) -> str:
    return measure.shown(value, amount_format(2))


def percent(value: Decimal | None) -> str:
    return "—" if value is None else measure.shown(value, PERCENT)


def points(value: Decimal) -> str:
    return measure.shown(value * 100, amount_format(1))


def names(context: Context, names: list[str]) -> str:
    return ("、" if context.lang == "zh" else ", ").join(names)


def joined(context: Context, parts: list[str]) -> str:
    return ("；" if context.lang == "zh" else "; ").join(parts) + (
        "。" if context.lang == "zh" else "."
    )


NAMED = 3
"""How many names a sentence lists at most."""


def listed(context: Context, found: list[str]) -> str:
    """The first names, and how many more there are."""
    more = context.words("and_more", count=str(len(found) - NAMED)) if len(found) > NAMED else ""
    return names(context, found[:NAMED]) + more


def shortened(text: str, room: float) -> str:
    """The beginning of ``text`` that fits a column ``room`` wide, with an ellipsis where something is left out."""
    if measure.width(text) <= room:
        return text
    end = len(text)
    while end > 1 and measure.width(text[:end] + "…") > room:
        end -= 1
    return text[:end].rstrip(" ,、:") + "…"
