"""The plan's records: what one row of the master says, typed, frozen, each knowing its cells.

Conventions, for every record here:

* ``None`` is a blank cell; zero is zero. A cell that could not be read (text where a number
  belongs, an error value, a formula without result) is also ``None`` and its field's name is
  in ``broken``: whatever depends on it must not be computed, and its finding is already made.
* Money, targets and amounts are :class:`~decimal.Decimal` in the master's amount unit; shares
  and percentages are fractions of one (60 % is ``Decimal("0.6")``).
* ``code`` fields identify; names are for people.
"""

from __future__ import annotations

from salesplan.plan.model.actuals import (
    MICRO,
    Actuals,
)
from salesplan.plan.model.base import (
    Coded,
    Month,
    Origin,
    Record,
    first_by_code,
)
from salesplan.plan.model.choices import (
    AmountUnit,
    Approval,
    BudgetStatus,
    Cause,
    Direction,
    Framework,
    Impact,
    IssueStatus,
    KpiKind,
    Level,
    Light,
    Lock,
    PercentBasis,
    RhythmKind,
    SpendKind,
    SplitMethod,
    SupportKind,
    SwotStrategy,
    TargetBasis,
    TaskStatus,
    Uptake,
    Verdict,
)
from salesplan.plan.model.closes import (
    CloseAction,
    ClosedFigures,
    ClosedRow,
    CloseEntry,
    closed_count,
    digest,
    standing_entries,
)
from salesplan.plan.model.goals import (
    WEEKEND,
    CalendarDay,
    Kpi,
    MonthRhythm,
    SeasonMonth,
    Settings,
    TargetRow,
    Unit,
    is_fixed_holiday,
)
from salesplan.plan.model.plan import (
    Cutoff,
    Plan,
)
from salesplan.plan.model.records import (
    Aim,
    BudgetLine,
    Change,
    DailyEntry,
    IssueRow,
    Lesson,
    ReserveDraw,
    Share,
    SituationEntry,
    Spending,
    Strategy,
    Task,
    Transfer,
    WeeklyEntry,
)

__all__ = [
    "MICRO",
    "WEEKEND",
    "Actuals",
    "Aim",
    "AmountUnit",
    "Approval",
    "BudgetLine",
    "BudgetStatus",
    "CalendarDay",
    "Cause",
    "Change",
    "CloseAction",
    "CloseEntry",
    "ClosedFigures",
    "ClosedRow",
    "Coded",
    "Cutoff",
    "DailyEntry",
    "Direction",
    "Framework",
    "Impact",
    "IssueRow",
    "IssueStatus",
    "Kpi",
    "KpiKind",
    "Lesson",
    "Level",
    "Light",
    "Lock",
    "Month",
    "MonthRhythm",
    "Origin",
    "PercentBasis",
    "Plan",
    "Record",
    "ReserveDraw",
    "RhythmKind",
    "SeasonMonth",
    "Settings",
    "Share",
    "SituationEntry",
    "SpendKind",
    "Spending",
    "SplitMethod",
    "Strategy",
    "SupportKind",
    "SwotStrategy",
    "TargetBasis",
    "TargetRow",
    "Task",
    "TaskStatus",
    "Transfer",
    "Unit",
    "Uptake",
    "Verdict",
    "WeeklyEntry",
    "closed_count",
    "digest",
    "first_by_code",
    "is_fixed_holiday",
    "standing_entries",
]
