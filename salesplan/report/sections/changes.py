"""变更记录: every change with its approval and whether it is in force; and what became of the
targets: baseline, now, achieved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from salesplan.engine.changes.records import Adjustment, Shift, stood
from salesplan.engine.targets.target import Months
from salesplan.plan.change_subjects import subject_table
from salesplan.plan.model import Change, Kpi, Light
from salesplan.plan.naming import in_names
from salesplan.plan.normalize import half_width
from salesplan.plan.schema import product_name
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.grid import Column, Here, listed
from salesplan.report.figures.ledger import Cell
from salesplan.report.figures.report import Report
from salesplan.report.narrative import phrases
from salesplan.report.narrative.course import changes_of, changes_sentence
from salesplan.report.narrative.later_changes import in_the_plan
from salesplan.report.sections import variance
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import LIGHT_COLORS, PERCENT, amount_format
from salesplan.report.xlsx.writer import Page
from salesplan.wording import listed as names_listed

ON_SCREEN = 4
"""The last columns are beyond the print."""
MOST_A_PAGE = 16
"""Changes that a printed page holds."""
MOST_PRINTED = 4
"""Targets on paper; the others are folded away."""
FIRST = variance.FIRST
_UNITS = frozenset({"parent", "owner", "manager"})
"""Columns whose values are units."""
_RECORDS = {
    "tasks": "tasks",
    "budget": "budget",
    "units": "units",
    "kpis": "kpis",
    "strategies": "strategies",
}


class Line(NamedTuple):
    """A change, and what the plan made of it; None: nothing yet."""

    change: Change
    taken: Adjustment | None


class Moved(NamedTuple):
    """A target that a change altered, with its cells on the data sheet; a product's has none."""

    change: str
    kpi: Kpi
    shift: Shift
    year: Cell | None
    achieved: Cell | None

    @property
    def actual(self) -> Decimal | None:
        """What was achieved, where the data sheet has it or it is a product's."""
        known = self.achieved is not None or bool(self.shift.product)
        return self.shift.actual if known else None

    @property
    def form(self) -> str:
        """The number format of its figures."""
        return figure_format(self.kpi)


def write(report: Report) -> None:
    """One row a change, in the order of the sheet; below them each target that changes altered. Of
    a longer span than a month those that are a matter of it. Changes of more than a page stand
    last, so that their heads are repeated.
    """
    context = report.context
    changes, adjustments = changes_of(context)
    moved = tuple(_moved(report, adjustments))
    if not changes and not moved:
        return report.nothing("changes", "no_changes")
    page = report.open("changes", variance.LAST, changes_sentence(report))
    page.fix(variance.WIDTHS)
    page.at_least(range(variance.LAST + 1, variance.LAST + ON_SCREEN), 12.0)
    page.fix({variance.LAST + ON_SCREEN: 60.0})
    page.freeze(page.top + 1 if changes else page.top, 0)
    if len(changes) > MOST_A_PAGE:
        heads = _shifts(report, page, moved, page.top)[1] + 1
        row = _changes(report, page, changes, heads) - 1
    else:
        below = _changes(report, page, changes, page.top) if changes else page.top
        heads, row = _shifts(report, page, moved, below)
    left = len(context.plan.changes) - len(changes)
    if left:
        said = report.words("changes_of_others", count=str(left))
        page.wide(row, FIRST, variance.LAST, said, "note")
        row += 1
    page.wide(row, FIRST, variance.LAST, report.words("change_rule"), "note")
    page.fold(row)
    page.set_print((heads, heads), variance.LAST, area_rows=row)
    return None


def _changes(report: Report, page: Page, changes: Sequence[Change], top: int) -> int:
    """Every change, from its heads in row ``top`` on; gives the row after the blank one below."""
    context = report.context
    taken = {one.change: one for one in context.results.adjustments}
    lines = [Line(change, taken.get(change.code)) for change in changes]
    grid = listed(report, page, "change", _change_columns(report), lines, top, FIRST)
    states = {light: context.label(light)[:1] for light in Light}
    for row, line in enumerate(lines, top + 1):
        said = _state(report, line.taken)
        light = next((one for one, sign in states.items() if said.startswith(sign)), None)
        if light is not None:
            page.tints(row, row, grid.column("state"), {said: LIGHT_COLORS[light]})
    return top + len(lines) + 2


