"""Runs that look back: what has no date of its own is then today's, not that day's."""

from __future__ import annotations

from datetime import date

from salesplan.plan.model import Plan


def data_day(plan: Plan, as_of: date) -> date | None:
    """The day up to which the master is filled in (the settings' cut-off, else the last actual), where it is later than ``as_of``."""
    day = plan.settings.as_of or max(
        (
            day or month.last
            for day, month in zip(plan.actuals.day, plan.actuals.month, strict=True)
        ),
        default=None,
    )
    return day if day is not None and day > as_of else None
