"""Records of what was changed, what went wrong and what was learned."""

from __future__ import annotations

from datetime import date

from salesplan.dataclass import dataclass
from salesplan.plan.model.base import Month, Record
from salesplan.plan.model.choices import Approval, IssueStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a change changes, in the plan's own terms.

    ``table`` is the field of the plan that holds the records (tasks, units, targets …) and ``key``
    the codes of the row; ``column`` is the schema's key of the cell and ``attribute`` the record's
    field, with ``index`` its place in it for one of twelve months. ``before`` and ``after`` are
    values as the records hold them (None: blank). Of a hand-over of targets from one unit to
    another the table is ``handover``, the key KPI, giver and taker, and ``after`` the amount.
    """

    table: str
    key: tuple[str, ...]
    column: str = ""
    attribute: str = ""
    index: int | None = None
    before: object = None
    after: object = None
    percent: bool = False
    """Whether the values are written as percentages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A unit that went from one parent to another: in months before ``since`` it is below
    ``before``, and in that month up to ``day`` (None: the whole month it is below ``after``).
    """

    since: Month
    unit: str
    before: str
    after: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Record):
    """A requested adjustment. ``subject`` is a code, or ``KPI/unit`` for a target; values as typed.

    ``aim`` says the same in the plan's own terms; None where that cannot be told (a check says
    why). ``day`` is the day within its month ``effective`` from which it holds (None: the whole
    month).
    """

    code: str
    raised: date | None = None
    trigger: str = ""
    subject: str = ""
    field: str = ""
    before: str = ""
    after: str = ""
    effective: Month | None = None
    day: date | None = None
    applicant: str = ""
    approver: str = ""
    status: Approval | None = None
    approved: date | None = None
    notify: tuple[str, ...] = ()
    aim: Aim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow(Record):
    """A line of 问题与改进: the engine's key and facts as stored, and what the planner wrote."""

    code: str
    cause: str = ""
    remedy: str = ""
    owner: str = ""
    due: date | None = None
    status: IssueStatus | None = None
    remark: str = ""
    first_month: Month | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson(Record):
    """A row of 复盘知识库."""

    period: str
    topic: str
    went_well: str = ""
    to_improve: str = ""
    lesson: str = ""
    practice: str = ""
    tags: str = ""
