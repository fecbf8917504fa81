"""A waterfall: how one amount becomes another, step by step, as stacked columns over cells that
anyone can check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from salesplan.plan.model import Kpi
from salesplan.report.figures.charts import Size, waterfall_chart
from salesplan.report.figures.context import figure_format
from salesplan.report.figures.formulas import SUM_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, Column, Formula, Here, listed
from salesplan.report.figures.report import Report
from salesplan.report.xlsx.writer import Page

_ONE_LINE = 26.0
"""As wide as the longest heading of the helpers: of two lines it makes a printed row higher."""
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


class Bar(NamedTuple):
    """One column of the chart: a step from ``begin`` to ``end``, or a level, which begins at zero
    and stands in the column ``level``. ``better``: whether the step is to the good.
    """

    step: Step
    begin: Decimal
    end: Decimal
    level: str
    better: bool

    @property
    def foot(self) -> Decimal:
        """What is below a step's bar and is not seen."""
        low, high = sorted((self.begin, self.end))
        return max(low, ZERO) + min(high, ZERO)

    @property
    def above(self) -> Decimal:
        """The part of the bar above zero."""
        return max(ZERO, self.begin, self.end) - max(ZERO, self.foot)

    @property
    def below(self) -> Decimal:
        """The part of the bar below zero, which has both where it crosses it."""
        return min(ZERO, self.begin, self.end) - min(ZERO, self.foot)


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
    bars = _bars(levels, steps, sign)
    columns = _columns(sign)
    grid = listed(report, page, "waterfall", columns, bars, row, column)
    page.at_least(range(column, grid.last + 1), _ONE_LINE)
    page.fold_columns(column, grid.last)
    last = row + len(bars)
    ranges: dict[str, Any] = {one.key: grid.span(one.key, row + 1, last) for one in columns}
    lows = [bar.end for bar in bars]
    ranges["minimum"] = _minimum(lows)
    ranges["below"] = min(lows) < 0
    ranges["largest"] = max(max(abs(bar.step.value), abs(bar.end)) for bar in bars)
    return ranges


def draw(
    report: Report,
    ranges: dict[str, Any],
    title: str,
    kpi: Kpi,
    size: Size,
    sign: int,
    start: str,
) -> Any:
    """The chart of :func:`waterfall`'s cells, from a level of the sign ``start`` to the actual; its
    title says so where the axis does not begin at zero.
    """
    if ranges["minimum"] is not None:
        title += report.words("axis_cut")
    context = report.context
    number_format = context.label_format(kpi, ranges["largest"]) or figure_format(kpi)
    return waterfall_chart(report, ranges, title, number_format, size, sign, start)


def _bars(levels: tuple[Step, Step], steps: Sequence[Step], sign: int) -> list[Bar]:
    """The level to start from, each step from where the one before ends, the level it ends at."""
    start, end = levels
    bars = [Bar(start, ZERO, start.value, "start", False)]
    for step in steps:
        before = bars[-1].end
        after = to_places(before + step.value, SUM_PLACES)
        bars.append(Bar(step, before, after, "", (after >= before) == (sign > 0)))
    return [*bars, Bar(end, ZERO, end.value, "end", False)]


def _columns(sign: int) -> tuple[Column[Bar], ...]:
    """The chart's cells: where a step begins and ends, the invisible foot, the levels, the bar
    above zero, the bar below it.
    """

    def before(at: Here) -> str:
        return at.grid.at("to", at.row - 1)

    def reached(bar: Bar, at: Here) -> str:
        return bar.step.ref if bar.level else f"ROUND({before(at)}+{bar.step.ref},{SUM_PLACES})"

    def number(
        key: str, value: Callable[[Bar], Decimal], formula: Formula[Bar] | None
    ) -> Column[Bar]:
        return Column(key, value, formula, RIGHT, "General")

    def level(key: str) -> Column[Bar]:
        return number(
            key,
            lambda bar: bar.end if bar.level == key else ZERO,
            lambda bar, at: at("to") if bar.level == key else "0",
        )

    def part(
        key: str, value: Callable[[Bar], Decimal], formula: Callable[[Here], str]
    ) -> Column[Bar]:
        """Of a step alone."""
        return number(
            key,
            lambda bar: ZERO if bar.level else value(bar),
            lambda bar, at: "0" if bar.level else formula(at),
        )

    def foot(at: Here) -> str:
        ends = f"{at('from')},{at('to')}"
        return f"IF(MIN({ends})>=0,MIN({ends}),IF(MAX({ends})<=0,MAX({ends}),0))"

    def side_of_zero(key: str, *, above: bool, better: bool) -> Column[Bar]:
        """The bar's part above zero or below it, of steps of one kind."""
        side = "MAX" if above else "MIN"

        def height(bar: Bar) -> Decimal:
            drawn = bar.above if above else bar.below
            return drawn if bar.better is better else ZERO

        def formula(at: Here) -> str:
            one, two = at("from"), at("to")
            high = f"ROUND({side}(0,{one},{two})-{side}(0,{at('base')}),{SUM_PLACES})"
            good = f"{two}>={one}" if sign > 0 else f"{two}<{one}"
            return f"IF({good},{high},0)" if better else f"IF({good},0,{high})"

        return part(key, height, formula)

    return (
        Column("step", lambda bar: bar.step.name or None, look=("text", "muted")),
        number("from", lambda bar: bar.begin, lambda bar, at: None if bar.level else before(at)),
        number("to", lambda bar: bar.end, reached),
        part("base", lambda bar: bar.foot, foot),
        level("start"),
        level("end"),
        side_of_zero("better", above=True, better=True),
        side_of_zero("worse", above=True, better=False),
        side_of_zero("better_below", above=False, better=True),
        side_of_zero("worse_below", above=False, better=False),
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
