"""Recalculations that are killed, run out of disk or are not allowed: the master is always the old
or the new one, whole.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from salesplan import app
from salesplan.workbook.save.journal import FOLDER, copies, journal
from salesplan.workbook.save.store import history
from tests.unit.masters import SOUND, write

ROOT = Path(__file__).parents[2]
THOROUGH = bool(os.environ.get("SALESPLAN_THOROUGH"))
NOBODY = 65534

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="signals, limits and permissions as POSIX has them"
)


@dataclass(frozen=True)
class Versions:
    """A master before and after its recalculation; what is neither is torn."""

    old: bytes
    new: bytes

    def of(self, path: Path) -> str:
        return {sha256(self.old).digest(): "old", sha256(self.new).digest(): "new"}.get(
            sha256(path.read_bytes()).digest(), "torn"
        )


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    folder = tmp_path_factory.mktemp("versions")
    fresh, filled = large(folder / "plan.xlsx"), folder / "filled.xlsx"
    app.recalc(fresh, out=filled)
    return Versions(fresh.read_bytes(), filled.read_bytes())


def large(path: Path) -> Path:
    """A small plan in a file of some 200 kB, which takes many writes to save: beside the plan are
    notes of the planner's own, in letters that cannot be compressed well.
    """
    book = openpyxl.load_workbook(write(path, SOUND))
    notes, chance = book.create_sheet("备忘"), random.Random(2026)
    for _ in range(700):
        notes.append([chance.randbytes(300).hex()])
    book.save(path)
    assert path.stat().st_size > 200_000
    return path


def recalc(path: Path, *more: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """``salesplan recalc`` as a planner starts it."""
    return subprocess.run(
        _command(path, *more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
        timeout=120,
        **how,
    )


def bound(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """:func:`recalc` by a user whom permissions bind: root gives up its right to pass over them."""
    if os.geteuid():
        return recalc(path, *more)
    command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown"]
    if (
        shutil.which(command[0]) is None
        or subprocess.run([*command, "true"], check=False).returncode
    ):
        pytest.skip("root cannot give up its rights here: no setpriv")
    return subprocess.run(
        [*command, *_command(path, *more)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
        timeout=120,
    )


def _command(path: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "salesplan", "recalc", str(path), *more]


KILLED = """
import os, signal, sys
at, master = sys.argv.pop(1), sys.argv[2]
whole = os.replace
def replace(old, new):
    if os.fspath(new) == master and at == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    whole(old, new)
    if os.fspath(new) == master:
        os.kill(os.getpid(), signal.SIGKILL)
os.replace = replace
from salesplan.cli import main
main()
"""
"""The power goes right before, or right after, the new file takes the old one's place."""


class TestKilled:
    """SIGKILL where it matters most, and at random moments: spread over the whole run, over the
    time in which it saves, and right after that.
    """

    @pytest.mark.parametrize(("at", "left"), [("before", "old"), ("after", "new")])
    def test_at_the_moment_of_the_replacement(
        self, versions: Versions, tmp_path: Path, at: str, left: str
    ) -> None:
        master = tmp_path / "销售 计划" / "plan.xlsx"
        master.parent.mkdir()
        master.write_bytes(versions.old)
        command = [sys.executable, "-c", KILLED, at, "recalc", str(master)]
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
        assert done.returncode == -signal.SIGKILL
        assert versions.of(master) == left
        assert any(master.parent.glob(".salesplan-*.tmp")) == (left == "old")
        self._goes_on(master, versions)
        assert not list(master.parent.glob(".salesplan-*.tmp"))

    def test_the_master_is_whole_and_the_next_recalculation_works(
        self, versions: Versions, tmp_path: Path
    ) -> None:
        """When exactly it is killed depends on the machine; what came of it is shown."""
        master = tmp_path / "销售 计划" / "plan.xlsx"
        master.parent.mkdir()
        whole, saving = self._durations(master, versions)
        chance = random.Random(2026)
        found: Counter[str] = Counter()
        for kill in range(200 if THOROUGH else 8):
            master.write_bytes(versions.old)
            if kill % 2:
                alive = self._killed(master, whole * chance.uniform(0, 1.1))
            elif kill % 4:
                alive = self._killed_saving(master, saving * chance.uniform(0, 1.1))
            else:
                alive = self._killed_saved(master, chance.uniform(0, 0.01))
            found[versions.of(master)] += 1
            found["temporary file left"] += any(master.parent.glob(".salesplan-*.tmp"))
            found["killed"] += alive
            self._goes_on(master, versions)
            assert not list(master.parent.glob(".salesplan-*.tmp"))
        print(f"\n{dict(found)}; a run took {whole:.2f} s, its save {saving * 1000:.0f} ms")
        assert not found["torn"]

    def _durations(self, master: Path, versions: Versions) -> tuple[float, float]:
        """How long a run takes, and how long of it the temporary file is there."""
        master.write_bytes(versions.old)
        start = time.perf_counter()
        with subprocess.Popen(_command(master), stdout=subprocess.DEVNULL, cwd=ROOT) as run:
            began = self._await_temp(master, run)
            while run.poll() is None and any(master.parent.glob(".salesplan-*.tmp")):
                time.sleep(0.0005)
            ended = time.perf_counter()
        assert run.returncode == 0 and versions.of(master) == "new"
        return time.perf_counter() - start, max(ended - began, 0.001)

    def _await_temp(self, master: Path, run: subprocess.Popen[bytes]) -> float:
        while run.poll() is None and not any(master.parent.glob(".salesplan-*.tmp")):
            time.sleep(0.0005)
        return time.perf_counter()

    def _killed(self, master: Path, after: float) -> bool:
        with subprocess.Popen(_command(master), stdout=subprocess.DEVNULL, cwd=ROOT) as run:
            time.sleep(after)
            run.kill()
        return run.returncode < 0

    def _killed_saving(self, master: Path, after: float) -> bool:
        with subprocess.Popen(_command(master), stdout=subprocess.DEVNULL, cwd=ROOT) as run:
            self._await_temp(master, run)
            time.sleep(after)
            run.kill()
        return run.returncode < 0

    def _killed_saved(self, master: Path, after: float) -> bool:
        """Killed once the new file is in its place, however long a busy machine takes to get
        there.
        """
        with subprocess.Popen(_command(master), stdout=subprocess.DEVNULL, cwd=ROOT) as run:
            self._await_temp(master, run)
            while run.poll() is None and any(master.parent.glob(".salesplan-*.tmp")):
                time.sleep(0.0005)
            time.sleep(after)
            run.kill()
        return run.returncode < 0

    def _goes_on(self, master: Path, versions: Versions) -> None:
        """What came out can be recalculated, undone and looked back on."""
        before = versions.of(master)
        app.recalc(master)
        assert versions.of(master) == "new"
        assert history(master)[-1].after == sha256(versions.new).hexdigest()
        if before == "old":
            app.undo(master)
            assert versions.of(master) == "old"


