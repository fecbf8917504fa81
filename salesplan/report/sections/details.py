"""明细: the actual rows behind the numbers, so that every figure can be followed to the master's
own lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from salesplan.plan.model import MICRO, Actuals, Kpi, Month, Plan
from salesplan.report.figures.context import figure_format
from salesplan.report.figures.details import FIGURES, FIRST_ROW, Block, Details, Lines, Period, rest
from salesplan.report.figures.report import Report
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.stream import Pen, number
from salesplan.report.xlsx.styles import DAY
from salesplan.report.xlsx.writer import Page

COLUMNS = (
    "source_row",
    "kpi",
    "kpi_name",
    "unit",
    "unit_name",
    "day",
    "product",
    "region",
    "customer",
    "channel",
    *FIGURES,
)
FOREIGN = ("currency", "given", "at_budget")
"""Behind the others, where a row is in another currency: which, the amount as typed, and what it
comes to at budget rates.
"""
_TEXTS = ("product", "region", "customer", "channel")
_FROM, _WIDEST = 9.0, 30.0
_END = "</row>"
_EPOCH = date(1899, 12, 30).toordinal()


def write(report: Report) -> None:
    """The lines by KPI, month and unit, each with its row in the master; nothing where none are
    asked for.
    """
    details = report.details
    if details.period is Period.NONE:
        return
    if not details.blocks:
        report.nothing("details", "too_many_details" if details.total else "no_details")
        return
    page = report.open_data(
        "details",
        report.words(f"about_details_{details.period.value}", month=report.context.span_name),
    )
    page.write(2, 0, _said(report, details), report.book.style("subtitle"))
    foreign = Foreign.of(report.context.plan)
    columns = (*COLUMNS, *FOREIGN) if foreign else COLUMNS
    for column, key in enumerate(columns):
        page.put(
            FIRST_ROW - 2,
            column,
            report.words(f"detail_{key}", sheet=report.context.plan.actuals.sheet),
            "head",
        )
    page.height(FIRST_ROW - 2, 34)
    kpis = list({block.kpi.code: block.kpi for block in details.blocks.values()}.values())
    looks = {kpi.code: index for index, kpi in enumerate(kpis)}
    patterns = _patterns(report.context.plan.actuals)
    models = [_formats(report, kpi, patterns) for kpi in kpis]
    if foreign:
        models = [[*formats, *_foreign_formats(report)] for formats in models]
    count = details.lines
    page.stream(
        FIRST_ROW - 1, count, models, lambda pen: lines(report, details, looks, pen, foreign)
    )
    _widths(report, page, len(columns))
    page.sheet.freeze_panes(FIRST_ROW - 1, COLUMNS.index("day"))
    page.sheet.autofilter(FIRST_ROW - 2, 0, FIRST_ROW + count - 2, len(columns) - 1)
    page.set_print(
        (FIRST_ROW - 2, FIRST_ROW - 2),
        len(columns) - 1,
        area_rows=report.printed(FIRST_ROW - 1, count),
    )


class Foreign(NamedTuple):
    """What the columns of rows in another currency are made of."""

    actuals: Actuals
    at_budget: Actuals

    @classmethod
    def of(cls, plan: Plan) -> Foreign | None:
        """None in a plan of one currency."""
        return None if plan.at_budget is None else cls(plan.actuals, plan.at_budget)

    def cells(self, n: int, index: int, styles: Sequence[str], pen: Pen) -> str:
        """The cells of a row, as XML; blank in one of the plan's currency."""
        given = self.actuals.given[index]
        code = self.actuals.currency[index]
        planned = None if given is None else self.at_budget.value[index]
        return (
            f'<c r="O{n}"{styles[14]}{pen.texts.cell(code)}<c r="P{n}"{styles[15]}{_figure(given)}'
            f'<c r="Q{n}"{styles[16]}{_figure(planned)}'
        )


def lines(
    report: Report,
    details: Details,
    looks: dict[str, int],
    pen: Pen,
    foreign: Foreign | None = None,
) -> Iterator[str]:
    """The rows of the sheet as XML."""
    actuals, words = report.context.plan.actuals, report.words
    n = FIRST_ROW
    for block in details.blocks.values():
        styles = pen.styles[looks[block.kpi.code]]
        for one in block.lines:
            lead = _lead(report, block, one, styles, pen)
            for index in one.rows:
                line = _line(n, actuals, index, lead, styles, pen)
                if foreign is not None:
                    line = f"{line[: -len(_END)]}{foreign.cells(n, index, styles, pen)}{_END}"
                yield line
                n += 1
            if one.left_out:
                figures = tuple(rest(actuals, block.kpi.kind, one.left_out))
                yield _rest(
                    n,
                    words("details_rest", count=f"{details.records(one.left_out):,}"),
                    figures,
                    lead,
                    styles,
                    pen,
                )
                n += 1


def _lead(report: Report, block: Block, one: Lines, styles: Sequence[str], pen: Pen) -> str:
    """The cells that all lines of a unit have in common, with ``#`` for the row's number."""
    context, kpi, unit = report.context, block.kpi, one.unit
    names = (kpi.code, context.kpi_name(kpi.code), unit.code, context.unit_name(unit.code))
    return "".join(
        f'<c r="{letter}#"{styles[i]}{pen.texts.cell(name)}'
        for i, (letter, name) in enumerate(zip("BCDE", names, strict=True), 1)
    )


