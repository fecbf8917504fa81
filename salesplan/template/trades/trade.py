"""The record of a trade, and its rows in the tables of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.plan.model import Month
from salesplan.template.menu import MenuKpi
from salesplan.template.story.values import Row, Tables, workday_near
from salesplan.wording import Both


@dataclass(frozen=True, slots=True)
class Approach:
    """A strategy of the trade: what it is about, and the KPI that measures it."""

    code: str
    dimension: Both[str]
    content: Both[str]
    kpi: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A task that plans of the trade have: it begins and is due on days of calendar months.

    What would begin before the plan year begins with it. ``amount`` is how many of ``unit`` are delivered; 0 where that cannot be counted.
    """

    code: str
    approach: str
    content: Both[str]
    begins: tuple[int, int]
    due: tuple[int, int]
    deliverable: Both[str]
    kpi: str = ""
    amount: int = 0
    unit: Both[str] | None = None
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade: what it measures, how its year runs, what it does and what it spends on.

    ``seasons`` are the twelve months' weights from January on, in thousandths of the year, by the
    KPI's code; ``categories`` and ``regions`` the shares of the budget, in percent.
    """

    key: str
    name: Both[str]
    kpis: tuple[MenuKpi, ...]
    seasons: Mapping[str, tuple[int, ...]]
    approaches: tuple[Approach, ...]
    duties: tuple[Duty, ...]
    categories: tuple[tuple[Both[str], int], ...]
    regions: tuple[tuple[Both[str], int], ...]

    def tables(self, months: Sequence[Month], chosen: Sequence[MenuKpi]) -> Tables:
        """The trade's rows for a plan year; what serves a KPI that is not ``chosen`` names none."""
        codes = {one.code for one in chosen}
        return {
            "seasonality": list(self._seasons(months, codes)),
            "strategies": [self._strategy(one, codes) for one in self.approaches],
            "tasks": [_task(one, months, codes) for one in self.duties],
            "category_shares": [_share(*one) for one in self.categories],
            "region_shares": [_share(*one) for one in self.regions],
        }

    def _seasons(self, months: Sequence[Month], codes: set[str]) -> Iterator[Row]:
        for code, weights in self.seasons.items():
            for month in months if code in codes else ():
                weight = Decimal(weights[month.month - 1]) / 1000
                yield {"kpi": code, "month": month.month, "manual_weight": weight}

    def _strategy(self, one: Approach, codes: set[str]) -> Row:
        return {
            "code": one.code,
            "dimension": one.dimension,
            "content": one.content,
            "kpi": one.kpi if one.kpi in codes else None,
        }


def _task(one: Duty, months: Sequence[Month], codes: set[str]) -> Row:
    begins, due = (_day(months, *day) for day in (one.begins, one.due))
    return {
        "code": one.code,
        "strategy": one.approach,
        "content": one.content,
        "priority": one.priority,
        "start": begins if begins <= due else months[0].first,
        "due": due,
        "deliverable": one.deliverable,
        "deliverable_target": one.amount or None,
        "deliverable_unit": one.unit,
        "kpi": one.kpi if one.kpi in codes else None,
    }


def _day(months: Sequence[Month], month: int, day: int) -> date:
    """The day of that calendar month within the plan year, or the Friday before a weekend."""
    year = next(one.year for one in months if one.month == month)
    return workday_near(date(year, month, day))


def _share(name: Both[str], percent: int) -> Row:
    return {"name": name, "share": Decimal(percent) / 100}
