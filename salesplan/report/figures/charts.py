"""The report's native charts, all in one manner: quiet axes, colour-blind-safe colours, titled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from salesplan.plan.model import Kpi, Verdict
from salesplan.report.figures.context import figure_format
from salesplan.report.figures.report import Report
from salesplan.report.xlsx.styles import (
    ACTUAL_COLOR,
    ACTUAL_LINE,
    BETTER_COLOR,
    BODY,
    FORECAST_COLOR,
    GREEN_COLOR,
    INK,
    LINE,
    LOW_FORECAST_COLOR,
    MUTED,
    PERCENT_WHOLE,
    TARGET_COLOR,
    TARGET_LINE,
    VERDICT_MARKS,
    WHITE,
    WORSE_COLOR,
)


class Point(NamedTuple):
    """A strategy's place in the 2×2: the cells of its two figures."""

    name: str
    x: str
    y: str
    verdict: Verdict


Size = tuple[int, int]
"""Width and height in pixels."""


def trend_chart(report: Report, kpi: Kpi, ranges: Mapping[str, str], size: Size) -> Any:
    """Targets and actuals by month; a flow's cumulative lines on a second axis. Its name stands
    beside it, and what its signs mean stands once for all of them.
    """
    flow = kpi.kind.adds_over_months
    chart = report.book.chart("column") if flow else report.book.chart("line")
    number_format = (
        PERCENT_WHOLE if kpi.in_percent else figure_format(kpi).replace(".00", "").replace(".0", "")
    )
    for key, color in (("target", TARGET_COLOR if flow else TARGET_LINE), ("actual", ACTUAL_COLOR)):
        if key in ranges:
            look = (
                _bar(color)
                if flow
                else _line(color, dashed=key == "target", marked=key == "actual")
            )
            chart.add_series(
                {
                    "name": report.words(f"line_{key}"),
                    "categories": ranges["months"],
                    "values": ranges[key],
                    **look,
                }
            )
    if flow and ({"cumulative_target", "cumulative_actual"} & ranges.keys()):
        lines = report.book.chart("line")
        for key, color in (("cumulative_target", TARGET_LINE), ("cumulative_actual", ACTUAL_LINE)):
            if key in ranges:
                look = _line(
                    color, dashed=key == "cumulative_target", marked=key == "cumulative_actual"
                )
                lines.add_series(
                    {
                        "name": report.words(f"line_{key}"),
                        "categories": ranges["months"],
                        "values": ranges[key],
                        "y2_axis": True,
                        **look,
                    }
                )
        for key in ("landing_low", "landing_high"):
            if key in ranges:
                look = {
                    "line": {"color": ACTUAL_LINE, "width": 1.25, "dash_type": "round_dot"},
                    "marker": {"type": "none"},
                }
                lines.add_series(
                    {
                        "name": report.words(f"line_{key}"),
                        "categories": ranges["months"],
                        "values": ranges[key],
                        "y2_axis": True,
                        **look,
                    }
                )
        lines.set_y2_axis(_axis(report, number_format, "", grid=False))
        chart.combine(lines)
    return _finish(report, chart, "", size, number_format)


def course_chart(
    report: Report,
    kpi: Kpi,
    ranges: Mapping[str, str],
    good: Sequence[bool],
    title: str,
    size: Size,
) -> Any:
    """The months' variance as columns, green where it is ``good``, under the year's running totals
    on a second axis: actual solid, target thin, the forecast's two ends dotted. ``title`` is the
    message.
    """
    number_format = (
        PERCENT_WHOLE if kpi.in_percent else figure_format(kpi).replace(".00", "").replace(".0", "")
    )
    chart = report.book.chart("column")
    if "variance" in ranges:
        chart.add_series(
            {
                "name": report.words("line_variance"),
                "categories": ranges["months"],
                "values": ranges["variance"],
                "gap": 60,
                "points": [_fill(BETTER_COLOR if one else WORSE_COLOR) for one in good],
                **_fill(BETTER_COLOR),
            }
        )
    lines = report.book.chart("line")
    flow = kpi.kind.adds_over_months
    looks = {
        "cumulative_target" if flow else "target": _line(TARGET_LINE, dashed=True, marked=False),
        "cumulative_actual" if flow else "actual": _line(ACTUAL_COLOR, dashed=False, marked=True),
    }
    dotted = {"line": {"color": ACTUAL_COLOR, "width": 1.25, "dash_type": "round_dot"}}
    looks |= {
        key: {**dotted, "marker": {"type": "none"}} for key in ("landing_low", "landing_high")
    }
    drawn = [key for key in looks if key in ranges]
    for key in drawn:
        lines.add_series(
            {
                "name": report.words(f"line_{key}"),
                "categories": ranges["months"],
                "values": ranges[key],
                "y2_axis": True,
                **looks[key],
            }
        )
    if drawn:
        lines.set_y2_axis(_axis(report, number_format, "", grid=False))
        chart.combine(lines)
    _finish(report, chart, title, size, number_format)
    chart.set_legend({"position": "right", "font": _font(report)})
    chart.set_x_axis({**_months(report), "label_position": "low"})
    return chart


