"""First deals and repurchase: the accounts that a source's own engine counts are those of its
records and of plain SQL, on every source.
"""

from __future__ import annotations

import csv
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesplan.findings import SalesplanError
from salesplan.plan.model import Month
from salesplan.plan.sources import groups
from salesplan.plan.sources.groups import FIGURES, Grouping
from salesplan.plan.sources.map_file import read_mapping
from tests import postgres
from tests.integration.test_linked_engines import asked, by_engine, by_record, told
from tests.integration.test_source_engines import password, server

__all__ = ["password", "server"]

HEAD = ("id", "day", "who", "account", "product")
MAP = """
key = "id"
{top}
[columns]
day = "day"
unit = "who"
product = "product"
[[rule]]
kpi = "{kpi}"
{account} = "account"
{figures}
"""
RATE = "numerator = 1\ndenominator = 1"
RULES = (
    ("NEW", "first_of", "value = 1"),
    ("NEW", "repeat_of", "value = 1"),
    ("NEW", "repeat_of", "within = 40\nvalue = 1"),
    ("REP", "repeat_of", RATE),
    ("REP", "repeat_of", f"within = 90\n{RATE}"),
    ("WIN", "repeat_of", RATE),
)
Deal = tuple[str, date, str, str, str]


def mapping(rule: tuple[str, str, str], top: str = "") -> str:
    kpi, account, figures = rule
    return MAP.format(top=top, kpi=kpi, account=account, figures=figures)


deals = st.lists(
    st.tuples(
        st.integers(0, 250).map(lambda days: date(2025, 11, 1) + timedelta(days=days)),
        st.sampled_from(("P1", "Bo", "P1:60%; P2:40%", "Nobody")),
        st.sampled_from(("Acme", "acme", "Zoë", "")),
        st.sampled_from(("A", "B")),
    ),
    max_size=40,
)
KEYS = ("9", "10", "a1", "A2", "ä3", "Z4")


def keyed(rows: Sequence[tuple[date, str, str, str]]) -> list[Deal]:
    """Keys of which the order is not that of the lines, in no language the same."""
    return [(f"{KEYS[at * 5 % 6]}-{at * 7 % 41}", *row) for at, row in enumerate(rows)]


