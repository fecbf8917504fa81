"""A CSV export into a master: what is added, what was there, what changed, what fell away, and what
is said of it.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.worksheet.table import Table

from salesplan import app
from salesplan.cli import commands
from tests.unit.masters import SOUND, write

MAP = """
key = "id"
[columns]
day = "date"
unit = "owner"
[[rule]]
kpi = "REV"
value = "amount"
"""
SPLIT = """
key = "id"
[columns]
day = "date"
[[rule]]
kpi = "REV"
unit = "owner"
value = "amount"
scale = 0.6
[[rule]]
kpi = "REV"
unit = "co_owner"
value = "amount"
scale = 0.4
"""


class Desk:
    """A master without actuals, a mapping, and exports into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.master = write(folder / "plan.xlsx", {**SOUND, "actuals": [{"source": None}]})
        self.map(MAP)

    def map(self, text: str) -> None:
        (self.folder / "map.toml").write_text(text, encoding="utf-8")

    def run(self, lines: str, *options: str) -> tuple[int, dict[str, Any], str]:
        """Exit code, what --json says, and what a person is told of the same."""
        source = self.folder / "deals.csv"
        source.write_text(lines, encoding="utf-8")
        words = ["import-actuals", str(self.master), str(source), "--map"]
        words += [str(self.folder / "map.toml"), *options]
        told = CliRunner().invoke(commands, [*words, "--dry-run", "--lang", "en"])
        done = CliRunner().invoke(commands, [*words, "--json"])
        return done.exit_code, json.loads(done.stdout), told.stdout

    def rows(self) -> list[tuple[Any, ...]]:
        page = load_workbook(self.master)["实绩"]
        heads = [cell.value for cell in page[1]]
        wanted = [heads.index(name) for name in ("日期", "组织编码", "指标", "金额/数值", "来源")]
        rows = [tuple(row[at] for at in wanted) for row in page.iter_rows(2, values_only=True)]
        return [row for row in rows if row[0] is not None]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_both_parts_of_a_split_deal_stand_and_a_second_run_adds_nothing(desk: Desk) -> None:
    """600 and 400, 300 and 200: each deal once in the sum."""
    desk.map(SPLIT)
    deals = "id,date,owner,co_owner,amount\nD1,2026-01-10,P1,P2,1000\nD2,2026-01-11,P2,P2,500\n"
    code, said, _ = desk.run(deals)
    assert (code, said["added"], said["known"]) == (0, 4, 0)
    assert [row[1:4:2] for row in desk.rows()] == [
        ("P1", 600),
        ("P2", 400),
        ("P2", 300),
        ("P2", 200),
    ]
    assert not [f for f in app.check(desk.master).findings if f.code == "actual-source-twice"]
    code, said, told = desk.run(deals)
    assert (code, said["added"], said["known"], said["written"]) == (0, 0, 4, None)
    assert "0 rows added, 4 already there" in told and len(desk.rows()) == 4


def test_a_corrected_and_a_vanished_record_are_listed_and_left_alone(desk: Desk) -> None:
    january = "id,date,owner,amount\nk1,2026-01-10,P1,100\nk2,2026-01-10,P1,50\n"
    assert desk.run(january)[1]["added"] == 2
    before = desk.rows()
    code, said, told = desk.run("id,date,owner,amount\nk1,2026-01-10,P2,80\n")
    assert (code, said["added"], said["known"], said["changed"], said["gone"]) == (0, 0, 1, 1, 1)
    differing = [f["message_en"] for f in said["findings"] if f["code"] == "import-differs"]
    assert [("P2 instead of P1" in one, "80 instead of 100" in one) for one in differing] == [
        (True, False),
        (False, True),
    ]
    (gone,) = [f for f in said["findings"] if f["code"] == "import-gone"]
    assert "REV:k2" in gone["message_en"] and gone["severity"] == "note"
    assert "1 there with other figures, 1 no longer in the file" in told
    assert desk.rows() == before


