"""Random masters of several hundred rows as files: a Hypothesis strategy, and how its rows are
written into a template.

Valid ones: every code is known, every date in its year. All else may be odd: names that look like
formulas or markup, negative and zero and blank targets, months without a row, rates stated without
their parts, every kind of KPI, any fiscal year.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from salesplan.plan.model import Month
from tests.samples import new_master

YEAR = 2026
D = Decimal
Row = dict[str, object]

NAMES = (
    "华东",
    "=1+1",
    "@SUM(A1)",
    "+5",
    "-2",
    'O\'Brien "大客户" & <Co>',
    "_x0041_",
    "North & Co",
    "名  字",
    "😀 团队",
    "a" * 60,
    "1-2",
    "TRUE",
    "#N/A",
    "12,5",
    "100%",
    "{=A1}",
)
"""Names that a careless program takes for something else."""

KINDS = (
    ("REV", "流量", "越高越好", "万元", "0.01", "水平"),
    ("CMP", "流量", "越低越好", "件", "1", "水平"),
    ("IMP", "流量", "越高越好", "个", "1", "提升量"),
    ("STK", "存量", "越高越好", "个", "1", "水平"),
    ("DUE", "存量", "越低越好", "万元", "0.01", "水平"),
    ("REP", "群组比率", "越高越好", "%", "0.001", "提升量"),
    ("WIN", "比率", "越高越好", "%", "0.001", "水平"),
    ("MAR", "比率", "越高越好", "%", "0.001", "水平"),
    ("AVG", "均值", "越高越好", "万元", "0.01", "水平"),
    ("PNT", "时点", "越高越好", "%", "0.001", "提升量"),
    ("MIL", "里程碑", "越高越好", "%", "0.01", "水平"),
    ("NIL", "流量", "越高越好", "", "1", "水平"),
)
"""Code, kind, direction, unit, smallest unit and basis of each KPI."""

Master = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class RandomMaster:
    """Rows by table key, and settings by their Chinese name."""

    settings: Mapping[str, object]
    tables: Master

    @property
    def size(self) -> int:
        return sum(map(len, self.tables.values()))

    def write(self, path: Path) -> None:
        """Write the master's file, from the Chinese template."""
        from salesplan.plan.loader import load
        from salesplan.workbook import CellChange, patch_workbook

        empty = path.with_name(f"empty-{path.name}")
        new_master(empty, lang="zh")
        tables = load(empty).tables
        changes = []
        for key, rows in self.tables.items():
            found = tables[key]
            for number, row in enumerate(rows, found.first_row):
                changes += [
                    CellChange(found.sheet, f"{found.columns[name]}{number}", value)
                    for name, value in row.items()
                    if value is not None
                ]
        found = tables["settings"]
        for number, name in zip(found.row_numbers, found.column("name"), strict=True):
            if str(name) in self.settings:
                changes.append(
                    CellChange(
                        found.sheet, f"{found.columns['value']}{number}", self.settings[str(name)]
                    )
                )  # type: ignore[arg-type]
        patch_workbook(empty, path, changes)
        empty.unlink()


@st.composite
def masters(draw: st.DrawFn) -> RandomMaster:
    """A valid master of several hundred rows; the larger parts come from a seed, because Hypothesis
    does not draw that much.
    """
    dice = random.Random(draw(st.integers(0, 2**32)))
    start = draw(st.sampled_from([1, 4, 7]))
    first = Month(YEAR, start)
    month = first.plus(draw(st.integers(1, 11)))
    as_of = (
        month.last
        if draw(st.booleans())
        else month.first + timedelta(days=draw(st.integers(0, 26)))
    )
    units, kpis = _units(dice), _kpis(dice)
    tasks = _tasks(dice, units, month)
    budget = _budget(dice, tasks)
    settings: dict[str, object] = {
        "财年起始月": start,
        "报告月份": str(month),
        "数据截止日": as_of,
        "预算总额": draw(st.sampled_from([D("100000"), D("99999.97"), D(120)])),
        "绿灯": draw(st.sampled_from([1, D("0.95")])),
        "月内波动": draw(st.sampled_from([D("0.3"), D("0"), D("0.15")])),
        "进度黄灯": draw(st.sampled_from([D("-0.1"), D("-0.3")])),
        "得分上限": draw(st.sampled_from([D("1.2"), D("1.5")])),
        "明细行上限": draw(st.sampled_from([60, 100_000])),
    }
    months = [first.plus(n) for n in range(12)]
    return RandomMaster(
        settings,
        {
            "units": units,
            "kpis": kpis,
            "actuals": _actuals(dice, units, kpis, months),
            "tasks": tasks,
            "budget": budget,
            "strategies": [
                {"code": f"S{n}", "dimension": "客户", "content": dice.choice(NAMES)}
                for n in range(3)
            ],
            "spending": _spending(dice, budget, months),
            "category_shares": [
                {"name": "获客", "share": D("0.6")},
                {"name": "客户维护", "share": D("0.4")},
            ],
            "seasonality": [
                {
                    "kpi": "REV",
                    "month": n,
                    **{f"history{y}": dice.randrange(1, 90) for y in (1, 2, 3)},
                }
                for n in range(1, 13)
            ],
        },
    )


