"""Filled targets of months that are over and not closed: what a recalculation would alter in them
is said and asked about before it is written (SPEC 9).

A closed month is read and cannot change. An open one follows the sheets; what was issued in it may
be in people's hands already, so it changes only with somebody's word. Filling blank cells alters
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from salesplan.app.keeping import Run
    from salesplan.fill import ChangeSet, Edit
    from salesplan.plan.model import Month

CODE = "past-altered"
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
    spoken = {(one.sheet, one.cell) for one in first.filled.owners.typed}
    told = past_altered(run, (e for e in changed.edits.cells if (e.sheet, e.cell) not in spoken))
    if told is not None:
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
        figures="; ".join(_line(group) for group in list(groups.values())[:_SHOWN]),
        more=max(len(groups) - _SHOWN, 0),
    )


def _line(group: list[Altered]) -> str:
    """The largest of a month's and KPI's alterations, and how many more there are."""
    largest = max(group, key=lambda one: one.size)
    more = f" (+{len(group) - 1})" if len(group) > 1 else ""
    return f"{largest.month} {largest.kpi}: {largest}{more}"


def _altered(run: Run, edits: Iterable[Edit]) -> Iterator[Altered]:
    found = run.loaded.tables.get("targets")
    if found is None:
        return
    columns = {
        found.columns[key]: month
        for month in _over(run)
        if (key := f"month{month.month}") in found.columns
    }
    names = {
        number: (str(kpi or ""), str(unit or ""))
        for number, kpi, unit in zip(
            found.row_numbers, found.column("kpi"), found.column("unit"), strict=True
        )
    }
    for edit in edits:
        letters = edit.cell.rstrip("0123456789")
        row = int(edit.cell[len(letters) :])
        before = _figure(edit.old)
        if edit.sheet == found.sheet and letters in columns and before is not None and row in names:
            kpi, unit = names[row]
            yield Altered(columns[letters], kpi, unit, before, _figure(edit.new), edit)


def _over(run: Run) -> list[Month]:
    """The months that are over by what the master says, and not closed."""
    from salesplan.engine.actuals.progress import month_over
    from salesplan.engine.exact.workdays import Calendar

    plan = run.loaded.plan
    months = plan.settings.months
    calendar = Calendar.of(plan.settings.country, plan.calendar, {month.year for month in months})
    return [
        month for month in months[plan.closed_months :] if month_over(calendar, month, run.known)
    ]


def _figure(value: object) -> Decimal | None:
    """A cell's figure; None for a blank or a word."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
