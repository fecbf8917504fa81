"""Groups that a source's own engine makes are those of its records, to the millionth, whatever the
source is and whatever stands in its fields.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import psycopg
import pytest

from salesplan.findings import SalesplanError
from salesplan.plan.model import ExchangeRate, Kpi, KpiKind, Level, Month, Plan, Settings, Unit
from salesplan.plan.sources import by_record as by_records
from salesplan.plan.sources import groups, pushdown, relations
from salesplan.plan.sources.by_record import group_records
from salesplan.plan.sources.grouping import _grouped
from salesplan.plan.sources.groups import Grouping, Window
from salesplan.plan.sources.map_file import read_mapping
from salesplan.plan.sources.mapping import TEXTS
from salesplan.plan.sources.opening import Sources
from salesplan.plan.sources.pushdown import group
from salesplan.plan.sources.relations import NotGroupedError, Relation, relation
from tests import postgres
from tests.integration.test_source_engines import (
    FILES,
    HEAD,
    MAP,
    SQL,
    expected,
    password,
    records,
    server,
)

__all__ = ["password", "server"]

PLAN = Plan(
    settings=Settings(year=2026),
    units=(
        Unit(code="C", name="Company", level=Level.COMPANY),
        Unit(code="P1", name="Ann Lee", level=Level.PERSON, parent="C"),
        Unit(code="P2", name="Bo", level=Level.PERSON, parent="C"),
        Unit(code="O", name="Experts", level=Level.PERSON, parent="C", overlay=True),
    ),
    kpis=(
        Kpi(code="REV", name="Revenue", kind=KpiKind.FLOW, unit="元"),
        Kpi(code="NEW", name="New customers", kind=KpiKind.FLOW, unit="个"),
        Kpi(code="WIN", name="Win rate", kind=KpiKind.RATIO, unit="%"),
        Kpi(code="REP", name="Repurchase rate", kind=KpiKind.COHORT_RATIO, unit="%"),
        Kpi(code="STK", name="Stock", kind=KpiKind.STOCK, unit="个"),
        Kpi(code="AVG", name="Average", kind=KpiKind.AVERAGE, unit="元"),
    ),
    rates=(
        ExchangeRate(currency="USD", since=date(2025, 1, 1), rate=Decimal(7)),
        ExchangeRate(currency="USD", since=date(2026, 2, 10), rate=Decimal(8)),
    ),
)
GROUPED_BY_ENGINES = ("csv", "duckdb", "parquet", "jsonl")
WINDOW = Window.of(PLAN, Month(2026, 6))


def asked(folder: Path, source: object, mapping: str) -> Sources:
    path = folder / "map.toml"
    path.write_text(mapping, encoding="utf-8")
    return Sources((str(source),), folder, read_mapping(path))


@contextmanager
def opened(sources: Sources) -> Iterator[Relation]:
    with relation(sources) as found:
        yield found


def by_engine(sources: Sources) -> Grouping:
    """The groups that the engine makes: no other way is taken."""
    made = Grouping(PLAN, WINDOW, "source")
    with opened(sources) as found:
        group(made, sources, found)
    return made


def by_record(sources: Sources) -> Grouping:
    made = Grouping(PLAN, WINDOW, "source")
    group_records(made, sources)
    return made


def told(made: Grouping) -> tuple[Any, ...]:
    """All that two ways must agree in."""
    refused = {code: one.count for code, one in made.refused.items()}
    return made.groups(), made.rows, refused


def sums(made: Grouping) -> dict[tuple[object, str], int]:
    found: defaultdict[tuple[object, str], int] = defaultdict(int)
    for one in made.groups():
        found[one.when, one.texts[0]] += one.figures[1] or 0
    return dict(found)


def sums_of_records() -> dict[tuple[object, str], int]:
    found: defaultdict[tuple[object, str], int] = defaultdict(int)
    for _, day, product, value in expected():
        when = day if day >= date(2026, 5, 1) else Month.of(day)
        found[when, product] += int(value * 10**6)
    return dict(found)


@pytest.mark.parametrize("kind", GROUPED_BY_ENGINES)
def test_files_are_grouped_by_the_engine(tmp_path: Path, kind: str) -> None:
    sources = asked(tmp_path, FILES[kind](tmp_path), MAP.format(top=""))
    made = by_engine(sources)
    assert sums(made) == sums_of_records()
    assert told(made) == told(by_record(sources))


@pytest.mark.parametrize("kind", ["duckdb", "parquet"])
def test_so_is_what_a_query_makes_of_them(tmp_path: Path, kind: str) -> None:
    sources = asked(tmp_path, FILES[kind](tmp_path), MAP.format(top=SQL))
    assert sums(by_engine(sources)) == sums_of_records()


@pytest.mark.parametrize("kind", sorted(FILES.keys() - set(GROUPED_BY_ENGINES)))
def test_others_are_read_record_by_record(tmp_path: Path, kind: str) -> None:
    sources = asked(tmp_path, FILES[kind](tmp_path), MAP.format(top=""))
    assert sums(by_record(sources)) == sums_of_records()


@pytest.mark.parametrize("top", ['table = "lines"', 'table = "public.lines"', SQL])
def test_a_postgresql_server_groups_its_own(tmp_path: Path, server: str, top: str) -> None:
    sources = asked(tmp_path, server, MAP.format(top=top))
    made = by_engine(sources)
    assert sums(made) == sums_of_records()
    assert told(made) == told(by_record(sources))


MESSY = """
key = "id"
null = ["-"]
[columns]
day = "day"
unit = "who"
product = "product"
customer = "customer"
currency = "currency"
[aliases.unit]
Bob = "Bo"
[[rule]]
kpi = "REV"
where = { stage = ["Won", ""], amount = { ">" = -50 }, product = { "not like" = "z%" } }
value = "amount * (1 - discount)"
scale = 0.1
[[rule]]
kpi = "NEW"
where = { stage = { not = "Lost" }, day = { between = [2025-01-05, 2026-12-20] } }
value = 1
share = "share"
[[rule]]
kpi = "WIN"
numerator = { stage = "Won", amount = { ">=" = 10 } }
denominator = 1
[[rule]]
kpi = "STK"
value = "amount"
[[rule]]
kpi = "AVG"
value = "round(max(amount, 2) / 3, 2) - min(1, discount)"
quantity = "discount"
"""
MESSY_HEAD = (
    "id", "day", "who", "product", "customer", "currency", "stage", "amount", "discount", "share",
)  # fmt: skip


def messy(folder: Path, seed: int, count: int = 600) -> Path:
    """Fields as people and programs leave them; about one in ten is odd."""
    random = Random(seed)

    def one(usual: list[str], odd: list[str]) -> str:
        return random.choice(odd if random.random() < 0.1 else usual)

    path = folder / "messy.csv"
    days = [str(date(2025, 11, 1) + timedelta(days=at)) for at in range(0, 240, 3)]
    amounts = [f"{random.randrange(-10_000, 10**6) / 100:.2f}" for _ in range(200)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(MESSY_HEAD)
        for at in range(count):
            writer.writerow(
                (
                    at,
                    one(days, ["2026/3/5", "2026-06", "", "soon", " 2026-06-02 ", "20260301"]),
                    one(["P1", "Ann Lee", "Bob", "P2"], ["X", "", " p1 ", "P1:60%; P2:40%"]),
                    one(["A", "B"], ["zebra", " A ", "", "-"]),
                    one([f"K{n}" for n in range(9)], ["", "-", "K1 ", 'Ü, "x"']),
                    one(["", "CNY", "USD"], ["usd", "-", "￥"]),
                    one(["Won", "Lost"], ["", "-", "Open", " Won"]),
                    one(amounts, ["1,234.50", "(12)", "¥5", "12.5万", "1e3", "", "-", "x", " 7 "]),
                    one(["0.1", "0.25", "0"], ["10%", "", "-", "1 000"]),
                    one(["1", "100%", "100"], ["", "x", " 1 "]),
                )
            )
    return path


@pytest.mark.parametrize("rule", ["REV", "NEW", "WIN", "STK", "AVG"])
@pytest.mark.parametrize("seed", range(3))
def test_whatever_stands_in_a_field_is_read_as_an_import_reads_it(
    tmp_path: Path, rule: str, seed: int
) -> None:
    """One rule at a time: of an import one that cannot be decided costs the record for all."""
    top, *rules = MESSY.split("[[rule]]")
    (mapping,) = (one for one in rules if f'"{rule}"' in one)
    sources = asked(tmp_path, messy(tmp_path, seed), f"{top}[[rule]]{mapping}")
    mine, theirs = by_engine(sources), by_record(sources)
    for one, other in zip(mine.groups(), theirs.groups(), strict=True):
        assert one == other
    assert mine.rows == theirs.rows


def written(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])
    return path


def stored(
    lines: Path, kind: str, column: str, typed: str, request: pytest.FixtureRequest
) -> tuple[object, str]:
    """A CSV file as it is, as Parquet or in the server, texts but for one column of that type, and
    how a mapping names it. The server keeps a type of whole numbers only.
    """
    if kind == "csv":
        return lines, ""
    if kind == "parquet":
        path = lines.with_suffix(".parquet")
        read = f"read_csv('{lines}', nullstr='', all_varchar=true)"
        changed = f"select * replace ({column}::{typed} as {column}) from {read}"
        duckdb.execute(f"copy ({changed}) to '{path}'")
        return path, ""
    name, address = lines.stem, request.getfixturevalue("server")
    with lines.open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    with psycopg.connect(address, password=postgres.PASSWORD) as made:
        made.execute(f"drop table if exists {name}")
        made.execute(f"create table {name} ({', '.join(f'{one} text' for one in head)})")
        with made.cursor() as cursor:
            places = ", ".join(["%s"] * len(head))
            cursor.executemany(f"insert into {name} values ({places})", rows)
        if typed == "BIGINT":
            whole = f"nullif({column}, '')::bigint"
            made.execute(f"alter table {name} alter {column} type bigint using {whole}")
    return address, f'table = "{name}"\n'


PARTS = """
key = "id"
[columns]
day = "day"
unit = "who"
product = "product"
[[rule]]
kpi = "REV"
value = "amount"
share = "share"
"""
SHARED = (
    ("1", "2026-06-01", "P1", "A", "100", "60%"),
    ("2", "2026-06-01", "Bo", "A", "100", "0.4"),
    ("3", "2026-06-01", "P1", "A", "200", "60"),
    ("4", "2026-06-02", "Bo", "A", "200", "40"),  # of another day: neither makes the whole
    ("5", "2026-03-01", "P1", "B", "50", "50%"),
    ("6", "2026-03-01", "Bo", "B", "50", "50%"),
    ("7", "2026-03-01", "P1", "B", "50", "0.5"),
    ("8", "2026-03-01", "Bo", "B", "50", "50"),  # two figures alike: 200 %
    ("9", "2026-06-03", "P1", "A", "10", "0.5"),
    ("10", "2026-06-03", "O", "A", "10", "0.5"),  # an overlay unit makes nothing whole
    ("11", "2026-06-04", "P1", "A", "70", "1"),
    ("12", "2026-06-04", "O", "A", "70", "0.3"),
    ("13", "2026-06-05", "Nobody", "A", "80", "60%"),
    ("14", "2026-06-05", "Bo", "A", "80", "40%"),  # its other part is nobody's
    ("15", "2026-06-06", "P1", "A", "90", ""),
    ("16", "2026-06-06", "P1", "A", "90", "x"),
)


@pytest.mark.parametrize("kind", ["csv", "parquet", "server"])
def test_parts_that_do_not_make_the_whole_are_left_out(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    head = ("id", "day", "who", "product", "amount", "share")
    lines = written(tmp_path / "parts.csv", head, SHARED)
    source, top = stored(lines, kind, "amount", "decimal(9, 2)", request)
    sources = asked(tmp_path, source, top + PARTS)
    mine = by_engine(sources)
    assert told(mine) == told(by_record(asked(tmp_path, lines, PARTS)))
    assert {code: one.count for code, one in mine.refused.items()} == {
        "source-refused-share": 5,
        groups.UNIT: 1,
        groups.NUMBER: 1,
    }
    assert "2026-06-01: 60%" in mine.refused[groups.SHARE].texts
    found: defaultdict[str, int] = defaultdict(int)
    for one in mine.groups():
        found[one.unit] += (one.figures[1] or 0) // 10**6
    assert found == {"P1": 60 + 50 + 70 + 90, "P2": 40 + 50, "O": 21}


@pytest.mark.parametrize(("second", "whole"), [("0.4", True), ("0.3", False)])
def test_parts_said_by_the_rules_make_the_whole(tmp_path: Path, second: str, whole: bool) -> None:
    source = FILES["parquet"](tmp_path)
    shared = MAP.format(top="") + "share = 0.6\n"
    other = shared[shared.index("[[rule]]") :].replace("share = 0.6", f"share = {second}")
    sources = asked(tmp_path, source, shared + other)
    if whole:
        assert told(by_engine(sources)) == told(by_record(sources))
        return
    with pytest.raises(NotGroupedError):
        by_engine(sources)
    assert list(by_record(sources).refused) == [groups.SHARE]


@pytest.mark.parametrize("most", [1, 20, 10_000])
@pytest.mark.parametrize("kind", [*GROUPED_BY_ENGINES, "server"])
def test_records_by_themselves_and_the_rest_come_to_the_groups(
    tmp_path: Path, kind: str, most: int, request: pytest.FixtureRequest
) -> None:
    top = 'table = "lines"' if kind == "server" else ""
    server_or_file = request.getfixturevalue("server") if top else FILES[kind](tmp_path)
    sources = asked(tmp_path, server_or_file, MAP.format(top=top))
    window = Window.of(PLAN, Month(2026, 6), most)
    mine, theirs = Grouping(PLAN, window, "source"), Grouping(PLAN, window, "source")
    with opened(sources) as found:
        group(mine, sources, found)
    group_records(theirs, sources)
    rest, counts, singles = mine.apart(mine.groups())
    assert sorted(singles) == sorted(theirs.apart(theirs.groups())[2])
    june = [row for row in expected() if row[1].month == 6]
    assert len(singles) == min(most, len(june))
    assert sum(counts) == len(june) - len(singles)
    both = defaultdict[tuple[object, ...], list[int]](lambda: [0, 0])
    for one in (*rest, *(single.group for single in singles)):
        both[one[:4]] = [a + (b or 0) for a, b in zip(both[one[:4]], one.figures[:2], strict=True)]
    assert both == {one[:4]: [b or 0 for b in one.figures[:2]] for one in mine.groups()}


TWICE = """
key = {key}
[columns]
day = "day"
unit = "who"
[[rule]]
kpi = "REV"
where = {{ amount = {{ ">" = 0 }} }}
value = "amount"
[[rule]]
kpi = "NEW"
where = {{ amount = {{ ">" = 10 }} }}
value = 1
"""
REPEATED = (
    ("1", "a", "2026-06-01", "P1", "5"),
    ("1", "a", "2026-06-01", "P1", "5"),
    ("1", "b", "2026-06-02", "Bo", "50"),
    ("2", "a", "2026-03-02", "Bo", "50"),
    ("2", "a", "2026-03-02", "Bo", "-1"),  # no rule takes it: it takes no key
    ("", "", "2026-03-02", "Bo", "50"),
    ("", "", "2026-03-03", "Bo", "60"),
    ("3", "a", "2026-06-02", "Nobody", "50"),
    ("3", "a", "2026-06-02", "Nobody", "50"),
    *((str(at), "z", "2026-06-04", "P1", "70") for at in (4, 4, 5, 5, 6, 6, 7, 7, 7)),
)


@pytest.mark.parametrize("key", ['"id"', '["id", "line"]'])
@pytest.mark.parametrize("typed", ["VARCHAR", "BIGINT"])
@pytest.mark.parametrize("kind", ["csv", "parquet", "server"])
def test_a_key_that_comes_twice_counts_once(
    tmp_path: Path, kind: str, typed: str, key: str, request: pytest.FixtureRequest
) -> None:
    head = ("id", "line", "day", "who", "amount")
    lines = written(tmp_path / "twice.csv", head, REPEATED)
    source, top = stored(lines, kind, "id", typed, request)
    sources = asked(tmp_path, source, top + TWICE.format(key=key))
    mine = by_engine(sources)
    theirs = by_record(asked(tmp_path, lines, TWICE.format(key=key)))
    for made in (mine, theirs):
        assert made.refused["source-refused-key"].count == (9 if "line" in key else 10)
    if "line" in key:  # else two that differ bear one key, and either may stay
        assert mine.groups() == theirs.groups()


FIRST = """
key = "id"
[columns]
day = "day"
unit = "who"
[[rule]]
kpi = "NEW"
where = { quantity = { ">" = 1 } }
first_of = "product"
value = 1
"""


AGAIN = """
key = "id"
[columns]
day = "day"
unit = "who"
[[rule]]
kpi = "REP"
repeat_of = "product"
within = 9
numerator = 1
denominator = 1
"""


@pytest.mark.parametrize("kind", GROUPED_BY_ENGINES)
def test_first_deals_are_worked_out_at_the_source(tmp_path: Path, kind: str) -> None:
    made = by_engine(asked(tmp_path, FILES[kind](tmp_path), FIRST))
    firsts: dict[str, date] = {}
    for row in sorted(records(), key=lambda one: (one[1], one[0])):
        if row[4] > 1:
            firsts.setdefault(row[3], row[1])
    assert sum(one.figures[1] or 0 for one in made.groups()) == len(firsts) * 10**6
    whens = [one.when for one in made.groups()]
    days = {one if isinstance(one, Month) else Month.of(one) for one in whens}
    assert days == set(map(Month.of, firsts.values()))


@pytest.mark.parametrize("signs", ['decimal = ","\nthousands = "."', 'thousands = " "'])
def test_numbers_in_a_countrys_own_signs_are_summed_by_the_engine(
    tmp_path: Path, signs: str
) -> None:
    text = {True: ["1.234,50", "7,25", "-3", "12"], False: ["1 234.50", "7.25", "-3", "12"]}
    rows = text["," in signs]
    path = tmp_path / "rows.csv"
    lines = [f"{at};2026-06-0{at + 1};P1;{number}" for at, number in enumerate(rows)]
    path.write_text("\n".join(["id;day;who;amount", *lines, ""]), encoding="utf-8")
    mapping = f"""
    key = "id"
    {signs}
    [columns]
    day = "day"
    unit = "who"
    [[rule]]
    kpi = "REV"
    value = "amount"
    """
    sources = asked(tmp_path, path, mapping)
    made = by_engine(sources)
    assert sum(one.figures[1] or 0 for one in made.groups()) == 1_250_750_000
    assert told(made) == told(by_record(sources))


def test_header_of_lines() -> None:
    assert HEAD[0] == "id"


WITH_CUSTOMERS = MAP.replace('product = "product"\n', 'customer = "product"\n')


@pytest.mark.parametrize("unfolded", [3, 300_000])
@pytest.mark.parametrize("kind", GROUPED_BY_ENGINES)
def test_customers_beyond_the_largest_are_one_at_the_source(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch, unfolded: int
) -> None:
    for module in (groups, pushdown):
        monkeypatch.setattr(module, "MOST_CUSTOMERS", 1)
    monkeypatch.setattr(pushdown, "MOST_UNFOLDED", unfolded)
    made = by_engine(asked(tmp_path, FILES[kind](tmp_path), WITH_CUSTOMERS.format(top="")))
    named = {one.texts[TEXTS.index("customer")] for one in made.groups()}
    assert "其他" in named
    assert len(named) <= 3
    total = sum(int(value * 10**6) for *_, value in expected())
    assert sum(one.figures[1] or 0 for one in made.groups()) == total


def test_what_is_no_summary_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushdown, "MOST_GROUPS", 10)
    with pytest.raises(SalesplanError) as caught:
        by_engine(asked(tmp_path, FILES["parquet"](tmp_path), MAP.format(top="")))
    assert caught.value.finding.code == "source-too-many-groups"


@pytest.mark.parametrize("kind", GROUPED_BY_ENGINES)
def test_a_column_that_is_gone_is_named(tmp_path: Path, kind: str) -> None:
    mapping = MAP.format(top="").replace('product = "product"', 'product = "nowhere"')
    with pytest.raises(SalesplanError) as caught:
        by_engine(asked(tmp_path, FILES[kind](tmp_path), mapping))
    assert caught.value.finding.code == "import-columns-missing"


@pytest.mark.parametrize(
    "sql",
    [
        "select * from lines; drop table lines",
        "copy lines to '/tmp/x.csv'",
        "attach 'other.duckdb'",
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_parquet('https://example.com/x.parquet')",
        "with gone as (delete from lines returning *) select * from gone",
        "select * from glob('/etc/*')",
        "select * from read_text('/etc/passwd')",
    ],
)
@pytest.mark.parametrize("kind", ["duckdb", "parquet"])
def test_a_hostile_query_reads_and_writes_nothing(tmp_path: Path, sql: str, kind: str) -> None:
    source = FILES[kind](tmp_path)
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    with pytest.raises(SalesplanError):
        by_engine(asked(tmp_path, source, MAP.format(top=f'sql = """{sql}"""')))
    (tmp_path / "map.toml").unlink()
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_a_text_file_that_is_broken_is_left_to_our_own_reader(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    FILES["csv"](tmp_path)
    with path.open("a", encoding="utf-8") as stream:
        stream.write("L999,2026-01-01,P1,B\n")
    sources = asked(tmp_path, path, MAP.format(top=""))
    with pytest.raises(NotGroupedError):
        by_engine(sources)
    made = by_record(sources)
    assert sums(made) == sums_of_records()
    assert list(made.refused) == ["source-refused-record"]


def test_an_engine_that_may_hold_too_little_gets_more_and_no_record_is_read_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = asked(tmp_path, FILES["csv"](tmp_path), MAP.format(top=""))
    monkeypatch.setattr(relations, "MEMORIES", ("100KB", "256MB"))
    monkeypatch.setattr(by_records, "group_records", lambda *_: pytest.fail("one by one"))
    made = _grouped(Grouping(PLAN, WINDOW, "source"), sources)
    assert sums(made) == sums_of_records()
    monkeypatch.setattr(relations, "MEMORIES", ("100KB", "200KB"))
    with pytest.raises(SalesplanError) as refused:
        _grouped(Grouping(PLAN, WINDOW, "source"), sources)
    assert (refused.value.finding.code, refused.value.exit_code) == ("source-memory", 4)
    assert refused.value.finding.params["most"] == "200KB"
