"""The plan as it was known on an earlier day, as far as the workbook remembers.

Actuals, spending, draws and reviews have their day, and a run counts them up to its cut-off. What
is left are cells that say how things stand now: changes have the day of their decision, tasks their
reviews, issues the month that they began in. What has no day at all is taken as it is today, and
said (:func:`salesplan.engine.work.actions.findings`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from salesplan.dataclass import replace
from salesplan.engine.work.actions import STOPPED, data_day
from salesplan.findings import Finding
from salesplan.plan.model import Approval, Change, Month, Plan, Task, standing_entries


def known_then(plan: Plan, day: date) -> tuple[Plan, list[Finding]]:
    """The plan as of ``day``, and a note of what is left out; the plan itself where it says nothing
    of a later day.

    * A change that was decided on after the day was not decided then, one raised after it was not
      there; but one that the record of a closed month holds is in force there all the same.
    * A task that is paused or cancelled now and has a review of its progress from after the day was
      not stopped on it.
    * An issue that began in a later month had no answer yet.
    """
    if data_day(plan, day) is None:
        return plan, []
    later = [one for one in plan.changes if _is_later(one, day)]
    kept = _recorded(plan)
    left_out = [one for one in later if one.code not in kept]
    codes = {one.code for one in left_out}
    month, going_on = Month.of(day), _reviewed_after(plan, day)
    then = replace(
        plan,
        changes=tuple(_changes(plan, codes, day)),
        tasks=tuple(_task(one, going_on) for one in plan.tasks),
        issues=tuple(
            one for one in plan.issues if one.first_month is None or one.first_month <= month
        ),
    )
    if not left_out:
        return then, []
    place = left_out[0].origin.place("approved")
    names = tuple(one.code for one in left_out)
    return then, [Finding.of("changes-later", place, day=day, count=len(names), changes=names)]


def _is_later(one: Change, day: date) -> bool:
    """Whether an approved change was decided on, or raised, after the day."""
    if one.status is not Approval.APPROVED:
        return False
    return any(at is not None and at > day for at in (one.approved, one.raised))


def _recorded(plan: Plan) -> frozenset[str]:
    """The changes that the records of closed months hold."""
    entries = standing_entries(plan.settings.months, plan.closes).values()
    return frozenset(chain.from_iterable(one.changes for one in entries))


def _changes(plan: Plan, left_out: set[str], day: date) -> Iterator[Change]:
    for one in plan.changes:
        raised_later = one.raised is not None and one.raised > day
        if one.code in left_out:
            if not raised_later:
                yield replace(one, status=Approval.PENDING, approver="", approved=None)
        elif one.status is Approval.APPROVED or not raised_later:
            rejected = one.status is Approval.REJECTED
            undecided = rejected and one.approved is not None and one.approved > day
            yield replace(one, status=Approval.PENDING, approved=None) if undecided else one


def _reviewed_after(plan: Plan, day: date) -> frozenset[str]:
    """The tasks of which a review after the day says how far they are."""
    return frozenset(one.task for one in plan.weekly if one.friday > day and one.actual is not None)


def _task(one: Task, going_on: frozenset[str]) -> Task:
    return replace(one, state=None) if one.state in STOPPED and one.code in going_on else one
