"""Putting a change's value into the plan's records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from salesplan.dataclass import MISSING, fields, replace
from salesplan.plan.model.base import Record
from salesplan.plan.model.goals import TargetRow
from salesplan.plan.model.plan import Plan
from salesplan.plan.model.records import Aim, Change

ROWS = frozenset({"units", "kpis", "tasks", "budget", "strategies"})


def record_of(plan: Plan, aim: Aim) -> Record | None:
    """The record that the aim changes; None where the plan has none of that code."""
    if aim.table == "settings":
        return plan.settings
    if aim.table == "products":
        mine = (row for row in plan.product_targets if (row.kpi, row.unit, row.product) == aim.key)
        return next(mine, None)
    if aim.table == "targets":
        return next((row for row in plan.targets if (row.kpi, row.unit) == aim.key), None)
    rows: Sequence[Any] = getattr(plan, aim.table) if aim.table in ROWS else ()
    return next((row for row in rows if row.code == aim.key[0]), None)


def value_of(plan: Plan, aim: Aim) -> object:
    """What the plan's cell holds now; None: blank."""
    record = record_of(plan, aim)
    if record is None:
        return None
    value = getattr(record, aim.attribute)
    value = value if aim.index is None else value[aim.index]
    return None if value in ("", ()) else value


def amended(plan: Plan, change: Change, aim: Aim, value: object) -> Plan:
    """The plan with ``value`` in that cell. A row of 目标分解 that is not there yet is added."""
    record = record_of(plan, aim)
    if aim.table == "settings":
        return replace(plan, settings=_with(plan.settings, aim, value))
    if aim.table == "targets" and record is None:
        return replace(
            plan,
            targets=(
                *plan.targets,
                _with(TargetRow(kpi=aim.key[0], unit=aim.key[1], origin=change.origin), aim, value),
            ),
        )
    if aim.table == "products":
        return replace(plan, product_targets=_product_rows(plan, change, aim, value, record))
    rows = tuple(
        _with(row, aim, value) if row is record else row for row in getattr(plan, aim.table)
    )
    changed: dict[str, Any] = {aim.table: rows}
    return replace(plan, **changed)


def _product_rows(
    plan: Plan, change: Change, aim: Aim, value: object, record: Record | None
) -> tuple[TargetRow, ...]:
    if record is not None:
        return tuple(
            _with(row, aim, value) if row is record else row for row in plan.product_targets
        )
    kpi, unit, product = aim.key
    row = TargetRow(kpi=kpi, unit=unit, product=product, origin=change.origin)
    return (*plan.product_targets, _with(row, aim, value))


def _with(record: Any, aim: Aim, value: object) -> Any:
    """A blank is what a blank cell reads as: the field's default."""
    held = getattr(record, aim.attribute)
    if aim.index is not None:
        value = (*held[: aim.index], value, *held[aim.index + 1 :])
    elif value is None:
        value = next(
            one.default if one.default is not MISSING else type(held)()
            for one in fields(record)
            if one.name == aim.attribute
        )
    return replace(record, **{aim.attribute: value})
