"""The same mapping and the same groups, to the millionth, on ClickHouse.

``SALESPLAN_THOROUGH=1 python -m pytest -n 0 -m warehouse`` with chdb (its engine) and its driver
(``ibis-framework[clickhouse]``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from salesplan.findings import SalesplanError
from tests import clickhouse, postgres
from tests.integration.test_linked_engines import (
    AGAIN,
    FIRST,
    MESSY,
    MESSY_HEAD,
    WITH_CUSTOMERS,
    asked,
    by_engine,
    by_record,
    messy,
    sums,
    sums_of_records,
    told,
)
from tests.integration.test_source_engines import FILES, MAP, SQL

pytestmark = [
    pytest.mark.warehouse,
    pytest.mark.skipif(
        not os.environ.get("SALESPLAN_THOROUGH")
        or find_spec("chdb") is None
        or find_spec("clickhouse_connect") is None,
        reason="ClickHouse is asked in the thorough run only, with chdb and its driver",
    ),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import clickhouse_connect

    folder = tmp_path_factory.mktemp("clickhouse")
    columns = ", ".join(f"{name} String" for name in MESSY_HEAD)
    FILES["parquet"](folder)
    messy(folder, 1)
    with clickhouse.server(folder / "data") as address:
        client = clickhouse_connect.get_client(
            host="127.0.0.1", port=int(address.split(":")[2][:-8])
        )
        client.command(
            "create table lines engine = MergeTree order by id as select assumeNotNull(id) as "
            f"id, day, who, product, quantity, price, discount from file('{folder}/lines.parquet')"
        )
        client.command(
            "create table messy engine = MergeTree order by id as select * from "
            f"file('{folder}/messy.csv', 'CSVWithNames', '{columns}')"
        )
        yield address


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESPLAN_DATABASE_PASSWORD", postgres.PASSWORD)


@pytest.mark.parametrize("top", ['table = "lines"', SQL])
def test_clickhouse_gives_the_same_figures(tmp_path: Path, server: str, top: str) -> None:
    made = by_engine(asked(tmp_path, server, MAP.format(top=top)))
    assert sums(made) == sums_of_records()


@pytest.mark.parametrize("mapping", [FIRST, AGAIN, WITH_CUSTOMERS.format(top="")])
def test_accounts_and_customers_are_those_of_duckdb(
    tmp_path: Path, server: str, mapping: str
) -> None:
    theirs = told(by_engine(asked(tmp_path, FILES["parquet"](tmp_path), mapping)))
    assert told(by_engine(asked(tmp_path, server, 'table = "lines"\n' + mapping))) == theirs


@pytest.mark.parametrize("rule", ["REV", "NEW", "WIN", "STK", "AVG"])
def test_whatever_stands_in_a_field_is_read_alike(tmp_path: Path, server: str, rule: str) -> None:
    top, *rules = MESSY.split("[[rule]]")
    (chosen,) = (one for one in rules if f'"{rule}"' in one)
    mapping = f"{top}[[rule]]{chosen}"
    theirs = by_record(asked(tmp_path, messy(tmp_path, 1), mapping))
    made = by_engine(asked(tmp_path, server, f'table = "messy"\n{mapping}'))
    assert made.groups() == theirs.groups()


@pytest.mark.parametrize(
    "sql",
    [
        "select * from lines; drop table lines",
        "insert into lines select * from lines",
        "select * from file('/etc/passwd', 'LineAsString')",
        "select * from url('http://127.0.0.1:1/x', 'CSV')",
        "select * from lines into outfile '/tmp/never'",
    ],
)
def test_a_hostile_query_reads_and_writes_nothing(tmp_path: Path, server: str, sql: str) -> None:
    with pytest.raises(SalesplanError):
        by_engine(asked(tmp_path, server, MAP.format(top=f'sql = """{sql}"""')))
    made = by_engine(asked(tmp_path, server, MAP.format(top='table = "lines"')))
    assert sums(made) == sums_of_records()