def test_a_file_of_other_days_says_nothing_of_what_it_does_not_hold(desk: Desk) -> None:
    desk.run("id,date,owner,amount\nk1,2026-01-10,P1,100\n")
    code, said, _ = desk.run("id,date,owner,amount\nk2,2026-02-10,P1,100\n")
    assert (code, said["added"], said["gone"], said["findings"]) == (0, 1, 0, [])


def test_a_later_win_of_a_later_file_is_no_correction_of_the_first(desk: Desk) -> None:
    desk.map(
        MAP.replace('"REV"', '"NEW"').replace('value = "amount"', 'first_of = "amount"\nvalue = 1')
    )
    assert desk.run("id,date,owner,amount\n1,2026-02-10,P1,Acme\n")[1]["added"] == 1
    code, said, _ = desk.run("id,date,owner,amount\n2,2026-03-10,P2,Acme\n")
    assert (code, said["known"], said["changed"], said["findings"]) == (0, 1, 0, [])
    code, said, _ = desk.run("id,date,owner,amount\n3,2026-01-10,P2,Acme\n")
    assert (said["known"], said["changed"]) == (1, 1)


def test_too_many_refused_lines_stop_before_anything_is_written(desk: Desk) -> None:
    before = desk.master.read_bytes()
    lines = "id,date,owner,amount\nA,2026-01-10,P1,10\nA,2026-01-10,P1,20\nB,2026-01-10,P1,30\n"
    code, said, told = desk.run(lines)
    assert (code, said["added"], said["refused"], said["unwritten"]) == (1, 0, 1, 2)
    assert said["findings"][0]["code"] == "import-too-many-refused"
    assert desk.master.read_bytes() == before and "nothing was written" in told
    code, said, _ = desk.run(lines, "--accept-refused")
    assert (code, said["added"], said["refused"]) == (1, 2, 1)
    assert [row[3] for row in desk.rows()] == [10, 30]


def test_without_a_source_column_nothing_is_called_already_there(desk: Desk) -> None:
    book = load_workbook(desk.master)
    for cell in book["实绩"][1]:
        if cell.value == "来源":
            cell.value = "备注"
    book.save(desk.master)
    code, said, told = desk.run("id,date,owner,amount\nA,2026-01-10,P1,10\n")
    assert (code, said["added"], said["known"], said["unwritten"]) == (1, 0, 0, 1)
    assert "0 already there" in told and "1 not written" in told


def test_where_there_is_no_room_the_rows_are_counted_as_not_written(desk: Desk) -> None:
    book = load_workbook(desk.master)
    page = book["实绩"]
    page.cell(5, 3).value = "a remark under the table"
    page.add_table(
        Table(displayName="Actuals", ref=f"A1:{page.cell(2, page.max_column).coordinate}")
    )
    book.save(desk.master)
    lines = "".join(f"k{n},2026-01-10,P1,10\n" for n in range(9))
    code, said, _ = desk.run("id,date,owner,amount\n" + lines)
    assert (code, said["added"], said["known"], said["unwritten"]) == (1, 0, 0, 9)
    assert [f["code"] for f in said["findings"]] == ["no-room-for-rows"]


def test_a_hundred_refused_lines_are_three_in_the_terminal_and_all_in_json(desk: Desk) -> None:
    people = ["Ann", "Bea", "Cid"]
    lines = "".join(f"k{n},2026-01-10,{people[n % 3]},10\n" for n in range(100))
    code, said, told = desk.run("id,date,owner,amount\n" + lines)
    assert code == 1 and said["counts"]["error"] == 101
    unknown = [f for f in said["findings"] if f["code"] == "import-unit-unknown"]
    assert len(unknown) == 100 and {f["cell"] for f in unknown} == {str(n) for n in range(2, 102)}
    assert told.count("[import-unit-unknown]") == 3
    assert "97 more like it" in told and all(f"{one} × 3" in told for one in people)
    everything = desk.run("id,date,owner,amount\n" + lines, "--all")[2]
    assert everything.count("[import-unit-unknown]") == 100


