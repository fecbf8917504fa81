"""偏差明细: every unit's red or unexplained KPI under the issue that states it, with its part of
that issue's gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.work.problems import Deviation, Problem, in_parts
from salesplan.plan.model import IssueRow, Kpi
from salesplan.report.figures.context import DASH, Context, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import Column, Here, listed
from salesplan.report.figures.ledger import Cell
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT, WHOLE

FIRST = 1
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """A deviation with the number of its issue in the list (None: too small to be listed), its part
    of that issue's gap, and what is written at the unit itself.
    """

    number: int | None
    kpi: Kpi
    found: Deviation
    depth: int
    part: Decimal | None
    written: IssueRow | None


def write(report: Report) -> None:
    """One line for each deviation: by issue, then down the tree."""
    lines = tuple(lines_of(report.context))
    if not lines:
        return report.nothing("deviations", "no_deviations")
    columns = _columns(report)
    last = FIRST + len(columns) - 1
    page = report.open("deviations", last, report.words("about_deviations"))
    grid = listed(report, page, "deviation", columns, lines, BODY_ROW, FIRST)
    end = BODY_ROW + len(lines)
    page.lights(BODY_ROW + 1, end, grid.column("light"), report.context.light_words)
    page.sheet.autofilter(BODY_ROW, FIRST, end, last)
    page.sheet.freeze_panes(BODY_ROW + 1, 0)
    page.set_print((BODY_ROW, BODY_ROW), last, area_rows=end)
    return None


def lines_of(context: Context) -> Iterator[Line]:
    """All deviations of the report month, as the sheet lists them."""
    results, plan = context.results, context.plan
    numbers = {one.key: number for number, one in enumerate(results.problems, 1)}
    problems = {one.key: one for one in (*results.problems, *results.minor_problems)}
    depths = {unit.code: depth for depth, unit in plan.walk()}
    rows = {row.code: row for row in plan.issues}
    for one in results.deviations:
        yield Line(
            numbers.get(one.problem),
            plan.kpi_by_code[one.kpi],
            one,
            depths.get(one.unit, 0),
            _part(plan.kpi_by_code[one.kpi], problems[one.problem], one.unit),
            rows.get(one.key),
        )


def _part(kpi: Kpi, problem: Problem, unit: str) -> Decimal | None:
    """The unit's part of the gap of the issue, which is 1 at its topmost unit; None of a gap of a
    single smallest unit.
    """
    tree = problem.tree
    if tree is None or not tree.gap or not in_parts(kpi, tree):
        return None
    own = next((one for one in tree.walk() if one.unit == unit), None)
    return None if own is None else to_places(own.gap / tree.gap, RATE_PLACES)


def _columns(report: Report) -> tuple[Column[Line], ...]:
    context = report.context

    def unit(line: Line) -> str:
        return "　" * line.depth + context.unit_name(line.found.unit)

    def figure(key: str) -> tuple[Callable[[Line], Scalar], Callable[[Line, Here], str | None]]:
        """A cell of the data sheet, repeated."""

        def cell(line: Line) -> Cell | None:
            return report.ledger.cell(line.kpi.code, line.found.unit, key)

        return (
            lambda line: DASH if (one := cell(line)) is None else one.value,
            lambda line, _: None if (one := cell(line)) is None else one.ref,
        )

    def form(line: Line) -> str:
        return figure_format(line.kpi)

    def held(line: Line) -> tuple[Decimal, Decimal] | None:
        """What was there (nothing counts as 0) and what was expected."""
        actual, expected = (
            report.ledger.cell(line.kpi.code, line.found.unit, f"span_{key}")
            for key in ("actual", "expected")
        )
        if expected is None or not isinstance(expected.value, Decimal):
            return None
        done = actual.value if actual is not None and isinstance(actual.value, Decimal) else ZERO
        return done, expected.value

    def off(line: Line) -> Scalar:
        pair = held(line)
        return None if pair is None else to_places(pair[0] - pair[1], SUM_PLACES)

    def off_formula(line: Line, at: Here) -> str | None:
        if held(line) is None:
            return None
        return f"ROUND(N({at('actual')})-{at('expected')},{SUM_PLACES})"

    def written(name: str) -> Column[Line]:
        def value(line: Line) -> str:
            return (getattr(line.written, name) if line.written else "") or DASH

        return Column(name, value, look=("wrap",), width=26.0)

    right, center = ("right",), ("center",)
    return (
        Column("number", lambda line: line.number, look=center, form=WHOLE),
        Column("kpi", lambda line: context.kpi_name(line.kpi.code)),
        Column("unit", unit),
        Column("light", *figure("span_light"), look=center),
        Column("target", *figure("span_target"), look=right, form=form),
        Column("expected", *figure("span_expected"), look=right, form=form),
        Column("actual", *figure("span_actual"), look=right, form=form),
        Column("off", off, off_formula, look=right, form=form),
        Column("pace", *figure("span_pace"), look=right, form=PERCENT),
        Column("part", lambda line: line.part, look=right, form=PERCENT),
        written("cause"),
        written("remedy"),
    )
