"""Watching a master: what one look after another comes to. No test waits; each look is called."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesplan.app import Meeting, Turn, Watcher, recalc, watch
from salesplan.app.watching import PATIENCE, copy_of
from salesplan.findings import SalesplanError
from salesplan.plan.loader import load
from salesplan.plan.model import Month
from salesplan.workbook.save import guards
from salesplan.workbook.save.guards import alone
from salesplan.workbook.save.journal import lock_of
from tests.terminal import hear_ctrl_c
from tests.unit.masters import edited, settings_edit, write


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Three masters that differ in the company's targets, as a planner saves one after another."""
    folder = tmp_path_factory.mktemp("books")
    targets = (500.0, 600.0, 700.0)
    return [
        write(folder / f"{target}.xlsx", edited({"kpis": {2: {"target": target}}})).read_bytes()
        for target in targets
    ]


@pytest.fixture
def master(books: list[bytes], tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(books[0])
    return path


@pytest.fixture
def watcher(master: Path) -> Watcher:
    """One that has filled the master already."""
    made = Watcher(master, report=False)
    assert [turn.written for turn in looks(made)] == [master]
    return made


def looks(watcher: Watcher, count: int = 3 + PATIENCE) -> list[Turn]:
    """What a number of looks come to, without those that come to nothing."""
    return [turn for turn in (watcher.look() for _ in range(count)) if turn is not None]


def codes(turns: list[Turn]) -> list[str]:
    return [finding.code for turn in turns for finding in turn.findings]


def lock(path: Path) -> Path:
    beside = path.with_name(f".~lock.{path.name}#")
    beside.write_text("李四,li,desk,2026;")
    return beside


def is_filled(path: Path) -> bool:
    return not recalc(path, dry_run=True).changes.edits


def test_it_fills_at_once_and_makes_the_report(master: Path) -> None:
    (turn,) = looks(Watcher(master))
    assert (
        turn.done is not None
        and len(turn.done.changes.edits) > 50
        and turn.written == master
        and is_filled(master)
    )
    assert turn.report is not None and turn.report.is_file() and turn.findings == ()


def test_the_pages_of_meetings_are_made_where_they_are_asked_for(master: Path) -> None:
    (turn,) = looks(Watcher(master, report=False, meetings=tuple(Meeting)))
    assert {page.suffix for page in turn.pages} == {".xlsx", ".html"} and len(turn.pages) == 4
    assert turn.findings == () and all(page.parent == master.parent for page in turn.pages)


def test_the_report_is_of_the_span_that_is_asked_for(master: Path) -> None:
    (turn,) = looks(Watcher(master, span="quarter"))
    assert turn.report is not None and turn.report.stem.endswith("-Q1")


def test_what_it_wrote_itself_and_a_mere_touch_are_no_save(watcher: Watcher, master: Path) -> None:
    assert looks(watcher) == []
    os.utime(master)
    assert looks(watcher) == []


def test_each_save_is_filled_once(watcher: Watcher, master: Path, books: list[bytes]) -> None:
    for saved in books[1:]:
        master.write_bytes(saved)
        (turn,) = looks(watcher)
        assert turn.written == master and is_filled(master)


def test_a_save_that_needs_nothing_filled_says_so_and_writes_nothing(
    watcher: Watcher, master: Path, books: list[bytes]
) -> None:
    filled = master.read_bytes()
    master.write_bytes(books[1])
    recalc(master)
    before = master.read_bytes()
    assert before != filled
    (turn,) = looks(watcher)
    assert turn.done is not None and turn.written is None and master.read_bytes() == before


def test_a_save_by_replacing_the_file(watcher: Watcher, master: Path, books: list[bytes]) -> None:
    """As Excel saves: a new file beside it, then moved into its place."""
    beside = master.with_name("4F1C2D00")
    beside.write_bytes(books[1])
    master.unlink()
    assert watcher.look() is None
    beside.replace(master)
    (turn,) = looks(watcher)
    assert turn.written == master and codes([turn]) == []


def test_a_file_that_is_still_growing_is_left_alone(
    watcher: Watcher, master: Path, books: list[bytes]
) -> None:
    whole, said = books[1], []
    for part in range(1, 10):
        master.write_bytes(whole[: len(whole) * part // 10])
        said += looks(watcher, 2)
    assert said == [] and not any(master.parent.glob("*_*"))
    master.write_bytes(whole)
    (turn,) = looks(watcher)
    assert turn.written == master


def test_a_file_that_stays_damaged_is_named_once(
    watcher: Watcher, master: Path, books: list[bytes]
) -> None:
    master.write_bytes(books[1][:5000])
    assert codes(looks(watcher, 30)) == ["file-truncated"]
    master.write_bytes(books[1])
    assert [turn.written for turn in looks(watcher)] == [master]


def test_another_salesplan_at_work_is_waited_for_and_named_once(
    watcher: Watcher, master: Path, books: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "WAIT", 0.0)
    master.write_bytes(books[1])
    with alone(lock_of(master), master):
        assert codes(looks(watcher, 30)) == ["file-being-saved"]
    (turn,) = looks(watcher)
    assert turn.written == master


def test_deleted_and_made_again(watcher: Watcher, master: Path, books: list[bytes]) -> None:
    master.unlink()
    assert codes(looks(watcher, 30)) == ["watch-file-gone"]
    master.write_bytes(books[2])
    (turn,) = looks(watcher)
    assert turn.written == master


class TestOpenElsewhere:
    def test_a_copy_beside_it_is_filled_and_the_master_when_it_is_closed(
        self, watcher: Watcher, master: Path, books: list[bytes]
    ) -> None:
        held, copy = lock(master), copy_of(master, "zh")
        master.write_bytes(books[1])
        (turn,) = looks(watcher)
        assert (
            turn.written == copy
            and codes([turn]) == ["watch-open-beside"]
            and "李四" in str(turn.findings[0].params["lock"])
        )
        assert master.read_bytes() == books[1] and is_filled(copy)
        assert looks(watcher) == [], "nothing was saved meanwhile"
        held.unlink()
        (turn,) = looks(watcher)
        assert (
            turn.written == master
            and codes([turn]) == ["watch-copy-dropped"]
            and is_filled(master)
            and not copy.exists()
        )
        assert looks(watcher) == []

    def test_a_master_that_is_damaged_when_it_is_closed_is_named_once(
        self, watcher: Watcher, master: Path, books: list[bytes]
    ) -> None:
        held = lock(master)
        master.write_bytes(books[1])
        looks(watcher)
        master.write_bytes(books[2][:5000])
        held.unlink()
        assert codes(looks(watcher, 30)) == ["file-truncated"] and copy_of(master, "zh").exists()

    def test_several_saves_while_it_is_open(
        self, watcher: Watcher, master: Path, books: list[bytes]
    ) -> None:
        lock(master)
        written = []
        for saved in books[1:]:
            master.write_bytes(saved)
            written += [turn.written for turn in looks(watcher)]
        assert written == [copy_of(master, "zh")] * 2
        assert load(copy_of(master, "zh")).plan.kpis[0].target == 700

    def test_a_copy_that_somebody_worked_on_stays(
        self, watcher: Watcher, master: Path, books: list[bytes]
    ) -> None:
        held, copy = lock(master), copy_of(master, "zh")
        master.write_bytes(books[1])
        looks(watcher)
        copy.write_bytes(copy.read_bytes() + b"\0")
        held.unlink()
        assert codes(looks(watcher)) == ["watch-copy-kept"] and copy.exists()

    def test_a_copy_that_is_open_too_is_not_overwritten(
        self, watcher: Watcher, master: Path, books: list[bytes]
    ) -> None:
        copy = copy_of(master, "zh")
        lock(master)
        master.write_bytes(books[1])
        assert codes(looks(watcher)) == ["watch-open-beside"]
        lock(copy)
        before = copy.read_bytes()
        master.write_bytes(books[2])
        (turn,) = looks(watcher)
        assert (
            codes([turn]) == ["file-open-elsewhere"]
            and turn.findings[0].params["file"] == copy.name
            and copy.read_bytes() == before
        )

    def test_a_read_only_master(self, watcher: Watcher, master: Path, books: list[bytes]) -> None:
        master.write_bytes(books[1])
        master.chmod(0o444)
        assert codes(looks(watcher, 30)) == ["watch-read-only-beside"] and is_filled(
            copy_of(master, "zh")
        )
        master.chmod(0o644)
        master.write_bytes(books[2])
        master.chmod(0o444)
        assert codes(looks(watcher, 30)) == ["watch-read-only-beside"] and is_filled(
            copy_of(master, "zh")
        )
        master.chmod(0o644)
        assert codes(looks(watcher)) == ["watch-copy-dropped"]


def test_a_planner_s_own_file_of_the_copy_s_name_is_never_written_over(
    watcher: Watcher, master: Path, books: list[bytes]
) -> None:
    lock(master)
    copy = copy_of(master, "zh")
    copy.write_bytes(b"a planner's own")
    master.write_bytes(books[1])
    (turn,) = looks(watcher)
    assert (
        copy.read_bytes() == b"a planner's own"
        and turn.written not in (None, copy)
        and is_filled(turn.written)
    )


def test_a_report_that_cannot_be_written_does_not_stop_the_filling(master: Path) -> None:
    watcher = Watcher(master)
    (turn,) = looks(watcher)
    assert turn.report is not None
    turn.report.unlink()
    turn.report.mkdir()
    master.write_bytes(
        write(master.with_name("other.xlsx"), edited(settings_edit(reserve_share=0.2))).read_bytes()
    )
    (turn,) = looks(watcher)
    assert turn.written == master and turn.report is None and codes([turn]) == ["place-is-folder"]


def test_a_file_that_is_not_there_to_begin_with_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SalesplanError) as raised:
        next(watch(tmp_path / "none.xlsx", lambda: None))
    assert (raised.value.finding.code, raised.value.exit_code) == ("file-not-found", 4)


@pytest.fixture
def running(master: Path) -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable,
        "-u",
        "-m",
        "salesplan",
        "watch",
        str(master),
        "--every",
        "0.1",
        "--no-report",
        "--lang",
        "en",
    ]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        preexec_fn=hear_ctrl_c,
    )
    timer = threading.Timer(240, process.kill)
    timer.start()
    yield process
    timer.cancel()
    process.kill()
    process.communicate()


def test_the_command_shows_what_it_did_and_ends_cleanly(
    running: subprocess.Popen[str], master: Path, books: list[bytes]
) -> None:
    def until(text: str) -> None:
        assert running.stdout is not None
        assert any(text in line for line in iter(running.stdout.readline, "")), text

    until("press Ctrl+C to stop")
    until("cells written")
    until("errors")
    master.write_bytes(books[1])
    until("cells written")
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)
    assert (running.returncode, err) == (0, "") and out.endswith("Stopped.\n")


def test_a_month_that_the_plan_does_not_have_is_refused_at_the_start(master: Path) -> None:
    before = master.read_bytes()
    looked: list[None] = []

    def pause() -> None:
        looked.append(None)
        assert len(looked) < 3 * PATIENCE, "it goes on watching"

    with pytest.raises(SalesplanError) as refused:
        next(watch(master, pause, month=Month(2025, 6)))
    assert (refused.value.finding.code, refused.value.exit_code) == ("month-not-of-the-plan", 2)
    assert master.read_bytes() == before
