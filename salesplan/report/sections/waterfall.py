"""A waterfall: how one amount becomes another, step by step, as stacked columns over cells that
anyone can check.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from salesplan.report.figures.charts import Size, waterfall_chart
from salesplan.report.figures.formulas import SUM_PLACES, to_places
from salesplan.report.figures.grid import Grid, figure, text
from salesplan.report.figures.report import Report
from salesplan.report.pen.writer import Page

_ONE_LINE = 26.0
"""As wide as the longest heading of the helpers: of two lines it makes a printed row higher."""
HELPERS = (
    "step",
    "from",
    "to",
    "base",
    "start",
    "end",
    "better",
    "worse",
    "better_below",
    "worse_below",
)
"""The chart's cells: where a step begins and ends, the invisible foot, the bar above zero, the bar
below it.
"""

ZERO = Decimal(0)
_TRUNCATE = Decimal("0.6")
"""Where all levels are above this part of the highest, the axis begins above zero, or the steps
would not be seen.
"""


class Step(NamedTuple):
    """A cell that holds a step's amount (or a level, at both ends): its name, value and address on
    the same sheet.
    """

    name: str
    value: Decimal
    ref: str


class Bars(NamedTuple):
    """One column of the chart, and the formulas that give it."""

    values: tuple[Decimal, ...]
    formulas: tuple[str, ...]


def waterfall(
    report: Report,
    page: Page,
    place: tuple[int, int],
    levels: tuple[Step, Step],
    steps: Sequence[Step],
    sign: int,
) -> dict[str, Any]:
    """Write the cells of a waterfall from the first level to the second; gives the ranges that
    :func:`draw` takes.

    ``place`` is the 0-based cell of its headings; ``sign`` −1 turns what counts as better.
    """
    row, column = place
    grid = Grid(report, page, "waterfall", HELPERS, column)
    page.at_least(range(column, grid.last + 1), _ONE_LINE)
    grid.heads(row)
    start, end = levels
    before, lows = ZERO, [start.value, end.value]
    for index, step in enumerate((start, *steps, end), 1):
        at = row + index
        is_level = step is start or step is end
        after = step.value if is_level else to_places(before + step.value, SUM_PLACES)
        begin = ZERO if is_level else before
        cell = {key: grid.at(key, at) for key in HELPERS}
        previous = grid.at("to", at - 1)
        entries = {
            "step": text(step.name, "muted"),
            "from": figure(begin, "General", None if is_level else previous),
            "to": figure(
                after,
                "General",
                step.ref if is_level else f"ROUND({previous}+{step.ref},{SUM_PLACES})",
            ),
        }
        bars = (
            _level_bars(after, cell, starts=step is start)
            if is_level
            else _step_bars(begin, after, cell, sign)
        )
        entries |= {
            key: figure(value, "General", formula)
            for key, value, formula in zip(HELPERS[3:], bars.values, bars.formulas, strict=True)
        }
        grid.put(at, entries)
        lows.append(after)
        before = after
    page.fold_columns(column, grid.last)
    last = row + len(steps) + 2
    ranges: dict[str, Any] = {key: grid.span(key, row + 1, last) for key in HELPERS}
    ranges["minimum"] = _minimum(lows)
    ranges["below"] = min(lows) < 0
    return ranges


def draw(
    report: Report,
    ranges: dict[str, Any],
    title: str,
    number_format: str,
    size: Size,
    sign: int,
    start: str,
) -> Any:
    """The chart of :func:`waterfall`'s cells, from a level of the sign ``start`` to the actual; its
    title says so where the axis does not begin at zero.
    """
    if ranges["minimum"] is not None:
        title += report.words("axis_cut")
    return waterfall_chart(report, ranges, title, number_format, size, sign, start)


def _level_bars(level: Decimal, cell: dict[str, str], *, starts: bool) -> Bars:
    """A level from zero: the one that the steps start from, or the one they end at."""
    values, formulas = (level, ZERO), (cell["to"], "0")
    if not starts:
        values, formulas = values[::-1], formulas[::-1]
    return Bars((ZERO, *values, *[ZERO] * 4), ("0", *formulas, *["0"] * 4))


def _step_bars(begin: Decimal, end: Decimal, cell: dict[str, str], sign: int) -> Bars:
    """Foot and bar of one step: a step across zero has a part above and a part below it."""
    low, high = min(begin, end), max(begin, end)
    base = max(low, ZERO) + min(high, ZERO)
    above, below = max(ZERO, high) - max(ZERO, base), min(ZERO, low) - min(ZERO, base)
    better = (end >= begin) == (sign > 0)
    one, two, foot = cell["from"], cell["to"], cell["base"]
    up = f"ROUND(MAX(0,{one},{two})-MAX(0,{foot}),{SUM_PLACES})"
    down = f"ROUND(MIN(0,{one},{two})-MIN(0,{foot}),{SUM_PLACES})"
    good = f"{two}>={one}" if sign > 0 else f"{two}<{one}"
    values = (
        base,
        ZERO,
        ZERO,
        above if better else ZERO,
        ZERO if better else above,
        below if better else ZERO,
        ZERO if better else below,
    )
    return Bars(
        values,
        (
            f"IF(MIN({one},{two})>=0,MIN({one},{two}),IF(MAX({one},{two})<=0,MAX({one},{two}),0))",
            "0",
            "0",
            f"IF({good},{up},0)",
            f"IF({good},0,{up})",
            f"IF({good},{down},0)",
            f"IF({good},0,{down})",
        ),
    )


def _minimum(levels: Sequence[Decimal]) -> Decimal | None:
    """Where the axis begins; None: at zero."""
    low, high = min(levels), max(levels)
    if low <= 0 or low < high * _TRUNCATE:
        return None
    room = high - low if high > low else high / 10
    start = max(ZERO, low - room)
    step = Decimal(1).scaleb(room.adjusted())
    return (start // step) * step