def test_the_day_of_a_time_with_an_offset_is_the_plans(desk: Desk) -> None:
    assert desk.run("id,date,owner,amount\nu1,2026-01-31T16:30:00Z,P1,900\n")[0] == 0
    assert [row[0].date() for row in desk.rows()] == [date(2026, 2, 1)]


JANUARY = "id,date,owner,amount\nk1,2026-01-10,P1,100\nk2,2026-02-10,P1,50\n"
CORRECTED = "id,date,owner,amount\nk1,2026-01-11,P2,80\n"


def test_update_takes_over_what_was_corrected_and_undo_takes_it_back(desk: Desk) -> None:
    desk.run(JANUARY)
    before = desk.master.read_bytes()
    code, said, told = desk.run(CORRECTED, "--update")
    assert (code, said["updated"], said["changed"], said["gone"]) == (0, 1, 1, 0)
    assert {f["code"] for f in said["findings"]} == {"import-updated"}
    assert "1 brought up to date" in told
    assert [(row[0].day, row[1], row[3]) for row in desk.rows()] == [
        (11, "P2", 80),
        (10, "P1", 50),
    ]
    app.undo(desk.master)
    assert desk.master.read_bytes() == before


def test_full_names_what_the_source_no_longer_has_and_with_update_takes_it_out(desk: Desk) -> None:
    desk.run(JANUARY)
    before = desk.rows()
    code, said, told = desk.run("id,date,owner,amount\nk1,2026-01-10,P1,100\n", "--full")
    assert (code, said["gone"], said["removed"], desk.rows()) == (0, 1, 0, before)
    assert [f["code"] for f in said["findings"]] == ["import-gone-full"]
    code, said, told = desk.run(CORRECTED, "--full", "--update")
    assert (code, said["updated"], said["removed"]) == (0, 1, 1)
    assert {f["code"] for f in said["findings"]} == {"import-updated", "import-taken-out"}
    assert "1 taken out" in told and [row[4] for row in desk.rows()] == ["REV:k1"]


def test_nothing_is_taken_out_where_a_line_was_refused(desk: Desk) -> None:
    """The refused line may be the record that is missed."""
    desk.run(JANUARY)
    lines = "id,date,owner,amount\nk1,2026-01-10,P1,100\nk2,2026-02-10,P1,?\n"
    code, said, _ = desk.run(lines, "--full", "--update")
    assert (code, said["gone"], said["removed"], len(desk.rows())) == (1, 1, 0, 2)
    assert "import-gone-kept" in {f["code"] for f in said["findings"]}


BY_DAY = """
key = ["owner", "date", "amount"]
[columns]
day = "date"
unit = "owner"
[[rule]]
kpi = "REV"
value = "amount"
"""


@pytest.mark.parametrize(
    "again",
    [
        "P1,2026-06-03,1234.5",
        "P1,2026/6/3,1234.50",
        'Ｐ1 ,2026-06-03 00:00:00,"1,234.50"',
        'P1,20260603,"￥1,234.50"',
        "\u200bP1,2026．06．03,1.2345E+3",
    ],
)
def test_a_record_is_known_again_however_its_key_is_written(desk: Desk, again: str) -> None:
    desk.map(BY_DAY)
    first = 'owner,date,amount\nP1,2026年6月3日,"1,234.50元"\nP1,2026年6月4日,7\n'
    assert desk.run(first)[1]["added"] == 2
    written = desk.rows()
    said = desk.run(f"owner,date,amount\n{again}\nP1,2026年6月4日,7\n")[1]
    assert (said["added"], said["known"], said["gone"], said["changed"]) == (0, 2, 0, 0)
    assert desk.rows() == written and written[0][4] == "REV:P1|2026-06-03|1234.5"


