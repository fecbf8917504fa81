"""A draft names a source's columns so that they are read, whatever they are called, and has a rule
for each KPI that a column names.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.plan.model import Kpi, KpiKind, Level, Month, Plan, Settings, TargetRow, Unit
from salesplan.plan.sources.actuals import Imported, read_records
from salesplan.plan.sources.delimited import delimited
from salesplan.plan.sources.drafting import drafted
from salesplan.plan.sources.map_file import mapping_of
from salesplan.plan.sources.mapping import Mapped, Reading
from salesplan.plan.sources.opening import Sources

PLAN = Plan(
    settings=Settings(year=2026),
    units=(
        Unit(code="C", name="Company", level=Level.COMPANY),
        Unit(code="P1", name="Ann Lee", level=Level.PERSON, parent="C"),
    ),
    kpis=(
        Kpi(code="REV", name="Revenue", kind=KpiKind.FLOW, unit="元"),
        Kpi(code="NEW", name="New customers", kind=KpiKind.FLOW, unit="个"),
        Kpi(code="CMP", name="Complaints", kind=KpiKind.FLOW, unit="次"),
    ),
)
SIGNS = "ab(7[]{}'\"+-*/%=#.,;:|&<>!?\\\n\t \x7f\u2028金额（元）"
NAMES = st.text(SIGNS, min_size=1, max_size=12).map(str.strip).filter(bool)


def written(*rows: tuple[str, ...]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return stream.getvalue().encode()


def taken(
    folder: Path, raw: bytes, plan: Plan = PLAN, lang: str = "en"
) -> tuple[str, Mapped, Imported]:
    """The draft of a source, what it means, and what an import by it takes."""
    source = folder / "rows.csv"
    source.write_bytes(raw)
    draft = drafted(delimited(source, raw, Reading(), (), "CN"), plan, lang)
    mapped = mapping_of(folder / "map.toml", draft.encode())
    return draft, mapped, read_records(Sources((str(source),), folder, mapped), mapped, plan)


@given(st.lists(NAMES, min_size=4, max_size=4, unique=True), st.sampled_from(("zh", "en")))
def test_a_draft_imports_whatever_the_columns_are_called(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], lang: str
) -> None:
    days = ("2026-03-01", "2026-03-02", "2026-03-02")
    rows = [(f"A{at}", day, "Ann Lee", "5") for at, day in enumerate(days)]
    _, _, done = taken(tmp_path_factory.mktemp("draft"), written(tuple(names), *rows), lang=lang)
    assert (len(done.rows), done.refused) == (3, 0)
    assert [row.figures["value"] for row in done.rows] == [5, 5, 5]


def test_names_with_brackets_are_multiplied(tmp_path: Path) -> None:
    head = ("id", "day", "who", "Quantity [n]", "Price [元/个]")
    _, mapped, done = taken(tmp_path, written(head, ("1", "2026-03-01", "P1", "2", "9.5")))
    assert mapped.rules[0].figures["value"] == "[Quantity [n]]] * [Price [元/个]]]"
    assert [row.figures["value"] for row in done.rows] == [19]


def test_a_column_that_stands_twice_is_not_named(tmp_path: Path) -> None:
    rows = written(
        ("id", "day", "who", "amount", "amount", "net"), *[("1", "2026-03-01", "P1", "2", "3", "4")]
    )
    assert [row.figures["value"] for row in taken(tmp_path, rows)[2].rows] == [4]


@pytest.mark.parametrize("column", ["Measure", "指标", "x"])
@pytest.mark.parametrize(
    "names", [("REV", "NEW", "CMP"), ("Revenue", "New customers", "Complaints")]
)
def test_a_column_of_kpis_makes_a_rule_for_each(
    tmp_path: Path, column: str, names: tuple[str, ...]
) -> None:
    rows = [(str(at), "2026-03-01", "P1", name, "5") for at, name in enumerate(names * 3)]
    rows += [("80", "2026-03-01", "P1", "Rev enue", "5"), ("90", "2026-03-01", "P1", "Umsatz", "5")]
    draft, mapped, done = taken(tmp_path, written(("id", "day", "who", column, "n"), *rows))
    assert [rule.kpi for rule in mapped.rules] == ["REV", "NEW", "CMP"]
    assert [row.kpi for row in done.rows] == [*["REV", "NEW", "CMP"] * 3, "REV"]
    assert '# "Umsatz": 1×' in draft and '"Rev enue"' in draft and done.unselected == 1


def test_a_column_called_so_whose_names_are_no_kpis_books_nothing(tmp_path: Path) -> None:
    rows = [(str(at), "2026-03-01", "P1", "Umsatz", "5") for at in range(3)]
    draft, _, done = taken(tmp_path, written(("id", "day", "who", "KPI", "n"), *rows))
    assert not done.rows and done.refused == 3 and '# "Umsatz": 3×' in draft


def test_a_column_of_products_or_currencies_is_known_by_what_stands_in_it(tmp_path: Path) -> None:
    row = TargetRow(kpi="REV", unit="C", product="GTX Pro")
    plan = replace(PLAN, product_targets=(row,))
    rows = [(str(at), "2026-03-01", "P1", "gtx pro", "USD", "5") for at in range(3)]
    head = ("id", "day", "who", "Line", "Cur", "n")
    _, mapped, _ = taken(tmp_path, written(head, *rows), plan)
    (rule,) = mapped.rules
    assert (rule.columns["product"], rule.columns["currency"]) == ("Line", "Cur")


PLANNED = replace(PLAN, kpis=(replace(PLAN.kpis[0], name="营收"), *PLAN.kpis[1:]))
SUMS = ("456.70", "556.70", "656.70")


@pytest.mark.parametrize("head", ["营收", "含税金额", "REV", "Net amount"])
@pytest.mark.parametrize(
    "written_so", ["{},234.50元", "￥{},234.50", "¥ {},234.50", "{},234.50 CNY", "{}，２３４．５０"]
)
def test_amounts_are_known_as_numbers_as_an_import_reads_them(
    tmp_path: Path, head: str, written_so: str
) -> None:
    """Beside a plain column of profits, whose figures would be taken in without a word."""
    rows = [
        (f"SO-{at}", "2026年3月1日", "P1", written_so.format(at + 1), SUMS[at]) for at in range(3)
    ]
    source = written(("单据号", "日期", "业务员", head, "毛利额"), *rows)
    draft, mapped, done = taken(tmp_path, source, PLANNED)
    assert mapped.rules[0].figures["value"] == head and "could also be" not in draft
    assert [row.figures["value"] for row in done.rows] == [
        Decimal("1234.5"),
        Decimal("2234.5"),
        Decimal("3234.5"),
    ]


@pytest.mark.parametrize("unit, factor", [("元", "10000"), ("万元", "1")])
@pytest.mark.parametrize(
    "head, text, sure",
    [("营收(万元)", "0.5", True), ("营收", "0.5万元", False), ("营收（元）", "5,000", True)],
)
def test_the_unit_of_amounts_is_converted_or_said(
    tmp_path: Path, unit: str, factor: str, head: str, text: str, sure: bool
) -> None:
    plan = replace(PLANNED, kpis=(replace(PLANNED.kpis[0], unit=unit),))
    rows = [(f"SO-{at}", "2026-03-01", "P1", text) for at in range(3)]
    draft, _, done = taken(tmp_path, written(("单据号", "日期", "业务员", head), *rows), plan)
    assert {row.figures["value"] for row in done.rows} == {Decimal("0.5") * Decimal(factor)}
    assert ("0.5万元 is read as 5,000" in draft) is not sure


def test_a_draft_says_which_other_column_could_be_the_value(tmp_path: Path) -> None:
    rows = [(f"SO-{at}", "2026-03-01", "P1", "5", f"{at}.5") for at in range(3)]
    two = taken(tmp_path, written(("单据号", "日期", "谁", "含税金额", "不含税金额"), *rows))[0]
    assert 'value = "含税金额"  # could also be: 不含税金额' in two
    none = taken(tmp_path, written(("单据号", "日期", "谁", "甲", "乙"), *rows))[0]
    assert 'value = "甲"  # by what stands in it' in none and "could also be: 乙" in none


@pytest.mark.parametrize("month", ["2026-03", "2026年3月", "202603"])
def test_sums_of_a_month_are_told_apart_by_month_and_unit(tmp_path: Path, month: str) -> None:
    """Never by the unit or the amount alone: next month's sums are other records."""
    units = (*PLAN.units, Unit(code="P2", name="Bo Chen", level=Level.PERSON, parent="C"))
    rows = [(month, "Ann Lee", "100"), (month, "Bo Chen", "200")]
    source = written(("月份", "业务员", "营收"), *rows)
    draft, mapped, done = taken(tmp_path, source, replace(PLANNED, units=units))
    assert mapped.key == ("月份", "业务员") and "will be taken for one" in draft
    assert [row.day for row in done.rows] == [Month(2026, 3)] * 2 and not done.refused


def test_customers_and_amounts_that_differ_are_no_key(tmp_path: Path) -> None:
    rows = [("2026-03-01", "P1", f"客户{at}", f"{at}00") for at in range(1, 4)]
    draft = drafted_of(tmp_path, written(("日期", "业务员", "客户", "营收"), *rows))
    assert draft.splitlines()[1].startswith('key = ""')


def drafted_of(folder: Path, raw: bytes) -> str:
    """A draft alone, which may be none that imports."""
    return drafted(delimited(folder / "rows.csv", raw, Reading(), (), "CN"), PLANNED, "en")
