"""The rules that a plan must keep, as a visible list of pure functions.

Each takes the whole plan and says every breach at its cell. None of them computes: what only a
run of the engine can tell (a lock above its parent, a budget over its cap) the engine says.
A docstring holds an example of what its check finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from salesplan.dataclass import replace
from salesplan.findings import Finding
from salesplan.plan.checks import (
    actions,
    actuals,
    budget,
    changes,
    codes,
    deals,
    kpis,
    organization,
    references,
    targets,
)
from salesplan.plan.checks.common import Check, DatedCheck
from salesplan.plan.model import Plan

__all__ = ["CHECKS", "DATED_CHECKS", "Check", "DatedCheck", "run_checks"]


def check_abilities(plan: Plan) -> Iterable[Finding]:
    """What :mod:`salesplan.plan.checks.abilities` finds; a plan without skills pays nothing."""
    wanted = plan.skills or plan.settings.key_account_skill
    if not (wanted or any(task.skills for task in plan.tasks)):
        return ()
    from salesplan.plan.checks.abilities import found

    return found(plan)


CHECKS: tuple[Check, ...] = (
    *codes.CHECKS,
    *organization.CHECKS,
    *kpis.CHECKS,
    *targets.CHECKS,
    *references.CHECKS,
    *actions.CHECKS,
    check_abilities,
    *budget.CHECKS,
    *actuals.CHECKS,
    *deals.CHECKS,
    *changes.CHECKS,
)


def _of_helpers(plan: Plan) -> tuple[Check, ...]:
    """Those of who helps; a workbook without 协作方 pays nothing for them."""
    if not plan.asks_for_help:
        return ()
    from salesplan.plan.checks import helpers

    return helpers.CHECKS


DATED_CHECKS: tuple[DatedCheck, ...] = (
    *actions.DATED_CHECKS,
    *actuals.DATED_CHECKS,
    *deals.DATED_CHECKS,
)


def run_checks(plan: Plan, known: date) -> list[Finding]:
    """What all checks find, those of :data:`CHECKS` first. The plan needs no computed results.

    ``known`` is the day up to which the master says what happened
    (:class:`~salesplan.plan.model.Cutoff`).
    """
    if plan.actuals.entered is not None:
        plan = replace(plan, actuals=plan.actuals.as_entered)
    found: list[Finding] = []
    for check in (*CHECKS, *_of_helpers(plan), *_of_triggers(plan)):
        found += check(plan)
    for dated in DATED_CHECKS:
        found += dated(plan, known)
    return found


def _of_triggers(plan: Plan) -> tuple[Check, ...]:
    """Those of 预警; a plan without rules imports nothing of it."""
    if not plan.triggers:
        return ()
    from salesplan.plan.checks import triggers

    return triggers.CHECKS