def bars_chart(
    report: Report,
    names: str,
    series: Mapping[str, tuple[str, str]],
    title: str,
    size: Size,
    number_format: str,
    *,
    below: bool = False,
) -> Any:
    """Bars side by side from the top down; ``series`` gives each name its values and colour. The
    last one is labelled. Without a title there is no legend either.

    The axis begins at zero unless some values are ``below``.
    """
    chart = report.book.chart("bar")
    last = list(series)[-1]
    for name, (values, color) in series.items():
        label = (
            {
                "data_labels": {
                    "value": True,
                    "num_format": number_format,
                    "font": _font(report, INK),
                }
            }
            if name == last
            else {}
        )
        chart.add_series(
            {
                "name": name,
                "categories": names,
                "values": values,
                "gap": 60,
                "overlap": -5,
                **label,
                **_fill(color),
            }
        )
    chart.set_title(_title(report, title))
    keyed = len(series) > 1 and title
    chart.set_legend({"position": "bottom", "font": _font(report)} if keyed else {"none": True})
    chart.set_x_axis(
        {**_axis(report, _whole(number_format), "", grid=True), **({} if below else {"min": 0})}
    )
    chart.set_y_axis(_categories(report))
    return _frame(chart, size)


def burn_up_chart(report: Report, months: str, series: Mapping[str, str], size: Size) -> Any:
    """Tasks to be done and done by each month's end, both running totals."""
    chart = report.book.chart("line")
    for key, color in (("planned", TARGET_LINE), ("done", GREEN_COLOR)):
        look = _line(color, dashed=key == "planned", marked=key == "done")
        chart.add_series(
            {
                "name": report.words(f"burn_up_{key}"),
                "categories": months,
                "values": series[key],
                **look,
            }
        )
    chart.show_hidden_data()
    return _finish(report, chart, report.words("chart_burn_up"), size, "0")


def column_chart(
    report: Report,
    names: str,
    series: Mapping[str, tuple[str, str]],
    title: str,
    size: Size,
    axis: str,
    limit: Mapping[str, str],
) -> Any:
    """Columns side by side; ``series`` gives each name its values and colour, ``limit`` those that
    are a dash over the columns their values.
    """
    chart = report.book.chart("column")
    for name, (values, color) in series.items():
        chart.add_series({"name": name, "categories": names, "values": values, **_bar(color)})
    if limit:
        dashes = report.book.chart("line")
        look = {"fill": {"color": INK}, "border": {"color": INK}}
        for name, values in limit.items():
            dashes.add_series(
                {
                    "name": name,
                    "categories": names,
                    "values": values,
                    "line": {"none": True},
                    "marker": {"type": "long_dash", "size": 14, **look},
                }
            )
        chart.combine(dashes)
    return _finish(report, chart, title, size, "#,##0", axis)


def waterfall_chart(
    report: Report,
    ranges: Mapping[str, Any],
    title: str,
    number_format: str,
    size: Size,
    sign: int,
    start: str,
) -> Any:
    """Levels at both ends, the first of the sign ``start``, the last the actual; between them the
    steps that lead from one to the other; signs stand on the bars.
    """
    chart = report.book.chart("column", "stacked")
    chart.add_series(
        {
            "categories": ranges["step"],
            "values": ranges["base"],
            "fill": {"none": True},
            "border": {"none": True},
            "gap": 45,
        }
    )
    for key, color, ink in (("start", start, INK), ("end", ACTUAL_COLOR, WHITE)):
        level = {
            "value": True,
            "num_format": f"{number_format};-{number_format};;",
            "position": "inside_end",
            "font": _font(report, ink),
        }
        chart.add_series(
            {
                "categories": ranges["step"],
                "values": ranges[key],
                "data_labels": level,
                **_fill(color),
            }
        )
    for key, color in (("better", BETTER_COLOR), ("worse", WORSE_COLOR)):
        mark = "+" if (key == "better") == (sign > 0) else "-"
        label = {
            "value": True,
            "num_format": f"{mark}{number_format};{mark}{number_format};;",
            "position": "center",
            "font": _font(report, INK),
        }
        for part in ("", "_below") if ranges["below"] else ("",):
            chart.add_series(
                {
                    "categories": ranges["step"],
                    "values": ranges[key + part],
                    "data_labels": label,
                    **_fill(color),
                }
            )
    chart.set_title(_title(report, title))
    chart.set_legend({"none": True})
    chart.set_x_axis(
        {
            "num_font": _font(report),
            "line": {"color": LINE},
            "major_tick_mark": "none",
            "label_position": "low",
        }
    )
    floor = {} if ranges["minimum"] is None else {"min": float(ranges["minimum"])}
    chart.set_y_axis({**_axis(report, _whole(number_format), "", grid=True), **floor})
    chart.show_hidden_data()
    return _frame(chart, size)


