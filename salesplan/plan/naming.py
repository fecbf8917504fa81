"""Whom and what a name means, and the known name that looks most like an unknown one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from salesplan.plan.model import Plan, Unit


def near(code: str, known: Iterable[str]) -> str:
    """The known code that looks most like ``code``; a dash if none does."""
    return next(iter(get_close_matches(code, list(known), n=1)), "—")


def units_called(plan: Plan, name: str) -> tuple[Unit, ...]:
    """The unit of that code, else every unit of that name."""
    by_code = plan.unit_by_code.get(name)
    return (by_code,) if by_code else tuple(unit for unit in plan.units if unit.name == name)
