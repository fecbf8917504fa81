"""A helper's part: of each task that asks it for help what it needs to know, field by field.

A helper may be anybody, outside the firm too. It sees no target, no amount, no progress, no other
task, and nobody but those who ask. What is not named here stays behind.
"""

from __future__ import annotations

from datetime import date

from salesplan.audience.whole import Whole
from salesplan.dataclass import dataclass, fields
from salesplan.engine.work.helping import Request, RequestState
from salesplan.findings import Finding, Place
from salesplan.plan.model import HelpAnswer, Task
from salesplan.plan.model.helping import Helping, Partner


@dataclass(frozen=True, slots=True)
class Asked:
    """What a helper sees of one request. ``task`` is its number and ``content`` what is to be done,
    ``resources`` what is asked for, ``answer_by`` the day by which an answer is wanted; ``late``
    how many working days too late it was handed in, ``latest`` the last day to hand it in where it
    was not.
    """

    task: str
    content: str
    needed: date | None
    owner: str
    answer_by: date | None
    deliverable: str
    resources: str
    requested: date | None
    late: int
    latest: date | None
    answer: HelpAnswer | None
    promised: date | None
    remark: str

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything it says in words."""
        given = (getattr(self, one.name) for one in fields(self))
        return tuple(one for one in given if isinstance(one, str) and one)


@dataclass(frozen=True, slots=True)
class HelperPart:
    """All that is asked of one helper. ``person`` is whom a mail addresses."""

    key: str
    name: str
    person: str
    partner: Partner
    asked: tuple[Asked, ...]

    @property
    def is_open(self) -> bool:
        """Whether a request is not answered."""
        return any(one.answer is None for one in self.asked)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that its book may hold."""
        found = [self.key, self.name, self.person]
        for one in self.asked:
            found += one.texts
        return tuple(dict.fromkeys(filter(None, found)))


def helper_parts(whole: Whole) -> tuple[HelperPart, ...]:
    """Whoever is asked for help with a task that is not over, in the order of the tasks."""
    by_helper: dict[str, list[Asked]] = {}
    tasks = whole.plan.task_by_code
    for one in whole.results.requests:
        if one.is_open:
            by_helper.setdefault(one.helper, []).append(_asked(tasks[one.task], one))
    if not by_helper:
        return ()
    partners = {one.key: one for one in Helping(whole.plan).all}
    return tuple(
        HelperPart(key, partner.name, _person(whole, partner), partner, tuple(by_helper[key]))
        for key, partner in partners.items()
        if key in by_helper
    )


def _asked(task: Task, one: Request) -> Asked:
    reply = one.reply
    return Asked(
        task=task.code,
        content=task.content,
        needed=one.needed,
        owner=one.owner,
        answer_by=one.answer_by,
        deliverable=task.deliverable,
        resources=task.resources,
        requested=one.requested,
        late=_short(one),
        latest=one.latest if one.state is RequestState.TO_ASK else None,
        answer=None if reply is None else reply.answer,
        promised=None if reply is None else reply.promised,
        remark="" if reply is None else reply.remark,
    )


def _short(one: Request) -> int:
    """Working days that the request came too late."""
    short = None if one.notice is None else one.notice.params.get("short")
    return short if isinstance(short, int) else 0


def _person(whole: Whole, partner: Partner) -> str:
    """Whom the mail addresses: the contact of 协作方, else who is in charge of the unit."""
    if partner.row is not None and partner.row.contact:
        return partner.row.contact
    if partner.unit is None:
        return partner.name
    head = whole.plan.people.head(partner.unit)
    return (head.name if head is not None else partner.unit.manager) or partner.name


def foreign_requests(whole: Whole, part: HelperPart) -> tuple[Finding, ...]:
    """What a helper's part says that no task asks of it: told from the plan's rows, not from how
    the part was made.
    """
    strange = [one.task for one in part.asked if not _is_asked(whole, part, one.task, one.texts)]
    return tuple(
        Finding.of("leak-foreign-record", Place(), unit=part.key, table="requests")
        for _ in strange[:1]
    )


def _is_asked(whole: Whole, part: HelperPart, code: str, texts: tuple[str, ...]) -> bool:
    """Whether the task asks this helper, and every text is one of those that it may see."""
    helping, task = Helping(whole.plan), whole.plan.task_by_code.get(code)
    if task is None or part.key not in {one.key for one in helping.of(task)}:
        return False
    reply = helping.reply(code, part.partner)
    owner = whole.plan.people.one(task.owner)
    seen = {task.code, task.content, task.deliverable, task.resources, task.owner}
    seen |= set() if owner is None else {owner.name, owner.code}
    seen |= set() if reply is None else {reply.remark}
    return set(texts) <= seen
