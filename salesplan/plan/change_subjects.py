"""From the words of a change (对象, 字段, 调整前, 调整后) to what it changes in the plan.

对象 is a code, ``KPI/unit`` for a target, the name of a setting, or ``KPI/giver→taker`` for a
hand-over of targets (a customer who goes to a colleague). 字段 is the column's header on the
subject's sheet. 调整前 and 调整后 are written as in that column; ``blank`` (空) stands for nothing.

What happened (finished, actual values) and what a row is (codes, kinds) is not changed by a
change: :data:`FIELDS` is the list of what can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from itertools import chain

from salesplan.dataclass import replace
from salesplan.findings import Finding
from salesplan.plan.header_checks import differs, unit_differs
from salesplan.plan.model import Aim, Change, Plan, TargetBasis
from salesplan.plan.model.base import Coded
from salesplan.plan.naming import near
from salesplan.plan.normalize import folded, half_width
from salesplan.plan.parse import Bad, Field, parse
from salesplan.plan.references import SUBJECTS, ambiguous
from salesplan.plan.schema import SETTINGS, TABLES, Column, Setting, Table, sheet, table
from salesplan.plan.schema.kinds import Kind
from salesplan.plan.settings import reading_of, setting_called
from salesplan.workbook.read.headers import called, normal

PEOPLE = frozenset({"owner", "manager"})

_MONTHS = frozenset(f"manual{i}" for i in range(1, 13))
_QUARTERS = frozenset(f"manual_quarter{i}" for i in range(1, 5))
FIELDS: Mapping[str, frozenset[str]] = {
    "kpis": frozenset({"target", "floor", "stretch", "weight", "due", "relevance"}),
    "units": frozenset(
        {
            "parent",
            "coefficient",
            "hedge",
            "joined",
            "left",
            "ramp_up",
            "manager",
            "skills",
            "region",
        }
    ),
    "targets": frozenset({"method", "manual_year", "base_year", *_QUARTERS, *_MONTHS}),
    "products": frozenset({"manual_year", *_QUARTERS, *_MONTHS}),
    "tasks": frozenset(
        {
            "content",
            "strategy",
            "owner",
            "partners",
            "support",
            "priority",
            "weight",
            "start",
            "due",
            "deliverable",
            "deliverable_target",
            "deliverable_unit",
            "resources",
            "skills",
            "person_days",
            "budget",
            "kpi",
            "state",
        }
    ),
    "budget": frozenset(
        {
            "category",
            "region",
            "task",
            "priority",
            "must_have",
            "requested",
            "least",
            "expected_return",
            "manual_grant",
            "granted",
        }
    ),
    "strategies": frozenset(
        {
            "dimension",
            "content",
            "kpi",
            "target_share",
            "product",
            "region",
            "channel",
            "customer_type",
            "industry",
            "budget_share",
        }
    ),
    "settings": frozenset(
        {
            "budget_total",
            "reserve_share",
            "green",
            "amber",
            "swing",
            "score_cap",
            "cross_department_days",
            "technical_days",
            "reply_days",
        }
    ),
}
"""Columns that a change may name, by table. Engine columns among them stand for the planner's:
基准年度目标 is the manual year that gives it, 批准额 the manual grant."""

_ATTRIBUTES = {("targets", "base_year"): "manual_year", ("budget", "granted"): "manual_grant"}
_ARROW = re.compile(r"\s*(?:->|→|>|=>)\s*")
_HANDOVER = frozenset(
    folded(word)
    for word in ("移交", "移交额", "客户移交", "目标移交", "hand-over", "hand over", "handover")
)
_BLANK = frozenset(folded(word) for word in ("空", "空白", "blank", "-", "—"))


def aimed(plan: Plan) -> Plan:
    """The plan with each change's aim, where it can be told."""
    read = ((change, read_aim(plan, change)) for change in plan.changes)
    return replace(
        plan,
        changes=tuple(
            replace(change, aim=aim) if isinstance(aim, Aim) else change for change, aim in read
        ),
    )


def read_aim(plan: Plan, change: Change) -> Aim | Finding | None:
    """What the change changes, or why that cannot be told; None where another finding has
    said so.
    """
    if not change.subject or change.broken & {"subject", "field", "before", "after"}:
        return None
    parts = [half_width(part) for part in re.split(r"/|->|→|=>|>", change.subject)]
    dropped = set(chain.from_iterable(plan.dropped.values()))
    unread = not (plan.kpis and plan.units) or not dropped.isdisjoint(parts)
    if "/" in change.subject and unread:
        return None
    if _ARROW.search(change.subject):
        return _handover(plan, change)
    key = subject_table(plan, change.subject)
    field = None if key is None else field_of(plan, change, key)
    if key is None or field is None:
        return None
    if differs(change.field, plan.settings):
        return unit_differs(change.origin.place("field"), change.field, plan.settings)
    if field.key not in FIELDS[key]:
        return Finding.of(
            "change-field-fixed",
            change.origin.place("field"),
            change=change.code,
            field=field,
            fields=changeable(key),
        )
    values: list[object] = []
    for name in ("before", "after"):
        value = _value(plan, getattr(change, name), field)
        if isinstance(value, Bad):
            return Finding.of(
                "change-value-unreadable",
                change.origin.place(name),
                change=change.code,
                text=getattr(change, name),
                column=field,
            )
        values.append(_code(plan, value, field))
    unknown = _unknown(plan, change, values[1], field)
    return unknown or _aim(plan, change, key, field, values[0], values[1])


