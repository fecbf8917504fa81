"""The whole that parts are taken from, and what belongs to a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.linked_kpis import company
from salesplan.engine.actuals.tally import regions
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.results import Results
from salesplan.plan.model import DailyEntry, Plan, TargetRow, Task, Unit, first_by_code
from salesplan.plan.normalize import bare


@dataclass(frozen=True)
class Whole:
    """The plan and results that parts are taken from, with what every part needs looked up once."""

    plan: Plan
    results: Results

    @cached_property
    def company(self) -> Unit | None:
        """The topmost unit; None where there is none, or several."""
        return company(self.plan)

    @cached_property
    def facts(self) -> Facts:
        """The whole plan's actuals, as they were tallied where the run kept them."""
        return self.results.facts or Facts.of(self.plan, self.results.as_of)

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """Each unit's region (see :func:`salesplan.engine.actuals.tally.regions`)."""
        return regions(self.plan)

    @cached_property
    def gone(self) -> Mapping[str, str]:
        """Units that the record of closed months knows and 组织 no longer has (已撤): by code and
        by name, as names are compared, the code of the parent that each had last.
        """
        found: dict[str, str] = {}
        for row in self.plan.closed:
            figures = [one for one in row.figures if one is not None]
            if figures and row.unit not in self.plan.unit_by_code:
                found |= dict.fromkeys(map(bare, (row.unit, row.name)), figures[-1].parent)
        return found

    @cached_property
    def first_orders(self) -> Mapping[str, date | None]:
        """By customer of 客户 the day of its first order, of whatever unit."""
        from salesplan.plan.model.orders import order_kpi, orders_of

        orders = orders_of(self.plan, order_kpi(self.plan))
        return {one.code: orders.first(one.code) for one in self.plan.customers}

    @cached_property
    def actual_rows(self) -> Mapping[str, Sequence[int]]:
        """The indexes of the actual rows of each unit."""
        found: dict[str, list[int]] = {}
        for index, unit in enumerate(self.plan.actuals.unit):
            found.setdefault(unit, []).append(index)
        return found

    @cached_property
    def computed(self) -> frozenset[str]:
        """Codes of the KPIs whose rate is computed from two others."""
        made_of = self.facts.made_of
        return frozenset(kpi.code for kpi in self.plan.kpis if made_of(kpi.code) is not None)

    @cached_property
    def targets_by_unit(self) -> Mapping[str, Sequence[TargetRow]]:
        """The rows of 目标分解 of each unit."""
        found: dict[str, list[TargetRow]] = {}
        for row in self.plan.targets:
            found.setdefault(row.unit, []).append(row)
        return found

    @cached_property
    def daily_by_unit(self) -> Mapping[str, Sequence[DailyEntry]]:
        """The stand-ups of each person, by unit code."""
        found: dict[str, list[DailyEntry]] = {}
        for entry in self.plan.daily:
            found.setdefault(self.unit_of(entry.person), []).append(entry)
        return found

    @cached_property
    def tasks_by_owner(self) -> Mapping[str, Sequence[Task]]:
        """The tasks of each owner, by unit code; a code that stands twice is its first row."""
        found: dict[str, list[Task]] = {}
        for task in first_by_code(self.plan.tasks):
            found.setdefault(self.unit_of(task.owner), []).append(task)
        return found

    @cached_property
    def tasks_by_strategy(self) -> Mapping[str, frozenset[str]]:
        """The codes of each strategy's tasks."""
        found: dict[str, set[str]] = {}
        for task in self.plan.tasks:
            if task.strategy:
                found.setdefault(task.strategy, set()).add(task.code)
        return {strategy: frozenset(codes) for strategy, codes in found.items()}

    @cached_property
    def task_codes(self) -> frozenset[str]:
        """All codes of tasks."""
        return frozenset(task.code for task in self.plan.tasks)

    @cached_property
    def line_codes(self) -> frozenset[str]:
        """All codes of budget lines."""
        return frozenset(line.code for line in self.plan.budget)

    @cached_property
    def work_calendar(self) -> Calendar:
        """The working days of the plan's years."""
        settings = self.plan.settings
        return Calendar.of(
            settings.country, self.plan.calendar, {month.year for month in settings.months}
        )

    def unit_of(self, name: str) -> str:
        """The code of the unit meant by a code or a name; "" where it is none, or could be
        several.
        """
        unit = self.plan.people.one(name)
        return "" if unit is None else unit.code


@dataclass(frozen=True, slots=True)
class Subtree:
    """What belongs to a unit: codes of the units from it down, of their tasks, of the budget lines
    for these, of strategies that are nobody else's.
    """

    root: Unit
    units: frozenset[str]
    order: tuple[str, ...]
    tasks: frozenset[str]
    lines: frozenset[str]
    strategies: frozenset[str]
