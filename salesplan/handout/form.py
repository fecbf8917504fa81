"""What a handout asks for: its sheets, their lines, and the stamp that says whose it is and of
which master.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from salesplan.dataclass import dataclass, field
from salesplan.plan.forms import HANDOUT_STAMP
from salesplan.plan.model import Month
from salesplan.plan.schema import Column, table

KIND, VERSION = "salesplan-handout", 2
MEETINGS = ("salesplan-day", "salesplan-week")
"""Kinds of what comes back: a handout, the pages of a day's and a week's meeting."""
STAMP_SHEET = HANDOUT_STAMP

INPUTS: Mapping[str, tuple[str, ...]] = {
    "actuals": ("value", "numerator", "denominator"),
    "tasks": ("deliverable_actual", "progress", "finished", "cause", "remedy"),
    "weekly": ("planned", "actual", "cause", "remedy", "owner", "due"),
    "replies": ("answer", "promised", "remark"),
    "tools": ("ready_by", "ready"),
}
"""Columns to be filled in, by the master's table."""

TAKEN: Mapping[str, tuple[str, ...]] = {**INPUTS, "daily": ("done", "today", "support")}
"""The same of everything that is taken back, the pages of meetings included."""

TITLES: Mapping[str, tuple[str, str]] = {
    "actuals": ("实绩填报", "Actuals"),
    "tasks": ("任务进度", "Task progress"),
    "weekly": ("周复盘", "Weekly review"),
    "daily": ("晨会", "Stand-up"),
    "replies": ("协作请求", "Help requests"),
    "tools": ("工具", "Tools"),
}

SHOWN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "actuals": (
        ("组织编码", "Unit"),
        ("名称", "Name"),
        ("指标", "KPI"),
        ("产品", "Product"),
        ("单位", "Measure"),
        ("已有记录", "Already recorded"),
        ("已记的是", "Recorded for"),
        ("请填写", "Fill in"),
        ("本月目标", "Target of the month"),
    ),
    "tasks": (
        ("任务编号", "Task"),
        ("任务内容", "Content"),
        ("负责人", "Owner"),
        ("时间节点", "Task due"),
        ("应完成%", "Expected progress"),
        ("单位", "Unit"),
        ("交付目标值", "Deliverable target"),
    ),
    "weekly": (
        ("周", "Week"),
        ("任务编号", "Task"),
        ("任务内容", "Content"),
        ("时间节点", "Task due"),
        ("应完成%", "Expected progress"),
    ),
    "replies": (
        ("任务编号", "Task"),
        ("任务内容", "Content"),
        ("需要日", "Needed by"),
        ("提出人", "Asked by"),
        ("答复期限", "Answer by"),
        ("交付成果", "Deliverable"),
        ("所需资源", "Resources"),
        ("提报日", "Requested on"),
        ("提报情况", "Notice"),
    ),
    "tools": (
        ("工具", "Tool"),
        ("用途", "What for"),
        ("负责人", "Owner"),
        ("使用方", "For whom"),
        ("任务编号", "Task"),
        ("需用日", "Needed by"),
    ),
}
"""Headers (zh, en) of what is there to be read; none is a name of a column to be filled in."""

WHERE_ANY: Mapping[str, frozenset[int]] = {
    "actuals": frozenset({3, 6}),
    "replies": frozenset({4, 5, 6, 7, 8}),
}
"""Places of what is shown only where some line says something there."""

SOURCE = "handout "
"""How the 来源 of an actual that came from a handout begins; its key follows."""


_LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""A digest in letters looks like no figure and no code."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it shows, the target last, and what the input cells hold so far. ``closed`` are
    the columns that it does not ask for.
    """

    key: str
    shown: tuple[object, ...]
    values: tuple[object, ...]
    closed: frozenset[str] = frozenset()
    base: str = ""
    """What the input cells hold as they are compared later, where ``values`` are only their words.
    """


@dataclass(frozen=True, slots=True)
class Handout:
    """One manager's workbook. ``people`` are who may be named as responsible."""

    unit: str
    name: str
    person: str
    month: Month
    lang: str
    master: str
    sha256: str
    company: str
    """Its name."""
    lines: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    people: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to fill in."""
        return not any(self.lines.values())


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whose handout it is, and the keys that were handed out by table. ``kind`` is :data:`KIND`, or
    one of :data:`MEETINGS`: a page that nobody owes. ``company`` is the mark of its name
    (:func:`mark_of`).
    """

    kind: str
    version: str
    month: str
    unit: str
    master: str
    sha256: str
    company: str
    keys: Mapping[str, frozenset[str]]


def inputs(key: str) -> tuple[Column, ...]:
    """The schema's columns that a table's lines ask for."""
    return tuple(table(key).column(name) for name in TAKEN[key])


HELPER = "help:"
"""How the unit of a helper's book begins; what the helper is known by follows. No unit's code has a
colon."""


def reply_key(task: object, helper: object) -> str:
    """What a line of 协作请求 is known by when it comes back."""
    return f"{task}|{helper}"


def weekly_key(friday: object, task: object) -> str:
    """What a line of 周复盘 is known by when it comes back."""
    return f"{friday}|{task}"


def daily_key(day: object, person: object) -> str:
    """What a line of 日跟进 is known by when it comes back; ``person`` is a unit's code."""
    return f"{day}|{person}"


def tool_key(tool: object, user: object, task: object) -> str:
    """What a line of 工具 is known by when it comes back; ``user`` is a unit's code, or blank."""
    return "|".join(str(part or "") for part in (tool, user, task))


def mark_of(company: str) -> str:
    """What a form bears of the company's name: enough to tell another's, and no name."""
    return hashlib.sha256(company.encode()).hexdigest()[:16].translate(_LETTERS)


def stamped(
    kind: str, month: Month, unit: str, master: str, sha256: str, company: str
) -> list[tuple[str, str]]:
    """What the hidden sheet of a form says first: the lines that were handed out follow."""
    return [
        ("kind", kind),
        ("version", str(VERSION)),
        ("month", str(month)),
        ("unit", unit),
        ("master", master),
        ("sha256", sha256),
        ("company", mark_of(company)),
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure a line of 实绩 asks for. ``product`` is blank for all or for those not named,
    ``currency`` for the plan's own.
    """

    month: str
    unit: str
    kpi: str
    product: str = ""
    currency: str = ""

    @property
    def key(self) -> str:
        """What the line is known by when it comes back."""
        more = f"|{self.currency}|{self.product}" if self.product or self.currency else ""
        return f"{self.month}|{self.unit}|{self.kpi}{more}"


def asked_by(key: str) -> Asked | None:
    """The figure that a line's key asks for; None where it is no such key."""
    parts = key.split("|", 4)
    if len(parts) not in (3, 5):
        return None
    currency, product = parts[3:] or ("", "")
    return Asked(parts[0], parts[1], parts[2], product, currency)