def changeable(key: str) -> list[Column | Setting]:
    """The columns of a table (or the settings) that a change may name, but for the twelve manual
    months.
    """
    return [
        one
        for one in (SETTINGS if key == "settings" else table_of(key).columns)
        if one.key in FIELDS[key] and one.key not in _MONTHS
    ]


def table_of(key: str) -> Table:
    """The table in which a subject's rows stand; those of products stand in that of targets."""
    return table("targets" if key == "products" else key)


def subject_table(plan: Plan, subject: str) -> str | None:
    """The key of the table whose row the subject names: a code, KPI/unit for a target,
    KPI/unit/product for one of a product; None if unknown.
    """
    kpi, slash, unit = subject.partition("/")
    unit, product, _ = unit.partition("/")
    if product:
        there = half_width(kpi) in plan.kpi_by_code and half_width(unit) in plan.unit_by_code
        return "products" if there and product_known(plan, kpi, subject) else None
    if slash:
        there = half_width(kpi) in plan.kpi_by_code and half_width(unit) in plan.unit_by_code
        return "targets" if there else None
    wanted = half_width(subject)
    found = (key for key in SUBJECTS if _has(getattr(plan, key), wanted))
    return next(found, "settings" if setting_called(subject) else None)


def _has(rows: Iterable[Coded], code: str) -> bool:
    return any(row.code == code for row in rows)


def product_known(plan: Plan, kpi: str, subject: str) -> bool:
    """Whether KPI/unit/product names a product that some row of 目标分解 has for that KPI."""
    name = folded(subject.split("/", 2)[2])
    return any(
        row.kpi == half_width(kpi) and folded(row.product) == name for row in plan.product_targets
    )


def is_handover(subject: str) -> bool:
    """Whether the subject names a giver and a taker."""
    return _ARROW.search(subject) is not None


def field_of(plan: Plan, change: Change, key: str) -> Field | None:
    """The column of the subject's table that 字段 means, or the setting that the subject is; None
    if unknown.

    The year's target of a KPI is one figure under three names, as it stands on three sheets: of a
    KPI and of a target of the company 公司年度目标 is meant, of any other unit's target
    手工年度目标.
    """
    if key == "settings":
        return setting_called(change.subject)
    text = called(change.field, _headers(key))
    if text in _headers(key):
        wanted = _headers(key)[text]
        return next(column for column in table_of(key).columns if column.key == wanted)
    if called(change.field, _YEARS) not in _YEARS:
        return None
    if key == "kpis":
        return table(key).column("target")
    if key == "products":
        return table("targets").column("manual_year")
    if key != "targets":
        return None
    unit = plan.unit_by_code[half_width(change.subject.partition("/")[2])]
    if unit.parent is None:
        return table(key).column("base_year")
    return None if text in _OF_COMPANY else table(key).column("manual_year")


@cache
def _headers(key: str) -> Mapping[str, str]:
    """Column keys of a table by every name that its header may have."""
    found: dict[str, str] = {}
    for column in table_of(key).columns:
        found |= dict.fromkeys(map(normal, column.headers), column.key)
    return found


_OF_COMPANY = frozenset(map(normal, table("kpis").column("target").headers[:2]))
_YEARS = {
    normal(header)
    for header in (
        *table("kpis").column("target").headers,
        *table("targets").column("manual_year").headers,
        *table("targets").column("base_year").headers,
        "年目标",
        "全年目标",
        "annual target",
    )
}
"""What people call the year's target."""


