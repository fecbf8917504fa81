"""What people wrote about a problem, wherever it was stated before.

A KPI's problem is known by the topmost unit that has it. Text in an open row at another unit of the
same KPI, from when the problem was stated there or written by that unit's leader, belongs to it as
well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from salesplan.dataclass import dataclass, replace
from salesplan.plan.model import IssueKey, IssueOf, IssueRow, IssueStatus, Plan


class Stated(Protocol):
    """A problem: its key, and the codes of the rows besides its own that belong to it."""

    @property
    def key(self) -> str:
        """What the problem's row is known by."""

    @property
    def older(self) -> tuple[str, ...]:
        """Keys that it had in earlier versions."""


@dataclass(frozen=True, slots=True)
class Topmost:
    """Where a KPI's problem is stated: its ``key`` with the unit, the ``behind`` units that are
    part of it, and the ``lowest`` of them that explain it.
    """

    key: IssueKey
    behind: Collection[str]
    lowest: Sequence[str]


def rows_of(plan: Plan, one: Topmost, stated: Collection[str]) -> tuple[IssueRow, ...]:
    """The open rows with text that belong to a problem besides its own, nearest first: at the
    lowest units that explain it, then by steps up or down from its unit, then in sheet order.

    A row whose own key is ``stated`` as a problem belongs to that one. A row of a deviation (GAP)
    counts only where its unit is behind now: else it explains what that unit is ahead by.
    """
    steps = dict(_steps(plan, one.key.unit))
    found: list[tuple[bool, int, int, IssueRow]] = []
    for row in plan.issues:
        prefix, kpi, unit, _ = row.key
        fits = prefix == one.key.prefix or (prefix == IssueOf.AHEAD and unit in one.behind)
        if row.code in stated or kpi != one.key.kpi or unit not in steps or not fits:
            continue
        if (row.cause.strip() or row.remedy.strip()) and row.status is not IssueStatus.CLOSED:
            found.append((unit not in one.lowest, steps[unit], len(found), row))
    return tuple(row for *_, row in sorted(found, key=lambda entry: entry[:3]))


def keys_of(plan: Plan, stated: Iterable[Stated]) -> Mapping[str, str]:
    """By an issue's code the key under which its row is kept from now on: of each problem without a
    row of its own the nearest one that belongs to it moves along.
    """
    rows = {row.code for row in plan.issues}
    found: dict[str, str] = {}
    for problem in stated:
        nearest = next((code for code in problem.older if code not in found), None)
        if problem.key not in rows and nearest is not None:
            found[nearest] = problem.key
    return found


def written_of(plan: Plan, problem: Stated) -> IssueRow | None:
    """What is written about a problem: in its own row, else in the nearest that belongs to it;
    None where there is no such row.
    """
    rows = {row.code: row for row in plan.issues}
    own = rows.get(problem.key)
    older = next((rows[code] for code in problem.older if code in rows), None)
    if own is None or older is None or own.cause.strip() or own.remedy.strip():
        return older if own is None else own
    return replace(
        older,
        code=own.code,
        origin=own.origin,
        owner=own.owner or older.owner,
        due=own.due or older.due,
        status=own.status or older.status,
        remark=own.remark or older.remark,
    )


def _steps(plan: Plan, unit: str) -> Iterator[tuple[str, int]]:
    """The unit, all below it and all above it, with how far each is away."""
    for depth, below in plan.walk(unit):
        yield below.code, depth
    above, far = plan.unit_by_code.get(unit), 0
    while above is not None and above.parent and far < len(plan.units):
        far += 1
        yield above.parent, far
        above = plan.unit_by_code.get(above.parent)