def _change_columns(report: Report) -> tuple[Column[Line], ...]:
    context = report.context

    def before(line: Line) -> str:
        said = _value(report, line.change, line.change.before)
        if said or line.taken is None:
            return said
        return stood(line.taken, context.results.planned, context.results.standing)

    def after(line: Line) -> str:
        return _value(report, line.change, line.change.after)

    def current(line: Line) -> str:
        return (after(line) if in_the_plan(line.taken) else before(line)) or DASH

    def said(
        key: str, value: Callable[[Line], str], look: tuple[str, ...] = ("text",), over: int = 1
    ) -> Column[Line]:
        return Column(key, lambda line: value(line) or DASH, look=look, over=over)

    def day(key: str, value: Callable[[Line], date | None]) -> Column[Line]:
        return Column(key, lambda line: value(line) or "", look=("center",))

    def named(codes: tuple[str, ...]) -> str:
        return names_listed(map(context.unit_name, codes), context.lang)

    def untold(line: Line) -> str:
        return "" if line.taken is None else named(line.taken.untold)

    wrap, level, quiet = ("wrap",), ("wrap", "right"), ("wrap", "muted")
    return (
        said("code", lambda line: line.change.code, ("text", "strong")),
        day("raised", lambda line: line.change.raised),
        said("trigger", lambda line: line.change.trigger, wrap, 2),
        said("subject", lambda line: _subject(report, line.change), wrap, 2),
        said("field", lambda line: line.change.field, wrap),
        Column("before", before, look=level),
        Column("after", after, look=level),
        Column("current", current, look=(*level, "strong")),
        Column(
            "actual",
            lambda line: _actual(line.taken),
            look=("right",),
            form=lambda line: amount_format(2) if isinstance(_actual(line.taken), Decimal) else "",
        ),
        said("state", lambda line: _state(report, line.taken), wrap, 2),
        said("untold", untold, quiet, 2),
        said("approver", lambda line: line.change.approver),
        day("approved", lambda line: line.change.approved),
        said("applicant", lambda line: line.change.applicant),
        said("notify", lambda line: named(line.change.notify), quiet),
    )


def _state(report: Report, taken: Adjustment | None) -> str:
    return "" if taken is None else report.context.say(taken.reason)


def _moved(report: Report, adjustments: Sequence[Adjustment]) -> Iterator[Moved]:
    """Each target that changes altered, with all of them: what it is now comes of them together."""
    found: dict[tuple[str, str, str], tuple[Shift, dict[str, None]]] = {}
    for one in adjustments:
        for shift in one.shifts:
            key = (shift.kpi, shift.unit, shift.product)
            found.setdefault(key, (shift, {}))[1][one.change] = None
    for shift, codes in found.values():
        year, achieved = (
            None if shift.product else report.ledger.cell(shift.kpi, shift.unit, key)
            for key in ("year_target", "ytd_actual")
        )
        changes = phrases.listed(report.context, [*filter(None, codes)])
        kpi = report.context.plan.kpi_by_code[shift.kpi]
        yield Moved(changes, kpi, shift, year, achieved)


def _shifts(report: Report, page: Page, moved: Sequence[Moved], row: int) -> tuple[int, int]:
    """The targets that changes altered, each with what it was, what it is and what was achieved;
    gives the row of heads to repeat and the row after them.

    The heads of the changes are repeated on paper only where no targets follow: over these they
    would name other columns.
    """
    if not moved:
        return page.top, row - 1
    heading = report.words("shift_heading")
    if len(moved) > MOST_PRINTED:
        folded, count = len(moved) - MOST_PRINTED, str(len(moved))
        heading += report.words("rows_folded", count=count, folded=str(folded))
    page.heading(row, FIRST, heading)
    listed(report, page, "shift", _shift_columns(report), moved, row + 1, FIRST)
    end = row + 2 + len(moved)
    for folded in range(row + 2 + MOST_PRINTED, end):
        page.fold(folded)
    return row + 1, end