def _aim(plan: Plan, change: Change, key: str, field: Field, before: object, after: object) -> Aim:
    percent = field.kind in (Kind.PERCENT, Kind.PERCENTS)
    if key == "settings":
        return Aim(
            table=key,
            key=(field.key,),
            column=field.key,
            attribute=field.key,
            before=before,
            after=after,
            percent=percent,
        )
    if key in ("targets", "products"):
        kpi, unit, *more = (half_width(part) for part in change.subject.split("/", 2))
        record = plan.kpi_by_code[kpi]
        percent = record.in_percent
        if (
            field.key == "base_year"
            and plan.unit_by_code[unit].parent is None
            and record.basis is TargetBasis.LEVEL
        ):
            return Aim(
                table="kpis",
                key=(kpi,),
                column="target",
                attribute="target",
                before=before,
                after=after,
                percent=percent,
            )
        codes: tuple[str, ...] = (kpi, unit, *(_product(plan, kpi, one) for one in more))
        if field.key in _QUARTERS:
            return Aim(
                table=key,
                key=codes,
                column=field.key,
                attribute="manual_quarters",
                index=int(field.key.removeprefix("manual_quarter")) - 1,
                before=before,
                after=after,
                percent=percent,
            )
        if field.key in _MONTHS:
            index = [month.month for month in plan.settings.months].index(
                int(field.key.removeprefix("manual"))
            )
            return Aim(
                table=key,
                key=codes,
                column=field.key,
                attribute="manual_months",
                index=index,
                before=before,
                after=after,
                percent=percent,
            )
    else:
        codes = (half_width(change.subject),)
        if key == "kpis" and field.key in ("target", "floor", "stretch"):
            percent = plan.kpi_by_code[codes[0]].in_percent
    return Aim(
        table=key,
        key=codes,
        column=field.key,
        attribute=_ATTRIBUTES.get((key, field.key), field.key),
        before=before,
        after=after,
        percent=percent,
    )


def _product(plan: Plan, kpi: str, name: str) -> str:
    """The product as the rows of 目标分解 spell it."""
    spelled = (row.product for row in plan.product_targets if row.kpi == kpi)
    return next((one for one in spelled if folded(one) == folded(name)), name)


def _handover(plan: Plan, change: Change) -> Aim | Finding:
    kpi, _, units = (half_width(part) for part in change.subject.partition("/"))
    giver, taker, *more = [half_width(part) for part in _ARROW.split(units)] + [""] * 2
    place = change.origin.place
    if (
        giver
        and taker
        and giver != taker
        and not any(more)
        and (kpi not in plan.kpi_by_code or not {giver, taker} <= plan.unit_by_code.keys())
    ):
        meant = (
            near(kpi, plan.kpi_by_code, plan.kpis),
            *(near(one, plan.unit_by_code, plan.units) for one in (giver, taker)),
        )
        nearest = (
            "—" if "—" in meant or meant[1] == meant[2] else f"{meant[0]}/{meant[1]}→{meant[2]}"
        )
        return Finding.of(
            "change-subject-unknown",
            place("subject"),
            change=change.code,
            subject=change.subject,
            near=nearest,
        )
    if (
        kpi not in plan.kpi_by_code
        or giver not in plan.unit_by_code
        or taker not in plan.unit_by_code
        or giver == taker
        or any(more)
    ):
        return Finding.of(
            "change-handover-unreadable", place("subject"), change=change.code, text=change.subject
        )
    if folded(change.field) not in _HANDOVER:
        return Finding.of(
            "change-handover-unreadable", place("field"), change=change.code, text=change.field
        )
    amount = _value(plan, change.after, table("budget").column("requested"))
    if (
        not isinstance(amount, Decimal)
        or amount <= 0
        or not plan.kpi_by_code[kpi].kind.adds_over_units
    ):
        return Finding.of(
            "change-handover-unreadable", place("after"), change=change.code, text=change.after
        )
    return Aim(table="handover", key=(kpi, giver, taker), column="after", before=None, after=amount)


def _value(plan: Plan, text: str, field: Field) -> object:
    """The value that the text stands for; None for nothing, :class:`Bad` where it cannot be
    read.
    """
    if not text or folded(text) in _BLANK:
        return None
    value = parse(text, field, reading_of(plan.settings))
    return value.value if isinstance(value, Bad) and not value.broken else value


def _code(plan: Plan, value: object, field: Field) -> object:
    """People by their code where a name is given and one unit alone is called so."""
    if field.key in PEOPLE and isinstance(value, str):
        return plan.people.code(value)
    return value


def _unknown(plan: Plan, change: Change, value: object, field: Field) -> Finding | None:
    ref = field.ref if isinstance(field, Column) else ""
    if not ref or not isinstance(value, str):
        return None
    known = {row.code for row in getattr(plan, ref)}
    if value in known or (field.key in PEOPLE and field.key != "owner"):
        return None
    meant = plan.people.meant(value) if ref == "units" else ()
    if len(meant) > 1:
        return ambiguous(change.origin.place("after"), value, meant)
    named = next(one for one in TABLES if one.key == ref)
    return Finding.of(
        "unknown-code",
        change.origin.place("after"),
        name=value,
        sheet=sheet(named.sheet),
        near=near(value, known, getattr(plan, ref)),
    )
