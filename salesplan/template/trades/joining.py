"""A trade's rows for a plan that is there already: what the plan has is left out, and its own codes
are used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum

from salesplan.plan.model import Month, Plan
from salesplan.plan.normalize import bare
from salesplan.template.cells import words
from salesplan.template.menu import MenuKpi, Money
from salesplan.template.story.values import Cell, Row
from salesplan.template.trades.trade import Trade
from salesplan.wording import Both

Value = None | bool | int | str | date | Decimal
"""What a cell is to hold, in the plan's language."""


def joined(trade: Trade, plan: Plan, lang: str) -> Mapping[str, Sequence[Mapping[str, Value]]]:
    """The rows to put under those of the plan, by table, in its language.

    A KPI of the same code or name is the plan's own. Seasons come for KPIs that have none and no
    earlier actuals; strategies and tasks of the same words are there already, and others get a free
    code; shares of the budget come where the plan has none.
    """
    money = Money(plan.settings.currency, plan.settings.amount_unit)
    codes = {one.code: _known(one, plan) or one.code for one in trade.kpis}
    new = [one for one in trade.kpis if _known(one, plan) is None]
    given = trade.tables(plan.settings.months, trade.kpis)
    first = plan.settings.months[0]
    learned = {one.kpi for one in plan.seasonality}
    learned |= {
        kpi
        for kpi, month in zip(plan.actuals.kpi, plan.actuals.month, strict=True)
        if month < first
    }
    strategies, served = _apart(given["strategies"], plan.strategies, lang)
    tasks, _ = _apart(given["tasks"], plan.tasks, lang)
    seasons = [_coded(row, codes) for row in given["seasonality"]]
    rows: dict[str, Sequence[Row]] = {
        "kpis": [_coded(one.row(money, trade.kpis, lang), codes) for one in new],
        "seasonality": [one for one in seasons if one["kpi"] not in learned],
        "strategies": [_coded(one, codes) for one in strategies],
        "tasks": [
            {**_coded(one, codes), "strategy": served.get(str(one["strategy"]))} for one in tasks
        ],
        "category_shares": [] if plan.category_shares else given["category_shares"],
        "region_shares": [] if plan.region_shares else given["region_shares"],
    }
    return {key: _typed(found, lang) for key, found in rows.items()}


def _known(kpi: MenuKpi, plan: Plan) -> str | None:
    """The plan's code of a trade's KPI; None where it has none of that code or name."""
    for word in (kpi.code, kpi.name.zh, kpi.name.en):
        found = plan.kpi_index.one(word)
        if found is not None:
            return found.code
    return None


def _coded(row: Row, codes: Mapping[str, str]) -> Row:
    """The row with the plan's codes of the KPIs that it names."""
    named = {key: row[key] for key in ("kpi", "numerator", "denominator") if row.get(key)}
    return {**row, **{key: codes.get(str(code), str(code)) for key, code in named.items()}}


def _apart(
    rows: Sequence[Row], there: Sequence[object], lang: str
) -> tuple[list[Row], Mapping[str, str]]:
    """The rows whose words the plan does not have yet, with free codes, and the code that each of
    all the rows has in the plan.
    """
    own = {bare(str(getattr(one, "content", ""))): str(getattr(one, "code", "")) for one in there}
    taken = set(own.values())
    found: list[Row] = []
    codes: dict[str, str] = {}
    for row in rows:
        content, code = row["content"], str(row["code"])
        said = [content.zh, content.en] if isinstance(content, Both) else [str(content)]
        known = next((own[bare(one)] for one in said if bare(one) in own), None)
        if known is None:
            known = _free(code, taken)
            taken.add(known)
            found.append({**row, "code": known})
        codes[code] = known
    return found, codes


def _free(code: str, taken: Collection[str]) -> str:
    """The code, or where it is taken the next of its kind that is not: S1, S2 …"""
    if code not in taken:
        return code
    parts = re.fullmatch(r"(.*?)(\d*)", code)
    stem, digits = (parts[1], parts[2]) if parts is not None else (code, "")
    numbers = range(int(digits or 0) + 1, 10_000)
    return next(
        one for number in numbers if (one := f"{stem}{number:0{len(digits)}d}") not in taken
    )


def _typed(rows: Sequence[Row], lang: str) -> Sequence[Mapping[str, Value]]:
    found: list[Mapping[str, Value]] = []
    for row in rows:
        found.append({key: _cell(value, lang) for key, value in row.items()})
    return found


def _cell(value: Cell, lang: str) -> Value:
    if isinstance(value, Month):
        return value.first
    if isinstance(value, (Both, Enum, tuple)):
        return words(value, lang)
    return value
