"""The rules that a plan must keep, as a visible list of pure functions.

Each takes the whole plan and says every breach at its cell. None of them computes: what only a
run of the engine can tell (a lock above its parent, a budget over its cap) the engine says.
A docstring holds an example of what its check finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from salesplan.dataclass import replace
from salesplan.findings import Finding, Place
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
from salesplan.plan.model import (
    Competitor,
    Helper,
    Kpi,
    MarketSize,
    Month,
    Plan,
    Product,
    Prospect,
    TargetRow,
    Task,
    Trigger,
)

__all__ = ["CHECKS", "DATED_CHECKS", "Check", "DatedCheck", "run_checks", "without_refused"]

R = TypeVar("R", Kpi, Product, Prospect, MarketSize, Competitor, Trigger, Task, Helper)
_TELLING = frozenset({"count", "month", "year"})
"""Columns whose blank says something else: one prospect, the whole year."""


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


def without_refused(plan: Plan) -> tuple[Plan, list[Finding]]:
    """The plan without the figures that a check refuses, and why it refuses each.

    Each counts as a blank cell, so that nothing is worked out from it: by a list price of −1.25 no
    trigger fires, and no block shows it. A row whose refused cell says what the row is about (month
    13, −300 prospects) is left out.
    """
    found: list[Finding] = []
    for check in _of_figures(plan):
        found += check(plan)
    if not found:
        return plan, []
    refused = {one.place for one in found}
    months = plan.settings.months
    kept = replace(
        plan,
        kpis=_read(plan.kpis, refused),
        targets=tuple(_manual_read(row, refused, months) for row in plan.targets),
        products=_read(plan.products, refused),
        prospects=_read(plan.prospects, refused),
        market=_read(plan.market, refused),
        competitors=_read(plan.competitors, refused),
        triggers=_read(plan.triggers, refused),
        tasks=_read(plan.tasks, refused),
        helpers=_read(plan.helpers, refused),
    )
    return kept, found


def _of_figures(plan: Plan) -> Iterator[Check]:
    """Those of figures, of the sheets that the plan has; without them nothing is imported."""
    yield from actions.FIGURES
    yield from (*kpis.FIGURES, *targets.FIGURES)
    if plan.helpers:
        from salesplan.plan.checks import helpers

        yield from helpers.FIGURES
    if plan.products or plan.prospects:
        from salesplan.plan.checks import products

        yield from products.FIGURES
    if plan.market or plan.competitors:
        from salesplan.plan.checks import market

        yield from market.FIGURES
    if plan.triggers:
        from salesplan.plan.checks import triggers

        yield from triggers.FIGURES


def _read(rows: tuple[R, ...], refused: set[Place]) -> tuple[R, ...]:
    kept = []
    for row in rows:
        keys = _keys(row, refused)
        blank: dict[str, Any] = dict.fromkeys(keys)
        if not keys & _TELLING:
            kept.append(replace(row, **blank, broken=row.broken | keys) if keys else row)
    return tuple(kept)


def _manual_read(row: TargetRow, refused: set[Place], months: Sequence[Month]) -> TargetRow:
    keys = [key for key in row.manual(months) if row.origin.place(key) in refused]
    return row.without_manual(keys, months) if keys else row


def _keys(row: R, refused: set[Place]) -> frozenset[str]:
    """The row's columns whose cell is refused."""
    origin = row.origin
    keys = origin.stands or origin.columns
    return frozenset(key for key in keys if origin.place(key) in refused)
