"""The sample with mistakes planted in it, to see what ``check`` finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.template.story.values import Cell, Row, Tables, b
from salesplan.wording import Both


@dataclass(frozen=True, slots=True)
class On:
    """A day ``years`` before the plan year."""

    month: int
    day: int
    years: int = 0


@dataclass(frozen=True, slots=True)
class Mistake:
    """One planted mistake: the cell it is in, what stands there, what it is, and what finds it.

    ``table`` and ``column`` are keys of the schema. ``row`` is the row's code, or its index from 0
    in a table without codes. ``codes`` are findings, any one of which tells of it, at the cell
    itself or (for what concerns several rows) on the same sheet.
    """

    table: str
    row: str | int
    column: str
    value: Cell | On
    what: Both[str]
    codes: tuple[str, ...]


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "units",
        "P01",
        "coefficient",
        Decimal("0.4"),
        b("同级贡献系数合计不是100%", "Siblings' coefficients do not add up to 100%"),
        ("coefficient-coverage",),
    ),
    Mistake(
        "units", "P14", "code", "P13", b("编码重复", "Two rows with one code"), ("duplicate-code",)
    ),
    Mistake(
        "units",
        "P05",
        "parent",
        "D21",
        b("上级编码不存在", "The parent code does not exist"),
        ("unit-orphan",),
    ),
    Mistake(
        "units",
        "P02",
        "email",
        "wang.min@example",
        b("邮箱不完整", "An address that is not whole"),
        ("mail-not-one-address",),
    ),
    Mistake(
        "kpis",
        "CMP",
        "weight",
        Decimal("0.1"),
        b("权重合计不是100%", "Weights do not add up to 100%"),
        ("weight-sum",),
    ),
    Mistake(
        "products",
        "B",
        "margin",
        Decimal("1.22"),
        b("毛利率超过100%", "A gross margin above 100%"),
        ("product-margin-outside",),
    ),
    Mistake(
        "tasks",
        "T19",
        "partners",
        b("市场布", "Marketting"),
        b("协作部门的名称写错", "The name of a partner is misspelt"),
        ("helper-unknown",),
    ),
    Mistake(
        "tasks",
        "T06",
        "due",
        On(3, 30),
        b("期限早于开始日", "Due before it starts"),
        ("task-due-before-start",),
    ),
    Mistake(
        "tasks",
        "T09",
        "start",
        b("2026年3月23日", "2026.3.23"),
        b("日期写成文字", "A date as text"),
        ("date-as-text",),
    ),
    Mistake(
        "tasks",
        "T17",
        "strategy",
        "S19",
        b("策略编号不存在", "No such strategy"),
        ("unknown-code",),
    ),
    Mistake(
        "tasks",
        "T18",
        "owner",
        "P10",
        b("负责人已离职", "The owner has left"),
        ("task-owner-left",),
    ),
    Mistake(
        "budget",
        "B07",
        "category",
        b("品牌", "Brand"),
        b("预算类别不在预算分配表中", "A category that the caps do not have"),
        ("budget-place-unknown",),
    ),
    Mistake(
        "budget",
        "B08",
        "requested",
        b("6万", "60k"),
        b("数字格里写了文字", "Text in a number cell"),
        ("number-with-unit",),
    ),
    Mistake(
        "spending",
        5,
        "budget",
        "B99",
        b("预算编号不存在", "No such budget line"),
        ("unknown-code",),
    ),
    Mistake(
        "changes",
        "C03",
        "approver",
        None,
        b("已批准却没有审批人", "Approved, but by nobody"),
        ("approval-incomplete",),
    ),
    Mistake(
        "changes",
        "C06",
        "before",
        1800,
        b("调整前与计划不符", "The value before is not what the plan says"),
        ("change-conflict",),
    ),
    Mistake(
        "weekly",
        2,
        "friday",
        On(5, 28),
        b("周复盘的日期不是周五", "A review week that is not a Friday"),
        ("week-not-friday",),
    ),
    Mistake(
        "actuals", 188, "unit", "P99", b("组织编码不存在", "No such unit"), ("actual-unknown-code",)
    ),
    Mistake(
        "actuals",
        194,
        "day",
        b("一月中旬", "mid-January"),
        b("日期无法识别", "A date nobody can read"),
        ("text-not-date",),
    ),
    Mistake(
        "actuals",
        200,
        "value",
        b("8.5万", "85k"),
        b("金额写成文字", "An amount as text"),
        ("number-with-unit",),
    ),
    Mistake(
        "actuals",
        206,
        "day",
        On(2, 10, years=2),
        b("日期不在计划年度", "A date outside the plan year"),
        ("actual-outside-year",),
    ),
    Mistake(
        "situation",
        "P3",
        "category",
        b("环保", "Environment"),
        b("PEST没有这个类别", "No category of PEST"),
        ("situation-element-unknown",),
    ),
    Mistake(
        "market",
        3,
        "growth",
        Decimal("0.05"),
        b("增长率与两年的规模不符", "Growth that the two sizes do not make"),
        ("market-growth-differs",),
    ),
)


def plant(rows: Tables, year: int) -> Tables:
    """The rows with every mistake in place; the given ones are left as they are."""
    # Rows are found before anything is changed: one mistake renames a code.
    places = [(mistake, row_of(rows[mistake.table], mistake.row)) for mistake in MISTAKES]
    planted: Tables = {key: list(given) for key, given in rows.items()}
    for mistake, index in places:
        value = mistake.value
        if isinstance(value, On):
            value = date(year - value.years, value.month, value.day)
        planted[mistake.table][index] = {**planted[mistake.table][index], mistake.column: value}
    return planted


def row_of(rows: Sequence[Row], row: str | int) -> int:
    """The index of a row given by code or index. Raises ValueError if no row has the code."""
    return row if isinstance(row, int) else [given.get("code") for given in rows].index(row)