def quadrant_chart(
    report: Report,
    points: Sequence[Point],
    lines: Sequence[tuple[str, str]],
    bounds: tuple[Decimal, Decimal, Decimal],
    size: Size,
) -> Any:
    """Points with their names over four quadrants; ``lines`` are the ranges of those that part
    them, ``bounds`` the right, upper and lower ends.
    """
    chart = report.book.chart("scatter", "straight")
    for xs, ys in lines:
        look = {
            "line": {"color": MUTED, "width": 1.25, "dash_type": "dash"},
            "marker": {"type": "none"},
        }
        chart.add_series(
            {"name": report.words("strategy_line"), "categories": xs, "values": ys, **look}
        )
    for point in points:
        shape, color = VERDICT_MARKS[point.verdict]
        label = {
            "series_name": True,
            "value": False,
            "position": "above",
            "font": {**_font(report, INK), "bold": True},
        }
        marker = {"type": shape, "size": 11, "fill": {"color": color}, "border": {"color": WHITE}}
        chart.add_series(
            {
                "name": point.name,
                "categories": point.x,
                "values": point.y,
                "line": {"none": True},
                "marker": marker,
                "data_labels": label,
            }
        )
    right, upper, lower = (float(bound) for bound in bounds)
    chart.set_title(_title(report, report.words("chart_strategies")))
    chart.set_legend({"none": True})
    chart.set_x_axis(
        {
            **_axis(report, PERCENT_WHOLE, report.words("axis_done"), grid=True),
            "min": 0,
            "max": right,
            "line": {"color": LINE},
        }
    )
    chart.set_y_axis(
        {
            **_axis(report, PERCENT_WHOLE, report.words("axis_reached"), grid=True),
            "min": lower,
            "max": upper,
        }
    )
    chart.show_hidden_data()
    return _frame(chart, size)


def _finish(
    report: Report, chart: Any, title: str, size: Size, number_format: str, y_name: str = ""
) -> Any:
    chart.set_title(_title(report, title))
    chart.set_legend({"position": "top", "font": _font(report)} if title else {"none": True})
    chart.set_x_axis(_months(report))
    chart.set_y_axis(_axis(report, number_format, y_name, grid=True))
    chart.show_blanks_as("gap")
    return _frame(chart, size)


def _months(report: Report) -> dict[str, Any]:
    return {"num_font": _font(report), "line": {"color": LINE}, "major_tick_mark": "none"}


def _whole(number_format: str) -> str:
    """The format without decimals, as an axis shows it; that of another size keeps them."""
    if '"' in number_format:
        return number_format
    return PERCENT_WHOLE if number_format.endswith("%") else number_format.split(".")[0]


def _categories(report: Report) -> dict[str, Any]:
    """Bars from the top down, each with its name, and the figures' axis at the bottom."""
    return {
        "reverse": True,
        "crossing": "max",
        "interval_unit": 1,
        "num_font": _font(report),
        "line": {"color": LINE},
        "major_tick_mark": "none",
    }


def _frame(chart: Any, size: Size) -> Any:
    chart.show_hidden_data()
    chart.set_size({"width": size[0], "height": size[1]})
    chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": WHITE}})
    return chart


def _axis(report: Report, number_format: str, name: str, *, grid: bool) -> dict[str, Any]:
    return {
        "num_format": number_format,
        "num_font": _font(report),
        "line": {"none": True},
        "major_tick_mark": "none",
        "major_gridlines": {"visible": grid, "line": {"color": LINE, "width": 0.5}},
        **_named(report, name),
    }


def _named(report: Report, name: str) -> dict[str, Any]:
    return {"name": name, "name_font": {**_font(report), "bold": False}} if name else {}


def _title(report: Report, title: str) -> dict[str, Any]:
    if not title:
        return {"none": True}
    return {
        "name": title,
        "name_font": {"name": report.book.font, "size": 11, "bold": True, "color": INK},
        "overlay": False,
    }


def _font(report: Report, color: str = MUTED) -> dict[str, Any]:
    return {"name": report.book.font, "size": BODY, "color": color}


def _fill(color: str) -> dict[str, Any]:
    """The look of a bar, by its colour or by what its sign stands for."""
    if color == TARGET_COLOR:
        return {"fill": {"none": True}, "border": {"color": TARGET_LINE, "width": 1.0}}
    if color in (FORECAST_COLOR, LOW_FORECAST_COLOR):
        ink = ACTUAL_COLOR if color == FORECAST_COLOR else TARGET_LINE
        hatch = {"pattern": "wide_upward_diagonal", "fg_color": ink, "bg_color": WHITE}
        return {"pattern": hatch, "border": {"color": ink, "width": 0.75}}
    return {"fill": {"color": color}, "border": {"none": True}}


def _bar(color: str) -> dict[str, Any]:
    return {**_fill(color), "gap": 70, "overlap": -5}


def _line(color: str, *, dashed: bool, marked: bool) -> dict[str, Any]:
    line: dict[str, Any] = {"color": color, "width": 2.0}
    if dashed:
        line["dash_type"] = "dash"
    marker = (
        {"type": "circle", "size": 5, "fill": {"color": color}, "border": {"color": WHITE}}
        if marked
        else {"type": "none"}
    )
    return {"line": line, "marker": marker}
