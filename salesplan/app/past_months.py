"""What a filling moves on the sheet 目标分解: in the year's targets, which is told, and in months
that are over and not closed, which is said and asked about before it is written.

A closed month is read and cannot change. An open one follows the sheets; what was issued in it may
be in people's hands already, so it changes only with somebody's word. Filling blank cells alters
nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError, Severity

if TYPE_CHECKING:
    from salesplan.app.common import Run
    from salesplan.fill import ChangeSet, Edit, Edits
    from salesplan.plan.model import Kpi, Month, Unit

CODE = "past-altered"
WITH_ERRORS = "past-altered-errors"
"""The same where the master has errors: they are mended first, and nothing is asked."""
_SHOWN = 6
"""Months × KPIs that are listed one by one."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A filled target of a month that is over, and what it would become (None: blank)."""

    month: Month
    kpi: str
    unit: str
    before: Decimal
    after: Decimal | None
    edit: Edit

    @property
    def size(self) -> Decimal:
        """How far the figure moves; a blank one counts as 0."""
        return abs((self.after or 0) - self.before)

    def __str__(self) -> str:
        after = "—" if self.after is None else f"{self.after:,}"
        return f"{self.unit} {self.before:,} → {after}"


def guard(first: Run, run: Run, changed: ChangeSet) -> None:
    """Raises SalesplanError (exit 1) where filled targets of months that are over would be altered.
    Cells that were typed in when they were ``first`` read are none: it was said whose they are.
    """
    from salesplan.messages import severity

    spoken = {(one.sheet, one.cell) for one in first.filled.owners.typed}
    told = past_altered(run, (e for e in changed.edits.cells if (e.sheet, e.cell) not in spoken))
    if told is None:
        return
    errors = [one for one in changed.findings if severity(one) is Severity.ERROR]
    if errors:
        places = list(dict.fromkeys(str(one.place) for one in errors))[:_SHOWN]
        told = Finding.of(WITH_ERRORS, told.place, **told.params, places=places)
    raise SalesplanError(told, 1)


def past_altered(run: Run, edits: Iterable[Edit]) -> Finding | None:
    """What the edits alter in months that are over, at the first of their cells; None: nothing."""
    found = sorted(_altered(run, edits), key=lambda one: one.month)
    if not found:
        return None
    groups: dict[tuple[Month, str], list[Altered]] = {}
    for one in found:
        groups.setdefault((one.month, one.kpi), []).append(one)
    first = found[0].edit
    return Finding.of(
        CODE,
        Place(run.loaded.path.name, first.sheet, first.cell),
        count=len(found),
        months=list(dict.fromkeys(str(one.month) for one in found)),
        last=found[-1].month,
        figures="; ".join(_line(group) for group in list(groups.values())[:_SHOWN]),
        more=max(len(groups) - _SHOWN, 0),
    )


def _line(group: list[Altered]) -> str:
    """The largest of a month's and KPI's alterations, and how many more there are."""
    largest = max(group, key=lambda one: one.size)
    more = f" (+{len(group) - 1})" if len(group) > 1 else ""
    return f"{largest.month} {largest.kpi}: {largest}{more}"


def _altered(run: Run, edits: Iterable[Edit]) -> Iterator[Altered]:
    over = {f"month{month.month}": month for month in _over(run)}
    for one in moved_targets(run, edits, over):
        if one.before is not None:
            after = one.after
            yield Altered(over[one.key], one.kpi, one.unit, one.before, after, one.edit)