def refused(master: Path, done: subprocess.CompletedProcess[str], versions: Versions) -> None:
    """Exit code 3, one message in the master's language, the old master, and nothing beside it but
    the backup folder.
    """
    assert done.returncode == 3, (done.returncode, done.stderr)
    said = done.stderr.strip().splitlines()
    assert len(said) == 1 and "Traceback" not in done.stderr, done.stderr
    assert versions.of(master) == "old"
    assert not list(master.parent.glob(".salesplan-*.tmp"))
    assert copies(master) == []


class TestDiskFull:
    def test_a_file_may_not_grow_at_any_step(self, versions: Versions, tmp_path: Path) -> None:
        """RLIMIT_FSIZE: the write that crosses the limit fails, wherever it stands."""
        import resource

        master = tmp_path / "plan.xlsx"
        most = max(len(versions.old), len(versions.new))
        for limit in [
            *range(0, most, most // (60 if THOROUGH else 4)),
            most - 1,
            len(versions.old) - 1,
        ]:
            master.write_bytes(versions.old)
            done = recalc(
                master,
                preexec_fn=lambda limit=limit: resource.setrlimit(
                    resource.RLIMIT_FSIZE, (limit, limit)
                ),
            )
            refused(master, done, versions)
            assert not list((tmp_path / FOLDER).glob("*.part"))
        assert recalc(master).returncode == 0
        assert versions.of(master) == "new"

    def test_a_small_disk_filled_to_every_degree(self, versions: Versions, tmp_path: Path) -> None:
        """A file system of memory with less and less room, from what is enough down to none."""
        said = _in_own_mounts("full", versions, tmp_path)
        assert said[-1]["version"] == "new" and said[-1]["code"] == 0, said[-1]
        assert said[0]["code"] == 3
        for one in said:
            assert (one["code"], one["version"], one["lines"]) in (
                (3, "old", 1),
                (0, "new", 0),
            ), one
            assert not one["left"], one
            assert one["code"] == 0 or "空间不足" in one["said"] or "is full" in one["said"], one
        assert sum(one["code"] == 3 for one in said) > len(said) // 2


class TestNotAllowed:
    """Each step of saving meets a place where it may not write, for real."""

    @pytest.fixture
    def place(self, versions: Versions, tmp_path: Path) -> Iterator[Path]:
        """A master in a folder whose permissions a test may take away."""
        master = tmp_path / "plans" / "plan.xlsx"
        master.parent.mkdir()
        master.write_bytes(versions.old)
        yield master
        for one in (master.parent, *(one for one in master.parent.rglob("*") if one.is_dir())):
            one.chmod(0o755)

    @pytest.mark.parametrize("step", ["file", "folder", "backup folder made", "journal"])
    def test_a_step_may_not_write(self, place: Path, versions: Versions, step: str) -> None:
        if step == "file":
            place.chmod(0o444)
        elif step == "folder":
            place.parent.chmod(0o555)
        elif step == "backup folder made":
            (place.parent / FOLDER).write_bytes(b"")  # a file where the folder belongs
        else:
            journal(place).parent.mkdir()
            journal(place).touch(0o444)
        refused(place, bound(place), versions)

    @pytest.mark.parametrize("mode", [0o555, 0o000])
    def test_a_backup_folder_of_ones_own_is_opened_again(
        self, place: Path, versions: Versions, mode: int
    ) -> None:
        (place.parent / FOLDER).mkdir(mode)
        (place.parent / FOLDER).chmod(mode)
        done = bound(place)
        assert (done.returncode, versions.of(place)) == (0, "new"), done.stderr

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give the folder to another user")
    def test_the_backup_folder_is_another_users_alone(
        self, place: Path, versions: Versions
    ) -> None:
        backups = place.parent / FOLDER
        backups.mkdir()
        os.chown(backups, NOBODY, NOBODY)
        done = bound(place)
        refused(place, done, versions)
        assert FOLDER in done.stderr and "nobody" in done.stderr

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give the master to another user")
    def test_the_last_step_may_not_replace(self, place: Path, versions: Versions) -> None:
        """In another's folder with the sticky bit nobody may replace what is another's, though they
        may write it.
        """
        place.parent.chmod(0o1777)
        place.chmod(0o666)
        for one in (place, place.parent):
            os.chown(one, NOBODY, NOBODY)
        refused(place, bound(place), versions)

    def test_another_place_may_not_be_written(self, place: Path, versions: Versions) -> None:
        closed = place.parent / "closed"
        closed.mkdir(mode=0o555)
        refused(place, bound(place, "-o", str(closed / "out.xlsx")), versions)
        assert not list(closed.iterdir())

    def test_a_disk_that_can_only_be_read(self, versions: Versions, tmp_path: Path) -> None:
        (one,) = _in_own_mounts("read-only", versions, tmp_path)
        assert (one["code"], one["version"], one["lines"], one["left"]) == (
            3,
            "old",
            1,
            [],
        ), one

    def test_the_demo_on_a_disk_that_can_only_be_read(self, tmp_path: Path) -> None:
        unshare = shutil.which("unshare")
        if unshare is None or os.geteuid():
            pytest.skip("no disk can be mounted here")
        script = 'mount -t tmpfs -o ro none "$1" && exec "$2" -m salesplan demo "$1" --lang en'
        done = subprocess.run(
            [unshare, "--mount", "sh", "-c", script, "sh", str(tmp_path), sys.executable],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 3 and "Traceback" not in done.stderr
        assert done.stderr.count("→") == 1, done.stderr


def _in_own_mounts(what: str, versions: Versions, folder: Path) -> list[dict[str, Any]]:
    """What :func:`main` says of its runs on a file system of its own, which only its process sees;
    skips where none can be had.
    """
    (folder / "old").write_bytes(versions.old)
    (folder / "new").write_bytes(versions.new)
    (folder / "disk").mkdir()
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("there is no unshare to mount a small disk with")
    own = [unshare, "--mount", *(["--map-root-user"] if os.geteuid() else [])]
    probe = subprocess.run(
        [*own, "mount", "-t", "tmpfs", "none", str(folder / "disk")],
        capture_output=True,
        text=True,
        check=False,
    )
    if probe.returncode:
        pytest.skip(f"no small disk can be mounted here: {probe.stderr.strip()}")
    command = [*own, sys.executable, "-m", "tests.integration.test_crash", what, str(folder)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(what: str, folder: Path) -> int:
    """Mount a small disk, recalculate a master on it with ever more room (or none to write at all),
    and say what came of it.
    """
    versions = Versions((folder / "old").read_bytes(), (folder / "new").read_bytes())
    disk = folder / "disk"
    master, filler = disk / "plan.xlsx", disk / "filler"
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(disk)], check=True)
    if what == "read-only":
        master.write_bytes(versions.old)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        print(json.dumps(_result(master, versions)))
        return 0
    page = os.sysconf("SC_PAGE_SIZE")
    enough = (len(versions.old) + len(versions.new)) // page + 8
    for free in [*range(0, enough, 1 if THOROUGH else 20), enough]:
        for made in disk.iterdir():
            shutil.rmtree(made) if made.is_dir() else made.unlink()
        master.write_bytes(versions.old)
        room = os.statvfs(disk)
        filler.write_bytes(bytes(max(room.f_bavail * room.f_frsize - free * page, 0)))
        print(json.dumps({"free": free * page} | _result(master, versions)), flush=True)
    return 0


def _result(master: Path, versions: Versions) -> dict[str, Any]:
    done = recalc(master)
    left = [file.name for file in master.parent.glob(".salesplan-*.tmp")]
    left += [copy.name for copy in copies(master)] if done.returncode else []
    said = done.stderr.strip()
    return {
        "code": done.returncode,
        "version": versions.of(master),
        "lines": len(said.splitlines()),
        "said": said,
        "left": left,
    }


def arguments(given: Sequence[str]) -> tuple[str, Path]:
    return given[0], Path(given[1])


if __name__ == "__main__":
    sys.exit(main(*arguments(sys.argv[1:])))
