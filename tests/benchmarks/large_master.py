"""A large master for the benchmarks: so many people and KPIs, so many rows of actuals, one story
from a fixed seed.

``python -m tests.benchmarks.large_master FILE PEOPLE KPIS ROWS MONTHS`` writes it; MONTHS 1 puts
every row into the report month.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

YEAR, LAST_MONTH = 2026, 6
MANAGED = 10
"""People of a department, and departments of a team."""

Row = dict[str, object]


def organization(people: int) -> list[Row]:
    rows: list[Row] = [{"code": "C", "name": "总公司", "level": "公司"}]
    departments = -(-people // MANAGED)
    rows += [
        {"code": f"T{n}", "name": f"团队{n}", "level": "团队", "parent": "C"}
        for n in range(-(-departments // MANAGED))
    ]
    rows += [
        {"code": f"D{n}", "name": f"部门{n}", "level": "部门", "parent": f"T{n // MANAGED}"}
        for n in range(departments)
    ]
    rows += [
        {"code": f"P{n:04d}", "name": f"员工{n}", "level": "个人", "parent": f"D{n // MANAGED}"}
        for n in range(people)
    ]
    return rows


def indicators(count: int) -> list[Row]:
    """Flows of amounts and counts, with a rate and a stock among them."""
    rows: list[Row] = []
    for n in range(count):
        one: Row = {
            "code": f"K{n}",
            "name": f"指标{n}",
            "direction": "越高越好",
            "weight": Decimal(1) / count if count in (1, 2, 4, 5, 8, 10) else None,
        }
        if n % 5 == 3:
            one |= {
                "kind": "比率",
                "unit": "%",
                "smallest_unit": Decimal("0.001"),
                "target": Decimal("0.55"),
            }
        elif n % 5 == 4:
            one |= {"kind": "存量", "unit": "个", "smallest_unit": 1, "target": 90_000}
        else:
            one |= {
                "kind": "流量",
                "unit": "万元",
                "smallest_unit": Decimal("0.01"),
                "target": 5_000_000,
            }
        rows.append(one)
    return rows


def actuals(people: int, kpis: list[Row], count: int, months: int) -> Iterator[Row]:
    dice = random.Random(7)
    first = date(YEAR, LAST_MONTH - months + 1, 1)
    days = (date(YEAR, LAST_MONTH, 30) - first).days + 1
    for n in range(count):
        kpi = kpis[n % len(kpis)]
        row: Row = {
            "day": first + timedelta(dice.randrange(days)),
            "unit": f"P{dice.randrange(people):04d}",
            "kpi": kpi["code"],
            "product": f"产品{dice.randrange(40)}",
            "region": "华东华北华南西南"[2 * dice.randrange(4) :][:2],
            "customer": f"客户{dice.randrange(3000)}有限公司",
            "channel": ("直销", "经销", "线上")[n % 3],
            "quantity": dice.randrange(1, 50),
        }
        if kpi["kind"] == "比率":
            row |= {"numerator": dice.randrange(40), "denominator": dice.randrange(40, 90)}
        else:
            row["value"] = (
                dice.randrange(100)
                if kpi["kind"] == "存量"
                else Decimal(dice.randrange(1, 5_000_000)) / 100
            )
        yield row


def build(path: Path, people: int, kpi_count: int, rows: int, months: int) -> None:
    """Write a zh master of 2026 with its report month June."""
    from salesplan.plan.loader import load
    from salesplan.template import write_template
    from salesplan.workbook import CellChange, patch_workbook

    empty = path.with_name(f"empty-{path.name}")
    write_template(empty, lang="zh", year=YEAR)
    tables = load(empty).tables
    kpis = indicators(kpi_count)
    changes = []
    for key, given in (
        ("units", organization(people)),
        ("kpis", kpis),
        ("actuals", actuals(people, kpis, rows, months)),
    ):
        found = tables[key]
        for number, row in enumerate(given, found.first_row):
            changes += [
                CellChange(found.sheet, f"{found.columns[name]}{number}", value)
                for name, value in row.items()
                if value is not None
            ]
    settings = tables["settings"]
    for number, name in zip(settings.row_numbers, settings.column("name"), strict=True):
        value = {
            "报告月份": f"{YEAR}-{LAST_MONTH:02d}",
            "数据截止日": date(YEAR, LAST_MONTH, 30),
        }.get(str(name))
        if value is not None:
            changes.append(
                CellChange(settings.sheet, f"{settings.columns['value']}{number}", value)
            )
    patch_workbook(empty, path, changes)
    empty.unlink()


if __name__ == "__main__":
    build(Path(sys.argv[1]), *map(int, sys.argv[2:]))
