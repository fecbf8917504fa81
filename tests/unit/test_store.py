"""Saving over a workbook: all or nothing, every obstacle named, everything undoable."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest

from salesplan.findings import SalesplanError
from salesplan.messages import catalogue, text
from salesplan.workbook import CellChange, patch_workbook, save_patched
from salesplan.workbook.patch.verify import verify_patched
from salesplan.workbook.save import guards
from salesplan.workbook.save.destination import beside_of
from salesplan.workbook.save.guards import alone
from salesplan.workbook.save.journal import FOLDER, copies, journal, lock_of
from salesplan.workbook.save.store import Ring, history, undo
from tests.rawbook import SHEET, book, worksheet

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX only")


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A master of some size, in a folder with a Chinese name."""
    folder = tmp_path / "销售 计划"
    folder.mkdir()
    padding = random.Random(1).randbytes(200_000)
    return book(
        folder / "主计划.xlsx",
        worksheet('<row r="1"><c r="A1"><v>0</v></c></row>'),
        parts={"xl/media/image1.png": padding},
    )


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def save(path: Path, value: object, **more: object) -> Path:
    options = {"expect_sha256": None, "who": "张三", "what": "recalc 2026-06"} | more
    return save_patched(path, [CellChange("S", "A1", value)], **options)  # type: ignore[arg-type]


def value(path: Path) -> object:
    return openpyxl.load_workbook(path)["S"]["A1"].value


@contextmanager
def refused(path: Path, code: str, exit_code: int = 3, lang: str = "zh") -> Iterator[None]:
    """The body must raise that finding and leave the file and its folder as they were (but for the
    backup folder).
    """
    before = path.read_bytes()
    with pytest.raises(SalesplanError) as caught:
        yield
    assert (caught.value.finding.code, caught.value.exit_code) == (code, exit_code)
    assert path.name in text(caught.value.finding, lang) or code == "saved-copy-wrong"
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.tmp"))
    assert copies(path) == []


class TestSaving:
    def test_saves_backs_up_and_notes(self, master: Path) -> None:
        before = digest(master)
        assert save(master, 1, expect_sha256=before) == master
        assert value(master) == 1
        (entry,) = history(master)
        assert (entry.who, entry.what, entry.cells, entry.sheets) == (
            "张三",
            "recalc 2026-06",
            1,
            {"S": 1},
        )
        assert (entry.before, entry.after) == (before, digest(master))
        (copy,) = copies(master)
        assert copy.name == entry.backup and digest(copy) == before
        assert sorted(file.name for file in master.parent.iterdir()) == [FOLDER, master.name]

    @posix
    def test_the_mode_stays(self, master: Path) -> None:
        master.chmod(0o640)
        save(master, 1)
        assert stat.S_IMODE(master.stat().st_mode) == 0o640

    @posix
    def test_a_link_stays_a_link(self, master: Path, tmp_path: Path) -> None:
        link = tmp_path / "link.xlsx"
        link.symlink_to(master)
        save(link, 1)
        assert link.is_symlink() and value(master) == 1

    def test_without_changes_nothing_is_written(self, master: Path) -> None:
        before = digest(master)
        assert save_patched(master, [], expect_sha256=before) == master
        assert (
            digest(master) == before
            and history(master) == ()
            and not (master.parent / FOLDER).exists()
        )

    def test_another_place_leaves_the_master_alone(self, master: Path) -> None:
        before, out = digest(master), master.parent / "out.xlsx"
        (master.parent / f"~${master.name}").touch()
        assert save(master, 1, out=out) == out
        assert value(out) == 1 and digest(master) == before
        assert sorted(file.name for file in master.parent.iterdir()) == sorted(
            [master.name, out.name, f"~${master.name}"]
        )
        assert value(save(master, 2, out=out)) == 2

    def test_the_masters_own_place_as_out_is_saving_over_it(self, master: Path) -> None:
        save(master, 1, out=master)
        assert len(history(master)) == 1

    @posix
    def test_what_a_kill_left_is_cleared_by_the_next_save(self, master: Path) -> None:
        """Whoever died holds no lock; a file that another process is writing is left alone."""
        left = master.parent / ".salesplan-left.tmp"
        left.write_bytes(b"half a workbook")
        with beside_of(master) as at_work:
            save(master, 1)
            assert not left.exists() and at_work.exists()
        assert not at_work.exists()

    @posix
    def test_a_link_of_that_name_is_no_leftover(self, master: Path, tmp_path: Path) -> None:
        link = master.parent / ".salesplan-x.tmp"
        link.symlink_to(tmp_path / "precious.xlsx")
        save(master, 1)
        assert link.is_symlink()


