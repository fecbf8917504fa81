"""Good manners in somebody's open workbook: what is read, what stays, what is put back, what is
said.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from salesplan.app.typed_cells import TypedPolicy
from salesplan.cli import commands
from salesplan.excel import bridge, journal, live, open_sheet, ribbon, use_cases
from salesplan.excel.bridge import PIPE
from salesplan.excel.calc_sheets import Hand
from salesplan.excel.timeouts import Patience, left_waiting
from salesplan.findings import SalesplanError
from salesplan.messages import fix, text
from salesplan.workbook.refs import Range
from tests.live import messy
from tests.live.office import Office, running
from tests.live.test_doors import cells, differences
from tests.live.window import until
from tests.samples import new_sample, sample_report, unprinted
from tests.unit.masters import SOUND, edited, write

pytestmark = pytest.mark.libreoffice


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return messy.build(tmp_path / "主计划.xlsx")


def refused(work: Callable[[], object]) -> str:
    """The code of the error; its sentences are there in both languages."""
    with pytest.raises(SalesplanError) as caught:
        work()
    for lang in ("zh", "en"):
        assert text(caught.value.finding, lang) and fix(caught.value.finding, lang)
    return caught.value.finding.code


def test_a_report_is_known_by_its_one_sheet(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What says so is read, not its hundreds of merged areas, at some calls each."""
    written = sample_report(lang="zh").book
    book = office.open(shutil.copyfile(written, tmp_path / written.name))
    read: list[str] = []
    real = live.Look.grid
    monkeypatch.setattr(
        live.Look,
        "grid",
        lambda self, *a, **k: (read.append(self.sheet.name), real(self, *a, **k))[1],
    )
    assert refused(lambda: use_cases.recalculated(book)) == "is-a-report"
    assert read == ["关于本报告"]


def state(book: Any) -> dict[str, object]:
    """What a person sees and has set, apart from the cells."""
    controller = book.api.getCurrentController()
    tasks = book.sheets["行动计划"].api
    return {
        "sheet": controller.getActiveSheet().getName(),
        "selected": book.app.selection.address,
        "row": controller.getFirstVisibleRow(),
        "column": controller.getFirstVisibleColumn(),
        "screen": book.app.screen_updating,
        "calculation": book.app.calculation,
        "hidden": [
            tasks.getRows().getByIndex(index).getPropertyValue("IsVisible") for index in range(12)
        ],
        "protected": [sheet.name for sheet in book.sheets if sheet.api.isProtected()],
        "visible": [sheet.name for sheet in book.sheets if sheet.visible],
        "notes": [
            book.sheets["组织"].api.getAnnotations().getByIndex(i).getString()
            for i in range(book.sheets["组织"].api.getAnnotations().getCount())
        ],
    }


def test_unsaved_edits_are_read_and_all_else_stays(office: Office, master: Path) -> None:
    book = office.open(master)
    goals = book.sheets["指标"]
    header = goals.range("A4:AZ4").value.index("公司年度目标") + 1
    goals.range((5, header)).value = 777
    book.sheets["预算"].activate()
    book.sheets["预算"].range("F6:G7").select()
    book.api.getCurrentController().setFirstVisibleRow(3)
    before, bytes_before = state(book), master.read_bytes()
    done = use_cases.recalculated(book)
    assert state(book) == before
    assert next(k for k in done.run.loaded.plan.kpis if k.code == "REV").target == 777
    assert master.read_bytes() == bytes_before, "filling does not save"


def test_the_programs_own_undo_list_keeps_what_the_person_did(office: Office, master: Path) -> None:
    book = office.open(master)
    book.sheets["随笔"].api.getCellByPosition(1, 5).setString("手写")
    steps = book.api.getUndoManager()
    listed = steps.getAllUndoActionTitles()
    assert listed
    ribbon.recalc(book)
    assert steps.getAllUndoActionTitles() == listed and steps.getAllRedoActionTitles() == ()
    steps.undo()
    assert book.sheets["随笔"].range("B6").value is None
    ribbon.undo(book)


