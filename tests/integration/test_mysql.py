"""A MySQL server gives the rows and the groups that every other source gives, to the cent, and is
asked for reading only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salesplan.findings import SalesplanError
from tests import mariadb, postgres
from tests.integration.test_linked_engines import AGAIN, asked, by_engine, by_record, sums, told
from tests.integration.test_linked_engines import sums_of_records as wanted_sums
from tests.integration.test_source_engines import MAP, SQL, expected, records, taken

pymysql: Any = pytest.importorskip("pymysql")
TOPS = ['table = "lines"', 'table = "sales.lines"', SQL]


def owner(socket: Path) -> Any:
    return pymysql.connect(user="root", unix_socket=str(socket), charset="utf8mb4", autocommit=True)


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    if mariadb.programs() is None:
        pytest.skip("MariaDB is not installed")
    with mariadb.server() as found:
        with owner(found) as made, made.cursor() as cursor:
            cursor.execute("create database sales character set utf8mb4")
            cursor.execute(
                "create table sales.`lines` (id varchar(9), day date, who varchar(20), product "
                "varchar(20), quantity int, price decimal(12, 2), discount decimal(4, 2))"
            )
            cursor.executemany(
                "insert into sales.`lines` values (%s, %s, %s, %s, %s, %s, %s)", records()
            )
            cursor.execute(
                f"create user '{mariadb.USER}'@'localhost' identified by %s", [postgres.PASSWORD]
            )
            cursor.execute(f"grant all on *.* to '{mariadb.USER}'@'localhost'")
        yield found


@pytest.fixture
def server(socket: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SALESPLAN_DATABASE_PASSWORD", postgres.PASSWORD)
    return f"mysql://{mariadb.USER}@localhost/sales?unix_socket={socket}"


@pytest.mark.parametrize("top", TOPS)
def test_rows_are_those_of_every_source(tmp_path: Path, server: str, top: str) -> None:
    assert sorted(taken(tmp_path, server, top=top.replace("from lines", "from `lines`"))) == (
        expected()
    )


@pytest.mark.parametrize("top", TOPS)
def test_the_server_groups_its_own(tmp_path: Path, server: str, top: str) -> None:
    mapping = MAP.format(top=top.replace("from lines", "from `lines`"))
    sources = asked(tmp_path, server, mapping)
    made = by_engine(sources)
    assert sums(made) == wanted_sums()
    assert told(made) == told(by_record(sources))


@pytest.mark.parametrize("kind", ["varchar(20)", "longtext", "varbinary(20)"])
def test_names_are_told_apart_sign_by_sign(
    tmp_path: Path, socket: Path, server: str, kind: str
) -> None:
    with owner(socket) as made, made.cursor() as cursor:
        cursor.execute("create or replace table sales.names like sales.`lines`")
        cursor.execute(f"alter table sales.names modify product {kind}")
        cursor.executemany(
            "insert into sales.names values (%s, '2026-06-01', 'P1', %s, 2, %s, 0)",
            [("1", "saw", "0.10"), ("2", "Saw", "0.20"), ("3", "z", "0.40"), ("4", "säw", "0.80")],
        )
    sources = asked(tmp_path, server, MAP.format(top='table = "names"'))
    made = by_engine(sources)
    assert told(made) == told(by_record(sources))
    assert {name: value for (_, name), value in sums(made).items()} == {
        "saw": 200_000,
        "Saw": 400_000,
        "z": 800_000,
        "säw": 1_600_000,
    }


HOSTILE = (
    "select * from `lines` into outfile '{target}'",
    "select 1--1 into outfile '{target}'",
    "select 1 /*! into outfile '{target}' */",
    "select 1 /*M! into outfile '{target}' */",
    "select '\\\\' , ' into outfile \"{target}\" #'",
    "select 1 # '\n into dumpfile '{target}' #'",
    "select load_file('/etc/hostname') as id",
    "select * from `lines`; drop table `lines`",
    "delete from `lines`",
    "select writes() as id from `lines`",
)


@pytest.mark.parametrize("sql", HOSTILE)
def test_a_hostile_query_reads_and_writes_nothing(
    tmp_path: Path, socket: Path, server: str, sql: str
) -> None:
    target = socket.with_name("target")
    with owner(socket) as made, made.cursor() as cursor:
        cursor.execute(
            "create or replace function sales.writes() returns int modifies sql data begin "
            "delete from sales.`lines`; return 1; end"
        )
    top = f"sql = '''{sql.format(target=target)}'''" if "'''" not in sql else ""
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, server, top=top)
    assert refused.value.finding.code in (
        "import-mapping-value",
        "import-query-failed",
        "import-sql-not-select",
    )
    with owner(socket) as made, made.cursor() as cursor:
        cursor.execute("select count(*) from sales.`lines`")
        assert cursor.fetchone() == (300,)
    assert not target.exists()


@pytest.mark.parametrize(
    ("change", "top", "code"),
    [
        (("reader@", "reader:secret@"), 'table = "a"', "import-url-password"),
        (("reader@", "nobody@"), 'table = "a"', "import-unreachable"),
        (("unix_socket=", "unix_socket=/nowhere"), 'table = "a"', "import-unreachable"),
        (("", ""), "", "import-table-unsaid"),
        (("", ""), 'table = "other"', "import-query-failed"),
    ],
)
def test_what_it_refuses_is_one_message(
    tmp_path: Path, server: str, change: tuple[str, str], top: str, code: str
) -> None:
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, server.replace(*change), top=top)
    assert refused.value.finding.code == code
    assert postgres.PASSWORD not in str(refused.value.finding.params)


@pytest.mark.parametrize("first", ["", 'first_of = "product"\n'])
def test_customers_and_firsts_are_those_of_records(tmp_path: Path, server: str, first: str) -> None:
    named = MAP.replace('product = "product"\n[[', 'product = "product"\ncustomer = "product"\n[[')
    sources = asked(tmp_path, server, named.format(top='table = "lines"') + first)
    assert told(by_engine(sources)) == told(by_record(sources))


def test_who_bought_again_is_counted_as_of_records(tmp_path: Path, server: str) -> None:
    sources = asked(tmp_path, server, 'table = "lines"\n' + AGAIN)
    made = told(by_engine(sources))
    assert made == told(by_record(sources)) and made[0]
