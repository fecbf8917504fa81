"""What an import adds to figures that 实绩 has from elsewhere, typed by hand or taken from a form:
together they are one sum, and may be one thing said twice. So says ``collect`` of a form, too
(returned-adds).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import compress

from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding
from salesplan.plan.model import Month, Plan
from salesplan.plan.model.actuals import MICRO
from salesplan.plan.schema import table
from salesplan.plan.sources.rows import ActualRow, ActualRows

About = tuple[str, str]
"""Whose and what of a row: its customer and its product."""
Line = tuple[str, str, str, date | Month]
"""What figures add up to: those of a unit, a KPI and a currency in a month, of a level on a day."""

COLUMNS = ("value", "numerator")


@dataclass(slots=True)
class _Beside:
    """The rows of one line that came from elsewhere, by index, with what is imported for it."""

    there: list[tuple[int, About, Decimal]] = field(default_factory=list)
    new: list[tuple[About, Decimal]] = field(default_factory=list)


def added_beside(plan: Plan, rows: ActualRows) -> Iterator[Finding]:
    """A finding at the first row of each line that an import adds to: import-doubles where what is
    there comes again, else import-adds. Rows of different customers or products are different
    things.
    """
    for column in COLUMNS:
        lines = _there(plan, column)
        asked = {line[:2] for line in lines}
        wanted = [both in asked for both in zip(rows.units, rows.kpis, strict=True)]
        for at in compress(range(len(rows)), wanted):
            row = rows[at]
            number = row.figures.get(column)
            line = (row.unit, row.kpi, row.texts.get("currency", ""), _when(plan, row))
            if number is not None and line in lines:
                lines[line].new.append((_about(row), number))
        for line, beside in lines.items():
            yield from _said(plan, line, beside, column)


def _there(plan: Plan, column: str) -> dict[Line, _Beside]:
    """What no import brought."""
    actuals = plan.actuals
    figures = getattr(actuals, column)
    lines: defaultdict[Line, _Beside] = defaultdict(_Beside)
    levels = {one.code for one in plan.kpis if one.kind.is_snapshot}
    for at in range(actuals.entered_rows):
        unit, kpi, number = actuals.unit[at], actuals.kpi[at], figures[at]
        imported = bool(actuals.source) and actuals.source[at].startswith(f"{kpi}:")
        shared = bool(actuals.share) and actuals.share[at] is not None
        if number is None or imported or shared:
            continue
        money = actuals.currency[at] if actuals.given else ""
        given = actuals.given[at] if money and column == "value" else number
        when = (actuals.day[at] or actuals.month[at].last) if kpi in levels else actuals.month[at]
        about = (actuals.customer[at], actuals.product[at])
        lines[unit, kpi, money, when].there.append((at, about, Decimal(given or 0) / MICRO))
    return dict(lines)


def _when(plan: Plan, row: ActualRow) -> date | Month:
    if plan.kpi_by_code[row.kpi].kind.is_snapshot:
        return row.when
    return row.day if isinstance(row.day, Month) else Month.of(row.day)


def _about(row: ActualRow) -> About:
    return row.texts.get("customer", ""), row.texts.get("product", "")


def _said(plan: Plan, line: Line, beside: _Beside, column: str) -> Iterator[Finding]:
    news, olds = {about for about, _ in beside.new}, {about for _, about, _ in beside.there}
    there = [(at, number) for at, about, number in beside.there if _meets(about, news)]
    typed = [number for about, number in beside.new if _meets(about, olds)]
    have, new = sum((number for _, number in there), Decimal(0)), sum(typed, Decimal(0))
    if not (have and new):
        return
    unit, kpi, _, when = line
    again = have == new or Counter(number for _, number in there) <= Counter(typed)
    yield Finding.of(
        "import-doubles" if again else "import-adds",
        plan.actuals.place(there[0][0], column),
        month=str(when),
        unit=unit,
        kpi=plan.kpi_by_code[kpi].name,
        column=table("actuals").column(column),
        there=have,
        typed=new,
        total=have + new,
    )


def _meets(about: About, others: Iterable[About]) -> bool:
    """Whether one of the others may be about the same: nothing that both name differs."""
    customer, product = about
    return any(
        (not customer or one in ("", customer)) and (not product or other in ("", product))
        for one, other in others
    )
