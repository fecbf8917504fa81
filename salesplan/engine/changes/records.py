"""What became of each row of 变更记录: records for the sheet and the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum

from salesplan.dataclass import dataclass
from salesplan.engine.changes.timeline import MidMonthMove
from salesplan.engine.exact.figures import percent, plain
from salesplan.engine.targets.target import Target, Targets
from salesplan.findings import Finding
from salesplan.plan.model import Aim, Month, Plan

Months = tuple[Decimal | None, ...]


class ChangeState(Enum):
    """Whether a change is part of the plan, as seen from the report month."""

    IN_FORCE = "in_force"
    SCHEDULED = "scheduled"
    """Approved, from a month after the report month on. Targets of its months show it already."""
    PENDING = "pending"
    REJECTED = "rejected"
    INCOMPLETE = "incomplete"
    """Approved, but it lacks what an approved change needs: approver, day, month, a readable value.
    """
    CONFLICT = "conflict"
    """Approved, but 调整前 is not what the plan says."""
    REFUSED = "refused"
    """Approved, but it cannot be carried out: a budget below what is spent, a locked target, a
    field that is no plan.
    """

    @property
    def approved_in(self) -> bool:
        """Whether the plan holds the change, now or from its month on."""
        return self in (ChangeState.IN_FORCE, ChangeState.SCHEDULED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One KPI of one unit (of one ``product``; "": of all) whose targets a change altered: issued
    figures before all changes, and now.

    ``actual`` is what was achieved from the start of the year to the cut-off; None: nothing known.
    """

    kpi: str
    unit: str
    baseline_year: Decimal | None
    baseline_months: Months
    year: Decimal | None
    months: Months
    actual: Decimal | None = None
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One row of 变更记录 as the engine took it, in sheet order.

    ``since`` is the first month it holds in: its 生效月, or the first open month where that is
    closed without it; None where it is not approved; ``day`` the day in it, where it splits the
    month. ``reason`` is
    what stands in 是否生效. ``aim`` says what it changes, with the value before and after, in the
    plan's terms (None: that cannot be told). ``shifts`` are the targets it altered, for changes of
    targets; ``actual`` what stands at the cut-off against a value of another kind: the amount used
    of a budget line, the day on which a task was finished. ``untold`` names units that the change
    concerns and 同步对象 does not.
    """

    change: str
    state: ChangeState
    reason: Finding
    since: Month | None = None
    day: date | None = None
    aim: Aim | None = None
    shifts: tuple[Shift, ...] = ()
    actual: object = None
    untold: tuple[str, ...] = ()

    @property
    def begins(self) -> Month | date | None:
        """The day that it holds from, else the month."""
        return self.day or self.since


Known = Callable[[tuple[str, ...]], Target | None]
"""A target by KPI and unit, or by KPI, unit and product."""


def stood(one: Adjustment, planned: Known, standing: Known) -> str:
    """The year's or month's base figure that a typed one takes the place of, where none was typed
    before; "" of anything else. Of a change that the plan holds it is that of ``planned``, before
    all changes; of any other that of ``standing``, which it would change now.
    """
    aim, value = one.aim, None
    if aim is None or aim.table not in ("targets", "products") or aim.before is not None:
        return ""
    target = (planned if one.state.approved_in else standing)(aim.key)
    if target is not None and aim.attribute == "manual_months":
        value = target.base_months[aim.index or 0]
    elif target is not None and aim.attribute == "manual_year":
        value = target.base_year
    if value is None:
        return ""
    return percent(value) if aim.percent else plain(value)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The plan of the report month with the changes that are in force, its targets, and what
    became of each change.
    """

    plan: Plan
    targets: Targets
    baseline: Targets
    adjustments: tuple[Adjustment, ...] = ()
    findings: tuple[Finding, ...] = ()
    partings: tuple[MidMonthMove, ...] = ()
    """What of a month stays with the old parents of units that go elsewhere within it."""
