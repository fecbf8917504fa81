"""Changes for tests: an approved row of 变更记录 with its aim, as the loader reads it."""

from __future__ import annotations

from datetime import date

from salesplan.plan.change_subjects import read_aim
from salesplan.plan.model import Aim, Approval, Change, Month, Plan
from tests.unit.goal_plans import origin


def change(
    code: str,
    subject: str,
    field: str,
    before: str,
    after: str,
    effective: int,
    at: int = 2,
    **fields: object,
) -> Change:
    """Approved in January, from month ``effective`` on; row ``at`` of its sheet."""
    given = {
        "code": code,
        "subject": subject,
        "field": field,
        "before": before,
        "after": after,
        "effective": Month(2026, effective),
        "approver": "王总",
        "status": Approval.APPROVED,
        "approved": date(2026, 1, 5),
        "notify": ("all",),
        "origin": origin("changes", at),
        **fields,
    }
    return Change(**given)  # type: ignore[arg-type]


def with_aim(plan: Plan, one: Change) -> Change:
    """The change as the loader gives it: every test says 对象 and 字段 in words."""
    from dataclasses import replace

    aim = read_aim(plan, one)
    assert isinstance(aim, Aim), (one.code, aim)
    return replace(one, aim=aim)
