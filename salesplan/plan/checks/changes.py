"""Checks of 变更记录: a change that takes effect says what, from when, and who allowed it (SPEC 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from salesplan.findings import Finding
from salesplan.plan.checks.common import near
from salesplan.plan.model import Approval, Change, Plan
from salesplan.plan.parse_text import folded, half_width
from salesplan.plan.schema import SETTINGS, sheet, table

_SUBJECTS = ("tasks", "budget", "units", "kpis", "strategies")


def subject_table(plan: Plan, subject: str) -> str | None:
    """The key of the table whose row the subject names: a code, or KPI/unit for a target; None if unknown."""
    kpi, slash, unit = subject.partition("/")
    if slash:
        there = half_width(kpi) in plan.kpi_by_code and half_width(unit) in plan.unit_by_code
        return "targets" if there else None
    wanted = half_width(subject)
    found = (key for key in _SUBJECTS if any(row.code == wanted for row in getattr(plan, key)))
    return next(found, "settings" if folded(subject) in _setting_names() else None)


def check_subjects(plan: Plan) -> Iterator[Finding]:
    """对象 T99 is no task, budget line, unit or KPI; 字段 is no column of the subject's table."""
    for change in plan.changes:
        key = subject_table(plan, change.subject)
        if not change.subject:
            yield Finding.of("change-incomplete", change.origin.place("subject"), change=change.code)
        elif key is None and not any(half_width(change.subject) in codes for codes in plan.dropped.values()):
            known = [row.code for name in _SUBJECTS for row in getattr(plan, name)]
            yield Finding.of("change-subject-unknown", change.origin.place("subject"), change=change.code, subject=change.subject, near=near(change.subject, known))
        elif key is not None and key != "settings" and folded(change.field) not in _headers(key):
            yield Finding.of("change-field-unknown", change.origin.place("field"), change=change.code, field=change.field, sheet=sheet(table(key).sheet))


def check_approval(plan: Plan) -> Iterator[Finding]:
    """批准 without 审批人 or 审批日; by somebody who may not approve; a change that still waits."""
    approvers = plan.settings.approvers
    for change in plan.changes:
        place = change.origin.place
        if change.status is Approval.APPROVED:
            blank = [key for key in ("approver", "approved") if not getattr(change, key) and key not in change.broken]
            for key in blank:
                yield Finding.of("approval-incomplete", place(key))
            if change.approver and approvers and change.approver not in approvers:
                yield Finding.of("approver-not-listed", place("approver"), name=change.approver, approvers=approvers)
            if change.approved and change.raised and change.approved < change.raised:
                yield Finding.of("approved-before-raised", place("approved"), change=change.code, approved=change.approved, raised=change.raised)
            yield from _takes_effect(plan, change)
        elif change.status is not Approval.REJECTED and "status" not in change.broken:
            yield Finding.of("change-pending", place("status"), change=change.code, subject=change.subject)


def _takes_effect(plan: Plan, change: Change) -> Iterator[Finding]:
    if change.effective is None and "effective" not in change.broken:
        yield Finding.of("change-without-month", change.origin.place("effective"), change=change.code)
    if change.effective is not None and change.effective not in plan.settings.months:
        yield Finding.of("date-outside-year", change.origin.place("effective"), day=change.effective, year=str(plan.settings.year))
    if not change.after and "after" not in change.broken:
        yield Finding.of("change-incomplete", change.origin.place("after"), change=change.code)


@cache
def _headers(key: str) -> Mapping[str, str]:
    return {folded(header): column.key for column in table(key).columns for header in column.headers}


@cache
def _setting_names() -> frozenset[str]:
    return frozenset(folded(name) for one in SETTINGS for name in (one.zh, one.en, *one.aliases))


CHECKS = (check_subjects, check_approval)
