"""Customers of real CRM data: first orders, repurchase and what each industry buys, as plain SQL
counts them.
"""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from salesplan import app
from salesplan.engine.actuals.facts import Facts
from salesplan.plan.loader import load
from salesplan.plan.model import Month, Plan
from salesplan.workbook import CellChange, patch_workbook
from tests.crm import DATA, MAP, build_master, needs_crm

pytestmark = [pytest.mark.crm, needs_crm]

MONTHS = [Month(2017, month) for month in range(1, 13)]
DEALS = f"read_csv_auto('{DATA / 'sales_pipeline.csv'}')"
ACCOUNTS = f"read_csv_auto('{DATA / 'accounts.csv'}')"
KPIS = (
    {"code": "FST", "name": "First orders", "kind": "Flow", "counted_as": "First orders"},
    {"code": "AGN", "name": "Repurchase", "kind": "Cohort ratio", "counted_as": "Repurchase"},
)
WITHIN = 30


def asked(query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(":memory:") as base:
        base.execute(
            f"create view won as select account, sales_agent, close_date, close_value from {DEALS}"
            " where deal_stage = 'Won' and account is not null and close_value > 0"
        )
        base.execute(
            "create view days as select account, close_date as day,"
            " lag(close_date) over (partition by account order by close_date) as before"
            " from (select distinct account, close_date from won)"
        )
        return base.execute(query).fetchall()


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The CRM master with its accounts as 客户, and only revenue imported."""
    bare = tmp_path_factory.mktemp("crm") / "bare.xlsx"
    path = bare.with_name("crm.xlsx")
    build_master(DATA, bare)
    accounts = asked(f"select account, sector, employees, office_location from {ACCOUNTS}")
    rows = [
        {
            "code": f"C{number:03}",
            "name": name,
            "industry": sector,
            "size": "Large" if int(str(staff)) >= 5000 else "Small",
            "region": place,
        }
        for number, (name, sector, staff, place) in enumerate(accounts, 1)
    ]
    tables = load(bare).tables
    changes = [
        CellChange(
            tables[key].sheet,
            f"{tables[key].columns[name]}{tables[key].first_row + first + offset}",
            value,
        )
        for key, given, first in (("kpis", KPIS, 3), ("customers", rows, 0))
        for offset, row in enumerate(given)
        for name, value in row.items()
    ]
    settings = tables["settings"]
    at = list(settings.column("name")).index("Repurchase window days")
    place = f"{settings.columns['value']}{settings.row_numbers[at]}"
    changes.append(CellChange(settings.sheet, place, WITHIN))
    patch_workbook(bare, path, changes)
    mapping = path.with_suffix(".toml")
    words = MAP.read_text(encoding="utf-8")
    mapping.write_text(words[: words.index("# The first win")], encoding="utf-8")
    app.import_actuals(path, DATA / "sales_pipeline.csv", mapping)
    return load(path).plan


@pytest.fixture(scope="module")
def facts(plan: Plan) -> Facts:
    return Facts.of(plan, MONTHS[-1].last)


def test_first_orders_are_those_of_sql(facts: Facts) -> None:
    expected = dict(asked("select month(day), count(*) from days where before is null group by 1"))
    found = [facts.value("FST", "C", month, month) for month in MONTHS]
    assert found == [expected.get(month.month, 0 if month.month > 2 else None) for month in MONTHS]
    days = asked("select account, day from days where before is null")
    actuals = facts.plan.actuals
    rows = [row for row, kpi in enumerate(actuals.kpi) if kpi == "FST" and actuals.value[row]]
    assert sorted((actuals.customer[row], actuals.day[row]) for row in rows) == sorted(days)


def test_repurchase_is_that_of_sql(facts: Facts) -> None:
    expected = asked(
        "select month(day), count(distinct account) filter (where before is not null"
        f" and date_diff('day', before, day) <= {WITHIN}), count(distinct account)"
        " from days group by 1 order by 1"
    )
    assert len(expected) == 10
    for month, again, active in expected:
        parts = facts.parts("AGN", "C", MONTHS[int(str(month)) - 1], MONTHS[int(str(month)) - 1])
        assert parts == (again, active), month


def test_industries_and_sizes_are_those_of_sql(facts: Facts) -> None:
    for dimension, column in (
        ("industry", "sector"),
        ("size", "case when employees >= 5000 then 'Large' else 'Small' end"),
    ):
        expected = dict(
            asked(
                f"select {column}, sum(close_value) from won join {ACCOUNTS} using (account)"
                " group by 1"
            )
        )
        found = facts.by("REV", dimension, MONTHS[0], MONTHS[-1])
        nobody = found.pop("", Decimal(0))
        assert found == expected
        whole = facts.value("REV", "C", MONTHS[0], MONTHS[-1]) or Decimal(0)
        assert sum(found.values()) + nobody == whole