def test_a_column_that_the_table_computes_goes_on_in_new_rows(
    office: Office, tmp_path: Path
) -> None:
    book = office.open(messy.short_table(tmp_path / "主计划.xlsx"))
    before = cells(book)
    ribbon.recalc(book)
    sheet = book.sheets["问题与改进"]
    book.api.calculateAll()
    last = max(row for row in range(6, 60) if sheet.range((row, 2)).value is not None)
    assert last > 10
    computed = sheet.range((6, 14), (last + 1, 14)).value
    assert computed == [
        f"P-{row}{sheet.range((row, 2)).value or ''}" for row in range(6, last + 1)
    ] + [None]
    ribbon.undo(book)
    assert differences(before, cells(book)) == []


def test_a_password_is_respected_and_nothing_is_written(office: Office, tmp_path: Path) -> None:
    book = office.open(messy.build(tmp_path / "locked.xlsx", password=True))
    before, seen = cells(book), state(book)
    assert refused(lambda: ribbon.recalc(book)) == "sheet-protected"
    assert differences(before, cells(book)) == [] and state(book) == seen
    assert journal.last(live.native_name(book)) is None


def test_a_failure_half_way_leaves_everything_as_it_was(
    office: Office, master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = office.open(master)
    before, seen = cells(book), state(book)
    pages = []

    def failing(page: Any) -> None:
        pages.append(open_sheet)
        if len(pages) == 4:
            raise RuntimeError("the program fell over")
        real(open_sheet)

    real = open_sheet.Page.write
    monkeypatch.setattr(open_sheet.Page, "write", failing)
    assert refused(lambda: ribbon.recalc(book)) == "live-write-failed"
    assert differences(before, cells(book)) == [] and state(book) == seen
    assert journal.last(live.native_name(book)) is None


def test_an_array_formula_in_the_way_is_named(office: Office, master: Path) -> None:
    book = office.open(master)
    sheet = book.sheets["组织"]
    column = sheet.range("A4:AZ4").value.index("在岗天数占比") + 1
    sheet.range((5, column), (7, column)).api.setArrayFormula("=ROW(A1:A3)")
    before = cells(book)
    assert callable(ribbon.recalc(book)), "whose these cells are is asked"
    replaced = refused(lambda: use_cases.recalculated(book, typed=TypedPolicy.REPLACE))
    assert replaced in ("live-write-failed", "live-not-as-written")
    assert differences(before, cells(book)) == []


def test_calculation_by_hand_stays_so_and_is_said(office: Office, master: Path) -> None:
    book = office.open(master)
    book.app.calculation = "manual"
    done = use_cases.recalculated(book)
    assert book.app.calculation == "manual"
    assert "live-calculation-manual" in {finding.code for finding in done.changes.findings}
    assert "live-calculation-manual" not in {
        value for row in live.grid(book.sheets["检查结果"], "").rows for value in row
    }


def test_a_frozen_program_is_given_up_and_left_alone(office: Office, master: Path) -> None:
    book = office.open(master)
    before = cells(book)
    patience = Patience(1.0)
    with office.frozen():
        assert (
            refused(
                lambda: patience.run(lambda: use_cases.recalculated(book, wanted=patience.wanted))
            )
            == "live-busy"
        )
    assert not patience.wanted()
    until(lambda: not left_waiting())
    assert differences(before, cells(book)) == []


WHILE = {"read": (use_cases, "read"), "written": (open_sheet.Page, "write")}
"""What is called when the workbook is read, and when it is written into."""


@pytest.mark.parametrize("moment", WHILE)
def test_the_program_outlives_a_workbook_that_is_closed_meanwhile(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """LibreOffice ends itself where a cursor of a document that is gone is moved."""
    book = office.open(write(tmp_path / "计划.xlsx", SOUND))
    begun: list[bool] = []
    real, move = getattr(*WHILE[moment]), Hand.moved

    def begin(*given: object) -> object:
        begun.append(True)
        return real(*given)

    def moved(hand: Hand, area: Range) -> object:
        if len(begun) == 1:
            begun.append(True)
            book.close()
        return move(hand, area)

    monkeypatch.setattr(*WHILE[moment], begin)
    monkeypatch.setattr(Hand, "moved", moved)
    gone = bridge.load_uno().getClass("com.sun.star.uno.RuntimeException")
    with pytest.raises(gone):  # what it means is said where a press began
        use_cases.recalculated(book)
    assert len(begun) == 2 and office.process.poll() is None
    assert live.books_open(calc=True) == []


CONNECTS = """
import atexit
import sys

atexit.register(lambda: print("left", len(bridges())))  # what is registered first runs last

from salesplan.excel.bridge import connected, load_uno
from salesplan.excel.calc import App
from salesplan.excel.timeouts import Patience
from salesplan.findings import SalesplanError

services = load_uno().getComponentContext().ServiceManager
bridges = services.createInstance("com.sun.star.bridge.BridgeFactory").getExistingBridges
app = App(connected())
print("connected", len(bridges()), flush=True)
sys.stdin.readline()
try:
    Patience(1.0).run(lambda: len(list(app.books)))
except SalesplanError as error:
    sys.exit(error.exit_code)
"""


@pytest.mark.parametrize(("answers", "code", "left"), [(True, 0, 0), (False, 3, 1)])
def test_a_process_that_was_connected_ends_with_its_exit_code(
    office: Office, answers: bool, code: int, left: int
) -> None:
    """A connection still open ends some processes with a segmentation fault; one closed in the
    middle of a call aborts each.
    """
    with subprocess.Popen(
        [sys.executable, "-c", CONNECTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "connected 1\n"
        with nullcontext() if answers else office.frozen():
            said, _ = process.communicate("go\n", timeout=60)
    assert (process.returncode, said) == (code, f"left {left}\n")


@pytest.mark.parametrize(
    ("kind", "failures", "calls"),
    [
        ("lang.DisposedException", 4, 5),
        ("lang.DisposedException", 5, 5),
        ("connection.NoConnectException", 1, 1),
    ],
)
def test_a_connection_that_closes_itself_is_tried_again(
    kind: str, failures: int, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice now and then closes a new connection before it is used; where nobody listens,
    nothing is tried twice.
    """
    uno, given = bridge.load_uno(), []

    def resolve(url: str) -> str:
        given.append(url)
        if len(given) <= failures:
            raise uno.getClass(f"com.sun.star.{kind}")()
        return "context"

    manager = SimpleNamespace(createInstanceWithContext=lambda *_: SimpleNamespace(resolve=resolve))
    monkeypatch.setattr(
        bridge,
        "load_uno",
        lambda: SimpleNamespace(
            getClass=uno.getClass,
            getComponentContext=lambda: SimpleNamespace(ServiceManager=manager),
        ),
    )
    if failures < calls:
        assert bridge.connected() == "context"
    else:
        assert refused(bridge.connected) == "calc-not-running"
    assert len(given) == calls


def test_a_process_ends_with_its_exit_code_when_the_program_is_gone(tmp_path: Path) -> None:
    with (
        running(tmp_path) as gone,
        subprocess.Popen(
            [sys.executable, "-c", CONNECTS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None and process.stdout.readline() == "connected 1\n"
        os.killpg(gone.process.pid, signal.SIGKILL)
        gone.process.wait()
        said, _ = process.communicate("go\n", timeout=60)
    assert said == "left 0\n" and process.returncode == 1


def test_undo_leaves_a_sheet_alone_that_was_changed_since(office: Office, master: Path) -> None:
    book = office.open(master)
    before = cells(book)
    done = use_cases.recalculated(book)
    edit = next(edit for edit in done.changes.edits if edit.sheet == "组织")
    book.sheets["组织"].range(edit.cell).value = "手工"
    said = ribbon.undo(book)
    assert any("组织" in line and edit.cell in line for line in said.lines)
    left = differences(before, cells(book))
    assert left and {sheet for sheet, *_ in left} == {"组织"}
    assert refused(lambda: ribbon.undo(book)) == "live-undo-nothing"


def test_undo_of_rows_that_moved_is_refused(office: Office, master: Path) -> None:
    book = office.open(master)
    use_cases.recalculated(book)
    after = cells(book)
    for name in dict.fromkeys(sheet.name for sheet in book.sheets if not sheet.api.isProtected()):
        book.sheets[name].api.getRows().insertByIndex(2, 1)
    book.sheets["目标分解"].api.unprotect("")
    book.sheets["预算"].api.unprotect("")
    for name in ("目标分解", "预算"):
        book.sheets[name].api.getRows().insertByIndex(2, 1)
    moved = cells(book)
    assert moved != after
    assert refused(lambda: ribbon.undo(book)) == "live-undo-changed"
    assert differences(moved, cells(book)) == []


def test_what_is_open_is_found_or_said(
    office: Office, master: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(lambda: live.open_book()) == "live-nothing-open"
    office.open(master)
    assert (
        live.location(live.open_book("主计划.xlsx"))
        == live.location(live.open_book(master))
        == master
    )
    assert refused(lambda: live.open_book("other.xlsx")) == "live-not-open"
    assert (
        refused(lambda: live.open_book(tmp_path / "elsewhere" / "主计划.xlsx")) == "live-not-open"
    )
    (tmp_path / "copy").mkdir()
    office.open(messy.build(tmp_path / "copy" / "主计划.xlsx"))
    assert refused(lambda: live.open_book("主计划.xlsx")) == "live-open-twice"
    assert (
        live.location(live.open_book(tmp_path / "copy" / "主计划.xlsx"))
        == tmp_path / "copy" / "主计划.xlsx"
    )
    assert refused(lambda: live.open_book(calc=False)) == "live-no-excel"
    monkeypatch.setenv(PIPE, "nobody-listens-here")
    assert refused(lambda: live.open_book()) == "calc-not-running"


def test_the_command_line_attaches(office: Office, master: Path) -> None:
    book = office.open(master)
    run = CliRunner()
    looked = run.invoke(commands, ["recalc", "--live", "--dry-run", "--json", master.name])
    changes = json.loads(looked.stdout)["changes"]
    assert changes and live.grid(book.sheets["组织"], "").value(5, 16) is None
    filled = run.invoke(commands, ["recalc", "--live"])
    assert f"{len(changes)} 格" in filled.output and "未保存" in filled.output
    assert "没有改动" in run.invoke(commands, ["recalc", "--live"]).output
    assert run.invoke(commands, ["check", "--live"]).exit_code == filled.exit_code
    assert run.invoke(commands, ["check"]).exit_code == 2
    assert run.invoke(commands, ["recalc", "--live", "-o", "x.xlsx"]).exit_code == 2


def test_the_report_is_made_of_what_is_open(office: Office, tmp_path: Path) -> None:
    book = office.open(unprinted(new_sample(tmp_path / "plan.xlsx", lang="en"), notes=False))
    said = ribbon.report(book)()
    assert list(tmp_path.glob("monthly-execution-report_*.xlsx")) and said.lang == "en"
    assert "salesplan" in str(ribbon.help(book)) and "Recalculate" in str(ribbon.help(book))
    assert ribbon.preview(book).lines[0].count("cells would change (nothing was written):")
    assert not ribbon.check(book).failed


def test_number_formats_of_an_open_workbook_say_the_currency(
    office: Office, tmp_path: Path
) -> None:
    """A row in $ without a currency is taken as dollars, as in the file; mixed columns are halved
    until each part has one format.
    """
    from openpyxl import load_workbook

    from salesplan.plan.loader import load, load_from

    path = tmp_path / "主计划.xlsx"
    rows = {n: {"month": "2026-02", "unit": "P1", "kpi": "REV", "value": n} for n in range(3, 40)}
    write(path, edited({"actuals": rows}))
    book = load_workbook(path)
    sheet = book["实绩"]
    head = next(row for row in sheet.iter_rows(max_row=12) if row[0].value == "日期")
    column = next(cell.column for cell in head if cell.value == "金额/数值")
    first = head[0].row + 1
    for row, code in ((first + 5, '"$"#,##0.00'), (first + 9, "[$€-407] #,##0.00")):
        sheet.cell(row, column).number_format = code
    book.save(path)
    shown = load_from(live.source(office.open(path))).shown
    assert shown == load(path).shown
    assert shown["actuals", "value"] == {first + 5: "$", first + 9: "€"}
