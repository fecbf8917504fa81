"""Spending of a ledger into 费用: what is added, what was there, what changed, what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from salesplan import app
from salesplan.cli import commands
from salesplan.findings import SalesplanError
from tests.unit.masters import SOUND, write

MAP = """
key = "id"
date_format = "dd/mm/yyyy"
decimal = ","
[aliases.budget]
Fair = "{budget}"
[spending]
day = "paid"
budget = "line"
kind = "kind"
amount = "net * 1.06"
voucher = "invoice"
where = {{ net = {{ ">" = 0 }} }}
[spending.kinds]
Order = "占用"
Bill = "Spent"
"""
BUDGET = SOUND["budget"][0]["code"]
HEAD = "id;paid;line;kind;net;invoice\n"
LEDGER = HEAD + "1;05/03/2026;Fair;Order;1.000,00;V1\n2;06/03/2026;Fair;Bill;500;V1\n"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    (tmp_path / "map.toml").write_text(MAP.format(budget=BUDGET), encoding="utf-8")
    return write(tmp_path / "plan.xlsx", {**SOUND, "spending": []})


def run(master: Path, lines: str, *options: str) -> tuple[int, dict[str, Any]]:
    source = master.parent / "ledger.csv"
    source.write_text(lines, encoding="utf-8")
    mapping = str(master.parent / "map.toml")
    words = ["import-spending", str(master), str(source), "--map", mapping, *options]
    for lang in ("zh", "en"):
        told = CliRunner().invoke(commands, [*words, "--dry-run", "--lang", lang])
        assert told.exception is None or isinstance(told.exception, SystemExit)
    done = CliRunner().invoke(commands, [*words, "--json"])
    return done.exit_code, json.loads(done.stdout)


def rows(master: Path) -> list[tuple[Any, ...]]:
    page = load_workbook(master)["费用"]
    return [row[:5] for row in page.iter_rows(2, values_only=True) if row[0] is not None]


def test_a_ledger_is_taken_once_and_brought_up_to_date(master: Path) -> None:
    code, said = run(master, LEDGER)
    assert (code, said["added"], said["known"]) == (0, 2, 0)
    assert [(row[0].date(), *row[1:]) for row in rows(master)] == [
        (date(2026, 3, 5), BUDGET, "占用", 1060, "V1"),
        (date(2026, 3, 6), BUDGET, "支出", 530, "V1"),
    ]
    assert not [f for f in app.check(master).findings if f.place.sheet == "费用"]
    code, said = run(master, LEDGER)
    assert (code, said["added"], said["known"], said["written"]) == (0, 0, 2, None)
    corrected = LEDGER.replace(";500;", ";600;")
    code, said = run(master, corrected)
    assert [f["code"] for f in said["findings"]] == ["import-spending-differs"]
    assert rows(master)[1][3] == 530
    code, said = run(master, corrected, "--update")
    assert (said["updated"], rows(master)[1][3]) == (1, 636)


def test_a_full_ledger_names_what_it_no_longer_has_and_takes_it_out(master: Path) -> None:
    own = {"day": date(2026, 3, 1), "budget": BUDGET, "kind": "支出", "amount": 5}
    write(master, {**SOUND, "spending": [own]})
    assert run(master, LEDGER)[1]["added"] == 2
    before = master.read_bytes()
    fewer = LEDGER.replace("1;05/03/2026;Fair;Order;1.000,00;V1\n", "")
    code, said = run(master, fewer, "--full")
    assert [f["code"] for f in said["findings"]] == ["import-gone-full"]
    assert (said["gone"], said["removed"], master.read_bytes()) == (1, 0, before)
    broken = fewer + "7;05/03/2026;Tea;Bill;1;V7\n"
    code, said = run(master, broken, "--full", "--update")
    assert [f["code"] for f in said["findings"]] == ["import-budget-unknown", "import-gone-kept"]
    assert (said["removed"], master.read_bytes()) == (0, before)
    code, said = run(master, fewer, "--full", "--update", "--dry-run")
    assert (said["removed"], said["written"], master.read_bytes()) == (1, None, before)
    code, said = run(master, fewer, "--full", "--update")
    assert (code, said["removed"]) == (0, 1)
    assert [row[2:] for row in rows(master)] == [("支出", 5, None), ("支出", 530, "V1")]
    app.undo(master)
    assert master.read_bytes() == before


def test_a_full_ledger_of_payments_leaves_what_is_committed(master: Path) -> None:
    assert run(master, LEDGER)[1]["added"] == 2
    path = master.parent / "map.toml"
    path.write_text(MAP.format(budget=BUDGET).replace('kind = "kind"\n', ""), encoding="utf-8")
    _, said = run(master, HEAD + "9;07/03/2026;Fair;Bill;1;V9\n", "--full", "--update")
    assert (said["added"], said["removed"]) == (1, 1)
    assert [row[2:] for row in rows(master)] == [("占用", 1060, "V1"), ("支出", 1.06, "V9")]


def test_two_payments_with_one_voucher_are_two_rows(master: Path) -> None:
    lines = HEAD + "1;05/03/2026;Fair;Bill;100;V1\n2;06/04/2026;Fair;Bill;200;V1\n"
    assert run(master, lines)[1]["added"] == 2
    assert run(master, lines)[1]["known"] == 2 and len(rows(master)) == 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1;05/03/2026;Tea;Bill;1;V1", "import-budget-unknown"),
        ("1;05/03/2026;Fair;Gift;1;V1", "import-kind-unknown"),
        ("1;2026-03;Fair;Bill;1;V1", "import-date"),
        ("1;05/03/2026;Fair;Bill;x;V1", "import-number"),
        (";05/03/2026;Fair;Bill;1;", "import-key-missing"),
        ("1;05/03/2026;Fair", "import-line-broken"),
    ],
)
def test_what_cannot_be_placed_is_named_with_its_line(master: Path, line: str, code: str) -> None:
    exit_code, said = run(master, f"{HEAD}{line}\n9;05/03/2026;Fair;Bill;1;V9\n")
    assert exit_code == 1 and said["added"] == 1
    assert [(f["code"], f["cell"]) for f in said["findings"]] == [(code, "2")]
    assert run(master, f"{HEAD}{line}\n{line}\n")[1]["written"] is None


def test_without_what_it_takes_nothing_is_written(master: Path) -> None:
    (master.parent / "map.toml").write_text(
        'key = "id"\n[columns]\nday = "paid"\nunit = "line"\n[[rule]]\nkpi = "REV"\nvalue = "net"\n'
    )
    source = master.parent / "ledger.csv"
    source.write_text(LEDGER, encoding="utf-8")
    words = ["import-spending", str(master), str(source), "--map", str(master.parent / "map.toml")]
    with pytest.raises(SalesplanError) as refused:
        app.import_spending(master, source, master.parent / "map.toml")
    assert refused.value.finding.code == "import-no-spending"
    assert CliRunner().invoke(commands, words).exit_code == 2
    bare = write(master.parent / "bare.xlsx", SOUND, skip=("spending",))
    (master.parent / "map.toml").write_text(MAP.format(budget=BUDGET), encoding="utf-8")
    code, said = run(bare, LEDGER)
    assert code == 1 and {f["code"] for f in said["findings"]} == {"import-no-voucher-column"}


def test_spending_is_known_again_however_its_day_and_amount_are_written(master: Path) -> None:
    text = """
        key = ["paid", "net"]
        [spending]
        day = "paid"
        budget = "line"
        amount = "net"
        """
    (master.parent / "map.toml").write_text(text, encoding="utf-8")
    head = "paid,line,net\n"
    assert run(master, f"{head}2026年3月5日,{BUDGET},5.50\n")[1]["added"] == 1
    said = run(master, f"{head}2026-03-05,{BUDGET},5.5\n")[1]
    assert (said["added"], said["known"]) == (0, 1)
