"""公司合计: what a unit's own report may show of the company, as plain figures that lead nowhere
else.
"""

from __future__ import annotations

from salesplan.engine.actuals.attainment import Attainment
from salesplan.plan.model import Kpi
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.styles import PERCENT
from salesplan.report.pen.writer import Page

COLUMNS = (
    "kpi_name",
    "measure",
    "month_target",
    "month_actual",
    "month_rate",
    "month_light",
    "ytd_target",
    "ytd_actual",
    "ytd_rate",
    "ytd_light",
    "year_target",
    "year_rate",
)
FIRST = 1
LAST = FIRST + len(COLUMNS) - 1
_GROUPS = (
    ("month", "month_target", "month_light"),
    ("ytd", "ytd_target", "ytd_light"),
    ("year", "year_target", "year_rate"),
)


def write(report: Report) -> None:
    """One line for each KPI of the company; nothing at all in a report that may not show it."""
    figures = report.context.scope.company
    if not figures:
        return
    page = report.open("company", LAST)
    for words_key, left, right in _GROUPS:
        page.wide(
            BODY_ROW,
            FIRST + COLUMNS.index(left),
            FIRST + COLUMNS.index(right),
            report.words(f"group_{words_key}"),
            "group",
        )
    for offset, key in enumerate(COLUMNS):
        page.put(BODY_ROW + 1, FIRST + offset, report.words(f"overview_{key}"), "head")
    for row, (kpi, *spans) in enumerate(figures, BODY_ROW + 2):
        page.put(row, FIRST, kpi.name or kpi.code, "cell", "text", "strong")
        page.put(row, FIRST + 1, kpi.unit or DASH, "cell", "center", "muted")
        for name, one in zip(("month", "ytd", "year"), spans, strict=True):
            _span(report, page, row, kpi, name, one)
    last = BODY_ROW + 1 + len(figures)
    for key in ("month_light", "ytd_light"):
        page.lights(BODY_ROW + 2, last, FIRST + COLUMNS.index(key), report.context.light_words)
    page.at_least(range(FIRST + 1, LAST + 1), 10.0)
    page.set_print((BODY_ROW, BODY_ROW + 1), LAST, 1)


def _span(report: Report, page: Page, row: int, kpi: Kpi, name: str, one: Attainment) -> None:
    rate: Scalar = DASH if one.rate.value is None else one.rate.value
    cells: dict[str, tuple[Scalar, str, str]] = {
        "target": (DASH if one.target is None else one.target, "right", figure_format(kpi)),
        "actual": (DASH if one.actual is None else one.actual, "right", figure_format(kpi)),
        "rate": (rate, "right", PERCENT),
        "light": (report.context.light(one.light), "center", ""),
    }
    for key, (value, align, number_format) in cells.items():
        if f"{name}_{key}" in COLUMNS:
            page.put(
                row,
                FIRST + COLUMNS.index(f"{name}_{key}"),
                value,
                "cell",
                align,
                number_format=number_format,
            )