def test_a_row_of_an_import_that_kept_the_key_as_it_was_written_is_known(desk: Desk) -> None:
    row = {"day": date(2026, 6, 3), "unit": "P1", "kpi": "REV", "value": 1234.5}
    row["source"] = "REV:P1|2026年6月3日|1,234.50元"
    write(desk.master, {**SOUND, "actuals": [row]})
    desk.map(BY_DAY)
    said = desk.run("owner,date,amount\nP1,2026-06-03,1234.5\n")[1]
    assert (said["added"], said["known"], said["gone"]) == (0, 1, 0)


def test_what_tells_records_apart_still_does(desk: Desk) -> None:
    """Noughts before a number, small letters, hours of a day, and bars and strokes in a text."""
    desk.map(BY_DAY.replace('"amount"]', '"no"]'))
    numbers = ("7", "007", "a", "A", "a|b", "a\\|b", "7 (2)")
    lines = [f"P1,2026-06-03,1,{no}" for no in numbers]
    lines += [f"P1,2026-06-03 {hour},1,7" for hour in ("10:15", "11:15")]
    source = "\n".join(["owner,date,amount,no", *lines])
    assert desk.run(source)[1]["added"] == len(lines)
    said = desk.run(source)[1]
    assert (said["added"], said["known"], said["refused"]) == (0, len(lines), 0)


def test_one_record_in_two_spellings_of_one_file_counts_once(desk: Desk) -> None:
    desk.map(BY_DAY)
    _, said, told = desk.run("owner,date,amount\nP1,2026年6月3日,5\nP1,2026-06-03,5.0\n")
    assert said["refused"] == 1 and "same key" in told


HAND = {"unit": "P1", "kpi": "REV", "source": None, "customer": None, "value": 5}
HAND_AND_FORM = [
    HAND | {"day": date(2026, 5, 6)},
    HAND | {"day": date(2026, 5, 7), "value": 2.5, "source": "handout 2026-05|P1|REV"},
]


@pytest.mark.parametrize(
    "lines, code, total",
    [
        ("1,2026-05-20,P1,7.5,\n", "import-doubles", "is 15."),
        (
            "1,2026-05-06,P1,5,\n2,2026-05-07,P1,2.5,\n3,2026-05-08,P1,9,\n",
            "import-doubles",
            "is 24.",
        ),
        ("1,2026-05-20,P1,9,\n", "import-adds", ": 16.5."),
        ("1,2026-06-06,P1,5,\n2,2026-05-06,P2,5,\n", "", ""),
    ],
)
def test_what_is_imported_beside_figures_from_elsewhere_is_said(
    desk: Desk, lines: str, code: str, total: str
) -> None:
    """As collect says it of a form; not of another month or another's figures."""
    write(desk.master, {**SOUND, "actuals": HAND_AND_FORM})
    desk.map(MAP.replace('unit = "owner"', 'unit = "owner"\ncustomer = "who"'))
    _, said, told = desk.run(f"id,date,owner,amount,who\n{lines}")
    found = [one["code"] for one in said["findings"] if one["code"].startswith("import-")]
    assert found == ([code] if code else [])
    assert total in told.replace(" in all", "").replace(", most likely counted twice", "")
    again = desk.run(f"id,date,owner,amount,who\n{lines}")[1]
    assert not [one for one in again["findings"] if one["code"].startswith("import-")]


def test_another_customers_record_is_another_thing(desk: Desk) -> None:
    rows = [HAND | {"day": date(2026, 5, 6), "customer": "A"}]
    write(desk.master, {**SOUND, "actuals": rows})
    desk.map(MAP.replace('unit = "owner"', 'unit = "owner"\ncustomer = "who"'))
    told = [desk.run(f"id,date,owner,amount,who\n{who},2026-05-06,P1,5,{who}\n")[2] for who in "BA"]
    assert ["counted twice" in one for one in told] == [False, True]
