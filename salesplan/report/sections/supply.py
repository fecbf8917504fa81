"""Two blocks on the sheets of others: prospects against the new customers that are to be won, below
the pipeline (without one, below next month's targets), and what targets by product ask of what can
be made, below these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from salesplan.engine.actuals.product_capacity import Asked, Load
from salesplan.engine.actuals.prospects import Need, Pool
from salesplan.plan.model import Kpi, Unit
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import CENTER, RIGHT, Column, Here, listed
from salesplan.report.figures.report import Report
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT, WHOLE, amount_format
from salesplan.report.xlsx.writer import Page

MOST_UNITS, MOST_QUARTERS = 12, 2
ROUNDED = 6
"""Places to which a quotient is rounded before it is rounded up: 7 ÷ (1 ÷ 7) is 49."""


class Line(NamedTuple):
    """A unit and its pool."""

    name: str
    pool: Pool


def prospects(report: Report, page: Page, unit: Unit, row: int, first: int, last: int) -> int:
    """The pools of the units directly below and of the unit itself; nothing without prospects."""
    context, pools = report.context, report.context.results.prospects
    whole = pools.get(unit.code)
    if whole is None:
        return row
    below = [one for one in context.plan.children.get(unit.code, ()) if one.code in pools]
    lines = [Line(context.unit_name(one.code), pools[one.code]) for one in below[:MOST_UNITS]]
    lines.append(Line(context.unit_name(unit.code), whole))
    kpi = context.plan.kpi_by_code[whole.kpi]
    page.heading(row, first, report.words("prospects_heading", kpi=context.kpi_name(kpi.code)))
    columns = _pool_columns(report, kpi, whole)

    def base(line: Line) -> str:
        return "total" if line.pool is whole else "cell"

    listed(report, page, "prospects", columns, lines, row + 1, first, base)
    note = row + 2 + len(lines)
    page.wide(note, first, last, report.words("prospects_rule"), "note")
    return note + 2


def _pool_columns(report: Report, kpi: Kpi, whole: Pool) -> tuple[Column[Line], ...]:
    def of_quarter(number: int) -> tuple[Column[Line], ...]:
        return _quarter(report, kpi, number)

    def rate(line: Line, at: Here) -> str | None:
        own = line.pool.rate_of == line.pool.unit
        return report.formulas.share(at("won"), at("used")) if own else None

    columns: list[Column[Line]] = [
        Column("unit", lambda line: line.name),
        Column("won", lambda line: line.pool.won, look=RIGHT, form=figure_format(kpi)),
        Column("used", lambda line: line.pool.used, look=RIGHT, form=WHOLE),
        Column(
            "rate",
            lambda line: None if line.pool.rate is None else to_places(line.pool.rate, RATE_PLACES),
            rate,
            RIGHT,
            PERCENT,
        ),
    ]
    open_quarters = [need.number for need in whole.needs if need is not None]
    for number in open_quarters[:MOST_QUARTERS]:
        columns += of_quarter(number)
    return tuple(columns)


def _quarter(report: Report, kpi: Kpi, number: int) -> tuple[Column[Line], ...]:
    """To go, needed, there and lacking of one quarter."""
    group = f"Q{number}"

    def need(line: Line) -> Need | None:
        return line.pool.needs[number - 1]

    def column(
        key: str,
        value: Callable[[Need], Scalar],
        formula: Callable[[Line, Here], str | None] | None = None,
        form: str = WHOLE,
    ) -> Column[Line]:
        def shown(line: Line) -> Scalar:
            one = need(line)
            return None if one is None else value(one)

        head = report.words(f"prospects_{key}")
        return Column(f"{key}/{number}", shown, formula, RIGHT, form, head=head, group=group)

    def needed(line: Line, at: Here) -> str | None:
        one, pool = need(line), line.pool
        if one is None or one.needed is None or one.rate != pool.rate or pool.rate_of != pool.unit:
            return None
        asked = f"{at(f'to_go/{number}')}*{at('used')}/{at('won')}"
        return f"ROUNDUP(ROUND({asked},{ROUNDED}),0)"

    def gap(line: Line, at: Here) -> str | None:
        one = need(line)
        if one is None or one.needed is None:
            return None
        return f"MAX(0,{at(f'needed/{number}')}-{at(f'there/{number}')})"

    return (
        column("to_go", lambda one: one.to_go, form=figure_format(kpi)),
        column("needed", lambda one: one.needed, needed),
        column("there", lambda one: one.there),
        column("gap", lambda one: None if one.needed is None else one.gap, gap),
    )


def capacity(report: Report, page: Page, row: int, first: int, last: int) -> int:
    """What the month and the quarter that ask most take of each product; nothing without products
    that have a capacity and a target.
    """
    found = report.context.results.loads
    if not found:
        return row
    page.heading(row, first, report.words("loads_heading"))
    listed(report, page, "loads", _load_columns(report), found, row + 2, first)
    note = row + 3 + len(found)
    page.wide(note, first, last, report.words("loads_rule"), "note")
    return note + 2


def _load_columns(report: Report) -> tuple[Column[Load], ...]:
    context = report.context

    def kpi(load: Load) -> Kpi:
        return context.plan.kpi_by_code[load.kpi]

    def peak(key: str, of: Callable[[Load], Asked | None]) -> tuple[Column[Load], ...]:
        def column(
            name: str,
            value: Callable[[Asked], Scalar],
            formula: Callable[[Load, Here], str | None] | None = None,
            form: str | Callable[[Load], str] = PIECES,
            look: tuple[str, ...] = RIGHT,
        ) -> Column[Load]:
            def shown(load: Load) -> Scalar:
                one = of(load)
                return None if one is None else value(one)

            head = report.words(f"loads_{name}")
            return Column(
                f"{key}/{name}", shown, formula, look, form, head=head, group=report.words(key)
            )

        def short(load: Load, at: Here) -> str | None:
            one = of(load)
            if one is None or one.capacity is None:
                return None
            return f"MAX(0,{at(f'{key}/pieces')}-{at(f'{key}/capacity')})"

        def used(load: Load, at: Here) -> str | None:
            one = of(load)
            if one is None or one.capacity is None:
                return None
            return report.formulas.share(at(f"{key}/pieces"), at(f"{key}/capacity"))

        return (
            column("span", lambda one: one.name, look=CENTER, form=""),
            column("target", lambda one: one.target, form=lambda load: figure_format(kpi(load))),
            column("pieces", lambda one: to_places(one.pieces, RATE_PLACES)),
            column("capacity", lambda one: one.capacity),
            column("used", _used, used, PERCENT),
            column("short", _short, short),
        )

    return (
        Column("product", lambda load: load.product.name, over=2),
        *peak("loads_month", lambda load: load.peak_month),
        *peak("loads_quarter", lambda load: load.peak_quarter),
    )


PIECES = amount_format(1)


def _used(one: Asked) -> Scalar:
    if one.capacity is None:
        return DASH
    return to_places(one.pieces / one.capacity, RATE_PLACES)


def _short(one: Asked) -> Scalar:
    return DASH if one.capacity is None else to_places(one.short, RATE_PLACES)
