"""A draft names a source's columns so that they are read, whatever they are called, and has a rule
for each KPI that a column names.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.plan.model import Kpi, KpiKind, Level, Plan, Settings, TargetRow, Unit
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
