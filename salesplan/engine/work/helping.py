"""Requests for help: what each helper is asked, whether in time, and what became of it.

A request is a task and one of those whom its 协作部门 names. Help is needed on the task's first
day, as :func:`salesplan.engine.work.actions.notice_check` has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import Enum

from salesplan.dataclass import dataclass, replace
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.work.actions import STOPPED, notice_check, usual_notice
from salesplan.engine.work.task_summary import DONE, TaskResult
from salesplan.findings import Finding
from salesplan.plan.model import HelpAnswer, HelpReply, Plan, Task, TaskStatus, first_by_code
from salesplan.plan.model.helping import Helping, Partner


class RequestState(Enum):
    """What became of a request."""

    TO_ASK = "to_ask"
    """提报日 is blank, or after the cut-off."""
    ASKED = "asked"
    """Handed in, not answered."""
    YES = "yes"
    CONDITIONS = "conditions"
    NO = "no"


_ANSWERED: Mapping[HelpAnswer, RequestState] = {
    HelpAnswer.YES: RequestState.YES,
    HelpAnswer.CONDITIONS: RequestState.CONDITIONS,
    HelpAnswer.NO: RequestState.NO,
}


@dataclass(frozen=True, slots=True)
class Request:
    """One task's request to one helper.

    ``helper`` is the key and ``name`` what people call the helper, ``owner`` who asks: a unit's
    name, else as typed. ``latest`` is the last day to ask, with ``required`` working days of
    notice. ``is_open``: the task is neither done, nor paused or cancelled. ``late`` is how many
    working days after the need the promise is, 0 for none.
    """

    task: str
    helper: str
    name: str
    owner: str
    needed: date | None
    requested: date | None
    required: int | None
    latest: date | None
    notice: Finding | None
    reply: HelpReply | None
    state: RequestState
    is_open: bool
    late: int = 0
    unanswered: bool = False
    """Whether it should have been answered by now (协作答复天数)."""
    answer_by: date | None = None
    """The day by which an answer is wanted."""

    @property
    def promised(self) -> date | None:
        """The day that the helper named."""
        return None if self.reply is None else self.reply.promised

    @property
    def is_answered(self) -> bool:
        """Whether the helper has answered."""
        return self.state not in (RequestState.TO_ASK, RequestState.ASKED)

    @property
    def is_late(self) -> bool:
        """Whether it was handed in too late, or not at all by the last day."""
        return self.notice is not None and self.notice.code in LATE

    @property
    def is_settled(self) -> bool:
        """Whether neither side has anything to do about it."""
        return not self.is_open or not (
            self.is_late or self.late or self.unanswered or self.state is RequestState.NO
        )


def requests(
    plan: Plan, tasks: Mapping[str, TaskResult], calendar: Calendar, as_of: date
) -> tuple[Request, ...]:
    """Every request of the action plan, in the order of tasks and names; none of cancelled tasks,
    or of those without a result.
    """
    helping = Helping(plan)
    found: list[Request] = []
    for task in first_by_code(plan.tasks):
        result = tasks.get(task.code)
        if result is None or result.status is TaskStatus.CANCELLED:
            continue
        for partner in helping.of(task):
            reply = helping.reply(task.code, partner)
            found.append(_request(plan, task, result, partner, reply, calendar, as_of))
    return tuple(found)


def _request(
    plan: Plan,
    task: Task,
    result: TaskResult,
    partner: Partner,
    reply: HelpReply | None,
    calendar: Calendar,
    as_of: date,
) -> Request:
    owner = plan.people.one(task.owner)
    who = task.owner if owner is None else owner.name or owner.code
    needed = None if task.broken & {"start", "due"} else task.start or task.due
    required = partner.notice_days
    if required is None:
        required = usual_notice(task, plan.settings)
    asked = task.requested if task.requested is None or task.requested <= as_of else None
    answer = None if reply is None else reply.answer
    state = RequestState.TO_ASK if asked is None else RequestState.ASKED
    state = state if answer is None else _ANSWERED[answer]
    is_open = result.status not in (*DONE, *STOPPED)
    promised = None if reply is None or answer is HelpAnswer.NO else reply.promised
    answer_by = None if needed is None else calendar.add(needed, -plan.settings.reply_days)
    late = 0
    if promised is not None and needed is not None and promised > needed:
        late = max(1, calendar.count(needed + timedelta(days=1), promised))
    return Request(
        task=task.code,
        helper=partner.key,
        name=partner.name,
        owner=who,
        needed=needed,
        requested=asked,
        required=required,
        latest=None if needed is None or required is None else calendar.add(needed, -required),
        notice=_notice(task, partner, who, required, calendar, as_of),
        reply=reply,
        state=state,
        is_open=is_open,
        late=late,
        unanswered=state is RequestState.ASKED
        and is_open
        and answer_by is not None
        and as_of >= answer_by,
        answer_by=answer_by,
    )


def _notice(
    task: Task, partner: Partner, owner: str, required: int | None, calendar: Calendar, as_of: date
) -> Finding | None:
    """提报检查 of one request, both sides named where it is late."""
    if required is None:
        return None
    found = notice_check(task, required, calendar, as_of)
    if found is not None and found.code == "notice-late":
        short = found.params["short"]
        return Finding.of(
            "help-late", owner=owner, helper=partner.name, required=required, short=short
        )
    if found is not None and found.code == "notice-missing":
        latest = found.params["latest"]
        return Finding.of(
            "help-not-asked", owner=owner, helper=partner.name, required=required, latest=latest
        )
    return found


LATE = ("help-not-asked", "help-late")
"""What 提报检查 says of a request that came late, or not at all."""

_WORST = (*LATE, "notice-undated", "notice-pending", "notice-ok")


def with_notices(
    tasks: Mapping[str, TaskResult], asked: Iterable[Request]
) -> dict[str, TaskResult]:
    """The tasks' results with 提报检查 of the helpers that are asked: of several the worst."""
    notices: dict[str, list[Finding]] = {}
    for one in asked:
        if one.notice is not None:
            notices.setdefault(one.task, []).append(one.notice)
    worst = {code: min(found, key=_badness) for code, found in notices.items()}
    return {
        code: replace(result, notice=worst[code]) if code in worst else result
        for code, result in tasks.items()
    }


