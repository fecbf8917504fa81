"""Taking in a CSV export: what is placed, what is refused, and where it says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from salesplan.findings import SalesplanError
from salesplan.plan.import_map import read_mapping
from salesplan.plan.imports import Imported, read_records
from salesplan.plan.model import Kpi, KpiKind, Level, Plan, Settings, Unit

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


@pytest.mark.parametrize("amount", ["12万", "", "nan", "1e", "1e999999", "-1e18"])
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
        ("key = 1", "import-mapping", 2),
        ('key = "id"', "import-mapping", 2),
        ('key = "id"\n[[rule]]\nkpi = "REV"\nvalue = "amount"', "import-mapping", 2),
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
        ("¥45", None),
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
