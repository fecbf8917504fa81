"""Year targets hold every approved change, also one that is in force only after the report month:
wherever a year's target stands it is that one, and a footnote names the changes.
"""

from __future__ import annotations

from decimal import Decimal

from salesplan.engine.changes.records import Adjustment, ChangeState
from salesplan.plan.model import Kpi
from salesplan.report.figures.context import Context
from salesplan.wording import listed


def in_the_plan(one: Adjustment | None) -> bool:
    """Whether what the change sets is part of the plan that is shown: it is in force, or it is
    approved for a later month and has altered year targets already.
    """
    if one is None:
        return False
    return one.state is ChangeState.IN_FORCE or (one.state.approved_in and bool(one.shifts))


def year_goal(context: Context, kpi: Kpi) -> Decimal | None:
    """The company's target of the KPI as its year holds it; None where it has none."""
    goal = kpi.target
    for one in context.results.adjustments:
        aim = one.aim
        mine = aim is not None and (aim.table, aim.key, aim.column) == (
            "kpis",
            (kpi.code,),
            "target",
        )
        if goal is not None and mine and aim is not None and one.state is ChangeState.SCHEDULED:
            goal = aim.after if isinstance(aim.after, Decimal) else goal
    return goal


def later_changes(context: Context) -> str:
    """The topmost unit's year targets that changes of later months altered; "" where none did."""
    company, said = context.company, []
    for one in context.results.adjustments:
        if one.state is not ChangeState.SCHEDULED or one.since is None or company is None:
            continue
        for shift in one.shifts:
            whole = shift.unit == company.code and not shift.product
            if whole and shift.year != shift.baseline_year:
                name = context.kpi_name(shift.kpi)
                since = str(one.day or one.since)
                said.append(context.words("later_change", kpi=name, change=one.change, since=since))
    return context.words("later_changes", changes=listed(said, context.lang)) if said else ""
