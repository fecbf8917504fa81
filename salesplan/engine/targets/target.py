"""A target and the season that spreads it over the months: the records that the cascade makes.

Targets are ``Decimal`` in the KPI's unit; ``None`` is no target, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from salesplan.dataclass import dataclass
from salesplan.findings import Finding
from salesplan.plan.model import KpiKind, Month

Months = tuple[Decimal | None, ...]
"""Twelve values in fiscal order."""


class SeasonSource(Enum):
    """What the weights of the months come from."""

    HISTORY = "history"
    MANUAL = "manual"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Season:
    """A KPI's month weights in fiscal order and their source.

    ``weights`` are for show; ``fractions`` are the exact ones and add up to exactly 1.
    """

    weights: tuple[Decimal, ...]
    source: SeasonSource
    years: int = 0
    fractions: tuple[Fraction, ...] = ()
    spring: bool = False
    """Whether January and February were split by the plan year's working days (春节调整)."""


@dataclass(frozen=True, slots=True)
class Split:
    """A month of a flow that a change splits on a ``day``: of its ``days`` working days ``before``
    lie before it, and ``stands`` of the base target is kept for them.
    """

    day: date
    before: int
    days: int
    stands: Decimal


@dataclass(frozen=True, slots=True)
class Revision:
    """A target's base figures after the changes that hold from ``since`` on; ``changes`` are their
    codes. ``split``: they begin on a day within that month.
    """

    since: Month
    changes: tuple[str, ...]
    base_year: Decimal | None
    base_months: Months
    split: Split | None = None

    @property
    def begins(self) -> Month | date:
        """Its month, or the day within it."""
        return self.since if self.split is None else self.split.day


@dataclass(frozen=True, slots=True)
class Target:
    """The target of one KPI for one unit. Base months add up to ``base_year``, months to ``year``.

    ``children_sum``, ``unassigned`` and ``coverage`` speak of the base layer and are None for
    units without children. ``remarks`` go to the 校验 column; ``derivation`` explains the value.
    """

    kpi: str
    unit: str
    parent_target: Decimal | None
    coefficient: Decimal | None
    base_year: Decimal | None
    base_months: Months
    year: Decimal | None
    months: Months
    children_sum: Decimal | None = None
    unassigned: Decimal | None = None
    unassigned_months: Months = (None,) * 12
    coverage: Decimal | None = None
    parent_share: Decimal | None = None
    remarks: tuple[Finding, ...] = ()
    derivation: tuple[Finding, ...] = ()
    summed: bool = False
    """Whether it is the sum of what is below it, because it has no target of its own or from above.
    """
    product: str = ""
    """The product that it is of; "" for all of them."""
    revisions: tuple[Revision, ...] = ()
    """What changes of 变更记录 made of it, in order of time; empty: it is as it was planned."""
    worked_out: Months = ()
    """The base months before the record of closed months was laid over them; empty: no month of
    the year is closed.
    """


Targets = Mapping[tuple[str, str], Target]
"""By (KPI code, unit code)."""


def quarters(months: Months, kind: KpiKind) -> Months:
    """The four fiscal quarters of twelve months: for flows the sum of the months that have a target
    (the year is no other; None: none has), else the quarter's last month.
    """
    parts = [months[first : first + 3] for first in range(0, 12, 3)]
    if not kind.adds_over_months:
        return tuple(part[-1] for part in parts)
    sums = []
    for part in parts:
        known = [value for value in part if value is not None]
        sums.append(sum(known, Decimal(0)) if known else None)
    return tuple(sums)
