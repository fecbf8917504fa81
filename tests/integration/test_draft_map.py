"""A first mapping that is drafted from a source: it says what it saw, and once it is read through
it imports.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from salesplan import app
from salesplan.cli import commands
from salesplan.findings import SalesplanError
from salesplan.plan.sources.map_file import read_mapping
from tests.integration.test_source_data import SUPERSTORE, imported, master, needs_superstore
from tests.unit.masters import SOUND, write

DEALS = """\
Deal ID;Closed on;Account;Owner;Stage;Amount;Note
A1;25.03.2026;Acme;张三;Won;1.200,50;x
A2;26.03.2026;Bolt;李四;Lost;80,00;
A3;27.03.2026;Acme;张 三 丰;Won;70,25;y
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write(tmp_path / "plan.xlsx", {**SOUND, "actuals": [{"source": None, "customer": None}]})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_draft_knows_columns_formats_and_units(plan: Path, lang: str) -> None:
    source = plan.parent / "deals.csv"
    source.write_text(DEALS, encoding="utf-8")
    target = plan.parent / "map.toml"
    words = ["import-actuals", str(plan), str(source), "--draft-map", "--lang", lang]
    shown = CliRunner().invoke(commands, words)
    assert shown.exit_code == 0
    assert CliRunner().invoke(commands, [*words, "--map", str(target)]).exit_code == 0
    assert target.read_text("utf-8") == shown.stdout
    mapped = read_mapping(target)
    (rule,) = mapped.rules
    assert mapped.key == ("Deal ID",)
    assert (rule.columns["day"], rule.columns["unit"]) == ("Closed on", "Owner")
    assert (rule.columns["customer"], rule.figures["value"]) == ("Account", "Amount")
    assert mapped.formats.signs.decimal == "," and mapped.formats.days is not None
    assert mapped.formats.days.text == "dd.mm.yyyy"
    for seen in ('"张 三 丰"', "Won", "Lost", "Note"):
        assert seen in shown.stdout


def test_what_is_there_is_not_replaced(plan: Path) -> None:
    source, target = plan.parent / "deals.csv", plan.parent / "map.toml"
    source.write_text(DEALS, encoding="utf-8")
    target.write_text("mine", encoding="utf-8")
    link = plan.parent / "link.toml"
    link.symlink_to(plan.parent / "nowhere.toml")
    codes = {target: "place-not-workbook", plan: "place-taken", link: "place-is-link"}
    for place, code in codes.items():
        with pytest.raises(SalesplanError) as refused:
            app.draft_map(plan, source, place)
        assert (refused.value.finding.code, refused.value.exit_code) == (code, 2)
    assert target.read_text("utf-8") == "mine" and not (plan.parent / "nowhere.toml").exists()