def _badness(notice: Finding) -> tuple[int, int]:
    return _WORST.index(notice.code), -int(str(notice.params.get("short", 0)))


def findings(plan: Plan, asked: Iterable[Request]) -> Iterator[Finding]:
    """What :func:`unsettled` says, at the task's cells."""
    for one in asked:
        task = plan.task_by_code[one.task]
        if task.state in STOPPED:
            continue
        for point in unsettled(one):
            key = "requested" if point.code in LATE else "partners"
            yield Finding(point.code, task.origin.place(key), point.params)


def unsettled(one: Request) -> Iterator[Finding]:
    """What asker and helper must settle: asked late or not at all, refused, promised for later than
    it is needed, not answered. Of a task that is over only that it was asked for late.
    """
    if one.notice is not None and one.is_late:
        yield one.notice
    if not one.is_open:
        return
    if one.state is RequestState.NO:
        yield Finding.of(
            "help-refused", task=one.task, owner=one.owner, helper=one.name, needed=one.needed
        )
    elif one.late:
        yield Finding.of(
            "help-promised-late",
            task=one.task,
            owner=one.owner,
            helper=one.name,
            needed=one.needed,
            promised=one.promised,
            days=one.late,
        )
    elif one.unanswered:
        yield Finding.of(
            "help-unanswered", task=one.task, owner=one.owner, helper=one.name, needed=one.needed
        )


def standing(one: Request) -> Finding:
    """What became of a request, in a few words that name the helper."""
    helper, promised = one.name, one.promised
    if one.state is RequestState.YES and promised is not None:
        return Finding.of("help-yes-by", helper=helper, promised=promised)
    if one.state is RequestState.CONDITIONS and promised is not None:
        return Finding.of("help-conditions-by", helper=helper, promised=promised)
    if one.state is RequestState.YES:
        return Finding.of("help-yes", helper=helper)
    if one.state is RequestState.CONDITIONS:
        return Finding.of("help-conditions", helper=helper)
    if one.state is RequestState.NO:
        return Finding.of("help-no", helper=helper)
    if one.state is RequestState.ASKED:
        return Finding.of("help-asked", helper=helper)
    return Finding.of("help-to-ask", helper=helper)
