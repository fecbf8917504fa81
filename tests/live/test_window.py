"""In a real window, with mouse and keys: the right workbook, the newest values, a cell in edit
mode, the person's undo list.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salesplan import app
from salesplan.config import STATE_VARIABLE as STATE
from salesplan.excel import COMMAND, hosts, live, ribbon, undo, use_cases
from salesplan.findings import SalesplanError
from tests.live import window
from tests.live.test_doors import cells, differences
from tests.live.window import Desk, identity, until
from tests.samples import new_sample, unprinted, whole_sound

pytestmark = pytest.mark.libreoffice


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with window.private_desk(tmp_path_factory.mktemp("window")) as desk:
        yield desk


@pytest.fixture
def desk(started: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv(STATE, str(tmp_path / "state"))
    yield started
    for box in window.boxes(started):
        started.do("key", "--window", box, "Escape")
    started.office.close_all()


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return small(tmp_path / "计划.xlsx")


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """With as many cells shown as a planner has."""
    return unprinted(new_sample(tmp_path / "计划.xlsx", lang="zh"))


def small(path: Path) -> Path:
    """A small plan, not filled in, that LibreOffice opens and fills quickly."""
    return unprinted(whole_sound(path), notes=False)


def press(name: str, book: Any) -> subprocess.Popen[str]:
    """What the button's Sub starts, with the workbook that it was pressed in."""
    return subprocess.Popen(
        [sys.executable, *COMMAND, "--calc", name, identity(book)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answered(desk: Desk, process: subprocess.Popen[str]) -> str:
    """Close the box as the person does; what was said."""
    until(lambda: window.boxes(desk) or process.poll() is not None)
    desk.close_boxes(process)
    said, wrong = process.communicate(timeout=90)
    assert "Traceback" not in said + wrong
    return said


def target(book: Any) -> str:
    """The cell of the first KPI's company target."""
    found = app.check(live.path_of(book), source=live.source(book)).loaded.tables["kpis"]
    return f"{found.columns['target']}{found.first_row}"


def company(book: Any) -> object:
    """What the target sheet says of the company's first KPI."""
    found = app.check(live.path_of(book), source=live.source(book)).loaded.tables["targets"]
    return found.column("year")[0]


def test_a_report_in_front_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    master = whole_sound(tmp_path / "计划.xlsx")
    made = app.report(master).written
    app.draft_each(master)
    before = {path: path.read_bytes() for path in master.parent.rglob("*") if path.is_file()}
    book = desk.open(made)
    for button in ("recalc", "drafts", "report"):
        said = answered(desk, press(button, book))
        assert master.name in said and "是执行分析报告" in said
    now = {path: path.read_bytes() for path in before}
    assert now == before and len(list(master.parent.rglob("*.eml"))) > 3


def test_the_workbook_that_was_pressed_in_is_filled(
    desk: Desk, master: Path, tmp_path: Path
) -> None:
    """Another one comes to the front a tenth of a second later."""
    first = desk.open(master)
    (tmp_path / "other").mkdir()
    other_path = tmp_path / "other" / "乙.xlsx"
    small(other_path)
    second = desk.open(other_path)
    desk.front(first)
    untouched = cells(second)
    process = press("recalc", first)
    time.sleep(0.1)
    desk.front(second)
    said = answered(desk, process)
    assert said.startswith("计划.xlsx: 已填写")
    assert differences(untouched, cells(second)) == []
    assert use_cases.recalculated(first, dry_run=True).changes.edits == ()


def test_a_workbook_that_is_closed_is_not_replaced_by_another(
    desk: Desk, master: Path, tmp_path: Path
) -> None:
    first = desk.open(master)
    gone = identity(first)
    (tmp_path / "other").mkdir()
    other_path = tmp_path / "other" / "乙.xlsx"
    small(other_path)
    second = desk.open(other_path)
    untouched = cells(second)
    first.close()
    process = subprocess.Popen(
        [sys.executable, *COMMAND, "--calc", "recalc", gone],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "no longer open" in answered(desk, process) and process.returncode == 3
    assert differences(untouched, cells(second)) == []


def test_an_input_typed_while_python_works_counts(desk: Desk, master: Path) -> None:
    book = desk.open(master)
    cell = target(book)
    typed = threading.Event()

    def wanted() -> bool:
        if not typed.is_set():
            typed.set()
            desk.enter(book, "指标", cell, "3000")
        return True

    ribbon.recalc(book, wanted)
    assert book.sheets["指标"].range(cell).value == 3_000 and company(book) == 3_000


@pytest.mark.parametrize("begin", ["letter", "F2"])
def test_a_cell_in_edit_mode_is_named(desk: Desk, master: Path, begin: str) -> None:
    book = desk.open(master)
    before = cells(book)
    cell = target(book)
    desk.select(book, "指标", cell)
    desk.type("3000") if begin == "letter" else desk.key("F2")
    until(lambda: window.editing(book))
    start = time.perf_counter()
    for work in (ribbon.recalc, ribbon.check, ribbon.preview, ribbon.undo, undo.undo):
        with pytest.raises(SalesplanError) as refused:
            work(book)
        assert refused.value.finding.code == "live-cell-open"
        assert refused.value.finding.params["cell"] == cell
    assert time.perf_counter() - start < 60
    desk.key("Escape")
    until(lambda: not window.editing(book))
    assert differences(before, cells(book)) == []
    hosts.refuse_unready(book)

    book.api.getCurrentController().splitAtPosition(300, 200)  # pixels
    desk.select(book, "指标", cell)
    desk.key("F2")
    until(lambda: window.editing(book))
    with pytest.raises(SalesplanError) as refused:
        hosts.refuse_unready(book)
    assert refused.value.finding.params["cell"] == cell
    desk.key("Escape")
    until(lambda: not window.editing(book))


@pytest.mark.parametrize("front", ["目标分解", "组织", "检查结果", "使用说明"])
def test_the_persons_undo_list_stays(desk: Desk, sample: Path, front: str) -> None:
    """Whatever is in front, a sheet that is filled too: what the person did can be taken back, and
    done again.
    """
    book = desk.open(sample)
    desk.enter(book, "使用说明", "B60", "one")
    desk.enter(book, "使用说明", "B61", "two")
    desk.key("ctrl+z")
    until(lambda: book.sheets["使用说明"].range("B61").value is None)
    steps = book.api.getUndoManager()
    listed = (steps.getAllUndoActionTitles(), steps.getAllRedoActionTitles())
    assert len(listed[0]) >= 1 and len(listed[1]) == 1
    book.sheets[front].activate()
    time.sleep(0.3)
    for work in (ribbon.recalc, ribbon.undo, ribbon.recalc):
        work(book)
        assert (steps.getAllUndoActionTitles(), steps.getAllRedoActionTitles()) == listed
    book.sheets["使用说明"].activate()
    desk.key("ctrl+z")
    until(lambda: book.sheets["使用说明"].range("B60").value is None)


def test_rows_are_as_high_as_their_texts_ask_for(desk: Desk, sample: Path) -> None:
    book = desk.open(sample)
    ribbon.recalc(book)
    rows = book.sheets["检查结果"].api.getRows()
    heights = [rows.getByIndex(index).getPropertyValue("Height") for index in range(5, 17)]
    for index in range(5, 17):
        rows.getByIndex(index).setPropertyValue("OptimalHeight", True)
    assert heights == [rows.getByIndex(i).getPropertyValue("Height") for i in range(5, 17)]


def test_a_second_press_says_nothing_while_the_first_works(desk: Desk, master: Path) -> None:
    book = desk.open(master)
    first = press("recalc", book)
    until(lambda: list(Path(os.environ[STATE]).glob("live/*.lock")))  # however long it takes
    second = press("undo", book)
    until(lambda: window.boxes(desk))
    assert second.wait(60) == 0 and second.stdout is not None and second.stdout.read() == ""
    assert len(window.boxes(desk)) == 1
    assert "已填写" in answered(desk, first)


def test_a_read_only_workbook_is_named(desk: Desk, master: Path) -> None:
    from salesplan.excel.bridge import connected, load_uno
    from salesplan.excel.calc import desktop

    how = load_uno().createUnoStruct(
        "com.sun.star.beans.PropertyValue", Name="ReadOnly", Value=True
    )
    document = desktop(connected()).loadComponentFromURL(master.as_uri(), "_blank", 0, (how,))
    book = window.book_of(document)
    assert "只读" in answered(desk, press("recalc", book))


def test_a_workbook_closed_meanwhile_is_named(
    desk: Desk, master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salesplan.excel import button_press

    book = desk.open(master)
    said: list[str] = []
    monkeypatch.setattr(button_press, "_show", lambda message, *_: said.append(message))
    real = live.read

    def closing(book: Any) -> Any:
        found = real(book)
        book.close()
        return found

    monkeypatch.setattr(use_cases, "read", closing)
    from salesplan.excel.identity import Identity

    code = button_press.pressed("recalc", calc=True, identity=Identity.read(identity(book)))
    assert code == 3 and len(said) == 1 and "在处理期间被关闭" in said[0]
    assert "NoneType" not in said[0] and os.environ[STATE] not in said[0]
