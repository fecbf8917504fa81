"""A plan at random: who there is, and targets and actuals by month, before any of it stands in a sheet."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tests.corpus.plans.words import Words

Months = tuple[str, ...]


def months_from(year: int, first: int = 1) -> Months:
    """The twelve months of a fiscal year, as 2026-01."""
    return tuple(
        f"{year + (first - 1 + n) // 12}-{(first - 1 + n) % 12 + 1:02d}" for n in range(12)
    )


def as_date(month: str) -> date:
    """Its first day."""
    return date(int(month[:4]), int(month[5:]), 1)


@dataclass(frozen=True)
class Plan:
    """Figures as typed; actuals only to the month ``reached``."""

    teams: dict[str, tuple[str, ...]]
    months: Months
    reached: int
    targets: dict[tuple[str, str], int]
    actuals: dict[tuple[str, str], int]

    @property
    def people(self) -> list[str]:
        """Everyone, team by team."""
        return [name for names in self.teams.values() for name in names]

    def target(self, names: str | Sequence[str], months: str | Sequence[str]) -> int:
        """A sum of targets."""
        return _sum(self.targets, names, months)

    def actual(self, name: str, month: str) -> int | None:
        """One actual, or none yet."""
        return self.actuals.get((name, month))


def _sum(
    figures: dict[tuple[str, str], int], names: str | Sequence[str], months: str | Sequence[str]
) -> int:
    names = (names,) if isinstance(names, str) else names
    months = (months,) if isinstance(months, str) else months
    return sum(figures.get((name, month), 0) for name in names for month in months)


def random_plan(
    words: Words, rng: random.Random, teams: int = 3, first: int = 1, year: int = 2026
) -> Plan:
    """Teams of two to five people with seasonal targets, and actuals around them."""
    names = list(words.people)
    rng.shuffle(names)
    chosen: dict[str, tuple[str, ...]] = {}
    for team in rng.sample(words.teams, teams):
        size = rng.randint(2, 5)
        chosen[team] = tuple(names[:size])
        del names[:size]
    months = months_from(year, first)
    season = [rng.uniform(0.7, 1.3) for _ in months]
    reached = rng.randint(3, 9)
    low, high = words.big
    targets: dict[tuple[str, str], int] = {}
    actuals: dict[tuple[str, str], int] = {}
    for team in chosen.values():
        for name in team:
            base = rng.randint(low, high)
            for place, month in enumerate(months):
                targets[name, month] = max(1, round(base * season[place]))
                if place < reached:
                    actuals[name, month] = max(
                        1, round(targets[name, month] * rng.uniform(0.6, 1.25))
                    )
    return Plan(chosen, months, reached, targets, actuals)


def month_heads(words: Words, months: Months, style: str) -> list[object]:
    """Heads of months: short, long, iso (2026-01), date, number (P1) or dotted (Apr-18)."""
    if style == "iso":
        return list(months)
    if style == "date":
        return [as_date(month) for month in months]
    if style == "number":
        return [f"P{place}" for place in range(1, 13)]
    if style == "dotted":
        return [f"{words.months[int(month[5:]) - 1]}-{month[2:4]}" for month in months]
    names = words.long_months if style == "long" else words.months
    return [names[int(month[5:]) - 1] for month in months]
