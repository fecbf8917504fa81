"""Real public data through the door for rows: what a mapping alone brings in is, to the cent, what
plain SQL over the same files says.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from salesplan.cli import commands
from tests.crm import DATA
from tests.unit.masters import SOUND, write

DOCS = Path(__file__).parents[2] / "docs"
NORTHWIND, SUPERSTORE = DATA.parent / "northwind", DATA.parent / "superstore"
needs_northwind = pytest.mark.skipif(
    not NORTHWIND.is_dir(), reason="the Northwind data set is not on this machine"
)
needs_superstore = pytest.mark.skipif(
    not SUPERSTORE.is_dir(), reason="the Superstore data set is not on this machine"
)


def master(path: Path, units: Iterable[str]) -> Path:
    """A master with these units below its company, and KPIs REV and GM."""
    people = [
        {"code": f"U{at}", "name": name, "level": "个人", "parent": "C1"}
        for at, name in enumerate(units, 1)
    ]
    kpis = [{**SOUND["kpis"][0], "unit": "USD"}]
    kpis += [{**kpis[0], "code": "GM", "name": "毛利", "weight": None}]
    rows = {**SOUND, "units": [SOUND["units"][0], *people], "kpis": kpis, "targets": []}
    actuals = [dict.fromkeys(("source", "product", "customer", "channel", "region", "quantity"))]
    return write(path, {**rows, "actuals": actuals})


def imported(path: Path, mapping: Path, *sources: str) -> dict[str, Any]:
    words = ["import-actuals", str(path), *sources, "--map", str(mapping), "--json"]
    done = CliRunner().invoke(commands, words)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def sums(path: Path, kpi: str, *columns: str) -> dict[tuple[Any, ...], Decimal]:
    """What stands in 实绩, added up by columns."""
    page = load_workbook(path, read_only=True)["实绩"].iter_rows(values_only=True)
    heads = list(next(page))
    total: Counter[tuple[Any, ...]] = Counter()
    for row in page:
        cells = dict(zip(heads, row, strict=True))
        if cells["指标"] == kpi and cells["来源"]:
            key = tuple(cells[name] for name in columns)
            total[key] += Decimal(str(cells["金额/数值"]))
    return dict(total)


def database(**files: Path) -> sqlite3.Connection:
    """The CSV files as tables of text."""
    made = sqlite3.connect(":memory:")
    for name, path in files.items():
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            delimiter = ";" if "superstore" in path.name else ","
            head, *rows = csv.reader(stream, delimiter=delimiter)
        made.execute(f"create table {name} ({', '.join(f'[{one}]' for one in head)})")
        made.executemany(f"insert into {name} values ({', '.join('?' * len(head))})", rows)
    return made


NORTHWIND_SQL = """
select e."First Name" || ' ' || e."Last Name", substr(o.OrderDate, 1, 7), c.CategoryName,
    sum(cast(round(d.DiscountedUnitPrice * 100) as integer) * cast(d.Quantity as integer))
from details d join orders o on o.OrderID = d.OrderID
    join products p on p.ProductID = d.ProductID
    join categories c on c.CategoryID = p.CategoryID
    join employees e on e."Employee ID" = o.EmployeeID
group by 1, 2, 3
"""


@needs_northwind
def test_northwind_by_joins_and_a_computed_value_is_what_sql_says(tmp_path: Path) -> None:
    names = ("orders", "products", "categories", "employees")
    tables = {name: NORTHWIND / f"{name}.csv" for name in names}
    made = database(details=NORTHWIND / "order_details.csv", **tables)
    people = [
        name
        for (name,) in made.execute(
            "select [First Name] || ' ' || [Last Name] from employees order by 1"
        )
    ]
    path = master(tmp_path / "plan.xlsx", people)
    files = ("order_details.csv", "customers.csv")
    sources = [*(NORTHWIND / name for name in files), *tables.values()]
    told = imported(path, DOCS / "northwind-map.toml", *map(str, sources))
    lines = made.execute("select count(*) from details").fetchone()[0]
    assert (told["records"], told["added"], told["refused"]) == (lines, lines, 0)

    codes = {name: f"U{at}" for at, name in enumerate(people, 1)}
    wanted = {
        (codes[name], month, category): Decimal(cents) / 100
        for name, month, category, cents in made.execute(NORTHWIND_SQL)
    }
    found: Counter[tuple[str, str, str]] = Counter()
    for (unit, day, category), value in sums(path, "REV", "组织编码", "日期", "渠道").items():
        found[unit, f"{day:%Y-%m}", category] += value
    assert dict(found) == wanted and len(wanted) > 300

    again = imported(path, DOCS / "northwind-map.toml", *map(str, sources))
    assert (again["added"], again["known"], again["changed"]) == (0, lines, 0)


SUPERSTORE_SQL = """
select [Region], [Category],
    sum(cast(round(replace([{column}], ',', '.') * 10000) as integer))
from superstore where {where} group by 1, 2
"""


@needs_superstore
@pytest.mark.parametrize("name", ["superstore_eu.csv", "superstore_eu_1252.csv"])
def test_superstore_in_either_encoding_is_what_sql_says(tmp_path: Path, name: str) -> None:
    made = database(superstore=SUPERSTORE / "superstore_eu.csv")
    regions = [one for (one,) in made.execute("select distinct Region from superstore order by 1")]
    path = master(tmp_path / "plan.xlsx", regions)
    told = imported(path, DOCS / "superstore-map.toml", str(SUPERSTORE / name))
    lines = made.execute("select count(*) from superstore").fetchone()[0]
    assert (told["records"], told["refused"]) == (lines, 0)
    codes = {region: f"U{at}" for at, region in enumerate(regions, 1)}
    for kpi, column, where in (
        ("REV", "Sales", "1"),
        ("GM", "Profit", "cast(replace([Discount], ',', '.') as real) < 0.5"),
    ):
        asked = SUPERSTORE_SQL.format(column=column, where=where)
        wanted = {
            (codes[region], category): Decimal(parts) / 10_000
            for region, category, parts in made.execute(asked)
        }
        assert sums(path, kpi, "组织编码", "产品") == wanted and wanted