def _units(dice: random.Random) -> list[Row]:
    rows: list[Row] = [{"code": "HQ", "name": "公司", "level": "公司"}]
    for t in range(dice.randrange(1, 4)):
        rows.append({"code": f"T{t}", "name": dice.choice(NAMES), "level": "团队", "parent": "HQ"})
        for d in range(dice.randrange(0, 3)):
            rows.append(
                {
                    "code": f"T{t}D{d}",
                    "name": dice.choice(NAMES),
                    "level": "部门",
                    "parent": f"T{t}",
                }
            )
            rows += [
                {
                    "code": f"P{t}{d}{p}",
                    "name": dice.choice(NAMES),
                    "level": "个人",
                    "parent": f"T{t}D{d}",
                }
                for p in range(dice.randrange(0, 4))
            ]
    return rows


def _kpis(dice: random.Random) -> list[Row]:
    each = D(100 // len(KINDS)) / 100
    spread = [1 - each * (len(KINDS) - 1), *[each] * (len(KINDS) - 1)]
    weights = dice.choice([[None] * len(KINDS), spread])
    rows: list[Row] = []
    for (code, kind, direction, unit, step, basis), weight in zip(KINDS, weights, strict=True):
        percent = unit == "%"
        target = (
            D(dice.choice(["0.05", "0.6", "0"]))
            if percent
            else D(dice.choice(["1200", "999.97", "0", "-240", "36"])).quantize(D(step))
        )
        row: Row = {
            "code": code,
            "name": f"{code} {dice.choice(NAMES)}",
            "kind": kind,
            "direction": direction,
            "unit": unit or None,
            "smallest_unit": D(step),
            "basis": basis,
        }
        row |= {
            "weight": weight,
            "target": None if code == "NIL" or dice.random() < 0.1 else target,
        }
        if basis == "提升量" and dice.random() < 0.8:
            row["base"] = D("0.2") if percent else D(300)
        if percent and basis == "提升量":
            row["percent_basis"] = "百分点"
        if code == "MAR":
            row |= {"numerator": "REV", "denominator": "DUE"}
        rows.append(row)
    return rows


def _actuals(
    dice: random.Random, units: Sequence[Row], kpis: Sequence[Row], months: Sequence[Month]
) -> list[Row]:
    """One or two rows for most units, KPIs and months."""
    rows: list[Row] = []
    for kpi in kpis:
        for unit in units:
            for month in months:
                for _ in range(dice.choice([0, 0, 1, 1, 1, 2])):
                    rows.append(
                        _actual(dice, str(kpi["kind"]), month)
                        | {"kpi": kpi["code"], "unit": unit["code"]}
                    )
    dice.shuffle(rows)
    return rows[:900]


def _actual(dice: random.Random, kind: str, month: Month) -> Row:
    row: Row = {
        "day": month.first + timedelta(days=dice.randrange(0, 28))
        if dice.random() < 0.9
        else str(month)
    }
    row |= {
        "product": dice.choice([None, "A", dice.choice(NAMES)]),
        "customer": dice.choice([None, dice.choice(NAMES)]),
        "channel": dice.choice([None, "直销"]),
    }
    if kind in ("流量", "存量"):
        return row | {
            "value": dice.choice([0, D(dice.randrange(-300, 3000)) / 100, dice.randrange(0, 20)]),
            "quantity": dice.choice([None, 3]),
        }
    if kind == "里程碑":
        return row | {"value": D(dice.randrange(0, 11)) / 10}
    if kind == "均值" and dice.random() < 0.5:
        return row | {"value": D(dice.randrange(0, 900)) / 100, "quantity": dice.randrange(0, 9)}
    if dice.random() < 0.05:
        return row | {"value": D("0.5")}
    return row | {"numerator": dice.randrange(0, 40), "denominator": dice.randrange(0, 60)}


def _tasks(dice: random.Random, units: Sequence[Row], month: Month) -> list[Row]:
    rows: list[Row] = []
    for n in range(dice.randrange(0, 25)):
        due = max(
            min(month.first + timedelta(days=dice.randrange(-60, 60)), date(YEAR, 12, 31)),
            date(YEAR, 1, 31),
        )
        rows.append(
            {
                "code": f"K{n}",
                "content": dice.choice(NAMES),
                "strategy": dice.choice([None, "S0", "S1"]),
                "owner": dice.choice(units)["code"],
                "weight": dice.choice([None, D(2), D("0.5")]),
                "start": due - timedelta(days=30),
                "due": due,
                "progress": dice.choice([None, D("0.37"), D(1)]),
                "finished": dice.choice([None, None, due]),
                "cause": dice.choice([None, dice.choice(NAMES)]),
            }
        )
    return rows


def _budget(dice: random.Random, tasks: Sequence[Row]) -> list[Row]:
    return [
        {
            "code": f"B{n}",
            "category": dice.choice(["获客", "客户维护"]),
            "task": tasks[0]["code"] if tasks else None,
            "priority": dice.choice([None, 1, 2]),
            "requested": dice.choice([D("3333.33"), D(12000), D("0.5")]),
            "least": dice.choice([None, D("0.1")]),
            "expected_return": dice.choice([None, D(50000), D("1.23")]),
        }
        for n in range(dice.randrange(0, 20))
    ]


def _spending(dice: random.Random, budget: Sequence[Row], months: Sequence[Month]) -> list[Row]:
    return [
        {
            "day": dice.choice(months).first,
            "budget": dice.choice(budget)["code"],
            "kind": dice.choice(["占用", "支出"]),
            "amount": D(dice.randrange(0, 90000)) / 10,
        }
        for _ in range(dice.randrange(0, 40))
        if budget
    ]