class TestRefusals:
    @pytest.mark.parametrize(
        ("lock", "content", "shown"),
        [
            (
                "~$主计划.xlsx",
                b"\x02Li" + b" " * 52 + b"\x02\x00" + "李四".encode("utf-16-le") + b" \x00" * 40,
                "李四",
            ),
            ("~$主计划.xlsx", b"", "~$主计划.xlsx"),
            (".~lock.主计划.xlsx#", ",王五,host,14.02.2026 10:00,file:///x;".encode(), "王五"),
        ],
    )
    def test_open_elsewhere(self, master: Path, lock: str, content: bytes, shown: str) -> None:
        (master.parent / lock).write_bytes(content)
        with refused(master, "file-open-elsewhere"):
            try:
                save(master, 1)
            except SalesplanError as error:
                assert shown in text(error.finding, "zh")
                raise

    def test_changed_since_it_was_read(self, master: Path) -> None:
        with refused(master, "file-changed-since-read"):
            save(master, 1, expect_sha256="0" * 64)

    def test_read_only_file(self, master: Path) -> None:
        master.chmod(0o444)
        with refused(master, "file-read-only"):
            save(master, 1)

    @posix
    def test_read_only_folder(self, master: Path) -> None:
        master.parent.chmod(0o555)
        try:
            with refused(master, "folder-read-only"):
                save(master, 1)
        finally:
            master.parent.chmod(0o755)

    def test_missing_folder(self, master: Path) -> None:
        with pytest.raises(SalesplanError) as caught:
            save(master, 1, out=master.parent / "none" / "x.xlsx")
        assert (caught.value.finding.code, caught.value.exit_code) == ("folder-missing", 3)

    @posix
    @pytest.mark.parametrize("limit", [0, 1, 100_000, 199_999, 202_000])
    def test_full_disk_at_each_step(self, master: Path, limit: int) -> None:
        """A limit on the size of written files stands for the disk: the copy, the backup or the
        journal does not fit.
        """
        with refused(master, "disk-full"), _files_up_to(limit):
            save(master, 1)
        assert history(master) == ()

    @posix
    def test_another_save_at_work(self, master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(guards, "WAIT", 0.1)
        with alone(lock_of(master), master), refused(master, "file-being-saved"):
            save(master, 1)

    def test_no_workbook(self, tmp_path: Path) -> None:
        with pytest.raises(SalesplanError) as caught:
            save(tmp_path / "none.xlsx", 1)
        assert caught.value.exit_code == 4
        assert list(tmp_path.iterdir()) == []

    def test_a_change_that_cannot_be(self, master: Path) -> None:
        with pytest.raises(SalesplanError) as caught:
            save_patched(master, [CellChange("S", "A1", "x" * 40_000)], expect_sha256=None)
        assert caught.value.exit_code == 1
        assert value(master) == 0 and copies(master) == []

    @pytest.mark.parametrize(
        ("broken", "where"),
        [("<v>1</v>", "A1"), ("<v>2</v>", "A1"), ("<v>1<v>", SHEET), ("<f>1</f><v>1</v>", "A1")],
    )
    def test_a_copy_that_reads_back_wrong(self, tmp_path: Path, broken: str, where: str) -> None:
        """The copy says 1 where 0.5 was meant, 2, is not well-formed, or has a formula."""
        source = book(tmp_path / "a.xlsx", worksheet(""))
        target = book(tmp_path / "b.xlsx", worksheet(f'<row r="1"><c r="A1">{broken}</c></row>'))
        meant = 0.5 if broken == "<v>1</v>" else 1
        with pytest.raises(SalesplanError) as caught:
            verify_patched(source, target, [CellChange("S", "A1", meant)])
        assert caught.value.finding.code == "saved-copy-wrong"
        assert caught.value.finding.params["where"] == where

    def test_the_check_passes_what_patching_writes(self, tmp_path: Path) -> None:
        source = book(tmp_path / "a.xlsx", worksheet("<row><c/><c><f>1</f><v>1</v></c></row>"))
        changes = [
            CellChange("S", "B1", None),
            CellChange("S", "A1", " _x000D_\r\n\x01<"),
            CellChange("S", "C7", True),
            CellChange("S", "D2", "r", 'A1&"<"'),
        ]
        patch_workbook(source, tmp_path / "b.xlsx", changes)
        verify_patched(source, tmp_path / "b.xlsx", changes)


class TestUndo:
    def test_gives_back_every_byte_save_by_save(self, master: Path) -> None:
        states = [master.read_bytes()]
        for number in (1, 2, 3):
            save(master, number)
            states.append(master.read_bytes())
        for number in (2, 1, 0):
            entry = undo(master, who="李四")
            assert master.read_bytes() == states[number]
            assert entry.after == sha256(states[number + 1]).hexdigest()
        with pytest.raises(SalesplanError) as caught:
            undo(master)
        assert (caught.value.finding.code, caught.value.exit_code) == ("undo-nothing", 2)
        assert [entry.kind for entry in history(master)] == ["save"] * 3 + ["undo"] * 3

    def test_saving_after_an_undo_is_undone_to_the_same(self, master: Path) -> None:
        before = master.read_bytes()
        save(master, 1)
        undo(master)
        save(master, 2)
        undo(master)
        assert master.read_bytes() == before

    def test_a_file_that_was_the_same_before_is_still_undone_save_by_save(
        self, master: Path
    ) -> None:
        """Filled for May, for June, for May again: the third save gives the bytes of the first."""
        states = [master.read_bytes()]
        for number in (1, 2, 1):
            save(master, number)
            states.append(master.read_bytes())
        assert states[1] == states[3]
        for number in (2, 1, 0):
            undo(master)
            assert master.read_bytes() == states[number]
        with pytest.raises(SalesplanError) as caught:
            undo(master)
        assert caught.value.finding.code == "undo-nothing"

    def test_never_throws_away_the_planners_own_edits(self, master: Path) -> None:
        save(master, 1)
        patch_workbook(master, master.parent / "new.xlsx", [CellChange("S", "A1", "planner")])
        (master.parent / "new.xlsx").replace(master)
        with pytest.raises(SalesplanError) as caught:
            undo(master)
        assert (caught.value.finding.code, caught.value.exit_code) == ("undo-changed-since", 3)
        assert value(master) == "planner"

    def test_a_damaged_backup_is_not_restored(self, master: Path) -> None:
        save(master, 1)
        copies(master)[0].write_bytes(b"rot")
        after = master.read_bytes()
        with pytest.raises(SalesplanError) as caught:
            undo(master)
        assert caught.value.finding.code == "undo-backup-gone"
        assert master.read_bytes() == after

    def test_refused_while_open_elsewhere(self, master: Path) -> None:
        save(master, 1)
        (master.parent / f"~${master.name}").touch()
        with pytest.raises(SalesplanError) as caught:
            undo(master)
        assert caught.value.finding.code == "file-open-elsewhere" and value(master) == 1

    def test_nothing_saved(self, master: Path) -> None:
        with pytest.raises(SalesplanError) as caught:
            undo(master)
        assert caught.value.finding.code == "undo-nothing"
        assert history(master) == ()

    def test_no_such_file(self, master: Path) -> None:
        for path, code in (
            (master.with_name("另一个.xlsx"), "file-not-found"),
            (master.parent, "file-is-directory"),
        ):
            with pytest.raises(SalesplanError) as caught:
                undo(path)
            assert (caught.value.finding.code, caught.value.exit_code) == (code, 4)


class TestHistory:
    def test_a_torn_line_and_a_save_that_was_cut_off_are_left_out(self, master: Path) -> None:
        save(master, 1)
        lines = journal(master).read_text("utf-8")
        cut_off = json.loads(lines) | {
            "before": digest(master),
            "after": "f" * 64,
            "what": "cut off",
        }
        journal(master).write_text(lines + json.dumps(cut_off) + "\n" + '{"time": "2026', "utf-8")
        assert [entry.what for entry in history(master)] == ["recalc 2026-06"]
        save(master, 2)
        assert [entry.what for entry in history(master)] == ["recalc 2026-06"] * 2
        undo(master)
        undo(master)
        assert value(master) == 0

    @pytest.mark.parametrize("odd", ["\u0085", "\u2028", "\u2029", "\n", "\x1e"])
    def test_an_odd_file_name_does_not_lose_the_save(self, master: Path, odd: str) -> None:
        save(master, 1, what=f"import deals{odd}2026.csv")
        assert [entry.what for entry in history(master)] == [f"import deals{odd}2026.csv"]
        undo(master)
        assert value(master) == 0

    def test_the_ring_is_bounded_by_count_and_by_bytes(self, master: Path) -> None:
        for number in range(1, 6):
            save(master, number, ring=Ring(count=3))
        assert len(copies(master)) == 3
        size = master.stat().st_size
        save(master, 6, ring=Ring(size=2 * size + 1000))
        assert len(copies(master)) == 2
        save(master, 7, ring=Ring(size=1))
        assert len(copies(master)) == 1
        undo(master)
        assert value(master) == 6

    def test_workbooks_of_one_folder_keep_apart(self, master: Path) -> None:
        other = master.with_name("主计划.2.xlsx")
        other.write_bytes(master.read_bytes())
        save(master, 1)
        save(other, 2)
        save(other, 3)
        assert (len(history(master)), len(history(other))) == (1, 2)
        assert (len(copies(master)), len(copies(other))) == (1, 2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment_the_file_is_the_old_or_the_new_one(master: Path) -> None:
    """A process is killed while it saves, 30 times; the next save and the undo after it work as
    ever.
    """
    dice = random.Random(20260214)
    outcomes = set()
    for number in range(1, 31):
        old = master.read_bytes()
        child = os.fork()
        if child == 0:
            try:
                save(master, number)
            finally:
                os._exit(0)
        time.sleep(dice.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        outcomes.add("old" if master.read_bytes() == old else "new")
        assert value(master) == number or master.read_bytes() == old
        kept = master.read_bytes()
        save(master, "after")
        undo(master)
        assert master.read_bytes() == kept
    assert outcomes <= {"old", "new"}


def test_every_code_has_its_words() -> None:
    from salesplan.messages import operations

    for code, message in operations.MESSAGES.items():
        assert catalogue()[code] is message
        assert message.zh and message.en and message.fix_zh and message.fix_en


@contextmanager
def _files_up_to(size: int) -> Iterator[None]:
    import resource

    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