def _over(run: Run) -> list[Month]:
    """The months that are over by what the master says, and neither closed nor opened again: who
    reopens a month has given a reason.
    """
    from salesplan.engine.actuals.progress import month_over
    from salesplan.engine.exact.workdays import Calendar
    from salesplan.plan.model import reopened

    plan = run.loaded.plan
    months = plan.settings.months
    calendar = Calendar.of(plan.settings.country, plan.calendar, {month.year for month in months})
    again = reopened(months, plan.closes)
    return [
        month
        for month in months[plan.closed_months :]
        if month not in again and month_over(calendar, month, run.known)
    ]


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure of 目标分解: the column's key, the row's KPI, unit and product as the sheet names
    them, and what stands there before and after (None: blank).
    """

    key: str
    kpi: str
    unit: str
    product: str
    before: Decimal | None
    after: Decimal | None
    edit: Edit


def moved_targets(run: Run, edits: Iterable[Edit], keys: Container[str]) -> Iterator[Moved]:
    """The figures in columns of these keys that the edits change, in their order."""
    found = run.loaded.tables.get("targets")
    if found is None:
        return
    columns = {letters: key for key, letters in found.columns.items() if key in keys}
    rows = {row: at for at, row in enumerate(found.row_numbers)}
    named = [found.column(key) for key in ("kpi", "unit", "product")]
    for edit in edits:
        if edit.sheet != found.sheet:
            continue
        letters = edit.cell.rstrip("0123456789")
        at = rows.get(int(edit.cell[len(letters) :]))
        if letters in columns and at is not None:
            kpi, unit, product = (str(names[at] or "") for names in named)
            before, after = _figure(edit.old), _figure(edit.new)
            yield Moved(columns[letters], kpi, unit, product, before, after, edit)


@dataclass(frozen=True, slots=True)
class Goal:
    """A unit's year target of a KPI that a filling moves."""

    kpi: Kpi
    unit: Unit
    before: Decimal
    after: Decimal | None

    def shown(self, figure: Decimal | None) -> object:
        """One of its figures as it is read."""
        from salesplan.plan.checks.common import percent

        if figure is None:
            return "—"
        return percent(figure) if self.kpi.in_percent else figure


@dataclass(frozen=True, slots=True)
class Goals:
    """What a filling does to the year's targets: ``company``, the company's own that move, the
    topmost KPI first; ``below``, how many of other units move, and ``largest``, the one of them
    that moves by the largest part of itself; ``new``, how many stand there for the first time.
    """

    company: tuple[Goal, ...] = ()
    below: int = 0
    largest: Goal | None = None
    new: int = 0


def goals(run: Run, edits: Edits) -> Goals:
    """What the edits do to the year's targets."""
    plan = run.loaded.plan
    tops = {unit.code for unit in plan.units if not unit.parent}
    above: list[Goal] = []
    below: list[Goal] = []
    new = _added(run, edits)
    for one in moved_targets(run, edits.cells, {"year"}):
        if one.before is None:
            new += one.after is not None
            continue
        kpis, units = plan.kpi_index.meant(one.kpi), plan.people.meant(one.unit)
        if one.product or len(kpis) != 1 or len(units) != 1:
            continue
        goal = Goal(kpis[0], units[0], one.before, one.after)
        (above if goal.unit.code in tops else below).append(goal)
    largest = max(below, key=_part, default=None)
    return Goals(tuple(above), len(below), largest, new)


def _added(run: Run, edits: Edits) -> int:
    """How many rows that are added have a year's target."""
    found = run.loaded.tables.get("targets")
    count = 0
    for part in edits.added:
        keys = [column.key for column in part.columns]
        if found is not None and part.sheet == found.sheet and "year" in keys:
            at = keys.index("year")
            count += sum(row[at] is not None for row in part.rows)
    return count


def _part(goal: Goal) -> Decimal:
    """By which part of itself a target moves; one that was 0 moves by the whole of itself."""
    return abs((goal.after or Decimal(0)) - goal.before) / (abs(goal.before) or Decimal(1))


def _figure(value: object) -> Decimal | None:
    """A cell's figure; None for a blank or a word."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    whole = isinstance(value, float) and value.is_integer()
    return Decimal(repr(value)) if isinstance(value, float) and not whole else Decimal(value)
