"""What 关账记录 keeps (SPEC 9): when months were closed, what was issued and achieved in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal
from enum import Enum
from hashlib import blake2b

from salesplan.dataclass import dataclass
from salesplan.plan.model.base import Month, Record


class CloseAction(Enum):
    """动作 of a row of the log: a month was closed, or opened again."""

    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseEntry(Record):
    """A line of the log: a month closed or reopened; None where the cell cannot be read.

    ``changes`` are the changes of 变更记录 that its figures hold; ``errors`` how many errors there
    were when it was closed all the same; ``check`` is the digest of its figures.
    """

    number: int = 0
    month: Month | None = None
    day: date | None = None
    by: str = ""
    action: CloseAction | None = None
    reason: str = ""
    errors: int | None = None
    changes: tuple[str, ...] = ()
    check: str = ""


@dataclass(frozen=True, slots=True)
class ClosedFigures:
    """One KPI of one unit in a closed month: its parent's code by then, base and issued target,
    actual.
    """

    parent: str = ""
    base: Decimal | None = None
    issued: Decimal | None = None
    actual: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRow(Record):
    """The recorded months of one KPI × unit, in fiscal order; None: nothing recorded."""

    kpi: str = ""
    unit: str = ""
    name: str = ""
    """What the unit was called."""
    figures: tuple[ClosedFigures | None, ...] = (None,) * 12


def closed_count(months: Sequence[Month], log: Iterable[CloseEntry]) -> int:
    """How many months of the plan year, from its first on, are closed. A month outside it counts
    for nothing.
    """
    count = 0
    for entry in log:
        if entry.month not in months or entry.action is None:
            continue
        at = months.index(entry.month)
        count = max(count, at + 1) if entry.action is CloseAction.CLOSE else min(count, at)
    return count


def standing_entries(
    months: Sequence[Month], log: Sequence[CloseEntry]
) -> Mapping[int, CloseEntry]:
    """By the place of each closed month the entry that closed it last."""
    count = closed_count(months, log)
    found: dict[int, CloseEntry] = {}
    for entry in log:
        if entry.action is CloseAction.CLOSE and entry.month in months[:count]:
            found[months.index(entry.month)] = entry
    return found


def digest(rows: Iterable[ClosedRow], at: int, changes: Sequence[str]) -> str:
    """What 校验 holds of the month at place ``at``: it changes with any of its figures."""
    lines = sorted(line for row in rows for line in _line(row, at))
    text = "\n".join([",".join(changes), *lines])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _line(row: ClosedRow, at: int) -> Iterator[str]:
    one = row.figures[at]
    if one is not None:
        figures = (one.base, one.issued, one.actual)
        shown = ["" if value is None else _as_stored(value) for value in figures]
        yield "\x1f".join([row.kpi, row.unit, one.parent, *shown])


def _as_stored(value: Decimal) -> str:
    """The value at the 15 digits that a cell keeps, one text for one number."""
    kept = Context(prec=15).plus(value)
    return format(kept.normalize(), "f") if kept else "0"
