"""Changes taken into the plan one after another, in one pass; each that cannot be carried out is
refused.

Locks hold from the start. Where a lock and a change cannot both be had, the change is refused at
its cell: the lock is what a planner put there by hand, and what lifts it is one click.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from salesplan.dataclass import dataclass, field
from salesplan.engine.changes.refusals import lock_in_the_way, refusal, stands
from salesplan.engine.changes.timeline import Step, Timeline, Turn
from salesplan.findings import Finding


@dataclass(slots=True)
class Taken:
    """The timeline at the year's end, the steps taken, and those refused by their change's code."""

    line: Timeline
    steps: list[Step] = field(default_factory=list)
    refused: dict[str, Finding] = field(default_factory=dict)


def turn_of(step: Step) -> Turn:
    """When the step is taken: of one month those of a day after those of the whole; of one time
    divisions first, then transfers, then hand-overs.
    """
    kind = 1 if step.moves else 0
    return step.start, step.day or date.min, 2 if step.aim.table == "handover" else kind


def taken(line: Timeline, steps: Sequence[Step], used: Mapping[str, Decimal]) -> Taken:
    """``line`` with every step that can be taken. ``steps``: in order of their turns."""
    found = Taken(line)
    for _, group in groupby(steps, key=turn_of):
        turn = list(group)
        found.line.cut_at(turn[0])
        _take(found, turn, used)
    found.line.regroup()
    return found


def _take(found: Taken, group: Sequence[Step], used: Mapping[str, Decimal]) -> None:
    """One turn's steps together; one by one where together a lock is in their way."""
    before = found.line.copy()
    allowed, refused = _amended(found.line, group, used)
    reasons = _close(found.line, before, allowed)
    if reasons and len(group) > 1:
        found.line = before
        for step in group:
            _take(found, [step], used)
        return
    if reasons:
        found.line, step = before, allowed[0]
        refused[step.change.code] = lock_in_the_way(step, reasons[0])
        allowed = []
    found.steps += allowed
    found.refused |= refused


def _amended(
    line: Timeline, group: Sequence[Step], used: Mapping[str, Decimal]
) -> tuple[list[Step], dict[str, Finding]]:
    allowed: list[Step] = []
    refused: dict[str, Finding] = {}
    changed: dict[tuple[object, ...], object] = {}
    for step in group:
        cell = (step.aim.table, step.aim.key, step.aim.column)
        against = refusal(
            line, step, changed[cell] if cell in changed else stands(line, step.aim), used
        )
        if against is not None:
            refused[step.change.code] = against
            continue
        line.amend(step)
        changed[cell] = step.aim.after
        allowed.append(step)
    return allowed, refused


def _close(line: Timeline, before: Timeline, allowed: Sequence[Step]) -> list[Finding]:
    """Bring the steps into the targets; what that makes impossible for locks."""
    of_targets = [step for step in allowed if step.kpi is not None]
    told = {_key(one) for one in before.findings}
    line.close(of_targets, {kpi: before.shown(kpi) for kpi in before.spreads})
    return [one for one in line.findings if one.code in _BROKEN_LOCKS and _key(one) not in told]


_BROKEN_LOCKS = frozenset(
    {
        "target-locked-above-parent",
        "target-no-one-left",
        "target-locked-above-month",
        "target-no-one-left-month",
        "target-months-unfit",
    }
)
"""What says that a locked value and what is above it cannot both be had."""


def _key(one: Finding) -> object:
    return one.code, one.place
