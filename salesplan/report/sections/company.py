"""公司合计: what a unit's own report may show of the company, as plain figures that lead nowhere
else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from salesplan.dataclass import replace
from salesplan.engine.actuals.attainment import Attainment
from salesplan.plan.model import Kpi
from salesplan.report.figures.context import figure_format
from salesplan.report.figures.grid import CENTER, RIGHT, Column, listed
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT

_HEADS = BODY_ROW + 1


class Line(NamedTuple):
    """A KPI with what the company has reached of it."""

    kpi: Kpi
    span: Attainment
    ytd: Attainment
    year: Attainment


def write(report: Report) -> None:
    """One line for each KPI of the company; nothing at all in a report that may not show it."""
    lines = [Line(*figures) for figures in report.context.scope.company]
    if not lines:
        return
    columns = _columns(report)
    page = report.open("company", len(columns))
    grid = listed(report, page, "overview", columns, lines, _HEADS)
    for key in ("span_light", "ytd_light"):
        end = _HEADS + len(lines)
        page.lights(_HEADS + 1, end, grid.column(key), report.context.light_words)
    page.at_least(range(grid.column("measure"), grid.last + 1), 10.0)
    page.set_print((BODY_ROW, _HEADS), grid.last, 1)


def _columns(report: Report) -> tuple[Column[Line], ...]:
    def under(group: str, *columns: Column[Line]) -> Iterator[Column[Line]]:
        said = report.words(f"group_{group}")
        return (replace(one, group=said) for one in columns)

    def figure(key: str, value: Callable[[Line], Scalar]) -> Column[Line]:
        return Column(key, value, look=RIGHT, form=lambda line: figure_format(line.kpi))

    def rate(key: str, value: Callable[[Line], Scalar]) -> Column[Line]:
        return Column(key, value, look=RIGHT, form=PERCENT)

    def light(key: str, one: Callable[[Line], Attainment]) -> Column[Line]:
        return Column(key, lambda line: report.context.light(one(line).light), look=CENTER)

    return (
        Column("kpi_name", lambda line: line.kpi.name or line.kpi.code, look=("text", "strong")),
        Column("measure", lambda line: line.kpi.unit or None, look=("center", "muted")),
        *under(
            "span",
            figure("span_target", lambda line: line.span.target),
            figure("span_actual", lambda line: line.span.actual),
            rate("span_rate", lambda line: line.span.rate.value),
            light("span_light", lambda line: line.span),
        ),
        *under(
            "ytd",
            figure("ytd_target", lambda line: line.ytd.target),
            figure("ytd_actual", lambda line: line.ytd.actual),
            rate("ytd_rate", lambda line: line.ytd.rate.value),
            light("ytd_light", lambda line: line.ytd),
        ),
        *under(
            "year",
            figure("year_target", lambda line: line.year.target),
            rate("year_rate", lambda line: line.year.rate.value),
        ),
    )
