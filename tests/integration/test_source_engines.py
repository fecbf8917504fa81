"""One mapping on every kind of source gives the same rows, to the cent; and no mapping makes an
engine do more than read what the command names.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import psycopg
import pytest
from openpyxl import Workbook

from salesplan.findings import SalesplanError
from salesplan.messages import fix, text
from salesplan.plan.sources import engines
from salesplan.plan.sources.actuals import read_records
from salesplan.plan.sources.map_file import read_mapping
from salesplan.plan.sources.opening import Sources
from tests import postgres
from tests.unit.test_source_maps import PLAN

HEAD = ("id", "day", "who", "product", "quantity", "price", "discount")
MAP = """
key = "id"
{top}
[columns]
day = "day"
unit = "who"
product = "product"
[[rule]]
kpi = "REV"
where = {{ product = {{ not = "Z" }}, quantity = {{ ">" = 1 }}, day = {{ "<" = 2026-12-01 }} }}
value = "quantity * price * (1 - discount)"
quantity = "quantity"
"""
Row = tuple[str, date, str, str, int, Decimal, Decimal]


def records() -> list[Row]:
    """Three hundred order lines, the same at every run."""
    random = Random(7)
    return [
        (
            f"L{at:03}",
            date(2026, 1, 1) + timedelta(days=random.randrange(365)),
            random.choice(("P1", "Ann Lee")),
            random.choice(("Ä 1", "B,2", "C'3", "Z")),
            random.randrange(0, 50),
            Decimal(random.randrange(1, 10**6)) / 100,
            Decimal(random.randrange(0, 40)) / 100,
        )
        for at in range(300)
    ]


def expected() -> list[tuple[str, date, str, Decimal]]:
    return [
        (f"REV:{key}", day, product, quantity * price * (1 - discount))
        for key, day, _, product, quantity, price, discount in records()
        if product != "Z" and quantity > 1 and day < date(2026, 12, 1)
    ]


def write_csv(folder: Path) -> Path:
    path = folder / "lines.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEAD, *records()])
    return path


def write_xlsx(folder: Path) -> Path:
    book = Workbook()
    for row in (HEAD, *records()):
        book.active.append([float(one) if isinstance(one, Decimal) else one for one in row])
    book.save(folder / "lines.xlsx")
    return folder / "lines.xlsx"


def write_sqlite(folder: Path) -> Path:
    path = folder / "lines.sqlite"
    with sqlite3.connect(path) as made:
        made.execute(
            "create table lines "
            "(id, day text, who, product, quantity int, price real, discount real)"
        )
        plain = [
            [
                str(one)
                if isinstance(one, date)
                else float(one)
                if isinstance(one, Decimal)
                else one
                for one in row
            ]
            for row in records()
        ]
        made.executemany("insert into lines values (?, ?, ?, ?, ?, ?, ?)", plain)
    made.close()
    return path


def in_duckdb(folder: Path, target: str) -> Any:
    made = duckdb.connect(target)
    source = write_csv(folder)
    made.execute(
        "create table lines as select id, day::date as day, who, product, quantity::int as "
        "quantity, price::decimal(12, 2) as price, discount::decimal(4, 2) as discount "
        f"from '{source}'"
    )
    return made


def write_duckdb(folder: Path) -> Path:
    in_duckdb(folder, str(folder / "lines.duckdb")).close()
    return folder / "lines.duckdb"


def write_parquet(folder: Path) -> Path:
    in_duckdb(folder, ":memory:").execute(f"copy lines to '{folder}/lines.parquet'")
    return folder / "lines.parquet"


def write_jsonl(folder: Path) -> Path:
    path = folder / "lines.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for row in records():
            plain = {
                name: one if isinstance(one, int) else str(one)
                for name, one in zip(HEAD, row, strict=True)
            }
            stream.write(json.dumps(plain) + "\n")
    return path


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.server() as address:
        with psycopg.connect(address, password=postgres.PASSWORD) as made:
            made.execute(
                "create table lines (id text, day date, who text, product text, quantity int, "
                "price numeric(12, 2), discount numeric(4, 2))"
            )
            with made.cursor() as cursor:
                cursor.executemany(
                    "insert into lines values (%s, %s, %s, %s, %s, %s, %s)", records()
                )
        yield address


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESPLAN_DATABASE_PASSWORD", postgres.PASSWORD)


def taken(
    folder: Path, *sources: object, top: str = "", mapping: str = MAP
) -> list[tuple[Any, ...]]:
    path = folder / "map.toml"
    path.write_text(mapping.format(top=top), encoding="utf-8")
    mapped = read_mapping(path)
    found = read_records(Sources(tuple(map(str, sources)), folder, mapped), mapped, PLAN)
    assert not found.refused, found.findings
    return [(row.source, row.day, row.texts["product"], row.figures["value"]) for row in found.rows]


FILES = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "sqlite": write_sqlite,
    "duckdb": write_duckdb,
    "parquet": write_parquet,
    "jsonl": write_jsonl,
}
SQL = 'sql = "select * from lines where quantity >= 0 order by id"'


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("top", ["", SQL])
def test_the_same_mapping_gives_the_same_figures_on_files(
    tmp_path: Path, kind: str, top: str
) -> None:
    assert sorted(taken(tmp_path, FILES[kind](tmp_path), top=top)) == expected()


@pytest.mark.parametrize("top", ['table = "lines"', 'table = "public.lines"', SQL])
def test_and_on_a_postgresql_server(tmp_path: Path, server: str, top: str) -> None:
    assert sorted(taken(tmp_path, server, top=top)) == expected()


def test_one_query_joins_files_of_several_kinds(tmp_path: Path) -> None:
    prices = tmp_path / "names.csv"
    prices.write_text("product;name\nÄ 1;Saw\nB,2;Nut\nC'3;Bolt\nZ;Z\n", encoding="utf-8")
    sql = "select l.* replace (n.name as product) from lines l join names n using (product)"
    names = {"Ä 1": "Saw", "B,2": "Nut", "C'3": "Bolt"}
    wanted = [(key, day, names[product], value) for key, day, product, value in expected()]
    assert sorted(taken(tmp_path, write_parquet(tmp_path), prices, top=f'sql = "{sql}"')) == wanted


def test_sums_of_a_query_over_csv_are_exact(tmp_path: Path) -> None:
    """0.1 three thousand times is 300, in decimals."""
    source = tmp_path / "lines.csv"
    rows = "".join(f"{at},2026-01-0{1 + at % 9},P1,0,1\n" for at in range(3_000))
    source.write_text(
        "id,day,who,code,price\n" + rows.replace(",0,1\n", ",007,0.1\n"), encoding="utf-8"
    )
    sql = """sql = '''
    select code as id, max(day) as day, who, code as product, 2 as quantity, sum(price) as price,
        0 as discount from lines group by all'''"""
    (row,) = taken(tmp_path, source, top=sql)
    assert row == ("REV:007", date(2026, 1, 9), "007", Decimal(600))


CANARY = "id,day,who,product,quantity,price,discount\nL1,2026-01-05,P1,A,2,1,0\n"
HOSTILE = (
    "select * from read_csv('{outside}')",
    "select * from read_text('{outside}')",
    "select * from '{outside}'",
    "from '{outside}'",
    "select * from glob('/etc/*')",
    "select * from read_parquet('https://example.com/a.parquet')",
    "select * from sqlite_scan('{outside}', 'x')",
    "copy lines to '{target}'",
    "select 1; copy lines to '{target}'",
    "attach '{target}' as other",
    "create table other as select 1",
    "insert into lines select * from lines",
    "with gone as (delete from lines returning *) select * from gone",
    "install httpfs",
    "set enable_external_access = true",
    "pragma database_list",
    "select load_extension('x')",
    "select pg_read_file('{outside}')",
    "select lo_export(1, '{target}')",
    "select * into other from lines",
    "export database '{target}'",
    "select '--' ; drop table lines",
    "select * from query('copy lines to ''{target}''')",
    "select '--', pg_read_file('{outside}') from lines",
    "select E'\\\\'', pg_read_file('{outside}') from lines",
    "select /* ' */ pg_read_file('{outside}') /* ' */ from lines",
    "select \\\"pg_read_file\\\"('{outside}') from lines",
    "select U&\\\"\\\\0070g_read_file\\\"('{outside}') from lines",
    "select query_to_xml('select 1', true, true, '') from lines",
    "select lo_import('{outside}') from lines",
    "select * from dblink('host=127.0.0.1', 'select 1') as t(a int)",
    "copy lines to program 'touch {target}'",
    "/* read */ copy lines to '{target}'",
    "with gone as (copy lines to '{target}') select * from gone",
    "select * from lines; -- ; attach '{target}' as x",
    "select * from read_blob('{outside}')",
    "select * from parquet.`{outside}`",
    "load '{target}'",
    "vacuum into '{target}'",
)


@pytest.mark.parametrize("sql", HOSTILE)
@pytest.mark.parametrize("kind", ["csv", "sqlite", "duckdb", "parquet"])
def test_a_hostile_query_reads_and_writes_nothing(tmp_path: Path, sql: str, kind: str) -> None:
    folder = tmp_path / "maps"
    folder.mkdir()
    outside, target = tmp_path / "outside.csv", tmp_path / "target"
    outside.write_text(CANARY, encoding="utf-8")
    source = FILES[kind](folder)
    before = source.read_bytes()
    asked = sql.format(outside=outside, target=target)
    with pytest.raises(SalesplanError) as refused:
        taken(folder, source, top=f'sql = """{asked}"""')
    assert refused.value.finding.code in ("import-mapping-value", "import-query-failed")
    assert not target.exists() and source.read_bytes() == before
    assert set(tmp_path.iterdir()) == {folder, outside}


@pytest.mark.parametrize("sql", HOSTILE)
def test_nor_does_it_on_a_server(tmp_path: Path, server: str, sql: str) -> None:
    outside, target = tmp_path / "outside.csv", tmp_path / "target"
    asked = sql.format(outside=outside, target=target)
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, server, top=f'sql = """{asked}"""')
    assert refused.value.finding.code in ("import-mapping-value", "import-query-failed")
    with psycopg.connect(server, password=postgres.PASSWORD) as made:
        (count,) = made.execute("select count(*) from lines").fetchone() or (0,)
    assert count == 300 and not target.exists()


def test_a_server_is_asked_for_reading_only(tmp_path: Path, server: str) -> None:
    """What no gate of words sees, the transaction refuses: a function that writes."""
    with psycopg.connect(server, password=postgres.PASSWORD) as made:
        made.execute(
            "create or replace function writes() returns int language sql volatile as "
            "'insert into lines(id) values (''x'') returning 1'"
        )
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, server, top='sql = "select *, writes() from lines"')
    assert refused.value.finding.code == "import-query-failed"
    assert "read-only" in str(refused.value.finding.params["cause"])


@pytest.mark.parametrize(
    ("source", "top", "code"),
    [
        ("postgresql://someone:secret@127.0.0.1:1/db", 'table = "a"', "import-url-password"),
        ("postgresql://a@127.0.0.1:1/db?password=secret", 'table = "a"', "import-url-password"),
        ("postgresql://a@127.0.0.1:1/db?passfile=/secret", 'table = "a"', "import-url-password"),
        ("postgresql://a@127.0.0.1:1/db?%70assword=secret", 'table = "a"', "import-url-password"),
        ("postgresql://a@127.0.0.1:1/db?service=theirs", 'table = "a"', "import-url-password"),
        ("postgresql://someone@127.0.0.1:1/db", 'table = "a"', "import-unreachable"),
        ("mongodb://127.0.0.1/db", 'table = "a"', "import-url-unknown"),
        ("lines.sqlite", 'table = "other"', "import-table-unsaid"),
        ("lines.duckdb", 'table = "other"', "import-table-unsaid"),
        ("lines.sqlite", 'sql = "select nothing from lines"', "import-query-failed"),
        ("lines.duckdb", 'sql = "select nothing from lines"', "import-query-failed"),
    ],
)
def test_what_a_database_refuses_is_one_message_and_tells_no_secret(
    tmp_path: Path, source: str, top: str, code: str
) -> None:
    write_sqlite(tmp_path)
    write_duckdb(tmp_path)
    named = source if "://" in source else tmp_path / source
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, named, top=top)
    finding = refused.value.finding
    assert finding.code == code
    for lang in ("zh", "en"):
        said = text(finding, lang) + fix(finding, lang)
        assert "secret" not in said and postgres.PASSWORD not in said


def test_databases_are_not_asked_together(tmp_path: Path) -> None:
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, write_sqlite(tmp_path), write_csv(tmp_path), top=SQL)
    assert refused.value.finding.code == "import-sql-sources"


def test_a_link_of_several_files_is_no_one_table(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "lines.zip", "w") as archive:
        archive.writestr("a.csv", CANARY)
        archive.writestr("b.csv", CANARY)
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, tmp_path / "lines.zip", top=SQL)
    assert refused.value.finding.code == "import-join-file"


def test_what_is_no_select_is_refused_by_the_engine_too(tmp_path: Path) -> None:
    """The gate of words lets nothing through; what stands behind it does not trust it."""
    sql: Mapping[str, str] = {"duckdb": "create table x as select 1", "sqlite": "begin"}
    for kind, words in sql.items():
        with pytest.raises(SalesplanError) as refused:
            engines.engine_table(str(FILES[kind](tmp_path)), "", words)
        assert refused.value.finding.code in ("import-sql-not-select", "import-query-failed")


def test_an_engine_that_is_not_installed_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    for source, module, extra in (
        (write_parquet(tmp_path), "duckdb", "salesplan[data]"),
        (server, "psycopg", "salesplan[warehouse]"),
    ):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(SalesplanError) as refused:
            taken(tmp_path, source, top='table = "lines"')
        monkeypatch.undo()
        finding = refused.value.finding
        assert finding.code == "import-extra-missing"
        assert all(extra in fix(finding, lang) for lang in ("zh", "en"))
