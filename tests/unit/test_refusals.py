"""What stops a use case from outside the plan: files in the way, folders that are none, disks that
fail, exports that do not fit.
"""

from __future__ import annotations

import errno
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from salesplan import app
from salesplan.findings import SalesplanError
from salesplan.messages import text
from salesplan.workbook.changes import CellChange
from salesplan.workbook.save.guards import named_causes
from salesplan.workbook.zip.package import open_package
from salesplan.workbook.zip.rawzip import RawZip
from tests.unit.masters import edited, write
from tests.unit.test_report import cells

MAPPING = """
key = "id"
[columns]
day = "day"
unit = "who"
[[rule]]
kpi = "{kpi}"
value = "amount"
"""


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return write(tmp_path / "plan.xlsx", edited({}))


def refused(work: Any, *arguments: Any, **named: Any) -> tuple[str, int]:
    with pytest.raises(SalesplanError) as caught:
        work(*arguments, **named)
    return caught.value.finding.code, caught.value.exit_code


def test_a_plan_is_never_overwritten_by_a_new_one(master: Path) -> None:
    before = master.read_bytes()
    assert refused(app.new, master, lang="zh", year=2026) == ("place-taken", 2)
    assert master.read_bytes() == before


def test_a_file_that_another_program_holds_on_windows(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def held(path: Path, *arguments: Any, **named: Any) -> Any:
        if path != master:  # the user's settings are read once for all tests of a process
            return opened(path, *arguments, **named)
        error = PermissionError(errno.EACCES, "in use")
        error.winerror = 32  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(Path, "open", held)
    assert refused(app.check, master) == ("file-held", 3)


def test_a_folder_that_is_a_file(master: Path) -> None:
    assert refused(app.report, master, app.Wanted(folder=master / "reports")) == (
        "folder-not-usable",
        3,
    )


@pytest.mark.parametrize(
    "number, code",
    [(errno.ENOSPC, "disk-full"), (errno.EROFS, "folder-read-only"), (errno.EIO, "save-failed")],
)
def test_a_report_or_a_page_that_cannot_be_written(
    master: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    """In the words of saving: no report where it is a page, no system's English."""

    def failing(*_: object, **__: object) -> None:
        raise OSError(number, "as the system says it")

    monkeypatch.setattr("salesplan.report.write_report", failing)
    monkeypatch.setattr("salesplan.meeting.xlsx.write_sheet", failing)
    daily = app.Occasion(meeting=app.Meeting.DAY)
    for write_it in (lambda: app.report(master), lambda: app.meeting(master, daily)):
        with pytest.raises(SalesplanError) as caught:
            write_it()
        assert (caught.value.finding.code, caught.value.exit_code) == (code, 3)
        assert "月报" not in text(caught.value.finding, "zh")


def test_an_error_of_the_disk_while_saving(master: Path) -> None:
    def save() -> None:
        with named_causes(master):
            raise OSError(errno.EIO, "Input/output error")

    assert refused(save) == ("save-failed", 3)


def test_a_package_whose_end_is_gone(master: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.xlsx"
    short.write_bytes(master.read_bytes()[:-400])
    assert refused(RawZip, short) == ("package-damaged", 4)
    with pytest.raises(SalesplanError):
        open_package(short)


def imported(master: Path, tmp_path: Path, lines: str, kpi: str = "REV") -> list[tuple[str, str]]:
    (tmp_path / "map.toml").write_text(MAPPING.format(kpi=kpi), "utf-8")
    (tmp_path / "deals.csv").write_text("id,day,who,amount\n" + lines, "utf-8")
    found, _ = app.import_actuals(master, tmp_path / "deals.csv", tmp_path / "map.toml")
    return [(finding.code, str(finding.place)) for finding in found.findings]


def test_an_export_for_a_kpi_that_the_plan_does_not_have(master: Path, tmp_path: Path) -> None:
    assert imported(master, tmp_path, "1,2026-03-02,P1,5\n", kpi="REX") == [
        ("import-kpi-unknown", "deals.csv")
    ]


def test_a_long_import_makes_a_change_for_what_differs_not_for_each_cell(
    master: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2,000 records of 50 amounts, two people and nine days are 12,000 cells; only their names are
    all different.
    """
    made = 0
    sound = CellChange.__post_init__

    def counted(change: CellChange) -> None:
        nonlocal made
        made += 1
        sound(change)

    monkeypatch.setattr(CellChange, "__post_init__", counted)
    assert imported(
        master,
        tmp_path,
        "".join(f"{n},2026-03-0{n % 9 + 1},P{n % 2 + 1},{n % 50}\n" for n in range(2000)),
    ) == [("import-adds", "实绩!I3")]
    assert made < 2200
    assert sum(app.history(master)[-1].sheets.values()) == app.history(master)[-1].cells == 10_000
    assert cells(master)["实绩"]["I1999"] == 1994 % 50


def test_a_record_that_has_changed_since_is_named_and_not_overwritten(
    master: Path, tmp_path: Path
) -> None:
    assert imported(master, tmp_path, "1,2026-03-02,P1,5\n") == []
    assert imported(master, tmp_path, "1,2026-03-02,P1,6\n") == [("import-differs", "实绩!I5")]
    assert cells(master)["实绩"]["I5"] == 5


def test_a_master_that_cannot_remember_what_was_imported(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.xlsx", edited({}))
    book = openpyxl.load_workbook(path)
    book["实绩"]["L1"] = "备注"
    book.save(path)
    assert imported(path, tmp_path, "1,2026-03-02,P1,5\n") == [("import-no-source-column", "实绩")]


def test_rows_for_which_there_is_no_room_are_named_and_none_is_written(tmp_path: Path) -> None:
    """Two tasks for Friday 3 April, and a planner's line of totals right under the weekly
    review.
    """
    tasks = {
        row: {
            "code": f"K{row}",
            "content": "x",
            "strategy": "S1",
            "owner": "P1",
            "start": date(2026, 3, 2),
            "due": date(2026, 4, 2),
            "progress": 0.5,
        }
        for row in (4, 5)
    }
    path = write(tmp_path / "plan.xlsx", edited({"tasks": tasks}))
    book = openpyxl.load_workbook(path)
    book["周复盘"]["A4"], book["周复盘"]["D4"] = "合计", 1.4
    book.save(path)
    found = [
        (finding.code, finding.place.sheet)
        for finding in app.recalc(path).changes.findings
        if finding.code == "no-room-for-rows"
    ]
    assert found == [("no-room-for-rows", "周复盘")]
    sheet = openpyxl.load_workbook(path)["周复盘"]
    assert (sheet["A4"].value, sheet.max_row) == ("合计", 4)


def test_fridays_tasks_are_new_rows_and_a_second_run_adds_none(tmp_path: Path) -> None:
    """The planner's cells stay as they are, in the old rows and in the new ones that the planner
    has filled in since.
    """
    tasks = {
        4: {
            "code": "K3",
            "content": "x",
            "strategy": "S1",
            "owner": "P1",
            "start": date(2026, 3, 30),
            "due": date(2026, 4, 10),
            "progress": 0.1,
        }
    }
    path = write(tmp_path / "plan.xlsx", edited({"tasks": tasks}))
    app.recalc(path)
    sheet = cells(path)["周复盘"]
    assert [sheet.get(f"{column}4") for column in "ABCDEFGH"] == [
        date(2026, 4, 3),
        "K3",
        0.56,
        None,
        None,
        None,
        None,
        None,
    ]
    assert [sheet.get(f"I{row}") for row in (2, 3, 4)] == [1, 0.8, None]
    assert app.recalc(path).changes.edits == ()
    book = openpyxl.load_workbook(path)
    for cell, value in {"A4": date(2026, 4, 2), "C4": 0.5, "D4": 0.25}.items():
        book["周复盘"][cell] = value
    book.save(path)
    assert {edit.cell for edit in app.recalc(path).changes.edits if edit.sheet == "周复盘"} == {
        "I4"
    }
    sheet = cells(path)["周复盘"]
    assert (sheet["C4"], sheet["D4"], sheet["I4"], sheet.get("A5")) == (0.5, 0.25, 0.5, None)


@pytest.mark.parametrize(
    ("table", "column", "figure"),
    [
        ("kpis", "target", 9.99e17),
        ("kpis", "target", 1e300),
        ("budget", "requested", 1.1e-9),
        ("budget", "expected_return", 1e30),
        ("budget", "expected_return", 9.99e17),
        ("spending", "amount", 1e30),
        ("actuals", "value", -9.99e17),
        ("strategies", "target_share", 1e-300),
    ],
)
def test_a_figure_of_any_size_is_filled_in_or_named(
    tmp_path: Path, table: str, column: str, figure: float
) -> None:
    """Up to eighteen digits every quotient can be written; what is beyond is named at its cell."""
    path = write(tmp_path / "plan.xlsx", edited({table: {2: {column: figure}}}))
    done = app.recalc(path)
    assert done.written == path.resolve()
    assert ("number-too-large" in {one.code for one in done.run.findings}) == (figure > 1e18)
    assert app.report(path, app.Wanted(folder=tmp_path)).written.exists()
