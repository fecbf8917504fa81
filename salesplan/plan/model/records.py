"""Records of what was changed, what went wrong and what was learned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from salesplan.plan.model.base import Month, Record
from salesplan.plan.model.choices import Approval, IssueStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Record):
    """A requested adjustment. ``subject`` is a code, or ``KPI/unit`` for a target; values as typed."""

    code: str
    raised: date | None = None
    trigger: str = ""
    subject: str = ""
    field: str = ""
    before: str = ""
    after: str = ""
    effective: Month | None = None
    applicant: str = ""
    approver: str = ""
    status: Approval | None = None
    approved: date | None = None
    notify: tuple[str, ...] = ()


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
    period: str
    topic: str
    went_well: str = ""
    to_improve: str = ""
    lesson: str = ""
    practice: str = ""
    tags: str = ""
