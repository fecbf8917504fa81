"""What an issue is about, as people know it."""

from __future__ import annotations

from salesplan.plan.model import IssueKey, IssueOf
from salesplan.report.figures.context import Context


def subject_of(context: Context, key: IssueKey) -> str:
    """The subject's code with its name, where it is a KPI at a unit, a task or a budget line."""
    plan = context.plan
    if key.unit:
        return f"{context.kpi_name(key.kpi)} · {context.unit_name(key.unit)}"
    if key.prefix == IssueOf.TASK:
        content = next((task.content for task in plan.tasks if task.code == key.code), "")
        return f"{key.code} {content}".strip()
    if key.prefix == IssueOf.BUDGET:
        category = next((line.category for line in plan.budget if line.code == key.code), "")
        return f"{key.code} {category}".strip()
    return key.subject