def _shift_columns(report: Report) -> tuple[Column[Moved], ...]:
    context, report_span = report.context, report.context.report_span

    def name(one: Moved) -> str:
        said = context.kpi_name(one.shift.kpi)
        product = one.shift.product
        return f"{said} / {product_name(product, context.lang)}" if product else said

    def in_span(one: Moved, months: Months) -> Decimal | None:
        first = report_span.first if one.kpi.kind.adds_over_months else report_span.here
        return _sum(months[first : report_span.here + 1])

    def difference(one: Moved) -> Decimal | None:
        before, now = one.shift.baseline_year, one.shift.year
        return None if before is None or now is None else now - before

    def difference_formula(one: Moved, at: Here) -> str | None:
        return None if difference(one) is None else f"{at('now')}-{at('baseline')}"

    def amount(
        key: str,
        value: Callable[[Moved], Scalar],
        formula: Callable[[Moved, Here], str | None] | None = None,
        *look: str,
    ) -> Column[Moved]:
        return Column(key, value, formula, ("right", *look), lambda one: one.form)

    def rate(key: str, of: str, target: Callable[[Moved], Decimal | None]) -> Column[Moved]:
        """Achieved of the year's target."""

        def value(one: Moved) -> Decimal | None:
            return _rate(target(one), one.actual)

        def formula(one: Moved, at: Here) -> str | None:
            return None if value(one) is None else f"{at('achieved')}/{at(of)}"

        return Column(key, value, formula, ("right",), PERCENT)

    return (
        Column("change", lambda one: one.change or DASH, look=("wrap", "strong")),
        Column("kpi", lambda one: name(one) or DASH, look=("wrap",)),
        Column("unit", lambda one: context.unit_name(one.shift.unit), look=("wrap",), over=2),
        Column("measure", lambda one: one.kpi.unit or DASH, look=("center",)),
        amount("baseline", lambda one: one.shift.baseline_year),
        amount("now", lambda one: one.shift.year, lambda one, _: _ref(one.year), "strong"),
        amount("difference", difference, difference_formula),
        amount("month_baseline", lambda one: in_span(one, one.shift.baseline_months)),
        amount("month_now", lambda one: in_span(one, one.shift.months)),
        amount("achieved", lambda one: one.actual, lambda one, _: _achieved(one)),
        rate("rate_baseline", "baseline", lambda one: one.shift.baseline_year),
        rate("rate_now", "now", lambda one: one.shift.year),
    )


def _ref(cell: Cell | None) -> str | None:
    return None if cell is None else cell.ref


def _achieved(one: Moved) -> str | None:
    return None if one.actual is None else _ref(one.achieved)


def _sum(months: Months) -> Decimal | None:
    """The months' targets together; None where one is missing."""
    known = [value for value in months if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(months) else None


def _rate(target: Decimal | None, actual: Decimal | None) -> Decimal | None:
    """Achieved of the year's target; none where that says nothing: no target above zero, or no
    actual.
    """
    if target is None or target <= 0 or actual is None:
        return None
    return actual / target


def _subject(report: Report, change: Change) -> str:
    """The subject as people know it: a target and a hand-over by their names, anything else after
    its code.
    """
    plan = report.context.plan
    if "/" in change.subject:
        return in_names(plan, change.subject)
    key = subject_table(plan, change.subject)
    record = (
        next(
            (row for row in getattr(plan, _RECORDS[key]) if row.code == half_width(change.subject)),
            None,
        )
        if key in _RECORDS
        else None
    )
    name = (
        getattr(record, "content", "")
        or getattr(record, "name", "")
        or getattr(record, "category", "")
    )
    return f"{change.subject} {name}".strip()


def _value(report: Report, change: Change, value: str) -> str:
    """调整前 or 调整后; a parent or an owner by name."""
    return (
        report.context.unit_name(half_width(value))
        if change.aim is not None and change.aim.column in _UNITS
        else value
    )


def _actual(taken: Adjustment | None) -> Scalar:
    """What stands against a value that is no target: an amount used, the day on which a task was
    finished.
    """
    value = None if taken is None else taken.actual
    return value if isinstance(value, (Decimal, date)) else None
