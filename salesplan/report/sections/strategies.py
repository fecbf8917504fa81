"""策略有效性: was each strategy carried out, did its KPI get there: the 2×2, and the figures behind
it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from salesplan.engine.actuals.attainment import completion
from salesplan.engine.actuals.linked_kpis import filters_of
from salesplan.engine.actuals.status import Rate, RateWord
from salesplan.engine.exact.figures import divide
from salesplan.engine.work.effectiveness import Effectiveness, kpi_line
from salesplan.plan.model import Kpi, Strategy, TargetBasis, Verdict
from salesplan.report.figures.charts import Point, quadrant_chart
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, WRAP, Column, Formula, Grid, Here, Styles
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.narrative import phrases
from salesplan.report.narrative.course import strategies_sentence
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address, quoted
from salesplan.report.xlsx.styles import PERCENT, VERDICT_COLORS, amount_format
from salesplan.report.xlsx.writer import Page
from salesplan.wording import clauses

ON_SCREEN = 5
"""The last columns are beyond the print."""
FIRST = 1
WIDTH = 10.0
"""Of a column that says nothing else."""
QUADRANTS = ((Verdict.REACHED_ANYWAY, Verdict.EFFECTIVE), (Verdict.NOT_DONE, Verdict.INEFFECTIVE))
"""As the chart has them: tasks done to the right, KPI reached above."""
MOST_LINES = 3
CHART_HEIGHT = 172
"""Pixels: as high as the 2×2 in words."""
GRID_LAST = 4
"""0-based last column of the 2×2 in words; the chart begins two columns on."""


def write(report: Report) -> None:
    """The 2×2 in words and as a chart, then one row per strategy."""
    results = report.context.results.strategies
    strategies = {one.code: one for one in reversed(report.context.plan.strategies)}
    shown = [(strategies[code], one) for code, one in results.items() if code in strategies]
    if not shown:
        return report.nothing(
            "strategies", "strategies_elsewhere" if report.context.scope.name else "no_strategies"
        )
    lines = [Line(strategy, one, _kpi(report, strategy)) for strategy, one in shown]
    paced = any(one.due_rate != one.rate for _, one in shown)
    columns = _columns(report, "due_rate" if paced else "rate")
    if not paced:
        columns = tuple(one for one in columns if one.key != "due_rate")
    last_column = FIRST + len(columns) - 1 - ON_SCREEN
    page = report.open("strategies", last_column, strategies_sentence(report))
    grid = Grid(report, page, "strategy", columns, FIRST)
    judged = any(one.verdict is not None for _, one in shown)
    head = BODY_ROW + (_quadrants(report, page, shown) if judged else 0)
    page.heading(head, FIRST, report.words("strategy_table", unit=report.context.amount_unit))
    grid.heads(head + 1)
    top = head + 2
    grid.lines(top, lines)
    last = top + len(shown) - 1
    page.tints(
        top,
        last,
        grid.column("verdict"),
        {report.context.label(verdict): VERDICT_COLORS[verdict] for verdict in Verdict},
    )
    _draw(report, page, grid, shown, top)
    row = _wanting(report, page, shown, last + 2)
    own = (
        report.words("strategy_rule_part", unit=report.context.scope.name)
        if report.context.scope.name
        else ""
    )
    page.wide(
        row,
        FIRST,
        last_column,
        report.words(
            "strategy_rule",
            execution=phrases.percent(report.context.plan.settings.execution_met),
            kpi=phrases.percent(kpi_line(report.context.plan.settings)),
        )
        + own,
        "note",
    )
    page.sheet.freeze_panes(BODY_ROW, 0)
    page.set_print(None, last_column, area_rows=row)
    return None


def _quadrants(report: Report, page: Page, shown: Sequence[tuple[Strategy, Effectiveness]]) -> int:
    """The 2×2 in words: which strategies are where; gives its rows."""
    row = BODY_ROW
    page.heading(row, FIRST, report.words("strategy_quadrants"))
    for line, pair in enumerate(QUADRANTS):
        for side, verdict in enumerate(pair):
            first, last = ((FIRST, FIRST + 1), (FIRST + 2, GRID_LAST))[side]
            ink, ground = VERDICT_COLORS[verdict]
            at = row + 1 + line * 2
            members = [strategy for strategy, one in shown if one.verdict is verdict]
            title = report.words(
                "strategy_quadrant", verdict=report.context.label(verdict), count=str(len(members))
            )
            page.wide(
                at, first, last, title, "cell", "wrap", "strong", font_color=ink, bg_color=ground
            )
            room = sum(page.width_of(column) for column in range(first, last + 1)) - 4.0
            named = MOST_LINES if len(members) <= MOST_LINES else MOST_LINES - 1
            lines = [
                phrases.shortened(f"{one.code} {one.content}", room) for one in members[:named]
            ]
            if len(members) > named:
                lines.append(report.words("lines_left_out", count=str(len(members) - named)))
            page.wide(
                at + 1, first, last, "\n".join(lines) or DASH, "wrap", bg_color=ground, valign="top"
            )
    for line in range(2):
        page.height(row + 2 + line * 2, 31)
    undecided = [strategy.code for strategy, one in shown if one.verdict is None]
    if undecided:
        page.write(
            row + 5,
            FIRST,
            report.words("strategy_undecided", names=", ".join(undecided)),
            report.book.style("note", text_wrap=False),
        )
    return 7


class Line(NamedTuple):
    """A strategy, what came of it, and the KPI that it is for."""

    strategy: Strategy
    one: Effectiveness
    kpi: Kpi | None


def _kpi(report: Report, strategy: Strategy) -> Kpi | None:
    return report.context.plan.kpi_by_code.get(strategy.kpi or "")


def _columns(report: Report, judged_by: str) -> tuple[Column[Line], ...]:
    """``judged_by``: the column of the rate that the verdict stands on."""
    context, share = report.context, report.formulas.share
    money = amount_format(2)

    def form(line: Line) -> str:
        return figure_format(line.kpi) if line.kpi is not None else money

    def text(
        key: str, value: Callable[[Line], str], look: Styles = WRAP, width: float = WIDTH
    ) -> Column[Line]:
        return Column(key, lambda line: value(line) or None, look=look, width=width)

    def number(
        key: str,
        value: Callable[[Effectiveness], Scalar],
        form: str | Callable[[Line], str] = money,
        width: float = WIDTH,
    ) -> Column[Line]:
        return Column(key, lambda line: value(line.one), look=RIGHT, form=form, width=width)

    def part(
        key: str,
        value: Callable[[Effectiveness], Decimal | None],
        formula: Formula[Line] | None = None,
    ) -> Column[Line]:
        def rounded(line: Line) -> Scalar:
            found = value(line.one)
            return None if found is None else to_places(found, RATE_PLACES)

        return Column(key, rounded, formula, RIGHT, PERCENT, WIDTH)

    def rated(
        key: str, rate: Callable[[Effectiveness], Rate], formula: Formula[Line] | None = None
    ) -> Column[Line]:
        def shown(line: Line) -> Scalar:
            found = rate(line.one)
            if found.value is not None:
                return to_places(found.value, RATE_PLACES)
            return None if found.word is None else report.formulas.rate_words[found.word]

        return Column(key, shown, formula, ("right", "strong"), PERCENT, WIDTH)

    def index(one: Effectiveness) -> Decimal | None:
        if one.task_rate is None or not one.expected:
            return None
        return divide(one.task_rate, one.expected)

    def kpi_name(line: Line) -> str:
        return context.kpi_name(line.kpi.code) if line.kpi else ""

    return (
        text("code", lambda line: line.strategy.code, ("text", "strong"), 8.0),
        text("content", lambda line: line.strategy.content, width=42.0),
        text("kpi", kpi_name, width=16.0),
        text(
            "part",
            lambda line: " · ".join(filters_of(context.plan, line.strategy).values()),
            ("wrap", "muted"),
            12.0,
        ),
        part("task_rate", lambda one: one.task_rate),
        part("index", index, lambda _, at: share(at("task_rate"), at("expected"))),
        number("target", lambda one: one.target, form, 9.0),
        number("actual", lambda one: one.actual, form, 9.0),
        rated("rate", lambda one: one.rate, lambda line, at: _rate_formula(report, line, at)),
        rated("due_rate", lambda one: one.due_rate),
        Column(
            "verdict",
            lambda line: context.label(line.one.verdict),
            lambda _, at: _verdict(report, at, judged_by),
            WRAP,
            width=18.0,
        ),
        part("planned_share", lambda one: one.target_share),
        part("actual_share", lambda one: one.actual_share),
        number("spent", lambda one: one.spent or None),
        number("roi", lambda one: one.roi, "0.00"),
        part("expected", lambda one: one.expected),
        part("spent_share", lambda one: one.spent_share),
        part("budget_share", lambda one: one.budget_share),
        part("granted_share", lambda one: one.granted_share),
        number("cost", lambda one: one.cost_per_unit),
    )


def _rate_formula(report: Report, line: Line, at: Here) -> str | None:
    """Where the rate follows from the target and actual beside it."""
    kpi, one = line.kpi, line.one
    if kpi is None or kpi.basis is not TargetBasis.LEVEL:
        return None
    if one.target is None or one.actual is None:
        return None
    own = completion(kpi, one.target, one.actual, report.context.plan.settings.score_cap)
    if (own.value, own.word) != (one.rate.value, one.rate.word):
        return None
    sign = kpi.direction.sign
    return report.formulas.rate(at("target"), at("actual"), sign=sign)


def _verdict(report: Report, at: Here, judged_by: str) -> str:
    """Carried out: progress ≥ what is due × 执行达标; met: pace ≥ 指标达标."""
    words, label, names = report.formulas.rate_words, report.context.label, report.formulas.names
    rate, tasks, expected = at(judged_by), at("task_rate"), at("expected")
    good = ",".join(f'{rate}="{words[word]}"' for word in (RateWord.EXCEEDED, RateWord.MET))
    known = f'OR(ISNUMBER({rate}),{good},{rate}="{words[RateWord.MISSED]}")'
    done = f"{tasks}>=ROUND({expected}*{names['execution_met']},{RATE_PLACES})"
    reached = f"IF(ISNUMBER({rate}),{rate}>={names['kpi_met']},OR({good}))"
    pairs = {verdict: f'"{label(verdict)}"' for verdict in Verdict}
    inner = (
        f"IF({done},IF({reached},{pairs[Verdict.EFFECTIVE]},{pairs[Verdict.INEFFECTIVE]}),"
        f"IF({reached},{pairs[Verdict.REACHED_ANYWAY]},{pairs[Verdict.NOT_DONE]}))"
    )
    return f'IF(AND(ISNUMBER({tasks}),N({expected})>0,{known}),{inner},"{DASH}")'


def _draw(
    report: Report,
    page: Page,
    grid: Grid[Any],
    shown: Sequence[tuple[Strategy, Effectiveness]],
    top: int,
) -> None:
    """One point a strategy: its execution index and its KPI's pace; lines at the settings'
    thresholds.
    """
    key = "due_rate" if "due_rate" in grid.keys else "rate"
    sheet = quoted(page.name)
    points = [
        Point(
            strategy.code,
            f"={sheet}!{grid.column_of('index', at, at)}",
            f"={sheet}!{grid.column_of(key, at, at)}",
            one.verdict,
        )
        for at, (strategy, one) in enumerate(shown, top)
        if one.verdict is not None
        and one.due_rate.value is not None
        and one.task_rate is not None
        and one.expected
    ]
    if not points:
        return
    first = GRID_LAST + 2
    highest = max(
        divide(one.task_rate, one.expected)
        for _, one in shown
        if one.task_rate is not None and one.expected
    )
    rates = [one.due_rate.value for _, one in shown if one.due_rate.value is not None]
    bounds = (_bound(highest), _bound(max(rates)), min(Decimal(0), min(rates)))
    lines = _lines(report, page, top, grid.last + 2, bounds)
    chart = quadrant_chart(
        report, points, lines, bounds, (page.pixels(first, grid.last - ON_SCREEN) - 8, CHART_HEIGHT)
    )
    page.draw(BODY_ROW, first, chart, 6, y_offset=4)


def _lines(
    report: Report, page: Page, row: int, column: int, bounds: tuple[Decimal, Decimal, Decimal]
) -> list[tuple[str, str]]:
    """The cells of the two lines at the thresholds, folded away: as (xs, ys) ranges."""
    names, settings = report.formulas.names, report.context.plan.settings
    execution = (settings.execution_met, names["execution_met"])
    kpi = (kpi_line(settings), names["kpi_met"])
    right, upper, lower = bounds
    ends = (
        (execution, (lower, None)),
        (execution, (upper, None)),
        ((Decimal(0), None), kpi),
        ((right, None), kpi),
    )
    for offset, pair in enumerate(ends):
        for side, (value, formula) in enumerate(pair):
            page.put(
                row + offset,
                column + side,
                value,
                "cell",
                "muted",
                formula=formula,
                number_format=PERCENT,
            )
    page.fold_columns(column, column + 1)
    sheet = quoted(page.name)
    found = []
    for first in (row, row + 2):
        top, bottom = address(first, column, True), address(first + 1, column, True)
        beside = address(first, column + 1, True), address(first + 1, column + 1, True)
        found.append((f"={sheet}!{top}:{bottom}", f"={sheet}!{beside[0]}:{beside[1]}"))
    return found


def _bound(value: Decimal) -> Decimal:
    """Where an axis ends: the next fifth above the value, and above 120 %."""
    return max(Decimal("1.2"), (value * 5).to_integral_value(rounding="ROUND_CEILING") / 5)


def _wanting(
    report: Report, page: Page, shown: Sequence[tuple[Strategy, Effectiveness]], row: int
) -> int:
    """Why a strategy has no verdict."""
    for strategy, one in shown:
        if one.wanting:
            reasons = clauses(map(report.context.say, one.wanting), report.context.lang)
            page.write(
                row,
                FIRST,
                f"{strategy.code}: {reasons}",
                report.book.style("note", text_wrap=False),
            )
            row += 1
    return row
