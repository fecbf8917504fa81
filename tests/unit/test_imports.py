"""Taking in a CSV export: what is placed, what is refused, and where it says so."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from salesplan.findings import SalesplanError
from salesplan.messages import fix, text
from salesplan.plan.model import Kpi, KpiKind, Level, Plan, Settings, Unit
from salesplan.plan.sources.actuals import Imported, read_records
from salesplan.plan.sources.map_file import read_mapping
from salesplan.plan.sources.mapping import COLUMNS, PIPELINE, RULE, TOP

PLAN = Plan(
    settings=Settings(year=2026),
    units=(
        Unit(code="C", name="Company", level=Level.COMPANY),
        Unit(code="P1", name="Ann", level=Level.PERSON, parent="C"),
        Unit(code="P2", name="Bo", level=Level.PERSON, parent="C"),
        Unit(code="P3", name="Bo", level=Level.PERSON, parent="C"),
    ),
    kpis=(
        Kpi(code="REV", name="Revenue", kind=KpiKind.FLOW),
        Kpi(code="NEW", name="New customers", kind=KpiKind.FLOW),
        Kpi(code="WIN", name="Win rate", kind=KpiKind.RATIO),
    ),
)

PIPELINE_MAP = """key = "id"
[columns]
unit = "owner"
[pipeline]
kpi = "REV"
amount = "worth"
due = "due"
stage = "stage"
[pipeline.stages]
Early = "lead"
"""
MAPPING = """
    key = "id"
    [columns]
    day = "closed"
    unit = "agent"
    product = "product"
    customer = "account"
    [aliases.product]
    GTXPro = "GTX Pro"
    [[rule]]
    kpi = "REV"
    where = { stage = "Won" }
    value = "amount"
    scale = 0.0001
    [[rule]]
    kpi = "NEW"
    where = { stage = "Won" }
    first_of = "account"
    value = 1
    [[rule]]
    kpi = "WIN"
    where = { stage = ["Won", "Lost"] }
    numerator = { stage = "Won" }
    denominator = 1
    """
HEADER = "id,agent,product,account,stage,closed,amount\n"


def taken(tmp_path: Path, lines: str, mapping: str = MAPPING, encoding: str = "utf-8") -> Imported:
    source = tmp_path / "deals.csv"
    source.write_bytes((HEADER + dedent(lines)).encode(encoding))
    return read_records(source, read_mapping(mapped(tmp_path, mapping)), PLAN)


def mapped(tmp_path: Path, mapping: str) -> Path:
    path = tmp_path / "map.toml"
    path.write_text(dedent(mapping), encoding="utf-8")
    return path


def codes(imported: Imported) -> list[tuple[str, str]]:
    return [(finding.code, finding.place.cell) for finding in imported.findings]


def test_a_won_deal_is_revenue_a_new_customer_and_a_win(tmp_path: Path) -> None:
    """1,P1,GTXPro,Acme,Won,2026-03-01,45140"""
    imported = taken(tmp_path, test_a_won_deal_is_revenue_a_new_customer_and_a_win.__doc__ or "")
    assert [(row.kpi, row.source, row.unit, row.day) for row in imported.rows] == [
        ("REV", "REV:1", "P1", date(2026, 3, 1)),
        ("NEW", "NEW:Acme", "P1", date(2026, 3, 1)),
        ("WIN", "WIN:1", "P1", date(2026, 3, 1)),
    ]
    revenue, customer, win = imported.rows
    assert revenue.figures == {"value": Decimal("4.514")}
    assert revenue.texts == {"product": "GTX Pro", "customer": "Acme"}
    assert customer.figures == {"value": 1}
    assert win.figures == {"numerator": 1, "denominator": 1}


def test_only_the_earliest_win_makes_a_customer_new(tmp_path: Path) -> None:
    imported = taken(
        tmp_path,
        """\
        1,P1,A,Acme,Won,2026-05-01,1
        2,Ann,A,Acme,Won,2026-03-01,1
        3,P1,A,Acme,Won,2026-04-01,1
        """,
    )
    assert [(row.line, row.day) for row in imported.rows if row.kpi == "NEW"] == [
        (3, date(2026, 3, 1))
    ]


def test_records_that_no_rule_wants_are_counted(tmp_path: Path) -> None:
    imported = taken(
        tmp_path,
        """\
        1,P1,A,Acme,Engaging,,
        2,P1,A,Acme,Lost,2026-03-01,0
        """,
    )
    assert (imported.records, imported.unselected, imported.refused, len(imported.rows)) == (
        2,
        1,
        0,
        1,
    )
    assert imported.rows[0].figures == {"numerator": 0, "denominator": 1}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1,Nobody,A,Acme,Won,2026-03-01,5", "import-unit-unknown"),
        ("1,Bo,A,Acme,Won,2026-03-01,5", "import-unit-ambiguous"),
        ("1,P1,A,Acme,Won,,5", "import-date"),
        ("1,P1,A,Acme,Won,2026-02-30,5", "import-date"),
        (",P1,A,Acme,Won,2026-03-01,5", "import-key-missing"),
        ("1,P1,A,Acme,Won,2026-03-01", "import-line-broken"),
    ],
)
def test_what_cannot_be_placed_is_refused_with_its_line(
    tmp_path: Path, line: str, code: str
) -> None:
    imported = taken(tmp_path, f"0,P1,A,Zed,Won,2026-01-05,1\n{line}\n")
    assert codes(imported) == [(code, "3")]
    assert imported.refused == 1
    assert {row.line for row in imported.rows} == {2}


@pytest.mark.parametrize("amount", ["12斤", "", "nan", "1e", "1e999999", "-1e18"])
def test_a_bad_number_costs_that_figure_and_not_the_others(tmp_path: Path, amount: str) -> None:
    imported = taken(tmp_path, f"1,P1,A,Acme,Won,2026-03-01,{amount}\n")
    assert codes(imported) == [("import-number", "2")]
    assert [row.kpi for row in imported.rows] == ["NEW", "WIN"]


def test_a_win_without_an_account_is_revenue_but_no_new_customer(tmp_path: Path) -> None:
    imported = taken(tmp_path, "1,P1,A,,Won,2026-03-01,5\n")
    assert codes(imported) == [("import-first-of-blank", "2")]
    assert [row.kpi for row in imported.rows] == ["REV", "WIN"]


def test_a_key_that_comes_twice_is_taken_once(tmp_path: Path) -> None:
    imported = taken(tmp_path, "1,P1,A,Acme,Won,2026-03-01,5\n1,P1,A,Acme,Won,2026-03-01,5\n")
    assert codes(imported) == [("import-key-twice", "3")]
    assert [row.line for row in imported.rows] == [2, 2, 2]


def test_lines_are_those_of_the_file_where_a_field_spans_several(tmp_path: Path) -> None:
    imported = taken(
        tmp_path, '1,P1,"A\nB",Acme,Won,2026-03-01,5\n2,Nobody,A,Acme,Won,2026-03-01,5\n'
    )
    assert ("import-unit-unknown", "4") in codes(imported)


def test_chinese_exports_in_gbk_are_read(tmp_path: Path) -> None:
    imported = taken(tmp_path, "1,P1,产品甲,安徽重工,Won,2026-03-01,5\n", encoding="gb18030")
    assert imported.rows[0].texts["customer"] == "安徽重工"


@pytest.mark.parametrize(
    ("mapping", "code", "exit_code"),
    [
        ("key = 1\n[[rule]]", "import-mapping-value", 2),
        ('key = "id"', "import-mapping-missing", 2),
        ('key = "id"\n[[rule]]\nkpi = "REV"\nvalue = "amount"', "import-mapping-missing", 2),
        ("not toml", "import-mapping", 2),
        (
            MAPPING.replace('product = "product"', 'quantity = "product"'),
            "import-mapping-unknown",
            2,
        ),
        (MAPPING.replace("first_of", "firstof"), "import-mapping-unknown", 2),
        (MAPPING.replace("[aliases.product]", "[alias.product]"), "import-mapping-unknown", 2),
        (MAPPING.replace('"amount"', '"worth"'), "import-columns-missing", 2),
    ],
)
def test_a_mapping_that_makes_no_sense_says_why(
    tmp_path: Path, mapping: str, code: str, exit_code: int
) -> None:
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, "1,P1,A,Acme,Won,2026-03-01,5\n", mapping)
    assert (refused.value.finding.code, refused.value.exit_code) == (code, exit_code)


@pytest.mark.parametrize(
    "written",
    [
        "2026-08-04",
        "2026/8/4",
        "2026.8.4",
        "2026年8月4日",
        "20260804",
        "2026/8/4 9:30",
        "2026-08-04T09:30:00+08:00",
        " 2026/08/04 ",
    ],
)
def test_days_as_spreadsheet_programs_export_them(tmp_path: Path, written: str) -> None:
    """A Chinese Excel writes 2026/8/4."""
    assert [row.day for row in taken(tmp_path, f"1,P1,A,Acme,Won,{written},5\n").rows] == [
        date(2026, 8, 4)
    ] * 3


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ('"1,025.50"', "1025.50"),
        ("４５", "45"),
        (" -3 ", "-3"),
        ("1.5E+05", "150000"),
        ('"1,5"', None),
        ('"1.025,50"', None),
        ("1_000", None),
        ('"¥1,045.5"', "1045.5"),
        ("CNY 45", "45"),
        ("(￥45)", "-45"),
        ("45元", "45"),
        ("$45", None),
        ("45 USD", None),
        ("45吨", None),
    ],
)
def test_a_comma_parts_thousands_or_the_number_is_refused(
    tmp_path: Path, written: str, figure: str | None
) -> None:
    imported = taken(
        tmp_path, f"1,P1,A,Acme,Won,2026-03-01,{written}\n", MAPPING.replace("scale = 0.0001", "")
    )
    assert [row.figures["value"] for row in imported.rows if row.kpi == "REV"] == (
        [Decimal(figure)] if figure else []
    )
    assert codes(imported) == ([] if figure else [("import-number", "2")])


def test_a_unit_in_full_width_is_the_same_unit(tmp_path: Path) -> None:
    assert {row.unit for row in taken(tmp_path, "1,Ｐ１,A,Acme,Won,2026-03-01,5\n").rows} == {"P1"}


TWO_RULES = """
    key = ["id", "agent"]
    [columns]
    day = "closed"
    unit = "agent"
    product = "product"
    [[rule]]
    kpi = "REV"
    where = { stage = "Won" }
    value = "amount"
    [[rule]]
    kpi = "WIN"
    where = { stage = ["Won", "Lost"] }
    numerator = { stage = "Won" }
    denominator = 1
    """


def test_records_taken_together_are_those_taken_one_by_one(tmp_path: Path) -> None:
    """A line that is refused makes all about it be taken one by one: the same rows come of them,
    and a key that was met among others is known again with its line.
    """
    sound = "".join(
        f"{at},P{1 + at % 2},产品{at % 3},Acme,{('Won', 'Lost', 'Open')[at % 3]},"
        f"2026-0{1 + at % 6}-1{at % 9},{at}.5\n"
        for at in range(2400)
    )
    together = taken(tmp_path, sound, TWO_RULES)
    odd = [f"{at}x,P1,a,Acme,Won,someday,1\n" for at in range(3)]
    lines = sound.splitlines(keepends=True)
    broken = "".join([*lines[:700], odd[0], *lines[700:1500], odd[1], *lines[1500:], odd[2]])
    one_by_one = taken(tmp_path, broken, TWO_RULES)
    assert [row._replace(line=0) for row in together.rows] == [
        row._replace(line=0) for row in one_by_one.rows
    ]
    assert (together.refused, one_by_one.refused) == (0, 3)
    assert together.unselected == one_by_one.unselected == 800
    again = taken(tmp_path, sound + lines[40] + lines[2000], TWO_RULES)
    twice = [one.params["first"] for one in again.findings if one.code == "import-key-twice"]
    assert again.rows == together.rows and twice == ["42"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_separators_and_encodings_of_spreadsheet_programs_need_no_word(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    source = tmp_path / "deals.csv"
    source.write_bytes(
        (HEADER + "1,P1,产品,Acme,Won,2026-03-01,5\n").replace(",", delimiter).encode(encoding)
    )
    assert [
        row.texts["product"]
        for row in read_records(source, read_mapping(mapped(tmp_path, MAPPING)), PLAN).rows
    ] == ["产品"] * 3


def test_a_workbook_in_the_place_of_the_export_is_told_what_to_do(tmp_path: Path) -> None:
    source = tmp_path / "deals.csv"
    source.write_bytes(b"PK\x03\x04\xff\xff\x80\x00\xff")
    with pytest.raises(SalesplanError) as refused:
        read_records(source, read_mapping(mapped(tmp_path, MAPPING)), PLAN)
    assert refused.value.finding.code == "import-encoding"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x01\x81", b'id,agent\n"unclosed'])
def test_an_unreadable_export_says_so(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "deals.csv"
    source.write_bytes(content)
    with pytest.raises(SalesplanError) as refused:
        read_records(source, read_mapping(mapped(tmp_path, MAPPING)), PLAN)
    assert refused.value.finding.code in {"import-encoding", "import-columns-missing"}


def test_quotes_that_are_never_closed_are_named_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, '1,P1,A,Acme,Won,2026-03-01,5\n2,P1,"A,Acme,Won,2026-03-01,5\n')
    assert refused.value.finding.code == "import-unreadable"


SPLIT = """
    key = "id"
    [columns]
    day = "closed"
    [[rule]]
    kpi = "REV"
    unit = "agent"
    value = "amount"
    scale = 0.6
    [[rule]]
    kpi = "REV"
    unit = "product"
    value = "amount"
    scale = 0.4
    """


def test_a_deal_split_between_two_people_makes_two_rows(tmp_path: Path) -> None:
    imported = taken(tmp_path, "1,P1,P2,,Won,2026-01-10,1000\n2,P2,P1,,Won,2026-01-11,500\n", SPLIT)
    assert [(row.unit, row.source, row.figures["value"]) for row in imported.rows] == [
        ("P1", "REV:1", 600),
        ("P2", "REV:1", 400),
        ("P2", "REV:2", 300),
        ("P1", "REV:2", 200),
    ]


def test_a_deal_split_between_one_person_twice_is_still_whole(tmp_path: Path) -> None:
    """The rows have sources of their own: else the second would be a repeat of the first."""
    imported = taken(tmp_path, "1,P1,P1,,Won,2026-01-10,1000\n", SPLIT)
    assert [(row.source, row.figures["value"]) for row in imported.rows] == [
        ("REV:1", 600),
        ("REV:1 (2)", 400),
    ]


def test_a_first_win_may_be_two_peoples(tmp_path: Path) -> None:
    mapping = SPLIT.replace('value = "amount"', 'first_of = "account"\n    value = 1')
    imported = taken(
        tmp_path,
        """\
        1,P1,P2,Acme,Won,2026-05-01,1
        2,P2,P1,Acme,Won,2026-03-01,1
        3,P1,P2,Acme,Won,2026-04-01,1
        """,
        mapping,
    )
    assert [(row.line, row.unit, str(row.figures["value"])) for row in imported.rows] == [
        (3, "P2", "0.6"),
        (3, "P1", "0.4"),
    ]
    assert imported.later == 4


def test_a_key_of_several_columns_tells_order_lines_apart(tmp_path: Path) -> None:
    lines = "SO-1,P1,A,,Won,2026-03-01,100\nSO-1,P1,B,,Won,2026-03-01,200\n"
    keyed = MAPPING.replace('key = "id"', 'key = ["id", "product"]').replace(
        'first_of = "account"', ""
    )
    imported = taken(tmp_path, lines, keyed)
    assert [row.source for row in imported.rows if row.kpi == "REV"] == ["REV:SO-1|A", "REV:SO-1|B"]
    assert taken(tmp_path, lines).repeated == 1


def test_no_two_records_get_one_key(tmp_path: Path) -> None:
    """a|b and c, a and b|c, one empty part: four keys."""
    keyed = MAPPING.replace('key = "id"', 'key = ["id", "account"]')
    imported = taken(
        tmp_path,
        """\
        a|b,P1,A,c,Won,2026-03-01,1
        a,P1,A,b|c,Won,2026-03-01,1
        a,P1,A,,Lost,2026-03-01,1
        ,P1,A,c,Won,2026-03-01,1
        ,P1,A,,Won,2026-03-01,1
        """,
        keyed,
    )
    assert len({row.source for row in imported.rows if row.kpi == "WIN"}) == 4
    assert ("import-key-missing", "6") in codes(imported)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_lines_end_as_any_program_ends_them(tmp_path: Path, end: str) -> None:
    source = tmp_path / "deals.csv"
    lines = HEADER + "1,P1,A,Acme,Won,2026-03-01,5\n2,P1,A,Acme,Won,2026-03-02,6"
    source.write_bytes(lines.replace("\n", end).encode())
    imported = read_records(source, read_mapping(mapped(tmp_path, MAPPING)), PLAN)
    assert [row.line for row in imported.rows if row.kpi == "REV"] == [2, 3]


def test_two_columns_of_one_name_are_refused_by_name(tmp_path: Path) -> None:
    source = tmp_path / "deals.csv"
    source.write_text(
        HEADER.replace("product", "amount") + "1,P1,20,Acme,Won,2026-03-01,5\n", encoding="utf-8"
    )
    with pytest.raises(SalesplanError) as refused:
        read_records(
            source, read_mapping(mapped(tmp_path, MAPPING.replace('product = "product"', ""))), PLAN
        )
    assert refused.value.finding.code == "import-columns-twice"
    assert refused.value.finding.params["columns"] == ["amount"]


def test_two_columns_of_one_name_that_nobody_asks_for_do_no_harm(tmp_path: Path) -> None:
    source = tmp_path / "deals.csv"
    source.write_text(
        HEADER.rstrip() + ",note,note,,\n1,P1,A,Acme,Won,2026-03-01,5,x,y,,\n", encoding="utf-8"
    )
    assert len(read_records(source, read_mapping(mapped(tmp_path, MAPPING)), PLAN).rows) == 3


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "1900-02-28"])
def test_a_day_before_the_calendar_of_spreadsheets_costs_its_line_only(
    tmp_path: Path, day: str
) -> None:
    imported = taken(
        tmp_path,
        f"1,P1,A,Acme,Won,2026-03-01,6\n2,P1,A,Bolt,Won,{day},5\n3,P1,A,Cone,Won,2026-03-02,7\n",
    )
    assert codes(imported) == [("import-date-outside", "3")]
    assert {row.line for row in imported.rows} == {2, 4}
    assert imported.refused == 1 and not imported.too_many_refused


@pytest.mark.parametrize(
    ("country", "time_zone", "day"),
    [("CN", "", date(2026, 2, 1)), ("US", "UTC-5", date(2026, 1, 31))],
)
def test_a_time_with_an_offset_is_booked_on_the_plans_day(
    tmp_path: Path, country: str, time_zone: str, day: date
) -> None:
    plan = replace(PLAN, settings=Settings(year=2026, country=country, time_zone=time_zone))
    source = tmp_path / "deals.csv"
    source.write_text(HEADER + "1,P1,A,Acme,Won,2026-01-31T16:30:00Z,5\n", encoding="utf-8")
    imported = read_records(source, read_mapping(mapped(tmp_path, MAPPING)), plan)
    assert {row.day for row in imported.rows} == {day}


def test_a_country_of_several_time_zones_asks_for_one(tmp_path: Path) -> None:
    plan = replace(PLAN, settings=Settings(year=2026, country="US"))
    source = tmp_path / "deals.csv"
    source.write_text(HEADER + "1,P1,A,Acme,Won,2026-01-31T16:30:00Z,5\n", encoding="utf-8")
    with pytest.raises(SalesplanError) as refused:
        read_records(source, read_mapping(mapped(tmp_path, MAPPING)), plan)
    assert (refused.value.finding.code, refused.value.exit_code) == ("import-time-zone", 2)


def test_whom_a_name_means_that_two_people_have_is_asked(tmp_path: Path) -> None:
    imported = taken(tmp_path, "1,Bo,A,Acme,Won,2026-03-01,5\n")
    assert [(one.code, one.params["codes"]) for one in imported.findings] == [
        ("import-unit-ambiguous", ("P2", "P3"))
    ]


@pytest.mark.parametrize(
    ("lines", "bad", "twice", "stops"),
    [
        (3, 1, 0, False),
        (3, 2, 0, True),
        (3, 0, 1, True),
        (200, 2, 0, False),
        (200, 3, 0, True),
        (200, 0, 2, False),
        (200, 1, 2, True),
    ],
)
def test_more_than_one_per_cent_refused_stops_the_run(
    tmp_path: Path, lines: int, bad: int, twice: int, stops: bool
) -> None:
    """One line of a short file is let through, since it is named; but not where the key tells
    nothing apart.
    """
    good = [f"{n},P1,A,Acme,Lost,2026-03-01,5" for n in range(lines - bad - twice)]
    refused = [f"b{n},Nobody,A,Acme,Lost,2026-03-01,5" for n in range(bad)]
    imported = taken(tmp_path, "\n".join([*good, *refused, *good[:twice]]) + "\n")
    assert imported.refused == bad + twice and imported.too_many_refused is stops


def test_a_kpi_that_the_plan_does_not_have_costs_no_other_kpi(tmp_path: Path) -> None:
    mapping = MAPPING.replace('kpi = "WIN"', 'kpi = "QTY"')
    imported = taken(tmp_path, "1,P1,A,Acme,Won,2026-03-01,5\n", mapping)
    assert [(one.code, one.params["count"]) for one in imported.findings] == [
        ("import-kpi-unknown", 1)
    ]
    assert [row.kpi for row in imported.rows] == ["REV", "NEW"] and imported.refused == 0


@pytest.mark.parametrize(
    ("mapping", "code", "key", "line"),
    [
        (MAPPING.replace("first_of", "firstof"), "import-mapping-unknown", "[[rule]] firstof", 18),
        (MAPPING.replace("[aliases", "[alias"), "import-mapping-unknown", "alias", 8),
        (
            MAPPING.replace("customer =", "custommer ="),
            "import-mapping-unknown",
            "[columns] custommer",
            7,
        ),
        (
            MAPPING.replace("scale = 0.0001", 'scale = "x"'),
            "import-mapping-value",
            "[[rule]] scale",
            14,
        ),
        (MAPPING.replace('key = "id"', "key = [1]"), "import-mapping-value", "key", 2),
        (MAPPING.replace('key = "id"', "keys = 1"), "import-mapping-unknown", "keys", 2),
        (MAPPING.replace('key = "id"', ""), "import-mapping-missing", "key", 1),
        (MAPPING.replace('kpi = "WIN"', ""), "import-mapping-missing", "[[rule]] kpi", 20),
        (
            MAPPING.replace('where = { stage = ["Won", "Lost"] }', 'where = "Won"'),
            "import-mapping-value",
            "[[rule]] where",
            22,
        ),
        (PIPELINE_MAP.replace('due = "due"', ""), "import-mapping-missing", "[pipeline] due", 1),
        (
            PIPELINE_MAP.replace('stage = "stage"', ""),
            "import-mapping-missing",
            "[pipeline] stage",
            1,
        ),
        (
            PIPELINE_MAP.replace("amount =", "worth ="),
            "import-mapping-unknown",
            "[pipeline] worth",
            6,
        ),
        (PIPELINE_MAP.replace('"lead"', '"maybe"'), "import-mapping-value", "[pipeline] Early", 10),
        (
            PIPELINE_MAP.replace('due = "due"', 'due = "due"\ndue_after = -1'),
            "import-mapping-value",
            "[pipeline] due_after",
            8,
        ),
        (
            MAPPING.replace('day = "closed"', "day = 3"),
            "import-mapping-value",
            "[columns] day",
            4,
        ),
        (
            MAPPING.replace(
                'key = "id"', 'key = "id"; encoding = "klingon"'.replace("; ", "\n    ")
            ),
            "import-mapping-value",
            "encoding",
            3,
        ),
    ],
)
def test_a_mistake_in_the_mapping_names_its_key_and_its_line(
    tmp_path: Path, mapping: str, code: str, key: str, line: int
) -> None:
    with pytest.raises(SalesplanError) as refused:
        read_mapping(mapped(tmp_path, mapping))
    finding = refused.value.finding
    assert (finding.code, finding.params["key"], finding.params["line"]) == (code, key, str(line))
    for lang in ("zh", "en"):
        assert f"{line}" in text(finding, lang) and "import-actuals --help" in fix(finding, lang)


def test_the_encoding_is_named_also_where_it_was_recognised(tmp_path: Path) -> None:
    imported = taken(tmp_path, "1,P1,A,Müller GmbH,Won,2026-03-01,5\n", encoding="cp1252")
    assert imported.encoding == "Windows-1252"
    assert [(one.code, one.params["text"]) for one in imported.findings] == [
        ("import-encoding-recognised", "Müller GmbH")
    ]
    asked = MAPPING.replace('key = "id"', 'key = "id"\n    encoding = "cp1252"')
    assert taken(tmp_path, "1,P1,A,Müller,Won,2026-03-01,5\n", asked, "cp1252").findings == ()


@pytest.mark.parametrize(
    ("encoding", "asked", "code", "names"),
    [
        ("cp1250", "", "import-encoding-unclear", "Windows-1252: £ódŸ"),
        ("cp1252", "utf-8", "import-encoding-asked", "utf-8"),
    ],
)
def test_an_encoding_that_cannot_be_told_is_asked_for(
    tmp_path: Path, encoding: str, asked: str, code: str, names: str
) -> None:
    """Łódź in Windows-1250 could be £ódŸ in Windows-1252: neither is taken in silence."""
    word = "Łódź" if encoding == "cp1250" else "Łódź".translate({0x141: "L", 0x17A: "ü"})
    mapping = MAPPING.replace('key = "id"', f'key = "id"\n    encoding = "{asked}"')
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, f"1,P1,A,{word},Won,2026-03-01,5\n", mapping, encoding)
    assert (refused.value.finding.code, refused.value.exit_code) == (code, 4)
    assert all(names in text(refused.value.finding, lang) for lang in ("zh", "en"))


@pytest.mark.parametrize("name", ["import.md", "import.zh.md"])
def test_the_mapping_of_the_guide_is_one_and_names_every_key(tmp_path: Path, name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / name).read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.S)
    read = read_mapping(
        mapped(tmp_path, example.replace("# encoding", "encoding").replace("# delim", "delim"))
    )
    assert (len(read.rules), read.reading.encoding, read.reading.delimiter) == (4, "gb18030", ";")
    assert read.deals is not None and set(read.deals.stages) == {"Quoted", "In talks"}
    wanted = {*TOP, *RULE, *COLUMNS, *PIPELINE} - {"rule"}
    assert not {key for key in wanted if not re.search(rf"\b{key}\b", example)}
