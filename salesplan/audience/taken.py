"""Which fields of the plan's records a unit's part may hold.

What is not named here stays behind: a table or a column that the plan learns later is absent from
every part until somebody decides that it belongs there. Parts are made by this list, and the audit
goes by it, too, whoever made the part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from salesplan.dataclass import MISSING, field_names, fields
from salesplan.plan.model import (
    Actuals,
    BudgetLine,
    CalendarDay,
    Change,
    Customer,
    DailyEntry,
    Deal,
    ExchangeRate,
    Helper,
    HelpReply,
    IssueRow,
    Kpi,
    Lesson,
    Plan,
    Product,
    Prospect,
    Record,
    Settings,
    Skill,
    Spending,
    Strategy,
    TargetRow,
    Task,
    Tool,
    Transfer,
    Trigger,
    Unit,
    WeeklyEntry,
)

T = TypeVar("T")

_ROW = ("origin", "broken")

TAKEN: Mapping[type, tuple[str, ...]] = {
    Plan: (
        *("settings", "units", "skills", "kpis", "targets", "product_targets", "strategies"),
        *("tasks", "helpers", "replies", "tools", "budget", "actuals", "rates", "at_budget"),
        *("deals", "products", "prospects", "customers", "spending", "daily", "weekly", "changes"),
        *("issues", "lessons", "triggers", "calendar", "transfers"),
    ),
    Settings: (
        *("origin", "year", "company", "fiscal_start", "month", "as_of", "currency"),
        *("amount_unit", "green", "amber", "swing", "stale_days", "repurchase_days"),
        *("execution_met", "kpi_met", "explain_low", "explain_high", "score_cap"),
        *("cross_department_days", "technical_days", "reply_days", "lang", "country"),
    ),
    Unit: (
        *(*_ROW, "code", "name", "level", "parent", "manager", "coefficient", "hedge"),
        *("joined", "left", "ramp_up", "skills", "region"),
    ),
    Kpi: (
        *(*_ROW, "code", "name", "kind", "direction", "unit", "smallest_unit", "weight", "levels"),
        *("target", "floor", "stretch", "base", "basis", "percent_basis", "due", "counted_as"),
        *("rhythm", "relevance", "numerator", "denominator"),
    ),
    TargetRow: (
        *(*_ROW, "kpi", "unit", "product", "method", "manual_year", "manual_quarters"),
        *("manual_months", "lock", "reason", "stored_base_year", "stored_year", "stored_months"),
    ),
    Strategy: (
        *("origin", "code", "dimension", "content", "kpi"),
        *("product", "region", "channel", "customer_type", "industry"),
    ),
    Task: (
        *(*_ROW, "code", "content", "strategy", "owner", "partners", "support", "priority"),
        *("weight", "start", "due", "deliverable", "deliverable_target", "deliverable_actual"),
        *("deliverable_unit", "progress", "resources", "skills", "person_days", "requested"),
        *("budget", "kpi", "finished", "state", "cause", "remedy"),
    ),
    Helper: ("name",),
    HelpReply: (*_ROW, "task", "helper", "answer", "promised", "remark"),
    Skill: (*_ROW, "person", "skill", "level", "purpose", "since"),
    Tool: (*_ROW, "tool", "purpose", "user", "task", "owner", "needed", "ready_by", "ready"),
    BudgetLine: (
        *(*_ROW, "code", "category", "region", "task", "priority", "must_have", "requested"),
        *("least", "expected_return", "manual_grant"),
    ),
    Actuals: (
        *("workbook", "sheet", "columns", "rows", "day", "month", "unit", "kpi", "product"),
        *("region", "customer", "channel", "quantity", "value", "numerator", "denominator"),
        *("currency", "given", "basis", "entered", "behind"),
    ),
    ExchangeRate: (*_ROW, "currency", "since", "rate", "kind"),
    Deal: (
        *(*_ROW, "code", "unit", "kpi", "due", "product", "customer", "amount", "probability"),
        *("stage", "touched", "currency", "given"),
    ),
    Product: (*_ROW, "code", "name", "list_price", "delivery_days"),
    Prospect: (*_ROW, "unit", "month", "count", "name", "quality", "state", "rate"),
    Customer: (
        *(*_ROW, "code", "name", "kind", "industry", "size", "region", "owner", "since", "key"),
    ),
    Spending: (
        *(*_ROW, "day", "budget", "kind", "amount", "voucher", "currency", "given", "released"),
    ),
    DailyEntry: (*_ROW, "day", "person", "done", "today", "support"),
    WeeklyEntry: (
        *(*_ROW, "friday", "task", "planned", "actual", "cause", "reasons", "remedy", "owner"),
        "due",
    ),
    Change: (
        *(*_ROW, "code", "raised", "trigger", "subject", "field", "before", "after", "effective"),
        *("day", "applicant", "approver", "status", "approved", "notify", "aim"),
    ),
    IssueRow: (
        *(*_ROW, "code", "cause", "remedy", "owner", "due", "status", "remark", "first_month"),
    ),
    Lesson: (
        *("origin", "period", "topic", "went_well", "to_improve", "lesson", "practice", "tags"),
    ),
    Trigger: ("origin", "code", "kind"),
    CalendarDay: (*_ROW, "day", "working", "official"),
    Transfer: ("since", "unit", "before", "after", "day"),
}


def taken(record: T, **other: object) -> T:
    """The record made anew of the fields that a part may hold, with ``other`` values in some of
    them; the rest is as in a blank row. KeyError for a record of a kind that stays behind.
    """
    kind: Any = type(record)
    names = TAKEN[kind]
    if not other and len(names) == len(field_names(kind)):
        return record
    made: T = kind(**{name: other.get(name, getattr(record, name)) for name in names})
    return made


def kept(record: object) -> tuple[str, ...]:
    """The fields that a part may hold of a record; none of one that stays behind, all of what is
    no record of the plan.
    """
    names = TAKEN.get(type(record))
    if names is not None:
        return names
    return () if isinstance(record, Record) else field_names(record)


def left_over(record: object) -> Iterator[str]:
    """The fields of a record that should have stayed behind and say something."""
    names = frozenset(kept(record))
    for one in fields(record):  # type: ignore[arg-type]
        if one.name not in names:
            blank = one.default if one.default_factory is MISSING else one.default_factory()
            if getattr(record, one.name) != blank:
                yield one.name
