"""What a meeting should hear of a unit or a person besides their rows: one list of who has
something to say, each a function of the plan and its results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain

from salesplan.dataclass import dataclass
from salesplan.engine.results import Results
from salesplan.engine.work.task_summary import DONE
from salesplan.findings import Finding
from salesplan.plan.model import Plan, TaskStatus, first_by_code

STOPPED = (*DONE, TaskStatus.PAUSED, TaskStatus.CANCELLED)
"""Tasks that nobody has to speak of any more."""

LATE = ("notice-late", "notice-missing")


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be said of a unit by its code, ``about`` a task, a customer or a KPI as people
    call it ("": the finding says itself what it is about). The finding finds its words where it is
    shown; its place is not.
    """

    unit: str
    finding: Finding
    about: str = ""


Source = Callable[[Plan, Results, date], Iterator[Note]]


def late_requests(plan: Plan, results: Results, day: date) -> Iterator[Note]:
    """Help that was asked for later than it should have been, of tasks still open."""
    for task in first_by_code(plan.tasks):
        result = results.tasks.get(task.code)
        ahead = task.due is not None and task.due >= day
        if result is None or result.status in STOPPED or not ahead:
            continue
        about, owner = f"{task.code} {task.content}".strip(), plan.people.code(task.owner)
        asked = [one for one in results.requests if one.task == task.code]
        for one in asked:
            if one.is_open and one.is_late and one.notice is not None:
                yield Note(owner, one.notice, about)
        if not asked and result.notice is not None and result.notice.code in LATE:
            yield Note(owner, result.notice, about)


def fired(plan: Plan, results: Results, day: date) -> Iterator[Note]:
    """What rules of 预警 fire for, at whose it is; what is nobody's at the topmost unit."""
    top = plan.roots[0].code if plan.roots else ""
    for result in results.triggers.values():
        for one in result.firings:
            yield Note(one.unit or top, one.said)


SOURCES: tuple[Source, ...] = (late_requests, fired)
"""Who has something to say, in the order in which it is said."""


def notes(plan: Plan, results: Results, day: date) -> tuple[Note, ...]:
    """All that is to be said on ``day``, of each unit."""
    return tuple(chain.from_iterable(source(plan, results, day) for source in SOURCES))