def _line(n: int, actuals: Actuals, i: int, lead: str, s: Sequence[str], pen: Pen) -> str:
    text, row = pen.texts.cell, actuals.rows[i]
    key = actuals.behind.get(row)
    first = text(key) if isinstance(key, str) else f"><v>{row}</v></c>"
    return (
        f'<row r="{n}"{pen.row}><c r="A{n}"{s[0]}{first}'
        f"{lead.replace('#', str(n))}"
        f'<c r="F{n}"{s[5]}{_day(actuals.day[i], actuals.month[i], pen)}<c '
        f'r="G{n}"{s[6]}{text(actuals.product[i])}'
        f'<c r="H{n}"{s[7]}{text(actuals.region[i])}<c '
        f'r="I{n}"{s[8]}{text(actuals.customer[i])}<c r="J{n}"{s[9]}{text(actuals.channel[i])}'
        f'<c r="K{n}"{s[10]}{_figure(actuals.quantity[i])}<c '
        f'r="L{n}"{s[11]}{_figure(actuals.value[i])}'
        f'<c r="M{n}"{s[12]}{_figure(actuals.numerator[i])}<c '
        f'r="N{n}"{s[13]}{_figure(actuals.denominator[i])}</row>'
    )


def _rest(
    n: int, said: str, figures: Sequence[int | None], lead: str, s: Sequence[str], pen: Pen
) -> str:
    """The line that stands for the rows that are not shown."""
    blank = "".join(f'<c r="{letter}{n}"{s[i]}/>' for i, letter in enumerate("GHIJ", 6))
    sums = "".join(
        f'<c r="{letter}{n}"{s[i]}{_figure(value)}'
        for i, (letter, value) in enumerate(zip("KLMN", figures, strict=True), 10)
    )
    return (
        f'<row r="{n}"{pen.row}><c r="A{n}"{s[0]}/>{lead.replace("#", str(n))}<c '
        f'r="F{n}"{s[5]}{pen.texts.cell(said)}{blank}{sums}</row>'
    )


def _day(day: date | None, month: Month, pen: Pen) -> str:
    return (
        f"><v>{day.toordinal() - _EPOCH}</v></c>" if day is not None else pen.texts.cell(str(month))
    )


@lru_cache(maxsize=4096)
def _figure(micro: int | None) -> str:
    """Millionths as the rest of a number's cell."""
    return "/>" if micro is None else f"><v>{number(micro / MICRO)}</v></c>"


def _patterns(actuals: Actuals) -> dict[str, str]:
    """The number format of each column of figures: decimals only where there are any."""
    formats = {}
    for key in FIGURES:
        in_parts = any(v is not None and v % MICRO for v in getattr(actuals, key))
        formats[key] = "#,##0.00" if in_parts else "#,##0"
    return formats


def _formats(report: Report, kpi: Kpi, patterns: dict[str, str]) -> list[Any]:
    """One cell format per column; a rate that was stated as such is shown as a percentage."""
    style = report.book.style
    text = style("cell", "text")
    shown = {**patterns, "value": figure_format(kpi)} if kpi.in_percent else patterns
    figures = [style("cell", "right", num_format=shown[key]) for key in FIGURES]
    return [
        style("cell", "right", num_format="0"),
        *[text] * 4,
        style("cell", "center", num_format=DAY),
        *[text] * 4,
        *figures,
    ]


def _foreign_formats(report: Report) -> list[Any]:
    style = report.book.style
    return [
        style("cell", "center"),
        *[style("cell", "right", num_format="#,##0.00")] * 2,
    ]


def _said(report: Report, details: Details) -> str:
    """How many lines there are, what was cut, and how they may be used."""
    facts = {
        "lines": f"{details.lines:,}",
        "rows": f"{details.total:,}",
        "limit": f"{details.limit:,}",
    }
    return report.words(
        "details_cut" if details.lines < details.total else "details_whole", **facts
    )


def _widths(report: Report, page: Page, count: int) -> None:
    """Columns of text as wide as what they hold, within reason; figures in one width."""
    actuals, context = report.context.plan.actuals, report.context
    lines = chain.from_iterable(block.lines for block in report.details.blocks.values())
    units = {one.unit.code for one in lines}
    columns = {
        "kpi": {kpi.code for kpi in context.plan.kpis},
        "kpi_name": {context.kpi_name(kpi.code) for kpi in context.plan.kpis},
        "unit": units,
        "unit_name": {context.unit_name(code) for code in units},
        **{key: set(getattr(actuals, key)) for key in _TEXTS},
    }
    for key, texts in columns.items():
        page.at_least(
            [COLUMNS.index(key)], min(max(map(measure.width, texts), default=0.0) + 4.0, _WIDEST)
        )
    page.at_least([COLUMNS.index("source_row"), COLUMNS.index("day")], 12.0)
    figures = chain.from_iterable(getattr(actuals, key) for key in FIGURES)
    largest = max((abs(one) for one in figures if one is not None), default=0) // MICRO
    page.at_least(range(COLUMNS.index("quantity"), count), max(_FROM, len(f"{largest:,}") + 6.0))
