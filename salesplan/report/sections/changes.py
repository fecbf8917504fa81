"""变更记录: every change with its approval and whether it is in force; and what became of the
targets: baseline, now, achieved.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from salesplan.engine.changes.changed import Adjustment, Shift, stood
from salesplan.engine.targets.target import Months
from salesplan.plan.aims import subject_table
from salesplan.plan.model import Change, Light
from salesplan.plan.naming import in_names
from salesplan.plan.schema import product_name
from salesplan.plan.spelling import half_width
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.grid import Entry, Grid, centered, figure, text, wrapped
from salesplan.report.figures.report import Report
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.styles import LIGHT_COLORS, PERCENT, amount_format
from salesplan.report.say.course import changes_of, changes_sentence
from salesplan.report.say.later import in_the_plan
from salesplan.report.sections import variance
from salesplan.wording import listed

KEYS = (
    "code",
    "raised",
    "trigger",
    "subject",
    "field",
    "before",
    "after",
    "current",
    "actual",
    "state",
    "untold",
    "approver",
    "approved",
    "applicant",
    "notify",
)
ON_SCREEN = 4
"""The last columns are beyond the print."""
SPANS = {"trigger": 2, "subject": 2, "state": 2, "untold": 2}
SHIFT_SPANS = {"unit": 2}
SHIFT_KEYS = (
    "change",
    "kpi",
    "unit",
    "measure",
    "baseline",
    "now",
    "difference",
    "month_baseline",
    "month_now",
    "achieved",
    "rate_baseline",
    "rate_now",
)
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


def write(report: Report) -> None:
    """One row a change, in the order of the sheet; below them each target that changes altered. Of
    a longer span than a month those that are a matter of it. Changes of more than a page stand
    last, so that their heads are repeated.
    """
    context = report.context
    changes, adjustments = changes_of(context)
    if not changes and not any(one.shifts for one in adjustments):
        return report.nothing("changes", "no_changes")
    page = report.open("changes", variance.LAST, changes_sentence(report))
    page.fix(variance.WIDTHS)
    page.at_least(range(variance.LAST + 1, variance.LAST + ON_SCREEN), 12.0)
    page.fix({variance.LAST + ON_SCREEN: 60.0})
    grid = Grid(report, page, "change", KEYS, FIRST, SPANS)
    page.freeze(page.top + 1 if changes else page.top, 0)
    if len(changes) > MOST_A_PAGE:
        heads = _shifts(report, grid, adjustments, page.top)[1] + 1
        row = _changes(report, grid, changes, heads) - 1
    else:
        below = _changes(report, grid, changes, page.top) if changes else page.top
        heads, row = _shifts(report, grid, adjustments, below)
    left = len(context.plan.changes) - len(changes)
    if left:
        said = report.words("changes_of_others", count=str(left))
        page.wide(row, FIRST, variance.LAST, said, "note")
        row += 1
    page.wide(row, FIRST, variance.LAST, report.words("change_rule"), "note")
    page.fold(row)
    page.set_print((heads, heads), variance.LAST, area_rows=row)
    return None


def _changes(report: Report, grid: Grid, changes: Sequence[Change], top: int) -> int:
    """Every change, from its heads in row ``top`` on; gives the row after the blank one below."""
    page, context = grid.page, report.context
    grid.heads(top)
    taken = {one.change: one for one in context.results.adjustments}
    for index, change in enumerate(changes, 1):
        grid.put(top + index, _entries(report, change, taken.get(change.code)))
    last = top + len(changes)
    states = {light: report.context.label(light)[:1] for light in Light}
    for row, change in enumerate(changes, top + 1):
        said = _state(report, taken.get(change.code))
        light = next((one for one, sign in states.items() if said.startswith(sign)), None)
        if light is not None:
            page.tints(row, row, grid.column("state"), {said: LIGHT_COLORS[light]})
    return last + 2


def _entries(report: Report, change: Change, taken: Adjustment | None) -> dict[str, Entry]:
    context = report.context
    raised: Scalar = change.raised
    approved: Scalar = change.approved

    before, after = (_value(report, change, value) for value in (change.before, change.after))
    if not before and taken is not None:
        before = stood(taken, context.results.planned)

    def named(codes: tuple[str, ...]) -> Entry:
        return wrapped(listed(map(context.unit_name, codes), context.lang), "muted")

    return {
        "code": text(change.code, "strong"),
        "raised": Entry(raised, ("center",)),
        "trigger": wrapped(change.trigger),
        "subject": wrapped(_subject(report, change)),
        "field": wrapped(change.field),
        "before": Entry(before, ("wrap", "right")),
        "after": Entry(after, ("wrap", "right")),
        "current": Entry(
            (after if in_the_plan(taken) else before) or DASH, ("wrap", "right", "strong")
        ),
        "actual": _actual(taken),
        "state": wrapped(_state(report, taken)),
        "approver": text(change.approver),
        "approved": Entry(approved, ("center",)),
        "applicant": text(change.applicant),
        "notify": named(change.notify),
        "untold": named(taken.untold if taken is not None else ()),
    }


def _state(report: Report, taken: Adjustment | None) -> str:
    return "" if taken is None else report.context.say(taken.reason)


def _shifts(
    report: Report, above: Grid, adjustments: Sequence[Adjustment], row: int
) -> tuple[int, int]:
    """The targets that changes altered, each with what it was, what it is and what was achieved;
    gives the row of heads to repeat and the row after them.

    The heads of the changes are repeated on paper only where no targets follow: over these they
    would name other columns.
    """
    found: list[tuple[str, Shift]] = []
    for one in adjustments:
        found += [(one.change, shift) for shift in one.shifts]
    if not found:
        return above.page.top, row - 1
    grid = Grid(report, above.page, "shift", SHIFT_KEYS, FIRST, SHIFT_SPANS)
    grid.heading(row, report.words("shift_heading"))
    grid.heads(row + 1)
    for index, (code, shift) in enumerate(found, row + 2):
        grid.put(index, _shift(report, grid, index, code, shift))
        if index - row - 2 >= MOST_PRINTED:
            grid.page.fold(index)
    return row + 1, row + 2 + len(found)


def _shift(report: Report, grid: Grid, row: int, code: str, shift: Shift) -> dict[str, Entry]:
    context = report.context
    kpi = context.plan.kpi_by_code[shift.kpi]
    form, stretch = figure_format(kpi), context.stretch
    first = stretch.first if kpi.kind.adds_over_months else stretch.here
    months = slice(first, stretch.here + 1)
    year, achieved = (
        None if shift.product else report.ledger.cell(shift.kpi, shift.unit, key)
        for key in ("year_target", "ytd_actual")
    )
    difference = (
        None
        if shift.baseline_year is None or shift.year is None
        else shift.year - shift.baseline_year
    )
    known = shift.actual is not None and (achieved is not None or bool(shift.product))
    name = context.kpi_name(shift.kpi)
    if shift.product:
        name = f"{name} / {product_name(shift.product, context.lang)}"
    return {
        "change": text(code, "strong"),
        "kpi": wrapped(name),
        "unit": wrapped(context.unit_name(shift.unit)),
        "measure": centered(kpi.unit),
        "baseline": figure(shift.baseline_year, form),
        "now": figure(shift.year, form, None if year is None else year.ref, "strong"),
        "difference": figure(
            difference,
            form,
            None if difference is None else f"{grid.at('now', row)}-{grid.at('baseline', row)}",
        ),
        "month_baseline": figure(_sum(shift.baseline_months[months]), form),
        "month_now": figure(_sum(shift.months[months]), form),
        "achieved": figure(
            shift.actual if known else None,
            form,
            achieved.ref if known and achieved is not None else None,
        ),
        "rate_baseline": _rate(
            grid, row, "baseline", shift.baseline_year, shift.actual if known else None
        ),
        "rate_now": _rate(grid, row, "now", shift.year, shift.actual if known else None),
    }


def _sum(months: Months) -> Decimal | None:
    """The months' targets together; None where one is missing."""
    known = [value for value in months if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(months) else None


def _rate(grid: Grid, row: int, key: str, target: Decimal | None, actual: Decimal | None) -> Entry:
    """Achieved of the year's target; none where that says nothing: no target above zero, or no
    actual.
    """
    if target is None or target <= 0 or actual is None:
        return figure(None, PERCENT)
    return figure(actual / target, PERCENT, f"{grid.at('achieved', row)}/{grid.at(key, row)}")


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


def _actual(taken: Adjustment | None) -> Entry:
    """What stands against a value that is no target: an amount used, the day on which a task was
    finished.
    """
    value = None if taken is None else taken.actual
    if isinstance(value, Decimal):
        return figure(value, amount_format(2))
    return Entry(value, ("right",)) if isinstance(value, date) else figure(None, "")