LEDGER = """\
Doc;Paid on;Cost line;Type;Net;Receipt
1;25.03.2026;{budget};Order;1.200,50;V1
2;26.03.2026;Fair;Spent;80,00;V1
3;27.03.2026;{budget};Spent;70,25;V2
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_draft_of_spending_imports_once_its_names_are_said(tmp_path: Path, lang: str) -> None:
    plan = write(tmp_path / "plan.xlsx", {**SOUND, "spending": []})
    budget = SOUND["budget"][0]["code"]
    source, target = tmp_path / "ledger.csv", tmp_path / "map.toml"
    source.write_text(LEDGER.format(budget=budget), encoding="utf-8")
    words = ["import-spending", str(plan), str(source), "--map", str(target)]
    done = CliRunner().invoke(commands, [*words, "--draft-map", "--lang", lang])
    assert done.exit_code == 0
    draft = target.read_text("utf-8")
    rule = read_mapping(target).spending
    assert rule is not None and rule.amount == "Net"
    assert rule.columns == {
        "day": "Paid on",
        "budget": "Cost line",
        "kind": "Type",
        "voucher": "Receipt",
    }
    assert '# "Order" = ""' in draft and '# "Fair" = ' in draft
    said = draft.replace('# "Order" = ""', '"Order" = "Committed"')
    near = next(line for line in draft.splitlines() if line.startswith('# "Fair"'))
    target.write_text(said.replace(near, f'"Fair" = "{budget}"'), encoding="utf-8")
    taken, _ = app.import_spending(plan, source, target)
    assert (taken.counts["added"], taken.refused) == (3, 0)


def test_order_lines_are_told_apart_by_two_columns_and_counted_by_two(plan: Path) -> None:
    source = plan.parent / "lines.csv"
    rows = ("1,1,P1,2026-01-05,2,9.5", "1,2,P1,2026-01-05,1,3", "2,1,P2,2026-01-06,1,9.5")
    text = "\n".join(["OrderID,ProductID,Rep,Date,Quantity,UnitPrice", *rows])
    source.write_text(text + "\n", encoding="utf-8")
    draft = app.draft_map(plan, source, lang="en")
    assert 'key = ["OrderID", "ProductID"]' in draft
    assert 'value = "[Quantity] * [UnitPrice]"' in draft


def test_without_a_mapping_or_a_draft_the_command_asks_for_one(plan: Path) -> None:
    for command in ("import-actuals", "import-spending"):
        done = CliRunner().invoke(commands, [command, str(plan), "deals.csv"])
        assert done.exit_code == 2 and "--map" in done.output


TITLED = "2026年6月销售明细{0}{0}{0}\n导出时间: 2026-07-01{0}导出人: 张三{0}{0}\n\n{1}\n{2}\n{3}\n"
ROWS = (
    ("单据号", "日期", "业务员", "含税金额"),
    ("1", "2026-03-01", "P1", "5,5"),
    ("2", "2026-03-02", "P1", "6"),
)


@pytest.mark.parametrize("sign", ";\t")
@pytest.mark.parametrize("padded", [True, False])
def test_titles_above_the_header_are_passed_over(plan: Path, sign: str, padded: bool) -> None:
    source, target = plan.parent / "deals.csv", plan.parent / "map.toml"
    text = TITLED.format(sign, *map(sign.join, ROWS))
    lines = text.splitlines() if padded else [line.rstrip(sign) for line in text.splitlines()]
    source.write_text("\n".join(lines), encoding="utf-8")
    draft = app.draft_map(plan, source, target)
    assert 'day = "日期"' in draft and 'value = "含税金额"' in draft
    taken, _ = app.import_actuals(plan, source, target, dry_run=True)
    assert (taken.added, taken.refused) == (2, 0)


def test_titles_of_a_sheet_are_passed_over(plan: Path) -> None:
    source = plan.parent / "deals.xlsx"
    book = Workbook()
    for row in (["2026年6月销售明细"], [], *ROWS):
        book.active.append(row)
    book.save(source)
    assert 'value = "含税金额"' in app.draft_map(plan, source)


@pytest.mark.parametrize("text", ["", "\n", "a,b\n"])
def test_a_file_without_records_makes_no_draft(plan: Path, text: str) -> None:
    source, target = plan.parent / "deals.csv", plan.parent / "map.toml"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(SalesplanError) as refused:
        app.draft_map(plan, source, target)
    assert (refused.value.finding.code, refused.value.exit_code) == ("import-empty", 2)
    assert not target.exists()


def test_the_import_of_an_empty_file_says_so(plan: Path) -> None:
    source, target = plan.parent / "deals.csv", plan.parent / "map.toml"
    source.write_text(DEALS, encoding="utf-8")
    app.draft_map(plan, source, target)
    source.write_text("", encoding="utf-8")
    with pytest.raises(SalesplanError) as refused:
        app.import_actuals(plan, source, target)
    assert refused.value.finding.code == "import-empty"


@needs_superstore
def test_the_draft_of_superstore_imports_as_it_is(tmp_path: Path) -> None:
    path = master(tmp_path / "plan.xlsx", ["South", "West", "Central", "East"])
    source = SUPERSTORE / "superstore_eu.csv"
    app.draft_map(path, source, tmp_path / "map.toml")
    told = imported(path, tmp_path / "map.toml", str(source))
    assert (told["added"], told["refused"]) == (1_500, 0)
    (entry,) = app.history(path)
    assert entry.what == "import superstore_eu.csv: 1,500 records, 1,500 added"
