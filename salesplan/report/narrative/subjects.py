"""What an issue is about, as people know it."""

from __future__ import annotations

from salesplan.engine.work.problems import ProblemKind
from salesplan.report.figures.context import Context


def subject_of(context: Context, kind: ProblemKind, subject: str) -> str:
    """The subject's code with its name, where it is a KPI at a unit, a task or a budget line."""
    kpi, _, unit = subject.partition("/")
    if unit:
        return f"{context.kpi_name(kpi)} · {context.unit_name(unit)}"
    if kind is ProblemKind.LATE_TASK:
        content = next((task.content for task in context.plan.tasks if task.code == subject), "")
        return f"{subject} {content}".strip()
    if kind is ProblemKind.OVERSPENT:
        category = next((line.category for line in context.plan.budget if line.code == subject), "")
        return f"{subject} {category}".strip()
    return subject
