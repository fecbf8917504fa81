"""Deals of a CSV export in the master's pipeline: added while they are open, brought up to date
when they move, and left alone in all that the export does not say.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from salesplan import app
from salesplan.cli import commands
from tests.unit.masters import SOUND, write

MAP = """
key = "id"
[columns]
unit = "owner"
product = "product"
[pipeline]
kpi = "REV"
where = { stage = ["Early", "Proposal"] }
amount = "worth"
due = "due"
stage = "stage"
touched = "touched"
scale = 0.0001
[pipeline.stages]
Early = "lead"
"""
HEAD = "id,owner,product,worth,due,stage,touched\n"
FIRST = HEAD + (
    "D1,P1,A,1000000,2026-07-20,Early,2026-06-01\n"
    'D2,P2,B,"500,000",2026-08-20,Proposal,2026-06-02\n'
)
Fields = tuple[Any, ...]


class Desk:
    """A master with an empty pipeline, a mapping, and exports into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.master = write(folder / "plan.xlsx", {**SOUND, "deals": [{"code": None}]})
        (folder / "map.toml").write_text(MAP, encoding="utf-8")

    def run(self, lines: str, *options: str) -> tuple[int, dict[str, Any]]:
        """Exit code and what --json says."""
        source = self.folder / "deals.csv"
        source.write_text(lines, encoding="utf-8")
        words = ["import-actuals", str(self.master), str(source), "--map"]
        words += [str(self.folder / "map.toml"), "--json", *options]
        done = CliRunner().invoke(commands, words)
        return done.exit_code, json.loads(done.stdout)

    def deals(self) -> list[Fields]:
        plan = app.check(self.master).plan
        return [
            (one.code, one.unit, one.product, str(one.amount), one.stage and one.stage.value)
            for one in plan.deals
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_open_deals_are_added_once(desk: Desk) -> None:
    before = desk.master.read_bytes()
    assert desk.run(FIRST, "--dry-run")[1]["deals_added"] == 2
    assert desk.master.read_bytes() == before
    code, said = desk.run(FIRST)
    assert (code, said["deals_added"], said["deals_known"]) == (0, 2, 0)
    assert desk.deals() == [
        ("D1", "P1", "A", "100", "lead"),
        ("D2", "P2", "B", "50", "proposal"),
    ]
    code, said = desk.run(FIRST)
    assert (said["deals_added"], said["deals_known"], said["deals_changed"]) == (0, 2, 0)
    assert said["written"] is None
    CliRunner().invoke(commands, ["undo", str(desk.master)])
    assert desk.master.read_bytes() == before


def test_a_deal_that_moved_is_brought_up_to_date_cell_by_cell(desk: Desk) -> None:
    """D1 is dearer and won, though ``where`` wants open ones only; what D2 does not say stays."""
    desk.run(FIRST)
    code, said = desk.run(
        HEAD + "D1,P1,A,1200000,2026-07-20,Won,2026-06-20\nD2,P2,B,,2026-08-20,Proposal,\n"
    )
    assert (code, said["deals_known"], said["deals_changed"]) == (0, 2, 1)
    changed = [one for one in said["findings"] if one["code"] == "import-deal-changed"]
    assert [one["cell"] for one in changed] == ["F2", "G2", "J2"]
    assert "100 → 120" in changed[0]["message_en"]
    assert desk.deals() == [("D1", "P1", "A", "120", "won"), ("D2", "P2", "B", "50", "proposal")]


def test_a_decided_deal_that_the_master_does_not_have_is_not_added(desk: Desk) -> None:
    desk.run(FIRST)
    (desk.folder / "map.toml").write_text(MAP.replace("where =", "# where ="), encoding="utf-8")
    _, said = desk.run(FIRST + "D3,P1,A,10000,,Won,\nD4,P1,A,10000,,Lost,\n")
    assert (said["deals_decided"], said["deals_added"], said["refused"]) == (2, 0, 0)


def test_an_open_deal_that_the_file_no_longer_has_is_named_and_stays(desk: Desk) -> None:
    desk.run(FIRST)
    code, said = desk.run("\n".join(FIRST.splitlines()[:2]) + "\n")
    (gone,) = [one for one in said["findings"] if one["code"] == "import-deals-gone"]
    assert (code, said["deals_gone"], gone["cell"]) == (0, 1, "A3")
    assert "D2" in gone["message_en"] and len(desk.deals()) == 2


def test_a_deal_in_another_currency_keeps_it_and_is_written_once(tmp_path: Path) -> None:
    """The export's dollars stand in the sheet; run again they are not taken for another amount."""
    rates = [{"currency": "USD", "since": date(2026, 1, 1), "rate": 7.0, "kind": "预算"}]
    desk = Desk(tmp_path)
    rows = {**SOUND, "deals": [{"code": None}], "rates": rates}
    write(desk.master, rows)
    given = MAP.replace('due = "due"', 'due = "due"\ncurrency = "money"')
    (tmp_path / "map.toml").write_text(given, encoding="utf-8")
    lines = FIRST.replace("touched\n", "touched,money\n").replace("06-01\n", "06-01,USD\n")
    lines = lines.replace("06-02\n", "06-02,\n")
    assert desk.run(lines)[0] == 0
    deals = {one.code: one for one in app.check(desk.master).plan.deals}
    assert (deals["D1"].currency, deals["D1"].given, deals["D1"].amount) == ("USD", 100, 700)
    assert (deals["D2"].currency, deals["D2"].given, deals["D2"].amount) == ("", None, 50)
    before = desk.master.read_bytes()
    code, said = desk.run(lines)
    assert code == 0 and desk.master.read_bytes() == before
    assert "import-deal-changed" not in json.dumps(said)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("D1,P1,A,1,2026-07-20,Sleeping,", "import-stage"),
        ("D1,P1,A,much,2026-07-20,Early,", "import-number"),
        ("D1,P1,A,1,soon,Early,", "import-date"),
        ("D1,P1,A,1,,Early,", "import-date"),
        ("D1,Nobody,A,1,2026-07-20,Early,", "import-unit-unknown"),
        ("D1,P1:60%; P2:40%,A,1,2026-07-20,Early,", "import-unit-unknown"),
        (",P1,A,1,2026-07-20,Early,", "import-key-missing"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(desk: Desk, line: str, code: str) -> None:
    (desk.folder / "map.toml").write_text(MAP.replace("where =", "# where ="), encoding="utf-8")
    exit_code, said = desk.run(HEAD + line + "\n")
    (refused,) = said["findings"]
    assert (exit_code, refused["code"], refused["cell"]) == (1, code, "2")
    assert (said["refused"], said["deals_added"], desk.deals()) == (1, 0, [])


def test_a_master_without_the_sheet_or_a_column_says_what_to_add(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    write(desk.master, {name: rows for name, rows in SOUND.items() if name != "deals"})
    _, said = desk.run(FIRST)
    assert [one["code"] for one in said["findings"]] == ["import-no-pipeline-sheet"]
    CliRunner().invoke(commands, ["add", str(desk.master), "商机"])
    assert desk.run(FIRST)[1]["deals_added"] == 2


def test_a_pipeline_without_a_column_of_what_is_said_names_it(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    desk = Desk(tmp_path)
    book = load_workbook(desk.master)
    book["商机"].delete_cols(10)
    book.save(desk.master)
    code, said = desk.run(FIRST)
    (finding,) = said["findings"]
    assert (code, finding["code"], said["deals_unwritten"]) == (1, "import-no-deal-column", 2)
    assert "更新日" in finding["message_zh"] and not desk.deals()
