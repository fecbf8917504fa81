"""数据-保底挑战: floor, target and stretch of every KPI and unit, the rate against each, and which
of them is reached.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from salesplan.plan.model import Kpi
from salesplan.report.figures.context import UNDER, figure_format
from salesplan.report.figures.floor_stretch import (
    COLUMN,
    COMPANY,
    COMPANY_ROW,
    IDENTITY,
    KEYS,
    PART,
    StepRow,
)
from salesplan.report.figures.ledger_rows import table_rows
from salesplan.report.figures.report import Report
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.styles import PERCENT
from salesplan.report.xlsx.writer import Page

_TEXTS = frozenset(COMPANY[:3])


def write(report: Report) -> None:
    """The KPIs' own goals; below them every unit's part of them; nothing where no KPI has any."""
    stepping = report.stepping
    if not stepping.rows:
        return
    page = report.open_data("steps")
    if stepping.left_out:
        page.write(
            2,
            0,
            report.words("steps_left_out", count=f"{stepping.left_out:,}"),
            report.book.style("subtitle"),
        )
    for column, key in enumerate(COMPANY):
        page.put(COMPANY_ROW - 2, column, report.words(f"step_{key}"), "head")
    for row, kpi in enumerate(stepping.kpis, COMPANY_ROW):
        for column, (value, formula) in enumerate(stepping.goals(kpi, row)):
            align = "text" if COMPANY[column] in _TEXTS else "right"
            page.put(
                row - 1,
                column,
                value,
                "cell",
                align,
                formula=formula,
                number_format=figure_format(kpi) if isinstance(value, Decimal) else "",
            )
    first = stepping.first_row
    for key in IDENTITY:
        page.put(first - 2, COLUMN[key], report.words(f"column_{key}"), "head")
    for under in UNDER:
        columns = [COLUMN[f"{under}_{key}"] for key in PART]
        page.sheet.merge_range(
            first - 3,
            columns[0],
            first - 3,
            columns[-1],
            report.words(f"group_{under}"),
            report.book.style("group"),
        )
        for column, key in zip(columns, PART, strict=True):
            page.put(first - 2, column, report.words(f"step_{key}"), "head")
    looks = {kpi.code: index for index, kpi in enumerate(stepping.kpis)}
    page.stream(
        first - 1,
        len(stepping.rows),
        [_formats(report, kpi) for kpi in stepping.kpis],
        lambda pen: table_rows(stepping.written(), first, pen, _looks(stepping.rows, looks)),
    )
    _widths(report, page)
    last = first + len(stepping.rows) - 2
    page.sheet.freeze_panes(first - 1, len(IDENTITY))
    page.set_print(
        (first - 3, first - 2), len(KEYS) - 1, area_rows=report.printed(first - 1, last - first + 2)
    )


def _looks(rows: tuple[StepRow, ...], looks: dict[str, int]) -> list[int]:
    """The model row of each row."""
    return [looks[row.kpi.code] for row in rows]


def _formats(report: Report, kpi: Kpi) -> list[Any]:
    style, form = report.book.style, figure_format(kpi)
    text = style("cell", "text")
    shown = {"floor_rate": PERCENT, "stretch_rate": PERCENT}
    part = [
        style("cell", "center")
        if key == "reached"
        else style("cell", "right", num_format=shown.get(key, form))
        for key in PART
    ]
    return [text] * len(IDENTITY) + part * len(UNDER)


def _widths(report: Report, page: Page) -> None:
    """Identity by what it holds; figures in one width, that of the longest goal, and of the
    words.
    """
    context, rows = report.context, report.stepping.rows
    names = {
        "kpi": [row.kpi.code for row in rows],
        "kpi_name": [context.kpi_name(row.kpi.code) for row in rows],
        "unit": [row.unit.code for row in rows],
        "unit_name": [context.unit_name(row.unit.code) for row in rows],
        "level": [context.label(row.unit.level) for row in rows],
    }
    for key, texts in names.items():
        page.at_least(
            [COLUMN[key]], min(max(measure.width(text) for text in set(texts)) + 4.0, 34.0)
        )
    figures = [
        measure.shown(value, figure_format(row.kpi))
        for row in rows
        if isinstance(
            value := report.ledger.by_pair[row.kpi.code, row.unit.code].values["year_target"],
            Decimal,
        )
    ]
    words = list(report.formulas.rate_words.values())
    page.at_least(
        range(len(IDENTITY), len(KEYS)), max(map(measure.width, [*figures, *words])) + 4.0
    )