def write(folder: Path, kind: str, rows: Sequence[Deal]) -> Path:
    path = folder / f"deals.{kind}"
    path.unlink(missing_ok=True)
    if kind == "sqlite":
        with sqlite3.connect(path) as made:
            made.execute("create table deals (id, day, who, account, product)")
            made.executemany("insert into deals values (?, ?, ?, ?, ?)", texts(rows))
        made.close()
        return path
    with (folder / "deals.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEAD, *rows])
    if kind == "parquet":
        duckdb.execute(
            f"copy (select * from read_csv('{folder}/deals.csv', header=true, nullstr='#', columns="
            "{id: 'VARCHAR', day: 'DATE', who: 'VARCHAR', account: 'VARCHAR', product: 'VARCHAR'}))"
            f" to '{path}'"
        )
    return path


def texts(rows: Sequence[Deal]) -> list[list[str]]:
    return [list(map(str, row)) for row in rows]


def counted(rows: Sequence[Deal], within: int) -> dict[Month, tuple[int, int]]:
    """By plain SQL, of each month: the accounts that bought again, and all that bought."""
    with duckdb.connect(":memory:") as made:
        made.execute("create table deals (id text, day date, who text, account text, product text)")
        if rows:
            made.executemany("insert into deals values (?, ?, ?, ?, ?)", texts(rows))
        found = made.execute(
            """
            with sold as (
                select distinct account, day from deals where account <> '' and who <> 'Nobody'
            ), days as (
                select one.account, one.day, exists (
                    from sold other where other.account = one.account and other.day < one.day
                    and (? = 0 or other.day >= one.day - ?::int)
                ) as again from sold one
            ), months as (
                select account, date_trunc('month', day)::date as month, bool_or(again) as again
                from days group by all
            )
            select month, count(*) filter (again), count(*) from months group by month
            """,
            [within, within],
        ).fetchall()
    return {Month.of(month): (again, active) for month, again, active in found}


def summed(made: Grouping) -> dict[Month, tuple[int, int]]:
    """Of each month the sums of numerators and denominators."""
    found: defaultdict[Month, list[int]] = defaultdict(lambda: [0, 0])
    for one in made.groups():
        month = one.when if isinstance(one.when, Month) else Month.of(one.when)
        for at, name in enumerate(("numerator", "denominator")):
            found[month][at] += one.figures[FIGURES.index(name)] or 0
    return {month: (top // 10**6, bottom // 10**6) for month, (top, bottom) in found.items()}


@settings(
    max_examples=200 if os.environ.get("SALESPLAN_THOROUGH") else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=deals.map(keyed), rule=st.sampled_from(RULES))
def test_accounts_are_counted_alike_by_engine_record_and_sql(
    tmp_path: Path, rows: list[Deal], rule: tuple[str, str, str]
) -> None:
    rows = [row for row in rows if row[2] != "Nobody"] or rows
    sources = asked(tmp_path, write(tmp_path, "parquet", rows), mapping(rule))
    made = by_record(sources)
    if any(row[2] != "Nobody" for row in rows):
        assert told(by_engine(sources)) == told(made)
    if "numerator" in rule[2]:
        within = int(rule[2].split()[2]) if "within" in rule[2] else 0
        assert summed(made) == counted(rows, within)


SOME: list[Deal] = [
    ("a1", date(2026, 1, 5), "P1", "Acme", "A"),
    ("Z4", date(2026, 1, 5), "Bo", "Acme", "B"),
    ("9", date(2026, 3, 2), "P1", "Acme", "A"),
    ("10", date(2026, 3, 2), "Bo", "Acme", "B"),
    ("1", date(2026, 3, 9), "P1", "Acme", "B"),
    ("b", date(2026, 5, 20), "P1", "Zoë", "A"),
    ("ä3", date(2026, 6, 1), "P1", "Zoë", "A"),
    ("z", date(2026, 6, 1), "Bo", "Zoë", "B"),
    ("c", date(2026, 6, 2), "Nobody", "Zoë", "B"),
    ("d", date(2026, 6, 3), "P1", "", "B"),
    ("e", date(2026, 6, 4), "P1", "acme", "B"),
]
"""Of one day the lowest key is another one in the order of lines, of numbers and of a language."""


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", ["csv", "sqlite"])
def test_so_are_those_of_other_files(tmp_path: Path, kind: str, rule: tuple[str, str, str]) -> None:
    wanted = told(by_engine(asked(tmp_path, write(tmp_path, "parquet", SOME), mapping(rule))))
    sources = asked(tmp_path, write(tmp_path, kind, SOME), mapping(rule))
    assert told(by_record(sources)) == wanted
    if kind == "csv":
        assert told(by_engine(sources)) == wanted


@pytest.fixture(scope="module")
def table(server: str) -> Iterator[str]:
    """A table whose texts the server puts in a language's order."""
    with psycopg.connect(server, password=postgres.PASSWORD) as made:
        made.execute(
            'create table accounts (id text collate "und-x-icu", day date, who text, '
            "account text, product text)"
        )
        with made.cursor() as cursor:
            cursor.executemany("insert into accounts values (%s, %s, %s, %s, %s)", SOME)
    yield server


@pytest.mark.parametrize("rule", RULES)
def test_so_are_those_of_a_postgresql_server(
    tmp_path: Path, table: str, rule: tuple[str, str, str]
) -> None:
    wanted = told(by_record(asked(tmp_path, write(tmp_path, "csv", SOME), mapping(rule))))
    sources = asked(tmp_path, table, mapping(rule, 'table = "accounts"'))
    assert told(by_engine(sources)) == wanted


def test_an_account_counts_once_a_month_where_it_bought_again(tmp_path: Path) -> None:
    """Acme again on 2 March, Zoë on 1 June, each by the lower key of that day; acme is another."""
    made = by_record(asked(tmp_path, write(tmp_path, "csv", SOME), mapping(RULES[1])))
    found = [(one.when, one.unit, one.figures[1]) for one in made.groups()]
    assert found == [(Month(2026, 3), "P2", 10**6), (date(2026, 6, 1), "P2", 10**6)]
    rate = by_record(asked(tmp_path, write(tmp_path, "csv", SOME), mapping(RULES[3])))
    months = {Month(2026, 1): (0, 1), Month(2026, 3): (1, 1), Month(2026, 5): (0, 1)}
    assert summed(rate) == {**months, Month(2026, 6): (1, 2)}
    assert {code: one.count for code, one in rate.refused.items()} == {
        groups.UNIT: 1,
        groups.RECORD: 1,
    }


@pytest.mark.parametrize(
    ("figures", "key"),
    [
        ('value = "product"', "[[rule]] value"),
        ('value = { product = "A" }', "[[rule]] value"),
        ('value = 1\nfirst_of = "who"', "[[rule]] repeat_of"),
        ("value = 1\nwithin = -1", "[[rule]] within"),
        ("value = 1\nwithin = true", "[[rule]] within"),
    ],
)
def test_what_counts_no_accounts_is_refused_by_its_key(
    tmp_path: Path, figures: str, key: str
) -> None:
    path = tmp_path / "map.toml"
    path.write_text(mapping(("NEW", "repeat_of", figures)), encoding="utf-8")
    with pytest.raises(SalesplanError) as refused:
        read_mapping(path)
    assert refused.value.finding.code == "import-mapping-value"
    assert refused.value.finding.params["key"] == key


def test_days_without_accounts_to_count_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(mapping(("NEW", "customer", "value = 1\nwithin = 9")), encoding="utf-8")
    with pytest.raises(SalesplanError) as refused:
        read_mapping(path)
    assert refused.value.finding.code == "import-mapping-missing"
