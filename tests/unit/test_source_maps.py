"""What a mapping can say beyond columns: formats, conditions, computations, texts put together,
months side by side, further tables; and what a mistake in it says.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.findings import SalesplanError
from salesplan.messages import fix, text
from salesplan.plan.model import Kpi, KpiKind, Level, Month, Plan, Settings, Unit
from salesplan.plan.parse_dates import DayFormat
from salesplan.plan.parse_numbers import Signs, figure
from salesplan.plan.sources.actuals import Imported, read_records
from salesplan.plan.sources.computed import ComputedError, computed
from salesplan.plan.sources.map_file import read_mapping
from salesplan.plan.sources.opening import Sources

PLAN = Plan(
    settings=Settings(year=2026),
    units=(
        Unit(code="C", name="Company", level=Level.COMPANY),
        Unit(code="P1", name="Ann Lee", level=Level.PERSON, parent="C"),
    ),
    kpis=(Kpi(code="REV", name="Revenue", kind=KpiKind.FLOW, unit="元"),),
)
DECIMAL = Decimal


def taken(folder: Path, lines: str, mapping: str, *more: str, **files: str) -> Imported:
    """What the mapping makes of the lines; ``files`` are written beside it, ``more`` sources
    named.
    """
    source = folder / "rows.csv"
    source.write_text(dedent(lines), encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(dedent(content), encoding="utf-8")
    path = folder / "map.toml"
    path.write_text(dedent(mapping), encoding="utf-8")
    mapped = read_mapping(path)
    return read_records(Sources((str(source), *more), folder, mapped), mapped, PLAN)


def figures(imported: Imported) -> list[Decimal | None]:
    return [row.figures["value"] for row in imported.rows]


def codes(imported: Imported) -> list[str]:
    return [one.code for one in imported.findings]


BASE = """
key = "id"
{top}
[columns]
day = "day"
unit = "who"
[[rule]]
kpi = "REV"
value = {value}
{rule}
"""


def base(top: str = "", value: str = '"amount"', rule: str = "") -> str:
    return BASE.format(top=top, value=value, rule=rule)


@pytest.mark.parametrize(
    ("top", "written", "meant"),
    [
        ('decimal = ","', "1.234,50", "1234.5"),
        ('decimal = ","', "261,96", "261.96"),
        ('decimal = ","', "1 234,5", "1234.5"),
        ('decimal = ","', "1.23", None),
        ('decimal = ","\nthousands = " "', "1.234,5", None),
        ('thousands = "\'"', "1'234.5", "1234.5"),
        ("", "(1,234.50)", "-1234.5"),
        ("", "¥1,234.50", "1234.5"),
        ("", "1,5", None),
        ('null = ["-", "N/A"]', "-", None),
    ],
)
def test_numbers_as_the_source_writes_them(
    tmp_path: Path, top: str, written: str, meant: str | None
) -> None:
    imported = taken(tmp_path, f'id;day;who;amount\n1;2026-03-01;P1;"{written}"\n', base(top))
    assert figures(imported) == ([DECIMAL(meant)] if meant else [])
    assert codes(imported) == ([] if meant else ["import-number"])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Amount (yuan)", "Amount (yuan)"),
        ("金额(元)", "[金额(元)] * 1"),
        ("a]b", "[a]]b] / 1"),
        ("a * b", "a * b"),
        ("2026/06 [net", "2026/06 [net"),
    ],
)
def test_a_column_may_have_any_name(tmp_path: Path, column: str, value: str) -> None:
    imported = taken(
        tmp_path, f"id,day,who,{column}\n1,2026-03-01,P1,7\n", base(value=f'"{value}"')
    )
    assert (figures(imported), codes(imported)) == ([DECIMAL(7)], [])


@pytest.mark.parametrize("value", ["Amount (yuan)", "a * (b", "[amount"])
def test_what_is_no_column_and_no_computation_is_told_how_to_write_it(
    tmp_path: Path, value: str
) -> None:
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, "id,day,who,amount\n1,2026-03-01,P1,7\n", base(value=f'"{value}"'))
    finding = refused.value.finding
    told = (finding.code, finding.params["key"], finding.params["line"])
    assert told == ("import-mapping-computed", "[[rule]] value", "9")
    for lang in ("zh", "en"):
        assert value in text(finding, lang) and "[Amount (yuan)]" in fix(finding, lang)


@pytest.mark.parametrize(
    ("written", "meant"), [("12.5万", "125000"), ("45%", "0.45"), ("3k", "3000")]
)
def test_what_could_mean_two_things_is_taken_and_named_once(
    tmp_path: Path, written: str, meant: str
) -> None:
    lines = f"id,day,who,amount\n1,2026-03-01,P1,{written}\n2,2026-03-01,P1,{written}\n"
    imported = taken(tmp_path, lines, base())
    assert figures(imported) == [DECIMAL(meant)] * 2
    (said,) = imported.findings
    assert said.code == "import-number-read"
    for lang in ("zh", "en"):
        assert written in text(said, lang) and meant in text(said, lang).replace(",", "")


@pytest.mark.parametrize(
    ("top", "written", "day"),
    [
        ('date_format = "dd/mm/yyyy"', "08/11/2026", date(2026, 11, 8)),
        ('date_format = "m/d/yy"', "3/5/26", date(2026, 3, 5)),
        ('date_format = "%d.%m.%Y"', "05.03.2026 14:30", date(2026, 3, 5)),
        ('date_format = "d mmm yyyy"', "5 March 2026", date(2026, 3, 5)),
        ('date_format = "serial"', "46086", date(2026, 3, 5)),
        ('date_format = "dd/mm/yyyy"', "31/02/2026", None),
        ('date_format = "dd/mm/yyyy"', "2026-03-05", None),
        ("", "05/03/2026", None),
        ("", "2026-03", Month(2026, 3)),
        ('time_zone = "UTC"', "2026-03-05 16:30:00", date(2026, 3, 6)),
        ('time_zone = "UTC"', "2026-03-05 16:30:00+08:00", date(2026, 3, 5)),
    ],
)
def test_days_as_the_source_writes_them(
    tmp_path: Path, top: str, written: str, day: date | Month | None
) -> None:
    imported = taken(tmp_path, f"id,day,who,amount\n1,{written},P1,5\n", base(top))
    assert [row.day for row in imported.rows] == ([day] if day else [])
    assert codes(imported) == ([] if day else ["import-date"])


ORDERS = """\
    id,day,who,stage,amount
    1,2026-01-05,P1,Won,100
    2,2026-02-05,P1,Lost,200
    3,2026-03-05,P1,Won late,300
    4,2026-04-05,P1,,400
    """


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ('{ stage = "Won" }', "1"),
        ('{ stage = ["Won", "Lost"] }', "12"),
        ('{ stage = { in = ["Won", "Lost"] } }', "12"),
        ('{ stage = { not = "Won" } }', "234"),
        ('{ stage = { "not in" = ["Won", ""] } }', "23"),
        ('{ stage = { like = "won%" } }', "13"),
        ('{ stage = { "not like" = "%late" } }', "124"),
        ('{ amount = { ">" = 200 } }', "34"),
        ('{ amount = { "<=" = 200 } }', "12"),
        ("{ amount = { between = [200, 300] } }", "23"),
        ('{ amount = { ">" = 100, "<" = 400 } }', "23"),
        ('{ day = { ">=" = 2026-03-05 } }', "34"),
        ('{ day = { between = ["2026-02-01", "2026-03-31"] } }', "23"),
        ('{ stage = { like = "W%" }, amount = { "<" = 300 } }', "1"),
    ],
)
def test_which_records_count(tmp_path: Path, where: str, ids: str) -> None:
    imported = taken(tmp_path, ORDERS, base(rule=f"where = {where}"))
    assert "".join(row.source[-1] for row in imported.rows) == ids
    assert imported.unselected == 4 - len(ids) and not imported.findings


def test_a_condition_that_cannot_be_decided_refuses_the_record(tmp_path: Path) -> None:
    lines = "id,day,who,amount\n1,2026-01-05,P1,many\n2,2026-01-05,P1,\n3,2026-01-05,P1,7\n"
    imported = taken(tmp_path, lines, base(rule='where = { amount = { ">" = 1 } }'))
    assert [(one.code, one.place.cell) for one in imported.findings] == [("import-number", "2")]
    assert (len(imported.rows), imported.unselected, imported.refused) == (1, 1, 1)


def test_a_value_is_computed_exactly(tmp_path: Path) -> None:
    lines = "id,day,who,quantity,Unit Price,discount\n1,2026-01-05,P1,3,0.1,0.05\n"
    value = '"quantity * [Unit Price] * (1 - discount)"'
    assert figures(taken(tmp_path, lines, base(value=value))) == [DECIMAL("0.285")]


def test_a_column_whose_name_looks_like_a_computation_is_the_column(tmp_path: Path) -> None:
    lines = "id,day,who,Net - Sales\n1,2026-01-05,P1,7\n"
    assert figures(taken(tmp_path, lines, base(value='"Net - Sales"'))) == [DECIMAL(7)]


def test_what_cannot_be_divided_is_refused_by_its_line(tmp_path: Path) -> None:
    lines = "id,day,who,a,b\n1,2026-01-05,P1,1,0\n2,2026-01-05,P1,1,x\n3,2026-01-05,P1,1,4\n"
    imported = taken(tmp_path, lines, base(value='"a / b"'))
    assert [(one.code, one.place.cell) for one in imported.findings] == [
        ("import-number", "2"),
        ("import-number", "3"),
    ]
    assert figures(imported) == [DECIMAL("0.25")]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1 + 2 * 3", "7"),
        ("-(2 - 5) / 4", "0.75"),
        ("round(2.345, 2)", "2.35"),
        ("max(1, min(5, 3), 2) - abs(-1)", "2"),
        ("2 × 3 − 1", "5"),
        ("- - 2", "2"),
    ],
)
def test_what_a_computation_makes(written: str, value: str) -> None:
    assert computed(written).of(()) == DECIMAL(value)


@pytest.mark.parametrize(
    "written",
    [
        *("", "1 +", "(1", "1)", "a b", "__import__('os')", "a.b()", "a ** b", "x[", "round()"),
        *("a; b", "(" * 200 + "1" + ")" * 200, "1+" * 900 + "1", "-" * 500 + "1"),
    ],
)
def test_what_is_no_computation_is_refused(written: str) -> None:
    with pytest.raises(ComputedError):
        computed(written)


CENTS = st.decimals(-(10**6), 10**6, places=2)


@given(CENTS, CENTS, CENTS)
def test_computations_are_those_of_decimals(a: Decimal, b: Decimal, c: Decimal) -> None:
    assert computed("a * b - (c + a) * 2").of((a, b, c)) == a * b - (c + a) * 2


@given(CENTS)
def test_a_number_written_in_either_way_is_the_same(amount: Decimal) -> None:
    ours = f"{amount:,.2f}"
    theirs = ours.translate({ord(","): ".", ord("."): ","})
    assert figure(theirs, "", Signs(",", ".")) == figure(ours, "") == amount


@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)))
def test_a_day_written_in_any_format_is_the_same(day: date) -> None:
    for form, python in (
        ("dd/mm/yyyy", "%d/%m/%Y"),
        ("m-d-yy", "%m-%d-%y"),
        ("d mmm yyyy", "%d %b %Y"),
    ):
        read = DayFormat.of(form)
        assert read is not None and read.read(day.strftime(python)) == (day, "")


def test_names_put_together_and_constants(tmp_path: Path) -> None:
    mapping = base().replace('unit = "who"', 'unit = { text = "{first} {last}" }')
    mapping = mapping.replace("[[rule]]", 'channel = { text = "Online" }\n[[rule]]')
    lines = "id,day,first,last,amount\n1,2026-01-05,Ann,Lee,7\n"
    (row,) = taken(tmp_path, lines, mapping).rows
    assert (row.unit, row.texts["channel"]) == ("P1", "Online")


def test_months_side_by_side_become_rows_and_blank_is_none(tmp_path: Path) -> None:
    mapping = base(value='"amount"').replace('day = "day"', 'day = "month"') + dedent("""
        [unpivot]
        columns = { Jan = "2026-01", Feb = "2026-02", "3月" = "3月" }
        into = "month"
        value = "amount"
        """)
    imported = taken(tmp_path, "id,who,Jan,Feb,3月\na,P1,1,,3\nb,P1,0,5,\n", mapping)
    assert [(row.source, row.day, row.figures["value"]) for row in imported.rows] == [
        ("REV:a|2026-01", Month(2026, 1), 1),
        ("REV:a|2026-03", Month(2026, 3), 3),
        ("REV:b|2026-01", Month(2026, 1), 0),
        ("REV:b|2026-02", Month(2026, 2), 5),
    ]


@pytest.mark.parametrize(
    "heads",
    [("Jan-26", "Feb-26"), ("janvier", "février"), ("Januar 2026", "Februar 2026"), ("P1", "P2")],
)
@pytest.mark.parametrize("top", ["", 'date_format = "dd/mm/yyyy"'])
def test_months_side_by_side_are_read_as_people_call_them(
    tmp_path: Path, heads: tuple[str, str], top: str
) -> None:
    named = base(top, value='"amount"').replace('day = "day"', 'day = "month"')
    mapping = named + dedent(f"""
        [unpivot]
        columns = {list(heads)}
        into = "month"
        value = "amount"
        """)
    imported = taken(tmp_path, f"id,who,{heads[0]},{heads[1]}\na,P1,1,2\n", mapping)
    assert [row.day for row in imported.rows] == [Month(2026, 1), Month(2026, 2)]


def test_days_side_by_side_stay_days(tmp_path: Path) -> None:
    mapping = base(value='"amount"').replace('day = "day"', 'day = "month"') + dedent("""
        [unpivot]
        columns = ["2026-01-05", "Budget"]
        into = "month"
        value = "amount"
        """)
    imported = taken(tmp_path, "id,who,2026-01-05,Budget\na,P1,1,2\n", mapping)
    assert [row.day for row in imported.rows] == [date(2026, 1, 5)]
    assert [one.code for one in imported.findings] == ["import-date"]


JOINED = """
key = ["order", "line"]
[columns]
day = "day"
unit = "Who"
product = "products.Name"
customer = "orders.Name"
[[rule]]
kpi = "REV"
value = "qty * price"
[[join]]
file = "orders.csv"
on = { order = "No" }
[[join]]
file = "products.csv"
on = "article"
"""
LINES = "order,line,article,qty\n1,1,A,2\n1,2,B,3\n2,1,A,1\n9,1,A,1\n"
TABLES = {
    "orders": "No,day,Who,Name\n1,2026-01-05,P1,Acme\n2,2026-02-05,P1,Bolt\n",
    "products": "article,Name,price\nA,Saw,10.50\nB,Nut,0.1\n",
}


def test_further_tables_are_joined_and_what_does_not_match_is_counted_and_named(
    tmp_path: Path,
) -> None:
    imported = taken(tmp_path, LINES, JOINED, **TABLES)
    assert [
        (row.source, row.texts["product"], row.texts["customer"], row.figures["value"])
        for row in imported.rows
    ] == [
        ("REV:1|1", "Saw", "Acme", DECIMAL("21")),
        ("REV:1|2", "Nut", "Acme", DECIMAL("0.3")),
        ("REV:2|1", "Saw", "Bolt", DECIMAL("10.5")),
    ]
    missed, refused = imported.findings
    assert (missed.code, missed.params["count"], missed.params["keys"]) == (
        "import-join-missed",
        1,
        ["9"],
    )
    assert (refused.code, refused.place.cell) == ("import-join-missing", "5")


def test_a_record_without_a_partner_may_stay(tmp_path: Path) -> None:
    mapping = JOINED.replace('on = "article"', 'on = "article"\nmissing = "keep"')
    lines = "order,line,article,qty\n1,1,Z,2\n"
    mapping = mapping.replace('"qty * price"', '"qty"')
    imported = taken(tmp_path, lines, mapping, **TABLES)
    assert [row.texts["product"] for row in imported.rows] == [""]
    assert codes(imported) == ["import-join-missed"]


@pytest.mark.parametrize(
    ("code", "mapping", "tables"),
    [
        (
            "import-columns-of-several",
            JOINED.replace('"products.Name"', '"Name"'),
            TABLES,
        ),
        (
            "import-join-twice",
            JOINED,
            {**TABLES, "products": TABLES["products"] + "A,Saw,9\n"},
        ),
        ("import-join-broken", JOINED, {**TABLES, "products": TABLES["products"] + "C,Saw\n"}),
        ("import-columns-missing", JOINED.replace('"No"', '"Number"'), TABLES),
        ("import-columns-missing", JOINED.replace("qty * price", "qty * prize"), TABLES),
        ("import-outside", JOINED.replace('"orders.csv"', '"../orders.csv"'), TABLES),
        ("import-outside", JOINED.replace('"orders.csv"', '"/etc/passwd"'), TABLES),
        ("import-not-there", JOINED.replace('"orders.csv"', '"order.csv"'), TABLES),
    ],
)
def test_what_cannot_be_joined_is_one_message_and_nothing_is_taken(
    tmp_path: Path, code: str, mapping: str, tables: dict[str, str]
) -> None:
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, LINES, mapping, **tables)
    finding = refused.value.finding
    assert finding.code == code
    assert all(text(finding, lang) and fix(finding, lang) for lang in ("zh", "en"))


def test_a_link_in_the_folder_leads_no_further_than_the_folder(tmp_path: Path) -> None:
    folder, outside = tmp_path / "maps", tmp_path / "orders.csv"
    folder.mkdir()
    outside.write_text(TABLES["orders"], encoding="utf-8")
    (folder / "orders.csv").symlink_to(outside)
    with pytest.raises(SalesplanError) as refused:
        taken(folder, LINES, JOINED, products=TABLES["products"])
    assert refused.value.finding.code == "import-outside"
    named = taken(folder, LINES, JOINED, str(outside), products=TABLES["products"])
    assert len(named.rows) == 3, "what the command names is read"


@pytest.mark.parametrize(
    ("mapping", "code", "key", "line"),
    [
        (base('date_format = "often"'), "import-mapping-value", "date_format", 3),
        (base('date_format = "dd/mm"'), "import-mapping-value", "date_format", 3),
        (base('decimal = ";"'), "import-mapping-value", "decimal", 3),
        (base('decimal = ","\nthousands = ","'), "import-mapping-value", "thousands", 4),
        (base('time_zone = "Mars/Base"'), "import-mapping-value", "time_zone", 3),
        (base("skip_lines = -1"), "import-mapping-value", "skip_lines", 3),
        (base("null = [1]"), "import-mapping-value", "null", 3),
        (base(rule='where = { a = { "~" = 1 } }'), "import-mapping-unknown", "[rule.where] ~", 10),
        (base(rule='where = { a = { ">" = "x" } }'), "import-mapping-value", "[[rule]] where", 10),
        (
            base(rule="where = { a = { between = [1] } }"),
            "import-mapping-value",
            "[[rule]] where",
            10,
        ),
        (
            base().replace('unit = "who"', 'unit = { text = "{a" }'),
            "import-mapping-value",
            "[columns] unit",
            6,
        ),
        (base() + "[unpivot]\ninto = 'm'\n", "import-mapping-missing", "[unpivot] columns", 1),
        (base() + "[[join]]\nfile = 'x.csv'\n", "import-mapping-missing", "[[join]] on", 11),
        (
            base() + "[[join]]\nfile = 'x.csv'\non = 'a'\nmissing = 'drop'\n",
            "import-mapping-value",
            "[[join]] missing",
            14,
        ),
        (base('sql = "drop table x"'), "import-mapping-value", "sql", 3),
        (base('sql = "select 1; select 2"'), "import-mapping-value", "sql", 3),
        (base("""sql = "select '--'; drop table x" """), "import-mapping-value", "sql", 3),
        (
            base('sql = "with a as (delete from b) select 1"'),
            "import-mapping-value",
            "sql",
            3,
        ),
    ],
)
def test_a_mistake_names_its_key_and_its_line(
    tmp_path: Path, mapping: str, code: str, key: str, line: int
) -> None:
    path = tmp_path / "map.toml"
    path.write_text(mapping, encoding="utf-8")
    with pytest.raises(SalesplanError) as refused:
        read_mapping(path)
    finding = refused.value.finding
    assert (finding.code, finding.params["key"], finding.params["line"]) == (code, key, str(line))
    assert all(text(finding, lang) and fix(finding, lang) for lang in ("zh", "en"))
